"""Find organs of states that are told by their owner: "the government", "Norway's central bank"."""

from __future__ import annotations

from kzai_graph.antecedents import meant_country
from kzai_graph.entities import Entity, Reference, surface
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.noun_phrases import Phrase, is_possessed, set_order

OWNERS = ("Country", "Place", "Legislature", "Ministry", "PublicBody")
LOCAL_ORGANS = frozenset(
    {"akimat", "municipality", "city council", "city hall", "mayor's office", "city administration"}
)


def unique_body(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """ "The government" is that of the country beside it, or of the document's main country."""
    if phrase.plural or phrase.modifiers:
        return None
    countries = [r.entity for r in phrase.owners if r.entity.cls == "Country"]
    end, i = phrase.root.i + 1, phrase.root.i + 1
    doc = phrase.doc
    if not countries and i + 1 < len(doc) and doc[i].lower_ == "of":
        start = i + 2 if doc[i + 1].lower_ == "the" else i + 1
        found = mentions.covering(phrase.block, start) if start < len(doc) else []
        if found and found[0].entity.cls == "Country":
            countries, end = [found[0].entity], found[0].end
        elif found and found[0].entity.cls != "Person":  # "the government of Ida Moen" is the country's
            return None
    if not countries and (phrase.owners or (is_possessed(phrase) and phrase.determiner not in ("its", "their"))):
        return None
    country = countries[0] if countries else meant_country(phrase, mentions)
    if country is None:
        return None
    entity = mentions.registry.headed(phrase.title, phrase.title, phrase.noun.denotes, generic=True, owner=country)
    entity.telling = True
    entity.cls, entity.owner = phrase.noun.denotes, entity.owner or country
    set_order(entity, phrase)
    begin = phrase.owners[0].begin if phrase.owners else phrase.noun_begin
    return _nominal(phrase, begin, end, entity)


def _nominal(phrase: Phrase, begin: int, end: int, entity: Entity) -> Reference:
    after = phrase.root.i + 1
    return Reference(phrase.block, begin, end, phrase.root.i, MentionKind.NOMINAL, entity, after if end > after else -1)


def owned_organ(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """ "Norway's central bank", "the Finnish foreign ministry", "the akimat of Almaty": an organ told by its owner."""
    if phrase.plural or not phrase.noun.generic or not lookup.ontology.is_a(phrase.noun.denotes, "PublicBody"):
        return None
    doc, end = phrase.doc, phrase.root.i + 1
    owners = [r for r in phrase.owners if r.entity.cls in OWNERS]
    if not owners and not phrase.owners and end + 1 < len(doc) and doc[end].lower_ == "of":
        start = end + 2 if doc[end + 1].lower_ == "the" and end + 2 < len(doc) else end + 1
        owners = [r for r in mentions.covering(phrase.block, start) if r.begin == start and r.entity.cls in OWNERS][:1]
        end = owners[0].end if owners else end
    if not owners:
        owners = _place_beside(phrase, mentions)
    if not owners or (end == phrase.root.i + 1 < len(doc) and doc[end].lower_ in ("of", "for")):
        return None
    owner = owners[-1].entity
    text = surface(doc, phrase.begin, phrase.root.i + 1)
    entity = mentions.registry.headed(text, phrase.title, phrase.noun.denotes, generic=True, named=False, owner=owner)
    entity.telling = True
    entity.cls, entity.owner = phrase.noun.denotes, entity.owner or owner
    set_order(entity, phrase)
    beside = owners[-1].begin >= phrase.chunk.start
    begin = min(phrase.begin, owners[-1].begin) if beside else phrase.begin
    return _nominal(phrase, begin, end, entity)


def _place_beside(phrase: Phrase, mentions: Mentions) -> list[Reference]:
    """The place of "in Oulu, the municipality bought …": the only one that the sentence names before."""
    if phrase.title not in LOCAL_ORGANS or phrase.modifiers or phrase.owners or is_possessed(phrase):
        return []
    start = phrase.chunk.sent.start
    found = [
        r
        for r in mentions.references
        if r.block == phrase.block and start <= r.begin and r.end <= phrase.chunk.start and r.entity.cls == "Place"
    ]
    largest = [r for r in found if not any(o.begin <= r.begin and r.end < o.end for o in found)]
    return largest[:1] if len({id(r.entity) for r in largest}) == 1 else []
