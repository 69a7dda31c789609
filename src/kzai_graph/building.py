"""The whole way of the data: texts in, a graph with its pages out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.batches import Settings, Unread, load_reader
from kzai_graph.cache import Origin, RecordCache
from kzai_graph.corrections import Correction
from kzai_graph.corrections_file import find_corrections, load_corrections
from kzai_graph.coverage import Coverage, cover, silent_sentences
from kzai_graph.documents import Source, find_documents, read_document
from kzai_graph.errors import InputError
from kzai_graph.export import write_graph
from kzai_graph.extracting import Extraction, Progress, read_sources
from kzai_graph.graph import to_quads
from kzai_graph.lexical import Ontology
from kzai_graph.limits import DEFAULT_LIMITS, Limits
from kzai_graph.manifest import Manifest, roots, write_manifest
from kzai_graph.model import Document, DocumentRecord
from kzai_graph.ontology import load_ontology
from kzai_graph.outputs import claim, replacing, writing
from kzai_graph.revising import Outcome, correction_quads, revise
from kzai_graph.statements import Misfit, find_misfits
from kzai_graph.store import write_store
from kzai_graph.terms import KZ, KZID, RDF
from kzai_graph.view import Text, write_pages

COUNTED = (RDF + "type", RDF + "predicate", KZ + "modality")
BASE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`#?\x7f-\uffff]*/", re.ASCII)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made; counts have their keys in sorted order.

    ``sentences_skipped`` counts by reason the sentences that gave no statement, and the statements left out.
    """

    files: tuple[Path, ...]
    documents: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    unread: tuple[Unread, ...]
    entities: dict[str, int]
    statements: dict[tuple[str, str], int]
    observations: int
    quotes: int
    sentences_skipped: dict[str, int]
    corrections: tuple[Outcome, ...] = ()
    unchanged: int = 0
    """Documents whose record was kept from an earlier build."""


def build(
    texts: Sequence[Path],
    *,
    out: Path,
    ontology: Path | None = None,
    workers: int = 1,
    model: str | None = None,
    base_iri: str = KZID,
    corrections: Path | None = None,
    limits: Limits = DEFAULT_LIMITS,
    dask: str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Read texts, write ``graph.ttl``, ``store`` and the pages into a folder, and say what was found.

    What reviewers decided is applied after reading: from the file that is given, else from each ``corrections.ttl``
    beside the texts. Texts are read in so many processes, or by the workers of the Dask scheduler whose address is
    given. Only what changed since the last build into the folder is read anew. Whatever the order of the
    texts, the number of workers and what was kept, the bytes are the same. A failure leaves what the folder held
    before.

    Raises:
        InputError: a text that was named, or all in a folder, cannot be read; the model is not installed; the base
            IRI is none; the Dask cluster cannot be used; or a file of corrections is broken.
        OntologyError: the ontology folder is broken.
        GraphError: the output folder cannot be written, or another build is writing into it.
    """
    plan = prepare(Manifest(tuple(find_documents(texts)), ontology, model, base_iri, corrections, limits))
    with claim(out):
        return make(plan, out, workers=workers, dask=dask, progress=progress)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build from, after all that can be refused at once was found right."""

    manifest: Manifest
    knowledge: Ontology
    decisions: tuple[Correction, ...]


def prepare(manifest: Manifest) -> Plan:
    """Check the settings of a build, and load the ontology and the corrections.

    Raises:
        InputError: the base IRI is none, or a file of corrections is broken.
        OntologyError: the ontology folder is broken.
    """
    base = manifest.base_iri
    if not BASE_IRI.fullmatch(base):
        raise InputError(f"base IRI {base}: not absolute and ending in a slash; write one like {KZID}")
    knowledge = load_ontology(manifest.ontology)
    given = manifest.corrections
    paths = (given,) if given is not None else find_corrections(roots(manifest.sources))
    return Plan(manifest, knowledge, load_corrections(paths, knowledge, ontology=manifest.ontology))


def make(
    plan: Plan, out: Path, *, workers: int = 1, dask: str | None = None, progress: Progress | None = None
) -> BuildReport:
    """Build into a folder that is claimed; errors are those of ``build``."""
    manifest, knowledge = plan.manifest, plan.knowledge
    sources, base_iri, limits = manifest.sources, manifest.base_iri, manifest.limits
    settings = Settings(manifest.ontology, manifest.model, Origin.of(manifest.model, knowledge.digest), limits)
    kept = RecordCache(out, settings.origin, limits)
    with replacing(out) as folder:
        read = read_sources(sources, settings, kept, workers=workers, dask=dask, progress=progress)
        _require_read(sources, read)
        opener = _opener(sources, limits)
        revised = revise(read.records, plan.decisions, knowledge, base_iri=base_iri, open_document=opener)
        records, identities = revised.records, revised.identities
        quads = to_quads(records, identities, knowledge, base_iri=base_iri, run=read.run)
        quads += correction_quads(revised.outcomes, knowledge, base_iri=base_iri)
        with writing(out):
            write_graph(quads, folder / "graph.ttl")
            write_store(quads, folder / "store", file=folder / "graph.ttl")
            found = _texts(sources, records, limits)
            write_pages(quads, folder, texts=found, stages=knowledge.stages, ontology=manifest.ontology)
            write_manifest(manifest, folder)
    kept.prune()
    misfits = find_misfits(records, identities, knowledge)
    report = _report(out, records, read.unread, quads, knowledge, misfits, revised.outcomes)
    return replace(report, unchanged=read.unchanged)


def _opener(sources: Sequence[Source], limits: Limits) -> Callable[[str], Document]:
    """Lay out again a document that was read, by its identifier."""
    by_identifier = {source.identifier: source for source in sources}
    return lambda identifier: read_document(by_identifier[identifier], limits)


def find_coverage(
    texts: Sequence[Path],
    *,
    ontology: Path | None = None,
    model: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Coverage]:
    """Read files and folders anew, and go through the sentences of each document.

    Raises:
        InputError: a text cannot be read, or the model is not installed.
        OntologyError: the ontology folder is broken.
    """
    reader = load_reader(ontology, model)
    for source in find_documents(texts):
        document = read_document(source, limits)
        yield cover(reader.read(document), document.text)


def _require_read(sources: Sequence[Source], read: Extraction) -> None:
    """Take a failure of a file that was named, or of all, for an error."""
    named = {source.identifier for source in sources if source.named}
    for failure in read.unread:
        if failure.identifier in named or not read.records:
            raise InputError(failure.reason)


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


def _report(
    out: Path,
    records: Sequence[DocumentRecord],
    unread: Sequence[Unread],
    quads: Sequence[ox.Quad],
    knowledge: Ontology,
    misfits: Sequence[Misfit],
    outcomes: tuple[Outcome, ...],
) -> BuildReport:
    said: dict[str, dict[object, str]] = {name: {} for name in COUNTED}
    for quad in quads:
        if quad.predicate.value in said and isinstance(quad.object, ox.NamedNode):
            said[quad.predicate.value][quad.subject] = quad.object.value
    classes = Counter(said[RDF + "type"].values())
    skipped = Counter(reason for record in records for reason in silent_sentences(record).values())
    skipped.update(m.reason for m in misfits)
    statements = Counter(
        (relation.removeprefix(knowledge.namespace), said[KZ + "modality"][node].removeprefix(KZ))
        for node, relation in said[RDF + "predicate"].items()
    )
    return BuildReport(
        files=tuple(sorted(path for path in out.iterdir() if path.suffix in (".ttl", ".html"))),
        documents=tuple(record.identifier for record in records),
        notes=tuple((record.identifier, note) for record in records for note in record.notes),
        unread=tuple(unread),
        entities={
            name: classes[iri] for name in sorted(knowledge.classes) if classes[iri := knowledge.namespace + name]
        },
        statements=dict(sorted(statements.items())),
        observations=classes[KZ + "Observation"],
        quotes=classes[KZ + "Quote"],
        sentences_skipped=dict(sorted(skipped.items())),
        corrections=outcomes,
    )
