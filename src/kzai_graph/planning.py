"""What a build shall be made from, checked before anything is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kzai_graph.corrections import Correction
from kzai_graph.corrections_file import find_corrections, load_corrections
from kzai_graph.errors import InputError
from kzai_graph.lexical import Ontology
from kzai_graph.manifest import Manifest, roots
from kzai_graph.ontology import load_ontology
from kzai_graph.terms import KZID

BASE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`#?\x7f-\uffff]*/", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build from, after all that can be refused at once was found right."""

    manifest: Manifest
    knowledge: Ontology
    decisions: tuple[Correction, ...]


def prepare(manifest: Manifest) -> Plan:
    """Check the settings of a build, and load the ontology and the corrections.

    Raises:
        InputError: the base IRI is none, or a file of corrections is broken.
        OntologyError: the ontology folder is broken.
    """
    base = manifest.base_iri
    if not BASE_IRI.fullmatch(base):
        raise InputError(f"base IRI {base}: not absolute and ending in a slash; write one like {KZID}")
    knowledge = load_ontology(manifest.ontology)
    given = manifest.corrections
    paths = (given,) if given is not None else find_corrections(roots(manifest.sources))
    return Plan(manifest, knowledge, load_corrections(paths, knowledge, ontology=manifest.ontology))
