"""Find the body that an office is in: in its complement, before it, after a comma, or shared with the office beside it.

Appositions of offices are where parsers fail most, so this reads tokens and references, not the parse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from kzai_graph.antecedents import clear_country
from kzai_graph.entities import Reference, surface
from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind

BODY_CLASSES = ("Organisation", "Country", "Place", "Programme")
COMPLEMENT = frozenset({"of", "at", "for", "with", "in", "to", "from"})
OWNING = COMPLEMENT - {"to"}
PASSING = frozenset(
    "former ex then outgoing late previous previously onetime new current currently acting incumbent newly appointed "
    "interim first own long-time longtime respective honourable honorable right hon. also both now".split()
)
ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her", "our", "this"})
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
MAX_TITLE_WORDS = 4
FIRM_VOTE = 6
NOUN_POS = frozenset({"NOUN", "ADJ", "PROPN"})


@dataclass(slots=True)
class Office:
    """An office phrase: ``begin`` to ``title_end`` is the title, ``end`` closes its complement."""

    block: int
    begin: int
    title_end: int
    end: int
    noun: Noun
    title: str
    plural: bool = False
    owner: Reference | None = None
    body: Reference | None = None
    reference: Reference | None = None

    @property
    def has_complement(self) -> bool:
        return self.end > self.title_end


RESORTS = ("Place", "Country", "Technology")
"""What may stand between a body and its office: where or for what the holder works."""


def find_body(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> None:
    """Find the body of an office: in its complement, before it as possessor or modifier, or after a comma."""

    def is_body(reference: Reference) -> bool:
        cls = reference.entity.cls
        if office.noun.implies == "ministry":  # the topic of a minister is no body
            if cls == "Country" or (cls == "Place" and reference.end <= office.begin):
                return True
            at = reference.begin - (doc[reference.begin - 1].lower_ == "the") - 1
            return at >= office.title_end and doc[at].lower_ == "at" and lookup.ontology.is_a(cls or "", "Organisation")
        if office.noun.implies == "company" and reference.entity.known is None and reference.kind is MentionKind.NAME:
            return cls != "Position"
        if cls in ("Country", "Place"):
            return office.noun.generic
        inside = cls == "Firm" and reference.kind is MentionKind.NOMINAL and reference.begin > office.title_end + 1
        if inside and "in" in (doc[reference.begin - 1].lower_, doc[reference.begin - 2].lower_):
            return False  # "the stake of a minister in the company"
        return cls is None or lookup.ontology.is_a(cls, *BODY_CLASSES)

    end = office.title_end
    if end < len(doc) and doc[end].lower_ in COMPLEMENT and not doc[end].is_sent_start:
        office.owner, stop = _complement(doc, office, mentions, is_body)
        office.end = max(office.end, stop)
        office.owner = office.owner or _named_complement(doc, office, mentions)
    if office.owner is not None:
        _make_firm(office)
        return
    inside = [
        r
        for r in mentions.references
        if r.block == office.block
        and office.begin <= r.begin
        and r.end <= office.title_end
        and is_body(r)
        and r.entity.cls
    ]
    resort = _resort(doc, office, mentions)
    if resort is not None:
        office.begin = resort.begin
    before = _before(doc, office, mentions)
    if inside:
        office.owner = inside[0]
    elif before and is_body(before[0]):
        office.owner = before[0]
    elif office.begin < office.title_end - len(office.title.split()):
        office.owner = _unknown_body(doc, office, mentions, lookup)
    if office.owner is None and office.noun.implies != "ministry":
        office.owner = _after_comma(doc, office, mentions, lookup)


def _make_firm(office: Office) -> None:
    """What has a chief executive is an organisation, even where its name looked like a person's or a place's."""
    entity = office.owner.entity if office.owner is not None else None
    if office.noun.implies != "company" or entity is None or entity.known is not None:
        return
    if entity.cls in (None, "Person", "Place", "System", "Technology", "Programme", "Country"):
        entity.votes["Firm"] += FIRM_VOTE
        entity.cls = "Firm"


def _resort(doc: Doc, office: Office, mentions: Mentions) -> Reference | None:
    """ "East Africa" of "the Harbour Post's East Africa correspondent"; a country's mayor is a city's."""
    for inner in mentions.covering(office.block, office.begin - 1):
        mark = inner.begin - 1
        if inner.end == office.begin and inner.entity.cls in RESORTS and mark > 0 and doc[mark].text in POSSESSIVES:
            owners = mentions.covering(office.block, mark - 1)
            return None if any(r.entity.cls in RESORTS for r in owners) else inner
    return None


def _before(doc: Doc, office: Office, mentions: Mentions) -> list[Reference]:
    """ "Chad's former minister", "its director", "the company's new CEO", "Presight chief executive"."""
    sentence = doc[office.begin].sent
    i = office.begin - 1
    while i > sentence.start and (
        doc[i].lower_ in PASSING
        or (doc[i].text == "-" and doc[i - 1].lower_ in PASSING | {"co"})
        or doc[i].lower_ == "co"
    ):
        i -= 1
    if (i >= sentence.start and doc[i].text in POSSESSIVES) or (i > sentence.start and doc[i].text == "("):
        i -= 1
    elif i > sentence.start and doc[i].text == ")":  # "Nordbank (NB) CEO"
        inner = [
            r for r in mentions.covering(office.block, i - 1) if r.entity.cls is not None and r.entity.cls != "Person"
        ]
        if inner:
            return inner
        while i > sentence.start and doc[i].text != "(":
            i -= 1
        i -= 1
    if i < sentence.start:
        return []
    return [r for r in mentions.covering(office.block, i) if i + 1 <= r.end <= i + 2 and r.entity.cls != "Person"]


def _after_comma(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """ "Anna Berg, CEO, Nordbank" and "Head of Research, Nordbank Labs"."""
    i = office.end
    if i + 1 >= len(doc) or doc[i].text not in (",", "-", "–", "|", "@") or doc[i + 1].sent != doc[office.begin].sent:
        return None
    for reference in mentions.covering(office.block, i + 1):
        cls = reference.entity.cls
        if (
            reference.begin == i + 1
            and reference.kind is MentionKind.NAME
            and lookup.ontology.is_a(cls or "", "Organisation")
        ):
            return reference
    return None


def _complement(
    doc: Doc, office: Office, mentions: Mentions, is_body: Callable[[Reference], bool]
) -> tuple[Reference | None, int]:
    """Walk "of research at the University of X" to the first body; return it and where the phrase ends."""
    i, end = office.title_end, office.title_end
    limit = doc[office.begin].sent.end
    vague: Reference | None = None
    while i < limit and doc[i].lower_ in COMPLEMENT:
        start = i + 1
        while (
            start < limit
            and doc[start].tag_ != "PRP$"
            and (doc[start].lower_ in ARTICLES or doc[start].lower_ in PASSING)
        ):
            start += 1
        if start >= limit:
            break
        covering = [r for r in mentions.covering(office.block, start) if r.begin <= start]
        covering = _possessed(doc, covering, office.block, mentions) or covering
        bodies = [r for r in covering if is_body(r)]
        if bodies and doc[i].lower_ in OWNING:
            stop = _phrase_end(doc, bodies[0], limit)
            if bodies[0].entity.cls is not None or stop >= limit or doc[stop].lower_ != "at":
                return bodies[0], max(stop, office.end)
            vague, i, end = bodies[0], stop, stop
            continue
        if (
            covering
            and doc[i].lower_ == "to"
            and covering[0].entity.cls in ("Country", "Position", "InternationalOrganisation", "Legislature")
        ):
            i = end = covering[0].end
            continue
        stop = start
        while stop < limit and not _starts_body(mentions, office.block, stop) and _goes_on(doc, stop, limit):
            stop += 1
        while stop > start and doc[stop - 1].lower_ in ("and", "&", ","):
            stop -= 1  # "the Minister of Culture and Anna Berg"
        if stop == start or doc[i].lower_ in ("in", "with", "to", "from"):
            break
        end = i = stop
    return vague, end


def _possessed(doc: Doc, covering: Sequence[Reference], block: int, mentions: Mentions) -> list[Reference]:
    """The institute of "the director of Chad's new institute"."""
    end = covering[0].end if covering else len(doc)
    if end >= len(doc) or doc[end].tag_ != "POS":
        return []
    for i in range(end + 1, min(end + MAX_TITLE_WORDS, len(doc))):
        found = [r for r in mentions.covering(block, i) if r.begin == i and r.entity.cls not in (None, "Technology")]
        if found or doc[i].pos_ not in NOUN_POS:
            return found
    return []


def _named_complement(doc: Doc, office: Office, mentions: Mentions) -> Reference | None:
    """ "Constellation" of "the CEO of Constellation": what a firm's officer is in is a firm, whatever else it means."""
    start = office.title_end + 1
    if office.noun.implies != "company" or office.end <= start or doc[start - 1].lower_ not in ("of", "at"):
        return None
    text = surface(doc, start, office.end)
    if not text[:1].isupper():
        return None
    entity = mentions.registry.resolve(mentions.registry.name(text))
    entity.order = entity.order if entity.order != (0, 0) else (office.block, start)
    reference = Reference(office.block, start, office.end, office.end - 1, MentionKind.NAME, entity)
    mentions.references.append(reference)
    return reference


def _phrase_end(doc: Doc, body: Reference, limit: int) -> int:
    """Where the complement ends: after "the ministry's digital policy department", not after its "ministry"."""
    stop = body.end
    if stop < limit and (doc[stop].tag_ == "POS" or doc[stop - 1].tag_ == "PRP$"):
        stop += doc[stop].tag_ == "POS"
        while stop < limit and doc[stop].pos_ in NOUN_POS:
            stop += 1
    return stop


def _goes_on(doc: Doc, i: int, limit: int) -> bool:
    if doc[i].pos_ in NOUN_POS:
        return True
    return doc[i].lower_ in ("and", "&", "-") and i + 1 < limit and doc[i + 1].pos_ in NOUN_POS


def _starts_body(mentions: Mentions, block: int, i: int) -> bool:
    return any(r.begin == i and r.entity.cls not in ("Technology", None) for r in mentions.covering(block, i))


def _unknown_body(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """The capitalised words before a title ("Presight CEO") name a body that is not settled yet."""
    stop = office.title_end - len(office.title.split())
    text = surface(doc, office.begin, stop)
    organ = lookup.noun_ending(list(doc[office.begin : stop])) if stop > office.begin else None
    if organ is not None and organ[1] == stop - office.begin:
        return _organ(office, stop, organ[0], text, mentions, lookup)
    if not text[:1].isupper() or all(lookup.is_word(w) for w in text.split()):
        return None
    entity = mentions.registry.resolve(mentions.registry.name(text))
    if entity.cls == "Person":
        return None
    entity.votes["Organisation"] += 1
    entity.cls = entity.cls or "Organisation"
    entity.order = entity.order if entity.order != (0, 0) else (office.block, office.begin)
    reference = Reference(office.block, office.begin, stop, stop - 1, MentionKind.NAME, entity)
    mentions.references.append(reference)
    return reference


def _organ(office: Office, stop: int, noun: Noun, text: str, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """The senate of "Senate Speaker": the one that the document names, else that of its country."""
    if not lookup.ontology.is_a(noun.denotes, "Organisation"):
        return None
    title = text.casefold()
    known = {
        id(r.entity): r.entity for r in mentions.references if r.entity.title == title and r.entity.cls == noun.denotes
    }
    if len(known) == 1:
        entity = next(iter(known.values()))
    elif not known and noun.implies == "country" and (country := clear_country(mentions)) is not None:
        entity = mentions.registry.headed(text, title, noun.denotes, generic=True, named=False, owner=country)
        entity.cls = noun.denotes
        entity.order = entity.order if entity.order != (0, 0) else (office.block, office.begin)
    else:
        return None
    reference = Reference(office.block, office.begin, stop, stop - 1, MentionKind.NOMINAL, entity)
    mentions.references.append(reference)
    return reference


def share_body(office: Office, offices: Sequence[Office], doc: Doc) -> None:
    """ "chief executive and co-founder of X": offices side by side share their body."""
    if office.owner is not None or office.noun.implies == "ministry":
        return
    for other in offices:
        if other.owner is None or other is office:
            continue
        first, second = (office, other) if office.begin < other.begin else (other, office)
        if first is other and (second.has_complement or other.owner.begin >= other.begin):
            continue  # "CEO of A and chair of the board": the first one's body is its own
        gap = [t.lower_ for t in doc[first.end : second.begin]]
        if (
            0 < len(gap) <= 4
            and gap[0] in ("and", "&", "/", ",")
            and all(t in PASSING or t in ("and", "&", "/", ",", "-", "co", "the", "a") for t in gap)
        ):
            office.owner = other.owner
