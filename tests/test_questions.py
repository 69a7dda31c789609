"""What the seeds answer to the shipped questions, and the page that shows it."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from kzai_graph.sparql import shipped_questions

REPOSITORY = Path(__file__).resolve().parents[1]
TOOL = runpy.run_path(str(REPOSITORY / "tools" / "questions.py"))
REMEDY = "run python tools/questions.py, and read the difference against seeds/ before you keep it"


@pytest.fixture(scope="module")
def wanted(seeds_out: Path) -> dict[Path, str]:
    written: dict[Path, str] = TOOL["files"](seeds_out / "graph.ttl")
    return written


def test_there_are_questions_in_five_folders() -> None:
    names = [question.name for question in shipped_questions()]
    assert len(names) >= 25
    assert {name.partition("/")[0] for name in names} == {"law", "people", "promises", "sources", "technology"}


@pytest.mark.parametrize("name", [question.name for question in shipped_questions()])
def test_seeds_answer_as_a_reader_would(wanted: dict[Path, str], name: str) -> None:
    path = TOOL["ANSWERS"] / f"{name}.csv"
    assert path.exists(), REMEDY
    assert path.read_text(encoding="utf-8") == wanted[path], REMEDY


def test_page_is_up_to_date_and_no_answer_is_left_over(wanted: dict[Path, str]) -> None:
    assert set(TOOL["ANSWERS"].rglob("*.csv")) == wanted.keys() - {TOOL["PAGE"]}, REMEDY
    assert TOOL["PAGE"].read_text(encoding="utf-8") == wanted[TOOL["PAGE"]], REMEDY
