from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.review.governance.models import Opened
from makegood.platform.review.governance.operations import count_opening
from makegood.platform.review.governance.queries import Quiet, agenda, meetings, quiet_outcomes
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, drafted, owner, sponsored
from tests.platform.api_doors import key_of
from tests.platform.evidence import FAILED, member, sent, up
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.world import BOUGHT, _active_bought

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 1, 20, 9, tzinfo=UTC)
PROMISE = "The shop is open day and night."
MEETING = "governance:\n  meetings:\n    governance: {every: quarter}\n    review: {every: month}\n"


@pytest.fixture(autouse=True)
def shifted(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


def judged(*, failed: bool = False, until: str = "2026-12-31T23:00:00Z", now: datetime = LATER) -> Contract:
    contract = active(TEXT + MEETING)
    sent(contract, [*up("2025-12-31T23:00:00Z", until), *([FAILED] if failed else [])], now=now)
    judge_open(contract=contract, now=now)
    return contract


def a_verdict(contract: Contract) -> Verdict:
    return Verdict.objects.filter(period__contract=contract, latest__isnull=False).order_by("period")[0]


class TestAnOutcome:
    def test_is_quiet_when_it_was_never_missed_in_twelve_periods(self) -> None:
        contract = judged()
        count_opening(verdict=a_verdict(contract), by=member(Role.USER), now=LATER)
        assert quiet_outcomes(viewer=owner(), contract=contract, now=LATER) == [Quiet("open", PROMISE, 12, True, 1)]

    def test_is_quiet_when_nobody_opened_it_in_a_year(self) -> None:
        contract = judged(failed=True)
        assert quiet_outcomes(viewer=owner(), contract=contract, now=LATER) == [Quiet("open", PROMISE, 12, False, 0)]
        count_opening(verdict=a_verdict(contract), by=member(Role.USER), now=LATER)
        assert quiet_outcomes(viewer=owner(), contract=contract, now=LATER) == []

    def test_is_not_quiet_for_what_was_opened_more_than_a_year_ago(self) -> None:
        contract = judged(failed=True)
        count_opening(verdict=a_verdict(contract), by=member(Role.USER), now=datetime(2026, 1, 31, tzinfo=UTC))
        assert [each.opened for each in quiet_outcomes(viewer=owner(), contract=contract, now=LATER)] == [0]

    def test_is_not_quiet_before_there_was_something_to_look_at(self) -> None:
        contract = judged(until="2026-03-10T09:00:00Z", now=NOW)
        assert quiet_outcomes(viewer=owner(), contract=contract, now=NOW) == []

    def test_does_not_exist_for_others_nor_without_an_agreement_in_force(self) -> None:
        assert quiet_outcomes(viewer=owner(), contract=drafted(), now=NOW) == []

    def test_of_others_is_not_shown(self) -> None:
        contract = judged()
        assert quiet_outcomes(viewer=member(Role.SPONSOR, "globex"), contract=contract, now=LATER) == []


class TestAnOpening:
    def test_is_counted_by_month_for_the_customer_alone(self) -> None:
        contract = judged(until="2026-03-10T09:00:00Z", now=NOW)
        found = a_verdict(contract)
        program = replace(member(Role.SPONSOR), person=None, client=1)
        for by in (member(Role.USER), member(Role.SPONSOR), owner(), program):
            count_opening(verdict=found, by=by, now=NOW)
        count_opening(verdict=found, by=member(Role.USER), now=LATER)
        assert [*Opened.objects.order_by("month").values_list("outcome", "month", "times")] == [
            ("open", date(2026, 3, 1), 2),
            ("open", date(2027, 1, 1), 1),
        ]
        assert not Entry.objects.filter(about=str(contract), at__gte=LATER).exists()

    def test_is_that_of_the_page_of_a_verdict(self) -> None:
        contract = judged(until="2026-03-10T09:00:00Z", now=NOW)
        made = Client()
        made.force_login(person("Ute", organisation("acme"), Role.USER))
        for _ in range(3):
            made.get(f"/portal/agreements/acme-shop/verdicts/{a_verdict(contract).pk}/")
        assert Opened.objects.get().times == 3

    def test_is_that_of_the_house_where_it_buys(self) -> None:
        assert "customer: northwind-it" in BOUGHT
        sponsored(house())
        contract = _active_bought()
        sent(contract, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"))
        judge_open(contract=contract, now=NOW)
        count_opening(verdict=a_verdict(contract), by=owner(), now=NOW)
        assert Opened.objects.get().times == 1


class TestTheGovernanceMeeting:
    def spoken_of(self, contract: Contract, kind: str) -> list[str]:
        every = meetings(viewer=owner(), contract=contract)
        last = [each for each in every if each.kind == kind][-1]
        return [each.text for each in agenda(viewer=owner(), meeting=last, now=LATER)]

    def test_has_what_nobody_opened_on_its_agenda(self) -> None:
        contract = judged(failed=True)
        assert "Nobody of the customer opened open in a year." in self.spoken_of(contract, "GOVERNANCE")
        assert "Nobody of the customer opened open in a year." not in self.spoken_of(contract, "REVIEW")
        count_opening(verdict=a_verdict(contract), by=member(Role.USER), now=LATER)
        assert "Nobody of the customer opened open in a year." not in self.spoken_of(contract, "GOVERNANCE")


class TestThePage:
    def test_lists_what_is_quiet_for_both_sides(self, settings: Any) -> None:
        judged()
        settings.DAYS_SHIFTED = days_to(LATER)
        for who, site in ((person("Sam", house(), Role.SERVICE_MANAGER), "console"), (self.sponsor(), "portal")):
            made = Client()
            made.force_login(who)
            shown = made.get(f"/{site}/agreements/acme-shop/governance/").content.decode()
            assert "Still worth measuring?" in shown
            assert PROMISE in shown

    def test_is_silent_when_nothing_is(self) -> None:
        judged(until="2026-03-10T09:00:00Z", now=NOW)
        made = Client()
        made.force_login(self.sponsor())
        assert "Still worth" not in made.get("/portal/agreements/acme-shop/governance/").content.decode()

    def test_is_known_to_programs(self, settings: Any) -> None:
        judged()
        settings.DAYS_SHIFTED = days_to(LATER)
        found = Client().get("/api/v1/agreements/acme-shop/quiet-outcomes", headers=key_of(owner(), house())).json()
        assert found == [
            {"outcome": "open", "promise": PROMISE, "periods": 12, "never_missed": True, "opened": 0},
        ]

    @staticmethod
    def sponsor() -> Any:
        return person("Ada", organisation("acme"), Role.SPONSOR)
