"""What the house shows of its security, its insurances, and what runs out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.review.governance.operations import end_assurance, end_policy, keep_policy, show_assurance
from makegood.platform.review.governance.queries import assurances, expiring, insurable, policies
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.governance_forms import KeepPolicy, ShowAssurance

_READERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR)
_KEEPERS = (Role.OWNER, Role.SERVICE_MANAGER)
CURRENCY = "EUR"
"""Of the sums insured."""


@door(Site.CONSOLE, *_READERS)
def assurance(request: Request) -> HttpResponse:
    """Show assurances and insurances."""
    return _assurance(request, None, None)


@door(Site.CONSOLE, *_KEEPERS)
@require_POST
def new_assurance(request: Request) -> HttpResponse:
    """Show customers something of the house's security."""
    form = ShowAssurance(request.POST)
    if form.is_valid():
        try:
            show_assurance(**form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("Customers see it on their trust page."))
            return back_to(request, "assurance")
    return _assurance(request, form, None)


@door(Site.CONSOLE, *_KEEPERS)
@require_POST
def assurance_ended(request: Request, assurance: int) -> HttpResponse:
    """Take something off the trust page."""
    found = get_object_or_404(assurances(viewer=request.viewer), pk=assurance)
    told(request, lambda: end_assurance(assurance=found, by=request.viewer, now=clock.now()), _("It was taken off."))
    return back_to(request, "assurance")


@door(Site.CONSOLE, *_KEEPERS)
@require_POST
def new_policy(request: Request) -> HttpResponse:
    """Write an insurance down."""
    known = insurable(viewer=request.viewer)
    form = KeepPolicy(request.POST, organisations=known)
    if form.is_valid():
        said = form.cleaned_data
        chosen = said.pop("organisation")
        whose = next(each for each in known if each.pk == chosen)
        try:
            keep_policy(organisation=whose, currency=CURRENCY, **said, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The insurance was written down."))
            return back_to(request, "assurance")
    return _assurance(request, None, form)


@door(Site.CONSOLE, *_KEEPERS)
@require_POST
def policy_ended(request: Request, policy: int) -> HttpResponse:
    """Say that an insurance no longer counts."""
    found = get_object_or_404(policies(viewer=request.viewer), pk=policy)
    told(request, lambda: end_policy(policy=found, by=request.viewer, now=clock.now()), _("It no longer counts."))
    return back_to(request, "assurance")


def _assurance(request: Request, shown: ShowAssurance | None, insured: KeepPolicy | None) -> HttpResponse:
    now = clock.now()
    keeps = request.viewer.has(*_KEEPERS) and request.viewer.limited is None
    seen = {
        "assurances": assurances(viewer=request.viewer),
        "policies": policies(viewer=request.viewer),
        "expiring": expiring(viewer=request.viewer, now=now),
        "today": now.date(),
        "assurance_form": (shown or ShowAssurance()) if keeps else None,
        "policy_form": (insured or KeepPolicy(organisations=insurable(viewer=request.viewer), auto_id="id_policy_%s"))
        if keeps
        else None,
    }
    return render(request, "console/assurance.html", seen, status=422 if shown or insured else 200)
