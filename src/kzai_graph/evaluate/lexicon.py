"""Say how often each lexicon entry was right on the gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kzai_graph.evaluate.alignment import Judged
from kzai_graph.evaluate.claims import Claims, local_name
from kzai_graph.evaluate.scores import Tally
from kzai_graph.evaluate.scoring import Reading
from kzai_graph.terms import KZ, PROV

MAX_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class FrameScore:
    """What came of one lexicon entry: statements right, optional (true but not asked for), extra.

    ``examples``: the first of the extra ones, by document and node.
    """

    frame: str
    relations: tuple[str, ...]
    right: int
    optional: int
    extra: int
    examples: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Of the statements that count; 1 where none does."""
        tally = Tally(right=self.right, extra=self.extra)
        return tally.precision if self.right + self.extra else 1.0

    def __str__(self) -> str:
        numbers = f"right {self.right:3}  optional {self.optional:3}  extra {self.extra:3}"
        return f"{local_name(self.frame):36} {numbers}  {'/'.join(self.relations)}"


def score_frames(readings: Iterable[Reading], claims: Claims) -> tuple[FrameScore, ...]:
    """Score the lexicon entries over all documents, those with most extras first.

    A statement that several entries support counts for each.
    """
    verdicts: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for reading in readings:
        for judged in reading.judged:
            verdict = _verdict(reading, judged)
            claim = judged.claim
            text = f"{claims.label(claim.subject)} | {claim.relation} | {claims.label(claim.object)} [{claim.modality}]"
            for frame in sorted(set(_frames(reading, judged, claims))):
                verdicts[frame].append((verdict, claim.relation, f"{reading.gold.document[:28]}: {text}"))
    scores = [_score(frame, found) for frame, found in verdicts.items()]
    return tuple(sorted(scores, key=lambda s: (-s.extra, s.right, s.frame)))


def _verdict(reading: Reading, judged: Judged) -> str:
    if not judged.matches:
        return "extra"
    return "optional" if all(reading.gold.facts[i].optional for i in judged.matches) else "right"


def _frames(reading: Reading, judged: Judged, claims: Claims) -> Iterator[str]:
    """The entries that support a statement in this document."""
    for derivation in claims.values(judged.claim.node, PROV + "qualifiedDerivation"):
        sources = claims.values(derivation, PROV + "entity")
        if any(claims.document_of.get(source) == reading.document for source in sources):
            for frame in claims.values(derivation, KZ + "frame"):
                yield frame.value


def _score(frame: str, found: list[tuple[str, str, str]]) -> FrameScore:
    verdicts = [verdict for verdict, _, _ in found]
    return FrameScore(
        frame,
        tuple(sorted({relation for _, relation, _ in found})),
        verdicts.count("right"),
        verdicts.count("optional"),
        verdicts.count("extra"),
        tuple(text for verdict, _, text in found if verdict == "extra")[:MAX_EXAMPLES],
    )
