"""What a person wrote down beside a text wins over what the text shows, and reaches the graph."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph.building import build
from kzai_graph.check import check
from kzai_graph.cli import PROGRAM, main
from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.model import Metadata
from kzai_graph.sources import Source, find_documents
from kzai_graph.terms import DCTERMS

TEXT = "Ports open their gates\n\n4 May 2031\n\nThe Ministry of Ports of Norway adopted the Harbour Act yesterday.\n"
FULL = """
url = "https://example.org/ports?id=7#top"
date = 2031-06-02
title = "Gates"
publisher = "Harbour Gazette"
creator = "Ada Quill"
licence = "https://creativecommons.org/licenses/by/4.0/"
"""


def write(folder: Path, said: str, beside: str = "ports.txt.meta.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / beside).write_text(said, encoding="utf-8")
    path = folder / "ports.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def metadata(path: Path) -> Metadata:
    return read_document(Source(path.name, path, named=True)).metadata


@pytest.mark.parametrize("beside", ["ports.txt.meta.toml", "ports.meta.toml"])
def test_what_is_said_wins_and_the_rest_is_read(tmp_path: Path, beside: str) -> None:
    found = metadata(write(tmp_path, "date = 2031-06-02\n", beside))
    assert (found.title, found.date, found.url) == ("Ports open their gates", "2031-06-02", None)
    found = metadata(write(tmp_path, FULL, beside))
    assert found == Metadata(
        title="Gates",
        date="2031-06-02",
        creator="Ada Quill",
        publisher="Harbour Gazette",
        url="https://example.org/ports?id=7#top",
        licence="https://creativecommons.org/licenses/by/4.0/",
    )
    assert [source.identifier for source in find_documents([tmp_path])] == ["ports.txt"]


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2031", "2031"),
        ('"2031-06"', "2031-06"),
        ('"2031-Q2"', "2031-Q2"),
        ('"2031-05/2031-06"', "2031-05/2031-06"),
        ("2031-06-02T10:00:00Z", "2031-06-02"),
    ],
)
def test_dates_at_any_precision(tmp_path: Path, written: str, date: str) -> None:
    assert metadata(write(tmp_path, f"date = {written}")).date == date


BROKEN = {
    "title": "is no valid TOML",
    'author = "Ada Quill"': "unknown key 'author'; a sidecar has url, date",
    'date = "2 June 2031"': "date '2 June 2031' is none",
    'date = "2031-02-30"': "date '2031-02-30' is none",
    "date = true": "date must be one line of text",
    'url = "ftp://example.org/a"': "is no http or https address",
    'url = "https://"': "is no http or https address",
    'url = "https://[::1/"': "is no http or https address",
    r'url = "https://example.org/> . <urn:x"': "is no http or https address",
    "title = 7": "title must be one line of text",
    'title = " "': "title must be one line of text",
    r'title = "a\nb"': "title must be one line of text",
    "x = " + "[" * 5000: "is no valid TOML",
    "#" * 100_001: "has more than 100,000 bytes",
}


@pytest.mark.parametrize("said", BROKEN, ids=lambda said: said[:30])
def test_broken_sidecar_is_one_line(
    tmp_path: Path, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "texts", said)
    monkeypatch.setattr(sys, "argv", [PROGRAM, "build", str(path), "--out", str(tmp_path / "out")])
    assert main() == 2
    (complaint,) = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("reading ")]
    assert "ports.txt.meta.toml: " in complaint
    assert BROKEN[said] in complaint


def test_two_sidecars_are_refused(tmp_path: Path) -> None:
    write(tmp_path, FULL)
    with pytest.raises(InputError, match=r"both speak of ports\.txt"):
        metadata(write(tmp_path, FULL, "ports.meta.toml"))


def test_sidecar_reaches_the_graph_and_a_change_of_it_too(tmp_path: Path) -> None:
    path, out = write(tmp_path / "texts", FULL), tmp_path / "out"
    build([path], out=out)
    values = said_of_document(out)
    assert values["source"] == ox.NamedNode("https://example.org/ports?id=7#top")
    assert values["license"] == ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
    assert [values[name].value for name in ("title", "issued", "creator", "publisher")] == [
        "Gates",
        "2031-06-02",
        "Ada Quill",
        "Harbour Gazette",
    ]
    assert '"2031-06-01"' in (out / "graph.ttl").read_text(encoding="utf-8"), "yesterday is the day before that date"
    assert build([path], out=out).unchanged == 1
    write(tmp_path / "texts", 'date = "2031-Q2"\nlicence = "CC-BY-4.0"')
    assert build([path], out=out).unchanged == 0
    values = said_of_document(out)
    assert (values["issued"], values["license"]) == (ox.Literal("2031-Q2"), ox.Literal("CC-BY-4.0"))
    assert values["title"].value == "Ports open their gates"
    assert "source" not in values
    assert check(out / "graph.ttl").conforms


def said_of_document(out: Path) -> dict[str, ox.NamedNode | ox.Literal]:
    triples = ox.parse(path=out / "graph.ttl", format=ox.RdfFormat.TURTLE)
    return {
        t.predicate.value.removeprefix(DCTERMS): t.object
        for t in triples
        if t.predicate.value.startswith(DCTERMS) and isinstance(t.object, (ox.NamedNode, ox.Literal))
    }
