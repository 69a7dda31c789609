"""Sentences and their clauses; the cases are data in ``cases/clauses/*.toml``.

Each ``[[case]]`` has a ``text``, the ``clauses`` that must be found and those that must ``never`` be. A clause is
"lemma | modality | role=words | …"; roles that are not named may be there as well, ``by=`` names who says so and
``at=`` a time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kzai_graph.language import Pipeline, load_pipeline
from kzai_graph.ontology import load_ontology
from kzai_graph.predications import Predication, find_predications, line_blocks

FOLDER = Path(__file__).parent / "cases" / "clauses"


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for n, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], 1):
            found.append(pytest.param(case, id=f"{path.stem}-{n}"))
    return found


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


def _shown(found: Predication) -> str:
    parts = [found.lemma, str(found.modality), *(f"{a.role}={a.text}" for a in found.arguments)]
    parts += [f"at={t.text}" for t in found.times]
    parts += [f"by={found.attribution.text}"] if found.attribution else []
    return " | ".join(parts)


def _holds(wanted: str, found: list[Predication]) -> bool:
    parts = set(wanted.split(" | "))
    return any(parts <= set(_shown(p).split(" | ")) for p in found)


@pytest.mark.parametrize("case", _cases())
def test_clauses_are_found(pipeline: Pipeline, case: dict[str, Any]) -> None:
    found = list(find_predications(line_blocks(case["text"]), pipeline, load_ontology().cues))
    wrong = [f"missing: {w}" for w in case.get("clauses", []) if not _holds(w, found)]
    wrong += [f"wrong: {w}" for w in case.get("never", []) if _holds(w, found)]
    assert not wrong, "\n".join([case["text"], *wrong, "found:", *map(_shown, found)])


def test_offsets_are_those_of_the_text(pipeline: Pipeline) -> None:
    text = "\nLima opened a port in May.\n\nThe mayor said that Quito, its rival, had not."
    for found in find_predications(line_blocks(text), pipeline, load_ontology().cues):
        for words in (found.predicate, *found.arguments, *found.times):
            assert text[words.begin : words.end] == words.text


def test_command_writes_one_object_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kzai_graph", "clauses", "-", "--format", "jsonl"],
        input="The council adopted the plan in May.",
        capture_output=True,
        text=True,
        check=True,
    )
    (clause,) = map(json.loads, done.stdout.splitlines())
    assert clause["lemma"] == "adopt"
    assert clause["arguments"][0] == {"role": "agent", "text": "The council", "begin": 0, "end": 11}
    assert [t["text"] for t in clause["times"]] == ["in May"]
