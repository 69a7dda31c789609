"""Recognise the dateline at the head of a report: place, day and agency before a dash."""

from __future__ import annotations

import re

_CITY = r"[A-Z][A-Z.'’-]{2,}(?: [A-Z][A-Z.'’-]+){0,3}"
_CAPITALISED = r"[A-Z][\w.'’-]*(?: (?:of |de |the |and )?[A-Z][\w.'’-]*){0,4}"
_DASH = r"\s*(?:–|—|--|-)\s+"
_AGENCY = r"(?:\((?P<a>[^()]{2,40})\)|/(?P<b>[^/\s][^/]{1,40})/)"
_DATE = (
    r"(?:(?:[A-Z][a-z]{2,5}(?:day|\.)?,? )?(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?[A-Z][a-z]+\.?(?:,? \d{4})?"
    r"|[A-Z][A-Za-z]+\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?)|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d)"
)
_YEARED = rf"(?=[^\n]{{0,24}}\b(?:19|20)\d\d\b){_DATE}"
_AND = r"(?:, (?:and )?| and | & | ?/ ?|; )"
_PLACE = rf"{_CITY}(?:{_AND}{_CAPITALISED}){{0,4}}"
_ANYWHERE = rf"{_CAPITALISED}(?:{_AND}{_CAPITALISED}){{0,4}}"
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PLACE}(?:,? ?{_DASH}|,? )\(?{_DATE}\)?,?(?: ?{_AGENCY})?{_DASH}",
        rf"{_PLACE},? ?{_AGENCY}{_DASH}",
        rf"{_ANYWHERE}(?:,|{_DASH}) ?{_DATE},?(?: ?{_AGENCY})?{_DASH}",
        rf"{_ANYWHERE},? {_AGENCY}(?: (?:[A-Z][a-z]+day,? )?{_DATE}[^–—\n]{{0,40}}?)?{_DASH}",
        rf"{_ANYWHERE} ?(?:–|—|--) ?\((?P<a>[A-Z][\w.&' -]{{1,30}})\) ?(?:–|—|--) ?(?=[“\"A-Z])",
        rf"{_PLACE} ?(?:–|—|--| - ) ?(?=[“\"A-Z])",
        rf"(?:{_PLACE}|{_ANYWHERE}),? {_YEARED}(?: ?{_AGENCY})?[.:] (?=[“\"A-Z])",
        rf"\[?\(?(?:{_PLACE}|{_ANYWHERE}),? {_YEARED}[)\]]\s*[–—:-]*\s*(?=[“\"A-Z])",
        rf"\((?P<a>[A-Z][\w.&' -]{{1,30}})\){_DASH}(?=[“\"A-Z])",
        rf"{_CITY}(?:, {_CAPITALISED})?(?:\.|:) (?=[“\"A-Z])(?!\S+ [A-Z]{{2,}} [A-Z]{{2,}})(?![A-Z]{{3,}} [A-Z]{{2,}})",
    )
)
_SHOUTED = frozenset(
    """
    NOTE NATO OECD UNESCO UNICEF UPDATE BREAKING IMPORTANT DISCLAIMER WARNING SOURCE SUMMARY ABSTRACT
    QUESTION ANSWER MODERATOR STUDENT
    """.split()
)


def dateline_end(text: str) -> int:
    """Return where the text behind a dateline begins, 0 where there is none."""
    for pattern in _DATELINES:
        found = pattern.match(text[:200])
        if (
            found is not None
            and found.end() < len(text)
            and re.split(r"[\s,.:–—-]", found[0], maxsplit=1)[0] not in _SHOUTED
        ):
            return found.end()
    return 0


def dateline_agency(text: str) -> str | None:
    """Return the agency that a dateline names."""
    found = re.search(_AGENCY, text)
    return (found["a"] or found["b"]).strip() if found and not re.search(r"\d{4}", found[0]) else None
