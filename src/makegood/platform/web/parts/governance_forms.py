"""Forms about duties, impacts, meetings, actions and scope changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine.vocabulary.amount import Amount
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.review.governance.models import Assurance, Meeting, Standing
from makegood.platform.review.governance.queries import QUESTIONS
from makegood.platform.tenancy.parties.models import Organisation

_FIRST, _LAST = 1970, 2200
"""The years of which days are kept."""


class Day(forms.DateField):
    """A day, chosen from a calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found is not None and not _FIRST <= found.year < _LAST:
            said = {"first": _FIRST, "last": _LAST}
            raise forms.ValidationError(_("A day lies between %(first)s and %(last)s."), params=said)
        return found


def few_lines(rows: int) -> forms.Textarea:
    """Return a field for some lines of text."""
    return forms.Textarea(attrs={"rows": rows})


class Money(forms.CharField):
    """An amount in one currency, which is kept in minor units."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=40, **named)
        self.currency = "EUR"

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Amount.parse(text, self.currency).minor
        except ValueError:
            raise forms.ValidationError(
                _("Write an amount in %(currency)s like 1,200.00."), params={"currency": self.currency}
            ) from None


class MarkDuty(forms.Form):
    """Since when a duty is met, unmet or waived."""

    duty = forms.CharField(widget=forms.HiddenInput)
    standing = forms.ChoiceField(label=gettext_lazy("It is"), choices=Standing.choices)
    since = Day(label=gettext_lazy("Since"))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=few_lines(2))


class StateImpact(forms.Form):
    """What a miss did to the customer."""

    people = forms.IntegerField(label=gettext_lazy("People affected"), required=False, min_value=0)
    minutes = forms.IntegerField(
        label=gettext_lazy("For how many minutes"), required=False, min_value=0, help_text=gettext_lazy("120 = 2 hours")
    )
    amount = Money(label=gettext_lazy("What it cost the business"), required=False)
    words = forms.CharField(label=gettext_lazy("In words"), required=False, widget=few_lines(2))

    def __init__(self, *arguments: Any, currency: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["amount"]
        field.help_text = currency
        field.currency = currency  # type: ignore[attr-defined]


class CallMeeting(forms.Form):
    """A meeting besides the rhythm."""

    kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=Meeting.Kind.choices)
    day = Day(label=gettext_lazy("Day"))


class MoveMeeting(forms.Form):
    """Another day for a meeting."""

    day = Day(label=gettext_lazy("New day"))


class WriteMinutes(forms.Form):
    """Who was there, and what was decided."""

    attendees = forms.CharField(label=gettext_lazy("Who was there"), max_length=2000)
    text = forms.CharField(label=gettext_lazy("What was said and decided"), max_length=50_000, widget=few_lines(6))


class AgreeAction(forms.Form):
    """What is to be done, by whom, until when."""

    text = forms.CharField(label=gettext_lazy("What is done"), max_length=5000, widget=few_lines(2))
    owner = forms.CharField(label=gettext_lazy("Who does it"), max_length=200)
    side = forms.TypedChoiceField(label=gettext_lazy("For"), coerce=int)
    due_date = Day(label=gettext_lazy("Until"))

    def __init__(self, *arguments: Any, contract: Contract, **named: Any) -> None:
        super().__init__(*arguments, **named)
        parties = (contract.provider, contract.customer)
        self.fields["side"].choices = [(each.pk, each.name) for each in parties]  # type: ignore[attr-defined]


class ProposeChange(forms.Form):
    """A change of what is in scope, with its price."""

    text = forms.CharField(label=gettext_lazy("What changes"), max_length=5000, widget=few_lines(3))
    amount = Money(label=gettext_lazy("Effect on the monthly price"))

    def __init__(self, *arguments: Any, currency: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["amount"]
        field.help_text = _("In %(currency)s; 0 if there is none, negative if it becomes cheaper.") % {
            "currency": currency
        }
        field.currency = currency  # type: ignore[attr-defined]


class SetStage(forms.Form):
    """The name and the days of a stage."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    began_on = Day(label=gettext_lazy("Begun"), required=False)
    ended_on = Day(label=gettext_lazy("Ended"), required=False)


class TakeBaseline(forms.Form):
    """The answers of an assessment, and the outcomes that refer to it."""

    def __init__(self, *arguments: Any, domain: str, outcomes: list[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, question in QUESTIONS.get(domain, ()):
            self.fields[name] = forms.CharField(
                label=str(question), required=False, max_length=5000, widget=few_lines(2)
            )
        if outcomes:
            self.fields["outcomes"] = forms.MultipleChoiceField(
                label=_("Outcomes that refer to it"),
                required=False,
                choices=[(each, each) for each in outcomes],
                widget=forms.CheckboxSelectMultiple,
            )


class GrantAccess(forms.Form):
    """Who may reach what, and until when."""

    who = forms.CharField(label=gettext_lazy("Who"), max_length=200)
    what = forms.CharField(label=gettext_lazy("May reach what"), max_length=200)
    way = forms.CharField(
        label=gettext_lazy("In which way"), required=False, max_length=200, help_text=gettext_lazy("Such as VPN.")
    )
    until = Day(label=gettext_lazy("Until"))


class KeepPolicy(forms.Form):
    """An insurance."""

    organisation = forms.TypedChoiceField(label=gettext_lazy("Whose"), coerce=int)
    title = forms.CharField(label=gettext_lazy("Insurance"), max_length=200)
    insurer = forms.CharField(label=gettext_lazy("With whom"), required=False, max_length=200)
    amount = Money(label=gettext_lazy("Sum insured"), help_text="EUR")
    until = Day(label=gettext_lazy("Until"))

    def __init__(self, *arguments: Any, organisations: list[Organisation], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].choices = [(each.pk, each.name) for each in organisations]  # type: ignore[attr-defined]


class ShowAssurance(forms.Form):
    """Something of the provider's security that customers see."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Assurance.Kind.choices)
    title = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    words = forms.CharField(label=gettext_lazy("In words"), required=False, max_length=5000, widget=few_lines(2))
    day = Day(label=gettext_lazy("Day"))
    until = Day(label=gettext_lazy("Until"), required=False)
