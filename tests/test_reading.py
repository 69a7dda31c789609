"""Sentences and what must, and must not, be read from them; the cases are data in ``cases/reading/*.toml``.

Each ``[[case]]`` has a ``text`` (one paragraph a line) and any of ``entities`` ("Label (Class)"), ``statements``
("Subject | relation | Object", with " | Modality" where it is not Asserted, and " | date=…", "deadline=…",
"amount=…", "currency=…", "stage=…"), ``milestones`` ("Instrument | Stage", with " | Modality" and " | date=…",
"deadline=…", "by=Entity" likewise), and ``never`` and ``no_milestones`` (the same forms): what a reader would be wrong
to say. An end of a statement is written as the text names the entity, in any of its names; ``*`` is anything.
A succession is a statement, "Former | Succession | Successor". ``date`` is the document's date; with ``creator`` the
first line is the byline.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kzai_graph.language import load_pipeline
from kzai_graph.model import Block, Document, DocumentRecord, LocalEntity, Metadata, Milestone, Span, Statement, Zone
from kzai_graph.ontology import load_ontology
from kzai_graph.reading import Reader

FOLDER = Path(__file__).parent / "cases" / "reading"
DEFAULT_DATE = "2031-05-20"
QUALIFIERS = ("date", "deadline", "amount", "currency")


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for n, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], 1):
            found.append(pytest.param(case, id=f"{path.stem}-{n}"))
    return found


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_pipeline(), load_ontology())


def _read(reader: Reader, case: dict[str, Any]) -> DocumentRecord:
    text, blocks, begin = case["text"].strip(), [], 0
    for line in text.split("\n"):
        if line.strip():
            zone = Zone.BYLINE if "creator" in case and not blocks else Zone.BODY
            blocks.append(Block(Span(begin, begin + len(line)), zone, line))
        begin += len(line) + 1
    metadata = Metadata(
        date=case.get("date", DEFAULT_DATE), creator=case.get("creator"), publisher=case.get("publisher")
    )
    return reader.read(Document("case.txt", text, "0" * 64, "utf-8", tuple(blocks), metadata))


def _names(record: DocumentRecord, entity: LocalEntity) -> set[str]:
    return {
        _plain(n) for n in (entity.name, *entity.names, *(m.text for m in record.mentions if m.entity == entity.id))
    }


def _plain(name: str) -> str:
    return " ".join(name.casefold().removeprefix("the ").replace("’", "'").split())


def _entity_holds(record: DocumentRecord, wanted: str) -> bool:
    label, _, cls = wanted.removesuffix(")").rpartition(" (")
    return any(_plain(label) in _names(record, e) and cls in (e.cls, "*") for e in record.entities)


def _statement_holds(record: DocumentRecord, wanted: str) -> bool:
    subject, relation, target, *rest = (part.strip() for part in wanted.split(" | "))
    modality = next((r for r in rest if "=" not in r), "Asserted")
    qualifiers = dict(r.split("=", 1) for r in rest if "=" in r)
    entities = {e.id: _names(record, e) for e in record.entities}

    def fits(statement: Statement) -> bool:
        ends = [(statement.subject, statement.object)]
        if relation == "partnersWith":
            ends.append((statement.object, statement.subject))
        named = any(_is(subject, entities[s]) and _is(target, entities[o]) for s, o in ends)
        said = {q: str(getattr(statement, q)) for q in QUALIFIERS}
        said["stage"] = next((_stage(e.stage) for e in statement.evidence if e.stage), "None")
        return (
            named
            and relation in (statement.relation, "*")
            and modality in (statement.modality, "*")
            and all(said[q] == value for q, value in qualifiers.items())
        )

    return any(fits(s) for s in (*record.statements, *record.successions))


def _milestone_holds(record: DocumentRecord, wanted: str) -> bool:
    instrument, stage, *rest = (part.strip() for part in wanted.split(" | "))
    modality = next((r for r in rest if "=" not in r), "Asserted")
    qualifiers = dict(r.split("=", 1) for r in rest if "=" in r)
    who = qualifiers.pop("by", "*")
    entities = {e.id: _names(record, e) for e in record.entities}

    def fits(milestone: Milestone) -> bool:
        by = entities[milestone.by] if milestone.by is not None else {"none"}
        return (
            _is(instrument, entities[milestone.instrument])
            and stage in (_stage(milestone.stage), "*")
            and modality in (milestone.modality, "*")
            and _is(who, by)
            and all(str(getattr(milestone, q)) == value for q, value in qualifiers.items())
        )

    return any(fits(m) for m in record.milestones)


def _stage(iri: str) -> str:
    return iri.rpartition("#Stage")[2]


def _is(wanted: str, names: set[str]) -> bool:
    return wanted == "*" or _plain(wanted) in names


@pytest.mark.parametrize("case", _cases())
def test_case_is_read_as_it_should(reader: Reader, case: dict[str, Any]) -> None:
    record = _read(reader, case)
    wrong = [f"missing: {w}" for w in case.get("entities", []) if not _entity_holds(record, w)]
    wrong += [f"missing: {w}" for w in case.get("statements", []) if not _statement_holds(record, w)]
    for unwanted in case.get("never", []):
        holds = _statement_holds if " | " in unwanted else _entity_holds
        if holds(record, unwanted):
            wrong.append(f"wrong: {unwanted}")
    wrong += [f"missing: {w}" for w in case.get("milestones", []) if not _milestone_holds(record, w)]
    wrong += [f"wrong: {w}" for w in case.get("no_milestones", []) if _milestone_holds(record, w)]
    names = {e.id: e.name for e in record.entities}
    read = [
        f"{names[s.subject]} | {s.relation} | {names[s.object]} | {s.modality} | {s.date}"
        for s in (*record.statements, *record.successions)
    ]
    read += [f"{names[m.instrument]} | {_stage(m.stage)} | {m.modality} | {m.date}" for m in record.milestones]
    found = [f"{e.name} ({e.cls})" for e in record.entities]
    assert not wrong, "\n".join([case["text"], *wrong, "read:", *read, *found])
