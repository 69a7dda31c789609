"""Make blocks of passages and their zones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kzai_graph.datelines import dateline_end
from kzai_graph.layout import Passage
from kzai_graph.masthead import Masthead
from kzai_graph.model import Block, Span, Zone
from kzai_graph.zones import LEADS


def to_blocks(passages: Sequence[Passage], zones: Sequence[Zone], head: Masthead) -> Iterator[Block]:
    """Yield the blocks: a title without its publisher, datelines apart from paragraphs, lists tied to their lead."""
    count = 0
    lead: int | None = None
    before: Zone | None = None
    for i, (passage, zone) in enumerate(zip(passages, zones, strict=True)):
        parts = list(_parts(passage, zone, head, i))
        for part, its_zone in parts:
            in_list = its_zone is Zone.LIST_ITEM
            yield Block(Span(part.begin, part.end), its_zone, part.text, part.offsets, lead if in_list else None)
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
            yield passage.cut(end, len(passage.text)), zone
            return
    yield passage, zone
