"""Find references that the text lists ("A, the fund B and C") by the words between them; parsers lose members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from spacy.tokens import Doc, Token

from kzai_graph.entities import Reference
from kzai_graph.lookup import Lookup
from kzai_graph.model import MentionKind

AND = frozenset({"and", "&"})
MAX_GAP_TOKENS = 8
MAX_BRACKET_TOKENS = 6
INTRODUCING_POS = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
Listed = dict[tuple[int, int], list[Reference]]


def coordinated(doc: Doc, references: Sequence[Reference], lookup: Lookup) -> Listed:
    """Map each listed reference (by its tokens) to the other members of its list."""
    named = [r for r in references if r.entity.cls is not None and r.kind in (MentionKind.NAME, MentionKind.NOMINAL)]
    largest = [r for r in _outermost(named) if not _modifies(doc, r)]
    lists: Listed = defaultdict(list)
    run: list[Reference] = []
    closed = False
    for left, right in pairwise([*largest, None]):
        run = run or ([left] if left is not None else [])
        link = _link(doc, left, right, lookup) if left is not None and right is not None else ""
        if link and not closed and right is not None:
            run.append(right)
            closed = link == "and"
            continue
        if closed and len(run) > 1:
            for member in run:
                lists[member.begin, member.end] += [other for other in run if other is not member]
        run, closed = [], False
    return lists


def _modifies(doc: Doc, reference: Reference) -> bool:
    """ "U.S." of "the U.S. chipmaker Nvidia" is no member of a list."""
    if reference.entity.cls not in ("Country", "Place") or reference.end >= len(doc):
        return False
    after = doc[reference.end]
    return after.tag_ == "POS" or (after.text.islower() and after.pos_ in ("NOUN", "ADJ"))


def _outermost(references: Sequence[Reference]) -> list[Reference]:
    kept: list[Reference] = []
    for reference in sorted(references, key=lambda r: (r.begin, -r.end)):
        if not kept or reference.begin >= kept[-1].end:
            kept.append(reference)
    return kept


def _link(doc: Doc, left: Reference, right: Reference, lookup: Lookup) -> str:
    """ "," or "and" where nothing but a bracketed short form and an introduction stand between, else nothing."""
    if lookup.root(left.entity.cls or "") != lookup.root(right.entity.cls or "") or left.entity is right.entity:
        return ""
    i, end = left.end, right.begin
    if end - i > MAX_GAP_TOKENS + MAX_BRACKET_TOKENS or doc[left.begin].sent.start != doc[right.begin].sent.start:
        return ""
    if i < end and doc[i].text == "(":
        close = next((j for j in range(i + 1, min(i + MAX_BRACKET_TOKENS, end)) if doc[j].text == ")"), None)
        if close is None:
            return ""
        i = close + 1
    kind = ""
    if i < end and doc[i].text in (",", ";"):
        kind, i = ",", i + 1
    if i < end and doc[i].lower_ in AND:
        kind, i = "and", i + 1
    elif doc[i : i + 3].text.lower() == "as well as":
        kind, i = "and", i + 3
    if not kind or end - i > MAX_GAP_TOKENS or not all(_introduces(t) for t in doc[i:end]):
        return ""
    return "" if _begins_clause(doc, left, right) or _goes_on_after_aside(doc, left, right) else kind


def _introduces(token: Token) -> bool:
    return token.pos_ in INTRODUCING_POS or token.text == "-" or token.tag_ == "POS"


def _goes_on_after_aside(doc: Doc, left: Reference, right: Reference) -> bool:
    """ "A, a part of B, and C": what says who A is ends at the comma, and C is listed with A."""
    second, before = doc[right.head], doc[left.head]
    if second.dep_ != "conj" or second.head.i >= left.begin:
        return False
    for above in before.ancestors:
        if above.dep_ == "appos" and above.head == second.head and above.i < left.begin:
            return above.pos_ == "NOUN"
    return False


def _begins_clause(doc: Doc, left: Reference, right: Reference) -> bool:
    """ "… signed with A, and B refused": B is the subject of its own verb."""
    first, second = doc[left.head], doc[right.head]
    return (
        second.dep_ in SUBJECTS
        and first.dep_ not in SUBJECTS
        and first.head.i != second.head.i
        and second.head.i > second.i
        and first.i < second.head.i
        and first.dep_ != "conj"
        and not second.is_ancestor(first)
    )
