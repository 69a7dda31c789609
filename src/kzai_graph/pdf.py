"""Read the text layer of ``.pdf`` files: lines into paragraphs and headings, without what every page repeats."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from kzai_graph.errors import InputError
from kzai_graph.extracts import Extract, Part, compose
from kzai_graph.layout import Kind
from kzai_graph.limits import Limits, OverLimitError
from kzai_graph.plain import MARKER

DRAWN_BYTES = 4
"""What an operation that draws counts as, of the bytes that a file may have."""
EDGE_LINES = 2
"""How many lines at the top and the bottom of a page may be a running head or foot."""
LEAST_PAGES = 3
REPEATED = 0.4
"""On at least this share of the pages what stands at the edge is no text; beside a page number three pages tell."""
HEADING_SIZE = 1.15
HEADING_WORDS = 20
GAP = 1.4
"""Times the usual distance of lines, and more, parts paragraphs."""
FULL = 0.75
"""A line shorter than this share of the full ones that ends a sentence ends its paragraph."""

_NUMBERED = re.compile(r"^\d+\s|\s\d+$")
_NUMBER = re.compile(r"\d+")
_PAGE = re.compile(
    r"\W*(?:(?:page|p\.|pg\.?)\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_SENTENCE_END = re.compile(r"[.!?:;][\"”’)]?$")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends in a file is no concern of the reader


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    height: float
    """Above the foot of the page."""
    size: float
    page: int


class _Budget:
    """What the pages of a file may unpack to and draw; forms that draw each other can do so without end."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._unpacked = 0
        self._drawn = 0
        self._shown = 0

    def unpack(self, page: PageObject) -> None:
        contents = page.get_contents()
        size = len(contents.get_data()) if contents is not None else 0
        self._unpacked += size
        self._limits.check_unpacked(self._unpacked, size)

    def draw(self, *_: object) -> None:
        self._drawn += 1
        self._limits.check("bytes", DRAWN_BYTES * self._drawn)

    def show(self, text: str) -> None:
        self._shown += len(text.strip())
        self._limits.check("characters", self._shown)


def read_pdf(data: bytes, path: Path, limits: Limits) -> Extract:
    """Extract the text of a file.

    Raises:
        InputError: it is encrypted, broken, or has no text layer.
        OverLimitError: it is too big when unpacked, or too long.
    """
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise InputError(f"{path}: is encrypted; save it without a password")
        limits.check("pages", len(reader.pages))
        lines: list[list[_Line]] = []
        budget = _Budget(limits)
        for number, page in enumerate(reader.pages):
            budget.unpack(page)
            lines.append(_lines(page, number, budget))
    except (InputError, OverLimitError):
        raise
    except (
        PyPdfError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as e:
        raise InputError(f"{path}: is a broken .pdf file; open it and save it anew") from e
    if not any(line.text for page in lines for line in page):
        raise InputError(f"{path}: has no text layer, only pictures of text; run a text recognition over it")
    return compose(_parts([line for page in _without_edges(lines) for line in page]), limits)


def _lines(page: PageObject, number: int, budget: _Budget) -> list[_Line]:
    """The lines of a page in the order of the file; what stands at one height follows on."""
    found: list[tuple[list[str], float, float]] = []
    fresh = blank = True

    def visit(text: str, matrix: Sequence[float], place: Sequence[float], _: Any, size: float | None) -> None:
        nonlocal fresh, blank
        height = place[4] * matrix[1] + place[5] * matrix[3] + matrix[5]
        shown = abs((size or 1.0) * place[3] * matrix[3]) or 1.0
        for index, piece in enumerate(text.split("\n")):
            fresh = fresh or index > 0
            if not piece:
                continue
            budget.show(piece)
            if fresh or not found:
                found.append(([], height, shown))
                fresh, blank = False, True
            pieces, at, largest = found[-1]
            if blank:
                at = height
            pieces.append(piece)
            blank = blank and not piece.strip()
            found[-1] = (pieces, at, max(largest, shown) if piece.strip() else largest)

    page.extract_text(visitor_operand_before=budget.draw, visitor_text=visit)
    texts = ((" ".join("".join(pieces).split()), at, size) for pieces, at, size in found)
    return [_Line(text, at, size, number) for text, at, size in texts if text]


def _without_edges(pages: Sequence[Sequence[_Line]]) -> Iterator[list[_Line]]:
    """Leave out what is alike but for its numbers at the edges of many pages, and the numbers of pages."""
    counts = Counter(key for page in pages for key in {_NUMBER.sub("#", page[i].text) for i in _edges(page)})
    many = max(LEAST_PAGES, REPEATED * len(pages))
    for page in pages:
        away = {
            i
            for i in _edges(page)
            if counts[_NUMBER.sub("#", page[i].text)] >= (LEAST_PAGES if _NUMBERED.search(page[i].text) else many)
            or (i in (0, len(page) - 1) and _PAGE.fullmatch(page[i].text))
        }
        yield [line for i, line in enumerate(page) if i not in away]


def _edges(page: Sequence[_Line]) -> set[int]:
    return {*range(len(page))[:EDGE_LINES], *range(len(page))[-EDGE_LINES:]}


def _parts(lines: Sequence[_Line]) -> Iterator[Part]:
    if not lines:
        return
    weights = Counter[float]()
    for line in lines:
        weights[round(line.size, 1)] += len(line.text)
    body = max(weights, key=lambda size: (weights[size], -size))
    sizes = sorted({round(x.size, 1) for x in lines if x.size >= HEADING_SIZE * body}, reverse=True)
    steps = [a.height - b.height for a, b in pairwise(lines) if a.page == b.page]
    gaps = Counter(round(step, 1) for step in steps if 0 < step < 4 * body)
    usual = max(gaps, key=lambda gap: (gaps[gap], -gap), default=0.0)
    full = sorted(len(line.text) for line in lines)[int(0.9 * (len(lines) - 1))]
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for line in lines).casefold()))
    run: list[_Line] = []
    for line in lines:
        if run and not _goes_on(run[-1], line, usual, full):
            yield _part(run, sizes, words)
            run = []
        run.append(line)
    yield _part(run, sizes, words)


def _goes_on(line: _Line, following: _Line, usual: float, full: int) -> bool:
    if abs(line.size - following.size) > 0.08 * line.size or MARKER.match(following.text):
        return False
    ended = _SENTENCE_END.search(line.text) is not None
    if line.page != following.page:
        return not ended
    if usual and not 0 <= line.height - following.height <= GAP * usual:
        # a new column goes on high up
        return following.height > line.height and not ended and following.text[0].islower()
    return not (ended and len(line.text) < FULL * full)


def _part(run: Sequence[_Line], sizes: Sequence[float], words: Counter[str]) -> Part:
    text = run[0].text
    for line in run[1:]:
        text = _joined(text, line.text, words)
    size = round(run[0].size, 1)
    if size in sizes and len(text.split()) <= HEADING_WORDS:
        return Part(Kind.HEADING, text, min(sizes.index(size) + 1, 6))
    marker = MARKER.match(text)
    if marker is not None and marker.end() < len(text):
        return Part(Kind.LIST_ITEM, text[marker.end() :])
    return Part(Kind.TEXT, text)


def _joined(text: str, following: str, words: Counter[str]) -> str:
    """Join two lines; a word that a hyphen broke is mended, unless the text has it with a hyphen elsewhere."""
    broken = _BROKEN.search(text)
    after = re.match(r"[^\W\d_]+", following)
    if broken is None or after is None or not after[0][0].islower():
        return f"{text} {following}"
    hyphened = f"{broken[1]}-{after[0]}".casefold()
    if words[hyphened] > words[hyphened.replace("-", "")]:
        return text + following
    return text[:-1] + following
