"""Measure what documents cost: time to read them and to put them together, memory, and room on disk.

Each build is a process of its own. The first reads; the later ones put more and more of the records together, so that
their growth shows. Run ``python benchmarks/costs.py --help`` for what can be set.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PARTS = (4, 2, 1)
"""The builds of kept records take a quarter, a half, and all of the documents."""
KIB = 1024


@dataclass(frozen=True, slots=True)
class Build:
    """What a build took; seconds are of the processor, of reading without the start and without the first document."""

    documents: int
    reading_s: float
    whole_s: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Costs:
    """The builds, the kilobytes of the documents, and what the largest build left, in bytes by name."""

    first: Build
    later: list[Build]
    text_kb: float
    triples: int
    sizes: dict[str, int]


def measure(texts: Sequence[Path], limit: int) -> Costs:
    """Build so many of the documents, then parts of them again from their records."""
    from kzai_graph.inquiry import Graph
    from kzai_graph.sources import find_documents

    files = [source.path for source in find_documents(texts)][:limit]
    with tempfile.TemporaryDirectory() as name:
        out = Path(name, "out")
        first = _run(files, out)
        sizes = {what: _size(out.glob(glob)) for what, glob in _LEFT.items()}
        triples = len(set(Graph(out / "graph.ttl").quads()))
        later = [_again(files[: -(-len(files) // part)], out) for part in sorted(PARTS)][::-1]
    return Costs(first, later, sum(path.stat().st_size for path in files) / KIB, triples, sizes)


_LEFT = {"records": ".records/*", "graph.ttl": "graph.ttl", "store": "store/*", "pages": "**/*.html"}


def _size(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _again(files: Sequence[Path], out: Path) -> Build:
    """Put kept records together, and nothing that was made of them."""
    from kzai_graph.making import KEPT
    from kzai_graph.parts import LEDGER

    for name in (KEPT, LEDGER):
        (out / name).unlink()
    return _run(files, out)


def _run(files: Sequence[Path], out: Path) -> Build:
    command = [sys.executable, str(Path(__file__).resolve()), "--child", str(out)]
    names = "\n".join(map(str, files))
    done = subprocess.run(command, input=names, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"failed with {done.returncode}: {done.stderr}")
    return Build(**json.loads(done.stdout))


def build_here(files: Sequence[Path], out: Path) -> Build:
    """Build in this process, and measure it."""
    from kzai_graph.building import build

    times: list[float] = []
    build(files, out=out, progress=lambda done, total, name: times.append(time.process_time()))
    reading = times[-1] - times[0] if times else 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
    return Build(len(files), reading, time.process_time(), peak)


def to_table(found: Costs) -> str:
    """All that was measured as two Markdown tables: by document and kilobyte, and the later builds."""
    count, text = found.first.documents, found.text_kb
    rows = [
        ("text, kB", text, 1.0),
        ("reading, s of one core", found.first.reading_s * count / max(count - 1, 1), 1.0),
        ("triples", found.triples, 1.0),
        *((f"{name}, kB", size, 1.0 / KIB) for name, size in found.sizes.items()),
    ]
    lines = [f"| {count} documents | each | each kB of text |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {value * unit / count:.3g} | {value * unit / text:.3g} |" for name, value, unit in rows]
    lines += ["", "| documents put together | s of one core | peak, MiB |", "| ---: | ---: | ---: |"]
    lines += [f"| {b.documents} | {b.whole_s:.1f} | {b.peak_mib:.0f} |" for b in found.later]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the costs."""
    parser = argparse.ArgumentParser(description="Measure what documents cost.")
    parser.add_argument("texts", nargs="*", type=Path, help="folders of texts (seeds/)")
    parser.add_argument("--limit", type=int, default=1000, help="documents at most (1000)")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        files = [Path(line) for line in sys.stdin.read().splitlines()]
        print(json.dumps(asdict(build_here(files, given.child))))
        return 0
    print(to_table(measure(given.texts or [REPOSITORY / "seeds"], given.limit)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
