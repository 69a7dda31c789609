"""Turn corrections of entities into rulings on identity, and find again what they and other corrections name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, product

from kzai_graph.corrections import Correction, Kind
from kzai_graph.identity import Identities, Rulings, Where, resolve
from kzai_graph.keys import Key, fold, slug
from kzai_graph.lexical import Ontology
from kzai_graph.model import DocumentRecord, LocalEntity
from kzai_graph.sparql.answer import shorten


@dataclass(frozen=True)
class Decided:
    """Identity after all rulings, with what it was before each: an IRI of any stage finds its entity.

    ``problems``: why a correction, by its IRI, could not be applied.
    """

    records: Sequence[DocumentRecord]
    stages: tuple[Identities, ...]
    base_iri: str
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def identities(self) -> Identities:
        return self.stages[-1]

    @cached_property
    def locals(self) -> dict[Where, LocalEntity]:
        return {(record.identifier, entity.id): entity for record in self.records for entity in record.entities}

    @cached_property
    def _by_iri(self) -> tuple[dict[str, set[Where]], ...]:
        """The entities of records under each IRI, the last stage first; then under the IRI that a key has by itself."""
        stages = [{w: identity.iri for w, identity in stage.by_local.items()} for stage in reversed(self.stages)]
        stages.append({w: self.base_iri + slug(key) for w, key in self.stages[0].keys.items()})
        found: list[dict[str, set[Where]]] = []
        for stage in stages:
            found.append(defaultdict(set))
            for where, iri in stage.items():
                found[-1][iri].add(where)
        return tuple(found)

    def wheres(self, iri: str) -> frozenset[Where]:
        """The entities of records that an IRI means: in the graph as it is, before some ruling, or by itself."""
        return next((frozenset(by_iri[iri]) for by_iri in self._by_iri if iri in by_iri), frozenset())

    def own_keys(self, iri: str) -> set[Key]:
        """The keys that have this IRI by themselves; of a name that stands for two things, those of the one meant."""
        keys = self.stages[0].keys
        return {keys[w] for w in self._by_iri[-1].get(iri, ()) or self.wheres(iri)}

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Of each IRI of the graph: all IRIs that its entity has had, and its names, folded."""
        found: dict[str, set[str]] = defaultdict(set)
        for where, identity in self.identities.by_local.items():
            entity = self.locals[where]
            found[identity.iri] |= {stage.by_local[where].iri for stage in self.stages}
            found[identity.iri] |= {fold(n) for n in (identity.label, *identity.names, entity.name, *entity.names)}
        return {iri: frozenset(names) for iri, names in found.items()}

    def iris(self, correction: Correction) -> tuple[str, ...]:
        """The IRIs in the graph of the entities that a correction names; of a separation, of all its parts."""
        found = {w for iri in correction.entities for w in self.wheres(iri)}
        if correction.kind is Kind.SEPARATION:
            found |= {w for iri in correction.entities for by_iri in self._by_iri for w in by_iri.get(iri, ())}
        return tuple(sorted({self.identities.by_local[w].iri for w in found}))


def decide(
    records: Sequence[DocumentRecord], corrections: Iterable[Correction], knowledge: Ontology, *, base_iri: str
) -> Decided:
    """Decide identity over all records as the corrections of entities want it: part, then join, then describe."""
    by_kind: dict[Kind, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_kind[correction.kind].append(correction)
    decided = Decided(records, (resolve(records, knowledge, base_iri=base_iri),), base_iri)
    rulings, problems = Rulings(), dict[str, str]()

    def settle(changed: Rulings) -> Decided:
        if changed == rulings:
            return decided
        found = resolve(records, knowledge, base_iri=base_iri, rulings=changed)
        return replace(decided, stages=(*decided.stages, found))

    for kind, rule in ((Kind.SEPARATION, _separate), (Kind.MERGER, _join), (Kind.DESCRIPTION, _describe)):
        changed = rulings
        for correction in by_kind[kind]:
            missing = [iri for iri in correction.entities if not decided.wheres(iri)]
            if missing:
                problems[correction.iri] = f"no entity is {' or '.join(map(shorten, missing))}"
            if missing and (kind is not Kind.MERGER or len(correction.entities) - len(missing) < 2):
                continue
            try:
                changed = rule(correction, changed, decided)
            except _ProblemError as problem:
                problems[correction.iri] = str(problem)
        decided, rulings = settle(changed), changed
    return replace(decided, problems=problems)


class _ProblemError(Exception):
    """Nothing in the texts is what a separation takes apart."""


def _separate(correction: Correction, rulings: Rulings, decided: Decided) -> Rulings:
    """Keep entities two: bar their keys from one another, or mark what only its document can tell."""
    if len(correction.entities) > 1:
        keys = [decided.own_keys(iri) for iri in correction.entities]
        return replace(rulings, barred=rulings.barred | _pairs(*keys))
    wheres = decided.wheres(correction.entities[0])
    chosen = _chosen(correction, wheres, decided)
    rest = wheres - chosen
    if not chosen:
        raise _ProblemError("nothing in the texts fits its names and documents")
    if not rest:
        raise _ProblemError("nothing else bears this IRI")
    mine, theirs = ({decided.stages[0].keys[w] for w in part} for part in (chosen, rest))
    if not mine & theirs:
        return replace(rulings, barred=rulings.barred | _pairs(mine, theirs))
    mark = min(correction.documents or (document for document, _ in chosen))
    return replace(rulings, marked={**rulings.marked, **dict.fromkeys(chosen, mark)}, joined=(*rulings.joined, chosen))


def _chosen(correction: Correction, wheres: frozenset[Where], decided: Decided) -> frozenset[Where]:
    """What a separation takes out: by document, and by the name that a text uses most, else by any name."""
    found = {w for w in wheres if not correction.documents or w[0] in correction.documents}
    if not correction.names:
        return frozenset(found)
    names = {fold(name) for name in correction.names}
    mostly = {w for w in found if fold(decided.locals[w].name) in names}
    return frozenset(mostly or {w for w in found if names & set(map(fold, decided.locals[w].names))})


def _pairs(*groups: set[Key]) -> frozenset[frozenset[Key]]:
    pairs = (pair for one, other in combinations(groups, 2) for pair in product(one, other))
    return frozenset(frozenset(pair) for pair in pairs if pair[0] != pair[1])


def _join(correction: Correction, rulings: Rulings, decided: Decided) -> Rulings:
    wheres = frozenset(w for iri in correction.entities for w in decided.wheres(iri))
    return replace(rulings, joined=(*rulings.joined, wheres))


def _describe(correction: Correction, rulings: Rulings, decided: Decided) -> Rulings:
    given = (decided.wheres(correction.entities[0]), correction.cls, correction.label)
    return replace(rulings, described=(*rulings.described, given))
