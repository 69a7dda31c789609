"""The dialogue of a review: show what was read from a sentence, take the reviewer's judgement, and hand it on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from kzai_graph.candidates import Candidate, Named
from kzai_graph.corrections import Claim, Correction, Kind, named, without_markup
from kzai_graph.keys import fold
from kzai_graph.lexical import Ontology
from kzai_graph.model import Modality
from kzai_graph.terms import KZID

Choice = TypeVar("Choice", Named, str, Modality)
Ask = Callable[[str], str | None]
"""Shows a prompt and returns a line without its end, or nothing where there is no more input."""


class Reply(StrEnum):
    """What a reviewer can say; the first letter is enough."""

    ACCEPT = "accept"
    REJECT = "reject"
    FIX = "fix"
    SKIP = "skip"
    QUIT = "quit"


CHOICES = ", ".join(Reply)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews, and the clock of the review: it gives the time of each answer, as ISO 8601."""

    name: str
    now: Callable[[], str]

    def sign(self, kind: Kind, claim: Claim, base_iri: str) -> Correction:
        """Make a correction, with the IRI that follows from what it says."""
        told = fold(self.name).replace(" ", "-")
        iri = f"{base_iri}reviewer-{''.join(c for c in told if c.isascii() and (c.isalnum() or c == '-')) or 'unnamed'}"
        unsigned = Correction("", kind, iri, self.name, self.now(), claim=claim)
        return named(unsigned, base_iri)


class _EndedError(Exception):
    """There is no more input."""


def review(
    candidates: Sequence[Candidate],
    reviewer: Reviewer,
    knowledge: Ontology,
    *,
    ask: Ask,
    show: Callable[[str], None],
    write: Callable[[Correction], None],
) -> Counter[Reply]:
    """Ask about each candidate in turn, until all are judged, the reviewer quits, or the input ends; count the answers.

    Each judgement is handed to ``write`` at once: an acceptance, a rejection, or for a fix a rejection and an addition.
    """
    counts: Counter[Reply] = Counter()
    try:
        for number, candidate in enumerate(candidates, 1):
            for line in _lines(candidate, number, len(candidates)):
                show(line)
            reply, made = _judge(candidate, reviewer, knowledge, ask, show)
            counts[reply] += 1
            if reply is Reply.QUIT:
                break
            for correction in made:
                write(correction)
    except _EndedError:
        counts[Reply.QUIT] += 1
    return counts


def _lines(candidate: Candidate, number: int, total: int) -> Iterator[str]:
    line = f":{candidate.line}" if candidate.line is not None else ""
    qualifiers = "".join(f"; {name} {value}" for name, value in candidate.qualifiers)
    yield ""
    yield f"{number} of {total}   {candidate.claim.document}{line}   confidence {candidate.confidence:f}"
    page = str(candidate.claim.document).lower().endswith((".html", ".htm"))
    yield f"  “{without_markup(candidate.sentence) if page else ' '.join(candidate.sentence.split())}”"
    ends = f"{candidate.subject.label} | {candidate.claim.relation} | {candidate.object.label}"
    yield f"  {ends}   [{candidate.claim.modality}{qualifiers}]   read at “{' '.join(candidate.trigger.split())}”"


def _judge(
    candidate: Candidate, reviewer: Reviewer, knowledge: Ontology, ask: Ask, show: Callable[[str], None]
) -> tuple[Reply, list[Correction]]:
    """Ask until the reply is one; a fix that changes nothing, or cannot stand, is asked again."""
    base_iri = candidate.base_iri or KZID
    bare = _bare(candidate.claim)
    while True:
        reply = _choose(f"{CHOICES}? ", ask, show)
        if reply is Reply.ACCEPT:
            return reply, [reviewer.sign(Kind.ACCEPTANCE, bare, base_iri)]
        if reply is Reply.REJECT:
            return reply, [reviewer.sign(Kind.REJECTION, bare, base_iri)]
        if reply is not Reply.FIX:
            return reply, []
        claim = _fix(candidate, knowledge, ask, show)
        if claim is not None:
            made = [reviewer.sign(Kind.REJECTION, bare, base_iri), reviewer.sign(Kind.ADDITION, claim, base_iri)]
            return reply, made


def _choose(prompt: str, ask: Ask, show: Callable[[str], None]) -> Reply:
    while True:
        said = _heard(ask(prompt)).casefold()
        found = [reply for reply in Reply if said and reply.startswith(said)]
        if found:
            return found[0]
        show(f"  answer with {CHOICES}, or the first letter")


def _fix(candidate: Candidate, knowledge: Ontology, ask: Ask, show: Callable[[str], None]) -> Claim | None:
    """Ask for each part of the statement that the sentence does say; an empty line keeps it."""
    for number, entity in enumerate(candidate.entities, 1):
        show(f"    {number}  {entity.label} ({entity.cls})")
    claim = candidate.claim
    subject = _pick_entity("subject", candidate.subject, candidate.entities, ask, show)
    relation = _pick("relation", claim.relation, {name: name for name in sorted(knowledge.relations)}, ask, show)
    target = _pick_entity("object", candidate.object, candidate.entities, ask, show)
    modality = _pick("modality", claim.modality or Modality.ASSERTED, {m.value: m for m in Modality}, ask, show)
    fixed = replace(claim, subject=subject.end(), relation=relation, object=target.end(), modality=modality)
    if fixed == claim:
        show("  nothing was changed")
        return None
    if subject.iri == target.iri:
        show("  subject and object are one")
        return None
    if not knowledge.fits(relation, subject.cls, target.cls):
        fitting = [name for name in sorted(knowledge.relations) if knowledge.fits(name, subject.cls, target.cls)]
        show(f"  {relation} does not take {subject.cls} and {target.cls}; these do: {', '.join(fitting) or 'none'}")
        return None
    if relation != claim.relation:
        fixed = replace(fixed, amount=None, currency=None)
    return fixed if (relation, modality) == (claim.relation, claim.modality) else replace(fixed, stage=None)


def _pick_entity(what: str, current: Named, entities: Sequence[Named], ask: Ask, show: Callable[[str], None]) -> Named:
    by_name = {str(number): entity for number, entity in enumerate(entities, 1)}
    for entity in entities:
        for name in (entity.label, entity.words or entity.label):
            by_name.setdefault(name, entity)
    return _pick(what, current, by_name, ask, show)


def _pick(what: str, current: Choice, choices: dict[str, Choice], ask: Ask, show: Callable[[str], None]) -> Choice:
    """Ask for one of some things by its name, in any case."""
    shown = current.label if isinstance(current, Named) else current
    folded = {_key(name): choice for name, choice in choices.items()}
    while True:
        said = _heard(ask(f"  {what} [{shown}]: "))
        if not said:
            return current
        if _key(said) in folded:
            return folded[_key(said)]
        show(f"  no such {what}; there are {', '.join(choices)}")


def _key(name: str) -> str:
    """A name without case and white space: "is about" is isAbout."""
    return fold(name).replace(" ", "")


def _heard(line: str | None) -> str:
    if line is None:
        raise _EndedError
    return line.strip()


def _bare(claim: Claim) -> Claim:
    """What names a statement: without dates, amount, speaker and stage."""
    return Claim(claim.subject, claim.relation, claim.object, claim.modality, claim.document, claim.sentence)
