"""Find what an argument of a clause stands for: itself a reference, or a noun that passes on to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Token

from kzai_graph.conditions import complements
from kzai_graph.entities import Reference
from kzai_graph.lists import Listed, coordinated
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import Argument, Clause, MentionKind

MAX_TRANSPARENT_STEPS = 3
QUANTIFIERS = frozenset("all any both each either few half many most much none one several some such those".split())
PASSED_ON = ("prep:of", "possessor", "prep:from", "prep:at", "modifier")
LOCATIVE = frozenset({"prep:in", "prep:at", "prep:across", "prep:throughout", "prep:on", "prep:near"})
PLACED_BY = frozenset({"prep:of", "prep:in", "prep:at", "possessor", "modifier", "described"})
"""Where the name of a place stands beside its noun; "X is one of the ports where …" describes it."""
PARTED = frozenset({"ex", "former", "onetime", "retired"})
GIVING_EXAMPLES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "including": ((),),
    "namely": ((),),
    "like": ((),),
    "such": (("as",),),
    "among": (("them",), ("which",), ("whom",)),
}
"""What stands before examples: a word, and what may follow it."""
MAX_TO_EXAMPLES = 8
MADE_BY = ("prep:of", "prep:by", "possessor", "modifier", "agent")


class Denotations:
    """The references of one document, by what arguments they answer to."""

    def __init__(self, mentions: Mentions, lookup: Lookup) -> None:
        self._mentions = mentions
        self._lookup = lookup
        self._at: dict[tuple[int, int], list[Reference]] = {}
        self._found: dict[tuple[int, Argument, int], Sequence[Reference]] = {}
        self._in_block: dict[int, list[Reference]] = {block: [] for block in mentions.docs}
        for reference in mentions.references:
            self._in_block[reference.block].append(reference)
            for i in range(reference.begin, reference.end):
                self._at.setdefault((reference.block, i), []).append(reference)
        self.holders: dict[tuple[int, int], Reference] = {}
        """For the head of an office: who holds it by the words beside it."""
        self._lists: dict[int, Listed] = {}
        self.forget()

    def forget(self) -> None:
        """Find everything anew from now on: the classes of entities have changed."""
        self._found.clear()
        self._lists = {b: coordinated(self._mentions.docs[b], here, self._lookup) for b, here in self._in_block.items()}

    def makers(self, block: int, argument: Argument, nouns: Mapping[int, Clause]) -> list[Reference]:
        """Who stands behind an act that acts: "established by a decree of the governor"."""
        noun = nouns.get(argument.head)
        headed = [r for r in self._at.get((block, argument.head), []) if r.head == argument.head]
        if noun is None or not any(self._lookup.ontology.is_a(r.entity.cls or "", "Instrument") for r in headed):
            return []
        return [r for role in MADE_BY for a in noun.with_role(role) for r in self.of(block, a, nouns)]

    def of(self, block: int, argument: Argument, nouns: Mapping[int, Clause], steps: int = 0) -> Sequence[Reference]:
        """What an argument stands for: references headed by its head, else what a transparent noun passes on.

        What the text lists beside a reference stands in the same role, whatever the parse made of the list.
        ``nouns``: all clauses of the block whose predicate is a noun, by its token.
        """
        key = (block, argument, steps)
        if (found := self._found.get(key)) is None:
            found = self._found[key] = self._find(block, argument, nouns, steps)
        return found

    def _find(self, block: int, argument: Argument, nouns: Mapping[int, Clause], steps: int) -> Sequence[Reference]:
        covering = self._at.get((block, argument.head), [])
        actors = [r for r in covering if r.head == argument.head and self._acts(r)]
        if actors:
            covering = [r for r in covering if not _is_complement(r, argument)]
        several = argument.role not in ("self", "described") and any(r.entity.slight for r in covering)
        if several and (examples := self._examples(block, argument.head)):
            return examples
        if covering:
            headed = [r for r in covering if r.head == argument.head]
            largest = max(covering, key=lambda r: r.end - r.begin)
            headed = [r for r in headed if not any(_is_inside(r, other) for other in headed)]
            if not headed or (
                argument.role != "self"
                and largest.begin < min(r.begin for r in headed)
                and largest.end > argument.head + 1
            ):
                headed = [largest]
            if argument.role != "self":
                holder = self.holders.get((block, argument.head))
                headed = headed if holder is None else [*headed, holder]
                if argument.role != "described":  # "the firm X and Norway's Y": only X is the firm
                    headed = [*headed, *(other for r in headed for other in self._listed_with(r))]
                headed += self._sent_from(block, argument, headed, nouns, steps)
            return list(_distinct(sorted(headed, key=lambda r: (r.begin - r.end, r.begin))))
        counted = _counted(self._mentions.docs[block][argument.head])
        if counted is not None and steps < MAX_TRANSPARENT_STEPS:
            return self.of(block, replace(argument, head=counted.i), nouns, steps + 1)
        noun = nouns.get(argument.head)
        if argument.role not in ("self", "described") and (examples := self._examples(block, argument.head)):
            return examples
        if argument.role == "self" or noun is None or steps >= MAX_TRANSPARENT_STEPS:
            return []
        if argument.role == "described" and _names_role(self._mentions.docs[block][argument.head]):
            found = [r for a in noun.with_role("described") for r in self.of(block, a, nouns, steps + 1)]
            if found:
                return found
        if argument.role != "described":
            found = [r for a in noun.with_role("named") for r in self.of(block, a, nouns, steps + 1)]
            if found:
                return found
        doc = self._mentions.docs[block]
        parted = any(doc[a.head].lower_ in PARTED for a in noun.with_role("modifier"))  # "former engineers of X"
        cues = self._lookup.ontology.cues
        if noun.lemma in cues.transparent | cues.people and not parted:
            for role in PASSED_ON:
                found = [r for a in noun.with_role(role) for r in self.of(block, a, nouns, steps + 1)]
                if role == "modifier":  # "Canadian technology" is not Canada
                    found = [r for r in found if r.kind is not MentionKind.IMPLIED]
                if noun.lemma in cues.people:
                    found = [r for r in found if not self._is_made(r)]
                if found:
                    return found
        if argument.role in LOCATIVE:
            return self._places_of(block, noun, nouns, steps)
        if argument.role != "described" and noun.lemma in cues.devices:
            modifying = [r for a in noun.with_role("modifier") for r in self.of(block, a, nouns, steps + 1)]
            return [r for r in modifying if r.entity.cls == "Technology"]
        return []

    def _is_made(self, reference: Reference) -> bool:
        """Tell whether nobody acts for it: "drone engineers" are no drones."""
        return self._lookup.ontology.is_a(reference.entity.cls or "", "Technology", "System")

    def _examples(self, block: int, head: int) -> list[Reference]:
        """What is named of those that a plural speaks of: "ten states, among them X and Y"."""
        noun = self._mentions.docs[block][head]
        if noun.tag_ != "NNS":
            return []
        for token in noun.doc[head + 1 : head + MAX_TO_EXAMPLES]:
            if token.is_sent_start:
                break
            for further in GIVING_EXAMPLES.get(token.lower_, ()):
                after = token.i + 1 + len(further)
                if tuple(t.lower_ for t in noun.doc[token.i + 1 : after]) == further:
                    return self._listed_from(block, after, noun.sent.end)
            if token.text != "," and (
                token.tag_ == "NNS" or token.pos_ in ("VERB", "AUX") or not noun.is_ancestor(token)
            ):
                break
        return []

    def _listed_from(self, block: int, begin: int, end: int) -> list[Reference]:
        """The reference that begins at a token, articles and nouns of its class left aside, with its list."""
        doc = self._mentions.docs[block]
        for i in range(begin, end):
            found = [r for r in self._at.get((block, i), []) if r.begin == i and r.kind is MentionKind.NAME]
            if found:
                first = max(found, key=lambda r: r.end)
                return list(_distinct([first, *self._listed_with(first)]))
            if doc[i].pos_ not in ("DET", "NOUN", "ADJ"):
                break
        return []

    def _sent_from(
        self, block: int, argument: Argument, headed: list[Reference], nouns: Mapping[int, Clause], steps: int
    ) -> list[Reference]:
        """Whom holders of offices without a name stand for: "ministers from X and Y"."""
        noun, plural = nouns.get(argument.head), self._mentions.docs[block][argument.head].tag_ == "NNS"
        if noun is None or not plural or any(r.entity.cls != "Position" for r in headed):
            return []
        if steps >= MAX_TRANSPARENT_STEPS:
            return []
        return [r for a in noun.with_role("prep:from") for r in self.of(block, a, nouns, steps + 1)]

    def _places_of(self, block: int, noun: Clause, nouns: Mapping[int, Clause], steps: int) -> list[Reference]:
        """Where the noun of a place is: "in the ports of X", "in villages in X"."""
        found = [r for a in noun.arguments if a.role in PLACED_BY for r in self.of(block, a, nouns, steps + 1)]
        return [r for r in found if self._lookup.ontology.is_a(r.entity.cls or "", "Country", "Place")]

    def _acts(self, reference: Reference) -> bool:
        return self._lookup.ontology.is_a(reference.entity.cls or "", "Country", "Organisation", "Person")

    def _listed_with(self, reference: Reference) -> Iterable[Reference]:
        return self._lists[reference.block].get((reference.begin, reference.end), ())


def _distinct(references: Iterable[Reference]) -> Iterator[Reference]:
    seen: set[int] = set()
    for reference in references:
        if id(reference.entity) not in seen:
            seen.add(id(reference.entity))
            yield reference


def _is_complement(reference: Reference, argument: Argument) -> bool:
    """Tell whether it only describes by what the argument is: "a project of X" is not what "X" stands for."""
    return reference.kind is MentionKind.NOMINAL and reference.head < argument.head


def _names_role(token: Token) -> bool:
    """ "designates X as the body responsible for Y": what is responsible is X."""
    return token.dep_ == "pobj" and token.head.lower_ == "as"


def _is_inside(reference: Reference, other: Reference) -> bool:
    """ "Norway" of "Equinor Norway" is not what the phrase stands for."""
    if reference.entity is other.entity or other.entity.cls is None:
        return False
    return (
        other.begin <= reference.begin
        and reference.end <= other.end
        and other.end - other.begin > reference.end - reference.begin
    )


def _counted(token: Token) -> Token | None:
    """X of "forty of X", "most of X", "both of X"."""
    if token.pos_ != "NUM" and token.lower_ not in QUANTIFIERS:
        return None
    return next(iter(complements(token)), None)
