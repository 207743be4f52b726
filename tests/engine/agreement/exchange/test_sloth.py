import pytest

from tests.engine.agreement.exchange.drafting import agreed, codes_of, drafted, text_of, told

EVENTS = "{events: {error_query: e, total_query: t}}"


def slos(*each: str) -> str:
    return f"{{version: prometheus/v1, service: shop, slos: [{', '.join(each)}]}}"


class TestAFileOfSloth:
    def test_becomes_an_outcome_for_each_objective(self) -> None:
        agreement = agreed(drafted(text_of("sloth.yaml")))
        assert [(name, str(each.target), each.measure.what) for name, each in agreement.outcomes.items()] == [
            (f"checkout-{name}", target, f"checkout-{name}")
            for name, target in (
                ("requests-availability", ">= 99.9 %"),
                ("requests-latency", ">= 99 %"),
                ("satisfaction", ">= 95 %"),
                ("from-a-plugin", ">= 99.5 %"),
            )
        ]
        assert (
            agreement.outcomes["checkout-requests-availability"].promise
            == "Requests to the checkout are answered without an error."
        )
        assert (
            agreement.outcomes["checkout-requests-latency"].promise
            == "checkout: requests-latency: at least 99% as measured."
        )

    def test_keeps_queries_of_several_lines(self) -> None:
        assert (
            "    # bad events (Prometheus):\n"
            "    #   (\n"
            '    #     sum(rate(http_request_duration_seconds_count{job="checkout"}[{{.window}}]))\n'
            "    #     -\n"
        ) in (drafted(text_of("sloth.yaml")).text or "")

    def test_says_everything_that_it_did_not_carry_over(self) -> None:
        rules = "not carried over, since it steers the rules and alerts that sloth writes"
        assert told(drafted(text_of("sloth.yaml"))) == [
            "a.yaml:1:1: MG613 note: sloth is told the window when it runs (30 days if nobody does); a month of the calendar is taken (choose the period that is meant)",
            f"a.yaml:3:1: MG620 note: labels: {rules}",
            f"a.yaml:9:5: MG620 note: labels: {rules}",
            f"a.yaml:15:5: MG620 note: alerting: {rules}",
            "a.yaml:36:7: MG615 warning: the indicator is a ratio without its counts (bring good events and all into the evidence)",
            "a.yaml:41:7: MG618 warning: the queries come from the plugin sloth-common/kubernetes/apiserver/availability (name their events yourself)",
        ]


class TestAnObjectOfKubernetes:
    def test_is_read_as_well(self) -> None:
        result = drafted(text_of("sloth-kubernetes.yaml"))
        outcome = agreed(result).outcomes["search-requests-availability"]
        assert (str(outcome.target), outcome.service) == (">= 99.95 %", "search")
        assert codes_of(result) == ["MG620", "MG620", "MG620", "MG613", "MG620", "MG620", "MG620"]

    def test_may_have_no_metadata(self) -> None:
        text = f"{{apiVersion: sloth.slok.dev/v1, kind: PrometheusServiceLevel, spec: {{service: a, slos: [{{name: b, objective: 9, sli: {EVENTS}}}]}}}}"
        assert codes_of(drafted(text)) == ["MG613"]


class TestAnObjective:
    @pytest.mark.parametrize(
        ("objective", "finding"),
        [
            (f"{{objective: 99, sli: {EVENTS}}}", "MG601 error: slos[1] has no name (write it)"),
            (f"{{name: a, sli: {EVENTS}}}", "MG601 error: slos[1] has no objective above 0 (write it)"),
            (f"{{name: a, objective: 0, sli: {EVENTS}}}", "MG601 error: slos[1] has no objective above 0 (write it)"),
            (
                f"{{name: a, objective: 100.1, sli: {EVENTS}}}",
                "MG602 error: objective: 100.1 is more than 100 (check the unit)",
            ),
            ("{name: a, objective: 99}", "MG601 error: slos[1] has no sli (write it)"),
            ("{name: a, objective: 99, sli: {}}", "MG601 error: sli has no events or raw or plugin (write it)"),
            ("{name: a, objective: 99, sli: {raw: {}, events: {}}}", "MG604 error: events and raw exclude each other"),
            (
                "{name: a, objective: 99, sli: {events: {total_query: t}}}",
                "MG601 error: events has no error_query or errorQuery (write it)",
            ),
            (
                "{name: a, objective: 99, sli: {raw: {}}}",
                "MG601 error: raw has no error_ratio_query or errorRatioQuery (write it)",
            ),
            ("{name: a, objective: 99, sli: {plugin: {}}}", "MG601 error: plugin has no id (write it)"),
            ("no", "MG602 error: slos[1] is no map (write its keys below it)"),
        ],
    )
    def test_that_cannot_be_read_is_left_out(self, objective: str, finding: str) -> None:
        result = drafted(slos(f"{{name: open, objective: 99.9, sli: {EVENTS}}}", objective))
        assert [*agreed(result).outcomes] == ["shop-open"]
        assert [line.split(": ", 1)[1] for line in told(result) if " error: " in line] == [finding]

    def test_says_of_a_key_that_it_is_not_known(self) -> None:
        result = drafted(slos(f"{{name: open, objective: 99.9, objektive: 3, sli: {EVENTS}}}"))
        assert told(result)[1] == "a.yaml:1:78: MG621 warning: objektive is not known here, and is not carried over"

    def test_may_come_from_a_plugin_without_options(self) -> None:
        text = drafted(slos("{name: open, objective: 99.9, sli: {plugin: {id: x}}}")).text or ""
        assert "    # plugin x, with options:\n    #   none\n" in text

    def test_is_wanted(self) -> None:
        assert codes_of(drafted(slos())) == ["MG601", "MG606"]
