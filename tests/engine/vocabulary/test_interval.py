from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given

from makegood.engine.vocabulary.interval import Interval, clip, difference, intersection, seconds, touching, union
from tests.engine.vocabulary.strategies import NOON, stretch, stretches


def seconds_in(intervals: Iterable[Interval]) -> set[int]:
    """Return every second in the intervals, counted from noon: the slow way to be right."""
    zero = int(NOON.timestamp())
    return {
        second
        for each in intervals
        for second in range(int(each.start.timestamp()) - zero, int(each.end.timestamp()) - zero)
    }


class TestAnInterval:
    def test_is_kept_in_utc(self) -> None:
        berlin = timezone(timedelta(hours=1))
        day = Interval(datetime(2026, 3, 2, 9, tzinfo=berlin), datetime(2026, 3, 2, 19, tzinfo=berlin))
        assert day == Interval(datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 18, tzinfo=UTC))
        assert (day.start.tzinfo, day.end.tzinfo) == (UTC, UTC)

    @pytest.mark.parametrize(
        ("_case", "start", "end", "sentence"),
        [
            ("a naive start", datetime(2026, 3, 2), NOON, "an interval needs aware datetimes"),  # noqa: DTZ001
            ("a naive end", NOON, datetime(2026, 3, 3), "an interval needs aware datetimes"),  # noqa: DTZ001
            ("ends first", NOON, NOON - timedelta(seconds=1), "interval ends before it starts"),
            ("a split second", NOON.replace(microsecond=1), NOON, "instants are kept to the whole second"),
            ("a split second later", NOON, NOON.replace(microsecond=1), "instants are kept to the whole second"),
        ],
    )
    def test_refuses_nonsense(self, _case: str, start: datetime, end: datetime, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            Interval(start, end)

    def test_is_half_open(self) -> None:
        hour = stretch(0, 3600)
        assert hour.seconds == 3600
        assert [hour.contains(NOON + timedelta(seconds=s)) for s in (-1, 0, 3599, 3600)] == [False, True, True, False]

    def test_is_true_unless_empty(self) -> None:
        assert (bool(stretch(0, 1)), bool(stretch(0, 0))) == (True, False)

    @pytest.mark.parametrize(
        ("_case", "other", "shared"),
        [
            ("the same", stretch(10, 10), stretch(10, 10)),
            ("across the start", stretch(5, 10), stretch(10, 5)),
            ("across the end", stretch(15, 10), stretch(15, 5)),
            ("inside", stretch(12, 2), stretch(12, 2)),
            ("touching before", stretch(0, 10), None),
            ("touching after", stretch(20, 10), None),
            ("empty, inside", stretch(15, 0), None),
            ("far away", stretch(50, 5), None),
        ],
    )
    def test_shares_time_with_another(self, _case: str, other: Interval, shared: Interval | None) -> None:
        one = stretch(10, 10)
        assert (one.intersection(other), other.intersection(one)) == (shared, shared)
        assert (one.overlaps(other), other.overlaps(one)) == (shared is not None, shared is not None)

    def test_shows_seconds_only_if_there_are_any(self) -> None:
        assert str(stretch(0, 3600)) == "2026-03-02 12:00Z .. 2026-03-02 13:00Z"
        assert str(stretch(0, 3601)) == "2026-03-02 12:00:00Z .. 2026-03-02 13:00:01Z"
        assert str(stretch(1, 59)) == "2026-03-02 12:00:01Z .. 2026-03-02 12:01:00Z"


class TestSetsOfIntervals:
    def test_grow_together_where_they_touch(self) -> None:
        assert union([stretch(20, 5), stretch(0, 10), stretch(10, 5), stretch(3, 0), stretch(30, 0)]) == (
            stretch(0, 15),
            stretch(20, 5),
        )

    def test_share_what_both_cover(self) -> None:
        assert intersection([stretch(0, 10), stretch(5, 10)], [stretch(8, 2), stretch(10, 1), stretch(14, 9)]) == (
            stretch(8, 3),
            stretch(14, 1),
        )

    def test_leave_what_is_not_taken_away(self) -> None:
        assert difference([stretch(0, 20)], [stretch(5, 5), stretch(8, 4), stretch(19, 9)]) == (
            stretch(0, 5),
            stretch(12, 7),
        )

    def test_are_cut_to_a_stretch(self) -> None:
        assert clip([stretch(0, 10), stretch(30, 10)], stretch(5, 30)) == (stretch(5, 5), stretch(30, 5))

    def test_count_each_second_once(self) -> None:
        assert (seconds([stretch(0, 10), stretch(5, 10)]), seconds([])) == (15, 0)

    def test_are_found_where_they_touch_a_stretch_and_not_where_they_end_at_its_start(self) -> None:
        apart = [stretch(0, 5), stretch(8, 4), stretch(14, 2), stretch(20, 5)]
        assert touching(apart, stretch(5, 15)) == [stretch(8, 4), stretch(14, 2)]
        assert touching(apart, stretch(4, 17)) == apart

    @given(stretches, stretches)
    def test_are_found_as_comparing_each_finds_them(self, many: list[Interval], spans: list[Interval]) -> None:
        apart = union(many)
        for span in filter(None, spans):
            assert touching(apart, span) == tuple(each for each in apart if each.overlaps(span))

    @given(stretches, stretches)
    def test_agree_with_sets_of_seconds(self, a: list[Interval], b: list[Interval]) -> None:
        in_a, in_b = seconds_in(a), seconds_in(b)
        assert seconds_in(union([*a, *b])) == in_a | in_b
        assert seconds_in(intersection(a, b)) == in_a & in_b
        assert seconds_in(difference(a, b)) == in_a - in_b
        assert seconds(a) == len(in_a)

    @pytest.mark.parametrize("operation", [intersection, difference, lambda a, b: union([*a, *b])])
    @given(a=stretches, b=stretches)
    def test_come_out_sorted_and_apart(
        self,
        operation: Callable[[list[Interval], list[Interval]], tuple[Interval, ...]],
        a: list[Interval],
        b: list[Interval],
    ) -> None:
        found = operation(a, b)
        assert all(found)
        assert all(earlier.end < later.start for earlier, later in pairwise(found))
        assert union(found) == found
