from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.times import (
    HOLIDAYS_VERSION,
    TZDATA_VERSION,
    local_instant,
    parse_instant,
    seconds_between,
    show_instant,
    utc,
    zone,
)

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"]
walls = st.datetimes(datetime(2011, 1, 1), datetime(2026, 12, 31)).map(lambda wall: wall.replace(microsecond=0))  # noqa: DTZ001


class TestAnInstant:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-03-02T08:00:00Z", datetime(2026, 3, 2, 8, tzinfo=UTC)),
            ("2026-03-02T09:00:00+01:00", datetime(2026, 3, 2, 8, tzinfo=UTC)),
            (" 2026-03-02 09:00+01:00 ", datetime(2026, 3, 2, 8, tzinfo=UTC)),
            ("2026-03-02T08:00:00.999Z", datetime(2026, 3, 2, 8, tzinfo=UTC)),
            ("1969-12-31T23:59:59.500Z", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ],
    )
    def test_is_read_from_iso_8601(self, text: str, expected: datetime) -> None:
        assert parse_instant(text) == expected

    @pytest.mark.parametrize(
        "text",
        ["2026-03-02T08:00:00", "2026-03-02", "tomorrow", "", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00"],
    )
    def test_is_refused_without_offset_or_sense(self, text: str) -> None:
        with pytest.raises(
            ValueError, match=f"^'{text}' is not an instant; write it like 2026-03-02T08:00:00Z".replace("+", r"\+")
        ):
            parse_instant(text)

    def test_is_in_utc_and_whole_seconds(self) -> None:
        assert utc(datetime.fromisoformat("2025-03-30T03:30:00.7+02:00")) == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)

    def test_is_never_naive(self) -> None:
        with pytest.raises(ValueError, match="2026-03-02 00:00:00 has no offset from UTC"):
            utc(datetime(2026, 3, 2))  # noqa: DTZ001

    def test_is_shown_in_one_form(self) -> None:
        assert show_instant(datetime.fromisoformat("2026-03-02T09:00:00.5+01:00")) == "2026-03-02T08:00:00Z"

    def test_has_whole_seconds_to_another(self) -> None:
        one = datetime(2026, 3, 2, tzinfo=UTC)
        assert (seconds_between(one, one + timedelta(days=1)), seconds_between(one, one - timedelta(seconds=1))) == (
            86400,
            -1,
        )


class TestAZone:
    def test_comes_from_the_pinned_package(self) -> None:
        berlin = zone("Europe/Berlin")
        assert (berlin.key, zone("Europe/Berlin") is berlin) == ("Europe/Berlin", True)
        assert datetime(2026, 7, 1, tzinfo=berlin).utcoffset() == timedelta(hours=2)

    def test_is_read_without_looking_at_the_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("zoneinfo.TZPATH", ())
        zone.cache_clear()
        assert zone("Asia/Kathmandu").utcoffset(datetime(2026, 1, 1)) == timedelta(hours=5, minutes=45)  # noqa: DTZ001

    @pytest.mark.parametrize("name", ["Europe/Berlyn", "", "europe/berlin", "../zones", "/etc/passwd", "Europe"])
    def test_is_refused_if_unknown(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"^'{name}' is not an IANA time zone, such as Europe/Berlin or UTC$"):
            zone(name)

    def test_says_by_which_data(self) -> None:
        assert (version("tzdata"), version("holidays")) == (TZDATA_VERSION, HOLIDAYS_VERSION)


class TestATimeOnTheWall:
    @pytest.mark.parametrize(
        ("_case", "wall", "zone_name", "expected"),
        [
            ("winter", "2026-03-02T08:00:00", "Europe/Berlin", "2026-03-02T07:00:00Z"),
            ("summer", "2026-07-02T08:00:00", "Europe/Berlin", "2026-07-02T06:00:00Z"),
            ("before the skipped hour", "2025-03-30T01:59:59", "Europe/Berlin", "2025-03-30T00:59:59Z"),
            ("the skipped hour begins", "2025-03-30T02:00:00", "Europe/Berlin", "2025-03-30T01:00:00Z"),
            ("in the skipped hour", "2025-03-30T02:59:59", "Europe/Berlin", "2025-03-30T01:00:00Z"),
            ("after the skipped hour", "2025-03-30T03:00:00", "Europe/Berlin", "2025-03-30T01:00:00Z"),
            ("the hour twice, first passing", "2025-10-26T02:00:00", "Europe/Berlin", "2025-10-26T00:00:00Z"),
            ("its last second, first passing", "2025-10-26T02:59:59", "Europe/Berlin", "2025-10-26T00:59:59Z"),
            ("after the hour twice", "2025-10-26T03:00:00", "Europe/Berlin", "2025-10-26T02:00:00Z"),
            ("half an hour skipped", "2025-10-05T02:15:00", "Australia/Lord_Howe", "2025-10-04T15:30:00Z"),
            ("midnight skipped", "2018-11-04T00:00:00", "America/Sao_Paulo", "2018-11-04T03:00:00Z"),
            ("a day skipped", "2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T10:00:00Z"),
            ("before standard time", "1890-01-01T00:00:00", "Europe/Berlin", "1889-12-31T23:06:32Z"),
        ],
    )
    def test_is_one_instant(self, _case: str, wall: str, zone_name: str, expected: str) -> None:
        assert show_instant(local_instant(datetime.fromisoformat(wall), zone_name)) == expected

    def test_has_no_offset_of_its_own(self) -> None:
        with pytest.raises(ValueError, match="a time on the wall has no offset"):
            local_instant(datetime(2026, 3, 2, tzinfo=UTC), "Europe/Berlin")

    def test_means_the_first_passing_whatever_its_fold(self) -> None:
        second = datetime(2025, 10, 26, 2, 30, fold=1)  # noqa: DTZ001
        assert local_instant(second, "Europe/Berlin") == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)

    @given(walls, walls, st.sampled_from(ZONES))
    def test_never_comes_earlier_than_an_earlier_one(self, one: datetime, other: datetime, name: str) -> None:
        earlier, later = sorted([one, other])
        assert local_instant(earlier, name) <= local_instant(later, name)

    @given(walls, st.sampled_from(ZONES))
    def test_is_what_the_clock_then_shows_or_just_skipped(self, wall: datetime, name: str) -> None:
        shown = local_instant(wall, name).astimezone(zone(name)).replace(tzinfo=None)
        assert shown == wall or (shown > wall and local_instant(wall, name) == local_instant(shown, name))
