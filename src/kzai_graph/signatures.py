"""Tell the line that names who speaks the quotation above or below it: "— Ana Silva, head of the Water Board".

The office may come first: "— Tidewell's head of sales, Ana Silva".
"""

from __future__ import annotations

import re

MAX_LINE_CHARACTERS = 160

_DASH = re.compile(r"\s*(?:[—–―]|--?)\s*")
_PARTICLES = r"(?:al|bin|ibn|da|das|de|del|den|der|di|do|dos|du|el|la|le|ten|van|von|y)"
_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w.'’\-]*)"
_NAME = rf"{_WORD}(?:\s+(?:{_WORD}|{_PARTICLES})){{1,5}}"
_BEARER = re.compile(_NAME)
_TITLED = re.compile(rf"{_NAME}\s*(?:,\s|\s[(|–—-])\s*\S.*")
_BEARING = re.compile(rf"[^\s.!?;:][^.!?;:]{{2,90}},\s+{_NAME}")
_OPENED = re.compile(rf"(?:Statement|Remarks?|Message|Comments?|Quote)\s+(?:by|from|of)\s+.*{_NAME}.*")
_WHOLE = re.compile(r"[“\"«„‘'].*[”\"»“’']\W*|[“„].*", re.DOTALL)
_SIGNED = re.compile(rf"(?<=[.!?…”\"»’'])\s*(?:[—–―]|--?)\s*(?={_NAME})")


def is_whole_quotation(text: str) -> bool:
    """Tell a paragraph that is one quotation from its first sign to its last."""
    return _WHOLE.fullmatch(text) is not None


def is_signature(text: str) -> bool:
    """Tell a line that is a name, with or without what its bearer is, and no sentence."""
    dash = _DASH.match(text)
    line = text[dash.end() :] if dash is not None else text
    if len(line) > MAX_LINE_CHARACTERS or line.rstrip()[-1:] in (".", "!", "?", ";", ""):
        return False
    line = line.rstrip(": ")
    if any(shape.fullmatch(line) for shape in (_TITLED, _OPENED, _BEARING)):
        return True
    return dash is not None and _BEARER.fullmatch(line) is not None


def signature_begin(text: str) -> int:
    """Where the signature begins that a paragraph ends with, its dash included; the length where there is none."""
    found = [m for m in _SIGNED.finditer(text) if is_signature(text[m.start() :])]
    return found[-1].start() if found else len(text)
