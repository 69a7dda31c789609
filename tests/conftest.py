"""What several test modules share."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]
VIRTUOSO = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 4000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
"""


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


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended"
        try:
            httpx.get(address, timeout=1)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} does not answer")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def oxigraph() -> Iterator[str]:
    """The address of `oxigraph serve`."""
    port = _free_port()
    program = Path(sys.executable).with_name("oxigraph")
    server = subprocess.Popen([program, "serve", "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(server)


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso, whose user and password are dba."""
    said = ""
    if shutil.which("virtuoso-t") is None:
        tools = ["bash", str(REPOSITORY / "tests" / "system_tools.sh")]
        said = subprocess.run(tools, capture_output=True, text=True, check=False).stderr.strip()
    if shutil.which("virtuoso-t") is None:
        pytest.fail(f"no virtuoso-t, into which these tests publish: {said}")
    folder, port = tmp_path_factory.mktemp("virtuoso"), _free_port()
    (folder / "v.ini").write_text(VIRTUOSO.format(sql=_free_port(), http=port), encoding="utf-8")
    command = ["virtuoso-t", "+foreground", "+configfile", "v.ini"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/sparql", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(server)
