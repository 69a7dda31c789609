"""``serve``: the graph over HTTP."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from kzai_graph.commands.options import LocalGraphOption, TextsOption, local_graph, require_folder
from kzai_graph.errors import InputError

app = typer.Typer()


@app.command(epilog="Example: kzai-graph serve --graph out/graph.ttl --port 7878")
def serve(
    graph: LocalGraphOption = None,
    texts: TextsOption = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 7878,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for each query.")] = 30.0,
    max_rows: Annotated[int, typer.Option(min=1, help="Rows at most for each query.")] = 100_000,
    max_queries: Annotated[int, typer.Option(min=1, help="Queries that may run at once.")] = 4,
    cors: Annotated[
        list[str] | None, typer.Option("--cors", metavar="ORIGIN", help="A web origin whose pages may ask.")
    ] = None,
) -> None:
    """Serve the graph: SPARQL endpoint, query page and the pages, read-only, on this machine alone by default."""
    try:
        from kzai_graph.serve import Limits
        from kzai_graph.serve import serve as serve_graph
    except ModuleNotFoundError as error:
        raise InputError(f"serve needs the package {error.name}; pip install 'kzai-graph[serve]'") from error

    def started(address: str) -> None:
        print(f"serving {path} at {address} (endpoint {address}sparql, query page {address}query); Ctrl+C ends it")
        sys.stdout.flush()

    path = local_graph(graph)
    require_folder(texts)
    folders = [texts] if texts else [Path(), Path("seeds")]
    limits = Limits(timeout, max_rows, max_queries)
    with suppress(KeyboardInterrupt):  # how a server ends
        serve_graph(path, texts=folders, host=host, port=port, limits=limits, origins=cors or (), started=started)
