"""Gather what a text shows of itself: title, date, author and publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kzai_graph.layout import Layout, Passage
from kzai_graph.masthead import Masthead
from kzai_graph.model import Metadata
from kzai_graph.naming import find_date, split_title

MAX_NAMING_CHARACTERS = 300
"""A longer passage that holds the words behind a title does not show that they name the publisher."""
_APPEARED = re.compile(
    r"(?:first appeared|appeared first|originally (?:appeared|published)|first published) (?:on|in|at"
    r"|by) (?:the website of )?(?P<who>[^\n]{2,60}?)[.\s]*$",
    re.IGNORECASE,
)
_TERMS = re.compile(r"\bterms of use\b.{0,60}\bon the (?P<who>.{2,40}?) (?:web ?site|site|page)\b", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:19|20)\d\d(?:\s*[–-]\s*(?:19"
    r"|20)\d\d)?,?\s+(?:by\s+)?(?P<who>[^\W\d][^.|©]{2,60}?)\s*(?:[.|]|$|all rights)",
    re.IGNORECASE,
)


def read_title(head: Masthead, layout: Layout) -> str | None:
    """Return the title without the publisher behind it, and note where it ends and who that is."""
    passages, declared = layout.passages, layout.declared
    title = declared.get("title")
    if head.title is not None:
        shown = passages[head.title].text
        others = [p.text for i, p in enumerate(passages) if i != head.title and len(p.text) <= MAX_NAMING_CHARACTERS]
        title, publisher = split_title(shown, others)
        head.title_end = len(title)
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
    """Find the publisher in what pages say of themselves below the text, the weakest sign last."""
    lines = [p.text for p in passages[head.body :] if len(p.text) <= 500]
    for pattern in (_APPEARED, _TERMS, _COPYRIGHT):
        for line in lines:
            if (found := pattern.search(line)) is not None:
                head.publishers.append(found["who"].strip(" ,–-"))


def to_metadata(head: Masthead, title: str | None, declared: dict[str, str]) -> Metadata:
    """Choose the surest of what was found: what the file declares, then what its head shows."""
    date = find_date(declared.get("date", "")) or (
        declared.get("date") if re.fullmatch(r"(?:19|20)\d\d", declared.get("date", "")) else None
    )
    shown = head.dates[0] if head.dates else None
    if date and shown and len(shown) > len(date) and shown.startswith(date):
        date = shown
    return Metadata(
        title=title or declared.get("title"),
        date=date or shown,
        creator=declared.get("creator") or (head.creators[0] if head.creators else None),
        publisher=declared.get("publisher") or (head.publishers[0] if head.publishers else None),
    )
