"""A built graph, as Python code opens and asks it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import GraphError
from kzai_graph.sparql import (
    MAX_ROWS,
    QUERY_TIMEOUT_S,
    Answer,
    Dataset,
    QuestionCard,
    find_query,
    graph_format,
    read_query,
    run_query,
)
from kzai_graph.store import holds_union

SCHEMA_BESIDE = "schema"
"""What the header of a question says after ``Beside:`` when it reads the schema of the ontology, too."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph file, or the folder of a store."""

    path: Path

    def query(
        self,
        question: str | Path,
        *,
        parameters: Mapping[str, str] | None = None,
        ontology: Path | None = None,
        with_inferred: bool = False,
        dataset: Dataset | None = None,
        timeout_s: float = QUERY_TIMEOUT_S,
        max_rows: int = MAX_ROWS,
    ) -> Answer:
        """Answer a SPARQL query, given as text or as a file.

        A question whose header asks for the schema finds it beside the graph. ``with_inferred`` adds a named
        graph for each rule of the ontology folder. Without a ``dataset`` the default graph is the union of all.

        Raises:
            GraphError: the graph cannot be read.
            OntologyError: the ontology folder, where it is needed, or one of its rules is broken.
            QueryError: the query is broken, refused, or took too long.
        """
        text = read_query(find_query(question)) if isinstance(question, Path) else question
        with tempfile.TemporaryDirectory() as scratch:
            beside = []
            if QuestionCard.of(text).beside == SCHEMA_BESIDE:
                from kzai_graph.ontology import default_ontology
                from kzai_graph.schema import schema_triples, write_schema

                beside.append(Path(scratch) / "schema.nt")
                write_schema(schema_triples(ontology or default_ontology()), beside[-1])
            if with_inferred:
                beside.append(Path(scratch) / "inferred.nq")
                ox.serialize(self.inferred(ontology), str(beside[-1]), format=ox.RdfFormat.N_QUADS)
            return run_query(
                question,
                self.path,
                parameters=parameters,
                beside=beside,
                dataset=dataset,
                timeout_s=timeout_s,
                max_rows=max_rows,
            )

    def inferred(self, ontology: Path | None = None) -> list[ox.Quad]:
        """What the rules of an ontology folder infer, in a named graph for each rule.

        Raises:
            GraphError: the graph cannot be read.
            OntologyError: the ontology folder or one of its rules is broken.
        """
        from kzai_graph.inference import infer, to_rule_quads

        return to_rule_quads(infer(self.quads(), ontology))

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all quads.

        Raises:
            GraphError: the graph cannot be read.
        """
        kind = graph_format(self.path)
        with _translated(self.path):
            if kind == "store":
                copies = holds_union(self.path)
                for quad in ox.Store.read_only(str(self.path)):
                    if not (copies and isinstance(quad.graph_name, ox.DefaultGraph)):
                        yield quad
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
