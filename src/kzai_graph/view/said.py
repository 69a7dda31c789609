"""What quads say, as plain values under the IRIs of what it is said of; that of several graphs can be put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyoxigraph as ox

from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS, SKOS
from kzai_graph.view.facts import tail, words

NO_ENTITIES = frozenset(
    KZ + name for name in ("Document", "Statement", "Succession", "Milestone", "Observation", "Quote")
)
KINDS = ("statements", "observations", "quotes", "milestones", "successions")
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Properties = dict[str, list[Term]]


class Named(NamedTuple):
    """An entity: its class, its label, its other names in order."""

    cls: str
    label: str
    names: list[str]


class Place(NamedTuple):
    """Words in a document, which is given by its IRI."""

    document: str
    begin: int
    end: int
    text: str


class Told(NamedTuple):
    """A statement or the like: the IRIs of its ends and its other values, each in the order of ``facts``.

    ``sources``: the IRIs of sentences, each with begin and end of the words that say it, in UTF-16 units (0, 0 where
    unknown).
    """

    ends: list[str | None]
    values: list[str | None]
    sources: list[tuple[str, int, int]]


@dataclass(slots=True)
class Said:
    """By IRI: documents with the fields that ``facts`` has; entities; sentences; by kind, what is told.

    ``mentions``: begin, end and IRI of the entity, by the IRI of the document.
    """

    documents: dict[str, list[str | None]] = field(default_factory=dict)
    entities: dict[str, Named] = field(default_factory=dict)
    sentences: dict[str, Place] = field(default_factory=dict)
    mentions: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    told: dict[str, dict[str, Told]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    observations: int = 0
    """How many there are, with those of nothing that has a name; of one graph each."""

    def add(self, other: Said) -> None:
        """Put in what another graph says; what both say of one thing is alike, but for its sources."""
        self.documents |= other.documents
        self.entities |= other.entities
        self.sentences |= other.sentences
        self.observations += other.observations
        for document, mentions in other.mentions.items():
            self.mentions.setdefault(document, []).extend(mentions)
        for kind, told in other.told.items():
            mine = self.told[kind]
            for node, found in told.items():
                if (before := mine.get(node)) is None:
                    mine[node] = found
                else:
                    mine[node] = found._replace(sources=[*before.sources, *found.sources])

    def to_plain(self) -> list[object]:
        """All of it as lists and mappings; ``from_plain`` takes them back."""
        return [self.documents, self.entities, self.sentences, self.mentions, self.told, self.observations]

    @classmethod
    def from_plain(cls, plain: list[Any]) -> Said:
        """The value that was made plain, written as JSON and read again."""
        documents, entities, sentences, mentions, told, observations = plain
        return cls(
            documents,
            {iri: Named(*row) for iri, row in entities.items()},
            {iri: Place(*row) for iri, row in sentences.items()},
            mentions,
            {kind: {node: Told(*row) for node, row in found.items()} for kind, found in told.items()},
            observations,
        )


def find_said(quads: Iterable[ox.Quad]) -> Said:
    """Collect what the quads of all their graphs together say."""
    return _Reader(_index(quads)).said()


def _index(quads: Iterable[ox.Quad]) -> dict[str, Properties]:
    said: dict[tuple[str, str, str], Term] = {}
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.Triple):
            said[subject.value, quad.predicate.value, str(value)] = value
    index: dict[str, Properties] = defaultdict(lambda: defaultdict(list))
    for (node, predicate, _), value in sorted(said.items()):
        index[node][predicate].append(value)
    return index


class _Reader:
    """Holds the index while it is read."""

    def __init__(self, index: dict[str, Properties]) -> None:
        self.index = index
        self.by_class: dict[str, list[str]] = defaultdict(list)
        for node, said in index.items():
            for kind in said.get(RDF + "type", ()):
                self.by_class[_text(kind)].append(node)
        self.places = {node: place for node in index if (place := self._place(node)) is not None}
        named = ((node, self._class_of(node)) for node in index)
        self.entities = {node: self._entity(node, cls) for node, cls in named if cls}
        self.sentences: dict[str, Place] = {}

    def said(self) -> Said:
        told = {
            "statements": dict(self._statements()),
            "observations": dict(self._observations()),
            "quotes": dict(self._quotes()),
            "milestones": dict(self._milestones()),
            "successions": dict(self._successions()),
        }
        documents = {node: self._document(node) for node in self._of_class("Document")}
        observations = len(self._of_class("Observation"))
        return Said(documents, self.entities, self.sentences, self._mentions(), told, observations)

    def _of_class(self, name: str) -> list[str]:
        return self.by_class.get(KZ + name, [])

    def _class_of(self, node: str) -> str | None:
        kinds = [_text(t) for t in self.index[node].get(RDF + "type", ())]
        ours = [kind for kind in kinds if kind.startswith(KZ) and kind not in NO_ENTITIES]
        return ours[0].removeprefix(KZ) if ours and RDFS + "label" in self.index[node] else None

    def _one(self, node: str, iri: str) -> str | None:
        values = self.index[node].get(iri, ()) if node in self.index else ()
        return _text(values[0]) if values else None

    def _label(self, node: str) -> str:
        labels = self.index[node].get(RDFS + "label", ()) if node in self.index else ()
        english = [t for t in labels if isinstance(t, ox.Literal) and (t.language or "en").startswith("en")]
        return _text((english or labels)[0]) if labels else tail(node)

    def _named(self, node: str, iri: str) -> str | None:
        """A literal, or the label of a thing."""
        values = self.index[node].get(iri, ())
        if not values:
            return None
        return _text(values[0]) if isinstance(values[0], ox.Literal) else self._label(_text(values[0]))

    def _entity(self, node: str, cls: str) -> Named:
        label = self._label(node)
        names = {_text(t) for p in (RDFS + "label", SKOS + "altLabel") for t in self.index[node].get(p, ())}
        return Named(cls, label, sorted(names - {label}))

    def _end(self, node: str, iri: str) -> str | None:
        """The entity at one end."""
        found = self._one(node, iri)
        return found if found in self.entities else None

    def _place(self, node: str) -> Place | None:
        document, text = self._one(node, NIF + "referenceContext"), self._one(node, NIF + "anchorOf")
        begin, end = self._one(node, NIF + "beginIndex"), self._one(node, NIF + "endIndex")
        if document is None or text is None or begin is None or end is None:
            return None
        return Place(document, int(begin), int(end), text)

    def _mentions(self) -> dict[str, list[tuple[int, int, str]]]:
        found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for node, place in self.places.items():
            for target in self.index[node].get(ITSRDF + "taIdentRef", ()):
                if (entity := _text(target)) in self.entities:
                    found[place.document].append((place.begin, place.end, entity))
        return found

    def _document(self, node: str) -> list[str | None]:
        return [
            self._one(node, DCTERMS + "identifier") or tail(node),
            self._one(node, DCTERMS + "title"),
            self._one(node, DCTERMS + "issued"),
            self._named(node, DCTERMS + "creator"),
            self._named(node, DCTERMS + "publisher"),
            self._one(node, DCTERMS + "source"),
        ]

    def _statements(self) -> Iterator[tuple[str, Told]]:
        for node in self._of_class("Statement"):
            subject, target = self._end(node, RDF + "subject"), self._end(node, RDF + "object")
            relation = self._one(node, RDF + "predicate")
            if subject is None or target is None or relation is None:
                continue
            values = [
                tail(relation),
                self._modality(node),
                *(self._one(node, KZ + name) for name in ("date", "deadline", "amount", "currency")),
                words(tail(self._one(node, KZ + "stage") or "").removeprefix("Stage")) or None,
            ]
            yield node, Told([subject, target, self._end(node, KZ + "attributedTo")], values, self._evidence(node))

    def _evidence(self, node: str) -> list[tuple[str, int, int]]:
        triggers: dict[str, tuple[int, int]] = {}
        for derivation in self.index[node].get(PROV + "qualifiedDerivation", ()):
            source, trigger = (self._one(_text(derivation), p) for p in (PROV + "entity", KZ + "trigger"))
            if source in self.places and trigger in self.places:
                inner = self.places[trigger]
                triggers.setdefault(source, to_units(self.places[source], inner.begin, inner.end))
        return [(source, *triggers.get(source, (0, 0))) for source, _, _ in self._sources(node)]

    def _sources(self, node: str) -> list[tuple[str, int, int]]:
        found = [_text(term) for term in self.index[node].get(PROV + "wasDerivedFrom", ())]
        here = {source: self.places[source] for source in found if source in self.places}
        self.sentences |= here
        return [(source, 0, 0) for source in here]

    def _modality(self, node: str) -> str:
        return tail(self._one(node, KZ + "modality") or "Asserted")

    def _observations(self) -> Iterator[tuple[str, Told]]:
        for node in self._of_class("Observation"):
            entity = self._end(node, KZ + "of")
            least, most = self._one(node, KZ + "minValue"), self._one(node, KZ + "maxValue")
            value = self._one(node, KZ + "value") or " to ".join(v for v in (least, most) if v is not None)
            if entity is not None:
                told = [self._one(node, KZ + name) for name in ("unit", "period", "indicator")]
                yield node, Told([entity], [value, *told, self._modality(node)], self._sources(node))

    def _quotes(self) -> Iterator[tuple[str, Told]]:
        for node in self._of_class("Quote"):
            speaker = self._end(node, KZ + "speaker")
            if speaker is not None:
                yield node, Told([speaker], [self._one(node, KZ + "text") or ""], self._sources(node))

    def _milestones(self) -> Iterator[tuple[str, Told]]:
        for node in self._of_class("Milestone"):
            instrument, stage = self._end(node, KZ + "of"), self._one(node, KZ + "stage")
            if instrument is not None and stage is not None:
                times = [self._one(node, KZ + name) for name in ("date", "deadline")]
                values = [tail(stage), self._modality(node), *times]
                yield node, Told([instrument, self._end(node, KZ + "by")], values, self._sources(node))

    def _successions(self) -> Iterator[tuple[str, Told]]:
        for node in self._of_class("Succession"):
            former, successor = (self._end(node, KZ + end) for end in ("former", "successor"))
            if former is not None and successor is not None:
                values = [self._modality(node), self._one(node, KZ + "date")]
                yield node, Told([former, successor], values, self._sources(node))


def _text(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else str(term)


def to_units(place: Place, begin: int, end: int) -> tuple[int, int]:
    """Offsets into the document as UTF-16 units into the text of a place, cut to it."""
    first, last = (min(max(at - place.begin, 0), len(place.text)) for at in (begin, end))
    if place.text.isascii():
        return first, last
    return _utf16(place.text[:first]), _utf16(place.text[:last])


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
