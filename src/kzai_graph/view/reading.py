"""Lay a text out as it was read: its passages with their zones, and in them sentences, mentions, numbers and quotes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby, pairwise
from urllib.parse import quote

from kzai_graph.coverage import Coverage, Silence
from kzai_graph.keys import digest
from kzai_graph.model import Block, Document, Span
from kzai_graph.view.facts import ENDS, VALUES, Facts

MAX_NAME_BYTES = 200
SAID = ("observations", "quotes", "milestones", "successions")
"""What facts and documents hold under the same names, with the sentences that say it."""
DIGEST_CHARS = 64
MENTION, NUMBER, SPOKEN = "mention", "number", "spoken"


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it lies on disk; ``coverage`` says why sentences were silent, where that is known."""

    document: Document
    coverage: Coverage | None = None


@dataclass(slots=True)
class Place:
    """A stretch of a text with what was read from it: positions in ``Facts``; or why nothing was.

    ``number`` tells the places of one text apart.
    """

    number: int
    span: Span
    statements: list[int] = field(default_factory=list)
    observations: list[int] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)
    milestones: list[int] = field(default_factory=list)
    successions: list[int] = field(default_factory=list)
    silence: Silence | None = None
    entities: list[int] = field(default_factory=list)

    @property
    def gave(self) -> bool:
        return bool(self.statements or self.milestones or self.successions or self.observations or self.quotes)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters under the same marks; ``entity`` is the one that the longest mention around it names."""

    text: str
    entity: int | None
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive pieces of one place, or of none."""

    place: Place | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the text in its zone."""

    zone: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one document gave: begin, end and entity of each mention; statements and the like with their sentences.

    All numbers are positions in ``Facts``, ``number`` that of the document.
    """

    number: int
    mentions: list[tuple[int, int, int]] = field(default_factory=list)
    statements: list[tuple[int, int]] = field(default_factory=list)
    observations: list[tuple[int, int]] = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    milestones: list[tuple[int, int]] = field(default_factory=list)
    successions: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    begin: int
    end: int
    kind: str = ""
    entity: int | None = None
    place: Place | None = None


def page_name(identifier: str) -> str:
    """The file name of a document's page: its identifier, percent-encoded, or a digest of one that is too long."""
    name = quote(identifier, safe="")
    if len(name) > MAX_NAME_BYTES:
        name = f"{name[: MAX_NAME_BYTES - 20]}~{sha256(identifier.encode('utf-8')).hexdigest()[:16]}"
    return f"{name}.html"


def find_by_document(facts: Facts) -> list[Found]:
    """Part the facts by document, in one walk through all of them."""
    found = [Found(number) for number in range(len(facts.documents))]
    for document, begin, end, entity in facts.mentions:
        found[document].mentions.append((begin, end, entity))
    for i, statement in enumerate(facts.statements):
        for sentence in dict.fromkeys(s for s, _, _ in statement.evidence):
            found[facts.sentences[sentence].document].statements.append((i, sentence))
    for kind in SAID:
        for i, said in enumerate(getattr(facts, kind)):
            for sentence in said.sentences:
                getattr(found[facts.sentences[sentence].document], kind).append((i, sentence))
    return found


def shown_of(facts: Facts, found: Found) -> str:
    """A digest of all facts that the page of a document shows: of two graphs with the same, the page is the same."""
    entities = facts.entities

    def entity(index: int | None) -> tuple[str, str, str] | None:
        return (entities[index].key, entities[index].cls, entities[index].label) if index is not None else None

    def revision(index: int) -> tuple[str, str, str, bool] | None:
        found = facts.revisions.get(index)
        return (found.note, facts.statements[found.by].key, found.told, found.void) if found else None

    def place(sentence: int) -> tuple[int, int]:
        return facts.sentences[sentence].begin, len(facts.sentences[sentence].text)

    document = facts.documents[found.number]
    said: list[object] = [
        (document.name, document.title, document.date, document.creator, document.publisher, document.source),
        [(begin, end, entity(index)) for begin, end, index in found.mentions],
    ]
    for kind in ("statements", *SAID):
        order: dict[int, int] = {}
        for index, sentence in getattr(found, kind):
            values = [getattr(getattr(facts, kind)[index], name) for name in VALUES[kind]]
            if kind == "statements":
                values += [facts.statements[index].key, revision(index)]
            ends = [entity(getattr(getattr(facts, kind)[index], name)) for name in ENDS[kind]]
            said.append((kind, order.setdefault(index, len(order)), place(sentence), values, ends))
    return digest(said, DIGEST_CHARS)


def lay_out_text(facts: Facts, found: Found, text: Text) -> tuple[list[Place], list[Passage]]:
    """Find the places of a document, and cut its passages along them."""
    places = _places(facts, found, text.coverage)
    marks = [_Mark(place.span.begin, place.span.end, place=place) for place in places]
    for begin, end, entity in found.mentions:
        marks.append(_Mark(begin, end, MENTION, entity))
        if (home := _home(places, begin)) is not None and entity not in home.entities:
            home.entities.append(entity)
    for place in places:
        marks += _inner_marks(facts, found.number, place)
    blocks = text.document.blocks
    return places, [_passage(block, found) for block, found in zip(blocks, _by_block(blocks, marks), strict=True)]


def _places(facts: Facts, found: Found, coverage: Coverage | None) -> list[Place]:
    """All sentences that gave something and all that gave nothing, and what stands in no sentence, in order."""
    at: dict[Span, Place] = {}

    def place_at(span: Span) -> Place:
        return at.setdefault(span, Place(0, span))

    for i, sentence in found.statements:
        place_at(_span(facts, sentence)).statements.append(i)
    for i, sentence in found.milestones:
        place_at(_span(facts, sentence)).milestones.append(i)
    for i, sentence in found.successions:
        place_at(_span(facts, sentence)).successions.append(i)
    for silence in coverage.silences if coverage else ():
        place_at(silence.span).silence = silence
    whole = sorted(at.values(), key=lambda p: (p.span.begin, -p.span.end))
    for i, sentence in found.observations:
        span = _span(facts, sentence)
        (_home(whole, span.begin) or place_at(span)).observations.append(i)
    for i, sentence in found.quotes:
        span = _span(facts, sentence)
        (_home(whole, span.begin) or place_at(span)).quotes.append(i)
    places = sorted(at.values(), key=lambda p: (p.span.begin, -p.span.end))
    for order, place in enumerate(places):
        place.number = order
    return places


def _span(facts: Facts, sentence: int) -> Span:
    found = facts.sentences[sentence]
    return Span(found.begin, found.begin + len(found.text))


def _home(places: Sequence[Place], begin: int) -> Place | None:
    """The place around an offset."""
    after = bisect_left(places, begin + 1, key=lambda p: p.span.begin)
    return next((p for p in reversed(places[:after][-8:]) if p.span.begin <= begin < p.span.end), None)


def _inner_marks(facts: Facts, number: int, place: Place) -> Iterator[_Mark]:
    numbers = (s for i in place.observations for s in facts.observations[i].sentences)
    quotes = (s for i in place.quotes for s in facts.quotes[i].sentences)
    for kind, sentences in ((NUMBER, numbers), (SPOKEN, quotes)):
        for sentence in sentences:
            span = _span(facts, sentence)
            if facts.sentences[sentence].document == number and span != place.span:
                yield _Mark(span.begin, span.end, kind)


def _by_block(blocks: Sequence[Block], marks: Sequence[_Mark]) -> list[list[_Mark]]:
    """The marks that touch each block; blocks stand in the order of the text."""
    found: list[list[_Mark]] = [[] for _ in blocks]
    ends = [block.span.end for block in blocks]
    for mark in marks:
        index = bisect_right(ends, mark.begin)
        while index < len(blocks) and blocks[index].span.begin < mark.end:
            found[index].append(mark)
            index += 1
    return found


def _passage(block: Block, marks: Sequence[_Mark]) -> Passage:
    """Cut a block where marks begin or end, in one sweep."""
    local = [(*_within(block, mark.begin, mark.end), mark) for mark in marks]
    waiting = sorted((m for m in local if m[0] < m[1]), key=lambda m: (m[0], -m[1]), reverse=True)
    edges = sorted({0, len(block.text), *(edge for begin, end, _ in waiting for edge in (begin, end))})
    active: list[tuple[int, int, _Mark]] = []
    pieces: list[tuple[Place | None, Piece]] = []
    for begin, end in pairwise(edges):
        active = [m for m in active if m[1] > begin]
        while waiting and waiting[-1][0] == begin:
            active.append(waiting.pop())
        place = next((m.place for _, _, m in active if m.place is not None), None)
        pieces.append((place, _piece(block.text[begin:end], active)))
    runs = groupby(pieces, key=lambda found: found[0] and found[0].number)
    return Passage(block.zone.value, tuple(_run(list(found)) for _, found in runs))


def _run(found: Sequence[tuple[Place | None, Piece]]) -> Run:
    return Run(found[0][0], tuple(piece for _, piece in found))


def _piece(text: str, active: Sequence[tuple[int, int, _Mark]]) -> Piece:
    """``active`` holds the marks around it, the wider first."""
    named = next((mark.entity for _, _, mark in active if mark.entity is not None), None)
    return Piece(text, named, tuple(dict.fromkeys(mark.kind for _, _, mark in active if mark.kind)))


def _within(block: Block, begin: int, end: int) -> tuple[int, int]:
    """Source offsets as offsets into the block's text, cut to it."""
    if block.offsets:
        return bisect_left(block.offsets, begin), bisect_left(block.offsets, end)
    start, length = block.span.begin, len(block.text)
    return min(max(begin - start, 0), length), min(max(end - start, 0), length)
