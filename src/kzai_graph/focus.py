"""Find what a sentence is about without naming it: the thing in front that "The money came from X" went to.

A frame may say that one of its ends can be left out (``implied``). It is then the entity that the text speaks of just
before, of a class that fits; where another one might be meant, it is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from spacy.tokens import Doc, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.mentions import Mentions
from kzai_graph.model import Clause, MentionKind
from kzai_graph.salience import CLEAR, SUBJECT_WEIGHT, SUBJECTS, distance, most_salient, role_weight, sentence_starts

MAX_SENTENCES_BACK = 1
MAX_BLOCKS_BACK = 2


def in_focus(
    clause: Clause, block: int, barred: Sequence[Entity], fits: Callable[[str], bool], mentions: Mentions
) -> Reference | None:
    """Return a reference at the predicate of a clause to the entity in focus before it; ``None`` when unsure.

    ``barred``: the other ends of the clause. ``fits`` tells which classes may be meant.
    """
    doc = mentions.docs[block]
    head = doc[clause.head]
    if clause.kind == "noun" and not _is_bare_definite(head):
        return None
    begin = min([clause.begin, *(a.begin for a in clause.arguments)])
    others = {id(e) for e in barred}
    fitting = [
        r
        for r in mentions.references
        if 0 <= block - r.block <= MAX_BLOCKS_BACK
        and (r.block, r.begin) < (block, head.sent.end)
        and r.entity.cls is not None
        and fits(r.entity.cls)
        and id(r.entity) not in others
        and not r.entity.slight
    ]
    starts = {b: sentence_starts(mentions.docs[b]) for b in {r.block for r in fitting} | {block}}
    earlier = [
        r
        for r in fitting
        if (r.block, r.end) <= (block, begin) and distance(r, (block, begin), starts)[1] <= MAX_SENTENCES_BACK
    ]
    found = most_salient(earlier, (block, begin), mentions, margin=CLEAR)
    if found is None:
        return None
    if any(r.entity is not found and r.block == block and r.begin >= head.sent.start for r in fitting):
        return None  # the sentence itself names another one
    here = [r for r in earlier if r.entity is found]
    in_front = any(role_weight(mentions.docs[r.block][r.head]) >= SUBJECT_WEIGHT for r in here)
    if not in_front and _names_another(mentions.docs[here[-1].block], here[-1], mentions):
        return None
    return Reference(block, clause.head, clause.head + 1, clause.head, MentionKind.IMPLIED, found)


def _is_bare_definite(noun: Token) -> bool:
    """ "The supplier", "Members include": the reader knows which, and nothing says whose."""
    opens = noun.tag_ == "NNS" and noun.is_sent_start and noun.dep_ in SUBJECTS
    return opens or any(c.dep_ == "det" and c.lower_ == "the" for c in noun.children)


def _names_another(doc: Doc, found: Reference, mentions: Mentions) -> bool:
    """Tell whether the sentence around a reference is rather about a common noun: "a bridge was built in X"."""
    heads = {r.head for r in mentions.references if r.block == found.block}
    return any(
        t.tag_ == "NN" and t.i not in heads and (t.dep_ == "dobj" or (t.dep_ in SUBJECTS and t.head.dep_ == "ROOT"))
        for t in doc[found.begin].sent
    )
