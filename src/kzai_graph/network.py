"""The graph as a network of entities and as a table of statements, for tools that know no RDF."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import networkx as nx
import pyoxigraph as ox

from kzai_graph.exchange import clean_xml
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS, SKOS

Values = dict[str, dict[str, list[str]]]
FORMULA = tuple("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class Node:
    """An entity; ``names`` are its other names."""

    iri: str
    label: str
    cls: str
    names: str


@dataclass(frozen=True, slots=True)
class Row:
    """A statement with its evidence: as many places and sentences, in the same order, one a line."""

    statement: str
    subject: str
    subject_label: str
    subject_class: str
    relation: str
    object: str
    object_label: str
    object_class: str
    modality: str
    date: str
    deadline: str
    amount: str
    currency: str
    attributed_to: str
    stage: str
    confidence: str
    documents: int
    document: str
    places: str
    sentences: str


def find_nodes(quads: Iterable[ox.Quad]) -> list[Node]:
    """Find the entities, sorted by IRI."""
    said = _values(quads)
    found = {iri for values in said.values() for iri in values.get(ITSRDF + "taIdentRef", ())}
    return [
        Node(iri, _label(said, iri), _local(_one(said, iri, RDF + "type")), "; ".join(said[iri][SKOS + "altLabel"]))
        for iri in sorted(found)
        if iri in said
    ]


def find_rows(quads: Iterable[ox.Quad]) -> list[Row]:
    """Find the statements, sorted by IRI."""
    said = _values(quads)
    return [_row(said, iri) for iri in sorted(said) if KZ + "Statement" in said[iri].get(RDF + "type", ())]


def to_network(quads: Iterable[ox.Quad]) -> nx.MultiDiGraph:
    """Make a network: entities are nodes, statements are edges with their first sentence; empty values are left out."""
    quads = list(quads)
    network = nx.MultiDiGraph()
    for node in find_nodes(quads):
        network.add_node(node.iri, **_attributes(label=node.label, kind=node.cls, names=node.names))
    for row in find_rows(quads):
        shown = _attributes(
            label=row.relation,
            modality=row.modality,
            date=row.date,
            deadline=row.deadline,
            amount=row.amount,
            currency=row.currency,
            stage=row.stage,
            documents=row.documents,
            document=row.document.split("\n")[0],
            sentence=row.sentences.split("\n")[0],
        )
        network.add_edge(row.subject, row.object, key=row.statement, id=row.statement, **shown)
    return network


def to_graphml(quads: Iterable[ox.Quad]) -> str:
    """Write the network as GraphML."""
    return "\n".join(nx.generate_graphml(to_network(quads))) + "\n"


def to_gexf(quads: Iterable[ox.Quad]) -> str:
    """Write the network as GEXF, without the day on which it was written."""
    text = "\n".join(nx.generate_gexf(to_network(quads))) + "\n"
    return re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1)


def to_csv(quads: Iterable[ox.Quad]) -> str:
    """Write one row a statement; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(field.name for field in fields(Row))
    for row in find_rows(quads):
        table.writerow(_safe(value) for value in asdict(row).values())
    return out.getvalue()


def _safe(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _attributes(**values: str | int) -> dict[str, str | int]:
    return {
        name: clean_xml(value) if isinstance(value, str) else value for name, value in values.items() if value != ""
    }


def _values(quads: Iterable[ox.Quad]) -> Values:
    """The values of each property of each node, sorted, each once."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            found[quad.subject.value][quad.predicate.value].add(quad.object.value)
    return {
        subject: defaultdict(list, {name: sorted(values) for name, values in links.items()})
        for subject, links in found.items()
    }


def _one(said: Values, node: str, name: str) -> str:
    return next(iter(said.get(node, {}).get(name, ())), "")


def _label(said: Values, node: str) -> str:
    return _one(said, node, RDFS + "label") or _local(node)


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _row(said: Values, node: str) -> Row:
    subject, target = (_one(said, node, RDF + end) for end in ("subject", "object"))
    who = _one(said, node, KZ + "attributedTo")
    places = sorted(
        (
            _one(said, _one(said, span, NIF + "referenceContext"), DCTERMS + "identifier"),
            int(_one(said, span, NIF + "beginIndex") or 0),
            span,
        )
        for span in said[node].get(PROV + "wasDerivedFrom", ())
    )
    spans = [span for _, _, span in places]
    return Row(
        statement=node,
        subject=subject,
        subject_label=_label(said, subject),
        subject_class=_local(_one(said, subject, RDF + "type")),
        relation=_local(_one(said, node, RDF + "predicate")),
        object=target,
        object_label=_label(said, target),
        object_class=_local(_one(said, target, RDF + "type")),
        modality=_local(_one(said, node, KZ + "modality")),
        date=_one(said, node, KZ + "date"),
        deadline=_one(said, node, KZ + "deadline"),
        amount=_one(said, node, KZ + "amount"),
        currency=_one(said, node, KZ + "currency"),
        attributed_to=_label(said, who) if who else "",
        stage=_local(_one(said, node, KZ + "stage")),
        confidence=max(
            (_one(said, d, KZ + "confidence") for d in said[node].get(PROV + "qualifiedDerivation", ())),
            key=lambda text: float(text or 0),
            default="",
        ),
        documents=len({document for document, _, _ in places}),
        document="\n".join(document for document, _, _ in places),
        places="\n".join(spans),
        sentences="\n".join(" ".join(_one(said, span, NIF + "anchorOf").split()) for span in spans),
    )
