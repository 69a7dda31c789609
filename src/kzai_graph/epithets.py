"""Find whom a description is about, so that what stands inside it holds for them.

In "Kelp Motors (OSE: KLP), a Bergen-based maker of ferries" the place belongs to a noun that is no reference; the
noun is said of the firm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from kzai_graph.arguments import described
from kzai_graph.entities import Reference
from kzai_graph.lookup import Lookup
from kzai_graph.modality import judge
from kzai_graph.model import MentionKind, Modality
from kzai_graph.offices import Construction
from kzai_graph.owners import named_possession
from kzai_graph.syntax import SUBJECTS, is_verb

BEFORE_NOUN = frozenset({"amod", "compound", "nmod", "npadvmod", "poss"})
MAX_STEPS = 4
MAX_DISTANCE = 8
ANOTHERS = frozenset({"army", "government", "language", "market", "military", "parliament", "state"})
"""What these nouns take before them belongs to them: "a Chinese government supplier" need not be Chinese."""
ACTING = ("Organisation", "Person", "Country", "Place")
"""What a noun of relation can describe as well: "X, Norway's partner"."""
ARTICLES = frozenset({"a", "an", "one", "the"})
CLOSING = frozenset({",", ".", ";", ")", "–", "—"})
BASED = frozenset({"based", "headquartered", "registered"})
HYPHENED = {
    **dict.fromkeys(("powered", "based", "enabled", "driven", "assisted", "equipped"), "powered-by"),
    **dict.fromkeys(("backed", "funded", "financed", "sponsored"), "backed-by"),
    **dict.fromkeys(("owned", "controlled"), "owned-by"),
    **dict.fromkeys(("built", "developed", "made", "designed", "drafted", "written"), "made-by"),
    **dict.fromkeys(("adopted", "approved", "endorsed", "enacted", "passed"), "approved-by"),
    **dict.fromkeys(("hosted", "organised", "organized"), "hosted-by"),
    **dict.fromkeys(("delivered", "provided", "supplied"), "supplied-by"),
    **dict.fromkeys(("established", "founded", "launched"), "launched-by"),
    "supported": "supported-by",
    **dict.fromkeys(("led", "run", "operated", "managed"), "run-by"),
}
"""Participles that a hyphen ties to what they need, and the construction that each makes."""


def find_epithets(doc: Doc, references: Sequence[Reference], lookup: Lookup) -> Iterator[Construction]:
    """Find the ties of what stands inside a description to the thing described, in the order of the text."""
    for inner in references:
        name = _tie(doc, inner, lookup)
        if name is None:
            continue
        thing = described_around(doc, references, inner, lookup)
        if thing is None or (name == "possessive" and not _may_own(doc, inner, thing, lookup)):
            continue
        begin, end = min(thing.begin, inner.begin), max(thing.end, inner.end)
        for each in seats(doc, references, inner) if name == "place-based" else [inner]:
            yield Construction(name, thing, each, begin, end)
        if name == "possessive" and thing.entity.named:
            yield named_possession(thing, inner, begin, end)


def is_means(reference: Reference, lookup: Lookup) -> bool:
    """Tell whether it is a technology that things work with."""
    return reference.entity.cls == "Technology" and reference.entity.label in lookup.ontology.cues.means


def _may_own(doc: Doc, owner: Reference, thing: Reference, lookup: Lookup) -> bool:
    """Tell whether "X, Y's noun" says that Y has X: of things it does, of bodies only a country's, and no partner."""
    if not lookup.ontology.is_a(thing.entity.cls or "", *ACTING):
        return True
    noun = _governing_noun(doc, owner)
    related = noun is None or noun.lemma_.lower() in lookup.ontology.cues.relational
    return (
        owner.entity.cls == "Country" and lookup.ontology.is_a(thing.entity.cls or "", "Organisation") and not related
    )


def _tie(doc: Doc, inner: Reference, lookup: Lookup) -> str | None:
    """How a reference stands before a noun: as its owner, its country, its seat, its means, or with a participle."""
    is_place = inner.entity.cls in ("Place", "Country")
    if (inner.end < len(doc) and doc[inner.end].tag_ == "POS") or doc[inner.end - 1].tag_ in ("POS", "PRP$"):
        return "possessive"
    if inner.kind is MentionKind.PRONOUN:
        return None
    if inner.kind is MentionKind.IMPLIED:
        return "demonym" if is_place else None
    if _is_hyphened(doc, inner):
        participle = doc[inner.end + 1].lower_
        return "place-based" if is_place and participle in BASED else HYPHENED.get(participle)
    if doc[inner.end - 1].dep_ not in BEFORE_NOUN or not doc[inner.end : inner.end + 1].text.islower():
        return None
    return "place-modifier" if is_place else "means-modifier" if is_means(inner, lookup) else None


def described_around(doc: Doc, references: Sequence[Reference], inner: Reference, lookup: Lookup) -> Reference | None:
    """The thing that is described by the noun which a reference modifies; ``None`` where the noun is no description."""
    noun = _governing_noun(doc, inner)
    if noun is None:
        opens = inner.begin and doc[inner.begin - 1].lower_ in ARTICLES and _is_hyphened(doc, inner)
        opens = opens and not belongs_to_next(doc, inner)
        return _named_before(doc, references, inner.begin - 1) if opens else None
    here = [r for r in references if r.begin <= noun.i < r.end and r.kind is not MentionKind.IMPLIED]
    if any(r.kind is MentionKind.NAME for r in here):
        return None
    told = next((r for r in here if r.head == noun.i and r.entity.named and r.entity.cls != "Position"), None)
    if told is not None:
        return told
    cues = lookup.ontology.cues
    if noun.dep_ == "attr" and is_verb(noun.head) and judge(noun.head, cues)[0] is not Modality.ASSERTED:
        return None
    beside = _named_before(doc, references, _opening(noun)) if _is_apart(noun) else None
    if beside is not None:
        return beside
    for token in described(noun, cues):
        found = [r for r in references if r.begin <= token.i < r.end and r.kind is not MentionKind.IMPLIED]
        if found and found[0].entity is not inner.entity:
            return max(found, key=lambda r: r.end - r.begin)
    return None


def _is_apart(noun: Token) -> bool:
    """Tell whether a comma or the end follows the noun with all that hangs on it."""
    after = noun.right_edge.i + 1
    closed = after >= len(noun.doc) or noun.doc[after].text in CLOSING
    return closed and noun.dep_ not in (*SUBJECTS, "poss", "compound", "dobj")


def _opening(noun: Token) -> int:
    """Where a description starts: at its article, or at "one" of "one of Norway's banks"."""
    start = noun.left_edge.i
    return start - 2 if start > 1 and noun.doc[start - 2 : start].text.lower() == "one of" else start


def seats(doc: Doc, references: Sequence[Reference], place: Reference) -> list[Reference]:
    """The place before "-based", and the town before it: "Salem, Oregon-based"."""
    towns = [r for r in references if r.end == place.begin - 1 and doc[r.end].text == "," and r.entity.cls == "Place"]
    return [place, *towns]


def belongs_to_next(doc: Doc, inner: Reference) -> bool:
    """Tell whether a country or place says something of the next word only: "Russian-language"."""
    after = doc[inner.end : inner.end + 2]
    if _is_hyphened(doc, inner):
        return after[1].tag_ != "VBN" and after[1].text.islower()
    return after.text != "" and after[0].lower_ in ANOTHERS


def _is_hyphened(doc: Doc, inner: Reference) -> bool:
    return inner.end + 1 < len(doc) and doc[inner.end].text == "-" and not doc[inner.end - 1].whitespace_


def _governing_noun(doc: Doc, inner: Reference) -> Token | None:
    """The noun at the end of the words before a noun, from one of them."""
    token = doc[inner.end - 2 if doc[inner.end - 1].tag_ == "POS" else inner.end - 1]
    if belongs_to_next(doc, inner):
        return None
    for _ in range(MAX_STEPS):
        head = token.head
        if token.dep_ not in BEFORE_NOUN or head.i <= token.i:
            break
        token = head
    is_noun = token.i >= inner.end and token.pos_ == "NOUN" and token.i - inner.end <= MAX_DISTANCE
    return token if is_noun else None


def _named_before(doc: Doc, references: Sequence[Reference], start: int) -> Reference | None:
    """X of "X (short form), a Norwegian bank", from where the description starts, whatever the parse made of it."""
    i, first = start - 1, doc[start].sent.start
    if doc[start].lower_ not in ARTICLES or i <= first or doc[i].text != ",":
        return None
    while i > first and doc[i - 1].text == ")":
        i -= 1
        while i > first and doc[i].text != "(":
            i -= 1
    found = [r for r in references if r.end == i and r.kind is MentionKind.NAME]
    return min(found, key=lambda r: r.begin) if found else None
