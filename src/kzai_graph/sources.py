"""Find the files to read, and fetch their bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kzai_graph.errors import InputError
from kzai_graph.limits import DEFAULT_LIMITS, Limits, OverLimitError
from kzai_graph.sidecars import find_sidecar, sidecar_bytes

CORRECTIONS = "corrections.ttl"
TEXTS = (".txt", ".md", ".html", ".htm")
EXTRACTED = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}
"""The media types of files that are no text: offsets count in what is extracted from them."""

_KNOWN = ", ".join([*TEXTS, *EXTRACTED])


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read; ``named`` tells that the user named it itself rather than a folder with it."""

    identifier: str
    path: Path
    named: bool


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes of a file, and of the sidecar beside it, if any: all that its document is read from."""

    source: Source
    data: bytes
    sidecar: Path | None = None
    beside: bytes | None = None

    @property
    def content(self) -> str:
        """A digest of them."""
        return "-".join(hashlib.sha256(part).hexdigest() for part in (self.data, self.beside) if part is not None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be read, and why."""

    identifier: str
    reason: str


def is_extracted(name: str) -> bool:
    """Whether a document of this name is no text, so that offsets count in what is extracted from it."""
    return Path(name).suffix.lower() in EXTRACTED


def find_documents(texts: Sequence[Path]) -> list[Source]:
    """Find the texts under files and folders, sorted by identifier; a file given twice counts once.

    Raises:
        InputError: a path is missing, a file has no known suffix, or a name that is not Unicode, a folder holds no
            text or cannot be listed, or two files share an identifier.
    """
    found: dict[str, Source] = {}
    for source in (source for path in texts for source in _sources(path)):
        if not _is_unicode(source.identifier):
            raise InputError(f"{os.fsencode(source.path)!r}: its name is not valid UTF-8; rename it")
        earlier = found.get(source.identifier)
        if earlier is not None and earlier.path.resolve() != source.path.resolve():
            raise InputError(
                f"{source.path} and {earlier.path}: both would be the document {source.identifier}; "
                "rename one, or give the folder above both"
            )
        if earlier is None or source.named:
            found[source.identifier] = source
    if not found:
        raise InputError("no text was given: name a file or a folder")
    return [found[identifier] for identifier in sorted(found)]


def _is_unicode(name: str) -> bool:
    """A name that the system could not decode holds surrogates, which no graph can."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _sources(path: Path) -> Iterator[Source]:
    if path.is_dir():
        inside = sorted(_walk(path))
        if not inside:
            raise InputError(f"{path}: holds no text ({_KNOWN}); give another folder")
        for file in inside:
            yield Source(file.relative_to(path).as_posix(), file, named=False)
    elif not path.exists():
        raise InputError(f"{path}: there is no such file or folder; check the path")
    elif path.suffix.lower() not in (*TEXTS, *EXTRACTED):
        raise InputError(f"{path}: is none of {_KNOWN}; convert it to text first")
    else:
        yield Source(path.name, path, named=True)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the texts below a folder, hidden ones left out; links to folders are not followed: they may turn back."""
    waiting = [folder]
    while waiting:
        at = waiting.pop()
        try:
            with os.scandir(at) as entries:
                inside = [(at / entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except OSError as error:
            raise InputError(
                f"{at}: cannot be listed ({error.strerror}); check its permissions and its depth"
            ) from error
        for path, is_folder in inside:
            if path.name.startswith("."):
                continue
            if is_folder:
                waiting.append(path)
            elif path.suffix.lower() in (*TEXTS, *EXTRACTED) and not path.is_dir():
                yield path


def find_corrections(texts: Iterable[Path]) -> tuple[Path, ...]:
    """Find the files beside the texts: in a folder that was given, or in the folder of a file that was."""
    beside = {(path if path.is_dir() else path.parent) / CORRECTIONS for path in texts}
    once = {path.resolve(): path for path in sorted(beside, reverse=True) if path.is_file()}
    return tuple(sorted(once.values()))


def load(source: Source, limits: Limits = DEFAULT_LIMITS) -> Raw:
    """Fetch the bytes of a document, without a look into them.

    Raises:
        InputError: the file or its sidecar cannot be read, is over a limit, or the file is empty.
    """
    data, sidecar = _bytes(source.path, limits), find_sidecar(source.path)
    return Raw(source, data, sidecar, sidecar_bytes(sidecar) if sidecar is not None else None)


def content_digest(source: Source, limits: Limits = DEFAULT_LIMITS) -> str:
    """Digest the bytes that a document is read from, without reading it; empty where that is not possible."""
    try:
        return load(source, limits).content
    except InputError:
        return ""  # reading it says what is wrong


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        limits.check("bytes", size)
        if not size:
            raise InputError(f"{path}: is empty; remove it, or give another file")
        return path.read_bytes()
    except OverLimitError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
