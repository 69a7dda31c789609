"""Everything known of one document while it is read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc

from kzai_graph.clause_times import date_and_deadline
from kzai_graph.dates import TimeExpression
from kzai_graph.entities import Entity, Reference
from kzai_graph.frames import Dropped, Proposal
from kzai_graph.lexical import Frame, StageFrame
from kzai_graph.mentions import Mentions
from kzai_graph.model import Clause, Document, Evidence, MentionKind, Modality, Observation, Span
from kzai_graph.quantities import Quantity
from kzai_graph.quotes import QuoteCandidate
from kzai_graph.stages import Reached
from kzai_graph.temporal_modifiers import is_year


@dataclass(slots=True)
class Reading:
    """Everything known of one document while it is read; block indices are keys throughout."""

    document: Document
    docs: dict[int, Doc]
    mentions: Mentions
    clauses: dict[int, list[Clause]] = field(default_factory=dict)
    times: dict[int, list[TimeExpression]] = field(default_factory=dict)
    quantities: dict[int, list[Quantity]] = field(default_factory=dict)
    quotes: list[QuoteCandidate] = field(default_factory=list)
    observations: list[tuple[Observation, Entity | None]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    _sentence_spans: dict[int, tuple[list[int], list[Span]]] = field(default_factory=dict)

    def span(self, block: int, begin: int, end: int) -> Span:
        """Source offsets of a token range."""
        doc = self.docs[block]
        return self.document.blocks[block].source(doc[begin].idx, doc[end - 1].idx + len(doc[end - 1]))

    def evidence(
        self, block: int, words: tuple[int, int], frame: Frame | StageFrame, clause: Clause | None, modality: Modality
    ) -> Evidence:
        """What the sentence around some words (tokens) says, and how it was read; all spans lie within the sentence."""
        sentence, trigger = self.sentence(block, words[0]), self.span(block, *words)
        trigger = trigger if sentence.contains(trigger) else sentence
        found = Evidence(sentence, frame.iri, trigger, frame.confidence)
        if clause is None:
            return found
        parts = [s for a in clause.arguments if sentence.contains(s := self.span(block, a.begin, a.end))]
        around = Span(min(s.begin for s in (trigger, *parts)), max(s.end for s in (trigger, *parts)))
        if modality is Modality.ASSERTED:
            return replace(found, clause=around)
        cues = tuple(s for i in sorted(clause.cues) if sentence.contains(s := self.span(block, i, i + 1)))
        return replace(found, clause=around, cues=cues or ((trigger,) if frame.modality is modality else ()))

    def entity_at(self, anchor: tuple[int, int, int] | None) -> Entity | None:
        """The entity that the words of a block (index, begin and end token) are about; offices stand aside."""
        if anchor is None:
            return None
        block, begin, end = anchor
        found = [
            r
            for r in self.mentions.references
            if r.block == block and begin <= r.begin and r.end <= end and r.entity.cls not in (None, "Position")
        ]
        headed = [r for r in found if self.docs[block][r.head].head.i not in range(begin, end)]
        return max(headed, key=lambda r: r.end - r.begin).entity if headed else None

    def times_of(self, block: int, clause: Clause) -> tuple[str | None, str | None]:
        """Date and deadline of what a clause says, as EDTF; years in a name ("Strategy until 2030") are none."""
        times = [t for t in self.times.get(block, ()) if not self._in_name(block, t)]
        return date_and_deadline(clause, self.docs[block], times, self.clauses.get(block, ()))

    def year_of(self, reference: Reference) -> str | None:
        """The year that tells which one is meant: 2021 of "a 2021 decree"; none for what a name holds."""
        if reference.kind is MentionKind.NAME:
            return None
        head = self.docs[reference.block][reference.head]
        return next((c.text for c in head.children if c.dep_ == "nummod" and is_year(c)), None)

    def _in_name(self, block: int, time: TimeExpression) -> bool:
        around = self.mentions.covering(block, time.end - 1)
        return any(r.kind is MentionKind.NAME and r.begin < time.begin and time.end <= r.end for r in around)

    def sentence(self, block: int, token: int) -> Span:
        """Source offsets of the sentence around a token, without outer white space."""
        starts, spans = self._sentences(block)
        return spans[bisect_right(starts, token) - 1]

    def _sentences(self, block: int) -> tuple[list[int], list[Span]]:
        if block not in self._sentence_spans:
            starts, spans = [], []
            for sentence in self.docs[block].sents:
                words = [t.i for t in sentence if not t.is_space] or [sentence.start]
                starts.append(sentence.start)
                spans.append(self.span(block, words[0], words[-1] + 1))
            self._sentence_spans[block] = starts, spans
        return self._sentence_spans[block]
