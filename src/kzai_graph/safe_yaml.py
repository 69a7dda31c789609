"""Read YAML from files that one need not trust: plain values only, and no references, which a few lines multiply."""

from __future__ import annotations

import re
from typing import Any

import yaml

MAX_DEPTH = 50


class _Loader(yaml.SafeLoader):
    """Refuses aliases, and nesting that no reader of the values could follow."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH or self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.constructor.ConstructorError(None, None, "an alias, or nested too deep", mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def load_yaml(text: str) -> Any:
    """Read one YAML document.

    Raises:
        YAMLError: it is none, has an alias, is nested too deep, or has a value that cannot be, such as 31 February.
    """
    try:
        return yaml.load(text, _Loader)
    except (ValueError, RecursionError, OverflowError) as error:
        if isinstance(error, yaml.YAMLError):
            raise
        raise yaml.YAMLError(re.sub(r"\s+", " ", str(error))) from error
