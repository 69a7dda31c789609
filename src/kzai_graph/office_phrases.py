"""Find phrases that name offices, and the body that stands with each: in it, before it, or after it.

Appositions of offices are where parsers fail most, so this reads tokens and references, and little of the parse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kzai_graph.descriptions import clear_country
from kzai_graph.entities import Reference, surface
from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind

BODY_CLASSES = ("Organisation", "Country", "Place", "Programme")
COMPLEMENT = frozenset({"of", "at", "for", "with", "in", "to", "from"})
OWNING = COMPLEMENT - {"to"}
PASSING = frozenset(
    "former ex then outgoing late previous previously onetime new current currently acting incumbent newly appointed interim first own "
    "long-time longtime respective honourable honorable right hon. also both now".split()
)
ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her", "our", "this"})
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
MAX_TITLE_WORDS = 4
FIRM_VOTE = 6
MAX_TITLE_TAIL = 3
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


def find_office_phrases(doc: Doc, block: int, mentions: Mentions, lookup: Lookup) -> list[Office]:
    """Return the offices of a block with their bodies, in the order of the text."""
    offices = sorted(_phrases(doc, block, mentions, lookup), key=lambda o: o.begin)
    for office in offices:
        _find_owner(doc, office, mentions, lookup)
    for office in reversed(offices):
        _share_owner(office, offices, doc)
    return offices


def _phrases(doc: Doc, block: int, mentions: Mentions, lookup: Lookup) -> Iterator[Office]:
    taken: set[int] = set()
    for name in mentions.names:
        if name.block != block or name.noun is None or name.noun.denotes != "Position":
            continue
        if set(range(name.begin, name.end)) & taken or _is_inside_name(name.head, name.begin, mentions, block):
            continue
        noun, begin, title_end = _title(doc, name.head, lookup) or (name.noun, name.head, name.head + 1)
        end = max(name.end, title_end)
        taken |= set(range(name.begin, end))
        first = name.begin
        for other in _titles_before(doc, first, begin, lookup):
            yield Office(block, first, other[2], other[2], other[0], _lemma(doc, other[1], other[2], lookup))
            first = other[2] + 1
        yield Office(block, first, title_end, end, noun, _lemma(doc, begin, title_end, lookup))
    for token in doc:
        if token.i in taken or token.pos_ not in NOUN_POS or _is_inside_name(token.i, token.i, mentions, block):
            continue
        found = _title(doc, token.i, lookup)
        if found is None or _modifies_another(token, found[2]) or _is_figurative(doc, found):
            continue
        noun, begin, title_end = found
        plural = doc[title_end - 1].tag_ in ("NNS", "NNPS") and doc[title_end - 1].lower_ not in noun.lemmas
        title = _lemma(doc, begin, title_end, lookup)
        while (
            begin > token.sent.start and _belongs_to_title(doc, begin - 1, block, mentions) and begin - 1 not in taken
        ):
            begin -= 1
        taken |= set(range(begin, title_end))
        yield Office(block, begin, title_end, title_end, noun, title, plural)


def _title(doc: Doc, i: int, lookup: Lookup) -> tuple[Noun, int, int] | None:
    """The longest title of the lexicon that has the token in it, with its token range."""
    sentence = doc[i].sent
    for end in range(min(i + 1 + MAX_TITLE_TAIL, sentence.end), i, -1):
        begin = max(sentence.start, i - MAX_TITLE_WORDS + 1)
        found = lookup.noun_ending(list(doc[begin:end]))
        if found is not None and found[0].denotes == "Position" and end - found[1] <= i:
            return found[0], end - found[1], end
    return None


def _titles_before(doc: Doc, begin: int, end: int, lookup: Lookup) -> Iterator[tuple[Noun, int, int]]:
    """The "President" of the name "President & CEO"."""
    for i in range(begin, end):
        if doc[i].lower_ in ("&", "and", "/") and i > begin:
            found = lookup.noun_ending(list(doc[begin:i]))
            if found is not None and found[0].denotes == "Position":
                yield found[0], i - found[1], i
                begin = i + 1


def _lemma(doc: Doc, begin: int, end: int, lookup: Lookup) -> str:
    return " ".join(lookup.singular(t) for t in doc[begin:end])


def _is_inside_name(i: int, begin: int, mentions: Mentions, block: int) -> bool:
    """Tell whether the word belongs to the name of something else ("the General Assembly", "Sultan Berg")."""
    return any(
        r.kind is MentionKind.NAME
        and r.entity.cls not in (None, "Position")
        and r.end > i
        and (r.begin < begin or r.end > i + 1 or r.begin == i)
        for r in mentions.covering(block, i)
    )


def _modifies_another(token: Token, title_end: int) -> bool:
    """ "the CEO role", "premier supplier", "expert group": a word before the noun that is spoken of."""
    head = token.head
    if token.dep_ not in ("amod", "compound", "nmod") or head.i < title_end or head.pos_ != "NOUN":
        return False
    between = token.doc[title_end : head.i]
    return all(t.pos_ in NOUN_POS or t.text == "-" for t in between)


def _is_figurative(doc: Doc, found: tuple[Noun, int, int]) -> bool:
    """ "A leader in wool" and "the market leader" lead nobody; "the leader of the union" does."""
    end = found[2]
    return doc[end - 1].lower_ == "leader" and end - found[1] == 1 and (end >= len(doc) or doc[end].lower_ != "of")


def _belongs_to_title(doc: Doc, i: int, block: int, mentions: Mentions) -> bool:
    token = doc[i]
    if (
        token.pos_ not in NOUN_POS
        or token.lower_ in PASSING
        or token.text in POSSESSIVES
        or not token.text[0].isalpha()
    ):
        return False
    if any(r.entity.cls is not None for r in mentions.covering(block, i)):
        return False
    return token.dep_ in ("compound", "amod", "nmod") or (
        token.text[0].isupper() and doc[i + 1].text[0].isupper() and not token.is_sent_start
    )


def _find_owner(doc: Doc, office: Office, mentions: Mentions, lookup: Lookup) -> None:
    """Find the body of an office: in its complement, before it as possessor or modifier, or after a comma."""

    def is_body(reference: Reference) -> bool:
        cls = reference.entity.cls
        if office.noun.implies == "ministry":  # the topic of a minister is no body
            return cls == "Country" or (cls == "Place" and reference.end <= office.begin)
        if office.noun.implies == "company" and reference.entity.known is None and reference.kind is MentionKind.NAME:
            return cls != "Position"
        if cls in ("Country", "Place"):
            return office.noun.generic
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
    if office.noun.implies == "company" and entity is not None and entity.known is None:
        if entity.cls in (None, "Person", "Place", "System", "Technology", "Programme", "Country"):
            entity.votes["Firm"] += FIRM_VOTE
            entity.cls = "Firm"


def _before(doc: Doc, office: Office, mentions: Mentions) -> list[Reference]:
    """ "Chad's former minister", "its director", "the company's new CEO", "Presight chief executive"."""
    sentence = doc[office.begin].sent
    i = office.begin - 1
    while i > sentence.start and (
        doc[i].lower_ in PASSING
        or doc[i].text == "-"
        and doc[i - 1].lower_ in PASSING | {"co"}
        or doc[i].lower_ == "co"
    ):
        i -= 1
    if i >= sentence.start and doc[i].text in POSSESSIVES:
        i -= 1
    elif i > sentence.start and doc[i].text == "(":  # "Nordbank (President Anna Berg)"
        i -= 1
    elif i > sentence.start and doc[i].text == ")":  # "Nordbank (NB) CEO"
        inner = [r for r in mentions.covering(office.block, i - 1) if r.entity.cls is not None and r.entity.cls != "Person"]
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


def _complement(doc: Doc, office: Office, mentions: Mentions, is_body: object) -> tuple[Reference | None, int]:
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
        bodies = [r for r in covering if is_body(r)]  # type: ignore[operator]
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


def _share_owner(office: Office, offices: Sequence[Office], doc: Doc) -> None:
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
