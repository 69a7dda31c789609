"""Describe two references of one sentence by what stands on the way between them, for a classifier of relations.

The features are those of relation extraction since Bunescu and Mooney (2005) and Zhou et al. (2005): classes, the
shortest way through the dependency tree, the words on it and beside it. The lexicon adds what it knows of these words:
which relations they express, what things they denote, and in which roles of which clause the two references stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kzai_graph.entities import Reference
from kzai_graph.lookup import Lookup
from kzai_graph.model import Clause
from kzai_graph.syntax import SUBJECTS

MAX_STEPS = 8
"""Steps through the tree beyond which two references say nothing of each other."""
MAX_BETWEEN = 30
"""Tokens between two references, likewise."""
MAX_PHRASE = 5
"""Tokens between two references up to which their very sequence tells something."""
NEARBY = 4
"""Tokens before the first and after the second reference that are looked at."""
MAX_COUNTED = 3
DISTANCES = (0, 1, 3, 7, 15)
"""Upper ends of the classes of distance, in tokens."""
TELLING = frozenset({"VERB", "NOUN", "ADJ", "ADV"})
BOUND = frozenset({"prt", "neg", "dobj", "attr", "acomp", "prep"})
"""What belongs so closely to a word that the two tell something together: "take part"."""
PASSED_OVER = frozenset({"conj", "appos", "cc", "pobj", "pcomp"})
"""Steps through the tree that do not change in which role a reference stands."""
SIDE_BY_SIDE = frozenset({"conj", "parataxis"})
"""How a clause joins another of which it is no part."""
QUOTES = frozenset('"“”')


@dataclass(frozen=True, slots=True)
class Pair:
    """Two references in the order of the text, and the way between their heads: up the tree to ``top``, and down."""

    first: Reference
    second: Reference
    up: tuple[Token, ...]
    top: Token
    down: tuple[Token, ...]
    between: int
    """How many references stand between the two."""

    @property
    def way(self) -> tuple[Token, ...]:
        """All tokens of the way but those of the two references, in its order."""
        around = (*self.up, self.top, *self.down)
        return tuple(t for t in around if not (_covers(self.first, t.i) or _covers(self.second, t.i)))

    @property
    def is_parted(self) -> bool:
        """Tell whether the two stand in clauses side by side, each with its own subject: "X left, and Y is in Z"."""
        return any(t.dep_ in SIDE_BY_SIDE and _has_other_subject(t, self) for t in self.way)

    @property
    def spine(self) -> Token | None:
        """The word that carries what the sentence says of the two: the first verb on the way, else the first noun."""
        way = self.way
        verbs = (t for t in way if t.pos_ == "VERB")
        return next(verbs, None) or next((t for t in way if t.pos_ in ("NOUN", "ADJ")), None)


def find_pairs(doc: Doc, references: Sequence[Reference]) -> Iterator[Pair]:
    """Yield the references of one sentence, two by two: of different entities, apart, and near each other."""
    ordered = sorted(references, key=lambda r: (r.begin, -r.end))
    chains = [_ancestors(doc[r.head]) for r in ordered]
    sentences = [doc[r.head].sent.start for r in ordered]
    for n, first in enumerate(ordered):
        for m in range(n + 1, len(ordered)):
            second = ordered[m]
            if sentences[m] != sentences[n] or second.begin - first.end > MAX_BETWEEN:
                break
            if second.begin >= first.end and first.entity is not second.entity:
                way = _way(chains[n], chains[m])
                if way is not None:
                    between = sum(first.end <= r.begin and r.end <= second.begin for r in ordered[n + 1 : m])
                    yield Pair(first, second, *way, between)


def _ancestors(token: Token) -> list[Token]:
    chain = [token]
    while token.head.i != token.i:
        token = token.head
        chain.append(token)
    return chain


def _way(first: list[Token], second: list[Token]) -> tuple[tuple[Token, ...], Token, tuple[Token, ...]] | None:
    places = {t.i: n for n, t in enumerate(second)}
    for steps, top in enumerate(first):
        place = places.get(top.i)
        if place is not None:
            near = steps + place <= MAX_STEPS
            return (tuple(first[:steps]), top, tuple(reversed(second[:place]))) if near else None
    return None


class Describer:
    """Describes the pairs of one document; block indices are the keys of ``docs`` and ``clauses``."""

    def __init__(self, docs: Mapping[int, Doc], clauses: Mapping[int, Sequence[Clause]], lookup: Lookup) -> None:
        self._docs = docs
        self._lookup = lookup
        self._roles: dict[tuple[int, int], list[tuple[Clause, str]]] = defaultdict(list)
        for block, found in clauses.items():
            for clause in found:
                for argument in clause.arguments:
                    self._roles[block, argument.head].append((clause, argument.role))
                self._roles[block, clause.head].append((clause, "self"))

    def features(self, pair: Pair) -> list[str]:
        """What is true of a pair, as "KIND:VALUE" without and with the kinds of its two ends; sorted, each once."""
        doc = self._docs[pair.first.block]
        kinds = f"{self._kind(pair.first)}|{self._kind(pair.second)}"
        found = {kinds, f"{pair.first.entity.cls}|{pair.second.entity.cls}"}
        found.update(f"{feature}:{kinds}" for feature in (*_around(doc, pair), *self._beside(doc, pair)))
        for feature in (*self._along(doc, pair), *self._in_clause(pair)):
            found.add(feature)
            found.add(f"{feature}:{kinds}")
        return sorted(found)

    def _kind(self, reference: Reference) -> str:
        cls = reference.entity.cls or ""
        return cls if cls == "Country" else self._lookup.root(cls)

    def _along(self, doc: Doc, pair: Pair) -> Iterator[str]:
        """The way: its steps, its words, what these express and what they denote."""
        steps, roles = _steps(pair), _roles(pair)
        yield f"steps:{steps}"
        yield f"roles:{roles}"
        way, spine = pair.way, pair.spine
        if spine is not None:
            yield f"spine:{roles}:{_lemma(spine)}"
            for relation in self._expressed(spine):
                yield f"spine-says:{roles}:{relation}"
        for token in way:
            if token.pos_ not in TELLING:
                continue
            lemma = _lemma(token)
            place = "top" if token.i == pair.top.i else "up" if token in pair.up else "down"
            yield f"word:{lemma}"
            for relation in self._expressed(token):
                yield f"says:{relation}"
                yield f"says:{relation}:{place}"
            if token.pos_ == "NOUN" and (noun := self._lookup.noun_ending([token])) is not None:
                yield f"denotes:{noun[0].denotes}"
            for child in token.children:
                if child.dep_ in BOUND and not (_covers(pair.first, child.i) or _covers(pair.second, child.i)):
                    yield f"bound:{lemma}:{_lemma(child)}"
        yield f"other-subjects:{min(sum(_has_other_subject(t, pair) for t in way), MAX_COUNTED)}"
        if pair.second.begin - pair.first.end <= MAX_PHRASE:
            yield f"phrase:{' '.join(_lemma(t) for t in doc[pair.first.end : pair.second.begin])}"

    def _beside(self, doc: Doc, pair: Pair) -> Iterator[str]:
        """The words between the two and around them, and what these express."""
        way = {t.i for t in pair.way}
        sentence = doc[pair.first.begin].sent
        between = doc[pair.first.end : pair.second.begin]
        before = doc[max(sentence.start, pair.first.begin - NEARBY) : pair.first.begin]
        after = doc[pair.second.end : min(sentence.end, pair.second.end + NEARBY)]
        for where, tokens in (("between", between), ("before", before), ("after", after)):
            for token in tokens:
                if token.pos_ in TELLING:
                    yield f"{where}:{_lemma(token)}"
                    if token.i not in way:
                        for relation in self._expressed(token):
                            yield f"{where}-says:{relation}"

    def _in_clause(self, pair: Pair) -> Iterator[str]:
        """The clauses in which both stand, with the roles of the two."""
        block = pair.first.block
        others = [held for i in range(pair.second.begin, pair.second.end) for held in self._roles.get((block, i), ())]
        for i in range(pair.first.begin, pair.first.end):
            for clause, role in self._roles.get((block, i), ()):
                for other, other_role in others:
                    if other is clause:
                        roles = f"{role}|{other_role}"
                        yield f"clause:{clause.kind}:{roles}"
                        yield f"clause:{clause.lemma}:{roles}"
                        for relation in self._lookup.expressed.get(clause.lemma, ()):
                            yield f"clause-says:{relation}:{roles}"

    def _expressed(self, token: Token) -> Sequence[str]:
        return self._lookup.expressed.get(_lemma(token), ())


def says(features: Sequence[str], relation: str) -> bool:
    """Tell whether a word on the way between the two, or of a clause with both, expresses a relation."""
    return any(f == f"says:{relation}" or f.startswith(f"clause-says:{relation}:") for f in features)


def _around(doc: Doc, pair: Pair) -> Iterator[str]:
    """How the two stand to each other on the surface."""
    first, second = pair.first, pair.second
    between = doc[first.end : second.begin]
    distance = next((str(d) for d in DISTANCES if len(between) <= d), "far")
    way = {t.i for t in pair.way}
    yield f"mentioned:{first.kind}|{second.kind}"
    yield f"distance:{distance}"
    yield f"references:{min(pair.between, MAX_COUNTED)}"
    yield f"other-verbs:{min(sum(t.pos_ == 'VERB' and t.i not in way for t in between), MAX_COUNTED)}"
    yield f"quote:{any(t.text in QUOTES for t in between)}"
    yield f"marks:{''.join(t.text for t in between if t.is_punct)[:MAX_PHRASE]}"
    yield f"ends:{doc[first.head].dep_}|{doc[second.head].dep_}"
    yield f"opens:{doc[first.begin - 1].lower_ if first.begin > doc[first.begin].sent.start else '^'}"
    yield f"first:{doc[first.end].lower_ if first.end < len(doc) else '$'}"
    yield f"last:{doc[second.begin - 1].lower_}"
    yield f"closes:{doc[second.end].lower_ if second.end < len(doc) else '$'}"


def _steps(pair: Pair) -> str:
    """The way as it is, without its words."""
    turn = pair.top.pos_ if pair.up and pair.down else ""
    return f"{'<'.join(t.dep_ for t in pair.up)}^{turn}^{'>'.join(t.dep_ for t in pair.down)}"


def _roles(pair: Pair) -> str:
    """The way without coordination, prepositions by their word."""
    up, down = ([_step(t) for t in side if t.dep_ not in PASSED_OVER] for side in (pair.up, pair.down))
    return f"{'<'.join(up)}^{'>'.join(down)}"


def _step(token: Token) -> str:
    return token.lower_ if token.pos_ == "ADP" and token.dep_ in ("prep", "agent", "dative") else token.dep_


def _has_other_subject(token: Token, pair: Pair) -> bool:
    """Tell whether something else than the two acts by a word on the way: "X was sold, and Y moved to Z"."""
    own = [c for c in token.children if c.dep_ in SUBJECTS]
    return bool(own) and not any(_covers(pair.first, c.i) or _covers(pair.second, c.i) for c in own)


def _lemma(token: Token) -> str:
    return token.lemma_.lower()


def _covers(reference: Reference, i: int) -> bool:
    return reference.begin <= i < reference.end


__all__ = ["Describer", "Pair", "find_pairs", "says"]
