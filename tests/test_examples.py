"""Other domains, with no line of Python: the folders in ``examples/``, and the relation that docs/ontology.md adds."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kzai_graph import build
from kzai_graph.check import check
from kzai_graph.evaluate import Report, evaluate
from kzai_graph.ontology import load_ontology
from kzai_graph.sparql import run_query, write_answer
from kzai_graph.terms import KZ

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = (REPOSITORY / "docs" / "ontology.md").read_text(encoding="utf-8")
EXAMPLES = sorted(path for path in (REPOSITORY / "examples").iterdir() if path.is_dir())
FAULTS = "traps duplicates spans_wrong without_evidence ungrounded without_triple unbacked malformed".split()


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.name)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of an example, and its graph."""
    folder = request.param
    out = tmp_path_factory.mktemp(folder.name)
    build([folder / "texts"], out=out, ontology=folder / "ontology")
    return folder, out / "graph.ttl"


def test_example_is_read_right(example: tuple[Path, Path]) -> None:
    folder, graph = example
    report: Report = evaluate(graph, folder / "gold", folder / "texts", ontology=load_ontology(folder / "ontology"))
    facts = report.total.tallies["facts"]
    assert (facts.precision >= 0.9, facts.recall >= 0.8) == (True, True), "\n".join(report.errors)
    assert report.total.tallies["typed"].f1 >= 0.9, "\n".join(report.errors)
    assert report.total.counts["spans"] > 0
    assert {fault: report.total.counts[fault] for fault in FAULTS} == dict.fromkeys(FAULTS, 0), "\n".join(report.errors)


def test_example_passes_the_checks(example: tuple[Path, Path]) -> None:
    folder, graph = example
    assert check(graph, ontology=folder / "ontology").conforms


def test_example_has_a_namespace_of_its_own(example: tuple[Path, Path]) -> None:
    folder, graph = example
    knowledge = load_ontology(folder / "ontology")
    assert not knowledge.namespace.startswith(KZ)
    text = graph.read_text(encoding="utf-8")
    assert knowledge.namespace in text
    shipped = load_ontology()
    assert not re.findall(rf"kz:(?:{'|'.join([*shipped.classes, *shipped.relations])})\b", text)


def section(title: str) -> str:
    """A section of the page, up to the next heading."""
    return PAGE[PAGE.index(f"## {title}\n") :].split("\n## ")[0]


def test_relation_of_the_page_is_read_as_the_page_says(tmp_path: Path) -> None:
    example = section("A relation that is not shipped")
    blocks = dict(re.findall(r"(?ms)^```(\w+)\n(.*?)^```", example))
    ontology, texts = tmp_path / "my-ontology", tmp_path / "my-texts"
    shutil.copytree(REPOSITORY / "ontology", ontology)
    (ontology / "suits.ttl").write_text(blocks["turtle"], encoding="utf-8")
    texts.mkdir()
    (texts / "courts.txt").write_text(blocks["text"], encoding="utf-8")
    (command,) = (line for line in blocks["sh"].splitlines() if " query " in line)
    query = command.split()[2]

    build([texts], out=tmp_path, ontology=ontology)
    answer = run_query(REPOSITORY / query, tmp_path / "graph.ttl")
    assert write_answer(answer, "csv").replace("\r\n", "\n") == blocks["csv"]
    assert check(tmp_path / "graph.ttl", ontology=ontology).conforms
    assert not check(tmp_path / "graph.ttl").conforms, "the shipped schema does not know the relation"


def test_page_lists_what_frames_use() -> None:
    frames = load_ontology().frames
    written = {role for f in frames for role in (*f.subject_roles, *f.object_roles)}
    roles = {part for role in written for part in role.split(".") if not part.startswith("prep:")}
    assert any("." in role for role in written)
    assert "ROLE.ROLE" in section("Frames")
    listed = set(re.findall(r"`([\w-]+)`", section("Frames")))
    assert roles <= listed
    constructions = {lemma for frame in frames if frame.kind == "construction" for lemma in frame.lemmas}
    assert constructions <= set(re.findall(r"`([\w-]+)`", section("Constructions")))


def test_page_explains_every_property_of_entries() -> None:
    files = [path.read_text(encoding="utf-8") for path in sorted((REPOSITORY / "ontology").glob("*.ttl"))]
    lexicon = "\n".join(
        text for text in files if re.search(r"\ba kz:(?:\w*Frame|NounEntry|CueList|KnownEntity) ", text)
    )
    used = set(re.findall(r"(?m)^    kz:([a-z]\w+) ", lexicon))
    assert used
    assert used <= set(re.findall(r"kz:(\w+)", PAGE))
