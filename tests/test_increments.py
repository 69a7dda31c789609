"""A second build reads what changed, and gives the bytes of a build from nothing."""

from __future__ import annotations

import random
import subprocess
import sys
import zlib
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from kzai_graph.building import build
from kzai_graph.cache import FOLDER, Kept, RecordCache
from kzai_graph.errors import GraphError
from kzai_graph.model import DocumentRecord, Evidence, Metadata, Observation, Span, Statement, Zone

SENTENCES = (
    "Peru's Ministry of Energy launched the Lantern programme on 3 May 2031.",
    "Ada Quill, Minister of Energy of Peru, said: “We want every pier to be lit.”",
    "Kelp Robotics, a Peruvian firm, uses machine learning in Lima.",
    "Ghana's Ministry of Energy will launch the Tidal Table programme by 2033.",
    "The Lantern programme covers 41 piers and cost 2.5 million dollars.",
)


def _bytes(out: Path) -> dict[str, bytes]:
    found = (path for path in out.rglob("*") if path.is_file() and FOLDER not in path.parts)
    return {str(path.relative_to(out)): path.read_bytes() for path in found}


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
    cache = RecordCache(tmp_path, model="m", ontology="o")
    cache.put(Kept("1.0", record))
    found = cache.get("a.txt", content)
    assert found is not None
    assert (found.version, found.record, list(found.record.notes)) == ("1.0", record, ["one"])
    assert cache.get("b.txt", content) is None
    assert cache.get("a.txt", content[::-1]) is None
    assert RecordCache(tmp_path, model="other", ontology="o").get("a.txt", content) is None
    assert RecordCache(tmp_path, model="m", ontology="other").get("a.txt", content) is None


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


def test_unchanged_texts_need_no_language_pipeline(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    code = (
        "import sys; from pathlib import Path; from kzai_graph import build; "
        f"build([Path({str(texts)!r})], out=Path({str(out)!r})); print('spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


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


@pytest.mark.parametrize("seed", [1, 2])
def test_any_way_to_a_folder_gives_the_bytes_of_a_build_from_nothing(texts: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    out = tmp_path / "out"
    for step in range(5):
        name = texts / f"{chance.randrange(4)}.txt"
        present = sorted(texts.iterdir())
        if name in present and len(present) > 1 and chance.random() < 0.4:
            name.unlink()
        else:
            chosen = chance.sample(SENTENCES, chance.randint(1, 3))
            name.write_text("A pier\n\n" + " ".join(chosen) + "\n", encoding="utf-8")
        build([texts], out=out)
        fresh = tmp_path / f"fresh-{step}"
        build([texts], out=fresh)
        assert _bytes(out) == _bytes(fresh), step
