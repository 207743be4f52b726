"""Compiled calendars against the law that they are compiled from."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.vault.measuring.calendars import DAY, CompiledCalendars
from makegood.vault.probes.columns import instant_of, second_of
from tests.engine.vocabulary.strategies import CALENDARS, moments

FIRST, LAST = date(2024, 12, 1), date(2026, 5, 1)
ALL = CompiledCalendars.of(CALENDARS, FIRST, LAST)
OFFICE = Calendar("office", "UTC", ((Window(540, 720), Window(780, 1020)),) * 5 + ((), ()))
MONDAY = date(2026, 3, 2)

pairs = st.tuples(st.integers(0, len(CALENDARS) - 1), moments, moments)


def cum(calendars: CompiledCalendars, number: int, *at: datetime) -> list[int]:
    seconds = np.array([second_of(each) for each in at], np.int64)
    found: list[int] = calendars.cum(np.full(len(at), number), seconds).tolist()
    return found


class TestCompiledCalendars:
    @given(st.lists(pairs, min_size=1, max_size=8))
    def test_count_the_seconds_that_the_law_counts(self, asked: list[tuple[int, datetime, datetime]]) -> None:
        numbers = np.array([number for number, _, _ in asked])
        starts = np.array([second_of(start) for _, start, _ in asked], np.int64)
        ends = np.array([second_of(end) for _, _, end in asked], np.int64)
        passed = ALL.cum(numbers, ends) - ALL.cum(numbers, starts)
        expected = [
            CALENDARS[number].elapsed(start, end) - CALENDARS[number].elapsed(end, start)
            for number, start, end in asked
        ]
        assert passed.tolist() == expected

    @pytest.mark.parametrize("change", [datetime(2025, 3, 30, tzinfo=UTC), datetime(2025, 10, 26, tzinfo=UTC)])
    def test_follow_each_minute_over_a_change_of_clocks(self, change: datetime) -> None:
        for number, calendar in enumerate(CALENDARS):
            minutes = [change + timedelta(minutes=n) for n in range(-60, 360)]
            begin, *rest = cum(ALL, number, change - timedelta(hours=2), *minutes)
            assert [each - begin for each in rest] == [
                calendar.elapsed(change - timedelta(hours=2), minute) for minute in minutes
            ]

    @pytest.mark.parametrize(
        ("_case", "zone", "day", "minutes"),
        [
            ("an hour is skipped at midnight", "America/Sao_Paulo", date(2018, 11, 4), 23 * 60),
            ("an hour comes twice before midnight", "America/Sao_Paulo", date(2018, 2, 17), 25 * 60),
            ("half an hour comes twice", "Australia/Lord_Howe", date(2026, 4, 5), 24 * 60 + 30),
            ("a day is skipped", "Pacific/Apia", date(2011, 12, 30), 0),
        ],
    )
    def test_know_days_of_other_lengths(self, _case: str, zone: str, day: date, minutes: int) -> None:
        only = Calendar("a day", zone, ((),) * 7, extra_open=((day, (Window(0, 1440),)),))
        around = CompiledCalendars.of([only], day - timedelta(days=2), day + timedelta(days=2))
        assert cum(around, 0, instant_of(around.end)) == [minutes * 60]

    def test_count_from_the_first_day(self) -> None:
        office = CompiledCalendars.of([Calendar.always(), OFFICE], MONDAY, MONDAY)
        noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        assert (cum(office, 0, noon), cum(office, 1, noon)) == ([12 * 3600], [3 * 3600])

    def test_know_the_whole_of_their_last_day(self) -> None:
        office = CompiledCalendars.of([OFFICE], MONDAY, MONDAY)
        assert cum(office, 0, instant_of(office.start), instant_of(office.end)) == [0, 7 * 3600]

    def test_count_from_another_instant_if_asked(self) -> None:
        office = CompiledCalendars.of([Calendar.always(), OFFICE], MONDAY, MONDAY)
        later = office.counted_from(second_of(datetime(2026, 3, 2, 14, tzinfo=UTC)))
        ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
        assert (cum(later, 0, ten), cum(later, 1, ten)) == ([-4 * 3600], [-3 * 3600])

    def test_know_days_before_1970(self) -> None:
        old = CompiledCalendars.of([OFFICE], date(1969, 12, 29), date(1969, 12, 31))  # Monday to Wednesday
        assert cum(old, 0, datetime(1969, 12, 30, 10, tzinfo=UTC)) == [8 * 3600]

    def test_answer_for_no_instants_at_all(self) -> None:
        assert cum(ALL, 0) == []

    def test_may_be_none(self) -> None:
        assert CompiledCalendars.of([], MONDAY, MONDAY).base.tolist() == []

    @pytest.mark.parametrize(
        "at", [datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC)]
    )
    def test_refuse_an_instant_of_which_they_know_nothing(self, at: datetime) -> None:
        office = CompiledCalendars.of([OFFICE], MONDAY, MONDAY)
        with pytest.raises(ValueError, match=r"compiled for 2026-03-02 to 2026-03-02; .* lies outside"):
            cum(office, 0, datetime(2026, 3, 2, 12, tzinfo=UTC), at)

    @pytest.mark.parametrize(("first", "last"), [(date(1899, 12, 31), MONDAY), (MONDAY, date(2200, 1, 1))])
    def test_refuse_days_for_which_calendars_do_not_answer(self, first: date, last: date) -> None:
        with pytest.raises(ValueError, match="answer for the years 1900 to 2199"):
            CompiledCalendars.of([OFFICE], first, last)

    def test_refuse_days_that_run_backwards(self) -> None:
        with pytest.raises(ValueError, match="not from 2026-03-02 to 2026-03-01"):
            CompiledCalendars.of([OFFICE], MONDAY, date(2026, 3, 1))


class TestClocksOnTheWall:
    def test_never_change_twice_within_a_day(self) -> None:
        zones = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
        found = {zone: list(changes(zone)) for zone in zones}
        assert second_of(datetime(1980, 4, 6, 1, tzinfo=UTC)) in found["Europe/Berlin"]
        assert [zone for zone, at in found.items() if any(end - start < 2 * DAY for start, end in pairwise(at))] == []


def changes(zone: str) -> Iterator[int]:
    """Yield when a zone changes its offset, in seconds since 1970: the table in its file, as RFC 8536 lays it out."""
    content = files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
    header = struct.Struct(">4sc15x6l")
    counts = header.unpack_from(content)[2:]
    second = header.size + sum(map(int.__mul__, counts, (1, 1, 8, 5, 6, 1)))  # after the table of 32 bits
    times, types = header.unpack_from(content, second)[5:7]
    table = content[second + header.size :]
    offsets = [offset for offset, _, _ in struct.iter_unpack(">lBB", table[9 * times :][: 6 * types])]
    before = offsets[0]
    for at, kind in zip(struct.unpack_from(f">{times}q", table), table[8 * times : 9 * times], strict=True):
        if offsets[kind] != before:
            yield at
        before = offsets[kind]
