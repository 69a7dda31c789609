"""A log-linear model of relations: whole-numbered weights for what is true of a pair of references.

Whole numbers add up to the same sum on every machine, so that the same text gives the same statements.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kzai_graph.errors import OntologyError
from kzai_graph.lexical import Ontology

SCALE = 256
"""What a weight of 1 (in nats) is written as."""
FORWARD, BACKWARD = ">", "<"
PLACES = 3
"""Decimal places of a probability: more would not be the same on every machine."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A relation that may hold between two references; ``forward``: the first is its subject."""

    relation: str
    forward: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of shape (features, outcomes + 1); column 0 stands for no relation."""

    outcomes: tuple[Outcome, ...]
    features: Mapping[str, int]
    matrix: NDArray[np.int16]

    def columns(self, ontology: Ontology, first: str, second: str) -> list[int]:
        """The columns of the outcomes that fit the classes of a pair, without the one for no relation."""
        return [n for n, outcome in enumerate(self.outcomes, 1) if _fits(ontology, outcome, first, second)]

    def judge(self, features: Sequence[str], columns: Sequence[int]) -> tuple[float, Outcome, float]:
        """How probable any relation is, the most probable outcome of ``columns``, and its share of the former."""
        rows = [row for feature in features if (row := self.features.get(feature)) is not None]
        sums = self.matrix[rows].sum(axis=0, dtype=np.int64)[[0, *columns]]
        odds = np.exp((sums - sums.max()) / SCALE)
        related = float(odds[1:].sum())
        best = 1 + int(odds[1:].argmax())
        return (
            round(related / (related + float(odds[0])), PLACES),
            self.outcomes[columns[best - 1] - 1],
            round(float(odds[best]) / related, PLACES),
        )


def outcomes_of(ontology: Ontology) -> tuple[Outcome, ...]:
    """What may be said of two references in the order of the text: each relation either way, a symmetric one once."""
    return tuple(
        Outcome(name, forward)
        for name in sorted(ontology.relations)
        for forward in ((True,) if ontology.relations[name].symmetric else (True, False))
    )


def load_weights(path: Path) -> Weights:
    """Read weights.

    Raises:
        OntologyError: the file holds none.
    """
    try:
        with np.load(path, allow_pickle=False) as found:
            outcomes = tuple(Outcome(text[:-1], text[-1] == FORWARD) for text in str(found["outcomes"]).split("\n"))
            names = bytes(found["features"]).decode("utf-8").split("\n")
            matrix = np.zeros((len(names), len(outcomes) + 1), dtype=np.int16)
            matrix[found["rows"], found["columns"]] = found["weights"]
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile):
        raise OntologyError(f"{path}: holds no weights of relations; make it anew with kzai-graph learn") from None
    return Weights(outcomes, {name: row for row, name in enumerate(names)}, matrix)


def pack_weights(weights: Weights) -> bytes:
    """The bytes of a file of weights; the same weights give the same bytes."""
    rows, columns = np.nonzero(weights.matrix)
    parts = {
        "outcomes": np.array("\n".join(o.relation + (FORWARD if o.forward else BACKWARD) for o in weights.outcomes)),
        "features": np.frombuffer("\n".join(weights.features).encode("utf-8"), dtype=np.uint8),
        "rows": rows.astype(np.int32),
        "columns": columns.astype(np.uint8),
        "weights": weights.matrix[rows, columns],
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            data = BytesIO()
            np.lib.format.write_array(data, part, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _fits(ontology: Ontology, outcome: Outcome, first: str, second: str) -> bool:
    subject, target = (first, second) if outcome.forward else (second, first)
    return outcome.relation in ontology.relations and ontology.fits(outcome.relation, subject, target)


__all__ = ["SCALE", "Outcome", "Weights", "load_weights", "outcomes_of", "pack_weights"]
