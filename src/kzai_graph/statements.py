"""Settle what records state between entities of the whole graph, and what cannot stand there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kzai_graph.edtf import is_valid
from kzai_graph.identity import Identities, Identity
from kzai_graph.keys import digest
from kzai_graph.lexical import Ontology
from kzai_graph.model import DocumentRecord, Evidence, Modality, Span

HASH_CHARS = 20
MIN_EVIDENCE_WORDS = 3
"""Fewer words than these are a name or two, and no sentence."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement between entities of the whole graph, with what one document gives as evidence."""

    document: str
    subject: Identity
    relation: str
    object: Identity
    modality: Modality
    date: str | None
    deadline: str | None
    amount: str | None
    currency: str | None
    attributed_to: Identity | None
    evidence: tuple[Evidence, ...]
    stage: str | None = None

    @property
    def hash(self) -> str:
        """The same for the same content, whoever says it; the stage is no part of it."""
        who = self.attributed_to.iri if self.attributed_to is not None else None
        ends = (self.subject.iri, self.relation, self.object.iri, self.modality.value)
        return digest([*ends, self.date, self.deadline, self.amount, self.currency, who], HASH_CHARS)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A statement of a record that the graph leaves out, and why."""

    document: str
    relation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The statements of one document by their hashes, one of each content, and what the graph leaves out of it."""

    statements: dict[str, Stated]
    misfits: tuple[Misfit, ...]

    @property
    def shown(self) -> dict[str, list[str]]:
        """The stages that the document shows, by statement."""
        shown = {name: [e.stage for e in s.evidence if e.stage] for name, s in self.statements.items()}
        return {name: stages for name, stages in shown.items() if stages}

    def at_stages(self, furthest: Mapping[str, str]) -> list[Stated]:
        """The statements with the stages that all documents together show."""
        return [replace(stated, stage=furthest.get(name)) for name, stated in self.statements.items()]


def settle(records: Sequence[DocumentRecord], identities: Identities, knowledge: Ontology) -> dict[str, list[Stated]]:
    """Settle the statements of each document, by its identifier; one of each content, with its best evidence.

    A statement's stage is the furthest that any document shows. What cannot stand there is left out.
    """
    found = {record.identifier: settle_one(record, identities, knowledge) for record in records}
    furthest = find_furthest((settled.shown for settled in found.values()), knowledge)
    return {document: settled.at_stages(furthest) for document, settled in found.items()}


def settle_one(record: DocumentRecord, identities: Identities, knowledge: Ontology) -> Settled:
    """Settle the statements of one document; which stage each has is up to all documents."""
    merged: dict[str, Stated] = {}
    misfits: list[Misfit] = []
    for found in _state(record, identities, knowledge):
        if isinstance(found, Misfit):
            misfits.append(found)
            continue
        name = found.hash
        before = merged[name].evidence if name in merged else ()
        merged[name] = replace(found, evidence=best_evidence((*before, *found.evidence)))
    return Settled(merged, tuple(misfits))


def find_furthest(shown: Iterable[Mapping[str, Sequence[str]]], knowledge: Ontology) -> dict[str, str]:
    """The furthest of the stages that documents show for each statement, by its hash."""
    order = {stage: n for n, stage in enumerate(knowledge.stages)}
    furthest: dict[str, str] = {}
    for stages in shown:
        for name, found in stages.items():
            furthest[name] = max(*found, furthest.get(name, ""), key=lambda stage: (order.get(stage, -1), stage))
    return furthest


def _state(record: DocumentRecord, identities: Identities, knowledge: Ontology) -> Iterator[Stated | Misfit]:
    """Yield each statement of a record between entities of the whole graph, or why it cannot stand."""
    mentioned: dict[str, list[Span]] = defaultdict(list)
    for mention in record.mentions:
        mentioned[identities.of(record.identifier, mention.entity).iri].append(mention.span)
    for spans in mentioned.values():
        spans.sort()
    for statement in (*record.statements, *record.successions):
        subject = identities.of(record.identifier, statement.subject)
        target = identities.of(record.identifier, statement.object)
        relation = knowledge.signature(statement.relation)
        if relation.symmetric and target.iri < subject.iri:
            subject, target = target, subject
        named = tuple(
            e
            for e in statement.evidence
            if len(record.anchors[e.sentence].split()) >= MIN_EVIDENCE_WORDS
            and all(_holds(e.sentence, mentioned[end.iri]) for end in (subject, target))
        )
        reason = None
        if subject.iri == target.iri:
            reason = "both ends are one entity"
        elif not knowledge.fits(relation.name, subject.cls, target.cls):
            reason = "classes over all documents do not fit"
        elif not named:
            reason = "evidence does not name both ends"
        if reason is not None:
            yield Misfit(record.identifier, relation.name, reason)
            continue
        who = identities.of(record.identifier, statement.attributed_to) if statement.attributed_to is not None else None
        yield Stated(
            document=record.identifier,
            subject=subject,
            relation=relation.name,
            object=target,
            modality=statement.modality,
            date=_valid(statement.date),
            deadline=_valid(statement.deadline),
            amount=plain_number(statement.amount) if statement.amount is not None else None,
            currency=statement.currency if statement.amount is not None else None,
            attributed_to=who if who is not None and mentioned[who.iri] else None,
            evidence=named,
        )


def best_evidence(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """One piece of evidence for each sentence: the surest, then the first; a stage that another shows stays."""
    chosen: dict[Span, Evidence] = {}
    for piece in sorted(evidence, key=lambda e: (-e.confidence, e)):
        best = chosen.setdefault(piece.sentence, piece)
        if piece.stage and not best.stage:
            chosen[piece.sentence] = replace(best, stage=piece.stage)
    return tuple(sorted(chosen.values()))


def plain_number(value: Decimal) -> str:
    """A decimal in its shortest plain form: no exponent, no zeros at the end of a fraction."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _holds(sentence: Span, mentions: Sequence[Span]) -> bool:
    return any(sentence.contains(mention) for mention in mentions)


def _valid(date: str | None) -> str | None:
    return date if date is not None and is_valid(date) else None
