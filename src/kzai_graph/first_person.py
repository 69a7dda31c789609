"""Find for whom a text speaks that says "we": the body that publishes it, where the text names that body."""

from __future__ import annotations

from spacy.tokens import Token

from kzai_graph.entities import Entity, Reference
from kzai_graph.lookup import Lookup, fold
from kzai_graph.mentions import Mentions
from kzai_graph.model import MentionKind
from kzai_graph.pronouns import add_reference
from kzai_graph.quoted import find_quoted
from kzai_graph.salience import SUBJECTS

# With these "we" is anybody: "we must learn to wait".
GENERAL = frozenset("can could should must need ought may might would".split())


def resolve_first_person(mentions: Mentions, publisher: str | None, lookup: Lookup) -> None:
    """Let "we" mean the publisher, but for what stands in quotation marks or holds for everybody."""
    speaker = _named_publisher(mentions, publisher, lookup) if publisher else None
    if speaker is None:
        return
    for block, doc in mentions.docs.items():
        quoted = list(find_quoted(doc.text))
        for token in doc:
            if token.lower_ != "we" or token.dep_ not in SUBJECTS or not _acts(token):
                continue
            if not any(q.begin <= token.idx < q.end for q in quoted):
                add_reference(mentions, Reference(block, token.i, token.i + 1, token.i, MentionKind.PRONOUN, speaker))


def _acts(subject: Token) -> bool:
    return not any(c.dep_ == "aux" and c.lemma_.lower() in GENERAL for c in subject.head.children)


def _named_publisher(mentions: Mentions, publisher: str, lookup: Lookup) -> Entity | None:
    """The body of the text with the publisher's name, or of which the publisher is a branch ("X Peru" of "X").

    None where the text names a branch as well: then either may speak.
    """
    whole = fold(publisher)
    fitting: dict[str, Entity] = {}
    for reference in mentions.references:
        entity = reference.entity
        if reference.kind is not MentionKind.NAME or not lookup.ontology.is_a(entity.cls or "", "Organisation"):
            continue
        if lookup.ontology.is_a(entity.cls or "", "MediaOrganisation"):
            continue
        known = (entity.known.label, *entity.known.aliases) if entity.known is not None else ()
        for name in map(fold, (*entity.forms, *known)):
            if whole == name or whole.startswith(f"{name} "):
                fitting[name] = entity
    if not fitting:
        return None
    name = max(fitting, key=len)
    branches = (
        form
        for entity in mentions.registry.entities()
        for form in entity.forms
        if entity is not fitting[name] and lookup.ontology.is_a(entity.cls or "", "Organisation")
    )
    return None if any(_is_branch(form, fitting[name]) for form in branches) else fitting[name]


def _is_branch(form: str, body: Entity) -> bool:
    names = (body.known.label, *body.known.aliases) if body.known is not None else tuple(body.forms)
    return any(fold(form).startswith(f"{fold(name)} ") for name in names)
