"""Gather the names of one document into entities, one class each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc

from kzai_graph.lexical import Known
from kzai_graph.lookup import Lookup, _singular, fold
from kzai_graph.model import MentionKind

EMPTY_WORDS = frozenset(
    "of the a an and on for in to at by with its their his her & - – , . ' ’ “ ” \" : / ' s ’s 's".split()
)
SAME_BODY = {"cabinet": "government", "cabinet of ministers": "government"}
"""Titles of one and the same body."""
OUTER = " \t\n\r\u00a0\"“”«»„'‘’.,;:–—-()[]*_"
INITIAL = re.compile(r"\b(\w)\.(?=\s)")
MAX_COINED_WORDS = 3
INHUMAN = 2.0
"""What a mention counts against a person that the text takes up as no human is."""
MAX_HINT = 1.9
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
    votes: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    hints: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    things: int = 0
    """How many of its mentions are taken up as no human is."""
    ware: float = 0.0
    """How much of its votes for a system nouns after its mentions give."""
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
    slight: bool = False
    """For a description: it means several things, and is worth a node only where somebody brings them about."""
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

    def __iter__(self) -> Iterable[Entity]:
        return iter(self._by_key.values())

    def known(self, known: Known) -> Entity:
        entity = self._get(("known", known.cls, known.label))
        entity.known, entity.cls = known, known.cls
        entity.votes[known.cls] += 10
        return entity

    def name(self, text: str) -> Entity:
        """The entity of a plain name."""
        entity = self._get(("name", INITIAL.sub(r"\1", fold(text).replace("’", "'"))))
        entity.forms[text] += 1
        return entity

    def headed(
        self, text: str, title: str, cls: str, *, generic: bool, named: bool = True, owner: Entity | None = None
    ) -> Entity:
        """The entity of a name or description with a class noun; word order and spelling of topics do not matter.

        A generic name is told apart by its owner; where it says nothing but what it is, its label names the owner.
        """
        words = content_words(text, self.lookup) | {title}
        if generic and title in SAME_BODY:
            words = (words - {title, *title.split()}) | {SAME_BODY[title]}
            title = SAME_BODY[title]
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
        rest = words - set(title.split())
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
        for cls, weight in small.votes.items():
            large.votes[cls] += weight
        for cls, weight in small.hints.items():
            large.hints[cls] += weight
        large.things += small.things
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


def settle_class(entity: Entity, lookup: Lookup) -> str | None:
    """The class with the most votes; a general class yields to a finer one with at least half as many."""
    if entity.known is not None:
        return entity.known.cls
    weights, support = defaultdict(float, entity.votes), defaultdict(float, entity.votes)
    scale = min(1.0, MAX_HINT / max(entity.hints.values(), default=1.0))
    for cls, weight in entity.hints.items():
        weights[cls] += weight * scale
        support[cls] += min(weight, MAX_HINT)
    weights["Person"] -= INHUMAN * entity.things
    ranked = sorted(((w, c) for c, w in weights.items() if w >= 1.0), key=lambda x: (-x[0], x[1]))
    if not ranked:
        return None
    weight, best = ranked[0]
    if best == "Organisation" and weights["Person"] == weight and " " in entity.label:
        best = "Person"
    for other, other_weight in sorted(support.items(), key=lambda x: (-x[1], x[0])):
        finer = best in lookup.ontology.ancestors[other] and other != best
        if finer and other_weight >= 1.0 and other_weight * 2 >= weight:
            return other
    return "Firm" if best == "Organisation" and _is_coined(entity, lookup) else best


def _is_coined(entity: Entity, lookup: Lookup) -> bool:
    """Tell whether a body's name is made up, as those of firms are; abbreviations stand for bodies of any kind."""
    if entity.key[0] != "name" or entity.title or entity.votes.get("Organisation"):
        return False
    words = re.findall(r"[^\W\d_]+", entity.label)
    if not 0 < len(words) <= MAX_COINED_WORDS or (len(words) == 1 and words[0].isupper()):
        return False
    return not any(lookup.is_word(w) and w[1:].islower() for w in words)
