"""What a text shows of itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kzai_graph.creditlines import read_credits
from kzai_graph.documents import lay_out
from kzai_graph.markdown import read_markdown
from kzai_graph.markup import read_html
from kzai_graph.model import Metadata, Zone
from kzai_graph.naming import find_date, is_organisation, is_person, split_title
from kzai_graph.plain import read_plain

PROSE = "The port authority adopted the new harbour rules on Monday, its chair told the council of the island."
TITLE = "Island raises its harbour fees"


def shown(text: str) -> Metadata:
    return lay_out(read_plain(text))[1]


@pytest.mark.parametrize(
    ("head", "date", "creator", "publisher"),
    [
        ("", None, None, None),
        ("By Ina Holm\n5 March 2024", "2024-03-05", "Ina Holm", None),
        ("Ina Holm | The Coast Post | March 5, 2024", "2024-03-05", "Ina Holm", "The Coast Post"),
        ("By Ina Holm, The Coast Post\nVisby, 5 March 2024", "2024-03-05", "Ina Holm", "The Coast Post"),
        ("Ina Holm and Ole Berg\nCoast Review, March 2024", "2024-03", "Ina Holm and Ole Berg", "Coast Review"),
        ("Author: Ina Holm\nReviewer: Ole Berg\nSea Institute\n05.03.24", "2024-03-05", "Ina Holm", "Sea Institute"),
        ("2024-03-05 06:18:05\n作者:Ina Holm", "2024-03-05", "Ina Holm", None),
        ("MARCH 5, 2024\nAuthor\nINA HOLM\nHarbour pilot", "2024-03-05", "Ina Holm", None),
        ("Updated 5 March 2024, 14:20", "2024-03-05", None, None),
        ("Press Office of Visby\n5 March 2024", "2024-03-05", "Press Office of Visby", "Press Office of Visby"),
        ("[[year:2024]]\n[[date:2024-03-05T00:00:00.000Z]]", "2024-03-05", None, None),
        ("[[year:2024]]", "2024", None, None),
        ("Source: Coast Wire", None, None, "Coast Wire"),
    ],
)  # fmt: skip
def test_mastheads(head: str, date: str | None, creator: str | None, publisher: str | None) -> None:
    assert shown(f"{TITLE}\n\n{head}\n\n{PROSE}\n\n{PROSE}\n") == Metadata(TITLE, date, creator, publisher)


@pytest.mark.parametrize("text", [f"{PROSE}\n\n{PROSE}", f"IV. The fees\n\n{PROSE}", f"3. The fees\n\n{PROSE}"])
def test_no_title_is_invented(text: str) -> None:
    assert shown(text) == Metadata()


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("The post Island raises its harbour fees appeared first on Coast Wire.", "Coast Wire"),
        ("© 2024 Coast Wire. All rights reserved.", "Coast Wire"),
        ("Please see full terms of use on the CoastWire website.", "CoastWire"),
    ],
)
def test_publisher_below_the_text(line: str, publisher: str) -> None:
    assert shown(f"{TITLE}\n\n{PROSE}\n\n{line}\n").publisher == publisher


def test_byline_below_the_text() -> None:
    assert shown(f"{TITLE}\n\n{PROSE}\n\nBy Ina Holm, Harbour Pilot\n").creator == "Ina Holm"


def test_a_dateline_gives_date_and_agency() -> None:
    found = shown(f"{TITLE}\n\nVISBY, Sweden, March 5, 2024 /SeaWire/ -- {PROSE}\n")
    assert (found.date, found.publisher) == ("2024-03-05", "SeaWire")


def test_a_date_in_the_text_is_not_its_own() -> None:
    assert (
        shown(
            f"{TITLE}\n\nOn 5 March 2024 the council of the island met to raise the fees of its harbour again.\n"
        ).date
        is None
    )


@pytest.mark.parametrize(
    ("line", "title", "publisher"),
    [
        ("Island raises fees - The Coast Post", "Island raises fees", "The Coast Post"),
        ("Island raises fees | Harbours of the North", "Island raises fees", "Harbours of the North"),
        ("Island raises fees – coastpost.com", "Island raises fees", "coastpost.com"),
        ("Annual form 2022 - Digital Port Services", "Annual form 2022 - Digital Port Services", None),
        ("Well-known island raises fees", "Well-known island raises fees", None),
    ],
)
def test_titles_without_their_publisher(line: str, title: str, publisher: str | None) -> None:
    assert split_title(line, []) == (title, publisher)
    blocks, metadata = lay_out(read_plain(f"{line}\n\n{PROSE}"))
    assert (metadata.title, metadata.publisher) == (title, publisher)
    assert [b.text for b in blocks if b.zone is Zone.TITLE] == [title]


def test_html_declares_what_it_is() -> None:
    page = (
        '<head><title>Fees &amp; rules - Coast Post</title><meta property="og:site_name" content="Coast &amp; Post">'
        '<script type="application/ld+json">{"@graph": [{"headline": "Fees", "datePublished": "2024-03-05T10:00Z",'
        '"author": [{"name": "Ina Holm"}, {"name": "Ole Berg"}]}]}</script></head>'
        f"<h1>Fees &amp; rules</h1><p>{PROSE}</p>"
    )
    assert lay_out(read_html(page))[1] == Metadata(
        "Fees & rules", "2024-03-05", "Ina Holm and Ole Berg", "Coast & Post"
    )
    assert lay_out(read_html(f"<title>Fees | Coast Post</title><p>{PROSE}</p>"))[1].title == "Fees | Coast Post"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("23.03.23", "2023-03-23"),
        ("Wednesday, 5 March 2024", "2024-03-05"),
        ("June 2025", "2025-06"),
        ("31 February 2024", None),
        ("5 March", None),
        ("2024", None),
    ],
)
def test_dates(line: str, date: str | None) -> None:
    assert find_date(line) == date


@pytest.mark.parametrize(
    ("line", "person", "organisation"),
    [
        ("Ina Holm", True, False),
        ("Ole van der Berg and Ann-Marie Li", True, False),
        ("The Coast Post", False, True),
        ("Ministry of the Sea", False, True),
        ("Executive Summary", False, False),
        ("Boats pay more", False, False),
    ],
)
def test_names_of_people_and_bodies(line: str, person: bool, organisation: bool) -> None:
    assert (is_person(line), is_organisation(line)) == (person, organisation)


MASTHEADS = tomllib.loads((Path(__file__).parent / "cases" / "mastheads.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", list(MASTHEADS))
def test_mastheads_of_many_styles(name: str) -> None:
    case = MASTHEADS[name]
    reader = {"md": read_markdown, "html": read_html}.get(case.get("as", ""), read_plain)
    text = case["text"].replace("BODY", f"{PROSE}\n\nFishing boats are exempt for a year, the ministry wrote in March.")
    found = lay_out(reader(text))[1]
    shown = {key: getattr(found, key) for key in ("title", "date", "creator", "publisher")}
    assert shown == {key: case.get(key) for key in shown}


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Coast Wire | 5 March 2024 | Ina Holm", ["body", "date", "name"]),
        ("By Ina Holm for Coast Post, Visby", ["author", "body"]),
        ("Published: 5 March 2024, 10:15 (GMT+5)", ["date"]),
        ("Opinion · 4 min read · Tuesday 5 March 2024", ["label", "label", "date"]),
        ("Bergen, 5 March 2024", ["place", "date"]),
        ("Port Ellen, Scotland - March 5, 2024 / Tide Law Firm /", ["place", "date", "name"]),
        ("The fee that came on 5 March 2024 hurts boats", ["unknown", "date", "unknown"]),
        ("Boats pay more than they did last year", ["unknown"]),
    ],
)
def test_parts_of_a_line(line: str, parts: list[str]) -> None:
    assert [credit.part.value for credit in read_credits(line)] == parts


@pytest.mark.parametrize("line", ["By 5 March 2024 boats pay more", "Fees Rise, Boats Wait, Ports Sleep in the Sun"])
def test_sentences_are_no_credits(line: str) -> None:
    assert shown(f"{TITLE}\n\n{line}\n\n{PROSE}") == Metadata(TITLE)


def test_a_change_is_no_day_of_publication() -> None:
    head = "Updated: 6 March 2024 | Published: 5 March 2024"
    assert shown(f"{TITLE}\n\n{head}\n\n{PROSE}").date == "2024-03-05"


def test_two_lines_are_one_title_and_a_deck_is_none() -> None:
    blocks, metadata = lay_out(read_plain(f"Harbour fees of ten islands to\nrise next spring\n\n{PROSE}"))
    assert metadata.title == blocks[0].text == "Harbour fees of ten islands to rise next spring"
    assert shown(f"{TITLE}\n\nFishing boats are to pay least\n\nBy Ina Holm\n\n{PROSE}").title == TITLE


def test_a_title_that_stands_twice_names_nobody() -> None:
    assert shown(f"# {TITLE.title()}\n{TITLE.title()}\nBy Ina Holm\n\n{PROSE}") == Metadata(
        TITLE.title(), None, "Ina Holm"
    )
