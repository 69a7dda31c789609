"""Find who does what to whom around a predicate: the syntax under the clauses, with no vocabulary of any domain.

A role may be filled through control ("was asked to draft"), relativisation ("the law that it passed"), participles
("adopted in May, the law …") and coordination.
"""

from __future__ import annotations

from itertools import chain

from spacy.tokens import Token

from kzai_graph.attachment import is_gapped, leaves_place_open, not_year, noun_before, relative_head
from kzai_graph.lexical import Cues
from kzai_graph.syntax import (
    MAX_DEPTH,
    RELATIVES,
    SUBJECTS,
    conjuncts,
    is_infinitive,
    is_passive,
    is_refuted,
    is_set_aside,
    is_verb,
)


def subjects(verb: Token, cues: Cues, depth: int = 0) -> list[Token]:
    """The heads that stand as the verb's grammatical subject, found through control and relatives where it has none."""
    own = [c for c in verb.children if c.dep_ in SUBJECTS and not is_set_aside(c) and not is_refuted(c)]
    if own:
        return list(chain.from_iterable(_antecedents(not_year(s), verb) for s in own))
    if (inverted := _inverted(verb)) is not None:
        return conjuncts(inverted)
    if depth > MAX_DEPTH:
        return []
    head, deeper = verb.head, depth + 1
    beside = noun_before(verb)
    if beside is not None and verb.dep_ != "conj":
        return [beside]
    match verb.dep_:
        case "conj" if is_verb(head):
            return subjects(head, cues, deeper)
        case "acl" | "relcl" if verb.tag_ in ("VBG", "VBN"):
            return (
                conjuncts(head)
                if head.dep_ != "conj" and verb.tag_ == "VBN" and _plural_participle(head, verb)
                else [head]
            )
        case "acl" | "relcl" if is_infinitive(verb):
            return _of_noun(head, cues, deeper)
        case "xcomp" | "advcl" | "ccomp" | "oprd" if is_verb(head) and (
            verb.dep_ in ("xcomp", "oprd") or verb.tag_ in ("VBG", "VBN") or is_infinitive(verb)
        ):
            return _controllers(verb, head, cues, deeper)
        case "xcomp" | "ccomp" if head.pos_ == "ADJ" and head.head.i != head.i:
            return subjects(head.head, cues, deeper) if head.dep_ == "acomp" else []
        case "pcomp":
            governor = head.head
            if is_verb(governor):
                passive = is_passive(governor)
                return (
                    subjects(governor, cues, deeper)
                    if passive or not _task(governor, head, cues)
                    else objects(governor, cues) or subjects(governor, cues, deeper)
                )
            if governor.pos_ in ("NOUN", "PROPN"):
                return _of_noun(governor, cues, deeper)
            if governor.pos_ == "ADJ" and governor.dep_ == "acomp":
                return subjects(governor.head, cues, deeper)
    return []


def _inverted(verb: Token) -> Token | None:
    """X of "among the members are X and Y", "in charge of the port is X"."""
    if verb.lemma_ not in ("be", "stand", "sit", "remain"):
        return None
    fronted = any(c.dep_ == "prep" and c.i < verb.i for c in verb.children)
    behind = [c for c in verb.children if c.dep_ == "attr" and c.i > verb.i and c.pos_ == "PROPN"]
    return behind[0] if fronted and behind else None


def _plural_participle(head: Token, verb: Token) -> bool:
    return any(c.dep_ == "conj" and c.i < verb.i for c in head.children)


def _task(governor: Token, preposition: Token, cues: Cues) -> bool:
    return governor.lemma_ in cues.control and preposition.lower_ in ("with", "of", "for", "into", "from")


def _antecedents(subject: Token, verb: Token) -> list[Token]:
    """A relative pronoun stands for the noun before it."""
    if subject.tag_ in RELATIVES:
        clause = verb
        while clause.dep_ in ("conj", "xcomp", "ccomp") and is_verb(clause.head):
            clause = clause.head  # "a system that X helped to build"
        if clause.dep_ in ("relcl", "acl") and clause.head.pos_ in ("NOUN", "PROPN", "PRON", "NUM"):
            return [relative_head(clause)]
        if clause.dep_ == "csubj" and clause.head.lemma_ == "be":  # "what X launched was Y"
            return [t for c in clause.head.children if c.dep_ == "attr" for t in conjuncts(c)]
        return []
    return conjuncts(subject)


def _controllers(verb: Token, head: Token, cues: Cues, depth: int) -> list[Token]:
    """ "X asked Y to draft": Y drafts; "X plans to draft", "Y was asked to draft": the subject does."""
    if verb.dep_ == "advcl" and is_infinitive(verb) and (taken := _given(head, cues)):
        return taken
    purpose = verb.dep_ == "advcl" and is_infinitive(verb) and head.lemma_ in cues.control
    if (purpose or verb.dep_ in ("xcomp", "oprd", "ccomp")) and not is_passive(head):
        own = [c for c in head.children if c.dep_ in ("dobj", "dative") and c.i < verb.i]
        if own and head.lemma_ in cues.control:
            return _antecedents(own[0], head) if own[0].tag_ in RELATIVES else conjuncts(own[0])
        if head.lemma_ in cues.control and leaves_place_open(head) and not is_gapped(verb):
            return [head.head]
        called = [
            g
            for c in head.children
            if c.dep_ == "prep" and c.lower_ in ("on", "upon", "for") and c.i < verb.i
            for g in c.children
            if g.dep_ == "pobj"
        ]
        if called and head.lemma_ in cues.control:
            return conjuncts(called[0])
    return subjects(head, cues, depth)


def _of_noun(noun: Token, cues: Cues, depth: int) -> list[Token]:
    """Who does what an infinitive or gerund after a noun says: "Kazakhstan's plan to …", "X announced plans to …"."""
    owners = [c for c in noun.children if c.dep_ == "poss"]
    if owners:
        return owners
    if noun.dep_ == "dobj" and is_verb(noun.head):
        return _given(noun.head, cues) or subjects(noun.head, cues, depth)
    if noun.dep_ == "pobj" and noun.head.head.pos_ in ("VERB", "AUX"):
        return subjects(noun.head.head, cues, depth)
    if noun.dep_ == "attr" and is_verb(noun.head):
        return subjects(noun.head, cues, depth)
    return []


def _given(verb: Token, cues: Cues) -> list[Token]:
    """Who is to act after "awarded X a contract to …" and "gave a mandate to X to …"."""
    if verb.lemma_ not in cues.giving or is_passive(verb):
        return []
    if found := recipients(verb):
        return found
    receiving = [c for c in verb.children if c.dep_ in ("prep", "dative") and c.lower_ == "to" and c.i > verb.i]
    return [t for c in receiving for g in c.children if g.dep_ == "pobj" for t in conjuncts(g)]


def objects(verb: Token, cues: Cues) -> list[Token]:
    """The heads of the verb's direct object, through relatives and shared objects ("draft and adopt the law")."""
    own = [c for c in verb.children if c.dep_ == "dobj" and c != _first_of_two(verb)]
    if own:
        found: list[Token] = []
        for target in own:
            found += _antecedents(target, verb) if target.tag_ in RELATIVES else conjuncts(target)
        return found
    if is_passive(verb):
        return []
    if leaves_place_open(verb) and is_gapped(verb):
        return [verb.head]
    governor = verb.head
    if verb.dep_ == "xcomp" and leaves_place_open(governor) and not any(c.dep_ == "dobj" for c in governor.children):
        return [governor.head] if is_gapped(verb) else []  # "a system that X helped to build"
    later = [c for c in verb.children if c.dep_ == "conj" and is_verb(c) and c.i - verb.i <= 4]
    for other in later:
        shared = [c for c in other.children if c.dep_ == "dobj"]
        if shared and not any(c.dep_ in ("prep", "xcomp", "ccomp", "acomp", "attr") for c in verb.children):
            return conjuncts(shared[0])
    return []


def recipients(verb: Token) -> list[Token]:
    """The indirect object without a preposition."""
    first = _first_of_two(verb)
    own = [c for c in verb.children if (c.dep_ == "dative" and c.pos_ != "ADP") or c == first]
    return [t for c in own for t in conjuncts(c)]


def _first_of_two(verb: Token) -> Token | None:
    """X of "awarded X a contract", where the parse has two direct objects."""
    own = [c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i]
    return own[0] if len(own) > 1 and not is_passive(verb) else None


def described(noun: Token, cues: Cues) -> list[Token]:
    """What a noun is said of: subject of a copula, the other side of an apposition, what is "known as" it."""
    head = noun.head
    named = [c for c in noun.children if c.dep_ == "appos" and c.pos_ == "PROPN"]
    several = noun.tag_ in ("NNS", "NNPS")
    by_name = [t for c in [*named, *_called(noun)] for t in (conjuncts(c) if several else [c])]
    if noun.dep_ == "conj" and (by_name or noun.pos_ == "PROPN"):
        return by_name  # "X and its partner, Y"; what is listed by name describes nothing
    while noun.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN"):
        noun, head = head, head.head
    if noun.dep_ == "pobj" and head.lower_ == "among" and is_verb(head.head):
        return subjects(head.head, cues) if head.head.lemma_ == "be" else objects(head.head, cues)
    if noun.dep_ == "pobj" and head.lower_ in ("of", "among") and head.head.lower_ in ("one", "some", "part"):
        noun, head = head.head, head.head.head  # "one of the members of X"
    if noun.dep_ == "compound" and noun.pos_ == "NOUN" and head.pos_ == "PROPN" and noun.i < head.i:
        return [head]  # "its subsidiary X"
    match noun.dep_:
        case "attr" if is_verb(head):
            return subjects(head, cues)
        case "oprd" if is_verb(head):
            return subjects(head, cues) if is_passive(head) else objects(head, cues)
        case "appos":
            return [head]
        case "pobj" if head.lower_ == "as" and is_verb(head.head):
            verb = head.head
            opens = any(c.dep_ in SUBJECTS and c.i > head.i for c in verb.children) and noun.lower_ != "part"
            return (objects(verb, cues) if not opens else []) or subjects(verb, cues)  # "As a member of X, Y …"
        case "advcl" | "dep" if is_verb(head):  # "A developer of X, the firm …"
            return subjects(head, cues)
    if is_equated(noun):
        return [t for c in head.children if c.dep_ in ("attr", "dobj") for t in conjuncts(c)]
    return by_name


def is_equated(noun: Token) -> bool:
    """Tell whether it is the subject of what says by name who it is: "the supplier is X", "users include X"."""
    verb = noun.head
    if noun.dep_ != "nsubj" or noun.pos_ != "NOUN" or verb.lemma_ not in ("be", "include", "remain"):
        return False
    return any(c.dep_ in ("attr", "dobj") and c.pos_ == "PROPN" for c in verb.children)


def _called(noun: Token) -> list[Token]:
    """X of "a trader called X" and "a trader by the name of X"."""
    found = [g for c in noun.children if c.dep_ == "acl" for g in c.children if g.dep_ == "oprd"]
    by_name = [
        g for c in noun.children if c.lower_ == "by" for g in c.children if g.dep_ == "pobj" and g.lower_ == "name"
    ]
    found += [g for n in by_name for c in n.children if c.lower_ == "of" for g in c.children if g.dep_ == "pobj"]
    return [t for t in found if t.pos_ == "PROPN"]
