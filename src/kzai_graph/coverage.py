"""Say which sentences gave no statement, and why: what the lexicon and the grammar let pass."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kzai_graph.model import DocumentRecord, Skipped, Span

NEAREST = ("class", "modality", "unsure reference", "no frame")
"""Why a sentence gave no statement, the nearest miss first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that nearly was: the lexicon entry (IRI) that matched, and what it lacked."""

    frame: str
    reason: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A sentence of content without a statement.

    ``line`` counts from 1; ``sentence`` is verbatim. ``gave`` names what else was read from it (``number``,
    ``quote``, ``stage``); ``reason`` is the one of ``NEAREST`` that came closest to a statement.
    """

    line: int
    span: Span
    sentence: str
    reason: str
    gave: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a document's content was read: its sentences, those with a statement, and the others."""

    document: str
    sentences: int
    stated: int
    silences: tuple[Silence, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """The silent sentences counted by reason, the nearest miss first."""
        counts = Counter(silence.reason for silence in self.silences)
        return {reason: counts[reason] for reason in NEAREST if counts[reason]}


def silent_sentences(record: DocumentRecord) -> dict[Span, str]:
    """Why each sentence gave no statement, in the order of the text; a sentence has one reason."""
    return {span: _nearest(skips) for span, skips in _skipped(record).items()}


def cover(record: DocumentRecord, text: str) -> Coverage:
    """Go through the sentences of a document that was read from ``text``."""
    silences = [
        Silence(
            line=text.count("\n", 0, span.begin) + 1,
            span=span,
            sentence=text[span.begin : span.end],
            reason=_nearest(skips),
            gave=_gave(record, span),
            candidates=tuple(dict.fromkeys(Candidate(s.detail, s.reason) for s in skips if s.detail)),
        )
        for span, skips in _skipped(record).items()
    ]
    stated = len(stated_sentences(record))
    return Coverage(record.identifier, stated + len(silences), stated, tuple(silences))


def count_sentences(record: DocumentRecord) -> tuple[int, int]:
    """How many sentences of a document gave a statement, and how many there are."""
    stated = len(stated_sentences(record))
    return stated, stated + len(_skipped(record))


def stated_sentences(record: DocumentRecord) -> set[Span]:
    """The sentences that gave a statement or a succession."""
    return {evidence.sentence for said in (*record.statements, *record.successions) for evidence in said.evidence}


def _skipped(record: DocumentRecord) -> dict[Span, list[Skipped]]:
    """What was skipped in each sentence without a statement."""
    stated = stated_sentences(record)
    found: defaultdict[Span, list[Skipped]] = defaultdict(list)
    for skipped in record.skipped:
        if skipped.span not in stated:
            found[skipped.span].append(skipped)
    return dict(sorted(found.items()))


def _nearest(skips: Sequence[Skipped]) -> str:
    return min((skipped.reason.partition(":")[0] for skipped in skips), key=NEAREST.index)


def _gave(record: DocumentRecord, sentence: Span) -> tuple[str, ...]:
    def within(span: Span) -> bool:
        return sentence.begin <= span.begin < sentence.end

    number = any(within(observation.span) for observation in record.observations)
    quote = any(within(quote.span) for quote in record.quotes)
    stage = any(within(e.sentence) for milestone in record.milestones for e in milestone.evidence)
    return ("number",) * number + ("quote",) * quote + ("stage",) * stage
