"""Who can be reached in the made-up world at any hour, and a night on which somebody was."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo.people import ENGINEER, MANAGER, OWNER, Somebody, viewer
from makegood.platform.evidence.on_call.models import Rota
from makegood.platform.evidence.on_call.operations import (
    StepAsked,
    acknowledge,
    assign_rota,
    keep_channel,
    keep_layer,
    keep_policy,
    keep_rota,
    keep_skill,
    page,
    resolve_page,
    set_pay,
    take_leave,
)
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.queries import house

_PHONES: Final = ((ENGINEER, "+49 30 5550 101"), (MANAGER, "+49 30 5550 102"), (OWNER, "+49 30 5550 103"))
_MONDAY: Final = date(2012, 12, 3)


def stand_by(contract: Contract, agreed: datetime, now: datetime) -> None:
    """Plan a rota for an agreement since it was made, and page somebody a few days ago."""
    by = viewer(MANAGER)
    rota = keep_rota(
        organisation=house(), name="Day and night", timezone="Europe/Berlin", country="DE", by=by, now=agreed
    )
    for people in ((ENGINEER, MANAGER), (OWNER,)):
        _turns(rota, people, agreed)
    rates = {"standby": 400, "called": 4500, "night": 25, "weekend": 50, "holiday": 100}
    set_pay(rota=rota, since=agreed.date(), currency="EUR", **rates, by=by, now=agreed)
    assign_rota(rota=rota, contract=contract, by=by, now=now)
    for somebody, number in _PHONES:
        keep_channel(kind="PHONE", address=number, by=viewer(somebody), now=agreed)
    keep_skill(person=_person(ENGINEER), name="PostgreSQL", level=3, certificate="PG-DBA", by=by, now=agreed)
    away = now + timedelta(days=9)
    take_leave(person=_person(MANAGER), starts_at=away, ends_at=away + timedelta(days=5), why="Skiing", by=by, now=now)
    _one_night(rota, contract, now - timedelta(days=3))


def _turns(rota: Rota, people: tuple[Somebody, ...], now: datetime) -> None:
    taken = [_person(each) for each in people]
    keep_layer(rota=rota, people=taken, starts_on=_MONDAY, hand_over=time(9), days=7, by=viewer(MANAGER), now=now)


def _one_night(rota: Rota, contract: Contract, at: datetime) -> None:
    """Let whoever was on call be paged, look after it, and resolve it."""
    by = viewer(OWNER)
    steps = [StepAsked(0, rota=rota), StepAsked(10, rota=rota), StepAsked(20, person=_person(OWNER))]
    policy = keep_policy(
        organisation=house(), name="Urgent", steps=steps, rounds=2, round_minutes=40, resolve_minutes=240, by=by, now=at
    )
    asked = page(
        key="demonstration",
        subject="The ERP answers slowly",
        text="Orders take more than ten seconds.",
        url="",
        policy=policy,
        about=contract.customer,
        by=by,
        now=at,
    )
    acknowledge(page=asked, by=viewer(ENGINEER), now=at + timedelta(minutes=4))
    resolve_page(page=asked, by=viewer(ENGINEER), now=at + timedelta(minutes=52))


def _person(somebody: Somebody) -> Person:
    return Person.objects.get(email=somebody.email)
