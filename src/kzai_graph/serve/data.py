"""The data of a server: a store that queries read in processes of their own, and pages made from the same graph."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.inquiry import Graph
from kzai_graph.ontology import load_ontology
from kzai_graph.sparql import MAX_ROWS, QUERY_TIMEOUT_S
from kzai_graph.store import copy_store, write_store
from kzai_graph.terms import DCTERMS, KZ, KZID, RDF, RDFS
from kzai_graph.view import find_texts, write_pages
from kzai_graph.view.facts import tail
from kzai_graph.view.reading import page_name
from kzai_graph.view.said import NO_ENTITIES

TYPE, LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: seconds, rows, and how many queries may run at once."""

    timeout_s: float = QUERY_TIMEOUT_S
    max_rows: int = MAX_ROWS
    max_queries: int = 4


@dataclass(frozen=True, slots=True)
class ServedData:
    """A store on disk with a named graph for each document, opened once for reads, and a folder of pages."""

    folder: Path
    store: ox.Store
    pages: Path
    names: Mapping[str, str]
    """The IRI of each thing that has a type, by its part after the base, and by its last part; of several the first."""
    texts: Mapping[str, str]
    """The address of each document's own page, by the IRI of the document."""

    def find(self, name: str) -> str | None:
        return self.names.get(name)

    def address(self, iri: str) -> str | None:
        """Where a thing of the graph is described."""
        name = next((n for n in (iri.removeprefix(KZID), tail(iri)) if self.names.get(n) == iri), None)
        return None if name is None else f"/entity/{quote(name)}"

    def place(self, iri: str) -> str | None:
        """Where the pages of the graph show a thing: a document's text, an entity's place in the network."""
        return self.texts.get(iri) or (f"/index.html#{quote(iri, safe='')}" if self.is_entity(iri) else None)

    def is_entity(self, iri: str) -> bool:
        """Whether it is a node of the network."""
        node = ox.NamedNode(iri)
        types = {
            q.object.value for q in self.store.quads_for_pattern(node, TYPE, None) if isinstance(q.object, ox.NamedNode)
        }
        ours = any(t.startswith(KZ) and t not in NO_ENTITIES for t in types)
        return ours and any(True for _ in self.store.quads_for_pattern(node, LABEL, None))


@contextmanager
def open_data(graph: Path, texts: Sequence[Path] = ()) -> Iterator[ServedData]:
    """Open a graph file or a store folder for a server; what is made for it is removed afterwards.

    A file is loaded into a store of its own, so that each query opens it in milliseconds, and a store is copied, so
    that a build meanwhile changes nothing. ``texts``: folders in which the documents may lie; those that are found
    get a page.

    Raises:
        GraphError: the graph cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="kzai-graph-") as temporary:
        folder, pages = Path(temporary) / "store", Path(temporary) / "pages"
        quads = list(Graph(graph).quads())
        if graph.is_dir():
            copy_store(graph, folder)
        else:
            write_store(with_document_graphs(quads), folder)
        pages.mkdir()
        write_pages(quads, pages, texts=find_texts(quads, texts), stages=load_ontology().stages, served=True)
        yield ServedData(folder, ox.Store.read_only(str(folder)), pages, _names(quads), _texts(quads, pages))


def _names(quads: list[ox.Quad]) -> dict[str, str]:
    typed = {
        q.subject.value for q in quads if q.predicate.value == RDF + "type" and isinstance(q.subject, ox.NamedNode)
    }
    last = {tail(iri): iri for iri in sorted(typed, reverse=True)}
    return last | {iri.removeprefix(KZID): iri for iri in typed if iri.startswith(KZID)}


def _texts(quads: list[ox.Quad], pages: Path) -> dict[str, str]:
    names = {
        q.subject.value: page_name(q.object.value)
        for q in quads
        if q.predicate.value == DCTERMS + "identifier"
        and isinstance(q.subject, ox.NamedNode)
        and isinstance(q.object, ox.Literal)
    }
    return {iri: f"/read/{quote(name)}" for iri, name in names.items() if (pages / "read" / name).is_file()}
