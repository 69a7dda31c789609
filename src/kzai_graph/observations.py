"""Turn quantities and table cells into observations: when they hold, of what, and whether they are meant or reached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from spacy.tokens import Doc, Token

from kzai_graph.dates import TimeExpression
from kzai_graph.lexical import Cues
from kzai_graph.model import Clause, Document, Modality, Observation, Span
from kzai_graph.quantities import Quantity
from kzai_graph.tables import read_tables

Anchor = tuple[int, int, int]
"""Block and tokens of the words that name what a number is about."""

# Costs of tying a number to a time of its sentence: each word between, each border, each other number.
WORD_COST, BORDER_COST, NUMBER_COST, FRONT_COST, MAX_COST = 0.1, 1.5, 2.0, 2.0, 6.0
OTHER_CLAUSE_COST = 5.0
BORDERS = frozenset(", ; : and but while ( ) – —".split())
COMPARISON_COST = 4.0
COMPARISONS = frozenset("from against than compared versus vs up down".split())
MIN_DEFINITE = 10
MIN_BARE = 10**6
MAX_ANCESTORS = 12
AIMS = frozenset("aim ambition commitment goal objective plan pledge target".split())
EXPECTED = frozenset("anticipate envisage expect forecast foresee plan project schedule target".split())
DURING = frozenset({"on", "by", "between", "until", "since", "from"})
SHORT = ("second", "minute", "hour", "day", "week")
PERIODIC = frozenset("every next last past first following coming previous".split())
LASTING = frozenset(
    "within for in after during every next last past ago later first following coming another than through".split()
)


def find_observations(
    docs: Mapping[int, Doc],
    document: Document,
    quantities: Mapping[int, Sequence[Quantity]],
    times: Mapping[int, Sequence[TimeExpression]],
    clauses: Mapping[int, Sequence[Clause]],
    cues: Cues,
) -> list[tuple[Observation, Anchor | None]]:
    """Find the observations of a document in the order of its text.

    Each comes with the words that say what it is of, for the caller to resolve. The evidence is the sentence, in a
    table the row.
    """
    found = [*_from_tables(docs, document)]
    for block, counted in quantities.items():
        doc = docs[block]
        for quantity in counted:
            if not _is_reported(doc, quantity):
                continue
            around = clauses.get(block, ())
            clause = _innermost(around, quantity)
            observation = Observation(
                value=quantity.value,
                span=_sentence(document, block, doc, quantity.begin),
                unit=quantity.unit,
                minimum=quantity.minimum,
                maximum=quantity.maximum,
                period=_period(doc, quantity, counted, times.get(block, ()), _taken(around, clause)),
                indicator=quantity.of,
                modality=_modality(doc, quantity, clause, cues, aimed=_is_aimed_at(document, block)),
            )
            found.append((observation, _anchor(doc, block, quantity, clause)))
    return sorted(found, key=lambda f: f[0].span)


def _from_tables(docs: Mapping[int, Doc], document: Document) -> Iterator[tuple[Observation, Anchor | None]]:
    for cell in read_tables(document):
        indicator = cell.row_head.text if cell.row_head else cell.heading
        observation = Observation(
            value=cell.value,
            span=document.blocks[cell.block].source(cell.begin, cell.end),
            unit=cell.column,
            period=cell.period,
            indicator=indicator,
        )
        named = (
            docs[cell.block].char_span(cell.row_head.begin, cell.row_head.end, alignment_mode="expand")
            if cell.row_head and cell.block in docs
            else None
        )
        yield observation, (cell.block, named.start, named.end) if named is not None else None


def _is_reported(doc: Doc, quantity: Quantity) -> bool:
    """Leave out numbers without a unit, small ones that refer back, and terms ("within five years").

    Millions are news even where nothing says of what: "ten billion put into roads".
    """
    if quantity.kind in ("bare", "factor") or quantity.unit is None:
        return quantity.kind == "bare" and quantity.value >= MIN_BARE
    if quantity.kind == "count":
        return not (quantity.definite and quantity.value < MIN_DEFINITE)
    if quantity.kind == "duration":
        return not quantity.definite and _is_measured(doc, quantity)
    return True


def _is_measured(doc: Doc, duration: Quantity) -> bool:
    """Tell a duration that is itself the news: "35 years of experience", "ran for 15 years", "dark for 31 hours"."""
    before = [t.lower_ for t in doc[max(0, duration.begin - 3) : duration.begin]]
    after = doc[duration.end].lower_ if duration.end < len(doc) else ""
    if after in ("ago", "old"):
        return False
    if (duration.unit or "").lower().startswith(SHORT):  # "answer within ten days", "down for eleven weeks"
        return not PERIODIC.intersection(before)
    if after in ("later", "earlier", "before", "after"):
        return False
    if "for" in before and {"valid", "licensed", "licenced", "sentenced", "jailed"}.intersection(before):
        return True
    if after == "of":
        return not LASTING.intersection(before) - {"for"}
    verb = next((a for a in doc[duration.head].ancestors if a.pos_ == "VERB"), None)
    if verb is not None and verb.lemma_ in ("last", "run", "take", "average", "serve"):
        return not LASTING.intersection(before) - {"for"}
    return not LASTING.intersection(before)


def _sentence(document: Document, block: int, doc: Doc, token: int) -> Span:
    sentence = doc[token].sent
    begin, end = sentence.start, sentence.end
    while end - 1 > begin and doc[end - 1].is_space:
        end -= 1
    while begin < end - 1 and doc[begin].is_space:
        begin += 1
    return document.blocks[block].source(doc[begin].idx, doc[end - 1].idx + len(doc[end - 1]))


def _taken(clauses: Sequence[Clause], own: Clause | None) -> set[int]:
    """Tokens of the times that belong to other clauses than the number's own."""
    ours = {i for begin, end in own.times for i in range(begin, end)} if own is not None else set()
    return (
        {i for c in clauses for begin, end in c.times for i in range(begin, end)} - ours if own is not None else set()
    )


def _period(
    doc: Doc, quantity: Quantity, others: Sequence[Quantity], times: Sequence[TimeExpression], taken: set[int]
) -> str | None:
    """Choose the time of the sentence that stands closest; one in front holds for all that follows.

    Terms do not count, and a time that another clause has for its own counts less.
    """
    sentence = doc[quantity.begin].sent
    best: tuple[float, str] | None = None
    for time in times:
        if time.relation not in DURING or not sentence.start <= time.begin < sentence.end:
            continue
        begin, end = (quantity.end, time.begin) if time.begin >= quantity.end else (time.end, quantity.begin)
        between = doc[begin:end]
        passed = sum(begin <= q.begin and q.end <= end for q in others)
        cost = WORD_COST * len(between) + BORDER_COST * sum(t.lower_ in BORDERS for t in between) + NUMBER_COST * passed
        cost += COMPARISON_COST * any(t.lower_ in COMPARISONS for t in between) * (passed > 0)
        if time.begin - sentence.start <= 2:
            cost = min(cost, FRONT_COST)
        if time.begin in taken:
            cost += OTHER_CLAUSE_COST
        if cost <= MAX_COST and (best is None or cost < best[0]):
            best = (cost, time.edtf)
    return best[1] if best else None


def _innermost(clauses: Sequence[Clause], quantity: Quantity) -> Clause | None:
    """The smallest clause that covers the number, with its arguments."""
    covering = [
        c
        for c in clauses
        if c.kind in ("verb", "copula", "adjective") and _extent(c)[0] <= quantity.begin < _extent(c)[1]
    ]
    return min(covering, key=lambda c: (_extent(c)[1] - _extent(c)[0], abs(c.head - quantity.begin)), default=None)


def _extent(clause: Clause) -> tuple[int, int]:
    return min([clause.begin, *(a.begin for a in clause.arguments)]), max(
        [clause.end, *(a.end for a in clause.arguments)]
    )


def _is_aimed_at(document: Document, block: int) -> bool:
    """Tell the items of a list of aims: "Among its commitments:", "The strategy foresees:", "Targets"."""
    lead = document.blocks[block].lead_in
    if lead is None:
        return False
    last = re.split(r"[.!?]\s", document.blocks[lead].text)[-1]
    words = {w.lower() for w in re.findall(r"\w+", last)}
    return bool({w.removesuffix("s") for w in words} & (AIMS | EXPECTED | {"will", "shall"}))


def _modality(doc: Doc, quantity: Quantity, clause: Clause | None, cues: Cues, *, aimed: bool = False) -> Modality:
    """Tell a number that is aimed at from one that was reached; the clause decides unless it merely asserts.

    ``aimed``: it stands in a list of aims, which decides where the item is no sentence.
    """
    if aimed and not any(t.tag_ in ("VBZ", "VBD", "VBP") for t in doc[quantity.begin].sent):
        return Modality.PLANNED
    if clause is not None and clause.modality is not Modality.ASSERTED:
        return clause.modality
    below: Token = doc[quantity.head]
    for token in islice(below.ancestors, MAX_ANCESTORS):
        if token.pos_ in ("VERB", "AUX"):
            lemmas = {c.lemma_.lower() for c in token.children if c.dep_ in ("aux", "auxpass")}
            if any(c.dep_ == "neg" for c in token.children):
                return Modality.NEGATED
            if lemmas & (cues.modals - {"can", "could", "need"}):
                return Modality.PLANNED
            if below.dep_ == "nsubjpass" and token.lemma_ in EXPECTED:
                return Modality.PLANNED
            aims = {c.lemma_.lower() for c in token.children if c.dep_ in ("nsubj", "attr")}
            if below.dep_ in ("xcomp", "ccomp") and (token.lemma_ in cues.planned or aims & cues.planned_nouns):
                return Modality.PLANNED
            if token.tag_ in ("VBD", "VBZ", "VBP") and token.dep_ not in ("xcomp", "ccomp"):
                break
        elif token.lemma_.lower() in AIMS:
            return Modality.PLANNED
        below = token
    return Modality.ASSERTED


def _anchor(doc: Doc, block: int, quantity: Quantity, clause: Clause | None) -> Anchor | None:
    """The subject of the number's clause, unless the number stands in it."""
    if clause is None:
        return None
    for role in ("agent", "described", "patient"):
        for argument in clause.with_role(role):
            if not argument.begin <= quantity.begin < argument.end and argument.begin < quantity.begin:
                return block, argument.begin, argument.end
    return None
