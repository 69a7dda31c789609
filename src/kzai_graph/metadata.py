"""Gather what a text shows of itself: title, date, author and publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kzai_graph.imprint import TAIL_PASSAGES, domains, issuer, publishers, read_author, read_biography, read_interview
from kzai_graph.layout import Layout, Passage
from kzai_graph.masthead import Masthead
from kzai_graph.model import Metadata
from kzai_graph.naming import find_date, split_title

MAX_NAMING_CHARACTERS = 300
"""A longer passage that holds the words behind a title does not show that they name the publisher."""


def read_title(head: Masthead, layout: Layout) -> str | None:
    """Return the title without the publisher behind it, and note where it ends and who that is."""
    passages, declared = layout.passages, layout.declared
    title = declared.get("title")
    if head.title is not None:
        shown = passages[head.title].text
        others = [p.text for i, p in enumerate(passages) if i != head.title and len(p.text) <= MAX_NAMING_CHARACTERS]
        title, publisher = split_title(shown[head.title_begin :].strip(), others)
        head.title_begin = shown.index(title, head.title_begin)
        head.title_end = head.title_begin + len(title)
        head.publishers[:0] = [publisher] if publisher else []
    page = declared.get("page")
    if page:
        name, publisher = split_title(page, [declared.get("publisher", "")])
        if title and publisher is None and page.startswith(title):
            publisher = page[len(title) :].strip(" |–—-:»") or None
        title = title or name
        head.publishers += [publisher] if publisher else []
    return title


def read_tail(head: Masthead, passages: Sequence[Passage]) -> None:
    """Find publisher and author in what pages say of themselves below the text."""
    creator, paper, date = read_interview(passages)
    head.dates += [date] if date else []
    head.creators += [creator] if creator else []
    head.publishers += [paper] if paper else []
    head.publishers += publishers(passages, head.body)
    if head.creators:
        return
    tail = passages[max(head.body + 1, len(passages) - TAIL_PASSAGES) :]
    for read in (read_author, read_biography):
        head.creators += [name for p in tail if (name := read(p.text)) is not None][:1]
    if not head.creators:
        head.creators += [name for name in head.publishers if re.match(r"press (?:service|office)\b", name, re.I)][:1]


def read_issuer(head: Masthead, passages: Sequence[Passage], title: str | None) -> None:
    """Take the body that a press release presents for its publisher where nothing else names one."""
    if not head.publishers and (name := issuer(passages, title or "", domains(passages))) is not None:
        head.publishers.append(name)


def to_metadata(head: Masthead, title: str | None, declared: dict[str, str]) -> Metadata:
    """Choose the surest of what was found: what the file declares, then what its head shows."""
    date = find_date(declared.get("date", "")) or (
        declared.get("date") if re.fullmatch(r"(?:19|20)\d\d", declared.get("date", "")) else None
    )
    shown = next(iter([*head.dates, *head.late_dates]), None)
    if date and shown and len(shown) > len(date) and shown.startswith(date):
        date = shown
    return Metadata(
        title=title or declared.get("title"),
        date=date or shown,
        creator=declared.get("creator") or (head.creators[0] if head.creators else None),
        publisher=declared.get("publisher") or (head.publishers[0] if head.publishers else None),
    )
