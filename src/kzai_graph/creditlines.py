"""Read a line of a masthead part by part: dates, bylines, names of people, papers and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kzai_graph.furniture import LABELLED, LABELS
from kzai_graph.naming import NAMES, Dated, date_parts, is_organisation, is_person, is_place_start, is_titled

MAX_LINE_CHARACTERS = 240
MAX_NAME_WORDS = 7

BY = re.compile(
    r"[(\[]?\s*(?:(?:(?:written|story|stories|text|words|report|reporting|reported|posted|published|submitted|compiled"
    r"|prepared|contributed|analysis|opinion|interview|an? \w+)\s+by\b|by)\s*:?\s+|(?:(?:lead |co-?|main"
    r" )?authors?|writers?|reporters?|"
    r"by-?line|words|text|correspondent|작성자|作者|автор(?:ы)?)\s*[:：]\s*)(?P<who>[^\W\d].*)",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?:special(?:ly)? (?:to|for)|exclusive(?:ly)? (?:to|for|in)|source|publisher|publication|outlet|newspaper|"
    r"(?:first |originally )?(?:published|appeared) (?:by|in|on)|issued by|released by|distributed by|来源"
    r"|источник)\s*[:：]?\s+(?P<who>[^\W\d].{1,80})",
    re.IGNORECASE,
)
_OTHER_ROLE = re.compile(
    r"(?:photo\w*|picture\w*|images?|illustrat\w+|graphics?|video|edit(?:ed|ing|ors?)|translat\w+|review(?:ed|ers?)|"
    r"fact[- ]check\w*|additional reporting|cover)\b[^|]{0,20}(?:\bby\b|:)",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"(?:(?:about |estimated )?(?:reading time\s*:?\s*)?\d+[ -]?min(?:ute)?s?(?: (?:of )?(?:read|reading))?"
    r"|reading time"
    r"|\d[\d.,]*\s*[km]?\s*(?:views?|comments?|shares?|words|likes|reads)|(?:no|nr|№|#|issue|vol(?:ume)?)\.?\s*[\d(].*"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|updated?|published|posted|modified|print"
    r"|[a-z][\w ]{1,20}:\s?.{1,20}|share|save|listen|pdf|\d{1,2}[:.]\d\d.{0,20}|[a-z]{2}|(?:gmt|utc)[+-]?\d*"
    r"|.{0,30}\btime|page \d+|p\. ?\d+)",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_COLUMN = re.compile(r"(?P<paper>[A-Z][^,]{2,50}), an? [\w -]{3,30} by (?P<who>.+)")
_REPORT_OF = re.compile(
    r"^(?:an? |the )?(?:[A-Z]?[\w-]+ )?(?:report|statement|communiqu[eé]|study|survey|audit|review|publication"
    r"|note|paper|brief(?:ing)?) "
    r"(?:of|by|from|issued by|prepared by)(?: the)? (?=[A-Z])",
    re.IGNORECASE,
)
_BODY_IN = re.compile(
    r"(?P<body>(?!(?:The )?(?:Ministry|Department|Committee|Agency|Commission) (?:of|for|on)\b)[^,]+),"
    r" (?:the )?[A-Z][\w.-]+(?: [A-Z][\w.-]+)?(?:, [A-Z][\w.-]+(?: [A-Z][\w.-]+)?)?"
)
_ISSUE = re.compile(
    r"(?P<paper>(?!(?:issue|volume|report|note|edition|number)\b)[^\W\d][\w’'&.]*(?:[ -][^\W\d][\w’'&.]*){0,5}?)(?:,?"
    r" (?:(?:research|policy|analytical|"
    r"briefing|working|discussion|technical|occasional) (?:note|brief|paper)|briefing|bulletin|newsletter)s?(?:"
    r" series)?)?"
    r"[\s,|–—-]+(?:#|no\.?|nr\.?|№|issue|vol(?:ume)?\.?|edition)\s?\d[\d/() -]*",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"(?:the )?(?P<paper>.*?)\s*\b(?:staff|newsroom|reporters?|correspondents?|editors|editorial (?:team|board"
    r"|staff)|team|news ?desk)"
    r"(?: writers?| reporters?| correspondents?)?",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"(?<=[a-zà-ɏ]{2})\. (?=[A-Z])")
_EDITION = re.compile(
    r",?\s+\(?(?:the )?(?:[A-Z][\w-]+ )?(?:edition|desk|bureau|service|version|section|supplement|newsroom)\)?$",
)
_SEPARATOR = re.compile(r"\s*(?:[|·•‧●♦;\t\0]|\s//?\s|\s[–—-]{1,3}(?=\s|\Z)|(?<=\0)[–—-]{1,3}\s)\s*|\s{2,}")
_WIRED = re.compile(r"[A-Z][\w .]+, [A-Z][\w .]+ [–—-]{1,2} ?\0 ?/ ?[^/\0]+/")
"""City, country, date, and an agency between slashes."""
_OUTER = " ,.:/|·•–—-*_()[]\t"
_IN_PLACE = re.compile(r"\s+(?:in|from|reporting from)\s+[A-Z].*$")


class Part(StrEnum):
    """What a part of a line is; a ``NAME`` can be that of a person or of a paper."""

    DATE = "date"
    AUTHOR = "author"
    BODY = "body"
    NAME = "name"
    PLACE = "place"
    LABEL = "label"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Credit:
    """One part of a line; ``late`` marks the date of a change."""

    part: Part
    text: str
    late: bool = False


def read_credits(text: str) -> tuple[Credit, ...]:
    """Return the parts of a line in order, nothing for a line too long to be one of a masthead."""
    if len(text) > MAX_LINE_CHARACTERS:
        return ()
    marked, dates = date_parts(text)
    return tuple(_read(marked, dates))


def is_credit_line(parts: tuple[Credit, ...]) -> bool:
    """Tell whether all of a line is understood, and something in it is sure."""
    kinds = {credit.part for credit in parts}
    return Part.UNKNOWN not in kinds and bool(kinds & {Part.DATE, Part.AUTHOR, Part.BODY})


def _read(marked: str, dates: list[Dated]) -> Iterator[Credit]:
    count = marked.count("\0")
    for i, run in enumerate(marked.split("\0")):
        pieces = [piece for piece in _SEPARATOR.split(run) if piece.strip(_OUTER)]
        for j, piece in enumerate(pieces):
            before_date = i < count and j == len(pieces) - 1 and run.rstrip().endswith(",")
            if i == 0 and j == len(pieces) - 1 and _WIRED.fullmatch(marked):
                yield Credit(Part.PLACE, piece.strip(_OUTER))
                continue
            yield from _classify(piece.strip(_OUTER), before_date=before_date)
        if i < count:
            yield Credit(Part.DATE, dates[i].iso, dates[i].late)


def _classify(text: str, *, before_date: bool) -> Iterator[Credit]:
    if (
        (found := _ISSUE.fullmatch(text)) is not None
        and is_titled(found["paper"])
        and not LABELS.fullmatch(found["paper"])
    ):
        yield Credit(Part.BODY, found["paper"].strip(_OUTER))
        return
    if (
        not _LATIN.search(text)
        or LABELS.fullmatch(text)
        or LABELLED.match(text)
        or _NOISE.fullmatch(text)
        or _OTHER_ROLE.match(text)
    ):
        yield Credit(Part.LABEL, text)
        return
    if (found := _COLUMN.fullmatch(text)) is not None and is_person(found["who"]) and is_titled(found["paper"]):
        yield Credit(Part.BODY, found["paper"])
        yield Credit(Part.AUTHOR, found["who"])
        return
    if (found := BY.match(text)) is not None:
        yield from _byline(found["who"])
        return
    if (found := _FOR.match(text)) is not None and is_titled(paper := re.sub(r"^the ", "", found["who"])):
        yield Credit(Part.BODY, paper.strip(_OUTER))
        return
    text = _REPORT_OF.sub("", text)
    name = _EDITION.sub("", text).strip(_OUTER)
    if name != text and is_titled(name) and not is_organisation(text):
        yield Credit(Part.BODY, name)
    elif is_organisation(text) and not _lists_bodies(text):
        name = name if is_organisation(name) else text
        place = _BODY_IN.fullmatch(name)
        yield Credit(Part.BODY, place["body"] if place is not None and is_organisation(place["body"]) else name)
    elif "," in text and not (is_person(text) and re.search(r"\band\b|&", text)):
        yield from _by_commas(text, before_date=before_date)
    elif before_date and (" " not in text or is_place_start(text)) and is_titled(text):
        yield Credit(Part.PLACE, text)
    elif is_person(text) or (is_titled(text) and len(text.split()) <= MAX_NAME_WORDS):
        yield Credit(Part.NAME, text)
    else:
        yield Credit(Part.UNKNOWN, text)


def _lists_bodies(text: str) -> bool:
    """Tell whether a report and its body, or two bodies, stand between commas."""
    return sum(is_organisation(piece.strip()) for piece in text.split(",")) > 1


def _byline(who: str) -> Iterator[Credit]:
    """Read what follows "By": names, then an office, a place or a paper."""
    who = _STOPPED.split(who)[0].strip(_OUTER)
    if (" for " not in who and is_organisation(who)) or LABELS.fullmatch(who):
        yield Credit(Part.AUTHOR, who)
        return
    staff = _STAFF.fullmatch(who)
    if staff is not None:
        paper = staff["paper"].strip(_OUTER)
        named = is_titled(paper) and paper.casefold() not in ("our", "staff")
        yield Credit(Part.BODY, paper) if named else Credit(Part.LABEL, who)
        return
    names = NAMES.match(who)
    name = names[0] if names is not None and is_person(names[0]) else who.partition(",")[0]
    if "," in name and not re.search(r"\band\b|&", name):
        name = name.partition(",")[0]
    rest = who[len(name) :].strip(_OUTER)
    name = re.split(r"\s\(|\s+for\s+|\s+in\s+", name)[0].strip(_OUTER)
    yield Credit(Part.AUTHOR if 2 < len(name) <= 80 and is_titled(name) else Part.UNKNOWN, name)
    rest = re.sub(r"^(?:for|of|at|with)\s+", "", rest)
    if not rest or rest.lower().startswith(("in ", "from ")):
        return
    body = rest if is_organisation(rest) else rest.rpartition(",")[2].strip(_OUTER)
    office = re.search(r"\b(?:officer|head|director|editor|minister|chief|correspondent|reporter|writer)\b", rest, re.I)
    if is_organisation(body) and not office:
        yield Credit(Part.BODY, body)
    elif is_titled(rest) and not office and who[len(name) :].lstrip().startswith("for "):
        yield Credit(Part.BODY, rest)
    else:
        yield Credit(Part.PLACE, rest)


def _by_commas(text: str, *, before_date: bool) -> Iterator[Credit]:
    """Read "Ina Holm, Visby" or "Coast Post, Visby": a place, an office or a paper comes second."""
    first, *rest = [piece.strip(_OUTER) for piece in text.split(",") if piece.strip(_OUTER)]
    if re.search(r"\b(?:19|20)\d\d$", first) and rest and is_organisation(rest[0]):
        first, *rest = rest  # the report of a year, then who made it
    if _IN_PLACE.search(first):
        first = _IN_PLACE.sub("", first)
    if is_organisation(first):
        yield Credit(Part.BODY, first)
    elif before_date and all(is_titled(piece) for piece in (first, *rest)) and not is_person(first):
        yield Credit(Part.PLACE, first)
    elif is_person(first) and not (rest and is_place_start(first)):
        yield Credit(Part.NAME, first)
    else:
        yield Credit(Part.PLACE if is_titled(first) and len(first.split()) <= 3 else Part.UNKNOWN, first)
    for piece in rest:
        sort = (
            Part.BODY
            if is_organisation(piece)
            else Part.PLACE
            if len(piece.split()) <= MAX_NAME_WORDS
            else Part.UNKNOWN
        )
        yield Credit(sort, piece)
