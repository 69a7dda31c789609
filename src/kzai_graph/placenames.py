"""Names of places anywhere, and how large each is: a vote for what a name stands for, never the truth.

The list is ``placenames.txt`` (cities of GeoNames, CC BY 4.0, and regions of ISO 3166-2), read once and only when a
name is looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def place_sizes() -> Mapping[str, int]:
    """Folded names with the size of their place: 1 a town, 2 a city or region, 3 a city of half a million."""
    text = (files("kzai_graph") / "placenames.txt").read_text(encoding="utf-8")
    return {line[2:]: int(line[0]) for line in text.splitlines() if line[0] != "#"}
