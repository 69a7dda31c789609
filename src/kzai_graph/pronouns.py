"""Find what a pronoun stands for, or nothing when unsure: number, kind, and who is spoken of."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span, Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.salience import SUBJECTS, own_subjects

PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers"})
IMPERSONAL = frozenset({"it", "its"})
NO_ANTECEDENT = ("Person", "Technology", "Position", "Place")
EXPLETIVE_LEMMAS = frozenset({"seem", "appear", "happen", "rain"})
CLAUSES = frozenset({"ccomp", "csubj", "xcomp", "csubjpass", "advcl"})
RAISING = frozenset(
    "able about available bound capable due eager eligible expected free keen likely prepared ready responsible set "
    "sure unable unlikely unwilling willing".split()
)
"""Adjectives whose infinitive is what their subject does."""
BODY_OR_PROGRAMME = frozenset({"Organisation", "Country", "Programme", "Place"})
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
    wanted: frozenset[str] = frozenset() if personal else wanted_classes(token, lookup)
    entity = _antecedent(token, block, mentions, lookup, wanted, personal=personal)
    if entity is None and wanted and token.dep_ in SUBJECTS:
        entity = _antecedent(token, block, mentions, lookup, frozenset(), personal=personal)
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
    """Tell whether nothing is meant: "it is planned to …", "it would be wrong to …", "makes it possible to …"."""
    head = token.head
    if token.dep_ == "expl" or head.lemma_ in EXPLETIVE_LEMMAS:
        return True
    if token.dep_ in SUBJECTS and head.pos_ == "ADJ":
        return True
    if token.dep_ not in SUBJECTS or not (head.lemma_ == "be" or head.tag_ == "VBN"):
        return False
    for child in head.children:
        if child.i <= head.i:
            continue
        if child.dep_ in CLAUSES and child.tag_ in ("VB", "VBZ", "VBD"):
            return True
        if child.dep_ == "acomp" and child.lemma_ not in RAISING and any(c.dep_ in CLAUSES for c in child.children):
            return True
        if child.dep_ == "attr" and child.pos_ != "NOUN" and any(c.dep_ == "relcl" for c in child.children):
            return True
    return False


def _antecedent(
    token: Token, block: int, mentions: Mentions, lookup: Lookup, wanted: frozenset[str], *, personal: bool
) -> Entity | None:
    doc, sentence = token.doc, token.sent
    barred = _barred(token, block, mentions) | _agents_in_front(token, block, mentions)

    def fits(reference: Reference) -> bool:
        cls = reference.entity.cls
        if cls is None or reference.kind is MentionKind.IMPLIED or id(reference.entity) in barred:
            return False
        if reference.entity.slight:
            return False
        if personal:
            return cls == "Person"
        if lookup.ontology.is_a(cls, *NO_ANTECEDENT):
            return False
        return not wanted or bool(lookup.ontology.ancestors[cls] & wanted)

    here = _outermost([r for r in mentions.references if r.block == block and r.end <= token.i and fits(r)])
    here = [r for r in here if not _is_ticker(doc, r)]
    same = [r for r in here if r.begin >= sentence.start]
    before = [r for r in here if r.begin < sentence.start]
    docs = {block: doc}
    is_object = token.tag_ != "PRP$" and token.dep_ not in SUBJECTS
    if before:
        last = doc[before[-1].begin].sent
        before = [r for r in before if r.begin >= last.start and sentence.start - last.end <= MAX_SENTENCE_GAP]
    elif (earlier := max((b for b in mentions.docs if b < block), default=None)) is not None and (
        personal or not is_object
    ):
        docs[earlier] = mentions.docs[earlier]
        fitting = _outermost([r for r in mentions.references if r.block == earlier and fits(r)])
        before = _of_last_sentence(fitting, docs[earlier])
        if before and not personal and docs[earlier][before[0].begin].sent.end != len(docs[earlier]):
            before = []
    own = [] if is_object and not personal else _clause_subjects(token, same)
    again = _again(token, same)
    if again is not None and not personal and (is_object or (token.dep_ in SUBJECTS and token.head.dep_ == "conj")):
        return again
    if len(own) == 1:
        return own[0]
    if again is not None and not personal:
        return again
    nearest_first = token.tag_ == "PRP$" or token.dep_ not in SUBJECTS or token.i > sentence.root.i
    for group in [same, before] if nearest_first else [before, same]:
        if not group:
            continue
        found = _salient(group, docs)
        if found is None or personal:
            return found
        if group is before and _is_in_doubt(docs[group[0].block][group[0].begin].sent, group[0].block, mentions):
            return None
        rival = token.tag_ != "PRP$" and _rival(
            token, docs[group[0].block][group[0].begin].sent, group[0].block, mentions
        )
        subject = any(r.entity is found and docs[r.block][r.head].dep_ in SUBJECTS for r in group)
        return None if rival and not subject else found
    return None


def _is_ticker(doc: Doc, reference: Reference) -> bool:
    """ "Nasdaq" of "X (Nasdaq: XYZ)"."""
    begin, end = reference.begin, reference.end
    return begin > 0 and doc[begin - 1].text == "(" and end < len(doc) and doc[end].text == ":"


def _barred(token: Token, block: int, mentions: Mentions) -> set[int]:
    """The subject of an object's own clause, and what its name contains; X in "X, its platform"."""
    if token.tag_ == "PRP$":
        heads = {token.head.head.i} if token.head.dep_ == "appos" else set()
    else:
        heads = own_subjects(token)
    spans = [(r.begin, r.end) for r in mentions.references if r.block == block and r.head in heads]
    return {
        id(r.entity)
        for r in mentions.references
        if r.block == block and any(begin <= r.begin and r.end <= end for begin, end in spans)
    }


def _agents_in_front(token: Token, block: int, mentions: Mentions) -> set[int]:
    """Who did what a participle in front says: in "named the best by X, it …" the subject is not X."""
    if token.dep_ not in SUBJECTS:
        return set()
    opening = [c for c in token.head.children if c.dep_ == "advcl" and c.tag_ == "VBN" and c.i < token.i]
    agents = {
        t.i for verb in opening for by in verb.subtree if by.lower_ == "by" and by.i < token.i for t in by.children
    }
    return {id(r.entity) for r in mentions.references if r.block == block and r.head in agents}


def _again(token: Token, same: Sequence[Reference]) -> Entity | None:
    """What the last "it" or "its" of the sentence stands for."""
    found = [r for r in same if r.kind is MentionKind.PRONOUN and token.doc[r.begin].lower_ in IMPERSONAL]
    return found[-1].entity if found else None


def _rival(token: Token, sentence: Span, block: int, mentions: Mentions) -> bool:
    """Tell whether a common noun that is no entity stands in front: "the price was hidden; X put it at …"."""
    heads = {r.head for r in mentions.references if r.block == block}
    for word in sentence:
        if word.doc is token.doc and word.i >= token.i:
            return False
        main = word.dep_ in SUBJECTS and word.head.dep_ == "ROOT"
        front = main or (word.dep_ == "dobj" and token.sent == sentence)
        if front and word.tag_ == "NN" and word.i not in heads:
            return True
    return False


def wanted_classes(token: Token, lookup: Lookup) -> frozenset[str]:
    """The classes that the verb or noun beside a pronoun lets it have, as far as the lexicon knows; none: any."""
    head = token.head
    if token.tag_ == "PRP$":
        if head.lemma_ in lookup.ontology.cues.of_firms | lookup.ontology.cues.of_bodies:
            return frozenset({"Organisation", "Country"})
        if head.lemma_ in lookup.ontology.cues.of_texts and not any(c.lower_ == "of" for c in head.children):
            return frozenset({"Instrument"})
        found = lookup.noun_ending([head])
        return BODY_OR_PROGRAMME if found is not None and found[0].denotes == "Position" else frozenset()
    if head.lemma_ == "be" and token.dep_ in SUBJECTS:
        return _described_classes(head, lookup)
    if head.pos_ != "VERB" or token.dep_ not in ("nsubjpass", "dobj"):
        return frozenset()
    allowed: set[str] = set()
    particle = next((c.lower_ for c in head.children if c.dep_ == "prt"), None)
    for frame in lookup.frames.get(("verb", f"{head.lemma_} {particle}" if particle else head.lemma_), ()):
        relation = lookup.ontology.signature(frame.relation)
        for roles, narrowed, classes in (
            (frame.subject_roles, frame.subject_classes, relation.domain),
            (frame.object_roles, frame.object_classes, relation.range),
        ):
            if "patient" in roles:
                allowed |= set(narrowed or classes)
    return frozenset(allowed)


def _described_classes(copula: Token, lookup: Lookup) -> frozenset[str]:
    for child in copula.children:
        if child.dep_ == "attr" and child.i > copula.i:
            found = lookup.noun_ending(list(child.doc[child.left_edge.i : child.i + 1]))
            if found is not None and found[0].denotes not in ("Position", "Technology"):
                return frozenset({lookup.root(found[0].denotes)})
    return frozenset()


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
            return _distinct(r for r in same if r.head in heads or token.doc[r.begin : r.end].root.i in heads)
    return []


def _salient(group: Sequence[Reference], docs: dict[int, Doc]) -> Entity | None:
    """The one that is meant: the only one, else the only subject, else the only subject of the main clause."""
    distinct = _distinct(group)
    if len(distinct) == 1:
        return distinct[0]
    subjects = [r for r in group if docs[r.block][r.head].dep_ in SUBJECTS and not _is_aside(docs[r.block][r.head])]
    for candidates in (subjects, [r for r in subjects if docs[r.block][r.head].head.dep_ == "ROOT"]):
        found = _distinct(candidates)
        if len(found) == 1:
            return found[0]
    return None


def _is_in_doubt(sentence: Span, block: int, mentions: Mentions) -> bool:
    """Tell a sentence about an "it" that stayed open: the next "it" is the same one."""
    about = [c for c in sentence.root.children if c.dep_ in SUBJECTS and c.lower_ == "it"]
    return any(not _is_expletive(t) and not mentions.covering(block, t.i) for t in about)


def _is_aside(subject: Token) -> bool:
    """Tell the subject of a relative clause that another word opens: "the fund, of which X pays a half"."""
    return subject.head.dep_ == "relcl" and subject.tag_ not in ("WP", "WDT")


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
