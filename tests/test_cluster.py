"""Texts are read by the workers of a real Dask cluster on this machine, and give the bytes of a local build."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from kzai_graph import building, pools
from kzai_graph.building import build
from kzai_graph.cache import Origin
from kzai_graph.cli import main
from kzai_graph.errors import InputError

TEXTS = 12
PATIENCE_S = 60


class Cluster:
    """A scheduler and its workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def start(self) -> None:
        told = self.folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--scheduler-file", str(told))
        end = time.monotonic() + PATIENCE_S
        while not (told.exists() and told.read_text(encoding="utf-8").endswith("}")):
            assert time.monotonic() < end, "the scheduler does not start"
            time.sleep(0.1)
        self.address = json.loads(told.read_text(encoding="utf-8"))["address"]

    def _start(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1", "--no-dashboard"]
        self.running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))

    def start_workers(self, count: int) -> None:
        places = ["--local-directory", str(self.folder)]
        for _ in range(count):
            self._start("worker", self.address, "--nthreads", "1", "--no-nanny", *places)

    def stop(self) -> None:
        for process in self.running:
            process.kill()
        for process in self.running:
            process.wait(PATIENCE_S)


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(TEXTS):
        sentence = f"Peru's Ministry of Energy launched the Lantern programme on {number + 1} May 2031."
        (folder / f"{number}.txt").write_text(f"A pier\n\n{sentence}\n", encoding="utf-8")
    (folder / "noise.txt").write_bytes(b"\x00\x01\x02\xff" * 64)
    return folder


def _bytes(out: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(out)): path for path in out.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name[0] != "." and name[:5] != "store"}


def test_a_worker_is_killed_and_the_bytes_are_those_of_a_local_build(
    cluster: Cluster, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.start_workers(2)
    killed: list[str] = []
    with Client(cluster.address, set_as_default=False) as watcher:
        watcher.wait_for_workers(2, timeout=PATIENCE_S)
        processes = watcher.run(os.getpid)

        def kill_one(done: int, total: int, name: str) -> None:
            busy = [worker for worker, tasks in watcher.processing().items() if tasks]
            if not killed and done < total and busy:
                killed.append(busy[0])
                os.kill(processes[busy[0]], signal.SIGKILL)

        report = build([texts], out=tmp_path / "far", dask=cluster.address, progress=kill_one)
        assert killed
        assert killed[0] not in watcher.nthreads()
    assert [unread.identifier for unread in report.unread] == ["noise.txt"]
    build([texts], out=tmp_path / "near")
    assert _bytes(tmp_path / "far") == _bytes(tmp_path / "near")
    assert sorted(p.name for p in (tmp_path / "far/.records").iterdir()) == sorted(
        p.name for p in (tmp_path / "near/.records").iterdir()
    )
    shared = f"file://{tmp_path}/shared"
    build([texts], out=tmp_path / "elsewhere", dask=cluster.address, records=shared)
    assert _bytes(tmp_path / "elsewhere") == _bytes(tmp_path / "near")
    assert not (tmp_path / "elsewhere/.records").exists()
    assert sorted(p.name for p in (tmp_path / "shared").iterdir()) == sorted(
        p.name for p in (tmp_path / "near/.records").iterdir()
    )

    monkeypatch.setattr(building.Origin, "of", lambda model, ontology: Origin("other", "m", "1", ontology))
    with pytest.raises(InputError, match=r"has another program \(\w+ for other\)"):
        build([texts], out=tmp_path / "other", dask=cluster.address)


def test_a_scheduler_without_workers_is_said(cluster: Cluster, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "WORKERS_TIMEOUT_S", 0.5)
    with pytest.raises(InputError, match="has no workers; start some: dask worker tcp://127"):
        build([texts], out=texts.parent / "out", dask=cluster.address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:9", "tcp://", "nonsense://x", "no such place"])
def test_a_scheduler_that_does_not_answer_is_one_line(
    address: str, texts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pools, "CONNECT_TIMEOUT_S", 0.5)
    monkeypatch.setattr(
        sys, "argv", ["kzai-graph", "build", str(texts), "--out", str(texts.parent / "out"), "--dask", address]
    )
    assert main() == 2
    found = capsys.readouterr()
    assert (found.out, found.err.count("\n")) == ("", 1)
    assert f"kzai-graph: {address}: no Dask scheduler answers there" in found.err


def test_what_is_missing_is_said(texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"install kzai-graph\[dask\]"):
        build([texts], out=texts.parent / "out", dask="tcp://127.0.0.1:9")
