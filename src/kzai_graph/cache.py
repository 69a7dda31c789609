"""Keep the records of documents, so that a second build reads only what changed.

A record is found by all that it depends on: the bytes of the file and its sidecar, its identifier, the ontology
folder, the language pipeline and this program. Each lies in a file of its own, as compressed JSON; one that cannot be
read counts as missing.
"""

from __future__ import annotations

import hashlib
import zlib
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cattrs import BaseValidationError
from cattrs.preconf.json import JsonConverter, make_converter

from kzai_graph.model import DocumentRecord, Span

FOLDER = ".records"
SUFFIX = ".json.z"
NAME_CHARS = 40
LEVEL = 1
"""Of compression: the fastest."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record with the version of the pipeline that read it."""

    version: str
    record: DocumentRecord


class RecordCache:
    """The kept records under a folder of output, for one program, one pipeline and one ontology folder."""

    def __init__(self, out: Path, *, model: str, ontology: str) -> None:
        """``model``: name of the pipeline; ``ontology``: digest of its folder."""
        self.folder = out / FOLDER
        self._common = "\0".join([program_digest(), model, _installed(model), ontology])
        self._used: set[str] = set()

    def get(self, identifier: str, content: str) -> Kept | None:
        """The record of a document with this digest of its bytes, if it was kept."""
        name = self._name(identifier, content)
        try:
            written = zlib.decompress((self.folder / name).read_bytes())
            kept = _converter().loads(written, Kept)
        except (OSError, zlib.error, ValueError, BaseValidationError):
            return None
        self._used.add(name)
        return kept

    def put(self, kept: Kept) -> None:
        """Keep a record; whole or not at all.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        name = self._name(kept.record.identifier, kept.record.content)
        beside = self.folder / f"{name}.new"
        beside.write_bytes(zlib.compress(_converter().dumps(kept).encode("utf-8"), LEVEL))
        beside.replace(self.folder / name)
        self._used.add(name)

    def prune(self) -> None:
        """Remove what was neither found nor kept since this cache was opened."""
        for path in sorted(self.folder.glob("*")):
            if path.name not in self._used:
                with suppress(OSError):  # a file of no use that stays costs only its room
                    path.unlink()

    def _name(self, identifier: str, content: str) -> str:
        parts = "\0".join([self._common, identifier, content])
        return hashlib.sha256(parts.encode("utf-8")).hexdigest()[:NAME_CHARS] + SUFFIX


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
