"""Pages about paging: by which policies, and what became of it."""

from __future__ import annotations

from secrets import token_hex
from typing import Any, Final

from django.core.paginator import Paginator
from django.forms import Form, formset_factory
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Page, PageState, Policy
from makegood.platform.evidence.on_call.queries import (
    colleagues,
    may_keep,
    notifications,
    pages,
    policies,
    rotas,
    skills,
)
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.console.on_call_forms import AskFor, Choices, KeepPolicy, KeepStep
from makegood.platform.web.console.on_call_tabs import ENGAGED, KEEPERS, shown
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told

A_PAGE: Final = 50
_MORE_STEPS: Final = 3
_MOST_STEPS: Final = 20


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    opened, keeps = door(Site.CONSOLE), door(Site.CONSOLE, *KEEPERS)
    engaged = door(Site.CONSOLE, *ENGAGED)
    one = "on-call/pages/<int:page>/"
    return [
        path("on-call/policies/", keeps(all_policies), name="paging-policies"),
        path("on-call/policies/<int:paging>/", keeps(one_policy), name="paging-policy"),
        path("on-call/policies/<int:paging>/end/", keeps(policy_ended), name="end-paging-policy"),
        path("on-call/pages/", opened(all_pages), name="pages"),
        path("on-call/pages/new/", engaged(ask), name="new-page"),
        path(one, opened(one_page), name="page"),
        path(f"{one}acknowledge/", engaged(acknowledge), name="acknowledge-page"),
        path(f"{one}resolve/", engaged(resolve), name="resolve-page"),
    ]


@require_http_methods(["GET", "POST"])
def all_policies(request: Request) -> HttpResponse:
    """Show by which policies people are paged, and make one."""
    return _policy(request, None)


@require_http_methods(["GET", "POST"])
def one_policy(request: Request, paging: int) -> HttpResponse:
    """Show a policy, and change it."""
    return _policy(request, get_object_or_404(policies(viewer=request.viewer).filter(ended_at=None), pk=paging))


@require_POST
def policy_ended(request: Request, paging: int) -> HttpResponse:
    """End a policy."""
    found = get_object_or_404(policies(viewer=request.viewer), pk=paging)
    ended = _("The policy has ended.")
    told(request, lambda: operations.end_policy(policy=found, by=request.viewer, now=clock.now()), ended)
    return back_to(request, "paging-policies")


def all_pages(request: Request) -> HttpResponse:
    """Show what was paged, what is open first."""
    return _pages(request, None)


@require_POST
def ask(request: Request) -> HttpResponse:
    """Page somebody by hand."""
    form = AskFor(request.POST, policies=_going(request))
    made: list[Page] = []

    def paged() -> None:
        key = f"by hand {token_hex(8)}"
        made.append(operations.page(key=key, url="", **form.cleaned_data, by=request.viewer, now=clock.now()))

    if form.is_valid() and told(request, paged, _("It is on its way.")):
        return back_to(request, "page", made[0].pk)
    return _pages(request, form)


def one_page(request: Request, page: int) -> HttpResponse:
    """Show a page: what was sent to whom, and who looks after it."""
    viewer = request.viewer
    found = get_object_or_404(pages(viewer=viewer), pk=page)
    seen = {
        "page": found,
        "sent": notifications(viewer=viewer, page=found),
        "acts": viewer.has(*ENGAGED) and found.state != PageState.RESOLVED,
        "open": found.state in {PageState.OPEN, PageState.EXHAUSTED},
    }
    return shown(request, "page.html", seen)


@require_POST
def acknowledge(request: Request, page: int) -> HttpResponse:
    """Look after a page."""
    found = get_object_or_404(pages(viewer=request.viewer), pk=page)
    yours = _("It is yours; nobody else is paged.")
    told(request, lambda: operations.acknowledge(page=found, by=request.viewer, now=clock.now()), yours)
    return back_to(request, "page", page)


@require_POST
def resolve(request: Request, page: int) -> HttpResponse:
    """Say that nobody is needed any more."""
    found = get_object_or_404(pages(viewer=request.viewer), pk=page)
    told(request, lambda: operations.resolve_page(page=found, by=request.viewer, now=clock.now()), _("It is resolved."))
    return back_to(request, "page", page)


def _going(request: Request) -> list[Policy]:
    return list(policies(viewer=request.viewer).filter(ended_at=None))


def _pages(request: Request, form: AskFor | None) -> HttpResponse:
    viewer = request.viewer
    every = pages(viewer=viewer)
    waiting = every.filter(state__in=[PageState.OPEN, PageState.EXHAUSTED])
    listed = Paginator(every, A_PAGE).get_page(request.GET.get("page"))
    known = _going(request) if viewer.has(*ENGAGED) else []
    seen = {
        "waiting": waiting,
        "listed": listed,
        "form": form or (AskFor(policies=known) if known else None),
        "keeps": may_keep(viewer=viewer),
    }
    return shown(request, "pages.html", seen, wrong=form is not None)


def _policy(request: Request, policy: Policy | None) -> HttpResponse:
    """Show policies, or one, with a form that keeps it and its steps."""
    viewer, keeps = request.viewer, may_keep(viewer=request.viewer)
    choices = Choices(
        list(rotas(viewer=viewer).filter(ended_at=None)),
        colleagues(organisation=policy.organisation if policy is not None else house()),
        sorted(set(skills(viewer=viewer).values_list("name", flat=True))),
    )
    before = _written(policy)
    many = formset_factory(KeepStep, extra=_MORE_STEPS, max_num=_MOST_STEPS, validate_max=True)
    named: dict[str, Any] = {"form_kwargs": {"whom": choices.listed}, "prefix": "steps"}
    form = KeepPolicy(request.POST or None, initial=before[0])
    steps = many(request.POST, **named) if request.method == "POST" else many(initial=before[1], **named)
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        said = [each.cleaned_data for each in steps if each.cleaned_data.get("whom")]
        if _keep(request, form, policy, [choices.step(each) for each in said]):
            return back_to(request, "paging-policies")
    wrong = request.method == "POST"
    seen = {"policy": policy, "policies": _going(request), "form": form, "steps": steps, "keeps": keeps}
    return shown(request, "policies.html", seen, wrong=wrong)


def _keep(request: Request, form: Form, policy: Policy | None, steps: list[operations.StepAsked]) -> bool:
    try:
        operations.keep_policy(
            organisation=policy.organisation if policy is not None else house(),
            policy=policy,
            steps=steps,
            **form.cleaned_data,
            by=request.viewer,
            now=clock.now(),
        )
    except Unable as refusal:
        refused(form, refusal)
        return False
    return told(request, lambda: None, _("The policy was kept."))


def _written(policy: Policy | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what the fields of a policy and of its steps hold."""
    if policy is None:
        return {}, []
    names = ("name", "rounds", "round_minutes", "resolve_minutes")
    steps = []
    for each in policy.steps.all():
        target = each.rota_id or each.person_id or each.contact or each.skill
        whom = f"{each.whom.lower()}:{target}"
        steps.append({"after": each.after, "whom": whom, "channels": each.channels[0] if each.channels else ""})
    return {name: getattr(policy, name) for name in names}, steps
