"""Read gold files: what a careful analyst would take from one text.

One YAML file a document; ``docs/evaluation.md`` describes the format. A place for one value may hold a list of
acceptable ones, so every such field is a tuple here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kzai_graph.errors import GoldError
from kzai_graph.lexical import Ontology
from kzai_graph.model import Modality
from kzai_graph.safe_yaml import load_yaml

ANYTHING = "*"
QUALIFIERS = ("date", "deadline", "amount", "currency")
METADATA = ("title", "date", "creator", "publisher")


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """An entity with every acceptable class and name; ``split_ok``: it may be several nodes."""

    id: str
    classes: tuple[str, ...]
    names: tuple[str, ...]
    optional: bool
    split_ok: bool


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A statement with its acceptable ends, relations, modalities and qualifiers."""

    subjects: tuple[str, ...]
    relations: tuple[str, ...]
    objects: tuple[str, ...]
    modalities: tuple[str, ...]
    qualifiers: Mapping[str, tuple[str, ...]]
    optional: bool

    def __str__(self) -> str:
        ends = " | ".join("/".join(part) for part in (self.subjects, self.relations, self.objects))
        return f"{ends} [{'/'.join(self.modalities)}]"


@dataclass(frozen=True, slots=True)
class Trap:
    """A tempting false statement; ``ANYTHING`` stands for every entity."""

    subjects: tuple[str, ...]
    relations: tuple[str, ...]
    objects: tuple[str, ...]
    modality: str


@dataclass(frozen=True, slots=True)
class GoldObservation:
    """A number; an empty tuple or ``None`` where anything will do."""

    value: str
    units: tuple[str, ...]
    period: str | None
    modalities: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """The opening of a quotation with its speaker."""

    speaker: str
    text: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Gold:
    """One gold file."""

    document: str
    entities: Mapping[str, GoldEntity]
    facts: tuple[GoldFact, ...]
    traps: tuple[Trap, ...]
    observations: tuple[GoldObservation, ...]
    quotes: tuple[GoldQuote, ...]
    metadata: Mapping[str, str]


def load_gold(folder: Path, ontology: Ontology) -> tuple[Gold, ...]:
    """Read all ``*.gold.yaml`` files of a folder, by name.

    Raises:
        GoldError: there is none, or one cannot be read or names what neither it nor the ontology defines.
    """
    paths = sorted(folder.glob("*.gold.yaml"))
    if not paths:
        raise GoldError(f"{folder}: no *.gold.yaml here; give the folder that holds the gold files")
    return tuple(_Reader(path, ontology).gold() for path in paths)


class _Reader:
    """Turn one file into values, and refuse what does not follow the format."""

    def __init__(self, path: Path, ontology: Ontology) -> None:
        self.path, self.ontology = path, ontology
        try:
            data = load_yaml(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise GoldError(f"{path}: cannot be read ({error}); check the file") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f":{mark.line + 1}" if mark is not None else ""
            raise GoldError(f"{path}{place}: no valid YAML; mend that line") from error
        if not isinstance(data, dict):
            raise self.fail("is no mapping", "start it with 'document: FILE'")
        self.data: dict[str, Any] = data

    def fail(self, what: str, remedy: str) -> GoldError:
        return GoldError(f"{self.path}: {what}; {remedy}")

    def gold(self) -> Gold:
        document = self.need(self.data, "document")
        entities = {str(id_): entry for id_, entry in self.mapping("entities").items()}
        self.ids = frozenset(entities)
        return Gold(
            document=str(document),
            entities={id_: self.entity(id_, entry) for id_, entry in entities.items()},
            facts=tuple(self.fact(entry) for entry in self.entries("facts")),
            traps=tuple(self.trap(entry) for entry in self.entries("traps")),
            observations=tuple(self.observation(entry) for entry in self.entries("observations")),
            quotes=tuple(self.quote(entry) for entry in self.entries("quotes")),
            metadata={str(key): str(value) for key, value in self.mapping("metadata").items()},
        )

    def mapping(self, key: str) -> dict[Any, Any]:
        found = self.data.get(key) or {}
        if not isinstance(found, dict):
            raise self.fail(f"{key!r} is no mapping", f"write '{key}: {{key: value, …}}'")
        return found

    def entries(self, key: str) -> Iterable[dict[str, Any]]:
        found = self.data.get(key) or []
        if not isinstance(found, list):
            raise self.fail(f"{key!r} is no list", "begin each entry with '- '")
        for entry in found:
            if not isinstance(entry, dict):
                raise self.fail(f"{key}: {entry!r:.80} is no mapping", "write '{key: value, …}'")
            yield entry

    def need(self, entry: Mapping[str, Any], key: str) -> Any:
        if key not in entry:
            raise self.fail(f"'{key}' is missing in {dict(entry)!r:.80}", "add it")
        return entry[key]

    def known(self, values: tuple[str, ...], allowed: Iterable[str], what: str) -> tuple[str, ...]:
        if not values:
            raise self.fail(f"an empty list names no {what}", "name one, or leave the key out")
        for value in values:
            if value not in allowed:
                raise self.fail(f"{value!r} is no {what}", "mend the name or define it")
        return values

    def entity(self, id_: str, entry: Any) -> GoldEntity:
        if not isinstance(entry, dict):
            raise self.fail(f"entity {id_!r} is no mapping", "write '{type: …, names: […]}'")
        return GoldEntity(
            id_,
            self.known(_several(self.need(entry, "type")), self.ontology.classes, "class of the ontology"),
            _several(self.need(entry, "names")),
            bool(entry.get("optional")),
            bool(entry.get("split_ok")),
        )

    def triple(
        self, entry: Mapping[str, Any], ids: frozenset[str]
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        return (
            self.known(_several(self.need(entry, "s")), ids, "entity of this file"),
            self.known(_several(self.need(entry, "p")), self.ontology.relations, "relation of the ontology"),
            self.known(_several(self.need(entry, "o")), ids, "entity of this file"),
        )

    def modalities(self, entry: Mapping[str, Any], default: tuple[str, ...]) -> tuple[str, ...]:
        return self.known(_several(entry["modality"]), set(Modality), "modality") if "modality" in entry else default

    def fact(self, entry: Mapping[str, Any]) -> GoldFact:
        qualifiers = {q: _several(entry[q]) for q in QUALIFIERS if q in entry}
        modalities = self.modalities(entry, (Modality.ASSERTED,))
        return GoldFact(*self.triple(entry, self.ids), modalities, qualifiers, bool(entry.get("optional")))

    def trap(self, entry: Mapping[str, Any]) -> Trap:
        return Trap(*self.triple(entry, self.ids | {ANYTHING}), self.modalities(entry, (Modality.ASSERTED,))[0])

    def observation(self, entry: Mapping[str, Any]) -> GoldObservation:
        return GoldObservation(
            str(self.need(entry, "value")),
            _several(entry.get("unit", [])),
            str(entry["period"]) if "period" in entry else None,
            self.modalities(entry, ()),
            bool(entry.get("optional")),
        )

    def quote(self, entry: Mapping[str, Any]) -> GoldQuote:
        (speaker,) = self.known((str(self.need(entry, "speaker")),), self.ids, "entity of this file")
        return GoldQuote(speaker, str(self.need(entry, "text")), bool(entry.get("optional")))


def _several(value: Any) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)
