"""The wheel holds what the program needs, and runs outside the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from sysconfig import get_path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEXT = "Ports open\n\nThe Ministry of Ports of Norway adopted the Harbour Act on 3 May 2031.\n"
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def run(*command: object, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, REPOSITORY, cwd=folder)
    (found,) = folder.iterdir()
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel; it borrows the other packages of this one."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    run(*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=home)
    (packages,) = home.glob("lib/python3*/site-packages")
    (packages / "borrowed.pth").write_text(get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def test_wheel_holds_data_and_no_tests(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    for folder in ("ontology", "queries"):
        files = [path for path in (REPOSITORY / folder).rglob("*") if path.is_file()]
        assert {f"kzai_graph/data/{path.relative_to(REPOSITORY)}" for path in files} <= names
    assert "kzai_graph/data/accuracy.md" in names
    sources = [path for path in (REPOSITORY / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {str(path.relative_to(REPOSITORY / "src")) for path in sources} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"kzai_graph"}
    assert any(name.endswith("/LICENSE") for name in names)


def test_installed_program_runs_anywhere(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import kzai_graph; print(kzai_graph.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(installed.parent)
    (tmp_path / "ports.txt").write_text(TEXT, encoding="utf-8")
    program = installed / "kzai-graph"
    assert "adopted" in run(program, "build", "ports.txt", cwd=tmp_path)
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"graph.ttl", "index.html"}
    assert run(program, "check", cwd=tmp_path).endswith("checks: nothing found\n")
    assert "Harbour Act" in run(program, "explain", "Harbour Act", cwd=tmp_path)


LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
PINNED = {
    canonicalize_name(found[1]): found[2]
    for entry in re.split(r"\n(?! )", LOCK.strip())
    if (found := re.match(r"([\w.-]+)==([^\s;]+)", entry)) is not None
}


def test_all_that_is_installed_from_the_lock_is_pinned_by_its_hash() -> None:
    entries = [entry for entry in re.split(r"\n(?! )", LOCK) if entry and not entry.startswith("#")]
    entry = r"[\w.-]+==[\w.+!]+( ; [^\\]+)?( \\\n +--hash=sha256:[0-9a-f]{64})+"
    assert [e.split()[0] for e in entries if not re.fullmatch(entry, e)] == []
    assert len(PINNED) == len(entries)


@pytest.mark.parametrize("name", sorted(PINNED))
def test_what_a_pinned_package_needs_is_pinned(name: str) -> None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} is locked and not installed: run make install")
    assert found.version == PINNED[name]
    needed = [Requirement(text) for text in found.requires or []]
    for requirement in needed:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            pinned = PINNED.get(canonicalize_name(requirement.name))
            assert pinned is not None, f"{requirement} is not pinned"
            assert requirement.specifier.contains(pinned, prereleases=True), requirement


def test_page_of_licences_is_of_the_locked_packages() -> None:
    made = run(sys.executable, REPOSITORY / "tools" / "licences.py", cwd=REPOSITORY)
    page = (REPOSITORY / "docs" / "licences.md").read_text(encoding="utf-8")
    assert page == made, "run: python tools/licences.py > docs/licences.md"


def test_archives_are_the_same_bytes_wherever_they_are_built(tmp_path: Path) -> None:
    kept = ("src", "ontology", "queries", "seeds", "docs", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
    digests = []
    for folder in (tmp_path / "one", tmp_path / "two" / "deeper"):
        folder.mkdir(parents=True)
        for name in kept:
            if (source := REPOSITORY / name).is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copyfile(source, folder / name)
        run(sys.executable, "-m", "hatchling", "build", cwd=folder)
        made = sorted((folder / "dist").iterdir())
        assert [path.suffix for path in made] == [".whl", ".gz"]
        digests.append([sha256(path.read_bytes()).hexdigest() for path in made])
    assert digests[0] == digests[1]


def test_every_library_is_declared_and_locked() -> None:
    declared = {name.split(">")[0].split("=")[0] for name in PROJECT["dependencies"]}
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))}
    assert declared <= locked
    assert "--hash=sha256:" in lock
    assert PROJECT["version"] in run(sys.executable, "-m", "kzai_graph", "--version", cwd=REPOSITORY)
