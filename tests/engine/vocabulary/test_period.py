import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Every, Period, periods
from makegood.engine.vocabulary.times import local_instant, parse_instant

zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"])
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def labels(start: date, end: date, every: Every, starts_on: int = 1) -> list[str]:
    return [each.label for each in periods(start=start, end=end, every=every, starts_on=starts_on, zone="UTC")]


class TestPeriods:
    def test_m05_march_in_berlin_has_743_hours(self) -> None:
        (march,) = periods(start=date(2025, 3, 1), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
        whole = Interval(parse_instant("2025-02-28T23:00:00Z"), parse_instant("2025-03-31T22:00:00Z"))
        assert march == Period("2025-03", whole, whole, "Europe/Berlin", date(2025, 3, 1), date(2025, 3, 31))
        assert (march.seconds, march.days, march.whole_days, march.partial) == (2674800, 31, 31, False)

    def test_g04_a_month_in_madrid_may_start_on_the_16th(self) -> None:
        (month,) = periods(
            start=date(2016, 1, 16), end=date(2016, 2, 16), every=Every.MONTH, starts_on=16, zone="Europe/Madrid"
        )
        whole = Interval(parse_instant("2016-01-15T23:00:00Z"), parse_instant("2016-02-15T23:00:00Z"))
        assert (month.label, month.interval, month.seconds) == ("2016-01-16", whole, 2678400)

    @pytest.mark.parametrize(
        ("zone", "month", "hours"),
        [
            ("Europe/Berlin", date(2025, 10, 1), 745),
            ("America/New_York", date(2025, 3, 1), 743),
            ("America/New_York", date(2025, 11, 1), 721),
            ("UTC", date(2025, 3, 1), 744),
        ],
    )
    def test_have_real_hours(self, zone: str, month: date, hours: int) -> None:
        end = (month + timedelta(days=31)).replace(day=1)
        assert [each.seconds for each in periods(start=month, end=end, every=Every.MONTH, zone=zone)] == [hours * 3600]

    @pytest.mark.parametrize(
        ("_case", "every", "starts_on", "expected"),
        [
            ("months", Every.MONTH, 1, ["2025-12", "2026-01", "2026-02"]),
            ("months from the 16th", Every.MONTH, 16, ["2025-11-16", "2025-12-16", "2026-01-16"]),
            ("months from their last day", Every.MONTH, 31, ["2025-11-30", "2025-12-31", "2026-01-31"]),
            ("quarters", Every.QUARTER, 1, ["2025-Q4", "2026-Q1"]),
            ("quarters from the 15th", Every.QUARTER, 15, ["2025-10-15", "2026-01-15"]),
            ("years", Every.YEAR, 1, ["2025", "2026"]),
            ("years from the 31st", Every.YEAR, 31, ["2025-01-31", "2026-01-31"]),
        ],
    )
    def test_are_named_after_the_calendar_or_their_first_day(
        self, _case: str, every: Every, starts_on: int, expected: list[str]
    ) -> None:
        assert labels(date(2025, 12, 10), date(2026, 2, 10), every, starts_on) == expected

    @pytest.mark.parametrize(
        ("_case", "starts_on", "expected"),
        [
            ("from Monday, by ISO week", 1, ["2025-W52", "2026-W01", "2026-W02"]),
            ("from Sunday, by first day", 7, ["2025-12-28", "2026-01-04"]),
        ],
    )
    def test_may_be_weeks(self, _case: str, starts_on: int, expected: list[str]) -> None:
        assert labels(date(2025, 12, 28), date(2026, 1, 6), Every.WEEK, starts_on) == expected

    def test_of_a_month_that_is_too_short_start_on_its_last_day(self) -> None:
        found = periods(start=date(2024, 1, 31), end=date(2024, 4, 30), every=Every.MONTH, starts_on=31, zone="UTC")
        assert [(each.first_day, each.last_day) for each in found] == [
            (date(2024, 1, 31), date(2024, 2, 28)),
            (date(2024, 2, 29), date(2024, 3, 30)),
            (date(2024, 3, 31), date(2024, 4, 29)),
        ]

    def test_are_partial_where_the_term_cuts_them(self) -> None:
        found = periods(start=date(2026, 1, 20), end=date(2026, 3, 11), every=Every.MONTH, zone="UTC")
        assert [(each.label, each.days, each.whole_days, each.partial) for each in found] == [
            ("2026-01", 12, 31, True),
            ("2026-02", 28, 28, False),
            ("2026-03", 10, 31, True),
        ]
        assert found[0].interval == Interval(datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
        assert found[2].whole == Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))

    def test_may_both_start_and_end_within_one(self) -> None:
        (only,) = periods(start=date(2026, 1, 10), end=date(2026, 1, 11), every=Every.YEAR, zone="UTC")
        assert (only.label, only.first_day, only.last_day, only.days, only.whole_days) == (
            "2026",
            date(2026, 1, 10),
            date(2026, 1, 10),
            1,
            365,
        )

    def test_leave_out_a_day_that_a_zone_never_had(self) -> None:
        found = periods(
            start=date(2011, 12, 30), end=date(2012, 1, 7), every=Every.WEEK, starts_on=6, zone="Pacific/Apia"
        )
        assert [(each.label, each.days) for each in found] == [("2011-12-31", 7)]

    @pytest.mark.parametrize(
        ("_case", "end", "every", "starts_on", "sentence"),
        [
            (
                "an empty term",
                date(2026, 1, 1),
                Every.MONTH,
                1,
                "a term ends after it starts: 2026-01-01 .. 2026-01-01",
            ),
            ("day 0", date(2026, 2, 1), Every.MONTH, 0, "a month does not start on day 0"),
            ("day 32", date(2026, 2, 1), Every.QUARTER, 32, "a quarter does not start on day 32"),
            ("weekday 8", date(2026, 2, 1), Every.WEEK, 8, "a week does not start on day 8"),
        ],
    )
    def test_refuse_nonsense(self, _case: str, end: date, every: Every, starts_on: int, sentence: str) -> None:
        with pytest.raises(ValueError, match=re.escape(sentence)):
            periods(start=date(2026, 1, 1), end=end, every=every, starts_on=starts_on, zone="UTC")

    @given(days, st.integers(1, 900), st.sampled_from(Every), st.integers(1, 31), zones)
    def test_cover_the_term_without_gap_or_overlap(
        self, start: date, length: int, every: Every, starts_on: int, zone: str
    ) -> None:
        starts_on = min(starts_on, 7) if every is Every.WEEK else starts_on
        end = start + timedelta(days=length)
        found = periods(start=start, end=end, every=every, starts_on=starts_on, zone=zone)
        first, last = found[0].interval.start, found[-1].interval.end
        midnights = [local_instant(datetime(day.year, day.month, day.day), zone) for day in (start, end)]  # noqa: DTZ001
        assert [first, last] == midnights
        assert all(one.interval.end == other.interval.start for one, other in pairwise(found))
        assert all(one.whole.end == other.whole.start for one, other in pairwise(found))
        assert all((each.last_day - each.first_day).days + 1 == each.days for each in found)
        assert sum(each.days for each in found) == length
        assert not any(each.partial for each in found[1:-1])
        assert len({each.label for each in found}) == len(found)


class TestAPeriod:
    WHOLE = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))

    def test_lies_inside_its_whole(self) -> None:
        beyond = Interval(self.WHOLE.start, self.WHOLE.end + timedelta(seconds=1))
        with pytest.raises(ValueError, match="period 2026-01 is no part of its whole"):
            Period("2026-01", beyond, self.WHOLE, "UTC", date(2026, 1, 1), date(2026, 1, 31))

    def test_ends_after_it_starts(self) -> None:
        with pytest.raises(
            ValueError, match=re.escape("period 2026-01 ends before it starts: 2026-01-02 .. 2026-01-01")
        ):
            Period("2026-01", self.WHOLE, self.WHOLE, "UTC", date(2026, 1, 2), date(2026, 1, 1))


class TestATermAsOnePeriod:
    def of(self, start: date, end: date, **times: time) -> Period:
        (found,) = periods(start=start, end=end, every=Every.TERM, zone="UTC", **times)  # type: ignore[arg-type]
        return found

    def test_is_whole_however_long(self) -> None:
        found = self.of(date(2025, 11, 15), date(2026, 1, 16))
        assert (found.label, found.days, found.partial) == ("2025-11-15", 62, False)

    def test_may_begin_and_end_within_a_day(self) -> None:
        found = self.of(date(2026, 7, 18), date(2026, 7, 19), starts_at=time(10), ends_at=time(13, 0, 30))
        assert (found.seconds, found.days) == (3 * 3600 + 30, 1)

    def test_of_months_is_cut_at_its_ends(self) -> None:
        first, last = periods(
            start=date(2026, 1, 10),
            end=date(2026, 2, 11),
            every=Every.MONTH,
            zone="UTC",
            starts_at=time(12),
            ends_at=time(6),
        )
        assert (first.interval.start, first.days) == (datetime(2026, 1, 10, 12, tzinfo=UTC), 22)
        assert (last.interval.end, last.days) == (datetime(2026, 2, 10, 6, tzinfo=UTC), 10)

    def test_that_would_end_before_it_begins_is_none(self) -> None:
        times = {"starts_at": time(12), "ends_at": time(11)}
        assert periods(start=date(2026, 1, 10), end=date(2026, 1, 11), every=Every.TERM, zone="UTC", **times) == ()  # type: ignore[arg-type]
