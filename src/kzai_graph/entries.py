"""Turn the nodes of an ontology folder into entries, and refuse what its schema does not define."""

from __future__ import annotations

from collections import defaultdict
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
    Relation,
    Requirement,
    Selection,
    StageFrame,
)
from kzai_graph.model import Modality
from kzai_graph.terms import KZ, OWL, RDF, RDFS, SCHEMA, SKOS

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

NAME_ROLES = frozenset({"agent", "patient", "passive", "possessor", "modifier"})
SIMPLE_ROLES = frozenset(
    {
        "comitative",
        "holder",
        "implied",
        "outer",
        "means",
        "content",
        "absolute",
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


class Node:
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


def read_class(node: Node, namespace: str) -> ClassDefinition:
    parents = [p.removeprefix(namespace) for p in node.iris(RDFS + "subClassOf") if p.startswith(namespace)]
    return ClassDefinition(
        node.iri.removeprefix(namespace),
        parents[0] if parents else None,
        node.text(RDFS + "label"),
        node.text(SKOS + "definition"),
    )


def ancestors_of(name: str, classes: dict[str, ClassDefinition]) -> frozenset[str]:
    found: set[str] = set()
    current: str | None = name
    while current is not None and current not in found:
        found.add(current)
        current = classes[current].parent if current in classes else None
    return frozenset(found)


class EntryReader:
    """Turn nodes into entries, and refuse what the schema does not define."""

    def __init__(self, namespace: str, classes: dict[str, ClassDefinition], nodes: dict[str, Node]) -> None:
        self.namespace, self.classes, self.nodes = namespace, classes, nodes

    def cls(self, node: Node, iri: str) -> str:
        name = iri.removeprefix(self.namespace)
        if name not in self.classes:
            raise node.fail(f"names the unknown class <{iri}>", "define it as kz:EntityClass or mend the name")
        return name

    def relation(self, node: Node) -> Relation:
        return Relation(
            node.iri.removeprefix(self.namespace),
            frozenset(self.cls(node, i) for i in node.iris(SCHEMA + "domainIncludes")),
            frozenset(self.cls(node, i) for i in node.iris(SCHEMA + "rangeIncludes")),
            symmetric=OWL + "SymmetricProperty" in node.iris(RDF + "type"),
            takes_amount=node.flag(KZ + "takesAmount"),
            timeless=node.flag(KZ + "timeless"),
            brings_about=node.flag(KZ + "bringsAbout"),
            happens_once=node.flag(KZ + "happensOnce"),
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

    def _default(self, node: Node, prop: str) -> str | None:
        iri = node.iri_of(KZ + prop)
        return self.cls(node, iri) if iri is not None else None

    def noun(self, node: Node) -> Noun:
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

    def learned(self, node: Node, relations: dict[str, Relation]) -> LearnedFrame:
        return LearnedFrame(
            iri=node.iri,
            relation=self._expressed(node, relations),
            subject_classes=self._classes(node, "subjectClass"),
            object_classes=self._classes(node, "objectClass"),
            confidence=float(node.text(KZ + "confidence", "0.8")),
            worded=node.flag(KZ + "worded"),
        )

    def selection(self, node: Node) -> Selection:
        return Selection(
            node.iri,
            self.cls(node, node.iri_of(KZ + "denotes") or ""),
            self._roles(node, "nameRole", NAME_ROLES),
            self._lemmas(node),
            node.flag(KZ + "decides"),
        )

    def _expressed(self, node: Node, relations: dict[str, Relation]) -> str:
        relation = (node.iri_of(KZ + "expresses") or "").removeprefix(self.namespace)
        if relation not in relations:
            raise node.fail(
                f"expresses the unknown relation {relation or '(none)'}",
                "define it as kz:Relation or mend kz:expresses",
            )
        return relation

    def _classes(self, node: Node, prop: str) -> frozenset[str]:
        return frozenset(self.cls(node, iri) for iri in node.iris(KZ + prop))

    def frame(self, node: Node, kind: str, relations: dict[str, Relation], stages: tuple[str, ...]) -> Frame:
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
            subject_classes=self._classes(node, "subjectClass"),
            object_classes=self._classes(node, "objectClass"),
            subject_default=self._default(node, "subjectDefault") or relations[relation].subject_default,
            object_default=self._default(node, "objectDefault") or relations[relation].object_default,
            requires=tuple(self._requirement(node, text) for text in node.texts(KZ + "requires")),
            excludes=tuple(self._exclusion(node, text) for text in node.texts(KZ + "excludes")),
            modality=self._modality(node),
            stage=self._stage(node, stages),
            reciprocal=node.flag(KZ + "reciprocal"),
            confidence=float(node.text(KZ + "confidence", "0.8")),
        )

    def stage_frame(self, node: Node, kind: str, stages: tuple[str, ...]) -> StageFrame:
        stage = self._stage(node, stages)
        assert stage is not None
        return StageFrame(
            iri=node.iri,
            stage=stage,
            kind=kind,
            lemmas=self._lemmas(node),
            roles=self._roles(node, "objectRole"),
            classes=self._classes(node, "objectClass"),
            requires=tuple(self._requirement(node, text) for text in node.texts(KZ + "requires")),
            modality=self._modality(node),
            confidence=float(node.text(KZ + "confidence", "0.8")),
        )

    def _lemmas(self, node: Node) -> frozenset[str]:
        lemmas = frozenset(node.texts(KZ + "lemma"))
        if not lemmas:
            raise node.fail("has no kz:lemma", "give the words that express it")
        return lemmas

    def _modality(self, node: Node) -> Modality | None:
        modality = node.iri_of(KZ + "setsModality")
        if modality is not None and modality.removeprefix(KZ) not in set(Modality):
            raise node.fail(
                f"sets the unknown modality <{modality}>", "use kz:Asserted, kz:Planned, kz:Negated or kz:Reported"
            )
        return Modality(modality.removeprefix(KZ)) if modality else None

    def _stage(self, node: Node, stages: tuple[str, ...]) -> str | None:
        stage = node.iri_of(KZ + "givesStage")
        if stage is not None and stage not in stages:
            raise node.fail(f"gives the unknown stage <{stage}>", "define it as kz:Stage or mend kz:givesStage")
        return stage

    def _roles(self, node: Node, prop: str, simple: frozenset[str] = SIMPLE_ROLES) -> tuple[str, ...]:
        roles = tuple(node.text(KZ + prop).split())
        for role in ".".join(roles).split("."):
            if role not in simple and not (role.startswith("prep:") and len(role) > 5):
                raise node.fail(
                    f"has the unknown role {role!r} in kz:{prop}", f"use {', '.join(sorted(simple))} or prep:WORD"
                )
        if not roles:
            raise node.fail(f"has no kz:{prop}", "say which argument it is")
        return roles

    def _requirement(self, node: Node, text: str) -> Requirement:
        roles, sign, lemmas = text.partition("=")
        if not sign or not lemmas or not roles.strip():
            raise node.fail(f"has kz:requires {text!r}", 'write "ROLE=lemma,lemma"')
        return Requirement(tuple(roles.split()), frozenset(lemma.strip() for lemma in lemmas.split(",")))

    def _exclusion(self, node: Node, text: str) -> Requirement:
        roles, sign, lemmas = text.partition("=")
        if not roles.strip() or (sign and not lemmas):
            raise node.fail(f"has kz:excludes {text!r}", 'write "ROLE" or "ROLE=lemma,lemma"')
        return Requirement(tuple(roles.split()), frozenset(lemma.strip() for lemma in lemmas.split(",") if lemmas))

    def known(self, node: Node) -> Known:
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


def read_cues(nodes: list[Node]) -> Cues:
    lists: dict[str, frozenset[str]] = {}
    for node in nodes:
        name = node.text(KZ + "cue")
        if name not in Cues.__dataclass_fields__:
            raise node.fail(
                f"is the unknown cue list {name!r}", f"use one of {', '.join(sorted(Cues.__dataclass_fields__))}"
            )
        lists[name] = lists.get(name, frozenset()) | frozenset(node.texts(KZ + "lemma"))
    return Cues(**lists)


__all__ = ["EntryReader", "Node", "ancestors_of", "read_class", "read_cues"]
