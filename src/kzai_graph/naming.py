"""Tell in a line of a page what is a date, a person, a paper or a body."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kzai_graph.time_patterns import scan_times
from kzai_graph.time_values import resolve

PERSON = (
    r"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+)?[^\W\d_a-z][\w'’.-]*(?:\s+(?:(?:al|bin|ben|van|von|de|da|del|der|di|el|ibn"
    r"|la|le)\s+)*[^\W\d_a-z][\w'’.-]*){1,3}"
)
NAMES = re.compile(rf"{PERSON}(?:(?:,|\s+and|\s*&)\s+{PERSON}){{0,4}}")
_TIME = re.compile(
    r"(?:[T ,]*(?:at\s+)?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?\s*(?:Z\b|[A-Z]{2,4}\b"
    r"|[+-]\d\d:?\d\d)?)",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|modified|released?|issued|date|dated|on)(?: (?:on|at"
    r"|date))?\s*:?\s*|(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)+",
    re.IGNORECASE,
)
_ORGANISATION = frozenset(
    """
    times news post daily herald tribune journal gazette observer review today press agency reuters bulletin
    chronicle guardian monitor telegraph wire weekly monthly magazine online blog tv radio media ledger dispatch
    courier record standard mail express star mirror digest quarterly report reporter watch insider business
    ministry department government service office committee commission council parliament agency bureau
    secretariat authority administration embassy bank fund lab labs laboratory institute institution center
    centre university college academy school foundation association union society federation alliance network
    forum company corporation group holding llc ltd inc jsc llp plc consulting organisation
    organization
    """.split()
)
_MEDIA = frozenset(
    """
    times news post daily herald tribune journal gazette observer review today press agency reuters bulletin
    chronicle guardian monitor telegraph wire weekly monthly magazine online blog tv radio media ledger dispatch
    courier record standard mail express star mirror digest quarterly insider broadcasting
    """.split()
)
_NO_NAME = frozenset(
    """
    summary introduction overview background findings executive conclusion conclusions recommendations key main
    points results method methods methodology abstract contents table about national international digital
    policy law laws data artificial intelligence technology technologies strategy plan action what how why when
    where who the a an in on for from to of with new first next next country republic parliamentary hearings
    public private sector economy development training risks questions answers outlook
    """.split()
)
_SEPARATOR = re.compile(r"\s+(?:\||–|—|-|::|»)\s+")


def find_date(text: str) -> str | None:
    """Return the first date in a line that names its year, as an ISO string."""
    for found in scan_times(text[:300]):
        if found.kind in ("iso", "numeric", "day", "month"):
            date = resolve(found, None, None)
            if date is not None and "/" not in date:
                return date
    return None


def without_date(text: str) -> str:
    """Take dates, times of day and their labels out of a line."""
    for found in reversed(list(scan_times(text[:300]))):
        if found.kind in ("iso", "numeric", "day", "month") and resolve(found, None, None):
            text = text[: found.begin] + "\0" + text[found.end :]
    text = re.sub(rf"\0{_TIME.pattern}", "\0", text, flags=re.IGNORECASE)
    text = re.sub(rf"(?:{_DATE_LABEL.pattern})\0", "\0", text, flags=re.IGNORECASE)
    return text.replace("\0", " ").strip(" ,|/·•–—-()[]")


def split_title(text: str, known: Iterable[str]) -> tuple[str, str | None]:
    """Part a title from the name of the publisher behind it."""
    found = list(_SEPARATOR.finditer(text))
    if not found:
        return text, None
    title, name = text[: found[-1].start()].strip(), text[found[-1].end() :].strip()
    if len(title) < 8 or not 2 <= len(name) <= 60:
        return text, None
    words = re.findall(r"[\w’'.&-]+", name)
    shown = any(name.casefold() in line.casefold() for line in known)
    domain = re.fullmatch(
        r"(?:www\.)?[\w-]+\.(?:com|org|net|kz|ru|uk|eu|io|info|news|gov|tv)(?:\.\w{2})?", name, re.IGNORECASE
    )
    media = (
        words[-1].casefold() in _MEDIA
        or (words[0] == "The" and len(words) > 1)
        or (len(words) == 1 and name.isupper() and len(name) > 2)
    )
    bar = found[-1][0].strip() == "|" and all(w[0].isupper() or w in ("of", "and", "the", "for", "&") for w in words)
    return (title, name) if len(words) <= 6 and (domain or media or bar or shown) else (text, None)


def is_organisation(text: str) -> bool:
    """Tell whether a line is the name of a body or a paper."""
    words = re.findall(r"[^\W\d_][\w’'-]*", text)
    if not 1 < len(words) <= 16 or len(text) > 120 or text.endswith((".", "?", "!", ":")):
        return False
    small = {"of", "the", "and", "for", "in", "on", "de"}
    named = all(w[0].isupper() or w in small for w in words)
    return named and (
        words[0] == "The" or any(w.casefold() in _ORGANISATION for part in words for w in part.split("-"))
    )


def is_person(text: str) -> bool:
    """Tell whether a line can be the name of one person or several."""
    if not NAMES.fullmatch(text) or len(text) > 120:
        return False
    words = [w.strip(".,").casefold() for w in text.split()]
    return not any(w in _NO_NAME or w in _ORGANISATION for w in words)
