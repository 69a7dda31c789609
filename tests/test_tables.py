"""Data cells of plain tables."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kzai_graph.model import Block, Document, Metadata, Span, Zone
from kzai_graph.tables import TableValue, read_tables


def read(text: str, *, whole: bool = False) -> list[TableValue]:
    """The cells of a table, a block for each line or one for all; lines with ``#`` are headings."""
    pattern = r"(?s).+" if whole else r"[^\n]+"
    blocks = tuple(
        Block(Span(m.start(), m.end()), Zone.HEADING if m.group().startswith("#") else Zone.TABLE, m.group())
        for m in re.finditer(pattern, text)
    )
    document = Document("text.txt", text, "", "utf-8", blocks, Metadata())
    values = list(read_tables(document))
    for value in values:
        row = blocks[value.block].text[value.begin : value.end]
        assert row
        assert row == row.strip()
        assert str(value.value) in row or isinstance(value.value, Decimal)
    return values


SCORES = "Year\tQ1\tQ2\tTotal\n2021\tN\tY\t3.0\n2022\tP\tY\t4.33\n"
EXPECTED = [
    ("N", "Q1", "2021"), ("Y", "Q2", "2021"), (Decimal("3.0"), "Total", "2021"),
    ("P", "Q1", "2022"), ("Y", "Q2", "2022"), (Decimal("4.33"), "Total", "2022"),
]  # fmt: skip


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        SCORES,
        "| Year | Q1 | Q2 | Total |\n|---|---|---|---|\n| 2021 | N | Y | 3.0 |\n| 2022 | P | Y | 4.33 |\n",
        "Year   Q1  Q2  Total\n2021   N   Y   3.0\n2022   P   Y   4.33\n",
    ],
)
def test_every_data_cell_has_column_and_year(text: str, whole: bool) -> None:
    assert [(v.value, v.column, v.period) for v in read(text, whole=whole)] == EXPECTED


def test_rows_have_heads_and_columns_may_be_years() -> None:
    values = read("Country\t2022\t2023\tRank in 2024\nPeru\t46.9\t1,240\t62\nChad\t40.0\t–\t70\n")
    assert [(v.row_head.text if v.row_head else "", v.value, v.period) for v in values] == [
        ("Peru", Decimal("46.9"), "2022"),
        ("Peru", Decimal(1240), "2023"),
        ("Peru", Decimal(62), "2024"),
        ("Chad", Decimal("40.0"), "2022"),
        ("Chad", Decimal(70), "2024"),
    ]
    assert values[2].column == "Rank in 2024"


def test_the_heading_above_is_kept() -> None:
    assert {v.heading for v in read(f"# Changes in wells\n\n{SCORES}")} == {"Changes in wells"}


def test_words_are_no_data() -> None:
    assert read("Name\tOffice\nAisha Bello\tHead of the water board\nTom Reyes\tMayor\n") == []


def test_percent_signs_and_minus_signs_are_read() -> None:
    values = read("Region\tShare\tChange\nNorth\t45%\t-3.5\nSouth\t55%\t+2\n")
    assert [v.value for v in values] == [Decimal(45), Decimal("-3.5"), Decimal(55), Decimal(2)]


def test_a_counter_is_no_row_head() -> None:
    values = read("No.\tRegion\tWells\n1\tNorth\t40\n2\tSouth\t31\n")
    assert [(v.row_head.text if v.row_head else "", v.value) for v in values] == [("North", 40), ("South", 31)]


@pytest.mark.parametrize("text", ["Year\tQ1\tQ2", "", "plain words\n"])
def test_a_single_row_is_no_table(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("table", "unit"),
    [
        ("Indicator\t2029\nFerries\t12\nPiers\t7\n", "Ferries"),
        ("\t2029\nRegistered boats (thousands)\t12\nPiers\t7\n", "Registered boats"),
        ("Country\t2029\nPeru\t12\nChile\t7\n", "2029"),
    ],
)
def test_under_years_a_row_may_say_what_is_counted(table: str, unit: str) -> None:
    first = read(table)[0]
    assert (first.value, first.column, first.period) == (Decimal(12), unit, "2029")


def test_facts_in_two_columns_say_what_they_count() -> None:
    values = read("Score 2025 (out of 100)\t58.3\nWells with a pump\t491\nOwn water law\tNo\n")
    assert [(v.value, v.column, v.period) for v in values] == [
        (Decimal("58.3"), "Score", "2025"),
        (Decimal(491), "Wells with a pump", None),
    ]
