"""Observations: period, modality, evidence and what they are of."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import pytest

from kzai_graph.clauses import find_clauses
from kzai_graph.dates import find_dates
from kzai_graph.language import Pipeline, load_pipeline, parse_blocks
from kzai_graph.lexical import Cues
from kzai_graph.model import Block, Document, Metadata, Modality, Observation, Span, Zone
from kzai_graph.observations import find_observations
from kzai_graph.ontology import load_ontology
from kzai_graph.quantities import find_quantities

DATE = "2025-09-29"


@cache
def pipeline() -> Pipeline:
    return load_pipeline()


@cache
def cues() -> Cues:
    return load_ontology().cues


def read(text: str) -> list[tuple[Observation, str]]:
    """The observations of a text with the words that they are of; lines with tabs are tables."""
    blocks = tuple(
        Block(Span(m.start(), m.end()), Zone.TABLE if "\t" in m.group() else Zone.BODY, m.group())
        for m in re.finditer(r"[^\n]+", text)
    )
    document = Document("text.txt", text, "", "utf-8", blocks, Metadata(date=DATE))
    docs = dict(parse_blocks(pipeline(), blocks))
    body = {b: d for b, d in docs.items() if blocks[b].zone is Zone.BODY}
    clauses = {b: find_clauses(d, cues()) for b, d in body.items()}
    times = {b: find_dates(d, reference=DATE) for b, d in body.items()}
    quantities = {b: find_quantities(d, times=times[b]) for b, d in body.items()}
    found = find_observations(docs, document, quantities, times, clauses, cues())
    return [(o, docs[a[0]][a[1] : a[2]].text if a else "") for o, a in found]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("In 2021 the port handled 40 ships and 12 ferries.", ["2021", "2021"]),
        ("The port handled 40 ships in 2021 and 52 in 2022.", ["2021", "2022"]),
        ("The port handled 40 ships.", [None]),
        ("The port, opened in 1998, handles 40 ships.", [None]),
        ("The port will handle 90 ships by 2029.", ["2029"]),
        ("– 2026: 85 schools, 400 pupils;", ["2026", "2026"]),
        ("The loss fell to $82 million from $95 million a year ago.", [None, "2024"]),
        ("Last year 60 percent of the wells were tested.", ["2024"]),
    ],
)
def test_the_period_is_the_time_that_the_sentence_ties_to_the_number(text: str, periods: list[str | None]) -> None:
    assert [o.period for o, _ in read(text)] == periods


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The port handled 40 ships.", Modality.ASSERTED),
        ("The port will handle 40 ships.", Modality.PLANNED),
        ("The port plans to handle 40 ships.", Modality.PLANNED),
        ("Our goal is to train 40 pilots.", Modality.PLANNED),
        ("The board set a target of 40 ships.", Modality.PLANNED),
        ("In May 40 ships are expected.", Modality.PLANNED),
        ("In May 40 ships were built.", Modality.ASSERTED),
        ("The port did not handle 40 ships.", Modality.NEGATED),
        ("The mayor said that the port handled 40 ships.", Modality.ASSERTED),
    ],
)
def test_the_modality_is_that_of_the_clause(text: str, modality: Modality) -> None:
    assert [o.modality for o, _ in read(text)] == [modality]


@pytest.mark.parametrize(
    "text",
    [
        "The two ministries agreed.",
        "These three ports closed.",
        "It was built within five years.",
        "A three-year plan was agreed.",
        "It happened two years ago.",
        "They met four times.",
        "Article 5 and room 12 were named on 3 May 2021.",
    ],
)
def test_what_reports_no_number(text: str) -> None:
    assert read(text) == []


def test_a_duration_counts_where_it_is_the_news() -> None:
    found = read("The group has 35 years of experience. The power failed for 31 hours.")
    assert [(o.value, o.unit) for o, _ in found] == [(Decimal(35), "years"), (Decimal(31), "hours")]


def test_millions_are_news_without_a_unit() -> None:
    found = read("Ten billion put into roads would help more. Only seven helped.")
    assert [(o.value, o.unit) for o, _ in found] == [(Decimal(10_000_000_000), None)]


def test_the_evidence_is_the_sentence() -> None:
    text = "The port is old.\nIt rains. The port handled 40 ships. Nobody slept."
    ((observation, of),) = read(text)
    assert text[observation.span.begin : observation.span.end] == "The port handled 40 ships."
    assert of == "The port"


def test_a_share_says_what_it_is_a_share_of() -> None:
    ((observation, _),) = read("Peru spent 0.14% of GDP on schools.")
    assert (observation.value, observation.unit, observation.indicator) == (Decimal("0.14"), "%", "GDP")


def test_a_bound_keeps_the_number_and_the_side() -> None:
    ((observation, _),) = read("The port employs more than 300 people.")
    assert (observation.value, observation.minimum, observation.maximum) == (Decimal(300), Decimal(300), None)


def test_table_cells_are_observations_with_their_row_as_evidence() -> None:
    text = "Harbour\t2022\t2023\nLomé\t46.9\t48.6\nAccra\t40\tY\n"
    found = read(text)
    assert [(of, o.value, o.unit, o.period, o.indicator) for o, of in found] == [
        ("Lomé", Decimal("46.9"), "2022", "2022", "Lomé"),
        ("Lomé", Decimal("48.6"), "2023", "2023", "Lomé"),
        ("Accra", Decimal(40), "2022", "2022", "Accra"),
        ("Accra", "Y", "2023", "2023", "Accra"),
    ]
    assert text[found[0][0].span.begin : found[0][0].span.end] == "Lomé\t46.9\t48.6"


@pytest.mark.parametrize(
    ("lead", "item", "modality"),
    [
        ("Among its commitments:", "the training of 40 pilots;", Modality.PLANNED),
        ("The strategy foresees:", "a yard for 40 ships;", Modality.PLANNED),
        ("Targets", "40 ships and a dock", Modality.PLANNED),
        ("The plan has worked. Results so far:", "a yard for 40 ships;", Modality.ASSERTED),
        ("Our plan in figures:", "The port handled 40 ships.", Modality.ASSERTED),
        ("What was built:", "a yard for 40 ships;", Modality.ASSERTED),
    ],
)
def test_what_leads_in_a_list_says_whether_its_items_are_aims(lead: str, item: str, modality: Modality) -> None:
    blocks = (
        Block(Span(0, len(lead)), Zone.BODY, lead),
        Block(Span(len(lead) + 1, len(lead) + 1 + len(item)), Zone.LIST_ITEM, item, lead_in=0),
    )
    docs = dict(parse_blocks(pipeline(), blocks))
    quantities = {1: find_quantities(docs[1], times=[])}
    document = Document("text.txt", f"{lead}\n{item}", "", "utf-8", blocks, Metadata(date=DATE))
    clauses = {b: find_clauses(d, cues()) for b, d in docs.items()}
    assert [o.modality for o, _ in find_observations(docs, document, quantities, {}, clauses, cues())] == [modality]
