"""Measure how memory grows with the number of documents, and how much more two processes read than one.

The documents are made of the paragraphs of the given texts, each with some words of its own. Each run is a process of
its own that only reads: from files to kept records. Run ``python benchmarks/scale.py --help`` for what can be set.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
GROWTH_TARGET = 1.2
"""The largest number of documents takes at most so many times the memory of the one before."""
SPEEDUP_TARGET = 1.7
"""Two processes read at least so many times as fast as one."""
KIB_PER_MIB = 1024
START_SHARE = 0.25
"""So many of the documents are read before the rate is taken: models are loaded then, and first batches are back."""
MIN_PARAGRAPH_CHARS, MAX_PARAGRAPH_CHARS = 80, 400
FOLDER_DOCUMENTS = 1000
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run took; memory is that of the process that asks, or of the largest that reads.

    ``rate``: documents a second once all processes have started.
    """

    documents: int
    workers: int
    rate: float
    peak_mib: float


def write_documents(texts: Path, count: int, folder: Path) -> None:
    """Write so many short documents: a title with a name of its own, and one paragraph of the texts."""
    found = (path.read_text(encoding="utf-8").splitlines() for path in sorted(texts.glob("*.txt")))
    paragraphs = [line for lines in found for line in lines if MIN_PARAGRAPH_CHARS < len(line) < MAX_PARAGRAPH_CHARS]
    chance = random.Random(count)
    for number in range(count):
        inside = folder / str(number // FOLDER_DOCUMENTS)
        inside.mkdir(parents=True, exist_ok=True)
        name = "".join(chance.choices(SYLLABLES, k=4)).title()
        text = f"{name} opens an office\n\n{name} Industries opened an office in 2031. {chance.choice(paragraphs)}\n"
        (inside / f"{number}.txt").write_text(text, encoding="utf-8")


def read(folder: Path, workers: int) -> Reading:
    """Read all documents below a folder in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--child", str(workers), "--texts", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"failed with {done.returncode}: {done.stderr}")
    return Reading(**json.loads(done.stdout))


def read_here(folder: Path, workers: int) -> dict[str, float]:
    """Read all documents, and measure this process and those that it started."""
    from kzai_graph.cache import Origin, RecordCache, Settings
    from kzai_graph.extracting import read_sources
    from kzai_graph.ontology import load_ontology
    from kzai_graph.sources import find_documents

    times: list[float] = []
    settings = Settings(None, None, Origin.of(None, load_ontology().digest))
    with tempfile.TemporaryDirectory() as out:
        found = read_sources(
            find_documents([folder]),
            settings,
            RecordCache(Path(out), settings.origin),
            workers=workers,
            progress=lambda done, total, name: times.append(time.perf_counter()),
        )
    assert not found.unread
    first = int(len(times) * START_SHARE)
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "documents": len(found.records),
        "workers": workers,
        "rate": (len(times) - 1 - first) / (times[-1] - times[first]),
        "peak_mib": max(peaks) / KIB_PER_MIB,
    }


def measure_growth(texts: Path, counts: Sequence[int]) -> list[Reading]:
    """Read each number of documents once, in one process."""
    found = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            write_documents(texts, count, Path(folder))
            found.append(read(Path(folder), 1))
    return found


def measure_speedup(texts: Path, count: int, repeats: int) -> list[float]:
    """How many times as fast two processes read so many documents, once they run; the runs take turns."""
    with tempfile.TemporaryDirectory() as folder:
        write_documents(texts, count, Path(folder))
        runs = [[read(Path(folder), workers).rate for workers in (1, 2)] for _ in range(repeats)]
    return [two / one for one, two in runs]


def to_table(found: Sequence[Reading]) -> str:
    """The readings as a Markdown table, with how memory grew."""
    lines = ["| documents | documents/s | peak, MiB | against the row above |", "| ---: | ---: | ---: | ---: |"]
    for before, reading in zip([None, *found], found, strict=False):
        growth = f"{reading.peak_mib / before.peak_mib:.2f}" if before is not None else ""
        lines.append(f"| {reading.documents:,} | {reading.rate:.1f} | {reading.peak_mib:.0f} | {growth} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured; 1 where a target is missed and ``--check`` is set."""
    parser = argparse.ArgumentParser(description="Measure memory over numbers of documents, and two processes.")
    parser.add_argument("counts", nargs="*", type=int, default=[100, 1000], help="numbers of documents (100 1000)")
    parser.add_argument("--texts", type=Path, default=REPOSITORY / "seeds", help="folder of plain texts (seeds/)")
    parser.add_argument("--shared", type=int, default=600, help="documents that two processes share; 0 for none (600)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of one and two processes (3)")
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        print(json.dumps(read_here(given.texts, given.child)))
        return 0
    found = measure_growth(given.texts, given.counts)
    print(to_table(found))
    growth = found[-1].peak_mib / found[-2].peak_mib if len(found) > 1 else 1.0
    speedups = measure_speedup(given.texts, given.shared, given.repeats) if given.shared else [SPEEDUP_TARGET]
    if given.shared:
        runs = ", ".join(f"{speedup:.2f}" for speedup in speedups)
        print(f"\ntwo processes against one, {given.shared} documents: {runs}; at least {SPEEDUP_TARGET}")
    print(f"memory at most {GROWTH_TARGET} times that of the row above")
    return int(given.check and (growth > GROWTH_TARGET or max(speedups) < SPEEDUP_TARGET))


if __name__ == "__main__":
    sys.exit(main())
