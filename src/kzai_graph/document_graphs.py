"""Find again which document each triple of a union comes from, so that the Turtle file holds all that the quads do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
CONTEXT = NIF + "referenceContext"
PARTS = frozenset({PROV + "wasDerivedFrom", PROV + "qualifiedDerivation", PROV + "used"})
"""Links from what documents share to what belongs to one of them; each stands only in that document's graph."""
NAMING = frozenset((ox.NamedNode(KZ + "Document"), ox.NamedNode(PROV + "Bundle")))
"""What names a graph: a document, and all corrections together."""
MEANS = frozenset((ITSRDF + "taIdentRef", RDF + "subject", RDF + "object", DCTERMS + "creator", DCTERMS + "publisher"))
MEANS |= {KZ + "attributedTo", KZ + "by", KZ + "of", KZ + "speaker"}
"""Links to entities; an entity is described in the graph of each document that uses it."""


def with_document_graphs(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Put each triple into the graphs of the documents that it comes from, sorted.

    Quads that have named graphs already keep them. What belongs to no document stays in the default graph.
    """
    quads = list(quads)
    if any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads):
        return _sorted(quads)
    homes = _find_homes(quads)
    relations = _find_stated(quads, homes)
    placed: list[ox.Quad] = []
    for quad in quads:
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if predicate.value in PARTS:
            found = homes.get(value, set())
        else:
            found = relations.get((subject, predicate, value)) or homes.get(subject, set())
        placed += [ox.Quad(subject, predicate, value, graph) for graph in found] or [quad]
    return _sorted(placed)


def _sorted(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return sorted(set(quads), key=lambda q: tuple(map(str, (q.graph_name, q.subject, q.predicate, q.object))))


def _find_homes(quads: Iterable[ox.Quad]) -> dict[Node, set[ox.NamedNode]]:
    """The documents of each node: spans, then what is derived from them, then what those mean."""
    homes: dict[Node, set[ox.NamedNode]] = defaultdict(set)
    by_predicate: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        by_predicate[quad.predicate.value].append(quad)
    for quad in by_predicate[RDF + "type"]:
        if quad.object in NAMING and isinstance(quad.subject, ox.NamedNode):
            homes[quad.subject].add(quad.subject)
    for quad in by_predicate[DCTERMS + "isPartOf"]:
        homes[quad.subject] |= homes[quad.object]
    for quad in by_predicate[PROV + "wasAttributedTo"]:
        homes[quad.object] |= homes[quad.subject]
    for quad in by_predicate[CONTEXT]:
        if isinstance(quad.object, ox.NamedNode):
            homes[quad.subject].add(quad.object)
    for predicate in (PROV + "entity", PROV + "wasDerivedFrom", PROV + "used"):
        for quad in by_predicate[predicate]:
            homes[quad.subject] |= homes[quad.object]
    for predicate in sorted(MEANS):
        for quad in by_predicate[predicate]:
            if not isinstance(quad.object, ox.Literal):
                homes[quad.object] |= homes[quad.subject]
    return homes


def _find_stated(
    quads: Iterable[ox.Quad], homes: dict[Node, set[ox.NamedNode]]
) -> dict[tuple[Node, Node, Node], set[ox.NamedNode]]:
    """The documents that assert each plain triple, both ways: only a symmetric relation has both."""
    asserted: dict[Node, dict[str, Node]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate.value in (RDF + "subject", RDF + "predicate", RDF + "object", KZ + "modality"):
            asserted[quad.subject][quad.predicate.value] = quad.object
    found: dict[tuple[Node, Node, Node], set[ox.NamedNode]] = defaultdict(set)
    for node, said in asserted.items():
        if len(said) == 4 and said[KZ + "modality"] == ox.NamedNode(KZ + "Asserted"):
            subject, predicate, value = (said[RDF + name] for name in ("subject", "predicate", "object"))
            found[subject, predicate, value] |= homes[node]
            found[value, predicate, subject] |= homes[node]
    return found
