"""Read documents into records, in this process or in several, and keep each as soon as it is read.

Nothing that is read stays in memory: files are loaded by the batch, so many at a time as keep all processes at work,
and records go to disk.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass

from kzai_graph.cache import KeptRecords, Packed, RecordCache, Settings
from kzai_graph.errors import InputError
from kzai_graph.limits import Limits
from kzai_graph.model import Run
from kzai_graph.outputs import writing
from kzai_graph.sources import Raw, Source, Unread, content_digest, load

Progress = Callable[[int, int, str], None]
"""Called after each document with how many are done, how many there are, and its identifier."""
BATCH_DOCUMENTS = 16
BATCH_BYTES = 200_000
"""A batch ends with the document that reaches either."""
SHARES = 8
"""Batches for each process where there are few documents: so that none waits long for the last one."""
AHEAD = 2
"""Batches under way for each process: one that it reads, and one that waits for it."""
LOOK_S = 5.0
"""How long to wait before a look at whether anyone is left to read."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What became of the sources, in their order, with what they were read; ``unchanged`` were kept from before."""

    records: KeptRecords
    unread: tuple[Unread, ...]
    run: Run
    unchanged: int


def read_sources(
    sources: Sequence[Source],
    settings: Settings,
    records: RecordCache,
    *,
    workers: int = 1,
    dask: str | None = None,
    progress: Progress | None = None,
) -> Extraction:
    """Read each source whose record is not kept, and keep it: in so many processes, or on a Dask cluster.

    A record is kept as soon as it is read, so that a build that was interrupted goes on where it stopped.

    Raises:
        InputError: the model is not installed; no cluster answers at the address; or a process that reads was ended,
            or has another program, model or ontology.
        GraphError: a record cannot be kept, or looked for.
    """
    versions: dict[str, str] = {}
    for source in sources:
        version = records.find(source.identifier, content_digest(source, settings.limits))
        if version is not None:
            versions[source.identifier] = version
    unchanged = len(versions)
    unread: dict[str, Unread] = {}
    rest = [source for source in sources if source.identifier not in versions]
    with closing(_read(rest, settings, workers, dask)) as results:
        for result in results:
            if isinstance(result, Unread):
                unread[result.identifier] = result
            else:
                with writing(records.out):
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


def _read(
    sources: Sequence[Source], settings: Settings, workers: int, dask: str | None
) -> Generator[Packed | Unread, None, None]:
    """Read sources in this process, in their order, or in several, as they come."""
    if not sources:
        return
    from kzai_graph.batches import read_batch  # slow to load, as all that reads

    workers = min(workers, len(sources))
    if dask is None and workers <= 1:
        for source in sources:
            yield from read_batch(settings, [_load(source, settings.limits)])
        return
    from kzai_graph.pools import cluster, processes

    with cluster(dask) if dask is not None else processes(workers) as pool:
        waiting: set[Future[list[Packed | Unread]]] = set()
        size = min(BATCH_DOCUMENTS, max(1, len(sources) // (pool.size() * SHARES)))
        for batch in _batches(sources, size, settings.limits):
            waiting.add(pool.executor.submit(read_batch, settings, batch))
            while len(waiting) >= pool.size() * AHEAD:
                waiting = yield from _finished(waiting)
        while waiting:
            pool.size()
            waiting = yield from _finished(waiting)


def _finished(
    waiting: set[Future[list[Packed | Unread]]],
) -> Generator[Packed | Unread, None, set[Future[list[Packed | Unread]]]]:
    """Yield what has been read, after a wait, and return what has not."""
    done, rest = wait(waiting, timeout=LOOK_S, return_when=FIRST_COMPLETED)
    for future in done:
        yield from future.result()
    return rest


def _batches(sources: Sequence[Source], size: int, limits: Limits) -> Iterator[list[Raw | Unread]]:
    batch: list[Raw | Unread] = []
    weight = 0
    for source in sources:
        batch.append(loaded := _load(source, limits))
        weight += len(loaded.data) if isinstance(loaded, Raw) else 0
        if len(batch) >= size or weight >= BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _load(source: Source, limits: Limits) -> Raw | Unread:
    try:
        return load(source, limits)
    except InputError as error:
        return Unread(source.identifier, str(error))
