from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.judging.verdicts.models import Latest
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.money.ledger.queries import balances
from makegood.platform.money.settlement import tasks
from makegood.platform.money.settlement.operations import (
    ActionsLacking,
    NothingSettled,
    UnableToAct,
    UnableToClose,
    close_due,
    finish_action,
    make_bundle,
)
from makegood.platform.money.settlement.queries import corrective_actions, lacking_actions, statements
from makegood.platform.tenancy.trail.models import Entry as TrailEntry
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role
from makegood.vault.book import Book
from tests.platform.agreements import TEXT, active, owner
from tests.platform.evidence import FAILED, acted, closed, engineer, member, missed, rows, sent, staff, state, up
from tests.platform.people import NOW, days_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Contract:
    """January with six hours without a till, which is less than 99.9 % and more than 99 %; February without a fault."""
    return missed()


class TestClosing:
    def test_states_what_is_due_and_closes_the_periods(self, contract: Contract) -> None:
        january, february = closed(contract)
        assert (january.period.label, january.run, january.closes, january.total) == ("2026-01", 1, True, 1_000)
        assert (february.period.label, february.run, february.closes, february.total) == ("2026-02", 2, True, 0)
        (line,) = january.lines
        assert (line["id"], line["account"], line["amount"]) == (
            "2026-01/open",
            "CREDITS",
            {"minor": 1_000, "currency": "EUR"},
        )
        assert rows(contract) == (2, 1, 2, ["2026-01", "2026-02"])
        period = Period.objects.get(contract=contract, label="2026-01")
        assert (period.fee, period.at_risk, period.credit, period.closed_at) == (100_000, 10_000, 1_000, NOW)

    def test_keeps_the_verdicts_that_it_was_closed_on(self, contract: Contract) -> None:
        closed(contract)
        verdict = latest_verdicts(viewer=owner(), contract=contract)[0]
        assert (verdict.stage, verdict.ruling, verdict.credit, verdict.snapshot) == ("CLOSED", "MISSED", 1_000, 1)
        judge_open(contract=contract, now=NOW + timedelta(days=1))
        assert Latest.objects.get(period=verdict.period, outcome="open").verdict_id == verdict.pk

    def test_books_each_credit_with_two_sides(self, contract: Contract) -> None:
        closed(contract)
        money = [each for each in balances(viewer=owner(), contract=contract) if each.unit == "EUR"]
        found = {(each.kind.value, each.amount) for each in money}
        assert found == {("CREDITS", 1_000), ("DUE_TO_CUSTOMER", 1_000)}

    def test_again_books_nothing(self, contract: Contract) -> None:
        closed(contract)
        assert close_due(contract=contract, by=owner(), now=NOW) == []
        assert rows(contract) == (2, 1, 2, ["2026-01", "2026-02"])

    def test_has_claims_looked_for(self, contract: Contract) -> None:
        closed(contract)
        assert ProcrastinateJob.objects.get(task_name="statements issued").args == {"contract": contract.pk}

    def test_goes_without_evidence_when_there_is_none(self) -> None:
        contract = active()
        assert [each.total for each in close_due(contract=contract, by=owner(), now=NOW)] == [0, 0]
        assert {each.ruling for each in latest_verdicts(viewer=owner(), contract=contract)} == {"UNDECIDED"}

    @pytest.mark.parametrize("role", [Role.ENGINEER, Role.AUDITOR])
    def test_is_not_for_everybody_of_the_provider(self, contract: Contract, role: Role) -> None:
        with pytest.raises(UnableToClose, match="by owners, service managers and billing of the provider"):
            close_due(contract=contract, by=staff(role), now=NOW)
        with pytest.raises(UnableToClose, match="by owners, service managers and billing of the provider"):
            close_due(contract=contract, by=member(Role.SPONSOR), now=NOW)
        assert rows(contract) == (0, 0, 0, [])


class TestTheAccounts:
    EARNING = """\
sequences:
  earned: {kind: earn_back, steps: [{after: 1, returns: 50%}]}
incentives:
  first-met: {kind: outcome_fee, fee: 70.00 EUR, paid_when: open}
"""

    def test_tell_apart_credits_earn_back_and_bonuses(self) -> None:
        bonus = "bonus: {per_unit: {unit: 0.1%, pays: 20.00 EUR, counted: completed}, at_most: 20.00 EUR}"
        contract = active(TEXT.replace("    stake:", f"    {bonus}\n    stake:") + self.EARNING)
        sent(contract, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED])
        first, second = closed(contract)
        accounts = {each["outcome"]: (each["account"], each["amount"]["minor"]) for each in second.lines}
        assert (first.total, second.total) == (1_000, -9_500)
        assert accounts == {
            "open": ("CREDITS", 0),
            "earned": ("EARNED_BACK", -500),
            "open.bonus": ("BONUSES", -2_000),
            "first-met": ("BONUSES", -7_000),
        }
        money = [each for each in balances(viewer=owner(), contract=contract) if each.unit == "EUR"]
        assert [(each.kind.value, each.amount) for each in money] == [
            ("BONUSES", 9_000),
            ("CREDITS", 1_000),
            ("DUE_TO_CUSTOMER", -8_500),
            ("EARNED_BACK", 500),
        ]


class TestACorrectiveAction:
    def test_is_wanted_before_a_credit_is_closed(self, contract: Contract) -> None:
        with pytest.raises(ActionsLacking) as refusal:
            close_due(contract=contract, by=owner(), now=NOW)
        assert str(refusal.value) == "write first what is done so that it does not happen again: open in 2026-01"
        assert rows(contract) == (0, 0, 0, [])
        vault = open_vault(contract=contract)
        assert vault is not None
        assert Book.open(vault, "acme-shop").runs == ()
        judge_open(contract=contract, now=NOW)
        assert [each.outcome for each in lacking_actions(contract=contract, now=NOW)] == ["open"]

    def test_can_be_done_without_by_the_owner_who_says_why(self, contract: Contract) -> None:
        with pytest.raises(UnableToClose, match="only an owner"):
            close_due(contract=contract, by=staff(Role.BILLING), now=NOW, without_actions="No time.")
        assert len(close_due(contract=contract, by=owner(), now=NOW, without_actions="Power cut in the town.")) == 2
        entry = TrailEntry.objects.get(did="close periods", refused="")
        assert entry.details == {
            "contract": "acme-shop",
            "statements": [1, 2],
            "closed": ["2026-01", "2026-02"],
            "without_actions": "Power cut in the town.",
        }

    def test_is_finished_once_and_seen_by_the_customer(self, contract: Contract) -> None:
        acted(contract)
        (action,) = corrective_actions(viewer=member(Role.USER), contract=contract)
        assert finish_action(action=action, by=engineer(), now=NOW).done_at == NOW
        with pytest.raises(UnableToAct, match="done before"):
            finish_action(action=action, by=engineer(), now=NOW)
        assert not corrective_actions(viewer=member(Role.SPONSOR, "globex")).exists()


class TestTheSchedule:
    def test_closes_what_is_due_and_waits_for_actions(self, contract: Contract, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        lay_out_periods(contract=contract, now=NOW)
        tasks.close_all_due()
        assert rows(contract)[0] == 0
        acted(contract)
        tasks.close_all_due()
        assert rows(contract) == (2, 1, 2, ["2026-01", "2026-02"])
        assert TrailEntry.objects.get(did="close periods").who == "the schedule"


class TestLateEvidence:
    def test_is_booked_as_a_difference_in_the_open_period(self, contract: Contract) -> None:
        closed(contract)
        sent(contract, [state("front", "down", "2026-02-10T10:00:00Z", "2026-02-10T20:00:00Z", number="late")])
        acted(contract, "2026-02")
        (adjusted,) = close_due(contract=contract, by=owner(), now=NOW + timedelta(days=1))
        assert (adjusted.period.label, adjusted.closes, adjusted.total) == ("2026-03", False, 5_000)
        assert [each["kind"] for each in adjusted.lines] == ["adjustment"]
        assert adjusted.lines[0]["for_period"] == "2026-02"
        february = latest_verdicts(viewer=owner(), contract=contract)[1]
        assert (february.stage, february.ruling, february.credit) == ("RESTATED", "MISSED", 5_000)
        assert Period.objects.get(contract=contract, label="2026-02").credit == 0


class TestMoney:
    @pytest.mark.parametrize(("role", "sees"), [(Role.SPONSOR, True), (Role.MANAGER, True), (Role.USER, False)])
    def test_is_seen_by_those_of_the_customer_who_may(self, contract: Contract, role: Role, sees: bool) -> None:
        closed(contract)
        assert statements(viewer=member(role), contract=contract).exists() is sees
        assert bool(balances(viewer=member(role), contract=contract)) is sees

    def test_is_seen_by_no_engineer_and_no_stranger(self, contract: Contract, tmp_path: Path) -> None:
        closed(contract)
        for stranger in (engineer(), member(Role.SPONSOR, "globex"), member(Role.AFFILIATE, "hosting-gmbh")):
            assert not statements(viewer=stranger).exists()
            assert balances(viewer=stranger, contract=contract) == []
            with pytest.raises(Unable, match="a bundle shows money"):
                make_bundle(viewer=stranger, contract=contract, to=tmp_path / "stolen")
        assert not (tmp_path / "stolen").exists()


class TestABundle:
    def test_is_verified_by_the_command_line_to_the_same_cent(self, contract: Contract, tmp_path: Path) -> None:
        with pytest.raises(NothingSettled):
            make_bundle(viewer=member(Role.SPONSOR), contract=contract, to=tmp_path / "acme.bundle")
        closed(contract)
        file = tmp_path / "acme.bundle"
        manifest = make_bundle(viewer=member(Role.SPONSOR), contract=contract, to=file)
        command = [
            str(Path(sys.executable).parent / "makegood"),
            *("verify", str(file), "--seal", manifest.seal, "--json"),
        ]
        said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        assert said["verified"] is True
        replay = next(each for each in said["checks"] if each["what"] == "Every statement can be settled again")
        total = sum(each.total for each in statements(viewer=member(Role.SPONSOR), contract=contract))
        assert replay["found"] == f"2 statements, 2 lines, {total // 100}.{total % 100:02} EUR credited"


class TestPostgreSQL:
    def refused(self, statement: str) -> str:
        with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        return str(error.value)

    def test_refuses_to_edit_or_delete_a_statement(self, contract: Contract) -> None:
        closed(contract)
        sentence = "Cannot update or delete rows from settlement_statement table"
        assert sentence in self.refused("UPDATE settlement_statement SET total = 0")
        assert sentence in self.refused("DELETE FROM settlement_statement")
