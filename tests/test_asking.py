"""Which question a wording means, and with which parameters; the cases are data in ``cases/asking/``."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kzai_graph.asking import Catalogue, Names
from kzai_graph.asking.words import cut, stem
from kzai_graph.inquiry import Graph
from kzai_graph.sparql import Question, shipped_questions

FOLDER = Path(__file__).resolve().parent / "cases" / "asking"
WORDINGS = tomllib.loads((FOLDER / "wordings.toml").read_text(encoding="utf-8"))
NAMES = Names.of(Graph(FOLDER / "graph.ttl"))
CATALOGUE = Catalogue(shipped_questions())


@pytest.mark.parametrize("case", WORDINGS["asked"], ids=lambda case: case["words"])
def test_wording_means_a_question(case: dict[str, object]) -> None:
    best = CATALOGUE.rank(str(case["words"]), NAMES).best
    assert best is not None, "no question fits"
    assert (best.question.name, best.parameters) == (case["question"], case.get("parameters", {}))


@pytest.mark.parametrize("words", WORDINGS["refused"])
def test_wording_that_fits_none_is_refused(words: str) -> None:
    assert CATALOGUE.rank(words, NAMES).best is None


@pytest.mark.parametrize("question", list(shipped_questions()), ids=lambda question: question.name)
def test_question_is_found_by_its_own_wording(question: Question) -> None:
    best = CATALOGUE.rank(question.card.question, NAMES).best
    assert best is not None
    assert best.question.name == question.name


def test_name_that_the_graph_does_not_know_is_said() -> None:
    ranking = CATALOGUE.rank("Who heads the Ministry of Snow?", NAMES)
    assert ranking.best is None
    assert ranking.unknown == ("Snow",)
    assert ranking.nearest[0].question.name == "people/heads"


@pytest.mark.parametrize("words", ["who are members of the who", "Who are members of the WHO"])
def test_acronym_that_is_a_word_needs_capitals(words: str) -> None:
    best = CATALOGUE.rank(words, NAMES).best
    assert best is not None
    assert dict(best.parameters) == ({"body": "World Health Organization"} if "WHO" in words else {})


def test_part_of_a_name_comes_as_the_graph_writes_it() -> None:
    best = CATALOGUE.rank("who is minister of PORTS and lighthouse?", NAMES).best
    assert best is not None
    assert dict(best.parameters) == {"office": "Minister of Ports and Lighthouses"}


def test_names_that_part_ways_are_two() -> None:
    assert CATALOGUE.rank("who is the Minister of Ports and Snow?", NAMES).best is None
    assert CATALOGUE.rank("who is the Speaker of the Tidal Wave?", NAMES).best is None


@pytest.mark.parametrize("words", ["", "?", "the of and", "'", "{body}", "a" * 10_000, "ports " * 500])
def test_any_text_is_ranked(words: str) -> None:
    assert CATALOGUE.rank(words, NAMES).choices


@pytest.mark.parametrize(
    "forms",
    [
        "develop develops developer developers developed developing development",
        "supply supplies supplier suppliers supplied supplying",
        "plan plans planned planning",
        "adopt adopts adopted adoption",
        "deny denies denied denial",
        "cooperate cooperates cooperation cooperating",
        "country countries",
        "build built building",
    ],
)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(word.folded) for word in cut(forms)}) == 1


@pytest.mark.parametrize("pair", ["minister ministry", "part partner", "number name", "law lawn", "rate ration"])
def test_other_words_have_another_stem(pair: str) -> None:
    one, other = cut(pair)
    assert one.stem != other.stem


def test_words_are_cut_with_their_places() -> None:
    text = "Didn't the bank’s U.S. office e-mail Bo?"
    assert [word.text for word in cut(text)] == ["Did", "not", "the", "bank", "U.S", "office", "e-mail", "Bo"]
    assert all(text[w.begin : w.end] == w.text for w in cut(text) if w.text != "not")
