"""Find the prepositional arguments of a predicate, and what stands before a noun."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kzai_graph.attachment import happens_at, relative_antecedent
from kzai_graph.lexical import Cues
from kzai_graph.syntax import ONLY, RELATIVES, SUBJECTS, Filler, conjuncts, is_infinitive, is_verb

SHARED = ("together", "jointly", "along", "alongside")
TOGETHER = frozenset(
    {
        "together_with",
        "jointly_with",
        "along_with",
        "alongside",
        "in_partnership_with",
        "in_cooperation_with",
        "in_collaboration_with",
        "in_tandem_with",
    }
)
SETTINGS = frozenset({"DATE", "GPE", "LOC", "TIME"})
ACCOMPANYING = frozenset({"prep:with", "prep:by", "prep:for", "prep:as", "prep:through", "prep:alongside"})
"""What belongs to the clause, though it stands behind a place or a date."""
MEASURING = frozenset({"of", "worth"})
"""Prepositions before a sum or number, which takes no arguments of its own."""
VERBAL = frozenset({"into", "onto", "from"})
"""Prepositions that belong to a verb rather than to its object."""


def obliques(token: Token) -> Iterator[Filler]:
    """Prepositional arguments as ``prep:WORD``; complex prepositions also under a joined name ("prep:as_part_of")."""
    for child in token.children:
        if child.dep_ in ("prep", "agent", "dative") and child.pos_ in ("ADP", "SCONJ", "VERB", "ADJ", "ADV", "PART"):
            for preposition in said_of(child):
                yield from _oblique(preposition, "")
        elif child.dep_ == "advmod" and child.lower_ in SHARED:
            for inner in child.children:
                if inner.dep_ == "prep":
                    yield from _oblique(inner, f"{child.lower_}_")


def said_of(preposition: Token) -> list[Token]:
    """The prepositions that hold: the second of "not by X but by Y", both of "not only by X but also by Y"."""
    others = [c for c in preposition.children if c.dep_ == "conj" and c.pos_ == "ADP"]
    before = [t.lower_ for t in preposition.doc[max(0, preposition.i - 2) : preposition.i]]
    if "not" in before and before[-1] in ONLY:
        return [preposition, *others]
    return others if before[-1:] == ["not"] and any(c.dep_ == "neg" for c in preposition.children) else [preposition]


def _oblique(preposition: Token, before: str) -> Iterator[Filler]:
    word = preposition.lower_
    left = preposition.nbor(-1).lower_ if preposition.i else ""
    if not before and left in SHARED and word == "with":
        before = f"{left}_"
    if left == "thanks" and word == "to":
        word = "thanks_to"
    for child in preposition.children:
        if _is_absolute(preposition, child):
            yield from (("absolute", t) for t in [c for c in child.children if c.dep_ in SUBJECTS] or [child])
            continue
        if child.dep_ == "pobj":
            for target in relative_antecedent(child) if child.tag_ in RELATIVES else conjuncts(child):
                yield f"prep:{word}", target
                if before:
                    yield f"prep:{before}{word}", target
            if word in MEASURING and _is_counted(child):  # "a fine of 2 million euros on the firm"
                yield from obliques(child)
            if child.ent_type_ in SETTINGS:  # "tested in Oslo with X", where the parse hangs "with" on Oslo
                yield from (f for f in obliques(child) if f[0] in ACCOMPANYING)
            yield from _complex(preposition, child)
        elif child.dep_ == "pcomp" and child.tag_ == "VBG":  # "tasked with drafting X", "with X covering drones"
            own = [c for c in child.children if c.dep_ in SUBJECTS] or [c for c in child.children if c.dep_ == "dobj"]
            yield from ((f"prep:{word}", t) for c in own for t in conjuncts(c))
        elif child.dep_ == "prep":  # "according to", "out of"
            for inner in child.children:
                if inner.dep_ == "pobj":
                    for target in conjuncts(inner):
                        yield f"prep:{word}_{child.lower_}", target
        elif child.dep_ == "conj" and child.pos_ == "ADP":
            yield from _oblique(child, "")


def _is_absolute(preposition: Token, child: Token) -> bool:
    """ ", with X setting up a fund": a clause of its own, and nobody with whom the verb before is done."""
    if preposition.lower_ != "with" or not (
        preposition.is_sent_start or preposition.nbor(-1).text in (",", ";", "–", "—")
    ):
        return False
    own = child.dep_ == "pcomp" and any(c.dep_ in SUBJECTS for c in child.children)
    return own or (child.dep_ == "pobj" and any(c.dep_ == "acl" and c.tag_ == "VBG" for c in child.children))


def _is_counted(noun: Token) -> bool:
    return noun.pos_ == "NUM" or any(c.dep_ in ("nummod", "quantmod") for c in noun.children)


def _complex(preposition: Token, noun: Token) -> Iterator[Filler]:
    """ "in line with X", "in close cooperation with X", "within the framework of X"."""
    modifiers = [c for c in noun.children if c.i < noun.i and not (c.dep_ == "amod" and c.pos_ == "ADJ")]
    if any(c.lower_ not in ("the", "a", "an") for c in modifiers):
        return
    modifiers = [c for c in modifiers if c.lower_ == "the"]
    article = "the_" if modifiers else ""
    for second in noun.children:
        if second.dep_ == "prep" and second.i == noun.i + 1:
            for child in second.children:
                if child.dep_ == "pobj":
                    for target in conjuncts(child):
                        yield f"prep:{preposition.lower_}_{article}{noun.lower_}_{second.lower_}", target


def outer_obliques(verb: Token) -> Iterator[Filler]:
    """What the parse hangs on the verb above: fronted ("under which X is to build …"), or right behind this clause.

    A clause with "where" has in it what it hangs on.
    """
    yield from (("prep:in", t) for t in happens_at(verb))
    governor = verb.head
    if governor.pos_ in ("NOUN", "PROPN") and verb.dep_ == "acl":
        governor = governor.head
    if not is_verb(governor) or verb.dep_ not in ("xcomp", "acl", "advcl") or verb.i < governor.i:
        return
    fronted = verb.dep_ == "xcomp"
    for child in governor.children:
        if child.dep_ not in ("prep", "dative") or child.pos_ != "ADP":
            continue
        if (fronted and child.i < governor.i) or child.left_edge.i == verb.right_edge.i + 1:
            yield from _oblique(child, "")


def inner_obliques(verb: Token) -> Iterator[Filler]:
    """ "added terms on trade, ports and fish into the report": "into" and "from" belong to the verb, however deep."""
    stack = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass", "appos", "conj", "prep") and not is_verb(c)]
    stack = [c for c in stack if c.lower_ not in VERBAL]
    while stack:
        token = stack.pop()
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in VERBAL:
                yield from _oblique(child, "")
            elif child.dep_ in ("conj", "appos", "prep", "pobj") and not is_verb(child):
                stack.append(child)


def companions(verb: Token, cues: Cues) -> list[Token]:
    """Who else does what "X works with Y to design Z" says."""
    if verb.dep_ not in ("xcomp", "advcl") or not is_infinitive(verb) or verb.head.lemma_ not in cues.joining:
        return []
    return [t for role, t in obliques(verb.head) if role == "prep:with" and verb.head.i < t.i < verb.i]


def comitatives(heads: list[Token]) -> list[Token]:
    """Who acts along with these: "built by A together with B", "A, jointly with B, built it"."""
    return [t for head in heads for role, t in obliques(head) if role.removeprefix("prep:") in TOGETHER]


def modifiers(noun: Token) -> Iterator[Filler]:
    """Possessors and the nouns and adjectives before a noun; coordinated nouns share their possessor."""
    first = noun
    while (
        first.dep_ == "conj"
        and first.head.pos_ in ("NOUN", "PROPN")
        and not any(c.dep_ in ("poss", "det") for c in noun.children)
    ):
        first = first.head
    if first is not noun:
        yield from (("possessor", owner) for c in first.children if c.dep_ == "poss" for owner in conjuncts(c))
    for child in noun.children:
        if child.dep_ == "poss":
            for owner in relative_antecedent(child) if child.tag_ in RELATIVES else conjuncts(child):
                yield "possessor", owner
        elif (
            child.dep_ in ("compound", "amod", "nmod", "npadvmod")
            and child.i < noun.i
            and (child.pos_ in ("NOUN", "PROPN", "ADJ") or (child.dep_ == "amod" and child.tag_ == "VBG"))
        ):
            yield "modifier", child
            yield from (("modifier", c) for c in child.children if c.dep_ == "conj" and c.i < noun.i)
