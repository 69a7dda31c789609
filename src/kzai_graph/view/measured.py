"""What was measured of the reading: the table of the page on accuracy, as it is shipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kzai_graph.errors import InputError
from kzai_graph.package_data import shipped

MIN_LINES = 3
"""Of a table: its titles, the rule under them, and a row."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A table: the day of measuring, the kinds of texts, and the figures by name, one for each kind."""

    day: str
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def read_measured() -> Measured:
    """The first table of ``docs/accuracy.md``.

    Raises:
        InputError: the page is missing, or holds no table.
    """
    page = shipped("accuracy.md")
    table = _first_table(page.read_text(encoding="utf-8").splitlines())
    if len(table) < MIN_LINES:
        raise InputError(f"{page}: holds no table of figures; restore the file")
    (day, *kinds), _, *rows = table
    return Measured(day, tuple(kinds), tuple((name, tuple(figures)) for name, *figures in rows))


def _first_table(lines: Iterable[str]) -> list[list[str]]:
    found: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
        elif found:
            break
    return found
