"""Publishing into real stores, which the tests start on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.endpoints import Connection, Endpoint, GraphStore, Updates
from kzai_graph.errors import InputError, PublishError
from kzai_graph.inquiry import Graph
from kzai_graph.publishing import publish, split
from kzai_graph.terms import KZID, XSD
from kzai_graph.turtle import to_trig

REPOSITORY = Path(__file__).resolve().parents[1]
GRAPH = REPOSITORY / "tests" / "cases" / "graph" / "harbour.ttl"
MANIFEST = ox.NamedNode(KZID + "published")
SAYS = ox.NamedNode("https://example.org/says")
HOSTILE = 'a\x01\r\n\t\\ \\u0022 " } } ; DROP ALL ; \' """ \u202e\U0001f30a #'


@pytest.fixture(params=["oxigraph gsp", "oxigraph update", "virtuoso gsp", "virtuoso update"])
def endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    """Each store by each protocol, with nothing of ours in it."""
    store, protocol = request.param.split()
    root = request.getfixturevalue(store)
    secret = "dba" if store == "virtuoso" else None
    connection = Connection(user=secret, password=secret, timeout_s=20)
    target: Endpoint
    if protocol == "gsp":
        target = GraphStore(connection, root + ("/store" if store == "oxigraph" else "/sparql-graph-crud-auth"))
    else:
        update, query = ("/update", "/query") if store == "oxigraph" else ("/sparql-auth", "/sparql-auth")
        target = Updates(connection, root + update, root + query, batch=50)
    yield target
    publish([], target)
    connection.close()


def _document(name: str, *texts: str) -> list[ox.Quad]:
    node = ox.NamedNode(f"{KZID}document/{name}")
    return [ox.Quad(node, SAYS, ox.Literal(text), node) for text in texts]


def _texts(endpoint: Endpoint, name: str) -> set[str]:
    return {triple.object.value for triple in endpoint.read(ox.NamedNode(f"{KZID}document/{name}"))}


def test_every_triple_arrives_once(endpoint: Endpoint) -> None:
    quads = list(Graph(GRAPH).quads())
    contents, manifest = split(quads)
    report = publish(quads, endpoint, batch=7)
    assert manifest == MANIFEST
    assert report.written == len(contents)
    assert report.triples == len(with_document_graphs(quads))
    for graph, triples in contents.items():
        found = endpoint.read(graph)
        # A store may write a number or a language in another way; it may not lose a triple or change an IRI.
        assert len(found) == len(triples)
        assert {t.subject for t in found} == {t.subject for t in triples}
        assert {t.predicate for t in found} == {t.predicate for t in triples}
    assert publish(quads, endpoint).written == 0


def test_only_what_changed_is_sent_and_what_is_gone_is_removed(endpoint: Endpoint) -> None:
    publish([*_document("a", "one"), *_document("b", "two"), *_document("c", "three")], endpoint)
    report = publish([*_document("a", "one"), *_document("b", "new"), *_document("d", "four")], endpoint)
    assert (report.written, report.unchanged, report.removed, report.triples) == (2, 1, 1, 2)
    found = {name: _texts(endpoint, name) for name in "abcd"}
    assert found == {"a": {"one"}, "b": {"new"}, "c": set(), "d": {"four"}}


def test_a_graph_of_others_is_left_alone(endpoint: Endpoint) -> None:
    other = ox.NamedNode("https://example.org/other")
    endpoint.replace(other, [ox.Triple(other, SAYS, ox.Literal("ours"))])
    publish(_document("a", "one"), endpoint)
    publish([], endpoint)
    assert len(endpoint.read(other)) == 1
    endpoint.drop(other)


def test_text_forges_no_update(endpoint: Endpoint) -> None:
    publish([*_document("a", HOSTILE), *_document("b", "two")], endpoint)
    assert _texts(endpoint, "a") == {HOSTILE}
    assert _texts(endpoint, "b") == {"two"}


def test_numbers_and_dates_keep_their_value(endpoint: Endpoint) -> None:
    node = ox.NamedNode(f"{KZID}document/a")
    sent = {"integer": "9700000000", "decimal": "0.25", "gYear": "2031", "gYearMonth": "2031-05", "date": "2031-05-04"}
    publish(
        [ox.Quad(node, SAYS, ox.Literal(v, datatype=ox.NamedNode(XSD + kind)), node) for kind, v in sent.items()],
        endpoint,
    )
    found = {term.value: term.datatype.value.removeprefix(XSD) for term in (t.object for t in endpoint.read(node))}
    # Virtuoso's loader makes a large integer a decimal.
    assert found.pop("9700000000") in ("integer", "decimal")
    assert found == {v: kind for kind, v in sent.items() if kind != "integer"}


class Cut(Exception):  # noqa: N818
    """The power failed."""


class Failing:
    """An endpoint that is cut off before its n-th write."""

    def __init__(self, endpoint: Endpoint, writes: int) -> None:
        self._endpoint = endpoint
        self._left = writes

    def _count(self) -> None:
        if self._left == 0:
            raise Cut
        self._left -= 1

    def read(self, graph: ox.NamedNode) -> list[ox.Triple]:
        return self._endpoint.read(graph)

    def replace(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        self._count()
        self._endpoint.replace(graph, triples)

    def add(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        self._count()
        self._endpoint.add(graph, triples)

    def drop(self, graph: ox.NamedNode) -> None:
        self._count()
        self._endpoint.drop(graph)


@pytest.mark.parametrize("then", ["forward", "back", "other"])
def test_an_interrupted_run_is_completed_by_the_next(endpoint: Endpoint, then: str) -> None:
    old = {"a": ("1", "2", "3"), "b": ("4",), "c": ("5",)}
    new = {"a": ("1", "2", "3"), "b": ("6", "7", "8"), "d": ("9", "10")}
    wanted = {"forward": new, "back": old, "other": {"a": ("1",)}}[then]

    def quads(documents: dict[str, tuple[str, ...]]) -> list[ox.Quad]:
        return [quad for name, texts in documents.items() for quad in _document(name, *texts)]

    cuts = 0
    for writes in range(20):
        publish(quads(old), endpoint)
        try:
            publish(quads(new), Failing(endpoint, writes), batch=2)
        except Cut:
            cuts += 1
        publish(quads(wanted), endpoint, batch=2)
        assert {n: _texts(endpoint, n) for n in "abcd"} == {n: set(wanted.get(n, ())) for n in "abcd"}, writes
        if cuts <= writes:
            break
    assert cuts == 8, (
        "manifest, drop, two graphs of two requests and one digest each, manifest; the ninth is not reached"
    )


KILLED = """
import os, signal, sys
import httpx
from kzai_graph.cli import main

moment, sent, send = int(sys.argv.pop(1)), [0], httpx.Client.send

def send_or_die(client, request, **more):
    if sent[0] == moment:
        os.kill(os.getpid(), signal.SIGKILL)
    sent[0] += 1
    return send(client, request, **more)

httpx.Client.send = send_or_die
sys.exit(main())
"""


def test_killed_at_any_request_the_next_run_completes(oxigraph: str, tmp_path: Path) -> None:
    first, then = tmp_path / "first.trig", tmp_path / "then.trig"
    first.write_text(to_trig([*_document("a", "1", "2"), *_document("b", "3"), *_document("c", "4")]), encoding="utf-8")
    then.write_text(to_trig([*_document("a", "1", "5"), *_document("b", "3"), *_document("d", "6")]), encoding="utf-8")
    connection = Connection(user=None, password=None, timeout_s=20)
    endpoint = GraphStore(connection, f"{oxigraph}/store")
    publish([], endpoint)
    kills = 0
    for moment in range(40):
        assert _cli(f"{oxigraph}/store", "--graph", str(first)).returncode == 0
        command = [sys.executable, "-c", KILLED, str(moment), "publish", f"{oxigraph}/store", "--graph", str(then)]
        killed = subprocess.run(command, capture_output=True, check=False).returncode
        kills += killed == -signal.SIGKILL
        assert _cli(f"{oxigraph}/store", "--graph", str(then)).returncode == 0
        assert {name: _texts(endpoint, name) for name in "abcd"} == {
            "a": {"1", "5"},
            "b": {"3"},
            "c": set(),
            "d": {"6"},
        }
        if killed == 0:
            break
    publish([], endpoint)
    connection.close()
    assert killed == 0
    assert kills >= 5, "manifest, drop, two graphs, manifest"


def test_blank_nodes_are_refused(endpoint: Endpoint) -> None:
    with pytest.raises(InputError, match="blank nodes"):
        publish([ox.Quad(ox.BlankNode(), SAYS, ox.Literal("x"))], endpoint)


def test_a_wrong_password_is_one_clear_line(virtuoso: str) -> None:
    connection = Connection(user="dba", password="wrong", timeout_s=20)
    with pytest.raises(PublishError, match="does not let us in"):
        publish(_document("a", "one"), GraphStore(connection, virtuoso + "/sparql-graph-crud-auth"))
    connection.close()


def _cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kzai_graph", "publish", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)


def test_command_publishes_with_what_is_inferred(oxigraph: str) -> None:
    to_store = _cli(f"{oxigraph}/store", "--graph", str(GRAPH), "--with-inferred")
    assert to_store.returncode == 0, to_store.stderr
    assert to_store.stdout.startswith("published ")
    more = ("--graph", str(GRAPH), "--with-inferred", "--protocol", "update", "--query", f"{oxigraph}/query")
    again = _cli(f"{oxigraph}/update", *more)
    assert again.stdout.startswith("published 0 graphs (0 triples)")
    connection = Connection(user=None, password=None, timeout_s=20)
    publish([], GraphStore(connection, f"{oxigraph}/store"))
    connection.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (lambda root: "http://127.0.0.1:1/store", "cannot be reached"),
        (lambda root: f"{root}/nothing", "404"),
        (lambda root: "ftp://example.org/store", "no http address"),
        (lambda root: "http://ada:secret@example.org/store", "--user"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(oxigraph: str, address: Callable[[str], str], said: str) -> None:
    done = _cli(address(oxigraph), "--graph", str(GRAPH))
    assert done.returncode == 2
    assert said in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
