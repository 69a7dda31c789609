"""Tell whether a clause has what a frame requires beside its two ends."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc, Token

from kzai_graph.currencies import is_currency_of_sum
from kzai_graph.lexical import Requirement
from kzai_graph.lookup import Lookup
from kzai_graph.model import Argument, Clause
from kzai_graph.temporal_modifiers import is_year

MONEY = "%money%"
"""In ``kz:requires``: the argument is a sum of money."""
TIME = "%time%"
"""In ``kz:requires``: the argument is a date."""


def meets(doc: Doc, clause: Clause, requires: Iterable[Requirement], lookup: Lookup) -> bool:
    """Tell whether the clause has an argument for each requirement."""
    return all(any(_has(doc, clause, role, r.lemmas, lookup) for role in r.roles) for r in requires)


def _has(doc: Doc, clause: Clause, role: str, lemmas: frozenset[str], lookup: Lookup) -> bool:
    if not lemmas:
        return bool(clause.with_role(role))
    if role == "self":
        return clause.lemma in lemmas
    if MONEY in lemmas and any(_is_money(doc, a) for a in clause.with_role(role)):
        return True
    heads = [doc[a.head] for a in clause.with_role(role)]
    if TIME in lemmas and any(h.ent_type_ == "DATE" or is_year(h) for h in heads):
        return True
    passing = lookup.ontology.cues.transparent | lookup.ontology.cues.people
    heads += [t for h in heads if h.lemma_.lower() in passing for t in complements(h)]
    return any(h.lemma_.lower() in lemmas or not lemmas.isdisjoint(_names(h, lookup)) for h in heads)


def _names(head: Token, lookup: Lookup) -> Iterable[str]:
    """What a head may be listed as: its singular, alone and with what modifies it ("third and final reading")."""
    singular = lookup.singular(head)
    modifiers = [m for c in head.children if c.i < head.i for m in (c, *(g for g in c.children if g.dep_ == "conj"))]
    return (singular, *(f"{m.lower_} {singular}" for m in modifiers))


def complements(noun: Token) -> list[Token]:
    """X of "the signing of X"."""
    return [g for c in noun.children if c.dep_ == "prep" and c.lower_ == "of" for g in c.children if g.dep_ == "pobj"]


def _is_money(doc: Doc, argument: Argument) -> bool:
    return any(
        t.ent_type_ == "MONEY" or t.is_currency or is_currency_of_sum(doc, t)
        for t in doc[argument.begin : argument.end]
    )
