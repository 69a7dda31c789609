"""Find what a pronoun stands for, or nothing when unsure: number, kind, and who is spoken of."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.salience import SUBJECTS

PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers"})
IMPERSONAL = frozenset({"it", "its"})
NO_ANTECEDENT = ("Person", "Technology", "Position", "Place")
EXPLETIVE_LEMMAS = frozenset({"seem", "appear", "happen", "rain"})
MAX_SENTENCE_GAP = 40
MIN_JOINT = 2
PLURAL = frozenset({"they", "their"})


def add_reference(mentions: Mentions, reference: Reference) -> None:
    """Put a reference at its place in the order of the text."""
    insort(mentions.references, reference, key=lambda r: (r.block, r.begin, -r.end))


def resolve_pronoun(token: Token, block: int, mentions: Mentions, lookup: Lookup) -> Reference | None:
    """Return a reference for a third person singular pronoun whose antecedent is sure."""
    if token.pos_ != "PRON" or token.lower_ not in PERSONAL | IMPERSONAL:
        return None
    personal = token.lower_ in PERSONAL
    if not personal and _is_expletive(token):
        return None
    entity = _antecedent(token, block, mentions, lookup, personal=personal)
    return None if entity is None else Reference(block, token.i, token.i + 1, token.i, MentionKind.PRONOUN, entity)


def resolve_plural(token: Token, block: int, mentions: Mentions, lookup: Lookup) -> list[Reference]:
    """Return a reference for each of "X and Y" that "they" or "their" takes up: joint subjects before it."""
    sentence = token.sent
    subjects = _joint_subjects(token, sentence)
    if not subjects and token.i == sentence.start and sentence.start:
        subjects = _joint_subjects(None, token.doc[sentence.start - 1].sent)
    found = [r for t in subjects for r in mentions.covering(block, t.i) if r.head == t.i][: len(subjects)]
    if len(found) < len(subjects) or len(subjects) < MIN_JOINT:
        return []
    if not all(lookup.ontology.is_a(r.entity.cls or "", "Organisation", "Country") for r in found):
        return []
    return [Reference(block, token.i, token.i + 1, token.i, MentionKind.PRONOUN, r.entity) for r in found]


def _joint_subjects(token: Token | None, sentence: Span) -> list[Token]:
    """The coordinated subjects of the main verb; of those around a pronoun, when it follows them."""
    heads = [c for c in sentence.root.children if c.dep_ in SUBJECTS and (token is None or c.i < token.i)]
    if len(heads) != 1:
        return []
    joint = [heads[0]]
    for word in joint:
        joint += [c for c in word.children if c.dep_ == "conj"]
    return joint


def _is_expletive(token: Token) -> bool:
    """Tell whether nothing is meant: "it is planned to …", "it is necessary that …"."""
    head = token.head
    if token.dep_ == "expl" or head.lemma_ in EXPLETIVE_LEMMAS:
        return True
    if token.dep_ not in SUBJECTS or not (head.lemma_ == "be" or head.tag_ == "VBN"):
        return False
    return any(
        c.dep_ in ("ccomp", "csubj", "xcomp", "csubjpass", "advcl") and c.tag_ in ("VB", "VBZ", "VBD") and c.i > head.i
        for c in head.children
    )


def _antecedent(token: Token, block: int, mentions: Mentions, lookup: Lookup, *, personal: bool) -> Entity | None:
    def fits(reference: Reference) -> bool:
        cls = reference.entity.cls
        if cls is None or reference.kind is MentionKind.IMPLIED:
            return False
        return cls == "Person" if personal else not lookup.ontology.is_a(cls, *NO_ANTECEDENT)

    doc, sentence = token.doc, token.sent
    here = _outermost([r for r in mentions.references if r.block == block and r.end <= token.i and fits(r)])
    same = [r for r in here if r.begin >= sentence.start]
    before = [r for r in here if r.begin < sentence.start]
    docs = {block: doc}
    if before:
        last = doc[before[-1].begin].sent
        before = [r for r in before if r.begin >= last.start and sentence.start - last.end <= MAX_SENTENCE_GAP]
    elif (earlier := max((b for b in mentions.docs if b < block), default=None)) is not None:
        docs[earlier] = mentions.docs[earlier]
        fitting = _outermost([r for r in mentions.references if r.block == earlier and fits(r)])
        before = _of_last_sentence(fitting, docs[earlier])
        if before and not personal and docs[earlier][before[0].begin].sent.end != len(docs[earlier]):
            before = []
    own = _clause_subjects(token, same)
    if len(own) == 1:
        return own[0]
    nearest_first = token.tag_ == "PRP$" or token.dep_ not in SUBJECTS or token.i > sentence.root.i
    for group in [same, before] if nearest_first else [before, same]:
        if group:
            return _salient(group, docs)
    return None


def _outermost(references: list[Reference]) -> list[Reference]:
    """Leave out what is only part of a longer name ("Chad" of "Bank of Chad")."""
    return [
        r
        for r in references
        if not any(o.begin <= r.begin and r.end <= o.end and (o.end - o.begin) > (r.end - r.begin) for o in references)
    ]


def _clause_subjects(token: Token, same: Sequence[Reference]) -> list[Entity]:
    """The subject of the clause around the pronoun's own ("X says it …"), which it most likely takes up."""
    inner = token.head if token.tag_ == "PRP$" or token.dep_ not in SUBJECTS else token.head.head
    for verb in [inner, *inner.ancestors]:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        heads = {c.i for c in verb.children if c.dep_ in SUBJECTS and c.i < token.i and not token.is_ancestor(c)}
        heads = {h for h in heads if token.i not in {t.i for t in token.doc[h].subtree}}
        if heads:
            return _distinct(r for r in same if r.head in heads)
    return []


def _salient(group: Sequence[Reference], docs: dict[int, Doc]) -> Entity | None:
    """The one that is meant: the only one, else the only subject, else the only subject of the main clause."""
    distinct = _distinct(group)
    if len(distinct) == 1:
        return distinct[0]
    subjects = [r for r in group if docs[r.block][r.head].dep_ in SUBJECTS]
    for candidates in (subjects, [r for r in subjects if docs[r.block][r.head].head.dep_ == "ROOT"]):
        found = _distinct(candidates)
        if len(found) == 1:
            return found[0]
    return None


def _of_last_sentence(references: Sequence[Reference], doc: Doc) -> list[Reference]:
    if not references:
        return []
    last = doc[references[-1].begin].sent
    return [r for r in references if r.begin >= last.start]


def _distinct(references: Iterable[Reference]) -> list[Entity]:
    found: dict[int, Entity] = {}
    for reference in references:
        found.setdefault(id(reference.entity), reference.entity)
    return list(found.values())
