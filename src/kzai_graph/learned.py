"""Propose statements for references that no frame relates, where learned weights are sure enough of them.

The frames keep the say: a pair of entities of which they state anything is left to them. What a relation demands is
an entry of the ontology folder (``kz:LearnedFrame``); the modality is that of the clauses on the way between the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kzai_graph.entities import Reference
from kzai_graph.frames import Proposal
from kzai_graph.lexical import Ontology
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import Clause, Modality
from kzai_graph.pairs import Describer, Pair, find_pairs, says
from kzai_graph.weights import Outcome, Weights, load_weights

MIN_SHARE = 0.5
"""How much of what speaks for any relation must speak for the one that is proposed."""
PREDICATING = frozenset({"verb", "adjective", "phrase"})
STATED = (Modality.ASSERTED, Modality.PLANNED)


class Learned:
    """The weights of an ontology with what the ontology demands of them."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._weights: Weights | None = load_weights(ontology.weights) if ontology.weights is not None else None
        self._columns: dict[tuple[str, str], list[int]] = {}

    def propose(
        self,
        mentions: Mentions,
        clauses: Mapping[int, Sequence[Clause]],
        stated: Sequence[Proposal],
        lookup: Lookup,
    ) -> Iterator[Proposal]:
        """Yield statements of the blocks that have clauses, beyond those that are stated already; each once."""
        if self._weights is None or not self._ontology.learned:
            return
        related = {frozenset((id(p.subject.entity), id(p.object.entity))) for p in stated}
        describer = Describer(mentions.docs, clauses, lookup)
        for block, here in clauses.items():
            references = [r for r in mentions.references if r.block == block and _is_named(r)]
            for pair in find_pairs(mentions.docs[block], references):
                ends = frozenset((id(pair.first.entity), id(pair.second.entity)))
                if (
                    ends in related
                    or pair.is_parted
                    or (outcome := self._judge(pair, describer, self._weights)) is None
                ):
                    continue
                proposal = self._proposal(block, pair, outcome, here)
                if proposal is not None:
                    related.add(ends)
                    yield proposal

    def _judge(self, pair: Pair, describer: Describer, weights: Weights) -> Outcome | None:
        """The relation of which the weights are as sure as its entry demands."""
        classes = (pair.first.entity.cls or "", pair.second.entity.cls or "")
        columns = self._columns.get(classes)
        if columns is None:
            columns = self._columns[classes] = weights.columns(self._ontology, *classes)
        if not columns:
            return None
        features = describer.features(pair)
        related, outcome, share = weights.judge(features, columns)
        frame = self._ontology.learned.get(outcome.relation)
        if frame is None or related < frame.confidence or share < MIN_SHARE:
            return None
        return outcome if not frame.worded or says(features, outcome.relation) else None

    def _proposal(self, block: int, pair: Pair, outcome: Outcome, clauses: Sequence[Clause]) -> Proposal | None:
        frame = self._ontology.learned[outcome.relation]
        subject, target = (pair.first, pair.second) if outcome.forward else (pair.second, pair.first)
        if not (self._is_of(subject, frame.subject_classes) and self._is_of(target, frame.object_classes)):
            return None
        governing = _governing(pair, clauses)
        modality = max((c.modality for c in governing), key=list(Modality).index, default=Modality.ASSERTED)
        if modality is Modality.PLANNED and self._ontology.signature(outcome.relation).timeless:
            modality = Modality.ASSERTED
        if modality not in STATED:
            return None
        spine = pair.spine
        begin, end = (spine.i, spine.i + 1) if spine is not None else (pair.first.begin, pair.second.end)
        clause = governing[0] if governing else None
        return Proposal(outcome.relation, subject, target, block, begin, end, frame, modality, clause)

    def _is_of(self, reference: Reference, classes: frozenset[str]) -> bool:
        return not classes or self._ontology.is_a(reference.entity.cls or "", *classes)


def _is_named(reference: Reference) -> bool:
    return reference.entity.cls is not None and reference.entity.named


def _governing(pair: Pair, clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses on the way between the two; where there is none, the one around it."""
    way = {t.i for t in (*pair.up, pair.top, *pair.down)}
    predicates = {c.head: c for c in clauses if c.kind in PREDICATING}
    on_way = [predicates[i] for i in sorted(way & predicates.keys())]
    on_way = on_way or [c for c in clauses if c.kind == "noun" and c.head in way]
    if on_way:
        return on_way
    around = next((t.i for t in pair.top.ancestors if t.i in predicates), None)
    return [predicates[around]] if around is not None else []


__all__ = ["Learned"]
