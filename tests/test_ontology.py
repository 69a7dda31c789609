"""The shipped ontology says what each term means, and loads; broken folders are refused with their place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kzai_graph.errors import OntologyError
from kzai_graph.inquiry import Graph
from kzai_graph.lexical import Ontology
from kzai_graph.model import Modality
from kzai_graph.ontology import default_ontology, load_ontology
from kzai_graph.rules import load_rules
from kzai_graph.terms import CORRECTION_MODEL, KZ, LEXICON_MODEL, OWL, RDF, RDFS, SCHEMA, SKOS, STATEMENT_MODEL

FOLDER = default_ontology()
HOME = "https://w3id.org/kzai/ontology"
AGENT = {"Person", "Organisation", "Country"}
PARTS = {"Organisation", "System", "Programme", "Instrument", "Place", "Event", "Technology"}
PARENTS = {
    "PublicBody": "Organisation",
    "Ministry": "PublicBody",
    "Legislature": "PublicBody",
    "Firm": "Organisation",
    "InternationalOrganisation": "Organisation",
    "CivilSocietyOrganisation": "Organisation",
    "ResearchOrganisation": "Organisation",
    "MediaOrganisation": "Organisation",
    "Law": "Instrument",
    "Decree": "Instrument",
    "PolicyDocument": "Instrument",
    "InternationalInstrument": "Instrument",
}
TOP = "Person Position Organisation Instrument Programme System Technology Country Place Event Publication".split()
SIGNATURES = {
    "holdsPosition": ({"Person"}, {"Position"}),
    "positionIn": ({"Position"}, {"Organisation", "Country", "Place", "Programme"}),
    "memberOf": (AGENT, {"Organisation"}),
    "partOf": (PARTS, PARTS),
    "locatedIn": ({"Organisation", "System", "Event", "Place", "Programme"}, {"Place", "Country"}),
    "adopted": (AGENT, {"Instrument", "Programme"}),
    "develops": (AGENT, {"Instrument", "Programme", "System", "Technology", "Publication"}),
    "amended": (AGENT, {"Instrument", "Publication"}),
    "responsibleFor": ({"Person", "Organisation"}, {"Instrument", "Programme", "System", "Technology", "Organisation"}),
    "isAbout": ({"Instrument", "Programme", "Event", "Publication", "Organisation", "System"}, {"Technology"}),
    "alignedWith": ({"Instrument"}, {"Instrument"}),
    "launched": (AGENT, {"Programme", "System", "Organisation", "Event", "Publication"}),
    "implements": (AGENT | {"Instrument", "Programme"}, {"Programme", "Instrument"}),
    "uses": (AGENT | {"System", "Programme"}, {"Technology", "System"}),
    "deployedIn": ({"System", "Technology", "Organisation", "Programme"}, {"Place", "Country"}),
    "supplies": ({"Organisation"}, {"System", "Technology"}),
    "partnersWith": (AGENT, AGENT),
    "funds": (AGENT, {"Programme", "System", "Organisation", "Technology", "Event"}),
    "sanctioned": ({"Country", "Organisation"}, AGENT),
    "endorsed": (AGENT, {"Instrument", "Programme"}),
    "participatedIn": (AGENT, {"Event", "Instrument", "Programme"}),
    "organised": (AGENT, {"Event"}),
    "published": ({"Person", "Organisation"}, {"Publication", "Instrument"}),
    "assessed": ({"Organisation", "Publication"}, {"Country", "Organisation", "System", "Place"}),
}
ALIGNED = {
    "holdsPosition": (RDFS + "subPropertyOf", "http://www.w3.org/ns/org#holds"),
    "positionIn": (SKOS + "relatedMatch", "http://www.w3.org/ns/org#postIn"),
    "memberOf": (SKOS + "relatedMatch", "http://www.w3.org/ns/org#memberOf"),
    "partOf": (RDFS + "subPropertyOf", "http://purl.org/dc/terms/isPartOf"),
    "locatedIn": (SKOS + "relatedMatch", SCHEMA + "location"),
    "isAbout": (SKOS + "relatedMatch", "http://data.europa.eu/eli/ontology#is_about"),
}


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="module")
def schema() -> ox.Store:
    return Graph(FOLDER / "kzai.ttl").load()


def values(schema: ox.Store, term: str, prop: str) -> set[str]:
    return {q.object.value for q in schema.quads_for_pattern(ox.NamedNode(term), ox.NamedNode(prop), None)}


def terms(schema: ox.Store) -> set[str]:
    return {q.subject.value for q in schema if q.subject.value.startswith(KZ)}


def test_classes_are_those_of_the_guidelines(ontology: Ontology) -> None:
    expected = dict.fromkeys(TOP) | PARENTS
    assert {name: found.parent for name, found in ontology.classes.items()} == expected


def test_relations_have_the_domains_and_ranges_of_the_guidelines(ontology: Ontology) -> None:
    found = {name: (set(r.domain), set(r.range)) for name, r in ontology.relations.items()}
    assert found == SIGNATURES
    assert [name for name, r in ontology.relations.items() if r.symmetric] == ["partnersWith"]


def test_classes_fit_relations_with_their_subclasses(ontology: Ontology) -> None:
    assert ontology.fits("adopted", "Legislature", "Law")
    assert not ontology.fits("adopted", "Law", "Legislature")
    assert not ontology.fits("adopted", "Place", "Law")


def test_terms_of_code_and_ontology_are_equal(schema: ox.Store, ontology: Ontology) -> None:
    stages = {stage.removeprefix(KZ) for stage in ontology.stages}
    groups = [STATEMENT_MODEL, CORRECTION_MODEL, LEXICON_MODEL, stages, derived_relations(schema)]
    groups += [frozenset(ontology.classes), frozenset(ontology.relations)]
    assert {term.removeprefix(KZ) for term in terms(schema)} == set().union(*groups)
    assert sum(map(len, groups)) == len(terms(schema)), "a term stands in two groups"


def derived_relations(schema: ox.Store) -> set[str]:
    kind = ox.NamedNode(KZ + "DerivedRelation")
    found = schema.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind)
    return {quad.subject.value.removeprefix(KZ) for quad in found}


def test_rules_infer_all_derived_relations(schema: ox.Store) -> None:
    inferred = [pattern.predicate.removeprefix(KZ) for rule in load_rules(FOLDER) for pattern in rule.head]
    assert sorted(inferred) == sorted(derived_relations(schema)), "one rule for each"


def test_every_term_is_defined(schema: ox.Store) -> None:
    for term in sorted(terms(schema)):
        assert len(values(schema, term, RDFS + "label")) == 1, term
        (definition,) = values(schema, term, SKOS + "definition")
        assert definition[0].isupper(), term
        assert definition.endswith("."), term
        assert ". " not in definition, f"{term}: more than one sentence"
        assert values(schema, term, RDFS + "isDefinedBy") == {HOME}, term
        assert values(schema, term, RDF + "type"), term


def test_relations_state_no_intersecting_domains(schema: ox.Store) -> None:
    """Several rdfs:domain would intersect; the schema uses schema:domainIncludes instead."""
    assert not list(schema.quads_for_pattern(None, ox.NamedNode(RDFS + "domain"), None))
    assert not list(schema.quads_for_pattern(None, ox.NamedNode(RDFS + "range"), None))


@pytest.mark.parametrize("relation", ALIGNED)
def test_relation_is_aligned(schema: ox.Store, relation: str) -> None:
    prop, other = ALIGNED[relation]
    assert values(schema, KZ + relation, prop) == {other}


def test_modalities_and_stages_are_concepts(schema: ox.Store, ontology: Ontology) -> None:
    kind = ox.NamedNode(KZ + "Modality")
    found = {q.subject.value for q in schema.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind)}
    assert found == {KZ + modality for modality in Modality}
    for term in (*found, *ontology.stages):
        assert SKOS + "Concept" in values(schema, term, RDF + "type")
        assert values(schema, term, SKOS + "inScheme") <= {KZ + "modalities", KZ + "stages", KZ + "tenures"}
    for scheme in ("stages", "tenures"):
        members = [stage for stage in ontology.stages if KZ + scheme in values(schema, stage, SKOS + "inScheme")]
        notations = [int(n) for stage in members for n in values(schema, stage, SKOS + "notation")]
        assert notations == list(range(1, len(members) + 1))


def test_lexicon_gives_each_stage_and_no_other(ontology: Ontology) -> None:
    given = {frame.stage for frame in (*ontology.frames, *ontology.stage_frames) if frame.stage}
    assert given == set(ontology.stages)


def test_what_expresses_no_relation_gives_a_stage_to_its_object(ontology: Ontology) -> None:
    (frame,) = (f for f in ontology.stage_frames if f.iri.endswith("#stage-takes-effect"))
    assert (frame.kind, frame.stage, frame.roles) == ("verb", KZ + "StageInForce", ("agent",))
    assert [(r.roles, r.lemmas) for r in frame.requires] == [(("patient",), frozenset({"effect"}))]


@pytest.mark.parametrize("name", ["kzai.ttl", "shapes.ttl"])
def test_file_has_its_header(name: str) -> None:
    store = Graph(FOLDER / name).load()
    (head,) = (
        q.subject.value
        for q in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology"))
    )
    for prop in ("http://purl.org/dc/terms/title", "http://purl.org/dc/terms/license", OWL + "versionInfo"):
        assert len(values(store, head, prop)) == 1
    assert values(store, head, OWL + "versionIRI") == {f"{head}/{next(iter(values(store, head, OWL + 'versionInfo')))}"}


def test_every_relation_has_frames_and_every_class_nouns(ontology: Ontology) -> None:
    assert {frame.relation for frame in ontology.frames} == {*ontology.relations, *ontology.successions}
    named = {noun.denotes for noun in ontology.nouns} | {known.cls for known in ontology.gazetteer}
    assert set(ontology.classes) - named <= {"Instrument", "Person"}, "only these two have no nouns of their own"


def test_digest_follows_the_content_and_not_the_order(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, names in ((one, ["a.ttl", "b.ttl"]), (two, ["b.ttl", "a.ttl"])):
        folder.mkdir()
        for name in names:
            (folder / name).write_text(SMALL if name == "a.ttl" else "# nothing\n", encoding="utf-8")
    assert load_ontology(one) == load_ontology(two)
    assert load_ontology(one) is load_ontology(one), "the same bytes are read once"
    (two / "b.ttl").write_text("# something\n", encoding="utf-8")
    assert load_ontology(one).digest != load_ontology(two).digest


SMALL = """
@prefix kz: <https://w3id.org/kzai/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix vann: <http://purl.org/vocab/vann/> .
<urn:bees> a owl:Ontology ; vann:preferredNamespaceUri "urn:bees#" .
<urn:bees#Bee> a kz:EntityClass ; rdfs:label "bee" .
<urn:bees#visits> a kz:Relation ; schema:domainIncludes <urn:bees#Bee> ; schema:rangeIncludes <urn:bees#Bee> .
<urn:bees#f> a kz:VerbFrame ; kz:expresses <urn:bees#visits> ; kz:lemma "visit" ;
    kz:subjectRole "agent" ; kz:objectRole "patient" .
"""


def without(line: str) -> Callable[[str], str]:
    return lambda text: text.replace(line, "")


BROKEN = {
    "syntax": (lambda text: text + "<urn:bees#Bee> a", r"a\.ttl:\d+"),
    "unknown class": (
        lambda text: text.replace("rangeIncludes <urn:bees#Bee>", "rangeIncludes <urn:bees#Be>"),
        "unknown class <urn:bees#Be>",
    ),
    "unknown relation": (
        lambda text: text.replace("expresses <urn:bees#visits>", "expresses <urn:bees#visit>"),
        "unknown relation",
    ),
    "unknown role": (lambda text: text.replace('"agent"', '"actor"'), "unknown role 'actor'"),
    "unknown role of a name": (
        lambda text: (
            text + '<urn:s> a kz:SelectionEntry ; kz:denotes <urn:bees#Bee> ; kz:nameRole "object" ; kz:lemma "sting" .'
        ),
        "unknown role 'object' in kz:nameRole; use agent, modifier, passive, patient, possessor or prep:WORD",
    ),
    "no lemma": (without('kz:lemma "visit" ;'), "has no kz:lemma"),
    "no class": (without('<urn:bees#Bee> a kz:EntityClass ; rdfs:label "bee" .'), "defines no class"),
    "no namespace": (without('vann:preferredNamespaceUri "urn:bees#"'), "preferredNamespaceUri"),
    "unknown modality": (
        lambda text: text.replace('kz:lemma "visit"', 'kz:lemma "visit" ; kz:setsModality kz:Maybe'),
        "unknown modality",
    ),
    "unknown stage": (
        lambda text: text.replace('kz:lemma "visit"', 'kz:lemma "visit" ; kz:givesStage kz:StageDreamt'),
        "unknown stage",
    ),
    "unknown cue list": (lambda text: text + '<urn:c> a kz:CueList ; kz:cue "moody" .', "unknown cue list 'moody'"),
    "known entity of unknown class": (
        lambda text: text + '<urn:k> a kz:KnownEntity ; kz:denotes <urn:bees#Wasp> ; rdfs:label "Wasp" .',
        "unknown class <urn:bees#Wasp>",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_folder_is_refused_with_file_and_remedy(tmp_path: Path, case: str) -> None:
    break_it, message = BROKEN[case]
    broken = break_it(SMALL)
    assert broken != SMALL
    (tmp_path / "a.ttl").write_text(broken, encoding="utf-8")
    with pytest.raises(OntologyError, match=message) as caught:
        load_ontology(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_folder_without_ontology_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="no ontology files"):
        load_ontology(tmp_path / "nothing")
