"""The worked example of docs/corrections.md, as a reader runs it from the first line to the last."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "corrections.md").read_text(encoding="utf-8")
TYPED = re.compile(r"(?m)(quit\? )(\w+)\n?$")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", PAGE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The texts, and the program under its name."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "texts").mkdir()
    for name, text in zip(re.findall(r"`texts/(\w+\.txt)`", PAGE), _blocks("text"), strict=True):
        (folder / "texts" / name).write_text(text, encoding="utf-8")
    program = folder / "bin" / "kzai-graph"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kzai_graph "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


def _run(folder: Path, line: str, typed: str = "") -> str:
    environment = os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", line], input=typed, capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_the_example_gives_what_the_page_shows(folder: Path) -> None:
    _run(folder, re.search(r"`(kzai-graph build .*?)`,", PAGE)[1])  # type: ignore[index]
    review, *later = _blocks("console")
    line, _, shown = review.removeprefix("$ ").partition("\n")
    answers = [typed for _, typed in TYPED.findall(shown)]
    said = _run(folder, line, "\n".join(answers) + "\n")
    assert said.startswith(TYPED.sub(r"\1", shown))
    assert said.rstrip().endswith(
        "accepted 1, rejected 0, fixed 0, skipped 0; 6 left to judge; "
        "texts/corrections.ttl holds what was judged, and the next build applies it"
    )
    (folder / "texts" / "corrections.ttl").write_text(_blocks("turtle")[0], encoding="utf-8")
    for block in later:
        line, _, shown = block.removeprefix("$ ").partition("\n")
        assert _run(folder, line) == shown
