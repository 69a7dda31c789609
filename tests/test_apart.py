"""A query in a process of its own: what it may take is bounded, it leaves nothing behind, and a part is no answer."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kzai_graph import sparql
from kzai_graph.errors import QueryError, QueryLimitError
from kzai_graph.sparql import Answer, Kind, apart, run_query
from kzai_graph.store import write_store

NODE = ox.NamedNode("https://example.org/quay")
TERMS: Sequence[ox.NamedNode | ox.Literal] = [
    NODE,
    ox.Literal("tide\t\"high\"\r\n\\ \x00\x07 '''  \U0001f30a"),
    ox.Literal("", language="en-gb"),
    ox.Literal("12.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ox.Literal("2031-05", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")),
    ox.Literal("of its own", datatype=NODE),
]
PRODUCT = "SELECT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?q ?r ?s . ?t ?u ?v }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("apart") / "store"
    write_store([ox.Quad(NODE, NODE, term, NODE) for term in [*TERMS, *map(ox.Literal, range(40))]], folder)
    return folder


def test_terms_come_back_as_the_engine_has_them(store: Path) -> None:
    asked = "SELECT ?o ?none { ?s ?p ?o } ORDER BY ?o"
    solutions = ox.Store.read_only(str(store)).query(asked)
    assert isinstance(solutions, ox.QuerySolutions)
    rows = tuple(tuple(solution) for solution in solutions)
    assert run_query(asked, store) == Answer(Kind.SELECT, ("o", "none"), rows)
    assert {row[0] for row in rows} >= {NODE, ox.Literal("of its own", datatype=NODE)}
    made = run_query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", store)
    assert {row[2] for row in made.rows} == {row[0] for row in rows}
    assert [str(row) for row in made.rows] == sorted(map(str, made.rows))


def test_triple_as_a_term_is_shown_as_text(store: Path) -> None:
    (row,) = run_query("SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?t) {}", store).rows
    assert row[0] is not None
    assert row[0].value.startswith("<urn:a> <urn:b> ")


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_rows_beyond_the_limit_are_cut_off(store: Path, rows: int) -> None:
    found = run_query("SELECT ?n { VALUES ?n { 1 2 3 } }", store, max_rows=rows)
    assert (len(found.rows), found.truncated) == (rows, rows < 3)


def test_query_without_end_is_ended_and_leaves_no_process(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def begin(*given: Any, **how: Any) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen(*given, **how))
        return begun[-1]

    monkeypatch.setattr(apart, "Popen", begin)
    cut = run_query(PRODUCT, store, max_rows=500)
    assert (len(cut.rows), cut.truncated) == (500, True)
    with pytest.raises(QueryLimitError, match=r"took longer than 0\.5 s"):
        run_query(f"SELECT (COUNT(*) AS ?n) {{ {{ {PRODUCT} }} }}", store, timeout_s=0.5)
    assert [process.returncode for process in begun] == [-signal.SIGKILL] * 2


def test_answer_longer_than_is_read_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MAX_ANSWER_BYTES", 100_000)
    with pytest.raises(QueryLimitError, match="longer than 100,000 bytes"):
        run_query(PRODUCT, store)


def test_memory_is_bounded(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql, "QUERY_MEMORY_BYTES", 1 << 24)
    with pytest.raises(QueryLimitError, match="memory"):
        run_query(f"{PRODUCT} ORDER BY ?a", store)


def test_answer_that_breaks_off_is_none(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending = "import os\nos.write(1, b'ready\\ntriples\\n<urn:a> <urn:b> <urn:c> .\\n')\nos._exit(9)"
    monkeypatch.setattr(apart, "COMMAND", (*apart.COMMAND[:-1], "-c", ending))
    with pytest.raises(QueryError, match="the query engine stopped: exit 9"):
        run_query("CONSTRUCT WHERE { ?s ?p ?o }", store)


def test_process_that_does_not_start_is_said(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", (*apart.COMMAND[:-1], "-c", "raise ImportError('no engine')"))
    with pytest.raises(QueryError, match="the query engine stopped: ImportError: no engine"):
        run_query(f"SELECT ?s {{ ?s ?p ?o }} # {'wide ' * 100_000}", store)
