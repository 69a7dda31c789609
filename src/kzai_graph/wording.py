"""Tell words of names from other words by their shape: capitals, joiners, calendar words, headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from kzai_graph.givennames import given_names
from kzai_graph.lexical import Known, Noun
from kzai_graph.lookup import Lookup

JOINERS = frozenset({"-", "–", "&", "/", "+", "@"})
CALENDAR = frozenset(
    "january february april june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday".split()
)
PARTICLES = frozenset("de da del di du la le van von der den bin ibn bint al el ben ul y".split())
"""Small words inside names of persons and places."""
OPENING = frozenset('“"«„‘')
CLOSING = frozenset('”"»“’')
TICKER = re.compile(r"(?:[A-Z][A-Za-z-]{1,9})(?:\s[A-Z][A-Za-z]{1,9})?\s*:\s*[A-Z0-9.]{1,6}\b")
DOTTED = re.compile(r"(?!www\.)[A-Za-z][\w-]*(?:\.[a-z]{2,6})?\.(?:[a-z]{2,6}|AI|IO)$")
CAMEL = re.compile(r"[a-z]+[A-Z]\w*$")
TRANSLITERATIONS = (
    ("q", "k"),
    ("gh", "g"),
    ("kh", "h"),
    ("zh", "j"),
    ("dj", "j"),
    ("iy", "i"),
    ("yi", "i"),
    ("y", "i"),
    ("ii", "i"),
    ("w", "v"),
    ("ts", "c"),
    ("ph", "f"),
)
SPELT = frozenset({"NGO", "JV", "SOE"})
"""Class nouns that are written in capitals."""
TITLE_CASE_SHARE = 0.7
AFFIXES = frozenset(
    "based led backed owned funded born made style wide like related approved registered listed powered".split()
)
MONEY = re.compile(r"(?:[A-Z]{2,3}[a-z]?[$€£]?\d[\d.,]*(?:bn|mn|m|k)?|[A-Z]{0,3}[$€£¥₸₹₽₺₴₦₱₵¢][\d.,]*(?:bn|mn|m|k)?)$")
GLUED = re.compile(r"[a-z]{3}(?:The|This|Our|Once|We|It|In|As|At|For|To|With|From|By|About|When|While)$")
"""Words that lost the line break between them ("WorkshopThe")."""
MAX_SYLLABLE = 6
MAX_BRACKET_TOKENS = 12
UNITS = frozenset("MHz GHz kHz THz MW kW GW TW kWh MWh GWh TWh GB TB PB MB Gbps Mbps Tbps km Hz Gbit Mbit".split())
HYPHENATED_SURNAMES = frozenset(
    "Ahn Baek Chan Chang Chen Cho Choi Chung Han Hong Huang Hwang Jang Jeong Jung Kang Kim Kwon Lee Lim Lin Liu Moon "
    "Oh Park Seo Shin Son Song Tsai Wang Wong Wu Yang Yoo Yoon".split()
)
"""Surnames beside which a word with a hyphen and a small second part is a given name: "Min-jun Cho"."""


@dataclass(slots=True)
class Name:
    """A proper name at tokens ``begin`` to ``end`` of block ``block``.

    ``noun``: the class noun that heads it, ``head`` its token. ``owner``: token range of the owner inside the
    name ("… of Kazakhstan"). ``core_end``: where the name ends without that owner.
    """

    block: int
    begin: int
    end: int
    head: int
    noun: Noun | None = None
    known: Known | None = None
    demonym: bool = False
    owner: tuple[int, int] | None = None
    core_begin: int = -1
    core_end: int = -1
    quoted: bool = False
    votes: dict[str, float] = field(default_factory=dict)
    widened: bool = False
    """The short form in brackets showed that it begins earlier than its capitals."""
    loose: bool = False
    """The class noun may be part of the name only ("Zamil Vision", a firm)."""
    hints: dict[str, float] = field(default_factory=dict)
    """Weak votes: what the model thinks, what a preposition suggests."""
    thing: bool = False
    """The text takes it up as what is no human."""
    ware: float = 0.0
    """How much of its votes for a system a noun after it gives: "the NAME app" may be an app of NAME."""

    def __post_init__(self) -> None:
        self.core_begin = self.begin if self.core_begin < 0 else self.core_begin
        self.core_end = self.end if self.core_end < 0 else self.core_end

    def vote(self, cls: str, weight: float) -> None:
        self.votes[cls] = self.votes.get(cls, 0.0) + weight

    def hint(self, cls: str, weight: float) -> None:
        self.hints[cls] = self.hints.get(cls, 0.0) + weight


@dataclass(frozen=True, slots=True)
class Word:
    """Tokens that stand together without a space ("e-Mongolia")."""

    begin: int
    end: int
    capital: bool


def initials(text: str) -> str:
    """The capitals with which the words of a name begin ("Central Bank of Kenya": "CBK")."""
    return "".join(w[0] for w in re.findall(r"[^\W\d_]+", text) if w[0].isupper())


def heard(text: str) -> str:
    """A folded name without what transliterations differ in."""
    for written, sound in TRANSLITERATIONS:
        text = text.replace(written, sound)
    return text


def is_title_case(doc: Doc) -> bool:
    """Tell whether it is a headline: no full stop, nearly all longer words with capitals that say nothing."""
    found: bool | None = doc.user_data.get("title case")
    if found is None:
        found = doc.user_data["title case"] = _is_title_case(doc)
    return found


def _is_title_case(doc: Doc) -> bool:
    if any(t.text in ".!?" for t in doc) or (len(doc) > 1 and doc[-1].text.endswith(".") and doc[-2].like_num):
        return False  # "… for $80m."
    long_words = [t for t in doc if t.is_alpha and len(t) > 3]
    if sum(t.text.islower() and not t.is_stop for t in long_words) > 1:
        return False  # a list item with names, or a sentence that lost its full stop
    return len(long_words) > 3 and sum(t.text[0].isupper() for t in long_words) > TITLE_CASE_SHARE * len(long_words)


def is_capital(token: Token) -> bool:
    text = token.text
    if text in UNITS or MONEY.match(text) or GLUED.search(text) or text.rpartition("-")[2] in AFFIXES:
        return False
    return text[0].isupper() or bool(CAMEL.match(text)) or bool(DOTTED.match(text) and not token.like_email)


def is_calendar(token: Token) -> bool:
    """A month or a weekday, which no name may swallow; "May" and "March" only where the model sees a date."""
    word = token.lower_.rstrip(".")
    return word in CALENDAR or (word in ("may", "march") and token.ent_type_ == "DATE")


def split_words(doc: Doc) -> Iterator[Word]:
    """Yield runs of tokens without inner spaces that are joined by hyphens and the like."""
    i = 0
    while i < len(doc):
        end = i + 1
        while (
            end + 1 < len(doc)
            and not doc[end - 1].whitespace_
            and doc[end].text in JOINERS
            and not doc[end].whitespace_
        ):
            end += 2
        person = end - i == 3 and is_hyphenated_person(doc, i, end)
        if end - i > 1 and doc[end - 1].text.islower() and is_capital(doc[i]) and not person:
            end = i + 1  # "Dhabi-based": the name stands before the hyphen
        last = doc[end - 1]
        alone = end - i == 1
        numbered = not alone and last.text[0].isdigit() and is_capital(doc[i])
        capital = person or (not is_calendar(last) and (is_capital(last) or numbered))
        yield Word(i, end, capital)
        i = end


def is_hyphenated_person(doc: Doc, begin: int, end: int) -> bool:
    """Tell whether it is the given name of "Min-jun Cho" or "Cho Min-jun": two short parts beside a surname."""
    if not all(t.text.isalpha() and len(t) <= MAX_SYLLABLE for t in (doc[begin], doc[end - 1])):
        return False
    if doc[begin + 1].text != "-" or not doc[end - 1].text.islower():
        return False
    if doc[end - 1].text in AFFIXES:
        return False
    beside = [doc[i] for i in (begin - 1, end) if 0 <= i < len(doc)]
    if all(t.ent_type_ == "PERSON" for t in doc[begin:end]):
        return any(t.text.istitle() and t.ent_type_ == "PERSON" for t in beside)
    known = doc[begin].lower_ in given_names() and any(t.text.istitle() for t in beside)
    return known or any(t.text in HYPHENATED_SURNAMES for t in beside)


def after_brackets(doc: Doc, i: int) -> int:
    """The token after short brackets that open at ``i``, else ``i``."""
    if i < len(doc) and doc[i].text == "(":
        close = next((j for j in range(i + 1, min(i + MAX_BRACKET_TOKENS, len(doc))) if doc[j].text == ")"), None)
        return i if close is None else close + 1
    return i


def before_brackets(doc: Doc, i: int) -> int:
    """Where short brackets open that close just before ``i``, else ``i``."""
    if i and doc[i - 1].text == ")":
        return next((j for j in range(i - 1, max(-1, i - 1 - MAX_BRACKET_TOKENS), -1) if doc[j].text == "("), i)
    return i


def starts_sentence(doc: Doc, i: int) -> bool:
    if doc[i].is_sent_start or doc[i - 1].text == ":":
        return True
    return doc[i - 1].text in OPENING | {"•", ")"} and (i < 2 or not doc[i - 2].text[0].isalnum())


def is_plural(token: Token, lookup: Lookup) -> bool:
    return lookup.singular(token) != token.lower_
