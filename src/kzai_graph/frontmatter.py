"""Read what a file declares of itself in fields before its text."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from kzai_graph.safe_yaml import load_yaml

MAX_FRONT_MATTER_LINES = 200

# Keys are compared by their letters alone: "date_published" and "Date Published" are one.
_NAMES = {
    key: name
    for name, keys in {
        "title": "title headline name pagetitle seotitle",
        "date": "date published publisheddate publishdate publishedat publishedon publishedtime datepublished pubdate "
        "publicationdate releasedate issued dateissued created createdat datecreated posted postdate year",
        "creator": "author authors creator creators by byline writer writers writtenby reporter reporters",
        "publisher": "publisher publication outlet site sitename website source newspaper organisation organization "
        "agency publishedby publishedin issuer issuedby",
    }.items()
    for key in keys.split()
}


def front_matter_end(lines: Sequence[str]) -> int:
    """Return the number of lines of front matter, its fences included."""
    if not lines or lines[0].strip("\ufeff \r") != "---":
        return 0
    for i in range(1, min(len(lines), MAX_FRONT_MATTER_LINES)):
        if lines[i].rstrip() in ("---", "..."):
            return i + 1 if any(":" in line for line in lines[1:i]) else 0
    return 0


def field_name(key: str) -> str | None:
    """Return which of title, date, creator and publisher a key names."""
    return _NAMES.get("".join(c for c in key.casefold() if c.isalpha()))


def declared_fields(text: str) -> dict[str, str]:
    """Return what YAML declares; a source that is an address names no publisher."""
    try:
        found = load_yaml(text)
    except yaml.YAMLError:
        found = _by_lines(text)
    declared: dict[str, str] = {}
    for key, value in (found if isinstance(found, dict) else {}).items():
        name = field_name(str(key))
        shown = _shown(value)
        if name and shown and not (name == "publisher" and "://" in shown):
            declared.setdefault(name, shown)
    return declared


def _by_lines(text: str) -> dict[str, str]:
    """Read fields whose values would have needed quotes, such as a title with a colon."""
    pairs = (line.partition(":") for line in text.splitlines() if line[:1].isalpha())
    return {key: value.strip().strip("\"'") for key, colon, value in pairs if colon and value.strip()}


def _shown(value: object) -> str:
    if isinstance(value, list):
        return " and ".join(shown for part in value if (shown := _shown(part)))
    if isinstance(value, dict):
        return _shown(value.get("name"))
    return str(value or "").strip()
