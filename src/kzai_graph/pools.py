"""Processes that read batches of texts: some of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from typing import TYPE_CHECKING

from kzai_graph.errors import InputError, KzaiError

if TYPE_CHECKING:
    from distributed import Client

CONNECT_TIMEOUT_S = 10
WORKERS_TIMEOUT_S = 60
"""So long a cluster may be without a worker: one that died is started again, by whoever watches over it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Takes work; ``size`` tells how many batches are read at once, and raises where nobody reads any more."""

    executor: Executor
    size: Callable[[], int]


@contextmanager
def processes(workers: int) -> Iterator[Pool]:
    """Processes of this machine; when something goes wrong they are ended, whatever they are at.

    Raises:
        InputError: a process was ended from outside.
    """
    others = set(active_children())
    # Spawned processes are the same on all systems, and safe beside threads. A Ctrl-C is for the asking one alone.
    executor = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )
    try:
        yield Pool(executor, lambda: workers)
    except BaseException as error:
        for process in set(active_children()) - others:
            process.terminate()
        if isinstance(error, BrokenProcessPool):
            raise InputError(
                "a process that reads texts was ended, perhaps for want of memory; run it again, with fewer --workers"
            ) from error
        raise
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Pool]:
    """The workers of the cluster whose scheduler has this address; a batch whose worker died goes to another.

    Raises:
        InputError: the package is not installed, no scheduler answers, or it has no workers or loses them; or
            a batch ends each worker that reads it.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError("--dask: the package distributed is missing; install kzai-graph[dask]") from error
    for name in ("distributed", "distributed.client"):  # errors come as exceptions, and are said once
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        raise InputError(
            f"{address}: no Dask scheduler answers there; start one with dask scheduler, or correct --dask"
        ) from error
    with client:
        try:
            yield Pool(client.get_executor(pure=False), lambda: _threads(client, address))
        except KzaiError:
            raise
        except (Exception, CancelledError) as error:
            what = " ".join(str(error).split())
            raise InputError(
                f"{address}: the Dask cluster gave up ({type(error).__name__}: {what}); what was read is kept, run it "
                "again; scheduler and workers need the same kzai-graph as this process"
            ) from error


def _threads(client: Client, address: str) -> int:
    """How many tasks the workers run at once, when there are workers."""
    count: int = sum(client.nthreads().values())
    if count:
        return count
    try:
        client.wait_for_workers(1, timeout=WORKERS_TIMEOUT_S)
    except TimeoutError as error:
        raise InputError(f"{address}: the Dask scheduler has no workers; start some: dask worker {address}") from error
    return _threads(client, address)
