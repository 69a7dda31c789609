"""Check that what a graph says rests on the texts: evidence, offsets, plain triples that agree with statements."""

from __future__ import annotations

from pathlib import Path

from kzai_graph.evaluate.claims import Claim, Claims, Node
from kzai_graph.evaluate.scores import Finding, Score
from kzai_graph.model import Modality, Span
from kzai_graph.statements import MIN_EVIDENCE_WORDS
from kzai_graph.terms import KZ, NIF


def read_texts(claims: Claims, folder: Path | None) -> dict[Node, str]:
    """The decoded files of the graph's documents that are in the folder; offsets count their code points."""
    if folder is None:
        return {}
    files = {document: folder / name for name, document in sorted(claims.documents.items())}
    return {d: f.read_bytes().decode("utf-8", errors="replace") for d, f in files.items() if f.is_file()}


def check_evidence(claims: Claims, texts: dict[Node, str]) -> Score:
    """Count faults of the whole graph; offsets are checked for the documents whose text is given."""
    checker = _Checker(claims)
    checker.assertions()
    checker.plain_triples()
    checker.single_values()
    checker.offsets(texts)
    return checker.score


class _Checker:
    """Collects the faults."""

    def __init__(self, claims: Claims) -> None:
        self.claims, self.score = claims, Score()
        self.asserted: set[tuple[Node | None, str, Node | None]] = set()

    def fault(self, count: str, kind: str, text: str) -> None:
        self.score.counts[count] += 1
        self.score.findings.append(Finding("", kind, text))

    def assertions(self) -> None:
        for cls in ("Statement", "Observation", "Quote"):
            for node in self.claims.instances(KZ + cls):
                self.score.counts["assertions"] += 1
                if not self.claims.evidence(node):
                    self.fault("without_evidence", "no evidence", node.value)
                if cls == "Statement":
                    self.statement(self.claims.claim(node))

    def statement(self, claim: Claim) -> None:
        text = _show(self.claims, claim.subject, claim.relation, claim.object)
        if claim.modality == Modality.ASSERTED:
            self.asserted.add((claim.subject, claim.relation, claim.object))
            if self.claims.is_symmetric(claim.relation):
                self.asserted.add((claim.object, claim.relation, claim.subject))
            if not self.claims.has_triple(claim):
                self.fault("without_triple", "no plain triple", text)
        if not all(self.grounds(span, claim) for span in self.claims.evidence(claim.node)):
            self.fault("ungrounded", "evidence without both mentions", text)

    def grounds(self, evidence: Node, claim: Claim) -> bool:
        """The evidence is more than a name or two, and names both ends."""
        anchors = self.claims.values(evidence, NIF + "anchorOf")
        words = anchors[0].value.split() if anchors else []
        return len(words) >= MIN_EVIDENCE_WORDS and all(
            self.named(end, evidence) for end in (claim.subject, claim.object)
        )

    def named(self, entity: Node | None, evidence: Node) -> bool:
        area = self.claims.span(evidence)
        if area is None or entity is None:
            return False
        places: list[Span] = self.claims.places.get((self.claims.document_of[evidence], entity), [])
        return any(place.overlaps(area) for place in places)

    def plain_triples(self) -> None:
        for subject, relation, object_ in sorted(self.claims.plain, key=lambda t: (t[0].value, t[1], t[2].value)):
            if (subject, relation, object_) not in self.asserted:
                text = _show(self.claims, subject, relation, object_)
                self.fault("unbacked", "plain triple without an asserted statement", text)

    def single_values(self) -> None:
        for node in sorted(self.claims.malformed, key=lambda n: n.value):
            self.fault("malformed", "two values where one is allowed", node.value)

    def offsets(self, texts: dict[Node, str]) -> None:
        spans = [(s, d) for s, d in self.claims.document_of.items() if d in texts]
        for span, document in sorted(spans, key=lambda pair: pair[0].value):
            self.score.counts["spans"] += 1
            area, anchors = self.claims.span(span), {a.value for a in self.claims.values(span, NIF + "anchorOf")}
            if area is None or anchors != {texts[document][area.begin : area.end]}:
                self.fault("spans_wrong", "offset", span.value)


def _show(claims: Claims, subject: Node | None, relation: str, object_: Node | None) -> str:
    return f"{claims.label(subject)} | {relation} | {claims.label(object_)}"
