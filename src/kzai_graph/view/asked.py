"""What questions of the project say of a graph, as positions in the facts of a page: one rule for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.sparql import ask_shipped
from kzai_graph.view.facts import Facts, Revision, tail
from kzai_graph.view.templating import show_date

OVERDUE, CHANGES, REVISIONS = Path("promises/overdue"), Path("people/successions"), Path("sources/revisions")
VOID = frozenset(("denied", "dropped", "new date"))
"""After these a statement holds no longer, or not as it was stated."""


@dataclass(frozen=True, slots=True)
class Change:
    """An office that changed hands; ``date`` is told, or that of the document; ``sentences`` show both holders.

    ``statements`` say who held it before and after.
    """

    statements: tuple[int, int]
    office: int
    before: int
    after: int
    date: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The plans that are overdue as of the newest document; the offices that changed hands, in order; revisions."""

    overdue: frozenset[int]
    changes: tuple[Change, ...]
    revisions: Mapping[int, Revision]


def ask_all(store: ox.Store, facts: Facts) -> Asked:
    """Ask a store what the pages show; its default graph holds what the facts say."""
    changes = tuple(_changes(store, facts))
    return Asked(_overdue(store, facts), changes, _revisions(store, facts, changes))


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
        sentences = tuple(dict.fromkeys((at, then)))
        change = Change((first, second), office, before, after, row["date"] or row["told"], sentences)
        found.setdefault((office, before, after), change)
    return found.values()


def _revisions(store: ox.Store, facts: Facts, changes: Iterable[Change]) -> dict[int, Revision]:
    """The newest revision of each statement; who followed in an office counts where nothing else is told."""
    found = {
        before: Revision(f"followed by {facts.entities[change.after].label}", after, change.date)
        for change in changes
        for before, after in [change.statements]
        if before != after
    }
    at = {s.key: i for i, s in enumerate(facts.statements)}
    for row in sorted(ask_shipped(store, REVISIONS).texts(), key=lambda row: row["later"]):
        revised, by = (at.get(row[name], at.get(tail(row[name]))) for name in ("statement", "revision"))
        if revised is not None and by is not None:
            note = f"{row['how']} {show_date(row['after'])}" if row["how"] == "new date" else row["how"]
            found[revised] = Revision(note, by, row["later"], row["how"] in VOID)
    return found


def _words(facts: Facts, statement: int) -> tuple[str, str, str]:
    s = facts.statements[statement]
    return facts.entities[s.subject].label, s.relation, facts.entities[s.object].label


def _said(facts: Facts, sentence: int) -> tuple[str, str]:
    found = facts.sentences[sentence]
    return facts.documents[found.document].name, found.text
