"""Lay out HTML: the text that a page shows, each character with its place in the raw file."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from kzai_graph.layout import Kind, Layout, Passage, from_characters

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_UNSEEN = frozenset(
    "script style noscript template svg math iframe object canvas select option button textarea head audio video map datalist dialog".split()
)
_ASIDE = frozenset("nav footer aside form menu".split())
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main "
    "nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_ASIDE_CLASS = re.compile(
    r"(?:^|\s)(?:related|share|sharing|social|comments?|cookies?|newsletter|breadcrumbs?|menu|navigation|navbar|sidebar|advert\w*|promo|subscribe|recommended|tags|site-footer|site-header)(?:[-_][\w-]*)?(?:\s|$)",
    re.IGNORECASE,
)
_BYLINE_CLASS = re.compile(
    r"(?:^|\s)(?:byline|author|article-author|post-author|entry-author)(?:[-_][\w-]*)?(?:\s|$)", re.IGNORECASE
)
_META = {
    "og:title": "title", "twitter:title": "title", "dc.title": "title", "citation_title": "title",
    "article:published_time": "date", "date": "date", "dc.date": "date", "dcterms.issued": "date", "dcterms.date": "date",
    "pubdate": "date", "datepublished": "date", "publish_date": "date", "citation_publication_date": "date",
    "author": "creator", "article:author": "creator", "dc.creator": "creator", "dcterms.creator": "creator", "citation_author": "creator",
    "og:site_name": "publisher", "publisher": "publisher", "dc.publisher": "publisher", "dcterms.publisher": "publisher", "application-name": "publisher",
}  # fmt: skip
_DECLARED_BYTES = 200_000


def read_html(source: str) -> Layout:
    """Lay out a page; menus, forms and the like are furniture, scripts and styles are left out."""
    page = _Page(source)
    page.feed(source)
    page.close()
    page.flush()
    return Layout(tuple(page.passages), page.declared)


class _Page(HTMLParser):
    """Gather the passages of a page while the parser walks it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.passages: list[Passage] = []
        self.declared: dict[str, str] = {}
        self._lines = [0, *(m.end() for m in re.finditer("\n", source))]
        self._characters: list[tuple[str, int]] = []
        self._open: list[tuple[str, frozenset[str]]] = []
        self._count: Counter[str] = Counter()
        self._linked = True
        self._script: list[str] | None = None
        self._stanza = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = _META.get((given.get("property") or given.get("name") or given.get("itemprop") or "").lower())
            if name and given.get("content", "").strip():
                self.declared.setdefault(name, html.unescape(given["content"]).strip())
        elif tag == "time" and given.get("datetime") and not self._count["aside"]:
            self.declared.setdefault("date", given["datetime"])
        elif tag == "script" and given.get("type", "").lower() == "application/ld+json":
            self._script = []
        if tag in _BLOCKS:
            if tag not in ("td", "th", "thead", "tbody", "tfoot") or not self._count["tr"]:
                self.flush()
            elif self._characters and self._characters[-1][0] != "\t" and tag in ("td", "th"):
                self._characters.append(("\t", self._offset()))
        elif tag == "br":
            self.flush()
        if tag in _VOID:
            return
        if tag in ("p", "li", "tr", "td", "th", "dt", "dd", "option") and self._open and self._open[-1][0] == tag:
            self._pop()
        marks = {tag}
        classes = f"{given.get('class', '')} {given.get('id', '')}"
        if tag in _UNSEEN:
            marks.add("unseen")
        hidden = "hidden" in given or given.get("aria-hidden") == "true"
        if tag in _ASIDE or tag == "header" and not (self._count["article"] or self._count["main"]):
            marks.add("aside")
        elif tag not in ("html", "body", "main", "article") and (hidden or _ASIDE_CLASS.search(classes)):
            marks.add("aside")
        if tag not in ("html", "body", "main", "article") and (
            _BYLINE_CLASS.search(classes) or given.get("rel") == "author"
        ):
            marks.add("byline")
        self._open.append((tag, frozenset(marks)))
        self._count.update(marks)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self._read_linked_data("".join(self._script))
            self._script = None
        if tag in _BLOCKS and (tag not in ("td", "th", "thead", "tbody", "tfoot") or not self._count["tr"]):
            self.flush()
        if self._count[tag]:
            while self._pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._script is not None and len(self._script) < _DECLARED_BYTES:
            self._script.append(data)
        if not self._count["unseen"] or self._count["title"]:
            begin = self._offset()
            self._add((c, begin + i) for i, c in enumerate(data))

    def handle_entityref(self, name: str) -> None:
        self._add_reference(f"&{name};", f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._add_reference(f"&#{name};", f"&#{name};")

    def _add_reference(self, written: str, otherwise: str) -> None:
        shown = html.unescape(written)
        begin = self._offset()
        if not self._count["unseen"] or self._count["title"]:
            self._add((c, begin) for c in (otherwise if shown == written else shown))

    def _add(self, characters: Iterator[tuple[str, int]]) -> None:
        gathered = list(characters)
        if not self._count["a"] and any(not c.isspace() for c, _ in gathered):
            self._linked = False
        self._characters += gathered

    def flush(self) -> None:
        """Make a passage of what was gathered."""
        characters, self._characters = self._characters, []
        linked, self._linked = self._linked, True
        if not any(not c.isspace() for c, _ in characters):
            return
        if self._count["title"] and self._count["head"]:
            self.declared.setdefault("page", " ".join("".join(c for c, _ in characters).split()))
            return
        kind, level = self._kind()
        self._stanza += 1
        if kind is Kind.TABLE:
            while characters and characters[-1][0].isspace():
                characters.pop()
        self.passages += from_characters(
            characters, kind=kind, level=level, stanza=self._stanza, linked=linked and kind is Kind.TEXT
        )

    def _kind(self) -> tuple[Kind, int]:
        count = self._count
        level = next((n for n in range(1, 7) if count[f"h{n}"]), 0)
        if level == 1:
            return Kind.HEADING, 1
        if count["aside"]:
            return Kind.FURNITURE, 0
        if count["byline"]:
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

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _read_linked_data(self, text: str) -> None:
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
