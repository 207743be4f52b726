"""How pages about cases show lengths of time."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import gettext as _

register = template.Library()
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
