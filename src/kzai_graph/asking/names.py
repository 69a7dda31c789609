"""Find the names of a graph in a question: labels, other names, and what the ontology's gazetteer adds to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kzai_graph.asking.words import COMMON, Word, cut
from kzai_graph.inquiry import Graph
from kzai_graph.ontology import ontology_files, read_turtle
from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import DCTERMS, KZ, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from kzai_graph.remote import RemoteGraph

MIN_PART_WORDS = 2
MIN_PART_WORDS_OF_TEXT = 3
VALUES = {
    "dcterms:creator": DCTERMS + "creator",
    "dcterms:publisher": DCTERMS + "publisher",
    "kz:indicator": KZ + "indicator",
    "kz:unit": KZ + "unit",
}
"""Properties whose values a parameter may name."""
CLASS, PERSON = "kz:EntityClass", "kz:Person"
TEXTS = frozenset(("kz:Document", CLASS, *VALUES))
"""Types of what is named and is no thing of the graph."""
TYPE, LABEL, OTHER_LABEL, ABOVE = RDF + "type", RDFS + "label", SKOS + "altLabel", RDFS + "subClassOf"
DENOTES, DEMONYM, LEMMA = KZ + "denotes", KZ + "demonym", KZ + "lemma"
IDENTIFIER, TITLE = DCTERMS + "identifier", DCTERMS + "title"
READ = frozenset((TYPE, LABEL, OTHER_LABEL, ABOVE, DENOTES, DEMONYM, LEMMA, IDENTIFIER, TITLE, *VALUES.values()))


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a graph knows: its words, the label it stands for, and the types that may be asked for.

    ``types`` are prefixed names of classes, of those above them, and of properties whose value it is.
    """

    text: str
    label: str
    types: frozenset[str]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A name at words ``begin`` to ``end`` of a question; ``value`` is what a parameter gets for each type."""

    begin: int
    end: int
    values: Mapping[str, str]


class Names:
    """The names of a graph, by their words."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.by_words: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        self.by_word: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            key = _key(name.words)
            if key:
                self.by_words[key].append(name)
                for word in set(key):
                    self.by_word[word].append(name)

    @classmethod
    def of(cls, graph: Graph | RemoteGraph, ontology: Path | None = None) -> Names:
        """Read the names of a graph, with those that the gazetteer of an ontology folder has for the same things.

        Raises:
            GraphError: the graph cannot be read.
            OntologyError: there is no such ontology folder.
        """
        graph_said = _Said(graph.said(READ))
        schema = _Said(triple for path in ontology_files(ontology) for triple in read_turtle(path))
        types: dict[tuple[str, str], set[str]] = defaultdict(set)
        for label, name, kinds in (*_things(graph_said, schema), *_texts(graph_said), *_class_words(schema)):
            types[name, label].update(shorten(kind) for kind in kinds)
        return cls(
            Name(name, label, frozenset(found), tuple(cut(name))) for (name, label), found in sorted(types.items())
        )

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Yield the longest names and parts of names from left to right; they do not overlap."""
        begin = 0
        while begin < len(words):
            found = next((f for end in range(len(words), begin, -1) if (f := self._at(words, begin, end))), None)
            if found is not None:
                yield found
            begin = found.end if found is not None else begin + 1

    def _at(self, words: Sequence[Word], begin: int, end: int) -> Found | None:
        span = words[begin:end]
        if not (span[0].tells or span[0].text.isupper()) or not (span[-1].tells or span[-1].text.isupper()):
            return None
        key = _key(span)
        whole = [name for name in self.by_words.get(key, ()) if _cased_alike(name, span)]
        goes_on = end < len(words) and words[end].tells
        parts = [] if whole else [(n, part) for n in self._holding(key) if (part := _part(n, key, goes_on=goes_on))]
        if len(key) < MIN_PART_WORDS_OF_TEXT:
            parts = [(name, part) for name, part in parts if not name.types <= TEXTS]
        if len(key) < MIN_PART_WORDS:
            # One word stands for a person only: of other names it says too little.
            is_name = begin and span[0].is_capitalised
            parts = [(name, part) for name, part in parts if is_name and PERSON in name.types]
        values: dict[str, str] = {}
        for name, value in [(name, name.label) for name in whole] + parts:
            for kind in sorted(name.types):
                values.setdefault(kind, value)
        return Found(begin, end, values) if values else None

    def _holding(self, key: tuple[str, ...]) -> list[Name]:
        return min((self.by_word.get(word, []) for word in key), key=len, default=[])


def _key(words: Iterable[Word]) -> tuple[str, ...]:
    """Folded words without articles, by which names are compared."""
    return tuple(word.folded for word in words if word.folded not in ("the", "a", "an"))


def _cased_alike(name: Name, span: Sequence[Word]) -> bool:
    """An acronym that is a common word, too, must be in capitals: WHO, US, IT."""
    common = all(word.text.casefold() in COMMON for word in span)
    return not common or not name.text.isupper() or all(word.text.isupper() for word in span)


def _part(name: Name, key: tuple[str, ...], *, goes_on: bool) -> str:
    """The part of a name's own text that has these words, or nothing.

    Where both go on, they part ways: "Ministry of Digital Policy" is no "Ministry of Digital Trade".
    """
    words = [word for word in name.words if _key([word])]
    for start in range(len(words) - len(key) + 1):
        if _key(words[start : start + len(key)]) == key:
            last = words[start + len(key) - 1]
            following = words[start + len(key) :]
            if goes_on and following and following[0].tells and following[0].begin == last.end + 1:
                return ""
            return name.text[words[start].begin : last.end]
    return ""


class _Said:
    """The values of subjects, by property; what names nothing is left out."""

    def __init__(self, triples: Iterable[ox.Quad | ox.Triple]) -> None:
        self.values: dict[str, dict[str, list[str]]] = {prop: defaultdict(list) for prop in READ}
        for triple in triples:
            if (values := self.values.get(triple.predicate.value)) is not None:
                values[_text(triple.subject)].append(_text(triple.object))

    def of(self, subject: str, *properties: str) -> list[str]:
        return [value for prop in properties for value in self.values[prop].get(subject, ())]


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _things(graph: _Said, schema: _Said) -> Iterator[tuple[str, str, list[str]]]:
    """Label, name and classes of each thing, under the names of the graph and of the gazetteer."""
    above = {cls: [cls] for cls, kinds in schema.values[TYPE].items() if KZ + "EntityClass" in kinds}
    for classes in above.values():
        for cls in classes:
            classes += [c for c in schema.of(cls, ABOVE) if c in above and c not in classes]
    more: dict[tuple[str, str], list[str]] = defaultdict(list)
    for known, labels in schema.values[LABEL].items():
        for cls in schema.of(known, DENOTES):
            more[cls, labels[0]] += schema.of(known, OTHER_LABEL, DEMONYM)
    for thing, labels in graph.values[LABEL].items():
        for cls in graph.of(thing, TYPE):
            for name in (*labels, *graph.of(thing, OTHER_LABEL), *more[cls, labels[0]]):
                yield labels[0], name, above.get(cls, [cls])


def _texts(graph: _Said) -> Iterator[tuple[str, str, list[str]]]:
    """Documents under their titles and file names, and the values of properties."""
    for text, identifiers in graph.values[IDENTIFIER].items():
        for name in (*identifiers, *graph.of(text, TITLE)):
            yield identifiers[0], name, [KZ + "Document"]
    for prop in VALUES.values():
        for value in {value for values in graph.values[prop].values() for value in values}:
            name = next(iter(graph.of(value, LABEL)), value)
            yield name, name, [prop]


def _class_words(schema: _Said) -> Iterator[tuple[str, str, list[str]]]:
    """The words for a class: its label, and the nouns that denote it; it is named by its local name."""
    for cls, kinds in schema.values[TYPE].items():
        if KZ + "EntityClass" in kinds:
            for name in schema.of(cls, LABEL):
                yield re.split("[#/]", cls)[-1], name, [KZ + "EntityClass"]
    for noun, classes in schema.values[DENOTES].items():
        for cls in classes:
            for name in schema.of(noun, LEMMA):
                yield re.split("[#/]", cls)[-1], name, [KZ + "EntityClass"]
