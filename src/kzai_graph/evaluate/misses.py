"""Say for each missed fact where it was lost: the entity, its class, the rule, or what the rule made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kzai_graph.evaluate.alignment import Judged
from kzai_graph.evaluate.claims import Claim, Claims, Node
from kzai_graph.evaluate.gold import GoldFact
from kzai_graph.evaluate.names import normalise
from kzai_graph.evaluate.scoring import Reading, qualifier_holds, said_qualifiers
from kzai_graph.lexical import Ontology
from kzai_graph.model import Span
from kzai_graph.terms import NIF

MAX_SNIPPET_CHARS = 300
BREAK = re.compile(
    r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|\n\s*\n|\n(?=\s*(?:[-*•|]|\d+[.)]))"
)
"""Where one sentence ends and the next begins: rough, and enough to tell near from far."""


class Loss(StrEnum):
    """Where a fact was lost; in the order in which reasons are looked for."""

    NO_DOCUMENT = "document not in the graph"
    NO_ENTITY = "entity not found"
    WRONG_CLASS = "class blocks the relation"
    OTHER_MODALITY = "stated with other modality"
    SWAPPED = "direction swapped"
    OTHER_RELATION = "stated with other relation"
    OTHER_END = "rule took another end"
    NO_RULE = "in one sentence, no rule"
    CROSS_SENTENCE = "only in different sentences"
    QUALIFIER_MISSING = "qualifier not said"
    QUALIFIER_WRONG = "qualifier wrong"


@dataclass(frozen=True, slots=True)
class Miss:
    """A gold fact, or a qualifier of one, that the graph lacks; ``detail`` says what was found instead."""

    document: str
    fact: GoldFact
    loss: Loss
    detail: str
    sentence: str = ""

    def __str__(self) -> str:
        lines = [f"{self.document[:28]}\t{self.loss}\t{self.fact}\t{self.detail}"]
        return "\n".join([*lines, f"\t\t{self.sentence}"] if self.sentence else lines)


def find_misses(reading: Reading, claims: Claims, text: str | None) -> Iterator[Miss]:
    """Go through one document's facts that cost something, in the order of the gold.

    Without the text, two mentions count as in one sentence where the graph has a sentence around both.
    """
    hit = {i for judged in reading.judged for i in judged.matches}
    said = said_qualifiers(reading, claims)
    seeker = _Seeker(reading, claims, text)
    for i, fact in enumerate(reading.gold.facts):
        if fact.optional:
            continue
        if i not in hit:
            yield seeker.explain(fact)
            continue
        for qualifier, wanted in fact.qualifiers.items():
            got = said.get((i, qualifier), set())
            if not qualifier_holds(qualifier, wanted, got):
                loss = Loss.QUALIFIER_WRONG if got else Loss.QUALIFIER_MISSING
                detail = f"{qualifier} {'/'.join(wanted)}, said {', '.join(sorted(got)) or 'nothing'}"
                yield Miss(reading.gold.document, fact, loss, detail)


def summarise(misses: Sequence[Miss]) -> tuple[str, ...]:
    """Count the misses by where they were lost."""
    counts = Counter(miss.loss for miss in misses)
    return tuple(f"{counts[loss]:5}  {loss}" for loss in Loss if counts[loss])


class _Seeker:
    """Looks for the place where one document's facts were lost."""

    def __init__(self, reading: Reading, claims: Claims, text: str | None) -> None:
        self.reading, self.claims, self.text = reading, claims, text
        self.sentences = sorted(self._sentences())

    def _sentences(self) -> Iterator[Span]:
        """The sentences that the graph knows: evidence of its statements, numbers and quotes."""
        document = self.reading.document
        nodes = {e for j in self.reading.judged for e in self.claims.evidence(j.claim.node)}
        for node in sorted(nodes, key=lambda n: n.value):
            span = self.claims.span(node)
            if self.claims.document_of[node] == document and span is not None:
                yield span

    def explain(self, fact: GoldFact) -> Miss:
        if self.reading.document is None:
            return self._miss(fact, Loss.NO_DOCUMENT, "")
        subjects, objects = self._nodes(fact.subjects), self._nodes(fact.objects)
        if not subjects or not objects:
            lost = [ids for ids, nodes in ((fact.subjects, subjects), (fact.objects, objects)) if not nodes]
            return self._miss(fact, Loss.NO_ENTITY, "; ".join(map(self._not_found, lost)))
        pairs = [(s, o) for s in subjects for o in objects if s != o]
        stated = self._stated(fact, pairs)
        if stated is not None:
            return stated
        if not any(self._fits(relation, s, o) for relation in fact.relations for s, o in pairs):
            return self._miss(fact, Loss.WRONG_CLASS, self._classes(fact, subjects, objects))
        return self._unproposed(fact, pairs)

    def _miss(self, fact: GoldFact, loss: Loss, detail: str, sentence: str = "") -> Miss:
        return Miss(self.reading.gold.document, fact, loss, detail, sentence)

    def _nodes(self, ids: Sequence[str]) -> list[Node]:
        return [node for id_ in ids for node in self.reading.alignment.nodes.get(id_, ())]

    def _not_found(self, ids: Sequence[str]) -> str:
        """Name the entity, and the unaccounted nodes that share a word with it."""
        names = [name for id_ in ids for name in self.reading.gold.entities[id_].names]
        words = {w for name in names for w in normalise(name).split() if len(w) > 3}
        labels = sorted({self.claims.label(n) for n in self.reading.alignment.unknown})
        near = [label for label in labels if words & set(normalise(label).split())]
        return f"{'/'.join(ids)} ({names[0]})" + (f", near: {'; '.join(near[:4])}" if near else "")

    def _fits(self, relation: str, subject: Node, object_: Node) -> bool:
        return any(
            self.claims.ontology.fits(relation, s, o)
            for s in self.claims.classes(subject)
            for o in self.claims.classes(object_)
        )

    def _classes(self, fact: GoldFact, subjects: Sequence[Node], objects: Sequence[Node]) -> str:
        got = " → ".join(
            "/".join(sorted({c for n in nodes for c in self.claims.classes(n)})) for nodes in (subjects, objects)
        )
        return f"got {got}; {_signature(self.claims.ontology, fact.relations[0])}"

    def _stated(self, fact: GoldFact, pairs: Sequence[tuple[Node, Node]]) -> Miss | None:
        """What the graph states of the same two entities."""
        same, turned = set(pairs), {(o, s) for s, o in pairs}
        found: dict[Loss, Judged] = {}
        for judged in self.reading.judged:
            claim = judged.claim
            if (claim.subject, claim.object) in same:
                if claim.relation not in fact.relations:
                    if not judged.matches:  # what is right of the pair took nothing away from this fact
                        found.setdefault(Loss.OTHER_RELATION, judged)
                elif claim.modality not in fact.modalities:
                    found.setdefault(Loss.OTHER_MODALITY, judged)
                else:
                    found.setdefault(Loss.WRONG_CLASS, judged)
            elif (claim.subject, claim.object) in turned and claim.relation in fact.relations:
                found.setdefault(Loss.SWAPPED, judged)
        for loss in (Loss.WRONG_CLASS, Loss.OTHER_MODALITY, Loss.SWAPPED, Loss.OTHER_RELATION):
            if loss in found:
                claim = found[loss].claim
                detail = f"said {_show(self.claims, claim)}"
                if loss is Loss.WRONG_CLASS:
                    detail = self._classes(fact, [n for n, _ in pairs], [n for _, n in pairs])
                return self._miss(fact, loss, detail, self._sentence_of(claim))
        return None

    def _unproposed(self, fact: GoldFact, pairs: Sequence[tuple[Node, Node]]) -> Miss:
        shared = self._shared(pairs)
        if shared is None:
            return self._miss(fact, Loss.CROSS_SENTENCE, self._distance(pairs))
        nodes = {n for pair in pairs for n in pair}
        for judged in self.reading.judged:
            claim = judged.claim
            one_end = (claim.subject in nodes) != (claim.object in nodes)
            if one_end and claim.relation in fact.relations and not judged.matches and self._rests_on(claim, shared):
                return self._miss(fact, Loss.OTHER_END, f"said {_show(self.claims, claim)}", self._snippet(shared))
        return self._miss(fact, Loss.NO_RULE, "", self._snippet(shared))

    def _places(self, node: Node) -> list[Span]:
        document = self.reading.document
        return self.claims.places.get((document, node), []) if document is not None else []

    def _shared(self, pairs: Sequence[tuple[Node, Node]]) -> Span | None:
        """The shortest stretch of one sentence that names both entities of a pair."""
        near = sorted(
            (
                Span(min(a.begin, b.begin), max(a.end, b.end))
                for s, o in pairs
                for a in self._places(s)
                for b in self._places(o)
            ),
            key=lambda span: (span.end - span.begin, span.begin),
        )
        return next((span for span in near if self._is_one_sentence(span)), None)

    def _is_one_sentence(self, span: Span) -> bool:
        if any(sentence.contains(span) for sentence in self.sentences):
            return True
        return self.text is not None and BREAK.search(self.text, span.begin, span.end) is None

    def _distance(self, pairs: Sequence[tuple[Node, Node]]) -> str:
        gaps = [
            max(a.begin, b.begin) - min(a.end, b.end)
            for s, o in pairs
            for a in self._places(s)
            for b in self._places(o)
        ]
        return f"{min(gaps)} characters apart" if gaps else "no place known"

    def _rests_on(self, claim: Claim, area: Span) -> bool:
        spans = (self.claims.span(e) for e in self.claims.evidence(claim.node))
        return any(span is not None and span.overlaps(area) for span in spans)

    def _sentence_of(self, claim: Claim) -> str:
        for evidence in self.claims.evidence(claim.node):
            if self.claims.document_of[evidence] == self.reading.document:
                anchors = self.claims.values(evidence, NIF + "anchorOf")
                return _shorten(anchors[0].value) if anchors else ""
        return ""

    def _snippet(self, area: Span) -> str:
        """The sentence around a stretch of the text, as far as the text is known."""
        if self.text is None:
            return ""
        breaks = [Span(match.start(), match.end()) for match in BREAK.finditer(self.text)]
        begin = max((b.end for b in breaks if b.end <= area.begin), default=0)
        end = min((b.begin + 1 for b in breaks if b.begin + 1 >= area.end), default=len(self.text))
        return _shorten(self.text[begin:end])


def _show(claims: Claims, claim: Claim) -> str:
    return f"{claims.label(claim.subject)} | {claim.relation} | {claims.label(claim.object)} [{claim.modality}]"


def _signature(ontology: Ontology, name: str) -> str:
    relation = ontology.relations[name]
    return f"{name} is {'/'.join(sorted(relation.domain))} → {'/'.join(sorted(relation.range))}"


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_SNIPPET_CHARS else flat[: MAX_SNIPPET_CHARS - 1] + "…"
