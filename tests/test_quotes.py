"""Direct speech with its speakers; the cases say which."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzai_graph.language import Pipeline, load_pipeline, parse_blocks
from kzai_graph.lexical import Cues
from kzai_graph.model import Block, Document, Metadata, Span, Zone
from kzai_graph.ontology import load_ontology
from kzai_graph.quoted import find_quoted
from kzai_graph.quotes import MAX_CHARS, QuoteCandidate, find_quotes

CASES = Path(__file__).parent / "cases" / "quotes"


@cache
def pipeline() -> Pipeline:
    return load_pipeline()


@cache
def cues() -> Cues:
    return load_ontology().cues


def read(text: str, zone: Zone = Zone.BODY) -> list[tuple[str, QuoteCandidate]]:
    """The quotations of a text whose lines are paragraphs, each with the words of its speaker."""
    blocks = tuple(Block(Span(m.start(), m.end()), zone, m.group()) for m in re.finditer(r"[^\n]+", text))
    document = Document("text.txt", text, "", "utf-8", blocks, Metadata())
    docs = dict(parse_blocks(pipeline(), blocks))
    found = []
    for quote in find_quotes(docs, document, cues()):
        block, begin, end = quote.speaker or (quote.block, 0, 0)
        found.append((docs[block][begin:end].text.strip(" ,"), quote))
        assert blocks[quote.block].text[quote.begin_char : quote.end_char] == quote.text
    return found


def cases() -> list[tuple[str, list[list[str]]]]:
    loaded = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.toml"))]
    return [(case["text"], case["quotes"]) for group in loaded for case in group["case"]]


@pytest.mark.parametrize(("text", "quotes"), cases())
def test_the_quotations_of_a_text(text: str, quotes: list[list[str]]) -> None:
    assert [[speaker, quote.text] for speaker, quote in read(text)] == quotes


def test_a_whole_text_is_no_quotation() -> None:
    long = "The river rose again. " * (MAX_CHARS // 20)
    assert read(f"“{long}” said Omar Haddad.") == []


def test_captions_hold_no_speech() -> None:
    assert read("“The pumps work again and the wells are full,” said Aisha Bello.", Zone.CAPTION) == []


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("He said “one two” and “three”.", ["one two", "three"]),
        ('He said "one two" and "three".', ["one two", "three"]),
        ("Er sagte „eins zwei“ laut.", ["eins zwei"]),
        ("Il dit « un deux » ici.", ["un deux"]),
        ("He said ‘one of Ann’s two’ aloud.", ["one of Ann’s two"]),
        ('“He read "one" aloud,” she said.', ['He read "one" aloud,']),
        ("“He read ‘one’ aloud,” she said.", ["He read ‘one’ aloud,"]),
        ('"One two,” she said.', ["One two,"]),
        ('A pipe of 12" and a pipe of 14" burst.', []),
        ("The farmers’ pumps and Ann’s well.", []),
        ("She read “one two and never came", []),
    ],
)
def test_quotation_marks_of_all_kinds(text: str, inner: list[str]) -> None:
    assert [text[q.begin : q.end] for q in find_quoted(text)] == inner


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    first, second = "“We counted every well in the valley.", "And every pump,” he said. “All forty.”"
    (quote,) = find_quoted(first)
    assert quote.goes_on
    assert [second[q.begin : q.end] for q in find_quoted(second, running=True)] == ["And every pump,", "All forty."]


@given(st.text(alphabet='ab “”„«»"‘’.,\n', max_size=60), st.booleans())
def test_quotations_lie_in_the_text_and_apart(text: str, running: bool) -> None:
    end = 0
    for quote in find_quoted(text, running=running):
        assert end <= quote.begin < quote.end <= len(text)
        end = quote.end
