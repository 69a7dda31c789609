"""Write Turtle and TriG that people can read and that are the same in every run.

The engine's own writer puts its prefixes in another order each time, and escapes where a full IRI reads better.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import pyoxigraph as ox

from kzai_graph.terms import PREFIXES, RDF, XSD

Triple = ox.Triple | ox.Quad
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
LOCAL = re.compile(r"[A-Za-z0-9](?:[\w-]|\.(?=[\w-]))*", re.ASCII)
BARE = {XSD + "integer": re.compile(r"-?\d+"), XSD + "decimal": re.compile(r"-?\d+\.\d+")}
USED = re.compile(r"(?<![\w<\"])([a-z]+):(?=[A-Za-z0-9])")
A = f"<{RDF}type>"
NAMESPACES = sorted(((namespace, prefix) for prefix, namespace in PREFIXES.items()), key=lambda n: -len(n[0]))


def to_turtle(triples: Iterable[Triple], *, terse: bool = False) -> str:
    """Write the union of triples or quads, sorted, each once; ``terse`` leaves out prefixes without use."""
    blocks = "".join(f"\n{block}" for block in _blocks(triples))
    return _prefixes(set(USED.findall(blocks)) if terse else PREFIXES.keys()) + blocks


def to_trig(quads: Iterable[ox.Quad]) -> str:
    """Write quads, sorted, with their graphs."""
    by_graph: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(quad)
    parts = [_prefixes(PREFIXES.keys())]
    for name in sorted(by_graph, key=str):
        opening = "{" if isinstance(name, ox.DefaultGraph) else f"{_term(name)} {{"
        parts.append("\n".join(["", opening, *_blocks(by_graph[name]), "}\n"]))
    return "".join(parts)


def _prefixes(wanted: Set[str]) -> str:
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items()) if prefix in wanted)


def _blocks(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield what is said of each subject, its type first."""
    rows: dict[tuple[str, bool, str, str], Term] = {}
    for triple in triples:
        predicate, value = str(triple.predicate), triple.object
        rows[str(triple.subject), predicate != A, predicate, str(value)] = value
    written: dict[str, str] = {}  # most objects come again and again
    for subject, links in groupby(sorted(rows), key=itemgetter(0)):
        said = []
        for predicate, same in groupby(links, key=itemgetter(2)):
            objects = [written.get(row[3]) or written.setdefault(row[3], _term(rows[row])) for row in same]
            said.append(f"{'a' if predicate == A else _node(predicate)} {', '.join(objects)}")
        yield f"{_node(subject)} " + " ;\n    ".join(said) + " .\n"


def _node(name: str) -> str:
    """A subject or predicate, by its name in N-Triples."""
    return _iri(name[1:-1]) if name.startswith("<") and not name.startswith("<<") else name


def _term(term: Term) -> str:
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
