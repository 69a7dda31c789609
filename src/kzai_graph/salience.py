"""Weigh what a text speaks of at one place: who acts, how far back, and what the document names most."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
CLOSE = frozenset({"dobj", "poss", "agent"})
SUBJECT_WEIGHT, MAIN_SUBJECT_WEIGHT, CLOSE_WEIGHT, OTHER_WEIGHT = 3.0, 4.0, 1.5, 1.0
FADING = 0.5
"""What a mention loses with each sentence."""
TOPIC_WEIGHT = 1.5
MARGIN = 1.3
"""How far ahead of the next one the chosen one must be."""
CLEAR = 2.0
"""How far, where no word of the sentence speaks of it."""
BLOCK_STEP = 1


def most_salient(
    candidates: Sequence[Reference], place: tuple[int, int], mentions: Mentions, *, margin: float = MARGIN
) -> Entity | None:
    """Return the entity that the text speaks of before a place (block, token), or nothing when two are as likely."""
    ranked = rank(candidates, place, mentions)
    if not ranked:
        return None
    if len(ranked) > 1 and ranked[0][0] < margin * ranked[1][0]:
        return None
    return ranked[0][1]


def rank(candidates: Sequence[Reference], place: tuple[int, int], mentions: Mentions) -> list[tuple[float, Entity]]:
    """Weigh the entities of the candidates, all of them before the place; the likeliest comes first."""
    by_entity: dict[int, dict[tuple[int, int], float]] = defaultdict(dict)
    entities: dict[int, Entity] = {}
    starts = {b: sentence_starts(mentions.docs[b]) for b in {r.block for r in candidates} | {place[0]}}
    for reference in candidates:
        entities[id(reference.entity)] = reference.entity
        sentence, far = distance(reference, place, starts)
        weight = role_weight(mentions.docs[reference.block][reference.head]) * FADING**far
        known = by_entity[id(reference.entity)]
        known[reference.block, sentence] = max(known.get((reference.block, sentence), 0.0), weight)
    named = Counter(id(r.entity) for r in mentions.references if r.kind is MentionKind.NAME)
    most = max((named[i] for i in entities), default=0) or 1
    scores = [(sum(by_entity[i].values()) + TOPIC_WEIGHT * named[i] / most, e) for i, e in entities.items()]
    return sorted(scores, key=lambda x: (-x[0], x[1].order, x[1].key))


def distance(reference: Reference, place: tuple[int, int], starts: dict[int, list[int]]) -> tuple[int, int]:
    """The sentence of the reference in its block, and how many sentences lie between it and the place."""
    own = starts[reference.block]
    sentence = _number(own, reference.begin)
    here = _number(starts[place[0]], place[1])
    if reference.block == place[0]:
        return sentence, here - sentence
    return sentence, here + 1 + min(len(own) - 1 - sentence, 3) + BLOCK_STEP * (place[0] - reference.block - 1)


def role_weight(head: Token) -> float:
    """How much a mention stands in front: the subject of the main clause most."""
    while head.dep_ in ("conj", "appos", "compound", "nmod") and head.head.pos_ in ("NOUN", "PROPN"):
        head = head.head
    if head.dep_ in SUBJECTS:
        return MAIN_SUBJECT_WEIGHT if head.head.dep_ == "ROOT" else SUBJECT_WEIGHT
    if head.dep_ in CLOSE or (head.dep_ == "pobj" and head.head.dep_ == "agent"):
        return CLOSE_WEIGHT
    return OTHER_WEIGHT


def own_subjects(token: Token) -> set[int]:
    """The heads of the subjects of the clause in which a word is an object: it stands for none of them."""
    word = token
    for _ in range(4):
        head = word.head
        if head is word or word.dep_ in SUBJECTS or word.dep_ == "poss":
            return set()
        if head.pos_ in ("VERB", "AUX"):
            return _subjects_of(head)
        word = head
    return set()


def _subjects_of(verb: Token) -> set[int]:
    for _ in range(4):
        own = [c for c in verb.children if c.dep_ in SUBJECTS]
        if any(s.tag_ in ("WDT", "WP") for s in own) or (not own and verb.dep_ in ("acl", "relcl")):
            return {verb.head.i}
        if own:
            return {t.i for s in own for t in (s, *s.conjuncts)}
        if verb.dep_ not in ("conj", "xcomp", "advcl", "pcomp", "prep", "ccomp"):
            return set()
        verb = verb.head
    return set()


def sentence_starts(doc: Doc) -> list[int]:
    """The first tokens of the sentences, found once for each text."""
    starts: list[int] | None = doc.user_data.get("sentence_starts")
    if starts is None:
        starts = doc.user_data["sentence_starts"] = [s.start for s in doc.sents]
    return starts


def _number(starts: Sequence[int], token: int) -> int:
    return bisect_right(starts, token) - 1
