"""The shapes, one fault a file, and the report of a whole check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph.check import CheckReport, Severity, check, examine, in_memory
from kzai_graph.errors import GraphError, OntologyError, QueryError
from kzai_graph.inquiry import Graph
from kzai_graph.ontology import default_ontology
from kzai_graph.reports import check_lines
from kzai_graph.schema import schema_triples
from kzai_graph.shapes import validate
from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import KZ, NIF, RDF

CASES = Path(__file__).resolve().parent / "cases"
SHAPES = default_ontology() / "shapes.ttl"
CONFORMING = CASES / "shapes" / "conforming.ttl"
SH = "http://www.w3.org/ns/shacl#"
Found = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def schema() -> tuple[ox.Triple, ...]:
    return schema_triples(default_ontology())


def take_expected(store: ox.Store) -> set[Found]:
    """The results that a case expects, which leave the store: severity, focus, path, message."""
    heads = list(store.quads_for_pattern(None, None, ox.NamedNode(SH + "ValidationResult")))
    expected = set()
    for head in heads:
        quads = list(store.quads_for_pattern(head.subject, None, None))
        said = {quad.predicate.value.removeprefix(SH): quad.object for quad in quads}
        path = said.get("resultPath")
        severity = said["resultSeverity"].value.removeprefix(SH).lower()
        focus = said["focusNode"]
        where = focus.value if isinstance(focus, ox.NamedNode) else "_:"
        expected.add((severity, where, shorten(path.value) if path else "", said["resultMessage"].value))
        for quad in quads:
            store.remove(quad)
    return expected


@pytest.mark.parametrize("case", sorted((CASES / "shapes").glob("*.ttl")), ids=lambda case: case.stem)
def test_shapes_find_the_fault_and_nothing_else(case: Path, schema: tuple[ox.Triple, ...]) -> None:
    store = Graph(case).load()
    expected = take_expected(store)
    assert bool(expected) == (case != CONFORMING)
    found = {(r.severity, r.focus if r.is_iri else "_:", r.path, r.message) for r in validate(store, schema, SHAPES)}
    assert found == expected


def test_every_message_has_a_case() -> None:
    shapes = Graph(SHAPES).load()
    messages = {q.object.value for q in shapes.quads_for_pattern(None, ox.NamedNode(SH + "message"), None)}
    expected = {m for case in (CASES / "shapes").glob("*.ttl") for *_, m in take_expected(Graph(case).load())}
    assert expected == messages


def test_every_class_has_a_shape(schema: tuple[ox.Triple, ...]) -> None:
    shapes = Graph(SHAPES).load()
    targets = {q.object.value for q in shapes.quads_for_pattern(None, ox.NamedNode(SH + "targetClass"), None)}
    of_entities = {t.subject.value for t in schema if t.object == ox.NamedNode(KZ + "EntityClass")}
    written = {quad.object.value for quad in Graph(CONFORMING).quads() if quad.predicate.value == RDF + "type"}
    by_what_they_have = {NIF + "Phrase"}
    assert of_entities | written - by_what_they_have <= targets


def test_conforming_graph_passes_all_checks() -> None:
    report = check(CONFORMING)
    assert report.faults == ()
    assert report.conforms
    assert list(check_lines(report)) == [f"{len(report.checks)} checks: nothing found"]
    assert "shapes" in report.checks
    assert "offsets" in report.checks


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> CheckReport:
    """The report on a graph with a reversed date and a plan among the plain triples."""
    text = CONFORMING.read_text(encoding="utf-8")
    text = text.replace('kz:latest "2031-05-03"', 'kz:latest "2031-05-01"')
    text += "\nkzid:ada-quill kz:published kzid:tide-report .\n"
    graph = tmp_path_factory.mktemp("faulty") / "graph.ttl"
    graph.write_text(text, encoding="utf-8")
    return check(graph)


def test_faults_name_document_and_sentence(faulty: CheckReport) -> None:
    assert not faulty.conforms
    assert {(fault.check, fault.document, fault.sentence) for fault in faulty.faults} == {
        ("dates_reversed", "harbour.txt", "The Ministry of Ports launched the Open Quay programme on 3 May 2031."),
        ("shapes", "harbour.txt", "The Ministry of Ports launched the Open Quay programme on 3 May 2031."),
        (
            "triple_without_statement",
            "harbour.txt",
            "Ada Quill, director of the Gull Institute, will publish the Tide Report by 2033.",
        ),
    }
    assert all(fault.problem and (fault.fix or fault.check == "shapes") for fault in faulty.faults)


def test_faults_show_their_line_where_the_text_is_at_hand(tmp_path: Path) -> None:
    text = CONFORMING.read_text(encoding="utf-8").replace('kz:latest "2031-05-03"', 'kz:latest "2031-05-01"')
    (tmp_path / "graph.ttl").write_text(text, encoding="utf-8")
    lines = {fault.line for fault in check(tmp_path / "graph.ttl", texts=CASES).faults}
    assert lines == {3}
    report = list(check_lines(check(tmp_path / "graph.ttl", texts=CASES)))
    assert any(line.startswith("  - harbour.txt:3: kzid:statement-1") for line in report)
    assert {fault.line for fault in check(tmp_path / "graph.ttl", texts=tmp_path).faults} == {None}


def test_report_is_words(faulty: CheckReport) -> None:
    lines = list(check_lines(faulty))
    assert "violation (shapes): A date ends before it begins." in lines
    assert "    “The Ministry of Ports launched the Open Quay programme on 3 May 2031.”" in lines
    assert lines[-1].endswith("checks: 3 violations")


def test_report_shows_only_so_many_of_a_kind(tmp_path: Path) -> None:
    text = "".join(f'kzid:e{i} a kz:Firm ; rdfs:label "Firm {i}"@en .\n' for i in range(5))
    prefixes = "".join(line + "\n" for line in CONFORMING.read_text(encoding="utf-8").splitlines() if line[:1] == "@")
    graph = tmp_path / "graph.ttl"
    graph.write_text(prefixes + text, encoding="utf-8")
    report = check(graph)
    assert len(report.faults) == 5
    lines = list(check_lines(report, limit=2))
    assert sum(line.startswith("  - ") for line in lines) == 2
    assert "  … and 3 more (--limit 0 shows all)" in lines


def test_warning_does_not_fail_a_graph() -> None:
    report = check(CASES / "queries" / "contradictions" / "data.ttl")
    assert report.conforms
    assert {fault.severity for fault in report.faults} == {Severity.WARNING}


BEES = """
@prefix bee: <https://example.org/bees/> .
@prefix kz: <https://w3id.org/kzai/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix vann: <http://purl.org/vocab/vann/> .

<https://example.org/bees> a owl:Ontology ; vann:preferredNamespaceUri "https://example.org/bees/" .
bee:Insect a kz:EntityClass ; rdfs:label "insect"@en .
bee:Bee a kz:EntityClass ; rdfs:label "bee"@en ; rdfs:subClassOf bee:Insect .
bee:Plant a kz:EntityClass ; rdfs:label "plant"@en .
bee:visits a kz:Relation ; rdfs:label "visits"@en ; schema:domainIncludes bee:Insect ; schema:rangeIncludes bee:Plant .
bee:visits-visit a kz:VerbFrame ; kz:expresses bee:visits ; kz:lemma "visit" ;
    kz:subjectRole "agent" ; kz:objectRole "patient" .
"""


def bees(tmp_path: Path, subject: str, target: str) -> tuple[Path, Path]:
    """An ontology folder without shapes, and a graph of one statement in its terms."""
    folder = tmp_path / "bees"
    folder.mkdir()
    (folder / "bees.ttl").write_text(BEES, encoding="utf-8")
    text = (CASES / "shapes" / "statement_blank.ttl").read_text(encoding="utf-8").partition("# expected")[0]
    for old, new in (
        ("_:statement", "kzid:statement"),
        ("kz:Ministry", f"bee:{subject}"),
        ("kz:Programme", f"bee:{target}"),
        ("kz:launched", "bee:visits"),
        ("kzlex:launched-launch", "bee:visits-visit"),
    ):
        text = text.replace(old, new)
    graph = tmp_path / "graph.ttl"
    graph.write_text("@prefix bee: <https://example.org/bees/> .\n" + text, encoding="utf-8")
    return folder, graph


def test_another_ontology_is_checked_by_its_own_schema(tmp_path: Path) -> None:
    folder, graph = bees(tmp_path, "Bee", "Plant")
    assert check(graph, ontology=folder).faults == ()
    assert not check(graph).conforms, "the shipped ontology knows none of these terms"


def test_domain_and_range_come_from_the_given_ontology(tmp_path: Path) -> None:
    folder, graph = bees(tmp_path, "Plant", "Bee")
    report = check(graph, ontology=folder)
    assert [(fault.check, fault.detail) for fault in report.faults] == [
        ("classes_do_not_fit", "visits: its object is Bee"),
        ("classes_do_not_fit", "visits: its subject is Plant"),
    ]


def test_broken_shapes_are_refused_with_their_line(tmp_path: Path) -> None:
    folder, graph = bees(tmp_path, "Bee", "Plant")
    (folder / "shapes.ttl").write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\n<a> sh:path\n", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"shapes\.ttl:\d+"):
        check(graph, ontology=folder)


def test_shapes_that_are_no_shacl_are_refused(tmp_path: Path) -> None:
    folder, graph = bees(tmp_path, "Bee", "Plant")
    shape = "<urn:s> a sh:NodeShape ; sh:targetNode <urn:n> ; sh:property [ sh:path 5 ; sh:minCount 1 ] ."
    (folder / "shapes.ttl").write_text(f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n{shape}\n", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"shapes\.ttl: no valid shapes"):
        check(graph, ontology=folder)


def test_missing_graph_and_missing_checks_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GraphError, match="no such graph"):
        check(tmp_path / "graph.ttl")
    monkeypatch.setattr("kzai_graph.check.default_queries", lambda: tmp_path)
    with pytest.raises(QueryError, match="no checks"):
        check(CONFORMING)


def test_store_folder_is_checked_like_its_file(tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    store.bulk_extend(Graph(CASES / "queries" / "contradictions" / "data.ttl").quads())
    store.flush()
    del store
    assert check(tmp_path / "store") == check(CASES / "queries" / "contradictions" / "data.ttl")


@pytest.mark.parametrize(
    "case", ["shapes/conforming", "shapes/derivation_too_sure", "queries/two_holders_at_once/data"]
)
def test_examination_in_memory_finds_what_the_check_finds(case: str) -> None:
    graph = CASES / f"{case}.ttl"
    assert [replace(f, line=None) for f in check(graph).faults] == list(examine(in_memory(Graph(graph).quads())).faults)
    assert check(graph).checks == examine(in_memory(Graph(graph).quads())).checks


def test_examination_leaves_out_what_a_graph_is_too_large_for(monkeypatch: pytest.MonkeyPatch) -> None:
    quads = list(Graph(CONFORMING).quads())
    monkeypatch.setattr("kzai_graph.check.MAX_SHAPED_TRIPLES", len(quads) - 1)
    assert "shapes" not in examine(in_memory(quads)).checks
    monkeypatch.setattr("kzai_graph.check.MAX_QUERIED_TRIPLES", len(quads) - 1)
    assert examine(in_memory(quads)).checks == ()
