"""Find the class noun that heads a name, and the owner at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.wording import JOINERS, Name, is_hyphenated_person, is_plural

CONNECTORS = frozenset({"of", "for", "on", "to", "against", "in"})
ARTICLES = frozenset({"the", "a", "an"})
NUMBER_OF_YEAR = re.compile(r"(?:\d{2,4}/(?:19|20)\d\d|20\d\d/\d{2,4})$")
"""How the European Union counts its regulations."""
GIVEN = 3
"""Tokens of a given name with a hyphen."""
CIVIL = frozenset(
    "rights women youth journalists consumers parents farmers experts advocates lawyers patients teachers workers "
    "researchers advocacy solidarity democracy civil ngo ngos founders alumni investigators".split()
)
RESEARCH = frozenset(
    "research science sciences scientific studies study analysis technology medical cancer medicine physics "
    "engineering computing supercomputing mathematics biology excellence academic university policy translational "
    "nuclear space intelligence genomics".split()
)
MAX_COMPLEMENT = 4
NUMERO = frozenset({"no", "no.", "nos", "nos.", "№", "."})
STATES = frozenset({"state", "national", "federal", "public", "republican", "royal"})
ONLINE = frozenset("digital online cloud web mobile messaging streaming payment hosting internet virtual smart".split())


def first_noun(tokens: Sequence[Token], lookup: Lookup) -> tuple[Noun, int] | None:
    """The class noun before the first preposition, with its last token's place in ``tokens``."""
    stop = next((k for k, t in enumerate(tokens) if k and _stops(tokens, k, lookup)), len(tokens))
    for end in range(min(len(tokens), stop + MAX_COMPLEMENT), stop + 1, -1):  # "Chamber of Deputies"
        found = lookup.noun_ending(tokens[:end])
        if found is not None and stop > end - found[1]:
            return found[0], end - 1
    while stop > 1 and (
        tokens[stop - 1].text[0].isdigit() or tokens[stop - 1].text in JOINERS or tokens[stop - 1].lower_ in NUMERO
    ):
        stop -= 1
    found = lookup.noun_ending(tokens[:stop])
    return (found[0], stop - 1) if found is not None else None


def _stops(tokens: Sequence[Token], k: int, lookup: Lookup) -> bool:
    """Connectors and commas end the part of a name that its head closes; the one of "Alpha, Inc." does not."""
    if tokens[k].text == ",":
        return not (k + 1 < len(tokens) and lookup.is_legal_form(tokens[k + 1].text))
    return tokens[k].lower_ in CONNECTORS


def headed(doc: Doc, block: int, begin: int, end: int, lookup: Lookup, *, quoted: bool = False) -> Name:
    """Make a name of the tokens: its class noun, its head, the owner at its end."""
    tokens = list(doc[begin:end])
    found = first_noun(tokens, lookup)
    noun, head = (found[0], begin + found[1]) if found else (None, end - 1)
    if noun is None and len(tokens) > 1:  # "Project Kuiper", "Convention 108"
        first = lookup.noun_ending(tokens[:1])
        numbered = any(c.isdigit() for t in tokens[1:] for c in t.text)
        if (
            first is not None
            and first[0].denotes not in ("Position", "Technology")
            and not (first[0].denotes == "Place" and lookup.is_word(tokens[1].text) and not numbered)
            and not (len(tokens) == 2 and lookup.is_word(tokens[1].text) and _is_generic_body(first[0], lookup))
            and (numbered or not lookup.ontology.is_a(first[0].denotes, "Instrument"))
        ):
            noun, head = first[0], end - 1
    owner, core_end = _owner(doc, begin, end, lookup)
    if noun is not None and noun.denotes == "Country":
        noun = None  # "Clean Nation": a slogan, no country
    if end - begin == GIVEN + 1 and is_hyphenated_person(doc, begin, begin + GIVEN):
        noun = None  # "Min-ho Park" is no park
    if noun is not None and not quoted:
        noun = in_a_name(doc, begin, head, noun, lookup, owned=owner is not None)
    name = Name(block, begin, end, head, noun=noun, owner=owner, core_end=core_end, quoted=quoted)
    if noun is not None and owner is None and len(tokens) == 2:
        name.loose = _is_loose(tokens[0] if head == begin + 1 and found is not None else tokens[1], noun, lookup)
    return name


def _is_generic_body(noun: Noun, lookup: Lookup) -> bool:
    """ "Government Efficiency" and "Company Registration" are no government and no company."""
    return noun.generic and lookup.ontology.is_a(noun.denotes, "Organisation")


def _is_loose(first: Token, noun: Noun, lookup: Lookup) -> bool:
    known = lookup.known_at(first.doc, first.i)
    return (
        known is None
        and not lookup.is_word(first.text)
        and lookup.ontology.is_a(noun.denotes, "Instrument", "Event", "Publication")
    )


def in_a_name(doc: Doc, begin: int, head: int, noun: Noun, lookup: Lookup, *, owned: bool) -> Noun:
    """The class noun that a name means: "Zamil Analytics" and "Zamil Data Centres" are firms."""
    before = [t for t in doc[begin:head] if t.is_alpha]
    foreign = bool(before) and not lookup.is_word(before[0].text)
    known = lookup.known_at(doc, begin)
    firm, bank = lookup.noun("company"), lookup.noun("bank")
    if firm is None or bank is None:
        return noun
    own = foreign if known is None else known.known.cls in ("Firm", "Place", "Country") and not known.demonym
    if own and head > begin and noun.denotes == "Technology":
        return firm
    if own and noun.denotes == "System" and is_plural(doc[head], lookup):
        return firm
    if own and noun.denotes == "Organisation" and doc[head].lower_ == "group":
        return firm
    if noun.denotes == "System" and doc[head].lower_ == "services" and head - begin > 1:
        return firm
    words = {t.lower_ for t in doc[begin : min(head + 5, len(doc))]}
    if doc[head].lower_ in ("centre", "center") and noun.denotes == "Organisation":
        of_nation = doc[begin].lower_ in STATES or (known is not None and known.demonym)
        kind = "research centre" if words & RESEARCH else "national centre" if of_nation else "centre"
        return lookup.noun(kind) or noun
    if noun.denotes == "System" and doc[head].lower_ == "network" and words & CIVIL:
        return lookup.noun("civil society organisation") or noun
    if noun.denotes == "System" and doc[head].lower_ == "network" and foreign and len(before) > 2:
        return lookup.noun("alliance") or noun
    of_state = doc[begin].lower_ in STATES or (
        len(before) > 1 and not foreign and not any(t.lower_ in ONLINE for t in before)
    )
    serving = head + 1 < len(doc) and doc[head + 1].lower_ in ("for", "of") and head == begin
    union = known is not None and known.known.label == "European Union"
    if noun.denotes == "Decree" and (union or any(NUMBER_OF_YEAR.match(t.text) for t in doc[head + 1 : head + 4])):
        return lookup.noun("eu regulation") or noun
    if noun.denotes == "System" and doc[head].lower_ == "service" and (of_state or serving):
        return lookup.noun("state service") or noun
    if owned and noun.denotes == "Firm" and head == begin and doc[head].lower_ == "bank":
        return lookup.noun("central bank") or noun
    if owned and noun.denotes == "InternationalOrganisation" and doc[head].lower_ == "bank":
        return bank
    return noun


def _owner(doc: Doc, begin: int, end: int, lookup: Lookup) -> tuple[tuple[int, int] | None, int]:
    """The country at the end of a name ("… of the Republic of Kazakhstan") and where the name ends without it."""
    for i in range(begin + 1, end - 1):
        if doc[i].lower_ not in ("of", "in"):
            continue
        start = i + 2 if i + 1 < end and doc[i + 1].lower_ in ARTICLES else i + 1
        if start >= end:
            continue
        hit = lookup.known_at(doc, start)
        if hit is not None and hit.end == end and hit.known.cls == "Country" and not hit.demonym:
            return (hit.begin, hit.end), i
    return None, end
