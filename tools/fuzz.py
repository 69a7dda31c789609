"""Look for input that a reader does not survive, led by which lines of code it reaches.

Needs atheris, which is not locked because nothing else does: ``pip install atheris``. Five minutes for one reader:

    python tools/fuzz.py html -max_total_time=300 -max_len=4000 corpus/html

The folder, which must be there, keeps what it found and starts it better the next time. Readers: text, markdown, html,
docx, pdf, gold, query, metadata. What ends a run lies in ``crash-…``: mend it, and add its kind to the tests.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kzai_graph", "docx", "yaml", "tomllib"]):
    from kzai_graph.documents import read_document
    from kzai_graph.errors import GoldError, InputError, QueryError
    from kzai_graph.evaluate.gold import load_gold
    from kzai_graph.ontology import load_ontology
    from kzai_graph.sidecars import read_sidecar
    from kzai_graph.sources import Source
    from kzai_graph.sparql import prepare_query

FOLDER = Path(tempfile.mkdtemp(prefix="fuzz-"))
KNOWLEDGE = load_ontology()


def _document(suffix: str) -> Callable[[bytes], None]:
    """A document is refused, or its blocks lie in its text, in order, each character at its place."""
    path = FOLDER / f"any{suffix}"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        try:
            document = read_document(Source(path.name, path, named=True))
        except InputError:
            return
        assert all(0 <= b.span.begin < b.span.end <= len(document.text) for b in document.blocks)
        assert all(a.span.end <= b.span.begin for a, b in pairwise(document.blocks))
        assert all(b.source(0, len(b.text)) == b.span for b in document.blocks)

    return read


def _gold(data: bytes) -> None:
    (FOLDER / "any.gold.yaml").write_bytes(data)
    with suppress(GoldError):
        load_gold(FOLDER, KNOWLEDGE)


def _query(data: bytes) -> None:
    with suppress(QueryError):
        prepare_query(data.decode("utf-8", "replace"), {"since": "2031-05-04", "who": "Quill"})


def _metadata(data: bytes) -> None:
    with suppress(InputError):
        read_sidecar(data, FOLDER / "any.txt.meta.toml")


READERS: dict[str, Callable[[bytes], None]] = {
    "text": _document(".txt"),
    "markdown": _document(".md"),
    "html": _document(".html"),
    "docx": _document(".docx"),
    "pdf": _document(".pdf"),
    "gold": _gold,
    "query": _query,
    "metadata": _metadata,
}


def main() -> None:
    """Fuzz the reader that the first argument names; the others go to libFuzzer."""
    if len(sys.argv) < 2 or sys.argv[1] not in READERS:
        sys.exit(f"usage: fuzz.py READER [OPTION…] [FOLDER…], with a reader of {', '.join(READERS)}")
    atheris.Setup([sys.argv[0], *sys.argv[2:]], READERS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
