"""Read requests of the SPARQL 1.1 Protocol and of the Graph Store HTTP Protocol, and refuse what they do not allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox
from starlette.datastructures import QueryParams
from starlette.requests import Request

from kzai_graph.errors import KzaiError
from kzai_graph.sparql import Dataset

QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
MAX_REQUEST_BYTES = 1_000_000
READ_ONLY = "this endpoint is read-only; ask with SELECT, ASK, CONSTRUCT or DESCRIBE"


class RequestError(KzaiError):
    """A request cannot be answered; ``status`` is the HTTP status that says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query with the dataset that the protocol gives it, and the values of its ``$`` parameters by name."""

    query: str
    dataset: Dataset | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


async def read_query_request(request: Request) -> QueryRequest | None:
    """Read a query operation; ``None`` for a GET that brings no query.

    Beyond the protocol, a request parameter whose name begins with ``$`` gives a parameter of a question.

    Raises:
        RequestError: it is an update, of a wrong media type, too long, or does not bring one query.
    """
    if request.method in ("GET", "HEAD"):
        if not request.query_params:
            return None
        return _from_parameters(request.query_params)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == UPDATE_TYPE:
        raise RequestError(403, READ_ONLY)
    if media not in (QUERY_TYPE, FORM_TYPE):
        raise RequestError(415, f"Content-Type {media or '(none)'}: send {QUERY_TYPE} or {FORM_TYPE}")
    text = await _body(request)
    if media == QUERY_TYPE:
        return _from_parameters(request.query_params, query=text)
    return _from_parameters(QueryParams([*request.query_params.multi_items(), *QueryParams(text).multi_items()]))


def graph_name(request: Request) -> str | None:
    """The graph that a Graph Store read names; ``None`` is the default graph.

    Raises:
        RequestError: not exactly one graph is named.
    """
    names = request.query_params.getlist("graph")
    if "default" in request.query_params and not names:
        return None
    if len(names) != 1 or "default" in request.query_params:
        raise RequestError(400, "name one graph: ?default, or ?graph=IRI")
    return names[0]


def _from_parameters(given: QueryParams, *, query: str | None = None) -> QueryRequest:
    if "update" in given or "using-graph-uri" in given or "using-named-graph-uri" in given:
        raise RequestError(403, READ_ONLY)
    queries = given.getlist("query") if query is None else [query, *given.getlist("query")]
    if len(queries) != 1:
        raise RequestError(400, f"{len(queries)} queries in the request; send one as the parameter query")
    default, named = _iris(given, "default-graph-uri"), _iris(given, "named-graph-uri")
    return QueryRequest(
        queries[0],
        Dataset(default, named) if default or named else None,
        {name[1:]: value for name, value in given.multi_items() if name.startswith("$")},
    )


def _iris(given: QueryParams, name: str) -> tuple[str, ...]:
    for iri in given.getlist(name):
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise RequestError(400, f"{name} {iri}: no absolute IRI") from error
    return tuple(given.getlist(name))


async def _body(request: Request) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BYTES:
            raise RequestError(413, f"the request is longer than {MAX_REQUEST_BYTES} bytes; shorten the query")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"the request is no UTF-8 text (byte {error.start})") from error
