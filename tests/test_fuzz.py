"""Whatever stands in a file, it is read or refused in one line; and no text becomes more than text in the graph.

The examples are the same in every run, so that a change fails on its own account. ``tools/fuzz.py`` looks for new ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kzai_graph.batches import load_reader
from kzai_graph.corrections_file import load_corrections
from kzai_graph.documents import read_document
from kzai_graph.errors import GoldError, InputError, KzaiError, QueryError
from kzai_graph.evaluate import evaluate
from kzai_graph.exchange import to_rdfxml
from kzai_graph.graph import Run, to_quads
from kzai_graph.identity import resolve
from kzai_graph.manifest import MANIFEST, read_manifest
from kzai_graph.model import DocumentRecord
from kzai_graph.ontology import load_ontology
from kzai_graph.sidecars import SUFFIX
from kzai_graph.sources import Source
from kzai_graph.sparql import prepare_query
from kzai_graph.terms import KZID, PREFIXES
from kzai_graph.turtle import to_trig, to_turtle

REPOSITORY = Path(__file__).resolve().parents[1]
GRAPH = REPOSITORY / "tests" / "cases" / "graph" / "harbour.ttl"
SENTENCE = "The Ministry of Ports of Norway adopted the Harbour Act on 3 May 2031."
FUZZED = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
KNOWLEDGE = load_ontology()

HOSTILE = st.sampled_from(
    [
        "\"", "'", "\"\"\"", "'''", "\\", "\\u0022", "\\", "<", ">", "<>", "> . <urn:x> <urn:y> <urn:z> .",
        "\n", "\r\n", "\t", "\x00", "\x07", "\x1b[2J", "\x7f", "\x85", "\u2028", "\ufeff", "�", "\uffff",
        "\U0010ffff", "\u202e", "\u2066", "@prefix kz: <urn:x#> .", "@base <urn:x> .", "PREFIX kz: <urn:x#>",
        "kz:Person", "a kz:Firm ;", "^^xsd:date", "@en", "#", "%20", "%", "&lt;", "&#0;", "&#x110000;", "]]>",
        "<!--", "{", "}", "{{ x }}", "{% x %}", "[", "]", "(", ")", "$x", "?x", "!!python/object:x {}",
        "&a [*a]", "*a", "---", "...", ": ", "- ", "null", "~", "1e999", "-1", "2031-02-31",
        "99999999999999999999999999", "٣", "é", "é", "\U0001f469\u200d\U0001f4bb", "🇳🇴", "Порт", "港",
    ]
)  # fmt: skip
PROSE = st.sampled_from(
    [
        "The Ministry of Ports of Norway adopted the Harbour Act on 3 May 2031.",
        "Kelp Robotics, a Peruvian firm, will fund the Lantern programme with 20 million euros by 2033.",
        "“The piers are open,” said Ada Quill, head of the Water Board.", "By Ina Holm", "4 May 2031", "Oslo",
        "The council", "it", "its chair", "Harbour Act (HA)", "Mr", "U.S.", "and", "not", "41%",
        "between 2 and 3 million boats in 2030", "| a | b |", "# ", "> ", "* ", "1. ", "\n\n", " ", " of ",
        "<p>", "</p>", "<table><tr><td>", "<h1>", "<li>", "<q>", "<script>", "<title>", "<a href='x'>",
        "&amp;", "**", "`",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(PROSE, PROSE, HOSTILE, st.text(max_size=3)), max_size=25).map(
    lambda parts: " ".join(parts).encode("utf-8", "replace").decode()
)


def _changed(whole: str) -> st.SearchStrategy[str]:
    """A file with some of its words gone, doubled, or replaced by what tries all that it can."""
    words = whole.split(" ")
    places = st.integers(0, len(words) - 1)
    change = st.tuples(places, st.one_of(HOSTILE, st.text(max_size=3), st.sampled_from(["", *words])))

    def apply(changes: list[tuple[int, str]]) -> str:
        made = list(words)
        for place, text in changes:
            made[place] = text
        return " ".join(made).encode("utf-8", "replace").decode()

    return st.lists(change, min_size=1, max_size=4).map(apply)


@cache
def _record(text: str, name: str, folder: Path) -> DocumentRecord | None:
    path = folder / name
    path.write_bytes(text.encode())
    try:
        document = read_document(Source(name, path, named=True))
    except InputError:
        return None
    for block in document.blocks:
        assert 0 <= block.span.begin < block.span.end <= len(document.text)
    record = load_reader(None, None).read(document)
    for span, anchor in record.anchors.items():
        assert document.text[span.begin : span.end] == anchor
    return record


def _shown(triple: tuple[object, object, object]) -> tuple[str, ...]:
    """A triple of either library; values other than texts are left out, for rdflib writes numbers in its own way."""
    subject, predicate, term = (t.value if isinstance(t, ox.NamedNode) else t for t in triple)
    if isinstance(term, ox.Literal):
        plain = term.language or term.datatype.value.endswith("#string")
        return str(subject), str(predicate), term.value if plain else "", term.language or ""
    if isinstance(term, rdflib.Literal):
        plain = term.language or term.datatype is None
        return str(subject), str(predicate), str(term) if plain else "", term.language or ""
    return str(subject), str(predicate), str(term), "<>"


def _comes_back(quads: list[ox.Quad]) -> None:
    """Each form that is written holds these triples, no others, and the prefixes that are ours."""
    wanted = {quad.triple for quad in quads}
    turtle = to_turtle(quads)
    assert {q.triple for q in ox.parse(turtle, format=ox.RdfFormat.TURTLE)} == wanted
    assert {q.triple for q in ox.parse(to_trig(quads), format=ox.RdfFormat.TRIG)} == wanted
    read = rdflib.Graph(bind_namespaces="none").parse(data=turtle, format="turtle")
    declared = {prefix: str(iri) for prefix, iri in read.namespaces()}
    assert declared.items() <= {**PREFIXES, "xml": str(rdflib.XMLNS)}.items()
    assert sorted(map(_shown, read)) == sorted(_shown((t.subject, t.predicate, t.object)) for t in wanted)
    assert len({q.triple for q in ox.parse(to_rdfxml(quads), format=ox.RdfFormat.RDF_XML)}) <= len(wanted)


@settings(max_examples=80, **FUZZED)
@given(text=TEXT, suffix=st.sampled_from([".txt", ".md", ".html"]))
def test_any_text_gives_a_graph_or_one_line(text: str, suffix: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    record = _record(text, f"any{suffix}", tmp_path_factory.getbasetemp())
    if record is not None:
        identities = resolve([record], KNOWLEDGE, base_iri=KZID)
        _comes_back(to_quads([record], identities, KNOWLEDGE, base_iri=KZID, run=Run("m", "1")))


@settings(max_examples=80, **FUZZED)
@given(texts=st.lists(st.one_of(HOSTILE, st.text(max_size=9)), min_size=6, max_size=6))
def test_labels_titles_and_names_forge_nothing(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    graph = list(ox.parse(path=str(GRAPH), format=ox.RdfFormat.TURTLE))
    literals = sorted({str(q.object) for q in graph if isinstance(q.object, ox.Literal)})
    chosen = dict(zip(literals[:: len(literals) // len(texts)], texts, strict=False))

    def other(term: object) -> object:
        text = chosen.get(str(term))
        if text is None or not isinstance(term, ox.Literal):
            return term
        return ox.Literal(text, language=term.language) if term.language else ox.Literal(text)

    _comes_back([ox.Quad(q.subject, q.predicate, other(q.object)) for q in graph])


@settings(max_examples=80, **FUZZED)
@given(name=st.lists(st.one_of(HOSTILE, st.text(max_size=5)), min_size=1, max_size=6).map("".join))
def test_names_of_files_forge_nothing(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    name = name.encode("utf-8", "replace").decode().replace("\0", "") + ".txt"
    record = _record("Oslo\n\n" + SENTENCE, "plain.txt", tmp_path_factory.getbasetemp())
    assert record is not None
    named = replace(record, identifier=name)
    quads = to_quads([named], resolve([named], KNOWLEDGE, base_iri=KZID), KNOWLEDGE, base_iri=KZID, run=Run("m", "1"))
    _comes_back(quads)
    identifiers = {q.object.value for q in quads if q.predicate.value.endswith("/identifier")}
    assert identifiers == {name}
    assert all(q.graph_name.value.startswith(KZID) for q in quads if isinstance(q.graph_name, ox.NamedNode))


def _refusal(run: Callable[[], object], kind: type[KzaiError]) -> str:
    """What an error of this kind says, in one line; any other error fails."""
    try:
        run()
    except kind as error:
        return str(error)
    return ""


GOLD = """document: harbour.txt
metadata: {title: Ports open, date: 2031-05-04}
entities:
  ministry: {type: Ministry, names: [Ministry of Ports, the ministry]}
  act: {type: [Law, Decree], names: [Harbour Act], optional: true}
facts:
  - {s: ministry, p: adopted, o: act, date: 2031-05-03, modality: Asserted}
  - {s: [ministry, act], p: [funds], o: act, amount: 20000000, currency: EUR, deadline: 2033}
traps:
  - {s: ministry, p: adopted, o: "*", modality: Planned}
observations:
  - {value: 41, unit: [percent, "%"], period: 2030}
quotes:
  - {speaker: ministry, text: "The piers are open"}
"""


@settings(max_examples=200, **FUZZED)
@given(text=st.one_of(_changed(GOLD), TEXT))
def test_gold_files_measure_or_are_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "gold"
    folder.mkdir(exist_ok=True)
    (folder / "a.gold.yaml").write_bytes(text.encode())
    assert "\n" not in _refusal(lambda: evaluate(GRAPH, folder, ontology=KNOWLEDGE), GoldError)


HEADER = """# Who adopted what in {country}?
#
# Also:       what was adopted by {who}; which acts are there
# Parameters: $who (kz:Person|kz:Organisation, default: ) a name,
#             $since (xsd:date, default: 2031-01-01) no earlier,
#             $country (iri, optional)
# Columns:    ?who, ?what
# Order:      ?who, ?what
# Empty:      nothing was adopted
PREFIX kz: <https://w3id.org/kzai/ontology#>
SELECT ?who ?what WHERE { ?who kz:adopted ?what FILTER(STR(?who) = $who || STR(?what) > STR($since)) }
ORDER BY ?who ?what
"""


@settings(max_examples=200, **FUZZED)
@given(
    text=st.one_of(_changed(HEADER), TEXT),
    values=st.dictionaries(st.sampled_from(["who", "since", "country", "x"]), HOSTILE),
)
def test_headers_of_queries_are_read_or_refused(text: str, values: dict[str, str]) -> None:
    assert "\n" not in _refusal(lambda: prepare_query(text, values), QueryError)


CORRECTIONS = """@prefix kz: <https://w3id.org/kzai/ontology#> .
@prefix kzid: <https://w3id.org/kzai/id/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
kzid:reviewer-ida rdfs:label "Ida Sand" .
kzid:correction-1 a kz:Merger ; kz:entity kzid:a , kzid:b ; prov:wasAttributedTo kzid:reviewer-ida .
kzid:correction-2 a kz:Rejection ; kz:subject kzid:a ; kz:relation kz:uses ; kz:object kzid:b ;
  rdfs:comment "no" ; prov:wasAttributedTo kzid:reviewer-ida .
"""


@settings(max_examples=25, **FUZZED)
@given(text=st.one_of(_changed(CORRECTIONS), TEXT))
def test_corrections_are_read_or_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "corrections.ttl"
    path.write_bytes(text.encode())
    assert "\n" not in _refusal(lambda: load_corrections([path], KNOWLEDGE), InputError)


SIDECAR = """url = "https://example.org/ports"
date = 2031-05-04
title = "Ports open"
licence = "CC-BY-4.0"
"""


@settings(max_examples=200, **FUZZED)
@given(text=st.one_of(_changed(SIDECAR), TEXT))
def test_metadata_beside_a_text_are_read_or_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "beside.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    path.with_name(path.name + SUFFIX).write_bytes(text.encode())
    assert "\n" not in _refusal(lambda: read_document(Source(path.name, path, named=True)), InputError)


BUILT = json.dumps(
    {
        "format": 1,
        "ontology": None,
        "model": None,
        "base_iri": KZID,
        "corrections": None,
        "limits": {"bytes": 9, "pages": 1},
        "sources": [{"identifier": "a", "path": "/a", "named": True}],
    }
)


@settings(max_examples=200, **FUZZED)
@given(text=st.one_of(_changed(BUILT), TEXT))
def test_what_a_build_keeps_of_itself_is_read_or_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / MANIFEST).write_bytes(text.encode())
    assert "\n" not in _refusal(lambda: read_manifest(folder), InputError)


@pytest.mark.parametrize("name", ["bomb.md", "self.md", "deep.md", "day.md"])
def test_front_matter_that_multiplies_is_read_as_text(name: str, tmp_path: Path) -> None:
    rows = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)]
    matter = {
        "bomb.md": "\n".join(["a: &a [x, x, x]", *rows, "title: *k"]),
        "self.md": "title: &a [*a]",
        "deep.md": "title: " + "[" * 5000,
        "day.md": "date: 2031-02-31",
    }[name]
    path = tmp_path / name
    path.write_text(f"---\n{matter}\n---\n\n{SENTENCE}\n", encoding="utf-8")
    document = read_document(Source(name, path, named=True))
    assert SENTENCE in [block.text for block in document.blocks]
