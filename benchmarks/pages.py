"""Measure in Chromium how long the network page takes to open and to answer a click, with the network cut.

The graphs are made up (``made_up``). Run ``python benchmarks/pages.py --help`` for what can be set.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from made_up import make_graph
from playwright.sync_api import Browser, Page, sync_playwright

from kzai_graph.view import write_pages

USABLE_S = {200: 2.0, 2_000: 4.0, 10_000: 8.0}
"""A page of so many entities is usable within so many seconds."""
CLICK_MS = 200.0
USABLE = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); await frame();
  search.value = "entity 17";
  search.dispatchEvent(new Event("input"));
  if (!suggestions.querySelector("[role=option]")) throw new Error("the search found nothing");
  await frame();
  search.value = "";
  search.dispatchEvent(new Event("input"));
}"""
"""Resolves when the first view is drawn and the search has answered."""
ARM = """([x, y, answering]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const once = { capture: true, once: true };
  const started = new Promise((done) => addEventListener("mousedown", (event) => done(event.timeStamp), once));
  const shown = new Promise((done) => new MutationObserver(() => done()).observe(byId(answering), { childList: true }));
  window.answered = shown.then(frame).then(frame).then(() => started).then((start) => performance.now() - start);
  const point = network.canvasToDOM({ x, y }), box = host.getBoundingClientRect();
  return { x: box.x + point.x, y: box.y + point.y };
}"""
"""Gives a place on the screen, and readies a clock: from the press of the button to the second frame of the answer."""
NODES_IN_SIGHT = """() => [...seen.nodes].filter((i) => {
  const { x, y } = network.canvasToDOM(network.getPosition(i));
  const hit = network.getNodeAt({ x, y });
  return x > 60 && y > 60 && x < host.clientWidth - 60 && y < host.clientHeight - 60 && hit === i;
}).sort((a, b) => edgesOf[b].length - edgesOf[a].length).map((i) => Object.values(network.getPosition(i)))"""
COMMUNITIES = "() => [...seen.closed.keys()].map((c) => [areas[c].x, areas[c].y])"
COMMUNITIES_FROM = 600
"""A graph of so many entities is too large to be drawn whole."""
CLICKED = 3
"""As many clicks are timed in each view."""


@dataclass(frozen=True, slots=True)
class Times:
    """What one page took: seconds to write it and until it is usable, milliseconds until a click answers."""

    entities: int
    size_mib: float
    written_s: float
    usable_s: float
    click_ms: float
    click_all_ms: float
    """With all entities drawn."""
    click_community_ms: float | None
    """Until a closed community has opened; none in a graph that is drawn whole."""

    @property
    def within_target(self) -> bool:
        slowest = max(self.click_ms, self.click_community_ms or 0.0)
        return self.usable_s <= USABLE_S.get(self.entities, 8.0) and slowest <= CLICK_MS


def measure(entities: int, browser: Browser, repeats: int) -> Times:
    """Write the page once, open it several times, and take the medians."""
    quads = list(make_graph(entities))
    with tempfile.TemporaryDirectory() as name:
        started = time.perf_counter()
        write_pages(quads, Path(name))
        written = time.perf_counter() - started
        page = Path(name, "index.html")
        runs = [_open(page, browser) for _ in range(repeats)]
        usable, click, click_all = (
            statistics.median(values) for values in zip(*(run[:3] for run in runs), strict=True)
        )
        communities = [run[3] for run in runs if run[3] is not None]
        community = statistics.median(communities) if communities else None
        return Times(entities, page.stat().st_size / 2**20, written, usable, click, click_all, community)


def _open(path: Path, browser: Browser) -> tuple[float, float, float, float | None]:
    """Seconds until usable; milliseconds until a click answers: in the first view, with all drawn, on a community."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", offline=True)
    try:
        page = context.new_page()
        started = time.perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        page.evaluate(USABLE)
        usable = time.perf_counter() - started
        first = _clicks(page, NODES_IN_SIGHT, "panel")
        community = None
        if page.locator("#show-communities").is_visible():
            page.locator("#show-communities").click()
            page.wait_for_timeout(1000)
            community = _clicks(page, COMMUNITIES, "status-text")
        if page.locator("#show-all").is_visible():
            page.locator("#show-all").click()
            page.wait_for_timeout(1000)
        return usable, first, _clicks(page, NODES_IN_SIGHT, "panel"), community
    finally:
        context.close()


def _clicks(page: Page, places: str, answering: str) -> float:
    """The median time until clicks on such places answer, each undone before the next."""
    times = []
    for x, y in page.evaluate(places)[:CLICKED]:
        point = page.evaluate(ARM, [x, y, answering])
        page.mouse.click(point["x"], point["y"])
        times.append(page.evaluate("answered"))
        page.wait_for_timeout(500)  # the drawing may move after the answer
        page.keyboard.press("Escape")
        page.locator("#zoom-fit").click()
        page.wait_for_timeout(500)
    return float(statistics.median(times))


def to_table(found: Sequence[Times]) -> str:
    """The times as a Markdown table, a row for each graph."""
    lines = [
        "| entities | page, MiB | written, s | usable, s | at most | click, ms | at most | click on a community, ms | "
        "click with all drawn, ms |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {t.entities:,} | {t.size_mib:.1f} | {t.written_s:.1f} | {t.usable_s:.2f} | "
        f"{USABLE_S.get(t.entities, 8.0):.0f} | {t.click_ms:.0f} | {CLICK_MS:.0f} | "
        f"{'' if t.click_community_ms is None else f'{t.click_community_ms:.0f}'} | {t.click_all_ms:.0f} |"
        for t in found
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the times; 1 where one misses its target and ``--check`` is set, 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(description="Time the network page in Chromium.")
    parser.add_argument("entities", nargs="*", type=int, default=list(USABLE_S), help="sizes (200 2000 10000)")
    parser.add_argument("--repeats", type=int, default=3, help="times that each page is opened (3)")
    parser.add_argument("--check", action="store_true", help="fail where a time misses its target")
    given = parser.parse_args(arguments)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("no Chromium, which this drives; tests/system_tools.sh installs it", file=sys.stderr)
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        found = [measure(entities, browser, given.repeats) for entities in given.entities]
        browser.close()
    print(to_table(found))
    print(f"\nmedians of {given.repeats}")
    return int(given.check and not all(times.within_target for times in found))


if __name__ == "__main__":
    sys.exit(main())
