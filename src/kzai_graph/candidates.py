"""What a reviewer is asked: the places of a graph that say statements, the least sure first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.corrections import Claim, Correction, End, Kind, Said, Targets, symmetric_of
from kzai_graph.indexed import Indexed, Node, local_of, value_of
from kzai_graph.inquiry import Graph
from kzai_graph.keys import fold
from kzai_graph.lexical import Ontology
from kzai_graph.lines import Lines, line_finder
from kzai_graph.model import Modality
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, NIF, PROV, RDF, RDFS, SKOS

NAMING = (RDFS + "label", SKOS + "altLabel")
JUDGING = (Kind.ACCEPTANCE, Kind.REJECTION)


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """An entity with the words that mean it in a sentence."""

    label: str
    cls: str
    iri: str
    words: str

    def end(self) -> End:
        return End(self.iri, self.words or None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement at one place. ``line`` counts from 1 and is known where the text is at hand.

    ``claim`` is what an acceptance or rejection of it says; ``entities`` are all that the sentence names.
    """

    claim: Claim
    subject: Named
    object: Named
    entities: tuple[Named, ...]
    qualifiers: tuple[tuple[str, str], ...]
    line: int | None
    begin: int
    sentence: str
    trigger: str
    confidence: Decimal
    base_iri: str


def find_candidates(
    graph: Path, corrections: Sequence[Correction], knowledge: Ontology, *, texts: Path | None = None
) -> list[Candidate]:
    """Find the places that nobody has judged yet, sorted by confidence, then as the texts go.

    What a reviewer added is not asked again.

    Raises:
        GraphError: the graph cannot be read.
    """
    reader = _Reader(Graph(graph).quads(), knowledge, line_finder(texts))
    places = list(reader.places(frozenset(c.iri for c in corrections)))
    judging = Targets((c for c in corrections if c.kind in JUDGING), symmetric_of(knowledge))
    judged = judging.find((n, said) for n, (_, said) in enumerate(places))
    found = [candidate for n, (candidate, _) in enumerate(places) if n not in judged]
    return sorted(found, key=lambda c: (c.confidence, c.claim.document or "", c.begin, str(c.claim), c.claim.modality))


class _Reader:
    """Follows the links from statements to the sentences that say them, and to what these name."""

    def __init__(self, quads: Iterable[ox.Quad], knowledge: Ontology, line_of: Lines) -> None:
        self.graph = Indexed(quads)
        self.knowledge = knowledge
        self.line_of = line_of
        self.mentions: dict[Node, list[tuple[int, int, Node, str]]] = defaultdict(list)
        for span, entities in self.graph.links[ITSRDF + "taIdentRef"].items():
            document = self.graph.one(span, NIF + "referenceContext")
            if document is not None:
                begin, end, words = self.graph.span(span)
                self.mentions[document] += [(begin, end, entity, words) for entity in entities]
        for mentions in self.mentions.values():
            mentions.sort(key=lambda m: (m[0], -m[1], str(m[2])))

    def places(self, added: frozenset[str]) -> Iterator[tuple[Candidate, Said]]:
        """Yield each statement at each sentence that was read, and how claims are compared with it."""
        for statement in self.graph.links[RDF + "predicate"]:
            for derivation in self.graph.all(statement, PROV + "qualifiedDerivation"):
                sentence, frame = self.graph.one(derivation, PROV + "entity"), self.graph.one(derivation, KZ + "frame")
                if sentence is not None and not (isinstance(frame, ox.NamedNode) and frame.value in added):
                    yield from self._place(statement, derivation, sentence)

    def _place(self, statement: Node, derivation: Node, sentence: Node) -> Iterator[tuple[Candidate, Said]]:
        subject, relation, target = (self.graph.one(statement, RDF + end) for end in ("subject", "predicate", "object"))
        document = self.graph.one(sentence, NIF + "referenceContext")
        modality = local_of(self.graph.one(statement, KZ + "modality"))
        name = value_of(relation).removeprefix(self.knowledge.namespace)
        if subject is None or target is None or document is None:
            return
        if name not in self.knowledge.relations or modality not in set(Modality):
            return
        begin, end, words = self.graph.span(sentence)
        inside = [m for m in self.mentions[document] if begin <= m[0] and m[1] <= end]
        identifier, encoding = (
            self.graph.text(document, DCTERMS + "identifier"),
            self.graph.text(document, KZ + "encoding"),
        )
        ends = [self._named(entity, inside) for entity in (subject, target)]
        said = Said(
            document=identifier,
            sentence=words,
            subject=self._names(subject, inside),
            relation=name,
            object=self._names(target, inside),
            modality=Modality(modality),
        )
        amount, who = (self.graph.one(statement, KZ + p) for p in ("amount", "attributedTo"))
        stage = self.graph.one(derivation, KZ + "stage")
        claim = Claim(
            subject=ends[0].end(),
            relation=name,
            object=ends[1].end(),
            modality=Modality(modality),
            document=identifier,
            sentence=words,
            date=self.graph.text(statement, KZ + "date") or None,
            deadline=self.graph.text(statement, KZ + "deadline") or None,
            amount=Decimal(amount.value) if isinstance(amount, ox.Literal) else None,
            currency=self.graph.text(statement, KZ + "currency") or None,
            attributed_to=value_of(who) or None,
            stage=value_of(stage) or None,
        )
        shown = [(p, self.graph.text(statement, KZ + p)) for p in ("date", "deadline", "amount", "currency")]
        shown += [("said by", self.graph.label(who))] if who is not None else []
        shown += [("stage", local_of(stage))] if stage is not None else []
        confidence = self.graph.text(derivation, KZ + "confidence")
        candidate = Candidate(
            claim=claim,
            subject=ends[0],
            object=ends[1],
            entities=tuple(sorted({self._named(entity, inside) for _, _, entity, _ in inside})),
            qualifiers=tuple((p, text) for p, text in shown if text),
            line=self.line_of(identifier, encoding, begin, words),
            begin=begin,
            sentence=words,
            trigger=" … ".join(self.graph.span(t)[2] for t in self.graph.all(derivation, KZ + "trigger")),
            confidence=Decimal(confidence) if confidence else Decimal(0),
            base_iri=value_of(statement).rpartition("statement-")[0],
        )
        yield candidate, said

    def _named(self, entity: Node, inside: Sequence[tuple[int, int, Node, str]]) -> Named:
        names = {fold(value_of(n)) for p in NAMING for n in self.graph.all(entity, p)}
        mentions = [words for _, _, meant, words in inside if meant == entity]
        words = next((words for words in mentions if fold(words) in names), mentions[0] if mentions else "")
        return Named(self.graph.label(entity), local_of(self.graph.one(entity, RDF + "type")), value_of(entity), words)

    def _names(self, entity: Node, inside: Sequence[tuple[int, int, Node, str]]) -> frozenset[str]:
        names = [value_of(n) for p in NAMING for n in self.graph.all(entity, p)]
        names += [words for _, _, meant, words in inside if meant == entity]
        return frozenset({value_of(entity), *map(fold, names)})
