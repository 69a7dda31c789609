"""Second pass: what descriptions mean ("the ministry", "a presidential decree", "its data protection law").

A bare definite description is resolved to an earlier entity or left alone; a specific one becomes an entity of
its own where its class noun stands alone in the lexicon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from kzai_graph.entities import Entity, Reference, content_words, surface
from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.names import OPENING, is_title_case
from kzai_graph.pronouns import IMPERSONAL, SUBJECTS, add_reference, resolve_pronoun

DEFINITE = frozenset({"the", "this", "that", "said"})
COMPLEMENT_PREPOSITIONS = frozenset({"on", "for", "of", "about", "to", "against", "concerning", "regarding", "in"})
TOPICAL = ("Instrument", "Programme", "Event", "Publication")
MAX_ISSUER_GAP = 4
INDISTINCT = frozenset({"similar", "another", "other", "such", "any", "no", "every", "each"})
NOUN_MODIFIERS = ("amod", "compound", "nmod", "npadvmod")
VAGUE = frozenset(
    "new same first second third last next such other another own current existing present following previous main major key important "
    "special separate whole entire recent latest former updated draft proposed planned future several many certain various different similar shared".split()
)
WORTH_A_NODE = ("Instrument", "Event")
MAX_COMPLEMENT_TOKENS = 12
MAX_BLOCKS_BACK = 3
GENERAL_ORGANS = frozenset(
    "agency authority body commission committee regulator watchdog department service centre center bureau supervisor".split()
)
COPULAS = frozenset({"be", "become", "remain"})


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase with a class noun: its determiner, owner and modifiers."""

    doc: Doc
    block: int
    chunk: Span
    root: Token
    noun: Noun
    noun_begin: int
    title: str
    determiner: str
    owners: tuple[Reference, ...]
    modifiers: tuple[Token, ...]

    @property
    def begin(self) -> int:
        return self.modifiers[0].i if self.modifiers else self.noun_begin

    @property
    def plural(self) -> bool:
        """Tell whether it means several things; "hearings" and "guidelines" are listed as one."""
        return self.root.tag_ in ("NNS", "NNPS") and self.root.lower_ not in self.noun.lemmas


def find_descriptions(mentions: Mentions, lookup: Lookup) -> None:
    """Add references for the descriptions of all blocks, and for "it" and "its", in the order of the text."""
    for block, doc in mentions.docs.items():
        things = [(span[-1].i, span, determiner) for span, determiner in _spans(doc, lookup)]
        pronouns = [(t.i, doc[t.i : t.i + 1], "") for t in doc if t.lower_ in IMPERSONAL]
        for i, span, determiner in sorted([*things, *pronouns], key=lambda x: (x[0], x[1].start)):
            if doc[i].lower_ in IMPERSONAL:
                found = [resolve_pronoun(doc[i], block, mentions, lookup)]
            else:
                phrase = _phrase(doc, block, span, mentions, lookup, determiner)
                found = [] if phrase is None else _read_all(phrase, mentions, lookup)
            for reference in found:
                if reference is not None:
                    add_reference(mentions, reference)
        mentions.settle()


def _spans(doc: Doc, lookup: Lookup) -> Iterator[tuple[Span, str | None]]:
    """Noun phrases, and those inside them: "the bank" of "the bank's head", "government" of "a government spokesman"."""
    for chunk in doc.noun_chunks:
        yield chunk, None
        start = chunk.start
        for token in chunk:
            if token.tag_ == "POS" and token.i > start:
                yield doc[start : token.i], None
                start = token.i + 1
        for token in chunk[:-1]:
            if (
                token.pos_ == "NOUN"
                and token.dep_ == "compound"
                and token.text.islower()
                and _before_office(token, lookup)
            ):
                yield doc[token.i : token.i + 1], "the"


def _before_office(token: Token, lookup: Lookup) -> bool:
    head = token.head
    found = lookup.noun_ending(list(token.doc[token.i + 1 : head.i + 1])) if head.i > token.i else None
    return found is not None and found[0].denotes == "Position"


def _phrase(
    doc: Doc, block: int, chunk: Span, mentions: Mentions, lookup: Lookup, given: str | None = None
) -> _Phrase | None:
    root = chunk.root
    if root.pos_ not in ("NOUN", "PROPN") or any(r.end > root.i for r in mentions.covering(block, root.i)):
        return None
    start = chunk.start
    while start < root.i and doc[start].text in OPENING:
        start += 1
    found = lookup.noun_ending(list(doc[start : root.i + 1]))
    if found is None or found[0].denotes == "Position" or (found[0].suffix and root.text.islower()):
        return None
    noun, size = found
    noun_begin = root.i + 1 - size
    before = list(doc[start:noun_begin])
    determiner = given or next((t.lower_ for t in before if t.pos_ == "DET" or t.tag_ == "PRP$"), "")
    owners = (
        tuple(
            r
            for r in mentions.references
            if r.block == block
            and r.begin >= chunk.start
            and r.end <= noun_begin
            and lookup.ontology.is_a(r.entity.cls or "", "Country", "Organisation", "Person", "Place")
        )
        if before
        else ()
    )
    possessor_end = max((t.i + 1 for t in before if t.tag_ == "POS"), default=start)
    owned = {i for r in owners for i in range(r.begin, r.end)}
    modifiers = tuple(
        t
        for t in before
        if t.i >= possessor_end
        and t.pos_ in ("NOUN", "ADJ", "PROPN", "VERB", "NUM", "PUNCT", "ADV")
        and t.i not in owned
        and t.tag_ != "PRP$"
        and not (t.pos_ == "PUNCT" and t.text != "-")
    )
    while modifiers and (
        modifiers[0].lower_ in VAGUE
        or modifiers[0].pos_ == "VERB"
        and modifiers[0].dep_ not in NOUN_MODIFIERS
        or _is_loose(modifiers[0])
        or modifiers[0].pos_ == "ADV"
    ):
        modifiers = modifiers[1:]
    title = " ".join(lookup.singular(t) for t in doc[noun_begin : root.i + 1])
    return _Phrase(doc, block, chunk, root, noun, noun_begin, title, determiner, owners, modifiers)


def _is_loose(token: Token) -> bool:
    """A count before the phrase; a year, and the number of "50-megawatt", belong to it."""
    if token.pos_ == "PUNCT":
        return True
    is_year = token.text.isdigit() and len(token.text) == 4
    return token.pos_ == "NUM" and not is_year and token.nbor().text != "-"


def _read_all(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> list[Reference | None]:
    return _pair(phrase, mentions, lookup) or [_read(phrase, mentions, lookup)]


def _pair(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> list[Reference | None]:
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
    return [_refer(phrase, phrase.root.i + 1, e) for e in found] if len(found) == 2 else []


def _read(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    beside = _same_as(phrase, mentions, lookup)
    if beside is not None:
        return _refer(phrase, phrase.root.i + 1, beside)
    if phrase.noun.implies == "country":
        return _unique_body(phrase, mentions, lookup)
    owned = _owned_organ(phrase, mentions, lookup)
    if owned is not None:
        return owned
    specific = phrase.modifiers or _complement_end(phrase) > phrase.root.i + 1
    if phrase.determiner in DEFINITE and not specific and not phrase.plural and not _possessed(phrase):
        found = _antecedent(phrase, mentions, lookup)
        return _refer(phrase, phrase.root.i + 1, found) if found is not None else None
    if phrase.noun.denotes == "Ministry" and phrase.modifiers and not phrase.plural:
        return _new(phrase, mentions, lookup)  # "the finance ministry" names one
    if not phrase.noun.stands_alone or phrase.noun.denotes in ("Country", "Place", "Person"):
        return None
    if not specific and phrase.determiner not in ("a", "an"):
        return None
    if not _is_countable(phrase, mentions, lookup):
        return None
    return _new(phrase, mentions, lookup)


def _is_countable(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> bool:
    """Tell "a law on water" from "friendly legislation" and from "the concept of water"."""
    doc, end = phrase.doc, phrase.root.i + 1
    by = doc[phrase.chunk.start - 1].lower_ if phrase.chunk.start else ""
    if (
        phrase.root.tag_ == "NN"
        and by not in ("by", "under")
        and not (phrase.determiner or phrase.owners or _possessed(phrase))
        and phrase.root.text.islower()
    ):
        return False
    if any(t.lower_ in INDISTINCT for t in phrase.chunk):
        return False
    follows = doc[end].lower_ if end < len(doc) else ""
    if follows != "of" or phrase.modifiers or not lookup.ontology.is_a(phrase.noun.denotes, "Instrument"):
        return True
    following = [
        r for i in range(end + 1, min(end + 1 + MAX_ISSUER_GAP, len(doc))) for r in mentions.covering(phrase.block, i)
    ]
    return any(lookup.ontology.is_a(r.entity.cls or "", "Person", "Organisation", "Country") for r in following)


def _refer(phrase: _Phrase, end: int, entity: Entity, short_end: int = -1) -> Reference:
    return Reference(phrase.block, phrase.begin, end, phrase.root.i, MentionKind.NOMINAL, entity, short_end)


def _possessed(phrase: _Phrase) -> bool:
    return any(t.tag_ in ("POS", "PRP$") for t in phrase.chunk)


def _same_as(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> Entity | None:
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
    for reference in candidates:
        cls = reference.entity.cls
        if (
            cls is not None
            and cls not in ("Country", "Technology", "Person")
            and (lookup.ontology.is_a(cls, phrase.noun.denotes) or lookup.ontology.is_a(phrase.noun.denotes, cls))
        ):
            return reference.entity
    return None


def _unique_body(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """ "The government" is that of the country beside it, or of the document's main country."""
    if phrase.plural or phrase.modifiers:
        return None
    countries = [r.entity for r in phrase.owners if r.entity.cls == "Country"]
    end, i = phrase.root.i + 1, phrase.root.i + 1
    doc = phrase.doc
    if not countries and i + 1 < len(doc) and doc[i].lower_ == "of":
        start = i + 2 if doc[i + 1].lower_ == "the" else i + 1
        found = [r for r in mentions.covering(phrase.block, start)] if start < len(doc) else []
        if found and found[0].entity.cls == "Country":
            countries, end = [found[0].entity], found[0].end
        elif found:
            return None
    if not countries and (phrase.owners or (_possessed(phrase) and phrase.determiner not in ("its", "their"))):
        return None
    country = countries[0] if countries else _meant_country(phrase, mentions)
    if country is None:
        return None
    entity = mentions.registry.headed(phrase.title, phrase.title, phrase.noun.denotes, generic=True, owner=country)
    entity.telling = True
    entity.cls, entity.owner = phrase.noun.denotes, entity.owner or country
    _order(entity, phrase)
    begin = phrase.owners[0].begin if phrase.owners else phrase.noun_begin
    return Reference(
        phrase.block,
        begin,
        end,
        phrase.root.i,
        MentionKind.NOMINAL,
        entity,
        phrase.root.i + 1 if end > phrase.root.i + 1 else -1,
    )


def _antecedent(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> Entity | None:
    """The nearest earlier entity with this title, else the nearest of this class; the main country for "the country"."""
    if phrase.noun.denotes == "Country":
        return _meant_country(phrase, mentions)
    place = (phrase.block, phrase.chunk.start)
    earlier = [
        r
        for r in mentions.references
        if (r.block, r.end) <= place and r.kind in (MentionKind.NAME, MentionKind.NOMINAL)
    ]
    titled = [
        r
        for r in earlier
        if r.entity.title == phrase.title and lookup.ontology.is_a(r.entity.cls or "", phrase.noun.denotes)
    ]
    fitting = [r for r in earlier if phrase.block - r.block <= MAX_BLOCKS_BACK and _may_be(r.entity, phrase, lookup)]
    near = [r for r in fitting if _is_near(r, phrase, mentions)]
    if titled and (phrase.noun.generic or not near or _is_near(titled[-1], phrase, mentions)):
        return titled[-1].entity
    return most_salient(near or fitting, mentions)


def _is_near(reference: Reference, phrase: _Phrase, mentions: Mentions) -> bool:
    """Tell whether it stands in the same or the sentence before."""
    if reference.block != phrase.block:
        return False
    start = phrase.chunk.sent.start
    return reference.begin >= (phrase.doc[start - 1].sent.start if start else 0)


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


def _meant_country(phrase: _Phrase, mentions: Mentions) -> Entity | None:
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


def _owned_organ(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """ "Norway's central bank", "the Finnish foreign ministry", "the akimat of Almaty": an organ told by its owner."""
    if phrase.plural or not phrase.noun.generic or not lookup.ontology.is_a(phrase.noun.denotes, "PublicBody"):
        return None
    doc, end = phrase.doc, phrase.root.i + 1
    owners = [r for r in phrase.owners if r.entity.cls in ("Country", "Place")]
    if not owners and not phrase.owners and end + 1 < len(doc) and doc[end].lower_ == "of":
        start = end + 2 if doc[end + 1].lower_ == "the" and end + 2 < len(doc) else end + 1
        owners = [
            r
            for r in mentions.covering(phrase.block, start)
            if r.begin == start and r.entity.cls in ("Country", "Place")
        ][:1]
        end = owners[0].end if owners else end
    if not owners or (end == phrase.root.i + 1 < len(doc) and doc[end].lower_ in ("of", "for")):
        return None
    owner = owners[-1].entity
    text = surface(doc, phrase.begin, phrase.root.i + 1)
    entity = mentions.registry.headed(text, phrase.title, phrase.noun.denotes, generic=True, named=False, owner=owner)
    entity.telling = True
    entity.cls, entity.owner = phrase.noun.denotes, entity.owner or owner
    _order(entity, phrase)
    begin = min(phrase.begin, owners[-1].begin)
    return Reference(
        phrase.block,
        begin,
        end,
        phrase.root.i,
        MentionKind.NOMINAL,
        entity,
        phrase.root.i + 1 if end > phrase.root.i + 1 else -1,
    )


def _may_be(entity: Entity, phrase: _Phrase, lookup: Lookup) -> bool:
    if phrase.noun.generic and entity.title not in ("", phrase.title):
        return False  # "the akimat" is no ministry
    if phrase.noun.generic and (phrase.title not in GENERAL_ORGANS or entity.cls != phrase.noun.denotes):
        return entity.cls == phrase.noun.denotes == "Ministry"  # "the police" takes up no other body
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


def _complement_end(phrase: _Phrase) -> int:
    """Where a complement such as "on data protection" ends; the root's end if there is none."""
    doc, end = phrase.doc, phrase.root.i + 1
    limit = min(phrase.root.sent.end, end + MAX_COMPLEMENT_TOKENS)
    if end >= limit or doc[end].lower_ not in COMPLEMENT_PREPOSITIONS or doc[end].head.i != phrase.root.i:
        return end
    if doc[end].lower_ in ("in", "to") and phrase.noun.denotes not in ("Law", "Decree", "PolicyDocument"):
        return end
    if doc[end].lower_ in ("in", "to"):
        return end
    stop = end + 1
    while stop < limit and (
        doc[stop].pos_ in ("NOUN", "PROPN", "ADJ", "DET", "NUM")
        or doc[stop].lower_ in ("of", "and", "-", "for")
        or doc[stop].tag_ in ("POS", "PRP$")
        or (doc[stop].tag_ == "VBG" and doc[stop - 1].pos_ == "ADP")
    ):
        stop += 1
    while stop > end + 1 and (
        doc[stop - 1].pos_ in ("ADP", "CCONJ", "DET", "PUNCT") or doc[stop - 1].tag_ in ("POS", "PRP$")
    ):
        stop -= 1
    return stop if stop > end + 1 else end


def _new(phrase: _Phrase, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """Make or find the entity of a specific description."""
    topical = lookup.ontology.is_a(phrase.noun.denotes, *TOPICAL)
    end = _complement_end(phrase) if topical else phrase.root.i + 1
    text = surface(phrase.doc, phrase.begin, end)
    words = content_words(text, lookup) | {phrase.title}
    owner = next((r.entity for r in phrase.owners if r.entity.cls == "Country"), None)
    existing = _matching(phrase, words, mentions, lookup)
    if existing is None and phrase.plural:
        return None
    entity = existing or mentions.registry.headed(
        text, phrase.title, phrase.noun.denotes, generic=phrase.noun.generic, named=False, owner=owner
    )
    if existing is None:
        entity.cls = phrase.noun.denotes
        entity.telling = _is_telling(phrase, end, lookup)
        _order(entity, phrase)
    return _refer(phrase, end, entity, phrase.root.i + 1 if end > phrase.root.i + 1 else -1)


def _is_telling(phrase: _Phrase, end: int, lookup: Lookup) -> bool:
    """Tell whether it names one text or event: "a 2015 presidential decree", "a framework agreement on water"."""
    if not lookup.ontology.is_a(phrase.noun.denotes, *WORTH_A_NODE) or is_title_case(phrase.doc):
        return False
    return any(t.pos_ in ("NOUN", "PROPN", "ADJ", "NUM") for t in phrase.modifiers) or end > phrase.root.i + 1


def _matching(phrase: _Phrase, words: frozenset[str], mentions: Mentions, lookup: Lookup) -> Entity | None:
    """The one entity of the document whose words include all of these, of the same class and title."""
    found = [
        e
        for e in mentions.registry.entities()
        if e.words
        and e.title.split()[-1:] == phrase.title.split()[-1:]
        and words - {phrase.title} <= e.words
        and (phrase.determiner in DEFINITE or words == e.words)
    ]
    return found[0] if len(found) == 1 and len(words) > 1 else None


def _order(entity: Entity, phrase: _Phrase) -> None:
    if entity.order == (0, 0):
        entity.order = (phrase.block, phrase.chunk.start)
