"""How pages about changes are shown: with the pages beside them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request

_TABS: Final = {
    Site.CONSOLE: (
        (_("Changes"), "rfcs"),
        (_("Calendar"), "change-calendar"),
        (_("Releases"), "releases"),
        (_("Problems"), "problems"),
        (_("Suggestions"), "suggestions"),
        (_("Rules"), "change-rules"),
    ),
    Site.PORTAL: ((_("Changes"), "rfcs"), (_("Calendar"), "change-calendar"), (_("Releases"), "releases")),
}


def shown(request: Request, template: str, seen: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    """Show a page with the pages beside it; one on which something is wrong says so by its status."""
    site = request.viewer.site or Site.CONSOLE
    found = [(text, reverse(f"{site}:{name}")) for text, name in _TABS[site]]
    best = max((address for _text, address in found if request.path.startswith(address)), key=len, default="")
    tabs = [{"text": gettext(text), "address": address, "here": address == best} for text, address in found]
    return render(request, template, {**seen, "change_tabs": tabs}, status=422 if wrong else 200)
