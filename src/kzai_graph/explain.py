"""Say where a fact comes from: its sentences with file, line and offsets, and the lexicon entry that read each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import InputError
from kzai_graph.inference import Inference, infer
from kzai_graph.inquiry import Graph
from kzai_graph.lines import Lines, line_finder
from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PREFIXES, PROV, RDF, RDFS, SKOS

QUALIFIERS = ("date", "deadline", "amount", "currency", "attributedTo", "stage", "by")
NEAREST_NAMES = 5
MAX_CANDIDATES = 8
Node = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A sentence that says a statement; ``line`` counts from 1 and is known only where the text is at hand.

    ``clause``: the predicate with its arguments, empty for a construction; ``cues``: the words that set the modality.
    """

    document: str
    begin: int
    end: int
    sentence: str
    line: int | None
    entry: str
    trigger: str
    clause: str
    cues: tuple[str, ...]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement as a person reads it, with the places that say it in the order of the texts.

    A milestone is shown in the same way: its relation is ``stage``, its object the stage.
    """

    statement: str
    subject: str
    relation: str
    object: str
    modality: str
    qualifiers: dict[str, str]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A fact on which an inference rests, with the statements that assert it."""

    subject: str
    relation: str
    object: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inferred:
    """A fact that no text states: the rule that infers it, what the rule says, and on what it rests."""

    subject: str
    relation: str
    object: str
    rule: str
    says: str
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class About:
    """An entity with all that is stated of it.

    ``names`` are its names beside the label; ``forms`` the words that mean it in texts, the most frequent first, with
    how often each does.
    """

    entity: str
    label: str
    cls: str
    names: tuple[str, ...]
    forms: dict[str, int]
    mentions: int
    documents: tuple[str, ...]
    outgoing: tuple[Fact, ...]
    incoming: tuple[Fact, ...]
    milestones: tuple[Fact, ...]
    inferred: tuple[Inferred, ...] = ()


def explain(
    graph: Path,
    wanted: str,
    *,
    texts: Path | None = None,
    ontology: Path | None = None,
    with_inferred: bool = False,
) -> About | Fact:
    """Explain an entity or a statement, named by IRI, prefixed name, local name, or label.

    Lines are given where a document's text lies under ``texts``, here, or in ``seeds``, and holds the words. With
    ``with_inferred`` an entity shows what the rules of the ontology folder infer of it, too.

    Raises:
        GraphError: the graph cannot be read.
        InputError: nothing in the graph is named so, or several things are.
        OntologyError: the ontology folder, where it is needed, or one of its rules is broken.
    """
    store = Graph(graph).load()
    reader = _Reader(store, line_finder(texts), infer(store, ontology) if with_inferred else ())
    found = reader.find(wanted)
    if not found:
        near = reader.nearest(wanted)
        hint = f"nearest: {', '.join(near)}" if near else "kzai-graph query lists what there is"
        raise InputError(f"{wanted}: no entity or statement of {graph} is named so; {hint}")
    if len(found) > 1:
        said = "; ".join(f"{shorten(n.value)} ({reader.describe(n)})" for n in found[:MAX_CANDIDATES])
        more = f"; and {len(found) - MAX_CANDIDATES} more" if len(found) > MAX_CANDIDATES else ""
        raise InputError(f"{wanted}: stands for {len(found)} things, give the IRI of one: {said}{more}")
    return reader.about(found[0]) if found[0] in reader.entities else reader.fact(found[0])


class _Reader:
    """The graph as the explanations read it; graph names are dropped."""

    def __init__(self, store: ox.Store, line_of: Lines, inferences: Sequence[Inference]) -> None:
        self.store = store
        self.line_of = line_of
        self.inferences = inferences

    @cached_property
    def statements(self) -> frozenset[ox.NamedNode]:
        return frozenset(self._subjects(RDF + "type", ox.NamedNode(KZ + "Statement")))

    @cached_property
    def milestones(self) -> frozenset[ox.NamedNode]:
        return frozenset(self._subjects(RDF + "type", ox.NamedNode(KZ + "Milestone")))

    @cached_property
    def entities(self) -> frozenset[ox.NamedNode]:
        """All that a mention, or an end of a statement, leads to."""
        quads = (q for p in (ITSRDF + "taIdentRef", RDF + "subject", RDF + "object") for q in self._quads(p))
        return frozenset(q.object for q in quads if isinstance(q.object, ox.NamedNode))

    @cached_property
    def names(self) -> dict[str, set[ox.NamedNode]]:
        """Entities by label or other name, as written."""
        names: dict[str, set[ox.NamedNode]] = {}
        for entity in self.entities:
            for name in self.names_of(entity):
                names.setdefault(name, set()).add(entity)
        return names

    def find(self, wanted: str) -> list[ox.NamedNode]:
        """The nodes that are meant; a label goes before other names, and a full name before the end of an IRI."""
        nodes = self.entities | self.statements | self.milestones
        prefix, colon, rest = wanted.partition(":")
        iri = PREFIXES[prefix] + rest if colon and prefix in PREFIXES else wanted.removeprefix("<").removesuffix(">")
        exact = [node for node in nodes if node.value == iri]
        folded = wanted.casefold()
        by_label = [node for node in self.entities if self.text(node, RDFS + "label").casefold() == folded]
        by_name = [node for name, named in self.names.items() if name.casefold() == folded for node in named]
        by_end = [node for node in nodes if node.value.endswith((f"/{wanted}", f"#{wanted}"))]
        found = exact or by_label or by_name or by_end
        return sorted(set(found), key=lambda node: node.value)

    def nearest(self, wanted: str) -> list[str]:
        """Names like it, or that hold it."""
        folded = {name.casefold(): name for name in sorted(self.names)}
        near = get_close_matches(wanted.casefold(), folded, n=NEAREST_NAMES)
        holding = [name for name in folded if wanted.casefold() in name]
        return [folded[name] for name in dict.fromkeys([*near, *holding])][:NEAREST_NAMES]

    def describe(self, node: ox.NamedNode) -> str:
        """A node in a few words, to tell it from others."""
        documents = self._documents(node)
        return f"{self._class(node)} in {', '.join(documents[:2])}{' …' if len(documents) > 2 else ''}"

    def about(self, entity: ox.NamedNode) -> About:
        label = self.text(entity, RDFS + "label")
        mentions = self._subjects(ITSRDF + "taIdentRef", entity)
        forms = Counter(" ".join(self.text(mention, NIF + "anchorOf").split()) for mention in mentions)
        outgoing, incoming = self._facts(RDF + "subject", entity), self._facts(RDF + "object", entity)
        return About(
            entity=shorten(entity.value),
            label=label or shorten(entity.value),
            cls=self._class(entity),
            names=tuple(name for name in self.names_of(entity) if name != label),
            forms=dict(sorted(forms.items(), key=lambda form: (-form[1], form[0]))),
            mentions=len(mentions),
            documents=self._documents(entity),
            outgoing=outgoing,
            incoming=incoming,
            milestones=tuple(self.fact(node) for node in self._subjects(KZ + "of", entity) if node in self.milestones),
            inferred=tuple(self._inferred(i) for i in self.inferences if entity in (i.triple.subject, i.triple.object)),
        )

    def _inferred(self, inference: Inference) -> Inferred:
        subject, relation, target = self._ends(inference.triple)
        grounds = tuple(Ground(*self._ends(ground), self._asserting(ground)) for ground in inference.grounds)
        return Inferred(subject, relation, target, shorten(inference.rule.iri.value), inference.rule.says, grounds)

    def _ends(self, triple: ox.Triple) -> tuple[str, str, str]:
        """Subject, relation and object as a person reads them."""
        ends = [n for n in (triple.subject, triple.predicate, triple.object) if isinstance(n, ox.NamedNode)]
        subject, relation, target = (self.text(node, RDFS + "label") or shorten(node.value) for node in ends)
        return subject, relation.rpartition(":")[2], target

    def _asserting(self, triple: ox.Triple) -> tuple[str, ...]:
        """The asserted statements behind a plain triple, in either direction: only symmetric relations have both."""
        ends = {triple.subject, triple.object}
        return tuple(
            shorten(node.value)
            for node in self._subjects(RDF + "predicate", triple.predicate)
            if {*self._objects(node, RDF + "subject"), *self._objects(node, RDF + "object")} == ends
            and ox.NamedNode(KZ + "Asserted") in self._objects(node, KZ + "modality")
        )

    def _facts(self, end: str, entity: ox.NamedNode) -> tuple[Fact, ...]:
        facts = [self.fact(node) for node in self._subjects(end, entity) if node in self.statements]
        return tuple(sorted(facts, key=lambda f: (f.relation, f.subject, f.object, f.modality, f.statement)))

    def fact(self, statement: ox.NamedNode) -> Fact:
        qualifiers = {q: " / ".join(values) for q in QUALIFIERS if (values := self._shown(statement, KZ + q))}
        if statement in self.milestones:
            ends = [self._shown(statement, KZ + "of"), ["stage"], [qualifiers.pop("stage", "nothing")]]
        else:
            ends = [self._shown(statement, RDF + end) for end in ("subject", "predicate", "object")]
        subject, relation, target = (next(iter(shown), "nothing") for shown in ends)
        modality = next(iter(self._objects(statement, KZ + "modality")), None)
        return Fact(
            statement=shorten(statement.value),
            subject=subject,
            relation=relation.rpartition(":")[2],
            object=target,
            modality=_local(modality.value) if modality is not None else "of no modality",
            qualifiers=qualifiers,
            places=tuple(sorted(set(self._places(statement)), key=_order)),
        )

    def _places(self, statement: ox.NamedNode) -> Iterator[Place]:
        derivations = self._objects(statement, PROV + "qualifiedDerivation")
        read_from = [(sentence, d) for d in derivations for sentence in self._objects(d, PROV + "entity")]
        bare = set(self._objects(statement, PROV + "wasDerivedFrom")) - {sentence for sentence, _ in read_from}
        for sentence, derivation in [*read_from, *((sentence, None) for sentence in bare)]:
            yield self._place(sentence, derivation)

    def _place(self, sentence: Node, derivation: Node | None) -> Place:
        words, begin = self.text(sentence, NIF + "anchorOf"), self._number(sentence, NIF + "beginIndex")
        document = next(iter(self._objects(sentence, NIF + "referenceContext")), sentence)
        identifier, encoding = self.text(document, DCTERMS + "identifier"), self.text(document, KZ + "encoding")
        entries = self._objects(derivation, KZ + "frame") if derivation is not None else []
        confidence = self.text(derivation, KZ + "confidence") if derivation is not None else ""
        return Place(
            document=identifier or document.value,
            begin=begin,
            end=self._number(sentence, NIF + "endIndex"),
            sentence=words,
            line=self.line_of(identifier, encoding, begin, words),
            entry=", ".join(shorten(entry.value) for entry in entries),
            trigger=" … ".join(self._words(derivation, KZ + "trigger")),
            clause=" … ".join(self._words(derivation, KZ + "clause")),
            cues=self._words(derivation, KZ + "modalityCue"),
            confidence=float(confidence) if confidence else None,
        )

    def _words(self, derivation: Node | None, prop: str) -> tuple[str, ...]:
        """The words of the spans that a derivation leads to, in the order of the text."""
        spans = self._objects(derivation, prop) if derivation is not None else []
        ordered = sorted(spans, key=lambda span: self._number(span, NIF + "beginIndex"))
        return tuple(self.text(span, NIF + "anchorOf") for span in ordered)

    def names_of(self, entity: ox.NamedNode) -> list[str]:
        return [n.value for p in (RDFS + "label", SKOS + "altLabel") for n in self._objects(entity, p)]

    def text(self, node: Node, prop: str) -> str:
        return next((value.value for value in self._objects(node, prop)), "")

    def _number(self, node: Node, prop: str) -> int:
        text = self.text(node, prop)
        return int(text) if text.isdecimal() else 0

    def _class(self, node: ox.NamedNode) -> str:
        return ", ".join(_local(cls.value) for cls in self._objects(node, RDF + "type")) or "no class"

    def _documents(self, node: ox.NamedNode) -> tuple[str, ...]:
        spans = self._subjects(ITSRDF + "taIdentRef", node) or self._objects(node, PROV + "wasDerivedFrom")
        documents = {d for span in spans for d in self._objects(span, NIF + "referenceContext")}
        return tuple(sorted(self.text(document, DCTERMS + "identifier") or document.value for document in documents))

    def _shown(self, node: Node, prop: str) -> list[str]:
        """Values as a person reads them: labels of entities, short IRIs, literals without type."""
        return [
            (self.text(value, RDFS + "label") or shorten(value.value))
            if isinstance(value, ox.NamedNode)
            else value.value
            for value in self._objects(node, prop)
        ]

    def _quads(self, prop: str) -> Iterable[ox.Quad]:
        return self.store.quads_for_pattern(None, ox.NamedNode(prop), None)

    def _objects(self, node: Node, prop: str) -> list[Node]:
        if isinstance(node, ox.Literal):
            return []
        found = {quad.object for quad in self.store.quads_for_pattern(node, ox.NamedNode(prop), None)}
        return sorted((o for o in found if not isinstance(o, ox.Triple)), key=str)

    def _subjects(self, prop: str, target: ox.NamedNode) -> list[ox.NamedNode]:
        found = {quad.subject for quad in self.store.quads_for_pattern(None, ox.NamedNode(prop), target)}
        return sorted((s for s in found if isinstance(s, ox.NamedNode)), key=lambda s: s.value)


def _order(place: Place) -> tuple[object, ...]:
    return (place.document, place.begin, place.end, place.entry, place.trigger)


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
