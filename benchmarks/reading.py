"""Measure how much time reading takes beside the bare spaCy pipeline over the same blocks.

Each figure is the median of several runs, each run a process of its own; the kinds of runs take turns. Seconds are
those of the processor, which other work on the machine lengthens little. Run ``python benchmarks/reading.py --help``
for what can be set.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
WHOLE_TARGET = 3.0
"""The whole command takes at most so many times what loading the model and running the bare pipeline take."""
READING_TARGET = 1.6
"""Reading alone takes at most so many times what the bare pipeline alone takes."""
KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds of the processor, the most memory it held, and the seconds of its steps."""

    seconds: float
    peak_mib: float
    steps: dict[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The medians over all runs on one set of texts."""

    name: str
    documents: int
    words: int
    bare: Cost
    steps: Cost
    build: Cost
    again: Cost
    """A second build, of which all records are kept."""

    @property
    def whole_ratio(self) -> float:
        return self.build.seconds / self.bare.seconds

    @property
    def again_ratio(self) -> float:
        return self.again.seconds / self.build.seconds

    @property
    def reading_ratio(self) -> float:
        return self.steps.steps["read"] / self.bare.steps["read"]


def compare(texts: Path, repeats: int) -> Comparison:
    """Run all three kinds in turn on the texts, and take the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        blocks = folder / "blocks.json"
        documents = _write_blocks(texts, blocks)
        this = [sys.executable, str(Path(__file__).resolve())]
        kinds = {
            "bare": [*this, "--child", "bare", str(blocks)],
            "steps": [*this, "--child", "steps", str(texts)],
            "build": [sys.executable, "-m", "kzai_graph", "build", str(texts), "--out", str(folder / "out")],
        }
        runs: dict[str, list[Cost]] = {kind: [] for kind in (*kinds, "again")}
        for _ in range(repeats):
            for kind, command in (*kinds.items(), ("again", kinds["build"])):
                runs[kind].append(_run(command))
            shutil.rmtree(folder / "out")
        words = sum(len(text.split()) for text in json.loads(blocks.read_text(encoding="utf-8")))
        medians = {kind: _median(costs) for kind, costs in runs.items()}
        return Comparison(texts.name, documents, words, **medians)


def _write_blocks(texts: Path, path: Path) -> int:
    """Write the text of every block that the build parses, and say of how many documents."""
    from kzai_graph.documents import read_document
    from kzai_graph.model import CONTENT_ZONES
    from kzai_graph.sources import find_documents

    documents = [read_document(source) for source in find_documents([texts])]
    blocks = [b.text for d in documents for b in d.blocks if b.zone in CONTENT_ZONES and b.text.strip()]
    path.write_text(json.dumps(blocks), encoding="utf-8")
    return len(documents)


def _run(command: Sequence[str]) -> Cost:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command)}")
    steps = json.loads(said) if "--child" in command else {}
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / KIB_PER_MIB, steps)


def _median(costs: Sequence[Cost]) -> Cost:
    steps = {name: statistics.median(c.steps[name] for c in costs) for name in costs[0].steps}
    seconds = statistics.median(c.seconds for c in costs)
    return Cost(seconds, statistics.median(c.peak_mib for c in costs), steps)


def read_bare(blocks: Path) -> dict[str, float]:
    """Load the model and run its pipeline over the blocks, and nothing else."""
    texts = json.loads(blocks.read_text(encoding="utf-8"))
    started = time.process_time()
    import spacy

    from kzai_graph.model import DEFAULT_MODEL

    nlp = spacy.load(DEFAULT_MODEL)
    loaded = time.process_time()
    for _ in nlp.pipe(texts):
        pass
    return {"start": loaded - started, "read": time.process_time() - loaded}


def read_in_steps(texts: Path) -> dict[str, float]:
    """Do what ``build`` does, step by step."""
    started = time.process_time()
    from kzai_graph.documents import read_document
    from kzai_graph.export import write_graph
    from kzai_graph.graph import to_quads
    from kzai_graph.identity import resolve
    from kzai_graph.language import load_pipeline
    from kzai_graph.ontology import load_ontology
    from kzai_graph.reading import Reader
    from kzai_graph.sources import find_documents
    from kzai_graph.view import write_pages

    knowledge = load_ontology()
    reader = Reader(load_pipeline(), knowledge)
    loaded = time.process_time()
    records = [reader.read(read_document(source)) for source in find_documents([texts])]
    read = time.process_time()
    quads = to_quads(records, resolve(records, knowledge), knowledge)
    with tempfile.TemporaryDirectory() as out:
        write_graph(quads, Path(out, "graph.ttl"))
        written = time.process_time()
        write_pages(quads, Path(out))
    return {
        "start": loaded - started,
        "read": read - loaded,
        "graph": written - read,
        "page": time.process_time() - written,
    }


def to_table(found: Sequence[Comparison]) -> str:
    """The comparisons as a Markdown table, a column for each set of texts."""
    rows = [
        ("documents", [f"{c.documents}" for c in found]),
        ("words in blocks", [f"{c.words:,}" for c in found]),
        ("bare: start, s", [f"{c.bare.steps['start']:.2f}" for c in found]),
        ("bare: pipeline, s", [f"{c.bare.steps['read']:.2f}" for c in found]),
        ("ours: start, s", [f"{c.steps.steps['start']:.2f}" for c in found]),
        ("ours: reading, s", [f"{c.steps.steps['read']:.2f}" for c in found]),
        ("ours: graph, s", [f"{c.steps.steps['graph']:.2f}" for c in found]),
        ("ours: page, s", [f"{c.steps.steps['page']:.2f}" for c in found]),
        ("bare: whole process, s", [f"{c.bare.seconds:.2f}" for c in found]),
        ("`build`: whole process, s", [f"{c.build.seconds:.2f}" for c in found]),
        ("`build` again: whole process, s", [f"{c.again.seconds:.2f}" for c in found]),
        ("bare: peak memory, MiB", [f"{c.bare.peak_mib:.0f}" for c in found]),
        ("`build`: peak memory, MiB", [f"{c.build.peak_mib:.0f}" for c in found]),
        ("**whole ratio**", [f"**{c.whole_ratio:.2f}**" for c in found]),
        ("**reading ratio**", [f"**{c.reading_ratio:.2f}**" for c in found]),
        ("**again / first**", [f"**{c.again_ratio:.2f}**" for c in found]),
    ]
    names = [c.name for c in found]
    lines = [["", *names], ["---", *("---:" for _ in names)], *([title, *cells] for title, cells in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the comparisons; 1 where a ratio is above its target and ``--check`` is set."""
    parser = argparse.ArgumentParser(description="Compare reading with the bare spaCy pipeline.")
    parser.add_argument("texts", nargs="*", type=Path, help="folders of texts (seeds/)")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each kind (5)")
    parser.add_argument("--check", action="store_true", help="fail where a ratio is above its target")
    parser.add_argument("--child", choices=("bare", "steps"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        print(json.dumps({"bare": read_bare, "steps": read_in_steps}[given.child](given.texts[0])))
        return 0
    found = [compare(texts, given.repeats) for texts in given.texts or [REPOSITORY / "seeds"]]
    print(to_table(found))
    print(f"\nmedians of {given.repeats}; at most: whole ratio {WHOLE_TARGET}, reading ratio {READING_TARGET}")
    over = any(c.whole_ratio > WHOLE_TARGET or c.reading_ratio > READING_TARGET for c in found)
    return int(given.check and over)


if __name__ == "__main__":
    sys.exit(main())
