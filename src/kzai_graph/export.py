"""Write the graph, and a built graph in the formats of other tools; the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import GraphError
from kzai_graph.turtle import to_turtle


def write_graph(quads: Iterable[ox.Quad], path: Path) -> None:
    """Write the union of all graphs as Turtle.

    Raises:
        GraphError: the file cannot be written.
    """
    replace_file(path, to_turtle(quads).encode("utf-8"))


def replace_file(path: Path, data: bytes) -> None:
    """Write beside a file, then take its place, so that a failure leaves what was there.

    Raises:
        GraphError: the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise GraphError(f"{path}: cannot be written ({error.strerror}); choose another place") from error
