"""Write JSON-LD and RDF/XML by hand: sorted, so that the same graph gives the same bytes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kzai_graph.terms import PREFIXES, RDF, XSD

TYPE = RDF + "type"
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even escaped."""
QNAME = re.compile(r"(.*[#/])([A-Za-z_][\w.-]*)", re.ASCII | re.DOTALL)
Links = dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]]


def to_jsonld(quads: Iterable[ox.Quad]) -> str:
    """Write quads as JSON-LD 1.1, a named graph for each document."""
    by_graph: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        by_graph["" if isinstance(quad.graph_name, ox.DefaultGraph) else _id(quad.graph_name)].append(quad)
    graphs: list[object] = []
    for name in sorted(by_graph):
        nodes = [_json_node(subject, links) for subject, links in sorted(_by_subject(by_graph[name]).items())]
        graphs += nodes if name == "" else [{"@id": name, "@graph": nodes}]
    document = {"@context": dict(sorted(PREFIXES.items())), "@graph": graphs}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def to_rdfxml(quads: Iterable[ox.Quad]) -> str:
    """Write the union of all graphs as RDF/XML; control characters that XML cannot hold are left out."""
    names = "".join(f'\n    xmlns:{prefix}="{namespace}"' for prefix, namespace in sorted(PREFIXES.items()))
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f"<rdf:RDF{names}>\n",
            *(_description(subject, links) for subject, links in sorted(_by_subject(quads).items())),
            "</rdf:RDF>\n",
        ]
    )


def clean_xml(text: str) -> str:
    """Leave out the characters that no XML document can hold."""
    return NO_XML.sub("", text)


def _by_subject(quads: Iterable[ox.Quad]) -> Links:
    """What is said of each subject, by property; both and the values sorted, each once."""
    rows = {(_id(q.subject), q.predicate.value, str(q.object)): q.object for q in quads}
    found: Links = {}
    for subject, predicate, value in sorted(rows):
        found.setdefault(subject, {}).setdefault(predicate, []).append(rows[subject, predicate, value])
    return found


def _id(node: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _json_node(subject: str, links: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]) -> object:
    node: dict[str, object] = {"@id": subject}
    if TYPE in links:
        node["@type"] = [_compact(_id(value)) for value in links[TYPE] if not isinstance(value, ox.Literal)]
    for predicate, values in links.items():
        if predicate != TYPE:
            node[_compact(predicate)] = [_json_value(value) for value in values]
    return node


def _json_value(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> dict[str, str]:
    if not isinstance(value, ox.Literal):
        return {"@id": _id(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == XSD + "string":
        return {"@value": value.value}
    return {"@value": value.value, "@type": _compact(value.datatype.value)}


def _compact(iri: str) -> str:
    return next((f"{p}:{iri[len(n) :]}" for p, n in PREFIXES.items() if iri.startswith(n)), iri)


def _description(subject: str, links: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]) -> str:
    lines = [line for predicate, values in links.items() for line in _properties(predicate, values)]
    name = "rdf:nodeID" if subject.startswith("_:") else "rdf:about"
    return f"<rdf:Description {name}={quoteattr(subject.removeprefix('_:'))}>\n{''.join(lines)}</rdf:Description>\n"


def _properties(
    predicate: str, values: Iterable[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
) -> Iterator[str]:
    parts = QNAME.fullmatch(predicate)
    if parts is None:  # no XML element can be named so
        return
    prefix = next((p for p, namespace in PREFIXES.items() if namespace == parts[1]), None)
    tag = f"{prefix}:{parts[2]}" if prefix else f"own:{parts[2]}"
    opening = tag if prefix else f"{tag} xmlns:own={quoteattr(parts[1])}"
    for value in values:
        if not isinstance(value, ox.Literal):
            name = "rdf:nodeID" if isinstance(value, ox.BlankNode) else "rdf:resource"
            yield f"  <{opening} {name}={quoteattr(_id(value).removeprefix('_:'))}/>\n"
            continue
        kind = ""
        if value.language:
            kind = f" xml:lang={quoteattr(value.language)}"
        elif value.datatype.value != XSD + "string":
            kind = f" rdf:datatype={quoteattr(value.datatype.value)}"
        yield f"  <{opening}{kind}>{escape(clean_xml(value.value), {chr(13): '&#13;'})}</{tag}>\n"
