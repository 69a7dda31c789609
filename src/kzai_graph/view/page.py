"""The network page: pyvis carries nodes, edges and options into our template, where all text is data."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import fields
from math import log2, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyvis
from markupsafe import Markup
from pyvis.edge import Edge
from pyvis.network import Network

from kzai_graph.edtf import earliest_latest, is_valid
from kzai_graph.view.communities import find_communities
from kzai_graph.view.facts import Facts, words
from kzai_graph.view.layout import lay_out, most_connected
from kzai_graph.view.reading import page_name
from kzai_graph.view.styles import DASHES, colour_of, shape_of
from kzai_graph.view.templating import as_parsed, environment, pages_of, policy, read_files, show_date, stage_words

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PYVIS_TEMPLATES = Path(pyvis.__file__).parent / "templates"
VIS_NETWORK = "lib/vis-9.1.2/vis-network.min.js"
STYLES = ("style.css", "nav.css")
SCRIPTS = (
    "data.js",
    "state.js",
    "canvas.js",
    "strokes.js",
    "labels.js",
    "communities.js",
    "panel.js",
    "controls.js",
    "dates.js",
    "filters.js",
    "main.js",
)
SHOWN = ("documents", "entities", "sentences", "statements", "observations", "quotes", "milestones", "successions")
"""What the script of the page knows of the facts."""
MAX_NODES_AT_ONCE = 500
"""Graphs above this size are drawn in part: at first the most connected entities, by choice communities."""
NODES_AT_FIRST = 300
LINE_CHARS, MAX_LINES = 24, 3
"""The scripts break labels in the same way."""
CHAR_WIDTH, LINE_HEIGHT, MARGIN = 7.0, 15.0, 22.0
MAX_BEND = 0.7
OPTIONS: dict[str, object] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {"hover": True, "keyboard": False, "tooltipDelay": 1, "hideEdgesOnDrag": False},
    "nodes": {"borderWidth": 0, "font": {"size": 0}},
    "edges": {
        "font": {"size": 0},
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "smooth": False,
        "selectionWidth": 1,
        "hoverWidth": 0.5,
    },
}


def network_page(facts: Facts, *, focus: int | None = None, texts: Container[str] = (), served: bool = False) -> str:
    """Write the page as one self-contained file; the same facts give the same text."""
    degrees = Counter(end for s in facts.statements for end in {s.subject, s.object})
    counts = [degrees[i] for i in range(len(facts.entities))]
    large, rest = _communities(facts, counts)
    communities = [*large, rest] if rest else large
    network = _network(facts, counts, communities)
    network.templateEnv, network.path = environment(PYVIS_TEMPLATES), "index.html"
    library = as_parsed((PYVIS_TEMPLATES / VIS_NETWORK).read_text(encoding="utf-8"))
    style, script = read_files(STYLES), read_files(SCRIPTS)
    network.templateEnv.globals.update(
        {name: Markup(text) for name, text in (("library", library), ("style", style), ("script", script))},
        policy=policy(scripts=[library, script], styles=[style]),
        pages=pages_of(served=served),
        facts=_page_data(facts, counts, focus)
        | {
            "communities": communities,
            "scattered": len(large) if rest else None,
            "texts": _text_pages(facts, texts),
        },
        counts={
            "entities": len(facts.entities),
            "statements": len(facts.statements),
            "documents": len(facts.documents),
        },
    )
    return f"{network.generate_html()}\n"


def _text_pages(facts: Facts, texts: Container[str]) -> list[str | None]:
    """The address of each document's own page, where it has one."""
    return [f"read/{quote(page_name(d.name))}" if d.name in texts else None for d in facts.documents]


def _communities(facts: Facts, degrees: list[int]) -> tuple[list[list[int]], list[int]]:
    """The communities of a graph that is too large to be drawn at once, and those that are in none."""
    if not _is_large(degrees):
        return [], []
    return find_communities([(s.subject, s.object) for s in facts.statements])


def _is_large(degrees: list[int]) -> bool:
    return sum(map(bool, degrees)) > MAX_NODES_AT_ONCE


def _network(facts: Facts, degrees: list[int], communities: list[list[int]]) -> Network:
    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(json.dumps(OPTIONS))
    links = [(s.subject, s.object) for s in facts.statements]
    positions = lay_out([_box(entity.label) for entity in facts.entities], links, communities)
    for i, (entity, (x, y)) in enumerate(zip(facts.entities, positions, strict=True)):
        shape, colour = shape_of(entity.cls), colour_of(entity.cls)
        size = min(8.0 + 2.6 * sqrt(degrees[i]), 28.0)
        network.add_node(i, label=entity.label, shape=shape, color=colour, x=x, y=y, size=round(size, 1))
    bends = dict(_bends(links))
    for i, statement in enumerate(facts.statements):
        style: dict[str, Any] = {"width": round(1.4 + 0.8 * log2(max(len(statement.evidence), 1)), 2)}
        if statement.modality in DASHES:
            style["dashes"] = DASHES[statement.modality]
        if bends[i]:
            style["smooth"] = {"enabled": True, "type": "curvedCW" if bends[i] > 0 else "curvedCCW"}
            style["smooth"]["roundness"] = abs(bends[i])
        edge = Edge(statement.subject, statement.object, True, id=i, label=words(statement.relation), **style)
        network.edges.append(edge.options)  # Network.add_edge looks through all nodes for each edge
    return network


def _box(label: str) -> tuple[float, float]:
    """The room that a node with its label takes, in pixels at the natural size."""
    lines = min(-(-len(label) // LINE_CHARS), MAX_LINES)
    width = min(len(label), LINE_CHARS) * CHAR_WIDTH
    return max(width, 40.0) + MARGIN, 40.0 + lines * LINE_HEIGHT + MARGIN


def _bends(links: list[tuple[int, int]]) -> Iterator[tuple[int, float]]:
    """How far each edge is bent, so that several between the same two are seen apart; 0 is straight."""
    pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, (a, b) in enumerate(links):
        pairs[min(a, b), max(a, b)].append(i)
    for (first, _), edges in pairs.items():
        step = min(0.24, 2 * MAX_BEND / len(edges))
        for place, i in enumerate(edges):
            bend = (place - (len(edges) - 1) / 2) * step
            yield i, round(bend if links[i][0] == first else -bend, 3)


def _plain(value: DataclassInstance) -> dict[str, object]:
    """The fields by name; unlike ``asdict`` it copies nothing."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _page_data(facts: Facts, degrees: list[int], focus: int | None) -> dict[str, object]:
    classes = sorted({entity.cls for entity in facts.entities})
    relations = sorted({statement.relation for statement in facts.statements})
    times = list(_times(facts))
    written = {day for spans in times for span in spans for day in span} | _dates(facts)
    return {field: [_plain(value) for value in getattr(facts, field)] for field in SHOWN} | {
        "focus": focus,
        "first": most_connected(degrees, NODES_AT_FIRST) if _is_large(degrees) else None,
        "classes": {c: {"label": words(c), "colour": colour_of(c), "shape": shape_of(c)} for c in classes},
        "relations": {relation: words(relation) for relation in relations},
        "stages": {stage: stage_words(stage) for stage in sorted({m.stage for m in facts.milestones})},
        "revisions": {i: _plain(revision) for i, revision in facts.revisions.items()},
        "times": times,
        "dates": {date: show_date(date) for date in sorted(written)},
    }


def _dates(facts: Facts) -> set[str]:
    """All dates as the graph has them."""
    found = [date for s in facts.statements for date in (s.date, s.deadline)]
    found += [date for m in facts.milestones for date in (m.date, m.deadline)]
    found += [d.date for d in facts.documents] + [o.period for o in facts.observations]
    found += [s.date for s in facts.successions] + [r.told for r in facts.revisions.values()]
    return {date for date in found if date is not None}


def _times(facts: Facts) -> Iterator[list[tuple[str, str]]]:
    """The first and last days of each statement: of its date and deadline, else of the dates of its documents."""
    for statement in facts.statements:
        documents = (facts.documents[facts.sentences[sentence].document] for sentence, _, _ in statement.evidence)
        own = _days((statement.date, statement.deadline))
        yield own or _days(document.date for document in documents)


def _days(dates: Iterable[str | None]) -> list[tuple[str, str]]:
    return sorted({earliest_latest(date) for date in dates if date is not None and is_valid(date)})
