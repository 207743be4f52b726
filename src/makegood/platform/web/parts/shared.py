"""The page about value shares: what each member of a service has of its value in a period. All sites have it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from makegood.platform import clock
from makegood.platform.review.governance.queries import SharedValue, ValueShares, shares_value, value_shares
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.found import contract_of
from makegood.platform.web.parts.judged import shown_step

_WITH_MONEY: Final = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}


def addresses(site: Site) -> list[URLPattern]:
    """Return the address of the page at a site."""
    return [
        path("agreements/<slug:slug>/money/shares/", door(site, *_WITH_MONEY[site])(all_shares), name="value-shares")
    ]


def all_shares(request: Request, slug: str) -> HttpResponse:
    """Show who has how much of each value from when on, and the statement of all members or of one for a period."""
    contract = contract_of(request, slug)
    label, member = request.GET.get("period", ""), request.GET.get("member", "")
    found = value_shares(viewer=request.viewer, contract=contract, now=clock.now(), label=label)
    if found is None and (label or shares_value(viewer=request.viewer, contract=contract)):
        raise Http404
    if found is not None and member and member not in found.members:
        raise Http404
    seen: dict[str, Any] = {"contract": contract, "found": found, "member": member}
    if found is not None:
        seen["values"] = [_shown(each, member) for each in found.values]
        seen["total"] = _total(found, member) if member else None
    return render(request, "parts/value_shares.html", seen)


def _shown(value: SharedValue, member: str) -> dict[str, Any]:
    """Return a value with the rows of its members, or of one of them, each with how it follows."""
    rows = [each for each in value.members if member in {"", each.member}]
    return {
        "value": value,
        "rows": [(each, shown_step(replace(each.reason, text=each.member))) for each in rows],
    }


def _total(found: ValueShares, member: str) -> Any:
    """Return what one member has of all values together; amounts of one agreement are in one currency."""
    first, *others = [each.amount for one in found.values for each in one.members if each.member == member]
    return sum(others, first)
