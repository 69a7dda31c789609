"""Read the words that follow a number: the noun phrase that it counts, or the unit in which it measures."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

MAX_PHRASE_TOKENS = 9
MEASURES = frozenset(
    "watt kilowatt megawatt gigawatt terawatt kw mw gw tw kwh mwh gwh twh kilowatt-hour megawatt-hour hertz "
    "kilohertz megahertz gigahertz hz khz mhz ghz metre meter kilometre kilometer mile km km2 km² hectare ha acre "
    "tonne ton kilogram kg litre liter barrel byte kilobyte megabyte gigabyte terabyte petabyte exabyte kb mb gb "
    "tb pb mbps gbps mbit gbit flop teraflop petaflop exaflop teraflops petaflops exaflops tflops pflops eflops "
    "qubit cent degree pixel sqm nanometre nanometer nm mm cm".split()
)
MEASURE_MODIFIERS = frozenset("basis square cubic metric nautical percentage".split())
PERIODS = frozenset("second minute hour day week month quarter year decade".split())
COLLECTIVES = frozenset("staff personnel people police".split())
DEFINITE = frozenset("the these those both its their our his her my your this that".split())
# Words between a number and what it counts that are no part of the unit: "900 more cameras".
_LEFT_OUT = frozenset("more other further additional another such remaining different least same".split())


def unit_phrase(doc: Doc, start: int) -> list[Token]:
    """Collect the noun phrase from its first modifier to its head; empty if none begins at the token ``start``."""
    words: list[Token] = []
    length = 0
    for token in doc[start : start + MAX_PHRASE_TOKENS]:
        if token.is_sent_start and token.i != start:
            break
        if token.lower_ in _LEFT_OUT and not words:
            continue
        if token.pos_ in ("NOUN", "PROPN") and not token.like_num:
            words.append(token)
            length = len(words)
            if token.tag_ in ("NNS", "NNPS") and not _modifies_next(doc, token):
                break
        elif _is_modifier(doc, token, words):
            words.append(token)
        else:
            break
    return words[:length]


def _is_modifier(doc: Doc, token: Token, words: list[Token]) -> bool:
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if after is None:
        return False
    if token.text in ("-", "–", "/", "&"):
        return bool(words) and not token.whitespace_ and not doc[token.i - 1].whitespace_
    if after.text == "-" and not token.whitespace_ and token.is_alpha:
        return True  # "by-laws"
    if token.lower_ in (",", "and"):
        return bool(words) and (
            (words[-1].pos_ == "ADJ" and after.pos_ == "ADJ") or _joins_modifiers(doc, token, words)
        )
    if token.pos_ == "ADV":
        return after.tag_ in ("VBN", "JJ")
    return token.pos_ == "ADJ" or token.tag_ in ("VBN", "VBG", "POS")


def _joins_modifiers(doc: Doc, token: Token, words: list[Token]) -> bool:
    """Tell "and" between two nouns that modify a third: "forty rail and ferry stations"."""
    if token.lower_ != "and" or words[-1].tag_ != "NN" or token.i + 2 >= len(doc):
        return False
    second, head = doc[token.i + 1], doc[token.i + 2]
    return second.tag_ == "NN" and head.tag_ == "NNS" and second.dep_ in ("compound", "conj", "nmod")


def _modifies_next(doc: Doc, token: Token) -> bool:
    """Tell a plural that only modifies the next noun ("systems engineers")."""
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    return after is not None and after.pos_ in ("NOUN", "PROPN") and token.dep_ == "compound" and token.head.i > token.i


def measure_at(doc: Doc, words: list[Token]) -> tuple[str, int] | None:
    """Return the unit of measure that opens the phrase ("MW", "basis points", "cents per kWh") and the token after."""
    first = words[0]
    if first.lower_ in MEASURE_MODIFIERS and len(words) > 1:
        return f"{first.text} {words[1].text}", words[1].i + 1
    if is_measure(first.text) or first.lemma_.lower() in MEASURES:
        return with_rate(doc, first.text, first.i + 1)
    return None


def is_measure(word: str) -> bool:
    """Tell a unit of measure, in singular or plural."""
    return word.lower() in MEASURES or word.lower().removesuffix("s") in MEASURES


def with_rate(doc: Doc, unit: str, end: int) -> tuple[str, int]:
    """Add "per kWh" or "a week" to a unit that ends before the token ``end``."""
    if end + 1 < len(doc):
        word, of = doc[end].lower_, doc[end + 1]
        if word in ("per", "each", "every") or (word in ("a", "an") and of.lemma_ in PERIODS):
            return f"{unit} {doc[end].text} {of.text}", end + 2
    return unit, end


def is_countable(noun: Token) -> bool:
    """Tell a noun that a number can count: a plural, also one that the tagger missed, or a collective."""
    return noun.tag_ in ("NNS", "NNPS") or noun.lower_ in COLLECTIVES or re.search(r"[^s]s$", noun.lower_) is not None
