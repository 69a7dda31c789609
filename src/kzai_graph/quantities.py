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
from kzai_graph.shared_units import with_shared_unit

__all__ = ["Quantity", "find_quantities"]

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
            with_shared_unit(
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
    alike = low.kind == "bare" or (low.kind, low.unit) == (high.kind, high.unit)
    alike = alike or (low.kind == "money" and high.kind in ("bare", "money"))  # no "€9 million to 15 projects"
    if low.kind == "label" and high.kind == "bare" and _RANGE_SIGN.fullmatch(between):
        return low, replace(high, kind="label")  # "grades 6 to 9"
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
