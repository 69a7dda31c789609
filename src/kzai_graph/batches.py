"""What a process does that reads texts: a batch of files in, packed records out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from kzai_graph.cache import Origin, Packed, Settings, pack, record_name
from kzai_graph.documents import to_document
from kzai_graph.errors import GraphError, InputError
from kzai_graph.ontology import load_ontology
from kzai_graph.places import open_place
from kzai_graph.sources import Raw, Unread

if TYPE_CHECKING:
    from kzai_graph.reading import Reader

_ONE_AT_A_TIME = Lock()
"""spaCy keeps what it learns of words in tables that several threads must not change at once."""


def read_batch(settings: Settings, batch: Sequence[Raw | Unread]) -> list[Packed | Unread]:
    """Read files into packed records, in their order; what could not be loaded stays what it is.

    Raises:
        InputError: this process has another program, model or ontology; or the model is not installed; or the
            driver of the place of the records.
        GraphError: a record cannot be written there.
        OntologyError: the ontology folder is broken.
    """
    with _ONE_AT_A_TIME:
        reader = load_reader(settings.ontology, settings.model)
        _compare(Origin.of(settings.model, reader.ontology.digest), settings.origin)
        return [raw if isinstance(raw, Unread) else _read(reader, raw, settings) for raw in batch]


def _read(reader: Reader, raw: Raw, settings: Settings) -> Packed | Unread:
    try:
        document = to_document(raw, settings.limits)
    except InputError as error:
        return Unread(raw.source.identifier, str(error))
    packed = pack(reader.read(document), reader.pipeline.version, settings.limits)
    return packed if settings.records is None else _kept(packed, settings.origin, settings.records)


def _kept(packed: Packed, origin: Origin, records: str) -> Packed:
    """Put a record where all processes find it, so that it need not be sent."""
    assert packed.data is not None
    try:
        open_place(records).write(record_name(origin, packed.identifier, packed.content), packed.data)
    except OSError as error:
        what = error.strerror or str(error)
        raise GraphError(
            f"--records {records}: cannot be written where texts are read ({what}); each machine needs it there"
        ) from error
    return replace(packed, data=None)


def _compare(here: Origin, wanted: Origin) -> None:
    names = [field.name for field in fields(Origin)]
    values = zip(names, astuple(here), astuple(wanted), strict=True)
    found = [
        f"{name.replace('_', ' ')} ({mine[:12]} for {theirs[:12]})" for name, mine, theirs in values if mine != theirs
    ]
    if found:
        raise InputError(
            f"a process that reads texts has another {', another '.join(found)}; give it the same, and run it again"
        )


@cache
def load_reader(ontology: Path | None, model: str | None) -> Reader:
    """Load model and ontology once in each process, and spaCy only where something is to be read."""
    from kzai_graph.language import load_pipeline
    from kzai_graph.reading import Reader

    return Reader(load_pipeline(model), load_ontology(ontology))
