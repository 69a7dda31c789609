"""What a folder of output was made from, and which bytes were made, so that nothing is made again that is there.

All that a build writes follows from what its key digests: the same key gives the same bytes. The ledger holds the key,
a digest of each file, and what was counted; the folder is left as it is where the key is the same and each file is
still what was written. A ledger that is broken, or another program's, counts as missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kzai_graph.converting import from_json, seal, to_json, unseal
from kzai_graph.package_data import program_digest
from kzai_graph.store import is_of_no_account
from kzai_graph.tally import BuildReport

LEDGER = ".parts"


@dataclass(frozen=True, slots=True)
class Ledger:
    """``key``: a digest of all that the folder was made from. ``files``: digests of their bytes by path in it."""

    key: str
    files: dict[str, str]
    report: BuildReport

    def holds(self, out: Path) -> bool:
        """Whether the folder holds all that was written, and nothing else among it."""
        try:
            return dict(_digests(out, sorted({name.partition("/")[0] for name in self.files}))) == self.files
        except OSError:  # gone, or not to be read
            return False


def read_ledger(out: Path) -> Ledger | None:
    """The ledger of a folder, if it has one of this very program."""
    try:
        program, _, written = unseal((out / LEDGER).read_bytes()).partition(b"\n")
    except (OSError, ValueError):
        return None
    return from_json(written, Ledger) if program.decode() == program_digest() else None


def write_ledger(folder: Path, key: str, report: BuildReport) -> None:
    """Write into a folder a ledger of all that it holds, hidden files left out.

    Raises:
        OSError: the folder cannot be read or written.
    """
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    written = to_json(Ledger(key, dict(_digests(folder, names)), report))
    (folder / LEDGER).write_bytes(seal(f"{program_digest()}\n{written}".encode()))


def _digests(folder: Path, names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        place = folder / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and not is_of_no_account(path):
                with path.open("rb") as opened:
                    yield path.relative_to(folder).as_posix(), hashlib.file_digest(opened, "sha256").hexdigest()
