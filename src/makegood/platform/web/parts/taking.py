"""What the links of pages and calendars lead to: a button that acknowledges, and the turns of a person or a rota."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from makegood.engine.vocabulary.interval import Interval
from makegood.platform import clock
from makegood.platform.evidence.on_call.operations import UnableToPage, acknowledge_by_link
from makegood.platform.evidence.on_call.queries import Shift, feed_of, notification_of, shifts_of, timeline
from makegood.platform.tenancy.access.queries import viewer_of
from makegood.platform.tenancy.viewer import NOBODY, Site
from makegood.platform.web.doors import Request, address_of, open_door
from makegood.platform.web.parts.ics import Stretch, calendar

BACK: Final = timedelta(weeks=4)
AHEAD: Final = timedelta(weeks=26)


@open_door
@never_cache
@require_http_methods(["GET", "POST"])
def take_page(request: Request, token: str) -> HttpResponse:
    """Show what somebody is needed for, and let them say that they look after it."""
    sent = notification_of(token=token)
    if sent is None:
        raise Http404
    refusal, taken = "", False
    if request.method == "POST":
        came = replace(NOBODY, address=address_of(request))
        try:
            acknowledge_by_link(token=token, by=came, now=clock.now())
        except UnableToPage as unable:
            refusal = str(unable)
        else:
            taken = True
    holder = sent.page.acknowledgements.filter(ended_at=None).last()
    seen = {"sent": sent, "page": sent.page, "refusal": refusal, "taken": taken, "holder": holder}
    return render(request, "parts/take_page.html", seen, status=422 if refusal else 200)


@open_door
@never_cache
@require_safe
def feed(request: Request, secret: str) -> HttpResponse:
    """Hand out turns for a calendar program; those of a rota as long as its owner may see it."""
    del request
    found = feed_of(secret=secret)
    if found is None:
        raise Http404
    now = clock.now()
    viewer = viewer_of(person=found.person).at(Site.CONSOLE)
    span = Interval(now - BACK, now + AHEAD)
    if found.rota is None:
        name, shifts = found.person.name, shifts_of(viewer=viewer, person=found.person_id, span=span, now=now)
    else:
        name, shifts = found.rota.name, timeline(viewer=viewer, rota=found.rota, span=span, now=now)
    content = calendar(name=name, events=[_event(each) for each in shifts], now=now)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _event(shift: Shift) -> Stretch:
    who = shift.person.name if shift.person is not None else _("nobody")
    return Stretch(
        uid=f"{shift.rota.pk}-{shift.starts_at:%Y%m%dT%H%M%SZ}@on-call.makegood",
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        title=f"{shift.rota.name}: {who}",
    )
