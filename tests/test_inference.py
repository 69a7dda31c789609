"""What each rule infers, on what it rests, and where it may be seen."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph.check import check
from kzai_graph.errors import InputError, OntologyError
from kzai_graph.export import FORMATS, OF_STATEMENTS, export_graph
from kzai_graph.inference import infer, to_rule_quads
from kzai_graph.inquiry import Graph, query
from kzai_graph.ontology import default_ontology
from kzai_graph.rules import load_rules
from kzai_graph.terms import KZ, KZID, KZRULE

CASES = Path(__file__).resolve().parent / "cases"
RULES = load_rules(default_ontology())
OFFICES = CASES / "queries" / "office_holders" / "data.ttl"
SCHEMA = """
@prefix bee: <https://example.org/bees/> .
@prefix kz: <https://w3id.org/kzai/ontology#> .
bee:visits a kz:Relation .
bee:visitedBy a kz:DerivedRelation .
"""
RULE = """# What a bee visits is visited by it.
#
# Why: the flower does not say so itself
PREFIX bee: <https://example.org/bees/>

CONSTRUCT { ?flower bee:visitedBy ?bee }
WHERE { ?bee bee:visits ?flower }
"""


def local(triple: ox.Triple) -> str:
    return " ".join(
        part.value.removeprefix(KZID).removeprefix(KZ) for part in (triple.subject, triple.predicate, triple.object)
    )


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert [path.stem for path in sorted((CASES / "rules").iterdir())] == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_infers_what_is_expected(rule: object, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    quads = list(Graph(CASES / "rules" / f"{name}.trig").quads())
    expected = {
        ox.Triple(q.subject, q.predicate, q.object) for q in quads if q.graph_name == ox.NamedNode(KZRULE + name)
    }
    found = infer(q for q in quads if isinstance(q.graph_name, ox.DefaultGraph))
    assert expected
    assert {i.triple for i in found if i.rule.name == name} == expected


def test_inference_rests_on_what_texts_assert() -> None:
    quads = list(Graph(CASES / "rules" / "located_within.trig").quads())
    grounds = {local(i.triple): [local(ground) for ground in i.grounds] for i in infer(quads)}
    assert grounds["gull-institute locatedWithin norway"] == [
        "bergen locatedIn norway",
        "gull-institute locatedIn north-quay",
        "north-quay partOf bergen",
    ]
    assert grounds["kelp-robotics locatedWithin bergen"] == ["kelp-robotics locatedIn bergen"]


def test_the_shortest_of_several_ways_is_given() -> None:
    text = """@prefix kz: <https://w3id.org/kzai/ontology#> .
    <urn:a> kz:partOf <urn:b>, <urn:d> . <urn:b> kz:partOf <urn:c> .
    <urn:c> kz:partOf <urn:d> . <urn:d> kz:partOf <urn:e> ."""
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    found = {
        (i.triple.subject.value, i.triple.object.value): i.grounds for i in infer(quads) if i.rule.name == "within"
    }
    assert len(found) == 10
    assert [local(ground) for ground in found["urn:a", "urn:e"]] == ["urn:a partOf urn:d", "urn:d partOf urn:e"]


def test_order_of_the_triples_has_no_effect() -> None:
    quads = [quad for path in sorted((CASES / "rules").iterdir()) for quad in Graph(path).quads()]
    assert infer(quads) == infer(reversed(quads))


def test_what_was_inferred_is_not_built_upon() -> None:
    once = list(Graph(OFFICES).quads())
    assert infer([*once, *to_rule_quads(infer(once))]) == infer(once)


def test_plain_triples_of_stated_relations_are_never_inferred() -> None:
    quads = [quad for path in sorted((CASES / "rules").iterdir()) for quad in Graph(path).quads()]
    relations = {i.triple.predicate.value.removeprefix(KZ) for i in infer(quads)}
    assert relations == {"hasMember", "hasPart", "hasPosition", "heldBy", "locatedWithin", "within", "worksFor"}


def test_question_sees_what_is_inferred_only_when_asked_to() -> None:
    question = (
        "SELECT ?rule ?person ?body WHERE { GRAPH ?rule { ?person <" + KZ + "worksFor> ?body } } ORDER BY ?person"
    )
    assert not query(question, OFFICES).rows
    rows = Graph(OFFICES).query(question, with_inferred=True).rows
    assert rows
    assert {row[0] for row in rows} == {ox.NamedNode(KZRULE + "works_for")}


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_export_holds_what_is_inferred_only_when_asked_to(form: str, tmp_path: Path) -> None:
    graph = Graph(OFFICES)
    inferred = graph.inferred()
    plain, full = tmp_path / f"plain.{form}", tmp_path / f"full.{form}"
    export_graph(graph.quads(), form, plain)
    assert b"worksFor" not in plain.read_bytes()
    if form in OF_STATEMENTS:
        with pytest.raises(InputError, match=f"format {form}: holds statements"):
            export_graph(graph.quads(), form, full, inferred=inferred)
        return
    export_graph(graph.quads(), form, full, inferred=inferred)
    assert b"worksFor" in full.read_bytes()
    if form in ("trig", "nq"):
        quads = set(Graph(full).quads())
        rules = {quad for quad in quads if KZRULE in str(quad.graph_name)}
        assert rules == set(inferred)
        assert quads - rules == set(Graph(plain).quads())


def test_graph_with_what_is_inferred_passes_the_checks(tmp_path: Path) -> None:
    graph = Graph(CASES / "shapes" / "conforming.ttl")
    extra = "@prefix kz: <" + KZ + "> . <" + KZID + "open-quay> kz:heldBy <" + KZID + "ada-quill> ."
    inferred = [
        ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(KZRULE + "held_by"))
        for q in ox.parse(extra, format=ox.RdfFormat.TURTLE)
    ]
    export_graph(graph.quads(), "ttl", tmp_path / "graph.ttl", inferred=inferred)
    assert b"heldBy" in (tmp_path / "graph.ttl").read_bytes()
    assert check(tmp_path / "graph.ttl").faults == ()


def folder_with(rule: str, tmp_path: Path, name: str = "visited_by") -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "bees.ttl").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "rules" / f"{name}.rq").write_text(rule, encoding="utf-8")
    return tmp_path


BEES = [ox.Quad(*(ox.NamedNode(f"https://example.org/bees/{name}") for name in ("anna", "visits", "clover")))]


def test_another_folder_brings_its_own_rules_or_none(tmp_path: Path) -> None:
    folder = folder_with(RULE, tmp_path)
    (found,) = infer(BEES, folder)
    assert found.triple.object.value.endswith("anna")
    assert found.grounds == (BEES[0].triple,)
    (folder / "rules" / "visited_by.rq").unlink()
    assert infer(BEES, folder) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("CONSTRUCT { ?flower bee:visitedBy ?bee }\nWHERE", "SELECT ?bee WHERE", "no CONSTRUCT"),
        ("bee:visitedBy ?bee", "bee:visits ?bee", "kz:DerivedRelation"),
        ("bee:visitedBy ?bee", "bee:visitedBy [ bee:visits ?bee ]", "plain triples"),
        ("?flower bee:visitedBy ?bee", "", "plain triples"),
        ("# Why: the flower does not say so itself", "#", "begin it with"),
        ("?bee bee:visits ?flower }", "?bee bee:visits ?flower", "no valid SPARQL"),
        ("?bee bee:visits ?flower }", "?bee bee:visits/bee:visits* ?flower }", "rests on no relation"),
        ("WHERE {", "WHERE { SERVICE <urn:x> { } ", "another host"),
        ("?bee bee:visits ?flower", "?bee bee:visits ?f . BIND(IRI(CONCAT(STR(?f), 'x')) AS ?flower)", ""),
    ],
)
def test_broken_rule_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in RULE
    folder = folder_with(RULE.replace(old, new), tmp_path)
    if not said:
        assert len(infer(BEES, folder)) == 1
        return
    with pytest.raises(OntologyError, match=said):
        infer(BEES, folder)


def test_rules_that_run_on_are_stopped(tmp_path: Path) -> None:
    grows = "BIND(IRI(CONCAT(STR(COALESCE(?x, ?f)), 'x')) AS ?flower)"
    endless = f"?bee bee:visits ?f . OPTIONAL {{ ?bee bee:visits ?f . ?x bee:visitedBy ?y }} {grows}"
    folder = folder_with(RULE.replace("?bee bee:visits ?flower", endless), tmp_path)
    with pytest.raises(OntologyError, match="still infer after 100 rounds"):
        infer(BEES, folder)


def test_rule_is_named_in_small_letters(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="small letters"):
        infer(BEES, folder_with(RULE, tmp_path, name="Visited-By"))
