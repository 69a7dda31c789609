"""A parse stays a tree whatever is mended in it: a token above itself would be looked for without end."""

from __future__ import annotations

import random

import pytest
from spacy.tokens import Doc, Token

from kzai_graph.language import Pipeline, load_pipeline

WORDS = (
    "Norway Telenor Ada Quill Oslo the a of and , ; : signed delivered drones by with for worth million "
    "valued at which that 2031 until Strategy Act Bank designs builds been was has not Minister in named "
    "contract awarded who where while but up running ranked 24th From led"
).split()
ODD = (
    "The Bergen yard Kelp Motors Ost bent the hull, Sorvik of Norway delivered the autopilot, and XYZ Marine had no "
    "part in the ferry.",
    "while and Bank Quill which was delivered contract at up Quill that builds contract Act Strategy with , Oslo a led "
    "a.",
    "24th with Bank Norway up but delivered delivered named ranked has million ; the From Oslo million contract.",
)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


def _is_tree(doc: Doc) -> bool:
    def ends(token: Token) -> bool:
        seen: set[int] = set()
        while token.head.i != token.i and token.i not in seen:
            seen.add(token.i)
            token = token.head
        return token.head.i == token.i

    return all(ends(token) for token in doc)


@pytest.mark.parametrize("text", ODD)
def test_parse_of_odd_sentence_is_a_tree(pipeline: Pipeline, text: str) -> None:
    assert _is_tree(pipeline.nlp(text))


def test_parse_of_any_words_is_a_tree(pipeline: Pipeline) -> None:
    dice = random.Random(7)
    texts = [" ".join(dice.choices(WORDS, k=dice.randint(5, 30))) for _ in range(600)]
    assert all(_is_tree(doc) for doc in pipeline.nlp.pipe(texts))
