"""Measure a graph on gold files: precision and recall, where each missed fact was lost, which entries err."""

from __future__ import annotations

from pathlib import Path

from kzai_graph.evaluate.claims import Claims, read_claims
from kzai_graph.evaluate.evidence import check_evidence, read_texts
from kzai_graph.evaluate.gold import load_gold
from kzai_graph.evaluate.lexicon import FrameScore, score_frames
from kzai_graph.evaluate.misses import Loss, Miss, find_misses, summarise
from kzai_graph.evaluate.scores import Finding, Report, Score, Tally
from kzai_graph.evaluate.scoring import Reading, compare, score
from kzai_graph.lexical import Ontology
from kzai_graph.ontology import load_ontology

__all__ = [
    "Finding",
    "FrameScore",
    "Loss",
    "Miss",
    "Report",
    "Score",
    "Tally",
    "evaluate",
    "explain_misses",
    "frame_scores",
    "summarise",
]


def evaluate(graph: Path, gold: Path, texts: Path | None = None, *, ontology: Ontology | None = None) -> Report:
    """Score a graph file on the gold files of a folder; with the folder of the texts, check every offset too.

    Raises:
        GoldError: a gold file is broken, or there is none.
        GraphError: the graph cannot be read.
    """
    claims, readings = _compare(graph, gold, ontology)
    documents = {reading.gold.document: score(reading, claims) for reading in readings}
    total = Score()
    for part in documents.values():
        total.add(part)
    total.add(check_evidence(claims, read_texts(claims, texts)))
    return Report(total, documents)


def explain_misses(
    graph: Path, gold: Path, texts: Path | None = None, *, ontology: Ontology | None = None
) -> list[Miss]:
    """Say where each missed fact and qualifier was lost; the texts tell sentences that no rule touched.

    Raises:
        GoldError: a gold file is broken, or there is none.
        GraphError: the graph cannot be read.
    """
    claims, readings = _compare(graph, gold, ontology)
    sources = read_texts(claims, texts)
    return [
        miss
        for reading in readings
        for miss in find_misses(reading, claims, sources.get(reading.document) if reading.document else None)
    ]


def frame_scores(graph: Path, gold: Path, *, ontology: Ontology | None = None) -> list[FrameScore]:
    """Score each lexicon entry by what its statements were worth, those with most extras first.

    Raises:
        GoldError: a gold file is broken, or there is none.
        GraphError: the graph cannot be read.
    """
    claims, readings = _compare(graph, gold, ontology)
    return list(score_frames(readings, claims))


def _compare(graph: Path, gold: Path, ontology: Ontology | None) -> tuple[Claims, tuple[Reading, ...]]:
    ontology = ontology or load_ontology()
    golds = load_gold(gold, ontology)
    claims = read_claims(graph, ontology)
    return claims, tuple(compare(one, claims) for one in golds)
