"""Records are kept where all processes find them, and give the bytes of a build that keeps its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from kzai_graph import places
from kzai_graph.building import build
from kzai_graph.cache import FOLDER
from kzai_graph.cli import main
from kzai_graph.errors import GraphError, InputError
from kzai_graph.increments import add, remove
from kzai_graph.manifest import MANIFEST
from kzai_graph.places import full_address, open_place

SENTENCES = (
    "Peru's Ministry of Energy launched the Lantern programme on 3 May 2031.",
    "Ghana's Ministry of Energy will launch the Tidal Table programme by 2033.",
    "Kelp Robotics, a Peruvian firm, uses machine learning in Lima.",
)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, sentence in enumerate(SENTENCES):
        (folder / f"{number}.txt").write_text(f"A pier\n\n{sentence}\n", encoding="utf-8")
    return folder


@pytest.fixture
def memory() -> Iterator[str]:
    """A place that only this process has."""
    name = f"records-{uuid4().hex}"
    yield f"memory://{name}/of/piers"
    files = fsspec.filesystem("memory")
    if files.exists(f"/{name}"):
        files.rm(f"/{name}", recursive=True)


def _bytes(out: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(out)): path for path in out.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name[0] != "." and name[:5] != "store"}


def _held(address: str) -> list[str]:
    files, root = fsspec.url_to_fs(address)
    return sorted(path.rpartition("/")[2] for path in files.ls(root, detail=False))


@pytest.mark.parametrize("kind", ["folder", "file://", "file:// in two processes", "memory://"])
def test_records_of_any_place_give_the_same_bytes(texts: Path, tmp_path: Path, memory: str, kind: str) -> None:
    shared = {"folder": f"{tmp_path}/shared/here", "memory://": memory}.get(kind, f"file://{tmp_path}/shared/here")
    own, out, again = tmp_path / "own", tmp_path / "out", tmp_path / "again"
    build([texts], out=own)
    assert build([texts], out=out, records=shared, workers=2 if "two" in kind else 1).unchanged == 0
    assert _bytes(out) == _bytes(own)
    assert not (out / FOLDER).exists()
    assert _held(shared) == sorted(path.name for path in (own / FOLDER).iterdir())
    assert build([texts], out=again, records=shared).unchanged == len(SENTENCES), "another build has them, too"
    assert _bytes(again) == _bytes(own)


def test_place_stays_with_a_build_and_keeps_what_others_may_need(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out, shared = tmp_path / "out", tmp_path / "shared"
    build([texts], out=out, records="shared")
    assert json.loads((out / MANIFEST).read_bytes())["records"] == str(shared)
    more = tmp_path / "more.txt"
    more.write_text(f"A quay\n\n{SENTENCES[0].replace('2031', '2032')}\n", encoding="utf-8")
    assert add([more], out=out).unchanged == len(SENTENCES)
    remove(["0.txt", "1.txt"], out=out)
    assert len(list(shared.iterdir())) == len(SENTENCES) + 1
    assert add([texts], out=out).unchanged == len(SENTENCES) + 1
    assert not (out / FOLDER).exists()


def test_record_that_breaks_off_is_read_anew(texts: Path, tmp_path: Path, memory: str) -> None:
    build([texts], out=tmp_path / "out", records=memory)
    files, root = fsspec.url_to_fs(memory)
    name = _held(memory)[0]
    files.pipe_file(f"{root}/{name}", files.cat_file(f"{root}/{name}")[:-9])
    assert build([texts], out=tmp_path / "other", records=memory).unchanged == len(SENTENCES) - 1
    assert _bytes(tmp_path / "out") == _bytes(tmp_path / "other")


def test_place_that_some_machine_lacks_is_said(texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.Storage, "prepare", lambda self: None)
    with pytest.raises(GraphError, match=r"cannot be written where texts are read .*; each machine needs it there"):
        build([texts], out=tmp_path / "out", records=f"file://{tmp_path}/nowhere")
    assert not (tmp_path / "out" / "graph.ttl").exists()


def test_storage_that_complains_is_one_line(texts: Path, tmp_path: Path, memory: str) -> None:
    class Locked(type(fsspec.filesystem("memory"))):  # type: ignore[misc]
        protocol = "locked"
        cachable = False

        def cat_file(self, path: str, **_: object) -> bytes:
            raise RuntimeError("no key\nfor this door")

    fsspec.register_implementation("locked", Locked, clobber=True)
    with pytest.raises(GraphError, match=r"cannot be used \(RuntimeError: no key for this door\); check the address"):
        build([texts], out=tmp_path / "out", records=memory.replace("memory", "locked"))
    (tmp_path / "file").write_bytes(b"")
    for inside in (f"{tmp_path}/file/records", f"file://{tmp_path}/file/records"):
        with pytest.raises(GraphError, match=r"--records .*file/records: cannot be (made|used)"):
            build([texts], out=tmp_path / "out", records=inside)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere://records", "fsspec has no driver for it"),
        ("sftp://ida:secret@example.org/records", "holds a password; leave it to the settings"),
    ],
)
def test_address_that_cannot_be_used_is_one_line(
    address: str, said: str, texts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = texts.parent / "out"
    monkeypatch.setattr(sys, "argv", ["kzai-graph", "build", str(texts), "--out", str(out), "--records", address])
    assert main() == 2
    found = capsys.readouterr()
    assert (found.out, found.err.count("\n")) == ("", 1)
    assert said in found.err
    assert "secret" not in found.err


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(InputError, match=r"install kzai-graph\[shared\]"):
        open_place("memory://nothing")
    assert full_address("memory://nothing") == "memory://nothing"
