"""Settle what depends on all documents, and draft the graph of each: with a key of all that it follows from.

Where nothing of that changed, neither the record nor the graph is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property, partial

import pyoxigraph as ox

from kzai_graph.converting import to_json
from kzai_graph.duplicates import Copy, find_copies
from kzai_graph.gists import Gist, from_plain, to_plain
from kzai_graph.graph import DocumentGraph, document_iri, graph_of
from kzai_graph.identity import Identities, Use, unite_uses
from kzai_graph.keeping import Kept
from kzai_graph.keys import Naming, digest
from kzai_graph.lexical import Ontology
from kzai_graph.model import DocumentRecord, Run
from kzai_graph.statements import find_furthest, settle_one

KEY_CHARS = 64


@dataclass(frozen=True, slots=True)
class Corpus:
    """The records of a build; ``names``: one for each, which tells all that it holds. ``identities``: as decided."""

    records: Sequence[DocumentRecord]
    names: Sequence[str]
    knowledge: Ontology
    base_iri: str
    run: Run
    identities: Identities | None = None

    def revised(self, records: Sequence[DocumentRecord], identities: Identities) -> Corpus:
        """With records and identity as corrections left them."""
        names = [digest(to_json(record), KEY_CHARS) for record in records]
        return replace(self, records=records, names=names, identities=identities)


@dataclass(frozen=True)
class Draft:
    """A graph that is not yet made; ``key``: a digest of all that it follows from."""

    name: ox.NamedNode
    key: str
    make: Callable[[], DocumentGraph]

    @cached_property
    def graph(self) -> DocumentGraph:
        """Made when it is asked for, and held until ``forget``."""
        return self.make()

    def forget(self) -> None:
        """Let go of the graph."""
        self.__dict__.pop("graph", None)


class Drafts:
    """The drafts of the graphs of all documents, in the order of their names.

    ``gists``: of the documents, in the order of the records. ``misfits``: why statements were left out.
    """

    def __init__(self, corpus: Corpus, gists: Sequence[Gist], identities: Identities, keys: Sequence[_Settled]) -> None:
        self.gists = gists
        self.misfits = [reason for settled in keys for reason in settled.misfits]
        self._corpus = corpus
        self._identities = identities
        self._settled = keys
        self._copies = find_copies(gist.printed for gist in gists)
        self._furthest = find_furthest((settled.shown for settled in keys), corpus.knowledge)
        self._names = [ox.NamedNode(document_iri(gist.identifier, corpus.base_iri)) for gist in gists]
        self._order = sorted(range(len(gists)), key=lambda place: str(self._names[place]))

    def __iter__(self) -> Iterator[Draft]:
        for place in self._order:
            settled, copy = self._settled[place], self._copies.get(self.gists[place].identifier)
            stages = {name: self._furthest[name] for name in settled.statements if name in self._furthest}
            parts = ["graph", settled.key, *astuple(self._corpus.run), copy and astuple(copy), sorted(stages.items())]
            yield Draft(self._names[place], digest(parts, KEY_CHARS), partial(self._make, place, stages, copy))

    def _make(self, place: int, stages: Mapping[str, str], copy: Copy | None) -> DocumentGraph:
        corpus, identities = self._corpus, self._identities
        record = corpus.records[place]
        stated = settle_one(record, identities, corpus.knowledge).at_stages(stages)
        return graph_of(
            record, stated, identities, corpus.knowledge, base_iri=corpus.base_iri, run=corpus.run, copy=copy
        )


@dataclass(frozen=True, slots=True)
class _Settled:
    """The hashes of a document's statements, the stages that it shows, and why statements were left out."""

    key: str
    statements: list[str]
    shown: dict[str, list[str]]
    misfits: list[str]


def draft_graphs(corpus: Corpus, kept: Kept) -> Drafts:
    """Settle identity and statements over all records."""
    naming = Naming.of(corpus.knowledge)
    gists: list[Gist] = []
    uses: list[list[Use]] = []
    for place, name in enumerate(corpus.names):
        plain = kept.value(digest(["gist", name], KEY_CHARS), partial(_gist, place, corpus, naming))
        gist, used = from_plain(plain)
        gists.append(gist)
        uses.append(used)
    identities = corpus.identities
    if identities is None:
        identities = unite_uses([use for used in uses for use in used], naming, base_iri=corpus.base_iri)
    marks: dict[str, str] = {}
    settled = []
    for place, (name, used) in enumerate(zip(corpus.names, uses, strict=True)):
        found = (identities.by_local[use.where] for use in used)
        ends = [marks.get(i.iri) or marks.setdefault(i.iri, digest(astuple(i), KEY_CHARS)) for i in found]
        key = digest(["settled", name, ends], KEY_CHARS)
        settled.append(_Settled(key, *kept.value(key, partial(_settle, place, corpus, identities))))
    return Drafts(corpus, gists, identities, settled)


def _gist(place: int, corpus: Corpus, naming: Naming) -> list[object]:
    return to_plain(corpus.records[place], naming)


def _settle(place: int, corpus: Corpus, identities: Identities) -> list[object]:
    found = settle_one(corpus.records[place], identities, corpus.knowledge)
    return [list(found.statements), found.shown, [misfit.reason for misfit in found.misfits]]
