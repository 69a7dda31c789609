"""A graph at the address of a SPARQL 1.1 endpoint: a query is checked here, answered there, and bounded here again."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, Any

import httpx
import pyoxigraph as ox

from kzai_graph import __version__
from kzai_graph.errors import GraphError, InputError, KzaiError, QueryError, QueryLimitError
from kzai_graph.sparql import MAX_ROWS, QUERY_TIMEOUT_S, Answer, Kind, QuestionCard, prepare_query
from kzai_graph.sparql.formats import printable
from kzai_graph.sparql.results import read_solutions, read_triples
from kzai_graph.sparql.tokens import query_form
from kzai_graph.terms import RDF, RDFS

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MAX_ANSWER_BYTES = 256_000_000
MAX_NAMES = 2_000_000
"""Triples at most that say what things are called."""
AGENT = f"kzai-graph/{__version__}"
MAX_COMPLAINT = 200
"""Bytes of what an endpoint says when it refuses."""
MAX_WAITING = 4
"""Pieces of an answer that wait to be read."""
ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
TRIPLES = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8"
CUT = ("x-truncated", "x-sparql-maxrows")
"""Headers by which kzai-graph and Virtuoso say how many rows they gave of more, ``rows=N`` and ``N``."""


@dataclass(frozen=True, slots=True)
class RemoteGraph:
    """The graph that an endpoint reads where a query names none."""

    url: str

    def query(
        self,
        question: str | Path,
        *,
        parameters: Mapping[str, str] | None = None,
        ontology: Path | None = None,
        with_inferred: bool = False,
        timeout_s: float = QUERY_TIMEOUT_S,
        max_rows: int = MAX_ROWS,
    ) -> Answer:
        """Answer a SPARQL query, given as text or as a file; time counts from when it is sent.

        Raises:
            GraphError: the endpoint cannot be reached, lets nobody in, or is none.
            InputError: the query needs the schema, or what rules infer, which an endpoint does not take along.
            QueryError: the query is broken, refused, here or there, or took too long.
        """
        name, text = prepare_query(question, parameters)
        if with_inferred or QuestionCard.of(text).beside:
            what = "what rules infer" if with_inferred else "the schema of the ontology"
            raise InputError(
                f"{name}: reads {what} beside the graph, and an endpoint takes only a query; ask the file or the store"
            )
        form = query_form(text, name=name)
        with _Exchange(self.url, text, TRIPLES if form is Kind.GRAPH else ROWS, name, timeout_s) as exchange:
            if not exchange.response.is_success:
                raise _complaint(exchange)
            try:
                return _read(exchange, form, max_rows)
            except (SyntaxError, ValueError) as error:
                said = " ".join(str(error).split())
                raise GraphError(f"{self.url}: answers no SPARQL result ({said}); is it an endpoint?") from error

    def said(self, properties: Collection[str]) -> Iterator[ox.Triple]:
        """Yield the triples of some properties; types only of what has a label.

        Raises:
            GraphError: the endpoint fails as for ``query``, or gives only some.
        """
        wanted = " ".join(f"<{iri}>" for iri in sorted(properties))
        answer = self.query(
            f"CONSTRUCT {{ ?thing ?is ?said }} WHERE {{ VALUES ?is {{ {wanted} }} ?thing ?is ?said "
            f"FILTER(?is != <{RDF}type> || EXISTS {{ ?thing <{RDFS}label> ?name }}) }}",
            max_rows=MAX_NAMES,
        )
        if answer.truncated:
            raise GraphError(
                f"{self.url}: gives {len(answer.rows)} of more names; take kzai-graph query instead of ask"
            )
        for subject, prop, value in answer.rows:
            yield ox.Triple(subject, prop, value)  # type: ignore[arg-type]


class _Exchange(io.RawIOBase):
    """A query that is sent, and the bytes of its answer as a file; all of it must come within some seconds.

    No timeout of a socket bounds a whole exchange: a server that sends a byte now and then would hold us for ever. So
    a thread of its own waits for the server, and is left alone when time is over.
    """

    def __init__(self, url: str, query: str, accept: str, name: str, seconds: float) -> None:
        self.url, self.name, self.seconds = url, name, seconds
        self.until = time.monotonic() + seconds
        self.left = MAX_ANSWER_BYTES
        self.held, self.ended = b"", False
        self.given: Queue[httpx.Response | bytes | Exception] = Queue(MAX_WAITING)
        self.over = threading.Event()
        sent = {"headers": {"Accept": accept, "User-Agent": AGENT}, "data": {"query": query}}
        threading.Thread(target=self._feed, kwargs=sent, daemon=True).start()
        self.response = self._take()

    def close(self) -> None:
        self.over.set()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        if not (self.held or self.ended):
            self.held = self._take()
            self.ended = not self.held
            self.left -= len(self.held)
        if self.left < 0:
            raise QueryLimitError(f"{self.name}: the answer is longer than {MAX_ANSWER_BYTES:,} bytes; narrow it")
        place = memoryview(buffer)
        given, self.held = self.held[: len(place)], self.held[len(place) :]
        place[: len(given)] = given
        return len(given)

    def _take(self) -> Any:
        """The next thing that came: the response, then its bytes, none at its end."""
        try:
            came = self.given.get(timeout=max(self.until - time.monotonic(), 0))
        except Empty:
            self.over.set()
            came = httpx.ReadTimeout("")
        if isinstance(came, httpx.TimeoutException):
            raise QueryLimitError(
                f"{self.name}: took longer than {self.seconds:g} s; narrow it, or give it longer with --timeout"
            ) from came
        if isinstance(came, Exception):
            raise GraphError(f"{self.url}: cannot be reached ({came}); is the endpoint running there?") from came
        return came

    def _feed(self, **sent: Any) -> None:
        try:
            with httpx.Client(timeout=self.seconds) as client, client.stream("POST", self.url, **sent) as response:
                came: Iterator[httpx.Response | bytes] = chain([response], response.iter_bytes(), [b""])
                while not self.over.is_set() and (part := next(came, None)) is not None:
                    self._give(part)
        except (httpx.HTTPError, OSError, ValueError) as error:
            self._give(error)

    def _give(self, part: httpx.Response | bytes | Exception) -> None:
        while not self.over.is_set():
            with suppress(Full):
                self.given.put(part, timeout=1)
                return


def _read(exchange: _Exchange, form: Kind, max_rows: int) -> Answer:
    media = exchange.response.headers.get("content-type", "").partition(";")[0].strip()
    triples, results = ox.RdfFormat.from_media_type(media), ox.QueryResultsFormat.from_media_type(media)
    body = io.BufferedReader(exchange)
    if form is Kind.GRAPH and triples is not None:
        found = read_triples(body, triples, max_rows)
    elif form is not Kind.GRAPH and results is not None:
        answer = ox.parse_query_results(input=body, format=results)
        if form is Kind.ASK:
            # Virtuoso 7 answers with a row where it should say yes, and with none for no.
            return Answer(form, yes=bool(answer) if isinstance(answer, ox.QueryBoolean) else any(True for _ in answer))
        if isinstance(answer, ox.QueryBoolean):
            raise GraphError(f"{exchange.url}: answers yes or no where rows were asked for; is it an endpoint?")
        found = read_solutions(answer, max_rows)
    else:
        raise GraphError(f"{exchange.url}: answers {media or 'nothing'}, no SPARQL result; is it an endpoint?")
    headers = exchange.response.headers
    given = {headers.get(header, "").removeprefix("rows=").strip() for header in CUT}
    return replace(found, truncated=found.truncated or str(len(found.rows)) in given)


def _complaint(exchange: _Exchange) -> KzaiError:
    response, url = exchange.response, exchange.url
    said = f"{response.status_code} {response.reason_phrase}".strip()
    if response.is_redirect:
        where = response.headers.get("location", "")
        return GraphError(f"{url}: sends elsewhere ({said}); give the address {where} if you trust it")
    if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return GraphError(f"{url}: does not let us in ({said}); queries are sent without log-in")
    if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED):
        return GraphError(f"{url}: takes no queries ({said}); is it the address of an endpoint?")
    words = " ".join(io.BufferedReader(exchange).read(MAX_COMPLAINT).decode("utf-8", "replace").split())
    return QueryError(f"{exchange.name}: {url} does not answer it ({said}{': ' + printable(words) if words else ''})")
