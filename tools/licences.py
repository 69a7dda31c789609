"""List the licences of all locked packages in ``docs/licences.md``, as their own metadata state them.

Run it after ``make lock``: ``python tools/licences.py > docs/licences.md``. A test compares the two.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
LONGEST = 60
"""Characters of a licence's name; what is longer is its text."""
HEAD = """# Licences of the packages that are installed

What `requirements.lock` pins, with the licence that each package's own metadata state; `tools/licences.py` writes this
page. Some are needed only to develop kzai-graph, whose own archives hold none of them.

| package | version | licence |
| --- | --- | --- |
"""


def locked() -> Iterator[tuple[str, str]]:
    """Yield name and version of each package in the lock."""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if (found := re.match(r"([\w.-]+)==([^\s;]+)", line)) is not None:
            yield found[1], found[2]


def licence(name: str) -> str:
    """What a package says of its licence, "not on this system" where it is not installed."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return "not on this system"
    stated = _field(found, "License-Expression") or _classifiers(found) or _field(found, "License")
    return stated or "see its files"


def _field(found: PackageMetadata, name: str) -> str:
    text = " ".join((found.get_all(name) or [""])[0].split())
    return text if 0 < len(text) <= LONGEST and text != "UNKNOWN" else ""


def _classifiers(found: PackageMetadata) -> str:
    named = [c.rpartition(" :: ")[2] for c in found.get_all("Classifier") or [] if c.startswith("License ::")]
    return ", ".join(sorted({name for name in named if name != "OSI Approved"}))


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"| {name} | {version} | {licence(name)} |\n" for name, version in locked())


if __name__ == "__main__":
    sys.stdout.write(page())
