"""The credits of a period, from an agreement in its own language to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.terms import Agreement, Cap, CapPer, MinimumCredit
from makegood.engine.judging.verdict import Choice, Measurement
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, credited, judged, measured, outcome, shown

ORDER = (
    "stake and weight → long stop → claims → critical levels → expected level → repeat → points → persistent failure →"
    " chronic failure → one credit per incident → money back → amount at risk → period cap → caps with memory → minimum"
    " credit → earn-back → bonus → incentives"
)
SUPPRESSED = (
    "resolution credits nothing because of INC-7, for which availability owes 1,200.00 EUR: 0.00 EUR [per-incident]"
)
AT_RISK = "{currency: EUR, at_risk: {percent: 12, of: monthly_fee}}"
MANAGED = agreement(
    outcome("availability", ">= 99.9%", "{weight: 50%}"),
    outcome("resolution", ">= 95%", "{weight: 30%}"),
    outcome("backup", ">= 98%", "{weight: 20%}"),
    money=AT_RISK,
)
MARCH = {
    "availability": measured("2671800/2674800", "INC-7"),
    "resolution": measured("1/3", "INC-7", "T-2"),
    "backup": measured("587/600"),
}
SUPPORT = agreement(
    outcome(
        "resolution",
        ">= 60%",
        "{of: 100% of monthly_fee, per_unit: {unit: 1%, credit: 1%, counted: started}}",
    ),
    services="services: {desk: {title: Service desk, fee: {monthly: 100000.00}, critical: true}}",
    more="caps: [{per: period, at: 15% of monthly_fee}]",
)


def tiered(minimum: str = "", cap: str = "", fee: str = "1000.00", term: str = "2025-04-01") -> Agreement:
    """Write the tiers that most service agreements have."""
    tiers = "[{below: 99.9%, credit: 10%}, {below: 99%, credit: 25%}]"
    return agreement(
        outcome("availability", ">= 99.9%", f"{{of: 100% of service_fee, tiers: {tiers}}}"),
        services=f"services: {{erp: {{title: ERP, fee: {{monthly: {fee}}}, critical: true}}}}",
        term=f"{{from: {term}, until: 2025-05-01, timezone: UTC}}",
        more=f"minimum_credit: {{{minimum}}}\n" * bool(minimum) + f"caps: [{cap}]\n" * bool(cap),
    )


class TestAManagedMonth:
    def test_pays_once_for_one_incident(self) -> None:
        found = credited(MANAGED, **MARCH)
        assert shown(found) == {"availability": "1200.00", "resolution": "0.00", "backup": "480.00"}
        assert [credit.raw.plain for credit in found.credits] == ["1200.00", "720.00", "480.00"]
        assert (found.fee.plain, found.at_risk.plain, found.total.plain) == ("20000.00", "2400.00", "1680.00")
        assert (found.agreement, found.period.label) == ("acme-erp", "2025-03")

    def test_pays_for_each_outcome_if_incidents_add(self) -> None:
        terms = agreement(
            outcome("availability", ">= 99.9%", "{weight: 50%}"),
            outcome("resolution", ">= 95%", "{weight: 30%}"),
            outcome("backup", ">= 98%", "{weight: 20%}"),
            money=AT_RISK,
            more="per_incident: sum",
        )
        assert credited(terms, **MARCH).total.plain == "2400.00"

    def test_pays_what_the_customer_chose_if_that_is_agreed(self) -> None:
        terms = agreement(
            outcome("availability", ">= 99.9%", "{weight: 50%}"),
            outcome("resolution", ">= 95%", "{weight: 30%}"),
            outcome("backup", ">= 98%", "{weight: 20%}"),
            money=AT_RISK,
            more="per_incident: customer_choice",
        )
        choice = Choice("INC-7", "resolution", "Ada", "portal#1")
        found = period_credits(terms, replace(judged(terms, **MARCH), choices=(choice,)))
        assert shown(found) == {"availability": "0.00", "resolution": "720.00", "backup": "480.00"}

    def test_tells_the_order_of_remedies(self) -> None:
        assert list(credited(MANAGED, **MARCH).reason.lines()) == [
            f"The credits of 2025-03, in this order: {ORDER}: 1,680.00 EUR [order-of-remedies]",
            "  The amount at risk is 12 % of the fee: 2,400.00 EUR [at-risk]",
            "    The fee of 2025-03: 20,000.00 EUR [fee]",
            "      ERP: 20,000.00 EUR a month: 20,000.00 EUR",
            "  Owed by the stakes of the outcomes: 2,400.00 EUR [stake]",
            "    availability: 1,200.00 EUR",
            "    resolution: 720.00 EUR",
            "    backup: 480.00 EUR",
            "  One credit per incident, the highest: 1 suppressed [per-incident]",
            f"    {SUPPRESSED}",
            "  1,680.00 EUR is within the amount at risk of 2,400.00 EUR: 1,680.00 EUR [at-risk]",
        ]

    def test_explains_each_credit_from_verdict_to_cent(self) -> None:
        assert list(credited(MANAGED, **MARCH).credits[1].reason.lines()) == [
            "resolution in 2025-03: MISSED: 0.00 EUR [order-of-remedies]",
            "  resolution is MISSED",
            "  What is at stake: 720.00 EUR [stake]",
            "    30 % of the amount at risk: 720.00 EUR [at-risk]",
            "      The amount at risk is 12 % of the fee: 2,400.00 EUR [at-risk]",
            "        The fee of 2025-03: 20,000.00 EUR [fee]",
            "          ERP: 20,000.00 EUR a month: 20,000.00 EUR",
            "  A miss pays the whole base: 720.00 EUR [stake]",
            f"  {SUPPRESSED}",
        ]


class TestASupportDesk:
    @pytest.mark.parametrize(
        ("_case", "value", "expected"),
        [
            ("one and a bit points", "58.5859%", "2000.00"),
            ("ten and a bit points", "49.8115%", "11000.00"),
            ("exactly one point", "59%", "1000.00"),
            ("more than the cap", "40%", "15000.00"),
            ("exactly the target", "60%", "0.00"),
        ],
    )
    def test_pays_for_each_started_point(self, _case: str, value: str, expected: str) -> None:
        assert credited(SUPPORT, resolution=value).total.plain == expected

    def test_explains_its_cap(self) -> None:
        exceeded = "20,000.00 EUR is more than the period cap of 15,000.00 EUR; each credit is reduced in proportion"
        assert list(credited(SUPPORT, resolution="40%").reason.children[-1].lines()) == [
            f"{exceeded}: 15,000.00 EUR [caps]",
            "  15 % of the fee: 15,000.00 EUR [stake]",
            "    The fee of 2025-03: 100,000.00 EUR [fee]",
            "      Service desk: 100,000.00 EUR a month: 100,000.00 EUR",
        ]


class TestARuling:
    @pytest.mark.parametrize(
        ("_case", "value", "expected"),
        [
            ("met", "99.9%", "Met: there is nothing to make good"),
            ("undecided", None, "Undecided: pays nothing until decided; later evidence is settled as an adjustment"),
        ],
    )
    def test_pays_nothing_unless_missed(self, _case: str, value: str | None, expected: str) -> None:
        (credit,) = credited(tiered(), availability=value).credits
        assert (credit.amount.plain, credit.raw.plain, credit.reason.children[1].text) == ("0.00", "0.00", expected)

    def test_on_an_outcome_without_a_stake_is_no_credit(self) -> None:
        terms = agreement(outcome("complaints", "<= 3"), outcome("backup", ">= 98%", "{of: 500.00 EUR}"))
        found = credited(terms, complaints="9", backup="97%")
        assert shown(found) == {"backup": "500.00"}

    def test_of_a_period_without_any_stake_is_no_money(self) -> None:
        found = credited(
            agreement(outcome("complaints", "<= 3"), more="minimum_credit: {more_than: 1.00 EUR}"), complaints="9"
        )
        assert (found.credits, found.total.plain) == ((), "0.00")


class TestTieredCredits:
    @pytest.mark.parametrize(
        ("_case", "terms", "value", "expected"),
        [
            ("half a month costs half a fee", tiered(term="2025-04-16"), "99.898148%", "50.00"),
            ("a whole month", tiered(), "99.888393%", "100.00"),
            ("the worse tier", tiered(), "98.7%", "250.00"),
            ("one euro is not more than one euro", tiered("more_than: 1.00 EUR", fee="10.00"), "99.8%", "0.00"),
            ("one euro is at least one euro", tiered("at_least: 1.00 EUR", fee="10.00"), "99.8%", "1.00"),
            ("under a cap", tiered(cap="{per: period, at: 15% of monthly_fee}"), "98.7%", "150.00"),
            (
                "under the lowest of two caps",
                tiered(cap="{per: period, at: 15% of monthly_fee}, {per: period, at: 99.99 EUR}"),
                "98.7%",
                "99.99",
            ),
            (
                "a cap that leaves less than the minimum",
                tiered("more_than: 50.00 EUR", "{per: period, at: 5% of monthly_fee}"),
                "98.7%",
                "0.00",
            ),
        ],
    )
    def test_come_to(self, _case: str, terms: Agreement, value: str, expected: str) -> None:
        assert credited(terms, availability=value).total.plain == expected

    @pytest.mark.parametrize(("rounding", "expected"), [("half_up", "100.01"), ("down", "100.00")])
    def test_are_limited_by_a_cap_that_is_rounded_as_the_agreement_says(self, rounding: str, expected: str) -> None:
        terms = agreement(
            outcome("backup", ">= 98%", "{of: 500.00 EUR}"),
            services="services: {erp: {title: ERP, fee: {monthly: 1000.05}, critical: true}}",
            money=f"{{currency: EUR, rounding: {rounding}}}",
            more="caps: [{per: period, at: 10% of monthly_fee}]",
        )
        assert credited(terms, backup="97%").total.plain == expected

    def test_are_limited_by_the_first_of_two_caps_that_come_to_the_same(self) -> None:
        found = credited(
            tiered(cap="{per: period, at: 100.00 EUR}, {per: period, at: 10% of fees}"), availability="98.7%"
        )
        assert (found.total.plain, found.reason.children[-1].children[0].text) == ("100.00", "A fixed amount")

    def test_of_amounts_are_told_beside_the_fee(self) -> None:
        terms = agreement(
            outcome("availability", ">= 99.9%", "{tiers: [{below: 99.9%, credit: 50.00 EUR}]}", "service: erp"),
            services=(
                "services: {erp: {title: ERP, fee: {monthly: 800.00}, critical: true},"
                " mail: {title: Mail, fee: {monthly: 200.00}}}"
            ),
        )
        found = credited(terms, availability="99%")
        assert shown(found) == {"availability": "50.00"}
        assert "  What is at stake: 800.00 EUR [stake]" in found.credits[0].reason.lines()
        assert next(found.reason.children[0].lines()) == "The fee of 2025-03: 1,000.00 EUR [fee]"

    def test_are_taken_of_the_fee_of_their_service(self) -> None:
        terms = agreement(
            outcome("availability", ">= 99.9%", "{of: 10% of service_fee}", "service: erp"),
            outcome("backup", ">= 98%", "{of: 10% of service_fee}"),
            services=(
                "services: {erp: {title: ERP, fee: {monthly: 800.00}, critical: true},"
                " mail: {title: Mail, fee: {monthly: 200.00}, critical: true}}"
            ),
        )
        assert shown(credited(terms, availability="99%", backup="97%")) == {"availability": "80.00", "backup": "100.00"}


class TestTheAmountAtRisk:
    def test_is_never_exceeded_by_weighted_stakes(self) -> None:
        unit = "per_unit: {unit: 1%, credit: 50%, counted: started}"
        terms = agreement(
            outcome("resolution", ">= 95%", f"{{weight: 50%, {unit}}}"),
            outcome("backup", ">= 98%", f"{{weight: 50%, {unit}}}"),
            outcome("complaints", "<= 3", "{of: 5000.00 EUR}"),
            money=AT_RISK,
        )
        found = credited(terms, resolution="90%", backup="94%", complaints="4")
        assert [credit.raw.plain for credit in found.credits] == ["3000.00", "2400.00", "5000.00"]
        assert shown(found) == {"resolution": "1333.33", "backup": "1066.67", "complaints": "5000.00"}


class TestPeriodCredits:
    def test_refuse_a_total_that_its_lines_do_not_add_up_to(self) -> None:
        found = credited(MANAGED, **MARCH)
        with pytest.raises(ValueError, match=r"of 2025-03 add up to 1,680\.00 EUR, not to 1,680\.01 EUR"):
            replace(found, total=found.total + Amount(1, "EUR"))

    def test_refuse_an_outcome_that_is_credited_twice(self) -> None:
        found = credited(tiered(), availability="99.9%")
        with pytest.raises(ValueError, match="credited twice in 2025-04"):
            replace(found, credits=found.credits * 2)


PERCENT = st.integers(0, 10**6).map(lambda parts: Ratio(parts, 10**6))
STAKES = (
    "{weight: 40%, tiers: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 25%}, {below: 95%, credit: 100%}]}",
    "{weight: 40%, per_unit: {unit: 0.1%, credit: 3%, counted: started}, at_most: 90%}",
    "{of: 100% of monthly_fee, per_unit: {unit: 1%, credit: 0.7%, counted: completed, allowance: 2%}}",
    "{of: 12.34% of monthly_fee, per_event: {credit: 0.001%, events: beyond_target}}",
)
THREE_STAKES = agreement(
    outcome("availability", ">= 99.9%", STAKES[0]),
    outcome("resolution", ">= 95%", STAKES[1]),
    outcome("backup", ">= 98%", STAKES[2]),
    money=AT_RISK,
)


def of_a_million(value: Ratio, *incidents: str) -> Measurement:
    return replace(measured("1/1", *incidents), value=value, good=(value * 10**6).numerator, total=10**6)


class TestEveryCredit:
    @pytest.mark.parametrize(
        "terms", [agreement(outcome("backup", ">= 99.9%", each), money=AT_RISK) for each in STAKES]
    )
    @given(values=st.lists(PERCENT, min_size=2, max_size=2).map(sorted))
    def test_never_pays_less_for_worse(self, terms: Agreement, values: list[Ratio]) -> None:
        worse, better = (credited(terms, backup=of_a_million(value)).total for value in values)
        assert worse >= better

    @given(
        st.fixed_dictionaries(dict.fromkeys(("availability", "resolution", "backup"), PERCENT)),
        st.sets(st.sampled_from(("availability", "resolution", "backup"))),
        st.integers(0, 500000),
        st.integers(0, 500000),
    )
    def test_adds_up_and_stays_under_its_limits(
        self, values: dict[str, Ratio], sharing: set[str], cap: int, minimum: int
    ) -> None:
        terms = replace(
            THREE_STAKES,
            caps=(Cap(per=CapPer.PERIOD, at=Amount(cap, "EUR")),),
            minimum_credit=MinimumCredit(more_than=Amount(minimum, "EUR")),
        )
        found = credited(
            terms, **{name: of_a_million(value, *["INC-7"] * (name in sharing)) for name, value in values.items()}
        )
        lines = {credit.outcome: credit.amount for credit in found.credits}
        assert Amount.total(lines.values(), "EUR") == found.total
        assert found.total <= Amount(cap, "EUR")
        assert lines["availability"] + lines["resolution"] <= found.at_risk
        assert not found.total or found.total > Amount(minimum, "EUR")
        assert all(Amount.zero("EUR") <= credit.amount <= credit.raw for credit in found.credits)
        assert all(credit.reason.value == str(credit.amount) for credit in found.credits)
        assert len([name for name in sharing if lines[name]]) <= 1
