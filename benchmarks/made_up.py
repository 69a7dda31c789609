"""Graphs in the shape that the project writes, as large as wanted, for the scripts that measure.

Communities of a few dozen entities around a hub, three statements to two entities, spread over documents of ten years.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyoxigraph as ox

from kzai_graph.terms import DCTERMS, ITSRDF, KZ, KZID, NIF, PROV, RDF, RDFS, XSD

CLASSES = "Person Position Firm Law Country System Technology Event Programme PublicBody".split()
RELATIONS = "uses funds supplies adopted holdsPosition memberOf".split()
COMMUNITY = 40
ENTITIES_PER_DOCUMENT = 25
TRIPLES_PER_ENTITY = 25
"""About so many, with what is said of documents and sentences."""


def make_graph(entities: int) -> Iterator[ox.Quad]:
    """A graph in the shape that the project writes; the same number gives the same graph."""
    chance = random.Random(entities)
    documents = [f"{KZID}document/d{n}.txt" for n in range(max(entities // ENTITIES_PER_DOCUMENT, 2))]
    for n, document in enumerate(documents):
        day = f"{2015 + n % 10}-{1 + n % 12:02}-{1 + n % 28:02}"
        yield _type(document, "Document")
        yield _literal(document, DCTERMS + "identifier", f"d{n}.txt")
        yield _literal(document, DCTERMS + "issued", day, XSD + "date")
    for i in range(entities):
        yield _type(f"{KZID}e{i}", CLASSES[i % len(CLASSES)])
        yield _literal(f"{KZID}e{i}", RDFS + "label", f"{CLASSES[i % len(CLASSES)]} entity {i}")
    for n in range(entities * 3 // 2):
        subject = n % entities
        hub = subject // COMMUNITY * COMMUNITY
        near = chance.randrange(hub, min(hub + COMMUNITY, entities))
        thing = chance.choice((hub, near, near, chance.randrange(entities) if chance.random() < 0.2 else hub))
        if thing != subject:
            document = chance.choice(documents)
            for q in _statement(n, subject, thing, document):
                yield ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(document))


def _statement(n: int, subject: int, thing: int, document: str) -> Iterator[ox.Quad]:
    node, words = f"{KZID}s{n}", f"Entity {subject} uses entity {thing}, as a report of the year says."
    sentence, mention = (f"{document}#char={100 * n},{100 * n + len(w)}" for w in (words, f"Entity {subject}"))
    yield from _span(sentence, document, 100 * n, words)
    yield from _span(mention, document, 100 * n, f"Entity {subject}")
    yield _link(mention, ITSRDF + "taIdentRef", f"{KZID}e{subject}")
    yield _type(node, "Statement")
    yield _link(node, RDF + "subject", f"{KZID}e{subject}")
    yield _link(node, RDF + "predicate", KZ + RELATIONS[n % len(RELATIONS)])
    yield _link(node, RDF + "object", f"{KZID}e{thing}")
    yield _link(node, KZ + "modality", KZ + ("Asserted" if n % 7 else "Planned"))
    if n % 7:
        yield _link(f"{KZID}e{subject}", KZ + RELATIONS[n % len(RELATIONS)], f"{KZID}e{thing}")
    else:
        yield _literal(node, KZ + "deadline", f"{2020 + n % 16}", XSD + "gYear")
    yield _link(node, PROV + "wasDerivedFrom", sentence)


def _span(node: str, document: str, begin: int, words: str) -> Iterator[ox.Quad]:
    yield _link(node, NIF + "referenceContext", document)
    yield _literal(node, NIF + "beginIndex", f"{begin}", XSD + "nonNegativeInteger")
    yield _literal(node, NIF + "endIndex", f"{begin + len(words)}", XSD + "nonNegativeInteger")
    yield _literal(node, NIF + "anchorOf", words)


def _type(node: str, name: str) -> ox.Quad:
    return _link(node, RDF + "type", KZ + name)


def _link(node: str, predicate: str, value: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(node), ox.NamedNode(predicate), ox.NamedNode(value))


def _literal(node: str, predicate: str, value: str, datatype: str = XSD + "string") -> ox.Quad:
    return ox.Quad(ox.NamedNode(node), ox.NamedNode(predicate), ox.Literal(value, datatype=ox.NamedNode(datatype)))
