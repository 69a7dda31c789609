"""How far to trust a graph: the faults that its shapes and checks find, and what was measured of such reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kzai_graph.check import MAX_QUERIED_TRIPLES, MAX_SHAPED_TRIPLES, SHAPED, Fault, examine
from kzai_graph.view.measured import Measured, read_measured

if TYPE_CHECKING:
    from kzai_graph.evaluate import Report

MAX_SHOWN = 10
"""Faults of one kind that the page shows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Faults of one kind: how many there are, and the first of them."""

    severity: str
    check: str
    problem: str
    fix: str
    count: int
    shown: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two ways of checking: whether the graph was small enough for it at once, how many checks it has."""

    name: str
    bound: int
    checks: int
    faults: int


@dataclass(frozen=True, slots=True)
class Trust:
    """What was checked and found; what was measured of other texts, and on gold files of this very graph."""

    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    measured: Measured | None
    scores: Report | None


def find_trust(
    store: ox.Store, triples: int | None = None, *, ontology: Path | None = None, scores: Report | None = None
) -> Trust:
    """Check a graph, and gather what was measured; figures of the shipped ontology say nothing of another one.

    ``triples``: how many the default graph holds, by default all of the store. The schema may stay in the store.

    Raises:
        OntologyError: the ontology folder or its shapes are broken.
    """
    report = examine(store, triples, ontology=ontology)
    parts = []
    for name, bound in (("shapes", MAX_SHAPED_TRIPLES), ("queries that must find nothing", MAX_QUERIED_TRIPLES)):
        of_shapes = bound == MAX_SHAPED_TRIPLES
        done = sum((check == SHAPED) is of_shapes for check in report.checks)
        parts.append(Part(name, bound, done, sum((fault.check == SHAPED) is of_shapes for fault in report.faults)))
    return Trust(tuple(parts), tuple(_problems(report.faults)), None if ontology else read_measured(), scores)


def _problems(faults: Iterable[Fault]) -> Iterable[Problem]:
    for (severity, check, problem, fix), group in groupby(faults, key=_kind):
        found = tuple(group)
        yield Problem(severity, check, problem, fix, len(found), found[:MAX_SHOWN])


def _kind(fault: Fault) -> tuple[str, str, str, str]:
    return fault.severity.value, fault.check, fault.problem, fault.fix
