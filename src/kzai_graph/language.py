"""Run one spaCy pipeline over blocks; the only place where a model is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kzai_graph.asides import ASIDES
from kzai_graph.errors import InputError
from kzai_graph.model import DEFAULT_MODEL, PARSED_ZONES, Block
from kzai_graph.repairs import PARSE_REPAIRS, TAG_REPAIRS, WHOLE_WORDS

ABBREVIATION = re.compile(
    r"(?:[A-Z]\.)+|(?:Mr|Mrs|Ms|Dr|Prof|Eng|Engr|Hon|Rev|Capt|Lt|Maj|Gen|Col|Sen|Rep|Gov|St|Jr|Sr|Inc|Ltd|Co|Corp|"
    r"No|Nos|Art|vs|etc|approx|fig|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|H\.E|e\.g|i\.e|a\.m|p\.m)\."
)
TITLES = ("Eng.", "Engr.", "Hon.", "Lt.", "Capt.", "Maj.")
"""Titles before a name that English pipelines cut from their full stop."""
ADDRESS = re.compile(r"[A-Za-z][\w-]*\.(?:AI|Ai|Com|IO|Io|Net|Org)")
"""A name that is an address, with a capital where pipelines would start a sentence."""
HYPHEN_AFTER_INITIALS = r"(?<=[A-Z]\.)-(?=[a-z])"
"""Where pipelines leave "U.S.-based" in one."""
BATCH_CHARACTERS = 50_000
OPENERS = frozenset('“"«‘')
CLOSERS = frozenset("”\"’')»")
JOINING = frozenset(",–—-(/")
"""Marks after which no sentence starts."""
WORD_TABLE = "lemma_index"
"""The words that a rule lemmatizer knows, by part of speech."""


@Language.component("kzai_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Forbid a sentence start where punctuation shows that none can be, and force one after a full stop.

    The parser otherwise cuts after "U.S." and "Sept.", and joins telegraphic sentences.
    """
    words = [token.text for token in doc]
    opening = {i for i, word in enumerate(words) if word in OPENERS and _opens_quotation(doc, i, words)}
    for token, before, word in zip(doc[1:], words, words[1:], strict=False):
        i = token.i
        if (before == "." and word[0].isupper() and i > 1) or i in opening:
            token.is_sent_start = True
        elif (
            i - 1 in opening
            or (before[-1] == "." and ABBREVIATION.fullmatch(before) and not before.endswith("etc."))
            or word in CLOSERS
            or (word[0].islower() and before not in CLOSERS)
            or before in JOINING
            or token.is_punct
        ):
            token.is_sent_start = False
    return doc


def _opens_quotation(doc: Doc, i: int, words: Sequence[str]) -> bool:
    """An opening mark after a full stop and a space starts the sentence that it quotes."""
    if not 0 < i < len(words) - 1 or doc[i].whitespace_:
        return False
    return words[i - 1] in (".", "!", "?") and bool(doc[i - 1].whitespace_) and words[i + 1][0].isupper()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A loaded spaCy pipeline with the name and version that the graph records."""

    nlp: Language
    name: str
    version: str


def load_pipeline(model: str | None = None) -> Pipeline:
    """Load an installed pipeline.

    Raises:
        InputError: no such pipeline is installed, or it has no parser or tagger.
    """
    name = model or DEFAULT_MODEL
    try:
        nlp = spacy.load(name)
    except (OSError, ValueError) as error:
        raise InputError(
            f"model {name}: no such spaCy pipeline is installed; install it with pip, or leave --model out"
        ) from error
    tokenizer: Any = nlp.tokenizer
    if hasattr(tokenizer, "add_special_case"):
        tokenizer.token_match = ADDRESS.fullmatch
        infixes = [*(nlp.Defaults.infixes or ()), HYPHEN_AFTER_INITIALS]
        tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
        for title in TITLES:
            tokenizer.add_special_case(title, [{"ORTH": title}])
        for word in WHOLE_WORDS:
            for form in (word, word.capitalize()):
                tokenizer.add_special_case(form, [{"ORTH": form}])
    missing = [part for part in ("tagger", "parser") if not nlp.has_pipe(part)]
    if missing:
        raise InputError(f"model {name}: has no {' and no '.join(missing)}; choose an English pipeline that parses")
    _index_words(nlp)
    nlp.add_pipe("kzai_sentences", before="parser")
    nlp.add_pipe(ASIDES, after="parser")
    nlp.add_pipe(TAG_REPAIRS, after=ASIDES)
    nlp.add_pipe(PARSE_REPAIRS)
    return Pipeline(nlp, name, str(nlp.meta["version"]))


def _index_words(nlp: Language) -> None:
    """Let the rule lemmatizer look its words up in sets: it loads them as lists, and searches those word by word."""
    lookups = getattr(nlp.get_pipe("lemmatizer"), "lookups", None) if nlp.has_pipe("lemmatizer") else None
    if lookups is not None and lookups.has_table(WORD_TABLE):
        table = lookups.get_table(WORD_TABLE)
        for kind, words in table.items():
            table[kind] = frozenset(words)


def parse_blocks(pipeline: Pipeline, blocks: Sequence[Block]) -> Iterator[tuple[int, Doc]]:
    """Yield the index and the parsed ``Doc`` of each block that holds content."""
    chosen = [
        (block.text, index) for index, block in enumerate(blocks) if block.zone in PARSED_ZONES and block.text.strip()
    ]
    for batch in _batches(chosen):
        for doc, index in pipeline.nlp.pipe(batch, as_tuples=True):
            yield index, doc


def _batches(chosen: Iterable[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """Part what is parsed at once by its length, on which the memory depends."""
    batch: list[tuple[str, int]] = []
    characters = 0
    for text, index in chosen:
        if batch and characters + len(text) > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
        batch.append((text, index))
        characters += len(text)
    if batch:
        yield batch
