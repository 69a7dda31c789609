"""Mend parses where a verb takes an object and what it makes of it, or where words that are said once hold twice."""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Token

Arc = tuple[str, Token]
"""A dependency label with the head."""
MAKING = frozenset(
    "appoint choose confirm consider crown declare deem designate elect install keep leave make name nominate pick "
    "proclaim promote re-elect reappoint reelect render select".split()
)
"""Verbs with an object and a complement of it: "made X its head", "made X responsible for Y"."""
DETERMINING = frozenset({"DT", "PRP$", "CD", "$"})
NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
NAMED = frozenset({"NNP", "NNPS"})
OBJECTS = frozenset({"dobj", "oprd", "attr"})
PARTS = frozenset({"compound", "nmod", "amod", "poss", "nummod", "det", "quantmod"})
GIVING = frozenset("award bring buy give grant hand lend offer owe pay promise sell send show teach tell".split())
"""Verbs with two objects: after them "X the Y" is whom and what."""
ENDING = frozenset({".", ",", ";", "and", "or", "while", "in", "on", "for", "at", "to", "with", "by", "from", "of"})
AUXILIARY = frozenset({"be", "do", "have"})


def mend_small_clause(token: Token) -> None:
    """Make X the object and Y its complement in "made X responsible for Y" and "appointed X head of Y"."""
    verb = token.head
    if verb.lemma_.lower() not in MAKING or token.i < verb.i:
        return
    if token.dep_ == "ccomp" and token.pos_ in ("ADJ", "NOUN", "PROPN"):
        subject = next((c for c in token.children if c.dep_ == "nsubj" and verb.i < c.i < token.i), None)
        if subject is not None and not any(c.dep_ in ("cop", "aux", "mark") for c in token.children):
            subject.dep_, subject.head, token.dep_ = "dobj", verb, "oprd"
    elif token.dep_ in OBJECTS and token.tag_ in NOUN_TAGS:
        _mend_named(token, verb)


def _mend_named(office: Token, verb: Token) -> None:
    """Part "named Anna Berg chief engineer" where the name of the person ends."""
    doc = office.doc
    first = office.left_edge.i
    end = first
    while end < office.i and doc[end].ent_type_ == "PERSON" and doc[end].tag_ in NAMED:
        end += 1
    if end - first < 2 or any(c.dep_ == "dobj" and c.i < first for c in verb.children):
        return
    person = doc[end - 1]
    if not all(t.head in doc[first : office.i + 1] for t in doc[first:end]):
        return
    person.dep_, person.head, office.dep_, office.head = "dobj", verb, "oprd", verb
    for token in doc[first : end - 1]:
        token.dep_, token.head = "compound", person


def mend_gap(token: Token) -> None:
    """Hang Y on the verb, and Z on Y, in "X supplies the masts and Y the sails"; ``token`` is the first of Z.

    The noun that is left without a verb is a conjunct of the verb before, and what it does it to is its object.
    """
    doc = token.doc
    if token.tag_ not in DETERMINING or token.i < 4 or token.ent_type_ in ("DATE", "TIME", "PERSON"):
        return
    first = _name_start(token.nbor(-1))
    actor = next((t.nbor(-1) for t in doc[first : token.i] if t.lower_ == "of"), token.nbor(-1))
    begin = first - 1 if doc[first - 1].lower_ == "the" else first
    if (
        actor.tag_ not in NAMED
        or token.nbor(-1).tag_ not in NAMED
        or begin < 3
        or doc[begin - 1].lower_ not in ("and", ",", ";", "while")
    ):
        return
    verb = _verb_before(doc[begin])
    thing = _noun_from(token)
    if verb is None or thing is None:
        return
    arcs: dict[Token, Arc] = {actor: ("conj", verb), thing: ("dobj", actor)}
    for part in doc[begin : actor.i]:
        arcs[part] = ("det" if part.lower_ == "the" else "compound", actor)
    arcs |= _complement_arcs(actor, token)
    for part in doc[token.i : thing.i]:
        if part.head.i not in range(token.i, thing.i + 1):
            arcs[part] = ("det" if part.tag_ == "DT" else "nummod" if part.tag_ == "CD" else "compound", thing)
    for child in (*actor.children, *thing.children):
        if child.i < begin and child not in arcs:
            arcs[child] = (child.dep_ if child != verb else "ROOT", verb)
    for child in verb.children:
        if child.i > thing.i and child.dep_ in ("prep", "npadvmod", "advmod"):
            arcs[child] = (child.dep_, actor)
    hang(arcs)


def hang(arcs: Mapping[Token, Arc]) -> None:
    """Give tokens other arcs, all or none: a parse must stay a tree."""
    for token in arcs:
        seen, above = {token}, arcs[token][1]
        while above not in seen:
            seen.add(above)
            above = arcs[above][1] if above in arcs else above.head
        top = arcs[above][1] if above in arcs else above.head
        if top != above:
            return
    for token, (dep, head) in arcs.items():
        token.dep_, token.head = dep, head


def _name_start(last: Token) -> int:
    """Where the name begins that ends at a token: "Kelp Motors", "Ministry of Finance"."""
    doc, first = last.doc, last.i
    while first > 1 and (
        doc[first - 1].tag_ in NAMED or (doc[first - 1].lower_ == "of" and doc[first - 2].tag_ in NAMED)
    ):
        first -= 1
    return first


def _complement_arcs(actor: Token, end: Token) -> dict[Token, Arc]:
    """Give "Ministry" its "of Finance", where the parse had cut it off."""
    if actor.i + 1 >= end.i:
        return {}
    preposition, last = actor.nbor(), end.nbor(-1)
    arcs: dict[Token, Arc] = {preposition: ("prep", actor), last: ("pobj", preposition)}
    return arcs | dict.fromkeys(actor.doc[preposition.i + 1 : last.i], ("compound", last))


def _verb_before(token: Token) -> Token | None:
    """The nearest verb before a token that has a subject and an object, where nothing but that object is between."""
    verbs = [t for t in token.doc[token.sent.start : token.i] if t.pos_ == "VERB" and t.dep_ != "amod"]
    verb = verbs[-1] if verbs else None
    if verb is None or verb.lemma_.lower() in GIVING | MAKING:
        return None
    roles = {c.dep_ for c in verb.children if c.i < token.i}
    acts = bool(roles & {"nsubj"}) or verb.dep_ == "conj"
    passive = bool(roles & {"auxpass", "nsubjpass"})
    return verb if acts and not passive and any(c.dep_ == "dobj" and c.i > verb.i for c in verb.children) else None


def _noun_from(token: Token) -> Token | None:
    """The head of the noun phrase that begins at a token, where a list, a clause or the sentence ends behind it."""
    doc = token.doc
    i = token.i
    while i + 1 < len(doc) and (doc[i + 1].tag_ in NOUN_TAGS or doc[i + 1].tag_ in ("CD", "JJ", "HYPH", "VBG")):
        i += 1
    found = doc[i]
    if found.i == token.i and token.tag_ == "DT":
        return None
    after = doc[i + 1] if i + 1 < len(doc) else None
    if after is not None and after.lower_ not in ENDING:
        return None
    return found if found.tag_ in NOUN_TAGS and found.ent_type_ not in ("DATE", "TIME") else None


def mend_left_out(verb: Token) -> None:
    """Make Y the subject of "X signed the treaty, but Y did not", where the parse takes it for signed."""
    doc, signed = verb.doc, next((c for c in verb.children if c.dep_ == "ccomp" and c.i < verb.i), None)
    if verb.lemma_ not in AUXILIARY or verb.dep_ != "ROOT" or signed is None or verb.i == 0:
        return
    if any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children):
        return
    subject = doc[verb.i - 1]
    if subject.tag_ not in NOUN_TAGS or subject.dep_ != "conj":
        return
    before = subject.head
    for child in list(before.children):
        if child.dep_ == "cc" and child.i > before.i:
            child.head = signed
    subject.dep_, subject.head = "nsubj", verb
    signed.dep_, signed.head = "ROOT", signed
    verb.dep_, verb.head = "conj", signed
    for child in list(verb.children):
        if child.dep_ == "punct" and child.i < verb.i:
            child.head = signed
