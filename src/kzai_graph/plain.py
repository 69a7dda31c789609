"""Lay out plain text: lines into paragraphs, headings, list items and table rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kzai_graph.frontmatter import declared_fields, field_name, front_matter_end
from kzai_graph.layout import Kind, Layout, Passage, bounded, clean
from kzai_graph.limits import DEFAULT_LIMITS, Limits

MIN_WRAP_COLUMNS, MAX_WRAP_COLUMNS = 45, 130
MIN_WRAPPED_LINES = 3

_LINE = re.compile(r"([^\n\r\f\x85\u2028\u2029]*)(\r\n|[\n\r\f\x85\u2028\u2029]|\Z)")
_BLANK = re.compile(r"[\s\ufeff\u200b]*")
MARKER = re.compile(
    r"[ \t\u00a0]*(?:[-*+•‣▪■◦●○·–—][ \t\u00a0]+|(?:\(\d{1,3}\)|\d{1,3}[.)])[ \t\u00a0]+|\d{1,2}[.)](?=[A-Z][a-z])"
    r"|(?:\([a-z]\)|[a-z]\)|\([ivx]{1,5}\)|[ivx]{1,5}[.)])[ \t\u00a0]+|[•▪■●])"
)
_HASHES = re.compile(r"[ \t\ufeff]{0,4}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_QUOTED = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_FIELD = re.compile(r"[ \t]*\[\[([\w ]{1,40}):\s*([^\[\]]{0,500})\]\][ \t]*$")
_RULE = re.compile(r"[-*_=~#+|:][-*_=~#+|: ]{2,200}|</?[a-z][^<>]{0,300}>", re.IGNORECASE)
_CLOSED = re.compile(r"[.!?:;…][\"”’)»\]]*$")
_COLUMNS = re.compile(r"[ \u00a0]{2,}|\t+")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Line:
    """Half-open source offsets of a line without its end."""

    begin: int
    end: int
    text: str


def read_plain(source: str, limits: Limits = DEFAULT_LIMITS) -> Layout:
    """Lay out a text; lines that were wrapped are joined, others stand alone.

    Raises:
        OverLimitError: it is too long.
    """
    declared: dict[str, str] = {}
    return Layout(tuple(bounded(_passages(source, declared, limits), limits)), declared)


def _passages(source: str, declared: dict[str, str], limits: Limits) -> Iterator[Passage]:
    """Yield the passages, and note what the text declares of itself."""
    lines = list(_counted(split_lines(source), limits))
    column = _wrap_column(lines)
    after = front_matter_end([line.text for line in lines])
    declared |= declared_fields("\n".join(line.text for line in lines[1 : after - 1])) if after else {}
    yield from clean(source, [(line.begin, line.end) for line in lines[:after]], kind=Kind.FURNITURE, markup=False)
    for number, stanza in enumerate(_stanzas(lines[after:])):
        for line in stanza:
            found = _FIELD.match(line.text)
            name = field_name(found[1]) if found is not None else None
            # A whole date says more than the year beside it.
            if found is not None and name and "://" not in found[2] and len(found[2]) > len(declared.get(name, "")):
                declared[name] = found[2].strip()
        yield from _lay_out(source, stanza, number, column)


def split_lines(source: str) -> Iterator[Line]:
    """Yield the lines with their offsets; of empty lines in a row only the first."""
    empty = False
    for found in _LINE.finditer(source):
        if found[1] or (found[0] and not empty):
            yield Line(found.start(1), found.end(1), found[1])
        empty = not found[1]


def _counted(lines: Iterable[Line], limits: Limits) -> Iterator[Line]:
    """Yield lines until there is too much text in them; before they are laid out, since that needs them all."""
    characters = 0
    for line in lines:
        characters += len(line.text.strip())
        limits.check("characters", characters)
        yield line


def _stanzas(lines: Sequence[Line]) -> Iterator[list[Line]]:
    stanza: list[Line] = []
    for line in lines:
        if not _BLANK.fullmatch(line.text):
            stanza.append(line)
        elif stanza:
            yield stanza
            stanza = []
    if stanza:
        yield stanza


def _wrap_column(lines: Sequence[Line]) -> int:
    """Return the column at which lines break when full, 0 where they break at the ends of paragraphs."""
    followed = [a.text.rstrip() for a, b in pairwise(lines) if b.text.strip()]
    long = [text for text in followed if len(text) >= MIN_WRAP_COLUMNS]
    column = max(map(len, long), default=0)
    if len(long) < MIN_WRAPPED_LINES or column > MAX_WRAP_COLUMNS:
        return 0
    full = sum(len(text) >= 0.8 * column for text in long)
    open_ended = sum(not _CLOSED.search(text[-20:]) for text in long)
    return column if min(full, open_ended) >= 0.5 * len(long) else 0


def _lay_out(source: str, stanza: Sequence[Line], number: int, column: int) -> Iterator[Passage]:
    at = 0
    width = column or max(len(line.text.rstrip()) for line in stanza)
    while at < len(stanza):
        line = stanza[at]
        rows = count_table_rows(stanza, at)
        if rows:
            yield from table_rows(source, stanza[at : at + rows], number)
            at += rows
            continue
        if _FIELD.match(line.text) or _RULE.fullmatch(line.text.strip()):
            if _FIELD.match(line.text):
                yield from clean(source, [(line.begin, line.end)], kind=Kind.FURNITURE, stanza=number, markup=False)
            at += 1
            continue
        if (heading := _HASHES.match(line.text)) is not None:
            piece = (line.begin + heading.start(2), line.begin + heading.end(2))
            yield from clean(source, [piece], kind=Kind.HEADING, level=len(heading[1]), stanza=number)
            at += 1
            continue
        count = 1
        while at + count < len(stanza) and _continues(stanza[at + count - 1], stanza[at + count], width, column > 0):
            count += 1
        yield from _paragraph(source, stanza[at : at + count], number)
        at += count


def _paragraph(source: str, lines: Sequence[Line], number: int) -> Iterator[Passage]:
    first = lines[0]
    quoted = _QUOTED.match(first.text)
    start = quoted.end() if quoted else 0
    marker = MARKER.match(first.text, start)
    item = marker is not None and marker.end() < len(first.text.rstrip())
    if marker is not None and item:
        start = marker.end()
    pieces = [(first.begin + start, first.end)]
    for line in lines[1:]:
        quoted = _QUOTED.match(line.text)
        indent = quoted.end() if quoted else len(line.text) - len(line.text.lstrip())
        pieces.append((line.begin + indent, line.begin + len(line.text.rstrip())))
    for passage in clean(source, pieces, kind=Kind.LIST_ITEM if item else Kind.TEXT, stanza=number):
        yield replace(passage, quoted=_QUOTED.match(first.text) is not None)


def _continues(line: Line, following: Line, width: int, wrapped: bool) -> bool:
    """Tell whether a line was wrapped into the following one: its next word would not have fitted."""
    if not MIN_WRAP_COLUMNS <= width <= MAX_WRAP_COLUMNS or MARKER.match(following.text) or "\t" in line.text.strip():
        return False
    if _HASHES.match(following.text) or _RULE.fullmatch(following.text.strip()) or _FIELD.match(following.text):
        return False
    text, after = line.text.rstrip(), following.text.strip()
    if len(text) + 1 + len(after.split(maxsplit=1)[0]) <= 0.85 * width:
        return False
    return wrapped or (not _CLOSED.search(text[-20:]) and after[0].islower())


def count_table_rows(lines: Sequence[Line], start: int = 0) -> int:
    """Count the lines from one on that are the rows of a table; 0 where there is none."""
    if len(lines) < start + 2:
        return 0
    for cells in (_tab_cells, _pipe_cells, _aligned_cells):
        width = cells(lines[start].text)
        count = 0
        while (
            start + count < len(lines)
            and width > 1
            and _fits(cells(lines[start + count].text), width, cells is _aligned_cells)
        ):
            count += 1
        if count >= 2:
            return count
    return 0


def _fits(cells: int, width: int, exactly: bool) -> bool:
    return cells == width if exactly else cells > 1 and abs(cells - width) <= 2


def _tab_cells(text: str) -> int:
    return 0 if MARKER.match(text) and text.count("\t") == 1 else text.strip(" ").count("\t") + 1


def _pipe_cells(text: str) -> int:
    """Count cells between pipes; without outer pipes three are needed, for bylines and menus use one or two."""
    stripped = text.strip()
    bars = len(_PIPE.findall(stripped))
    if stripped.startswith("|") and bars > 1:
        return bars - 1
    return bars + 1 if bars > 1 and re.search(r"\d|---", stripped) else 0


def _aligned_cells(text: str) -> int:
    cells = [cell for cell in _COLUMNS.split(text.strip()) if cell]
    short = all(len(cell) <= 60 for cell in cells)
    return len(cells) if (len(cells) >= 3 and short and any(c[0].isdigit() for c in cells)) or len(cells) >= 4 else 0


def table_rows(source: str, lines: Sequence[Line], number: int) -> Iterator[Passage]:
    """Yield each row as it stands, without the line that rules off the header."""
    for line in lines:
        stripped = line.text.strip(" \u00a0")
        if stripped.strip("|-:+= \t"):
            begin = line.begin + line.text.index(stripped)
            yield from clean(source, [(begin, begin + len(stripped))], kind=Kind.TABLE, stanza=number, verbatim=True)
