"""Read what a person wrote down of a text, in a file beside it: ``harbour.txt.meta.toml`` or ``harbour.meta.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from kzai_graph.edtf import is_valid
from kzai_graph.errors import InputError
from kzai_graph.model import Metadata

SUFFIX = ".meta.toml"
KEYS = ("url", "date", "title", "publisher", "creator", "licence")
MAX_BYTES = 100_000

_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f<>\"{}|\\^`]+")
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def find_sidecar(path: Path) -> Path | None:
    """Find the file beside a text, named by its whole name or by its name without the suffix.

    Raises:
        InputError: there is one of either name.
    """
    found = [beside for name in (path.name, path.stem) if (beside := path.with_name(name + SUFFIX)).is_file()]
    if len(found) > 1:
        raise InputError(f"{found[0]} and {found[1]}: both speak of {path.name}; keep one")
    return found[0] if found else None


def sidecar_bytes(path: Path) -> bytes:
    """The bytes of a sidecar.

    Raises:
        InputError: it cannot be read, or is too big.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: has more than {MAX_BYTES:,} bytes; keep only {', '.join(KEYS)} in it")
    return data


def read_sidecar(data: bytes, path: Path) -> dict[str, str]:
    """Read a sidecar into some of ``KEYS``.

    Raises:
        InputError: it is no TOML, or has an unknown key or a value that cannot be.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f'{path}: is no valid TOML ({error}); write lines such as title = "…"') from error
    return {key: _value(key, value, path) for key, value in table.items()}


def with_sidecar(metadata: Metadata, said: dict[str, str]) -> Metadata:
    """Let what a sidecar says win over what was read."""
    return replace(metadata, **said)


def _value(key: str, value: object, path: Path) -> str:
    if key not in KEYS:
        raise InputError(f"{path}: unknown key {key!r}; a sidecar has {', '.join(KEYS)}")
    if key == "date" and isinstance(value, (date, int)) and not isinstance(value, bool):
        value = value.date().isoformat() if isinstance(value, datetime) else str(value)
    if not isinstance(value, str) or not value.strip() or _UNSHOWN.search(value):
        raise InputError(f"{path}: {key} must be one line of text in quotes")
    value = value.strip()
    if key == "date" and not is_valid(value):
        raise InputError(f"{path}: date {value!r} is none; write 2031-05-04, 2031-05, 2031 or an EDTF date")
    if key == "url" and not is_address(value):
        raise InputError(f"{path}: url {value!r} is no http or https address")
    return value


def is_address(text: str) -> bool:
    """Tell whether a text is an absolute http or https address without characters that no IRI may have."""
    try:
        return _ADDRESS.fullmatch(text) is not None and bool(urlsplit(text).hostname)
    except ValueError:
        return False
