"""Times found in sentences; the cases say which."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from kzai_graph.dates import TimeExpression, find_dates
from kzai_graph.language import Pipeline, load_pipeline

CASES = Path(__file__).parent / "cases" / "dates"


@cache
def pipeline() -> Pipeline:
    return load_pipeline()


def find(text: str, reference: str | None, *, planned: bool = False) -> list[TimeExpression]:
    return find_dates(pipeline().nlp(text), reference=reference, future=(lambda _: True) if planned else None)


def cases() -> list[tuple[str, str, list[str]]]:
    loaded = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.toml"))]
    return [(group["reference"], case["text"], case["times"]) for group in loaded for case in group["case"]]


@pytest.mark.parametrize(("reference", "text", "times"), cases())
def test_the_times_of_a_sentence(reference: str, text: str, times: list[str]) -> None:
    assert [f"{t.edtf} {t.relation}" for t in find(text, reference) if t.relation != "duration"] == times


@pytest.mark.parametrize(
    "text", ["It opened last year.", "It opened on 24 September.", "It opens on Friday.", "It opens within two years."]
)
def test_without_a_reference_nothing_relative_is_guessed(text: str) -> None:
    assert find(text, None) == []


def test_a_plan_means_the_next_such_day() -> None:
    text = "They celebrated the opening in March."
    assert find(text, "2025-09-29", planned=True)[0].edtf == "2026-03"
    assert find(text, "2025-09-29")[0].edtf == "2025-03"


@pytest.mark.parametrize(
    ("text", "edtf"),
    [("It took three years.", "P3Y"), ("They argued for two weeks.", "P2W"), ("A five-year plan ended.", "P5Y")],
)
def test_durations_are_kept_apart(text: str, edtf: str) -> None:
    assert [(t.edtf, t.relation) for t in find(text, None)] == [(edtf, "duration")]


def test_the_tokens_of_a_time_are_its_words() -> None:
    doc = pipeline().nlp("The dam, begun in June 2019, was finished by the end of 2024.")
    found = find_dates(doc, reference=None)
    assert [doc[t.begin : t.end].text for t in found] == ["June 2019", "the end of 2024"]
