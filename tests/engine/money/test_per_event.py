"""Per event: how many events are paid for."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.time_beyond import BeyondAs, TimeBeyond
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.shapes import TARGET, Unit
from makegood.engine.agreement.stakes import Events
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.money.per_event import events_credited
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

ALL, BEYOND = Events
ORDERS = RatioOf(of="orders", good=("accepted",))
REOPENED = RatioOf(of="tickets", good=("reopened",))


def share(good: int, total: int) -> Measurement:
    return Measurement(Ratio(good, total), Unit.SHARE, good, total, Reason("counted"))


def ceiling(wrong: int, total: int) -> Measurement:
    return Measurement(Ratio(wrong, total), Unit.SHARE, total - wrong, total, Reason("counted"))


def count(number: int) -> Measurement:
    return Measurement(Ratio(number), Unit.NUMBER, 0, number, Reason("counted"))


class TestTheEvents:
    @pytest.mark.parametrize(
        ("_case", "events", "measure", "target", "measurement", "expected"),
        [
            ("each late case", ALL, Within(cases="incident"), ">= 95%", share(27, 30), 3),
            ("late cases beyond one and a half", BEYOND, Within(cases="incident"), ">= 95%", share(27, 30), 2),
            ("each refused order", ALL, ORDERS, ">= 99%", share(985, 1000), 15),
            ("refused orders beyond ten", BEYOND, ORDERS, ">= 99%", share(985, 1000), 5),
            ("beyond nine, as ten would be too many", BEYOND, ORDERS, "> 99%", share(985, 1000), 6),
            ("each reopened ticket", ALL, REOPENED, "<= 2%", ceiling(7, 200), 7),
            ("reopened tickets beyond four", BEYOND, REOPENED, "<= 2%", ceiling(7, 200), 3),
            ("beyond three, as four would be too many", BEYOND, REOPENED, "< 2%", ceiling(7, 200), 4),
            ("no event is allowed", BEYOND, REOPENED, "< 0%", ceiling(7, 200), 7),
            ("a miss by another rule", BEYOND, ORDERS, ">= 95%", share(98, 100), 0),
            ("each of those counted", ALL, CountOf(of="complaints"), "<= 3", count(5), 5),
            ("those beyond three", BEYOND, CountOf(of="complaints"), "<= 3", count(5), 2),
            ("those beyond two, as three would be too many", BEYOND, CountOf(of="complaints"), "< 3", count(5), 3),
            ("those that lack", ALL, CountOf(of="restore-tests"), ">= 4", count(1), 3),
            ("those that lack of more than four", BEYOND, CountOf(of="restore-tests"), "> 4", count(1), 4),
            ("none where there are more than enough", ALL, CountOf(of="restore-tests"), ">= 4", count(6), 0),
        ],
    )
    def test_are_counted(
        self, _case: str, events: Events, measure: Measure, target: str, measurement: Measurement, expected: int
    ) -> None:
        assert events_credited(events, measure, TARGET.read(target), measurement) == expected

    @pytest.mark.parametrize(
        ("_case", "events", "target", "expected"),
        [
            ("each outage", ALL, ">= 99.9%", 4),
            ("outages after the allowance was used up", BEYOND, ">= 99.9%", 2),
            ("the one that used it up exactly counts too", BEYOND, "> 99.9%", 3),
        ],
    )
    def test_are_outages_of_any_length(self, _case: str, events: Events, target: str, expected: int) -> None:
        outages = tuple(Miss("down", seconds) for seconds in (60, 40, 1, 500))
        down = Measurement(Ratio(99399, 100000), Unit.SHARE, 99399, 100000, Reason("down"), outages)
        assert events_credited(events, Availability(of="erp"), TARGET.read(target), down) == expected

    @pytest.mark.parametrize(
        ("as_", "target", "expected"),
        [(BeyondAs.TIME, "<= 100s", 2), (BeyondAs.SHARE, "<= 0.1%", 2), (BeyondAs.SHARE, "< 0.1%", 3)],
    )
    def test_are_stretches_beyond_a_level(self, as_: BeyondAs, target: str, expected: int) -> None:
        measure = TimeBeyond(of="heat", beyond=TARGET.read("> 27"), as_=as_)
        stretches = tuple(Miss("beyond", seconds) for seconds in (60, 40, 1, 500))
        value = Ratio(601) if as_ is BeyondAs.TIME else Ratio(601, 100000)
        beyond = Measurement(value, measure.unit, 99399, 100000, Reason("beyond"), stretches)
        assert events_credited(BEYOND, measure, TARGET.read(target), beyond) == expected

    @pytest.mark.parametrize("events", Events)
    def test_are_none_without_a_value(self, events: Events) -> None:
        nothing = Measurement(None, Unit.SHARE, 0, 0, Reason("nothing happened"), empty=True)
        assert events_credited(events, ORDERS, TARGET.read(">= 99%"), nothing) == 0
