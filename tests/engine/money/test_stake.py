"""The stake: what one missed outcome owes, to the cent and with its reason."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.shapes import LEVEL, TARGET, Share, Unit
from makegood.engine.agreement.stakes import Counted, Events, PerEvent, PerUnit, Stake, Tier
from makegood.engine.agreement.terms import Money
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.money.stake import Owed, stake_credit
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.rounding import Rounding

EURO = Money(currency="EUR")


def percent(number: str) -> Share:
    return Share(Ratio.parse(f"{number}%"))


def euros(number: str) -> Amount:
    return Amount.parse(number, "EUR")


def below(**credits_: Share | Amount) -> Stake:
    """Write tiers as ``below(_99_9=percent("10"))``."""
    bounds = {name: name.removeprefix("_").replace("_", ".") + "%" for name in credits_}
    return Stake(tiers=tuple(Tier(below=LEVEL.read(bounds[name]), credit=credit) for name, credit in credits_.items()))


def above(**credits_: Share | Amount) -> Stake:
    bounds = {name: name.removeprefix("_").replace("_", ".") + "%" for name in credits_}
    return Stake(tiers=tuple(Tier(above=LEVEL.read(bounds[name]), credit=credit) for name, credit in credits_.items()))


def owed(stake: Stake, target: str, value: Measurement | str, base: str, money: Money = EURO) -> Owed:
    if isinstance(value, str):
        value = Measurement(Ratio.parse(value), Unit.SHARE, 0, 0, Reason(value))
    measure = RatioOf(of="orders", good=("accepted",))
    return stake_credit(stake, measure, TARGET.read(target), value, base=Ratio.parse(base), days=31, money=money)


def down(seconds: int, total: int) -> Measurement:
    return Measurement(Ratio(total - seconds, total), Unit.SHARE, total - seconds, total, Reason("down"))


def units(unit: str, counted: str, credit: Share | Amount) -> PerUnit:
    return PerUnit(unit=LEVEL.read(unit), credit=credit, counted=Counted(counted))


CLOUD = below(_99_99=percent("10"), _99=percent("30"), _95=percent("100"))
OUTSOURCED = below(_99_9=percent("5"), _99_5=percent("10"), _99=percent("25"))
REOPENED = above(_2=percent("1.5"), _3=percent("2"), _5=percent("3"))
BANKER = Money(currency="EUR", rounding=Rounding.HALF_EVEN)


class TestTiers:
    @pytest.mark.parametrize(
        ("_case", "stake", "target", "value", "base", "expected"),
        [
            ("five minutes in April", CLOUD, ">= 99.99%", "43195/43200", "12345.67", "1234.57"),
            ("exactly on the second bound", CLOUD, ">= 99.99%", "99%", "630", "63.00"),
            ("the discounted fee of a month", OUTSOURCED, ">= 99.9%", "99.52%", "2760", "138.00"),
            ("just below, unrounded", below(_99_95=percent("10")), ">= 99.95%", "99.94996%", "7500", "750.00"),
            ("one of two reopened", REOPENED, "<= 2%", "50%", "100000", "3000.00"),
            ("half of the base", below(_99_9=percent("10")), ">= 99.9%", "99%", "500", "50.00"),
            ("one second of a month", below(_100=percent("5")), ">= 100%", "2591999/2592000", "1000", "50.00"),
            ("half a cent", below(_99=percent("2.5")), ">= 99%", "97.5%", "45", "1.13"),
            ("fixed amounts", below(_99=euros("250.00"), _95=euros("1000.00")), ">= 99%", "97%", "1", "250.00"),
        ],
    )
    def test_pay_a_share_of_the_base(
        self, _case: str, stake: Stake, target: str, value: str, base: str, expected: str
    ) -> None:
        assert owed(stake, target, value, base).amount.plain == expected

    def test_round_half_a_cent_as_the_agreement_says(self) -> None:
        assert owed(below(_99=percent("2.5")), ">= 99%", "97.5%", "45", BANKER).amount.plain == "1.12"

    def test_explain_themselves(self) -> None:
        found = owed(below(_99=percent("2.5")), ">= 99%", "97.5%", "45")
        assert [line for reason in found.reasons for line in reason.lines()] == [
            "97.5 % is below 99 %: 2.5 % of the base: 1.13 EUR [tiers]",
            "  1.125 EUR is rounded half up: 1.13 EUR",
        ]

    def test_explain_bounds_above(self) -> None:
        found = owed(above(_2=euros("150.00")), "<= 2%", "50%", "1")
        assert [str(reason.text) for reason in found.reasons] == ["50 % is above 2 %: 150.00 EUR"]

    def test_pay_nothing_in_a_gap_and_say_so(self) -> None:
        found = owed(below(_99=percent("10")), ">= 99.9%", "99.5%", "1000")
        assert (found.amount, found.reasons) == (
            euros("0.00"),
            (Reason("No tier applies to 99.5 %, so the miss pays nothing", "0.00 EUR", rule="no-tier"),),
        )

    def test_pay_the_mildest_when_nothing_was_measured(self) -> None:
        nothing = Measurement(None, Unit.SHARE, 0, 0, Reason("no orders"), empty=True)
        found = owed(OUTSOURCED, ">= 99.9%", nothing, "1000")
        assert (found.amount.plain, found.reasons[0].text) == (
            "50.00",
            "Nothing was measured, so the mildest tier applies, below 99.9 %: 5 % of the base",
        )


class TestUnits:
    @pytest.mark.parametrize(
        ("_case", "term", "target", "value", "base", "expected"),
        [
            ("hours", units("1h", "completed", percent("5")), ">= 99.5%", down(27000, 2592000), "89.90", "13.49"),
            ("days", units("1h", "started", euros("100.00")), ">= 100%", down(7800, 2678400), "3100", "300.00"),
            ("half hours", units("30m", "completed", percent("5")), ">= 100%", down(5700, 2592000), "400", "60.00"),
            ("points", units("1%", "exact", percent("1")), ">= 98%", "75%", "40000", "9200.00"),
            ("exact points", units("1%", "exact", percent("1")), ">= 98%", "97.5%", "40000.01", "200.00"),
            ("a February", units("1%", "started", percent("1")), ">= 60%", "58.5859%", "100000", "2000.00"),
            ("a March", units("1%", "started", percent("1")), ">= 60%", "49.8115%", "100000", "11000.00"),
        ],
    )
    def test_pay_each(
        self, _case: str, term: PerUnit, target: str, value: Measurement | str, base: str, expected: str
    ) -> None:
        assert owed(Stake(per_unit=term), target, value, base).amount.plain == expected

    @pytest.mark.parametrize(
        ("_case", "unit", "counted", "target", "value", "expected"),
        [
            ("points", "1%", "started", ">= 60%", "58.5859%", "1.4141 % short, in units of 1 % counted started: 2"),
            (
                "time",
                "1h",
                "exact",
                ">= 99.5%",
                down(27000, 2592000),
                "14040 s short, in units of 1 hour counted exactly: 3.9",
            ),
            (
                "numbers",
                "10",
                "completed",
                "<= 500",
                Measurement(Ratio(541), Unit.NUMBER, 0, 541, Reason("541")),
                "41 short, in units of 10 counted completed: 4",
            ),
        ],
    )
    def test_explain_themselves(
        self, _case: str, unit: str, counted: str, target: str, value: Measurement | str, expected: str
    ) -> None:
        stake = Stake(per_unit=units(unit, counted, percent("1")))
        assert owed(stake, target, value, "1000").reasons[0].text == f"{expected}, 1 % of the base each"


class TestEvents:
    @pytest.mark.parametrize(
        ("_case", "events", "credit", "expected"),
        [
            ("each", Events.ALL, euros("2.50"), "37.50"),
            ("beyond ten", Events.BEYOND_TARGET, euros("2.50"), "12.50"),
            ("a share each", Events.BEYOND_TARGET, percent("0.1"), "5.00"),
        ],
    )
    def test_pay_each(self, _case: str, events: Events, credit: Share | Amount, expected: str) -> None:
        orders = Measurement(Ratio(985, 1000), Unit.SHARE, 985, 1000, Reason("985 of 1000"))
        stake = Stake(per_event=PerEvent(credit=credit, events=events))
        assert owed(stake, ">= 99%", orders, "1000").amount.plain == expected

    def test_explain_themselves(self) -> None:
        outages = (Miss("down", 60), Miss("down", 600))
        erp_down = Measurement(Ratio(9934, 10000), Unit.SHARE, 9934, 10000, Reason("down"), outages)
        stake = Stake(per_event=PerEvent(credit=euros("50.00"), events=Events.BEYOND_TARGET))
        target = TARGET.read(">= 99%")
        found = stake_credit(stake, Availability(of="erp"), target, erp_down, base=Ratio(0), days=31, money=EURO)
        assert [next(reason.lines()) for reason in found.reasons] == [
            "1 event (beyond target), 50.00 EUR each: 50.00 EUR [per-event]"
        ]


class TestAMissWithoutTerms:
    def test_pays_the_whole_base(self) -> None:
        found = owed(Stake(), ">= 99%", "98%", "1200")
        assert (found.amount.plain, found.reasons[0].text) == ("1200.00", "A miss pays the whole base")


class TestTheMostOfAnOutcome:
    @pytest.mark.parametrize(
        ("_case", "at_most", "expected"),
        [
            ("a share that is reached", percent("15"), ("150.00", 2)),
            ("a share that is rounded", percent("12.3456"), ("123.46", 2)),
            ("a share that is not reached", percent("30"), ("250.00", 1)),
            ("an amount that is reached", euros("99.99"), ("99.99", 2)),
            ("an amount that is met exactly", euros("250.00"), ("250.00", 1)),
        ],
    )
    def test_limits_what_is_owed_in_a_step_of_its_own(
        self, _case: str, at_most: Share | Amount, expected: tuple[str, int]
    ) -> None:
        stake = Stake(tiers=(Tier(below=LEVEL.read("99%"), credit=percent("25")),), at_most=at_most)
        found = owed(stake, ">= 99%", "98%", "1000")
        assert (found.amount.plain, len(found.reasons)) == expected

    def test_says_so(self) -> None:
        stake = Stake(at_most=percent("15"))
        assert [next(reason.lines()) for reason in owed(stake, ">= 99%", "98%", "1000").reasons] == [
            "A miss pays the whole base: 1,000.00 EUR [stake]",
            "At most 15 % of the base for this outcome in a period: 150.00 EUR [stake]",
        ]
