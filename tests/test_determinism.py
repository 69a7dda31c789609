"""Another hash seed, other workers, files instead of a folder and in another order: the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def run(arguments: list[str], hash_seed: str, folder: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "kzai_graph", *arguments]
    subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True)


def test_seeds_give_the_same_bytes(seeds_out: Path, tmp_path: Path) -> None:
    files = [str(path) for path in sorted(SEEDS.iterdir(), reverse=True)]
    run(["build", *files, "--out", "out", "--workers", "2"], "4242", tmp_path)
    names = {path.name for path in seeds_out.iterdir()}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (seeds_out / name).read_bytes(), name


@pytest.mark.parametrize("form", ["trig", "jsonld", "rdfxml", "graphml", "gexf", "csv"])
def test_exports_give_the_same_bytes(form: str, seeds_out: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        arguments = ["export", "--format", form, f"{seed}.{form}", "--graph", str(seeds_out / "graph.ttl")]
        run(arguments, seed, tmp_path)
    assert (tmp_path / f"1.{form}").read_bytes() == (tmp_path / f"2.{form}").read_bytes()
