"""Merge what one document writes in several ways: variants, abbreviations, surnames, spellings."""

from __future__ import annotations

import re
from collections import defaultdict

from kzai_graph.entities import Entity, Registry, content_words
from kzai_graph.lookup import Lookup, fold
from kzai_graph.name_roles import FIRM_ENDING
from kzai_graph.placenames import place_sizes
from kzai_graph.wording import heard, initials

MIN_SOUND_LETTERS = 5
MIN_BRANCH_WORDS = 2
DESCRIBED = 3.0
"""Votes from one description of a name."""
MIN_COINED = 3
"""Letters of a coined word."""
YEAR_AT_END = re.compile(r"\s(?:19|20)\d\d$")
MAKER_AT_START = re.compile(r"^[A-Z]{3,}\s(?=\S+\s\S+\s)")


def merge_variants(registry: Registry, abbreviations: dict[str, Entity]) -> None:
    """Merge what one document writes in several ways.

    ``abbreviations`` maps a short form to what the name means that it follows in parentheses. Then: a name without its
    firm suffix or class noun, a headed name whose words are among those of just one longer one.
    """
    for short, long in sorted(abbreviations.items()):
        small, large = _with_form(registry, short), registry.resolve(long)
        if small is not None and not (small.known and (large.known or not _same_kind(small, large, registry.lookup))):
            registry.merge(small, large)
    _merge_initials(registry)
    _merge_shortened(registry)
    _merge_spellings(registry)
    _merge_registered(registry)
    _merge_first_words(registry)
    _merge_years(registry)
    _merge_branches(registry)
    merge_subsets(registry)


def _same_kind(small: Entity, large: Entity, lookup: Lookup) -> bool:
    """Tell whether two classes allow that both names are of one thing: "Ostrix (Norway)" is no country."""
    classes = [e.cls_hint for e in (small, large)]
    return None in classes or len({lookup.root(cls) for cls in classes if cls is not None}) == 1


def _with_form(registry: Registry, form: str) -> Entity | None:
    found = [
        e
        for e in registry.entities()
        if form in e.forms or (e.known is not None and form in (e.known.label, *e.known.aliases))
    ]
    return found[0] if found else None


def _merge_initials(registry: Registry) -> None:
    """ "CBK" is the one body of the document whose words begin so, though no bracket says it."""
    by_initials: dict[str, dict[tuple[str, ...], Entity]] = defaultdict(dict)
    for entity in registry.entities():
        if registry.lookup.ontology.is_a(entity.cls_hint or "", "Organisation", "Instrument"):
            for form in (*entity.forms, *((entity.known.label,) if entity.known else ())):
                words = form.split()
                words = words[:-1] if registry.lookup.is_legal_form(words[-1]) else words
                if len(words) > 2:
                    by_initials[initials(" ".join(words))][entity.key] = entity
    for entity in registry.entities():
        if entity.known is not None or entity.key[0] != "name":
            continue
        for form in sorted(entity.forms):
            longer = by_initials.get(form, {}) if form.isupper() and len(form) > 2 else {}
            large = next(iter(longer.values()), entity)
            if len(longer) == 1 and large is not entity and _may_be(entity, large, registry.lookup):
                registry.merge(entity, large)
                break


def _may_be(small: Entity, large: Entity, lookup: Lookup) -> bool:
    """Tell whether nothing that is said of a short form says another kind of thing."""
    cls = large.cls_hint
    return all(
        cls is None or lookup.root(voted) == lookup.root(cls) for voted, weight in small.votes.items() if weight > 0
    )


def _merge_registered(registry: Registry) -> None:
    """Merge "Norvik" with the document's one "Norvik Coastal Ferries Ltd."."""
    lookup = registry.lookup
    registered = [(e, f) for e in registry.entities() for f in sorted(e.forms) if lookup.is_legal_form(f.split()[-1])]
    for entity in registry.entities():
        shorts = [entity.known.label] if entity.known is not None else sorted(entity.forms)
        told = entity.cls is not None and entity.votes.get(entity.cls, 0.0) >= DESCRIBED
        guessed = entity.key[0] == "name" and not told
        if not registry.is_live(entity) or not (guessed or entity.cls in ("Firm", "Organisation", None)):
            continue
        longer = {
            e.key: e
            for e, f in registered
            for s in shorts
            if e is not entity
            and registry.is_live(e)
            and f.startswith(s + " ")
            and e.known is None
            and _is_ordinary(f[len(s) :].split()[:-1], lookup)
        }
        if len(longer) == 1:
            large = next(iter(longer.values()))
            registry.merge(*((large, entity) if entity.known is not None else (entity, large)))


def _merge_first_words(registry: Registry) -> None:
    """ "Norvik" is the document's one body whose name begins so and goes on with ordinary words ("Norvik Health")."""
    lookup = registry.lookup
    longer: dict[str, dict[tuple[str, ...], Entity]] = defaultdict(dict)
    for entity in registry.entities():
        if entity.known is not None or not lookup.ontology.is_a(entity.cls or "", "Organisation"):
            continue
        for form in entity.forms:
            words = form.split()
            if len(words) > 1 and lookup.is_legal_form(words[0]):
                words = words[1:]
            if len(words) > 1 and _tell_a_body(words[1:], lookup):
                longer[words[0]][entity.key] = entity
    for entity in registry.entities():
        form = max(entity.forms, default="", key=lambda f: (entity.forms[f], f))
        if any(len(f.split()) > 1 and f.startswith(form + " ") for f in entity.forms):
            continue  # its own longer name is known
        found = [e for e in longer.get(form, {}).values() if e is not entity and registry.is_live(e)]
        if len(found) == 1 and _may_be_short(entity, form, lookup):
            registry.merge(entity, found[0])


def _tell_a_body(words: list[str], lookup: Lookup) -> bool:
    """Tell whether the words after a coined one are such as close the names of firms, and name no branch."""
    return all(
        (lookup.is_word(w) and fold(w) not in place_sizes())
        or w == "&"
        or lookup.is_legal_form(w)
        or lookup.abbreviation(w) is not None
        or FIRM_ENDING.search(fold(w)) is not None
        for w in words
    )


def _may_be_short(entity: Entity, form: str, lookup: Lookup) -> bool:
    """Tell whether it is one coined word that nothing but guesses gives a class to, or that is a body."""
    if entity.known is not None or entity.key[0] != "name" or entity.title or not form.isalpha():
        return False
    if len(form) < MIN_COINED + form.isupper() or lookup.is_word(form):
        return False
    body = lookup.ontology.is_a(entity.cls or "", "Organisation")
    return body or max(entity.votes.values(), default=0.0) < 2.0


def _is_ordinary(words: list[str], lookup: Lookup) -> bool:
    return all(
        lookup.is_word(w.strip(",.")) or lookup.noun(w) is not None or lookup.abbreviation(w) is not None for w in words
    )


def _merge_years(registry: Registry) -> None:
    """ "Harbour Summit" is "Harbour Summit 2031", "Salt Trade Index" is "FSO Salt Trade Index 2031".

    So it is where the document speaks of one year's only.
    """
    dated: dict[str, dict[tuple[str, ...], Entity]] = defaultdict(dict)
    for entity in registry.entities():
        for form in entity.forms:
            bare = YEAR_AT_END.sub("", form)
            if bare != form and registry.lookup.ontology.is_a(entity.cls or "", "Event", "Publication", "Programme"):
                for name in (bare, MAKER_AT_START.sub("", bare)):
                    dated[_plain(name)][entity.key] = entity
    for entity in registry.entities():
        names = (entity.known.label, *entity.known.aliases) if entity.known is not None else tuple(sorted(entity.forms))
        for name in names:
            found = dated.get(_plain(name), {})
            if len(found) == 1 and registry.is_live(entity):
                other = next(iter(found.values()))
                if other is not entity and registry.is_live(other) and other.known is None:
                    registry.merge(*((other, entity) if entity.known is not None else (entity, other)))


def _plain(name: str) -> str:
    return fold(name.replace(" & ", " and "))


def _merge_branches(registry: Registry) -> None:
    """ "Nordic Seed Lab" and "Nordic Chile Seed Lab" are one where the document names no other country's."""
    countries = {
        word for known in registry.lookup.countries.values() for word in content_words(known.label, registry.lookup)
    }
    bodies = [
        e
        for e in registry.entities()
        if e.known is None and e.cls and registry.lookup.ontology.is_a(e.cls, "Organisation")
    ]
    words = {e.key: content_words(e.label, registry.lookup) for e in bodies}
    for small in bodies:
        larger = [
            e
            for e in bodies
            if e is not small
            and words[small.key] < words[e.key]
            and words[e.key] - words[small.key] <= countries
            and registry.is_live(e)
        ]
        if small.title and len(words[small.key]) > MIN_BRANCH_WORDS and len(larger) == 1 and registry.is_live(small):
            registry.merge(small, larger[0])


def _merge_spellings(registry: Registry) -> None:
    """Two spellings of one foreign name ("Zhuldyzov", "Juldizov") in one document are one."""
    by_sound: dict[tuple[str, ...], Entity] = {}
    for entity in registry.entities():
        if entity.known is not None or entity.key[0] != "name":
            continue
        sound = heard(entity.key[1])
        if len(sound) > MIN_SOUND_LETTERS:
            first = by_sound.setdefault((sound,), entity)
            if first is not entity:
                registry.merge(entity, first)


def _merge_shortened(registry: Registry) -> None:
    """ "Halyk" is "Halyk Bank", "Presight" is "Presight Inc.": the longer name adds class nouns only."""
    by_first: dict[str, list[Entity]] = defaultdict(list)
    for entity in registry.entities():
        for form in entity.forms:
            words = form.split()
            if len(words) > 1:
                by_first[words[0]].append(entity)
    for entity in registry.entities():
        if entity.known is not None or entity.key[0] != "name":
            continue
        for form in sorted(entity.forms):
            longer = {
                e.key: e
                for e in by_first.get(form.split()[0], [])
                if e is not entity
                and any(_adds_class_nouns(form, f, registry.lookup) for f in e.forms)
                and not _is_another(entity, e, registry.lookup)
            }
            if len(longer) == 1:
                registry.merge(entity, next(iter(longer.values())))
                break


def _is_another(short: Entity, long: Entity, lookup: Lookup) -> bool:
    """Tell whether the text says that the short name is of another class: "Open Quay, a five-year programme"."""
    if max(short.votes.values(), default=0.0) < DESCRIBED:
        return False
    if any(lookup.is_legal_form(form.split()[-1]) for form in long.forms):
        return short.cls == "System"
    return not _same_kind(short, long, lookup)


def _adds_class_nouns(short: str, long: str, lookup: Lookup) -> bool:
    if not long.startswith(short + " "):
        return False
    rest = long[len(short) :].replace(",", " ").split()
    return all(lookup.noun(word.strip(".")) is not None or lookup.noun(word) is not None for word in rest)


def merge_subsets(registry: Registry) -> None:
    """ "Ministry of Digital Development" is the one ministry whose longer name begins so, or which has an owner."""
    headed = [e for e in registry.entities() if e.words and e.named]
    for small in headed:
        if len(small.words) < 2 or not registry.is_live(small):
            continue
        larger = [
            e
            for e in headed
            if e is not small and e.title == small.title and _says_more(e, small) and registry.is_live(e)
        ]
        if len(larger) > 1:
            larger = [e for e in larger if e.words == small.words] or larger
        if len(larger) == 1:
            registry.merge(small, larger[0])


def _says_more(large: Entity, small: Entity) -> bool:
    if large.owner is not None and small.owner is not None and large.owner is not small.owner:
        return False
    return small.words < large.words or (small.words == large.words and small.owner is None and large.owner is not None)


def vote_by_surname(registry: Registry) -> None:
    """A foreign name of two or three words whose last word the document also uses alone is a person's."""
    lookup = registry.lookup
    names = [e for e in registry.entities() if e.known is None and e.key[0] == "name" and not e.title]
    alone = {heard(fold(form)) for entity in names for form in entity.forms if " " not in form}
    for entity in registry.entities():
        if entity.known is not None or entity.title or max(entity.votes.values(), default=0) >= 2.0:
            continue
        for form in entity.forms:
            words = form.split()
            if (
                1 < len(words) < 4
                and heard(fold(words[-1])) in alone
                and all(w.isalpha() and w.istitle() and not lookup.is_word(w) for w in words)
            ):
                entity.votes["Person"] += 2.5
                break


def merge_persons(registry: Registry) -> None:
    """A surname, or initials with it, joins the one full name of the document that ends with it."""
    full: dict[str, list[Entity]] = defaultdict(list)
    first: dict[str, list[Entity]] = defaultdict(list)
    persons = [e for e in registry.entities() if e.cls == "Person"]
    for entity in persons:
        words = max(entity.forms, key=lambda f: (len(f.split()), f)).split()
        if len(words) > 1:
            full[heard(fold(words[-1]))].append(entity)
            first[heard(fold(words[0]))].append(entity)
    for entity in registry.entities():
        if (
            entity.known is not None
            or entity.key[0] != "name"
            or entity.title
            or (entity.cls not in (None, "Person") and entity.votes)
        ):
            continue
        words = max(entity.forms, key=lambda f: (len(f.split()), f)).split()
        sound = heard(fold(words[-1]))
        bearers = [e for e in full.get(sound, ()) or first.get(sound, ()) if e is not entity]
        initials = len(words) > 1 and all(re.fullmatch(r"[A-Z]\.", w) for w in words[:-1])
        if (len(words) == 1 or initials) and len(bearers) == 1:
            registry.merge(entity, bearers[0])
