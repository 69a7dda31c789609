"""The store that a build writes holds what the Turtle file holds, and answers alike."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph.errors import GraphError
from kzai_graph.inquiry import Graph
from kzai_graph.sparql import run_query, shipped_questions
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
