"""Collect what the words around a name say about its class."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from kzai_graph.givennames import given_names
from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup, fold
from kzai_graph.name_lists import CLASS_NOUN_BESIDE, find_chains, vote_list
from kzai_graph.name_roles import hint_role, vote_branch, vote_person
from kzai_graph.name_shapes import (
    class_noun_after,
    has_person_shape,
    hint_model,
    hint_place,
    is_one_word,
    place_weight,
    prep_before,
    speaks,
)
from kzai_graph.name_ties import hint_ties
from kzai_graph.selections import DECIDED, select
from kzai_graph.wording import SPELT, TICKER, Name

HEAD_NOUN = 5.0
LOOSE_HEAD = 1.5
APPOSITION = 3.0
LED = 1.2
TRADEMARK = 2.0
LEADING = 1.5
PLACE_PREPOSITIONS = frozenset({"in", "near", "across", "throughout", "at"})
OF_STATE = ("Ministry", "PublicBody", "Legislature")
WARES = frozenset("products solutions services tools systems platforms apps devices projects reports".split())
"""What "NAME products" speaks of is not NAME."""
MAX_TRADE_WORDS = 8
GROUPS = frozenset({"family", "line", "pair", "range", "series", "set", "suite"})
COPULAS = frozenset({"be", "become", "remain"})
LOCAL = frozenset(
    "akim akimat capital government governor inhabitant mayor municipality north outskirts people "
    "resident south street suburb".split()
)


def collect_votes(doc: Doc, names: Sequence[Name], lookup: Lookup) -> None:
    """Add to each name of one block the votes of its head noun, its neighbours and the model."""
    chunks = {chunk.start: chunk for chunk in doc.noun_chunks}
    text = doc.text
    for name in names:
        if name.known is not None:
            continue
        after = class_noun_after(doc, name.end, lookup)
        if after is not None and name.noun is not None and _is_worn(doc, name, name.noun, after[0], lookup):
            name.noun = None  # "the Open Internet project"
        if name.noun is not None and name.noun.suffix and _is_told(doc, name, lookup):
            name.noun = None  # "the integrator Torvald Link"
        if name.noun is not None:
            name.vote(name.noun.denotes, LOOSE_HEAD if name.loose else HEAD_NOUN)
        select(doc, name, lookup)
        _beside(doc, name, lookup)
        _of(doc, name, lookup)
        _led(doc, name, lookup)
        _described(doc, name, chunks, lookup)
        _identified(doc, name, lookup)
        _introduced(doc, name, names, lookup)
        vote_person(doc, name, lookup)
        vote_branch(doc, name, lookup)
        hint_model(doc, name, lookup)
        hint_place(doc, name, lookup)
        hint_role(doc, name, lookup)
        hint_ties(doc, name, lookup)
        told = any(weight >= DECIDED and cls != "Place" for cls, weight in name.votes.items())
        if prep_before(doc, name) in PLACE_PREPOSITIONS and name.noun is None and not told:
            weight = place_weight(doc, name, lookup)
            (name.vote if weight > 1 else name.hint)("Place", weight)
        if (
            name.end + 1 < len(doc)
            and doc[name.end].text == "-"
            and doc[name.end + 1].lower_ in ("based", "born", "headquartered")
        ):
            name.vote("Place", 2.0)
        last = doc[name.end - 1]
        if text.startswith("™", last.idx + len(last)) or last.text.endswith("™"):
            name.vote("System", TRADEMARK)
        if name.end < len(doc) and _is_bare_form(doc[name.end], lookup):
            name.vote("Firm", 4.0)
        if name.end < len(doc) and doc[name.end].text == "(" and TICKER.match(text[doc[name.end].idx + 1 :][:24]):
            name.vote("Firm", 4.0)
        if not has_person_shape(doc, name, lookup):
            name.hints.pop("Person", None)
            name.votes.pop("Person", None)
    for chain in find_chains(doc, names):
        vote_list(doc, chain, lookup)


def _is_told(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether a class noun before the name says another class than the word that closes it."""
    i = name.begin - 1
    if i < 1 or doc[i].tag_ != "NN" or not doc[i].text.islower() or name.noun is None or doc[name.begin].is_sent_start:
        return False
    found = lookup.noun_ending(list(doc[max(0, i - 2) : i + 1]))
    return found is not None and found[0].denotes not in ("Position", "Technology", name.noun.denotes)


def _is_bare_form(token: Token, lookup: Lookup) -> bool:
    """Tell whether it is a legal form that is written small ("NAME plc", "NAME d.o.o.") and no other word."""
    return (
        token.text.islower() and len(token) > 2 and lookup.is_legal_form(token.text) and not lookup.is_word(token.text)
    )


def _is_worn(doc: Doc, name: Name, noun: Noun, after: Noun, lookup: Lookup) -> bool:
    """Tell whether the class noun in a name gives way to the one beside it ("the Safe Bridges campaign")."""
    last = doc[name.head]
    plural = lookup.singular(last) != last.lower_
    weak = (
        noun.denotes == "Technology"
        or (noun.denotes == "Place" and (plural or after.denotes in ("Programme", "System")))
        or (noun.suffix and lookup.is_word(last.text))
    )
    return weak and noun.denotes != after.denotes


def _beside(doc: Doc, name: Name, lookup: Lookup) -> None:
    after = class_noun_after(doc, name.end + (1 if name.quoted else 0), lookup)
    tokens = doc[name.begin : name.end]
    people = all(t.ent_type_ in ("NORP", "LANGUAGE") for t in tokens)
    if (
        after is not None
        and not people
        and not after[0].suffix
        and not (after[0].denotes in ("Technology", *OF_STATE) and doc[after[1] - 1].tag_ == "NNS")
        and doc[after[1] - 1].lower_ not in WARES
    ):
        name.vote(after[0].denotes, CLASS_NOUN_BESIDE)
        name.ware = CLASS_NOUN_BESIDE if after[0].denotes == "System" else 0.0
    before = name.begin - (2 if name.quoted else 1)
    if before < 0 or doc[name.begin].is_sent_start:
        return
    weight = APPOSITION
    known_as = before > 1 and doc[before].lower_ == "as" and doc[before - 1].lower_ == "known"
    before -= known_as
    token = doc[before]
    if (known_as or token.lower_ in lookup.ontology.cues.naming) and before > 1:
        before -= 2 if doc[before - 1].text == "," else 1
        token, weight = doc[before], APPOSITION + 1
    elif people:
        return
    if token.lower_ == "based" and doc[before - 1].text == "-":
        name.hint("Firm", 1.2)  # "Oslo-based NAME"
    elif (
        token.pos_ in ("NOUN", "PROPN")
        and (token.text.islower() or name.quoted or token.text in SPELT)
        and token.tag_ in ("NN", "NNP")
    ):
        found = lookup.noun_ending(list(doc[max(0, before - 2) : before + 1]))
        if found is not None and not found[0].suffix:
            name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, weight)


def _of(doc: Doc, name: Name, lookup: Lookup) -> None:
    """ "The city of NAME", "the mayor of NAME", "residents of NAME"."""
    if (
        name.noun is not None
        or name.begin < 2
        or doc[name.begin - 1].lower_ != "of"
        or not doc[name.begin - 2].text.islower()
    ):
        return
    found = lookup.noun_ending(list(doc[max(0, name.begin - 3) : name.begin - 1]))
    if found is not None and found[0].denotes == "Place":
        name.vote("Place", APPOSITION)
    elif doc[name.begin - 2].lemma_ in LOCAL and not (
        has_person_shape(doc, name, lookup) and any(t.ent_type_ == "PERSON" for t in doc[name.begin : name.end])
    ):
        name.vote("Place", CLASS_NOUN_BESIDE)


def _led(doc: Doc, name: Name, lookup: Lookup) -> None:
    """ "The chief executive of NAME", "Head of Sales at NAME": who is led is a body; a mayor's place is not meant."""
    i = name.begin - (2 if name.begin > 1 and doc[name.begin - 1].lower_ == "the" else 1)
    if name.noun is not None or i < 1 or doc[i].lower_ not in ("of", "at"):
        return
    found = lookup.noun_ending(list(doc[max(0, i - 5) : i]))
    if found is not None and found[0].denotes == "Position" and not found[0].generic:
        name.thing = True
        name.hint("Organisation", LED)


def _introduced(doc: Doc, name: Name, names: Sequence[Name], lookup: Lookup) -> None:
    """ "Its affiliate, NAME," and "its author, NAME, wrote": a definite noun and the name that it announces."""
    comma = name.begin - (2 if name.quoted else 1)
    if comma > 1 and doc[comma].lower_ == "the":
        comma -= 1
    if comma < 1 or doc[comma].text != ",":
        return
    end = name.end + (1 if name.quoted else 0)
    if end < len(doc) and doc[end].text not in ",.;)" and doc[end].pos_ not in ("AUX", "VERB"):
        return
    if not is_one_word(doc, name) and any(
        n.end == comma and n.noun is not None and n.noun.denotes == "Position" for n in names
    ):
        name.vote("Person", CLASS_NOUN_BESIDE)
        return
    root = doc[comma - 1]
    while root.dep_ == "pobj" and root.head.lower_ in ("of", "at", "for") and root.head.head.pos_ in ("NOUN", "PROPN"):
        root = root.head.head
    found = _announcing(doc, root.i, lookup)
    if found is None:  # "the approval of the bridges agency, NAME"
        root = doc[comma - 1]
        found = _announcing(doc, root.i, lookup)
    if found is None:
        return
    start = root.left_edge.i
    if not any(t.tag_ in ("DT", "PRP$", "POS") for t in doc[start : root.i]) or (
        start and (doc[start - 1].text == "," or doc[start - 1].is_sent_start)
    ):
        return
    if found[0].denotes != "Position" and speaks(doc, name, lookup):
        return
    name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, CLASS_NOUN_BESIDE)


def _announcing(doc: Doc, i: int, lookup: Lookup) -> tuple[Noun, int] | None:
    """The class noun that ends at a token, where it is a common noun in the singular."""
    token = doc[i]
    if token.pos_ != "NOUN" or token.tag_ != "NN" or not token.text.islower():
        return None
    return lookup.noun_ending(list(doc[max(0, i - 2) : i + 1]))


def _described(doc: Doc, name: Name, chunks: dict[int, Span], lookup: Lookup) -> None:
    """Apposition with a comma, dash or bracket ("X, a developer of …"), and the copula ("X is a platform …")."""
    i = name.end + (1 if name.quoted else 0)
    if i + 1 >= len(doc):
        return
    if doc[i].text == "(" and (close := _closing(doc, i)) is not None and close + 1 < len(doc):
        i = close + 1
    if doc[i].text in (",", "–", "—", "-"):
        start = i + 1
        if name.begin and doc[name.begin - 1].pos_ == "ADP" and doc[name.begin - 1].is_sent_start:
            return  # "In NAME, the auditors found …"
    elif doc[i].lemma_ in COPULAS and doc[i].pos_ in ("AUX", "VERB"):
        start = i + 1
    else:
        return
    while start < len(doc) and doc[start].pos_ == "ADV":
        start += 1
    chunk = chunks.get(start)
    if chunk is not None and chunk.root.lower_ == "one" and doc[chunk.end : chunk.end + 1].text == "of":
        among = chunks.get(chunk.end + 1)  # "X, one of the largest banks in Y"
        found = lookup.noun_ending(list(doc[among.start : _joint_end(doc, among)])) if among is not None else None
        if found is not None and found[0].denotes != "Position":
            name.vote(found[0].denotes, APPOSITION)
        return
    if chunk is None or chunk.root.tag_ == "NNS":
        return
    end = _joint_end(doc, chunk)
    found = lookup.noun_ending(list(doc[chunk.start : end]))
    if found is None and end < len(doc) and doc[end].lower_ == "by":  # "a scheme run by …"
        found = lookup.noun_ending(list(doc[chunk.start : end - 1]))
    if found is None:
        found = _made_up_of(doc, chunk, lookup)
    if found is None or not (_describes(chunk) or found[0].denotes == "Position"):
        return
    if (
        found[0].denotes == "Firm"
        and speaks(doc, name, lookup)
        and has_person_shape(doc, name, lookup)
        and name.end - name.begin > 1
    ):
        return  # "said NAME, a former auditor"
    if found[0].denotes == "Position" and _is_in_trade(doc, end, lookup) and not _is_human(doc, name, lookup):
        name.thing = True
        name.hint("Firm", LEADING)  # "X, the leader in tidal pumps"
    else:
        name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, APPOSITION)


def _is_in_trade(doc: Doc, i: int, lookup: Lookup) -> bool:
    """Tell whether "in" and something that is sold follow: "(a leader) in tidal pumps", not "in the polls"."""
    if doc[i : i + 1].text != "in":
        return False
    cues = lookup.ontology.cues
    for token in doc[i + 1 : i + 1 + MAX_TRADE_WORDS]:
        if (
            token.pos_ not in ("ADJ", "ADV", "CCONJ", "DET", "NOUN", "PART", "PROPN", "PUNCT", "VERB")
            or token.text == "."
        ):
            return False
        hit = lookup.known_at(doc, token.i)
        if hit is not None and hit.known.cls == "Technology":
            return True
        word = lookup.singular(token)
        if word in cues.topic_heads | cues.topic_things | cues.devices or token.lower_ in WARES:
            return True
    return False


def _is_human(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether a name has the shape of a human's, and is no single word that could as well be a firm's."""
    single = name.end - name.begin == 1 and fold(doc[name.begin].text) not in given_names()
    return not single and has_person_shape(doc, name, lookup)


def _made_up_of(doc: Doc, chunk: Span, lookup: Lookup) -> tuple[Noun, int] | None:
    """The class noun behind a word for a group: "the family of open language models"."""
    i = chunk.root.i + 1
    if chunk.root.lemma_ not in GROUPS or i >= len(doc) or doc[i].lower_ != "of":
        return None
    end = i + 1
    while end < len(doc) and doc[end].pos_ in ("ADJ", "NOUN", "NUM") and doc[end].text.islower():
        end += 1
    return lookup.noun_ending(list(doc[i + 1 : end])) if end > i + 1 and doc[end - 1].tag_ == "NNS" else None


def _joint_end(doc: Doc, chunk: Span) -> int:
    """Where a description ends whose modifiers are joined: "a market research and consulting firm"."""
    end = i = chunk.root.i + 1
    if i < len(doc) and doc[i].lower_ in ("and", "&"):
        i += 1
        while i < len(doc) and doc[i].pos_ in ("ADJ", "NOUN", "PROPN") and doc[i].text.islower():
            i += 1
            end = i if doc[i - 1].tag_ in ("NN", "NNP") else end
    return end


def _identified(doc: Doc, name: Name, lookup: Lookup) -> None:
    """ "Its best known product is NAME": a definite noun that the copula makes one with the name."""
    head = doc[name.begin : name.end].root
    verb = head.head
    subject = next((c for c in verb.children if c.dep_ == "nsubj" and c.i < verb.i), None)
    if head.dep_ != "attr" or verb.lemma_ not in COPULAS or subject is None or verb.i != name.begin - 1:
        return
    found = _announcing(doc, subject.i, lookup)
    if found is None or not any(c.tag_ == "PRP$" or c.lower_ == "the" or c.dep_ == "poss" for c in subject.children):
        return
    name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, CLASS_NOUN_BESIDE)


def _describes(chunk: Span) -> bool:
    """A description has an article, a possessor or a common noun as its head; a bare name in a list has none."""
    return chunk.root.pos_ == "NOUN" or chunk[0].pos_ == "DET"


def _closing(doc: Doc, i: int) -> int | None:
    return next((j for j in range(i + 1, min(i + 12, len(doc))) if doc[j].text == ")"), None)
