"""Where the nodes stand: computed once, the same every time, in bounded time.

Each connected part is laid out by Fruchterman and Reingold's method (1991) on its most connected nodes; all
others stand in a sunflower spiral around the one to which they hang. Parts are then packed on shelves.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin, sqrt

import networkx as nx
import numpy as np

SEED = 7
CORE_NODES = 300
"""As many are laid out by force; above, the method's quadratic time would be felt."""
FORCE_ROUNDS = 150
SEPARATION_ROUNDS = 120
GOLDEN_ANGLE = 2.399963229728653
SPIRAL_START, SPIRAL_STEP = 42.0, 30.0
GAP = 60.0
ASPECT = 1.5
Point = tuple[float, float]
Size = tuple[float, float]


def lay_out(sizes: Sequence[Size], links: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give each node, with the size of its box, a whole position.

    Boxes of the core of one part do not overlap. Nodes without links stand in rows under the rest.
    """
    graph = nx.Graph()
    graph.add_nodes_from(range(len(sizes)))
    graph.add_edges_from(sorted({(min(a, b), max(a, b)) for a, b in links if a != b}))
    parts = [sorted(part) for part in nx.connected_components(graph) if len(part) > 1]
    placed = [_place_part(graph.subgraph(part), part, sizes) for part in parts]
    placed.sort(key=lambda part: (-len(part), min(part)))
    loose = [node for node in graph if graph.degree(node) == 0]
    positions = _pack([*placed, *({node: (0.0, 0.0)} for node in loose)], sizes)
    return [(round(positions[node][0]), round(positions[node][1])) for node in range(len(sizes))]


def most_connected(degrees: Sequence[int], count: int) -> list[int]:
    """The nodes with most links, in their order."""
    ranked = sorted(range(len(degrees)), key=lambda node: (-degrees[node], node))
    return sorted(node for node in ranked[:count] if degrees[node])


def _place_part(graph: nx.Graph, nodes: list[int], sizes: Sequence[Size]) -> dict[int, Point]:
    core = set(sorted(nodes, key=lambda node: (-graph.degree(node), node))[:CORE_NODES])
    groups = _groups(graph, sorted(core))
    home = {node: centre for centre, group in groups.items() for node in group}
    whole = nx.Graph()
    whole.add_nodes_from(sorted(core))
    whole.add_edges_from(sorted({tuple(sorted((home[a], home[b]))) for a, b in graph.edges if home[a] != home[b]}))
    boxes = np.array([_group_size(groups[node], sizes) for node in whole])
    spread = nx.spring_layout(whole, seed=SEED, iterations=FORCE_ROUNDS)
    centres = np.array([spread[node] for node in whole])
    centres *= sqrt(float((boxes[:, 0] * boxes[:, 1]).sum())) * np.array([ASPECT, 1.0])
    centres = _separate(centres, boxes / 2)
    positions = {}
    for node, (x, y) in zip(whole, centres.tolist(), strict=True):
        for place, member in enumerate(groups[node]):
            reach = 0.0 if place == 0 else SPIRAL_START + SPIRAL_STEP * sqrt(place)
            angle = place * GOLDEN_ANGLE
            positions[member] = (x + reach * cos(angle), y + reach * sin(angle))
    return positions


def _groups(graph: nx.Graph, core: list[int]) -> dict[int, list[int]]:
    """Each core node with the others that are nearest to it, breadth first."""
    groups = {node: [node] for node in core}
    home = {node: node for node in core}
    queue = list(core)
    for node in queue:
        for neighbour in sorted(graph[node]):
            if neighbour not in home:
                home[neighbour] = home[node]
                groups[home[node]].append(neighbour)
                queue.append(neighbour)
    return groups


def _group_size(group: list[int], sizes: Sequence[Size]) -> Size:
    if len(group) == 1:
        return sizes[group[0]]
    across = 2 * (SPIRAL_START + SPIRAL_STEP * sqrt(len(group)))
    return across, across


def _separate(centres: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """Push boxes apart along the shorter way until none overlap, or the rounds are used up."""
    order = np.arange(len(centres))
    side = np.where(order[:, None] < order[None, :], -1.0, 1.0)  # which way, for two at the same place
    for _ in range(SEPARATION_ROUNDS):
        apart = centres[:, None, :] - centres[None, :, :]
        overlap = halves[:, None, :] + halves[None, :, :] - np.abs(apart)
        hit = (overlap > 0.5).all(axis=2)
        np.fill_diagonal(hit, False)
        if not hit.any():
            break
        way = np.where(apart > 0, 1.0, np.where(apart < 0, -1.0, side[:, :, None]))
        shorter = np.stack([overlap[..., 0] <= overlap[..., 1], overlap[..., 0] > overlap[..., 1]], axis=2)
        push = np.where(hit[:, :, None] & shorter, way * overlap * 0.5, 0.0)
        centres = centres + push.sum(axis=1) / np.maximum(np.count_nonzero(push, axis=1), 1)
    return centres


def _pack(parts: list[dict[int, Point]], sizes: Sequence[Size]) -> dict[int, Point]:
    """Set parts side by side in rows, in the order given."""
    boxes = [_bounds(part, sizes) for part in parts]
    area = sum((right - left + GAP) * (bottom - top + GAP) for left, top, right, bottom in boxes)
    width = max([sqrt(area * ASPECT), *(right - left for left, _, right, _ in boxes)], default=0.0)
    positions: dict[int, Point] = {}
    x = y = height = 0.0
    for part, (left, top, right, bottom) in zip(parts, boxes, strict=True):
        if x and x + right - left > width:
            x, y, height = 0.0, y + height + GAP, 0.0
        positions.update({node: (px - left + x, py - top + y) for node, (px, py) in part.items()})
        x += right - left + GAP
        height = max(height, bottom - top)
    return positions


def _bounds(part: dict[int, Point], sizes: Sequence[Size]) -> tuple[float, float, float, float]:
    return (
        min(x - sizes[node][0] / 2 for node, (x, _) in part.items()),
        min(y - sizes[node][1] / 2 for node, (_, y) in part.items()),
        max(x + sizes[node][0] / 2 for node, (x, _) in part.items()),
        max(y + sizes[node][1] / 2 for node, (_, y) in part.items()),
    )
