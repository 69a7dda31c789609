"""Load an ontology folder (schema, lexicon, gazetteer) into plain values."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import OntologyError
from kzai_graph.lexical import (
    ClassDefinition,
    Cues,
    Frame,
    Known,
    LearnedFrame,
    Noun,
    Ontology,
    Relation,
    Requirement,
    StageFrame,
)
from kzai_graph.model import Modality
from kzai_graph.package_data import shipped
from kzai_graph.terms import KZ, OWL, RDF, RDFS, SCHEMA, SKOS, VANN

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

FRAME_KINDS = {
    KZ + "VerbFrame": "verb",
    KZ + "NounFrame": "noun",
    KZ + "AdjectiveFrame": "adjective",
    KZ + "ConstructionFrame": "construction",
}
SIMPLE_ROLES = frozenset(
    {
        "comitative",
        "holder",
        "outer",
        "agent",
        "patient",
        "recipient",
        "attribute",
        "self",
        "described",
        "possessor",
        "modifier",
        "subject",
        "object",
        "attribution",
    }
)
SHAPES, CORRECTION_SHAPES = "shapes.ttl", "correction_shapes.ttl"
NOT_READ = frozenset((SHAPES, CORRECTION_SHAPES))
WEIGHTS = "relations.npz"


def default_ontology() -> Path:
    """The folder that is shipped: package data when installed, the repository's ``ontology/`` in a checkout."""
    return shipped("ontology")


def ontology_files(folder: Path | None = None) -> list[Path]:
    """All Turtle files of a folder but the shapes, sorted.

    Raises:
        OntologyError: there is none.
    """
    folder = folder or default_ontology()
    paths = sorted(p for p in folder.glob("*.ttl") if p.name not in NOT_READ) if folder.is_dir() else []
    if not paths:
        raise OntologyError(
            f"{folder}: no ontology files (*.ttl) here; give the folder that holds them with --ontology"
        )
    return paths


def load_ontology(folder: Path | None = None) -> Ontology:
    """Read all Turtle files of a folder but the shapes; their order does not matter.

    Raises:
        OntologyError: the folder or a file cannot be read, or an entry uses an unknown class, relation or role.
    """
    folder = folder or default_ontology()
    weights = folder / WEIGHTS
    return _load(
        folder,
        tuple((path, _read(path)) for path in ontology_files(folder)),
        _read(weights) if weights.is_file() else b"",
    )


@lru_cache(maxsize=4)
def _load(folder: Path, files: tuple[tuple[Path, bytes], ...], weights: bytes) -> Ontology:
    """The values of files, which the same bytes give again; nobody changes them."""
    digest = hashlib.sha256()
    nodes: dict[str, _Node] = {}
    for path, data in files:
        digest.update(path.name.encode() + b"\0" + data + b"\0")
        for triple in _parse(path, data):
            if isinstance(triple.subject, ox.NamedNode):
                node = nodes.setdefault(triple.subject.value, _Node(triple.subject.value, path))
                node.values[triple.predicate.value].append(triple.object)
    if weights:
        digest.update(WEIGHTS.encode() + b"\0" + weights + b"\0")
    return replace(_build(nodes, digest.hexdigest(), folder), weights=folder / WEIGHTS if weights else None)


def read_turtle(path: Path) -> list[ox.Triple]:
    """Read a Turtle file of an ontology folder.

    Raises:
        OntologyError: it cannot be read.
    """
    return _parse(path, _read(path))


class _Node:
    """The values of one subject, by property."""

    def __init__(self, iri: str, path: Path) -> None:
        self.iri = iri
        self.path = path
        self.values: dict[str, list[Term]] = defaultdict(list)

    def texts(self, prop: str) -> tuple[str, ...]:
        return tuple(sorted(o.value for o in self.values.get(prop, ()) if isinstance(o, ox.Literal)))

    def iris(self, prop: str) -> tuple[str, ...]:
        return tuple(sorted(o.value for o in self.values.get(prop, ()) if isinstance(o, ox.NamedNode)))

    def text(self, prop: str, default: str = "") -> str:
        return next(iter(self.texts(prop)), default)

    def iri_of(self, prop: str) -> str | None:
        return next(iter(self.iris(prop)), None)

    def flag(self, prop: str) -> bool:
        return self.text(prop) in ("true", "1")

    def fail(self, what: str, remedy: str) -> OntologyError:
        return OntologyError(f"{self.path}: <{self.iri}> {what}; {remedy}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OntologyError(f"{path}: cannot be read ({error.strerror}); check the file's permissions") from error


def _parse(path: Path, data: bytes) -> list[ox.Triple]:
    try:
        return [ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(data, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        place = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise OntologyError(f"{path}{place}: no valid Turtle ({error.msg}); mend that line") from error


def _stage_order(node: _Node) -> tuple[int, str, str]:
    """By notation, as numbers count."""
    notation = node.text(SKOS + "notation")
    return len(notation), notation, node.iri


def _is_stage_frame(node: _Node) -> bool:
    """It says how far something is, and expresses no relation."""
    return bool(node.iris(KZ + "givesStage")) and not node.values.get(KZ + "expresses")


def _build(nodes: dict[str, _Node], digest: str, folder: Path) -> Ontology:
    by_type: dict[str, list[_Node]] = defaultdict(list)
    for iri in sorted(nodes):
        for cls in nodes[iri].iris(RDF + "type"):
            by_type[cls].append(nodes[iri])
    headers = [n for n in by_type[OWL + "Ontology"] if n.texts(VANN + "preferredNamespaceUri")]
    if len(headers) != 1:
        raise OntologyError(
            f"{folder}: needs one owl:Ontology with vann:preferredNamespaceUri, has {len(headers)}; "
            "see docs/ontology.md"
        )
    namespace = headers[0].text(VANN + "preferredNamespaceUri")
    classes = {c.name: c for c in (_class(n, namespace) for n in by_type[KZ + "EntityClass"])}
    if not classes:
        raise OntologyError(f"{folder}: defines no class (kz:EntityClass); see docs/ontology.md")
    reader = _Reader(namespace, classes, nodes)
    relations = {r.name: r for r in map(reader.relation, by_type[KZ + "Relation"])}
    successions = reader.successions()
    stages = tuple(n.iri for n in sorted(by_type[KZ + "Stage"], key=_stage_order))
    entries = [(n, kind) for cls, kind in FRAME_KINDS.items() for n in by_type[cls]]
    frames = [reader.frame(n, kind, relations | successions, stages) for n, kind in entries if not _is_stage_frame(n)]
    stage_frames = [reader.stage_frame(n, kind, stages) for n, kind in entries if _is_stage_frame(n)]
    return Ontology(
        namespace=namespace,
        classes=classes,
        relations=relations,
        nouns=tuple(map(reader.noun, by_type[KZ + "NounEntry"])),
        frames=tuple(sorted(frames, key=lambda f: f.iri)),
        gazetteer=tuple(map(reader.known, by_type[KZ + "KnownEntity"])),
        cues=_cues(by_type[KZ + "CueList"]),
        successions=successions,
        learned={f.relation: f for f in (reader.learned(n, relations) for n in by_type[KZ + "LearnedFrame"])},
        stage_frames=tuple(sorted(stage_frames, key=lambda f: f.iri)),
        stages=stages,
        digest=digest,
        version=headers[0].text(OWL + "versionInfo"),
        ancestors={name: _ancestors(name, classes) for name in classes},
    )


def _class(node: _Node, namespace: str) -> ClassDefinition:
    parents = [p.removeprefix(namespace) for p in node.iris(RDFS + "subClassOf") if p.startswith(namespace)]
    return ClassDefinition(
        node.iri.removeprefix(namespace),
        parents[0] if parents else None,
        node.text(RDFS + "label"),
        node.text(SKOS + "definition"),
    )


def _ancestors(name: str, classes: dict[str, ClassDefinition]) -> frozenset[str]:
    found: set[str] = set()
    current: str | None = name
    while current is not None and current not in found:
        found.add(current)
        current = classes[current].parent if current in classes else None
    return frozenset(found)


class _Reader:
    """Turn nodes into entries, and refuse what the schema does not define."""

    def __init__(self, namespace: str, classes: dict[str, ClassDefinition], nodes: dict[str, _Node]) -> None:
        self.namespace, self.classes, self.nodes = namespace, classes, nodes

    def cls(self, node: _Node, iri: str) -> str:
        name = iri.removeprefix(self.namespace)
        if name not in self.classes:
            raise node.fail(f"names the unknown class <{iri}>", "define it as kz:EntityClass or mend the name")
        return name

    def relation(self, node: _Node) -> Relation:
        return Relation(
            node.iri.removeprefix(self.namespace),
            frozenset(self.cls(node, i) for i in node.iris(SCHEMA + "domainIncludes")),
            frozenset(self.cls(node, i) for i in node.iris(SCHEMA + "rangeIncludes")),
            symmetric=OWL + "SymmetricProperty" in node.iris(RDF + "type"),
            takes_amount=node.flag(KZ + "takesAmount"),
            timeless=node.flag(KZ + "timeless"),
            brings_about=node.flag(KZ + "bringsAbout"),
            subject_default=self._default(node, "subjectDefault"),
            object_default=self._default(node, "objectDefault"),
        )

    def successions(self) -> dict[str, Relation]:
        """What ``kz:Succession`` asks of its ends, where the folder defines them."""
        ends = [self.nodes[KZ + end] for end in ("former", "successor") if KZ + end in self.nodes]
        if len(ends) < 2:
            return {}
        former, successor = (frozenset(self.cls(n, i) for i in n.iris(SCHEMA + "rangeIncludes")) for n in ends)
        name = (KZ + "Succession").removeprefix(self.namespace)
        return {name: Relation(name, former, successor)}

    def _default(self, node: _Node, prop: str) -> str | None:
        iri = node.iri_of(KZ + prop)
        return self.cls(node, iri) if iri is not None else None

    def noun(self, node: _Node) -> Noun:
        lemmas = node.texts(KZ + "lemma")
        if not lemmas:
            raise node.fail("has no kz:lemma", "give at least one")
        return Noun(
            node.iri,
            self.cls(node, node.iri_of(KZ + "denotes") or ""),
            lemmas,
            node.flag(KZ + "standsAlone"),
            node.flag(KZ + "generic"),
            node.flag(KZ + "suffix"),
            node.text(KZ + "implies") or None,
        )

    def learned(self, node: _Node, relations: dict[str, Relation]) -> LearnedFrame:
        return LearnedFrame(
            iri=node.iri,
            relation=self._expressed(node, relations),
            subject_classes=frozenset(self.cls(node, i) for i in node.iris(KZ + "subjectClass")),
            object_classes=frozenset(self.cls(node, i) for i in node.iris(KZ + "objectClass")),
            confidence=float(node.text(KZ + "confidence", "0.8")),
            worded=node.flag(KZ + "worded"),
        )

    def _expressed(self, node: _Node, relations: dict[str, Relation]) -> str:
        relation = (node.iri_of(KZ + "expresses") or "").removeprefix(self.namespace)
        if relation not in relations:
            raise node.fail(
                f"expresses the unknown relation {relation or '(none)'}",
                "define it as kz:Relation or mend kz:expresses",
            )
        return relation

    def frame(self, node: _Node, kind: str, relations: dict[str, Relation], stages: tuple[str, ...]) -> Frame:
        relation = self._expressed(node, relations)
        return Frame(
            iri=node.iri,
            relation=relation,
            kind=kind,
            lemmas=self._lemmas(node),
            subject_roles=self._roles(node, "subjectRole"),
            object_roles=()
            if node.flag(KZ + "reciprocal") and not node.texts(KZ + "objectRole")
            else self._roles(node, "objectRole"),
            subject_classes=frozenset(self.cls(node, i) for i in node.iris(KZ + "subjectClass")),
            object_classes=frozenset(self.cls(node, i) for i in node.iris(KZ + "objectClass")),
            subject_default=self._default(node, "subjectDefault") or relations[relation].subject_default,
            object_default=self._default(node, "objectDefault") or relations[relation].object_default,
            requires=tuple(self._requirement(node, text) for text in node.texts(KZ + "requires")),
            excludes=tuple(self._exclusion(node, text) for text in node.texts(KZ + "excludes")),
            modality=self._modality(node),
            stage=self._stage(node, stages),
            reciprocal=node.flag(KZ + "reciprocal"),
            confidence=float(node.text(KZ + "confidence", "0.8")),
        )

    def stage_frame(self, node: _Node, kind: str, stages: tuple[str, ...]) -> StageFrame:
        stage = self._stage(node, stages)
        assert stage is not None
        return StageFrame(
            iri=node.iri,
            stage=stage,
            kind=kind,
            lemmas=self._lemmas(node),
            roles=self._roles(node, "objectRole"),
            classes=frozenset(self.cls(node, i) for i in node.iris(KZ + "objectClass")),
            requires=tuple(self._requirement(node, text) for text in node.texts(KZ + "requires")),
            modality=self._modality(node),
            confidence=float(node.text(KZ + "confidence", "0.8")),
        )

    def _lemmas(self, node: _Node) -> frozenset[str]:
        lemmas = frozenset(node.texts(KZ + "lemma"))
        if not lemmas:
            raise node.fail("has no kz:lemma", "give the words that express it")
        return lemmas

    def _modality(self, node: _Node) -> Modality | None:
        modality = node.iri_of(KZ + "setsModality")
        if modality is not None and modality.removeprefix(KZ) not in set(Modality):
            raise node.fail(
                f"sets the unknown modality <{modality}>", "use kz:Asserted, kz:Planned, kz:Negated or kz:Reported"
            )
        return Modality(modality.removeprefix(KZ)) if modality else None

    def _stage(self, node: _Node, stages: tuple[str, ...]) -> str | None:
        stage = node.iri_of(KZ + "givesStage")
        if stage is not None and stage not in stages:
            raise node.fail(f"gives the unknown stage <{stage}>", "define it as kz:Stage or mend kz:givesStage")
        return stage

    def _roles(self, node: _Node, prop: str) -> tuple[str, ...]:
        roles = tuple(node.text(KZ + prop).split())
        for role in ".".join(roles).split("."):
            if role not in SIMPLE_ROLES and not (role.startswith("prep:") and len(role) > 5):
                raise node.fail(
                    f"has the unknown role {role!r} in kz:{prop}", f"use {', '.join(sorted(SIMPLE_ROLES))} or prep:WORD"
                )
        if not roles:
            raise node.fail(f"has no kz:{prop}", "say which argument it is")
        return roles

    def _requirement(self, node: _Node, text: str) -> Requirement:
        roles, sign, lemmas = text.partition("=")
        if not sign or not lemmas or not roles.strip():
            raise node.fail(f"has kz:requires {text!r}", 'write "ROLE=lemma,lemma"')
        return Requirement(tuple(roles.split()), frozenset(lemma.strip() for lemma in lemmas.split(",")))

    def _exclusion(self, node: _Node, text: str) -> Requirement:
        roles, sign, lemmas = text.partition("=")
        if not roles.strip() or (sign and not lemmas):
            raise node.fail(f"has kz:excludes {text!r}", 'write "ROLE" or "ROLE=lemma,lemma"')
        return Requirement(tuple(roles.split()), frozenset(lemma.strip() for lemma in lemmas.split(",") if lemmas))

    def known(self, node: _Node) -> Known:
        labels = node.texts(RDFS + "label")
        if not labels:
            raise node.fail("has no rdfs:label", "give its usual name")
        country = node.iri_of(KZ + "country")
        if country is not None and country not in self.nodes:
            raise node.fail(f"belongs to the unknown country <{country}>", "add that country or mend kz:country")
        return Known(
            node.iri,
            self.cls(node, node.iri_of(KZ + "denotes") or ""),
            labels[0],
            node.texts(SKOS + "altLabel"),
            node.texts(KZ + "demonym"),
            self.nodes[country].text(RDFS + "label") if country else None,
            node.flag(KZ + "caseless"),
            node.flag(KZ + "topicOnly"),
        )


def _cues(nodes: list[_Node]) -> Cues:
    lists: dict[str, frozenset[str]] = {}
    for node in nodes:
        name = node.text(KZ + "cue")
        if name not in Cues.__dataclass_fields__:
            raise node.fail(
                f"is the unknown cue list {name!r}", f"use one of {', '.join(sorted(Cues.__dataclass_fields__))}"
            )
        lists[name] = lists.get(name, frozenset()) | frozenset(node.texts(KZ + "lemma"))
    return Cues(**lists)


__all__ = ["default_ontology", "load_ontology", "ontology_files", "read_turtle"]
