"""Give a number without a noun what it counts: the unit of a number before it, or the noun that it is one of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from kzai_graph.numerals import Numeral
from kzai_graph.quantity import Quantity

SCORING = frozenset("score rating index value mark grade result".split())
SCORING_REACH = 4
LARGE = 10_000
MIN_SUBJECT = 10
MIN_GAUGED = 10
GAUGING = frozenset(
    "stand rise fall grow drop climb reach total number jump increase decrease decline surge exceed sink".split()
)
ABOUT = frozenset("about some nearly almost around roughly only just over approximately".split())
SUMMED = frozenset("average mean median total maximum minimum peak record sum price value figure number".split())
# What stands before a number that leaves its unit to the one before: "up from 450", "another 900", "only nine".
_ELLIPTIC = re.compile(
    r"(?:\b(?:another|only|just|about|to|from|against|nor|or|and|for|than|some|with)|[,;:(.]|^)\s*$", re.IGNORECASE
)
_STRICT = re.compile(r"\b(?:only|just|another)\s+$", re.IGNORECASE)
_REFERS_BACK = re.compile(r"(?:\b(?:another|only|just|for|some)|[.]|^)\s*$", re.IGNORECASE)
# "of which 290", "instead of the 71", "the other 45": the number is one of what was counted before.
_PART_OF = re.compile(
    r"\b(?:of\s+(?:those|these|them|which|whom|this|that),?|instead\s+of(?:\s+the)?|(?:than|from|to|against|only)\s+the"
    r"|the\s+(?:other|remaining))\s+(?:about\s+|some\s+|only\s+|just\s+|nearly\s+|almost\s+)?$",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\b(?:against|from|to|than|versus|with)\s+(?:the\s+|about\s+|only\s+)?$", re.IGNORECASE)
_OF_THEM = re.compile(r"(?:of|among)\s+(?:them|these|those|which|whom)\b", re.IGNORECASE)
# "A population of 320,000" counts people without saying so.
_BODIES = re.compile(
    r"\b(?P<body>population|audience|workforce|staff|membership|readership|attendance|enrol?lment|turnout|fleet|network|headcount)"
    r"\s+(?:of|to|at|exceeding|surpassing|reaching|totall?ing)\s+(?:\w+\s+){0,2}$"
    r"|\b(?P<bodies>[a-z]+s)\s+(?:exceeding|surpassing|reaching|totall?ing)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)


def with_shared_unit(
    doc: Doc, before: str, numeral: Numeral, quantity: Quantity, done: Sequence[Quantity], timed: bool
) -> Quantity:
    """Give a number without a noun the unit of the one before.

    In its sentence, or after an elliptic word in the sentence before. ``before``: the characters in front of it;
    ``done``: the quantities in front of it; ``timed``: a date follows it.
    """
    if quantity.kind not in ("bare", "label"):
        return quantity
    sentence = doc[quantity.begin].sent
    after = doc[quantity.end] if quantity.end < sentence.end else None
    ends = timed or after is None or after.is_punct or after.pos_ in ("CCONJ", "SCONJ", "ADP", "ADV") or after.is_space
    lenders = [q for q in done if _lends_unit(q, numeral, before)]
    if len(lenders) > 1 and lenders[-1].kind == "money" and doc[lenders[-1].begin - 1].text == "(":
        lenders.pop()  # a sum in brackets only says the one before it in another currency
    last = lenders[-1] if lenders else None
    same_sentence = last is not None and last.begin >= sentence.start
    if quantity.kind == "label":
        # "A scored 84, B 23": a name before the number is no part of it where the sentence has counted the like before.
        if not (last is not None and same_sentence and last.kind in ("score", "measure", "percent") and ends):
            return quantity
        return _like(quantity, last)
    scored = any(
        t.lemma_.lower() in SCORING for t in doc[max(sentence.start, quantity.begin - SCORING_REACH) : quantity.begin]
    )
    if scored and ends:
        return (
            _like(quantity, last)
            if last is not None and same_sentence and last.kind == "score"
            else replace(quantity, kind="score", unit="score")
        )
    if body := _BODIES.search(before):
        followed = after is not None and after.pos_ in ("NOUN", "PROPN", "ADJ")
        return quantity if followed else replace(quantity, kind="count", unit=(body["body"] or body["bodies"]).lower())
    if (gauge := _gauged(doc, quantity)) is not None and ends:
        return replace(
            quantity, kind="count" if quantity.value == quantity.value.to_integral_value() else "score", unit=gauge
        )
    near = last is not None and doc[last.begin].sent.end >= sentence.start
    of_money = numeral.scaled and near and last is not None and last.kind == "money"
    if last is not None and of_money and (ends or (after is not None and after.pos_ in ("VERB", "AUX", "PRON"))):
        return _like(quantity, last)
    if not of_money and _is_part(doc, before, quantity, after):
        if near and last is not None:
            return _like(quantity, last)
        unit = _plural_before(doc, sentence)
        return quantity if unit is None else replace(quantity, kind="count", unit=unit)
    if last is None or not near:
        return quantity
    more = after is not None and after.lower_ in ("more", "others", "further")
    elliptic = more or (_ELLIPTIC if same_sentence else _REFERS_BACK).search(before) is not None
    elliptic = elliptic or (same_sentence and before.endswith(" in ") and (after is None or after.is_punct))
    stands_alone = ends and same_sentence and last.kind in ("score", "measure", "percent")
    misread = after is not None and after.tag_ == "NN" and _STRICT.search(before) is not None  # "only nine work"
    nouns_follow = (
        not timed and not misread and after is not None and after.pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "X", "SYM")
    )
    if (elliptic and (not nouns_follow or more)) or stands_alone:
        counted = next((q for q in reversed(done) if q.kind == "count"), None) if more else last
        return _like(quantity, counted or last)
    return quantity


def _lends_unit(earlier: Quantity, numeral: Numeral, before: str) -> bool:
    """Tell whether the unit of a quantity may be meant again: of millions, money or a large count."""
    if not earlier.unit:
        return False
    if numeral.scaled:
        return earlier.kind == "money" or (earlier.kind == "count" and earlier.value >= LARGE)
    if earlier.kind == "duration":
        return not earlier.definite and _COMPARED.search(before) is not None
    return earlier.kind in ("count", "measure", "score", "percent")


def _like(quantity: Quantity, other: Quantity) -> Quantity:
    return replace(quantity, kind=other.kind, unit=other.unit, currency=other.currency)


def _is_part(doc: Doc, before: str, quantity: Quantity, after: Token | None) -> bool:
    """Tell a number of things that were named before: "of which 290", "96 of them", "19 that work", "87 are listed"."""
    if _PART_OF.search(before) or (after is not None and after.tag_ in ("WDT", "WP")):
        return after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM")
    if after is None:
        return False
    if _OF_THEM.match(doc.text, after.idx):
        return True
    own = doc[quantity.end - 1]
    if quantity.value < MIN_SUBJECT or after.pos_ not in ("VERB", "AUX"):
        return False
    if own.dep_ in ("nsubj", "nsubjpass"):
        return True
    verb = after.head if after.dep_ in ("aux", "auxpass") else after
    return after.lower_ in ("are", "were", "have") and not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)


def _plural_before(doc: Doc, sentence: Span) -> str | None:
    """The last plural of the sentence before, with what modifies it: "a register of scoring models"."""
    if not sentence.start:
        return None
    for token in reversed(list(doc[sentence.start - 1].sent)):
        if token.tag_ in ("NNS", "NNPS") and token.dep_ != "compound":
            return _noun_phrase(doc, token)
    return None


def _gauged(doc: Doc, quantity: Quantity) -> str | None:
    """What a number without a unit measures: "an efficiency of 1.25", "bus passes stood at 4.1 million"."""
    at = quantity.begin - 1
    while at > 0 and doc[at].lower_ in ABOUT:
        at -= 1
    if at < 1:
        return None
    whole = quantity.value == quantity.value.to_integral_value()
    if doc[at].lower_ == "of" and not whole:
        noun = doc[at - 1]
        if noun.text == ")" and noun.i > 2:  # "power usage effectiveness (PUE) of 1.4"
            noun = doc[noun.i - 3]
        return _noun_phrase(doc, noun) if noun.pos_ == "NOUN" and noun.lemma_.lower() not in SUMMED else None
    verb = doc[at] if doc[at].pos_ == "VERB" else doc[at - 1] if doc[at].lower_ in ("at", "to") else None
    if verb is None or verb.lemma_ not in GAUGING or (whole and quantity.value < MIN_GAUGED):
        return None
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass") and c.pos_ in ("NOUN", "PROPN")), None)
    return _noun_phrase(doc, subject) if subject is not None and subject.lemma_.lower() not in SUMMED else None


def _noun_phrase(doc: Doc, noun: Token) -> str:
    begin = noun.i
    while begin and (
        doc[begin - 1].dep_ in ("compound", "amod", "nmod")
        and doc[begin - 1].head.i <= noun.i
        and doc[begin - 1].head.i >= begin
    ):
        begin -= 1
    return " ".join(doc[begin : noun.i + 1].text.split())
