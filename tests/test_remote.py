"""Queries at the address of an endpoint: real ones, which the tests start on loopback, and servers that misbehave."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from kzai_graph import query, remote
from kzai_graph.asking import rank
from kzai_graph.endpoints import Connection, GraphStore
from kzai_graph.errors import GraphError, InputError, KzaiError, QueryError, QueryLimitError, QueryRefusedError
from kzai_graph.inquiry import Graph, open_graph
from kzai_graph.publishing import publish
from kzai_graph.sparql import Answer, Kind, shipped_questions

REPOSITORY = Path(__file__).resolve().parents[1]
GRAPH = REPOSITORY / "tests" / "cases" / "graph" / "harbour.ttl"
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
RESULTS = "application/sparql-results+json"


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def endpoint(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an endpoint that holds the harbour."""
    root = request.getfixturevalue(request.param)
    own = request.param == "oxigraph"
    connection = Connection(user=None if own else "dba", password=None if own else "dba", timeout_s=20)
    store = GraphStore(connection, root + ("/store" if own else "/sparql-graph-crud-auth"))
    publish(Graph(GRAPH).quads(), store)
    yield root + ("/query?union-default-graph" if own else "/sparql")
    publish([], store)
    connection.close()


def test_shipped_questions_find_what_they_find_in_the_file(oxigraph: str, endpoint: str) -> None:
    """Virtuoso 7 cannot compile some of them, and sorts and compares a few in a way of its own."""
    same, refused = 0, 0
    questions = [question for question in shipped_questions() if not question.card.beside]
    for question in questions:
        try:
            same += query(question.path, endpoint) == query(question.path, GRAPH)
        except QueryError:
            refused += 1
    assert refused == 0 or not endpoint.startswith(oxigraph)
    assert same == len(questions) or not endpoint.startswith(oxigraph)
    assert same > 0.75 * len(questions)


def test_each_kind_of_answer_comes_back(endpoint: str) -> None:
    of_documents = "{ ?d a <https://w3id.org/kzai/ontology#Document> ; <http://purl.org/dc/terms/title> ?title }"
    for text, kind in (
        (f"SELECT ?d ?title {of_documents}", Kind.SELECT),
        (f"ASK {of_documents}", Kind.ASK),
        (f"CONSTRUCT {{ ?d <urn:called> ?title }} WHERE {of_documents}", Kind.GRAPH),
    ):
        assert query(text, endpoint) == query(text, GRAPH) != Answer(kind)


def test_rows_are_cut_and_said_to_be(endpoint: str) -> None:
    answer = open_graph(endpoint).query(ALL, max_rows=3)
    assert (len(answer.rows), answer.truncated) == (3, True)
    whole = open_graph(endpoint).query("SELECT ?n { VALUES ?n { 1 2 3 } }", max_rows=3)
    assert (len(whole.rows), whole.truncated) == (3, False)


def test_question_in_words_finds_the_names_there(endpoint: str) -> None:
    words = "who launched Open Quay?"
    best, expected = rank(words, open_graph(endpoint)).best, rank(words, Graph(GRAPH)).best
    assert best is not None
    assert expected is not None
    assert (best.question.name, best.parameters) == (expected.question.name, expected.parameters)


def test_what_is_broken_is_refused_there_in_one_line(endpoint: str) -> None:
    with pytest.raises(QueryError, match="does not answer it"):
        query("SELECT ?s { ?s ?p", endpoint)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that answers in the way that the path names; ``/asked`` says how often it was asked."""

    class Handler(BaseHTTPRequestHandler):
        asked = 0

        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert list(body) == ["query"]
            type(self).asked += 1
            way = self.path.removeprefix("/")
            if way.isdecimal():
                self.send_response(int(way), "Said")
                self.send_header("Location", "https://example.org/elsewhere")
                self.end_headers()
                self.wfile.write(b"line one\nline two")
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if way == "html" else RESULTS)
            if way == "cut":
                self.send_header("X-Truncated", "rows=1")
            self.end_headers()
            self.wfile.write(b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}}')
            while way in ("drip", "flood"):
                self.wfile.write(b" " * (1 if way == "drip" else 1 << 16))
                time.sleep(0.05 if way == "drip" else 0)
            self.wfile.write(b"" if way == "broken" else b"]}}")

        def log_message(self, *said: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("way", "kind", "said"),
    [
        ("302", GraphError, "sends elsewhere .*https://example.org/elsewhere"),
        ("400", QueryError, "line one line two"),
        ("401", GraphError, "does not let us in"),
        ("404", GraphError, "is it the address of an endpoint"),
        ("500", QueryError, "500 Said"),
        ("html", GraphError, "answers text/html"),
        ("broken", GraphError, "answers no SPARQL result"),
        ("drip", QueryLimitError, "took longer than 0.5 s"),
    ],
)
def test_server_that_misbehaves_is_one_clear_line(server: str, way: str, kind: type[KzaiError], said: str) -> None:
    started = time.monotonic()
    with pytest.raises(kind, match=said):
        open_graph(f"{server}/{way}").query(ALL, timeout_s=0.5)
    assert time.monotonic() - started < 5


def test_answer_without_end_is_cut_off(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MAX_ANSWER_BYTES", 1_000_000)
    with pytest.raises(QueryLimitError, match="longer than 1,000,000 bytes"):
        open_graph(f"{server}/flood").query(ALL)


def test_server_that_gives_a_part_says_so(server: str) -> None:
    answer = query(ALL.replace("?s ?p ?o", "?n", 1), f"{server}/cut")
    assert answer == Answer(Kind.SELECT, ("n",), ((ox.Literal("1"),),), truncated=True)
    with pytest.raises(GraphError, match="answers application/sparql-results"):
        list(open_graph(f"{server}/cut").said(["urn:called"]))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT ?s { SERVICE <http://a.example/> { ?s ?p ?o } }", QueryRefusedError),
        ("SELECT ?s FROM <http://a.example/> { ?s ?p ?o }", QueryRefusedError),
        ("DELETE WHERE { ?s ?p ?o }", QueryRefusedError),
        ("PREFIX select: <urn:x> BASE <urn:y>", QueryError),
        ("SELECT ?s { ?s ?p $value }\n", QueryError),
    ],
)
def test_what_is_refused_is_never_sent(text: str, kind: type[KzaiError]) -> None:
    with pytest.raises(kind, match=r"query|value"):
        query(text if "$" not in text else f"# ?\n#\n# Parameters: $value (iri) one\n{text}", "http://127.0.0.1:1/")


def _cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kzai_graph", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)


def test_command_answers_from_an_address(endpoint: str) -> None:
    for form in ("csv", "json"):
        asked = ("query", "sources/entities", "--format", form)
        there, here = _cli(*asked, "--graph", endpoint), _cli(*asked, "--graph", str(GRAPH))
        assert (there.returncode, there.stderr) == (0, "")
        assert sorted(there.stdout.splitlines()) == sorted(here.stdout.splitlines())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "sources/entities", "--graph", "http://127.0.0.1:1/query"), "cannot be reached"),
        (("query", "sources/entities", "--graph", "http://ada:secret@127.0.0.1:1/"), "without log-in"),
        (("query", "sources/entities", "--graph", "http:///query"), "no http address"),
        (("query", "sources/conflicts", "--graph", "http://127.0.0.1:1/query"), "the schema of the ontology"),
        (("query", "sources/entities", "--with-inferred", "--graph", "http://127.0.0.1:1/query"), "what rules infer"),
        (("ask", "who", "heads", "what", "--graph", "http://127.0.0.1:1/query"), "cannot be reached"),
        (("check", "--graph", "http://127.0.0.1:1/query"), "give a file or a store"),
        (("serve", "--graph", "http://127.0.0.1:1/query"), "give a file or a store"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(arguments: tuple[str, ...], said: str) -> None:
    done = _cli(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_address_of_another_kind_is_a_path() -> None:
    with pytest.raises(InputError, match="no http address"):
        open_graph("https://")
    assert open_graph("ftp://example.org/graph.ttl") == Graph(Path("ftp://example.org/graph.ttl"))
