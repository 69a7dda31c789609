"""Find, check, read and extend the files in which corrections stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.corrections import Claim, Correction, End, Kind, qualifier_triples, to_triples
from kzai_graph.edtf import is_valid
from kzai_graph.errors import InputError
from kzai_graph.export import replace_file
from kzai_graph.lexical import Ontology
from kzai_graph.model import Modality
from kzai_graph.ontology import CORRECTION_SHAPES, default_ontology
from kzai_graph.schema import schema_triples
from kzai_graph.sparql.answer import shorten
from kzai_graph.terms import KZ, OWL, PROV, RDF, RDFS
from kzai_graph.turtle import to_turtle

KINDS = {KZ + kind: kind for kind in Kind}
PREFIX = re.compile(r"(?im)^\s*@?prefix\s+([\w-]+):\s*<([^>]*)>")


def load_corrections(
    paths: Sequence[Path], knowledge: Ontology, *, ontology: Path | None = None
) -> tuple[Correction, ...]:
    """Read files of corrections, sorted by IRI, after the shapes found nothing wrong.

    Raises:
        InputError: a file cannot be read, is no valid Turtle, or says what no correction can; or two files name one.
        OntologyError: the shapes are broken.
    """
    found: dict[str, Correction] = {}
    for path in paths:
        for correction in _File(path, knowledge).read(ontology or default_ontology()):
            other = found.setdefault(correction.iri, correction)
            if other is not correction:
                raise InputError(
                    f"{correction.place}: {shorten(correction.iri)} stands in {other.place}, too; rename one of them"
                )
    _refuse_contradictions(found.values())
    return tuple(found[iri] for iri in sorted(found))


def add_correction(path: Path, correction: Correction, knowledge: Ontology) -> None:
    """Add a correction at the end of a file, or begin one; what stands there stays as it is.

    A correction that the file has is not added again.

    Raises:
        InputError: the file cannot be read.
        GraphError: the file cannot be written.
    """
    before = _text(path) if path.exists() else ""
    known = set(_parse(path, before))
    if any(triple.subject == ox.NamedNode(correction.iri) for triple in known):
        return
    made = [*to_triples(correction, knowledge.namespace), *qualifier_triples(correction)]
    triples = [triple for triple in made if triple not in known]
    lines = to_turtle(triples).splitlines(keepends=True)
    declared = dict(PREFIX.findall(before))
    prefixes = [line for line in lines if (said := PREFIX.match(line)) and declared.get(said[1]) != said[2]]
    body = "".join(line for line in lines if not line.startswith("@prefix")).lstrip("\n")
    used = [line for line in prefixes if re.search(rf"(?<![\w-]){line.split()[1]}", body)]
    parts = [before if before.endswith("\n") or not before else before + "\n", "".join(used), body]
    replace_file(path, "\n".join(part for part in parts if part).encode("utf-8"))


class _File:
    """One file while it is read."""

    def __init__(self, path: Path, knowledge: Ontology) -> None:
        self.path = path
        self.knowledge = knowledge
        self.text = _text(path)
        self.values: dict[ox.NamedNode | ox.BlankNode, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
        self.triples = _parse(path, self.text)
        for triple in self.triples:
            if isinstance(triple.subject, (ox.NamedNode, ox.BlankNode)):
                values = self.values.setdefault(triple.subject, defaultdict(list))
                if isinstance(triple.object, (ox.NamedNode, ox.Literal)):
                    values[triple.predicate.value].append(triple.object)

    def read(self, ontology: Path) -> list[Correction]:
        self._check(ontology)
        reviewers = {
            values[PROV + "wasAttributedTo"][0] for values in self.values.values() if PROV + "wasAttributedTo" in values
        }
        corrections = []
        for node, values in self.values.items():
            kinds = [KINDS[t.value] for t in values.get(RDF + "type", ()) if t.value in KINDS]
            if kinds and isinstance(node, ox.NamedNode):
                corrections.append(self._correction(node, kinds[0], values))
            elif node not in reviewers and all(t.value != OWL + "Ontology" for t in values.get(RDF + "type", ())):
                raise self._fail(
                    node, "is neither a correction nor a reviewer; give it one of the kinds of docs/corrections.md"
                )
        return corrections

    def _check(self, ontology: Path) -> None:
        from kzai_graph.shapes import validate  # pyshacl is slow to load

        shapes = ontology / CORRECTION_SHAPES
        store = ox.Store()
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in self.triples)
        found = validate(
            store,
            schema_triples(ontology),
            shapes if shapes.is_file() else default_ontology() / CORRECTION_SHAPES,
        )
        if found:
            first = min(found, key=lambda r: (self._line(r.focus) or 0, r))
            more = f" (and {len(found) - 1} more faults)" if len(found) > 1 else ""
            detail = f" ({first.detail})" if first.detail else ""
            raise self._fail(ox.NamedNode(first.focus) if first.is_iri else None, f"{first.message}{detail}{more}")

    def _fail(self, node: ox.NamedNode | ox.BlankNode | None, what: str) -> InputError:
        name = shorten(node.value) if isinstance(node, ox.NamedNode) else "a node without an IRI"
        separator = ": " if what[0].isupper() else " "
        return InputError(f"{self._place(node)}: {name}{separator}{what}")

    def _place(self, node: ox.NamedNode | ox.BlankNode | None) -> str:
        line = self._line(node.value) if isinstance(node, ox.NamedNode) else None
        return f"{self.path}:{line}" if line is not None else str(self.path)

    def _line(self, iri: str) -> int | None:
        """The line on which an IRI is first written, by whichever prefix."""
        local = re.escape(re.split("[/#]", iri)[-1])
        written = re.search(rf"[:/#<]{local}(?![\w-])", self.text)
        return self.text.count("\n", 0, written.start()) + 1 if written else None

    def _correction(
        self, node: ox.NamedNode, kind: Kind, values: dict[str, list[ox.NamedNode | ox.Literal]]
    ) -> Correction:
        def one(name: str) -> str | None:
            return next((v.value for v in values.get(name, ())), None)

        def every(name: str) -> tuple[str, ...]:
            return tuple(sorted(v.value for v in values.get(KZ + name, ())))

        reviewer = values[PROV + "wasAttributedTo"][0]
        names = self.values.get(reviewer, {}).get(RDFS + "label", ()) if isinstance(reviewer, ox.NamedNode) else ()
        stating = kind in (Kind.ACCEPTANCE, Kind.REJECTION, Kind.ADDITION)
        new_class = one(KZ + "newClass")
        return Correction(
            iri=node.value,
            kind=kind,
            reviewer=reviewer.value,
            reviewer_name=min((name.value for name in names), default=None),
            time=one(PROV + "generatedAtTime"),
            comment=one(RDFS + "comment"),
            claim=self._claim(node, kind, {name: one(KZ + name) for name in CLAIMED}) if stating else None,
            entities=every("entity"),
            names=every("name"),
            documents=() if stating else every("document"),
            cls=new_class and new_class.removeprefix(self.knowledge.namespace),
            label=one(KZ + "newLabel"),
            place=self._place(node),
        )

    def _claim(self, node: ox.NamedNode, kind: Kind, said: dict[str, str | None]) -> Claim:
        for name in ("date", "deadline"):
            date = said[name]
            if date is not None and not is_valid(date):
                raise self._fail(
                    node, f"has the {name} {date!r}, which no calendar has; write 2031, 2031-05, 2031-05-03 or 2031-Q2"
                )
        subject, target = (
            End(said[end], said[f"{end}Words"], self._local(said[f"{end}Class"])) for end in ("subject", "object")
        )
        modality, amount = said["modality"], said["amount"]
        if modality is None and kind is Kind.ADDITION:
            modality = Modality.ASSERTED
        return Claim(
            subject=subject,
            relation=self._local(said["relation"]) or "",
            object=target,
            modality=Modality(modality.removeprefix(KZ)) if modality is not None else None,
            document=said["document"],
            sentence=said["sentence"],
            date=said["date"],
            deadline=said["deadline"],
            amount=Decimal(amount) if amount is not None else None,
            currency=said["currency"],
            attributed_to=said["attributedTo"],
            stage=said["stage"],
        )

    def _local(self, iri: str | None) -> str | None:
        return iri.removeprefix(self.knowledge.namespace) if iri is not None else None


CLAIMED = (
    "subject subjectWords subjectClass relation object objectWords objectClass modality document sentence "
    "date deadline amount currency attributedTo stage"
).split()


def _parse(path: Path, text: str) -> list[ox.Triple]:
    try:
        return [ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        place = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise InputError(f"{path}{place}: no valid Turtle ({error.msg}); mend that line") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path with --corrections") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not in UTF-8, as Turtle must be; save it so") from error


def _refuse_contradictions(corrections: Iterable[Correction]) -> None:
    """Refuse what one correction joins and another keeps apart, and two descriptions of one entity that differ."""
    by_kind: dict[Kind, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_kind[correction.kind].append(correction)
    for merger, separation in product(by_kind[Kind.MERGER], by_kind[Kind.SEPARATION]):
        both = sorted(set(merger.entities) & set(separation.entities))
        if len(both) > 1:
            _refuse(merger, separation, f"joins {' and '.join(map(shorten, both))}, which", "keeps apart")
    for one, other in combinations(by_kind[Kind.DESCRIPTION], 2):
        for said, opposed in ((one.cls, other.cls), (one.label, other.label)):
            if one.entities == other.entities and said and opposed and said != opposed:
                _refuse(one, other, f"says {said} of {shorten(one.entities[0])}, of which", f"says {opposed}")


def _refuse(one: Correction, other: Correction, does: str, opposed: str) -> None:
    raise InputError(
        f"{one.place}: {shorten(one.iri)} {does} {shorten(other.iri)} ({other.place}) {opposed}; remove one of the two"
    )
