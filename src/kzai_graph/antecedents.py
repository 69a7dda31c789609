"""Find what a definite description takes up: the thing named beside it, nearby, or in the whole document."""

from __future__ import annotations

from collections import Counter

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.names import OPENING
from kzai_graph.noun_phrases import Phrase, refer
from kzai_graph.pronouns import SUBJECTS

MAX_BLOCKS_BACK = 3
NAMING = frozenset({"named", "called", "dubbed", "titled", "entitled", "nicknamed"})
COPULAS = frozenset({"be", "become", "remain"})
RELATIONS = frozenset({"alliance", "partnership", "joint venture", "coalition", "union", "team", "faction"})
SUPERVISORS = frozenset({"regulator", "watchdog", "supervisor"})
GENERAL_ORGANS = frozenset(
    "agency authority body commission committee regulator watchdog department service centre center bureau "
    "supervisor".split()
)


def find_pair(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> list[Reference | None]:
    """ "Both companies", "the two ministries": the two of the last sentence that names two of the kind."""
    words = [t.lower_ for t in phrase.chunk[: phrase.noun_begin - phrase.chunk.start]]
    if not phrase.plural or words not in (["both"], ["the", "two"], ["these", "two"], ["both", "the"]):
        return []
    place = (phrase.block, phrase.chunk.start)
    earlier = [
        r
        for r in mentions.references
        if (r.block, r.end) <= place
        and phrase.block - r.block <= MAX_BLOCKS_BACK
        and r.kind is MentionKind.NAME
        and lookup.ontology.is_a(r.entity.cls or "", phrase.noun.denotes)
    ]
    by_sentence: dict[tuple[int, int], dict[int, Entity]] = {}
    for r in earlier:
        by_sentence.setdefault((r.block, mentions.docs[r.block][r.begin].sent.start), {})[id(r.entity)] = r.entity
    found = next((list(e.values()) for _, e in sorted(by_sentence.items(), reverse=True) if len(e) > 1), [])
    return [refer(phrase, phrase.root.i + 1, e) for e in found] if len(found) == 2 else []


def named_beside(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> Entity | None:
    """The named entity that the phrase describes: "X, a platform …", "X is a platform", "the platform X"."""
    doc, i = phrase.doc, phrase.chunk.start - 1
    after = phrase.root.i + 1
    if after < len(doc) and doc[after].text in OPENING:
        after += 1
    candidates: list[Reference] = []
    if after < len(doc) and (doc[after].text[0].isupper() or after > phrase.root.i + 1):
        candidates += (
            [
                r
                for r in mentions.covering(phrase.block, after)
                if r.begin in (after, after - 1) and r.kind is MentionKind.NAME
            ]
            if after < len(doc)
            else []
        )
    if phrase.determiner in ("a", "an", "the", "") and i > 0:
        while i > 0 and doc[i].pos_ == "ADV":
            i -= 1
        if doc[i].text in (",", "–", "—", "(") or (
            doc[i].lemma_ in COPULAS and phrase.determiner in ("a", "an", "the")
        ):
            end = i
            if end > 0 and doc[end - 1].text in ("”", '"', ")"):
                end -= 1
            candidates += [
                r
                for r in mentions.references
                if r.block == phrase.block and r.end == end and r.kind is MentionKind.NAME
            ]
    named = _named_after(phrase, mentions)
    for reference in [*candidates, *named]:
        cls, denotes = reference.entity.cls, phrase.noun.denotes
        if cls is None or cls in ("Country", "Technology", "Person"):
            continue
        if lookup.ontology.is_a(cls, denotes) or lookup.ontology.is_a(denotes, cls):
            return reference.entity
    return None


def _named_after(phrase: Phrase, mentions: Mentions) -> list[Reference]:
    """ "The system, named X, …", "a local firm called X", "its application, X,"."""
    doc, i = phrase.doc, phrase.root.i + 1
    comma = i < len(doc) and doc[i].text == ","
    i += comma
    naming = i < len(doc) and doc[i].lower_ in NAMING
    i += naming
    if i >= len(doc) or not (naming or (comma and phrase.determiner and not phrase.plural)):
        return []
    i += doc[i].text in OPENING
    found = [r for r in mentions.covering(phrase.block, i) if r.begin in (i, i - 1) and r.kind is MentionKind.NAME][:1]
    if naming or not found:
        return found
    end = found[0].end
    closes = end >= len(doc) or doc[end].text in (",", ".", ";")
    listed = end + 1 < len(doc) and doc[end].text == "," and doc[end + 1].lower_ in ("and", "or")
    return found if closes and not listed else []


def find_antecedent(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> Entity | None:
    """Find the nearby entity of the kind, else the last one of this title; for "the country" the one spoken of."""
    if phrase.noun.denotes == "Country":
        return meant_country(phrase, mentions)
    place = (phrase.block, phrase.chunk.start)
    earlier = [
        r
        for r in mentions.references
        if (r.block, r.end) <= place and r.kind in (MentionKind.NAME, MentionKind.NOMINAL)
    ]
    titled = [
        r
        for r in earlier
        if r.entity.title.split()[-1:] == phrase.title.split()[-1:]
        and lookup.ontology.is_a(r.entity.cls or "", phrase.noun.denotes)
    ]
    fitting = [r for r in earlier if phrase.block - r.block <= MAX_BLOCKS_BACK and _may_be(r.entity, phrase, lookup)]
    near = [r for r in fitting if _is_near(r, phrase, mentions)]
    if titled and (phrase.noun.generic or not near or _is_near(titled[-1], phrase, mentions)):
        return titled[-1].entity
    return most_salient(near or fitting, mentions)


def _is_near(reference: Reference, phrase: Phrase, mentions: Mentions) -> bool:
    """Tell whether it stands in the same or the sentence before."""
    if reference.block != phrase.block:
        return False
    start = phrase.chunk.sent.start
    return reference.begin >= (phrase.doc[start - 1].sent.start if start else 0)


def _may_be(entity: Entity, phrase: Phrase, lookup: Lookup) -> bool:
    if phrase.title in RELATIONS and entity.title != phrase.title:
        return False  # "this alliance" is between firms, and no firm
    if phrase.noun.generic and lookup.ontology.is_a(phrase.noun.denotes, "PublicBody"):
        if entity.cls != phrase.noun.denotes:
            return False
        if phrase.title in SUPERVISORS:
            return True
        if entity.title.split()[-1:] not in ([], phrase.title.split()[-1:]):
            return False  # "the akimat" is no agency
        return phrase.title in GENERAL_ORGANS or entity.cls == "Ministry"  # "the police" takes up no other body
    return (
        entity.cls is not None
        and lookup.ontology.is_a(entity.cls, phrase.noun.denotes)
        and not (entity.known and entity.cls == "Technology")
    )


def most_salient(references: list[Reference], mentions: Mentions) -> Entity | None:
    """Of the last sentence that has any: the subject, else what it names first."""
    if not references:
        return None
    last = references[-1]
    sentence = mentions.docs[last.block][last.begin].sent
    near = [r for r in references if r.block == last.block and r.begin >= sentence.start]
    subjects = [r for r in near if mentions.docs[r.block][r.head].dep_ in SUBJECTS]
    return (subjects or near)[0].entity


def clear_country(mentions: Mentions) -> Entity | None:
    """The country that the document is on: it names it, and what belongs to it, twice as often as any other."""
    counted: Counter[str] = Counter()
    for reference in mentions.references:
        known, owner = reference.entity.known, reference.entity.owner
        if reference.entity.cls == "Country":
            counted[reference.entity.label] += 2
        elif known is not None and known.country is not None:
            counted[known.country] += 1
        elif owner is not None and owner.cls == "Country":
            counted[owner.label] += 1
    ranked = counted.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return next(
        (r.entity for r in mentions.references if r.entity.cls == "Country" and r.entity.label == ranked[0][0]), None
    )


def meant_country(phrase: Phrase, mentions: Mentions) -> Entity | None:
    """The one that this paragraph speaks of, else the country of the document."""
    doc, main = phrase.doc, clear_country(mentions)
    here = [
        r
        for r in mentions.references
        if r.block == phrase.block and r.end <= phrase.chunk.start and r.entity.cls == "Country"
    ]
    spoken = {
        id(r.entity): r.entity for r in here if r.kind is MentionKind.NAME and doc[r.head].dep_ in (*SUBJECTS, "poss")
    }
    if len(spoken) == 1 and all(r.entity is not main for r in here):
        return next(iter(spoken.values()))
    return main or mentions.main_country()
