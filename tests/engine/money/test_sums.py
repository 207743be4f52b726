"""The sums of a period: fees and amount at risk."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.shapes import Base, ShareOf
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.sums import Sums, shown_exactly
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, outcome

TWO_SERVICES = """\
services:
  erp: {title: ERP, fee: {monthly: 999.99}, critical: true}
  mail: {title: Mail, fee: {monthly: 250}}
  advice: {title: Advice}
"""
MONEY = "{currency: EUR, at_risk: {percent: 12.5, of: monthly_fee}}"


def sums(**terms: str) -> Sums:
    found = written(**terms)
    return Sums.of(found, periods_of(found)[0])


def written(**terms: str) -> Agreement:
    return agreement(outcome("availability", ">= 99.9%"), **{"money": MONEY, "services": TWO_SERVICES, **terms})


class TestTheFee:
    def test_is_the_sum_of_the_services(self) -> None:
        found = sums()
        assert (str(found.fee), {name: fee.plain for name, fee in found.services.items()}) == (
            "1,249.99 EUR",
            {"erp": "999.99", "mail": "250.00"},
        )

    @pytest.mark.parametrize(
        ("_case", "term", "expected"),
        [
            ("a first part", "{from: 2025-03-01, until: 2025-03-12, timezone: UTC}", ("354.84", "88.71", "443.55")),
            ("its rest", "{from: 2025-03-12, until: 2025-04-01, timezone: UTC}", ("645.15", "161.29", "806.44")),
        ],
    )
    def test_of_a_partial_period_is_rounded_service_by_service(
        self, _case: str, term: str, expected: tuple[str, ...]
    ) -> None:
        found = sums(term=term)
        assert (found.services["erp"].plain, found.services["mail"].plain, found.fee.plain) == expected

    def test_is_rounded_as_the_agreement_says(self) -> None:
        term = "{from: 2025-03-12, until: 2025-04-01, timezone: UTC}"
        assert sums(term=term, money="{currency: EUR, rounding: up}").services["mail"].plain == "161.30"

    def test_explains_itself(self) -> None:
        found = sums(term="{from: 2025-03-12, until: 2025-04-01, timezone: UTC}")
        assert list(found.fee_reason.lines()) == [
            "The fee of 2025-03, of which the term covers 20 of 31 days: 806.44 EUR [fee]",
            "  ERP: 999.99 EUR a month × 20/31: 645.15 EUR",
            "  Mail: 250.00 EUR a month × 20/31: 161.29 EUR",
        ]

    def test_that_is_charged_in_full_is_no_part(self) -> None:
        found = sums(
            term="{from: 2025-03-12, until: 2025-04-01, timezone: UTC}",
            money="{currency: EUR, partial_period: full}",
        )
        assert list(found.fee_reason.lines())[1] == "  ERP: 999.99 EUR a month: 999.99 EUR"


class TestTheAmountAtRisk:
    def test_is_a_rounded_share_of_the_fee(self) -> None:
        assert sums().at_risk.plain == "156.25"
        assert next(sums().at_risk_reason.lines()) == "The amount at risk is 12.5 % of the fee: 156.25 EUR [at-risk]"

    def test_is_nothing_if_none_is_agreed(self) -> None:
        assert sums(money="{currency: EUR}").at_risk.plain == "0.00"

    def test_is_rounded_as_the_agreement_says(self) -> None:
        assert sums(money=MONEY.replace("EUR,", "EUR, rounding: down,")).at_risk.plain == "156.24"


class TestAShare:
    @pytest.mark.parametrize(
        ("_case", "base", "service", "expected"),
        [
            ("the fee of all", Base.MONTHLY_FEE, "erp", ("1249.99/2", "50 % of the fee: 624.995 EUR [stake]")),
            ("the fee of one", Base.SERVICE_FEE, "erp", ("999.99/2", "50 % of the fee of erp: 499.995 EUR [stake]")),
            ("no service", Base.SERVICE_FEE, "", ("1249.99/2", "50 % of the fee: 624.995 EUR [stake]")),
            ("a free service", Base.SERVICE_FEE, "advice", ("0/2", "50 % of the fee of advice: 0.00 EUR [stake]")),
            ("at risk", Base.AT_RISK, "", ("156.25/2", "50 % of the amount at risk: 78.125 EUR [stake]")),
        ],
    )
    def test_is_exact(self, _case: str, base: Base, service: str, expected: tuple[str, str]) -> None:
        value, reason = sums().share(ShareOf(Ratio(1, 2), base), service)
        whole, half = expected[0].split("/")
        assert (value, next(reason.lines())) == (Ratio.parse(whole) / int(half), expected[1])

    def test_of_the_whole_is_the_base_itself(self) -> None:
        value, reason = sums().share(ShareOf(Ratio(1), Base.SERVICE_FEE), "mail")
        assert (value, next(reason.lines())) == (Ratio(250), "The fee of mail: 250.00 EUR [fee]")

    def test_of_no_service_in_particular_is_one_of_all(self) -> None:
        assert sums().share(ShareOf(Ratio(1), Base.SERVICE_FEE))[0] == Ratio(124999, 100)

    def test_may_be_an_amount(self) -> None:
        value, reason = sums().share(Amount(12345, "EUR"))
        assert (value, str(reason.value)) == (Ratio(12345, 100), "123.45 EUR")


class TestAnExactSum:
    def test_is_shown_unrounded(self) -> None:
        assert [shown_exactly(Ratio(*each), "EUR") for each in ((5, 2), (1, 1000), (1, 3))] == [
            "2.50 EUR",
            "0.001 EUR",
            "1/3 EUR",
        ]
