"""Pages to look at a graph: files that need no server, no other host and no other file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kzai_graph.check import in_memory
from kzai_graph.view.asked import ask_all
from kzai_graph.view.collect import read_facts
from kzai_graph.view.facts import Facts, find_entity, tail
from kzai_graph.view.page import network_page
from kzai_graph.view.reading import Text
from kzai_graph.view.site import Keep, write_site
from kzai_graph.view.texts import find_texts
from kzai_graph.view.trust import find_trust

if TYPE_CHECKING:
    from kzai_graph.evaluate import Report

__all__ = ["Text", "find_texts", "show", "write_pages"]


def write_pages(
    quads: Sequence[ox.Quad],
    folder: Path,
    *,
    focus: str | None = None,
    texts: Mapping[str, Text] | None = None,
    stages: Sequence[str] = (),
    ontology: Path | None = None,
    scores: Report | None = None,
    shares: Mapping[str, tuple[int, int]] | None = None,
    served: bool = False,
) -> None:
    """Write the pages into a folder that exists; the same graph and texts give the same bytes.

    ``focus``: the IRI, its last part, or a name of the entity with whose neighbourhood the network opens.
    ``texts``: documents by identifier; each gets a page that shows how it was read.
    ``stages``: the IRIs of the stages of an instrument, in order. ``ontology``: the folder whose shapes the graph
    is held against, by default the shipped one. ``scores``: what the graph was worth on gold files, where measured.
    ``shares``: how many sentences of each document gave a statement, and how many there are. ``served``: a server
    hands the pages out, and they lead to its query page.

    Raises:
        InputError: no entity, or more than one, answers to ``focus``.
        OntologyError: the shapes of the ontology folder are broken.
        OSError: the folder cannot be written.
    """
    show(
        read_facts(quads),
        in_memory(quads),
        folder,
        focus=focus,
        texts=texts,
        stages=stages,
        ontology=ontology,
        scores=scores,
        shares=shares,
        served=served,
    )


def show(
    facts: Facts,
    store: ox.Store,
    folder: Path,
    *,
    focus: str | None = None,
    texts: Mapping[str, Text] | None = None,
    stages: Sequence[str] = (),
    ontology: Path | None = None,
    scores: Report | None = None,
    shares: Mapping[str, tuple[int, int]] | None = None,
    keep: Keep | None = None,
    served: bool = False,
    triples: int | None = None,
) -> None:
    """Write the pages of facts, as ``write_pages`` does.

    ``store``: its default graph holds what they were read from, ``triples`` of them, by default all that it holds. It
    is one in memory, unless they are too many to be checked. ``keep``: takes pages of documents over from an
    earlier build.

    Raises:
        OntologyError: the shapes of the ontology folder are broken.
        OSError: the folder cannot be written.
    """
    asked = ask_all(store, facts)
    facts = replace(facts, revisions=asked.revisions)
    start = None if focus is None else find_entity(facts, focus)
    texts = texts or {}
    (folder / "index.html").write_bytes(network_page(facts, focus=start, texts=texts, served=served).encode("utf-8"))
    write_site(
        facts,
        texts,
        folder,
        stages=[tail(stage) for stage in stages],
        asked=asked,
        trust=find_trust(store, triples, ontology=ontology, scores=scores),
        shares=shares or {},
        keep=keep,
        served=served,
    )
