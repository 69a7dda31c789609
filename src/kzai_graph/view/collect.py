"""Collect from quads what a page shows."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS, SKOS
from kzai_graph.view.facts import (
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
    words,
)

NO_ENTITIES = frozenset(
    KZ + name for name in ("Document", "Statement", "Succession", "Milestone", "Observation", "Quote")
)
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Properties = dict[str, list[Term]]


@dataclass(frozen=True, slots=True)
class _Span:
    document: str
    begin: int
    end: int
    text: str


def read_facts(quads: Iterable[ox.Quad]) -> Facts:
    """Collect what the quads of all graphs together say, in an order that depends on nothing but them."""
    return _Reader(_index(quads)).facts()


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
    """Holds the index and the positions while facts are read."""

    def __init__(self, index: dict[str, Properties]) -> None:
        self.index = index
        self.by_class: dict[str, list[str]] = defaultdict(list)
        for node, said in index.items():
            for kind in said.get(RDF + "type", ()):
                self.by_class[_text(kind)].append(node)
        self.spans = {node: span for node in index if (span := self._span(node)) is not None}
        named = [node for node in index if self._class_of(node)]
        named.sort(key=lambda node: (self._label(node).casefold(), node))
        self.entities = {node: i for i, node in enumerate(named)}
        documents = self._of_class("Document")
        self.documents = {node: i for i, node in enumerate(documents)}
        self.mentions = self._mentions()
        self.counts: dict[int, Counter[str]] = defaultdict(Counter)
        for document, mentions in self.mentions.items():
            for _, _, entity in mentions:
                self.counts[entity][document] += 1
        self.sentences: dict[str, int] = {}

    def facts(self) -> Facts:
        statements = tuple(self._statements())
        observations = tuple(self._observations())
        quotes = tuple(self._quotes())
        milestones = tuple(self._milestones())
        successions = tuple(self._successions())
        tails = Counter(map(tail, [*self.entities, *self._of_class("Statement")]))
        keys = {node: tail(node) if tails[tail(node)] == 1 and tail(node) else node for node in self.index}
        return Facts(
            documents=tuple(map(self._document, self.documents)),
            entities=tuple(self._entity(node, keys[node]) for node in self.entities),
            sentences=tuple(map(self._sentence, self.sentences)),
            statements=tuple(replace(s, key=keys[s.key]) for s in statements),
            observations=observations,
            quotes=quotes,
            milestones=milestones,
            successions=successions,
            mentions=tuple(
                (self.documents[document], *mention)
                for document, mentions in self.mentions.items()
                if document in self.documents
                for mention in mentions
            ),
        )

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

    def _span(self, node: str) -> _Span | None:
        document, text = self._one(node, NIF + "referenceContext"), self._one(node, NIF + "anchorOf")
        begin, end = self._one(node, NIF + "beginIndex"), self._one(node, NIF + "endIndex")
        if document is None or text is None or begin is None or end is None:
            return None
        return _Span(document, int(begin), int(end), text)

    def _mentions(self) -> dict[str, list[tuple[int, int, int]]]:
        """Begin, end and entity of all mentions, by document, in order."""
        found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for node, span in self.spans.items():
            for target in self.index[node].get(ITSRDF + "taIdentRef", ()):
                if (entity := self.entities.get(_text(target))) is not None:
                    found[span.document].append((span.begin, span.end, entity))
        return {document: sorted(mentions) for document, mentions in found.items()}

    def _sentence_of(self, node: str) -> int | None:
        if node not in self.spans or self.spans[node].document not in self.documents:
            return None
        return self.sentences.setdefault(node, len(self.sentences))

    def _sentence(self, node: str) -> Sentence:
        span = self.spans[node]
        mentions = self.mentions.get(span.document, [])
        marks = []
        first, last = (bisect_left(mentions, (place, 0, 0)) for place in (span.begin, span.end))
        for begin, end, entity in mentions[first:last]:
            if end <= span.end:
                marks.append((*_units(span, begin, end), entity))
        return Sentence(self.documents[span.document], span.begin, span.text, tuple(marks))

    def _document(self, node: str) -> Document:
        return Document(
            name=self._one(node, DCTERMS + "identifier") or tail(node),
            title=self._one(node, DCTERMS + "title"),
            date=self._one(node, DCTERMS + "issued"),
            creator=self._named(node, DCTERMS + "creator"),
            publisher=self._named(node, DCTERMS + "publisher"),
            source=self._one(node, DCTERMS + "source"),
        )

    def _entity(self, node: str, key: str) -> Entity:
        label = self._label(node)
        names = {_text(t) for p in (RDFS + "label", SKOS + "altLabel") for t in self.index[node].get(p, ())}
        counts = self.counts[self.entities[node]]
        mentions = tuple(sorted((self.documents[name], n) for name, n in counts.items() if name in self.documents))
        return Entity(key, node, self._class_of(node) or "", label, tuple(sorted(names - {label})), mentions)

    def _statements(self) -> Iterator[Statement]:
        for node in self._of_class("Statement"):
            ends = [self.entities.get(self._one(node, RDF + p) or "") for p in ("subject", "object")]
            relation, modality = self._one(node, RDF + "predicate"), self._one(node, KZ + "modality")
            if ends[0] is None or ends[1] is None or relation is None:
                continue
            yield Statement(
                key=node,
                subject=ends[0],
                relation=tail(relation),
                object=ends[1],
                modality=tail(modality or "Asserted"),
                date=self._one(node, KZ + "date"),
                deadline=self._one(node, KZ + "deadline"),
                amount=self._one(node, KZ + "amount"),
                currency=self._one(node, KZ + "currency"),
                stage=words(tail(self._one(node, KZ + "stage") or "").removeprefix("Stage")) or None,
                attributed=self.entities.get(self._one(node, KZ + "attributedTo") or ""),
                evidence=tuple(self._evidence(node)),
            )

    def _evidence(self, node: str) -> Iterator[tuple[int, int, int]]:
        triggers: dict[str, tuple[int, int]] = {}
        for derivation in self.index[node].get(PROV + "qualifiedDerivation", ()):
            source, trigger = (self._one(_text(derivation), p) for p in (PROV + "entity", KZ + "trigger"))
            if source in self.spans and trigger in self.spans:
                inner = self.spans[trigger]
                triggers.setdefault(source, _units(self.spans[source], inner.begin, inner.end))
        sources = [_text(t) for t in self.index[node].get(PROV + "wasDerivedFrom", ())]
        for source in sorted(sources, key=self._place):
            if (sentence := self._sentence_of(source)) is not None:
                yield (sentence, *triggers.get(source, (0, 0)))

    def _place(self, node: str) -> tuple[str, int, int]:
        span = self.spans.get(node)
        return (span.document, span.begin, span.end) if span else (node, 0, 0)

    def _sources(self, node: str) -> tuple[int, ...]:
        found = (self._sentence_of(_text(t)) for t in self.index[node].get(PROV + "wasDerivedFrom", ()))
        return tuple(s for s in found if s is not None)

    def _observations(self) -> Iterator[Observation]:
        for node in self._of_class("Observation"):
            entity = self.entities.get(self._one(node, KZ + "of") or "")
            least, most = self._one(node, KZ + "minValue"), self._one(node, KZ + "maxValue")
            value = self._one(node, KZ + "value") or " to ".join(v for v in (least, most) if v is not None)
            if entity is not None:
                yield Observation(
                    of=entity,
                    value=value,
                    unit=self._one(node, KZ + "unit"),
                    period=self._one(node, KZ + "period"),
                    indicator=self._one(node, KZ + "indicator"),
                    modality=tail(self._one(node, KZ + "modality") or "Asserted"),
                    sentences=self._sources(node),
                )

    def _quotes(self) -> Iterator[Quote]:
        for node in self._of_class("Quote"):
            speaker = self.entities.get(self._one(node, KZ + "speaker") or "")
            if speaker is not None:
                yield Quote(speaker, self._one(node, KZ + "text") or "", self._sources(node))

    def _milestones(self) -> Iterator[Milestone]:
        for node in self._of_class("Milestone"):
            instrument, stage = self.entities.get(self._one(node, KZ + "of") or ""), self._one(node, KZ + "stage")
            if instrument is not None and stage is not None:
                yield Milestone(
                    of=instrument,
                    stage=tail(stage),
                    modality=tail(self._one(node, KZ + "modality") or "Asserted"),
                    date=self._one(node, KZ + "date"),
                    deadline=self._one(node, KZ + "deadline"),
                    by=self.entities.get(self._one(node, KZ + "by") or ""),
                    sentences=self._sources(node),
                )

    def _successions(self) -> Iterator[Succession]:
        for node in self._of_class("Succession"):
            ends = [self.entities.get(self._one(node, KZ + end) or "") for end in ("former", "successor")]
            if ends[0] is not None and ends[1] is not None:
                yield Succession(
                    former=ends[0],
                    successor=ends[1],
                    modality=tail(self._one(node, KZ + "modality") or "Asserted"),
                    date=self._one(node, KZ + "date"),
                    sentences=self._sources(node),
                )


def _text(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else str(term)


def _units(span: _Span, begin: int, end: int) -> tuple[int, int]:
    """Offsets into the document as UTF-16 units into the span's text, cut to it."""
    return _utf16(span.text[: max(begin - span.begin, 0)]), _utf16(span.text[: max(end - span.begin, 0)])


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
