from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read

SURVEY = "kind: score, of: survey, scale: {from: 1, to: 5}"
LATENCY = "of: latency, unit: time"


def findings(measure: str, target: str, *, stake: str = "{weight: 100%}", more: str = "") -> list[tuple[str, str]]:
    document = read(completed(bad_outcome(measure=measure, target=target, stake=stake, more=more)))
    return [(each.code, each.place.path.removeprefix("outcomes.open.")) for each in document.findings if each.place]


class TestMeasuresOfValues:
    @pytest.mark.parametrize(
        ("measure", "target"),
        [
            ("{kind: stated, of: saving, unit: number, minimum: -5, maximum: 5}", ">= -1"),
            ("{kind: stated, of: saving, unit: number, minimum: 5}", ">= 6"),
            ("{kind: stated, of: saving, unit: share}", "= 100%"),
            ("{kind: stated, of: saving, unit: number}", "= 0"),
            (f"{{{SURVEY}, as: mean, top: 4, bottom: 2}}", ">= 4"),
            (f"{{{SURVEY}, as: top_box, top: 4}}", ">= 90%"),
            (f"{{{SURVEY}, as: net_promoter, top: 4, bottom: 2}}", ">= -10"),
            (f"{{kind: average, {LATENCY}, weight: time, after: 5m, minimum_coverage: 99%}}", "<= 300ms"),
            (f"{{kind: quantile, {LATENCY}, quantile: 95%, slices: {{every: 1h, good_when: '<= 1s'}}}}", ">= 99%"),
            ("{kind: time_beyond, of: heat, beyond: '> 27', as: time, unknown: {minimum_coverage: 99%}}", "<= 1h"),
            ("{kind: time_beyond, of: heat, beyond: '> 27', as: share, unknown: {as: inside}}", "<= 1%"),
            ("{kind: recovery, as: mean_time_between_failures, of: shop}", ">= 400h"),
            ("{kind: recovery, as: recovery_point, of: shop, backups: {cases: backup}}", "<= 24h"),
            ("{kind: coverage, by_deadline: {cases: patch, limit: 3 months}}", ">= 95%"),
        ],
    )
    def test_are_written_like_this(self, measure: str, target: str) -> None:
        assert findings(measure, target) == []

    @pytest.mark.parametrize(
        ("measure", "target", "code", "path"),
        [
            ("{kind: stated, of: s, unit: share, minimum: 5}", ">= 5%", "MG350", "measure.minimum"),
            ("{kind: stated, of: s, unit: share, minimum: 500%}", ">= 5%", "MG351", "measure.minimum"),
            ("{kind: score, of: s, as: mean, scale: {from: 1, to: 5h}}", ">= 4", "MG350", "measure.scale.to"),
            ("{kind: score, of: s, as: mean, scale: {from: 5, to: 1}}", ">= 4", "MG351", "measure.scale.to"),
            (f"{{{SURVEY}, as: net_promoter, bottom: 2}}", ">= 4", "MG353", "measure.as"),
            (f"{{{SURVEY}, as: net_promoter, top: 4}}", ">= 4", "MG353", "measure.as"),
            (f"{{{SURVEY}, as: top_box, top: 6}}", ">= 4%", "MG353", "measure.top"),
            (f"{{{SURVEY}, as: mean, top: 3, bottom: 3}}", ">= 4", "MG353", "measure.bottom"),
            (
                f"{{kind: quantile, {LATENCY}, quantile: 95%, slices: {{every: 1h, good_when: '<= 5'}}}}",
                ">= 9%",
                "MG350",
                "measure.slices.good_when",
            ),
            (
                f"{{kind: quantile, {LATENCY}, quantile: 95%, slices: {{every: 0h, good_when: '<= 1s'}}}}",
                ">= 9%",
                "MG318",
                "measure.slices.every",
            ),
            (
                f"{{kind: average, {LATENCY}, minimum_coverage: 9%}}",
                "<= 1s",
                "MG355",
                "measure.minimum_coverage",
            ),
            (
                f"{{kind: average, {LATENCY}, weight: time, minimum_coverage: 900%}}",
                "<= 1s",
                "MG311",
                "measure.minimum_coverage",
            ),
            (
                "{kind: time_beyond, of: h, beyond: '> 2', as: time, unknown: {minimum_coverage: 900%}}",
                "<= 1h",
                "MG311",
                "measure.unknown.minimum_coverage",
            ),
            (
                "{kind: time_beyond, of: h, beyond: '> 2', as: time, unknown: {as: inside, minimum_coverage: 90%}}",
                "<= 1h",
                "MG310",
                "measure.unknown.minimum_coverage",
            ),
            ("{kind: time_beyond, of: h, beyond: '> 2', as: time}", ">= 1h", "MG322", "target"),
            (
                "{kind: recovery, as: mean_time_to_restore, of: shop, excluded: {m: {effect: up}}}",
                "<= 1h",
                "MG354",
                "measure.excluded.m.effect",
            ),
            (
                "{kind: recovery, as: mean_time_to_restore, of: shop, backups: {cases: b}}",
                "<= 1h",
                "MG357",
                "measure.backups",
            ),
            (
                "{kind: recovery, as: mean_time_to_restore, of: shop, excluded: {m: {allowance: 4h per period}}}",
                "<= 1h",
                "MG319",
                "measure.excluded.m.allowance",
            ),
            (
                "{kind: steps, cases: p, steps: {a: {state: b, within: 1h}}, excluded: {m: {allowance: 4h per period}}}",
                ">= 99%",
                "MG319",
                "measure.excluded.m.allowance",
            ),
            (
                "{kind: milestone, of: m, due: 2026-02-01, excluded: {m: {allowance: 4h per period}}}",
                "<= 0s",
                "MG319",
                "measure.excluded.m.allowance",
            ),
            (
                "{kind: milestone, of: m, due: 2026-02-01, excluded: {m: {effect: up}}}",
                "<= 0s",
                "MG354",
                "measure.excluded.m.effect",
            ),
            ("{kind: recovery, as: mean_time_to_restore, of: shop}", ">= 1h", "MG322", "target"),
            ("{kind: recovery, as: mean_time_between_failures, of: shop}", "<= 1h", "MG321", "target"),
            ("{kind: recovery, as: mean_time_to_restore, of: nothing}", "<= 1h", "MG203", "measure.of"),
            ("{kind: coverage, by_deadline: {cases: p, limit: 3 days}}", "<= 9%", "MG321", "target"),
            ("{kind: coverage, by_deadline: {cases: p, limit: 0 days}}", ">= 9%", "MG318", "measure.by_deadline.limit"),
            (
                "{kind: coverage, by_deadline: {cases: p, limits: {a: 1 month, b: 0h}}}",
                ">= 9%",
                "MG318",
                "measure.by_deadline.limits.b",
            ),
            (
                "{kind: coverage, fresh: {cases: p, done: d, within: 0 months}}",
                ">= 9%",
                "MG318",
                "measure.fresh.within",
            ),
            (
                "{kind: coverage, current: {of: a, good_when: '<= 5', after: 0h}}",
                ">= 9%",
                "MG318",
                "measure.current.after",
            ),
            (
                "{kind: coverage, by_deadline: {cases: p, limit: 11 years}}",
                ">= 9%",
                "MG111",
                "measure.by_deadline.limit",
            ),
        ],
    )
    def test_are_refused_where_they_make_no_sense(self, measure: str, target: str, code: str, path: str) -> None:
        assert findings(measure, target) == [(code, path)]

    @pytest.mark.parametrize(
        "measure",
        [
            "{kind: coverage, seen: throughout, fresh: {cases: b, done: d, within: 24h}}",
            "{kind: stated, of: s, unit: share}",
        ],
    )
    def test_pay_nothing_for_events_they_do_not_have(self, measure: str) -> None:
        stake = "{weight: 100%, per_event: {credit: 1%}}"
        assert findings(measure, ">= 9%", stake=stake) == [("MG352", "stake.per_event")]

    def test_pay_for_each_item_that_is_not_good(self) -> None:
        measure = "{kind: coverage, fresh: {cases: b, done: d, within: 24h}}"
        assert findings(measure, ">= 9%", stake="{weight: 100%, per_event: {credit: 1%}}") == []

    def test_have_no_low_volume(self) -> None:
        found = findings("{kind: stated, of: s, unit: share}", ">= 9%", more="    low_volume: {below: 9, gives: met}\n")
        assert found == [("MG316", "low_volume")]

    @pytest.mark.parametrize(("allowance", "codes"), [("1%", ["MG338"]), ("1h", [])])
    def test_have_no_agreed_time_of_which_a_share_is_free(self, allowance: str, codes: list[str]) -> None:
        stake = f"{{weight: 100%, per_unit: {{unit: 1h, credit: 1%, counted: exact, allowance: {allowance}}}}}"
        found = findings("{kind: recovery, as: mean_time_to_restore, of: shop}", "<= 1h", stake=stake)
        assert [code for code, _ in found] == codes

    def test_refund_no_windows_of_what_should_be_little(self) -> None:
        stake = "{weight: 100%, windows: {every: 24h, below: 90%, price: 1.00}}"
        found = findings("{kind: time_beyond, of: heat, beyond: '> 27', as: share}", "<= 1%", stake=stake)
        assert [code for code, _ in found] == ["MG548"]

    def test_count_no_negative_units(self) -> None:
        stake = "{weight: 100%, per_unit: {unit: -1, credit: 1%, counted: exact}}"
        found = findings("{kind: stated, of: s, unit: number}", ">= 9", stake=stake)
        assert found == [("MG318", "stake.per_unit.unit")]


class TestPrecision:
    @pytest.mark.parametrize(
        ("target", "decimals", "codes"),
        [(">= 99.9%", 1, []), (">= 99.95%", 1, ["MG359"]), (">= 99%", 0, [])],
    )
    def test_is_that_of_the_target_at_least(self, target: str, decimals: int, codes: list[str]) -> None:
        measure = "{kind: stated, of: s, unit: share}"
        found = findings(measure, target, more=f"    precision: {{decimals: {decimals}}}\n")
        assert [code for code, _ in found] == codes
