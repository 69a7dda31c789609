"""Count what a build found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.batches import Unread
from kzai_graph.coverage import silent_sentences
from kzai_graph.lexical import Ontology
from kzai_graph.model import DocumentRecord
from kzai_graph.revising import Outcome
from kzai_graph.statements import Misfit
from kzai_graph.terms import KZ, RDF

COUNTED = (RDF + "type", RDF + "predicate", KZ + "modality")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made; counts have their keys in sorted order.

    ``sentences_skipped`` counts by reason the sentences that gave no statement, and the statements left out.
    """

    documents: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    entities: dict[str, int]
    statements: dict[tuple[str, str], int]
    observations: int
    quotes: int
    sentences_skipped: dict[str, int]
    corrections: tuple[Outcome, ...] = ()
    files: tuple[Path, ...] = ()
    unread: tuple[Unread, ...] = ()
    unchanged: int = 0
    """Documents whose record was kept from an earlier build."""


def tally(
    records: Sequence[DocumentRecord],
    quads: Sequence[ox.Quad],
    knowledge: Ontology,
    misfits: Sequence[Misfit],
    outcomes: tuple[Outcome, ...],
) -> BuildReport:
    """Count what records and their graph hold, and what of the records is not in the graph."""
    said: dict[str, dict[object, str]] = {name: {} for name in COUNTED}
    for quad in quads:
        if quad.predicate.value in said and isinstance(quad.object, ox.NamedNode):
            said[quad.predicate.value][quad.subject] = quad.object.value
    classes = Counter(said[RDF + "type"].values())
    skipped = Counter(reason for record in records for reason in silent_sentences(record).values())
    skipped.update(m.reason for m in misfits)
    statements = Counter(
        (relation.removeprefix(knowledge.namespace), said[KZ + "modality"][node].removeprefix(KZ))
        for node, relation in said[RDF + "predicate"].items()
    )
    return BuildReport(
        documents=tuple(record.identifier for record in records),
        notes=tuple((record.identifier, note) for record in records for note in record.notes),
        entities={
            name: classes[iri] for name in sorted(knowledge.classes) if classes[iri := knowledge.namespace + name]
        },
        statements=dict(sorted(statements.items())),
        observations=classes[KZ + "Observation"],
        quotes=classes[KZ + "Quote"],
        sentences_skipped=dict(sorted(skipped.items())),
        corrections=outcomes,
    )
