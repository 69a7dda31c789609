"""Where a fact comes from, asked by IRI, name and label."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kzai_graph.errors import GraphError, InputError
from kzai_graph.explain import About, Fact, Place, explain
from kzai_graph.reports import explanation_json, explanation_lines

CASES = Path(__file__).resolve().parent / "cases"
GRAPH = CASES / "shapes" / "conforming.ttl"
LAUNCH = "The Ministry of Ports launched the Open Quay programme on 3 May 2031."


def about(wanted: str, graph: Path = GRAPH, texts: Path | None = CASES) -> About:
    found = explain(graph, wanted, texts=texts)
    assert isinstance(found, About)
    return found


def fact(wanted: str, texts: Path | None = CASES) -> Fact:
    found = explain(GRAPH, wanted, texts=texts)
    assert isinstance(found, Fact)
    return found


@pytest.mark.parametrize(
    "wanted",
    [
        "https://w3id.org/kzai/id/ada-quill",
        "<https://w3id.org/kzai/id/ada-quill>",
        "kzid:ada-quill",
        "ada-quill",
        "Ada Quill",
        "ada quill",
        "Quill",
    ],
)
def test_entity_is_found_by(wanted: str) -> None:
    assert about(wanted).entity == "kzid:ada-quill"


@pytest.mark.parametrize("wanted", ["https://w3id.org/kzai/id/statement-1", "kzid:statement-1", "statement-1"])
def test_statement_is_found_by(wanted: str) -> None:
    assert fact(wanted).statement == "kzid:statement-1"


def test_entity_shows_names_mentions_and_facts_both_ways() -> None:
    found = about("Open Quay")
    assert (found.label, found.cls, found.names) == ("Open Quay", "Programme", ("Open Quay programme",))
    assert found.forms == {"Open Quay": 1, "the programme": 1}
    assert (found.mentions, found.documents) == (2, ("harbour.txt",))
    assert found.outgoing == ()
    assert [(f.subject, f.relation, f.object) for f in found.incoming] == [
        ("Ministry of Ports", "funds", "Open Quay"),
        ("Ministry of Ports", "launched", "Open Quay"),
    ]
    assert [f.relation for f in about("Ministry of Ports").outgoing] == ["funds", "launched"]


def test_fact_shows_sentence_place_entry_and_trigger() -> None:
    assert fact("statement-1") == Fact(
        statement="kzid:statement-1",
        subject="Ministry of Ports",
        relation="launched",
        object="Open Quay",
        modality="Asserted",
        qualifiers={"date": "2031-05-03"},
        places=(Place("harbour.txt", 24, 93, LAUNCH, 3, "kzlex:launched-launch", "launched", "", (), 0.9),),
    )


@pytest.mark.parametrize(
    ("statement", "modality", "qualifiers"),
    [
        ("statement-2", "Planned", {"deadline": "2033"}),
        ("statement-3", "Asserted", {"attributedTo": "Ada Quill"}),
        ("statement-4", "Asserted", {"amount": "3000000", "currency": "EUR"}),
        ("statement-5", "Negated", {"stage": "kz:StageSubmitted"}),
    ],
)
def test_fact_shows_modality_and_qualifiers(statement: str, modality: str, qualifiers: dict[str, str]) -> None:
    found = fact(statement)
    assert (found.modality, found.qualifiers) == (modality, qualifiers)


def test_every_place_of_a_fact_is_shown() -> None:
    found = about("Kelp Robotics", CASES / "queries" / "evidence" / "data.ttl")
    (used,) = found.outgoing
    assert [(place.document, place.entry, place.confidence) for place in used.places] == [
        ("buoys.txt", "kzlex:uses-use-of", 0.7),
        ("harbour.txt", "kzlex:uses-use", 0.9),
    ]


def test_place_shows_clause_and_the_words_that_set_the_modality() -> None:
    (place,) = fact("statement-2").places
    assert place.clause == "Ada Quill, director of the Gull Institute, will publish the Tide Report"
    assert place.cues == ("will",)


def test_line_is_unknown_without_the_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert fact("statement-1", texts=None).places[0].line is None
    shutil.copy(CASES / "harbour.txt", tmp_path)
    assert fact("statement-1", texts=None).places[0].line == 3


def test_line_is_unknown_where_the_text_has_changed(tmp_path: Path) -> None:
    changed = (CASES / "harbour.txt").read_text(encoding="utf-8").replace("launched", "opened")
    (tmp_path / "harbour.txt").write_text(changed, encoding="utf-8")
    assert fact("statement-1", texts=tmp_path).places[0].line is None


def test_graph_cannot_name_a_text_outside_the_folder(tmp_path: Path) -> None:
    graph = tmp_path / "graph.ttl"
    graph.write_text(GRAPH.read_text(encoding="utf-8").replace('"harbour.txt"', '"../harbour.txt"'), encoding="utf-8")
    shutil.copy(CASES / "harbour.txt", tmp_path)
    (tmp_path / "texts").mkdir()
    found = explain(graph, "statement-1", texts=tmp_path / "texts")
    assert isinstance(found, Fact)
    assert found.places[0].line is None


def test_label_goes_before_other_names_and_ambiguity_lists_the_candidates(tmp_path: Path) -> None:
    graph = tmp_path / "graph.ttl"
    twin = (
        'kzid:kelp a kz:System ; rdfs:label "Kelp Robotics"@en ; skos:altLabel "Ada Quill"@en .\n'
        "<harbour.txt#char=28,45> itsrdf:taIdentRef kzid:kelp .\n"
    )
    graph.write_text(GRAPH.read_text(encoding="utf-8") + twin, encoding="utf-8")
    assert about("Ada Quill", graph).entity == "kzid:ada-quill"
    with pytest.raises(InputError) as caught:
        explain(graph, "Kelp Robotics")
    assert str(caught.value) == (
        "Kelp Robotics: stands for 2 things, give the IRI of one: "
        "kzid:kelp (System in harbour.txt); kzid:kelp-robotics (Firm in harbour.txt)"
    )


@pytest.mark.parametrize(("wanted", "near"), [("Ada Quil", "Ada Quill"), ("harbour", "Harbour Act"), ("GULL", "Gull")])
def test_unknown_name_is_answered_with_the_nearest(wanted: str, near: str) -> None:
    with pytest.raises(InputError, match=near):
        explain(GRAPH, wanted)


def test_missing_graph_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no such graph"):
        explain(tmp_path / "graph.ttl", "Quill")


def test_explanation_as_lines() -> None:
    assert list(explanation_lines(about("Tide Report"))) == [
        "Tide Report (Publication) kzid:tide-report",
        "in texts: “Tide Report” 1",
        "mentions: 1 in harbour.txt",
        "",
        "leads to it:",
        "  Ada Quill | published | Tide Report [Planned; deadline 2033] kzid:statement-2",
        "    harbour.txt:3, characters 94 to 174, read by kzlex:published-publish at “publish” (0.9)",
        "      “Ada Quill, director of the Gull Institute, will publish the Tide Report by 2033.”",
        "      clause: “Ada Quill, director of the Gull Institute, will publish the Tide Report”",
        "      Planned by: “will”",
    ]


def test_instrument_shows_how_far_it_is() -> None:
    (milestone,) = about("Harbour Act").milestones
    assert (milestone.subject, milestone.relation, milestone.object) == ("Harbour Act", "stage", "kz:StageAdopted")
    assert (milestone.modality, milestone.qualifiers) == ("Negated", {"by": "Parliament"})
    assert milestone == fact("milestone-1")
    assert [place.sentence for place in milestone.places] == ["Parliament did not adopt the Harbour Act."]
    assert "how far it is:" in list(explanation_lines(about("Harbour Act")))


OFFICES = CASES / "queries" / "office_holders" / "data.ttl"


def test_inferred_facts_name_their_rule_and_the_statements_they_rest_on() -> None:
    found = explain(OFFICES, "Ada Quill", with_inferred=True)
    assert isinstance(found, About)
    (inferred,) = (i for i in found.inferred if i.relation == "worksFor")
    assert (inferred.subject, inferred.rule) == ("Ada Quill", "kzrule:works_for")
    assert inferred.says == "A person who holds or held an office in a body works or worked for that body."
    assert sorted(ground.relation for ground in inferred.grounds) == ["holdsPosition", "positionIn"]
    statements = [statement for ground in inferred.grounds for statement in ground.statements]
    assert len(statements) == len(set(statements)) >= 2
    for statement in statements:
        fact = explain(OFFICES, statement)
        assert isinstance(fact, Fact)
        assert fact.modality == "Asserted"
    lines = list(explanation_lines(found))
    assert f"  Ada Quill | worksFor | {inferred.object}" in lines
    assert f"    kzrule:works_for: {inferred.says}" in lines
    assert any(line.startswith("    rests on Ada Quill | holdsPosition | ") for line in lines)


def test_nothing_inferred_is_shown_unless_asked_for() -> None:
    found = about("Ada Quill", OFFICES)
    assert found.inferred == ()
    assert "inferred:" not in list(explanation_lines(found))


def test_explanation_as_json() -> None:
    said = json.loads("\n".join(explanation_json(about("Tide Report"))))
    (incoming,) = said["incoming"]
    assert incoming["qualifiers"] == {"deadline": "2033"}
    assert incoming["places"][0]["trigger"] == "publish"
    assert incoming["places"][0]["cues"] == ["will"]
    assert said["forms"] == {"Tide Report": 1}
    assert json.loads("\n".join(explanation_json(fact("statement-1"))))["places"][0]["line"] == 3
