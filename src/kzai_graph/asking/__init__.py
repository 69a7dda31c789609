"""Answer a question in words: find the shipped question that it means, with its parameters. No model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kzai_graph.asking.choice import Catalogue, Choice, Ranking
from kzai_graph.asking.names import Names
from kzai_graph.sparql import shipped_questions

if TYPE_CHECKING:
    from kzai_graph.inquiry import Graph
    from kzai_graph.remote import RemoteGraph

__all__ = ["Catalogue", "Choice", "Names", "Ranking", "rank"]


def rank(text: str, graph: Graph | RemoteGraph, *, ontology: Path | None = None) -> Ranking:
    """Rank all shipped questions for a wording.

    Raises:
        GraphError: the graph cannot be read.
        OntologyError: there is no such ontology folder.
    """
    return Catalogue(shipped_questions()).rank(text, Names.of(graph, ontology))
