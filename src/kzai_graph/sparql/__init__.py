"""Ask a graph a SPARQL query that can neither write, nor reach out, nor run on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any

import pyoxigraph as ox

from kzai_graph.errors import GraphError, QueryError, QueryLimitError
from kzai_graph.sparql.answer import Answer, Kind, Row, Term
from kzai_graph.sparql.card import Parameter, QuestionCard, bind
from kzai_graph.sparql.catalogue import Question, default_queries, find_query, read_query, shipped_questions
from kzai_graph.sparql.formats import WRITERS, write_answer
from kzai_graph.sparql.shipped import ask_shipped
from kzai_graph.sparql.tokens import refuse_unsafe, substitute
from kzai_graph.store import holds_union, require_known

QUERY_TIMEOUT_S = 30.0
QUERY_MEMORY_BYTES = 1 << 30
MAX_ROWS = 100_000
GRAPH_SUFFIXES = frozenset("ttl trig nt nq rdf jsonld".split())
PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
MAX_EXPECTED = 6

__all__ = [
    "MAX_ROWS",
    "QUERY_TIMEOUT_S",
    "WRITERS",
    "Answer",
    "Dataset",
    "Kind",
    "Parameter",
    "Question",
    "QuestionCard",
    "ask_shipped",
    "default_queries",
    "find_query",
    "graph_format",
    "prepare_query",
    "read_query",
    "run_query",
    "shipped_questions",
    "write_answer",
]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs of a store that a query may read: IRIs of those merged as its default graph, and of the named ones."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def run_query(
    query: str | Path,
    graph: Path,
    *,
    parameters: Mapping[str, str] | None = None,
    beside: Sequence[Path] = (),
    dataset: Dataset | None = None,
    timeout_s: float = QUERY_TIMEOUT_S,
    max_rows: int = MAX_ROWS,
) -> Answer:
    """Answer a query, given as text, as a file, or by the name of a shipped question, from a graph file or a store.

    It runs in a process of its own that opens the graph, the graphs ``beside`` it, and nothing else. Time
    counts from when they are loaded. Without a ``dataset`` the default graph is the union of all. A store in whose
    place a build puts another meanwhile is asked once more.

    Raises:
        GraphError: the graph cannot be read.
        QueryError: the query is broken, refused, lacks a parameter, or took too long or too much memory.
    """
    name, text = prepare_query(query, parameters)
    request: dict[str, object] = {
        "graphs": [[str(path), graph_format(path)] for path in (graph, *beside)],
        "query": text,
        "holds_union": holds_union(graph),
        "dataset": None if dataset is None else asdict(dataset),
        "cpu_s": int(timeout_s) + 1,
        "memory_bytes": QUERY_MEMORY_BYTES,
        "max_rows": max_rows,
    }
    asked = graph.stat().st_ino
    try:
        return _ask(request, name=name, timeout_s=timeout_s)
    except QueryLimitError:
        raise
    except (GraphError, QueryError):
        if not graph.exists() or graph.stat().st_ino == asked:
            raise
        return _ask(request, name=name, timeout_s=timeout_s)


def prepare_query(query: str | Path, parameters: Mapping[str, str] | None = None) -> tuple[str, str]:
    """What to call a query in messages, and its text with the values of its parameters.

    Raises:
        QueryError: it cannot be read, would write or reach out, or lacks a parameter.
    """
    name = str(query) if isinstance(query, Path) else "query"
    text = read_query(find_query(query)) if isinstance(query, Path) else query
    refuse_unsafe(text, name=name)
    return name, substitute(text, bind(text, QuestionCard.of(text), parameters or {}))


def graph_format(graph: Path) -> str:
    """Tell how to open a graph: ``store`` for a folder, else the file's suffix.

    Raises:
        GraphError: there is no such graph, or it is of no known format, or a store of a newer program.
    """
    if graph.is_dir():
        require_known(graph)
        return "store"
    if not graph.exists():
        raise GraphError(f"{graph}: no such graph; make one with kzai-graph build, or name it with --graph")
    suffix = graph.suffix.removeprefix(".").lower()
    if not graph.is_file() or suffix not in GRAPH_SUFFIXES:
        raise GraphError(f"{graph}: no graph file; use one of {', '.join(sorted(GRAPH_SUFFIXES))}")
    return suffix


def _ask(request: dict[str, object], *, name: str, timeout_s: float) -> Answer:
    # Without the packages that a start of Python looks for, and with the place of the engine: half the time.
    command = [sys.executable, "-S", "-s", "-P", str(Path(__file__).with_name("child.py"))]
    environment = {**os.environ, "PYTHONPATH": str(Path(ox.__file__).parents[1])}
    overdue = Event()
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True, env=environment
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None

        def stop() -> None:
            overdue.set()
            child.kill()

        timer = Timer(timeout_s, stop)
        try:
            child.stdin.write(json.dumps(request))
            child.stdin.close()
            answer = _read(child.stdout, timer, name)
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
        child.wait()
        if answer is not None:
            return answer
        complaints.seek(0)
        said = complaints.read().decode("utf-8", "replace").strip().splitlines()
    if overdue.is_set():
        raise QueryLimitError(f"{name}: took longer than {timeout_s:g} s; narrow it, or give it longer with --timeout")
    if child.returncode < 0:
        gave_up = f"the query engine gave up (signal {-child.returncode})"
        raise QueryLimitError(f"{name}: {gave_up}: too deeply nested, too much memory or time; simplify it")
    raise QueryError(f"{name}: the query engine stopped: {said[-1] if said else f'exit {child.returncode}'}")


def _read(lines: IO[str], timer: Timer, name: str) -> Answer | None:
    """Read the child's lines; ``None`` when it ended before it was done."""
    head: dict[str, Any] = {}
    rows: list[Row] = []
    for line in lines:
        if not line.endswith("\n"):
            return None
        said = json.loads(line)
        if isinstance(said, list):
            rows.append(tuple(_term(value) for value in said))
        elif "failed" in said:
            raise _error(said, name)
        elif said.get("state") == "ready":
            timer.start()
        elif "state" in said:
            kind, columns = Kind(head["kind"]), tuple(head.get("columns", ()))
            if kind is Kind.GRAPH:
                # No query orders the triples that it makes.
                rows.sort(key=lambda row: [str(term) for term in row])
            return Answer(kind, columns, tuple(rows), bool(head.get("answer")), said["state"] == "truncated")
        else:
            head = said
    return None


def _term(value: list[str] | None) -> Term | None:
    if value is None:
        return None
    kind, text, *rest = value
    if kind == "iri":
        return ox.NamedNode(text)
    if kind == "blank":
        return ox.BlankNode(text)
    datatype, language = rest
    return ox.Literal(text, language=language) if language else ox.Literal(text, datatype=ox.NamedNode(datatype))


def _error(said: dict[str, Any], name: str) -> GraphError | QueryError:
    match said["failed"]:
        case "graph":
            place = f":{said['line']}" if said.get("line") else ""
            return GraphError(f"{said['graph']}{place}: cannot be read as a graph ({said['message']}); build it anew")
        case "syntax":
            return QueryError(f"{name}{_syntax(said['message'])}")
        case "memory":
            return QueryLimitError(f"{name}: needs more memory than a query may have; narrow it")
    return QueryError(f"{name}: {' '.join(str(said['message']).split())}; mend the query")


def _syntax(message: str) -> str:
    """The engine's message with its place in front and without its tables of characters."""
    found = PLACE.search(message)
    if not found:
        return f": no valid SPARQL ({message}); mend the query"
    expected = re.split(r", (?![^\[]*\])", " ".join(found[3].split()))
    worded = [e for e in expected if not e.startswith("[")]
    said = [e for e in worded if " " in e.strip('"')] or [f"expected {', '.join(worded[:MAX_EXPECTED])}"]
    return f":{found[1]}:{found[2]}: no valid SPARQL here ({'; '.join(said)}); mend the query"
