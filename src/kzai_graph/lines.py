"""Find the lines of words in the texts that a graph was built from, where these are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Lines = Callable[[str, str, int, str], int | None]
"""Finds the line of some words, counted from 1: document, its encoding, where they begin, the words."""


def line_finder(texts: Path | None) -> Lines:
    """Find lines in the files of a folder, or here and in ``seeds``; what changed since, or is not there, has none."""
    folders = [texts] if texts else [Path(), Path("seeds")]
    known: dict[tuple[str, str], str | None] = {}

    def line_of(document: str, encoding: str, begin: int, words: str) -> int | None:
        if (document, encoding) not in known:
            known[document, encoding] = _read(folders, document, encoding or "utf-8")
        text = known[document, encoding]
        if text is None or not words or text[begin : begin + len(words)] != words:
            return None
        return text.count("\n", 0, begin) + 1

    return line_of


def _read(folders: list[Path], document: str, encoding: str) -> str | None:
    for folder in folders:
        path = folder / document
        # a graph from elsewhere may name any path; only what lies in the folder is read
        if document and path.resolve().is_relative_to(folder.resolve()) and path.is_file():
            try:
                return path.read_bytes().decode(encoding, errors="replace")
            except (OSError, LookupError):
                return None
    return None
