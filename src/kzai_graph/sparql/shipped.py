"""Ask a store in memory a query of our own in this very process: without limits, so with the same answer every time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.sparql.answer import Answer, Kind
from kzai_graph.sparql.card import QuestionCard, bind
from kzai_graph.sparql.catalogue import find_query, read_query
from kzai_graph.sparql.tokens import substitute


def ask_shipped(store: ox.Store, query: Path, *, parameters: Mapping[str, str] | None = None) -> Answer:
    """Answer a query that gives rows; the default graph alone is read.

    Only for queries that are shipped: nothing stops one that reaches out or does not end.

    Raises:
        QueryError: there is no such query, or it lacks a parameter.
    """
    text = read_query(find_query(query))
    terms = bind(text, QuestionCard.of(text), parameters or {})
    found = store.query(substitute(text, terms))
    assert isinstance(found, ox.QuerySolutions), query
    columns = tuple(variable.value for variable in found.variables)
    return Answer(Kind.SELECT, columns, tuple(tuple(row[name] for name in columns) for row in found))
