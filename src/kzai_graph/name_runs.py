"""Grow runs of capitals over numbers, particles, known names and the connectors that a class noun allows."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kzai_graph.lexical import Noun
from kzai_graph.lookup import Lookup
from kzai_graph.name_ends import act_end, is_number, numbered_end, region_end, sector_end, years_end
from kzai_graph.name_heads import ARTICLES, CONNECTORS, first_noun
from kzai_graph.wording import PARTICLES, Word, is_plural, starts_sentence

FOREIGN_JOINERS = frozenset("dos das do va e en et und des aux et för og och na wa".split())
"""Small words of other languages, which join only what is foreign, too ("Torre das Ondas")."""
FUNCTION_POS = frozenset({"DET", "ADP", "PRON", "ADV", "CCONJ", "SCONJ", "AUX", "PART", "INTJ"})
MAX_NAME_WORDS = 24
YEAR_DIGITS = 4
OPENERS = frozenset(
    "including using providing featuring according following introducing launching announcing combining "
    "leveraging".split()
)
OFFICES = frozenset({"office", "secretariat", "administration", "cabinet"})
PEOPLE = frozenset(
    "women men children people youth workers consumers employers farmers teachers journalists writers veterans".split()
)
UNIONS = frozenset(
    "union association federation chamber council society club league alliance guild congress committee".split()
)
ADJECTIVE_ENDINGS = ("al", "ic", "ive", "ary", "ory", "ant", "ent", "ous", "ional")
JOINT_HEADS = ("Organisation", "Instrument", "Publication", "Event", "Programme", "System")
BODIES = (
    "PublicBody",
    "InternationalOrganisation",
    "ResearchOrganisation",
    "CivilSocietyOrganisation",
    "Position",
    "Person",
)
DEEDS = ("Publication", "Programme", "Technology", "System")
CLOSED = ("Firm", "System")
"""What a suffix closes: nothing belongs to the name behind "Ventures" or "Pass"."""
COMPLEMENT_CLASSES = ("Organisation", "Instrument", "Position", "Event", "Publication", "Programme")


def can_begin(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> bool:
    """Leave out capitals that only mark the start of a sentence."""
    token = doc[words[k].begin]
    if (
        token.lower_ in ARTICLES
        or token.lower_ in OPENERS
        or token.lower_ in ("no", "no.")
        or (len(token) == 1 and not token.text.isalpha())
    ):
        return False
    if not starts_sentence(doc, token.i):
        return not (token.pos_ in FUNCTION_POS and token.is_stop and token.text != token.text.upper())
    if lookup.known_at(doc, token.i) is not None:
        return True
    rest = words[k + 1 : k + 3]
    if len(rest) > 1 and doc[rest[0].begin].text == "&":
        rest = rest[1:]  # "Roberts & Ryan"
    followed = bool(rest) and rest[0].capital
    if token.is_stop or token.pos_ in FUNCTION_POS:
        return False
    if followed:
        office = lookup.noun_ending([doc[rest[0].begin]]) if token.tag_ == "VBG" else None
        led = office is not None and office[0].denotes == "Position"  # "Coordinating Minister"
        return token.pos_ != "VERB" or not lookup.is_word(token.text) or led
    if (
        lookup.noun_ending([token]) is not None
        and token.tag_ != "NNS"
        and k + 1 < len(words)
        and doc[words[k + 1].begin].lower_ in ("of", "on", "for")
    ):
        return True
    if not lookup.is_word(token.text) and not lookup.is_word(token.lemma_):
        return True
    acts = token.dep_ == "nsubj" and token.head.pos_ == "VERB" and token.head.lemma_ in lookup.ontology.cues.acting
    return acts and token.tag_ == "NNP" and not is_plural(token, lookup) and lookup.noun_ending([token]) is None


def extend(doc: Doc, words: list[Word], start: int, lookup: Lookup) -> int:
    """Grow a run of capitals over numbers, particles and the connectors that its class noun allows."""
    if (region := region_end(doc, words, start, lookup)) is not None:
        return region
    end = start + 1
    inside = False  # inside the complement of a class noun, where commas and "and" may coordinate
    while end < len(words) and end - start < MAX_NAME_WORDS:
        token = doc[words[end].begin]
        if token.is_sent_start and doc[token.i - 1].text in ".!?:":
            break
        if token.is_stop and token.text.istitle() and doc[token.i - 1].text.endswith("."):
            break  # "… on Mill St. This will"
        if token.lower_.rstrip(".") in ("no", "№") and (numbered := numbered_end(doc, words, end)) is not None:
            end = numbered
        elif words[end].capital and token.lower_ not in ARTICLES:
            end += 1
        elif token.tag_ == "POS" and _possesses(doc, words, start, end, lookup):
            end += 2
        elif (known := _known_over(doc, words, end, lookup)) is not None:
            end = known
        elif (joint := _joint_end(doc, words, start, end, lookup)) is not None:
            end = joint
        elif (spanned := years_end(doc, words, start, end, lookup)) is not None:
            end = spanned
        elif (dated := act_end(doc, words, start, end, lookup)) is not None:
            end = dated
        elif is_number(doc, words, end) and not _counts_after_country(doc, words, start, end, lookup):
            end += 1
        elif token.text == "," and end + 1 < len(words) and lookup.is_legal_form(doc[words[end + 1].begin].text):
            end += 2  # "Kelp Motors, Inc."
        elif (
            (token.lower_ in PARTICLES or token.text == "&" or _is_foreign_joiner(doc, words, end, lookup))
            and end + 1 < len(words)
            and words[end + 1].capital
        ):
            end += 2
        else:
            grown = _connect(doc, words, start, end, lookup, inside=inside)
            if grown is None:
                break
            inside, end = True, grown
    return end


def _counts_after_country(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> bool:
    """ "Sweden 71" of a list of scores is no name; "Kazakhstan 2050" may be one."""
    exact = lookup.known_exactly(doc, words[start].begin, words[k].begin)
    return exact is not None and exact.known.cls == "Country" and len(doc[words[k].begin]) < YEAR_DIGITS


def _is_foreign_joiner(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> bool:
    return doc[words[k].begin].text in FOREIGN_JOINERS and not lookup.is_word(doc[words[k - 1].begin].text)


def _known_over(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> int | None:
    """The end of a gazetteer name that the run is in the middle of ("Republic" | "of Korea")."""
    hit = lookup.known_at(doc, words[k - 1].begin)
    if hit is None or hit.end <= words[k].begin or hit.demonym:
        return None
    return next((j for j in range(k, len(words) + 1) if j == len(words) or words[j].begin >= hit.end), None)


def _joint_end(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> int | None:
    """The end of "Agricultural and Maritime College": ordinary words that share the class noun after "and"."""
    if doc[words[k].begin].lower_ not in ("and", "&") or k + 1 >= len(words) or not words[k + 1].capital:
        return None
    left = [t for w in words[start:k] for t in doc[w.begin : w.end] if t.is_alpha]
    if _is_division(doc, words, start, k, lookup):
        return k + 2
    if not left or not lookup.is_word(doc[words[k + 1].begin].text):
        return None
    hit = lookup.known_at(doc, words[start].begin)
    ordinary = all(lookup.is_word(t.text) for t in left if hit is None or t.i >= hit.end)
    if hit is not None and hit.end >= words[k].begin and hit.known.cls != "Technology":
        return None
    if not ordinary and not (
        len(left) > 1 and left[-1].lower_.endswith(ADJECTIVE_ENDINGS) and lookup.is_word(left[-1].text)
    ):
        return None
    end = k + 1
    while end < len(words) and (words[end].capital or (end > k + 1 and is_number(doc, words, end))):
        end += 1
    right = [t for w in words[k + 1 : end] for t in doc[w.begin : w.end]]
    while right and not right[-1].is_alpha:
        right.pop()
    found = lookup.noun_ending(right)
    if (
        found is None
        or found[1] >= len(right)
        or found[0].suffix
        or not all(lookup.is_word(t.text) for t in right if t.is_alpha)
    ):
        return None
    if not lookup.ontology.is_a(found[0].denotes, *JOINT_HEADS) or _heads_alone(left, found[0], lookup):
        return None
    return end


def _is_division(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> bool:
    """ "Boeing Defence and Security": a firm with two ordinary words that close its name."""
    hit = lookup.known_at(doc, words[start].begin)
    last = doc[words[k + 1].begin]
    return (
        hit is not None
        and hit.known.cls == "Firm"
        and hit.end == words[k - 1].begin
        and lookup.is_word(doc[words[k - 1].begin].text)
        and lookup.is_word(last.text)
        and lookup.known_at(doc, last.i) is None
        and not (k + 2 < len(words) and words[k + 2].capital)
    )


def _heads_alone(left: list[Token], right: Noun, lookup: Lookup) -> bool:
    """Tell whether a class noun closes the words, so that "and" begins another name ("Senate and Budget Office").

    What a body does is no name beside it: "Tide Analysis and Warning Centre".
    """
    found = lookup.noun_ending(left)
    if found is None or found[0].suffix or is_plural(left[-1], lookup):
        return False
    return not (found[0].denotes in DEEDS and lookup.ontology.is_a(right.denotes, "Organisation"))


def _possesses(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> bool:
    """Cross the possessive of "Prosecutor General's Office" and "Women's Chamber"."""
    if k + 1 >= len(words) or not words[k + 1].capital:
        return False
    owner = list(doc[words[start].begin : words[k].begin])
    found = lookup.noun_ending(owner)
    if found is not None and found[0].denotes == "Position" and found[1] == len(owner):
        return doc[words[k + 1].begin].lower_ in OFFICES
    if len(owner) == 1 and owner[0].lower_ in PEOPLE:
        return True
    many = is_plural(owner[-1], lookup) and lookup.is_word(owner[-1].text)
    end = k + 1
    while end < len(words) and words[end].capital:
        end += 1
    return many and doc[words[end - 1].begin].lower_ in UNIONS


def _ends_as_report(doc: Doc, words: list[Word], k: int, lookup: Lookup) -> bool:
    """Tell whether the capitals from a word on close as "State of (the) Harbours Report" does."""
    end = k
    while end < len(words) and words[end].capital:
        end += 1
    found = lookup.noun_ending([t for w in words[k:end] for t in doc[w.begin : w.end]])
    return found is not None and found[0].denotes == "Publication"


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
        if tokens[-1].lower_ == "state" and _ends_as_report(doc, words, nxt, lookup):
            return nxt + 1
        compound = lookup.noun_ending([*tokens[-1:], token, doc[words[end + 1].begin]]) if nxt == end + 1 else None
        if compound is not None and compound[1] == 3:
            return nxt + 1
        if token.lower_ == "in" and inside and (region := region_end(doc, words, nxt, lookup)) is not None:
            return region
        found = (
            first_noun(tokens, lookup) if inside and token.lower_ in ("of", "for", "to", "in") else None
        ) or lookup.noun_ending(tokens)
        closed = found is not None and found[0].suffix and all(lookup.is_word(t.text) for t in tokens)
        if (found is None or closed) and token.lower_ in ("of", "for") and _is_title(doc, words, start, end, lookup):
            return nxt + 1
        if found is None or not lookup.ontology.is_a(found[0].denotes, *COMPLEMENT_CLASSES, "Place", "System"):
            return None
        if (found[0].suffix and (len(tokens) < 2 or found[0].denotes in CLOSED)) or (
            not inside and is_plural(tokens[-1], lookup) and found[0].denotes == "Firm"
        ):
            return None  # "Ventures of Helsinki": a name that is closed
        if token.lower_ == "in":
            if found[0].denotes in ("PublicBody", "System") and (sector := sector_end(doc, words, nxt)) is not None:
                return sector
            return nxt + 1 if inside and _is_field(doc, words, nxt, found[0], lookup) else None
        if token.lower_ in ("to", "against"):
            whom = lookup.noun_ending([doc[words[nxt].begin]])  # "sent the Ports Bill to President Holm"
            to_office = whom is not None and whom[0].denotes == "Position"
            if to_office or not lookup.ontology.is_a(found[0].denotes, "Instrument", "Publication"):
                return None
        return nxt + 1
    if not inside or token.text not in (",", "and"):
        return None
    if token.text == "," and nxt < len(words) and doc[words[nxt].begin].lower_ == "and":
        nxt += 1
    if nxt >= len(words) or not words[nxt].capital or not _is_topic(doc, words, nxt, lookup):
        return None
    if doc[words[nxt].begin].text in lookup.ontology.cues.honorifics:
        return None  # "the National Bank of Chad, and Mr. Holm"
    if token.text == "," and not _list_goes_on(doc, words, nxt):
        return None
    return nxt + 1


def _is_title(doc: Doc, words: list[Word], start: int, k: int, lookup: Lookup) -> bool:
    """Tell whether ordinary words with capitals stand on both sides of a preposition ("Commonwealth of Gliding")."""
    left = [t for w in words[start:k] for t in doc[w.begin : w.end]]
    right = doc[words[k + 1].begin]
    if (len(left) == 1 and starts_sentence(doc, left[0].i)) or right.lower_ in ARTICLES:
        return False
    return all(
        t.is_alpha and lookup.is_word(t.text) and t.ent_type_ != "PERSON" and lookup.known_at(doc, t.i) is None
        for t in (left[-1], right)
    )


def _is_field(doc: Doc, words: list[Word], k: int, noun: Noun, lookup: Lookup) -> bool:
    """ "in Education" goes on with the name of a plan or law; "in Astana" does not."""
    token = doc[words[k].begin]
    known = lookup.known_at(doc, token.i)
    return (
        lookup.ontology.is_a(noun.denotes, "Instrument")
        and lookup.is_word(token.text)
        and (known is None or known.known.cls == "Technology")
    )


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
    return found is None or not (
        lookup.is_legal_form(doc[words[end - 1].end - 1].text) or lookup.ontology.is_a(found[0].denotes, *BODIES)
    )


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
