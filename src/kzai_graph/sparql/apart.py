"""Have a query answered in a process of its own, and end that process when it takes too long."""

from __future__ import annotations

import marshal
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO, Any, cast

import pyoxigraph as ox

from kzai_graph.errors import GraphError, QueryError, QueryLimitError
from kzai_graph.sparql import child
from kzai_graph.sparql.answer import Answer, Kind
from kzai_graph.sparql.results import read_solutions, read_triples

MAX_ANSWER_BYTES = 256_000_000
PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
MAX_EXPECTED = 6
# Without the packages that a start of Python looks for, and with the place of the engine: half the time.
COMMAND = (sys.executable, "-S", "-s", "-P", child.__file__)
WITH_ENGINE = {"PYTHONPATH": str(Path(ox.__file__).parents[1])}


def ask_apart(request: Mapping[str, Any], *, name: str, timeout_s: float, max_rows: int) -> Answer:
    """Send a request to a new process (``child``), and read its answer; time counts from when the graph is open.

    Raises:
        GraphError: the graph cannot be read.
        QueryError: the query is broken, or took too long, too much memory, or more bytes than are read.
    """
    overdue = Event()
    with (
        TemporaryFile() as complaints,
        Popen(COMMAND, stdin=PIPE, stdout=PIPE, stderr=complaints, env=os.environ | WITH_ENGINE) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None

        def stop() -> None:
            overdue.set()
            process.kill()

        timer = Timer(timeout_s, stop)
        try:
            with suppress(BrokenPipeError):  # it says below why it ended
                process.stdin.write(marshal.dumps(dict(request)))
                process.stdin.close()
            answer = _read(process.stdout, timer, name, max_rows)
            if answer is not None and answer.truncated:
                process.kill()
                return answer
        except BaseException:
            process.kill()
            raise
        finally:
            timer.cancel()
        code = process.wait()
        if answer is not None and code == 0:
            return answer
        complaints.seek(0)
        said = complaints.read().decode("utf-8", "replace").strip()
    if overdue.is_set():
        raise QueryLimitError(f"{name}: took longer than {timeout_s:g} s; narrow it, or give it longer with --timeout")
    if code < 0:
        gave_up = f"the query engine gave up (signal {-code})"
        raise QueryLimitError(f"{name}: {gave_up}: too deeply nested, too much memory or time; simplify it")
    raise _error(code, said, name)


class _Bounded:
    """The bytes of an answer, as many as are read of one."""

    def __init__(self, body: IO[bytes], name: str) -> None:
        self.body, self.name, self.left = body, name, MAX_ANSWER_BYTES

    def read(self, size: int = -1) -> bytes:
        data: bytes = self.body.read1(size)  # type: ignore[attr-defined]
        self.left -= len(data)
        if self.left < 0:
            raise QueryLimitError(f"{self.name}: the answer is longer than {MAX_ANSWER_BYTES:,} bytes; narrow it")
        return data


def _read(said: IO[bytes], timer: Timer, name: str, max_rows: int) -> Answer | None:
    """Read what the child says; ``None`` when it ended before it was done."""
    if said.readline() != child.READY:
        return None
    timer.start()
    kind = said.readline()
    body = cast("IO[bytes]", _Bounded(said, name))
    try:
        if kind == child.TRIPLES:
            return read_triples(body, ox.RdfFormat.N_TRIPLES, max_rows)
        if kind == child.RESULTS:
            answer = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
            if isinstance(answer, ox.QueryBoolean):
                return Answer(Kind.ASK, yes=bool(answer))
            return read_solutions(answer, max_rows)
    except SyntaxError:
        return None
    return None


def _error(code: int, said: str, name: str) -> GraphError | QueryError:
    match code:
        case child.NO_GRAPH:
            place, _, message = said.partition("\n")
            return GraphError(f"{place}: cannot be read as a graph ({message}); build it anew")
        case child.NO_SPARQL:
            return QueryError(f"{name}{_syntax(said)}")
        case child.NO_MEMORY:
            return QueryLimitError(f"{name}: needs more memory than a query may have; narrow it")
        case child.NO_ANSWER:
            return QueryError(f"{name}: {' '.join(said.split())}; mend the query")
    return QueryError(f"{name}: the query engine stopped: {said.splitlines()[-1] if said else f'exit {code}'}")


def _syntax(message: str) -> str:
    """The engine's message with its place in front and without its tables of characters."""
    found = PLACE.search(message)
    if not found:
        return f": no valid SPARQL ({message}); mend the query"
    expected = re.split(r", (?![^\[]*\])", " ".join(found[3].split()))
    worded = [e for e in expected if not e.startswith("[")]
    said = [e for e in worded if " " in e.strip('"')] or [f"expected {', '.join(worded[:MAX_EXPECTED])}"]
    return f":{found[1]}:{found[2]}: no valid SPARQL here ({'; '.join(said)}); mend the query"
