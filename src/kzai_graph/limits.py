"""How much of one document is read; one that is over a limit is refused, and each limit can be raised."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from sys import maxsize

from kzai_graph.errors import InputError, KzaiError


class OverLimitError(KzaiError):
    """A document has more than is read; the message says of what, and how to read it, but not which document."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may have at most."""

    bytes: int = 20_000_000
    """Of the file; what is packed in it may have five times as many, and one part one and a half times."""
    characters: int = 1_000_000
    """Of the text that it shows, without markup."""
    passages: int = 50_000
    """Paragraphs, headings, list items and rows."""
    pages: int = 3_000
    """Of a file that has pages."""

    def check(self, name: str, number: int) -> None:
        """Refuse a number that is over the limit of this name.

        Raises:
            OverLimitError: it is.
        """
        limit: int = getattr(self, name)
        if number > limit:
            raise OverLimitError(f"has more than {limit:,} {name}; split it, or raise the limit with --limit {name}=N")

    def check_unpacked(self, total: int, largest: int) -> None:
        """Refuse what unpacks to too many bytes: in total, or in its largest part.

        Raises:
            OverLimitError: it does.
        """
        if total > 5 * self.bytes or largest > 1.5 * self.bytes:
            raise OverLimitError(
                f"unpacks to {total:,} bytes, of which {largest:,} in one part; {5 * self.bytes:,} and "
                f"{int(1.5 * self.bytes):,} are read; split it, or raise the limit with --limit bytes=N"
            )

    def allow(self, other: Limits) -> bool:
        """Whether all that is read within the other limits is within these."""
        return all(getattr(other, field.name) <= getattr(self, field.name) for field in fields(self))


DEFAULT_LIMITS = Limits()
NUMBER = re.compile(r"[1-9][0-9]{0,17}")
NO_LIMITS = Limits(maxsize, maxsize, maxsize, maxsize)


def parse_limits(given: Iterable[str]) -> dict[str, int]:
    """Read ``NAME=NUMBER`` for some of the limits.

    Raises:
        InputError: a name is none of them, or what follows is no whole number above 0 of at most 18 digits.
    """
    names = [field.name for field in fields(Limits)]
    found: dict[str, int] = {}
    for text in given:
        name, _, number = text.partition("=")
        if name not in names or not NUMBER.fullmatch(number):
            raise InputError(f"--limit {text}: write NAME=N, with a name of {', '.join(names)}, and a whole number")
        found[name] = int(number)
    return found
