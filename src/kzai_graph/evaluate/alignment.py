"""Say which gold entity each node stands for, and which gold facts each statement fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kzai_graph.evaluate.claims import Claim, Claims, Node
from kzai_graph.evaluate.gold import ANYTHING, Gold, GoldFact
from kzai_graph.evaluate.names import normalise
from kzai_graph.terms import KZ

LABEL_VOTE = 2
NAME_VOTE = 1


@dataclass(frozen=True, slots=True)
class Alignment:
    """The nodes of one document and their gold entities."""

    stands_for: Mapping[Node, str]
    nodes: Mapping[str, tuple[Node, ...]]
    unknown: tuple[Node, ...]
    """Nodes that no gold entity accounts for."""

    def gold_of(self, node: Node | None) -> str | None:
        return self.stands_for.get(node) if node is not None else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement with the gold entities at its ends and the indices of the facts that it fits."""

    claim: Claim
    subject: str | None
    object: str | None
    matches: tuple[int, ...]
    trapped: bool

    @property
    def key(self) -> tuple[str | Node | None, str, str | Node | None, str]:
        """What it says, whatever node stands for the ends."""
        claim = self.claim
        return (self.subject or claim.subject, claim.relation, self.object or claim.object, claim.modality)


def align(gold: Gold, claims: Claims, document: Node | None) -> Alignment:
    """Match nodes to gold entities by their names; among entities of one name, by class, then by the label."""
    index: dict[str, set[str]] = defaultdict(set)
    for entity in gold.entities.values():
        for name in entity.names:
            index[normalise(name)].add(entity.id)
    stands_for: dict[Node, str] = {}
    nodes: dict[str, list[Node]] = defaultdict(list)
    unknown: list[Node] = []
    present = sorted(claims.entities.get(document, ()), key=lambda n: n.value) if document is not None else []
    for node in present:
        assert document is not None
        best = _best(gold, claims, node, document, index)
        if best is None:
            unknown.append(node)
        else:
            stands_for[node] = best
            nodes[best].append(node)
    return Alignment(stands_for, {id_: tuple(found) for id_, found in nodes.items()}, tuple(unknown))


def _best(gold: Gold, claims: Claims, node: Node, document: Node, index: Mapping[str, set[str]]) -> str | None:
    votes: dict[str, int] = {}
    label = normalise(claims.label(node))
    for name in sorted(claims.names(node, document)):
        for id_ in sorted(index.get(name, ())):
            votes[id_] = votes.get(id_, 0) + (LABEL_VOTE if name == label else NAME_VOTE)
    classes = claims.classes(node)
    return max(votes, key=lambda g: (bool(classes & set(gold.entities[g].classes)), votes[g]), default=None)


def judge(gold: Gold, claims: Claims, document: Node | None, alignment: Alignment) -> list[Judged]:
    """Judge every statement that the document is evidence for, by its IRI."""
    judged = []
    for node in claims.from_document(KZ + "Statement", document):
        claim = claims.claim(node)
        if claim.relation not in claims.ontology.relations:
            continue
        subject, object_ = alignment.gold_of(claim.subject), alignment.gold_of(claim.object)
        matches: tuple[int, ...] = ()
        if claims.fits(claim):
            symmetric = claims.is_symmetric(claim.relation)
            matches = tuple(
                i for i, fact in enumerate(gold.facts) if _says(fact, claim, subject, object_, symmetric=symmetric)
            )
        judged.append(Judged(claim, subject, object_, matches, _is_trap(gold, claims, claim, subject, object_)))
    return judged


def _says(fact: GoldFact, claim: Claim, subject: str | None, object_: str | None, *, symmetric: bool) -> bool:
    if claim.relation not in fact.relations or claim.modality not in fact.modalities:
        return False
    straight = subject in fact.subjects and object_ in fact.objects
    return straight or (symmetric and subject in fact.objects and object_ in fact.subjects)


def _is_trap(gold: Gold, claims: Claims, claim: Claim, subject: str | None, object_: str | None) -> bool:
    pairs = [(subject, object_)]
    if claims.is_symmetric(claim.relation):
        pairs.append((object_, subject))
    return any(
        claim.relation in trap.relations
        and claim.modality == trap.modality
        and any(_covers(trap.subjects, s) and _covers(trap.objects, o) for s, o in pairs)
        for trap in gold.traps
    )


def _covers(wanted: tuple[str, ...], got: str | None) -> bool:
    return ANYTHING in wanted or (got is not None and got in wanted)
