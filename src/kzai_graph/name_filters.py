"""Tell capitals that name nothing: general abbreviations, numbered parts, languages, sums, defined terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from kzai_graph.currencies import CODES, SIGNS
from kzai_graph.lookup import Lookup
from kzai_graph.wording import Name, is_plural

COUNT = re.compile(r"(?:\d[\w.,/()-]*|[IVX]{1,5}[A-Za-z]?|[A-Z]|one|two|three|four|five|six)$", re.IGNORECASE)
LANGUAGE_NOUNS = frozenset("language languages translation translations subtitles dialect alphabet grammar".split())
SPOKEN = frozenset({"speaking", "language"})
INTO = frozenset({"in", "into"})
MAX_LISTED = 8
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
REACHING = frozenset({"contact", "visit", "call", "email", "mail", "write", "reach", "include", "follow"})


def names_nothing(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether a name is a general term, a currency, a numbered part, or what a contract calls its parties."""
    tokens = [t for t in doc[name.begin : name.end] if t.text not in "-–.()®™"]
    if not tokens or name.known is not None:
        return not tokens
    cues = lookup.ontology.cues
    if doc[name.begin : name.end].text.casefold() in cues.nameless:
        return True
    if all(t.lower_ in cues.nameless for t in tokens):
        return True
    if is_currency(doc, name.begin, name.end):
        return True
    if tokens[0].lower_ in cues.counted_parts and len(tokens) > 1 and all(COUNT.match(t.text) for t in tokens[1:]):
        return True
    return name.quoted and name.noun is not None and _is_party(doc, name, lookup)


def in_contact_line(doc: Doc, name: Name) -> bool:
    """Tell whether it stands among addresses: a sentence with an e-mail address in which nothing is said."""
    sentence = doc[name.begin].sent
    if not any(t.like_email for t in sentence):
        return False
    return not any(t.pos_ == "VERB" and t.lemma_ not in REACHING for t in sentence)


def is_slogan(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether capitals only stress ordinary words in the plural, as in lists of services: "Market Surveys"."""
    if name.quoted or name.owner is not None or name.end - name.begin < 2 or lookup.known_at(doc, name.begin):
        return False
    words = [t for t in doc[name.begin : name.end] if t.is_alpha]
    if not words or not is_plural(words[-1], lookup) or not all(lookup.is_word(t.text) for t in words):
        return False
    if (name.noun is not None and name.noun.suffix) or (name.begin and doc[name.begin - 1].lower_ == "the"):
        return False
    return not any(t.tag_ in FINITE for t in doc[name.begin].sent)


def common_abbreviations(doc: Doc, lookup: Lookup) -> Iterator[str]:
    """Yield the short forms of common phrases: "chronic kidney disease (CKD)"."""
    for token in doc:
        short = token.nbor().text if token.text == "(" and token.i + 2 < len(doc) else ""
        if not (short.isupper() and short.isalpha() and doc[token.i + 2].text == ")" and token.i >= len(short)):
            continue
        words = [t for t in doc[max(0, token.i - 2 * len(short)) : token.i] if t.is_alpha][-len(short) :]
        if not all(w.text.islower() for w in words) or [w.text[0] for w in words] != list(short.casefold()):
            continue
        if lookup.noun_ending(words) is None and lookup.known_exactly(doc, words[0].i, token.i) is None:
            yield short


def is_currency(doc: Doc, begin: int, end: int) -> bool:
    """Tell whether a token is the code or sign of a currency with its sum beside it ("CAD 21.4 million")."""
    if end - begin != 1 or not (doc[begin].text in CODES or doc[begin].text in SIGNS):
        return False
    beside = [doc[i] for i in (begin - 1, end) if 0 <= i < len(doc)]
    return any(t.like_num or t.text[0].isdigit() for t in beside)


def _is_party(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """ "(the “Company”)": a bare class noun in quotation marks and brackets is a word for what the text has named."""
    found = lookup.noun_ending(list(doc[name.begin : name.end]))
    before = [t.text for t in doc[max(0, name.begin - MAX_LISTED) : name.begin]]
    inside = "(" in before and ")" not in before[before.index("(") :]
    return found is not None and found[1] == name.end - name.begin == 1 and inside


def is_language(doc: Doc, begin: int, end: int) -> bool:
    """Tell whether a demonym speaks of a language: "in Finnish and Greek", "the Greek language", "Greek-speaking"."""
    after = doc[end] if end < len(doc) else None
    if after is not None and after.lower_ in LANGUAGE_NOUNS:
        return True
    if after is not None and after.text == "-" and end + 1 < len(doc) and doc[end + 1].lower_ in SPOKEN:
        return True
    stop = end
    while stop < len(doc) and stop - end < MAX_LISTED and _goes_on(doc, stop):
        stop += 1
    if stop < len(doc) and (doc[stop].pos_ in ("NOUN", "ADJ", "VERB", "NUM") or doc[stop].text in ("-", "/")):
        return False
    start = begin - 1
    while start > 0 and begin - start < MAX_LISTED and _goes_on(doc, start):
        start -= 1
    return start >= 0 and doc[start].lower_ in INTO


def _goes_on(doc: Doc, i: int) -> bool:
    """Tell whether a token belongs to a list of names."""
    return doc[i].lower_ in (",", "and", "or", "both") or doc[i].text[0].isupper()
