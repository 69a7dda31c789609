"""Find predicates whose verb is left out, or whose "did" stands for a verb before it."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kzai_graph.lexical import Cues
from kzai_graph.modality import judge
from kzai_graph.model import Argument, Clause, Modality
from kzai_graph.obliques import obliques
from kzai_graph.syntax import SUBJECTS, conjuncts, is_verb, phrase
from kzai_graph.temporal_modifiers import times_of

STANDING = frozenset({"be", "can", "do", "have", "should", "will"})
"""Auxiliaries that stand for a verb: "and so did X"."""
LIKEWISE = frozenset({"also", "likewise", "so", "too"})
DENYING = frozenset({"neither", "nor"})
COMPLETING = frozenset({"acomp", "attr", "ccomp", "dobj", "oprd", "xcomp"})
OF_THE_FIRST = frozenset({"comitative", "companion", "holder", "means", "modifier", "outer", "outer_object"})
"""Arguments that belong to the subject that the verb was said of."""


def gapped(token: Token) -> Token | None:
    """The verb that is left out between X and Y in "A supplies the masts and X the sails"; ``token`` is X."""
    if token.pos_ not in ("NOUN", "PROPN") or token.dep_ != "conj" or not is_verb(token.head):
        return None
    if any(c.dep_ == "neg" for c in token.head.children):
        return None  # what is denied of one is not said of the other
    return token.head if any(c.dep_ == "dobj" and c.i > token.i for c in token.children) else None


def stood_for(token: Token) -> Token | None:
    """The verb that "did" stands for in "and so did X", "as did X", "but X did not"."""
    if token.lemma_.lower() not in STANDING or token.dep_ not in ("conj", "advcl", "ROOT"):
        return None
    roles = {c.dep_ for c in token.children}
    if not roles & SUBJECTS or roles & COMPLETING:
        return None
    if token.dep_ == "advcl" and not any(c.dep_ == "mark" and c.lower_ == "as" for c in token.children):
        return None
    contrast = token.dep_ == "conj" and any(c.lower_ == "but" for c in token.head.children)
    alike = any(c.lower_ in LIKEWISE for c in token.children) or token.dep_ == "advcl"
    if not (alike or contrast or _is_denied(token)):
        return None
    before = token.head if token.dep_ != "ROOT" else None
    return before if before is not None and is_verb(before) and before.i < token.i else None


def with_left_out(token: Token, base: Clause, cues: Cues) -> Clause:
    """The clause of what is said again with another subject; ``base`` is the clause of the verb that it stands for."""
    doing = token.lemma_.lower() in STANDING
    subject, thing = ("patient" if base.passive else "agent"), ("patient", "recipient")
    agents = [t for c in token.children if c.dep_ in SUBJECTS for t in conjuncts(c)] if doing else [token]
    things = [] if doing else [t for c in token.children if c.dep_ == "dobj" for t in conjuncts(c)]
    kept = [
        a
        for a in base.arguments
        if a.role != subject and a.role not in OF_THE_FIRST and not (things and a.role in thing)
    ]
    own = [(subject, t) for t in agents] + [("patient", t) for t in things] + list(obliques(token))
    taken = {role for role, _ in own}
    arguments = [Argument(role, t.i, *phrase(t)) for role, t in own] + [a for a in kept if a.role not in taken]
    times = times_of([token]) or tuple(t for t in base.times if t[1] <= base.begin)
    modality, cue = _modality(token, base, cues) if doing else (base.modality, base.cues)
    return replace(
        base,
        head=token.i,
        begin=token.i,
        end=token.i + 1,
        arguments=tuple(arguments),
        modality=modality,
        cues=cue,
        times=times,
    )


def _is_denied(token: Token) -> bool:
    before = token.nbor(-1).lower_ if token.i else ""
    return before in DENYING or any(c.dep_ == "neg" for c in token.children)


def _modality(token: Token, base: Clause, cues: Cues) -> tuple[Modality, tuple[int, ...]]:
    """What is said of X alike is as sure as what it is like; "but X did" and "but X did not" stand alone."""
    if _is_denied(token):
        return Modality.NEGATED, (token.i,)
    if any(c.lower_ in LIKEWISE for c in token.children) or token.dep_ == "advcl":
        return base.modality, base.cues
    if token.tag_ == "MD":
        return Modality.PLANNED, (token.i,)
    return judge(token, cues) if base.modality is Modality.NEGATED else (base.modality, base.cues)
