"""How decisions on entities act on identity, on records made by hand."""

from __future__ import annotations

import pytest

from kzai_graph.corrections import Correction, Kind
from kzai_graph.model import DocumentRecord, LocalEntity, Mention, MentionKind, Metadata, Span
from kzai_graph.ontology import load_ontology
from kzai_graph.rulings import Decided, decide
from kzai_graph.terms import KZID

KNOWLEDGE = load_ontology()


def _record(identifier: str, *written: str) -> DocumentRecord:
    """Entities written as "Class: name; other name < number of the owner"."""
    entities = []
    for number, one in enumerate(written, 1):
        cls, _, rest = one.partition(": ")
        names, _, owner = rest.partition(" < ")
        forms = tuple(names.split("; "))
        entities.append(LocalEntity(f"e{number}", cls, forms[0], forms, f"e{owner}" if owner else None))
    named = [(entity.id, name) for entity in entities for name in entity.names]
    mentions = [Mention(Span(n, n + 1), local, MentionKind.NAME, name) for n, (local, name) in enumerate(named)]
    return DocumentRecord(identifier, "", "utf-8", Metadata(), (), tuple(entities), tuple(mentions))


def _correction(kind: Kind, *entities: str, names: tuple[str, ...] = (), documents: tuple[str, ...] = ()) -> Correction:
    iris = tuple(KZID + entity for entity in entities)
    return Correction(f"{KZID}correction-{kind}", kind, "r", entities=iris, names=names, documents=documents)


def _decided(records: list[DocumentRecord], *corrections: Correction) -> Decided:
    one = decide(records, corrections, KNOWLEDGE, base_iri=KZID)
    turned = decide(records[::-1], corrections[::-1], KNOWLEDGE, base_iri=KZID)
    assert dict(one.identities.by_local) == dict(turned.identities.by_local)
    return one


def _iri(decided: Decided, document: str, number: int) -> str:
    return decided.identities.of(document, f"e{number}").iri.removeprefix(KZID)


ALIAS = [
    _record("a", "Firm: Kelp Robotics; Kelp Marine"),
    _record("b", "Firm: Kelp Marine"),
    _record("c", "Firm: KELP Marine"),
]


def test_names_that_a_text_takes_for_one_are_parted() -> None:
    assert {_iri(_decided(ALIAS), d, 1) for d in "abc"} == {"thing-kelp-marine"}
    parted = _decided(ALIAS, _correction(Kind.SEPARATION, "thing-kelp-marine", names=("Kelp Robotics",)))
    assert [_iri(parted, d, 1) for d in "abc"] == ["thing-kelp-robotics", "thing-kelp-marine", "thing-kelp-marine"]
    assert not parted.problems


def test_two_iris_stay_two_although_one_is_swallowed() -> None:
    """The IRI that a name has by itself names it, even where no node has it now."""
    parted = _decided(ALIAS, _correction(Kind.SEPARATION, "thing-kelp-robotics", "thing-kelp-marine"))
    assert _iri(parted, "b", 1) == "thing-kelp-marine"
    alone = _decided(
        [*ALIAS[:1], _record("b", "Firm: Kelp Aviation")],
        _correction(Kind.SEPARATION, "thing-kelp-robotics", "thing-kelp-aviation"),
    )
    assert not alone.problems


def test_one_name_in_two_documents_is_parted_by_document() -> None:
    records = [_record(d, "Person: Ada Quill", "Position: adviser < 1") for d in ("a", "b", "c")]
    parted = _decided(records, _correction(Kind.SEPARATION, "person-ada-quill", documents=("b", "c")))
    assert _iri(parted, "a", 1) == "person-ada-quill"
    assert _iri(parted, "b", 1) == _iri(parted, "c", 1)
    assert _iri(parted, "b", 1).startswith("person-ada-quill--in-b_")
    assert _iri(parted, "a", 2) != _iri(parted, "b", 2), "what the parted own is parted, too"


def test_a_document_that_is_added_later_stays_with_the_rest() -> None:
    records = [_record(d, "Person: Ada Quill") for d in ("a", "b")]
    ruling = _correction(Kind.SEPARATION, "person-ada-quill", documents=("b",))
    before, after = _decided(records, ruling), _decided([*records, _record("0", "Person: Ada Quill")], ruling)
    assert _iri(before, "b", 1) == _iri(after, "b", 1)
    assert _iri(after, "0", 1) == "person-ada-quill"


def test_what_the_joined_own_is_joined() -> None:
    records = [
        _record("a", "Organisation: Gull Union", "Ministry: Ministry of Tides < 1"),
        _record("b", "Organisation: Federation of Gulls", "Ministry: Ministry of Tides < 1"),
    ]
    assert _iri(_decided(records), "a", 2) != _iri(_decided(records), "b", 2)
    joined = _decided(records, _correction(Kind.MERGER, "thing-gull-union", "thing-federation-of-gulls"))
    assert _iri(joined, "a", 1) == _iri(joined, "b", 1)
    assert _iri(joined, "a", 2) == _iri(joined, "b", 2)


TOLD_APART = [
    _record("a", "Firm: Halcyon", "System: Halcyon"),
    _record("b", "System: Halcyon"),
    _record("c", "Firm: Petrel"),
]


@pytest.mark.parametrize(
    ("entities", "together"),
    [
        (("organisation-halcyon", "system-halcyon"), ["a1", "a2", "b1"]),
        (("organisation-halcyon", "thing-petrel"), ["a1", "c1"]),
        (("organisation-halcyon", "thing-petrel", "system-halcyon"), ["a1", "a2", "b1", "c1"]),
    ],
)
def test_parts_of_one_name_are_joined_as_they_are_named(entities: tuple[str, ...], together: list[str]) -> None:
    joined = _decided(TOLD_APART, _correction(Kind.MERGER, *entities))
    iris = {w: _iri(joined, w[0], int(w[1])) for w in ("a1", "a2", "b1", "c1")}
    assert len({iris[w] for w in together}) == 1
    assert len(set(iris.values())) == 1 + len({iris[w] for w in iris if w not in together})


def test_mergers_that_share_an_entity_are_one() -> None:
    records = [_record(d, f"Firm: {name}") for d, name in (("a", "Gull"), ("b", "Petrel"), ("c", "Heron"))]
    one, other = (
        _correction(Kind.MERGER, *pair) for pair in (("thing-gull", "thing-petrel"), ("thing-petrel", "thing-heron"))
    )
    joined = _decided(records, one, other)
    assert len({_iri(joined, d, 1) for d in "abc"}) == 1


def test_every_iri_that_a_thing_had_finds_it() -> None:
    records = [_record("a", "Firm: Gull"), _record("b", "Firm: Petrel")]
    joined = _decided(records, _correction(Kind.MERGER, "thing-gull", "thing-petrel"))
    assert joined.wheres(KZID + "thing-gull") == joined.wheres(KZID + "thing-petrel") | joined.wheres(
        KZID + "thing-gull"
    )
    (names,) = joined.names.values()
    assert {KZID + "thing-gull", KZID + "thing-petrel", "gull", "petrel"} <= names
