"""Find what serves a purpose and what a thing is for: "amended *the act* to align it with Y", "rules to curb *X*"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kzai_graph.arguments import objects, subjects
from kzai_graph.attachment import is_gapped, leaves_place_open
from kzai_graph.lexical import Cues
from kzai_graph.modality import ASSERTED, Judgement, judge, judge_noun
from kzai_graph.syntax import conjuncts, is_infinitive, is_passive, is_verb


def means(verb: Token, cues: Cues) -> list[Token]:
    """What is used, made or changed for the purpose that an infinitive or "for …ing" says."""
    above = _served(verb)
    if above is None or not is_verb(above):
        return [above] if above is not None else []
    if above.lemma_ in cues.control:
        return []
    return subjects(above, cues) if is_passive(above) else objects(above, cues)


def judge_means(verb: Token, cues: Cues) -> Judgement:
    """The judgement of what serves a purpose: what was done to serve it was done, whatever comes of it."""
    above = _served(verb)
    if above is None:
        return ASSERTED
    return judge(above, cues) if is_verb(above) else judge_noun(above, cues)


def _served(verb: Token) -> Token | None:
    """The verb or noun whose purpose a verb says, if it does."""
    while verb.dep_ == "conj" and is_verb(verb.head):
        verb = verb.head
    if verb.dep_ == "pcomp" and verb.head.lower_ == "for":
        above = verb.head.head
    elif is_infinitive(verb) and verb.dep_ in ("acl", "advcl", "ccomp", "relcl", "xcomp"):
        above = verb.head
    else:
        return None
    return above if above.pos_ in ("NOUN", "PROPN") or is_verb(above) else None


def content(noun: Token, cues: Cues) -> list[Token]:
    """What the clause after a noun acts on: X of "measures to develop X", "provisions that restrict X"."""
    return [t for verb in _clauses_after(noun, cues) for v in conjuncts(verb) if is_verb(v) for t in objects(v, cues)]


def _clauses_after(noun: Token, cues: Cues) -> Iterator[Token]:
    for child in noun.children:
        if child.dep_ in ("acl", "relcl") and is_verb(child) and not (leaves_place_open(child) and is_gapped(child)):
            yield child
        elif child.dep_ == "prep" and child.lower_ in ("for", "on"):
            yield from (c for c in child.children if c.dep_ == "pcomp")
    governor = noun.head
    if noun.dep_ == "dobj" and is_verb(governor) and governor.lemma_ not in cues.control:
        yield from (
            c
            for c in governor.children
            if c.dep_ in ("advcl", "xcomp", "ccomp") and is_infinitive(c) and 0 < c.left_edge.i - noun.i <= 2
        )
