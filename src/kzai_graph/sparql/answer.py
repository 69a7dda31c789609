"""What a query gave, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph as ox

from kzai_graph.terms import PREFIXES, XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = tuple[Term | None, ...]


class Kind(StrEnum):
    """The three shapes of an answer: rows, yes or no, triples."""

    SELECT = "select"
    ASK = "ask"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a SELECT, the triples of a CONSTRUCT or DESCRIBE as rows of three, or the yes or no of an ASK.

    ``truncated``: there were more rows than asked for.
    """

    kind: Kind
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    yes: bool = False
    truncated: bool = False

    def texts(self) -> list[dict[str, str]]:
        """The rows as text by column; an unbound variable is an empty string."""
        return [
            {column: "" if term is None else term.value for column, term in zip(self.columns, row, strict=True)}
            for row in self.rows
        ]


def shorten(iri: str) -> str:
    """Write an IRI with the longest prefix that fits, or in full."""
    fitting = [(uri, prefix) for prefix, uri in PREFIXES.items() if iri.startswith(uri) and len(iri) > len(uri)]
    if not fitting:
        return iri
    uri, prefix = max(fitting, key=lambda f: len(f[0]))
    return f"{prefix}:{iri.removeprefix(uri)}"


def to_text(term: Term | None) -> str:
    """A term as a person reads it: short IRIs, literals without type."""
    if term is None:
        return ""
    return shorten(term.value) if isinstance(term, ox.NamedNode) else term.value


def is_number(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in NUMBERS


NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))
