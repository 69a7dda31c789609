"""What the words on which a name depends tell of its class: what is downloaded is a system, what is born a person.

The words are those of the selection entries of the ontology; here is only how a name can depend on a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from kzai_graph.givennames import given_names
from kzai_graph.lookup import Lookup, fold
from kzai_graph.name_shapes import looks_human
from kzai_graph.wording import Name

SELECTED = 1.2
DECIDED = 2.0
PARTICLES = frozenset({"prt", "acomp", "advmod", "oprd", "dobj", "prep"})
"""What may follow a verb in a phrase of the lexicon: "roll out", "go live", "take place", "list on"."""
MODIFYING = frozenset({"acl", "amod", "advcl", "relcl", "appos"})
MAX_PHRASE = 5
THING = "which"
Tie = tuple[str, Token]
"""A role, and the word on which the name depends in it."""


def select(doc: Doc, name: Name, lookup: Lookup) -> None:
    """Add to a name what the words say on which it depends; what looks like a person is one unless they decide.

    A given name is not decided against: "Ann Berg, founded in May by …" is misread rather than a firm. Ordinary words
    ("Federal employees") may be no name, and little decides of them.
    """
    if name.noun is not None or not doc[name.begin].text[0].isalnum():
        return
    person = looks_human(doc, name, lookup)
    sure = person and fold(doc[name.begin].text) in given_names()
    _take_up(doc, name, sure=sure)
    found = {
        s.iri: s for role, word in _ties(doc, name) for w in _lemmas(word) for s in lookup.selections.get((role, w), ())
    }
    chosen = [s for s in found.values() if s.denotes == "Person" or not sure]
    ordinary = not name.quoted and all(lookup.is_word(t.text) for t in doc[name.begin : name.end] if t.is_alpha)
    for selection in chosen:
        if selection.decides and not ordinary:
            name.vote(selection.denotes, DECIDED)
            name.thing = name.thing or selection.denotes != "Person"
    for selection in chosen:
        weak = selection.denotes == "Person" or name.thing or not person
        if ordinary if selection.decides else weak:
            name.hint(selection.denotes, SELECTED)


def _take_up(doc: Doc, name: Name, *, sure: bool) -> None:
    """Note by what word the text takes the name up: "NAME, which …", "NAME and its partners", "NAME and her sister"."""
    after = [t.lower_ for t in doc[name.end : name.end + 2]]
    if after[:1] == [","] and not _may_describe_another(doc, name):
        after = after[1:]
    if not sure and (after[:1] == [THING] or after in (["and", "its"], ["with", "its"])):
        name.thing = True
    elif after in (["and", "his"], ["and", "her"], ["with", "his"], ["with", "her"]):
        name.vote("Person", DECIDED)


def _ties(doc: Doc, name: Name) -> Iterator[Tie]:
    """The roles of a name: those of its head in the parse, and those that the words beside it show."""
    head = doc[name.begin : name.end].root
    while head.dep_ == "conj" and head.head.i != head.i and head.head.pos_ in ("PROPN", "NOUN"):
        head = head.head  # what is said of the first of several is said of all
    governor = head.head
    if head.dep_ in ("nsubj", "nsubjpass"):
        role = "agent" if head.dep_ == "nsubj" else "passive"
        for verb in (governor, *(c for c in governor.children if c.dep_ in ("conj", "xcomp"))):
            if verb is governor or not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children):
                yield "passive" if _is_passive(verb) else role, verb
    elif head.dep_ == "dobj":
        yield "patient", governor
    elif head.dep_ == "pobj" and governor.dep_ == "agent":
        yield "agent", governor.head
        yield "prep:by", governor.head
    elif head.dep_ == "pobj":
        yield f"prep:{governor.lower_}", governor.head
        before = doc[governor.i - 1] if governor.i else governor
        if before.pos_ == "NOUN" and before.text.islower():
            yield f"prep:{governor.lower_}", before
        if governor.lower_ == "of":
            yield "possessor", governor.head
    elif head.dep_ in ("compound", "nmod") and governor.i >= name.end and governor.text.islower():
        yield "modifier", governor
    yield from _after(doc, name)


def _after(doc: Doc, name: Name) -> Iterator[Tie]:
    """What follows: a possessive with its noun, a participle, a relative clause, a noun."""
    if name.end >= len(doc):
        return
    after = doc[name.end]
    if after.tag_ == "POS":
        noun = _phrase_end(doc, name.end + 1)
        if noun is not None:
            yield "possessor", noun
        return
    if after.pos_ == "NOUN" and after.text.islower():
        noun = _phrase_end(doc, name.end)
        if noun is not None:
            yield "modifier", noun
        return
    if after.pos_ == "VERB" and after.tag_ in ("VBD", "VBZ") and after.dep_ not in MODIFYING:
        yield "agent", after
    i = name.end + 1 if after.text == "," else name.end
    if i + 1 >= len(doc) or (after.text == "," and _may_describe_another(doc, name)):
        return
    word = doc[i]
    if word.tag_ == "VBN" and word.dep_ in MODIFYING and doc[i + 1].pos_ in ("ADP", "ADV", "SCONJ"):
        yield "passive", word
    elif word.lower_ == THING and word.dep_ in ("nsubj", "nsubjpass"):
        yield "passive" if _is_passive(word.head) else "agent", word.head


def _phrase_end(doc: Doc, start: int) -> Token | None:
    """The noun that ends the words of a phrase ("NAME's many small shareholders")."""
    last = None
    for token in doc[start : start + MAX_PHRASE]:
        if token.pos_ not in ("ADJ", "NOUN", "NUM", "ADV") and token.text != "-":
            break
        last = token
    return last if last is not None and last.pos_ == "NOUN" else None


def _is_passive(verb: Token) -> bool:
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)


def _may_describe_another(doc: Doc, name: Name) -> bool:
    """Tell whether what follows a comma may speak of a noun before: "a farm near NAME, owned by …"."""
    head = doc[name.begin : name.end].root
    return head.dep_ == "pobj" and (head.head.dep_ == "agent" or head.head.head.pos_ in ("NOUN", "PROPN"))


def _lemmas(word: Token) -> Iterator[str]:
    """The lemma of a word, and the phrases that it opens: "go live", "raise %money%"."""
    lemma = word.lemma_.casefold()
    yield from {lemma, word.lower_}
    if word.ent_type_ == "PERCENT" or word.lower_ in ("%", "percent"):
        yield "%percent%"
    for child in word.children:
        if child.dep_ in PARTICLES and child.i > word.i:
            yield f"{lemma} {child.lemma_.casefold()}"
            if child.dep_ == "dobj" and any(t.ent_type_ == "MONEY" or t.tag_ == "$" for t in child.subtree):
                yield f"{lemma} %money%"


__all__ = ["select"]
