"""Dates as EDTF: which days they span, and how relative ones are counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzai_graph.edtf import earliest_latest, is_valid, later, recurring, shift, week, weekday, weekend

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("edtf", "days"),
    [
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2023-02", ("2023-02-01", "2023-02-28")),
        ("2024-02-29", ("2024-02-29", "2024-02-29")),
        ("2026-Q1", ("2026-01-01", "2026-03-31")),
        ("2026-Q4", ("2026-10-01", "2026-12-31")),
        ("2026-H2", ("2026-07-01", "2026-12-31")),
        ("2025-21", ("2025-03-01", "2025-05-31")),
        ("2025-24", ("2025-12-01", "2026-02-28")),
        ("199X", ("1990-01-01", "1999-12-31")),
        ("2022/2025-06", ("2022-01-01", "2025-06-30")),
    ],
)
def test_a_date_spans_its_days(edtf: str, days: tuple[str, str]) -> None:
    assert earliest_latest(edtf) == days


@pytest.mark.parametrize(
    "edtf", ["", "24", "2024-13", "2023-02-29", "2024-Q5", "2024-H3", "2024-1", "May 2024", "2024/"]
)
def test_what_no_calendar_has_is_refused(edtf: str) -> None:
    assert not is_valid(edtf)
    with pytest.raises(ValueError, match=r".+"):
        earliest_latest(edtf)


def test_an_interval_that_runs_backwards_is_not_valid() -> None:
    assert not is_valid("2025/2022")
    assert is_valid("2022/2025")


@pytest.mark.parametrize(
    ("count", "unit", "edtf"),
    [
        (-1, "day", "2025-02-28"),
        (2, "week", "2025-03"),
        (-3, "month", "2024-12"),
        (11, "month", "2026-02"),
        (5, "year", "2030"),
    ],
)
def test_time_is_counted_in_units(count: int, unit: str, edtf: str) -> None:
    assert later(date(2025, 3, 1), count, unit) == edtf


@pytest.mark.parametrize(
    ("form", "future", "edtf"),
    [
        ("-09-24", False, "2025-09-24"),
        ("-11", False, "2024-11"),
        ("-11", True, "2025-11"),
        ("-09", True, "2025-09"),
        ("-09-28", True, "2026-09-28"),
        ("-01-15", None, "2026-01-15"),
        ("-02-29", False, "2024-02-29"),
        ("-02-30", False, None),
    ],
)
def test_a_missing_year_is_the_latest_or_the_next(form: str, future: bool | None, edtf: str | None) -> None:
    assert recurring(form, date(2025, 9, 29), future=future) == edtf


@given(day=DAYS, number=st.integers(0, 6))
def test_a_weekday_is_within_a_week(day: date, number: int) -> None:
    past, coming = (date.fromisoformat(weekday(day, number, future=future)) for future in (False, True))
    assert past.weekday() == coming.weekday() == number
    assert past <= day < coming
    assert (coming - past).days == 7


@given(day=DAYS)
def test_weeks_and_weekends_are_intervals(day: date) -> None:
    first, last = earliest_latest(week(day, 0))
    assert first <= day.isoformat() <= last
    assert date.fromisoformat(earliest_latest(weekend(day, future=True))[0]) > day
    assert is_valid(weekend(day, future=False))


@given(year=st.integers(1950, 2100), month=st.integers(1, 12), months=st.integers(-500, 500))
def test_months_shift_there_and_back(year: int, month: int, months: int) -> None:
    assert shift(*shift(year, month, months), -months) == (year, month)
