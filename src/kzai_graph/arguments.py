"""Find who does what to whom around a predicate: the syntax under the clauses, with no vocabulary of any domain.

Labels are those of spaCy's English models (ClearNLP style). A role may be filled through control ("was asked to
draft"), relativisation ("the law that it passed"), participles ("adopted in May, the law …") and coordination.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from spacy.tokens import Token

from kzai_graph.lexical import Cues

SUBJECT, PASSIVE_SUBJECT = frozenset({"nsubj", "csubj"}), frozenset({"nsubjpass", "csubjpass"})
SUBJECTS = SUBJECT | PASSIVE_SUBJECT
AUXILIARIES = frozenset({"aux", "auxpass"})
RELATIVES = frozenset({"WDT", "WP", "WP$"})
CLAUSAL = frozenset({"relcl", "acl", "advcl", "ccomp", "csubj", "parataxis"})
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
VERBAL = frozenset({"into", "onto", "from"})
"""Prepositions that belong to a verb rather than to its object."""
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


def conjuncts(token: Token) -> list[Token]:
    """The phrase heads that share the token's role: itself, then what is coordinated with it."""
    found, queue = [token], [token]
    while queue:
        current = queue.pop(0)
        for child in current.children:
            if child.dep_ in ("conj", "appos") and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "X", "ADJ"):
                if child.dep_ == "appos" and current is token and not _is_listed(current, child):
                    continue
                if child.dep_ == "conj" and "but" in {c.lower_ for c in current.children if c.dep_ == "cc"}:
                    continue
                found.append(child)
                queue.append(child)
    return found


def _is_listed(token: Token, child: Token) -> bool:
    """ "A, B and C" is often parsed as an apposition with a coordination; a true one is described, not listed."""
    return any(c.dep_ == "conj" for c in child.children) and token.tag_ == child.tag_ and token.pos_ == "PROPN"


def subjects(verb: Token, cues: Cues, depth: int = 0) -> list[Token]:
    """The heads that stand as the verb's grammatical subject, found through control and relatives where it has none."""
    own = [c for c in verb.children if c.dep_ in SUBJECTS]
    if own:
        return list(chain.from_iterable(_antecedents(_not_year(s), verb) for s in own))
    if depth > MAX_DEPTH:
        return []
    head, deeper = verb.head, depth + 1
    beside = _noun_before(verb)
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
        case "acl" | "relcl" if _infinitive(verb):
            return _of_noun(head, cues, deeper)
        case "xcomp" | "advcl" | "ccomp" | "oprd" if is_verb(head) and (
            verb.dep_ in ("xcomp", "oprd") or verb.tag_ in ("VBG", "VBN") or _infinitive(verb)
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


def _not_year(subject: Token) -> Token:
    """ "A plan until 2030 was approved": what the parse takes for the subject ends the phrase that is it."""
    before = subject.doc[subject.i - 1] if subject.i else subject
    if subject.pos_ != "NUM" or before.pos_ not in ("ADP", "SCONJ") or before.i < subject.sent.start:
        return subject
    found = [a for a in before.ancestors if a.pos_ in ("NOUN", "PROPN") and a.i < before.i]
    return found[-1] if found else subject


def _chain(noun: Token, limit: int) -> list[Token]:
    """A noun with the nouns around it: "Oslo", "port", "plan" of "the plan for the port of Oslo"."""
    found = [noun]
    for _ in range(MAX_DEPTH):
        head = noun.head
        if noun.dep_ == "pobj" and head.dep_ == "prep" and head.head.pos_ in ("NOUN", "PROPN"):
            noun = head.head
        elif noun.dep_ in ("compound", "amod", "nmod", "nummod", "appos") and head.pos_ in ("NOUN", "PROPN"):
            noun = head
        else:
            break
        if noun.i >= limit:
            break
        found.append(noun)
    return found


def _beside(clause: Token) -> list[Token]:
    """The nouns before ", compiled by X" and before ", to which …", nearest first, wherever the parse hangs it."""
    doc, i = clause.doc, clause.left_edge.i - 1
    if clause.tag_ == "VBN" and clause.dep_ != "relcl":
        i = clause.i - 1
        while i > clause.sent.start and doc[i].pos_ == "ADV":
            i -= 1
        if doc[i].text != ",":
            return []
    if i > clause.sent.start and doc[i].text == ",":
        i -= 1
    if doc[i].dep_ == "nummod" and doc[i].head.pos_ == "PROPN" and clause.sent.start <= doc[i].head.i < i:
        i = doc[i].head.i  # "the Ports Strategy 2035"
    if i < clause.sent.start or doc[i].pos_ not in ("NOUN", "PROPN", "NUM") or doc[i].ent_type_ in ("DATE", "TIME"):
        return []
    chain = _chain(doc[i], clause.i)
    return chain if chain[-1].pos_ in ("NOUN", "PROPN") else []


def _noun_before(verb: Token) -> Token | None:
    """What a participle after a comma describes: the whole phrase before it."""
    if verb.tag_ != "VBN" or verb.dep_ not in ("advcl", "acl", "conj", "dep"):
        return None
    if any(c.dep_ in AUXILIARIES for c in verb.children):
        return None
    chain = _beside(verb)
    by_someone = any(c.dep_ == "agent" for c in verb.children)
    return chain[-1] if chain and (by_someone or chain[0].pos_ != "NOUN") else None


def _relative_head(clause: Token) -> Token:
    """The noun that a relative clause hangs on, unless it stands apart from what comes right before the clause."""
    chain = _beside(clause)
    return clause.head if not chain or clause.head in chain else chain[-1]


def _plural_participle(head: Token, verb: Token) -> bool:
    return any(c.dep_ == "conj" and c.i < verb.i for c in head.children)


def _task(governor: Token, preposition: Token, cues: Cues) -> bool:
    return governor.lemma_ in cues.control and preposition.lower_ in ("with", "of", "for", "into", "from")


def _infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def _antecedents(subject: Token, verb: Token) -> list[Token]:
    """A relative pronoun stands for the noun before it."""
    if subject.tag_ in RELATIVES:
        clause = verb
        while clause.dep_ == "conj" and is_verb(clause.head):
            clause = clause.head
        if clause.dep_ in ("relcl", "acl") and clause.head.pos_ in ("NOUN", "PROPN", "PRON", "NUM"):
            return [_relative_head(clause)]
        return []
    return conjuncts(subject)


def _controllers(verb: Token, head: Token, cues: Cues, depth: int) -> list[Token]:
    """ "X asked Y to draft": Y drafts; "X plans to draft", "Y was asked to draft": the subject does."""
    if verb.dep_ in ("xcomp", "oprd", "ccomp") and not is_passive(head):
        own = [c for c in head.children if c.dep_ in ("dobj", "dative") and c.i < verb.i]
        if own and head.lemma_ in cues.control:
            return _antecedents(own[0], head) if own[0].tag_ in RELATIVES else conjuncts(own[0])
        if head.lemma_ in cues.control and _open_place(head) and not _gapped(verb):
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
        return subjects(noun.head, cues, depth)
    if noun.dep_ == "pobj" and noun.head.head.pos_ in ("VERB", "AUX"):
        return subjects(noun.head.head, cues, depth)
    if noun.dep_ == "attr" and is_verb(noun.head):
        return subjects(noun.head, cues, depth)
    return []


def objects(verb: Token, cues: Cues) -> list[Token]:
    """The heads of the verb's direct object, through relatives and shared objects ("draft and adopt the law")."""
    own = [c for c in verb.children if c.dep_ == "dobj"]
    if own:
        found: list[Token] = []
        for target in own:
            found += _antecedents(target, verb) if target.tag_ in RELATIVES else conjuncts(target)
        return found
    if is_passive(verb):
        return []
    if _open_place(verb) and _gapped(verb):
        return [verb.head]
    governor = verb.head
    if verb.dep_ == "xcomp" and _open_place(governor) and not any(c.dep_ == "dobj" for c in governor.children):
        return [governor.head] if _gapped(verb) else []  # "a system that X helped to build"
    later = [c for c in verb.children if c.dep_ == "conj" and is_verb(c) and c.i - verb.i <= 4]
    for other in later:
        shared = [c for c in other.children if c.dep_ == "dobj"]
        if shared and not any(c.dep_ in ("prep", "xcomp", "ccomp", "acomp", "attr") for c in verb.children):
            return conjuncts(shared[0])
    return []


def _open_place(verb: Token) -> bool:
    """A relative clause with a subject of its own, so that what it hangs on is its object."""
    return verb.dep_ == "relcl" and any(c.dep_ in SUBJECTS and c.tag_ not in RELATIVES for c in verb.children)


def _gapped(verb: Token) -> bool:
    """A relative clause whose own words leave the object's place empty."""
    if any(g.tag_ in RELATIVES for c in verb.children if c.dep_ == "prep" for g in c.children):
        return False
    return not any(c.dep_ in ("dobj", "ccomp", "xcomp", "attr", "acomp", "nsubjpass") for c in verb.children)


def recipients(verb: Token) -> list[Token]:
    """The indirect object without a preposition."""
    return [t for c in verb.children if c.dep_ == "dative" and c.pos_ != "ADP" for t in conjuncts(c)]


def obliques(token: Token) -> Iterator[Filler]:
    """Prepositional arguments as ``prep:WORD``; complex prepositions also under a joined name ("prep:as_part_of")."""
    for child in token.children:
        if child.dep_ in ("prep", "agent", "dative") and child.pos_ in ("ADP", "SCONJ", "VERB", "ADJ", "ADV", "PART"):
            yield from _oblique(child, "")
        elif child.dep_ == "advmod" and child.lower_ in SHARED:
            for inner in child.children:
                if inner.dep_ == "prep":
                    yield from _oblique(inner, f"{child.lower_}_")


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


def outer(verb: Token) -> Iterator[Token]:
    """The other nouns that a participle or relative clause may describe: of its phrase, then coordinated ones."""
    first = verb
    while first.dep_ == "conj" and is_verb(first.head) and first.tag_ == "VBN":
        first = first.head
    taken = _noun_before(first)
    if taken is None and first.dep_ in ("acl", "relcl"):
        taken = _relative_head(first) if first.dep_ == "relcl" else first.head
    if taken is None:
        return
    others = [n for n in (*_chain(taken, verb.i), *reversed(_beside(first))) if n is not taken]
    top = others[-1] if others and others[-1].i < taken.i else taken
    while top.dep_ == "conj" and top.head.pos_ in ("NOUN", "PROPN"):
        top = top.head
        others += _chain(top, verb.i)
    yield from dict.fromkeys(others)


def comitatives(heads: list[Token]) -> list[Token]:
    """Who acts along with these: "built by A together with B", "A, jointly with B, built it"."""
    return [t for head in heads for role, t in obliques(head) if role.removeprefix("prep:") in TOGETHER]


def _oblique(preposition: Token, before: str) -> Iterator[Filler]:
    word = preposition.lower_
    left = preposition.nbor(-1).lower_ if preposition.i else ""
    if not before and left in SHARED and word == "with":
        before = f"{left}_"
    for child in preposition.children:
        if child.dep_ == "pobj":
            for target in _relative_antecedent(child) if child.tag_ in RELATIVES else conjuncts(child):
                yield f"prep:{word}", target
                if before:
                    yield f"prep:{before}{word}", target
            yield from _complex(preposition, child)
        elif child.dep_ == "pcomp" and child.tag_ == "VBG":  # "tasked with drafting the code"
            yield from ((f"prep:{word}", t) for c in child.children if c.dep_ == "dobj" for t in conjuncts(c))
        elif child.dep_ == "prep":  # "according to", "out of"
            for inner in child.children:
                if inner.dep_ == "pobj":
                    for target in conjuncts(inner):
                        yield f"prep:{word}_{child.lower_}", target
        elif child.dep_ == "conj" and child.pos_ == "ADP":
            yield from _oblique(child, "")


def _relative_antecedent(pronoun: Token) -> list[Token]:
    """ "the treaty to which it acceded": what "which" stands for."""
    clause = next((a for a in pronoun.ancestors if a.dep_ in ("relcl", "acl")), None)
    return [_relative_head(clause)] if clause is not None else []


def _complex(preposition: Token, noun: Token) -> Iterator[Filler]:
    """ "in line with X", "within the framework of X": a preposition, a noun, a preposition."""
    modifiers = [c for c in noun.children if c.i < noun.i]
    if any(c.lower_ not in ("the",) for c in modifiers):
        return
    article = "the_" if modifiers else ""
    for second in noun.children:
        if second.dep_ == "prep" and second.i == noun.i + 1:
            for child in second.children:
                if child.dep_ == "pobj":
                    for target in conjuncts(child):
                        yield f"prep:{preposition.lower_}_{article}{noun.lower_}_{second.lower_}", target


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
            for owner in _relative_antecedent(child) if child.tag_ in RELATIVES else conjuncts(child):
                yield "possessor", owner
        elif (
            child.dep_ in ("compound", "amod", "nmod", "npadvmod")
            and child.i < noun.i
            and child.pos_ in ("NOUN", "PROPN", "ADJ")
        ):
            yield "modifier", child
            yield from (("modifier", c) for c in child.children if c.dep_ == "conj" and c.i < noun.i)


def described(noun: Token, cues: Cues) -> list[Token]:
    """What a noun is said of: subject of a copula, the other side of an apposition, what is "known as" it."""
    head = noun.head
    while noun.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN"):
        noun, head = head, head.head
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
            return objects(verb, cues) or subjects(verb, cues)
        case "advcl" | "dep" if is_verb(head):  # "A developer of X, the firm …"
            return subjects(head, cues)
    return [t for c in noun.children if c.dep_ == "appos" and c.pos_ == "PROPN" for t in conjuncts(c)]


def phrase(head: Token) -> tuple[int, int]:
    """Token range of a phrase without its clauses, appositions and further conjuncts."""
    left, right = head.i, head.i
    stack = [head]
    while stack:
        token = stack.pop()
        left, right = min(left, token.i), max(right, token.i)
        stack += [
            c
            for c in token.children
            if (c.dep_ not in CLAUSAL and c.dep_ not in ("appos", "conj", "cc", "punct", "preconj"))
            or (c.dep_ == "conj" and c.i < head.i)
        ]
    return left, right + 1
