"""Where a name ends that closes with a number, a date, a term of years or a field of work."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from kzai_graph.lookup import Lookup
from kzai_graph.name_heads import first_noun
from kzai_graph.wording import Word, is_calendar

ACT_NUMBER = re.compile(r"\d[\d./-]*(?:-[A-Z]{1,4})?$")
AMOUNTS = frozenset({"thousand", "million", "billion", "trillion", "percent", "per", "%", "mln", "bn"})
COMPASS = frozenset(
    "north south east west central northern southern eastern western northeast northwest southeast southwest".split()
)
MAX_DATE_WORDS = 6
SECTORS = frozenset("industry sector sphere field market economy services".split())
SPAN_PREPOSITIONS = frozenset({"for", "until", "till", "to", "by"})
VERSION = re.compile(r"\d\.\d$")
YEARS = re.compile(r"(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?$")


def act_end(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> int | None:
    """The end of an act's number ("Law 21.719", "Regulation 833/2014") or of its date ("of 5 February 2024")."""
    token = doc[words[k].begin]
    numbered = ACT_NUMBER.match(doc[words[k].begin : words[k].end].text) is not None
    if not numbered and token.lower_ not in ("of", "dated"):
        return None
    found = first_noun([t for w in words[start:k] for t in doc[w.begin : w.end]], lookup)
    if found is None or not lookup.ontology.is_a(found[0].denotes, "Instrument"):
        return None
    if numbered:
        return k + 1
    if not any(doc[w.begin].text[0].isdigit() for w in words[start:k]):
        return None
    end = k + 1
    while end < len(words) and end - k < MAX_DATE_WORDS:
        word = doc[words[end].begin]
        if not (word.text[0].isdigit() or is_calendar(word) or word.lower_ in ("march", "may") or word.text == ","):
            break
        end += 1
    while end > k + 1 and doc[words[end - 1].begin].text == ",":
        end -= 1
    return end if end > k + 1 else None


def years_end(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> int | None:
    """The end of the term that closes a plan's name ("… for 2025–2029", "… until 2030")."""
    if doc[words[k].begin].lower_ not in SPAN_PREPOSITIONS or k + 1 >= len(words):
        return None
    word = doc[words[k + 1].begin : words[k + 1].end].text
    if not YEARS.match(word):
        return None
    found = first_noun([t for w in words[start:k] for t in doc[w.begin : w.end]], lookup)
    planned = found is not None and lookup.ontology.is_a(found[0].denotes, "PolicyDocument", "Programme")
    return k + 2 if planned else None


def numbered_end(doc: Doc, words: list[Word], k: int) -> int | None:
    """The end of "No. 112" or "No 40-VI"."""
    for j in (k + 1, k + 2):
        if j < len(words) and doc[words[j].begin].text[0].isdigit():
            return j + 1
        if j < len(words) and doc[words[j].begin].text != ".":
            return None
    return None


def is_number(doc: Doc, words: list[Word], k: int) -> bool:
    """A year, a short number or a version closes a name ("Vision 2050", "Convention 108", "Orvik 2.0")."""
    token = doc[words[k].begin]
    if not ((token.text.isdigit() or VERSION.match(token.text)) and words[k].end - words[k].begin == 1):
        return False
    before = doc[token.i - 1]
    following = doc[token.i + 1] if token.i + 1 < len(doc) else None
    counted = following is not None and (following.tag_ == "NNS" or following.lower_ in AMOUNTS)
    return not counted and len(token) <= 4 and before.ent_type_ != "DATE" and not is_calendar(before)


def region_end(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> int | None:
    """The end of two parts of one region ("East and Southern Africa", not "North and South Korea") from a word on."""
    if k + 3 >= len(words) or not words[k + 3].capital or doc[words[k + 1].begin].lower_ != "and":
        return None
    parts = (doc[words[k].begin], doc[words[k + 2].begin])
    hit = lookup.known_at(doc, parts[1].i)
    if hit is not None and hit.known.cls == "Country":
        return None
    return k + 4 if all(t.text.istitle() and t.lower_ in COMPASS for t in parts) else None


def sector_end(doc: Doc, words: list[Word], k: int) -> int | None:
    """The end of "in the Mining Industry", with which the name of an inspectorate may close."""
    end = k
    while end < len(words) and words[end].capital:
        end += 1
    return end if end > k and doc[words[end - 1].begin].lower_ in SECTORS else None
