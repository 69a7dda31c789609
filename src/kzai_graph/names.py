"""Find proper names by their shape: capitals, connectors that a class noun allows, quotation marks.

Nothing here decides what a name stands for; ``classes`` does, with votes from the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from kzai_graph.givennames import given_names
from kzai_graph.lexical import Known
from kzai_graph.lookup import Hit, Lookup, fold
from kzai_graph.name_filters import is_currency, is_language
from kzai_graph.name_heads import ARTICLES, CONNECTORS, first_noun, headed, in_a_name
from kzai_graph.name_runs import FUNCTION_POS, MAX_NAME_WORDS
from kzai_graph.name_segments import inner_names, runs
from kzai_graph.placenames import place_sizes
from kzai_graph.signatures import is_signature
from kzai_graph.wording import CLOSING, OPENING, TICKER, Name, initials, is_capital, is_title_case, split_words

SHORT_FORM = re.compile(r"[A-Z]{3,10}$")
MAX_QUOTED_WORDS = 22


def find_names(doc: Doc, block: int, lookup: Lookup, creators: Sequence[str] = ()) -> list[Name]:
    """Find the names of one block; names inside longer names are kept as well, sorted by position.

    ``creators`` are the persons whom a byline names: from the first of them on, its capitals are those of names.
    """
    words = list(split_words(doc))
    authors = [n for c in creators if (n := _author(doc, block, c)) is not None]
    quoted = list(_quoted(doc, block, lookup))
    found = list(quoted)
    covered = {i for name in quoted for i in range(name.begin, name.end)}
    if authors or not is_title_case(doc) or _is_signature(doc, lookup):
        start = min((n.begin for n in authors), default=0)
        signed = {i for n in authors for i in range(n.begin, n.end)}
        taken = covered | signed
        words = [w for w in words if w.begin >= start and w.begin not in signed]
        found += authors
        found += [n for n in runs(doc, block, words, lookup) if not taken & set(range(n.begin, n.end))]
    tickers = set(_tickers(doc))
    hits = [
        hit for hit in lookup.known_names(doc) if hit.begin not in tickers and not is_currency(doc, hit.begin, hit.end)
    ]
    found = [_widened(doc, n, lookup) for n in found]
    found = [
        n for n in found if not any(o is not n and o.begin <= n.begin and n.end <= o.end and o.widened for o in found)
    ]
    found = [n for n in found if n.begin not in tickers and (n.quoted or not any(_is_piece(n, hit) for hit in hits))]
    spans = {(n.begin, n.end) for n in found}
    for hit in hits:
        if (hit.begin, hit.end) in spans or (hit.demonym and _opens_place(doc, hit, found)):
            continue
        if not _is_lent(hit, found, doc, lookup):
            found.append(Name(block, hit.begin, hit.end, hit.end - 1, known=hit.known, demonym=hit.demonym))
    for name in found:
        if name.known is None and name.begin == name.core_begin:
            name.known = _with_parliament(doc, name, lookup)
        if name.known is None:
            exact = lookup.known_exactly(doc, name.begin, name.end) or lookup.known_exactly(
                doc, name.core_begin, name.core_end
            )
            if exact is not None:
                name.known, name.demonym = exact.known, exact.demonym
                if name.noun is not None and name.noun.denotes == "Position":
                    name.noun = None  # the city of Nur-Sultan is no sultan
    found = [n for n in found if not (n.demonym and is_language(doc, n.begin, n.end))]
    return sorted(found, key=lambda n: (n.begin, -n.end))


def _author(doc: Doc, block: int, creator: str) -> Name | None:
    """The name of a byline's person in its line."""
    at = doc.text.find(creator)
    span = doc.char_span(at, at + len(creator)) if at >= 0 and " " in creator else None
    if span is None:
        return None
    name = Name(block, span.start, span.end, span.end - 1)
    name.vote("Person", 4.0)
    return name


def _is_signature(doc: Doc, lookup: Lookup) -> bool:
    """Tell a line of capitals that is a name and an office, or a name and a body, from a headline."""
    if not is_signature(doc.text):
        return False
    found = [lookup.noun_ending(list(doc[max(0, i - 2) : i + 1])) for i in range(2, len(doc))]
    return any(n is not None and lookup.ontology.is_a(n[0].denotes, "Position", "Organisation") for n in found)


def _is_lent(hit: Hit, names: Sequence[Name], doc: Doc, lookup: Lookup) -> bool:
    """ "Signal" inside "Harbour Signal Works" is an ordinary word, not the known name."""
    if hit.end - hit.begin > 1 or hit.known.cls not in ("Firm", "System", "MediaOrganisation", "Place"):
        return False
    if not hit.begin or doc[hit.begin - 1].lower_ in CONNECTORS | ARTICLES:
        return False
    around = [n for n in names if n.begin < hit.begin and hit.end <= n.end and not lookup.known_at(doc, n.begin)]
    if any(n.votes.get("Person") or fold(doc[n.begin].text) in given_names() for n in around):
        return True  # "Ida Siemens" is no firm
    return bool(around) and lookup.is_word(doc[hit.begin].text)


def _opens_place(doc: Doc, hit: Hit, names: Sequence[Name]) -> bool:
    """ "French Guiana" is a place that speaks of no France."""
    longer = (n for n in names if n.begin == hit.begin and n.end > hit.end)
    return any(fold(doc[n.begin : n.end].text) in place_sizes() for n in longer)


def _widened(doc: Doc, name: Name, lookup: Lookup) -> Name:
    """Begin a name where its short form says: "Harbours, Rivers and Coasts Service (HRCS)"."""
    if name.end + 2 >= len(doc) or doc[name.end].text != "(" or doc[name.end + 2].text != ")" or name.quoted:
        return name
    short = doc[name.end + 1].text
    if not (SHORT_FORM.match(short) and short.isupper()) or initials(doc[name.begin : name.end].text) == short:
        return name
    for begin in range(name.begin - 1, max(-1, name.begin - MAX_NAME_WORDS), -1):
        token = doc[begin]
        if (token.is_sent_start and token.lower_ in ARTICLES) or not (
            is_capital(token) or token.lower_ in CONNECTORS | ARTICLES or token.text in (",", "and", "&")
        ):
            return name
        if token.text[0].isupper() and initials(doc[begin : name.end].text) in (short, short + doc[name.head].text[0]):
            wide = headed(doc, name.block, begin, name.end, lookup)
            wide.widened = True
            if wide.noun is None and (found := lookup.noun_ending(list(doc[begin : name.end]))) is not None:
                wide.noun = in_a_name(doc, begin, name.end - 1, found[0], lookup, owned=False)
            return wide
        if token.is_sent_start:
            return name
    return name


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
            titled = start > 1 and _is_instrument(doc, start - 2, lookup)
            if 0 < len(inside) <= MAX_QUOTED_WORDS and (titled or _looks_like_name(list(inside), lookup)):
                name = headed(doc, block, start, token.i, lookup, quoted=True)
                if titled:
                    name.noun = None  # the word before the quotation says what it is
                yield name
                yield from inner_names(doc, name, lookup)
            start = token.i + 1 if token.text == '"' and token.i + 1 < len(doc) and _opens(doc, token.i) else None


def _is_instrument(doc: Doc, i: int, lookup: Lookup) -> bool:
    """Tell whether the word before a quotation announces the title of a law or plan (the Law "On Bridges")."""
    found = lookup.noun_ending([doc[i]])
    return found is not None and lookup.ontology.is_a(found[0].denotes, "Instrument", "Programme")


def _opens(doc: Doc, i: int) -> bool:
    return bool(doc[i - 1].whitespace_) and not doc[i].whitespace_ and is_capital(doc[i + 1])


def _looks_like_name(inside: Sequence[Token], lookup: Lookup) -> bool:
    if any(t.text in ".!?;" for t in inside) or inside[-1].text == ",":
        return False
    if any(t.pos_ == "AUX" or (t.tag_ in ("VBD", "VBZ", "VBP", "MD") and not is_capital(t)) for t in inside):
        return False
    if inside[0].pos_ in FUNCTION_POS or (inside[0].pos_ == "VERB" and lookup.is_word(inside[0].text)):
        return False
    capitals = sum(is_capital(t) for t in inside)
    return len(inside) <= 3 or capitals * 2 >= len(inside) or first_noun(inside, lookup) is not None


__all__ = ["OPENING", "find_names", "is_title_case"]
