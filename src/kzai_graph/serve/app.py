"""The routes of the server: endpoint, graphs, descriptions, entities, query page, the pages of the graph."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

import anyio
import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kzai_graph.errors import KzaiError, QueryError, QueryLimitError, QueryRefusedError
from kzai_graph.inquiry import Graph
from kzai_graph.serve.data import Limits, ServedData
from kzai_graph.serve.described import describe_dataset, describe_node, describe_service
from kzai_graph.serve.media import GRAPHS, HTML, NotAcceptableError, choose, write_quads, write_rows
from kzai_graph.serve.page import QueryPage
from kzai_graph.serve.protocol import RequestError, graph_name, read_query_request
from kzai_graph.serve.things import thing_page
from kzai_graph.sparql import Answer

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
RETRY_S = 1
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}
# A page of the graph carries its own policy of hashes; what a page cannot say of itself, and no policy, is added here.
PAGE_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'"
Handler = Callable[[Request], Awaitable[Response]]


def create_app(
    data: ServedData, *, address: str, limits: Limits | None = None, origins: Sequence[str] = ()
) -> Starlette:
    """Make the ASGI application for a graph that is open; ``address`` is where it will be found, with a last slash.

    On loopback, requests that name another host are refused, so that no page elsewhere can ask by way of a
    name that it points here.
    """
    server = _Server(data, address, limits or Limits())
    page = QueryPage(data)
    reading = ["GET", "HEAD"]
    routes = [
        Route("/", lambda request: RedirectResponse("/index.html", 303), methods=reading),
        Route("/sparql", server.endpoint, methods=[*reading, "POST"]),
        Route("/graphs", server.graph, methods=reading),
        Route("/void", server.dataset, methods=reading),
        Route("/.well-known/void", lambda request: RedirectResponse("/void", 303), methods=reading),
        Route("/entity/{name:path}", server.entity, methods=reading),
        Route("/query", page.page, methods=reading),
        Route("/query/questions.json", page.questions, methods=reading),
        Route("/query/terms.json", page.terms, methods=reading),
        *(Mount(f"/query/{name}", StaticFiles(directory=folder)) for name, folder in page.libraries().items()),
    ]
    host = urlsplit(address).hostname or ""
    middleware = [Middleware(_Headers)]
    if _is_loopback(host):
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK_NAMES, host]))
    if origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(origins),
                allow_methods=["GET", "POST"],
                allow_headers=["*"],
                expose_headers=["X-Truncated", "Retry-After"],
            )
        )
    failures: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {KzaiError: _say}
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=failures)
    # No route of its own: it would answer for a route that knows the path and not the method.
    app.router.default = StaticFiles(directory=data.pages)
    return app


class _Server:
    """Answers from the store; each query in a process of its own, and only so many at once."""

    def __init__(self, data: ServedData, address: str, limits: Limits) -> None:
        self.data, self.address, self.limits = data, address, limits
        self.running = 0

    @property
    def endpoint_iri(self) -> str:
        return self.address + "sparql"

    async def endpoint(self, request: Request) -> Response:
        asked = await read_query_request(request)
        accept = request.headers.get("accept")
        if asked is None:
            if choose(accept, [HTML, *GRAPHS]) == HTML and HTML in (accept or ""):
                return RedirectResponse("/query", 303)
            return _rdf(describe_service(self.data.store, self.endpoint_iri, self.address), accept)
        if self.running >= self.limits.max_queries:
            raise RequestError(503, f"{self.running} queries are running, as many as may at once; ask again soon")
        self.running += 1
        try:
            answer = await anyio.to_thread.run_sync(
                partial(
                    Graph(self.data.folder).query,
                    asked.query,
                    parameters=asked.parameters,
                    dataset=asked.dataset,
                    timeout_s=self.limits.timeout_s,
                    max_rows=self.limits.max_rows,
                )
            )
        finally:
            self.running -= 1
        return _answer(answer, accept)

    async def graph(self, request: Request) -> Response:
        name = graph_name(request)
        graph = ox.DefaultGraph() if name is None else _named(name)
        if name is not None and not self.data.store.contains_named_graph(graph):
            raise RequestError(404, f"no graph {name} here; SELECT DISTINCT ?g {{ GRAPH ?g {{}} }} lists them")
        quads = self.data.store if name is None else self.data.store.quads_for_pattern(None, None, None, graph)
        triples = {ox.Quad(q.subject, q.predicate, q.object) for q in quads}
        return _rdf(list(triples), request.headers.get("accept"))

    async def dataset(self, request: Request) -> Response:
        quads = describe_dataset(self.data.store, self.endpoint_iri, self.address)
        return _rdf(quads, request.headers.get("accept"))

    async def entity(self, request: Request) -> Response:
        """A thing by its IRI after the base, or the last part of it: on the pages or on one of its own, or as RDF."""
        name = request.path_params["name"]
        node = self.data.find(name)
        if node is None:
            raise RequestError(404, f"no thing {name} in this graph; the page /index.html lists them")
        accept = request.headers.get("accept")
        if choose(accept, [HTML, *GRAPHS]) == HTML:
            if (place := self.data.place(node)) is not None:
                return RedirectResponse(place, 303, headers={"vary": "accept"})
            page = await anyio.to_thread.run_sync(partial(thing_page, self.data, node))
            return HTMLResponse(page, headers={"vary": "accept"})
        return _rdf(describe_node(self.data.store, node), accept)


class _Headers:
    """Adds to every answer what keeps a browser from guessing types, framing, and telling where it was."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith(HTML)
                policy = {"content-security-policy": PAGE_POLICY if is_page else OTHER_POLICY}
                for name, value in (EVERYWHERE | policy).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _answer(answer: Answer, accept: str | None) -> Response:
    text, media = write_rows(answer, accept)
    response = Response(text, media_type=media, headers={"vary": "accept"})
    if answer.truncated:
        response.headers["x-truncated"] = f"rows={len(answer.rows)}"
    return response


def _rdf(quads: Sequence[ox.Quad], accept: str | None) -> Response:
    text, media = write_quads(quads, accept)
    return Response(text, media_type=media, headers={"vary": "accept"})


def _named(name: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(name)
    except ValueError as error:
        raise RequestError(400, f"graph {name}: no absolute IRI") from error


async def _say(request: Request, error: Exception) -> Response:
    """One line of plain text, with the status that fits."""
    headers = {"retry-after": str(RETRY_S)} if _status(error) == 503 else {}
    return PlainTextResponse(f"{' '.join(str(error).split())}\n", _status(error), headers=headers)


def _status(error: Exception) -> int:
    match error:
        case RequestError():
            return error.status
        case NotAcceptableError():
            return 406
        case QueryRefusedError():
            return 403
        case QueryLimitError():
            return 504
        case QueryError():
            return 400
    return 500


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
