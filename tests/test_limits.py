"""What is over a limit is refused in one line, at once, and is read when the limit is raised."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path

import docx
import pytest

from kzai_graph.batches import load_reader
from kzai_graph.building import build
from kzai_graph.cache import FOLDER
from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.increments import add, remove
from kzai_graph.layout import MAX_PASSAGE_CHARACTERS
from kzai_graph.limits import DEFAULT_LIMITS, NO_LIMITS, Limits, parse_limits
from kzai_graph.manifest import MANIFEST
from kzai_graph.sources import Source, find_documents

_SPEC = spec_from_file_location("pdfs", Path(__file__).with_name("pdfs.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
_PDFS = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_PDFS)
SENTENCE = "The Ministry of Ports of Norway adopted the Harbour Act on 3 May 2031."
MANY = [
    f"The Ministry of {what} of {land} adopted the Harbour Act on 3 May {year}."
    for what in ("Ports", "Energy", "Health")
    for land in ("Norway", "Peru")
    for year in range(2026, 2036)
]
SECONDS = 25.0
"""Of processor time, for what takes three at most on a machine of today."""
MEGABYTES = 1500


def _word(paragraphs: int) -> bytes:
    written = docx.Document()
    for _ in range(paragraphs):
        written.add_paragraph(SENTENCE)
    stream = BytesIO()
    written.save(stream)
    return stream.getvalue()


def _pdf(pages: int) -> bytes:
    return bytes(_PDFS.make_pdf([[(60, 700, 11, sentence)] for sentence in MANY[:: len(MANY) // pages]]))


def _again(folder: Path, name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> int:
    path = folder / name
    path.write_bytes(data)
    return len(read_document(Source(name, path, named=True), limits).blocks)


HUGE: dict[str, tuple[Callable[[], str], str]] = {
    "line.txt": (lambda: "word and more, " * 700_000, "characters"),
    "line.md": (lambda: "word and more, " * 700_000, "characters"),
    "line.html": (lambda: "<p>" + "word and more, " * 700_000, "characters"),
    "short.txt": (lambda: "a\n" * 1_000_000, "passages"),
    "short.md": (lambda: "a b\n\n" * 160_000, "passages"),
    "items.md": (lambda: "- a\n" * 240_000, "passages"),
    "paragraphs.html": (lambda: "<p>a" * 500_000, "passages"),
    "references.html": (lambda: "&amp;" * 2_000_000, "characters"),
    "rows.txt": (lambda: "a\tb\tc\n" * 400_000, "characters"),
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_refused_at_once(tmp_path: Path, name: str) -> None:
    make, limit = HUGE[name]
    data = make().encode()
    begun = time.process_time()
    with pytest.raises(InputError, match=rf"{name}: has more than .* {limit}; split it, or raise the limit"):
        _again(tmp_path, name, data)
    assert time.process_time() - begun < SECONDS


WILD: dict[str, Callable[[], str]] = {
    "line.txt": lambda: "word and more, " * 3_000,
    "names.txt": lambda: "\n\n".join(MANY),
    "brackets.txt": lambda: "(" * 100_000,
    "brackets.md": lambda: "[" * 50_000 + "]" * 50_000,
    "nested.html": lambda: "<div>" * 100_000 + SENTENCE + "</div>" * 100_000,
    "tables.html": lambda: "<table><tr><td>" * 20_000 + SENTENCE,
    "capitals.txt": lambda: "Aa, " * 10_000,
    "stops.txt": lambda: "A. " * 10_000,
    "quotes.txt": lambda: "“a ” " * 5_000,
    "digits.txt": lambda: "1 000 000 " * 5_000,
    "directions.txt": lambda: f"\u202e\u2066{SENTENCE}\u2069\u202d\x07\x1b[2J \u0645\u064a\u0646\u0627\u0621 " * 300,
    "controls.txt": lambda: "".join(map(chr, [*range(1, 32), *range(127, 160)])) * 500 + SENTENCE,
    "marks.txt": lambda: "e" + "\u0301" * 50_000 + f"\n\n{SENTENCE}",
    "joined.txt": lambda: "\U0001f469\u200d" * 20_000,
    "word.txt": lambda: "a" * 100_000,
}


@pytest.mark.parametrize("name", WILD)
def test_what_is_wild_is_read_in_bounded_time_and_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(WILD[name](), encoding="utf-8")
    reader = load_reader(None, None)
    begun = time.process_time()
    document = read_document(Source(name, path, named=True))
    record = reader.read(document)
    assert time.process_time() - begun < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEGABYTES * 1024
    assert all(len(block.text) <= MAX_PASSAGE_CHARACTERS for block in document.blocks)
    for span, text in record.anchors.items():
        assert document.text[span.begin : span.end] == text


OVER: dict[str, tuple[Callable[[], bytes], dict[str, int]]] = {
    "a.txt": (lambda: SENTENCE.encode(), {"bytes": 69}),
    "b.txt": (lambda: SENTENCE.encode(), {"characters": 69}),
    "c.txt": (lambda: f"{SENTENCE}\n\n{SENTENCE}".encode(), {"passages": 1}),
    "c.md": (lambda: f"{SENTENCE}\n\n{SENTENCE}".encode(), {"passages": 1}),
    "c.html": (lambda: f"<p>{SENTENCE}<p>{SENTENCE}".encode(), {"passages": 1}),
    "d.docx": (lambda: _word(3), {"passages": 2}),
    "e.docx": (lambda: _word(3), {"characters": 2 * 70}),
    "f.pdf": (lambda: _pdf(3), {"pages": 2}),
    "g.pdf": (lambda: _pdf(3), {"characters": 2 * 70}),
}


@pytest.mark.parametrize("name", OVER)
def test_each_limit_refuses_and_can_be_raised(tmp_path: Path, name: str) -> None:
    make, limits = OVER[name]
    (what,) = limits
    with pytest.raises(InputError, match=rf"{name}: has more than [\d,]+ {what}; .* --limit {what}=N"):
        _again(tmp_path, name, make(), Limits(**limits))
    assert _again(tmp_path, name, make(), Limits(**{what: 10_000}))


def test_pages_that_draw_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--limit bytes=N"):
        _again(tmp_path, "a.pdf", _PDFS.make_pdf([[(60, 700, 11, "a")] * 3000]), Limits(bytes=40_000_000 // 1000))


@pytest.mark.parametrize("text", ["bytes", "bytes=", "bytes=0", "bytes=-1", "bytes=1e9", "words=9", "=", "pages=٣"])
def test_a_limit_is_a_name_and_a_number(text: str) -> None:
    with pytest.raises(InputError, match="write NAME=N"):
        parse_limits([text])


def test_limits_are_read_and_compared() -> None:
    assert parse_limits(["bytes=7", "pages=2"]) == {"bytes": 7, "pages": 2}
    assert DEFAULT_LIMITS.allow(DEFAULT_LIMITS)
    assert NO_LIMITS.allow(DEFAULT_LIMITS)
    assert not DEFAULT_LIMITS.allow(NO_LIMITS)


def test_raised_limits_stay_with_a_build_and_kept_records_heed_lowered_ones(tmp_path: Path) -> None:
    texts, out, other = tmp_path / "texts", tmp_path / "out", tmp_path / "other"
    texts.mkdir()
    (texts / "long.txt").write_text("\n\n".join(MANY[:20]), encoding="utf-8")
    (texts / "short.txt").write_text(SENTENCE, encoding="utf-8")
    small, large = Limits(passages=9), Limits(passages=99)
    assert [unread.identifier for unread in build([texts], out=out, limits=small).unread] == ["long.txt"]
    report = build([texts], out=out, limits=large)
    assert (report.unread, report.unchanged) == ((), 1)
    assert json.loads((out / MANIFEST).read_bytes())["limits"]["passages"] == 99
    (texts / "more.txt").write_text("\n\n".join(MANY[20:]), encoding="utf-8")
    assert add([texts / "more.txt"], out=out).documents == ("long.txt", "more.txt", "short.txt")
    assert remove(["more.txt"], out=out).documents == ("long.txt", "short.txt")
    assert [unread.identifier for unread in build([texts], out=out, limits=small).unread] == ["long.txt", "more.txt"]
    build([texts], out=other, limits=small)
    assert (out / "graph.ttl").read_bytes() == (other / "graph.ttl").read_bytes()
    assert len(list((out / FOLDER).iterdir())) == 1
    assert add([texts / "more.txt"], out=out, limits={"passages": 99}).documents[-2:] == ("more.txt", "short.txt")


def test_folders_are_walked_once_however_they_are_linked(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    (texts / "folder.txt").mkdir(parents=True)
    (texts / "folder.txt" / "in.txt").write_text(SENTENCE, encoding="utf-8")
    (texts / "good.txt").write_text(SENTENCE, encoding="utf-8")
    for name, target in (("self", "."), ("up", ".."), ("loop.txt", "loop.txt"), ("gone.txt", "nowhere"),
                         ("folder-link.txt", "folder.txt"), ("zero.txt", "/dev/zero")):  # fmt: skip
        (texts / name).symlink_to(target)
    os.mkfifo(texts / "pipe.txt")
    found = find_documents([texts])
    assert [s.identifier for s in found] == [
        "folder.txt/in.txt", "gone.txt", "good.txt", "loop.txt", "pipe.txt", "zero.txt"
    ]  # fmt: skip
    report = build([texts], out=tmp_path / "out")
    assert report.documents == ("folder.txt/in.txt", "good.txt")
    assert {u.identifier for u in report.unread} == {"gone.txt", "loop.txt", "pipe.txt", "zero.txt"}


def test_deep_folders_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")  # noqa: PTH102
        os.chdir("d")
    Path("a.txt").write_text(SENTENCE, encoding="utf-8")
    inmost = os.open(".", os.O_RDONLY)
    monkeypatch.chdir(tmp_path)
    (found,) = find_documents([tmp_path])
    os.chdir(inmost)  # what is this deep is taken away from within: others would go down into it, and too far
    os.close(inmost)
    Path("a.txt").unlink()
    for _ in range(1200):
        os.chdir("..")
        os.rmdir("d")  # noqa: PTH106
    assert found.identifier == "d/" * 1200 + "a.txt"


def test_a_name_that_is_not_unicode_is_said(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/a\xff.txt", "w") as stream:  # noqa: PTH123
        stream.write(SENTENCE)
    with pytest.raises(InputError, match=r"a\\xff.txt': its name is not valid UTF-8; rename it"):
        find_documents([tmp_path])
