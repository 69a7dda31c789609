"""What a build shall be made from, checked before anything is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kzai_graph.corrections import Correction
from kzai_graph.errors import InputError, OntologyError
from kzai_graph.lexical import Ontology
from kzai_graph.manifest import Manifest, roots
from kzai_graph.ontology import default_ontology, load_ontology, ontology_digest
from kzai_graph.sources import find_corrections
from kzai_graph.terms import KZID

BASE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`#?\x7f-\uffff]*/", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build from, after all that can be refused at once was found right.

    The ontology is loaded when it is needed: a build of which all is there needs only its digest.
    """

    manifest: Manifest
    ontology_digest: str
    decisions: tuple[Correction, ...]

    def knowledge(self) -> Ontology:
        """The ontology, as it was when this was planned.

        Raises:
            OntologyError: its folder is broken, or changed since.
        """
        folder = self.manifest.ontology
        knowledge = load_ontology(folder)
        if knowledge.digest != self.ontology_digest:
            raise OntologyError(f"{folder or default_ontology()}: changed while it was used; run it again")
        return knowledge


def prepare(manifest: Manifest) -> Plan:
    """Check the settings of a build, and load the corrections.

    Raises:
        InputError: the base IRI is none, or a file of corrections is broken.
        OntologyError: the ontology folder cannot be read; or it is broken, and there are corrections.
    """
    base = manifest.base_iri
    if not BASE_IRI.fullmatch(base):
        raise InputError(f"base IRI {base}: not absolute and ending in a slash; write one like {KZID}")
    folder, given = manifest.ontology, manifest.corrections
    plan = Plan(manifest, ontology_digest(folder), ())
    paths = (given,) if given is not None else find_corrections(roots(manifest.sources))
    if not paths:
        return plan
    from kzai_graph.corrections_file import load_corrections  # slow to load

    return replace(plan, decisions=load_corrections(paths, plan.knowledge(), ontology=folder))
