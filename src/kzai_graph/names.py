"""Find proper names by their shape: capitals, connectors that a class noun allows, quotation marks.

Nothing here decides what a name stands for; ``classes`` does, with votes from the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from kzai_graph.lexical import Known, Noun
from kzai_graph.lookup import Hit, Lookup

CONNECTORS = frozenset({"of", "for", "on", "to", "against", "in"})
JOINERS = frozenset({"-", "–", "&", "/", "+", "@"})
PARTICLES = frozenset({"de", "da", "del", "di", "du", "la", "le", "van", "von", "der", "den", "bin", "ibn", "bint", "al", "el", "ben", "ul", "y"})
ARTICLES = frozenset({"the", "a", "an"})
FUNCTION_POS = frozenset({"DET", "ADP", "PRON", "ADV", "CCONJ", "SCONJ", "AUX", "PART", "INTJ"})
CALENDAR = frozenset(
    "january february april june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
OPENING = frozenset("“\"«„‘")
CLOSING = frozenset("”\"»“’")
DOTTED = re.compile(r"[A-Za-z][\w-]*\.(?:[a-z]{2,6}|AI|IO)$")
CAMEL = re.compile(r"[a-z]+[A-Z]\w*$")
TICKER = re.compile(r"(?:[A-Z][A-Za-z-]{1,9})(?:\s[A-Z]{2,8})?\s*:\s*[A-Z0-9.]{1,6}\b")
SHORT_FORM = re.compile(r"[A-Z]{3,10}$")
MAX_QUOTED_WORDS = 22
MAX_NAME_WORDS = 24
TITLE_CASE_SHARE = 0.7
AFFIXES = frozenset({"based", "led", "backed", "owned", "funded", "born", "made", "style", "wide", "like", "related", "approved", "registered", "listed", "powered"})
AMOUNTS = frozenset({"thousand", "million", "billion", "trillion", "percent", "per", "%", "mln", "bn"})
OPENERS = frozenset({"including", "using", "providing", "featuring", "according", "following", "introducing", "launching", "announcing", "combining", "leveraging"})
SPAN_PREPOSITIONS = frozenset({"for", "until", "till", "to", "by"})
YEARS = re.compile(r"(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?$")
MONEY = re.compile(r"[A-Z]{2,3}[a-z]?[$€£]?\d[\d.,]*(?:bn|mn|m|k)?$")
CURRENCY_CODE = re.compile(r"[A-Z]{3}$")
STATES = frozenset({"state", "national", "federal", "public", "republican", "royal"})
ONLINE = frozenset({"digital", "online", "cloud", "web", "mobile", "messaging", "streaming", "payment", "hosting", "internet", "virtual", "smart", "data"})
UNITS = frozenset({"MHz", "GHz", "kHz", "THz", "MW", "kW", "GW", "TW", "kWh", "MWh", "GWh", "TWh", "GB", "TB", "PB", "MB", "Gbps", "Mbps", "Tbps", "km", "Hz", "Gbit", "Mbit"})
ADJECTIVE_ENDINGS = ("al", "ic", "ive", "ary", "ory", "ant", "ent", "ous", "ional")
JOINT_HEADS = ("Organisation", "Instrument", "Publication", "Event", "Programme", "System")
BODIES = ("PublicBody", "InternationalOrganisation", "ResearchOrganisation", "CivilSocietyOrganisation", "Position", "Person")
COMPLEMENT_CLASSES = ("Organisation", "Instrument", "Position", "Event", "Publication", "Programme")


@dataclass(slots=True)
class Name:
    """A proper name at tokens ``begin`` to ``end`` of block ``block``.

    ``noun``: the class noun that heads it, ``head`` its token. ``owner``: token range of the owner inside the
    name ("… of Kazakhstan"). ``core_end``: where the name ends without that owner.
    """

    block: int
    begin: int
    end: int
    head: int
    noun: Noun | None = None
    known: Known | None = None
    demonym: bool = False
    owner: tuple[int, int] | None = None
    core_begin: int = -1
    core_end: int = -1
    quoted: bool = False
    votes: dict[str, float] = field(default_factory=dict)
    widened: bool = False
    """The short form in brackets showed that it begins earlier than its capitals."""
    loose: bool = False
    """The class noun may be part of the name only ("Zamil Vision", a firm)."""
    hints: dict[str, float] = field(default_factory=dict)
    """Weak votes: what the model thinks, what a preposition suggests."""

    def __post_init__(self) -> None:
        self.core_begin = self.begin if self.core_begin < 0 else self.core_begin
        self.core_end = self.end if self.core_end < 0 else self.core_end

    def vote(self, cls: str, weight: float) -> None:
        self.votes[cls] = self.votes.get(cls, 0.0) + weight

    def hint(self, cls: str, weight: float) -> None:
        self.hints[cls] = self.hints.get(cls, 0.0) + weight


@dataclass(frozen=True, slots=True)
class Word:
    """Tokens that stand together without a space ("e-Mongolia")."""

    begin: int
    end: int
    capital: bool


def find_names(doc: Doc, block: int, lookup: Lookup) -> list[Name]:
    """Find the names of one block; names inside longer names are kept as well, sorted by position."""
    words = list(split_words(doc))
    quoted = list(_quoted(doc, block, lookup))
    found = list(quoted)
    covered = {i for name in quoted for i in range(name.begin, name.end)}
    if not is_title_case(doc):
        for name in _runs(doc, block, words, lookup):
            if not covered & set(range(name.begin, name.end)):
                found.append(name)
    hits = list(lookup.known_names(doc))
    tickers = set(_tickers(doc))
    found = [_widened(doc, n, lookup) for n in found]
    found = [n for n in found if not any(o is not n and o.begin <= n.begin and n.end <= o.end and o.widened for o in found)]
    found = [n for n in found if n.begin not in tickers and (n.quoted or not any(_is_piece(n, hit) for hit in hits))]
    spans = {(n.begin, n.end) for n in found}
    for hit in hits:
        if (hit.begin, hit.end) not in spans:
            found.append(Name(block, hit.begin, hit.end, hit.end - 1, known=hit.known, demonym=hit.demonym))
    for name in found:
        if name.known is None and name.begin == name.core_begin:
            name.known = _with_parliament(doc, name, lookup)
        if name.known is None:
            exact = lookup.known_exactly(doc, name.core_begin, name.core_end)
            if exact is not None:
                name.known, name.demonym = exact.known, exact.demonym
    return sorted(found, key=lambda n: (n.begin, -n.end))


def _widened(doc: Doc, name: Name, lookup: Lookup) -> Name:
    """Begin a name where its short form says: "Harbours, Rivers and Coasts Service (HRCS)"."""
    if name.end + 2 >= len(doc) or doc[name.end].text != "(" or doc[name.end + 2].text != ")" or name.quoted:
        return name
    short = doc[name.end + 1].text
    if not (SHORT_FORM.match(short) and short.isupper()) or initials(doc[name.begin : name.end].text) == short:
        return name
    for begin in range(name.begin - 1, max(-1, name.begin - MAX_NAME_WORDS), -1):
        token = doc[begin]
        if token.is_sent_start and token.lower_ in ARTICLES or not (is_capital(token) or token.lower_ in CONNECTORS | ARTICLES or token.text in (",", "and", "&")):
            return name
        if token.text[0].isupper() and initials(doc[begin : name.end].text) == short:
            wide = _headed(doc, name.block, begin, name.end, lookup)
            wide.widened = True
            if wide.noun is None and (found := lookup.noun_ending(list(doc[begin : name.end]))) is not None:
                wide.noun = _in_a_name(doc, begin, name.end - 1, found[0], lookup, owned=False)
            return wide
        if token.is_sent_start:
            return name
    return name


def initials(text: str) -> str:
    """The capitals with which the words of a name begin ("Central Bank of Kenya": "CBK")."""
    return "".join(w[0] for w in re.findall(r"[^\W\d_]+", text) if w[0].isupper())


def _tickers(doc: Doc) -> Iterator[int]:
    """The tokens inside brackets that hold an exchange and a code ("(NYSE: ABC)")."""
    for token in doc:
        if token.text == "(" and TICKER.match(doc.text[token.idx + 1 : token.idx + 24]):
            i = token.i + 1
            while i < len(doc) and doc[i].text != ")":
                yield i
                i += 1


def _with_parliament(doc: Doc, name: Name, lookup: Lookup) -> Known | None:
    """The chamber that a name calls one of its parliament: "Sejm of the Republic of Poland", "… of the Parliament"."""
    hit = lookup.known_at(doc, name.begin, name.end)
    if hit is None or hit.known.cls != "Legislature" or hit.end >= name.end or doc[hit.end].lower_ != "of":
        return None
    return hit.known


def _is_piece(name: Name, hit: Hit) -> bool:
    """ "Facial" of a sentence that opens with "Facial recognition"."""
    return hit.begin <= name.begin and name.end <= hit.end and name.end - name.begin < hit.end - hit.begin


def is_title_case(doc: Doc) -> bool:
    """Tell whether it is a headline: no full stop, nearly all longer words with capitals that say nothing."""
    if any(t.text in ".!?" for t in doc):
        return False
    long_words = [t for t in doc if t.is_alpha and len(t) > 3]
    if sum(t.text.islower() and not t.is_stop for t in long_words) > 1:
        return False  # a list item with names, or a sentence that lost its full stop
    return len(long_words) > 3 and sum(t.text[0].isupper() for t in long_words) > TITLE_CASE_SHARE * len(long_words)


def is_capital(token: Token) -> bool:
    text = token.text
    if text in UNITS or MONEY.match(text) or text.rpartition("-")[2] in AFFIXES:
        return False
    return text[0].isupper() or bool(CAMEL.match(text)) or bool(DOTTED.match(text) and not token.like_email)


def is_calendar(token: Token) -> bool:
    """A month or a weekday, which no name may swallow; "May" and "March" only where the model sees a date."""
    word = token.lower_.rstrip(".")
    return word in CALENDAR or (word in ("may", "march") and token.ent_type_ == "DATE")


def split_words(doc: Doc) -> Iterator[Word]:
    """Yield runs of tokens without inner spaces that are joined by hyphens and the like."""
    i = 0
    while i < len(doc):
        end = i + 1
        while end + 1 < len(doc) and not doc[end - 1].whitespace_ and doc[end].text in JOINERS and not doc[end].whitespace_:
            end += 2
        if end - i > 1 and doc[end - 1].text.islower() and is_capital(doc[i]):
            end = i + 1  # "Dhabi-based": the name stands before the hyphen
        last = doc[end - 1]
        alone = end - i == 1
        capital = not is_calendar(last) and (is_capital(last) if alone else is_capital(last) or (last.text[0].isdigit() and is_capital(doc[i])))
        yield Word(i, end, capital)
        i = end


def _quoted(doc: Doc, block: int, lookup: Lookup) -> Iterator[Name]:
    """Names in quotation marks: short, starting with a capital, without a full sentence inside."""
    start: int | None = None
    for token in doc:
        if start is None:
            if token.text in OPENING and token.i + 1 < len(doc) and is_capital(doc[token.i + 1]):
                start = token.i + 1
            continue
        if token.text in OPENING | CLOSING:
            inside = doc[start : token.i]
            if 0 < len(inside) <= MAX_QUOTED_WORDS and _looks_like_name(inside, lookup):
                yield _headed(doc, block, start, token.i, lookup, quoted=True)
            start = token.i + 1 if token.text == '"' and token.i + 1 < len(doc) and _opens(doc, token.i) else None


def _opens(doc: Doc, i: int) -> bool:
    return bool(doc[i - 1].whitespace_) and not doc[i].whitespace_ and is_capital(doc[i + 1])


def _looks_like_name(inside: Sequence[Token], lookup: Lookup) -> bool:
    if any(t.text in ".!?;" for t in inside) or inside[-1].text == ",":
        return False
    if any(t.pos_ == "AUX" or t.tag_ in ("VBD", "VBZ", "VBP", "MD") and not is_capital(t) for t in inside):
        return False
    if inside[0].pos_ in FUNCTION_POS or inside[0].pos_ == "VERB" and lookup.is_word(inside[0].text):
        return False
    capitals = sum(is_capital(t) for t in inside)
    return len(inside) <= 3 or capitals * 2 >= len(inside) or _first_noun(inside, lookup) is not None


def _first_noun(tokens: Sequence[Token], lookup: Lookup) -> tuple[Noun, int] | None:
    """The class noun before the first preposition, with its last token's place in ``tokens``."""
    stop = next((k for k, t in enumerate(tokens) if k and (t.lower_ in CONNECTORS or t.text == ",")), len(tokens))
    while stop > 1 and (tokens[stop - 1].text[0].isdigit() or tokens[stop - 1].text in JOINERS):
        stop -= 1
    found = lookup.noun_ending(tokens[:stop])
    if found is not None:
        return found[0], stop - 1
    for end in range(len(tokens), 2, -1):  # "Chamber of Deputies"
        found = lookup.noun_ending(tokens[:end])
        if found is not None and end > stop > end - found[1]:
            return found[0], end - 1
    return None


def _headed(doc: Doc, block: int, begin: int, end: int, lookup: Lookup, *, quoted: bool = False) -> Name:
    """Make a name of the tokens: its class noun, its head, the owner at its end."""
    tokens = list(doc[begin:end])
    found = _first_noun(tokens, lookup)
    noun, head = (found[0], begin + found[1]) if found else (None, end - 1)
    if noun is None and len(tokens) > 1:  # "Project Kuiper", "Convention 108"
        first = lookup.noun_ending(tokens[:1])
        numbered = any(c.isdigit() for t in tokens[1:] for c in t.text)
        if first is not None and first[0].denotes != "Position" and (numbered or not lookup.ontology.is_a(first[0].denotes, "Instrument")):
            noun, head = first[0], end - 1
    owner, core_end = _owner(doc, begin, end, lookup)
    if noun is not None and noun.denotes == "Country":
        noun = None  # "Digital Nation"
    if noun is not None and not quoted:
        noun = _in_a_name(doc, begin, head, noun, lookup, owned=owner is not None)
    name = Name(block, begin, end, head, noun=noun, owner=owner, core_end=core_end, quoted=quoted)
    if noun is not None and owner is None and len(tokens) == 2:
        name.loose = _is_loose(tokens[0] if head == begin + 1 and found is not None else tokens[1], noun, lookup)
    return name


def _is_loose(first: Token, noun: Noun, lookup: Lookup) -> bool:
    known = lookup.known_at(first.doc, first.i)
    return known is None and not lookup.is_word(first.text) and lookup.ontology.is_a(noun.denotes, "Instrument", "Event", "Publication")


def _in_a_name(doc: Doc, begin: int, head: int, noun: Noun, lookup: Lookup, *, owned: bool) -> Noun:
    """The class noun that a name means: "Zamil Analytics" and "Zamil Data Centres" are firms, no technology or systems."""
    before = [t for t in doc[begin:head] if t.is_alpha]
    foreign = bool(before) and not lookup.is_word(before[0].text)
    known = lookup.known_at(doc, begin)
    firm, bank = lookup.noun("company"), lookup.noun("bank")
    if firm is None or bank is None:
        return noun
    own = foreign if known is None else known.known.cls in ("Firm", "Place", "Country") and not known.demonym
    if own and head > begin and noun.denotes == "Technology":
        return firm
    if own and noun.denotes == "System" and _is_plural(doc[head], lookup):
        return firm
    if own and noun.denotes == "Organisation" and doc[head].lower_ == "group":
        return firm
    if noun.denotes == "System" and doc[head].lower_ == "services" and head - begin > 1:
        return firm
    of_state = doc[begin].lower_ in STATES or (len(before) > 1 and not foreign and not any(t.lower_ in ONLINE for t in before))
    if noun.denotes == "System" and doc[head].lower_ == "service" and of_state:
        return lookup.noun("state service") or noun
    if owned and noun.denotes == "Firm" and head == begin and doc[head].lower_ == "bank":
        return lookup.noun("central bank") or noun
    if owned and noun.denotes == "InternationalOrganisation" and doc[head].lower_ == "bank":
        return bank
    return noun


def _owner(doc: Doc, begin: int, end: int, lookup: Lookup) -> tuple[tuple[int, int] | None, int]:
    """The country at the end of a name ("… of the Republic of Kazakhstan") and where the name ends without it."""
    for i in range(begin + 1, end - 1):
        if doc[i].lower_ not in ("of", "in"):
            continue
        start = i + 2 if i + 1 < end and doc[i + 1].lower_ in ARTICLES else i + 1
        if start >= end:
            continue
        hit = lookup.known_at(doc, start)
        if hit is not None and hit.end == end and hit.known.cls == "Country" and not hit.demonym:
            return (hit.begin, hit.end), i
    return None, end


def _runs(doc: Doc, block: int, words: list[Word], lookup: Lookup) -> Iterator[Name]:
    k = 0
    while k < len(words):
        if not words[k].capital or not _can_begin(doc, words, k, lookup):
            k += 1
            continue
        end = _extend(doc, words, k, lookup)
        yield from _segment(doc, block, words[k:end], lookup)
        k = end


def _can_begin(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> bool:
    """Leave out capitals that only mark the start of a sentence."""
    token = doc[words[k].begin]
    if token.lower_ in ARTICLES or token.lower_ in OPENERS or (len(token) == 1 and not token.text.isalpha()):
        return False
    if not _starts_sentence(doc, token.i):
        return not (token.pos_ in FUNCTION_POS and token.is_stop and token.text != token.text.upper())
    if lookup.known_at(doc, token.i) is not None:
        return True
    followed = k + 1 < len(words) and words[k + 1].capital
    if token.is_stop or token.pos_ in FUNCTION_POS:
        return False
    if followed:
        return token.pos_ != "VERB" or not lookup.is_word(token.text)
    if lookup.noun_ending([token]) is not None and token.tag_ != "NNS" and k + 1 < len(words) and doc[words[k + 1].begin].lower_ in ("of", "on", "for"):
        return True
    if not lookup.is_word(token.text) and not lookup.is_word(token.lemma_):
        return True
    acts = token.dep_ == "nsubj" and token.head.pos_ == "VERB" and token.head.lemma_ in lookup.ontology.cues.acting
    return acts and token.tag_ == "NNP" and not _is_plural(token, lookup) and lookup.noun_ending([token]) is None


def _starts_sentence(doc: Doc, i: int) -> bool:
    return bool(doc[i].is_sent_start) or doc[i - 1].text in OPENING | {":", "•", ")"} and (i < 2 or not doc[i - 2].text[0].isalnum())


def _extend(doc: Doc, words: list[Word], start: int, lookup: Lookup) -> int:
    """Grow a run of capitals over numbers, particles and the connectors that its class noun allows."""
    end = start + 1
    inside = False  # inside the complement of a class noun, where commas and "and" may coordinate
    while end < len(words) and end - start < MAX_NAME_WORDS:
        token = doc[words[end].begin]
        if token.is_sent_start and doc[token.i - 1].text in ".!?:":
            break
        if words[end].capital and token.lower_ not in ARTICLES:
            end += 1
        elif (known := _known_over(doc, words, end, lookup)) is not None:
            end = known
        elif (joint := _joint_end(doc, words, start, end, lookup)) is not None:
            end = joint
        elif (spanned := _years_end(doc, words, start, end, lookup)) is not None:
            end = spanned
        elif _is_number(doc, words, end):
            end += 1
        elif token.lower_ in PARTICLES and end + 1 < len(words) and words[end + 1].capital:
            end += 2
        elif token.text == "&" and end + 1 < len(words) and words[end + 1].capital:
            end += 2
        else:
            grown = _connect(doc, words, start, end, lookup, inside=inside)
            if grown is None:
                break
            inside, end = True, grown
    return end


def _known_over(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> int | None:
    """The end of a gazetteer name that the run is in the middle of ("Republic" | "of Korea")."""
    hit = lookup.known_at(doc, words[k - 1].begin)
    if hit is None or hit.end <= words[k].begin or hit.demonym:
        return None
    return next((j for j in range(k, len(words) + 1) if j == len(words) or words[j].begin >= hit.end), None)


def _joint_end(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> int | None:
    """The end of "Industrial and Humanitarian College": ordinary words that share the class noun after "and"."""
    if doc[words[k].begin].lower_ not in ("and", "&") or k + 1 >= len(words) or not words[k + 1].capital:
        return None
    left = [t for w in words[start:k] for t in doc[w.begin : w.end] if t.is_alpha]
    if not left or (lookup.noun_ending(left) is not None and not _is_plural(left[-1], lookup)) or not lookup.is_word(doc[words[k + 1].begin].text):
        return None
    hit = lookup.known_at(doc, words[start].begin)
    ordinary = all(lookup.is_word(t.text) for t in left if hit is None or t.i >= hit.end)
    if hit is not None and hit.end >= words[k].begin and hit.known.cls != "Technology":
        return None
    if not ordinary and not (len(left) > 1 and left[-1].lower_.endswith(ADJECTIVE_ENDINGS) and lookup.is_word(left[-1].text)):
        return None
    end = k + 1
    while end < len(words) and (words[end].capital or end > k + 1 and _is_number(doc, words, end)):
        end += 1
    right = [t for w in words[k + 1 : end] for t in doc[w.begin : w.end]]
    while right and not right[-1].is_alpha:
        right.pop()
    found = lookup.noun_ending(right)
    if found is None or found[1] >= len(right) or found[0].suffix or not all(lookup.is_word(t.text) for t in right if t.is_alpha):
        return None
    if not lookup.ontology.is_a(found[0].denotes, *JOINT_HEADS):
        return None
    return end


def _years_end(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> int | None:
    """The end of the term that closes a plan's name ("… for 2025–2029", "… until 2030")."""
    if doc[words[k].begin].lower_ not in SPAN_PREPOSITIONS or k + 1 >= len(words):
        return None
    word = doc[words[k + 1].begin : words[k + 1].end].text
    if not YEARS.match(word):
        return None
    found = _first_noun([t for w in words[start:k] for t in doc[w.begin : w.end]], lookup)
    planned = found is not None and lookup.ontology.is_a(found[0].denotes, "PolicyDocument", "Programme")
    return k + 2 if planned else None


def _is_number(doc: Doc, words: list[Word], k: int) -> bool:
    """A year or a short number closes a name ("Vision 2050", "Convention 108")."""
    token = doc[words[k].begin]
    if not (token.text.isdigit() and words[k].end - words[k].begin == 1):
        return False
    before = doc[token.i - 1]
    following = doc[token.i + 1] if token.i + 1 < len(doc) else None
    counted = following is not None and (following.tag_ == "NNS" or following.lower_ in AMOUNTS)
    return not counted and len(token) <= 4 and before.ent_type_ != "DATE" and not is_calendar(before)




def _connect(doc: Doc, words: list[Word], start: int, end: int, lookup: Lookup, *, inside: bool) -> int | None:
    """Cross "of (the)", "on", "for", and inside a complement "," and "and"; return the new end or ``None``."""
    token = doc[words[end].begin]
    nxt = end + 1
    if token.lower_ in CONNECTORS:
        if nxt < len(words) and doc[words[nxt].begin].lower_ in ARTICLES:
            nxt += 1
        if nxt >= len(words) or not words[nxt].capital:
            return None
        tokens = [t for w in words[start:end] for t in doc[w.begin : w.end]]
        compound = lookup.noun_ending([*tokens[-1:], token, doc[words[end + 1].begin]]) if nxt == end + 1 else None
        if compound is not None and compound[1] == 3:
            return nxt + 1
        found = (_first_noun(tokens, lookup) if inside and token.lower_ in ("of", "for", "to", "in") else None) or lookup.noun_ending(tokens)
        if found is None or not lookup.ontology.is_a(found[0].denotes, *COMPLEMENT_CLASSES, "Place", "System"):
            return None
        if found[0].suffix or (not inside and _is_plural(tokens[-1], lookup) and found[0].denotes == "Firm"):
            return None  # "Ventures of Helsinki": a name that is closed
        if token.lower_ == "in":
            return nxt + 1 if inside and _is_field(doc, words, nxt, found[0], lookup) else None
        if token.lower_ in ("to", "against") and not lookup.ontology.is_a(found[0].denotes, "Instrument", "Publication"):
            return None
        return nxt + 1
    if not inside or token.text not in (",", "and"):
        return None
    if token.text == "," and nxt < len(words) and doc[words[nxt].begin].lower_ == "and":
        nxt += 1
    if nxt >= len(words) or not words[nxt].capital or not _is_topic(doc, words, nxt, lookup):
        return None
    if token.text == "," and not _list_goes_on(doc, words, nxt):
        return None
    return nxt + 1


def _is_plural(token: Token, lookup: Lookup) -> bool:
    return lookup.singular(token) != token.lower_


def _is_field(doc: Doc, words: list[Word], k: int, noun: Noun, lookup: Lookup) -> bool:
    """ "in Education" goes on with the name of a plan or law; "in Astana" does not."""
    token = doc[words[k].begin]
    known = lookup.known_at(doc, token.i)
    return lookup.ontology.is_a(noun.denotes, "Instrument") and lookup.is_word(token.text) and (known is None or known.known.cls == "Technology")


def _is_topic(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> bool:
    """Only ordinary words coordinate inside a name; a name, an office or a new body ends it."""
    token = doc[words[k].begin]
    if not lookup.is_word(token.text) or token.ent_type_ == "PERSON":
        return False
    hit = lookup.known_at(doc, token.i)
    if hit is not None and hit.known.cls != "Technology":
        return False
    end = k
    while end < len(words) and words[end].capital:
        end += 1
    found = lookup.noun_ending(list(doc[token.i : words[end - 1].end]))
    return found is None or not (lookup.is_legal_form(doc[words[end - 1].end - 1].text) or lookup.ontology.is_a(found[0].denotes, *BODIES))


def _list_goes_on(doc: Doc, words: list[Word], k: int) -> bool:
    """After a comma the complement goes on only if an "and" with a capital follows ("A, B and C", "A, and C")."""
    if doc[words[k].begin - 1].lower_ == "and":
        return True
    for j in range(k, min(k + 12, len(words))):
        token = doc[words[j].begin]
        if token.lower_ == "and":
            return j + 1 < len(words) and words[j + 1].capital
        if not words[j].capital and token.text != ",":
            return False
    return False


def _segment(doc: Doc, block: int, words: list[Word], lookup: Lookup) -> Iterator[Name]:
    """Cut a run into office and person, demonym and name, and give each its class noun."""
    begin, end = words[0].begin, words[-1].end
    half = (end - begin) // 2
    if half and (end - begin) % 2 == 0 and doc[begin : begin + half].text == doc[begin + half : end].text:
        begin += half  # a heading that lost its line break
    if end - begin > 1 and doc[end - 1].lower_ in ("founded", "based", "established", "headquartered", "about"):
        end -= 1
    while end - 1 > begin and doc[end - 1].lower_ in CONNECTORS | ARTICLES:
        end -= 1
    if all(is_calendar(t) or t.text == "I" or t.ent_type_ in ("DATE", "TIME") or t.ent_type_ == "MONEY" and not t.text.istitle() or not t.is_alpha and not is_capital(t) for t in doc[begin:end]):
        return
    if end - begin == 1 and len(doc[begin]) == 1 or end - begin == 2 and CURRENCY_CODE.match(doc[begin].text) and doc[begin + 1].text[0].isdigit() and doc[begin].ent_type_ in ("MONEY", "CARDINAL"):
        return
    person = _person_at_end(doc, begin, end, lookup)
    if person is not None:
        if person + 1 < end and doc[person].lower_.rstrip(".") in {h.casefold().rstrip(".") for h in lookup.ontology.cues.honorifics}:
            person += 1
        for office in _office(doc, block, begin, person, lookup):
            yield office
            yield from _inner(doc, office, lookup)
        name = Name(block, person, end, end - 1)
        name.vote("Person", 4.0)
        yield name
        return
    hit = lookup.known_at(doc, begin)
    if hit is not None and hit.demonym and hit.end < end:
        rest = _headed(doc, block, hit.end, end, lookup)
        if rest.noun is None:
            yield rest
            return
        whole = _headed(doc, block, begin, end, lookup)
        whole.owner, whole.core_begin = (hit.begin, hit.end), hit.end
        yield whole
        return
    name = _headed(doc, block, begin, end, lookup)
    if hit is not None and hit.end < end and hit.known.cls == "Country" and name.noun is not None and name.noun.generic:
        name.owner, name.core_begin = (hit.begin, hit.end), hit.end
    if not _is_description(doc, name, lookup):
        yield name
        yield from _inner(doc, name, lookup)


def _inner(doc: Doc, name: Name, lookup: Lookup) -> Iterator[Name]:
    """The bodies inside a longer name: "Director of the Institute of Law of the University of Oslo"."""
    for i in range(name.head + 1, name.end - 1):
        if doc[i].lower_ not in ("of", "at", "for"):
            continue
        start = i + 2 if doc[i + 1].lower_ in ARTICLES else i + 1
        if start >= name.end or not doc[start].text[0].isupper():
            continue
        rest = _headed(doc, name.block, start, name.end, lookup)
        is_body = rest.noun is not None and rest.end - start > 1 and not _is_plural(doc[rest.head], lookup) and lookup.ontology.is_a(rest.noun.denotes, *BODIES)
        of_office = rest.noun is None and name.noun is not None and name.noun.denotes == "Position" and name.noun.implies != "ministry" and not all(lookup.is_word(t.text) for t in doc[start : rest.core_end] if t.is_alpha)
        known = lookup.known_at(doc, start)
        if is_body or of_office and (known is None or known.end < name.end):
            yield rest


def _is_description(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """A capitalised class noun alone ("the Ministry", "the Action Plan") names nothing and is read as a description.

    Compounds for bodies do name one of their country ("the Supreme Court").
    """
    if name.noun is None or name.noun.denotes == "Position":
        return False
    found = lookup.noun_ending(list(doc[name.begin : name.end]))
    if found is None or found[1] < name.end - name.begin:
        return False
    return found[1] == 1 or not lookup.ontology.is_a(found[0].denotes, "PublicBody", "Legislature", "Law")


def _person_at_end(doc: Doc, begin: int, end: int, lookup: Lookup) -> int | None:
    """Where a person's name begins after an office ("Vice Minister of Health Anna Berg"), or ``None``."""
    for i in range(begin, end):
        found = lookup.noun_ending(list(doc[begin : i + 1]))
        honorific = i == begin and doc[i].lower_.rstrip(".") in {h.casefold().rstrip(".") for h in lookup.ontology.cues.honorifics}
        if not honorific and (found is None or found[0].denotes != "Position"):
            continue
        if i + 1 >= end:
            return None
        longer = lookup.noun_ending(list(doc[begin : i + 2]))
        if longer is not None and longer[0].denotes == "Position":
            continue
        whole = lookup.noun_ending(list(doc[begin:end]))
        if whole is not None and whole[0].denotes == "Place" and found is not None and found[0].implies == "country":
            return None  # "King Street"
        if end - i == 2 and lookup.is_word(doc[i + 1].text) and doc[i + 1].ent_type_ != "PERSON" and not honorific:
            return None  # "General Assembly"
        if doc[i + 1].lower_ not in CONNECTORS and doc[i + 1].text not in (",", "and", "&"):
            return i + 1 if not _names_a_body(doc, i + 1, end, lookup) else None
        return _person_after_complement(doc, i + 1, end, lookup)
    return None


def _names_a_body(doc: Doc, begin: int, end: int, lookup: Lookup) -> bool:
    found = lookup.noun_ending(list(doc[begin:end]))
    return found is not None and found[0].denotes != "Position" and end - begin > 1 and lookup.is_word(doc[end - 1].text)


def _person_after_complement(doc: Doc, begin: int, end: int, lookup: Lookup) -> int | None:
    """The last two or three capitals are a person if they are no English words or no known place."""
    for size in (3, 2):
        start = end - size
        if start <= begin + 1 or doc[start - 1].lower_ in CONNECTORS | ARTICLES | {"and", ",", "&"}:
            continue
        part = doc[start:end]
        if not all(t.text[0].isupper() and t.is_alpha or t.text == "-" for t in part):
            continue
        tagged = all(t.ent_type_ == "PERSON" for t in part)
        foreign = all(not lookup.is_word(t.text) for t in part if t.is_alpha)
        hit = lookup.known_at(doc, start)
        if (tagged or foreign) and (hit is None or hit.end < end) and not (foreign and size == 3 and not tagged):
            return start
    return None


def _office(doc: Doc, block: int, begin: int, end: int, lookup: Lookup) -> Iterator[Name]:
    """The office before a person, and the body that stands before the office ("Presight CEO")."""
    if end - begin == 1 and doc[begin].lower_.rstrip(".") in {h.casefold().rstrip(".") for h in lookup.ontology.cues.honorifics}:
        return
    yield _headed(doc, block, begin, end, lookup)
