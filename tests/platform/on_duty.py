"""People who take turns: rotas, policies and pages of the small world."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Layer, Page, Policy, Rota
from makegood.platform.evidence.on_call.operations import StepAsked
from makegood.platform.tenancy.access.models import Person, Role
from makegood.platform.tenancy.viewer import Site, Viewer
from tests.platform.agreements import owner
from tests.platform.people import NOW, house, person, viewer

MONDAY = date(2026, 3, 2)
"""Turns begin here, eight days before the world's now."""


def engineer(name: str) -> Person:
    return person(name, house(), Role.ENGINEER)


def seen_by(who: Person) -> Viewer:
    return viewer(who, Site.CONSOLE)


def rota(name: str = "First line", covers: str = "", now: datetime = NOW, timezone: str = "Europe/Berlin") -> Rota:
    return operations.keep_rota(organisation=house(), name=name, timezone=timezone, covers=covers, by=owner(), now=now)


def layer(of: Rota, *people: Person, days: int = 7, now: datetime = NOW, covers: str = "") -> Layer:
    return operations.keep_layer(
        rota=of,
        people=people,
        starts_on=MONDAY,
        hand_over=time(9),
        days=days,
        covers=covers,
        by=owner(),
        now=now,
    )


def turning(*people: Person, name: str = "First line", days: int = 7, now: datetime = NOW) -> Rota:
    """Return a rota in which people take turns at every hour."""
    made = rota(name, now=now)
    layer(made, *people, days=days, now=now)
    return made


def policy(
    *steps: StepAsked, name: str = "Usual", rounds: int = 1, minutes: int = 30, resolve: int | None = None
) -> Policy:
    return operations.keep_policy(
        organisation=house(),
        name=name,
        steps=steps,
        rounds=rounds,
        round_minutes=minutes,
        resolve_minutes=resolve,
        by=owner(),
        now=NOW,
    )


def paged(by: Policy, key: str = "till", now: datetime = NOW, subject: str = "The till is down") -> Page:
    return operations.page(key=key, subject=subject, text="", url="", policy=by, by=owner(), now=now)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def watched(contract: Contract, name: str = "Night watch") -> Rota:
    """Let a rota staff a contract in which somebody is on call at every hour."""
    by, nora = owner(), engineer("Nora")
    found = Rota.objects.filter(name=name, ended_at=None).first()
    if found is None:
        found = turning(nora, name=name)
    operations.assign_rota(rota=found, contract=contract, by=by, now=NOW)
    return found
