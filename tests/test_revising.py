"""What corrections do to a graph: three short texts are read once, and revised in many ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzai_graph.corrections import Correction
from kzai_graph.corrections_file import load_corrections
from kzai_graph.document_graphs import with_document_graphs
from kzai_graph.documents import read_document
from kzai_graph.graph import to_quads
from kzai_graph.language import load_pipeline
from kzai_graph.model import Document, DocumentRecord
from kzai_graph.ontology import load_ontology
from kzai_graph.reading import Reader
from kzai_graph.revising import Revision, correction_quads, revise
from kzai_graph.sources import Source
from kzai_graph.terms import DCTERMS, ITSRDF, KZ, KZID, NIF, PREFIXES, PROV, RDF, RDFS, SKOS
from kzai_graph.turtle import to_turtle

KNOWLEDGE = load_ontology()
TEXTS = {
    "a.txt": (
        "Lamps for every pier\n\n"
        "Peru's Ministry of Energy launched the Lantern programme on 3 May 2031. "
        "Ada Quill, Minister of Energy of Peru, opened the Pier Forum. "
        "Kelp Robotics joined the Lantern programme. It uses machine learning.\n"
    ),
    "b.txt": (
        "Ghana plans a tide table\n\n"
        "Ghana's Ministry of Energy will launch the Tidal Table programme by 2033. "
        "Kelp Robotics, a Peruvian firm, uses machine learning. "
        "The Beacon Office keeps the Tidal  Table programme running.\n"
    ),
    "c.html": (
        "<html><head><title>Quays</title></head><body><h1>Quays</h1>"
        "<p>The <b>Ministry of Energy</b> of Peru funds the Lantern programme. "
        "Ada Quill attended the Quay Summit in Lima. "
        "Kelp Marine and the Gull Institute signed an agreement.</p></body></html>"
    ),
}
PERU, GHANA = "thing-ministry-of-energy--place-peru", "thing-ministry-of-energy--place-ghana"
SIGNED = "prov:wasAttributedTo kzid:reviewer-ida"
JOINED = 'kz:document "a.txt" ; kz:sentence "Kelp Robotics joined the Lantern programme." ; '
ENDORSED = 'kz:subjectWords "Kelp Robotics" ; kz:relation kz:endorsed ; kz:objectWords "Lantern programme"'
CORRECTIONS = {
    "accept": f"a kz:Acceptance ; kz:subject kzid:{PERU} ; kz:relation kz:launched ; kz:object kzid:thing-lantern",
    "reject": f"a kz:Rejection ; {JOINED} {ENDORSED}",
    "reject-by-iri": (
        "a kz:Rejection ; kz:subject kzid:thing-kelp-robotics ; kz:relation kz:uses ; "
        "kz:object kzid:thing-machine-learning"
    ),
    "reject-in-one": (
        'a kz:Rejection ; kz:document "a.txt" ; kz:subjectWords "it" ; kz:relation kz:uses ; '
        'kz:objectWords "machine learning" ; kz:modality kz:Asserted'
    ),
    "reject-symmetric": (
        'a kz:Rejection ; kz:subjectWords "Gull Institute" ; kz:relation kz:partnersWith ; kz:objectWords "Kelp Marine"'
    ),
    "reject-in-html": (
        'a kz:Rejection ; kz:document "c.html" ; kz:relation kz:funds ; kz:subjectWords "Ministry of Energy" ; '
        'kz:objectWords "Lantern" ; kz:sentence "The Ministry of Energy of Peru funds the Lantern programme."'
    ),
    "add": (
        'a kz:Addition ; kz:document "b.txt" ; kz:relation kz:implements ; kz:subjectWords "Beacon Office" ; '
        'kz:object kzid:thing-tidal-table ; kz:sentence "The Beacon Office keeps the Tidal Table programme running."'
    ),
    "add-from-elsewhere": (
        'a kz:Addition ; kz:document "c.html" ; kz:relation kz:participatedIn ; kz:subject kzid:person-ada-quill ; '
        'kz:objectWords "Quay Summit" ; kz:sentence "Ada Quill attended the Quay Summit in Lima." ; kz:date "2031"'
    ),
    "add-new": (
        'a kz:Addition ; kz:document "b.txt" ; kz:relation kz:uses ; kz:subjectWords "Peruvian firm" ; '
        "kz:subjectClass kz:Firm ; kz:object kzid:thing-machine-learning ; kz:modality kz:Planned ; "
        'kz:sentence "Kelp Robotics, a Peruvian firm, uses machine learning."'
    ),
    "merge": f"a kz:Merger ; kz:entity kzid:{PERU}, kzid:{GHANA}",
    "merge-kinds": "a kz:Merger ; kz:entity kzid:thing-lantern, kzid:thing-tidal-table, kzid:thing-kelp-marine",
    "part-documents": 'a kz:Separation ; kz:entity kzid:thing-kelp-robotics ; kz:document "b.txt"',
    "part": "a kz:Separation ; kz:entity kzid:thing-kelp-robotics, kzid:thing-kelp-marine",
    "describe": (
        'a kz:Description ; kz:entity kzid:thing-kelp-marine ; kz:newClass kz:Firm ; kz:newLabel "Kelp Marine AG"'
    ),
}
LOST = {
    "lost-document": f'a kz:Rejection ; kz:document "z.txt" ; {ENDORSED}',
    "lost-sentence": f'a kz:Rejection ; kz:document "a.txt" ; kz:sentence "Kelp Robotics left." ; {ENDORSED}',
    "lost-modality": f"a kz:Acceptance ; kz:modality kz:Negated ; {ENDORSED}",
    "lost-words": (
        'a kz:Addition ; kz:document "a.txt" ; kz:sentence "Nobody came." ; kz:subjectWords "Nobody" ; '
        "kz:relation kz:uses ; kz:object kzid:thing-machine-learning"
    ),
    "lost-mention": (
        'a kz:Addition ; kz:document "a.txt" ; kz:sentence "It uses machine learning." ; kz:relation kz:uses ; '
        "kz:subject kzid:person-ada-quill ; kz:object kzid:thing-machine-learning"
    ),
    "lost-class": (
        'a kz:Addition ; kz:document "a.txt" ; kz:sentence "Kelp Robotics joined the Lantern programme." ; '
        'kz:subjectWords "Kelp Robotics" ; kz:relation kz:assessed ; kz:objectWords "programme"'
    ),
    "lost-fit": (
        'a kz:Addition ; kz:document "a.txt" ; kz:sentence "Kelp Robotics joined the Lantern programme." ; '
        "kz:subject kzid:thing-lantern ; kz:relation kz:adopted ; kz:object kzid:thing-kelp-robotics"
    ),
    "lost-one": (
        'a kz:Addition ; kz:document "a.txt" ; kz:sentence "Kelp Robotics joined the Lantern programme." ; '
        'kz:subjectWords "Kelp Robotics" ; kz:relation kz:partnersWith ; kz:object kzid:thing-kelp-robotics'
    ),
    "lost-speaker": (
        'a kz:Addition ; kz:document "b.txt" ; kz:sentence "Kelp Robotics, a Peruvian firm, uses machine learning." ; '
        "kz:subject kzid:thing-kelp-robotics ; kz:relation kz:develops ; kz:object kzid:thing-machine-learning ; "
        "kz:attributedTo kzid:person-ada-quill"
    ),
    "lost-local": (
        'a kz:Addition ; kz:document "a.txt" ; kz:sentence "It uses machine learning." ; kz:relation kz:uses ; '
        "kz:subject kzid:thing-beacon-office--in-b.txt_bd2cb47770bb ; kz:object kzid:thing-machine-learning"
    ),
    "lost-entity": f"a kz:Merger ; kz:entity kzid:{PERU}, kzid:place-atlantis",
    "lost-name": 'a kz:Separation ; kz:entity kzid:thing-kelp-robotics ; kz:name "Kelp Aviation"',
    "lost-rest": 'a kz:Separation ; kz:entity kzid:thing-kelp-marine ; kz:document "c.html"',
    "lost-described": "a kz:Description ; kz:entity kzid:place-atlantis ; kz:newClass kz:Country",
}
PROBLEMS = {
    "lost-document": "its document is not among the texts",
    "lost-sentence": "no such statement is read from the texts",
    "lost-modality": "no such statement is read from the texts",
    "lost-words": "the document does not hold the sentence",
    "lost-mention": "the sentence does not hold the words “Ada Quill”",
    "lost-class": "no entity is called “programme”; give it a class (kz:subjectClass or kz:objectClass)",
    "lost-fit": "adopted does not take Lantern (Programme) and Kelp Robotics (Firm)",
    "lost-one": "both ends are one entity, Kelp Robotics",
    "lost-speaker": "the document does not name kzid:person-ada-quill",
    "lost-local": "kzid:thing-beacon-office--in-b.txt_bd2cb47770bb is told by its own document alone",
    "lost-entity": "no entity is kzid:place-atlantis",
    "lost-name": "nothing in the texts fits its names and documents",
    "lost-rest": "nothing else bears this IRI",
    "lost-described": "no entity is kzid:place-atlantis",
}
ALL = CORRECTIONS | LOST
Load = Callable[..., tuple[Correction, ...]]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_pipeline(), KNOWLEDGE)


@pytest.fixture(scope="module")
def records(texts: Path, reader: Reader) -> list[DocumentRecord]:
    return [reader.read(read_document(Source(name, texts / name, True))) for name in TEXTS]


def corrections_file(path: Path, bodies: dict[str, str]) -> Path:
    prefixes = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("kz", "kzid", "prov", "rdfs"))
    said = "".join(f"kzid:correction-{name} {body} ; {SIGNED} .\n" for name, body in bodies.items())
    path.write_text(f'{prefixes}kzid:reviewer-ida a prov:Person ; rdfs:label "Ida Sand" .\n{said}', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Correction]:
    path = corrections_file(tmp_path_factory.mktemp("corrections") / "corrections.ttl", ALL | {"more": MORE})
    return {c.iri.removeprefix(f"{KZID}correction-"): c for c in load_corrections([path], KNOWLEDGE)}


MORE = "a kz:Merger ; kz:entity kzid:thing-lantern, kzid:thing-tidal-table, kzid:thing-nowhere"


class Revised:
    """The graph that some corrections give."""

    def __init__(self, revision: Revision) -> None:
        self.revision = revision
        self.quads = to_quads(revision.records, revision.identities, KNOWLEDGE)
        self.recorded = correction_quads(revision.outcomes, KNOWLEDGE)
        self.problems = {
            o.correction.iri.rpartition("correction-")[2]: o.problem for o in revision.outcomes if o.problem
        }

    def has(self, subject: str, relation: str, target: str) -> bool:
        triple = (ox.NamedNode(KZID + subject), ox.NamedNode(KZ + relation), ox.NamedNode(KZID + target))
        return any((q.subject, q.predicate, q.object) == triple for q in self.quads)

    def values(self, subject: str, predicate: str) -> set[str]:
        node = ox.NamedNode(KZID + subject)
        return {
            q.object.value for q in self.quads + self.recorded if q.subject == node and q.predicate.value == predicate
        }

    def statements(self, relation: str) -> list[str]:
        return sorted(
            {
                q.subject.value
                for q in self.quads
                if q.predicate.value == RDF + "predicate" and q.object.value == KZ + relation
            }
        )

    def concerns(self, name: str) -> set[str]:
        return {iri.removeprefix(KZID) for iri in self.values(f"correction-{name}", KZ + "concerns")}


@pytest.fixture(scope="module")
def revised(records: list[DocumentRecord], known: dict[str, Correction], texts: Path) -> Callable[..., Revised]:
    def apply(*names: str, of: Sequence[DocumentRecord] = records) -> Revised:
        def reopen(name: str) -> Document:
            return read_document(Source(name, texts / name, True))

        return Revised(revise(of, [known[name] for name in names], KNOWLEDGE, open_document=reopen))

    return apply


Apply = Callable[..., Revised]


def test_without_corrections_nothing_is_recorded(revised: Apply) -> None:
    plain = revised()
    assert plain.recorded == []
    assert plain.has("thing-kelp-robotics", "endorsed", "thing-lantern")


def test_a_rejected_statement_is_gone_with_its_triple(revised: Apply) -> None:
    found = revised("reject")
    assert not found.has("thing-kelp-robotics", "endorsed", "thing-lantern")
    assert found.statements("endorsed") == []
    assert found.has("thing-kelp-robotics", "participatedIn", "thing-lantern"), "what else the sentence says stays"


def test_a_rejection_without_a_place_holds_everywhere(revised: Apply) -> None:
    assert len(revised().statements("uses")) == 1
    assert revised("reject-by-iri").statements("uses") == []


def test_a_rejection_may_turn_a_symmetric_relation(revised: Apply) -> None:
    found = revised("reject-symmetric")
    assert not found.problems
    assert not found.has("thing-kelp-marine", "partnersWith", "thing-gull-institute")
    assert not found.has("thing-gull-institute", "partnersWith", "thing-kelp-marine")


def test_markup_is_no_part_of_a_sentence(revised: Apply) -> None:
    assert revised("reject-in-html").statements("funds") == []


def test_a_statement_keeps_the_evidence_that_is_not_rejected(revised: Apply) -> None:
    (node,) = (iri.removeprefix(KZID) for iri in revised().statements("uses"))
    assert len(revised().values(node, PROV + "wasDerivedFrom")) == 2
    (sentence,) = revised("reject-in-one").values(node, PROV + "wasDerivedFrom")
    assert "b.txt#" in sentence


def test_an_added_statement_stands_with_its_evidence(revised: Apply) -> None:
    found = revised("add")
    assert found.problems == {}
    assert found.has("thing-beacon-office--in-b.txt_bd2cb47770bb", "implements", "thing-tidal-table")
    (node,) = found.concerns("add")
    (sentence,) = found.values(node, PROV + "wasDerivedFrom")
    (derivation,) = found.values(node, PROV + "qualifiedDerivation")
    begin = TEXTS["b.txt"].index("The Beacon")
    assert sentence.endswith(f"b.txt#char={begin},{len(TEXTS['b.txt']) - 1}")
    assert found.values(derivation.removeprefix(KZID), KZ + "frame") == {KZID + "correction-add"}
    assert found.values(derivation.removeprefix(KZID), KZ + "confidence") == {"1"}


def test_an_entity_of_another_document_is_the_same_there(revised: Apply) -> None:
    found = revised("add-from-elsewhere")
    assert found.has("person-ada-quill", "participatedIn", "thing-quay-summit")
    (node,) = found.concerns("add-from-elsewhere")
    assert found.values(node, KZ + "date") == {"2031"}
    mentions = {
        q.subject.value
        for q in found.quads
        if q.predicate.value == ITSRDF + "taIdentRef" and q.object.value.endswith("quill")
    }
    assert any("c.html" in span for span in mentions)


def test_a_new_entity_has_the_class_that_is_given(revised: Apply) -> None:
    found = revised("add-new")
    assert found.values("thing-peruvian-firm", RDF + "type") == {KZ + "Firm"}
    assert not found.has("thing-peruvian-firm", "uses", "thing-machine-learning"), "it is only planned"
    assert len(found.concerns("add-new")) == 1


def test_merged_entities_are_one_node_with_all_names(revised: Apply) -> None:
    found = revised("merge")
    kept, gone = sorted((PERU, GHANA))
    assert found.has(kept, "launched", "thing-lantern")
    assert not found.values(gone, RDF + "type")
    assert found.concerns("merge") == {kept}
    assert found.values(kept, KZ + "locatedIn") == {KZID + "place-peru", KZID + "place-ghana"}


def test_what_the_merged_own_follows_them(revised: Apply) -> None:
    found = revised("merge")
    (office,) = found.values("person-ada-quill", KZ + "holdsPosition")
    assert found.values(office.removeprefix(KZID), KZ + "positionIn") == {KZID + found.concerns("merge").pop()}


def test_entities_of_different_kinds_become_one(revised: Apply) -> None:
    found = revised("merge-kinds")
    (kept,) = found.concerns("merge-kinds")
    assert len(found.values(kept, RDF + "type")) == 1
    names = found.values(kept, SKOS + "altLabel") | found.values(kept, RDFS + "label")
    assert {"Lantern", "Tidal Table", "Kelp Marine"} <= names


def test_a_merger_joins_what_is_there_and_reports_the_rest(revised: Apply) -> None:
    found = revised("more")
    assert found.problems == {"more": "no entity is kzid:thing-nowhere"}
    assert len(found.concerns("more")) == 1


def test_parted_entities_are_two_nodes(revised: Apply) -> None:
    found = revised("part-documents")
    both = found.concerns("part-documents")
    assert len(both) == 2
    assert {found.values(iri, KZ + "uses").pop() for iri in both} == {KZID + "thing-machine-learning"}
    (other,) = both - {"thing-kelp-robotics"}
    assert other.startswith("thing-kelp-robotics--in-b.txt_")
    assert found.has(other, "locatedIn", "place-peru")
    assert not found.has("thing-kelp-robotics", "locatedIn", "place-peru")


def test_a_correction_finds_what_another_took_apart_or_joined(revised: Apply) -> None:
    """The IRIs of before lead to the entities of after."""
    assert revised("part-documents", "reject-by-iri").problems == {}
    assert revised("merge", "accept").problems == {}
    assert revised("merge-kinds", "describe", "reject").problems == {}


def test_a_described_entity_has_the_class_and_label(revised: Apply) -> None:
    found = revised("describe")
    assert found.values("thing-kelp-marine", RDF + "type") == {KZ + "Firm"}
    assert found.values("thing-kelp-marine", RDFS + "label") == {"Kelp Marine AG"}
    assert found.values("thing-kelp-marine", SKOS + "altLabel") == {"Kelp Marine"}


@pytest.mark.parametrize("name", LOST)
def test_what_finds_no_target_is_reported_and_changes_nothing(name: str, revised: Apply) -> None:
    found = revised(name)
    assert found.problems == {name: PROBLEMS[name]}
    assert found.values(f"correction-{name}", KZ + "applied") == {"false"}
    assert found.statements("adopted") + found.statements("develops") + found.statements("assessed") == []


def test_what_was_decided_is_recorded_in_a_graph_of_its_own(revised: Apply) -> None:
    found = revised("accept", "reject")
    assert {q.graph_name.value for q in found.recorded} == {KZID + "corrections"}
    assert found.values("correction-accept", PROV + "wasAttributedTo") == {KZID + "reviewer-ida"}
    assert found.values("reviewer-ida", RDFS + "label") == {"Ida Sand"}
    assert found.values("correction-accept", KZ + "applied") == {"true"}
    (node,) = found.concerns("accept")
    assert found.values(node, RDF + "object") == {KZID + "thing-lantern"}
    union = [ox.Quad(q.subject, q.predicate, q.object) for q in found.quads + found.recorded]
    assert set(with_document_graphs(union)) == {*found.quads, *found.recorded}
    assert found.values("correction-accept", DCTERMS + "isPartOf") == {KZID + "corrections"}


def test_corrections_outlive_a_text_that_changes(known: dict[str, Correction], reader: Reader, tmp_path: Path) -> None:
    """Other sentences come and go, lines are broken elsewhere: what is decided of a sentence stays."""
    for name, text in TEXTS.items():
        other = text.replace("Kelp Robotics joined", "Nobody was absent. Kelp  Robotics joined")
        (tmp_path / name).write_text(other.replace("<p>", "<p>It rained at the quays of Lima. "), encoding="utf-8")

    def reopen(name: str) -> Document:
        return read_document(Source(name, tmp_path / name, True))

    anew = [reader.read(reopen(name)) for name in TEXTS]
    chosen = [known[name] for name in CORRECTIONS if name != "merge-kinds"]
    assert Revised(revise(anew, chosen, KNOWLEDGE, open_document=reopen)).problems == {}


@settings(max_examples=40, deadline=None)
@given(chosen=st.sets(st.sampled_from(sorted(ALL))), chance=st.randoms(use_true_random=False))
def test_any_corrections_keep_what_a_graph_must_be(chosen: set[str], revised: Apply, chance, records) -> None:  # type: ignore[no-untyped-def]
    """In any order, with the texts in any order; and a second time changes nothing."""
    names = sorted(chosen)
    first = revised(*names)
    shuffled = revised(*chance.sample(names, len(names)), of=chance.sample(records, len(records)))
    assert to_turtle(shuffled.quads + shuffled.recorded) == to_turtle(first.quads + first.recorded)
    assert revised(*names, of=first.revision.records).revision.records == first.revision.records
    assert len(first.revision.outcomes) == len(names), "none is dropped"
    _is_sound(first)


def _is_sound(found: Revised) -> None:
    """Plain triples stand for asserted statements and nothing else; evidence names both ends; spans are slices."""
    by_subject: dict[ox.NamedNode, dict[str, set[ox.NamedNode]]] = {}
    for quad in found.quads:
        by_subject.setdefault(quad.subject, {}).setdefault(quad.predicate.value, set()).add(quad.object)
    asserted = set()
    for said in by_subject.values():
        if RDF + "predicate" not in said:
            continue
        (subject,), (relation,), (target,) = (said[RDF + end] for end in ("subject", "predicate", "object"))
        if said[KZ + "modality"] == {ox.NamedNode(KZ + "Asserted")}:
            asserted.add((subject, relation, target))
            if relation.value == KZ + "partnersWith":
                asserted.add((target, relation, subject))
        for span in said[PROV + "wasDerivedFrom"]:
            named = {
                entity
                for other, facts in by_subject.items()
                if other.value.partition("#")[0] == span.value.partition("#")[0] and _inside(facts, by_subject[span])
                for entity in facts.get(ITSRDF + "taIdentRef", ())
            }
            assert {subject, target} <= named
    relations = {KZ + name for name in KNOWLEDGE.relations}
    plain = {(q.subject, q.predicate, q.object) for q in found.quads if q.predicate.value in relations}
    assert plain == asserted


def _inside(part: dict[str, set[ox.NamedNode]], whole: dict[str, set[ox.NamedNode]]) -> bool:
    if NIF + "beginIndex" not in part:
        return False
    (begin,), (end,), (first,), (last,) = (
        said[NIF + name] for said in (part, whole) for name in ("beginIndex", "endIndex")
    )
    return int(first.value) <= int(begin.value) and int(end.value) <= int(last.value)
