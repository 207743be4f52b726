"""A service desk in the small world: its agreement, and the short way to a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk.models import Case, Channel, Clock, Level
from makegood.platform.evidence.service_desk.operations import Intake, open_case
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.agreements import active, sponsor
from tests.platform.people import house, organisation, person, viewer

DESK = """\
# The service desk of Acme
makegood: agreement/1
agreement: acme-desk
title: The service desk of Acme
parties: {provider: northwind-it, customer: acme}
term: {from: 2026-01-01, months: 12, timezone: Europe/Berlin}
money: {currency: EUR, at_risk: {percent: 10%, of: monthly_fee}}
calendars: {office: {days: {mon-fri: ["08:00-18:00"]}}}
services:
  desk: {title: Service desk, fee: {monthly: 1000.00}, critical: true}
outcomes:
  response:
    promise: Somebody answers in time.
    measure:
      {kind: within, cases: incident, limits: {critical: 1h, high: 2h, normal: 1 business day, low: 2 business days},
       clock: {from: opened, to: responded}, reopened: ignore}
    target: ">= 95%"
    headline: false
  resolution:
    promise: Incidents are resolved in time.
    measure:
      {kind: within, cases: incident, limits: {critical: 4h, high: 8h, normal: 16h, low: 40h},
       clock: {from: opened, to: resolved, on: office, pause: hold-for-resolution}}
    target: ">= 95%"
    stake: {weight: 100%, tiers: [{below: 95%, credit: 10%}, {below: 90%, credit: 50%}]}
  outage:
    promise: You hear of an outage, get a plan, and it is repaired.
    headline: false
    measure:
      {kind: steps, cases: outage, from: occurred, steps: {told: {state: told, within: 15m},
       planned: {state: plan-sent, within: 1h, needs: ticket}, repaired: {state: repaired, within: 8h}}}
    target: ">= 100%"
desk: {updates: {critical: 1h}, billable: request, confirmed_after: 5 business days}
"""
MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
"""Ten in the morning at the customer's."""


def after(**time: float) -> datetime:
    return MONDAY + timedelta(**time)


def desk() -> Contract:
    return active(DESK)


def engineer(name: str = "Eva") -> Viewer:
    return viewer(person(name, house(), Role.ENGINEER), Site.CONSOLE)


def user(name: str = "Uma") -> Viewer:
    return viewer(person(name, organisation("acme"), Role.USER), Site.PORTAL)


def opened(
    *, at: datetime = MONDAY, by: Viewer | None = None, impact: str = Level.HIGH, urgency: str = Level.HIGH, **more: Any
) -> Case:
    """Open an incident of Acme, critical unless it is said otherwise."""
    marks = more.pop("marks", None)
    intake = Intake(title=more.pop("title", "The till is silent"), impact=impact, urgency=urgency, **more)
    return open_case(
        customer=organisation("acme"),
        intake=intake,
        channel=Channel.PHONE,
        by=by or engineer(),
        now=at,
        marks=marks,
    )


def clock(case: Case, outcome: str, step: str = "") -> Clock:
    return Clock.objects.get(case=case, outcome=outcome, step=step)


__all__ = ["DESK", "MONDAY", "after", "clock", "desk", "engineer", "opened", "sponsor", "user"]
