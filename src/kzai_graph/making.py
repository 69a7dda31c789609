"""From records to all that a folder of output holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256

import pyoxigraph as ox

from kzai_graph.check import MAX_QUERIED_TRIPLES
from kzai_graph.corrections import Outcome
from kzai_graph.counting import count_found
from kzai_graph.coverage import cover
from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.extracting import Extraction
from kzai_graph.graph import DocumentGraph
from kzai_graph.inquiry import Graph
from kzai_graph.keeping import Kept
from kzai_graph.keys import digest
from kzai_graph.limits import Limits
from kzai_graph.model import Document, DocumentRecord
from kzai_graph.outputs import writing
from kzai_graph.parts import Parts
from kzai_graph.pieces import Piece, Whole
from kzai_graph.planning import Plan
from kzai_graph.revising import correction_quads, revise
from kzai_graph.settling import Corpus, Draft, draft_graphs
from kzai_graph.sources import Source
from kzai_graph.store import StoreWriter
from kzai_graph.tally import BuildReport
from kzai_graph.view import Text, show
from kzai_graph.view.collect import number

GRAPH, STORE, KEPT = "graph.ttl", "store", ".made"
KEY_CHARS = 64
MIN_SAME = 0.75
"""Below this share of graphs that hold what they held, a new store is written faster than an old one is changed."""


def make_all(plan: Plan, read: Extraction, parts: Parts) -> BuildReport:
    """Write graph, store and pages into a new folder, and count what they hold.

    The graph of each document, and what it gives to the files of the whole, is made anew only where its record, or
    what it shows of others, is not as it was.

    Raises:
        InputError: a text changed since its record was read.
        OntologyError: the shapes of the ontology folder are broken.
        GraphError: the folder cannot be written.
    """
    manifest, knowledge, folder = plan.manifest, plan.knowledge(), parts.folder
    opener = _opener(manifest.sources, manifest.limits)
    with writing(parts.out), Kept(parts.out / KEPT, folder / KEPT, parts.settings) as kept:
        corpus = Corpus(read.records, read.records.names, knowledge, manifest.base_iri, read.run)
        outcomes: tuple[Outcome, ...] = ()
        if plan.decisions:
            base = manifest.base_iri
            revised = revise(read.records, plan.decisions, knowledge, base_iri=base, open_document=opener)
            corpus, outcomes = corpus.revised(revised.records, revised.identities), revised.outcomes
        drafts = draft_graphs(corpus, kept)
        corrected = _draft_of(correction_quads(outcomes, knowledge, base_iri=manifest.base_iri))
        whole = _write_graphs([*drafts, *corrected], kept, parts)
        gists = drafts.gists
        report = count_found(gists, whole.said, knowledge, drafts.misfits, outcomes)
        facts, triples = number(whole.said), whole.triples
        del whole
        stated = {gist.identifier: [name, gist.stated] for name, gist in zip(corpus.names, gists, strict=True)}

        def keep(paths: Sequence[str], document: str, shown: str) -> bool:
            return parts.keep(paths, digest([*stated[document], shown], KEY_CHARS))

        show(
            facts,
            Graph(folder / (GRAPH if triples <= MAX_QUERIED_TRIPLES else STORE)).load(),
            folder,
            texts=_Texts(corpus.records, [gist.identifier for gist in gists], opener),
            stages=knowledge.stages,
            ontology=manifest.ontology,
            shares={gist.identifier: gist.shares for gist in gists},
            keep=keep,
            triples=triples,
        )
        return report


def _write_graphs(drafts: Sequence[Draft], kept: Kept, parts: Parts) -> Whole:
    """Write all graphs as a file and as a store; one is made only where what is kept of it does not do.

    The store is written by what differs from the last one where most of it is the same.
    """
    whole, file = Whole(), parts.folder / GRAPH
    same = {draft.name for draft in drafts if parts.is_same(f"{STORE} {draft.name}", draft.key)}
    changed = len(same) > len(drafts) * MIN_SAME and parts.is_intact(STORE)
    with StoreWriter(parts.folder / STORE, parts.out / STORE if changed else None) as store:
        for draft in drafts:
            whole.add(Piece.from_plain(kept.value(draft.key, partial(_piece, draft))))
            if not changed:
                store.add(draft.graph.quads)
            elif draft.name not in same:
                store.replace(draft.name, draft.graph.quads)
            draft.forget()
        with file.open("wb") as opened:
            opened.writelines(text.encode("utf-8") for text in whole.to_turtle())
        store.finish(file, names=[draft.name for draft in drafts] if changed else None)
    return whole


def _piece(draft: Draft) -> list[object]:
    return Piece.of(draft.graph).to_plain()


def _draft_of(quads: Sequence[ox.Quad]) -> list[Draft]:
    """The graph of corrections, where there are any."""
    names = {quad.graph_name for quad in quads}
    return [
        Draft(name, _digest(quads), partial(DocumentGraph, name, list(quads)))
        for name in names
        if isinstance(name, ox.NamedNode)
    ]


def _digest(quads: Sequence[ox.Quad]) -> str:
    return sha256("\n".join(map(str, quads)).encode("utf-8")).hexdigest()


def _opener(sources: Sequence[Source], limits: Limits) -> Callable[[str], Document]:
    """Lay out again a document that was read, by its identifier."""
    by_identifier = {source.identifier: source for source in sources}
    return lambda identifier: read_document(by_identifier[identifier], limits)


class _Texts(Mapping[str, Text]):
    """The documents once more, for the pages that show how they were read; each is opened when it is asked for."""

    def __init__(
        self, records: Sequence[DocumentRecord], identifiers: Sequence[str], opener: Callable[[str], Document]
    ) -> None:
        self._records = records
        self._places = {identifier: place for place, identifier in enumerate(identifiers)}
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
