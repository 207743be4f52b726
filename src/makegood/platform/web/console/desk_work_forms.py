"""Forms for work on cases: templates, alarms, and who hears of a major incident."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from makegood.platform.evidence.on_call.models import Policy
from makegood.platform.evidence.on_call.queries import policies
from makegood.platform.evidence.service_desk.models import CaseTemplate, CommunicationPlan, Level
from makegood.platform.evidence.service_desk.operations import Intake, Recurrence
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.web.doors import Request

_LONGEST = 20_000


def customer_field(label: Any, empty: Any) -> forms.ModelChoiceField[Organisation]:
    """Return a field for a customer; which ones there are is said when the form is made."""
    return forms.ModelChoiceField(
        label=label, queryset=Organisation.objects.none(), to_field_name="slug", required=False, empty_label=empty
    )


class _OfCustomer(forms.Form):
    """A form with a customer of those whom somebody sees."""

    def __init__(self, *arguments: Any, request: Request, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["customer"].queryset = customers_of(request)  # type: ignore[attr-defined]


def customers_of(request: Request) -> QuerySet[Organisation]:
    """Return the customers whom somebody sees."""
    return organisations(viewer=request.viewer).filter(is_house=False)


class Template(_OfCustomer):
    """A template of cases."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    customer = customer_field(gettext_lazy("Customer"), gettext_lazy("all"))
    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=200)
    kind = forms.CharField(label=gettext_lazy("Kind"), max_length=60, initial="request")
    service = forms.CharField(label=gettext_lazy("Service"), max_length=100, required=False)
    symptoms = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    checklist = forms.CharField(
        label=gettext_lazy("Checklist"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One item on each line."),
    )
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=Level.choices, initial=Level.LOW)
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=Level.choices, initial=Level.LOW)
    owner = forms.TypedChoiceField(label=gettext_lazy("Owner"), coerce=int, required=False, empty_value=None)
    every = forms.IntegerField(
        label=gettext_lazy("Opened every"),
        min_value=1,
        max_value=366,
        required=False,
        help_text=gettext_lazy("Leave it empty if it does not come again."),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Days, weeks or months"), choices=CaseTemplate.Unit.choices, required=False
    )
    first_day = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    hour = forms.IntegerField(label=gettext_lazy("At hour"), min_value=0, max_value=23, required=False, initial=8)
    zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=60, required=False, initial="Europe/Berlin")

    def __init__(self, *arguments: Any, people: list[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [("", gettext_lazy("as always")), *((each.pk, each.name) for each in people)]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask from which day on, if it comes again."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("every") and not said.get("first_day"):
            self.add_error("first_day", gettext_lazy("Say from which day on it comes again."))
        return said

    def asked(self, people: list[Person]) -> dict[str, Any]:
        """Return what the operation is asked for."""
        said = self.cleaned_data
        intake = {name: said[name] for name in ("title", "kind", "service", "symptoms", "impact", "urgency")}
        recurrence = None
        if said["every"]:
            hour = said["hour"] if said["hour"] is not None else 8
            recurrence = Recurrence(said["every"], said["unit"], said["first_day"], hour, said["zone"] or "UTC")
        return {
            "name": said["name"],
            "customer": said["customer"],
            "intake": Intake(**intake),
            "checklist": said["checklist"].splitlines(),
            "owner": next((each for each in people if each.pk == said["owner"]), None),
            "recurrence": recurrence,
        }


class FromTemplate(_OfCustomer):
    """A case from a template."""

    customer = customer_field(gettext_lazy("Customer"), gettext_lazy("that of the template"))
    title = forms.CharField(label=gettext_lazy("What it is about, if it differs"), max_length=200, required=False)


class MakeAlarm(_OfCustomer):
    """For which cases people are paged."""

    policy = forms.ModelChoiceField(label=gettext_lazy("Paging policy"), queryset=Policy.objects.none())
    percent = forms.IntegerField(
        label=gettext_lazy("When so many percent of a limit are used up"), min_value=1, max_value=100, initial=90
    )
    customer = customer_field(gettext_lazy("Customer"), gettext_lazy("all"))
    priority = forms.CharField(
        label=gettext_lazy("Priority"), max_length=60, required=False, help_text=gettext_lazy("Empty means all.")
    )

    def __init__(self, *arguments: Any, request: Request, **named: Any) -> None:
        super().__init__(*arguments, request=request, **named)
        known = policies(viewer=request.viewer).filter(ended_at=None)
        self.fields["policy"].queryset = known  # type: ignore[attr-defined]


class Plan(forms.Form):
    """Who hears how often of a major incident."""

    audience = forms.ChoiceField(label=gettext_lazy("Who hears it"), choices=CommunicationPlan.Audience.choices)
    way = forms.ChoiceField(label=gettext_lazy("By"), choices=CommunicationPlan.Way.choices)
    minutes = forms.IntegerField(
        label=gettext_lazy("Every so many minutes"), min_value=5, max_value=7 * 24 * 60, initial=60
    )
    text = forms.CharField(
        label=gettext_lazy("What it begins with"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Announce(forms.Form):
    """How a major incident stands."""

    text = forms.CharField(
        label=gettext_lazy("How it stands"), max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class WhichMonth(forms.Form):
    """Which figures to show."""

    month = forms.DateField(
        label=gettext_lazy("Month"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )
    customer = customer_field(gettext_lazy("Customer"), gettext_lazy("all"))
    service = forms.CharField(label=gettext_lazy("Service"), max_length=100, required=False)

    def __init__(self, *arguments: Any, request: Request, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["customer"].queryset = customers_of(request)  # type: ignore[attr-defined]
