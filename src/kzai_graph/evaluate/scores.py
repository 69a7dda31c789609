"""Tallies, counts and findings, and how they are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

KINDS = ("entities", "typed", "facts", "observations", "quotes")
COUNTS = (
    "duplicates",
    "traps",
    "qualifiers_right",
    "qualifiers",
    "metadata_right",
    "metadata",
    "assertions",
    "without_evidence",
    "ungrounded",
    "without_triple",
    "unbacked",
    "malformed",
    "spans",
    "spans_wrong",
)


@dataclass(slots=True)
class Tally:
    """What was right, what was said beyond the gold, and what was missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, *, right: int = 0, extra: int = 0, missed: int = 0) -> None:
        self.right += right
        self.extra += extra
        self.missed += missed

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra) if self.right + self.extra else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}   "
            f"(right {self.right}, extra {self.extra}, missed {self.missed})"
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One miss (``fact-``), one extra (``fact+``) or one fault of the graph; ``document`` is empty for the latter."""

    document: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.document or '-'}\t{self.kind}\t{self.text}"


@dataclass(slots=True)
class Score:
    """The score of one document, of the graph's evidence, or of all together."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in KINDS})
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for kind, tally in other.tallies.items():
            self.tallies[kind].add(right=tally.right, extra=tally.extra, missed=tally.missed)
        self.counts.update(other.counts)
        self.findings.extend(other.findings)

    def as_dict(self) -> dict[str, dict[str, float] | int]:
        """All numbers, for JSON; ratios to three decimals."""
        rows: dict[str, dict[str, float] | int] = {
            kind: {
                "p": round(tally.precision, 3),
                "r": round(tally.recall, 3),
                "f1": round(tally.f1, 3),
                "tp": tally.right,
                "fp": tally.extra,
                "fn": tally.missed,
            }
            for kind, tally in self.tallies.items()
        }
        return rows | {key: self.counts[key] for key in COUNTS}


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of a graph on gold files: all together and by document."""

    total: Score
    documents: dict[str, Score]

    @property
    def errors(self) -> tuple[str, ...]:
        """One line for every miss, every extra and every fault of the graph: document, kind, text, by tabs."""
        return tuple(map(str, self.total.findings))

    def lines(self) -> tuple[str, ...]:
        """The tallies, the faults by document, and the faults of the graph as a whole."""
        c = self.total.counts
        return (
            *(f"{kind:13} {self.total.tallies[kind]}" for kind in KINDS),
            f"qualifiers {c['qualifiers_right']}/{c['qualifiers']} right · "
            f"metadata {c['metadata_right']}/{c['metadata']} · traps fallen into {c['traps']} · "
            f"duplicate nodes {c['duplicates']} · offsets wrong {c['spans_wrong']}/{c['spans']}",
            f"of {c['assertions']} assertions: without evidence {c['without_evidence']} · "
            f"evidence that does not name both {c['ungrounded']} · without plain triple {c['without_triple']} · "
            f"plain triples unbacked {c['unbacked']} · nodes with two values {c['malformed']}",
        )

    def document_lines(self) -> tuple[str, ...]:
        """The tallies of facts, entities with class, observations and quotes by document."""
        return tuple(
            f"{name[:40]:40} {kind:13} {score.tallies[kind]}"
            for name, score in self.documents.items()
            for kind in KINDS
        )

    def as_dict(self) -> dict[str, dict[str, float] | int]:
        """All numbers of all documents together."""
        return self.total.as_dict()
