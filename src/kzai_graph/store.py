"""An embedded store on disk: the quads of a graph, beside a file that says which version of the layout it has."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import GraphError

VERSION_FILE = "kzai-store.json"
VERSION = 1


def write_store(quads: Iterable[ox.Quad], folder: Path) -> None:
    """Write quads as a store into a new folder; its default graph holds all of them.

    The engine's own union gives a triple once for each graph that holds it, so that questions would repeat rows.

    Raises:
        GraphError: the folder exists, or cannot be written.
    """
    try:
        folder.mkdir(parents=True)
        store = ox.Store(str(folder))
        quads = list(quads)
        store.bulk_extend(quads)
        store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        store.flush()
        del store
        (folder / VERSION_FILE).write_text(json.dumps({"version": VERSION}) + "\n", encoding="utf-8")
    except OSError as error:
        raise GraphError(f"{folder}: cannot be written ({error.strerror or error}); choose another place") from error


def holds_union(path: Path) -> bool:
    """Whether it is a store whose default graph is the union of its named graphs."""
    return (path / VERSION_FILE).exists()


def require_known(folder: Path) -> None:
    """Refuse a store that a newer program wrote; one without a version is another tool's, and opened as it is.

    Raises:
        GraphError: its version is newer, or cannot be read.
    """
    file = folder / VERSION_FILE
    if not file.exists():
        return
    try:
        version = json.loads(file.read_text(encoding="utf-8"))["version"]
        newer = version > VERSION
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise GraphError(f"{file}: holds no version of a store; build it anew") from error
    if newer:
        raise GraphError(f"{folder}: a store of version {version}, newer than {VERSION}; update kzai-graph")
