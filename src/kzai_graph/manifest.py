"""What a folder of output was built from, kept in it, so that documents can be added and removed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from kzai_graph.errors import InputError
from kzai_graph.limits import DEFAULT_LIMITS, Limits, parse_limits
from kzai_graph.outputs import READY
from kzai_graph.sources import Source

MANIFEST = ".build.json"
FORMAT = 1
"""Grows when older programs cannot read what is written."""
REMEDY = "build it with kzai-graph build"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The sources and settings of a build; ``None`` stands for what is shipped, or found beside the texts."""

    sources: tuple[Source, ...]
    ontology: Path | None
    model: str | None
    base_iri: str
    corrections: Path | None
    limits: Limits = DEFAULT_LIMITS
    records: str | None = None
    """The address of the place of the records; ``None``: the folder of output."""


def is_built(out: Path) -> bool:
    """Whether a folder holds a build, or one that only has to be put in its place."""
    return (out / MANIFEST).exists() or (out / READY / MANIFEST).exists()


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write it into a folder, with absolute paths.

    Raises:
        OSError: the folder cannot be written.
    """
    data = {
        "format": FORMAT,
        "ontology": _absolute(manifest.ontology),
        "model": manifest.model,
        "base_iri": manifest.base_iri,
        "corrections": _absolute(manifest.corrections),
        "limits": asdict(manifest.limits),
        "records": manifest.records,
        "sources": [
            {"identifier": source.identifier, "path": _absolute(source.path), "named": source.named}
            for source in manifest.sources
        ],
    }
    (folder / MANIFEST).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_manifest(out: Path) -> Manifest:
    """Read what a folder was built from.

    Raises:
        InputError: nothing was built there, or by a newer program; or the file is broken.
    """
    path = out / MANIFEST
    try:
        data = json.loads(path.read_bytes())
        if data["format"] > FORMAT:
            raise InputError(f"{path}: was written by a newer kzai-graph; use that one, or {REMEDY}")
        return Manifest(
            sources=tuple(Source(s["identifier"], Path(s["path"]), bool(s["named"])) for s in data["sources"]),
            ontology=_path(data["ontology"]),
            model=data["model"],
            base_iri=data["base_iri"],
            corrections=_path(data["corrections"]),
            limits=Limits(**parse_limits(f"{name}={n}" for name, n in data.get("limits", {}).items())),
            records=data.get("records"),
        )
    except FileNotFoundError:
        raise InputError(f"{out}: nothing was built there; {REMEDY}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: is broken; {REMEDY}") from error


def roots(sources: Iterable[Source]) -> list[Path]:
    """The folders that were given, and those of files that were."""
    return sorted({source.path.parents[source.identifier.count("/")] for source in sources})


def _absolute(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
