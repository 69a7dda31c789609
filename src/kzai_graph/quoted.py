"""Find what stands in quotation marks: curly, straight, low and angle marks, mixed and nested, over paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENING, CLOSING = "“„«", "”»"
MARKS = OPENING + CLOSING + '"'
MIN_OPEN_CHARS = 15
MAY_OPEN = re.compile(f"[{OPENING}\"'‘]")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Quoted words by characters, without the marks; ``goes_on``: the block ends before a closing mark."""

    begin: int
    end: int
    goes_on: bool = False


def find_quoted(text: str, *, running: bool = False) -> Iterator[Quoted]:
    """Yield the outermost quotations of a block in order.

    ``running`` tells that one goes on from the block before; its continuation may lack the opening mark. Single marks
    count where the block has no others, straight ones only around sentences. An apostrophe or a sign for inches opens
    nothing.
    """
    single = not any(mark in text for mark in MARKS)
    first = next((i for i, sign in enumerate(text) if sign in MARKS), None)
    at = 0
    if running and first is not None and text[first] in CLOSING:
        yield from _trimmed(text, 0, first)
        at = first + 1
    while (sign := MAY_OPEN.search(text, at)) is not None:
        at = sign.start()
        if _opens(text, at, single):
            end = _closing(text, at)
            if end is not None:
                yield from _trimmed(text, at + 1, end)
                at = end
            elif (
                text[at] not in "‘'"
                and len(text) - at > MIN_OPEN_CHARS
                and (not text[:at].strip() or text[:at].rstrip()[-1] in ",:")
            ):
                yield from _trimmed(text, at + 1, len(text), goes_on=True)
                return
        at += 1


def _trimmed(text: str, begin: int, end: int, *, goes_on: bool = False) -> Iterator[Quoted]:
    inner = text[begin:end]
    begin, end = begin + len(inner) - len(inner.lstrip()), begin + len(inner.rstrip())
    if begin < end:
        yield Quoted(begin, end, goes_on)


def _opens(text: str, at: int, single: bool) -> bool:
    sign = text[at]
    if sign in OPENING:
        return True
    if sign == "'" and single:
        return (text[at - 1 : at] or " ") in " (—\n" and text[at + 1 : at + 2].isupper()
    if sign == '"' or (sign == "‘" and single):
        before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
        return (before.isspace() or before in "([—–-/:,") and not after.isspace()
    return False


def _closing(text: str, at: int) -> int | None:
    """Find the mark that closes the quotation opened at ``at``, past those nested in it."""
    opener, curly, straight = text[at], 0, False
    for i in range(at + 1, len(text)):
        mark, before, after = text[i], text[i - 1], text[i + 1 : i + 2] or " "
        if opener == "'":
            if mark == "'" and before in ".,!?…" and not after.isalnum():
                return i
        elif opener == "‘":
            if mark == "’" and not before.isspace() and re.match(r"[\s.,;:!?)]", after):
                return i
        elif opener == "„" and mark == "“":
            return i
        elif mark in OPENING:
            curly += 1
        elif mark in CLOSING:
            if not curly:
                return i
            curly -= 1
        elif mark == '"':
            if before.isspace() or before in "([":
                straight = not after.isspace()
            elif straight:
                straight = False
            elif not after.isalnum():
                return i
    return None
