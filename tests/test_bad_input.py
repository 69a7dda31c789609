"""What a build cannot do is said in one line, with exit code 2, and leaves the earlier output as it was."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kzai_graph.cli import PROGRAM, main
from kzai_graph.terms import KZ, VANN

GOOD = "Ports open\n\nThe Ministry of Ports of Norway adopted the Harbour Act on 3 May 2031.\n"
LATIN = "Cafés for every pier\n\nThe Ministère opens them in Évian, Èze and Orléans, says Renée.\n"
ONTOLOGY = f"""
@prefix kz: <{KZ}> .
@prefix vann: <{VANN}> .
<urn:bees> a <http://www.w3.org/2002/07/owl#Ontology> ; vann:preferredNamespaceUri "urn:bees#" .
<urn:bees#Bee> a kz:EntityClass .
"""
EARLIER = {"graph.ttl": "earlier graph", "index.html": "earlier page"}


def file(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def big(path: Path) -> Path:
    """A file of 50 MB that takes no room."""
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    return path


def ontology(folder: Path, more: str) -> list[object]:
    file(folder / "o" / "bees.ttl", ONTOLOGY + more)
    return [file(folder / "good.txt", GOOD), "--ontology", folder / "o"]


BAD: dict[str, tuple[Callable[[Path], list[object]], str]] = {
    "nothing given": (lambda t: [], "no texts given"),
    "missing path": (lambda t: [t / "none.txt"], "none.txt: there is no such file or folder"),
    "empty file": (lambda t: [file(t / "a.txt", "")], "a.txt: is empty"),
    "blank file": (lambda t: [file(t / "a.txt", "\ufeff \n\n\t\n")], "a.txt: holds no text"),
    "binary file": (lambda t: [file(t / "a.txt", b"\x7fELF\x02\x01\x00\x00" * 99)], "a.txt: is a binary file"),
    "file of unknown kind": (lambda t: [file(t / "a.odt", GOOD)], "a.odt: is none of .txt, .md"),
    "folder without texts": (lambda t: [file(t / "texts" / "a.odt", "x").parent], "texts: holds no text"),
    "folder without a good text": (lambda t: [file(t / "texts" / "a.txt", "").parent], "a.txt: is empty"),
    "50 MB file": (lambda t: [big(t / "a.txt")], "a.txt: has more than 20,000,000 bytes; split it"),
    "two files of one name": (
        lambda t: [file(t / "one" / "a.txt", GOOD), file(t / "two" / "a.txt", GOOD)],
        "both would be the document a.txt",
    ),
    "ontology missing": (lambda t: [file(t / "a.txt", GOOD), "--ontology", t / "none"], "none: no ontology files"),
    "ontology with a syntax error": (lambda t: ontology(t, "<urn:bees#Bee> a"), "bees.ttl:6:"),
    "ontology with an unknown class": (
        lambda t: ontology(t, "<urn:n> a kz:NounEntry ; kz:lemma 'wasp' ; kz:denotes <urn:bees#Wasp> ."),
        "unknown class <urn:bees#Wasp>",
    ),
    "lexicon with an unknown relation": (
        lambda t: ontology(t, "<urn:f> a kz:VerbFrame ; kz:lemma 'sting' ; kz:expresses <urn:bees#stings> ."),
        "unknown relation stings",
    ),
    "model not installed": (lambda t: [file(t / "a.txt", GOOD), "--model", "en_nothing"], "model en_nothing"),
    "no workers": (lambda t: [file(t / "a.txt", GOOD), "--workers", "0"], "--workers"),
}
Run = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run ``build`` in an empty folder; return its code, its output, and its complaints without the progress."""
    monkeypatch.chdir(tmp_path)

    def run_build(*arguments: object) -> tuple[int, str, list[str]]:
        monkeypatch.setattr(sys, "argv", [PROGRAM, "build", *map(str, arguments)])
        code = main()
        said = capsys.readouterr()
        return code, said.out, [line for line in said.err.splitlines() if not line.startswith("reading ")]

    return run_build


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_built_is_said_and_nothing_is_lost(run: Run, tmp_path: Path, case: str) -> None:
    make, message = BAD[case]
    for name, text in EARLIER.items():
        file(tmp_path / "out" / name, text)
    code, out, complaints = run(*make(tmp_path))
    assert (code, out, len(complaints)) == (2, "", 1), complaints
    assert complaints[0].startswith(f"{PROGRAM}: ")
    assert message in complaints[0]
    kept = (path for path in (tmp_path / "out").iterdir() if not path.name.startswith("."))
    assert {path.name: path.read_text() for path in kept} == EARLIER


def test_folder_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    code, out, complaints = run(file(tmp_path / "a.txt", GOOD), "--out", file(tmp_path / "b", "mine"))
    assert (code, out, len(complaints)) == (2, "", 1), complaints
    assert "b: cannot be written" in complaints[0]
    assert (tmp_path / "b").read_text() == "mine"


def test_other_encodings_and_broken_bytes_are_read_with_a_note(run: Run, tmp_path: Path) -> None:
    texts = {
        "latin.txt": LATIN.encode("cp1252"),
        "broken.txt": LATIN.encode().replace(b"says", b"sa\xffys") * 3,
        "wide.txt": GOOD.encode("utf-16"),
        "good.txt": GOOD.encode(),
    }
    for name, data in texts.items():
        file(tmp_path / "texts" / name, data)
    code, out, complaints = run(tmp_path / "texts")
    assert (code, complaints) == (0, [])
    notes = dict(
        line.removeprefix("note").strip().split(": ", 1) for line in out.splitlines() if line.startswith("note")
    )
    assert notes.keys() == {"latin.txt", "broken.txt", "wide.txt"}
    assert notes["latin.txt"].startswith("encoding detected as ")
    assert notes["broken.txt"] == "3 broken UTF-8 bytes were replaced, the first in line 3"
    assert "utf-16" in notes["wide.txt"]
