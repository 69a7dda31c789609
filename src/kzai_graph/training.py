"""Learn which relations hold between two references of a sentence, from annotated sentences.

A log-linear model (multinomial logistic regression) over the outcomes that the classes of a pair allow, with a Gaussian
prior on the weights, fitted by L-BFGS (Berger et al. 1996; Nocedal 1980).
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.tokens import Doc
from spacy.tokens import Span as TokenSpan

from kzai_graph.annotated import Annotation, Example, Fact, read_examples
from kzai_graph.entities import Entity, Reference
from kzai_graph.errors import TrainingError
from kzai_graph.model import Block, Document, MentionKind, Metadata, Span, Zone
from kzai_graph.pairs import Describer, Pair, find_pairs
from kzai_graph.reading import Reader
from kzai_graph.readings import Reading
from kzai_graph.weights import SCALE, Outcome, Weights, outcomes_of

SETTINGS = "settings.toml"
IMPOSSIBLE = -1e9
LARGEST = 32767


@dataclass(frozen=True, slots=True)
class Settings:
    """``penalty``: inverse variance of the prior; ``min_count``: how often a feature must be seen to be kept."""

    penalty: float = 1.5
    min_count: int = 2
    iterations: int = 80


@dataclass(frozen=True, slots=True)
class Instance:
    """A pair with its features, the columns that its classes allow (0: no relation) and those that are right."""

    features: list[str]
    columns: list[int]
    right: list[int]


def read_settings(folder: Path) -> Settings:
    """The settings of a training folder; the defaults where it has none.

    Raises:
        TrainingError: they cannot be read, or one of them is unknown or cannot be.
    """
    path = folder / SETTINGS
    if not path.is_file():
        return Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read ({error}); write lines such as min_count = 2") from error
    kinds = {field.name: type(field.default) for field in fields(Settings)}
    for name, value in table.items():
        if name not in kinds:
            raise TrainingError(f"{path}: unknown setting {name!r}; there are {', '.join(kinds)}")
        whole = kinds[name] is int
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not 0 < value < inf:
            raise TrainingError(f"{path}: {name} must be a {'whole ' if whole else ''}number above 0, and is {value!r}")
    return Settings(**table)


def read_folder(folder: Path, reader: Reader) -> list[Example]:
    """All examples of the ``*.txt`` files of a folder.

    Raises:
        TrainingError: there is none, or a file holds something else.
    """
    examples = [e for path in sorted(folder.glob("*.txt")) for e in read_examples(path, reader.ontology)]
    if not examples:
        raise TrainingError(f"{folder}: no annotated sentences (*.txt) here; docs/learning.md describes them")
    return examples


def find_instances(examples: Iterable[Example], reader: Reader) -> Iterator[Instance]:
    """The pairs of references of each sentence, as the reader would find them, with what is annotated of them."""
    outcomes = outcomes_of(reader.ontology)
    blank = Weights(outcomes, {}, np.zeros((0, len(outcomes) + 1), dtype=np.int16))
    for example in examples:
        reading = reader.interpret(_document(example))
        for block in sorted(reading.clauses):
            yield from _instances(example, reading, block, reader, blank)


def fit(instances: Sequence[Instance], outcomes: Sequence[Outcome], settings: Settings) -> Weights:
    """Fit the weights; the same instances give the same weights, but for the last digits of the machine's numbers.

    Raises:
        TrainingError: nothing is seen often enough.
    """
    counts = Counter(feature for instance in instances for feature in instance.features)
    names = sorted(feature for feature, count in counts.items() if count >= settings.min_count)
    if not names:
        raise TrainingError(f"no feature is seen {settings.min_count} times; give more sentences or a lower min_count")
    rows = {name: row for row, name in enumerate(names)}
    shape = (len(names), len(outcomes) + 1)
    seen = _matrix(instances, rows)
    possible = np.full((len(instances), shape[1]), IMPOSSIBLE)
    right = np.zeros_like(possible)
    for n, instance in enumerate(instances):
        possible[n, instance.columns] = 0
        right[n, instance.right] = 1 / len(instance.right)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        scores = seen @ weights + possible
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        gradient = seen.T @ (np.exp(logs) - right) + settings.penalty * weights
        return float(-(right * logs).sum() + settings.penalty / 2 * (flat @ flat)), gradient.ravel()

    found = minimize(
        loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": settings.iterations}
    )
    matrix = np.clip(np.rint(found.x.reshape(shape) * SCALE), -LARGEST, LARGEST).astype(np.int16)
    kept = np.flatnonzero(matrix.any(axis=1))
    return Weights(tuple(outcomes), {names[row]: n for n, row in enumerate(kept)}, matrix[kept])


def _matrix(instances: Sequence[Instance], rows: dict[str, int]) -> csr_matrix:
    columns: list[int] = []
    ends = [0]
    for instance in instances:
        columns += [rows[f] for f in instance.features if f in rows]
        ends.append(len(columns))
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(instances), len(rows)))


def _document(example: Example) -> Document:
    block = Block(Span(0, len(example.text)), Zone.BODY, example.text)
    return Document("example.txt", example.text, "", "utf-8", (block,), Metadata())


def _instances(example: Example, reading: Reading, block: int, reader: Reader, blank: Weights) -> Iterator[Instance]:
    doc = reading.docs[block]
    references, names = _references(example, reading, block, doc)
    pairs = list(find_pairs(doc, references))
    nearest = _nearest(pairs, names)
    describer = Describer(reading.docs, reading.clauses, reader.lookup)
    for pair in pairs:
        first, second = names.get(id(pair.first.entity)), names.get(id(pair.second.entity))
        columns = blank.columns(reader.ontology, pair.first.entity.cls or "", pair.second.entity.cls or "")
        right = _columns(example.facts, first, second, blank.outcomes)
        if not columns or (right and nearest[frozenset((first, second))] is not pair):
            continue  # which of several mentions says it is not annotated: the nearest does
        open_to_doubt = set(_columns(example.arguable, first, second, blank.outcomes)) - set(right)
        allowed = [0, *(c for c in columns if c not in open_to_doubt)]
        yield Instance(describer.features(pair), allowed, right or [0])


def _references(
    example: Example, reading: Reading, block: int, doc: Doc
) -> tuple[list[Reference], dict[int, str | None]]:
    """What is annotated, as the reader found it where it did; and what only the reader found, which has no name."""
    entities = {a.name: Entity(key=(a.name,), cls=a.cls) for a in example.annotations}
    names: dict[int, str | None] = {id(entity): name for name, entity in entities.items()}
    found = [r for r in reading.mentions.references if r.block == block]
    spans = [(_span(doc, a), a) for a in example.annotations]
    references: list[Reference] = []
    for span, annotation in spans:
        inside = [r for r in found if span.start <= r.head < span.end and r.begin < span.end and span.start < r.end]
        entity = entities[annotation.name]
        if inside:
            best = max(inside, key=lambda r: (r.head == span.root.i, min(r.end, span.end) - max(r.begin, span.start)))
            references.append(Reference(block, best.begin, best.end, best.head, best.kind, entity))
        else:
            references.append(Reference(block, span.start, span.end, span.root.i, MentionKind.NAME, entity))
    for reference in found:
        apart = all(reference.end <= span.start or span.end <= reference.begin for span, _ in spans)
        if apart and reference.entity.cls is not None and reference.entity.named:
            references.append(reference)
    return references, names


def _span(doc: Doc, annotation: Annotation) -> TokenSpan:
    span = doc.char_span(annotation.begin, annotation.end, alignment_mode="expand")
    assert span is not None
    return span


def _nearest(pairs: Sequence[Pair], names: dict[int, str | None]) -> dict[frozenset[str | None], Pair]:
    """Of the pairs of mentions of the same two entities the one with the shortest way."""
    of_ends: defaultdict[frozenset[str | None], list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_ends[frozenset(names.get(id(r.entity)) for r in (pair.first, pair.second))].append(pair)
    return {ends: min(found, key=lambda p: len(p.up) + len(p.down)) for ends, found in of_ends.items()}


def _columns(facts: Iterable[Fact], first: str | None, second: str | None, outcomes: Sequence[Outcome]) -> list[int]:
    found = {(r, True) for s, r, o in facts if (s, o) == (first, second)}
    found |= {(r, False) for s, r, o in facts if (s, o) == (second, first)}
    both = {outcome.relation for outcome in outcomes if not outcome.forward}
    return [
        n
        for n, o in enumerate(outcomes, 1)
        if any(o.relation == r and (o.forward == f or r not in both) for r, f in found)
    ]


__all__ = ["Instance", "Settings", "find_instances", "fit", "read_folder", "read_settings"]
