"""The shape of the graph, on records made by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.graph import Run, document_iri, to_quads
from kzai_graph.identity import resolve
from kzai_graph.model import (
    DocumentRecord,
    Evidence,
    LocalEntity,
    Mention,
    MentionKind,
    Metadata,
    Milestone,
    Modality,
    Observation,
    Quote,
    Span,
    Statement,
    Zone,
)
from kzai_graph.ontology import load_ontology
from kzai_graph.statements import plain_number, settle_one
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, KZID, NIF, PROV, RDF, RDFS, SKOS, XSD
from kzai_graph.turtle import to_turtle

GOLDEN = Path(__file__).parent / "cases" / "graph" / "harbour.ttl"
KNOWLEDGE = replace(load_ontology(), digest="0" * 64)
FRAME = "https://w3id.org/kzai/lexicon#launched-launch"
TEXT = (
    "By Ada Quill\n"
    "The Ministry of Ports of Peru launched the Open Quay programme on 3 May 2031. "
    "It will spend $2.5 million with Kelp Robotics by the end of 2033. "
    "“We want every quay open,” said Ada Quill, who counts 41 berths."
)


def _span(words: str, start: int = 0) -> Span:
    begin = TEXT.index(words, start)
    return Span(begin, begin + len(words))


FIRST = _span("The Ministry of Ports of Peru launched the Open Quay programme on 3 May 2031.")
SECOND = _span("It will spend $2.5 million with Kelp Robotics by the end of 2033.")
THIRD = _span("“We want every quay open,” said Ada Quill, who counts 41 berths.")
BYLINE = _span("By Ada Quill")
ENTITIES = (
    LocalEntity("e1", "Country", "Peru", ("Peru",)),
    LocalEntity("e2", "Ministry", "Ministry of Ports", ("Ministry of Ports", "the ministry"), owner="e1"),
    LocalEntity("e3", "Programme", "Open Quay", ("Open Quay", "Open Quay programme")),
    LocalEntity("e4", "Firm", "Kelp Robotics", ("Kelp Robotics",)),
    LocalEntity("e5", "Person", "Ada Quill", ("Ada Quill",)),
)
MENTIONS = (
    Mention(_span("Ada Quill"), "e5", MentionKind.NAME, "Ada Quill"),
    Mention(_span("Ministry of Ports of Peru"), "e2", MentionKind.NAME, "Ministry of Ports of Peru"),
    Mention(_span("Ministry of Ports"), "e2", MentionKind.NAME, "Ministry of Ports"),
    Mention(_span("Peru"), "e1", MentionKind.NAME, "Peru"),
    Mention(_span("Open Quay programme"), "e3", MentionKind.NAME, "Open Quay programme"),
    Mention(Span(SECOND.begin, SECOND.begin + 2), "e2", MentionKind.PRONOUN, "It"),
    Mention(_span("Kelp Robotics"), "e4", MentionKind.NAME, "Kelp Robotics"),
    Mention(_span("Ada Quill", THIRD.begin), "e5", MentionKind.NAME, "Ada Quill"),
)


def _evidence(sentence: Span, trigger: str, confidence: float = 0.9, frame: str = FRAME) -> tuple[Evidence, ...]:
    return (Evidence(sentence, frame, _span(trigger, sentence.begin), confidence),)


STATEMENTS = (
    Statement("e2", "launched", "e3", date="2031-05-03", evidence=_evidence(FIRST, "launched")),
    Statement(
        "e2",
        "partnersWith",
        "e4",
        modality=Modality.PLANNED,
        deadline="2033-Q4",
        amount=Decimal("2500000.00"),
        currency="USD",
        attributed_to="e5",
        evidence=_evidence(SECOND, "spend", 0.75),
    ),
)


def _record(identifier: str = "bay/harbour #1.txt", **changes: object) -> DocumentRecord:
    spans = [m.span for m in MENTIONS] + [FIRST, SECOND, THIRD, BYLINE, _span("launched"), _span("spend")]
    record = DocumentRecord(
        identifier=identifier,
        sha256="ab" * 32,
        encoding="utf-8",
        metadata=Metadata("Ports open", "2031-05-04", "Ada Quill", "The Bay Post"),
        zones=((BYLINE, Zone.BYLINE), (Span(FIRST.begin, THIRD.end), Zone.BODY)),
        entities=ENTITIES,
        mentions=MENTIONS,
        statements=STATEMENTS,
        observations=(Observation(Decimal(41), THIRD, unit="berths", period="2031", of="e2"),),
        quotes=(Quote("e5", "We want every quay open,", THIRD),),
        anchors={span: TEXT[span.begin : span.end] for span in spans},
        creator_entity="e5",
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def _quads(*records: DocumentRecord, run: Run | None = None) -> list[ox.Quad]:
    return to_quads(records, resolve(records, KNOWLEDGE), KNOWLEDGE, run=run)


def _values(quads: list[ox.Quad], subject: str | None, predicate: str) -> list[str]:
    found = {q.object for q in quads if q.predicate.value == predicate and subject in (None, q.subject.value)}
    return sorted(value.value for value in found)


def _subjects(quads: list[ox.Quad], predicate: str, value: str) -> list[str]:
    return sorted({q.subject.value for q in quads if q.predicate.value == predicate and q.object.value == value})


def _has(quads: list[ox.Quad], subject: str, predicate: str, value: str) -> bool:
    return value in _values(quads, subject, predicate)


def test_a_record_gives_these_very_bytes() -> None:
    written = to_turtle(_quads(_record(), run=Run("a_model", "1.0")))
    assert written == GOLDEN.read_text(encoding="utf-8")


def test_every_span_is_that_slice_of_the_text() -> None:
    quads = _quads(_record())
    spans = _subjects(quads, RDF + "type", NIF + "Phrase")
    assert len(spans) == len({m.span for m in MENTIONS} | {FIRST, SECOND, THIRD, _span("launched"), _span("spend")})
    for span in spans:
        begin, end = (int(_values(quads, span, NIF + name)[0]) for name in ("beginIndex", "endIndex"))
        assert _values(quads, span, NIF + "anchorOf") == [TEXT[begin:end]]
        assert span == f"{document_iri('bay/harbour #1.txt')}#char={begin},{end}"


def test_the_plain_triple_stands_for_what_is_asserted_and_nothing_else() -> None:
    quads = _quads(_record())
    ministry, programme = KZID + "thing-ministry-of-ports--place-peru", KZID + "thing-open-quay"
    assert _has(quads, ministry, KZ + "launched", programme)
    assert not [q for q in quads if q.predicate.value == KZ + "partnersWith"]
    for modality in (Modality.PLANNED, Modality.NEGATED, Modality.REPORTED):
        said = _quads(_record(statements=(replace(STATEMENTS[0], modality=modality),)))
        assert not [q for q in said if q.predicate.value == KZ + "launched"]
        assert _values(said, None, KZ + "modality") == [KZ + "Asserted", KZ + modality.value]  # and the observation


def test_a_symmetric_relation_is_one_statement_with_both_triples() -> None:
    asserted = replace(STATEMENTS[1], modality=Modality.ASSERTED)
    turned = replace(asserted, subject="e4", object="e2")
    quads = _quads(_record(statements=(asserted, turned)))
    nodes = _subjects(quads, RDF + "type", KZ + "Statement")
    firm, ministry = KZID + "thing-kelp-robotics", KZID + "thing-ministry-of-ports--place-peru"
    assert len(nodes) == 1
    assert _values(quads, nodes[0], RDF + "subject") == [min(firm, ministry)]
    assert _has(quads, firm, KZ + "partnersWith", ministry)
    assert _has(quads, ministry, KZ + "partnersWith", firm)


def test_two_documents_that_say_the_same_share_the_node() -> None:
    one, two = "a.txt", "b.txt"
    quads = _quads(_record(one), _record(two))
    nodes = _subjects(quads, RDF + "predicate", KZ + "launched")
    assert len(nodes) == 1
    sentences = _values(quads, nodes[0], PROV + "wasDerivedFrom")
    assert sentences == [f"{document_iri(d)}#char={FIRST.begin},{FIRST.end}" for d in (one, two)]
    assert len(_values(quads, nodes[0], PROV + "qualifiedDerivation")) == 2
    assert {q.graph_name.value for q in quads} == {document_iri(one), document_iri(two)}


@pytest.mark.parametrize(
    "change",
    [
        {"modality": Modality.PLANNED},
        {"date": "2031-05"},
        {"date": None},
        {"deadline": "2033"},
        {"amount": Decimal(5), "currency": "USD"},
        {"attributed_to": "e5"},
        {"relation": "organised", "object": "e6"},
    ],
)
def test_what_differs_in_content_is_another_statement(change: dict[str, object]) -> None:
    event = LocalEntity("e6", "Event", "Open Quay programme", ("Open Quay programme",))
    mention = Mention(_span("Open Quay programme"), "e6", MentionKind.NAME, "Open Quay programme")
    other = replace(STATEMENTS[0], **change)  # type: ignore[arg-type]
    record = _record(statements=(STATEMENTS[0], other), entities=(*ENTITIES, event), mentions=(*MENTIONS, mention))
    quads = _quads(record)
    nodes = _subjects(quads, RDF + "type", KZ + "Statement")
    assert len(nodes) == 2
    for node in nodes:
        for name in ("modality", "date", "deadline", "amount", "currency", "attributedTo"):
            assert len(_values(quads, node, KZ + name)) <= 1


def test_the_same_amount_written_otherwise_is_the_same_statement() -> None:
    other = replace(STATEMENTS[1], amount=Decimal("2.5E+6"))
    quads = _quads(_record(statements=(STATEMENTS[1], other)))
    assert _values(quads, None, KZ + "amount") == ["2500000"]


def test_the_furthest_stage_stands_and_makes_no_other_statement() -> None:
    early, late = KZ + "StageAdopted", KZ + "StageInForce"  # against the alphabet: Signed comes between
    for order in ((early, late), (late, early), (KZ + "StageSubmitted", late)):
        staged = [tuple(replace(e, stage=stage) for e in STATEMENTS[0].evidence) for stage in order]
        quads = _quads(
            *(_record(n, statements=(replace(STATEMENTS[0], evidence=e),)) for n, e in zip("ab", staged, strict=True))
        )
        (node,) = _subjects(quads, RDF + "type", KZ + "Statement")
        assert _values(quads, node, KZ + "stage") == [late]
        derivations = _values(quads, node, PROV + "qualifiedDerivation")
        assert sorted(stage for d in derivations for stage in _values(quads, d, KZ + "stage")) == sorted(order)


def test_a_milestone_is_one_node_over_documents_with_its_days_and_its_actor() -> None:
    act = LocalEntity("e6", "Law", "Open Quay programme", ("Open Quay programme",))
    mention = Mention(_span("Open Quay programme"), "e6", MentionKind.NAME, "Open Quay programme")
    shown = (replace(_evidence(FIRST, "launched")[0], stage=KZ + "StageAdopted"),)
    milestone = Milestone("e6", KZ + "StageAdopted", date="2031-05", by="e2", evidence=shown)
    bare = replace(milestone, by=None, date="2031-13")
    more = {"entities": (*ENTITIES, act), "mentions": (*MENTIONS, mention), "statements": ()}
    quads = _quads(_record("a", milestones=(milestone,), **more), _record("b", milestones=(milestone, bare), **more))
    both, other = sorted(
        _subjects(quads, RDF + "type", KZ + "Milestone"), key=lambda node: -len(_values(quads, node, KZ + "by"))
    )
    assert _values(quads, both, KZ + "latest") == ["2031-05-31"]
    assert _values(quads, both, PROV + "wasDerivedFrom") == [
        f"{document_iri(d)}#char={FIRST.begin},{FIRST.end}" for d in "ab"
    ]
    (instrument,) = _values(quads, both, KZ + "of")
    assert _values(quads, instrument, RDF + "type") == [KZ + "Law"]
    assert _values(quads, other, KZ + "date") == _values(quads, other, KZ + "by") == []
    assert set(with_document_graphs(ox.Quad(q.subject, q.predicate, q.object) for q in quads)) == set(quads)


def test_a_succession_is_a_node_beside_statements_and_no_plain_triple() -> None:
    told = Statement("e2", "Succession", "e4", date="2031", evidence=_evidence(SECOND, "spend"))
    quads = _quads(_record(statements=(), successions=(told,)))
    (node,) = _subjects(quads, RDF + "type", KZ + "Succession")
    (former,), (successor,) = (_values(quads, node, KZ + end) for end in ("former", "successor"))
    assert _values(quads, former, RDF + "type") == [KZ + "Ministry"]
    assert _values(quads, successor, RDF + "type") == [KZ + "Firm"]
    assert _values(quads, node, KZ + "latest") == ["2031-12-31"]
    assert len(_values(quads, node, PROV + "qualifiedDerivation")) == 1
    assert not _subjects(quads, RDF + "type", KZ + "Statement")
    assert not [q for q in quads if (q.subject.value, q.object.value) == (former, successor)]


def test_one_sentence_is_one_derivation_by_the_surest_rule() -> None:
    weak = _evidence(FIRST, "launched", 0.5, FRAME + "-weak")
    quads = _quads(_record(statements=(replace(STATEMENTS[0], evidence=(*weak, *STATEMENTS[0].evidence)),)))
    assert _values(quads, None, KZ + "frame") == [FRAME]
    assert _values(quads, None, KZ + "confidence") == ["0.9"]


@pytest.mark.parametrize(
    ("edtf", "datatype", "earliest", "latest"),
    [
        ("2031", "gYear", "2031-01-01", "2031-12-31"),
        ("2031-05", "gYearMonth", "2031-05-01", "2031-05-31"),
        ("2032-02", "gYearMonth", "2032-02-01", "2032-02-29"),
        ("2031-05-03", "date", "2031-05-03", "2031-05-03"),
        ("2031-Q2", "string", "2031-04-01", "2031-06-30"),
        ("2031-21", "string", "2031-03-01", "2031-05-31"),
        ("2030/2031-06", "string", "2030-01-01", "2031-06-30"),
    ],
)
def test_dates_keep_their_precision_and_can_be_compared(edtf: str, datatype: str, earliest: str, latest: str) -> None:
    for value, first, last in (("date", "earliest", "latest"), ("deadline", "deadlineEarliest", "deadlineLatest")):
        statement = replace(STATEMENTS[0], **{"date": None, value: edtf})
        links = {q.predicate.value: q.object for q in _quads(_record(statements=(statement,), observations=()))}
        assert links[KZ + value] == ox.Literal(edtf, datatype=ox.NamedNode(XSD + datatype))
        assert links[KZ + first] == ox.Literal(earliest, datatype=ox.NamedNode(XSD + "date"))
        assert links[KZ + last] == ox.Literal(latest, datatype=ox.NamedNode(XSD + "date"))


@pytest.mark.parametrize("broken", ["2031-02-30", "2031-13", "2032/2031", "soon"])
def test_a_date_that_no_calendar_has_is_left_out(broken: str) -> None:
    quads = _quads(_record(statements=(replace(STATEMENTS[0], date=broken),)))
    assert not [q for q in quads if q.predicate.value in (KZ + "date", KZ + "earliest", KZ + "latest")]
    assert _subjects(quads, RDF + "predicate", KZ + "launched")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (replace(STATEMENTS[0], relation="adopted", object="e1"), "classes over all documents do not fit"),
        (replace(STATEMENTS[0], evidence=_evidence(SECOND, "spend")), "evidence does not name both ends"),
        (replace(STATEMENTS[1], object="e6"), "both ends are one entity"),
    ],
)
def test_what_cannot_stand_is_left_out_and_named(statement: Statement, reason: str) -> None:
    twin = LocalEntity("e6", "Ministry", "Ministry of Ports of Peru", (), owner="e1")
    mention = Mention(_span("Kelp"), "e6", MentionKind.NAME, "Kelp")
    record = _record(statements=(statement,), entities=(*ENTITIES, twin), mentions=(*MENTIONS, mention))
    record.anchors[mention.span] = "Kelp"
    identities = resolve([record], KNOWLEDGE)
    assert [m.reason for m in settle_one(record, identities, KNOWLEDGE).misfits] == [reason]
    assert not _subjects(to_quads([record], identities, KNOWLEDGE), RDF + "type", KZ + "Statement")


def test_a_name_or_two_are_no_evidence() -> None:
    words = _span("Open Quay programme")
    short = replace(words, end=words.begin + len("Open Quay"))
    twin = Mention(replace(words, end=words.begin + len("Open")), "e2", MentionKind.IMPLIED, "Open")
    for sentence, count in ((words, 1), (short, 0)):
        record = _record(
            statements=(replace(STATEMENTS[0], evidence=_evidence(sentence, "Quay")),), mentions=(*MENTIONS, twin)
        )
        for span in (twin.span, sentence, _span("Quay", sentence.begin)):
            record.anchors[span] = TEXT[span.begin : span.end]
        assert len(_subjects(_quads(record), RDF + "type", KZ + "Statement")) == count


def test_names_are_names_and_words_may_mean_two_things() -> None:
    implied = Mention(_span("Peru"), "e2", MentionKind.IMPLIED, "Peru")
    quads = _quads(_record(mentions=(*MENTIONS, implied)))
    ministry, peru = KZID + "thing-ministry-of-ports--place-peru", KZID + "place-peru"
    assert _values(quads, ministry, RDFS + "label") == ["Ministry of Ports"]
    assert "the ministry" not in _values(quads, ministry, SKOS + "altLabel")
    span = f"{document_iri('bay/harbour #1.txt')}#char={implied.span.begin},{implied.span.end}"
    assert _values(quads, span, ITSRDF + "taIdentRef") == [peru, ministry]


def test_creator_is_the_entity_that_is_named_and_the_publisher_words() -> None:
    quads = _quads(_record())
    assert _values(quads, None, DCTERMS + "creator") == [KZID + "person-ada-quill"]
    assert _values(quads, None, DCTERMS + "publisher") == ["The Bay Post"]
    unnamed = _quads(_record(mentions=tuple(m for m in MENTIONS if m.entity != "e5"), quotes=()))
    assert _values(unnamed, None, DCTERMS + "creator") == ["Ada Quill"]


@pytest.mark.parametrize(
    ("value", "plain"),
    [("23000000", "23000000"), ("2.50", "2.5"), ("1E+12", "1000000000000"), ("0.0", "0"), ("-1.10", "-1.1")],
)
def test_numbers_are_written_plainly(value: str, plain: str) -> None:
    assert plain_number(Decimal(value)) == plain


def test_a_range_and_a_table_cell() -> None:
    span = THIRD
    seen = (Observation(None, span, minimum=Decimal(3), maximum=Decimal("4.5")), Observation("Y", span, unit="open"))
    quads = _quads(_record(observations=seen))
    assert _values(quads, None, KZ + "minValue") + _values(quads, None, KZ + "maxValue") == ["3", "4.5"]
    assert _values(quads, None, KZ + "value") == ["Y"]


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(5)), st.randoms(use_true_random=False))
def test_the_order_of_records_gives_the_same_bytes(order: list[int], chance: random.Random) -> None:
    """Also the order of what a record lists, where it has none."""
    records = [_record(f"{n}.txt", statements=STATEMENTS[n % 2 :], mentions=MENTIONS) for n in range(5)]
    records[3] = replace(records[3], entities=(*ENTITIES[:3], replace(ENTITIES[3], cls="Organisation"), ENTITIES[4]))
    shuffled = [replace(records[n], mentions=tuple(chance.sample(MENTIONS, len(MENTIONS)))) for n in order]
    assert to_turtle(_quads(*shuffled)) == to_turtle(_quads(*records))
    assert _quads(*shuffled) == _quads(*records)


hostile = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            '" . <x:a> <x:b> <x:c> . "',
            '"""',
            "\\",
            '\\"',
            "'''",
            "<",
            "> .",
            "\r\n",
            "\0",
            "\ud800",
            "#",
            "@prefix",
            "\u2028",
        ]
    ),
)


@settings(deadline=None)
@given(hostile, hostile, hostile)
def test_text_cannot_forge_triples(name: str, anchor: str, title: str) -> None:
    entity = replace(ENTITIES[3], name=name, names=(name,))
    mentions = (*MENTIONS[:6], replace(MENTIONS[6], text=name), MENTIONS[7])
    plain = _record()
    record = _record(
        identifier=f"{title}.txt",
        metadata=replace(plain.metadata, title=title or "-"),
        entities=(*ENTITIES[:3], entity, ENTITIES[4]),
        mentions=mentions,
        anchors={**plain.anchors, SECOND: anchor},
    )
    quads = _quads(record)
    parsed = {
        ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(to_turtle(quads), format=ox.RdfFormat.TURTLE)
    }
    assert parsed == {ox.Triple(q.subject, q.predicate, q.object) for q in quads}
    assert {q.predicate for q in quads} <= {q.predicate for q in _quads(plain)} | {ox.NamedNode(SKOS + "altLabel")}
    assert not [q for q in quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]


def test_document_iris_are_percent_encoded_and_apart() -> None:
    assert document_iri("a b/c#d?.txt") == KZID + "document/a%20b/c%23d%3F.txt"
    assert document_iri("../x") == KZID + "document/%2E%2E/x"
    names = ["a/b", "a%2Fb", "a b", "a%20b", "ä", "\udce4"]
    assert len({document_iri(name) for name in names}) == len(names)


def test_the_union_tells_again_which_document_said_what() -> None:
    quads = _quads(_record("a.txt"), _record("b.txt", statements=STATEMENTS[:1], quotes=()), run=Run("m", "1"))
    union = list({ox.Quad(q.subject, q.predicate, q.object) for q in quads})
    assert with_document_graphs(union) == quads
    assert with_document_graphs(quads) == quads
