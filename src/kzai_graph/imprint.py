"""Find who stands behind a page in what it says of itself: addresses, credits and notices around the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import combining, normalize

from kzai_graph.furniture import ABOUT
from kzai_graph.layout import Passage
from kzai_graph.naming import NAMES, PERSON, cased, find_date, is_organisation, is_person, is_titled

MIN_DOMAIN_LETTERS = 5
MIN_LETTERS = 3
"""Of an address under an abbreviation."""
TAIL_PASSAGES = 12
MAX_LINE_CHARACTERS = 500

_ADDRESS = re.compile(
    r"(?:@|https?://(?:www\.)?|www\.)((?:[\w-]{1,63}\.){1,4})[a-z]{2,20}\b|(?<!\w)@([A-Za-z]\w{4,30})", re.IGNORECASE
)
_SHARED = frozenset("facebook twitter linkedin instagram youtube telegram whatsapp medium gmail outlook reddit".split())
_NAME = r"(?P<who>[^\W\d][^|©\n;]{1,70}?)"
_REPORTING = re.compile(
    r"\W*(?i:(?:with )?(?:reporting|reported|written|text|words|story|compiled|contributed|interview(?:ed)?|prepared)"
    rf"(?: and (?:writing|edited|photos|photography))?(?: by|:))\s+(?P<who>{PERSON}(?:(?:,|,? and"
    rf"|\s*&)\s+{PERSON}){{0,4}})"
)
_BYLINE = re.compile(rf"\W*By (?P<who>{PERSON}(?:(?:,|\s+and|\s*&)\s+{PERSON}){{0,4}})(?:,\s.{{3,80}})?\W*")
_DASHED = re.compile(rf"[—–-]{{1,2}}\s?(?P<who>{PERSON})\W*")
_BIO = re.compile(
    rf"\W*(?P<who>{PERSON})(?:, [^,]{{3,60}},)? is (?:an?|the) [^.]{{0,80}}\b(?:fellow|researcher|journalist"
    rf"|reporter|professor"
    r"|lecturer|lawyer|analyst|writer|author|columnist|correspondent|editor|economist|consultant|scholar|commentator"
    r"|contributor)\b"
)
MIN_SPEECHES = 2
INTRODUCTION_PASSAGES = 6
_SPEAKER = re.compile(
    r"[A-Z][A-Z.'’-]+(?: [A-Z.'’-]+){0,3}: |(?:[A-Z][\w’-]+ ){0,2}[A-Z][\w’-]+: (?=[A-Z“\"])|[QA][.:] "
)
_TALK = re.compile(r"\b(?:conversation|interview|transcript|recorded|podcast|spoke|talked)\b", re.IGNORECASE)
_INTERVIEWER = re.compile(
    rf"\b(?:conversation|spoke|talked|speaks|talks|talking|sat down|sits down|interview|interviewed) (?P<how>with"
    rf"|to|by) "
    rf"(?P<who>{PERSON})(?:,? (?:of|for|from) (?:the )?(?:(?:podcast|magazine|newspaper|website|weekly|daily"
    rf"|programme|show|blog)"
    r" )?(?P<paper>[A-Z][\w’'&-]*(?: (?:[A-Z][\w’'&-]*|of|the|for)){0,4}))?"
)
_NOTICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:first appeared|appeared first|originally (?:appeared|published)|first published|republished (?:from|with "
        rf"permission (?:of|from))|reprinted from) (?:on|in|at|by)?\s*(?:the website of )?{_NAME}"
        r"(?:\s+(?:on|in)\s+(?:\d|[A-Z][a-z]+ \d).{0,40}|\s+under\b.{0,80})?[.\s)*]*$",
        rf"^\W*source\s*:?\s+{_NAME}[.\s]*$",
        r"\bterms of use\b.{0,60}\bon the (?P<who>.{2,40}?) (?:web ?site|site|page)\b",
        r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:(?:19|20)\d\d(?:\s*[–-]\s*(?:(?:19|20)\d\d)?)?,?\s+)(?:by\s+)?"
        r"(?P<who>[^\W\d][^.|©]{2,60}?)\s*(?:[.|,]|$|all rights)",
        r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?P<who>[^\W\d][^.|©\d]{2,60}?),?\s+(?:19|20)\d\d",
        r"^\W*(?:©|\(c\))\s*(?P<who>[^\W\d][^.|©\d·•]{2,60}?)\s*[.·•|]*$",
        rf"^\W*(?:published|issued|distributed|released) (?:by|in)\s*:?\s+{_NAME}[.\s]*$",
    )
)
_OUTLET = (
    r"newsletter|newspaper|magazine|website|web ?site|news (?:agency|site|service|portal|outlet)|weekly|daily|podcast"
    r"|journal|publication|periodical|broadcaster|think tank|blog|bulletin"
)
_SELF = re.compile(
    rf"(?:^|[.!?]\s)\W*(?P<who>(?:The )?[A-Z][\w’'&.-]*(?: (?:[A-Z][\w’'&.-]*|of|the|for|and|de|do|du|del"
    rf"|la)){{0,5}}) (?:is (?:an?|the) "
    rf"[^.]{{0,80}}\b(?:{_OUTLET})\b|(?:is (?:available|published|produced|edited)|appears|comes out|goes out)"
    rf" (?:on|by|every|each|weekly|monthly|twice)\b)"
)
_OFFICE = re.compile(
    r"\W*(?:the )?(?:press|media|information|communications?) (?:service|office|cent(?:re|er)|department)\b", re.I
)
_CONTACT = re.compile(
    r"\b(?:media|press)\b.{0,30}\b(?:contacts?|inquiries|enquiries|office|release)|for immediate release", re.I
)


def domains(passages: Sequence[Passage]) -> frozenset[str]:
    """Return the names in the addresses of a page, letters only ("press@coast-post.example" has "coastpost")."""
    found = set()
    for passage in passages:
        for match in _ADDRESS.finditer(passage.text) if "@" in passage.text or "." in passage.text else ():
            for label in (match[1] or match[2]).rstrip(".").split("."):
                letters = _letters(label)
                if len(letters) >= MIN_LETTERS and letters not in _SHARED:
                    found.add(letters)
    return frozenset(found)


def _letters(text: str) -> str:
    return "".join(c for c in _plain(text.casefold()) if c.isalnum())


def _plain(text: str) -> str:
    return "".join(c for c in normalize("NFKD", text) if not combining(c))


def has_domain(name: str, known: Iterable[str]) -> bool:
    """Tell whether a page has an address under a name, its article left out."""
    words = name.split()
    if name.isupper() and len(name) >= 3 and name.isalpha() and name.casefold() in known:
        return True
    letters = {_letters(name), _letters(" ".join(words[1:]))} if len(words) > 1 else {_letters(name)}
    return any(
        len(n) >= MIN_DOMAIN_LETTERS and (n == d or n.startswith(d) or d.startswith(n))
        for n in letters
        for d in known
        if len(d) >= MIN_DOMAIN_LETTERS
    )


def is_quoted_as_paper(name: str, passages: Sequence[Passage]) -> bool:
    """Tell whether people speak to one of this name in the text, as they do to a paper."""
    name = re.escape(name)
    spoken = re.compile(
        rf"\b(?:told|tells|seen by|shown to|reviewed by|obtained by|shared with) (?:the )?{name}\b(?! [A-Z])", re.I
    )
    return any(spoken.search(passage.text) for passage in passages)


def read_author(text: str) -> str | None:
    """Return the name from a credit below the text."""
    if len(text) > 300:
        return None
    for pattern, whole in ((_BYLINE, True), (_DASHED, True), (_REPORTING, False)):
        found = pattern.fullmatch(text) if whole else pattern.match(text)
        if found is not None:
            who = re.split(r"(?<=[^\W\d_]{2})\. ", found["who"])[0]
            names = NAMES.match(re.sub(r",? and ", " and ", who))
            name = names[0] if names is not None else ""
            # Without "and" an office follows the comma, not another name.
            name = name if re.search(r"\band\b|&", name) else name.partition(",")[0]
            if is_person(name):
                return cased(name)
    return None


def read_biography(text: str) -> str | None:
    """Return whom a line below the text presents as one who writes."""
    found = _BIO.match(text)
    return found["who"] if found is not None and is_person(found["who"]) else None


def read_interview(passages: Sequence[Passage]) -> tuple[str | None, str | None, str | None]:
    """Return who led an interview, for which paper, and when, as the lines before it tell."""
    if sum(_SPEAKER.match(p.text) is not None for p in passages) < MIN_SPEECHES:
        return None, None, None
    for passage in passages[:INTRODUCTION_PASSAGES]:
        text = passage.text
        if _SPEAKER.match(text):
            break
        found = _INTERVIEWER.search(text)
        date = find_date(text) if _TALK.search(text) else None
        if found is not None or date is not None:
            by = found is not None and (found["paper"] or found["how"].lower() == "by")
            return (found["who"], found["paper"], date) if found is not None and by else (None, None, date)
    return None, None, None


def publishers(passages: Sequence[Passage], body: int) -> Iterator[str]:
    """Yield who is named as publisher below the text, the weakest sign last."""
    after = passages[body:]
    tail = [p.text for p in after[-TAIL_PASSAGES:] if len(p.text) <= MAX_LINE_CHARACTERS]
    lines = [p.text for p in after if len(p.text) <= MAX_LINE_CHARACTERS]
    for number, pattern in enumerate(_NOTICES):
        for line in tail if number == 1 else lines:
            if (found := pattern.search(line)) is not None and (name := found["who"].strip(" ,–-*_)")) and _named(name):
                yield name
    for line in tail[-5:]:
        if _OFFICE.match(line) and is_organisation(line):
            yield line
        elif (found := _SELF.search(line)) is not None:
            yield found["who"]


def issuer(passages: Sequence[Passage], title: str, known: frozenset[str]) -> str | None:
    """Return the body that a press release presents and whose address it gives.

    Of several that are presented, it is the one that the title names first.
    """
    if not known or not any(_CONTACT.search(p.text) for p in passages if len(p.text) <= MAX_LINE_CHARACTERS):
        return None
    found = (ABOUT.fullmatch(p.text) for p in passages if len(p.text) <= 100)
    presented = [re.sub(r"^[Tt]he ", "", about["who"].strip()) for about in found if about is not None]
    places = {name: place for name in presented if (place := title.find(name.split()[0])) >= 0}
    if places:
        name = min(places, key=places.__getitem__)
        return name if has_domain(name, known) else None
    owners = [name for name in presented if has_domain(name, known)]
    return owners[0] if len(owners) == 1 else None


def _named(name: str) -> bool:
    return is_titled(name) or "." in name or not name[0].isupper()
