"""Runs of text as a file lays them out, clean of markup, with the place of every character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import itemgetter

from kzai_graph.limits import Limits

MAX_PASSAGE_CHARACTERS = 5_000
"""More is cut after a sentence where there is one: the time that a passage takes grows with its square."""
CELL = "\v"
"""Stands between the cells of a row; a tab does in the passage."""

Piece = tuple[int, int]
"""Half-open source offsets of a run that is kept."""

_SPACE = r"\s\u00a0\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ae\u2120\u2122\u00ad\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f"
_LINK_NOTE = re.compile(
    r"\s?\((?:link is external|external link|(?:link )?opens? in (?:a )?new (?:tab|window)|https?://[^\s()]{1,300})\)",
    re.IGNORECASE,
)
_UNCLEAN = re.compile(f"[{_INVISIBLE}]|[{_SPACE}][{_SPACE}{_INVISIBLE}]+|[^\\S ]")
_MARKUP = re.compile(
    r"!\[[^\]\n]{0,300}\]\([^()\s]{0,2000}\)"
    r"|(?<!\w)\[(?P<anchor>[^\[\]\n]{1,500})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s\"[^\"\n]{0,200}\")?\)"
    r"|\*\*(?=\S)(?P<bold>[^*\n]{1,2000})(?<=\S)\*\*|(?<!\w)__(?=\S)(?P<strong>[^\n]{1,500}?)(?<=\S)__(?!\w)"
    r"|(?<![\w*])\*(?=[^\s*])(?P<italic>[^*\n]{1,500})(?<=[^\s*])\*(?![\w*])"
    r"|`(?P<code>[^`\n]{1,500})`"
    r"|</?(?:b|i|em|strong|br|u|sup|sub|span|a|div|p)(?:\s[^<>]{0,500})?/?>"
    r"|\((?:link is external|external link|opens in (?:a )?new (?:tab|window))\)"
)
_INNER = ("anchor", "bold", "strong", "italic", "code")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]?\s")


class Kind(StrEnum):
    """What the layout alone tells of a passage."""

    TEXT = "text"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CAPTION = "caption"
    BYLINE = "byline"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of clean text.

    Character ``i`` stands at ``offsets[i]``, or at ``begin + i`` when ``offsets`` is empty. ``stanza`` numbers the
    runs between blank lines; ``level`` is that of a heading, 0 where nothing marks one.
    """

    begin: int
    end: int
    text: str
    offsets: tuple[int, ...] = ()
    kind: Kind = Kind.TEXT
    level: int = 0
    stanza: int = 0
    linked: bool = False
    """All of it is one link."""
    quoted: bool = False
    """The markup says that it is a quotation."""

    def cut(self, begin: int, end: int) -> Passage:
        """Return the part between two offsets into the text, without white space at its ends."""
        part = self.text[begin:end]
        begin += len(part) - len(part.lstrip())
        end = begin + len(part.strip())
        offsets = self.offsets[begin:end]
        first, last = (offsets[0], offsets[-1] + 1) if offsets else (self.begin + begin, self.begin + end)
        return replace(self, begin=first, end=last, text=self.text[begin:end], offsets=offsets)


@dataclass(frozen=True, slots=True)
class Layout:
    """The passages of a file, in order, and what it declares of itself (title, date, creator, publisher)."""

    passages: tuple[Passage, ...]
    declared: dict[str, str] = field(default_factory=dict)


def bounded(passages: Iterable[Passage], limits: Limits) -> Iterator[Passage]:
    """Yield passages until there are too many, or too many characters in them.

    Raises:
        OverLimitError: there are.
    """
    characters = 0
    for count, passage in enumerate(passages, 1):
        characters += len(passage.text)
        limits.check("passages", count)
        limits.check("characters", characters)
        yield passage


def clean(
    source: str,
    pieces: Sequence[Piece],
    *,
    kind: Kind = Kind.TEXT,
    level: int = 0,
    stanza: int = 0,
    markup: bool = True,
    verbatim: bool = False,
) -> Iterator[Passage]:
    """Yield what the pieces hold as passages of bounded length.

    The pieces are joined by one space; runs of white space become one, invisible characters and (with
    ``markup``) the signs of inline Markdown go. ``verbatim`` keeps all as it is.
    """
    for part in within_size(source, pieces):
        kept = [(b, e) for b, e in part if b < e]
        if not kept:
            continue
        if verbatim:
            b, e = kept[0][0], kept[-1][1]
            yield Passage(b, e, source[b:e], (), kind, level, stanza)
            continue
        inner = [run for b, e in kept for run in (_without_markup(source, b, e) if markup else [(b, e)])]
        inner = [run for b, e in inner for run in _without_notes(source, b, e)]
        linked = markup and len(kept) == 1 and _is_link(source, *kept[0])
        passage = _joined(source, inner, frozenset(b for b, _ in kept[1:]))
        if passage is not None:
            begin, end, text, offsets = passage
            yield Passage(begin, end, text, offsets, kind, level, stanza, linked)


def from_characters(
    characters: Sequence[tuple[str, int]],
    *,
    kind: Kind = Kind.TEXT,
    level: int = 0,
    stanza: int = 0,
    linked: bool = False,
) -> Iterator[Passage]:
    """Yield characters with their source offsets as passages of bounded length, white space made single."""
    whole = "".join(map(itemgetter(0), characters)) if len(characters) > MAX_PASSAGE_CHARACTERS else ""
    start = 0
    while start < len(characters):
        end = start + MAX_PASSAGE_CHARACTERS
        part = characters[start : (end := _cut(whole, start, end)) if end < len(characters) else None]
        start = end
        kept: list[tuple[str, int]] = []
        for character, offset in part:
            if character == CELL and kind is Kind.TABLE:
                kept.append(("\t", offset))
            elif character.isspace():
                if kept and kept[-1][0] not in " \t":
                    kept.append((" ", offset))
            elif not _UNCLEAN.match(character):
                kept.append((character, offset))
        while kept and kept[-1][0] == " ":
            kept.pop()
        if kept:
            offsets = tuple(map(itemgetter(1), kept))
            text = "".join(map(itemgetter(0), kept))
            yield Passage(offsets[0], offsets[-1] + 1, text, _needed(offsets), kind, level, stanza, linked)


def _needed(offsets: tuple[int, ...]) -> tuple[int, ...]:
    """Drop offsets that only count up."""
    return () if offsets[-1] - offsets[0] == len(offsets) - 1 else offsets


def within_size(source: str, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces of passages of bounded length: cut after a sentence, else at white space, else anywhere."""
    part: list[Piece] = []
    room = MAX_PASSAGE_CHARACTERS
    for begin, end in pieces:
        while end - begin > room:
            cut = _cut(source, begin, begin + room)
            yield [*part, (begin, cut)]
            part, room, begin = [], MAX_PASSAGE_CHARACTERS, cut
        part.append((begin, end))
        room -= end - begin
    if part:
        yield part


def _cut(source: str, begin: int, limit: int) -> int:
    ends = [m.end() for m in _SENTENCE_END.finditer(source, begin, limit)]
    if ends:
        return ends[-1]
    space = source.rfind(" ", begin + 1, limit)
    return space if space > begin else limit


def _is_link(source: str, begin: int, end: int) -> bool:
    found = _MARKUP.fullmatch(source[begin:end].strip())
    return found is not None and (found["anchor"] is not None or found[0].startswith("!"))


def _without_notes(source: str, begin: int, end: int) -> Iterator[Piece]:
    """Yield the runs that are left when what a page says of its own links goes."""
    at = begin
    for found in _LINK_NOTE.finditer(source, begin, end):
        if at < found.start():
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def _without_markup(source: str, begin: int, end: int) -> Iterator[Piece]:
    """Yield the runs that are left when the signs of inline markup go; what they enclose is looked at again."""
    at = begin
    for found in _MARKUP.finditer(source, begin, end):
        if at < found.start():
            yield at, found.start()
        name = next((n for n in _INNER if found[n] is not None), None)
        if name is not None:
            yield from (
                _without_markup(source, found.start(name), found.end(name)) if name != "code" else [found.span(name)]
            )
        at = found.end()
    if at < end:
        yield at, end


def _joined(source: str, runs: Sequence[Piece], breaks: frozenset[int]) -> tuple[int, int, str, tuple[int, ...]] | None:
    """Join runs; before one that begins at a break stands a space, whose place is the character before it."""
    texts: list[str] = []
    places: list[range | tuple[int, ...]] = []
    for begin, end in runs:
        if begin in breaks and texts:
            texts.append(" ")
            places.append((begin - 1,))
        at = begin
        for found in _UNCLEAN.finditer(source, begin, end):
            texts.append(source[at : found.start()])
            places.append(range(at, found.start()))
            blank = next((i for i in range(found.start(), found.end()) if source[i].isspace()), None)
            if blank is not None:
                texts.append(" ")
                places.append((blank,))
            at = found.end()
        texts.append(source[at:end])
        places.append(range(at, end))
    text = "".join(texts)
    stripped = text.strip()
    if not stripped:
        return None
    lead = len(text) - len(text.lstrip())
    if len(runs) == 1 and len(texts) == 1:
        first = runs[0][0] + lead
        return first, first + len(stripped), stripped, ()
    offsets = tuple(o for place in places for o in place)[lead : lead + len(stripped)]
    if "  " in stripped:
        keep = [i for i in range(len(stripped)) if stripped[i] != " " or stripped[i - 1] != " "]
        stripped, offsets = "".join(stripped[i] for i in keep), tuple(offsets[i] for i in keep)
    return offsets[0], offsets[-1] + 1, stripped, _needed(offsets)
