"""Ask a graph a SPARQL query that can neither write, nor reach out, nor run on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kzai_graph.errors import GraphError, QueryError, QueryLimitError
from kzai_graph.sparql.answer import Answer, Kind
from kzai_graph.sparql.apart import ask_apart
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
    request: dict[str, Any] = {
        "graphs": [[str(path), graph_format(path)] for path in (graph, *beside)],
        "query": text,
        "holds_union": holds_union(graph),
        "dataset": None if dataset is None else asdict(dataset),
        "cpu_s": int(timeout_s) + 1,
        "memory_bytes": QUERY_MEMORY_BYTES,
    }
    asked = graph.stat().st_ino
    try:
        return ask_apart(request, name=name, timeout_s=timeout_s, max_rows=max_rows)
    except QueryLimitError:
        raise
    except (GraphError, QueryError):
        if not graph.exists() or graph.stat().st_ino == asked:
            raise
        return ask_apart(request, name=name, timeout_s=timeout_s, max_rows=max_rows)


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
