"""Take up the event that a text is about where a sentence only says what is done there: "reports were heard from …".

What belongs to an event, such as its participants or an opening address, means the event itself: a bridge, as Clark
(1975) calls it. It is crossed only where the text has spoken of one event, or clearly of one more than of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from spacy.tokens import Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.names import is_title_case
from kzai_graph.pronouns import add_reference
from kzai_graph.salience import most_salient
from kzai_graph.wording import CLOSING, OPENING

OBJECTS = frozenset({"dobj", "nsubjpass"})
OWN = frozenset({"of", "at", "in", "for", "from", "to", "on"})
"""Prepositions behind a word of this kind that say whose it is, so that no other event is meant."""

ELSEWHERE = frozenset({"to", "for", "in", "at"})
"""Prepositions with a verb that say for whom or where it was done, so that it need not be there."""


def find_occasions(mentions: Mentions, lookup: Lookup) -> None:
    """Add references for the event in focus, at the words that mean it without a name for it."""
    for block, doc in mentions.docs.items():
        if is_title_case(doc):
            continue
        found = [t for t in doc if _is_part_of_event(t, lookup)]
        for token in found:
            if any(r.kind is not MentionKind.NOMINAL for r in mentions.covering(block, token.i)):
                continue
            event = _event_in_focus(token, block, mentions, lookup)
            if event is not None:
                add_reference(mentions, Reference(block, token.i, token.i + 1, token.i, MentionKind.IMPLIED, event))
    mentions.settle()


def _is_part_of_event(token: Token, lookup: Lookup) -> bool:
    """Tell whether a bare noun is something of an event: by itself, after a word for its place, or with its verb."""
    if (
        token.pos_ != "NOUN"
        or not (token.text.islower() or token.is_sent_start)
        or any(c.lower_ in OWN for c in token.children)
    ):
        return False
    noun = lookup.singular(token)
    return any(words in lookup.ontology.cues.occasions for words in _phrases(token, noun))


def _phrases(token: Token, noun: str) -> Iterator[str]:
    yield noun
    for child in token.lefts:
        if child.dep_ in ("amod", "compound"):
            yield f"{child.lower_} {noun}"
    if token.dep_ in OBJECTS and not any(c.lower_ in ELSEWHERE for c in token.head.children):
        yield f"{token.head.lemma_.lower()} {noun}"


def _event_in_focus(token: Token, block: int, mentions: Mentions, lookup: Lookup) -> Entity | None:
    """The event that the text has spoken of most so far; of several, only where it is also what it speaks of here."""
    sentence = token.sent
    here = [r for r in mentions.references if r.block == block and sentence.start <= r.begin < sentence.end]
    if any(_is_event(r, lookup) for r in here) or _is_quoted(token):
        return None
    earlier = [r for r in mentions.references if (r.block, r.end) <= (block, sentence.start) and _is_event(r, lookup)]
    spoken = Counter(id(r.entity) for r in earlier).most_common(2)
    if not spoken or (len(spoken) > 1 and spoken[0][1] == spoken[1][1]):
        return None
    salient = most_salient(earlier, (block, token.i), mentions)
    return salient if salient is not None and id(salient) == spoken[0][0] else None


def _is_event(reference: Reference, lookup: Lookup) -> bool:
    cls = reference.entity.cls
    return cls is not None and lookup.ontology.is_a(cls, "Event")


def _is_quoted(token: Token) -> bool:
    """Tell whether a quotation opens before the word in its sentence and is not yet closed."""
    before = [t.text for t in token.doc[token.sent.start : token.i] if t.text in OPENING | CLOSING]
    return bool(before) and (before[-1] in OPENING - CLOSING or (before[-1] == '"' and before.count('"') % 2 == 1))


__all__ = ["find_occasions"]
