"""An embedded store on disk: the quads of a graph, and a note of its layout and of the file that holds the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from kzai_graph.errors import GraphError
from kzai_graph.outputs import link_or_copy

VERSION_FILE = "kzai-store.json"
VERSION = 1
TABLES = ".sst"
"""How files end that the engine writes once and never changes."""
NO_ACCOUNT = ("LOG", "LOCK")
BATCH_QUADS = 50_000
"""So many are held until they are written: more make a store faster, and take memory."""


def write_store(quads: Iterable[ox.Quad], folder: Path, *, file: Path | None = None) -> None:
    """Write quads as a store into a new folder; its default graph holds all of them.

    The engine's own union gives a triple once for each graph that holds it, so that questions would repeat rows. A
    graph ``file`` that holds the same is noted, so that a change in it shows.

    Raises:
        GraphError: the folder exists, or cannot be written.
    """
    with StoreWriter(folder) as writer:
        writer.add(quads)
        writer.finish(file)


class StoreWriter:
    """A store that is written graph by graph: a new one, or what differs from one that was written ``before``.

    Raises:
        GraphError: the folder exists, or cannot be written, or the one before cannot be read.
    """

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        self._folder = folder
        self._is_new = before is None
        self._waiting: list[ox.Quad] = []
        self._gone: list[ox.Quad] = []
        with self._said():
            if before is None:
                folder.mkdir(parents=True)
            else:
                shutil.copytree(before, folder, copy_function=_copy)
            self._store = ox.Store(str(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        del self._store  # which closes it

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads of any graphs; they are written by the batch."""
        with self._said():
            for quad in quads:
                self._waiting.append(quad)
                if len(self._waiting) >= BATCH_QUADS:
                    self._write()

    def replace(self, name: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Let a graph hold these quads and no others."""
        with self._said():
            new, old = set(quads), set(self._store.quads_for_pattern(None, None, None, name))
            self._waiting += new - old
            for quad in old - new:
                self._store.remove(quad)
            self._gone += old - new

    def finish(self, file: Path | None = None, *, names: Collection[ox.NamedNode] | None = None) -> None:
        """Write what waits, and the note; of a store that was there before, remove all graphs but these."""
        with self._said():
            self._write()
            for name in [] if names is None else set(self._store.named_graphs()) - set(names):
                self._gone += self._store.quads_for_pattern(None, None, None, name)
                self._store.remove_graph(name)
            for quad in map(_in_union, self._gone):
                held = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
                if all(other == quad for other in held):
                    self._store.remove(quad)
            self._store.flush()
            _write_note(self._folder, file)

    def _write(self) -> None:
        put = self._store.bulk_extend if self._is_new else self._store.extend  # tables at once, or a few rows of them
        put([*self._waiting, *map(_in_union, self._waiting)])
        self._waiting.clear()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            several = isinstance(error, shutil.Error)  # of several files, each with why it could not be copied
            what = error.args[0][0][-1] if several else error.strerror or error
            raise GraphError(f"{self._folder}: cannot be written ({what}); choose another place") from error


def _in_union(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _write_note(folder: Path, file: Path | None) -> None:
    note = {"version": VERSION} | ({} if file is None else {"file": _seen(file) | {"sha256": _digest(file)}})
    (folder / VERSION_FILE).write_text(json.dumps(note) + "\n", encoding="utf-8")


def is_of_no_account(file: Path) -> bool:
    """Whether a file in a store says nothing of what it holds: the engine's diary, and its lock."""
    return file.name.startswith(NO_ACCOUNT) and (file.parent / VERSION_FILE).exists()


def holds_union(path: Path) -> bool:
    """Whether it is a store whose default graph is the union of its named graphs."""
    return (path / VERSION_FILE).exists()


def require_known(folder: Path) -> None:
    """Refuse a store that a newer program wrote; one without a version is another tool's, and opened as it is.

    Raises:
        GraphError: its version is newer, or cannot be read.
    """
    if holds_union(folder):
        _note(folder)


def is_built_with(folder: Path, file: Path) -> bool:
    """Whether a store holds what a graph file holds; the file's bytes are read only where its size and time differ.

    Raises:
        GraphError: the store is of a newer program, or its note cannot be read; or the file cannot.
    """
    noted = _note(folder).get("file") if holds_union(folder) else None
    if not isinstance(noted, dict):
        return False
    digest = noted.pop("sha256", None)
    try:
        return noted == _seen(file) or digest == _digest(file)
    except OSError as error:
        raise GraphError(f"{file}: cannot be read ({error.strerror or error}); check its permissions") from error


def copy_store(folder: Path, target: Path) -> None:
    """Copy a store, so that what is open stays as it is when a build puts another in its place; tables are linked.

    Raises:
        GraphError: the folder is no store, or cannot be read.
    """
    try:
        shutil.copytree(folder, target, copy_function=_copy)
    except (OSError, shutil.Error) as error:
        raise GraphError(f"{folder}: cannot be read as a store ({error}); build it anew") from error


def _copy(source: str, target: str) -> None:
    if source.endswith(TABLES):
        link_or_copy(Path(source), Path(target))
    else:
        shutil.copyfile(source, target)


def _note(folder: Path) -> dict[str, object]:
    file = folder / VERSION_FILE
    try:
        note: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
        version = note["version"]
        newer = version > VERSION  # type: ignore[operator]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise GraphError(f"{file}: holds no version of a store; build it anew") from error
    if newer:
        raise GraphError(f"{folder}: a store of version {version}, newer than {VERSION}; update kzai-graph")
    return note


def _seen(file: Path) -> dict[str, object]:
    """What tells a file at a glance: its size in bytes and when it was last written, in nanoseconds."""
    found = file.stat()
    return {"bytes": found.st_size, "written_ns": found.st_mtime_ns}


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
