"""The calendar of changes: a month with changes, releases, windows and freezes. Console and portal have it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from makegood.engine.vocabulary.times import local_instant
from makegood.platform import clock
from makegood.platform.evidence.changes.models import State
from makegood.platform.evidence.changes.queries import changes, freezes, left_over_of, releases, rule_of, windows
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.change_tabs import shown
from makegood.platform.web.parts.changing import READERS

_MONTH: Final = re.compile(r"(19[789]\d|20\d\d|21[0-8]\d)-(0[1-9]|1[0-2])")
_MOST: Final = 500
_PAST, _AHEAD = timedelta(days=180), timedelta(days=365)
"""So far the pages of the calendar lead; other months are reached by their address."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the calendar; ``address`` is the name of its page and its number."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    text: str
    page: str = ""
    number: int = 0
    against: bool = False


def addresses(site: Site) -> list[URLPattern]:
    """Return the address of the calendar at a site."""
    return [path("changes/calendar/", door(site, *READERS[site])(month), name="change-calendar")]


def month(request: Request) -> HttpResponse:
    """Show a month of changes, of all customers or of one."""
    viewer = request.viewer
    customers = organisations(viewer=viewer)
    slug = request.GET.get("customer", "")
    customer = get_object_or_404(customers, slug=slug) if slug else None
    if customer is None and viewer.site is Site.PORTAL:
        customer = customers.first()
    zone = rule_of(customer=customer.pk).timezone if customer is not None else "UTC"
    now = clock.now()
    first = _first(request.GET.get("month", ""), now)
    after = _next(first)
    begins, ends = _instant(first, zone), _instant(after, zone)
    found = sorted(_entries(request, customer, begins, ends), key=lambda each: (each.starts_at, each.text))
    seen: dict[str, Any] = {
        "customers": customers,
        "customer": customer,
        "zone": zone,
        "first": first,
        "before": f"{first - timedelta(days=1):%Y-%m}" if ends > now - _PAST else "",
        "after": f"{after:%Y-%m}" if begins < now + _AHEAD else "",
        "entries": found,
        "weeks": _weeks(first, found, zone),
        "windows": [_window(each) for each in windows(viewer=viewer).filter(customer=customer)] if customer else [],
    }
    return shown(request, "parts/change_calendar.html", seen)


def _window(window: Any) -> tuple[str, str]:
    name = weekdays()[window.weekday]
    hours = f"{window.starts // 60:02}:{window.starts % 60:02}–{window.ends // 60:02}:{window.ends % 60:02}"
    return name, hours


def _entries(request: Request, customer: Organisation | None, begins: datetime, ends: datetime) -> Iterator[Entry]:
    viewer = request.viewer
    about = {"starts_at__lt": ends, "ends_at__gt": begins}
    of = {"customer": customer} if customer is not None else {}
    hidden = (State.DRAFT, State.REJECTED, State.WITHDRAWN)
    made = list(changes(viewer=viewer).filter(**about, **of).exclude(state__in=hidden).order_by("starts_at")[:_MOST])
    against = left_over_of(changes=[each for each in made if each.released_at is None])
    for each in made:
        text = str(each) if customer is not None else f"{each} · {each.customer}"
        conflict = bool(against.get(each.pk))
        yield Entry(each.starts_at, each.ends_at, "change", text, "rfc", each.pk, conflict)  # type: ignore[arg-type]
    for release in releases(viewer=viewer).filter(**about, **of).exclude(state="CANCELLED")[:_MOST]:
        yield Entry(release.starts_at, release.ends_at, "release", str(release), "release", release.pk)
        if release.down_from is not None and release.down_until is not None:
            text = _("Down: %s") % (release.service or release)
            yield Entry(release.down_from, release.down_until, "downtime", text, "release", release.pk)
    for freeze in freezes(viewer=viewer).filter(**about):
        if customer is None or freeze.customer_id in (None, customer.pk):
            yield Entry(freeze.starts_at, freeze.ends_at, "freeze", freeze.title)


def _weeks(first: date, entries: list[Entry], zone: str) -> list[list[tuple[date, list[Entry]]]]:
    """Return the days of a month by weeks, each with what begins, goes on or ends on it."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [
        [(day, list(_on(day, entries, zone)) if day.month == first.month else []) for day in each] for each in weeks
    ]


def _on(day: date, entries: list[Entry], zone: str) -> Iterator[Entry]:
    begins, ends = _instant(day, zone), _instant(day + timedelta(days=1), zone)
    return (each for each in entries if each.starts_at < ends and each.ends_at > begins)


def _first(asked: str, now: datetime) -> date:
    found = _MONTH.fullmatch(asked)
    return date(int(found[1]), int(found[2]), 1) if found else now.astimezone(UTC).date().replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _instant(day: date, zone: str) -> datetime:
    return local_instant(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001  # on the wall


def weekdays() -> list[str]:
    """Return the days of a week in the language of the reader."""
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
