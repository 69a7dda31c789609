"""Read the header of a query file: what it asks, its parameters, columns and order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import zip_longest

import pyoxigraph as ox

from kzai_graph.errors import QueryError
from kzai_graph.sparql.tokens import parameters_used
from kzai_graph.terms import PREFIXES, XSD

FIELD = re.compile(r"(Also|Parameters|Columns|Order|Beside|Empty|Problem|Fix|Severity):\s*(.*)")
PARAMETER = re.compile(r"\$(\w+) \(([^\s,()]+)(?:,\s*(default|optional):\s*([^()]*))?\)")
YEAR = re.compile(r"-?\d{4,}")
YEAR_MONTH = re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])")
IRI_TYPE = "iri"
ANY_NAME = "name"
CLASS_TYPE = "class"
# What XPath and Oxigraph obey in a pattern.
SPECIAL = re.compile(r"[\\.*+?()|\[\]{}^$]")
NO_LETTER = r"[^\p{L}\p{N}]"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A ``$name`` of a query.

    ``type`` is ``iri``, ``class`` (a class's local name), a prefixed ``xsd:`` name, or what bears a name: ``name``
    for anything, else classes and properties (``kz:Firm|kz:Country``, ``dcterms:publisher``). With ``optional`` and
    no value the variable stays unbound, and the query says what that means.
    """

    name: str
    type: str
    default: str | None = None
    optional: bool = False
    note: str = ""

    @property
    def is_name(self) -> bool:
        return self.type == ANY_NAME or bool(self.kinds)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The classes and properties whose things and values it names; none where anything will do."""
        return () if self.type.startswith("xsd:") or ":" not in self.type else tuple(self.type.split("|"))

    def term(self, value: str) -> ox.NamedNode | ox.Literal:
        """Make the RDF term for a value.

        A name becomes a pattern for ``REGEX`` that finds it as whole words of a longer one; an empty one finds all.
        An IRI in the place of a name stays as it is, to be compared.

        Raises:
            QueryError: the value is none of the parameter's type.
        """
        if self.type == IRI_TYPE:
            return _iri(self.name, value)
        if self.is_name:
            return ox.Literal(_iri(self.name, value).value if _looks_like_iri(value) else _pattern(value))
        if not _is_valid(self.type, value):
            raise QueryError(f"${self.name}: {value!r} is no {self.type}; {EXAMPLES.get(self.type, 'mend the value')}")
        if self.type == CLASS_TYPE:
            return ox.Literal(value)
        return ox.Literal(value, datatype=ox.NamedNode(XSD + self.type.removeprefix("xsd:")))


EXAMPLES = {
    "xsd:date": "write it like 2026-01-31",
    "xsd:gYear": "write it like 2026",
    "xsd:gYearMonth": "write it like 2026-01",
    "xsd:integer": "write a whole number",
    "xsd:decimal": "write a number like 12.5",
    "xsd:boolean": "write true or false",
}


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """The header of a query file; a check has ``problem``, ``fix`` and ``severity``, a question ``empty``.

    ``also`` holds other wordings of the question, with ``{parameter}`` where a name stands. ``beside`` is "schema"
    for a question that reads the schema of the ontology beside the graph.
    """

    question: str = ""
    also: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[str, ...] = ()
    order: str = ""
    beside: str = ""
    empty: str = ""
    problem: str = ""
    fix: str = ""
    severity: str = "violation"

    @classmethod
    def of(cls, query: str) -> QuestionCard:
        """Read the comment lines at the head of a query; a query without a header has an empty card."""
        fields: dict[str, list[str]] = {"question": []}
        current = fields["question"]
        for line in query.splitlines():
            if not line.startswith("#"):
                break
            text = line.lstrip("#").strip()
            if found := FIELD.match(text):
                current = fields.setdefault(found[1].lower(), [])
                text = found[2]
            current.append(text)
        said = {key: " ".join(" ".join(lines).split()) for key, lines in fields.items()}
        return cls(
            question=said.get("question", ""),
            also=tuple(wording for part in said.get("also", "").split(";") if (wording := part.strip())),
            parameters=tuple(_parameters(said.get("parameters", ""))),
            columns=tuple(re.findall(r"\?(\w+)", said.get("columns", ""))),
            order=said.get("order", ""),
            beside=said.get("beside", ""),
            empty=said.get("empty", ""),
            problem=said.get("problem", ""),
            fix=said.get("fix", ""),
            severity=said.get("severity", "violation"),
        )


def _parameters(text: str) -> Iterator[Parameter]:
    """Read ``$name (type, default: value) note``; notes end where the next parameter begins."""
    found = list(PARAMETER.finditer(text))
    for match, after in zip_longest(found, found[1:]):
        end = after.start() if after else len(text)
        name, kind, how, value = match.groups()
        default = (value or "").strip() if how == "default" else None
        yield Parameter(name, kind, default, how == "optional", text[match.end() : end].strip(" ,;"))


def bind(query: str, card: QuestionCard, values: Mapping[str, str]) -> dict[str, ox.NamedNode | ox.Literal]:
    """Make the terms of all parameters: given values, else defaults.

    Raises:
        QueryError: an unknown parameter, a value of the wrong type, or no value for one that needs it.
    """
    known = {p.name: p for p in card.parameters}
    used = parameters_used(query)
    if unknown := sorted(set(values) - used):
        has = ", ".join(f"${name}" for name in sorted(used)) or "none"
        raise QueryError(f"${unknown[0]}: the query has no such parameter; it has {has}")
    terms: dict[str, ox.NamedNode | ox.Literal] = {}
    for name in sorted(used):
        parameter = known.get(name) or Parameter(name, _guess(values.get(name, "")), optional=True)
        value = values.get(name, parameter.default)
        if value is not None:
            terms[name] = parameter.term(value)
        elif not parameter.optional:
            raise QueryError(f"${name}: the query needs a value; give it with --set {name}=VALUE")
    return terms


def _iri(name: str, value: str) -> ox.NamedNode:
    prefix, colon, rest = value.partition(":")
    text = PREFIXES[prefix] + rest if colon and prefix in PREFIXES else value.removeprefix("<").removesuffix(">")
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise QueryError(f"${name}: {value!r} is no IRI; write it in full or as prefix:name") from error


def _looks_like_iri(value: str) -> bool:
    return value.startswith(("<", "http://", "https://")) or value.partition(":")[0] in PREFIXES


def _pattern(name: str) -> str:
    """A pattern that finds a name as whole words; the empty name is in every text."""
    words = SPECIAL.sub(lambda found: "\\" + found[0], " ".join(name.split()))
    return f"(^|{NO_LETTER}){words}({NO_LETTER}|$)" if words else ""


def _guess(value: str) -> str:
    """The type of a value for a parameter that no header describes."""
    if _looks_like_iri(value):
        return IRI_TYPE
    for kind in ("xsd:integer", "xsd:decimal", "xsd:date", "xsd:boolean"):
        if _is_valid(kind, value):
            return kind
    return "xsd:string"


def _is_valid(kind: str, value: str) -> bool:
    try:
        match kind:
            case "xsd:date":
                date.fromisoformat(value)
                return len(value) == 10
            case "xsd:gYear":
                return YEAR.fullmatch(value) is not None
            case "xsd:gYearMonth":
                return YEAR_MONTH.fullmatch(value) is not None
            case "xsd:integer":
                return str(int(value)) == value.removeprefix("+")
            case "xsd:decimal":
                return Decimal(value).is_finite() and "e" not in value.lower()
            case "xsd:boolean":
                return value in ("true", "false", "1", "0")
    except (ValueError, InvalidOperation):
        return False
    return True
