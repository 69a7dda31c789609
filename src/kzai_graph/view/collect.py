"""Number what is said, in one order: the facts of a page refer to each other by position."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kzai_graph.view.facts import (
    ENDS,
    VALUES,
    Document,
    Entity,
    Facts,
    Milestone,
    Observation,
    Quote,
    Sentence,
    Statement,
    Succession,
    tail,
)
from kzai_graph.view.said import Said, Told, find_said, to_units

MAKE: Mapping[str, Callable[..., Any]] = {
    "statements": Statement,
    "observations": Observation,
    "quotes": Quote,
    "milestones": Milestone,
    "successions": Succession,
}


def read_facts(quads: Iterable[ox.Quad]) -> Facts:
    """Collect what the quads of all graphs together say, in an order that depends on nothing but them."""
    return number(find_said(quads))


def number(said: Said) -> Facts:
    """Give all that is said its position: documents and what is told by IRI, entities by label, sentences by use."""
    return _Numbering(said).facts()


class _Numbering:
    def __init__(self, said: Said) -> None:
        self.said = said
        self.documents = {iri: i for i, iri in enumerate(sorted(said.documents))}
        named = sorted(said.entities, key=lambda iri: (said.entities[iri].label.casefold(), iri))
        self.entities = {iri: i for i, iri in enumerate(named)}
        self.mentions = {
            document: sorted((begin, end, self.entities[entity]) for begin, end, entity in said.mentions[document])
            for document in sorted(said.mentions)
        }
        self.counts: dict[int, Counter[str]] = defaultdict(Counter)
        for document, mentions in self.mentions.items():
            for _, _, entity in mentions:
                self.counts[entity][document] += 1
        tails = Counter(map(tail, [*self.entities, *said.told["statements"]]))
        self.keys = {
            iri: tail(iri) if tails[tail(iri)] == 1 and tail(iri) else iri
            for iri in (*self.entities, *said.told["statements"])
        }
        self.sentences: dict[str, int] = {}

    def facts(self) -> Facts:
        told: dict[str, Any] = {kind: tuple(self._told(kind)) for kind in MAKE}  # which numbers the sentences
        return Facts(
            documents=tuple(Document(*self.said.documents[iri]) for iri in self.documents),  # type: ignore[arg-type]
            entities=tuple(map(self._entity, self.entities)),
            sentences=tuple(map(self._sentence, self.sentences)),
            mentions=tuple(
                (self.documents[document], *mention)
                for document, mentions in self.mentions.items()
                if document in self.documents
                for mention in mentions
            ),
            **told,
        )

    def _told(self, kind: str) -> Iterator[Any]:
        for node, found in sorted(self.said.told[kind].items()):
            ends = zip(ENDS[kind], (self.entities.get(iri or "") for iri in found.ends), strict=True)
            values = dict([*ends, *zip(VALUES[kind], found.values, strict=True)])
            if kind == "statements":
                yield MAKE[kind](key=self.keys[node], evidence=tuple(self._evidence(found)), **values)
            else:
                yield MAKE[kind](sentences=tuple(self._sources(found)), **values)

    def _evidence(self, told: Told) -> Iterator[tuple[int, int, int]]:
        for iri, begin, end in sorted(told.sources, key=lambda source: self.said.sentences[source[0]][:3]):
            if (sentence := self._sentence_at(iri)) is not None:
                yield sentence, begin, end

    def _sources(self, told: Told) -> Iterator[int]:
        for iri in sorted(f"<{iri}>" for iri, _, _ in told.sources):
            if (sentence := self._sentence_at(iri[1:-1])) is not None:
                yield sentence

    def _sentence_at(self, iri: str) -> int | None:
        if self.said.sentences[iri].document not in self.documents:
            return None
        return self.sentences.setdefault(iri, len(self.sentences))

    def _sentence(self, iri: str) -> Sentence:
        place = self.said.sentences[iri]
        mentions = self.mentions.get(place.document, [])
        first, last = (bisect_left(mentions, (at, 0, 0)) for at in (place.begin, place.end))
        marks = (
            (*to_units(place, begin, end), entity) for begin, end, entity in mentions[first:last] if end <= place.end
        )
        return Sentence(self.documents[place.document], place.begin, place.text, tuple(marks))

    def _entity(self, iri: str) -> Entity:
        cls, label, names = self.said.entities[iri]
        counts = self.counts[self.entities[iri]]
        mentions = tuple(sorted((self.documents[name], n) for name, n in counts.items() if name in self.documents))
        return Entity(self.keys[iri], iri, cls, label, tuple(names), mentions)
