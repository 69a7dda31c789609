"""Mend what the parser gets wrong by habit, once, so that every reader of the parse gains."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Token

from kzai_graph.small_clauses import hang, mend_gap, mend_left_out, mend_small_clause

TAG_REPAIRS, PARSE_REPAIRS = "kzai_tags", "kzai_parse"
"""Names of the two components: the first must run before lemmas are read off the tags."""

HYPHENATED = ("roll-out", "spin-off", "spin-out", "start-up")
"""Nouns that English pipelines cut at their hyphen, and then take for verbs."""
HYPHENATED_TAGS = {**dict.fromkeys(HYPHENATED, "NN"), **{f"{word}s": "NNS" for word in HYPHENATED}}
SHARED_VERBS = (
    "author chair create design develop finance found fund host invest launch organise organize own produce sponsor"
)
SHARED_FORMS = {
    f"co-{form}": f"co-{verb}"
    for verb in SHARED_VERBS.split()
    for form in (verb, f"{verb}s", f"{verb.removesuffix('e')}ed", f"{verb.removesuffix('e')}ing")
}
"""Verbs with "co-", which pipelines cut at their hyphen, by form with their lemma."""
GENERATIONS = ("2G", "3G", "4G", "5G", "6G")
"""Mobile networks, which pipelines take for a number of grams."""
WHOLE_WORDS = (*HYPHENATED_TAGS, *SHARED_FORMS, *GENERATIONS)
POSSESSIVE = frozenset({"'s", "’s"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
NOMINAL = frozenset({"nsubj", "nsubjpass", "dobj", "pobj"})
FRONT = frozenset({"compound", "nmod", "npadvmod", "amod"})
COMPOUNDED = frozenset({"backed", "based", "controlled", "driven", "enabled", "led", "made", "owned", "powered", "run"})
"""Participles that stand with a name before a noun: "X backed firms"."""
SUBORDINATE = frozenset({"relcl", "acl", "advcl", "ccomp", "conj"})
FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
TELLING = frozenset(
    {
        "advise",
        "assure",
        "convince",
        "inform",
        "notify",
        "persuade",
        "promise",
        "remind",
        "show",
        "teach",
        "tell",
        "warn",
    }
)
"""Verbs that take an object and a clause of content beside it."""
TIMED = {
    **dict.fromkeys("monday tuesday wednesday thursday friday saturday sunday".split(), ("on", "since", "until", "by")),
    **dict.fromkeys(
        "january february march april may june july august september october november december".split(),
        ("in", "since", "until", "by", "during"),
    ),
}
"""Days and months, with the prepositions that date by them."""
ACTS = ("tion", "sion", "ment", "ance", "al", "ing")
"""Endings of nouns that say what somebody does."""
OTHER_ACTS = frozenset({"launch", "purchase", "release", "rollout", "use"})
AUTHORED = frozenset(
    "analysis article book essay guide handbook letter paper play poem proposal report review series song speech "
    "statement study survey text work".split()
)
"""Nouns after which "by" names an author, whatever is done with them."""
GIVERS = frozenset({"from", "to"})
"""Prepositions that say whose a sum is, and so go with what the sum is of: "a grant of 3 million euros from X"."""
PRICING = frozenset({"estimate", "price", "value"})
BEYOND_PRICE = frozenset({"by", "for", "from", "to", "with"})
"""Prepositions that after a price belong to what has it."""
PERIOD = re.compile(r"(?:19|20)\d\d(?:[-–—/](?:(?:19|20)?\d\d))?")
ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)


@Language.component(TAG_REPAIRS)
def mend_tags(doc: Doc) -> Doc:
    """Give the tags that the words beside a word ask for: nouns, pronouns, verbs, the mark of possessors."""
    for token in doc:
        if token.tag_ == "JJ" and token.dep_ in NOMINAL and any(c.dep_ == "appos" for c in token.children):
            token.tag_ = "NN"
        if token.tag_ == "VBG" and token.dep_ in NOMINAL and token.nbor(-1 if token.i else 0).dep_ == "compound":
            token.tag_ = "NN"  # "machine learning"
        if token.lower_ == "that" and token.tag_ == "IN" and token.dep_ in NOMINAL:
            token.tag_ = "WDT"
        token.tag_ = HYPHENATED_TAGS.get(token.lower_, token.tag_)
        _mend_possessive(token)
        _mend_verb_between_names(token)
        _mend_verb_before_plural(token)
        _mend_verb_in_list(token)
    return doc


def _mend_possessive(mark: Token) -> None:
    """Make X the possessor of "X's plan", where the tagger takes the mark for a part of the name."""
    if mark.lower_ in POSSESSIVE and mark.dep_ == "case" and mark.tag_ in ("NN", "NNP"):
        mark.tag_ = "POS"
        if mark.head.dep_ in FRONT:
            mark.head.dep_ = "poss"


def _mend_verb_between_names(token: Token) -> None:
    """Give "rates" of "Freedom House rates Norway" its subject and object, and the tag of a verb."""
    if token.dep_ != "ROOT" or token.tag_ not in ("VBZ", "NNS") or not 0 < token.i < len(token.doc) - 1:
        return
    before, after = token.nbor(-1), token.nbor()
    if any(c.dep_ in ("nsubj", "nsubjpass", "expl", "dobj") for c in token.children):
        after_fits = after.dep_ == "dobj" and not any(c.dep_ in SUBJECTS for c in token.children)
    else:
        after_fits = after.dep_ in ("appos", "npadvmod", "dobj")
    named = before.tag_ in ("NNP", "NNPS") and before.dep_ == "compound" and before.head == token
    if not (named and after_fits and after.tag_ == "NNP" and after.head == token):
        return
    token.tag_, before.dep_, after.dep_ = "VBZ", "nsubj", "dobj"
    for child in list(token.children):
        if child.i < before.i and child.dep_ in ("det", "compound", "amod"):
            child.head = before


def _mend_verb_before_plural(token: Token) -> None:
    """Make "held" the verb of "X held workshops in Y", where the parse has one noun phrase and no verb."""
    noun = token.head
    if token.lower_ in COMPOUNDED or token.tag_ not in ("VBD", "VBN"):
        return
    if token.dep_ != "amod" or noun.dep_ != "ROOT" or noun.tag_ != "NNS":
        return
    before = token.nbor(-1) if token.i else token
    if before.head not in (noun, token) or before.tag_ not in ("NNP", "NNPS") or before.dep_ not in FRONT:
        return
    if any(t.tag_ in FINITE and t.dep_ not in SUBORDINATE for t in noun.sent if t != token):
        return
    token.tag_, token.dep_, token.head, noun.dep_ = "VBD", "ROOT", token, "dobj"
    noun.head = token
    before.dep_, before.head = "nsubj", token
    for child in list(noun.children):
        if child.i < before.i:
            child.head = before
        elif child.dep_ == "punct" and child.i > noun.i:
            child.head = token


def _mend_verb_in_list(token: Token) -> None:
    """Make "designs" the first verb of "X designs, builds and sells Y", where the parse has a noun, "X designs"."""
    before = token.nbor(-1) if token.i else token
    if token.dep_ != "ROOT" or token.tag_ != "NNS" or before.head != token or before.dep_ not in FRONT:
        return
    if not before.text[0].isupper() or not any(c.dep_ == "conj" and c.tag_ == "VBZ" for c in token.children):
        return
    token.tag_, before.tag_, before.dep_ = "VBZ", "NNP", "nsubj"
    for child in list(token.children):
        if child.i < before.i:
            child.head = before


@Language.component(PARSE_REPAIRS)
def mend_parse(doc: Doc) -> Doc:
    """Hang clauses on the noun that they describe, and passives on the passive that they continue."""
    for token in doc:
        token.lemma_ = SHARED_FORMS.get(token.lower_, token.lemma_)
        if (noun := _described_by(token) or _name_of_relative(token)) is not None:
            hang({token: ("relcl", noun)})
        elif (passive := _continued_by(token)) is not None:
            hang({token: ("conj", passive)})
        elif (act := _act_by(token)) is not None:
            hang({token: (token.dep_, act)})
        elif (priced := _priced_by(token)) is not None:
            hang({token: (token.dep_, priced)})
        elif (beyond := _beyond_price(token)) is not None:
            hang({token: ("agent" if beyond.pos_ == "VERB" else "prep", beyond)})
        elif token.dep_ == "conj" and token.head.lower_ == "up" and token.head.head.lemma_ == "be":
            hang({token: ("conj", token.head.head)})  # "is up and running"
        _mend_fronted(token)
        _mend_ordinal(token)
        _mend_period(token)
        _mend_second_object(token)
        _mend_day_before_name(token)
        mend_small_clause(token)
        mend_left_out(token)
        mend_gap(token)
    return doc


def _act_by(preposition: Token) -> Token | None:
    """The noun of "the ratification of X by Y", where the parse has X made by Y."""
    thing = preposition.head
    if preposition.lower_ != "by" or preposition.dep_ != "prep" or thing.dep_ != "pobj" or thing.head.lower_ != "of":
        return None
    act = thing.head.head
    if act.pos_ != "NOUN" or act.tag_ == "NNS" or thing.lemma_.lower() in AUTHORED:
        return None
    return act if act.lower_.endswith(ACTS) or act.lower_ in OTHER_ACTS else None


def _priced_by(token: Token) -> Token | None:
    """The noun of "a loan of $5 million provided by X" or "a contract worth $5 million, won by X"."""
    price = token.head
    if (token.dep_ not in ("acl", "relcl") and token.lower_ not in GIVERS) or token.i < price.i:
        return None
    if price.dep_ not in ("pobj", "npadvmod") or price.head.lower_ not in ("of", "worth") or price.i < price.head.i:
        return None
    if price.pos_ != "NUM" and price.ent_type_ != "MONEY":
        return None
    noun = price.head.head
    return noun if noun.pos_ in ("NOUN", "PROPN") and noun.i < price.i else None


def _beyond_price(preposition: Token) -> Token | None:
    """What "by X" and "for Y" belong to in "was awarded a contract worth $5 million by X for Y": the verb, the noun."""
    worth = preposition.head
    if worth.dep_ in ("npadvmod", "pobj") and any(c.pos_ == "NUM" for c in worth.subtree if c.i < preposition.i):
        worth = worth.head.head if worth.head.lower_ == "at" else worth.head
    priced = worth.lower_ == "worth" or (
        worth.dep_ == "acl"
        and worth.lemma_ in PRICING
        and any(c.lower_ == "at" and c.i < preposition.i for c in worth.children)
    )
    noun = worth.head
    if not priced or preposition.dep_ not in ("prep", "agent") or preposition.lower_ not in BEYOND_PRICE:
        return None
    if noun.pos_ != "NOUN" or not noun.i < worth.i < preposition.i:
        return None
    if any(c.ent_type_ in ("DATE", "TIME") for c in preposition.children):
        return None
    verb = noun.head
    passive = verb.pos_ == "VERB" and any(c.dep_ == "auxpass" for c in verb.children)
    return verb if preposition.lower_ == "by" and passive else noun


def _mend_fronted(participle: Token) -> None:
    """Make Y the subject of "Addressing X, Y called …", where the parse has it describe X."""
    main = participle.head
    if not participle.is_sent_start or participle.tag_ not in ("VBG", "VBN") or main == participle:
        return
    if main.pos_ not in ("VERB", "AUX") or any(c.dep_ in SUBJECTS for c in main.children):
        return
    for token in participle.subtree:
        between = token.doc[token.right_edge.i + 1 : main.i]
        if (
            token.dep_ == "appos"
            and token.left_edge.i > 0
            and token.left_edge.nbor(-1).text == ","
            and token.i < main.i
            and all(t.head == main and t.dep_ in ("aux", "auxpass", "neg", "advmod") for t in between)
        ):
            passive = any(c.dep_ == "auxpass" for c in main.children)
            token.dep_, token.head = "nsubjpass" if passive else "nsubj", main
            participle.dep_ = "advcl"
            return


def _mend_ordinal(rank: Token) -> None:
    """Make X the object of "ranked X 24th", where the parse has one name, "X 24th"."""
    verb, before = rank.head, rank.nbor(-1) if rank.i else rank
    if not ORDINAL.fullmatch(rank.text) or verb.pos_ != "VERB" or before.head != rank or before.tag_ != "NNP":
        return
    if before.ent_type_ == "DATE" or before.i < verb.i or any(c.dep_ == "dobj" and c != rank for c in verb.children):
        return
    before.dep_, before.head, rank.dep_ = "dobj", verb, "npadvmod"
    for child in list(rank.children):
        if child.i < before.i:
            child.head = before


def _mend_period(period: Token) -> None:
    """Make X the head of "the X Strategy 2031-2040", where the parse takes the years for what the name is of."""
    noun = period.nbor(-1) if period.i else period
    if period.dep_ not in NOMINAL or not PERIOD.fullmatch(period.text):
        return
    if noun.head != period or noun.dep_ != "compound" or noun.pos_ != "PROPN":
        return
    noun.dep_, noun.head, period.dep_ = period.dep_, period.head, "nummod"
    for child in list(period.children):
        child.head = noun
    period.head = noun


def _mend_second_object(noun: Token) -> None:
    """Make Y describe X in "unveiled X, the first Y", where the parse has both as objects."""
    if noun.dep_ != "dobj" or noun.left_edge.i == 0 or noun.left_edge.nbor(-1).text != ",":
        return
    first = next((c for c in noun.head.children if c.dep_ == "dobj" and noun.head.i < c.i < noun.i), None)
    if first is not None and first.right_edge.i == noun.left_edge.i - 2 and noun.left_edge.tag_ in ("DT", "PRP$"):
        noun.dep_, noun.head = "appos", first


def _mend_day_before_name(day: Token) -> None:
    """Part "On Friday Telenor launched …" into when and who, where the parse has one name, "Friday Telenor"."""
    name, before = day.head, day.nbor(-1) if day.i else day
    if day.dep_ != "compound" or before.lower_ not in TIMED.get(day.lower_, ()) or not day.is_title:
        return
    if name.tag_ not in ("NNP", "NNPS") or name.i < day.i or name.left_edge.i < before.i:
        return
    verb = before.head if name.head == before else name.head
    if name.dep_ == "pobj" and not any(c.dep_ in SUBJECTS for c in verb.children) and verb.i > name.i:
        name.dep_ = "nsubjpass" if any(c.dep_ == "auxpass" for c in verb.children) else "nsubj"
        name.head = verb
    elif name.dep_ not in SUBJECTS or before.head != verb:
        return
    before.dep_, before.pos_ = "prep", "ADP"
    day.dep_, day.head = "pobj", before


def _described_by(verb: Token) -> Token | None:
    """The noun before "that X adopted" or "that adopted Y", where the parse takes that for a clause of content."""
    if verb.dep_ == "ccomp" and verb.head.lemma_ == "be":  # "it was X that adopted Y"
        attribute = next((c for c in verb.head.children if c.dep_ == "attr" and c.i < verb.i), None)
        relative = any(c.dep_ in ("nsubj", "nsubjpass", "dobj") and c.tag_ == "WDT" for c in verb.children)
        return attribute if relative else None
    if verb.dep_ != "ccomp" or verb.head.lemma_.lower() in TELLING or verb.i < verb.head.i:
        return None
    mark = next((c for c in verb.children if c.dep_ == "mark" and c.lower_ == "that"), None)
    objects = [c for c in verb.head.children if c.dep_ == "dobj" and c.i < verb.i]
    if mark is None or not objects or mark.i == 0:
        return None
    return objects[-1] if objects[-1].right_edge.i == mark.i - 1 and objects[-1].i > verb.head.i else None


def _name_of_relative(verb: Token) -> Token | None:
    """The last noun of "the X Strategy to 2031, which …", where the parse has the year described, or a clause apart."""
    which = next((c for c in verb.children if c.dep_ in SUBJECTS and c.lower_ == "which"), None)
    if which is None or which.i < 4 or verb.dep_ not in SUBORDINATE or which.nbor(-1).text != ",":
        return None
    last = which.nbor(-2) if not which.nbor(-2).is_quote else which.nbor(-3)
    if PERIOD.fullmatch(last.text) and last.dep_ == "pobj" and last.head == last.nbor(-1):
        return last.nbor(-2) if last.nbor(-2).tag_ in ("NNP", "NNPS") else None
    return last if verb.dep_ in ("advcl", "ccomp") and last.pos_ in ("NOUN", "PROPN") else None


def _continued_by(verb: Token) -> Token | None:
    """The first verb of "was designed by A, financed by B and built by C", where the parse has A financed by B."""
    if verb.dep_ != "acl" or verb.tag_ != "VBN" or verb.i == 0 or verb.nbor(-1).text != ",":
        return None
    agent = verb.head.head
    listed = any(c.dep_ == "conj" and c.tag_ == "VBN" for c in verb.children)
    own = any(c.dep_ == "agent" for c in verb.children)
    return agent.head if listed and own and agent.dep_ == "agent" and agent.head.tag_ == "VBN" else None
