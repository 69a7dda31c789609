"""The whole way of the data: texts in, a graph with its pages out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kzai_graph.cache import Origin, RecordCache, Settings
from kzai_graph.errors import GraphError, InputError
from kzai_graph.extracting import Extraction, Progress, read_sources
from kzai_graph.keys import digest
from kzai_graph.limits import DEFAULT_LIMITS, Limits
from kzai_graph.manifest import Manifest, write_manifest
from kzai_graph.outputs import claim, replacing, writing
from kzai_graph.package_data import surroundings_digest
from kzai_graph.parts import Parts
from kzai_graph.places import Place, full_address, open_place
from kzai_graph.planning import Plan, prepare
from kzai_graph.sources import Source, find_documents
from kzai_graph.tally import BuildReport
from kzai_graph.terms import KZID

if TYPE_CHECKING:
    from kzai_graph.coverage import Coverage

KEY_CHARS = 64


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
    records: str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Read texts, write ``graph.ttl``, ``store`` and the pages into a folder, and say what was found.

    What reviewers decided is applied after reading: from the file that is given, else from each ``corrections.ttl``
    beside the texts. Texts are read in so many processes, or by the workers of the Dask scheduler whose address is
    given. Their records are kept in the folder; or in ``records``, a folder or an address for fsspec, where who reads
    them puts them. Only what changed since the last build into the folder is read anew. Whatever the order of the
    texts, the number of workers and what was kept, the bytes are the same. A failure leaves what the folder held
    before.

    Raises:
        InputError: a text that was named, or all in a folder, cannot be read; the model is not installed; the base
            IRI is none; the Dask cluster cannot be used; the driver of the records' place is not installed; or a file
            of corrections is broken.
        OntologyError: the ontology folder is broken.
        GraphError: the output folder or the place of the records cannot be written, or another build is writing into
            the folder.
    """
    place = None if records is None else full_address(records)
    plan = prepare(Manifest(tuple(find_documents(texts)), ontology, model, base_iri, corrections, limits, place))
    with claim(out):
        return make(plan, out, workers=workers, dask=dask, progress=progress)


def make(
    plan: Plan, out: Path, *, workers: int = 1, dask: str | None = None, progress: Progress | None = None
) -> BuildReport:
    """Build into a folder that is claimed; errors are those of ``build``."""
    manifest, limits = plan.manifest, plan.manifest.limits
    origin = Origin.of(manifest.model, plan.ontology_digest)
    settings = Settings(manifest.ontology, manifest.model, origin, limits, manifest.records)
    kept = RecordCache(out, origin, limits, place=_prepared(manifest.records))
    with replacing(out) as folder:
        parts = Parts(out, folder, _settings(manifest))
        if not parts.were_made:
            plan.knowledge()  # what is broken is said before anything is read
        read = read_sources(manifest.sources, settings, kept, workers=workers, dask=dask, progress=progress)
        _require_read(manifest.sources, read)
        key = digest([repr(read.run), repr(plan.decisions), *read.records.names], KEY_CHARS)
        report = parts.kept(key)
        if report is None:
            from kzai_graph.making import make_all  # slow to load

            report = make_all(plan, read, parts)
            with writing(out):
                parts.write_ledger(key, report)
        with writing(out):
            write_manifest(manifest, folder)
    kept.prune()
    files = tuple(sorted(path for path in out.iterdir() if path.suffix in (".ttl", ".html")))
    return replace(report, files=files, unread=read.unread, unchanged=read.unchanged)


def _prepared(records: str | None) -> Place | None:
    """The place of the records, made if need be, so that those who read need only write."""
    if records is None:
        return None
    place = open_place(records)
    try:
        place.prepare()
    except OSError as error:
        raise GraphError(f"--records {records}: cannot be made ({error.strerror or error}); choose another") from error
    return place


def _settings(manifest: Manifest) -> str:
    """A digest of all that graph and pages follow from beside records and corrections."""
    surroundings = surroundings_digest(manifest.ontology)
    return digest([surroundings, manifest.base_iri, manifest.ontology is None], KEY_CHARS)


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
    from kzai_graph.batches import load_reader  # slow to load, as all that reads
    from kzai_graph.coverage import cover
    from kzai_graph.documents import read_document

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
