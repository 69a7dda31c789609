"""What the graph of one document gives to the files of the whole: blocks of Turtle, and what pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kzai_graph.graph import DocumentGraph
from kzai_graph.turtle import Row, find_rows, join_blocks, sort_rows, to_block
from kzai_graph.view.said import Said, find_said


@dataclass(frozen=True, slots=True)
class Piece:
    """What one graph gives.

    ``blocks``: finished, of the subjects that are the document's own, with so many ``triples``; ``shared``: the rows of
    those of which other graphs may say more; ``said``: what pages show.
    """

    blocks: dict[str, str]
    triples: int
    shared: dict[str, list[Row]]
    said: Said

    @classmethod
    def of(cls, graph: DocumentGraph) -> Piece:
        """What a graph gives."""
        rows, own = find_rows(graph.quads), set(map(str, graph.own))
        blocks = {subject: to_block(subject, rows[subject]) for subject in rows if subject in own}
        shared = {subject: found for subject, found in rows.items() if subject not in own}
        return cls(blocks, sum(len(rows[subject]) for subject in blocks), shared, find_said(graph.quads))

    def to_plain(self) -> list[object]:
        """All of it as lists and mappings; ``from_plain`` takes them back."""
        return [self.blocks, self.triples, self.shared, self.said.to_plain()]

    @classmethod
    def from_plain(cls, plain: list[Any]) -> Piece:
        """The value that was made plain."""
        blocks, triples, shared, said = plain
        return cls(blocks, triples, shared, Said.from_plain(said))


class Whole:
    """The pieces of all graphs, put together."""

    def __init__(self) -> None:
        self.said = Said()
        self._blocks: dict[str, str] = {}
        self._triples = 0
        self._shared: defaultdict[str, set[Row]] = defaultdict(set)

    def add(self, piece: Piece) -> None:
        """Put in one more, in any order."""
        self.said.add(piece.said)
        self._blocks |= piece.blocks
        self._triples += piece.triples
        for subject, rows in piece.shared.items():
            self._shared[subject].update((predicate, value) for predicate, value in rows)

    @property
    def triples(self) -> int:
        """How many different ones all graphs hold."""
        return self._triples + sum(map(len, self._shared.values()))

    def to_turtle(self) -> Iterator[str]:
        """The union of all graphs, as ``turtle`` writes it, piece by piece."""
        return join_blocks(map(self._block, sorted(self._subjects())))

    def _subjects(self) -> Iterable[str]:
        yield from self._blocks
        yield from self._shared

    def _block(self, subject: str) -> str:
        return self._blocks[subject] if subject in self._blocks else to_block(subject, sort_rows(self._shared[subject]))
