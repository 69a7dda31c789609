"""Find the numbers in a parsed block that measure or count something, with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from spacy.tokens import Doc, Token

from kzai_graph.dates import TimeExpression
from kzai_graph.numerals import Numeral, scan_numerals

MEASURES = frozenset(
    "watt kilowatt megawatt gigawatt terawatt kw mw gw tw kwh mwh gwh twh kilowatt-hour megawatt-hour hertz kilohertz megahertz "
    "gigahertz hz khz mhz ghz metre meter kilometre kilometer mile km km2 km² hectare ha acre tonne ton kilogram kg litre liter "
    "barrel byte kilobyte megabyte gigabyte terabyte petabyte exabyte kb mb gb tb pb mbps gbps mbit gbit flop petaflop exaflop "
    "teraflop petaflops exaflops teraflops pflops eflops tflops qubit cent degree pixel sqm nanometer nanometre nm mm cm".split()
)
PERIODS = frozenset("second minute hour day week month quarter year decade".split())
# A number after one of these is a label: "article 12", "Phase 2", "page 3".
LABELS = frozenset(
    "article section chapter paragraph clause annex appendix table figure fig phase stage level tier version page step part item "
    "point episode class grade form volume issue no number resolution regulation order decision room line zone lot directive "
    "act law rule question q sdg goal pillar scenario option notice window mark type model generation vision agenda apollo".split()
)
SCORING = frozenset("score rating index value total average grade mark sum result".split())
_PERCENT = re.compile(r"\s?(?:%|percent\b|per\s?cent\b|pct\b)(?P<points>[\s-]+points?\b)?", re.IGNORECASE)
_OUT_OF = re.compile(
    r"(?:\s+(?P<unit>points?|marks?))?\s+(?:out\s+of|of)\s+(?:a\s+(?:possible|maximum|total)\s+(?:of\s+)?)?(?P<whole>\d+)\b"
    r"|\s?/\s?(?P<slash>\d+)\b"
)
_ONE_IN = re.compile(r"(?:one|1)\s+(?:in|out\s+of)(?:\s+every)?\s+$", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"(?:\bat\s+least|more\s+than|\bover|(?:no|not)\s+(?:less|fewer)\s+than|\babove|exceed\w*|minimum\s+of)\s+$", re.I
)
_AT_MOST = re.compile(
    r"(?:\bup\s+to|\bat\s+most|(?:no|not)\s+more\s+than|(?:less|fewer)\s+than|\bunder|\bbelow|maximum\s+of|nearly|almost)\s+$",
    re.I,
)
_SHARED = re.compile(r"\s?(?:–|—|-|to|and|or)\s?")
_TO_UNIT = re.compile(
    r"(?:\s+(?:more|other|further|additional|new|different|of|the|these|its|their|our|those|all|such|his|her)\b)*\s*"
)
_LEFT_OUT = frozenset("more other further additional another such remaining different least same".split())
_DEFINITE = frozenset("the these those both its their our his her my your this that".split())
_INHERIT = re.compile(
    r"(?:\banother|\bonly|\bjust|\bonly\s+about|\bto|\bfrom|\bagainst|\bnor|\bor|\band|\bfor|,|\bthan|\bsome|\bwith|^|\.)\s+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; ``begin`` and ``end`` are tokens and cover both where they touch.

    ``kind``: ``money``, ``percent``, ``measure``, ``duration``, ``score``, ``ratio``, ``count``, or ``bare`` without a unit.
    ``value`` is the number that the text names; ``minimum`` and ``maximum`` say that it bounds a range ("more than 30",
    "between 5 and 7"). ``unit`` is worded as in the text, a currency as its ISO code. ``head``: the noun that is counted, or
    the number.
    """

    begin: int
    end: int
    kind: str
    value: Decimal
    head: int
    unit: str | None = None
    currency: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    definite: bool = False
    """An article or possessive refers back to what was counted before ("the two ministries")."""
    of: str | None = None
    """For a share: what it is a share of ("GDP")."""


def find_quantities(doc: Doc, *, times: Sequence[TimeExpression]) -> list[Quantity]:
    """Find the quantities of a block, in order.

    ``times`` are the dates and durations already found: a number in a date is none. Labels ("Article 5"), numbers in names
    and the pronoun "one" are left out. A number without a noun takes the unit of the one before it where the wording says so.
    """
    dated = {i for time in times if time.relation != "duration" for i in range(time.begin, time.end)}
    found: list[tuple[Numeral, Quantity]] = []
    for numeral in scan_numerals(doc.text):
        span = doc.char_span(numeral.begin, numeral.end, alignment_mode="expand")
        if span is None or any(t.i in dated or t.like_url or t.like_email for t in span):
            continue
        quantity = _quantity(doc, numeral, span.start, span.end)
        if quantity is not None:
            found.append((numeral, quantity))
    return list(_complete(doc, found))


def _quantity(doc: Doc, numeral: Numeral, begin: int, end: int) -> Quantity | None:
    text, value = doc.text, numeral.value
    quantity = Quantity(begin, end, "bare", value, end - 1)
    if numeral.money:
        return replace(quantity, kind="money", unit=numeral.currency or numeral.money, currency=numeral.currency)
    if percent := _PERCENT.match(text, numeral.end):
        return _percentage(doc, quantity, percent)
    if _is_label(doc, numeral, begin):
        return None
    if numeral.digits and (whole := _OUT_OF.match(text, numeral.end)) and not _counts_whole(doc, whole):
        total = whole["whole"] or whole["slash"]
        unit = f"{whole['unit']} out of {total}" if whole["unit"] else f"out of {total}"
        last = doc.char_span(whole.start(), whole.end(), alignment_mode="expand")
        return replace(quantity, kind="score", unit=unit, end=last.end if last else end)
    if numeral.digits and re.search(
        r"\d\s+(?:out\s+of|of)\s+(?:a\s+\w+\s+(?:of\s+)?)?$|\d\s?/\s?$", text[: numeral.begin][-24:]
    ):
        if not _unit_words(doc, end):
            return None
    if ratio := _ONE_IN.search(text[: numeral.begin][-24:]):
        first = doc.char_span(numeral.begin - len(ratio.group()), numeral.end, alignment_mode="expand")
        share = (Decimal(100) / value).quantize(Decimal("0.01")).normalize() if value else value
        return replace(quantity, kind="ratio", value=share, unit="%", begin=first.start if first else begin)
    return _counted(doc, numeral, quantity)


def _percentage(doc: Doc, quantity: Quantity, percent: re.Match[str]) -> Quantity:
    span = doc.char_span(percent.start(), percent.end(), alignment_mode="expand")
    end = span.end if span is not None else quantity.end
    whole = None
    if end + 1 < len(doc) and doc[end].lower_ == "of":
        start = end + 2 if doc[end + 1].lower_ in (*_DEFINITE, "all") else end + 1
        words = _unit_words(doc, start)
        whole = doc[start : words[-1].i + 1].text if words else None
    unit = "percentage points" if percent["points"] else "%"
    return replace(quantity, kind="percent", unit=unit, end=end, head=end - 1, of=whole)


def _counts_whole(doc: Doc, whole: re.Match[str]) -> bool:
    """Tell "31 out of 50 hospitals" from "45 out of 100"."""
    span = doc.char_span(whole.start(), whole.end(), alignment_mode="expand")
    return span is not None and not whole["unit"] and not whole["slash"] and bool(_unit_words(doc, span.end))


def _is_label(doc: Doc, numeral: Numeral, begin: int) -> bool:
    """Tell a number that names or lists something."""
    text = doc.text
    before = doc[begin - 1] if begin else None
    line = text[: numeral.begin].rpartition("\n")[2].strip(" \t-–—•*(#")
    if not line and re.match(r"[.)]\s|\.$", text[numeral.end :]):
        return True
    if (
        before is not None
        and (before.lower_.rstrip(".") in LABELS or before.lemma_.lower() in LABELS)
        and before.pos_ != "VERB"
    ):
        return not (before.lower_ == "total" or before.lemma_ in ("form", "order", "issue") and before.tag_ == "VB")
    if re.match(r"\s?(?:a\.?m\b|p\.?m\b|o['’]clock)", text[numeral.end :], re.IGNORECASE):
        return True
    named = (
        before is not None
        and before.text[:1].isupper()
        and (before.pos_ == "PROPN" or (before.i > before.sent.start and before.pos_ != "PRON"))
    )
    if named and not _unit_words(doc, doc.char_span(numeral.begin, numeral.end, alignment_mode="expand").end):
        return True
    year = (
        numeral.digits
        and not numeral.scaled
        and 1900 <= numeral.value < 2100
        and "," not in text[numeral.begin : numeral.end]
    )
    if year:
        words = _unit_words(doc, begin + 1)
        return not (words and words[-1].tag_ == "NNS" and numeral.value % 50 == 0)
    return False


def _counted(doc: Doc, numeral: Numeral, quantity: Quantity) -> Quantity | None:
    """Give a number the unit that follows it."""
    attached = doc.text[numeral.end :]
    hyphen = re.match(r"[-‑](?P<unit>[A-Za-z]+)", attached)
    if hyphen is not None:
        return _compound(doc, numeral, quantity, hyphen)
    glued = re.match(r"[A-Za-z]+[²³]?\d?\b", attached)
    if glued is not None:
        return replace(quantity, kind="measure", unit=glued.group())
    start = quantity.end
    of_chain = re.match(r"\s+of\s+(?:the|these|those|its|their|our|all|his|her)\s+(?:\w+\s+)??", attached)
    if of_chain is not None and not numeral.scaled and start + 2 <= len(doc):
        start += 2
        if start < len(doc) and doc[start].like_num:
            start += 1
    elif numeral.scaled and re.match(r"\s+of\s+\w", attached):
        start += 1
    words = _unit_words(doc, start)
    if numeral.value == 1 and not numeral.digits:
        return None
    if not words:
        return quantity
    first, head = words[0], words[-1]
    if first.lemma_.lower() in MEASURES or first.lower_ in MEASURES:
        unit, end = _rate(doc, first.i + 1, first.text)
        return replace(quantity, kind="measure", unit=unit, head=first.i, end=end)
    if head.lemma_.lower() in PERIODS or first.lemma_.lower() in PERIODS:
        unit, end = _rate(doc, first.i + 1, first.text)
        return replace(quantity, kind="duration", unit=unit, head=first.i, end=end)
    if not _is_countable(head, numeral):
        return quantity
    before = doc[quantity.begin - 1].lower_ if quantity.begin else ""
    return replace(
        quantity,
        kind="count",
        unit=" ".join(doc[first.i : head.i + 1].text.split()),
        head=head.i,
        end=head.i + 1,
        definite=before in _DEFINITE or (of_chain is not None and False),
    )


def _compound(doc: Doc, numeral: Numeral, quantity: Quantity, hyphen: re.Match[str]) -> Quantity | None:
    """Read "50-megawatt", "300-bed"; a term ("three-year") is a duration, other words ("two-way") are no quantity."""
    word = hyphen["unit"]
    span = doc.char_span(numeral.begin, numeral.end + hyphen.end(), alignment_mode="expand")
    end = span.end if span is not None else quantity.end
    if word.lower() in MEASURES or word.lower().removesuffix("s") in MEASURES:
        return replace(quantity, kind="measure", unit=word, end=end, head=end - 1)
    if word.lower() in PERIODS:
        return replace(quantity, kind="duration", unit=word, end=end, head=end - 1)
    if (
        numeral.digits
        and numeral.value >= 10
        and word.lower() in ("bed", "seat", "member", "page", "room", "strong", "people", "person")
    ):
        return replace(quantity, kind="count", unit=word, end=end, head=end - 1)
    return None


def _rate(doc: Doc, end: int, unit: str) -> tuple[str, int]:
    """Add "per kWh" or "a week" to a unit."""
    if end + 1 < len(doc) and (
        doc[end].lower_ in ("per", "each", "every")
        or (doc[end].lower_ in ("a", "an") and doc[end + 1].lemma_ in PERIODS)
    ):
        return f"{unit} {doc[end].text} {doc[end + 1].text}", end + 2
    return unit, end


def _is_countable(head: Token, numeral: Numeral) -> bool:
    """Tell a noun that a number can count: plural, a collective, or a name ("8 Leopard 2")."""
    return (
        head.tag_ in ("NNS", "NNPS")
        or head.lower_ in ("staff", "personnel", "people", "police", "per")
        or (numeral.value == 1 and head.tag_ == "NN")
    )


def _unit_words(doc: Doc, start: int) -> list[Token]:
    """Collect the noun phrase that a number counts, from its first modifier to its head; empty if there is none."""
    words: list[Token] = []
    best = 0
    for token in doc[start : start + 9]:
        if token.is_sent_start and token.i != start:
            break
        if token.lower_ in _LEFT_OUT and not words:
            continue
        joins = (
            token.text in ("-", "–", "/", "&")
            and bool(words)
            and token.i + 1 < len(doc)
            and not token.whitespace_
            and not doc[token.i - 1].whitespace_
        )
        if (
            joins
            or token.pos_ == "ADJ"
            or token.tag_ in ("VBN", "VBG", "POS")
            or (token.pos_ == "ADV" and token.i + 1 < len(doc) and doc[token.i + 1].tag_ in ("VBN", "JJ"))
        ):
            words.append(token)
        elif token.pos_ in ("NOUN", "PROPN"):
            words.append(token)
            best = len(words)
            if token.tag_ in ("NNS", "NNPS") and not _goes_on(doc, token):
                break
        elif (
            token.text == ","
            and words
            and words[-1].pos_ == "ADJ"
            and token.i + 1 < len(doc)
            and doc[token.i + 1].pos_ == "ADJ"
        ):
            words.append(token)
        elif (
            token.lower_ == "and"
            and words
            and words[-1].pos_ in ("ADJ",)
            and token.i + 1 < len(doc)
            and doc[token.i + 1].pos_ == "ADJ"
        ):
            words.append(token)
        else:
            break
    return words[:best]


def _goes_on(doc: Doc, token: Token) -> bool:
    """Tell a plural that only modifies the next noun ("systems engineers")."""
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    return after is not None and after.pos_ in ("NOUN", "PROPN") and token.dep_ == "compound" and token.head.i > token.i


def _complete(doc: Doc, found: Sequence[tuple[Numeral, Quantity]]) -> Iterator[Quantity]:
    """Mark ranges and bounds, and give numbers without a noun the unit that their wording shares."""
    text = doc.text
    done: list[Quantity] = []
    quantities = [q for _, q in found]
    for n in range(len(found) - 1):
        (left, first), (right, second) = found[n], found[n + 1]
        between = text[left.end : right.begin]
        if (
            _SHARED.fullmatch(between)
            and first.kind in ("bare", "count", "money")
            and not first.unit
            or (first.kind == "money" and _SHARED.fullmatch(between) and second.kind in ("bare", "money"))
        ):
            if (
                between.strip() in ("and", "or")
                and not re.search(r"\bbetween\s+(?:about\s+)?$", text[: left.begin])
                and between.strip() == "and"
            ):
                continue
            scale = (
                right.value / _unscaled(text, right) if right.scaled and not left.scaled and first.value < 1000 else 1
            )
            value = first.value * scale
            if second.kind == "bare" and first.kind == "money":
                second = replace(second, kind="money", unit=first.unit, currency=first.currency)
            low, high = value, second.value
            if not re.search(r"\b(?:from)\s+(?:about\s+)?$", text[: left.begin]) and low < high:
                second = replace(second, minimum=low, maximum=high)
                first = replace(first, minimum=low, maximum=high)
            first = replace(
                first, kind=second.kind, unit=second.unit, currency=second.currency, value=value, head=second.head
            )
            quantities[n], quantities[n + 1] = first, second
    for (numeral, _), quantity in zip(found, quantities, strict=True):
        before = text[: numeral.begin][-24:]
        if quantity.minimum is None and _AT_LEAST.search(before):
            quantity = replace(quantity, minimum=quantity.value)
        elif quantity.maximum is None and _AT_MOST.search(before):
            quantity = replace(quantity, maximum=quantity.value)
        if quantity.kind == "bare":
            quantity = _inherited(doc, numeral, quantity, done)
        done.append(quantity)
    yield from done


def _unscaled(text: str, numeral: Numeral) -> Decimal:
    inner = next(iter(scan_numerals(re.sub(r"[^\d.,]", "", text[numeral.begin : numeral.end]) or "1")), None)
    return inner.value if inner is not None and inner.value else Decimal(1)


def _inherited(doc: Doc, numeral: Numeral, quantity: Quantity, done: Sequence[Quantity]) -> Quantity:
    """Give "another 900", "up from 450" and "for 71 million" the unit of the quantity before; a score stays without one."""
    before = doc.text[: numeral.begin][-24:]
    sentence = doc[quantity.begin].sent
    scored = any(t.lemma_.lower() in SCORING for t in doc[max(sentence.start, quantity.begin - 4) : quantity.begin])
    if scored:
        return replace(quantity, kind="score", unit="score")
    kinds = ("money",) if numeral.scaled else ("count", "percent", "measure", "score")
    earlier = [q for q in done if q.kind in kinds and q.unit]
    if not earlier or not _INHERIT.search(before):
        return quantity
    last = earlier[-1]
    near = doc[last.begin].sent == sentence or doc[last.begin].sent.end >= sentence.start
    if not near or (quantity.end < len(doc) and doc[quantity.end].pos_ in ("NOUN", "PROPN")):
        return quantity
    return replace(quantity, kind=last.kind, unit=last.unit, currency=last.currency)
