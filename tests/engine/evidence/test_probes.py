from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from makegood.engine.evidence.probes import LARGEST_VALUE, Probe, Series
from makegood.engine.evidence.records import Gauge, State, Status
from makegood.engine.vocabulary.ratio import Ratio

AT = datetime(2026, 3, 6, 16, tzinfo=UTC)
WEB = Series("monitoring", "web-1", "http", "response-time", "ms", (("site", "mill"),))


class TestSeries:
    def test_is_a_source_for_each_check(self) -> None:
        assert (WEB.origin, WEB.timeline) == ("monitoring/http", ("monitoring/http", "web-1"))
        assert Series("monitoring", "web-1").origin == "monitoring"

    @pytest.mark.parametrize(
        ("more", "why"),
        [
            ({"source": ""}, "a series needs a source, without # in its name: ''"),
            ({"source": "a#b"}, "a series needs a source, without # in its name: 'a#b'"),
            ({"check": "a#b"}, "a check has no # in its name: 'a#b'"),
            ({"subject": ""}, "a series needs a subject"),
            ({"unit": "ms"}, "a series that names the unit ms says what it measures"),
        ],
    )
    def test_says_what_it_watches(self, more: dict[str, Any], why: str) -> None:
        with pytest.raises(ValueError, match=re.escape(why)):
            Series(**{"source": "monitoring", "subject": "web-1", **more})


class TestProbe:
    def test_means_a_state_and_a_sample(self) -> None:
        state, gauge = Probe(WEB, AT, Status.DEGRADED, Ratio(25, 2)).records
        assert state == State(
            source="monitoring/http",
            source_id="web-1@2026-03-06T16:00:00Z",
            subject="web-1",
            status=Status.DEGRADED,
            start=AT,
            labels=(("site", "mill"),),
        )
        assert gauge == Gauge(
            source="monitoring/http",
            source_id="web-1@2026-03-06T16:00:00Z/response-time",
            subject="web-1",
            of="response-time",
            value=Ratio(25, 2),
            unit="ms",
            at=AT,
            labels=(("site", "mill"),),
        )

    def test_without_a_value_means_a_state_alone(self) -> None:
        (state,) = Probe(WEB, AT, Status.DOWN).records
        assert state.kind == "state"

    def test_has_a_value_only_of_what_its_series_measures(self) -> None:
        with pytest.raises(ValueError, match="a probe of web-1 has a value and does not say what it is of"):
            Probe(Series("monitoring", "web-1"), AT, Status.UP, Ratio(1))

    def test_lies_in_a_year_that_calendars_answer_for(self) -> None:
        with pytest.raises(ValueError, match="at lies in the year 2200, outside of 1900 to 2199"):
            Probe(WEB, AT.replace(year=2200), Status.UP)

    def test_has_its_value_in_millionths(self) -> None:
        found = [Probe(WEB, AT, Status.UP, value).micro for value in (None, Ratio(25, 2), Ratio(-LARGEST_VALUE, 10**6))]
        assert found == [None, 12_500_000, -LARGEST_VALUE]

    @pytest.mark.parametrize("value", [Ratio(2**63, 1_000_000), Ratio(-(2**63), 1_000_000)])
    def test_has_a_value_that_fits_into_64_bits(self, value: Ratio) -> None:
        why = "a probe's value lies between -9223372036854.775807 and 9223372036854.775807: "
        with pytest.raises(ValueError, match=f"^{re.escape(f'{why}{value}')}$"):
            Probe(WEB, AT, Status.UP, value)

    @pytest.mark.parametrize("value", [Ratio(1, 3), Ratio(1, 10_000_000)])
    def test_has_a_value_of_six_decimals_at_most(self, value: Ratio) -> None:
        with pytest.raises(ValueError, match="a probe's value has at most six decimals"):
            Probe(WEB, AT, Status.UP, value)
