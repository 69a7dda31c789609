"""Give clauses their dates: the times among their modifiers, or the one that stands nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc

from kzai_graph.dates import TimeExpression, takes_effect
from kzai_graph.model import Clause

DATING = frozenset({"on", "since", "from", "between", "until"})
HEADING = frozenset({":", "–", "—"})
"""What stands between the date of an entry and the entry."""
SETTING = frozenset({"prep:at", "prep:during", "prep:in"})


def date_and_deadline(
    clause: Clause, doc: Doc, times: Sequence[TimeExpression], clauses: Iterable[Clause]
) -> tuple[str | None, str | None]:
    """When what a clause says is so, and by when it is to be, as EDTF; ``clauses`` are all of the block."""
    date = deadline = None
    for time in _times_of(clause, doc, times, clauses):
        if time.relation == "by":
            deadline = deadline or time.edtf
        elif time.relation in DATING:
            date = date or time.edtf
    return date, deadline


def _times_of(
    clause: Clause, doc: Doc, times: Sequence[TimeExpression], clauses: Iterable[Clause]
) -> list[TimeExpression]:
    """The times among a clause's modifiers; where it has none, the one that no clause took and that stands nearest.

    When something takes effect ("announced today …, effective 1 May") goes before when it was said.
    """
    sentence = doc[clause.head].sent
    here = [t for t in times if sentence.start <= t.begin < sentence.end]
    verbs = [c for c in clauses if c.kind == "verb" and sentence.start <= c.head < sentence.end]
    effective = [t for t in here if takes_effect(doc, t.begin) and _last_before(t, verbs) <= clause.head < t.begin]
    if effective:
        return effective
    own = [t for t in times if _within(t, clause)]
    if own or clause.kind != "verb":
        return own
    for time in here:
        if any(_within(time, c) for c in verbs) or _modifies_noun(doc, time):
            continue
        before = _last_before(time, verbs)
        opening = before < 0 and _is_main(clause, doc, verbs)
        if opening or before == clause.head or _is_setting(time, clause):
            return [time]
    return _heading(clause, doc, times)


def _within(time: TimeExpression, clause: Clause) -> bool:
    return any(time.begin < end and begin < time.end for begin, end in clause.times)


def _last_before(time: TimeExpression, verbs: Iterable[Clause]) -> int:
    """The last verb before a time, -1 where none stands before it."""
    return max((c.head for c in verbs if c.head < time.begin), default=-1)


def _is_main(clause: Clause, doc: Doc, verbs: Iterable[Clause]) -> bool:
    """The root of the sentence, or the first verb of the first half of "A has offered …; B was turned down"."""
    head = doc[clause.head]
    parted = ";" in {t.text for t in doc[head.i : head.head.i]}
    return head == head.sent.root or (parted and head.i == min(c.head for c in verbs))


def _is_setting(time: TimeExpression, clause: Clause) -> bool:
    """ "The minister, at the forum in Oslo last May, called for …": when the forum was."""
    return any(a.role in SETTING and a.begin < time.begin and time.end <= a.end for a in clause.arguments)


def _heading(clause: Clause, doc: Doc, times: Sequence[TimeExpression]) -> list[TimeExpression]:
    """The date that opens an entry, "May 2031: the bridge was opened", for what its first sentence says."""
    head = doc[clause.head]
    while head.dep_ == "conj" and head.head != head:
        head = head.head
    first = times[0] if times and not any(t.is_alpha for t in doc[: times[0].begin]) else None
    if first is None or first.end + 1 >= len(doc) or head != head.sent.root:
        return []
    mark = first.end + (doc[first.end].text == "*")
    opened = doc[mark].text in HEADING and head.sent.start <= mark + 1 and head.i > mark
    return [first] if opened else []


def _modifies_noun(doc: Doc, time: TimeExpression) -> bool:
    """ "its 2021 report": the year belongs to the report."""
    last = doc[time.end - 1]
    return (
        time.end < len(doc)
        and last.dep_ in ("compound", "nummod", "amod", "poss", "npadvmod")
        and last.head.i >= time.end
    )
