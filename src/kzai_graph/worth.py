"""Decide which descriptions of several things ("workshops on tides") are worth a node: those that somebody makes."""

from __future__ import annotations

from collections.abc import Sequence

from kzai_graph.frames import Proposal
from kzai_graph.lexical import Ontology
from kzai_graph.mentions import Mentions
from kzai_graph.model import Modality

ACTORS = ("Country", "Organisation", "Person")


def keep_worthy(proposals: Sequence[Proposal], mentions: Mentions, ontology: Ontology) -> list[Proposal]:
    """Leave out what is only said of slight things: where they are, what they are about.

    A slight entity counts where a person, a body or a country that the text names brings it about; the others lose
    their class, and so take part in nothing more.
    """
    acted_on = {
        id(p.object.entity)
        for p in proposals
        if ontology.signature(p.relation).brings_about
        and p.modality in (Modality.ASSERTED, Modality.PLANNED)
        and p.subject.entity.named
        and ontology.is_a(p.subject.entity.cls or "", *ACTORS)
    }
    for entity in {id(r.entity): r.entity for r in mentions.references if r.entity.slight}.values():
        if id(entity) not in acted_on:
            entity.cls = None
    return [p for p in proposals if p.subject.entity.cls is not None and p.object.entity.cls is not None]
