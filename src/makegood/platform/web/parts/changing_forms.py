"""Forms about changes, their calendar, releases and problems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine.vocabulary.currencies import EXPONENTS
from makegood.engine.vocabulary.times import local_instant
from makegood.platform.evidence.changes.models import QUESTIONS, Change, Kind, Release, Review, Template
from makegood.platform.evidence.changes.operations import Asked
from makegood.platform.evidence.service_desk.models import Level
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.web.parts.governance_forms import Day, Money, few_lines

_FIRST, _LAST = 1970, 2190
_LONGEST: Final = 20_000
_FREQUENT: Final = ("EUR", "CHF", "GBP", "USD")
_CURRENCIES: Final = (*_FREQUENT, *sorted(set(EXPONENTS) - set(_FREQUENT)))
_LOW_OR_HIGH: Final = [(Level.LOW, Level.LOW.label), (Level.HIGH, Level.HIGH.label)]


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


def text(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field for some lines of text."""
    return forms.CharField(
        label=label, required=required, max_length=_LONGEST, widget=few_lines(rows), help_text=help_text
    )


def line(label: Any, *, required: bool = True, longest: int = 200, help_text: Any = "") -> forms.CharField:
    """Return a field for a line of text."""
    return forms.CharField(label=label, required=required, max_length=longest, help_text=help_text)


class Walled(forms.Form):
    """A form whose times are on the wall of a zone, which it names."""

    def __init__(self, *arguments: Any, timezone: str = "UTC", **named: Any) -> None:
        super().__init__(*arguments, **named)
        for each in self.fields.values():
            if isinstance(each, WallMoment):
                each.timezone = timezone
                each.label = f"{each.label} ({timezone})"


class Nothing(forms.Form):
    """Nothing is asked: a button is enough."""


class Why(forms.Form):
    """A reason that has to be given."""

    why = text(gettext_lazy("Why"), rows=2)


class MaybeWhy(forms.Form):
    """A reason that may be given."""

    why = text(gettext_lazy("Remark"), rows=2, required=False)


class YesOrNo(forms.Form):
    """Yes or no, and why; a no says why."""

    approve = forms.TypedChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda word: word == "yes",
    )
    why = text(gettext_lazy("Why"), rows=2, required=False)


class AskChange(Walled):
    """A request for change: its ten fields, those of a patch, and when it is made."""

    title = line(gettext_lazy("What it is about"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    template = forms.ChoiceField(
        label=gettext_lazy("Standard change"),
        required=False,
        help_text=gettext_lazy("Of a standard change: how it is done and what if it fails follow from it."),
    )
    service = line(gettext_lazy("Service"), required=False, longest=100)
    technology = line(gettext_lazy("Technology"), required=False, longest=100)
    need = text(gettext_lazy("Problem or need"))
    desired = text(gettext_lazy("Desired result"), required=False)
    affected = text(gettext_lazy("Who is affected"), rows=2, required=False)
    means = text(gettext_lazy("How it is done"), required=False)
    continuity = text(gettext_lazy("What is done if it fails"), required=False)
    deadline = Day(label=gettext_lazy("Proposed deadline"), required=False)
    cost = Money(label=gettext_lazy("Cost"), required=False, help_text=gettext_lazy("Such as 1,200.00"))
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=lambda: [(each, each) for each in _CURRENCIES], required=False
    )
    budget = line(gettext_lazy("Budget approved and signed off by"), required=False, longest=100)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Level.choices, initial=Level.MEDIUM)
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=_LOW_OR_HIGH)
    starts_at = WallMoment(label=gettext_lazy("It is made from"), required=False)
    ends_at = WallMoment(label=gettext_lazy("until"), required=False)
    components = text(gettext_lazy("Components"), rows=2, required=False)
    vulnerability = text(gettext_lazy("Vulnerability addressed"), rows=2, required=False)
    package = text(gettext_lazy("Size and files"), rows=2, required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), choices=[("", gettext_lazy("not said")), *Level.choices], required=False
    )
    proposed_at = WallMoment(label=gettext_lazy("Proposed time"), required=False)
    testing = text(gettext_lazy("Testing done"), rows=2, required=False)

    def __init__(self, *arguments: Any, templates: Iterable[Template] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.templates = {str(each.pk): each for each in templates}
        chosen = [(key, each.title) for key, each in self.templates.items()]
        self.fields["template"].choices = [("", _("none")), *chosen]  # type: ignore[attr-defined]
        if self.data.get("currency") in EXPONENTS:
            self.fields["cost"].currency = self.data["currency"]  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as they belong together."""
        patch = ("components", "vulnerability", "package", "urgency", "proposed_at", "testing")
        when = ("starts_at", "ends_at")
        rest = [each for each in self.fields if each not in (*patch, *when)]
        return [
            ("", [self[each] for each in rest]),
            (_("When it is made"), [self[each] for each in when]),
            (_("Of a patch"), [self[each] for each in patch]),
        ]

    def asked(self) -> dict[str, Any]:
        """Return the request, and the template that it follows."""
        said = dict(self.cleaned_data)
        template = self.templates.get(said.pop("template", ""))
        return {"asked": Asked(**said), "template": template}


def written(change: Change, timezone: Any) -> dict[str, Any]:
    """Return what a request says, to be written anew."""
    found = {name: getattr(change, name) for name in Asked.__dataclass_fields__}
    for name in ("starts_at", "ends_at", "proposed_at"):
        found[name] = found[name].astimezone(timezone).replace(tzinfo=None) if found[name] is not None else None
    if change.cost is not None:
        places = EXPONENTS[change.currency]
        found["cost"] = f"{change.cost // 10**places}" + (f".{change.cost % 10**places:0{places}}" if places else "")
    return {**found, "template": str(change.template_id or "")}


class _People(forms.Form):
    """A form in which people are chosen."""

    def __init__(self, *arguments: Any, people: Iterable[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.people = {str(each.pk): each for each in people}

    def choose(self, name: str, *, none: str = "") -> None:
        """Offer the people in a field."""
        first = [("", none)] if none else []
        choices = [*first, *((key, each.name) for key, each in self.people.items())]
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ChoosePerson(_People):
    """Somebody."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose("person")

    def clean_person(self) -> Person:
        return self.people[self.cleaned_data["person"]]


class Authorise(_People):
    """Who sits in the committee, and what there is to say."""

    members = forms.MultipleChoiceField(
        label=gettext_lazy("Committee"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A change of high impact goes before a committee that votes."),
    )
    why = text(gettext_lazy("Remark"), rows=2, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose("members")

    def clean_members(self) -> list[tuple[Person, str]]:
        return [(self.people[each], "") for each in self.cleaned_data["members"]]


class Prioritise(forms.Form):
    """How soon a change is wanted, how much it touches, and why that is said anew."""

    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Level.choices)
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=_LOW_OR_HIGH)
    why = text(gettext_lazy("Why"), rows=2)


class Plan(Walled):
    """When a change is made; against what stands there only with a reason."""

    starts_at = WallMoment(label=gettext_lazy("From"))
    ends_at = WallMoment(label=gettext_lazy("Until"))
    why = text(
        gettext_lazy("Why it is made then although something stands against it"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Only a service manager plans against windows, freezes and other changes."),
    )


class Try(forms.Form):
    """What was tested, by whom, where and with which result."""

    tester = line(gettext_lazy("Tested by"))
    what = text(gettext_lazy("What was tested"), rows=2)
    environment = text(gettext_lazy("Where it was tested"), rows=2)
    differences = text(gettext_lazy("How that differs from production"), rows=2)
    passed = forms.BooleanField(label=gettext_lazy("It passed"), required=False)


class ReviewChange(forms.Form):
    """How a change went."""

    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=Review.Result.choices)
    text = text(gettext_lazy("What was learnt"))


class ChooseCase(forms.Form):
    """A case, by its number."""

    case = forms.IntegerField(label=gettext_lazy("Number of the case"), min_value=1, max_value=2**62)


class PlanRelease(_People, Walled):
    """Which changes are released together, by whom, and when."""

    title = line(gettext_lazy("Title"))
    manager = forms.ChoiceField(label=gettext_lazy("Release manager"))
    changes = forms.MultipleChoiceField(label=gettext_lazy("Changes"), widget=forms.CheckboxSelectMultiple)
    starts_at = WallMoment(label=gettext_lazy("From"))
    ends_at = WallMoment(label=gettext_lazy("Until"))

    def __init__(self, *arguments: Any, changes: Iterable[Change], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose("manager")
        self.known = {str(each.pk): each for each in changes}
        self.fields["changes"].choices = [(key, str(each)) for key, each in self.known.items()]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Return what is planned."""
        said = dict(self.cleaned_data)
        said["manager"] = self.people[said["manager"]]
        said["changes_of"] = [self.known[each] for each in said.pop("changes")]
        return said


class Readiness(forms.Form):
    """What is known of a release."""

    def __init__(self, *arguments: Any, release: Release, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, question in QUESTIONS.items():
            self.fields[name] = text(question, rows=2, required=False)
            self.fields[name].initial = release.readiness.get(name, "")


class Announce(Walled):
    """When a release takes a service down."""

    starts_at = WallMoment(label=gettext_lazy("Down from"))
    ends_at = WallMoment(label=gettext_lazy("until"))
    service = line(
        gettext_lazy("Service"),
        required=False,
        longest=100,
        help_text=gettext_lazy("As the agreement names it; empty is all of them."),
    )


class Happened(Walled):
    """When something was done; empty is now."""

    at = WallMoment(label=gettext_lazy("When"), required=False, help_text=gettext_lazy("Leave it empty for now."))


class OpenProblem(forms.Form):
    """What lies behind incidents."""

    title = line(gettext_lazy("What it is about"))
    customer = forms.ChoiceField(label=gettext_lazy("Customer"), required=False)
    service = line(gettext_lazy("Service"), required=False, longest=100)
    text = text(gettext_lazy("What is seen"), required=False)

    def __init__(self, *arguments: Any, customers: Iterable[Organisation], everybody: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.customers = {each.slug: each for each in customers}
        first = [("", _("our own"))] if everybody else []
        chosen = [*first, *((key, each.name) for key, each in self.customers.items())]
        self.fields["customer"].choices = chosen  # type: ignore[attr-defined]

    def clean_customer(self) -> Organisation | None:
        return self.customers.get(self.cleaned_data["customer"])


class RootCause(forms.Form):
    """Why something happens, and how people get along meanwhile."""

    root_cause = text(gettext_lazy("Root cause"))
    workaround = text(gettext_lazy("Workaround"), rows=2, required=False)


class Workaround(forms.Form):
    """How people get along with a problem."""

    workaround = text(gettext_lazy("Workaround"), rows=2)


class Resolve(forms.Form):
    """What the root cause was."""

    root_cause = text(gettext_lazy("Root cause"), help_text=gettext_lazy("As it was found."))


class Refer(forms.Form):
    """Which affiliate analyses a problem, and what it is asked to do."""

    affiliate = forms.ChoiceField(label=gettext_lazy("Affiliate"))
    why = text(gettext_lazy("What it is asked to find out"))

    def __init__(self, *arguments: Any, affiliates: Iterable[Organisation], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.affiliates = {each.slug: each for each in affiliates}
        self.fields["affiliate"].choices = [(key, each.name) for key, each in self.affiliates.items()]  # type: ignore[attr-defined]

    def clean_affiliate(self) -> Organisation:
        return self.affiliates[self.cleaned_data["affiliate"]]
