"""Forms about cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.platform.evidence.service_desk.models import Cause, HeldFor, Level, Message, State, TimeEntry, Transfer
from makegood.platform.evidence.service_desk.operations import File
from makegood.platform.evidence.service_desk.queries import Askable
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.web.parts.governance_forms import Money, few_lines

_FIRST, _LAST = 1970, 2200
_LONGEST: Final = 20_000
_MOST_MINUTES: Final = 7 * 24 * 60
_LARGEST_NUMBER: Final = 2**63 - 1
_PLAIN_LEVELS: Final = {
    "impact": (
        (Level.LOW, gettext_lazy("only me")),
        (Level.MEDIUM, gettext_lazy("several of us")),
        (Level.HIGH, gettext_lazy("everybody, or our customers")),
    ),
    "urgency": (
        (Level.LOW, gettext_lazy("it can wait")),
        (Level.MEDIUM, gettext_lazy("it slows us down")),
        (Level.HIGH, gettext_lazy("work stands still")),
    ),
}
_STATES: Final = (
    (State.OPEN, gettext_lazy("open: somebody works on it")),
    (State.RESEARCH, gettext_lazy("on hold for research or testing")),
    (f"{State.HELD}:{HeldFor.INFORMATION}", gettext_lazy("on hold: the customer was asked for something")),
    (f"{State.HELD}:{HeldFor.APPOINTMENT}", gettext_lazy("on hold: the customer chose a day")),
    (State.PENDING, gettext_lazy("pending: the fix is known")),
    (State.RFC, gettext_lazy("a change was requested")),
)


class Moment(forms.DateTimeField):
    """An instant, written in UTC; left empty it is now."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **named: Any) -> None:
        super().__init__(required=False, **named)

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        if found is not None and not _FIRST <= found.year < _LAST:
            said = {"first": _FIRST, "last": _LAST}
            raise forms.ValidationError(_("An instant lies between %(first)s and %(last)s."), params=said)
        return found


def words(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field for a text about a case."""
    return forms.CharField(
        label=label, max_length=_LONGEST, required=required, widget=few_lines(rows), help_text=help_text
    )


class Nothing(forms.Form):
    """Nothing is asked: a button is enough."""


class WithFile(forms.Form):
    """A message that a file may come with."""

    file = forms.FileField(label=gettext_lazy("A file"), required=False, max_length=255)

    def files_sent(self) -> list[File]:
        """Return the file that was sent, if one was."""
        sent = self.cleaned_data["file"]
        return [File(sent.name, sent.content_type or "", sent.read())] if sent else []


class Say(WithFile):
    """A message to the customer, a note among ourselves, or what was said on the telephone."""

    text = words(gettext_lazy("Message"), rows=4)
    kind = forms.ChoiceField(
        label=gettext_lazy("Who reads it"),
        choices=[
            (Message.Kind.PAGE, gettext_lazy("the customer, by mail and here")),
            (Message.Kind.CALL, gettext_lazy("it was said to the customer on the telephone")),
            (Message.Kind.NOTE, gettext_lazy("only we: a note")),
        ],
    )
    field_order = ("text", "kind", "file")


class Tell(WithFile):
    """A message to those who work on a case."""

    text = words(gettext_lazy("Message"), rows=4)
    field_order = ("text", "file")


class When(forms.Form):
    """When something was done, if that was earlier."""

    at = Moment(label=gettext_lazy("When it was (UTC)"), help_text=gettext_lazy("Leave it empty if it is now."))


class Move(forms.Form):
    """Another state."""

    to = forms.ChoiceField(label=gettext_lazy("It is"), choices=_STATES)
    why = words(gettext_lazy("Why"), rows=2, required=False)
    at = Moment(label=gettext_lazy("Since when (UTC)"), help_text=gettext_lazy("Leave it empty if it is now."))

    def asked(self) -> dict[str, Any]:
        """Return what the operation is asked for."""
        to, _colon, held_for = self.cleaned_data["to"].partition(":")
        return {**self.cleaned_data, "to": to, "held_for": held_for}


class Resolve(forms.Form):
    """What was done."""

    resolution = words(gettext_lazy("What was done"), rows=3)
    at = Moment(label=gettext_lazy("When it was done (UTC)"), help_text=gettext_lazy("Leave it empty if it is now."))


class Why(forms.Form):
    """Why it is not done."""

    why = words(gettext_lazy("What is still wrong"), rows=3)


class Withdraw(forms.Form):
    """Why a case is closed that nobody resolved."""

    why = words(gettext_lazy("Why, and who says so"), rows=2)


class HandBack(forms.Form):
    """Why a case is given back to the customer."""

    why = words(gettext_lazy("Why, and who can help instead"), rows=2)


class Close(forms.Form):
    """Who confirmed it."""

    told_by = forms.CharField(
        label=gettext_lazy("Who of the customer confirmed it"),
        max_length=200,
        help_text=gettext_lazy("And how: by telephone or mail."),
    )


class HandOver(forms.Form):
    """Another owner."""

    to = forms.TypedChoiceField(label=gettext_lazy("To"), coerce=int)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[each for each in Transfer.Reason.choices if each[0] != Transfer.Reason.OPENED],
    )
    why = words(
        gettext_lazy("What is needed"), rows=2, required=False, help_text=gettext_lazy("For more skill or rights.")
    )

    def __init__(self, *arguments: Any, people: Sequence[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["to"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]


class Refer(forms.Form):
    """What an affiliate is to do."""

    affiliate = forms.TypedChoiceField(label=gettext_lazy("Affiliate"), coerce=int)
    why = words(
        gettext_lazy("What it is to do"), help_text=gettext_lazy("It reads this, and nothing of the case behind.")
    )

    def __init__(self, *arguments: Any, affiliates: Sequence[Organisation], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["affiliate"].choices = [(each.pk, each.name) for each in affiliates]  # type: ignore[attr-defined]


class Prioritise(forms.Form):
    """How much it touches and how soon it hurts."""

    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=Level.choices)
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=Level.choices)
    why = words(gettext_lazy("Why"), rows=2)


class Reclassify(forms.Form):
    """What a case is instead of what it was taken for."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    why = words(gettext_lazy("Why"), rows=2)

    def __init__(self, *arguments: Any, known: Askable, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _offer(self, known)


class Relate(forms.Form):
    """To which other case it belongs."""

    to = forms.IntegerField(label=gettext_lazy("Number of the other case"), min_value=1, max_value=_LARGEST_NUMBER)
    as_duplicate = forms.BooleanField(label=gettext_lazy("It is the same; this one is closed"), required=False)


class FindCause(forms.Form):
    """Who or what caused it."""

    cause = forms.ChoiceField(label=gettext_lazy("Cause"), choices=Cause.choices)
    affiliate = forms.TypedChoiceField(label=gettext_lazy("Affiliate"), coerce=int, required=False, empty_value=None)

    def __init__(self, *arguments: Any, affiliates: Sequence[Organisation], **named: Any) -> None:
        super().__init__(*arguments, **named)
        found = [("", "–"), *((each.pk, each.name) for each in affiliates)]
        self.fields["affiliate"].choices = found  # type: ignore[attr-defined]


class TakeStep(forms.Form):
    """That a promised step was taken, with what it needs on record."""

    word = forms.CharField(widget=forms.HiddenInput, max_length=100)
    at = Moment(label=gettext_lazy("When it was (UTC)"), help_text=gettext_lazy("Leave it empty if it is now."))

    def __init__(self, *arguments: Any, needs: Sequence[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.needs = needs
        for name in needs:
            self.fields[f"label_{name}"] = forms.CharField(label=name.replace("_", " "), max_length=200)

    def asked(self) -> dict[str, Any]:
        """Return what the operation is asked for."""
        said = self.cleaned_data
        return {"word": said["word"], "at": said["at"], "labels": {name: said[f"label_{name}"] for name in self.needs}}


class AskPermission(forms.Form):
    """What the customer is asked to pay for."""

    text = words(gettext_lazy("What is to be done"))
    at_most = Money(label=gettext_lazy("It costs at most"), required=False)

    def __init__(self, *arguments: Any, currency: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.currency = self.fields["at_most"].currency = currency or "EUR"  # type: ignore[attr-defined]
        self.fields["at_most"].help_text = self.currency


class GiveOpinion(forms.Form):
    """How the work on a case was."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("How was it?"),
        coerce=int,
        choices=[
            (5, gettext_lazy("5 – very good")),
            (4, gettext_lazy("4 – good")),
            (3, gettext_lazy("3 – so so")),
            (2, gettext_lazy("2 – bad")),
            (1, gettext_lazy("1 – very bad")),
        ],
    )
    words = words(gettext_lazy("In your words"), rows=3, required=False)
    may_quote = forms.BooleanField(label=gettext_lazy("My words may be quoted"), required=False)


class EnterTime(forms.Form):
    """Time that was worked."""

    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=_MOST_MINUTES)
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=500, required=False)
    worked_at = Moment(label=gettext_lazy("When (UTC)"), help_text=gettext_lazy("Leave it empty if it is now."))
    pays = forms.ChoiceField(
        label=gettext_lazy("Paid by"),
        required=False,
        choices=[("", gettext_lazy("as the agreement says")), *TimeEntry.Pays.choices],
    )


class Open(forms.Form):
    """The six facts of a case, as whoever answers the telephone writes them down."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=200)
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    requester = forms.TypedChoiceField(
        label=gettext_lazy("Who reports it"), coerce=int, required=False, empty_value=None
    )
    requester_name = forms.CharField(
        label=gettext_lazy("Or their name"), max_length=200, required=False, help_text=gettext_lazy("If not listed.")
    )
    requester_email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    requester_phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    affected = words(gettext_lazy("Devices and services affected"), rows=2, required=False)
    symptoms = words(gettext_lazy("Symptoms and messages of errors"), rows=3, required=False)
    to_recreate = words(gettext_lazy("Steps to see it again"), rows=2, required=False)
    changed_before = words(gettext_lazy("What changed around that time"), rows=2, required=False)
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=Level.choices, initial=Level.MEDIUM)
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=Level.choices, initial=Level.MEDIUM)
    opened_at = Moment(
        label=gettext_lazy("When it was reported (UTC)"), help_text=gettext_lazy("Leave it empty if it is now.")
    )

    def __init__(self, *arguments: Any, known: Askable, people: Mapping[int, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        _offer(self, known)
        self.fields["requester"].choices = [("", "–"), *people.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("requester") and not said.get("requester_name"):
            raise forms.ValidationError(_("Say who reports it: choose somebody, or write a name."))
        return said


class Request(forms.Form):
    """What a customer reports or asks for; who asks follows from who is signed in."""

    kind = forms.ChoiceField(label=gettext_lazy("What do you need?"))
    title = forms.CharField(label=gettext_lazy("In a few words"), max_length=200)
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    affected = words(gettext_lazy("Which devices and services are affected?"), rows=2)
    symptoms = words(gettext_lazy("What do you see? Which messages?"), rows=3)
    to_recreate = words(
        gettext_lazy("How can we see it as well?"), rows=2, required=False, help_text=gettext_lazy("Step by step.")
    )
    changed_before = words(
        gettext_lazy("What changed around that time?"),
        rows=2,
        required=False,
        help_text=gettext_lazy("New devices, programs, people, a move; nothing, if you know of nothing."),
    )
    impact = forms.ChoiceField(
        label=gettext_lazy("Whom does it touch?"), choices=_PLAIN_LEVELS["impact"], initial=Level.LOW
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon does it hurt?"), choices=_PLAIN_LEVELS["urgency"], initial=Level.MEDIUM
    )
    requester_phone = forms.CharField(label=gettext_lazy("Where can we call you?"), max_length=40, required=False)

    def __init__(self, *arguments: Any, known: Askable, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _offer(self, known)
        plain = {"incident": _("something does not work"), "request": _("I would like something")}
        kinds = self.fields["kind"]
        kinds.choices = [(each, plain.get(each, label)) for each, label in kinds.choices]  # type: ignore[attr-defined]


class Instruct(forms.Form):
    """What is to be known about a customer or one of its services."""

    service = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    text = words(
        gettext_lazy("What to know"), rows=5, required=False, help_text=gettext_lazy("Leave it empty to take it away.")
    )

    def __init__(self, *arguments: Any, known: Askable, **named: Any) -> None:
        super().__init__(*arguments, **named)
        services = [("", _("everything")), *known.services.items()]
        self.fields["service"].choices = services  # type: ignore[attr-defined]


def _offer(form: forms.Form, known: Askable) -> None:
    """Offer the kinds of case and the services of a customer."""
    form.fields["kind"].choices = [(each, each.replace("-", " ")) for each in known.kinds]  # type: ignore[attr-defined]
    form.fields["service"].choices = [("", "–"), *known.services.items()]  # type: ignore[attr-defined]
