"""Find who speaks: the reporting words before, after or between the parts of a quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from spacy.tokens import Doc, Token

from kzai_graph.ascriptions import answered, ascribed
from kzai_graph.lexical import Cues
from kzai_graph.quoted import MARKS, Quoted
from kzai_graph.signatures import is_signature

Tokens = tuple[int, int]

# Verbs of the cue list that frame a quotation only with a comma or colon; else what they take is a name or a phrase.
WEAK = frozenset(
    "add announce believe cite mean mention outline praise present propose read report share think welcome".split()
)
NAMING = frozenset("call describe dub label brand hail term characterise characterize".split())
# Verbs of the mind: a fragment may stand far inside what they take, "hopes for a start “in May, rain or shine”".
# "hop" is what the lemmatiser makes of "hoped".
MINDED = frozenset(
    "accuse compare consider convince decry deem defend deride dismiss envisage expect fear hop hope justify liken "
    "object protest refer regard regret reject see speak talk thank threaten vow want wish wonder".split()
)
FRAGILE = frozenset("add believe praise think welcome".split())
STANCES = frozenset("adamant certain clear confident convinced hopeful optimistic proud satisfied sure".split())
# Verbs that link what stands in quotation marks with the rest, as no frame of speech does.
LINKING = frozenset("be have do become contain cover describe include mean read remain win".split())
MAX_ANCESTORS = 8
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
CLIMBS = frozenset("conj xcomp advcl ccomp dep pcomp prep".split())
MAX_CLIMB = 5
MAX_ATTRIBUTION_CHARS = 120
MAX_FRAME_TOKENS = 40
MAX_LABEL_TOKENS = 12
_SKIPPED = ' \n\t\u00a0”“»’"),'
_BORDERS = frozenset("in at on during after when while as to that before through via with about from".split())
_JOINING = frozenset("while whereas although but and yet".split())
_STOPS = frozenset({".", ";", ":", "!", "?", "—", "–", "(", *MARKS})
_NAME_AFTER = re.compile(r"\s*(?:[—–]|--?)\s*(?=[A-Z])|\s*\((?=[A-Z][^()]{3,80}\))")


def find_speakers(doc: Doc, quoted: Sequence[Quoted], cues: Cues) -> list[Tokens | None]:
    """Return for each quotation the tokens that name its speaker; parts of one quotation share them."""
    speakers: list[Tokens | None] = []
    text = doc.text if quoted else ""
    for n, quote in enumerate(quoted):
        begin = quoted[n - 1].end if n else 0
        end = quoted[n + 1].begin if n + 1 < len(quoted) else len(text)
        introduced = _before(doc, text, quote, begin, cues)
        lead = text[begin : quote.begin].rstrip(_SKIPPED[:4] + MARKS)
        speaker = introduced if lead[-1:] in (",", ":") else None
        speaker = speaker or _after(doc, text, quote, end, cues) or introduced
        if speaker is None and n and lead[-1:] == "," and speakers[n - 1] is not None:
            speaker = speakers[n - 1]
        speakers.append(speaker)
    return speakers


def introduced(doc: Doc, cues: Cues) -> Tokens | None:
    """Find who is said to speak at the end of a paragraph, for what stands below it."""
    text = doc.text
    return _before(doc, text, Quoted(len(text), len(text)), 0, cues)


def subject_of(verb: Token) -> Token | None:
    """Find who does a verb: its subject, that of the verb it hangs on, or the noun that it describes."""
    for _ in range(MAX_CLIMB):
        who = next((c for c in verb.children if c.dep_ in SUBJECTS), None)
        if who is not None and who.tag_ not in ("WP", "WDT"):
            return who
        if verb.dep_ in ("acl", "relcl"):
            return verb.head if verb.head.pos_ in ("NOUN", "PROPN", "PRON") else None
        if verb.dep_ not in CLIMBS:
            return None
        verb = verb.head
    return None


def phrase_of(who: Token, verb: Token) -> Tokens:
    """Return the subject with its title and apposition, without the verb."""
    begin, end = who.left_edge.i, who.right_edge.i + 1
    if who.i < verb.i < end:
        end = verb.i
    elif begin <= verb.i < who.i:
        begin = who.i
    return begin, end


def _between(doc: Doc, begin: int, end: int) -> list[Token]:
    """Tokens that lie within characters, marks at both ends left out."""
    if begin >= end:
        return []
    span = doc.char_span(begin, end, alignment_mode="contract")
    return [t for t in span or () if not t.is_space]


def _is_finished(text: str, quote: Quoted) -> bool:
    return text[quote.end - 1] in ".…"


def _after(doc: Doc, text: str, quote: Quoted, end: int, cues: Cues) -> Tokens | None:
    """Read a frame that follows: ``said X``, ``X said``, ``according to X``, ``— X``, ``(X)``."""
    if quote.goes_on:
        return None
    begin = quote.end
    while begin < len(text) and text[begin] in _SKIPPED:
        begin += 1
    if text[begin : begin + 2] == ": " and text[begin + 2 : begin + 3].islower():
        begin += 2
    gap = text[begin:end].rstrip(_SKIPPED[:4] + MARKS)
    if gap[-1:] in (",", ":") and end < len(text) and _is_finished(text, quote):
        return None  # it introduces the next quotation
    if name := _NAME_AFTER.match(text, begin):
        line = text[name.end() : end].partition("\n")[0]
        if len(line) < MAX_ATTRIBUTION_CHARS or "(" in name.group():
            return _run(_between(doc, name.end(), min(end, name.end() + len(line))), keep_all=True)
    tokens = _between(doc, begin, end)
    if end == len(text) and _is_finished(text, quote) and is_signature(text[begin:end].rstrip("* .")):
        return _run(tokens, keep_all=True)
    sentence: list[Token] = []
    for token in tokens[:MAX_FRAME_TOKENS]:
        if token.text in _STOPS - {"(", "–", "—"}:
            break
        sentence.append(token)
    if not sentence or sentence[0].lower_ in _JOINING:
        return None  # what follows is said of something else
    if [t.lower_ for t in sentence[:2]] == ["according", "to"]:
        return _run(sentence[2:])
    if sentence[0].lower_ == "by" and _is_named(doc, quote):
        return _run(sentence[1:])
    if whose := answered(sentence) or (ascribed(sentence) if sentence[0].lower_ == "in" else []):
        return _run(whose)
    if (cited := _cited(sentence)) is not None:
        return cited
    verb = next(
        (
            t
            for t in sentence
            if t.lemma_.lower() in cues.saying
            and t.pos_ in ("VERB", "AUX", "NOUN")
            and (t.tag_ not in ("VBN", "VBG", "NNS") or any(c.lemma_ == "have" for c in t.children))
        ),
        None,
    )
    if verb is None:
        return _unlisted(text, quote, sentence)
    at = sentence.index(verb)
    if all(t.pos_ in ("ADV", "AUX", "PUNCT") for t in sentence[:at]):
        return _run(sentence[at + 1 :])
    if _is_finished(text, quote) and not _is_bare(sentence, at):
        return None
    front = sentence[:at]
    while front and (front[-1].pos_ in ("ADV", "AUX") or front[-1].is_punct):
        front.pop()
    if not front or any(t.pos_ == "VERB" and t.dep_ == "ROOT" and t.i != verb.i for t in front):
        return None
    return front[0].i, front[-1].i + 1


def _cited(sentence: Sequence[Token]) -> Tokens | None:
    """ "The paper quoted X as saying", "X was cited as saying"."""
    for n, token in enumerate(sentence):
        if token.lemma_.lower() not in ("quote", "cite", "record") or not any(
            a.lower_ == "as" and b.tag_ == "VBG" for a, b in pairwise(sentence[n + 1 :])
        ):
            continue
        passive = any(c.dep_ == "auxpass" for c in token.children)
        end = next(i for i in range(n + 1, len(sentence)) if sentence[i].lower_ == "as")
        return _run(sentence[: n - 1] if passive else sentence[n + 1 : end], keep_all=True)
    return None


def _unlisted(text: str, quote: Quoted, sentence: Sequence[Token]) -> Tokens | None:
    """A frame known by its place alone: after a comma any verb beside a name reports, "“…,” enthuses X"."""
    words = text[quote.begin : quote.end]
    if not (words[-1] in ",?!" or text[quote.end + 1 : quote.end + 2] == ",") or is_title(words):
        return None
    first, rest = sentence[0], list(sentence[1:])
    while rest and rest[0].pos_ in ("ADP", "ADV", "PART"):
        rest.pop(0)
    verbal = first.tag_ in ("VBZ", "VBD") or (first.tag_ in ("VBN", "VBP", "VB", "NNS") and rest[:1] == sentence[1:2])
    if verbal and first.text.islower() and first.lemma_.lower() not in LINKING:
        named = any(t.pos_ == "PROPN" for t in rest[:6]) and rest[0].lower_ not in ("a", "an")
        return _run(rest) if named else None
    verb = next((t for t in sentence if t.pos_ == "VERB"), None)
    if verb is None or verb.tag_ not in ("VBZ", "VBD") or verb.lemma_.lower() in LINKING:
        return None
    who = next((c for c in verb.children if c.dep_ == "nsubj" and c.i < verb.i), None)
    more = any(c.dep_ in ("dobj", "attr", "acomp", "ccomp") and c.i > verb.i for c in verb.children)
    if who is None or more or who.left_edge.i != first.i or not (who.pos_ == "PROPN" or who.lower_ in ("he", "she")):
        return None
    return phrase_of(who, verb)


def _is_bare(sentence: Sequence[Token], at: int) -> bool:
    """After a full stop only a frame that says nothing else belongs to the quotation: "he added in Oslo"."""
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    return (
        sentence[0].text[0].islower() or after is None or after.is_punct or after.lower_ in ("in", "at", "on", "during")
    )


def _run(tokens: Sequence[Token], *, keep_all: bool = False) -> Tokens | None:
    """Take the words of a speaker, with a title after the name, up to a border."""
    kept: list[Token] = []
    for token in tokens:
        ends = token.text in _STOPS or token.lower_ in _BORDERS or token.tag_ in ("WP", "WDT", "VBG", "VBD", "VBZ")
        if ends and not (keep_all and token.text not in _STOPS):
            break
        kept.append(token)
    while kept and (kept[-1].is_punct or kept[-1].is_space or kept[-1].pos_ == "DET"):
        kept.pop()
    while kept and (kept[0].is_punct or kept[0].pos_ == "ADV"):
        kept.pop(0)
    return (kept[0].i, kept[-1].i + 1) if kept else None


def _before(doc: Doc, text: str, quote: Quoted, begin: int, cues: Cues) -> Tokens | None:
    """Read a frame that precedes: ``X said: "…"``, ``X told Y that "…"``, ``according to X, "…"``, ``X: …``."""
    end = quote.begin
    while end > begin and text[end - 1] in _SKIPPED[:4] + MARKS + "‘'":
        end -= 1
    lead = text[begin:end]
    sentence = _between(doc, begin, end)
    for n in range(len(sentence) - 1, 0, -1):
        if sentence[n].is_sent_start or sentence[n - 1].text in (".", "!", "?"):
            sentence = sentence[n:]
            break
    if not sentence or lead[-1:] in (".", "!", "?"):
        return None
    pause = lead[-1] in ",:"
    if (cited := _cited(sentence)) is not None:
        return cited
    for verb in reversed([t for t in sentence if _reports(t, cues)]):
        if pause or _takes(doc, verb, text[quote.begin : quote.end], quote):
            after = sentence[sentence.index(verb) + 1 :]
            if (
                lead[-1] == ":"
                and after
                and after[0].pos_ == "PROPN"
                and not any(c.dep_ in SUBJECTS and c.i < verb.i for c in verb.children)
            ):
                return _run(after)  # "Not so, replied X:"
            who = subject_of(verb)
            if who is not None:
                return phrase_of(who, verb)
    words = [t.lower_ for t in sentence]
    for n, pair in enumerate(pairwise(words)):
        if pair == ("according", "to"):
            return _run(sentence[n + 2 :])
    if whose := ascribed(sentence):
        return _run(whose)
    if pause and words[0] == "for":
        return _run(sentence[1:])
    if words[-1] == "it" or words[-2:-1] == ["it"]:
        put = next((t for t in sentence if t.lemma_ == "put"), None)
        if put is not None and (who := subject_of(put)) is not None:
            return phrase_of(who, put)
    if words[-2:] in (["the", "words"], ["these", "words"]) and words[-3:-2] in (["with"], ["in"], ["by"]):
        closing = sentence[-1].sent.root
        closer = subject_of(closing)
        return phrase_of(closer, closing) if closer is not None else None
    if (governing := _governing(doc, text, quote, cues)) is not None:
        return governing
    if (inserted := _inserted(sentence, text[quote.begin : quote.end], cues)) is not None:
        return inserted
    if "words" in words and (own := next((t for t in sentence if t.tag_ == "PRP$"), None)) is not None:
        return own.i, own.i + 1
    if lead[-1] == ":":
        if (topic := words.index("on") if "on" in words else 0) and all(
            t.pos_ == "PROPN" for t in sentence[:topic][-2:]
        ):
            return _run(sentence[:topic])  # "X on the new law:"
        subjects = [
            t for t in sentence if t.dep_ in SUBJECTS and t.pos_ in ("PROPN", "NOUN", "PRON") and t.tag_ != "WP"
        ]
        subject = next((t for t in subjects if t.head == t.sent.root), subjects[0] if subjects else None)
        if subject is not None:
            return phrase_of(subject, subject.head)
        if sentence[0].text[0].isupper() and (
            len(sentence) <= MAX_LABEL_TOKENS or any(t.pos_ == "PROPN" for t in sentence[:3])
        ):
            return _run(sentence)
    return None


def _reports(token: Token, cues: Cues) -> bool:
    """A verb of saying, but not what is left to be said: "he had nothing to add"."""
    return (
        token.lemma_.lower() in cues.saying
        and token.pos_ == "VERB"
        and not (token.tag_ == "VB" and token.dep_ == "relcl")
    )


def _takes(doc: Doc, verb: Token, words: str, quote: Quoted) -> bool:
    """Tell a verb that reports the quotation without a pause: what someone "said that", or called a thing."""
    lemma = verb.lemma_.lower()
    if is_title(words):
        return False
    if lemma in NAMING:
        return True
    span = doc.char_span(quote.begin, quote.end, alignment_mode="expand")
    if (
        lemma in WEAK
        or span is None
        or not any(t.pos_ in ("VERB", "AUX") and t.tag_ not in ("VBN", "VBG") for t in span)
    ):
        return False
    return (
        verb.i + 1 >= span.start - 1
        or any(t.lower_ == "that" for t in doc[verb.i : span.start])
        or any(c.dep_ == "ccomp" for c in verb.children)
    )


def _is_named(doc: Doc, quote: Quoted) -> bool:
    """Tell what "was called “…” by" somebody."""
    lead = doc.char_span(0, quote.begin, alignment_mode="contract")
    return lead is not None and any(t.lemma_.lower() in NAMING and t.tag_ == "VBN" for t in lead[-4:])


def _governing(doc: Doc, text: str, quote: Quoted, cues: Cues) -> Tokens | None:
    """Who does the verb under which a fragment stands: "promised the bridge would open “in May, rain or shine”"."""
    words = text[quote.begin : quote.end]
    span = doc.char_span(quote.begin, quote.end, alignment_mode="expand")
    if span is None or not words[0].islower() or is_title(words):
        return None
    for verb in islice(span.root.ancestors, MAX_ANCESTORS):
        lemma = verb.lemma_.lower()
        sure = lemma == "be" and any(c.lower_ in STANCES for c in verb.children)
        acts = verb.pos_ == "VERB" or any(c.dep_ in SUBJECTS for c in verb.children)  # "X hopes", taken for a noun
        minded = acts and lemma in (cues.saying - WEAK) | FRAGILE | MINDED | NAMING
        if verb.i < span.start and (sure or minded) and (who := subject_of(verb)) is not None:
            return phrase_of(who, verb)
    return None


def _inserted(sentence: Sequence[Token], words: str, cues: Cues) -> Tokens | None:
    """Who speaks a fragment by an insertion: "the delay, Ms Silva said, was due to “a culture of paper”"."""
    if not words[:1].islower() or is_title(words):
        return None
    for verb, after in pairwise(sentence):
        if verb.lemma_.lower() in cues.saying - WEAK and verb.tag_ in ("VBD", "VBZ") and after.text == ",":
            who = next((c for c in verb.children if c.dep_ in SUBJECTS and c.i < verb.i), None)
            if who is not None and who.left_edge.i and verb.doc[who.left_edge.i - 1].text == ",":
                return phrase_of(who, verb)
    return None


def is_title(text: str) -> bool:
    """Tell a name in quotation marks: nearly all its longer words have capitals."""
    words = [w for w in re.findall(r"\w+", text) if len(w) > 3]
    return len(words) > 1 and sum(w[0].isupper() for w in words) >= 0.7 * len(words)
