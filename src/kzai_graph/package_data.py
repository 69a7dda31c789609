"""Where what is shipped with the program lies, and a digest of all that its results follow from beside the texts."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from kzai_graph.errors import InputError

PACKAGE = Path(__file__).resolve().parent
REPOSITORY = PACKAGE.parents[1]
IN_CHECKOUT = {"accuracy.md": "docs/accuracy.md"}
"""What lies elsewhere in a checkout than at its top."""


def shipped(name: str) -> Path:
    """A file or folder that is shipped: package data when installed, in a checkout that of the repository.

    Raises:
        InputError: it is not there.
    """
    packaged, checkout = PACKAGE / "data" / name, REPOSITORY / IN_CHECKOUT.get(name, name)
    found = packaged if packaged.exists() else checkout
    if not found.exists():
        remedy = "install it again" if packaged.parent.exists() else "a copy of the source needs it, too"
        raise InputError(f"{found}: is missing, and belongs to kzai-graph; {remedy}")
    return found


@cache
def program_digest() -> str:
    """A digest of this package's own code: other code may read otherwise."""
    return _digest(sorted(PACKAGE.rglob("*.py")), ())


def surroundings_digest(ontology: Path | None = None) -> str:
    """A digest of this program with templates, queries and figures, of the ontology folder, and of what is installed.

    What a build makes of given records follows from these and its settings.

    Raises:
        InputError: something that belongs to the program is missing.
    """
    places = [PACKAGE, *map(shipped, ("ontology", "queries", "accuracy.md")), *([ontology] if ontology else [])]
    files = [path for place in places for path in sorted(_files(place))]
    return _digest(files, [sys.version, *sorted(_installed())])


def _files(place: Path) -> Iterator[Path]:
    found = place.rglob("*") if place.is_dir() else [place]
    return (path for path in found if path.is_file() and path.parent.name != "__pycache__")


def _installed() -> Iterator[str]:
    """Names and versions of all packages that could be imported."""
    for folder in filter(os.path.isdir, sys.path):
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries if entry.name.endswith(".dist-info"))


def _digest(files: Sequence[Path], words: Sequence[str]) -> str:
    digest = hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass"))
    for path in files:
        digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
