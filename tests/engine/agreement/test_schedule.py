from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import (
    after,
    before,
    calendar_of,
    closes_at,
    disputable_until,
    end_of_term,
    periods_of,
)
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.engine.vocabulary.duration import Days, parse_span
from makegood.engine.vocabulary.times import local_instant, parse_instant, show_instant, zone


def agreement(piece: str = "") -> Agreement:
    found = read(completed(piece)).agreement
    assert found is not None
    return found


BERLIN = agreement()
OFFICE = agreement(
    "calendars: {office: {days: {mon-thu: '08:00-18:00', fri: ['08:00-12:00', '13:00-14:00']},"
    " holidays: {country: DE, subdivision: BE}, extra_closed: [2026-01-02], extra_open: {2026-01-04: '10:00-12:00'}}}\n"
    "closing: {after: 2 business days, calendar: office, dispute_within: 48h}\n"
)


def local(text: str) -> datetime:
    return local_instant(datetime.fromisoformat(text), "Europe/Berlin")


def shown(moment: datetime) -> str:
    return moment.astimezone(zone("Europe/Berlin")).strftime("%Y-%m-%d %H:%M")


class TestATerm:
    @pytest.mark.parametrize(
        ("term", "end"),
        [
            ("{from: 2025-01-01, months: 36, timezone: UTC}", date(2028, 1, 1)),
            ("{from: 2025-11-15, months: 3, timezone: UTC}", date(2026, 2, 15)),
            ("{from: 2025-01-31, months: 1, timezone: UTC}", date(2025, 2, 28)),
            ("{from: 2025-01-01, until: 2025-04-02, timezone: UTC}", date(2025, 4, 2)),
        ],
    )
    def test_ends_on_a_day_or_after_months(self, term: str, end: date) -> None:
        assert end_of_term(agreement(f"term: {term}\n").term) == end

    def test_is_cut_into_periods_in_its_zone(self) -> None:
        term = "term: {from: 2026-02-10, until: 2026-04-02, timezone: Europe/Berlin}\n"
        found = periods_of(agreement(term))
        assert [(period.label, period.partial, period.seconds // 3600) for period in found] == [
            ("2026-02", True, 19 * 24),
            ("2026-03", False, 743),
            ("2026-04", True, 24),
        ]

    def test_may_be_cut_into_weeks_from_any_day(self) -> None:
        term = "term: {from: 2026-01-07, months: 1, timezone: UTC, period: {every: week, starts_on: 3}}\n"
        assert [period.label for period in periods_of(agreement(term))] == [
            *("2026-01-07", "2026-01-14", "2026-01-21", "2026-01-28", "2026-02-04"),
        ]


class TestACalendar:
    def test_called_always_is_every_second(self) -> None:
        assert calendar_of(BERLIN, "always") == Calendar.always("Europe/Berlin")

    def test_is_what_its_clause_says(self) -> None:
        day = (Window(480, 1080),)
        assert calendar_of(OFFICE, "office") == Calendar(
            "office",
            "Europe/Berlin",
            (day, day, day, day, (Window(480, 720), Window(780, 840)), (), ()),
            country="DE",
            subdivision="BE",
            closed=frozenset({date(2026, 1, 2)}),
            extra_open=((date(2026, 1, 4), (Window(600, 720),)),),
        )

    def test_may_be_in_another_zone_and_without_holidays(self) -> None:
        piece = "calendars: {ny: {days: {mon-sun: '00:00-24:00'}, timezone: America/New_York}}\n"
        assert calendar_of(agreement(piece), "ny") == Calendar("ny", "America/New_York", ((Window(0, 1440),),) * 7)


class TestASpan:
    """Days are days of the wall; business days are whole ones; hours are real."""

    @pytest.mark.parametrize(
        ("_case", "start", "span", "end"),
        [
            ("hours across the clock change", "2026-03-28 12:00", "24h", "2026-03-29 13:00"),
            ("a day across the clock change", "2026-03-28 12:00", "1 day", "2026-03-29 12:00"),
            ("a day to an hour that is skipped", "2026-03-28 02:30", "1 day", "2026-03-29 03:00"),
            ("no business day", "2026-02-28 10:00", "0 business days", "2026-02-28 10:00"),
            ("from within a business day", "2026-03-04 15:00", "2 business days", "2026-03-06 15:00"),
            ("over a weekend", "2026-03-06 15:00", "1 business day", "2026-03-09 15:00"),
            ("from the midnight before a business day", "2026-03-02 00:00", "1 business day", "2026-03-03 00:00"),
            ("from the midnight of a month's end", "2026-03-01 00:00", "5 business days", "2026-03-07 00:00"),
            ("from a Saturday", "2026-03-07 10:00", "1 business day", "2026-03-10 00:00"),
        ],
    )
    def test_ends(self, _case: str, start: str, span: str, end: str) -> None:
        assert shown(after(BERLIN, local(start), parse_span(span))) == end

    @pytest.mark.parametrize(
        ("_case", "end", "span", "start"),
        [
            ("hours across the clock change", "2026-03-29 13:00", "24h", "2026-03-28 12:00"),
            ("a day across the clock change", "2026-03-29 12:00", "1 day", "2026-03-28 12:00"),
            ("no business day", "2026-02-28 10:00", "0 business days", "2026-02-28 10:00"),
            ("from within a business day", "2026-03-09 15:00", "2 business days", "2026-03-05 15:00"),
            ("from the midnight before a business day", "2026-03-09 00:00", "1 business day", "2026-03-06 00:00"),
            ("from a Saturday evening", "2026-03-07 22:00", "2 business days", "2026-03-05 00:00"),
        ],
    )
    def test_starts(self, _case: str, end: str, span: str, start: str) -> None:
        assert shown(before(BERLIN, local(end), parse_span(span))) == start

    @given(st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01")), st.integers(1, 10))
    def test_of_business_days_gives_at_least_so_many_of_them_notice(self, wall: datetime, number: int) -> None:
        instant, span = local_instant(wall.replace(microsecond=0), "Europe/Berlin"), Days(number, business=True)
        assert after(BERLIN, before(BERLIN, instant, span), span) <= instant
        assert after(BERLIN, instant, span) - instant >= timedelta(days=number, hours=-1)


class TestClosing:
    def test_comes_five_business_days_after_the_end_by_house_default(self) -> None:
        march = periods_of(BERLIN)[2]
        assert show_instant(closes_at(BERLIN, march)) == show_instant(local("2026-04-08 00:00"))
        assert show_instant(disputable_until(BERLIN, march)) == show_instant(local("2026-05-08 00:00"))

    def test_goes_by_its_calendar(self) -> None:
        december = periods_of(agreement("term: {from: 2025-12-01, until: 2026-01-01, timezone: Europe/Berlin}\n"))[0]
        assert shown(closes_at(OFFICE, december)) == "2026-01-06 00:00"
        assert disputable_until(OFFICE, december) == parse_instant("2026-01-07T23:00:00Z")
