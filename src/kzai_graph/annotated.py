"""Read annotated sentences: what a classifier of relations learns from. docs/learning.md describes their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kzai_graph.errors import TrainingError
from kzai_graph.lexical import Ontology
from kzai_graph.model import Modality

MENTION = re.compile(r"\[([^\[\]|>]+)(?:>([^\[\]|>]+))?\|(\w+)\]")
FACT = re.compile(rf"(\? )?(.+?)(?: - (?:{'|'.join(Modality)}))?")
Fact = tuple[str, str, str]
"""Subject, relation, object; the ends by their names."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """Words (characters ``begin`` to ``end``) that name or mean an entity, with its name and class."""

    begin: int
    end: int
    name: str
    cls: str


@dataclass(slots=True)
class Example:
    """Some sentences with all their entities and facts; arguable facts count neither for nor against anything.

    ``place``: file and line, for messages.
    """

    place: str
    text: str
    annotations: list[Annotation]
    facts: set[Fact] = field(default_factory=set)
    arguable: set[Fact] = field(default_factory=set)


def read_examples(path: Path, ontology: Ontology) -> list[Example]:
    """Read a file of annotated sentences.

    Raises:
        TrainingError: it cannot be read, or uses a class, relation or name that is not known.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: cannot be read ({error})") from None
    examples: list[Example] = []
    opens = True
    for number, line in enumerate(text.split("\n"), 1):
        place = f"{path}:{number}"
        if not line.strip():
            opens = True
        elif line.startswith("#"):
            continue
        elif opens:
            examples.append(_example(place, line.strip(), ontology))
            opens = False
        else:
            _add_fact(examples[-1], place, line.strip(), ontology)
    return examples


def _example(place: str, line: str, ontology: Ontology) -> Example:
    pieces: list[str] = []
    annotations: list[Annotation] = []
    classes: dict[str, str] = {}
    at = length = 0
    for found in MENTION.finditer(line):
        words, name, cls = found[1], found[2] or found[1], found[3]
        if cls not in ontology.classes:
            raise TrainingError(f"{place}: {found[0]} has the unknown class {cls}; use one of the ontology folder")
        if classes.setdefault(name, cls) != cls:
            raise TrainingError(f"{place}: {name!r} has the classes {classes[name]} and {cls}; give it one")
        pieces += [line[at : found.start()], words]
        begin = length + found.start() - at
        length, at = begin + len(words), found.end()
        annotations.append(Annotation(begin, length, name, cls))
    text = "".join((*pieces, line[at:]))
    if "[" in text or "]" in text:
        raise TrainingError(f"{place}: a bracket that is no [words|Class] or [words>name|Class]")
    return Example(place, text, annotations)


def _add_fact(example: Example, place: str, line: str, ontology: Ontology) -> None:
    found = FACT.fullmatch(line)
    assert found is not None
    classes = {a.name: a.cls for a in example.annotations}
    ends = [e for e in _readings(found[2], ontology) if e[0] in classes and e[2] in classes]
    if not ends:
        raise TrainingError(f"{place}: {line!r} is no SUBJECT relation OBJECT with names of its sentence")
    subject, relation, target = ends[0]
    if not ontology.fits(relation, classes[subject], classes[target]):
        raise TrainingError(f"{place}: {relation} does not go from {classes[subject]} to {classes[target]}")
    (example.arguable if found[1] else example.facts).add((subject, relation, target))


def _readings(text: str, ontology: Ontology) -> Iterator[Fact]:
    for relation in ontology.relations:
        subject, found, target = text.partition(f" {relation} ")
        if found:
            yield subject, relation, target


__all__ = ["Annotation", "Example", "Fact", "read_examples"]
