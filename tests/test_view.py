"""The network page: what it holds, and how it behaves in a real browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from kzai_graph.errors import InputError
from kzai_graph.view import write_pages
from kzai_graph.view.collect import read_facts
from kzai_graph.view.communities import MAX_COMMUNITIES, find_communities
from kzai_graph.view.facts import find_entity
from kzai_graph.view.layout import lay_out

HERE = Path(__file__).parent
SAMPLE = HERE / "cases" / "view" / "sample.ttl"
STYLE = HERE.parent / "src" / "kzai_graph" / "view" / "templates" / "style.css"
HOSTILE_FILE = "hostile <b>&\"'.txt"
Opener = Callable[..., Page]


def _quads(path: Path = SAMPLE) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("view")
    write_pages(_quads(), folder)
    return folder


# ---------------------------------------------------------------------------- the file


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.texts.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] and self.tags[-1][0] in ("script", "style"):
            tag, text = self.texts[-1]
            self.texts[-1] = (tag, text + data)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", {}))


def test_same_graph_gives_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_pages(list(reversed(_quads())), tmp_path)
    assert (tmp_path / "index.html").read_bytes() == (folder / "index.html").read_bytes()
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "kzai_graph", "view", "--graph", str(SAMPLE), "--out", str(out)]
        done = subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"wrote {out / 'index.html'}\n"
        assert (out / "index.html").read_bytes() == (folder / "index.html").read_bytes()


def test_nothing_is_loaded_and_only_our_scripts_may_run(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = _Tags(text)
    loading = [(t, a) for t, a in page.tags if a.get("src") or (t == "link" and a.get("href") != "data:,")]
    assert loading == []
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    scripts = [t for (tag, t), (_, a) in zip(page.texts, _inline(page), strict=True) if tag == "script" and not a]
    styles = [t for tag, t in page.texts if tag == "style"]
    hashes = {f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in [*scripts, *styles]}
    assert hashes == set(re.findall(r"'sha256-[^']+'", policy))


def _inline(page: _Tags) -> list[tuple[str, dict[str, str | None]]]:
    return [(tag, attributes) for tag, attributes in page.tags if tag in ("script", "style")]


def test_text_from_documents_is_no_markup(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = _Tags(text)
    assert [a.get("type") for tag, a in page.tags if tag == "script"] == ["application/json"] * 4 + [None, None]
    assert not [tag for tag, _ in page.tags if tag in ("img", "iframe", "svg", "b")]
    data = "".join(t for (_, t), (_, a) in zip(page.texts, _inline(page), strict=True) if a.get("type"))
    assert not re.search("[<>\u2028\u2029\u202e]", data)
    payload = "<img src=x onerror=alert(1)>"
    facts = next(
        json.loads(t) for (_, t), (_, a) in zip(page.texts, _inline(page), strict=True) if a.get("id") == "facts"
    )
    assert payload in [entity["label"] for entity in facts["entities"]]


def test_marks_stand_on_the_words_that_they_mark() -> None:
    facts = read_facts(_quads())
    names = [{e.label, *e.names} for e in facts.entities]
    marks = [(s.text, mark) for s in facts.sentences for mark in s.marks]
    assert len(marks) > 15
    assert any("\U0001f6a2" in text for text, _ in marks)
    for text, (begin, end, entity) in marks:
        units = text.encode("utf-16-le")
        assert units[2 * begin : 2 * end].decode("utf-16-le") in names[entity]


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("https://w3id.org/kzai/id/tide-plan", "tide-plan"),
        ("tide-plan", "tide-plan"),
        ("Tide Plan", "tide-plan"),
        ("tide PLAN ", "tide-plan"),
        ("okafor", "lena-okafor"),
    ],
)
def test_focus_is_found_by_iri_key_and_name(wanted: str, key: str) -> None:
    facts = read_facts(_quads())
    assert facts.entities[find_entity(facts, wanted)].key == key


def test_unknown_or_ambiguous_focus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Tide Plam: no such entity.*did you mean Tide Plan"):
        find_entity(read_facts(_quads()), "Tide Plam")
    twin = '<https://w3id.org/kzai/id/other> a <https://w3id.org/kzai/ontology#Law> ; <{}label> "Tide Plan"@en .'
    more = list(ox.parse(twin.format("http://www.w3.org/2000/01/rdf-schema#"), format=ox.RdfFormat.TURTLE))
    with pytest.raises(InputError, match="2 entities have this name; choose one of other, tide-plan"):
        find_entity(read_facts([*_quads(), *more]), "tide plan")
    command = [
        sys.executable,
        "-m",
        "kzai_graph",
        "view",
        "--graph",
        str(SAMPLE),
        "--focus",
        "?",
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_empty_graph_gives_a_page(tmp_path: Path, open_page: Opener) -> None:
    write_pages([], tmp_path)
    page = open_page(tmp_path)
    assert page.inner_text("#status-text") == "0 of 0 entities and 0 of 0 statements drawn"


def test_layout_is_stable_and_boxes_stand_apart() -> None:
    links = [(i, i // 2) for i in range(1, 60)] + [(70, 71), (72, 73), (73, 74)]
    sizes = [(80.0 + 3 * (i % 30), 60.0) for i in range(90)]
    places = lay_out(sizes, links)
    assert places == lay_out(sizes, list(reversed(links)))
    for a, b in combinations(range(90), 2):
        across, down = abs(places[a][0] - places[b][0]), abs(places[a][1] - places[b][1])
        assert across + 2 > (sizes[a][0] + sizes[b][0]) / 2 or down + 2 > 60, (a, b)


def test_layout_of_many_nodes_has_no_two_in_one_place() -> None:
    links = [(i, (i * i + 7) % i) for i in range(1, 1500)]
    places = lay_out([(150.0, 70.0)] * 1500, links)
    assert len(set(places)) > 1495


def _islands(count: int, size: int) -> list[tuple[int, int]]:
    """Links of wheels that hang together by one spoke each, and of pairs beside them."""
    links = [(c * size, c * size + i) for c in range(count) for i in range(1, size)]
    links += [(c * size + i, c * size + i + 1) for c in range(count) for i in range(1, size - 1)]
    links += [(c * size + 1, (c + 1) * size + 1) for c in range(count - 1)]
    return links + [(count * size + 2 * n, count * size + 2 * n + 1) for n in range(4)]


def test_communities_part_all_that_has_links_the_same_every_time() -> None:
    links = _islands(8, 20)
    found, rest = find_communities(links)
    assert (found, rest) == find_communities([(b, a) for a, b in reversed(links)])
    assert found == [list(range(c * 20, c * 20 + 20)) for c in range(8)]
    assert rest == list(range(160, 168))
    assert find_communities([]) == ([], [])
    many, others = find_communities([(n * 6, n * 6 + i) for n in range(MAX_COMMUNITIES + 3) for i in range(1, 6)])
    assert (len(many), len(others)) == (MAX_COMMUNITIES, 3 * 6)


def test_no_community_enters_the_area_of_another() -> None:
    links = _islands(8, 20)
    found, rest = find_communities(links)
    places = lay_out([(120.0, 60.0)] * 170, links, [*found, rest])
    assert places == lay_out([(120.0, 60.0)] * 170, list(reversed(links)), [*found, rest])
    areas = []
    for members in [*found, rest, [168, 169]]:
        xs, ys = zip(*(places[i] for i in members), strict=True)
        areas.append((min(xs), min(ys), max(xs), max(ys)))
    for a, b in combinations(areas, 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_the_contrast_that_wcag_asks_for(theme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w{6})", blocks[theme]))
    for text in ("ink", "muted", "accent", "bad", "due"):
        for ground in ("paper", "stage", "card"):
            light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


# ---------------------------------------------------------------------------- the browser


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Opens pages from ``file:`` and, at the end, wants silence: no message, dialog, error or request out."""
    noise: list[str] = []
    contexts = []

    def opener(folder: Path, fragment: str = "", *, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: noise.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (noise.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: noise.append(f"popup: {popup.url}"))
        context.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else noise.append(r.url))
        page.goto((folder / "index.html").as_uri() + fragment)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield opener
    for context in contexts:
        context.close()
    assert noise == []


def _drawn(page: Page) -> set[str]:
    """Keys of the statements that are drawn, as vis-network has them."""
    return set(page.evaluate("edgeView.getIds().map(i => statements[i].key)"))


def _shown(page: Page) -> set[str]:
    return set(page.evaluate("nodeView.getIds().map(i => entities[i].key)"))


def _middle_of(page: Page, key: str) -> dict[str, float]:
    return page.evaluate(
        """key => {
          const i = statements.findIndex(s => s.key === key), {subject, object} = statements[i];
          const at = network.getPositions([subject, object]);
          const point = network.canvasToDOM(middleOf(i, at[subject], at[object]));
          const box = host.getBoundingClientRect();
          return {x: box.x + point.x, y: box.y + point.y};
        }""",
        key,
    )


def test_entity_from_the_list_shows_facts_with_their_sentences(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    assert page.title() == "Knowledge graph: the network"
    page.get_by_role("button", name="Tide Plan").click()
    panel = page.locator("#panel")
    assert panel.locator("h2").inner_text() == "Tide Plan"
    fact = panel.locator(".fact", has_text="adopted")
    assert fact.locator("blockquote").inner_text() == "The Harbour Board will adopt the Tide Plan by December 2025."
    assert fact.locator("mark").all_inner_texts() == ["Harbour Board", "adopt", "Tide Plan"]
    assert "planned" in fact.inner_text()
    assert "due Dec 2025" in fact.inner_text()
    caption = fact.locator("figcaption").inner_text()
    assert caption == "Harbour board widens the northern quay · 5 Mar 2024 · harbour.txt, character 75"
    assert "23\u202f000\u202f000 USD" in panel.locator(".fact", has_text="funds").inner_text()
    assert page.evaluate("location.hash") == "#tide-plan"
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert page.evaluate("location.hash") == ""


def test_edge_on_the_canvas_shows_its_sentence(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    point = _middle_of(page, "s7")
    page.mouse.click(point["x"], point["y"])
    panel = page.locator("#panel")
    panel.wait_for()
    assert panel.locator("blockquote").inner_text().endswith("the Harbour Board uses the crane system.")
    assert HOSTILE_FILE in panel.locator("figcaption").inner_text()
    assert "reported" in panel.inner_text()
    assert "according to <img src=x onerror=alert(1)>" in (panel.text_content() or "")
    assert page.evaluate("location.hash") == "#s7"


def test_numbers_quotes_and_several_sentences_are_shown(folder: Path, open_page: Opener) -> None:
    page = open_page(folder, "#harbour-board")
    panel = page.locator("#panel")
    assert panel.locator(".fact", has_text="41 ships").locator("blockquote").count() == 1
    assert panel.locator(".fact", has_text="launched").locator("blockquote").count() == 2
    page.goto(page.url.split("#")[0] + "#image")
    assert "<iframe src=javascript:alert(6)></iframe> & more" in panel.inner_text()


def test_hostile_text_stays_text(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    page.get_by_label("Entities without statements").check()
    for box in page.locator("#modalities input").all():
        box.check()
    for i in range(page.evaluate("entities.length")):
        page.locator(f'#list [data-entity="{i}"]').click()
        assert page.locator("#panel h2").inner_text().strip()
    page.fill("#search", "alert")
    assert page.locator("#suggestions [role=option]").count() == 3
    page.select_option("#document", label=f"{HOSTILE_FILE} · </script><script>document.title='owned'</script>")
    page.wait_for_timeout(100)
    made = page.evaluate(
        "document.querySelectorAll('img, iframe, object, svg [onload], a[href^=\"javascript\" i]').length"
    )
    assert made == 0
    assert page.evaluate("document.scripts.length") == 6
    assert page.title() == "Knowledge graph: the network"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_long_words_and_ten_thousand_mentions_keep_the_layout(tmp_path: Path, open_page: Opener) -> None:
    word, many = "x\u202e" * 2000, 10_000
    text = " ".join(["Tide"] * many) + f" {word}"
    document = "<https://w3id.org/kzai/id/document/long.txt>"
    spans = [(0, len(text), text, "")]
    spans += [(5 * n, 5 * n + 4, "Tide", " ; itsrdf:taIdentRef kzid:long") for n in range(many)]
    lines = [
        f"<https://w3id.org/kzai/id/document/long.txt#char={begin},{end}> nif:referenceContext {document} ; "
        f'nif:beginIndex {begin} ; nif:endIndex {end} ; nif:anchorOf "{words}"{more} .'
        for begin, end, words, more in spans
    ]
    lines += [
        f'{document} a kz:Document ; dcterms:identifier "{word}" ; dcterms:title "{word}" .',
        f'kzid:long a kz:Firm ; rdfs:label "{word}"@en ; skos:altLabel "Tide"@en .',
        "kzid:s90 a kz:Statement ; rdf:subject kzid:long ; rdf:predicate kz:uses ; rdf:object kzid:crane-system ; "
        "kz:modality kz:Asserted ; "
        f"prov:wasDerivedFrom <https://w3id.org/kzai/id/document/long.txt#char=0,{len(text)}> .",
    ]
    (tmp_path / "g.ttl").write_text(SAMPLE.read_text(encoding="utf-8") + "\n".join(lines), encoding="utf-8")
    write_pages(_quads(tmp_path / "g.ttl"), tmp_path)
    for width in (390, 1280):
        page = open_page(tmp_path, "#long", width=width)
        assert page.locator("#panel").is_visible()
        assert "10000 mentions" in page.inner_text("#panel")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("panel.scrollWidth <= panel.clientWidth")
        assert page.locator("#network canvas").bounding_box()["height"] > 150
        page.fill("#search", "tide")
        assert page.locator("#suggestions [role=option]").count() == 2
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for other in ("timeline.html", "offices.html", "overview.html"):
            page.goto((tmp_path / other).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, other


def test_permalinks_lead_to_entities_and_statements(folder: Path, open_page: Opener) -> None:
    page = open_page(folder, "#lena-okafor")
    assert page.locator("#panel h2").inner_text() == "Lena Okafor"
    page.locator("#panel .relation", has_text="member of").click()
    assert page.evaluate("location.hash") == "#s4"
    assert page.locator("#panel mark").all_inner_texts() == ["Lena Okafor", "Okafor", "member", "Harbour Board"]
    page.locator("#panel h2 a", has_text="Harbour Board").click()
    assert page.locator("#panel h2").inner_text() == "Harbour Board"
    page.go_back()
    page.go_back()
    assert page.locator("#panel h2").inner_text() == "Lena Okafor"
    assert open_page(folder, "#nobody%E0").locator("#panel").is_hidden()


def test_filters_take_away_and_give_back(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    everything = {"s1", "s2", "s4", "s5", "s6", "s7", "s8", "s9"}
    assert _drawn(page) == everything
    assert "lonely-lighthouse" not in _shown(page)
    page.get_by_label("negated").check()
    assert _drawn(page) == everything | {"s3"}
    page.get_by_label("negated").uncheck()
    page.get_by_label("person").uncheck()
    assert _drawn(page) == everything - {"s1", "s4", "s9"}
    assert "lena-okafor" not in _shown(page)
    page.get_by_label("person").check()
    page.locator("#relations-box summary").click()
    page.locator("#relations-none").click()
    assert _drawn(page) == set()
    page.get_by_label("funds").check()
    assert _drawn(page) == {"s6"}
    page.locator("#relations-all").click()
    page.select_option(
        "#document", label=next(o for o in page.locator("#document option").all_inner_texts() if "hostile" in o)
    )
    assert _drawn(page) == {"s5", "s6", "s7"}
    assert page.inner_text("#status-text") == "6 of 10 entities and 3 of 9 statements drawn"
    page.select_option("#document", "-1")
    page.get_by_label("Entities without statements").check()
    assert "lonely-lighthouse" in _shown(page)


def test_dates_are_chosen_by_keyboard_and_undated_by_a_box(tmp_path: Path, open_page: Opener) -> None:
    nothing_dated = SAMPLE.read_text(encoding="utf-8").replace(
        '    dcterms:issued "2024-04"^^xsd:gYearMonth .', "    ."
    )
    nothing_dated = nothing_dated.replace("\"</script><script>document.title='owned'</script>\" ;", '"Undated"')
    (tmp_path / "g.ttl").write_text(nothing_dated, encoding="utf-8")
    write_pages(_quads(tmp_path / "g.ttl"), tmp_path)
    page = open_page(tmp_path)
    everything = _drawn(page)
    undated = {"s5", "s6", "s7"}
    assert undated < everything
    assert page.inner_text("#range-text") == "4 Mar 2024 to 31 Dec 2025"
    page.get_by_label("Undated statements").uncheck()
    assert _drawn(page) == everything - undated
    page.get_by_label("Earliest date").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#from", "aria-valuetext") == "5 Mar 2024"
    assert _drawn(page) == everything - undated - {"s1"}
    page.get_by_label("Latest date").focus()
    page.keyboard.press("Home")
    assert page.inner_text("#range-text") == "5 Mar 2024 to 5 Mar 2024"
    assert _drawn(page) == everything - undated - {"s1", "s2"}
    page.keyboard.press("End")
    page.get_by_label("Earliest date").focus()
    page.keyboard.press("End")
    assert _drawn(page) == {"s2"}
    page.get_by_label("Undated statements").check()
    assert _drawn(page) == undated | {"s2"}


def test_both_handles_are_reached_by_the_mouse(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    box = page.locator("#range").bounding_box()
    assert box is not None
    y, left, right = box["y"] + box["height"] / 2, box["x"] + 8, box["x"] + box["width"] - 8
    for start, end, text in (
        (right, left, "4 Mar 2024 to 4 Mar 2024"),
        (left, right, "4 Mar 2024 to 31 Dec 2025"),
        (left, right, "31 Dec 2025 to 31 Dec 2025"),
        (right, left, "4 Mar 2024 to 31 Dec 2025"),
    ):
        page.mouse.move(start, y)
        page.mouse.down()
        page.mouse.move(end, y, steps=4)
        page.mouse.up()
        assert page.inner_text("#range-text") == text


def test_statements_are_chosen_by_how_many_documents_say_them(tmp_path: Path, open_page: Opener) -> None:
    second = "<https://w3id.org/kzai/id/document/hostile%20%3Cb%3E%26%22%27.txt#char=0,102>"
    more = SAMPLE.read_text(encoding="utf-8") + f"\nkzid:s4 prov:wasDerivedFrom {second} .\n"
    (tmp_path / "g.ttl").write_text(more, encoding="utf-8")
    write_pages(_quads(tmp_path / "g.ttl"), tmp_path)
    page = open_page(tmp_path)
    page.get_by_label("Said by at least").fill("2")
    page.keyboard.press("Enter")
    assert _drawn(page) == {"s4"}
    assert page.evaluate("location.hash") == "#?said=2"
    page.get_by_label("Said by at least").fill("900")
    page.keyboard.press("Enter")
    assert page.input_value("#said") == "2"
    assert open_page(tmp_path, "#lena-okafor?said=2").locator("#panel h2").inner_text() == "Lena Okafor"


def test_permalink_keeps_the_filters(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    page.get_by_label("Earliest date").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("Undated statements").uncheck()
    page.get_by_label("negated").check()
    page.get_by_label("person").uncheck()
    page.get_by_label("Entities without statements").check()
    page.locator("#relations-box summary").click()
    page.get_by_label("funds").uncheck()
    page.select_option("#document", "1")
    page.get_by_role("button", name="Tide Plan").click()
    drawn, shown, address = _drawn(page), _shown(page), page.evaluate("location.hash")
    assert "document=hostile" in address
    again = open_page(folder, address)
    assert (_drawn(again), _shown(again)) == (drawn, shown)
    assert again.locator("#panel h2").inner_text() == "Tide Plan"
    assert again.inner_text("#range-text") == page.inner_text("#range-text")
    assert again.evaluate("location.hash") == address
    again.locator("#panel .fact a").first.click()
    assert again.evaluate("location.hash").split("?")[1] == address.split("?")[1]
    again.go_back()
    assert again.locator("#panel h2").inner_text() == "Tide Plan"
    again.evaluate("location.hash = ''")
    again.wait_for_function("location.hash === '' && state.document < 0")
    assert _drawn(again) == _drawn(open_page(folder))
    wrong = open_page(folder, "#tide-plan?from=x&to=0&said=-3&document=none&no-class=Nothing")
    assert wrong.locator("#panel h2").inner_text() == "Tide Plan"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_network_has_no_serious_fault(folder: Path, open_page: Opener, width: int, scheme: str) -> None:
    page = open_page(folder, "#harbour-board", width=width, scheme=scheme)
    faults = [f for f in Axe().run(page).response["violations"] if f["impact"] in ("serious", "critical")]
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in faults] == []


def test_parallel_edges_are_kept_apart_and_modality_shows(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    first, second = _middle_of(page, "s4"), _middle_of(page, "s9")
    assert abs(first["x"] - second["x"]) + abs(first["y"] - second["y"]) > 8
    edges = page.evaluate("Object.fromEntries(statements.map((s, i) => [s.key, edgeSet.get(i)]))")
    assert edges["s2"]["dashes"] != edges["s7"]["dashes"]
    assert "dashes" not in edges["s1"]
    assert edges["s9"]["width"] > edges["s1"]["width"]
    assert all(edge["arrows"] == "to" for edge in edges.values())


def test_search_and_keys_reach_everything(folder: Path, open_page: Opener) -> None:
    page = open_page(folder)
    page.keyboard.press("/")
    page.keyboard.type("ÓKAF")
    option = page.locator("#suggestions [role=option]")
    assert option.count() == 1
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "Lena Okafor"
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.textContent").startswith("Lena Okafor")
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    unnamed = page.evaluate(
        """[...document.querySelectorAll("button, input, select, a, summary")].filter(e => !(e.textContent.trim()
          || e.getAttribute("aria-label") || e.labels?.length)).map(e => e.outerHTML)"""
    )
    assert unnamed == []
    assert page.evaluate("document.querySelectorAll('[tabindex]:not([tabindex=\"-1\"])').length") == 0
    assert page.get_attribute("html", "lang") == "en"


def test_focus_opens_with_a_neighbourhood(tmp_path: Path, open_page: Opener) -> None:
    write_pages(_quads(), tmp_path, focus="Lena Okafor")
    page = open_page(tmp_path)
    assert page.locator("#panel h2").inner_text() == "Lena Okafor"
    assert _shown(page) == {"lena-okafor", "harbour-board", "harbour-master"}
    address = page.evaluate("location.hash")
    assert address == "#lena-okafor?around=lena-okafor"
    page.locator("#show-all").click()
    assert len(_shown(page)) == 8
    assert page.evaluate("location.hash") == "#lena-okafor"
    page.go_back()
    assert page.evaluate("location.hash") == address
    assert len(_shown(page)) == 3


def test_permalink_keeps_the_neighbourhood(folder: Path, open_page: Opener) -> None:
    page = open_page(folder, "#lena-okafor")
    page.get_by_role("button", name="Only its neighbourhood").click()
    page.keyboard.press("Escape")
    address = page.evaluate("location.hash")
    assert address == "#?around=lena-okafor"
    again = open_page(folder, address)
    assert _shown(again) == {"lena-okafor", "harbour-board", "harbour-master"}
    assert again.inner_text("#status-text").startswith("Neighbourhood of Lena Okafor: 3 of 10 entities")
    again.keyboard.press("Escape")
    assert len(_shown(again)) == 8
    assert again.evaluate("location.hash") == ""
    assert len(_shown(open_page(folder, "#?around=nobody"))) == 8


@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_and_follows_the_colour_scheme(folder: Path, open_page: Opener, width: int) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        page = open_page(folder, "#separator", width=width, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("#network canvas").bounding_box()["height"] > 150
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2
    if width == 390:
        assert page.locator("#classes").is_hidden()
        page.locator("#toggle-side").click()
        page.locator("#list button", has_text="crane system").click()
        assert page.locator("#classes").is_hidden()
        assert page.locator("#panel h2").inner_text() == "crane system"


def test_large_graph_opens_with_its_most_connected_part(tmp_path: Path, open_page: Opener) -> None:
    prefixes = SAMPLE.read_text(encoding="utf-8").split("<https://w3id.org/kzai/id/document")[0].split("\n\n")[0]
    lines = [f'kzid:e{i} a kz:Firm ; rdfs:label "Firm {i}"@en .' for i in range(560)]
    for i in range(1, 560):
        lines.append(f"kzid:s{i} a kz:Statement ; rdf:subject kzid:e{i} ; rdf:predicate kz:supplies ;")
        lines.append(f"  rdf:object kzid:e{i // 3} ; kz:modality kz:Asserted .")
    graph = tmp_path / "large.ttl"
    graph.write_text("\n".join([prefixes, *lines]), encoding="utf-8")
    write_pages(_quads(graph), tmp_path)
    page = open_page(tmp_path, "#e551")
    assert "e551" in _shown(page)
    assert len(_shown(page)) <= 302
    before = _shown(page)
    page.get_by_role("link", name="Firm 183").first.click()
    assert {"e549", "e550", "e551"} <= _shown(page)
    assert before < _shown(page)
    page.keyboard.press("Escape")
    page.locator("#show-all").click()
    assert len(_shown(page)) == 560
    assert len(_drawn(page)) == 559


HUB = "<img src=x onerror=alert(1)> of"


@pytest.fixture(scope="module")
def islands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of 15 communities of 40, named after their hubs, and of four pairs beside them."""
    prefixes = SAMPLE.read_text(encoding="utf-8").split("<https://w3id.org/kzai/id/document")[0].split("\n\n")[0]
    lines = []
    for i in range(608):
        name = f"{HUB} {i // 40}" if i % 40 == 0 and i < 600 else f"Firm {i}"
        lines.append(f'kzid:e{i} a kz:{"Law" if i % 3 == 0 else "Firm"} ; rdfs:label "{name}"@en .')
    for n, (a, b) in enumerate(_islands(15, 40)):
        lines.append(f"kzid:s{n} a kz:Statement ; rdf:subject kzid:e{a} ; rdf:predicate kz:supplies ;")
        lines.append(f"  rdf:object kzid:e{b} ; kz:modality kz:Asserted .")
    folder = tmp_path_factory.mktemp("islands")
    (folder / "g.ttl").write_text("\n".join([prefixes, *lines]), encoding="utf-8")
    write_pages(_quads(folder / "g.ttl"), folder)
    return folder


def _disc(page: Page, hub: str) -> dict[str, float]:
    """The middle of a closed community on the screen."""
    return page.evaluate(
        """hub => {
          const c = communityOf.get(keys.get(hub).id), {x, y} = network.canvasToDOM(areas[c]);
          const box = host.getBoundingClientRect();
          return {x: box.x + x, y: box.y + y};
        }""",
        hub,
    )


def test_community_opens_where_it_stands_and_closes_again(islands: Path, open_page: Opener) -> None:
    page = open_page(islands)
    page.locator("#show-communities").click()
    assert _shown(page) == set()
    assert page.inner_text("#status-text").startswith("16 closed communities; 0 of 608 entities")
    members = {f"e{i}" for i in range(80, 120)}
    before = page.evaluate("JSON.stringify(areas)")
    point = _disc(page, "e80")
    page.mouse.click(point["x"], point["y"])
    page.wait_for_function("seen.nodes.size > 0")
    assert _shown(page) == members
    address = page.evaluate("location.hash")
    assert address == "#?view=communities&open=e80"
    assert page.evaluate("JSON.stringify(areas)") == before
    ties = page.evaluate("[...seen.ties.values()].filter(t => t.from < entities.length).map(t => entities[t.from].key)")
    assert set(ties) == {"e81"}
    again = open_page(islands, address)
    assert (_shown(again), again.evaluate("location.hash")) == (members, address)
    head = page.evaluate("(([l, t, r, b]) => ({x: (l + r) / 2, y: (t + b) / 2}))(heads[0].box)")
    box = page.locator("#network").bounding_box()
    page.mouse.click(box["x"] + head["x"], box["y"] + head["y"])
    page.wait_for_function("seen.nodes.size === 0")
    assert (_shown(page), page.evaluate("location.hash")) == (set(), "#?view=communities")
    page.go_back()
    assert _shown(page) == members
    page.keyboard.press("Escape")
    assert _shown(page) == set()
    page.locator("#show-connected").click()
    assert page.evaluate("location.hash") == ""
    assert len(_shown(page)) > 200


def test_communities_are_opened_by_keyboard_and_by_what_is_searched(islands: Path, open_page: Opener) -> None:
    page = open_page(islands, "#?view=communities")
    button = page.locator("#communities button", has_text=re.compile(rf"{re.escape(HUB)} 3\b"))
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.dataset.community") == button.get_attribute("data-community")
    assert {f"e{i}" for i in range(120, 160)} == _shown(page)
    page.fill("#search", "Firm 205")
    page.keyboard.press("Enter")
    assert {f"e{i}" for i in range(200, 240)} < _shown(page)
    assert page.evaluate("location.hash") == "#e205?view=communities&open=e120+e200"
    page.get_by_role("button", name="Close its community").click()
    assert {f"e{i}" for i in range(120, 160)} == _shown(page)
    assert page.locator("#panel").is_hidden()
    page.get_by_label("law").uncheck()
    count = page.locator("#communities button", has_text=re.compile(rf"{re.escape(HUB)} 5\b")).locator(".count")
    assert count.inner_text() == f"{sum(i % 3 != 0 for i in range(200, 240)) - (200 % 3 == 0)}"
    page.get_by_label("law").check()
    page.locator("#close-communities").click()
    assert _shown(page) == set()
    page.locator("#communities button", has_text="Small groups").click()
    assert _shown(page) == {f"e{i}" for i in range(600, 608)}
    assert open_page(islands, "#e205?view=communities&open=nobody+s1").locator("#panel h2").inner_text() == "Firm 205"


def test_permalink_keeps_what_was_drawn_by_hand(islands: Path, open_page: Opener) -> None:
    page = open_page(islands)
    first = _shown(page)
    for key in ("e590", "e550"):
        page.evaluate("key => select(keys.get(key))", key)
    drawn, address = _shown(page), page.evaluate("location.hash")
    assert {"e590", "e550"} <= drawn - first
    assert address == "#e550?expanded=e590"
    page.keyboard.press("Escape")
    kept = page.evaluate("location.hash")
    assert kept == "#?expanded=e590+e550"
    for link in (address, kept):
        again = open_page(islands, link)
        assert (_shown(again), again.evaluate("location.hash")) == (drawn, link)
    page.locator("#show-all").click()
    assert page.evaluate("location.hash") == "#?view=all"
    assert len(_shown(open_page(islands, "#?view=all"))) == 608


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_communities_have_no_serious_fault_and_fit(islands: Path, open_page: Opener, width: int, scheme: str) -> None:
    page = open_page(islands, "#?view=communities&open=e80", width=width, scheme=scheme)
    faults = [f for f in Axe().run(page).response["violations"] if f["impact"] in ("serious", "critical")]
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in faults] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    if width == 390:
        page.locator("#toggle-side").click()
        page.locator("#communities button", has_text=re.compile(rf"{re.escape(HUB)} 4\b")).click()
        assert {f"e{i}" for i in range(160, 200)} < _shown(page)
        assert page.locator("#communities").is_hidden()  # so that the drawing is seen


def test_every_entity_is_reached_step_by_step_from_the_first_view(tmp_path: Path, open_page: Opener) -> None:
    prefixes = SAMPLE.read_text(encoding="utf-8").split("<https://w3id.org/kzai/id/document")[0].split("\n\n")[0]
    lines = [f'kzid:e{i} a kz:Firm ; rdfs:label "Firm {i}"@en .' for i in range(700)]
    for i in range(1, 700):  # a wheel of 100 around the first, and chains that end far from it
        end = 0 if i <= 100 else i - 100
        lines.append(f"kzid:s{i} a kz:Statement ; rdf:subject kzid:e{i} ; rdf:predicate kz:supplies ;")
        lines.append(f"  rdf:object kzid:e{end} ; kz:modality kz:Asserted .")
    graph = tmp_path / "wheel.ttl"
    graph.write_text("\n".join([prefixes, *lines]), encoding="utf-8")
    write_pages(_quads(graph), tmp_path)
    page = open_page(tmp_path, "#e0")
    assert len(_shown(page)) < 400
    page.get_by_role("button", name=re.compile(r"Draw \d+ more neighbours")).click()
    assert {f"e{i}" for i in range(101)} <= _shown(page)
    for i in (50, 150, 250, 350, 450, 550, 650):
        page.locator("#panel a.entity", has_text=re.compile(f"^Firm {i}$")).first.click()
        assert f"e{i}" in _shown(page)
    assert page.locator("#panel h2").inner_text() == "Firm 650"


def test_far_view_is_drawn_in_few_strokes_and_answers_where_it_is_clicked(tmp_path: Path, open_page: Opener) -> None:
    prefixes = SAMPLE.read_text(encoding="utf-8").split("<https://w3id.org/kzai/id/document")[0].split("\n\n")[0]
    lines = [f'kzid:e{i} a kz:Firm ; rdfs:label "Firm {i}"@en .' for i in range(3000)]
    for i in range(1, 3000):
        lines.append(f"kzid:s{i} a kz:Statement ; rdf:subject kzid:e{i} ; rdf:predicate kz:supplies ;")
        lines.append(f"  rdf:object kzid:e{i // 3} ; kz:modality kz:{'Planned' if i % 5 else 'Asserted'} .")
    graph = tmp_path / "far.ttl"
    graph.write_text("\n".join([prefixes, *lines]), encoding="utf-8")
    write_pages(_quads(graph), tmp_path)
    page = open_page(tmp_path)
    page.locator("#show-all").click()
    page.wait_for_timeout(300)
    strokes = page.evaluate(
        """() => {
          const own = CanvasRenderingContext2D.prototype.stroke;
          let count = 0;
          CanvasRenderingContext2D.prototype.stroke = function (...given) { count += 1; own.apply(this, given); };
          network.renderer._redraw();
          CanvasRenderingContext2D.prototype.stroke = own;
          return count;
        }"""
    )
    assert strokes < 60
    found = page.evaluate(
        """() => {
          const point = (i) => network.canvasToDOM(network.getPosition(i)), box = host.getBoundingClientRect();
          const i = byRank.find((i) => network.getNodeAt(point(i)) === i && point(i).x > 60);
          return { label: entities[i].label, x: box.x + point(i).x, y: box.y + point(i).y };
        }"""
    )
    page.mouse.click(found["x"], found["y"])
    page.wait_for_selector("#panel h2")
    assert page.locator("#panel h2").inner_text() == found["label"]
