"""What a name looks like: a person, one word, a place after "in", what the model takes it for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from kzai_graph.givennames import given_names
from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup, fold
from kzai_graph.name_ends import COMPASS
from kzai_graph.placenames import place_sizes
from kzai_graph.wording import PARTICLES, Name, is_hyphenated_person

MODEL_LABELS = {
    "PERSON": ("Person", 1.2),
    "ORG": ("Organisation", 1.0),
    "GPE": ("Place", 1.0),
    "LOC": ("Place", 1.0),
    "FAC": ("Place", 0.6),
    "PRODUCT": ("System", 0.8),
    "EVENT": ("Event", 0.8),
}
INHUMAN_LABELS = frozenset({"ORG", "PRODUCT"})
HYPHENATED = 4
"""Tokens of "Min-ho Park"."""
LED = 4.0
"""Votes for a person from the title before the name."""
MAX_APPOSED_WORDS = 3
MIN_SHOUTED = 6
SIZE_WEIGHTS = {1: 0.7, 2: 1.1, 3: 1.5}
"""What a name that some place bears tells, by how large the place is."""
GOING = frozenset({"in", "near", "at", "to", "from", "between", "across", "around", "outside", "towards", "via"})
REGNAL = re.compile(r"[IVX]{1,5}")
INITIALS = re.compile(r"(?:\w\.){1,3}")


def class_noun_after(doc: Doc, end: int, lookup: Lookup) -> tuple[Noun, int] | None:
    """The lower-case class noun right after a name ("the Digital Bridge forum") and where it ends.

    A short form in brackets may stand between ("the Quay Repair Grant (QRG) scheme").
    """
    if end + 3 < len(doc) and doc[end].text == "(" and doc[end + 1].text.isupper() and doc[end + 2].text == ")":
        end += 3
    named = bool(end) and doc[end - 1].text[0].isupper()
    stop = end
    while (
        stop < len(doc)
        and stop - end < MAX_APPOSED_WORDS
        and (doc[stop].pos_ in ("NOUN", "ADJ", "PROPN") or (doc[stop].tag_ == "VBG" and named and stop == end))
        and doc[stop].text.islower()
        and doc[stop].is_alpha
    ):
        stop += 1
    if stop == end or (stop < len(doc) and doc[stop].text == "-"):
        return None
    found = lookup.noun_ending(list(doc[end:stop]))
    return (found[0], stop) if found is not None and found[0].denotes != "Position" else None


def has_person_shape(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether it may be a human's name: no digit, dot or inner capital, no class noun, no country at its end."""
    if name.thing:
        return False
    if (
        name.noun is None
        and name.end - name.begin == HYPHENATED
        and is_hyphenated_person(doc, name.begin, name.end - 1)
    ):
        return True
    tokens = [t for t in doc[name.begin : name.end] if t.text not in "-.’'" and t.text not in PARTICLES]
    if name.noun is not None or not tokens or doc[name.end - 1].text in PARTICLES:
        return False
    words = [t for t in tokens if not (len(t) == 1 or INITIALS.fullmatch(t.text))]
    words = words[:-1] if len(words) > 1 and REGNAL.fullmatch(words[-1].text) else words
    words = [t for t in words if not (t.i > name.begin and doc[t.i - 1].text == "-" and t.text.islower())]  # "Min-jun"
    if not words or len(tokens) > 5:
        return False
    for token in words:
        if not token.text.replace("’", "").replace("'", "").replace("-", "").isalpha():
            return False
        if not _is_titled(token) and not (len(words) > 1 and all(t.text.isupper() for t in words)):
            return False
    hits = [lookup.known_at(doc, t.i, name.end) for t in tokens]
    if len(words) > 1 and hits[0] is not None and hits[0].known.cls in ("Firm", "Country") and not hits[0].demonym:
        return False
    if any(
        h is not None and h.end == name.end and h.begin > name.begin and h.known.cls == "Country" and not h.demonym
        for h in hits
    ):
        return False
    if name.votes.get("Person", 0.0) >= LED:
        return True
    ordinary = [t for t in words if lookup.is_word(t.text) and t.ent_type_ != "PERSON"]
    if fold(words[0].text) in given_names() and len(words) > 1:
        closed = len(words) > 2 and words[-1] in ordinary  # "Ivy Brook Collection"
        return (len(ordinary) < len(words) and not closed) or fold(words[-1].text) in given_names()
    if len(words) > 2 and lookup.is_word(words[-1].text) and lookup.is_word(words[-2].text):
        return False
    return not (
        len(words) > 1 and all(lookup.is_word(t.text) for t in words) and any(t.ent_type_ != "PERSON" for t in words)
    )


def looks_human(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether it is a human's name by its shape: several words, which the model takes for no body or product."""
    if is_one_word(doc, name) or not has_person_shape(doc, name, lookup):
        return False
    tokens = doc[name.begin : name.end]
    return fold(tokens[0].text) in given_names() or any(t.ent_type_ not in INHUMAN_LABELS for t in tokens)


def _is_titled(token: Token) -> bool:
    """One capital, or the two of "McKay", "O’Neill", "VanDeer", "Al-Amin"."""
    parts = re.split(r"[-’']", token.text)
    return all(re.fullmatch(r"[^\W\d_][^\W\d_A-Z]*(?:[A-Z][^\W\d_A-Z]{2,})?", p) is not None for p in parts if p)


def is_one_word(doc: Doc, name: Name) -> bool:
    return not any(t.whitespace_ for t in doc[name.begin : name.end - 1])


def speaks(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether a verb of saying stands beside the name, also after a comma ("…, its author, NAME, wrote")."""
    saying = lookup.ontology.cues.saying
    i = name.end + 1 if name.end < len(doc) and doc[name.end].text == "," else name.end
    after = i < len(doc) and doc[i].lemma_ in saying and doc[i].pos_ == "VERB"
    begin = doc[name.begin : name.end].root.left_edge.i  # "says the group's NAME"
    return after or any(
        i > 0 and doc[i - 1].lemma_ in saying and doc[i - 1].pos_ == "VERB" for i in (begin, name.begin)
    )


def place_weight(doc: Doc, name: Name, lookup: Lookup) -> float:
    """ "In" before one foreign word with a capital is a place more often than not."""
    token = doc[name.begin]
    single = is_one_word(doc, name) and token.is_alpha and token.text.istitle() and doc[name.end - 1].text.istitle()
    followed = name.end < len(doc) and (doc[name.end].pos_ in ("NOUN", "PROPN", "ADJ") or doc[name.end].tag_ == "POS")
    if not single or followed or doc[name.begin - 1].lower_ not in ("in", "near"):
        return 0.4
    if lookup.is_word(token.text):
        return 1.0 if lookup.singular(token) == token.lower_ else 0.4
    return 1.3


def hint_place(doc: Doc, name: Name, lookup: Lookup) -> None:
    """Weigh that a place bears the name: by its size, the preposition before it, the state after it."""
    if name.noun is not None or name.quoted:
        return
    text = doc[name.core_begin : name.core_end].text
    if doc[name.begin].lower_ in COMPASS and name.end - name.begin > 3 and doc[name.begin + 1].lower_ == "and":
        name.vote("Place", 3.0)  # "East and Southern Africa"
        return
    size = place_sizes().get(fold(text).replace("’", "").replace("'", ""), 0)
    if not size:
        return
    tokens = doc[name.core_begin : name.core_end]
    before = prep_before(doc, name)
    hit = lookup.known_at(doc, name.end + 1) if name.end + 1 < len(doc) and doc[name.end].text == "," else None
    if hit is not None and hit.known.cls == "Country" and not hit.demonym:
        name.vote("Place", 2.0)  # "Gent, Belgium"
    elif all(lookup.is_word(t.text) for t in tokens if t.is_alpha) or not text[0].isupper():
        if size == max(SIZE_WEIGHTS) and not is_one_word(doc, name):
            name.hint("Place", 1.2)
        elif before in ("in", "near", "from"):
            name.hint("Place", 0.6)
    elif text.isupper() and len(text) < MIN_SHOUTED:
        return
    elif not is_one_word(doc, name):
        name.hint("Place", 1.6)
    else:
        name.hint("Place", SIZE_WEIGHTS[size] + (0.8 if before in GOING else 0.0))


def hint_model(doc: Doc, name: Name, lookup: Lookup) -> None:
    tokens: Sequence[Token] = list(doc[name.core_begin : name.core_end])
    labels = {t.ent_type_ for t in tokens}
    if len(labels) != 1:
        return
    cls, weight = MODEL_LABELS.get(labels.pop(), (None, 0.0))
    if cls is None:
        return
    known = lookup.known_at(doc, name.begin, name.end)
    if cls == "Place" and known is not None and known.end < name.end:
        return  # "Las Vegas Showcase" is in Las Vegas
    words = [t for t in tokens if t.is_alpha]
    ordinary = bool(words) and all(lookup.is_word(t.text) for t in words)
    if cls == "Person":
        titled = [t for t in words if not (t.i > name.begin and doc[t.i - 1].text == "-")]
        if ordinary or any(t.text.isupper() and len(t) > 2 for t in words) or any(not t.text.istitle() for t in titled):
            return
        weight = 0.4 if is_one_word(doc, name) else weight
    elif len(words) == 1 and words[0].text.isupper():
        weight *= 0.6  # abbreviations are guessed at
    elif ordinary and (len(words) == 1 or lookup.singular(words[-1]) != words[-1].lower_):
        weight *= 0.5  # "Wisdom", "Defence Divisions": capitals of a heading
    elif ordinary and cls == "Organisation" and doc[name.begin - 1].lower_ != "the":
        weight *= 0.8  # "Change Management"
    name.hint(cls, weight)


def prep_before(doc: Doc, name: Name) -> str:
    i = name.begin - 1
    if i >= 0 and doc[i].lower_ == "the":
        i -= 1
    return doc[i].lower_ if i >= 0 else ""
