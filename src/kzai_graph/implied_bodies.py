"""Find the body of an office that names none: the firm, or the ministry, that the text is speaking of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kzai_graph.entities import Entity, Reference
from kzai_graph.holders import HOLDS, Construction
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.office_bodies import NOUN_POS, PASSING, Office
from kzai_graph.salience import CLEAR, MARGIN, rank, sentence_starts

INCUMBENT = PASSING - frozenset("former ex then outgoing late previous previously onetime own their respective".split())
JOINING = frozenset({"and", "&", "/", ","})
GENERAL = frozenset({"company", "firm", "group"})
"""What may stand before a title and says no more than that it is a firm's: "company spokesman"."""
MAX_SENTENCES = 2


def find_implied_bodies(
    offices: Sequence[Office], ties: Sequence[Construction], mentions: Mentions, lookup: Lookup
) -> Iterator[tuple[Office, Entity]]:
    """Yield the offices that somebody holds and that name no body, each with the body that the text speaks of.

    "The chief executive, Anna Berg, …" after a sentence about one firm; "Deputy Minister Ole Lund" in a text on one
    ministry. An office whose holder has another one with a body, and one that is past, stays without.
    """
    holders: dict[tuple[int, int], list[Entity]] = {}
    for tie in ties:
        if tie.name == HOLDS:
            holders.setdefault((tie.object.block, tie.object.begin), []).append(tie.subject.entity)
    placed = {
        id(person)
        for tie in ties
        if tie.name != HOLDS
        for person in holders.get((tie.subject.block, tie.subject.begin), ())
    }
    ending = {(o.block, o.end): o for o in offices}
    for office in offices:
        persons = holders.get((office.block, office.begin), [])
        if not persons or any(id(p) in placed for p in persons) or not _is_bare(office, ending, mentions):
            continue
        if _is_followed(office, persons, offices, mentions) or _comes_from(office, persons, mentions):
            continue
        body = None
        if office.noun.implies == "company":
            body = _firm(office, mentions, lookup)
        elif office.noun.implies == "ministry":
            body = _ministry(office, mentions)
        if body is not None:
            yield office, body


def _is_bare(office: Office, ending: Mapping[tuple[int, int], Office], mentions: Mentions) -> bool:
    """Tell an office of today of which nothing says where it is: "the chief executive", "CEO Anna Berg"."""
    if not _names_no_body(office, mentions):
        return False
    doc, i = mentions.docs[office.block], office.begin - 1
    while i >= 0:
        beside = ending.get((office.block, i if doc[i].text in JOINING else i + 1))
        if beside is not None:  # the "Chairman" of "Chairman and CEO"
            if not _names_no_body(beside, mentions):
                return False
            i = beside.begin - 1
        elif doc[i].lower_ in INCUMBENT:
            i -= 1
        else:
            break
    if i < 0:
        return True
    before = doc[i]
    owned = before.tag_ in ("POS", "PRP$") or (before.text[0].isupper() and before.pos_ in NOUN_POS)
    return not (owned or before.lower_ in PASSING | {"a", "an", "as"})


def _names_no_body(office: Office, mentions: Mentions) -> bool:
    if office.plural or office.has_complement or office.owner is not None or office.body is not None:
        return False
    if office.reference is None or office.reference.entity.owner is not None:
        return False
    more = mentions.docs[office.block][office.begin : office.title_end - len(office.title.split())]
    return all(t.lower_ in GENERAL for t in more)  # not "Brineworks CEO"


def _is_followed(office: Office, persons: Sequence[Entity], others: Sequence[Office], mentions: Mentions) -> bool:
    """Tell whether something in capitals stands behind it and what is joined to it: "founder and CEO, Salt Lights"."""
    doc, end = mentions.docs[office.block], office.end
    while end + 1 < len(doc) and doc[end].lower_ in JOINING:
        joined = next((o for o in others if o.block == office.block and o.begin == end + 1), None)
        if joined is None:
            break
        end = joined.end
    if end + 1 >= len(doc) or doc[end].text != "," or not doc[end + 1].text[0].isupper():
        return False
    return not any(r.entity in persons for r in mentions.covering(office.block, end + 1))


def _comes_from(office: Office, persons: Sequence[Entity], mentions: Mentions) -> bool:
    """Tell whether the holder is said to be of something: "Chief Executive Anna Berg, of the Salt Chamber"."""
    doc = mentions.docs[office.block]
    ends = [
        r.end for r in mentions.references if r.block == office.block and r.entity in persons and r.begin >= office.end
    ]
    i = min(ends, default=len(doc))
    i += i < len(doc) and doc[i].text == ","
    return i < len(doc) and doc[i].lower_ in ("at", "from", "of", "with")


def _firm(office: Office, mentions: Mentions, lookup: Lookup) -> Entity | None:
    """The firm in front just before, surest where the whole text is on it; none where the sentence names another."""
    bodies = [
        r
        for r in mentions.references
        if r.kind is not MentionKind.IMPLIED
        and r.entity.named
        and lookup.ontology.is_a(r.entity.cls or "", "Organisation")
    ]
    ranked = rank(_before(office, bodies, mentions), (office.block, office.begin), mentions)
    if not ranked:
        return None
    (weight, found), second = ranked[0], ranked[1][0] if len(ranked) > 1 else 0.0
    ahead = MARGIN if found is _main_firm(bodies) else CLEAR
    if weight < ahead * second or found.cls not in ("Firm", "Organisation"):
        return None
    sentence = mentions.docs[office.block][office.begin].sent
    after = (
        r.entity
        for r in mentions.references
        if r.block == office.block and office.end <= r.begin < sentence.end and r.kind is MentionKind.NAME
    )
    rival = any(e is not found and (e.cls is None or lookup.ontology.is_a(e.cls, "Organisation")) for e in after)
    return None if rival else found


def _main_firm(bodies: Sequence[Reference]) -> Entity | None:
    """The firm that a text speaks of twice as often as of any other."""
    counted = Counter(id(r.entity) for r in bodies if r.entity.cls == "Firm").most_common(2)
    if not counted or (len(counted) > 1 and counted[0][1] < CLEAR * counted[1][1]):
        return None
    return next(r.entity for r in bodies if id(r.entity) == counted[0][0])


def _before(office: Office, bodies: Sequence[Reference], mentions: Mentions) -> list[Reference]:
    """What is mentioned before it in this sentence and the two before, or else in the paragraph before as well."""
    starts = [s for s in sentence_starts(mentions.docs[office.block]) if s <= office.begin][-1 - MAX_SENTENCES :]
    near = [r for r in bodies if r.block == office.block and starts[0] <= r.begin and r.end <= office.begin]
    if len(starts) > MAX_SENTENCES:
        return near
    previous = max((b for b in mentions.docs if b < office.block), default=None)
    return near + [r for r in bodies if r.block == previous]


def _ministry(office: Office, mentions: Mentions) -> Entity | None:
    """The only ministry of the text, where the sentence names no country that is not the ministry's."""
    ministries = {id(r.entity): r.entity for r in mentions.references if r.entity.cls == "Ministry"}
    if len(ministries) != 1:
        return None
    found = next(iter(ministries.values()))
    sentence = mentions.docs[office.block][office.begin].sent
    foreign = any(
        r.entity.cls == "Country" and r.entity is not found.owner
        for r in mentions.references
        if r.block == office.block and sentence.start <= r.begin < sentence.end
    )
    return found if found.named and not foreign else None
