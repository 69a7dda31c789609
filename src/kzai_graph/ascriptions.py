"""Find whom a phrase without a verb of saying makes the speaker: "in her view", "for X", "is X's verdict"."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

Tokens = tuple[int, int]

VIEWS = frozenset("view opinion word phrase eye judgement judgment assessment estimation telling experience".split())
ANSWERS = frozenset(
    "verdict answer reply response retort conclusion message advice comment summary warning explanation assessment "
    "diagnosis description judgement judgment prediction promise view opinion".split()
)
SAYINGS = frozenset("word sentence phrase remark line".split())
MAX_GAP = 8


def ascribed(sentence: Sequence[Token]) -> list[Token]:
    """The words that name whose view or words it is: "in Ms Silva's view", "in the words of X"; none: nobody's."""
    for n, token in enumerate(sentence):
        if token.lower_ != "in":
            continue
        for i in range(n + 1, min(n + 1 + MAX_GAP, len(sentence))):
            if sentence[i].lemma_.lower() in VIEWS and sentence[i].tag_ in ("NN", "NNS"):
                if i + 1 < len(sentence) and sentence[i + 1].lower_ == "of":
                    return list(sentence[i + 2 :])
                return _possessors(sentence[n + 1 : i])
    return []


def answered(sentence: Sequence[Token]) -> list[Token]:
    """The words that name whose answer went before: "is X's verdict", "was the reply of X", "that is how X sees it"."""
    words = [t.lower_ for t in sentence]
    if words[:1] and words[0] in ("is", "was"):
        for i in range(1, min(1 + MAX_GAP, len(sentence))):
            if sentence[i].lemma_.lower() in ANSWERS:
                if i + 1 < len(sentence) and words[i + 1] in ("of", "from"):
                    return list(sentence[i + 2 :])
                return _possessors(sentence[1:i])
        if words[1:2] == ["how"]:
            return list(sentence[2:])
    if (
        words[:1] in (["that"], ["this"], ["such"])
        and words[1:2] in (["is"], ["was"])
        and words[2:3] in (["how"], ["what"])
    ):
        return list(sentence[3:])
    if (
        words[:1] == ["with"]
        and words[1:2] in (["these"], ["those"], ["this"])
        and sentence[2].lemma_.lower() in SAYINGS
    ):
        return list(sentence[3:])
    return []


def _possessors(tokens: Sequence[Token]) -> list[Token]:
    """The possessor that these words begin with, without its "'s"."""
    if len(tokens) and tokens[0].tag_ == "PRP$":
        return [tokens[0]]
    end = next((n for n, t in enumerate(tokens) if t.tag_ == "POS" or t.lower_ in ("'s", "’s", "’", "'")), None)
    return list(tokens[:end]) if end else []
