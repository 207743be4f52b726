from datetime import UTC, date, datetime, timedelta

import pytest

from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.times import parse_instant

NINE_TO_FIVE = (Window(9 * 60, 17 * 60),)
ALL_DAY = (Window(0, 24 * 60),)
NEVER: tuple[tuple[Window, ...], ...] = ((),) * 7

OFFICE = Calendar("office", "UTC", (NINE_TO_FIVE,) * 5 + ((), ()))
BERLIN = Calendar("Berlin office", "Europe/Berlin", (NINE_TO_FIVE,) * 5 + ((), ()), country="DE", subdivision="BE")


def span(start: str, end: str) -> Interval:
    return Interval(parse_instant(start), parse_instant(end))


def every_day(*windows: Window, zone: str = "Europe/Berlin") -> Calendar:
    return Calendar("every day", zone, (windows,) * 7)


class TestAWindow:
    @pytest.mark.parametrize(("opens", "closes"), [(600, 600), (600, 540), (-1, 60), (0, 1441)])
    def test_opens_before_it_closes_within_a_day(self, opens: int, closes: int) -> None:
        with pytest.raises(ValueError, match="a window opens before it closes, between 00:00 and 24:00"):
            Window(opens, closes)

    def test_is_shown_as_a_clock_shows_it(self) -> None:
        assert (str(Window(0, 24 * 60)), str(Window(485, 1019))) == ("00:00-24:00", "08:05-16:59")


class TestACalendar:
    @pytest.mark.parametrize(
        ("_case", "wrong", "sentence"),
        [
            ("an unknown zone", {"zone": "Europe/Berlyn"}, "'Europe/Berlyn' is not an IANA time zone"),
            ("six days", {"weekly": ((),) * 6}, "calendar office needs seven days, Monday first, not 6"),
            (
                "windows that overlap",
                {"weekly": ((Window(60, 120), Window(119, 180)), *NEVER[1:])},
                "windows of a day are sorted and apart: 01:00-02:00, 01:59-03:00",
            ),
            (
                "windows out of order",
                {"extra_open": ((date(2026, 3, 7), (Window(120, 180), Window(60, 90))),)},
                "windows of a day are sorted and apart: 02:00-03:00, 01:00-01:30",
            ),
            (
                "a day both closed and open",
                {"closed": frozenset({date(2026, 3, 7)}), "extra_open": ((date(2026, 3, 7), NINE_TO_FIVE),)},
                "calendar office is both closed and open on 2026-03-07",
            ),
            ("an unknown country", {"country": "XX"}, "no public holidays are known for XX"),
            (
                "an unknown subdivision",
                {"country": "DE", "subdivision": "ZZ"},
                "no public holidays are known for DE, subdivision ZZ",
            ),
            (
                "a subdivision of no country",
                {"subdivision": "BE"},
                "calendar office names subdivision BE of no country",
            ),
        ],
    )
    def test_refuses_nonsense(self, _case: str, wrong: dict[str, object], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            Calendar(**{"name": "office", "zone": "UTC", "weekly": NEVER} | wrong)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("_case", "calendar", "expected"),
        [
            ("made so", Calendar.always("Europe/Berlin"), True),
            ("written in two windows", every_day(Window(0, 720), Window(720, 1440)), True),
            ("a minute missing", every_day(Window(0, 1439)), False),
            ("office hours", OFFICE, False),
            ("closed on a day", Calendar("x", "UTC", (ALL_DAY,) * 7, closed=frozenset({date(2026, 3, 2)})), False),
            ("closed on holidays", Calendar("x", "UTC", (ALL_DAY,) * 7, country="DE"), False),
        ],
    )
    def test_knows_whether_it_is_always_open(self, _case: str, calendar: Calendar, expected: bool) -> None:
        assert calendar.is_always is expected

    def test_is_a_value_whatever_it_was_asked_before(self) -> None:
        asked, fresh = Calendar.always(), Calendar.always()
        assert asked.elapsed(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)) == 86400
        assert (asked, hash(asked), repr(asked)) == (fresh, hash(fresh), repr(fresh))

    @pytest.mark.parametrize(("year", "asked"), [(1899, 1899), (2200, 2200)])
    def test_answers_for_three_centuries(self, year: int, asked: int) -> None:
        with pytest.raises(ValueError, match=f"calendars answer for the years 1900 to 2199, not for {asked}"):
            Calendar.always().is_open(datetime(year, 6, 1, tzinfo=UTC))


class TestABusinessDay:
    @pytest.mark.parametrize(
        ("_case", "day", "expected"),
        [
            ("a Monday", date(2026, 3, 2), True),
            ("a Saturday", date(2026, 3, 7), False),
            ("Women's Day in Berlin, a Monday", date(2027, 3, 8), False),
            ("Women's Day elsewhere would be one", date(2027, 3, 9), True),
            ("Easter Monday", date(2026, 4, 6), False),
        ],
    )
    def test_has_an_open_window(self, _case: str, day: date, expected: bool) -> None:
        assert BERLIN.is_business_day(day) is expected

    def test_may_be_closed_or_opened_by_date(self) -> None:
        moved = Calendar(
            "moved",
            "UTC",
            OFFICE.weekly,
            country="DE",
            closed=frozenset({date(2026, 3, 2)}),
            extra_open=((date(2026, 3, 7), NINE_TO_FIVE), (date(2026, 5, 1), (Window(600, 660),))),
        )
        days = (date(2026, 3, 2), date(2026, 3, 7), date(2026, 5, 1), date(2026, 3, 3))
        assert [moved.windows_on(day) for day in days] == [(), NINE_TO_FIVE, (Window(600, 660),), NINE_TO_FIVE]

    def test_may_open_longer(self) -> None:
        longer = Calendar("x", "UTC", OFFICE.weekly, extra_open=((date(2026, 3, 2), (Window(420, 600),)),))
        assert longer.windows_on(date(2026, 3, 2)) == (Window(420, 600), Window(540, 1020))
        assert longer.open_in(span("2026-03-02T00:00Z", "2026-03-03T00:00Z")) == (
            span("2026-03-02T07:00Z", "2026-03-02T17:00Z"),
        )

    @pytest.mark.parametrize(
        ("_case", "day", "n", "expected"),
        [
            ("the next one", date(2026, 3, 5), 1, date(2026, 3, 6)),
            ("over the weekend", date(2026, 3, 6), 1, date(2026, 3, 9)),
            ("from a Saturday", date(2026, 3, 7), 1, date(2026, 3, 9)),
            ("two from a Saturday", date(2026, 3, 7), 2, date(2026, 3, 10)),
            ("over Easter", date(2026, 4, 2), 1, date(2026, 4, 7)),
            ("none", date(2026, 3, 7), 0, date(2026, 3, 7)),
            ("the one before", date(2026, 3, 9), -1, date(2026, 3, 6)),
            ("before a Sunday", date(2026, 3, 8), -1, date(2026, 3, 6)),
            ("three before, over Easter", date(2026, 4, 8), -3, date(2026, 4, 1)),
            ("a year of them", date(2025, 12, 31), 254, date(2026, 12, 31)),
        ],
    )
    def test_follows_another(self, _case: str, day: date, n: int, expected: date) -> None:
        assert BERLIN.business_days_after(day, n) == expected

    @pytest.mark.parametrize("n", [1, -1])
    def test_never_comes_if_there_is_none(self, n: int) -> None:
        with pytest.raises(
            ValueError, match=f"calendar never does not reach {n} business days from 2026-03-02 in 10 years"
        ):
            Calendar("never", "UTC", NEVER).business_days_after(date(2026, 3, 2), n)


class TestOpenTime:
    @pytest.mark.parametrize(
        ("_case", "calendar", "day", "expected"),
        [
            ("winter", BERLIN, "2026-03-02", ["2026-03-02T08:00Z", "2026-03-02T16:00Z"]),
            ("summer", BERLIN, "2026-07-02", ["2026-07-02T07:00Z", "2026-07-02T15:00Z"]),
            ("a holiday", BERLIN, "2026-04-06", []),
            (
                "a shift of six hours is five in spring",
                every_day(Window(0, 360)),
                "2025-03-30",
                ["2025-03-29T23:00Z", "2025-03-30T04:00Z"],
            ),
            (
                "and seven in autumn",
                every_day(Window(0, 360)),
                "2025-10-26",
                ["2025-10-25T22:00Z", "2025-10-26T05:00Z"],
            ),
            ("all of it skipped", every_day(Window(120, 165)), "2025-03-30", []),
            (
                "opening while the clock is put forward",
                every_day(Window(150, 300)),
                "2025-03-30",
                ["2025-03-30T01:00Z", "2025-03-30T03:00Z"],
            ),
            (
                "opening at a time that comes twice",
                every_day(Window(150, 300)),
                "2025-10-26",
                ["2025-10-26T00:30Z", "2025-10-26T04:00Z"],
            ),
            (
                "closing at a time that comes twice",
                every_day(Window(60, 150)),
                "2025-10-26",
                ["2025-10-25T23:00Z", "2025-10-26T00:30Z"],
            ),
            (
                "a midnight that is skipped",
                every_day(Window(0, 120), zone="America/Sao_Paulo"),
                "2018-11-04",
                ["2018-11-04T03:00Z", "2018-11-04T04:00Z"],
            ),
        ],
    )
    def test_is_cut_on_the_wall_and_lies_in_real_time(
        self, _case: str, calendar: Calendar, day: str, expected: list[str]
    ) -> None:
        evening = parse_instant(f"{day}T20:00Z")
        around = Interval(evening - timedelta(days=1), evening)
        assert calendar.open_in(around) == ((span(*expected),) if expected else ())

    def test_of_two_shifts_that_touch_is_one(self) -> None:
        split = every_day(Window(0, 150), Window(150, 1440))
        year = span("2025-01-01T00:00Z", "2026-01-01T00:00Z")
        assert split.open_in(year) == (year,)

    def test_goes_on_over_the_new_year(self) -> None:
        nights = every_day(Window(0, 360), Window(1320, 1440))
        assert nights.open_in(span("2025-12-31T12:00Z", "2026-01-01T12:00Z")) == (
            span("2025-12-31T21:00Z", "2026-01-01T05:00Z"),
        )

    def test_is_cut_to_the_span(self) -> None:
        assert OFFICE.open_in(span("2026-03-02T10:00Z", "2026-03-03T10:00Z")) == (
            span("2026-03-02T10:00Z", "2026-03-02T17:00Z"),
            span("2026-03-03T09:00Z", "2026-03-03T10:00Z"),
        )
        assert OFFICE.open_in(span("2026-03-02T10:00Z", "2026-03-02T10:00Z")) == ()

    @pytest.mark.parametrize(
        ("instant", "expected"),
        [
            ("2026-03-02T08:59:59Z", False),
            ("2026-03-02T09:00:00Z", True),
            ("2026-03-02T16:59:59.9Z", True),
            ("2026-03-02T17:00:00Z", False),
        ],
    )
    def test_is_half_open(self, instant: str, expected: bool) -> None:
        assert OFFICE.is_open(datetime.fromisoformat(instant)) is expected

    def test_of_a_day_that_never_was_is_none(self) -> None:
        apia = every_day(Window(0, 1440), zone="Pacific/Apia")
        assert [each for each in apia._open_on(date(2011, 12, 30)) if each] == []
        assert apia.elapsed(parse_instant("2011-12-29T10:00Z"), parse_instant("2011-12-31T10:00Z")) == 2 * 86400
