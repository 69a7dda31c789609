"""How far work is, how fast it goes, and how long it may still take: a bar on a terminal, plain lines in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kzai_graph.sparql.formats import printable

Tell = Callable[[int, int, str], None]
"""Called after each step with how many are done, how many there are, and its name."""
BETWEEN_LINES_S = 1.0
SHORTEST_S = 0.001
UNITS = ((86400.0, "d", 2), (3600.0, "h", 2), (60.0, "min", 2), (1.0, "s", 0))
"""Seconds of each unit of time, its name, and from how many on it is used."""


class Pace:
    """The rate of work since its first step: what had to start before that, and was done before, is left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: tuple[int, float] | None = None

    def after(self, done: int, total: int) -> str:
        """The rate after a step, and the time that the rest takes at that rate; nothing after the first one."""
        now = self._clock()
        if self._first is None:
            self._first = done, now
        before, began = self._first
        if done == before:
            return ""
        rate = (done - before) / max(now - began, SHORTEST_S)
        left = f", {_duration((total - done) / rate)} left" if done < total else ""
        return f"{rate:.1f}/s{left}" if rate >= 1 else f"{1 / rate:.1f} s each{left}"


def _duration(seconds: float) -> str:
    return next(f"{count} {name}" for size, name, least in UNITS if (count := round(seconds / size)) >= least)


@contextmanager
def show_progress(what: str) -> Iterator[Tell]:
    """A bar on a terminal; in a pipe a plain line each second at most, and the last. Both go to standard error."""
    pace = Pace()
    if not sys.stderr.isatty():
        yield _lines(what, pace)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from kzai_graph.console import make_console

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}", markup=False),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=make_console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, name="", pace="")

        def tell(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, name=printable(name), pace=pace.after(done, total))

        yield tell


def _lines(what: str, pace: Pace) -> Tell:
    due = 0.0

    def tell(done: int, total: int, name: str) -> None:
        nonlocal due
        rate = pace.after(done, total)
        if time.monotonic() >= due or done == total:
            print(f"{what} {done}/{total}: {printable(name)}{rate and f' ({rate})'}", file=sys.stderr, flush=True)
            due = time.monotonic() + BETWEEN_LINES_S

    return tell
