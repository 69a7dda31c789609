"""Read the head of a page: which passage is the title, who wrote it, when, and for whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kzai_graph.creditlines import BY, Credit, Part, is_credit_line, read_credits
from kzai_graph.datelines import dateline_end
from kzai_graph.furniture import is_aside, is_furniture, is_menu, is_prose
from kzai_graph.imprint import domains, has_domain, is_quoted_as_paper
from kzai_graph.layout import Kind, Passage
from kzai_graph.model import Zone
from kzai_graph.naming import PERSON, cased, find_date, is_media, is_person
from kzai_graph.titles import AUTHOR_LABEL, FIELD, MAX_HEAD_PASSAGES, MAX_TITLE_CHARACTERS, OTHER_ROLE, choose_title

_BY_WITHIN = re.compile(rf"\bBy (?P<who>{PERSON})(?:,\s[^.]{{3,80}})?$")
_FIELDS = {
    "title": "title", "headline": "title", "contract title": "title", "subject": "title", "topic": "title",
    "author": "creator", "authors": "creator", "byline": "creator", "by": "creator", "writer": "creator",
    "publisher": "publisher", "publication": "publisher", "outlet": "publisher", "newspaper": "publisher",
    "source": "publisher", "issued by": "publisher", "published by": "publisher", "published in": "publisher",
    "issuing body": "publisher", "issuing authority": "publisher", "procuring entity": "publisher",
    "agency": "publisher", "media": "publisher", "site": "publisher", "来源": "publisher", "источник": "publisher",
}  # fmt: skip


@dataclass(slots=True)
class Masthead:
    """What the head of a page shows.

    ``zones`` gives the passages that are read already; ``title`` is the index of the passage with the title, and
    ``title_begin`` and ``title_end`` where it stands in its text.
    """

    title: int | None = None
    title_begin: int = 0
    title_end: int = 0
    zones: dict[int, Zone] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    late_dates: list[str] = field(default_factory=list)
    """Those of changes."""
    creators: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    body: int = 0
    """Index of the first passage that is prose."""


def read_masthead(passages: Sequence[Passage]) -> Masthead:
    """Find title, byline and date among the passages that stand before the first prose."""
    head = Masthead(body=_first_prose(passages))
    plain = [i for i in range(head.body) if passages[i].kind in (Kind.TEXT, Kind.HEADING, Kind.BYLINE)]
    lines: dict[int, tuple[Credit, ...]] = {}
    for i in plain:
        if not _read_field(head, passages[i], i):
            lines |= _date_line(head, passages[i], i)
    if head.title is None and (title := choose_title(passages, plain, head.zones)) is not None:
        head.title = title
        head.zones[title] = Zone.TITLE
    for i in plain:
        if i not in head.zones:
            lines |= _credit_line(head, passages, i)
    for i in plain:
        if i not in head.zones:
            lines |= _name_line(head, passages, i)
    _share_out(head, lines, passages)
    return head


def _first_prose(passages: Sequence[Passage]) -> int:
    for i, passage in enumerate(passages[:MAX_HEAD_PASSAGES]):
        # A list of links is a menu.
        if passage.kind in (Kind.LIST_ITEM, Kind.TABLE) and i and not (is_furniture(passage.text) or passage.linked):
            return i
        if passage.kind is Kind.TEXT and dateline_end(passage.text) and not is_credit_line(read_credits(passage.text)):
            return i
        if passage.kind is Kind.TEXT and is_prose(passage) and not is_aside(passage.text):
            if i and is_credit_line(read_credits(passage.text)):
                continue
            # A long headline can stand alone, with its lines of name and date below.
            later = passages[i + 1 : i + 4]
            if (
                passage.text.endswith(".")
                or len(passage.text) > MAX_TITLE_CHARACTERS
                or not any(find_date(p.text) and len(p.text) <= 90 for p in later)
            ):
                return i
    return min(len(passages), MAX_HEAD_PASSAGES)


def _read_field(head: Masthead, passage: Passage, i: int) -> bool:
    """Read a line that says what it gives ("Publication: Coast Post")."""
    found = FIELD.fullmatch(passage.text) if not passage.level else None
    name = _FIELDS.get(found["key"].lower()) if found is not None else None
    if found is None or name is None:
        return False
    value = found["value"].strip(' ."“”')
    if name == "title":
        if head.title is not None:
            return False
        head.title, head.title_begin = i, found.start("value")
        head.zones[i] = Zone.TITLE
        return True
    head.zones[i] = Zone.BYLINE
    (head.creators if name == "creator" else head.publishers).append(cased(value))
    return True


def _date_line(head: Masthead, passage: Passage, i: int) -> dict[int, tuple[Credit, ...]]:
    text = passage.text
    if find_date(text) is None:
        return {}
    parts = read_credits(text)
    names = [c for c in parts if c.part is not Part.DATE]
    # A headline can name a date: only what is a name beside the date makes a line of the masthead.
    marked = re.search(r"[|·•]", text) is not None
    loose = any(
        c.part is Part.NAME and not is_person(c.text) and len(c.text.split()) > (7 if marked else 4) for c in names
    )
    if not is_credit_line(parts) or loose or (passage.level == 1 and names):
        return {}
    for credit in parts:
        if credit.part is Part.DATE:
            (head.late_dates if credit.late else head.dates).append(credit.text)
    named = any(c.part in (Part.AUTHOR, Part.BODY, Part.NAME) for c in parts)
    head.zones[i] = Zone.BYLINE if named else Zone.DATELINE
    return {i: parts}


def _credit_line(head: Masthead, passages: Sequence[Passage], i: int) -> dict[int, tuple[Credit, ...]]:
    """Read a line that says who wrote ("By …") or for whom ("Special to …")."""
    passage = passages[i]
    text = passage.text
    if OTHER_ROLE.match(text) and len(text) <= 160 and (":" in text or re.search(r"\bby\b", text, re.IGNORECASE)):
        head.zones[i] = Zone.BYLINE
        return {}
    if i and AUTHOR_LABEL.fullmatch(passages[i - 1].text):
        head.zones[i - 1] = head.zones[i] = Zone.BYLINE
        return {i: (Credit(Part.AUTHOR, text),)}
    if i > 1 and head.zones.get(i - 1) is Zone.BYLINE and AUTHOR_LABEL.fullmatch(passages[i - 2].text):
        head.zones[i] = Zone.BYLINE  # what the author is
        return {}
    parts = read_credits(text) if not passage.level or passage.kind is Kind.BYLINE else ()
    if any(c.part is Part.AUTHOR for c in parts) and len(text) <= 200 and BY.match(text) is not None:
        head.zones[i] = Zone.BYLINE
        return {i: parts}
    if is_credit_line(parts) and (re.search(r"[|·•]", text) or re.match(r"\W*special (?:to|for)", text, re.IGNORECASE)):
        head.zones[i] = Zone.BYLINE
        return {i: parts}
    if (found := _BY_WITHIN.search(text)) is not None and len(text) <= 300 and is_person(found["who"]):
        head.zones[i] = Zone.BYLINE
        return {i: (Credit(Part.AUTHOR, found["who"]),)}
    return {}


def _name_line(head: Masthead, passages: Sequence[Passage], i: int) -> dict[int, tuple[Credit, ...]]:
    """Read a line that is but a name: below the title that of a writer or a paper, above it that of a paper."""
    passage = passages[i]
    text = passage.text
    if (
        head.title is None
        or text.casefold() == passages[head.title].text.casefold()
        or (passage.level and passage.level <= passages[head.title].level)
    ):
        return {}
    if i < head.title:
        if is_menu(passages[i + 1].text) and len(text) <= 60 and not is_menu(text):
            head.zones[i] = Zone.FURNITURE
            return {i: (Credit(Part.BODY, text),)}
        parts = read_credits(text)
        if not any(c.part is Part.BODY for c in parts) or not is_credit_line(parts):
            return {}
        head.zones[i] = Zone.BYLINE
        return {i: tuple(c for c in parts if c.part is Part.BODY)}
    near = i == head.title + 1 or any(head.zones.get(j) in (Zone.BYLINE, Zone.DATELINE) for j in (i - 1, i + 1))
    if not near or text.endswith((".", "?", "!", ":")) or len(text) > 120:
        return {}
    parts = tuple(c for c in read_credits(text) if c.part is not Part.LABEL)
    if not parts or any(c.part in (Part.UNKNOWN, Part.DATE) for c in parts):
        return {}
    beside = any(head.zones.get(j) in (Zone.BYLINE, Zone.DATELINE) for j in (i - 1, i + 1))
    if not beside and any(is_person(piece.strip()) for piece in text.split(",")[1:]):
        return {}  # a headline below the headline
    first = parts[0]
    sure = first.part is Part.BODY or (first.part is Part.NAME and is_person(first.text))
    in_stanza = any(
        head.zones.get(j) in (Zone.BYLINE, Zone.DATELINE) and passages[j].stanza == passage.stanza
        for j in (i - 1, i + 1)
    )
    if not sure and not (in_stanza and len(text.split()) <= 5):
        return {}
    head.zones[i] = Zone.BYLINE
    # A place before a body tells where something is.
    return {i: parts if first.part is not Part.PLACE else ()}


def _share_out(head: Masthead, lines: dict[int, tuple[Credit, ...]], passages: Sequence[Passage]) -> None:
    """Say of each name whether it wrote or published."""
    ordered = [(i, credit) for i in sorted(lines) for credit in lines[i]]
    authors = [cased(c.text) for _, c in ordered if c.part is Part.AUTHOR]
    unsure = [c.text for _, c in ordered if c.part in (Part.NAME, Part.PLACE)]
    addresses = domains(passages) if unsure else frozenset()
    papers = {t for t in unsure if has_domain(t, addresses) or is_quoted_as_paper(t, passages)}
    head.creators += authors
    bodies: list[str] = []
    for i, credit in ordered:
        text = credit.text
        if credit.part is Part.BODY:
            bodies.append(text)
            if re.match(r"press (?:service|office)\b", text, re.IGNORECASE) and not head.creators:
                head.creators.append(text)
        elif text in papers:
            bodies.insert(0, text)
        elif credit.part is Part.NAME and is_person(text) and not head.creators:
            head.creators.append(cased(text))
        elif credit.part is Part.NAME and cased(text) not in head.creators and (not is_person(text) or i in lines):
            bodies.append(text)
    bodies.sort(key=lambda name: (name not in papers, not is_media(name)))
    head.publishers += [cased(name.strip(" -–—|")) for name in bodies]
