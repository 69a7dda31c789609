"""The server, asked by real clients, and its query page in a real browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from rdflib import Graph as RdflibGraph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

from kzai_graph.inquiry import Graph
from kzai_graph.serve.media import NotAcceptableError, choose
from kzai_graph.terms import PREFIXES
from kzai_graph.view.templating import PAGES

CASES = Path(__file__).resolve().parent / "cases"
GRAPH = CASES / "shapes" / "conforming.ttl"
HOSTILE = CASES / "view" / "sample.ttl"
PREFIX = "PREFIX kz: <https://w3id.org/kzai/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
PEOPLE = PREFIX + "SELECT ?name WHERE { ?who a kz:Person ; rdfs:label ?name } ORDER BY ?name"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o . ?p ?q ?r }"
Serve = Callable[..., str]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Starts servers as a user does, on a free port, and wants each to end cleanly and quietly."""
    running: list[subprocess.Popen[str]] = []

    def start(graph: Path, *options: str) -> str:
        command = [sys.executable, "-m", "kzai_graph", "serve", "--graph", str(graph), "--port", "0", *options]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append(server)
        assert server.stdout is not None
        return server.stdout.readline().partition(" at ")[2].partition(" ")[0]

    yield start
    for server in running:
        server.send_signal(signal.SIGINT)
        _, complaints = server.communicate(timeout=20)
        assert complaints == ""
        assert server.returncode in (0, 130)


@pytest.fixture(scope="module")
def address(serve: Serve) -> str:
    return serve(GRAPH)


class Reply:
    """What curl got."""

    def __init__(self, url: str, *options: str) -> None:
        command = ["curl", "--silent", "--max-time", "20", "--dump-header", "-", *options, url]
        done = subprocess.run(command, capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = head.decode("ascii").splitlines()
        self.status = int(lines[0].split()[1])
        self.headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        self.text = body.decode("utf-8")

    @property
    def media(self) -> str:
        return self.headers["content-type"].partition(";")[0]


def ask(address: str, query: str, *options: str, **more: str) -> Reply:
    return Reply(f"{address}sparql?{urlencode({'query': query} | more)}", *options)


# ---------------------------------------------------------------- clients


def test_sparqlwrapper_asks_in_every_format(address: str) -> None:
    client = SPARQLWrapper(address + "sparql")
    client.setQuery(PEOPLE)
    client.setReturnFormat(JSON)
    assert [row["name"]["value"] for row in client.query().convert()["results"]["bindings"]] == ["Ada Quill"]
    client.setReturnFormat(XML)
    assert "Ada Quill" in client.query().convert().toxml()
    client.setReturnFormat(CSV)
    client.setMethod(POST)
    assert client.query().convert().decode().splitlines() == ["name", "Ada Quill"]
    client.setQuery("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    client.setReturnFormat(TURTLE)
    assert len(RdflibGraph().parse(data=client.query().convert(), format="turtle")) == _triples()


def test_rdflib_reads_the_endpoint_as_a_store(address: str) -> None:
    graph = RdflibGraph(SPARQLStore(address + "sparql"))
    assert [str(row[0]) for row in graph.query(PEOPLE)] == ["Ada Quill"]
    assert len(list(graph.triples((None, None, None)))) == _triples()


def _triples() -> int:
    return len({(q.subject, q.predicate, q.object) for q in Graph(GRAPH).quads()})


# ---------------------------------------------------------------- protocol


@pytest.mark.parametrize(
    ("options", "media"),
    [
        ([], "application/sparql-results+json"),
        (["-H", "Accept: application/sparql-results+xml"], "application/sparql-results+xml"),
        (["-H", "Accept: text/csv;q=0.5, text/tab-separated-values"], "text/tab-separated-values"),
        (["-H", "Accept: text/html, */*;q=0.1"], "application/sparql-results+json"),
    ],
)
def test_rows_come_in_the_format_that_is_asked_for(address: str, options: list[str], media: str) -> None:
    reply = ask(address, PEOPLE, *options)
    assert (reply.status, reply.media) == (200, media)
    assert "Ada Quill" in reply.text
    assert reply.headers["vary"] == "accept"


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("text/n3", ox.RdfFormat.N3),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_triples_come_in_every_form_of_rdf(address: str, media: str, form: ox.RdfFormat) -> None:
    reply = ask(address, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "-H", f"Accept: {media}")
    assert (reply.status, reply.media) == (200, media)
    assert len(set(ox.parse(reply.text.encode(), format=form))) == _triples()


def test_query_may_be_posted_in_both_ways(address: str) -> None:
    endpoint = address + "sparql"
    form = Reply(endpoint, "--data-urlencode", f"query={PEOPLE}")
    direct = Reply(endpoint, "-H", "Content-Type: application/sparql-query", "--data-binary", PEOPLE)
    assert form.text == direct.text == ask(address, PEOPLE).text


def test_question_takes_its_parameters(address: str) -> None:
    query = PREFIX + "SELECT ?who WHERE { ?who rdfs:label ?label FILTER(STR(?label) = $name) }"
    reply = ask(address, query, **{"$name": "Ada Quill"})
    assert [row["who"]["value"] for row in json.loads(reply.text)["results"]["bindings"]]
    assert ask(address, query, **{"$nome": "x"}).status == 400


def test_question_finds_the_schema_that_it_reads_beside(serve: Serve) -> None:
    question = Path(__file__).resolve().parents[1] / "queries" / "ask" / "sources" / "conflicts.rq"
    address = serve(CASES / "queries" / "conflicts" / "data.ttl")
    reply = ask(address, question.read_text(encoding="utf-8"), "--header", "Accept: text/csv")
    assert "objects,Tide Forum,locatedIn,,Bergen,Oslo" in reply.text


def test_dataset_of_the_protocol_is_what_the_query_reads(address: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    graphs = json.loads(ask(address, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }").text)["results"]["bindings"]
    assert len(graphs) == 1

    def counted(**more: str) -> int:
        return int(json.loads(ask(address, count, **more).text)["results"]["bindings"][0]["n"]["value"])

    assert 0 < counted(**{"default-graph-uri": graphs[0]["g"]["value"]}) <= counted()
    assert counted(**{"default-graph-uri": "http://nowhere.example/"}) == 0
    assert counted(**{"named-graph-uri": graphs[0]["g"]["value"]}) == 0


def test_what_several_documents_say_is_counted_once(serve: Serve, seeds_out: Path) -> None:
    count = PREFIX + "SELECT (COUNT(*) AS ?n) WHERE { ?thing rdfs:label ?name }"
    graph = seeds_out / "graph.ttl"
    expected = Graph(graph).query(count).rows
    for served in (graph, seeds_out / "store"):
        reply = ask(serve(served), count, "--header", "Accept: text/csv")
        assert reply.text.split() == ["n", *(term.value for row in expected for term in row if term is not None)]


FAULTS: dict[str, tuple[list[str], str, int, str]] = {
    "broken query": (["-G", "--data-urlencode", "query=SELECT WHERE"], "sparql", 400, "no valid SPARQL"),
    "two queries": (["-G", "-d", "query=ASK{}", "-d", "query=ASK{}"], "sparql", 400, "2 queries"),
    "no query": (["-d", "other=1"], "sparql", 400, "0 queries"),
    "service": (["-d", "query=ASK{SERVICE <http://a.example/>{}}"], "sparql", 403, "SERVICE"),
    "from": (["-d", "query=ASK FROM <http://a.example/> {}"], "sparql", 403, "FROM"),
    "update in the query": (["-d", "query=CLEAR ALL"], "sparql", 403, "updates are refused"),
    "update": (["-d", "update=CLEAR ALL"], "sparql", 403, "read-only"),
    "update in the address": (["-d", "query=ASK{}"], "sparql?update=CLEAR%20ALL", 403, "read-only"),
    "dataset of an update": (
        ["-d", "query=ASK{}", "-d", "using-graph-uri=http://a.example/"],
        "sparql",
        403,
        "read-only",
    ),
    "dataset in the address": (
        ["-d", "query=ASK{}"],
        "sparql?default-graph-uri=nowhere",
        400,
        "default-graph-uri nowhere",
    ),
    "update posted": (
        ["-H", "Content-Type: application/sparql-update", "-d", "CLEAR ALL"],
        "sparql",
        403,
        "read-only",
    ),
    "media type": (["-H", "Content-Type: text/plain", "-d", "ASK{}"], "sparql", 415, "Content-Type text/plain"),
    "no UTF-8": (
        ["-H", "Content-Type: application/sparql-query", "--data-binary", "@-"],
        "sparql",
        400,
        "no UTF-8",
    ),
    "not acceptable": (["-H", "Accept: image/png", "-d", "query=ASK{}"], "sparql", 406, "image/png"),
    "method": (["-X", "DELETE"], "sparql", 405, "Method Not Allowed"),
    "graph written": (["-X", "PUT", "-d", ""], "graphs?default", 405, "Method Not Allowed"),
    "graph unknown": ([], "graphs?graph=http://nowhere.example/", 404, "no graph http://nowhere.example/"),
    "graph unnamed": ([], "graphs", 400, "name one graph"),
    "graph no IRI": ([], "graphs?graph=nowhere", 400, "no absolute IRI"),
    "entity unknown": ([], "entity/nobody", 404, "no thing nobody"),
    "page unknown": ([], "nothing.html", 404, "Not Found"),
    "path climbs": (["--path-as-is"], "../../../../etc/passwd", 404, "Not Found"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault_has_its_status_and_one_line(address: str, case: str) -> None:
    options, path, status, said = FAULTS[case]
    if case == "no UTF-8":
        command = ["curl", "--silent", "--write-out", "%{http_code}", *options, address + path]
        done = subprocess.run(command, input=b"ASK{\xff}", capture_output=True, check=True)
        assert done.stdout.endswith(b"400")
        return
    reply = Reply(address + path, *options)
    assert reply.status == status
    assert said in reply.text
    assert len(reply.text.splitlines()) == 1


def test_refused_method_names_those_that_are_taken(address: str) -> None:
    allowed = Reply(address + "sparql", "-X", "DELETE").headers["allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST"}
    assert set(Reply(address + "void", "-X", "POST").headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_long_request_is_refused(address: str, tmp_path: Path) -> None:
    body = tmp_path / "long.rq"
    body.write_text("ASK{} #" + "x" * 1_100_000, encoding="utf-8")
    options = ["-H", "Content-Type: application/sparql-query", "-H", "Expect:", "--data-binary", f"@{body}"]
    assert Reply(address + "sparql", *options).status == 413


def test_other_hosts_names_and_other_origins_get_nothing(address: str) -> None:
    assert Reply(address + "sparql", "-H", "Host: rebound.example").status == 400
    reply = ask(address, PEOPLE, "-H", "Origin: http://elsewhere.example")
    assert "access-control-allow-origin" not in reply.headers


def test_limits_end_a_query_and_the_server_goes_on(serve: Serve) -> None:
    address = serve(
        HOSTILE, "--timeout", "1.5", "--max-queries", "2", "--max-rows", "3", "--cors", "http://tool.example"
    )
    with ThreadPoolExecutor(4) as pool:
        began = time.monotonic()
        running = [pool.submit(ask, address, ENDLESS) for _ in range(2)]
        time.sleep(0.5)
        refused = ask(address, PEOPLE)
        ended = [reply.result() for reply in running]
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert [reply.status for reply in ended] == [504, 504]
    assert "took longer than 1.5 s" in ended[0].text
    assert time.monotonic() - began < 15
    cut = ask(address, "SELECT * WHERE { ?s ?p ?o }", "-H", "Origin: http://tool.example")
    assert (cut.status, cut.headers["x-truncated"]) == (200, "rows=3")
    assert len(json.loads(cut.text)["results"]["bindings"]) == 3
    assert cut.headers["access-control-allow-origin"] == "http://tool.example"
    assert "X-Truncated" in cut.headers["access-control-expose-headers"]


# ---------------------------------------------------------------- descriptions, graphs, things


def test_service_and_dataset_describe_themselves(address: str) -> None:
    described = Reply(address + "sparql", "-H", "Accept: text/turtle")
    service = RdflibGraph().parse(data=described.text, format="turtle")
    asked = service.query(
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#> "
        "SELECT ?endpoint ?graph ?triples WHERE { ?s a sd:Service ; sd:endpoint ?endpoint ; sd:defaultDataset ?d . "
        "?d sd:namedGraph/sd:name ?graph ; void:triples ?triples }"
    )
    ((endpoint, graph, triples),) = asked
    assert (str(endpoint), int(triples)) == (address + "sparql", _triples())
    assert Reply(address + f"graphs?graph={graph}").status == 200
    dataset = Reply(address + ".well-known/void", "--location")
    assert "void#Dataset" in dataset.text.rpartition("\r\n\r\n")[2]


def test_graphs_are_read_over_the_graph_store_protocol(address: str) -> None:
    whole = Reply(address + "graphs?default", "-H", "Accept: application/n-triples")
    assert len(whole.text.splitlines()) == _triples()


def test_thing_is_a_place_on_the_page_or_rdf(address: str, browser: Browser) -> None:
    page = Reply(address + "entity/ada-quill", "-H", "Accept: text/html,*/*;q=0.8")
    assert page.status == 303
    assert page.headers["location"].startswith("/index.html#https")
    described = Reply(address + "entity/ada-quill", "-H", "Accept: text/turtle")
    graph = RdflibGraph().parse(data=described.text, format="turtle")
    statements = graph.query(
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ASK { ?s rdf:subject ?who ; rdf:object ?what }"
    )
    assert statements.askAnswer
    tab = browser.new_page()
    tab.goto(address + "entity/ada-quill")
    tab.wait_for_selector("#panel h2")
    assert tab.inner_text("#panel h2") == "Ada Quill"
    tab.close()


def test_document_is_a_thing_with_a_page_of_its_own(serve: Serve, seeds_out: Path) -> None:
    seeds = Path(__file__).resolve().parents[1] / "seeds"
    address = serve(seeds_out / "graph.ttl", "--texts", str(seeds))
    name = min(seeds.glob("*.txt")).name
    for path in (f"entity/document/{name}", f"entity/{name}"):
        page = Reply(address + path, "-H", "Accept: text/html")
        assert (page.status, page.headers["location"]) == (303, f"/read/{name}.html")
        described = Reply(address + path, "-H", "Accept: application/n-triples")
        assert f'"{name}"' in described.text
    assert Reply(address + f"read/{name}.html").status == 200


THINGS = {
    "statement": ("kz:Statement", "Ministry of Ports"),
    "stage": ("kz:Milestone", ""),
    "number": ("kz:Observation", ""),
    "quote": ("kz:Quote", "said"),
    "reading": ("prov:Derivation", "Read from it"),
    "words of a text": ("nif:Phrase", "Read from it"),
}
"""Kinds of things that are no entities, with their class and words that the page of the first of them shows."""


def _things(address: str, kind: str) -> list[str]:
    prefixes = "".join(f"PREFIX {p}: <{PREFIXES[p]}> " for p in ("kz", "prov", "nif"))
    rows = json.loads(ask(address, f"{prefixes}SELECT ?thing WHERE {{ ?thing a {kind} }} ORDER BY ?thing").text)
    found = (row["thing"]["value"] for row in rows["results"]["bindings"])
    return [address + "entity/" + quote(iri.removeprefix(PREFIXES["kzid"])) for iri in found]


@pytest.mark.parametrize("kind", THINGS)
def test_thing_that_is_no_entity_is_a_page_or_rdf(kind: str, address: str) -> None:
    cls, shown = THINGS[kind]
    found = _things(address, cls)
    assert found
    for place in found:
        page = Reply(place, "-H", "Accept: text/html,application/xhtml+xml,*/*;q=0.8")
        assert (page.status, page.media, page.headers["vary"]) == (200, "text/html", "accept")
        assert "default-src &#39;none&#39;" in page.text
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert f"<title>Knowledge graph: {kind.capitalize()}</title>" in page.text
        assert "<blockquote" in page.text
        described = Reply(place, "-H", "Accept: text/turtle")
        assert (described.status, described.media) == (200, "text/turtle")
        assert len(RdflibGraph().parse(data=described.text, format="turtle")) > 1
    assert shown in Reply(found[0], "-H", "Accept: text/html").text


def test_page_of_a_statement_shows_its_sentence_and_leads_on(
    serve: Serve, seeds_out: Path, open_query: Callable[[str], Page]
) -> None:
    seeds = Path(__file__).resolve().parents[1] / "seeds"
    address = serve(seeds_out / "graph.ttl", "--texts", str(seeds))
    page = open_query(address)
    _type(
        page,
        PREFIX + f"PREFIX rdf: <{PREFIXES['rdf']}> PREFIX prov: <{PREFIXES['prov']}> SELECT ?s ?d ?span WHERE {{ "
        "?s rdf:predicate kz:amended ; prov:qualifiedDerivation ?d . ?d kz:trigger ?span } ORDER BY ?s ?d LIMIT 1",
    )
    page.click("#run")
    page.wait_for_selector("#answer td a")
    assert page.locator("#answer td a").count() == 3
    statement, _, words = (link.get_attribute("href") or "" for link in page.locator("#answer td a").all())
    page.goto(address.rstrip("/") + statement)
    triple = page.locator("p.say a.thing").all_inner_texts()
    assert len(triple) == 2
    trigger = page.inner_text("mark.trigger")
    sentence = page.inner_text("blockquote")
    assert page.locator("mark.end").count() > 1
    assert "amended" in page.inner_text("p.say")
    page.click("text=in the network")
    page.wait_for_selector("#panel h2")
    assert page.inner_text("#panel blockquote") == sentence
    page.goto(address.rstrip("/") + words)
    assert page.inner_text("mark.chosen") == trigger
    assert page.inner_text("blockquote") == sentence
    assert page.locator("li.say", has_text="amended").count() > 0
    page.click("figcaption a")
    page.wait_for_selector(".place.chosen")
    assert sentence.startswith(page.locator(".place.chosen").first.inner_text().strip()[:20])
    page.go_back()
    described = page.locator(".tools a", has_text="as RDF").get_attribute("href") or ""
    assert "nif:anchorOf" in Reply(address.rstrip("/") + described).text


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_pages_of_hostile_things_hold_and_have_no_serious_fault(
    serve: Serve, open_query: Callable[[str], Page], width: int, scheme: str
) -> None:
    address = serve(HOSTILE)
    page = open_query(address)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    faults = []
    for cls, _ in THINGS.values():
        for place in _things(address, cls)[:8]:
            page.goto(place)
            assert (
                page.evaluate("document.querySelectorAll('img, iframe, object, a[href^=\"javascript\" i]').length") == 0
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        faults += [(cls, f["id"], f["nodes"][0]["html"]) for f in found if f["impact"] in ("serious", "critical")]
    assert faults == []


def test_every_answer_has_the_strictest_policy(address: str) -> None:
    policies = {
        path: Reply(address + path).headers["content-security-policy"]
        for path in ("index.html", "query", "sparql", "void", "entity/nobody", "query/terms.json")
    }
    assert all("frame-ancestors 'none'" in policy for policy in policies.values())
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policies["query"]
    assert "unsafe" not in policies["query"].replace("style-src-attr 'unsafe-inline'", "")
    for path in ("sparql", "void", "entity/nobody", "query/terms.json"):
        assert policies[path].startswith("default-src 'none'")
    page = Reply(address + "index.html").text
    assert "require-trusted-types-for &#39;script&#39;; trusted-types &#39;none&#39;" in page


def test_accept_header_is_read_by_quality_and_by_precision() -> None:
    offered = ["text/turtle", "application/n-triples", "text/csv"]
    assert choose(None, offered) == "text/turtle"
    assert choose("*/*", offered) == "text/turtle"
    assert choose("text/*;q=0.2, application/n-triples;q=0.3", offered) == "application/n-triples"
    assert choose("text/turtle;q=0, */*", offered) == "application/n-triples"
    assert choose("TEXT/CSV; q=1.0; charset=utf-8, text/turtle;q=wrong", offered) == "text/csv"
    with pytest.raises(NotAcceptableError, match="text/turtle"):
        choose("image/png", offered)


# ---------------------------------------------------------------- the query page


@pytest.fixture
def open_query(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens the query page and, at the end, wants silence and no request to another host."""
    noise: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 860}, accept_downloads=True)
    context.set_default_timeout(10_000)

    def opener(address: str) -> Page:
        page = context.new_page()
        # Chromium itself notes each answer of an error status; the page shows these.
        page.on(
            "console", lambda m: None if "Failed to load resource" in m.text else noise.append(f"console: {m.text}")
        )
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (noise.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else noise.append(r.url))
        page.goto(address + "query")
        page.wait_for_selector("#cards button")
        return page

    yield opener
    context.close()
    assert noise == []


def _type(page: Page, query: str) -> None:
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def test_question_is_chosen_and_answered(address: str, open_query: Callable[[str], Page]) -> None:
    page = open_query(address)
    page.fill("#filter", "funds what money")
    page.click("#cards button")
    page.wait_for_selector("#answer table")
    assert "Ministry of Ports" in page.inner_text("#answer")
    assert page.locator("#cards [aria-current]").count() == 1
    with page.expect_download() as saved:
        page.click("#downloads >> text=CSV")
    assert "Ministry of Ports" in Path(saved.value.path()).read_text(encoding="utf-8")


def test_editor_colours_completes_and_runs(address: str, open_query: Callable[[str], Page]) -> None:
    page = open_query(address)
    _type(page, "SELECT ?who WHERE { ?who a ")
    page.keyboard.type("kz:Pers", delay=30)
    page.wait_for_selector(".cm-tooltip-autocomplete >> text=kz:Person")
    page.keyboard.press("Escape")
    colours = page.evaluate(
        "[...document.querySelectorAll('.cm-line span')].map(s => [s.textContent, getComputedStyle(s).color])"
    )
    assert len({colour for _, colour in colours}) > 1
    _type(page, PEOPLE)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answer table")
    assert page.inner_text("#answer td") == "Ada Quill"
    _type(page, "SELECT nothing")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#outcome.bad")
    assert "no valid SPARQL" in page.inner_text("#outcome")


def test_answer_is_shown_as_chart_and_as_graph(address: str, open_query: Callable[[str], Page]) -> None:
    page = open_query(address)
    _type(page, "SELECT ?class (COUNT(?x) AS ?n) WHERE { ?x a ?class } GROUP BY ?class ORDER BY DESC(?n)")
    page.click("#run")
    page.click("#views >> text=Chart")
    assert page.locator("#answer svg rect").count() > 3
    _type(page, "CONSTRUCT { ?a ?p ?b } WHERE { ?a ?p ?b . ?a a ?c . ?b a ?d }")
    page.click("#run")
    page.wait_for_selector("#downloads >> text=Turtle")
    page.click("#views >> text=Graph")
    page.wait_for_selector("#answer canvas")


def test_hostile_text_of_the_graph_stays_text(serve: Serve, open_query: Callable[[str], Page]) -> None:
    page = open_query(serve(HOSTILE))
    for query in ("SELECT ?s ?o (1 AS ?n) WHERE { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"):
        _type(page, query)
        page.click("#run")
        page.wait_for_selector("#answer table")
        assert "<img src=x onerror=alert(1)>" in (page.text_content("#answer") or "")
        for view in page.locator("#views button").all():
            view.click()
            page.wait_for_timeout(100)
        made = "document.querySelectorAll('main img, iframe, object, a[href^=\"javascript\" i]').length"
        assert page.evaluate(made) == 0
    assert page.title() == "Knowledge graph: ask"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_query_page_has_no_serious_fault(
    address: str, open_query: Callable[[str], Page], width: int, scheme: str
) -> None:
    page = open_query(address)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)

    def faults() -> list[object]:
        found = [f for f in Axe().run(page).response["violations"] if f["impact"] in ("serious", "critical")]
        return [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in found]

    _type(page, f"# Who is there?\n{PEOPLE}")
    page.click("#run")
    page.wait_for_selector("#answer table")
    assert faults() == []
    _type(page, "SELECT ?class (COUNT(?x) AS ?n) WHERE { ?x a ?class } GROUP BY ?class ORDER BY DESC(?n)")
    page.keyboard.press("Control+Enter")
    page.click("#views >> text=Chart")
    assert faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#answer svg").bounding_box()["width"] <= width
    outcome = page.locator("#outcome").bounding_box()
    assert outcome["width"] > 200


def test_query_page_is_used_by_keyboard_alone(address: str, open_query: Callable[[str], Page]) -> None:
    page = open_query(address)
    page.focus("#filter")
    page.keyboard.type("funds what money")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer table")
    page.focus("#run")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer table")
    for view in page.locator("#views button").all():
        view.focus()
        page.keyboard.press("Enter")
        assert view.get_attribute("aria-selected") == "true"


def test_pages_lead_to_the_query_page_and_it_to_them(
    serve: Serve, seeds_out: Path, open_query: Callable[[str], Page]
) -> None:
    seeds = Path(__file__).resolve().parents[1] / "seeds"
    address = serve(seeds_out / "graph.ttl", "--texts", str(seeds))
    page = open_query(address)
    names = page.locator("nav a").all_inner_texts()
    assert names == ["network", "timeline", "offices", "instruments", "overview", "ask"]
    assert page.locator("nav [aria-current]").inner_text() == "ask"
    text = min(seeds.glob("*.txt")).name
    for path in (*(path for path, _ in PAGES), f"read/{text}.html"):
        page.goto(address + path)
        assert page.locator("nav a").all_inner_texts() == names, path
        page.click("nav >> text=ask")
        page.wait_for_selector("#cards button")
        assert page.url == f"{address}query"


def test_port_that_is_taken_is_one_clear_line(address: str) -> None:
    port = address.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "kzai_graph", "serve", "--graph", str(GRAPH), "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 2
    assert f"port {port}: cannot be served at" in done.stderr
    assert done.stderr.count("\n") == 1


def test_xml_of_rows_is_well_formed(address: str) -> None:
    reply = ask(address, "SELECT * WHERE { ?s ?p ?o }", "-H", "Accept: application/sparql-results+xml")
    assert len(ElementTree.fromstring(reply.text)[1]) == _triples()
