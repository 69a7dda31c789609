"""Dates at the precision of a text, as EDTF strings: how to write them, and which days they span.

Forms: ``2025``, ``2025-09``, ``2025-09-24``, ``2026-Q2``, ``2027-H1``, ``2025-21`` to ``2025-24`` (spring to winter,
the codes of ISO 8601-2:2019, 4.8), ``199X`` (a decade) and intervals of two of them joined by ``/``.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
FIRST_MONTH_OF_SEASON = {21: 3, 22: 6, 23: 9, 24: 12}
_FORM = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?|(?P<decade>\d{3})X"
)


def earliest_latest(edtf: str) -> tuple[str, str]:
    """Return the first and the last day that a date can mean, as ISO dates.

    A winter is the one that begins in December of its year.

    Raises:
        ValueError: it is none of the forms above, or no day of the calendar.
    """
    begin, slash, end = edtf.partition("/")
    if slash:
        return _days(begin)[0].isoformat(), _days(end)[1].isoformat()
    first, last = _days(begin)
    return first.isoformat(), last.isoformat()


def is_valid(edtf: str) -> bool:
    """Tell whether the calendar has such a date, and an interval runs forwards."""
    try:
        first, last = earliest_latest(edtf)
    except ValueError:
        return False
    return first <= last


def is_after(edtf: str | None, reference: str | None) -> bool:
    """Tell whether a date begins after all that another can mean; without both there is no telling."""
    if edtf is None or reference is None or not is_valid(edtf) or not is_valid(reference):
        return False
    return earliest_latest(edtf)[0] > earliest_latest(reference)[1]


def _days(form: str) -> tuple[date, date]:
    found = _FORM.fullmatch(form)
    if found is None:
        raise ValueError(f"{form}: not a date of the forms YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn, YYYY-Hn, YYYY-2n, YYYX")
    if found["decade"]:
        return date(int(found["decade"]) * 10, 1, 1), date(int(found["decade"]) * 10 + 9, 12, 31)
    year = int(found["year"])
    if found["quarter"]:
        return _months(year, 3 * int(found["quarter"]) - 2, 3)
    if found["half"]:
        return _months(year, 6 * int(found["half"]) - 5, 6)
    if found["day"]:
        day = date(year, int(found["month"]), int(found["day"]))
        return day, day
    if found["month"]:
        month = int(found["month"])
        return (
            _months(year, FIRST_MONTH_OF_SEASON[month], 3)
            if month in FIRST_MONTH_OF_SEASON
            else _months(year, month, 1)
        )
    return _months(year, 1, 12)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """The first and last day of ``count`` months."""
    end_year, end_month = shift(year, month, count - 1)
    return date(year, month, 1), date(end_year, end_month, calendar.monthrange(end_year, end_month)[1])


def shift(year: int, month: int, months: int) -> tuple[int, int]:
    """Move a month by a number of months."""
    total = year * 12 + month - 1 + months
    return total // 12, total % 12 + 1


def later(reference: date, count: int, unit: str) -> str:
    """Name the time ``count`` units (day, week, month, year) after a day, negative for before.

    Days give a day; weeks and months a month, years a year: "two months ago" names no day.
    """
    if unit == "day":
        return (reference + timedelta(days=count)).isoformat()
    if unit == "week":
        return (reference + timedelta(weeks=count)).isoformat()[:7]
    if unit == "month":
        year, month = shift(reference.year, reference.month, count)
        return f"{year:04d}-{month:02d}"
    return f"{reference.year + count:04d}"


def week(reference: date, offset: int) -> str:
    """Return the interval from Monday to Sunday of a week, counted from that of the reference."""
    monday = reference - timedelta(days=reference.weekday()) + timedelta(weeks=offset)
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


def weekend(reference: date, *, future: bool) -> str:
    """Return Saturday and Sunday of the latest weekend that has begun, or of the coming one."""
    saturday = reference - timedelta(days=(reference.weekday() - 5) % 7)
    if future:
        saturday += timedelta(weeks=1)
    return f"{saturday.isoformat()}/{(saturday + timedelta(days=1)).isoformat()}"


def weekday(reference: date, number: int, *, future: bool) -> str:
    """Return the latest such day (0 is Monday) not after the reference, or the first one after it."""
    back = reference - timedelta(days=(reference.weekday() - number) % 7)
    return (back + timedelta(weeks=1) if future else back).isoformat()


def recurring(form: str, reference: date, *, future: bool | None) -> str | None:
    """Put the year before a part of it ("-09", "-09-24", "-Q2", "-22").

    Takes the latest that has begun by the reference, or for ``future`` the first that has not ended before it, and the
    nearer of the two when that is unknown; ``None`` where no year near it has such a day.
    """
    if future is None:
        found = [edtf for way in (False, True) if (edtf := recurring(form, reference, future=way)) is not None]
        return min(found, key=lambda e: abs((date.fromisoformat(earliest_latest(e)[0]) - reference).days), default=None)
    years = range(reference.year, reference.year + 9) if future else range(reference.year, reference.year - 9, -1)
    for year in years:
        edtf = f"{year:04d}{form}"
        if is_valid(edtf):
            first, last = earliest_latest(edtf)
            if (last >= reference.isoformat()) if future else (first <= reference.isoformat()):
                return edtf
    return None
