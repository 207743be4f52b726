"""What a customer reported and asked for, and how to ask for more."""

from __future__ import annotations

from typing import Final, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import NotInForce
from makegood.platform.evidence.service_desk.models import Channel, State
from makegood.platform.evidence.service_desk.operations import Intake, open_case
from makegood.platform.evidence.service_desk.queries import askable, cases
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts import desk_forms as forms
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.desk_lists import rows_of

A_PAGE: Final = 25


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    opened = door(Site.PORTAL)
    return [
        path("requests/", opened(requests), name="requests"),
        path("requests/new/", opened(new), name="new-case"),
    ]


def requests(request: Request) -> HttpResponse:
    """Show what whoever asks reported, or all that their organisation did, the newest first."""
    viewer, now = request.viewer, clock.now()
    closed = request.GET.get("closed") == "on"
    found = cases(viewer=viewer).select_related("version", "place").defer("version__text")
    page = Paginator(found if closed else found.exclude(state=State.CLOSED), A_PAGE).get_page(request.GET.get("page"))
    rows = rows_of(viewer=viewer, cases=list(page), now=now)
    return render(request, "portal/requests.html", {"rows": rows, "page": page, "closed": closed})


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Take a request: it has a number, an owner and its promised times at once."""
    viewer, now = request.viewer, clock.now()
    mine = list(organisations(viewer=viewer))
    slug = request.GET.get("customer", mine[0].slug)
    customer = next((each for each in mine if each.slug == slug), None)
    if customer is None:
        raise Http404
    form = forms.Request(request.POST or None, known=askable(customer=customer, at=now))
    if request.method == "POST" and form.is_valid():
        asks = Intake(**form.cleaned_data, requester=cast("Person", request.user))
        try:
            made = open_case(customer=customer, intake=asks, channel=Channel.PORTAL, by=viewer, now=now)
        except (Unable, NotInForce) as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("We have it: number #%s.") % made.pk)
            return back_to(request, "case", made.pk)
    seen = {"form": form, "customer": customer, "others": [each for each in mine if each != customer]}
    return render(request, "portal/new_request.html", seen, status=422 if request.method == "POST" else 200)
