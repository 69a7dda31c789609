"""Measure what a second build and one more document cost beside a build from nothing, and how each grows.

The documents are those of ``scale``: short, made of the paragraphs of the given texts. Each figure is a whole command,
in a process of its own, in seconds of the processor, which other work on the machine lengthens little. Run
``python benchmarks/building.py --help`` for what can be set.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asking import fit_exponent
from scale import write_documents

REPOSITORY = Path(__file__).resolve().parents[1]
ONE_MORE = "A quay for Ostra\n\nThe Ministry of Ports of Norway opened a quay in Ostra on 3 May 2031.\n"


@dataclass(frozen=True, slots=True)
class Builds:
    """Seconds for so many documents: from nothing, again without a change, and with one more."""

    documents: int
    first: float
    again: float
    one_more: float


def measure(texts: Path, documents: int) -> Builds:
    """Build so many documents, build them again, and add one."""
    with tempfile.TemporaryDirectory() as name:
        folder, out, added = Path(name, "texts"), Path(name, "out"), Path(name, "one_more.txt")
        write_documents(texts, documents, folder)
        added.write_text(ONE_MORE, encoding="utf-8")
        commands = (["build", folder], ["build", folder], ["add", added])
        return Builds(documents, *(_seconds([*map(str, command), "--out", str(out)]) for command in commands))


def _seconds(arguments: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", "kzai_graph", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)}: failed with {done.returncode}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def to_table(found: Sequence[Builds]) -> str:
    """The builds as a Markdown table, with the exponents of their growth."""
    lines = ["| documents | from nothing, s | again, s | one more, s | again / first | one more / first |"]
    lines.append(f"|{' ---: |' * 6}")
    lines += [
        f"| {b.documents:,} | {b.first:.1f} | {b.again:.1f} | {b.one_more:.1f} | "
        f"{b.again / b.first:.2f} | {b.one_more / b.first:.2f} |"
        for b in found
    ]
    if len(found) > 1:
        columns = ([b.first for b in found], [b.again for b in found], [b.one_more for b in found])
        slopes = " | ".join(f"{fit_exponent([b.documents for b in found], c):z.2f}" for c in columns)
        lines.append(f"| exponent | {slopes} | | |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description="Compare a second build and one more document with a first build.")
    parser.add_argument("documents", nargs="*", type=int, default=[30, 100], help="numbers of documents (30 100)")
    parser.add_argument("--texts", type=Path, default=REPOSITORY / "seeds", help="folder of plain texts (seeds/)")
    given = parser.parse_args(arguments)
    print(to_table([measure(given.texts, documents) for documents in given.documents]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
