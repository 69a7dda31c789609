"""Collect what the words around a name say about its class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Span

from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.names import Name

HEAD_NOUN = 5.0
APPOSITION = 3.0
CLASS_NOUN_BESIDE = 2.0
MODEL_LABELS = {
    "PERSON": ("Person", 1.2),
    "ORG": ("Organisation", 1.0),
    "GPE": ("Place", 1.0),
    "LOC": ("Place", 1.0),
    "FAC": ("Place", 0.6),
    "PRODUCT": ("System", 0.8),
    "EVENT": ("Event", 0.8),
}
LIKE = frozenset({"like", "including"})
PLACE_PREPOSITIONS = frozenset({"in", "near", "across", "throughout", "at"})
TICKER = re.compile(r"[A-Z]{2,8}\s*:\s*[A-Z]{1,6}")
MAX_APPOSED_WORDS = 3
COPULAS = frozenset({"be", "become", "remain"})


def collect_votes(doc: Doc, names: Sequence[Name], lookup: Lookup) -> None:
    """Add to each name of one block the votes of its head noun, its neighbours and the model."""
    chunks = {chunk.start: chunk for chunk in doc.noun_chunks}
    for name in names:
        if name.known is not None:
            continue
        if name.noun is not None:
            name.vote(name.noun.denotes, HEAD_NOUN)
        _beside(doc, name, lookup)
        _described(doc, name, chunks, lookup)
        _person(doc, name, lookup)
        _model(doc, name, lookup)
        if _prep_before(doc, name) in PLACE_PREPOSITIONS and name.noun is None:
            name.hint("Place", 0.4)
        if name.end < len(doc) and doc[name.end].text == "(" and TICKER.match(doc[name.end + 1 : name.end + 5].text):
            name.vote("Firm", 4.0)


def class_noun_after(doc: Doc, end: int, lookup: Lookup) -> tuple[Noun, int] | None:
    """The lower-case class noun right after a name ("the Digital Bridge forum") and where it ends."""
    stop = end
    while stop < len(doc) and stop - end < MAX_APPOSED_WORDS and doc[stop].pos_ in ("NOUN", "ADJ") and doc[stop].text.islower() and doc[stop].is_alpha:
        stop += 1
    if stop == end or (stop < len(doc) and doc[stop].text in ("-", "’s", "'s")):
        return None
    found = lookup.noun_ending(list(doc[end:stop]))
    return (found[0], stop) if found is not None and found[0].denotes != "Position" else None


def _beside(doc: Doc, name: Name, lookup: Lookup) -> None:
    after = class_noun_after(doc, name.end + (1 if name.quoted else 0), lookup)
    if after is not None and not after[0].suffix:
        name.vote(after[0].denotes, CLASS_NOUN_BESIDE)
    before = name.begin - (2 if name.quoted else 1)
    if before < 0 or doc[name.begin].is_sent_start:
        return
    token = doc[before]
    if token.pos_ == "NOUN" and token.text.islower() and token.tag_ == "NN":
        found = lookup.noun_ending(list(doc[max(0, before - 2) : before + 1]))
        if found is not None:
            name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, APPOSITION)
    elif (like := _listed_under(doc, before)) is not None:
        found = lookup.noun_ending(list(doc[max(0, like - 2) : like + 1]))
        if found is not None and found[0].denotes != "Position":
            name.vote(found[0].denotes, APPOSITION)


def _listed_under(doc: Doc, i: int) -> int | None:
    """The plural noun of "firms such as", "banks including", "countries like" before token ``i`` + 1."""
    if doc[i].lower_ in LIKE:
        noun = i - 1
    elif doc[i].lower_ == "as" and i > 0 and doc[i - 1].lower_ == "such":
        noun = i - 2
    else:
        return None
    if noun > 0 and doc[noun].text == ",":
        noun -= 1
    return noun if noun >= 0 and doc[noun].tag_ == "NNS" else None


def _described(doc: Doc, name: Name, chunks: dict[int, Span], lookup: Lookup) -> None:
    """Apposition with a comma, dash or bracket ("X, a developer of …"), and the copula ("X is a platform …")."""
    i = name.end + (1 if name.quoted else 0)
    if i + 1 >= len(doc):
        return
    if doc[i].text == "(" and (close := _closing(doc, i)) is not None and close + 1 < len(doc):
        i = close + 1
    if doc[i].text in (",", "–", "—", "-"):
        start = i + 1
        weight = APPOSITION
    elif doc[i].lemma_ in COPULAS and doc[i].pos_ in ("AUX", "VERB"):
        start = i + 1
        weight = APPOSITION
    else:
        return
    while start < len(doc) and doc[start].pos_ == "ADV":
        start += 1
    chunk = chunks.get(start)
    if chunk is None:
        return
    found = lookup.noun_ending(list(doc[chunk.start : chunk.root.i + 1]))
    if found is not None and (_describes(chunk) or found[0].denotes == "Position"):
        name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, weight)


def _describes(chunk: Span) -> bool:
    """A description has an article, a possessor or a common noun as its head; a bare name in a list has none."""
    return chunk.root.pos_ == "NOUN" or chunk[0].pos_ == "DET"


def _closing(doc: Doc, i: int) -> int | None:
    return next((j for j in range(i + 1, min(i + 12, len(doc))) if doc[j].text == ")"), None)


def _person(doc: Doc, name: Name, lookup: Lookup) -> None:
    tokens = list(doc[name.begin : name.end])
    if name.noun is not None or not all(t.text[0].isupper() or t.text in "-.’'" for t in tokens):
        return
    after = doc[name.end : name.end + 2]
    if any(t.lower_ == "who" for t in after) and (after[0].lower_ == "who" or after[0].text == ","):
        name.vote("Person", 3.0)
    words = [t for t in tokens if t.is_alpha]
    foreign = sum(not lookup.is_word(t.text) for t in words)
    saying = lookup.ontology.cues.saying
    speaks = (len(after) and after[0].lemma_ in saying and after[0].pos_ == "VERB") or (name.begin > 0 and doc[name.begin - 1].lemma_ in saying and doc[name.begin - 1].pos_ == "VERB")
    if speaks and 1 < len(words) <= 4 and foreign:
        name.vote("Person", 1.0)


def _model(doc: Doc, name: Name, lookup: Lookup) -> None:
    tokens = doc[name.core_begin : name.core_end]
    labels = {t.ent_type_ for t in tokens}
    if len(labels) != 1:
        return
    cls, weight = MODEL_LABELS.get(labels.pop(), (None, 0.0))
    if cls is None:
        return
    words = [t for t in tokens if t.is_alpha]
    if cls == "Person":
        if all(lookup.is_word(t.text) for t in words) or any(t.text.isupper() and len(t) > 2 for t in words):
            return
        weight = weight if len(words) > 1 else 0.4
    elif len(words) == 1 and words[0].text.isupper():
        weight *= 0.6  # abbreviations are guessed at
    name.hint(cls, weight)


def _prep_before(doc: Doc, name: Name) -> str:
    i = name.begin - 1
    if i >= 0 and doc[i].lower_ == "the":
        i -= 1
    return doc[i].lower_ if i >= 0 else ""

