"""What two graphs differ in, as tables, as Markdown or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

import pyoxigraph as ox

from kzai_graph.comparing import Change, Difference, Kind, Value
from kzai_graph.sparql import Answer, write_answer
from kzai_graph.sparql import Kind as AnswerKind
from kzai_graph.sparql.formats import printable

COLUMNS = ("change", "kind", "what", "was", "is", "sentence")
MAX_NAMED = 3
KINDS = {
    Kind.DOCUMENT: "documents",
    Kind.ENTITY: "entities",
    Kind.STATEMENT: "statements",
    Kind.MILESTONE: "milestones",
    Kind.OBSERVATION: "observations",
    Kind.QUOTE: "quotes",
}


def difference_tables(differences: Sequence[Difference]) -> Iterator[tuple[str, Answer]]:
    """A heading for each document, or for the documents of one change, with its rows."""
    for documents, found in groupby(differences, key=lambda d: d.documents):
        more = len(documents) - MAX_NAMED
        heading = ", ".join(documents[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield heading, Answer(AnswerKind.SELECT, COLUMNS, tuple(map(_row, found)))


def difference_markdown(differences: Sequence[Difference]) -> Iterator[str]:
    """A heading and a table for each document, then the sum."""
    for heading, answer in difference_tables(differences):
        yield f"## {' '.join(printable(heading).split())}"
        yield ""
        yield write_answer(answer, "md")
    yield difference_sum(differences)


def difference_json(differences: Sequence[Difference]) -> Iterator[str]:
    """All as one JSON object."""
    said = {"differ": bool(differences), "differences": [asdict(d) for d in differences]}
    yield json.dumps(said, ensure_ascii=False, indent=2)


def difference_sum(differences: Sequence[Difference]) -> str:
    """How many of each kind were gained, lost and changed, in one line."""
    counts = Counter((d.kind, d.change) for d in differences)
    said = [", ".join(f"{counts[kind, c]} {c}" for c in Change if counts[kind, c]) for kind in KINDS]
    return (
        "; ".join(f"{KINDS[kind]}: {part}" for kind, part in zip(KINDS, said, strict=True) if part) or "no difference"
    )


def _row(found: Difference) -> tuple[ox.Literal, ...]:
    was, now = (_listed(found.values, side) for side in ("old", "new"))
    return tuple(map(ox.Literal, (found.change, found.kind, found.what, was, now, found.sentence)))


def _listed(values: Sequence[Value], side: str) -> str:
    return "; ".join(f"{v.name} {shown}" for v in values if (shown := getattr(v, side)))
