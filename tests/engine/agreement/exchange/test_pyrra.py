import pytest

from makegood.engine.agreement.measures.availability import Availability, UnknownAs
from makegood.engine.agreement.measures.ratio import RatioOf
from tests.engine.agreement.exchange.drafting import agreed, codes_of, drafted, text_of, told

RATIO = "{ratio: {errors: {metric: e}, total: {metric: t}}}"


def pyrra(spec: str, metadata: str = "{name: open, namespace: shop}") -> str:
    return f"{{apiVersion: pyrra.dev/v1alpha1, kind: ServiceLevelObjective, metadata: {metadata}, spec: {{{spec}}}}}"


class TestAFileOfPyrra:
    def test_becomes_an_outcome_for_each_object(self) -> None:
        agreement = agreed(drafted(text_of("pyrra.yaml")))
        assert [(name, str(each.target), each.service) for name, each in agreement.outcomes.items()] == [
            ("api-errors", ">= 99.9 %", "shop"),
            ("api-latency", ">= 90 %", "shop"),
            ("api-latency-native", ">= 99.5 %", "shop"),
            ("prometheus-up", ">= 99 %", "monitoring"),
        ]

    def test_says_in_the_promise_how_fast_is_fast(self) -> None:
        outcomes = agreed(drafted(text_of("pyrra.yaml"))).outcomes
        assert outcomes["api-errors"].promise == "The API answers without an error."
        assert outcomes["api-latency"].promise.endswith(" An event is good if it takes at most 0.5 s.")
        assert outcomes["api-latency-native"].promise.endswith(" An event is good if it takes at most 200ms.")

    def test_makes_the_time_of_a_component_of_a_gauge(self) -> None:
        agreement = agreed(drafted(text_of("pyrra.yaml")))
        measure, made_of = agreement.outcomes["prometheus-up"].measure, agreement.services["monitoring"].made_of
        assert isinstance(measure, Availability)
        assert (measure.of, measure.unknown.as_) == ("prometheus-up", UnknownAs.EXCLUDED)
        assert made_of is not None
        assert [part.id for part in made_of.all_of] == ["prometheus-up"]

    def test_breaks_down_by_the_label_of_a_group(self) -> None:
        measure = agreed(drafted(text_of("pyrra.yaml"))).outcomes["api-errors"].measure
        assert isinstance(measure, RatioOf)
        assert measure.by == "handler"

    def test_says_everything_that_it_did_not_carry_over(self) -> None:
        assert [line.split(":", 1)[1] for line in told(drafted(text_of("pyrra.yaml")))] == [
            "6:3: MG620 note: labels: not carried over, since it steers the rules and alerts that Pyrra writes",
            "10:3: MG610 warning: the rolling window of 4w becomes a month of the calendar (check that it is what both parties want)",
            "18:7: MG617 warning: each handler has an objective of its own there; here one value is judged over all of them (write an outcome for each that is promised for itself)",
            "20:3: MG620 note: alerting: not carried over, since it steers the rules and alerts that Pyrra writes",
            "30:3: MG610 warning: the rolling window of 30d becomes a month of the calendar (check that it is what both parties want)",
            "45:3: MG610 warning: the rolling window of 28d becomes a month of the calendar (check that it is what both parties want)",
            "59:3: MG610 warning: the rolling window of 28d becomes a month of the calendar (check that it is what both parties want)",
            "62:7: MG616 warning: samples of a gauge become the time in which one component is up (list a component for each series, if there are several)",
            "63:1: MG620 note: status: not carried over, since it is what a cluster knows of its object",
        ]


class TestAnObject:
    @pytest.mark.parametrize(
        ("spec", "finding"),
        [
            (f"window: 4w, indicator: {RATIO}", "MG601 error: spec has no target (write it)"),
            (
                f"target: '101', window: 4w, indicator: {RATIO}",
                "MG602 error: target: 101 is more than 100 (check the unit)",
            ),
            (f"target: '99', indicator: {RATIO}", "MG601 error: spec has no window (write it)"),
            (
                f"target: '99', window: month, indicator: {RATIO}",
                "MG602 error: window: 'month' is no length of time (write it like 4w)",
            ),
            ("target: '99', window: 4w", "MG601 error: spec has no indicator (write it)"),
            (
                "target: '99', window: 4w, indicator: {}",
                "MG601 error: indicator has no ratio or latency or latencyNative or bool_gauge (write it)",
            ),
            (
                "target: '99', window: 4w, indicator: {ratio: {}, latency: {}}",
                "MG604 error: ratio and latency exclude each other",
            ),
            (
                "target: '99', window: 4w, indicator: {ratio: {errors: {metric: e}}}",
                "MG601 error: ratio has no total (write it)",
            ),
            (
                "target: '99', window: 4w, indicator: {ratio: {errors: {}}}",
                "MG601 error: errors has no metric (write it)",
            ),
            (
                "target: '99', window: 4w, indicator: {bool_gauge: {}}",
                "MG601 error: bool_gauge has no metric (write it)",
            ),
            (
                "target: '99', window: 4w, indicator: {latencyNative: {total: {metric: t}}}",
                "MG601 error: latencyNative has no latency (write it)",
            ),
            (
                "target: '99', window: 4w, indicator: {latencyNative: {total: {metric: t}, latency: fast}}",
                "MG602 error: latency: 'fast' is no length of time (write it like 4w)",
            ),
        ],
    )
    def test_that_cannot_be_read_is_left_out(self, spec: str, finding: str) -> None:
        result = drafted(pyrra(spec))
        assert result.text is None
        assert [line.split(": ", 1)[1] for line in told(result)[:-1] if " error: " in line] == [finding]

    @pytest.mark.parametrize(
        ("window", "every"),
        [
            ("1w", "week"),
            ("1d12h", "week"),
            ("2w", "week"),
            ("30d", "month"),
            ("12w", "quarter"),
            ("1y", "year"),
            ("90m30s500ms", "week"),
        ],
    )
    def test_is_judged_by_the_nearest_period(self, window: str, every: str) -> None:
        result = drafted(pyrra(f"target: '99', window: {window}, indicator: {RATIO}"))
        assert agreed(result).term.period.every == every
        assert codes_of(result) == ["MG610"]

    def test_may_be_without_a_namespace(self) -> None:
        result = drafted(pyrra(f"target: '99', window: 4w, indicator: {RATIO}", "{name: open}"))
        assert [*agreed(result).services] == ["default"]

    def test_may_be_a_gauge_in_either_spelling(self) -> None:
        result = drafted(pyrra("target: '99', window: 4w, indicator: {boolGauge: {metric: up}}"))
        assert isinstance(agreed(result).outcomes["open"].measure, Availability)

    def test_that_is_a_latency_should_say_its_limit(self) -> None:
        result = drafted(
            pyrra(
                "target: '99', window: 4w, indicator: {latency: {success: {metric: 's{file=\"1\"}'}, total: {metric: t}}}"
            )
        )
        assert codes_of(result) == ["MG610", "MG619"]
        assert agreed(result).outcomes["open"].promise == "open: at least 99% as measured."

    def test_is_not_broken_down_by_a_label_that_has_no_name(self) -> None:
        indicator = RATIO.replace("{ratio: {", "{ratio: {grouping: [__name__, b], ")
        result = drafted(pyrra(f"target: '99', window: 4w, indicator: {indicator}"))
        measure = agreed(result).outcomes["open"].measure
        assert isinstance(measure, RatioOf)
        assert measure.by == ""
        assert "each __name__, b has an objective of its own there" in told(result)[1]

    def test_says_of_a_key_that_it_is_not_known(self) -> None:
        result = drafted(pyrra(f"target: '99', latency: '1', window: 4w, indicator: {RATIO}"))
        assert "latency is not known here, and is not carried over" in told(result)[0]
