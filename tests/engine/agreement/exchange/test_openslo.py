import pytest

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.ratio import RatioOf, SliceMethod
from makegood.engine.agreement.measures.within import Within
from makegood.engine.vocabulary.period import Every
from tests.engine.agreement.exchange.drafting import agreed, codes_of, drafted, text_of, told

SLI = "{metadata: {name: codes}, spec: {ratioMetric: {good: {metricSource: {type: P, spec: {query: g}}}, total: {metricSource: {type: P, spec: {query: t}}}}}}"
ROLLING = "[{duration: 30d, isRolling: true}]"


def slo(
    *,
    objectives: str = "[{target: 0.99}]",
    method: str = "Occurrences",
    window: str = ROLLING,
    indicator: str = f"indicator: {SLI}",
    more: str = "",
) -> str:
    spec = (
        f"service: shop, {indicator}, timeWindow: {window}, budgetingMethod: {method}, objectives: {objectives}{more}"
    )
    return f"{{apiVersion: openslo/v1, kind: SLO, metadata: {{name: open}}, spec: {{{spec}}}}}\n"


def sli(metric: str, name: str = "codes") -> str:
    return f"---\n{{apiVersion: openslo/v1, kind: SLI, metadata: {{name: {name}}}, spec: {metric}}}\n"


def ratio(parts: str) -> str:
    return f"indicator: {{metadata: {{name: codes}}, spec: {{ratioMetric: {{{parts}}}}}}}"


def metric(query: str) -> str:
    return f"{{metricSource: {{spec: {{query: {query}}}}}}}"


class TestAFileOfAPlatformTeam:
    def test_becomes_an_outcome_for_each_objective(self) -> None:
        agreement = agreed(drafted(text_of("openslo.yaml")))
        assert [(name, str(each.target)) for name, each in agreement.outcomes.items()] == [
            ("shop-answers-Agreed", ">= 99.9 %"),
            ("shop-answers-Wished-for", ">= 99.99 %"),
            ("shop-minutes", ">= 99 %"),
            ("shop-mean", ">= 99.5 %"),
            ("fast-searches", ">= 95 %"),
        ]
        assert {name: service.title for name, service in agreement.services.items()} == {"web-shop": "The web shop"}
        assert (agreement.term.period.every, agreement.term.timezone) == (Every.MONTH, "Europe/Berlin")

    def test_keeps_the_method(self) -> None:
        outcomes = agreed(drafted(text_of("openslo.yaml"))).outcomes
        slices = [
            getattr(outcomes[name].measure, "slices", None)
            for name in ("shop-answers-Agreed", "shop-minutes", "shop-mean")
        ]
        assert [each and (each.method, each.every.seconds, str(each.bad_when)) for each in slices] == [
            None,
            (SliceMethod.SHARE_OF_BAD_SLICES, 60, "> 5 %"),
            (SliceMethod.MEAN_ERROR_RATE, 300, "None"),
        ]

    def test_shares_the_evidence_of_objectives_that_share_an_indicator(self) -> None:
        outcomes = agreed(drafted(text_of("openslo.yaml"))).outcomes
        assert [each.measure.what for each in outcomes.values()] == [*["response-codes"] * 4, "search-latency-lte-250"]

    def test_keeps_the_queries_but_no_secret(self) -> None:
        text = drafted(text_of("openslo.yaml")).text or ""
        assert '    #   sum(http_requests_total{job="shop",code!~"5.."})\n' in text
        assert "secretAccessKey: (left out)" in text
        assert "hunter2" not in text
        assert "abcdef" not in text

    def test_says_everything_that_it_did_not_carry_over(self) -> None:
        assert told(drafted(text_of("openslo.yaml"))) == [
            "a.yaml:2:1: MG620 note: DataSource: not carried over, since connections and their secrets belong to the collector of evidence",
            "a.yaml:18:3: MG620 note: labels: not carried over, since labels and annotations are for the tools that read them",
            "a.yaml:21:3: MG620 note: description: not carried over, since a service has a title, and its outcomes have promises",
            "a.yaml:56:9: MG622 warning: secretAccessKey looks like a secret and is left out (change it if others could read the file)",
            "a.yaml:64:3: MG620 note: annotations: not carried over, since labels and annotations are for the tools that read them",
            "a.yaml:71:7: MG610 warning: the rolling window of 28d becomes a month of the calendar (check that it is what both parties want)",
            'a.yaml:77:7: MG623 note: the objective "shop-answers-Wished for" is called shop-answers-Wished-for',
            "a.yaml:79:3: MG620 note: alertPolicies: not carried over, since alerts are no promise",
            "a.yaml:97:7: MG624 note: a slice without any event counts as good (write empty: skipped if it should not)",
            "a.yaml:115:7: MG624 note: a slice without any event counts as good (write empty: skipped if it should not)",
            "a.yaml:136:1: MG620 note: AlertPolicy: not carried over, since alerts are no promise",
        ]


class TestWindows:
    @pytest.mark.parametrize(
        ("window", "period", "codes"),
        [
            ("[{duration: 28d, isRolling: true}]", "month 1 UTC", ["MG610"]),
            ("[{duration: 30d}]", "month 1 UTC", ["MG610"]),
            ("[{duration: 2w, isRolling: true}]", "week 1 UTC", ["MG610"]),
            ("[{duration: 1h, isRolling: true}]", "week 1 UTC", ["MG610"]),
            ("[{duration: 90d, isRolling: true}]", "quarter 1 UTC", ["MG610"]),
            ("[{duration: 1Y, isRolling: true}]", "year 1 UTC", ["MG610"]),
            (
                "[{duration: 1M, calendar: {startTime: 2026-01-21 00:00:00, timeZone: America/New_York}}]",
                "month 21 America/New_York",
                [],
            ),
            ("[{duration: 1M, isRolling: false, calendar: {startTime: 2026-02-01, timeZone: UTC}}]", "month 1 UTC", []),
            ("[{duration: 1w, calendar: {startTime: 2026-01-06 00:00:00, timeZone: UTC}}]", "week 2 UTC", []),
            ("[{duration: 7d, calendar: {startTime: 2026-01-05T00:00Z, timeZone: UTC}}]", "week 1 UTC", []),
            ("[{duration: 1Q, calendar: {startTime: 2026-04-01 00:00:00, timeZone: UTC}}]", "quarter 1 UTC", []),
            ("[{duration: 3M, calendar: {startTime: 2026-10-15 00:00:00, timeZone: UTC}}]", "quarter 15 UTC", []),
            ("[{duration: 12M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}}]", "year 1 UTC", []),
            ("[{duration: 1Y, calendar: {startTime: 2026-04-01 00:00:00, timeZone: UTC}}]", "year 1 UTC", ["MG611"]),
            ("[{duration: 1Q, calendar: {startTime: 2026-02-01 00:00:00, timeZone: UTC}}]", "quarter 1 UTC", ["MG611"]),
            ("[{duration: 2w, calendar: {startTime: 2026-01-05 00:00:00, timeZone: UTC}}]", "week 1 UTC", ["MG611"]),
            ("[{duration: 2M, calendar: {startTime: 2026-01-05 00:00:00, timeZone: UTC}}]", "month 5 UTC", ["MG611"]),
            ("[{duration: 1d, calendar: {startTime: 2026-01-05 00:00:00, timeZone: UTC}}]", "week 1 UTC", ["MG611"]),
            ("[{duration: 1M, calendar: {startTime: 2026-01-01 12:30:00, timeZone: UTC}}]", "month 1 UTC", ["MG611"]),
            ("[]", "month 1 UTC", ["MG613"]),
            ("null", "month 1 UTC", ["MG613"]),
        ],
    )
    def test_become_the_nearest_period(self, window: str, period: str, codes: list[str]) -> None:
        result = drafted(slo(window=window))
        term = agreed(result).term
        assert f"{term.period.every} {term.period.starts_on} {term.timezone}" == period
        assert codes_of(result) == codes

    @pytest.mark.parametrize(
        ("window", "finding"),
        [
            ("[{duration: 1x}]", "MG602 error: duration: '1x' is no length of time (write it like 4w or 1M)"),
            ("[{duration: 0d}]", "MG602 error: duration: '0d' is no length of time (write it like 4w or 1M)"),
            ("[{isRolling: true}]", "MG601 error: timeWindow[0] has no duration (write it)"),
            ("[{duration: 1w, isRolling: perhaps}]", "MG602 error: isRolling: 'perhaps' is neither true nor false"),
            ("[{duration: 1w, isRolling: false}]", "MG601 error: timeWindow[0] has no calendar (write it)"),
            ("[{duration: 1w}, {duration: 1M}]", "MG604 error: timeWindow has several entries, and takes one"),
            ("{duration: 1w}", "MG602 error: timeWindow is no list (begin each entry with a dash)"),
            ("[1w]", "MG602 error: timeWindow[0] is no map (write its keys below it)"),
            (
                "[{duration: 1w, isRolling: true, calendar: {startTime: 2026-01-05 00:00:00, timeZone: UTC}}]",
                "MG604 error: a rolling window has no calendar (delete one of them)",
            ),
            (
                "[{duration: 1M, calendar: {startTime: soon, timeZone: UTC}}]",
                "MG602 error: startTime: 'soon' is no date with its time (write it like 2026-01-01 00:00:00)",
            ),
            (
                "[{duration: 1M, calendar: {startTime: 2026-02-30 00:00:00, timeZone: UTC}}]",
                "MG602 error: startTime: '2026-02-30 00:00:00' is no date with its time (write it like 2026-01-01 00:00:00)",
            ),
            (
                "[{duration: 1M, calendar: {startTime: 2026-02-01 00:00:00, timeZone: Berlin}}]",
                "MG602 error: timeZone: 'Berlin' is no time zone (write it like Europe/Berlin)",
            ),
            (
                "[{duration: 1M, calendar: {startTime: [1], timeZone: UTC}}]",
                "MG602 error: startTime is a list or a map; a single value is wanted",
            ),
        ],
    )
    def test_that_say_nothing_leave_their_objective_out(self, window: str, finding: str) -> None:
        result = drafted(slo(window=window))
        assert result.text is None
        assert [line.split(": ", 1)[-1] for line in told(result)] == [finding, "there is no objective"]


class TestObjectives:
    @pytest.mark.parametrize(
        ("target", "shown"),
        [
            ("target: 0.9995", ">= 99.95 %"),
            ("target: .5", ">= 50 %"),
            ("target: 0.", ">= 0 %"),
            ("target: 1", ">= 100 %"),
            ("targetPercent: 99.95", ">= 99.95 %"),
            ("targetPercent: 0.1", ">= 0.1 %"),
        ],
    )
    def test_keep_their_target_exactly(self, target: str, shown: str) -> None:
        assert str(agreed(drafted(slo(objectives=f"[{{{target}}}]"))).outcomes["open"].target) == shown

    @pytest.mark.parametrize(
        ("objective", "finding"),
        [
            ("{}", "MG601 error: objectives[0] has no target or targetPercent (write it)"),
            ("{target: high}", "MG602 error: target: 'high' is no decimal number (write it like 99.9)"),
            ("{target: 1e-1}", "MG602 error: target: '1e-1' is no decimal number (write it like 99.9)"),
            ("{target: 99.9}", "MG602 error: target: 99.9 is more than 1 (check the unit)"),
            ("{targetPercent: 101}", "MG602 error: targetPercent: 101 is more than 100 (check the unit)"),
            ("{target: 0.9, targetPercent: 90}", "MG604 error: target and targetPercent exclude each other"),
        ],
    )
    def test_without_a_target_are_left_out(self, objective: str, finding: str) -> None:
        result = drafted(slo(objectives=f"[{objective}, {{target: 0.99}}]"))
        assert [*agreed(result).outcomes] == ["open-2"]
        assert [line.split(": ", 1)[-1] for line in told(result)[1:]] == [finding]

    @pytest.mark.parametrize("objectives", ["[]", "null"])
    def test_are_wanted(self, objectives: str) -> None:
        assert codes_of(drafted(slo(objectives=objectives))) == ["MG601", "MG610", "MG606"]

    @pytest.mark.parametrize(
        ("method", "objective", "shown"),
        [
            ("Timeslices", "timeSliceTarget: 0.95, timeSliceWindow: 1m", "share_of_bad_slices 1m > 5 %"),
            ("Timeslices", "timeSliceTarget: 1, timeSliceWindow: 2h", "share_of_bad_slices 2h > 0 %"),
            ("RatioTimeslices", "timeSliceWindow: 10", "mean_error_rate 10m None"),
            ("RatioTimeslices", "timeSliceWindow: 1d", "mean_error_rate 24h None"),
        ],
    )
    def test_are_counted_by_slices(self, method: str, objective: str, shown: str) -> None:
        result = drafted(slo(method=method, objectives=f"[{{target: 0.9, {objective}}}]"))
        measure = agreed(result).outcomes["open"].measure
        assert isinstance(measure, RatioOf)
        assert measure.slices is not None
        assert f"{measure.slices.method} {measure.slices.every} {measure.slices.bad_when}" == shown
        assert "MG624" in codes_of(result)

    @pytest.mark.parametrize(
        ("method", "objective", "finding"),
        [
            (
                "Timeslices",
                "timeSliceWindow: 1m",
                "MG601 error: objectives[0] has no timeSliceTarget above 0 (write it)",
            ),
            (
                "Timeslices",
                "timeSliceWindow: 1m, timeSliceTarget: 0",
                "MG601 error: objectives[0] has no timeSliceTarget above 0 (write it)",
            ),
            (
                "Timeslices",
                "timeSliceWindow: 1m, timeSliceTarget: 2",
                "MG602 error: timeSliceTarget: 2 is more than 1 (check the unit)",
            ),
            ("Timeslices", "timeSliceTarget: 0.9", "MG601 error: objectives[0] has no timeSliceWindow (write it)"),
            (
                "Timeslices",
                "timeSliceTarget: 0.9, timeSliceWindow: 0",
                "MG602 error: timeSliceWindow: a slice of 0 cannot be counted with (write it like 1m or 1h)",
            ),
            (
                "Timeslices",
                "timeSliceTarget: 0.9, timeSliceWindow: 1Y",
                "MG602 error: timeSliceWindow: a slice of 1Y cannot be counted with (write it like 1m or 1h)",
            ),
            (
                "Sometimes",
                "timeSliceTarget: 0.9",
                "MG602 error: budgetingMethod: 'Sometimes' is none (write one of Occurrences, Timeslices, RatioTimeslices)",
            ),
        ],
    )
    def test_whose_slices_cannot_be_counted_are_left_out(self, method: str, objective: str, finding: str) -> None:
        lines = [
            line.split(": ", 1)[-1]
            for line in told(drafted(slo(method=method, objectives=f"[{{target: 0.9, {objective}}}]")))
        ]
        assert finding in lines
        assert lines[-1] == "there is no objective"

    def test_say_of_a_key_that_it_has_no_effect(self) -> None:
        keys = "target: 0.9, op: gt, value: 3, timeSliceTarget: 0.9, timeSliceWindow: 1m"
        assert [line.split(": ", 1)[-1] for line in told(drafted(slo(objectives=f"[{{{keys}}}]")))[1:]] == [
            "MG625 warning: op: not carried over, since only a threshold is compared",
            "MG625 warning: value: not carried over, since only a threshold is compared",
            "MG625 warning: timeSliceTarget: not carried over, since occurrences have no slices",
            "MG625 warning: timeSliceWindow: not carried over, since occurrences have no slices",
        ]
        mean = drafted(
            slo(method="RatioTimeslices", objectives="[{target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 1m}]")
        )
        assert codes_of(mean) == ["MG610", "MG624", "MG625"]

    def test_say_of_a_key_that_it_is_not_known(self) -> None:
        assert told(drafted(slo(more=", severity: high")))[1] == (
            "a.yaml:1:355: MG621 warning: severity is not known here, and is not carried over"
        )


class TestComposites:
    def test_become_an_outcome_for_each_indicator(self) -> None:
        part = f"indicator: {SLI}, target: 0.99"
        text = slo(
            indicator="description: All of it",
            objectives=f"[{{{part}, compositeWeight: 3}}, {{indicatorRef: other, target: 0.9, compositeWeight: 1}}]",
        )
        other = sli("{thresholdMetric: {metricSource: {type: P, spec: {query: x}}}}", "other")
        result = drafted(text.replace("target: 0.9,", "target: 0.9, op: gte, value: 7,") + other)
        assert [(name, each.measure.what) for name, each in agreed(result).outcomes.items()] == [
            ("open-1", "codes"),
            ("open-2", "other-gte-7"),
        ]
        assert [line.split(": ", 1)[-1] for line in told(result)[1:]] == [
            "MG614 warning: the weight 3, 75.00 % of the whole, is not carried over (write it as the weight of a stake, if it is one)",
            "MG614 warning: the weight 1, 25.00 % of the whole, is not carried over (write it as the weight of a stake, if it is one)",
        ]

    def test_need_an_indicator_somewhere(self) -> None:
        assert codes_of(drafted(slo(indicator="description: None"))) == ["MG610", "MG601", "MG606"]

    def test_may_have_a_weight_of_nothing(self) -> None:
        assert codes_of(drafted(slo(objectives="[{target: 0.9, compositeWeight: 0}]"))) == ["MG610"]


class TestIndicators:
    @pytest.mark.parametrize(
        ("indicator", "finding"),
        [
            ("indicatorRef: none", "MG603 error: the SLI none is in none of the files"),
            ("indicatorRef: none, indicator: {}", "MG604 error: indicator and indicatorRef exclude each other"),
            ("indicator: {}", "MG601 error: indicator has no spec (write it)"),
            ("indicator: {spec: {}}", "MG601 error: spec has no thresholdMetric or ratioMetric (write it)"),
            (
                "indicator: {spec: {ratioMetric: {}, thresholdMetric: {}}}",
                "MG604 error: thresholdMetric and ratioMetric exclude each other",
            ),
            (
                ratio(f"good: {metric('g')}"),
                "MG601 error: ratioMetric has no good or bad with its total or raw (write it)",
            ),
            (
                ratio(f"total: {metric('t')}"),
                "MG601 error: ratioMetric has no good or bad with its total or raw (write it)",
            ),
            (
                ratio(f"good: {metric('g')}, bad: {metric('b')}, total: {metric('t')}"),
                "MG604 error: good and bad exclude each other (delete the one not meant)",
            ),
            (
                ratio(f"raw: {metric('r')}, total: {metric('t')}"),
                "MG604 error: raw excludes good, bad and total (delete what is not meant)",
            ),
            (ratio(f"raw: {metric('r')}"), "MG601 error: ratioMetric has no rawType (write it)"),
            (ratio(f"good: {{}}, total: {metric('t')}"), "MG601 error: good has no metricSource (write it)"),
            (
                ratio(f"good: {{metricSource: {{type: P}}}}, total: {metric('t')}"),
                "MG601 error: metricSource has no spec (write it)",
            ),
            (
                ratio(f"good: {{metricSource: {{type: Makegood, spec: {{}}}}}}, total: {metric('t')}"),
                "MG601 error: spec has no tally or state or cases (write it)",
            ),
            (
                ratio(
                    f"good: {{metricSource: {{type: Makegood, spec: {{tally: a, result: [[a]]}}}}}}, total: {metric('t')}"
                ),
                "MG602 error: result is no list of words (write one word an entry)",
            ),
            (
                "indicator: {spec: {thresholdMetric: {metricSource: {spec: {query: q}}}}}",
                "MG601 error: objectives[0] has no op (write it)",
            ),
        ],
    )
    def test_that_cannot_be_read_leave_the_objective_out(self, indicator: str, finding: str) -> None:
        lines = [line.split(": ", 1)[-1] for line in told(drafted(slo(indicator=indicator)))]
        assert finding in lines
        assert lines[-1] == "there is no objective"

    def test_compare_by_one_of_four_operators(self) -> None:
        text = slo(
            indicator="indicator: {spec: {thresholdMetric: {metricSource: {spec: {query: q}}}}}",
            objectives="[{op: eq, value: 1, target: 0.9}]",
        )
        assert "MG602 error: op: 'eq' is no operator (write lte, gte, lt or gt)" in told(drafted(text))[1]

    @pytest.mark.parametrize(
        ("counter", "shown"),
        [
            ("true", "bad events, a counter that only grows:"),
            ("false", "bad events, a number that may fall:"),
            ("null", "bad events:"),
        ],
    )
    def test_say_how_their_numbers_are_to_be_read(self, counter: str, shown: str) -> None:
        text = drafted(slo(indicator=ratio(f"counter: {counter}, bad: {metric('b')}, total: {metric('t')}"))).text or ""
        assert f"    # {shown}\n    #   b\n" in text

    def test_may_be_a_ratio_without_its_counts(self) -> None:
        result = drafted(slo(indicator=ratio(f"raw: {metric('r')}, rawType: failure")))
        assert "    # share of failure:\n    #   r\n" in (result.text or "")
        assert codes_of(result) == ["MG615", "MG610"]

    def test_are_found_in_another_file(self) -> None:
        result = drafted(
            slo(indicator="indicatorRef: codes"),
            sli(f"{{ratioMetric: {{good: {metric('g')}, total: {metric('t')}}}}}"),
        )
        assert agreed(result).outcomes["open"].measure.what == "codes"

    def test_that_nobody_refers_to_are_told_of(self) -> None:
        result = drafted(slo() + sli("{thresholdMetric: {metricSource: {spec: {query: q}}}}"))
        assert told(result)[1:] == [
            "a.yaml:3:1: MG620 note: the SLI codes is not carried over, since no objective refers to it"
        ]

    def test_that_are_broken_are_told_of_once(self) -> None:
        result = drafted(slo(indicator="indicatorRef: codes") + sli("{}"))
        assert [line.split(": ", 1)[-1] for line in told(result)] == [
            "MG603 error: the SLI codes could not be read",
            "MG610 warning: the rolling window of 30d becomes a month of the calendar (check that it is what both parties want)",
            "MG601 error: spec has no thresholdMetric or ratioMetric (write it)",
            "there is no objective",
        ]

    def test_of_one_name_are_not_mixed_up(self) -> None:
        one = sli("{thresholdMetric: {metricSource: {spec: {query: q}}}}")
        assert codes_of(drafted(slo() + one + one)) == ["MG610", "MG620", "MG605"]
        service = "---\n{apiVersion: openslo/v1, kind: Service, metadata: {name: shop, displayName: The shop}}\n"
        twice = drafted(slo() + service + service)
        assert agreed(twice).services["shop"].title == "The shop"
        assert codes_of(twice) == ["MG610", "MG605"]

    def test_with_other_queries_have_evidence_of_their_own(self) -> None:
        other = slo().replace("query: g", "query: h").replace("name: open", "name: closed")
        result = drafted(f"{slo()}---\n{slo().replace('name: open', 'name: again')}---\n{other}")
        assert [each.measure.what for each in agreed(result).outcomes.values()] == ["codes", "codes", "codes-2"]
        assert 'MG623 note: its evidence "codes" is called codes-2' in told(result)[-1]

    def test_show_whatever_a_source_has_to_say(self) -> None:
        source = "{metricSource: {type: T, metricSourceRef: r, spec: {a: [1, {b: 2}, []], c: {}, apiKey: x}}}"
        text = drafted(slo(indicator=ratio(f"bad: {source}, total: {source}"))).text or ""
        assert "    # bad events (T r):\n    #   {a: [1, {b: 2}, []], c: {}, apiKey: (left out)}\n" in text

    def test_may_be_shown_without_any_query(self) -> None:
        nothing = "{metricSource: {spec: {query: null}}}"
        text = drafted(slo(indicator=ratio(f"bad: {nothing}, total: {nothing}"))).text or ""
        assert "    # bad events:\n    #   \n" in text


class TestOurOwnEvidence:
    @pytest.mark.parametrize(
        ("spec", "kind"),
        [
            ("{tally: orders, result: [ok, late]}", RatioOf),
            ("{state: shop, counts: usable}", Availability),
            ("{cases: incident, limit: 4h}", Within),
            ("{cases: incident, limits: {P1: 4h}, priority: P1}", Within),
        ],
    )
    def test_becomes_the_measure_that_it_was(self, spec: str, kind: type) -> None:
        own = f"{{metricSource: {{type: Makegood, spec: {spec}}}}}"
        assert isinstance(
            agreed(drafted(slo(indicator=ratio(f"good: {own}, total: {own}")))).outcomes["open"].measure, kind
        )

    def test_may_lack_the_source_of_its_total(self) -> None:
        own = "{metricSource: {type: Makegood, spec: {tally: orders, result: ok}}}"
        measure = agreed(drafted(slo(indicator=ratio(f"good: {own}, total: {{}}")))).outcomes["open"].measure
        assert isinstance(measure, RatioOf)
        assert measure.good == ("ok",)

    def test_that_was_limited_has_a_ceiling(self) -> None:
        own = "{metricSource: {type: Makegood, spec: {tally: orders, result: [lost]}}}"
        agreement = agreed(drafted(slo(indicator=ratio(f"bad: {own}, total: {own}"))))
        assert str(agreement.outcomes["open"].target) == "<= 1 %"

    def test_of_a_part_becomes_a_component(self) -> None:
        own = "{metricSource: {type: Makegood, spec: {state: till, counts: usable}}}"
        made_of = agreed(drafted(slo(indicator=ratio(f"good: {own}, total: {own}")))).services["shop"].made_of
        assert made_of is not None
        assert [part.id for part in made_of.all_of] == ["till"]
