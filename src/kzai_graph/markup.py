"""Lay out HTML: the text that a page shows, each character with its place in the raw file."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from kzai_graph.layout import CELL, Kind, Layout, Passage, bounded, from_characters
from kzai_graph.limits import DEFAULT_LIMITS, Limits

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_UNSEEN = frozenset(
    """
    script style noscript template svg math iframe object canvas select option button textarea audio video map
    datalist dialog
    """.split()
)
_ASIDE = frozenset("nav footer aside form menu".split())
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table title tbody td tfoot
    th thead tr ul
    """.split()
)
_ASIDE_CLASS = re.compile(
    r"(?:^|\s)(?:related|share|sharing|social|comments?|cookies?|newsletter|breadcrumbs?|menu|navigation"
    r"|navbar|sidebar|advert\w*|promo|subscribe|recommended|tags|site-footer|site-header)(?:[-_][\w-]*)?(?:\s"
    r"|$)",
    re.IGNORECASE,
)
_BYLINE_CLASS = re.compile(
    r"(?:^|\s)(?:byline|author|article-author|post-author|entry-author)(?:[-_][\w-]*)?(?:\s|$)", re.IGNORECASE
)
_CELLS = frozenset("td th thead tbody tfoot p div br".split())
_META = {
    name: key
    for key, names in {
        "title": "og:title twitter:title dc.title citation_title",
        "date": "article:published_time date dc.date dcterms.issued dcterms.date pubdate datepublished publish_date "
        "citation_publication_date",
        "creator": "author article:author dc.creator dcterms.creator citation_author",
        "publisher": "og:site_name publisher dc.publisher dcterms.publisher application-name",
    }.items()
    for name in names.split()
}
_DECLARED_BYTES = 200_000


ASIDE, BYLINE, UNSEEN = "*aside", "*byline", "*unseen"
"""What an element is, whatever its name; no name of a tag has a star."""
_ATTRIBUTE_CHARACTERS = 5_000
_RAW = frozenset("script style textarea title iframe xmp noembed noframes".split())
_MARKUP = re.compile(r"<(?:!--|[!?]|/?[a-zA-Z])")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_LOOSE_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)([^>]*+)>")
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_REFERENCE = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)")


def read_html(source: str, limits: Limits = DEFAULT_LIMITS) -> Layout:
    """Lay out a page; menus, forms and the like are furniture, scripts and styles are left out.

    Tags are found as section 13.2.5 of the HTML standard does, so that what is never closed runs to the end: that
    takes linear time on any input, which the parser of the standard library does not.

    Raises:
        OverLimitError: it shows too much.
    """
    page = _Page(limits)
    return Layout(tuple(bounded(_passages(page, source), limits)), page.declared)


def _passages(page: _Page, source: str) -> Iterator[Passage]:
    at = 0
    while (found := _MARKUP.search(source, at)) is not None:
        page.read_text(source, at, found.start())
        at = _read_markup(page, source, found.start())
        yield from page.take()
    page.read_text(source, at, len(source))
    page.flush()
    yield from page.take()


def _read_markup(page: _Page, source: str, begin: int) -> int:
    """Read the comment or tag that begins here; return where it ends."""
    if source.startswith("<!--", begin):
        return _after(source, "-->", begin + 2)
    if source[begin + 1] in "!?":
        return _after(source, ">", begin)
    found = _TAG.match(source, begin) or _LOOSE_TAG.match(source, begin)
    if found is None:
        return len(source)
    tag = found[2].lower()
    if found[1]:
        page.close_tag(tag, begin)
        return found.end()
    given = {
        m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "")
        for m in _ATTRIBUTE.finditer(found[3][:_ATTRIBUTE_CHARACTERS])
    }
    page.open_tag(tag, given, begin)
    if tag not in _RAW:
        return found.end()
    close = re.compile(f"</{tag}", re.IGNORECASE).search(source, found.end())
    end = close.start() if close else len(source)
    if tag == "script" and given.get("type", "").lower() == "application/ld+json":
        page.read_linked_data(source[found.end() : end])
    elif tag == "title":
        page.read_text(source, found.end(), end)
    return end


def _after(source: str, end: str, begin: int) -> int:
    at = source.find(end, begin)
    return at + len(end) if at >= 0 else len(source)


class _Page:
    """Gather the passages of a page while its tags go by."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._passages: list[Passage] = []
        self.declared: dict[str, str] = {}
        self._characters: list[tuple[str, int]] = []
        self._open: list[tuple[str, frozenset[str]]] = []
        self._count: Counter[str] = Counter()
        self._linked = True
        self._stanza = 0
        self._cells = 0

    def take(self) -> list[Passage]:
        """Return the passages that were made since the last call."""
        taken, self._passages = self._passages, []
        return taken

    def open_tag(self, tag: str, given: dict[str, str], begin: int) -> None:
        """Take note of what the tag means for the text inside."""
        if tag == "meta":
            name = _META.get((given.get("property") or given.get("name") or given.get("itemprop") or "").lower())
            if name and given.get("content", "").strip():
                self.declared.setdefault(name, given["content"].strip())
        elif tag == "time" and given.get("datetime") and not self._count[ASIDE]:
            self.declared.setdefault("date", given["datetime"])
        if self._count["tr"] and tag in _CELLS:
            if tag in ("td", "th"):
                self._characters += [(CELL, begin)] if self._cells else []
                self._cells += 1
            elif self._characters:
                self._characters.append((" ", begin))
        elif tag in _BLOCKS or tag == "br":
            self.flush()
        if tag == "tr":
            self._cells = 0
        if tag in _VOID:
            return
        if tag == "q":
            self._characters.append(("“", begin))
        if tag in ("p", "li", "tr", "td", "th", "dt", "dd", "option") and self._open and self._open[-1][0] == tag:
            self._pop()
        marks = {tag}
        classes = f"{given.get('class', '')} {given.get('id', '')}"
        if tag in _UNSEEN:
            marks.add(UNSEEN)
        hidden = "hidden" in given or given.get("aria-hidden") == "true"
        if (
            (tag in _ASIDE and not self._count["blockquote"])
            or (tag == "header" and not (self._count["article"] or self._count["main"]))
            or (tag not in ("html", "body", "main", "article") and (hidden or _ASIDE_CLASS.search(classes)))
        ):
            marks.add(ASIDE)
        if tag not in ("html", "body", "main", "article") and (
            _BYLINE_CLASS.search(classes) or given.get("rel") == "author"
        ):
            marks.add(BYLINE)
        self._open.append((tag, frozenset(marks)))
        self._count.update(marks)

    def close_tag(self, tag: str, begin: int) -> None:
        """Leave the innermost element of this name with all in it; a tag that closes nothing is ignored."""
        if tag in _BLOCKS and not (self._count["tr"] and tag in _CELLS):
            self.flush()
        if self._count[tag]:
            if tag == "q":
                self._characters.append(("”", begin))
            while self._pop() != tag:
                pass

    def read_text(self, source: str, begin: int, end: int) -> None:
        """Add the text between two offsets; a character reference stands at its first character."""
        if begin >= end or (self._count[UNSEEN] and not self._count["title"]):
            return
        self._limits.check("characters", len(self._characters) + end - begin)
        at = begin
        for found in _REFERENCE.finditer(source, begin, end):
            self._add(zip(source[at : found.start()], range(at, found.start()), strict=True))
            shown = html.unescape(found[0])
            places = range(found.start(), found.end()) if shown == found[0] else [found.start()] * len(shown)
            self._add(zip(shown, places, strict=True))
            at = found.end()
        self._add(zip(source[at:end], range(at, end), strict=True))

    def _add(self, characters: Iterable[tuple[str, int]]) -> None:
        count = len(self._characters)
        self._characters += characters
        if not self._count["a"] and self._linked:
            self._linked = all(c.isspace() for c, _ in self._characters[count:])

    def flush(self) -> None:
        """Make a passage of what was gathered."""
        characters, self._characters = self._characters, []
        linked, self._linked = self._linked, True
        if not any(not c.isspace() for c, _ in characters):
            return
        if self._count["title"]:
            self.declared.setdefault("page", " ".join("".join(c for c, _ in characters).split()))
            return
        kind, level = self._kind()
        self._stanza += 1
        linked = linked and kind is Kind.TEXT
        self._passages += (
            replace(passage, quoted=self._count["blockquote"] > 0)
            for passage in from_characters(characters, kind=kind, level=level, stanza=self._stanza, linked=linked)
        )

    def _kind(self) -> tuple[Kind, int]:
        count = self._count
        level = next((n for n in range(1, 7) if count[f"h{n}"]), 0)
        if level == 1:
            return Kind.HEADING, 1
        if count[ASIDE]:
            return Kind.FURNITURE, 0
        if count[BYLINE]:
            return Kind.BYLINE, 0
        if level:
            return Kind.HEADING, level
        if count["figcaption"] or count["caption"]:
            return Kind.CAPTION, 0
        if count["tr"]:
            return Kind.TABLE, 0
        return (Kind.LIST_ITEM, 0) if count["li"] else (Kind.TEXT, 0)

    def _pop(self) -> str:
        tag, marks = self._open.pop()
        self._count.subtract(marks)
        return tag

    def read_linked_data(self, text: str) -> None:
        """Take title, date, author and publisher from JSON-LD."""
        try:
            found = json.loads(text[:_DECLARED_BYTES])
        except (ValueError, RecursionError):
            return  # a page with broken data is read without it
        for thing in _things(found):
            for key, name in (
                ("headline", "title"),
                ("datePublished", "date"),
                ("author", "creator"),
                ("publisher", "publisher"),
            ):
                value = _name_of(thing.get(key))
                if value and "headline" in thing:
                    self.declared.setdefault(name, html.unescape(value))


def _things(found: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of linked data at its upper levels."""
    for thing in found if isinstance(found, list) else [found]:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            yield from (part for part in (graph if isinstance(graph, list) else []) if isinstance(part, dict))


def _name_of(value: Any) -> str | None:
    if isinstance(value, list):
        names = [name for part in value[:10] if (name := _name_of(part))]
        return " and ".join(names) or None
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) and value.strip() else None
