"""Find where things are by the names of places beside them: "Almaty-based X", "X in Nairobi", "the Bergen firm X"."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from spacy.tokens import Doc

from kzai_graph.entities import Reference
from kzai_graph.epithets import BASED, belongs_to_next, seats
from kzai_graph.lookup import Lookup
from kzai_graph.model import MentionKind
from kzai_graph.offices import Construction
from kzai_graph.owners import starting, thing_after
from kzai_graph.wording import after_brackets

SETTLED = frozenset({"city", "district", "island", "municipality", "outskirts", "province", "region", "state", "town"})
"""Nouns before the name of a place: "in the city of X"."""
PLACE_PREPOSITIONS = frozenset({"in", "at", "near", "on"})


def find_whereabouts(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    yield from _places(doc, references, lookup)
    yield from _local_bodies(doc, references)
    yield from _seats(doc, references, lookup)
    yield from _place_modifiers(doc, references, lookup)


def _places_at(references: list[Reference], i: int, place: Reference) -> list[Reference]:
    """The other places whose names begin at a token."""
    return [r for r in starting(references, i) if _is_place(r) and r.entity is not place.entity]


def _goes_on_as_list(doc: Doc, references: list[Reference], country: Reference) -> bool:
    """ "London, Singapore, and Taiwan" is a list; "Paris, France, and Berlin, Germany" is one of pairs."""
    i = country.end
    if i + 2 >= len(doc) or (doc[i].text != "," and doc[i].lower_ not in ("and", "or")):
        return False
    i += doc[i].text == ","
    i += doc[i].lower_ in ("and", "or")
    if doc[i].lower_ == "other":
        return True
    following = _places_at(references, i, country)
    if not following:
        return False
    j = following[0].end
    return not (j < len(doc) and doc[j].text == "," and bool(_places_at(references, j + 1, following[0])))


def _seats(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "Fjord Policy Lab, Oslo": a body with the name of its city right behind, and nothing more."""
    for body in references:
        i = after_brackets(doc, body.end)
        if body.kind is not MentionKind.NAME or not lookup.ontology.is_a(body.entity.cls or "", "Organisation"):
            continue
        if i + 1 >= len(doc) or doc[i].text != "," or (body.begin and doc[body.begin - 1].lower_ in ("and", "or", "&")):
            continue
        for place in starting(references, i + 1):
            closed = place.end >= len(doc) or doc[place.end].text in (".", ";", ")", "(")
            if closed and place.entity.cls == "Place" and place.kind is MentionKind.NAME:
                yield Construction("place-apposition", body, place, body.begin, place.end)


def _places(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "Almaty-based X", "a start-up in Bergen", "Nairobi, Kenya"."""
    for place in references:
        if not _is_place(place):
            continue
        i = place.end
        if i + 1 < len(doc) and doc[i].text == "-" and doc[i + 1].lower_ in BASED:
            thing = thing_after(doc, references, i + 1, place, lookup)
            if thing is not None:
                for seat in seats(doc, references, place):
                    yield Construction("place-based", thing, seat, seat.begin, thing.end)
        elif i + 1 < len(doc) and doc[i].text == ",":
            larger = _places_at(references, i + 1, place)
            in_country = larger and larger[0].entity.cls == "Country" and place.entity.cls == "Place"
            if in_country and not _goes_on_as_list(doc, references, larger[0]):
                yield Construction("place-apposition", place, larger[0], place.begin, larger[0].end)
        if place.entity.cls == "Place" and place.kind is MentionKind.NAME:
            larger = _places_at(references, _after_in(doc, i), place)
            if larger and larger[0].kind is MentionKind.NAME:
                yield Construction("place-in-place", place, larger[0], place.begin, larger[0].end)
    for thing in references:
        start = _after_in(doc, after_brackets(doc, thing.end), PLACE_PREPOSITIONS)
        if start < 0 or _is_place(thing) or thing.kind is MentionKind.PRONOUN:
            continue
        apart = doc[thing.end].text in (",", "(")
        named_body = thing.kind is MentionKind.NAME and lookup.ontology.is_a(thing.entity.cls or "", "Organisation")
        if not (
            thing.kind is MentionKind.NOMINAL or lookup.ontology.is_a(thing.entity.cls or "", "Event") or named_body
        ):
            continue
        places = [r for r in starting(references, start) if _is_place(r)]
        preposition = next(t for t in reversed(doc[thing.end : start]) if t.lower_ in PLACE_PREPOSITIONS)
        tied = preposition.head.i in range(thing.begin, thing.end)
        away = bool(places) and places[0].entity.cls == "Country" and _acts(thing, lookup)
        if places and (
            tied if not named_body else (apart and not _opens_clause(doc, places[0].end)) or (tied and not away)
        ):
            yield Construction("in-place", thing, places[0], thing.begin, places[0].end)


def _opens_clause(doc: Doc, i: int) -> bool:
    """ "X, in Oslo for talks": more than the place follows."""
    return i < len(doc) and doc[i].text not in (",", ".", ")", ";")


def _acts(thing: Reference, lookup: Lookup) -> bool:
    """Firms and bodies of states are also elsewhere than where they sit ("Siemens in Peru")."""
    return lookup.ontology.is_a(thing.entity.cls or "", "Firm", "InternationalOrganisation")


def _is_place(reference: Reference) -> bool:
    return reference.entity.cls in ("Place", "Country") and reference.kind is not MentionKind.IMPLIED


def _after_in(doc: Doc, i: int, prepositions: Collection[str] = ("in",)) -> int:
    """The token after "(,) in (the)" from token ``i`` on; -1 where it does not stand there."""
    if i < len(doc) and doc[i].text == ",":
        i += 1
    if i + 1 >= len(doc) or doc[i].lower_ not in prepositions:
        return -1
    i = i + 2 if doc[i + 1].lower_ == "the" else i + 1
    of_kind = i + 2 < len(doc) and doc[i].lower_ in SETTLED and doc[i + 1].lower_ == "of"
    return i + 2 if of_kind else i


def _local_bodies(doc: Doc, references: list[Reference]) -> Iterator[Construction]:
    """ "In Lima, the municipality": the body of a place that its sentence names elsewhere."""
    for body in references:
        owner = body.entity.owner
        if body.kind is not MentionKind.NOMINAL or owner is None or owner.cls != "Place":
            continue
        sentence = doc[body.begin].sent
        for place in references:
            before = place.end < body.begin and sentence.start < place.begin
            if (
                before
                and doc[place.begin - 1].lower_ in PLACE_PREPOSITIONS
                and place.entity is owner
                and place.kind is MentionKind.NAME
            ):
                yield Construction("of-owner", body, place, place.begin, body.end)
                break


def _place_modifiers(doc: Doc, references: list[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "the Bergen firm X", "a Lyon-area start-up", "U.S. chipmaker X": a place before a class noun."""
    for place in references:
        i = place.end
        if place.entity.cls not in ("Place", "Country") or place.kind is MentionKind.PRONOUN or i >= len(doc):
            continue
        said = doc[i].text.islower() and doc[i].pos_ in ("NOUN", "ADJ")
        said = said or (doc[i].text.isupper() and lookup.noun(doc[i].lower_) is not None)  # "the Bergen NGO X"
        if not said or belongs_to_next(doc, place):
            continue
        if _is_in_larger(place, references):
            continue
        thing = (
            thing_after(doc, references, i, place, lookup)
            if starting(references, i) == []
            else starting(references, i)[0]
        )
        if (
            thing is not None
            and lookup.ontology.is_a(thing.entity.cls or "", "Organisation", "System")
            and thing.entity is not place.entity
        ):
            yield Construction("place-modifier", thing, place, place.begin, thing.end)


def _is_in_larger(reference: Reference, references: list[Reference]) -> bool:
    return any(
        r.begin <= reference.begin
        and reference.end <= r.end
        and r.end - r.begin > reference.end - reference.begin
        and r.kind is MentionKind.NAME
        for r in references
    )
