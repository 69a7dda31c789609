"""Choose the question and its parameters for a wording: by shared words, rare ones counting more, and by names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import log

from kzai_graph.asking.names import CLASS, TEXTS, Names
from kzai_graph.asking.words import AUXILIARIES, Word, cut
from kzai_graph.sparql import Parameter, Question
from kzai_graph.sparql.card import CLASS_TYPE

DAY = re.compile(r"\d{4}-\d\d-\d\d")
YEAR = re.compile(r"(?:19|20)\d\d")
NAME_WEIGHT = 2.0
# Between equals: a name that has the same neighbour as the slot of the wording.
NEIGHBOUR = 0.01
# A word of another wording of the same question counts less than one of the wording at hand.
ELSEWHERE = 0.6
WORDING_SHARE = 0.4
LEAST_COVERED = 0.6
LEAST_SCORE = 0.5
MAX_NEAREST = 3
MAX_EITHER = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with its parameters; ``score`` is 0 to 1, as is ``covered``, the share of the wording taken up."""

    question: Question
    parameters: Mapping[str, str]
    score: float
    covered: float

    @property
    def fits(self) -> bool:
        return self.score >= LEAST_SCORE and self.covered >= LEAST_COVERED


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a name stands: the parameter that it gives, and the words beside it."""

    parameter: str
    neighbours: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Wording:
    """One way to put a question: what its words mean, and its slots in order."""

    stems: frozenset[str]
    slots: tuple[_Slot, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A name or date in a question, and the words beside it."""

    values: Mapping[str, str]
    neighbours: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in words: the meaning of what is no name, the names and dates in order."""

    stems: frozenset[str]
    named: tuple[_Named, ...]
    is_yes_or_no: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """All questions for a wording, the best first, and the words that neither the questions nor the graph know."""

    choices: tuple[Choice, ...]
    unknown: tuple[str, ...]

    @property
    def best(self) -> Choice | None:
        """The question that fits; none, where a name is unknown or no question takes up enough of the wording."""
        first = self.choices[0]
        return None if any(word[:1].isupper() for word in self.unknown) or not first.fits else first

    @property
    def nearest(self) -> tuple[Choice, ...]:
        """The first few that take up anything of the wording."""
        return tuple(choice for choice in self.choices[:MAX_NEAREST] if choice.covered > 0)


class Catalogue:
    """The questions with all their wordings, and how telling each word is."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = sorted(questions, key=lambda q: q.name)
        self.wordings = {q.name: [_wording(text) for text in (q.card.question, *q.card.also)] for q in self.questions}
        self.stems = {name: frozenset().union(*(w.stems for w in found)) for name, found in self.wordings.items()}
        used = Counter(stem for stems in self.stems.values() for stem in stems)
        self.weights = {stem: log((1 + len(self.questions)) / count) for stem, count in used.items()}

    def rank(self, text: str, names: Names) -> Ranking:
        """Rank all questions for a wording; of equals, the first by name is the first."""
        words = cut(text)
        readings = list(self._readings(words, names))
        # A question without columns answers yes or no, and serves no other.
        able = [q for q in self.questions if q.card.columns or readings[0].is_yes_or_no]
        found = [max((self._score(q, r) for r in readings), key=lambda c: c.score) for q in able]
        taken = {i for f in names.find(words) for i in range(f.begin, f.end)}
        unknown = [
            # A question begins with a capital, which says nothing.
            word.text if i else word.text.lower()
            for i, word in enumerate(words)
            if i not in taken and word.tells and word.stem not in self.weights and _date(word) is None
        ]
        return Ranking(tuple(sorted(found, key=lambda c: (-round(c.score, 6), c.question.name))), tuple(unknown))

    def _readings(self, words: Sequence[Word], names: Names) -> Iterator[_Asked]:
        """What is a name may be one, or just words that questions use: "minister", "law"."""
        either = [
            f for f in names.find(words) if all(w.stem in self.weights for w in words[f.begin : f.end] if w.tells)
        ]
        for plain in product((False, True), repeat=min(len(either), MAX_EITHER)):
            taken = {i for f, is_plain in zip(either, plain, strict=False) if is_plain for i in range(f.begin, f.end)}
            yield _read(words, names, taken)

    def _weigh(self, stems: Iterable[str]) -> float:
        return sum(self.weights.get(stem, log(1 + len(self.questions))) for stem in sorted(stems))

    def _score(self, question: Question, asked: _Asked) -> Choice:
        return max((self._compare(question, w, asked) for w in self.wordings[question.name]), key=lambda c: c.score)

    def _compare(self, question: Question, wording: _Wording, asked: _Asked) -> Choice:
        shared = self._weigh(asked.stems & wording.stems)
        # A word for a class says too little by itself: "what time is it" asks for no newspapers.
        may_be = [p for p in question.card.parameters if p.type != CLASS_TYPE or shared]
        parameters, filled, alike = _assign(asked.named, wording.slots, may_be)
        elsewhere = self._weigh(asked.stems & self.stems[question.name] - wording.stems)
        of_asked = self._weigh(asked.stems) + NAME_WEIGHT * len(asked.named)
        of_wording = self._weigh(wording.stems) + NAME_WEIGHT * len(wording.slots)
        covered = (shared + ELSEWHERE * elsewhere + NAME_WEIGHT * len(parameters)) / of_asked if of_asked else 0.0
        matched = (shared + NAME_WEIGHT * filled) / of_wording if of_wording else 0.0
        score = covered * (1 - WORDING_SHARE + WORDING_SHARE * matched) + NEIGHBOUR * alike
        return Choice(question, parameters, score, covered)


def _wording(text: str) -> _Wording:
    """Read a wording; a slot is a word of its own while its neighbours are looked up."""
    words = cut(text)
    places = [i for i, word in enumerate(words) if text[word.begin - 1 : word.begin] == "{"]
    stems = frozenset(word.stem for i, word in enumerate(words) if word.tells and i not in places)
    return _Wording(stems, tuple(_Slot(words[i].text, _neighbours(words, i, i + 1)) for i in places))


def _read(words: Sequence[Word], names: Names, plain: set[int]) -> _Asked:
    """Take names and dates out of a question; the words at ``plain`` are no names."""
    borders = [-1, *sorted(plain), len(words)]
    spans: dict[tuple[int, int], Mapping[str, str]] = {}
    for before, after in pairwise(borders):
        start = before + 1
        spans |= {(start + f.begin, start + f.end): f.values for f in names.find(words[start:after])}
    taken = {i for begin, end in spans for i in range(begin, end)}
    spans |= {(i, i + 1): date for i, word in enumerate(words) if i not in taken and (date := _date(word)) is not None}
    taken = {i for begin, end in spans for i in range(begin, end)}
    stems = frozenset(word.stem for i, word in enumerate(words) if i not in taken and word.tells)
    named = tuple(_Named(spans[span], _neighbours(words, *span)) for span in sorted(spans))
    return _Asked(stems, named, bool(words) and words[0].text.casefold() in AUXILIARIES)


def _neighbours(words: Sequence[Word], begin: int, end: int) -> tuple[str, str]:
    """What the words before and after a span mean; at an end, a mark of it. Articles are passed over."""
    before = next((word.stem for word in reversed(words[:begin]) if word.text.lower() != "the"), "")
    return before, words[end].stem if end < len(words) else ""


def _date(word: Word) -> Mapping[str, str] | None:
    if DAY.fullmatch(word.text):
        return {"xsd:date": word.text}
    if YEAR.fullmatch(word.text):
        return {"xsd:gYear": word.text, "xsd:date": f"{word.text}-12-31"}
    return None


def _assign(
    named: Sequence[_Named], slots: Sequence[_Slot], parameters: Sequence[Parameter]
) -> tuple[dict[str, str], int, int]:
    """Give names to parameters, first to those of the wording.

    The values by parameter; how many slots of the wording are filled; how many neighbours they share with it.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    slots = [slot for slot in slots if slot.parameter in by_name]
    free = [_Slot(p.name, ("", "")) for p in parameters if all(p.name != slot.parameter for slot in slots)]
    values: dict[str, str] = {}
    left = list(named)
    alike = 0
    for slot in (*slots, *free):
        fitting = [name for name in left if _value(name, by_name[slot.parameter]) is not None]
        if not fitting:
            continue
        best = max(fitting, key=lambda name: _alike(name, slot))
        values[slot.parameter] = _value(best, by_name[slot.parameter]) or ""
        alike += _alike(best, slot) if slot in slots else 0
        left.remove(best)
    return values, sum(slot.parameter in values for slot in slots), alike


def _alike(name: _Named, slot: _Slot) -> int:
    return sum(one == other for one, other in zip(name.neighbours, slot.neighbours, strict=True))


def _value(name: _Named, parameter: Parameter) -> str | None:
    kinds: Iterable[str] = parameter.kinds or [parameter.type]
    if parameter.is_name and not parameter.kinds:
        kinds = [kind for kind in name.values if kind not in TEXTS and not kind.startswith("xsd:")]
    if parameter.type == CLASS_TYPE:
        kinds = [CLASS]
    return next((name.values[kind] for kind in kinds if kind in name.values), None)
