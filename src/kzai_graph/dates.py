"""Find dates, deadlines and durations in a parsed block, at the precision of the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from spacy.tokens import Doc, Token

from kzai_graph.edtf import earliest_latest, is_valid
from kzai_graph.time_patterns import FoundTime, scan_times
from kzai_graph.time_values import counted_from, resolve

_BEFORE = re.compile(
    r"(?:^|[\s(“\"—–])(?P<word>no\s+later\s+than|not\s+later\s+than|not\s+before|by|before|ahead\s+of|prior\s+to"
    r"|until|till|up\s+to|through|to|since|(?:starting|beginning)\s+(?:from|in|on)|as\s+of|effective|from|after|between"
    r"|in|on|at|during|over|of|for|around|as\s+early\s+as)"
    r"\s+(?:about\s+|around\s+|the\s+)?$",
    re.IGNORECASE,
)
_RELATIONS = {
    **dict.fromkeys(("no later than", "not later than", "by", "before", "ahead of", "prior to"), "by"),
    **dict.fromkeys(("until", "till", "up to", "through", "to"), "until"),
    **dict.fromkeys(
        ("since", "starting from", "starting in", "starting on", "beginning from", "beginning in", "beginning on"),
        "since",
    ),
    **dict.fromkeys(("as of", "effective", "from", "after", "not before"), "from"),
    "between": "between",
}
FUTURE_AUXILIARIES = frozenset({"will", "shall", "'ll", "’ll", "must", "should", "to"})
AHEAD = frozenset({"by", "until", "from"})
JOINED = re.compile(r"\s*(?:,|and|or|&)\s*|\s*,\s*and\s*")
TOLD = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
SPANNED = re.compile(r"\s*(?:to|until|till|through|and|–|—|-)\s*(?:the\s+)?")


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time in a block; ``begin`` and ``end`` are tokens.

    ``edtf``: see the module ``edtf``; for a duration the ISO 8601 form ("P3Y"). ``relation``: ``on``, ``by`` (a
    deadline), ``until``, ``since``, ``from``, ``between`` (an interval) or ``duration``.
    """

    begin: int
    end: int
    edtf: str
    relation: str


def find_dates(doc: Doc, *, reference: str | None, future: Callable[[int], bool] | None = None) -> list[TimeExpression]:
    """Find the times in a block, in order and without overlap.

    ``reference`` is the date of the document: without it, what is relative to it ("last year", "24 September") gives
    nothing. ``future`` tells of a token whether its clause is planned; a plan without a year means the next such day,
    anything else the latest. Days that no calendar has are dropped.
    """
    base = date.fromisoformat(earliest_latest(reference)[1]) if reference else None
    text = doc.text
    known: list[tuple[FoundTime, TimeExpression]] = []
    for found in scan_times(text):
        span = doc.char_span(found.begin, found.end, alignment_mode="expand")
        if span is None or not _is_temporal(doc, text, found, span.root, known):
            continue
        relation = _relation(text, found)
        ahead = _is_ahead(span.root, relation, future)
        before = _last_told(known)
        edtf = resolve(found, base, ahead) if found.kind != "again" else before and counted_from(before, found)
        if edtf is None:
            continue
        if found.kind == "again" and known and (day := _in_that_year(text, known, found)):
            known[-1] = (found, replace(day, end=span.end))
            continue
        if found.kind == "within":
            relation = "by"
        elif found.kind == "duration":
            relation = "duration"
        elif "/" in edtf and (
            relation in ("from", "between") or (relation == "on" and found.kind in ("years", "fiscal"))
        ):
            relation = "between"
        if known and (day := _same_day(text, known[-1], found, edtf)):
            known[-1] = (found, replace(day, end=span.end))
            continue
        known.append((found, TimeExpression(span.start, span.end, edtf, relation)))
    return _joined(text, known)


def _last_told(known: list[tuple[FoundTime, TimeExpression]]) -> str | None:
    """The time that "the same day" and "that year" mean: the last one of which year, month or day is known."""
    return next((t.edtf for _, t in reversed(known) if TOLD.fullmatch(t.edtf)), None)


def _in_that_year(text: str, known: list[tuple[FoundTime, TimeExpression]], found: FoundTime) -> TimeExpression | None:
    """Read "in May that year" as one date, of the year told before it."""
    last, time = known[-1]
    told = _last_told(known[:-1])
    undated = found["unit"] == "year" and last.kind in ("day", "month") and not (last["year"] or last["which"])
    if told is None or not undated or not re.fullmatch(r",?\s+(?:of\s+)?", text[last.end : found.begin]):
        return None
    return replace(time, edtf=told[:4] + time.edtf[4:])


def _same_day(text: str, last: tuple[FoundTime, TimeExpression], found: FoundTime, edtf: str) -> TimeExpression | None:
    """Read "Friday, 26 September" as one date; the weekday adds nothing."""
    before, time = last
    if (
        before.kind == "weekday"
        and found.kind == "day"
        and re.fullmatch(r",?\s+(?:the\s+)?", text[before.end : found.begin])
    ):
        return replace(time, edtf=edtf)
    return None


def _relation(text: str, found: FoundTime) -> str:
    before = _BEFORE.search(text[max(0, found.begin - 40) : found.begin])
    word = re.sub(r"\s+", " ", before["word"].lower()) if before else ""
    if word == "before" and text[max(0, found.begin - 40) : found.begin].lower().rstrip().endswith("not before"):
        word = "not before"
    return _RELATIONS.get(word, "on")


def _is_ahead(token: Token, relation: str, future: Callable[[int], bool] | None) -> bool | None:
    """Tell whether a time without a year lies ahead; ``None`` in the present tense, which tells nothing.

    It does where its clause is planned, and for a limit ("by 30 June") whose verb is not past.
    """
    if future is not None and future(token.i):
        return True
    if takes_effect(token.doc, token.left_edge.i):
        return None
    verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
    if verb is None:
        return relation == "by"
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    if verb.head.lemma_ == "be" and verb.head.tag_ == "VBD":
        return False  # "was to be finished"
    if verb.tag_ == "VBD" or any(c.tag_ == "VBD" or c.lemma_ == "have" for c in auxiliaries):
        return False
    if relation in AHEAD or any(c.lower_ in FUTURE_AUXILIARIES for c in auxiliaries):
        return True
    return None if any(t.tag_ in ("VBZ", "VBP") for t in (verb, *auxiliaries)) else False


def takes_effect(doc: Doc, begin: int) -> bool:
    """Tell whether "effective", "effective from" or "with effect from", set apart, stands before a token."""
    i = begin - 1
    while i > 0 and doc[i].lower_ in ("as", "of", "from", "on", "effective", "effect", "immediately"):
        i -= 1
    words = {t.lower_ for t in doc[i + 1 : begin]}
    return bool(words & {"effective", "effect"}) and (i < 0 or doc[i].lower_ in (",", "with", "(", "–", "—"))


def _is_temporal(
    doc: Doc, text: str, found: FoundTime, token: Token, known: list[tuple[FoundTime, TimeExpression]]
) -> bool:
    """Keep names, counts and other words that only look like times out."""
    before, after = text[: found.begin], text[found.end : found.end + 40]
    preposition = _BEFORE.search(before[-40:])
    opening = before.rstrip(" -–—•*")
    starts = bool(doc[token.i].is_sent_start) or not opening or opening.endswith(("\n", ".", ":", ";"))
    if found.kind == "month" and not (
        found["year"] or found["which"] or found["part"] or found["edge"] or found["same"]
    ):
        if preposition and preposition["word"].lower() not in ("to", "for", "on", "at"):
            return found.match["month"][0].isupper() and not re.match(r"\s+\d", after)
        shared = (
            bool(known)
            and JOINED.fullmatch(text[known[-1][0].end : found.begin]) is not None
            and known[-1][0].kind == "month"
        )
        return found.match["month"][0].isupper() and (
            shared
            or (bool(starts) and found["month"] not in ("may", "march"))
            or (bool(starts) and after.startswith((".", ":")))
        )
    if found.kind in ("day", "days", "month"):
        return found.match["month"][0].isupper()
    if found.kind == "season" and not (found["year"] or found["which"] or found["part"]):
        return preposition is not None and found["season"] != "fall"
    if found.kind == "season":
        return found["season"] != "fall" or bool(found["which"] or found["year"])
    if found.kind == "year" and not (found["edge"] or found["part"]):
        if preposition is not None:
            return not _is_count(doc, token, found)
        if known and known[-1][0].kind in ("year", "years") and JOINED.fullmatch(text[known[-1][0].end : found.begin]):
            return True
        if re.match(r"\s*:|\s[–—]\s", after):
            return bool(starts) or before.endswith("(")
        previous = doc[token.i - 1] if token.i else None
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if previous is not None and previous.lower_ == "year":
            return True
        if starts and following is not None and following.pos_ in ("VERB", "AUX"):
            return True
        named = previous is not None and previous.pos_ in ("PROPN", "NOUN", "ADJ") and previous.text[:1].isupper()
        modifies = following is not None and following.pos_ in ("NOUN", "ADJ") and following.is_lower
        return modifies and not named and not _is_count(doc, token, found)
    if found.kind == "which":
        return found["which"] != "same"
    if found.kind == "weekday":
        return found.match["weekday"][0].isupper()
    if found.kind == "weekend":
        return preposition is not None and preposition["word"].lower() in ("over", "on", "at", "during")
    if found.kind == "feast":
        return found.match["feast"][0].isupper() and preposition is not None
    if found.kind == "duration":
        return re.match(r"\s+(?:later|earlier|older?)\b", after) is None
    return True


def _is_count(doc: Doc, token: Token, found: FoundTime) -> bool:
    """Tell whether four digits count something: "2000 villages", where "2025 targets" and "2021 decree" name a year."""
    if int(found["year"]) % 50:
        return False
    rest = [t for t in doc[token.i + 1 : token.i + 4] if t.pos_ != "ADJ"]
    return bool(rest) and rest[0].tag_ == "NNS"


def _joined(text: str, known: list[tuple[FoundTime, TimeExpression]]) -> list[TimeExpression]:
    """Join "from 2022 to 2025" and "28 October – 1 November" into one interval."""
    times = [time for _, time in known]
    for n, ((left, first), (right, second)) in enumerate(pairwise(known)):
        opens = first.relation in ("from", "between", "since") or text[left.end : right.begin].strip() in (
            "–",
            "—",
            "-",
        )
        if (
            opens
            and SPANNED.fullmatch(text[left.end : right.begin])
            and "/" not in first.edtf + second.edtf
            and "duration" not in (first.relation, second.relation)
        ):
            begin = _with_year_of(first.edtf, second.edtf, left)
            if begin and is_valid(f"{begin}/{second.edtf}"):
                times[n] = replace(second, begin=second.end, end=second.end)
                times[n + 1] = TimeExpression(first.begin, second.end, f"{begin}/{second.edtf}", "between")
    return [time for time in times if time.begin < time.end]


def _with_year_of(first: str, second: str, left: FoundTime) -> str:
    """Give the beginning of an interval the year of its end where it named none."""
    return first if left["year"] or len(first) < 7 else second[:4] + first[4:]
