"""Cut a run of capitals into office and person, demonym and name, and find the bodies inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from kzai_graph.lookup import Lookup, fold
from kzai_graph.name_heads import ARTICLES, CONNECTORS, headed
from kzai_graph.name_runs import BODIES, can_begin, extend
from kzai_graph.placenames import place_sizes
from kzai_graph.wording import JOINERS, PARTICLES, SPELT, Name, Word, is_calendar, is_capital, is_plural

NUMBERED = re.compile(r"[A-Z]{2,}\d")
LEADING = "chief"
PLURAL_SHORT = re.compile(r"[A-Z]{2,5}s$")
TEXTS = ("Instrument", "Programme")
MAX_TITLE = 4
CURRENCY_CODE = re.compile(r"[A-Z]{3}$")


def runs(doc: Doc, block: int, words: list[Word], lookup: Lookup) -> Iterator[Name]:
    k = 0
    while k < len(words):
        if not words[k].capital or not can_begin(doc, words, k, lookup):
            k += 1
            continue
        end = extend(doc, words, k, lookup)
        yield from _segment(doc, block, words[k:end], lookup)
        k = end


def _segment(doc: Doc, block: int, words: list[Word], lookup: Lookup) -> Iterator[Name]:
    """Cut a run into office and person, demonym and name, and give each its class noun."""
    spelt = next((k for k, w in enumerate(words[:-1]) if doc[w.begin].text in SPELT), None)
    if spelt is not None:  # "the Bergen NGO Kelp Watch"
        if spelt:
            yield from _segment(doc, block, words[:spelt], lookup)
        words = words[spelt + 1 :]
    begin, end = words[0].begin, words[-1].end
    half = (end - begin) // 2
    if half and (end - begin) % 2 == 0 and doc[begin : begin + half].text == doc[begin + half : end].text:
        begin += half  # a heading that lost its line break
    if end - begin > 1 and doc[end - 1].lower_ in ("founded", "based", "established", "headquartered", "about"):
        end -= 1
    while end - 1 > begin and doc[end - 1].lower_ in CONNECTORS | ARTICLES:
        end -= 1
    if all(
        is_calendar(t)
        or t.text == "I"
        or (t.ent_type_ in ("DATE", "TIME") and not NUMBERED.match(t.text))
        or (t.ent_type_ == "MONEY" and not t.text.istitle())
        or (not t.is_alpha and not is_capital(t))
        for t in doc[begin:end]
    ):
        return
    if (end - begin == 1 and len(doc[begin]) == 1) or (
        end - begin == 2
        and CURRENCY_CODE.match(doc[begin].text)
        and doc[begin + 1].text[0].isdigit()
        and doc[begin].ent_type_ in ("MONEY", "CARDINAL")
    ):
        return
    if PLURAL_SHORT.match(doc[end - 1].text) and lookup.known_at(doc, end - 1) is None:
        return  # "SMEs" are no one body
    person = _person_at_end(doc, begin, end, lookup)
    if person is not None:
        if person + 1 < end and _is_title(doc, person, lookup):
            person += 1
        for office in _office(doc, block, begin, person, lookup):
            yield office
            yield from inner_names(doc, office, lookup)
        name = Name(block, person, end, end - 1)
        name.vote("Person", 4.0)
        yield name
        return
    person = _person_before_office(doc, begin, end, lookup)
    if person is not None:
        name = Name(block, begin, person, person - 1)
        name.vote("Person", 4.0)
        yield name
        yield from _segment(doc, block, [w for w in words if w.begin >= person], lookup)
        return
    hit = lookup.known_at(doc, begin)
    if hit is not None and hit.demonym and hit.end < end and fold(doc[begin:end].text) in place_sizes():
        yield headed(doc, block, begin, end, lookup)  # "French Guiana"
        return
    if hit is not None and hit.end < end and hit.known.cls == "Country":
        start = hit.end + (doc[hit.end].text in JOINERS)
        if start < end and lookup.known_exactly(doc, start, end) is not None:
            return  # "Finnish-Estonian", "the US National Weather Service": both are known, and found by that
    if hit is not None and hit.demonym and hit.end < end:
        rest = headed(doc, block, hit.end, end, lookup)
        if rest.noun is None:
            yield rest
            return
        whole = headed(doc, block, begin, end, lookup)
        whole.owner, whole.core_begin = (hit.begin, hit.end), hit.end
        yield whole
        return
    name = headed(doc, block, begin, end, lookup)
    if hit is not None and hit.end < end and hit.known.cls == "Country" and name.noun is not None and name.noun.generic:
        name.owner, name.core_begin = (hit.begin, hit.end), hit.end
    if not _is_description(doc, name, lookup):
        yield name
        yield from inner_names(doc, name, lookup)


def _person_before_office(doc: Doc, begin: int, end: int, lookup: Lookup) -> int | None:
    """Where "Minister" begins in "(appointed) Anna Berg Minister of Energy"."""
    person = next((i for i in range(begin, end) if doc[i].ent_type_ != "PERSON"), end)
    if person - begin < 2 or person == end or begin == 0 or doc[begin - 1].pos_ != "VERB":
        return None
    titles = (lookup.noun_ending(list(doc[person:i])) for i in range(person + 1, min(end, person + MAX_TITLE) + 1))
    opens = any(t is not None and t[0].denotes == "Position" for t in titles)
    return person if opens else None


def inner_names(doc: Doc, name: Name, lookup: Lookup) -> Iterator[Name]:
    """The bodies inside a longer name ("Director of the Institute of Law of the University of Oslo"), and texts.

    Texts stand behind what a text does with another: "Plan for the Implementation of the Ports Act".
    """
    places = ("Place",) if name.noun is not None and name.noun.denotes == "Position" else ()
    for i in range(name.head + 1, name.end - 1):
        serves = doc[i].lower_ in ("of", "to") and lookup.singular(doc[i - 1]) in lookup.ontology.cues.text_acts
        if not serves and doc[i].lower_ not in ("of", "at", "for"):
            continue
        start = i + 2 if doc[i + 1].lower_ in ARTICLES else i + 1
        if start >= name.end or not doc[start].text[0].isupper():
            continue
        rest = headed(doc, name.block, start, name.end, lookup)
        is_body = (
            rest.noun is not None
            and rest.end - start > 1
            and not is_plural(doc[rest.head], lookup)
            and lookup.ontology.is_a(rest.noun.denotes, *(TEXTS if serves else (*BODIES, *places)))
        )
        of_office = (
            rest.noun is None
            and name.noun is not None
            and name.noun.denotes == "Position"
            and name.noun.implies != "ministry"
            and not all(lookup.is_word(t.text) for t in doc[start : rest.core_end] if t.is_alpha)
        )
        known = lookup.known_at(doc, start)
        if is_body or (of_office and (known is None or known.end < name.end)):
            yield rest


def _is_description(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """A capitalised class noun alone ("the Ministry", "the Action Plan") names nothing and is read as a description.

    Compounds for bodies do name one of their country ("the Supreme Court").
    """
    if name.noun is None or name.noun.denotes == "Position":
        return False
    found = lookup.noun_ending(list(doc[name.begin : name.end]))
    if found is None or found[1] < name.end - name.begin:
        return False
    return found[1] == 1 or not lookup.ontology.is_a(found[0].denotes, "PublicBody", "Legislature", "Law")


def _person_at_end(doc: Doc, begin: int, end: int, lookup: Lookup) -> int | None:
    """Where a person's name begins after an office ("Vice Minister of Health Anna Berg"), or ``None``."""
    titled = _after_title(doc, begin, end, lookup)
    if titled is not None:
        return titled
    for i in range(begin, end):
        found = lookup.noun_ending(list(doc[begin : i + 1]))
        honorific = i == begin and _is_title(doc, i, lookup)
        if not honorific and (found is None or found[0].denotes != "Position"):
            continue
        if i + 1 >= end or doc[i + 1].tag_ == "POS":
            return None
        if doc[i + 1].text in JOINERS and not doc[i].whitespace_:
            continue  # "Auditor-General"
        if _is_office(doc, begin, i + 2, lookup) or _opens_office(doc, i, lookup):
            continue
        whole = lookup.noun_ending(list(doc[begin:end]))
        if whole is not None and whole[0].denotes == "Place" and found is not None and found[0].implies == "country":
            return None  # "King Street"
        if end - i == 2 and lookup.is_word(doc[i + 1].text) and doc[i + 1].ent_type_ != "PERSON" and not honorific:
            return None  # "General Assembly"
        if doc[i + 1].lower_ not in CONNECTORS and doc[i + 1].text not in (",", "and", "&"):
            return i + 1 if not _names_a_body(doc, i + 1, end, lookup) else None
        return _person_after_complement(doc, i + 1, end, lookup)
    return None


def _after_title(doc: Doc, begin: int, end: int, lookup: Lookup) -> int | None:
    """Where a person begins whose title stands behind an office: "Principal Secretary Eng. Stephen Kip"."""
    for i in range(end - 2, begin, -1):
        if doc[i].text not in lookup.ontology.cues.honorifics or doc[i + 1].text in JOINERS:
            continue
        if _is_office(doc, begin, i, lookup) and not _is_office(doc, begin, i + 2, lookup):
            return i + 1
    return None


def _opens_office(doc: Doc, i: int, lookup: Lookup) -> bool:
    """Tell whether a word opens the name of an office ("Chief Medical Officer", "Chief Tide Officer")."""
    return doc[i].lower_ == LEADING and i + 2 < len(doc) and _is_office(doc, i + 2, i + 3, lookup)


def _names_a_body(doc: Doc, begin: int, end: int, lookup: Lookup) -> bool:
    found = lookup.noun_ending(list(doc[begin:end]))
    return (
        found is not None and found[0].denotes != "Position" and end - begin > 1 and lookup.is_word(doc[end - 1].text)
    )


def _person_after_complement(doc: Doc, begin: int, end: int, lookup: Lookup) -> int | None:
    """The last two or three capitals are a person if they are no English words or no known place."""
    starts = _word_starts(doc, begin, end)
    for size in (3, 2):
        if len(starts) <= size:
            continue
        start = starts[-size]
        if start <= begin + 1 or doc[start - 1].lower_ in CONNECTORS | ARTICLES | {"and", ",", "&"}:
            continue
        part = doc[start:end]
        if not all((t.text[0].isupper() and t.is_alpha) or t.text == "-" or t.text in PARTICLES for t in part):
            continue
        tagged = all(t.ent_type_ == "PERSON" for t in part)
        foreign = all(not lookup.is_word(t.text) for t in part if t.is_alpha)
        led = lookup.is_word(doc[start - 1].text)  # an ordinary word closes the office
        hit = lookup.known_at(doc, start)
        if (tagged or foreign) and (hit is None or hit.end < end) and (tagged or size == 2 or led):
            return start
    return None


def _word_starts(doc: Doc, begin: int, end: int) -> list[int]:
    """Where the words of a run begin; hyphens tie, and particles go with what follows them."""
    starts: list[int] = []
    for i in range(begin, end):
        tied = i > begin and (doc[i].text in JOINERS or doc[i - 1].text in JOINERS or doc[i - 1].text in PARTICLES)
        if not tied:
            starts.append(i)
    return starts


def _office(doc: Doc, block: int, begin: int, end: int, lookup: Lookup) -> Iterator[Name]:
    """The office before a person, and the body that stands before the office ("Presight CEO")."""
    while end - 1 > begin and _is_title(doc, end - 1, lookup):
        end -= 1
    while begin < end and _is_title(doc, begin, lookup) and _is_office(doc, begin + 1, end, lookup):
        begin += 1
    if end - begin == 1 and _is_title(doc, begin, lookup):
        return
    whole = headed(doc, block, begin, end, lookup)
    office = lookup.noun_ending(list(doc[begin:end]))
    if whole.noun is not None and whole.noun.denotes != "Position" and office is not None and office[1] < end - begin:
        yield headed(doc, block, begin, end - office[1], lookup)  # "Ministry of Ports Permanent Secretary"
        whole = headed(doc, block, end - office[1], end, lookup)
    yield whole


def _is_title(doc: Doc, i: int, lookup: Lookup) -> bool:
    """Tell whether a token is a title that is no office ("Dr", "H.E.")."""
    return doc[i].lower_.rstrip(".") in {h.casefold().rstrip(".") for h in lookup.ontology.cues.honorifics}


def _is_office(doc: Doc, begin: int, end: int, lookup: Lookup) -> bool:
    found = lookup.noun_ending(list(doc[begin:end]))
    return found is not None and found[0].denotes == "Position"
