"""Validate a graph with SHACL shapes: pyshacl over a native rdflib graph, and its results as plain values.

pyshacl over a graph that another store backs is a hundred times slower, and takes plain strings for typed literals.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kzai_graph.errors import OntologyError
from kzai_graph.ontology import read_turtle
from kzai_graph.sparql.answer import shorten


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One result of SHACL; ``path`` and ``severity`` are local names, ``detail`` is the value at fault."""

    severity: str
    focus: str
    path: str
    message: str
    detail: str
    is_iri: bool = True


def validate(store: ox.Store, schema: Sequence[ox.Triple], shapes: Path) -> tuple[Result, ...]:
    """Return what the shapes find, sorted; graph names are dropped, the schema is read beside the graph.

    Raises:
        OntologyError: the shapes cannot be read, or are no valid SHACL.
    """
    followed = to_rdflib(read_turtle(shapes))
    try:
        with _quiet():
            data = to_rdflib([*(ox.Triple(q.subject, q.predicate, q.object) for q in store), *schema])
            _, report, text = pyshacl.validate(data, shacl_graph=followed, inplace=True)
    except Exception as error:
        # pyshacl raises errors of many kinds for shapes that it cannot follow
        raise OntologyError(f"{shapes}: no valid shapes ({_one_line(error)}); mend them") from error
    if not isinstance(report, Graph):
        raise OntologyError(f"{shapes}: cannot be followed ({_one_line(text)}); mend them")
    found = {
        _result(report, node)
        for head in report.subjects(RDF.type, SH.ValidationReport)
        for node in report.objects(head, SH.result)
    }
    return tuple(sorted(found))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging each literal that is not of its datatype: the shapes say so, and say where."""
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def to_rdflib(triples: Iterable[ox.Triple]) -> Graph:
    """Copy triples into an rdflib graph."""
    graph = Graph()
    written = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    graph.parse(data=written or b"", format="nt")
    return graph


def _result(report: Graph, node: Node) -> Result:
    focus, value = report.value(node, SH.focusNode), report.value(node, SH.value)
    messages = sorted(str(m) for m in report.objects(node, SH.resultMessage))
    path = report.value(node, SH.resultPath)
    name = shorten(str(path)) if isinstance(path, URIRef) else ""
    said = shorten(str(value)) if isinstance(value, URIRef) else str(value) if isinstance(value, Literal) else ""
    return Result(
        severity=str(report.value(node, SH.resultSeverity)).rpartition("#")[2].lower(),
        focus=str(focus),
        path=name,
        message=messages[0] if messages else str(report.value(node, SH.sourceConstraintComponent)),
        detail=" ".join(part for part in (name, said) if part),
        is_iri=not isinstance(focus, (BNode, Literal)),
    )


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:300]
