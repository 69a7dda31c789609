"""What part of a page a line is, by the wording and the place that pages share."""

from __future__ import annotations

import pytest

from kzai_graph.datelines import dateline_agency, dateline_end
from kzai_graph.documents import lay_out
from kzai_graph.model import Block, Zone
from kzai_graph.plain import read_plain

PROSE = "The port authority adopted the new harbour rules on Monday, its chair told the council of the island."


def zoned(text: str) -> tuple[Block, ...]:
    return lay_out(read_plain(text))[0]


def zone_of(text: str, line: str) -> Zone:
    return next(block.zone for block in zoned(text) if block.text == line)


@pytest.mark.parametrize(
    "line",
    [
        "Share: Facebook | X | Telegram",
        "Follow us on Twitter and Instagram!",
        "We use cookies to improve your visit. Accept all",
        "© 2021 The Coast Post. All rights reserved.",
        "Subscribe to our newsletter",
        "Get the Coast Post stories sent directly to you! Sign up today",
        "Read also: Five ports to see before winter",
        "Photo credit: Anna Berg",
        "Email: press@port.example",
        "For more information, visit www.port.example",
        "The post Harbour rules appeared first on The Coast Post.",
        "[Original article](https://port.example/a)",
        "https://port.example/a/b",
        "3 comments",
        "Leave a comment",
        "[[type:report]]",
        "Tags: ports, fees",
        "READ NEXT: Ten lighthouses go dark",
        "More on this topic: The ferry that waits • Who owns the quay?",
        "Corrections: desk@coastpost.example",
        "The opinions in this column are the author's own. Reply to the editor",
        "Have a tip? Write to us",
        "Reprints with permission only",
        "Was this article useful? 14 9",
        "© Coast Post · Terms of use",
        "Page 3 of 12",
    ],
)
def test_furniture_by_its_wording(line: str) -> None:
    blocks = zoned(f"Harbour rules\n\n{PROSE}\n\n{line}\n")
    assert [b.zone for b in blocks][1:] == [Zone.BODY, Zone.FURNITURE]


@pytest.mark.parametrize(
    "line",
    [
        "Share prices of the ferry line fell by 10% after the vote.",
        "Follow-up talks are to take place in Oslo next year.",
        "Readers of the Coast Post sent 400 letters.",
        "The ministry published photos of the quay.",
        "About 80 people attended the hearing in Visby.",
        "Sources: the port lost 4 million euros, an official said.",
        "Overall score: 5.5 out of 12 (2019: 4.0)",
        "Ferries carried 2.1 million people, or 400 a day.",
        "Contact between the two ports was lost in 2019.",
        "Xylo.com carries more boats than any other line of the north.",
        "The council used the newsletter to invite comments.",
        "Corrections to the register took the ministry three years.",
        "Contents of the two holds were sold to a firm in Bergen.",
        "Views on the fee differ between the islands, a survey found.",
        "Attention has turned to the quay, which nobody repaired.",
    ],
)
def test_sentences_that_only_look_like_furniture(line: str) -> None:
    assert zone_of(f"Harbour rules\n\n{PROSE}\n\n{line}\n\n{PROSE}\n", line) is Zone.BODY


def test_sections_below_the_text() -> None:
    text = (
        f"Harbour rules\n\n{PROSE}\n\nABOUT THE PORT\n\n{PROSE}\n\nMedia contact\n\nInga Sund\n\nHead of Press\n\n"
        f"About Ferry Line\n\n{PROSE}\n\nRelated stories\nThe island that fishes by night\nTen lighthouses\n"
    )
    zones = [b.zone for b in zoned(text)]
    furniture = Zone.FURNITURE
    assert zones[2:4] == [Zone.HEADING, Zone.BODY]
    assert zones[4:7] == [furniture] * 3
    assert zones[7:9] == [Zone.HEADING, Zone.BODY]
    assert zones[9:] == [furniture] * 3


def test_numbered_parts_are_the_text_s_own() -> None:
    text = f"Harbour call\n\n1. Who we are\n\n{PROSE}\n\n2. What we do\n\n{PROSE}\n"
    assert [b.zone for b in zoned(text) if b.text == PROSE.strip()] == [Zone.BODY] * 2


def test_a_paper_on_itself_is_furniture_and_a_firm_is_not() -> None:
    about = "About Coast Post\n\nCoast Post is read in 40 ports by sailors who want to know more about the sea.\n"
    terms = "Please see full terms of use and disclaimers on the Coast Post website.\n"
    assert [b.zone for b in zoned(f"Harbour rules\n\n{PROSE}\n\n{about}\n{terms}")][2:] == [Zone.FURNITURE] * 3
    assert [b.zone for b in zoned(f"Harbour rules\n\n{PROSE}\n\n{about}")][2:] == [Zone.HEADING, Zone.BODY]


def test_captions() -> None:
    named, unnamed = "Inga Sund, chair of the port. Photo credit: Anna Berg", "A ferry at the quay\nPhoto: Anna Berg"
    text = f"Harbour rules\n\n{PROSE}\n\n{named}\n\n{unnamed}\n\n{PROSE}\n"
    assert [b.zone for b in zoned(text)][2:5] == [Zone.CAPTION, Zone.CAPTION, Zone.FURNITURE]
    text = f"{PROSE}\n\nTable 2. Ships by port\n\nPort\t2020\nVisby\t40\n\nSource: the ports.\n\n{PROSE}"
    assert [b.zone for b in zoned(text)][1:5] == [Zone.CAPTION, Zone.TABLE, Zone.TABLE, Zone.CAPTION]


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("VISBY – The port adopted rules.", "VISBY –"),
        ("PORT TOWN, Sweden, 3 March (NordWire) — The port adopted rules.", "PORT TOWN, Sweden, 3 March (NordWire) —"),
        ("OSLO, NO and BODO, NO - May 2, 2021 (SEA) - The port", "OSLO, NO and BODO, NO - May 2, 2021 (SEA) -"),
        ("Visby (Sea.ai) Tuesday Jul 6, 2021 @ 7:00 AM — The port", "Visby (Sea.ai) Tuesday Jul 6, 2021 @ 7:00 AM —"),
        ("Bergen, May 3 – The port adopted rules.", "Bergen, May 3 –"),
        ("OSLO, May 5, 2021 /SeaWire/ -- The port", "OSLO, May 5, 2021 /SeaWire/ --"),
        ("OSLO, May 5, 2021. The port adopted rules.", "OSLO, May 5, 2021."),
        ("OSLO/BERGEN, May 5 2021 (SeaWire) - The port", "OSLO/BERGEN, May 5 2021 (SeaWire) -"),
        ("OSLO / BERGEN — 5 May 2021 — The port", "OSLO / BERGEN — 5 May 2021 —"),
        ("OSLO, NO, and BODO, NO, May 3, 2021 /SEA/ -- The", "OSLO, NO, and BODO, NO, May 3, 2021 /SEA/ --"),
        ("PORTS ON CREDIT: HOW THE NORTH PAYS", ""),
        ("BERGEN. The port adopted rules.", "BERGEN."),
        ("VISBY, Minn.--(TIDE WIRE)--The port adopted rules.", "VISBY, Minn.--(TIDE WIRE)--"),
        ("Visby — (see Annex) — The port adopted rules.", ""),
        ("NATO – The alliance met.", ""),
        ("The port – the largest of all – adopted rules.", ""),
        ("Norway’s plan – a first – was adopted.", ""),
        ("A U.S. firm built the pier.", ""),
    ],
)  # fmt: skip
def test_datelines(text: str, dateline: str) -> None:
    assert text[: dateline_end(text)].strip() == dateline


def test_agency_of_a_dateline() -> None:
    assert dateline_agency("OSLO, May 5, 2021 /SeaWire/ --") == "SeaWire"
    assert dateline_agency("VISBY –") is None


def test_lists_and_what_introduces_them() -> None:
    rules = "The rules say:\n1. Boats pay ten euros.\n2. Ships pay more.\n\n(a) Rafts are free."
    text = f"{PROSE}\n\n{rules}\n\n{PROSE}\n\n• Tugs wait."
    items = [(b.text, b.lead_in) for b in zoned(text) if b.zone is Zone.LIST_ITEM]
    assert items == [("Boats pay ten euros.", 1), ("Ships pay more.", 1), ("Rafts are free.", 1), ("Tugs wait.", None)]


def test_numbered_headings_are_no_list() -> None:
    text = f"1. Introduction\n\n{PROSE}\n\n2. Results\n\n{PROSE}\n"
    assert [b.zone for b in zoned(text)][1:] == [Zone.BODY, Zone.HEADING, Zone.BODY]


@pytest.mark.parametrize(
    "text",
    [
        "Управление порта утвердило в понедельник новые правила гавани, сообщил совету острова его глава.",
        "港务局周一通过了新的港口规则。",
        "Die Hafenverwaltung hat am Montag neue Regeln beschlossen, wie der Vorsitzende dem Rat der Insel mitteilte, "
        "und die Fischer sind davon für ein Jahr ausgenommen worden.",
    ],
)
def test_other_languages(text: str) -> None:
    assert [b.zone for b in zoned(f"{PROSE}\n\n{text}\n\n{PROSE}")] == [Zone.BODY, Zone.OTHER_LANGUAGE, Zone.BODY]


def test_a_summary_by_a_machine_and_one_by_the_author() -> None:
    text = f"Harbour rules\n\n{PROSE}\n\n{PROSE}\n\n3 comments\n\nSummary\n\n{PROSE}"
    assert [b.zone for b in zoned(text)][-2:] == [Zone.MACHINE_SUMMARY] * 2
    text = f"Harbour rules\n\nSummary\n\n{PROSE}\n\nFindings\n\n{PROSE}"
    assert [b.zone for b in zoned(text)][1:3] == [Zone.HEADING, Zone.BODY]
    assert zone_of(f"Harbour rules\n\nTL;DR\n\n{PROSE}", PROSE) is Zone.MACHINE_SUMMARY


def test_menus_and_teasers() -> None:
    menu = "Home\nIslands\nPorts\nFerries\nWeather\n"
    teaser = (
        "NEWS\nThe lighthouse that moved\nA keeper tells how the tower came to stand on another rock...\nREAD MORE\n"
    )
    blocks = zoned(f"Harbour rules\n\n{menu}\n{PROSE}\n{PROSE}\n\n{teaser}\n{menu}")
    content = [b.text for b in blocks if b.zone is Zone.BODY]
    assert content == [PROSE, PROSE]
    assert sum(b.zone is Zone.FURNITURE for b in blocks) == 14


def test_lists_within_a_paragraph() -> None:
    text = (
        "The order sets three duties: (a) masters report by radio; (b) ports keep a register; and (c) the ministry "
        "prints the figures. Fines begin in March."
    )
    assert [(b.zone, b.text, b.lead_in) for b in zoned(f"{PROSE}\n\n{text}")[1:]] == [
        (Zone.BODY, "The order sets three duties:", None),
        (Zone.LIST_ITEM, "masters report by radio;", 1),
        (Zone.LIST_ITEM, "ports keep a register;", 1),
        (Zone.LIST_ITEM, "the ministry prints the figures.", 1),
        (Zone.BODY, "Fines begin in March.", None),
    ]
    numbered = zoned(f"{PROSE}\n\nThe plan has two goals: 1. cut waste; 2. train 300 masters.")
    assert [b.zone for b in numbered[1:]] == [Zone.BODY, Zone.LIST_ITEM, Zone.LIST_ITEM]


@pytest.mark.parametrize(
    "text",
    [
        "Bidders must show (i) a turnover of ten million, (ii) a staff of five and (iii) a licence of the port.",
        "The vote was clear: 1. Division of the league, once a feared name, took no part in it at all this year.",
        "She named one duty: (a) to report each catch by radio before the boat has come into the port of Visby.",
    ],
)
def test_sentences_with_markers_stay_whole(text: str) -> None:
    assert zone_of(f"{PROSE}\n\n{text}", text) is Zone.BODY


def test_names_beside_an_address_are_contacts() -> None:
    contact = "Additional information:\nInga Sund\nHead of Press\n+47 555 01 02, press@port.example"
    text = f"Harbour rules\n\n{PROSE}\n\n{contact}\n"
    assert [b.zone for b in zoned(text)][2:] == [Zone.FURNITURE] * 4


def test_credits_below_the_text() -> None:
    line = "(Reporting by Inga Sund in Visby; editing by Ole Berg)"
    assert zone_of(f"Harbour rules\n\n{PROSE}\n\n{line}", line) is Zone.BYLINE


@pytest.mark.parametrize(
    "text",
    [
        "Das Ministerium der Häfen hat am 3. Mai 2031 das neue Hafengesetz für das Land verabschiedet.",
        "La ministre a signé le plan qui couvre quarante et un quais dans les ports.",
        "El Ministerio de Puertos aprobó la ley de puertos el 3 de mayo de 2031.",
        "Министерство портов приняло закон о гаванях 3 мая.",
        "Порттар министрлігі 3 мамырда айлақтар туралы заң қабылдады.",
        "港口部于5月3日通过了港口法。",
    ],
)
def test_other_languages_are_not_read_as_english(text: str) -> None:
    blocks, _ = lay_out(read_plain(f"{text}\n\nThe board met in Oslo on Monday, and it adopted the harbour plan.\n"))
    assert [block.zone for block in blocks] == [Zone.OTHER_LANGUAGE, Zone.BODY]


@pytest.mark.parametrize(
    "text",
    [
        "Ana de la Cruz, rector of the Universidad de los Andes, met Jan van der Berg.",
        "Kelp Robotics opened labs: Oslo, Bergen, Lima, Cusco, Accra, Kumasi.",
    ],
)
def test_foreign_names_leave_a_text_english(text: str) -> None:
    blocks, _ = lay_out(read_plain(f"The board met in Oslo on Monday, and it adopted the plan.\n\n{text}\n"))
    assert all(block.zone is not Zone.OTHER_LANGUAGE for block in blocks)
