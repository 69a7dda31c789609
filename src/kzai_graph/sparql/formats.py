"""Write an answer in the formats of SPARQL 1.1 (CSV, TSV, JSON, XML), as Markdown, or as RDF."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence

import pyoxigraph as ox

from kzai_graph.errors import QueryError
from kzai_graph.sparql.answer import Answer, Kind, Term, to_text
from kzai_graph.terms import RDF, XSD
from kzai_graph.turtle import to_turtle

SPARQL_RESULTS = "http://www.w3.org/2005/sparql-results#"
RDF_FORMATS = ("ttl", "nt")
IMPLIED_TYPES = frozenset((XSD + "string", RDF + "langString"))
# Control characters that a terminal would obey, and those that turn the direction of a line.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_answer(answer: Answer, form: str) -> str:
    """Write the whole answer, with its last newline.

    Raises:
        QueryError: the answer's kind has no such format.
    """
    if answer.kind is Kind.ASK and form in ("csv", "tsv", "md"):
        return f"{_yes(answer)}\n"
    if answer.kind is Kind.GRAPH and form in RDF_FORMATS:
        return _rdf(answer, form)
    if form in RDF_FORMATS:
        raise QueryError(
            f"format {form}: holds triples, and this query gives {answer.kind}; use CONSTRUCT, or csv, tsv, json, xml"
        )
    return WRITERS[form](answer)


def printable(text: str) -> str:
    """Replace what a terminal would obey instead of show."""
    return UNPRINTABLE.sub("\ufffd", text)


def _yes(answer: Answer) -> str:
    return "yes" if answer.yes else "no"


def _rdf(answer: Answer, form: str) -> str:
    triples = [ox.Triple(s, p, o) for s, p, o in answer.rows]  # type: ignore[arg-type]
    return to_turtle(triples, terse=True) if form == "ttl" else "".join(sorted({f"{triple} .\n" for triple in triples}))


def _csv(answer: Answer) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(answer.columns)
    rows.writerows(["" if t is None else _bare(t) for t in row] for row in answer.rows)
    return out.getvalue()


def _bare(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


def _tsv(answer: Answer) -> str:
    lines = ["\t".join(f"?{column}" for column in answer.columns)]
    lines += ["\t".join("" if t is None else str(t).replace("\t", "\\t") for t in row) for row in answer.rows]
    return "\n".join(lines) + "\n"


def _json(answer: Answer) -> str:
    document: dict[str, object] = {"head": {"vars": list(answer.columns)}}
    if answer.kind is Kind.ASK:
        document = {"head": {}, "boolean": answer.yes}
    else:
        document["results"] = {
            "bindings": [
                {c: _json_term(t) for c, t in zip(answer.columns, row, strict=True) if t is not None}
                for row in answer.rows
            ]
        }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    written = {"type": "literal", "value": term.value}
    if term.language:
        return written | {"xml:lang": term.language}
    return written if term.datatype.value in IMPLIED_TYPES else written | {"datatype": term.datatype.value}


def _xml(answer: Answer) -> str:
    from xml.sax.saxutils import quoteattr  # slow to load

    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<sparql xmlns="{SPARQL_RESULTS}">',
        "  <head>",
    ]
    if answer.kind is Kind.ASK:
        lines += ["  </head>", f"  <boolean>{str(answer.yes).lower()}</boolean>"]
    else:
        lines += [f"    <variable name={quoteattr(column)}/>" for column in answer.columns]
        lines += ["  </head>", "  <results>"]
        for row in answer.rows:
            lines.append("    <result>")
            for column, term in zip(answer.columns, row, strict=True):
                if term is not None:
                    lines.append(f"      <binding name={quoteattr(column)}>{_xml_term(term)}</binding>")
            lines.append("    </result>")
        lines.append("  </results>")
    return "\n".join([*lines, "</sparql>"]) + "\n"


def _xml_term(term: Term) -> str:
    from xml.sax.saxutils import escape, quoteattr

    value = escape(NO_XML.sub("\ufffd", term.value), {"\r": "&#13;"})
    if isinstance(term, ox.NamedNode):
        return f"<uri>{value}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{value}</bnode>"
    kind = f" datatype={quoteattr(term.datatype.value)}"
    if term.language:
        kind = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value in IMPLIED_TYPES:
        kind = ""
    return f"<literal{kind}>{value}</literal>"


def _markdown(answer: Answer) -> str:
    lines = [markdown_row(answer.columns), markdown_row(["---"] * len(answer.columns))]
    lines += [markdown_row([to_text(term) for term in row]) for row in answer.rows]
    return "\n".join(lines) + "\n"


def markdown_row(cells: Sequence[str]) -> str:
    """Write a row of a table; what Markdown would read as a mark is escaped."""
    return "| " + " | ".join(_markdown_cell(cell) for cell in cells) + " |"


def _markdown_cell(text: str) -> str:
    flat = " ".join(printable(text).split())
    return re.sub(r"([\\|<>`*_\[\]])", r"\\\1", flat) if flat != "---" else flat


WRITERS: dict[str, Callable[[Answer], str]] = {"csv": _csv, "tsv": _tsv, "json": _json, "xml": _xml, "md": _markdown}
