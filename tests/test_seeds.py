"""The floors under which reading the seeds must not fall."""

from __future__ import annotations

from pathlib import Path

import pytest

from kzai_graph.evaluate import Report, evaluate

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent / "seeds"
FAULTS = (
    "traps",
    "duplicates",
    "spans_wrong",
    "without_evidence",
    "ungrounded",
    "without_triple",
    "unbacked",
    "malformed",
)


@pytest.fixture(scope="module")
def report(seeds_out: Path) -> Report:
    return evaluate(seeds_out / "graph.ttl", HERE / "gold", SEEDS)


@pytest.mark.parametrize(
    ("kind", "measure", "floor"),
    [
        ("typed", "f1", 0.75),
        ("facts", "precision", 0.80),
        ("facts", "recall", 0.50),
        ("observations", "f1", 0.80),
        ("quotes", "f1", 0.85),
    ],
)
def test_score_is_above_its_floor(report: Report, kind: str, measure: str, floor: float) -> None:
    tally = report.total.tallies[kind]
    assert getattr(tally, measure) >= floor, "\n".join((str(tally), *report.errors))


def test_all_metadata_is_right(report: Report) -> None:
    assert report.total.counts["metadata"] == 7
    assert report.total.counts["metadata_right"] == 7, "\n".join(report.errors)


@pytest.mark.parametrize("fault", FAULTS)
def test_graph_has_no_fault(report: Report, fault: str) -> None:
    assert report.total.counts["assertions"] > 0
    assert report.total.counts["spans"] > 0
    assert report.total.counts[fault] == 0, "\n".join(report.errors)
