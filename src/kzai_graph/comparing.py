"""Compare two graphs: what the newer one gained, lost and says otherwise, document by document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.indexed import Indexed, Node, local_of, value_of
from kzai_graph.inquiry import Graph
from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS

Place = tuple[str, int, int, str]
"""Document, begin, end and words of a span."""
Used = tuple[str, Node]
"""A document, and an entity that it means."""
Values = tuple[tuple[str, str, str], ...]
"""Of each value: its name, what is compared, what is shown."""
Now = Mapping[Used, Node]
"""The entities of documents that another graph knows under other IRIs."""
QUALIFIERS = ("modality", "date", "deadline", "amount", "currency", "attributedTo", "stage")
TIMES = ("modality", "date", "deadline", "by")
MEASURES = ("modality", "value", "minValue", "maxValue", "unit")


class Kind(StrEnum):
    """What can differ, in the order of a report."""

    DOCUMENT = "document"
    ENTITY = "entity"
    STATEMENT = "statement"
    MILESTONE = "milestone"
    SUCCESSION = "succession"
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
    """Say in which documents, entities, statements, milestones, successions and so on two graphs differ, sorted.

    A statement is the same where subject, relation and object are, a milestone where instrument and stage are, a
    succession where both bodies are, an observation where thing, indicator (or unit) and period are; with other values
    it is changed. An entity is the same where the same words mean it, whatever its IRI.

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
    """A thing as one document shows it: items of one key are the same thing."""

    document: str
    kind: Kind
    key: tuple[str, ...]
    values: Values
    what: str
    sentence: str = ""

    @property
    def compared(self) -> tuple[str, ...]:
        return tuple(value for _, value, _ in self.values)


class _Snapshot(Indexed):
    """One graph, with all that is compared."""

    def of_type(self, name: str) -> list[Node]:
        cls = ox.NamedNode(KZ + name)
        return [node for node, types in self.links[RDF + "type"].items() if cls in types]

    def document(self, span: Node) -> str:
        return self.text(self.one(span, NIF + "referenceContext"), DCTERMS + "identifier")

    def place(self, span: Node) -> Place:
        """What a span is, whatever base its IRI has."""
        return (self.document(span), *self.span(span))

    @cached_property
    def meant(self) -> dict[Used, set[Place]]:
        """The places that mean each entity, by document."""
        found: dict[Used, set[Place]] = defaultdict(set)
        for span, entities in self.links[ITSRDF + "taIdentRef"].items():
            place = self.place(span)
            for entity in entities:
                found[place[0], entity].add(place)
        return found

    def items(self, now: Now) -> Iterator[_Item]:
        """Yield all that is compared."""
        yield from self._documents()
        yield from self._entities(now)
        yield from self._statements(now)
        yield from self._milestones(now)
        yield from self._successions(now)
        yield from self._observations(now)
        yield from self._quotes(now)

    def _documents(self) -> Iterator[_Item]:
        for node in self.of_type("Document"):
            name = self.text(node, DCTERMS + "identifier")
            said = [("title", self.text(node, DCTERMS + "title")), ("issued", self.text(node, DCTERMS + "issued"))]
            said.append(("sha256", self.text(node, KZ + "sha256")))
            yield _Item(name, Kind.DOCUMENT, (name,), tuple((key, value, value) for key, value in said), name)

    def _entities(self, now: Now) -> Iterator[_Item]:
        for document, entity in self.meant:
            cls, label, iri = self.one(entity, RDF + "type"), self.label(entity), value_of(entity)
            values = (("iri", iri, shorten(iri)), ("label", label, label), ("class", value_of(cls), local_of(cls)))
            key = (_today(document, entity, now),)
            yield _Item(document, Kind.ENTITY, key, values, f"{label} ({local_of(cls)})")

    def _statements(self, now: Now) -> Iterator[_Item]:
        for node in self.of_type("Statement"):
            subject, relation, target = (self.one(node, RDF + end) for end in ("subject", "predicate", "object"))
            what = f"{self.label(subject)} | {local_of(relation)} | {self.label(target)}"
            for document, sentence in self._evidence(node):
                key = (_today(document, subject, now), value_of(relation), _today(document, target, now))
                values = self._qualifiers(node, QUALIFIERS, document, now)
                yield _Item(document, Kind.STATEMENT, key, values, what, sentence)

    def _milestones(self, now: Now) -> Iterator[_Item]:
        for node in self.of_type("Milestone"):
            of, stage = self.one(node, KZ + "of"), self.one(node, KZ + "stage")
            what = f"{self.label(of)} | {local_of(stage)}"
            for document, sentence in self._evidence(node):
                key = (_today(document, of, now), value_of(stage))
                values = self._qualifiers(node, TIMES, document, now)
                yield _Item(document, Kind.MILESTONE, key, values, what, sentence)

    def _successions(self, now: Now) -> Iterator[_Item]:
        for node in self.of_type("Succession"):
            former, successor = self.one(node, KZ + "former"), self.one(node, KZ + "successor")
            what = f"{self.label(former)} | became | {self.label(successor)}"
            for document, sentence in self._evidence(node):
                key = (_today(document, former, now), _today(document, successor, now))
                values = self._qualifiers(node, ("modality", "date"), document, now)
                yield _Item(document, Kind.SUCCESSION, key, values, what, sentence)

    def _observations(self, now: Now) -> Iterator[_Item]:
        for node in self.of_type("Observation"):
            of, indicator = self.one(node, KZ + "of"), self.text(node, KZ + "indicator")
            period = self.text(node, KZ + "period")
            what = " | ".join(part for part in (self.label(of), indicator, period) if part) or "number"
            counted = indicator or self.text(node, KZ + "unit")
            for document, sentence in self._evidence(node):
                thing = _today(document, of, now)
                key = (thing, counted, period, "" if thing or indicator else sentence)
                values = self._qualifiers(node, MEASURES, document, now)
                yield _Item(document, Kind.OBSERVATION, key, values, what, sentence)

    def _quotes(self, now: Now) -> Iterator[_Item]:
        for node in self.of_type("Quote"):
            text, speaker = self.text(node, KZ + "text"), self.label(self.one(node, KZ + "speaker"))
            for document, _ in self._evidence(node):
                values = self._qualifiers(node, ("speaker",), document, now)
                yield _Item(document, Kind.QUOTE, (text,), values, speaker, text)

    def _qualifiers(
        self, node: Node, names: Sequence[str], document: str, now: Now
    ) -> tuple[tuple[str, str, str], ...]:
        found = [(name, self.one(node, KZ + name)) for name in names]
        return tuple(
            (name, _today(document, value, now), self.text(value, RDFS + "label") or local_of(value))
            if isinstance(value, ox.NamedNode)
            else (name, "" if value is None else str(value), value_of(value))
            for name, value in found
        )

    def _evidence(self, node: Node) -> Iterator[tuple[str, str]]:
        """The documents that say it, each with its first sentence."""
        first: dict[str, tuple[int, str]] = {}
        for document, begin, _, words in map(self.place, self.all(node, PROV + "wasDerivedFrom")):
            first[document] = min(first.get(document, (begin, words)), (begin, words))
        yield from ((document, words) for document, (_, words) in first.items())


def _align(before: _Snapshot, after: _Snapshot) -> Now:
    """Find for each entity that a document no longer has the one that most of its words mean now.

    Where the words moved, it is the only new one of its label.
    """
    here: dict[Place, set[Node]] = defaultdict(set)
    for (_, entity), places in after.meant.items():
        for place in places:
            here[place].add(entity)
    labelled: dict[tuple[str, str], set[Node]] = defaultdict(set)
    for document, entity in after.meant.keys() - before.meant.keys():
        labelled[document, after.label(entity)].add(entity)
    now: dict[Used, Node] = {}
    for document, entity in sorted(before.meant.keys() - after.meant.keys(), key=str):
        label, cls = before.label(entity), before.text(entity, RDF + "type")
        places = before.meant[document, entity]
        counts = Counter(other for place in places for other in here.get(place, ()))
        likely = sorted(
            counts,
            key=lambda o: (-counts[o], after.text(o, RDF + "type") != cls, after.label(o) != label, str(o)),
        )
        alike = labelled.get((document, label), set())
        if likely and 2 * counts[likely[0]] >= len(places):
            now[document, entity] = likely[0]
        elif len(alike) == 1:
            now[document, entity] = next(iter(alike))
    return now


def _today(document: str, node: Node | None, now: Now) -> str:
    """What another graph calls an entity of a document; other IRIs are as they are."""
    return value_of(now.get((document, node), node)) if node is not None else ""


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
