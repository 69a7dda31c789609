"""Pair persons with the offices beside them: "OFFICE PERSON", "PERSON, OFFICE", "OFFICE, PERSON"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.office_bodies import PASSING, Office

HOLDS = "office-holder"
OPENING_MARKS = frozenset({",", "(", "–", "—", "-"})
GAP_POS = frozenset({"DET", "PROPN", "NOUN", "ADJ", "PART", "PUNCT", "PRON", "ADV", "ADP", "NUM", "CCONJ"})
MAX_GAP = 12
MAX_JOINT_GAP = 6
MAX_HONOURS = 3
MAX_PLACED = 9
GENDERED = re.compile(r"(?<=\w)(?:man|woman|person)$")


@dataclass(frozen=True, slots=True)
class Construction:
    """Two references that a construction ties; ``begin`` to ``end`` are its tokens."""

    name: str
    subject: Reference
    object: Reference
    begin: int
    end: int


def find_holders(
    doc: Doc, sentence: Span, block: int, offices: Sequence[Office], mentions: Mentions
) -> Iterator[Construction]:
    """Yield who holds which office of a sentence; each office goes to the nearest fitting person."""
    persons = [
        r
        for r in mentions.references
        if r.block == block
        and sentence.start <= r.begin < sentence.end
        and r.entity.cls == "Person"
        and r.kind is MentionKind.NAME
    ]
    held: dict[int, list[Reference]] = {}
    for n, office in enumerate(offices):
        person = next((p for p in persons if _stands_after(doc, p, office)), None)
        if person is not None:
            held[n] = [person, *_and_others(doc, person, persons)] if office.plural else [person]
    for test in (_apposed_after, _apposed_before):
        for n, office in enumerate(offices):
            if n in held:
                continue
            used = {id(p) for found in held.values() for p in found}
            person = next((p for p in persons if id(p) not in used and test(doc, p, office)), None)
            if person is not None and not office.plural:
                held[n] = [person]
            elif person is not None and test is _apposed_after:
                held[n] = [*_and_before(doc, person, persons), person]
    for n, office in enumerate(offices):  # "Anna Berg, chief executive of X and co-founder of Y"
        if n in held or office.plural:
            continue
        for m in range(n):
            if m in held and held[m][0].end <= offices[m].begin and _continues(doc, offices[m], office):
                held[n] = held[m]
    for n in range(len(offices) - 2, -1, -1):  # "CEO and founder Anna Berg"
        after = held.get(n + 1)
        if (
            n not in held
            and after
            and after[0].begin >= offices[n + 1].end
            and _continues(doc, offices[n], offices[n + 1])
        ):
            held[n] = after
    for n, office in enumerate(offices):  # whatever else the parser takes for an apposition
        if n not in held and not office.plural:
            person = _apposed_by_parse(doc, office, persons)
            if person is not None:
                held[n] = [person]
    for n, found in sorted(held.items()):
        office = offices[n]
        for person in found:
            if office.reference is not None:
                yield Construction(
                    HOLDS, person, office.reference, min(person.begin, office.begin), max(person.end, office.end)
                )


def same_title(first: str, second: str) -> bool:
    """Tell whether two titles are one: "ceo" and "chief executive", "chairman" and "chair"."""
    first, second = (GENDERED.sub("", t) for t in (first, second))
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    written_out = {long, f"{long} officer"}
    return short in {"".join(w[0] for w in t.split()) for t in written_out if " " in t} or f"{short} officer" == long


def _stands_after(doc: Doc, person: Reference, office: Office) -> bool:
    gap = doc[office.end : person.begin]
    return (
        person.begin >= office.end
        and all(t.text == "." or (t.text.istitle() and len(t) <= 4 and t.pos_ == "PROPN") for t in gap)
        and len(gap) <= 2
    )


def _and_others(doc: Doc, first: Reference, persons: Sequence[Reference]) -> Iterator[Reference]:
    """B and C of "co-founders A, B and C"."""
    end = first.end
    for person in persons:
        if person.begin > end and all(t.lower_ in (",", "and") for t in doc[end : person.begin]):
            yield person
            end = person.end


def _and_before(doc: Doc, last: Reference, persons: Sequence[Reference]) -> list[Reference]:
    """A and B of "A, B and C, co-founders of X"."""
    found: list[Reference] = []
    begin = last.begin
    for person in reversed(persons):
        if person.end < begin and all(t.lower_ in (",", "and") for t in doc[person.end : begin]):
            found.insert(0, person)
            begin = person.begin
    return found


def _apposed_after(doc: Doc, person: Reference, office: Office) -> bool:
    """ "Anna Berg, (the) (bank's) director": only a comma, articles and the owner stand between."""
    if person.end > office.begin:
        return False
    gap = list(doc[person.end : office.begin])
    if not gap or gap[0].text not in OPENING_MARKS or any(t.text in ",;:" for t in gap[1:]) or len(gap) > MAX_GAP:
        return False
    return all(t.pos_ in GAP_POS and t.tag_ not in ("WP", "WDT") for t in gap) and not any(
        t.lower_ in ("and", "said", "told") for t in gap[1:]
    )


def _apposed_before(doc: Doc, person: Reference, office: Office) -> bool:
    """ "the akim of the region, Anna Berg", "its head and main owner, Anna Berg, said", "its head is Anna Berg"."""
    gap = doc[office.end : person.begin]
    if 0 < len(gap) <= MAX_JOINT_GAP and gap[-1].text == "," and gap[0].lower_ == "and":
        return all(t.pos_ in ("NOUN", "ADJ", "DET", "PROPN") for t in gap[1:-1])
    if len(gap) == 1 and gap[0].lower_ in ("is", "was", "remains"):
        return person.end >= len(doc) or doc[person.end].text in (",", ".", ";", "and") or doc[person.end].pos_ == "ADP"
    if len(gap) > 1 and (_is_titled(gap) or _is_placed(doc, gap)):
        return person.end >= len(doc) or doc[person.end].text in (",", ".", ";", ")")
    if len(gap) != 1 or gap[0].text not in (",", "–", "—"):
        return False
    return person.end >= len(doc) or doc[person.end].pos_ != "NOUN"


def _is_titled(gap: Span) -> bool:
    """ "the minister, Dame Anna Berg, …": what honours stands before the name."""
    return gap[0].text == "," and len(gap) <= MAX_HONOURS and all(t.pos_ == "PROPN" and t.is_title for t in gap[1:])


def _is_placed(doc: Doc, gap: Span) -> bool:
    """ "the head of the committee in Bergen, Anna Berg, …": a phrase with a preposition ends the office."""
    told = gap[0].pos_ == "ADP" and gap[-1].text == "," and len(gap) <= MAX_PLACED
    return told and all(
        t.pos_ in ("ADP", "DET", "NOUN", "PROPN", "ADJ", "NUM") and t.ent_type_ != "PERSON" for t in gap[:-1]
    )


def _apposed_by_parse(doc: Doc, office: Office, persons: Sequence[Reference]) -> Reference | None:
    head = doc[office.title_end - 1]
    while head.dep_ == "conj" and head.head.i < head.i:
        head = head.head
    if head.dep_ != "appos" or head.head.i > head.i:
        return None
    return next((p for p in persons if p.begin <= head.head.i < p.end), None)


def _continues(doc: Doc, first: Office, second: Office) -> bool:
    gap: list[Token] = list(doc[first.end : second.begin])
    if not 0 < len(gap) <= MAX_GAP // 2 or gap[0].lower_ not in ("and", "&", "/", ","):
        return False
    owner = second.owner
    return all(
        t.lower_ in PASSING
        or t.lower_ in ("and", "&", "/", ",", "-", "co", "the", "a", "an", "’s", "'s")
        or (owner is not None and owner.begin <= t.i < owner.end)
        for t in gap
    )


def merge_of_holder(mentions: Mentions, found: Sequence[Construction]) -> None:
    """A bare "Minister Berg" is the minister's office that Berg holds elsewhere in the document."""
    held = [c for c in found if c.name == HOLDS]
    for construction in held:
        bare = mentions.registry.resolve(construction.object.entity)
        if bare.owner is not None:
            continue
        full: dict[tuple[str, ...], Entity] = {}
        for other in held:
            office = mentions.registry.resolve(other.object.entity)
            if (
                other.subject.entity is construction.subject.entity
                and office.owner
                and same_title(office.title, bare.title)
            ):
                full[office.key] = office
        if len(full) == 1:
            mentions.registry.merge(bare, next(iter(full.values())))
    mentions.settle()
