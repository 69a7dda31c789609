"""The store that a build writes holds what the Turtle file holds, and answers alike."""

from __future__ import annotations

import marshal
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kzai_graph import sparql
from kzai_graph.check import check
from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.errors import GraphError, QueryError
from kzai_graph.explain import explain
from kzai_graph.inquiry import Graph
from kzai_graph.sparql import Answer, child, run_query, shipped_questions
from kzai_graph.store import VERSION_FILE, StoreWriter, copy_store, write_store
from kzai_graph.terms import KZ

OFFICES = Path(__file__).resolve().parent / "cases" / "queries" / "office_holders" / "data.ttl"
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


def test_store_that_is_changed_holds_what_one_written_anew_would(tmp_path: Path) -> None:
    quay, pier, tide = (ox.NamedNode(f"https://example.org/{name}") for name in ("quay", "pier", "tide"))
    one, two = (ox.Quad(quay, pier, ox.Literal(word), quay) for word in ("one", "two"))
    elsewhere = ox.Quad(two.subject, two.predicate, two.object, pier)
    before = {quay: [one, two], pier: [elsewhere], tide: [ox.Quad(tide, pier, tide, tide)]}
    after = {quay: [one], pier: [elsewhere, ox.Quad(pier, pier, pier, pier)]}
    for name, graphs in (("before", before), ("after", after)):
        write_store([quad for quads in graphs.values() for quad in quads], tmp_path / name)
    for name, changed in (("changed", after), ("same", {pier: after[pier]})):
        with StoreWriter(tmp_path / name, tmp_path / "before") as writer:
            for graph, quads in changed.items():
                writer.replace(graph, quads)
            writer.finish(names=after)
    stores = {path.name: ox.Store.read_only(str(path)) for path in tmp_path.iterdir()}
    assert set(stores["changed"]) == set(stores["after"])
    assert set(stores["changed"].named_graphs()) == {quay, pier}
    assert set(stores["same"]) == {*stores["after"], two}
    held = [quad for quads in before.values() for quad in quads]
    assert set(stores["before"]) == {*held, *(ox.Quad(q.subject, q.predicate, q.object) for q in held)}


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


def test_graphs_of_documents_are_there_beside_the_schema_and_beside_what_rules_infer(tmp_path: Path) -> None:
    write_store(with_document_graphs(Graph(OFFICES).quads()), tmp_path / "store")
    graph = Graph(tmp_path / "store")
    stated = "SELECT DISTINCT ?document { GRAPH ?document { ?s a kz:Statement } ?relation a kz:Relation }"
    schema = f"# Which?\n# Beside: schema\nPREFIX kz: <{KZ}>\n{stated}"
    documents = {term.value for (term,) in graph.query(schema).rows if term is not None}
    assert documents == {quad.graph_name.value for quad in graph.quads() if quad.object.value == KZ + "Statement"}
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    (stated_row,), (inferred_row,) = graph.query(count).rows, graph.query(count, with_inferred=True).rows
    assert int(inferred_row[0].value) == int(stated_row[0].value) + len(graph.inferred())
    rules = "SELECT DISTINCT ?rule { GRAPH ?rule { ?rule a kz:Rule } ?rule a kz:Rule }"
    assert graph.query(f"PREFIX kz: <{KZ}> {rules}", with_inferred=True).rows
    assert run_query(count, tmp_path / "store").rows == (stated_row,), "nothing was written"


def test_store_that_is_opened_whole_holds_a_triple_for_each_graph(tmp_path: Path) -> None:
    write_store(QUADS, tmp_path / "store")
    opened = Graph(tmp_path / "store").load()
    assert len(opened) == 2 * len(QUADS)
    assert len(list(opened.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == len(QUADS)


def test_store_is_explained_and_checked_as_its_file(seeds_out: Path) -> None:
    file, store = seeds_out / "graph.ttl", seeds_out / "store"
    assert explain(store, "Mazhilis") == explain(file, "Mazhilis")
    assert explain(store, "Mazhilis", with_inferred=True) == explain(file, "Mazhilis", with_inferred=True)
    assert check(store) == check(file)


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
        }
        command = [sys.executable, "-P", child.__file__]
        done = subprocess.run(command, input=marshal.dumps(request), capture_output=True, check=False)
        assert done.returncode == child.NO_ANSWER
        assert done.stdout.startswith(child.READY + child.RESULTS)
        with pytest.raises(TimeoutError):
            listener.accept()


def _heads(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kzai_graph", "query", "people/heads", "--format", "csv"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_store_of_out_is_asked_unless_its_file_was_changed(seeds_out: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_out, tmp_path / "out")
    file, store = tmp_path / "out" / "graph.ttl", tmp_path / "out" / "store"
    os.utime(file, (0, 0))
    with_both = _heads(tmp_path)
    assert (with_both.returncode, with_both.stderr) == (0, "")
    assert len(with_both.stdout.splitlines()) > 1
    written = file.read_bytes()
    file.write_bytes(written.replace(b"Yerlan Koshanov", b"Ada Quill"))
    changed = _heads(tmp_path)
    assert changed.stdout == with_both.stdout.replace("Yerlan Koshanov", "Ada Quill") != with_both.stdout
    assert len(changed.stderr.splitlines()) == 1
    assert "differs from what" in changed.stderr
    file.unlink()
    assert (alone := _heads(tmp_path)).stdout == with_both.stdout
    assert not alone.stderr
    file.write_bytes(written)
    (store / "CURRENT").unlink()
    assert _heads(tmp_path).returncode == 2, "it was the store that answered"
    shutil.rmtree(store)
    assert _heads(tmp_path).stdout == with_both.stdout


def test_store_that_says_nothing_of_its_file_is_not_asked(seeds_out: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    shutil.copy(seeds_out / "graph.ttl", tmp_path / "out")
    write_store(QUADS, tmp_path / "out" / "store")
    found = _heads(tmp_path)
    assert "Mazhilis" in found.stdout
    assert "differs from what" in found.stderr


def test_copy_of_a_store_stays_when_another_takes_its_place(seeds_out: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_out / "store", tmp_path / "store")
    copy_store(tmp_path / "store", tmp_path / "copy")
    before = run_query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", tmp_path / "copy")
    shutil.rmtree(tmp_path / "store")
    write_store(QUADS, tmp_path / "store")
    assert run_query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", tmp_path / "copy") == before
    assert run_query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", tmp_path / "store") != before
    with pytest.raises(GraphError, match="cannot be read as a store"):
        copy_store(tmp_path / "nothing", tmp_path / "other")


def test_store_that_a_build_replaces_meanwhile_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_store(QUADS, tmp_path / "store")
    write_store(QUADS[:1], tmp_path / "next")
    ask, asked = sparql.ask_apart, []

    def cut_short(request: dict[str, Any], **how: Any) -> Answer:
        asked.append(request)
        if len(asked) > 1:
            return ask(request, **how)
        (tmp_path / "store").rename(tmp_path / "old")
        (tmp_path / "next").rename(tmp_path / "store")
        raise QueryError("a table is gone")

    monkeypatch.setattr(sparql, "ask_apart", cut_short)
    assert len(run_query("SELECT ?s { ?s ?p ?o }", tmp_path / "store").rows) == 1
    with pytest.raises(QueryError, match="mend the query"):
        run_query("SELECT ?s { ?s ?p }", tmp_path / "store")
    assert len(asked) == 3, "nothing took its place the second time"
