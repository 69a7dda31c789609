"""``clauses`` and ``evaluate``: how sentences are read, and how well."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kzai_graph.commands.options import (
    DEFAULT_GRAPH,
    ClauseFormat,
    GraphOption,
    LimitOption,
    ModelOption,
    OntologyOption,
    TextsOption,
    require_folder,
)
from kzai_graph.errors import InputError

app = typer.Typer()


@app.command(epilog='Example: kzai-graph clauses - <<< "The council adopted the plan in May."')
def clauses(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A text, or - for standard input.")] = "-",
    form: Annotated[ClauseFormat, typer.Option("--format", help="How to write it.")] = ClauseFormat.TABLE,
    ontology: OntologyOption = None,
    model: ModelOption = None,
    limit: LimitOption = None,
) -> None:
    """Show how sentences are read: predicates and arguments, before any frame."""
    from kzai_graph.documents import read_document
    from kzai_graph.language import load_pipeline
    from kzai_graph.limits import Limits, OverLimitError, parse_limits
    from kzai_graph.ontology import load_ontology
    from kzai_graph.predications import find_predications, line_blocks
    from kzai_graph.reports import clause_jsonl, clause_lines
    from kzai_graph.sources import Source

    path = Path(file)
    limits = Limits(**parse_limits(limit or ()))
    if file == "-":
        text = sys.stdin.read(limits.characters + 1)
        try:
            limits.check("characters", len(text))
        except OverLimitError as error:
            raise InputError(f"standard input: {error}") from error
        blocks = line_blocks(text)
    else:
        blocks = read_document(Source(path.name, path, named=True), limits).blocks
    found = find_predications(blocks, load_pipeline(model), load_ontology(ontology).cues)
    for line in clause_jsonl(found) if form is ClauseFormat.JSONL else clause_lines(found):
        print(line)


@app.command(epilog="Example: kzai-graph evaluate tests/gold --graph out/graph.ttl --texts seeds --why")
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="Folder of *.gold.yaml files.")],
    graph: GraphOption = DEFAULT_GRAPH,
    texts: TextsOption = None,
    ontology: OntologyOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="List every miss and every extra.")] = False,
    per_document: Annotated[bool, typer.Option("--per-document", help="Score each document, too.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Say where each missed fact was lost.")] = False,
    by_frame: Annotated[bool, typer.Option("--by-frame", help="Score each lexicon entry.")] = False,
) -> None:
    """Measure a graph on gold files: precision and recall, and what was missed."""
    from kzai_graph.evaluate import evaluate as measure
    from kzai_graph.evaluate import explain_misses, frame_scores
    from kzai_graph.ontology import load_ontology
    from kzai_graph.reports import evaluation_json, evaluation_lines

    require_folder(texts)
    knowledge = load_ontology(ontology)
    report = measure(graph, gold, texts, ontology=knowledge)
    misses = explain_misses(graph, gold, texts, ontology=knowledge) if why else None
    frames = frame_scores(graph, gold, ontology=knowledge) if by_frame else None
    show = evaluation_json if as_json else evaluation_lines
    for line in show(report, per_document=per_document, errors=errors, misses=misses, frames=frames):
        print(line)
