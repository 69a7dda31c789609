"""Answer a question in words: find the shipped question that it means, with its parameters. No model."""

from __future__ import annotations

from pathlib import Path

from kzai_graph.asking.choice import Catalogue, Choice, Ranking
from kzai_graph.asking.names import Names
from kzai_graph.sparql import shipped_questions

__all__ = ["Catalogue", "Choice", "Names", "Ranking", "rank"]


def rank(text: str, graph: Path, *, ontology: Path | None = None) -> Ranking:
    """Rank all shipped questions for a wording.

    Raises:
        GraphError: the graph cannot be read.
        OntologyError: there is no such ontology folder.
    """
    return Catalogue(shipped_questions()).rank(text, Names.of(graph, ontology))
