"""Media types of answers, and the choice among them that an Accept header makes (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyoxigraph as ox

from kzai_graph.errors import KzaiError
from kzai_graph.export import FORMATS
from kzai_graph.sparql import Answer, Kind, write_answer
from kzai_graph.turtle import to_trig

HTML = "text/html"
RESULTS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/markdown": "md",
}
"""Media types of rows and of yes or no; the first is given to those who take anything."""
GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
    "application/trig": "trig",
    "application/n-quads": "nq",
    "text/n3": "ttl",
    "text/plain": "nt",
}
"""Media types of RDF, Turtle being N3, too; the first is given to those who take anything."""
# The store's graphs are written as they are; exports of a file recover the documents' graphs first.
QUAD_WRITERS: dict[str, Callable[[Sequence[ox.Quad]], str]] = {
    "trig": to_trig,
    "nq": lambda quads: "".join(sorted(f"{quad} .\n" for quad in quads)),
}


class NotAcceptableError(KzaiError):
    """None of the media types that a client takes can be written."""


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The media type that a client prefers; of equals the one offered first.

    Raises:
        NotAcceptableError: it takes none of them.
    """
    if not offered:
        raise NotAcceptableError("nothing can be written here")
    ranges = _ranges(accept) if accept and accept.strip() else {"*/*": 1.0}
    ranked = [(_quality(ranges, media), -place, media) for place, media in enumerate(offered)]
    quality, _, media = max(ranked)
    if quality <= 0:
        raise NotAcceptableError(f"Accept: {accept}: cannot be given; ask for one of {', '.join(offered)}")
    return media


def write_rows(answer: Answer, accept: str | None) -> tuple[str, str]:
    """Write a query's answer as the client prefers; the text, and its media type.

    Raises:
        NotAcceptableError: it takes nothing that such an answer can be written as.
    """
    if answer.kind is Kind.GRAPH:
        return write_quads([ox.Quad(s, p, o) for s, p, o in answer.rows], accept)  # type: ignore[arg-type]
    media = choose(accept, list(RESULTS))
    return write_answer(answer, RESULTS[media]), media


def write_quads(quads: Sequence[ox.Quad], accept: str | None) -> tuple[str, str]:
    """Write RDF as the client prefers; the text, and its media type.

    Raises:
        NotAcceptableError: it takes no form of RDF.
    """
    media = choose(accept, list(GRAPHS))
    form = GRAPHS[media]
    return (QUAD_WRITERS.get(form) or FORMATS[form])(quads), media


def _ranges(accept: str) -> dict[str, float]:
    """The media ranges of an Accept header with their qualities; a part that cannot be read counts as 0."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                quality = _number(value)
        if media:
            found[media] = max(quality, found.get(media, 0.0))
    return found


def _number(value: str) -> float:
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def _quality(ranges: Mapping[str, float], media: str) -> float:
    """By the most specific range that fits."""
    kind = media.partition("/")[0]
    return next((ranges[r] for r in (media, f"{kind}/*", "*/*") if r in ranges), 0.0)
