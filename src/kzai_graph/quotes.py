"""Find direct speech and the words that say who speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kzai_graph.lexical import Cues
from kzai_graph.model import Document, Zone

MIN_WORDS, MAX_CHARS = 5, 1500
PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"'}
SPEAKING_ZONES = frozenset({Zone.BODY, Zone.LIST_ITEM})
# Reported speech, but not a quotation's frame: "called the plan …", "described as …".
WEAK = frozenset(
    "believe call cite describe hail mean praise read think welcome propose report suggest estimate".split()
)
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_ENDS_SPEAKER = frozenset(
    {"in", "at", "on", "during", "after", "when", "while", "as", "to", "that", "before", "through", "via", "with"}
)
_DASH_NAME = re.compile(r"\s*[—–-]{1,2}\s*(?=[A-Z])")

Speaker = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A quotation: characters of its words in the block, without the marks, and the tokens that name its speaker."""

    block: int
    begin_char: int
    end_char: int
    text: str
    speaker: Speaker | None


@dataclass(frozen=True, slots=True)
class _Quoted:
    """Quoted words by characters; ``open``: no closing mark, the quotation goes on in the next block."""

    begin: int
    end: int
    open: bool = False


def find_quotes(docs: Mapping[int, Doc], document: Document, cues: Cues) -> list[QuoteCandidate]:
    """Find the quotations of a document in the order of its text.

    Quoted names and phrases of few words are none, nor is what stands in quotation marks without a word of speech near it. A
    quotation that stands alone goes on with the speaker of the one before it. ``speaker`` is ``None`` where nobody is named.
    """
    found: list[QuoteCandidate] = []
    last: Speaker | None = None
    running = False
    for block in sorted(docs):
        doc = docs[block]
        if document.blocks[block].zone not in SPEAKING_ZONES:
            last, running = None, False
            continue
        quoted = list(_quoted(doc.text, running))
        framed = _speakers(doc, block, quoted, cues)
        spoke = False
        for n, quote in enumerate(quoted):
            speaker = framed[n]
            text = doc.text[quote.begin : quote.end]
            if speaker is None and _stands_alone(doc.text, quoted, n) and (last is not None or running):
                speaker = last
                goes_on = True
            else:
                goes_on = False
            words = len(text.split())
            if speaker is not None or framed[n] is not None:
                last, spoke = speaker, True
            if (
                words >= MIN_WORDS
                and len(text) <= MAX_CHARS
                and (speaker is not None or goes_on or _is_anonymous(doc, quote, cues))
            ):
                found.append(QuoteCandidate(block, quote.begin, quote.end, text, speaker))
        running = bool(quoted) and quoted[-1].open
        if not spoke:
            last = _subject_of_last(doc, block, cues)
    return found


def _quoted(text: str, running: bool) -> Iterator[_Quoted]:
    """Yield the outermost quotations; ``running`` tells that one goes on from the block before."""
    single = not re.search(r"[“”„«»\"]", text)
    at = 0
    while at < len(text):
        sign = text[at]
        if sign in PAIRS and (sign != "‘" or single) and _opens(text, at, sign):
            end = _closing(text, at, sign)
            if end is None:
                if sign not in ("‘",) and len(text) - at > 40 and at < 3:
                    yield from _trimmed(text, at + 1, len(text), True)
                return
            yield from _trimmed(text, at + 1, end, False)
            at = end
        at += 1


def _trimmed(text: str, begin: int, end: int, is_open: bool) -> Iterator[_Quoted]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        yield _Quoted(begin, end, is_open)


def _opens(text: str, at: int, sign: str) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if sign in ('"', "‘"):
        return (before.isspace() or before in "([—–-/:,") and not after.isspace()
    return True


def _closing(text: str, at: int, sign: str) -> int | None:
    """Find the mark that closes the quotation opened at ``at``, past those nested in it."""
    depth = 0
    for i in range(at + 1, len(text)):
        mark = text[i]
        before, after = text[i - 1], text[i + 1] if i + 1 < len(text) else " "
        if sign == '"':
            if mark == '"' and not before.isspace() and not (after.isalnum()):
                return i
        elif sign == "‘":
            if mark == "’" and (after.isspace() or after in ".,;:!?)") and not before.isspace():
                return i
        elif mark in "“„«" and mark != sign and not (sign == "„" and mark == "“"):
            depth += mark == "«" or (mark == "“" and sign == "«")
        elif mark in PAIRS[sign]:
            if depth and mark in "”»":
                depth -= 1
                continue
            return i
    return None


def _speakers(doc: Doc, block: int, quoted: Sequence[_Quoted], cues: Cues) -> list[Speaker | None]:
    """Find the speaker of each quotation from the words between it and its neighbours."""
    speakers: list[Speaker | None] = []
    text = doc.text
    for n, quote in enumerate(quoted):
        gap_end = quoted[n + 1].begin - 1 if n + 1 < len(quoted) else len(text)
        gap_begin = quoted[n - 1].end + 1 if n else 0
        speaker = _after(doc, quote, gap_end, cues)
        if speaker is None:
            speaker = _before(doc, quote, gap_begin, cues)
        found = (block, *speaker) if speaker is not None else None
        if found is None and n and speakers[n - 1] is not None and _is_frame(text[quoted[n - 1].end : quote.begin]):
            found = speakers[n - 1]
        speakers.append(found)
    # "…," he said, "…": a first part without a frame of its own takes that of the second.
    return speakers


def _is_frame(between: str) -> bool:
    """Tell a short stretch between two parts of one quotation."""
    return len(between) < 220


def _tokens(doc: Doc, begin: int, end: int) -> list[Token]:
    return [t for t in doc if t.idx >= begin and t.idx + len(t) <= end] if end > begin else []


def _after(doc: Doc, quote: _Quoted, gap_end: int, cues: Cues) -> tuple[int, int] | None:
    """Read a frame that follows: `said X`, `X said`, `according to X`, `— X`."""
    text = doc.text
    closing = quote.end
    while closing < len(text) and (text[closing].isspace() or text[closing] in '”“»’"),'):
        closing += 1
    ended = text[quote.end - 1] in ".!" if quote.end else False
    tokens = _tokens(doc, closing, gap_end)
    if quote.open or not tokens:
        return None
    dash = _DASH_NAME.match(text, closing)
    if dash is not None and len(text) - dash.end() < 120:
        named = _tokens(doc, dash.end(), gap_end)
        return (named[0].i, named[-1].i + 1) if named else None
    if [t.lower_ for t in tokens[:2]] == ["according", "to"]:
        return _noun_run(doc, tokens[2:])
    sentence: list[Token] = []
    for token in tokens:
        if token.text in (".", ";", ":", "!", "?") or (
            token.is_sent_start
            and token is not tokens[0]
            and token.text[0].isupper()
            and tokens[0] is not token
            and doc[token.i - 1].text in '.!?”"'
        ):
            break
        sentence.append(token)
    verb = next(
        (
            t
            for t in sentence[:40]
            if t.lemma_.lower() in cues.saying and t.pos_ in ("VERB", "AUX", "NOUN") and t.tag_ != "VBN"
        ),
        None,
    )
    if verb is None:
        return None
    at = sentence.index(verb)
    if at == 0 or all(t.pos_ in ("ADV", "AUX", "PUNCT") for t in sentence[:at]):
        return _noun_run(doc, sentence[at + 1 :])
    if ended and text[quote.end : quote.end + 1] not in ("”", '"', "»", "’"):
        return None
    front = sentence[:at]
    if ended and not _is_short_frame(front):
        return None
    while front and (
        front[-1].pos_ in ("ADV", "AUX") or front[-1].is_punct or front[-1].lower_ in ("has", "had", "also")
    ):
        front.pop()
    if not front or any(t.pos_ in ("VERB",) and t.dep_ == "ROOT" for t in front):
        return None
    who = next((c for c in verb.children if c.dep_ in SUBJECTS and c.i >= front[0].i), None)
    if who is not None and who.tag_ == "WP":
        return None
    return front[0].i, front[-1].i + 1


def _is_short_frame(front: Sequence[Token]) -> bool:
    """After a full stop inside the marks only a bare frame ("he added.") belongs to the quotation."""
    return len(front) <= 30 and not any(t.pos_ == "VERB" and t.dep_ in ("ROOT", "conj") for t in front)


def _noun_run(doc: Doc, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Take the words of a speaker up to a border, with a title after the name."""
    kept: list[Token] = []
    for token in tokens:
        if (
            token.text in (".", ";", ":", "!", "?", "“", '"', "«", "—", "–")
            or token.lower_ in _ENDS_SPEAKER
            or token.tag_ in ("WP", "WDT", "VBG", "VBD")
        ):
            break
        kept.append(token)
    while kept and (kept[-1].is_punct or kept[-1].is_space):
        kept.pop()
    while kept and (kept[0].is_punct or kept[0].pos_ == "ADV"):
        kept.pop(0)
    return (kept[0].i, kept[-1].i + 1) if kept else None


def _before(doc: Doc, quote: _Quoted, gap_begin: int, cues: Cues) -> tuple[int, int] | None:
    """Read a frame that precedes: `X said: "…"`, `X told Y that "…"`, `according to X, "…"`, `X: "…"`."""
    text = doc.text
    tokens = _tokens(doc, gap_begin, quote.begin - 1)
    if not tokens:
        return None
    lead = text[gap_begin : quote.begin - 1].rstrip()
    starts_sentence = lead[-1:] in (".", "!", "?")
    sentence = tokens
    for n in range(len(tokens) - 1, 0, -1):
        if tokens[n].is_sent_start or tokens[n - 1].text in (".", "!", "?"):
            sentence = tokens[n:]
            break
    if starts_sentence:
        return None
    verbs = [t for t in sentence if t.lemma_.lower() in cues.saying and t.pos_ == "VERB"]
    for verb in reversed(verbs):
        if verb.lemma_.lower() in WEAK and lead[-1:] not in (":", ","):
            continue
        who = _subject(verb)
        if who is not None:
            return _phrase(doc, who, verb)
    lowered = [t.lower_ for t in sentence]
    for n in range(len(lowered) - 1):
        if lowered[n : n + 2] == ["according", "to"] or (lowered[n] == "words" and lowered[n + 1] == "of"):
            return _noun_run(doc, [t for t in sentence[n + 2 :] if t.text != ","] if False else sentence[n + 2 :])
    if "words" in lowered and (own := next((t for t in sentence if t.tag_ == "PRP$"), None)) is not None:
        return own.i, own.i + 1
    if lead.endswith(":"):
        subject = next((t for t in sentence if t.dep_ in SUBJECTS and t.pos_ in ("PROPN", "NOUN", "PRON")), None)
        if subject is not None:
            return _phrase(doc, subject, subject.head)
        if len(sentence) <= 12 and sentence[0].text[0].isupper():
            return sentence[0].i, sentence[-1].i
    return None


def _subject(verb: Token) -> Token | None:
    """Find who does a verb: its subject, that of the verb it is joined or added to, the noun it describes."""
    for _ in range(4):
        who = next((c for c in verb.children if c.dep_ in SUBJECTS), None)
        if who is not None and who.tag_ in ("WP", "WDT"):
            return verb.head if verb.dep_ == "relcl" else None
        if who is not None:
            return who
        if verb.dep_ in ("conj", "xcomp", "advcl", "ccomp", "dep") and verb.head.pos_ in ("VERB", "AUX"):
            verb = verb.head
        elif verb.dep_ in ("acl", "relcl"):
            return verb.head
        else:
            return None
    return None


def _phrase(doc: Doc, who: Token, verb: Token) -> tuple[int, int]:
    """The subject with its title and apposition, up to the verb."""
    begin, end = who.left_edge.i, who.right_edge.i + 1
    if begin <= verb.i < end:
        end = verb.i if who.i < verb.i else end
    return begin, max(end, who.i + 1)


def _stands_alone(text: str, quoted: Sequence[_Quoted], n: int) -> bool:
    """Tell a quotation that is its whole sentence or paragraph: nothing but marks up to its neighbours or the block's borders."""
    quote = quoted[n]
    left = text[quoted[n - 1].end if n else 0 : quote.begin].strip(' \n\t“”"«»„‘’')
    right = text[quote.end : quoted[n + 1].begin if n + 1 < len(quoted) else len(text)].strip(' \n\t“”"«»„‘’')
    sentence_like = text[quote.begin].isupper() and (text[quote.end - 1] in ".!?…" or quote.open)
    return sentence_like and (not left or left[-1] in ".!?:") and (not right or right[:1].isupper())


def _is_anonymous(doc: Doc, quote: _Quoted, cues: Cues) -> bool:
    """Tell direct speech whose speaker is not named: a sentence in quotation marks beside a word of speech."""
    span = doc.char_span(quote.begin, quote.end, alignment_mode="expand")
    if span is None:
        return False
    around = [
        t
        for t in (*doc[max(0, span.start - 8) : span.start], *doc[span.end : span.end + 8])
        if t.lemma_.lower() in cues.saying
    ]
    return bool(around) and doc.text[quote.begin].isupper() and doc.text[quote.end - 1] in ".,!?"


def _subject_of_last(doc: Doc, block: int, cues: Cues) -> Speaker | None:
    """Who spoke in a paragraph of reported speech; a quotation alone in the next paragraph is theirs."""
    for sentence in reversed(list(doc.sents)):
        for token in sentence:
            if token.lemma_.lower() in cues.saying - WEAK and token.pos_ == "VERB" and token.dep_ == "ROOT":
                who = _subject(token)
                if who is not None and who.pos_ in ("PROPN", "NOUN", "PRON"):
                    return block, *_phrase(doc, who, token)
    return None
