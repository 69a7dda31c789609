"""What holds over the whole repository: the way of the imports, the size of modules, queries, prefixes, examples."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import typer

import kzai_graph
from kzai_graph.asking.names import VALUES
from kzai_graph.cli import app
from kzai_graph.inquiry import Graph
from kzai_graph.ontology import load_ontology
from kzai_graph.sparql import QuestionCard, read_query, run_query
from kzai_graph.sparql.tokens import parameters_used, tokenize
from kzai_graph.terms import PREFIXES

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "src"
MODULES = sorted((SOURCE / "kzai_graph").rglob("*.py"))
QUERIES = sorted((REPOSITORY / "queries").rglob("*.rq"))
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
NAMED = {f"kz:{cls}" for cls in load_ontology().classes} | {"kz:Document", *VALUES}
MAX_LINES = 420
# The way of the data: none of these may need one that comes after it.
STAGES = (
    "errors outputs terms model lexical ontology sources documents language clauses mentions frames records reading "
    "identity graph extracting export view building console cli"
).split()
# Where a library may be used: by modules, or by packages with all that is in them.
HOMES = {
    "docx": {"word"},
    "pypdf": {"pdf"},
    "datasketch": {"duplicates"},
    "distributed": {"pools"},
    "fsspec": {"places"},
    "httpx": {"endpoints", "remote"},
    "rdflib": {"shapes"},
    "pyshacl": {"shapes"},
    "pyvis": {"view"},
    "starlette": {"serve"},
    "uvicorn": {"serve"},
    "typer": {"cli", "commands"},
}


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


KNOWN = {name_of(path): path for path in MODULES}


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that a module needs when it runs: what only a type checker reads is left out."""
    tree = ast.parse(KNOWN[module].read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in _running(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(_longest_known(name) for name in found) - {module}


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from _running(child)


def _longest_known(name: str) -> str:
    """Of a module's attribute, the module; of a library's, the library."""
    while "." in name and name not in KNOWN:
        name = name.rpartition(".")[0]
    return name


def needs(module: str) -> frozenset[str]:
    """All modules of ours that a module needs, by whatever way."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        for name in imports(waiting.pop()) & KNOWN.keys():
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return frozenset(seen)


@pytest.mark.parametrize("module", KNOWN)
def test_no_module_needs_itself(module: str) -> None:
    assert module not in needs(module), "imports go one way only"


@pytest.mark.parametrize("place", range(len(STAGES)), ids=STAGES)
def test_no_stage_needs_a_later_one(place: int) -> None:
    later = {f"kzai_graph.{stage}" for stage in STAGES[place + 1 :]}
    assert not needs(f"kzai_graph.{STAGES[place]}") & later


@pytest.mark.parametrize("library", HOMES)
def test_library_stays_in_its_place(library: str) -> None:
    users = {module.split(".")[1] for module in KNOWN if library in imports(module)}
    assert users == HOMES[library]


def test_queries_and_checks_need_no_language_model() -> None:
    for module in (
        "sparql",
        "inquiry",
        "asking",
        "check",
        "explain",
        "evaluate",
        "comparing",
        "candidates",
        "reviewing",
    ):
        assert not any("spacy" in imports(name) for name in needs(f"kzai_graph.{module}"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: name_of(path))
def test_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES, "split it where the seam is"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: name_of(path))
def test_module_says_what_it_does(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_package_exports_what_it_says() -> None:
    tree = ast.parse(KNOWN["kzai_graph"].read_text(encoding="utf-8"))
    hinted = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names} - {
        "annotations",
        "TYPE_CHECKING",
        "import_module",
    }
    assert hinted | {"__version__"} == set(kzai_graph.__all__)
    for name in kzai_graph.__all__:
        assert getattr(kzai_graph, name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kzai_graph.nothing


@pytest.mark.parametrize("module", [m for m in KNOWN if m != "kzai_graph" and "__all__" in KNOWN[m].read_text("utf-8")])
def test_module_exports_what_it_says(module: str) -> None:
    loaded = import_module(module)
    tree = ast.parse(KNOWN[module].read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    public = {node.name for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")}
    assert public <= set(loaded.__all__)
    assert all(hasattr(loaded, name) for name in loaded.__all__)
    assert len(loaded.__all__) == len(set(loaded.__all__))


def form(query: str) -> str:
    """Which of the four forms a query has; one inside it is a SELECT."""
    return next(t.text for t in tokenize(query) if t.text in ("ASK", "CONSTRUCT", "DESCRIBE", "SELECT"))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_header_is_complete(path: Path) -> None:
    text = read_query(path)
    card = QuestionCard.of(text)
    assert card.question.endswith("?")
    assert bool(card.order) == (form(text) == "SELECT")
    assert bool(card.columns) == (form(text) != "ASK")
    assert {parameter.name for parameter in card.parameters} == parameters_used(text)
    assert all(parameter.optional or parameter.default is not None for parameter in card.parameters)
    assert {kind for parameter in card.parameters for kind in parameter.kinds} <= NAMED
    slots = {slot for wording in card.also for slot in re.findall(r"\{(\w+)\}", wording)}
    assert slots <= {parameter.name for parameter in card.parameters}
    if path.parent.name == "check":
        assert card.problem
        assert card.fix
        assert not card.empty
        assert card.columns == ("node", "detail", "document", "sentence")
        assert card.severity in ("violation", "warning", "info")
    else:
        assert card.empty
        assert not card.problem
    assert path.read_bytes().endswith(b"\n")


@pytest.mark.parametrize("path", [p for p in QUERIES if form(read_query(p)) == "SELECT"], ids=lambda path: path.stem)
def test_query_orders_by_all_that_it_shows(path: Path) -> None:
    text = read_query(path)
    words = [token.text for token in tokenize(text)]
    begin = words.index("SELECT")
    assert "*" not in words[begin : words.index("WHERE")], "name the columns"
    ends = [i for i in range(len(words) - 1) if words[i].upper() == "ORDER" and words[i + 1].upper() == "BY"]
    assert ends, "no ORDER BY"
    order = {word[1:] for word in words[ends[-1] :] if word.startswith("?")}
    assert set(QuestionCard.of(text).columns) <= order, "rows that differ must have one order"
    assert not {word.upper() for word in words[ends[-1] :]} & {"LIMIT", "OFFSET"}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_declares_the_prefixes_that_it_uses(path: Path) -> None:
    lines = [line.split() for line in read_query(path).splitlines() if line.startswith("PREFIX ")]
    declared = [line[1].removesuffix(":") for line in lines]
    assert declared == sorted(declared)
    tokens = [token for token in tokenize(read_query(path)) if token.kind == "name"]
    used = {token.text.partition(":")[0] for token in tokens[len(lines) :]}
    assert set(declared) == used
    assert {prefix: iri.strip("<>") for (_, prefix, iri) in lines} == {f"{p}:": PREFIXES[p] for p in declared}


def test_a_prefix_means_one_thing_everywhere() -> None:
    files = [
        *(REPOSITORY / "ontology").glob("*.ttl"),
        *(REPOSITORY / "tests" / "cases").rglob("*.ttl"),
        *(REPOSITORY / "ontology" / "rules").glob("*.rq"),
        *QUERIES,
        *PAGES,
    ]
    found = {(prefix, iri) for prefix, iri in PREFIXES.items()}
    for path in files:
        found |= set(re.findall(r"(?im)^\s*@?prefix\s+([\w-]+):\s*<([^>]*)>", path.read_text(encoding="utf-8")))
    found = {
        (prefix, iri) for prefix, iri in found if not iri.startswith(("https://example.org/", "http://example.org/"))
    }
    assert len({prefix for prefix, _ in found}) == len(found), "a prefix has two meanings"
    assert len({iri for _, iri in found}) == len(found), "a namespace has two prefixes"


def commands() -> dict[str, str]:
    """The help text of each command, with its epilog."""
    group = typer.main.get_command(app)
    return {name: f"{command.help}\n{command.epilog}" for name, command in group.commands.items()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", commands())
def test_command_shows_an_example_and_is_documented(name: str) -> None:
    assert f"Example: kzai-graph {name} " in commands()[name]
    assert any(re.search(rf"kzai-graph {name}\b", page.read_text(encoding="utf-8")) for page in PAGES)


def blocks(language: str) -> list[tuple[str, str]]:
    """The fenced blocks of a language in the pages, each with the name of its page and line."""
    return [
        (f"{page.name}:{text.count(chr(10), 0, match.start()) + 1}", match[1])
        for page, text in ((page, page.read_text(encoding="utf-8")) for page in PAGES)
        for match in re.finditer(rf"(?ms)^```{language}\n(.*?)^```", text)
    ]


@pytest.mark.parametrize("block", blocks("sparql"), ids=lambda block: block[0])
def test_sparql_of_the_pages_runs(block: tuple[str, str]) -> None:
    graph = REPOSITORY / "tests" / "cases" / "shapes" / "conforming.ttl"
    assert run_query(block[1], graph).rows


def shell_lines() -> list[str]:
    lines = (
        line.split(" #")[0].strip()
        for name, text in blocks("sh")
        if name.startswith("README")
        for line in text.splitlines()
    )
    return [line for line in lines if "kzai-graph " in line]


def test_pages_name_no_command_that_is_not_there() -> None:
    known = commands().keys()
    for page in PAGES:
        for named in re.findall(r"(?:`|bin/)kzai-graph ([a-z]+)", page.read_text(encoding="utf-8")):
            assert named in known, f"{page.name}: kzai-graph {named}"


@pytest.mark.parametrize("line", shell_lines())
def test_shell_of_the_readme_runs(line: str, seeds_out: Path, tmp_path: Path) -> None:
    """As a newcomer runs it: in the project's folder after ``make``, with texts of one's own."""
    for name in ("queries", "seeds", "ontology", "tests", "examples"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    (tmp_path / "out").symlink_to(seeds_out)
    (tmp_path / "my-texts").symlink_to(REPOSITORY / "seeds")
    words = shlex.split(line)
    assert words[0].endswith("kzai-graph")
    done = subprocess.run(
        [sys.executable, "-m", "kzai_graph", *words[1:]], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_every_data_file_can_be_read() -> None:
    for path in [*(REPOSITORY / "ontology").glob("*.ttl"), *(REPOSITORY / "tests" / "cases").rglob("*.ttl")]:
        assert any(True for _ in Graph(path).quads()), path


def test_page_of_checks_lists_every_check() -> None:
    page = (REPOSITORY / "docs" / "asking.md").read_text(encoding="utf-8")
    checks = [path for path in QUERIES if path.parent.name == "check"]
    rows = [f"| {QuestionCard.of(read_query(path)).question} | `{path.name}` |" for path in checks]
    assert [line for line in page.splitlines() if line.endswith(".rq` |")] == rows


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_holds_two_versions_of_itself(page: Path) -> None:
    assert not re.search(r"^(<{7}|={7}|>{7})", page.read_text(encoding="utf-8"), re.MULTILINE)
