"""Add documents to a build and take some back: the result is that of a build from nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from kzai_graph.building import make
from kzai_graph.errors import InputError
from kzai_graph.extracting import Progress
from kzai_graph.manifest import is_built, read_manifest
from kzai_graph.outputs import claim
from kzai_graph.planning import prepare
from kzai_graph.sources import Source, find_documents
from kzai_graph.tally import BuildReport

Change = Callable[[dict[str, Source]], tuple[Source, ...]]
MAX_NAMED = 5
"""Documents that a message names at most."""


def add(
    texts: Sequence[Path],
    *,
    out: Path,
    workers: int = 1,
    limits: Mapping[str, int] | None = None,
    dask: str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build again what a folder was built from, with more files and folders; what is there and changed is read anew.

    Ontology, model, base IRI and corrections are those of that build, limits that are not given, too; the Dask cluster
    is not.

    Raises:
        InputError: nothing was built there; a text cannot be read; two files would be one document; the file of a
            document that stays is gone; or the Dask cluster cannot be used.
        OntologyError: the ontology folder is broken.
        GraphError: the folder cannot be written, or another process is writing into it.
    """
    return _rebuild(
        out,
        lambda present: _joined(present, find_documents(texts), out),
        workers=workers,
        limits=limits or {},
        dask=dask,
        progress=progress,
    )


def remove(documents: Sequence[str], *, out: Path, workers: int = 1, progress: Progress | None = None) -> BuildReport:
    """Build again what a folder was built from, without some documents, given by identifier or file.

    Raises:
        InputError: nothing was built there; no such document is in it, or no other; or the file of a document that
            stays is gone or cannot be read.
        OntologyError: the ontology folder is broken.
        GraphError: the folder cannot be written, or another process is writing into it.
    """
    return _rebuild(out, lambda present: _without(present, documents, out), workers=workers, progress=progress)


def _rebuild(
    out: Path,
    change: Change,
    *,
    workers: int,
    progress: Progress | None,
    limits: Mapping[str, int] = MappingProxyType({}),
    dask: str | None = None,
) -> BuildReport:
    if not is_built(out):
        read_manifest(out)  # says what is missing
    with claim(out):
        manifest = read_manifest(out)
        sources = change({source.identifier: source for source in manifest.sources})
        for source in sources:
            if not source.path.exists():
                raise InputError(
                    f"{source.path}: is gone, and the document {source.identifier} was read from it; put it back, or "
                    "take the document out with kzai-graph remove"
                )
        plan = prepare(replace(manifest, sources=sources, limits=replace(manifest.limits, **limits)))
        return make(plan, out, workers=workers, dask=dask, progress=progress)


def _joined(present: Mapping[str, Source], more: Iterable[Source], out: Path) -> tuple[Source, ...]:
    """A file that was read before stays the document that it is, whatever folder is given for it now."""
    joined = dict(present)
    by_path = {source.path.resolve(): source for source in present.values()}
    for source in more:
        known = by_path.get(source.path.resolve())
        identifier = source.identifier if known is None else known.identifier
        if known is None and identifier in present:
            raise InputError(
                f"{source.path}: {out} holds a document {identifier} already, from {present[identifier].path}; "
                "remove that first, or rename one"
            )
        joined[identifier] = replace(known or source, named=source.named)
    return _sorted(joined.values())


def _without(present: Mapping[str, Source], documents: Iterable[str], out: Path) -> tuple[Source, ...]:
    by_path = {source.path.resolve(): source.identifier for source in present.values()}
    gone: set[str] = set()
    for document in documents:
        identifier = document if document in present else by_path.get(Path(document).resolve())
        if identifier is None:
            raise InputError(f"{document}: {out} holds no such document; there are {_some(present)}")
        gone.add(identifier)
    if gone == present.keys():
        raise InputError(f"{out}: nothing would be left; delete the folder instead")
    return _sorted(source for identifier, source in present.items() if identifier not in gone)


def _sorted(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(sorted(sources, key=lambda source: source.identifier))


def _some(names: Iterable[str]) -> str:
    first = sorted(names)
    more = len(first) - MAX_NAMED
    return ", ".join(first[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
