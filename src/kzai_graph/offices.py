"""Find offices, the bodies they are in and the persons who hold them, by how the words stand beside each other.

Appositions of offices are where parsers fail most, so this reads tokens and references, not the parse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from kzai_graph.entities import Reference, content_words, merge_subsets, surface
from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind

BODY_CLASSES = ("Organisation", "Country", "Place", "Programme")
COMPLEMENT = frozenset({"of", "at", "for", "with", "in", "to"})
PAST = frozenset({"former", "ex", "then", "outgoing", "late", "previous", "onetime"})
PASSING = frozenset({"new", "current", "acting", "incumbent", "newly", "appointed", "interim", "first", "own", "long-time", "longtime", "respective"}) | PAST
MAX_TITLE_WORDS = 4
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
HOLDS, IN_BODY = "office-holder", "office-body"


@dataclass(frozen=True, slots=True)
class Construction:
    """Two references that a construction ties; ``begin`` to ``end`` are its tokens."""

    name: str
    subject: Reference
    object: Reference
    begin: int
    end: int


@dataclass(slots=True)
class Office:
    """An office phrase: ``begin`` to ``title_end`` is the title, ``end`` closes its complement."""

    block: int
    begin: int
    title_end: int
    end: int
    noun: Noun
    title: str
    owner: Reference | None = None
    body: Reference | None = None
    reference: Reference | None = None


def find_offices(mentions: Mentions, lookup: Lookup) -> list[Construction]:
    """Add references to offices and to the bodies behind them; return who holds what, and what is in what."""
    found: list[Construction] = []
    by_block: dict[int, list[Office]] = {}
    for block, doc in mentions.docs.items():
        offices = sorted(_phrases(doc, block, mentions, lookup), key=lambda o: o.begin)
        for office in offices:
            _find_owner(doc, office, mentions, lookup)
        for office in offices:
            _share_owner(office, offices, doc)
            office.body = _implied_body(doc, office, mentions, lookup)
        by_block[block] = offices
    merge_subsets(mentions.registry)
    mentions.settle()
    for block, doc in mentions.docs.items():
        for office in by_block[block]:
            found += _settle(doc, office, mentions, lookup)
    mentions.settle()
    for block, doc in mentions.docs.items():
        for sentence in doc.sents:
            inside = [o for o in by_block[block] if sentence.start <= o.begin < sentence.end]
            found += _holders(doc, sentence, block, inside, mentions)
    _merge_of_holder(mentions, found)
    return found


def _merge_of_holder(mentions: Mentions, found: list[Construction]) -> None:
    """A bare "Minister Berg" is the minister's office that Berg holds elsewhere in the document."""
    held = [c for c in found if c.name == HOLDS]
    for bare in held:
        office = mentions.registry.resolve(bare.object.entity)
        if office.owner is not None:
            continue
        full = {c.object.entity.key: c.object.entity for c in held if c.subject.entity is bare.subject.entity and c.object.entity.title == office.title and c.object.entity.owner}
        if len(full) == 1:
            mentions.registry.merge(office, next(iter(full.values())))
    mentions.settle()


def _phrases(doc: Doc, block: int, mentions: Mentions, lookup: Lookup) -> Iterator[Office]:
    taken: set[int] = set()
    for name in mentions.names:
        if name.block == block and name.noun is not None and name.noun.denotes == "Position":
            size = next((f[1] for f in [lookup.noun_ending(list(doc[name.begin : name.head + 1]))] if f), 1)
            title = " ".join(lookup.singular(t) for t in doc[name.head + 1 - size : name.head + 1])
            yield Office(block, name.begin, name.head + 1, name.end, name.noun, title)
            taken |= set(range(name.begin, name.end))
    for token in doc:
        if token.i in taken or token.pos_ not in ("NOUN", "PROPN", "ADJ") or token.tag_ == "NNS":
            continue
        found = lookup.noun_ending(list(doc[max(token.sent.start, token.i - MAX_TITLE_WORDS + 1) : token.i + 1]))
        if found is None or found[0].denotes != "Position":
            continue
        if token.i + 1 < len(doc):
            longer = lookup.noun_ending(list(doc[max(0, token.i - 2) : token.i + 2]))
            if longer is not None and longer[0].denotes == "Position" and longer[1] > 1:
                continue
        begin = token.i + 1 - found[1]
        title = " ".join(lookup.singular(t) for t in doc[begin : token.i + 1])
        while begin > token.sent.start and _belongs_to_title(doc, begin - 1, block, mentions):
            begin -= 1
        yield Office(block, begin, token.i + 1, token.i + 1, found[0], title)


def _belongs_to_title(doc: Doc, i: int, block: int, mentions: Mentions) -> bool:
    token = doc[i]
    if token.pos_ not in ("NOUN", "ADJ", "PROPN") or token.lower_ in PASSING or token.text in POSSESSIVES or not token.text[0].isalpha():
        return False
    return not mentions.covering(block, i) and token.dep_ in ("compound", "amod", "nmod")


def _find_owner(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> None:
    """The body of an office: in its complement, before it as possessor or modifier, or after a comma."""
    is_body = lambda r: r.entity.cls is None or lookup.ontology.is_a(r.entity.cls, *BODY_CLASSES)  # noqa: E731
    end = office.title_end
    if end < len(doc) and doc[end].lower_ in COMPLEMENT and not doc[end].is_sent_start:
        office.owner, stop = _complement(doc, office, mentions, is_body)
        office.end = max(office.end, stop)
    if office.owner is not None:
        return
    i = office.begin - 1
    while i > 0 and doc[i].lower_ in PASSING:
        i -= 1
    if i >= 0 and doc[i].text in POSSESSIVES:
        i -= 1
    before = [r for r in mentions.covering(office.block, i) if is_body(r) and r.end >= i + 1] if i >= 0 else []
    inside = [r for r in mentions.references if r.block == office.block and office.begin <= r.begin and r.end <= office.title_end and is_body(r) and r.entity.cls]
    if inside:
        office.owner = inside[0]
    elif before and (doc[i].sent == doc[office.begin].sent):
        office.owner = before[0]
    elif office.begin < office.title_end - len(office.title.split()):
        office.owner = _unknown_body(doc, office, mentions, lookup)
    if office.owner is None and office.end + 1 < len(doc) and doc[office.end].text == ",":
        after = [r for r in mentions.covering(office.block, office.end + 1) if is_body(r) and r.begin == office.end + 1 and r.entity.cls and r.kind is MentionKind.NAME]
        if after and office.title_end == office.end and not lookup.ontology.is_a(after[0].entity.cls or "", "Place", "Country"):
            office.owner = after[0]


def _complement(doc: Doc, office: Office, mentions: Mentions, is_body: object) -> tuple[Reference | None, int]:
    """Walk "of research at the University of X" to the first body; return it and where the phrase ends."""
    i, end = office.title_end, office.title_end
    limit = doc[office.begin].sent.end
    while i < limit and doc[i].lower_ in COMPLEMENT:
        start = i + 1
        while start < limit and (doc[start].lower_ in ("the", "a", "its", "their", "his", "her") or doc[start].lower_ in PASSING):
            start += 1
        if start >= limit:
            break
        bodies = [r for r in mentions.covering(office.block, start) if r.begin <= start and is_body(r)]  # type: ignore[operator]
        if bodies and doc[i].lower_ != "to":
            return bodies[0], max(bodies[0].end, office.end)
        stop = start
        while stop < limit and not _starts_name(mentions, office.block, stop) and (doc[stop].pos_ in ("NOUN", "ADJ", "PROPN") or doc[stop].lower_ in ("and", "&", "-") and stop + 1 < limit and doc[stop + 1].pos_ in ("NOUN", "ADJ", "PROPN")):
            stop += 1
        if stop == start or doc[i].lower_ in ("in", "with", "to"):
            break
        end = i = stop
    return None, end


def _starts_name(mentions: Mentions, block: int, i: int) -> bool:
    return any(r.begin == i and r.kind is MentionKind.NAME and r.entity.cls not in ("Technology", None) for r in mentions.covering(block, i))


def _unknown_body(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """The capitalised words before a title ("Presight CEO") name a body that is not settled yet."""
    stop = office.title_end - len(office.title.split())
    text = surface(doc, office.begin, stop)
    if not text[:1].isupper() or all(lookup.is_word(w) for w in text.split()):
        return None
    entity = mentions.registry.resolve(mentions.registry.name(text))
    entity.votes["Organisation"] += 1
    entity.cls = entity.cls or "Organisation"
    entity.order = entity.order if entity.order != (0, 0) else (office.block, office.begin)
    reference = Reference(office.block, office.begin, stop, stop - 1, MentionKind.NAME, entity)
    mentions.references.append(reference)
    return reference


def _share_owner(office: Office, offices: list[Office], doc: Doc) -> None:
    """ "chief executive and co-founder" of one body share it."""
    if office.owner is not None:
        return
    for other in offices:
        if other.owner is None or other is office:
            continue
        gap = doc[min(office.end, other.end) : max(office.begin, other.begin)]
        if len(gap) and all(t.lower_ in ("and", "&", "/", ",") for t in gap) and len(gap) <= 2:
            office.owner = other.owner


def _settle(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> Iterator[Construction]:
    """Make the entity of the office and say what it is in."""
    text = surface(doc, office.begin, office.end)
    owner = office.body or office.owner
    if owner is not None and owner.entity.cls is None:
        owner.entity.cls = "Organisation"
    inside = [r for r in mentions.references if r.block == office.block and office.begin <= r.begin and r.end <= office.end]
    named = {w for r in inside if r.entity.cls != "Technology" for w in content_words(surface(doc, r.begin, r.end), lookup)}
    words = content_words(text, lookup) - (named if owner is not None else set())
    holder_of = owner.entity if owner else (mentions.main_country() if office.noun.implies == "country" else None)
    entity = mentions.registry.office(text, office.title, words, holder_of)
    if entity.order == (0, 0):
        entity.order = (office.block, office.begin)
    kind = MentionKind.NAME if doc[office.begin].text[0].isupper() else MentionKind.NOMINAL
    office.reference = Reference(office.block, office.begin, office.end, office.title_end - 1, kind, entity)
    mentions.references.append(office.reference)
    if office.title_end < office.end:
        mentions.references.append(Reference(office.block, office.begin, office.title_end, office.title_end - 1, kind, entity))
    if owner is not None and owner.block == office.block:
        yield Construction(IN_BODY, office.reference, owner, min(office.begin, owner.begin), max(office.end, owner.end))


def _implied_body(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """The ministry behind "Minister of …", or the country of a national office that its sentence names."""
    if office.noun.implies is None:
        return None
    if office.noun.implies == "country":
        if office.owner is not None:
            return None
        sentence = doc[office.begin].sent
        countries = [r for r in mentions.references if r.block == office.block and sentence.start <= r.begin < sentence.end and r.entity.cls == "Country"]
        main = mentions.main_country()
        return next((r for r in countries if r.entity is main), None) if len({r.entity.key for r in countries}) == 1 else None
    title_end = office.title_end
    if title_end + 1 >= office.end or doc[title_end].lower_ not in ("of", "for"):
        return None
    noun = lookup.noun(office.noun.implies)
    if noun is None or (office.owner is not None and office.owner.entity.cls not in ("Country", None)):
        return None
    stop = office.end
    country = office.owner.entity if office.owner is not None else None
    name = next((n for n in mentions.names if n.block == office.block and n.begin == office.begin), None)
    if name is not None and name.owner is not None:
        stop = name.core_end
        owners = [r for r in mentions.covering(office.block, name.owner[0]) if r.entity.cls == "Country"]
        country = owners[-1].entity if owners else country
    topic = surface(doc, title_end, stop)
    text = f"{office.noun.implies.capitalize()} {topic}"
    entity = mentions.registry.headed(text, office.noun.implies, noun.denotes, generic=True, owner=country)
    entity.cls = noun.denotes
    if entity.order == (0, 0):
        entity.order = (office.block, office.begin)
    reference = Reference(office.block, office.begin, office.end, office.title_end - 1, MentionKind.IMPLIED, entity)
    mentions.references.append(reference)
    return reference


def _holders(doc: Doc, sentence: Span, block: int, offices: list[Office], mentions: Mentions) -> Iterator[Construction]:
    """Pair persons and offices that stand beside each other: "OFFICE PERSON", "PERSON, OFFICE", "OFFICE, PERSON"."""
    persons = [r for r in mentions.references if r.block == block and sentence.start <= r.begin < sentence.end and r.entity.cls == "Person" and r.kind is MentionKind.NAME]
    free = {id(o): o for o in offices if o.reference is not None}
    bound: dict[int, Reference] = {}
    for office in list(free.values()):
        person = next((p for p in persons if p.begin == office.end), None)
        if person is not None:
            bound[id(office)] = person
    for gap_test in (_apposed_after, _apposed_before):
        for office in free.values():
            if id(office) in bound:
                continue
            person = next((p for p in persons if gap_test(doc, p, office) and id(p) not in {id(x) for x in bound.values()}), None)
            if person is not None:
                bound[id(office)] = person
    for office in free.values():  # "chief executive and co-founder": the second office has the holder of the first
        if id(office) in bound:
            continue
        for other in free.values():
            if id(other) in bound and other.end <= office.begin and office.begin - other.end <= 3 and "and" in {t.lower_ for t in doc[other.end : office.begin]}:
                person = bound[id(other)]
                if person.end <= other.begin:
                    bound[id(office)] = person
    for office in free.values():
        if id(office) in bound and office.reference is not None:
            person = bound[id(office)]
            yield Construction(HOLDS, person, office.reference, min(person.begin, office.begin), max(person.end, office.end))


def _apposed_after(doc: Doc, person: Reference, office: Office) -> bool:
    """ "Anna Berg, (the) (bank's) director": only a comma, articles and the owner stand between."""
    if not person.end <= office.begin:
        return False
    gap = list(doc[person.end : office.begin])
    if not gap or gap[0].text not in (",", "(", "–", "—", "-") or any(t.text in ",;:" for t in gap[1:]) or len(gap) > 12:
        return False
    return all(t.pos_ in ("DET", "PROPN", "NOUN", "ADJ", "PART", "PUNCT", "PRON", "ADV", "ADP", "NUM", "CCONJ") and t.tag_ not in ("WP", "WDT") for t in gap) and not _other_person(doc, gap)


def _other_person(doc: Doc, gap: list[object]) -> bool:
    return any(getattr(t, "lower_", "") in ("and", "said", "told") for t in gap[1:])


def _apposed_before(doc: Doc, person: Reference, office: Office) -> bool:
    """ "the akim of the region, Anna Berg" and "its commissioner, Anna Berg, said"."""
    gap = doc[office.end : person.begin]
    return len(gap) == 1 and gap[0].text == "," and (person.end >= len(doc) or doc[person.end].pos_ != "NOUN")
