"""Load an ontology folder (schema, lexicon, gazetteer) into plain values."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kzai_graph.entries import EntryReader, Node, ancestors_of, read_class, read_cues
from kzai_graph.errors import OntologyError
from kzai_graph.lexical import Ontology
from kzai_graph.package_data import shipped
from kzai_graph.terms import KZ, OWL, RDF, SKOS, VANN

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

FRAME_KINDS = {
    KZ + "VerbFrame": "verb",
    KZ + "NounFrame": "noun",
    KZ + "AdjectiveFrame": "adjective",
    KZ + "ConstructionFrame": "construction",
}
SHAPES, CORRECTION_SHAPES = "shapes.ttl", "correction_shapes.ttl"
NOT_READ = frozenset((SHAPES, CORRECTION_SHAPES))
WEIGHTS = "relations.npz"


def default_ontology() -> Path:
    """The folder that is shipped: package data when installed, the repository's ``ontology/`` in a checkout."""
    return shipped("ontology")


def ontology_files(folder: Path | None = None) -> list[Path]:
    """All Turtle files of a folder but the shapes, sorted.

    Raises:
        OntologyError: there is none.
    """
    folder = folder or default_ontology()
    paths = sorted(p for p in folder.glob("*.ttl") if p.name not in NOT_READ) if folder.is_dir() else []
    if not paths:
        raise OntologyError(
            f"{folder}: no ontology files (*.ttl) here; give the folder that holds them with --ontology"
        )
    return paths


def load_ontology(folder: Path | None = None) -> Ontology:
    """Read all Turtle files of a folder but the shapes; their order does not matter.

    Raises:
        OntologyError: the folder or a file cannot be read, or an entry uses an unknown class, relation or role.
    """
    folder = folder or default_ontology()
    return _load(folder, *_bytes(folder))


def ontology_digest(folder: Path | None = None) -> str:
    """The ``digest`` that the ontology of a folder has, without a look into its files.

    Raises:
        OntologyError: the folder or a file cannot be read.
    """
    return _digest(*_bytes(folder or default_ontology()))


def _bytes(folder: Path) -> tuple[tuple[tuple[Path, bytes], ...], bytes]:
    """The files of a folder, and its weights."""
    weights = folder / WEIGHTS
    files = tuple((path, _read(path)) for path in ontology_files(folder))
    return files, _read(weights) if weights.is_file() else b""


def _digest(files: Sequence[tuple[Path, bytes]], weights: bytes) -> str:
    digest = hashlib.sha256()
    for path, data in files:
        digest.update(path.name.encode() + b"\0" + data + b"\0")
    if weights:
        digest.update(WEIGHTS.encode() + b"\0" + weights + b"\0")
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _load(folder: Path, files: tuple[tuple[Path, bytes], ...], weights: bytes) -> Ontology:
    """The values of files, which the same bytes give again; nobody changes them."""
    nodes: dict[str, Node] = {}
    for path, data in files:
        for triple in _parse(path, data):
            if isinstance(triple.subject, ox.NamedNode):
                node = nodes.setdefault(triple.subject.value, Node(triple.subject.value, path))
                node.values[triple.predicate.value].append(triple.object)
    return replace(_build(nodes, _digest(files, weights), folder), weights=folder / WEIGHTS if weights else None)


def read_turtle(path: Path) -> list[ox.Triple]:
    """Read a Turtle file of an ontology folder.

    Raises:
        OntologyError: it cannot be read.
    """
    return _parse(path, _read(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OntologyError(f"{path}: cannot be read ({error.strerror}); check the file's permissions") from error


def _parse(path: Path, data: bytes) -> list[ox.Triple]:
    try:
        return [ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(data, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        place = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise OntologyError(f"{path}{place}: no valid Turtle ({error.msg}); mend that line") from error


def _stage_order(node: Node) -> tuple[int, str, str]:
    """By notation, as numbers count."""
    notation = node.text(SKOS + "notation")
    return len(notation), notation, node.iri


def _is_stage_frame(node: Node) -> bool:
    """It says how far something is, and expresses no relation."""
    return bool(node.iris(KZ + "givesStage")) and not node.values.get(KZ + "expresses")


def _build(nodes: dict[str, Node], digest: str, folder: Path) -> Ontology:
    by_type: dict[str, list[Node]] = defaultdict(list)
    for iri in sorted(nodes):
        for cls in nodes[iri].iris(RDF + "type"):
            by_type[cls].append(nodes[iri])
    headers = [n for n in by_type[OWL + "Ontology"] if n.texts(VANN + "preferredNamespaceUri")]
    if len(headers) != 1:
        raise OntologyError(
            f"{folder}: needs one owl:Ontology with vann:preferredNamespaceUri, has {len(headers)}; "
            "see docs/ontology.md"
        )
    namespace = headers[0].text(VANN + "preferredNamespaceUri")
    classes = {c.name: c for c in (read_class(n, namespace) for n in by_type[KZ + "EntityClass"])}
    if not classes:
        raise OntologyError(f"{folder}: defines no class (kz:EntityClass); see docs/ontology.md")
    reader = EntryReader(namespace, classes, nodes)
    relations = {r.name: r for r in map(reader.relation, by_type[KZ + "Relation"])}
    successions = reader.successions()
    stages = tuple(n.iri for n in sorted(by_type[KZ + "Stage"], key=_stage_order))
    entries = [(n, kind) for cls, kind in FRAME_KINDS.items() for n in by_type[cls]]
    frames = [reader.frame(n, kind, relations | successions, stages) for n, kind in entries if not _is_stage_frame(n)]
    stage_frames = [reader.stage_frame(n, kind, stages) for n, kind in entries if _is_stage_frame(n)]
    return Ontology(
        namespace=namespace,
        classes=classes,
        relations=relations,
        nouns=tuple(map(reader.noun, by_type[KZ + "NounEntry"])),
        frames=tuple(sorted(frames, key=lambda f: f.iri)),
        gazetteer=tuple(map(reader.known, by_type[KZ + "KnownEntity"])),
        cues=read_cues(by_type[KZ + "CueList"]),
        successions=successions,
        learned={f.relation: f for f in (reader.learned(n, relations) for n in by_type[KZ + "LearnedFrame"])},
        stage_frames=tuple(sorted(stage_frames, key=lambda f: f.iri)),
        selections=tuple(map(reader.selection, by_type[KZ + "SelectionEntry"])),
        stages=stages,
        digest=digest,
        version=headers[0].text(OWL + "versionInfo"),
        ancestors={name: ancestors_of(name, classes) for name in classes},
    )


__all__ = ["default_ontology", "load_ontology", "ontology_digest", "ontology_files", "read_turtle"]
