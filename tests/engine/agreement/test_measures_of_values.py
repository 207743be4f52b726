from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.deadlines import DEADLINE, Months
from makegood.engine.agreement.document import read
from makegood.engine.agreement.measure_prose import measured
from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.measures.stated import Stated
from makegood.engine.agreement.measures.time_beyond import BeyondAs, TimeBeyond
from makegood.engine.agreement.shapes import TARGET, Unit

SURVEY = "kind: score, of: survey, scale: {from: 0, to: 10}"
LATENCY = "of: latency, unit: time"


class TestAMeasureInWords:
    @pytest.mark.parametrize(
        ("measure", "target", "sentence"),
        [
            ("{kind: stated, of: saving, unit: share}", ">= 5%", "what is stated as saving"),
            (f"{{kind: average, {LATENCY}}}", "<= 1s", "the mean of latency"),
            (
                f"{{kind: quantile, {LATENCY}, quantile: 95%}}",
                "<= 1s",
                "the value of latency that 95 % of its samples do not exceed",
            ),
            (
                f"{{kind: quantile, {LATENCY}, quantile: 95%, slices: {{every: 1h, good_when: '<= 300ms'}}}}",
                ">= 99%",
                "the share of slices in which the value of latency that 95 % of its samples do not exceed is <= 300 ms",
            ),
            (
                f"{{kind: quantile, {LATENCY}, quantile: 95%, significant_digits: 3}}",
                "<= 1s",
                "the value of latency that 95 % of its samples, rounded to 3 significant digits, do not exceed",
            ),
            (
                "{kind: time_beyond, of: heat, beyond: '> 27', as: time}",
                "<= 1h",
                "the agreed time in which heat was > 27",
            ),
            (
                "{kind: time_beyond, of: heat, beyond: '> 27', as: share}",
                "<= 1%",
                "the share of agreed time in which heat was > 27",
            ),
            (f"{{{SURVEY}, as: mean}}", ">= 8", "the mean answer to survey, on a scale from 0 to 10"),
            (
                f"{{{SURVEY}, as: top_box, top: 8}}",
                ">= 80%",
                "the share of answers of 8 or more to survey, on a scale from 0 to 10",
            ),
            (
                f"{{{SURVEY}, as: net_promoter, top: 9, bottom: 6}}",
                ">= 30",
                "the percentage of answers of 9 or more, less that of answers of 6 or less, to survey, on a scale from 0"
                " to 10",
            ),
            (
                "{kind: recovery, as: mean_time_to_restore, of: shop}",
                "<= 4h",
                "the mean time from a failure to its restoration of The shop (shop)",
            ),
            (
                "{kind: recovery, as: longest_time_to_restore, of: front}",
                "<= 4h",
                "the longest time from a failure to its restoration of front",
            ),
            (
                "{kind: recovery, as: mean_time_between_failures, cases: incident}",
                ">= 400h",
                "the time in which nothing had failed, divided by the failures (incident)",
            ),
            (
                "{kind: coverage, by_deadline: {cases: patch, limit: 3 months}}",
                ">= 95%",
                "the share of items (patch) for which whatever was opened is done within 3 months",
            ),
            (
                "{kind: coverage, by_deadline: {cases: patch, limits: {critical: 3 business days, low: 1 month}}}",
                ">= 95%",
                "the share of items (patch) for which whatever was opened is done by the deadline of its priority"
                " (critical: 3 business days; low: 1 month)",
            ),
            (
                "{kind: coverage, fresh: {cases: backup, done: [done, verified], within: 24h}}",
                ">= 95%",
                "the share of items (backup) with done or verified within the last 24 hours",
            ),
            (
                "{kind: coverage, current: {of: age, good_when: '<= 24h', after: 1h}}",
                ">= 95%",
                "the share of items with age whose last sample is <= 24 hours",
            ),
        ],
    )
    def test_says_what_its_value_is(self, measure: str, target: str, sentence: str) -> None:
        agreement = read(completed(bad_outcome(measure=measure, target=target, stake="{weight: 100%}"))).agreement
        assert agreement is not None
        assert measured(agreement.outcomes["open"].measure, agreement) == f"Its value is {sentence}."


class TestAMeasure:
    def test_is_named_by_what_it_measures(self) -> None:
        beyond = TimeBeyond(of="heat", beyond=TARGET.read("> 27"), as_=BeyondAs.TIME)
        assert (beyond.what, beyond.by, Stated(of="saving", in_=Unit.SHARE).by) == ("heat", "", "")

    def test_of_a_new_kind_has_to_say_what_it_is(self) -> None:
        for unsaid in (lambda: Measure().what, lambda: Measure().described({}), lambda: Measure().sentences()):
            with pytest.raises(NotImplementedError):
                unsaid()


class TestSignificantDigits:
    @pytest.mark.parametrize(
        ("terms", "target", "sentence"),
        [
            ("unit: time", "<= 1s", "Samples are ranked as they were measured, to the last digit."),
            (
                "unit: time, significant_digits: 3",
                "<= 1s",
                "Samples are rounded to 3 significant digits, so that the value is at most 0.5 % off.",
            ),
            (
                "unit: time, significant_digits: 1, slices: {every: 1h, good_when: '<= 300ms'}",
                ">= 99%",
                "Samples are rounded to 1 significant digit, so that the quantile of a slice is at most 50 % off.",
            ),
            (
                "unit: number, significant_digits: 2, method: linear",
                "<= 5",
                "Samples are rounded to 2 significant digits, so that each is at most 5 % off.",
            ),
        ],
    )
    def test_are_said_with_what_they_cost(self, terms: str, target: str, sentence: str) -> None:
        measure = f"{{kind: quantile, of: latency, quantile: 95%, {terms}}}"
        agreement = read(completed(bad_outcome(measure=measure, target=target, stake="{weight: 100%}"))).agreement
        assert agreement is not None
        said = dict(agreement.outcomes["open"].measure.sentences())
        assert said["significant_digits",] == sentence

    @pytest.mark.parametrize("digits", ["0", "10", "2.5", "many"])
    def test_are_one_to_nine(self, digits: str) -> None:
        measure = f"{{kind: quantile, {LATENCY}, quantile: 95%, significant_digits: {digits}}}"
        found = read(completed(bad_outcome(measure=measure, target="<= 1s", stake="{weight: 100%}")))
        assert found.agreement is None
        key = "outcomes.open.measure.significant_digits"
        assert [each.text for each in found.findings] == [f"{key}: '{digits}' is not a whole number from 1 to 9"]


class TestMonths:
    @pytest.mark.parametrize(
        ("text", "shown"), [("1 month", "1 month"), ("3 months", "3 months"), ("2 years", "24 months")]
    )
    def test_are_shown_as_they_are_written(self, text: str, shown: str) -> None:
        found = DEADLINE.read(text)
        assert isinstance(found, Months)
        assert str(found) == found.words == shown
