"""Plain values that are made of others, kept on disk between builds, so that none is made again of the same.

Each is found by a digest of all that it was made of. What a build does not ask for goes. The file holds the values one
after the other, each compressed, and where each lies, under a seal; one that is broken, or of other settings, counts as
empty.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from kzai_graph.converting import seal, unseal

LEVEL = 1
"""Of compression: the fastest."""
SIZE_BYTES = 8
"""At the end of a file: how long what says where all lies is."""


class Kept:
    """The values of the file ``before``, where there is one, and those of this run, which go to the file ``after``.

    ``settings``: a digest of all that each follows from beside its key.

    Raises:
        OSError: the new file cannot be written.
    """

    def __init__(self, before: Path, after: Path, settings: str) -> None:
        self._settings = settings
        self._old, self._places = _open(before, settings)
        self._new: BinaryIO = after.open("wb")
        self._written: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is None:
            index = seal(json.dumps([self._settings, self._written]).encode())
            self._new.write(index + len(index).to_bytes(SIZE_BYTES))
        self._new.close()
        if self._old is not None:
            self._old.close()

    def value(self, key: str, make: Callable[[], Any]) -> Any:
        """The value of lists, mappings with strings as keys, strings and numbers, as JSON gives it back.

        It is made where none is kept under the key.
        """
        data, plain = self._find(key)
        if data is None:
            written = json.dumps(make(), ensure_ascii=False, separators=(",", ":"))
            data, plain = zlib.compress(written.encode("utf-8", "surrogatepass"), LEVEL), json.loads(written)
        if key not in self._written:
            self._written[key] = self._new.tell(), len(data)
            self._new.write(data)
        return plain

    def _find(self, key: str) -> tuple[bytes | None, Any]:
        place = self._places.get(key)
        if place is None or self._old is None:
            return None, None
        self._old.seek(place[0])
        data = self._old.read(place[1])
        try:
            return data, json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
        except (zlib.error, ValueError):  # it broke on the disk
            return None, None


def _open(path: Path, settings: str) -> tuple[BinaryIO | None, dict[str, tuple[int, int]]]:
    """The file and where each value lies in it."""
    try:
        opened = path.open("rb")
    except OSError:
        return None, {}
    try:
        opened.seek(-SIZE_BYTES, 2)
        size = int.from_bytes(opened.read(SIZE_BYTES))
        opened.seek(-SIZE_BYTES - size, 2)
        found, places = json.loads(unseal(opened.read(size)))
    except (OSError, ValueError):
        opened.close()
        return None, {}
    if found != settings:
        opened.close()
        return None, {}
    return opened, places
