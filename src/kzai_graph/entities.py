"""Gather the names of one document into entities: variants, abbreviations, surnames, one class each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc

from kzai_graph.lexical import Known
from kzai_graph.lookup import Lookup, _singular, fold
from kzai_graph.model import MentionKind
from kzai_graph.names import initials

EMPTY_WORDS = frozenset("of the a an and on for in to at by with its their his her & - – , . ' ’ “ ” \" : / ' s ’s 's".split())
OUTER = " \t\n\r\u00a0\"“”«»„'‘’.,;:–—-()[]*_"
TRANSLITERATIONS = (("q", "k"), ("gh", "g"), ("kh", "h"), ("zh", "j"), ("dj", "j"), ("iy", "i"), ("yi", "i"), ("y", "i"), ("ii", "i"), ("w", "v"), ("ts", "c"), ("ph", "f"))
MIN_SOUND_LETTERS = 5
MIN_BRANCH_WORDS = 2
YEAR_AT_END = re.compile(r"\s(?:19|20)\d\d$")
MAX_HINT = 2.0
"""What many weak votes for a class count together: less than one description of the name."""


@dataclass(slots=True)
class Reference:
    """Where a document names or means an entity: tokens ``begin`` to ``end`` of a block, ``head`` its main token."""

    block: int
    begin: int
    end: int
    head: int
    kind: MentionKind
    entity: Entity
    short_end: int = -1
    """For a description with a complement: where the phrase ends without it."""


@dataclass(slots=True, eq=False)
class Entity:
    """What one document says with one or several names."""

    key: tuple[str, ...]
    votes: Counter[str] = field(default_factory=Counter)
    hints: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    cls: str | None = None
    known: Known | None = None
    owner: Entity | None = None
    title: str = ""
    """Lemma of the class noun that heads its names."""
    words: frozenset[str] = frozenset()
    """For a name with a class noun: all its telling words, the title among them."""
    generic: bool = False
    named: bool = True
    telling: bool = False
    """For a description: it says so much that it is worth a node where no statement uses it."""
    order: tuple[int, int] = (0, 0)

    @property
    def cls_hint(self) -> str | None:
        """The class so far: of the gazetteer, or with the most votes."""
        if self.known is not None:
            return self.known.cls
        weights = self.votes or self.hints
        return max(weights, key=lambda c: (weights[c], c), default=None)

    @property
    def label(self) -> str:
        if self.known is not None:
            return self.known.label
        if self.cls == "Person":
            return min(self.forms, key=lambda f: (-len(f.split()), -self.forms[f], f))
        return min(self.forms, key=lambda f: (-self.forms[f], -len(f), f))


def surface(doc: Doc, begin: int, end: int) -> str:
    """The clean text of tokens: one space, no outer punctuation, no article."""
    text = " ".join(doc[begin:end].text.split()).strip(OUTER.replace(".", "") if _ends_abbreviated(doc, end) else OUTER)
    return re.sub(r"^(?:the|a|an|The|A|An)\s+", "", text)


def _ends_abbreviated(doc: Doc, end: int) -> bool:
    return doc[end - 1].text.endswith(".") and len(doc[end - 1].text) > 1


def content_words(text: str, lookup: Lookup) -> frozenset[str]:
    """The words of a name that tell it apart, in the singular, abbreviations of technologies written out."""
    words = [w for w in re.findall(r"[\w.&%]+(?:-[\w]+)*", text) if w.casefold() not in EMPTY_WORDS]
    found: set[str] = set()
    for word in words:
        known = lookup.abbreviation(word)
        if known is not None:
            found |= {_singular(fold(w)) for w in known.split() if w not in EMPTY_WORDS}
        else:
            found.add(_singular(fold(word.strip("."))))
    return frozenset(w for w in found if w)


class Registry:
    """The entities of one document, found by key; keys are exact, variants are merged afterwards."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._by_key: dict[tuple[str, ...], Entity] = {}
        self._merged: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __iter__(self) -> Iterable[Entity]:  # type: ignore[override]
        return iter(self._by_key.values())

    def known(self, known: Known) -> Entity:
        entity = self._get(("known", known.cls, known.label))
        entity.known, entity.cls = known, known.cls
        entity.votes[known.cls] += 10
        return entity

    def name(self, text: str) -> Entity:
        """The entity of a plain name."""
        entity = self._get(("name", fold(text).replace("’", "'")))
        entity.forms[text] += 1
        return entity

    def headed(self, text: str, title: str, cls: str, *, generic: bool, named: bool = True, owner: Entity | None = None) -> Entity:
        """The entity of a name or description with a class noun; word order and spelling of topics do not matter.

        A generic name is told apart by its owner; where it says nothing but what it is, its label names the owner.
        """
        words = content_words(text, self.lookup) | {title}
        told_by = ("@", *owner.key) if generic and owner is not None else ()
        entity = self._get(("headed", self.lookup.root(cls), title, *sorted(words), *told_by))
        entity.words = words
        bare = owner is not None and words <= {title, *title.split()}
        entity.forms[f"{text[:1].upper()}{text[1:]} of {owner.label}" if owner is not None and bare else text] += 1
        entity.votes[cls] += 4
        entity.title, entity.generic = title, generic
        entity.named = entity.named and named if entity.forms.total() > 1 else named
        entity.owner = entity.owner or owner
        return entity

    def office(self, text: str, title: str, words: frozenset[str], owner: Entity | None) -> Entity:
        """The entity of an office: its title, what else its name says, and the body or country that it is in."""
        rest = words - {w for w in title.split()}
        if owner is not None:
            rest -= {w for form in (owner.label, *owner.forms) for w in content_words(form, self.lookup)}
        entity = self._get(("office", title, *sorted(rest), "@", *(owner.key if owner else ())))
        entity.forms[text] += 1
        entity.votes["Position"] += 5
        entity.cls, entity.title, entity.generic = "Position", title, True
        entity.owner = owner
        return entity

    def find(self, key: tuple[str, ...]) -> Entity | None:
        return self._by_key.get(self._merged.get(key, key))

    def _get(self, key: tuple[str, ...]) -> Entity:
        while key in self._merged:
            key = self._merged[key]
        if key not in self._by_key:
            self._by_key[key] = Entity(key)
        return self._by_key[key]

    def merge(self, small: Entity, large: Entity) -> None:
        """Make the two one; references follow by ``resolve``."""
        small, large = self.resolve(small), self.resolve(large)
        if small is large:
            return
        large.votes.update(small.votes)
        large.hints.update(small.hints)
        large.forms.update(small.forms)
        large.owner = large.owner or small.owner
        large.known = large.known or small.known
        large.named = large.named or small.named
        large.telling = large.telling or small.telling
        self._merged[small.key] = large.key
        self._by_key.pop(small.key, None)

    def is_live(self, entity: Entity) -> bool:
        """Tell whether it was not merged into another."""
        return entity.key in self._by_key

    def resolve(self, entity: Entity) -> Entity:
        """The entity into which this one was merged, or itself."""
        key = entity.key
        while key in self._merged:
            key = self._merged[key]
        return self._by_key[key]

    def entities(self) -> list[Entity]:
        return sorted(self._by_key.values(), key=lambda e: (e.order, e.key))


def merge_variants(registry: Registry, abbreviations: dict[str, str]) -> None:
    """Merge what one document writes in several ways.

    ``abbreviations`` maps a short form to the long form that it follows in parentheses. Then: a name without its
    firm suffix or class noun, a headed name whose words are among those of just one longer one.
    """
    for short, long in sorted(abbreviations.items()):
        small, large = _with_form(registry, short), _with_form(registry, long)
        if small is not None and large is not None and not (small.known and large.known):
            registry.merge(small, large)
    _merge_initials(registry)
    _merge_shortened(registry)
    _merge_spellings(registry)
    _merge_registered(registry)
    _merge_years(registry)
    _merge_branches(registry)
    merge_subsets(registry)


def _with_form(registry: Registry, form: str) -> Entity | None:
    found = [e for e in registry.entities() if form in e.forms or (e.known is not None and form in (e.known.label, *e.known.aliases))]
    return found[0] if found else None


def _merge_initials(registry: Registry) -> None:
    """ "CBK" is the one body of the document whose words begin so, though no bracket says it."""
    by_initials: dict[str, dict[tuple[str, ...], Entity]] = defaultdict(dict)
    for entity in registry.entities():
        if registry.lookup.ontology.is_a(entity.cls_hint or "", "Organisation", "Instrument"):
            for form in (*entity.forms, *((entity.known.label,) if entity.known else ())):
                if len(form.split()) > 2:
                    by_initials[initials(form)][entity.key] = entity
    for entity in registry.entities():
        if entity.known is not None or entity.key[0] != "name" or entity.votes:
            continue
        for form in sorted(entity.forms):
            longer = by_initials.get(form, {}) if form.isupper() and len(form) > 2 else {}
            if len(longer) == 1:
                registry.merge(entity, next(iter(longer.values())))
                break


def _merge_registered(registry: Registry) -> None:
    """ "Gilat" is the one firm of the document with a legal form whose ordinary words follow it ("Gilat Networks Ltd.")."""
    lookup = registry.lookup
    registered = [(e, f) for e in registry.entities() for f in sorted(e.forms) if lookup.is_legal_form(f.split()[-1])]
    for entity in registry.entities():
        shorts = [entity.known.label] if entity.known is not None else sorted(entity.forms)
        if not registry.is_live(entity) or entity.cls not in ("Firm", "Organisation", None):
            continue
        longer = {e.key: e for e, f in registered for s in shorts if e is not entity and registry.is_live(e) and f.startswith(s + " ") and e.known is None and _is_ordinary(f[len(s) :].split()[:-1], lookup)}
        if len(longer) == 1:
            large = next(iter(longer.values()))
            registry.merge(*((large, entity) if entity.known is not None else (entity, large)))


def _is_ordinary(words: list[str], lookup: Lookup) -> bool:
    return all(lookup.is_word(w.strip(",.")) or lookup.noun(w) is not None or lookup.abbreviation(w) is not None for w in words)


def _merge_years(registry: Registry) -> None:
    """ "Harbour Summit" is "Harbour Summit 2031" where the document speaks of one year's only."""
    dated: dict[str, dict[tuple[str, ...], Entity]] = defaultdict(dict)
    for entity in registry.entities():
        for form in entity.forms:
            bare = YEAR_AT_END.sub("", form)
            if bare != form and registry.lookup.ontology.is_a(entity.cls or "", "Event", "Publication", "Programme"):
                dated[fold(bare)][entity.key] = entity
    for entity in registry.entities():
        names = (entity.known.label, *entity.known.aliases) if entity.known is not None else tuple(sorted(entity.forms))
        for name in names:
            found = dated.get(fold(name), {})
            if len(found) == 1 and registry.is_live(entity):
                other = next(iter(found.values()))
                if other is not entity and registry.is_live(other) and other.known is None:
                    registry.merge(*((other, entity) if entity.known is not None else (entity, other)))


def _merge_branches(registry: Registry) -> None:
    """ "Nordic Seed Lab" and "Nordic Chile Seed Lab" are one where the document names no other country's."""
    countries = {word for known in registry.lookup.countries.values() for word in content_words(known.label, registry.lookup)}
    bodies = [e for e in registry.entities() if e.known is None and e.cls and registry.lookup.ontology.is_a(e.cls, "Organisation")]
    words = {e.key: content_words(e.label, registry.lookup) for e in bodies}
    for small in bodies:
        larger = [e for e in bodies if e is not small and words[small.key] < words[e.key] and words[e.key] - words[small.key] <= countries and registry.is_live(e)]
        if small.title and len(words[small.key]) > MIN_BRANCH_WORDS and len(larger) == 1 and registry.is_live(small):
            registry.merge(small, larger[0])


def _merge_spellings(registry: Registry) -> None:
    """Two spellings of one foreign name ("Qaliyev", "Kaliev") in one document are one."""
    by_sound: dict[tuple[str, ...], Entity] = {}
    for entity in registry.entities():
        if entity.known is not None or entity.key[0] != "name":
            continue
        sound = _sound(entity.key[1])
        if len(sound) > MIN_SOUND_LETTERS:
            first = by_sound.setdefault((sound,), entity)
            if first is not entity:
                registry.merge(entity, first)


def _sound(text: str) -> str:
    """A name without what transliterations differ in."""
    for written, heard in TRANSLITERATIONS:
        text = text.replace(written, heard)
    return text


def _merge_shortened(registry: Registry) -> None:
    """ "Halyk" is "Halyk Bank", "Presight" is "Presight Inc.": the longer name adds class nouns only."""
    by_first: dict[str, list[Entity]] = defaultdict(list)
    for entity in registry.entities():
        for form in entity.forms:
            words = form.split()
            if len(words) > 1:
                by_first[words[0]].append(entity)
    for entity in registry.entities():
        if entity.known is not None or entity.key[0] != "name":
            continue
        for form in sorted(entity.forms):
            longer = {e.key: e for e in by_first.get(form.split()[0], []) if e is not entity and any(_adds_class_nouns(form, f, registry.lookup) for f in e.forms)}
            if len(longer) == 1:
                registry.merge(entity, next(iter(longer.values())))
                break


def _adds_class_nouns(short: str, long: str, lookup: Lookup) -> bool:
    if not long.startswith(short + " "):
        return False
    rest = long[len(short) :].replace(",", " ").split()
    return all(lookup.noun(word.strip(".")) is not None or lookup.noun(word) is not None for word in rest)


def merge_subsets(registry: Registry) -> None:
    """ "Ministry of Digital Development" is the one ministry whose longer name begins so, or which has an owner."""
    headed = [e for e in registry.entities() if e.words and e.named]
    for small in headed:
        if len(small.words) < 2 or not registry.is_live(small):
            continue
        larger = [e for e in headed if e is not small and e.title == small.title and _says_more(e, small) and registry.is_live(e)]
        if len(larger) > 1:
            larger = [e for e in larger if e.words == small.words] or larger
        if len(larger) == 1:
            registry.merge(small, larger[0])


def _says_more(large: Entity, small: Entity) -> bool:
    if large.owner is not None and small.owner is not None and large.owner is not small.owner:
        return False
    return small.words < large.words or (small.words == large.words and small.owner is None and large.owner is not None)


def vote_by_surname(registry: Registry) -> None:
    """A foreign name of two or three words whose last word the document also uses alone is a person's."""
    lookup = registry.lookup
    alone = {f for e in registry.entities() if e.known is None and e.key[0] == "name" and not e.title for f in e.forms if " " not in f}
    for entity in registry.entities():
        if entity.known is not None or entity.title or max(entity.votes.values(), default=0) >= 2.0:
            continue
        for form in entity.forms:
            words = form.split()
            if 1 < len(words) < 4 and words[-1] in alone and all(w.isalpha() and w.istitle() and not lookup.is_word(w) for w in words):
                entity.votes["Person"] += 2.5
                break


def merge_persons(registry: Registry) -> None:
    """A surname, or initials with it, joins the one full name of the document that ends with it."""
    full: dict[str, list[Entity]] = defaultdict(list)
    persons = [e for e in registry.entities() if e.cls == "Person"]
    for entity in persons:
        words = max(entity.forms, key=lambda f: (len(f.split()), f)).split()
        if len(words) > 1:
            full[_sound(fold(words[-1]))].append(entity)
    for entity in registry.entities():
        if entity.known is not None or entity.key[0] != "name" or entity.title or (entity.cls not in (None, "Person") and entity.votes):
            continue
        words = max(entity.forms, key=lambda f: (len(f.split()), f)).split()
        bearers = [e for e in full.get(_sound(fold(words[-1])), []) if e is not entity]
        initials = len(words) > 1 and all(re.fullmatch(r"[A-Z]\.", w) for w in words[:-1])
        if (len(words) == 1 or initials) and len(bearers) == 1:
            registry.merge(entity, bearers[0])


def settle_class(entity: Entity, lookup: Lookup) -> str | None:
    """The class with the most votes; a general class yields to a finer one with at least half as many."""
    if entity.known is not None:
        return entity.known.cls
    weights = Counter(entity.votes)
    for cls, weight in entity.hints.items():
        weights[cls] += min(weight, MAX_HINT)
    ranked = sorted(((w, c) for c, w in weights.items() if w >= 1.0), key=lambda x: (-x[0], x[1]))
    if not ranked:
        return None
    weight, best = ranked[0]
    for other_weight, other in ranked[1:]:
        if best in lookup.ontology.ancestors[other] and other != best and other_weight * 2 >= weight:
            return other
    return best
