"""Answer one query in a process that can be killed: no file but the graph, no network, bounded time and memory.

The engine follows SERVICE and cannot be interrupted, so the limits are the operating system's. Reads a request from
standard input (marshalled: who asks runs the same Python); writes a line when the graph is open, one that says which
kind of answer it is, and the answer as results in JSON or as N-Triples. What fails is said by the exit code.
"""

from __future__ import annotations

import marshal
import os
import resource
import struct
import sys

import pyoxigraph as ox

TYPE_CHECKING = False
if TYPE_CHECKING:  # each import here is time that every query waits
    from typing import BinaryIO, NoReturn

READY, RESULTS, TRIPLES = b"ready\n", b"results\n", b"triples\n"
NO_GRAPH, NO_SPARQL, NO_MEMORY, NO_ANSWER = 3, 4, 5, 6
"""Exit codes; Python itself has 1 and 2."""
STATM = "/proc/self/statm"
OTHER_DESCRIPTORS = 64
"""Files beside those of its tables that the engine has open for a store."""
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2
"""``prctl`` of Linux, and the mode of ``PR_SET_SECCOMP`` that takes a filter."""
CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: its name in the audit headers of Linux, and the number of the call ``socket``."""
IO_URING, FOREIGN_CALLS = 425, 0x40000000
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, NOT_PERMITTED = 0x7FFF0000, 0x00050001


def main() -> None:
    """Answer the request on standard input, and end at once: what is open needs no closing."""
    request = marshal.load(sys.stdin.buffer)
    _close_network()
    store = _open(request["graphs"], request["holds_union"])
    out = sys.stdout.buffer
    out.write(READY)
    out.flush()
    _lock(request["cpu_s"], request["memory_bytes"], _descriptors(request["graphs"]))
    try:
        # The engine's union repeats a triple that stands in several graphs; where one graph holds all, it is read.
        _answer(store, request["query"], request["dataset"], not request["holds_union"], out)
        out.flush()
    except SyntaxError as error:
        _fail(NO_SPARQL, error)
    except MemoryError as error:
        _fail(NO_MEMORY, error)
    except (OSError, ValueError, RuntimeError) as error:
        _fail(NO_ANSWER, error)
    os._exit(0)


def _open(graphs: list[list[str]], holds_union: bool) -> ox.Store:
    """One store as it lies on disk, or all graphs together in memory."""
    store = ox.Store()
    for path, kind in graphs:
        try:
            if kind == "store" and len(graphs) == 1:
                os.chdir(path)  # where it stays, though another may take its place
                return ox.Store.read_only(os.curdir)
            if kind == "store":
                store.bulk_extend(ox.Store.read_only(path))
                continue
            form = ox.RdfFormat.from_extension(kind)
            store.bulk_load(path=path, format=form)
            if holds_union:  # what lies beside a graph that holds all joins it
                store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(path=path, format=form))
        except (OSError, SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            _fail(NO_GRAPH, f"{path}{f':{line}' if line else ''}\n{error}")
    return store


def _close_network() -> None:
    """Give up the right to open a socket, in all threads to come, where the system can take it (Linux seccomp)."""
    machine, socket = CALLS.get(os.uname().machine, (0, 0))
    if sys.platform != "linux" or not machine:
        return
    steps = [
        (LOAD, 0, 0, 4),  # the machine whose numbers of calls are used
        (IF_EQUAL, 0, 4, machine),
        (LOAD, 0, 0, 0),  # the number of the call
        (IF_AT_LEAST, 2, 0, FOREIGN_CALLS),
        (IF_EQUAL, 1, 0, socket),
        (IF_EQUAL, 0, 1, IO_URING),
        (RETURN, 0, 0, NOT_PERMITTED),
        (RETURN, 0, 0, ALLOW),
    ]
    import ctypes  # not for who asks, and imports this module for its names

    written = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(written)))
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    prctl(SECCOMP, FILTER, ctypes.addressof(program), 0, 0)


def _descriptors(graphs: list[list[str]]) -> int:
    """How many files may be open: no more than are, or those of a store, which the engine opens as it needs them."""
    (_, kind), *beside = graphs
    if kind != "store" or beside:
        return 0
    return OTHER_DESCRIPTORS + sum(name.endswith(".sst") for name in os.listdir(os.curdir))


def _lock(cpu_s: int, memory_bytes: int, descriptors: int) -> None:
    """Give up the right to open more, and more time or memory than granted beyond the graph itself."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if (used := _address_space()) is not None:
        resource.setrlimit(resource.RLIMIT_AS, (used + memory_bytes, used + memory_bytes))
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(spent.ru_utime + spent.ru_stime) + cpu_s + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    allowed = descriptors if most == resource.RLIM_INFINITY else min(descriptors, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))


def _address_space() -> int | None:
    """The bytes mapped so far; ``None`` where the system does not say (it does not enforce that limit either)."""
    try:
        with open(STATM, encoding="ascii") as said:
            return int(said.read().split()[0]) * resource.getpagesize()
    except FileNotFoundError:
        return None


def _answer(store: ox.Store, query: str, dataset: dict[str, list[str]] | None, union: bool, out: BinaryIO) -> None:
    """Say what kind of answer it is, and let the engine write it as it finds it."""
    if dataset is None:
        result = store.query(query, use_default_graph_as_union=union)
    else:
        result = store.query(
            query,
            default_graph=[ox.NamedNode(iri) for iri in dataset["default"]],
            named_graphs=[ox.NamedNode(iri) for iri in dataset["named"]],
        )
    if isinstance(result, ox.QueryTriples):
        out.write(TRIPLES)
        result.serialize(out, ox.RdfFormat.N_TRIPLES)
    else:
        out.write(RESULTS)
        result.serialize(out, ox.QueryResultsFormat.JSON)


def _fail(code: int, message: object) -> NoReturn:
    """End, with what is wrong on standard error."""
    sys.stderr.write(str(message))
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
