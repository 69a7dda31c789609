"""A built graph, as Python code opens and asks it."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from kzai_graph.remote import RemoteGraph

ADDRESSES = ("http://", "https://")
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

    def said(self, properties: Collection[str]) -> Iterator[ox.Triple]:
        """Yield the triples of some properties; one that stands in several graphs may come more than once.

        Raises:
            GraphError: the graph cannot be read.
        """
        if graph_format(self.path) != "store":
            yield from (quad.triple for quad in self.quads() if quad.predicate.value in properties)
            return
        graph = ox.DefaultGraph() if holds_union(self.path) else None
        with _translated(self.path):
            store = ox.Store.read_only(str(self.path))
            for iri in sorted(properties):
                yield from (q.triple for q in store.quads_for_pattern(None, ox.NamedNode(iri), None, graph))

    def load(self) -> ox.Store:
        """Open all quads as a store: a file in memory, a store's folder as it lies on disk and read-only.

        The default graph of a store that a build wrote holds all that its named graphs hold: who looks into every
        graph at once finds each triple in two or more.

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


def open_graph(place: str | Path) -> Graph | RemoteGraph:
    """The graph of a file, of the folder of a store, or at the http address of a SPARQL 1.1 endpoint.

    Raises:
        InputError: the address holds a password, or is none.
    """
    if not is_address(place):
        return Graph(Path(place))
    from kzai_graph.endpoints import require_address
    from kzai_graph.remote import RemoteGraph

    require_address(str(place), example="http://localhost:7878/query", login="queries are sent without log-in")
    return RemoteGraph(str(place))


def is_address(place: str | Path) -> bool:
    """Whether a graph lies elsewhere."""
    return isinstance(place, str) and place.lower().startswith(ADDRESSES)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Say in one line what a library's complaint about a graph means."""
    try:
        yield
    except (OSError, SyntaxError, ValueError) as error:
        place = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise GraphError(f"{path}{place}: cannot be read as a graph ({error}); build it anew") from error


def query(question: str | Path, graph: str | Path, *, parameters: Mapping[str, str] | None = None) -> Answer:
    """Answer a SPARQL query, given as text or as a file, from a graph file, a store folder, or an endpoint's address.

    Raises:
        GraphError: the graph cannot be read.
        InputError: the address is none.
        QueryError: the query is broken, refused, or took too long.
    """
    return open_graph(graph).query(question, parameters=parameters)
