"""Compare names, units and numbers as the annotation guidelines do."""

from __future__ import annotations

import re
import unicodedata

CURRENCY_SIGNS = (("us$", " usd "), ("$", " usd "), ("€", " eur "), ("£", " gbp "), ("₸", " kzt "), ("¥", " cny "))
ARTICLES = frozenset({"the", "a", "an"})
POSSESSIVE = re.compile(r"['’`]s\b")
OUTSIDE_WORDS = re.compile(r"[^\w.&%]+")


def normalise(name: str) -> str:
    """Drop case, accents, quotes, outer punctuation, a leading article and possessives; inner dots stay (alem.ai)."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    for sign, code in CURRENCY_SIGNS:
        text = text.replace(sign, code)
    text = POSSESSIVE.sub("", text)
    words = [word for part in OUTSIDE_WORDS.sub(" ", text).split() if (word := part.strip("."))]
    return " ".join(words[1:] if len(words) > 1 and words[0] in ARTICLES else words)


def to_number(value: str) -> float | None:
    """Read a number with or without thousands commas; ``None`` where it is none."""
    try:
        return float(value.replace(",", ""))
    except ValueError:
        return None


def same_value(wanted: str, got: str) -> bool:
    """Tell whether two values are the same number, or the same words where one is no number."""
    a, b = to_number(wanted), to_number(got)
    if a is None or b is None:
        return normalise(wanted) == normalise(got)
    return abs(a - b) <= 1e-6 * max(1.0, abs(a))


def alike(unit: str, other: str) -> bool:
    """Tell whether one unit's words are among the other's: "projects" and "ai projects", not "q1" and "q10"."""
    words, others = set(unit.split()), set(other.split())
    return bool(words and others) and (words <= others or others <= words)
