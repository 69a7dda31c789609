"""Choose the title among the passages at the head of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kzai_graph.creditlines import BY, Part, is_credit_line, read_credits
from kzai_graph.datelines import dateline_end
from kzai_graph.furniture import LABELLED, LABELS, is_furniture, is_menu, is_prose
from kzai_graph.layout import Kind, Passage
from kzai_graph.model import Zone
from kzai_graph.naming import find_date, is_organisation, is_person

MAX_HEAD_PASSAGES = 40
MAX_TITLE_CHARACTERS = 250
HEADLINE_WORDS = 4

OTHER_ROLE = re.compile(r"(?:reviewers?|editors?|translat\w+|reviewed|edited)\b", re.IGNORECASE)
AUTHOR_LABEL = re.compile(r"\W*(?:authors?|written by|by|posted by)\W*", re.IGNORECASE)
FIELD = re.compile(r"(?P<key>[A-Z][\w /.&-]{1,30}?)\s*(?:No\.)?:\s+(?P<value>\S.{0,250})")
_NUMBERED = re.compile(
    r"(?:[IVXLC]{1,6}|\d{1,2}(?:\.\d{1,2})*|[A-Z])[.)]\s|(?:chapter|section|part|annex|appendix)\s+(?:\d|[IVX]+\b)",
    re.IGNORECASE,
)


_OPEN = re.compile(
    r"(?:[,:–—]|\b(?:of|the|and|to|in|for|with|on|as|a|an|at|by|from|or|into|over|after|its|their|is|are))$"
)
_CREDITED = frozenset({Zone.BYLINE, Zone.DATELINE})


def choose_title(passages: Sequence[Passage], plain: Sequence[int], zones: Mapping[int, Zone]) -> int | None:
    """Return the index of the title among passages of the head; ``zones`` has those that are read already."""
    candidates = [i for i in plain if i not in zones and _may_be_title(passages[i])]
    if not candidates:
        return None
    best = max(candidates, key=lambda i: (_score(passages, i, candidates, zones), -i))
    text = passages[best].text
    bare = passages[best].level == 0 and len(text.split()) == 1 and not set(zones.values()) & _CREDITED
    return None if bare or _NUMBERED.match(text) else best


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
    if _is_byline(text) or AUTHOR_LABEL.fullmatch(text) or (OTHER_ROLE.match(text) and ":" in text):
        return False
    return passage.level > 0 or (not text.endswith((".", ":", ";", ",")) and not text[0].islower())


def _score(passages: Sequence[Passage], i: int, candidates: Sequence[int], zones: Mapping[int, Zone]) -> int:
    """Weigh what speaks for a passage: its level, its place before names and dates, and that it says something."""
    passage = passages[i]
    text = passage.text
    alone = all(p.stanza != passage.stanza for p in (*passages[max(i - 1, 0) : i], *passages[i + 1 : i + 2]))
    follows = any(
        zones.get(j) in _CREDITED or _is_byline(passages[j].text) for j in range(i + 1, min(i + 4, len(passages)))
    )
    score = {1: 6, 2: 2}.get(passage.level, 0) + 2 * alone + (i == candidates[0]) + 2 * follows
    score += 2 * (len(text.split()) >= HEADLINE_WORDS)
    if passage.level == 1:
        return score
    before = [j for j in candidates if j < i and _is_headline(passages[j])]
    credited = [j for j in range(i) if zones.get(j) in _CREDITED]
    late = any(j < k for j in before for k in credited)
    deck = bool(before) and before[-1] == i - 1
    named = is_organisation(text) or is_person(text) or _is_form(text)
    letterhead = i > 0 and is_organisation(passages[i - 1].text) and passages[i - 1].stanza == passage.stanza
    row = " | " in text and len(text) <= 60
    return score - 6 * named - 3 * (late + deck + row) - 2 * letterhead


def _is_headline(passage: Passage) -> bool:
    text = passage.text
    return len(text.split()) >= HEADLINE_WORDS and not (is_organisation(text) or is_person(text) or _is_form(text))


def _is_byline(text: str) -> bool:
    return len(text) <= 200 and BY.match(text) is not None and any(c.part is Part.AUTHOR for c in read_credits(text))


def _is_form(text: str) -> bool:
    """Tell whether a line is one of a form ("Reference: 12-B") rather than a headline with a colon."""
    key, colon, value = text.partition(":")
    return bool(colon) and (
        (FIELD.fullmatch(text) is not None and sum(c.isdigit() for c in value) >= 2 and len(value.split()) <= 3)
        or re.search(r"\b(?:No\.?|Ref\w*|Date|Loan|Code|ID)$", key) is not None
    )


def join_title(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Join the two lines of a headline near the top of a page."""
    joined = list(passages)
    for i in range(min(len(joined) - 1, MAX_HEAD_PASSAGES // 4)):
        first, second = joined[i], joined[i + 1]
        if is_prose(first) or dateline_end(first.text):
            break
        if _runs_on(first, second):
            text = f"{first.text} {second.text}"
            offsets = (*_offsets(first), first.end, *_offsets(second))
            joined[i : i + 2] = [Passage(first.begin, second.end, text, offsets, first.kind, first.level, first.stanza)]
            break
    return tuple(joined)


def _offsets(passage: Passage) -> Sequence[int]:
    return passage.offsets or range(passage.begin, passage.end)


def _runs_on(first: Passage, second: Passage) -> bool:
    """Tell whether a headline goes on in the next line of its stanza."""
    one, two = first.text, second.text
    if first.stanza != second.stanza or not first.kind is second.kind is Kind.TEXT or first.level or second.level:
        return False
    if (
        len(one) + len(two) > MAX_TITLE_CHARACTERS
        or len(one.split()) < 3
        or two.endswith((".", ":", ";"))
        or "\t" in one + two
    ):
        return False
    if any(
        find_date(t) or is_furniture(t) or is_menu(t) or is_organisation(t) or is_credit_line(read_credits(t))
        for t in (one, two)
    ):
        return False
    shouted = (
        one.isupper()
        and len(one.split()) >= HEADLINE_WORDS
        and two.isupper()
        and not is_person(two)
        and not LABELS.fullmatch(one)
    )
    return shouted or (_OPEN.search(one) is not None and two[0].isalnum()) or (one[0].isupper() and two[0].islower())
