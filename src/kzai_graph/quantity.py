"""Read each number of a parsed block by itself: what it measures or counts, or that it is a mere label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from spacy.tokens import Doc, Span

from kzai_graph.dates import TimeExpression
from kzai_graph.numerals import SMALL, Numeral, scan_numerals
from kzai_graph.units import DEFINITE, PERIODS, is_countable, is_measure, measure_at, unit_phrase, with_rate

# A number after one of these is a label: "article 12", "Phase 2", "page 3".
LABELS = frozenset(
    "article section chapter paragraph clause annex appendix table figure fig phase stage level tier version page "
    "step part item point episode class grade form volume issue no number resolution regulation order decision "
    "room line zone lot directive act law rule question q sdg goal pillar scenario option notice window mark type "
    "model generation vision agenda convention category power route channel unit".split()
)
HEADCOUNTS = frozenset(
    "bed seat member page room strong people person point nation country state storey household classroom apartment "
    "article question bus truck satellite vessel".split()
)
MIN_HEADCOUNT = 10
MIN_CODE = 1000  # "ISO 27001": such a number after capitals, written without a separator, is part of a name
POINTS = frozenset({"point", "mark"})
PARTS = frozenset("thirds fourths fifths sixths sevenths eighths ninths tenths".split())
POINTS_MADE = frozenset("make raise list discuss address note stress".split())
LOOK_BACK = 24
_PERCENT = re.compile(r"\s?(?:%|percent\b|per\s?cent\b|pct\b)(?P<points>[\s-]+points?\b)?", re.IGNORECASE)
_OUT_OF = re.compile(
    r"(?:\s+(?P<unit>points?|marks?))?\s+(?:out\s+)?of\s+"
    r"(?:a\s+(?:possible|maximum|total)\s+(?:of\s+)?)?(?P<whole>\d+)\b"
    r"|\s?/\s?(?P<slash>\d+)\b"
)
_IS_WHOLE = re.compile(r"\d\s+(?:points?\s+)?(?:out\s+of|of)\s+(?:a\s+\w+\s+(?:of\s+)?)?$|\d\s?/\s?$")
_ONE_IN = re.compile(rf"\b(?P<part>{'|'.join(SMALL)}|1)\s+(?:in|out\s+of)(?:\s+every)?\s+$", re.IGNORECASE)
_OF_THESE = re.compile(r"\s+of\s+(?:the|these|those|its|their|our|all|his|her)\s")
_NUMBERED = re.compile(r"\b(?:no|nos|nr|art|sec|ch|fig|vol|para|pp?)\.\s?$", re.IGNORECASE)
_OF_WHOLE = re.compile(r"[\s-]+quarters?\s+of\s+(?!(?:growth|\d))|[\s-]+quarters?\s*[,.;]", re.IGNORECASE)
_CLOCK = re.compile(r"\s?(?:a\.?m\b|p\.?m\b|o['’]clock)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; ``begin`` and ``end`` are tokens and cover both where they touch.

    ``kind``: ``money``, ``percent``, ``measure``, ``duration``, ``score``, ``ratio``, ``count``, ``factor`` ("four
    times"); ``bare`` without a unit; ``label`` after a name or a word such as "article". ``value`` is the number that
    the text names; ``minimum`` and ``maximum`` tell that it bounds a range ("more than 30", "between 5 and 7").
    ``unit`` is worded as in the text, a currency as its ISO code. ``head``: the noun that is counted, or the number.
    """

    begin: int
    end: int
    kind: str
    value: Decimal
    head: int
    unit: str | None = None
    currency: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    definite: bool = False
    """An article or the like refers back to what was counted before ("the two ministries", "the top three")."""
    of: str | None = None
    """For a share: what it is a share of ("GDP")."""


def find_numbers(doc: Doc, *, times: Sequence[TimeExpression]) -> list[tuple[Numeral, Quantity]]:
    """Find the numbers of a block, in order, each read by itself; those in the dates of ``times`` are left out."""
    dated = {i for time in times if time.relation != "duration" for i in range(time.begin, time.end)}
    found = []
    text = doc.text
    for numeral in scan_numerals(text):
        span = _tokens(doc, numeral.begin, numeral.end)
        if any(t.i in dated or t.like_url or t.like_email for t in span):
            continue
        quantity = _quantity(doc, text, numeral, Quantity(span.start, span.end, "bare", numeral.value, span.end - 1))
        if quantity is not None:
            found.append((numeral, quantity))
    return found


def _tokens(doc: Doc, begin: int, end: int) -> Span:
    span = doc.char_span(begin, end, alignment_mode="expand")
    assert span is not None, "a slice of the text touches a token"
    return span


def _quantity(doc: Doc, text: str, numeral: Numeral, bare: Quantity) -> Quantity | None:
    if numeral.money:
        return replace(bare, kind="money", unit=numeral.currency or numeral.money, currency=numeral.currency)
    if percent := _PERCENT.match(text, numeral.end):
        return _percentage(doc, bare, percent)
    if _is_label(doc, text, numeral, bare):
        return replace(bare, kind="label")
    if numeral.digits and (whole := _OUT_OF.match(text, numeral.end)):
        last = _tokens(doc, numeral.begin, whole.end()).end
        counted = unit_phrase(doc, last) if not whole["unit"] and not whole["slash"] else []
        if counted and is_countable(counted[-1]):  # "31 out of 50 hospitals"
            return replace(bare, kind="count", unit=doc[last : counted[-1].i + 1].text)
        unit = f"out of {whole['whole'] or whole['slash']}"
        return replace(bare, kind="score", unit=f"{whole['unit']} {unit}" if whole["unit"] else unit, end=last)
    before = text[max(0, numeral.begin - LOOK_BACK) : numeral.begin]
    if numeral.digits and _IS_WHOLE.search(before) and not unit_phrase(doc, bare.end):
        return None
    if numeral.value and (ratio := _ONE_IN.search(before)):
        part = SMALL.get(ratio["part"].lower(), 1)
        share = round(100 * part / numeral.value, 2)
        share = share.to_integral_value() if share == share.to_integral_value() else share
        first = _tokens(doc, numeral.begin - len(ratio.group()), numeral.end)
        return replace(bare, kind="ratio", value=share, unit="%", begin=first.start)
    return _counted(doc, text, numeral, bare)


def _percentage(doc: Doc, bare: Quantity, percent: re.Match[str]) -> Quantity:
    end = _tokens(doc, percent.start(), percent.end()).end
    whole = None
    if end + 1 < len(doc) and doc[end].lower_ == "of":
        start = end + 2 if doc[end + 1].lower_ in {*DEFINITE, "all"} else end + 1
        words = unit_phrase(doc, start)
        whole = doc[start : words[-1].i + 1].text if words else None
    unit = "percentage points" if percent["points"] else "%"
    return replace(bare, kind="percent", unit=unit, end=end, head=end - 1, of=whole)


def _is_label(doc: Doc, text: str, numeral: Numeral, bare: Quantity) -> bool:
    """Tell a number that names, lists or dates something."""
    line = text[max(0, numeral.begin - LOOK_BACK) : numeral.begin].rpartition("\n")[2].strip(" \t-–—•*(#")
    if not line and re.match(r"[.)]\s|\.$", text[numeral.end :]):
        return True
    if _CLOCK.match(text, numeral.end) or _NUMBERED.search(text[max(0, numeral.begin - LOOK_BACK) : numeral.begin]):
        return True
    words = unit_phrase(doc, bare.end)
    before = doc[bare.begin - 1] if bare.begin else None
    plain = doc[bare.begin].text.isdigit() and bare.end - bare.begin == 1
    if before is not None and before.pos_ != "PRON":
        if {before.lower_, before.lemma_.lower()} & LABELS and before.tag_[:2] in ("NN", "VB", "JJ"):
            return before.pos_ != "VERB" or before.text[0].isupper()
        named = before.text[:1].isupper() and (before.pos_ == "PROPN" or not before.is_sent_start)
        coded = plain and len(before) > 1 and before.text.isupper() and numeral.value >= MIN_CODE
        if coded or (named and (not words or (plain and words[0].pos_ == "PROPN"))):
            return True
    if plain and 1900 <= numeral.value < 2100:
        return not (words and is_countable(words[-1]) and numeral.value % 50 == 0)
    return False


def _counted(doc: Doc, text: str, numeral: Numeral, bare: Quantity) -> Quantity | None:
    """Give a number the unit that follows it."""
    follows = text[numeral.end :]
    if hyphen := re.match(r"[-‑](?P<unit>[A-Za-z]+)", follows):
        return _compound(numeral, bare, hyphen["unit"], _tokens(doc, numeral.begin, numeral.end + hyphen.end()).end)
    if glued := re.match(r"[A-Za-z]+[²³\d]?\b", follows):
        return replace(bare, kind="measure", unit=glued.group())
    if numeral.value == 1 and not numeral.digits:
        return None  # the pronoun, or an article with weight
    start = bare.end
    if _OF_THESE.match(follows) and not numeral.scaled:
        start += 3 if doc[start + 2].like_num else 2
    elif numeral.scaled and follows.startswith(" of "):
        start += 1
    words = unit_phrase(doc, start)
    if _OF_WHOLE.match(follows) or (words and words[0].lower_ in PARTS):
        return None  # "two thirds" is a share that no figure tells
    if not words:
        return (
            replace(bare, kind="count", unit="people")
            if re.match(r"\s+who\b", follows)
            else _unit_of_capitals(doc, bare)
        )
    if measure := measure_at(doc, words):
        return replace(bare, kind="measure", unit=measure[0], head=words[0].i, end=measure[1])
    if words[0].lemma_.lower() in PERIODS:
        unit, end = with_rate(doc, words[0].text, words[0].i + 1)
        return replace(bare, kind="duration", unit=unit, head=words[0].i, end=end)
    if not is_countable(words[-1]) and not (numeral.digits and numeral.value == 1):
        return _unit_of_capitals(doc, bare)
    if words[-1].lemma_.lower() in POINTS and words[-1].head.lemma_ in POINTS_MADE:
        return None  # "she made two points"
    if words[-1].lower_ == "times":
        return replace(bare, kind="factor", unit="times", end=words[-1].i + 1)
    unit = " ".join(doc[words[0].i : words[-1].i + 1].text.split())
    return replace(
        bare,
        kind="score" if words[-1].lemma_.lower() in POINTS else "count",
        unit=unit,
        head=words[-1].i,
        end=words[-1].i + 1,
        definite=_is_definite(doc, bare.begin),
    )


def _unit_of_capitals(doc: Doc, bare: Quantity) -> Quantity:
    """Read a unit that is an abbreviation, as units of account are: "a fine of 500 MCI"."""
    word = doc[bare.end] if bare.end < len(doc) else None
    after = doc[bare.end + 1] if bare.end + 1 < len(doc) else None
    if (
        word is not None
        and 2 <= len(word) <= 5
        and word.is_alpha
        and word.is_upper
        and (after is None or after.is_punct or after.pos_ in ("ADP", "CCONJ", "SCONJ", "VERB", "AUX", "DET", "ADV"))
        and not doc[bare.begin - 1 if bare.begin else 0].is_title
    ):
        return replace(bare, kind="measure", unit=word.text, head=word.i, end=word.i + 1)
    return bare


def _is_definite(doc: Doc, begin: int) -> bool:
    before = doc[begin - 1].lower_ if begin else ""
    return before in ("the", "these", "those", "both", "top", "first", "last", "next", "latter", "other")


def _compound(numeral: Numeral, bare: Quantity, word: str, end: int) -> Quantity | None:
    """Read "50-megawatt" and "300-bed"; "three-year" is a duration, other words ("two-way") are no quantity."""
    if is_measure(word) and word.lower() != "degree":  # "a 360-degree view" measures nothing
        return replace(bare, kind="measure", unit=word, end=end, head=end - 1)
    if word.lower() in PERIODS:
        return replace(bare, kind="duration", unit=word, end=end, head=end - 1, definite=True)
    if numeral.digits and numeral.value >= MIN_HEADCOUNT and word.lower() in HEADCOUNTS:
        return replace(bare, kind="count", unit=word, end=end, head=end - 1)
    return None
