"""Find the names that the start of a sentence hides: words that the document writes with a capital inside sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc, Token

from kzai_graph.lookup import Lookup
from kzai_graph.wording import Name, is_title_case, starts_sentence


def find_recurring(
    docs: Mapping[int, Doc], found: Mapping[int, Sequence[Name]], lookup: Lookup
) -> dict[int, list[Name]]:
    """Return for each block the names of one word that open a sentence and were left out.

    A word of the dictionary is a name there ("Otter was founded in May") where it is one inside another sentence, or
    begins the name of a firm, and the document never writes it small.
    """
    words = {doc[n.begin].text for b, doc in docs.items() for n in found[b] if _is_telling(doc, n, lookup)}
    words -= {t.text.capitalize() for doc in docs.values() for t in doc if t.text.islower()}
    return {
        b: [
            Name(b, t.i, t.i + 1, t.i)
            for t in doc
            if t.text in words and starts_sentence(doc, t.i) and _stands_alone(t) and not _is_covered(t.i, found[b])
        ]
        for b, doc in docs.items()
        if not is_title_case(doc)
    }


def _is_telling(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell a name of one word inside a sentence, and one whose legal form shows where it ends."""
    first = doc[name.begin]
    if not (first.text.isalpha() and first.text.istitle()) or first.is_stop:
        return False
    if name.end - name.begin == 1:
        return name.noun is None and not starts_sentence(doc, name.begin) and name.known is None
    return lookup.is_legal_form(doc[name.end - 1].text)


def _stands_alone(token: Token) -> bool:
    """Tell a word that acts or possesses, and does not describe the next one."""
    return token.pos_ in ("PROPN", "NOUN") and token.dep_ in ("nsubj", "nsubjpass", "poss")


def _is_covered(i: int, names: Sequence[Name]) -> bool:
    return any(n.begin <= i < n.end for n in names)
