"""Make blocks of passages and their zones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kzai_graph.datelines import dateline_end
from kzai_graph.layout import Passage
from kzai_graph.masthead import Masthead
from kzai_graph.model import Block, Span, Zone
from kzai_graph.zones import LEADS

MIN_ITEMS = 2
MAX_ITEMS = 20
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
_FIRST_ITEM = re.compile(
    r"(?<=:)\s(?:(?P<roman>\(i\))|(?P<letter>\(?a\))|(?P<number>\(?1[.)])"
    r"|(?P<bullet>[•▪■●‣◦–—*]))\s"
)
_SENTENCE_END = re.compile(r"(?<=[a-z)\d][.!?])\s+(?=[A-Z“\"])")


def to_blocks(passages: Sequence[Passage], zones: Sequence[Zone], head: Masthead) -> Iterator[Block]:
    """Yield the blocks: a title without its publisher, datelines apart from paragraphs, lists tied to their lead."""
    count = 0
    lead: int | None = None
    before: Zone | None = None
    for i, (passage, zone) in enumerate(zip(passages, zones, strict=True)):
        parts = list(_parts(passage, zone, head, i))
        for part, its_zone in parts:
            in_list = its_zone is Zone.LIST_ITEM
            yield Block(
                Span(part.begin, part.end), its_zone, part.text, part.offsets, lead if in_list else None, part.quoted
            )
            if not in_list:
                introduces = its_zone is Zone.HEADING or (its_zone is Zone.BODY and LEADS.search(part.text[-40:]))
                lead = (
                    count
                    if introduces
                    else lead
                    if its_zone in (Zone.FURNITURE, Zone.CAPTION) and before is Zone.LIST_ITEM
                    else None
                )
            before = its_zone
            count += 1


def _parts(passage: Passage, zone: Zone, head: Masthead, index: int) -> Iterator[tuple[Passage, Zone]]:
    if index == head.title and 0 < head.title_end - head.title_begin < len(passage.text):
        yield passage.cut(head.title_begin, head.title_end), Zone.TITLE
        return
    if zone is Zone.BODY:
        end = dateline_end(passage.text)
        if end:
            yield passage.cut(0, end), Zone.DATELINE
            passage = passage.cut(end, len(passage.text))
        yield from _listed(passage)
        return
    yield passage, zone


def _listed(passage: Passage) -> Iterator[tuple[Passage, Zone]]:
    """Part a list that stands in one paragraph: what leads in, each item, and what follows the last."""
    text = passage.text
    starts = _item_starts(text)
    if not starts:
        yield passage, Zone.BODY
        return
    yield passage.cut(0, starts[0][0]), Zone.BODY
    ends = [*(begin for begin, _ in starts[1:]), len(text)]
    for (_, begin), end in zip(starts, ends, strict=True):
        over = _SENTENCE_END.search(text, begin + 2, end) if end == len(text) else None
        yield passage.cut(begin, over.start() if over is not None else end), Zone.LIST_ITEM
        if over is not None and over.end() < end:
            yield passage.cut(over.end(), end), Zone.BODY


def _item_starts(text: str) -> list[tuple[int, int]]:
    """Return where the markers of a list begin and end: the first follows a colon, the others count up from it."""
    for first in _FIRST_ITEM.finditer(text):
        sign = next(name for name in ("letter", "number", "roman", "bullet") if first[name])
        found = [first.span(sign)]
        for count in range(1, MAX_ITEMS):
            marker = _marker(sign, first[sign], count)
            at = re.compile(rf"(?<=[;,.])\s(?:and |or )?(?P<sign>{marker})\s").search(text, found[-1][1])
            if at is None:
                break
            found.append((at.start(), at.end("sign")))
        if len(found) >= MIN_ITEMS:
            return found
    return []


def _marker(sign: str, first: str, count: int) -> str:
    """Return the pattern of a later marker in the style of the first."""
    if sign == "bullet":
        return re.escape(first)
    shown = {"letter": chr(ord("a") + count), "number": str(count + 1), "roman": _ROMAN[count]}[sign]
    return re.escape(re.sub(r"\w", shown, first))
