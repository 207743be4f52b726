from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.judge import judge_periods
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.late_delivery import beyond_earlier
from makegood.engine.money.stake import Owed
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.times import parse_instant
from tests.engine.money.scene import agreement

PER_DAY = "{of: 10000.00 EUR, per_unit: {unit: 1, counted: started, credit: 1%}, at_most: 40%}"
IN_DAYS = "count_in: 1 day"


def terms(stake: str = PER_DAY, *, target: str = "<= 0", more: str = IN_DAYS) -> Agreement:
    return agreement(
        "live:\n  promise: We are live.\n  service: erp\n"
        f"  measure: {{kind: milestone, of: go-live, due: 2025-06-30, {more}}}\n  target: '{target}'\n  stake: {stake}",
        term="{from: 2025-06-01, until: 2025-10-01, timezone: UTC}",
    )


def credits(found: Agreement, reached: str = "") -> tuple[PeriodCredits, ...]:
    records = []
    if reached:
        at = parse_instant(f"2025-{reached}Z")
        records = [Transition(source="p", source_id="1", case="go-live", of="milestone", state="reached", at=at)]
    return account_credits(found, judge_periods(found, periods_of(found), Evidence.of(records)))


def paid(found: Agreement, reached: str = "") -> list[str]:
    return [each.total.plain for each in credits(found, reached)]


class TestLateDelivery:
    @pytest.mark.parametrize(
        ("_case", "stake", "target", "reached", "expected"),
        [
            ("once over two periods", PER_DAY, "<= 0", "08-04T10:00", ["0.00", "3100.00", "400.00", "0.00"]),
            ("in one of them", PER_DAY, "<= 0", "07-20T10:00", ["0.00", "2000.00", "0.00", "0.00"]),
            ("in time", PER_DAY, "<= 0", "06-20T10:00", ["0.00", "0.00", "0.00", "0.00"]),
            ("never, up to the limit", PER_DAY, "<= 0", "", ["0.00", "3100.00", "900.00", "0.00"]),
            ("with grace", PER_DAY, "<= 5", "08-04T10:00", ["0.00", "2600.00", "400.00", "0.00"]),
            ("within grace", PER_DAY, "<= 5", "07-05T00:00", ["0.00", "0.00", "0.00", "0.00"]),
            ("with grace over a whole period", PER_DAY, "<= 31", "08-04T10:00", ["0.00", "0.00", "400.00", "0.00"]),
            (
                "in steps",
                "{of: 100.00 EUR, tiers: [{above: 0, credit: 10%}, {above: 33, credit: 50%}]}",
                "<= 0",
                "08-04T10:00",
                ["0.00", "10.00", "40.00", "0.00"],
            ),
            ("all at once", "{of: 100.00 EUR}", "<= 0", "08-04T10:00", ["0.00", "100.00", "0.00", "0.00"]),
        ],
    )
    def test_is_paid(self, _case: str, stake: str, target: str, reached: str, expected: list[str]) -> None:
        assert paid(terms(stake, target=target), reached) == expected

    def test_is_paid_by_time_too(self) -> None:
        found = terms(
            "{of: 100.00 EUR, per_unit: {unit: 24h, counted: exact, credit: 1%}}", target="<= 0s", more="on: always"
        )
        assert paid(found, "07-02T12:00") == ["0.00", "1.50", "0.00", "0.00"]

    def test_says_what_earlier_periods_have_paid(self) -> None:
        august = credits(terms(), "08-04T10:00")[2]
        steps = {each.text: each.value for each in august.credits[0].reason.walk()}
        assert steps["Earlier periods have paid 3,100.00 EUR of 3,500.00 EUR"] == "400.00 EUR"

    def test_never_takes_back_what_an_earlier_period_paid(self) -> None:
        earlier = Owed(Amount(300, "EUR"), ())
        assert beyond_earlier(Owed(Amount(200, "EUR"), ()), earlier).amount == Amount(0, "EUR")

    @given(st.integers(1, 92), st.integers(0, 30))
    def test_comes_to_the_whole_delay_over_all_periods(self, late: int, grace: int) -> None:
        month, day = next((month, late - days) for month, days in (("09", 62), ("08", 31), ("07", 0)) if late > days)
        found = credits(terms(target=f"<= {grace}"), f"{month}-{day:02}T00:00:00")
        expected = min(4000, max(0, late - 1 - grace) * 100)
        assert Amount.total((each.total for each in found), "EUR") == Amount(expected * 100, "EUR")


class TestTheLongStop:
    def test_gives_a_right_in_the_period_in_which_it_is_passed(self) -> None:
        found = credits(terms(more=f"{IN_DAYS}, long_stop: 40 days"))
        rights = [[(each.gives, each.sequence, each.outcome) for each in period.rights] for period in found]
        assert rights == [[], [], [("termination right", "long stop", "live")], []]
        assert "more than 40 days late" in found[2].rights[0].reason.text
