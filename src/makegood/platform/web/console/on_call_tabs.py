"""How pages about being on call are shown: with the pages beside them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from makegood.platform.tenancy.viewer import Role
from makegood.platform.web.doors import Request

KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
"""Who plans."""
ENGAGED: Final = (*KEEPERS, Role.ENGINEER)
"""Who can be on call."""
COUNTING: Final = (*ENGAGED, Role.BILLING, Role.AUDITOR)
"""Who sees hours: their own, or those of everybody."""
_TABS: Final = (
    (_("Now"), "on-call", ()),
    (_("All pages"), "pages", ()),
    (_("Rotas"), "rotas", ()),
    (_("My on-call"), "my-on-call", ENGAGED),
    (_("Leave"), "leave", ENGAGED),
    (_("Policies"), "paging-policies", KEEPERS),
    (_("Skills"), "skills", ENGAGED),
    (_("Hours"), "on-call-hours", COUNTING),
)


def shown(request: Request, template: str, seen: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    """Show a page with the pages beside it; one on which something is wrong says so by its status."""
    found = []
    for text, name, roles in _TABS:
        address = reverse(f"console:{name}")
        here = request.path == address if name == "on-call" else request.path.startswith(address)
        if not roles or request.viewer.has(*roles):
            found.append({"text": gettext(text), "address": address, "here": here})
    return render(request, f"console/{template}", {**seen, "on_call_tabs": found}, status=422 if wrong else 200)
