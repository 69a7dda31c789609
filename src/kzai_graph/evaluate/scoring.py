"""Score what a graph says of one document against the gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kzai_graph.evaluate.alignment import Alignment, Judged, align, judge
from kzai_graph.evaluate.claims import Claims, Node
from kzai_graph.evaluate.gold import METADATA, QUALIFIERS, Gold, GoldObservation, GoldQuote
from kzai_graph.evaluate.names import alike, normalise, same_value, to_number
from kzai_graph.evaluate.scores import Finding, Score
from kzai_graph.terms import DCTERMS, KZ

MAX_QUOTE_CHARS = 1500
"""Longer than a quotation gets: a whole text is no quote."""
SNIPPET_CHARS = 30
MIN_PART_CHARS = 15
SHORT_PHRASE_WORDS = 6
DATE_CHARS = 10
METADATA_PROPERTIES = {
    "title": (DCTERMS + "title",),
    "date": (DCTERMS + "issued", DCTERMS + "date", DCTERMS + "created"),
    "creator": (DCTERMS + "creator",),
    "publisher": (DCTERMS + "publisher",),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a graph says of one gold document, matched to the gold."""

    gold: Gold
    document: Node | None
    alignment: Alignment
    judged: tuple[Judged, ...]


def compare(gold: Gold, claims: Claims) -> Reading:
    """Match one document's nodes and statements to its gold; all are missed where the graph lacks the document."""
    document = claims.documents.get(gold.document)
    alignment = align(gold, claims, document)
    return Reading(gold, document, alignment, tuple(judge(gold, claims, document, alignment)))


def score(reading: Reading, claims: Claims) -> Score:
    """Score entities, facts with qualifiers, observations, quotes and metadata of one document."""
    scorer = _Scorer(reading, claims)
    scorer.entities()
    scorer.facts()
    scorer.observations()
    scorer.quotes()
    scorer.metadata()
    return scorer.score


def said_qualifiers(reading: Reading, claims: Claims) -> dict[tuple[int, str], set[str]]:
    """The values that the statements give, by fact index and qualifier."""
    said: dict[tuple[int, str], set[str]] = defaultdict(set)
    for judged in reading.judged:
        for i in judged.matches:
            for qualifier in QUALIFIERS:
                if (value := claims.one(judged.claim.node, KZ + qualifier)) is not None:
                    said[i, qualifier].add(value.value)
    return said


def qualifier_holds(qualifier: str, wanted: Sequence[str], said: set[str]) -> bool:
    """Tell whether something is said, and nothing else than what is wanted."""
    if qualifier == "amount":
        return bool(said) and all(to_number(value) == to_number(wanted[0]) for value in said)
    return bool(said) and all(value[:DATE_CHARS] in wanted for value in said)


class _Scorer:
    """Collects the score of one document."""

    def __init__(self, reading: Reading, claims: Claims) -> None:
        self.reading, self.gold, self.claims = reading, reading.gold, claims
        self.score = Score()
        if reading.document is None:
            self.note("document-", "not in the graph")

    def note(self, kind: str, text: str) -> None:
        self.score.findings.append(Finding(self.gold.document, kind, text))

    def entities(self) -> None:
        tallies, claims, alignment = self.score.tallies, self.claims, self.reading.alignment
        for node in alignment.unknown:
            tallies["entities"].add(extra=1)
            tallies["typed"].add(extra=1)
            self.note("entity+", f"{claims.label(node)} ({'/'.join(sorted(claims.classes(node)))})")
        for entity in self.gold.entities.values():
            nodes = alignment.nodes.get(entity.id, ())
            name, wanted = entity.names[0], "/".join(entity.classes)
            right = any(len(claims.classes(n)) == 1 and claims.classes(n) & set(entity.classes) for n in nodes)
            if not entity.optional:
                tallies["entities"].add(right=int(bool(nodes)), missed=int(not nodes))
                tallies["typed"].add(right=int(right), extra=int(bool(nodes) and not right), missed=int(not right))
                if not nodes:
                    self.note("entity-", f"{name} ({wanted})")
                elif not right:
                    self.note("type", f"{name}: {wanted}, got {'/'.join(sorted(claims.classes(nodes[0])))}")
            if len(nodes) > 1 and not entity.split_ok:
                self.score.counts["duplicates"] += len(nodes) - 1
                self.note("duplicate", f"{name}: {', '.join(map(claims.label, nodes))}")

    def facts(self) -> None:
        tally, counts, facts = self.score.tallies["facts"], self.score.counts, self.gold.facts
        hit: set[int] = set()
        seen = set()
        for judged in self.reading.judged:
            claim = judged.claim
            text = f"{self.claims.label(claim.subject)} | {claim.relation} | {self.claims.label(claim.object)}"
            if judged.trapped:
                counts["traps"] += 1
                self.note("trap", text)
            hit.update(judged.matches)
            if not judged.matches and judged.key not in seen:
                tally.add(extra=1)
                self.note("fact+", f"{text} [{claim.modality}]")
            seen.add(judged.key)
        said = said_qualifiers(self.reading, self.claims)
        for i, fact in enumerate(facts):
            if fact.optional:
                continue
            tally.add(right=int(i in hit), missed=int(i not in hit))
            if i not in hit:
                self.note("fact-", str(fact))
                continue
            for qualifier, wanted in fact.qualifiers.items():
                got = said.get((i, qualifier), set())
                holds = qualifier_holds(qualifier, wanted, got)
                counts["qualifiers"] += 1
                counts["qualifiers_right"] += int(holds)
                if not holds:
                    values = ", ".join(sorted(got)) or "nothing"
                    self.note("qualifier", f"{fact}: {qualifier} {'/'.join(wanted)}, said {values}")

    def observations(self) -> None:
        wanted, claims = self.gold.observations, self.claims
        tally = self.score.tallies["observations"]
        taken: set[int] = set()
        for node in claims.from_document(KZ + "Observation", self.reading.document):
            value, unit = claims.text(node, KZ + "value"), normalise(claims.text(node, KZ + "unit"))
            period, modality = claims.text(node, KZ + "period"), claims.modality(node)
            found = (i for i, w in enumerate(wanted) if i not in taken and _observes(w, value, unit, period, modality))
            if (first := next(found, None)) is not None:
                taken.add(first)
            elif not any(_same_number(wanted[i].value, value) for i in taken):
                # a second node for a number that was found is neither right nor extra
                tally.add(extra=1)
                self.note("observation+", f"{value} {unit} {period}")
        for i, observation in enumerate(wanted):
            if not observation.optional:
                tally.add(right=int(i in taken), missed=int(i not in taken))
                if i not in taken:
                    units = "/".join(observation.units)
                    self.note("observation-", f"{observation.value} {units} {observation.period or ''}")

    def quotes(self) -> None:
        wanted, claims = self.gold.quotes, self.claims
        tally = self.score.tallies["quotes"]
        taken: set[int] = set()
        for node in claims.from_document(KZ + "Quote", self.reading.document):
            raw, speaker = claims.text(node, KZ + "text"), claims.one(node, KZ + "speaker")
            text, who = normalise(raw), self.reading.alignment.gold_of(speaker)
            good = [i for i, w in enumerate(wanted) if w.speaker == who and _quotes(w, text)]
            if len(raw) > MAX_QUOTE_CHARS:
                good = []
            taken.update(good)
            # a short quoted phrase of a speaker who is in the gold is no error
            if not good and not (who is not None and len(text.split()) < SHORT_PHRASE_WORDS):
                tally.add(extra=1)
                self.note("quote+", f"{claims.label(speaker)}: {raw[:60]}")
        for i, quote in enumerate(wanted):
            if not quote.optional:
                tally.add(right=int(i in taken), missed=int(i not in taken))
                if i not in taken:
                    self.note("quote-", f"{quote.speaker}: {quote.text[:50]}")

    def metadata(self) -> None:
        for key in METADATA:
            if key not in self.gold.metadata:
                continue
            wanted, document = normalise(self.gold.metadata[key]), self.reading.document
            values = [
                v for p in METADATA_PROPERTIES[key] for v in (self.claims.values(document, p) if document else ())
            ]
            got = [normalise(self.claims.label(v)) for v in values]
            right = any(wanted == g or (key == "title" and wanted in g) for g in got)
            self.score.counts["metadata"] += 1
            self.score.counts["metadata_right"] += int(right)
            if not right:
                self.note("metadata", f"{key}: want {self.gold.metadata[key]!r}, got {got}")


def _observes(wanted: GoldObservation, value: str, unit: str, period: str, modality: str) -> bool:
    units = [normalise(u) for u in wanted.units]
    return (
        same_value(wanted.value, value)
        and (not units or unit in units or any(alike(u, unit) for u in units))
        and (wanted.period is None or wanted.period in period)
        and (not wanted.modalities or modality in wanted.modalities)
    )


def _same_number(wanted: str, value: str) -> bool:
    number = to_number(wanted)
    return number is not None and number == to_number(value)


def _quotes(wanted: GoldQuote, text: str) -> bool:
    """The opening of the gold quotation is in the text, or the text is a part of it."""
    full = normalise(wanted.text)
    return full[:SNIPPET_CHARS] in text or (len(text) > MIN_PART_CHARS and text in full)
