"""Read documents into records, in this process or in several, and keep each as soon as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from kzai_graph.cache import Kept, RecordCache
from kzai_graph.documents import Source, content_digest, read_document
from kzai_graph.errors import InputError
from kzai_graph.graph import Run
from kzai_graph.model import DEFAULT_MODEL, DocumentRecord
from kzai_graph.ontology import load_ontology
from kzai_graph.outputs import writing

if TYPE_CHECKING:
    from kzai_graph.reading import Reader

Progress = Callable[[int, int, str], None]
"""Called after each document with how many are done, how many there are, and its identifier."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be read, and why."""

    identifier: str
    reason: str


def read_sources(
    sources: Sequence[Source],
    ontology: Path | None,
    model: str | None,
    workers: int,
    records: RecordCache,
    progress: Progress | None,
) -> tuple[list[DocumentRecord | Unread], Run, int]:
    """Each source as its record, in their order; with what they were read, and how many were kept from before.

    A record is kept as soon as it is read, so that a build that was interrupted goes on where it stopped.
    """
    found: dict[str, DocumentRecord | Unread] = {}
    versions: set[str] = set()
    for source in sources:
        kept = records.get(source.identifier, content_digest(source))
        if kept is not None:
            found[source.identifier] = kept.record
            versions.add(kept.version)
    unchanged = len(found)
    rest = [source for source in sources if source.identifier not in found]
    for source, (result, version) in zip(rest, _results(rest, ontology, model, workers), strict=True):
        found[source.identifier] = result
        if isinstance(result, DocumentRecord):
            versions.add(version)
            with writing(records.folder.parent):
                records.put(Kept(version, result))
        if progress is not None:
            progress(len(found), len(sources), source.identifier)
    run = Run(model or DEFAULT_MODEL, max(versions, default=""))
    return [found[source.identifier] for source in sources], run, unchanged


def _results(
    sources: Sequence[Source], ontology: Path | None, model: str | None, workers: int
) -> Iterator[tuple[DocumentRecord | Unread, str]]:
    """Read sources in this process or in several; each with the version of the pipeline."""
    tasks = [(source, ontology, model) for source in sources]
    if min(workers, len(tasks)) <= 1:
        yield from map(_read_one, tasks)
        return
    context = get_context("spawn")  # the same on all systems, and safe beside threads
    with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=context) as pool:
        yield from pool.map(_read_one, tasks)


def _read_one(task: tuple[Source, Path | None, str | None]) -> tuple[DocumentRecord | Unread, str]:
    source, ontology, model = task
    reader = load_reader(ontology, model)
    try:
        document = read_document(source)
    except InputError as error:
        return Unread(source.identifier, str(error)), reader.pipeline.version
    return reader.read(document), reader.pipeline.version


@cache
def load_reader(ontology: Path | None, model: str | None) -> Reader:
    """Load model and ontology once in each process, and spaCy only where something is to be read."""
    from kzai_graph.language import load_pipeline
    from kzai_graph.reading import Reader

    return Reader(load_pipeline(model), load_ontology(ontology))
