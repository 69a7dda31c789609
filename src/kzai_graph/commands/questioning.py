"""``query``, ``questions`` and ``ask``: what the graph answers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kzai_graph.commands.options import (
    AnswerFormat,
    AskedGraphOption,
    InferredOption,
    OntologyOption,
    graph_to_ask,
)
from kzai_graph.errors import InputError

if TYPE_CHECKING:
    from kzai_graph.sparql import Answer

NO = 1
app = typer.Typer()

FormatOption = Annotated[
    AnswerFormat | None, typer.Option("--format", help="How to write the answer; table, and ttl for triples.")
]
TimeoutOption = Annotated[float, typer.Option(min=0.1, help="Seconds for each query.")]
RowsOption = Annotated[int, typer.Option(min=1, help="Rows at most.")]


@app.command(epilog="Example: kzai-graph query people/office_holders --set country=Kazakhstan --format csv")
def query(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.rq|QUESTION...", help="SPARQL files or questions.")],
    graph: AskedGraphOption = None,
    form: FormatOption = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter.")] = None,
    ontology: OntologyOption = None,
    with_inferred: InferredOption = False,
    timeout: TimeoutOption = 30.0,
    max_rows: RowsOption = 100_000,
) -> None:
    """Answer questions written in SPARQL: no write, no file but the graph, and no network but an address you give."""
    from kzai_graph.sparql import Kind

    if len(files) > 1 and form not in (None, AnswerFormat.TABLE):
        raise InputError(f"format {form}: holds one answer; give one query, or take --format table")
    parameters = _settings(settings or [])
    asked = graph_to_ask(graph)
    answers = []
    for path in files:
        answer = asked.query(
            path,
            parameters=parameters,
            ontology=ontology,
            with_inferred=with_inferred,
            timeout_s=timeout,
            max_rows=max_rows,
        )
        answers.append(answer)
        _show(answer, path, form, titled=len(files) > 1)
    if any(answer.kind is Kind.ASK and not answer.yes for answer in answers):
        raise typer.Exit(NO)


@app.command(epilog="Example: kzai-graph questions people/office_holders")
def questions(
    wanted: Annotated[str, typer.Argument(metavar="[QUESTION|WORD]", help="One question, or those with a word.")] = "",
) -> None:
    """List the questions that are shipped; of one, say its parameters, columns and order."""
    from kzai_graph.reports import question_lines
    from kzai_graph.sparql import shipped_questions

    for line in question_lines(list(shipped_questions()), wanted):
        print(line)


@app.command(epilog='Example: kzai-graph ask "who heads the Mazhilis?"')
def ask(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="A question in English.")],
    graph: AskedGraphOption = None,
    form: FormatOption = None,
    ontology: OntologyOption = None,
    with_inferred: InferredOption = False,
    timeout: TimeoutOption = 30.0,
    max_rows: RowsOption = 100_000,
) -> None:
    """Answer a question in words by the shipped question that it means; exit code 1 where none fits."""
    from kzai_graph.asking import rank
    from kzai_graph.reports import choice_lines, refusal_lines
    from kzai_graph.sparql import Kind

    asked = graph_to_ask(graph)
    ranking = rank(" ".join(words), asked, ontology=ontology)
    best = ranking.best
    if best is None:
        for line in refusal_lines(ranking):
            print(line)
        raise typer.Exit(NO)
    for line in choice_lines(best):
        # Only a table is for eyes alone: other formats are read by programs.
        print(line, file=sys.stdout if form in (None, AnswerFormat.TABLE) else sys.stderr)
    answer = asked.query(
        best.question.path,
        parameters=best.parameters,
        ontology=ontology,
        with_inferred=with_inferred,
        timeout_s=timeout,
        max_rows=max_rows,
    )
    _show(answer, best.question.path, form)
    if answer.kind is Kind.ASK and not answer.yes:
        raise typer.Exit(NO)


def _show(answer: Answer, path: Path, form: AnswerFormat | None, *, titled: bool = False) -> None:
    from kzai_graph.console import print_answer
    from kzai_graph.sparql import Kind, QuestionCard, find_query, read_query, write_answer

    shown = form or (AnswerFormat.TTL if answer.kind is Kind.GRAPH else AnswerFormat.TABLE)
    if shown is AnswerFormat.TABLE:
        print_answer(answer, QuestionCard.of(read_query(find_query(path))), titled=titled)
    else:
        sys.stdout.write(write_answer(answer, shown))
    if answer.truncated:
        print(f"{path}: only the first {len(answer.rows)} rows are shown; raise --max-rows", file=sys.stderr)


def _settings(given: list[str]) -> Mapping[str, str]:
    parameters = {}
    for setting in given:
        name, sign, value = setting.partition("=")
        if not sign or not name:
            raise InputError(f"--set {setting}: has no name and value; write --set name=value")
        parameters[name.removeprefix("$")] = value
    return parameters
