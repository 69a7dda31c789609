"""Decode the files that are read, and lay them out in blocks."""

from __future__ import annotations

import codecs
import hashlib
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
from kzai_graph.sidecars import read_sidecar, with_sidecar
from kzai_graph.sources import EXTRACTED, TEXTS, Raw, Source, load
from kzai_graph.titles import join_title
from kzai_graph.zones import zone_passages

MAX_MARKDOWN_CHARACTERS = 1_000_000
DETECTION_BYTES = 200_000
USUAL_ENCODINGS = ["cp1250", "cp1251", "cp1252", "cp1254", "koi8_r", "gb18030", "big5", "shift_jis", "euc_kr"]
READERS = dict(zip(TEXTS, (read_plain, read_markdown, read_html, read_html), strict=True))
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


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
