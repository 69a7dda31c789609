"""Write triples as Turtle that people can read and that is the same in every run.

The engine's own writer puts its prefixes in another order each time, and escapes where a full IRI reads better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

import pyoxigraph as ox

from kzai_graph.terms import PREFIXES, RDF, XSD

Triple = ox.Triple | ox.Quad
LOCAL = re.compile(r"[A-Za-z0-9](?:[\w-]|\.(?=[\w-]))*", re.ASCII)
BARE = {XSD + "integer": re.compile(r"-?\d+"), XSD + "decimal": re.compile(r"-?\d+\.\d+")}
TYPE = RDF + "type"
NAMESPACES = sorted(((namespace, prefix) for prefix, namespace in PREFIXES.items()), key=lambda n: -len(n[0]))


def to_turtle(triples: Iterable[Triple]) -> str:
    """Write the union of triples or quads, sorted, each once."""
    lines = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(PREFIXES.items())]
    rows = {(str(t.subject), t.predicate.value != TYPE, str(t.predicate), str(t.object)): t for t in triples}
    for _, found in groupby(sorted(rows), key=lambda row: row[0]):
        links = [rows[row] for row in found]
        lines.append(f"\n{_term(links[0].subject)} ")
        said = [
            f"{_predicate(predicate)} {', '.join(_term(t.object) for t in same)}"
            for predicate, same in groupby(links, key=lambda t: t.predicate)
        ]
        lines.append(" ;\n    ".join(said) + " .\n")
    return "".join(lines)


def _predicate(predicate: ox.NamedNode) -> str:
    return "a" if predicate.value == TYPE else _term(predicate)


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return _iri(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    datatype = term.datatype.value
    if datatype in BARE and BARE[datatype].fullmatch(term.value):
        return term.value
    if term.language or datatype == XSD + "string":
        return str(term)
    return f"{ox.Literal(term.value)}^^{_iri(datatype)}"


@lru_cache(maxsize=10_000)
def _iri(iri: str) -> str:
    for namespace, prefix in NAMESPACES:
        if iri.startswith(namespace) and LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return str(ox.NamedNode(iri))
