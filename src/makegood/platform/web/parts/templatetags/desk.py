"""How pages about cases show lengths of time, and lists of cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.models import Coverage, HeldFor, State
from makegood.platform.evidence.service_desk.queries import MOST_COUNTED
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.parts.desk_lists import Row
from makegood.platform.web.parts.templatetags.makegood import moment, money

register = template.Library()
_LOOKS: Final = {State.CLOSED: "bg-secondary-lt", State.HELD: "bg-yellow-lt", State.NEW: "bg-azure-lt"}
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


@register.filter
def length(seconds: int | None) -> str:
    """Show a length of time in its two largest units: ``2 d 4 h``, ``3 h 12 min``, ``9 min``; its sign is left out."""
    if seconds is None:
        return ""
    whole = abs(int(seconds))
    days, rest = divmod(whole, _DAY)
    hours, rest = divmod(rest, _HOUR)
    said = {"days": days, "hours": hours, "minutes": rest // _MINUTE}
    if days:
        return _("%(days)d d %(hours)d h") % said
    if hours:
        return _("%(hours)d h %(minutes)d min") % said
    return _("%(minutes)d min") % said


@register.filter
def counted(number: int) -> str:
    """Show how many cases there are; of very many only that there are more."""
    return f"{intcomma(number)}{'+' if number >= MOST_COUNTED else ''}"


@register.filter
def cells(rows: Sequence[Row], site: Site) -> list[dict[str, object]]:
    """Return the rows of a list of cases as a table shows them: long lists are shown often, and looked up slowly."""
    return [_cells(each, site) for each in rows]


def _cells(row: Row, site: Site) -> dict[str, object]:
    case, time = row.case, {"time": length(row.seconds)}
    return {
        "number": case.pk,
        "title": case.title,
        "address": reverse(f"{site}:case", args=[case.pk]),
        "is_major": case.major_since is not None,
        "needs_permission": case.coverage == Coverage.NEEDS_PERMISSION,
        "about": f"{case.kind} · {case.service}" if case.service else case.kind,
        "customer": case.customer.name,
        "priority": case.priority,
        "state": State(case.state).label,
        "look": _LOOKS.get(State(case.state), "bg-blue-lt"),
        "held": HeldFor(case.held_for).label if case.held_for else "",
        "left": "" if row.seconds is None else (_("%(time)s over") if row.over else _("%(time)s left")) % time,
        "ruling": "missed" if row.over else "heading" if row.soon else "met",
        "others_over": row.others_over,
        "due": moment(row.clock.due_at, row.zone) if row.clock is not None else "",
        "per_hour": money(row.per_hour, row.currency) if row.per_hour else "–",
        "owner": case.owner.name,
    }
