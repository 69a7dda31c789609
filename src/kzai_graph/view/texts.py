"""Find the texts of a graph again, so that the pages can show how they were read."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.limits import NO_LIMITS
from kzai_graph.sources import Source
from kzai_graph.terms import DCTERMS, KZ
from kzai_graph.view.reading import Text

IDENTIFIER, DIGEST = DCTERMS + "identifier", KZ + "sha256"


def find_texts(quads: Iterable[ox.Quad], folders: Sequence[Path]) -> dict[str, Text]:
    """Read the documents of a graph that lie in some folders, by identifier; one that changed since is left out."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate.value in (IDENTIFIER, DIGEST) and isinstance(quad.object, ox.Literal):
            said[str(quad.subject)][quad.predicate.value] = quad.object.value
    found = {}
    for properties in said.values():
        if IDENTIFIER not in properties or DIGEST not in properties:
            continue
        identifier = properties[IDENTIFIER]
        for path in (folder / identifier for folder in folders):
            if identifier in found or not path.is_file():
                continue
            with suppress(InputError, OSError):  # no text any more: as if it were not there
                if _digest(path) == properties[DIGEST]:  # it was within the limits of the build
                    found[identifier] = Text(read_document(Source(identifier, path, named=True), NO_LIMITS))
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
