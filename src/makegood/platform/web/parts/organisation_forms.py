"""What is asked about people, keys and brands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from makegood.platform.tenancy.access.models import Role, Scope
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import STAFF

DAYS = [(30, _("30 days")), (90, _("90 days")), (366, _("a year"))]


class Customers(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for mypy alone
    """Some customers; the field of people who see only these."""

    def __init__(self, among: QuerySet[Organisation]) -> None:
        super().__init__(
            among,
            required=False,
            label=_("Sees these customers only"),
            help_text=_("None chosen means all."),
            widget=forms.CheckboxSelectMultiple,
        )


class Invite(forms.Form):
    """Whom to offer which role."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Iterable[Role], customers: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = list(roles)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # as declared above
        choice.choices = [("", "—"), *((role.value, role.label) for role in given)]
        if STAFF & set(given) and customers.exists():
            self.fields["customers"] = Customers(customers)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class Limit(forms.Form):
    """Which customers somebody of the staff sees."""

    def __init__(self, *args: Any, customers: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customers"] = Customers(customers)


class MakeKey(forms.Form):
    """What a program is called, what it may do, and for how long."""

    name = forms.CharField(
        label=_("Name of the program"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Ends after"), choices=DAYS, coerce=int, initial=90)


class SetBrand(forms.Form):
    """How an organisation looks."""

    name = forms.CharField(label=_("Name on pages, mails and documents"), max_length=200)
    colour = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Colour"),
        help_text=_("White text must be readable on it."),
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control form-control-color"}),
        error_messages={"invalid": _("Write a colour such as #0b5cad.")},
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 256 KiB. Leave empty to keep the present one."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    without_logo = forms.BooleanField(label=_("Show no logo"), required=False)


class SetOwnersBrand(SetBrand):
    """The same, with what only the owner sets."""

    sender = forms.CharField(
        label=_("Sender of mails"),
        required=False,
        max_length=200,
        help_text=_("For example: Acme Services <services@acme.example>."),
    )
    portal_host = forms.CharField(
        label=_("Host name of the portal"),
        required=False,
        max_length=200,
        help_text=_("Whoever opens this host name sees this brand, on the sign-in page too."),
    )
