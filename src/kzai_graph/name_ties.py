"""What the nouns that a name is tied to say of it: "X's customers", "a stake in X", "Estonia's X", "X of Oslo"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from kzai_graph.lookup import Lookup, fold
from kzai_graph.name_shapes import has_person_shape, is_one_word
from kzai_graph.placenames import place_sizes
from kzai_graph.wording import Name

TIED = 1.2
HOLDING = frozenset({"in", "of", "from", "at"})
PARTNERING = frozenset({"with", "by", "including", "from"})
SOURCES = frozenset({"according"})
SHARING = frozenset("participation involvement help assistance permission approval support consent backing".split())
JOINING = frozenset({",", "and", "or", "&", "the"})


def hint_ties(doc: Doc, name: Name, lookup: Lookup) -> None:
    """Add what possessives, nouns before the name and the place after it suggest; persons keep out of it."""
    if name.noun is not None or name.quoted or not doc[name.begin].text[0].isalnum():
        return
    person = has_person_shape(doc, name, lookup) and not is_one_word(doc, name)
    cues = lookup.ontology.cues
    for noun in _had_by(doc, name):
        word = lookup.singular(noun)
        if word in cues.of_firms and not person:
            name.hint("Firm", TIED)
        elif word in cues.of_bodies and not person:
            name.hint("Organisation", TIED)
        elif word in cues.of_places:
            name.hint("Place", TIED)
        elif word in cues.of_systems and not person:
            name.hint("System", TIED)
    if person:
        return
    if _belongs_to_place(doc, name, lookup):
        name.hint("Organisation", TIED)
    if _is_of_place(doc, name, lookup):
        name.hint("Firm", TIED)
    if _sends(doc, name, lookup):
        name.hint("Organisation", TIED)
    begin = name.begin - 1
    sourced = begin > 0 and doc[begin].lower_ == "to" and doc[begin - 1].lower_ in SOURCES
    if sourced or (_is_foreign(doc, name, lookup) and _takes_part(doc, name, lookup)):
        name.hint("Organisation", 1.0)


def _sends(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell the body of "said Anna Berg from NAME"; places are left to what else tells of them."""
    i = name.begin - 1
    if i < 2 or doc[i].lower_ != "from" or fold(doc[name.begin : name.end].text) in place_sizes():
        return False
    before = doc[i - 2 : i]
    return all(t.ent_type_ == "PERSON" and t.text[0].isupper() and not lookup.is_word(t.text) for t in before)


def _is_foreign(doc: Doc, name: Name, lookup: Lookup) -> bool:
    words = [t for t in doc[name.begin : name.end] if t.is_alpha and t.text[0].isupper()]
    return not all(lookup.is_word(t.text) or t.ent_type_ in ("NORP", "LANGUAGE") for t in words)


def _takes_part(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether an unknown name acts, is acted with, or is told something."""
    if name.begin > 1 and doc[name.begin - 1].lower_ == "by" and doc[name.begin - 2].tag_ == "VBN":
        return True
    head = doc[name.begin : name.end].root
    while head.dep_ in ("conj", "appos") and head.head.i != head.i:
        head = head.head
    if head.dep_ == "nsubj":
        return head.head.pos_ in ("VERB", "AUX") and head.head.lemma_ != "be"
    if head.dep_ == "pobj":
        return head.head.lower_ in PARTNERING or (head.head.lower_ == "of" and head.head.head.lemma_ in SHARING)
    return head.dep_ in ("dobj", "dative") and head.head.lemma_ in lookup.ontology.cues.saying


def _had_by(doc: Doc, name: Name) -> Iterator[Token]:
    """The nouns for what the name has: after its possessive, or before "of", "in", "from", "at" and it."""
    after = doc[name.end] if name.end < len(doc) else None
    if after is not None and after.tag_ == "POS":
        last = None
        for token in doc[name.end + 1 : name.end + 6]:
            if token.pos_ not in ("ADJ", "NOUN", "NUM", "PROPN", "ADV") and token.text != "-" and token.tag_ != "VBN":
                break
            last = token
        if last is not None and last.pos_ == "NOUN":
            yield last
    i = _opening(doc, name)
    if (
        i > 0
        and doc[i].lower_ in HOLDING
        and doc[i - 1].pos_ == "NOUN"
        and (doc[i - 1].text.islower() or doc[i - 1].is_sent_start)
    ):
        yield doc[i - 1]


def _opening(doc: Doc, name: Name) -> int:
    """The token before the name, or before the list of names that it stands in."""
    i = name.begin - 1
    while i > 0 and (doc[i].lower_ in JOINING or (doc[i].text[0].isupper() and doc[i + 1].lower_ in JOINING)):
        if doc[i].lower_ == "the" and doc[i - 1].lower_ not in JOINING:
            return i - 1
        i -= 1
    return i


def _belongs_to_place(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """ "Estonia's NAME": things in a country that have names of their own are as a rule bodies."""
    i = name.begin - 1
    if i < 1 or doc[i].tag_ != "POS":
        return False
    hits = (lookup.known_exactly(doc, begin, i) for begin in range(max(0, i - 4), i))
    return any(h is not None and h.known.cls in ("Country", "Place") and not h.demonym for h in hits)


def _is_of_place(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """ "NAME of Helsinki": so are firms told apart."""
    i = name.end
    if i + 1 >= len(doc) or doc[i].lower_ != "of" or doc[name.begin - 1].lower_ in ("the", "of"):
        return False
    hit = lookup.known_at(doc, i + 1)
    return hit is not None and hit.known.cls in ("Country", "Place") and not hit.demonym
