"""Ask the seeds every shipped question: write ``docs/questions.md`` and the answers in ``tests/cases/answers/`` anew.

Run it when a header of ``queries/ask/`` or the reading of the seeds has changed; then read the difference of the
answers against the texts before it is kept. ``--graph FILE`` takes a graph of the seeds that is built already.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from kzai_graph.building import build
from kzai_graph.inquiry import Graph
from kzai_graph.sparql import Answer, Kind, Question, shipped_questions, write_answer
from kzai_graph.sparql.answer import to_text
from kzai_graph.sparql.formats import markdown_row

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "questions.md"
ANSWERS = REPOSITORY / "tests" / "cases" / "answers"
MAX_ROWS = 6
MAX_CELL_CHARS = 90
# What would list the whole graph is asked of one thing.
SETTINGS = {
    "law/is_adopted": {"instrument": "Law on Artificial Intelligence"},
    "sources/entities": {"class": "Country"},
    "sources/evidence": {"about": "Mazhilis"},
    "sources/facts": {"document": "Kazakhstan Enacts AI Law"},
    "sources/mentions": {"thing": "Mazhilis"},
    "sources/triples": {"about": "Mazhilis"},
}
INTRODUCTION = """\
# Questions

The questions of `queries/ask/`, with what the graph of the three example texts in `seeds/` answers.
`tools/questions.py` writes this page from the headers and the answers; [asking.md](asking.md) says how to ask.
"""


def answers(graph: Path) -> dict[str, Answer]:
    """The answer of a graph of the seeds to each question, by the question's name."""
    return {q.name: Graph(graph).query(q.path, parameters=SETTINGS.get(q.name, {})) for q in shipped_questions()}


def files(graph: Path) -> dict[Path, str]:
    """The page and the answers, as they should be."""
    found = answers(graph)
    written = {ANSWERS / f"{name}.csv": write_answer(answer, "csv") for name, answer in found.items()}
    return written | {PAGE: page(list(shipped_questions()), found)}


def page(questions: list[Question], found: dict[str, Answer]) -> str:
    """All questions with their answers, by folder."""
    parts = [INTRODUCTION]
    for folder, group in groupby(questions, key=lambda q: q.name.partition("/")[0]):
        parts.append(f"## {folder.capitalize()}\n")
        parts += ["\n".join(_section(question, found[question.name])) for question in group]
    return "\n".join(parts)


def _section(question: Question, answer: Answer) -> Iterator[str]:
    card, settings = question.card, SETTINGS.get(question.name, {})
    yield f"### {question.name}\n"
    yield f"{card.question}\n"
    for parameter in card.parameters:
        default = f", default {parameter.default}" if parameter.default else ""
        yield f"- `{parameter.name}` ({parameter.type.replace('|', ', ')}{default}): {parameter.note}".removesuffix(
            ": "
        )
    if card.parameters:
        yield ""
    if card.order:
        yield f"Order: {card.order.replace('?', '')}. Empty: {card.empty}.\n"
    given = "".join(f' --set {name}="{value}"' for name, value in settings.items())
    yield f"`kzai-graph query {question.name}{given}`"
    yield from _answer(answer)


def _answer(answer: Answer) -> Iterator[str]:
    if answer.kind is Kind.ASK:
        yield f"answers {'yes' if answer.yes else 'no'}.\n"
        return
    rows = "1 row" if len(answer.rows) == 1 else f"{len(answer.rows)} rows"
    first = f"; the first {MAX_ROWS}:" if len(answer.rows) > MAX_ROWS else ":" if answer.rows else "."
    yield f"gives {rows}{first}\n"
    if answer.rows:
        yield markdown_row(answer.columns)
        yield markdown_row(["---"] * len(answer.columns))
        for row in answer.rows[:MAX_ROWS]:
            yield markdown_row([_short(to_text(term)) for term in row])
        yield ""


def _short(text: str) -> str:
    text = re.sub(r"^(\d{3})_[0-9a-f]{16}\.txt$", r"\1_….txt", " ".join(text.split()))
    return text if len(text) <= MAX_CELL_CHARS else text[:MAX_CELL_CHARS].rsplit(" ", 1)[0] + " …"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--graph", type=Path, help="graph of the seeds; left out, it is built")
    graph = arguments.parse_args().graph
    with TemporaryDirectory() as folder:
        if graph is None:
            build([REPOSITORY / "seeds"], out=Path(folder))
            graph = Path(folder) / "graph.ttl"
        wanted = files(graph)
    for path in sorted(ANSWERS.rglob("*.csv")):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
