"""Find how far the clauses of a text show instruments to be: called for, drafted, adopted, in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from kzai_graph.conditions import meets
from kzai_graph.entities import Reference
from kzai_graph.frames import NEAR, Matcher, Proposal, entry_kind
from kzai_graph.lexical import Frame, StageFrame
from kzai_graph.model import Clause, Modality
from kzai_graph.syntax import AUXILIARIES

INSTRUMENT = "Instrument"
PREMODIFIERS = frozenset({"amod", "compound", "nmod"})
PASSED_OVER = frozenset({"a", "an", "the", "-"})
Key = tuple[int, int, int]
"""Block, head of the clause, and the instrument."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage at which a clause shows an instrument; the modality is the stage's own.

    ``by``: who brings it there, where the clause states it. ``scheduled``: in the present tense it is said of an
    instrument that acts itself, which speaks of a time to come: "the act takes effect", "the bill amends the act".
    """

    instrument: Reference
    stage: str
    modality: Modality
    block: int
    frame: Frame | StageFrame
    clause: Clause
    by: Reference | None = None
    scheduled: bool = False


def settle_stages(
    matcher: Matcher, clauses: Mapping[int, Sequence[Clause]], proposals: Sequence[Proposal]
) -> tuple[list[Proposal], list[Reached]]:
    """Give the proposals their stages, and say which instrument each clause shows at which stage.

    Of what the frames of one clause show, the frame that requires most is believed, then the furthest stage:
    "adopted in the first reading" is not adopted.
    """
    order = {stage: n for n, stage in enumerate(matcher.lookup.ontology.stages)}
    groups: dict[Key, list[Reached]] = defaultdict(list)
    for shown in (*_by_statements(matcher, proposals), *_by_stage_frames(matcher, clauses)):
        groups[shown.block, shown.clause.head, id(shown.instrument.entity)].append(shown)
    believed = {
        key: max(found, key=lambda s: (len(s.frame.requires), order[s.stage], isinstance(s.frame, Frame), s.frame.iri))
        for key, found in groups.items()
    }
    staged = [replace(p, stage=_stage_of(matcher, p, believed)) for p in proposals]
    return staged, [
        replace(believed[key], by=by, modality=_modality(matcher, believed[key]))
        for key, found in groups.items()
        for by in _actors(found)
    ]


def _stage_of(matcher: Matcher, proposal: Proposal, believed: Mapping[Key, Reached]) -> str | None:
    """The stage of a statement whose words or frame give one; what is only under way has not got there."""
    stage, clause = _by_modifier(matcher, proposal.object) or proposal.frame.stage, proposal.clause
    if stage is None or clause is None:
        return stage
    shown = believed.get((proposal.block, clause.head, id(proposal.object.entity)))
    if shown is None:
        return stage
    return shown.stage if _modality(matcher, shown) is shown.modality else None


def _by_modifier(matcher: Matcher, reference: Reference) -> str | None:
    """What a word before a noun says of it: "the former minister", "then the minister", "former Oslo correspondent"."""
    doc, i = matcher.mentions.docs[reference.block], reference.begin - 1
    known = matcher.lookup.stage_frames
    while i > 0 and (
        doc[i].lower_ in PASSED_OVER
        or (doc[i].dep_ in PREMODIFIERS and doc[i].head.i > i and ("adjective", doc[i].lower_) not in known)
    ):
        i -= 1
    frames = known.get(("adjective", doc[i].lower_), ()) if i >= 0 else ()
    cls = reference.entity.cls or ""
    return next((f.stage for f in frames if matcher.lookup.ontology.is_a(cls, *f.classes)), None)


def _by_statements(matcher: Matcher, proposals: Sequence[Proposal]) -> Iterator[Reached]:
    for p in proposals:
        if p.clause is None or p.frame.stage is None or not _is_instrument(matcher, p.object, frozenset()):
            continue
        modality = p.clause.modality if p.frame.modality is Modality.PLANNED else p.modality
        yield Reached(p.object, p.frame.stage, modality, p.block, p.frame, p.clause, p.subject)


def _by_stage_frames(matcher: Matcher, clauses: Mapping[int, Sequence[Clause]]) -> Iterator[Reached]:
    for block, found in clauses.items():
        nouns = {c.head: c for c in found if c.kind == "noun"}
        doc = matcher.mentions.docs[block]
        for clause in found:
            for lemma, reading in matcher.readings(block, clause):
                for frame in matcher.lookup.stage_frames.get((entry_kind(clause), lemma), ()):
                    if meets(doc, reading, frame.requires, matcher.lookup):
                        scheduled = frame.modality is None and _acts_in_present(matcher, block, reading, nouns)
                        for instrument in _instruments(matcher, block, reading, frame, nouns):
                            modality = _modality_of_state(doc, clause)
                            shown = Reached(instrument, frame.stage, modality, block, frame, reading)
                            yield replace(shown, scheduled=scheduled)


def _instruments(
    matcher: Matcher, block: int, clause: Clause, frame: StageFrame, nouns: Mapping[int, Clause]
) -> list[Reference]:
    """The instruments of the first role that has any."""
    for role in frame.roles:
        found = [r for a in clause.with_role(role) for r in matcher.denotations.of(block, a, nouns)]
        found = [r for r in found if _is_instrument(matcher, r, frame.classes)]
        if found:
            return found
    return []


def _acts_in_present(matcher: Matcher, block: int, clause: Clause, nouns: Mapping[int, Clause]) -> bool:
    if clause.kind != "verb" or matcher.mentions.docs[block][clause.head].tag_ not in ("VBZ", "VBP"):
        return False
    agents = [r for a in clause.with_role("agent") for r in matcher.denotations.of(block, a, nouns)]
    return any(_is_instrument(matcher, r, frozenset()) for r in agents)


def _modality_of_state(doc: Doc, clause: Clause) -> Modality:
    """What is said of a noun by a phrase of its own holds whatever is planned with it: "under rules in force"."""
    attached = clause.kind == "phrase" and doc[clause.head].head.head.pos_ in ("NOUN", "PROPN")
    own = any(abs(i - clause.head) <= NEAR for i in clause.cues)
    return Modality.ASSERTED if attached and not own else clause.modality


def _is_instrument(matcher: Matcher, reference: Reference, classes: frozenset[str]) -> bool:
    return matcher.lookup.ontology.is_a(reference.entity.cls or "", *(classes or {INSTRUMENT}))


def _actors(found: Sequence[Reached]) -> list[Reference | None]:
    """Who acts by the clause, each once; nobody where it does not say."""
    actors = {id(s.by.entity): s.by for s in found if s.by is not None}
    return list(actors.values()) or [None]


def _modality(matcher: Matcher, shown: Reached) -> Modality:
    """What is under way or asked for is not reached yet, unless the frame says that it shows as soon as it goes on."""
    ongoing = shown.frame.modality is None and _is_under_way(matcher.mentions.docs[shown.block], shown.clause)
    return Modality.PLANNED if ongoing and shown.modality is Modality.ASSERTED else shown.modality


def _is_under_way(doc: Doc, clause: Clause) -> bool:
    """ "is drafting", "is being drafted", "a commission drafting the law"; "that the house pass the bill"."""
    head = doc[clause.head]
    if clause.kind != "verb":
        return False
    auxiliaries = [c for c in head.children if c.dep_ in AUXILIARIES]
    if head.tag_ == "VBG":
        return head.dep_ == "acl" or any(a.lemma_ == "be" for a in auxiliaries)
    return any(a.lower_ == "being" for a in auxiliaries) or (head.tag_ == "VB" and not auxiliaries)


__all__ = ["Reached", "settle_stages"]
