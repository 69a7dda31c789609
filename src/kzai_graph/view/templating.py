"""Fill the templates: all text is escaped, and a policy of hashes allows the page's own script and style alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kzai_graph.edtf import SEASONS
from kzai_graph.sparql.answer import shorten
from kzai_graph.view.facts import words
from kzai_graph.view.styles import COLOURS

TEMPLATES = Path(__file__).parent / "templates"
PAGES = (
    ("index.html", "network"),
    ("timeline.html", "timeline"),
    ("offices.html", "offices"),
    ("instruments.html", "instruments"),
    ("overview.html", "overview"),
)
"""The pages that lead to each other, with their names."""
ASK = ("query", "ask")
"""The query page of a server, which the pages lead to where one hands them out."""
SHEET_STYLES = ("style.css", "nav.css", "sheet.css")


@dataclass(frozen=True, slots=True)
class Page:
    """A page to fill: its template, its title, the scripts that it carries."""

    template: str
    title: str
    scripts: tuple[str, ...] = ()


def pages_of(*, served: bool) -> tuple[tuple[str, str], ...]:
    """The pages that the head of each page leads to; files that lie in a folder have no query page."""
    return (*PAGES, ASK) if served else PAGES


def render(page: Page, values: Mapping[str, object], *, served: bool = False) -> str:
    """Fill a page; the same values give the same text. ``served``: it is for a server, which has a query page."""
    style, script = read_files(SHEET_STYLES) + class_colours(), read_files(page.scripts)
    return (
        _ours()
        .get_template(page.template)
        .render(
            {**values},
            title=page.title,
            pages=pages_of(served=served),
            style=Markup(style),
            script=Markup(script),
            policy=policy(scripts=[script] if script else [], styles=[style]),
        )
    )


@cache
def _ours() -> Environment:
    """One for all pages: it compiles each template once, which takes longer than to fill it."""
    return environment()


def environment(*more: Path) -> Environment:
    """Our templates before those of other folders, with escaping on, which pyvis leaves off."""
    made = Environment(loader=FileSystemLoader([TEMPLATES, *more]), autoescape=True, trim_blocks=True)
    made.tests["web"] = is_web
    made.filters.update(inert=_inert, words=words, day=show_date, number=show_number, short=shorten, stage=stage_words)
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "sort_keys": True}
    return made


@cache
def read_files(names: tuple[str, ...]) -> str:
    """Templates that are no templates: scripts or styles, one after the other."""
    return as_parsed("\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names))


def as_parsed(text: str) -> str:
    """A file as a browser sees it: line ends are normalised before scripts are hashed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def policy(*, scripts: Sequence[str], styles: Sequence[str]) -> str:
    """A Content-Security-Policy that allows these very texts and nothing else."""
    allowed = {"script-src": scripts, "style-src": styles}
    parts = [f"{name} {' '.join(map(_hash, texts)) or _NONE}" for name, texts in allowed.items()]
    shut = (f"base-uri {_NONE}", f"form-action {_NONE}", NO_MARKUP)
    return "; ".join([f"default-src {_NONE}", *parts, "img-src data:", *shut])


_NONE = "'none'"
NO_MARKUP = "require-trusted-types-for 'script'; trusted-types 'none'"
"""Where a browser knows them: no script can turn text into markup or code, whatever the library does."""


def class_colours() -> str:
    """A rule of style for each class: its colour, as links and mentions use it."""
    return "".join(f".{name} {{ --c: {colour}; }}\n" for name, colour in sorted(COLOURS.items()))


def is_web(address: str) -> bool:
    """Whether an address may be a link: one of another kind could be a script."""
    return address.lower().startswith(("https://", "http://"))


def show_date(written: str) -> str:
    """A date of the graph as people write it: "24 Sep 2025", "Q1 2026", "3 to 5 May 2031"; other forms as they are."""
    begin, slash, end = written.partition("/")
    if slash:
        return _interval(show_date(begin).split(), show_date(end).split())
    year, *rest = written.split("-")
    match rest:
        case [month, day] if month in _MONTHS and day.isdigit():
            return f"{int(day)} {_MONTHS[month]} {year}"
        case [part] if part in _PARTS:
            return f"{_PARTS[part]} {year}"
        case [] if year.endswith("X"):
            return f"{year[:-1]}0s"
    return written


def _interval(begin: Sequence[str], end: Sequence[str]) -> str:
    """Two dates in words; month and year that both end with are written once."""
    shared = 0
    while shared < min(len(begin), len(end)) - 1 and begin[-1 - shared] == end[-1 - shared]:
        shared += 1
    return " ".join([*begin[: len(begin) - shared], "to", *end])


_MONTHS = {f"{n:02}": name for n, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_SEASONS = {str(code): name for name, code in SEASONS.items() if name != "fall"}
_PARTS = _MONTHS | _SEASONS | {part: part for part in ("Q1", "Q2", "Q3", "Q4", "H1", "H2")}


def stage_words(stage: str) -> str:
    """The local name of a stage as words: "StageInForce" is "in force"."""
    return words(stage.removeprefix("Stage"))


def show_number(written: str) -> str:
    """A number with thin spaces between its thousands from five digits on; anything else as it is."""
    sign, digits = written[: written.startswith("-")], written.removeprefix("-")
    whole, dot, rest = digits.partition(".")
    if not whole.isdecimal() or len(whole) < 5:
        return written
    return f"{sign}{int(whole):,}{dot}{rest}".replace(",", "\u202f")


def _inert(written: str) -> Markup:
    """Written JSON, with nothing that could end a script."""
    return Markup(written.replace("<", "\\u003c"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
