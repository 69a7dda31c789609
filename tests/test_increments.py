"""A second build reads what changed, and gives the bytes of a build from nothing."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kzai_graph import making
from kzai_graph.batches import read_batch
from kzai_graph.building import build
from kzai_graph.cache import FOLDER, Origin, RecordCache, Settings, pack
from kzai_graph.converting import seal
from kzai_graph.errors import GraphError, InputError, OntologyError
from kzai_graph.increments import add, remove
from kzai_graph.inquiry import Graph
from kzai_graph.making import MIN_SAME
from kzai_graph.manifest import MANIFEST, Manifest
from kzai_graph.model import DocumentRecord, Evidence, Metadata, Observation, Span, Statement, Zone
from kzai_graph.ontology import default_ontology, load_ontology
from kzai_graph.parts import LEDGER
from kzai_graph.planning import prepare
from kzai_graph.sources import find_documents
from kzai_graph.terms import KZID

SENTENCES = (
    "Peru's Ministry of Energy launched the Lantern programme on 3 May 2031.",
    "Ada Quill, Minister of Energy of Peru, said: “We want every pier to be lit.”",
    "Kelp Robotics, a Peruvian firm, uses machine learning in Lima.",
    "Ghana's Ministry of Energy will launch the Tidal Table programme by 2033.",
    "The Lantern programme covers 41 piers and cost 2.5 million dollars.",
)

CORRECTION = """
@prefix kz: <https://w3id.org/kzai/ontology#> .
@prefix kzid: <https://w3id.org/kzai/id/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

kzid:reviewer-ida a prov:Person ; rdfs:label "Ida Sand" .
kzid:correction-1 a kz:Rejection ; rdfs:comment "They said it and dropped it." ;
    kz:document "o.txt" ; kz:sentence "Ghana's Ministry of Energy will launch the Tidal Table programme by 2033." ;
    kz:subjectWords "Ministry of Energy" ; kz:relation kz:launched ; kz:objectWords "Tidal Table programme" ;
    prov:wasAttributedTo kzid:reviewer-ida ; prov:generatedAtTime "2031-06-01"^^xsd:date .
"""


def _text(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _seen(out: Path) -> list[Path]:
    found = (path for path in out.rglob("*") if path.is_file())
    return [path for path in found if not path.relative_to(out).parts[0].startswith(".")]


def _bytes(out: Path) -> dict[str, bytes]:
    found = {path.relative_to(out): path for path in _seen(out)}
    return {str(name): path.read_bytes() for name, path in found.items() if name.parts[0] != "store"}


def _records(out: Path) -> set[str]:
    return {path.name for path in (out / FOLDER).iterdir()}


def test_record_comes_back_as_it_was(tmp_path: Path) -> None:
    evidence = (Evidence(Span(0, 9), "kz:f", Span(1, 2), 0.9, cues=(Span(3, 4),)),)
    record = DocumentRecord(
        "a.txt",
        "ab",
        "utf-8",
        Metadata(title="“Ü”"),
        ((Span(0, 9), Zone.BODY),),
        statements=(Statement("a", "funds", "b", amount=Decimal("2.50"), evidence=evidence),),
        observations=(
            Observation(Decimal("4.5"), Span(0, 1)),
            Observation("Y", Span(2, 3)),
            Observation(None, Span(4, 5)),
        ),
        anchors={Span(0, 9): "some text"},
        notes=("one",),
        fingerprint=b"\x00\xff",
    )
    content = sha256(b"whatever").hexdigest()
    record = replace(record, content=content)
    origin = Origin("p", "m", "1.0", "o")
    cache = RecordCache(tmp_path, origin)
    cache.keep(pack(record, "2.0"))
    assert cache.find("a.txt", content) == "2.0"
    [found] = cache.records(["a.txt"])
    assert (found, list(found.notes)) == (record, ["one"])
    assert cache.find("b.txt", content) is None
    assert cache.find("a.txt", content[::-1]) is None
    for other in (Origin("q", "m", "1.0", "o"), Origin("p", "n", "1.0", "o"), Origin("p", "m", "1.0", "x")):
        assert RecordCache(tmp_path, other).find("a.txt", content) is None


def test_record_that_breaks_after_it_was_found_is_said(texts: Path, tmp_path: Path) -> None:
    def spoil(done: int, total: int, name: str) -> None:
        for path in (tmp_path / "out" / FOLDER).iterdir():
            path.write_bytes(b"")

    with pytest.raises(GraphError, match="went or broke since it was written"):
        build([texts], out=tmp_path / "out", progress=spoil)


def test_processes_that_read_must_have_what_the_asking_one_has(texts: Path) -> None:
    origin = Origin.of(None, load_ontology().digest)
    for change, said in (
        ({"program": "another"}, r"another program \(\w{12} for another\)"),
        ({"model_version": "9.9"}, r"another model version \(3\.8\.0 for 9\.9\)"),
        ({"ontology": "another"}, r"another ontology \(\w{12} for another\)"),
    ):
        with pytest.raises(InputError, match=said):
            read_batch(Settings(None, None, replace(origin, **change)), [])


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, sentence in enumerate(SENTENCES[:3]):
        (folder / f"{number}.txt").write_text(f"A pier\n\n{sentence}\n", encoding="utf-8")
    return folder


def test_only_what_changed_is_read(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read: list[str] = []

    def run() -> int:
        read.clear()
        return build([texts], out=out, progress=lambda done, total, name: read.append(name)).unchanged

    assert (run(), read) == (0, ["0.txt", "1.txt", "2.txt"])
    first = _bytes(out)
    assert (run(), read) == (3, [])
    assert _bytes(out) == first
    (texts / "1.txt").write_text(f"A pier\n\n{SENTENCES[3]}\n", encoding="utf-8")
    (texts / "2.txt").unlink()
    assert (run(), read) == (1, ["1.txt"])
    assert len(_records(out)) == 2


def test_unchanged_texts_load_nothing_that_reads_or_makes(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    code = (
        "import sys; from pathlib import Path; from kzai_graph import build; from kzai_graph.ontology import _load; "
        f"build([Path({str(texts)!r})], out=Path({str(out)!r})); "
        "print(*sorted(sys.modules.keys() & {'spacy', 'kzai_graph.documents', 'kzai_graph.graph', 'jinja2'}), "
        "_load.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n", "neither modules nor the ontology"


def test_ontology_that_broke_is_said_before_anything_is_read(texts: Path, tmp_path: Path) -> None:
    out, ontology = tmp_path / "out", tmp_path / "ontology"
    shutil.copytree(default_ontology(), ontology)
    build([texts], out=out, ontology=ontology)
    before = _bytes(out)
    (ontology / "kzai.ttl").write_text("nothing", encoding="utf-8")
    with pytest.raises(OntologyError, match="no valid Turtle"):
        build([texts], out=out, ontology=ontology, progress=lambda *_: pytest.fail("a text was read"))
    assert _bytes(out) == before


def test_ontology_that_changes_meanwhile_is_said(texts: Path, tmp_path: Path) -> None:
    ontology = tmp_path / "ontology"
    shutil.copytree(default_ontology(), ontology)
    plan = prepare(Manifest(tuple(find_documents([texts])), ontology, None, KZID, None))
    assert plan.knowledge().digest == plan.ontology_digest
    with (ontology / "kzai.ttl").open("a", encoding="utf-8") as schema:
        schema.write("# later\n")
    with pytest.raises(OntologyError, match="changed while it was used"):
        plan.knowledge()


def _made(out: Path) -> dict[str, int]:
    """When each file was made: one that is made anew has another number."""
    return {str(path.relative_to(out)): path.stat().st_ino for path in _seen(out)}


def test_what_is_there_is_not_made_again(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (texts / "o.txt").write_text(f"A pier\n\n{SENTENCES[3]}\n", encoding="utf-8")
    (texts / "corrections.ttl").write_text(CORRECTION, encoding="utf-8")
    first, made = build([texts], out=out), _made(out)
    assert len(first.corrections) == 1
    assert build([texts], out=out) == replace(first, unchanged=4)
    assert _made(out) == made
    (texts / "corrections.ttl").unlink()
    assert build([texts], out=out).corrections == ()
    assert _made(out)["graph.ttl"] != made["graph.ttl"]


def test_page_of_a_document_is_kept_until_what_it_shows_changes(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    made = _made(out)
    later = _text(texts / "3.txt", f"A pier\n\n{SENTENCES[1]}\n")
    add([later], out=out)
    assert _made(out)["read/1.txt.html"] == made["read/1.txt.html"]
    assert _made(out)["read/0.txt.html"] == made["read/0.txt.html"]
    (out / "read" / "1.txt.html").write_bytes(b"spoilt")
    _text(later, "A pier\n\nPeru's Ministry of Energy (MoE) bought Kelp Robotics on 5 May 2031.\n")
    add([later], out=out)
    assert _made(out)["read/0.txt.html"] == made["read/0.txt.html"]
    build([texts], out=tmp_path / "fresh")
    assert _bytes(out) == _bytes(tmp_path / "fresh")


SPOILT: dict[str, Callable[[Path], object]] = {
    "changed": lambda out: (out / "graph.ttl").write_bytes((out / "graph.ttl").read_bytes() + b"\n"),
    "gone": lambda out: (out / "read" / "1.txt.html").unlink(),
    "in the way": lambda out: (out / "read" / "9.txt.html").write_bytes(b"stale"),
    "table of the store": lambda out: next((out / "store").glob("*.sst")).write_bytes(b""),
    "broken ledger": lambda out: (out / LEDGER).write_bytes(b"?"),
    "older program": lambda out: (out / LEDGER).write_bytes(seal(b"another program\n{}")),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_was_spoilt_is_made_again(texts: Path, tmp_path: Path, case: str) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    first, held = _bytes(out), set(Graph(out / "store").quads())
    SPOILT[case](out)
    build([texts], out=out)
    assert _bytes(out) == first
    assert set(Graph(out / "store").quads()) == held


def test_other_settings_make_another_folder(texts: Path, tmp_path: Path) -> None:
    out, ontology = tmp_path / "out", tmp_path / "ontology"
    shutil.copytree(default_ontology(), ontology)
    changes: tuple[dict[str, Any], ...] = ({}, {"ontology": ontology}, {"base_iri": "https://example.org/id/"})
    for number, change in enumerate(changes):
        build([texts], out=out, **change)
        build([texts], out=tmp_path / f"fresh-{number}", **change)
        assert _bytes(out) == _bytes(tmp_path / f"fresh-{number}"), change
    shapes = ontology / "shapes.ttl"
    build([texts], out=out, ontology=ontology)
    before = _made(out)
    shapes.write_text(shapes.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    build([texts], out=out, ontology=ontology)
    assert _made(out)["overview.html"] != before["overview.html"], "the page of checks follows from the shapes, too"


def test_broken_record_is_read_anew(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    first = _bytes(out)
    broken = [b"", b"no record", zlib.compress(b'{"version": 1}')]
    for path, data in zip(sorted((out / FOLDER).iterdir()), broken, strict=True):
        path.write_bytes(data)
    assert build([texts], out=out).unchanged == 0
    assert _bytes(out) == first
    assert build([texts], out=out).unchanged == 3


def test_interrupted_build_goes_on_where_it_stopped(texts: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int, name: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        build([texts], out=out, progress=stop)
    assert not (out / "graph.ttl").exists()
    assert build([texts], out=out).unchanged == 2


def test_record_that_cannot_be_kept_is_one_clear_error(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / FOLDER).write_text("in the way", encoding="utf-8")
    with pytest.raises(GraphError, match="cannot be written"):
        build([texts], out=out)


@pytest.mark.parametrize(("seed", "least"), [(1, MIN_SAME), (2, -1.0)], ids=["as it comes", "store always changed"])
def test_any_way_to_a_folder_gives_the_bytes_of_a_build_from_nothing(
    texts: Path, tmp_path: Path, seed: int, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MIN_SAME", least)
    chance = random.Random(seed)
    out, seen = tmp_path / "out", set[str]()
    build([texts], out=out)
    for step in range(8):
        name = texts / f"{chance.randrange(4)}.txt"
        present = sorted(texts.iterdir())
        if name in present and len(present) > 1 and chance.random() < 0.5:
            name.unlink()
            seen.add("removed")
            remove([chance.choice([name.name, str(name)])], out=out)
        else:
            seen.add("changed" if name in present else "added")
            chosen = chance.sample(SENTENCES, chance.randint(1, 3))
            name.write_text("A pier\n\n" + " ".join(chosen) + "\n", encoding="utf-8")
            add([chance.choice([name, texts])], out=out)
        fresh = tmp_path / f"fresh-{step}"
        build([texts], out=fresh)
        assert _bytes(out) == _bytes(fresh), step
        assert set(Graph(out / "store").quads()) == set(Graph(fresh / "store").quads()), step
    assert seen == {"added", "changed", "removed"}


def test_settings_of_the_build_stay_and_corrections_come_and_go_with_their_texts(texts: Path, tmp_path: Path) -> None:
    base = "https://example.org/id/"
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.txt").write_text(f"A pier\n\n{SENTENCES[3]}\n", encoding="utf-8")
    (other / "corrections.ttl").write_text(CORRECTION, encoding="utf-8")
    out = tmp_path / "out"
    build([texts], out=out, base_iri=base)
    first = _bytes(out)
    [outcome] = add([other / "o.txt"], out=out).corrections
    assert outcome.problem is None
    build([texts, other], out=tmp_path / "fresh", base_iri=base)
    assert _bytes(out) == _bytes(tmp_path / "fresh")
    assert remove(["o.txt"], out=out).corrections == ()
    assert _bytes(out) == first


def test_a_file_stays_the_document_that_it_is(tmp_path: Path) -> None:
    inside = tmp_path / "texts" / "more"
    inside.mkdir(parents=True)
    for name, sentence in (("a.txt", SENTENCES[0]), ("b.txt", SENTENCES[1])):
        (inside / name).write_text(f"A pier\n\n{sentence}\n", encoding="utf-8")
    out = tmp_path / "out"
    build([tmp_path / "texts"], out=out)
    assert add([inside / "a.txt"], out=out).documents == ("more/a.txt", "more/b.txt")
    assert remove([str(inside / "a.txt")], out=out).documents == ("more/b.txt",)


WRONG: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "nothing built": (lambda t, o: add([t / "0.txt"], out=t), "nothing was built there"),
    "no such document": (lambda t, o: remove(["none.txt"], out=o), "no such document; there are 0.txt, 1.txt, 2.txt"),
    "nothing left": (lambda t, o: remove(["0.txt", "1.txt", "2.txt"], out=o), "nothing would be left"),
    "no such file": (lambda t, o: add([t / "none.txt"], out=o), "no such file"),
    "another of that name": (
        lambda t, o: add([_text(t / "more" / "0.txt", SENTENCES[4])], out=o),
        "holds a document 0.txt already",
    ),
    "file gone": (lambda t, o: ((t / "1.txt").unlink(), remove(["0.txt"], out=o)), "1.txt: is gone"),
    "broken manifest": (lambda t, o: (_text(o / MANIFEST, "?"), remove(["0.txt"], out=o)), "is broken"),
    "newer program": (
        lambda t, o: ((o / MANIFEST).write_text('{"format": 99}'), remove(["0.txt"], out=o)),
        "by a newer",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_added_or_removed_is_said_and_nothing_is_lost(texts: Path, tmp_path: Path, case: str) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    before = _bytes(out)
    act, message = WRONG[case]
    with pytest.raises(InputError, match=message):
        act(texts, out)
    assert _bytes(out) == before
