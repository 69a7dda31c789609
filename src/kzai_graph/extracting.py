"""Read documents into records, in this process or in several, and keep each as soon as it is read.

Nothing that is read stays in memory: files are loaded by the batch, so many at a time as keep all processes at work,
and records go to disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from kzai_graph.batches import Settings, Unread, read_batch
from kzai_graph.cache import KeptRecords, Packed, RecordCache
from kzai_graph.documents import Raw, Source, content_digest, load
from kzai_graph.errors import InputError
from kzai_graph.graph import Run
from kzai_graph.outputs import writing

Progress = Callable[[int, int, str], None]
"""Called after each document with how many are done, how many there are, and its identifier."""
BATCH_DOCUMENTS = 16
BATCH_BYTES = 200_000
"""A batch ends with the document that reaches either."""
SHARES = 8
"""Batches for each process where there are few documents: so that none waits long for the last one."""
AHEAD = 2
"""Batches under way for each process: one that it reads, and one that waits for it."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What became of the sources, in their order, with what they were read; ``unchanged`` were kept from before."""

    records: KeptRecords
    unread: tuple[Unread, ...]
    run: Run
    unchanged: int


def read_sources(
    sources: Sequence[Source], settings: Settings, workers: int, records: RecordCache, progress: Progress | None
) -> Extraction:
    """Read each source whose record is not kept, and keep it.

    A record is kept as soon as it is read, so that a build that was interrupted goes on where it stopped.

    Raises:
        InputError: the model is not installed, or a reading process ended or has other settings.
        GraphError: a record cannot be kept.
    """
    versions: dict[str, str] = {}
    for source in sources:
        version = records.find(source.identifier, content_digest(source))
        if version is not None:
            versions[source.identifier] = version
    unchanged = len(versions)
    unread: dict[str, Unread] = {}
    for result in _read([s for s in sources if s.identifier not in versions], settings, workers):
        if isinstance(result, Unread):
            unread[result.identifier] = result
        else:
            with writing(records.folder.parent):
                records.keep(result)
            versions[result.identifier] = result.version
        if progress is not None:
            progress(len(versions) + len(unread), len(sources), result.identifier)
    return Extraction(
        records.records([s.identifier for s in sources if s.identifier in versions]),
        tuple(unread[s.identifier] for s in sources if s.identifier in unread),
        Run(settings.origin.model, max(versions.values(), default="")),
        unchanged,
    )


def _read(sources: Sequence[Source], settings: Settings, workers: int) -> Iterator[Packed | Unread]:
    """Read sources in this process, in their order, or in several, as they come."""
    workers = min(workers, len(sources))
    if workers <= 1:
        for source in sources:
            yield from read_batch(settings, [_load(source)])
        return
    size = min(BATCH_DOCUMENTS, max(1, len(sources) // (workers * SHARES)))
    with _processes(workers) as pool:
        waiting: set[Future[list[Packed | Unread]]] = set()
        for batch in _batches(sources, size):
            waiting.add(pool.submit(read_batch, settings, batch))
            if len(waiting) >= workers * AHEAD:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield from future.result()


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    """Processes of this machine; what waits for them is dropped when something goes wrong."""
    context = get_context("spawn")  # the same on all systems, and safe beside threads
    pool = ProcessPoolExecutor(workers, mp_context=context)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise InputError(
            "a process that reads texts was ended, perhaps for want of memory; run it again, with fewer --workers"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(sources: Sequence[Source], size: int) -> Iterator[list[Raw | Unread]]:
    batch: list[Raw | Unread] = []
    weight = 0
    for source in sources:
        batch.append(loaded := _load(source))
        weight += len(loaded.data) if isinstance(loaded, Raw) else 0
        if len(batch) >= size or weight >= BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _load(source: Source) -> Raw | Unread:
    try:
        return load(source)
    except InputError as error:
        return Unread(source.identifier, str(error))
