"""Give clauses their dates: the times among their modifiers, or the one that stands nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc

from kzai_graph.dates import TimeExpression
from kzai_graph.model import Clause

DATING = frozenset({"on", "since", "from", "between", "until"})


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
    """The times among a clause's modifiers; where it has none, the one that no clause took and that stands nearest."""
    own = [t for t in times if _within(t, clause)]
    if own or clause.kind != "verb":
        return own
    sentence = doc[clause.head].sent
    verbs = [c for c in clauses if c.kind == "verb" and sentence.start <= c.head < sentence.end]
    for time in times:
        if (
            not sentence.start <= time.begin < sentence.end
            or any(_within(time, c) for c in verbs)
            or _modifies_noun(doc, time)
        ):
            continue
        before = [c.head for c in verbs if c.head < time.begin]
        opening = not before and doc[clause.head] == sentence.root
        if opening or (before and before[-1] == clause.head):
            return [time]
    return []


def _within(time: TimeExpression, clause: Clause) -> bool:
    return any(time.begin < end and begin < time.end for begin, end in clause.times)


def _modifies_noun(doc: Doc, time: TimeExpression) -> bool:
    """ "its 2021 report": the year belongs to the report."""
    last = doc[time.end - 1]
    return (
        time.end < len(doc)
        and last.dep_ in ("compound", "nummod", "amod", "poss", "npadvmod")
        and last.head.i >= time.end
    )
