"""Files of corrections: what is read from them, what is refused and where, and how one more is added."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzai_graph.corrections import Claim, Correction, End, Kind, Said, Targets, named, squeeze
from kzai_graph.corrections_file import add_correction, load_corrections
from kzai_graph.errors import InputError
from kzai_graph.inquiry import Graph
from kzai_graph.model import Modality
from kzai_graph.ontology import CORRECTION_SHAPES, default_ontology, load_ontology
from kzai_graph.sources import find_corrections
from kzai_graph.terms import KZ, KZID, PREFIXES

KNOWLEDGE = load_ontology()
CASES = tomllib.loads((Path(__file__).parent / "cases" / "corrections" / "faults.toml").read_text("utf-8"))["case"]
HEAD = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("kz", "kzid", "prov", "rdfs", "xsd"))
CLAIM = Claim(
    End(f"{KZID}thing-kelp", "Kelp", "Firm"),
    "funds",
    End(None, "“Gull”\nInstitute"),
    Modality.PLANNED,
    "bay/harbour.txt",
    'He said: "Kelp \\ funds\nit".',
    date="2031-05",
    deadline="2033-Q1",
    amount=Decimal("2500000.5"),
    currency="EUR",
    attributed_to=f"{KZID}person-ada-quill",
    stage=f"{KZ}StageAdopted",
)
REVIEWER = f"{KZID}reviewer-ida"
ADDITION = Correction(
    f"{KZID}correction-1", Kind.ADDITION, REVIEWER, "Ida Sand", "2031-06-01T09:00:00Z", "as the next page says", CLAIM
)
MERGER = Correction(f"{KZID}correction-2", Kind.MERGER, REVIEWER, "Ida Sand", entities=(f"{KZID}a", f"{KZID}b"))


def _file(path: Path, text: str) -> Path:
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def _text(case: dict[str, Any]) -> str:
    signed = " ; prov:wasAttributedTo kzid:reviewer-ida" if case.get("signed", True) else ""
    return str(case.get("whole") or f"kzid:correction-1 {case['says']}{signed} .")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_no_correction_can_say_is_refused_with_its_place(case: dict[str, Any], tmp_path: Path) -> None:
    path = _file(tmp_path / "corrections.ttl", "\n" + _text(case))
    with pytest.raises(InputError) as raised:
        load_corrections([path], KNOWLEDGE)
    message = str(raised.value)
    assert case["message"] in message
    assert "\n" not in message
    line = HEAD.count("\n") + _text(case).count("\n", 0, _text(case).find("kzid:correction-1")) + 2
    assert message.startswith(f"{path}:{line}") or (case.get("place") or "kzid:fix-1") in message


def test_every_message_of_the_shapes_has_a_case() -> None:
    shapes = Graph(default_ontology() / CORRECTION_SHAPES)
    messages = {q.object.value for q in shapes.quads() if q.predicate.value.endswith("shacl#message")}
    assert {case["message"] for case in CASES if "by" not in case} == messages


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--corrections"):
        load_corrections([tmp_path / "none.ttl"], KNOWLEDGE)
    (tmp_path / "latin.ttl").write_bytes(b"# caf\xe9")
    with pytest.raises(InputError, match="UTF-8"):
        load_corrections([tmp_path / "latin.ttl"], KNOWLEDGE)


def test_two_files_cannot_name_one(tmp_path: Path) -> None:
    said = "kzid:correction-1 a kz:Merger ; kz:entity kzid:a, kzid:b ; prov:wasAttributedTo kzid:reviewer-ida ."
    paths = [_file(tmp_path / name, said) for name in ("a.ttl", "b.ttl")]
    with pytest.raises(InputError, match=r"b\.ttl:6: kzid:correction-1 stands in .*a\.ttl:6, too"):
        load_corrections(paths, KNOWLEDGE)


def test_what_is_added_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "corrections.ttl"
    add_correction(path, ADDITION, KNOWLEDGE)
    add_correction(path, MERGER, KNOWLEDGE)
    assert load_corrections([path], KNOWLEDGE) == (ADDITION, MERGER)


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    """Comments, order and prefixes; what one file calls by another prefix is written so that it means the same."""
    path = tmp_path / "corrections.ttl"
    mine = "# mine\n@prefix kz: <https://w3id.org/kzai/id/> .\n@prefix k: <https://w3id.org/kzai/ontology#> .\n"
    mine += "kz:correction-0 a k:Merger ; k:entity kz:a, kz:b ;\n  <http://www.w3.org/ns/prov#wasAttributedTo> kz:ida ."
    path.write_text(mine, encoding="utf-8")
    add_correction(path, MERGER, KNOWLEDGE)
    assert path.read_text("utf-8").startswith(mine + "\n")
    assert [c.iri for c in load_corrections([path], KNOWLEDGE)] == [f"{KZID}correction-0", MERGER.iri]


def test_once_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "corrections.ttl"
    add_correction(path, ADDITION, KNOWLEDGE)
    before = path.read_bytes()
    add_correction(path, ADDITION, KNOWLEDGE)
    assert path.read_bytes() == before


def test_files_lie_beside_the_texts(tmp_path: Path) -> None:
    for folder in ("one", "two/deep", "three"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "corrections.ttl").touch()
        (tmp_path / folder / "a.txt").touch()
    given = [tmp_path / "two", tmp_path / "three" / "a.txt", tmp_path / "one", tmp_path / "one" / "a.txt"]
    given.append(tmp_path / "two" / ".." / "one")
    assert find_corrections(given) == (tmp_path / "one/corrections.ttl", tmp_path / "three/corrections.ttl")


def test_the_name_follows_from_what_is_said() -> None:
    assert (
        named(ADDITION).iri == named(named(MERGER).__class__(**_fields(ADDITION) | {"time": None, "comment": "so"})).iri
    )
    assert named(ADDITION).iri != named(Correction(**_fields(ADDITION) | {"kind": Kind.REJECTION})).iri
    assert named(ADDITION, "https://example.org/").iri.startswith("https://example.org/correction-")


def _fields(correction: Correction) -> dict[str, Any]:
    return {name: getattr(correction, name) for name in Correction.__slots__}


SAID = Said(
    "bay/harbour.txt",
    'He said: "<b>Kelp</b> \\ funds  it".',
    frozenset({f"{KZID}thing-kelp", "kelp"}),
    "funds",
    frozenset({f"{KZID}thing-gull-institute", "gull institute"}),
    Modality.PLANNED,
)


@pytest.mark.parametrize(
    ("change", "met"),
    [
        ({}, (True, 3)),
        ({"document": None, "sentence": None, "modality": None}, (True, 3)),
        ({"subject": End(words="KELP")}, (True, 2)),
        ({"subject": End(f"{KZID}thing-gone", "kelp")}, (True, 2)),
        ({"subject": End(f"{KZID}thing-gone", "kelps")}, None),
        ({"object": End(f"{KZID}thing-gull-institute")}, (True, 4)),
        ({"sentence": "funds it"}, (False, 3)),
        ({"sentence": 'And then he said: He said: "Kelp \\ funds it". So.'}, (False, 3)),
        ({"sentence": "Kelp funds it."}, None),
        ({"document": "harbour.txt"}, None),
        ({"modality": Modality.ASSERTED}, None),
        ({"relation": "uses"}, None),
        ({"subject": End(words="gull institute"), "object": End(words="kelp")}, None),
    ],
)
def test_which_statement_is_meant(change: dict[str, Any], met: tuple[bool, int] | None) -> None:
    claim = Claim(**{name: getattr(CLAIM, name) for name in Claim.__slots__} | change)
    assert claim.match(SAID) == met


def test_ends_of_a_symmetric_relation_may_be_turned() -> None:
    turned = Claim(End(words="gull institute"), "funds", End(words="kelp"))
    assert turned.match(SAID) is None
    assert turned.match(SAID, symmetric=True) == (True, 2)


def test_the_very_sentence_and_the_iri_go_before_what_is_like_them() -> None:
    """A headline is said again within a sentence, two things bear one name: one is rejected, and the other stays."""
    longer = replace(SAID, sentence=f"{SAID.sentence} They said so.")
    namesake = replace(SAID, subject=frozenset({f"{KZID}thing-kelp-ag", "kelp"}))
    meant = Targets([ADDITION], ())
    assert meant.find([("short", SAID), ("long", longer)]) == {"short": {ADDITION.iri: (True, 3)}}
    assert meant.find([("other", namesake), ("one", SAID)]) == {"one": {ADDITION.iri: (True, 3)}}
    assert meant.find([("long", longer)]) == {"long": {ADDITION.iri: (False, 3)}}
    assert meant.find([("other", namesake)]) == {"other": {ADDITION.iri: (True, 2)}}


words = st.text(st.characters(exclude_characters="<>&"), min_size=1)


@given(st.lists(words))
def test_markup_and_white_space_are_no_words(parts: list[str]) -> None:
    plain = "".join("".join(parts).split())
    assert squeeze(" ".join(f"<i>{part}</i>\n" for part in parts)) == plain
    assert squeeze(plain) == plain
