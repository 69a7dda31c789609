"""Tables and summaries for a terminal or a pipe."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kzai_graph.sparql import Answer, Kind, QuestionCard
from kzai_graph.sparql.answer import is_number, shorten, to_text
from kzai_graph.sparql.formats import printable

if TYPE_CHECKING:
    from kzai_graph.corrections import Outcome
    from kzai_graph.reviewing import Reply
    from kzai_graph.tally import BuildReport

PIPE_COLUMNS = 1_000_000


def make_console(*, stderr: bool = False) -> Console:
    """A console that wraps on a terminal and never in a pipe."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else PIPE_COLUMNS, highlight=False, soft_wrap=False)


def print_answer(answer: Answer, card: QuestionCard, *, titled: bool = False) -> None:
    """Print rows as a table, yes or no, or triples."""
    console = make_console()
    if titled and card.question:
        console.print(Text(f"\n{printable(card.question)}", style="bold"))
    if answer.kind is Kind.ASK:
        console.print("yes" if answer.yes else "no")
        return
    if not answer.rows:
        console.print(Text(card.empty or (card.question and "nothing found") or "no rows"))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(answer.columns):
        numeric = all(row[index] is None or is_number(row[index]) for row in answer.rows)
        table.add_column(Text(column), justify="right" if numeric else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text(" ".join(printable(to_text(term)).split())) for term in row))
    console.print(table)


def build_summary(report: BuildReport) -> Iterator[str]:
    """The counts of a build, line by line."""
    unchanged = f"  ({report.unchanged} unchanged since the last build)" if report.unchanged else ""
    yield f"documents     {len(report.documents)}{unchanged}"
    yield f"entities      {sum(report.entities.values())}{_listed(report.entities)}"
    yield f"statements    {sum(report.statements.values())}{_listed(_sums(report.statements, 1))}"
    for relation in sorted({relation for relation, _ in report.statements}):
        by_modality = {m: n for (r, m), n in report.statements.items() if r == relation}
        yield f"  {relation:15} {sum(by_modality.values()):5}{_listed(by_modality)}"
    yield f"observations  {report.observations}"
    yield f"quotes        {report.quotes}"
    skipped = report.sentences_skipped
    yield f"no statement  {sum(skipped.values())} sentences{_listed(skipped)}"
    yield from _corrections(report.corrections)
    for identifier, note in report.notes:
        yield f"note          {printable(identifier)}: {printable(note)}"
    for failure in report.unread:
        yield f"skipped       {printable(failure.identifier)}: {printable(failure.reason)}"
    for path in report.files:
        yield f"wrote         {path}"


def review_summary(counts: Mapping[Reply, int], asked: int, file: Path) -> str:
    """What a review decided, in one line."""
    from kzai_graph.reviewing import Reply

    said = {Reply.ACCEPT: "accepted", Reply.REJECT: "rejected", Reply.FIX: "fixed", Reply.SKIP: "skipped"}
    judged = sum(counts.get(reply, 0) for reply in (Reply.ACCEPT, Reply.REJECT, Reply.FIX))
    parts = ", ".join(f"{words} {counts.get(reply, 0)}" for reply, words in said.items())
    where = f"; {file} holds what was judged, and the next build applies it" if judged else ""
    return f"{parts}; {asked - judged} left to judge{where}"


def _corrections(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """How many corrections were applied; each that was not, with the reason."""
    if not outcomes:
        return
    applied = [outcome for outcome in outcomes if outcome.problem is None]
    kinds = Counter(outcome.correction.kind.lower() for outcome in applied)
    yield f"corrections   {len(applied)} applied{_listed(kinds)}, {len(outcomes) - len(applied)} without target"
    for outcome in outcomes:
        if outcome.problem is not None:
            found = outcome.correction
            yield printable(f"no target     {found.place}: {shorten(found.iri)} ({found}): {outcome.problem}")


def _sums(counts: Mapping[tuple[str, str], int], part: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, count in sorted(counts.items()):
        sums[key[part]] = sums.get(key[part], 0) + count
    return sums


def _listed(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f"  ({', '.join(f'{name} {count}' for name, count in ordered)})" if ordered else ""
