"""The ontology folder as plain values; the loader in ``ontology`` makes them, the language modules read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kzai_graph.model import Modality


@dataclass(frozen=True, slots=True)
class ClassDefinition:
    """A class with its parent (``None`` at the top)."""

    name: str
    parent: str | None
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation with the classes that its ends may have (subclasses included)."""

    name: str
    domain: frozenset[str]
    range: frozenset[str]
    symmetric: bool = False
    takes_amount: bool = False
    """Money named in its clause is the statement's own."""
    timeless: bool = False
    """It holds of a thing that is only planned, too: what a bill is about."""
    brings_about: bool = False
    """Its object is made, held, given or paid for: several things without a name count where it is said of them."""
    happens_once: bool = False
    """It happens to its object once, so that the year of "a 2021 decree" is when."""
    subject_default: str | None = None
    """Class of a name that nothing else classes, where it stands as subject."""
    object_default: str | None = None


@dataclass(frozen=True, slots=True)
class Noun:
    """Nouns that say what a thing is.

    ``stands_alone``: a specific phrase with this head is an entity without being a name ("a presidential
    decree", "the pilot project"). ``generic``: names with this head need an owner to be told apart
    ("Ministry of Health"). ``suffix``: it closes a name ("JSC").
    """

    iri: str
    denotes: str
    lemmas: tuple[str, ...]
    stands_alone: bool = False
    generic: bool = False
    suffix: bool = False
    implies: str | None = None
    """For an office: the class noun of the body behind it ("minister" → "ministry"), or "country"."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Words that select what stands beside them: what is downloaded is a system, what has shareholders is a firm.

    ``roles``: how a name depends on the words (see ``kzai_graph.selections``). ``decides``: nothing else has this
    role, so that it counts as much as a description, and goes before the shape of the name.
    """

    iri: str
    denotes: str
    roles: tuple[str, ...]
    lemmas: frozenset[str]
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """A frame applies only where an argument in one of the roles has one of the head lemmas ("second reading")."""

    roles: tuple[str, ...]
    lemmas: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """How language expresses a relation.

    ``kind``: ``verb``, ``noun``, ``adjective``, ``copula`` or ``construction``. Roles name clause arguments:
    ``agent``, ``patient``, ``attribute``, ``described``, ``possessor``, ``modifier``, ``self`` (the noun itself),
    ``prep:in`` …
    Several roles are tried in order. ``modality`` replaces the clause's Asserted ("refuse").
    ``reciprocal``: the members of one coordinated argument are paired.
    """

    iri: str
    relation: str
    kind: str
    lemmas: frozenset[str]
    subject_roles: tuple[str, ...]
    object_roles: tuple[str, ...]
    subject_classes: frozenset[str] = frozenset()
    object_classes: frozenset[str] = frozenset()
    subject_default: str | None = None
    """The class that the frame gives to a name at this end that nothing else classes."""
    object_default: str | None = None
    requires: tuple[Requirement, ...] = ()
    excludes: tuple[Requirement, ...] = ()
    """Arguments that the clause must not have; a requirement without lemmas is met by any word."""
    modality: Modality | None = None
    stage: str | None = None
    reciprocal: bool = False
    confidence: float = 0.8


@dataclass(frozen=True, slots=True)
class LearnedFrame(Frame):
    """What weights demand before they state a relation: ``confidence`` is the least probability.

    ``worded``: only where a word on the way between the two expresses the relation by some other frame, too.
    """

    kind: str = "learned"
    lemmas: frozenset[str] = frozenset()
    subject_roles: tuple[str, ...] = ()
    object_roles: tuple[str, ...] = ()
    worded: bool = False


@dataclass(frozen=True, slots=True)
class StageFrame:
    """How language says how far an instrument is, without a relation: "the law entered into force".

    ``roles`` and ``classes`` are the instrument's; the rest is as in ``Frame``.
    """

    iri: str
    stage: str
    kind: str
    lemmas: frozenset[str]
    roles: tuple[str, ...]
    classes: frozenset[str] = frozenset()
    requires: tuple[Requirement, ...] = ()
    modality: Modality | None = None
    confidence: float = 0.8


@dataclass(frozen=True, slots=True)
class Known:
    """A gazetteer entry. ``caseless``: its names match in any case (technologies)."""

    iri: str
    cls: str
    label: str
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    country: str | None = None
    """Label of the country to which it belongs."""
    caseless: bool = False
    topic: bool = False
    """A subject that texts touch in passing: an entity only where a statement uses it."""


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that set modality and kinds of clauses, by lemma."""

    planned: frozenset[str] = frozenset()
    """Verbs and adjectives whose complement is planned: plan, intend, expect, likely."""
    negated: frozenset[str] = frozenset()
    """Verbs whose complement or object did not happen: refuse, fail, cancel, drop."""
    doubtful: frozenset[str] = frozenset()
    """Adverbs and verbs that throw doubt: allegedly, claim."""
    saying: frozenset[str] = frozenset()
    """Verbs that report speech: say, announce, tell."""
    light: frozenset[str] = frozenset()
    """Verbs that lend their subject to a noun: take, make, sign, hold."""
    control: frozenset[str] = frozenset()
    """Verbs that hand a task to their object: task, instruct, oblige."""
    giving: frozenset[str] = frozenset()
    """Verbs that hand what they give to their recipient: award, grant, entrust."""
    joining: frozenset[str] = frozenset()
    """Verbs whose "with" names who acts along: work, cooperate, partner."""
    transparent: frozenset[str] = frozenset()
    """Nouns that stand for what follows their "of": series, number."""
    people: frozenset[str] = frozenset()
    """Nouns for people who act for the body named with them: engineer, delegate, team."""
    devices: frozenset[str] = frozenset()
    """Nouns that embody the technology named before them: "iris recognition *cameras*"."""
    factive: frozenset[str] = frozenset()
    """Words whose infinitive tells what did happen: pleased, able, manage."""
    planned_nouns: frozenset[str] = frozenset()
    """Nouns whose complement is planned: plan, proposal, intention."""
    honorifics: frozenset[str] = frozenset()
    """Titles before a name that are no office: Mr, Dr, H.E."""
    negators: frozenset[str] = frozenset()
    """Words of negation: not, never, no, nor, neither, without."""
    modals: frozenset[str] = frozenset()
    """Auxiliaries that plan or oblige: will, should, must, shall."""
    organs: frozenset[str] = frozenset()
    """Nouns whose names are of a part where they stand with the name of a whole: office, secretariat, unit."""
    relational: frozenset[str] = frozenset()
    """Nouns for what somebody is to another who need not have them: partner, rival, supplier."""
    means: frozenset[str] = frozenset()
    """Labels of technologies that a thing of which they are said works with: an "AI coach" uses AI."""
    acting: frozenset[str] = frozenset()
    """Verbs whose subject is as a rule a body: announce, acquire, sign."""
    trading: frozenset[str] = frozenset()
    """Verbs whose subject is as a rule a firm: sell, manufacture, acquire."""
    making: frozenset[str] = frozenset()
    """Verbs whose object, if a name, is as a rule a product or service: develop, install."""
    naming: frozenset[str] = frozenset()
    """Participles between a class noun and a name: called, named, dubbed."""
    nameless: frozenset[str] = frozenset()
    """Terms that name nothing, whatever their capitals: B2B, Covid-19, Swahili."""
    counted_parts: frozenset[str] = frozenset()
    """Words that only count with the number after them: phase, tier, article."""
    occasions: frozenset[str] = frozenset()
    """What belongs to an event and means it, alone or with its verb: participant, opening remark, deliver report."""
    idle_nouns: frozenset[str] = frozenset()
    """Phrases that end in a class noun and mean nothing of its class: utility bill."""
    topic_heads: frozenset[str] = frozenset()
    """Nouns that name a technology with the words before them: imaging, encryption."""
    topic_things: frozenset[str] = frozenset()
    """Such nouns for things, which name a technology in the plural: sensor, stablecoin."""
    epithets: frozenset[str] = frozenset()
    """Modifiers that praise or place a thing and tell no kind: innovative, domestic."""
    of_firms: frozenset[str] = frozenset()
    """Nouns for what only firms have: customer, shareholder, revenue."""
    of_bodies: frozenset[str] = frozenset()
    """Nouns for what bodies of any kind have: staff, decision, headquarters."""
    of_texts: frozenset[str] = frozenset()
    """Nouns for what only laws, plans and other texts have: drafting, ratification, provision."""
    text_acts: frozenset[str] = frozenset()
    """Nouns in the name of a text before the text that it serves or changes: implementation, amendment, protocol."""
    enabled: frozenset[str] = frozenset()
    """Verbs of using: what one "can now" do so is what there is."""
    deeds: frozenset[str] = frozenset()
    """Nouns for a text and for what one does to write it: "the review by the agency" may never be written down."""
    of_places: frozenset[str] = frozenset()
    """Nouns for what only places have: mayor, outskirts, airport."""
    of_systems: frozenset[str] = frozenset()
    """Nouns for what only software and machines have: user interface, version, release."""


@dataclass(frozen=True, slots=True)
class Ontology:
    """Schema, lexicon and gazetteer of one ontology folder; ``digest`` is the hash of its files."""

    namespace: str
    classes: dict[str, ClassDefinition]
    relations: dict[str, Relation]
    nouns: tuple[Noun, ...]
    frames: tuple[Frame, ...]
    gazetteer: tuple[Known, ...]
    cues: Cues
    successions: dict[str, Relation] = field(default_factory=dict)
    """What frames express and the graph writes as nodes of their own: one body became another."""
    learned: dict[str, LearnedFrame] = field(default_factory=dict)
    """By relation."""
    weights: Path | None = None
    """The file of weights of the folder, if it has one."""
    stage_frames: tuple[StageFrame, ...] = ()
    selections: tuple[Selection, ...] = ()
    stages: tuple[str, ...] = ()
    digest: str = ""
    version: str = ""
    ancestors: dict[str, frozenset[str]] = field(default_factory=dict)
    """Each class with itself and all classes above it."""

    def signature(self, relation: str) -> Relation:
        """A relation, or what a succession asks of its ends."""
        return self.relations.get(relation) or self.successions[relation]

    def fits(self, relation: str, subject_class: str, object_class: str) -> bool:
        """Tell whether the classes satisfy the relation's domain and range."""
        found = self.signature(relation)
        return bool(self.ancestors[subject_class] & found.domain) and bool(self.ancestors[object_class] & found.range)

    def is_a(self, cls: str, *parents: str) -> bool:
        """Tell whether a class is, or is below, one of the others; an unknown class ("") is none."""
        return bool(self.ancestors.get(cls, frozenset()) & set(parents))
