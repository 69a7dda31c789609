"""Say what part of a page each passage is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kzai_graph.furniture import (
    ABOUT,
    CAPTIONED,
    COMMENTS,
    CREDIT,
    CREDITED,
    LABELS,
    LONG_CHARACTERS,
    MORE,
    SECTIONS,
    SOURCED,
    SUMMARY,
    SURELY_MACHINE,
    URL,
    is_contact,
    is_furniture,
    is_menu,
    is_prose,
    is_short,
)
from kzai_graph.imprint import read_author
from kzai_graph.layout import Kind, Passage
from kzai_graph.masthead import Masthead
from kzai_graph.model import Zone
from kzai_graph.signatures import is_signature, is_whole_quotation

MENU_LINES = 5
HEADING_WORDS = 12
MIN_WORDS = 8
MIN_OTHERS = 0.2
"""A passage of so many words without an English function word, of which this share are such of others, is foreign."""
_NAMING_ZONES = frozenset({Zone.HEADING, Zone.LIST_ITEM, Zone.CAPTION, Zone.BYLINE})

_KINDS = {
    Kind.HEADING: Zone.HEADING,
    Kind.LIST_ITEM: Zone.LIST_ITEM,
    Kind.TABLE: Zone.TABLE,
    Kind.CAPTION: Zone.CAPTION,
    Kind.FURNITURE: Zone.FURNITURE,
    Kind.BYLINE: Zone.BYLINE,
}
_FOREIGN = re.compile(r"[^\W\d_a-zA-ZÀ-ɏ\u02bc-\u02ff\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_FIRM_END = re.compile(r"\b(?:Inc|Ltd|Corp|Co|LLC|S\.A|N\.V|plc|LTD|INC|CORP)\.$")
_ENGLISH = frozenset(
    """
    the of and to for is that with by was from are has have will which its their not be it as on at this were
    been would
    """.split()
)
_OTHERS = frozenset(
    """
    der die das und ist nicht von den dem des ein eine für mit auf wird hat sich auch
    le la les des du et est une dans pour qui sur avec par aux sont
    el los las de del y en que una por con para se su
    il lo gli di che per della nel è
    het een van zijn met voor
    """.split()
)
"""Function words of German, French, Spanish, Italian and Dutch, without those that English has, too."""
LEADS = re.compile(r"(?::|：|\bfollowing|\bbelow|\bas follows|\bas they stand)\W*$", re.IGNORECASE)


def zone_passages(passages: Sequence[Passage], head: Masthead) -> list[Zone]:
    """Return the zone of each passage."""
    zones = [_own_zone(p) for p in passages]
    for i, zone in head.zones.items():
        zones[i] = zone
    for i in range(head.body):
        if i in head.zones or zones[i] not in (Zone.BODY, Zone.HEADING):
            continue
        if head.title is not None and passages[i].text.casefold() == passages[head.title].text.casefold():
            zones[i] = Zone.HEADING  # the title again
        elif is_menu(passages[i].text) or passages[i].linked:
            zones[i] = Zone.FURNITURE
    _mark_menus(passages, zones, head)
    _mark_teasers(passages, zones, head)
    _mark_sections(passages, zones, head)
    _mark_contacts(passages, zones, head)
    _mark_captions(passages, zones)
    _mark_summary(passages, zones)
    _mark_headings(passages, zones)
    _mark_speakers(passages, zones, head)
    _mark_signature(passages, zones, head)
    return zones


def _own_zone(passage: Passage) -> Zone:
    text = passage.text
    if passage.kind is Kind.TABLE:
        return Zone.TABLE
    if not _LETTER.search(text):
        return (
            Zone.BODY
            if any(c.isdigit() for c in text) and passage.kind is Kind.TEXT and len(text) > 20
            else Zone.FURNITURE
        )
    if passage.kind is not Kind.FURNITURE and _is_foreign(passage):
        return Zone.FURNITURE if COMMENTS.search(text) and len(text) < 300 else Zone.OTHER_LANGUAGE
    if passage.kind in (Kind.TEXT, Kind.LIST_ITEM, Kind.HEADING):
        if passage.kind is not Kind.HEADING and (
            is_furniture(text) or (passage.linked and len(text) <= LONG_CHARACTERS and not text.endswith("."))
        ):
            return Zone.FURNITURE
        if CREDIT.match(text) and len(text) <= LONG_CHARACTERS:
            return Zone.FURNITURE
        if (len(text) <= 400 and CREDITED.search(text)) or (len(text) <= LONG_CHARACTERS and CAPTIONED.match(text)):
            return Zone.CAPTION
    return _KINDS.get(passage.kind, Zone.BODY)


def _is_foreign(passage: Passage) -> bool:
    """Tell whether a passage is in another script, or prose in another language."""
    text = URL.sub(" ", passage.text[:3000])
    letters = len(_LETTER.findall(text))
    foreign = len(_FOREIGN.findall(text))
    if foreign and (
        foreign > 0.4 * letters or (passage.kind is Kind.TEXT and len(text) < 200 and COMMENTS.search(text))
    ):
        return True
    words = [w.casefold() for w in _WORD.findall(text)]
    if (
        len(words) >= MIN_WORDS
        and not any(w in _ENGLISH for w in words)
        and sum(w in _OTHERS for w in words) >= MIN_OTHERS * len(words)
    ):
        return True
    return (
        "@" not in text
        and len(words) >= 20
        and is_prose(passage)
        and sum(w in _ENGLISH for w in words) < 0.04 * len(words)
    )


def _mark_menus(passages: Sequence[Passage], zones: list[Zone], head: Masthead) -> None:
    """Take runs of short lines for menus, except below a line that introduces them."""
    run: list[int] = []
    for i, passage in enumerate([*passages, None]):
        if (
            passage is not None
            and zones[i] in (Zone.BODY, Zone.HEADING, Zone.FURNITURE)
            and not passage.level
            and _is_menu_line(passage)
        ):
            run.append(i)
            continue
        introduced = (
            run and run[0] > 0 and zones[run[0] - 1] is Zone.BODY and LEADS.search(passages[run[0] - 1].text[-40:])
        )
        if len(run) >= (MENU_LINES if not run or run[0] > head.body else 3) and not introduced:
            for j in run:
                zones[j] = Zone.FURNITURE
        run = []


def _is_menu_line(passage: Passage) -> bool:
    return (
        passage.kind in (Kind.TEXT, Kind.FURNITURE)
        and len(passage.text) <= 60
        and is_short(passage.text)
        and ": " not in passage.text
    )


def _mark_teasers(passages: Sequence[Passage], zones: list[Zone], head: Masthead) -> None:
    """Find pointers to other pages: a label, a headline, a line of text and "read more"."""
    for i in range(head.body + 1, len(passages)):
        if not MORE.fullmatch(passages[i].text):
            continue
        for back in range(i - 1, max(i - 5, head.body), -1):
            if LABELS.fullmatch(passages[back].text):
                zones[back : i + 1] = [Zone.FURNITURE] * (i + 1 - back)
                break


def _mark_sections(passages: Sequence[Passage], zones: list[Zone], head: Masthead) -> None:
    """Let a heading such as "Related stories" or "Media contact" rule what stands below it."""
    inside = False
    publishers = {name.casefold() for name in head.publishers}
    for i, passage in enumerate(passages):
        if i in head.zones or i < head.body or zones[i] in (Zone.OTHER_LANGUAGE,):
            continue
        text = passage.text
        numbered = passage.kind is Kind.LIST_ITEM  # "1. Who we are" is a part of the text like the others
        if len(text) <= SECTION_CHARACTERS and SECTIONS.fullmatch(text) and not _introduces_list(passages, i):
            inside = not numbered
        elif (about := ABOUT.fullmatch(text)) is not None and len(text) <= 100:
            # What a paper says of itself below each of its texts is no part of them.
            inside = about["who"].casefold() in publishers
        elif inside and (SUMMARY.fullmatch(text) or passage.level):
            inside = False
        if inside:
            zones[i] = Zone.FURNITURE


def _mark_contacts(passages: Sequence[Passage], zones: list[Zone], head: Masthead) -> None:
    """Take the name and office that stand on the lines beside an address for a part of it."""
    stanzas = {p.stanza for i, p in enumerate(passages) if i > head.body and is_contact(p.text)}
    for i in range(head.body + 1, len(passages)):
        text = passages[i].text
        beside = passages[i].stanza in stanzas and not passages[i].level
        if beside and zones[i] in (Zone.BODY, Zone.HEADING) and len(text) <= 80 and is_short(text.rstrip(":")):
            zones[i] = Zone.FURNITURE


SECTION_CHARACTERS = 120


def _introduces_list(passages: Sequence[Passage], i: int) -> bool:
    return (
        passages[i].text.endswith(":")
        and i + 1 < len(passages)
        and passages[i + 1].kind is Kind.LIST_ITEM
        and passages[i].kind is Kind.TEXT
    )


def _mark_captions(passages: Sequence[Passage], zones: list[Zone]) -> None:
    """Take a line without a stop before a photo credit for its caption, and a source below a table for one."""
    for i, passage in enumerate(passages):
        if (
            zones[i] is Zone.FURNITURE
            and CREDIT.match(passage.text)
            and i
            and zones[i - 1] in (Zone.BODY, Zone.HEADING)
        ):
            if len(passages[i - 1].text) <= 200 and not passages[i - 1].text.endswith((".", "!", "?", "”", '"')):
                zones[i - 1] = Zone.CAPTION
        elif zones[i] is Zone.BODY and SOURCED.match(passage.text) and i and zones[i - 1] in (Zone.TABLE, Zone.CAPTION):
            zones[i] = Zone.CAPTION


def _mark_summary(passages: Sequence[Passage], zones: list[Zone]) -> None:
    """Set apart what a machine has added below the text."""
    for i, passage in enumerate(passages):
        if len(passage.text) > 60 or not SUMMARY.fullmatch(passage.text):
            continue
        ended = any(zone is Zone.FURNITURE for zone in zones[:i][-4:])
        last = len(passages) - i <= 3 and i > 3
        if not (SURELY_MACHINE.search(passage.text) or (ended and last)):
            continue
        zones[i] = Zone.MACHINE_SUMMARY
        for j in range(i + 1, len(passages)):
            if passages[j].level or zones[j] not in (Zone.BODY, Zone.LIST_ITEM):
                break
            if j > i + 1 and i == 0:
                break
            zones[j] = Zone.MACHINE_SUMMARY


def _mark_headings(passages: Sequence[Passage], zones: list[Zone]) -> None:
    marked = any(p.level for i, p in enumerate(passages) if zones[i] is not Zone.TITLE)
    for i, passage in enumerate(passages):
        following = zones[i + 1] if i + 1 < len(zones) else None
        if (zones[i] is Zone.BODY and _is_heading(passage.text, following, marked=marked)) or (
            zones[i] is Zone.LIST_ITEM
            and following in (Zone.BODY, Zone.LIST_ITEM)
            and _is_numbered_heading(passages, zones, i)
        ):
            zones[i] = Zone.HEADING


def _mark_speakers(passages: Sequence[Passage], zones: list[Zone], head: Masthead) -> None:
    """Take the line beside a quotation that names who speaks for a part of the text."""
    for i, passage in enumerate(passages):
        if i in head.zones or zones[i] not in _NAMING_ZONES or not is_signature(passage.text):
            continue
        beside = [passages[j] for j in (i - 1, i + 1) if 0 <= j < len(passages) and zones[j] is Zone.BODY]
        if any(p.quoted or is_whole_quotation(p.text) for p in beside):
            zones[i] = Zone.BODY


def _mark_signature(passages: Sequence[Passage], zones: list[Zone], head: Masthead) -> None:
    """Set apart the credits that stand below the text."""
    for i in range(head.body + 1, len(passages)):
        text = passages[i].text
        if zones[i] in (Zone.BODY, Zone.HEADING, Zone.FURNITURE) and len(text) <= 200 and read_author(text):
            zones[i] = Zone.BYLINE


def _is_heading(text: str, following: Zone | None, *, marked: bool) -> bool:
    """Tell a line that heads what follows; where headings are marked, only a very short one is taken for such."""
    words = text.split()
    if len(text) <= 80 and ABOUT.fullmatch(text) and _FIRM_END.search(text):
        return following is not None
    if (
        len(text) > 120
        or not words
        or text[0].islower()
        or text.endswith((".", ";", ",", "!", "…", "”", '"'))
        or following is None
    ):
        return False
    if text.endswith(":"):
        return len(words) <= 4 and following is not Zone.LIST_ITEM and following is not Zone.TABLE
    if ": " in text and any(c.isdigit() for c in text):
        return False
    if (text.endswith("?") and ": " in text) or (marked and len(words) > 4):
        return False
    capitals = sum(w[0].isupper() or not w[0].isalpha() or len(w) <= 4 for w in words)
    return len(words) <= HEADING_WORDS or (len(words) <= 18 and capitals >= 0.9 * len(words))


def _is_numbered_heading(passages: Sequence[Passage], zones: Sequence[Zone], i: int) -> bool:
    text = passages[i].text
    alone = passages[i + 1].kind is not Kind.LIST_ITEM and (i == 0 or passages[i - 1].kind is not Kind.LIST_ITEM)
    return (
        alone
        and is_short(text)
        and len(text.split()) <= HEADING_WORDS
        and text[0].isupper()
        and not (i and LEADS.search(passages[i - 1].text[-40:]))
    )
