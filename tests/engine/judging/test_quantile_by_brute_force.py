"""Quantiles and means as they are defined: every quarter of an hour of a day, one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.quantile import Method
from makegood.engine.evidence.records import Gauge
from makegood.engine.judging.quantile import mean, quantile
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, measured

DAY = "{from: 2025-01-01, until: 2025-01-02, timezone: UTC}"
START = at("01-01 00:00")
QUARTERS = 24 * 4

samples = st.lists(
    st.tuples(st.integers(0, QUARTERS - 1), st.integers(0, 50), st.sampled_from("ab")),
    min_size=1,
    max_size=12,
    unique_by=lambda each: (each[0], each[2]),
)


def gauges(given_: list[tuple[int, int, str]]) -> list[Gauge]:
    return [
        Gauge(
            source="probe",
            source_id=f"{subject}{quarter}",
            subject=subject,
            of="load",
            value=Ratio(value),
            unit="",
            at=START + timedelta(minutes=15 * quarter),
        )
        for quarter, value, subject in given_
    ]


def quarter_by_quarter(given_: list[tuple[int, int, str]], after: int) -> list[int]:
    """Return the value that holds in each quarter, for each subject."""
    found = []
    for subject in "ab":
        mine = {quarter: value for quarter, value, name in given_ if name == subject}
        for quarter in range(QUARTERS):
            last = max((each for each in mine if each <= quarter), default=None)
            if last is not None and quarter < last + after:
                found.append(mine[last])
    return found


class TestTheLaw:
    @given(st.lists(st.integers(-50, 50), min_size=1, max_size=30), st.fractions(0, 1, max_denominator=50))
    def test_of_nearest_rank_is_the_smallest_that_so_many_do_not_exceed(self, values: list[int], share: object) -> None:
        wanted = Ratio(share)  # type: ignore[arg-type]
        found = quantile([(Ratio(value), 1) for value in values], wanted, Method.NEAREST_RANK)
        fitting = [value for value in values if Ratio(sum(each <= value for each in values), len(values)) >= wanted]
        assert found == min(fitting)

    @given(st.lists(st.integers(-50, 50), min_size=1, max_size=30), st.fractions(0, 1), st.fractions(0, 1))
    def test_of_a_larger_share_is_no_smaller(self, values: list[int], one: object, other: object) -> None:
        weighted = [(Ratio(value), 1) for value in values]
        low, high = sorted((Ratio(one), Ratio(other)))  # type: ignore[arg-type]
        for method in Method:
            smaller, larger = (quantile(weighted, share, method) for share in (low, high))
            assert smaller is not None
            assert larger is not None
            assert min(values) <= smaller <= larger <= max(values)

    def test_of_nothing_is_nothing(self) -> None:
        assert [quantile([], Ratio(1, 2), method) for method in Method] == [None, None]
        assert mean([]) is None


class TestTimeThatHolds:
    @pytest.mark.parametrize("after", [4, QUARTERS])
    @given(given_=samples)
    def test_counts_each_minute_as_one(self, after: int, given_: list[tuple[int, int, str]]) -> None:
        every_quarter = quarter_by_quarter(given_, after)
        held = f"weight: time, after: {15 * after}m"
        for measure, expected in (
            (f"{{kind: average, of: load, unit: number, {held}}}", mean([(Ratio(each), 1) for each in every_quarter])),
            (
                f"{{kind: quantile, of: load, unit: number, quantile: 90%, {held}}}",
                quantile([(Ratio(each), 1) for each in every_quarter], Ratio(9, 10), Method.NEAREST_RANK),
            ),
        ):
            terms = agreement(measure, target="<= 99", term=DAY)
            assert measured(terms, "2025-01", *gauges(given_)).value == expected
