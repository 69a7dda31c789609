"""Which sentences gave no statement, and why."""

from __future__ import annotations

import json

import pytest

from kzai_graph.building import find_coverage
from kzai_graph.coverage import Coverage, cover
from kzai_graph.model import DocumentRecord, Evidence, Metadata, Observation, Skipped, Span, Statement, Zone
from kzai_graph.reports import coverage_json, coverage_lines

TEXT = (
    "The Port Authority adopted the Quay Rules on 3 May 2031. Rain fell on the quays.\n"
    "The port handled 40 ships. A crane, the law and the pier."
)
SPANS = [Span(0, 56), Span(57, 80), Span(81, 107), Span(108, 138)]


def record(*skipped: Skipped) -> DocumentRecord:
    said = Statement("a", "adopted", "b", evidence=(Evidence(SPANS[0], "kz:f", Span(19, 26), 0.9),))
    number = Observation(40, Span(98, 106), unit="ships")
    zones = ((Span(0, 138), Zone.BODY),)
    return DocumentRecord(
        "quay.txt", "", "utf-8", Metadata(), zones, statements=(said,), observations=(number,), skipped=skipped
    )


def test_every_silent_sentence_is_listed_once_with_its_nearest_miss() -> None:
    found = cover(
        record(
            Skipped(SPANS[0], "modality", "kz:g"),
            Skipped(SPANS[1], "no frame"),
            Skipped(SPANS[2], "no frame"),
            Skipped(SPANS[3], "unsure reference", "kz:g"),
            Skipped(SPANS[3], "class: Firm adopted Place", "kz:h"),
        ),
        TEXT,
    )
    assert (found.sentences, found.stated) == (4, 1)
    assert [(s.line, s.sentence, s.reason, s.gave) for s in found.silences] == [
        (1, "Rain fell on the quays.", "no frame", ()),
        (2, "The port handled 40 ships.", "no frame", ("number",)),
        (2, "A crane, the law and the pier.", "class", ()),
    ]
    assert [c.reason for c in found.silences[2].candidates] == ["unsure reference", "class: Firm adopted Place"]
    assert found.reasons == {"class": 1, "no frame": 2}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Coverage:
    path = tmp_path_factory.mktemp("texts") / "harbour.txt"
    path.write_text(
        "The harbour in spring\n\nThe Ministry of Ports adopted the Tide Strategy. Gulls circled above the boats.\n",
        encoding="utf-8",
    )
    (found,) = find_coverage([path])
    return found


def test_text_is_read_anew(read: Coverage) -> None:
    assert read.document == "harbour.txt"
    assert [(s.line, s.sentence, s.reason) for s in read.silences] == [
        (1, "The harbour in spring", "no frame"),
        (3, "Gulls circled above the boats.", "no frame"),
    ]
    assert read.sentences == read.stated + 2


def test_report_in_lines_and_as_json(read: Coverage) -> None:
    lines = list(coverage_lines([read]))
    assert lines[0] == "harbour.txt: 1 of 3 sentences gave a statement"
    assert "    “Gulls circled above the boats.”" in lines
    (said,) = [json.loads(line) for line in coverage_json([read])]
    assert said["silences"][1]["sentence"] == "Gulls circled above the boats."
    assert said["reasons"] == {"no frame": 2}
