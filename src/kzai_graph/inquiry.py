"""A built graph, as Python code opens and asks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import GraphError
from kzai_graph.sparql import MAX_ROWS, QUERY_TIMEOUT_S, Answer, graph_format, run_query


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph file, or the folder of a store."""

    path: Path

    def query(
        self,
        question: str | Path,
        *,
        parameters: Mapping[str, str] | None = None,
        timeout_s: float = QUERY_TIMEOUT_S,
        max_rows: int = MAX_ROWS,
    ) -> Answer:
        """Answer a SPARQL query, given as text or as a file.

        Raises:
            GraphError: the graph cannot be read.
            QueryError: the query is broken, refused, or took too long.
        """
        return run_query(question, self.path, parameters=parameters, timeout_s=timeout_s, max_rows=max_rows)

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all quads.

        Raises:
            GraphError: the graph cannot be read.
        """
        kind = graph_format(self.path)
        with _translated(self.path):
            if kind == "store":
                yield from ox.Store.read_only(str(self.path))
            else:
                yield from ox.parse(path=str(self.path), format=ox.RdfFormat.from_extension(kind))

    def load(self) -> ox.Store:
        """Open all quads as a store: a file in memory, a store's folder as it lies on disk and read-only.

        Raises:
            GraphError: the graph cannot be read.
        """
        kind = graph_format(self.path)
        with _translated(self.path):
            if kind == "store":
                return ox.Store.read_only(str(self.path))
            store = ox.Store()
            store.bulk_load(path=str(self.path), format=ox.RdfFormat.from_extension(kind))
        return store


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Say in one line what a library's complaint about a graph means."""
    try:
        yield
    except (OSError, SyntaxError, ValueError) as error:
        place = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise GraphError(f"{path}{place}: cannot be read as a graph ({error}); build it anew") from error


def query(question: str | Path, graph: str | Path, *, parameters: Mapping[str, str] | None = None) -> Answer:
    """Answer a SPARQL query, given as text or as a file, from a graph file or a store folder.

    Raises:
        GraphError: the graph cannot be read.
        QueryError: the query is broken, refused, or took too long.
    """
    return Graph(Path(graph)).query(question, parameters=parameters)
