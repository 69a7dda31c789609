"""What several test modules share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def seeds_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one build of the seeds, made as a user makes it."""
    out = tmp_path_factory.mktemp("seeds") / "out"
    command = [sys.executable, "-m", "kzai_graph", "build", str(REPOSITORY / "seeds"), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path_factory.getbasetemp(), check=False)
    assert done.returncode == 0, done.stderr
    return out
