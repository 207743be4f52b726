"""Figures of the desk as words."""

from __future__ import annotations

from django import template

from makegood.platform.evidence.service_desk.models import TimeEntry
from makegood.platform.evidence.service_desk.queries import Share

register = template.Library()


@register.filter
def span(seconds: int | None) -> str:
    """Return open time in hours and minutes; without any a dash."""
    return "–" if seconds is None else minutes_span(seconds // 60)


@register.filter
def minutes_span(minutes: int) -> str:
    """Return minutes as hours and minutes."""
    return f"{minutes // 60}:{minutes % 60:02} h"


@register.filter
def share(found: Share) -> str:
    """Return a share in percent with what it is of; of nothing a dash."""
    return "–" if found.percent is None else f"{found.percent} % ({found.part}/{found.of})"


@register.filter
def payer(pays: str) -> str:
    """Return what pays for time, in words."""
    return str(TimeEntry.Pays(pays).label)
