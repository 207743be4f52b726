"""Checks of what the parties do for one another: roles, duties, boundaries, days, steps of escalation, bands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from makegood.engine.agreement import governance_codes as codes
from makegood.engine.agreement import reference_codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.hints import use_one_of
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.roles import AFFILIATE, CUSTOMER, PROVIDER
from makegood.engine.agreement.schedule import ALWAYS, end_of_term
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.finding import Finding

_DAY_SECONDS = 86_400


def parties(draft: Draft) -> Iterator[Finding]:
    """Who has a role is a party, or an affiliate of the provider; and for results the provider or customer answers."""
    known = [PROVIDER, CUSTOMER, AFFILIATE, *(each.affiliate for each in draft.agreement.parties.relies_on)]
    named: list[tuple[str, Path]] = []
    for name, outcome in draft.outcomes.items():
        if outcome.roles is None:
            continue
        path: Path = ("outcomes", name, "roles")
        named += ((party, (*path, role)) for role, party in outcome.roles.named())
        if outcome.roles.accountable in known[2:]:
            text = f"{outcome.roles.accountable} is accountable for {name}"
            yield codes.AFFILIATE_ANSWERS.at(draft.at(*path, "accountable"), text, "write accountable: provider")
    named += ((each.held_by, ("insurance", name, "held_by")) for name, each in draft.agreement.insurance.items())
    for party, path in named:
        if party not in known:
            yield codes.UNKNOWN_PARTY.at(draft.at(*path), f"{party} is nobody here", use_one_of(party, known))


def duties(draft: Draft) -> Iterator[Finding]:
    """Duties carry outcomes that there are."""
    for name, duty in draft.agreement.duties.items():
        for outcome in duty.of:
            if not draft.is_written("outcomes", outcome):
                hint = use_one_of(outcome, [*draft.outcomes])
                text = f"there is no outcome {outcome}"
                yield codes.UNKNOWN_OUTCOME_OF_DUTY.at(draft.at("duties", name, "of"), text, hint)


def days(draft: Draft) -> Iterator[Finding]:
    """Days lie in the term."""
    first, end = draft.agreement.term.from_, end_of_term(draft.agreement.term)
    for day, path in _days(draft):
        if not first <= day < end:
            text = f"{day} is not in the term, which runs from {first} to {end - timedelta(days=1)}"
            yield codes.DAY_OUTSIDE_TERM.at(draft.at(*path), text, "check the year")
    for name, each in draft.agreement.insurance.items():
        if each.until is not None and each.until < end - timedelta(days=1):
            text = f"it ends on {each.until}, and the term on {end - timedelta(days=1)}"
            yield codes.INSURANCE_ENDS.at(draft.at("insurance", name, "until"), text)


def _days(draft: Draft) -> Iterator[tuple[date, Path]]:
    for name, outcome in draft.outcomes.items():
        yield from ((day, ("outcomes", name, "milestones", each)) for each, day in outcome.milestones.items())
    for name, duty in draft.agreement.duties.items():
        if duty.due is not None:
            yield duty.due, ("duties", name, "due")
    for name, lever in draft.agreement.levers.items():
        if lever.on is not None:
            yield lever.on, ("levers", name, "on")


def scope(draft: Draft) -> Iterator[Finding]:
    """Nothing is both in and out of scope, and hours are those of a calendar that there is."""
    scope = draft.agreement.scope
    if scope is None:
        return
    for number, line in enumerate(scope.out):
        if line in scope.in_:
            text = f"{line!r} is in scope as well"
            yield codes.IN_AND_OUT.at(draft.at("scope", "out", number), text, "delete one of the two")
    if scope.when and scope.when != ALWAYS and not draft.is_written("calendars", scope.when):
        hint = use_one_of(scope.when, [ALWAYS, *draft.agreement.calendars])
        text = f"there is no calendar {scope.when}"
        yield reference_codes.UNKNOWN_CALENDAR.at(draft.at("scope", "when"), text, hint)


def escalation(draft: Draft) -> Iterator[Finding]:
    """Steps of escalation follow one another."""
    governance = draft.agreement.governance
    for number, (before, each) in enumerate(pairwise(governance.escalation if governance is not None else ()), start=1):
        if _seconds(each.after) <= _seconds(before.after):
            text = f"this step begins after {each.after.words}, the one before it after {before.after.words}"
            place = draft.at("governance", "escalation", number, "after")
            yield codes.ESCALATION_OUT_OF_ORDER.at(place, text, "order the steps")


def volumes(draft: Draft) -> Iterator[Finding]:
    """What is agreed lies in the band in which it may change."""
    for name, lever in draft.agreement.levers.items():
        band = lever.volume
        if band is not None and not (band.least <= band.agreed <= band.most and band.least < band.most):
            text = f"{band.agreed} is agreed, and the band is from {band.least} to {band.most}"
            yield codes.AGREED_OUTSIDE_BAND.at(draft.at("levers", name, "volume", "agreed"), text, "widen the band")


def _seconds(span: Duration | Days) -> int:
    """Return about how many seconds a span has."""
    return span.seconds if isinstance(span, Duration) else span.number * _DAY_SECONDS * (7 if span.business else 5) // 5
