"""What is made of one document is kept, made again where it must be, and put together as if never parted."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph import settling
from kzai_graph.building import build
from kzai_graph.graph import DocumentGraph
from kzai_graph.increments import add
from kzai_graph.inquiry import Graph
from kzai_graph.keeping import Kept
from kzai_graph.making import KEPT
from kzai_graph.pieces import Piece, Whole
from kzai_graph.turtle import to_turtle
from kzai_graph.view.collect import number, read_facts

PIER = "Peru's Ministry of Energy launched the Lantern programme on 3 May 2031."
QUAY = "Kelp Robotics, a Norwegian firm, uses machine learning in Oslo."
FIRM = "Ada Quill, head of Tidal Works, said: “We want every quay to be lit.”"


def _values(folder: Path, names: str, settings: str = "s") -> tuple[list[object], list[str]]:
    """The values of some names, and which had to be made, in one run."""
    made: list[str] = []

    def make(name: str) -> list[object]:
        made.append(name)
        return [name, {"“Ü”": 2.5, "none": None, "half a pair": "\ud800"}]

    with Kept(folder / "old", folder / "new", settings) as kept:
        found = [kept.value(f"key of {name}", lambda name=name: make(name)) for name in names]
    (folder / "new").replace(folder / "old")
    return found, made


def test_values_are_kept_for_one_run_after_the_other(tmp_path: Path) -> None:
    first, made = _values(tmp_path, "abc")
    assert (made, first[0]) == (["a", "b", "c"], ["a", {"“Ü”": 2.5, "none": None, "half a pair": "\ud800"}])
    assert _values(tmp_path, "abd") == ([first[0], first[1], ["d", first[0][1]]], ["d"])  # type: ignore[index]
    assert _values(tmp_path, "ac")[1] == ["c"], "what a run does not ask for goes"
    assert _values(tmp_path, "ac", settings="t")[1] == ["a", "c"]


def test_broken_values_are_made_again(tmp_path: Path) -> None:
    first, _ = _values(tmp_path, "ab")
    whole = (tmp_path / "old").read_bytes()
    for at in range(0, len(whole), 7):
        (tmp_path / "old").write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        assert _values(tmp_path, "ab")[0] == first
        (tmp_path / "old").write_bytes(whole[:at])
        assert _values(tmp_path, "ab") == (first, ["a", "b"])


def test_pieces_of_graphs_make_the_whole(seeds_out: Path) -> None:
    quads = sorted(Graph(seeds_out / "store").quads(), key=lambda quad: str(quad.graph_name))
    whole = Whole()
    for name, found in groupby(quads, key=lambda quad: quad.graph_name):
        assert isinstance(name, ox.NamedNode)
        whole.add(Piece.of(DocumentGraph(name, list(found))))
    assert "".join(whole.to_turtle()) == to_turtle(quads) == (seeds_out / "graph.ttl").read_text(encoding="utf-8")
    assert whole.triples == len({(quad.subject, quad.predicate, quad.object) for quad in quads})
    assert number(whole.said) == read_facts(quads)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, sentence in (("pier", PIER), ("quay", QUAY), ("firm", FIRM)):
        (folder / f"{name}.txt").write_text(f"A pier\n\n{sentence}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Moen Boats opened a yard in Cork in May 2031.", {"more.txt"}),
        ("Kelp Robotics Inc. opened a yard in Cork in May 2031.", {"more.txt", "quay.txt"}),
    ],
    ids=["about others", "another name of the firm"],
)
def test_only_graphs_that_change_are_made(
    texts: Path, tmp_path: Path, sentence: str, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    more = tmp_path / "more.txt"
    more.write_text(f"A yard\n\n{sentence}\n", encoding="utf-8")
    made: list[str] = []
    write = settling.graph_of

    def noting(record: object, *rest: object, **named: object) -> DocumentGraph:
        made.append(record.identifier)  # type: ignore[attr-defined]
        return write(record, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(settling, "graph_of", noting)
    monkeypatch.setattr("kzai_graph.making.MIN_SAME", 0.0)
    add([more], out=out)
    assert sorted(made) == sorted(expected)
    build([texts, more], out=tmp_path / "fresh")
    for name in ("graph.ttl", "index.html", "read/quay.txt.html"):
        assert (out / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_what_was_kept_may_be_deleted_or_broken(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    graph = (out / "graph.ttl").read_bytes()
    for spoil in (lambda: (out / KEPT).unlink(), lambda: (out / KEPT).write_bytes(b"?" * 100)):
        (out / "graph.ttl").unlink()
        spoil()
        build([texts], out=out)
        assert (out / "graph.ttl").read_bytes() == graph
