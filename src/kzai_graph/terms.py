"""The IRIs that the graph and the ontology files use; no RDF library is needed to read them."""

from __future__ import annotations

KZ = "https://w3id.org/kzai/ontology#"
KZID = "https://w3id.org/kzai/id/"
KZLEX = "https://w3id.org/kzai/lexicon#"
KZGAZ = "https://w3id.org/kzai/gazetteer#"
KZRULE = "https://w3id.org/kzai/rules#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ITSRDF = "http://www.w3.org/2005/11/its/rdf#"
PROV = "http://www.w3.org/ns/prov#"
DCTERMS = "http://purl.org/dc/terms/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SCHEMA = "http://schema.org/"
VANN = "http://purl.org/vocab/vann/"

PREFIXES = {
    "dcterms": DCTERMS,
    "itsrdf": ITSRDF,
    "kz": KZ,
    "kzgaz": KZGAZ,
    "kzid": KZID,
    "kzlex": KZLEX,
    "kzrule": KZRULE,
    "nif": NIF,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "vann": VANN,
    "xsd": XSD,
}
"""One prefix map for Turtle, SPARQL files and Python."""

STATEMENT_MODEL = frozenset(
    (
        "Document Statement Succession Milestone Observation Quote Rule Modality modalities "
        "Asserted Planned Negated Reported Stage stages tenures former successor "
        "modality date deadline earliest latest deadlineEarliest deadlineLatest amount currency attributedTo stage "
        "by frame trigger clause modalityCue confidence value minValue maxValue unit period indicator of speaker text "
        "sha256 encoding zone nearDuplicateOf similarity infers model modelVersion ontologyDigest"
    ).split()
)
"""Local names in the ``kz:`` namespace that describe statements and documents; the ontology defines each."""

CORRECTION_MODEL = frozenset(
    (
        "Correction Acceptance Rejection Addition Merger Separation Description "
        "document sentence subject subjectWords relation object objectWords entity name newClass newLabel "
        "concerns applied"
    ).split()
)
"""Local names in the ``kz:`` namespace that corrections are written with; the ontology defines each."""

LEXICON_MODEL = frozenset(
    (
        "EntityClass Relation DerivedRelation happensOnce oneObjectFor oneSubjectFor takesAmount timeless bringsAbout "
        "subjectDefault objectDefault NounEntry denotes lemma standsAlone generic suffix implies "
        "SelectionEntry nameRole decides "
        "Frame VerbFrame NounFrame AdjectiveFrame ConstructionFrame LearnedFrame expresses "
        "subjectRole objectRole subjectClass objectClass requires excludes setsModality givesStage reciprocal "
        "worded CueList cue KnownEntity country demonym caseless topicOnly"
    ).split()
)
"""Local names in the ``kz:`` namespace that an ontology folder is written with; the ontology defines each."""
