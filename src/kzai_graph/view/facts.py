"""What a page shows, as plain values that refer to each other by position."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kzai_graph.errors import InputError

MAX_SUGGESTIONS = 5
Namer = Callable[["Entity"], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    """A text; ``name`` is its path as it was given, ``source`` the address that it was taken from."""

    name: str
    title: str | None
    date: str | None
    creator: str | None
    publisher: str | None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A node; ``key`` is the short form of its IRI for links, ``mentions`` counts by document."""

    key: str
    iri: str
    cls: str
    label: str
    names: tuple[str, ...]
    mentions: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A place in a document. ``marks``: who is mentioned where; offsets count UTF-16 units, as browsers do."""

    document: int
    begin: int
    text: str
    marks: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """An edge. ``evidence``: sentences, each with begin and end of the words that say it (0, 0 where unknown)."""

    key: str
    subject: int
    relation: str
    object: int
    modality: str
    date: str | None
    deadline: str | None
    amount: str | None
    currency: str | None
    stage: str | None
    attributed: int | None
    evidence: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """A number that a text reports of an entity."""

    of: int
    value: str
    unit: str | None
    period: str | None
    indicator: str | None
    modality: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Direct speech."""

    speaker: int
    text: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """How far an instrument is: the local name of the stage, and who brings it there."""

    of: int
    stage: str
    modality: str
    date: str | None
    deadline: str | None
    by: int | None
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """That one body became another."""

    former: int
    successor: int
    modality: str
    date: str | None
    sentences: tuple[int, ...]


ENDS = {
    "statements": ("subject", "object", "attributed"),
    "observations": ("of",),
    "quotes": ("speaker",),
    "milestones": ("of", "by"),
    "successions": ("former", "successor"),
}
"""By kind of what is told, the fields that hold positions of entities."""
VALUES = {
    "statements": ("relation", "modality", "date", "deadline", "amount", "currency", "stage"),
    "observations": ("value", "unit", "period", "indicator", "modality"),
    "quotes": ("text",),
    "milestones": ("stage", "modality", "date", "deadline"),
    "successions": ("modality", "date"),
}
"""By kind of what is told, its other fields, but for the key and the sentences."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What a later text says of a statement: ``note``; the statement ``by`` which it says so; the day it was told.

    ``void``: what was stated holds no longer, or not as it was stated.
    """

    note: str
    by: int
    told: str
    void: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a page shows."""

    documents: tuple[Document, ...]
    entities: tuple[Entity, ...]
    sentences: tuple[Sentence, ...]
    statements: tuple[Statement, ...]
    observations: tuple[Observation, ...]
    quotes: tuple[Quote, ...]
    milestones: tuple[Milestone, ...] = ()
    successions: tuple[Succession, ...] = ()
    mentions: tuple[tuple[int, int, int, int], ...] = ()
    """Document, begin, end and entity of each mention, in order; offsets count code points in the document."""
    revisions: Mapping[int, Revision] = field(default_factory=dict)
    """What became of statements, by position: the newest that is told."""


def find_entity(facts: Facts, wanted: str) -> int:
    """Find an entity by IRI, the last part of it, its label, or any of its names in any case.

    Raises:
        InputError: none, or more than one, answers to it.
    """
    plain = wanted.casefold().strip()
    ways: tuple[Namer, ...] = (
        lambda e: (e.iri, e.key, tail(e.iri)),
        lambda e: (e.label,),
        lambda e: (e.label.casefold(),),
        lambda e: tuple(n.casefold() for n in e.names),
    )
    for names_of in ways:
        found = [i for i, e in enumerate(facts.entities) if wanted in names_of(e) or plain in names_of(e)]
        if len(found) == 1:
            return found[0]
        if found:
            keys = ", ".join(facts.entities[i].key for i in found[:MAX_SUGGESTIONS])
            raise InputError(f"{wanted}: {len(found)} entities have this name; choose one of {keys}")
    names = {n.casefold(): n for e in facts.entities for n in (e.label, *e.names)}
    near = difflib.get_close_matches(plain, sorted(names), n=MAX_SUGGESTIONS, cutoff=0.5)
    remedy = f"did you mean {' or '.join(names[n] for n in near)}?" if near else "index.html lists all names"
    raise InputError(f"{wanted}: no such entity in the graph; {remedy}")


def tail(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#]", iri)[-1]


def words(name: str) -> str:
    """A local name as words: "holdsPosition" is "holds position"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
