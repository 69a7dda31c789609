"""What a name does and what is done with it: speaks, signs, is installed, stands for a branch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from kzai_graph.givennames import given_names
from kzai_graph.lookup import Lookup, fold
from kzai_graph.name_shapes import has_person_shape, is_one_word, speaks
from kzai_graph.placenames import place_sizes
from kzai_graph.wording import Name, is_plural

BRANCH = 3.0
FIRM_ENDING = re.compile(
    r"\w{3,}(?:telecom|coal|steel|cement|agro|mart|media|telekom|tel|cell|com|bank|soft|tech|pay|neftegaz|gas|gaz|neft|munay|oil|energo|energy|pharm|pharma|fon|phone|net|corp|avia|air|auto|trans|stroy|invest|logistics|systems|chip|ware|works|labs?)$"
)
SURNAME = re.compile(
    r"\w{2,}(?:ov|ova|ev|eva|yan|dze|shvili|uly|kyzy|qizi|zade|zoda|oglu|oğlu|enko|chuk|ski|ska|sky|skaya|wicz|vich|vić|"
    r"sson|bayev|bekov|ullah|ullin|opoulos|escu|eanu|ić)$"
)
"""Endings that surnames of many countries have and few other names."""
MODEL_ENDING = re.compile(r"[a-z](?:LLM|GPT|BERT|OS|DB|API|SDK)$|\w\.gov(?:\.[a-z]{2})?$")
"""How language models, operating systems and sites of a state are named."""
MODEL_NUMBER = re.compile(r"[^\W\d_]{3,}(?:-\d{1,3}[A-Z]?|\s\d\.\d)$")
PARTNER_NOUNS = frozenset(
    "agreement memorandum contract deal partnership cooperation collaboration talks together tie-up".split()
)


def vote_person(doc: Doc, name: Name, lookup: Lookup) -> None:
    if not has_person_shape(doc, name, lookup):
        return
    words = [t for t in doc[name.begin : name.end] if t.is_alpha]
    after = doc[name.end : name.end + 3]
    if len(after) > 1 and (after[0].lower_ == "who" or (after[0].text == "," and after[1].lower_ == "who")):
        name.vote("Person", 3.0)
    if not 1 < len(words) <= 4 or is_one_word(doc, name):
        return
    foreign = not lookup.is_word(words[-1].text)
    if _opens_with_given(doc, name, words, lookup):
        name.hint("Person", 1.5 if foreign or fold(words[-1].text) in given_names() else 1.0)
    if foreign and SURNAME.match(words[-1].text) and len(words) < 4:
        name.vote("Person", 2.0)
    if speaks(doc, name, lookup) and any(not lookup.is_word(t.text) for t in words):
        name.vote("Person", 2.5 if foreign else 1.0)
    if (
        foreign
        and len(after) > 2
        and after[0].text == ","
        and after[1].lower_ in ("of", "from")
        and name.begin == doc[name.begin].sent.start
    ):
        name.vote("Person", 1.5)  # "Anna Berg, of the Consumers Union, expects …"


def _opens_with_given(doc: Doc, name: Name, words: Sequence[Token], lookup: Lookup) -> bool:
    """Tell whether a given name opens it, and neither a place's name nor an ordinary plural speaks against it."""
    if fold(words[0].text) not in given_names() or fold(doc[name.begin : name.end].text) in place_sizes():
        return False
    foreign = not lookup.is_word(words[-1].text)
    known = lookup.known_at(doc, name.begin, name.end)
    tagged = all(t.ent_type_ == "PERSON" for t in words)
    if known is not None and not (known.known.cls == "Place" and (foreign or tagged)):
        return False
    return foreign or tagged or not is_plural(words[-1], lookup)


def vote_branch(doc: Doc, name: Name, lookup: Lookup) -> None:
    """Class a branch by its name's two parts ("Oxfam Peru"), and a firm's numbered thing as its product."""
    if name.noun is not None or name.quoted:
        return
    first = lookup.known_at(doc, name.begin, name.end)
    for i in range(name.begin + 1, name.end):
        hit = lookup.known_at(doc, i, name.end)
        if hit is None or hit.end != name.end or hit.demonym or hit.known.cls not in ("Country", "Place"):
            continue
        base = lookup.known_exactly(doc, name.begin, i)
        noun = lookup.noun_ending(list(doc[name.begin : i]))
        if base is not None and lookup.ontology.is_a(base.known.cls, "Organisation"):
            name.vote(base.known.cls, BRANCH)
        elif noun is not None and lookup.ontology.is_a(noun[0].denotes, "Organisation"):
            name.vote(noun[0].denotes, BRANCH)
        elif (
            base is None
            and hit.known.cls == "Country"
            and doc[i - 1].is_alpha
            and doc[i - 1].lower_ not in ("of", "in", "for")
        ):
            name.hint("Organisation", 1.2)
        return
    if first is None or first.end >= name.end or first.known.cls != "Firm":
        return
    rest = doc[first.end : name.end]
    if any(c.isdigit() for c in rest.text):
        name.vote("System", BRANCH)
    elif len(rest) > 2 and rest[-2].lower_ == "and":
        name.vote("Firm", 2.0)  # its division
    elif all(t.is_alpha and not lookup.is_word(t.text) for t in rest[:1]) and not doc[name.begin].is_sent_start:
        name.vote("Firm", 1.5)  # a firm's branch


def hint_role(doc: Doc, name: Name, lookup: Lookup) -> None:
    """What the name does or what is done with it: bodies sign and hire, products are installed."""
    if name.noun is not None or not doc[name.begin].text[0].isalnum():
        return
    cues = lookup.ontology.cues
    head = doc[name.begin : name.end].root
    person = has_person_shape(doc, name, lookup) and not is_one_word(doc, name)
    while head.dep_ == "conj" and head.head.i != head.i:
        head = head.head  # what is said of the first of several is said of all
    verb = head.head
    after = doc[name.end] if name.end < len(doc) else None
    if after is not None and after.tag_ == "POS":
        stop = min(name.end + 4, len(doc))
        office = next(
            (
                lookup.noun_ending(list(doc[name.end + 1 : j]))
                for j in range(stop, name.end + 1, -1)
                if lookup.noun_ending(list(doc[name.end + 1 : j]))
            ),
            None,
        )
        if office is not None and office[0].denotes == "Position" and not office[0].implies:
            name.hint("Organisation", 1.2)
    if head.dep_ == "dobj" and verb.lemma_ in cues.making - {"use", "test"}:
        name.hints.pop("Person", None)
        name.hint("System", 1.3)
        return
    _trades(doc, name, lookup)
    if person:
        return
    if _is_product(doc, name, lookup):
        name.hint("System", 1.5)
    if head.dep_ == "nsubj" and verb.pos_ == "VERB" and verb.lemma_ in cues.trading:
        name.hint("Firm", 1.0)
    elif head.dep_ == "nsubj" and verb.pos_ == "VERB" and (verb.lemma_ in cues.acting or verb.lemma_ in cues.saying):
        name.hint("Organisation", 1.0)
    elif (head.dep_ == "nsubj" and verb.pos_ == "NOUN") or (
        after is not None and after.pos_ == "VERB" and after.lemma_ in cues.acting and after.tag_ in ("VBZ", "VBD")
    ):
        name.hint("Organisation", 0.8)
    elif head.dep_ == "dobj" and verb.lemma_ in cues.making:
        name.hint("System", 1.0)
    elif (head.dep_ == "pobj" and verb.lower_ == "by" and verb.dep_ == "agent") or (
        head.dep_ == "pobj"
        and verb.lower_ in ("with", "between")
        and (
            verb.head.lemma_ in PARTNER_NOUNS
            or (verb.i and doc[verb.i - 1].lemma_ in PARTNER_NOUNS)
            or verb.head.lemma_ in ("sign", "partner", "cooperate", "collaborate", "agree")
        )
    ):
        name.hint("Organisation", 1.0)


def _is_product(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """ "Norvik's Vanta labels", "its Vanta range", "the Vanta series": coined words before what only products are."""
    after = doc[name.end] if name.end < len(doc) else None
    if after is None or after.pos_ != "NOUN" or not after.text.islower() or lookup.is_word(doc[name.begin].text):
        return False
    cues = lookup.ontology.cues
    if lookup.singular(after) in cues.of_systems:
        return True
    before = doc[name.begin - 1] if name.begin else None
    owned = before is not None and before.tag_ in ("PRP$", "POS")
    return owned and lookup.singular(after) not in cues.of_firms | cues.of_bodies | cues.of_places


def _trades(doc: Doc, name: Name, lookup: Lookup) -> None:
    """Names of firms are coined alike: "…telecom", "…bank", "…soft"."""
    last = doc[name.end - 1]
    if MODEL_NUMBER.match(doc[name.begin : name.end].text):
        name.vote("System", 2.0)  # "Orvik-3", "Orvik 2.0": one of a series
    if name.end - name.begin == 1 and MODEL_ENDING.search(last.text):
        name.vote("System", 2.0)  # "NordLLM", "data.gov.uk"
    if last.text == "AI" and name.end - name.begin == 2 and not lookup.is_word(doc[name.begin].text):
        name.vote("Firm", 1.5)
    if name.end - name.begin == 1 and (last.lower_.endswith(".com") or re.search(r"[a-z]AI$", last.text)):
        name.hint("Firm", 1.2)
    if name.end - name.begin == 1 and re.match(r"[eim][A-Z][a-z]", last.text):
        name.vote("System", 1.5)  # "eTax"
    if name.end - name.begin <= 2 and FIRM_ENDING.search(last.lower_) and not lookup.is_word(last.text):
        name.hint("Firm", 1.2)
