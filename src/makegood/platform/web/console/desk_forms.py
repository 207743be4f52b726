"""What is looked for in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.platform.evidence.service_desk.models import State
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation


class Look(forms.Form):
    """Which cases to show."""

    words = forms.CharField(
        label=gettext_lazy("Words or number"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    customer = forms.ModelChoiceField(
        label=gettext_lazy("Customer"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("all"),
    )
    service = forms.CharField(label=gettext_lazy("Service"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *State.choices]
    )
    priority = forms.CharField(label=gettext_lazy("Priority"), max_length=60, required=False)
    soon = forms.BooleanField(label=gettext_lazy("Due within the hour"), required=False)
    closed = forms.BooleanField(label=gettext_lazy("Closed ones as well, the newest first"), required=False)

    def __init__(
        self, *arguments: Any, customers: QuerySet[Organisation], people: Sequence[Person], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        found = [("", _("all")), ("me", _("me")), *((str(each.pk), each.name) for each in people)]
        self.fields["owner"].choices = found  # type: ignore[attr-defined]
