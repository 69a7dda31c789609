"""The store that a build writes holds what the Turtle file holds, and answers alike."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph.errors import GraphError
from kzai_graph.inquiry import Graph
from kzai_graph.sparql import child, run_query, shipped_questions
from kzai_graph.store import VERSION_FILE, write_store

NODE = ox.NamedNode("https://example.org/quay")
QUADS = [ox.Quad(NODE, NODE, NODE, NODE), ox.Quad(NODE, NODE, ox.Literal("tide"), NODE)]


def test_store_of_a_build_answers_as_its_file_does(seeds_out: Path) -> None:
    triples = {(q.subject, q.predicate, q.object) for q in Graph(seeds_out / "store").quads()}
    assert triples == {(q.subject, q.predicate, q.object) for q in Graph(seeds_out / "graph.ttl").quads()}
    for question in shipped_questions():
        path = question.path
        assert run_query(path, seeds_out / "store") == run_query(path, seeds_out / "graph.ttl"), question.name


def test_store_keeps_named_graphs(tmp_path: Path) -> None:
    write_store(QUADS, tmp_path / "store")
    assert set(Graph(tmp_path / "store").quads()) == set(QUADS)
    with pytest.raises(GraphError, match="cannot be written"):
        write_store(QUADS, tmp_path / "store")


@pytest.mark.parametrize(
    ("said", "complaint"), [('{"version": 2}', "newer than 1"), ("{}", "holds no version"), ("", "holds no version")]
)
def test_version_that_is_newer_or_none_is_refused(tmp_path: Path, said: str, complaint: str) -> None:
    write_store(QUADS, tmp_path / "store")
    (tmp_path / "store" / VERSION_FILE).write_text(said, encoding="utf-8")
    for ask in (lambda: list(Graph(tmp_path / "store").quads()), lambda: run_query("ASK {}", tmp_path / "store")):
        with pytest.raises(GraphError, match=complaint):
            ask()


def test_folder_that_is_no_store_or_is_cut_short_is_refused(tmp_path: Path) -> None:
    write_store(QUADS, tmp_path / "store")
    (tmp_path / "store" / "CURRENT").unlink()
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "store", tmp_path / "empty"):
        with pytest.raises(GraphError, match="cannot be read as a graph"):
            run_query("ASK {}", folder)


def test_store_of_many_tables_is_read(tmp_path: Path) -> None:
    """The engine opens some tables at the start, and the others when the query needs them."""
    store = ox.Store(str(tmp_path))
    for number in range(40):
        store.bulk_extend([ox.Quad(NODE, NODE, ox.Literal(f"tide {number}"))])
    del store
    assert len(list(tmp_path.glob("*.sst"))) > child.OTHER_DESCRIPTORS
    assert len(run_query("SELECT ?tide { ?quay ?has ?tide }", tmp_path).rows) == 40


@pytest.mark.parametrize("graph", ["graph.ttl", "store"])
def test_query_that_gets_past_the_refusal_opens_no_connection(seeds_out: Path, graph: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        request = {
            "graphs": [[str(seeds_out / graph), "store" if graph == "store" else "ttl"]],
            "query": f"SELECT * {{ SERVICE <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}",
            "holds_union": True,
            "dataset": None,
            "cpu_s": 20,
            "memory_bytes": 1 << 30,
            "max_rows": 10,
        }
        command = [sys.executable, "-P", child.__file__]
        done = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, check=True)
        assert json.loads(done.stdout.splitlines()[-1])["failed"] == "query"
        with pytest.raises(TimeoutError):
            listener.accept()
