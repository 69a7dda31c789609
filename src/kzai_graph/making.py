"""From records to all that a folder of output holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kzai_graph.corrections import Correction
from kzai_graph.coverage import cover
from kzai_graph.documents import Source, read_document
from kzai_graph.errors import InputError
from kzai_graph.export import write_graph
from kzai_graph.extracting import Extraction
from kzai_graph.graph import to_quads
from kzai_graph.lexical import Ontology
from kzai_graph.limits import Limits
from kzai_graph.manifest import Manifest
from kzai_graph.model import Document, DocumentRecord
from kzai_graph.outputs import writing
from kzai_graph.revising import correction_quads, revise
from kzai_graph.statements import find_misfits
from kzai_graph.store import write_store
from kzai_graph.tally import BuildReport, tally
from kzai_graph.view import Text, write_pages


def make_all(
    manifest: Manifest,
    knowledge: Ontology,
    decisions: Sequence[Correction],
    read: Extraction,
    folder: Path,
) -> BuildReport:
    """Write graph, store and pages into an empty folder, and count what they hold.

    Raises:
        InputError: a text changed since its record was read.
        OntologyError: the shapes of the ontology folder are broken.
        GraphError: the folder cannot be written.
    """
    base_iri = manifest.base_iri
    opener = _opener(manifest.sources, manifest.limits)
    revised = revise(read.records, decisions, knowledge, base_iri=base_iri, open_document=opener)
    records, identities = revised.records, revised.identities
    quads = to_quads(records, identities, knowledge, base_iri=base_iri, run=read.run)
    quads += correction_quads(revised.outcomes, knowledge, base_iri=base_iri)
    with writing(folder.parent):
        write_graph(quads, folder / "graph.ttl")
        write_store(quads, folder / "store", file=folder / "graph.ttl")
        found = _texts(manifest.sources, records, manifest.limits)
        write_pages(quads, folder, texts=found, stages=knowledge.stages, ontology=manifest.ontology)
    return tally(records, quads, knowledge, find_misfits(records, identities, knowledge), revised.outcomes)


def _opener(sources: Sequence[Source], limits: Limits) -> Callable[[str], Document]:
    """Lay out again a document that was read, by its identifier."""
    by_identifier = {source.identifier: source for source in sources}
    return lambda identifier: read_document(by_identifier[identifier], limits)


def _texts(sources: Sequence[Source], records: Sequence[DocumentRecord], limits: Limits) -> dict[str, Text]:
    """The documents once more, for the pages that show how they were read."""
    paths = {source.identifier: source for source in sources}
    found = {}
    for record in records:
        source = paths[record.identifier]
        document = read_document(source, limits)
        if document.sha256 != record.sha256:
            raise InputError(f"{source.path}: changed while it was read; run it again")
        found[record.identifier] = Text(document, cover(record, document.text))
    return found
