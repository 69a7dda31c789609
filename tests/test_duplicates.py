"""Which documents repeat another: texts that are alike, not texts that only share a subject or boilerplate."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph import build
from kzai_graph.check import check
from kzai_graph.duplicates import Copy, Printed, find_copies, fingerprint
from kzai_graph.inquiry import Graph, query
from kzai_graph.model import Block, DocumentRecord, Metadata, Span, Zone
from kzai_graph.sparql import default_queries
from kzai_graph.terms import KZ, KZID

TEXTS = Path(__file__).resolve().parent / "cases" / "duplicates"
WIRE = (TEXTS / "wire.txt").read_text(encoding="utf-8")
BOILERPLATE = (
    "The Gull Press Agency reports on ports, ships and the sea since 1990. Its desk in Bergen is open on all days. "
    "For permission to print, write to the desk; for corrections, to the editor; for the archive, to the library. "
)


def record(identifier: str, text: str, date: str | None = None, title: str = "") -> DocumentRecord:
    blocks = [Block(Span(0, len(title)), Zone.TITLE, title), Block(Span(0, len(text)), Zone.BODY, text)]
    return DocumentRecord(identifier, "", "utf-8", Metadata(date=date), (), fingerprint=fingerprint(blocks))


def copies(*records: DocumentRecord) -> dict[str, str]:
    return {name: copy.original for name, copy in find_copies(map(Printed.of, records)).items()}


def test_copy_leads_to_the_earliest() -> None:
    texts = [record("b", WIRE, "2031-06-05"), record("a", WIRE, "2031-06-06"), record("c", WIRE, "2031-06-04")]
    assert copies(*texts) == {"a": "c", "b": "c"}


def test_without_dates_the_first_name_is_the_original_and_a_date_goes_before_none() -> None:
    assert copies(record("b", WIRE), record("a", WIRE)) == {"b": "a"}
    assert copies(record("b", WIRE, "2031"), record("a", WIRE)) == {"a": "b"}


def test_order_of_the_records_has_no_effect() -> None:
    records = [record("a", WIRE), record("b", WIRE + BOILERPLATE), record("c", BOILERPLATE), record("d", WIRE[:700])]
    assert len({tuple(sorted(copies(*order).items())) for order in permutations(records)}) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper(),
        lambda text: text.replace(".", " .").replace("\n\n", "\n"),
        lambda text: "BERGEN (Gull Press Agency) — " + text,
        lambda text: text + " Fishermen in Bergen welcomed the news, and the harbour board did so, too.",
        lambda text: text.replace("Tuesday", "3 June").replace("two cables", "three cables"),
        lambda text: text[: len(text) * 3 // 4],
    ],
)
def test_small_changes_make_no_other_text(change: object) -> None:
    assert callable(change)
    assert copies(record("a", WIRE), record("b", change(WIRE))) == {"b": "a"}


@pytest.mark.parametrize(
    "other",
    [
        (TEXTS / "reporter.txt").read_text(encoding="utf-8"),
        WIRE[: len(WIRE) // 3],
        " ".join(reversed(WIRE.split())),
        "The Ministry of Ports of Norway and the Ministry of Energy of Estonia signed an agreement.",
    ],
    ids=["same news in other words", "an excerpt", "same words in another order", "one sentence"],
)
def test_other_texts_are_no_copies(other: str) -> None:
    assert copies(record("a", WIRE), record("b", other)) == {}


def test_boilerplate_alone_makes_no_copy() -> None:
    halves = WIRE.split("\n\n")
    first, second = " ".join(halves[3:5]), " ".join(halves[5:])
    assert copies(record("a", first + BOILERPLATE), record("b", second + BOILERPLATE)) == {}


def test_titles_and_short_texts_do_not_count() -> None:
    assert copies(record("a", WIRE, title="Cables listed"), record("b", WIRE, title="Two ministries agree")) == {
        "b": "a"
    }
    assert find_copies(Printed.of(record(name, "Ports open.")) for name in "ab") == {}
    assert fingerprint([Block(Span(0, len(WIRE)), Zone.FURNITURE, WIRE)]) == b""


def test_similarity_is_the_share_of_common_shingles() -> None:
    words = [f"word{i}" for i in range(1004)]
    others = [*words[:904], *(f"other{i}" for i in range(100))]
    found = find_copies(map(Printed.of, [record("a", " ".join(words)), record("b", " ".join(others))]))
    (copy,) = found.values()
    assert copy == Copy("b", "a", copy.similarity)
    assert copy.similarity == pytest.approx(900 / 1100, abs=0.1)


def test_a_chain_of_changes_does_not_join_what_differs() -> None:
    words = [f"word{i}" for i in range(1600)]
    texts = [" ".join(words[begin : begin + 1000]) for begin in (0, 200, 400, 600)]
    found = copies(*(record(name, text) for name, text in zip("abcd", texts, strict=True)))
    assert found == {"b": "a", "d": "c"}


def test_graph_says_which_document_is_a_copy(tmp_path: Path) -> None:
    build([TEXTS], out=tmp_path)
    graph = tmp_path / "graph.ttl"
    store = Graph(graph).load()
    links = list(store.quads_for_pattern(None, ox.NamedNode(KZ + "nearDuplicateOf"), None))
    assert [(q.subject.value, q.object.value) for q in links] == [
        (KZID + "document/daily.txt", KZID + "document/wire.txt")
    ]
    (quad,) = store.quads_for_pattern(links[0].subject, ox.NamedNode(KZ + "similarity"), None)
    assert 0.6 <= float(quad.object.value) < 1
    assert check(graph).conforms
    facts = query(default_queries() / "ask" / "sources" / "corroboration.rq", graph, parameters={"about": "Safe Fjord"})
    assert [(row["sources"], row["document"], row["copy_of"]) for row in facts.texts()] == [
        ("2", "daily.txt", "wire.txt"),
        ("2", "reporter.txt", ""),
        ("2", "wire.txt", ""),
    ]
