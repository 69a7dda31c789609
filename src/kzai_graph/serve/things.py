"""What a page tells of a thing that is no entity: a statement, a number, a stage, a quote, how it was read, a span."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from kzai_graph.serve.data import ServedData
from kzai_graph.sparql.answer import shorten, to_text
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS
from kzai_graph.view.facts import tail, words
from kzai_graph.view.templating import Page, render

KINDS = {
    KZ + "Statement": "statement",
    KZ + "Succession": "succession",
    KZ + "Milestone": "stage",
    KZ + "Observation": "number",
    KZ + "Quote": "quote",
}
"""What texts say, by class; each leads to spans."""
ENDS = tuple(RDF + end for end in ("subject", "object")) + tuple(
    KZ + end for end in ("former", "successor", "of", "by", "speaker", "attributedTo")
)
OTHER_KINDS = {NIF + "Phrase": "words of a text", PROV + "Derivation": "reading", PROV + "Activity": "run"}
WORDS = tuple(KZ + name for name in ("trigger", "modalityCue"))
PLAIN, CHOSEN, END, TRIGGER = "", "chosen", "end", "trigger"
MARKS = (CHOSEN, END, TRIGGER)
"""How words are marked; where marks overlap, the first of these is shown."""


@dataclass(frozen=True, slots=True)
class Link:
    """A thing with its address, ``None`` where it has none here; ``cls``: the class of an entity."""

    label: str
    href: str | None = None
    cls: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says, in words: links with words between them; ``qualifiers`` as the badges of a page name them."""

    kind: str
    href: str | None
    line: tuple[Link | str, ...]
    qualifiers: dict[str, str | None]
    attributed: Link | None


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a document in pieces, each with how it is marked; ``href`` leads to them in the text."""

    pieces: tuple[tuple[str, str], ...]
    document: str
    date: str | None
    begin: int
    end: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Thing:
    """All that a page tells. ``said``: what the thing says, or what was read from it; ``names``: whom words name."""

    kind: str
    iri: str
    names: tuple[Link, ...]
    said: tuple[Said, ...]
    places: tuple[Place, ...]
    properties: tuple[tuple[str, tuple[Link, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Span:
    node: str
    document: str
    begin: int
    end: int
    text: str

    def holds(self, other: _Span) -> bool:
        return self.document == other.document and self.begin <= other.begin and other.end <= self.end


def thing_page(data: ServedData, iri: str) -> str:
    """A page that tells what is said of a thing, with the words that say it."""
    thing = _Reader(data).thing(iri)
    own = thing.kind in KINDS.values()
    values = {
        "thing": thing,
        "own": own,
        "shown": f"/index.html#{quote(iri, safe='')}" if thing.kind == KINDS[KZ + "Statement"] else None,
        "described": f"/sparql?{urlencode({'query': f'DESCRIBE <{iri}>'})}",
        "up": "/",
        "here": None,
    }
    return render(Page("thing.html", thing.kind.capitalize()), values, served=True)


class _Reader:
    """Looks things up in the store while a page is made."""

    def __init__(self, data: ServedData) -> None:
        self.data, self.store = data, data.store

    def thing(self, iri: str) -> Thing:
        kind, span = self.kind(iri), self.span(iri)
        marked: list[tuple[_Span, str]] = []
        if span is not None:
            around = self.sentences_around(span)
            marked = [(span, CHOSEN)] if around and around[0].node != iri else []
            sentences = around[:1] or [span]
            said = self.said_at(sentences)
        else:
            said = [iri] if kind in KINDS.values() else self.subjects(PROV + "qualifiedDerivation", iri)
            sentences = self.spans(self.values(iri, PROV + "wasDerivedFrom") + self.values(iri, PROV + "entity"))
            readings = [iri, *self.values(iri, PROV + "qualifiedDerivation")]
            marked = [(s, TRIGGER) for r in readings for p in WORDS for s in self.spans(self.values(r, p))]
        ends = {end for node in said for p in ENDS for end in self.values(node, p)}
        return Thing(
            kind=kind,
            iri=iri,
            names=tuple(map(self.entity, self.values(iri, ITSRDF + "taIdentRef"))),
            said=tuple(map(self.said, said)),
            places=tuple(self.place(sentence, marked, ends) for sentence in sentences),
            properties=tuple(self.properties(iri)),
        )

    def terms(self, node: str, predicate: str) -> list[ox.NamedNode | ox.Literal]:
        found = self.store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(predicate), None)
        return sorted({q.object for q in found if isinstance(q.object, ox.NamedNode | ox.Literal)}, key=str)

    def values(self, node: str, predicate: str) -> list[str]:
        return [term.value for term in self.terms(node, predicate)]

    def value(self, node: str, predicate: str) -> str | None:
        return next(iter(self.values(node, predicate)), None)

    def subjects(self, predicate: str, node: str) -> list[str]:
        found = self.store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(node))
        return sorted({q.subject.value for q in found if isinstance(q.subject, ox.NamedNode)})

    def kind(self, iri: str) -> str:
        types = self.values(iri, RDF + "type")
        known = KINDS | OTHER_KINDS
        return next((known[t] for t in types if t in known), words(tail(types[0])))

    def span(self, node: str) -> _Span | None:
        document, text = self.value(node, NIF + "referenceContext"), self.value(node, NIF + "anchorOf")
        begin, end = self.value(node, NIF + "beginIndex"), self.value(node, NIF + "endIndex")
        if document is None or text is None or begin is None or end is None:
            return None
        return _Span(node, document, int(begin), int(end), text)

    def spans(self, nodes: Iterable[str]) -> list[_Span]:
        found = {node: span for node in nodes if (span := self.span(node)) is not None}
        return sorted(found.values(), key=lambda s: (s.document, s.begin, s.end, s.node))

    def spans_in(self, sentence: _Span) -> list[_Span]:
        """The spans of its document that overlap it."""
        found = self.spans(self.subjects(NIF + "referenceContext", sentence.document))
        return [span for span in found if span.begin < sentence.end and sentence.begin < span.end]

    def sentences_around(self, span: _Span) -> list[_Span]:
        """Those spans that something was read from and that hold this one, the narrowest first."""
        found = [other for other in self.spans_in(span) if other.holds(span) and self.said_at([other])]
        return sorted(found, key=lambda s: (s.end - s.begin, s.node))

    def said_at(self, sentences: Iterable[_Span]) -> list[str]:
        found = {node for s in sentences for node in self.subjects(PROV + "wasDerivedFrom", s.node)}
        return sorted(node for node in found if self.kind(node) in KINDS.values())

    def entity(self, node: str) -> Link:
        classes = [tail(t) for t in self.values(node, RDF + "type") if t.startswith(KZ)]
        label = self.value(node, RDFS + "label") or tail(node)
        return Link(label, f"/index.html#{quote(node, safe='')}", classes[0] if classes else "")

    def said(self, node: str) -> Said:
        kind, named = self.kind(node), ("modality", "stage", "date", "deadline", "amount", "currency", "period")
        told = {name: self.value(node, KZ + name) for name in named}
        told["modality"] = tail(told["modality"] or "Asserted")
        stage = words(tail(told["stage"] or "").removeprefix("Stage"))
        told["stage"] = stage if kind == "statement" else None
        by = self.value(node, KZ + "attributedTo")
        line = tuple(self.line(node, kind, stage))
        return Said(kind, self.data.address(node), line, told, None if by is None else self.entity(by))

    def line(self, node: str, kind: str, stage: str) -> Iterator[Link | str]:
        """The thing in words."""
        before, after = {
            "statement": (RDF + "subject", RDF + "object"),
            "succession": (KZ + "former", KZ + "successor"),
            "quote": (KZ + "speaker", ""),
        }.get(kind, (KZ + "of", ""))
        middle = {
            "statement": words(tail(self.value(node, RDF + "predicate") or "")),
            "succession": "became",
            "stage": stage,
            "number": self.number(node),
            "quote": "said",
        }[kind]
        yield from (self.entity(end) for end in self.values(node, before))
        yield middle
        if after:
            yield from (self.entity(end) for end in self.values(node, after))
        if by := self.value(node, KZ + "by"):
            yield "by"
            yield self.entity(by)

    def number(self, node: str) -> str:
        bounds = [self.value(node, KZ + name) for name in ("minValue", "maxValue")]
        value = self.value(node, KZ + "value") or " to ".join(v for v in bounds if v is not None)
        rest = [self.value(node, KZ + name) for name in ("unit", "indicator")]
        return " ".join([value, *(part for part in rest if part is not None)])

    def place(self, sentence: _Span, marked: Iterable[tuple[_Span, str]], ends: set[str]) -> Place:
        """The words with their marks."""
        wanted = [(span, mark) for span, mark in marked if sentence.holds(span)]
        if ends:
            inside = (s for s in self.spans_in(sentence) if sentence.holds(s))
            wanted += [(s, END) for s in inside if ends & set(self.values(s.node, ITSRDF + "taIdentRef"))]
        kept: list[tuple[int, int, str]] = []
        for span, mark in sorted(wanted, key=lambda w: (MARKS.index(w[1]), w[0].begin - w[0].end, w[0].begin)):
            if all(span.end <= begin or end <= span.begin for begin, end, _ in kept):
                kept.append((span.begin, span.end, mark))
        pieces, at = [], sentence.begin
        for begin, end, mark in [*sorted(kept), (sentence.end, sentence.end, PLAIN)]:
            pieces.append((PLAIN, sentence.text[at - sentence.begin : begin - sentence.begin]))
            pieces.append((mark, sentence.text[begin - sentence.begin : end - sentence.begin]))
            at = end
        document, page = sentence.document, self.data.texts.get(sentence.document)
        return Place(
            pieces=tuple(piece for piece in pieces if piece[1]),
            document=self.value(document, DCTERMS + "title")
            or self.value(document, DCTERMS + "identifier")
            or tail(document),
            date=self.value(document, DCTERMS + "issued"),
            begin=sentence.begin,
            end=sentence.end,
            href=None if page is None else f"{page}#c{sentence.begin}",
        )

    def properties(self, iri: str) -> Iterator[tuple[str, tuple[Link, ...]]]:
        predicates = {q.predicate.value for q in self.store.quads_for_pattern(ox.NamedNode(iri), None, None)}
        for predicate in sorted(predicates):
            yield shorten(predicate), tuple(map(self.term, self.terms(iri, predicate)))

    def term(self, term: ox.NamedNode | ox.Literal) -> Link:
        return Link(to_text(term), self.data.address(term.value) if isinstance(term, ox.NamedNode) else None)
