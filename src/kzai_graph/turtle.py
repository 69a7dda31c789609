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
Row = tuple[str, str]
"""A predicate and an object."""
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
        opening = "{" if isinstance(name, ox.DefaultGraph) else f"{_written(str(name))} {{"
        parts.append("\n".join(["", opening, *_blocks(by_graph[name]), "}\n"]))
    return "".join(parts)


def _prefixes(wanted: Set[str]) -> str:
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items()) if prefix in wanted)


def find_rows(triples: Iterable[Triple]) -> dict[str, list[Row]]:
    """What is said of each subject: predicates and objects, each once, the type first; all as in N-Triples, sorted."""
    found: defaultdict[str, set[Row]] = defaultdict(set)
    for triple in triples:
        found[str(triple.subject)].add((str(triple.predicate), str(triple.object)))
    return {subject: sort_rows(found[subject]) for subject in sorted(found)}


def sort_rows(rows: Iterable[Row]) -> list[Row]:
    """In the order in which they are written."""
    return sorted(rows, key=lambda row: (row[0] != A, row))


def to_block(subject: str, rows: Iterable[Row]) -> str:
    """Write what is said of one subject, of rows in their order."""
    said = []
    for predicate, same in groupby(rows, key=itemgetter(0)):
        objects = [_written(row[1]) for row in same]
        said.append(f"{'a' if predicate == A else _written(predicate)} {', '.join(objects)}")
    return f"{_written(subject)} " + " ;\n    ".join(said) + " .\n"


def join_blocks(blocks: Iterable[str]) -> Iterator[str]:
    """A file of blocks, in their order, piece by piece."""
    yield _prefixes(PREFIXES.keys())
    for block in blocks:
        yield f"\n{block}"


def _blocks(triples: Iterable[Triple]) -> Iterator[str]:
    return (to_block(subject, rows) for subject, rows in find_rows(triples).items())


def _written(term: str) -> str:
    """Write in Turtle what is given in N-Triples."""
    if not term.endswith(">") or term.startswith("<<"):
        return term  # a string, a blank node, a triple
    if term.startswith("<"):
        return _iri(term[1:-1])
    quoted, _, datatype = term[:-1].rpartition('"^^<')
    if datatype in BARE and BARE[datatype].fullmatch(quoted[1:]):
        return quoted[1:]
    return f'{quoted}"^^{_iri(datatype)}'


@lru_cache(maxsize=10_000)
def _iri(iri: str) -> str:
    for namespace, prefix in NAMESPACES:
        if iri.startswith(namespace) and LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"
