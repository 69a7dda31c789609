"""Count what records and their graph hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyoxigraph as ox

from kzai_graph.corrections import Outcome
from kzai_graph.coverage import silent_sentences
from kzai_graph.lexical import Ontology
from kzai_graph.model import DocumentRecord
from kzai_graph.statements import Misfit
from kzai_graph.tally import BuildReport
from kzai_graph.terms import KZ, RDF

COUNTED = (RDF + "type", RDF + "predicate", KZ + "modality")


def count_found(
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
