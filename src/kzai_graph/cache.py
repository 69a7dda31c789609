"""Keep the records of documents, so that a second build reads only what changed, and no build holds them all.

A record is found by all that it depends on: the bytes of the file and its sidecar, its identifier, the ontology
folder, the language pipeline and this program. Each lies in a file of its own, as compressed JSON under a seal; one
that is broken counts as missing.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import overload

from kzai_graph.converting import from_json, seal, to_json, unseal
from kzai_graph.errors import GraphError
from kzai_graph.limits import DEFAULT_LIMITS, Limits
from kzai_graph.model import DEFAULT_MODEL, DocumentRecord
from kzai_graph.package_data import program_digest
from kzai_graph.places import Folder, Place

FOLDER = ".records"
SUFFIX = ".record"
NAME_CHARS = 40
LEVEL = 1
"""Of compression: the fastest."""
HELD = 500
"""Records that stay in memory once they were opened; the others are opened anew each time."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a record depends on beside its document: this program, the language pipeline, the ontology folder."""

    program: str
    model: str
    model_version: str
    ontology: str

    @classmethod
    def of(cls, model: str | None, ontology: str) -> Origin:
        """With this program and the pipeline as installed here; ``ontology``: digest of its folder."""
        name = model or DEFAULT_MODEL
        return cls(program_digest(), name, _installed(name), ontology)


@dataclass(frozen=True, slots=True)
class Settings:
    """What texts are read with; ``origin`` is what the asking process has, and every reading process must have."""

    ontology: Path | None
    model: str | None
    origin: Origin
    limits: Limits = DEFAULT_LIMITS
    records: str | None = None
    """The address of the place where who reads keeps its records; without one they come back."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A record as it is kept, with what it is found by; ``version``: of the pipeline that read it.

    ``data`` is ``None`` once who read it has kept it.
    """

    identifier: str
    content: str
    version: str
    data: bytes | None


def record_name(origin: Origin, identifier: str, content: str) -> str:
    """What a record is found by: a digest of all that it depends on."""
    parts = "\0".join([*astuple(origin), identifier, content])
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:NAME_CHARS] + SUFFIX


class RecordCache:
    """The kept records of one origin: under a folder of output, or in a place of their own."""

    def __init__(
        self, out: Path, origin: Origin, limits: Limits = DEFAULT_LIMITS, *, place: Place | None = None
    ) -> None:
        self.out = out
        self.limits = limits
        self.origin = origin
        self.place = place or Folder(out / FOLDER)
        self._own = place is None
        self._used: dict[str, str] = {}

    def find(self, identifier: str, content: str) -> str | None:
        """The version of the pipeline that read a document with this digest of its bytes, if its record was kept.

        One that was read within wider limits counts as missing.

        Raises:
            GraphError: a shared storage cannot be used.
        """
        name = record_name(self.origin, identifier, content)
        try:
            version, limits, _ = _unseal(self.place.read(name))
        except (OSError, ValueError):
            return None
        if not self.limits.allow(limits):
            return None
        self._used[identifier] = name
        return version

    def keep(self, packed: Packed) -> None:
        """Keep a record, if who read it has not; whole or not at all.

        Raises:
            OSError: the folder cannot be written.
        """
        name = record_name(self.origin, packed.identifier, packed.content)
        if packed.data is not None:
            self.place.prepare()
            self.place.write(name, packed.data)
        self._used[packed.identifier] = name

    def records(self, identifiers: Sequence[str]) -> KeptRecords:
        """The records of documents that were found or kept, in this order."""
        return KeptRecords(self.place, tuple(self._used[identifier] for identifier in identifiers))

    def prune(self) -> None:
        """Remove what was neither found nor kept since this cache was opened; in a place of their own all stay."""
        used = set(self._used.values())
        for path in sorted((self.out / FOLDER).glob("*")) if self._own else ():
            if path.name not in used:
                with suppress(OSError):  # a file of no use that stays costs only its room
                    path.unlink()


class KeptRecords(Sequence[DocumentRecord]):
    """Kept records, each opened when it is asked for, so that memory does not grow with their number."""

    def __init__(self, place: Place, names: tuple[str, ...]) -> None:
        self._place = place
        self._names = names
        self._held: dict[str, DocumentRecord] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each, which tells all that it holds."""
        return self._names

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, index: int) -> DocumentRecord: ...
    @overload
    def __getitem__(self, index: slice) -> KeptRecords: ...
    def __getitem__(self, index: int | slice) -> DocumentRecord | KeptRecords:
        """Open a record.

        Raises:
            GraphError: its file is gone, or broken.
        """
        if isinstance(index, slice):
            return KeptRecords(self._place, self._names[index])
        name = self._names[index]
        record = self._held.get(name)
        if record is None:
            try:
                record = unpack(self._place.read(name))
            except (OSError, ValueError) as error:
                raise GraphError(f"{self._place}/{name}: went or broke since it was written; run it again") from error
            if len(self._held) < HELD:
                self._held[name] = record
        return record


def pack(record: DocumentRecord, version: str, limits: Limits = DEFAULT_LIMITS) -> Packed:
    """Write a record in the form in which it is kept and sent."""
    head = " ".join([version, *map(str, astuple(limits))])
    data = seal(f"{head}\n".encode() + zlib.compress(to_json(record).encode("utf-8"), LEVEL))
    return Packed(record.identifier, record.content, version, data)


def unpack(data: bytes) -> DocumentRecord:
    """The record that was packed by this very program.

    Raises:
        ValueError: it is broken.
    """
    return from_json(zlib.decompress(_unseal(data)[2]), DocumentRecord)


def _unseal(data: bytes) -> tuple[str, Limits, bytes]:
    """Part version, limits and compressed record, after a look at the seal."""
    head, _, compressed = unseal(data).partition(b"\n")
    version, *limits = head.decode().split(" ")
    return version, Limits(*map(int, limits)), compressed


def _installed(model: str) -> str:
    try:
        return version(model.replace("_", "-"))
    except PackageNotFoundError:
        return "unknown"
