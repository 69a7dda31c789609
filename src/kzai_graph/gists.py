"""What is asked of every document whenever one changes: short, and kept, so that no other record is opened again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from kzai_graph.coverage import count_sentences, silent_sentences, stated_sentences
from kzai_graph.duplicates import Printed
from kzai_graph.identity import Use, find_uses
from kzai_graph.keys import Key, Naming, to_key
from kzai_graph.model import DocumentRecord


@dataclass(frozen=True, slots=True)
class Gist:
    """What one record says of its document and of its sentences.

    ``shares``: how many sentences gave a statement, and how many there are. ``stated``: begin and end of the former.
    ``silent`` counts the others by reason.
    """

    printed: Printed
    notes: list[str]
    stated: list[list[int]]
    shares: tuple[int, int]
    silent: dict[str, int]

    @property
    def identifier(self) -> str:
        return self.printed.identifier


def to_plain(record: DocumentRecord, naming: Naming) -> list[object]:
    """The gist of a record, and all that identity follows from, as lists and mappings."""
    printed = Printed.of(record)
    return [
        [printed.identifier, printed.date, printed.fingerprint.hex()],
        record.notes,
        [[span.begin, span.end] for span in sorted(stated_sentences(record))],
        count_sentences(record),
        Counter(silent_sentences(record).values()),
        [
            [use.where[1], use.key.parts, use.cls, use.label, sorted(use.names), _parts(use.aliases), use.known]
            for use in find_uses(record, naming)
        ],
    ]


def from_plain(plain: list[Any]) -> tuple[Gist, list[Use]]:
    """The gist that was made plain, and the uses of entities."""
    (identifier, date, printed), notes, stated, shares, silent, rows = plain
    uses = [
        Use((identifier, local), to_key(key), cls, label, frozenset(names), frozenset(map(to_key, aliases)), known)
        for local, key, cls, label, names, aliases, known in rows
    ]
    fingerprint = bytes.fromhex(printed)
    return Gist(Printed(identifier, date, fingerprint), notes, stated, (shares[0], shares[1]), silent), uses


def _parts(keys: frozenset[Key]) -> list[list[object]]:
    return [key.parts for key in sorted(keys, key=lambda key: key.order)]
