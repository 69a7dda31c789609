"""The dialogue of a review: what is asked, in which order, and what each answer writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kzai_graph.candidates import Candidate, find_candidates
from kzai_graph.corrections import Correction, Kind
from kzai_graph.corrections_file import add_correction, load_corrections
from kzai_graph.model import Modality
from kzai_graph.ontology import load_ontology
from kzai_graph.reviewing import Reply, Reviewer, review
from kzai_graph.terms import KZ, KZID

CASES = Path(__file__).parent / "cases"
CONFORMING = CASES / "shapes" / "conforming.ttl"
KNOWLEDGE = load_ontology()
TIME = "2031-06-01T09:00:00+00:00"
LAUNCH, PUBLISH, PARTNERS = "launched", "published", "partnersWith"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """The graph with other confidences: the third statement is the least sure."""
    text = CONFORMING.read_text(encoding="utf-8")
    for entry, confidence in (("partnersWith-agree-recip", "0.5"), ("funds-fund", "0.7")):
        before, after = text.split(f"kz:frame kzlex:{entry}")
        text = before + f"kz:frame kzlex:{entry}" + after.replace("kz:confidence 0.9", f"kz:confidence {confidence}", 1)
    (tmp_path / "graph.ttl").write_text(text, encoding="utf-8")
    return tmp_path / "graph.ttl"


class Session:
    """A review with answers that are given beforehand."""

    def __init__(self, candidates: list[Candidate], *answers: str) -> None:
        lines: Iterator[str] = iter(answers)
        self.shown: list[str] = []
        self.made: list[Correction] = []

        def ask(prompt: str) -> str | None:
            self.shown.append(prompt)
            return next(lines, None)

        self.counts: Counter[Reply] = review(
            candidates,
            Reviewer("Ida Sand", lambda: TIME),
            KNOWLEDGE,
            ask=ask,
            show=self.shown.append,
            write=self.made.append,
        )
        assert next(lines, None) is None, "an answer was not asked for"

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


def _relations(candidates: list[Candidate]) -> list[str]:
    return [candidate.claim.relation for candidate in candidates]


def test_the_least_sure_comes_first_then_as_the_text_goes(graph: Path) -> None:
    found = find_candidates(graph, (), KNOWLEDGE, texts=CASES)
    assert _relations(found) == [PARTNERS, "funds", LAUNCH, PUBLISH, "adopted"]
    assert found[0].confidence == Decimal("0.5")
    assert (found[2].line, found[2].trigger) == (3, "launched")


def test_a_question_shows_sentence_place_and_statement(graph: Path) -> None:
    shown = Session(find_candidates(graph, (), KNOWLEDGE, texts=CASES), "q").text
    assert "1 of 5   harbour.txt:3   confidence 0.5" in shown
    assert "“According to Quill, Gull Institute and Kelp Robotics cooperate.”" in shown
    assert (
        "Gull Institute | partnersWith | Kelp Robotics   [Asserted; said by Ada Quill]   read at “cooperate”" in shown
    )


def test_markup_of_a_page_is_not_shown_and_signs_of_a_text_are(graph: Path) -> None:
    words, written = "Ministry of Ports launched", "<b>Ministry</b> of Ports &amp; launched"
    for name, shown in (("harbour.txt", written), ("harbour.html", "Ministry of Ports & launched")):
        text = CONFORMING.read_text(encoding="utf-8").replace(words, written).replace('"harbour.txt"', f'"{name}"')
        graph.write_text(text, encoding="utf-8")
        assert f"“The {shown} the Open Quay" in Session(find_candidates(graph, (), KNOWLEDGE), "q").text


def test_acceptance_and_rejection_name_the_statement_by_iri_and_words(graph: Path) -> None:
    session = Session(find_candidates(graph, (), KNOWLEDGE), "accept", "R", "skip", "quit")
    assert session.counts == dict.fromkeys((Reply.ACCEPT, Reply.REJECT, Reply.SKIP, Reply.QUIT), 1)
    accepted, rejected = session.made
    assert (accepted.kind, rejected.kind) == (Kind.ACCEPTANCE, Kind.REJECTION)
    assert (accepted.reviewer, accepted.reviewer_name, accepted.time) == (f"{KZID}reviewer-ida-sand", "Ida Sand", TIME)
    claim = rejected.claim
    assert claim is not None
    assert (claim.subject.iri, claim.subject.words) == (f"{KZID}ministry-of-ports", "The ministry")
    assert (claim.document, claim.modality, claim.amount) == ("harbour.txt", Modality.ASSERTED, None)


def test_what_was_judged_is_not_asked_again(graph: Path, tmp_path: Path) -> None:
    session = Session(find_candidates(graph, (), KNOWLEDGE), "a", "r", "f", "", "implements", "", "", "s", "q")
    assert session.counts[Reply.FIX] == 1
    path = tmp_path / "corrections.ttl"
    for correction in session.made:
        add_correction(path, correction, KNOWLEDGE)
    known = load_corrections([path], KNOWLEDGE)
    assert set(known) == set(session.made)
    assert _relations(find_candidates(graph, known, KNOWLEDGE)) == [PUBLISH, "adopted"]


def test_a_fix_is_a_rejection_and_an_addition(graph: Path) -> None:
    candidates = find_candidates(graph, (), KNOWLEDGE)[2:3]
    session = Session(candidates, "f", "", "Implements", "2", "planned")
    rejected, added = session.made
    assert (rejected.kind, added.kind) == (Kind.REJECTION, Kind.ADDITION)
    assert rejected.claim is not None
    assert added.claim is not None
    assert (rejected.claim.relation, added.claim.relation) == (LAUNCH, "implements")
    assert (rejected.claim.modality, added.claim.modality) == (Modality.ASSERTED, Modality.PLANNED)
    assert (rejected.claim.date, added.claim.date) == (None, "2031-05-03")
    assert added.claim.object.iri == f"{KZID}open-quay"


def test_what_belongs_to_the_relation_goes_with_it(graph: Path) -> None:
    funds = find_candidates(graph, (), KNOWLEDGE)[1:2]
    (_, kept), (_, changed) = (Session(funds, "f", "", relation, "", "planned").made for relation in ("", "launched"))
    assert kept.claim is not None
    assert changed.claim is not None
    assert (kept.claim.amount, kept.claim.currency) == (Decimal(3000000), "EUR")
    assert (changed.claim.amount, changed.claim.currency) == (None, None)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("f", "", "", "", "", "s"), "nothing was changed"),
        (("f", "open quay", "", "", "", "s"), "subject and object are one"),
        (("f", "", "is about", "", "", "s"), "isAbout does not take Ministry and Programme; these do: "),
        (("f", "nobody", "", "", "", "", "s"), "no such subject; there are 1, 2, Ministry of Ports, Open Quay"),
        (("f", "", "", "", "maybe", "", "s"), "no such modality; there are Asserted, Planned, Negated, Reported"),
        (("why", "", "s"), "answer with accept, reject, fix, skip, quit, or the first letter"),
    ],
)
def test_what_is_no_answer_is_asked_again(graph: Path, answers: tuple[str, ...], said: str) -> None:
    session = Session(find_candidates(graph, (), KNOWLEDGE)[2:3], *answers)
    assert said in session.text
    assert session.made == []
    assert session.counts == {Reply.SKIP: 1}


@pytest.mark.parametrize("answers", [(), ("f",), ("f", "", "uses"), ("a",)])
def test_the_end_of_the_input_ends_the_review(graph: Path, answers: tuple[str, ...]) -> None:
    session = Session(find_candidates(graph, (), KNOWLEDGE), *answers)
    assert session.counts[Reply.QUIT] == 1
    assert len(session.made) == (answers == ("a",))


def test_a_statement_of_a_reviewer_is_not_asked(graph: Path) -> None:
    text = graph.read_text(encoding="utf-8").replace("kzlex:launched-launch", "kzid:correction-1")
    graph.write_text(text, encoding="utf-8")
    made = Correction(f"{KZID}correction-1", Kind.ADDITION, f"{KZID}reviewer-ida")
    assert LAUNCH not in _relations(find_candidates(graph, (made,), KNOWLEDGE))


def test_the_names_of_corrections_begin_with_the_base_of_the_graph(graph: Path) -> None:
    text = graph.read_text(encoding="utf-8").replace(KZID, "https://example.org/id/")
    graph.write_text(text, encoding="utf-8")
    (made,) = Session(find_candidates(graph, (), KNOWLEDGE), "a").made
    assert made.iri.startswith("https://example.org/id/correction-")
    assert made.reviewer == "https://example.org/id/reviewer-ida-sand"


def test_a_graph_of_other_relations_has_nothing_to_ask(graph: Path) -> None:
    text = graph.read_text(encoding="utf-8").replace("rdf:predicate kz:", f"rdf:predicate <{KZ}un")
    for name in (LAUNCH, PUBLISH, PARTNERS, "funds", "adopted"):
        text = text.replace(f"<{KZ}un{name} ;", f"<{KZ}un{name}> ;")
    graph.write_text(text, encoding="utf-8")
    assert find_candidates(graph, (), KNOWLEDGE) == []
