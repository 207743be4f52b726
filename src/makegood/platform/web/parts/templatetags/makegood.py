"""Tags and filters of every template."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_currency, get_currency_precision
from django import template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_ICONS = Path(__file__).parents[1] / "assets" / "icons"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon, which says nothing to a screen reader."""
    return _drawn(name)


@cache
def _drawn(name: str) -> SafeString:
    drawing = (_ICONS / f"{name}.svg").read_text("utf-8")
    start = drawing.index("<svg")
    return mark_safe(drawing[start:].replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))  # noqa: S308  # our own files


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Show an amount of minor units, exactly: ``1,200.00 EUR`` as the reader writes it."""
    if minor is None:
        return ""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, format="#,##0.00 ¤¤", locale=_locale(), currency_digits=True)


@register.filter
def day(value: date | datetime | None) -> str:
    """Show a day in words."""
    return "" if value is None else format_date(value, "d MMM y", locale=_locale())


@register.filter
def moment(value: datetime | None, zone: str = "UTC") -> str:
    """Show an instant in a zone, which is named."""
    if value is None:
        return ""
    return format_datetime(value, "d MMM y, HH:mm", tzinfo=get_timezone(zone), locale=_locale()) + f" {zone}"


def _locale() -> str:
    return (translation.get_language() or "en").replace("-", "_")
