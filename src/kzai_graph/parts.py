"""What a folder of output was made from, and which bytes were made, so that nothing is made again that is there.

All that a build writes follows from its settings and from what its key digests: the same key gives the same bytes. So
does each part that has a key of its own: a page, a graph in the store. The ledger holds the keys, a digest of each
file, and what was counted. A part is kept where its key is the same and its files are still what was written; all of
them are where that holds for the whole. A ledger that is broken, or of other settings, counts as missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kzai_graph.converting import from_json, seal, to_json, unseal
from kzai_graph.outputs import link_or_copy
from kzai_graph.store import is_of_no_account
from kzai_graph.tally import BuildReport

LEDGER = ".parts"


@dataclass(frozen=True, slots=True)
class _Ledger:
    """``key``: of all. ``keys``: of parts, by their names. ``files``: digests of their bytes by path in the folder."""

    key: str
    keys: dict[str, str]
    files: dict[str, str]
    report: BuildReport


class Parts:
    """The parts of ``out`` that are made anew in ``folder``, or taken over as they are.

    ``settings``: a digest of all that each of them follows from beside its key.
    """

    def __init__(self, out: Path, folder: Path, settings: str) -> None:
        self.out = out
        self.folder = folder
        self.settings = settings
        self._keys: dict[str, str] = {}
        self._before = _read(out, settings)
        self._written: dict[str, dict[str, str]] = {}
        """The digests of files by the file or folder at the top that they are or lie in."""
        for path, digest in self._before.files.items() if self._before is not None else ():
            self._written.setdefault(path.partition("/")[0], {})[path] = digest

    @property
    def were_made(self) -> bool:
        """Whether a build made ``out`` with these settings, of whatever texts."""
        return self._before is not None

    def kept(self, key: str) -> BuildReport | None:
        """What was counted in ``out``, if it was made from the same and holds what was written, and nothing else."""
        before = self._before
        if before is None or before.key != key:
            return None
        return before.report if all(map(self.is_intact, self._written)) else None

    def is_intact(self, name: str) -> bool:
        """Whether a file or folder at the top of ``out`` is what was written there."""
        try:
            return name in self._written and dict(_digests(self.out, name)) == self._written[name]
        except OSError:  # gone, or not to be read
            return False

    def is_same(self, name: str, key: str) -> bool:
        """Note from what a part is made, and tell whether the last one was made from the same."""
        self._keys[name] = key
        return self._before is not None and self._before.keys.get(name) == key

    def keep(self, names: Sequence[str], key: str) -> bool:
        """Take files over if they would be made from the same, all or none; tell whether that was done."""
        same = [self.is_same(name, key) for name in names]
        if not all(same):
            return False
        try:
            written = [self._written[name.partition("/")[0]][name] for name in names]
            if [_digest(self.out / name) for name in names] != written:
                return False
        except (OSError, LookupError):  # gone, or not to be read
            return False
        for name in names:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(self.out / name, self.folder / name)
        return True

    def write_ledger(self, key: str, report: BuildReport) -> None:
        """Write into the folder what it was made from, all but hidden files.

        Raises:
            OSError: the folder cannot be read or written.
        """
        names = sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))
        files = {path: digest for name in names for path, digest in _digests(self.folder, name)}
        written = to_json(_Ledger(key, self._keys, files, report))
        (self.folder / LEDGER).write_bytes(seal(f"{self.settings}\n{written}".encode()))


def _read(out: Path, settings: str) -> _Ledger | None:
    try:
        found, _, written = unseal((out / LEDGER).read_bytes()).partition(b"\n")
    except (OSError, ValueError):
        return None
    return from_json(written, _Ledger) if found.decode() == settings else None


def _digests(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    place = folder / name
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if path.is_file() and not is_of_no_account(path):
            yield path.relative_to(folder).as_posix(), _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
