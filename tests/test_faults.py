"""A run that is killed, ended, or out of room leaves the state before or after, and the next one completes."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from multiprocessing import active_children
from pathlib import Path

import pytest

from kzai_graph import planning
from kzai_graph.building import build
from kzai_graph.errors import GraphError, InputError
from kzai_graph.increments import add, remove
from kzai_graph.inquiry import Graph
from kzai_graph.outputs import LOCK, claim, replacing

DROP_POWER = 24
"""``PR_CAPBSET_DROP`` of Linux."""
OVERRIDE_PERMISSIONS = (1, 2)
"""``CAP_DAC_OVERRIDE`` and ``CAP_DAC_READ_SEARCH``."""
KILLS = 7
"""For each of three commands: at some file operation, as often as not one while the parts take their places."""
RUN = """
import json, os, shutil, signal, sys
from functools import cache
from pathlib import Path
from kzai_graph import building, increments, planning
command, before, texts, folder, moments = json.loads(sys.argv[1])
planning.load_ontology = cache(planning.load_ontology)
planning.load_ontology(None)
EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.scandir"}

def run(out, moment):
    seen = []
    def watch(event, arguments):
        if event in EVENTS and (event != "open" or str(arguments[0]).startswith(out)):
            if len(seen) == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            seen.append(event + " " + str(arguments[1] if event == "os.rename" else ""))
    sys.addaudithook(watch)
    if command == "build":
        building.build([Path(texts)], out=Path(out))
    elif command == "add":
        increments.add([Path(texts)], out=Path(out))
    else:
        increments.remove(["0.txt"], out=Path(out))
    return seen

for moment in moments:
    out = f"{folder}/{moment}"
    shutil.copytree(before, out)
    child = os.fork()
    if not child:
        events = run(out, moment)
        print(json.dumps(events), flush=True)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert status == (0 if moment < 0 else signal.SIGKILL), (moment, status)
"""
SENTENCES = (
    "Peru's Ministry of Energy launched the Lantern programme on 3 May 2031.",
    "Kelp Robotics, a Peruvian firm, uses machine learning in Lima.",
    "Ghana's Ministry of Energy will launch the Tidal Table programme by 2033.",
)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, sentence in enumerate(SENTENCES):
        (folder / f"{number}.txt").write_text(f"A pier\n\n{sentence}\n", encoding="utf-8")
    return folder


def _bytes(out: Path) -> dict[str, object]:
    """What is in each file; of the store what it holds, for the engine lays that out anew each time."""
    names = [path.relative_to(out) for path in out.rglob("*") if path.is_file()]
    seen = [name for name in names if name.parts[0] != "store" and not name.parts[0].startswith(".")]
    store = {"store": frozenset(Graph(out / "store").quads())}
    return store | {str(name): (out / name).read_bytes() for name in seen}


@pytest.mark.parametrize("command", ["build", "add", "remove"])
def test_killed_at_any_moment_it_is_before_or_after_and_the_next_run_completes(
    texts: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "load_ontology", cache(planning.load_ontology))
    everything = tmp_path / "everything"
    build([texts], out=everything)
    shutil.copytree(everything, tmp_path / "less")
    remove(["0.txt"], out=tmp_path / "less")
    shutil.copytree(everything / ".records", tmp_path / "less" / ".records", dirs_exist_ok=True)
    before, after = (
        tmp_path / name for name in (("everything", "less") if command == "remove" else ("less", "everything"))
    )
    runs = tmp_path / "runs"

    def run(*moments: int) -> str:
        request = json.dumps([command, str(before), str(texts), str(runs), moments])
        return subprocess.run([sys.executable, "-c", RUN, request], capture_output=True, text=True, check=True).stdout

    events = json.loads(run(-1))
    assert _bytes(runs / "-1") == _bytes(after)
    decided = next(n for n, event in enumerate(events) if event.endswith("/.ready"))
    chance = random.Random(command)
    moments = {*chance.sample(range(len(events)), KILLS // 2), decided, decided + 1}
    moments |= set(chance.sample(range(decided + 2, len(events)), KILLS - len(moments)))
    run(*sorted(moments))
    for moment in sorted(moments):
        out = runs / str(moment)
        left = _bytes(out)
        assert left["graph.ttl"] in (_bytes(before)["graph.ttl"], _bytes(after)["graph.ttl"]), events[moment]
        if moment <= decided:
            assert left == _bytes(before), events[moment]
        if command == "remove" and moment <= decided:
            remove(["0.txt"], out=out)
        elif command == "remove":
            add([texts / "1.txt"], out=out)
        elif command == "add":
            add([texts], out=out)
        else:
            build([texts], out=out)
        assert _bytes(out) == _bytes(after), events[moment]
        assert not [path for path in out.iterdir() if path.name.startswith((".new-", ".ready", ".old-"))]


def test_two_at_once_are_one_and_a_clear_line(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with claim(out), pytest.raises(GraphError, match="another kzai-graph is writing"):
        build([texts], out=out)
    with (out / LOCK).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals_end_it_cleanly(texts: Path, tmp_path: Path, number: int, code: int) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "kzai_graph", "build", str(texts), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        first = running.stderr.readline()
        running.send_signal(number)
        printed, said = running.communicate(timeout=60)
    assert first.startswith("reading 1/3")
    assert (running.returncode, printed) == (code, "")
    lines = [line for line in said.splitlines() if line and not line.startswith("reading ")]
    assert len(lines) == 1
    assert lines[0].startswith("kzai-graph: ")
    assert {path.name for path in out.iterdir()} == {LOCK, ".records"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals_end_all_processes_that_read(tmp_path: Path, number: int, code: int) -> None:
    """Ctrl-C goes to the whole group of processes, SIGTERM to the one that was started."""
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    for count in range(400):
        (texts / f"{count}.txt").write_text(f"A pier\n\n{' '.join(SENTENCES)}\n", encoding="utf-8")
    command = [sys.executable, "-m", "kzai_graph", "build", str(texts), "--out", str(out), "--workers", "2"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stderr=pipe, stdout=pipe, text=True, start_new_session=True) as running:
        assert running.stderr is not None
        first = running.stderr.readline()
        if number == signal.SIGINT:
            os.killpg(running.pid, number)
        else:
            running.send_signal(number)
        printed, said = running.communicate(timeout=60)
    assert first.startswith("reading 1/400")
    assert (running.returncode, printed) == (code, "")
    lines = [line for line in said.splitlines() if not line.startswith("reading ")]
    assert lines == [f"kzai-graph: {'interrupted' if number == signal.SIGINT else 'terminated'}"]
    end = time.monotonic() + 20
    while _is_there(running.pid):  # what Python starts to watch over semaphores ends a moment later
        assert time.monotonic() < end
        time.sleep(0.1)
    assert len(list((out / ".records").iterdir())) < 200


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_killed_reading_process_is_one_clear_error_and_the_next_run_goes_on(texts: Path, tmp_path: Path) -> None:
    def kill(done: int, total: int, name: str) -> None:
        for process in active_children():
            process.kill()
            process.join()

    with pytest.raises(InputError, match="a process that reads texts was ended"):
        build([texts], out=tmp_path / "out", workers=2, progress=kill)
    assert build([texts], out=tmp_path / "out").unchanged > 0


def _without_powers() -> None:
    """Let permissions hold for the administrator, too, who is whom tests often run as."""
    for power in OVERRIDE_PERMISSIONS:
        ctypes.CDLL(None).prctl(DROP_POWER, power, 0, 0, 0)


@pytest.mark.parametrize("command", [["add", "more.txt"], ["remove", "0.txt"], ["build", "more.txt"]])
def test_folder_that_is_read_only_loses_nothing(texts: Path, tmp_path: Path, command: list[str]) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    (tmp_path / "more.txt").write_text(SENTENCES[0], encoding="utf-8")
    before = _bytes(out)
    folders = [out, *(path for path in out.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-m", "kzai_graph", *command, "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        preexec_fn=_without_powers,
    )
    for folder in folders:
        folder.chmod(0o755)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("reading ")]
    assert (done.returncode, done.stdout, len(lines)) == (2, "", 1), done.stderr
    assert "cannot be written (Permission denied)" in lines[0]
    assert _bytes(out) == before


def test_full_disk_loses_nothing(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([texts], out=out)
    before = _bytes(out)
    code = (
        "import resource, signal, sys; from pathlib import Path; from kzai_graph.cli import main; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)); "
        "sys.exit(main())"
    )
    command = [sys.executable, "-c", code, "remove", "0.txt", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "cannot be written" in done.stderr
    assert _bytes(out) == before
    assert not list(out.glob(".new-*"))


def test_text_that_changes_while_it_is_read_is_said(texts: Path, tmp_path: Path) -> None:
    def change(done: int, total: int, name: str) -> None:
        (texts / "0.txt").write_text(f"A pier\n\n{SENTENCES[2]}\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"0\.txt: changed while it was read"):
        build([texts], out=tmp_path / "out", progress=change)
    assert not (tmp_path / "out" / "graph.ttl").exists()


def test_folders_take_the_places_of_folders(tmp_path: Path) -> None:
    for text in ("one", "two"):
        with claim(tmp_path), replacing(tmp_path) as new:
            (new / "store").mkdir()
            (new / "store" / text).write_text(text, encoding="utf-8")
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["two"]
