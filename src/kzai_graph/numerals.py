"""Spot numbers in a text, in figures and in words, with the scale and the currency that belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kzai_graph.currencies import COMMON_WORDS, SIGN_PATTERN, WORD_PATTERN, code_of

SMALL = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split(),
        range(1, 20),
        strict=True,
    )
)
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
SCALES = {
    "dozen": 12, "hundred": 100, "thousand": 1000, "k": 1000, "lakh": 10**5, "million": 10**6, "mln": 10**6,
    "mn": 10**6, "m": 10**6, "crore": 10**7, "billion": 10**9, "bln": 10**9, "bn": 10**9, "b": 10**9,
    "trillion": 10**12, "trn": 10**12, "tn": 10**12,
}  # fmt: skip
UNITS_ATTACHED = (
    "kW|MW|GW|TW|kWh|MWh|GWh|TWh|Hz|kHz|MHz|GHz|km|km2|km²|kg|ha|GB|TB|PB|MB|Mbps|Gbps|Mbit|Gbit|nm|mm|cm|sqm"
)
MIN_OF_COMMON_WORD = 1000
FRACTIONS = {"¼": Decimal("0.25"), "½": Decimal("0.5"), "¾": Decimal("0.75")}
_FIGURES = r"\d{1,3}(?:[,\u00a0\u202f ’']\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d{1,2}(?!\d)|\.\d+|[¼½¾])?"
_LARGE = r"hundred|thousand|million|billion|trillion|lakh|crore|mln|bln|mn|bn|trn|tn"
_WORD = "|".join(sorted({*SMALL, *TENS}, key=len, reverse=True))
_WORDS = (
    rf"(?:half\s+an?\s+(?=dozen|{_LARGE})|half-(?=(?:million|billion|trillion)\b)|(?:{_WORD})\b|an?(?=\s+(?:dozen|{_LARGE})\b))"
    rf"(?:[\s-]*(?:and\s+)?(?:{_WORD}|a\s+half|dozen|hundred|thousand|million|billion|trillion)\b)*"
)
# A currency's word before the sum, which no name of a tournament or a norm ("Euro 2024", "Euro 5") looks like.
_WORD_BEFORE = rf"(?:Euros?|Rupees|Naira|Dollars)(?=\s(?:\d{{1,3}}(?:,\d{{3}})+|[\d.,]+\s?(?:{_LARGE})\b))"
# "K84 billion": a letter is a currency only before a sum, for there are also classes and grades.
_LETTER_BEFORE = rf"K(?=\d{{1,3}}(?:(?:,\d{{3}})+\b|(?:\.\d+)?\s?(?:{_LARGE})\b))"
_CONFERENCE = re.compile(r"COP\d\d\b(?![,.]\d)")
_NUMBER = re.compile(
    rf"(?<![\w.,/#№$€£:+@=&?])(?<!\D-)(?<!^-)(?:(?P<sign>{SIGN_PATTERN}|{_WORD_BEFORE}|{_LETTER_BEFORE})\s?)?"
    rf"(?:(?P<figures>{_FIGURES})(?:[\s-]?(?P<scale>{_LARGE})\b|(?P<letter>[mbkMBK])\b)?(?P<plus>\+(?=\s))?|(?P<words>\b(?i:{_WORDS})))"
    rf"(?(sign)|(?:[\s-]?(?P<after>(?:[€₸£₽₺₴₼₾]|(?:{SIGN_PATTERN})\b|{WORD_PATTERN})(?!\s?\d)))?)",
)
_NO_NUMBER = re.compile(rf"\)\s?\d|\.?\d|[:/]\d|-\d+-|@|\.\w|(?!(?:{UNITS_ATTACHED})\b)\w")


_COMMON = frozenset({*COMMON_WORDS, *(f"{word}s" for word in COMMON_WORDS)})
_PHONE = re.compile(r"\d{3}-\d{4}\b")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number: character offsets, its value with the scale applied, and its currency.

    ``digits``: it is written in figures. ``scaled``: a scale word or letter stands with it, ``factor`` in figures.
    ``plus``: it is a
    lower bound ("700+"). ``money``: the words or the sign of its currency.
    """

    begin: int
    end: int
    value: Decimal
    digits: bool
    scaled: bool
    factor: Decimal = Decimal(1)
    plus: bool = False
    money: str | None = None
    currency: str | None = None


def scan_numerals(text: str) -> Iterator[Numeral]:
    """Yield the numbers of a text in order; those inside words, codes, times of day and ordinals are left out."""
    for match in _NUMBER.finditer(text):
        numeral = _numeral(text, match)
        if numeral is not None:
            yield numeral


def _numeral(text: str, match: re.Match[str]) -> Numeral | None:
    figures, words, letter = match["figures"], match["words"], match["letter"]
    money = match["sign"] or match["after"]
    if _CONFERENCE.match(text, match.start()) and not match["scale"]:
        return None
    if _NO_NUMBER.match(text, match.end()) or (letter and not money and letter != "k"):
        return None
    if figures:
        if re.match(r"0\d", figures) or (not money and _PHONE.match(text, match.start())):
            return None
        factor = Decimal(SCALES.get((match["scale"] or letter or "").lower(), 1))
        value = _read_figures(figures) * factor
        if factor > 1 and value == value.to_integral_value():
            value = value.to_integral_value()
    else:
        read = _read_words(words)
        if read is None:
            return None
        value = read
        factor = Decimal(max((f for f in (10**12, 10**9, 10**6, 1000) if read >= f), default=1))
    end = match.end()
    if money == match["after"] and money in _COMMON and value < MIN_OF_COMMON_WORD:
        money, end = None, match.start("after") - 1
    code = code_of(money) if money else None
    return Numeral(match.start(), end, value, bool(figures), factor > 1, factor, bool(match["plus"]), money, code)


def _read_figures(figures: str) -> Decimal:
    """Read "1,240", "12 500.5", "2½" and, with a decimal comma, "1,5"."""
    if figures[-1] in FRACTIONS:
        return Decimal(figures[:-1]) + FRACTIONS[figures[-1]]
    if re.fullmatch(r"\d+,\d{1,2}", figures):
        return Decimal(figures.replace(",", "."))
    return Decimal(re.sub(r"[^\d.]", "", figures))


def _read_words(words: str) -> Decimal | None:
    """Add up "two hundred and forty thousand", "one and a half million"; ``None`` for no single number ("one two")."""
    total, current, last = Decimal(0), Decimal(0), 10**15
    for word in re.split(r"[\s-]+", re.sub(r"\ba\s+half\b", "half", words.lower())):
        if word in ("and", "a", "an", ""):
            current = current or Decimal(word in ("a", "an"))
        elif word == "half":
            current += Decimal("0.5")
        elif word in SMALL or word in TENS:
            size = SMALL.get(word) or TENS[word]
            if size >= last or (size >= 10 and last < 100):
                return None
            current += size
            last = 10 if word in TENS else 1
        elif SCALES[word] in (12, 100):
            current = (current or Decimal(1)) * SCALES[word]
            last = 100
        else:
            total += (current or Decimal(1)) * SCALES[word]
            current, last = Decimal(0), 10**15
    total += current
    return total.to_integral_value() if total == total.to_integral_value() else total
