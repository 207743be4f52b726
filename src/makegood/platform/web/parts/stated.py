"""Pages about what people put their names to: values that they attest, and who caused what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.engine.agreement.measures.score import Score
from makegood.engine.agreement.measures.stated import Stated
from makegood.engine.agreement.versions import newest
from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.evidence.intake.operations import attribute, state_value
from makegood.platform.evidence.intake.queries import causes_found, stated_values
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.found import contract_of
from makegood.platform.web.parts.received import Moment

_SAY: Final = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
_UNITS: Final = (("", gettext_lazy("none")), *((each, each) for each in ("%", "ms", "s", "min", "h", "d")))
_LATEST: Final = 50


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site; who caused what is for the provider to find."""
    found = [path("agreements/<slug:slug>/evidence/values/", door(site, *_SAY[site])(values), name="values")]
    if site is Site.CONSOLE:
        found.append(path("agreements/<slug:slug>/evidence/causes/", door(site, *_SAY[site])(causes), name="causes"))
    return found


class Value(forms.Form):
    """A value that somebody attests."""

    of = forms.ChoiceField(label=gettext_lazy("What you state"))
    subject = forms.CharField(
        label=gettext_lazy("About"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as a team or a case. Leave it empty if there is only one thing to say this of."),
    )
    value = forms.CharField(label=gettext_lazy("Value"), max_length=40, help_text=gettext_lazy("A number: 4.5 or 98."))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=_UNITS, required=False)
    at = Moment(label=gettext_lazy("When it held (UTC)"))

    def __init__(self, *arguments: Any, about: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.about = about
        self.fields["of"].choices = [(each, each) for each in about]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("of") and not said.get("subject"):
            said["subject"] = self.about[said["of"]]
        return said


class Cause(forms.Form):
    """Who caused what."""

    party = forms.ChoiceField(label=gettext_lazy("Who caused it"))
    share = forms.CharField(
        label=gettext_lazy("Share"), max_length=20, initial="100%", help_text=gettext_lazy("Such as 40% or 2/5.")
    )
    incident = forms.CharField(
        label=gettext_lazy("Incident"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("As the evidence names it; or say from when to when it was."),
    )
    start = Moment(label=gettext_lazy("From (UTC)"), required=False)
    end = Moment(label=gettext_lazy("Until (UTC)"), required=False)

    def __init__(self, *arguments: Any, parties: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["party"].choices = list(parties.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("incident") and not (said.get("start") and said.get("end")):
            raise forms.ValidationError(_("Name the incident, or say from when to when it was."))
        return said


@require_http_methods(["GET", "POST"])
def values(request: Request, slug: str) -> HttpResponse:
    """Show which values people attested, and take one under the name of whoever asks."""
    contract = contract_of(request, slug)
    about = _about(contract)
    form = Value(request.POST or None, about=about)
    if request.method == "POST" and form.is_valid():
        try:
            state_value(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except (Unable, NotInForce) as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("It was kept under your name."))
            return back_to(request, "values", slug)
    found = stated_values(viewer=request.viewer, contract=contract)[:_LATEST]
    seen = {"contract": contract, "batches": found, "form": form if about else None}
    return render(request, "parts/values.html", seen, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def causes(request: Request, slug: str) -> HttpResponse:
    """Show who was found to have caused what, and take a finding."""
    contract = contract_of(request, slug)
    form = Cause(request.POST or None, parties=_parties(request, contract))
    if request.method == "POST" and form.is_valid():
        try:
            attribute(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except (Unable, NotInForce) as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("It was kept under your name."))
            return back_to(request, "causes", slug)
    found = causes_found(viewer=request.viewer, contract=contract)[:_LATEST]
    seen = {"contract": contract, "batches": found, "form": form}
    return render(request, "parts/causes.html", seen, status=422 if request.method == "POST" else 200)


def _about(contract: Contract) -> dict[str, str]:
    """Return the names under which an agreement takes stated values, each with what it is about if nobody says."""
    try:
        outcomes = newest(terms_of(contract=contract)[1]).outcomes.values()
    except NotInForce:
        return {}
    measures = [each.measure for each in outcomes]
    found = {each.of: each.of for each in measures if isinstance(each, Score)}
    return found | {each.of: each.about or each.of for each in measures if isinstance(each, Stated)}


def _parties(request: Request, contract: Contract) -> dict[str, str]:
    """Return who can have caused something: both sides, and the affiliates that the provider has agreements with."""
    bought = contracts(viewer=request.viewer).filter(customer=contract.provider).select_related("provider")
    every = (contract.provider, contract.customer, *(each.provider for each in bought))
    return {each.slug: each.name for each in every}
