"""Compare two graphs: what the newer one gained, lost and says otherwise, document by document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.inquiry import Graph
from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
QUALIFIERS = ("modality", "date", "deadline", "amount", "currency", "attributedTo", "stage")
MEASURES = ("modality", "value", "minValue", "maxValue", "unit")


class Kind(StrEnum):
    """What can differ, in the order of a report."""

    DOCUMENT = "document"
    ENTITY = "entity"
    STATEMENT = "statement"
    OBSERVATION = "observation"
    QUOTE = "quote"


class Change(StrEnum):
    """How it differs."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Value:
    """One property of a thing before and after; an empty string where it had, or has, none."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, in the documents that show it so.

    ``values``: of a change those that differ, else all that the thing has. ``sentence``: the words that say it, those
    of the newer graph where both do; empty for an entity.
    """

    documents: tuple[str, ...]
    kind: Kind
    change: Change
    what: str
    values: tuple[Value, ...]
    sentence: str


def compare(old: Path, new: Path) -> tuple[Difference, ...]:
    """Say in which documents, entities, statements, observations and quotes two graphs differ, sorted by document.

    A statement is the same where subject, relation and object are, an observation where thing, indicator (or unit) and
    period are; with other values it is changed. An entity is the same where the same words mean it, whatever its IRI.

    Raises:
        GraphError: a graph cannot be read.
    """
    before, after = _Snapshot(Graph(old).quads()), _Snapshot(Graph(new).quads())
    now = _align(before, after)
    known, found = _by_key(before.items(now)), _by_key(after.items({}))
    differences = [
        d for key in known.keys() | found.keys() for d in _differences(known.get(key, ()), found.get(key, ()))
    ]
    order = {kind: n for n, kind in enumerate(Kind)} | {change: n for n, change in enumerate(Change)}
    return tuple(
        sorted(
            _joined(differences),
            key=lambda d: (d.documents, order[d.kind], order[d.change], d.what, str(d.values), d.sentence),
        )
    )


@dataclass(frozen=True, slots=True)
class _Item:
    """A thing as one document shows it: items of one key are the same thing.

    ``values``: name, what is compared, what is shown.
    """

    document: str
    kind: Kind
    key: tuple[str, ...]
    values: tuple[tuple[str, str, str], ...]
    what: str
    sentence: str = ""

    @property
    def compared(self) -> tuple[str, ...]:
        return tuple(value for _, value, _ in self.values)


class _Snapshot:
    """One graph, indexed; its named graphs are taken together."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.links: dict[str, dict[Node, set[Node]]] = defaultdict(lambda: defaultdict(set))
        for quad in quads:
            self.links[quad.predicate.value][quad.subject].add(quad.object)

    def objects(self, node: Node, prop: str) -> list[Node]:
        return sorted(self.links[prop].get(node, ()), key=str) if prop in self.links else []

    def one(self, node: Node, prop: str) -> Node | None:
        return next(iter(self.objects(node, prop)), None)

    def text(self, node: Node | None, prop: str) -> str:
        found = self.one(node, prop) if node is not None else None
        return _value(found) if found is not None else ""

    def label(self, node: Node | None) -> str:
        return "" if node is None else self.text(node, RDFS + "label") or shorten(_value(node))

    def of_type(self, name: str) -> list[Node]:
        cls = ox.NamedNode(KZ + name)
        return [node for node, types in self.links[RDF + "type"].items() if cls in types]

    def document(self, span: Node) -> str:
        return self.text(self.one(span, NIF + "referenceContext"), DCTERMS + "identifier")

    def place(self, span: Node) -> tuple[str, str, str, str]:
        """What a span is, whatever base its IRI has."""
        return (
            self.document(span),
            self.text(span, NIF + "beginIndex"),
            self.text(span, NIF + "endIndex"),
            self.text(span, NIF + "anchorOf"),
        )

    @cached_property
    def meant(self) -> dict[Node, set[tuple[str, str, str, str]]]:
        """The places that mean each entity."""
        found: dict[Node, set[tuple[str, str, str, str]]] = defaultdict(set)
        for span, entities in self.links[ITSRDF + "taIdentRef"].items():
            for entity in entities:
                found[entity].add(self.place(span))
        return found

    def items(self, now: Mapping[Node, Node]) -> Iterator[_Item]:
        """Yield all that is compared; ``now`` names the entities that another graph knows under other IRIs."""
        yield from self._documents()
        yield from self._entities(now)
        yield from self._statements(now)
        yield from self._observations(now)
        yield from self._quotes(now)

    def _documents(self) -> Iterator[_Item]:
        for node in self.of_type("Document"):
            name = self.text(node, DCTERMS + "identifier")
            said = [("title", self.text(node, DCTERMS + "title")), ("issued", self.text(node, DCTERMS + "issued"))]
            said.append(("sha256", self.text(node, KZ + "sha256")))
            yield _Item(name, Kind.DOCUMENT, (name,), tuple((key, value, value) for key, value in said), name)

    def _entities(self, now: Mapping[Node, Node]) -> Iterator[_Item]:
        for entity, places in self.meant.items():
            cls, label, iri = self.text(entity, RDF + "type"), self.label(entity), _value(entity)
            values = (("iri", iri, shorten(iri)), ("label", label, label), ("class", cls, _local(cls)))
            for document in {place[0] for place in places}:
                yield _Item(
                    document, Kind.ENTITY, (_value(now.get(entity, entity)),), values, f"{label} ({_local(cls)})"
                )

    def _statements(self, now: Mapping[Node, Node]) -> Iterator[_Item]:
        for node in self.of_type("Statement"):
            subject, relation, target = (self.one(node, RDF + end) for end in ("subject", "predicate", "object"))
            ends = (self.label(subject), _local(_value(relation)), self.label(target))
            key = tuple(_value(now.get(end, end)) if end is not None else "" for end in (subject, relation, target))
            values = tuple(self._qualifiers(node, QUALIFIERS, now))
            for document, sentence in self._evidence(node):
                yield _Item(document, Kind.STATEMENT, key, values, " | ".join(ends), sentence)

    def _observations(self, now: Mapping[Node, Node]) -> Iterator[_Item]:
        for node in self.of_type("Observation"):
            of, indicator = self.one(node, KZ + "of"), self.text(node, KZ + "indicator")
            period = self.text(node, KZ + "period")
            values = tuple(self._qualifiers(node, MEASURES, now))
            what = " | ".join(part for part in (self.label(of), indicator, period) if part) or "number"
            for document, sentence in self._evidence(node):
                thing = _value(now.get(of, of)) if of is not None else ""
                counted = indicator or self.text(node, KZ + "unit")
                place = "" if thing or indicator else sentence
                yield _Item(document, Kind.OBSERVATION, (thing, counted, period, place), values, what, sentence)

    def _quotes(self, now: Mapping[Node, Node]) -> Iterator[_Item]:
        for node in self.of_type("Quote"):
            speaker, text = self.one(node, KZ + "speaker"), self.text(node, KZ + "text")
            who = "" if speaker is None else _value(now.get(speaker, speaker))
            for document, _ in self._evidence(node):
                values = (("speaker", who, self.label(speaker)),)
                yield _Item(document, Kind.QUOTE, (text,), values, self.label(speaker), text)

    def _qualifiers(self, node: Node, names: Sequence[str], now: Mapping[Node, Node]) -> Iterator[tuple[str, str, str]]:
        for name in names:
            found = self.one(node, KZ + name)
            if found is None:
                yield name, "", ""
            elif isinstance(found, ox.NamedNode):
                yield name, _value(now.get(found, found)), self.text(found, RDFS + "label") or _local(found.value)
            else:
                yield name, str(found), _value(found)

    def _evidence(self, node: Node) -> Iterator[tuple[str, str]]:
        """The documents that say it, each with its first sentence."""
        places = [self.place(span) for span in self.objects(node, PROV + "wasDerivedFrom")]
        first: dict[str, tuple[int, str]] = {}
        for document, begin, _, words in places:
            at = int(begin) if begin.isdecimal() else 0
            first[document] = min(first.get(document, (at, words)), (at, words))
        yield from ((document, words) for document, (_, words) in first.items())


def _align(before: _Snapshot, after: _Snapshot) -> dict[Node, Node]:
    """Find for each entity that lost its IRI the one that most of its words mean now, or the only one of its label."""
    here: dict[tuple[str, str, str, str], set[Node]] = defaultdict(set)
    for entity, places in after.meant.items():
        for place in places:
            here[place].add(entity)
    labelled: dict[str, set[Node]] = defaultdict(set)
    for entity in after.meant.keys() - before.meant.keys():
        labelled[after.label(entity)].add(entity)
    now: dict[Node, Node] = {}
    for entity in sorted(before.meant.keys() - after.meant.keys(), key=str):
        label, cls = before.label(entity), before.text(entity, RDF + "type")
        counts = Counter(other for place in before.meant[entity] for other in here.get(place, ()))
        likely = sorted(
            counts,
            key=lambda o: (-counts[o], after.text(o, RDF + "type") != cls, after.label(o) != label, str(o)),
        )
        alike = labelled.get(label, set())
        if likely and 2 * counts[likely[0]] >= len(before.meant[entity]):
            now[entity] = likely[0]
        elif len(alike) == 1:
            now[entity] = next(iter(alike))
    return now


def _by_key(items: Iterable[_Item]) -> dict[tuple[str, Kind, tuple[str, ...]], list[_Item]]:
    """The items of each thing in each document, sorted; what is shown twice alike counts once."""
    found: dict[tuple[str, Kind, tuple[str, ...]], dict[tuple[str, ...], _Item]] = defaultdict(dict)
    for item in sorted(items, key=lambda i: (i.document, i.kind, i.key, i.compared, i.what, i.sentence)):
        found[item.document, item.kind, item.key].setdefault(item.compared, item)
    return {key: list(by_values.values()) for key, by_values in found.items()}


def _differences(old: Sequence[_Item], new: Sequence[_Item]) -> Iterator[Difference]:
    """Pair what both have of one thing, the most alike first; what is left over was lost or gained."""
    same = {item.compared for item in old} & {item.compared for item in new}
    gone, come = ([item for item in items if item.compared not in same] for items in (old, new))
    while gone and come:
        first, second = min(
            ((o, n) for o in gone for n in come),
            key=lambda pair: sum(a != b for a, b in zip(pair[0].compared, pair[1].compared, strict=True)),
        )
        gone.remove(first)
        come.remove(second)
        pairs = zip(first.values, second.values, strict=True)
        values = tuple(Value(name, a, b) for (name, before, a), (_, after, b) in pairs if before != after)
        yield Difference((second.document,), second.kind, Change.CHANGED, second.what, values, second.sentence)
    for item in gone:
        yield _whole(item, Change.LOST, tuple(Value(name, shown, "") for name, _, shown in item.values if shown))
    for item in come:
        yield _whole(item, Change.GAINED, tuple(Value(name, "", shown) for name, _, shown in item.values if shown))


def _whole(item: _Item, change: Change, values: tuple[Value, ...]) -> Difference:
    return Difference((item.document,), item.kind, change, item.what, values, item.sentence)


def _joined(differences: Iterable[Difference]) -> Iterator[Difference]:
    """An entity that changed did so in all its documents at once."""
    together: dict[Difference, set[str]] = defaultdict(set)
    for found in differences:
        if found.kind is Kind.ENTITY and found.change is Change.CHANGED:
            together[replace(found, documents=())].update(found.documents)
        else:
            yield found
    for found, documents in together.items():
        yield replace(found, documents=tuple(sorted(documents)))


def _value(node: Node | None) -> str:
    if node is None:
        return ""
    return node.value if isinstance(node, (ox.NamedNode, ox.Literal)) else str(node)


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
