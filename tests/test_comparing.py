"""What two graphs differ in: a graph with one thing changed, and what is said of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzai_graph.comparing import Change, Difference, Kind, Value, compare
from kzai_graph.export import export_graph
from kzai_graph.inquiry import Graph
from kzai_graph.revision_reports import difference_json, difference_markdown, difference_sum

CONFORMING = Path(__file__).parent / "cases" / "shapes" / "conforming.ttl"
TEXT = CONFORMING.read_text(encoding="utf-8")
LAUNCH = "Ministry of Ports | launched | Open Quay"
LAUNCHED = "The Ministry of Ports launched the Open Quay programme on 3 May 2031."
# What is replaced in the graph; and what then differs: kind, change, what, (name, old, new) of each value.
CASES: dict[str, tuple[dict[str, str], list[tuple[str, str, str, tuple[tuple[str, str, str], ...]]]]] = {
    "a date": (
        {'kz:date "2031-05-03"^^xsd:date': 'kz:date "2031-05"^^xsd:gYearMonth'},
        [("statement", "changed", LAUNCH, (("date", "2031-05-03", "2031-05"),))],
    ),
    "a date that is gone": (
        {'    kz:date "2031-05-03"^^xsd:date ;\n': ""},
        [("statement", "changed", LAUNCH, (("date", "2031-05-03", ""),))],
    ),
    "a modality, a deadline": (
        {'kz:modality kz:Planned ;\n    kz:deadline "2033"': 'kz:modality kz:Negated ;\n    kz:deadline "2034"'},
        [
            (
                "statement",
                "changed",
                "Ada Quill | published | Tide Report",
                (("modality", "Planned", "Negated"), ("deadline", "2033", "2034")),
            )
        ],
    ),
    "an amount, a currency": (
        {'kz:amount 3000000 ;\n    kz:currency "EUR"': 'kz:amount 4 ;\n    kz:currency "USD"'},
        [
            (
                "statement",
                "changed",
                "Ministry of Ports | funds | Open Quay",
                (("amount", "3000000", "4"), ("currency", "EUR", "USD")),
            )
        ],
    ),
    "who says so": (
        {"kz:attributedTo kzid:ada-quill": "kz:attributedTo kzid:parliament"},
        [
            (
                "statement",
                "changed",
                "Gull Institute | partnersWith | Kelp Robotics",
                (("attributedTo", "Ada Quill", "Parliament"),),
            )
        ],
    ),
    "a stage": (
        {"kz:stage kz:StageSubmitted": "kz:stage kz:StageAdopted"},
        [
            (
                "statement",
                "changed",
                "Parliament | adopted | Harbour Act",
                (("stage", "StageSubmitted", "StageAdopted"),),
            )
        ],
    ),
    "a milestone": (
        {"kz:by kzid:parliament": 'kz:date "2031"^^xsd:gYear'},
        [
            (
                "milestone",
                "changed",
                "Harbour Act | StageAdopted",
                (("date", "", "2031"), ("by", "Parliament", "")),
            )
        ],
    ),
    "another relation is another statement": (
        {"rdf:predicate kz:launched": "rdf:predicate kz:implements"},
        [
            (
                "statement",
                "gained",
                "Ministry of Ports | implements | Open Quay",
                (("modality", "", "Asserted"), ("date", "", "2031-05-03")),
            ),
            ("statement", "lost", LAUNCH, (("modality", "Asserted", ""), ("date", "2031-05-03", ""))),
        ],
    ),
    "a class, a label": (
        {
            "kzid:harbour-act a kz:Law": "kzid:harbour-act a kz:Decree",
            'rdfs:label "Harbour Act"': 'rdfs:label "Act"',
        },
        [("entity", "changed", "Act (Decree)", (("label", "Harbour Act", "Act"), ("class", "Law", "Decree")))],
    ),
    "another name for the same words": (
        {"kzid:harbour-act": "kzid:act-of-harbours"},
        [("entity", "changed", "Harbour Act (Law)", (("iri", "kzid:harbour-act", "kzid:act-of-harbours"),))],
    ),
    "a value": (
        {"kz:value 42": "kz:value 43"},
        [("observation", "changed", "Veldhaven | 2031", (("value", "42", "43"),))],
    ),
    "the value of another year": (
        {'kz:period "2031"^^xsd:gYear': 'kz:period "2030"^^xsd:gYear'},
        [
            ("observation", "gained", "Veldhaven | 2030", (("modality", "", "Asserted"), ("value", "", "42"))),
            ("observation", "lost", "Veldhaven | 2031", (("modality", "Asserted", ""), ("value", "42", ""))),
        ],
    ),
    "a number of nothing": (
        {"kz:value 40": "kz:value 41"},
        [("observation", "changed", "number", (("value", "40", "41"),))],
    ),
    "words of a quote": (
        {'kz:text "Every quay is open,"': 'kz:text "Every quay,"'},
        [
            ("quote", "gained", "Ada Quill", (("speaker", "", "Ada Quill"),)),
            ("quote", "lost", "Ada Quill", (("speaker", "Ada Quill", ""),)),
        ],
    ),
    "the text": (
        {'"6664b4ac3c4b31c63fd73d42d24f561cb2a17416d714962e7ec2545a38b62c01"': f'"{"0" * 64}"'},
        [
            (
                "document",
                "changed",
                "harbour.txt",
                (("sha256", "6664b4ac3c4b31c63fd73d42d24f561cb2a17416d714962e7ec2545a38b62c01", "0" * 64),),
            )
        ],
    ),
    "who is sure": ({"kz:confidence 0.9": "kz:confidence 0.8"}, []),
}


def _written(path: Path, replacements: dict[str, str]) -> Path:
    text = TEXT
    for before, after in replacements.items():
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return path


def _plain(found: Difference) -> tuple[str, str, str, tuple[tuple[str, str, str], ...]]:
    shown = [v for v in found.values if v.name != "unit"]
    return found.kind.value, found.change.value, found.what, tuple((v.name, v.old, v.new) for v in shown)


@pytest.mark.parametrize("case", CASES)
def test_what_differs_is_named(case: str, tmp_path: Path) -> None:
    replacements, expected = CASES[case]
    found = compare(CONFORMING, _written(tmp_path / "new.ttl", replacements))
    assert [_plain(d) for d in found] == expected
    assert {d.documents for d in found} <= {("harbour.txt",)}


@pytest.mark.parametrize("case", CASES)
def test_the_other_way_round_is_the_mirror(case: str, tmp_path: Path) -> None:
    other = _written(tmp_path / "new.ttl", CASES[case][0])
    turned = {Change.GAINED: Change.LOST, Change.LOST: Change.GAINED, Change.CHANGED: Change.CHANGED}

    def seen(differences: tuple[Difference, ...]) -> set[tuple[Kind, Change, tuple[Value, ...]]]:
        return {(d.kind, d.change, d.values) for d in differences}

    mirrored = {
        (kind, turned[change], tuple(Value(v.name, v.new, v.old) for v in values))
        for kind, change, values in seen(compare(other, CONFORMING))
    }
    assert seen(compare(CONFORMING, other)) == mirrored


@pytest.mark.parametrize("form", ["nt", "trig", "nq", "jsonld"])
def test_a_graph_is_itself_in_every_format(form: str, tmp_path: Path) -> None:
    written = tmp_path / f"graph.{form}"
    export_graph(Graph(CONFORMING).quads(), form, written)
    assert compare(CONFORMING, written) == ()


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, TEXT.count(" .\n") - 1), max_size=6))
def test_any_graph_is_itself(tmp_path_factory: pytest.TempPathFactory, left_out: set[int]) -> None:
    """Whatever is missing from it."""
    parts = re.split(r"(?<= \.)\n", TEXT)
    path = tmp_path_factory.mktemp("any") / "graph.ttl"
    path.write_text("\n".join(p for n, p in enumerate(parts) if p.startswith("@") or n not in left_out), "utf-8")
    assert compare(path, path) == ()


def test_a_new_document_brings_all_that_it_has(tmp_path: Path) -> None:
    empty = tmp_path / "empty.ttl"
    empty.write_text("", encoding="utf-8")
    found = compare(empty, CONFORMING)
    assert {d.change for d in found} == {Change.GAINED}
    assert difference_sum(found).startswith("documents: 1 gained; entities: 9 gained; statements: 5 gained; ")
    assert next(d for d in found if d.what == LAUNCH).sentence == LAUNCHED


def test_an_entity_that_changed_is_named_once_for_all_its_documents(tmp_path: Path) -> None:
    second = TEXT.replace("harbour.txt", "bay.txt").replace("statement-", "remark-").replace("derivation-", "reading-")
    both = tmp_path / "both.ttl"
    both.write_text(TEXT + second, encoding="utf-8")
    changed = tmp_path / "changed.ttl"
    changed.write_text((TEXT + second).replace("kz:Law", "kz:Decree"), encoding="utf-8")
    (found,) = compare(both, changed)
    assert (found.documents, found.kind) == (("bay.txt", "harbour.txt"), Kind.ENTITY)


def test_two_that_became_one_keep_their_statements(tmp_path: Path) -> None:
    merged = TEXT.replace(
        '\nkzid:gull-institute a kz:ResearchOrganisation ;\n    rdfs:label "Gull Institute"@en ;', "\nkzid:parliament"
    ).replace("kzid:gull-institute", "kzid:parliament")
    new = tmp_path / "new.ttl"
    new.write_text(merged, encoding="utf-8")
    found = compare(CONFORMING, new)
    assert {d.kind for d in found} == {Kind.ENTITY}


def test_reports_hold_all_and_obey_no_text(tmp_path: Path) -> None:
    new = _written(
        tmp_path / "new.ttl",
        {"launched the Open Quay programme": "launched | [x](y) \\u001b[31m", "kz:date": "kz:deadline"},
    )
    found = compare(CONFORMING, new)
    page = "\n".join(difference_markdown(found))
    assert page.startswith("## harbour.txt\n\n| change | kind | what | was | is | sentence |\n")
    assert "\x1b" not in page
    assert "launched \\| \\[x\\](y)" in page
    said = json.loads("\n".join(difference_json(found)))
    assert said["differ"] is True
    assert {v["name"] for d in said["differences"] for v in d["values"]} >= {"date", "deadline"}
    assert json.loads("\n".join(difference_json(()))) == {"differ": False, "differences": []}


def test_succession_that_is_dated_otherwise_or_gone_is_told(tmp_path: Path) -> None:
    old = Path(__file__).parent / "cases" / "queries" / "ministries_renamed" / "data.ttl"
    text = old.read_text(encoding="utf-8")
    new = tmp_path / "new.ttl"
    new.write_text(
        text.replace('kz:date "2029"', 'kz:date "2030"').replace("kz:former kzid:quay-office ;", ""), encoding="utf-8"
    )
    found = [(d.kind, d.change, d.what) for d in compare(old, new) if d.kind is Kind.SUCCESSION]
    assert (Kind.SUCCESSION, Change.CHANGED, "Ministry of Salt | became | Ministry of Harbours") in found
    assert (Kind.SUCCESSION, Change.LOST, "Quay Office | became | Coast Agency") in found
    assert compare(old, old) == ()
