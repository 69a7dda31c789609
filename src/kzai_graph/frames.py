"""Match clauses and constructions against the lexicon's frames; propose statements that fit the ontology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from kzai_graph.arguments import is_equated
from kzai_graph.conditions import meets
from kzai_graph.denotations import Denotations
from kzai_graph.entities import Entity, Reference
from kzai_graph.focus import in_focus
from kzai_graph.lexical import Frame
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.modality import judge_noun, stronger
from kzai_graph.model import Argument, Clause, MentionKind, Modality
from kzai_graph.offices import HOLDS, IN_BODY, Construction
from kzai_graph.pronouns import add_reference
from kzai_graph.purposes import judge_means

ANY = "*"
"""The lemma of frames that ask for nothing but arguments."""
IMPLIED = "implied"
"""The role of an end that the sentence leaves out."""
NEAR = 3
"""Tokens before a noun within which a "no" is its own."""
MANY = 3.0
"""Weight of hints from which on they are no guess."""
SURE = 1.0
"""Votes from which on a class is no guess."""
TIMELESS = frozenset({"self", "described"})
"""What is said of a thing by its own noun holds whatever is planned with it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement before merging: its ends, the words that say it, the frame that read them."""

    relation: str
    subject: Reference
    object: Reference
    block: int
    begin: int
    end: int
    frame: Frame
    modality: Modality
    clause: Clause | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A frame that matched but gave no statement, and why."""

    block: int
    token: int
    frame: str
    reason: str


@dataclass(frozen=True, slots=True)
class _End:
    """What may stand at one end of a frame, and the role in which it was found."""

    reference: Reference
    role: str


_Matching = tuple[int, Clause, Frame, Mapping[int, Clause]]
"""A block, a clause of it, a frame whose words it has; and all clauses of the block whose predicate is a noun."""


class Matcher:
    """Match the clauses of one document."""

    def __init__(self, mentions: Mentions, lookup: Lookup) -> None:
        self.mentions = mentions
        self.lookup = lookup
        self.dropped: list[Dropped] = []
        self.denotations = Denotations(mentions, lookup)

    def from_clauses(self, clauses: Mapping[int, Sequence[Clause]]) -> Iterator[Proposal]:
        """Class what only its frames can class, then propose the statements of all frames that fit."""
        matches = list(self._matching(clauses))
        self._class_by_use(matches)
        for block, clause, frame, nouns in matches:
            yield from self._match(block, clause, frame, nouns)

    def _matching(self, clauses: Mapping[int, Sequence[Clause]]) -> Iterator[_Matching]:
        """Yield the frames whose words a clause has."""
        for block, found in clauses.items():
            nouns = {c.head: c for c in found if c.kind == "noun"}
            for clause in found:
                for lemma, reading in self.readings(block, clause):
                    for frame in self.lookup.frames.get((entry_kind(clause), lemma), ()):
                        if lemma == ANY and not any(a.role in frame.object_roles for a in reading.arguments):
                            continue
                        doc = self.mentions.docs[block]
                        if meets(doc, reading, frame.requires, self.lookup) and not any(
                            meets(doc, reading, [excluded], self.lookup) for excluded in frame.excludes
                        ):
                            yield block, reading, frame, nouns

    def _class_by_use(self, matches: Iterable[_Matching]) -> None:
        """Give a name of unknown class the one that its relations take, where the other end fits and they agree."""
        demands: dict[int, tuple[Entity, Counter[str]]] = {}
        blocks = {r.block for r in self.mentions.references if _is_open(r.entity)}
        for block, clause, frame, nouns in matches:
            if frame.reciprocal or block not in blocks:
                continue
            subjects = self._ends(block, clause, frame, nouns, subject=True)
            targets = self._ends(block, clause, frame, nouns, subject=False)
            for ends, others, at_subject in ((subjects, targets, True), (targets, subjects, False)):
                wanted = frame.subject_default if at_subject else frame.object_default
                if wanted is None or not any(
                    self._may_stand(frame, o.reference, subject_end=not at_subject) for o in others
                ):
                    continue
                if any(self._may_stand(frame, e.reference, subject_end=at_subject) for e in ends):
                    continue
                across = [o.reference.entity for o in others]
                for entity in {id(e.reference.entity): e.reference.entity for e in ends}.values():
                    if (
                        entity not in across
                        and _is_open(entity)
                        and not self._is_sure(entity, wanted)
                        and not all(self.lookup.is_plural_word(form) for form in entity.forms)
                        and self._fits_class(frame, wanted, subject_end=at_subject)
                    ):
                        demands.setdefault(id(entity), (entity, Counter()))[1][wanted] += 1
        for entity, counted in demands.values():
            ranked = counted.most_common(2)
            if len(ranked) == 1 or ranked[0][1] > ranked[1][1]:
                entity.cls = ranked[0][0]
        self.denotations.forget()

    def _is_sure(self, entity: Entity, wanted: str) -> bool:
        """Tell whether many weak hints together speak for a class of another kind."""
        root = self.lookup.root(wanted)
        return any(weight >= MANY and self.lookup.root(cls) != root for cls, weight in entity.hints.items())

    def readings(self, block: int, clause: Clause) -> Iterator[tuple[str, Clause]]:
        """The clause under its lemma, and under longer ones of the lexicon: "rely on", "take part", "put into use"."""
        yield clause.lemma, clause
        yield ANY, clause
        longer = self.lookup.phrasal.get((clause.kind, clause.lemma))
        if not longer:
            return
        doc = self.mentions.docs[block]
        for argument in clause.arguments:
            word = doc[argument.head].lower_
            preposition = (
                argument.role.removeprefix("prep:").replace("_", " ") if argument.role.startswith("prep:") else ""
            )
            if preposition and preposition in longer:
                yield f"{clause.lemma} {preposition}", _as_patient(clause, argument.role)
            for phrase in (
                f"{preposition} {word}".strip(),
                f"{preposition} {self.lookup.singular(doc[argument.head])}".strip(),
            ):
                if phrase in longer and argument.role not in ("agent", "described"):
                    yield f"{clause.lemma} {phrase}", clause
                    break

    def from_constructions(self, constructions: Sequence[Construction]) -> Iterator[Proposal]:
        bodies: dict[tuple[int, int], Reference] = {}
        for found in constructions:
            self._class_by_tie(found)
            if found.name == IN_BODY:
                bodies[found.subject.block, found.subject.head] = found.object
            if found.name == HOLDS:
                self.denotations.holders[found.object.block, found.object.head] = found.subject
            ends = {"subject": found.subject, "object": found.object}
            for frame in self.lookup.frames.get(("construction", found.name), ()):
                subject, target = ends[frame.subject_roles[0]], ends[frame.object_roles[0]]
                if self._fits(frame, subject, target):
                    modality = frame.modality or Modality.ASSERTED
                    yield Proposal(
                        frame.relation, subject, target, subject.block, found.begin, found.end, frame, modality
                    )
                    break
        for found in constructions:
            if found.name == HOLDS and (body := bodies.get((found.object.block, found.object.head))) is not None:
                yield from self._by_title(found, body)

    def _by_title(self, held: Construction, body: Reference) -> Iterator[Proposal]:
        """What a title says of its holder and body: a founder launched it, a member belongs to it."""
        for frame in self.lookup.frames.get(("noun", held.object.entity.title), ()):
            says_of = "described" in frame.subject_roles and {"prep:of", "possessor"} & set(frame.object_roles)
            if says_of and not frame.requires and self._fits(frame, held.subject, body):
                begin, end = min(held.begin, body.begin), max(held.end, body.end)
                modality = frame.modality or Modality.ASSERTED
                yield Proposal(frame.relation, held.subject, body, body.block, begin, end, frame, modality)

    def _class_by_tie(self, found: Construction) -> None:
        """Give the subject of a tie the class that its relation takes, where only a guess speaks against it."""
        for frame in self.lookup.frames.get(("construction", found.name), ()):
            if frame.subject_roles[0] != "subject" or not self._may_stand(frame, found.object, subject_end=False):
                continue
            wanted = frame.subject_default
            open_end = _is_open(found.subject.entity) and not self._may_stand(frame, found.subject, subject_end=True)
            if open_end and wanted is not None and self._fits_class(frame, wanted, subject_end=True):
                found.subject.entity.cls = wanted
                return

    def _match(self, block: int, clause: Clause, frame: Frame, nouns: Mapping[int, Clause]) -> Iterator[Proposal]:
        subjects = self._ends(block, clause, frame, nouns, subject=True)
        if frame.reciprocal:
            pairs = list(combinations(subjects, 2))
        else:
            targets = self._ends(block, clause, frame, nouns, subject=False)
            targets = targets or self._implied(block, clause, frame, nouns, subjects)
            pairs = [(s, o) for s in subjects for o in targets]
        if not pairs:
            self.dropped.append(Dropped(block, clause.head, frame.iri, "unsure reference"))
        done: set[tuple[int, int]] = set()
        for subject, target in pairs:
            key = (id(subject.reference.entity), id(target.reference.entity))
            if key in done or subject.reference.entity is target.reference.entity:
                continue
            if clause.kind == "noun" and target.role == "prep:of" and self._ends_of(clause, subject.reference):
                continue  # "the District of Columbia, Guam and …"
            if clause.kind == "noun" and "described" in (subject.role, target.role) and self._names_body(block, clause):
                continue  # "the Tide Unit, the Fjord Society and …"
            modality = _combine(self._judged(block, clause, frame, subject), frame.modality)
            if modality is None:
                self.dropped.append(Dropped(block, clause.head, frame.iri, "modality"))
            elif self._fits(frame, subject.reference, target.reference):
                done.add(key)
                if target.role == IMPLIED:
                    add_reference(self.mentions, target.reference)
                yield Proposal(
                    frame.relation,
                    subject.reference,
                    target.reference,
                    block,
                    clause.begin,
                    clause.end,
                    frame,
                    modality,
                    clause,
                )
            else:
                classes = f"{subject.reference.entity.cls} {frame.relation} {target.reference.entity.cls}"
                self.dropped.append(Dropped(block, clause.head, frame.iri, f"class: {classes}"))

    def _ends_of(self, clause: Clause, reference: Reference) -> bool:
        """Tell whether a name holds both the noun of the clause and its "of"."""
        doc = self.mentions.docs[reference.block]
        over = reference.kind is MentionKind.NAME and reference.begin <= clause.head < reference.end
        return over and any(t.lower_ == "of" for t in doc[clause.head + 1 : reference.end])

    def _names_body(self, block: int, clause: Clause) -> bool:
        """Tell whether the noun of a clause is a part of a body's name, and so describes nothing."""
        here = self.mentions.covering(block, clause.head)
        return not self.mentions.docs[block][clause.head].is_lower and any(
            r.kind is MentionKind.NAME
            and r.entity.cls is not None
            and self.lookup.ontology.is_a(r.entity.cls, "Organisation")
            for r in here
        )

    def _judged(self, block: int, clause: Clause, frame: Frame, subject: _End) -> Modality:
        """The clause's modality; what a thing is or is about holds whatever is planned with it or denied of it.

        Whose a thing is, as its holder, stands and falls with what the verb around it says of the thing.
        """
        if "holder" in frame.object_roles:
            thing = self.mentions.docs[block][clause.head].head
            return stronger((clause.modality, ()), judge_noun(thing, self.lookup.ontology.cues))[0]
        if clause.modality is Modality.PLANNED and self.lookup.ontology.signature(frame.relation).timeless:
            return Modality.ASSERTED
        if subject.role == "means" and clause.modality is Modality.PLANNED:
            return judge_means(self.mentions.docs[block][clause.head], self.lookup.ontology.cues)[0]
        if clause.kind != "noun" or subject.role not in TIMELESS or clause.modality is Modality.REPORTED:
            return clause.modality
        own = any(abs(i - clause.head) <= NEAR and i < clause.head for i in clause.cues)
        head = self.mentions.docs[block][clause.head]
        first = head
        while first.dep_ == "conj" and first.head.pos_ in ("NOUN", "PROPN"):
            first = first.head
        copular = first.dep_ == "attr" or is_equated(head)
        return clause.modality if copular or (own and clause.modality is Modality.NEGATED) else Modality.ASSERTED

    def _fits(self, frame: Frame, subject: Reference, target: Reference) -> bool:
        return self._may_stand(frame, subject, subject_end=True) and self._may_stand(frame, target, subject_end=False)

    def _may_stand(self, frame: Frame, reference: Reference, *, subject_end: bool) -> bool:
        """Tell whether the class of one end satisfies relation and frame."""
        cls = reference.entity.cls
        return cls is not None and self._fits_class(frame, cls, subject_end=subject_end)

    def _fits_class(self, frame: Frame, cls: str, *, subject_end: bool) -> bool:
        ontology = self.lookup.ontology
        relation = ontology.signature(frame.relation)
        allowed, narrowed = (
            (relation.domain, frame.subject_classes) if subject_end else (relation.range, frame.object_classes)
        )
        return bool(ontology.ancestors[cls] & allowed) and (not narrowed or ontology.is_a(cls, *narrowed))

    def _ends(
        self, block: int, clause: Clause, frame: Frame, nouns: Mapping[int, Clause], *, subject: bool
    ) -> list[_End]:
        """The references of the first role that has any of a fitting class, else of the first that has any."""
        fallback: list[_End] = []
        for role in frame.subject_roles if subject else frame.object_roles:
            arguments = _filling(clause, role, nouns)
            for maker in () if not arguments else (False, True) if subject and role == "agent" else (False,):
                read = self.denotations.makers if maker else self.denotations.of
                found = [_End(r, role) for a in arguments for r in read(block, a, nouns) if not _is_apart(r, role)]
                if found and role in ("agent", "patient") and not _pairs(frame):
                    found += [_End(r, role) for r in self._companions(block, clause, role, nouns)]
                if any(self._may_stand(frame, e.reference, subject_end=subject) for e in found):
                    return found
                fallback = fallback or found
            if role == "agent" and clause.passive and not arguments and not _pairs(frame):  # "built together with X"
                alone = [_End(r, role) for r in self._companions(block, clause, role, nouns)]
                if any(self._may_stand(frame, e.reference, subject_end=subject) for e in alone):
                    return alone
            if role in ("agent", "patient"):
                around = self._around(block, clause, role, nouns)
                fitting = [e for e in around if self._may_stand(frame, e.reference, subject_end=subject)]
                if fitting:
                    return fitting[:1]
        return fallback

    def _implied(
        self, block: int, clause: Clause, frame: Frame, nouns: Mapping[int, Clause], subjects: Sequence[_End]
    ) -> list[_End]:
        """The entity in focus as the object that the clause leaves out; none where another role has words."""
        roles = frame.object_roles
        if not subjects or IMPLIED not in roles or any(_filling(clause, r, nouns) for r in roles if r != IMPLIED):
            return []
        barred = [e.reference.entity for e in subjects]
        found = in_focus(
            clause, block, barred, lambda cls: self._fits_class(frame, cls, subject_end=False), self.mentions
        )
        return [] if found is None else [_End(found, IMPLIED)]

    def _around(self, block: int, clause: Clause, role: str, nouns: Mapping[int, Clause]) -> list[_End]:
        """The nouns further out for a participle or relative clause that hangs too deep."""
        role_of_outer = "outer_object" if role == "patient" and not clause.passive else "outer"
        if role == "agent" and clause.passive:
            return []
        return [_End(r, role) for a in clause.with_role(role_of_outer) for r in self.denotations.of(block, a, nouns)]

    def _companions(self, block: int, clause: Clause, role: str, nouns: Mapping[int, Clause]) -> list[Reference]:
        """What "together with" adds: to the object where it is of its kind, else to who acts."""
        acting = [r for a in clause.with_role("companion") for r in self.denotations.of(block, a, nouns)]
        added = [r for a in clause.with_role("comitative") for r in self.denotations.of(block, a, nouns)]
        kinds = {self._kind(r) for a in clause.with_role("patient") for r in self.denotations.of(block, a, nouns)}
        beside = [r for r in added if (self._kind(r) in kinds) == (role == "patient")] if added else []
        return beside if role == "patient" else [*beside, *acting]

    def _kind(self, reference: Reference) -> str:
        return self.lookup.root(reference.entity.cls) if reference.entity.cls is not None else ""


def _pairs(frame: Frame) -> bool:
    """Tell whether a frame is of those who act together, and so has them at both of its ends."""
    return "comitative" in frame.object_roles or "comitative" in frame.subject_roles


def _filling(clause: Clause, role: str, nouns: Mapping[int, Clause]) -> Sequence[Argument]:
    """The arguments in a role: "patient.modifier" are the modifiers of the noun that is the patient."""
    outer, _, inner = role.partition(".")
    filling = (Argument("self", clause.head, clause.begin, clause.end),) if outer == "self" else clause.with_role(outer)
    if not inner:
        return filling
    within = [noun for argument in filling if (noun := nouns.get(argument.head)) is not None]
    return [argument for noun in within for argument in _filling(noun, inner, nouns)]


def entry_kind(clause: Clause) -> str:
    """The kind of frame that reads a clause."""
    return "adjective" if clause.kind == "phrase" else clause.kind


def _is_open(entity: Entity) -> bool:
    """Tell whether nothing but a guess of the model speaks for the entity's class."""
    return entity.known is None and entity.named and sum(entity.votes.values()) < SURE


def _is_apart(reference: Reference, role: str) -> bool:
    """ "in Kyrgyz" names no country, nor does "Canadian" of "Canadian drones"."""
    if reference.kind is not MentionKind.IMPLIED or reference.entity.cls != "Country":
        return False
    return role.endswith(".modifier") or (role.startswith("prep:") and reference.end - reference.begin == 1)


def _as_patient(clause: Clause, role: str) -> Clause:
    """The clause of "rely on X": what stands after the preposition is the object."""
    others = tuple(a for a in clause.arguments if a.role not in (role, "patient"))
    return replace(clause, arguments=(*others, *(replace(a, role="patient") for a in clause.with_role(role))))


def _combine(clause: Modality, frame: Modality | None) -> Modality | None:
    """The clause's modality under the frame's; ``None`` where the two leave nothing sure."""
    if frame is None or frame is clause:
        return clause if frame is None or clause is not Modality.NEGATED else None
    if clause is Modality.ASSERTED:
        return frame
    if frame is Modality.ASSERTED:
        return clause
    if frame is Modality.PLANNED:
        return clause
    return None
