"""Run the evaluation from the shell until the command line has it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kzai_graph.errors import KzaiError
from kzai_graph.evaluate import evaluate, explain_misses, frame_scores, summarise
from kzai_graph.ontology import load_ontology


def main() -> int:
    """Print the scores, and what else was asked for."""
    parser = argparse.ArgumentParser(prog="python -m kzai_graph.evaluate")
    parser.add_argument("graph", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("texts", type=Path, nargs="?")
    for option in ("--why", "--by-frame", "--errors", "--per-document", "--json"):
        parser.add_argument(option, action="store_true")
    args = parser.parse_args()
    write = sys.stdout.write
    try:
        ontology = load_ontology()
        report = evaluate(args.graph, args.gold, args.texts, ontology=ontology)
        lines = [json.dumps(report.as_dict())] if args.json else list(report.lines())
        if args.per_document:
            lines += ["", *report.document_lines()]
        if args.errors:
            lines += ["", *report.errors]
        if args.why:
            misses = explain_misses(args.graph, args.gold, args.texts, ontology=ontology)
            lines += ["", *map(str, misses), "", *summarise(misses)]
        if args.by_frame:
            for frame in frame_scores(args.graph, args.gold, ontology=ontology):
                lines += [str(frame), *(f"      {example}" for example in frame.examples)]
    except KzaiError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
