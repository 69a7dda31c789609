"""What a build found, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kzai_graph.corrections import Outcome
from kzai_graph.sources import Unread


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made; counts have their keys in sorted order.

    ``sentences_skipped`` counts by reason the sentences that gave no statement, and the statements left out.
    """

    documents: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    entities: dict[str, int]
    statements: dict[tuple[str, str], int]
    observations: int
    quotes: int
    sentences_skipped: dict[str, int]
    corrections: tuple[Outcome, ...] = ()
    files: tuple[Path, ...] = ()
    unread: tuple[Unread, ...] = ()
    unchanged: int = 0
    """Documents whose record was kept from an earlier build."""
