"""Find what a definite description takes up: the thing named beside it, nearby, or in the whole document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.names import OPENING
from kzai_graph.noun_phrases import Phrase, is_possessed, refer
from kzai_graph.salience import SUBJECTS, most_salient, own_subjects
from kzai_graph.wording import before_brackets

MAX_BLOCKS_BACK = 3
MAX_CLAUSE_TOKENS = 9
MAX_PLACE_TOKENS = 6
NAMING = frozenset({"named", "called", "dubbed", "titled", "entitled", "nicknamed"})
COPULAS = frozenset({"be", "become", "remain"})
RELATIONS = frozenset({"alliance", "partnership", "joint venture", "coalition", "union", "team", "faction"})
SUPERVISORS = frozenset({"regulator", "watchdog", "supervisor"})
UNSURE = (None, "Organisation")
HEAD_END = re.compile(r" (?:of|for|on|against|in)\b|,")
KINDS = ("Instrument", "Programme", "System", "Publication", "Event")
BROAD = frozenset(
    "act agreement bill deal document draft legislation law pact statute "
    "initiative programme program project scheme event gathering meeting paper publication report "
    "facility model platform product service solution system tool software".split()
)
"""Nouns that take up things that the text has called by other nouns of the kind."""
FIRMS = frozenset("business company corporation enterprise firm group holding start-up startup".split())
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
    owned = is_possessed(phrase) and phrase.root.dep_ not in SUBJECTS
    described = owned or phrase.determiner in ("a", "an", "the", "")
    if described and i > 0 and not is_possessing(phrase):  # X of "X, the bank's rival" is no bank
        while i > 0 and doc[i].pos_ == "ADV":
            i -= 1
        equated = doc[i].lemma_ in COPULAS and (owned or phrase.determiner in ("a", "an", "the"))
        if doc[i].text in (",", "–", "—", "(") or equated:
            ends = {i, before_brackets(doc, i)}
            if i > 0 and doc[i - 1].text in ("”", '"', ")"):
                ends = {i - 1, before_brackets(doc, i)}
            candidates += [
                r
                for r in mentions.references
                if r.block == phrase.block
                and r.end in ends
                and (r.kind is MentionKind.NAME or (equated and owned and r.entity.named))
            ]
    named = _named_after(phrase, mentions)
    for reference in [*candidates, *named]:
        cls, denotes = reference.entity.cls, phrase.noun.denotes
        beside = not phrase.plural and reference.entity.known is None
        if beside and (cls is None or (_is_naming(phrase, reference) and not reference.entity.title)):
            reference.entity.votes[denotes] += 3
            reference.entity.cls = cls = denotes
        if cls is None or cls in ("Country", "Technology", "Person"):
            continue
        general = phrase.title.split()[-1] in GENERAL_ORGANS and lookup.root(cls) == lookup.root(denotes)
        if general or lookup.ontology.is_a(cls, denotes) or lookup.ontology.is_a(denotes, cls):
            return reference.entity
    return None


def _is_naming(phrase: Phrase, reference: Reference) -> bool:
    return any(t.lower_ in NAMING for t in phrase.doc[phrase.root.i + 1 : reference.begin])


def _named_after(phrase: Phrase, mentions: Mentions) -> list[Reference]:
    """ "The system, named X, …", "a local firm called X", "its application, X,", "the firm that runs it, X,"."""
    doc, i = phrase.doc, _clause_end(phrase)
    comma = i < len(doc) and doc[i].text == ","
    i += comma
    if i + 1 < len(doc) and doc[i].lemma_ == "be" and doc[i + 1].lower_ in NAMING:
        i += 1  # "the system is called X"
    naming = i < len(doc) and doc[i].lower_ in NAMING
    i += naming
    if comma and i < len(doc) and doc[i].lower_ == "the":
        i += 1
    if i >= len(doc) or not (naming or (comma and phrase.determiner and not phrase.plural)):
        return []
    i += doc[i].text in OPENING
    found = [r for r in mentions.covering(phrase.block, i) if r.begin in (i, i - 1) and r.kind is MentionKind.NAME][:1]
    if naming or not found:
        return found
    end = found[0].end
    closes = end >= len(doc) or doc[end].text in (",", ".", ";", "(")
    if not closes and doc[end].lower_ in ("of", "in"):
        closes = any(t.text == "," for t in doc[end + 2 : end + MAX_PLACE_TOKENS])
    listed = end + 1 < len(doc) and doc[end].text == "," and doc[end + 1].lower_ in ("and", "or")
    return found if closes and not listed else []


def _clause_end(phrase: Phrase) -> int:
    """Where a phrase ends together with the short relative clause behind it, which a comma closes."""
    doc, end = phrase.doc, phrase.root.i + 1
    if phrase.determiner == "the" and end < len(doc) and doc[end].lower_ in ("that", "which"):
        return next((i for i in range(end + 1, min(end + MAX_CLAUSE_TOKENS, len(doc))) if doc[i].text == ","), end)
    return end


def find_antecedent(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> Entity | None:
    """Find what the text speaks of by this noun, else by its kind; for "the country" the one spoken of."""
    if phrase.noun.denotes == "Country":
        return meant_country(phrase, mentions)
    place = (phrase.block, phrase.chunk.start)
    barred = set() if is_possessing(phrase) else own_subjects(phrase.root)
    earlier = [
        r
        for r in mentions.references
        if (r.block, r.end) <= place
        and r.kind is not MentionKind.IMPLIED
        and r.entity.cls not in ("Position", "Technology", "Person")
        and not (r.block == phrase.block and r.head in barred)
        and not (r.entity.slight and mentions.docs[r.block][r.head].tag_ != phrase.root.tag_)
    ]
    told = _told_by(phrase, earlier, mentions, lookup)
    if told:
        return most_salient(told, place, mentions, margin=1.0)
    fitting = [
        r
        for r in earlier
        if phrase.block - r.block <= (MAX_BLOCKS_BACK if r.entity.named else 0) and _may_be(r.entity, phrase, lookup)
    ]
    if phrase.noun.denotes == "Firm" and phrase.title not in FIRMS:
        if any(t.pos_ != "PROPN" and t.text != "-" and t.lower_ != "based" for t in phrase.modifiers):
            return None  # "the drone maker" may be any firm
        fitting = [r for r in fitting if _sentences_back(r, phrase) <= 1]
        return fitting[0].entity if len({id(r.entity) for r in fitting}) == 1 else None
    if any(r.entity.cls is not None for r in fitting):
        fitting = [r for r in fitting if r.entity.cls is not None]
    found = most_salient(fitting, place, mentions)
    if found is not None and phrase.noun.denotes == "Firm" and found.known is None and found.cls in UNSURE:
        found.cls = "Firm"
    return found


def _sentences_back(reference: Reference, phrase: Phrase) -> int:
    """How many sentences of the paragraph lie between; many where it is another paragraph."""
    if reference.block != phrase.block:
        return MAX_BLOCKS_BACK
    return sum(1 for t in phrase.doc[reference.begin + 1 : phrase.root.i + 1] if t.is_sent_start)


def _told_by(phrase: Phrase, earlier: Sequence[Reference], mentions: Mentions, lookup: Lookup) -> list[Reference]:
    """The references to what is named or was described by the very noun ("Bank of Ghana", "X, a games studio")."""
    word, root = phrase.title.split()[-1], lookup.root(phrase.noun.denotes)
    capital = phrase.root.text[0].isupper() and not phrase.root.is_sent_start
    if phrase.title in FIRMS:
        return []
    described = {
        id(r.entity)
        for r in earlier
        if (word not in BROAD or r.entity.named)
        and (noun := _own_noun(r, mentions)) is not None
        and lookup.singular(noun) == word
    }
    return [
        r
        for r in earlier
        if r.entity.cls is not None
        and (id(r.entity) in described or head_word(r.entity) == word)
        and (lookup.root(r.entity.cls) == root or (capital and r.entity.named))
    ]


def _own_noun(reference: Reference, mentions: Mentions) -> Token | None:
    """The noun of a description, and the small one behind a name: "the Llyr treaty"."""
    doc = mentions.docs[reference.block]
    if reference.kind is MentionKind.NAME:
        last = doc[reference.end - 1]
        return last if last.text.islower() else None
    return doc[reference.head] if reference.kind is MentionKind.NOMINAL else None


def head_word(entity: Entity) -> str:
    """The noun that says what a thing is: "bank" of "Bank of Ghana" and of "a small bank"."""
    if entity.title:
        return entity.title.split()[-1]
    head, *rest = HEAD_END.split(entity.label, maxsplit=1)
    words = head.casefold().split()
    return words[-1] if words and (rest or len(words) > 1) else ""


def is_possessing(phrase: Phrase) -> bool:
    """Tell whether the phrase is the owner of what follows: "the firm's headquarters"."""
    after = phrase.root.i + 1
    return after < len(phrase.doc) and phrase.doc[after].tag_ == "POS"


def _may_be(entity: Entity, phrase: Phrase, lookup: Lookup) -> bool:
    """Tell whether a noun that says no more than a kind can stand for an entity."""
    cls, title, denotes = entity.cls, phrase.title, phrase.noun.denotes
    if entity.slight:
        return False  # "the project" is none of "three pilots"
    if title in SUPERVISORS:
        return cls == "PublicBody"
    if title in RELATIONS:
        return False  # "this alliance" is between firms, and no firm
    if phrase.noun.generic and lookup.ontology.is_a(denotes, "PublicBody"):
        if cls != denotes:
            return False
        if entity.title.split()[-1:] not in ([], title.split()[-1:]):
            return False  # "the akimat" is no agency
        return title in GENERAL_ORGANS or cls == "Ministry"  # "the police" takes up no other body
    if title in FIRMS and cls in UNSURE and entity.known is None and entity.named and not entity.title:
        return not entity.label.isupper() or cls is not None
    if title == "group" and lookup.ontology.is_a(cls or "", "PublicBody", "InternationalOrganisation"):
        return False
    if lookup.root(denotes) in KINDS and title not in BROAD:
        return False  # "the survey" is no other study
    return cls is not None and lookup.ontology.is_a(cls, denotes)


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
