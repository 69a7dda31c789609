"""Find the quantities of a block: each number read, then ranges, bounds and the units that several numbers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Doc

from kzai_graph.dates import TimeExpression
from kzai_graph.numerals import Numeral
from kzai_graph.quantity import LOOK_BACK, Quantity, find_numbers

__all__ = ["Quantity", "find_quantities"]

SCORING = frozenset("score rating index value mark grade result".split())
SCORING_REACH = 4
LARGE = 10_000
MAX_BACK = 12  # numbers: a unit named longer ago is not meant again
_AT_LEAST = re.compile(
    r"\b(?:at\s+least|more\s+than|over|(?:no|not)\s+(?:less|fewer)\s+than|above|exceed\w*|minimum\s+of)\s+$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:\bup\s+to|\bat\s+most|\b(?:no|not)\s+more\s+than|\b(?:less|fewer)\s+than|\bunder|\bbelow|\bmaximum\s+of)\s+$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s+(?:about\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:about\s+)?$", re.IGNORECASE)
_RANGE_SIGN = re.compile(r"\s?(?:–|—|-|to|or)\s?")
# What stands before a number that leaves its unit to the one before: "up from 450", "another 900", "only nine".
_ELLIPTIC = re.compile(
    r"(?:\b(?:another|only|just|about|to|from|against|nor|or|and|for|than|some|with)|[,;:(.]|^)\s*$", re.IGNORECASE
)
_STRICT = re.compile(r"\b(?:only|just|another)\s+$", re.IGNORECASE)
_REFERS_BACK = re.compile(r"(?:\b(?:another|only|just|for|some)|[.]|^)\s*$", re.IGNORECASE)
# "A population of 320,000" counts people without saying so.
_BODIES = re.compile(
    r"\b(?P<body>population|audience|workforce|membership|readership|attendance|enrol?lment|turnout|fleet|network|headcount)"
    r"\s+(?:of|to|at|exceeding|surpassing|reaching|totall?ing)\s+(?:\w+\s+){0,2}$"
    r"|\b(?P<bodies>[a-z]+s)\s+(?:exceeding|surpassing|reaching|totall?ing)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)


def find_quantities(doc: Doc, *, times: Sequence[TimeExpression]) -> list[Quantity]:
    """Find the quantities of a block, in order.

    ``times`` are the dates and durations already found: a number in a date is none. Labels ("Article 5"), numbers in
    names and the pronoun "one" are left out. A number without a noun takes the unit of the one before it where the
    wording says so, and stays ``bare`` otherwise.
    """
    found = find_numbers(doc, times=times)
    text = doc.text
    numerals = [n for n, _ in found]
    quantities = [q for _, q in found]
    for n, (left, right) in enumerate(pairwise(numerals)):
        quantities[n], quantities[n + 1] = _as_range(text, left, right, quantities[n], quantities[n + 1])
    done: list[Quantity] = []
    for numeral, quantity in zip(numerals, quantities, strict=True):
        quantity = _bounded(text[max(0, numeral.begin - LOOK_BACK) : numeral.begin], quantity, plus=numeral.plus)
        timed = any(time.begin == quantity.end for time in times)
        done.append(
            _with_shared_unit(
                doc,
                text[max(0, numeral.begin - 2 * LOOK_BACK) : numeral.begin],
                numeral,
                quantity,
                done[-MAX_BACK:],
                timed,
            )
        )
    return [q for q in done if q.kind != "label"]


def _as_range(text: str, left: Numeral, right: Numeral, low: Quantity, high: Quantity) -> tuple[Quantity, Quantity]:
    """Read "20–30 staff", "between $5 and $7 million", "from 3.1 to 4 percent": unit and scale stand at the end."""
    between, before = text[left.end : right.begin], text[max(0, left.begin - LOOK_BACK) : left.begin]
    enclosed = _BETWEEN.search(before) is not None and between.strip() == "and"
    alike = low.kind in ("bare", "money") or (low.kind, low.unit) == (high.kind, high.unit)
    if not (enclosed or _RANGE_SIGN.fullmatch(between)) or not alike or high.kind == "label":
        return low, high
    if high.kind == "bare" and low.kind == "money":
        high = replace(high, kind="money", unit=low.unit, currency=low.currency)
    if right.scaled and not left.scaled and low.value < right.factor:
        low = replace(low, value=low.value * right.factor)
    low = replace(low, kind=high.kind, unit=high.unit, currency=high.currency, head=high.head, of=high.of)
    if low.value < high.value and not _FROM.search(before):
        low = replace(low, minimum=low.value, maximum=high.value)
        return low, replace(high, minimum=low.value, maximum=high.value)
    return low, high


def _bounded(before: str, quantity: Quantity, *, plus: bool) -> Quantity:
    if quantity.minimum is None and quantity.maximum is None:
        if _AT_MOST.search(before):
            return replace(quantity, maximum=quantity.value)
        if plus or _AT_LEAST.search(before):
            return replace(quantity, minimum=quantity.value)
    return quantity


def _with_shared_unit(
    doc: Doc, before: str, numeral: Numeral, quantity: Quantity, done: Sequence[Quantity], timed: bool
) -> Quantity:
    """Give a number without a noun the unit of the one before.

    In its sentence, or after an elliptic word in the sentence before. ``timed``: a date follows the number.
    """
    if quantity.kind not in ("bare", "label"):
        return quantity
    sentence = doc[quantity.begin].sent
    after = doc[quantity.end] if quantity.end < sentence.end else None
    ends = timed or after is None or after.is_punct or after.pos_ in ("CCONJ", "SCONJ", "ADP", "ADV") or after.is_space
    last = next((q for q in reversed(done) if _lends_unit(q, numeral)), None)
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
    if last is None or doc[last.begin].sent.end < sentence.start:
        return quantity
    more = after is not None and after.lower_ in ("more", "others", "further")
    elliptic = more or (_ELLIPTIC if same_sentence else _REFERS_BACK).search(before) is not None
    stands_alone = ends and same_sentence and last.kind in ("score", "measure", "percent")
    misread = after is not None and after.tag_ == "NN" and _STRICT.search(before) is not None  # "only nine work"
    nouns_follow = (
        not timed and not misread and after is not None and after.pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "X", "SYM")
    )
    if (elliptic and (not nouns_follow or more)) or stands_alone:
        counted = next((q for q in reversed(done) if q.kind == "count"), None) if more else last
        return _like(quantity, counted or last)
    return quantity


def _lends_unit(earlier: Quantity, numeral: Numeral) -> bool:
    """Tell whether the unit of a quantity may be meant again: of millions, money or a large count."""
    if not earlier.unit:
        return False
    if numeral.scaled:
        return earlier.kind == "money" or (earlier.kind == "count" and earlier.value >= LARGE)
    return earlier.kind in ("count", "measure", "score", "percent")


def _like(quantity: Quantity, other: Quantity) -> Quantity:
    return replace(quantity, kind=other.kind, unit=other.unit, currency=other.currency)
