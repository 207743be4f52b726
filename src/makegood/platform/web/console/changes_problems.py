"""Pages about problems, and patterns of incidents that may be one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import ContractState
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.changes import operations
from makegood.platform.evidence.changes.models import Problem
from makegood.platform.evidence.changes.queries import changes, problems, rate_around, suggestions
from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts import changing_forms as forms
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.change_tabs import shown
from makegood.platform.web.parts.changing import A_PAGE, READERS
from makegood.platform.web.parts.changing_acts import STAFF, Data

_MOST: Final = 100
_UNSOLVED: Final = (Problem.State.OPEN, Problem.State.KNOWN_ERROR)


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    reads, works = door(Site.CONSOLE, *READERS[Site.CONSOLE]), door(Site.CONSOLE, *STAFF)
    return [
        path("problems/", reads(all_problems), name="problems"),
        path("problems/new/", works(new_problem), name="new-problem"),
        path("problems/suggestions/", reads(all_suggestions), name="suggestions"),
        path("problems/suggestions/<int:suggestion>/", works(decide), name="decide-suggestion"),
        path("problems/<int:problem>/", reads(one_problem), name="problem"),
        path("problems/<int:problem>/do/", works(act), name="act-on-problem"),
    ]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with a problem in one of its ``states``."""

    name: str
    title: str | Lazy
    done: str | Lazy
    form: Callable[[Problem, Viewer, Data], Form]
    does: Callable[[Problem, Mapping[str, Any], Viewer, datetime], object]
    states: tuple[str, ...]


def all_problems(request: Request) -> HttpResponse:
    """Show the problems, those in a state or all."""
    state = request.GET.get("state", "")
    found = problems(viewer=request.viewer)
    if state in Problem.State.values:
        found = found.filter(state=state)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    seen = {"page": page, "state": state, "states": Problem.State.choices, "works": request.viewer.has(*STAFF)}
    return shown(request, "console/problems.html", seen)


@require_http_methods(["GET", "POST"])
def new_problem(request: Request) -> HttpResponse:
    """Write a problem down, also because of a case."""
    viewer, now = request.viewer, clock.now()
    number = request.GET.get("case", "")
    case = _case(viewer, number) if number else None
    begun = {"title": case.title, "customer": case.customer.slug, "service": case.service} if case is not None else {}
    form = forms.OpenProblem(
        request.POST if request.method == "POST" else None,
        customers=organisations(viewer=viewer).filter(is_house=False),
        everybody=viewer.limited is None,
        initial=begun,
    )
    if form.is_valid():
        try:
            linked = [case] if case is not None else []
            made = operations.open_problem(**form.cleaned_data, linked=linked, by=viewer, now=now)
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The problem was kept."))
            return back_to(request, "problem", made.pk)
    seen = {"title": _("Write a problem down"), "form": form, "back": reverse("console:problems"), "remove": ""}
    return render(request, "parts/ask.html", seen, status=422 if form.errors else 200)


def one_problem(request: Request, problem: int) -> HttpResponse:
    """Show a problem: its cases and changes, what is known of it, and whether mending it helped."""
    return _problem(request, _found(request, problem))


@require_POST
def act(request: Request, problem: int) -> HttpResponse:
    """Do something with a problem."""
    found = _found(request, problem)
    chosen = next((each for each in ACTS if each.name == request.POST.get("do")), None)
    if chosen is None:
        raise Http404
    form = chosen.form(found, request.viewer, request.POST)
    if form.is_valid():
        try:
            chosen.does(found, form.cleaned_data, request.viewer, clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, str(chosen.done))
            return back_to(request, "problem", found.pk)
    return _problem(request, found, chosen, form)


def all_suggestions(request: Request) -> HttpResponse:
    """Show what incidents have in common, and what was decided about it."""
    found = suggestions(viewer=request.viewer)
    rows = [(each, forms.Why(auto_id=f"id_{each.pk}_%s")) for each in found.filter(state="OPEN")[:_MOST]]
    seen = {"rows": rows, "decided": found.exclude(state="OPEN")[:A_PAGE], "works": request.viewer.has(*STAFF)}
    return shown(request, "console/suggestions.html", seen)


@require_POST
def decide(request: Request, suggestion: int) -> HttpResponse:
    """Make a problem of a pattern, or dismiss it."""
    by, now = request.viewer, clock.now()
    found = get_object_or_404(suggestions(viewer=by), pk=suggestion)
    if request.POST.get("accept") == "yes":
        said = _("It is a problem now; look for its root cause.")
        told(request, lambda: operations.accept_suggestion(suggestion=found, by=by, now=now), said)
    else:
        why = request.POST.get("why", "")
        told(
            request,
            lambda: operations.dismiss_suggestion(suggestion=found, why=why, by=by, now=now),
            _("It was dismissed."),
        )
    return back_to(request, "suggestions")


def _found(request: Request, number: int) -> Problem:
    return get_object_or_404(problems(viewer=request.viewer), pk=number)


def _case(viewer: Viewer, number: str) -> Case:
    fits = number.isascii() and number.isdigit() and len(number) < 16  # digits of a key
    return get_object_or_404(cases(viewer=viewer), pk=number if fits else 0)


def _problem(request: Request, problem: Problem, chosen: Act | None = None, wrong: Form | None = None) -> HttpResponse:
    viewer, now = request.viewer, clock.now()
    offered = [each for each in ACTS if problem.state in each.states and viewer.has(*STAFF)]
    listed = [
        (each, wrong if each is chosen and wrong is not None else each.form(problem, viewer, None), each is chosen)
        for each in offered
    ]
    rates = rate_around(problem=problem, now=now)
    linked = cases(viewer=viewer).filter(pk__in=problem.links.values("case"))
    seen = {
        "problem": problem,
        "cases": linked[:_MOST],
        "count": linked.count(),
        "changes": changes(viewer=viewer).filter(problem=problem),
        "rates": rates,
        "most": max((each.count for each in rates), default=0) or 1,
        "forms": listed,
        "elsewhere": wrong if wrong is not None and chosen not in offered else None,
        "works": viewer.has(*STAFF),
    }
    return shown(request, "console/problem.html", seen, wrong=wrong is not None)


def _form(kind: type[Form]) -> Callable[[Problem, Viewer, Data], Form]:
    return lambda _problem, _viewer, data: kind(data)


def _known(kind: type[Form]) -> Callable[[Problem, Viewer, Data], Form]:
    """Return a form that begins with what is known."""
    return lambda problem, _viewer, data: kind(
        data, initial={"root_cause": problem.root_cause, "workaround": problem.workaround}
    )


def _owners(_problem: Problem, _viewer: Viewer, data: Data) -> Form:
    return forms.ChoosePerson(data, people=people_with(organisation=house(), roles=STAFF))


def _refer(_problem: Problem, viewer: Viewer, data: Data) -> Form:
    bought = contracts(viewer=viewer).filter(customer=viewer.house, state=ContractState.ACTIVE)
    affiliates = Organisation.objects.filter(pk__in=bought.order_by().values("provider"))
    return forms.Refer(data, affiliates=affiliates)


def _says(name: str) -> Callable[[Problem, Mapping[str, Any], Viewer, datetime], object]:
    return lambda problem, said, by, now: getattr(operations, name)(problem=problem, **said, by=by, now=now)


def _own(problem: Problem, said: Mapping[str, Any], by: Viewer, now: datetime) -> object:
    return operations.own_problem(problem=problem, owner=said["person"], by=by, now=now)


def _link(problem: Problem, said: Mapping[str, Any], by: Viewer, now: datetime) -> object:
    case = cases(viewer=by).filter(pk=said["case"]).first()
    if case is None:
        raise operations.UnableToChange(_("There is no such case of this customer."))
    return operations.link_case(problem=problem, case=case, by=by, now=now)


_RESOLVED: Final = (Problem.State.RESOLVED,)
_ANY: Final = (*_UNSOLVED, *_RESOLVED)
ACTS: Final = (
    Act("link", gettext_lazy("Add a case"), gettext_lazy("It was kept."), _form(forms.ChooseCase), _link, _ANY),
    Act(
        "root-cause",
        gettext_lazy("Keep the root cause"),
        gettext_lazy("It is a known error now."),
        _known(forms.RootCause),
        _says("find_root_cause"),
        _UNSOLVED,
    ),
    Act(
        "workaround",
        gettext_lazy("Keep a workaround"),
        gettext_lazy("It was kept."),
        _known(forms.Workaround),
        _says("keep_workaround"),
        _UNSOLVED,
    ),
    Act(
        "refer",
        gettext_lazy("Have an affiliate analyse it"),
        gettext_lazy("The affiliate has it now."),
        _refer,
        _says("refer_problem"),
        _UNSOLVED,
    ),
    Act("own", gettext_lazy("Give it to somebody"), gettext_lazy("It has another owner."), _owners, _own, _ANY),
    Act(
        "resolve",
        gettext_lazy("It is resolved"),
        gettext_lazy("From now on its incidents are counted against those before."),
        _known(forms.Resolve),
        _says("resolve_problem"),
        _UNSOLVED,
    ),
    Act(
        "reopen",
        gettext_lazy("It is still there"),
        gettext_lazy("It is open again."),
        _form(forms.Why),
        _says("reopen_problem"),
        _RESOLVED,
    ),
    Act(
        "close",
        gettext_lazy("Close it"),
        gettext_lazy("The problem is closed."),
        _form(forms.Nothing),
        _says("close_problem"),
        _RESOLVED,
    ),
)
"""All that is done with a problem, in the order in which it is offered."""
