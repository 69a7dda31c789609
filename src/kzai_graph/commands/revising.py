"""``review`` and ``diff``: what a reader got wrong, and what a new build says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kzai_graph.commands.options import (
    DEFAULT_GRAPH,
    CorrectionsOption,
    DifferenceFormat,
    GraphOption,
    OntologyOption,
    TextsOption,
    require_folder,
)
from kzai_graph.errors import InputError

SEEDS = Path("seeds")

app = typer.Typer()


@app.command(epilog="Example: kzai-graph diff old/graph.ttl out/graph.ttl --format md")
def diff(
    old: Annotated[Path, typer.Argument(help="Graph file or store folder.")],
    new: Annotated[Path, typer.Argument(help="Graph file or store folder.")],
    form: Annotated[DifferenceFormat, typer.Option("--format", help="How to write it.")] = DifferenceFormat.TABLE,
) -> None:
    """Say what a new graph gained, lost and says otherwise, by document; exit code 1 where they differ."""
    from kzai_graph.comparing import compare
    from kzai_graph.console import print_answer
    from kzai_graph.revision_reports import difference_json, difference_markdown, difference_sum, difference_tables
    from kzai_graph.sparql import QuestionCard

    differences = compare(old, new)
    if form is DifferenceFormat.TABLE:
        for heading, answer in difference_tables(differences):
            print_answer(answer, QuestionCard(heading), titled=True)
        print(difference_sum(differences))
    else:
        for line in (difference_json if form is DifferenceFormat.JSON else difference_markdown)(differences):
            print(line)
    if differences:
        raise typer.Exit(1)


@app.command(epilog='Example: kzai-graph review --graph out/graph.ttl --texts seeds --reviewer "Ada Quill"')
def review(
    graph: GraphOption = DEFAULT_GRAPH,
    texts: TextsOption = None,
    corrections: CorrectionsOption = None,
    reviewer: Annotated[str | None, typer.Option(envvar="USER", help="Name of who reviews.")] = None,
    ontology: OntologyOption = None,
) -> None:
    """Walk through the least certain statements, and write what is accepted, rejected or fixed as corrections."""
    from kzai_graph.candidates import find_candidates
    from kzai_graph.console import review_summary
    from kzai_graph.corrections_file import add_correction, load_corrections
    from kzai_graph.ontology import load_ontology
    from kzai_graph.reviewing import Reviewer
    from kzai_graph.reviewing import review as ask_reviewer
    from kzai_graph.sources import CORRECTIONS
    from kzai_graph.sparql.formats import printable

    require_folder(texts)
    if reviewer is None or not reviewer.strip():
        raise InputError("no name of a reviewer; give yours with --reviewer")
    if corrections is None and texts is None and not SEEDS.is_dir():
        raise InputError("no folder of texts here; name it with --texts, or the file to write with --corrections")
    file = corrections or (texts or SEEDS) / CORRECTIONS
    knowledge = load_ontology(ontology)
    known = load_corrections([file] if file.exists() else [], knowledge, ontology=ontology)
    candidates = find_candidates(graph, known, knowledge, texts=texts)
    counts = ask_reviewer(
        candidates,
        Reviewer(reviewer.strip(), lambda: datetime.now(UTC).isoformat(timespec="seconds")),
        knowledge,
        ask=_ask,
        show=lambda line: print(printable(line)),
        write=lambda correction: add_correction(file, correction, knowledge),
    )
    print(review_summary(counts, len(candidates), file))


def _ask(prompt: str) -> str | None:
    """A line that the user types, or nothing at the end of the input."""
    try:
        return input(prompt)
    except EOFError:
        print()
        return None
