"""What is asked about organisations, their sites and contacts."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from makegood.platform.tenancy.parties.models import ContactRole


def countries() -> list[tuple[str, str]]:
    """Return the countries by their name in the reader's language."""
    names = Locale.parse((get_language() or "en")[:2]).territories
    known = (
        (code, name) for code, name in names.items() if len(code) == 2 and code not in {"EU", "EZ", "UN", "QO", "ZZ"}
    )
    return [("", "—"), *sorted(known, key=lambda each: each[1])]


class ChangeOrganisation(forms.Form):
    """What an organisation is called."""

    name = forms.CharField(label=_("Name"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False)
    shows_affiliates = forms.BooleanField(
        label=_("Sees the names of affiliates"),
        help_text=_("Without this the house stands before its affiliates in everything that this customer sees."),
        required=False,
    )


class NewOrganisation(ChangeOrganisation):
    """The same, with the identifier that agreements name."""

    slug = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]*$",
        label=_("Identifier"),
        help_text=_("Agreements name the organisation so; it cannot be changed later. For example: acme."),
        error_messages={"invalid": _("Write lower-case letters, digits and hyphens.")},
        max_length=60,
    )
    field_order = ("name", "slug", "country", "shows_affiliates")


class KeepSite(forms.Form):
    """Where services are used or delivered."""

    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.CharField(label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"],
        initial="UTC",
    )


class KeepContact(forms.Form):
    """Whom to reach, and after how many others."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"))
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ContactRole.choices)
    escalation = forms.IntegerField(
        label=_("Asked as number"),
        min_value=1,
        max_value=99,
        initial=1,
        help_text=_("The first is asked first; the next when the one before does not answer."),
    )

    def clean_email(self) -> Any:
        return self.cleaned_data["email"].lower()
