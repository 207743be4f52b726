"""Settling in bulk: the same cents as the law, one by one and together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.rates import DaysOfService, Multiple
from makegood.engine.agreement.shapes import TARGET, Level, Share, Unit
from makegood.engine.agreement.stakes import Linear, Stake, Tier
from makegood.engine.agreement.terms import Money
from makegood.engine.judging.verdict import Measurement
from makegood.engine.money.cap import capped
from makegood.engine.money.line import Line
from makegood.engine.money.stake import stake_credit
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.rounding import Rounding
from makegood.vault.measuring.settlement import VerdictColumns, owed, settled
from makegood.vault.measuring.settlement_limits import NO_LIMIT, Groups
from makegood.vault.measuring.settlement_limits import capped as capped_in_bulk
from makegood.vault.measuring.settlement_terms import TermColumns, Terms, settles_in_bulk

EURO = Money(currency="EUR")
MORE, LESS = TARGET.read(">= 99.9%"), TARGET.read("<= 5")

# (terms, missed, good, total, base): one verdict
Row = tuple[Terms, bool, int, int, int]

shares = st.builds(Ratio, st.integers(0, 200), st.sampled_from([7, 100, 1000]))
bounds = st.builds(Ratio, st.integers(-5, 1000), st.sampled_from([1, 3, 100, 999, 10**12]))
awkward = st.one_of(st.integers(0, 1000), st.integers(2**52, 2**60))
moneys = st.builds(
    Money, currency=st.just("EUR"), rounding=st.sampled_from(Rounding), decimals=st.sampled_from([None, 0, 1, 2])
)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """Tiers that fall or rise, of percentages and amounts, or none."""
    higher_is_better = draw(st.booleans())
    side = "below" if higher_is_better else "above"
    credit = st.one_of(st.builds(Share, shares), st.builds(Multiple, shares), st.integers(0, 10_000).map(euro))
    tiers = [
        Tier(**{side: Level(bound, Unit.NUMBER)}, credit=draw(credit)) for bound in draw(st.lists(bounds, max_size=3))
    ]
    return Terms(Stake(tiers=tuple(tiers), at_most=draw(st.one_of(st.none(), credit))), higher_is_better, draw(shares))


bases = st.one_of(st.integers(0, 10**6), st.integers(2**45, 2**52))
rows = st.tuples(terms(), st.booleans(), st.one_of(awkward, st.integers(-3, 0)), awkward, bases)


def euro(cents: int) -> Amount:
    return Amount(cents, "EUR")


def in_bulk(given_rows: Sequence[Row]) -> VerdictColumns:
    _, missed, good, total, base = zip(*given_rows, strict=True)
    return VerdictColumns(
        terms=np.arange(len(given_rows), dtype=np.int32),
        missed=np.array(missed),
        good=np.array(good, np.int64),
        total=np.array(total, np.int64),
        base=np.array(base, np.int64),
    )


def by_law(row: Row, money: Money = EURO) -> int:
    """Return what the law comes to for one verdict, in cents."""
    terms, missed, good, total, base = row
    if not missed:
        return 0
    value = Ratio(good, total) if total else None
    measured = Measurement(value, Unit.NUMBER, good=good, total=total, reason=Reason("so it is"))
    return stake_credit(
        terms.stake,
        Availability(of="shop"),
        MORE if terms.higher_is_better else LESS,
        measured,
        base=euro(base).value * terms.part,
        days=31,
        money=money,
    ).amount.minor


class TestSettlingInBulk:
    @given(st.lists(rows, min_size=1, max_size=8), moneys)
    def test_owes_what_the_law_owes(self, given_rows: list[Row], money: Money) -> None:
        columns = TermColumns.of([each for each, *_ in given_rows], money)
        assert owed(in_bulk(given_rows), columns).tolist() == [by_law(row, money) for row in given_rows]

    @given(st.lists(st.tuples(st.lists(rows, min_size=1, max_size=5), awkward), min_size=1, max_size=4))
    def test_holds_each_period_to_its_cap_as_the_law_does(self, periods: list[tuple[list[Row], int]]) -> None:
        every = [row for period, _ in periods for row in period]
        columns = TermColumns.of([each for each, *_ in every], EURO)
        groups = Groups.of(np.array([len(period) for period, _ in periods]))
        limits = np.array([limit for _, limit in periods])
        expected = []
        for period, limit in periods:
            credits = [euro(by_law(row)) for row in period]
            lines = tuple(Line(f"o{number}", credit, credit, ()) for number, credit in enumerate(credits))
            remedied = capped(lines, euro(limit), name="the cap", rule="caps")
            expected += [line.amount.minor for line in remedied.lines]
        assert settled(in_bulk(every), columns, limits, groups).tolist() == expected

    @pytest.mark.parametrize(
        ("_case", "good", "total", "missed", "cents"),
        [
            ("met, although a tier covers it", 9985, 10_000, False, 0),
            ("missed, above every tier", 9995, 10_000, True, 0),
            ("exactly at a bound", 999, 1000, True, 0),
            ("just below it", 998_999, 1_000_000, True, 12_346),
            ("below both", 98, 100, True, 30_864),
            ("without a value", 0, 0, True, 12_346),
        ],
    )
    def test_pays_by_the_worst_tier_that_covers(
        self, _case: str, good: int, total: int, missed: bool, cents: int
    ) -> None:
        tiers = tuple(
            Tier(below=Level(Ratio.parse(bound), Unit.SHARE), credit=Share(Ratio.parse(credit)))
            for bound, credit in (("99%", "25%"), ("99.9%", "10%"))
        )
        row = (Terms(Stake(tiers=tiers), higher_is_better=True), missed, good, total, 123_456)
        assert owed(in_bulk([row]), TermColumns.of([row[0]], EURO)).tolist() == [cents]

    def test_settles_nothing_if_there_is_nothing(self) -> None:
        nothing = np.array([], np.int64)
        verdicts = VerdictColumns(nothing, nothing.astype(bool), nothing, nothing, nothing)
        columns = TermColumns.of([], EURO)
        assert settled(verdicts, columns, nothing, Groups.of(nothing)).tolist() == []

    def test_goes_through_more_periods_than_it_takes_at_a_time(self) -> None:
        number = 20_000
        columns = TermColumns.of([Terms(Stake(), higher_is_better=True)], EURO)
        several = VerdictColumns(
            terms=np.zeros(number * 2, np.int64),
            missed=np.full(number * 2, True),
            good=np.zeros(number * 2, np.int64),
            total=np.ones(number * 2, np.int64),
            base=np.arange(number * 2),
        )
        limits, groups = np.full(number, 1001), Groups.of(np.full(number, 2))
        assert (
            settled(several, columns, limits, groups).tolist()
            == capped_in_bulk(owed(several, columns), limits, groups).tolist()
        )

    @pytest.mark.parametrize(("_case", "sizes", "limits"), [("verdicts", [2], [1]), ("limits", [1], [1, 1])])
    def test_wants_a_group_for_each_verdict_and_a_limit_for_each_group(
        self, _case: str, sizes: list[int], limits: list[int]
    ) -> None:
        row = (Terms(Stake(), higher_is_better=True), True, 0, 1, 1)
        with pytest.raises(ValueError, match=r"^each verdict is in a group, and each group has a limit$"):
            settled(in_bulk([row]), TermColumns.of([row[0]], EURO), np.array(limits), Groups.of(np.array(sizes)))

    def test_refuses_a_credit_that_64_bits_do_not_hold(self) -> None:
        row = (Terms(Stake(tiers=()), higher_is_better=True, part=Ratio(3)), True, 0, 0, 2**62)
        with pytest.raises(OverflowError, match=r"^a credit has more minor units than 64 bits hold$"):
            owed(in_bulk([row]), TermColumns.of([row[0]], EURO))

    @pytest.mark.parametrize(("total", "base"), [(-1, 0), (1, -1)])
    def test_refuses_negative_totals_and_amounts(self, total: int, base: int) -> None:
        with pytest.raises(ValueError, match=r"^totals and amounts of verdicts are not negative$"):
            in_bulk([(Terms(Stake(), higher_is_better=True), True, 0, total, base)])


def tiered(credit: Share | Amount | DaysOfService, bound: Ratio = Ratio(1)) -> Stake:  # noqa: B008  # a value
    return Stake(tiers=(Tier(below=Level(bound, Unit.SHARE), credit=credit),))


class TestTheLawAlone:
    @pytest.mark.parametrize(
        ("_case", "stake", "money", "expected"),
        [
            ("settles nothing that is plain", tiered(Share(Ratio(1, 10))), EURO, True),
            ("settles days of service", tiered(DaysOfService(Ratio(3))), EURO, False),
            ("settles a credit in proportion", Stake(linear=Linear()), EURO, False),
            ("settles what would be taken off", tiered(Share(Ratio(-1, 10))), EURO, False),
            ("settles amounts beyond measure", tiered(euro(2**62)), EURO, False),
            ("settles percentages of many digits", tiered(Share(Ratio(1, 2**62))), EURO, False),
            ("settles bounds of many digits", tiered(Share(Ratio(1, 10)), Ratio(1, 2**62)), EURO, False),
            ("settles limits of many digits", Stake(at_most=Share(Ratio(2**62))), EURO, False),
            ("settles finer than its currency", Stake(), Money(currency="EUR", decimals=3), False),
        ],
    )
    def test_alone(self, _case: str, stake: Stake, money: Money, expected: bool) -> None:
        assert settles_in_bulk(Terms(stake, higher_is_better=True), money) is expected

    def test_is_asked_for_in_a_sentence(self) -> None:
        with pytest.raises(ValueError, match=r"^only tiers of percentages and amounts are settled in bulk; .+ by one$"):
            TermColumns.of([Terms(Stake(linear=Linear()), higher_is_better=True)], EURO)


class TestAPlaceWithoutATier:
    def test_covers_nothing(self) -> None:
        one, none = tiered(Share(Ratio(1, 10))), Stake()
        columns = TermColumns.of([Terms(one, higher_is_better=True), Terms(none, higher_is_better=True)], EURO)
        several = VerdictColumns(
            np.array([0, 1, 1]), np.full(3, True), np.array([0, 0, 5]), np.array([1, 1, 0]), np.full(3, 1000)
        )
        assert owed(several, columns).tolist() == [100, 1000, 1000]
        assert columns.at_most.fixed.tolist() == [NO_LIMIT, NO_LIMIT]
