"""Weights that are learned from annotated sentences, and what the reader states by them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kzai_graph.annotated import read_examples
from kzai_graph.errors import OntologyError, TrainingError
from kzai_graph.language import Pipeline, load_pipeline
from kzai_graph.lexical import Ontology
from kzai_graph.model import Block, Document, Metadata, Modality, Span, Zone
from kzai_graph.ontology import default_ontology, load_ontology
from kzai_graph.reading import Reader
from kzai_graph.training import Settings, find_instances, fit, read_folder, read_settings
from kzai_graph.weights import Outcome, Weights, load_weights, outcomes_of, pack_weights

TRAINING = Path(__file__).resolve().parents[1] / "training"
EXAMPLE = """\
# A comment.
[Halden Ferries|Firm] took [RouteMind|System] of [Oslo|Place]'s [Fjordlogic|Firm] for [its>Halden Ferries|Firm] ships.
Fjordlogic supplies RouteMind
Halden Ferries uses RouteMind - Planned
? Halden Ferries partnersWith Fjordlogic

[Ada Quill|Person] sails.
"""


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


@pytest.fixture(scope="module")
def reader(pipeline: Pipeline, ontology: Ontology) -> Reader:
    return Reader(pipeline, ontology)


def learned(reader: Reader, text: str) -> set[tuple[str, str, str, str]]:
    """What the weights state of a text: subject, relation, object, modality."""
    block = Block(Span(0, len(text)), Zone.BODY, text)
    reading = reader.interpret(Document("text.txt", text, "", "utf-8", (block,), Metadata()))
    return {
        (p.subject.entity.label, p.relation, p.object.entity.label, str(p.modality))
        for p in reading.proposals
        if p.frame.kind == "learned"
    }


def test_examples_are_text_with_entities_and_facts(tmp_path: Path, ontology: Ontology) -> None:
    path = tmp_path / "ferries.txt"
    path.write_text(EXAMPLE, encoding="utf-8")
    first, second = read_examples(path, ontology)
    assert first.text == "Halden Ferries took RouteMind of Oslo's Fjordlogic for its ships."
    assert [(first.text[a.begin : a.end], a.name, a.cls) for a in first.annotations] == [
        ("Halden Ferries", "Halden Ferries", "Firm"),
        ("RouteMind", "RouteMind", "System"),
        ("Oslo", "Oslo", "Place"),
        ("Fjordlogic", "Fjordlogic", "Firm"),
        ("its", "Halden Ferries", "Firm"),
    ]
    assert first.facts == {("Fjordlogic", "supplies", "RouteMind"), ("Halden Ferries", "uses", "RouteMind")}
    assert first.arguable == {("Halden Ferries", "partnersWith", "Fjordlogic")}
    assert second.place.endswith("ferries.txt:7")
    assert not second.facts


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[Oslo|Town] is wet.", "broken.txt:1: [Oslo|Town] has the unknown class Town"),
        ("[Oslo|Place] is [Oslo|Firm].", "broken.txt:1: 'Oslo' has the classes Place and Firm"),
        ("[Oslo is wet.", "broken.txt:1: a bracket that is no"),
        ("[Oslo|Place] is wet.\nOslo likes Oslo", "broken.txt:2: 'Oslo likes Oslo' is no SUBJECT"),
        ("[Oslo|Place] is wet.\nOslo uses Oslo", "broken.txt:2: uses does not go from Place to Place"),
    ],
)
def test_what_is_wrong_in_an_example_is_named_with_its_line(
    text: str, complaint: str, tmp_path: Path, ontology: Ontology
) -> None:
    path = tmp_path / "broken.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError) as raised:
        read_examples(path, ontology)
    assert complaint in str(raised.value)


def test_weights_are_learned_and_kept_in_whole_numbers(tmp_path: Path, reader: Reader) -> None:
    for path in sorted(TRAINING.glob("companies_1.txt")):
        shutil.copy(path, tmp_path / path.name)
    outcomes = outcomes_of(reader.ontology)
    instances = list(find_instances(read_folder(tmp_path, reader), reader))
    weights = fit(instances, outcomes, Settings(penalty=0.5, min_count=2, iterations=30))
    judged = [weights.judge(i.features, i.columns[1:])[:2] for i in instances if i.right != [0] and len(i.columns) > 1]
    right = [outcomes[i.right[0] - 1] for i in instances if i.right != [0] and len(i.columns) > 1]
    told = sum(related > 0.5 and outcome == wanted for (related, outcome), wanted in zip(judged, right, strict=True))
    assert told > 0.8 * len(right) > 100
    path = tmp_path / "relations.npz"
    path.write_bytes(pack_weights(weights))
    kept = load_weights(path)
    assert kept.outcomes == outcomes
    assert kept.features == weights.features
    assert np.array_equal(kept.matrix, weights.matrix)
    assert pack_weights(kept) == path.read_bytes()


def test_shipped_weights_fit_the_shipped_ontology(ontology: Ontology) -> None:
    assert ontology.weights is not None
    assert load_weights(ontology.weights).outcomes == outcomes_of(ontology)
    assert set(ontology.learned) <= set(ontology.relations)


def test_every_example_of_the_folder_is_well_formed(ontology: Ontology) -> None:
    examples = [e for path in sorted(TRAINING.glob("*.txt")) for e in read_examples(path, ontology)]
    assert len(examples) > 2500
    assert sum(bool(e.facts) for e in examples) > 2000
    assert read_settings(TRAINING).iterations > 0


def test_frames_keep_the_say(reader: Reader) -> None:
    text = "Halden Ferries uses RouteMind, a scheduling platform."
    reading_by_frames = learned(reader, text)
    assert not {(s, o) for s, _, o, _ in reading_by_frames} & {("Halden Ferries", "RouteMind")}


def test_a_relation_without_entry_or_sureness_is_not_stated(pipeline: Pipeline, ontology: Ontology) -> None:
    wild = {r: replace(f, confidence=0.0, worded=False) for r, f in ontology.learned.items()}
    sure = {r: replace(f, confidence=1.1) for r, f in ontology.learned.items()}
    text = "In Bergen, Tidewell Systems and the Harbour Agency showed SaltWatch to the press."
    assert learned(Reader(pipeline, replace(ontology, learned=wild)), text)
    assert not learned(Reader(pipeline, replace(ontology, learned=sure)), text)
    assert not learned(Reader(pipeline, replace(ontology, learned={})), text)
    assert not learned(Reader(pipeline, replace(ontology, weights=None)), text)


def test_what_is_denied_is_not_stated(pipeline: Pipeline, ontology: Ontology) -> None:
    wild = {r: replace(f, confidence=0.0, worded=False) for r, f in ontology.learned.items()}
    reader = Reader(pipeline, replace(ontology, learned=wild))
    said = learned(reader, "Tidewell Systems denied having tested SaltWatch in Bergen.")
    assert all(modality in (Modality.ASSERTED, Modality.PLANNED) for *_, modality in said)
    assert not {s for s in said if s[0] == "Tidewell Systems" and s[2] == "SaltWatch"}


def test_a_broken_file_of_weights_is_named(tmp_path: Path) -> None:
    path = tmp_path / "relations.npz"
    path.write_bytes(b"PK nothing")
    with pytest.raises(OntologyError, match="holds no weights of relations"):
        load_weights(path)


def test_judging_counts_only_what_the_classes_allow() -> None:
    outcomes = (Outcome("uses"), Outcome("uses", forward=False), Outcome("funds"))
    weights = Weights(outcomes, {"a": 0, "b": 1}, np.array([[0, 512, 0, 1024], [0, 0, 0, 0]], dtype=np.int16))
    related, outcome, share = weights.judge(["a", "b", "unseen"], [1, 2])
    assert outcome == Outcome("uses")
    assert related == pytest.approx(0.894, abs=0.002)
    assert share == pytest.approx(0.881, abs=0.002)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("min_cuont = 1", "unknown setting 'min_cuont'; there are penalty, min_count, iterations"),
        ('min_count = "many"', "min_count must be a whole number above 0, and is 'many'"),
        ("min_count = 1.5", "min_count must be a whole number above 0, and is 1.5"),
        ("iterations = true", "iterations must be a whole number above 0, and is True"),
        ("penalty = -0.5", "penalty must be a number above 0, and is -0.5"),
        ("penalty = nan", "penalty must be a number above 0, and is nan"),
        ("penalty 2", "cannot be read"),
    ],
)
def test_setting_that_cannot_be_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "settings.toml").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=re.escape(f"settings.toml: {said}")):
        read_settings(tmp_path)


def test_settings_are_those_of_the_folder_and_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("penalty = 2\n", encoding="utf-8")
    assert read_settings(tmp_path) == Settings(penalty=2)


def test_the_command_writes_weights_into_the_folder(tmp_path: Path) -> None:
    home, sentences = tmp_path / "ontology", tmp_path / "sentences"
    shutil.copytree(default_ontology(), home)
    (home / "relations.npz").unlink()
    sentences.mkdir()
    (sentences / "ferries.txt").write_text(EXAMPLE, encoding="utf-8")
    (sentences / "settings.toml").write_text("min_count = 1\n", encoding="utf-8")
    command = [sys.executable, "-m", "kzai_graph", "learn", str(sentences), "--ontology", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "2 examples" in done.stdout
    assert load_weights(home / "relations.npz").features
    (sentences / "settings.toml").write_text("min_cuont = 1\n", encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "settings.toml" in done.stderr


def test_weights_of_relations_that_a_folder_lacks_are_passed_over(reader: Reader) -> None:
    weights = Weights((Outcome("swims"), Outcome("uses")), {}, np.zeros((0, 3), dtype=np.int16))
    assert weights.columns(reader.ontology, "Firm", "System") == [2]
