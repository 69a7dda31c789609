"""What checks, explanations and evaluations found, in lines for a reader or as JSON."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from kzai_graph.errors import InputError
from kzai_graph.sparql.answer import shorten
from kzai_graph.sparql.formats import printable

if TYPE_CHECKING:
    from kzai_graph.asking import Choice, Ranking
    from kzai_graph.check import CheckReport, Fault
    from kzai_graph.coverage import Coverage
    from kzai_graph.evaluate import FrameScore, Miss, Report
    from kzai_graph.explain import About, Fact, Place
    from kzai_graph.predications import Predication
    from kzai_graph.sparql import Question


def evaluation_lines(
    report: Report,
    *,
    per_document: bool = False,
    errors: bool = False,
    misses: Sequence[Miss] | None = None,
    frames: Sequence[FrameScore] | None = None,
) -> Iterator[str]:
    """The scores, then what else was asked for, each part after an empty line."""
    from kzai_graph.evaluate import summarise

    parts: list[Iterable[str]] = [report.lines()]
    if per_document:
        parts.append(report.document_lines())
    if errors:
        parts.append(report.errors)
    if misses is not None:
        parts += [map(str, misses), summarise(misses)]
    if frames is not None:
        parts.append(line for frame in frames for line in (str(frame), *(f"      {e}" for e in frame.examples)))
    for index, part in enumerate(parts):
        if index:
            yield ""
        yield from (printable(line) for text in part for line in text.split("\n"))


def evaluation_json(
    report: Report,
    *,
    per_document: bool = False,
    errors: bool = False,
    misses: Sequence[Miss] | None = None,
    frames: Sequence[FrameScore] | None = None,
) -> Iterator[str]:
    """The scores as one JSON object; what else was asked for under keys of its own."""
    said: dict[str, object] = dict(report.as_dict())
    if per_document:
        said["documents"] = {name: score.as_dict() for name, score in report.documents.items()}
    if errors:
        said["errors"] = [asdict(finding) for finding in report.total.findings]
    if misses is not None:
        said["misses"] = [asdict(miss) | {"fact": str(miss.fact)} for miss in misses]
    if frames is not None:
        said["frames"] = [asdict(frame) for frame in frames]
    yield json.dumps(said, ensure_ascii=False)


def check_lines(report: CheckReport, *, limit: int = 0) -> Iterator[str]:
    """The faults, those of one kind together and at most ``limit`` of them (0: all), then the sum."""
    for (severity, check, problem, fix), group in groupby(report.faults, key=_kind):
        faults = list(group)
        shown = faults[:limit] if limit else faults
        yield printable(f"{severity} ({check}): {problem}")
        if fix:
            yield printable(f"  fix: {fix}")
        for fault in shown:
            where = fault.document if fault.line is None else f"{fault.document}:{fault.line}"
            yield f"  - {_flat(': '.join(part for part in (where, fault.node, fault.detail) if part))}"
            if fault.sentence:
                yield f"    “{_flat(fault.sentence)}”"
        if len(shown) < len(faults):
            yield f"  … and {len(faults) - len(shown)} more (--limit 0 shows all)"
        yield ""
    counts = Counter(fault.severity for fault in report.faults)
    found = ", ".join(f"{count} {severity}{'s' * (count != 1)}" for severity, count in counts.items())
    yield f"{len(report.checks)} checks: {found or 'nothing found'}"


def check_json(report: CheckReport) -> Iterator[str]:
    """The report as one JSON object."""
    yield json.dumps({"conforms": report.conforms} | asdict(report), ensure_ascii=False, indent=2)


def explanation_lines(found: About | Fact) -> Iterator[str]:
    """An entity with its names and facts, or one statement; each fact with the places that say it."""
    from kzai_graph.explain import About

    if not isinstance(found, About):
        yield from _fact_lines(found)
        return
    yield _flat(f"{found.label} ({found.cls})  {found.entity}")
    if found.names:
        yield _flat(f"also named: {'; '.join(found.names)}")
    forms = ", ".join(f"“{form}” {count}" for form, count in found.forms.items())
    if forms:
        yield _flat(f"in texts: {forms}")
    yield _flat(f"mentions: {found.mentions} in {', '.join(found.documents) or 'no document'}")
    for title, facts in (
        ("stated of it", found.outgoing),
        ("leads to it", found.incoming),
        ("how far it is", found.milestones),
    ):
        if facts:
            yield ""
            yield f"{title}:"
        for fact in facts:
            yield from (f"  {line}" for line in _fact_lines(fact))
    if found.inferred:
        yield ""
        yield "inferred:"
    for inferred in found.inferred:
        yield f"  {_flat(f'{inferred.subject} | {inferred.relation} | {inferred.object}')}"
        yield f"    {_flat(f'{inferred.rule}: {inferred.says}')}"
        for ground in inferred.grounds:
            statements = ", ".join(ground.statements)
            yield f"    rests on {_flat(f'{ground.subject} | {ground.relation} | {ground.object}')}  {statements}"


def explanation_json(found: About | Fact) -> Iterator[str]:
    """The explanation as one JSON object."""
    yield json.dumps(asdict(found), ensure_ascii=False, indent=2)


def coverage_lines(found: Iterable[Coverage]) -> Iterator[str]:
    """Each document with its sentences that gave no statement, then the lexicon entries that nearly gave one."""
    lost: Counter[tuple[str, str]] = Counter()
    for document in found:
        counts = "; ".join(f"{reason} {count}" for reason, count in document.reasons.items())
        yield _flat(f"{document.document}: {document.stated} of {document.sentences} sentences gave a statement")
        for silence in document.silences:
            gave = f" (gave: {', '.join(silence.gave)})" if silence.gave else ""
            where = f"{document.document}:{silence.line}, characters {silence.span.begin} to {silence.span.end}"
            yield f"  {_flat(where)}: {silence.reason}{gave}"
            yield f"    “{_flat(silence.sentence)}”"
            for candidate in silence.candidates:
                yield f"    {shorten(candidate.frame)}: {candidate.reason}"
                lost[shorten(candidate.frame), candidate.reason] += 1
        if counts:
            yield f"  {counts}"
        yield ""
    for (frame, reason), count in sorted(lost.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:5}  {frame}: {reason}"


def coverage_json(found: Iterable[Coverage]) -> Iterator[str]:
    """One JSON object a document."""
    for document in found:
        yield json.dumps(asdict(document) | {"reasons": document.reasons}, ensure_ascii=False)


def _fact_lines(fact: Fact) -> Iterator[str]:
    said = "; ".join([fact.modality, *(f"{name} {value}" for name, value in fact.qualifiers.items())])
    yield _flat(f"{fact.subject} | {fact.relation} | {fact.object} [{said}]  {fact.statement}")
    for place in fact.places:
        yield f"  {_flat(_where(place))}"
        yield f"    “{_flat(place.sentence)}”"
        if place.clause and place.clause != place.sentence:
            yield f"    clause: “{_flat(place.clause)}”"
        if place.cues:
            yield f"    {fact.modality} by: {_flat(', '.join(f'“{cue}”' for cue in place.cues))}"


def _where(place: Place) -> str:
    line = f":{place.line}" if place.line is not None else ""
    read = f", read by {place.entry}" if place.entry else ""
    trigger = f" at “{place.trigger}”" if place.trigger else ""
    sure = f" ({place.confidence:g})" if place.confidence is not None else ""
    return f"{place.document}{line}, characters {place.begin} to {place.end}{read}{trigger}{sure}"


def _kind(fault: Fault) -> tuple[str, str, str, str]:
    return (fault.severity, fault.check, fault.problem, fault.fix)


def _flat(text: str) -> str:
    return " ".join(printable(text).split())


def clause_lines(found: Iterable[Predication]) -> Iterator[str]:
    """Each sentence with its clauses below it: predicate, modality, arguments, times, who says so."""
    for sentence, clauses in groupby(found, key=lambda p: p.sentence):
        yield printable(" ".join(sentence.split()))
        for clause in clauses:
            parts = [f"{clause.predicate.text} ({clause.lemma}, {clause.kind}, {clause.modality})"]
            parts += [f"{a.role}: {a.text}" for a in clause.arguments]
            parts += [f"time: {t.text}" for t in clause.times]
            parts += [f"said by: {clause.attribution.text}"] if clause.attribution else []
            yield "  " + printable(" | ".join(" ".join(part.split()) for part in parts))


def clause_jsonl(found: Iterable[Predication]) -> Iterator[str]:
    """One JSON object a clause."""
    for clause in found:
        yield json.dumps(clause.to_json(), ensure_ascii=False)


def question_lines(questions: Sequence[Question], wanted: str = "") -> Iterator[str]:
    """The questions by folder, or those with a word in their name or wording; of the one that is named, all it says.

    Raises:
        InputError: there is none.
    """
    exact = [q for q in questions if wanted in (q.name, q.path.stem, q.path.name)]
    if exact:
        yield from _header_lines(exact[0])
        return
    word = wanted.casefold()
    found = [q for q in questions if word in f"{q.name} {q.card.question} {' '.join(q.card.also)}".casefold()]
    if not found:
        raise InputError(f"{wanted}: no question has such a word; kzai-graph questions lists all")
    width = max(len(q.name) for q in found)
    for folder, group in groupby(found, key=lambda q: q.name.partition("/")[0]):
        yield folder
        for question in group:
            yield f"  {question.name:{width}}  {question.card.question}"


def _header_lines(question: Question) -> Iterator[str]:
    card = question.card
    yield card.question
    yield f"name      {question.name}"
    for parameter in card.parameters:
        default = f", default: {parameter.default}" if parameter.default else ""
        yield f"--set     {parameter.name}=… ({parameter.type}{default}) {parameter.note}".rstrip()
    yield f"columns   {', '.join(card.columns)}"
    yield f"order     {card.order.replace('?', '')}"
    yield f"empty     {card.empty}"
    for wording in card.also:
        yield f"also      {wording}"


def choice_lines(choice: Choice) -> Iterator[str]:
    """Which question was taken for a wording, as a command that asks it."""
    yield choice.question.card.question
    yield f"{_command(choice)}"


def refusal_lines(ranking: Ranking) -> Iterator[str]:
    """Why no question was taken, and which come nearest."""
    unknown = ", ".join(printable(word) for word in ranking.unknown)
    yield "no question fits" + (f"; neither the questions nor the graph know: {unknown}" if unknown else "")
    for choice in ranking.nearest:
        yield f"nearest: {_command(choice)}  ({choice.question.card.question})"


def _command(choice: Choice) -> str:
    settings = (f" --set {shlex.quote(f'{name}={value}')}" for name, value in choice.parameters.items())
    return printable(f"kzai-graph query {choice.question.name}{''.join(settings)}")
