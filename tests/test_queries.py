"""Every query that is shipped, on data of its own: what it finds, and in which order."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kzai_graph.ontology import default_ontology
from kzai_graph.schema import schema_triples, write_schema
from kzai_graph.sparql import Kind, QuestionCard, default_queries, read_query, run_query, write_answer

CASES = Path(__file__).resolve().parent / "cases" / "queries"
QUERIES = sorted(default_queries().rglob("*.rq"))


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "schema.nt"
    write_schema(schema_triples(default_ontology()), path)
    return path


def test_every_query_has_a_case_and_every_case_a_query() -> None:
    assert {path.name for path in CASES.iterdir()} == {query.stem for query in QUERIES}
    assert len(QUERIES) == len({query.stem for query in QUERIES})


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_query_finds_what_is_expected(query: Path, schema: Path) -> None:
    """``expected`` goes with ``parameters.toml`` or with none, ``NAME`` with ``NAME.toml``."""
    case = CASES / query.stem
    beside = [schema] if query.parent.name == "check" or QuestionCard.of(read_query(query)).beside else []
    settings = {path.stem.replace("parameters", "expected"): path for path in case.glob("*.toml")}
    expected = sorted(path for form in ("csv", "ttl") for path in case.glob(f"*.{form}") if path.stem != "data")
    assert settings.keys() | {"expected"} == {path.stem for path in expected}
    for path in expected:
        given = settings.get(path.stem)
        parameters = tomllib.loads(given.read_text(encoding="utf-8")) if given else {}
        answer = run_query(query, case / "data.ttl", parameters=parameters, beside=beside)
        assert answer.rows or answer.kind is Kind.ASK, "a case that finds nothing shows nothing"
        assert write_answer(answer, path.suffix[1:]) == path.read_text(encoding="utf-8"), path
        assert answer.columns == QuestionCard.of(read_query(query)).columns


@pytest.mark.parametrize("query", [q for q in QUERIES if "$" in read_query(q)], ids=lambda query: query.stem)
def test_every_parameter_may_be_left_out(query: Path) -> None:
    assert run_query(query, CASES / query.stem / "data.ttl").kind


@pytest.mark.parametrize("data", sorted(CASES.glob("*/data.ttl")), ids=lambda data: data.parent.name)
def test_overdue_means_the_same_to_both_questions(data: Path) -> None:
    """Numbers that are aimed at are in the tracker alone; a sentence may say two things."""
    shared = ("due", "who", "relation", "what", "document", "sentence")
    for today in ({}, {"today": "2034-06-30"}):
        overdue = run_query(Path("promises/overdue"), data, parameters=today).texts()
        tracked = run_query(Path("promises/tracker"), data, parameters=today).texts()
        late = [row for row in tracked if row["state"] == "overdue" and row["relation"] != "target"]
        assert [tuple(row.values()) for row in overdue] == [tuple(row[name] for name in shared) for row in late]
