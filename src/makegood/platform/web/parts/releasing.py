"""Pages about releases: the list, one release, and what is done with it. Console and portal have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.evidence.changes import operations
from makegood.platform.evidence.changes.models import QUESTIONS, Release, State
from makegood.platform.evidence.changes.queries import changes, releases, rule_of
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts import changing_forms as forms
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.change_tabs import shown
from makegood.platform.web.parts.changing import A_PAGE, READERS
from makegood.platform.web.parts.changing_acts import CUSTOMERS, STAFF, Data

_DECIDING: Final = (Release.State.PLANNED, Release.State.APPROVED)


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    reads = door(site, *READERS[site])
    found = [
        path("releases/", reads(all_releases), name="releases"),
        path("releases/<int:release>/", reads(one_release), name="release"),
        path("releases/<int:release>/do/", reads(act), name="act-on-release"),
    ]
    if site is Site.CONSOLE:
        found.append(path("releases/new/", door(site, *STAFF)(new_release), name="new-release"))
    return found


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with a release, if it ``fits`` the release and whoever looks at it."""

    name: str
    title: str | Lazy
    done: str | Lazy
    form: Callable[[Release, Data, str], Form]
    does: Callable[[Release, Mapping[str, Any], Viewer, datetime], object]
    fits: Callable[[Release, Viewer], bool]


def all_releases(request: Request) -> HttpResponse:
    """Show the releases, the latest first."""
    page = Paginator(releases(viewer=request.viewer), A_PAGE).get_page(request.GET.get("page"))
    works = request.viewer.site is Site.CONSOLE and request.viewer.has(*STAFF)
    return shown(request, "parts/releases.html", {"page": page, "works": works})


@require_http_methods(["GET", "POST"])
def new_release(request: Request) -> HttpResponse:
    """Plan a release: first of which customer, then which changes go with it."""
    viewer = request.viewer
    ready = changes(viewer=viewer).filter(state__in=(State.APPROVED, State.TESTED), release=None)
    chosen = request.GET.get("customer", "")
    if not chosen:
        waiting = organisations(viewer=viewer).filter(pk__in=ready.order_by().values("customer"))
        return shown(request, "parts/release_customer.html", {"customers": waiting})
    customer = get_object_or_404(organisations(viewer=viewer), slug=chosen)
    form = forms.PlanRelease(
        request.POST if request.method == "POST" else None,
        people=people_with(organisation=house(), roles=STAFF),
        changes=ready.filter(customer=customer),
        timezone=rule_of(customer=customer.pk).timezone,
    )
    if form.is_valid():
        try:
            made = operations.plan_release(customer=customer, **form.asked(), by=viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The release was planned."))
            return back_to(request, "release", made.pk)
    seen = {"title": f"{_('Plan a release')} · {customer}", "form": form, "back": ".", "remove": ""}
    return render(request, "parts/ask.html", seen, status=422 if form.errors else 200)


def one_release(request: Request, release: int) -> HttpResponse:
    """Show a release: its changes, what is known of it, its downtime, and what can be done with it."""
    return _release(request, _found(request, release))


@require_POST
def act(request: Request, release: int) -> HttpResponse:
    """Do something with a release."""
    found = _found(request, release)
    chosen = next((each for each in ACTS if each.name == request.POST.get("do")), None)
    if chosen is None:
        raise Http404
    form = chosen.form(found, request.POST, rule_of(customer=found.customer_id).timezone)
    if form.is_valid():
        try:
            chosen.does(found, form.cleaned_data, request.viewer, clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, str(chosen.done))
            return back_to(request, "release", found.pk)
    return _release(request, found, chosen, form)


def _found(request: Request, number: int) -> Release:
    return get_object_or_404(releases(viewer=request.viewer).select_related("approved_by", "checked_by"), pk=number)


def _release(request: Request, release: Release, chosen: Act | None = None, wrong: Form | None = None) -> HttpResponse:
    viewer, zone = request.viewer, rule_of(customer=release.customer_id).timezone
    offered = [each for each in ACTS if each.fits(release, viewer)]
    listed = [
        (each, wrong if each is chosen and wrong is not None else each.form(release, None, zone), each is chosen)
        for each in offered
    ]
    seen = {
        "release": release,
        "zone": zone,
        "checks": rule_of(customer=release.customer_id).checks,
        "changes": changes(viewer=viewer).filter(release=release).order_by("pk"),
        "answers": [(question, release.readiness.get(name, "")) for name, question in QUESTIONS.items()],
        "forms": listed,
        "elsewhere": wrong if wrong is not None and chosen not in offered else None,
    }
    return shown(request, "parts/release.html", seen, wrong=wrong is not None)


def _form(kind: type[Form]) -> Callable[[Release, Data, str], Form]:
    return lambda _release, data, _zone: kind(data)


def _walled(kind: type[forms.Walled]) -> Callable[[Release, Data, str], Form]:
    return lambda _release, data, zone: kind(data, timezone=zone)


def _says(name: str) -> Callable[[Release, Mapping[str, Any], Viewer, datetime], object]:
    return lambda release, said, by, now: getattr(operations, name)(release=release, **said, by=by, now=now)


def _check(release: Release, said: Mapping[str, Any], by: Viewer, now: datetime) -> object:
    return operations.check_release(release=release, passed=said["approve"], why=said["why"], by=by, now=now)


def _answer(release: Release, said: Mapping[str, Any], by: Viewer, now: datetime) -> object:
    return operations.answer_readiness(release=release, answers=said, by=by, now=now)


def _staff(*states: str) -> Callable[[Release, Viewer], bool]:
    return lambda release, viewer: viewer.site is Site.CONSOLE and viewer.has(*STAFF) and release.state in states


def _checks(release: Release, viewer: Viewer) -> bool:
    theirs = viewer.site is Site.PORTAL and viewer.has(*CUSTOMERS, organisation=release.customer_id)
    return theirs and release.state == Release.State.PLANNED


ACTS: Final = (
    Act(
        "check",
        gettext_lazy("Say what you found"),
        gettext_lazy("Your answer was kept."),
        _form(forms.YesOrNo),
        _check,
        _checks,
    ),
    Act(
        "answer",
        gettext_lazy("Answer the questions"),
        gettext_lazy("The answers were kept."),
        lambda release, data, _zone: forms.Readiness(data, release=release),
        _answer,
        _staff(Release.State.PLANNED),
    ),
    Act(
        "announce",
        gettext_lazy("Announce its downtime"),
        gettext_lazy("The downtime was announced."),
        _walled(forms.Announce),
        _says("announce_downtime"),
        lambda release, viewer: release.down_from is None and _staff(Release.State.PLANNED)(release, viewer),
    ),
    Act(
        "approve",
        gettext_lazy("Approve the release"),
        gettext_lazy("The release was approved."),
        _form(forms.Nothing),
        _says("approve_release"),
        lambda release, viewer: release.manager_id == viewer.author and _staff("PLANNED")(release, viewer),
    ),
    Act(
        "carry-out",
        gettext_lazy("It was carried out"),
        gettext_lazy("The changes are released."),
        _walled(forms.Happened),
        _says("carry_out_release"),
        _staff(Release.State.APPROVED),
    ),
    Act(
        "cancel",
        gettext_lazy("Give it up"),
        gettext_lazy("The release was given up."),
        _form(forms.Why),
        _says("cancel_release"),
        _staff(*_DECIDING),
    ),
)
"""All that is done with a release, in the order in which it is offered."""
