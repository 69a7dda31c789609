"""Finding files, decoding them, and where every character of a block stands."""

from __future__ import annotations

import html
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.layout import MAX_PASSAGE_CHARACTERS
from kzai_graph.limits import DEFAULT_LIMITS, Limits
from kzai_graph.model import Document, Zone
from kzai_graph.sources import Source, find_documents

HARBOUR = "The port authority adopted the new harbour rules on Monday, its chair said."
WRAPPED = (
    "The port authority adopted the new harbour rules on Monday, and the\n"
    "council of the island, which had asked for them since the storm of\n"
    "last winter, welcomed the step. Fishing boats are exempt for a year.\n\n"
    "A second paragraph of the report is wrapped at the same column, and\n"
    "it ends here.\n"
)


def read(folder: Path, text: str | bytes, name: str = "report.txt", *, limits: Limits = DEFAULT_LIMITS) -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(Source(name, path, named=True), limits)


def shown(document: Document, zone: Zone) -> list[str]:
    return [block.text for block in document.blocks if block.zone is zone]


def check_offsets(document: Document) -> None:
    """Every character stands where its block says; blocks are in order and do not overlap."""
    at = 0
    for block in document.blocks:
        assert at <= block.span.begin < block.span.end <= len(document.text)
        at = block.span.end
        assert block.source(0, len(block.text)) == block.span
        places = [block.source(i, i + 1) for i in range(len(block.text))]
        assert all(a.begin <= b.begin for a, b in pairwise(places))
        for character, place in zip(block.text, places, strict=True):
            there = document.text[place.begin]
            assert character == there or (character.isspace() and (there.isspace() or there == "<")) or there == "&"


def test_identifiers_are_paths_below_the_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b.HTML", "c.odt", ".hidden.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(HARBOUR)
    found = find_documents([tmp_path])
    assert [(s.identifier, s.named) for s in found] == [("a/b.HTML", False), ("a/z.md", False), ("b.txt", False)]


def test_a_file_given_twice_counts_once_and_as_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HARBOUR)
    assert find_documents([tmp_path, path, path]) == [Source("a.txt", path, named=True)]


def test_two_files_of_one_identifier_are_an_error(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(HARBOUR)
    with pytest.raises(InputError, match=r"both would be the document a\.txt"):
        find_documents([tmp_path / "x", tmp_path / "y"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "no such file"),
        ("folder", "", "holds no text"),
        ("table.xlsx", b"x", "is none of"),
    ],
)
def test_what_cannot_be_found(tmp_path: Path, name: str, content: bytes | str | None, message: str) -> None:
    path = tmp_path / name
    if content == "":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        find_documents([path])
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_text_at_all() -> None:
    with pytest.raises(InputError, match="name a file"):
        find_documents([])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "holds no text"),
        (b"\xef\xbb\xbf\n", "holds no text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, content)


def test_a_file_that_is_too_big(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has more than 10 bytes; split it, or raise the limit with --limit bytes=N"):
        read(tmp_path, HARBOUR, limits=Limits(bytes=10))


def test_byte_order_mark_and_line_ends_count(tmp_path: Path) -> None:
    document = read(tmp_path, b"\xef\xbb\xbf" + f"Harbour rules\r\n\r\n{HARBOUR}\r\n".encode())
    assert document.text.startswith("\ufeffHarbour rules\r\n")
    assert [b.span.begin for b in document.blocks] == [1, 18]
    assert document.encoding == "utf-8"
    check_offsets(document)


@pytest.mark.parametrize(
    ("encoding", "noted"), [("utf-16", "utf-16-le"), ("cp1251", "detected"), ("cp1252", "detected")]
)
def test_other_encodings_are_noted(tmp_path: Path, encoding: str, noted: str) -> None:
    words = (
        "Правительство утвердило новые правила порта в понедельник вечером. "
        if encoding == "cp1251"
        else "Café “quay” – déjà vu. "
    )
    document = read(tmp_path, (words * 20).encode(encoding))
    assert words.strip()[:12] in document.text
    assert noted in document.notes[0]
    assert document.encoding != "utf-8"


def test_a_few_broken_bytes_are_replaced_and_noted(tmp_path: Path) -> None:
    text = f"{HARBOUR}\n\nÅland, Öland and Gotland – all of them – agreed with “the rules”. ".encode()
    document = read(tmp_path, text + b"A \xff broken byte.")
    assert "\ufffd broken byte" in document.text
    assert "broken UTF-8" in document.notes[0]


def test_wrapped_lines_are_one_block(tmp_path: Path) -> None:
    document = read(tmp_path, WRAPPED)
    assert [b.zone for b in document.blocks] == [Zone.BODY, Zone.BODY]
    assert "and the council of the island, which had asked" in document.blocks[0].text
    assert document.blocks[1].text.endswith("column, and it ends here.")
    check_offsets(document)


def test_paragraphs_on_single_lines_stay_apart(tmp_path: Path) -> None:
    lines = [f"{HARBOUR} It took {n} meetings to agree on the fees that boats will pay." for n in ("ten", "six", "two")]
    assert [b.text for b in read(tmp_path, "\n".join(lines)).blocks] == lines


def test_inline_markup_goes_and_places_stay(tmp_path: Path) -> None:
    text = f"{HARBOUR} See the **fees of [last year](https://port.example/f_(1))** and `code` for *ships*."
    document = read(tmp_path, text)
    assert document.blocks[0].text.endswith("See the fees of last year and code for ships.")
    begin = document.blocks[0].text.index("last year")
    place = document.blocks[0].source(begin, begin + 9)
    assert document.text[place.begin : place.end] == "last year"
    check_offsets(document)


def test_rows_of_tables_stay_as_they_are(tmp_path: Path) -> None:
    text = f"{HARBOUR}\n\nYear\tShips\tBoats\n2021\t40\t\n2022\t55\t300\n\n| Pier | Fee |\n|------|----:|\n| A | 10 |\n"
    rows = shown(read(tmp_path, text), Zone.TABLE)
    assert rows == ["Year\tShips\tBoats", "2021\t40\t", "2022\t55\t300", "| Pier | Fee |", "| A | 10 |"]


def test_markdown_by_its_blocks(tmp_path: Path) -> None:
    text = (
        "---\ntitle: Tide tables\nauthor: [Ole Berg, Ann Li]\ndate: 2023-04-05\n---\n\n# Tide tables\n\n"
        "The [authority](https://x.example) **adopted** a\nplan for the *tides* of the coming years in 2021.\n\n"
        "The plan names:\n\n- a first item that is\n  wrapped here;\n- a second one.\n\n"
        "> The words of the chair, who\n> spoke to the council.\n\n| Year | Ships |\n|---|---|\n| 2021 | 40 |\n\n"
        "```\nprint(1)\n```\n\nOutlook\n-------\n\nThe plan is to be revised before the summer of 2030.\n"
    )
    document = read(tmp_path, text, "tides.md")
    assert [(b.zone, b.text) for b in document.blocks[1:]] == [
        (Zone.TITLE, "Tide tables"),
        (Zone.BODY, "The authority adopted a plan for the tides of the coming years in 2021."),
        (Zone.BODY, "The plan names:"),
        (Zone.LIST_ITEM, "a first item that is wrapped here;"),
        (Zone.LIST_ITEM, "a second one."),
        (Zone.BODY, "The words of the chair, who spoke to the council."),
        (Zone.TABLE, "| Year | Ships |"),
        (Zone.TABLE, "| 2021 | 40 |"),
        (Zone.FURNITURE, "``` print(1) ```"),
        (Zone.HEADING, "Outlook"),
        (Zone.BODY, "The plan is to be revised before the summer of 2030."),
    ]
    assert [b.lead_in for b in document.blocks if b.zone is Zone.LIST_ITEM] == [3, 3]
    assert (document.metadata.creator, document.metadata.date) == ("Ole Berg and Ann Li", "2023-04-05")
    check_offsets(document)


PAGE = """<!DOCTYPE html><html><head><title>Harbour Rules &amp; Fees | The Coast Post</title>
<style>p { color: red }</style><script>var a = "<p>No text</p>";</script></head>
<body><nav><a href="/">Home</a> <a href="/n">News</a></nav><article><header><h1>Harbour Rules &amp; Fees</h1>
<p class="byline">By Ina Holm</p><time datetime="2024-03-05">5 March 2024</time></header>
<p>VISBY &ndash; The port   authority <b>adopted</b> the rules of
R&amp;D on Monday&nbsp;evening.<figure><img src=x><figcaption>The quay.</figcaption></figure>
<!-- <p>Not shown either</p> --><ul><li>Boats pay 10 euros.<li>Ships pay <a href="x">20 euros</a>.</ul>
<table><tr><th></th><th>Ships</th></tr><tr><td>2021</td><td><p>400</p></td></tr></table>
<aside>Another story</aside></article><footer>&copy; 2024 The Coast Post</footer></body></html>"""


def test_html_shows_its_text_at_its_place(tmp_path: Path) -> None:
    document = read(tmp_path, PAGE, "page.html")
    zoned = [(b.zone, b.text) for b in document.blocks]
    assert zoned == [
        (Zone.FURNITURE, "Home News"),
        (Zone.TITLE, "Harbour Rules & Fees"),
        (Zone.BYLINE, "By Ina Holm"),
        (Zone.DATELINE, "5 March 2024"),
        (Zone.DATELINE, "VISBY –"),
        (Zone.BODY, "The port authority adopted the rules of R&D on Monday evening."),
        (Zone.CAPTION, "The quay."),
        (Zone.LIST_ITEM, "Boats pay 10 euros."),
        (Zone.LIST_ITEM, "Ships pay 20 euros."),
        (Zone.TABLE, "\tShips"),
        (Zone.TABLE, "2021\t400"),
        (Zone.FURNITURE, "Another story"),
        (Zone.FURNITURE, "© 2024 The Coast Post"),
    ]
    body = document.blocks[5]
    begin = body.text.index("R&D")
    place = body.source(begin, begin + 3)
    assert html.unescape(document.text[place.begin : place.end]) == "R&D"
    check_offsets(document)


@pytest.mark.parametrize("tag", ["aside", "byline", "unseen"])
def test_tags_that_close_nothing_are_ignored(tmp_path: Path, tag: str) -> None:
    for opened in ('<div class="sidebar">', '<p class="byline">', "<svg>"):
        page = (
            f"<p>{HARBOUR}</p>{opened}</{tag}></div></svg><p>Fees rise in the spring, the board of the port said.</p>"
        )
        check_offsets(document := read(tmp_path, page, "page.html"))
        assert document.blocks[0].text == HARBOUR


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("line.txt", "word and more, " * 60_000),
        ("short.txt", "a b\n" * 8_000),
        ("brackets.txt", "[a](" * 50_000),
        ("stars.txt", "**a " * 50_000),
        ("spaces.txt", " " * 300_000 + "x"),
        ("dates.txt", "12.12.12 " * 30_000),
        ("nested.md", "> " * 30_000),
        ("open.md", "[" * 100_000),
        ("deep.html", "<div>" * 50_000 + "x"),
        ("tags.html", "<a " * 100_000),
        ("comments.html", "<!--" * 100_000),
        ("quotes.html", "<a b='" * 100_000),
        ("data.html", '<script type="application/ld+json">' + "[" * 100_000 + "</script>x"),
        ("references.html", "&amp" * 50_000),
    ],
)
def test_hostile_texts_take_linear_time(tmp_path: Path, name: str, text: str) -> None:
    try:
        document = read(tmp_path, text, name)
    except InputError:
        return
    assert all(len(b.text) <= MAX_PASSAGE_CHARACTERS for b in document.blocks)


ALPHABET = st.one_of(
    st.sampled_from(
        [
            *"\r\n\t -*|#>[]()<&;:.,\ufeff\u00a0\u00ad\u200b",
            "<p>",
            "</p>",
            "<li>",
            "<tr><td>",
            "&amp;",
            "&#x41;",
            "**",
            "[a](b)",
        ]
    ),
    st.sampled_from(
        [
            "Oslo",
            "the port",
            "2021",
            "ship",
            "By Ina Holm",
            "5 March 2024",
            "\n\n",
            "1. ",
            "ОСЛО –",
            "港",
            "🚢",
            "OSLO – ",
        ]
    ),
    st.characters(codec="utf-8"),
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(ALPHABET, max_size=60).map("".join), suffix=st.sampled_from([".txt", ".md", ".html"]))
def test_places_hold_in_any_text(tmp_path: Path, text: str, suffix: str) -> None:
    try:
        document = read(tmp_path, text.encode(), f"any{suffix}")
    except InputError:
        return
    assert document.text == text
    check_offsets(document)
