"""The relationship with a customer in four steps: evaluate, talk about value, agree, apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.review.governance import operations, queries
from makegood.platform.review.governance.queries import Better, Lack, Progress, Step
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.console import relationship_forms
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.organisation import found, shown

KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
_NAMES: Final = {
    1: (gettext_lazy("Evaluate"), gettext_lazy("What it costs today, and what a health check measured.")),
    2: (gettext_lazy("Talk about value"), gettext_lazy("What each outcome is worth, agreed with the customer.")),
    3: (gettext_lazy("Agree"), gettext_lazy("Outcomes, their targets and the money on them, from a blueprint.")),
    4: (gettext_lazy("Apply"), gettext_lazy("Roadmap and architecture, duties and meetings.")),
}
_LACKING: Final[dict[Lack, tuple[str | Promise, str | Promise, str]]] = {
    Lack.COSTS: (gettext_lazy("No cost is written down."), gettext_lazy("Write a cost down"), "new-cost"),
    Lack.MEASUREMENT: (
        gettext_lazy("Nothing was measured, so nothing can be compared later."),
        gettext_lazy("Keep a measurement"),
        "new-measurement",
    ),
    Lack.EXPECTED_VALUE: (
        gettext_lazy("Nobody has said what an outcome is worth."),
        gettext_lazy("Write an expected value down"),
        "new-expected-value",
    ),
    Lack.AGREEMENT: (gettext_lazy("There is no agreement."), gettext_lazy("Begin an agreement"), "new_agreement"),
    Lack.ACTIVATION: (
        gettext_lazy("An agreement is written and not in force."),
        gettext_lazy("See what it waits for"),
        "terms",
    ),
    Lack.ROADMAP: (gettext_lazy("The roadmap is empty."), gettext_lazy("Plan something"), "new-entry"),
    Lack.ARCHITECTURE: (
        gettext_lazy("The reference architecture is empty."),
        gettext_lazy("Write a component down"),
        "new-component",
    ),
    Lack.DUTIES: (
        gettext_lazy("Nobody has said how the duties of the customer stand."),
        gettext_lazy("See the duties"),
        "duties",
    ),
    Lack.MEETING: (gettext_lazy("No meeting was held."), gettext_lazy("See the meetings"), "governance"),
}
_OF_AN_AGREEMENT: Final = ("terms", "duties", "governance")
_PROGRESS: Final = {
    Progress.TO_DO: (gettext_lazy("to do"), "bg-secondary-lt"),
    Progress.BEGUN: (gettext_lazy("begun"), "bg-yellow-lt"),
    Progress.DONE: (gettext_lazy("done"), "bg-green-lt"),
}
_BETTER: Final = {
    Better.BETTER: (gettext_lazy("better"), "bg-green-lt"),
    Better.SAME: (gettext_lazy("the same"), "bg-secondary-lt"),
    Better.WORSE: (gettext_lazy("worse"), "bg-red-lt"),
}


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    reads, keeps = door(Site.CONSOLE, *queries.READERS), door(Site.CONSOLE, *KEEPERS)
    here = "organisations/<slug:slug>/relationship/"
    return [
        path(here, reads(relationship), name="relationship"),
        path(f"{here}costs/new/", keeps(new_cost), name="new-cost"),
        path(f"{here}costs/<int:cost>/end/", keeps(cost_ended), name="end-cost"),
        path(f"{here}values/new/", keeps(new_expected_value), name="new-expected-value"),
        path(f"{here}values/<int:value>/end/", keeps(expected_value_ended), name="end-expected-value"),
        path(f"{here}measurements/new/", keeps(new_measurement), name="new-measurement"),
        path(f"{here}measurements/<int:measurement>/", keeps(compare), name="compare-measurement"),
    ]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing, and where it is mended; there is no such place before there is an agreement."""

    text: str | Promise
    label: str | Promise
    address: str


def relationship(request: Request, slug: str) -> HttpResponse:
    """Show the four steps, what each lacks, and how it is compared with how it was."""
    customer = customer_of(request, slug)
    viewer, now = request.viewer, clock.now()
    steps = [_shown(each, customer) for each in queries.relationship(viewer=viewer, customer=customer, now=now)]
    lacking = (one for each in steps for one in each["missing"] if one.address)
    costs = queries.costs(viewer=viewer, customer=customer)
    values = queries.expected_values(viewer=viewer, customer=customer)
    compared = queries.comparisons(viewer=viewer, customer=customer)
    return shown(
        request,
        "console/relationship.html",
        customer,
        steps=steps,
        next_step=next(lacking, None),
        costs=costs,
        costs_by_year=queries.by_year(costs),
        values=values,
        values_by_year=queries.by_year(values),
        comparisons=[(each, *(_BETTER[each.better] if each.better else ("", ""))) for each in compared],
        keeps=viewer.has(*KEEPERS),
    )


@require_http_methods(["GET", "POST"])
def new_cost(request: Request, slug: str) -> HttpResponse:
    """Write a cost down."""
    customer, form = customer_of(request, slug), relationship_forms.KeepCost(posted(request))
    return asked(request, customer, _("What it costs today"), form, operations.keep_cost)


@require_POST
def cost_ended(request: Request, slug: str, cost: int) -> HttpResponse:
    """Take a cost off the list."""
    kept = get_object_or_404(queries.costs(viewer=request.viewer, customer=customer_of(request, slug)), pk=cost)
    told(request, lambda: operations.end_cost(cost=kept, by=request.viewer, now=clock.now()), _("It was taken off."))
    return back_to(request, "relationship", slug)


@require_http_methods(["GET", "POST"])
def new_expected_value(request: Request, slug: str) -> HttpResponse:
    """Write down what an outcome is expected to be worth."""
    customer, form = customer_of(request, slug), relationship_forms.KeepExpectedValue(posted(request))
    return asked(request, customer, _("What an outcome is worth"), form, operations.keep_expected_value)


@require_POST
def expected_value_ended(request: Request, slug: str, value: int) -> HttpResponse:
    """Say that an outcome is no longer expected to be worth this."""
    kept = get_object_or_404(
        queries.expected_values(viewer=request.viewer, customer=customer_of(request, slug)), pk=value
    )
    told(
        request,
        lambda: operations.end_expected_value(value=kept, by=request.viewer, now=clock.now()),
        _("It was taken off."),
    )
    return back_to(request, "relationship", slug)


@require_http_methods(["GET", "POST"])
def new_measurement(request: Request, slug: str) -> HttpResponse:
    """Keep what a health check measured."""
    customer = customer_of(request, slug)
    comparable = queries.comparable(viewer=request.viewer, customer=customer)
    form = relationship_forms.KeepMeasurement(posted(request), comparable=comparable)
    return asked(request, customer, _("What was measured"), form, operations.keep_measurement)


@require_http_methods(["GET", "POST"])
def compare(request: Request, slug: str, measurement: int) -> HttpResponse:
    """Choose what a measurement is compared with."""
    customer = customer_of(request, slug)
    kept = get_object_or_404(queries.measurements(viewer=request.viewer, customer=customer), pk=measurement)
    comparable = queries.comparable(viewer=request.viewer, customer=customer)
    now = f"{kept.contract.slug}/{kept.outcome}" if kept.contract is not None else ""
    form = relationship_forms.CompareMeasurement(posted(request), comparable=comparable, initial={"compared": now})
    return asked(request, customer, kept.title, form, operations.compare_measurement, measurement=kept)


def customer_of(request: Request, slug: str) -> Organisation:
    """Return a customer that exists for whoever asks; the provider itself is none.

    :raises Http404: if there is no such customer
    """
    customer = found(request, slug)
    if customer.is_house:
        raise Http404
    return customer


def posted(request: Request) -> QueryDict | None:
    """Return what a form was sent with, also if nothing was written into it."""
    return request.POST if request.method == "POST" else None


def asked(
    request: Request,
    customer: Organisation,
    title: str,
    form: forms.Form,
    operation: Callable[..., object],
    back: str = "relationship",
    **about: object,
) -> HttpResponse:
    """Ask for something on a page of its own, do it, and go back; ``about`` is the customer if nothing else."""
    if form.is_valid():
        said: dict[str, Any] = {**form.cleaned_data, **(about or {"customer": customer})}
        try:
            operation(**said, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("It was kept."))
            return back_to(request, back, customer.slug)
    seen = {
        "title": f"{title} · {customer}",
        "form": form,
        "back": reverse(f"console:{back}", args=[customer.slug]),
        "remove": "",
    }
    return render(request, "parts/ask.html", seen, status=422 if form.errors else 200)


def _shown(step: Step, customer: Organisation) -> dict[str, Any]:
    """Return a step in words, with where what it lacks is mended."""
    name, about = _NAMES[step.number]
    progress, colour = _PROGRESS[step.progress]
    return {
        "step": step,
        "name": name,
        "about": about,
        "progress": progress,
        "colour": colour,
        "missing": [_missing(each, step, customer) for each in step.missing],
    }


def _missing(lack: Lack, step: Step, customer: Organisation) -> Missing:
    text, label, name = _LACKING[lack]
    if name == "new_agreement":
        return Missing(text, label, reverse("console:new_agreement"))
    if name not in _OF_AN_AGREEMENT:
        return Missing(text, label, reverse(f"console:{name}", args=[customer.slug]))
    address = reverse(f"console:{name}", args=[step.contract.slug]) if step.contract is not None else ""
    return Missing(text, label, address)
