"""Find direct speech and the words that say who speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from kzai_graph.lexical import Cues
from kzai_graph.model import Document, Zone
from kzai_graph.quoted import MARKS, Quoted, find_quoted
from kzai_graph.signatures import is_signature, is_whole_quotation, signature_begin
from kzai_graph.speakers import NAMING, WEAK, find_speakers, introduced, is_title, phrase_of, subject_of

MIN_WORDS, MIN_FRAMED_WORDS, MIN_SENTENCE_WORDS, MIN_PIECE_WORDS, MAX_CHARS = 5, 4, 3, 2, 1500
NEAR_TOKENS = 8
SPEAKING_ZONES = frozenset({Zone.BODY, Zone.LIST_ITEM})

Speaker = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A quotation: characters of its words in the block, without the marks.

    ``speaker``: block and tokens of the words that name who speaks; ``None`` where nobody is named. ``told``: a word of
    speech says so; where none does, whom the line beside or the sentence before names speaks, if that is a person.
    """

    block: int
    begin_char: int
    end_char: int
    text: str
    speaker: Speaker | None
    told: bool = True


def find_quotes(docs: Mapping[int, Doc], document: Document, cues: Cues) -> list[QuoteCandidate]:
    """Find the quotations of a document in the order of its text.

    Quoted names and phrases of few words are none, nor is what stands in quotation marks without a word of speech near
    it. A quotation that stands alone belongs to whom the line beside it names, or to whoever spoke last, in quotation
    marks or in reported speech.
    """
    found: list[QuoteCandidate] = []
    signed = _signatures(docs, document)
    last: Speaker | None = None
    told = True
    running = False
    unnamed: int | None = None
    for block in sorted(docs):
        doc = docs[block]
        if document.blocks[block].zone not in SPEAKING_ZONES:
            last, running = None, False
            continue
        text = doc.text
        quoted = list(find_quoted(text, running=running)) or _unmarked(text, document, block)
        spoke = False
        beside = signed.get(block) or _introduced(docs, document, block, cues)
        for n, (quote, tokens) in enumerate(zip(quoted, find_speakers(doc, quoted, cues), strict=True)):
            words = text[quote.begin : quote.end]
            speaker = (block, *tokens) if tokens is not None else None
            known = True
            continues = running and n == 0 and quote.begin <= 1
            opens = n == 0 and not text[: quote.begin].strip(f" {MARKS}")
            if speaker is None and beside is not None and opens:
                speaker, known = beside, block not in signed
            if continues and speaker is not None and unnamed is not None:
                found[unnamed:] = [replace(candidate, speaker=speaker) for candidate in found[unnamed:]]
            if not continues:
                # Only the end of a quotation over several paragraphs may name who speaks.
                unnamed = len(found) if quote.goes_on and speaker is None else None
            if speaker is None and not _is_marked(document, block) and (continues or _stands_alone(text, quoted, n)):
                if opens or spoke:
                    speaker, known = last, told or spoke
                else:
                    speaker, known = _spoken_before(doc, block, quote), False
            framed = (
                tokens is not None
                or (beside is not None and speaker == beside)
                or (speaker is not None and (spoke or not opens))
            )
            if speaker is not None and framed:
                last, told, spoke = speaker, True, True
            if not _is_long_enough(words, framed=framed):
                continue
            if speaker is not None:
                last, told, spoke = speaker, known, True
            if len(words) <= MAX_CHARS and (
                speaker is not None or quote.goes_on or _is_speech(doc, words, quote, cues)
            ):
                found.append(QuoteCandidate(block, quote.begin, quote.end, words, speaker, known))
        running = bool(quoted) and quoted[-1].goes_on
        if not spoke and not running:
            last, told = _reported_by(doc, block, cues)
    return [candidate for n, candidate in enumerate(found) if not _is_repeated(n, found)]


def _is_repeated(n: int, found: Sequence[QuoteCandidate]) -> bool:
    """Tell a line drawn from the text and set large beside it: somebody is said to speak it elsewhere."""
    words = found[n].text.rstrip(".,!?…").casefold()
    others = found[:n] if found[n].told and found[n].speaker is not None else [*found[:n], *found[n + 1 :]]
    return any(other.told and words in other.text.casefold() for other in others)


def _is_marked(document: Document, block: int) -> bool:
    """Tell what the markup alone calls a quotation; such a block may be a note or a part of a law as well."""
    return document.blocks[block].quoted and not any(mark in document.blocks[block].text for mark in MARKS)


def _unmarked(text: str, document: Document, block: int) -> list[Quoted]:
    """A block that the markup sets as a quotation, without the name below it."""
    if not _is_marked(document, block) or is_signature(text):
        return []
    return [Quoted(0, len(text[: signature_begin(text)].rstrip()))]


def _signatures(docs: Mapping[int, Doc], document: Document) -> dict[int, Speaker]:
    """For each paragraph that is one quotation, the line above or below it that names who speaks.

    Of two such lines the nearer one counts; of two as near, the one above, unless it names the speaker of another.
    """
    signed: dict[int, Speaker] = {}
    taken: set[int] = set()
    texts = {block: doc.text for block, doc in docs.items()}
    lines = {b for b in docs if is_signature(texts[b]) and document.blocks[b].zone in SPEAKING_ZONES}
    for block in sorted(docs):
        if block in lines or not (document.blocks[block].quoted or is_whole_quotation(texts[block])):
            continue
        beside = [b for b in (block - 1, block + 1) if b in lines and b not in taken]
        if beside:
            nearest = min(beside, key=lambda b: _blank_lines(document, block, b))
            taken.add(nearest)
            signed[block] = nearest, 0, len(docs[nearest])
    return signed


def _blank_lines(document: Document, first: int, second: int) -> int:
    first, second = sorted((first, second))
    return document.text[document.blocks[first].span.end : document.blocks[second].span.begin].count("\n\n")


def _introduced(docs: Mapping[int, Doc], document: Document, block: int, cues: Cues) -> Speaker | None:
    """Who is said to speak at the end of the paragraph before: "The mayor of Osh, Leila Karimi, said:"."""
    before = document.blocks[block].lead_in
    before = block - 1 if before is None else before
    if before not in docs or not docs[before].text.rstrip().endswith(":"):
        return None
    tokens = introduced(docs[before], cues)
    return (before, *tokens) if tokens is not None else None


def _is_long_enough(words: str, *, framed: bool) -> bool:
    """Tell a quotation from a phrase: five words, four in a frame of speech, or fewer that end as speech does."""
    count = len(words.split())
    if count >= (MIN_FRAMED_WORDS if framed else MIN_WORDS):
        return True
    whole = words[0].isupper() or count >= MIN_SENTENCE_WORDS
    return framed and whole and not is_title(words) and count >= MIN_PIECE_WORDS and words[-1] in ".,!?"


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


def _spoken_before(doc: Doc, block: int, quote: Quoted) -> Speaker | None:
    """Whom the sentence before is about."""
    span = doc.char_span(0, quote.begin, alignment_mode="contract")
    if span is None or not len(span):
        return None
    root = span[-1].sent.root if span[-1].text not in MARKS or len(span) < 2 else span[-2].sent.root
    who = subject_of(root)
    return (block, *phrase_of(who, root)) if who is not None else None


def _reported_by(doc: Doc, block: int, cues: Cues) -> tuple[Speaker | None, bool]:
    """Who spoke last in a paragraph of reported speech, else whom its last sentence is about."""
    for sentence in reversed(list(doc.sents)):
        verb = sentence.root
        if verb.pos_ == "VERB" and verb.lemma_.lower() in cues.saying - WEAK | NAMING:
            who = subject_of(verb)
            if who is not None:
                return (block, *phrase_of(who, verb)), True
    root = list(doc.sents)[-1].root
    who = subject_of(root)
    return ((block, *phrase_of(who, root)), False) if who is not None else (None, False)
