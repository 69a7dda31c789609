"""Read what a graph claims, document by document, in the shape that the contract of the graph gives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.evaluate.names import normalise
from kzai_graph.inquiry import Graph
from kzai_graph.lexical import Ontology
from kzai_graph.model import Modality, Span
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS

Node = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the graph; an end is ``None`` where the node lacks it, ``relation`` is a local name."""

    node: Node
    subject: Node | None
    predicate: Node | None
    relation: str
    object: Node | None
    modality: str


class Claims:
    """The graph's documents, entities and statements; graph names are dropped."""

    def __init__(self, triples: Iterable[tuple[Node, str, Node]], ontology: Ontology) -> None:
        self.ontology = ontology
        self.malformed: set[Node] = set()
        """Nodes seen with two values where the contract allows one."""
        self._values: dict[Node, dict[str, set[Node]]] = defaultdict(lambda: defaultdict(set))
        self._instances: dict[str, set[Node]] = defaultdict(set)
        self.document_of: dict[Node, Node] = {}
        self.plain: set[tuple[Node, str, Node]] = set()
        """The triples of the relations, as they stand in the graph."""
        for subject, predicate, object_ in triples:
            self._values[subject][predicate].add(object_)
            if predicate == RDF + "type":
                self._instances[object_.value].add(subject)
            elif predicate == NIF + "referenceContext":
                self.document_of[subject] = object_
            elif predicate.removeprefix(ontology.namespace) in ontology.relations:
                self.plain.add((subject, predicate.removeprefix(ontology.namespace), object_))
        self.documents = {
            i.value: d for d in self.instances(KZ + "Document") for i in self.values(d, DCTERMS + "identifier")
        }
        self.entities: dict[Node, set[Node]] = defaultdict(set)
        self.anchors: dict[tuple[Node, Node], set[str]] = defaultdict(set)
        self.places: dict[tuple[Node, Node], list[Span]] = defaultdict(list)
        for mention in sorted(self._values, key=_text):
            for entity in self.values(mention, ITSRDF + "taIdentRef"):
                self._mention(mention, entity)

    def _mention(self, mention: Node, entity: Node) -> None:
        document = self.document_of.get(mention)
        if document is None or not self.classes(entity):
            return
        self.entities[document].add(entity)
        for anchor in self.values(mention, NIF + "anchorOf")[:1]:
            self.anchors[document, entity].add(normalise(anchor.value))
        if (span := self.span(mention)) is not None:
            self.places[document, entity].append(span)

    def instances(self, cls: str) -> list[Node]:
        return sorted(self._instances.get(cls, ()), key=_text)

    def values(self, node: Node, prop: str) -> list[Node]:
        """All values of a property, sorted."""
        return sorted(self._values[node][prop], key=_text) if node in self._values else []

    def one(self, node: Node, prop: str) -> Node | None:
        """The value of a property that may have one; notes the node as malformed where there are two."""
        found = self.values(node, prop)
        if len(found) > 1:
            self.malformed.add(node)
        return found[0] if found else None

    def text(self, node: Node, prop: str) -> str:
        """As ``one``, as text; empty where there is none."""
        value = self.one(node, prop)
        return value.value if value is not None else ""

    def classes(self, entity: Node) -> frozenset[str]:
        """The most specific classes: one, or the node is wrong."""
        names = {local_name(t.value) for t in self.values(entity, RDF + "type")}
        given = names & self.ontology.classes.keys()
        above = {a for cls in given for a in self.ontology.ancestors[cls] - {cls}}
        return frozenset(given - above)

    def label(self, node: Node | None) -> str:
        if node is None or isinstance(node, ox.Literal):
            return node.value if node is not None else "nothing"
        labels = self.values(node, RDFS + "label")
        return labels[0].value if labels else local_name(node.value)

    def names(self, entity: Node, document: Node) -> set[str]:
        """Its label and how this document names it, normalised."""
        return {normalise(t.value) for t in self.values(entity, RDFS + "label")} | self.anchors[document, entity]

    def span(self, node: Node) -> Span | None:
        begin, end = self.one(node, NIF + "beginIndex"), self.one(node, NIF + "endIndex")
        return None if begin is None or end is None else Span(int(begin.value), int(end.value))

    def evidence(self, node: Node) -> list[Node]:
        """The spans of text from which a node was derived."""
        return [e for e in self.values(node, PROV + "wasDerivedFrom") if e in self.document_of]

    def from_document(self, cls: str, document: Node | None) -> Iterator[Node]:
        """The nodes of a class that have evidence in a document."""
        for node in self.instances(cls) if document is not None else ():
            if any(self.document_of[e] == document for e in self.evidence(node)):
                yield node

    def modality(self, node: Node) -> str:
        value = self.one(node, KZ + "modality")
        return local_name(value.value) if value is not None else Modality.ASSERTED

    def claim(self, node: Node) -> Claim:
        subject, predicate, object_ = (self.one(node, RDF + p) for p in ("subject", "predicate", "object"))
        name = local_name(predicate.value) if predicate is not None else ""
        return Claim(node, subject, predicate, name, object_, self.modality(node))

    def has_triple(self, claim: Claim) -> bool:
        """Tell whether the plain triple of a statement is in the graph."""
        if claim.subject is None or claim.predicate is None:
            return False
        return claim.object in self.values(claim.subject, claim.predicate.value)

    def fits(self, claim: Claim) -> bool:
        """Tell whether some class of each end satisfies the relation's domain and range."""
        if claim.subject is None or claim.object is None:
            return False
        ends = [(s, o) for s in self.classes(claim.subject) for o in self.classes(claim.object)]
        return any(self.ontology.fits(claim.relation, s, o) for s, o in ends)

    def is_symmetric(self, relation: str) -> bool:
        return relation in self.ontology.relations and self.ontology.relations[relation].symmetric


def read_claims(path: Path, ontology: Ontology) -> Claims:
    """Read a graph: a file of any RDF format, or the folder of a store.

    Raises:
        GraphError: it cannot be read.
    """
    return Claims(_triples(path), ontology)


def _triples(path: Path) -> Iterator[tuple[Node, str, Node]]:
    for quad in Graph(path).quads():
        if not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple):
            yield quad.subject, quad.predicate.value, quad.object


def local_name(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _text(node: Node) -> str:
    return node.value
