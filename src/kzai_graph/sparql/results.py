"""Read an answer from what an engine writes, as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO

import pyoxigraph as ox

from kzai_graph.sparql.answer import Answer, Kind, Row, Term

TRIPLE = ("subject", "predicate", "object")


def read_triples(body: IO[bytes], form: ox.RdfFormat, max_rows: int) -> Answer:
    """The triples of a CONSTRUCT or DESCRIBE, the first ``max_rows`` of them, sorted: no query orders them.

    Raises:
        SyntaxError: they break off, or are not of this format.
    """
    parsed = ox.parse(input=body, format=form)
    rows, more = _first(((_term(q.subject), q.predicate, _term(q.object)) for q in parsed), max_rows)
    rows.sort(key=lambda row: [str(term) for term in row])
    return Answer(Kind.GRAPH, TRIPLE, tuple(rows), truncated=more)


def read_solutions(solutions: ox.QuerySolutions, max_rows: int) -> Answer:
    """The rows of a SELECT, the first ``max_rows`` of them.

    Raises:
        SyntaxError: they break off.
    """
    columns = tuple(variable.value for variable in solutions.variables)
    rows, more = _first((tuple(map(_term, solution)) for solution in solutions), max_rows)
    return Answer(Kind.SELECT, columns, tuple(rows), truncated=more)


def _first(rows: Iterator[Row], most: int) -> tuple[list[Row], bool]:
    """The first rows, and whether there are more."""
    first = list(islice(rows, most))
    return first, len(first) == most and next(rows, None) is not None


def _term(term: object) -> Term | None:
    if term is None or isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    return ox.Literal(str(term))
