"""A graph indexed by property, for modules that follow its links; its named graphs are taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import NIF, RDFS

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Indexed:
    """Quads by property and subject; all that it returns is sorted."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.links: dict[str, dict[Node, set[Node]]] = defaultdict(lambda: defaultdict(set))
        for quad in quads:
            self.links[quad.predicate.value][quad.subject].add(quad.object)

    def all(self, node: Node, prop: str) -> list[Node]:
        found = self.links[prop].get(node, ()) if prop in self.links else ()
        return sorted(found, key=str)

    def one(self, node: Node | None, prop: str) -> Node | None:
        return next(iter(self.all(node, prop)), None) if node is not None else None

    def text(self, node: Node | None, prop: str) -> str:
        """The first value as text, or an empty string."""
        return value_of(self.one(node, prop))

    def label(self, node: Node | None) -> str:
        return "" if node is None else self.text(node, RDFS + "label") or shorten(value_of(node))

    def span(self, node: Node) -> tuple[int, int, str]:
        """Begin, end and words of a span; 0 where the graph has no number."""
        begin, end = (self.text(node, NIF + name) for name in ("beginIndex", "endIndex"))
        words = self.text(node, NIF + "anchorOf")
        return int(begin) if begin.isdecimal() else 0, int(end) if end.isdecimal() else 0, words


def value_of(node: Node | None) -> str:
    """An IRI or the text of a literal; an empty string for nothing."""
    if node is None:
        return ""
    return node.value if isinstance(node, (ox.NamedNode, ox.Literal)) else str(node)


def local_of(node: Node | None) -> str:
    """The last part of an IRI."""
    return value_of(node).replace("#", "/").rpartition("/")[2]
