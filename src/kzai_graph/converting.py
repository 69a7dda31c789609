"""Write plain values as JSON and read them again, and put bytes under a seal that tells whether they are whole."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from kzai_graph.model import Skipped, Span

if TYPE_CHECKING:
    from cattrs.preconf.json import JsonConverter

Value = TypeVar("Value")


def to_json(value: object) -> str:
    """Write a value of a dataclass."""
    return _converter().dumps(value)


def from_json(text: str | bytes, kind: type[Value]) -> Value:
    """The value of this class that was written by this very program."""
    return _converter().loads(text, kind)


def seal(body: bytes) -> bytes:
    """Put a digest before bytes."""
    return hashlib.sha256(body).digest() + body


def unseal(data: bytes) -> bytes:
    """The bytes behind a seal.

    Raises:
        ValueError: the seal is broken.
    """
    size = hashlib.sha256().digest_size
    digest, body = data[:size], data[size:]
    if hashlib.sha256(body).digest() != digest:
        raise ValueError("broken")
    return body


@cache
def _converter() -> JsonConverter:
    from cattrs.preconf.json import make_converter  # slow to load

    converter = make_converter()
    # {"number": "4.5"} tells a number from a score in a table ("Y").
    converter.register_unstructure_hook(Decimal, lambda value: {"number": str(value)})
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value["number"]))
    mixed = Decimal | str | None
    converter.register_structure_hook(mixed, lambda v, _: Decimal(v["number"]) if isinstance(v, dict) else v)
    # Most of a record is what gave no statement: rows instead of objects are read in half the time.
    converter.register_unstructure_hook(Skipped, lambda s: [s.span.begin, s.span.end, s.reason, s.detail])
    converter.register_structure_hook(Skipped, lambda row, _: Skipped(Span(row[0], row[1]), row[2], row[3]))
    converter.register_unstructure_hook_func(_is_anchors, _list_anchors)
    converter.register_structure_hook_func(_is_anchors, lambda rows, _: {Span(b, e): text for b, e, text in rows})
    converter.register_unstructure_hook_func(_is_by_pair, lambda counts: [(*pair, n) for pair, n in counts.items()])
    converter.register_structure_hook_func(_is_by_pair, lambda rows, _: {(one, two): n for one, two, n in rows})
    return converter


def _is_anchors(kind: object) -> bool:
    return kind == dict[Span, str]


def _list_anchors(anchors: dict[Span, str]) -> list[tuple[int, int, str]]:
    return [(span.begin, span.end, text) for span, text in anchors.items()]


def _is_by_pair(kind: object) -> bool:
    return kind == dict[tuple[str, str], int]
