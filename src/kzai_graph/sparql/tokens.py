"""Cut a SPARQL query into tokens, refuse what would leave the graph, put terms in the place of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kzai_graph.errors import QueryError, QueryRefusedError
from kzai_graph.sparql.answer import Kind

# The terminals of SPARQL 1.1, section 19.8, as far as they keep strings, IRIs, names and comments apart.
TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"\"\"(?:(?:"|"")?(?:[^"\\]|\\.))*\"\"\"
               |'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:
               (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)(?:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.))?)?)
    | (?P<blank>_:[\w](?:[\w.-]*[\w-])?)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
UPDATES = frozenset("INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY WITH USING".split())
REFUSED = {
    "SERVICE": "SERVICE would ask another host; a query reads the graph alone",
    "FROM": "FROM would name other data; a query reads the graph given by --graph (take GRAPH for one of its parts)",
} | dict.fromkeys(UPDATES, "updates are refused; a query may be SELECT, ASK, CONSTRUCT or DESCRIBE")

FORMS = {"SELECT": Kind.SELECT, "ASK": Kind.ASK, "CONSTRUCT": Kind.GRAPH, "DESCRIBE": Kind.GRAPH}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; ``line`` and ``column`` count from 1."""

    kind: str
    text: str
    begin: int
    line: int
    column: int


def tokenize(query: str) -> Iterator[Token]:
    """Yield all tokens of a query but white space and comments."""
    line, line_start = 1, 0
    for match in TOKEN.finditer(query):
        kind, text, begin = match.lastgroup or "mark", match.group(), match.start()
        if kind not in ("space", "comment"):
            yield Token(kind, text, begin, line, begin - line_start + 1)
        if "\n" in text:
            line += text.count("\n")
            line_start = begin + text.rindex("\n") + 1


def refuse_unsafe(query: str, *, name: str) -> None:
    """Refuse queries that write, or that reach for anything but the graph.

    SPARQL 1.1 (19.2) resolves ``\\u`` escapes before it cuts tokens; the query is read both ways.

    Raises:
        QueryRefusedError: with the place of the first such keyword.
    """
    for text in dict.fromkeys((query, ESCAPE.sub(_unescape, query))):
        for token in tokenize(text):
            if token.kind == "word" and (why := REFUSED.get(token.text.upper())):
                raise QueryRefusedError(f"{name}:{token.line}:{token.column}: {why}")


def query_form(query: str, *, name: str) -> Kind:
    """Which kind of answer a query asks for.

    Raises:
        QueryError: it asks for none.
    """
    for token in tokenize(query):
        if token.kind == "word" and (kind := FORMS.get(token.text.upper())):
            return kind
    raise QueryError(f"{name}: no valid SPARQL (it has none of {', '.join(FORMS)}); mend the query")


def parameters_used(query: str) -> frozenset[str]:
    """The names written with ``$``: in our files these are parameters, and ``?`` marks variables."""
    return frozenset(t.text[1:] for t in tokenize(query) if t.kind == "variable" and t.text[0] == "$")


def substitute(query: str, terms: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """Put a term in the place of each ``$name``; what is inside strings, IRIs and comments stays.

    The engine's own substitution serves projected variables only, so it cannot reach a filter.
    """
    parts, end = [], 0
    for token in tokenize(query):
        if token.kind == "variable" and token.text[0] == "$" and token.text[1:] in terms:
            parts += [query[end : token.begin], str(terms[token.text[1:]])]
            end = token.begin + len(token.text)
    return "".join([*parts, query[end:]])


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
