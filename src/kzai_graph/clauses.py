"""Turn dependency parses into predicate–argument structures that know no policy.

Every verb, predicative adjective and noun with arguments becomes one clause. Roles: ``agent``, ``patient``,
``recipient``, ``attribute``, ``described``, ``possessor``, ``modifier``, ``comitative`` ("together with") and
``prep:WORD``; in passives the one who acts is the agent all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token

from kzai_graph.arguments import described, is_equated, objects, recipients, subjects
from kzai_graph.attachment import leaves_place_open, outer
from kzai_graph.ellipsis import gapped, stood_for, with_left_out
from kzai_graph.lexical import Cues
from kzai_graph.modality import Judgement, judge, judge_denied, judge_noun, speaker, stronger
from kzai_graph.model import Argument, Clause, Modality
from kzai_graph.obliques import comitatives, companions, inner_obliques, modifiers, obliques, outer_obliques, said_of
from kzai_graph.purposes import content, means
from kzai_graph.syntax import Filler, conjuncts, is_passive, is_verb, phrase
from kzai_graph.temporal_modifiers import DATED, done_by, started_with, times_of, verbs_above

COPULAS = frozenset({"be", "become", "remain"})
LENT = frozenset(
    {
        "prep:with",
        "prep:to",
        "prep:for",
        "prep:in",
        "prep:on",
        "prep:between",
        "prep:from",
        "prep:at",
        "prep:of",
        "prep:into",
        "prep:against",
        "prep:over",
    }
)
SHARING = frozenset({"common", "joint", "shared"})
"""What an object that several made is called: "opened a joint laboratory"."""
PLACED = frozenset({"prep:on", "prep:to", "prep:into"})
BORROWED = frozenset(
    {"prep:on", "prep:about", "prep:with", "prep:for", "prep:in", "prep:by", "prep:to", "prep:between"}
)
STATING = frozenset({"on", "under", "in", "within", "at", "behind", "without"})
"""Prepositions that with their noun can say what state a thing is in."""
DOUBLING = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
"""Verbs that double their last letter before "-ed" and "-ing"."""
OPENING = frozenset({"as", "through", "under", "via", "with"})
MAX_PREDICATE_GAP = 3


def find_clauses(doc: Doc, cues: Cues) -> list[Clause]:
    """Find the clauses of a block in the order of their predicates; questions state nothing and give none."""
    return list(_clauses(doc, cues))


def _clauses(doc: Doc, cues: Cues) -> Iterator[Clause]:
    for sentence in doc.sents:
        if any(t.text == "?" for t in sentence[-2:]):
            continue
        for token in sentence:
            again = stood_for(token) or gapped(token)
            if again is not None:
                yield with_left_out(token, _verb(again, cues), cues)
            elif is_verb(token):
                yield _verb(token, cues)
            elif token.pos_ == "ADJ" or (token.tag_ == "VBN" and token.dep_ == "amod"):
                yield from _adjective(token, cues)
            elif token.pos_ in ("NOUN", "PROPN") and token.ent_type_ not in DATED:
                yield from _noun(token, cues)
                yield from _phrase_predicate(token, cues)


def _verb(verb: Token, cues: Cues) -> Clause:
    passive = is_passive(verb)
    fillers: list[Filler] = []
    heads = subjects(verb, cues)
    if passive:
        fillers += [("agent", t) for t in _by_agents(verb)]
        fillers += [("patient", t) for t in heads]
        given = objects(verb, cues)
        fillers += [("recipient", t) for t in heads if given]
        fillers += [("patient", t) for t in given]
    else:
        fillers += [("agent", t) for t in heads]
        fillers += [("patient", t) for t in objects(verb, cues)]
    agents, patients = ([t for role, t in fillers if role == wanted] for wanted in ("agent", "patient"))
    beside = [verb, *agents, *(p for p in patients if p.i > verb.i)]
    fillers += [("comitative", t) for t in comitatives(beside)]
    fillers += [("companion", t) for t in companions(verb, cues)]
    fillers += [("recipient", t) for t in recipients(verb)]
    fillers += [("attribute", t) for c in verb.children if c.dep_ in ("attr", "oprd", "acomp") for t in conjuncts(c)]
    fillers += obliques(verb)
    fillers += inner_obliques(verb)
    fillers += outer_obliques(verb)
    fillers += [("modifier", c) for c in verb.children if c.dep_ == "advmod"]
    fillers += [("outer", t) for t in outer(verb)]
    fillers += [("outer_object", t) for t in (outer(verb) if leaves_place_open(verb) and not passive else ())]
    fillers += [
        ("prep:by_in", t)
        for a in agents
        if passive and a.pos_ == "NOUN"
        for role, t in obliques(a)
        if role == "prep:in"
    ]
    fillers += [("holder", t) for t in _holders(verb, cues)]
    fillers += [("means", t) for t in means(verb, cues)]
    fillers += [("modifier", c) for p in patients for c in p.children if c.dep_ == "amod" and c.lower_ in SHARING]
    lending = [p for p in patients if p.i > verb.i or passive] or [a for a in agents if a.pos_ == "NOUN"]
    fillers += [(role, t) for p in lending for role, t in obliques(p) if role in LENT]
    fillers += [
        f
        for role, p in list(fillers)
        if role in PLACED
        for f in obliques(p)
        if f[0] in ("prep:in", "prep:at", "prep:across", "prep:with")
    ]
    return _clause(
        "verb",
        _lemma(verb),
        verb,
        fillers,
        _judged(verb, agents, cues),
        cues,
        passive=passive,
        times=times_of([verb, *verbs_above(verb), *patients, *started_with(verb)]),
    )


def _judged(verb: Token, agents: list[Token], cues: Cues) -> Judgement:
    """The verb's own modality, which "by neither X nor Y" denies."""
    neither = tuple(c.i for a in agents for c in a.children if c.lower_ == "neither" and a.i > verb.i)
    own = judge(verb, cues)
    return stronger(own, (Modality.NEGATED, neither)) if neither else own


def _holders(verb: Token, cues: Cues) -> list[Token]:
    """Who has what a participle describes: "X closed a round led by Y", "X's round, led by Y"."""
    noun = verb.head
    if verb.dep_ != "acl" or verb.tag_ != "VBN" or noun.pos_ != "NOUN":
        return []
    owners = [t for c in noun.children if c.dep_ == "poss" for t in conjuncts(c)]
    governor = noun.head.head if noun.dep_ == "pobj" else noun.head
    if governor.pos_ == "NOUN" and governor.dep_ == "dobj" and noun.head.lower_ == "of":
        governor = governor.head  # "announced the closing of a round led by Y"
    if owners or noun.dep_ not in ("dobj", "pobj") or not is_verb(governor) or is_passive(governor):
        return owners
    return subjects(governor, cues)


def _by_agents(verb: Token) -> list[Token]:
    prepositions = [p for c in verb.children if c.dep_ == "agent" for p in said_of(c)]
    agents = [g for p in prepositions for g in p.children if g.dep_ == "pobj"]
    found = [t for g in agents if g.ent_type_ != "DATE" for t in conjuncts(g)]
    if found or any(c.dep_ in ("prep", "dobj", "xcomp") and c.i > verb.i and c.lower_ != "by" for c in verb.children):
        return found or _late_agents(verb)
    shared = [c for c in verb.children if c.dep_ == "conj" and is_verb(c) and c.i - verb.i <= MAX_PREDICATE_GAP]
    return [t for c in shared for t in _by_agents(c)]  # "drafted and published by X"


def _late_agents(verb: Token) -> list[Token]:
    """ "was named as adviser by X": "by" belongs to the passive, though another preposition stands between."""
    for preposition in verb.children:
        if preposition.dep_ not in ("prep", "oprd", "attr") or preposition.i < verb.i:
            continue
        for late in preposition.subtree:
            if late.lower_ == "by" and late.dep_ in ("prep", "agent") and late.head.pos_ in ("NOUN", "PROPN"):
                return [t for g in late.children if g.dep_ == "pobj" and g.ent_type_ not in DATED for t in conjuncts(g)]
    return []


def _lemma(verb: Token) -> str:
    particles = [c.lower_ for c in verb.children if c.dep_ == "prt"]
    return " ".join([_base_form(verb), *particles])


def _base_form(verb: Token) -> str:
    """The lemma, mended where spelling shows a final "e": "rates" is no form of "rat", nor "rated"."""
    lemma, text = verb.lemma_.lower(), verb.lower_
    if text == f"{lemma}es" and not lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{lemma}e"
    return f"{lemma}e" if text in (f"{lemma}ed", f"{lemma}ing") and DOUBLING.fullmatch(lemma) else lemma


def _adjective(adjective: Token, cues: Cues) -> Iterator[Clause]:
    fillers = list(obliques(adjective))
    head = adjective.head
    if adjective.dep_ in ("acomp", "oprd") and is_verb(head):
        complement = adjective.dep_ == "oprd" and not is_passive(head)
        subject = (objects(head, cues) if complement else []) or subjects(head, cues)
        fillers += [f for f in obliques(head) if f[0] not in ("prep:by",)]
        judgement = judge(head, cues)
        times = times_of([adjective, head])
    elif adjective.dep_ == "conj" and head.dep_ == "acomp" and is_verb(head.head):
        subject, judgement, times = subjects(head.head, cues), judge(head.head, cues), times_of([adjective, head.head])
    elif adjective.dep_ in ("amod", "acl", "relcl", "appos", "advcl") and fillers:
        subject = [head] if head.pos_ in ("NOUN", "PROPN") else subjects(head, cues) if is_verb(head) else []
        judgement, times = (
            judge_noun(head, cues) if adjective.i > head.i else (judge_noun(adjective, cues)),
            times_of([adjective]),
        )
    else:
        return
    if not subject or not fillers:
        return
    yield _clause(
        "adjective",
        adjective.lemma_.lower(),
        adjective,
        [("described", t) for t in subject] + fillers,
        judgement,
        cues,
        times=times,
    )


def _noun(noun: Token, cues: Cues) -> Iterator[Clause]:
    own = list(obliques(noun))
    own += [
        f
        for c in noun.children
        if c.dep_ == "conj" and not any(r == "prep:of" for r, _ in own)
        for f in obliques(c)
        if f[0] == "prep:of"
    ]
    if noun.dep_ == "attr" and noun.head.dep_ == "relcl":  # "the union of which X is a member"
        own += [f for f in obliques(noun.head) if f[0] == "prep:of" and f not in own]
    fillers = [*own, *modifiers(noun)]
    fillers += [
        f
        for role, t in own
        if role in ("prep:of", "prep:with")
        for f in obliques(t)
        if f[0] in ("prep:in", "prep:at", "prep:with", "prep:across")
    ]
    if noun.dep_ == "compound" and noun.pos_ == "NOUN":  # "its subsidiary X", "Siemens subsidiary X"
        fillers += [f for f in modifiers(noun.head) if f[1].i < noun.i]
        fillers += [("possessor", t) for role, t in modifiers(noun.head) if role == "modifier" and t.i < noun.i]
    fillers += [("content", t) for t in content(noun, cues)]
    subject = described(noun, cues)
    fillers += [("described", t) for t in subject]
    fillers += [("named", t) for c in noun.children if _names(c, noun) for t in conjuncts(c)]
    governor, target = noun.head, noun
    if noun.dep_ == "conj" and governor.dep_ == "dobj":
        governor, target = governor.head, governor
    if (
        target.dep_ in ("dobj", "attr")
        and is_verb(governor)
        and governor.lemma_ in cues.light | cues.control | COPULAS
        and not any(r == "possessor" for r, _ in fillers)
    ):
        fillers += [("agent", t) for t in subjects(governor, cues)] if not is_passive(governor) else []
    opened = _opens(noun)
    if opened is not None and not is_passive(opened):  # "With offices in X, the firm …"
        fillers += [("agent", t) for t in subjects(opened, cues)]
    if noun.dep_ == "nsubjpass" and is_verb(governor):
        fillers += [("agent", t) for t in _by_agents(governor)]
    if noun.dep_ in ("dobj", "nsubjpass") and is_verb(governor):
        fillers += [f for f in obliques(governor) if f[0] in BORROWED and f[1].i > noun.i and f not in fillers]
    if not fillers:
        return
    copula = noun.head if noun.dep_ == "attr" or is_equated(noun) else None
    judgement = judge_noun(noun, cues)
    if copula is not None:
        judgement = stronger(judge(copula, cues), judge_denied(noun, cues))
    yield _clause(
        "noun",
        noun.lemma_.lower(),
        noun,
        fillers,
        judgement,
        cues,
        times=times_of([noun, *([governor] if is_verb(governor) else [])]) or times_of(done_by(noun)),
    )


def _names(apposed: Token, noun: Token) -> bool:
    """Tell whether an apposition says which ones: "the firm X", "in three cities: X, Y", "its partners, X and Y"."""
    if apposed.dep_ != "appos" or apposed.i < noun.i:
        return False
    before = noun.doc[apposed.left_edge.i - 1]
    definite = any(c.dep_ in ("poss", "nummod") or c.lower_ in ("the", "these", "those") for c in noun.children)
    return definite or before.i == noun.i or before.text == ":"


def _opens(noun: Token) -> Token | None:
    """The verb whose subject has what a preposition brings: "under a contract with X", "as part of a deal"."""
    preposition = noun.head
    if noun.dep_ != "pobj":
        return None
    if preposition.lower_ == "of" and preposition.head.lower_ == "part":
        preposition = preposition.head.head
    is_opening = preposition.lower_ in OPENING and is_verb(preposition.head)
    return preposition.head if is_opening else None


def _phrase_predicate(noun: Token, cues: Cues) -> Iterator[Clause]:
    """ "is in charge of X", "a firm under sanctions", "put it on a list": a preposition with its noun predicates."""
    preposition = noun.head
    if (
        noun.dep_ != "pobj"
        or preposition.dep_ != "prep"
        or preposition.lower_ not in STATING
        or noun.ent_type_ in DATED
    ):
        return
    governor = preposition.head
    if is_verb(governor) and (governor.lemma_ in COPULAS or is_passive(governor)):
        subject, judgement = subjects(governor, cues), judge(governor, cues)
    elif is_verb(governor):
        subject, judgement = objects(governor, cues), judge(governor, cues)
    elif governor.pos_ in ("NOUN", "PROPN") and preposition.i > governor.i:
        subject, judgement = [governor], judge_noun(governor, cues)
    else:
        return
    if subject:
        fillers = [("described", t) for t in subject] + [*obliques(noun), *modifiers(noun)]
        yield _clause(
            "phrase",
            f"{preposition.lower_} {noun.lemma_.lower()}",
            noun,
            fillers,
            judgement,
            cues,
            times=times_of([governor, noun]),
        )


def _clause(
    kind: str,
    lemma: str,
    head: Token,
    fillers: Iterable[Filler],
    judgement: Judgement,
    cues: Cues,
    *,
    times: tuple[tuple[int, int], ...] = (),
    passive: bool = False,
) -> Clause:
    seen: dict[tuple[str, int], Argument] = {}
    for role, target in fillers:
        begin, end = phrase(target)
        seen.setdefault((role, target.i), Argument(role, target.i, begin, end))
    said_by = speaker(head, cues)
    particles = [
        c.i
        for c in head.children
        if c.dep_ in ("prt", "aux", "auxpass", "neg") and abs(c.i - head.i) <= MAX_PREDICATE_GAP
    ]
    return Clause(
        kind=kind,
        lemma=lemma,
        head=head.i,
        begin=min([head.i, *(i for i in particles if i < head.i)]),
        end=max([head.i, *(i for i in particles if i > head.i)]) + 1,
        arguments=tuple(seen.values()),
        modality=judgement[0],
        cues=judgement[1],
        attribution=Argument("attribution", said_by.i, *phrase(said_by)) if said_by is not None else None,
        times=times,
        passive=passive,
    )
