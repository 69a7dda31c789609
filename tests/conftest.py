"""What several test modules share."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def seeds_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one build of the seeds, made as a user makes it."""
    out = tmp_path_factory.mktemp("seeds") / "out"
    command = [sys.executable, "-m", "kzai_graph", "build", str(REPOSITORY / "seeds"), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path_factory.getbasetemp(), check=False)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = _chromium()
    if found is None:
        done = subprocess.run(
            ["bash", str(REPOSITORY / "tests" / "system_tools.sh")], capture_output=True, text=True, check=False
        )
        found = _chromium()
        if found is None:
            pytest.fail(f"no Chromium, which these tests drive: {done.stderr.strip()}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
