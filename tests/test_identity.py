"""Which entities of several documents are one; the cases are data in ``cases/identity/*.toml``."""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzai_graph.identity import Identities, resolve
from kzai_graph.keys import Key, slug
from kzai_graph.lexical import ClassDefinition, Ontology
from kzai_graph.model import DocumentRecord, LocalEntity, Mention, MentionKind, Metadata, Span
from kzai_graph.ontology import load_ontology
from kzai_graph.terms import KZID

FOLDER = Path(__file__).parent / "cases" / "identity"
NOT_DOCUMENTS = frozenset({"why", "same", "class", "label"})
KNOWLEDGE = load_ontology()


def _cases() -> list[Any]:
    paths = sorted(FOLDER.glob("*.toml"))
    cases = [case for path in paths for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]]
    return [pytest.param(case, id=case["why"]) for case in cases]


def _entity(number: int, written: str) -> LocalEntity:
    cls, _, rest = written.partition(": ")
    names, _, owner = rest.partition(" < ")
    forms = tuple(names.split("; "))
    return LocalEntity(
        f"e{number}", cls.removeprefix("~"), forms[0], forms, f"e{owner}" if owner else None, not cls.startswith("~")
    )


def _record(identifier: str, entities: list[LocalEntity], *, kind: MentionKind = MentionKind.NAME) -> DocumentRecord:
    named = [(entity.id, name) for entity in entities for name in entity.names]
    mentions = tuple(Mention(Span(n, n + 1), local, kind, name) for n, (local, name) in enumerate(named))
    return DocumentRecord(identifier, "", "utf-8", Metadata(), (), tuple(entities), mentions)


def _records(case: dict[str, Any]) -> list[DocumentRecord]:
    documents = {name: value for name, value in case.items() if name not in NOT_DOCUMENTS}
    return [_record(name, [_entity(n, e) for n, e in enumerate(written, 1)]) for name, written in documents.items()]


def _parts(identities: Identities) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for (document, local), identity in identities.by_local.items():
        groups[identity.iri].add(document + local.removeprefix("e"))
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("case", _cases())
def test_what_is_one(case: dict[str, Any]) -> None:
    records = _records(case)
    identities = resolve(records, KNOWLEDGE)
    together = {frozenset(group.split()) for group in case["same"]}
    apart = {r.identifier + e.id.removeprefix("e") for r in records for e in r.entities} - set().union(*together)
    assert _parts(identities) == together | {frozenset({one}) for one in apart}
    for where, cls in case.get("class", {}).items():
        assert identities.of(where[0], f"e{where[1:]}").cls == cls
    for where, label in case.get("label", {}).items():
        assert identities.of(where[0], f"e{where[1:]}").label == label


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_documents_has_no_effect(seed: int) -> None:
    """All cases at once, so that what one says of a name meets what the others say."""
    cases = tomllib.loads((FOLDER / "over_documents.toml").read_text(encoding="utf-8"))["case"]
    found = [(number, record) for number, case in enumerate(cases) for record in _records(case)]
    records = [_record(f"{number}{record.identifier}", list(record.entities)) for number, record in found]
    shuffled = random.Random(seed).sample(records, len(records))
    assert dict(resolve(shuffled, KNOWLEDGE).by_local) == dict(resolve(records, KNOWLEDGE).by_local)


@pytest.mark.parametrize(
    ("written", "iri"),
    [
        (["Country: Peru", "Ministry: Ministry of Health of Peru < 1"], "thing-ministry-of-health--place-peru"),
        (["Country: Peru", "Position: Prime Minister < 1"], "office-prime-minister--place-peru"),
        (["Person: Ada Quill; Quill"], "person-ada-quill"),
        (["Place: Veldhaven"], "place-veldhaven"),
    ],
)
def test_the_iri_is_readable(written: list[str], iri: str) -> None:
    entities = [_entity(n, e) for n, e in enumerate(written, 1)]
    assert resolve([_record("a", entities)], KNOWLEDGE).of("a", entities[-1].id).iri == KZID + iri


def test_the_iri_begins_with_the_base() -> None:
    record = _record("a", [_entity(1, "Person: Ada Quill")])
    identity = resolve([record], KNOWLEDGE, base_iri="https://example.org/x/").of("a", "e1")
    assert identity.iri == "https://example.org/x/person-ada-quill"


def test_a_description_is_no_name() -> None:
    entity = LocalEntity("e1", "Firm", "Kelp Robotics", ("Kelp", "Kelp Robotics", "the robot maker"))
    record = _record("a", [entity])
    nominal = tuple(m for m in record.mentions if m.text != "the robot maker")
    described = Mention(Span(9, 10), "e1", MentionKind.NOMINAL, "the robot maker")
    record = DocumentRecord("a", "", "utf-8", Metadata(), (), (entity,), (*nominal, described))
    assert resolve([record], KNOWLEDGE).of("a", "e1").names == ("Kelp",)


def test_what_the_gazetteer_and_the_text_call_a_thing_is_a_name_of_it() -> None:
    record = _record("a", [_entity(1, "Country: Kenya")])
    called = tuple(Mention(Span(n, n + 1), "e1", MentionKind.NAME, text) for n, text in enumerate(("Nairobi", "Kenya")))
    assert resolve([replace(record, mentions=called)], KNOWLEDGE).of("a", "e1").names == ()
    official = Mention(Span(9, 10), "e1", MentionKind.NAME, "Republic of Kenya")
    found = resolve([replace(record, mentions=(*called, official))], KNOWLEDGE).of("a", "e1")
    assert (found.label, found.names) == ("Kenya", ("Republic of Kenya",))


def test_names_come_from_all_documents() -> None:
    one, two = _record("a", [_entity(1, "Person: Ada Quill; Quill")]), _record("b", [_entity(1, "Person: Ada QUILL")])
    assert resolve([one, two], KNOWLEDGE).of("b", "e1").names == ("Ada Quill", "Quill")


name_texts = st.one_of(
    st.text(min_size=1, max_size=40), st.sampled_from(["../x", "a#b", "a>b", 'a"b', "а", "a--b", "\0"])
)


@given(st.lists(st.tuples(name_texts, st.sampled_from(["Firm", "Person", "Position"]), st.booleans()), max_size=6))
def test_no_name_can_forge_an_iri(given_entities: list[tuple[str, str, bool]]) -> None:
    entities = [LocalEntity(f"e{n}", c, name, (name,), None, own) for n, (name, c, own) in enumerate(given_entities)]
    for identity in resolve([_record("../a b>", entities)], KNOWLEDGE).by_local.values():
        path = identity.iri.removeprefix(KZID)
        assert path.isascii()
        assert set(path) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_")
        assert ox.NamedNode(identity.iri).value == identity.iri


words = st.text(alphabet="ab.-_#é ", min_size=1, max_size=8)
keys = st.recursive(
    st.builds(Key, st.sampled_from(["thing", "place"]), words, document=st.sampled_from([None, "d.txt", "d-txt"])),
    lambda owner: st.builds(Key, st.sampled_from(["thing", "office"]), words, owner),
    max_leaves=3,
)


@given(keys, keys)
def test_two_keys_never_share_an_iri(one: Key, other: Key) -> None:
    assert (slug(one) == slug(other)) == (one == other)


def test_an_entity_of_a_class_of_ones_own(own_ontology: Ontology) -> None:
    record = _record("a", [_entity(1, "Vessel: Halcyon"), _entity(2, "Firm: Halcyon")])
    iris = {i.iri.removeprefix(KZID) for i in resolve([record], own_ontology).by_local.values()}
    assert iris == {"organisation-halcyon", "vessel-halcyon"}


@pytest.fixture
def own_ontology() -> Ontology:
    vessel = ClassDefinition("Vessel", None, "vessel", "A ship.")
    return replace(
        KNOWLEDGE,
        classes={**KNOWLEDGE.classes, "Vessel": vessel},
        ancestors={**KNOWLEDGE.ancestors, "Vessel": frozenset({"Vessel"})},
    )
