"""Cut questions into words, and reduce words to what their forms share. No model: spelling only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

WORD = re.compile(r"[^\W_]+(?:[.&/'’-](?=\w)[^\W_]+)*\.?(?<=[^\W_])|(?:[A-Z]\.){2,}")
POSSESSIVE = re.compile(r"['’]s?$")
NEGATION = re.compile(r"n['’]t$")
# What is cut off, and how much must stay; a second cut takes only what stood before another ending ("sanctioned").
SECOND_ENDINGS = {"ation": 4, "ion": 4, "ment": 5, "ate": 4, "at": 4, "al": 4, "e": 2}
ENDINGS = {
    "ility": 4, "ership": 3, "ship": 3, "ing": 2, "ied": 2, "or": 3, "ed": 2, "le": 5, **SECOND_ENDINGS, "er": 2,
}  # fmt: skip
IRREGULAR = dict(
    pair.split("/")
    for pair in (
        "built/build bought/buy chose/choose chosen/choose gave/give given/give held/hold led/lead made/make met/meet "
        "paid/pay ran/run said/say sat/sit sold/sell spent/spend spoke/speak spoken/speak took/take taken/take "
        "told/tell wrote/write written/write people/person"
    ).split()
)
MIN_PLURAL_CHARS = 4
# Words that say nothing of what is asked for.
STOP = frozenset(
    "a an the this that these those it its they them their he his she her we our me us any some all each anything "
    "something anybody somebody anyone someone "
    "is are was were be been being am do does did done doing has have had having would shall should can could may "
    "might must of in on at to for from by with as into and or there here then so such very also just only more "
    "please show list give find know let see want like what which whose whom currently now today present "
    "ever yet already exactly".split()
)
AUXILIARIES = frozenset(
    "is are was were am do does did has have had will would shall should can could may must".split()
)
"""A question that begins with one of them wants yes or no."""
COMMON = STOP | {"who", "where", "when", "why", "how"}
"""Words that are none of an acronym's, unless they are in capitals."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as written, folded for names (plural gone), and where it stands."""

    text: str
    folded: str
    begin: int
    end: int

    @property
    def stem(self) -> str:
        """What it means, whatever its form."""
        return stem(self.folded)

    @property
    def tells(self) -> bool:
        """It says something of what is asked for."""
        return self.text.casefold() not in STOP

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper()


def cut(text: str) -> list[Word]:
    """The words of a text in order; "didn't" becomes "did" and "not", "the bank's" loses its ending."""
    words = []
    for match in WORD.finditer(text):
        written, begin = match.group(), match.start()
        if found := NEGATION.search(written):
            kept = written[: found.start()]
            words += [_word(kept, begin), _word("not", begin + found.start())]
            continue
        words.append(_word(POSSESSIVE.sub("", written), begin))
    return words


def _word(text: str, begin: int) -> Word:
    return Word(text, fold(text), begin, begin + len(text))


def fold(text: str) -> str:
    """A word as names are compared: small letters, no full stops, no plural."""
    plain = text.casefold().replace(".", "").replace("’", "'")
    if len(plain) > MIN_PLURAL_CHARS and plain.endswith("ies"):
        return plain[:-3] + "y"
    if len(plain) >= MIN_PLURAL_CHARS and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        return plain[:-1]
    return plain


@cache
def stem(folded: str) -> str:
    """What the forms of a word share: "develops", "developers", "development"."""
    kept = IRREGULAR.get(folded, folded)
    for endings in (ENDINGS, SECOND_ENDINGS):
        ending = next((e for e, least in endings.items() if kept.endswith(e) and len(kept) - len(e) >= least), "")
        kept = _single(kept.removesuffix(ending))
    return kept.removesuffix("e") if len(kept) > 3 else kept


def _single(kept: str) -> str:
    """Undo what spelling does at the seam: the doubled consonant of "planned", the i of "denied"."""
    if len(kept) > 3 and kept[-1] == kept[-2] and kept[-1] in "bdglmnprt":
        return kept[:-1]
    if len(kept) > 2 and kept[-1] in "iy" and kept[-2] not in "aeiou":
        return kept[:-1]
    return kept
