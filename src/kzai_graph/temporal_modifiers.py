"""Find the words that say when a predicate is: its own temporal modifiers, and those of what governs it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from kzai_graph.syntax import is_verb, phrase

DATED = frozenset({"DATE", "TIME"})
STARTING = frozenset({"begin", "commence", "due", "expect", "plan", "schedule", "set", "start"})
"""What parts do when their time is told: "with deliveries starting in May"."""
MAX_ABOVE = 3


def verbs_above(verb: Token) -> list[Token]:
    """The verbs whose time adverbs hold for this one: of a plan, a shared sentence opening, a participle."""
    found: list[Token] = []
    current = verb
    while current.dep_ in ("xcomp", "conj", "advcl", "oprd") and is_verb(current.head) and len(found) < MAX_ABOVE:
        if current.dep_ == "advcl" and current.tag_ not in ("VBG", "VBN"):
            break
        current = current.head
        found.append(current)
    return found


def started_with(verb: Token) -> list[Token]:
    """When its parts begin: "will supply turbines, with deliveries starting in May"."""
    accompanying = [g for c in verb.children if c.lower_ == "with" and c.i > verb.i for g in c.children]
    return [
        c
        for noun in accompanying
        if noun.dep_ in ("pobj", "pcomp")
        for c in (noun, *noun.children)
        if c.lemma_ in STARTING and c.tag_ in ("VBG", "VBN")
    ]


def done_by(noun: Token) -> list[Token]:
    """The passive that an act brings about: "was founded in May by a decree of X"."""
    return [noun.head.head] if noun.dep_ == "pobj" and noun.head.dep_ == "agent" else []


def times_of(tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """Token ranges of the temporal modifiers of a predicate, its governors and its object.

    A governor's times count where they open its sentence or follow this predicate.
    """
    if not tokens:
        return ()
    own, found = tokens[0], []
    for token in tokens:
        for child in token.children:
            if child.dep_ not in (
                "prep",
                "npadvmod",
                "advmod",
                "tmod",
                "nummod",
                "compound",
                "pcomp",
                "amod",
                "dep",
                "dobj",
                "appos",
                "agent",
            ):
                continue
            span = _temporal(child)
            if span is not None and (token is own or (not _has_time(own) and (span[0] > own.i or span[1] <= token.i))):
                found.append(span)
    return tuple(sorted(set(found)))


def _has_time(token: Token) -> bool:
    return any(c.dep_ in ("prep", "npadvmod", "advmod") and _temporal(c) is not None for c in token.children)


def _temporal(token: Token) -> tuple[int, int] | None:
    """The range of a temporal modifier: a preposition with a date, or the date itself."""
    head = token
    begin = token.i
    for _ in range(3):
        if head.ent_type_ in DATED or is_year(head):
            break
        inner = next((c for c in head.children if c.dep_ in ("pobj", "prep") and c.i >= head.i), None)
        if inner is None:
            break
        head = inner
    if not (
        head.ent_type_ in DATED
        or is_year(head)
        or any(c.ent_type_ in DATED for c in head.children if c.dep_ in ("nummod", "amod", "npadvmod"))
    ):
        return None
    left, right = phrase(head)
    return min(begin, left), right


def is_year(token: Token) -> bool:
    """Tell whether a token is a year in digits, of the last century or this."""
    return len(token) == 4 and token.text.isdigit() and token.text[:2] in ("19", "20")
