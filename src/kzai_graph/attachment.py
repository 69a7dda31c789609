"""Decide what participles and relative clauses hang on, and which place in them it fills; parses err here most."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kzai_graph.syntax import AUXILIARIES, MAX_DEPTH, RELATIVES, SUBJECTS, is_verb

PLACES = frozenset({"FAC", "GPE", "LOC"})


def not_year(subject: Token) -> Token:
    """ "A plan until 2030 was approved": what the parse takes for the subject ends the phrase that is it."""
    before = subject.doc[subject.i - 1] if subject.i else subject
    if subject.pos_ != "NUM" or before.pos_ not in ("ADP", "SCONJ") or before.i < subject.sent.start:
        return subject
    found = [a for a in before.ancestors if a.pos_ in ("NOUN", "PROPN") and a.i < before.i]
    return found[-1] if found else subject


def noun_chain(noun: Token, limit: int) -> list[Token]:
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


def nouns_before(clause: Token) -> list[Token]:
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
    if i > clause.sent.start and doc[i].is_quote and clause.dep_ != "relcl":
        i -= 1
    if doc[i].dep_ == "nummod" and doc[i].head.pos_ == "PROPN" and clause.sent.start <= doc[i].head.i < i:
        i = doc[i].head.i  # "the Ports Strategy 2035"
    if i < clause.sent.start or doc[i].pos_ not in ("NOUN", "PROPN", "NUM") or doc[i].ent_type_ in ("DATE", "TIME"):
        return []
    chain = noun_chain(doc[i], clause.i)
    return chain if chain[-1].pos_ in ("NOUN", "PROPN") else []


def noun_before(verb: Token) -> Token | None:
    """What a participle after a comma describes: the whole phrase before it."""
    if verb.tag_ != "VBN" or verb.dep_ not in ("advcl", "acl", "conj", "dep"):
        return None
    if any(c.dep_ in AUXILIARIES for c in verb.children):
        return None
    chain = nouns_before(verb)
    by_someone = any(c.dep_ == "agent" for c in verb.children)
    return chain[-1] if chain and (by_someone or chain[0].pos_ != "NOUN") else None


def relative_head(clause: Token) -> Token:
    """The noun that a relative clause hangs on, unless it stands apart from what comes right before the clause."""
    chain = nouns_before(clause)
    return clause.head if not chain or clause.head in chain else chain[-1]


def relative_antecedent(pronoun: Token) -> list[Token]:
    """ "the treaty to which it acceded": what "which" stands for."""
    clause = next((a for a in pronoun.ancestors if a.dep_ in ("relcl", "acl")), None)
    return [relative_head(clause)] if clause is not None else []


def happens_at(verb: Token) -> list[Token]:
    """ "the port" of "the port where X tested Y": what "where" stands for, the place right before it."""
    if verb.dep_ not in ("relcl", "acl") or not _opens_with(verb, "where"):
        return []
    near = nouns_before(verb)
    return [near[0] if near and near[0].ent_type_ in PLACES else relative_head(verb)]


def _opens_with(verb: Token, *words: str) -> bool:
    return any(c.dep_ == "advmod" and c.lower_ in words for c in verb.children)


def leaves_place_open(verb: Token) -> bool:
    """A relative clause with a subject of its own, so that what it hangs on is its object."""
    if _opens_with(verb, "where", "when"):
        return False
    return verb.dep_ == "relcl" and any(c.dep_ in SUBJECTS and c.tag_ not in RELATIVES for c in verb.children)


def is_gapped(verb: Token) -> bool:
    """A relative clause whose own words leave the object's place empty."""
    if any(g.tag_ in RELATIVES for c in verb.children if c.dep_ == "prep" for g in c.children):
        return False
    filling = ("dobj", "ccomp", "xcomp", "attr", "acomp", "nsubjpass")
    return not any(c.dep_ in filling and c.tag_ not in RELATIVES for c in verb.children)


def object_before(noun: Token) -> Token | None:
    """ "the portal" of "opened the portal for sailors", where the parse hangs "for sailors" on the verb."""
    preposition = noun.head
    if noun.dep_ != "pobj" or preposition.i == 0 or not is_verb(preposition.head):
        return None
    before = preposition.nbor(-1)
    return before if before.dep_ in ("dobj", "pobj") and before.pos_ in ("NOUN", "PROPN") else None


def outer(verb: Token) -> Iterator[Token]:
    """The other nouns that a participle or relative clause may describe: of its phrase, then coordinated ones."""
    if _opens_with(verb, "where", "when"):
        return
    first = verb
    while first.dep_ == "conj" and is_verb(first.head) and first.tag_ == "VBN":
        first = first.head
    taken = noun_before(first)
    if taken is None and first.dep_ in ("acl", "relcl"):
        taken = relative_head(first) if first.dep_ == "relcl" else first.head
    if taken is None:
        return
    others = [n for n in (*noun_chain(taken, verb.i), *reversed(nouns_before(first))) if n is not taken]
    top = others[-1] if others and others[-1].i < taken.i else taken
    while top.dep_ == "conj" and top.head.pos_ in ("NOUN", "PROPN"):
        top = top.head
        others += noun_chain(top, verb.i)
    behind = next((b for n in (taken, *others) if (b := object_before(n)) is not None), None)
    yield from dict.fromkeys([*others, *([behind] if behind is not None else [])])
