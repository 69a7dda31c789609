"""The errors that kzai-graph raises; a caller who catches ``KzaiError`` catches them all."""

from __future__ import annotations


class KzaiError(Exception):
    """Something could not be done; the message says what, where and what to do."""


class InputError(KzaiError):
    """A text, folder or setting that was given cannot be used."""


class OntologyError(KzaiError):
    """The ontology folder cannot be read, or uses a term that it does not define."""


class QueryError(KzaiError):
    """A query is broken, asks for something that is refused, or took too long."""


class QueryRefusedError(QueryError):
    """A query asks for something that no query may do: write, or reach for other data."""


class QueryLimitError(QueryError):
    """A query took more time or memory than it was granted."""


class GraphError(KzaiError):
    """A graph file cannot be read or written."""


class GoldError(KzaiError):
    """A gold file does not follow the annotation guidelines."""


class TrainingError(KzaiError):
    """Annotated sentences do not follow their form."""


class PublishError(KzaiError):
    """A store elsewhere did not take a graph, or could not be reached."""
