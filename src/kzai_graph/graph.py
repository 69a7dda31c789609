"""Turn records and identities into RDF, with a named graph for each document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

import pyoxigraph as ox

from kzai_graph.duplicates import Copy, Printed, find_copies
from kzai_graph.edtf import earliest_latest, is_valid
from kzai_graph.identity import Identities, Identity
from kzai_graph.keys import digest
from kzai_graph.lexical import Ontology
from kzai_graph.model import DocumentRecord, Evidence, Modality, Observation, Run, Span, Zone
from kzai_graph.sidecars import is_address
from kzai_graph.statements import HASH_CHARS, Stated, best_evidence, plain_number, settle
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, KZID, NIF, PROV, RDF, RDFS, SKOS, XSD

DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
Link = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]
TYPE = ox.NamedNode(RDF + "type")
A_PHRASE = ox.NamedNode(NIF + "Phrase")


def to_quads(
    records: Sequence[DocumentRecord],
    identities: Identities,
    knowledge: Ontology,
    *,
    base_iri: str = KZID,
    run: Run | None = None,
) -> list[ox.Quad]:
    """Write all records as quads, sorted; each document's graph is named by the document's IRI.

    What documents share (an entity, a statement) stands alike in the graph of each.
    """
    stated = settle(records, identities, knowledge)
    copies = find_copies(Printed.of(record) for record in records)
    graphs: dict[str, DocumentGraph] = {}
    for record in records:
        found = graph_of(
            record,
            stated.pop(record.identifier),
            identities,
            knowledge,
            base_iri=base_iri,
            run=run,
            copy=copies.get(record.identifier),
        )
        graphs[str(found.name)] = found
    return [quad for name in sorted(graphs) for quad in graphs[name].quads]


@dataclass(frozen=True, slots=True)
class DocumentGraph:
    """The graph of one document: its name, its quads, sorted; the nodes of which no other graph says anything."""

    name: ox.NamedNode
    quads: list[ox.Quad]
    own: frozenset[ox.NamedNode] = frozenset()


def graph_of(
    record: DocumentRecord,
    stated: Sequence[Stated],
    identities: Identities,
    knowledge: Ontology,
    *,
    base_iri: str = KZID,
    run: Run | None = None,
    copy: Copy | None = None,
) -> DocumentGraph:
    """Write one record, with its statements as they are settled over all, into its graph."""
    writer = _Writer(record, identities, knowledge, base_iri)
    writer.write(stated, run, copy)
    quads = sorted((ox.Quad(*link, writer.document) for link in writer.links), key=str)
    return DocumentGraph(writer.document, quads, frozenset(writer.own))


def document_iri(identifier: str, base_iri: str = KZID) -> str:
    """The IRI of a document: its identifier percent-encoded, slashes kept."""
    segments = (quote(part.encode("utf-8", "surrogatepass"), safe="") for part in identifier.split("/"))
    return f"{base_iri}document/" + "/".join(s.replace(".", "%2E") if s.strip(".") == "" else s for s in segments)


class _Writer:
    """The links of one document's graph, each once."""

    def __init__(self, record: DocumentRecord, identities: Identities, knowledge: Ontology, base_iri: str) -> None:
        self.record = record
        self.identities = identities
        self.knowledge = knowledge
        self.base = base_iri
        self.document = ox.NamedNode(document_iri(record.identifier, base_iri))
        self.links: dict[Link, None] = {}
        self.own = {self.document}
        zones = sorted(record.zones)
        self._zone_begins = [span.begin for span, _ in zones]
        self._zones = zones
        self._described: set[str] = set()

    def write(self, stated: Sequence[Stated], run: Run | None, copy: Copy | None) -> None:
        self._write_document(run)
        if copy is not None:
            original = ox.NamedNode(document_iri(copy.original, self.base))
            self._add(self.document, KZ + "nearDuplicateOf", original)
            self._add(self.document, KZ + "similarity", _literal(f"{copy.similarity:.2f}", XSD + "decimal"))
        for mention in self.record.mentions:
            span = self._span(mention.span)
            self._add(span, ITSRDF + "taIdentRef", self._entity(mention.entity))
        for statement in stated:
            self._write_statement(statement)
        self._write_milestones()
        for observation in self.record.observations:
            self._write_observation(observation)
        for spoken in self.record.quotes:
            node = self._node("quote", [spoken.span.begin, spoken.span.end, spoken.text, self._who(spoken.speaker).iri])
            self._add(node, RDF + "type", ox.NamedNode(KZ + "Quote"))
            self._add(node, KZ + "speaker", self._entity(spoken.speaker))
            self._add(node, KZ + "text", _literal(spoken.text))
            self._add(node, PROV + "wasDerivedFrom", self._span(spoken.span))

    def _add(self, subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self.links[subject, _named(predicate), value] = None

    def _node(self, kind: str, parts: list[object]) -> ox.NamedNode:
        node = ox.NamedNode(f"{self.base}{kind}-{digest([self.record.identifier, *parts], HASH_CHARS)}")
        self.own.add(node)
        return node

    def _who(self, local: str) -> Identity:
        return self.identities.of(self.record.identifier, local)

    def _write_document(self, run: Run | None) -> None:
        record, meta = self.record, self.record.metadata
        self._add(self.document, RDF + "type", ox.NamedNode(KZ + "Document"))
        self._add(self.document, DCTERMS + "identifier", _literal(record.identifier))
        self._add(self.document, KZ + "sha256", _literal(record.sha256))
        self._add(self.document, KZ + "encoding", _literal(record.encoding))
        if meta.title:
            self._add(self.document, DCTERMS + "title", _literal(meta.title))
        if meta.date and is_valid(meta.date):
            self._add(self.document, DCTERMS + "issued", _date(meta.date))
        if record.media_type:
            self._add(self.document, DCTERMS + "format", _literal(record.media_type))
        if meta.url:
            self._add(self.document, DCTERMS + "source", ox.NamedNode(meta.url))
        if meta.licence:
            licence = ox.NamedNode(meta.licence) if is_address(meta.licence) else _literal(meta.licence)
            self._add(self.document, DCTERMS + "license", licence)
        for name, text, local in (
            ("creator", meta.creator, record.creator_entity),
            ("publisher", meta.publisher, record.publisher_entity),
        ):
            if local is not None and any(m.entity == local for m in record.mentions):
                self._add(self.document, DCTERMS + name, self._entity(local))
            elif text:
                self._add(self.document, DCTERMS + name, _literal(text))
        if run is not None:
            parts = [run.model, run.version, self.knowledge.digest]
            node = ox.NamedNode(f"{self.base}run-{digest(parts, HASH_CHARS)}")
            self._add(node, RDF + "type", ox.NamedNode(PROV + "Activity"))
            self._add(node, PROV + "used", self.document)
            for name, text in zip(("model", "modelVersion", "ontologyDigest"), parts, strict=True):
                self._add(node, KZ + name, _literal(text))

    def _span(self, span: Span) -> ox.NamedNode:
        node = ox.NamedNode(f"{self.document.value}#char={span.begin},{span.end}")
        if (node, TYPE, A_PHRASE) in self.links:
            return node
        self.links[node, TYPE, A_PHRASE] = None
        self.own.add(node)
        self._add(node, NIF + "referenceContext", self.document)
        self._add(node, NIF + "beginIndex", _integer(span.begin))
        self._add(node, NIF + "endIndex", _integer(span.end))
        self._add(node, NIF + "anchorOf", _literal(self.record.anchors[span]))
        zone = self._zone(span)
        if zone is not None:
            self._add(node, KZ + "zone", _literal(zone.value))
        return node

    def _zone(self, span: Span) -> Zone | None:
        index = bisect_right(self._zone_begins, span.begin) - 1
        if index >= 0 and self._zones[index][0].contains(span):
            return self._zones[index][1]
        return None

    def _entity(self, local: str) -> ox.NamedNode:
        return self._describe(self._who(local))

    def _describe(self, identity: Identity) -> ox.NamedNode:
        node = ox.NamedNode(identity.iri)
        if identity.iri not in self._described:
            self._described.add(identity.iri)
            self._add(node, RDF + "type", ox.NamedNode(self.knowledge.namespace + identity.cls))
            self._add(node, RDFS + "label", _literal(identity.label, "en"))
            for name in identity.names:
                self._add(node, SKOS + "altLabel", _literal(name, "en"))
        return node

    def _write_statement(self, stated: Stated) -> None:
        subject, target = self._describe(stated.subject), self._describe(stated.object)
        relation = self.knowledge.namespace + stated.relation
        if stated.relation in self.knowledge.successions:
            node = ox.NamedNode(f"{self.base}succession-{stated.hash}")
            self._add(node, RDF + "type", ox.NamedNode(KZ + "Succession"))
            self._add(node, KZ + "former", subject)
            self._add(node, KZ + "successor", target)
        else:
            node = ox.NamedNode(f"{self.base}statement-{stated.hash}")
            if stated.modality is Modality.ASSERTED:
                self._add(subject, relation, target)
                if self.knowledge.relations[stated.relation].symmetric:
                    self._add(target, relation, subject)
            self._add(node, RDF + "type", ox.NamedNode(KZ + "Statement"))
            self._add(node, RDF + "subject", subject)
            self._add(node, RDF + "predicate", ox.NamedNode(relation))
            self._add(node, RDF + "object", target)
        self._add(node, KZ + "modality", ox.NamedNode(KZ + stated.modality.value))
        self._write_times(node, stated.date, stated.deadline)
        if stated.amount is not None:
            self._add(node, KZ + "amount", _number(stated.amount))
        if stated.currency is not None:
            self._add(node, KZ + "currency", _literal(stated.currency))
        if stated.attributed_to is not None:
            self._add(node, KZ + "attributedTo", self._describe(stated.attributed_to))
        if stated.stage is not None:
            self._add(node, KZ + "stage", ox.NamedNode(stated.stage))
        for evidence in stated.evidence:
            self._write_evidence(node, stated.hash, evidence)

    def _write_milestones(self) -> None:
        """One node for each content, whichever documents say it."""
        evidence: dict[ox.NamedNode, tuple[Evidence, ...]] = {}
        for milestone in self.record.milestones:
            by = self._who(milestone.by) if milestone.by is not None else None
            date, deadline = (
                d if d is not None and is_valid(d) else None for d in (milestone.date, milestone.deadline)
            )
            instrument, stage, modality = self._who(milestone.instrument), milestone.stage, milestone.modality.value
            parts = [instrument.iri, stage, modality, date, deadline, by.iri if by is not None else None]
            node = ox.NamedNode(f"{self.base}milestone-{digest(parts, HASH_CHARS)}")
            self._add(node, RDF + "type", ox.NamedNode(KZ + "Milestone"))
            self._add(node, KZ + "of", self._describe(instrument))
            self._add(node, KZ + "stage", ox.NamedNode(stage))
            self._add(node, KZ + "modality", ox.NamedNode(KZ + modality))
            self._write_times(node, date, deadline)
            if by is not None:
                self._add(node, KZ + "by", self._describe(by))
            evidence[node] = best_evidence((*evidence.get(node, ()), *milestone.evidence))
        for node, pieces in evidence.items():
            for piece in pieces:
                self._write_evidence(node, node.value, piece)

    def _write_times(self, node: ox.NamedNode, date: str | None, deadline: str | None) -> None:
        for name, first, last, edtf in (
            ("date", "earliest", "latest", date),
            ("deadline", "deadlineEarliest", "deadlineLatest", deadline),
        ):
            if edtf is not None:
                self._add(node, KZ + name, _date(edtf))
                for bound, day in zip((first, last), earliest_latest(edtf), strict=True):
                    self._add(node, KZ + bound, _literal(day, XSD + "date"))

    def _write_evidence(self, told: ox.NamedNode, name: str, evidence: Evidence) -> None:
        """``told``: what the evidence is of, a statement, succession or milestone."""
        sentence = self._span(evidence.sentence)
        node = self._node("derivation", [name, evidence.sentence.begin, evidence.sentence.end])
        self._add(told, PROV + "wasDerivedFrom", sentence)
        self._add(told, PROV + "qualifiedDerivation", node)
        self._add(node, RDF + "type", ox.NamedNode(PROV + "Derivation"))
        self._add(node, PROV + "entity", sentence)
        self._add(node, KZ + "frame", ox.NamedNode(evidence.frame))
        self._add(node, KZ + "trigger", self._span(evidence.trigger))
        if evidence.clause.end:
            self._add(node, KZ + "clause", self._span(evidence.clause))
        for cue in evidence.cues:
            self._add(node, KZ + "modalityCue", self._span(cue))
        if evidence.stage:
            self._add(node, KZ + "stage", ox.NamedNode(evidence.stage))
        self._add(node, KZ + "confidence", _literal(f"{evidence.confidence:.4g}", XSD + "decimal"))

    def _write_observation(self, seen: Observation) -> None:
        of = self._who(seen.of) if seen.of is not None else None
        numbers = [plain_number(n) if isinstance(n, Decimal) else n for n in (seen.value, seen.minimum, seen.maximum)]
        words = [seen.unit, seen.period, seen.indicator, of.iri if of is not None else None, seen.modality.value]
        node = self._node("observation", [seen.span.begin, seen.span.end, *numbers, *words])
        self._add(node, RDF + "type", ox.NamedNode(KZ + "Observation"))
        self._add(node, KZ + "modality", ox.NamedNode(KZ + seen.modality.value))
        for name, value in (("value", seen.value), ("minValue", seen.minimum), ("maxValue", seen.maximum)):
            if isinstance(value, Decimal):
                self._add(node, KZ + name, _number(plain_number(value)))
            elif value is not None:
                self._add(node, KZ + name, _literal(value))
        for name, text in (("unit", seen.unit), ("indicator", seen.indicator)):
            if text:
                self._add(node, KZ + name, _literal(text))
        if seen.period:
            self._add(node, KZ + "period", _date(seen.period) if is_valid(seen.period) else _literal(seen.period))
        if of is not None:
            self._add(node, KZ + "of", self._describe(of))
        self._add(node, PROV + "wasDerivedFrom", self._span(seen.span))


@lru_cache(maxsize=1_000)
def _named(iri: str) -> ox.NamedNode:
    """Terms of a vocabulary, which come again and again."""
    return ox.NamedNode(iri)


def _literal(text: str, kind: str | None = None) -> ox.Literal:
    """A literal of a language ("en") or a datatype; half a surrogate pair, which no RDF can hold, becomes "?"."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    if kind is None:
        return ox.Literal(text)
    return ox.Literal(text, datatype=_named(kind)) if ":" in kind else ox.Literal(text, language=kind)


@lru_cache(maxsize=10_000)
def _integer(value: int) -> ox.Literal:
    return _literal(str(value), XSD + "integer")


def _number(plain: str) -> ox.Literal:
    return _literal(plain, XSD + ("decimal" if "." in plain else "integer"))


def _date(edtf: str) -> ox.Literal:
    """A date of the datatype of its precision; quarters, seasons, intervals and decades are plain strings."""
    plain = re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?", edtf)
    return _literal(edtf, XSD + DATE_TYPES[len(edtf)]) if plain else _literal(edtf)
