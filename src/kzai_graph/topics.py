"""Find technologies by the noun that heads them: "acoustic sensors", "radar imagery", "civic technology".

They count where a statement uses them, as the topics of the gazetteer do.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from kzai_graph.entities import Reference, surface
from kzai_graph.lexical import Cues
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.names import is_title_case
from kzai_graph.noun_phrases import VAGUE

MODIFYING = ("amod", "compound", "nmod")
MAX_WORDS = 5


def find_topics(mentions: Mentions, lookup: Lookup) -> None:
    """Add references for technologies that no name covers, in the order of the text."""
    for block, doc in mentions.docs.items():
        if is_title_case(doc):
            continue
        for begin, end in _phrases(doc, lookup):
            if any(mentions.covering(block, i) for i in range(begin, end)) or _is_other(doc, begin, end, lookup):
                continue
            root = doc[end - 1]
            entity = mentions.registry.headed(
                surface(doc, begin, end), lookup.singular(root), "Technology", generic=False, named=False
            )
            entity.cls = "Technology"
            if entity.order == (0, 0):
                entity.order = (block, begin)
            mentions.references.append(Reference(block, begin, end, end - 1, MentionKind.NOMINAL, entity))
    mentions.settle()


def _is_other(doc: Doc, begin: int, end: int, lookup: Lookup) -> bool:
    """Tell whether a longer class noun says that it is something else ("payment processors" are firms)."""
    found = lookup.noun_ending(list(doc[begin:end]))
    return found is not None and found[1] > 1 and found[0].denotes not in ("Technology", "System")


def _phrases(doc: Doc, lookup: Lookup) -> Iterator[tuple[int, int]]:
    cues = lookup.ontology.cues
    for token in doc:
        if token.pos_ != "NOUN" or not token.text.islower():
            continue
        word = lookup.singular(token)
        if word not in cues.topic_heads and word not in cues.topic_things:
            continue
        if token.i + 1 < len(doc) and doc[token.i + 1].text == "-":
            continue  # "technology-driven"
        governor = token.head
        embodied = word in cues.topic_heads and lookup.singular(governor) in cues.devices
        if token.dep_ == "compound" and governor.i > token.i and governor.pos_ == "NOUN" and not embodied:
            continue  # "the sensor market", but "leak detection valves"
        begin = _first_modifier(doc, token)
        single = token.tag_ == "NN" and begin > token.sent.start and _singles_out(doc[begin - 1])
        if word in cues.topic_things and single:
            continue  # "the acoustic sensor" is one thing
        while begin < token.i and (after := _after_empty(doc, begin, cues)) > begin:
            begin = after
        if begin < token.i:
            yield begin, token.i + 1


def _after_empty(doc: Doc, i: int, cues: Cues) -> int:
    """Where a modifier ends that tells no kind: an epithet ("future-oriented"), or what is left of "100% owned"."""
    end = i + 1
    while end + 1 < len(doc) and doc[end].text == "-":
        end += 2
    cut = doc[i].tag_ == "VBN" and i > 0 and doc[i - 1].text in ("-", "%", "percent")
    empty = doc[i].lower_ in VAGUE | cues.epithets or doc[i].pos_ in ("PUNCT", "ADV")
    return end if cut or empty else i


def _first_modifier(doc: Doc, head: Token) -> int:
    """Where the common words begin that stand right before the head and tell its kind."""
    i = head.i
    while i > head.sent.start and head.i - i < MAX_WORDS and _tells(doc[i - 1]):
        i -= 1
    return i


def _singles_out(token: Token) -> bool:
    return token.pos_ == "DET" or token.tag_ in ("PRP$", "POS")


def _tells(token: Token) -> bool:
    if token.text == "-":
        return True
    if not token.text.islower() or not token.is_alpha:
        return False
    return token.pos_ in ("NOUN", "ADJ", "ADV") or (token.tag_ in ("VBG", "VBN") and token.dep_ in MODIFYING)
