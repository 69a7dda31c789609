"""Tell in a line of a page what is a date, a person, a paper or a body."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kzai_graph.time_patterns import scan_times
from kzai_graph.time_values import resolve

PERSON = (
    r"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+)?[^\W\d_a-z][\w'’.-]*(?:\s+(?:(?:al|bin|ben|van|von|de|da|del|der|di|el|ibn"
    r"|la|le)\s+)*[^\W\d_a-z][\w'’.-]*){1,3}"
)
NAMES = re.compile(rf"{PERSON}(?:(?:,|\s+and|\s*&)\s+{PERSON}){{0,4}}")
_ZONE = (
    r"(?:\s*\(?(?-i:Z\b|(?!BY\b)[A-Z]{2,5}\b(?:\s?[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d)\)?"
    r"|\s*\(?(?:local|[a-z]+(?: standard| summer)?) time\)?)"
)
_TIME = (
    r"(?:[T ,]*(?:at\s+|@\s*)?\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?:\.\d+)?\s*(?:hrs?\b|hours\b|[ap]\.?m\b\.?)?"
    rf"{_ZONE}?|[ ,]*(?:at\s+)?\d{{1,2}}\s*[ap]\.?m\b\.?{_ZONE}?)"
)
_DATE_LABEL = (
    r"(?:(?:(?:first |last |originally )?(?:published|posted|updated|modified|released?|issued?|dated?|uploaded"
    r"|embargoed until|filed|created|revised|as of|on|at)(?: (?:online|on|at|date|of issue|of publication|of release"
    r"|in))*\s*:?\s*|(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s*"
    r"|(?:publication|release|issue) date\s*:?\s*)+)"
)
_LATE = re.compile(r"updated|modified|revised", re.IGNORECASE)
_ORGANISATION = frozenset(
    """
    times news post daily herald tribune journal gazette observer review today press agency reuters bulletin
    chronicle guardian monitor telegraph wire weekly monthly magazine online blog tv radio media ledger dispatch
    courier record standard mail express star mirror digest quarterly report reporter watch insider business
    newswire newsletter broadcasting newsroom dispatches correspondent examiner sentinel argus echo inquirer
    globe telegram newspaper zeitung gazeta kurier diario jornal giornale dagblad tidningen
    ministry department government service office committee commission council parliament agency bureau chamber
    court directorate inspectorate mission delegation ombudsman house senate assembly congress akimat cabinet
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
    courier record standard mail express star mirror digest quarterly insider broadcasting newswire newsletter
    newspaper examiner sentinel inquirer globe dispatches zeitung gazeta kurier diario jornal
    """.split()
)
_NO_NAME = frozenset(
    """
    summary introduction overview background findings executive conclusion conclusions recommendations key main
    points results method methods methodology abstract contents table about national international digital
    policy law laws data artificial intelligence technology technologies strategy plan action what how why when
    where who the a an in on for from to of with new first next next country republic parliamentary hearings
    public private sector economy development training risks questions answers outlook edition issue note
    release press statement programme project
    """.split()
)
_SEPARATOR = re.compile(r"\s+(?:\||–|—|-|::|»)\s+")
_LEGAL = re.compile(
    r"\b(?:Inc|Ltd|LLC|LLP|JSC|PLC|plc|GmbH|AG|S\.A|N\.V|B\.V|Corp|Co|Tbk|Pte|Pty|Limited|Oyj?|AB|ASA?|S\.p\.A|KG"
    r"|LP)\.?$"
)
_SMALL = frozenset(
    """
    of the and for in on at to by de do da dos das del della di du des la le les el los las der die und y e et van
    von al
    """.split()
)
_PLACE_STARTS = frozenset(
    """
    New San Santa Santo St Saint Los Las El Abu Cape Port Puerto Rio Buenos Kuala Hong Addis Tel Ho Phnom Sao São Mexico
    Quezon Washington La Le Nur Ulan Fort North South East West Den Novi Belo Dar Ras Al
    """.split()
)


_ORDINAL = re.compile(r"\b(\d{1,2})\.(?= [A-Z][a-z]{2})")


def find_date(text: str) -> str | None:
    """Return the first date in a line that names its year, as an ISO string."""
    for found in scan_times(_ORDINAL.sub(r"\1 ", text[:300])):
        if found.kind in ("iso", "numeric", "day", "month"):
            date = resolve(found, None, None)
            if date is not None and "/" not in date:
                return date
    return None


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a line; ``late`` where a label says that it is that of a change."""

    iso: str
    late: bool


def date_parts(text: str) -> tuple[str, list[Dated]]:
    """Put a null character for each date of a line with its label and time of day; return the dates beside it."""
    isos: list[str] = []
    text = _ORDINAL.sub(r"\1 ", text)
    for found in reversed(list(scan_times(text[:300]))):
        iso = resolve(found, None, None) if found.kind in ("iso", "numeric", "day", "month") else None
        if iso is not None and "/" not in iso:
            text = text[: found.begin] + "\0" + text[found.end :]
            isos.insert(0, iso)
    text = re.sub(rf"\0{_TIME}", "\0", text, flags=re.IGNORECASE)
    # A time can stand before the day, too.
    text = re.sub(r"\b\d{1,2}[:.]\d\d(?:\s*[ap]m)?(?:\s[A-Z]{2,4})?,?\s+\0", "\0", text)
    late: list[bool] = []

    def take_label(found: re.Match[str]) -> str:
        late.append(_LATE.search(found[0]) is not None)
        return "\0"

    text = re.sub(rf"(?:\b{_DATE_LABEL})?\0", take_label, text, flags=re.IGNORECASE)
    return text, [Dated(iso, is_late) for iso, is_late in zip(isos, late, strict=True)]


def split_title(text: str, known: Iterable[str]) -> tuple[str, str | None]:
    """Part a title from the name of the publisher behind it."""
    found = list(_SEPARATOR.finditer(text))
    if not found:
        return text, None
    title, name = text[: found[-1].start()].strip(), text[found[-1].end() :].strip()
    if len(title) < 8 or not 2 <= len(name) <= 60:
        return text, None
    words = re.findall(r"[\w’'.&-]+", name)
    if not words:
        return text, None
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
    if not 1 < len(words) <= 16 or len(text) > 120 or _SEPARATOR.search(text):
        return False
    if re.search(r"[?!:>/›]|(?<!\b[A-Z]\.[A-Z])(?<!Inc)(?<!Ltd)(?<!Corp)(?<!Co)\.$", text):
        return False
    if not is_titled(text):
        return False
    known = [w.casefold() in _ORGANISATION for word in words for w in word.split("-")]
    if "," in text and not any(w.casefold() in _ORGANISATION for w in re.findall(r"\w+", text.partition(",")[0])):
        return False
    return (
        words[0] in ("The", "THE") or any(known) or _LEGAL.search(text) is not None or _is_acronym(words[0], words[1])
    )


def is_media(name: str) -> bool:
    """Tell whether a name has a word that those of papers have."""
    return any(w.casefold() in _MEDIA for w in re.findall(r"[^\W\d_]+", name))


def _is_acronym(first: str, second: str) -> bool:
    """Tell whether a name begins with an abbreviation, as those of branches do ("UNDP Kenya")."""
    return first.isupper() and 3 <= len(first) <= 8 and not second.isupper() and second[0].isupper()


def is_titled(text: str) -> bool:
    """Tell whether all words of a line but the small ones begin with capitals."""
    words = re.findall(r"[^\W\d_][\w’'-]*", text)
    return bool(words) and words[0][0].isupper() and all(w[0].isupper() or w in _SMALL for w in words)


def is_place_start(text: str) -> bool:
    """Tell whether a name of several words begins as those of cities do."""
    return text.split()[0] in _PLACE_STARTS


def is_person(text: str) -> bool:
    """Tell whether a line can be the name of one person or several."""
    if not NAMES.fullmatch(text) or len(text) > 120:
        return False
    words = [w.strip(".,").casefold() for w in text.split()]
    if any(w in _NO_NAME or w in _ORGANISATION for w in words):
        return False
    first, *rest = text.split()
    return text.isupper() or not (bool(rest) and first.isupper() and len(first.strip(".")) > 2 and "." not in first)


def cased(name: str) -> str:
    """Write a name that stands in capitals as names are written; short words that may abbreviate stay."""
    if not name.isupper() or " " not in name:
        return name
    person = is_person(name)
    return " ".join(
        w.lower() if i and w.lower() in _SMALL else w if not person and _may_abbreviate(w) else w.title()
        for i, w in enumerate(name.split())
    )


def _may_abbreviate(word: str) -> bool:
    """Tell whether a short word in capitals is hard to say, as abbreviations are."""
    if word.casefold() in _ORGANISATION | {"the"} or not 1 < len(word) <= 5:
        return False
    return len(word) < 4 or re.search(r"[^AEIOUY]{3}$|^[^AEIOUY]{3}", re.sub(r"S$", "", word)) is not None
