"""Find the files to read, decode them, and lay them out in blocks."""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from kzai_graph.blocks import to_blocks
from kzai_graph.datelines import dateline_agency
from kzai_graph.errors import InputError
from kzai_graph.layout import Layout
from kzai_graph.limits import DEFAULT_LIMITS, Limits, OverLimitError
from kzai_graph.markdown import read_markdown
from kzai_graph.markup import read_html
from kzai_graph.masthead import read_masthead
from kzai_graph.metadata import read_issuer, read_tail, read_title, to_metadata
from kzai_graph.model import CONTENT_ZONES, Block, Document, Metadata, Zone
from kzai_graph.naming import find_date
from kzai_graph.plain import read_plain
from kzai_graph.sidecars import find_sidecar, read_sidecar, sidecar_bytes, with_sidecar
from kzai_graph.titles import join_title
from kzai_graph.zones import zone_passages

MAX_MARKDOWN_CHARACTERS = 1_000_000
DETECTION_BYTES = 200_000
USUAL_ENCODINGS = ["cp1250", "cp1251", "cp1252", "cp1254", "koi8_r", "gb18030", "big5", "shift_jis", "euc_kr"]
READERS = {".txt": read_plain, ".md": read_markdown, ".html": read_html, ".htm": read_html}
EXTRACTED = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}
"""The media types of files that are no text: offsets count in what is extracted from them."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KNOWN = ", ".join([*READERS, *EXTRACTED])


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
    elif path.suffix.lower() not in (*READERS, *EXTRACTED):
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
            elif path.suffix.lower() in (*READERS, *EXTRACTED) and not path.is_dir():
                yield path


def load(source: Source, limits: Limits = DEFAULT_LIMITS) -> Raw:
    """Fetch the bytes of a document, without a look into them.

    Raises:
        InputError: the file or its sidecar cannot be read, is over a limit, or the file is empty.
    """
    data, sidecar = _bytes(source.path, limits), find_sidecar(source.path)
    return Raw(source, data, sidecar, sidecar_bytes(sidecar) if sidecar is not None else None)


def read_document(source: Source, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file into blocks.

    Raises:
        InputError: the file cannot be read, is over a limit, empty, or no text; or its sidecar is broken.
    """
    return to_document(load(source, limits), limits)


def to_document(raw: Raw, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Lay out in blocks what was loaded.

    Raises:
        InputError: it is no text, or over a limit; or its sidecar is broken.
    """
    try:
        return _lay_out_raw(raw, limits)
    except OverLimitError as error:
        raise InputError(f"{raw.source.path}: {error}") from error


def _lay_out_raw(raw: Raw, limits: Limits) -> Document:
    source = raw.source
    suffix = source.path.suffix.lower()
    notes: list[str] = []
    if suffix in EXTRACTED:
        text, layout = _extract(raw.data, source.path, limits)
        encoding = "utf-8"
    else:
        text, encoding, notes = decode(raw.data, source.path)
        reader = READERS.get(suffix, read_plain)
        if reader is read_markdown and len(text) > MAX_MARKDOWN_CHARACTERS:
            reader = read_plain
            notes.append("read as plain text: too long for a reading as Markdown")
        layout = reader(text, limits)
    if not text.strip("\ufeff \t\r\n\f\v\u00a0\u200b"):
        raise InputError(f"{source.path}: holds no text; remove it, or give another file")
    blocks, metadata = lay_out(layout)
    if raw.sidecar is not None and raw.beside is not None:
        metadata = with_sidecar(metadata, read_sidecar(raw.beside, raw.sidecar))
    foreign = sum(b.zone is Zone.OTHER_LANGUAGE for b in blocks)
    if foreign and not any(b.zone in CONTENT_ZONES for b in blocks):
        notes.append("nothing in it is English; no statement is read from it")
    elif foreign:
        notes.append(f"left out as not English: {foreign} block{'s' if foreign > 1 else ''}")
    return Document(
        identifier=source.identifier,
        text=text,
        sha256=hashlib.sha256(raw.data).hexdigest(),
        encoding=encoding,
        blocks=blocks,
        metadata=metadata,
        notes=tuple(notes),
        content=raw.content,
        media_type=EXTRACTED.get(suffix, ""),
    )


def _extract(data: bytes, path: Path, limits: Limits) -> tuple[str, Layout]:
    if path.suffix.lower() == ".pdf":
        from kzai_graph.pdf import read_pdf  # both libraries are slow to load

        extract = read_pdf(data, path, limits)
    else:
        from kzai_graph.word import read_docx

        extract = read_docx(data, path, limits)
    return extract.text, extract.layout


def content_digest(source: Source, limits: Limits = DEFAULT_LIMITS) -> str:
    """Digest the bytes that a document is read from, without reading it; empty where that is not possible."""
    try:
        return load(source, limits).content
    except InputError:
        return ""  # reading it says what is wrong


def lay_out(layout: Layout) -> tuple[tuple[Block, ...], Metadata]:
    """Say what each passage is, and what the page shows of itself."""
    layout = Layout(join_title(layout.passages), layout.declared)
    passages = layout.passages
    head = read_masthead(passages)
    title = read_title(head, layout)
    read_tail(head, passages)
    zones = zone_passages(passages, head)
    read_issuer(head, passages, title)
    blocks = tuple(to_blocks(passages, zones, head))
    for block in blocks:
        if block.zone is Zone.DATELINE:
            head.dates += [date] if (date := find_date(block.text)) else []
            head.publishers += [agency] if (agency := dateline_agency(block.text)) else []
    return blocks, to_metadata(head, title, layout.declared)


def decode(data: bytes, path: Path) -> tuple[str, str, list[str]]:
    """Return the text, the name of its encoding, and what had to be done.

    A byte-order mark stays as the first character, and line ends stay as they are: offsets count in the file.

    Raises:
        InputError: the bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding, [f"decoded as {encoding}, which its mark names"]
    if b"\0" in data:
        raise InputError(f"{path}: is a binary file, not text; convert it to text first")
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        # A few broken bytes in a file that is UTF-8 elsewhere do not make it another encoding.
        lenient = data.decode("utf-8", errors="replace")
        broken = lenient.count("\ufffd")
        others = sum(ord(c) > 127 for c in lenient) - broken
        if broken <= max(3, len(lenient) // 1000) and others > 3 * broken:
            where = data.count(b"\n", 0, error.start) + 1
            return lenient, "utf-8", [f"{broken} broken UTF-8 bytes were replaced, the first in line {where}"]
    best = None if _is_binary(data) else _detect(data[:DETECTION_BYTES])
    if best is None:
        raise InputError(f"{path}: is a binary file or in an unknown encoding; save it as UTF-8")
    return data.decode(best, errors="replace"), best, [f"encoding detected as {best}"]


def _detect(data: bytes) -> str | None:
    """Name the encoding, one that is in use before those of old machines that look alike on short texts."""
    best = from_bytes(data, cp_isolation=USUAL_ENCODINGS).best() or from_bytes(data).best()
    return best.encoding if best is not None else None


def _is_binary(data: bytes) -> bool:
    head = data[:DETECTION_BYTES]
    return sum(b < 32 and b not in b"\t\n\r\f\v\x1b" for b in head) > len(head) // 100


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
