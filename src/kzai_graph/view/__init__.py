"""Pages to look at a graph: files that need no server, no other host and no other file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.view.collect import read_facts
from kzai_graph.view.facts import find_entity
from kzai_graph.view.page import network_page

__all__ = ["write_pages"]


def write_pages(quads: Sequence[ox.Quad], folder: Path, *, focus: str | None = None) -> None:
    """Write ``index.html``, the network, into a folder that exists; the same graph gives the same bytes.

    ``focus``: the IRI, its last part, or a name of the entity with whose neighbourhood the page opens.

    Raises:
        InputError: no entity, or more than one, answers to ``focus``.
        OSError: the folder cannot be written.
    """
    facts = read_facts(quads)
    start = None if focus is None else find_entity(facts, focus)
    (folder / "index.html").write_bytes(network_page(facts, focus=start).encode("utf-8"))
