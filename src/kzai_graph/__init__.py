"""Read policy texts into a knowledge graph in which every statement leads to its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kzai_graph.building import build
    from kzai_graph.errors import KzaiError
    from kzai_graph.inquiry import Graph, query
    from kzai_graph.sparql import Answer
    from kzai_graph.tally import BuildReport

__version__ = "0.1.0"
__all__ = ["Answer", "BuildReport", "Graph", "KzaiError", "__version__", "build", "query"]

_HOMES = {
    "Answer": "kzai_graph.sparql",
    "BuildReport": "kzai_graph.tally",
    "Graph": "kzai_graph.inquiry",
    "KzaiError": "kzai_graph.errors",
    "build": "kzai_graph.building",
    "query": "kzai_graph.inquiry",
}


def __getattr__(name: str) -> object:
    """Load what is asked for, and no more: a query needs no language model."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
