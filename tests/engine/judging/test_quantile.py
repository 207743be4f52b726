from __future__ import annotations

from dataclasses import replace

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, excluded, gauge, measured, shuffled, texts, verdict

DAY = "{from: 2025-01-01, until: 2025-01-02, timezone: UTC}"
OFFICE = "{office: {days: {mon-fri: ['08:00-18:00']}}}"


def quantile(more: str = "", share: str = "95%", unit: str = "time") -> str:
    return f"{{kind: quantile, of: latency, unit: {unit}, quantile: {share}{more}}}"


def average(more: str = "", unit: str = "time") -> str:
    return f"{{kind: average, of: latency, unit: {unit}{more}}}"


HUNDRED = tuple(gauge(f"01-01 10:{minute:02}", str(minute + 1)) for minute in range(60)) + tuple(
    gauge(f"01-01 11:{minute:02}", str(minute + 61)) for minute in range(40)
)


class TestQuantile:
    @pytest.mark.parametrize(
        ("share", "method", "value"),
        [
            ("95%", "nearest_rank", "0.095"),
            ("95.5%", "nearest_rank", "0.096"),
            ("100%", "nearest_rank", "0.1"),
            ("0%", "nearest_rank", "0.001"),
            ("50%", "linear", "0.0505"),
            ("100%", "linear", "0.1"),
            ("0%", "linear", "0.001"),
        ],
    )
    def test_is_what_so_many_samples_do_not_exceed(self, share: str, method: str, value: str) -> None:
        terms = agreement(quantile(f", method: {method}", share), target="<= 300ms", term=DAY)
        found = measured(terms, "2025-01", *shuffled(HUNDRED), gauge("01-02 00:00", "9999"))
        assert (found.value, found.unit) == (Ratio.parse(value), Unit.TIME)

    @pytest.mark.parametrize(
        ("share", "method", "value"),
        [
            ("75%", "nearest_rank", "0.010"),
            ("76%", "nearest_rank", "0.020"),
            ("50%", "linear", "0.010"),
            ("90%", "linear", "0.017"),
        ],
    )
    def test_counts_a_sample_that_stands_for_several_so_often(self, share: str, method: str, value: str) -> None:
        terms = agreement(quantile(f", method: {method}", share), target="<= 300ms", term=DAY)
        three = replace(gauge("01-01 10:00", "10"), count=3)
        found = measured(terms, "2025-01", three, gauge("01-01 11:00", "20"))
        assert found.value == Ratio.parse(value)
        assert "samples that count: 4" in texts(found.reason)

    def test_leaves_out_a_sample_that_stands_for_several_with_all_of_them(self) -> None:
        terms = agreement(
            quantile(", minimum_samples: 2, excluded: {maintenance: {effect: shrink}}"), target="<= 300ms", term=DAY
        )
        three = replace(gauge("01-01 10:00", "10"), count=3)
        out = excluded("01-01 09:00 .. 01-01 10:30", cause="maintenance", subject="s")
        found = measured(terms, "2025-01", three, gauge("01-01 11:00", "20"), out)
        assert found.undecided == "1 sample of latency counts; a verdict needs 1 sample more."
        assert "samples left out by exclusions: 3" in texts(found.reason)

    @pytest.mark.parametrize(
        ("_case", "digits", "value", "ruling"),
        [
            ("no digits are agreed", "", "0.30004", Ruling.MISSED),
            ("as many as the target has", ", significant_digits: 3", "0.3", Ruling.MET),
            ("enough to tell them apart", ", significant_digits: 5", "0.30004", Ruling.MISSED),
        ],
    )
    def test_ranks_samples_to_the_digits_that_are_agreed(
        self, _case: str, digits: str, value: str, ruling: Ruling
    ) -> None:
        terms = agreement(quantile(digits), target="<= 300ms", term=DAY)
        found = verdict(terms, "2025-01", gauge("01-01 10:00", "0.30004", unit="s"))
        assert (found.measurement.value, found.ruling) == (Ratio.parse(value), ruling)

    def test_rounds_samples_in_the_unit_in_which_they_were_recorded(self) -> None:
        terms = agreement(quantile(", significant_digits: 1"), target="<= 10m", term=DAY)
        assert measured(terms, "2025-01", gauge("01-01 10:00", "1.6", unit="m")).value == Ratio(120)
        assert measured(terms, "2025-01", gauge("01-01 10:00", "96", unit="s")).value == Ratio(100)

    def test_draws_a_line_between_rounded_samples(self) -> None:
        terms = agreement(quantile(", method: linear, significant_digits: 1", "50%"), target="<= 300ms", term=DAY)
        samples = [gauge("01-01 10:00", "104"), gauge("01-01 11:00", "249")]
        assert measured(terms, "2025-01", *samples).value == Ratio(150, 1000)

    def test_says_how_samples_are_rounded(self) -> None:
        terms = agreement(quantile(", significant_digits: 3"), target="<= 300ms", term=DAY)
        assert texts(measured(terms, "2025-01", gauge("01-01 10:00", "300.04")).reason) == [
            "latency, 95 % quantile: 300 ms",
            "samples rounded to 3 significant digits: at most 0.5 % off",
            "samples that count: 1",
        ]

    def test_brings_samples_into_one_unit(self) -> None:
        terms = agreement(quantile(share="100%"), target="<= 300ms", term=DAY)
        assert measured(terms, "2025-01", *HUNDRED, gauge("01-01 13:00", "0.25", unit="s")).value == Ratio(1, 4)

    def test_of_no_samples_is_ruled_as_agreed(self) -> None:
        for empty, ruling in (("undecided", Ruling.UNDECIDED), ("met", Ruling.MET)):
            terms = agreement(quantile(f", empty: {empty}"), target="<= 300ms", term=DAY)
            assert verdict(terms, "2025-01").ruling is ruling

    def test_of_too_few_samples_is_undecided(self) -> None:
        terms = agreement(quantile(", minimum_samples: 101, empty: met"), target="<= 300ms", term=DAY)
        found = verdict(terms, "2025-01", *HUNDRED)
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided == "100 samples of latency count; a verdict needs 1 sample more."

    def test_of_samples_in_another_unit_is_undecided(self) -> None:
        terms = agreement(quantile(), target="<= 300ms", term=DAY)
        found = verdict(terms, "2025-01", *HUNDRED, gauge("01-01 13:00", "5", unit="requests", name="odd"))
        sentence = "probe#odd gives latency in requests, which is no time. Correct the record."
        assert (found.ruling, found.measurement.undecided) == (Ruling.UNDECIDED, sentence)

    @pytest.mark.parametrize(("unit", "value"), [("time", None), ("share", None), ("number", "-3")])
    def test_of_less_than_nothing_is_no_time_and_no_share(self, unit: str, value: str | None) -> None:
        written = {"time": "ms", "share": "%", "number": ""}[unit]
        target = {"time": "<= 300ms", "share": "<= 5%", "number": "<= 3"}[unit]
        terms = agreement(average(unit=unit), target=target, term=DAY)
        found = measured(terms, "2025-01", gauge("01-01 13:00", "-3", unit=written, name="odd"))
        assert found.value == (value and Ratio.parse(value))
        told = f"probe#odd gives latency as -3 {written}, and no {unit} is below nothing. Correct the record."
        assert found.undecided == ("" if value else told)

    @pytest.mark.parametrize(
        ("subjects", "target", "value"), [("pooled", "<= 99", "6"), ("worst", "<= 99", "8"), ("worst", ">= 1", "4")]
    )
    def test_is_that_of_all_subjects_or_of_the_worst(self, subjects: str, target: str, value: str) -> None:
        samples = [gauge(f"01-01 10:0{minute}", str(minute), "a", unit="") for minute in range(8)]
        samples += [gauge(f"01-01 10:0{minute}", str(minute + 5), "b", unit="") for minute in range(6)]
        terms = agreement(quantile(f", subjects: {subjects}", "60%", "number"), target=target, term=DAY)
        assert measured(terms, "2025-01", *samples).value == Ratio.parse(value)

    def test_of_each_subject_is_told(self) -> None:
        samples = [gauge("01-01 10:00", "5", "a", name="a1"), gauge("01-01 10:00", "7", "b", name="b1")]
        terms = agreement(quantile(", subjects: worst"), target="<= 6ms", term=DAY)
        assert texts(measured(terms, "2025-01", *samples).reason) == [
            "latency, 95 % quantile: 7 ms",
            "a: 5 ms",
            "b: 7 ms",
            "samples that count: 2",
        ]

    def test_is_about_its_subjects_in_its_hours(self) -> None:
        samples = [gauge("01-01 10:00", "5", "a"), gauge("01-01 10:00", "900", "b"), gauge("01-01 18:00", "800", "a")]
        terms = agreement(quantile(", subject: a, on: office"), target="<= 300ms", term=DAY, calendars=OFFICE)
        assert measured(terms, "2025-01", *samples).value == Ratio(5, 1000)

    @pytest.mark.parametrize(
        ("subject", "labels", "value"),
        [("", (), 7), ("a", (), 7), ("b", (), 9), ("", (("site", "x"),), 7), ("", (("site", "y"),), 9)],
    )
    def test_leaves_out_what_is_excluded(self, subject: str, labels: tuple[tuple[str, str], ...], value: int) -> None:
        samples = [gauge("01-01 09:00", "7", "a"), gauge("01-01 10:00", "9", "a", labels=(("site", "x"),))]
        terms = agreement(quantile(", excluded: {storm: {}}", "100%"), target="<= 300ms", term=DAY)
        storm = excluded("01-01 09:30 .. 01-01 10:30", subject, cause="storm", labels=labels)
        other_day = excluded("01-02 09:30 .. 01-02 10:30", cause="storm")
        found = measured(terms, "2025-01", *samples, storm, other_day)
        assert found.value == Ratio(value, 1000)
        assert ("samples left out by exclusions: 1" in texts(found.reason)) is (value == 7)

    def test_of_time_counts_what_holds(self) -> None:
        samples = [gauge("01-01 00:00", "100"), gauge("01-01 22:00", "500")]
        terms = agreement(quantile(", weight: time", "91%"), target="<= 300ms", term=DAY)
        assert measured(terms, "2025-01", *samples).value == Ratio(1, 10)
        terms = agreement(quantile(", weight: time", "92%"), target="<= 300ms", term=DAY)
        assert measured(terms, "2025-01", *samples).value == Ratio(1, 2)

    def test_of_time_begins_with_what_held_before(self) -> None:
        terms = agreement(quantile(", weight: time"), target="<= 300ms", term=DAY)
        assert measured(terms, "2025-01", gauge("2024-12-01 00:00", "100")).value == Ratio(1, 10)
        terms = agreement(quantile(", weight: time, after: 1h"), target="<= 300ms", term=DAY)
        assert verdict(terms, "2025-01", gauge("2024-12-01 00:00", "100")).ruling is Ruling.UNDECIDED


class TestSlices:
    def sliced(self, empty: str = "bad", more: str = "", calendars: str = "{}") -> object:
        slices = f", slices: {{every: 1h, good_when: '<= 300ms', empty: {empty}}}{more}"
        return agreement(quantile(slices), target=">= 90%", term=DAY, calendars=calendars)

    @pytest.mark.parametrize(("empty", "good", "total"), [("bad", 1, 24), ("good", 23, 24), ("skipped", 1, 2)])
    def test_are_good_if_their_quantile_is(self, empty: str, good: int, total: int) -> None:
        samples = [gauge("01-01 10:00", "300"), gauge("01-01 10:59:59", "10"), gauge("01-01 11:00", "301")]
        found = measured(self.sliced(empty), "2025-01", *samples)  # type: ignore[arg-type]
        assert (found.value, found.good, found.total, found.unit) == (Ratio(good, total), good, total, Unit.SHARE)

    def test_are_good_at_the_digits_that_are_agreed(self) -> None:
        samples = [gauge("01-01 10:00", "300.4"), gauge("01-01 11:00", "301")]
        for digits, good in (("", 0), (", significant_digits: 3", 1), (", significant_digits: 2", 2)):
            found = measured(self.sliced("skipped", digits), "2025-01", *samples)  # type: ignore[arg-type]
            assert (found.good, found.total) == (good, 2)

    def test_outside_of_agreed_time_are_none(self) -> None:
        terms = self.sliced("bad", ", on: office", OFFICE)
        found = measured(terms, "2025-01", gauge("01-01 10:00", "1"))  # type: ignore[arg-type]
        assert found.value == Ratio(1, 10)

    def test_that_are_excluded_are_none(self) -> None:
        terms = self.sliced("bad", ", excluded: {storm: {}}")
        storm = excluded("01-01 00:00 .. 01-01 12:00", cause="storm")
        found = measured(terms, "2025-01", gauge("01-01 13:00", "1"), storm)  # type: ignore[arg-type]
        assert found.value == Ratio(1, 12)

    def test_that_are_excluded_for_every_subject_are_none(self) -> None:
        terms = self.sliced("bad", ", excluded: {storm: {}}")
        storms = [excluded("01-01 00:00 .. 01-01 12:00", name, cause="storm", name=f"storm-{name}") for name in "ab"]
        samples = [gauge("01-01 13:00", "1", "a"), gauge("01-01 13:00", "1", "b")]
        found = measured(terms, "2025-01", *samples, *storms)  # type: ignore[arg-type]
        assert found.value == Ratio(1, 12)
        cited = next(each for each in found.reason.walk() if each.text == "exclusions")
        assert (cited.value, cited.evidence) == ("2", ("plan#storm-a", "plan#storm-b"))
        assert measured(terms, "2025-01", *samples, storms[0]).value == Ratio(1, 24)  # type: ignore[arg-type]

    def test_without_any_sample_have_no_value(self) -> None:
        found = verdict(self.sliced("good"), "2025-01")  # type: ignore[arg-type]
        assert (found.ruling, found.measurement.value) == (Ruling.UNDECIDED, None)

    def test_are_judged_by_the_time_in_them(self) -> None:
        terms = self.sliced("bad", ", weight: time, after: 90m")
        found = measured(terms, "2025-01", gauge("01-01 10:30", "1"))  # type: ignore[arg-type]
        assert found.value == Ratio(2, 24)

    def test_are_as_good_as_their_worst_subject(self) -> None:
        samples = [gauge("01-01 10:00", "1", "a"), gauge("01-01 10:00", "900", "b"), gauge("01-01 11:00", "1", "b")]
        found = measured(self.sliced("skipped", ", subjects: worst"), "2025-01", *samples)  # type: ignore[arg-type]
        assert found.value == Ratio(1, 2)


class TestAverage:
    def test_is_the_mean_of_the_samples(self) -> None:
        terms = agreement(average(), target="<= 300ms", term=DAY)
        found = verdict(terms, "2025-01", *HUNDRED)
        assert found.measurement.value == Ratio(505, 10_000)
        assert found.shown_value == "50.5 ms"
        assert texts(found.measurement.reason)[0] == "latency, mean: 50.5 ms"

    def test_of_time_is_weighted_by_it(self) -> None:
        terms = agreement(average(", weight: time"), target="<= 300ms", term=DAY)
        found = measured(terms, "2025-01", gauge("01-01 00:00", "100"), gauge("01-01 18:00", "500"))
        assert (found.value, found.coverage) == (Ratio(1, 5), Ratio(1))

    @pytest.mark.parametrize(("minimum", "value"), [("25%", Ratio(1, 10)), ("26%", None)])
    def test_needs_its_coverage(self, minimum: str, value: Ratio | None) -> None:
        terms = agreement(
            average(f", weight: time, after: 6h, minimum_coverage: {minimum}"), target="<= 300ms", term=DAY
        )
        found = measured(terms, "2025-01", gauge("01-01 00:00", "100"))
        assert (found.value, found.coverage) == (value, Ratio(1, 4))
        if value is None:
            assert found.undecided == (
                "Samples of latency hold for 25.0000 % of the agreed time, and 26 % are agreed. Import the samples that"
                " are missing."
            )

    def test_is_covered_subject_by_subject(self) -> None:
        terms = agreement(average(", weight: time, subject: [a, b]"), target="<= 300ms", term=DAY)
        found = measured(terms, "2025-01", gauge("01-01 00:00", "100", "a"))
        assert found.coverage == Ratio(1, 2)
        assert "agreed time for which samples hold: 50.0000 %" in texts(found.reason)

    def test_of_excluded_time_only_has_none(self) -> None:
        terms = agreement(average(", weight: time, excluded: {storm: {}}"), target="<= 300ms", term=DAY)
        storm = excluded("01-01 00:00 .. 01-02 00:00", cause="storm")
        found = measured(terms, "2025-01", gauge("01-01 00:00", "100"), storm)
        assert (found.value, found.coverage, found.empty) == (None, None, True)

    def test_tells_of_exclusions_that_do_not_count(self) -> None:
        terms = agreement(average(", excluded: {storm: {notice: 1h}}"), target="<= 300ms", term=DAY)
        storm = excluded("01-01 00:00 .. 01-02 00:00", cause="storm")
        found = measured(terms, "2025-01", gauge("01-01 00:00", "100"), storm)
        assert "it was not announced" in texts(found.reason)[-1]

    def test_counts_two_samples_of_the_same_moment(self) -> None:
        terms = agreement(average(", weight: time"), target="<= 300ms", term=DAY)
        twice = (gauge("01-01 00:00", "100"), gauge("01-01 00:00", "300"))
        assert measured(terms, "2025-01", *twice).value == Ratio(1, 5)
