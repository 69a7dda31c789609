"""The scripts that measure measure what they say."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser

SCRIPTS = Path(__file__).resolve().parents[1] / "benchmarks"
TEXT = "Lamps for every pier\n\nThe Ministry of Ports of Norway adopted the Harbour Act on 3 May 2031.\n"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return _load("reading")


def _load(name: str) -> ModuleType:
    if str(SCRIPTS) not in sys.path:
        sys.path.append(str(SCRIPTS))  # where a script finds the modules beside it
    spec = spec_from_file_location(f"{name}_benchmark", SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_script_compares_the_same_blocks(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = tmp_path / "piers"
    texts.mkdir()
    (texts / "piers.txt").write_text(TEXT, encoding="utf-8")
    assert script.main([str(texts), "--repeats", "1"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    cells = dict(line.strip("| ").split(" | ") for line in lines[2:])
    assert cells["documents"] == "1"
    assert cells["words in blocks"] == str(len(TEXT.split()))
    assert float(cells["`build`: whole process, s"]) > float(cells["ours: start, s"])
    assert float(cells["bare: peak memory, MiB"]) > 50


def test_check_fails_where_a_ratio_is_above_its_target(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def cost(seconds: float) -> object:
        return script.Cost(seconds, 100.0, dict.fromkeys(("start", "read", "graph", "page"), seconds / 4))

    for build, reading, code in ((2.0, 1.5, 0), (3.1, 1.5, 1), (2.0, 1.7, 1)):
        found = script.Comparison("x", 1, 10, cost(1.0), cost(reading), cost(build), cost(1.0))
        monkeypatch.setattr(script, "compare", lambda texts, repeats, found=found: found)
        assert script.main(["x", "--check"]) == code
        assert script.main(["x"]) == 0


def test_pages_are_timed_in_the_browser(browser: Browser) -> None:
    pages = _load("pages")
    assert list(pages.make_graph(60)) == list(pages.make_graph(60))
    times = pages.measure(60, browser, 1)
    assert 0 < times.click_ms < 1000 * times.usable_s + 5000
    assert times.size_mib > 0.1
    row = pages.to_table([times]).splitlines()[-1]
    assert row.startswith(f"| 60 | {times.size_mib:.1f} |")
    assert not replace(times, click_ms=pages.CLICK_MS + 1).within_target
    assert times.click_community_ms is None
    large = pages.measure(pages.COMMUNITIES_FROM, browser, 1)
    assert large.click_community_ms > 0
    assert not replace(large, click_community_ms=pages.CLICK_MS + 1).within_target


def test_memory_and_the_work_of_two_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    scale = _load("scale")
    assert scale.main(["2", "4", "--shared", "4", "--repeats", "1"]) == 0
    said = capsys.readouterr().out
    rows = [line.strip("| ").split(" | ") for line in said.splitlines() if line.startswith("| ")][2:]
    assert [row[0] for row in rows] == ["2", "4"]
    assert all(float(row[2]) > 50 for row in rows)
    assert rows[1][3] == f"{float(rows[1][3]):.2f}"
    assert "two processes against one, 4 documents: " in said


def test_scale_fails_where_a_target_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    scale = _load("scale")
    for growth, speedup, code in ((1.1, 1.8, 0), (1.3, 1.8, 1), (1.1, 1.5, 1)):
        found = [scale.Reading(n, 1, 1.0, 100.0 * peak) for n, peak in ((100, 1.0), (1000, growth))]
        monkeypatch.setattr(scale, "measure_growth", lambda texts, counts, found=found: found)
        monkeypatch.setattr(scale, "measure_speedup", lambda texts, count, repeats, best=speedup: [1.0, best])
        assert scale.main(["--check"]) == code
        assert scale.main([]) == 0


def test_engines_are_asked_the_same() -> None:
    asking = _load("asking")
    found = asking.compare(1_500, 1, 60)
    assert found.triples > 1_000
    assert found.ours.rows == found.direct.rows == found.memory.rows == found.rdflib.rows
    assert all(found.ours.rows.values()), "a query that finds nothing measures nothing"
    assert found.sandbox_ms > 0
    assert found.in_memory > found.over_ours(loading=True) > found.over_ours(loading=False)
    lines = asking.to_table([found, replace(found, triples=10 * found.triples)]).splitlines()
    assert len(lines) == 2 + 3 + len(asking.QUERIES) + 4
    assert lines[2].endswith("| – / – / 0.00 / 0.00 |")


def test_exponent_is_the_slope_of_the_logarithms() -> None:
    assert _load("asking").fit_exponent([10, 100, 1000], [0.02, 2.0, 200.0]) == pytest.approx(2.0)


def test_second_builds_are_compared_with_the_first() -> None:
    building = _load("building")
    found = building.measure(SCRIPTS.parent / "seeds", 3)
    assert 0 < found.again < found.first
    row = building.to_table([found]).splitlines()[-1]
    assert row.startswith(f"| 3 | {found.first:.1f} | {found.again:.1f} | {found.one_more:.1f} |")


def test_costs_are_those_of_the_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    costs = _load("costs")
    for number in range(2):
        (tmp_path / f"{number}.txt").write_text(TEXT.replace("2031", f"203{number}"), encoding="utf-8")
    assert costs.main([str(tmp_path), "--limit", "2"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    cells = {name: values for name, *values in (line.strip("| ").split(" | ") for line in lines)}
    assert cells["text, kB"] == [f"{len(TEXT) / 1024:.3g}", "1"]
    assert float(cells["triples"][0]) > 10
    assert float(cells["records, kB"][0]) < float(cells["graph.ttl, kB"][0]) < float(cells["store, kB"][0])
    assert list(cells)[-2:] == ["1", "2"]
    assert all(float(cells[count][1]) > 50 for count in ("1", "2"))
