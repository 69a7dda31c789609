"""Reach a SPARQL store over HTTP: whole named graphs, by the Graph Store Protocol or by SPARQL Update."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import Protocol

import httpx
import pyoxigraph as ox

from kzai_graph.errors import InputError, PublishError

ATTEMPTS = 4
FIRST_WAIT_S = 0.5
EXAMPLE = "http://localhost:7878/store"
LOGIN = "give it with --user, and the password in KZAI_PASSWORD"
TRIPLES = {"Accept": "application/n-triples"}


class Endpoint(Protocol):
    """Named graphs of a store; each call that writes may be repeated without harm."""

    def read(self, graph: ox.NamedNode) -> list[ox.Triple]:
        """All triples of a graph; none where there is no such graph."""

    def replace(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        """Put triples in place of all that the graph has, in one request."""

    def add(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        """Add triples to a graph."""

    def drop(self, graph: ox.NamedNode) -> None:
        """Remove a graph, if it is there."""


class GraphStore:
    """A store by the SPARQL 1.1 Graph Store HTTP Protocol, with indirect graph identification."""

    def __init__(self, connection: Connection, url: str) -> None:
        self._connection = connection
        self._url = url

    def read(self, graph: ox.NamedNode) -> list[ox.Triple]:
        response = self._send("GET", graph, headers=TRIPLES, missing=True)
        return [] if response.status_code == httpx.codes.NOT_FOUND else _parse(response)

    def replace(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        self._write("PUT", graph, triples)

    def add(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        self._write("POST", graph, triples)

    def drop(self, graph: ox.NamedNode) -> None:
        self._send("DELETE", graph, missing=True)

    def _write(self, method: str, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        # N-Triples are Turtle, and every store takes Turtle.
        self._send(method, graph, headers={"Content-Type": "text/turtle; charset=utf-8"}, content=_lines(triples))

    def _send(
        self,
        method: str,
        graph: ox.NamedNode,
        *,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        missing: bool = False,
    ) -> httpx.Response:
        address = httpx.URL(self._url).copy_merge_params({"graph": graph.value})
        request = httpx.Request(method, address, headers=headers, content=content)
        return self._connection.send(request, missing=missing)


class Updates:
    """A store by SPARQL 1.1 Update, asked at ``query_url``; an operation inserts ``batch`` triples at most."""

    def __init__(self, connection: Connection, url: str, query_url: str, *, batch: int) -> None:
        self._connection = connection
        self._url = url
        self._query_url = query_url
        self._batch = batch

    def read(self, graph: ox.NamedNode) -> list[ox.Triple]:
        """All triples of a graph.

        Raises:
            PublishError: the store fails, or its limit cuts the answer.
        """
        where = f"WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        found = _parse(self._ask(f"CONSTRUCT {{ ?s ?p ?o }} {where}", TRIPLES))
        counted = self._ask(f"SELECT (COUNT(*) AS ?n) {where}", {"Accept": "application/sparql-results+json"})
        try:
            total = int(counted.json()["results"]["bindings"][0]["n"]["value"])
        except (ValueError, LookupError, TypeError) as error:
            raise PublishError(f"{self._query_url}: answers no query; say where it does with --query") from error
        if len(found) < total:
            raise PublishError(f"{self._query_url}: answers {len(found)} of {total} triples; raise its limit of rows")
        return found

    def replace(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        inserts = [
            _insert(graph, triples[start : start + self._batch]) for start in range(0, len(triples), self._batch)
        ]
        self._update(f"DROP SILENT GRAPH {graph}", *inserts)

    def add(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        self._update(_insert(graph, triples))

    def drop(self, graph: ox.NamedNode) -> None:
        self._update(f"DROP SILENT GRAPH {graph}")

    def _ask(self, query: str, accept: dict[str, str]) -> httpx.Response:
        return self._connection.send(httpx.Request("POST", self._query_url, headers=accept, data={"query": query}))

    def _update(self, *operations: str) -> None:
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        content = " ;\n".join(operations).encode("utf-8")
        self._connection.send(httpx.Request("POST", self._url, headers=headers, content=content))


class Connection:
    """Sends requests; tries again a few times where the store is busy or does not answer in time."""

    def __init__(self, *, user: str | None, password: str | None, timeout_s: float) -> None:
        auth = None if user is None else _Answering(user, password or "")
        self._client = httpx.Client(auth=auth, timeout=timeout_s)

    def close(self) -> None:
        self._client.close()

    def send(self, request: httpx.Request, *, missing: bool = False) -> httpx.Response:
        """Send a request that may be repeated; ``missing`` allows the answer 404.

        Raises:
            PublishError: the store cannot be reached or refuses.
        """
        where = request.url.copy_with(query=None)
        problem = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(FIRST_WAIT_S * 2 ** (attempt - 1))
            try:
                response = self._client.send(request)
            except httpx.TimeoutException:
                problem = "gives no answer in time; give it longer with --timeout, or smaller parts with --batch"
            except httpx.RequestError as error:
                problem = f"cannot be reached ({error}); is the store running there?"
            else:
                if response.is_success or (missing and response.status_code == httpx.codes.NOT_FOUND):
                    return response
                problem = _complaint(response)
                if not response.is_server_error:
                    break
        raise PublishError(f"{where}: {problem}")


class _Answering(httpx.Auth):
    """Answers the challenge of a store, digest where it asks for digest, else basic; says nothing unasked."""

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            asked = [value.lower() for value in response.headers.get_list("www-authenticate")]
            self._chosen = self._digest if any(value.startswith("digest") for value in asked) else self._basic
        yield from self._chosen.auth_flow(request)


def require_address(url: str, *, example: str = EXAMPLE, login: str = LOGIN) -> None:
    """Refuse what is no address of a store; ``example`` is one, and ``login`` says where a user's name goes.

    Raises:
        InputError: it is no http address, or holds a password.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InputError(f"{url!r}: no address ({error}); write one like {example}") from error
    if parsed.userinfo:
        raise InputError(f"the address holds a user's name; {login}")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InputError(f"{url}: no http address; write one like {example}")


def _lines(triples: Sequence[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _insert(graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> str:
    return f"INSERT DATA {{ GRAPH {graph} {{\n{_lines(triples).decode('utf-8')}}} }}"


def _parse(response: httpx.Response) -> list[ox.Triple]:
    try:
        parsed = ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)
        return [quad.triple for quad in parsed]
    except (SyntaxError, ValueError) as error:
        raise PublishError(f"{response.url}: answers no N-Triples ({error}); is it the address of a store?") from error


def _complaint(response: httpx.Response) -> str:
    said = f"{response.status_code} {response.reason_phrase}".strip()
    if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return f"does not let us in ({said}); give --user, and the password in KZAI_PASSWORD"
    if response.is_redirect:
        return f"sends elsewhere ({said}); give the address {response.headers.get('location', '')} if you trust it"
    body = " ".join(response.text.split())[:200]
    return f"does not take it ({said}{': ' + body if body else ''}); see docs/publishing.md for addresses"
