"""The query page: an editor with our terms, the questions beside it, answers as a table, a chart or a graph.

Its editor is CodeMirror as NiceGUI packages it, its drawing vis-network as pyvis packages it; both are files
that the server hands out, and neither package is loaded.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from kzai_graph.errors import InputError
from kzai_graph.serve.data import ServedData
from kzai_graph.sparql import Question, read_query, shipped_questions
from kzai_graph.terms import KZ, PREFIXES, RDF, STATEMENT_MODEL
from kzai_graph.view.page import PYVIS_TEMPLATES
from kzai_graph.view.templating import ASK, NO_MARKUP, pages_of

TEMPLATES = Path(__file__).parent / "templates"
VIEW_TEMPLATES = Path(__file__).parents[1] / "view" / "templates"
VIS_FOLDER = PYVIS_TEMPLATES / "lib" / "vis-9.1.2"
EDITOR_PACKAGE, EDITOR_FOLDER = "nicegui", Path("elements", "codemirror", "dist")
START = """\
SELECT ?who ?office ?sentence WHERE {
  ?statement rdf:predicate kz:holdsPosition ;
    rdf:subject/rdfs:label ?who ;
    rdf:object/rdfs:label ?office ;
    prov:wasDerivedFrom/nif:anchorOf ?sentence .
}
ORDER BY ?who ?office ?sentence
LIMIT 50
"""
# The editor writes its style sheets with the page's nonce, and sets style attributes (the width of its tabs), for
# which a policy knows no nonce. Text of the graph only ever becomes text. All else comes from files of this server.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"{NO_MARKUP}"
)


class QueryPage:
    """The page, and what its script asks for."""

    def __init__(self, data: ServedData) -> None:
        folders = FileSystemLoader([TEMPLATES, VIEW_TEMPLATES])
        environment = Environment(loader=folders, autoescape=True, trim_blocks=True)
        self.template = environment.get_template("query.html")
        self.cards = [_card(question) for question in shipped_questions()]
        self.known = _terms(data.store)

    async def page(self, request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(PREFIXES.items()) if prefix in START)
        html = self.template.render(nonce=nonce, pages=pages_of(served=True), here=ASK[1], start=prefixes + START)
        return HTMLResponse(html, headers={"content-security-policy": POLICY.format(nonce=nonce)})

    async def questions(self, request: Request) -> Response:
        return JSONResponse(self.cards)

    async def terms(self, request: Request) -> Response:
        return JSONResponse(self.known)

    @staticmethod
    def libraries() -> dict[str, Path]:
        """The folders of scripts and styles by the name under which the page finds them.

        Raises:
            InputError: the editor's package is not installed.
        """
        spec = find_spec(EDITOR_PACKAGE)
        editor = Path(spec.origin).parent / EDITOR_FOLDER if spec and spec.origin else None
        if editor is None or not editor.is_dir():
            raise InputError(f"the editor of the query page is missing; pip install '{EDITOR_PACKAGE}>=3.18,<4'")
        return {"editor": editor, "vis": VIS_FOLDER, "own": TEMPLATES, "look": VIEW_TEMPLATES}


def _card(question: Question) -> dict[str, object]:
    shown = ("question", "parameters", "order", "empty")
    folder = question.name.rpartition("/")[0]
    card = {"name": question.name, "folder": folder, "text": read_query(question.path)}
    return card | {key: value for key, value in asdict(question.card).items() if key in shown}


def _terms(store: ox.Store) -> dict[str, object]:
    """The prefixes, and the terms that the graph uses or may use: what the editor offers while one types."""
    kind = ox.NamedNode(RDF + "type")
    used = {quad.predicate.value for quad in store}
    used |= {q.object.value for q in store.quads_for_pattern(None, kind, None) if isinstance(q.object, ox.NamedNode)}
    used |= {KZ + name for name in STATEMENT_MODEL}
    return {"prefixes": PREFIXES, "terms": sorted(used)}
