"""First pass over a document: its names, their variants and classes, and where each stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType

from spacy.tokens import Doc

from kzai_graph.classes import APPOSITION, collect_votes
from kzai_graph.entities import Entity, Reference, Registry, settle_class, surface
from kzai_graph.givennames import given_names
from kzai_graph.lookup import Lookup, fold
from kzai_graph.model import MentionKind
from kzai_graph.name_filters import common_abbreviations, in_contact_line, is_slogan, names_nothing
from kzai_graph.name_lists import find_chains
from kzai_graph.name_shapes import class_noun_after
from kzai_graph.names import find_names
from kzai_graph.naming import is_person
from kzai_graph.recurring import find_recurring
from kzai_graph.variants import merge_persons, merge_variants, vote_by_surname
from kzai_graph.wording import CLOSING, OPENING, TICKER, Name, initials

ABBREVIATION = re.compile(r"[A-Z][\w&.-]{1,11}$")
PARTY = re.compile(r"[A-Z]{1,3}-[A-Z][A-Za-z.]{1,5}$")
"""The party and state behind a lawmaker's name ("R-ND")."""
PARTIES = frozenset("company group bank fund agency authority committee ministry project party parties".split())
KNOWN_AS = {("known", "as"), ("also", "known", "as"), ("better", "known", "as"), ("formerly",), ("previously",),
            ("formerly", "known", "as"), ("or",)}  # fmt: skip
MAX_ALIAS_TOKENS = 5
MAX_BRACKET_TOKENS = 16
MAX_OWNER_TOKENS = 5
REGIONS = frozenset({"region", "oblast", "province", "district"})


@dataclass(slots=True)
class Mentions:
    """The references of one document; ``docs`` maps a block's index to its parsed text."""

    docs: Mapping[int, Doc]
    registry: Registry
    references: list[Reference] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)

    def covering(self, block: int, token: int) -> list[Reference]:
        """The references over a token, largest first."""
        found = [r for r in self.references if r.block == block and r.begin <= token < r.end]
        return sorted(found, key=lambda r: (r.begin - r.end, r.begin))

    def main_country(self) -> Entity | None:
        """The country that the document names most, if one stands out."""
        counted = Counter(r.entity.key for r in self.references if r.entity.cls == "Country")
        ranked = counted.most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return None
        return self.registry.find(ranked[0][0])

    def settle(self) -> None:
        """Follow merges, so that every reference names a live entity, and keep the order of the text."""
        for reference in self.references:
            reference.entity = self.registry.resolve(reference.entity)
        self.references.sort(key=lambda r: (r.block, r.begin, -r.end))


def find_mentions(
    docs: Mapping[int, Doc], lookup: Lookup, bylines: Mapping[int, Sequence[str]] = MappingProxyType({})
) -> Mentions:
    """Read the names of all blocks and settle what each stands for over the whole document.

    ``bylines`` gives for the index of a byline's block the persons that it names.
    """
    mentions = Mentions(docs, Registry(lookup))
    named: list[tuple[Name, Entity]] = []
    abbreviations: dict[str, tuple[str, Name]] = {}
    found = {block: find_names(doc, block, lookup, bylines.get(block, ())) for block, doc in docs.items()}
    for block, names in find_recurring(docs, found, lookup).items():
        found[block] = sorted([*found[block], *names], key=lambda n: (n.begin, -n.end))
    for block, doc in docs.items():
        for short, long in _abbreviations(doc, found[block]).items():
            if short not in abbreviations:
                abbreviations[short] = long
    written_out = {short for short, (_, name) in abbreviations.items() if name.noun is not None or name.known}
    common = {short for doc in docs.values() for short in common_abbreviations(doc, lookup)} - written_out
    counted = Counter(surface(docs[b], n.begin, n.end) for b, names in found.items() for n in names)
    firms = {
        surface(docs[b], n.begin, n.end) for b, names in found.items() for n in names if _is_firm(docs[b], n, lookup)
    }
    for block, doc in docs.items():
        names = found[block] = [n for n in found[block] if _names_something(doc, n, written_out, common, lookup)]
        _forget_namesakes(doc, names, abbreviations, firms)
        _share_regions(doc, names, lookup)
        collect_votes(doc, names, lookup)
        names = [n for n in names if counted[surface(doc, n.begin, n.end)] > 1 or not is_slogan(doc, n, lookup)]
        mentions.names += names
        for name in names:
            entity = _entity(doc, name, mentions.registry, lookup)
            if entity is not None:
                named.append((name, entity))
    for name, entity in named:
        for cls, weight in name.votes.items():
            if name.noun is None or name.loose or cls != name.noun.denotes:
                entity.votes[cls] += weight
        entity.ware += name.ware
        for cls, weight in name.hints.items():
            entity.hints[cls] += weight
        entity.things += name.thing
        _place(mentions, name, entity, lookup)
    vote_by_surname(mentions.registry)
    for entity in mentions.registry.entities():
        if entity.ware and entity.votes.get("Firm", 0.0) >= APPOSITION:
            entity.votes["System"] -= entity.ware  # "the NAME app" of a text that calls NAME a bank
        entity.cls = settle_class(entity, lookup)
    entity_of = {id(name): entity for name, entity in named}
    merge_variants(
        mentions.registry,
        {short: entity_of[id(name)] for short, (_, name) in abbreviations.items() if id(name) in entity_of},
    )
    for entity in mentions.registry.entities():
        entity.cls = settle_class(entity, lookup)
    merge_persons(mentions.registry)
    mentions.settle()
    return mentions


def _names_something(doc: Doc, name: Name, written_out: Set[str], common: Set[str], lookup: Lookup) -> bool:
    text = surface(doc, name.begin, name.end)
    if text in written_out:
        return True
    return not (text in common or in_contact_line(doc, name) or names_nothing(doc, name, lookup))


def _entity(doc: Doc, name: Name, registry: Registry, lookup: Lookup) -> Entity | None:
    if name.noun is not None and name.noun.denotes == "Position":
        return None  # offices are settled with their owners
    if name.known is not None:
        return registry.known(name.known)
    text = surface(doc, name.core_begin, name.core_end)
    if not text or not any(c.isalpha() for c in text):
        return None
    if (
        name.noun is not None
        and not name.loose
        and (name.noun.generic or not lookup.ontology.is_a(name.noun.denotes, "Organisation", "Place", "System"))
    ):
        owner = _owner(doc, name, registry, lookup) if name.noun.generic else None
        return registry.headed(
            text, _title(doc, name, lookup), name.noun.denotes, generic=name.noun.generic, owner=owner
        )
    entity = registry.name(text)
    if name.noun is not None and not name.loose:
        entity.votes[name.noun.denotes] += 5
        entity.title = _title(doc, name, lookup)
    return entity


def _title(doc: Doc, name: Name, lookup: Lookup) -> str:
    tokens = list(doc[name.core_begin : name.head + 1])
    found = lookup.noun_ending(tokens)
    if found is None:
        return doc[name.core_begin].lower_
    words = tokens[len(tokens) - found[1] :]
    return " ".join(lookup.singular(t) for t in words)


def _place(mentions: Mentions, name: Name, entity: Entity, lookup: Lookup) -> None:
    """Add the reference of a name, with the class noun beside it where that fits."""
    doc = mentions.docs[name.block]
    kind = MentionKind.IMPLIED if name.demonym else MentionKind.NAME
    here = (name.block, name.begin)
    entity.order = min(entity.order, here) if entity.order != (0, 0) else here
    begin, end, head = name.begin, name.end, name.head
    mentions.references.append(Reference(name.block, begin, end, head, kind, entity))
    stop = end
    while name.quoted and stop < min(end + 2, len(doc)) and (doc[stop].text in CLOSING or doc[stop].text in "!?"):
        stop += 1
    if name.quoted:
        _titled(mentions, name, entity, stop, lookup)
    after = class_noun_after(doc, stop, lookup)
    if after is None or name.demonym:
        return
    noun, long_end = after
    if (
        noun.denotes == "Place"
        and entity.known is not None
        and not name.quoted
        and doc[long_end - 1].lower_ in REGIONS
        and entity.cls == "Place"
    ):  # the Almaty region is not Almaty
        region = mentions.registry.name(surface(doc, begin, long_end))
        region.votes["Place"] += 5
        region.order = region.order if region.order != (0, 0) else (name.block, name.begin)
        mentions.references.append(Reference(name.block, begin, long_end, long_end - 1, kind, region))
        return
    cls = entity.cls_hint
    if entity.known is not None:
        fits = noun.denotes in lookup.ontology.ancestors[entity.known.cls] or _carries(noun.denotes, entity.known.cls)
    else:
        fits = cls is not None and (lookup.ontology.is_a(noun.denotes, cls) or lookup.ontology.is_a(cls, noun.denotes))
    if fits:
        start = begin - 1 if name.quoted and begin > 0 and doc[begin - 1].text in OPENING else begin
        mentions.references.append(Reference(name.block, start, long_end, long_end - 1, kind, entity))


def _titled(mentions: Mentions, name: Name, entity: Entity, stop: int, lookup: Lookup) -> None:
    """Let "the Law “On Bridges”" name the law as a whole, too."""
    doc, noun_at = mentions.docs[name.block], name.begin - 2
    found = lookup.noun_ending([doc[noun_at]]) if noun_at >= 0 else None
    if (
        found is None
        or not lookup.ontology.is_a(found[0].denotes, "Instrument", "Programme")
        or entity.known is not None
    ):
        return
    mentions.references.append(Reference(name.block, noun_at, stop, stop - 1, MentionKind.NAME, entity))
    if doc[name.begin].lower_ == "on":
        title = surface(doc, name.begin, name.end)
        entity.forms[f"{doc[noun_at].text} {title[:1].lower()}{title[1:]}"] += 2


def _carries(noun_class: str, known_class: str) -> bool:
    """ "AI technologies" are AI."""
    return noun_class == "Technology" and known_class == "Technology"


def _abbreviations(doc: Doc, names: list[Name]) -> dict[str, tuple[str, Name]]:
    """Pairs of a short form and the name that introduces it ("Capital Markets Authority (CMA)", "…, known as CMA")."""
    found: dict[str, tuple[str, Name]] = {}
    for name in names:
        if name.known is not None and name.demonym:
            continue
        for begin, end in _short_forms(doc, name):
            text = doc[begin:end].text.strip("“”\"'‘’ ")
            if PARTY.match(text):
                name.vote("Person", 2.0)
            elif _is_short_form(doc, begin, text):
                long = surface(doc, name.core_begin, name.core_end)
                if _is_somebody(long) and doc[begin].text not in OPENING and not _initials_fit(text, long):
                    continue  # "Karl Brem (Zentrix)"
                if doc[begin - 1].lower_ == "or" and doc[name.end].text == "," and not _initials_fit(text, long):
                    continue  # "Norvik, or Zonamar, will win"
                if text not in found or (_initials_fit(text, long) and not _initials_fit(text, found[text][0])):
                    found[text] = long, name
    return found


def _is_somebody(name: str) -> bool:
    first, _, rest = name.partition(" ")
    return bool(rest) and fold(first) in given_names() and is_person(name)


def _is_short_form(doc: Doc, begin: int, text: str) -> bool:
    if text.isdigit() or text.casefold() in PARTIES:
        return False
    quoted = doc[begin].text in OPENING and text[:1].isupper() and len(text.split()) < 4
    return ABBREVIATION.match(text) is not None or quoted


def _short_forms(doc: Doc, name: Name) -> Iterator[tuple[int, int]]:
    """The token ranges in which a short form of the name may stand: in the brackets after it, after "known as"."""
    i = name.end
    while i + 2 < len(doc) and doc[i].text == "(":
        close = next((j for j in range(i + 2, min(i + MAX_BRACKET_TOKENS, len(doc))) if doc[j].text == ")"), None)
        if close is None:
            return
        if not TICKER.match(doc.text[doc[i + 1].idx : doc[i + 1].idx + 24]):
            yield from _alternatives(doc, i + 1, close)
            return
        i = close + 1
    if i + 1 < len(doc) and doc[i].text == ",":
        i += 1
        words = [t.lower_ for t in doc[i : i + 4]]
        led = next((n for n in (3, 2, 1) if tuple(words[:n]) in KNOWN_AS), 0)
        start = i + led + (len(words) > led and words[led] == "the")
        if led:
            end = next((j for j in range(start, min(start + MAX_ALIAS_TOKENS, len(doc))) if doc[j].text == ","), start)
            yield start, end


def _alternatives(doc: Doc, begin: int, close: int) -> Iterator[tuple[int, int]]:
    """The parts of "“Kelp” or the “Company”" and of "KMA, or the Authority"."""
    start = begin
    for i in range(begin, close + 1):
        if i == close or doc[i].text in (",", ";") or doc[i].lower_ == "or":
            while start < i and doc[start].lower_ in ("the", "or", "hereinafter", "hereafter", "formerly"):
                start += 1
            if 0 < i - start <= MAX_ALIAS_TOKENS:
                yield start, i
            start = i + 1


def _is_firm(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether a noun right before a name of the gazetteer makes a firm of it: "the lender Gemini"."""
    if name.known is None or not lookup.ontology.is_a(name.known.cls, "Programme", "Publication", "System"):
        return False
    before = doc[name.begin - 1] if name.begin else None
    if before is None or before.tag_ != "NN" or not before.text.islower():
        return False
    found = lookup.noun_ending(list(doc[max(0, name.begin - 3) : name.begin]))
    return found is not None and found[0].denotes == "Firm"


def _forget_namesakes(doc: Doc, names: list[Name], abbreviations: dict[str, tuple[str, Name]], firms: Set[str]) -> None:
    """Where a document introduces "AR" for "Accounts Receivable", it is not the AR of the gazetteer; nor are firms."""
    for name in names:
        if name.known is not None and surface(doc, name.begin, name.end) in firms:
            name.known = None
        long = abbreviations.get(surface(doc, name.begin, name.end), (None,))[0] if name.known is not None else None
        if long is not None and name.known is not None and _initials_fit(surface(doc, name.begin, name.end), long):
            known_names = {n.casefold() for n in (name.known.label, *name.known.aliases)}
            if long.casefold() not in known_names and not any(
                long.casefold() in n or n in long.casefold() for n in known_names if " " in n
            ):
                name.known = None


def _share_regions(doc: Doc, names: list[Name], lookup: Lookup) -> None:
    """ "The Almaty and Zhambyl regions" are two regions, not a city and a region."""
    for chain in find_chains(doc, names):
        closing = [doc[i] for i in (chain[-1].end - 1, chain[-1].end) if i < len(doc)]
        if not any(lookup.singular(t) in REGIONS and t.lower_ not in REGIONS for t in closing):
            continue
        for name in chain:
            known = lookup.by_label.get(("Place", f"{name.known.label} Region")) if name.known is not None else None
            name.known = known or name.known


def _initials_fit(short: str, long: str) -> bool:
    """Tell whether the capitals of a short form are the first letters of the words of the long one, in order."""
    return initials(long) == short.replace(".", "").replace("&", "")


def _owner(doc: Doc, name: Name, registry: Registry, lookup: Lookup) -> Entity | None:
    """The country that stands with a generic name: at its end, possessing it, or just before it."""
    if name.owner is not None:
        hit = lookup.known_exactly(doc, *name.owner)
    else:
        end = name.begin - 1 if name.begin and doc[name.begin - 1].tag_ == "POS" else name.begin
        found = (lookup.known_exactly(doc, begin, end) for begin in range(max(0, end - MAX_OWNER_TOKENS), end))
        hit = next((h for h in found if h is not None), None)
    return registry.known(hit.known) if hit is not None and hit.known.cls == "Country" else None
