"""Decide over all documents which of their entities are one, and give each an IRI, a class, a label and names.

Nothing here depends on the order of the records: keys are compared, unions are closed to a fixpoint, and every choice
has a total order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kzai_graph.keys import Key, Naming, slug
from kzai_graph.lexical import Known, Ontology
from kzai_graph.model import DocumentRecord, LocalEntity, MentionKind
from kzai_graph.terms import KZID

MAX_ACRONYM_CHARS = 12
Where = tuple[str, str]
"""Identifier of a record, and id of an entity in it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One entity over all documents; ``names`` are names only, without the label."""

    iri: str
    cls: str
    label: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulings:
    """What is decided on identity from outside, before IRIs are given.

    ``joined``: entities of records that are one. ``barred``: keys that stay two. ``marked``: entities of records that
    stay apart from others of their key, with the document that tells them. ``described``: class and label of an entity.
    """

    joined: tuple[frozenset[Where], ...] = ()
    barred: frozenset[frozenset[Key]] = frozenset()
    marked: Mapping[Where, str] = field(default_factory=dict)
    described: tuple[tuple[frozenset[Where], str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Identities:
    """Which entity each entity of a record is, and the key that it has by itself."""

    by_local: Mapping[Where, Identity]
    keys: Mapping[Where, Key]

    def of(self, document: str, local: str) -> Identity:
        return self.by_local[document, local]


@dataclass(frozen=True, slots=True)
class Use:
    """An entity of one record with its key and the names that the record shows; ``known``: the gazetteer's class."""

    where: Where
    key: Key
    cls: str
    label: str
    names: frozenset[str]
    aliases: frozenset[Key]
    known: str | None


NO_RULINGS = Rulings()


def resolve(
    records: Sequence[DocumentRecord], knowledge: Ontology, *, base_iri: str = KZID, rulings: Rulings = NO_RULINGS
) -> Identities:
    """Decide identity over all records; the order of the records has no effect."""
    naming = Naming.of(knowledge)
    uses = [use for record in records for use in find_uses(record, naming, rulings.marked)]
    return unite_uses(uses, naming, base_iri=base_iri, rulings=rulings)


def unite_uses(
    uses: Sequence[Use], naming: Naming, *, base_iri: str = KZID, rulings: Rulings = NO_RULINGS
) -> Identities:
    """Decide which of the entities that ``find_uses`` finds in records are one; their order has no effect."""
    groups = _group(uses, naming, rulings)
    found: dict[Where, Identity] = {}
    for canonical, members in _put_together(_told_apart(groups, naming, rulings), rulings):
        cls, label = _settle_class(members, naming), _settle_label(members)
        names = {name for use in members for name in use.names}
        for wheres, given_cls, given_label in rulings.described:
            if any(use.where in wheres for use in members):
                cls, label = given_cls or cls, given_label or label
        identity = Identity(base_iri + canonical, cls, label, tuple(sorted(names - {label})))
        found |= {use.where: identity for use in members}
    return Identities(found, {use.where: use.key for use in uses})


def find_uses(record: DocumentRecord, naming: Naming, marked: Mapping[Where, str] = NO_RULINGS.marked) -> Iterator[Use]:
    """Yield the entities of one record, each with all that its identity follows from."""
    by_id = {entity.id: entity for entity in record.entities}
    named: dict[str, set[str]] = defaultdict(set)
    written: dict[str, set[str]] = defaultdict(set)
    for mention in record.mentions:
        if mention.kind is MentionKind.NAME:
            named[mention.entity].add(naming.name_key(mention.text, ""))
            written[mention.entity].add(mention.text)
    keys: dict[str, Key] = {}
    marks = {local: mark for (document, local), mark in marked.items() if document == record.identifier}
    counted: Counter[Key] = Counter()
    for local, mark in sorted(marks.items()):
        key = _find_key(local, by_id, record.identifier, naming, keys, counted)
        keys[local] = replace(key, document=mark, number=0)
    for local in sorted(by_id, key=lambda i: (len(i), i)):
        _find_key(local, by_id, record.identifier, naming, keys, counted)
    for entity in record.entities:
        key = keys[entity.id]
        known = naming.find_known(entity)
        names = _names(entity, named[entity.id], known, naming)
        aliases = frozenset(_aliases(entity, key, names, by_id, naming)) if key.document is None else frozenset()
        names |= written[entity.id].intersection(known.aliases) if known is not None else frozenset()
        label = known.label if known is not None else entity.name
        cls = known.cls if known is not None else None
        yield Use((record.identifier, entity.id), key, entity.cls, label, names, aliases, cls)


def _find_key(
    local: str,
    by_id: Mapping[str, LocalEntity],
    document: str,
    naming: Naming,
    keys: dict[str, Key],
    counted: Counter[Key],
    below: frozenset[str] = frozenset(),
) -> Key:
    """Find the key of an entity after those of its owners; an owner that it owns itself is left out."""
    if local in keys:
        return keys[local]
    entity = by_id[local]
    kind, known = naming.kind(entity.cls), naming.find_known(entity)
    if known is not None:
        keys[local] = Key(kind, naming.name_key(known.label, kind))
        return keys[local]
    below |= {local}
    owner = entity.owner if entity.owner in by_id and entity.owner not in below else None
    owned_by = _find_key(owner, by_id, document, naming, keys, counted, below) if owner is not None else None
    name = naming.name_key(entity.name, kind, _owner_words(owner, by_id, naming))
    key = Key(kind, name, owned_by)
    if not entity.anchored or (kind == "person" and not _is_full_name(name)):
        key = replace(key, document=document)
        counted[key] += 1
        key = replace(key, number=counted[key])
    keys[local] = key
    return key


def _is_full_name(name: str) -> bool:
    """Tell whether a person's name has more than a surname and initials; only such a name is one person everywhere."""
    return sum(len(word) > 1 for word in name.split()) > 1


def _owner_words(owner: str | None, by_id: Mapping[str, LocalEntity], naming: Naming) -> frozenset[str]:
    """The telling words of all names of an owner, and of its owners."""
    words: frozenset[str] = frozenset()
    seen: set[str] = set()
    while owner is not None and owner in by_id and owner not in seen:
        seen.add(owner)
        entity = by_id[owner]
        known = naming.find_known(entity)
        more = (known.label, *known.aliases, *known.demonyms) if known is not None else ()
        words |= naming.words((entity.name, *entity.names, *more))
        owner = entity.owner
    return words


def _names(entity: LocalEntity, named: set[str], known: Known | None, naming: Naming) -> frozenset[str]:
    """The forms that occur as names or stand in the gazetteer; a description is no name."""
    given = {known.label, *known.aliases} if known is not None else set()
    return frozenset(n for n in (*entity.names, entity.name) if n in given or naming.name_key(n, "") in named)


def _aliases(
    entity: LocalEntity, key: Key, names: Iterable[str], by_id: Mapping[str, LocalEntity], naming: Naming
) -> Iterator[Key]:
    """The keys that the entity would have under its other names; an acronym needs no owner."""
    words = _owner_words(entity.owner, by_id, naming) if key.owner is not None else frozenset()
    for name in names:
        other = naming.name_key(name, key.kind, words)
        if key.kind == "person" and not _is_full_name(other):
            continue
        yield replace(key, name=other)
        if key.owner is not None and name.isupper() and name.isalnum() and len(name) <= MAX_ACRONYM_CHARS:
            yield Key(key.kind, other)


def _group(uses: Iterable[Use], naming: Naming, rulings: Rulings) -> dict[Key, list[Use]]:
    """Unite keys under a canonical one: by rulings, by what records list as names of one entity, by words, by owners.

    A name that two different entities list ("NSC") unites nothing, nor one that some record gives to another entity
    beside the first. Each round only makes more keys equal, so the
    fixpoint is the same in whatever order they are taken.
    """
    uses = list(uses)
    keys = {use.key for use in uses}
    union = _Union(rulings.barred)
    for wheres in rulings.joined:
        together = sorted(_whole_keys(uses, wheres), key=lambda k: k.order)
        for key in together[1:]:
            union.unite(together[0], key)
    documents: dict[Key, set[str]] = defaultdict(set)
    for use in uses:
        documents[use.key].add(use.where[0])
    listed: dict[Key, set[Key]] = defaultdict(set)
    for use in uses:
        for alias in use.aliases - {use.key}:
            if alias in keys and not documents[alias] & documents[use.key]:
                listed[alias].add(use.key)
    wanted = sorted(listed, key=lambda k: k.order)
    meanings = [(key, naming.meaning(key)) for key in sorted(keys, key=lambda k: k.order)]
    while True:
        before = union.count
        for alias in wanted:
            bearers = {union.find(key) for key in listed[alias]}
            if len(bearers) == 1:
                union.unite(alias, bearers.pop())
        same: dict[tuple[object, ...], Key] = {}
        for key, meaning in meanings:
            owner = union.find(key.owner) if key.owner is not None else None
            first = same.setdefault((key.kind, meaning, owner, key.document, key.number), key)
            union.unite(first, key)
        if union.count == before:
            break
    groups: dict[Key, list[Use]] = defaultdict(list)
    for use in uses:
        groups[union.find(use.key)].append(use)
    return groups


def _whole_keys(uses: Iterable[Use], wheres: frozenset[Where]) -> set[Key]:
    """The keys that only these entities have; of a name that stands for two things, one alone cannot be united."""
    return {use.key for use in uses if use.where in wheres} - {use.key for use in uses if use.where not in wheres}


class _Union:
    """Disjoint sets of keys; the first in order stands for its set. Sets that hold a barred pair stay two."""

    def __init__(self, barred: frozenset[frozenset[Key]]) -> None:
        self.parent: dict[Key, Key] = {}
        self.members: dict[Key, set[Key]] = {}
        self.barred = barred
        self.count = 0

    def find(self, key: Key) -> Key:
        while (above := self.parent.get(key)) is not None:
            key = above
        return key

    def unite(self, one: Key, other: Key) -> None:
        first, second = sorted((self.find(one), self.find(other)), key=lambda k: k.order)
        if first == second:
            return
        if self.barred:
            here, there = self.members.setdefault(first, {first}), self.members.setdefault(second, {second})
            if any(frozenset((a, b)) in self.barred for a in here for b in there):
                return
            here |= there
        self.parent[second] = first
        self.count += 1


def _told_apart(groups: Mapping[Key, list[Use]], naming: Naming, rulings: Rulings) -> Iterator[tuple[str, list[Use]]]:
    """Yield each entity's path and uses; where one document shows two classes under one name, they are two.

    Only classes that no common class holds count: a firm and its app. Other documents' uses join the part of their
    class, or the larger one. What a ruling joins is one.
    """
    for key, uses in groups.items():
        if any(all(use.where in wheres for use in uses) for wheres in rulings.joined):
            yield slug(key), uses
            continue
        roots: dict[str, set[str]] = defaultdict(set)
        for use in uses:
            roots[use.where[0]].add(naming.roots.get(use.cls, use.cls))
        shown = {root for found in roots.values() if len(found) > 1 for root in found}
        if not shown:
            yield slug(key), uses
            continue
        parts: dict[str, list[Use]] = {root: [] for root in shown}
        counts = Counter(naming.roots.get(use.cls, use.cls) for use in uses)
        largest = min(shown, key=lambda root: (-counts[root], root))
        for use in uses:
            root = naming.roots.get(use.cls, use.cls)
            parts[root if root in shown else largest].append(use)
        for root in sorted(parts):
            yield slug(key, kind=root.casefold()), parts[root]


def _put_together(parts: Iterable[tuple[str, list[Use]]], rulings: Rulings) -> Iterator[tuple[str, list[Use]]]:
    """Join the parts that a ruling joins, under the first of their paths."""
    found = dict(parts)
    for wheres in rulings.joined:
        together = sorted(path for path, uses in found.items() if any(use.where in wheres for use in uses))
        for path in together[1:]:
            found[together[0]] += found.pop(path)
    yield from found.items()


def _settle_class(uses: Sequence[Use], naming: Naming) -> str:
    """The gazetteer's class, else the one that most documents support; those of its ancestors support a class too."""
    known = sorted(use.known for use in uses if use.known is not None)
    if known:
        return known[0]
    documents: dict[str, set[str]] = defaultdict(set)
    for use in uses:
        documents[use.cls].add(use.where[0])
    ancestors = naming.ontology.ancestors

    def rank(cls: str) -> tuple[int, int, int, str]:
        above = ancestors.get(cls, frozenset((cls,)))
        support = set().union(*(documents[c] for c in documents if c in above))
        return (-len(support), -len(above), -len(documents[cls]), cls)

    return min(documents, key=rank)


def _settle_label(uses: Sequence[Use]) -> str:
    """The gazetteer's label, else the label of most documents, the longest of those."""
    counts = Counter(use.label for use in uses if use.known is not None) or Counter(use.label for use in uses)
    return min(counts, key=lambda label: (-counts[label], -len(label), label))
