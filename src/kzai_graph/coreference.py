"""Resolve pronouns, and titles that mean their holder, to what they stand for, or to nothing when unsure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.offices import HOLDS, Construction

PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers"})
IMPERSONAL = frozenset({"it", "its"})
NO_ANTECEDENT = ("Person", "Technology", "Position", "Place")
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
EXPLETIVE_LEMMAS = frozenset({"seem", "appear", "happen", "rain"})


def resolve_titles(mentions: Mentions, constructions: Sequence[Construction]) -> None:
    """Let "the minister" also mean the one person whom the document calls a minister."""
    holders: dict[str, dict[tuple[str, ...], Entity]] = {}
    for construction in constructions:
        if construction.name == HOLDS:
            person = construction.subject.entity
            holders.setdefault(construction.object.entity.title, {})[person.key] = person
    held = {(c.object.block, c.object.head) for c in constructions if c.name == HOLDS}
    for reference in list(mentions.references):
        if reference.entity.cls != "Position" or (reference.block, reference.head) in held:
            continue
        persons = holders.get(reference.entity.title, {})
        if len(persons) == 1:
            person = next(iter(persons.values()))
            mentions.references.append(Reference(reference.block, reference.begin, reference.end, reference.head, MentionKind.NOMINAL, person))
    mentions.settle()


def resolve_pronouns(mentions: Mentions, lookup: Lookup) -> None:
    """Add references for the pronouns whose antecedent is sure."""
    blocks = list(mentions.docs.items())
    for place, (block, doc) in enumerate(blocks):
        earlier = blocks[place - 1][0] if place else None
        for token in doc:
            if token.pos_ != "PRON" or token.lower_ not in PERSONAL | IMPERSONAL:
                continue
            personal = token.lower_ in PERSONAL
            if not personal and _is_expletive(token):
                continue
            entity = _antecedent(token, block, earlier, mentions, lookup, personal=personal)
            if entity is not None:
                mentions.references.append(Reference(block, token.i, token.i + 1, token.i, MentionKind.PRONOUN, entity))
        mentions.settle()


def _is_expletive(token: Token) -> bool:
    """ "It is planned to …", "it is necessary that …"."""
    head = token.head
    if token.dep_ == "expl" or head.lemma_ in EXPLETIVE_LEMMAS:
        return True
    return token.dep_ in SUBJECTS and any(c.dep_ in ("ccomp", "csubj", "xcomp", "csubjpass", "advcl") and c.tag_ in ("VB", "VBZ", "VBD") and c.i > head.i for c in head.children) and (head.lemma_ == "be" or head.tag_ == "VBN")


def _antecedent(token: Token, block: int, earlier: int | None, mentions: Mentions, lookup: Lookup, *, personal: bool) -> Entity | None:
    def fits(reference: Reference) -> bool:
        cls = reference.entity.cls
        if cls is None or reference.kind is MentionKind.IMPLIED:
            return False
        return cls == "Person" if personal else not lookup.ontology.is_a(cls, *NO_ANTECEDENT)

    here = [r for r in mentions.references if r.block == block and r.end <= token.i and fits(r)]
    doc: Doc = token.doc
    sentence = token.sent
    same = [r for r in here if r.begin >= sentence.start]
    before = [r for r in here if r.begin < sentence.start]
    if before:
        last = doc[before[-1].begin].sent
        before = [r for r in before if r.begin >= last.start and (sentence.start - last.end) <= 40]
    elif earlier is not None:
        other = mentions.docs[earlier]
        before = [r for r in mentions.references if r.block == earlier and fits(r)]
        if personal and before:
            before = _last_sentence(before, other)
        elif before:
            before = [r for r in _last_sentence(before, other) if other[r.begin].sent.end == len(other)]
    possessive = token.tag_ == "PRP$"
    groups = [same, before] if (possessive or token.dep_ not in SUBJECTS or _embedded(token)) else [before, same]
    docs = {block: doc, **({earlier: mentions.docs[earlier]} if earlier is not None else {})}
    for group in groups:
        if not group:
            continue
        distinct = _distinct(group)
        if len(distinct) == 1:
            return distinct[0]
        subjects = _distinct(r for r in group if docs[r.block][r.head].dep_ in SUBJECTS)
        return subjects[0] if len(subjects) == 1 else None
    return None


def _embedded(token: Token) -> bool:
    """The pronoun stands in a clause after the main one of its sentence."""
    return token.i > token.sent.root.i


def _last_sentence(references: Sequence[Reference], doc: Doc) -> list[Reference]:
    last = doc[references[-1].begin].sent
    return [r for r in references if r.begin >= last.start]


def _distinct(references: Iterable[Reference]) -> list[Entity]:
    found: list[Entity] = []
    for reference in references:
        if all(reference.entity is not e for e in found):
            found.append(reference.entity)
    return found
