"""Places where records are kept: a folder, or with fsspec a storage that many machines share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from kzai_graph.errors import GraphError, InputError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


class Place(Protocol):
    """Keeps bytes by name. Whoever asks for a build prepares it; who reads texts only writes into it."""

    def prepare(self) -> None: ...

    def read(self, name: str) -> bytes:
        """The bytes of this name.

        Raises:
            OSError: there are none, or they cannot be read.
            GraphError: a shared storage cannot be used.
        """
        ...

    def write(self, name: str, data: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or one that all machines have at the same path."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def prepare(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all; several may write the same."""
        beside = self.path / f"{name}.{os.urandom(8).hex()}.new"
        try:
            beside.write_bytes(data)
            beside.replace(self.path / name)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder of a file system that fsspec knows. What breaks off half-written shows by the seal of a record."""

    address: str
    files: AbstractFileSystem
    root: str

    def __str__(self) -> str:
        return self.address

    def prepare(self) -> None:
        with _told(self.address):
            self.files.makedirs(self.root, exist_ok=True)

    def read(self, name: str) -> bytes:
        with _told(self.address):
            data: bytes = self.files.cat_file(f"{self.root}/{name}")
        return data

    def write(self, name: str, data: bytes) -> None:
        with _told(self.address):
            self.files.pipe_file(f"{self.root}/{name}", data)


def full_address(place: str) -> str:
    """The address by which other processes find a place, too.

    Raises:
        InputError: it holds a password, which would be kept with the build.
    """
    if "://" not in place:
        return str(Path(place).absolute())
    if urlsplit(place).password is not None:
        raise InputError("--records: the address holds a password; leave it to the settings of the storage's driver")
    return place


@cache
def open_place(address: str) -> Place:
    """A folder, or the storage at an address such as ``s3://bucket/records``.

    Raises:
        InputError: fsspec or its driver for such addresses is not installed.
    """
    if "://" not in address:
        return Folder(Path(address))
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError("--records: the package fsspec is missing; install kzai-graph[shared]") from error
    try:
        files, root = url_to_fs(address)
    except (ImportError, ValueError) as error:
        what = " ".join(str(error).split())
        raise InputError(f"--records {address}: fsspec has no driver for it ({what}); install that, too") from error
    return Storage(address, files, root.rstrip("/"))


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Say in one line what a driver complains of, in whatever way; that there is no such file is for the caller."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise GraphError(f"--records {address}: cannot be used ({what}); check the address and your rights") from error
