"""Which mails somebody wants. All sites have this page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from makegood.platform import clock
from makegood.platform.review.notices.models import Kind
from makegood.platform.review.notices.operations import choose_mails
from makegood.platform.review.notices.queries import KINDS_AT, MUST, unwanted
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import told


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of mails, and whether somebody wants it."""

    value: str
    text: str
    wanted: bool
    must: bool


def addresses(site: Site) -> list[URLPattern]:
    """Return the address of the page at a site."""
    return [path("my-mails/", door(site)(my_mails), name="my_mails")]


def my_mails(request: Request) -> HttpResponse:
    """Show which mails somebody gets, and keep what they choose."""
    if request.method != "POST":
        return _shown(request)
    if request.POST.get("chosen") != "yes":
        return _shown(request, _("Choose which mails you want, and save."))
    wanted = [Kind(each) for each in request.POST.getlist("wanted") if each in Kind.values]
    told(request, lambda: choose_mails(wanted=wanted, by=request.viewer, now=clock.now()), _("Your choice was kept."))
    return redirect(f"{request.viewer.site}:my_mails")


def _shown(request: Request, refusal: str = "") -> HttpResponse:
    viewer = request.viewer
    without = unwanted(person=viewer.person) if viewer.person is not None else frozenset()
    site = viewer.site or Site.PORTAL
    kinds = [Row(each.value, str(each.label), each not in without, each in MUST) for each in KINDS_AT[site]]
    return render(request, "parts/my_mails.html", {"kinds": kinds, "refusal": refusal}, status=422 if refusal else 200)
