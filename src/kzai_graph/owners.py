"""Find who owns what: the ties of "X's Y", "its Y", "X, whose Y" and "Y of X"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Token

from kzai_graph.entities import Reference
from kzai_graph.lookup import Lookup
from kzai_graph.model import MentionKind
from kzai_graph.offices import Construction
from kzai_graph.wording import after_brackets

BRIDGE_POS = frozenset({"NOUN", "ADJ", "PUNCT", "NUM", "ADV"})
MAX_BRIDGE = 5


def find_possessives(doc: Doc, references: Sequence[Reference], lookup: Lookup) -> Iterator[Construction]:
    for token in doc:
        if token.tag_ == "POS" and token.i:
            owners = [r for r in references if r.end == token.i or (r.end == token.i + 1 and r.begin < token.i)]
        elif token.tag_ == "PRP$":
            owners = [r for r in references if r.begin == token.i and r.kind is MentionKind.PRONOUN]
        elif token.tag_ == "WP$" and token.i > 1:
            owners = [r for r in references if r.end in (token.i, token.i - 1) and r.end > 0]
        else:
            continue
        if not owners:
            continue
        owner = min(owners, key=lambda r: (r.begin, -r.end))
        for whole in references:  # "its statistics department", "the senate's standing committee"
            if (
                owner.begin - 1 <= whole.begin <= owner.begin < owner.end < whole.end
                and whole.entity is not owner.entity
            ):
                yield Construction("possessive", whole, owner, whole.begin, whole.end)
        thing = thing_after(doc, references, token.i + 1, owner, lookup)
        if thing is None or _is_relation(doc, token, thing, lookup):
            continue
        yield Construction("possessive", thing, owner, owner.begin, thing.end)
        if is_organ(doc, thing, lookup):
            yield Construction("organ", thing, owner, owner.begin, thing.end)
        if thing.kind is MentionKind.NAME and not _is_label(doc, thing):
            yield named_possession(thing, owner, owner.begin, thing.end)
        elif thing.kind is MentionKind.NOMINAL and thing.entity.cls == "Organisation":
            yield Construction("possessive-body", thing, owner, owner.begin, thing.end)


def _is_relation(doc: Doc, possessor: Token, thing: Reference, lookup: Lookup) -> bool:
    """Tell whether a body is named by what it is to another: "its parent company X", "the firm's rival X"."""
    if not lookup.ontology.is_a(thing.entity.cls or "", "Organisation"):
        return False
    end = thing.begin if thing.kind is MentionKind.NAME else thing.end
    return any(t.lemma_.lower() in lookup.ontology.cues.relational for t in doc[possessor.i + 1 : end])


def is_organ(doc: Doc, thing: Reference, lookup: Lookup) -> bool:
    """Tell whether a name is that of an office, a unit, a secretariat: it is a part of what it stands with."""
    words = [t.lower_ for t in doc[thing.begin : thing.end]]
    noun = next((before for before, word in pairwise(words) if word in ("of", "for")), words[-1])
    return thing.kind is MentionKind.NAME and noun in lookup.ontology.cues.organs


def named_possession(thing: Reference, owner: Reference, begin: int, end: int) -> Construction:
    """A name that somebody calls theirs; what a country calls so is in use there, where it is sure to be a system."""
    of_country = owner.entity.cls == "Country" and thing.entity.cls == "System"
    return Construction("country-system" if of_country else "possessive-name", thing, owner, begin, end)


def find_owners(doc: Doc, references: Sequence[Reference], lookup: Lookup) -> Iterator[Construction]:
    """ "AzerTelecom of Azerbaijan", "the Institute of Law of the University of X"."""
    for thing in references:
        i = after_brackets(doc, thing.end)
        if i + 1 < len(doc) and doc[i].text == "," and thing.entity.cls == "Person":
            i += 1  # "Ida Berg, of the Seamen's Union"
        if thing.kind is MentionKind.PRONOUN or i + 1 >= len(doc) or doc[i].lower_ != "of":
            continue
        start = i + 2 if i + 2 < len(doc) and doc[i + 1].lower_ == "the" else i + 1
        for place in starting(references, start):  # "of Istanbul's Koç University"
            if place.end < len(doc) and doc[place.end].tag_ == "POS":
                start = place.end + 1
                break
        owners = [
            r for r in starting(references, start) if r.entity is not thing.entity and r.kind is not MentionKind.IMPLIED
        ]
        if (body := _body_of_place(doc, references, start, lookup)) is not None and body.entity is not thing.entity:
            owners = [body]
        if owners:
            yield from _owned(doc, thing, owners[0], lookup)
    for outer in references:  # the owner inside the name: "Committee of Statistics of the Ministry of Economy"
        for inner in references:
            if (
                outer.begin < inner.begin
                and inner.end <= outer.end
                and inner.entity is not outer.entity
                and outer.kind is MentionKind.NAME
            ):
                k = inner.begin - 1
                if doc[k].lower_ == "the":
                    k -= 1
                if doc[k].lower_ == "of" and k > outer.begin:
                    yield from _owned(doc, outer, inner, lookup)


def _body_of_place(doc: Doc, references: Sequence[Reference], start: int, lookup: Lookup) -> Reference | None:
    """X of "the Bergen firm X" and "the Norwegian NGO X", from the place on."""
    for place in starting(references, start):
        if place.entity.cls not in ("Country", "Place"):
            continue
        for i in range(place.end, min(place.end + MAX_BRIDGE, len(doc))):
            found = [r for r in starting(references, i) if lookup.ontology.is_a(r.entity.cls or "", "Organisation")]
            if found:
                return found[0]
            if doc[i].pos_ not in ("ADJ", "NOUN"):
                break
    return None


def _owned(doc: Doc, thing: Reference, owner: Reference, lookup: Lookup) -> Iterator[Construction]:
    for name in ("of-owner", "organ") if is_organ(doc, thing, lookup) else ("of-owner",):
        yield Construction(name, thing, owner, thing.begin, max(thing.end, owner.end))


def thing_after(
    doc: Doc, references: Sequence[Reference], start: int, owner: Reference, lookup: Lookup
) -> Reference | None:
    """The first reference after a possessor within its noun phrase, modifiers crossed."""
    for i in range(start, min(start + MAX_BRIDGE, len(doc))):
        found = [
            r
            for r in starting(references, i)
            if r.entity is not owner.entity
            and r.kind is not MentionKind.IMPLIED
            and not _only_says(doc, r)
            and not is_seat(doc, r)
        ]
        if found:
            return None if _goes_on(doc, found[0], lookup) else found[0]
        crossed = doc[i].pos_ in BRIDGE_POS or is_hyphened(doc, i)
        if doc[i].text in ",;:" or not (crossed or any(_only_says(doc, r) for r in references if r.begin <= i < r.end)):
            return None
    return None


def _only_says(doc: Doc, reference: Reference) -> bool:
    """ "AI" of "the Bergen-based AI firm X": a technology that says of what kind the thing is."""
    return reference.entity.cls == "Technology" and doc[reference.head].dep_ in ("amod", "compound", "nmod")


def is_seat(doc: Doc, reference: Reference) -> bool:
    """ "Bergen" of "its Bergen-based institute" says where the thing is."""
    return reference.entity.cls in ("Place", "Country") and doc[reference.end : reference.end + 1].text == "-"


def _is_label(doc: Doc, reference: Reference) -> bool:
    """ "IP" of "its IP platform" says what kind it is; "Llyr" of "its Llyr platform" is its name."""
    return doc[reference.begin : reference.end].text.isupper() and doc[reference.head].dep_ in ("compound", "nmod")


def _goes_on(doc: Doc, reference: Reference, lookup: Lookup) -> bool:
    """Tell whether a noun follows that makes something else of a name: "Llyr users", but not "the Llyr model"."""
    after = doc[reference.end] if reference.end < len(doc) else None
    if after is None or after.text == "-":
        return after is not None
    head = doc[reference.head].head
    if after.pos_ in ("NOUN", "PROPN") and not after.is_sent_start:
        head = after
    elif head.i < reference.end or head.pos_ != "NOUN" or doc[reference.head].dep_ != "compound":
        return False
    noun = lookup.noun(lookup.singular(head))
    return noun is None or not lookup.ontology.is_a(reference.entity.cls or "", noun.denotes)


def starting(references: Sequence[Reference], begin: int) -> list[Reference]:
    """The references that start at a token, largest first."""
    return sorted((r for r in references if r.begin == begin), key=lambda r: -r.end)


def is_hyphened(doc: Doc, i: int) -> bool:
    """A part of "start-up", whatever the tagger takes it for."""
    return "-" in {t.text for t in doc[max(0, i - 1) : i + 2]}


def with_conjuncts(doc: Doc, references: Sequence[Reference], first: Reference) -> Iterator[Reference]:
    """The members of "A, B and C" from the first on."""
    yield first
    end = first.end
    while end < len(doc) and doc[end].lower_ in (",", "and", "or"):
        start = end + 1
        if start < len(doc) and doc[start].lower_ in ("and", "or"):
            start += 1
        found = [
            r for r in starting(references, start) if r.kind is MentionKind.NAME and r.entity.cls == first.entity.cls
        ]
        if not found:
            return
        yield found[0]
        end = found[0].end
