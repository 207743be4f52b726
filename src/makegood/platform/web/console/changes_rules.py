"""Pages about the rules of changes: standard changes, freezes and managers of all, and what each customer has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.evidence.changes import operations
from makegood.platform.evidence.changes.models import Rule
from makegood.platform.evidence.changes.queries import freezes, responsible, rule_of, templates, windows
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.change_calendar import weekdays
from makegood.platform.web.parts.change_tabs import shown
from makegood.platform.web.parts.changing import READERS
from makegood.platform.web.parts.changing_acts import MANAGERS, STAFF
from makegood.platform.web.parts.changing_forms import Walled, WallMoment, line, text

_LONGEST_NUMBER: Final = 16


class SetRules(forms.Form):
    """How changes of a customer are decided and released."""

    approves = forms.ChoiceField(
        label=gettext_lazy("Changes that the customer approves"), choices=Rule.Approves.choices
    )
    approver = forms.ChoiceField(label=gettext_lazy("Who approves for the customer"), choices=Rule.Approver.choices)
    quorum = forms.IntegerField(label=gettext_lazy("Votes that a committee needs"), min_value=1, max_value=50)
    straight = forms.BooleanField(
        label=gettext_lazy("Low impact is released without a release approval"), required=False
    )
    checks = forms.BooleanField(label=gettext_lazy("The customer checks releases"), required=False)
    timezone = line(gettext_lazy("Time zone of the windows"), longest=60)


class OpenWindow(forms.Form):
    """A weekly time in which changes are made."""

    weekday = forms.TypedChoiceField(label=gettext_lazy("Day"), coerce=int)
    starts = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(
        label=gettext_lazy("Until"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=gettext_lazy("00:00 is the end of the day."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["weekday"].choices = list(enumerate(weekdays()))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name in ("starts", "ends"):
            if name in said:
                said[name] = said[name].hour * 60 + said[name].minute
        said["ends"] = said.get("ends") or 24 * 60
        return said


class FreezeChanges(Walled):
    """A time in which nothing is changed."""

    title = line(gettext_lazy("Why nothing is changed"))
    starts_at = WallMoment(label=gettext_lazy("From"))
    ends_at = WallMoment(label=gettext_lazy("Until"))


class AuthoriseTemplate(forms.Form):
    """A standard change, authorised once."""

    title = line(gettext_lazy("Title"))
    means = text(gettext_lazy("How it is done"))
    continuity = text(gettext_lazy("What is done if it fails"), rows=2)


class NameManager(forms.Form):
    """Who decides about changes of a technology."""

    technology = line(gettext_lazy("Technology"), longest=100)
    manager = forms.ChoiceField(label=gettext_lazy("Change manager"))
    resources = forms.ChoiceField(label=gettext_lazy("Manager of its resources"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        managers = people_with(organisation=house(), roles=MANAGERS)
        self.people = {str(each.pk): each for each in people_with(organisation=house(), roles=STAFF)}
        self.fields["manager"].choices = [(str(each.pk), each.name) for each in managers]  # type: ignore[attr-defined]
        chosen = [("", _("nobody")), *((key, each.name) for key, each in self.people.items())]
        self.fields["resources"].choices = chosen  # type: ignore[attr-defined]

    def clean_manager(self) -> Person:
        return self.people[self.cleaned_data["manager"]]

    def clean_resources(self) -> Person | None:
        return self.people.get(self.cleaned_data["resources"])


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    reads, keeps = door(Site.CONSOLE, *READERS[Site.CONSOLE]), door(Site.CONSOLE, *MANAGERS)
    return [
        path("changes/rules/", reads(rules_of_all), name="change-rules"),
        path("changes/rules/do/", keeps(act_for_all), name="act-on-change-rules"),
        path("organisations/<slug:slug>/changes/", reads(rules_of_one), name="change-rules-of"),
        path("organisations/<slug:slug>/changes/do/", keeps(act_for_one), name="act-on-change-rules-of"),
    ]


def rules_of_all(request: Request) -> HttpResponse:
    """Show the standard changes, freezes and managers that hold for all, and lead to those of each customer."""
    return _all(request, None)


@require_POST
def act_for_all(request: Request) -> HttpResponse:
    """Keep or end something that holds for all."""
    return _act(request, None)


def rules_of_one(request: Request, slug: str) -> HttpResponse:
    """Show how changes of a customer are decided and released, and when they are made."""
    return _one(request, _customer(request, slug), None)


@require_POST
def act_for_one(request: Request, slug: str) -> HttpResponse:
    """Keep or end something of a customer."""
    return _act(request, _customer(request, slug))


def _customer(request: Request, slug: str) -> Organisation:
    return get_object_or_404(organisations(viewer=request.viewer), slug=slug)


def _act(request: Request, customer: Organisation | None) -> HttpResponse:
    do = request.POST.get("do", "")
    if do in _ENDING:
        return _ended(request, customer, do)
    making = _MAKING.get(do)
    if making is None or do in (_OF_A_CUSTOMER if customer is None else _OF_ALL):
        raise Http404
    kind, name = making
    form = _form(kind, customer, request.POST)
    if form.is_valid():
        about = {} if name == "name_manager" else {"customer": customer}
        try:
            getattr(operations, name)(**about, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("It was kept."))
            return _back(request, customer)
    wrong = (do, form)
    return _all(request, wrong) if customer is None else _one(request, customer, wrong)


def _ended(request: Request, customer: Organisation | None, do: str) -> HttpResponse:
    """End a freeze or a standard change, or take a window away."""
    name, seen = _ENDING[do]
    number = request.POST.get("number", "")
    fits = number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER
    found = get_object_or_404(seen(viewer=request.viewer), pk=number if fits else 0)
    about = {do: found, "by": request.viewer, "now": clock.now()}
    told(request, lambda: getattr(operations, name)(**about), _("It holds no more."))
    return _back(request, customer)


def _back(request: Request, customer: Organisation | None) -> HttpResponse:
    return back_to(request, "change-rules") if customer is None else back_to(request, "change-rules-of", customer.slug)


def _form(kind: type[forms.Form], customer: Organisation | None, data: Any = None) -> forms.Form:
    if issubclass(kind, Walled):
        zone = rule_of(customer=customer.pk).timezone if customer is not None else "UTC"
        return kind(data, timezone=zone)
    if kind is SetRules and customer is not None:
        rule = rule_of(customer=customer.pk)
        return kind(data, initial={name: getattr(rule, name) for name in SetRules.base_fields})
    return kind(data)


def _forms(request: Request, customer: Organisation | None, wrong: Any) -> list[tuple[str, str, forms.Form, bool]]:
    """Return the forms of a page with their headings; one in which something is wrong is open."""
    if not request.viewer.has(*MANAGERS):
        return []
    names = [each for each in _MAKING if each not in (_OF_A_CUSTOMER if customer is None else _OF_ALL)]
    given = dict([wrong] if wrong is not None else [])
    return [
        (each, _titles()[each], given.get(each) or _form(_MAKING[each][0], customer), each in given) for each in names
    ]


def _all(request: Request, wrong: tuple[str, forms.Form] | None) -> HttpResponse:
    viewer = request.viewer
    seen = {
        "customers": organisations(viewer=viewer),
        "templates": templates(viewer=viewer).filter(customer=None),
        "freezes": freezes(viewer=viewer).filter(customer=None, ends_at__gt=clock.now()),
        "responsible": responsible(viewer=viewer),
        "forms": _forms(request, None, wrong),
        "keeps": viewer.has(*MANAGERS) and viewer.limited is None,
    }
    return shown(request, "console/change_rules.html", seen, wrong=wrong is not None)


def _one(request: Request, customer: Organisation, wrong: tuple[str, forms.Form] | None) -> HttpResponse:
    viewer = request.viewer
    rule = rule_of(customer=customer.pk)
    days = weekdays()
    opened = [
        (each, days[each.weekday], _hours(each.starts), _hours(each.ends))
        for each in windows(viewer=viewer).filter(customer=customer)
    ]
    seen = {
        "customer": customer,
        "rule": rule,
        "windows": opened,
        "templates": templates(viewer=viewer).filter(customer=customer),
        "freezes": freezes(viewer=viewer).filter(customer=customer, ends_at__gt=clock.now()),
        "forms": _forms(request, customer, wrong),
        "keeps": viewer.has(*MANAGERS),
    }
    return shown(request, "console/change_rules_of.html", seen, wrong=wrong is not None)


def _hours(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _titles() -> dict[str, str]:
    return {
        "rules": _("Set the rules"),
        "open-window": _("Open a window"),
        "freeze-changes": _("Freeze changes"),
        "authorise": _("Authorise a standard change"),
        "manager": _("Name a change manager"),
    }


_MAKING: Final[dict[str, tuple[type[forms.Form], str]]] = {
    "rules": (SetRules, "set_rules"),
    "open-window": (OpenWindow, "open_window"),
    "freeze-changes": (FreezeChanges, "freeze_changes"),
    "authorise": (AuthoriseTemplate, "authorise_template"),
    "manager": (NameManager, "name_manager"),
}
"""What is kept, by the name of its form: the form and the operation."""
_OF_A_CUSTOMER: Final = ("rules", "open-window")
_OF_ALL: Final = ("manager",)
_ENDING: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "window": ("drop_window", windows),
    "freeze": ("end_freeze", freezes),
    "template": ("end_template", templates),
}
"""What is ended, by what it is: the operation and where it is found."""
