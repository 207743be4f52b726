"""The pages beside one another at the service desk."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from makegood.platform.tenancy.viewer import Role
from makegood.platform.web.parts.desk_asked import STAFF

register = template.Library()

_TABS: Final = (
    (_("Queue"), "desk", ()),
    (_("Dispatch"), "dispatch", STAFF),
    (_("Knowledge"), "knowledge", ()),
    (_("Templates"), "case-templates", STAFF),
    (_("Who is paged"), "alarms", (Role.OWNER, Role.SERVICE_MANAGER)),
    (_("Figures"), "desk-reports", ()),
    (_("Held mails"), "held-mails", (*STAFF, Role.AUDITOR)),
    (_("Mailboxes"), "mailboxes", (Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR)),
)


@register.inclusion_tag("console/_desk_tabs.html", takes_context=True)
def desk_tabs(context: Context) -> dict[str, Any]:
    """Show the pages of the desk that a viewer may open."""
    request = context["request"]
    found = []
    for text, name, roles in _TABS:
        address = reverse(f"console:{name}")
        here = request.path == address if name == "desk" else request.path.startswith(address)
        if not roles or request.viewer.has(*roles):
            found.append({"text": gettext(text), "address": address, "here": here})
    return {"tabs": found}
