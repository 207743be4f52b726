from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.interval import Interval, clip, seconds
from makegood.engine.vocabulary.opening import OpenTime
from tests.engine.vocabulary.strategies import NOON, stretch, stretches

MORNING_AND_EVENING = OpenTime.of([stretch(10, 20), stretch(100, 50), stretch(120, 10)])


class TestOpenTime:
    def test_is_apart_and_counted(self) -> None:
        assert MORNING_AND_EVENING.intervals == (stretch(10, 20), stretch(100, 50))
        assert (MORNING_AND_EVENING.before, MORNING_AND_EVENING.total) == ((0, 20, 70), 70)

    @pytest.mark.parametrize(
        ("second", "passed"), [(0, 0), (10, 0), (11, 1), (30, 20), (99, 20), (100, 20), (101, 21), (150, 70), (999, 70)]
    )
    def test_passes(self, second: int, passed: int) -> None:
        assert MORNING_AND_EVENING.passed(NOON + timedelta(seconds=second)) == passed

    @pytest.mark.parametrize(("passed", "second"), [(1, 11), (20, 30), (21, 101), (70, 150)])
    def test_is_used_up_at_the_earliest(self, passed: int, second: int) -> None:
        assert MORNING_AND_EVENING.earliest(passed) == NOON + timedelta(seconds=second)

    @pytest.mark.parametrize(("passed", "second"), [(0, 10), (19, 29), (20, 100), (69, 149)])
    def test_is_used_up_at_the_latest(self, passed: int, second: int) -> None:
        assert MORNING_AND_EVENING.latest(passed) == NOON + timedelta(seconds=second)

    def test_may_be_none(self) -> None:
        never = OpenTime.of([])
        assert (never.total, never.passed(NOON), never.within(stretch(0, 10))) == (0, 0, ())

    @given(stretches, st.builds(stretch, st.integers(0, 40), st.integers(0, 12)))
    def test_finds_all_that_may_lie_in_a_span(self, open_time: list[Interval], span: Interval) -> None:
        counted = OpenTime.of(open_time)
        assert clip(counted.within(span), span) == clip(open_time, span)
        assert counted.passed(span.end) - counted.passed(span.start) == seconds(clip(open_time, span))
