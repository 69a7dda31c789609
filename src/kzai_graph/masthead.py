"""Read the head of a page: which passage is the title, who wrote it, when, and for whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kzai_graph.datelines import dateline_end
from kzai_graph.furniture import LABELLED, LABELS, is_aside, is_furniture, is_menu, is_prose
from kzai_graph.layout import Kind, Passage
from kzai_graph.model import Zone
from kzai_graph.naming import NAMES, PERSON, find_date, is_organisation, is_person, without_date

MAX_HEAD_PASSAGES = 40
MAX_TITLE_CHARACTERS = 250

_BY = re.compile(
    r"(?:(?:written|story|text|reported|posted|published)?\s*by\s+|(?:authors?|作者"
    r"|автор(?:ы)?)\s*[:：]\s*)(?P<who>\S.*)",
    re.IGNORECASE,
)
_BY_WITHIN = re.compile(rf"\bBy (?P<who>{PERSON})(?:,\s[^.]{{3,80}})?$")
_OTHER_ROLE = re.compile(r"(?:reviewers?|editors?|translat\w+|reviewed|edited)\b", re.IGNORECASE)
_AUTHOR_LABEL = re.compile(r"\W*(?:authors?|written by|by|posted by)\W*", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:source|publisher|published (?:by|in)|来源|источник)\s*[:：]\s*(?P<who>[^\W\d].{1,80})$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?:[IVXLC]{1,6}|\d{1,2}(?:\.\d{1,2})*|[A-Z])[.)]\s|(?:chapter|section|part|annex|appendix)\s+(?:\d|[IVX]+\b)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Masthead:
    """What the head of a page shows.

    ``zones`` gives the passages that are read already; ``title`` is the index of the passage with the title, and
    ``title_end`` where it ends in its text.
    """

    title: int | None = None
    title_end: int = 0
    zones: dict[int, Zone] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    creators: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    body: int = 0
    """Index of the first passage that is prose."""


def read_masthead(passages: Sequence[Passage]) -> Masthead:
    """Find title, byline and date among the passages that stand before the first prose."""
    head = Masthead(body=_first_prose(passages))
    plain = [i for i in range(head.body) if passages[i].kind in (Kind.TEXT, Kind.HEADING, Kind.BYLINE)]
    for i in plain:
        _read_date_line(head, passages, i)
    _choose_title(head, passages, plain)
    for i in plain:
        if i not in head.zones:
            _read_names(head, passages, i)
    return head


def read_signature(head: Masthead, text: str) -> bool:
    """Take the name from a byline below the text, where none stood above it."""
    found = re.match(rf"By (?P<who>{PERSON})(?:,\s.{{3,80}})?$", text)
    if found is None or not is_person(found["who"]):
        return False
    if not head.creators:
        head.creators.append(found["who"])
    return True


def _first_prose(passages: Sequence[Passage]) -> int:
    for i, passage in enumerate(passages[:MAX_HEAD_PASSAGES]):
        if passage.kind in (Kind.LIST_ITEM, Kind.TABLE) and i and not is_furniture(passage.text):
            return i
        if passage.kind is Kind.TEXT and dateline_end(passage.text):
            return i
        if passage.kind is Kind.TEXT and is_prose(passage) and not is_aside(passage.text):
            # A long headline can stand alone, with its lines of name and date below.
            later = passages[i + 1 : i + 4]
            if (
                passage.text.endswith(".")
                or len(passage.text) > MAX_TITLE_CHARACTERS
                or not any(find_date(p.text) and len(p.text) <= 90 for p in later)
            ):
                return i
    return min(len(passages), MAX_HEAD_PASSAGES)


def _read_date_line(head: Masthead, passages: Sequence[Passage], i: int) -> None:
    text = passages[i].text
    date = find_date(text) if len(text) <= 160 else None
    if date is None:
        return
    rest = without_date(text)
    parts = [p.strip(" ,") for p in re.split(r"\s*[|·•]\s*|\s{2,}", rest) if p.strip(" ,") and not LABELLED.match(p)]
    # A headline can name a date: only what is a name beside the date makes a line of the masthead.
    fine = all(_takes_name(part) for part in parts) or (len(rest) <= 20 and len(passages[i].text) <= 60)
    if not fine or (passages[i].level == 1 and parts):
        return
    head.dates.append(date)
    head.zones[i] = (
        Zone.BYLINE if any(is_person(p) or is_organisation(p) or _BY.match(p) for p in parts) else Zone.DATELINE
    )
    _take_names(head, parts)


def _takes_name(part: str) -> bool:
    return (
        LABELS.fullmatch(part) is not None
        or is_person(part)
        or is_organisation(part)
        or _BY.match(part) is not None
        or not re.search(r"[A-Za-z]", part)
        or (all(w[0].isupper() for w in part.split() if w[0].isalpha()) and len(part.split()) <= 4)
    )


def _take_names(head: Masthead, parts: Sequence[str]) -> None:
    """Share out the names of one line: people write, papers and bodies publish."""
    for part in parts:
        found = _BY.match(part)
        if found is not None:
            _take_author(head, found["who"])
        elif is_organisation(part):
            _take_organisation(head, part)
        elif is_person(part) and (len(parts) > 1 or not head.creators):
            first = not head.creators
            (head.creators if first else head.publishers).append(part)


def _take_organisation(head: Masthead, name: str) -> None:
    head.publishers.append(name.strip(" -–—|"))
    if re.match(r"press (?:service|office)\b", name, re.IGNORECASE):
        head.creators.append(name)


def _take_author(head: Masthead, who: str) -> None:
    """Read "Carla Wendt, The Ledger": the name, and the paper where one follows."""
    name, _, rest = who.partition(",")
    names = NAMES.match(who)
    if names is not None and is_person(names[0]) and not is_organisation(rest.strip()):
        name = names[0] if re.search(r"\band\b|&", names[0]) or "," not in names[0] else name
    name = re.split(r"\s[|·•–—]\s|\s{2,}|\s\(", name)[0].strip(" .,")
    if 2 < len(name) <= 80:
        head.creators.append(_cased(name))
    if is_organisation(rest.strip()) and not re.search(
        r"\b(?:officer|head|director|editor|minister|chief)\b", rest, re.IGNORECASE
    ):
        head.publishers.append(rest.strip())


def _cased(name: str) -> str:
    return name.title() if name.isupper() and " " in name else name


def _choose_title(head: Masthead, passages: Sequence[Passage], plain: Sequence[int]) -> None:
    candidates = [i for i in plain if i not in head.zones and _may_be_title(passages[i])]
    if not candidates:
        return
    best = max(candidates, key=lambda i: (_title_score(head, passages, i, first=i == candidates[0]), -i))
    text = passages[best].text
    if _NUMBERED.match(text) or (passages[best].level == 0 and len(text.split()) == 1 and not head.dates):
        return
    head.title = best
    head.zones[best] = Zone.TITLE


def _may_be_title(passage: Passage) -> bool:
    text = passage.text
    if passage.kind is Kind.BYLINE or len(text) > MAX_TITLE_CHARACTERS or (passage.linked and not passage.level):
        return False
    if (
        not re.search(r"[^\W\d_]{2}", text)
        or is_furniture(text)
        or is_menu(text)
        or LABELS.fullmatch(text)
        or LABELLED.match(text)
    ):
        return False
    if _BY.match(text) or _AUTHOR_LABEL.fullmatch(text) or (_OTHER_ROLE.match(text) and ":" in text):
        return False
    return passage.level > 0 or (not text.endswith((".", ":", ";", ",")) and not text[0].islower())


def _title_score(head: Masthead, passages: Sequence[Passage], i: int, *, first: bool) -> int:
    passage = passages[i]
    alone = all(p.stanza != passage.stanza for p in passages[max(i - 1, 0) : i] + passages[i + 1 : i + 2])
    follows = any(
        head.zones.get(j) in (Zone.BYLINE, Zone.DATELINE) or _BY.match(passages[j].text)
        for j in range(i + 1, min(i + 4, len(passages)))
    )
    score = {1: 6, 2: 2}.get(passage.level, 0) + 2 * alone + first + 2 * follows + (len(passage.text.split()) >= 4)
    return score - 3 * (is_organisation(passage.text) or is_person(passage.text)) * (passage.level != 1)


def _read_names(head: Masthead, passages: Sequence[Passage], i: int) -> None:
    passage = passages[i]
    text = passage.text
    if (found := _BY.match(text)) is not None and len(text) <= 160:
        _take_author(head, found["who"])
        head.zones[i] = Zone.BYLINE
        return
    if _OTHER_ROLE.match(text) and ":" in text and len(text) <= 100:
        head.zones[i] = Zone.BYLINE
        return
    if i and _AUTHOR_LABEL.fullmatch(passages[i - 1].text):
        head.zones[i - 1] = head.zones[i] = Zone.BYLINE
        head.creators.insert(0, _cased(text))
        return
    if i > 1 and head.zones.get(i - 1) is Zone.BYLINE and _AUTHOR_LABEL.fullmatch(passages[i - 2].text):
        head.zones[i] = Zone.BYLINE  # what the author is
        return
    if (found := _SOURCE.match(text)) is not None:
        head.publishers.append(found["who"].strip(" ."))
        head.zones[i] = Zone.BYLINE
        return
    if (found := _BY_WITHIN.search(text)) is not None and len(text) <= 300:
        head.creators.append(found["who"])
        head.zones[i] = Zone.BYLINE
        return
    if LABELLED.match(text) and "|" in text:
        _take_names(head, [p.split(",")[0].strip() for p in text.split("|")[1:]])
        head.zones[i] = Zone.BYLINE
        return
    if head.title is None or i < head.title:
        if (
            head.title is not None
            and i + 1 < len(passages)
            and is_menu(passages[i + 1].text)
            and len(text) <= 60
            and not is_menu(text)
        ):
            head.publishers.append(text)
            head.zones[i] = Zone.FURNITURE
        return
    near = i == head.title + 1 or any(head.zones.get(j) in (Zone.BYLINE, Zone.DATELINE) for j in (i - 1, i + 1))
    name = text.partition(",")[0].strip()
    if near and is_organisation(text):
        _take_organisation(head, text)
        head.zones[i] = Zone.BYLINE
    elif near and (is_person(text) or (is_person(name) and len(text) <= 100)) and not text.endswith((".", "?", "!")):
        head.creators.append(text if is_person(text) and "," not in text else name)
        head.zones[i] = Zone.BYLINE
