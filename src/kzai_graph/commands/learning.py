"""``learn``: weights of relations from annotated sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kzai_graph.commands.options import ModelOption, OntologyOption, require_folder

app = typer.Typer()


@app.command(epilog="Example: kzai-graph learn training --ontology ontology")
def learn(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Annotated sentences (*.txt) and settings.toml.")],
    ontology: OntologyOption = None,
    model: ModelOption = None,
) -> None:
    """Learn from annotated sentences which relations hold, for pairs that no frame relates."""
    from kzai_graph.language import load_pipeline
    from kzai_graph.ontology import WEIGHTS, default_ontology, load_ontology
    from kzai_graph.outputs import replacing
    from kzai_graph.reading import Reader
    from kzai_graph.training import find_instances, fit, read_folder, read_settings
    from kzai_graph.weights import outcomes_of, pack_weights

    require_folder(folder)
    home = ontology or default_ontology()
    knowledge, settings = load_ontology(home), read_settings(folder)
    reader = Reader(load_pipeline(model), replace(knowledge, weights=None))
    examples = read_folder(folder, reader)
    instances = list(find_instances(examples, reader))
    weights = fit(instances, outcomes_of(knowledge), settings)
    with replacing(home) as new:
        (new / WEIGHTS).write_bytes(pack_weights(weights))
    related = sum(instance.right != [0] for instance in instances)
    print(
        f"{len(examples)} examples, {len(instances)} pairs, {related} of them related: "
        f"{len(weights.features)} features in {home / WEIGHTS}"
    )
