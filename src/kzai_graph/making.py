"""From records to all that a folder of output holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby

import pyoxigraph as ox

from kzai_graph.counting import count_found
from kzai_graph.coverage import count_sentences, cover, stated_sentences
from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.export import write_graph
from kzai_graph.extracting import Extraction
from kzai_graph.graph import to_quads
from kzai_graph.keys import digest
from kzai_graph.limits import Limits
from kzai_graph.model import Document, DocumentRecord
from kzai_graph.outputs import writing
from kzai_graph.parts import Parts
from kzai_graph.planning import Plan
from kzai_graph.revising import correction_quads, revise
from kzai_graph.sources import Source
from kzai_graph.statements import find_misfits
from kzai_graph.store import change_store, write_store
from kzai_graph.tally import BuildReport
from kzai_graph.view import Text, write_pages

GRAPH, STORE = "graph.ttl", "store"
KEY_CHARS = 64
MIN_SAME = 0.75
"""Below this share of graphs that hold what they held, a new store is written faster than an old one is changed."""


def make_all(plan: Plan, read: Extraction, parts: Parts) -> BuildReport:
    """Write graph, store and pages into a new folder, and count what they hold.

    Raises:
        InputError: a text changed since its record was read.
        OntologyError: the shapes of the ontology folder are broken.
        GraphError: the folder cannot be written.
    """
    manifest, knowledge, folder = plan.manifest, plan.knowledge(), parts.folder
    opener = _opener(manifest.sources, manifest.limits)
    revised = revise(read.records, plan.decisions, knowledge, base_iri=manifest.base_iri, open_document=opener)
    records, identities = revised.records, revised.identities
    quads = to_quads(records, identities, knowledge, base_iri=manifest.base_iri, run=read.run)
    quads += correction_quads(revised.outcomes, knowledge, base_iri=manifest.base_iri)
    stated = {r.identifier: [(s.begin, s.end) for s in sorted(stated_sentences(r))] for r in records}
    names = dict(zip(stated, read.records.names, strict=True))

    def keep(paths: Sequence[str], document: str, shown: str) -> bool:
        return parts.keep(paths, digest([names[document], stated[document], shown], KEY_CHARS))

    with writing(parts.out):
        write_graph(quads, folder / GRAPH)
        _write_store(quads, parts)
        write_pages(
            quads,
            folder,
            texts=_Texts(records, opener),
            stages=knowledge.stages,
            ontology=manifest.ontology,
            shares={record.identifier: count_sentences(record) for record in records},
            keep=keep,
        )
    return count_found(records, quads, knowledge, find_misfits(records, identities, knowledge), revised.outcomes)


def _write_store(quads: Sequence[ox.Quad], parts: Parts) -> None:
    """Write the store, by what differs from the last one where most of it is the same."""
    folder, file = parts.folder / STORE, parts.folder / GRAPH
    graphs = {name: list(found) for name, found in groupby(quads, key=lambda quad: quad.graph_name)}
    same = {name for name, found in graphs.items() if parts.is_same(f"{STORE} {name}", _digest(found))}
    if len(same) > len(graphs) * MIN_SAME and parts.is_intact(STORE):
        change_store(parts.out / STORE, folder, graphs, same=same, file=file)
    else:
        write_store(quads, folder, file=file)


def _digest(quads: Sequence[ox.Quad]) -> str:
    return sha256("\n".join(map(str, quads)).encode("utf-8")).hexdigest()


def _opener(sources: Sequence[Source], limits: Limits) -> Callable[[str], Document]:
    """Lay out again a document that was read, by its identifier."""
    by_identifier = {source.identifier: source for source in sources}
    return lambda identifier: read_document(by_identifier[identifier], limits)


class _Texts(Mapping[str, Text]):
    """The documents once more, for the pages that show how they were read; each is opened when it is asked for."""

    def __init__(self, records: Sequence[DocumentRecord], opener: Callable[[str], Document]) -> None:
        self._records = records
        self._places = {record.identifier: place for place, record in enumerate(records)}
        self._open = opener

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._places

    def __getitem__(self, identifier: str) -> Text:
        """Open a document.

        Raises:
            InputError: it changed since its record was read.
        """
        record, document = self._records[self._places[identifier]], self._open(identifier)
        if document.sha256 != record.sha256:
            raise InputError(f"{identifier}: changed while it was read; run it again")
        return Text(document, cover(record, document.text))
