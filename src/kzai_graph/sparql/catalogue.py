"""Find the queries that are shipped, by file or by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kzai_graph.errors import QueryError
from kzai_graph.package_data import shipped
from kzai_graph.sparql.card import QuestionCard

SUFFIX = ".rq"


@dataclass(frozen=True, slots=True)
class Question:
    """A shipped question; its name is folder and file without suffix (``people/office_holders``)."""

    name: str
    path: Path
    card: QuestionCard


def default_queries() -> Path:
    """The folder of queries that is shipped: package data when installed, ``queries/`` in a checkout."""
    return shipped("queries")


def shipped_questions() -> Iterator[Question]:
    """Yield the questions of ``queries/ask/`` in the order of their names."""
    for name, path in sorted(_paths().items()):
        yield Question(name, path, QuestionCard.of(read_query(path)))


def find_query(wanted: Path) -> Path:
    """Find a query file: the path itself where there is one, else the shipped question of that name.

    The folder may be left out (``office_holders``): no two questions have one file name.

    Raises:
        QueryError: there is neither.
    """
    if wanted.exists():
        return wanted
    paths = _paths()
    names = paths | {path.stem: path for path in paths.values()}
    name = wanted.as_posix().removesuffix(SUFFIX)
    if name in names:
        return names[name]
    by_path = {path: name for name, path in paths.items()}
    nearest = list(dict.fromkeys(by_path[names[near]] for near in get_close_matches(name, names, n=3)))
    hint = f"nearest: {', '.join(nearest)}" if nearest else "give the path of a SPARQL file (*.rq)"
    raise QueryError(f"{wanted}: no such file or question; {hint}; kzai-graph questions lists what there is")


def read_query(path: Path) -> str:
    """Read a query file.

    Raises:
        QueryError: it cannot be read, or is no UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QueryError(f"{path}: cannot be read ({error.strerror}); give the path of a SPARQL file (*.rq)") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"{path}: is no UTF-8 text (byte {error.start}); save it as UTF-8") from error


def _paths() -> dict[str, Path]:
    folder = default_queries() / "ask"
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob(f"*{SUFFIX}")}
