"""Text is extracted from .docx and .pdf files; what cannot be is said in one line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from kzai_graph.building import build
from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.model import Document, Zone
from kzai_graph.sources import Source

_SPEC = spec_from_file_location("pdfs", Path(__file__).with_name("pdfs.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
_PDFS = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_PDFS)
make_pdf = _PDFS.make_pdf
SENTENCE = "The Ministry of Ports of Norway adopted the Harbour Act on 3 May 2031."


def read(folder: Path, name: str, data: bytes) -> Document:
    path = folder / name
    path.write_bytes(data)
    document = read_document(Source(name, path, named=True))
    for block in document.blocks:
        assert 0 <= block.span.begin < block.span.end <= len(document.text)
        assert block.source(0, len(block.text)) == block.span
    return document


def shown(document: Document) -> list[tuple[str, str]]:
    return [(block.zone.value, block.text) for block in document.blocks]


def word_file() -> bytes:
    written = docx.Document()
    written.add_heading("Ports open their gates", 0)
    written.add_paragraph("4 May 2031")
    written.add_heading("What changes", 1)
    paragraph = written.add_paragraph("The Ministry of Ports of Norway adopted the ")
    paragraph.add_run("Harbour Act").bold = True
    paragraph.add_run(" on 3 May 2031.")
    written.add_paragraph("The act covers these works:")
    written.add_paragraph("41 piers;", style="List Bullet")
    written.add_paragraph("two locks.", style="List Number")
    table = written.add_table(2, 3)
    for row, texts in enumerate((("Year", "Piers", "Boats"), ("2030", "41", "320"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    stream = BytesIO()
    written.save(stream)
    return stream.getvalue()


def pages() -> list[list[tuple[float, float, float, str]]]:
    """A heading, a date, and on each page a paragraph whose lines are broken; the last goes on over the page."""
    bodies = (
        (
            "After a long-term study, the Ministry of Ports of Norway adop-",
            "ted the Harbour Act, and the council knows the long-",
            "term plan.",
        ),
        ("Boats of Kelp Robotics sail to Oslo, which", "the harbour master calls a good step, and"),
        ("nobody objects to that.",),
    )
    made = []
    for number, body in enumerate(bodies, 1):
        lines = [(60.0, 810.0, 8.0, "Harbour Gazette, No. 7"), (60.0, 800.0, 8.0, "All about ports")]
        top = 740.0
        if number == 1:
            lines += [(60, 760, 20, "Ports open their gates"), (60, 715, 11, "4 May 2031")]
            top = 680.0
        lines += [(60, top - 14 * i, 11, text) for i, text in enumerate(body)]
        made.append([*lines, (290, 30, 8, f"Page {number} of 3")])
    return made


def test_word_file_keeps_its_layout(tmp_path: Path) -> None:
    document = read(tmp_path, "ports.docx", word_file())
    assert shown(document) == [
        ("title", "Ports open their gates"),
        ("dateline", "4 May 2031"),
        ("heading", "What changes"),
        ("body", SENTENCE),
        ("body", "The act covers these works:"),
        ("list_item", "41 piers;"),
        ("list_item", "two locks."),
        ("table", "Year\tPiers\tBoats"),
        ("table", "2030\t41\t320"),
    ]
    assert document.blocks[5].lead_in == 4
    assert (document.metadata.date, document.encoding) == ("2031-05-04", "utf-8")


def test_deleted_words_of_a_word_file_are_not_read_and_inserted_ones_are(tmp_path: Path) -> None:
    written = docx.Document()
    paragraph = written.add_paragraph("The council ")
    space = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    for xml in (
        f"<w:del {space} w:id='1'><w:r><w:delText>rejected</w:delText></w:r></w:del>",
        f"<w:ins {space} w:id='2'><w:r><w:t>adopted</w:t></w:r></w:ins>",
        f"<w:r {space}><w:instrText>PAGE</w:instrText><w:tab/><w:t>the Harbour Act.</w:t></w:r>",
    ):
        paragraph._p.append(docx.oxml.parse_xml(xml))
    stream = BytesIO()
    written.save(stream)
    assert read(tmp_path, "a.docx", stream.getvalue()).text == "The council adopted the Harbour Act.\n"


def test_pdf_is_mended(tmp_path: Path) -> None:
    document = read(tmp_path, "ports.pdf", make_pdf(pages()))
    assert [block.text for block in document.blocks] == [
        "Ports open their gates",
        "4 May 2031",
        "After a long-term study, the Ministry of Ports of Norway adopted the Harbour Act, "
        "and the council knows the long-term plan.",
        "Boats of Kelp Robotics sail to Oslo, which the harbour master calls a good step, and nobody objects to that.",
    ]
    assert document.blocks[0].zone is Zone.TITLE
    assert "Gazette" not in document.text
    assert document.metadata.date == "2031-05-04"


def test_both_reach_the_graph_with_the_text_that_offsets_count_in(tmp_path: Path) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    (texts / "a.docx").write_bytes(word_file())
    (texts / "b.pdf").write_bytes(make_pdf([[(60, 700, 11, SENTENCE)]]))
    build([texts], out=out)
    graph = (out / "graph.ttl").read_text(encoding="utf-8")
    assert 'dcterms:format "application/pdf"' in graph
    assert "wordprocessingml.document" in graph
    kept = {path.name: path.read_text(encoding="utf-8") for path in (out / "read").glob("*.txt")}
    assert sorted(kept) == ["a.docx.txt", "b.pdf.txt"]
    for name, text in kept.items():
        begin = text.index(SENTENCE)
        assert f"{name.removesuffix('.txt')}#char={begin},{begin + len(SENTENCE)}>" in graph


def _bomb() -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("word/document.xml", " " * 40_000_000)
    return stream.getvalue()


def _locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(make_pdf([[(60, 700, 11, SENTENCE)]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _deep() -> bytes:
    """A word file whose body is nested deeper than any writer does."""
    stream = BytesIO()
    with ZipFile(BytesIO(word_file())) as good, ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        for entry in good.infolist():
            data = good.read(entry)
            if entry.filename == "word/document.xml":
                data = data.replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 5000)
            packed.writestr(entry.filename, data)
    return stream.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "noise.docx": (lambda: b"PK\x03\x04" + b"noise" * 99, "broken .docx file"),
    "cut.docx": (lambda: word_file()[:9000], "broken .docx file"),
    "deep.docx": (_deep, "broken .docx file"),
    "old.docx": (lambda: b"\xd0\xcf\x11\xe0" * 9, "encrypted, or in the old format"),
    "bomb.docx": (_bomb, "unpacks to 40,000,004 bytes.*--limit bytes=N"),
    "noise.pdf": (lambda: b"%PDF-1.4 noise" * 99, "broken .pdf file"),
    "pictures.pdf": (lambda: make_pdf([[], []]), "has no text layer"),
    "locked.pdf": (_locked, "is encrypted"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_extracted_is_said(name: str, tmp_path: Path) -> None:
    make, message = BAD[name]
    with pytest.raises(InputError, match=message) as raised:
        read(tmp_path, name, make())
    assert "\n" not in str(raised.value)


GOOD = {".docx": word_file(), ".pdf": make_pdf(pages())}


@pytest.mark.parametrize("suffix", GOOD)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 40_000), st.binary(min_size=1, max_size=9)), min_size=1, max_size=4))
def test_damaged_files_are_read_or_refused(suffix: str, changes: list[tuple[int, bytes]], tmp_path: Path) -> None:
    data = bytearray(GOOD[suffix])
    for place, noise in changes:
        data[place % len(data) : place % len(data) + len(noise)] = noise
    with suppress(InputError):  # any other error fails
        read(tmp_path, f"a{suffix}", bytes(data))
