"""What identifies an entity over all documents, as a plain key: kind, name, owner; and its readable IRI."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

from kzai_graph.lexical import Known, Ontology
from kzai_graph.model import LocalEntity

ARTICLES = frozenset({"the", "a", "an"})
EMPTY_WORDS = frozenset("of the a an and on for in to at by with its their & s".split())
MIN_FREE_WORDS = 3
"""From so many telling words on, order tells no names apart: "Concept for AI Development", "AI Development Concept"."""
STATE_WORDS = frozenset({"republic", "kingdom", "federation", "commonwealth"})
"""What stands between a body and its country: "of the Republic of"."""
LEGAL_FORMS = frozenset(
    "ab ag a.s a.o asa b.v bv cjsc co corp corporation gmbh inc incorporated jsc limited llc llp ltd ltda n.v nv ojsc "
    "ooo oy pjsc plc pte pty s.a s.p.a sa sarl".split()
)
"""Legal forms of firms, folded; the lexicon's nouns that close a name may tell it apart ("Kelp Motors")."""
MAX_SLUG_CHARS = 60
MAX_DOCUMENT_CHARS = 30
KINDS = {"Person": "person", "Position": "office", "Country": "place", "Place": "place"}
OTHER_KIND = "thing"


@dataclass(frozen=True, slots=True)
class Key:
    """What identifies an entity: equal keys are one entity.

    ``document`` and ``number`` are set for what only one document can tell: a description, a surname alone.
    """

    kind: str
    name: str
    owner: Key | None = None
    document: str | None = None
    number: int = 0

    @property
    def order(self) -> tuple[object, ...]:
        """A total order that no hash seed changes; the name with more words comes first."""
        return _order(self)

    @property
    def parts(self) -> list[object]:
        owner = self.owner.parts if self.owner is not None else None
        return [self.kind, self.name, owner, self.document, self.number]


def to_key(parts: Sequence[Any]) -> Key:
    """The key that has these parts; equal ones are one object."""
    kind, name, owner, document, number = parts
    return _one_key(kind, name, to_key(owner) if owner is not None else None, document, number)


@lru_cache(maxsize=100_000)
def _one_key(kind: str, name: str, owner: Key | None, document: str | None, number: int) -> Key:
    return Key(kind, name, owner, document, number)


@lru_cache(maxsize=100_000)
def _order(key: Key) -> tuple[object, ...]:
    return (-len(key.name.split()), json.dumps(key.parts, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Naming:
    """The part of the ontology that tells names apart, compiled once."""

    ontology: Ontology
    roots: dict[str, str]
    abbreviations: dict[str, str]
    known: dict[str, tuple[Known, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, ontology: Ontology) -> Naming:
        """Compile the ontology."""
        known: dict[str, tuple[Known, ...]] = {}
        for entry in ontology.gazetteer:
            for name in {entry.label, *entry.aliases}:
                known[name] = (*known.get(name, ()), entry)
        return cls(
            ontology=ontology,
            roots={name: _root(name, ontology) for name in ontology.classes},
            abbreviations={
                fold(alias): fold(entry.label)
                for entry in ontology.gazetteer
                if entry.cls == "Technology"
                for alias in entry.aliases
                if alias.isupper()
            },
            known=known,
        )

    def kind(self, cls: str) -> str:
        """What names are told apart by, whatever finer class a text shows: person, office, place or thing."""
        return KINDS.get(self.roots.get(cls, cls), OTHER_KIND)

    def find_known(self, entity: LocalEntity) -> Known | None:
        """The gazetteer entry that the entity is named by."""
        kind = self.kind(entity.cls)
        found = [entry for entry in self.known.get(entity.name, ()) if self.kind(entry.cls) == kind]
        return min(found, key=lambda k: (k.cls != entity.cls, k.label != entity.name, k.iri), default=None)

    def name_key(self, name: str, kind: str, owner_words: frozenset[str] = frozenset()) -> str:
        """The words of a name that identify it, folded.

        A generic name with an owner loses the owner's words ("Ministry of Health of Peru", "Peru's Health Ministry").
        """
        words = fold(name).split()
        if kind == OTHER_KIND:
            words = _without_legal_form(words)
        if not owner_words:
            return " ".join(words)
        runs = [list(run) for kept, run in groupby(words, key=lambda word: word not in owner_words) if kept]
        rest = [word for run in runs for word in _without_empty_ends(run)]
        return " ".join(rest or words)

    def meaning(self, key: Key) -> tuple[str, ...]:
        """What two keys of one kind and owner must share to be one: the telling words, whose order may be free."""
        telling = self._telling(key.name.split())
        free = key.owner is not None or (key.kind == OTHER_KIND and len(telling) >= MIN_FREE_WORDS)
        return tuple(sorted(set(telling))) if free and telling and key.document is None else (key.name,)

    def words(self, names: Iterable[str]) -> frozenset[str]:
        """All telling words of some names."""
        return frozenset(word for name in names for word in self._telling(fold(name).split()))

    def _telling(self, words: Iterable[str]) -> list[str]:
        return [w for word in words for w in self.abbreviations.get(word, word).split() if w not in EMPTY_WORDS]


def _without_legal_form(words: list[str]) -> list[str]:
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words = words[:-1]
    while len(words) > 1 and words[0] in LEGAL_FORMS:
        words = words[1:]
    return words


def _without_empty_ends(words: list[str]) -> list[str]:
    while words and words[0] in EMPTY_WORDS:
        words = words[1:]
    while words and words[-1] in EMPTY_WORDS | STATE_WORDS:
        words = words[:-1]
    return words


def _root(name: str, ontology: Ontology) -> str:
    parent = ontology.classes[name].parent
    return name if parent is None or parent not in ontology.classes else _root(parent, ontology)


@lru_cache(maxsize=100_000)
def fold(name: str) -> str:
    """A name without case, accents, hyphens, quotes, outer dots, possessive and leading article."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"['’`]s\b", "", text)
    words = [w for w in (w.strip(".") for w in re.sub(r"[^\w.&+#%]|_", " ", text).split()) if w]
    return " ".join(words[1:] if len(words) > 1 and words[0] in ARTICLES else words)


def slug(key: Key, kind: str | None = None) -> str:
    """A readable path for an IRI; two keys never share one.

    Only ``a``–``z``, digits, ``.``, ``-`` and ``_`` occur. Single hyphens part words and double ones the owner, neither
    of which a folded name contains; a hash follows where letters had to be left out.
    """
    path = "--".join(_path(key, kind))
    if key.document is not None:
        path += f"--in-{_plain(fold(key.document))[:MAX_DOCUMENT_CHARS]}"
    lossless = all(k.document is None and _is_plain(k.name) for k in _chain(key))
    return path if lossless else f"{path}_{digest(key.parts)}"


def _path(key: Key, kind: str | None) -> Iterator[str]:
    yield f"{kind or key.kind}-{_plain(key.name)}"
    for owner in list(_chain(key))[1:]:
        yield f"{owner.kind}-{_plain(owner.name)}"


def _chain(key: Key) -> Iterator[Key]:
    while True:
        yield key
        if key.owner is None:
            return
        key = key.owner


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name)[:MAX_SLUG_CHARS].strip("-.") or "x"


def _is_plain(name: str) -> bool:
    return len(name) <= MAX_SLUG_CHARS and re.fullmatch(r"[a-z0-9]+(?:[ .][a-z0-9]+)*", name) is not None


def digest(parts: object, length: int = 12) -> str:
    """A short hash of plain values, the same everywhere."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()[:length]
