"""Numbers with their units, found in sentences; the cases say which."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzai_graph.currencies import code_of
from kzai_graph.dates import find_dates
from kzai_graph.language import Pipeline, load_pipeline
from kzai_graph.numerals import scan_numerals
from kzai_graph.quantities import Quantity, find_quantities

CASES = Path(__file__).parent / "cases" / "quantities"


@cache
def pipeline() -> Pipeline:
    return load_pipeline()


def shown(quantity: Quantity) -> str:
    text = f"{quantity.kind} {quantity.value} {quantity.unit}"
    if quantity.minimum is not None or quantity.maximum is not None:
        low, high = ("" if bound is None else bound for bound in (quantity.minimum, quantity.maximum))
        text += f" [{low}..{high}]"
    text += f" of {quantity.of}" if quantity.of else ""
    return f"{text} (definite)" if quantity.definite else text


def cases() -> list[tuple[str, list[str]]]:
    loaded = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.toml"))]
    return [(case["text"], case["quantities"]) for group in loaded for case in group["case"]]


@pytest.mark.parametrize(("text", "quantities"), cases())
def test_the_quantities_of_a_sentence(text: str, quantities: list[str]) -> None:
    doc = pipeline().nlp(text)
    found = find_quantities(doc, times=find_dates(doc, reference="2025-09-29"))
    assert [shown(q) for q in found if q.kind != "bare"] == quantities


def test_numbers_in_dates_are_no_quantities() -> None:
    doc = pipeline().nlp("On 24 September 2021 the mill, built in 1998, sold 30 tonnes of flour.")
    found = find_quantities(doc, times=find_dates(doc, reference="2021-10-01"))
    assert [shown(q) for q in found] == ["measure 30 tonnes"]


def test_the_tokens_cover_number_and_unit() -> None:
    doc = pipeline().nlp("The mill sold 30 new grain silos for US$17 million.")
    silos, money = find_quantities(doc, times=())
    assert doc[silos.begin : silos.end].text == "30 new grain silos"
    assert doc[silos.head].text == "silos"
    assert doc[money.begin : money.end].text == "US$17 million"
    assert money.currency == "USD"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("twenty-six", 26),
        ("two hundred and forty thousand", 240_000),
        ("a dozen", 12),
        ("three million", 3_000_000),
        ("1.5 billion", 1_500_000_000),
        ("12 500", 12_500),
        ("1,240", 1_240),
        ("3 lakh", 300_000),
    ],
)
def test_numbers_are_read_with_their_scale(words: str, value: int) -> None:
    assert [n.value for n in scan_numerals(f"It has {words} wells.")] == [value]


@pytest.mark.parametrize("text", ["GPT-4", "5G", "5th", "24/7", "10:30", "3.2.1", "B2B", "x9", "#7", "A.350", "007"])
def test_numbers_inside_words_and_codes_are_none(text: str) -> None:
    assert list(scan_numerals(f"It is {text} here.")) == []


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False))
def test_grouped_figures_keep_their_value(value: Decimal) -> None:
    (numeral,) = scan_numerals(f"It cost {value:,} euros")
    assert (numeral.value, numeral.currency) == (value, "EUR")


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        ("US$", "USD"),
        ("KZT", "KZT"),
        ("tenge", "KZT"),
        ("Kenyan shillings", "KES"),
        ("CFA francs", "XOF"),
        ("shillings", None),
    ],
)
def test_currencies_have_codes_where_no_doubt_is_left(sign: str, code: str | None) -> None:
    assert code_of(sign) == code
