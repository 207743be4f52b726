from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import close_period, lay_out_periods
from makegood.platform.money.ledger.models import Entry, Kind, Posting
from makegood.platform.money.ledger.operations import Booking, Line, UnableToBook, book
from makegood.platform.money.ledger.queries import balances, entries
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active, owner
from tests.platform.evidence import member, staff
from tests.platform.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Contract:
    made = active()
    lay_out_periods(contract=made, now=NOW)
    return made


def march(contract: Contract) -> Period:
    return Period.objects.get(contract=contract, label="2026-03")


def credit(amount: int = 1_000, *, key: str = "one", other: int | None = None, unit: str = "EUR") -> Booking:
    against = -amount if other is None else other
    return Booking(key, "A credit.", (Line(Kind.CREDITS, unit, amount), Line(Kind.DUE_TO_CUSTOMER, unit, against)))


class TestBooking:
    def test_keeps_both_sides_in_each_unit(self, contract: Contract) -> None:
        book(period=march(contract), bookings=[credit(), credit(30, key="two", unit="support minutes")], now=NOW)
        assert [(each.kind, each.unit, each.amount) for each in balances(viewer=owner(), contract=contract)] == [
            (Kind.CREDITS, "EUR", 1_000),
            (Kind.DUE_TO_CUSTOMER, "EUR", 1_000),
            (Kind.CREDITS, "support minutes", 30),
            (Kind.DUE_TO_CUSTOMER, "support minutes", 30),
        ]
        assert [each.key for each in entries(viewer=member(Role.SPONSOR), contract=contract)] == ["one", "two"]

    def test_refuses_what_does_not_balance(self, contract: Contract) -> None:
        with pytest.raises(UnableToBook, match="the lines of one add up to 10 EUR, and not to nothing"):
            book(period=march(contract), bookings=[credit(other=-990)], now=NOW)
        assert not Entry.objects.exists()

    def test_refuses_a_closed_period(self, contract: Contract) -> None:
        period = march(contract)
        close_period(period=period, now=NOW)
        with pytest.raises(UnableToBook, match="2026-03 is closed"):
            book(period=period, bookings=[credit()], now=NOW)

    def test_is_seen_by_nobody_who_may_not_see_money(self, contract: Contract) -> None:
        book(period=march(contract), bookings=[credit()], now=NOW)
        for viewer in (staff(Role.ENGINEER), member(Role.USER), member(Role.SPONSOR, "globex")):
            assert balances(viewer=viewer, contract=contract) == []
            assert not entries(viewer=viewer, contract=contract).exists()


class TestPostgreSQL:
    def refused(self, statement: str, *values: int | datetime) -> str:
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            self.done(statement, *values)
        return str(error.value)

    def done(self, statement: str, *values: int | datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_refuses_a_posting_without_its_other_side(self, contract: Contract) -> None:
        (entry,) = book(period=march(contract), bookings=[credit()], now=NOW)
        account = Posting.objects.filter(entry=entry)[0].account_id
        alone = "INSERT INTO ledger_posting (entry_id, account_id, amount) VALUES (%s, %s, 1)"
        assert "the postings of an entry add up to nothing" in self.refused(alone, entry.pk, account)
        assert Posting.objects.count() == 2

    @pytest.mark.parametrize(
        ("table", "statement"),
        [
            ("posting", "UPDATE ledger_posting SET amount = 0"),
            ("posting", "DELETE FROM ledger_posting"),
            ("entry", "UPDATE ledger_entry SET text = ''"),
            ("entry", "DELETE FROM ledger_entry"),
            ("account", "UPDATE ledger_account SET unit = 'USD'"),
            ("account", "DELETE FROM ledger_account"),
        ],
    )
    def test_refuses_to_edit_or_delete_what_was_booked(self, contract: Contract, table: str, statement: str) -> None:
        book(period=march(contract), bookings=[credit()], now=NOW)
        assert f"Cannot update or delete rows from ledger_{table} table" in self.refused(statement)

    def test_refuses_an_entry_in_a_closed_period(self, contract: Contract) -> None:
        period = march(contract)
        close_period(period=period, now=NOW)
        late = "INSERT INTO ledger_entry (period_id, key, text, cause, booked_at) VALUES (%s, 'late', '', '{}', %s)"
        assert "nothing is booked in a closed period" in self.refused(late, period.pk, NOW)

    def test_refuses_versions_that_overlap(self, contract: Contract) -> None:
        again = """
            INSERT INTO contracts_version
                (contract_id, number, text, digest, state, in_force, written_by_id, written_at, offered_at)
            SELECT contract_id, 2, text, digest, state, in_force, written_by_id, written_at, offered_at
            FROM contracts_version WHERE contract_id = %s
        """
        assert 'violates exclusion constraint "versions_do_not_overlap"' in self.refused(again, contract.pk)

    def test_refuses_two_periods_of_one_label(self, contract: Contract) -> None:
        period = march(contract)
        with pytest.raises(DatabaseError, match="a_period_has_its_own_label"), transaction.atomic():
            Period.objects.create(
                contract=contract,
                label=period.label,
                starts_at=period.starts_at + timedelta(days=1),
                ends_at=period.ends_at,
                closes_at=period.closes_at,
                currency="EUR",
            )
