"""What came to the service desk in the last days of the made-up year; in the cases of an hour ago the clocks run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from makegood.platform.demo.people import ACME, CUSTOMER, ENGINEER, EVERYBODY, MANAGER, Somebody, viewer
from makegood.platform.evidence.service_desk.models import Case, Channel, HeldFor, Level, Message, State, Transfer
from makegood.platform.evidence.service_desk.operations import (
    Intake,
    confirm,
    move_case,
    open_case,
    resolve,
    transfer,
    write_message,
)
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation

_USER: Final = next(each for each in EVERYBODY if each.name == "Uma Ulrich")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def serve(now: datetime) -> None:
    """Let cases come in, and work on them as far as they are now."""
    _printed_twice(now - 3 * _DAY)
    _resolved(now - _DAY)
    _waiting(now - 5 * _HOUR)
    _asked_for(now - 3 * _HOUR)
    _urgent(now - timedelta(minutes=50))


def _urgent(at: datetime) -> None:
    """Something that hurts now."""
    case = _opened(
        "Orders from Leipzig hang before they are booked",
        CUSTOMER,
        Channel.PHONE,
        at,
        impact=Level.HIGH,
        urgency=Level.HIGH,
        affected="ERP in Leipzig, all tills of the branch",
        symptoms="The order is accepted, then the page turns for minutes. Since a quarter to the hour.",
        to_recreate="Enter any order with more than one position.",
        changed_before="The release of last night.",
    )
    _say(case, ENGINEER, at + timedelta(minutes=6), "I see the queue; it is the new index. I call you within the hour.")
    _say(case, ENGINEER, at + timedelta(minutes=20), "The lock is held by the nightly report.", public=False)
    transfer(
        case=case,
        to=_person(MANAGER),
        reason=Transfer.Reason.TECHNICAL,
        why="Stopping the report takes rights on the database.",
        by=viewer(ENGINEER),
        now=at + timedelta(minutes=24),
    )


def _waiting(at: datetime) -> None:
    """Something that waits for an answer of the customer."""
    case = _opened("Two users see no stock", _USER, Channel.PORTAL, at, urgency=Level.HIGH)
    _say(case, ENGINEER, at + timedelta(minutes=40), "Which branch is it, and what do the two have in common?")
    move_case(
        case=case,
        to=State.HELD,
        held_for=HeldFor.INFORMATION,
        by=viewer(ENGINEER),
        now=at + timedelta(minutes=41),
        why="Which branch?",
    )


def _asked_for(at: datetime) -> None:
    """Something that the fee does not cover."""
    _opened("A list of open orders for the auditors", CUSTOMER, Channel.PORTAL, at, kind="request", urgency=Level.LOW)


def _resolved(at: datetime) -> None:
    """Something that the customer has to confirm."""
    case = _opened("The monthly letter has last year's address", _USER, Channel.PORTAL, at, impact=Level.LOW)
    _say(case, ENGINEER, at + _HOUR, "I have found the template and mend it today.")
    resolve(
        case=case,
        resolution="The address stood in two templates; both are changed, and the letter was printed again.",
        by=viewer(ENGINEER),
        now=at + 4 * _HOUR,
    )


def _printed_twice(at: datetime) -> None:
    """Something that is over."""
    case = _opened("Delivery notes are printed twice", CUSTOMER, Channel.PORTAL, at)
    _say(case, ENGINEER, at + _HOUR, "It is the second queue in Berlin; I take it away tonight.")
    resolve(
        case=case,
        resolution="The queue of the old printer in Berlin was deleted.",
        by=viewer(ENGINEER),
        now=at + 9 * _HOUR,
    )
    confirm(case=case, by=viewer(CUSTOMER), now=at + _DAY)


def _opened(title: str, by: Somebody, channel: str, at: datetime, **facts: str) -> Case:
    """Open a case as its reporter, or as the engineer who answered the telephone."""
    person = _person(by)
    writer = ENGINEER if channel == Channel.PHONE else by
    intake = Intake(title=title, service="erp", requester=person, **facts)  # type: ignore[arg-type]  # all are texts
    return open_case(
        customer=Organisation.objects.get(slug=ACME),
        intake=intake,
        channel=channel,
        owner=_person(ENGINEER),
        by=viewer(writer),
        now=at,
    )


def _say(case: Case, by: Somebody, at: datetime, text: str, *, public: bool = True) -> None:
    kind = Message.Kind.PAGE if public else Message.Kind.NOTE
    write_message(case=case, text=text, public=public, kind=kind, by=viewer(by), now=at)


def _person(somebody: Somebody) -> Person:
    return Person.objects.get(email=somebody.email)
