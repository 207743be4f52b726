"""What the catalogue's examples do not show: the other cases of each check, and what is rightly left alone."""

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read

COUNT = "{kind: count, of: orders, counting: refused}"
RATIO = "{kind: ratio, of: orders, good: accepted}"
ALL = "{weight: 100%}"


def codes(piece: str) -> list[str]:
    return [finding.code for finding in read(completed(piece)).findings]


def texts(piece: str) -> list[str]:
    return [finding.text for finding in read(completed(piece)).findings]


def tiers(*rows: str) -> str:
    return f"{{weight: 100%, tiers: [{', '.join(f'{{{row}}}' for row in rows)}]}}"


class TestTerm:
    @pytest.mark.parametrize(
        ("term", "found"),
        [
            ("{from: 2026-01-01, until: 2026-01-01, timezone: UTC}", ["MG301"]),
            ("{from: 2026-01-01, until: 2026-01-02, timezone: UTC}", []),
            ("{from: 2026-01-01, until: 2029-01-01, timezone: UTC}", []),
            ("{from: 2026-01-01, until: 2029-01-02, timezone: UTC}", ["MG303"]),
            ("{from: 2026-01-01, months: 36, timezone: UTC, period: {every: week, starts_on: 7}}", []),
            ("{from: 2026-01-01, months: 36, timezone: UTC, period: {starts_on: 31}}", []),
        ],
    )
    def test_ends_after_it_begins_and_in_time(self, term: str, found: list[str]) -> None:
        assert codes(f"term: {term}\n") == found


class TestNames:
    def test_are_not_looked_up_in_what_has_another_name(self) -> None:
        text = completed("calendars: {office: {days: {mon-fri: '08:00-18:00'}}}\nclosing: {calendar: office}\n")
        for written, found in (("services:", ["MG107", "MG109"]), ("calendars:", ["MG107"])):
            document = read(text.replace(written, written.replace("s:", ":")))
            assert sorted(finding.code for finding in document.findings) == found


class TestCalendars:
    @pytest.mark.parametrize(
        ("_case", "calendar", "found"),
        [
            ("plain hours", "{days: {mon-fri: '08:00-18:00'}}", []),
            ("two stretches", "{days: {mon-fri: ['08:00-12:00', '13:00-18:00'], sat: []}}", []),
            ("known holidays", "{days: {mon: '08:00-18:00'}, holidays: {country: DE, subdivision: BE}}", []),
            ("another country", "{days: {mon: '08:00-18:00'}, holidays: {country: ZZ}}", ["MG207"]),
            ("overlapping stretches", "{days: {mon: ['08:00-12:00', '11:00-18:00']}}", ["MG208"]),
            ("stretches out of order", "{days: {mon: ['13:00-18:00', '08:00-12:00']}}", ["MG208"]),
            (
                "closed and open",
                "{days: {mon: '08:00-18:00'}, extra_closed: [2026-05-04], extra_open: {2026-05-04: '08:00-09:00'}}",
                ["MG208"],
            ),
            ("a day twice in two ranges", "{days: {mon-wed: '08:00-18:00', wed-fri: '08:00-18:00'}}", ["MG208"]),
            ("no day at all", "{days: {}}", ["MG209"]),
        ],
    )
    def test_hold_together(self, _case: str, calendar: str, found: list[str]) -> None:
        assert codes(f"calendars: {{office: {calendar}}}\n") == found


class TestHints:
    def test_name_what_looks_alike_and_otherwise_all(self) -> None:
        (near,) = read(completed(bad_outcome(more="    service: shopp\n"))).findings
        (far,) = read(completed("closing: {calendar: office}\n")).findings
        assert (near.hint, far.hint) == ("did you mean shop?", "use one of always")

    def test_name_nothing_where_there_is_too_much_to_name(self) -> None:
        calendars = ", ".join(f"c{number}: {{days: {{mon: '08:00-18:00'}}}}" for number in range(40))
        (many,) = read(completed(f"calendars: {{{calendars}}}\nclosing: {{calendar: office}}\n")).findings
        assert many.hint == ""


class TestReferences:
    def test_lead_to_calendars_that_are_there(self) -> None:
        assert (
            codes(
                "calendars: {office: {days: {mon-fri: '08:00-18:00'}}}\nclosing: {calendar: office}\n"
                + bad_outcome(measure="{kind: within, cases: order, limit: 4h, clock: {on: office}}")
            )
            == []
        )

    def test_of_a_clock_need_a_calendar(self) -> None:
        assert texts(bad_outcome(measure="{kind: within, cases: order, limit: 4h, clock: {on: office}}")) == [
            "there is no calendar office"
        ]

    def test_to_a_broken_calendar_are_not_wrong_as_well(self) -> None:
        piece = "calendars: {office: {days: 3}}\n" + bad_outcome(measure="{kind: availability, of: shop, on: office}")
        assert codes(piece) == ["MG110"]

    def test_to_a_broken_service_are_not_wrong_as_well(self) -> None:
        piece = "services: {shop: {title: }}\n" + bad_outcome(more="    service: shop\n")
        assert codes(piece) == ["MG110"]

    @pytest.mark.parametrize("of", ["shop", "front", "till"])
    def test_of_availability_may_be_service_or_component(self, of: str) -> None:
        assert codes(bad_outcome(measure=f"{{kind: availability, of: {of}}}")) == []

    def test_let_a_service_be_made_of_a_plain_one(self) -> None:
        service = "{title: S, fee: {monthly: 1.00}, critical: true, made_of: {any_of: [till]}}"
        assert codes(f"services:\n  shop: {service}\n  till: {{title: T}}\n") == []

    def test_let_limits_go_without_a_list_of_priorities(self) -> None:
        assert codes(bad_outcome(measure="{kind: within, cases: order, limits: {P1: 4h, P2: 8h}}")) == []

    def test_let_a_list_of_priorities_share_one_limit(self) -> None:
        assert codes(bad_outcome(measure="{kind: within, cases: order, priority: [P1, P2], limit: 4h}")) == []


class TestMeasures:
    @pytest.mark.parametrize(
        ("_case", "measure", "found"),
        [
            (
                "silence is down and must not be much",
                "{kind: availability, of: shop, unknown: {minimum_coverage: 99%}}",
                [],
            ),
            ("silence is up", "{kind: availability, of: shop, unknown: {as: up}}", []),
            (
                "slices that are bad from a rate on",
                "{kind: ratio, of: o, good: g, slices: {every: 5m, method: share_of_bad_slices, bad_when: '>= 5%'}}",
                [],
            ),
            (
                "slices that are bad from a number on",
                "{kind: ratio, of: o, good: g, slices: {every: 5m, method: share_of_bad_slices, bad_when: '>= 5'}}",
                ["MG314"],
            ),
            ("slices in the mean", "{kind: ratio, of: o, good: g, slices: {every: 5m, method: mean_error_rate}}", []),
            (
                "slices of nothing",
                "{kind: ratio, of: o, good: g, slices: {every: 0s, method: mean_error_rate}}",
                ["MG318"],
            ),
            ("start and stop alike", "{kind: within, cases: c, limit: 1h, clock: {from: a, to: a}}", ["MG315"]),
            ("pausing at the start", "{kind: within, cases: c, limit: 1h, clock: {pause: [wait, opened]}}", ["MG315"]),
            ("pausing on the way", "{kind: within, cases: c, limit: 1h, clock: {pause: wait}}", []),
            ("one limit of none", "{kind: within, cases: c, limits: {P1: 1h, P2: 0s}}", ["MG318"]),
            ("an allowance", "{kind: availability, of: shop, excluded: {m: {allowance: 1h per period}}}", []),
        ],
    )
    def test_make_sense(self, _case: str, measure: str, found: list[str]) -> None:
        assert codes(bad_outcome(measure=measure)) == found

    def test_may_have_low_volume_if_they_have_volume(self) -> None:
        more = "    low_volume: {below: 10, allowed_misses: 0}\n"
        assert codes(bad_outcome(measure=RATIO, more=more)) == []


class TestTargets:
    @pytest.mark.parametrize(
        ("measure", "target", "found"),
        [
            (COUNT, "<= 500", []),
            (COUNT, "< 1", []),
            (COUNT, "< 0", ["MG323"]),
            (COUNT, "<= 0", []),
            (COUNT, ">= 0", ["MG322", "MG324"]),
            (COUNT, "> 0", ["MG322"]),
            (COUNT, "<= 5%", ["MG320"]),
            (COUNT, "<= 4h", ["MG320"]),
            (RATIO, ">= 95%", []),
            (RATIO, "<= 5%", []),
            (RATIO, "< 0%", ["MG323"]),
            (RATIO, "<= 0%", []),
            (RATIO, "<= 100%", ["MG324"]),
            (RATIO, "< 100%", []),
            (RATIO, ">= 100%", []),
            (RATIO, "> 100%", ["MG323"]),
            (RATIO, ">= 101%", ["MG323"]),
            (RATIO, "<= 101%", ["MG323"]),
            ("{kind: availability, of: shop}", "< 50%", ["MG321"]),
            ("{kind: availability, of: shop}", "> 0%", []),
            ("{kind: within, cases: incident, limit: 4h}", "<= 5%", ["MG321"]),
            ("{kind: ratio, of: orders, good: ok, slices: {every: 5m, method: mean_error_rate}}", "< 5%", ["MG321"]),
        ],
    )
    def test_fit_point_the_right_way_and_can_be_met_and_missed(
        self, measure: str, target: str, found: list[str]
    ) -> None:
        assert codes(bad_outcome(measure=measure, target=target, stake=ALL)) == found


class TestTiers:
    @pytest.mark.parametrize(
        ("_case", "target", "rows", "found"),
        [
            ("falling, paying more", ">= 99%", ["below: 99%, credit: 5%", "below: 98%, credit: 9%"], []),
            ("paying alike", ">= 99%", ["below: 99%, credit: 5%", "below: 98%, credit: 5%"], []),
            ("amounts that rise", ">= 99%", ["below: 99%, credit: 5.00 EUR", "below: 98%, credit: 9.00 EUR"], []),
            (
                "amounts that fall",
                ">= 99%",
                ["below: 99%, credit: 9.00 EUR", "below: 98%, credit: 5.00 EUR"],
                ["MG333"],
            ),
            ("a share and an amount", ">= 99%", ["below: 99%, credit: 50%", "below: 98%, credit: 5.00 EUR"], []),
            ("a bound twice", ">= 99%", ["below: 99%, credit: 5%", "below: 99%, credit: 9%"], ["MG332"]),
            ("rising where less is better", "<= 5%", ["above: 5%, credit: 5%", "above: 9%, credit: 9%"], []),
            ("falling where less is better", "<= 5%", ["above: 9%, credit: 5%", "above: 5%, credit: 5%"], ["MG332"]),
            ("less for worse, going up", "<= 5%", ["above: 5%, credit: 9%", "above: 9%, credit: 5%"], ["MG333"]),
            ("on the met side, going up", "<= 5%", ["above: 4%, credit: 9%"], ["MG334"]),
            ("short of the target, going up", "<= 5%", ["above: 6%, credit: 9%"], ["MG335"]),
            ("exactly at a strict target", "> 99%", ["below: 99%, credit: 9%"], ["MG335"]),
            ("exactly at a strict ceiling", "< 5%", ["above: 5%, credit: 9%"], ["MG335"]),
            ("beyond a strict target", "> 99%", ["below: 99.1%, credit: 9%"], ["MG334"]),
            ("all upside down", "<= 5%", ["below: 5%, credit: 5%", "below: 4%, credit: 9%"], ["MG331", "MG331"]),
            ("one upside down", ">= 99%", ["below: 99%, credit: 9%", "above: 98%, credit: 5%"], ["MG331"]),
            ("an amount of nothing", ">= 99%", ["below: 99%, credit: 0.00 EUR"], ["MG337"]),
        ],
    )
    def test_cover_what_is_missed_and_never_pay_less_for_worse(
        self, _case: str, target: str, rows: list[str], found: list[str]
    ) -> None:
        assert codes(bad_outcome(measure=RATIO, target=target, stake=tiers(*rows))) == found


class TestShortfalls:
    @pytest.mark.parametrize(
        ("measure", "target", "per_unit", "found"),
        [
            ("{kind: availability, of: shop}", ">= 99%", "unit: 30m, credit: 1%, counted: exact", []),
            ("{kind: availability, of: shop}", ">= 99%", "unit: 30m, credit: 1%, counted: exact, allowance: 1h", []),
            ("{kind: availability, of: shop}", ">= 99%", "unit: 30m, credit: 1%, counted: exact, allowance: 1%", []),
            ("{kind: availability, of: shop}", ">= 99%", "unit: 1%, credit: 1%, counted: exact, allowance: 1%", []),
            (
                "{kind: availability, of: shop}",
                ">= 99%",
                "unit: 1%, credit: 1%, counted: exact, allowance: 1h",
                ["MG338"],
            ),
            ("{kind: availability, of: shop}", ">= 99%", "unit: 0m, credit: 1%, counted: exact", ["MG318"]),
            (RATIO, ">= 99%", "unit: 1%, credit: 1%, counted: started", []),
            (RATIO, ">= 99%", "unit: 30m, credit: 1%, counted: started", ["MG338"]),
            (COUNT, "<= 5", "unit: 1, credit: 1%, counted: completed, allowance: 2", []),
            (COUNT, "<= 5", "unit: 1%, credit: 1%, counted: completed", ["MG338"]),
        ],
    )
    def test_are_counted_in_units_of_the_measure(
        self, measure: str, target: str, per_unit: str, found: list[str]
    ) -> None:
        stake = f"{{weight: 100%, per_unit: {{{per_unit}}}}}"
        assert codes(bad_outcome(measure=measure, target=target, stake=stake)) == found


class TestStakes:
    @pytest.mark.parametrize(
        ("_case", "piece", "found"),
        [
            (
                "no stake at all",
                "money: {currency: EUR}\noutcomes: {o: {promise: P, measure: " + RATIO + ", target: '>= 9%'}}\n",
                [],
            ),
            ("a cap of an amount at risk", "caps: [{per: period, at: 90% of at_risk}]\n", []),
            (
                "a cap of no amount at risk",
                "money: {currency: EUR}\ncaps: [{per: period, at: 90% of at_risk}]\n"
                + bad_outcome(stake="{of: 5.00 EUR}"),
                ["MG342", "MG364"],
            ),
            ("a share of the amount at risk", bad_outcome(stake="{of: 50% of at_risk}"), []),
            (
                "amounts alone need no base",
                "money: {currency: EUR}\n" + bad_outcome(stake="{per_event: {credit: 5.00 EUR}}"),
                [],
            ),
            (
                "amounts with a share as their limit",
                "money: {currency: EUR}\n" + bad_outcome(stake="{per_event: {credit: 5.00 EUR}, at_most: 10%}"),
                ["MG347"],
            ),
            ("a whole base that nobody named", "money: {currency: EUR}\n" + bad_outcome(stake="{}"), ["MG347"]),
            (
                "a fee of another service",
                "money: {currency: EUR}\n"
                "services: {shop: {title: S, fee: {monthly: 1.00}, critical: true}, till: {title: T, critical: true}}\n"
                + bad_outcome(stake="{of: 10% of service_fee}", more="    service: till\n"),
                ["MG348"],
            ),
            (
                "no fee anywhere",
                "money: {currency: EUR}\nservices: {shop: {title: S, critical: true}}\n"
                "caps: [{per: period, at: 5% of monthly_fee}, {per: period, at: 5.00 EUR}]\n"
                + bad_outcome(stake="{of: 10% of service_fee}"),
                ["MG348", "MG366", "MG348"],
            ),
            (
                "no fee and nothing of it",
                "money: {currency: EUR}\nservices: {shop: {title: S, critical: true}}\n"
                + bad_outcome(stake="{of: 5.00 EUR}"),
                [],
            ),
            (
                "critical by itself",
                "services: {shop: {title: S, fee: {monthly: 1.00}}}\n" + bad_outcome(more="    critical: true\n"),
                [],
            ),
            (
                "critical by its measure's service",
                "services: {shop: {title: S, fee: {monthly: 1.00}, critical: true}, till: {title: T}}\n"
                + bad_outcome(),
                [],
            ),
            (
                "one of several services, nobody knows which",
                "services: {shop: {title: S, fee: {monthly: 1.00}, critical: true}, till: {title: T}}\n"
                + bad_outcome(measure=RATIO),
                ["MG346"],
            ),
        ],
    )
    def test_have_a_base_and_a_reason(self, _case: str, piece: str, found: list[str]) -> None:
        assert codes(piece) == found

    def test_are_not_added_up_while_one_is_broken(self) -> None:
        piece = bad_outcome(stake="{weight: 60%}") + "  b: {promise: P, measure: 3, target: '>= 9%'}\n"
        assert codes(piece) == ["MG110"]

    def test_name_the_sum_of_their_weights(self) -> None:
        outcome = f"{{promise: P, measure: {RATIO}, target: '>= 9%', stake: {{weight: 70%}}}}"
        assert texts(bad_outcome(stake="{weight: 60%}") + f"  b: {outcome}\n") == ["the weights add up to 130 %"]


class TestMoney:
    @pytest.mark.parametrize(
        ("_case", "piece", "found"),
        [
            (
                "a fee in yen",
                "money: {currency: JPY, at_risk: {percent: 10}}\n"
                "services: {shop: {title: S, fee: {monthly: 100.5}, critical: true}}\n",
                ["MG361"],
            ),
            ("a fee with fewer decimals", "services: {shop: {title: S, fee: {monthly: 1000}, critical: true}}\n", []),
            ("tiers in another currency", bad_outcome(stake=tiers("below: 99.9%, credit: 1.00 USD")), ["MG360"]),
            ("a limit in another currency", bad_outcome(stake="{weight: 100%, at_most: 1.00 CHF}"), ["MG360"]),
            ("a cap in another currency", "caps: [{per: period, at: 500.00 CHF}]\n", ["MG360"]),
            ("a cap as high as the tiers", "caps: [{per: period, at: 50.00 EUR}]\n", []),
            ("a cap below the tiers", "caps: [{per: period, at: 4.999% of monthly_fee}]\n", ["MG364"]),
            ("a cap by the amount at risk", "caps: [{per: period, at: 49% of at_risk}]\n", ["MG364"]),
            (
                "a cap below a limited tier",
                "caps: [{per: period, at: 20.00 EUR}]\n" + bad_outcome(stake="{weight: 100%, at_most: 20%}"),
                [],
            ),
            (
                "a cap below a tier limited to an amount",
                "caps: [{per: period, at: 20.00 EUR}]\n" + bad_outcome(stake="{weight: 100%, at_most: 20.00 EUR}"),
                [],
            ),
            (
                "a cap below amounts",
                "money: {currency: EUR}\ncaps: [{per: period, at: 20.00 EUR}]\n"
                + bad_outcome(stake="{tiers: [{below: 99.9%, credit: 20.01 EUR}]}"),
                ["MG364"],
            ),
            (
                "a cap below the fee of one service",
                "money: {currency: EUR}\ncaps: [{per: period, at: 5% of monthly_fee}]\n"
                "services:\n"
                "  shop: {title: S, fee: {monthly: 60.00}, critical: true}\n"
                "  b: {title: B, fee: {monthly: 40.00}}\n"
                + bad_outcome(stake="{of: 10% of service_fee}", more="    service: shop\n"),
                ["MG364"],
            ),
            (
                "a cap below what units may come to",
                "caps: [{per: period, at: 1.00 EUR}]\n"
                + bad_outcome(stake="{weight: 100%, per_unit: {unit: 1%, credit: 50%, counted: started}}"),
                [],
            ),
            ("a minimum without a cap", "minimum_credit: {at_least: 9.00 EUR}\n", []),
            (
                "a minimum at the cap",
                "caps: [{per: period, at: 50.00 EUR}]\nminimum_credit: {at_least: 50.00 EUR}\n",
                [],
            ),
            (
                "a minimum above the cap",
                "caps: [{per: period, at: 50.00 EUR}]\nminimum_credit: {at_least: 50.01 EUR}\n",
                ["MG367"],
            ),
            (
                "a minimum below the cap",
                "caps: [{per: period, at: 50.00 EUR}]\nminimum_credit: {more_than: 49.99 EUR}\n",
                [],
            ),
        ],
    )
    def test_agrees_with_itself(self, _case: str, piece: str, found: list[str]) -> None:
        assert codes(piece) == found

    def test_counts_a_quarter_as_three_months(self) -> None:
        term = "term: {from: 2026-01-01, months: 12, timezone: UTC, period: {every: quarter}}\n"
        assert texts(f"{term}caps: [{{per: period, at: 100.00 EUR}}]\n") == [
            "the tiers can come to 150.00 EUR in a whole period, the cap pays 100.00 EUR"
        ]
