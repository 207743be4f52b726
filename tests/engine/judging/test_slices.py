from __future__ import annotations

import pytest

from makegood.engine.agreement.measures.ratio import RatioOf, SliceMethod, Slices
from makegood.engine.agreement.shapes import TARGET
from makegood.engine.judging.slices import Slice, sliced_ratio
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, measured, tally, texts, verdict


def slices(method: str, more: str = "") -> str:
    bad = ', bad_when: "> 5%"' if method == "share_of_bad_slices" else ""
    return f"{{kind: ratio, of: orders, good: accepted, slices: {{every: 5m, method: {method}{bad}{more}}}}}"


class TestSlices:
    @pytest.mark.parametrize(
        ("_case", "method", "more", "given", "expected"),
        [
            (
                "object storage: empty slices have no error",
                "mean_error_rate",
                "",
                [(100, 200, 100), (1_540, 1_000, 0), (7_000, 0, 0)],
                "99.421296 %",
            ),
            (
                "empty slices skipped",
                "mean_error_rate",
                "empty: skipped",
                [(100, 200, 100), (1_540, 1_000, 0), (7_000, 0, 0)],
                "96.951220 %",
            ),
            (
                "by events",
                "mean_error_rate",
                "weight: by_events",
                [(100, 200, 100), (1_540, 1_000, 0), (7_000, 0, 0)],
                "99.358974 %",
            ),
            (
                "exactly five percent is not above five percent",
                "share_of_bad_slices",
                "",
                [(1_200, 1_000, 60), (300, 1_000, 50), (128_100, 1_000, 0)],
                "99.074074 %",
            ),
            (
                "sixteen hours and 48 minutes of two weeks are the whole budget",
                "share_of_bad_slices",
                "",
                [(1_008, 16, 16), (19_152, 16, 0)],
                "95.000000 %",
            ),
            (
                "an empty slice is good",
                "share_of_bad_slices",
                "",
                [(1, 10, 1), (9, 0, 0)],
                "90.000000 %",
            ),
            (
                "bad slices by their events",
                "share_of_bad_slices",
                "weight: by_events",
                [(1, 10, 1), (9, 30, 0)],
                "96.428571 %",
            ),
        ],
    )
    def test_make_one_value(
        self, _case: str, method: str, more: str, given: list[tuple[int, int, int]], expected: str
    ) -> None:
        measure = agreement(slices(method, f", {more}" if more else "")).outcomes["it"].measure
        assert isinstance(measure, RatioOf)
        assert measure.slices is not None
        happened = [Slice(bad, total) for number, total, bad in given if total for _ in range(number)]
        value = sliced_ratio(happened, sum(number for number, _, _ in given), measure.slices)
        assert value is not None
        assert value.percent(6) == expected

    def test_are_bad_with_any_error_where_nothing_else_is_said(self) -> None:
        terms = Slices(every=Duration(60), method=SliceMethod.SHARE_OF_BAD_SLICES)
        assert sliced_ratio([Slice(1, 100), Slice(0, 100)], 4, terms) == Ratio(3, 4)

    @pytest.mark.parametrize(("target", "expected"), [(">= 50%", Ratio(0)), ("> 50%", Ratio(1))])
    def test_are_bad_at_the_rate_that_is_said(self, target: str, expected: Ratio) -> None:
        terms = Slices(every=Duration(60), method=SliceMethod.SHARE_OF_BAD_SLICES, bad_when=TARGET.read(target))
        assert sliced_ratio([Slice(1, 2)], 1, terms) == expected

    def test_are_counted_from_the_start_of_the_period(self) -> None:
        found = measured(
            agreement(slices("mean_error_rate")),
            "2025-04",
            tally("04-01 00:00", "lost"),
            tally("04-01 00:04:59", "accepted"),
            tally("04-01 00:05", "lost"),
            tally("04-30 23:59:59", "accepted", 8),
            tally("04-02 00:00", "accepted", 0),
        )
        assert found.value == 1 - Ratio(3, 2) / 8_640
        assert (found.good, found.total) == (9, 11)
        assert "8,640 slices of 5m, of which 8,637 empty: 2 bad" in texts(found.reason)

    def test_count_a_last_one_that_the_period_cuts(self) -> None:
        measure = "{kind: ratio, of: orders, good: accepted, slices: {every: 7h, method: mean_error_rate}}"
        terms = agreement(measure, term="{from: 2025-04-01, until: 2025-04-02, timezone: UTC}")
        assert measured(terms, "2025-04", tally("04-01 23:00", "lost")).value == Ratio(3, 4)

    def test_have_no_value_without_any_event(self) -> None:
        found = verdict(agreement(slices("mean_error_rate")), "2025-04")
        assert (found.ruling, found.measurement.empty) == (Ruling.UNDECIDED, True)

    @pytest.mark.parametrize(
        ("method", "empty", "expected"),
        [
            ("mean_error_rate", "good", Ratio(1)),
            ("mean_error_rate", "skipped", None),
            ("share_of_bad_slices", "good", Ratio(1)),
        ],
    )
    def test_that_are_known_to_be_empty_count_as_agreed(self, method: str, empty: str, expected: Ratio | None) -> None:
        terms = agreement(slices(method, f", empty: {empty}"))
        assert measured(terms, "2025-04", tally("04-02 00:00", "accepted", 0)).value == expected
