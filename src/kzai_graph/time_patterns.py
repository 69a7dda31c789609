"""Spot what can name a time in a text: patterns only, before any grammar or calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SMALL = "one two three four five six seven eight nine ten eleven twelve".split()
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
FEASTS = {"new year's eve": "-12-31", "new year": "-01-01", "christmas eve": "-12-24", "christmas": "-12-25"}
UNIT_CODES = {"day": "D", "week": "W", "month": "M", "year": "Y"}

_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_YEAR = r"(?P<{0}>(?:19|20)\d\d)(?![\d%]|[.,]\d)"
_DAY = r"(?P<{0}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_COUNT = rf"(?P<count>\d+|a|an|{'|'.join(SMALL)})"
_WHICH = r"(?P<which>last|past|previous|this|current|next|coming|same)"
_EDGE = r"(?:the\s+)?(?P<edge>end|start|beginning|middle|close)(?:\s+of\s+|-of-|-)"
_PART = r"(?:(?P<part>early|mid|late|later|earlier)[\s-]+(?:in\s+)?)"
_ON_YEAR = (
    rf"(?:,?\s+(?:of\s+)?(?:{_YEAR.format('year')}|(?P<which>last|this|next)\s+year\b"
    r"|the\s+(?:current\s+)?(?P<same>year)\b))?"
)

# Tried at each place in this order; the first that matches there wins.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?!\d)"),
    ("numeric", r"(?P<day>\d{1,2})(?P<sign>[./])(?P<month>\d{1,2})(?P=sign)(?P<year>(?:19|20)?\d\d)(?![\d.]\d|\d)"),
    (
        "fiscal",
        r"(?:the\s+)?(?P<year>(?:19|20)\d\d)[/–-](?P<to>\d\d(?:\d\d)?)\s+(?:academic|school|fiscal|financial)\s+year",
    ),
    ("years", r"(?P<year>(?:19|20)\d\d)\s?[–—/-]\s?(?P<to>(?:19|20)\d\d|\d\d)(?![\d-])"),
    (
        "days",
        rf"{_DAY.format('day')}\s?(?:[–—-]|to|and)\s?{_DAY.format('to')}\s+(?:of\s+)?{_MONTH.format('month')}{_ON_YEAR}",
    ),
    ("days", rf"{_MONTH.format('month')}\s+{_DAY.format('day')}\s?(?:[–—-]|to|and)\s?{_DAY.format('to')}\b{_ON_YEAR}"),
    ("day", rf"{_DAY.format('day')}\s+(?:of\s+)?{_MONTH.format('month')}{_ON_YEAR}"),
    (
        "day",
        rf"{_MONTH.format('month')}\s+{_DAY.format('day')}\b(?!\s*(?:percent|per\s+cent|%|million|billion)){_ON_YEAR}",
    ),
    (
        "month",
        rf"(?:{_EDGE})?{_PART}?{_MONTH.format('month')}(?P<shared>\s?(?:and|or|to|–|-)\s?){_MONTH.format('to')}\s+{_YEAR.format('year')}",
    ),
    ("month", rf"(?:{_EDGE})?{_PART}?{_MONTH.format('month')}{_ON_YEAR}"),
    ("month", rf"(?P<which>last|this|next)\s+{_MONTH.format('month')}"),
    (
        "quarter",
        r"(?:the\s+)?(?P<n>first|second|third|fourth|last|[1-4](?:st|nd|rd|th))\s+(?P<kind>quarter|half)\b" + _ON_YEAR,
    ),
    ("quarter", rf"(?P<kind>[QH])(?P<n>[1-4])\s+(?:of\s+)?{_YEAR.format('year')}"),
    ("season", rf"(?:the\s+)?{_PART}?(?:{_WHICH}\s+)?{_SEASON}\b(?:\s+(?:of\s+)?{_YEAR.format('year')})?"),
    ("decade", r"(?:the\s+)?(?:(?:early|mid|late)[\s-]+)?(?P<decade>(?:19|20)\d)0s"),
    ("year", rf"{_EDGE}the\s+{_YEAR.format('year')}\s+(?:academic|school|fiscal|financial|calendar)\s+year\b"),
    ("year", rf"(?:{_EDGE}|{_PART}|year-end\s+)?{_YEAR.format('year')}"),
    (
        "again",
        r"(?:(?:early|late|later|earlier)\s+)?(?:(?:the|that|this)(?:\s+very)?\s+same|that)\s+(?P<unit>day|week|month|year)\b(?!-)",
    ),
    ("again", r"the\s+(?P<which>following)\s+(?P<unit>day|month|year)\b(?!-)"),
    ("again", rf"{_COUNT}\s+(?P<unit>day|month|year)s?\s+(?P<which>later)\b"),
    ("ago", rf"{_COUNT}\s+(?P<unit>day|week|month|year)s?\s+ago"),
    ("end", rf"(?:{_EDGE}|{_PART})(?:(?P<which>this|the|last|next|the\s+current)\s+)(?P<unit>month|year|decade)\b"),
    ("end", r"(?:the\s+)?(?P<edge>year)(?:['’]s\s+|[\s-])(?P<unit>)end\b"),
    ("weekday", rf"(?:{_WHICH}\s+)?(?P<weekday>{'|'.join(w.title() for w in WEEKDAYS)})\b"),
    ("which", rf"(?:the\s+)?{_WHICH}\s+(?P<unit>week|weekend|month|quarter|year|decade)\b(?!-)"),
    ("weekend", r"the\s+(?P<weekend>weekend)"),
    ("feast", r"(?:the\s+)?(?P<feast>New\s+Year(?:['’]s\s+Eve)?|Christmas(?:\s+Eve)?)\b"),
    ("today", r"(?P<today>today|tonight|yesterday|tomorrow)\b(?!['’]s\s+(?:world|age|society))"),
    (
        "within",
        rf"(?P<within>within|in\s+less\s+than)\s+(?:the\s+(?:next|coming|following)\s+)?{_COUNT}[\s-]+(?P<unit>day|week|month|year)s?\b",
    ),
    (
        "duration",
        rf"(?:the\s+)?(?:(?:next|last|past|first|coming|following|previous)\s+)?{_COUNT}[\s-]+(?P<unit>day|week|month|year)s?\b",
    ),
)
_SCAN = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PATTERNS)
_FIRST = (
    *(word[:3] for word in (*MONTHS, *WEEKDAYS, *SMALL, *QUARTERS, *FEASTS)),
    *r"\d [qh][1-4] an?[\s-] the\s in\s spring summer autumn fall winter".split(),
    *"last past previous this current next coming following same early mid late earl later".split(),
    *"end start beginning middle close year today tonight yesterday tomorrow within that".split(),
)
_START = re.compile(rf"(?<![\w/.,$€£-])(?={'|'.join(_FIRST)})", re.IGNORECASE)
"""Where a pattern may match: all of them begin so. To look only there is much faster."""


@dataclass(frozen=True, slots=True)
class FoundTime:
    kind: str
    begin: int
    end: int
    match: re.Match[str]

    def __getitem__(self, name: str) -> str:
        return (self.match.groupdict().get(name) or "").lower()


def scan_times(text: str) -> Iterator[FoundTime]:
    """Yield the first pattern that matches at each place, leaving out what it covers."""
    ends = [0] * len(_SCAN)
    """For each pattern, where its last match ends: it does not match again inside it."""
    end = 0
    for start in _START.finditer(text):
        begin = start.start()
        for n, (kind, pattern) in enumerate(_SCAN):
            match = pattern.match(text, begin) if begin >= ends[n] else None
            if match is not None:
                ends[n] = match.end()
                if begin >= end:
                    yield FoundTime(kind, begin, match.end(), match)
                    end = match.end()
