"""Which entity of a document speaks; the cases say which."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kzai_graph.documents import read_document
from kzai_graph.language import load_pipeline
from kzai_graph.model import Block, Document, DocumentRecord, Metadata, Span, Zone
from kzai_graph.ontology import load_ontology
from kzai_graph.reading import Reader
from kzai_graph.sources import Source

CASES = Path(__file__).parent / "cases" / "voices"


@cache
def reader() -> Reader:
    return Reader(load_pipeline(), load_ontology())


def cases(group: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((CASES / f"{group}.toml").read_text(encoding="utf-8"))["case"])


def shown(record: DocumentRecord) -> list[list[str]]:
    labels = {entity.id: entity.name for entity in record.entities}
    return [[labels[quote.speaker], quote.text] for quote in record.quotes]


@pytest.mark.parametrize(("text", "quotes"), [(case["text"], case["quotes"]) for case in cases("speakers")])
def test_the_speakers_of_a_text(text: str, quotes: list[list[str]]) -> None:
    blocks = tuple(Block(Span(m.start(), m.end()), Zone.BODY, m.group()) for m in re.finditer(r"[^\n]+", text))
    record = reader().read(Document("case.txt", text, "0" * 64, "utf-8", blocks, Metadata(date="2031-05-20")))
    assert shown(record) == quotes
    for quote in record.quotes:  # the place of a quotation begins and ends with its words
        words = text[quote.span.begin : quote.span.end]
        assert words.startswith(quote.text.split(" […] ")[0])
        assert words.endswith(quote.text.split(" […] ")[-1])


@pytest.mark.parametrize("case", cases("layouts"), ids=lambda case: str(case["name"]))
def test_quotations_that_the_markup_sets_apart(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / case["name"]
    path.write_text(case["text"].strip() + "\n", encoding="utf-8")
    record = reader().read(read_document(Source(identifier=path.name, path=path, named=True)))
    assert shown(record) == case["quotes"]
