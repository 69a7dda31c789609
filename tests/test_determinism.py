"""Another hash seed, other workers, files instead of a folder and in another order: the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kzai_graph.inquiry import Graph
from kzai_graph.manifest import MANIFEST
from kzai_graph.parts import LEDGER

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def test_seeds_give_the_same_bytes(seeds_out: Path, tmp_path: Path) -> None:
    files = [str(path) for path in sorted(SEEDS.iterdir(), reverse=True)]
    command = [sys.executable, "-m", "kzai_graph", "build", *files, "--out", "out", "--workers", "2"]
    subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "4242"}, cwd=tmp_path, check=True, capture_output=True)
    assert set(Graph(tmp_path / "out/store").quads()) == set(Graph(seeds_out / "store").quads())
    assert _files(tmp_path / "out") == _files(seeds_out)
    for name in _files(seeds_out):
        assert (tmp_path / "out" / name).read_bytes() == (seeds_out / name).read_bytes(), name


def _files(folder: Path) -> set[Path]:
    """All but the store, which the engine lays out anew in each run, and notes of that and of what was asked for."""
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path for path in found if path.parts[0] not in ("store", LEDGER, MANIFEST)}
