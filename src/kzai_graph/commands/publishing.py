"""``publish``: the graph into a store elsewhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from kzai_graph.commands.options import DEFAULT_GRAPH, GraphOption, InferredOption, OntologyOption

app = typer.Typer()


class PublishProtocol(StrEnum):
    """How ``publish`` speaks to a store."""

    GSP = "gsp"
    UPDATE = "update"


@app.command(epilog="Example: kzai-graph publish http://localhost:7878/store --graph out/graph.ttl")
def publish(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the store takes graphs, or updates.")],
    graph: GraphOption = DEFAULT_GRAPH,
    protocol: Annotated[
        PublishProtocol, typer.Option(help="Graph Store Protocol, or SPARQL Update.")
    ] = PublishProtocol.GSP,
    query_url: Annotated[
        str | None, typer.Option("--query", metavar="URL", help="Where it takes queries, if not at URL (update only).")
    ] = None,
    batch: Annotated[int, typer.Option(min=1, help="Triples in one request at most.")] = 1000,
    user: Annotated[str | None, typer.Option(envvar="KZAI_USER", help="Who writes, where the store asks.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="KZAI_PASSWORD", help="Better given in the environment.", show_default=False)
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for each request.")] = 60.0,
    with_inferred: InferredOption = False,
    ontology: OntologyOption = None,
) -> None:
    """Load the graph into a SPARQL store: what changed since the last time, in batches; run it again to resume."""
    from kzai_graph.document_graphs import with_document_graphs
    from kzai_graph.endpoints import Connection, Endpoint, GraphStore, Updates, require_address
    from kzai_graph.inquiry import Graph
    from kzai_graph.progress import show_progress
    from kzai_graph.publishing import publish as publish_graph

    for address in filter(None, (url, query_url)):
        require_address(address)
    opened = Graph(graph)
    quads = list(opened.quads())
    if with_inferred:
        quads = [*with_document_graphs(quads), *opened.inferred(ontology)]
    connection = Connection(user=user, password=password, timeout_s=timeout)
    endpoint: Endpoint = (
        GraphStore(connection, url)
        if protocol is PublishProtocol.GSP
        else Updates(connection, url, query_url or url, batch=batch)
    )
    try:
        with show_progress("publishing") as progress:
            report = publish_graph(quads, endpoint, batch=batch, progress=progress)
    finally:
        connection.close()
    print(
        f"published {report.written} graphs ({report.triples} triples) to {url}; "
        f"{report.unchanged} unchanged, {report.removed} removed"
    )
