"""Say which entity of a document speaks a quotation, and join the pieces that a reporting clause sets apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.quotes import MAX_CHARS, QuoteCandidate
from kzai_graph.speakers import Tokens

SILENT = frozenset({"Position", "Technology", "Place", "Country"})
PERSONAL = frozenset({"he", "she"})
MAX_BLOCKS_BACK = 2
MAX_FRAME_CHARS = 200
LEFT_OUT = " […] "
BETWEEN = " \n\"“”«»„'‘’.,;:—–-"
# Nouns for whoever leads a body: they mean a person, never the body that stands behind them.
LEADERS = frozenset("head chief leader chair chairman chairwoman chairperson boss director president minister".split())
# Nouns for who or what speaks for a body.
MOUTHPIECES = frozenset(
    "spokesman spokeswoman spokesperson spokespeople spokesmen representative service office statement notice post "
    "report website page letter release communique communiqué note message account".split()
)

TITLES = {
    "head of government": ("prime minister", "premier", "chancellor"),
    "head of cabinet": ("prime minister", "premier", "chancellor"),
    "head of state": ("president", "king", "queen", "emperor"),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """Direct speech with its speaker: characters of a block from the first word to the last."""

    speaker: Entity
    block: int
    begin: int
    end: int
    text: str


def find_spoken(
    candidates: Sequence[QuoteCandidate],
    docs: Mapping[int, Doc],
    mentions: Mentions,
    lookup: Lookup,
    offices: Iterable[tuple[Entity, Entity]],
) -> Iterator[Spoken]:
    """Yield the quotations whose speaker is an entity, in the order of the text.

    ``offices`` are persons with the positions that the document says they hold. Pieces of one quotation in one sentence
    or beside one reporting clause are one.
    """
    held = list(offices)
    last: Spoken | None = None
    for candidate in candidates:
        speaker = _speaker(candidate, docs, mentions, lookup, held)
        if speaker is None:
            continue
        spoken = Spoken(speaker, candidate.block, candidate.begin_char, candidate.end_char, candidate.text)
        if last is not None and _is_one(docs[candidate.block].text, last, spoken):
            last = Spoken(speaker, last.block, last.begin, spoken.end, _joined(docs[last.block].text, last, spoken))
            continue
        if last is not None:
            yield last
        last = spoken
    if last is not None:
        yield last


def _joined(text: str, left: Spoken, right: Spoken) -> str:
    between = text[left.end : right.begin].strip(BETWEEN)
    return left.text + (LEFT_OUT if between else " ") + right.text


def _is_one(text: str, left: Spoken, right: Spoken) -> bool:
    """Tell two pieces with at most one reporting clause between them, of one speaker."""
    if left.block != right.block or left.speaker is not right.speaker or right.end - left.begin > MAX_CHARS:
        return False
    between = text[left.end : right.begin].strip(BETWEEN)
    sentences = between.replace("? ", ". ").replace("! ", ". ").split(". ")
    return len(between) <= MAX_FRAME_CHARS and all(len(s.split()[-1]) < 4 for s in sentences[:-1] if s)


def _speaker(
    candidate: QuoteCandidate,
    docs: Mapping[int, Doc],
    mentions: Mentions,
    lookup: Lookup,
    held: Sequence[tuple[Entity, Entity]],
) -> Entity | None:
    """Choose a person before a body, and never the body of whose head the words speak."""
    if candidate.speaker is None:
        return None
    block, begin, end = candidate.speaker
    doc = docs[block]
    found = [r for i in range(begin, end) for r in mentions.covering(block, i)]
    if persons := [r for r in found if r.entity.cls == "Person"]:
        named = [r for r in persons if r.kind is MentionKind.NAME]  # "her lawyer, Ana Silva"
        return (named or persons)[0].entity
    if not candidate.told:
        return _person_before(mentions, block, begin) if doc[begin:end].root.lower_ in PERSONAL else None
    if (
        known := _by_surname([t.text for t in doc[begin:end] if t.pos_ == "PROPN"], mentions, (block, begin))
    ) is not None:
        return known
    head = doc[begin:end].root
    if head.lower_ in PERSONAL:
        return _person_before(mentions, block, begin)
    if head.lemma_.lower() in LEADERS:
        return _holder(head, found, mentions, held, (block, begin))
    bodies = [
        r
        for r in found
        if lookup.ontology.is_a(r.entity.cls or "", "Organisation") and r.kind is not MentionKind.IMPLIED
    ]
    # "A spokesman for X" speaks for it; "a nurse from X" does not, nor somebody whom no rule of names knows.
    if head.lemma_.lower() in MOUTHPIECES:
        return bodies[0].entity if bodies else None
    meant = [
        r for r in bodies if r.begin <= head.i < r.end or (doc[r.head].head == head and doc[r.head].dep_ == "appos")
    ]
    return meant[0].entity if meant else None


def _by_surname(words: Sequence[str], mentions: Mentions, place: Tokens) -> Entity | None:
    """The one person named before in whose name a word stands that no rule of names took for it."""
    people = {
        id(r.entity): r.entity
        for r in mentions.references
        if r.entity.cls == "Person" and (r.block, r.begin) < place and set(words) & set(r.entity.label.split())
    }
    return next(iter(people.values())) if len(people) == 1 and len(words) == 1 else None


def _person_before(mentions: Mentions, block: int, token: int) -> Entity | None:
    """The person named last, when no pronoun rule was sure."""
    before = [
        r
        for r in mentions.references
        if r.entity.cls == "Person" and (r.block, r.begin) < (block, token) and block - r.block <= MAX_BLOCKS_BACK
    ]
    return before[-1].entity if before else None


def _holder(
    head: Token, found: Sequence[Reference], mentions: Mentions, held: Sequence[tuple[Entity, Entity]], place: Tokens
) -> Entity | None:
    """The one person who was named before and leads the body that the words name: "the head of the Government"."""
    words = [t.lower_ for t in head.subtree if t.lower_ != "the"]
    titles = TITLES.get(" ".join(words[:3]), ())
    owners = {id(r.entity) for r in found if r.entity.cls not in {None, *SILENT}}
    named = {id(r.entity) for r in mentions.references if (r.block, r.begin) < place}
    leads = [p for p, office in held if id(p) in named and office.owner is not None and id(office.owner) in owners]
    if titles:
        leads = [p for p, office in held if id(p) in named and office.label.lower().startswith(titles)]
    elif not owners:
        noun = head.lemma_.lower()
        leads = [p for p, office in held if id(p) in named and noun in office.label.lower().split()]
    return leads[-1] if len({id(p) for p in leads}) == 1 else None
