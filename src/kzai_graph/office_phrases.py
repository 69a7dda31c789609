"""Find the phrases that name offices ("deputy head of the harbour")."""

from __future__ import annotations

from collections.abc import Iterator, Set

from spacy.tokens import Doc, Token

from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.office_bodies import (
    MAX_TITLE_WORDS,
    NOUN_POS,
    PASSING,
    POSSESSIVES,
    Office,
    find_body,
    share_body,
)

MAX_TITLE_TAIL = 3


def find_office_phrases(doc: Doc, block: int, mentions: Mentions, lookup: Lookup) -> list[Office]:
    """Return the offices of a block with their bodies, in the order of the text."""
    offices = sorted(_phrases(doc, block, mentions, lookup), key=lambda o: o.begin)
    for office in offices:
        find_body(doc, office, mentions, lookup)
    for office in reversed(offices):
        share_body(office, offices, doc)
    return offices


def _phrases(doc: Doc, block: int, mentions: Mentions, lookup: Lookup) -> Iterator[Office]:
    taken: set[int] = set()
    ends = {token.i + 1 for token in doc if lookup.may_end_noun(token)}
    for name in mentions.names:
        if name.block != block or name.noun is None or name.noun.denotes != "Position":
            continue
        if set(range(name.begin, name.end)) & taken or _is_inside_name(name.head, name.begin, mentions, block):
            continue
        noun, begin, title_end = _title(doc, name.head, ends, lookup) or (name.noun, name.head, name.head + 1)
        end = max(name.end, title_end)
        taken |= set(range(name.begin, end))
        first = name.begin
        for other in _titles_before(doc, first, begin, lookup):
            yield Office(block, first, other[2], other[2], other[0], _lemma(doc, other[1], other[2], lookup))
            first = other[2] + 1
        first = _with_conjunct(doc, first, taken, lookup)
        plural = end == title_end and _is_plural(doc[title_end - 1], noun)
        yield Office(block, first, title_end, end, noun, _lemma(doc, begin, title_end, lookup), plural)
    for token in doc:
        if token.i in taken or token.pos_ not in NOUN_POS or _is_inside_name(token.i, token.i, mentions, block):
            continue
        found = _title(doc, token.i, ends, lookup)
        if found is None or _modifies_another(token, found[2]) or _is_figurative(doc, found):
            continue
        noun, begin, title_end = found
        plural = _is_plural(doc[title_end - 1], noun)
        title = _lemma(doc, begin, title_end, lookup)
        while (
            begin > token.sent.start and _belongs_to_title(doc, begin - 1, block, mentions) and begin - 1 not in taken
        ):
            begin -= 1
        begin = _with_conjunct(doc, begin, taken, lookup)
        taken |= set(range(begin, title_end))
        yield Office(block, begin, title_end, title_end, noun, title, plural)


def _is_plural(word: Token, noun: Noun) -> bool:
    return word.tag_ in ("NNS", "NNPS") and word.lower_ not in noun.lemmas


def _title(doc: Doc, i: int, ends: Set[int], lookup: Lookup) -> tuple[Noun, int, int] | None:
    """The longest title of the lexicon that has the token in it and ends at one of the ends, with its token range."""
    near = [end for end in range(i + 1 + MAX_TITLE_TAIL, i, -1) if end in ends]
    if not near:
        return None
    sentence = doc[i].sent
    for end in near:
        if end > sentence.end:
            continue
        begin = max(sentence.start, i - MAX_TITLE_WORDS + 1)
        found = lookup.noun_ending(list(doc[begin:end]))
        if found is not None and found[0].denotes == "Position" and end - found[1] <= i:
            return found[0], end - found[1], end
    return None


def _titles_before(doc: Doc, begin: int, end: int, lookup: Lookup) -> Iterator[tuple[Noun, int, int]]:
    """The "President" of the name "President & CEO"."""
    for i in range(begin, end):
        if doc[i].lower_ in ("&", "and", "/") and i > begin:
            found = lookup.noun_ending(list(doc[begin:i]))
            if found is not None and found[0].denotes == "Position":
                yield found[0], i - found[1], i
                begin = i + 1


def _lemma(doc: Doc, begin: int, end: int, lookup: Lookup) -> str:
    return " ".join(lookup.singular(t) for t in doc[begin:end])


def _is_inside_name(i: int, begin: int, mentions: Mentions, block: int) -> bool:
    """Tell whether the word belongs to the name of something else ("the General Assembly", "Sultan Berg")."""
    return any(
        r.kind is MentionKind.NAME
        and r.entity.cls not in (None, "Position")
        and r.end > i
        and (r.begin < begin or r.end > i + 1 or r.begin == i)
        for r in mentions.covering(block, i)
    )


def _modifies_another(token: Token, title_end: int) -> bool:
    """ "the CEO role", "premier supplier", "expert group": a word before the noun that is spoken of."""
    head = token.head
    if token.dep_ not in ("amod", "compound", "nmod") or head.i < title_end or head.pos_ != "NOUN":
        return False
    between = token.doc[title_end : head.i]
    return all(t.pos_ in NOUN_POS or t.text == "-" for t in between)


def _with_conjunct(doc: Doc, begin: int, taken: set[int], lookup: Lookup) -> int:
    """Where "Ethics and Compliance Director" begins, seen from its "Compliance"."""
    if begin < 3 or doc[begin - 1].lower_ not in ("and", "&") or not doc[begin].text[0].isupper():
        return begin
    word, before = doc[begin - 2], doc[begin - 3]
    office = lookup.noun_ending([word])
    if office is not None and office[0].denotes == "Position":
        return begin  # "Chairman and CEO" are two
    if word.text[0].isupper() and word.pos_ in NOUN_POS and before.text in (",", "(") and begin - 2 not in taken:
        return begin - 2
    return begin


def _is_figurative(doc: Doc, found: tuple[Noun, int, int]) -> bool:
    """ "A leader in wool" and "the market leader" lead nobody; "the leader of the union" does."""
    _, begin, end = found
    if doc[begin].text == "General" and begin and doc[begin - 1].text[0].isupper() and not doc[begin].is_sent_start:
        return True  # "Consulate General" is no general
    return doc[end - 1].lower_ == "leader" and end - begin == 1 and (end >= len(doc) or doc[end].lower_ != "of")


def _belongs_to_title(doc: Doc, i: int, block: int, mentions: Mentions) -> bool:
    token = doc[i]
    if (
        token.pos_ not in NOUN_POS
        or token.lower_ in PASSING
        or token.text in POSSESSIVES
        or not token.text[0].isalpha()
    ):
        return False
    if any(r.entity.cls not in (None, "Technology") for r in mentions.covering(block, i)):
        return False
    return token.dep_ in ("compound", "amod", "nmod") or (
        token.text[0].isupper() and doc[i + 1].text[0].isupper() and not token.is_sent_start
    )
