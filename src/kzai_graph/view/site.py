"""The pages beside the network: texts as they were read, what happened and what is due, and the overview."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from kzai_graph.edtf import earliest_latest, is_valid
from kzai_graph.sources import is_extracted
from kzai_graph.view.asked import Asked
from kzai_graph.view.facts import Facts, Milestone
from kzai_graph.view.reading import Found, Text, find_by_document, lay_out_text, page_name, shown_of
from kzai_graph.view.templating import Page, render
from kzai_graph.view.trust import Trust

READ = "read"
Keep = Callable[[Sequence[str], str, str], bool]
"""Takes over the files of a document's page, as they are, where an earlier page showed the same: their paths, the
document, and a digest of the facts; tells whether that was done."""
MODALITIES = ("Asserted", "Planned", "Reported", "Negated")
REASONS = {
    "no frame": "No entry of the lexicon matches a clause of this sentence.",
    "unsure reference": "An entry of the lexicon matches, but what one of its ends stands for could not be told:",
    "class": "An entry of the lexicon matches, but its relation does not hold between things of these classes:",
    "modality": "An entry of the lexicon matches, but whether the text says so or not could not be told:",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds an office, as one statement says it."""

    office: int
    holder: int
    statement: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What is said at its date or deadline; ``late``: a plan that is overdue.

    ``kind`` and ``index`` say what it is and where it stands in the facts, ``ends`` whom it concerns.
    """

    when: str
    first: str
    kind: str
    index: int
    ends: tuple[int, ...]
    sentences: tuple[int, ...]
    due: bool
    late: bool = False


def write_site(
    facts: Facts,
    texts: Mapping[str, Text],
    folder: Path,
    *,
    stages: Sequence[str],
    asked: Asked,
    trust: Trust,
    shares: Mapping[str, tuple[int, int]],
    keep: Keep | None = None,
    served: bool = False,
) -> None:
    """Write the pages beside the network into a folder that exists; the same facts give the same bytes.

    ``texts``: those that are at hand, by identifier; only these get a page of their own. ``stages``: the local
    names of the stages of an instrument, in order. ``asked``: what questions of the project say of the
    graph. ``trust``: what speaks for and against it. ``shares``: how many sentences of each document gave a statement,
    and how many there are, where that is known. ``keep``: takes pages over that are there already. ``served``: a
    server hands them out.

    Raises:
        OSError: the folder cannot be written.
    """
    names = [page_name(d.name) if d.name in texts else None for d in facts.documents]
    shared: dict[str, object] = {"facts": facts, "names": names, "up": ""}
    today = max((d.date for d in facts.documents if d.date), default=None)
    pages = {
        "timeline.html": Page("timeline.html", "Timeline", scripts=("filter.js",)),
        "offices.html": Page("offices.html", "Offices"),
        "instruments.html": Page("instruments.html", "Instruments"),
        "overview.html": Page("overview.html", "Overview"),
    }
    values: dict[str, dict[str, object]] = {
        "timeline.html": {
            "here": "timeline",
            "years": _years(facts, asked.overdue),
            "today": today,
            "actors": _actors(facts),
        },
        "offices.html": {"here": "offices", "bodies": _bodies(facts), "changes": asked.changes},
        "instruments.html": {"here": "instruments", "ladders": _ladders(facts, stages)},
        "overview.html": {"here": "overview", "trust": trust, **_counts(facts, shares)},
    }
    for name, sheet in pages.items():
        _write(folder / name, render(sheet, shared | values[name], served=served))
    if texts:
        (folder / READ).mkdir(exist_ok=True)
    for found, document in zip(find_by_document(facts), facts.documents, strict=True):
        if document.name not in texts:
            continue
        page = f"{READ}/{page_name(document.name)}"
        paths = [page, *([str(Path(page).with_suffix(".txt"))] if is_extracted(document.name) else [])]
        if keep is None or not keep(paths, document.name, shown_of(facts, found)):
            text = texts[document.name]
            contents = (_reading_page(facts, found, text, shared, served), text.document.text)
            for path, content in zip(paths, contents, strict=False):
                _write(folder / path, content)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _reading_page(facts: Facts, found: Found, text: Text, shared: Mapping[str, object], served: bool) -> str:
    document = facts.documents[found.number]
    places, passages = lay_out_text(facts, found, text)
    counts = {
        "statements": len({i for place in places for i in place.statements}),
        "numbers": len({i for place in places for i in place.observations}),
        "quotes": len({i for place in places for i in place.quotes}),
        "stages": len({i for place in places for i in (*place.milestones, *place.successions)}),
        "silent": sum(not place.gave for place in places),
    }
    page = Page("read.html", document.title or document.name, scripts=("read.js",))
    own = {"document": document, "places": places, "passages": passages, "counts": counts, "reasons": REASONS}
    return render(page, {**shared, **own, "up": "../", "here": None}, served=served)


def _bodies(facts: Facts) -> list[tuple[int | None, list[Holding]]]:
    """The offices with their holders by body, where one is told; bodies and offices by name, holders by date."""
    homes = {s.subject: s.object for s in facts.statements if s.relation == "positionIn" and s.modality == "Asserted"}
    bodies: dict[int | None, list[Holding]] = defaultdict(list)
    for i, statement in enumerate(facts.statements):
        if statement.relation == "holdsPosition":
            bodies[homes.get(statement.object)].append(Holding(statement.object, statement.subject, i))

    def order(found: Holding) -> tuple[str, str, int]:
        return facts.entities[found.office].label.casefold(), _when(facts, found.statement), found.statement

    named = sorted(
        bodies, key=lambda b: (b is None, facts.entities[b].label.casefold() if b is not None else "", b or 0)
    )
    return [(body, sorted(bodies[body], key=order)) for body in named]


def _when(facts: Facts, statement: int) -> str:
    """The date of a statement, else that of the first document that says it."""
    found = facts.statements[statement]
    dates = (facts.documents[facts.sentences[s].document].date for s, _, _ in found.evidence)
    return found.date or min((date for date in dates if date), default="")


def _ladders(facts: Facts, stages: Sequence[str]) -> list[tuple[int, dict[str, list[Milestone]], str | None]]:
    """The milestones of each instrument by stage, the furthest last, and the furthest that is asserted."""
    order = {stage: n for n, stage in enumerate(stages)}
    found: dict[int, list[Milestone]] = defaultdict(list)
    for milestone in facts.milestones:
        found[milestone.of].append(milestone)
    ladders = []
    for instrument in sorted(found, key=lambda i: (facts.entities[i].label.casefold(), i)):
        steps = sorted(found[instrument], key=lambda m: (order.get(m.stage, -1), m.stage, m.date or "", m.modality))
        reached = [m.stage for m in steps if m.modality == "Asserted"]
        by_stage: dict[str, list[Milestone]] = defaultdict(list)
        for step in steps:
            by_stage[step.stage].append(step)
        ladders.append((instrument, dict(by_stage), reached[-1] if reached else None))
    return ladders


def _years(facts: Facts, overdue: Set[int]) -> list[tuple[str, list[Moment]]]:
    """All moments by year, the latest year first, each year in the order of the calendar."""
    years: dict[str, list[Moment]] = defaultdict(list)
    for moment in _moments(facts, overdue):
        years[moment.first[:4]].append(moment)
    found = sorted(years.items(), reverse=True)
    return [(year, sorted(moments, key=lambda m: (m.first, m.when, m.kind, m.index))) for year, moments in found]


def _actors(facts: Facts) -> list[int]:
    """Who does something that is dated, by name."""
    found = {s.subject for s in facts.statements if s.date or s.deadline}
    found |= {m.by for m in facts.milestones if m.by is not None and (m.date or m.deadline)}
    found |= {end for s in facts.successions if s.date for end in (s.former, s.successor)}
    return sorted(found, key=lambda i: (facts.entities[i].label, i))


def _moments(facts: Facts, overdue: Set[int]) -> Iterator[Moment]:
    """Statements, stages that no statement of the same sentence dates as well, and successions."""
    dated: set[tuple[int, int, str | None, str | None]] = set()
    for i, s in enumerate(facts.statements):
        sentences, ends = tuple(sentence for sentence, _, _ in s.evidence), (s.subject, s.object)
        dated |= {(sentence, end, s.date, s.deadline) for sentence in sentences for end in ends}
        for when, first, due in _days(s.modality, s.date, s.deadline):
            yield Moment(when, first, "statement", i, ends, sentences, due, due and i in overdue)
    for i, m in enumerate(facts.milestones):
        if not any((sentence, m.of, m.date, m.deadline) in dated for sentence in m.sentences):
            concerned = (m.of,) if m.by is None else (m.of, m.by)
            for when, first, due in _days(m.modality, m.date, m.deadline):
                yield Moment(when, first, "milestone", i, concerned, m.sentences, due)
    for i, x in enumerate(facts.successions):
        for when, first, due in _days(x.modality, x.date, None):
            yield Moment(when, first, "succession", i, (x.former, x.successor), x.sentences, due)


def _days(modality: str, date: str | None, deadline: str | None) -> Iterator[tuple[str, str, bool]]:
    """Each time with its first day; a plan is due at its deadline, without one at its date."""
    due = deadline or (date if modality == "Planned" else None)
    for when in dict.fromkeys((date, deadline)):
        if when is not None and is_valid(when):
            yield when, earliest_latest(when)[0], when == due


def _counts(facts: Facts, shares: Mapping[str, tuple[int, int]]) -> dict[str, object]:
    relations = Counter((s.relation, s.modality) for s in facts.statements)
    used = sorted({relation for relation, _ in relations}, key=lambda r: (-sum(relations[r, m] for m in MODALITIES), r))
    stated: Counter[int] = Counter()
    for statement in facts.statements:
        stated.update({facts.sentences[sentence].document for sentence, _, _ in statement.evidence})
    return {
        "classes": sorted(Counter(e.cls for e in facts.entities).items(), key=lambda c: (-c[1], c[0])),
        "relations": [(relation, [relations[relation, m] for m in MODALITIES]) for relation in used],
        "modalities": MODALITIES,
        "stated": stated,
        "shares": {name: (stated, sentences) for name, (stated, sentences) in shares.items() if sentences},
    }
