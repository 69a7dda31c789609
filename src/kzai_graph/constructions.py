"""Find the ties between neighbouring references that need no predicate: possessives, demonyms, places, topics.

The code names the construction and its two ends; the lexicon's construction frames say which relation it
expresses for which classes.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from kzai_graph.entities import Reference
from kzai_graph.epithets import HYPHENED, belongs_to_next, find_epithets, is_means
from kzai_graph.lists import Listed, coordinated
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.name_heads import ARTICLES
from kzai_graph.offices import Construction
from kzai_graph.owners import (
    MAX_BRIDGE,
    find_owners,
    find_possessives,
    is_hyphened,
    is_organ,
    starting,
    thing_after,
    with_conjuncts,
)
from kzai_graph.whereabouts import find_whereabouts
from kzai_graph.wording import after_brackets

LISTING = frozenset({"like", "including", "as", "such"})
MAX_MEMBERS = 40
"""Tokens within which a bracket with members ends."""
BESIDE = frozenset({"from", "by", "under", "within", "behind", "with", "at"})


SEVERAL = frozenset({"by", "from"})
"""Those of them after which several may stand: "a survey by X and Y"."""
FORMERLY = frozenset({"formerly", "previously"})


def find_constructions(mentions: Mentions, lookup: Lookup) -> list[Construction]:
    """Return the ties of all blocks in the order of the text."""
    found: list[Construction] = []
    for block, doc in mentions.docs.items():
        here = [r for r in mentions.references if r.block == block]
        found += find_possessives(doc, here, lookup)
        found += _demonyms(doc, here, lookup)
        found += find_owners(doc, here, lookup)
        found += find_whereabouts(doc, here, lookup)
        found += _beside(doc, here, coordinated(doc, here, lookup))
        found += _members(doc, here, lookup)
        found += _affiliations(doc, here, lookup)
        found += _formerly(doc, here)
        found += _powered(doc, here, lookup)
        found += _made_with(doc, here, lookup)
        found += find_epithets(doc, [r for r in here if not _ends_name(r, here)], lookup)
        found += _makers_in_name(doc, here, lookup)
        found += _texts_in_name(doc, here, lookup)
        found += _topics(here, lookup)
        found += _countries_in_name(doc, here, lookup)
    return found


def _demonyms(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "Turkish operator Turkcell", "Chinese firms like X", "the Finnish developer X"."""
    for country in references:
        if country.kind is not MentionKind.IMPLIED or country.entity.cls != "Country":
            continue
        if _ends_name(country, references) or belongs_to_next(doc, country):
            continue
        i, listing = country.end, False
        limit = doc[country.begin].sent.end
        while i < limit and i - country.end < MAX_BRIDGE:
            found = [
                r
                for r in starting(references, i)
                if r.entity is not country.entity and r.kind in (MentionKind.NAME, MentionKind.NOMINAL)
            ]
            if (
                found
                and found[0].entity.cls not in ("Technology", None)
                and not (found[0].begin == country.end and _is_subject_of_own(doc, found[0]))
            ):
                several = (
                    listing or doc[i - 1].tag_ == "NNS" or (i == country.end and found[0].kind is MentionKind.NAME)
                )
                for thing in with_conjuncts(doc, references, found[0]) if several else [found[0]]:
                    yield Construction("demonym", thing, country, country.begin, thing.end)
                break
            if doc[i].lower_ in LISTING:
                listing = True
            elif doc[i].pos_ not in ("NOUN", "ADJ", "PROPN") and not is_hyphened(doc, i):
                break
            i += 1


def _ends_name(country: Reference, references: list[Reference]) -> bool:
    """ "American" of "Latin American" is no country."""
    return any(r.begin < country.begin and r.end == country.end and r.entity.cls is None for r in references)


def _is_subject_of_own(doc: Doc, reference: Reference) -> bool:
    return doc[reference.begin].is_sent_start is True


def _beside(doc: Doc, references: list[Reference], lists: Listed) -> Iterator[Construction]:
    """ "a report from X", "the team behind X", "a committee under X": what a preposition puts right after a thing."""
    for thing in references:
        i = after_brackets(doc, thing.end)
        if i + 1 >= len(doc) or thing.kind is MentionKind.PRONOUN:
            continue
        if doc[i].lower_ not in BESIDE or i + 1 >= len(doc) or _is_of_act(doc[i], doc[thing.head]):
            continue
        for start in range(i + 1, min(i + 6, len(doc))):
            others = [
                r
                for r in starting(references, start)
                if r.entity is not thing.entity and r.kind in (MentionKind.NAME, MentionKind.NOMINAL)
            ]
            if others:
                first = others[0]
                listed = lists.get((first.begin, first.end), ()) if doc[i].lower_ in SEVERAL else ()
                for other in (first, *(r for r in listed if r.begin > first.begin and not _owns(doc, r))):
                    yield Construction(f"{doc[i].lower_}-next", thing, other, thing.begin, other.end)
                break
            if doc[start].pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "NUM") and doc[start].text != "-":
                break


def _owns(doc: Doc, reference: Reference) -> bool:
    return reference.end < len(doc) and doc[reference.end].tag_ == "POS"


def _members(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "the council (Ana Silva, Tom Berg and Li Wei)": a body with persons, and no more, in a bracket."""
    for body in references:
        if not lookup.ontology.is_a(body.entity.cls or "", "Organisation") or doc[body.end : body.end + 1].text != "(":
            continue
        close = next((t.i for t in doc[body.end : body.end + MAX_MEMBERS] if t.text == ")"), body.end)
        inside = [r for r in references if body.end < r.begin and r.end <= close and r.kind is MentionKind.NAME]
        persons = [r for r in inside if r.entity.cls == "Person"]
        words = set(range(body.end + 1, close)) - {i for r in persons for i in range(r.begin, r.end)}
        if len(persons) > 1 and all(doc[i].lower_ in (",", ";", "and") for i in words):
            for person in persons:
                yield Construction("members-in-brackets", person, body, body.begin, person.end)


def _affiliations(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "Ana Silva (Fjord Society)": a person with nothing but a body in the bracket behind the name."""
    for person in references:
        if person.entity.cls != "Person" or person.kind is not MentionKind.NAME:
            continue
        if doc[person.end : person.end + 1].text != "(":
            continue
        for body in starting(references, person.end + 1):
            is_body = lookup.ontology.is_a(body.entity.cls or "", "Organisation") and body.kind is MentionKind.NAME
            if is_body and doc[body.end : body.end + 1].text == ")":
                yield Construction("body-in-brackets", person, body, person.begin, body.end)


def _is_of_act(preposition: Token, thing: Token) -> bool:
    """ "The ratification of X by Y": "by" says who does it, and nothing of X."""
    of = thing.head
    return preposition.lower_ == "by" and of.lower_ == "of" and of.head == preposition.head and of.head.pos_ == "NOUN"


def _formerly(doc: Doc, references: list[Reference]) -> Iterator[Construction]:
    """ "X, formerly Y", "X (previously the Y)": the earlier name, then the later."""
    for later in references:
        i = later.end + 1
        if i >= len(doc) or doc[later.end].text not in (",", "(") or doc[i].lower_ not in FORMERLY:
            continue
        start = i + 1 + (i + 1 < len(doc) and doc[i + 1].lower_ == "the")
        for earlier in starting(references, start)[:1]:
            yield Construction("formerly", earlier, later, later.begin, earlier.end)


def _powered(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "AI-powered cameras", "a blockchain-based registry", "EBRD-backed X"."""
    for means in references:
        i = means.end
        if i + 2 >= len(doc) or doc[i].text != "-" or doc[i + 1].lower_ not in HYPHENED:
            continue
        thing = thing_after(doc, references, i + 2, means, lookup)
        if thing is not None:
            yield Construction(HYPHENED[doc[i + 1].lower_], thing, means, means.begin, thing.end)


def _made_with(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "the AI coach X": a technology in front of the noun before a name."""
    for means in references:
        if not is_means(means, lookup) or doc[means.end : means.end + 1].text == "-":
            continue
        thing = thing_after(doc, references, means.end, means, lookup)
        if thing is not None:
            yield Construction("means-modifier", thing, means, means.begin, thing.end)


def _makers_in_name(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "the OECD Recommendation", "UNIDO Innovation Lab": a body at the head of a longer name."""
    for outer in references:
        if outer.kind is not MentionKind.NAME or outer.entity.cls is None or _is_known_whole(doc, outer, lookup):
            continue
        for inner in references:
            heads = inner.begin == outer.begin and inner.end < outer.end and inner.kind is MentionKind.NAME
            is_body = lookup.ontology.is_a(inner.entity.cls or "", "Organisation")
            if heads and is_body and inner.entity is not outer.entity:
                yield Construction("maker-in-name", outer, inner, outer.begin, outer.end)
                if is_organ(doc, outer, lookup):
                    yield Construction("organ", outer, inner, outer.begin, outer.end)


def _is_known_whole(doc: Doc, name: Reference, lookup: Lookup) -> bool:
    """Tell whether the gazetteer holds the name as it stands, and so says what it needs to."""
    return name.entity.known is not None and lookup.known_exactly(doc, name.begin, name.end) is not None


def _countries_in_name(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "the Norwegian Coast Guard", "Tidewell Norway": a body with its country at one end of its name."""
    for outer in references:
        if outer.kind is not MentionKind.NAME or not lookup.ontology.is_a(outer.entity.cls or "", "Organisation"):
            continue
        inner = [
            r for r in references if outer.begin <= r.begin and r.end <= outer.end and r.entity is not outer.entity
        ]
        countries = [r for r in inner if r.entity.cls == "Country"]
        if len(countries) != 1 or "-" in {t.text for t in doc[outer.begin : outer.end]}:
            continue
        country = countries[0]
        if country.kind is MentionKind.IMPLIED and country.begin == outer.begin:
            yield Construction("demonym-in-name", outer, country, outer.begin, outer.end)
        elif country.kind is MentionKind.NAME and country.end == outer.end and doc[country.begin - 1].pos_ == "PROPN":
            yield Construction("country-in-name", outer, country, outer.begin, outer.end)


def _texts_in_name(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "the Plan for the Implementation of the Ports Act": a text in the name of another that serves it."""
    for inner in references:
        before = [t for t in doc[max(0, inner.begin - 3) : inner.begin] if t.lower_ not in ARTICLES]
        if len(before) < 2 or before[-1].lower_ not in ("of", "to"):
            continue
        act = lookup.singular(before[-2])
        if act not in lookup.ontology.cues.text_acts:
            continue
        for outer in references:
            if outer.kind is inner.kind is MentionKind.NAME and outer.begin < inner.begin and inner.end <= outer.end:
                yield Construction(f"{act}-in-name", outer, inner, outer.begin, outer.end)


def _topics(references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """A technology inside the name of a text, programme or event is its topic."""
    for outer in references:
        if outer.kind is MentionKind.PRONOUN or outer.entity.cls is None:
            continue
        for inner in references:
            if (
                inner.entity.cls == "Technology"
                and outer.begin <= inner.begin
                and inner.end <= outer.end
                and inner.entity is not outer.entity
                and (inner.begin, inner.end) != (outer.begin, outer.end)
            ):
                yield Construction("topic-in-name", outer, inner, outer.begin, outer.end)
