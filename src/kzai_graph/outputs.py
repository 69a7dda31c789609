"""The folder of output: one writer at a time, and all that it writes or nothing, at whatever moment it is ended.

What is written lies in ``.new-…`` until it is whole and on disk. Renaming that to ``.ready`` decides: from then on
its parts take their places, now or, after a crash, when the folder is claimed next. Before that, nothing happened.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kzai_graph.errors import GraphError

LOCK = ".lock"
READY = ".ready"
PLACES = ".places.json"
NEW = ".new-"
OLD = ".old-"
CURRENT_FOLDER = -100
"""``AT_FDCWD`` of Linux."""
EXCHANGE = 2
"""``RENAME_EXCHANGE`` of Linux."""


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Say in one line why a folder of output cannot be written."""
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        raise GraphError(
            f"{out}: cannot be written ({what}); make room, or choose another folder with --out"
        ) from error


@contextmanager
def claim(out: Path) -> Iterator[None]:
    """Be the only one who writes into a folder, which is made if need be; what a killed run left is put in order.

    Raises:
        GraphError: another process writes into it, or it cannot be written.
    """
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        with writing(out):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise GraphError(
                    f"{out}: another kzai-graph is writing into it; wait for it, or choose another folder with --out"
                ) from error
            _put_in_order(out)
        yield
    finally:
        os.close(lock)


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A folder to write into; its files and folders take their places in ``out``, which is claimed, all or none.

    Raises:
        GraphError: ``out`` cannot be written, or holds a folder where a file shall be, or the reverse.
    """
    with writing(out):
        new = Path(tempfile.mkdtemp(prefix=NEW, dir=out))
    try:
        yield new
        with writing(out), _undisturbed():
            _decide(new, out)
            _take_places(out)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def link_or_copy(source: Path, target: Path) -> None:
    """Have a file that nobody writes into a second time, without a copy where the disk allows.

    Raises:
        OSError: it cannot be read, or the other place be written.
    """
    try:
        os.link(source, target)
    except OSError:  # another disk, one that cannot link, or none of our files
        shutil.copyfile(source, target)


def _put_in_order(out: Path) -> None:
    for path in sorted(out.iterdir()):
        if path.name.startswith((NEW, OLD)) and path.is_dir():
            shutil.rmtree(path)
    if (out / READY).is_dir():
        _take_places(out)


def _decide(new: Path, out: Path) -> None:
    paths = sorted(new.iterdir())
    for path in paths:
        place = out / path.name
        if place.exists() and place.is_dir() != path.is_dir():
            code = errno.EISDIR if place.is_dir() else errno.ENOTDIR
            raise OSError(code, f"{path.name}: {os.strerror(code)}")
    # The inode tells what already is in its place from what was there before.
    places = {path.name: path.lstat().st_ino for path in paths}
    (new / PLACES).write_text(json.dumps(places), encoding="utf-8")
    for parent, _, files in os.walk(new):
        for name in (*files, "."):
            _to_disk(Path(parent, name))
    new.rename(out / READY)
    _to_disk(out)


def _take_places(out: Path) -> None:
    ready = out / READY
    for name, inode in json.loads((ready / PLACES).read_bytes()).items():
        new, place = ready / name, out / name
        if new.exists() and not (place.exists() and place.lstat().st_ino == inode):
            _take_place(new, place)
    _to_disk(out)
    done = out / f"{OLD}{READY}"
    ready.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def _take_place(new: Path, place: Path) -> None:
    if new.is_dir() and place.is_dir():
        if _exchange(new, place):
            return
        place.rename(new.with_name(f"{OLD}{new.name}"))
    new.replace(place)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    paths = os.fsencode(one), os.fsencode(other)
    return rename is not None and rename(CURRENT_FOLDER, paths[0], CURRENT_FOLDER, paths[1], EXCHANGE) == 0


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals that end the program wait for this moment's work."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
