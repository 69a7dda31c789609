"""Resolve a spotted time to EDTF, by what it names and by the date of its document."""

from __future__ import annotations

import re
from datetime import date

from kzai_graph.edtf import SEASONS, earliest_latest, is_valid, later, recurring, shift, week, weekday, weekend
from kzai_graph.time_patterns import FEASTS, MONTHS, QUARTERS, SMALL, UNIT_CODES, WEEKDAYS, FoundTime


def resolve(found: FoundTime, base: date | None, ahead: bool | None) -> str | None:
    """Write a match as EDTF; ``None`` when the calendar has no such date, or the reference that it needs is missing."""
    edtf = _absolute(found) or (_relative(found, base, ahead) if base else None)
    if found.kind == "duration":
        return f"P{_count(found)}{UNIT_CODES[found['unit']]}"
    return edtf if edtf is not None and is_valid(edtf) else None


def counted_from(told: str, found: FoundTime) -> str | None:
    """Resolve "the same week", "that year", "the following day" and "two years later" by the time told before."""
    unit, which = found["unit"], found["which"]
    length = {"day": 10, "week": 10, "month": 7, "year": 4}[unit]
    count = 0 if not which else 1 if which == "following" else _count(found)
    if len(told) < length:
        return None if count else told
    day = date.fromisoformat(earliest_latest(told)[0])
    return week(day, 0) if unit == "week" else later(day, count, unit)


def _count(found: FoundTime) -> int:
    word = found["count"]
    return int(word) if word.isdigit() else 1 if word in ("a", "an") else SMALL.index(word) + 1


def _month_number(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name.rstrip(".")[:3]))


def _part_of_year(found: FoundTime) -> str | None:
    """Write what stands below the year: "-09-24", "-Q2", "-22"."""
    if found.kind in ("day", "days"):
        return f"-{_month_number(found['month']):02d}-{int(found['day']):02d}"
    if found.kind == "month":
        return f"-{_month_number(found['month']):02d}"
    if found.kind == "season":
        return f"-{SEASONS[found['season']]}"
    if found.kind == "quarter":
        number = QUARTERS.get(found["n"]) or int(found["n"])
        return f"-Q{number}" if found["kind"] in ("quarter", "q") else f"-H{number}" if number < 3 else None
    return None


def _to_its_end(found: FoundTime, edtf: str | None) -> str | None:
    """Add the second day of "18-20 February", the second month of "January to June 2025"."""
    if edtf and found.kind == "days":
        return f"{edtf}/{edtf[:8]}{int(found['to']):02d}"
    return f"{edtf}/{edtf[:5]}{_month_number(found['to']):02d}" if edtf and found["shared"] else edtf


def _absolute(found: FoundTime) -> str | None:
    """Resolve what names its year."""
    year = found["year"]
    if found.kind == "iso":
        return found["iso"]
    if found.kind == "numeric":
        return _numeric(found)
    if found.kind in ("years", "fiscal"):
        to = found["to"]
        end = to if len(to) == 4 else year[:2] + to
        # "2024-09" is a month rather than a range to 2009.
        return f"{year}/{end}" if end > year else f"{year}-{to}" if len(to) == 2 and found.kind == "years" else None
    if found.kind == "decade":
        return f"{found['decade']}X"
    if not year:
        return None
    part = _part_of_year(found)
    return _to_its_end(found, f"{year}{part}") if part else year if found.kind == "year" else None


def _numeric(found: FoundTime) -> str | None:
    """Read "23.03.23" and "27.11.2025" day first; with slashes only where the order is beyond doubt."""
    day, month, year = int(found["day"]), int(found["month"]), found["year"]
    if len(year) == 2:
        if found["sign"] != "." or len(found["day"]) < 2 or len(found["month"]) < 2:
            return None
        year = f"20{year}"
    if found["sign"] == "/" and month > 12:
        day, month = month, day
    elif found["sign"] == "/" and day <= 12 and day != month:
        return None
    return f"{year}-{month:02d}-{day:02d}"


def _relative(found: FoundTime, base: date, ahead: bool | None) -> str | None:
    """Resolve what depends on the date of the document."""
    which, unit = found["which"], found["unit"]
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "later": 0}.get(which, 0)
    part = _part_of_year(found)
    if part is not None:
        if which or found["same"]:
            return _to_its_end(found, _chosen(found, part, base, step))
        return _to_its_end(found, recurring(part, base, future=ahead))
    if found.kind == "ago":
        return later(base, -_count(found), unit)
    if found.kind == "within":
        return later(base, _count(found), unit)
    if found.kind == "end":
        return f"{base.year // 10}X" if unit == "decade" else later(base, step, unit or "year")
    if found.kind == "weekday":
        return weekday(base, WEEKDAYS.index(found["weekday"]), future=step > 0 or (step == 0 and bool(ahead)))
    if found.kind == "which":
        return _past(base, unit) if which == "past" else _unit(base, unit, step)
    if found.kind == "weekend":
        return weekend(base, future=bool(ahead))
    if found.kind == "feast":
        return recurring(FEASTS[re.sub(r"\s+", " ", found["feast"]).replace("’", "'")], base, future=ahead)
    if found.kind == "today":
        return later(base, {"yesterday": -1, "tomorrow": 1}.get(found["today"], 0), "day")
    return None


def _chosen(found: FoundTime, part: str, base: date, step: int) -> str | None:
    """Resolve "last September", "next May", "this spring", and "April of this year"."""
    names_year = found["same"] or re.search(r"\byear\b", found.match.group(), re.IGNORECASE) is not None
    if names_year or step == 0:
        edtf = f"{base.year + step:04d}{part}"
        # In January and February "this winter" began last year.
        return f"{base.year - 1:04d}{part}" if part == "-24" and not names_year and base.month < 3 else edtf
    for year in range(base.year + step, base.year + 2 * step, step) if step > 0 else (base.year, base.year - 1):
        candidate = f"{base.year if step > 0 and _is_after(f'{base.year}{part}', base) else year}{part}"
        if step > 0 or earliest_latest(candidate)[1] < base.isoformat():
            return candidate
    return None


def _is_after(edtf: str, base: date) -> bool:
    return earliest_latest(edtf)[0] > base.isoformat()


def _past(base: date, unit: str) -> str:
    """Write "the past year" as the interval up to the reference: no calendar year is meant."""
    if unit == "decade":
        return f"{base.year - 10:04d}/{base.year:04d}"
    if unit == "year":
        return f"{base.year - 1:04d}-{base.month:02d}/{base.year:04d}-{base.month:02d}"
    return _unit(base, unit, -1)


def _unit(base: date, unit: str, step: int) -> str:
    if unit == "week":
        return week(base, step)
    if unit == "weekend":
        return weekend(base, future=step > 0)
    if unit == "quarter":
        year, month = shift(base.year, base.month, 3 * step)
        return f"{year:04d}-Q{(month + 2) // 3}"
    if unit == "decade":
        return f"{base.year // 10 + step}X"
    return later(base, step, unit)
