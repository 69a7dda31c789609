"""What a server says of itself and of its things: SPARQL service description, VoID, the description of an entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from kzai_graph.terms import DCTERMS, KZ, RDF, XSD

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS_NS = "http://www.w3.org/ns/formats/"
RESULT_FORMATS = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples RDF_XML JSON-LD TriG N-Quads"
).split()
TYPE = ox.NamedNode(RDF + "type")
Said = tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]
STATED = tuple(ox.NamedNode(RDF + name) for name in ("subject", "object"))


def describe_service(store: ox.Store, endpoint: str, address: str) -> list[ox.Quad]:
    """The service description of an endpoint (W3C, 2013), with the dataset that it serves."""
    service, dataset = ox.NamedNode(endpoint), ox.NamedNode(address + "void#dataset")
    default = ox.NamedNode(address + "void#default")
    said: list[Said] = [
        (service, RDF + "type", ox.NamedNode(SD + "Service")),
        (service, SD + "endpoint", service),
        (service, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query")),
        (service, SD + "feature", ox.NamedNode(SD + "UnionDefaultGraph")),
        (service, SD + "defaultDataset", dataset),
        (dataset, RDF + "type", ox.NamedNode(SD + "Dataset")),
        (dataset, SD + "defaultGraph", default),
        (default, RDF + "type", ox.NamedNode(SD + "Graph")),
        *((service, SD + "resultFormat", ox.NamedNode(FORMATS_NS + name)) for name in RESULT_FORMATS),
    ]
    graphs = (graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    for number, graph in enumerate(sorted(graphs, key=str), 1):
        node = ox.NamedNode(f"{address}void#graph-{number}")
        said += [
            (dataset, SD + "namedGraph", node),
            (node, RDF + "type", ox.NamedNode(SD + "NamedGraph")),
            (node, SD + "name", graph),
        ]
    return [*_quads(said), *describe_dataset(store, endpoint, address)]


def describe_dataset(store: ox.Store, endpoint: str, address: str) -> list[ox.Quad]:
    """What the dataset holds, in the terms of VoID: counts over the union of its graphs, classes and properties."""
    triples = {(quad.subject, quad.predicate, quad.object) for quad in store}
    classes = Counter(o.value for _, p, o in triples if p == TYPE and isinstance(o, ox.NamedNode))
    properties = Counter(p.value for _, p, _ in triples)
    dataset = ox.NamedNode(address + "void#dataset")
    counts = {
        "triples": len(triples),
        "entities": len({s for s, p, _ in triples if p == TYPE}),
        "distinctSubjects": len({s for s, _, _ in triples}),
        "distinctObjects": len({o for _, _, o in triples}),
        "classes": len(classes),
        "properties": len(properties),
        "documents": classes[KZ + "Document"],
    }
    said: list[Said] = [
        (dataset, RDF + "type", ox.NamedNode(VOID + "Dataset")),
        (dataset, DCTERMS + "title", ox.Literal("What the texts say, with the sentences that say it", language="en")),
        (dataset, VOID + "sparqlEndpoint", ox.NamedNode(endpoint)),
        (dataset, VOID + "vocabulary", ox.NamedNode(KZ)),
        *((dataset, VOID + name, _integer(count)) for name, count in counts.items()),
    ]
    for kind, link, found, number in (
        ("class", "classPartition", classes, "entities"),
        ("property", "propertyPartition", properties, "triples"),
    ):
        for place, (iri, count) in enumerate(sorted(found.items()), 1):
            part = ox.NamedNode(f"{address}void#{kind}-{place}")
            said += [
                (dataset, VOID + link, part),
                (part, VOID + kind, ox.NamedNode(iri)),
                (part, VOID + number, _integer(count)),
            ]
    return list(_quads(said))


def describe_node(store: ox.Store, iri: str) -> list[ox.Quad]:
    """All that is said of a thing, and the statements that it is subject or object of, over all graphs."""
    node = ox.NamedNode(iri)
    found = list(store.quads_for_pattern(node, None, None))
    found += store.quads_for_pattern(None, None, node)
    for statement in {q.subject for end in STATED for q in store.quads_for_pattern(None, end, node)}:
        if isinstance(statement, ox.NamedNode):
            found += store.quads_for_pattern(statement, None, None)
    return [ox.Quad(q.subject, q.predicate, q.object) for q in found]


def _quads(said: list[Said]) -> Iterator[ox.Quad]:
    for subject, predicate, value in said:
        yield ox.Quad(subject, ox.NamedNode(predicate), value)


def _integer(count: int) -> ox.Literal:
    return ox.Literal(str(count), datatype=ox.NamedNode(XSD + "integer"))
