"""Tables, summaries and progress for a terminal or a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kzai_graph.sparql import Answer, Kind, QuestionCard
from kzai_graph.sparql.answer import is_number, to_text
from kzai_graph.sparql.formats import printable

if TYPE_CHECKING:
    from kzai_graph.building import BuildReport
    from kzai_graph.evaluate import FrameScore, Miss, Report

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


@contextmanager
def show_progress(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on a terminal; in a pipe one plain line for each step. Both go to standard error."""
    if not sys.stderr.isatty():
        yield lambda done, total, name: print(f"{what} {done}/{total}: {printable(name)}", file=sys.stderr, flush=True)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=make_console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, name="")
        yield lambda done, total, name: bar.update(task, completed=done, total=total, name=printable(name))


def build_summary(report: BuildReport) -> Iterator[str]:
    """The counts of a build, line by line."""
    yield f"documents     {len(report.documents)}"
    yield f"entities      {sum(report.entities.values())}{_listed(report.entities)}"
    yield f"statements    {sum(report.statements.values())}{_listed(_sums(report.statements, 1))}"
    for relation in sorted({relation for relation, _ in report.statements}):
        by_modality = {m: n for (r, m), n in report.statements.items() if r == relation}
        yield f"  {relation:15} {sum(by_modality.values()):5}{_listed(by_modality)}"
    yield f"observations  {report.observations}"
    yield f"quotes        {report.quotes}"
    skipped = report.sentences_skipped
    yield f"no statement  {sum(skipped.values())} sentences or candidates{_listed(skipped)}"
    for identifier, note in report.notes:
        yield f"note          {printable(identifier)}: {printable(note)}"
    for failure in report.unread:
        yield f"skipped       {printable(failure.identifier)}: {printable(failure.reason)}"
    for path in report.files:
        yield f"wrote         {path}"


def evaluation_lines(
    report: Report,
    *,
    per_document: bool = False,
    errors: bool = False,
    misses: Sequence[Miss] | None = None,
    frames: Sequence[FrameScore] | None = None,
) -> Iterator[str]:
    """The scores, then what else was asked for, each part after an empty line."""
    from kzai_graph.evaluate import summarise

    parts: list[Iterable[str]] = [report.lines()]
    if per_document:
        parts.append(report.document_lines())
    if errors:
        parts.append(report.errors)
    if misses is not None:
        parts += [map(str, misses), summarise(misses)]
    if frames is not None:
        parts.append(line for frame in frames for line in (str(frame), *(f"      {e}" for e in frame.examples)))
    for index, part in enumerate(parts):
        if index:
            yield ""
        yield from (_shown(line) for text in part for line in text.split("\n"))


def evaluation_json(
    report: Report,
    *,
    per_document: bool = False,
    errors: bool = False,
    misses: Sequence[Miss] | None = None,
    frames: Sequence[FrameScore] | None = None,
) -> Iterator[str]:
    """The scores as one JSON object; what else was asked for under keys of its own."""
    said: dict[str, object] = dict(report.as_dict())
    if per_document:
        said["documents"] = {name: score.as_dict() for name, score in report.documents.items()}
    if errors:
        said["errors"] = [asdict(finding) for finding in report.total.findings]
    if misses is not None:
        said["misses"] = [asdict(miss) | {"fact": str(miss.fact)} for miss in misses]
    if frames is not None:
        said["frames"] = [asdict(frame) for frame in frames]
    yield json.dumps(said, ensure_ascii=False)


def _shown(line: str) -> str:
    """A line without what a terminal would obey; its tabs stay."""
    return "\t".join(printable(part) for part in line.split("\t"))


def _sums(counts: Mapping[tuple[str, str], int], part: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, count in sorted(counts.items()):
        sums[key[part]] = sums.get(key[part], 0) + count
    return sums


def _listed(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f"  ({', '.join(f'{name} {count}' for name, count in ordered)})" if ordered else ""
