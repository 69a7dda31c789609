"""Parse sentences as though asides of a formal kind were not there: "Kelp Motors (OSE: KELP) (“Kelp”) has signed …".

Small parsers lose a sentence at such a bracket. Each sentence with one is parsed again without it, and what stands in
the brackets is hung on the word before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

ASIDES = "kzai_asides"
"""Name of the component; it must run after the parser and before tags become parts of speech."""
MAX_ASIDE_TOKENS = 10
MIN_SENTENCE_TOKENS = 5
FORMAL = frozenset(':"“”')
"""What an exchange with its ticker, or a short name that the text defines, stands with."""
FINITE = frozenset({"MD", "VBD", "VBP", "VBZ"})
MARKS = frozenset("™®©℠")
"""Marks of ownership behind a name, which parsers take for a noun of its own."""
PARSING = ("tok2vec", "tagger", "parser")


@Language.factory(ASIDES)
class AsideParser:
    """Give each sentence with asides the parse that it has without them."""

    def __init__(self, nlp: Language, name: str) -> None:
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        brackets = [token.i for token in doc if token.text == "(" or token.text in MARKS]
        if not brackets:
            return doc
        heads, labels = [token.head.i for token in doc], [token.dep for token in doc]
        for sentence in doc.sents:
            asides = list(_asides(sentence, brackets))
            inside = {i for aside in asides for i in aside}
            kept = [token for token in sentence if token.i not in inside]
            if not asides or len(kept) < MIN_SENTENCE_TOKENS:
                continue
            for token, parsed in zip(kept, self._parse(doc, kept), strict=True):
                heads[token.i], labels[token.i] = kept[parsed.head.i].i, parsed.dep
                token.tag_ = parsed.tag_
            for aside in asides:
                before = (token.i for token in kept if token.i < aside.start and not token.is_punct)
                host = max(before, default=kept[0].i)
                _hang(doc, aside, host, heads, labels)
        array: Any = doc.to_array(["HEAD", "DEP"])
        for i, (head, label) in enumerate(zip(heads, labels, strict=True)):
            array[i, 0], array[i, 1] = (head - i) % (1 << 64), label
        return doc.from_array(["HEAD", "DEP"], array)

    def _parse(self, doc: Doc, kept: list[Token]) -> Doc:
        bare = Doc(doc.vocab, words=[t.text for t in kept], spaces=[bool(t.whitespace_) for t in kept])
        for token in bare[1:]:
            token.is_sent_start = False
        for name in PARSING:
            if self._nlp.has_pipe(name):
                bare = self._nlp.get_pipe(name)(bare)
        return bare


def _asides(sentence: Span, brackets: Sequence[int]) -> Iterator[range]:
    """Token ranges of short formal asides without a finite verb, brackets included."""
    doc, begin = sentence.doc, sentence.start + 1
    for i in brackets:
        if not begin <= i < sentence.end:
            continue
        if doc[i].text in MARKS:
            yield range(i, i + 1)
            begin = i + 1
            continue
        limit = min(i + MAX_ASIDE_TOKENS + 2, sentence.end)
        close = next((j for j in range(i + 1, limit) if doc[j].text == ")"), None)
        if close is not None and _is_formal(doc[i + 1 : close]):
            yield range(i, close + 1)
            begin = close + 1


def _is_formal(inner: Span) -> bool:
    return any(t.text in FORMAL for t in inner) and not any(t.tag_ in FINITE for t in inner)


def _hang(doc: Doc, aside: range, host: int, heads: list[int], labels: list[int]) -> None:
    """Keep what the parse says within the brackets; hang the rest on the word before them."""
    tops = [i for i in aside if heads[i] not in aside or heads[i] == i]
    top = next((i for i in tops if not doc[i].is_punct), tops[0])
    for i in tops:
        heads[i] = host if i == top else top
        mark = doc[i].is_punct or doc[i].text in MARKS
        labels[i] = doc.vocab.strings.add("punct" if mark else "appos" if i == top else "dep")
        if doc[i].text in MARKS:
            doc[i].tag_ = "SYM"
