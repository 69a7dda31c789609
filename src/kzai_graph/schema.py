"""The schema of an ontology folder as triples: what checks, rules and some questions read beside a graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.ontology import NOT_READ, read_turtle
from kzai_graph.terms import KZ, OWL, RDF, RDFS, SCHEMA

SCHEMA_PROPERTIES = frozenset((RDFS + "subClassOf", SCHEMA + "domainIncludes", SCHEMA + "rangeIncludes")) | {
    KZ + name for name in ("expresses", "givesStage", "happensOnce", "oneObjectFor", "oneSubjectFor")
}
SCHEMA_TYPES = frozenset(
    (KZ + "EntityClass", KZ + "Relation", KZ + "DerivedRelation", KZ + "Stage", OWL + "SymmetricProperty")
)
"""With the properties: what is read of an ontology folder. Its names and lemmas are no part of the graph."""


def schema_triples(folder: Path) -> tuple[ox.Triple, ...]:
    """The schema of an ontology folder, sorted.

    Raises:
        OntologyError: a file cannot be read.
    """
    paths = sorted(path for path in folder.glob("*.ttl") if path.name not in NOT_READ)
    return tuple(sorted({triple for path in paths for triple in read_turtle(path) if _is_schema(triple)}, key=str))


def write_schema(schema: Sequence[ox.Triple], path: Path) -> None:
    """Write a schema as N-Triples, for a query to read beside a graph."""
    ox.serialize(schema, str(path), format=ox.RdfFormat.N_TRIPLES)


def _is_schema(triple: ox.Triple) -> bool:
    if triple.predicate.value == RDF + "type":
        return isinstance(triple.object, ox.NamedNode) and triple.object.value in SCHEMA_TYPES
    return triple.predicate.value in SCHEMA_PROPERTIES
