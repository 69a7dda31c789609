"""Compile the ontology for fast look-up over tokens: names, class nouns, offices, English words."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc, Token

from kzai_graph.language import WORD_TABLE
from kzai_graph.lexical import Frame, Known, Noun, Ontology, Selection, StageFrame
from kzai_graph.model import MentionKind

MAX_NOUN_WORDS = 6
STATE_FORMS = (
    "Republic",
    "Kingdom",
    "State",
    "Commonwealth",
    "Sultanate",
    "Islamic Republic",
    "Federal Republic",
    "Democratic Republic",
    "People's Republic",
    "Principality",
)
"""Long names of states that need no entry of their own."""
AND = "and"
"""How the gazetteer's index writes "&"."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A gazetteer name found at tokens ``begin`` to ``end``; ``demonym`` where it only implies the entity."""

    begin: int
    end: int
    known: Known
    demonym: bool = False


@dataclass(slots=True)
class _Node:
    following: dict[str, _Node] = field(default_factory=dict)
    exact: tuple[Known, bool] | None = None
    capitals: bool = True
    """Its exact names are all written in capitals ("MAS"), and only so they match."""
    caseless: tuple[Known, bool] | None = None


class Lookup:
    """The compiled ontology of one run."""

    def __init__(self, ontology: Ontology, nlp: Language) -> None:
        self.ontology = ontology
        self.by_label = {(k.cls, k.label): k for k in ontology.gazetteer}
        self.countries = {k.label: k for k in ontology.gazetteer if k.cls == "Country"}
        self.frames: dict[tuple[str, str], list[Frame]] = defaultdict(list)
        self.phrasal: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.stage_frames: dict[tuple[str, str], list[StageFrame]] = defaultdict(list)
        for frame in ontology.frames:
            for lemma in frame.lemmas:
                self.frames[frame.kind, lemma].append(frame)
        for stage_frame in ontology.stage_frames:
            for lemma in stage_frame.lemmas:
                self.stage_frames[stage_frame.kind, lemma].append(stage_frame)
        self.expressed = _expressed(ontology)
        """The relations that a verb, noun or adjective may express, alone or as the first of several words."""
        self.selections: dict[tuple[str, str], list[Selection]] = defaultdict(list)
        for selection in ontology.selections:
            for role in selection.roles:
                for lemma in selection.lemmas:
                    self.selections[role, lemma].append(selection)
                    if role == "patient":
                        self.selections["passive", lemma].append(selection)
        for kind, lemma in (*self.frames, *self.stage_frames):
            first, _, rest = lemma.partition(" ")
            if rest:
                self.phrasal[kind, first].add(rest)
        self._nouns: dict[tuple[str, ...], Noun] = {}
        for noun in ontology.nouns:
            for lemma in noun.lemmas:
                self._nouns.setdefault(tuple(lemma.casefold().split()), noun)
                self._nouns.setdefault(tuple(t.lower_ for t in nlp.make_doc(lemma)), noun)  # "start-up" is three tokens
        self._idle = frozenset(tuple(t.lower_ for t in nlp.make_doc(phrase)) for phrase in ontology.cues.idle_nouns)
        self._last_words = frozenset(words[-1] for words in self._nouns)
        self._abbreviations = {
            a: k.label for k in ontology.gazetteer if k.cls == "Technology" for a in k.aliases if a.isupper()
        }
        self._words = _english_words(nlp)
        self._root = _Node()
        for known in ontology.gazetteer:
            for name in (known.label, *known.aliases):
                self._add(nlp, name, known, demonym=False)
            for name in known.demonyms:
                self._add(nlp, name, known, demonym=True)
        for known in self.countries.values():
            for form in STATE_FORMS:
                self._add(nlp, f"{form} of {known.label}", known, demonym=False)

    def _add(self, nlp: Language, name: str, known: Known, *, demonym: bool) -> None:
        node = self._root
        for token in nlp.make_doc(name):
            node = node.following.setdefault(AND if token.text == "&" else token.lower_, _Node())
        if known.caseless and not name.isupper():
            node.caseless = node.caseless or (known, demonym)
        else:
            node.exact = node.exact or (known, demonym)
            node.capitals = node.capitals and name.isupper() and name.isalpha()

    def known_at(self, doc: Doc, start: int, limit: int | None = None) -> Hit | None:
        """Find the longest gazetteer name that begins at a token; case counts unless the entry is caseless."""
        node, found = self._root, None
        words = _lowered(doc)
        for i in range(start, len(words) if limit is None else limit):
            text = words[i]
            following = node.following.get(text) or node.following.get(_singular(text))
            if following is None:
                break
            node = following
            if (
                node.exact
                and _written_as_name(doc, start, i + 1, capitals=node.capitals)
                and not _shouted(doc, start, i + 1, node.exact[0])
            ):
                found = Hit(start, i + 1, *node.exact)
            elif node.caseless:
                found = Hit(start, i + 1, *node.caseless)
        return found

    def known_exactly(self, doc: Doc, begin: int, end: int) -> Hit | None:
        """Find the gazetteer name that covers just these tokens."""
        hit = self.known_at(doc, begin, end)
        return hit if hit is not None and hit.end == end else None

    def known_names(self, doc: Doc) -> Iterator[Hit]:
        """Yield gazetteer names, longest first from the left, without overlap."""
        i = 0
        while i < len(doc):
            hit = self.known_at(doc, i)
            if hit is None:
                i += 1
            else:
                yield hit
                i = hit.end

    def may_end_noun(self, token: Token) -> bool:
        """Tell whether any class noun ends with the word; much cheaper than ``noun_ending``."""
        return token.lower_ in self._last_words or _lemma(token) in self._last_words

    def noun_ending(self, tokens: Sequence[Token]) -> tuple[Noun, int] | None:
        """Find the longest class noun at the end of the tokens, with its length in tokens."""
        if not tokens:
            return None
        last = tokens[-1]
        lemma = _lemma(last)
        if last.lower_ not in self._last_words and lemma not in self._last_words:
            return None
        words = [t.lower_ for t in tokens[-MAX_NOUN_WORDS:]]
        for begin in range(len(words)):
            if last.text.islower() and ({tuple(words[begin:]), (*words[begin:-1], lemma)} & self._idle):
                return None
            noun = self._nouns.get(tuple(words[begin:]))
            if noun is None or (noun.suffix and last.text.islower()):
                noun = self._nouns.get((*words[begin:-1], lemma))
            if noun is not None and not (noun.suffix and last.text.islower()):
                return noun, len(words) - begin
        return None

    def abbreviation(self, word: str) -> str | None:
        """The full name of a technology that is written as an abbreviation ("AI")."""
        return self._abbreviations.get(word)

    def singular(self, token: Token) -> str:
        """The form in which class nouns are listed."""
        return _lemma(token)

    def root(self, cls: str) -> str:
        """The topmost class above a class."""
        while (parent := self.ontology.classes[cls].parent) is not None:
            cls = parent
        return cls

    def noun(self, phrase: str) -> Noun | None:
        return self._nouns.get(tuple(phrase.casefold().split()))

    def is_legal_form(self, word: str) -> bool:
        """Tell whether a word is the legal form of a firm ("Ltd.", "JSC")."""
        noun = self.noun(word)
        return noun is not None and noun is self.noun("ltd")

    def is_plural_word(self, text: str) -> bool:
        """Tell whether a text is one ordinary word in the plural ("Risks")."""
        low = text.casefold()
        return _singular(low) != low and _singular(low) in self._words

    def is_word(self, text: str) -> bool:
        """Tell whether a word is ordinary English, so that it says little about whose name it is."""
        low = text.casefold()
        return low in self._words or _singular(low) in self._words


def _expressed(ontology: Ontology) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for frame in ontology.frames:
        if frame.kind != "construction" and frame.relation in ontology.relations:
            for lemma in frame.lemmas:
                found[lemma].add(frame.relation)
                found[lemma.partition(" ")[0]].add(frame.relation)
    return {lemma: tuple(sorted(relations)) for lemma, relations in found.items()}


def _lowered(doc: Doc) -> list[str]:
    """The words of a text in small letters, made once for each."""
    words: list[str] | None = doc.user_data.get("lowered")
    if words is None:
        words = doc.user_data["lowered"] = [AND if token.text == "&" else token.lower_ for token in doc]
    return words


def _written_as_name(doc: Doc, begin: int, end: int, *, capitals: bool) -> bool:
    """A name of the gazetteer is written with a capital (or, as "alem.ai", is no English word)."""
    if capitals and end - begin == 1:
        return doc[begin].text.rstrip("s").isupper()
    return any(not t.text.islower() for t in doc[begin:end] if t.is_alpha or t.text[0].isdigit()) or (
        "." in doc[begin].text
    )


def _shouted(doc: Doc, begin: int, end: int, known: Known) -> bool:
    """ "NICE" within a sentence in small letters is an abbreviation, not the city."""
    if end - begin > 1 or known.cls not in ("Place", "Country") or not doc[begin].text.isupper() or len(doc[begin]) < 3:
        return False
    near = [doc[i].text for i in (begin - 1, end) if 0 <= i < len(doc) and doc[i].is_alpha]
    in_capitals = any(known_name == doc[begin].text for known_name in (known.label, *known.aliases))
    return begin > 0 and not in_capitals and not any(t.isupper() for t in near)


def _english_words(nlp: Language) -> frozenset[str]:
    """The word lists of the pipeline's rule lemmatizer; empty where the model has none."""
    if not nlp.has_pipe("lemmatizer"):
        return frozenset()
    lookups = getattr(nlp.get_pipe("lemmatizer"), "lookups", None)
    if lookups is None or not lookups.has_table(WORD_TABLE):
        return frozenset()
    return frozenset(word for words in lookups.get_table(WORD_TABLE).values() for word in words)


def _lemma(token: Token) -> str:
    """The lemma where the tagger saw a common noun, otherwise a singular by rule."""
    return token.lemma_.casefold() if token.pos_ == "NOUN" else _singular(token.lower_)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1]


def fold(text: str) -> str:
    """A name for comparison: case and accents gone, spaces single."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


__all__ = ["Hit", "Lookup", "MentionKind", "fold"]
