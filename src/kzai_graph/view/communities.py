"""Communities of a large network: sets of entities with more statements among them than to others.

Louvain's method (Blondel and others, 2008) as networkx has it, with a fixed seed, so that the same graph gives the
same communities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import networkx as nx

SEED = 7
MIN_MEMBERS = 5
MAX_COMMUNITIES = 200


def find_communities(links: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[int]]:
    """Part all nodes that have links: communities, the largest first, the members of each in order; and the rest.

    The rest are those whose community has fewer members than ``MIN_MEMBERS``, or comes after the largest
    ``MAX_COMMUNITIES``.
    """
    weights = Counter((min(a, b), max(a, b)) for a, b in links if a != b)
    graph = nx.Graph()
    graph.add_nodes_from(sorted({node for pair in weights for node in pair}))
    graph.add_weighted_edges_from((a, b, weight) for (a, b), weight in sorted(weights.items()))
    found = sorted((sorted(part) for part in nx.community.louvain_communities(graph, seed=SEED)), key=_by_size)
    large = [part for part in found if len(part) >= MIN_MEMBERS][:MAX_COMMUNITIES]
    return large, sorted(node for part in found[len(large) :] for node in part)


def _by_size(part: list[int]) -> tuple[int, int]:
    return -len(part), part[0]
