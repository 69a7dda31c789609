"""The pages beside the network: what they show, that they are still and inert, and how they behave in a browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from kzai_graph import package_data
from kzai_graph.check import in_memory
from kzai_graph.coverage import Candidate, Coverage, Silence
from kzai_graph.documents import read_document
from kzai_graph.errors import InputError
from kzai_graph.evaluate import evaluate
from kzai_graph.inquiry import Graph
from kzai_graph.model import Span
from kzai_graph.ontology import load_ontology
from kzai_graph.sources import Source
from kzai_graph.terms import PREFIXES
from kzai_graph.view import Text, find_texts, write_pages
from kzai_graph.view.asked import ask_all
from kzai_graph.view.collect import read_facts
from kzai_graph.view.measured import read_measured
from kzai_graph.view.reading import find_by_document, lay_out_text, page_name, shown_of
from kzai_graph.view.templating import show_date, show_number, stage_words

NAME = "quay <b>&'.txt"
TEXT = """\
Quay <script>document.title='owned'</script> report

By Ada Quill

The Ministry of Ports adopted the Quay Act on 3 May 2031. Gulls circled {{ 7*7 }} above. The ministry will open \
Pier Nine by June 2031.
"""
PAGES = ("timeline.html", "offices.html", "instruments.html", "overview.html", f"read/{page_name(NAME)}")
SHARES = {NAME: (2, 3)}
Opener = Callable[[str], Page]


def _span(words: str) -> tuple[str, str]:
    begin = TEXT.index(words)
    node = f"<http://q.example/doc#char={begin},{begin + len(words)}>"
    body = f"nif:referenceContext <http://q.example/doc> ; nif:beginIndex {begin} ; nif:endIndex {begin + len(words)}"
    anchor = words.replace("\\", "\\\\").replace('"', '\\"')
    return node, f'{node} a nif:Phrase ; {body} ; nif:anchorOf "{anchor}"'


def _graph() -> list[ox.Quad]:
    first = "The Ministry of Ports adopted the Quay Act on 3 May 2031."
    last = "The ministry will open Pier Nine by June 2031."
    mentions = {"Ministry of Ports": "ports", "Quay Act": "act", "The ministry": "ports", "Pier Nine": "pier"}
    mentions |= {"Ada Quill": "ada"}
    spans = [_span(first)[1], _span(last)[1], _span("Ada Quill")[1]]
    for words, entity in mentions.items():
        spans.append(f"{_span(words)[1]} ; itsrdf:taIdentRef q:{entity}")
    things = (("ports", "Ministry", "Ministry of Ports"), ("act", "Law", "Quay Act"), ("pier", "System", "Pier Nine"))
    things += (("ada", "Person", "Ada <i>Quill</i>"), ("chief", "Position", "Chief of Piers"))
    lines = [f"@prefix {p}: <{iri}> ." for p, iri in PREFIXES.items()] + ["@prefix q: <http://q.example/> ."]
    lines.append(
        f'q:doc a kz:Document ; dcterms:identifier "{NAME}" ; dcterms:issued "2031-09-01"^^xsd:date ; '
        f"dcterms:title \"Quay <script>document.title='owned'</script> report\" ; "
        f'kz:sha256 "{sha256(TEXT.encode()).hexdigest()}" .'
    )
    lines += [f"{span} ." for span in spans]
    lines += [f'q:{node} a kz:{cls} ; rdfs:label "{label}"@en .' for node, cls, label in things]
    deadline = 'kz:deadline "2031-06"^^xsd:gYearMonth ; kz:deadlineLatest "2031-06-30"^^xsd:date'
    said = (
        ("s1", "ports", "adopted", "act", "Asserted", 'kz:date "2031-05-03"^^xsd:date', first),
        ("s2", "ports", "launched", "pier", "Planned", deadline, last),
        ("s3", "ada", "holdsPosition", "chief", "Asserted", "", first),
        ("s4", "chief", "positionIn", "ports", "Asserted", "", first),
    )
    for node, subject, relation, thing, modality, more, sentence in said:
        lines.append(
            f"q:{node} a kz:Statement ; rdf:subject q:{subject} ; rdf:predicate kz:{relation} ; rdf:object q:{thing} ; "
            f"kz:modality kz:{modality} ; prov:wasDerivedFrom {_span(sentence)[0]}{' ; ' + more if more else ''} ."
        )
    steps = (("m1", "StageAdopted", "Asserted", "2031-05-03"), ("m2", "StageInForce", "Planned", "2032-01-01"))
    steps += (("m3", "StageDrafted", "Asserted", "2030-01-01"),)
    for node, stage, modality, date in steps:
        lines.append(
            f"q:{node} a kz:Milestone ; kz:of q:act ; kz:stage kz:{stage} ; kz:modality kz:{modality} ; "
            f'kz:date "{date}"^^xsd:date ; kz:by q:ports ; prov:wasDerivedFrom {_span(first)[0]} .'
        )
    return list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Text]:
    folder = tmp_path_factory.mktemp("texts")
    (folder / NAME).write_text(TEXT, encoding="utf-8")
    document = read_document(Source(NAME, folder / NAME, named=True))
    begin = TEXT.index("Gulls")
    silence = Silence(
        line=5,
        span=Span(begin, TEXT.index(" The ministry")),
        sentence="Gulls circled {{ 7*7 }} above.",
        reason="class",
        candidates=(Candidate(PREFIXES["kzlex"] + "adopted-circle", "class: Bird adopted Air"),),
    )
    return {NAME: Text(document, Coverage(NAME, 3, 2, (silence,)))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, texts: dict[str, Text]) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_pages(_graph(), folder, texts=texts, stages=load_ontology().stages, shares=SHARES)
    return folder


@pytest.fixture
def open_page(browser: Browser, folder: Path) -> Iterator[Opener]:
    """Opens a page from ``file:`` and, at the end, wants silence: no message, dialog, error or request out."""
    noise: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", offline=True)
    context.set_default_timeout(5000)

    def opener(name: str) -> Page:
        page = context.new_page()
        page.on("console", lambda message: noise.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (noise.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else noise.append(r.url))
        path, _, fragment = name.partition("#")
        page.goto((folder / path).as_uri() + (f"#{fragment}" if fragment else ""))
        return page

    yield opener
    context.close()
    assert noise == []


def test_same_graph_and_texts_give_the_same_bytes(folder: Path, tmp_path: Path, texts: dict[str, Text]) -> None:
    write_pages(list(reversed(_graph())), tmp_path, texts=texts, stages=load_ontology().stages, shares=SHARES)
    for name in (*PAGES, "index.html"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_text_is_whole_and_cut_along_its_marks(texts: dict[str, Text]) -> None:
    facts = read_facts(_graph())
    places, passages = lay_out_text(facts, find_by_document(facts)[0], texts[NAME])
    blocks = texts[NAME].document.blocks
    shown = ["".join(piece.text for run in passage.runs for piece in run.pieces) for passage in passages]
    assert shown == [block.text for block in blocks]
    assert [(p.gave, p.silence is not None) for p in places] == [(True, False), (False, True), (True, False)]
    named = {
        piece.text: facts.entities[piece.entity].label
        for passage in passages
        for run in passage.runs
        for piece in run.pieces
        if piece.entity is not None
    }
    assert named["The ministry"] == "Ministry of Ports"
    assert named["Quay Act"] == "Quay Act"


def test_marks_of_markup_stand_at_their_words(tmp_path: Path) -> None:
    raw = "<html><body><p>The <b>Quay Act</b> holds &amp; binds.</p></body></html>"
    (tmp_path / "a.html").write_text(raw, encoding="utf-8")
    document = read_document(Source("a.html", tmp_path / "a.html", named=True))
    begin = raw.index("Quay Act")
    turtle = f"""
        @prefix nif: <{PREFIXES["nif"]}> . @prefix kz: <{PREFIXES["kz"]}> . @prefix dcterms: <{PREFIXES["dcterms"]}> .
        @prefix itsrdf: <{PREFIXES["itsrdf"]}> . @prefix rdfs: <{PREFIXES["rdfs"]}> . @prefix q: <http://q.example/> .
        q:doc a kz:Document ; dcterms:identifier "a.html" . q:act a kz:Law ; rdfs:label "Quay Act" .
        q:m nif:referenceContext q:doc ; nif:beginIndex {begin} ; nif:endIndex {begin + 8} ; nif:anchorOf "Quay Act" ;
            itsrdf:taIdentRef q:act ."""
    facts = read_facts(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))
    _, passages = lay_out_text(facts, find_by_document(facts)[0], Text(document))
    pieces = [(piece.text, piece.entity) for passage in passages for run in passage.runs for piece in run.pieces]
    assert ("Quay Act", 0) in pieces
    assert "".join(text for text, _ in pieces) == "The Quay Act holds & binds."


def test_texts_are_found_where_they_lie_unchanged(tmp_path: Path) -> None:
    assert find_texts(_graph(), [tmp_path]) == {}
    (tmp_path / NAME).write_text(TEXT, encoding="utf-8")
    assert set(find_texts(_graph(), [tmp_path / "nowhere", tmp_path])) == {NAME}
    (tmp_path / NAME).write_text(TEXT + "More.", encoding="utf-8")
    assert find_texts(_graph(), [tmp_path]) == {}


def test_page_names_are_safe_and_distinct() -> None:
    assert page_name("a/b.txt") == "a%2Fb.txt.html"
    long = [page_name("x" * 300 + tail) for tail in ("a", "b")]
    assert long[0] != long[1]
    assert all(len(name) < 255 for name in long)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2031-05-03", "3 May 2031"),
        ("2031-05", "May 2031"),
        ("2031", "2031"),
        ("2031-Q1", "Q1 2031"),
        ("2031-H2", "H2 2031"),
        ("2031-21", "spring 2031"),
        ("203X", "2030s"),
        ("2031-05-03/2031-05-09", "3 to 9 May 2031"),
        ("2031-05-31/2031-06-02", "31 May to 2 Jun 2031"),
        ("2031-12-31/2032-01-02", "31 Dec 2031 to 2 Jan 2032"),
        ("2031-05/2031-07", "May to Jul 2031"),
        ("2031/2033", "2031 to 2033"),
        ("some day", "some day"),
        ("soon/late", "soon to late"),
    ],
)
def test_date_is_shown_as_people_write_it(written: str, shown: str) -> None:
    assert show_date(written) == shown


def test_numbers_and_stages_are_shown_as_people_write_them() -> None:
    assert [show_number(n) for n in ("23000000", "-12345.60", "1234", "Y")] == [
        "23\u202f000\u202f000",
        "-12\u202f345.60",
        "1234",
        "Y",
    ]
    assert stage_words("StageInForce") == "in force"


def test_reading_page_shows_what_a_sentence_gave_and_why_one_gave_nothing(open_page: Opener) -> None:
    page = open_page(f"read/{page_name(NAME)}")
    assert "Quay <script>" in page.inner_text("h1")
    page.click("text=adopted the")
    panel = page.locator("#panel")
    assert "Ministry of Ports adopted Quay Act" in " ".join(panel.inner_text().split())
    assert "Ada <i>Quill</i>" in panel.inner_text()
    assert page.evaluate("location.hash") == f"#c{TEXT.index('The Ministry of Ports')}"
    page.click("text=Gulls circled {{ 7*7 }} above.")
    assert "its relation does not hold between things of these classes" in panel.inner_text()
    assert "kzlex:adopted-circle: class: Bird adopted Air" in panel.inner_text()
    page.keyboard.press("Escape")
    assert "3 statements" in panel.inner_text() or "4 statements" in panel.inner_text()
    page.locator("[data-place]").last.focus()
    page.keyboard.press("Enter")
    assert "planned" in panel.inner_text()
    panel.locator("a", has_text="Pier Nine").first.click()
    page.wait_for_selector("#panel h2")
    assert page.inner_text("#panel h2") == "Pier Nine"


def test_network_leads_to_the_sentence_in_its_text(open_page: Opener, folder: Path) -> None:
    page = open_page("index.html#s2")
    page.click("#panel figcaption a.file")
    page.wait_for_selector(".place.chosen")
    assert page.inner_text(".place.chosen") == "The ministry will open Pier Nine by June 2031."


def test_timeline_marks_what_is_overdue_and_filters(open_page: Opener) -> None:
    page = open_page("timeline.html")
    rows = page.locator("tbody tr:visible")
    assert rows.count() == 4
    assert page.locator("tr", has_text="overdue").count() == 1
    assert "Pier Nine" in page.locator("tr", has_text="overdue").inner_text()
    assert "1 Sep 2031" in page.inner_text("main")
    page.check("#due")
    assert rows.count() == 2
    page.uncheck("#due")
    page.select_option("#who", label="Ministry of Ports")
    assert rows.count() == 4


@pytest.mark.parametrize("case", ["overdue", "tracker", "due", "planned"])
def test_timeline_calls_overdue_what_the_question_does(case: str, tmp_path: Path) -> None:
    data = Path(__file__).parent / "cases" / "queries" / case / "data.ttl"
    quads = list(Graph(data).quads())
    write_pages(quads, tmp_path)
    wanted = Graph(data).query(Path("promises/overdue")).texts()
    facts = read_facts(quads)
    found = {facts.statements[i] for i in ask_all(in_memory(quads), facts).overdue}
    assert {(facts.entities[s.subject].label, s.relation, facts.entities[s.object].label) for s in found} == {
        (row["who"], row["relation"], row["what"]) for row in wanted
    }
    page = (tmp_path / "timeline.html").read_text(encoding="utf-8")
    assert page.count('class="late"') == len(found)
    if case == "tracker":
        assert wanted


def test_offices_and_instruments_say_who_and_how_far(open_page: Opener) -> None:
    offices = open_page("offices.html").inner_text("main")
    assert re.search(r"Ministry of Ports[\s\S]*Chief of Piers[\s\S]*Ada <i>Quill</i>", offices)
    page = open_page("instruments.html")
    assert page.inner_text("h2") == "Quay Act adopted"
    assert page.locator("tbody th").all_inner_texts() == ["drafted", "adopted", "in force"]
    assert page.locator("tbody tr").last.locator(".badge").first.inner_text() == "planned"


def test_page_of_figures_that_is_missing_or_empty_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_data, "PACKAGE", tmp_path)
    monkeypatch.setattr(package_data, "REPOSITORY", tmp_path)
    with pytest.raises(InputError, match=r"docs/accuracy\.md: is missing, .*a copy of the source needs it, too"):
        read_measured()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "accuracy.md").write_text("# Accuracy\n\nNo table.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"docs/accuracy\.md: holds no table of figures; restore the file"):
        read_measured()


def test_overview_says_what_is_wrong_with_the_graph_and_what_was_measured(tmp_path: Path, open_page: Opener) -> None:
    shown = " ".join(open_page("overview.html").inner_text("main").split())
    assert re.search(r"Shapes: \d+ faults", shown)  # the graph of these tests is no whole one
    assert "violation shapes" in shown
    figures = read_measured()
    page = (Path(__file__).parents[1] / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert {"held back", "new"} <= set(figures.kinds)
    assert len(figures.rows) > 5
    for name, row in figures.rows:
        assert f"| {' | '.join((name, *row))} |" in page
        assert f"{name} {' '.join(row)}" in shown


def test_overview_measures_the_graph_where_gold_is_given(tmp_path: Path, seeds_out: Path) -> None:
    root = Path(__file__).parents[1]
    graph = ("--graph", str(seeds_out / "graph.ttl"), "--texts", str(root / "seeds"), "--out", str(tmp_path))
    command = [sys.executable, "-m", "kzai_graph", "view", *graph]
    subprocess.run(command, check=True, capture_output=True)
    plain = (tmp_path / "overview.html").read_text(encoding="utf-8")
    assert "This very graph was not measured" in plain
    assert "Shapes: no fault" in plain
    subprocess.run([*command, "--gold", str(root / "tests" / "gold")], check=True, capture_output=True)
    measured = (tmp_path / "overview.html").read_text(encoding="utf-8")
    facts = evaluate(seeds_out / "graph.ttl", root / "tests" / "gold", root / "seeds").total.tallies["facts"]
    assert f'data-label="recall">{facts.recall:.2f}<' in measured
    failed = subprocess.run([*command, "--gold", str(tmp_path)], check=False, capture_output=True, text=True)
    assert (failed.returncode, failed.stderr.count("\n")) == (2, 1)


def test_large_graph_is_not_checked_at_once_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzai_graph.check.MAX_SHAPED_TRIPLES", 10)
    write_pages(_graph(), tmp_path)
    page = (tmp_path / "overview.html").read_text(encoding="utf-8")
    assert "Shapes: not checked here, because the graph has more than 10,000 triples" in page
    assert "must find nothing: <strong>" in page


def test_successions_of_persons_and_bodies_are_shown(browser: Browser, tmp_path: Path) -> None:
    cases = Path(__file__).parent / "cases" / "queries"
    for case in ("successions", "ministries_renamed"):
        (tmp_path / case).mkdir()
        write_pages(list(Graph(cases / case / "data.ttl").quads()), tmp_path / case)
    page = browser.new_page()
    page.goto((tmp_path / "successions" / "offices.html").as_uri())
    shown = page.get_by_role("region", name="Who followed whom").inner_text()
    changes = Graph(cases / "successions" / "data.ttl").query(Path("people/successions")).texts()
    assert len(changes) > 2
    for row in changes:
        assert f"{row['before']} followed by {row['after']}" in shown
    page.goto((tmp_path / "ministries_renamed" / "offices.html").as_uri())
    bodies = " ".join(page.get_by_role("region", name="Bodies that became others").inner_text().split())
    assert "Ministry of Salt became Ministry of Harbours asserted 2029" in bodies
    assert "Salt Agency became Coast Agency planned" in bodies
    page.goto((tmp_path / "ministries_renamed" / "timeline.html").as_uri())
    assert "Ministry of Salt became Ministry of Harbours" in " ".join(page.inner_text("main").split())
    page.select_option("#who", label="Ministry of Salt")
    assert page.locator("tbody tr:visible").count() == 1
    page.goto((tmp_path / "ministries_renamed" / "index.html").as_uri() + "#coast-agency")
    panel = " ".join(page.inner_text("#panel").split())
    assert panel.count("became Coast Agency planned") == 2
    assert "will merge into the Coast Agency" in panel
    page.close()


def test_what_a_later_text_revised_is_marked_with_the_way_to_it(browser: Browser, tmp_path: Path) -> None:
    cases = Path(__file__).parent / "cases" / "queries"
    quads = list(Graph(cases / "revisions" / "data.ttl").quads())
    write_pages(quads, tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri() + "#ministry-of-ports")
    page.get_by_label("negated").check()

    def fact(words: str, modality: str) -> Locator:
        return page.locator("#panel .fact", has_text=words).filter(has=page.locator(f".badge.{modality}"))

    assert fact("Open Quay", "planned").locator(".revised").inner_text() == "later (9 Jul 2032): dropped"
    assert fact("Open Quay", "planned").locator("p.void").count() == 1
    struck = "element => getComputedStyle(element).textDecorationLine"
    assert fact("Open Quay", "planned").locator(".relation").evaluate(struck) == "line-through"
    assert fact("Coast Union", "asserted").locator(".revised").inner_text() == "later (5 Dec 2033): denied"
    assert fact("Salt Act", "negated").locator(".revised").inner_text() == "later (5 Dec 2033): came about"
    assert fact("BuoyNet", "planned").locator(".revised").all_inner_texts() == ["later (5 Dec 2033): carried out"] * 2
    assert fact("BuoyNet", "planned").locator("p.void").count() == 0
    for words in ("Reef Law", "Tide Plan", "Gull Fund"):
        assert page.locator("#panel .fact", has_text=words).locator(".revised").count() == 0
    fact("Open Quay", "planned").locator(".revised").click()
    assert page.evaluate("location.hash").startswith("#statement-b2")
    assert page.inner_text("#panel blockquote") == "The Ministry of Ports will not fund Open Quay."
    page.goto((tmp_path / "offices.html").as_uri())
    assert (
        page.locator("tbody tr", has_text="spring.txt").locator(".revised").inner_text() == "later (9 Jul 2032): left"
    )
    page.click("tbody .revised")
    page.wait_for_selector("#panel blockquote")
    assert page.inner_text("#panel blockquote") == "Ada Quill, the former Chief of Piers, sails."
    done = ox.NamedNode(PREFIXES["kzid"] + "statement-a3")
    write_pages([quad for quad in quads if quad.subject != done], tmp_path)
    page.goto((tmp_path / "timeline.html").as_uri())
    moved = page.locator("tbody tr", has_text="spring.txt").filter(has_text="BuoyNet")
    assert moved.locator(".void .revised").inner_text() == "later (9 Jul 2032): new date 2034"
    assert page.locator("tbody tr", has_text="summer.txt").filter(has_text="BuoyNet").locator(".revised").count() == 0
    write_pages(list(Graph(cases / "successions" / "data.ttl").quads()), tmp_path)
    page.goto((tmp_path / "offices.html").as_uri())
    followed = page.locator("tbody .revised", has_text="followed by").all_inner_texts()
    changes = Graph(cases / "successions" / "data.ttl").query(Path("people/successions")).texts()
    assert followed
    assert {text.partition("followed by ")[2] for text in followed} <= {row["after"] for row in changes}
    page.close()


def test_text_whose_statement_a_new_one_revises_shows_something_else() -> None:
    quads = list(Graph(Path(__file__).parent / "cases" / "queries" / "revisions" / "data.ttl").quads())
    dropped = ox.NamedNode(PREFIXES["kzid"] + "statement-b2")

    def shown(quads: list[ox.Quad]) -> dict[str, str]:
        facts = read_facts(quads)
        facts = replace(facts, revisions=ask_all(in_memory(quads), facts).revisions)
        return {facts.documents[found.number].name: shown_of(facts, found) for found in find_by_document(facts)}

    after, before = shown(quads), shown([quad for quad in quads if quad.subject != dropped])
    assert {name for name in after if after[name] != before[name]} == {"spring.txt", "summer.txt"}


def test_stages_are_shown_where_they_are_said(open_page: Opener) -> None:
    page = open_page(f"read/{page_name(NAME)}")
    page.click("text=adopted the")
    panel = " ".join(page.inner_text("#panel").split())
    assert "Quay Act in force planned 1 Jan 2032 by Ministry of Ports" in panel
    rows = " ".join(open_page("timeline.html").inner_text("main").split())
    assert "Quay Act in force planned 1 Jan 2032" in rows
    assert rows.count("Quay Act adopted asserted 3 May 2031") == 0  # the statement of that sentence says it
    network = " ".join(open_page("index.html#act").inner_text("#panel").split())
    assert "drafted asserted 1 Jan 2030 by Ministry of Ports" in network


def test_mention_outside_all_sentences_leads_to_its_entity(open_page: Opener) -> None:
    page = open_page(f"read/{page_name(NAME)}")
    page.click("article a.mention >> text=Ada Quill")
    page.wait_for_selector("#panel h2")
    assert page.inner_text("#panel h2") == "Ada <i>Quill</i>"


def test_address_of_a_text_is_a_link_only_where_it_is_one_of_the_web(tmp_path: Path, texts: dict[str, Text]) -> None:
    document = ox.NamedNode("http://q.example/doc")
    for address, linked in (("https://example.org/a?b&c", True), ("javascript:alert(1)", False)):
        source = ox.Quad(document, ox.NamedNode(PREFIXES["dcterms"] + "source"), ox.NamedNode(address))
        write_pages([*_graph(), source], tmp_path, texts=texts)
        for name in ("overview.html", f"read/{page_name(NAME)}"):
            page = (tmp_path / name).read_text(encoding="utf-8")
            escaped = address.replace("&", "&amp;")
            assert f"<bdi>{escaped}</bdi>" in page
            assert (f'href="{escaped}"' in page) is linked


def test_overview_counts_and_leads_to_the_texts(open_page: Opener) -> None:
    page = open_page("overview.html")
    assert "2 of 3" in page.inner_text("main")
    page.click("main a")
    assert page.url.endswith(quote(quote(NAME, safe="")) + ".html")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_inert_fits_a_phone_and_has_no_serious_fault(open_page: Opener, name: str) -> None:
    page = open_page(name)
    assert page.title().startswith("Knowledge graph: ")
    assert page.evaluate("document.querySelectorAll('img, iframe, object, a[href^=\"javascript\" i]').length") == 0
    assert page.locator("nav [aria-current]").count() == (0 if name.startswith("read/") else 1)
    assert page.locator("nav a", has_text="ask").count() == 0  # there is nobody to ask
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        faults = [f for f in Axe().run(page).response["violations"] if f["impact"] in ("serious", "critical")]
        assert [(f["id"], [n["target"] for n in f["nodes"]][:3]) for f in faults] == [], (width, scheme)


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("read/")])
def test_rows_are_cards_on_a_phone(open_page: Opener, name: str) -> None:
    page = open_page(name)
    boxes = page.locator(".scroll")
    assert boxes.count() > 0
    row = page.locator("tbody tr").first
    assert row.locator("td").last.bounding_box()["x"] > row.bounding_box()["x"] + 100
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(b => b.scrollWidth <= b.clientWidth)")
    cells = row.locator("th, td").all()
    tops = [cell.bounding_box()["y"] for cell in cells if cell.is_visible()]
    assert tops == sorted(tops)
    label = row.locator("td[data-label]").first
    assert (
        label.evaluate("cell => getComputedStyle(cell, '::before').content") == f'"{label.get_attribute("data-label")}"'
    )


@pytest.mark.parametrize("name", [*PAGES, "index.html#s1"])
def test_paper_is_light_and_has_no_controls(open_page: Opener, name: str) -> None:
    page = open_page(name)
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("getComputedStyle(document.body).color.match(/\\d+/g).map(Number)")
    assert max(ink) < 80
    for control in ("nav", "#side", ".zoom", ".search", ".filter"):
        assert not page.locator(control).is_visible(), control
    assert page.locator("h1").is_visible()
    if name.startswith("index"):
        assert "Ministry of Ports adopted the Quay Act" in page.inner_text("#panel blockquote")
        canvas, stage = (page.locator(where).bounding_box() for where in ("#network canvas", "#stage"))
        assert abs(canvas["width"] - stage["width"]) < 2
        assert page.evaluate("theme.ink") == "#1b232d"


def test_hostile_text_and_ten_thousand_mentions_hold_on_the_reading_page(browser: Browser, tmp_path: Path) -> None:
    many, word = 10_000, "x\u202e" * 2000
    text = " ".join(["Tide"] * many) + f" {word} <img src=x onerror=document.title='owned'> {{{{ 7*7 }}}}"
    name = "javascript:document.title='owned' \u202e.txt"
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / name).write_text(text, encoding="utf-8")
    document = read_document(Source(name, tmp_path / "t" / name, named=True))
    node, spans = ox.NamedNode("http://q.example/doc"), [(5 * n, 5 * n + 4, "Tide") for n in range(many)]
    quads = [
        ox.Quad(node, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["kz"] + "Document")),
        ox.Quad(node, ox.NamedNode(PREFIXES["dcterms"] + "identifier"), ox.Literal(name)),
        ox.Quad(node, ox.NamedNode(PREFIXES["dcterms"] + "title"), ox.Literal(f"</title><script>1</script>{word}")),
    ]
    firm = ox.NamedNode("http://q.example/firm")
    quads.append(ox.Quad(firm, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["kz"] + "Firm")))
    quads.append(ox.Quad(firm, ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.Literal(f"{word}</script>")))
    for begin, end, words in spans:
        span = ox.NamedNode(f"http://q.example/doc#char={begin},{end}")
        said = {"beginIndex": ox.Literal(begin), "endIndex": ox.Literal(end), "anchorOf": ox.Literal(words)}
        said |= {"referenceContext": node}
        quads += [ox.Quad(span, ox.NamedNode(PREFIXES["nif"] + key), value) for key, value in said.items()]
        quads.append(ox.Quad(span, ox.NamedNode(PREFIXES["itsrdf"] + "taIdentRef"), firm))
    write_pages(quads, tmp_path, texts={name: Text(document)})
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.goto((tmp_path / "overview.html").as_uri())
    page.click("main td a")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator(".mention").count() == many
    assert "{{ 7*7 }}" in page.inner_text("article")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title() == f"Knowledge graph: </title><script>1</script>{word}"
    assert page.evaluate("document.querySelectorAll('img, iframe, a[href^=\"javascript\" i]').length") == 0
    assert page.evaluate("document.scripts.length") == 1
    context.close()
    assert noise == []


def test_graph_without_texts_and_facts_still_gives_pages(tmp_path: Path) -> None:
    write_pages([], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html",
        "timeline.html",
        "offices.html",
        "instruments.html",
        "overview.html",
    }
