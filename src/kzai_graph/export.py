"""Write the graph, and a built graph in the formats of other tools; the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.errors import GraphError, InputError
from kzai_graph.exchange import to_jsonld, to_rdfxml
from kzai_graph.turtle import to_trig, to_turtle


def write_graph(quads: Iterable[ox.Quad], path: Path) -> None:
    """Write the union of all graphs as Turtle.

    Raises:
        GraphError: the file cannot be written.
    """
    replace_file(path, to_turtle(quads).encode("utf-8"))


def export_graph(quads: Iterable[ox.Quad], form: str, path: Path, *, inferred: Sequence[ox.Quad] = ()) -> None:
    """Write a graph in one of ``FORMATS``; ``trig``, ``nq`` and ``jsonld`` hold a named graph for each document.

    ``inferred``: what rules add, in named graphs of their own.

    Raises:
        InputError: there is no such format, or it holds statements only and something is inferred.
        GraphError: the file cannot be written.
    """
    if form not in FORMATS:
        raise InputError(f"format {form}: not one of {', '.join(FORMATS)}; choose one of these")
    quads = list(quads)
    if inferred:
        if form in OF_STATEMENTS:
            others = ", ".join(name for name in FORMATS if name not in OF_STATEMENTS)
            raise InputError(f"format {form}: holds statements and nothing inferred; take one of {others}")
        quads = [*with_document_graphs(quads), *inferred]
    replace_file(path, FORMATS[form](quads).encode("utf-8"))


def replace_file(path: Path, data: bytes) -> None:
    """Write beside a file, then take its place, so that a failure leaves what was there.

    Raises:
        GraphError: the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise GraphError(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def _to_ntriples(quads: Sequence[ox.Quad]) -> str:
    return "".join(sorted({f"{q.subject} {q.predicate} {q.object} .\n" for q in quads}))


def _to_nquads(quads: Sequence[ox.Quad]) -> str:
    return "".join(f"{quad} .\n" for quad in with_document_graphs(quads))


def _to_graphml(quads: Sequence[ox.Quad]) -> str:
    from kzai_graph.network import to_graphml  # networkx is slow to load

    return to_graphml(quads)


def _to_gexf(quads: Sequence[ox.Quad]) -> str:
    from kzai_graph.network import to_gexf

    return to_gexf(quads)


def _to_csv(quads: Sequence[ox.Quad]) -> str:
    from kzai_graph.network import to_csv

    return to_csv(quads)


FORMATS: dict[str, Callable[[Sequence[ox.Quad]], str]] = {
    "ttl": to_turtle,
    "nt": _to_ntriples,
    "trig": lambda quads: to_trig(with_document_graphs(quads)),
    "nq": _to_nquads,
    "jsonld": lambda quads: to_jsonld(with_document_graphs(quads)),
    "rdfxml": to_rdfxml,
    "graphml": _to_graphml,
    "gexf": _to_gexf,
    "csv": _to_csv,
}
OF_STATEMENTS = frozenset({"graphml", "gexf", "csv"})
"""Formats that show each statement with its evidence, and no other triples."""
