"""Read one document into a record: the whole way from blocks to statements, on one screen."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kzai_graph.clauses import find_clauses
from kzai_graph.constructions import find_constructions
from kzai_graph.coreference import resolve_pronouns, resolve_titles
from kzai_graph.dates import TimeExpression, find_dates
from kzai_graph.descriptions import find_descriptions
from kzai_graph.duplicates import fingerprint
from kzai_graph.first_person import resolve_first_person
from kzai_graph.frames import Matcher
from kzai_graph.language import Pipeline, parse_blocks
from kzai_graph.learned import Learned
from kzai_graph.lexical import Ontology
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import find_mentions
from kzai_graph.model import Clause, Document, DocumentRecord, Modality, Zone
from kzai_graph.names import is_title_case
from kzai_graph.naming import is_person
from kzai_graph.observations import find_observations
from kzai_graph.occasions import find_occasions
from kzai_graph.offices import find_offices
from kzai_graph.quantities import find_quantities
from kzai_graph.quotes import find_quotes
from kzai_graph.readings import Reading
from kzai_graph.records import to_record
from kzai_graph.stages import settle_stages
from kzai_graph.topics import find_topics
from kzai_graph.worth import keep_worthy

STATING_ZONES = frozenset({Zone.TITLE, Zone.BODY, Zone.LIST_ITEM})


class Reader:
    """Read documents with one pipeline and one ontology."""

    def __init__(self, pipeline: Pipeline, ontology: Ontology) -> None:
        self.pipeline = pipeline
        self.ontology = ontology
        self.lookup = Lookup(ontology, pipeline.nlp)
        self._learned = Learned(ontology)
        # What was loaded stays, and is much: the collector would walk through it again with every few texts.
        gc.freeze()

    def read(self, document: Document) -> DocumentRecord:
        """Read a document; the same document gives the same record."""
        return replace(to_record(self.interpret(document), self.lookup), fingerprint=fingerprint(document.blocks))

    def interpret(self, document: Document) -> Reading:
        """All that the reading of a document finds, over the tokens of its blocks."""
        docs = dict(parse_blocks(self.pipeline, document.blocks))
        mentions = find_mentions(docs, self.lookup, _bylines(document, docs))
        find_topics(mentions, self.lookup)
        find_descriptions(mentions, self.lookup)
        offices = find_offices(mentions, self.lookup)
        resolve_titles(mentions, offices)
        resolve_pronouns(mentions, self.lookup)
        resolve_first_person(mentions, document.metadata.publisher, self.lookup)
        find_occasions(mentions, self.lookup)

        reading = Reading(document, docs, mentions)
        stating = {b: d for b, d in docs.items() if document.blocks[b].zone in STATING_ZONES and not is_title_case(d)}
        for block, doc in stating.items():
            reading.clauses[block] = find_clauses(doc, self.ontology.cues)
            reading.times[block] = _dates(doc, reading.clauses[block], document.metadata.date)
            reading.quantities[block] = find_quantities(doc, times=reading.times[block])
        matcher = Matcher(mentions, self.lookup)
        bylines = {b for b in docs if document.blocks[b].zone is Zone.BYLINE}
        ties = [c for c in offices if c.subject.block in stating or c.subject.block in bylines]
        ties += [c for c in find_constructions(mentions, self.lookup) if c.subject.block in stating]
        proposals = [*matcher.from_constructions(ties), *matcher.from_clauses(reading.clauses)]
        proposals = keep_worthy(proposals, mentions, self.ontology)
        reading.proposals, reading.reached = settle_stages(matcher, reading.clauses, proposals)
        learned = self._learned.propose(mentions, reading.clauses, reading.proposals, self.lookup)
        reading.proposals = [*reading.proposals, *learned]
        reading.dropped = matcher.dropped
        reading.quotes = find_quotes(docs, document, self.ontology.cues)
        reading.observations = [
            (observation, reading.entity_at(anchor))
            for observation, anchor in find_observations(
                docs, document, reading.quantities, reading.times, reading.clauses, self.ontology.cues
            )
        ]
        return reading


def _bylines(document: Document, docs: Mapping[int, Doc]) -> dict[int, list[str]]:
    """The persons whom the metadata name as authors, for each block of a byline."""
    creators = re.split(r",\s+|\s+(?:and|&)\s+", document.metadata.creator or "")
    persons = [c for c in creators if c and is_person(c)]
    return {b: persons for b in docs if document.blocks[b].zone is Zone.BYLINE and persons}


def _dates(doc: Doc, clauses: Sequence[Clause], reference: str | None) -> list[TimeExpression]:
    planned = _timed(c for c in clauses if c.modality is Modality.PLANNED)
    planned -= _timed(c for c in clauses if c.modality is Modality.ASSERTED and c.kind == "verb")
    return find_dates(doc, reference=reference, future=lambda token: token in planned)


def _timed(clauses: Iterable[Clause]) -> set[int]:
    """The tokens of the times of clauses."""
    return {i for c in clauses for begin, end in c.times for i in range(begin, end)}
