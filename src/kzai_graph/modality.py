"""Say how a clause stands to the facts: asserted, planned, denied or doubted, and who says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Token

from kzai_graph.arguments import subjects
from kzai_graph.lexical import Cues
from kzai_graph.model import Modality
from kzai_graph.syntax import AUXILIARIES, SUBJECTS, is_set_aside, is_verb

CONDITIONS = frozenset({"if", "unless", "whether", "provided", "lest"})
NOT_YET = frozenset({"once", "until", "before", "when", "after", "till"})
PLANNING = frozenset({"will", "would", "'ll", "’ll", "should", "wo", "ca"})
PRESENT = frozenset({"VBZ", "VBP"})
ASPECT = frozenset(
    {
        "begin",
        "start",
        "continue",
        "come",
        "go",
        "manage",
        "proceed",
        "cease",
        "stop",
        "finish",
        "complete",
        "help",
        "get",
    }
)
NOW = frozenset({"already", "now"})
"""With these, what one can do is what there is: "sailors can now use X"."""
ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
SINGLING = frozenset({"first", "second", "third", "last", "latest", "only", "sole"})
MAX_STEPS = 8
Judgement = tuple[Modality, tuple[int, ...]]
"""A modality with the tokens that set it."""

ASSERTED: Judgement = (Modality.ASSERTED, ())


def stronger(a: Judgement, b: Judgement) -> Judgement:
    """The judgement that asserts less; negation wins over plans, plans over doubt."""
    order = (Modality.ASSERTED, Modality.REPORTED, Modality.PLANNED, Modality.NEGATED)
    return a if order.index(a[0]) >= order.index(b[0]) else b


def judge(verb: Token, cues: Cues, steps: int = 0) -> Judgement:
    """Judge a verb by its auxiliaries and negators, then by what governs it."""
    return stronger(_own(verb, cues), _inherited(verb, cues, steps))


def _own(verb: Token, cues: Cues) -> Judgement:
    """What a verb's own words make of it; found once for each verb, since many clauses hang on one."""
    known: dict[int, Judgement] = verb.doc.user_data.setdefault("judged", {})
    if verb.i not in known:
        known[verb.i] = _judge_alone(verb, list(verb.children), cues)
    return known[verb.i]


def _judge_alone(verb: Token, children: Sequence[Token], cues: Cues) -> Judgement:
    auxiliaries = [c for c in children if c.dep_ in AUXILIARIES]
    negators = [
        c.i for c in children if c.dep_ == "neg" or (_denies(c, cues) and c.dep_ in ("advmod", "preconj", "cc", "det"))
    ]
    negators += [g.i for c in children if c.lower_ == "longer" for g in c.children if g.lower_ in cues.negators]
    negators += [g.i for c in auxiliaries for g in c.children if g.dep_ == "neg"]
    for child in children:
        if child.dep_ in SUBJECTS or child.dep_ in ("dobj", "attr"):
            if _denies(child, cues):
                negators.append(child.i)
            negators += [g.i for g in child.children if g.dep_ in ("det", "preconj") and _denies(g, cues)]
    if negators and not _not_only(verb, negators) and not _only_from_then(verb):
        return Modality.NEGATED, tuple(negators)
    now = verb.lemma_.lower() in cues.enabled and any(c.dep_ == "advmod" and c.lower_ in NOW for c in children)
    planning = [
        c.i
        for c in auxiliaries
        if (c.lower_ in PLANNING or c.lemma_.lower() in cues.modals) and not (now and c.lower_ == "can")
    ]
    for child in children:
        if child.dep_ not in ("mark", "advmod"):
            continue
        word = child.lower_
        if child.dep_ == "mark":
            opens = word in CONDITIONS or (word in NOT_YET and _present(verb))
            opens = opens or (word == "that" and _is_subjunctive(verb))
        else:
            opens = word in ("when", "once") and _present(verb) and _future_above(verb, cues)
        if opens:
            planning.append(child.i)
    if planning:
        return Modality.PLANNED, tuple(sorted(planning))
    doubts = [c.i for c in children if c.dep_ == "advmod" and c.lower_ in cues.doubtful]
    return (Modality.REPORTED, tuple(doubts)) if doubts else ASSERTED


def _only_from_then(verb: Token) -> bool:
    """ "did not open until 2030" says that it did, "will not open until 2030" that it will."""
    finite = {c.lower_ for c in verb.children if c.dep_ in AUXILIARIES}
    dated = any(
        c.dep_ == "prep" and c.lower_ in ("until", "till") and any(g.ent_type_ == "DATE" for g in c.children)
        for c in verb.children
    )
    return dated and not finite & {"has", "have"}


def _denies(token: Token, cues: Cues) -> bool:
    """A word of negation, not the "No." of a number."""
    word = token.lower_
    if word not in cues.negators:
        return False
    return word != "no" or not token.doc[token.i + 1 : token.i + 3].text.lstrip(". ")[:1].isdigit()


def _not_only(verb: Token, negators: list[int]) -> bool:
    """ "not only … but also" affirms both."""
    doc = verb.doc
    return all(i + 1 < len(doc) and doc[i + 1].lower_ in ("only", "just", "merely") for i in negators)


def _is_finite(verb: Token) -> bool:
    return any(c.dep_ in AUXILIARIES and c.tag_ in ("MD", "VBD", "VBP", "VBZ") for c in verb.children)


def _is_subjunctive(verb: Token) -> bool:
    """ "(recommends) that the ministry amend the act": a bare form after one who acts."""
    if verb.tag_ not in ("VB", "VBP") or any(c.dep_ in AUXILIARIES for c in verb.children):
        return False
    found = [c for c in verb.children if c.dep_ in SUBJECTS]
    return bool(found) and all(c.tag_ in ("NN", "NNP") and not any(g.dep_ == "conj" for g in c.children) for c in found)


def _present(verb: Token) -> bool:
    finite = [c for c in verb.children if c.dep_ in AUXILIARIES] or [verb]
    return any(t.tag_ in PRESENT for t in finite)


def _future_above(verb: Token, cues: Cues) -> bool:
    if verb.dep_ != "advcl" or not is_verb(verb.head):
        return False
    modal = any(c.dep_ in AUXILIARIES and c.tag_ == "MD" for c in verb.head.children)
    return modal or _own(verb.head, cues)[0] is Modality.PLANNED


def _inherited(verb: Token, cues: Cues, steps: int) -> Judgement:
    """What the governor makes of a complement, a purpose, a conjunct or a participle."""
    if steps > MAX_STEPS or (verb.dep_ == "ccomp" and (_is_parted(verb) or _stands_alone(verb, cues))):
        return ASSERTED
    head, infinitive = verb.head, any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
    above = steps + 1
    match verb.dep_:
        case "conj" if is_verb(head) and not any(
            c.dep_ in SUBJECTS or (c.dep_ == "aux" and c.lemma_.lower() in cues.modals) for c in verb.children
        ):
            return _of_conjunct(verb, head, cues, above)
        case "xcomp" | "ccomp" | "oprd" if is_verb(head):
            return _complement(verb, head, cues, above, infinitive=infinitive)
        case "xcomp" | "ccomp" | "advcl" | "acl" if head.pos_ in ("ADJ", "ADV"):
            negative = head.lower_ in cues.negators
            own = judge(head.head, cues, above) if is_verb(head.head) else ASSERTED
            if not negative and (head.lemma_ in cues.factive or (not infinitive and head.lemma_ not in cues.planned)):
                return own
            return stronger((Modality.NEGATED if negative else Modality.PLANNED, (head.i,)), own)
        case "advcl" if is_verb(head):
            if infinitive and _went_on(head, verb):
                return judge(head, cues, above)
            if infinitive and any(_is_singled_out(c) for c in head.children if c.dep_ in ("attr", "oprd", "dobj")):
                return judge(head, cues, above)  # "became the first country to …"
            if infinitive:  # a purpose
                return Modality.PLANNED, (verb.i,)
            return judge(head, cues, above) if verb.tag_ in ("VBG", "VBN") and not _is_finite(verb) else ASSERTED
        case "acl" | "relcl" if head.pos_ in ("NOUN", "PROPN", "PRON"):
            if infinitive:
                return _of_noun(head, verb, cues, above)
            if head.dep_ == "attr" and any(c.dep_ == "nsubj" and c.lower_ == "it" for c in head.head.children):
                return judge(head.head, cues, above)  # "it was not X that …"
            return _in_new_thing(head, cues, above) if verb.tag_ in PRESENT else ASSERTED
        case "pcomp":
            return _gerund(verb, cues, above)
    return ASSERTED


def _went_on(verb: Token, infinitive: Token) -> bool:
    """ "went on to launch X" says that it was launched."""
    on = verb.i + 1 < len(verb.doc) and verb.nbor().lower_ == "on"
    return verb.lemma_ == "go" and on and infinitive.left_edge.i == verb.i + 2


def _is_parted(verb: Token) -> bool:
    """A semicolon before the verb that would govern it: "A is ready; B will follow"."""
    return verb.i < verb.head.i and any(t.lower_ == ";" for t in verb.doc[verb.i : verb.head.i])


def _stands_alone(verb: Token, cues: Cues) -> bool:
    """A whole clause before a verb that takes none: "A was amended … B declined to answer"."""
    whole = verb.i < verb.head.i and _is_finite(verb) and any(c.dep_ in SUBJECTS for c in verb.children)
    return whole and verb.head.lemma_ not in cues.saying | cues.doubtful | cues.planned


def _of_conjunct(verb: Token, head: Token, cues: Cues, steps: int) -> Judgement:
    """A conjunct without a subject shares the auxiliaries before it, unless its own tense shows that it does not."""
    modality, tokens = judge(head, cues, steps)
    if head.lemma_ == "be" and verb.tag_ == "VB":  # "is to: train pilots; open a port"
        return stronger((modality, tokens), (Modality.PLANNED, (head.i,)))
    if verb.tag_ in ("VBD", "VBZ", "VBP") and head.tag_ in ("VB", "VBN", "VBG"):
        return ASSERTED
    if modality is Modality.NEGATED and any(c.dep_ == "cc" and c.lower_ == "but" for c in head.children):
        return ASSERTED
    return modality, tokens


def _complement(verb: Token, head: Token, cues: Cues, steps: int, *, infinitive: bool) -> Judgement:
    """The complement of a verb: plans, refusals, doubt, or speech that leaves it as it is."""
    own = judge(head, cues, steps)
    lemma = head.lemma_
    if lemma in cues.negated:
        flipped = Modality.ASSERTED if own[0] is Modality.NEGATED else Modality.NEGATED
        return flipped, (head.i,)
    if verb.dep_ == "ccomp" and not infinitive and verb.tag_ != "VBG":
        if lemma in cues.doubtful:
            return Modality.REPORTED, (head.i,)
        if lemma in cues.saying and lemma not in ("propose", "suggest", "urge", "ask"):
            return (Modality.REPORTED, own[1]) if own[0] is Modality.NEGATED else ASSERTED
        return stronger(own, (Modality.PLANNED, (head.i,)) if lemma in cues.planned else ASSERTED)
    if lemma in ASPECT or lemma in cues.factive:
        return own
    if lemma == "be" and infinitive:  # "is to open"
        return stronger(own, (Modality.PLANNED, (head.i,)))
    if lemma in cues.planned or (infinitive and (lemma in cues.control or lemma in cues.saying)):
        return stronger(own, (Modality.PLANNED, (head.i,)))
    if infinitive:
        return stronger(
            own,
            ASSERTED
            if lemma in ("appear", "prove", "happen", "tend", "use", "have") and lemma != "have"
            else (Modality.PLANNED, (head.i,)),
        )
    return own


def _of_noun(noun: Token, verb: Token, cues: Cues, steps: int) -> Judgement:
    """ "the first to adopt" did; "the decision to adopt" may not have."""
    if _is_singled_out(noun) and not _is_added(noun, verb):
        return judge(noun.head, cues, steps) if is_verb(noun.head) else ASSERTED
    governor = noun.head
    denied = is_verb(governor) and (
        governor.lemma_ in cues.negated or judge(governor, cues, steps)[0] is Modality.NEGATED
    )
    return (Modality.NEGATED if denied else Modality.PLANNED), (noun.i,)


def _is_added(noun: Token, verb: Token) -> bool:
    """ "A second port", "the second port, to be built by X": told of it beside what singles it out, or by nothing."""
    apart = verb.left_edge.i > 0 and verb.left_edge.nbor(-1).text == ","
    return apart or any(c.lower_ in ("a", "an", "another") and c.dep_ == "det" for c in noun.children)


def _is_singled_out(noun: Token) -> bool:
    """ "the first", "the only firm", "the latest state": that it did so is what singles it out."""
    return noun.lower_ in SINGLING or any(
        c.lower_ in SINGLING or c.ent_type_ == "ORDINAL" or ORDINAL.fullmatch(c.lower_)
        for c in noun.children
        if c.dep_ in ("amod", "nummod", "advmod", "compound")
    )


def _in_new_thing(noun: Token, cues: Cues, steps: int) -> Judgement:
    """What is said of "a platform that …" is as planned as the platform itself."""
    if not any(c.dep_ == "det" and c.lower_ in ("a", "an") for c in noun.children):
        return ASSERTED
    return judge_noun(noun, cues, steps)


def _gerund(verb: Token, cues: Cues, steps: int) -> Judgement:
    """ "without adopting" did not; "for drafting", "tasked with drafting", "the aim of drafting" may."""
    preposition = verb.head
    governor = preposition.head
    word = preposition.lower_
    if word == "without" or word == "instead" or (word == "of" and governor.lower_ == "instead"):
        return Modality.NEGATED, (preposition.i,)
    if word == "against" and is_verb(governor):
        return Modality.NEGATED, (preposition.i,)
    if word == "from" and is_verb(governor) and (governor.lemma_ in cues.negated):
        return Modality.NEGATED, (governor.i,)
    if is_verb(governor):
        own = judge(governor, cues, steps)
        if word in ("by", "after", "since", "through", "upon", "while"):
            return own
        open_ended = (
            word in ("for", "at", "toward", "towards", "on", "before") or governor.lemma_ in cues.planned | cues.control
        )
        return stronger(own, (Modality.PLANNED, (preposition.i,)) if open_ended else ASSERTED)
    if governor.lemma_ in cues.planned_nouns or word == "for":
        return Modality.PLANNED, (governor.i,)
    if governor.pos_ == "ADJ":
        return Modality.PLANNED, (governor.i,)
    return ASSERTED


def judge_denied(noun: Token, cues: Cues) -> Judgement:
    """ "no member", "neither a member …", "a member of neither X nor Y"."""
    if noun.dep_ == "appos" and is_set_aside(noun) and noun.left_edge.i:
        return Modality.NEGATED, (noun.left_edge.i - 1,)  # "X, not a maker of drones"
    beside = [g for c in noun.children if c.dep_ == "prep" for g in c.children if g.dep_ == "pobj"]
    found = [
        c.i
        for n in (noun, *beside)
        for c in n.children
        if c.lower_ in cues.negators and (c.dep_ in ("neg", "preconj") or (n is noun and c.dep_ in ("det", "amod")))
    ]
    return (Modality.NEGATED, tuple(found)) if found else ASSERTED


def judge_noun(noun: Token, cues: Cues, steps: int = 0) -> Judgement:
    """Judge what a noun says by the verb or noun that governs it."""
    if steps > MAX_STEPS:
        return ASSERTED
    denied = judge_denied(noun, cues)
    if denied is not ASSERTED:
        return denied
    if any(
        c.lower_
        in (
            "planned",
            "proposed",
            "future",
            "upcoming",
            "forthcoming",
            "possible",
            "potential",
            "draft",
            "intended",
            "expected",
        )
        for c in noun.children
        if c.dep_ in ("amod", "compound")
    ):
        return Modality.PLANNED, (noun.i,)
    head = noun.head
    if noun.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN"):
        return judge_noun(head, cues, steps + 1)
    if noun.dep_ in ("dobj", "nsubj", "nsubjpass", "attr", "oprd") and is_verb(head):
        return _governed(noun, head, cues, steps)
    if noun.dep_ == "pobj":
        governor = head.head
        if is_verb(governor):
            return ASSERTED if head.lower_ == "under" else _governed(noun, governor, cues, steps)
        if governor.lemma_ in cues.planned_nouns:
            return Modality.PLANNED, (governor.i,)
        if governor.pos_ in ("NOUN", "PROPN"):
            return judge_noun(governor, cues, steps + 1)
    return ASSERTED


def _governed(noun: Token, verb: Token, cues: Cues, steps: int) -> Judgement:
    own = judge(verb, cues, steps + 1)
    if verb.lemma_ in cues.negated and noun.dep_ != "nsubj":
        return Modality.NEGATED, (verb.i,)
    if verb.lemma_ in cues.planned and noun.dep_ != "nsubj":
        return stronger(own, (Modality.PLANNED, (verb.i,)))
    return own


def speaker(predicate: Token, cues: Cues) -> Token | None:
    """The head of who says what the predicate says ("X said that …", "according to X, …")."""
    token, steps = predicate, 0
    while steps < MAX_STEPS:
        steps += 1
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "according":
                found = [g for c in child.children if c.dep_ == "prep" for g in c.children if g.dep_ == "pobj"]
                if found:
                    return found[0]
        head = token.head
        if head.i == token.i:
            return None
        if token.dep_ in ("ccomp", "parataxis") and head.lemma_ in cues.saying and is_verb(head):
            found = subjects(head, cues)
            return found[0] if found else None
        token = head
    return None
