from datetime import UTC, date, datetime, time

import pytest

from makegood.engine.agreement.moments import MOMENT, WALL
from makegood.engine.agreement.shapes import Unreadable


class TestMoments:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-07-18", date(2026, 7, 18)),
            ("2026-07-18T10:30:00Z", datetime(2026, 7, 18, 10, 30, tzinfo=UTC)),
            ("2026-07-18T10:30+02:00", datetime(2026, 7, 18, 8, 30, tzinfo=UTC)),
        ],
    )
    def test_are_days_or_instants(self, text: str, expected: date) -> None:
        found = MOMENT.read(text)
        assert (found, type(found)) == (expected, type(expected))

    @pytest.mark.parametrize(
        "text",
        ["2026-07-18 10:30", "2026-07-18T10:30", "2026-02-30", "2026-02-30T10:30Z", "1066-10-14", "2026-07-18T25:30Z"],
    )
    def test_are_refused_if_nobody_knows_when_that_is(self, text: str) -> None:
        with pytest.raises(Unreadable):
            MOMENT.read(text)


class TestTimesOfTheDay:
    def test_are_hours_minutes_and_perhaps_seconds(self) -> None:
        assert (WALL.read("08:00"), WALL.read("23:59:30")) == (time(8), time(23, 59, 30))

    @pytest.mark.parametrize("text", ["8:00", "24:00", "08:60", "08:00:60", "noon"])
    def test_are_no_others(self, text: str) -> None:
        with pytest.raises(Unreadable):
            WALL.read(text)
