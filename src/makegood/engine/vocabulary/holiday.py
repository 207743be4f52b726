"""Public holidays of countries and their parts, from the pinned ``holidays`` package."""

import re
from datetime import date
from functools import cache

from holidays import country_holidays

_COUNTRY = re.compile(r"[A-Z]{2}")


@cache
def holiday_dates(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of one year, with the days on which they are observed.

    Unit: local dates.
    Rule: countries by their two letters of ISO 3166-1, subdivisions as the package lists them; an unknown one is
        refused; only dates are used, never names.
    Source: docs/explanation/vocabulary/calendar.md

    >>> date(2025, 3, 8) in holiday_dates("DE", "BE", 2025), date(2025, 3, 8) in holiday_dates("DE", "BY", 2025)
    (True, False)
    """
    if not _COUNTRY.fullmatch(country):
        raise ValueError(f"{country!r} is not a country code, such as DE or US")
    try:
        return frozenset(country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:
        where = country if subdivision is None else f"{country}, subdivision {subdivision}"
        raise ValueError(f"no public holidays are known for {where}") from None
