"""Apply corrections to what was read, before the graph is written, and record them in a graph of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pyoxigraph as ox

from kzai_graph.additions import Open, add_statements
from kzai_graph.corrections import Correction, Kind, Outcome, Said, Targets, symmetric_of, to_triples
from kzai_graph.identity import Identities, resolve
from kzai_graph.keys import fold
from kzai_graph.lexical import Ontology
from kzai_graph.model import DocumentRecord, Evidence, Modality, Statement
from kzai_graph.rulings import Decided, decide
from kzai_graph.statements import Stated, settle
from kzai_graph.terms import DCTERMS, KZ, KZID, PROV, RDF, XSD


@dataclass(frozen=True, slots=True)
class Revision:
    """Records and identity as corrections left them, and what became of each correction, sorted by its IRI."""

    records: Sequence[DocumentRecord]
    identities: Identities
    outcomes: tuple[Outcome, ...] = ()


def revise(
    records: Sequence[DocumentRecord],
    corrections: Sequence[Correction],
    knowledge: Ontology,
    *,
    base_iri: str = KZID,
    open_document: Open,
) -> Revision:
    """Apply corrections: entities first, then what is rejected goes, then what is added comes.

    The order of records and corrections has no effect, and a second time changes nothing.
    """
    if not corrections:
        return Revision(records, resolve(records, knowledge, base_iri=base_iri))
    corrections = sorted(corrections, key=lambda c: c.iri)
    decided = decide(records, corrections, knowledge, base_iri=base_iri)
    kept, rejected = _reject(records, corrections, decided, knowledge)
    grown, problems = _add(kept, corrections, decided, knowledge, open_document)
    if grown != kept:
        decided = decide(grown, corrections, knowledge, base_iri=base_iri)
    stated = settle(grown, decided.identities, knowledge)
    concerned = _concerned(corrections, decided, stated, knowledge)
    problems |= decided.problems
    outcomes = []
    for correction in corrections:
        nodes = {f"{base_iri}statement-{name}" for name in concerned[correction.iri]}
        if correction.claim is not None and not nodes and correction.iri not in {*rejected, *problems}:
            problems[correction.iri] = _missing(correction, decided, knowledge)
        concerns = tuple(sorted(nodes)) if correction.claim is not None else decided.iris(correction)
        outcomes.append(Outcome(correction, concerns, problems.get(correction.iri)))
    return Revision(tuple(grown), decided.identities, tuple(outcomes))


def correction_quads(outcomes: Iterable[Outcome], knowledge: Ontology, *, base_iri: str = KZID) -> list[ox.Quad]:
    """Write corrections and what became of them into a graph of their own, sorted.

    Of an addition's qualifiers the statement itself has dates, amount and stage.
    """
    graph = ox.NamedNode(f"{base_iri}corrections")
    triples = {ox.Triple(graph, ox.NamedNode(RDF + "type"), ox.NamedNode(PROV + "Bundle"))}
    outcomes = list(outcomes)
    for outcome in outcomes:
        node = ox.NamedNode(outcome.correction.iri)
        applied = ox.Literal("false" if outcome.problem else "true", datatype=ox.NamedNode(XSD + "boolean"))
        triples |= set(to_triples(outcome.correction, knowledge.namespace))
        triples.add(ox.Triple(node, ox.NamedNode(DCTERMS + "isPartOf"), graph))
        triples.add(ox.Triple(node, ox.NamedNode(KZ + "applied"), applied))
        triples |= {ox.Triple(node, ox.NamedNode(KZ + "concerns"), ox.NamedNode(iri)) for iri in outcome.concerns}
    found = sorted(triples, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
    return [ox.Quad(t.subject, t.predicate, t.object, graph) for t in found] if outcomes else []


class _Place(NamedTuple):
    """A statement at one place, between entities of the graph."""

    record: DocumentRecord
    subject: str
    relation: str
    object: str
    modality: Modality
    evidence: Evidence


def _said(place: _Place, decided: Decided) -> Said:
    """A statement at a place with all that its ends are called, anywhere and in this sentence."""
    sentence, record = place.evidence.sentence, place.record
    words: dict[str, set[str]] = defaultdict(set)
    for mention in record.mentions:
        if sentence.contains(mention.span):
            words[decided.identities.of(record.identifier, mention.entity).iri].add(fold(mention.text))
    return Said(
        document=record.identifier,
        sentence=record.anchors[sentence],
        subject=decided.names[place.subject] | words[place.subject],
        relation=place.relation,
        object=decided.names[place.object] | words[place.object],
        modality=place.modality,
    )


def _reject(
    records: Sequence[DocumentRecord], corrections: Sequence[Correction], decided: Decided, knowledge: Ontology
) -> tuple[list[DocumentRecord], set[str]]:
    """Take out what is rejected, place by place; say which rejections found something.

    What is accepted as it stands is not taken out by the rejection of a sentence that holds it, or is held by it.
    """
    rejections = {c.iri for c in corrections if c.kind is Kind.REJECTION}
    added = {c.iri for c in corrections if c.kind is Kind.ADDITION}
    targets = Targets((c for c in corrections if c.kind in (Kind.REJECTION, Kind.ACCEPTANCE)), symmetric_of(knowledge))
    met = targets.find(
        ((record.identifier, n, piece), _said(place, decided))
        for record in records
        for n, statement in enumerate(record.statements)
        if targets.about(statement.relation, record.identifier)
        for piece in statement.evidence
        if piece.frame not in added and (place := _place(record, statement, piece, decided))
    )
    found: set[str] = set()
    kept = []
    for record in records:
        statements = []
        for n, statement in enumerate(record.statements):
            evidence = []
            for piece in statement.evidence:
                here = met.get((record.identifier, n, piece), {})
                accepted = any(match.same and iri not in rejections for iri, match in here.items())
                against = {i for i, match in here.items() if i in rejections and (match.same or not accepted)}
                found |= against
                evidence += [] if against else [piece]
            if evidence or not statement.evidence:
                statements.append(replace(statement, evidence=tuple(evidence)))
        kept.append(replace(record, statements=tuple(statements)))
    return kept, found


def _place(record: DocumentRecord, statement: Statement, piece: Evidence, decided: Decided) -> _Place:
    subject, target = (decided.identities.of(record.identifier, e).iri for e in (statement.subject, statement.object))
    return _Place(record, subject, statement.relation, target, statement.modality, piece)


def _add(
    records: Sequence[DocumentRecord],
    corrections: Sequence[Correction],
    decided: Decided,
    knowledge: Ontology,
    open_document: Open,
) -> tuple[list[DocumentRecord], dict[str, str]]:
    """Add what reviewers added to the records of their documents; say by IRI why one could not be added."""
    by_document: dict[str | None, list[Correction]] = defaultdict(list)
    for correction in corrections:
        if correction.kind is Kind.ADDITION and correction.claim is not None:
            by_document[correction.claim.document].append(correction)
    grown, problems = [], dict[str, str]()
    for record in records:
        additions = by_document.get(record.identifier, ())
        if additions:
            document = open_document(record.identifier)
            changed, found = add_statements(record, additions, decided, knowledge, document)
            problems |= found
        grown.append(changed if additions else record)
    return grown, problems


def _concerned(
    corrections: Sequence[Correction],
    decided: Decided,
    stated: Mapping[str, Sequence[Stated]],
    knowledge: Ontology,
) -> dict[str, set[str]]:
    """The hashes of the graph's statements that acceptances and additions mean, by the IRI of the correction."""
    targets = Targets((c for c in corrections if c.kind in (Kind.ACCEPTANCE, Kind.ADDITION)), symmetric_of(knowledge))
    records = {record.identifier: record for record in decided.records}
    met = targets.find(
        ((statement.hash, document, piece), _said(_Place(records[document], *_ends(statement), piece), decided))
        for document, statements in stated.items()
        for statement in statements
        if targets.about(statement.relation, document)
        for piece in statement.evidence
    )
    found: dict[str, set[str]] = defaultdict(set)
    for (name, _, _), iris in met.items():
        for iri in iris:
            found[iri].add(name)
    return found


def _ends(stated: Stated) -> tuple[str, str, str, Modality]:
    return stated.subject.iri, stated.relation, stated.object.iri, stated.modality


def _missing(correction: Correction, decided: Decided, knowledge: Ontology) -> str:
    """Why the graph holds no statement that is meant."""
    claim = correction.claim
    records = {record.identifier: record for record in decided.records}
    if claim is not None and claim.document is not None and claim.document not in records:
        return "its document is not among the texts"
    if claim is None or claim.document is None or correction.kind is not Kind.ADDITION:
        return "no such statement is read from the texts"
    added = next(
        s for s in records[claim.document].statements if any(piece.frame == correction.iri for piece in s.evidence)
    )
    subject, target = (decided.identities.of(claim.document, local) for local in (added.subject, added.object))
    if subject.iri == target.iri:
        return f"both ends are one entity, {subject.label}"
    return f"{claim.relation} does not take {subject.label} ({subject.cls}) and {target.label} ({target.cls})"
