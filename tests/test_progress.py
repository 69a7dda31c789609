"""What is told of the progress of long work."""

from __future__ import annotations

import io

import pytest

from kzai_graph import progress
from kzai_graph.progress import Pace, show_progress


class Clock:
    """A clock that stands where it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "done", "total", "said"),
    [
        (10, 21, 41, "2.0/s, 10 s left"),
        (10, 2, 5, "10.0 s each, 30 s left"),
        (10, 41, 41, "4.0/s"),
        (0, 2, 3, "1000.0/s, 0 s left"),
        (1, 2, 242, "1.0/s, 4 min left"),
        (1, 2, 10_802, "1.0/s, 3 h left"),
        (1, 2, 3 * 86_400 + 2, "1.0/s, 3 d left"),
    ],
)
def test_rate_and_time_left(seconds: float, done: int, total: int, said: str) -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.now += 60
    assert pace.after(1, total) == ""
    clock.now += seconds
    assert pace.after(done, total) == said


def test_what_was_done_before_does_not_count() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.after(900, 1000) == ""
    clock.now += 2
    assert pace.after(901, 1000) == "2.0 s each, 3 min left"


def test_a_pipe_gets_the_first_line_the_last_and_one_each_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    monkeypatch.setattr(progress.time, "monotonic", clock)
    with show_progress("reading") as tell:
        for done, now in ((1, 0.1), (2, 0.2), (3, 1.3), (4, 1.4), (5, 1.5)):
            clock.now = 100 + now
            tell(done, 5, f"{done}.txt")
    found = capsys.readouterr()
    assert found.out == ""
    assert [line.partition(" (")[0] for line in found.err.splitlines()] == [
        "reading 1/5: 1.txt",
        "reading 3/5: 3.txt",
        "reading 5/5: 5.txt",
    ]


def test_a_terminal_gets_a_bar_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with show_progress("reading") as tell:
        tell(1, 4, "one.txt")
        tell(2, 4, "[b]two.txt")
    drawn = terminal.getvalue()
    assert "2/4" in drawn
    assert "/s, " in drawn
    assert "[b]two.txt" in drawn
    assert drawn.endswith("\x1b[2K")
