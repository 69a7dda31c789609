"""Where the nodes stand: computed once, the same every time, in bounded time.

Each connected part is laid out by Fruchterman and Reingold's method (1991) on its most connected nodes; all
others stand in a sunflower spiral around the one to which they hang. Parts are then packed side by side.
Of a large graph each community is laid out so, and then they all, as if each were a node, huddled together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import cos, pi, sin, sqrt

import networkx as nx
import numpy as np

SEED = 7
CORE_NODES = 300
"""As many are laid out by force; above, the method's quadratic time would be felt."""
CORE_MEMBERS = 12
"""The same in a community, of which there may be many."""
FORCE_ROUNDS = 150
SEPARATION_ROUNDS, SEPARATION_STEPS = 80, 30_000
GOLDEN_ANGLE = 2.399963229728653
SPIRAL_START, SPIRAL_STEP = 42.0, 30.0
GAP = 40.0
SPREAD = 0.5
"""How much wider than its boxes a part may be: room for edges and their labels."""
ASPECT = 1.4
FITTED_PARTS = 40
"""As many parts are fitted together; the time grows with the fourth power."""
Point = tuple[float, float]
Size = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def lay_out(
    sizes: Sequence[Size], links: Sequence[tuple[int, int]], communities: Sequence[Sequence[int]] = ()
) -> list[tuple[int, int]]:
    """Give each node, with the size of its box, a whole position.

    Boxes of the core of one part do not overlap. Nodes without links stand in rows under the rest. With
    ``communities``, which share no node and hold all that have links, the members of each stand together, in an
    area that no other community enters.
    """
    graph = nx.Graph()
    graph.add_nodes_from(range(len(sizes)))
    graph.add_edges_from(sorted({(min(a, b), max(a, b)) for a, b in links if a != b}))
    loose = [node for node in graph if graph.degree(node) == 0]
    if communities:
        positions = _place_communities(graph, communities, sizes)
    else:
        positions = _place_parts(graph.subgraph(set(graph) - set(loose)), sizes, CORE_NODES)
    below = max((y for _, y in positions.values()), default=0.0) + 2 * GAP
    for node, (x, y) in _pack([{node: (0.0, 0.0)} for node in loose], sizes).items():
        positions[node] = (x, y + below)
    return [(round(positions[node][0]), round(positions[node][1])) for node in range(len(sizes))]


def most_connected(degrees: Sequence[int], count: int) -> list[int]:
    """The nodes with most links, in their order."""
    ranked = sorted(range(len(degrees)), key=lambda node: (-degrees[node], node))
    return sorted(node for node in ranked[:count] if degrees[node])


def _place_parts(graph: nx.Graph, sizes: Sequence[Size], core_nodes: int) -> dict[int, Point]:
    """Lay the connected parts out, and pack them."""
    parts = [sorted(part) for part in nx.connected_components(graph)]
    placed = [_place_part(graph.subgraph(part), part, sizes, core_nodes) for part in parts]
    placed.sort(key=lambda part: (-len(part), min(part)))
    return _pack(placed, sizes)


def _place_communities(
    graph: nx.Graph, communities: Sequence[Sequence[int]], sizes: Sequence[Size]
) -> dict[int, Point]:
    """Lay each community out, then all of them as if each were a node."""
    home = {node: place for place, members in enumerate(communities) for node in members}
    links = [(home[a], home[b]) for a, b in graph.edges if home[a] != home[b]]
    inner = [_place_parts(graph.subgraph(members), sizes, CORE_MEMBERS) for members in communities]
    bounds = [_bounds(placed, sizes) for placed in inner]
    extents = [(right - left + 2 * GAP, bottom - top + 2 * GAP) for left, top, right, bottom in bounds]
    centres = _huddle(np.array(lay_out(extents, links), float), np.array(extents) / 2)
    positions = {}
    for placed, (left, top, right, bottom), (x, y) in zip(inner, bounds, centres.tolist(), strict=True):
        middle = ((left + right) / 2, (top + bottom) / 2)
        positions.update({node: (px - middle[0] + x, py - middle[1] + y) for node, (px, py) in placed.items()})
    return positions


def _place_part(graph: nx.Graph, nodes: list[int], sizes: Sequence[Size], core_nodes: int) -> dict[int, Point]:
    core = set(sorted(nodes, key=lambda node: (-graph.degree(node), node))[:core_nodes])
    groups = _groups(graph, sorted(core))
    home = {node: centre for centre, group in groups.items() for node in group}
    centre_nodes = sorted(core)
    place_of = {node: place for place, node in enumerate(centre_nodes)}
    ends = ((place_of[home[a]], place_of[home[b]]) for a, b in graph.edges if home[a] != home[b])
    boxes = np.array([_group_size(groups[node], sizes) for node in centre_nodes])
    centres = np.array(_spread(len(centre_nodes), tuple(sorted({(min(a, b), max(a, b)) for a, b in ends}))))
    centres *= SPREAD * sqrt(float((boxes[:, 0] * boxes[:, 1]).sum())) * np.array([ASPECT, 1.0])
    centres = _separate(centres, boxes / 2)
    positions = {}
    for node, (x, y) in zip(centre_nodes, centres.tolist(), strict=True):
        for place, member in enumerate(groups[node]):
            reach = 0.0 if place == 0 else SPIRAL_START + SPIRAL_STEP * sqrt(place)
            angle = place * GOLDEN_ANGLE
            positions[member] = (x + reach * cos(angle), y + reach * sin(angle))
    return positions


@lru_cache(maxsize=256)
def _spread(count: int, links: tuple[tuple[int, int], ...]) -> list[Point]:
    """Lay nodes out by force; most parts of a graph are pairs and other small shapes that come again and again."""
    graph = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(links)
    spread = nx.spring_layout(graph, seed=SEED, iterations=FORCE_ROUNDS)
    return [(float(x), float(y)) for x, y in (spread[node] for node in range(count))]


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
    for _ in range(max(SEPARATION_ROUNDS, SEPARATION_STEPS // len(centres))):
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


def _huddle(centres: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """Move boxes together: from the middle outwards, each to the free place that is nearest to where it stood."""
    wanted = centres - centres.mean(axis=0)
    extent = np.maximum(wanted.max(axis=0) - wanted.min(axis=0), 1.0)
    wanted *= sqrt(float((4 * halves[:, 0] * halves[:, 1]).sum())) * np.array([sqrt(ASPECT), 1 / sqrt(ASPECT)]) / extent
    angles = np.arange(0.0, 2 * pi, pi / 12)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    placed = np.zeros(len(wanted), bool)
    huddled: np.ndarray = wanted.copy()
    for box in np.argsort(np.hypot(wanted[:, 0], wanted[:, 1] * ASPECT), kind="stable").tolist():
        radius, free = 0.0, wanted[box][None]
        while True:
            near = np.abs(free[:, None] - huddled[placed]) < halves[placed] + halves[box]
            if len(free := free[~near.all(axis=2).any(axis=1)]):
                break
            radius += GAP
            free = wanted[box] + ring * radius
        huddled[box], placed[box] = free[0], True
    return huddled


def _pack(parts: list[dict[int, Point]], sizes: Sequence[Size]) -> dict[int, Point]:
    """Set parts beside each other, in the order given, so that the whole stays small and wider than high."""
    bounds = [_bounds(part, sizes) for part in parts]
    positions: dict[int, Point] = {}
    for part, (left, top, _, _), (x, y) in zip(parts, bounds, _corners(bounds), strict=True):
        positions.update({node: (px - left + x, py - top + y) for node, (px, py) in part.items()})
    return positions


def _corners(bounds: list[Box]) -> Iterator[Point]:
    """Where the left upper corner of each part goes; the many small ones at the end stand in rows."""
    placed: list[Box] = []
    extents = [(right - left + GAP, bottom - top + GAP) for left, top, right, bottom in bounds]
    for width, height in extents[:FITTED_PARTS]:
        xs = sorted({0.0, *(edge for left, _, right, _ in placed for edge in (left, right))})
        ys = sorted({0.0, *(edge for _, top, _, bottom in placed for edge in (top, bottom))})
        spots = [(x, y, x + width, y + height) for x in xs for y in ys]
        reach = max(map(_reach, placed), default=0.0)
        nearest = sorted(spots, key=lambda spot: (max(reach, _reach(spot)), spot))
        best = next(spot for spot in nearest if not any(_overlap(spot, other) for other in placed))
        placed.append(best)
        yield best[0], best[1]
    area = sum(width * height for width, height in extents)
    row_width = max([sqrt(area * ASPECT), *(right for _, _, right, _ in placed)], default=0.0)
    x, y, row_height = 0.0, max((bottom for _, _, _, bottom in placed), default=0.0), 0.0
    for width, height in extents[FITTED_PARTS:]:
        if x and x + width > row_width:
            x, y, row_height = 0.0, y + row_height, 0.0
        yield x, y
        x, row_height = x + width, max(row_height, height)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _reach(box: Box) -> float:
    return max(box[2] / ASPECT, box[3])


def _bounds(part: dict[int, Point], sizes: Sequence[Size]) -> Box:
    return (
        min(x - sizes[node][0] / 2 for node, (x, _) in part.items()),
        min(y - sizes[node][1] / 2 for node, (_, y) in part.items()),
        max(x + sizes[node][0] / 2 for node, (x, _) in part.items()),
        max(y + sizes[node][1] / 2 for node, (_, y) in part.items()),
    )
