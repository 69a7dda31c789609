"""Scores on a small graph that is right, and on the same graph with one fault at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kzai_graph.errors import GoldError, GraphError
from kzai_graph.evaluate import Loss, Report, evaluate, explain_misses, frame_scores, summarise
from kzai_graph.evaluate.names import alike, normalise, same_value, to_number
from kzai_graph.terms import PREFIXES

NAME = "harbour.txt"
TEXT = (
    "Ports open their gates\n\n"
    "The Ministry of Ports launched the Open Quay programme on 3 May 2031. "
    "Ada Quill, director of the Gull Institute, will publish the Tide Report by 2033. "
    "The institute did not endorse the Open Quay programme. "
    "Kelp Robotics uses sonar at 42 berths.\n\n"
    "The port of Veldhaven has grown. “We want every quay to be open to all,” said Quill.\n"
)
GOLD = """
document: harbour.txt
metadata: {title: Ports open their gates, date: 2031-05-04}
entities:
  ministry: {type: Ministry, names: [Ministry of Ports]}
  quay: {type: Programme, names: [Open Quay, Open Quay programme]}
  quill: {type: Person, names: [Ada Quill, Quill]}
  institute: {type: [ResearchOrganisation, Organisation], names: [Gull Institute]}
  report: {type: Publication, names: [Tide Report]}
  kelp: {type: Firm, names: [Kelp Robotics]}
  sonar: {type: Technology, names: [sonar]}
  veldhaven: {type: Place, names: [Veldhaven], optional: true}
facts:
  - {s: ministry, p: launched, o: quay, date: 2031-05-03}
  - {s: quill, p: published, o: report, modality: Planned, deadline: 2033}
  - {s: institute, p: endorsed, o: quay, modality: Negated}
  - {s: kelp, p: uses, o: sonar}
  - {s: quill, p: memberOf, o: institute, optional: true}
traps:
  - {s: institute, p: endorsed, o: "*", why: denied}
observations:
  - {value: 42, unit: [berths]}
quotes:
  - {speaker: quill, text: We want every quay to be open to all}
"""
ASSERTED = "Asserted"


@dataclass(frozen=True)
class Entity:
    cls: str
    label: str
    surfaces: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    subject: str
    relation: str
    object: str
    sentence: tuple[str, str]
    modality: str = ASSERTED
    qualifiers: str = ""
    plain: bool = True
    frame: str = "verb"


@dataclass(frozen=True)
class Graph:
    """A graph as plain data, so that a test says what it changes; sentences are given by first and last words."""

    entities: dict[str, Entity]
    statements: tuple[Statement, ...]
    title: str = "Ports open their gates"
    date: str = "2031-05-04"
    unit: str = "berths"
    speaker: str = "quill"
    shift: int = 0
    more: tuple[str, ...] = field(default=())

    def with_entity(self, key: str, **changes: object) -> Graph:
        return replace(self, entities={**self.entities, key: replace(self.entities[key], **changes)})  # type: ignore[arg-type]

    def without_entity(self, key: str) -> Graph:
        left = tuple(s for s in self.statements if key not in (s.subject, s.object))
        return replace(self, entities={k: e for k, e in self.entities.items() if k != key}, statements=left)

    def with_statement(self, index: int, **changes: object) -> Graph:
        changed = replace(self.statements[index], **changes)  # type: ignore[arg-type]
        return replace(self, statements=(*self.statements[:index], changed, *self.statements[index + 1 :]))

    def without_statement(self, index: int) -> Graph:
        return replace(self, statements=self.statements[:index] + self.statements[index + 1 :])

    def turtle(self) -> str:
        lines = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(PREFIXES.items())]
        lines += [
            f'<urn:doc> a kz:Document ; dcterms:identifier "{NAME}" ; dcterms:title "{self.title}" ;'
            f' dcterms:issued "{self.date}"^^xsd:date .'
        ]
        for key, entity in self.entities.items():
            lines.append(f'<urn:{key}> a kz:{entity.cls} ; rdfs:label "{entity.label}"@en .')
            for surface in entity.surfaces:
                lines.append(f"{self._span(lines, surface, surface)} itsrdf:taIdentRef <urn:{key}> .")
        for i, s in enumerate(self.statements):
            span = self._span(lines, *s.sentence)
            lines.append(
                f"<urn:st{i}> a kz:Statement ; rdf:subject <urn:{s.subject}> ; rdf:predicate kz:{s.relation} ;"
                f" rdf:object <urn:{s.object}> ; kz:modality kz:{s.modality} ; {s.qualifiers}"
                f" prov:wasDerivedFrom {span} ; prov:qualifiedDerivation <urn:d{i}> ."
                f" <urn:d{i}> a prov:Derivation ; prov:entity {span} ; kz:frame kzlex:{s.frame} ."
            )
            if s.modality == ASSERTED and s.plain:
                lines.append(f"<urn:{s.subject}> kz:{s.relation} <urn:{s.object}> .")
        lines += [
            f'<urn:o1> a kz:Observation ; kz:value 42 ; kz:unit "{self.unit}" ;'
            f" prov:wasDerivedFrom {self._span(lines, 'Kelp', 'berths.')} .",
            f'<urn:q1> a kz:Quote ; kz:speaker <urn:{self.speaker}> ; kz:text "We want every quay to be open to all," ;'
            f" prov:wasDerivedFrom {self._span(lines, '“We want', 'said Quill.')} .",
            *self.more,
        ]
        return "\n".join(lines)

    def _span(self, lines: list[str], first: str, last: str) -> str:
        begin = TEXT.index(first)
        end = TEXT.index(last, begin) + len(last)
        iri = f"<urn:doc#char={begin},{end}>"
        lines.append(
            f"{iri} a nif:Phrase ; nif:referenceContext <urn:doc> ; nif:beginIndex {begin + self.shift} ;"
            f' nif:endIndex {end + self.shift} ; nif:anchorOf "{TEXT[begin:end]}" .'
        )
        return iri


RIGHT = Graph(
    entities={
        "ministry": Entity("Ministry", "Ministry of Ports", ("Ministry of Ports",)),
        "quay": Entity("Programme", "Open Quay", ("Open Quay programme", "Open Quay programme.")),
        "quill": Entity("Person", "Ada Quill", ("Ada Quill", "Quill.")),
        "institute": Entity("ResearchOrganisation", "Gull Institute", ("Gull Institute", "The institute")),
        "report": Entity("Publication", "Tide Report", ("Tide Report",)),
        "kelp": Entity("Firm", "Kelp Robotics", ("Kelp Robotics",)),
        "sonar": Entity("Technology", "sonar", ("sonar",)),
    },
    statements=(
        Statement(
            "ministry", "launched", "quay", ("The Ministry", "2031."), qualifiers='kz:date "2031-05-03"^^xsd:date ;'
        ),
        Statement("quill", "published", "report", ("Ada Quill", "2033."), "Planned", 'kz:deadline "2033"^^xsd:gYear ;'),
        Statement("institute", "endorsed", "quay", ("The institute", "programme."), "Negated"),
        Statement("kelp", "uses", "sonar", ("Kelp", "berths.")),
        Statement("quill", "memberOf", "institute", ("Ada Quill", "2033."), frame="noun"),
    ),
)
Write = Callable[[Graph], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_text(TEXT, encoding="utf-8")
    (tmp_path / f"{NAME}.gold.yaml").write_text(GOLD, encoding="utf-8")
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    def write_graph(graph: Graph) -> Path:
        path = folder / "graph.ttl"
        path.write_text(graph.turtle(), encoding="utf-8")
        return path

    return write_graph


def measure(path: Path) -> Report:
    return evaluate(path, path.parent, path.parent)


def test_right_graph_scores_full(write: Write) -> None:
    report = measure(write(RIGHT))
    assert report.errors == ()
    assert report.lines() == (
        "entities      P 1.000  R 1.000  F1 1.000   (right 7, extra 0, missed 0)",
        "typed         P 1.000  R 1.000  F1 1.000   (right 7, extra 0, missed 0)",
        "facts         P 1.000  R 1.000  F1 1.000   (right 4, extra 0, missed 0)",
        "observations  P 1.000  R 1.000  F1 1.000   (right 1, extra 0, missed 0)",
        "quotes        P 1.000  R 1.000  F1 1.000   (right 1, extra 0, missed 0)",
        "qualifiers 2/2 right · metadata 2/2 · traps fallen into 0 · duplicate nodes 0 · offsets wrong 0/15",
        "of 7 assertions: without evidence 0 · evidence that does not name both 0 · without plain triple 0 · "
        "plain triples unbacked 0 · nodes with two values 0",
    )
    assert set(report.documents) == {NAME}


FAULTY = {
    "entity missed": (RIGHT.without_entity("kelp"), {"entity-": 1, "fact-": 1}),
    "entity extra": (
        replace(RIGHT, entities={**RIGHT.entities, "gate": Entity("Place", "Gates", ("gates",))}),
        {"entity+": 1},
    ),
    "optional entity": (
        replace(RIGHT, entities={**RIGHT.entities, "town": Entity("Place", "Veldhaven", ("Veldhaven",))}),
        {},
    ),
    "wrong class that fits": (RIGHT.with_entity("kelp", cls="MediaOrganisation"), {"type": 1}),
    "wrong class that blocks": (RIGHT.with_entity("sonar", cls="Place"), {"type": 1, "fact+": 1, "fact-": 1}),
    "trap": (
        RIGHT.with_statement(2, modality=ASSERTED),
        {"trap": 1, "fact+": 1, "fact-": 1},
    ),
    "other modality": (RIGHT.with_statement(1, modality="Reported"), {"fact+": 1, "fact-": 1}),
    "optional fact gone": (RIGHT.without_statement(4), {}),
    "unknown relation": (RIGHT.with_statement(3, relation="adores"), {"fact-": 1}),
    "date at other precision": (
        RIGHT.with_statement(0, qualifiers='kz:date "2031-05"^^xsd:gYearMonth ;'),
        {"qualifier": 1},
    ),
    "two deadlines": (
        RIGHT.with_statement(1, qualifiers='kz:deadline "2033"^^xsd:gYear, "2034"^^xsd:gYear ;'),
        {"two values where one is allowed": 1},
    ),
    "unit": (replace(RIGHT, unit="ships"), {"observation+": 1, "observation-": 1}),
    "unit with more words": (replace(RIGHT, unit="new berths"), {}),
    "speaker": (replace(RIGHT, speaker="kelp"), {"quote+": 1, "quote-": 1}),
    "title": (replace(RIGHT, title="Gates"), {"metadata": 1}),
    "date": (replace(RIGHT, date="2031-05-05"), {"metadata": 1}),
    "offsets": (replace(RIGHT, shift=1), {"offset": 15}),
    "no plain triple": (RIGHT.with_statement(3, plain=False), {"no plain triple": 1}),
    "plain triple of a plan": (
        replace(RIGHT, more=("<urn:quill> kz:published <urn:report> .",)),
        {"plain triple without an asserted statement": 1},
    ),
    "evidence elsewhere": (
        RIGHT.with_statement(3, sentence=("The port", "grown.")),
        {"evidence without both mentions": 1},
    ),
    "evidence is a name": (RIGHT.with_statement(3, sentence=("uses", "sonar")), {"evidence without both mentions": 1}),
    "no evidence": (
        replace(RIGHT, more=("<urn:o2> a kz:Observation ; kz:value 5 .",)),
        {"no evidence": 1},
    ),
}


@pytest.mark.parametrize("case", FAULTY)
def test_fault_is_found_and_nothing_else(write: Write, case: str) -> None:
    graph, expected = FAULTY[case]
    report = measure(write(graph))
    kinds: dict[str, int] = {}
    for line in report.errors:
        kind = line.split("\t")[1]
        kinds[kind] = kinds.get(kind, 0) + 1
    assert kinds == expected, report.errors


def test_second_node_of_an_entity_is_a_duplicate(write: Write) -> None:
    twin = '<urn:twin> a kz:Firm ; rdfs:label "Kelp Robotics"@en .'
    begin = TEXT.index("Kelp Robotics")
    mention = f"<urn:doc#char={begin},{begin + 13}> itsrdf:taIdentRef <urn:twin> ."
    report = measure(write(replace(RIGHT, more=(twin, mention))))
    assert report.total.counts["duplicates"] == 1
    assert report.total.tallies["entities"].right == 7


def test_same_extra_twice_counts_once(write: Write) -> None:
    false = Statement("kelp", "uses", "quay", ("Kelp", "berths."))
    dated = replace(false, qualifiers='kz:date "2030"^^xsd:gYear ;')
    report = measure(write(replace(RIGHT, statements=(*RIGHT.statements, false, dated))))
    assert report.total.tallies["facts"].extra == 1


def test_symmetric_relation_fits_both_ways(write: Write, folder: Path) -> None:
    gold = GOLD.replace("facts:\n", "facts:\n  - {s: kelp, p: partnersWith, o: institute}\n")
    (folder / f"{NAME}.gold.yaml").write_text(gold, encoding="utf-8")
    turned = Statement("institute", "partnersWith", "kelp", ("The institute", "berths."))
    report = measure(write(replace(RIGHT, statements=(*RIGHT.statements, turned))))
    assert report.total.tallies["facts"].right == 5


def test_missing_document_misses_all(write: Write, folder: Path) -> None:
    gold = GOLD.replace("document: harbour.txt", "document: other.txt")
    (folder / f"{NAME}.gold.yaml").write_text(gold, encoding="utf-8")
    path = write(RIGHT)
    report = measure(path)
    assert report.total.tallies["facts"].missed == 4
    assert "other.txt\tdocument-\tnot in the graph" in report.errors
    assert {miss.loss for miss in explain_misses(path, folder)} == {Loss.NO_DOCUMENT}


LOSSES = {
    "entity": (RIGHT.without_entity("sonar"), Loss.NO_ENTITY, "sonar"),
    "class": (RIGHT.with_entity("sonar", cls="Place"), Loss.WRONG_CLASS, "uses is"),
    "class, nothing said": (
        RIGHT.without_statement(3).with_entity("sonar", cls="Place"),
        Loss.WRONG_CLASS,
        "got Firm → Place",
    ),
    "modality": (RIGHT.with_statement(3, modality="Planned"), Loss.OTHER_MODALITY, "[Planned]"),
    "relation": (RIGHT.with_statement(0, relation="funds"), Loss.OTHER_RELATION, "funds"),
    "direction": (
        RIGHT.with_statement(3, subject="sonar", object="kelp"),
        Loss.SWAPPED,
        "sonar | uses | Kelp Robotics",
    ),
    "no rule": (RIGHT.without_statement(3), Loss.NO_RULE, ""),
    "other end": (
        RIGHT.with_statement(3, object="quay"),
        Loss.OTHER_END,
        "Kelp Robotics | uses | Open Quay",
    ),
    "missing qualifier": (RIGHT.with_statement(0, qualifiers=""), Loss.QUALIFIER_MISSING, "date 2031-05-03"),
    "wrong qualifier": (
        RIGHT.with_statement(1, qualifiers='kz:deadline "2034"^^xsd:gYear ;'),
        Loss.QUALIFIER_WRONG,
        "said 2034",
    ),
}


@pytest.mark.parametrize("case", LOSSES)
def test_miss_says_where_the_fact_was_lost(write: Write, folder: Path, case: str) -> None:
    graph, loss, detail = LOSSES[case]
    (miss,) = explain_misses(write(graph), folder, folder)
    assert miss.loss == loss
    assert detail in miss.detail


def test_right_graph_has_no_miss(write: Write, folder: Path) -> None:
    assert explain_misses(write(RIGHT), folder, folder) == []


def test_miss_over_two_sentences(write: Write, folder: Path) -> None:
    gold = GOLD.replace("facts:\n", "facts:\n  - {s: ministry, p: partnersWith, o: kelp}\n")
    (folder / f"{NAME}.gold.yaml").write_text(gold, encoding="utf-8")
    misses = explain_misses(write(RIGHT), folder, folder)
    assert [miss.loss for miss in misses] == [Loss.CROSS_SENTENCE]
    assert summarise(misses) == ("    1  only in different sentences",)


def test_miss_without_rule_shows_its_sentence(write: Write, folder: Path) -> None:
    (miss,) = explain_misses(write(RIGHT.without_statement(3)), folder, folder)
    assert miss.sentence == "Kelp Robotics uses sonar at 42 berths."


def test_frames_are_scored_by_their_statements(write: Write, folder: Path) -> None:
    false = Statement("kelp", "uses", "quay", ("Kelp", "berths."), frame="noun")
    scores = frame_scores(write(replace(RIGHT, statements=(*RIGHT.statements, false))), folder)
    shown = [(s.frame.rsplit("#", 1)[-1], s.right, s.optional, s.extra, s.examples) for s in scores]
    assert shown == [
        ("noun", 0, 1, 1, (f"{NAME}: Kelp Robotics | uses | Open Quay [Asserted]",)),
        ("verb", 4, 0, 0, ()),
    ]


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ("document: [", "no valid YAML"),
        ("- a list", "is no mapping"),
        ("entities: {}", "'document' is missing"),
        ("document: a\nentities: {x: {type: Planet, names: [x]}}", "'Planet' is no class"),
        ("document: a\nentities: {x: {type: Firm}}", "'names' is missing"),
        ("document: a\nfacts: [{s: x, p: uses, o: x}]", "'x' is no entity of this file"),
        (
            "document: a\nentities: {x: {type: Firm, names: [x]}}\nfacts: [{s: x, p: eats, o: x}]",
            "'eats' is no relation",
        ),
        (
            "document: a\nentities: {x: {type: Firm, names: [x]}}\nfacts: [{s: x, p: uses, o: x, modality: Maybe}]",
            "no modality",
        ),
    ],
)
def test_broken_gold_is_refused_with_its_file(write: Write, folder: Path, gold: str, message: str) -> None:
    (folder / "broken.gold.yaml").write_text(gold, encoding="utf-8")
    with pytest.raises(GoldError, match=r"broken\.gold\.yaml") as caught:
        measure(write(RIGHT))
    assert message in str(caught.value)


def test_folder_without_gold_is_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"no \*\.gold\.yaml here"):
        evaluate(write(RIGHT), tmp_path / "nothing")


@pytest.mark.parametrize(("name", "content"), [("graph.ttl", "<a> <b"), ("graph.txt", ""), ("absent.ttl", None)])
def test_broken_graph_is_refused_with_its_file(folder: Path, name: str, content: str | None) -> None:
    if content is not None:
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(GraphError, match=re.escape(name)):
        measure(folder / name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Ministry of Ports", "ministry of ports"),
        ("a", "a"),
        ("Harbour’s “Quay”", "harbour quay"),
        ("Crédit Maritime S.A.", "credit maritime s.a"),
        ("tide.io.", "tide.io"),
        ("US$5 million", "usd 5 million"),
        ("€5", "eur 5"),
    ],
)
def test_names_are_compared_without_their_dress(name: str, expected: str) -> None:
    assert normalise(name) == expected


def test_values_and_units() -> None:
    assert to_number("1,250.5") == 1250.5
    assert to_number("many") is None
    assert same_value("1250", "1,250.0")
    assert not same_value("1250", "1251")
    assert same_value("Y", "y")
    assert alike("berths", "new berths")
    assert not alike("q1", "q10")
    assert not alike("", "berths")
