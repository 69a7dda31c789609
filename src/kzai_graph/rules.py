"""Read the rules of an ontology folder: SPARQL CONSTRUCT files, each with what it infers and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.errors import OntologyError, QueryError
from kzai_graph.schema import schema_triples
from kzai_graph.sparql import read_query
from kzai_graph.sparql.tokens import Token, refuse_unsafe, tokenize
from kzai_graph.terms import KZ, KZRULE, PREFIXES, RDF

RULES = "rules"
"""The folder of the rules in an ontology folder."""
NAME = re.compile(r"[a-z][a-z0-9_]*")
TERMS = frozenset({"variable", "name", "iri"})
"""The kinds of tokens that stand for a term in a rule."""
OPENERS = frozenset(".{});")
"""What stands before a triple, or before a relation that shares the subject of the last."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple of a rule: each part a variable ("?body") or an IRI."""

    subject: str
    predicate: str
    object: str

    def filled(self, solution: ox.QuerySolution, bound: frozenset[str]) -> ox.Triple | None:
        """The triple that a solution makes of it; ``None`` where a variable is unbound or holds a literal."""
        terms = []
        for part in (self.subject, self.predicate, self.object):
            if not part.startswith("?"):
                terms.append(ox.NamedNode(part))
                continue
            value = solution[part[1:]] if part[1:] in bound else None
            if not isinstance(value, ox.NamedNode):
                return None
            terms.append(value)
        return ox.Triple(*terms)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule file: ``says`` what it infers and ``why``; ``head`` is its template, ``body`` what it looks for."""

    name: str
    says: str
    why: str
    select: str
    head: tuple[Pattern, ...]
    body: tuple[Pattern, ...]

    @property
    def iri(self) -> ox.NamedNode:
        """Its name, and that of the graph of its triples."""
        return ox.NamedNode(KZRULE + self.name)


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """Read the rules of an ontology folder, sorted by name; it may have none.

    Raises:
        OntologyError: a rule is no CONSTRUCT of plain triples, has no header, or infers what the folder does
            not define as ``kz:DerivedRelation``.
    """
    derived = {
        t.subject.value
        for t in schema_triples(folder)
        if t.predicate.value == RDF + "type"
        and t.object == ox.NamedNode(KZ + "DerivedRelation")
        and isinstance(t.subject, ox.NamedNode)
    }
    rules = tuple(_read_rule(path) for path in sorted((folder / RULES).glob("*.rq")))
    for rule in rules:
        for pattern in rule.head:
            if pattern.predicate not in derived:
                raise OntologyError(
                    f"{folder / RULES / rule.name}.rq: infers {pattern.predicate}; a rule infers what the folder "
                    "defines as kz:DerivedRelation"
                )
    return rules


def _read_rule(path: Path) -> Rule:
    try:
        text = read_query(path)
        refuse_unsafe(text, name=str(path))
        tokens = list(tokenize(text))
        begin = next((i for i, token in enumerate(tokens) if token.text.upper() == "CONSTRUCT"), None)
        if begin is None or begin + 1 >= len(tokens) or tokens[begin + 1].text != "{":
            raise OntologyError(f"{path}: no CONSTRUCT with a template; write CONSTRUCT {{ … }} WHERE {{ … }}")
        end = next((i for i in range(begin, len(tokens)) if tokens[i].text == "}"), None)
        if end is None:
            raise OntologyError(f"{path}: its template does not end; write CONSTRUCT {{ … }} WHERE {{ … }}")
        select = f"{text[: tokens[begin].begin]}SELECT * {text[tokens[end].begin + 1 :]}"
        ox.Store().query(text)
        ox.Store().query(select)
    except QueryError as error:
        raise OntologyError(str(error)) from error
    except SyntaxError as error:
        raise OntologyError(f"{path}: no valid SPARQL ({' '.join(str(error).split())}); mend it") from error
    prefixes = _prefixes(tokens[:begin])
    head = tuple(_patterns(tokens[begin + 2 : end], prefixes))
    if not head or any(token.kind not in TERMS and token.text not in (".", ";") for token in tokens[begin + 2 : end]):
        raise OntologyError(f"{path}: its template is none of plain triples; write ?one prefix:relation ?other")
    says, why = _header(text)
    if not (says and why and NAME.fullmatch(path.stem)):
        raise OntologyError(f"{path}: begin it with '# What it infers.' and '# Why: …', and name it in small letters")
    return Rule(path.stem, says, why, select, head, tuple(_patterns(tokens[end + 1 :], prefixes)))


def _header(text: str) -> tuple[str, str]:
    """What the comment lines at the head of a rule say: what it infers, and why."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#").strip())
    says, _, why = " ".join(" ".join(lines).split()).partition(" Why: ")
    return says, why


def _prefixes(tokens: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a rule declares, beside the shipped ones."""
    declared = dict(PREFIXES)
    for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.text.upper() == "PREFIX":
            declared[name.text.removesuffix(":")] = iri.text.strip("<>")
    return declared


def _patterns(tokens: Sequence[Token], prefixes: dict[str, str]) -> Iterator[Pattern]:
    """The triples with a plain relation; paths, filters and classes are passed over."""
    subject: Token | None = None
    for i, token in enumerate(tokens):
        follows = tokens[i + 1 : i + 3]
        opens = i == 0 or tokens[i - 1].text in OPENERS
        if not opens or token.kind not in TERMS:
            continue
        if tokens[i - 1].text == ";" and i:
            follows = tokens[i : i + 2]
        else:
            subject = token
        if subject is None or len(follows) < 2 or {t.kind for t in follows} - TERMS or follows[0].kind == "variable":
            continue
        yield Pattern(*(_term(t, prefixes) for t in (subject, *follows)))


def _term(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind == "variable":
        return "?" + token.text[1:]
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + local
