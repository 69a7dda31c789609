"""Which entity of a document speaks; the cases say which."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from kzai_graph.language import load_pipeline
from kzai_graph.model import Block, Document, Metadata, Span, Zone
from kzai_graph.ontology import load_ontology
from kzai_graph.reading import Reader

CASES = Path(__file__).parent / "cases" / "voices" / "speakers.toml"


@cache
def reader() -> Reader:
    return Reader(load_pipeline(), load_ontology())


def cases() -> list[tuple[str, list[list[str]]]]:
    loaded = tomllib.loads(CASES.read_text(encoding="utf-8"))
    return [(case["text"], case["quotes"]) for case in loaded["case"]]


@pytest.mark.parametrize(("text", "quotes"), cases())
def test_the_speakers_of_a_text(text: str, quotes: list[list[str]]) -> None:
    blocks = tuple(Block(Span(m.start(), m.end()), Zone.BODY, m.group()) for m in re.finditer(r"[^\n]+", text))
    record = reader().read(Document("case.txt", text, "0" * 64, "utf-8", blocks, Metadata(date="2031-05-20")))
    labels = {entity.id: entity.name for entity in record.entities}
    assert [[labels[quote.speaker], quote.text] for quote in record.quotes] == quotes
    for quote in record.quotes:  # the place of a quotation begins and ends with its words
        shown = text[quote.span.begin : quote.span.end]
        assert shown.startswith(quote.text.split(" […] ")[0])
        assert shown.endswith(quote.text.split(" […] ")[-1])
