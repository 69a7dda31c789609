"""Put together the text of a file that is none: offsets count in what is made here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kzai_graph.layout import Kind, Layout, Passage, bounded, clean
from kzai_graph.limits import Limits


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, heading, list item, or row of a table with tabs between its cells; ``level`` is a heading's."""

    kind: Kind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file, and how it is laid out."""

    text: str
    layout: Layout


def compose(parts: Iterable[Part], limits: Limits) -> Extract:
    """Write each part on a line, a blank line between them; rows and items that follow each other stand together.

    Raises:
        OverLimitError: they are too many, or too long.
    """
    lines: list[str] = []
    places: list[tuple[Part, int, int]] = []
    at = 0
    before: Kind | None = None
    for stanza, part in enumerate(part for part in parts if part.text.strip()):
        limits.check("passages", stanza + 1)
        limits.check("characters", at)
        text = part.text.strip("\n") if part.kind is Kind.TABLE else " ".join(part.text.split())
        together = part.kind is before and part.kind in (Kind.TABLE, Kind.LIST_ITEM)
        if lines and not together:
            lines.append("\n")
            at += 1
        lines.append(text + "\n")
        places.append((part, at, stanza))
        at += len(text) + 1
        before = part.kind
    source = "".join(lines)
    return Extract(source, Layout(tuple(bounded(_passages(source, places), limits))))


def _passages(source: str, places: Iterable[tuple[Part, int, int]]) -> Iterator[Passage]:
    for part, begin, stanza in places:
        end = source.index("\n", begin)
        yield from clean(
            source,
            [(begin, end)],
            kind=part.kind,
            level=part.level,
            stanza=stanza,
            markup=False,
            verbatim=part.kind is Kind.TABLE,
        )
