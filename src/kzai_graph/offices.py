"""Find offices, the bodies they are in and the persons who hold them, over a whole document."""

from __future__ import annotations

from collections.abc import Iterator, Set

from spacy.tokens import Doc

from kzai_graph.antecedents import clear_country
from kzai_graph.entities import Reference, content_words, surface
from kzai_graph.holders import HOLDS, Construction, find_holders, merge_of_holder
from kzai_graph.implied_bodies import find_implied_bodies
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.office_bodies import Office
from kzai_graph.office_phrases import find_office_phrases
from kzai_graph.variants import merge_subsets

__all__ = ["HOLDS", "IN_BODY", "Construction", "find_offices"]

IN_BODY = "office-body"
NO_HEAD = -1
"""Head of a body that an office only implies: no argument of a clause stands for it."""
STATE_ORGANS = ("Ministry", "Legislature")


def find_offices(mentions: Mentions, lookup: Lookup) -> list[Construction]:
    """Add references to offices and to the bodies behind them; return who holds what, and what is in what."""
    by_block: dict[int, list[Office]] = {}
    for block, doc in mentions.docs.items():
        by_block[block] = find_office_phrases(doc, block, mentions, lookup)
        for office in by_block[block]:
            office.body = _ministry(doc, office, mentions, lookup)
    merge_subsets(mentions.registry)
    mentions.settle()
    found: list[Construction] = []
    for block, doc in mentions.docs.items():
        for office in by_block[block]:
            found += _settle(doc, office, mentions, lookup)
    mentions.settle()
    for block, doc in mentions.docs.items():
        for sentence in doc.sents:
            inside = [o for o in by_block[block] if sentence.start <= o.begin < sentence.end]
            found += find_holders(doc, sentence, block, inside, mentions)
    merge_of_holder(mentions, found)
    held = {(c.object.block, c.object.begin) for c in found if c.name == HOLDS}
    offices = [o for block in mentions.docs for o in by_block[block]]
    plural = {(o.block, o.begin) for o in offices if o.plural} - held
    found = [c for c in found if c.name == HOLDS or (c.subject.block, c.subject.begin) not in plural]
    found += _national(offices, held, mentions)
    for office, body in list(find_implied_bodies(offices, found, mentions, lookup)):
        if office.reference is None:
            continue
        target = Reference(office.block, office.begin, office.end, NO_HEAD, MentionKind.IMPLIED, body)
        mentions.references.append(target)
        office.reference.entity.owner = body
        found.append(Construction(IN_BODY, office.reference, target, office.begin, office.end))
    mentions.settle()
    return found


def _settle(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> Iterator[Construction]:
    """Make the entity of the office and say what it is in."""
    owner = office.body or office.owner
    stop = _topic_end(doc, office)
    text = surface(doc, office.begin, stop)
    if office.plural and stop == office.title_end == office.begin + len(office.title.split()):
        text = office.title.capitalize() if text[:1].isupper() else office.title
    if owner is not None and owner.entity.cls is None:
        owner.entity.cls = "Organisation"
    inside = [
        r for r in mentions.references if r.block == office.block and office.begin <= r.begin and r.end <= office.end
    ]
    named = {
        w for r in inside if r.entity.cls != "Technology" for w in content_words(surface(doc, r.begin, r.end), lookup)
    }
    words = content_words(text, lookup) - (named if owner is not None else set())
    entity = mentions.registry.office(text, office.title, words, owner.entity if owner else None)
    if entity.order == (0, 0):
        entity.order = (office.block, office.begin)
    kind = MentionKind.NAME if doc[office.begin].text[0].isupper() else MentionKind.NOMINAL
    short = office.title_end if office.has_complement else -1
    if stop < office.end:
        short = stop
    office.reference = Reference(office.block, office.begin, office.end, office.title_end - 1, kind, entity, short)
    mentions.references.append(office.reference)
    if owner is not None and owner.block == office.block:
        yield Construction(IN_BODY, office.reference, owner, min(office.begin, owner.begin), max(office.end, owner.end))


def _topic_end(doc: Doc, office: Office) -> int:
    """ "Director of Ports" of "Director of Ports at the Ministry of Trade": the body is told by its own statement."""
    owner = office.owner
    if owner is None or owner.block != office.block or not office.title_end + 3 <= owner.begin < office.end:
        return office.end
    stop = owner.begin
    while stop > office.title_end + 1 and doc[stop - 1].pos_ in ("DET", "ADP"):
        stop -= 1
    return stop if stop > office.title_end + 1 and doc[stop].lower_ in ("at", "in", "of") else office.end


def _ministry(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """The ministry behind "Minister of Health", or the only ministry that the sentence of a bare minister names."""
    noun = lookup.noun(office.noun.implies or "")
    if noun is None or noun.denotes != "Ministry" or office.noun.implies is None:
        return None
    title_end = office.title_end
    if not office.has_complement or doc[title_end].lower_ not in ("of", "for"):
        return None if office.has_complement or office.owner is not None else _ministry_beside(doc, office, mentions)
    country = office.owner.entity if office.owner is not None and office.owner.entity.cls == "Country" else None
    if (
        (office.owner is not None and country is None)
        or doc[office.begin].text.islower()
        or "state" in office.title.split()
    ):
        return None
    stop = office.end
    name = next((n for n in mentions.names if n.block == office.block and n.begin == office.begin), None)
    if name is not None and name.owner is not None:
        stop = name.core_end
        owners = [r for r in mentions.covering(office.block, name.owner[0]) if r.entity.cls == "Country"]
        country = owners[-1].entity if owners else country
    elif country is not None and office.owner is not None and office.owner.begin > title_end:
        stop = office.owner.begin
        while stop > title_end + 1 and doc[stop - 1].lower_ in ("of", "the", "republic", "kingdom", "federation"):
            stop -= 1
    text = f"{office.noun.implies.capitalize()} {surface(doc, title_end, stop)}"
    entity = mentions.registry.headed(text, office.noun.implies, noun.denotes, generic=True, owner=country)
    entity.cls = noun.denotes
    if entity.order == (0, 0):
        entity.order = (office.block, office.begin)
    reference = Reference(office.block, office.begin, office.end, title_end - 1, MentionKind.IMPLIED, entity)
    mentions.references.append(reference)
    return reference


def _ministry_beside(doc: Doc, office: Office, mentions: Mentions) -> Reference | None:
    sentence = doc[office.begin].sent
    found = [
        r
        for r in mentions.references
        if r.block == office.block
        and sentence.start <= r.begin < office.begin
        and r.entity.cls == "Ministry"
        and r.kind is not MentionKind.IMPLIED
    ]
    return found[-1] if len({id(r.entity) for r in found}) == 1 else None


def _national(offices: list[Office], held: Set[tuple[int, int]], mentions: Mentions) -> Iterator[Construction]:
    """Tie national offices without a body to their country: the one that is named beside them, else the document's.

    Only where somebody holds it or capitals name it, the document is clearly on one country, and the sentence
    names no other one.
    """
    main = clear_country(mentions)
    political = any(r.entity.cls in STATE_ORGANS for r in mentions.references) or any(
        o.noun.implies == "ministry" for o in offices
    )
    for office in offices:
        if main is None or office.reference is None or office.noun.implies not in ("country", "ministry", "state"):
            continue
        if office.plural:
            continue  # "Presidents Berg and Lund" are not of one country
        entity = office.reference.entity
        named = office.noun.implies != "ministry" and mentions.docs[office.block][office.begin].text[0].isupper()
        if not named and (office.block, office.begin) not in held:
            continue
        if (
            office.owner is not None
            or office.body is not None
            or (entity.owner is not None and entity.owner is not main)
        ):
            continue
        doc = mentions.docs[office.block]
        if office.noun.implies == "state" and not (
            political and doc[office.begin].text[0].isupper() and _is_titled(doc, office)
        ):
            continue
        sentence = doc[office.begin].sent
        countries = [
            r
            for r in mentions.references
            if r.block == office.block
            and sentence.start <= r.begin < sentence.end
            and r.entity.cls == "Country"
            and r.entity.known
        ]
        if any(r.entity is not main for r in countries):
            continue
        target = (
            countries[0]
            if countries
            else Reference(office.block, office.begin, office.end, NO_HEAD, MentionKind.IMPLIED, main)
        )
        if not countries:
            mentions.references.append(target)
        entity.owner = main
        yield Construction(
            IN_BODY, office.reference, target, min(office.begin, target.begin), max(office.end, target.end)
        )
    mentions.settle()


def _is_titled(doc: Doc, office: Office) -> bool:
    """ "President Berg" and "the President", not "Anna Berg, President"."""
    before = doc[office.begin - 1].lower_ if office.begin else ""
    after = doc[office.end] if office.end < len(doc) else None
    return before == "the" or (after is not None and after.pos_ == "PROPN")
