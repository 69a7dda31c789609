"""Options that several commands take, and the formats that they write."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kzai_graph.errors import InputError

if TYPE_CHECKING:
    from kzai_graph.inquiry import Graph
    from kzai_graph.remote import RemoteGraph

DEFAULT_GRAPH = Path("out/graph.ttl")
DEFAULT_STORE = Path("out/store")

GraphOption = Annotated[Path, typer.Option("--graph", help="Graph file (.ttl, .nt, .trig, .nq …) or store folder.")]
LocalGraphOption = Annotated[
    str | None,
    typer.Option("--graph", help="Graph file (.ttl, .nt, .trig, .nq …) or store folder; out/store, or out/graph.ttl."),
]
AskedGraphOption = Annotated[
    str | None,
    typer.Option("--graph", help="The same, or the http address of a SPARQL endpoint; out/store, or out/graph.ttl."),
]
OntologyOption = Annotated[Path | None, typer.Option("--ontology", help="Ontology folder instead of the shipped one.")]
InferredOption = Annotated[
    bool, typer.Option("--with-inferred", help="With what rules infer, in a named graph for each rule.")
]
CorrectionsOption = Annotated[
    Path | None, typer.Option("--corrections", help="File of corrections; corrections.ttl beside the texts.")
]
TextsOption = Annotated[Path | None, typer.Option("--texts", help="Folder of the texts that the graph was built from.")]

LimitOption = Annotated[
    list[str] | None,
    typer.Option("--limit", metavar="NAME=N", help="Read more of one document: bytes, characters, passages, pages."),
]
WorkersOption = Annotated[int, typer.Option(min=1, help="Processes that read texts.")]
DaskOption = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Read on a Dask cluster: its scheduler, tcp://HOST:PORT.")
]

RecordsOption = Annotated[
    str | None,
    typer.Option(metavar="PLACE", help="Keep records elsewhere: a folder that all have, or s3://… by fsspec."),
]


class ReportFormat(StrEnum):
    """How ``check`` and ``explain`` show what they found."""

    TEXT = "text"
    JSON = "json"


class ClauseFormat(StrEnum):
    """How ``clauses`` shows what it found."""

    TABLE = "table"
    JSONL = "jsonl"


class DifferenceFormat(StrEnum):
    """How ``diff`` shows what it found."""

    TABLE = "table"
    MD = "md"
    JSON = "json"


class ExportFormat(StrEnum):
    """What ``export`` writes."""

    TTL = "ttl"
    NT = "nt"
    TRIG = "trig"
    NQ = "nq"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    GRAPHML = "graphml"
    GEXF = "gexf"
    CSV = "csv"


class AnswerFormat(StrEnum):
    """How ``query`` shows its answer."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    MD = "md"
    TTL = "ttl"
    NT = "nt"


ModelOption = Annotated[str | None, typer.Option("--model", help="Installed spaCy pipeline for English.")]


def graph_to_ask(given: str | None) -> Graph | RemoteGraph:
    """The graph that was given, or that of the last build.

    Raises:
        GraphError: the store is of a newer program, or cannot be read.
        InputError: what was given is the address of no endpoint.
    """
    from kzai_graph.inquiry import open_graph

    return open_graph(given if given is not None else _last_build())


def local_graph(given: str | None) -> Path:
    """The graph file or store folder that was given, or that of the last build.

    Raises:
        GraphError: the store is of a newer program, or cannot be read.
        InputError: the address of an endpoint was given.
    """
    from kzai_graph.inquiry import is_address

    if given is not None and is_address(given):
        raise InputError(f"{given}: is elsewhere, and this reads a whole graph; give a file or a store, or take query")
    return Path(given) if given is not None else _last_build()


def _last_build() -> Path:
    """The store of ``out``, or its graph file where there is no store, or the file was changed since."""
    from kzai_graph.store import is_built_with

    if not DEFAULT_STORE.is_dir():
        return DEFAULT_GRAPH
    if not DEFAULT_GRAPH.exists() or is_built_with(DEFAULT_STORE, DEFAULT_GRAPH):
        return DEFAULT_STORE
    print(
        f"{DEFAULT_GRAPH}: differs from what {DEFAULT_STORE} was built with, so the file is read; kzai-graph build "
        f"makes both alike, --graph {DEFAULT_STORE} reads the store",
        file=sys.stderr,
    )
    return DEFAULT_GRAPH


def require_folder(texts: Path | None) -> None:
    """Refuse a folder of texts that is not there.

    Raises:
        InputError: there is no such folder.
    """
    if texts is not None and not texts.is_dir():
        raise InputError(f"{texts}: no such folder; give the folder of the texts with --texts")
