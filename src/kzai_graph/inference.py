"""Infer triples with the rules of an ontology folder: CONSTRUCT queries, run until they find nothing more.

A rule sees what texts assert (plain triples of relations, never a plan or a denial), the classes of entities, the
class hierarchy, and what rules have inferred. Each inferred triple keeps the asserted ones that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import OntologyError
from kzai_graph.ontology import default_ontology
from kzai_graph.rules import RULES, Rule, load_rules
from kzai_graph.schema import schema_triples
from kzai_graph.terms import KZ, RDF, RDFS, SKOS

MAX_ROUNDS = 100
TYPE = ox.NamedNode(RDF + "type")


@dataclass(frozen=True, slots=True)
class Inference:
    """A triple that a rule infers, with the asserted triples that it rests on: of several ways, one of the shortest."""

    rule: Rule
    triple: ox.Triple
    grounds: tuple[ox.Triple, ...]


def infer(quads: Iterable[ox.Quad], folder: Path | None = None) -> tuple[Inference, ...]:
    """Run the rules of an ontology folder over a graph, sorted by rule and triple.

    What was inferred before and stands in the graph is not built upon. A triple that several rules infer is in
    the answer for each.

    Raises:
        OntologyError: the folder or a rule is broken, or the rules come to no end.
    """
    folder = folder or default_ontology()
    rules = load_rules(folder)
    store = ox.Store()
    asserted = _known(quads, schema_triples(folder), store)
    if not rules:
        return ()
    grounds: dict[ox.Triple, tuple[ox.Triple, ...]] = {triple: (triple,) for triple in asserted}
    found: dict[tuple[str, ox.Triple], Inference] = {}
    for _ in range(MAX_ROUNDS):
        fresh = [inference for rule in rules for inference in _apply(rule, store, grounds, found)]
        if not fresh:
            return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], str(key[1]))))
        for inference in fresh:
            found[inference.rule.name, inference.triple] = inference
            grounds.setdefault(inference.triple, inference.grounds)
            store.add(ox.Quad(inference.triple.subject, inference.triple.predicate, inference.triple.object))
    raise OntologyError(f"{folder / RULES}: the rules still infer after {MAX_ROUNDS} rounds; mend the one that runs on")


def to_rule_quads(inferences: Sequence[Inference]) -> list[ox.Quad]:
    """A named graph for each rule that inferred something: its triples, and what the rule is."""
    quads: list[ox.Quad] = []
    for rule, inferred in groupby(inferences, key=lambda inference: inference.rule):
        said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            (RDF + "type", ox.NamedNode(KZ + "Rule")),
            (RDFS + "label", ox.Literal(rule.name.replace("_", " "), language="en")),
            (SKOS + "definition", ox.Literal(rule.says, language="en")),
            *((KZ + "infers", ox.NamedNode(pattern.predicate)) for pattern in rule.head),
        ]
        quads += [ox.Quad(rule.iri, ox.NamedNode(name), value, rule.iri) for name, value in said]
        quads += [ox.Quad(i.triple.subject, i.triple.predicate, i.triple.object, rule.iri) for i in inferred]
    return quads


def _known(quads: Iterable[ox.Quad], schema: Sequence[ox.Triple], store: ox.Store) -> set[ox.Triple]:
    """Put into the store what the rules may see; return the asserted triples of relations."""
    kinds: dict[str, set[ox.NamedNode]] = {KZ + "Relation": set(), KZ + "EntityClass": set()}
    for triple in schema:
        store.add(ox.Quad(triple.subject, triple.predicate, triple.object))
        if isinstance(triple.object, ox.NamedNode) and isinstance(triple.subject, ox.NamedNode):
            kinds.get(triple.object.value, set()).add(triple.subject)
    relations, classes = kinds.values()
    asserted = set()
    for quad in quads:
        if quad.predicate in relations:
            asserted.add(ox.Triple(quad.subject, quad.predicate, quad.object))
        if quad.predicate in relations or (quad.predicate == TYPE and quad.object in classes):
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    return asserted


def _apply(
    rule: Rule,
    store: ox.Store,
    grounds: dict[ox.Triple, tuple[ox.Triple, ...]],
    found: dict[tuple[str, ox.Triple], Inference],
) -> Iterator[Inference]:
    """What a rule infers of all that is known and has not inferred before; of several ways the shortest."""
    fresh: dict[ox.Triple, tuple[ox.Triple, ...]] = {}
    solutions = store.query(rule.select)
    assert isinstance(solutions, ox.QuerySolutions)
    bound = frozenset(variable.value for variable in solutions.variables)
    for solution in solutions:
        inferred = [t for p in rule.head if (t := p.filled(solution, bound)) and (rule.name, t) not in found]
        if not inferred:
            continue
        seen = [t for p in rule.body if (t := p.filled(solution, bound)) in grounds]
        rests = tuple(sorted({ground for triple in seen for ground in grounds[triple]}, key=str))
        if not rests:
            raise OntologyError(f"{RULES}/{rule.name}.rq: what it infers rests on no relation; write its triples out")
        for triple in inferred:
            fresh[triple] = min(fresh.get(triple, rests), rests, key=lambda way: (len(way), list(map(str, way))))
    for triple in sorted(fresh, key=str):
        yield Inference(rule, triple, fresh[triple])
