"""Lay out Markdown by its block structure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kzai_graph.frontmatter import declared_fields, front_matter_end
from kzai_graph.layout import Kind, Layout, Passage, Piece, bounded, clean
from kzai_graph.limits import DEFAULT_LIMITS, Limits
from kzai_graph.plain import Line, table_rows

MAX_LOOSE_LINE_CHARACTERS = 60

_LINE = re.compile(r"([^\n\r]*)(\r\n|[\n\r]|\Z)")


def read_markdown(source: str, limits: Limits = DEFAULT_LIMITS) -> Layout:
    """Lay out a Markdown file; front matter declares what the file is.

    Raises:
        OverLimitError: it is too long.
    """
    declared: dict[str, str] = {}
    return Layout(tuple(bounded(_passages(source, declared), limits)), declared)


def _passages(source: str, declared: dict[str, str]) -> Iterator[Passage]:
    """Yield the passages, and note what the file declares of itself."""
    lines = [Line(m.start(1), m.end(1), m[1]) for m in _LINE.finditer(source) if m[0]]
    after = front_matter_end([line.text for line in lines])
    if after:
        declared |= declared_fields("\n".join(line.text for line in lines[1 : after - 1]))
        pieces = [(line.begin, line.end) for line in lines[:after]]
        yield from clean(source, pieces, kind=Kind.FURNITURE, markup=False)
    body = "\n".join(line.text for line in lines[after:])
    yield from _lay_out(source, lines[after:], _parser().parse(body))


def _parser() -> MarkdownIt:
    """Only blocks are parsed: inline markup is stripped where its place is known."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _lay_out(source: str, lines: Sequence[Line], tokens: Sequence[Token]) -> Iterator[Passage]:
    items = 0
    level = 0
    table = False
    quotes = 0
    for number, token in enumerate(tokens):
        if token.type == "list_item_open":
            items += 1
        elif token.type == "list_item_close":
            items -= 1
        elif token.type == "blockquote_open":
            quotes += 1
        elif token.type == "blockquote_close":
            quotes -= 1
        elif token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "table_open" and token.map:
            table = True
            yield from table_rows(source, lines[token.map[0] : token.map[1]], number)
        elif token.type == "table_close":
            table = False
        elif token.type in ("fence", "code_block", "html_block") and token.map:
            pieces = [(line.begin, line.end) for line in lines[token.map[0] : token.map[1]]]
            kind = Kind.TEXT if token.type == "html_block" else Kind.FURNITURE
            yield from clean(source, pieces, kind=kind, stanza=number, markup=kind is Kind.TEXT)
        elif token.type == "inline" and token.map and not table:
            kind = Kind.HEADING if level else Kind.LIST_ITEM if items else Kind.TEXT
            pieces = list(_places(lines[token.map[0] : token.map[1]], token.content))
            for part in _loose(source, pieces) if kind is Kind.TEXT else [pieces]:
                for passage in clean(source, part, kind=kind, level=level, stanza=number):
                    yield replace(passage, quoted=quotes > 0)


def _places(lines: Sequence[Line], content: str) -> Iterator[Piece]:
    """Find each line of a block in the file, without the marks before it."""
    for line, text in zip(lines, content.split("\n"), strict=False):
        at = line.text.rfind(text.strip()) if text.strip() else -1
        if at >= 0:
            yield line.begin + at, line.begin + at + len(text.strip())


def _loose(source: str, pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Keep lines apart that are all short, as those of a masthead or an address are."""
    if all(end - begin <= MAX_LOOSE_LINE_CHARACTERS and source[begin:end][-1:] not in ".,;" for begin, end in pieces):
        return [[piece] for piece in pieces]
    return [list(pieces)]
