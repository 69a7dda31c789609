"""Second pass: what descriptions mean ("the ministry", "a presidential decree", "its data protection law").

A bare definite description is resolved to an earlier entity or left alone; a specific one becomes an entity of
its own where its class noun stands alone in the lexicon.
"""

from __future__ import annotations

from kzai_graph.antecedents import find_antecedent, find_pair, named_beside
from kzai_graph.entities import Entity, Reference, content_words, surface
from kzai_graph.lookup import Lookup, fold
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.names import is_title_case
from kzai_graph.noun_phrases import (
    DEFINITE,
    Phrase,
    complement_end,
    find_spans,
    is_possessed,
    read_phrase,
    refer,
    set_order,
)
from kzai_graph.organs import owned_organ, unique_body
from kzai_graph.pronouns import IMPERSONAL, PLURAL, add_reference, resolve_plural, resolve_pronoun

TOPICAL = ("Instrument", "Programme", "Event", "Publication")
MAX_ISSUER_GAP = 4
INDISTINCT = frozenset({"similar", "another", "other", "such", "any", "no", "every", "each"})
WORTH_A_NODE = ("Instrument", "Event")
BODIES = ("PublicBody", "ResearchOrganisation")
WORKING_BODIES = frozenset({"working group", "task force", "council", "consortium", "hub", "accelerator", "incubator"})
VAGUE_BODIES = frozenset(
    {"center", "centre", "college", "consulate", "court", "embassy", "office", "post office", "school"}
)
ABSTRACT = frozenset({"mission", "operation", "vision", "rollout", "challenge"})
MERGING = frozenset({"network", "pool", "hub", "framework", "constellation"})
LOOSE = frozenset(
    {"service", "solution", "product", "tool", "vehicle", "website", "web site", "policy", "plan", "agenda"}
)
ALL_OVER = frozenset("article election meeting policy plan session strategy talk talks visit".split())
"""Nouns that tell too little in the plural."""
DEVICES = frozenset({"camera", "drone", "robot", "scanner", "sensor", "server", "siren", "tablet", "terminal"})
RESTRICTING = frozenset({"in", "at", "for", "that", "which", "under", "from", "by"})


def find_descriptions(mentions: Mentions, lookup: Lookup) -> None:
    """Add references for the descriptions of all blocks, and for "it" and "its", in the order of the text."""
    for block, doc in mentions.docs.items():
        things = [
            (s[-1].i, s, given) for s, given in find_spans(doc, lookup) if s[-1].lower_ not in IMPERSONAL | PLURAL
        ]
        pronouns = [(t.i, doc[t.i : t.i + 1], "") for t in doc if t.lower_ in IMPERSONAL | PLURAL]
        for i, span, determiner in sorted([*things, *pronouns], key=lambda x: (x[0], x[1].start)):
            if doc[i].lower_ in IMPERSONAL:
                found = [resolve_pronoun(doc[i], block, mentions, lookup)]
            elif doc[i].lower_ in PLURAL:
                found = [*resolve_plural(doc[i], block, mentions, lookup)]
            else:
                phrase = read_phrase(doc, block, span, mentions, lookup, determiner)
                found = [] if phrase is None else _read_all(phrase, mentions, lookup)
            for reference in found:
                if reference is not None:
                    _replace_topics(reference, mentions)
                    add_reference(mentions, reference)
        mentions.settle()


def _replace_topics(reference: Reference, mentions: Mentions) -> None:
    """ "A chatbot" that was read as one system is no longer the technology."""
    if reference.entity.cls == "Technology":
        return
    for other in mentions.covering(reference.block, reference.head):
        if other.entity.cls == "Technology" and other.head == reference.head:
            mentions.references.remove(other)


def _read_all(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> list[Reference | None]:
    return find_pair(phrase, mentions, lookup) or [_read(phrase, mentions, lookup)]


def _read(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    beside = named_beside(phrase, mentions, lookup)
    if beside is not None:
        return refer(phrase, phrase.root.i + 1, beside)
    if phrase.noun.implies == "country":
        return unique_body(phrase, mentions, lookup)
    owned = owned_organ(phrase, mentions, lookup)
    if owned is not None:
        return owned
    if _is_before_name(phrase, mentions):
        return None
    possessed, definite = is_possessed(phrase), phrase.determiner in DEFINITE
    specific = bool(phrase.modifiers) or _is_complemented(phrase)
    if definite and not specific and not phrase.plural and not possessed:
        found = find_antecedent(phrase, mentions, lookup)
        if found is not None or not _is_restricted(phrase):
            return refer(phrase, phrase.root.i + 1, found) if found is not None else None
    if definite and phrase.plural and not specific and not possessed:
        several = _several(phrase, mentions)
        if several is not None:
            return refer(phrase, phrase.root.i + 1, several)
    if definite and phrase.modifiers and not phrase.plural and _is_firm_met(phrase):
        found = find_antecedent(phrase, mentions, lookup)  # "the Lund-based company"
        return refer(phrase, phrase.root.i + 1, found) if found is not None else None
    if phrase.noun.denotes == "Ministry" and phrase.modifiers and not phrase.plural:
        return _new(phrase, mentions, lookup)  # "the finance ministry" names one
    if not (phrase.noun.stands_alone or _is_body(phrase, lookup)):
        return None
    if phrase.noun.denotes in ("Country", "Place", "Person"):
        return None
    told = specific or possessed or phrase.determiner in ("a", "an") or _is_restricted(phrase)
    if not (told or phrase.plural or _is_slight(phrase)):
        return None
    if _is_vague(phrase) or not _is_countable(phrase, mentions, lookup):
        return None
    return _new(phrase, mentions, lookup)


def _several(phrase: Phrase, mentions: Mentions) -> Entity | None:
    """What "the sirens" are: the only ones that the text has spoken of."""
    if any(t.pos_ == "NUM" for t in phrase.chunk):
        return None
    found = {
        id(r.entity): r.entity
        for r in mentions.references
        if r.kind is MentionKind.NOMINAL
        and (r.block, r.end) <= (phrase.block, phrase.chunk.start)
        and not r.entity.named
        and mentions.docs[r.block][r.head].lower_ == phrase.root.lower_
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _is_vague(phrase: Phrase) -> bool:
    """ "Our mission", "its strong network of mentors": what such words mean is no thing of its own."""
    if phrase.title in ABSTRACT:
        return True
    after = phrase.root.i + 1
    if phrase.title in MERGING and after < len(phrase.doc) and phrase.doc[after].lower_ == "of":
        return True
    if phrase.title == "hub" and not is_possessed(phrase):
        return True
    bare = not phrase.modifiers and complement_end(phrase) == after
    if phrase.determiner in ("a", "an"):
        return False
    return bare and (phrase.title in LOOSE or phrase.determiner in ("our", "my", "your"))


def _is_complemented(phrase: Phrase) -> bool:
    after = phrase.root.i + 1
    of = after < len(phrase.doc) and phrase.doc[after].lower_ == "of"
    return complement_end(phrase) > after or (of and phrase.determiner in DEFINITE)


def _is_restricted(phrase: Phrase) -> bool:
    """Tell whether what follows says which one is meant: "the pilot in Oslo", "the tool that X built"."""
    after = phrase.root.i + 1
    if after >= len(phrase.doc):
        return False
    word = phrase.doc[after]
    if word.head.i != phrase.root.i and not any(a.i == phrase.root.i for a in word.ancestors):
        return False
    return word.lower_ in RESTRICTING or word.tag_ == "VBN"


def _is_body(phrase: Phrase, lookup: Lookup) -> bool:
    """Tell whether it is a body that a text may speak of without naming it: "a working group under X", "its lab"."""
    if phrase.plural or phrase.noun.suffix:
        return False
    if phrase.root.dep_ in ("attr", "appos"):
        return False  # "X is an agency" says what X is
    if phrase.title in VAGUE_BODIES or (phrase.noun.denotes == "Ministry" and not phrase.modifiers):
        return False
    if phrase.noun.denotes == "PublicBody" and not phrase.modifiers and " " not in phrase.title:
        return _is_restricted(phrase) and phrase.determiner in ("a", "an")
    return lookup.ontology.is_a(phrase.noun.denotes, *BODIES) or phrase.title in WORKING_BODIES


def _is_before_name(phrase: Phrase, mentions: Mentions) -> bool:
    """Tell whether it is the noun before a name of another kind."""
    after = phrase.root.i + 1
    return any(r.begin == after and r.kind is MentionKind.NAME for r in mentions.covering(phrase.block, after))


def _is_firm_met(phrase: Phrase) -> bool:
    """Tell whether it can only mean a firm that the text has named: nothing but epithets stand with the noun."""
    if phrase.noun.denotes != "Firm" or phrase.noun.stands_alone or is_possessed(phrase):
        return False
    return all(t.lower_ not in ("first", "other", "only", "same", "largest") for t in phrase.chunk)


def _is_countable(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> bool:
    """Tell "a law on water" from "friendly legislation" and from "the concept of water"."""
    doc, end = phrase.doc, phrase.root.i + 1
    by = doc[phrase.chunk.start - 1].lower_ if phrase.chunk.start else ""
    if (
        phrase.root.tag_ == "NN"
        and by not in ("by", "under")
        and not (phrase.determiner or phrase.owners or is_possessed(phrase))
        and phrase.root.text.islower()
    ):
        return False
    if any(t.lower_ in INDISTINCT for t in phrase.chunk):
        return False
    if phrase.title.split()[-1] in lookup.ontology.cues.deeds and phrase.chunk[0].lower_ not in ("a", "an"):
        return False
    follows = doc[end].lower_ if end < len(doc) else ""
    if follows != "of" or phrase.modifiers or not lookup.ontology.is_a(phrase.noun.denotes, "Instrument"):
        return True
    following = [
        r for i in range(end + 1, min(end + 1 + MAX_ISSUER_GAP, len(doc))) for r in mentions.covering(phrase.block, i)
    ]
    return any(lookup.ontology.is_a(r.entity.cls or "", "Person", "Organisation", "Country") for r in following)


def _new(phrase: Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """Make or find the entity of a specific description."""
    topical = lookup.ontology.is_a(phrase.noun.denotes, *TOPICAL)
    end = complement_end(phrase) if topical else phrase.root.i + 1
    text = surface(phrase.doc, phrase.begin, end)
    words = content_words(text, lookup) | {phrase.title}
    owner = next((r.entity for r in phrase.owners if r.entity.cls == "Country"), None)
    existing = _matching(phrase, words, mentions, lookup)
    slight, title = _is_slight(phrase), phrase.title
    if existing is None and slight and not _is_told_apart(phrase, end):
        return None
    if slight and phrase.plural:  # "the dashboards" are not "a dashboard"
        title = " ".join([*title.split()[:-1], phrase.root.lower_])
    entity = existing or mentions.registry.headed(
        text, title, phrase.noun.denotes, generic=phrase.noun.generic, named=False, owner=owner
    )
    if existing is None:
        known = entity.cls is not None
        entity.cls = phrase.noun.denotes
        entity.slight = slight and (entity.slight or not known)
        entity.telling = not slight and _is_telling(phrase, end, lookup)
        set_order(entity, phrase)
        _join_capitalised(entity, phrase, mentions, lookup)
    return refer(phrase, end, entity, phrase.root.i + 1 if end > phrase.root.i + 1 else -1)


def _join_capitalised(entity: Entity, phrase: Phrase, mentions: Mentions, lookup: Lookup) -> None:
    """ "Parliamentary hearings" with a capital, where it was read as a name, are the hearings described here."""
    told = phrase.doc[phrase.begin : phrase.root.i].text
    named = mentions.registry.find(("name", fold(told))) if told else None
    if named is not None and named.cls is not None and lookup.root(named.cls) == lookup.root(phrase.noun.denotes):
        mentions.registry.merge(named, entity)
        entity.slight = False


def _is_slight(phrase: Phrase) -> bool:
    """Tell whether it means several, or what is spoken of as one thing but has no article: "guidelines"."""
    if phrase.plural:
        return phrase.title.split()[-1] not in DEVICES or not _is_told(phrase)
    bare = not (phrase.determiner or phrase.owners or is_possessed(phrase))
    return bare and phrase.root.tag_ == "NNS" and phrase.root.text.islower()


def _is_told_apart(phrase: Phrase, end: int) -> bool:
    """Tell whether several are told apart from all of their kind: "148 solar sirens", "workshops on tides"."""
    noun = phrase.title.split()[-1]
    if phrase.title in LOOSE | ABSTRACT or noun in LOOSE | ALL_OVER:
        return False
    told = end > phrase.root.i + 1 or _is_told(phrase) or _is_restricted(phrase)
    return told or not phrase.plural or phrase.noun.denotes == "Event"


def _is_told(phrase: Phrase) -> bool:
    after = phrase.root.i + 1
    told = after < len(phrase.doc) and phrase.doc[after].lower_ in ("that", "which")
    return bool(phrase.modifiers) or told or any(t.pos_ == "NUM" for t in phrase.chunk)


def _is_telling(phrase: Phrase, end: int, lookup: Lookup) -> bool:
    """Tell whether it names one text or event: "a 2015 presidential decree", "a framework agreement on water"."""
    if not lookup.ontology.is_a(phrase.noun.denotes, *WORTH_A_NODE) or is_title_case(phrase.doc):
        return False
    return any(t.pos_ in ("NOUN", "PROPN", "ADJ", "NUM") for t in phrase.modifiers) or end > phrase.root.i + 1


def _matching(phrase: Phrase, words: frozenset[str], mentions: Mentions, lookup: Lookup) -> Entity | None:
    """The one entity of the document whose words include all of these, of the same class and title."""
    found = [
        e
        for e in mentions.registry.entities()
        if e.words
        and e.title.split()[-1:] == phrase.title.split()[-1:]
        and words - {phrase.title} <= e.words
        and (phrase.determiner in DEFINITE | {"its", "their", "our"} or words == e.words)
    ]
    return found[0] if len(found) == 1 and len(words) > 1 else None
