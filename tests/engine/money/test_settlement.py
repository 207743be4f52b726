"""Settlement: what is booked, what is booked later, and what is booked twice: nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.settlement import Posting, PostingKind, Statement, balance, settle
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason
from tests.engine.money.scene import agreement, credited, outcome

TIERS = "{of: 100% of service_fee, tiers: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 25%}]}"
HOSTING = agreement(
    outcome("availability", ">= 99.9%", TIERS),
    services="services: {erp: {title: ERP, fee: {monthly: 1000.00}, critical: true}}",
    term="{from: 2025-01-01, months: 3, timezone: UTC}",
)
LABELS = ["2025-01", "2025-02", "2025-03"]


def month(number: int, value: str | None) -> PeriodCredits:
    return credited(HOSTING, number, availability=value)


MONTHS = [month(number, None) for number in range(3)]


def due(number: int, **cents: int) -> PeriodCredits:
    """Return a month in which the outcomes credit so many cents, by whatever rules."""
    credits_ = tuple(
        Credit(name, Amount(each, "EUR"), Amount(each, "EUR"), Reason(name)) for name, each in cents.items()
    )
    return replace(MONTHS[number], credits=credits_, total=Amount(sum(cents.values()), "EUR"))


def lines(postings: tuple[Posting, ...]) -> list[tuple[str, str, str, str]]:
    return [(each.id, each.in_period, each.kind.value, each.amount.plain) for each in postings]


class TestTheFirstSettlement:
    def test_books_a_credit_for_each_outcome_even_of_nothing(self) -> None:
        found = settle(computed=[due(0, orders=12345, backup=0)], booked=(), in_period="2025-01", snapshot=7)
        assert found == (
            Posting(
                id="2025-01/orders",
                outcome="orders",
                for_period="2025-01",
                in_period="2025-01",
                kind=PostingKind.CREDIT,
                amount=Amount(12345, "EUR"),
                snapshot=7,
                cause="first settlement",
            ),
            Posting(
                id="2025-01/backup",
                outcome="backup",
                for_period="2025-01",
                in_period="2025-01",
                kind=PostingKind.CREDIT,
                amount=Amount(0, "EUR"),
                snapshot=7,
                cause="first settlement",
            ),
        )

    def test_goes_on_after_a_line_that_stays_as_it_was(self) -> None:
        first = settle(computed=[due(0, orders=12345, backup=0)], booked=(), in_period="2025-01", snapshot=7)
        later = settle(computed=[due(0, orders=12345, backup=500)], booked=first, in_period="2025-02", snapshot=8)
        assert lines(later) == [("2025-01/backup/2", "2025-02", "adjustment", "5.00")]

    def test_books_the_value_before_closing_and_no_earlier_draft(self) -> None:
        found = settle(computed=[month(0, "99.95%")], booked=(), in_period="2025-01", snapshot=1)
        assert lines(found) == [("2025-01/availability", "2025-01", "credit", "0.00")]

    def test_of_nothing_books_nothing(self) -> None:
        assert settle(computed=[], booked=(), in_period="2025-01", snapshot=1) == ()


class TestALaterSettlement:
    def test_adjusts_the_closed_period_in_the_open_one(self) -> None:
        first = settle(computed=[month(0, "99.95%")], booked=(), in_period="2025-01", snapshot=1)
        later = settle(computed=[month(0, "99.5%"), month(1, "99.99%")], booked=first, in_period="2025-02", snapshot=2)
        assert lines(later) == [
            ("2025-01/availability/2", "2025-02", "adjustment", "100.00"),
            ("2025-02/availability", "2025-02", "credit", "0.00"),
        ]
        assert [each.cause for each in later] == ["restated: 100.00 EUR instead of 0.00 EUR", "first settlement"]
        assert balance(first + later) == {
            ("2025-01", "availability"): Amount(10000, "EUR"),
            ("2025-02", "availability"): Amount(0, "EUR"),
        }

    def test_decides_what_was_undecided(self) -> None:
        first = settle(computed=[month(0, None)], booked=(), in_period="2025-01", snapshot=1)
        later = settle(computed=[month(0, "98.7%")], booked=first, in_period="2025-02", snapshot=2)
        assert lines(first + later) == [
            ("2025-01/availability", "2025-01", "credit", "0.00"),
            ("2025-01/availability/2", "2025-02", "adjustment", "250.00"),
        ]

    def test_takes_back_what_was_credited_too_much(self) -> None:
        booked: tuple[Posting, ...] = ()
        for number, value in enumerate(["98.7%", "99.5%", "99.95%"], start=1):
            booked += settle(computed=[month(0, value)], booked=booked, in_period=f"2025-0{number}", snapshot=number)
        assert lines(booked) == [
            ("2025-01/availability", "2025-01", "credit", "250.00"),
            ("2025-01/availability/2", "2025-02", "adjustment", "-150.00"),
            ("2025-01/availability/3", "2025-03", "adjustment", "-100.00"),
        ]

    def test_books_older_periods_first(self) -> None:
        first = settle(computed=[due(1, orders=5), due(0, orders=7)], booked=(), in_period="2025-02", snapshot=1)
        later = settle(
            computed=[due(2, orders=1), due(1, orders=6), due(0, orders=6)],
            booked=first,
            in_period="2025-03",
            snapshot=2,
        )
        assert [(each.for_period, each.amount.minor) for each in first + later] == [
            ("2025-01", 7),
            ("2025-02", 5),
            ("2025-01", -1),
            ("2025-02", 1),
            ("2025-03", 1),
        ]

    def test_takes_back_an_outcome_that_is_gone_once(self) -> None:
        first = settle(computed=[due(0, orders=700, backup=0)], booked=(), in_period="2025-01", snapshot=1)
        later = settle(computed=[due(0)], booked=first, in_period="2025-02", snapshot=2)
        assert lines(later) == [("2025-01/orders/2", "2025-02", "adjustment", "-7.00")]
        assert later[0].cause == "withdrawn, the outcome has no stake any more: 0.00 EUR instead of 7.00 EUR"
        assert settle(computed=[due(0)], booked=first + later, in_period="2025-02", snapshot=2) == ()

    def test_leaves_periods_alone_that_were_not_computed(self) -> None:
        first = settle(computed=[due(0, orders=700)], booked=(), in_period="2025-01", snapshot=1)
        later = settle(computed=[due(1, orders=0)], booked=first, in_period="2025-02", snapshot=2)
        assert lines(later) == [("2025-02/orders", "2025-02", "credit", "0.00")]


class TestASettlement:
    def test_has_one_currency(self) -> None:
        first = settle(computed=[due(0, orders=700)], booked=(), in_period="2025-01", snapshot=1)
        dollars = [replace(first[0], amount=Amount(700, "USD"))]
        with pytest.raises(ValueError, match="one settlement has one currency, not EUR and USD"):
            settle(computed=[due(1, orders=0)], booked=dollars, in_period="2025-02", snapshot=2)

    def test_has_one_agreement(self) -> None:
        other = replace(due(1, orders=0), agreement="acme-mail")
        with pytest.raises(ValueError, match="of one agreement, not of acme-erp and acme-mail"):
            settle(computed=[due(0, orders=0), other], booked=(), in_period="2025-02", snapshot=2)

    def test_has_each_period_once(self) -> None:
        with pytest.raises(ValueError, match="the credits of 2025-01 were computed twice"):
            settle(computed=[due(0, orders=0), due(0, orders=1)], booked=(), in_period="2025-02", snapshot=2)


class TestAStatement:
    def test_has_the_lines_of_one_period_and_their_sum(self) -> None:
        first = settle(computed=[due(0, orders=700)], booked=(), in_period="2025-01", snapshot=1)
        later = settle(
            computed=[due(0, orders=500), due(1, orders=1000)], booked=first, in_period="2025-02", snapshot=2
        )
        found = Statement.of(first + later, in_period="2025-02", currency="EUR")
        assert (found.lines, found.total) == (later, Amount(800, "EUR"))

    def test_of_nothing_has_a_sum_of_nothing(self) -> None:
        found = Statement.of((), in_period="2025-02", currency="EUR")
        assert found == Statement("2025-02", (), Amount(0, "EUR"))


CENTS = st.dictionaries(st.sampled_from(["orders", "backup", "availability"]), st.integers(0, 10**6))
ROUNDS = st.lists(st.dictionaries(st.integers(0, 2), CENTS), max_size=6)


def booked_after(rounds: list[dict[int, dict[str, int]]]) -> tuple[Posting, ...]:
    """Settle each round of computed months in turn."""
    booked: tuple[Posting, ...] = ()
    for snapshot, computed in enumerate(rounds):
        months = [due(number, **cents) for number, cents in computed.items()]
        booked += settle(computed=months, booked=booked, in_period=f"{snapshot}", snapshot=snapshot)
    return booked


class TestWhateverTheHistory:
    @given(ROUNDS)
    def test_settling_again_books_nothing(self, rounds: list[dict[int, dict[str, int]]]) -> None:
        booked = booked_after(rounds)
        again = [due(number, **cents) for number, cents in (rounds[-1] if rounds else {}).items()]
        assert settle(computed=again, booked=booked, in_period="later", snapshot=99) == ()

    @given(ROUNDS)
    def test_postings_add_up_to_the_latest_credits(self, rounds: list[dict[int, dict[str, int]]]) -> None:
        latest = {number: cents for computed in rounds for number, cents in computed.items()}
        sums = balance(booked_after(rounds))
        assert {key: amount.minor for key, amount in sums.items() if amount} == {
            (LABELS[number], name): each for number, cents in latest.items() for name, each in cents.items() if each
        }

    @given(ROUNDS)
    def test_no_two_postings_have_one_id(self, rounds: list[dict[int, dict[str, int]]]) -> None:
        ids = [posting.id for posting in booked_after(rounds)]
        assert len(ids) == len(set(ids))

    @given(ROUNDS)
    def test_only_the_first_line_of_a_credit_is_no_adjustment(self, rounds: list[dict[int, dict[str, int]]]) -> None:
        booked = booked_after(rounds)
        assert all((posting.kind is PostingKind.CREDIT) == (posting.id.count("/") == 1) for posting in booked)

    @given(ROUNDS)
    def test_statements_add_up_to_what_was_booked(self, rounds: list[dict[int, dict[str, int]]]) -> None:
        booked = booked_after(rounds)
        statements = [Statement.of(booked, in_period=f"{number}", currency="EUR") for number in range(len(rounds))]
        assert Amount.total((each.total for each in statements), "EUR") == Amount.total(
            (posting.amount for posting in booked), "EUR"
        )
