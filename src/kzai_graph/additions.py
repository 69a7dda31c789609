"""Put the statements that reviewers add into the record of their document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from kzai_graph.corrections import Claim, Correction, End, squeeze
from kzai_graph.identity import Where
from kzai_graph.keys import fold
from kzai_graph.lexical import Ontology
from kzai_graph.model import (
    Block,
    Document,
    DocumentRecord,
    Evidence,
    LocalEntity,
    Mention,
    MentionKind,
    Modality,
    Span,
    Statement,
    Zone,
)
from kzai_graph.rulings import Decided
from kzai_graph.sparql.answer import shorten

Open = Callable[[str], Document]
"""Lays out the document of an identifier again."""
CERTAIN = 1.0


def add_statements(
    record: DocumentRecord, additions: Iterable[Correction], decided: Decided, knowledge: Ontology, document: Document
) -> tuple[DocumentRecord, dict[str, str]]:
    """Add statements to a record, with the mentions and entities that they need; say by IRI why one cannot be added.

    What the record has already is not added again.
    """
    page = _Page(record, document, decided, knowledge)
    problems = {}
    for correction in additions:
        assert correction.claim is not None
        before = page.record
        try:
            page.add(correction.iri, correction.claim)
        except _ProblemError as problem:
            page.record = before
            problems[correction.iri] = str(problem)
    return page.record, problems


class _ProblemError(Exception):
    """A statement cannot be added."""


class _Page:
    """A record that grows, beside the document that it was read from."""

    def __init__(self, record: DocumentRecord, document: Document, decided: Decided, knowledge: Ontology) -> None:
        self.record = record
        self.document = document
        self.decided = decided
        self.knowledge = knowledge

    def add(self, iri: str, claim: Claim) -> None:
        block, begin, end = self._find_sentence(claim.sentence or "")
        relation = self.knowledge.relations[claim.relation]
        place = (block, begin, end)
        subject = self._end(claim.subject, place, relation.subject_default)
        target = self._end(claim.object, place, relation.object_default)
        sentence = block.source(begin, end)
        self._anchor(sentence)
        evidence = Evidence(sentence, iri, sentence, CERTAIN, claim.stage or "")
        self._state(
            Statement(
                subject,
                claim.relation,
                target,
                claim.modality or Modality.ASSERTED,
                claim.date,
                claim.deadline,
                claim.amount,
                claim.currency,
                self._who(claim.attributed_to),
            ),
            evidence,
        )

    def _state(self, statement: Statement, evidence: Evidence) -> None:
        """Add a statement, or further evidence to one that says the same."""
        statements = list(self.record.statements)
        for index, known in enumerate(statements):
            if replace(known, evidence=()) == statement:
                statements[index] = replace(known, evidence=tuple(sorted({*known.evidence, evidence})))
                break
        else:
            statements.append(replace(statement, evidence=(evidence,)))
        self.record = replace(self.record, statements=tuple(statements))

    def _find_sentence(self, sentence: str) -> tuple[Block, int, int]:
        text = self.document.text
        blocks = (*self.document.blocks, Block(Span(0, len(text)), Zone.BODY, text))  # it may run over several
        for letters in filter(None, dict.fromkeys((squeeze(sentence), "".join(sentence.split())))):
            wanted = re.compile(r"\s*".join(map(re.escape, letters)))
            for block in blocks:
                found = wanted.search(block.text)
                if found is not None:
                    return block, found.start(), found.end()
        raise _ProblemError("the document does not hold the sentence")

    def _end(self, end: End, place: tuple[Block, int, int], default: str | None) -> str:
        """The entity of an end, with a mention in the sentence."""
        block, begin, stop = place
        sentence = block.source(begin, stop)
        inside = [m for m in self.record.mentions if sentence.contains(m.span)]
        wanted = fold(end.words) if end.words is not None else None
        if end.iri is None:
            for mention in inside:
                if fold(mention.text) == wanted:
                    return mention.entity
            return self._mention(self._by_name(end, default), (str(end.words),), place, MentionKind.NAME)
        known = self._by_iri(end.iri)
        alike = {(self.record.identifier, local) for local in known}
        for mention in inside:
            if (self.record.identifier, mention.entity) in alike and wanted in (None, fold(mention.text)):
                return mention.entity
        names = self._names(known[0])
        words = (end.words,) if end.words is not None else names
        kind = MentionKind.NAME if wanted is None or wanted in map(fold, names) else MentionKind.NOMINAL
        return self._mention(known[0], words, place, kind)

    def _names(self, local: str) -> tuple[str, ...]:
        entity = next(e for e in self.record.entities if e.id == local)
        return tuple(sorted({entity.name, *entity.names}, key=lambda name: (-len(name), name)))

    def _mention(self, local: str, words: Iterable[str], place: tuple[Block, int, int], kind: MentionKind) -> str:
        block, begin, stop = place
        words = tuple(words)
        for text in words:
            spaced = r"\s+".join(map(re.escape, text.split()))
            found = re.compile(rf"(?<!\w){spaced}(?!\w)").search(block.text, begin, stop)
            if found is not None:
                span = block.source(found.start(), found.end())
                self._anchor(span)
                mention = Mention(span, local, kind, " ".join(found[0].split()))
                self.record = replace(self.record, mentions=tuple(sorted({*self.record.mentions, mention}, key=_order)))
                return local
        raise _ProblemError(f"the sentence does not hold the words {' or '.join(f'“{w}”' for w in words)}")

    def _by_name(self, end: End, default: str | None) -> str:
        """The record's entity of this name, else a new one of the class that is given or usual."""
        words = str(end.words)
        named = [e.id for e in self.record.entities if fold(words) in map(fold, (e.name, *e.names))]
        if named:
            return named[0]
        elsewhere = {
            identity.cls
            for identity in self.decided.identities.by_local.values()
            if fold(words) in map(fold, (identity.label, *identity.names))
        }
        cls = end.cls or (elsewhere.pop() if len(elsewhere) == 1 else default)
        if cls is None:
            raise _ProblemError(f"no entity is called “{words}”; give it a class (kz:subjectClass or kz:objectClass)")
        return self._enter(LocalEntity("", cls, words, (words,)))

    def _by_iri(self, iri: str) -> list[str]:
        """The record's entities that an IRI means, else a copy of the entity as another document shows it."""
        wheres = self.decided.wheres(iri)
        here = sorted((local for document, local in wheres if document == self.record.identifier), key=_number)
        if here:
            return here
        told = sorted(w for w in wheres if self.decided.identities.keys[w].document is None)
        if not wheres:
            raise _ProblemError(f"no entity is {shorten(iri)}")
        if not told:
            raise _ProblemError(f"{shorten(iri)} is told by its own document alone")
        return [self._copy(told[0])]

    def _copy(self, where: Where, below: frozenset[Where] = frozenset()) -> str:
        """Enter an entity of another record, and its owners."""
        entity = self.decided.locals[where]
        owner = (where[0], entity.owner) if entity.owner is not None else None
        owned_by = self._copy(owner, below | {where}) if owner in self.decided.locals and owner not in below else None
        return self._enter(replace(entity, owner=owned_by))

    def _enter(self, entity: LocalEntity) -> str:
        """Add an entity under an id of its own, unless the record has the very same."""
        for known in self.record.entities:
            if replace(known, id="") == replace(entity, id=""):
                return known.id
        taken = {known.id for known in self.record.entities}
        local = next(f"a{n}" for n in range(1, len(taken) + 2) if f"a{n}" not in taken)
        self.record = replace(self.record, entities=(*self.record.entities, replace(entity, id=local)))
        return local

    def _who(self, iri: str | None) -> str | None:
        if iri is None:
            return None
        mentioned = {m.entity for m in self.record.mentions}
        here = [local for local in self._by_iri(iri) if local in mentioned]
        if not here:
            raise _ProblemError(f"the document does not name {shorten(iri)}")
        return here[0]

    def _anchor(self, span: Span) -> None:
        words = self.document.text[span.begin : span.end]
        self.record = replace(self.record, anchors={**self.record.anchors, span: words})


def _order(mention: Mention) -> tuple[Span, str, str]:
    return mention.span, mention.entity, mention.kind


def _number(local: str) -> tuple[int, str]:
    return len(local), local
