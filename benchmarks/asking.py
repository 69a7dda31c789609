"""Measure loading, eight typical queries and the Turtle export against rdflib and against pyoxigraph used directly.

The graphs are made up (``made_up``). A query of ours is the whole call from Python: it runs in a process of its own,
which opens the store on disk. *Direct* opens and asks the same store in this process. *Memory* and rdflib keep the
graph in memory, once they have parsed the Turtle file. Seconds are those of the processor, in all processes that a
call starts; of several runs the fastest counts: both because other work on the machine disturbs them least. Run
``python benchmarks/asking.py --help`` for what can be set.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from made_up import TRIPLES_PER_ENTITY, make_graph

from kzai_graph.terms import PREFIXES

RDFLIB_TARGET = 10.0
"""In the median over loading and the queries, rdflib takes at least so many times as long as the graph in memory."""
DIRECT_TARGET, SANDBOX_MS = 1.1, 30.0
"""A query takes at most so many times what it takes directly, and so many milliseconds for its process."""
START_TARGET_S = 0.5
MAX_WRITTEN = 200_000
"""Triples that rdflib writes as Turtle: its time grows nearly with their square."""
QUERIES = {
    "said of one entity": """SELECT ?relation ?what ?sentence WHERE {
        ?s rdf:subject kzid:e17 ; rdf:predicate ?relation ; rdf:object/rdfs:label ?what ;
           prov:wasDerivedFrom/nif:anchorOf ?sentence } ORDER BY ?relation ?what ?sentence""",
    "named in one document": """SELECT DISTINCT ?class ?label WHERE {
        ?m nif:referenceContext <https://w3id.org/kzai/id/document/d1.txt> ; itsrdf:taIdentRef ?e .
        ?e a ?class ; rdfs:label ?label } ORDER BY ?class ?label""",
    "two steps": """SELECT ?a ?b ?c WHERE { ?x kz:uses ?y . ?y kz:uses ?z .
        ?x rdfs:label ?a . ?y rdfs:label ?b . ?z rdfs:label ?c } ORDER BY ?a ?b ?c""",
    "plans by deadline": """SELECT ?deadline ?who ?what WHERE {
        ?s kz:modality kz:Planned ; kz:deadline ?deadline ; rdf:subject/rdfs:label ?who ; rdf:object/rdfs:label ?what
        FILTER (STR(?deadline) < "2024") } ORDER BY ?deadline ?who ?what""",
    "statements by relation": """SELECT ?relation ?modality (COUNT(?s) AS ?n) WHERE {
        ?s rdf:predicate ?relation ; kz:modality ?modality }
        GROUP BY ?relation ?modality ORDER BY ?relation ?modality""",
    "statements by document": """SELECT ?day (COUNT(DISTINCT ?s) AS ?n) WHERE {
        ?s prov:wasDerivedFrom/nif:referenceContext/dcterms:issued ?day } GROUP BY ?day ORDER BY ?day""",
    "a word in a label": """SELECT ?e ?label WHERE { ?e rdfs:label ?label
        FILTER CONTAINS(LCASE(?label), "firm entity 1") } ORDER BY ?e""",
    "said by nobody": """SELECT ?label WHERE { ?e a kz:Firm ; rdfs:label ?label
        FILTER NOT EXISTS { ?e kz:uses|kz:supplies|kz:funds ?any } } ORDER BY ?label""",
}
TEXTS = {
    name: "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(PREFIXES.items())) + body
    for name, body in QUERIES.items()
}


@dataclass(frozen=True, slots=True)
class Engine:
    """What one engine took: seconds by step and by query, and how many rows each query found.

    A query that takes longer than the limit has the limit for its time, and no rows.
    """

    steps: dict[str, float]
    seconds: dict[str, float]
    rows: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The engines on a graph of one size."""

    triples: int
    ours: Engine
    direct: Engine
    memory: Engine
    rdflib: Engine

    @property
    def in_memory(self) -> float:
        """How many times as long rdflib takes as our graph in memory, in the median of loading and the queries."""
        loading = self.rdflib.steps["load"] / self.memory.steps["load"]
        return statistics.median([loading, *(self.rdflib.seconds[q] / s for q, s in self.memory.seconds.items())])

    def over_ours(self, *, loading: bool) -> float:
        """How many times as long rdflib takes for a query as our process on the store, in the median.

        ``loading``: what rdflib takes until it has parsed the file counts, too, as for one question from the shell.
        """
        before = self.rdflib.steps["load"] if loading else 0.0
        return statistics.median((before + self.rdflib.seconds[name]) / s for name, s in self.ours.seconds.items())

    @property
    def sandbox_ms(self) -> float:
        """What the process of a query costs beyond ``DIRECT_TARGET`` times the query, in the median."""
        beyond = (s - DIRECT_TARGET * self.direct.seconds[name] for name, s in self.ours.seconds.items())
        return 1000 * statistics.median(beyond)


def compare(triples: int, repeats: int, limit_s: int) -> Comparison:
    """Make a graph of about so many triples, and ask all engines the same.

    Raises:
        SystemExit: an engine fails, or two find different numbers of rows.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = _child("make", folder, str(triples))
        asked = _child("ask", folder, str(repeats))
        rdflib = Engine(**_child("rdflib", folder, str(limit_s)))
        ours, direct, memory = (Engine(**asked[kind]) for kind in ("ours", "direct", "memory"))
        for query, rows in ours.rows.items():
            others = {"direct": direct.rows[query], "memory": memory.rows[query], "rdflib": rdflib.rows[query]}
            if not set(others.values()) <= {rows, None}:
                raise SystemExit(f"{query}: {rows} rows, and {others}")
        return Comparison(found["triples"], replace(ours, steps=found["steps"]), direct, memory, rdflib)


def _child(kind: str, folder: Path, setting: str) -> dict[str, Any]:
    """Do one part in a process of its own, so that none takes room or warmth from another."""
    command = [sys.executable, str(Path(__file__).resolve()), "--child", kind, str(folder), setting]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{kind}: failed with {done.returncode}: {done.stderr}")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def make(folder: Path, triples: int) -> dict[str, object]:
    """Write the graph as a build does: Turtle, and a store."""
    from kzai_graph.export import write_graph
    from kzai_graph.store import write_store

    quads = list(make_graph(max(triples // TRIPLES_PER_ENTITY, 40)))
    wrote = _seconds(lambda: write_graph(quads, folder / "graph.ttl"))
    stored = _seconds(lambda: write_store(quads, folder / "store"))
    count = len({(q.subject, q.predicate, q.object) for q in quads})
    return {"triples": count, "steps": {"Turtle": wrote, "store": stored}}


def ask(folder: Path, repeats: int) -> dict[str, object]:
    """Ask the store through our public function and directly, and the graph in memory, in turn."""
    import pyoxigraph as ox

    from kzai_graph.inquiry import Graph

    graph = Graph(folder / "store")
    started = _clock()
    loaded = Graph(folder / "graph.ttl").load()
    loading = _clock() - started

    def count(store: ox.Store, text: str) -> int:
        solutions = store.query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        return len(list(solutions))

    kinds: Mapping[str, Callable[[str], int]] = {
        "ours": lambda text: len(graph.query(text, max_rows=sys.maxsize).rows),
        "direct": lambda text: count(ox.Store.read_only(str(folder / "store")), text),
        "memory": lambda text: count(loaded, text),
    }
    engines = {kind: Engine({"load": loading} if kind == "memory" else {}, {}, {}) for kind in kinds}
    for name, text in TEXTS.items():
        runs: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(repeats):
            for kind, count_rows in kinds.items():
                started = _clock()
                engines[kind].rows[name] = count_rows(text)
                runs[kind].append(_clock() - started)
        for kind, found in runs.items():
            engines[kind].seconds[name] = min(found)
    return {kind: asdict(engine) for kind, engine in engines.items()}


def ask_rdflib(folder: Path, limit_s: int) -> dict[str, object]:
    """Load the Turtle file into rdflib's memory store, ask the queries once, and write it again."""
    import rdflib

    graph = rdflib.Graph()
    loaded = _seconds(lambda: graph.parse(folder / "graph.ttl"))
    engine = Engine({"load": loaded}, {}, {})
    for name, text in TEXTS.items():
        started = _clock()
        engine.rows[name] = _within(limit_s, lambda text=text: len(list(graph.query(text))))  # type: ignore[misc]
        engine.seconds[name] = _clock() - started
    if len(graph) <= MAX_WRITTEN:
        engine.steps["Turtle"] = _seconds(lambda: graph.serialize(folder / "again.ttl", format="turtle"))
    return asdict(engine)


def _within(limit_s: int, work: Callable[[], int]) -> int | None:
    """Do it, or give up after so many seconds."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    try:
        return work()
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _clock() -> float:
    """Seconds of the processor that this process and those that it waited for have used so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _seconds(work: Callable[[], object]) -> float:
    started = _clock()
    work()
    return _clock() - started


def measure_starts(repeats: int) -> dict[str, float]:
    """Seconds of whole commands that have little to do, the fastest of each, in turn with a bare start of Python."""
    with tempfile.TemporaryDirectory() as name:
        _child("make", Path(name), "10000")
        ours = [sys.executable, "-m", "kzai_graph"]
        commands = {
            "`python -c pass`": [sys.executable, "-c", "pass"],
            "`kzai-graph --help`": [*ours, "--help"],
            "`kzai-graph query`": [*ours, "query", "sources/documents", "--graph", str(Path(name, "store"))],
        }
        runs: dict[str, list[float]] = {shown: [] for shown in commands}
        for _ in range(repeats):
            for shown, command in commands.items():
                runs[shown].append(_seconds(lambda c=command: subprocess.run(c, capture_output=True, check=True)))  # type: ignore[misc]
        return {shown: min(found) for shown, found in runs.items()}


def fit_exponent(sizes: Iterable[float], seconds: Iterable[float]) -> float:
    """The power of the size with which the time grows: the slope of the line through their logarithms."""
    import numpy as np

    slope, _ = np.polyfit(np.log(list(sizes)), np.log(list(seconds)), 1)
    return float(slope)


def to_table(found: Sequence[Comparison]) -> str:
    """A Markdown table: a row for each step and query; seconds of each engine, with exponents."""
    rows: list[tuple[str, list[Sequence[float | None]]]] = [
        ("load the Turtle file", [(None, None, c.memory.steps["load"], c.rdflib.steps["load"]) for c in found]),
        ("write the store", [(c.ours.steps["store"], None, None, None) for c in found]),
        ("write Turtle", [(c.ours.steps["Turtle"], None, None, c.rdflib.steps.get("Turtle")) for c in found]),
    ]
    rows += [
        (name, [tuple(e.seconds[name] for e in (c.ours, c.direct, c.memory, c.rdflib)) for c in found])
        for name in QUERIES
    ]
    sizes = [c.triples for c in found]
    titles = ["seconds: ours / direct / memory / rdflib", *(f"{size:,} triples" for size in sizes), "exponents"]
    lines = [titles, ["---", *("---:" for _ in titles[1:])]]
    for name, measured in rows:
        cells = [" / ".join("–" if s is None else f"{s:.3g}" for s in cell) for cell in measured]
        columns = [
            [(n, s) for n, s in zip(sizes, c, strict=True) if s is not None] for c in zip(*measured, strict=True)
        ]
        slopes = [f"{fit_exponent(*zip(*known, strict=True)):z.2f}" if len(known) > 1 else "–" for known in columns]
        lines.append([name, *cells, " / ".join(slopes)])
    medians: dict[str, list[float]] = {
        f"**rdflib / memory, median of loading and the queries** (≥ {RDFLIB_TARGET:g})": [c.in_memory for c in found],
        "rdflib with loading / ours, median of the queries": [c.over_ours(loading=True) for c in found],
        "rdflib loaded / ours, median of the queries": [c.over_ours(loading=False) for c in found],
    }
    lines += [[title, *(f"{times:.3g}" for times in medians[title]), ""] for title in medians]
    beyond = [f"**{c.sandbox_ms:.0f} ms**" for c in found]
    lines.append([f"**ours beyond {DIRECT_TARGET} × direct** (≤ {SANDBOX_MS:g} ms)", *beyond, ""])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured; 1 where a target is missed and ``--check`` is set."""
    parser = argparse.ArgumentParser(description="Compare loading, queries and export with rdflib and pyoxigraph.")
    parser.add_argument("triples", nargs="*", type=int, default=[10_000, 100_000], help="sizes (10000 100000)")
    parser.add_argument("--repeats", type=int, default=5, help="times that each query of ours is asked (5)")
    parser.add_argument("--limit", type=int, default=60, help="seconds that rdflib has for a query (60)")
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        kind, folder, setting = given.child
        print(json.dumps({"make": make, "ask": ask, "rdflib": ask_rdflib}[kind](Path(folder), int(setting))))
        return 0
    found = [compare(size, given.repeats, given.limit) for size in given.triples]
    starts = measure_starts(given.repeats)
    print(to_table(found))
    print(f"\nthe fastest of {given.repeats}; rdflib once, and at most {given.limit} s a query")
    print("; ".join(f"{shown}: {seconds:.2f} s" for shown, seconds in starts.items()), f"(≤ {START_TARGET_S} s)")
    missed = any(c.in_memory < RDFLIB_TARGET or c.sandbox_ms > SANDBOX_MS for c in found)
    return int(given.check and (missed or max(starts.values()) > START_TARGET_S))


if __name__ == "__main__":
    sys.exit(main())
