"""What questions of the project say of a graph, as positions in the facts of a page: one rule for both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.sparql import ask_shipped
from kzai_graph.view.facts import Facts

OVERDUE, CHANGES = Path("promises/overdue"), Path("people/successions")


@dataclass(frozen=True, slots=True)
class Change:
    """An office that changed hands; ``date`` is told, or that of the document; ``sentences`` show both holders."""

    office: int
    before: int
    after: int
    date: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The plans that are overdue as of the newest document, and the offices that changed hands, in order."""

    overdue: frozenset[int]
    changes: tuple[Change, ...]


def ask_all(quads: Iterable[ox.Quad], facts: Facts) -> Asked:
    """Ask what the pages show."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    return Asked(_overdue(store, facts), tuple(_changes(store, facts)))


def _overdue(store: ox.Store, facts: Facts) -> frozenset[int]:
    names = ("who", "relation", "what", "document", "sentence")
    late = {tuple(row[name] for name in names) for row in ask_shipped(store, OVERDUE).texts()}
    return frozenset(
        i
        for i, s in enumerate(facts.statements)
        if s.modality == "Planned"
        and any((*_words(facts, i), *_said(facts, sentence)) in late for sentence, _, _ in s.evidence)
    )


def _changes(store: ox.Store, facts: Facts) -> Iterable[Change]:
    held = {
        (holder, office, *_said(facts, sentence)): (i, sentence)
        for i, s in enumerate(facts.statements)
        if s.relation == "holdsPosition"
        for holder, _, office in [_words(facts, i)]
        for sentence, _, _ in s.evidence
    }
    found: dict[tuple[int, int, int], Change] = {}
    for row in ask_shipped(store, CHANGES).texts():
        before_place = held.get((row["before"], row["office"], row["beforeDocument"], row["beforeSentence"]))
        after_place = held.get((row["after"], row["office"], row["document"], row["sentence"]))
        if before_place is None or after_place is None:
            continue  # a graph made elsewhere may say it without a sentence, which no page can show
        (first, at), (second, then) = before_place, after_place
        office, before, after = facts.statements[second].object, *(facts.statements[i].subject for i in (first, second))
        change = Change(office, before, after, row["date"] or row["told"], tuple(dict.fromkeys((at, then))))
        found.setdefault((office, before, after), change)
    return found.values()


def _words(facts: Facts, statement: int) -> tuple[str, str, str]:
    s = facts.statements[statement]
    return facts.entities[s.subject].label, s.relation, facts.entities[s.object].label


def _said(facts: Facts, sentence: int) -> tuple[str, str]:
    found = facts.sentences[sentence]
    return facts.documents[found.document].name, found.text
