"""The words of a dependency parse that the clause modules share: predicates, coordination, phrases.

Labels are those of spaCy's English models (ClearNLP style).
"""

from __future__ import annotations

from spacy.tokens import Token

SUBJECT, PASSIVE_SUBJECT = frozenset({"nsubj", "csubj"}), frozenset({"nsubjpass", "csubjpass"})
SUBJECTS = SUBJECT | PASSIVE_SUBJECT
AUXILIARIES = frozenset({"aux", "auxpass"})
RELATIVES = frozenset({"WDT", "WP", "WP$"})
CLAUSAL = frozenset({"relcl", "acl", "advcl", "ccomp", "csubj", "parataxis"})
OUTSIDE = CLAUSAL | {"appos", "conj", "cc", "punct", "preconj"}
"""What hangs on a phrase and is no part of it."""
ONLY = frozenset({"just", "merely", "only"})
"""Words after "not" that deny nothing."""
MAX_DEPTH = 6
Filler = tuple[str, Token]
"""A role and the head of the phrase that fills it."""


def is_verb(token: Token) -> bool:
    """Tell whether a token is a predicate of its own rather than an auxiliary or a bare modifier."""
    if token.dep_ in AUXILIARIES or not token.tag_.startswith("VB"):
        return False
    if token.pos_ not in ("VERB", "AUX"):
        return False
    return not (token.dep_ == "amod" and token.i < token.head.i)


def is_passive(verb: Token) -> bool:
    """Tell whether the verb's subject undergoes: an auxiliary says so, or it is a bare past participle."""
    if any(c.dep_ in ("auxpass", "nsubjpass", "csubjpass") for c in verb.children):
        return True
    if verb.tag_ != "VBN" or any(c.dep_ == "aux" for c in verb.children):
        return False
    if {"nsubj", "dobj"} <= {c.dep_ for c in verb.children}:  # "which X signed", with the wrong tag
        return False
    if verb.dep_ == "conj" and verb.head.tag_ in ("VBN", "VBD") and is_verb(verb.head):
        return is_passive(verb.head)
    return verb.dep_ in (
        "acl",
        "advcl",
        "relcl",
        "ROOT",
        "pcomp",
        "ccomp",
        "xcomp",
        "amod",
        "oprd",
        "conj",
        "dep",
        "appos",
    )


def is_infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def conjuncts(token: Token) -> list[Token]:
    """The phrase heads that share the token's role: itself, then what is coordinated with it."""
    token = _instead(token)
    found, queue = [token], [token]
    while queue:
        current = queue.pop(0)
        for child in current.children:
            if child.dep_ in ("conj", "appos") and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "X", "ADJ"):
                if child.dep_ == "appos" and current is token and not _is_listed(current, child):
                    if child.left_edge.i == current.i + 1:  # "the firm A and the fund B"
                        found += conjuncts(child)[1:]
                    continue
                if child.dep_ == "conj" and _is_contrasted(current):
                    continue
                if is_set_aside(child):
                    continue
                found.append(child)
                queue.append(child)
    return found


def _is_contrasted(token: Token) -> bool:
    """ "X but Y", where "not only X but also Y" joins them."""
    joined = any(c.lower_ == "only" for c in token.doc[max(0, token.left_edge.i - 1) : token.i])
    return not joined and any(c.dep_ == "cc" and c.lower_ == "but" for c in token.children)


def _instead(token: Token) -> Token:
    """Y of "not X but Y"."""
    denied = any(c.lower_ == "not" and c.i < token.i and c.nbor().lower_ not in ONLY for c in token.children)
    but = any(c.dep_ == "cc" and c.lower_ == "but" for c in token.children)
    return next((c for c in token.children if c.dep_ == "conj"), token) if denied and but else token


def is_refuted(token: Token) -> bool:
    """X of "not X but Y", where the parse has both as subjects."""
    words = {c.lower_ for c in token.children}
    return {"not", "but"} <= words and "only" not in words and not any(c.dep_ == "conj" for c in token.children)


def is_set_aside(token: Token) -> bool:
    """Y of "X, not Y" and "X rather than Y"."""
    before = [t.lower_ for t in token.doc[max(0, token.left_edge.i - 2) : token.left_edge.i]]
    return before[-1:] == ["not"] or before == ["rather", "than"]


def _is_listed(token: Token, child: Token) -> bool:
    """ "A, B and C" is often parsed as an apposition with a coordination; a true one is described, not listed."""
    return any(c.dep_ == "conj" for c in child.children) and token.tag_ == child.tag_ and token.pos_ == "PROPN"


def phrase(head: Token) -> tuple[int, int]:
    """Token range of a phrase without its clauses, appositions and further conjuncts; found once for each head."""
    known: dict[int, tuple[int, int]] = head.doc.user_data.setdefault("phrases", {})
    if head.i not in known:
        known[head.i] = _measure(head)
    return known[head.i]


def _measure(head: Token) -> tuple[int, int]:
    left, right = head.i, head.i
    stack = [head]
    while stack:
        token = stack.pop()
        left, right = min(left, token.i), max(right, token.i)
        stack += [c for c in token.children if c.dep_ not in OUTSIDE or (c.dep_ == "conj" and c.i < head.i)]
    return left, right + 1
