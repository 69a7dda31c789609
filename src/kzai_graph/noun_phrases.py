"""Read noun phrases with a class noun: determiner, owner, modifiers, complement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.names import OPENING

DEFINITE = frozenset({"the", "this", "that", "said"})
COMPLEMENT_PREPOSITIONS = frozenset({"on", "for", "of", "about", "to", "against", "concerning", "regarding", "in"})
TOPICAL_PREPOSITIONS = frozenset({"on", "about", "concerning", "regarding"})
NOUN_MODIFIERS = ("amod", "compound", "nmod", "npadvmod")
VAGUE = frozenset(
    "new same first second third last next such other another own current existing present following previous main "
    "major key important special separate whole entire recent latest former updated draft proposed planned future "
    "several many certain various different similar shared".split()
)
MAX_COMPLEMENT_TOKENS = 12


@dataclass(frozen=True, slots=True)
class Phrase:
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


def find_spans(doc: Doc, lookup: Lookup) -> Iterator[tuple[Span, str | None]]:
    """Yield noun phrases, and those inside: "the bank" of "the bank's head", "government" of "government spokesman"."""
    for chunk in doc.noun_chunks:
        yield chunk, None
        start = chunk.start
        tokens = list(chunk)
        if len(tokens) == 1:
            continue
        for token in tokens:
            if token.tag_ == "POS" and token.i > start:
                yield doc[start : token.i], None
                start = token.i + 1
        for token in tokens[:-1]:
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


def read_phrase(
    doc: Doc, block: int, chunk: Span, mentions: Mentions, lookup: Lookup, given: str | None = None
) -> Phrase | None:
    root = chunk.root
    if root.pos_ not in ("NOUN", "PROPN"):
        return None
    start = chunk.start
    while start < root.i and doc[start].text in OPENING:
        start += 1
    found = lookup.noun_ending(list(doc[start : root.i + 1]))
    if found is None or found[0].denotes == "Position" or (found[0].suffix and root.text.islower()):
        return None
    covering = mentions.covering(block, root.i)
    if any(r.end > root.i and r.entity.cls != "Technology" for r in covering):
        return None
    if covering and not _is_one_thing(chunk, found[0], covering):
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
    possessor_end = max(possessor_end, *(t.i + 1 for t in before if t.dep_ == "det"), 0)
    modifiers = tuple(
        t
        for t in before
        if t.i >= possessor_end
        and t.pos_ in ("NOUN", "ADJ", "PROPN", "VERB", "NUM", "PUNCT", "ADV")
        and t.i not in owned
        and t.tag_ not in ("PRP$", "WP$")
        and not (t.pos_ == "PUNCT" and t.text != "-")
    )
    while modifiers and (
        modifiers[0].lower_ in VAGUE
        or modifiers[0].tag_ == "JJS"
        or (modifiers[0].pos_ == "VERB" and modifiers[0].dep_ not in NOUN_MODIFIERS)
        or _is_loose(modifiers[0])
        or modifiers[0].pos_ == "ADV"
    ):
        modifiers = modifiers[1:]
    title = " ".join(lookup.singular(t) for t in doc[noun_begin : root.i + 1])
    return Phrase(doc, block, chunk, root, noun, noun_begin, title, determiner, owners, modifiers)


def _is_one_thing(chunk: Span, noun: Noun, covering: Sequence[Reference]) -> bool:
    """ "A chatbot" is one system, "chatbots" are a technology."""
    root = chunk.root
    counted = root.tag_ == "NN" and any(t.dep_ in ("det", "poss") for t in root.children)
    return counted and noun.denotes == "System" and all(r.end == root.i + 1 and r.head == root.i for r in covering)


def _is_loose(token: Token) -> bool:
    """A count before the phrase; a year, and the number of "50-megawatt" and "5G", belong to it."""
    if token.pos_ == "PUNCT":
        return True
    is_year = token.text.isdigit() and len(token.text) == 4
    return token.pos_ == "NUM" and not is_year and bool(token.whitespace_) and token.nbor().text != "-"


def complement_end(phrase: Phrase) -> int:
    """Where a complement such as "on data protection" ends; the root's end if there is none."""
    doc, end = phrase.doc, phrase.root.i + 1
    limit = min(phrase.root.sent.end, end + MAX_COMPLEMENT_TOKENS)
    if end >= limit or doc[end].lower_ not in COMPLEMENT_PREPOSITIONS or not _is_its_own(doc[end], phrase.root):
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


def _is_its_own(preposition: Token, noun: Token) -> bool:
    """Tell whether it opens a complement of the noun, as does the "on" of "passed bills on trade" for any parse."""
    if preposition.head.i == noun.i:
        return True
    topical = preposition.lower_ in TOPICAL_PREPOSITIONS and preposition.head == noun.head and noun.dep_ == "dobj"
    return topical and not any(t.ent_type_ in ("DATE", "TIME") for t in preposition.subtree)


def is_possessed(phrase: Phrase) -> bool:
    return any(t.tag_ in ("POS", "PRP$", "WP$") for t in phrase.chunk)


def refer(phrase: Phrase, end: int, entity: Entity, short_end: int = -1) -> Reference:
    return Reference(phrase.block, phrase.begin, end, phrase.root.i, MentionKind.NOMINAL, entity, short_end)


def set_order(entity: Entity, phrase: Phrase) -> None:
    if entity.order == (0, 0):
        entity.order = (phrase.block, phrase.chunk.start)
