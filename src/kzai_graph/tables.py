"""Read the rows of plain tables: cells between tabs or pipes, or columns set apart by spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kzai_graph.model import Document, Zone
from kzai_graph.numerals import scan_numerals

_RULE = re.compile(r"[\s|:+=-]*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BRACKETED = re.compile(r"\s*\([^()]*\)\s*$")
_MEASURED = re.compile(r"\b(?:indicator|item|measure|metric|category|parameter|figure|what)s?\b", re.IGNORECASE)
_COUNTER = re.compile(r"(?:no\.?|nr\.?|#|№|n)", re.IGNORECASE)
_MARK = re.compile(r"[A-Z]{1,3}[+-]?|[✓✔✗✘×+]")
_MARK_WORDS = frozenset(
    "yes no partial partially partly high medium low full none limited strong weak met unmet pending".split()
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row, by its characters in the block."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class TableValue:
    """A data cell: what stands in it, under which head, in which row; the offsets are those of the row in its block."""

    block: int
    begin: int
    end: int
    value: Decimal | str
    column: str | None
    period: str | None
    row_head: Cell | None
    heading: str | None


def read_tables(document: Document) -> Iterator[TableValue]:
    """Yield the data cells of all tables, row by row.

    Neighbouring blocks of the table zone are one table. Its first row holds the heads, unless that row is all numbers.
    A year in the first column or in a head is the period; where years run across, the row may say what is counted.
    Cells of running text are no data.
    """
    rows: list[tuple[int, list[Cell]]] = []
    heading: str | None = None
    for index, block in enumerate(document.blocks):
        if block.zone is Zone.TABLE:
            rows += ((index, cells) for cells in _lines(block.text) if cells)
            continue
        yield from _values(rows, heading)
        rows = []
        if block.zone in (Zone.HEADING, Zone.CAPTION):
            heading = " ".join(block.text.strip(" #*").split()) or heading
    yield from _values(rows, heading)


def _lines(text: str) -> Iterator[list[Cell]]:
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip() and not _RULE.fullmatch(line.rstrip("\n")):
            yield _cells(line.rstrip("\r\n"), at)
        at += len(line)


def _cells(line: str, at: int) -> list[Cell]:
    """Split a row at its separators; offsets are shifted by ``at``."""
    separator = r"\t" if "\t" in line else r"\|" if "|" in line else r"\s{2,}"
    cells, begin = [], 0
    for match in (*re.finditer(separator, line), None):
        end = match.start() if match else len(line)
        text = line[begin:end]
        left = len(text) - len(text.lstrip())
        cells.append(Cell(at + begin + left, at + begin + max(left, len(text.rstrip())), text.strip()))
        begin = match.end() if match else end
    if separator == r"\|":
        cells = cells[line.lstrip().startswith("|") : len(cells) - line.rstrip().endswith("|")]
    return cells


def _values(rows: list[tuple[int, list[Cell]]], heading: str | None) -> Iterator[TableValue]:
    if len(rows) < 2:
        return
    heads = [cell.text for cell in rows[0][1]]
    if all(len(cells) == 2 for _, cells in rows) and _number(heads[1]) is not None and not _YEAR.fullmatch(heads[1]):
        yield from _paired(rows, heading)
        return
    headless = all(_number(text) is not None and not _YEAR.fullmatch(text) for text in heads[1:])
    for block, cells in rows if headless else rows[1:]:
        first = 1 if not headless and _COUNTER.fullmatch(heads[0]) and len(cells) > 2 else 0
        label = cells[first]
        own_year = _YEAR.fullmatch(label.text)
        for n, cell in enumerate(cells[first + 1 :], first + 1):
            value = _value(cell.text)
            if value is None:
                continue
            column = heads[n] if not headless and n < len(heads) else None
            year = own_year or _YEAR.search(column or "")
            if column and _YEAR.fullmatch(column) and _says_what(label.text, heads[first]):
                column = _BRACKETED.sub("", label.text)
            yield TableValue(
                block, cells[0].begin, cells[-1].end, value, column or None, year.group() if year else None,
                None if own_year or not label.text else label, heading,
            )  # fmt: skip


def _paired(rows: list[tuple[int, list[Cell]]], heading: str | None) -> Iterator[TableValue]:
    """Facts in two columns, what and how much: the first says what the second counts."""
    for block, (label, cell) in rows:
        value = _number(cell.text)
        if value is None:
            continue
        year = _YEAR.search(_BRACKETED.sub("", label.text))
        unit = " ".join(_YEAR.sub("", _BRACKETED.sub("", label.text)).split()).strip(" :,")
        yield TableValue(
            block, label.begin, cell.end, value, unit or None, year.group() if year else None, label, heading
        )


def _says_what(label: str, head: str) -> bool:
    """Tell the head of a row that is a unit ("Registered boats") from one that is a name ("Peru")."""
    words = label.split()
    return _MEASURED.search(head) is not None or any(w.islower() and w not in ("of", "and", "the") for w in words[1:])


def _value(text: str) -> Decimal | str | None:
    number = _number(text)
    if number is not None:
        return number
    return text if _MARK.fullmatch(text) or text.lower() in _MARK_WORDS else None


def _number(text: str) -> Decimal | None:
    """Read a cell that holds one number, with a sign, a percent sign or a footnote mark at most."""
    figures = text.lstrip("+−–-")
    sign = text[: len(text) - len(figures)]
    found = list(scan_numerals(figures))
    if len(found) != 1 or re.sub(r"[%*\s]|pct|percent", "", figures[: found[0].begin] + figures[found[0].end :]):
        return None
    return found[0].value if sign in ("", "+") else -found[0].value
