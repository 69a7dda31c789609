"""Mend what the parser gets wrong by habit, once, so that every reader of the parse gains."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Token

TAG_REPAIRS, PARSE_REPAIRS = "kzai_tags", "kzai_parse"
"""Names of the two components: the first must run before lemmas are read off the tags."""

HYPHENATED = ("roll-out", "spin-off", "spin-out", "start-up")
"""Nouns that English pipelines cut at their hyphen, and then take for verbs."""
HYPHENATED_TAGS = {**dict.fromkeys(HYPHENATED, "NN"), **{f"{word}s": "NNS" for word in HYPHENATED}}
NOMINAL = frozenset({"nsubj", "nsubjpass", "dobj", "pobj"})
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


@Language.component(TAG_REPAIRS)
def mend_tags(doc: Doc) -> Doc:
    """Make nouns of adjectives with a name beside them ("by the firm Kelp Motors") and of hyphenated words."""
    for token in doc:
        if token.tag_ == "JJ" and token.dep_ in NOMINAL and any(c.dep_ == "appos" for c in token.children):
            token.tag_ = "NN"
        token.tag_ = HYPHENATED_TAGS.get(token.lower_, token.tag_)
    return doc


@Language.component(PARSE_REPAIRS)
def mend_parse(doc: Doc) -> Doc:
    """Hang clauses on the noun that they describe."""
    for token in doc:
        noun = _described_by(token)
        if noun is not None:
            token.dep_, token.head = "relcl", noun
    return doc


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
