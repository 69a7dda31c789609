"""Count what a build found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kzai_graph.corrections import Outcome
from kzai_graph.gists import Gist
from kzai_graph.lexical import Ontology
from kzai_graph.tally import BuildReport
from kzai_graph.view.said import Said


def count_found(
    gists: Sequence[Gist],
    said: Said,
    knowledge: Ontology,
    misfits: Iterable[str],
    outcomes: tuple[Outcome, ...],
) -> BuildReport:
    """Count what documents and their graph hold, and by reason what of them is not in the graph (``misfits``)."""
    classes = Counter(entity.cls for entity in said.entities.values())
    skipped = Counter(misfits)
    for gist in gists:
        skipped.update(gist.silent)
    statements = Counter((told.values[0] or "", told.values[1] or "") for told in said.told["statements"].values())
    return BuildReport(
        documents=tuple(gist.identifier for gist in gists),
        notes=tuple((gist.identifier, note) for gist in gists for note in gist.notes),
        entities={name: classes[name] for name in sorted(knowledge.classes) if classes[name]},
        statements=dict(sorted(statements.items())),
        observations=said.observations,
        quotes=len(said.told["quotes"]),
        sentences_skipped=dict(sorted(skipped.items())),
        corrections=outcomes,
    )
