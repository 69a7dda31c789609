"""Exports, read again by readers that share no code with the writers."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.errors import GraphError, InputError
from kzai_graph.exchange import to_jsonld, to_rdfxml
from kzai_graph.export import FORMATS, export_graph, write_graph
from kzai_graph.inquiry import Graph
from kzai_graph.network import find_rows, to_csv, to_gexf, to_graphml
from kzai_graph.terms import KZ, KZID, NIF, RDF, RDFS
from kzai_graph.turtle import to_turtle

GRAPH = Path(__file__).parent / "cases" / "graph" / "harbour.ttl"
DOCUMENT = KZID + "document/bay/harbour%20%231.txt"
RAPPER = {"ttl": "turtle", "nt": "ntriples", "rdfxml": "rdfxml", "nq": "nquads", "trig": "trig"}
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdfxml": "xml", "trig": "trig", "nq": "nquads", "jsonld": "json-ld"}
HOSTILE = "a\x01\ufffe<b>&amp;\"']]>\r\n\t\\ \u202e\U0001f30a {{x}} <script>"


def _cli(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kzai_graph", "export", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def _rapper(path: Path, syntax: str) -> int:
    """How many triples the reader finds; it may not complain."""
    command = ["rapper", "-q", "-i", syntax, "-o", "ntriples", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return len(done.stdout.splitlines())


@pytest.fixture
def quads() -> list[ox.Quad]:
    return list(Graph(GRAPH).quads())


@pytest.fixture
def hostile(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The graph with a label, an anchor and a language-less text that try all they can."""
    changed = []
    for quad in quads:
        term = quad.object
        if isinstance(term, ox.Literal) and quad.predicate.value in (RDFS + "label", NIF + "anchorOf", KZ + "text"):
            text = HOSTILE + term.value
            term = ox.Literal(text, language="en") if term.language else ox.Literal(text)
        changed.append(ox.Quad(quad.subject, quad.predicate, term))
    return changed


@pytest.mark.parametrize("form", RAPPER)
def test_rapper_finds_every_triple(form: str, quads: list[ox.Quad], tmp_path: Path) -> None:
    export_graph(quads, form, tmp_path / "x")
    assert _rapper(tmp_path / "x", RAPPER[form]) == len(quads)


@pytest.mark.parametrize("form", ["ttl", "nt", "rdfxml"])
def test_rapper_reads_hostile_text(form: str, hostile: list[ox.Quad], tmp_path: Path) -> None:
    # rapper refuses U+FFFE, which RDF allows and an exact slice of a text must keep.
    kept = [q for q in hostile if "\ufffe" not in q.object.value] + [
        ox.Quad(q.subject, q.predicate, ox.Literal(q.object.value.replace("\ufffe", "")))
        for q in hostile
        if "\ufffe" in q.object.value
    ]
    export_graph(kept, form, tmp_path / "x")
    assert _rapper(tmp_path / "x", RAPPER[form]) == len(hostile)


@pytest.mark.parametrize("form", RDFLIB)
def test_rdflib_reads_the_same_graph(form: str, quads: list[ox.Quad], tmp_path: Path) -> None:
    export_graph(quads, form, tmp_path / "x")
    read = rdflib.Dataset(default_union=True)
    read.parse(tmp_path / "x", format=RDFLIB[form])
    flat, expected = rdflib.Graph(), rdflib.Graph().parse(GRAPH)
    for s, p, o, _ in read.quads((None, None, None, None)):
        flat.add((s, p, o))
    assert isomorphic(flat, expected)


@pytest.mark.parametrize("form", ["ttl", "nt", "trig", "nq", "jsonld"])
def test_hostile_text_comes_back_as_it_was(form: str, hostile: list[ox.Quad], tmp_path: Path) -> None:
    export_graph(hostile, form, tmp_path / "x")
    syntax = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "trig": ox.RdfFormat.TRIG}
    syntax |= {"nq": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}
    read = {q.triple for q in ox.parse(path=str(tmp_path / "x"), format=syntax[form])}
    assert read == {q.triple for q in hostile}


def test_rdfxml_loses_only_what_xml_cannot_hold(hostile: list[ox.Quad]) -> None:
    read = {q.triple for q in ox.parse(to_rdfxml(hostile), format=ox.RdfFormat.RDF_XML)}
    texts = {t.object.value for t in read if t.predicate.value == NIF + "anchorOf"}
    expected = {q.object.value for q in hostile if q.predicate.value == NIF + "anchorOf"}
    assert texts == {text.replace("\x01", "").replace("\ufffe", "") for text in expected}


@pytest.mark.parametrize("form", ["trig", "nq", "jsonld"])
def test_each_document_has_its_graph(form: str, quads: list[ox.Quad], tmp_path: Path) -> None:
    export_graph(quads, form, tmp_path / "x")
    read = rdflib.Dataset()
    read.parse(tmp_path / "x", format=RDFLIB[form])
    assert {str(graph) for *_, graph in read.quads((None, None, None, None))} == {DOCUMENT}


def test_named_graphs_that_are_there_are_kept(quads: list[ox.Quad], tmp_path: Path) -> None:
    own = [ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode("urn:own")) for q in quads]
    (tmp_path / "x.nq").write_bytes(ox.serialize(own, format=ox.RdfFormat.N_QUADS) or b"")
    assert set(with_document_graphs(Graph(tmp_path / "x.nq").quads())) == set(own)


def test_what_is_of_no_document_stays_in_the_default_graph(quads: list[ox.Quad]) -> None:
    stray = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.BlankNode("c"))
    assert stray in with_document_graphs([*quads, stray])


def test_the_written_turtle_written_again_is_the_same(quads: list[ox.Quad], tmp_path: Path) -> None:
    write_graph(quads, tmp_path / "x.ttl")
    assert (tmp_path / "x.ttl").read_bytes() == GRAPH.read_bytes()


def test_jsonld_is_json_with_the_shared_prefixes(quads: list[ox.Quad]) -> None:
    document = json.loads(to_jsonld(quads))
    assert document["@context"]["kz"] == KZ
    assert [node["@id"] for node in document["@graph"] if node.get("@type") == ["kz:Quote"]]


@pytest.mark.parametrize(("write", "read"), [(to_graphml, nx.read_graphml), (to_gexf, nx.read_gexf)])
def test_networkx_reads_the_network(
    write: Callable[[list[ox.Quad]], str], read: Callable[[Path], nx.Graph], hostile: list[ox.Quad], tmp_path: Path
) -> None:
    (tmp_path / "x").write_text(write(hostile), encoding="utf-8")
    network = read(tmp_path / "x")
    launched = next(data for *_, data in network.edges(data=True) if data["label"] == "launched")
    assert len(network.nodes) == 5
    assert len(network.edges) == 2
    assert network.nodes[KZID + "thing-open-quay"]["kind"] == "Programme"
    assert network.nodes[KZID + "thing-open-quay"]["label"].endswith("Open Quay")
    assert (launched["modality"], launched["date"], launched["documents"]) == ("Asserted", "2031-05-03", 1)
    assert launched["sentence"].endswith("launched the Open Quay programme on 3 May 2031.")


def test_gexf_names_no_day(quads: list[ox.Quad]) -> None:
    assert "lastmodified" not in to_gexf(quads)


def test_the_table_has_a_row_for_each_statement(quads: list[ox.Quad]) -> None:
    rows = list(csv.DictReader(to_csv(quads).splitlines()))
    assert [row["relation"] for row in rows] == ["launched", "partnersWith"]
    assert rows[0]["subject_label"] == "Ministry of Ports"
    assert rows[0]["object_class"] == "Programme"
    assert rows[0]["sentences"].startswith("The Ministry of Ports of Peru launched")
    assert rows[1] | {"amount": "2500000", "currency": "USD", "deadline": "2033-Q4", "confidence": "0.75"} == rows[1]
    assert rows[1]["attributed_to"] == "Ada Quill"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(begin: str, quads: list[ox.Quad]) -> None:
    name = f"{begin}HYPERLINK(1)"
    evil = [
        ox.Quad(q.subject, q.predicate, ox.Literal(name, language="en")) if q.predicate.value == RDFS + "label" else q
        for q in quads
    ]
    rows = list(csv.DictReader(to_csv(evil).splitlines()))
    assert rows[0]["subject_label"] == f"'{name}"


def test_evidence_of_several_sentences_stands_line_by_line(quads: list[ox.Quad]) -> None:
    node = next(
        q.subject for q in quads if q.object == ox.NamedNode(KZ + "launched") and q.predicate.value.startswith(RDF)
    )
    more = next(
        q.subject for q in quads if q.predicate.value == NIF + "anchorOf" and q.object.value.startswith("It will")
    )
    derived = ox.NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
    row = next(r for r in find_rows([*quads, ox.Quad(node, derived, more)]) if r.relation == "launched")
    assert [line[:7] for line in row.sentences.split("\n")] == ["The Min", "It will"]
    assert row.document.split("\n") == ["bay/harbour #1.txt"] * 2
    assert row.documents == 1


def test_the_same_graph_gives_the_same_bytes_in_every_run(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kzai_graph.export import *; from kzai_graph.inquiry import Graph\n"
        "for form in FORMATS: export_graph(Graph(Path(sys.argv[1])).quads(), form, Path(sys.argv[2], form))"
    )
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        command = [sys.executable, "-c", program, str(GRAPH), str(tmp_path / seed)]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
    for form in FORMATS:
        assert (tmp_path / "1" / form).read_bytes() == (tmp_path / "2" / form).read_bytes() != b""


def test_the_command_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("old")
    done = _cli("--format", "ttl", "x", "--graph", str(GRAPH), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "wrote x\n", "")
    assert (tmp_path / "x").read_bytes() == GRAPH.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--format", "dot", "kept", "--graph", str(GRAPH)], "dot"),
        (["--format", "ttl", "kept", "--graph", "nowhere.ttl"], "nowhere.ttl"),
        (["--format", "ttl", "kept", "--graph", "broken.ttl"], "broken.ttl"),
        (["--format", "ttl", "no-folder/kept", "--graph", str(GRAPH)], "no-folder"),
        (["--format", "ttl", "folder", "--graph", str(GRAPH)], "folder"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_nothing_lost(arguments: list[str], what: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken.ttl").write_text("<a> <b> .")
    before = sorted(tmp_path.rglob("*"))
    done = _cli(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert what in done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "kept").read_text() == "mine"


def test_unknown_formats_and_places_are_errors_of_the_library_too(quads: list[ox.Quad], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="dot"):
        export_graph(quads, "dot", tmp_path / "x")
    with pytest.raises(GraphError, match="cannot be written"):
        export_graph(quads, "ttl", tmp_path / "none" / "x")


def test_turtle_is_short_where_it_can_be_and_exact_where_not() -> None:
    a = ox.NamedNode("urn:a")
    integer, decimal = (ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("integer", "decimal"))
    values = [
        ox.Literal("007", datatype=integer),
        ox.Literal("1.", datatype=decimal),
        ox.Literal("+1", datatype=integer),
    ]
    nodes = [ox.NamedNode(KZ + tail) for tail in ("a.b", "a.", "", "a/b", "-a", "a%20b", "é")]
    triples = {ox.Triple(a, a, value) for value in [*values, *nodes]}
    written = to_turtle(triples)
    assert {q.triple for q in ox.parse(written, format=ox.RdfFormat.TURTLE)} == triples
    assert " 007" in written
    assert "kz:a.b" in written
    assert f"<{KZ}a/b>" in written
