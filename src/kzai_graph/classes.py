"""Collect what the words around a name say about its class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.names import TICKER, Name

HEAD_NOUN = 5.0
LOOSE_HEAD = 1.5
APPOSITION = 3.0
LISTED = 2.5
CLASS_NOUN_BESIDE = 2.0
BRANCH = 3.0
BESIDE_KNOWN = 1.0
MODEL_LABELS = {
    "PERSON": ("Person", 1.2),
    "ORG": ("Organisation", 1.0),
    "GPE": ("Place", 1.0),
    "LOC": ("Place", 1.0),
    "FAC": ("Place", 0.6),
    "PRODUCT": ("System", 0.8),
    "EVENT": ("Event", 0.8),
}
LIKE = frozenset({"like", "including", "namely"})
PLACE_PREPOSITIONS = frozenset({"in", "near", "across", "throughout", "at"})
MAX_APPOSED_WORDS = 3
COPULAS = frozenset({"be", "become", "remain"})
FIRM_ENDING = re.compile(r"\w{3,}(?:telecom|telekom|tel|cell|com|bank|soft|tech|pay|neftegaz|gas|gaz|neft|munay|oil|energo|energy|pharm|pharma|fon|phone|net|corp|avia|air|auto|trans|stroy|invest|logistics|systems|chip|ware|works|labs?)$")
LOCAL = frozenset({"akim", "akimat", "capital", "government", "governor", "inhabitant", "mayor", "municipality", "north", "outskirts", "people", "resident", "south", "street", "suburb"})
CHAIN_LINKS = frozenset({",", "and", "or", "&", "the", "both"})
BY_PARTICIPLE = {
    "develop": "System", "build": "System", "design": "System", "create": "System", "power": "System",
    "run": "Programme", "implement": "Programme", "coordinate": "Programme",
    "own": "Organisation", "found": "Organisation", "head": "Organisation", "base": "Organisation",
    "headquarter": "Organisation", "establish": "Organisation", "chair": "Organisation",
}  # fmt: skip
PARTNER_NOUNS = frozenset({"agreement", "memorandum", "contract", "deal", "partnership", "cooperation", "collaboration", "talks", "together", "tie-up"})


def collect_votes(doc: Doc, names: Sequence[Name], lookup: Lookup) -> None:
    """Add to each name of one block the votes of its head noun, its neighbours and the model."""
    chunks = {chunk.start: chunk for chunk in doc.noun_chunks}
    for name in names:
        if name.known is not None:
            continue
        after = class_noun_after(doc, name.end, lookup)
        if after is not None and name.noun is not None and _is_worn(doc, name, name.noun, after[0], lookup):
            name.noun = None  # "the Open Internet project"
        if name.noun is not None:
            name.vote(name.noun.denotes, LOOSE_HEAD if name.loose else HEAD_NOUN)
        _beside(doc, name, lookup)
        _of(doc, name, lookup)
        _described(doc, name, chunks, lookup)
        _introduced(doc, name, names, lookup)
        _person(doc, name, lookup)
        _branch(doc, name, lookup)
        _model(doc, name, lookup)
        _part_played(doc, name, lookup)
        if _prep_before(doc, name) in PLACE_PREPOSITIONS and name.noun is None:
            weight = _place_weight(doc, name, lookup)
            (name.vote if weight > 1 else name.hint)("Place", weight)
        if name.end + 1 < len(doc) and doc[name.end].text == "-" and doc[name.end + 1].lower_ in ("based", "born", "headquartered"):
            name.vote("Place", 2.0)
        if name.end < len(doc) and doc[name.end].text == "(" and TICKER.match(doc.text[doc[name.end].idx + 1 :][:24]):
            name.vote("Firm", 4.0)
        if not has_person_shape(doc, name, lookup):
            name.hints.pop("Person", None)
            name.votes.pop("Person", None)
    for chain in find_chains(doc, names):
        _listed(doc, chain, lookup)


def _is_worn(doc: Doc, name: Name, noun: Noun, after: Noun, lookup: Lookup) -> bool:
    """Tell whether the class noun in a name gives way to the one beside it ("the K-Cloud project", "the Safe Streets campaign")."""
    last = doc[name.head]
    plural = lookup.singular(last) != last.lower_
    weak = noun.denotes == "Technology" or (noun.denotes == "Place" and plural) or (noun.suffix and lookup.is_word(last.text))
    return weak and noun.denotes != after.denotes


def class_noun_after(doc: Doc, end: int, lookup: Lookup) -> tuple[Noun, int] | None:
    """The lower-case class noun right after a name ("the Digital Bridge forum") and where it ends."""
    stop = end
    while stop < len(doc) and stop - end < MAX_APPOSED_WORDS and doc[stop].pos_ in ("NOUN", "ADJ") and doc[stop].text.islower() and doc[stop].is_alpha:
        stop += 1
    if stop == end or (stop < len(doc) and doc[stop].text in ("-", "’s", "'s")):
        return None
    found = lookup.noun_ending(list(doc[end:stop]))
    return (found[0], stop) if found is not None and found[0].denotes != "Position" else None


def has_person_shape(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether it may be a human's name: no digit, dot or inner capital, no class noun, no country at its end."""
    tokens = [t for t in doc[name.begin : name.end] if t.text not in "-.’'"]
    if name.noun is not None or not tokens:
        return False
    words = [t for t in tokens if not (len(t) == 1 or len(t) == 2 and t.text.endswith("."))]  # initials
    if not words or len(tokens) > 5:
        return False
    for token in words:
        if not token.text.replace("’", "").replace("'", "").replace("-", "").isalpha():
            return False
        if not _is_titled(token) and not (len(words) > 1 and all(t.text.isupper() for t in words)):
            return False
    hits = [lookup.known_at(doc, t.i, name.end) for t in tokens]
    if len(words) > 1 and hits[0] is not None and hits[0].known.cls == "Firm":
        return False
    if any(h is not None and h.end == name.end and h.begin > name.begin and h.known.cls == "Country" and not h.demonym for h in hits):
        return False
    if len(words) > 2 and lookup.is_word(words[-1].text) and lookup.is_word(words[-2].text):
        return False
    return not (len(words) > 1 and all(lookup.is_word(t.text) for t in words) and any(t.ent_type_ != "PERSON" for t in words))


def _is_titled(token: Token) -> bool:
    """One capital, or the two of "McKay", "O’Neill", "LohMirmand", "Al-Amin"."""
    parts = re.split(r"[-’']", token.text)
    return all(re.fullmatch(r"[^\W\d_][^\W\d_A-Z]*(?:[A-Z][^\W\d_A-Z]{2,})?", p) is not None for p in parts if p)


def _is_one_word(doc: Doc, name: Name) -> bool:
    return not any(t.whitespace_ for t in doc[name.begin : name.end - 1])


def _beside(doc: Doc, name: Name, lookup: Lookup) -> None:
    after = class_noun_after(doc, name.end + (1 if name.quoted else 0), lookup)
    if after is not None and not after[0].suffix:
        name.vote(after[0].denotes, CLASS_NOUN_BESIDE)
    before = name.begin - (2 if name.quoted else 1)
    if before < 0 or doc[name.begin].is_sent_start:
        return
    token = doc[before]
    weight = APPOSITION
    if token.lower_ in lookup.ontology.cues.naming and before > 1:
        before -= 2 if doc[before - 1].text == "," else 1
        token, weight = doc[before], APPOSITION + 1
    if token.pos_ in ("NOUN", "PROPN") and token.text.islower() and token.tag_ in ("NN", "NNP"):
        found = lookup.noun_ending(list(doc[max(0, before - 2) : before + 1]))
        if found is not None and not found[0].suffix:
            name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, weight)


def _of(doc: Doc, name: Name, lookup: Lookup) -> None:
    """ "The city of NAME", "the mayor of NAME", "residents of NAME"."""
    if name.noun is not None or name.begin < 2 or doc[name.begin - 1].lower_ != "of" or not doc[name.begin - 2].text.islower():
        return
    found = lookup.noun_ending(list(doc[max(0, name.begin - 3) : name.begin - 1]))
    if found is not None and found[0].denotes == "Place":
        name.vote("Place", APPOSITION)
    elif doc[name.begin - 2].lemma_ in LOCAL:
        name.vote("Place", CLASS_NOUN_BESIDE)


def _introduced(doc: Doc, name: Name, names: Sequence[Name], lookup: Lookup) -> None:
    """ "Its affiliate, NAME," and "its author, NAME, wrote": a definite noun and the name that it announces."""
    comma = name.begin - (2 if name.quoted else 1)
    if comma > 1 and doc[comma].lower_ == "the":
        comma -= 1
    if comma < 1 or doc[comma].text != ",":
        return
    end = name.end + (1 if name.quoted else 0)
    if end < len(doc) and doc[end].text not in ",.;)" and doc[end].pos_ not in ("AUX", "VERB"):
        return
    if not _is_one_word(doc, name) and any(n.end == comma and n.noun is not None and n.noun.denotes == "Position" for n in names):
        name.vote("Person", CLASS_NOUN_BESIDE)
        return
    root = doc[comma - 1]
    while root.dep_ == "pobj" and root.head.lower_ in ("of", "at", "for") and root.head.head.pos_ in ("NOUN", "PROPN"):
        root = root.head.head
    if root.pos_ != "NOUN" or root.tag_ != "NN" or not root.text.islower():
        return
    found = lookup.noun_ending(list(doc[max(0, root.i - 2) : root.i + 1]))
    if found is None:
        return
    start = root.left_edge.i
    if not any(t.tag_ in ("DT", "PRP$", "POS") for t in doc[start : root.i]) or (start and (doc[start - 1].text == "," or doc[start - 1].is_sent_start)):
        return
    if found[0].denotes != "Position" and _speaks(doc, name, lookup):
        return
    name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, CLASS_NOUN_BESIDE)


def _described(doc: Doc, name: Name, chunks: dict[int, Span], lookup: Lookup) -> None:
    """Apposition with a comma, dash or bracket ("X, a developer of …"), and the copula ("X is a platform …")."""
    i = name.end + (1 if name.quoted else 0)
    if i + 1 >= len(doc):
        return
    if doc[i].text == "(" and (close := _closing(doc, i)) is not None and close + 1 < len(doc):
        i = close + 1
    if doc[i].text in (",", "–", "—", "-"):
        start = i + 1
        if name.begin and doc[name.begin - 1].pos_ == "ADP" and doc[name.begin - 1].is_sent_start:
            return  # "In NAME, the auditors found …"
    elif doc[i].lemma_ in COPULAS and doc[i].pos_ in ("AUX", "VERB"):
        start = i + 1
    else:
        return
    while start < len(doc) and doc[start].pos_ == "ADV":
        start += 1
    chunk = chunks.get(start)
    if chunk is None or chunk.root.tag_ == "NNS":
        return
    found = lookup.noun_ending(list(doc[chunk.start : chunk.root.i + 1]))
    if found is None or not (_describes(chunk) or found[0].denotes == "Position"):
        return
    if found[0].denotes == "Firm" and _speaks(doc, name, lookup) and has_person_shape(doc, name, lookup) and name.end - name.begin > 1:
        return  # "said NAME, a former auditor"
    name.vote("Person" if found[0].denotes == "Position" else found[0].denotes, APPOSITION)


def _describes(chunk: Span) -> bool:
    """A description has an article, a possessor or a common noun as its head; a bare name in a list has none."""
    return chunk.root.pos_ == "NOUN" or chunk[0].pos_ == "DET"


def _closing(doc: Doc, i: int) -> int | None:
    return next((j for j in range(i + 1, min(i + 12, len(doc))) if doc[j].text == ")"), None)


def _speaks(doc: Doc, name: Name, lookup: Lookup) -> bool:
    """Tell whether a verb of saying stands beside the name, also after a comma ("…, its author, NAME, wrote")."""
    saying = lookup.ontology.cues.saying
    i = name.end + 1 if name.end < len(doc) and doc[name.end].text == "," else name.end
    after = i < len(doc) and doc[i].lemma_ in saying and doc[i].pos_ == "VERB"
    return after or (name.begin > 0 and doc[name.begin - 1].lemma_ in saying and doc[name.begin - 1].pos_ == "VERB")


def _person(doc: Doc, name: Name, lookup: Lookup) -> None:
    if not has_person_shape(doc, name, lookup):
        return
    words = [t for t in doc[name.begin : name.end] if t.is_alpha]
    after = doc[name.end : name.end + 3]
    if len(after) > 1 and (after[0].lower_ == "who" or after[0].text == "," and after[1].lower_ == "who"):
        name.vote("Person", 3.0)
    if not 1 < len(words) <= 4:
        return
    foreign = not lookup.is_word(words[-1].text)
    if _speaks(doc, name, lookup) and any(not lookup.is_word(t.text) for t in words):
        name.vote("Person", 2.5 if foreign else 1.0)
    if foreign and len(after) > 2 and after[0].text == "," and after[1].lower_ in ("of", "from") and name.begin == doc[name.begin].sent.start:
        name.vote("Person", 1.5)  # "Anna Berg, of the Consumers Union, expects …"


def _branch(doc: Doc, name: Name, lookup: Lookup) -> None:
    """A name that ends with a country is that body there ("Orange Polska Kenya", "MIT Africa"); a firm's number is a product."""
    if name.noun is not None or name.quoted:
        return
    first = lookup.known_at(doc, name.begin, name.end)
    for i in range(name.begin + 1, name.end):
        hit = lookup.known_at(doc, i, name.end)
        if hit is None or hit.end != name.end or hit.demonym or hit.known.cls not in ("Country", "Place"):
            continue
        base = lookup.known_exactly(doc, name.begin, i)
        noun = lookup.noun_ending(list(doc[name.begin : i]))
        if base is not None and lookup.ontology.is_a(base.known.cls, "Organisation"):
            name.vote(base.known.cls, BRANCH)
        elif noun is not None and lookup.ontology.is_a(noun[0].denotes, "Organisation"):
            name.vote(noun[0].denotes, BRANCH)
        elif base is None and hit.known.cls == "Country" and doc[i - 1].is_alpha and doc[i - 1].lower_ not in ("of", "in", "for"):
            name.hint("Organisation", 1.2)
        return
    if first is None or first.end >= name.end or first.known.cls != "Firm":
        return
    rest = doc[first.end : name.end]
    if any(c.isdigit() for c in rest.text):
        name.vote("System", 2.0)
    elif len(rest) == 1 and rest.text.isalpha() and not lookup.is_word(rest.text):
        name.vote("Firm", 1.5)  # a firm's branch


def _part_played(doc: Doc, name: Name, lookup: Lookup) -> None:
    """What the name does or what is done with it: bodies sign and hire, products are installed."""
    if name.noun is not None or not doc[name.begin].text[0].isalnum():
        return
    cues = lookup.ontology.cues
    head = doc[name.begin : name.end].root
    person = has_person_shape(doc, name, lookup) and not _is_one_word(doc, name)
    verb = head.head
    after = doc[name.end] if name.end < len(doc) else None
    if after is not None and after.tag_ == "POS":
        stop = min(name.end + 4, len(doc))
        office = next((lookup.noun_ending(list(doc[name.end + 1 : j])) for j in range(stop, name.end + 1, -1) if lookup.noun_ending(list(doc[name.end + 1 : j]))), None)
        if office is not None and office[0].denotes == "Position" and not office[0].implies:
            name.hint("Organisation", 1.2)
    i = name.end + 1 if after is not None and after.text == "," else name.end
    if i + 1 < len(doc) and doc[i].tag_ == "VBN" and doc[i].lemma_ in BY_PARTICIPLE and doc[i + 1].lower_ in ("by", "in", "at"):
        name.vote(BY_PARTICIPLE[doc[i].lemma_], 1.5)
    if head.dep_ == "dobj" and verb.lemma_ in cues.making - {"use", "test"}:
        name.hints.pop("Person", None)
        name.hint("System", 1.3)
        return
    if person:
        return
    _trades(doc, name, lookup)
    if head.dep_ == "nsubj" and verb.pos_ == "VERB" and verb.lemma_ in cues.trading:
        name.hint("Firm", 1.0)
    elif head.dep_ == "nsubj" and verb.pos_ == "VERB" and (verb.lemma_ in cues.acting or verb.lemma_ in cues.saying):
        name.hint("Organisation", 1.0)
    elif head.dep_ == "nsubj" and verb.pos_ == "NOUN" or after is not None and after.pos_ == "VERB" and after.lemma_ in cues.acting and after.tag_ in ("VBZ", "VBD"):
        name.hint("Organisation", 0.8)
    elif head.dep_ == "dobj" and verb.lemma_ in cues.making:
        name.hint("System", 1.0)
    elif head.dep_ == "pobj" and verb.lower_ == "by" and verb.dep_ == "agent":
        name.hint("Organisation", 1.0)
    elif head.dep_ == "pobj" and verb.lower_ in ("with", "between") and (verb.head.lemma_ in PARTNER_NOUNS or verb.i and doc[verb.i - 1].lemma_ in PARTNER_NOUNS or verb.head.lemma_ in ("sign", "partner", "cooperate", "collaborate", "agree")):
        name.hint("Organisation", 1.0)


def _trades(doc: Doc, name: Name, lookup: Lookup) -> None:
    """Names of firms are coined alike: "…telecom", "…bank", "…soft"."""
    last = doc[name.end - 1]
    if name.end - name.begin == 1 and (last.lower_.endswith(".com") or re.search(r"[a-z]AI$", last.text)):
        name.hint("Firm", 1.2)
    if name.end - name.begin == 1 and re.match(r"[eim][A-Z][a-z]", last.text):
        name.vote("System", 1.5)  # "eTax"
    if name.end - name.begin <= 2 and FIRM_ENDING.search(last.lower_) and not lookup.is_word(last.text):
        name.hint("Firm", 1.2)


def find_chains(doc: Doc, names: Sequence[Name]) -> Iterator[list[Name]]:
    """Yield the runs of names that only commas and "and" part; inner names are left out."""
    outer: list[Name] = []
    for name in names:
        if not outer or name.begin >= outer[-1].end:
            outer.append(name)
    chain: list[Name] = []
    for name in outer:
        gap = doc[chain[-1].end : name.begin] if chain else None
        linked = gap is not None and 0 < len(gap) <= 3 and all(t.lower_ in CHAIN_LINKS or t.is_quote for t in gap) and any(t.lower_ in (",", "and", "or", "&") for t in gap)
        if not linked:
            if chain:
                yield chain
            chain = []
        chain.append(name)
    if chain:
        yield chain


def _listed(doc: Doc, chain: list[Name], lookup: Lookup) -> None:
    """Give the members of a list the class that its heading noun, or their neighbours, have."""
    heading = _heading(doc, chain[0].begin - (1 if chain[0].quoted else 0), lookup)
    last = class_noun_after(doc, chain[-1].end, lookup)
    closing = last[0] if last is not None and len(chain) > 1 and doc[last[1] - 1].tag_ == "NNS" else None
    noun = heading or closing
    unknown = [n for n in chain if n.known is None and n.noun is None]
    if noun is not None:
        for name in unknown:
            if noun.denotes != "Position":
                name.vote(noun.denotes, LISTED)
            elif has_person_shape(doc, name, lookup):
                name.vote("Person", LISTED)
        if noun.denotes != "Position":
            return
    if len(chain) < 2:
        return
    classes = {c for c in (_class_so_far(n) for n in chain) if c is not None and _is_telling(c)}
    roots = {lookup.root(c) for c in classes}
    if len(roots) != 1:
        return
    cls = next(iter(classes)) if len(classes) == 1 else next(iter(roots))
    if cls == "Country":
        cls = "Place"
    if cls != "Person" and any(has_person_shape(doc, n, lookup) and not _is_one_word(doc, n) for n in unknown):
        return  # letters after a person's name
    for name in unknown:
        if not name.votes and (cls != "Person" or has_person_shape(doc, name, lookup)):
            name.hint(cls, BESIDE_KNOWN)


def _is_telling(cls: str) -> bool:
    return cls not in ("Position", "Technology")


def _class_so_far(name: Name) -> str | None:
    if name.demonym:
        return None
    if name.known is not None:
        return name.known.cls
    strong = {c: w for c, w in name.votes.items() if w >= CLASS_NOUN_BESIDE}
    return max(strong, key=lambda c: (strong[c], c), default=None)


def _heading(doc: Doc, begin: int, lookup: Lookup) -> Noun | None:
    """The plural noun that announces a list: "firms such as", "subsidiaries, …", "the banks …", "districts:"."""
    i = begin - 1
    if i >= 0 and doc[i].lower_ == "the":
        i -= 1
    if i > 0 and doc[i].lower_ == "as" and doc[i - 1].lower_ == "such":
        i -= 2
    elif i >= 0 and doc[i].lower_ in LIKE or i >= 0 and doc[i].text in (",", ":", "–", "—", "("):
        i -= 1
    if i >= 0 and doc[i].text == ",":
        i -= 1
    if i < 0 or doc[i].tag_ != "NNS" or not doc[i].text.islower():
        return None
    found = lookup.noun_ending(list(doc[max(0, i - 2) : i + 1]))
    return found[0] if found is not None and not found[0].suffix else None


def _place_weight(doc: Doc, name: Name, lookup: Lookup) -> float:
    """ "In" before one foreign word with a capital is a place more often than not."""
    token = doc[name.begin]
    single = _is_one_word(doc, name) and token.is_alpha and token.text.istitle() and doc[name.end - 1].text.istitle()
    followed = name.end < len(doc) and (doc[name.end].pos_ in ("NOUN", "PROPN", "ADJ") or doc[name.end].tag_ == "POS")
    if not single or followed or doc[name.begin - 1].lower_ not in ("in", "near"):
        return 0.4
    if lookup.is_word(token.text):
        return 1.0 if lookup.singular(token) == token.lower_ else 0.4
    return 1.3


def _model(doc: Doc, name: Name, lookup: Lookup) -> None:
    tokens: Sequence[Token] = list(doc[name.core_begin : name.core_end])
    labels = {t.ent_type_ for t in tokens}
    if len(labels) != 1:
        return
    cls, weight = MODEL_LABELS.get(labels.pop(), (None, 0.0))
    if cls is None:
        return
    words = [t for t in tokens if t.is_alpha]
    ordinary = bool(words) and all(lookup.is_word(t.text) for t in words)
    if cls == "Person":
        if ordinary or any(t.text.isupper() and len(t) > 2 for t in words) or any(not t.text.istitle() for t in words):
            return
        weight = 0.4 if _is_one_word(doc, name) else weight
    elif len(words) == 1 and words[0].text.isupper():
        weight *= 0.6  # abbreviations are guessed at
    elif ordinary and (len(words) == 1 or lookup.singular(words[-1]) != words[-1].lower_):
        weight *= 0.5  # "Wisdom", "Defence Divisions": capitals of a heading
    name.hint(cls, weight)


def _prep_before(doc: Doc, name: Name) -> str:
    i = name.begin - 1
    if i >= 0 and doc[i].lower_ == "the":
        i -= 1
    return doc[i].lower_ if i >= 0 else ""
