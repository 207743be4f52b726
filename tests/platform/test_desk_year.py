"""A year at the desk, made up and played with a clock that is moved: nothing is missed, nothing told twice.

A month with sixty cases is played; ``MAKEGOOD_YEAR=3000`` plays so many from March to the end of the year.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest

from makegood.engine.judging.running import ClockState
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.evidence.service_desk.models import Case, Escalation, HeldFor, Level, State, Step, Transfer
from makegood.platform.evidence.service_desk.operations import (
    UnableToServe,
    close_all_unanswered,
    confirm,
    escalate,
    move_case,
    prioritise,
    reject,
    reopen,
    resolve,
    respond,
    send_steps,
    transfer,
)
from makegood.platform.evidence.service_desk.queries import clocks_of, desk_of, terms_of_case
from makegood.platform.tenancy.viewer import Viewer
from makegood.vault.vault import Vault
from tests.platform.desk import MONDAY, desk, engineer, opened, sponsor
from tests.platform.people import house, person

pytestmark = pytest.mark.django_db

MANY = int(os.environ.get("MAKEGOOD_YEAR", "60"))
HOURS = 24 * (280 if "MAKEGOOD_YEAR" in os.environ else 30)
WORKERS = ("Eva", "Max", "Noor")


class Year:
    """What happens at the desk, drawn by a seed, hour by hour."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)  # noqa: S311  # nothing secret is drawn
        self.schedule = Viewer(name="the schedule", house=house().pk)
        self.opens = sorted(self.draw.sample(range(HOURS - 100), MANY))

    def play(self) -> Iterator[datetime]:
        """Let each hour happen; yield its end when the sweep was there."""
        left = iter(self.opens)
        coming = next(left, None)
        for hour in range(HOURS):
            now = MONDAY + timedelta(hours=hour)
            if hour == coming:
                opened(at=now, by=self.worker(), impact=self.level(), urgency=self.level())
                coming = next(left, None)
            for case in Case.objects.exclude(state=State.CLOSED):
                if self.draw.random() < 0.15:
                    self.act(case, now + timedelta(minutes=self.draw.randrange(1, 59)))
            if self.draw.random() < 0.01:
                self.again(now + timedelta(minutes=59, seconds=30))
            end = now + timedelta(hours=1)
            escalate(now=end)
            close_all_unanswered(by=self.schedule, now=end)
            yield end

    def act(self, case: Case, now: datetime) -> None:
        """Do one of the things that people do; what does not fit is refused and leaves no trace."""
        steps = Step.objects.filter(case=case).count()
        try:
            self.draw.choice(
                [self.respond, self.hold, self.work, self.resolve, self.confirm, self.reject, self.raise_it, self.give]
            )(case, now)
        except UnableToServe:
            assert Step.objects.filter(case=case).count() == steps

    def respond(self, case: Case, now: datetime) -> None:
        respond(case=case, by=self.worker(), now=now)

    def hold(self, case: Case, now: datetime) -> None:
        move_case(case=case, to=State.HELD, held_for=HeldFor.INFORMATION, by=self.worker(), now=now)

    def work(self, case: Case, now: datetime) -> None:
        move_case(case=case, to=self.draw.choice([State.OPEN, State.RESEARCH, State.RFC]), by=self.worker(), now=now)

    def resolve(self, case: Case, now: datetime) -> None:
        resolve(case=case, resolution="Done.", by=self.worker(), now=now)

    def confirm(self, case: Case, now: datetime) -> None:
        confirm(case=case, by=sponsor(), now=now)

    def reject(self, case: Case, now: datetime) -> None:
        reject(case=case, why="Not yet.", by=sponsor(), now=now)

    def raise_it(self, case: Case, now: datetime) -> None:
        prioritise(case=case, impact=self.level(), urgency=self.level(), why="Anew.", by=self.worker(), now=now)

    def give(self, case: Case, now: datetime) -> None:
        to = person(self.draw.choice(WORKERS), house())
        transfer(case=case, to=to, reason=Transfer.Reason.SHIFT, by=self.worker(), now=now)

    def again(self, now: datetime) -> None:
        """Open one of the closed cases again."""
        closed = list(Case.objects.filter(state=State.CLOSED).values_list("pk", flat=True))
        if closed:
            reopen(case=Case.objects.get(pk=self.draw.choice(closed)), why="Again.", by=sponsor(), now=now)

    def worker(self) -> Viewer:
        return engineer(self.draw.choice(WORKERS))

    def level(self) -> str:
        return self.draw.choice(Level.values)


def untold(now: datetime) -> list[tuple[int, str, str]]:
    """Return the parts of running limits that are used up by the engine, and of which nobody heard."""
    found = []
    for case in Case.objects.exclude(state=State.CLOSED).select_related("version"):
        levels = [str(each.at.percent(2)) for each in desk_of(terms_of_case(case)).levels]
        heard = set(
            Escalation.objects.filter(case=case, reopened=case.reopened).values_list("outcome", "percent", "limit")
        )
        found += [
            (case.pk, clock.outcome, level)
            for clock in clocks_of(case=case, now=now)
            if clock.state is ClockState.RUNNING
            for level, at in zip(levels, clock.levels, strict=True)
            if at is not None and at <= now and (clock.outcome, level, str(clock.limit)) not in heard
        ]
    return found


class TestAYearAtTheDesk:
    def test_misses_nothing_and_tells_nothing_twice(self) -> None:
        contract = desk()
        for name in WORKERS:
            engineer(name)
        for place, now in enumerate(Year(7).play()):
            if place % 168 == 0:
                assert untold(now) == []
                send_steps(contract=contract, now=now)
        send_steps(contract=contract, now=now)
        assert Case.objects.count() == MANY
        for case in Case.objects.all():
            last = Transfer.objects.filter(case=case).last()
            assert last is not None
            assert last.after_id == case.owner_id
            numbers = list(Step.objects.filter(case=case).values_list("number", flat=True))
            assert numbers == list(range(1, case.steps_written + 1))
        told = Vault.open(vault_folder(contract)).evidence().cases["incident"]
        assert {name: len(steps) for name, steps in told.items()} == {
            case.name: case.steps_written for case in Case.objects.all()
        }
