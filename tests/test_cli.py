"""The command line: exit codes, one clear line for what cannot be done, and what a start loads."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kzai_graph import __version__
from kzai_graph.cli import PROGRAM, main

REPOSITORY = Path(__file__).resolve().parents[1]
CASES = REPOSITORY / "tests" / "cases"
GRAPH = CASES / "shapes" / "conforming.ttl"
PLANNED = REPOSITORY / "queries" / "ask" / "promises" / "planned.rq"
GOLD = """
document: harbour.txt
entities:
  ministry: {type: Ministry, names: [Ministry of Ports]}
  quay: {type: Programme, names: [Open Quay]}
  act: {type: Law, names: [Harbour Act]}
facts:
  - {s: ministry, p: launched, o: quay, date: 2031-05-03}
  - {s: ministry, p: adopted, o: act}
"""
Run = Callable[..., "Outcome"]


class Outcome:
    """What a command left: its exit code and what it wrote."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", [PROGRAM, *map(str, arguments)])
        try:
            code = main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return run_command


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"{PROGRAM} {__version__}\n"
    shown = run("--help")
    assert shown.code == 0
    assert "explain" in shown.out


def test_module_is_the_same_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kzai_graph", "--version"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert done.stdout == f"{PROGRAM} {__version__}\n"


def test_query_prints_a_table_and_csv(run: Run) -> None:
    table = run("query", PLANNED, "--graph", GRAPH)
    assert table.code == 0
    assert "Tide Report" in table.out
    rows = run("query", PLANNED, "--graph", GRAPH, "--format", "csv").out.splitlines()
    assert rows[0] == "due,who,relation,what,document,sentence"
    assert rows[1].startswith("2033,Ada Quill,published,Tide Report,harbour.txt,")


def test_query_takes_parameters(run: Run) -> None:
    quotes = REPOSITORY / "queries" / "ask" / "sources" / "quotes.rq"
    assert "Every quay" in run("query", quotes, "--graph", GRAPH, "--set", "speaker=quill").out
    assert "Every quay" not in run("query", quotes, "--graph", GRAPH, "--set", "speaker=reed").out


def test_query_takes_the_name_of_a_question(run: Run) -> None:
    by_path = run("query", PLANNED, "--graph", GRAPH, "--format", "md")
    assert by_path.out.startswith("| due | who |")
    for name in ("promises/planned", "planned", "promises/planned.rq"):
        assert run("query", name, "--graph", GRAPH, "--format", "md").out == by_path.out


def test_triples_come_as_turtle_unless_asked_otherwise(run: Run, tmp_path: Path) -> None:
    describe = ("query", write(tmp_path / "describe.rq", "DESCRIBE <https://w3id.org/kzai/id/open-quay>"))
    assert "kzid:open-quay a kz:Programme" in run(*describe, "--graph", GRAPH).out
    assert run(*describe, "--graph", GRAPH, "--format", "nt").out.startswith("<https://w3id.org/kzai/id/open-quay> ")
    assert run(*describe, "--graph", GRAPH, "--format", "csv").out.startswith("subject,predicate,object\n")


def test_questions_are_listed_and_shown(run: Run) -> None:
    listed = run("questions").out
    assert "people\n" in listed
    assert "  people/office_holders " in listed
    assert "people" not in run("questions", "quoted").out
    shown = run("questions", "people/office_holders").out
    assert shown.startswith("Who holds which office, and in which body?\nname      people/office_holders\n")
    assert "\n--set     country=… (kz:Country" in shown


def test_ask_shows_the_question_that_it_took(run: Run) -> None:
    asked = run("ask", "what did Quill say?", "--graph", GRAPH)
    assert (asked.code, asked.err) == (0, "")
    assert asked.out.startswith("Who is quoted, and with which words?\nkzai-graph query sources/quotes --set ")
    assert "Every quay" in asked.out
    in_words = run("ask", "what", "did", "Quill", "say", "--graph", GRAPH, "--format", "csv")
    assert in_words.out.startswith("who,words,document,begin\n")
    assert "kzai-graph query sources/quotes --set 'speaker=Ada Quill'" in in_words.err


def test_ask_answers_yes_and_no(run: Run) -> None:
    graph = CASES / "queries" / "is_adopted" / "data.ttl"
    yes, no = (run("ask", f"Has the {act} been adopted?", "--graph", graph) for act in ("Harbour Act", "Tide Act"))
    assert (yes.code, yes.out.splitlines()[-1], no.code, no.out.splitlines()[-1]) == (0, "yes", 1, "no")


def test_ask_says_when_no_question_fits(run: Run) -> None:
    refused = run("ask", "who heads the Ministry of Snow?", "--graph", GRAPH)
    assert refused.code == 1
    assert refused.out.startswith("no question fits; neither the questions nor the graph know: Snow\nnearest: ")
    assert (
        run("ask", "why?", "--graph", GRAPH).out == "no question fits; neither the questions nor the graph know: why\n"
    )


@pytest.mark.parametrize(("pattern", "code", "answer"), [("?s a kz:Quote", 0, "yes"), ("?s a kz:Planet", 1, "no")])
def test_yes_or_no_is_the_exit_code(run: Run, tmp_path: Path, pattern: str, code: int, answer: str) -> None:
    query = tmp_path / "ask.rq"
    query.write_text(f"PREFIX kz: <https://w3id.org/kzai/ontology#> ASK {{ {pattern} }}", encoding="utf-8")
    found = run("query", query, "--graph", GRAPH)
    assert (found.code, found.out.strip()) == (code, answer)


def test_check_passes_and_fails(run: Run, tmp_path: Path) -> None:
    passed = run("check", "--graph", GRAPH)
    assert (passed.code, passed.err) == (0, "")
    assert passed.out.endswith("checks: nothing found\n")
    failed = run("check", "--graph", CASES / "shapes" / "quote_without_speaker.ttl", "--format", "json")
    assert failed.code == 1
    report = json.loads(failed.out)
    assert report["conforms"] is False
    assert report["faults"][0]["problem"] == "A quote has one speaker, an entity."


def test_value_of_no_such_type_is_a_finding_and_no_noise(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = GRAPH.read_text(encoding="utf-8").replace('kz:date "2031-05-03"', 'kz:date "2031-13-43"')
    found = run("check", "--graph", write(tmp_path / "graph.ttl", text))
    assert (found.code, found.err, caplog.records) == (1, "", [])
    assert "kz:date 2031-13-43" in found.out


def test_explain_shows_where_a_fact_comes_from(run: Run) -> None:
    shown = run("explain", "Open Quay", "--graph", GRAPH, "--texts", CASES)
    assert shown.code == 0
    assert "harbour.txt:3, characters 24 to 93, read by kzlex:launched-launch at “launched” (0.9)" in shown.out
    as_json = run("explain", "statement-1", "--graph", GRAPH, "--format", "json")
    assert json.loads(as_json.out)["relation"] == "launched"


def test_diff_says_what_changed_and_exits_with_one(run: Run, tmp_path: Path) -> None:
    same = run("diff", GRAPH, GRAPH)
    assert (same.code, same.out, same.err) == (0, "no difference\n", "")
    text = GRAPH.read_text(encoding="utf-8").replace("kz:modality kz:Planned", "kz:modality kz:Negated")
    other = write(tmp_path / "other.ttl", text)
    table = run("diff", GRAPH, other)
    assert (table.code, table.err) == (1, "")
    assert "Ada Quill | published | Tide Report" in table.out
    assert table.out.endswith("statements: 1 changed; observations: 1 changed\n")
    assert run("diff", GRAPH, other, "--format", "md").out.startswith("## harbour.txt\n")
    assert json.loads(run("diff", GRAPH, other, "--format", "json").out)["differ"] is True


def review(run: Run, monkeypatch: pytest.MonkeyPatch, typed: str, *arguments: object) -> Outcome:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return run("review", "--graph", GRAPH, *arguments)


def test_review_writes_each_answer_at_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.ttl"
    first = review(run, monkeypatch, "accept\nreject\n", "--corrections", file, "--reviewer", "Ida Sand")
    assert (first.code, first.err) == (0, "")
    assert "1 of 5   harbour.txt" in first.out
    assert first.out.endswith(
        f"accepted 1, rejected 1, fixed 0, skipped 0; 3 left to judge; {file} holds what was judged, "
        "and the next build applies it\n"
    )
    assert file.read_text(encoding="utf-8").count("prov:wasAttributedTo kzid:reviewer-ida-sand") == 2
    again = review(run, monkeypatch, "", "--corrections", file, "--reviewer", "Ida Sand")
    assert "1 of 3   harbour.txt" in again.out
    assert again.out.endswith("accepted 0, rejected 0, fixed 0, skipped 0; 3 left to judge\n")


def test_review_writes_beside_the_texts_and_asks_for_a_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds").mkdir()
    monkeypatch.setenv("USER", "ida")
    review(run, monkeypatch, "a\nq\n")
    assert "kzid:reviewer-ida" in (tmp_path / "seeds" / "corrections.ttl").read_text(encoding="utf-8")
    monkeypatch.setenv("USER", " ")
    nobody = review(run, monkeypatch, "a\n")
    assert (nobody.code, nobody.out) == (2, "")
    assert "give yours with --reviewer" in nobody.err


def test_broken_corrections_stop_a_build_and_leave_the_graph(run: Run, tmp_path: Path) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    for folder in (texts, out):
        folder.mkdir()
    write(texts / "a.txt", "The Ministry of Ports launched the Open Quay programme.")
    write(out / "graph.ttl", "mine")
    file = write(
        texts / "corrections.ttl", "@prefix kz: <https://w3id.org/kzai/ontology#> .\n\n<x:correction-1> a kz:Merger ."
    )
    stopped = run("build", texts, "--out", out)
    assert stopped.code == 2
    assert stopped.err.startswith(f"{PROGRAM}: {file}:3: x:correction-1: ")
    assert stopped.err.count("\n") == 1
    assert (out / "graph.ttl").read_text() == "mine"
    assert run("build", texts, "--out", out, "--corrections", write(tmp_path / "none.ttl", "")).code == 0


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "harbour.txt.gold.yaml").write_text(GOLD, encoding="utf-8")
    return folder


def test_evaluate_prints_scores_and_what_was_asked_for(run: Run, gold: Path) -> None:
    plain = run("evaluate", gold, "--graph", GRAPH, "--texts", CASES)
    assert plain.code == 0
    lines = plain.out.splitlines()
    assert lines[2].startswith("facts         P 0.200  R 0.500")
    assert "qualifiers 1/1 right" in lines[5]
    assert len(lines) == 7
    extras = ("--errors", "--per-document", "--why", "--by-frame")
    full = run("evaluate", gold, "--graph", GRAPH, "--texts", CASES, *extras).out
    assert full.startswith(plain.out)
    assert "harbour.txt\tfact-\tministry | adopted | act [Asserted]" in full
    assert "in different sentences" in full
    assert "launched-launch" in full


def test_evaluate_as_json(run: Run, gold: Path) -> None:
    bare = json.loads(run("evaluate", gold, "--graph", GRAPH, "--json").out)
    assert bare["facts"] == {"p": 0.2, "r": 0.5, "f1": 0.286, "tp": 1, "fp": 4, "fn": 1}
    assert not {"errors", "misses", "frames", "documents"} & bare.keys()
    extras = ("--errors", "--per-document", "--why", "--by-frame")
    full = json.loads(run("evaluate", gold, "--graph", GRAPH, "--json", *extras).out)
    assert full["documents"]["harbour.txt"]["facts"] == bare["facts"]
    assert full["misses"][0]["fact"] == "ministry | adopted | act [Asserted]"
    assert {"errors", "frames"} <= full.keys()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def broken_ontology(folder: Path, text: str) -> Path:
    folder.mkdir()
    for path in (REPOSITORY / "ontology").glob("*.ttl"):
        write(folder / path.name, path.read_text(encoding="utf-8"))
    write(folder / "more.ttl", "@prefix kz: <https://w3id.org/kzai/ontology#> .\n" + text)
    return folder


SELECT = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s"
BAD: dict[str, tuple[Callable[[Path], list[object]], str]] = {
    "no such command": (lambda t: ["frobnicate"], "frobnicate"),
    "no such option": (lambda t: ["check", "--frobnicate"], "--frobnicate"),
    "argument missing": (lambda t: ["explain"], "explain: say what, an entity or a statement; or --coverage"),
    "coverage of no text": (
        lambda t: ["explain", "--coverage", "none.txt"],
        "none.txt: there is no such file or folder",
    ),
    "graph missing": (lambda t: ["check"], "out/graph.ttl: no such graph"),
    "graph missing for query": (lambda t: ["query", PLANNED, "--graph", "none.ttl"], "none.ttl: no such graph"),
    "graph broken": (lambda t: ["query", PLANNED, "--graph", write(t / "g.ttl", "<a> <b")], "g.ttl:1: cannot be read"),
    "graph broken for check": (lambda t: ["check", "--graph", write(t / "g.ttl", "<a> <b")], "g.ttl:1: cannot be read"),
    "graph of unknown kind": (lambda t: ["check", "--graph", write(t / "g.txt", "")], "g.txt: no graph file"),
    "graph is no store": (lambda t: ["explain", "Quill", "--graph", t], "cannot be read as a graph"),
    "query missing": (lambda t: ["query", "none.rq", "--graph", GRAPH], "none.rq: no such file or question"),
    "graph missing for ask": (lambda t: ["ask", "who?", "--graph", "none.ttl"], "none.ttl: no such graph"),
    "question misspelt": (lambda t: ["query", "people/ofice_holders"], "nearest: people/office_holders"),
    "no question with such a word": (lambda t: ["questions", "zebra"], "zebra: no question has such a word"),
    "name of no IRI": (lambda t: ["query", "quotes", "--graph", GRAPH, "--set", "speaker=<a b>"], "is no IRI"),
    "query broken": (lambda t: ["query", write(t / "q.rq", "SELECT ?s WHERE {"), "--graph", GRAPH], "q.rq:1:"),
    "query that writes": (lambda t: ["query", write(t / "q.rq", "CLEAR ALL"), "--graph", GRAPH], "updates are refused"),
    "query parameter unknown": (lambda t: ["query", PLANNED, "--graph", GRAPH, "--set", "x=1"], "no such parameter"),
    "setting without a value": (lambda t: ["query", PLANNED, "--graph", GRAPH, "--set", "x"], "no name and value"),
    "format unknown": (lambda t: ["query", PLANNED, "--graph", GRAPH, "--format", "docx"], "docx"),
    "format that does not fit": (
        lambda t: ["query", write(t / "q.rq", SELECT), "--graph", GRAPH, "--format", "ttl"],
        "format ttl",
    ),
    "ontology missing": (lambda t: ["check", "--graph", GRAPH, "--ontology", "none"], "none: no ontology files"),
    "ontology broken": (
        lambda t: ["check", "--graph", GRAPH, "--ontology", broken_ontology(t / "o", "kz:x a")],
        "more.ttl:2",
    ),
    "ontology with unknown term": (
        lambda t: [
            "evaluate",
            t,
            "--ontology",
            broken_ontology(t / "o", "kz:n a kz:NounEntry ; kz:lemma 'x' ; kz:denotes kz:Planet ."),
        ],
        "unknown class",
    ),
    "graph missing for diff": (lambda t: ["diff", GRAPH, "none.ttl"], "none.ttl: no such graph"),
    "texts missing for review": (lambda t: ["review", "--reviewer", "Ida", "--texts", "none"], "none: no such folder"),
    "no texts for review": (lambda t: ["review", "--reviewer", "Ida", "--graph", GRAPH], "name it with --texts"),
    "corrections missing": (
        lambda t: ["build", CASES / "harbour.txt", "--corrections", "none.ttl"],
        "none.ttl: cannot",
    ),
    "entity unknown": (lambda t: ["explain", "Quil", "--graph", GRAPH], "nearest: Quill, Ada Quill"),
    "texts missing": (lambda t: ["explain", "Quill", "--graph", GRAPH, "--texts", "none"], "none: no such folder"),
    "gold missing": (lambda t: ["evaluate", "none", "--graph", GRAPH], "none: no *.gold.yaml here"),
    "gold broken": (
        lambda t: ["evaluate", write(t / "a.gold.yaml", "document: [").parent, "--graph", GRAPH],
        "a.gold.yaml",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, tmp_path: Path, case: str) -> None:
    arguments, message = BAD[case]
    outcome = run(*arguments(tmp_path))
    assert outcome.code == 2, outcome.out
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith(f"{PROGRAM}: ")
    assert message in outcome.err


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], {"spacy", "rdflib", "pyshacl", "networkx", "pyvis", "pyoxigraph", "yaml"}),
        (["query", str(PLANNED), "--graph", str(GRAPH)], {"spacy", "rdflib", "pyshacl", "networkx", "pyvis", "yaml"}),
        (["ask", "what did Quill say?", "--graph", str(GRAPH)], {"spacy", "rdflib", "pyshacl", "networkx", "yaml"}),
        (["explain", "Ada Quill", "--graph", str(GRAPH)], {"spacy", "rdflib", "pyshacl", "networkx", "pyvis"}),
        (["diff", str(GRAPH), str(GRAPH)], {"spacy", "rdflib", "pyshacl", "networkx", "pyvis", "yaml"}),
        (
            ["review", "--graph", str(GRAPH), "--corrections", "c.ttl", "--reviewer", "Ida"],
            {"spacy", "rdflib", "pyshacl", "networkx", "pyvis"},
        ),
        (["check", "--graph", str(GRAPH)], {"spacy", "networkx", "pyvis"}),
        (["evaluate", str(REPOSITORY / "tests" / "gold"), "--graph", str(GRAPH)], {"spacy", "rdflib", "networkx"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_command_loads_only_what_it_needs(arguments: list[str], heavy: set[str], tmp_path: Path) -> None:
    code = (
        "import sys; from kzai_graph.cli import main; code = main(); "
        "print(*sorted(m for m in sys.modules if '.' not in m), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], input="", capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split())
    assert "kzai_graph" in loaded
    assert not loaded & heavy


def test_output_to_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m kzai_graph query {PLANNED} --graph {GRAPH} --format json | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, cwd=tmp_path, check=False)
    assert done.stderr == b""
    assert done.stdout == b"{"
