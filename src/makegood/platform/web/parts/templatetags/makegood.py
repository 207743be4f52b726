"""Tags and filters of every template."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, get_timezone
from django import template
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop

from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.amounts import shown
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Role, Viewer
from makegood.platform.web.parts.glossary import explained
from makegood.platform.web.parts.sentences.recognised import in_language

register = template.Library()
_MONEY = (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR, Role.SPONSOR, Role.MANAGER, Role.AFFILIATE)
TABS = (
    (gettext_noop("Agreement"), "agreement", ()),
    (gettext_noop("Terms"), "terms", ()),
    (gettext_noop("Periods"), "periods", ()),
    (gettext_noop("Evidence"), "evidence", ()),
    (gettext_noop("Exclusions"), "exclusions", ()),
    (gettext_noop("Disputes"), "disputes", ()),
    (gettext_noop("Statements"), "statements", _MONEY),
    (gettext_noop("Corrective actions"), "actions", ()),
    (gettext_noop("Reports"), "reports", _MONEY),
    (gettext_noop("Governance"), "governance", tuple(set(Role) - {Role.USER})),
)
"""The pages of an agreement, and the roles that see them; none means all."""
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


@register.inclusion_tag("parts/_term.html", takes_context=True)
def term(context: dict[str, Any], word: str) -> dict[str, object]:
    """Explain a word of the glossary beside where it is used: a button that shows what it means, and leads to all.

    :raises KeyError: if the glossary does not have the word
    """
    request = context["request"]
    request.terms = getattr(request, "terms", 0) + 1
    return {"term": explained(word), "number": request.terms}


@register.filter
def money(minor: int | None, unit: str) -> str:
    """Show an amount of minor units, exactly: ``1,200.00 EUR`` as the reader writes it."""
    return "" if minor is None else shown(minor, unit)


@register.filter
def share(value: Ratio | None) -> str:
    """Show a share in whole percents."""
    return "" if value is None else value.percent(0)


@register.filter
def minutes(number: int) -> str:
    """Show whole minutes: ``1,339 min``."""
    return shown(number, "min")


@register.filter
def day(value: date | datetime | None) -> str:
    """Show a day in words."""
    return "" if value is None else format_date(value, _day(), locale=_locale())


@register.filter
def moment(value: datetime | None, zone: str = "UTC") -> str:
    """Show an instant in a zone, which is named."""
    if value is None:
        return ""
    return format_datetime(value, f"{_day()}, HH:mm", tzinfo=get_timezone(zone), locale=_locale()) + f" {zone}"


@register.simple_tag(takes_context=True)
def tabs(context: dict[str, Any], contract: Contract) -> list[dict[str, object]]:
    """Return the pages of an agreement that the viewer may open."""
    request = context["request"]
    viewer: Viewer = request.viewer
    found = []
    for text, name, roles in TABS:
        if not roles or viewer.has(*roles):
            address = reverse(f"{viewer.site}:{name}", args=(contract.slug,))
            here = request.path == address if name == "agreement" else request.path.startswith(address)
            found.append({"text": gettext(text), "address": address, "here": here})
    return found


@register.inclusion_tag("parts/_exports.html", takes_context=True)
def exports(context: dict[str, Any], what: str, of: Contract | Organisation | None = None) -> dict[str, object]:
    """Offer a list as files: one of an agreement, one of an organisation, or one of the whole house."""
    name = "export" if isinstance(of, Contract) else "export-all" if of is None else "export-of"
    return exports_at(context, name, *([] if of is None else [of.slug]), what)


@register.inclusion_tag("parts/_exports.html", takes_context=True)
def exports_at(context: dict[str, Any], name: str, *before: object) -> dict[str, object]:
    """Offer a list as files by the name of its address and all that stands in it before the ending."""
    site = context["request"].viewer.site
    endings = (("CSV", "csv"), ("XLSX", "xlsx"), ("Parquet", "parquet"))
    return {"files": [(text, reverse(f"{site}:{name}", args=(*before, ending))) for text, ending in endings]}


@register.filter
def target(written: str) -> str:
    """Show a target with the signs that people write: ``≥ 99.9 %``."""
    return figure(written).replace(">=", "≥").replace("<=", "≤")


@register.filter
def figure(written: str | None) -> str:
    """Show a value of the law as the reader's language writes it: ``99,9191 %``, ``4 Stunden``, ``≤ 60.000``."""
    return in_language(str(written or ""))


@register.filter
def said(sentence: str) -> str:
    """Show a sentence of the law in the reader's language, or as it is if nobody has translated it."""
    return in_language(sentence)


@register.filter
def words(details: dict[str, object]) -> str:
    """Show what the trail keeps of a deed: ``role: USER · customers: acme, globex``; what is empty is left out."""
    shown = {name: ", ".join(map(str, each)) if isinstance(each, list) else each for name, each in details.items()}
    return " · ".join(f"{name.replace('_', ' ')}: {each}" for name, each in shown.items() if each not in {"", None})


def _day() -> str:
    """Return how a day is written in the reader's language."""
    return "d. MMM y" if _locale().startswith("de") else "d MMM y"


def _locale() -> str:
    return (translation.get_language() or "en").replace("-", "_")
