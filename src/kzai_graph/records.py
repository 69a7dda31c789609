"""Turn what was read from one document into the plain values of its record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from kzai_graph.entities import Entity, Reference
from kzai_graph.frames import Proposal
from kzai_graph.lookup import Lookup
from kzai_graph.milestones import find_milestones
from kzai_graph.model import (
    Argument,
    DocumentRecord,
    Evidence,
    LocalEntity,
    Mention,
    MentionKind,
    Modality,
    Quote,
    Skipped,
    Span,
    Statement,
)
from kzai_graph.names import is_title_case
from kzai_graph.quantities import Quantity
from kzai_graph.readings import Reading
from kzai_graph.voices import find_spoken

Local = Callable[[Entity | None], str | None]


@dataclass(slots=True)
class _Stated:
    """A statement whose ends are still entities of the document."""

    subject: Entity
    relation: str
    target: Entity
    modality: Modality
    date: str | None = None
    deadline: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    attributed_to: Entity | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        who = id(self.attributed_to) if self.attributed_to else None
        return (
            id(self.subject),
            self.relation,
            id(self.target),
            self.modality,
            self.date,
            self.deadline,
            self.amount,
            self.currency,
            who,
        )

    def to_model(self, local: Local) -> Statement:
        subject, target = local(self.subject), local(self.target)
        assert subject is not None
        assert target is not None
        return Statement(
            subject,
            self.relation,
            target,
            self.modality,
            self.date,
            self.deadline,
            self.amount,
            self.currency,
            local(self.attributed_to),
            self.evidence,
        )


def to_record(reading: Reading, lookup: Lookup) -> DocumentRecord:
    """Settle the proposals and write down entities, mentions, statements, observations and quotes."""
    statements = _merge([_statement(p, reading, lookup) for p in _settled(reading)], lookup)
    quotes = list(_quotes(reading, lookup))
    milestones = find_milestones(reading)
    used = {id(e) for s in statements for e in (s.subject, s.target, s.attributed_to) if e is not None}
    used |= {id(e) for m in milestones for e in (m.instrument, m.by) if e is not None}
    used |= {id(speaker) for speaker, _, _ in quotes} | {id(of) for _, of in reading.observations if of is not None}
    kept = _kept(reading, used)
    ids = {id(e): f"e{n}" for n, e in enumerate(kept, 1)}

    def local(entity: Entity | None) -> str | None:
        return None if entity is None else ids.get(id(entity))

    record = DocumentRecord(
        identifier=reading.document.identifier,
        sha256=reading.document.sha256,
        encoding=reading.document.encoding,
        metadata=reading.document.metadata,
        zones=tuple((b.span, b.zone) for b in reading.document.blocks),
        entities=tuple(
            LocalEntity(
                ids[id(e)],
                e.cls or "",
                e.label,
                tuple(sorted({*e.forms, e.label})),
                local(e.owner),
                _is_anchored(e, reading),
            )
            for e in kept
        ),
        mentions=tuple(_mentions(reading, ids)),
        statements=tuple(s.to_model(local) for s in statements if s.relation in lookup.ontology.relations),
        successions=tuple(s.to_model(local) for s in statements if s.relation not in lookup.ontology.relations),
        milestones=tuple(m.to_model(local) for m in milestones),
        observations=tuple(replace(o, of=local(of)) for o, of in reading.observations),
        quotes=tuple(Quote(ids[id(speaker)], text, span) for speaker, text, span in quotes),
        skipped=tuple(_skipped(reading)),
        notes=reading.document.notes,
        content=reading.document.content,
        media_type=reading.document.media_type,
    )
    return replace(record, anchors=_anchors(reading.document.text, record))


def _settled(reading: Reading) -> list[Proposal]:
    """Of readings of one sentence that differ in modality alone, keep those that do not assert."""
    by_triple: dict[tuple[object, ...], list[Proposal]] = defaultdict(list)
    for proposal in reading.proposals:
        sentence = reading.sentence(proposal.block, proposal.begin)
        by_triple[sentence, proposal.relation, id(proposal.subject.entity), id(proposal.object.entity)].append(proposal)
    kept: list[Proposal] = []
    for found in by_triple.values():
        cautious = [p for p in found if p.modality is not Modality.ASSERTED]
        kept += cautious if cautious else found
    return kept


def _statement(proposal: Proposal, reading: Reading, lookup: Lookup) -> _Stated:
    words = (proposal.begin, proposal.end)
    evidence = reading.evidence(proposal.block, words, proposal.frame, proposal.clause, proposal.modality)
    stated = _Stated(
        proposal.subject.entity,
        proposal.relation,
        proposal.object.entity,
        proposal.modality,
        evidence=(replace(evidence, stage=proposal.stage or ""),),
    )
    clause = proposal.clause
    if clause is None:
        return stated
    stated.date, stated.deadline = reading.times_of(proposal.block, clause)
    relation = lookup.ontology.signature(proposal.relation)
    if relation.happens_once and stated.date is None and stated.deadline is None:
        stated.date = reading.year_of(proposal.object)
    if relation.takes_amount:
        money = _money(proposal, reading)
        if money is not None:
            stated.amount, stated.currency = money.value, money.currency
    if clause.attribution is not None:
        stated.attributed_to = _speaker(reading, proposal.block, clause.attribution)
    return stated


def _money(proposal: Proposal, reading: Reading) -> Quantity | None:
    """The sum that stands among the clause's arguments; none where two differ."""
    clause = proposal.clause
    assert clause is not None
    begin = min([clause.begin, *(a.begin for a in clause.arguments)])
    end = max([clause.end, *(a.end for a in clause.arguments)])
    found = [
        q
        for q in reading.quantities.get(proposal.block, ())
        if q.kind == "money" and q.value is not None and begin <= q.begin and q.end <= end
    ]
    if len(found) == 2 and reading.docs[proposal.block][found[1].begin - 1].text == "(":
        found = found[:1]  # the same sum in another currency
    return found[0] if len(found) == 1 else None


def _speaker(reading: Reading, block: int, argument: Argument) -> Entity | None:
    found = [
        r
        for r in reading.mentions.covering(block, argument.head)
        if r.entity.cls not in (None, "Position", "Technology", "Place")
    ]
    return found[0].entity if found else None


def _merge(stated: Iterable[_Stated], lookup: Lookup) -> list[_Stated]:
    """One statement for each content, with all its evidence; symmetric relations in one direction."""
    merged: dict[tuple[object, ...], _Stated] = {}
    for statement in stated:
        if lookup.ontology.signature(statement.relation).symmetric and (
            statement.target.order,
            statement.target.key,
        ) < (statement.subject.order, statement.subject.key):
            statement.subject, statement.target = statement.target, statement.subject
        known = merged.get(statement.key)
        if known is None:
            merged[statement.key] = statement
        else:
            known.evidence = tuple(sorted({*known.evidence, *statement.evidence}))
    return sorted(
        merged.values(), key=lambda s: (s.evidence, s.relation, s.subject.key, s.target.key, s.modality, s.date or "")
    )


def _kept(reading: Reading, used: set[int]) -> list[Entity]:
    """Entities worth a node: all that are named, and descriptions and offices that a statement uses."""
    kept: dict[int, Entity] = {}
    for reference in reading.mentions.references:
        entity = reference.entity
        named = reference.kind in (MentionKind.NAME, MentionKind.IMPLIED) and entity.cls != "Position" and entity.named
        if entity.cls is not None and (
            id(entity) in used or entity.telling or (named and _stands_alone(reference, reading))
        ):
            kept[id(entity)] = entity
    for entity in list(kept.values()):
        while entity.owner is not None and id(entity.owner) not in kept and entity.owner.cls is not None:
            entity = entity.owner
            kept[id(entity)] = entity
    return sorted(kept.values(), key=lambda e: (e.order, e.key))


def _stands_alone(reference: Reference, reading: Reading) -> bool:
    """A topic that the text only touches, and a name that is but a part of other names, are no entities of the text.

    Countries are: "Bank of Ghana" speaks of Ghana.
    """
    entity = reference.entity
    if entity.known is not None and entity.known.topic:
        return False
    if entity.cls == "Country" or reference.kind is MentionKind.IMPLIED:
        return True
    doc = reading.docs[reference.block]
    if (
        entity.known is not None
        and reference.end - reference.begin == 1
        and is_title_case(doc)
        and entity.cls == "Firm"
    ):
        return False  # a headline does not show where a name ends
    before = doc[reference.begin - 1].lower_ if reference.begin else ""
    if before == "the" and reference.begin > 1:
        before = doc[reference.begin - 2].lower_
    if before in ("of", "at", "in", "under") and entity.cls != "Technology":
        return True
    around = reading.mentions.covering(reference.block, reference.begin)
    return not any(
        r.begin <= reference.begin
        and reference.end <= r.end
        and r.end - r.begin > reference.end - reference.begin
        and r.kind is MentionKind.NAME
        and r.entity is not entity
        and r.entity.cls not in (None, "Position", "Person")
        and not (
            r.begin == reference.begin
            and r.entity.cls in ("Publication", "Law", "Decree", "PolicyDocument", "InternationalInstrument")
            and entity.cls not in ("Technology", "Place")
        )
        for r in around
    )


def _is_anchored(entity: Entity, reading: Reading) -> bool:
    """A name identifies its entity everywhere; a description, or a generic name without an owner, only here."""
    if entity.known is not None:
        return True
    if entity.generic:
        return entity.owner is not None and (entity.named or entity.cls == "Position")
    return entity.named


def _mentions(reading: Reading, ids: dict[int, str]) -> Iterator[Mention]:
    found: dict[tuple[Span, str], Mention] = {}
    for reference in reading.mentions.references:
        local = ids.get(id(reference.entity))
        if local is None:
            continue
        ends = [reference.end] + ([reference.short_end] if reference.short_end > reference.begin else [])
        for end in ends:
            span = reading.span(reference.block, reference.begin, end)
            text = " ".join(reading.docs[reference.block][reference.begin : end].text.split())
            found.setdefault((span, local), Mention(span, local, reference.kind, text))
    yield from (found[key] for key in sorted(found, key=lambda k: (k[0], k[1])))


def _quotes(reading: Reading, lookup: Lookup) -> Iterator[tuple[Entity, str, Span]]:
    offices = [(p.subject.entity, p.object.entity) for p in reading.proposals if p.relation == "holdsPosition"]
    for spoken in find_spoken(reading.quotes, reading.docs, reading.mentions, lookup, offices):
        yield spoken.speaker, spoken.text, reading.document.blocks[spoken.block].source(spoken.begin, spoken.end)


def _skipped(reading: Reading) -> Iterator[Skipped]:
    """Frames that matched without a statement, then sentences of content that gave none."""
    said: set[Span] = {reading.sentence(p.block, p.begin) for p in reading.proposals}
    for drop in reading.dropped:
        yield Skipped(reading.sentence(drop.block, drop.token), drop.reason, drop.frame)
    reasons = {reading.sentence(d.block, d.token) for d in reading.dropped}
    for block in reading.clauses:
        for sentence in reading.docs[block].sents:
            span = reading.sentence(block, sentence.start)
            if span not in said and span not in reasons:
                yield Skipped(span, "no frame")


def _anchors(text: str, record: DocumentRecord) -> dict[Span, str]:
    spans = {m.span for m in record.mentions} | {o.span for o in record.observations} | {q.span for q in record.quotes}
    evidence = [e for said in (*record.statements, *record.successions) for e in said.evidence]
    evidence += [e for milestone in record.milestones for e in milestone.evidence]
    spans |= {s for e in evidence for s in (e.sentence, e.trigger, e.clause, *e.cues) if s.end}
    return {span: text[span.begin : span.end] for span in sorted(spans)}
