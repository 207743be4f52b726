from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app

from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts import operations
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import open_periods, periods
from makegood.platform.judging.verdicts import tasks
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import UnableToJudge, judge_now, judge_open
from makegood.platform.judging.verdicts.queries import (
    burn_and_forecast,
    earlier_verdicts,
    latest_verdicts,
    sees_money,
    verdict,
)
from makegood.platform.tenancy.trail.models import Entry as TrailEntry
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, amendment, owner, sponsor
from tests.platform.evidence import engineer, member, sent, staff, state, up
from tests.platform.people import NOW, days_to

pytestmark = pytest.mark.django_db

START, HALF = "2026-02-28T23:00:00Z", "2026-03-10T09:00:00Z"


@pytest.fixture
def contract() -> Contract:
    """A contract in its third month, with evidence that it was always up."""
    made = active()
    sent(made, up("2025-12-31T23:00:00Z", HALF))
    return made


def march(contract: Contract) -> Verdict:
    return latest_verdicts(viewer=staff(Role.OWNER), contract=contract)[-1]


class TestPeriods:
    def test_that_have_begun_are_there(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        labels = [each.label for each in open_periods(viewer=engineer(), contract=contract)]
        assert labels == ["2026-01", "2026-02", "2026-03"]
        last = Period.objects.get(label="2026-03")
        assert last.closes_at is not None
        assert f"{last.starts_at:%d %H:%M} {last.closes_at:%m-%d %H:%M}" == "28 23:00 04-07 22:00"
        assert (last.fee, last.at_risk, last.credit, last.currency) == (100_000, 10_000, 0, "EUR")

    def test_are_not_there_for_another_customer(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        assert not periods(viewer=member(Role.SPONSOR, "globex")).exists()
        assert periods(viewer=member(Role.USER)).count() == 3

    def test_are_cut_where_a_version_comes_into_force(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        text = amendment(TEXT, digest=contract.versions.get().digest, effective="2026-03-09")
        version = operations.amend_contract(contract=contract, text=text, by=owner(), now=NOW)
        operations.offer_version(version=version, by=owner(), now=NOW)
        operations.sign_version(version=version, name="Ada", by=sponsor(), now=NOW)
        operations.sign_version(version=version, name="Olga", by=owner(), now=NOW)
        operations.activate_contract(contract=contract, by=owner(), now=NOW)
        judge_open(contract=contract, now=NOW)
        labels = [each.label for each in open_periods(viewer=engineer(), contract=contract)]
        assert labels == ["2026-01", "2026-02", "2026-03.v1", "2026-03.v2"]
        first, second = latest_verdicts(viewer=owner(), contract=contract)[-2:]
        assert (first.form["total"], second.form["total"]) == (8 * 86_400, 34 * 3600)
        assert [each.period.label for each in earlier_verdicts(viewer=owner(), verdict=first)] == ["2026-03.v1"]


class TestAnOpenPeriod:
    def test_is_judged_up_to_now(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        found = march(contract)
        assert (found.stage, found.ruling, found.shown, found.target) == (
            "PROVISIONAL",
            "MET",
            "100.0000 %",
            ">= 99.9 %",
        )
        assert (found.coverage, found.credit, found.snapshot, found.judged_at) == ("100.00 %", 0, 1, NOW)
        assert found.form["total"] == 9 * 86_400 + 10 * 3600

    def test_turns_when_evidence_arrives_and_shows_what_it_would_cost(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        sent(contract, [state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z", incident="INC-1")])
        (turned,) = judge_open(contract=contract, now=NOW)
        assert (turned.ruling, turned.shown, turned.credit) == ("MISSED", "99.5575 %", 1_000)
        assert turned.credit_form is not None
        assert turned.credit_form["amount"] == "10.00 EUR"
        assert turned.form["misses"][0]["evidence"] == [
            f"{each['source']}#{each['source_id']}" for each in turned.records
        ]
        assert [(each["subject"], each["status"], each["incident"]) for each in turned.records] == [
            ("till", "down", "INC-1")
        ]
        assert [each.ruling for each in earlier_verdicts(viewer=engineer(), verdict=turned)] == ["MET"]
        assert Period.objects.get(label="2026-03").credit == 1_000

    def test_is_kept_anew_only_where_something_differs(self, contract: Contract) -> None:
        assert len(judge_open(contract=contract, now=NOW)) == 3
        assert judge_open(contract=contract, now=NOW) == ()
        assert judge_open(contract=contract, now=NOW + timedelta(minutes=1)) == ()
        later = judge_open(contract=contract, now=NOW + timedelta(hours=6))
        assert [each.period.label for each in later] == ["2026-03"]

    def test_is_kept_anew_at_once_when_what_went_wrong_is_other_than_before(self, contract: Contract) -> None:
        sent(contract, [state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z")])
        judge_open(contract=contract, now=NOW)
        sent(contract, [state("front", "down", "2026-03-06T10:00:00Z", "2026-03-06T10:01:00Z")])
        (again,) = judge_open(contract=contract, now=NOW + timedelta(minutes=1))
        assert [each["size"] for each in again.form["misses"]] == [3_600, 60, 60]
        assert (again.ruling, again.credit) == ("MISSED", 1_000)

    def test_is_judged_by_hand_to_the_minute_and_the_trail_has_it(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        with pytest.raises(UnableToJudge, match="judged by owners, service managers and engineers"):
            judge_now(contract=contract, by=member(Role.SPONSOR), now=NOW)
        (made,) = judge_now(contract=contract, by=engineer(), now=NOW + timedelta(minutes=1))
        assert (made.period.label, made.judged_at) == ("2026-03", NOW + timedelta(minutes=1))
        found = TrailEntry.objects.filter(did="judge").order_by("pk")
        assert [(each.who, bool(each.refused), each.details) for each in found] == [
            ("Acme Sponsor", True, {}),
            ("Edith", False, {"contract": "acme-shop", "verdicts": 1}),
        ]

    def test_is_undecided_without_evidence(self) -> None:
        found = judge_open(contract=active(), now=NOW)
        assert [(each.ruling, each.shown, each.snapshot) for each in found] == [("UNDECIDED", "no value", 0)] * 3


class TestTheWorker:
    def test_judges_after_evidence_arrived(self, contract: Contract, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        tasks.judge_again(contract.pk)
        assert Verdict.objects.filter(period__contract=contract).exists()

    def test_knows_what_is_done_by_the_clock(self) -> None:
        cron = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}
        assert cron["judge all"] == "23 3 * * *"


class TestMoney:
    @pytest.mark.parametrize(
        ("role", "sees"),
        [
            (Role.OWNER, True),
            (Role.SERVICE_MANAGER, True),
            (Role.BILLING, True),
            (Role.AUDITOR, True),
            (Role.ENGINEER, False),
            (Role.SPONSOR, True),
            (Role.MANAGER, True),
            (Role.USER, False),
        ],
    )
    def test_of_a_verdict_is_seen_by_those_who_may(self, contract: Contract, role: Role, sees: bool) -> None:
        judge_open(contract=contract, now=NOW)
        viewer = member(role) if role in (Role.SPONSOR, Role.MANAGER, Role.USER) else staff(role)
        found = latest_verdicts(viewer=viewer, contract=contract)[-1]
        assert sees_money(viewer=viewer, contract=contract) is sees
        assert (found.credit == 0, found.credit_form is not None) == (sees, sees)

    def test_and_verdicts_are_not_there_for_others(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        pk = march(contract).pk
        for stranger in (member(Role.SPONSOR, "globex"), member(Role.AFFILIATE, "hosting-gmbh")):
            assert latest_verdicts(viewer=stranger) == []
            assert verdict(viewer=stranger, pk=pk) is None


class TestTheForecast:
    def test_says_how_much_is_used_up_and_when_nothing_is_left(self, contract: Contract) -> None:
        sent(contract, [state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T10:30:00Z")])
        judge_open(contract=contract, now=NOW)
        burn = burn_and_forecast(verdict=march(contract), now=NOW)
        assert burn is not None
        seconds, whole = 9 * 86_400 + 10 * 3600, 743 * 3600
        assert burn.elapsed == Ratio(seconds, whole)
        assert (burn.missed, burn.allowed) == (Ratio(1800), Ratio(whole, 1000))
        assert burn.used == Ratio(1_800_000, whole)
        assert burn.will_meet is False
        assert burn.runs_out_at is not None
        assert f"{burn.runs_out_at:%d %H:%M}" == "14 22:50"

    def test_is_good_as_long_as_nothing_went_wrong(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        burn = burn_and_forecast(verdict=march(contract), now=NOW)
        assert burn is not None
        assert (burn.used, burn.will_meet, burn.runs_out_at) == (Ratio(0), True, None)

    def test_says_nothing_without_a_value(self) -> None:
        contract = active()
        judge_open(contract=contract, now=NOW)
        assert burn_and_forecast(verdict=march(contract), now=NOW) is None


class TestPostgreSQL:
    def refused(self, statement: str) -> str:
        with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        return str(error.value)

    def test_refuses_to_edit_or_delete_a_verdict(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        sentence = "Cannot update or delete rows from verdicts_verdict table"
        assert sentence in self.refused("UPDATE verdicts_verdict SET ruling = 'MET'")
        assert sentence in self.refused("DELETE FROM verdicts_verdict")

    def test_refuses_to_reopen_a_period(self, contract: Contract) -> None:
        judge_open(contract=contract, now=NOW)
        Period.objects.filter(label="2026-01").update(state="CLOSED", closed_at=NOW)
        sentence = "Cannot update or delete rows from periods_period table"
        assert sentence in self.refused(
            "UPDATE periods_period SET state = 'OPEN', closed_at = NULL WHERE label = '2026-01'"
        )
        assert sentence in self.refused("DELETE FROM periods_period WHERE label = '2026-01'")
