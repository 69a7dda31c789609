"""Find direct speech and the words that say who speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from kzai_graph.lexical import Cues
from kzai_graph.model import Document, Zone
from kzai_graph.quoted import MARKS, Quoted, find_quoted
from kzai_graph.speakers import MINDED, NAMING, WEAK, find_speakers, phrase_of, subject_of

MIN_WORDS, MIN_SENTENCE_WORDS, MIN_PIECE_WORDS, MAX_CHARS = 5, 3, 2, 1500
NEAR_TOKENS = 8
# What someone does in the sentence before a quotation that stands alone: "Meyer remembers the storm well."
MOODS = frozenset(
    "remember know feel worry agree disagree doubt laugh smile shrug nod sigh dispute reject criticise criticize blame "
    "sound seem remain".split()
)
SPEAKING_ZONES = frozenset({Zone.BODY, Zone.LIST_ITEM})

Speaker = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A quotation: characters of its words in the block, without the marks.

    ``speaker``: block and tokens of the words that name who speaks; ``None`` where nobody is named.
    """

    block: int
    begin_char: int
    end_char: int
    text: str
    speaker: Speaker | None


def find_quotes(docs: Mapping[int, Doc], document: Document, cues: Cues) -> list[QuoteCandidate]:
    """Find the quotations of a document in the order of its text.

    Quoted names and phrases of few words are none, nor is what stands in quotation marks without a word of speech near
    it. A quotation that stands alone belongs to whoever spoke last, in quotation marks or in reported speech.
    """
    found: list[QuoteCandidate] = []
    last: Speaker | None = None
    running = False
    unnamed: int | None = None
    for block in sorted(docs):
        doc = docs[block]
        if document.blocks[block].zone not in SPEAKING_ZONES:
            last, running = None, False
            continue
        text = doc.text
        quoted = list(find_quoted(text, running=running))
        spoke = False
        for n, (quote, tokens) in enumerate(zip(quoted, find_speakers(doc, quoted, cues), strict=True)):
            words = text[quote.begin : quote.end]
            speaker = (block, *tokens) if tokens is not None else None
            continues = running and n == 0 and quote.begin <= 1
            if continues and speaker is not None and unnamed is not None:
                found[unnamed:] = [replace(candidate, speaker=speaker) for candidate in found[unnamed:]]
            if not continues:
                # Only the end of a quotation over several paragraphs may name who speaks.
                unnamed = len(found) if quote.goes_on and tokens is None else None
            if speaker is None and (continues or _stands_alone(text, quoted, n)):
                opens = n == 0 and not text[: quote.begin].strip(f" {MARKS}")
                speaker = last if opens or spoke else _spoken_before(doc, block, quote, cues) or last
            if not _is_long_enough(words, framed=tokens is not None or (spoke and speaker is not None)):
                continue
            if speaker is not None:
                last, spoke = speaker, True
            if len(words) <= MAX_CHARS and (
                speaker is not None or quote.goes_on or _is_speech(doc, words, quote, cues)
            ):
                found.append(QuoteCandidate(block, quote.begin, quote.end, words, speaker))
        running = bool(quoted) and quoted[-1].goes_on
        if not spoke and not running:
            last = _reported_by(doc, block, cues)
    return found


def _is_long_enough(words: str, *, framed: bool) -> bool:
    """Tell a quotation from a phrase: five words, or fewer in a frame of speech that end as speech does."""
    count = len(words.split())
    if count >= MIN_WORDS:
        return True
    whole = words[0].isupper() or count >= MIN_SENTENCE_WORDS
    return framed and whole and count >= MIN_PIECE_WORDS and words[-1] in ".,!?"


def _stands_alone(text: str, quoted: Sequence[Quoted], n: int) -> bool:
    """Tell a quotation of whole sentences with nothing but marks up to the sentences around it."""
    quote = quoted[n]
    left = text[quoted[n - 1].end if n else 0 : quote.begin].strip(f" \n\t‘’'{MARKS}")
    right = text[quote.end : quoted[n + 1].begin if n + 1 < len(quoted) else len(text)].strip(f" \n\t‘’'{MARKS}")
    whole = text[quote.begin].isupper() and (text[quote.end - 1] in ".!?…" or quote.goes_on)
    return whole and (not left or left[-1] in ".!?:") and (not right or right[0].isupper())


def _is_speech(doc: Doc, words: str, quote: Quoted, cues: Cues) -> bool:
    """Tell direct speech of someone who is not named: a sentence in quotation marks beside a word of speech."""
    span = doc.char_span(quote.begin, quote.end, alignment_mode="expand")
    if span is None or not words[0].isupper() or words[-1] not in ".,!?":
        return False
    around = (*doc[max(0, span.start - NEAR_TOKENS) : span.start], *doc[span.end : span.end + NEAR_TOKENS])
    return any(t.lemma_.lower() in cues.saying for t in around)


def _spoken_before(doc: Doc, block: int, quote: Quoted, cues: Cues) -> Speaker | None:
    """Who is the subject of the sentence before, where that is somebody by name or "he" and "she"."""
    span = doc.char_span(0, quote.begin, alignment_mode="contract")
    if span is None or not len(span):
        return None
    root = span[-1].sent.root if span[-1].text not in MARKS or len(span) < 2 else span[-2].sent.root
    who = subject_of(root)
    speaks = root.pos_ == "AUX" or root.lemma_.lower() in cues.saying | MINDED | MOODS
    if who is None or not speaks or not (who.pos_ == "PROPN" or who.lower_ in ("he", "she")):
        return None
    return block, *phrase_of(who, root)


def _reported_by(doc: Doc, block: int, cues: Cues) -> Speaker | None:
    """Who spoke last in a paragraph of reported speech."""
    for sentence in reversed(list(doc.sents)):
        verb = sentence.root
        if verb.pos_ == "VERB" and verb.lemma_.lower() in cues.saying - WEAK | NAMING:
            who = subject_of(verb)
            if who is not None:
                return block, *phrase_of(who, verb)
    return None
