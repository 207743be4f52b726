"""Forms about rotas, leave, policies and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine.vocabulary.currencies import EXPONENTS
from makegood.engine.vocabulary.times import local_instant
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.on_call.models import ChannelKind, Policy, Rota
from makegood.platform.evidence.on_call.operations import StepAsked
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import ContactRole, Organisation
from makegood.platform.web.parts.governance_forms import Day, Money, few_lines

_FIRST, _LAST = 1970, 2190
MOST_TURNS: Final = 8
"""So many people are chosen at once on a page; programs may choose more."""
SENT_BY: Final = tuple(each for each in ChannelKind if each != ChannelKind.PHONE)


class WallMoment(forms.DateTimeField):
    """A time on the wall of a zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    timezone = "UTC"

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        if found is None:
            return None
        if not _FIRST <= found.year <= _LAST:
            said = {"first": _FIRST, "last": _LAST}
            raise forms.ValidationError(_("A day lies between %(first)s and %(last)s."), params=said)
        return local_instant(found.replace(tzinfo=None), self.timezone)


class WallForm(forms.Form):
    """A form whose times are on the wall of a zone, which it names."""

    def __init__(self, *arguments: Any, timezone: str = "UTC", **named: Any) -> None:
        super().__init__(*arguments, **named)
        for each in self.fields.values():
            if isinstance(each, WallMoment):
                each.timezone = timezone
                each.label = f"{each.label} ({timezone})"


class KeepRota(forms.Form):
    """What a rota is called, and when it has to have somebody."""

    organisation = forms.ChoiceField(label=gettext_lazy("Whose people"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    timezone = forms.CharField(label=gettext_lazy("Time zone"), max_length=60, initial="Europe/Berlin")
    covers = forms.CharField(
        label=gettext_lazy("Hours"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Such as mon-fri 18:00-08:00; sat-sun 00:00-24:00. Leave it empty for every hour."),
    )
    country = forms.CharField(
        label=gettext_lazy("Public holidays of"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("Two letters such as DE; for what hours are worth."),
    )
    subdivision = forms.CharField(label=gettext_lazy("Part of the country"), max_length=6, required=False)

    def __init__(self, *arguments: Any, organisations: Sequence[Organisation] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not organisations:
            del self.fields["organisation"]
            return
        self.fields["organisation"].choices = [(each.pk, each.name) for each in organisations]  # type: ignore[attr-defined]


class KeepLayer(forms.Form):
    """Who takes turns, from which day on, and for how long each."""

    starts_on = Day(label=gettext_lazy("The first turn begins on"))
    hand_over = forms.TimeField(
        label=gettext_lazy("Turns change at"),
        initial="09:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    days = forms.IntegerField(label=gettext_lazy("Days of a turn"), initial=7, min_value=1, max_value=366)
    covers = forms.CharField(
        label=gettext_lazy("Only in these hours"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Such as mon-fri 18:00-08:00. Leave it empty for all hours of the rota."),
    )

    def __init__(self, *arguments: Any, people: Sequence[Person], taken: int = 0, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.people = {str(each.pk): each for each in people}
        choices = [("", "—"), *((each.pk, each.name) for each in people)]
        for number in range(1, max(min(len(people), MOST_TURNS), taken) + 1):
            label = gettext_lazy("Turn %d") % number
            self.fields[f"turn_{number}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        turns = [said.pop(name) for name in [*said] if name.startswith("turn_")]
        said["people"] = [self.people[each] for each in turns if each]
        return said


class KeepOverride(WallForm):
    """Who takes over, and when."""

    person = forms.ChoiceField(label=gettext_lazy("Who takes over"))
    instead_of = forms.ChoiceField(label=gettext_lazy("Instead of"), required=False)
    starts_at = WallMoment(label=gettext_lazy("From"))
    ends_at = WallMoment(label=gettext_lazy("Until"))
    why = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False)

    def __init__(self, *arguments: Any, people: Sequence[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.people = {str(each.pk): each for each in people}
        found = [(each.pk, each.name) for each in people]
        self.fields["person"].choices = found  # type: ignore[attr-defined]
        self.fields["instead_of"].choices = [("", _("whoever it is")), *found]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        said["person"] = self.people.get(said.get("person") or "")
        said["instead_of"] = self.people.get(said.get("instead_of") or "")
        return said


class TakeLeave(WallForm):
    """Who is not there, and when."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    starts_at = WallMoment(label=gettext_lazy("From"))
    ends_at = WallMoment(label=gettext_lazy("Until"))
    why = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False)

    def __init__(self, *arguments: Any, people: Sequence[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.people = {str(each.pk): each for each in people}
        self.fields["person"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        said["person"] = self.people.get(said.get("person") or "")
        return said


class SetPay(forms.Form):
    """What an hour is worth."""

    since = Day(label=gettext_lazy("Since"))
    standby = Money(label=gettext_lazy("An hour on standby"))
    called = Money(label=gettext_lazy("An hour called"))
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, initial="EUR")
    night = forms.IntegerField(label=gettext_lazy("More at night, in percent"), min_value=0, max_value=1000, initial=0)
    weekend = forms.IntegerField(
        label=gettext_lazy("More at weekends, in percent"), min_value=0, max_value=1000, initial=0
    )
    holiday = forms.IntegerField(
        label=gettext_lazy("More on holidays, in percent"), min_value=0, max_value=1000, initial=0
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        written = str(self.data.get("currency", "")).strip().upper()
        for name in ("standby", "called"):
            field = self.fields[name]
            if isinstance(field, Money) and written in EXPONENTS:
                field.currency = written

    def clean_currency(self) -> str:
        found = str(self.cleaned_data["currency"]).strip().upper()
        if found not in EXPONENTS:
            raise forms.ValidationError(_("Name a currency by its three letters, such as EUR."))
        return found


class AssignRota(forms.Form):
    """Which agreement a rota staffs."""

    contract = forms.ChoiceField(label=gettext_lazy("Agreement"))

    def __init__(self, *arguments: Any, contracts: Sequence[Contract], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.contracts = {each.slug: each for each in contracts}
        self.fields["contract"].choices = [(each.slug, each.title) for each in contracts]  # type: ignore[attr-defined]

    def clean_contract(self) -> Contract:
        return self.contracts[self.cleaned_data["contract"]]


class KeepPolicy(forms.Form):
    """What a policy is called, and how long it goes on."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    rounds = forms.IntegerField(
        label=gettext_lazy("How often the steps are gone through"), min_value=1, max_value=10, initial=2
    )
    round_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of each time"), min_value=1, max_value=1440, initial=30
    )
    resolve_minutes = forms.IntegerField(
        label=gettext_lazy("Goes on unless resolved after minutes"),
        min_value=1,
        max_value=10_080,
        required=False,
        help_text=gettext_lazy("Leave it empty to rely on whoever acknowledges."),
    )


class KeepStep(forms.Form):
    """A step: after so many minutes whom, and how."""

    after = forms.IntegerField(label=gettext_lazy("After minutes"), min_value=0, max_value=1440, required=False)
    whom = forms.ChoiceField(label=gettext_lazy("Whom"), required=False)
    channels = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[("", gettext_lazy("every channel")), *((each.value, each.label) for each in SENT_BY)],
        required=False,
    )

    def __init__(self, *arguments: Any, whom: Sequence[tuple[str, Any]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["whom"].choices = whom  # type: ignore[attr-defined]


class Choices:
    """Whom a step can reach, as a list to choose from, and back."""

    def __init__(self, rotas: Sequence[Rota], people: Sequence[Person], skills: Sequence[str]) -> None:
        self._rotas = {str(each.pk): each for each in rotas}
        self._people = {str(each.pk): each for each in people}
        self._skills = skills

    @property
    def listed(self) -> list[tuple[str, Any]]:
        """The choices in groups."""
        groups = (
            (_("Whoever is on call in"), [(f"rota:{key}", each.name) for key, each in self._rotas.items()]),
            (_("A person"), [(f"person:{key}", each.name) for key, each in self._people.items()]),
            (_("A contact"), [(f"contact:{each.value}", each.label) for each in ContactRole]),
            (_("Whoever has the skill"), [(f"skill:{each}", each) for each in self._skills]),
        )
        return [("", "—"), *(group for group in groups if group[1])]

    def step(self, said: dict[str, Any]) -> StepAsked:
        """Return the step that was chosen."""
        kind, _colon, name = said["whom"].partition(":")
        return StepAsked(
            after=said["after"] or 0,
            rota=self._rotas[name] if kind == "rota" else None,
            person=self._people[name] if kind == "person" else None,
            contact=name if kind == "contact" else "",
            skill=name if kind == "skill" else "",
            channels=(said["channels"],) if said["channels"] else (),
        )


class AskFor(forms.Form):
    """Page somebody by hand."""

    policy = forms.ChoiceField(label=gettext_lazy("Policy"))
    subject = forms.CharField(label=gettext_lazy("What is the matter"), max_length=200)
    text = forms.CharField(label=gettext_lazy("More"), required=False, max_length=10_000, widget=few_lines(3))

    def __init__(self, *arguments: Any, policies: Sequence[Policy], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.policies = {str(each.pk): each for each in policies}
        self.fields["policy"].choices = [(each.pk, each.name) for each in policies]  # type: ignore[attr-defined]

    def clean_policy(self) -> Policy:
        return self.policies[self.cleaned_data["policy"]]


class SayPresence(WallForm):
    """Whether somebody is there."""

    available = forms.ChoiceField(
        label=gettext_lazy("I am"), choices=[("yes", gettext_lazy("available")), ("no", gettext_lazy("away"))]
    )
    until = WallMoment(label=gettext_lazy("Until"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def clean_available(self) -> bool:
        return bool(self.cleaned_data["available"] == "yes")


class KeepChannel(forms.Form):
    """How somebody is reached."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ChannelKind.choices)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("An e-mail address, that of a gateway for text messages, a number, or a web address."),
    )


class MakeFeed(forms.Form):
    """Whose turns a calendar has."""

    rota = forms.ChoiceField(label=gettext_lazy("Whose turns"), required=False)

    def __init__(self, *arguments: Any, rotas: Sequence[Rota], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.rotas = {str(each.pk): each for each in rotas}
        found = [("", _("mine, in all rotas")), *((each.pk, each.name) for each in rotas)]
        self.fields["rota"].choices = found  # type: ignore[attr-defined]

    def clean_rota(self) -> Rota | None:
        return self.rotas.get(self.cleaned_data["rota"])


class KeepSkill(forms.Form):
    """What somebody can do."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    name = forms.CharField(label=gettext_lazy("Skill"), max_length=100)
    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        choices=[(1, gettext_lazy("knows it")), (2, gettext_lazy("works alone")), (3, gettext_lazy("teaches it"))],
    )
    certificate = forms.CharField(label=gettext_lazy("Certificate"), max_length=200, required=False)
    expires_on = Day(label=gettext_lazy("Expires"), required=False)

    def __init__(self, *arguments: Any, people: Sequence[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.people = {str(each.pk): each for each in people}
        self.fields["person"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]

    def clean_level(self) -> int:
        return int(self.cleaned_data["level"])

    def clean_person(self) -> Person:
        return self.people[self.cleaned_data["person"]]
