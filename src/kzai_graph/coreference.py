"""Resolve personal pronouns, and titles that mean their holder, to persons, or to nothing when unsure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kzai_graph.entities import Entity, Reference
from kzai_graph.holders import HOLDS, same_title
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.noun_phrases import find_spans, read_phrase, refer
from kzai_graph.offices import Construction
from kzai_graph.pronouns import add_reference, resolve_pronoun

ANAPHORIC = frozenset({"the", "this", "that"})


def resolve_titles(mentions: Mentions, constructions: Sequence[Construction]) -> None:
    """Let "the minister" also mean the one person whom the document calls a minister, or did so last."""
    held = [c for c in constructions if c.name == HOLDS]
    taken = {(c.object.block, c.object.head) for c in held}
    for reference in list(mentions.references):
        if reference.entity.cls != "Position" or (reference.block, reference.head) in taken:
            continue
        person = _holder(reference, held, mentions)
        if person is not None:
            mentions.references.append(
                Reference(reference.block, reference.begin, reference.end, reference.head, MentionKind.NOMINAL, person)
            )
    mentions.settle()
    _resolve_ministries(mentions, constructions)


def _resolve_ministries(mentions: Mentions, constructions: Sequence[Construction]) -> None:
    """Let "the ministry" mean the last one named or implied, "her ministry" that of the last minister."""
    lookup = mentions.registry.lookup
    held = [c for c in constructions if c.name == HOLDS]
    bodies = {id(c.subject.entity): c.object.entity for c in constructions if c.object.entity.cls == "Ministry"}
    of_person = {id(c.subject.entity): bodies[id(c.object.entity)] for c in held if id(c.object.entity) in bodies}
    for block, doc in mentions.docs.items():
        for span, determiner in find_spans(doc, lookup):
            phrase = read_phrase(doc, block, span, mentions, lookup, determiner)
            if phrase is None or phrase.noun.denotes != "Ministry" or phrase.plural or phrase.modifiers:
                continue
            if any(r.head == phrase.root.i for r in mentions.covering(block, phrase.root.i)):
                continue
            earlier = [r for r in mentions.references if (r.block, r.end) <= (block, phrase.chunk.start)]
            end = phrase.root.i + 1
            if end + 1 < len(doc) and doc[end].lower_ == "of":
                earlier = [r for r in mentions.covering(block, end + 1) if r.entity.cls == "Person"]
                by_person = True
            else:
                by_person = phrase.determiner in ("his", "her")
            if not by_person and phrase.determiner not in ANAPHORIC:
                continue
            found = [of_person.get(id(r.entity)) if by_person else _if_ministry(r.entity) for r in earlier]
            known = [e for e in found if e is not None]
            if known:
                add_reference(mentions, refer(phrase, end, known[-1]))


def _if_ministry(entity: Entity) -> Entity | None:
    return entity if entity.cls == "Ministry" else None


def _holder(reference: Reference, held: Sequence[Construction], mentions: Mentions) -> Entity | None:
    office = reference.entity
    exact = _persons(c for c in held if c.object.entity is office)
    if exact:
        return exact[0] if len(exact) == 1 else None
    fitting = [c for c in held if same_title(c.object.entity.title, office.title) and _agree(c.object.entity, office)]
    persons = _persons(fitting)
    if len(persons) <= 1:
        return persons[0] if persons else None
    doc = mentions.docs[reference.block]
    if reference.begin == 0 or doc[reference.begin - 1].lower_ not in ANAPHORIC:
        return None
    earlier = [c for c in fitting if (c.object.block, c.object.end) <= (reference.block, reference.begin)]
    return max(earlier, key=lambda c: (c.object.block, c.object.begin)).subject.entity if earlier else None


def _agree(held: Entity, bare: Entity) -> bool:
    """A title alone takes up any office; one with an owner or a topic only that office."""
    return bare.owner is None or bare.owner is held.owner or held.owner is None


def _persons(constructions: Iterable[Construction]) -> list[Entity]:
    found: dict[int, Entity] = {}
    for construction in constructions:
        found.setdefault(id(construction.subject.entity), construction.subject.entity)
    return list(found.values())


def resolve_pronouns(mentions: Mentions, lookup: Lookup) -> None:
    """Add references for the personal pronouns, and those for things that are still open."""
    for block, doc in mentions.docs.items():
        known = {r.begin for r in mentions.references if r.block == block and r.kind is MentionKind.PRONOUN}
        for token in doc:
            if token.i in known:
                continue
            reference = resolve_pronoun(token, block, mentions, lookup)
            if reference is not None:
                add_reference(mentions, reference)
