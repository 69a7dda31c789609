"""``add`` and ``remove``: documents come to a build and go from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kzai_graph.commands.options import DaskOption, LimitOption, WorkersOption

if TYPE_CHECKING:
    from kzai_graph.extracting import Progress
    from kzai_graph.tally import BuildReport

OutOption = Annotated[Path, typer.Option(help="Folder of the build.")]

app = typer.Typer()


@app.command(epilog="Example: kzai-graph add report.html more-texts --out my-graph")
def add(
    texts: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files and folders to read.")],
    out: OutOption = Path("out"),
    workers: WorkersOption = 1,
    dask: DaskOption = None,
    limit: LimitOption = None,
) -> None:
    """Add documents to a build; a document that it has and that changed is read anew."""
    from kzai_graph.increments import add as add_texts
    from kzai_graph.limits import parse_limits

    limits = parse_limits(limit or ())
    _show(lambda progress: add_texts(texts, out=out, workers=workers, limits=limits, dask=dask, progress=progress))


@app.command(epilog="Example: kzai-graph remove report.html --out my-graph")
def remove(
    documents: Annotated[list[str], typer.Argument(metavar="DOCUMENT…", help="Their names in the graph, or files.")],
    out: OutOption = Path("out"),
    workers: WorkersOption = 1,
) -> None:
    """Take documents out of a build, with all that only they say."""
    from kzai_graph.increments import remove as remove_documents

    _show(lambda progress: remove_documents(documents, out=out, workers=workers, progress=progress))


def _show(change: Callable[[Progress], BuildReport]) -> None:
    """Make a change with its progress on the terminal, and say what the build holds now."""
    from kzai_graph.console import build_summary
    from kzai_graph.progress import show_progress

    with show_progress("reading") as progress:
        report = change(progress)
    for line in build_summary(report):
        print(line)
