"""Serve a graph on loopback: SPARQL 1.1 Protocol, Graph Store reads, a query page and the pages of the graph."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from kzai_graph.errors import InputError
from kzai_graph.serve.app import create_app
from kzai_graph.serve.data import Limits, open_data

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "Limits", "create_app", "open_data", "serve"]

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 7878
SHUTDOWN_S = 3


def serve(
    graph: Path,
    *,
    texts: Sequence[Path] = (),
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    limits: Limits | None = None,
    origins: Sequence[str] = (),
    started: Callable[[str], None] | None = None,
) -> None:
    """Serve a graph file or a store folder, read-only, until it is interrupted.

    ``texts``: folders in which the documents may lie. ``port`` 0 takes a free one; ``origins`` are the web origins
    whose scripts may ask (CORS), none by default.
    ``started`` is called with the address once the socket listens.

    Raises:
        GraphError: the graph cannot be read.
        InputError: the address cannot be taken.
    """
    with _listen(host, port) as listener, open_data(graph, texts) as data:
        address = f"http://{_written(host)}:{listener.getsockname()[1]}/"
        app = create_app(data, address=address, limits=limits or Limits(), origins=origins)
        config = uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_S, server_header=False, lifespan="off"
        )
        if started is not None:
            started(address)
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        what = error.strerror or str(error)
        raise InputError(f"{host} port {port}: cannot be served at ({what}); choose others: --host, --port") from error


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
