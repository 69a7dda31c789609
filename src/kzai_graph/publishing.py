"""Publish a graph into a store: what changed and no more, so that an interrupted run is completed by the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyoxigraph as ox

from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.endpoints import Endpoint
from kzai_graph.errors import InputError
from kzai_graph.terms import DCTERMS, KZ, KZID, OWL, RDF

HAS_PART = ox.NamedNode(DCTERMS + "hasPart")
VERSION = ox.NamedNode(OWL + "versionInfo")
DOCUMENT = ox.NamedNode(KZ + "Document")
DIGEST = "sha256:"
Contents = Mapping[ox.NamedNode, Sequence[ox.Triple]]


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was done: numbers of graphs written, left as they were, and removed; triples sent."""

    written: int
    unchanged: int
    removed: int
    triples: int


def publish(
    quads: Iterable[ox.Quad],
    endpoint: Endpoint,
    *,
    batch: int = 1000,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> PublishReport:
    """Make the named graphs of a store those of these quads; other graphs of the store are left alone.

    The graph ``<base>published`` in the store remembers its parts and the digest of each that is complete. A
    digest is forgotten before its graph is touched and written after the last batch, so no half graph has one.

    Raises:
        InputError: the quads have blank nodes, which cannot be sent in parts.
        PublishError: the store cannot be reached or refuses.
    """
    contents, manifest = split(quads)
    digests = {graph: _digest(triples) for graph, triples in contents.items()}
    parts, held = _read_manifest(endpoint, manifest)
    changed = [graph for graph in contents if held.get(graph) != digests[graph]]
    gone = sorted(parts - contents.keys(), key=str)
    if changed or gone:
        kept = {graph: digest for graph, digest in digests.items() if graph not in set(changed)}
        endpoint.replace(manifest, _entries(manifest, parts | contents.keys(), kept))
    for graph in gone:
        endpoint.drop(graph)
    for done, graph in enumerate(changed, 1):
        triples = contents[graph]
        endpoint.replace(graph, triples[:batch])
        for start in range(batch, len(triples), batch):
            endpoint.add(graph, triples[start : start + batch])
        endpoint.add(manifest, [ox.Triple(graph, VERSION, ox.Literal(digests[graph]))])
        progress(done, len(changed), graph.value)
    if gone:
        endpoint.replace(manifest, _entries(manifest, contents.keys(), digests))
    sent = sum(len(contents[graph]) for graph in changed)
    return PublishReport(len(changed), len(contents) - len(changed), len(gone), sent)


def split(quads: Iterable[ox.Quad]) -> tuple[Contents, ox.NamedNode]:
    """Sort triples by their named graphs, and name the manifest; what belongs to no document is ``<base>shared``.

    Raises:
        InputError: there are blank nodes.
    """
    placed = with_document_graphs(quads)
    base = _base(placed)
    found: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
    for quad in placed:
        if any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object, quad.graph_name)):
            raise InputError("the graph has blank nodes, which cannot be published in parts; give them names")
        graph = quad.graph_name if isinstance(quad.graph_name, ox.NamedNode) else ox.NamedNode(base + "shared")
        found[graph].append(quad.triple)
    return found, ox.NamedNode(base + "published")


def _base(quads: Iterable[ox.Quad]) -> str:
    """What the IRIs of documents begin with."""
    typed = (q.subject for q in quads if q.object == DOCUMENT and q.predicate.value == RDF + "type")
    documents = (node.value for node in typed if isinstance(node, ox.NamedNode))
    first, sign, _ = min(documents, default="").partition("document/")
    return first if sign else KZID


def _digest(triples: Iterable[ox.Triple]) -> str:
    return DIGEST + sha256("\n".join(sorted(map(str, triples))).encode("utf-8")).hexdigest()


def _read_manifest(endpoint: Endpoint, manifest: ox.NamedNode) -> tuple[set[ox.NamedNode], dict[ox.NamedNode, str]]:
    parts: set[ox.NamedNode] = set()
    held: dict[ox.NamedNode, str] = {}
    for triple in endpoint.read(manifest):
        if triple.predicate == HAS_PART and isinstance(triple.object, ox.NamedNode):
            parts.add(triple.object)
        elif triple.predicate == VERSION and isinstance(triple.subject, ox.NamedNode):
            held[triple.subject] = str(getattr(triple.object, "value", ""))
    return parts, held


def _entries(
    manifest: ox.NamedNode, parts: Iterable[ox.NamedNode], digests: Mapping[ox.NamedNode, str]
) -> list[ox.Triple]:
    entries = [ox.Triple(manifest, HAS_PART, graph) for graph in parts]
    entries += [ox.Triple(graph, VERSION, ox.Literal(digest)) for graph, digest in digests.items()]
    return sorted(entries, key=str)
