"""Forms about the relationship with a customer: costs, expected value, measurements, roadmap, architecture."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine.vocabulary.currencies import EXPONENTS
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.review.governance.models import RoadmapEntry
from makegood.platform.review.governance.operations import FIRST_YEAR, LAST_YEAR
from makegood.platform.web.parts.governance_forms import Day, Money, few_lines

_FREQUENT: Final = ("EUR", "CHF", "GBP", "USD")


def currencies() -> list[tuple[str, str]]:
    """Return the currencies, those that are frequent first."""
    return [(each, each) for each in (*_FREQUENT, *sorted(set(EXPONENTS) - set(_FREQUENT)))]


class _Yearly(forms.Form):
    """An amount in a year, in a currency that is chosen."""

    amount = Money(label=gettext_lazy("Amount in a year"), help_text=gettext_lazy("Such as 1,200.00"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currencies)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        chosen = self.data.get("currency")
        if chosen in EXPONENTS:
            self.fields["amount"].currency = chosen  # type: ignore[attr-defined]


class KeepCost(_Yearly):
    """What something costs the customer today."""

    title = forms.CharField(
        label=gettext_lazy("What it is"),
        max_length=200,
        help_text=gettext_lazy("Such as licences, people, hardware or lost hours."),
    )
    field_order = ("title", "amount", "currency")


class KeepExpectedValue(_Yearly):
    """What an outcome is expected to be worth."""

    outcome = forms.CharField(
        label=gettext_lazy("Outcome"), max_length=200, help_text=gettext_lazy("In words of the customer's business.")
    )
    words = forms.CharField(
        label=gettext_lazy("Where the value comes from"), required=False, max_length=5000, widget=few_lines(3)
    )
    agreed_with = forms.CharField(label=gettext_lazy("Agreed with"), max_length=200)
    field_order = ("outcome", "amount", "currency", "words", "agreed_with")


class _Compared(forms.Form):
    """With which outcome of which agreement something is compared."""

    compared = forms.ChoiceField(label=gettext_lazy("Compared with"), required=False)

    def __init__(self, *arguments: Any, comparable: list[tuple[Contract, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.comparable = {f"{contract.slug}/{outcome}": (contract, outcome) for contract, outcome in comparable}
        self.fields["compared"].choices = [  # type: ignore[attr-defined]
            ("", _("nothing yet")),
            *((key, f"{contract.title}: {outcome}") for key, (contract, outcome) in self.comparable.items()),
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        said["contract"], said["outcome"] = self.comparable.get(said.pop("compared", ""), (None, ""))
        return said


class KeepMeasurement(_Compared):
    """What a health check measured."""

    title = forms.CharField(label=gettext_lazy("What was measured"), max_length=200)
    value = forms.CharField(
        label=gettext_lazy("Value"), max_length=40, help_text=gettext_lazy("Write it like 97.5%, 4h, 30m or 12.")
    )
    measured_on = Day(label=gettext_lazy("Measured on"))
    source = forms.CharField(label=gettext_lazy("Where it comes from"), max_length=200, required=False)
    field_order = ("title", "value", "measured_on", "source", "compared")


class CompareMeasurement(_Compared):
    """What a measurement is compared with from now on."""


class ChangeEntry(forms.Form):
    """When something of the roadmap comes, how far it is, and why."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR - 1)
    quarter = forms.TypedChoiceField(
        label=gettext_lazy("Quarter"), coerce=int, choices=[(each, f"Q{each}") for each in range(1, 5)]
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=RoadmapEntry.State.choices)
    why = forms.CharField(label=gettext_lazy("Why"), max_length=5000, widget=few_lines(3))


class PlanEntry(ChangeEntry):
    """Something that is planned."""

    title = forms.CharField(label=gettext_lazy("What is planned"), max_length=200)
    field_order = ("title", "year", "quarter", "state", "why")


class KeepComponent(forms.Form):
    """A part of the reference architecture."""

    title = forms.CharField(
        label=gettext_lazy("Component"), max_length=200, help_text=gettext_lazy("Such as firewall or mail.")
    )
    standard = forms.CharField(label=gettext_lazy("Standard"), max_length=200)
    version = forms.CharField(label=gettext_lazy("Version"), max_length=200, required=False)
    deviation = forms.CharField(
        label=gettext_lazy("How the customer deviates"), required=False, max_length=5000, widget=few_lines(2)
    )
