"""Give the members of a list the class that its heading noun, or their neighbours, have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.name_shapes import class_noun_after, has_person_shape, is_one_word
from kzai_graph.wording import Name

LISTED = 2.5
CLASS_NOUN_BESIDE = 2.0
BESIDE_KNOWN = 1.0
BESIDE_PLACES = 1.6
PLACE_HINT = 1.1
SHARED = frozenset({"Firm", "Place", "Person", "Country", "MediaOrganisation", "ResearchOrganisation"})
"""Fine classes that neighbours in a list share as a rule; bodies of other kinds stand side by side."""
LIKE = frozenset({"like", "including", "namely"})
OTHERS = frozenset({"other", "similar", "comparable", "rival", "competing", "further"})
CHAIN_LINKS = frozenset({",", "and", "or", "&", "the", "both"})


def find_chains(doc: Doc, names: Sequence[Name]) -> Iterator[list[Name]]:
    """Yield the runs of names that only commas and "and" part; inner names are left out."""
    outer: list[Name] = []
    for name in names:
        if not outer or name.begin >= outer[-1].end:
            outer.append(name)
    chain: list[Name] = []
    for name in outer:
        if chain and len(chain) == 1 and _opens_sentence(doc, chain[0]):
            chain = []  # "Under the Pledge, Anna and Maria …"
        gap = doc[chain[-1].end : name.begin] if chain else None
        linked = (
            gap is not None
            and 0 < len(gap) <= 3
            and all(t.lower_ in CHAIN_LINKS or t.is_quote for t in gap)
            and any(t.lower_ in (",", "and", "or", "&") for t in gap)
        )
        if not linked:
            if chain:
                yield chain
            chain = []
        chain.append(name)
    if chain:
        yield chain


def _opens_sentence(doc: Doc, name: Name) -> bool:
    """Tell whether it is the object of the preposition with which its sentence opens."""
    i = name.begin - 1
    if i > 0 and doc[i].lower_ == "the":
        i -= 1
    return i >= 0 and bool(doc[i].is_sent_start) and doc[i].pos_ in ("ADP", "SCONJ", "VERB")


def vote_list(doc: Doc, chain: list[Name], lookup: Lookup) -> None:
    """Give the members of a list the class that its heading noun, or their neighbours, have."""
    heading = _heading(doc, chain[0].begin - (1 if chain[0].quoted else 0), lookup)
    closing = _closing(doc, chain, lookup)
    noun = heading or closing
    unknown = [n for n in chain if n.known is None and n.noun is None]
    if noun is not None:
        for name in unknown:
            if noun.denotes != "Position":
                name.vote(noun.denotes, LISTED)
            elif has_person_shape(doc, name, lookup):
                name.vote("Person", LISTED)
        if noun.denotes != "Position":
            return
    if len(chain) < 2:
        return
    classes = {c for c in (_class_so_far(n) for n in chain) if c is not None and _is_telling(c)}
    roots = {lookup.root(c) for c in classes}
    if len(roots) != 1:
        return
    cls = next(iter(classes)) if len(classes) == 1 and classes <= SHARED else next(iter(roots))
    if cls == "Country":
        cls = "Place"
    if cls != "Person" and any(has_person_shape(doc, n, lookup) and not is_one_word(doc, n) for n in unknown):
        return  # letters after a person's name
    for name in unknown:
        if not name.votes and (cls != "Person" or has_person_shape(doc, name, lookup)):
            name.hint(cls, BESIDE_PLACES if cls == "Place" else BESIDE_KNOWN)


def _closing(doc: Doc, chain: Sequence[Name], lookup: Lookup) -> Noun | None:
    """The plural noun that sums a list up: "the Orvik and Tarn rivers", "Orvik, Tarn and other banks"."""
    end = chain[-1].end + (1 if chain[-1].quoted else 0)
    start = end
    while start < len(doc) and doc[start].lower_ in (",", "and", "or", "as", "well"):
        start += 1
    others = start > end and start < len(doc) and doc[start].lower_ in OTHERS
    last = class_noun_after(doc, start if others else end, lookup)
    if last is None or not (others or len(chain) > 1) or doc[last[1] - 1].tag_ != "NNS":
        return None
    return last[0] if last[1] == len(doc) or doc[last[1]].tag_ != "POS" else None


def _is_telling(cls: str) -> bool:
    return cls not in ("Position", "Technology")


def _class_so_far(name: Name) -> str | None:
    if name.demonym:
        return None
    if name.known is not None:
        return name.known.cls
    strong = {c: w for c, w in name.votes.items() if w >= CLASS_NOUN_BESIDE}
    if not strong and name.hints.get("Place", 0.0) >= PLACE_HINT and not name.votes:
        return "Place"
    return max(strong, key=lambda c: (strong[c], c), default=None)


def _heading(doc: Doc, begin: int, lookup: Lookup) -> Noun | None:
    """The plural noun that announces a list: "firms such as", "subsidiaries, …", "the banks …", "districts:"."""
    i = begin - 1
    if i >= 0 and doc[i].lower_ == "the":
        i -= 1
    if i > 0 and doc[i].lower_ == "as" and doc[i - 1].lower_ == "such":
        i -= 2
    elif (i >= 0 and doc[i].lower_ in LIKE) or (i >= 0 and doc[i].text in (",", ":", "–", "—", "(")):
        i -= 1
    if i >= 0 and doc[i].text == ",":
        i -= 1
    if i < 0 or doc[i].tag_ != "NNS" or not (doc[i].text.islower() or doc[i].is_sent_start):
        return None
    found = lookup.noun_ending(list(doc[max(0, i - 2) : i + 1]))
    return found[0] if found is not None and not found[0].suffix else None
