"""Answer one query in a process that can be killed: no file but the graph, no network, bounded time and memory.

The engine follows SERVICE and cannot be interrupted, so the limits are the operating system's. Reads a
JSON request from standard input; writes JSON lines: what happened, then rows.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import struct
import sys

import pyoxigraph as ox

TYPE_CHECKING = False
if TYPE_CHECKING:  # each import here is time that every query waits
    from collections.abc import Iterator
    from typing import Any, TextIO

MAX_ANSWER_CHARS = 256_000_000
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
Line = dict[str, object] | list[object]


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    out = sys.stdout
    _close_network()
    store = _open(request["graphs"], request["holds_union"], out)
    if store is None:
        return
    _write(out, {"state": "ready"})
    _lock(request["cpu_s"], request["memory_bytes"], _descriptors(request["graphs"]))
    try:
        dataset = request["dataset"]
        # The engine's union repeats a triple that stands in several graphs; where one graph holds all, it is read.
        _answer(store, request["query"], dataset, not request["holds_union"], request["max_rows"], out)
    except SyntaxError as error:
        _write(out, {"failed": "syntax", "message": str(error)})
    except MemoryError:
        _write(out, {"failed": "memory"})
    except (OSError, ValueError, RuntimeError) as error:
        _write(out, {"failed": "query", "message": str(error)})


def _open(graphs: list[list[str]], holds_union: bool, out: TextIO) -> ox.Store | None:
    """One store as it lies on disk, or all graphs together in memory; ``None`` after saying what failed."""
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
            message = {"failed": "graph", "graph": path, "message": str(error)}
            _write(out, message | {"line": getattr(error, "lineno", None)})
            return None
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


def _answer(
    store: ox.Store, query: str, dataset: dict[str, list[str]] | None, union: bool, max_rows: int, out: TextIO
) -> None:
    if dataset is None:
        result = store.query(query, use_default_graph_as_union=union)
    else:
        result = store.query(
            query,
            default_graph=[ox.NamedNode(iri) for iri in dataset["default"]],
            named_graphs=[ox.NamedNode(iri) for iri in dataset["named"]],
        )
    if isinstance(result, ox.QueryBoolean):
        _write(out, {"kind": "ask", "answer": bool(result)})
    elif isinstance(result, ox.QuerySolutions):
        columns = [v.value for v in result.variables]
        _write(out, {"kind": "select", "columns": columns})
        _rows(([solution[c] for c in columns] for solution in result), max_rows, out)
    else:
        _write(out, {"kind": "graph", "columns": ["subject", "predicate", "object"]})
        _rows(([t.subject, t.predicate, t.object] for t in result), max_rows, out)
    _write(out, {"state": "done"})


def _rows(rows: Iterator[list[Any]], max_rows: int, out: TextIO) -> None:
    chars = 0
    for count, row in enumerate(rows):
        if count == max_rows or chars > MAX_ANSWER_CHARS:
            _write(out, {"state": "truncated"})
            return
        chars += _write(out, [_plain(term) for term in row])


def _plain(term: object) -> object:
    if isinstance(term, ox.NamedNode):
        return ["iri", term.value]
    if isinstance(term, ox.BlankNode):
        return ["blank", term.value]
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.datatype.value, term.language]
    return None if term is None else ["literal", str(term), ox.Literal("").datatype.value, None]


def _write(out: TextIO, line: Line) -> int:
    written = out.write(json.dumps(line, ensure_ascii=True) + "\n")
    if isinstance(line, dict):
        out.flush()
    return written


if __name__ == "__main__":
    main()
