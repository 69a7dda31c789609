"""Match clauses and constructions against the lexicon's frames; propose statements that fit the ontology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from spacy.tokens import Doc

from kzai_graph.entities import Reference
from kzai_graph.lexical import Frame
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import Argument, Clause, Modality
from kzai_graph.offices import Construction

MAX_TRANSPARENT_STEPS = 3
MONEY = "%money%"
"""In ``kz:requires``: the argument is a sum of money."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement before merging: its ends, the words that say it, the frame that read them."""

    relation: str
    subject: Reference
    object: Reference
    block: int
    begin: int
    end: int
    frame: Frame
    modality: Modality
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A frame that matched but gave no statement, and why."""

    block: int
    token: int
    frame: str
    reason: str


class Matcher:
    """Match the clauses of one document."""

    def __init__(self, mentions: Mentions, lookup: Lookup) -> None:
        self.mentions = mentions
        self.lookup = lookup
        self.dropped: list[Dropped] = []
        self._at: dict[tuple[int, int], list[Reference]] = {}
        for reference in mentions.references:
            for i in range(reference.begin, reference.end):
                self._at.setdefault((reference.block, i), []).append(reference)

    def from_clauses(self, clauses: Mapping[int, Sequence[Clause]]) -> Iterator[Proposal]:
        for block, found in clauses.items():
            nouns = {c.head: c for c in found if c.kind == "noun"}
            for clause in found:
                for lemma, reading in self._readings(block, clause):
                    for frame in self.lookup.frames.get((clause.kind, lemma), ()):
                        yield from self._match(block, reading, frame, nouns)

    def _readings(self, block: int, clause: Clause) -> Iterator[tuple[str, Clause]]:
        """The clause under its lemma, and under the longer ones of the lexicon: "rely on", "take part", "put into use"."""
        yield clause.lemma, clause
        longer = self.lookup.phrasal.get((clause.kind, clause.lemma))
        if not longer:
            return
        doc = self.mentions.docs[block]
        for argument in clause.arguments:
            word = doc[argument.head].lower_
            preposition = argument.role.removeprefix("prep:").replace("_", " ") if argument.role.startswith("prep:") else ""
            if preposition and preposition in longer:
                yield f"{clause.lemma} {preposition}", _as_patient(clause, argument.role)
            for phrase in (f"{preposition} {word}".strip(), f"{preposition} {self.lookup.singular(doc[argument.head])}".strip()):
                if phrase in longer and argument.role not in ("agent", "described"):
                    yield f"{clause.lemma} {phrase}", clause
                    break

    def from_constructions(self, constructions: Sequence[Construction]) -> Iterator[Proposal]:
        for found in constructions:
            ends = {"subject": found.subject, "object": found.object}
            for frame in self.lookup.frames.get(("construction", found.name), ()):
                subject, target = ends[frame.subject_roles[0]], ends[frame.object_roles[0]]
                if self._fits(frame, subject, target):
                    yield Proposal(frame.relation, subject, target, subject.block, found.begin, found.end, frame, frame.modality or Modality.ASSERTED)
                    break

    def _match(self, block: int, clause: Clause, frame: Frame, nouns: Mapping[int, Clause]) -> Iterator[Proposal]:
        doc = self.mentions.docs[block]
        if not all(self._has(doc, clause, r.role, r.lemmas) for r in frame.requires):
            return
        modality = _combine(clause.modality, frame.modality)
        if modality is None:
            self.dropped.append(Dropped(block, clause.head, frame.iri, "modality"))
            return
        if frame.reciprocal:
            ends = self._references(block, clause, frame.subject_roles, nouns)
            pairs = [(a, b) for a, b in combinations(ends, 2)]
        else:
            subjects = self._references(block, clause, frame.subject_roles, nouns)
            pairs = [(s, o) for s in subjects for o in self._references(block, clause, frame.object_roles, nouns)]
        if not pairs:
            self.dropped.append(Dropped(block, clause.head, frame.iri, "unsure reference"))
        done: set[tuple[int, int]] = set()
        for subject, target in pairs:
            key = (id(subject.entity), id(target.entity))
            if key in done or subject.entity is target.entity:
                continue
            if self._fits(frame, subject, target):
                done.add(key)
                yield Proposal(frame.relation, subject, target, block, clause.begin, clause.end, frame, modality, clause)
            else:
                self.dropped.append(Dropped(block, clause.head, frame.iri, f"class: {subject.entity.cls} {frame.relation} {target.entity.cls}"))

    def _fits(self, frame: Frame, subject: Reference, target: Reference) -> bool:
        s, o = subject.entity.cls, target.entity.cls
        ontology = self.lookup.ontology
        if s is None or o is None or not ontology.fits(frame.relation, s, o):
            return False
        if frame.subject_classes and not ontology.is_a(s, *frame.subject_classes):
            return False
        return not frame.object_classes or ontology.is_a(o, *frame.object_classes)

    def _has(self, doc: Doc, clause: Clause, role: str, lemmas: frozenset[str]) -> bool:
        if role == "self":
            return clause.lemma in lemmas
        if MONEY in lemmas and any(_is_money(doc, a) for a in clause.with_role(role)):
            return True
        return any(doc[a.head].lemma_.lower() in lemmas or self.lookup.singular(doc[a.head]) in lemmas or doc[a.begin : a.end].text.lower() in lemmas for a in clause.with_role(role))

    def _references(self, block: int, clause: Clause, roles: Sequence[str], nouns: Mapping[int, Clause]) -> list[Reference]:
        """The references of the first role that has any."""
        for role in roles:
            arguments = clause.with_role(role) if role != "self" else (Argument("self", clause.head, clause.begin, clause.end),)
            found = [r for a in arguments for r in self.resolve(block, a, nouns)]
            if found:
                return found
        return []

    def resolve(self, block: int, argument: Argument, nouns: Mapping[int, Clause], steps: int = 0) -> list[Reference]:
        """What an argument stands for: references headed by its head, else what a transparent noun passes on."""
        covering = self._at.get((block, argument.head), [])
        if covering:
            headed = [r for r in covering if r.head == argument.head]
            largest = max(covering, key=lambda r: r.end - r.begin)
            headed = [r for r in headed if not any(_is_inside(r, other) for other in headed)]
            if not headed or (argument.role != "self" and largest.begin < min(r.begin for r in headed) and largest.end > argument.head + 1):
                headed = [largest]
            unique: dict[int, Reference] = {}
            for reference in sorted(headed, key=lambda r: (r.begin - r.end, r.begin)):
                unique.setdefault(id(reference.entity), reference)
            return list(unique.values())
        noun = nouns.get(argument.head)
        if noun is None or steps >= MAX_TRANSPARENT_STEPS or noun.lemma not in self.lookup.ontology.cues.transparent:
            return []
        for role in ("prep:of", "possessor", "modifier"):
            found = [r for a in noun.with_role(role) for r in self.resolve(block, a, nouns, steps + 1)]
            if found:
                return found
        return []


def _is_inside(reference: Reference, other: Reference) -> bool:
    """ "Norway" of "Equinor Norway" is not what the phrase stands for."""
    if reference.entity is other.entity or other.entity.cls is None:
        return False
    return other.begin <= reference.begin and reference.end <= other.end and other.end - other.begin > reference.end - reference.begin


def _as_patient(clause: Clause, role: str) -> Clause:
    """The clause of "rely on X": what stands after the preposition is the object."""
    others = tuple(a for a in clause.arguments if a.role not in (role, "patient"))
    return replace(clause, arguments=(*others, *(replace(a, role="patient") for a in clause.with_role(role))))


def _is_money(doc: Doc, argument: Argument) -> bool:
    return any(t.ent_type_ == "MONEY" or t.is_currency for t in doc[argument.begin : argument.end])


def _combine(clause: Modality, frame: Modality | None) -> Modality | None:
    """The clause's modality under the frame's; ``None`` where the two leave nothing sure."""
    if frame is None or frame is clause:
        return clause if frame is None or clause is not Modality.NEGATED else None
    if clause is Modality.ASSERTED:
        return frame
    if frame is Modality.ASSERTED:
        return clause
    if frame is Modality.PLANNED:
        return clause
    return None
