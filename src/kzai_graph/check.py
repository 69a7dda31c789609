"""Check a graph: the shapes of the ontology folder, and the queries that must find nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import QueryError
from kzai_graph.inquiry import Graph
from kzai_graph.lines import Lines, line_finder
from kzai_graph.ontology import SHAPES, default_ontology, load_ontology
from kzai_graph.schema import schema_triples
from kzai_graph.sparql import Answer, QuestionCard, ask_shipped, default_queries, read_query
from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV

MAX_SHAPED_TRIPLES, MAX_QUERIED_TRIPLES = 10_000, 100_000
"""The largest graphs that ``examine`` holds against the shapes, and asks the check queries: a few seconds each."""
SHAPED = "shapes"
"""The name of what the shapes find, beside those of the queries."""


class Severity(StrEnum):
    """How bad a fault is; only violations make a graph fail."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


Node = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, with the place in a text that shows it, as far as the graph has one.

    ``check`` is the name of a query or ``shapes``; ``detail`` says what was found there; ``line`` counts from 1 and is
    known only where the text is at hand.
    """

    severity: Severity
    check: str
    problem: str
    fix: str
    document: str
    node: str
    detail: str
    sentence: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was checked, and the faults: the worst first, then by check and document."""

    checks: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def conforms(self) -> bool:
        return not any(fault.severity is Severity.VIOLATION for fault in self.faults)


def check(graph: Path, *, ontology: Path | None = None, texts: Path | None = None) -> CheckReport:
    """Check a graph against the shapes and with every check query.

    An ontology folder without shapes is checked with the shipped ones: they read its schema, and the statement model
    is the same for all. Lines are given where a document's text lies under ``texts``, here, or in ``seeds``.

    Raises:
        GraphError: the graph cannot be read.
        OntologyError: the ontology folder or its shapes are broken.
        QueryError: there are no check queries.
    """
    folder = ontology or default_ontology()
    load_ontology(folder)
    store = in_memory(Graph(graph).quads())
    report = _report(store, folder, shaped=True, queried=True)
    line_of = line_finder(texts)
    return replace(report, faults=_in_order(replace(f, line=_line(store, f, line_of)) for f in report.faults))


def examine(store: ox.Store, triples: int | None = None, *, ontology: Path | None = None) -> CheckReport:
    """Check the default graph of a store with what its size allows, as the report says: alike for the same graph.

    ``triples``: how many it holds, by default all of the store. The schema may stay in the store.

    Raises:
        OntologyError: the ontology folder or its shapes are broken.
        QueryError: there are no check queries.
    """
    triples = len(store) if triples is None else triples
    allowed = {"shaped": triples <= MAX_SHAPED_TRIPLES, "queried": triples <= MAX_QUERIED_TRIPLES}
    return _report(store, ontology or default_ontology(), **allowed)


def in_memory(quads: Iterable[ox.Quad]) -> ox.Store:
    """Each triple once, in the default graph."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    return store


def _report(store: ox.Store, folder: Path, *, shaped: bool, queried: bool) -> CheckReport:
    """What shapes and queries find; the queries find the schema in the store, where it stays."""
    schema = schema_triples(folder) if shaped or queried else ()
    queries = default_queries() / "check"
    done: list[str] = []
    faults: list[Fault] = []
    if shaped:
        done.append(SHAPED)
        faults += _shape_faults(store, schema, folder)
    if queried:
        paths = sorted(queries.glob("*.rq"))
        if not paths:
            raise QueryError(f"{queries}: no checks (*.rq) here; install kzai-graph again")
        store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in schema)
        for path in paths:
            done.append(path.stem)
            faults += _query_faults(path, ask_shipped(store, path))
    return CheckReport(tuple(done), _in_order(faults))


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    ranks = list(Severity)
    return tuple(sorted(set(faults), key=lambda fault: (ranks.index(fault.severity), astuple(fault))))


def _shape_faults(store: ox.Store, schema: Sequence[ox.Triple], folder: Path) -> Iterator[Fault]:
    from kzai_graph.shapes import validate  # its libraries take a second to load, and large graphs do without

    shapes = folder / SHAPES
    for result in validate(store, schema, shapes if shapes.is_file() else default_ontology() / SHAPES):
        document, sentence = _place(store, ox.NamedNode(result.focus)) if result.is_iri else ("", "")
        node = shorten(result.focus)
        yield Fault(Severity(result.severity), SHAPED, result.message, "", document, node, result.detail, sentence)


def _query_faults(path: Path, answer: Answer) -> Iterator[Fault]:
    card = QuestionCard.of(read_query(path))
    for row in answer.texts():
        node, detail, document, sentence = (row.get(key, "") for key in ("node", "detail", "document", "sentence"))
        yield Fault(
            Severity(card.severity), path.stem, card.problem, card.fix, document, shorten(node), detail, sentence
        )


def _place(store: ox.Store, node: ox.NamedNode) -> tuple[str, str]:
    """The first document and words that show a node: its own, those it was read from, or those that mention it."""
    for spans in (
        [node],
        _objects(store, node, PROV + "wasDerivedFrom"),
        _objects(store, node, PROV + "entity"),
        _subjects(store, ITSRDF + "taIdentRef", node),
    ):
        for span in spans:
            for document in _objects(store, span, NIF + "referenceContext"):
                return _text(store, document, DCTERMS + "identifier"), _text(store, span, NIF + "anchorOf")
    return _text(store, node, DCTERMS + "identifier"), ""


def _line(store: ox.Store, fault: Fault, line_of: Lines) -> int | None:
    """The line of the first place where the document has the words of a fault."""
    for document in _subjects(store, DCTERMS + "identifier", ox.Literal(fault.document)):
        encoding = _text(store, document, KZ + "encoding")
        spans = _subjects(store, NIF + "anchorOf", ox.Literal(fault.sentence))
        here = [span for span in spans if document in _objects(store, span, NIF + "referenceContext")]
        offsets = [text for span in here if (text := _text(store, span, NIF + "beginIndex")).isdecimal()]
        found = (line_of(fault.document, encoding, int(begin), fault.sentence) for begin in sorted(offsets, key=int))
        return next((line for line in found if line is not None), None)
    return None


def _text(store: ox.Store, node: Node, prop: str) -> str:
    return next((found.value for found in _objects(store, node, prop)), "")


def _objects(store: ox.Store, subject: Node, prop: str) -> list[Node]:
    if isinstance(subject, ox.Literal):
        return []
    found = {quad.object for quad in store.quads_for_pattern(subject, ox.NamedNode(prop), None)}
    return sorted((o for o in found if not isinstance(o, ox.Triple)), key=str)


def _subjects(store: ox.Store, prop: str, target: Node) -> list[Node]:
    found = {quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(prop), target)}
    return sorted((s for s in found if not isinstance(s, ox.Triple)), key=str)
