"""Read ``.docx`` files: headings, paragraphs, lists and tables of the body, without what was deleted in them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from kzai_graph.errors import InputError
from kzai_graph.extracts import Extract, Part, compose
from kzai_graph.layout import Kind
from kzai_graph.limits import Limits

_LEVEL = re.compile(r"heading (\d)")
_OUTER = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}
_UNREAD = {qn(f"w:{name}") for name in ("del", "moveFrom", "txbxContent", "pPr", "rPr", "instrText", "pict")}
_UNREAD |= {qn("wp:inline"), qn("wp:anchor"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_SIGNS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
Style = tuple[Kind, int]


def read_docx(data: bytes, path: Path, limits: Limits) -> Extract:
    """Extract the text of a file.

    Raises:
        InputError: it is encrypted or broken.
        OverLimitError: it is too big when unpacked, or too long.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{path}: is encrypted, or in the old format of Word; save it as .docx without a password")
    try:
        _check_size(data, limits)
        document: Any = docx.Document(BytesIO(data))
        styles = {style.element.styleId: _style(style) for style in document.styles}
        return compose(_parts(document.element.body, styles), limits)
    except (
        BadZipFile,
        OpcError,
        SyntaxError,
        LookupError,
        ValueError,
        AttributeError,
        OSError,
        RuntimeError,
        zlib.error,
        EOFError,
    ) as error:
        raise InputError(f"{path}: is a broken .docx file; open it and save it anew") from error


def _check_size(data: bytes, limits: Limits) -> None:
    with ZipFile(BytesIO(data)) as packed:
        sizes = {entry.filename: entry.file_size for entry in packed.infolist()}
    largest = max((size for name, size in sizes.items() if name.endswith((".xml", ".rels"))), default=0)
    limits.check_unpacked(sum(sizes.values()), largest)


def _style(style: Any) -> Style:
    """What a style, or the one that it builds on, says of a paragraph."""
    seen = set()
    while style is not None and style.element.styleId not in seen:
        seen.add(style.element.styleId)
        name = (style.name or "").casefold()
        if (found := _LEVEL.match(name)) is not None:
            return Kind.HEADING, min(int(found[1]), 6)
        if name == "title":
            return Kind.HEADING, 1
        if name.startswith("list ") or style.element.find(f".//{qn('w:numPr')}") is not None:
            return Kind.LIST_ITEM, 0
        if name == "caption":
            return Kind.CAPTION, 0
        if name.startswith(("toc ", "header", "footer")):
            return Kind.FURNITURE, 0
        style = getattr(style, "base_style", None)
    return Kind.TEXT, 0


def _parts(element: Any, styles: dict[str, Style]) -> Iterator[Part]:
    for child in element:
        if child.tag == qn("w:p"):
            yield _paragraph(child, styles)
        elif child.tag == qn("w:tbl"):
            yield from _table(child, styles)
        elif child.tag in _OUTER:
            yield from _parts(child, styles)


def _paragraph(element: Any, styles: dict[str, Style]) -> Part:
    properties = element.find(qn("w:pPr"))
    kind, level = Kind.TEXT, 0
    if properties is not None:
        style = properties.find(qn("w:pStyle"))
        kind, level = styles.get(style.get(qn("w:val")) if style is not None else "", (kind, level))
        outline = properties.find(qn("w:outlineLvl"))
        if kind is Kind.TEXT and outline is not None and (outline.get(qn("w:val")) or "9") in "012345":
            kind, level = Kind.HEADING, int(outline.get(qn("w:val"))) + 1
        if kind is Kind.TEXT and properties.find(qn("w:numPr")) is not None:
            kind = Kind.LIST_ITEM
    return Part(kind, "".join(_text(element)), level)


def _text(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _UNREAD:
            yield from _text(child)


def _table(element: Any, styles: dict[str, Style]) -> Iterator[Part]:
    """The rows of a table; one of a single column only frames what stands in it."""
    rows = [[cell for cell in row if cell.tag == qn("w:tc")] for row in element if row.tag == qn("w:tr")]
    if all(len(cells) <= 1 for cells in rows):
        for cell in (cell for cells in rows for cell in cells):
            yield from _parts(cell, styles)
        return
    for cells in rows:
        texts = (" ".join(" ".join(part.text for part in _parts(cell, styles)).split()) for cell in cells)
        yield Part(Kind.TABLE, "\t".join(texts))
