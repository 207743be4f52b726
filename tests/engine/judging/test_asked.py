from __future__ import annotations

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.asked import Asked

TEXT = """\
makegood: agreement/1
agreement: asked
title: What is asked
parties: {{provider: provider, customer: customer}}
term: {{from: 2025-01-01, months: 1, timezone: UTC}}
money: {{currency: EUR}}
services:
  line: {{title: The line, made_of: {{all_of: [modem, fibre]}}}}
outcomes:
  one:
    promise: It is as it should be.
    measure: {measure}
    target: "{target}"
    report: {{due: 5 days}}
"""


def agreement(measure: str, target: str = ">= 90%") -> Agreement:
    document = read(TEXT.format(measure=measure, target=target))
    assert document.agreement is not None, [str(finding) for finding in document.findings]
    return document.agreement


class TestAsked:
    def test_is_every_sample_of_what_has_to_be_current(self) -> None:
        asked = Asked.of(agreement('{kind: coverage, current: {of: age, good_when: "<= 3", after: 24h}}'))
        assert asked.gauges == {"age": frozenset()}
        assert not asked.counts_samples("age")

    def test_is_about_services_and_their_parts(self) -> None:
        assert Asked.of(agreement("{kind: availability, of: line}")).subjects == {"line", "modem", "fibre"}

    def test_is_about_subjects_unless_one_measure_takes_all(self) -> None:
        one = "{kind: quantile, of: load, unit: share, quantile: 95%, subject: [web-1, web-2], on: always}"
        assert Asked.of(agreement(one)).gauges == {"load": frozenset({"web-1", "web-2"})}

    @pytest.mark.parametrize(
        ("_case", "others", "digits"),
        [
            ("one measure", (), {"load": 3}),
            ("another of the same", ("quantile, quantile: 50%, significant_digits: 3",), {"load": 3}),
            ("another of more", ("quantile, quantile: 50%, significant_digits: 4",), {}),
            ("another of all", ("quantile, quantile: 50%",), {}),
            ("an average", ("average",), {}),
            ("the time for which samples hold", ("quantile, quantile: 5%, significant_digits: 3, weight: time",), {}),
        ],
    )
    def test_rounds_samples_of_which_all_measures_say_the_same(
        self, _case: str, others: tuple[str, ...], digits: dict[str, int]
    ) -> None:
        first = "quantile, quantile: 95%, significant_digits: 3"
        measures = [f"{{of: load, unit: share, kind: {each}}}" for each in (first, *others)]
        more = [
            f'  more-{place}: {{promise: It is., measure: {each}, target: ">= 9%", report: {{due: 5 days}}}}\n'
            for place, each in enumerate(measures[1:])
        ]
        document = read(TEXT.format(measure=measures[0], target=">= 90%") + "".join(more))
        assert document.agreement is not None, [str(finding) for finding in document.findings]
        assert Asked.of(document.agreement).digits == digits

    def test_counts_cases_that_nothing_else_speaks_of(self) -> None:
        (limited,) = Asked.of(agreement("{kind: within, cases: incident, limit: 4h}")).cases["incident"]
        assert [each.label for each in limited.periods] == ["2025-01"]

    def test_counts_no_reports_of_outcomes(self) -> None:
        assert Asked.of(agreement("{kind: within, cases: report, limit: 4h}")).cases == {}

    def test_counts_no_cases_of_which_something_else_is_asked(self) -> None:
        asked = Asked.of(agreement("{kind: recovery, cases: incident, as: mean_time_to_restore}", "<= 4h"))
        assert asked.cases == {}
