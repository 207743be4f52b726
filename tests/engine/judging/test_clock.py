from __future__ import annotations

import pytest

from makegood.engine.agreement.measures.within import Clock, Reopened, Within
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.judging.clock import ClockRun, in_order
from tests.engine.judging.scene import agreement, at, case

OFFICE = calendar_of(
    agreement(
        "{kind: within, cases: incident, limit: 4h, clock: {on: office}}",
        calendars="{office: {days: {mon-fri: '09:00-17:00'}, extra_closed: [2024-01-16]}}",
    ),
    "office",
)
WAITING = Clock(pause=("waiting", "with-customer"))


def run(*steps: str, reopened: Reopened = Reopened.RESUME, clock: Clock = WAITING) -> ClockRun:
    measure = Within(cases="incident", clock=clock, reopened=reopened)
    return ClockRun.of(in_order(case("T-1", *steps), measure), measure)


def elapsed(*steps: str, reopened: Reopened = Reopened.RESUME, until: str = "2024-12-31 00:00") -> int:
    return run(*steps, reopened=reopened).elapsed(OFFICE, at(until))


class TestElapsedTime:
    @pytest.mark.parametrize(
        ("_case", "steps", "seconds"),
        [
            (
                "a day that fills the window exactly",
                ["opened 2024-01-15 09:00", "resolved 2024-01-15 17:00"],
                28_800,
            ),
            ("over a closed day", ["opened 2024-01-15 16:00", "resolved 2024-01-17 10:00"], 7_200),
            (
                "a pause that ends on Saturday",
                [
                    "opened 2024-01-19 15:00",
                    "waiting 2024-01-19 16:00",
                    "active 2024-01-20 10:00",
                    "resolved 2024-01-22 12:00",
                ],
                14_400,
            ),
            (
                "from one pause into another",
                [
                    "opened 2024-01-19 10:00",
                    "waiting 2024-01-19 11:00",
                    "with-customer 2024-01-19 12:00",
                    "waiting 2024-01-19 13:00",
                    "active 2024-01-19 14:00",
                    "resolved 2024-01-19 15:00",
                ],
                7_200,
            ),
            (
                "stopped out of a pause",
                ["opened 2024-01-19 10:00", "waiting 2024-01-19 11:00", "resolved 2024-01-19 15:00"],
                3_600,
            ),
            (
                "what came before its start",
                ["resolved 2024-01-19 09:00", "opened 2024-01-19 10:00", "resolved 2024-01-19 11:00"],
                3_600,
            ),
            ("still running", ["opened 2024-12-30 16:00"], 3_600),
            ("still paused", ["opened 2024-12-30 16:00", "waiting 2024-12-30 16:30"], 1_800),
            ("never started", ["active 2024-12-30 16:00"], 0),
        ],
    )
    def test_is_open_time_without_pauses(self, _case: str, steps: list[str], seconds: int) -> None:
        assert elapsed(*steps) == seconds

    TWICE = (
        "opened 2024-01-22 09:00",
        "resolved 2024-01-22 10:00",
        "active 2024-01-22 16:00",
        "waiting 2024-01-22 16:30",
        "active 2024-01-23 09:00",
        "resolved 2024-01-23 11:00",
    )

    @pytest.mark.parametrize(
        ("reopened", "seconds", "stopped"),
        [
            (Reopened.RESUME, 3_600 + 1_800 + 7_200, "2024-01-23 11:00"),
            (Reopened.RESTART, 1_800 + 7_200, "2024-01-23 11:00"),
            (Reopened.IGNORE, 3_600, "2024-01-22 10:00"),
        ],
    )
    def test_after_a_re_opening(self, reopened: Reopened, seconds: int, stopped: str) -> None:
        assert elapsed(*self.TWICE, reopened=reopened) == seconds
        assert run(*self.TWICE, reopened=reopened).stopped_at == at(stopped)


class TestAClockRun:
    @pytest.mark.parametrize(
        ("_case", "steps"),
        [
            ("another stop", ["resolved 2024-01-22 12:00"]),
            ("closing", ["closed 2024-01-22 12:00"]),
            ("closing twice", ["closed 2024-01-22 12:00", "closed 2024-01-23 12:00"]),
        ],
    )
    def test_is_not_opened_again_by(self, _case: str, steps: list[str]) -> None:
        found = run("opened 2024-01-22 09:00", "resolved 2024-01-22 10:00", *steps)
        assert (found.stopped_at, found.closed_at, found.running_since) == (at("2024-01-22 10:00"), None, None)

    def test_is_opened_again_out_of_closing(self) -> None:
        steps = ("opened 2024-01-22 09:00", "resolved 2024-01-22 10:00", "closed 2024-01-22 11:00")
        found = run(*steps, "active 2024-01-22 12:00")
        assert (found.stopped_at, found.running_since) == (None, at("2024-01-22 12:00"))
        assert run(*steps, "waiting 2024-01-22 12:00").running_since is None

    @pytest.mark.parametrize(
        ("_case", "steps", "closed"),
        [
            ("closed", ["closed 2024-01-22 12:00"], "2024-01-22 12:00"),
            ("closed and closed again", ["closed 2024-01-22 12:00", "closed 2024-01-23 12:00"], "2024-01-22 12:00"),
            ("closed and taken up again", ["closed 2024-01-22 12:00", "active 2024-01-23 12:00"], None),
            ("closed and stopped later", ["closed 2024-01-22 12:00", "resolved 2024-01-23 12:00"], None),
            (
                "opened again and closed",
                ["resolved 2024-01-22 10:00", "active 2024-01-22 11:00", "closed 2024-01-22 12:00"],
                "2024-01-22 12:00",
            ),
        ],
    )
    def test_knows_when_a_case_was_closed_without_a_stop(
        self, _case: str, steps: list[str], closed: str | None
    ) -> None:
        assert run("opened 2024-01-22 09:00", *steps).closed_at == (at(closed) if closed else None)

    def test_can_stop_at_closing(self) -> None:
        found = run("opened 2024-01-22 09:00", "closed 2024-01-22 12:00", clock=Clock(to="closed"))
        assert (found.stopped_at, found.closed_at) == (at("2024-01-22 12:00"), None)

    def test_of_a_response_ends_with_the_first_one(self) -> None:
        steps = ("opened 2024-01-22 09:00", "answered 2024-01-22 10:00", "active 2024-01-22 11:00")
        found = run(*steps, clock=Clock(to="answered"), reopened=Reopened.IGNORE)
        assert found.stopped_at == at("2024-01-22 10:00")
