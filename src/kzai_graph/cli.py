"""The command line: it puts the commands together, and is what exits."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, cast

import typer

from kzai_graph import __version__
from kzai_graph.commands import increments, learning, measuring, publishing, questioning, revising, serving
from kzai_graph.commands.options import (
    DEFAULT_GRAPH,
    CorrectionsOption,
    DaskOption,
    ExportFormat,
    GraphOption,
    InferredOption,
    LimitOption,
    LocalGraphOption,
    ModelOption,
    OntologyOption,
    RecordsOption,
    ReportFormat,
    TextsOption,
    WorkersOption,
    local_graph,
    require_folder,
)
from kzai_graph.errors import InputError, KzaiError

PROGRAM = "kzai-graph"
COLLECTED_AFTER = (100_000, 50, 100)
"""Values between two collections: commands make a great many and hardly a circle, and each look at all takes long."""
YES, NO, FAILED, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143
# The base of all complaints about the command line itself; newer releases of typer hide its name.
UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])

app = typer.Typer(
    name=PROGRAM,
    help="Read policy texts into a knowledge graph in which every statement leads to its sentence.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: kzai-graph build my-texts report.html --out my-graph --workers 2")
def build(
    texts: Annotated[list[Path] | None, typer.Argument(help="Files and folders; seeds/ where there is one.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for graph.ttl and the pages.")] = Path("out"),
    ontology: OntologyOption = None,
    workers: WorkersOption = 1,
    model: ModelOption = None,
    base_iri: Annotated[str, typer.Option(help="Start of the IRIs of things.")] = "https://w3id.org/kzai/id/",
    corrections: CorrectionsOption = None,
    dask: DaskOption = None,
    records: RecordsOption = None,
    limit: LimitOption = None,
) -> None:
    """Read texts into a graph and its pages, and say what was found."""
    from kzai_graph.building import build as build_graph
    from kzai_graph.console import build_summary
    from kzai_graph.limits import Limits, parse_limits
    from kzai_graph.progress import show_progress

    limits = Limits(**parse_limits(limit or ()))
    if not texts and not Path("seeds").is_dir():
        raise InputError("no texts given, and no folder seeds here; name files or folders to read")
    with show_progress("reading") as progress:
        report = build_graph(
            texts or [Path("seeds")],
            out=out,
            ontology=ontology,
            workers=workers,
            model=model,
            base_iri=base_iri,
            corrections=corrections,
            limits=limits,
            dask=dask,
            records=records,
            progress=progress,
        )
    for line in build_summary(report):
        print(line)


@app.command(epilog="Example: kzai-graph check --graph out/graph.ttl")
def check(
    graph: LocalGraphOption = None,
    ontology: OntologyOption = None,
    texts: TextsOption = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="How to write the report.")] = ReportFormat.TEXT,
    limit: Annotated[int, typer.Option(min=0, help="Findings of one kind to show; 0 shows all.")] = 20,
) -> None:
    """Check a graph against the shapes and with the queries that must find nothing."""
    from kzai_graph.check import check as check_graph
    from kzai_graph.reports import check_json, check_lines

    require_folder(texts)
    report = check_graph(local_graph(graph), ontology=ontology, texts=texts)
    for line in check_json(report) if form is ReportFormat.JSON else check_lines(report, limit=limit):
        print(line)
    if not report.conforms:
        raise typer.Exit(NO)


@app.command(epilog='Example: kzai-graph explain "Ministry of Health" --texts seeds')
def explain(
    wanted: Annotated[
        str | None,
        typer.Argument(
            metavar="ENTITY|STATEMENT", help="IRI, prefixed name, local name or label; with --coverage a text."
        ),
    ] = None,
    graph: GraphOption = DEFAULT_GRAPH,
    texts: TextsOption = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="How to write it.")] = ReportFormat.TEXT,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Read the texts anew: which sentences gave no statement, and why.")
    ] = False,
    with_inferred: InferredOption = False,
    ontology: OntologyOption = None,
    model: ModelOption = None,
    limit: LimitOption = None,
) -> None:
    """Say where a fact comes from: sentence, file and offsets, lexicon entry; or what gave no fact."""
    require_folder(texts)
    if coverage:
        from kzai_graph.building import find_coverage
        from kzai_graph.limits import Limits, parse_limits
        from kzai_graph.reports import coverage_json, coverage_lines

        limits = Limits(**parse_limits(limit or ()))
        read = [Path(wanted) if wanted else texts or Path("seeds")]
        unread = find_coverage(read, ontology=ontology, model=model, limits=limits)
        for line in coverage_json(unread) if form is ReportFormat.JSON else coverage_lines(unread):
            print(line)
        return
    if wanted is None:
        raise InputError("explain: say what, an entity or a statement; or --coverage")
    from kzai_graph.explain import explain as explain_node
    from kzai_graph.reports import explanation_json, explanation_lines

    found = explain_node(graph, wanted, texts=texts, ontology=ontology, with_inferred=with_inferred)
    for line in explanation_json(found) if form is ReportFormat.JSON else explanation_lines(found):
        print(line)


@app.command(epilog="Example: kzai-graph export --format graphml network.graphml --graph out/graph.ttl")
def export(
    file: Annotated[Path, typer.Argument(help="File to write; one that exists is replaced when all is well.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    graph: GraphOption = DEFAULT_GRAPH,
    with_inferred: InferredOption = False,
    ontology: OntologyOption = None,
) -> None:
    """Write the graph for other tools; trig, nq and jsonld hold a named graph for each document."""
    from kzai_graph.export import export_graph
    from kzai_graph.inquiry import Graph

    opened = Graph(graph)
    export_graph(opened.quads(), form, file, inferred=opened.inferred(ontology) if with_inferred else ())
    print(f"wrote {file}")


@app.command(epilog='Example: kzai-graph view --graph out/graph.ttl --focus "Ministry of Health"')
def view(
    graph: GraphOption = DEFAULT_GRAPH,
    focus: Annotated[
        str | None, typer.Option(metavar="ENTITY", help="Open with this entity and its neighbours; IRI or name.")
    ] = None,
    texts: TextsOption = None,
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("out"),
    ontology: OntologyOption = None,
    gold: Annotated[
        Path | None, typer.Option(metavar="GOLD_DIR", help="Gold files to measure it on, for the overview.")
    ] = None,
) -> None:
    """Write the interactive pages of a graph that is built."""
    from kzai_graph.evaluate import evaluate
    from kzai_graph.inquiry import Graph
    from kzai_graph.ontology import load_ontology
    from kzai_graph.outputs import claim, replacing, writing
    from kzai_graph.view import find_texts, write_pages

    require_folder(texts)
    quads = list(Graph(graph).quads())
    found = find_texts(quads, [texts] if texts else [Path(), Path("seeds")])
    knowledge = load_ontology(ontology)
    scores = evaluate(graph, gold, texts, ontology=knowledge) if gold else None
    with claim(out), replacing(out) as folder, writing(out):
        write_pages(quads, folder, focus=focus, texts=found, stages=knowledge.stages, ontology=ontology, scores=scores)
    print(f"wrote {out / 'index.html'}")


app.add_typer(increments.app)
app.add_typer(questioning.app)
app.add_typer(measuring.app)
app.add_typer(learning.app)
app.add_typer(revising.app)
app.add_typer(serving.app)
app.add_typer(publishing.app)


class _Terminated(BaseException):
    """The system asks to end: what is open is closed on the way out."""


def _terminate(number: int, frame: object) -> None:
    raise _Terminated


def main() -> int:
    """Run the command line and return its exit code."""
    gc.set_threshold(*COLLECTED_AFTER)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminate)
    try:
        return _run(lambda: app(prog_name=PROGRAM, standalone_mode=False))
    except BrokenPipeError:
        # The reader of our output left; what Python flushes at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return YES


def _run(command: Callable[[], int | None]) -> int:
    try:
        code = command()
        if code == INTERRUPTED:  # newer releases of typer make a code of it
            raise KeyboardInterrupt
        sys.stdout.flush()
        return code or YES
    except UsageError as error:
        return _fail(f"{error.format_message()} ({PROGRAM} --help lists what there is)")
    except KzaiError as error:
        return _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        print(f"{PROGRAM}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except _Terminated:
        print(f"{PROGRAM}: terminated", file=sys.stderr)
        return TERMINATED


def _fail(message: str) -> int:
    print(f"{PROGRAM}: {' '.join(message.split())}", file=sys.stderr)
    return FAILED
