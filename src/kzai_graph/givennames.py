"""Given names of many countries: a vote that a name of two or three words is a person's.

The list is ``givennames.txt``, written for this project; it is read once and only when a name is looked up.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def given_names() -> frozenset[str]:
    """Given names, folded."""
    text = (files("kzai_graph") / "givennames.txt").read_text(encoding="utf-8")
    return frozenset(name for line in text.splitlines() if line[0] != "#" for name in line.split())
