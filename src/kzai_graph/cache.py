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
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import overload

from cattrs.preconf.json import JsonConverter, make_converter

from kzai_graph.errors import GraphError
from kzai_graph.limits import DEFAULT_LIMITS, Limits
from kzai_graph.model import DEFAULT_MODEL, DocumentRecord, Span

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
class Packed:
    """A record as it is kept, with what it is found by; ``version``: of the pipeline that read it."""

    identifier: str
    content: str
    version: str
    data: bytes


class RecordCache:
    """The kept records under a folder of output, of one origin."""

    def __init__(self, out: Path, origin: Origin, limits: Limits = DEFAULT_LIMITS) -> None:
        self.folder = out / FOLDER
        self.limits = limits
        self.origin = origin
        self._used: dict[str, str] = {}

    def find(self, identifier: str, content: str) -> str | None:
        """The version of the pipeline that read a document with this digest of its bytes, if its record was kept.

        One that was read within wider limits counts as missing.
        """
        name = self._name(identifier, content)
        try:
            version, limits, _ = _unseal((self.folder / name).read_bytes())
        except (OSError, ValueError):
            return None
        if not self.limits.allow(limits):
            return None
        self._used[identifier] = name
        return version

    def keep(self, packed: Packed) -> None:
        """Keep a record; whole or not at all.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        name = self._name(packed.identifier, packed.content)
        beside = self.folder / f"{name}.new"
        beside.write_bytes(packed.data)
        beside.replace(self.folder / name)
        self._used[packed.identifier] = name

    def records(self, identifiers: Sequence[str]) -> KeptRecords:
        """The records of documents that were found or kept, in this order."""
        return KeptRecords([self.folder / self._used[identifier] for identifier in identifiers])

    def prune(self) -> None:
        """Remove what was neither found nor kept since this cache was opened."""
        used = set(self._used.values())
        for path in sorted(self.folder.glob("*")):
            if path.name not in used:
                with suppress(OSError):  # a file of no use that stays costs only its room
                    path.unlink()

    def _name(self, identifier: str, content: str) -> str:
        parts = "\0".join([*astuple(self.origin), identifier, content])
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:NAME_CHARS] + SUFFIX


class KeptRecords(Sequence[DocumentRecord]):
    """Kept records, each opened when it is asked for, so that memory does not grow with their number."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._held: dict[Path, DocumentRecord] = {}

    def __len__(self) -> int:
        return len(self._paths)

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
            return KeptRecords(self._paths[index])
        path = self._paths[index]
        record = self._held.get(path)
        if record is None:
            try:
                record = unpack(path.read_bytes())
            except (OSError, ValueError) as error:
                raise GraphError(f"{path}: went or broke since it was written; run it again") from error
            if len(self._held) < HELD:
                self._held[path] = record
        return record


def pack(record: DocumentRecord, version: str, limits: Limits = DEFAULT_LIMITS) -> Packed:
    """Write a record in the form in which it is kept and sent."""
    head = " ".join([version, *map(str, astuple(limits))])
    body = f"{head}\n".encode() + zlib.compress(_converter().dumps(record).encode("utf-8"), LEVEL)
    data = hashlib.sha256(body).digest() + body
    return Packed(record.identifier, record.content, version, data)


def unpack(data: bytes) -> DocumentRecord:
    """The record that was packed by this very program.

    Raises:
        ValueError: it is broken.
    """
    return _converter().loads(zlib.decompress(_unseal(data)[2]), DocumentRecord)


def _unseal(data: bytes) -> tuple[str, Limits, bytes]:
    """Part version, limits and compressed record, after a look at the seal."""
    size = hashlib.sha256().digest_size
    seal, body = data[:size], data[size:]
    if hashlib.sha256(body).digest() != seal:
        raise ValueError("broken")
    head, _, compressed = body.partition(b"\n")
    version, *limits = head.decode().split(" ")
    return version, Limits(*map(int, limits)), compressed


@cache
def program_digest() -> str:
    """A digest of this package's own code: other code may read otherwise."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _installed(model: str) -> str:
    try:
        return version(model.replace("_", "-"))
    except PackageNotFoundError:
        return "unknown"


@cache
def _converter() -> JsonConverter:
    converter = make_converter()
    # {"number": "4.5"} tells a number from a score in a table ("Y").
    converter.register_unstructure_hook(Decimal, lambda value: {"number": str(value)})
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value["number"]))
    mixed = Decimal | str | None
    converter.register_structure_hook(mixed, lambda v, _: Decimal(v["number"]) if isinstance(v, dict) else v)
    converter.register_unstructure_hook_func(_is_anchors, _list_anchors)
    converter.register_structure_hook_func(_is_anchors, lambda rows, _: {Span(b, e): text for b, e, text in rows})
    return converter


def _is_anchors(kind: object) -> bool:
    return kind == dict[Span, str]


def _list_anchors(anchors: dict[Span, str]) -> list[tuple[int, int, str]]:
    return [(span.begin, span.end, text) for span, text in anchors.items()]
