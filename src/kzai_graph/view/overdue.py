"""Which plans are overdue: what the question ``promises/overdue`` says, as positions in the facts of a page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.sparql import ask_shipped
from kzai_graph.view.facts import Facts

QUESTION = Path("promises/overdue")


def find_overdue(quads: Iterable[ox.Quad], facts: Facts) -> frozenset[int]:
    """The plans whose day is past, as of the newest document, and that nothing says were kept or dropped."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    late = {tuple(row.values())[1:] for row in ask_shipped(store, QUESTION).texts()}
    return frozenset(
        i
        for i, s in enumerate(facts.statements)
        if s.modality == "Planned"
        and any(
            (
                facts.entities[s.subject].label,
                s.relation,
                facts.entities[s.object].label,
                facts.documents[facts.sentences[sentence].document].name,
                facts.sentences[sentence].text,
            )
            in late
            for sentence, _, _ in s.evidence
        )
    )
