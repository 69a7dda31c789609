"""Show clauses as a reader does: each predication of a sentence once, with its words and source offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc

from kzai_graph.clauses import COPULAS, find_clauses
from kzai_graph.language import Pipeline, parse_blocks
from kzai_graph.layout import within_size
from kzai_graph.lexical import Cues
from kzai_graph.model import Argument, Block, Clause, Modality, Span, Zone

HIDDEN = frozenset({"absolute", "companion", "content", "means", "outer", "outer_object", "modifier", "named"})
"""Roles that help the frames, and are no arguments of their own."""
NOMINAL_ENDS = (frozenset({"prep:of"}), frozenset({"prep:by", "possessor", "agent"}))


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a document with their half-open source offsets; ``role`` is empty for a predicate."""

    text: str
    begin: int
    end: int
    role: str = ""


@dataclass(frozen=True, slots=True)
class Predication:
    """One predicate with its arguments, as the frames read it."""

    sentence: str
    kind: str
    lemma: str
    predicate: Words
    arguments: tuple[Words, ...]
    negated: bool
    modality: Modality
    attribution: Words | None
    times: tuple[Words, ...]

    def to_json(self) -> dict[str, Any]:
        """Give plain values for JSON."""

        def plain(words: Words) -> dict[str, Any]:
            role = {"role": words.role} if words.role else {}
            return {**role, "text": words.text, "begin": words.begin, "end": words.end}

        return {
            "sentence": self.sentence,
            "kind": self.kind,
            "lemma": self.lemma,
            "predicate": plain(self.predicate),
            "arguments": [plain(a) for a in self.arguments],
            "negated": self.negated,
            "modality": str(self.modality),
            "attribution": plain(self.attribution) if self.attribution else None,
            "times": [plain(t) for t in self.times],
        }


def line_blocks(text: str) -> tuple[Block, ...]:
    """Take each line that is not empty as a paragraph, for sentences that come from no file."""
    blocks, begin = [], 0
    for line in text.split("\n"):
        for part in within_size(text, [(begin, begin + len(line))]) if line.strip() else ():
            span = Span(part[0][0], part[-1][1])
            blocks.append(Block(span, Zone.BODY, text[span.begin : span.end]))
        begin += len(line) + 1
    return tuple(blocks)


def find_predications(blocks: Sequence[Block], pipeline: Pipeline, cues: Cues) -> Iterator[Predication]:
    """Yield the predications of the content of a document in the order of the text."""
    for index, doc in parse_blocks(pipeline, blocks):
        clauses = find_clauses(doc, cues)
        for clause in sorted(_predicating(doc, clauses), key=lambda c: (c.head, c.kind)):
            yield _shown(doc, clause, blocks[index])


def _predicating(doc: Doc, clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Leave out what is said twice: a copula apart from its complement, nouns that only stand in an argument."""
    adjectives = {c.head: c for c in clauses if c.kind == "adjective"}
    for clause in clauses:
        head = doc[clause.head]
        if clause.kind == "verb":
            told = [c for c in head.children if c.dep_ in ("acomp", "oprd") and c.i in adjectives]
            if clause.arguments and not (clause.lemma in COPULAS and told and not clause.with_role("patient")):
                yield clause
        elif clause.kind == "adjective":
            yield clause
        elif clause.kind == "noun":
            roles = {a.role for a in clause.arguments}
            apposed = head.dep_ == "appos" and "described" in roles
            if apposed or all(roles & ends for ends in NOMINAL_ENDS):
                yield clause


def _shown(doc: Doc, clause: Clause, block: Block) -> Predication:
    def words(begin: int, end: int, role: str = "") -> Words:
        span = block.source(doc[begin].idx, doc[end - 1].idx + len(doc[end - 1]))
        return Words(doc[begin:end].text, span.begin, span.end, role)

    seen: dict[tuple[int, int], Argument] = {}
    for argument in clause.arguments:
        if argument.role not in HIDDEN and "_" not in argument.role:
            seen.setdefault((argument.begin, argument.end), argument)
    dated = [(begin, end) for begin, end in clause.times]
    arguments = [
        a for a in seen.values() if not any(b <= a.head < e for b, e in dated) and not _is_within(a, seen.values())
    ]
    begin, end = clause.begin, clause.end
    return Predication(
        sentence=doc[clause.head].sent.text.strip(),
        kind=clause.kind,
        lemma=clause.lemma,
        predicate=words(begin, end),
        arguments=tuple(words(a.begin, a.end, a.role) for a in sorted(arguments, key=lambda a: (a.begin, a.end))),
        negated=clause.modality is Modality.NEGATED,
        modality=clause.modality,
        attribution=words(clause.attribution.begin, clause.attribution.end) if clause.attribution else None,
        times=tuple(words(b, e) for b, e in clause.times),
    )


def _is_within(argument: Argument, others: Iterable[Argument]) -> bool:
    """What a larger argument already says ("a memorandum with Nokia") is not shown twice."""
    return any(
        o.begin <= argument.begin and argument.end <= o.end and o.end - o.begin > argument.end - argument.begin
        for o in others
    )
