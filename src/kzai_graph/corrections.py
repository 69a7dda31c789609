"""What reviewers decided on a graph, as plain values, and as triples again."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

import pyoxigraph as ox

from kzai_graph.keys import digest, fold
from kzai_graph.lexical import Ontology
from kzai_graph.model import Modality
from kzai_graph.terms import KZ, KZID, PROV, RDF, RDFS, XSD

HASH_CHARS = 20
Place = TypeVar("Place", bound=Hashable)
TAG = re.compile(r"<[^<>]*>")


class Kind(StrEnum):
    """What a correction says; the values are the local names of their classes."""

    ACCEPTANCE = "Acceptance"
    REJECTION = "Rejection"
    ADDITION = "Addition"
    MERGER = "Merger"
    SEPARATION = "Separation"
    DESCRIPTION = "Description"


@dataclass(frozen=True, slots=True)
class End:
    """Subject or object of a statement: its IRI, the words that mean it, or both; the class of one that is new."""

    iri: str | None = None
    words: str | None = None
    cls: str | None = None

    def meets(self, names: frozenset[str]) -> int:
        """Tell how an entity with these IRIs and folded names is meant: 2 by IRI, 1 by words, 0 not at all."""
        if self.iri in names:
            return 2
        return int(self.words is not None and fold(self.words) in names)

    def __str__(self) -> str:
        return self.words or (self.iri or "").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement at one place, as claims are compared with it; ``subject`` and ``object``: IRIs and folded names."""

    document: str
    sentence: str
    subject: frozenset[str]
    relation: str
    object: frozenset[str]
    modality: Modality


class Match(NamedTuple):
    """How a claim means a statement at a place; the better is the greater.

    ``same``: the sentence is the very one, else one holds the other. ``ends``: more where IRIs say so than where words
    do.
    """

    same: bool
    ends: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a correction accepts, rejects or adds; what is ``None`` is left open, or not said."""

    subject: End
    relation: str
    object: End
    modality: Modality | None = None
    document: str | None = None
    sentence: str | None = None
    date: str | None = None
    deadline: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    attributed_to: str | None = None
    stage: str | None = None

    def match(self, said: Said, *, symmetric: bool = False) -> Match | None:
        """Tell how well a statement at a place is the one that is meant; either end may come first if ``symmetric``.

        Neither markup nor white space counts in a sentence.
        """
        if self.relation != said.relation or self.document not in (None, said.document):
            return None
        if self.modality not in (None, said.modality):
            return None
        ways = [(said.subject, said.object), *([(said.object, said.subject)] if symmetric else [])]
        met = [(self.subject.meets(subject), self.object.meets(target)) for subject, target in ways]
        ends = max((one + other for one, other in met if one and other), default=0)
        mine, theirs = squeeze(self.sentence or said.sentence), squeeze(said.sentence)
        if not ends or not (mine in theirs or theirs in mine):
            return None
        return Match(mine == theirs, ends)

    def __str__(self) -> str:
        where = f" in {self.document}" if self.document else ""
        return f"{self.subject} | {self.relation} | {self.object}{where}"


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision, with who made it and, as the file says, when.

    ``claim``: of an acceptance, rejection or addition. ``entities``: IRIs. ``names`` and ``documents``: what of the one
    entity is another (a separation). ``place``: file and line.
    """

    iri: str
    kind: Kind
    reviewer: str
    reviewer_name: str | None = None
    time: str | None = None
    comment: str | None = None
    claim: Claim | None = None
    entities: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    cls: str | None = None
    label: str | None = None
    place: str = field(default="", compare=False)

    def __str__(self) -> str:
        """What it is about, in a few words."""
        if self.claim is not None:
            return f"{self.kind}: {self.claim}"
        return f"{self.kind}: {', '.join(iri.rpartition('/')[2] for iri in self.entities)}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction.

    ``concerns``: the IRIs in the graph on which it acts. ``problem``: why it could not be applied.
    """

    correction: Correction
    concerns: tuple[str, ...] = ()
    problem: str | None = None


class Targets:
    """Finds the places of a graph that corrections mean; ``symmetric``: relations whose ends may be turned."""

    def __init__(self, corrections: Iterable[Correction], symmetric: Collection[str]) -> None:
        self.symmetric = symmetric
        self.claims: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
        for correction in corrections:
            if correction.claim is not None:
                self.claims[correction.claim.relation].append((correction.iri, correction.claim))

    def about(self, relation: str, document: str) -> bool:
        """Tell whether some correction may mean a statement of a document."""
        return any(claim.document in (None, document) for _, claim in self.claims.get(relation, ()))

    def find(self, places: Iterable[tuple[Place, Said]]) -> dict[Place, dict[str, Match]]:
        """Find for each place the corrections that mean it, by their IRIs.

        A correction means the places with its very sentence, and the entities with its IRIs. Where there is none, it
        means those whose sentence holds its own or is held by it, and entities of that name: borders move, and IRIs
        change, when reading improves.
        """
        best: dict[str, Match] = {}
        found: dict[Place, dict[str, Match]] = defaultdict(dict)
        for place, said in places:
            for iri, claim in self.claims.get(said.relation, ()):
                match = claim.match(said, symmetric=said.relation in self.symmetric)
                if match is not None:
                    found[place][iri] = match
                    best[iri] = max(match, best.get(iri, match))
        kept = {p: {iri: match for iri, match in met.items() if match == best[iri]} for p, met in found.items()}
        return {place: met for place, met in kept.items() if met}


def symmetric_of(knowledge: Ontology) -> frozenset[str]:
    """The relations whose ends may be turned."""
    return frozenset(name for name, relation in knowledge.relations.items() if relation.symmetric)


def named(correction: Correction, base_iri: str = KZID) -> Correction:
    """Give a correction the IRI that follows from what it says; reviewer, time and comment are no part of it."""
    claim = correction.claim
    parts = [correction.kind.value, *correction.entities, *correction.names, *correction.documents]
    parts += [part for part in (correction.cls, correction.label) if part]
    if claim is not None:
        parts += [str(value) for value in _claimed(claim)]
    return replace(correction, iri=f"{base_iri}correction-{digest(parts, HASH_CHARS)}")


def without_markup(text: str) -> str:
    """The words of a slice of a page, in one line."""
    return " ".join(html.unescape(TAG.sub("", text)).split())


def squeeze(text: str) -> str:
    """The letters and signs of a sentence, without markup and white space: what is left of it in any layout."""
    return without_markup(text).replace(" ", "")


def to_triples(correction: Correction, namespace: str) -> Iterator[ox.Triple]:
    """Yield a correction as triples; ``namespace`` is that of relations and classes."""
    node = ox.NamedNode(correction.iri)

    def said(prop: str, *values: ox.NamedNode | ox.Literal | str | None, iri: bool = False) -> Iterator[ox.Triple]:
        for value in values:
            if value is not None:
                term = (ox.NamedNode(value) if iri else ox.Literal(value)) if isinstance(value, str) else value
                yield ox.Triple(node, ox.NamedNode(prop), term)

    yield from said(RDF + "type", KZ + correction.kind, iri=True)
    yield from said(PROV + "wasAttributedTo", correction.reviewer, iri=True)
    if correction.time is not None:
        datatype = ox.NamedNode(XSD + ("dateTime" if "T" in correction.time else "date"))
        yield from said(PROV + "generatedAtTime", ox.Literal(correction.time, datatype=datatype))
    yield from said(RDFS + "comment", correction.comment)
    yield from said(KZ + "entity", *correction.entities, iri=True)
    yield from said(KZ + "name", *correction.names)
    yield from said(KZ + "document", *correction.documents)
    yield from said(KZ + "newClass", correction.cls and namespace + correction.cls, iri=True)
    yield from said(KZ + "newLabel", correction.label)
    claim = correction.claim
    if claim is not None:
        yield from said(KZ + "document", claim.document)
        yield from said(KZ + "sentence", claim.sentence)
        yield from said(KZ + "relation", namespace + claim.relation, iri=True)
        yield from said(KZ + "modality", claim.modality and KZ + claim.modality, iri=True)
        for name, end in (("subject", claim.subject), ("object", claim.object)):
            yield from said(KZ + name, end.iri, iri=True)
            yield from said(f"{KZ}{name}Words", end.words)
            yield from said(f"{KZ}{name}Class", end.cls and namespace + end.cls, iri=True)
    if correction.reviewer_name is not None:
        reviewer = ox.NamedNode(correction.reviewer)
        yield ox.Triple(reviewer, ox.NamedNode(RDF + "type"), ox.NamedNode(PROV + "Agent"))
        yield ox.Triple(reviewer, ox.NamedNode(RDFS + "label"), ox.Literal(correction.reviewer_name))


def qualifier_triples(correction: Correction) -> Iterator[ox.Triple]:
    """Yield what an addition says beside ends, relation and modality.

    In a graph the statement itself has these.
    """
    claim = correction.claim
    if claim is None:
        return
    node = ox.NamedNode(correction.iri)
    for name, text in (("date", claim.date), ("deadline", claim.deadline), ("currency", claim.currency)):
        if text is not None:
            yield ox.Triple(node, ox.NamedNode(KZ + name), ox.Literal(text))
    if claim.amount is not None:
        amount = ox.Literal(format(claim.amount, "f"), datatype=ox.NamedNode(XSD + "decimal"))
        yield ox.Triple(node, ox.NamedNode(KZ + "amount"), amount)
    for name, iri in (("attributedTo", claim.attributed_to), ("stage", claim.stage)):
        if iri is not None:
            yield ox.Triple(node, ox.NamedNode(KZ + name), ox.NamedNode(iri))


def _claimed(claim: Claim) -> tuple[object, ...]:
    ends = [part for end in (claim.subject, claim.object) for part in (end.iri, end.words, end.cls)]
    qualifiers = (claim.date, claim.deadline, claim.amount, claim.currency, claim.attributed_to, claim.stage)
    return (*ends, claim.relation, claim.modality, claim.document, claim.sentence, *qualifiers)
