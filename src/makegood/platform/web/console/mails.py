"""Mails out: what was sent, what waits, and what was given up."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.messages.operations import send_again
from makegood.platform.tenancy.messages.queries import messages
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door

A_PAGE = 50


@door(Site.CONSOLE, Role.OWNER)
def mails(request: Request) -> HttpResponse:
    """List the mails that were written."""
    return _mails(request)


@door(Site.CONSOLE, Role.OWNER)
@require_POST
def resend_mail(request: Request, pk: int) -> HttpResponseBase:
    """Try a mail again that was given up."""
    asked = get_object_or_404(messages(viewer=request.viewer), pk=pk)
    try:
        send_again(message=asked, by=request.viewer, now=clock.now())
    except Unable as refusal:
        return _mails(request, refusal=str(refusal))
    return redirect("console:mails")


def _mails(request: Request, refusal: str = "") -> HttpResponse:
    found = messages(viewer=request.viewer)
    state = request.GET.get("state", "")
    shown = found.filter(state=state) if state else found
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    seen = {"page": page, "state": state, "failed": found.filter(state="FAILED").count(), "refusal": refusal}
    return render(request, "console/mails.html", seen, status=422 if refusal else 200)
