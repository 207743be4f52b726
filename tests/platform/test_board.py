from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.gaps.operations import note_gaps
from makegood.platform.evidence.gaps.queries import gaps
from makegood.platform.evidence.intake.operations import propose_exclusion, raise_dispute
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.judging.verdicts.queries import burn_and_forecast, endangered, running_verdicts
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active
from tests.platform.evidence import member, missed, sent, staff, state, up
from tests.platform.people import NOW, days_to, house, organisation, person

pytestmark = pytest.mark.django_db
OUTAGE = state("till", "down", "2026-03-02T10:00:00Z", "2026-03-02T16:00:00Z", number="bad-march", incident="INC-9")
EXCLUDING = TEXT.replace("count: {", "excluded: {maintenance: {}}, count: {")


@pytest.fixture(autouse=True)
def today(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


def shop(number: int, fee: int = 1000, *lines: str) -> Contract:
    """Return an agreement of which March is judged: six hours without a till, if nothing else is said."""
    text = TEXT.replace("acme-shop", f"shop-{number}").replace("The web shop of Acme", f"Shop {number}")
    made = active(text.replace("1000.00", f"{fee}.00"))
    sent(made, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), *(lines or (OUTAGE,))])
    judge_open(contract=made, now=NOW)
    return made


def page(role: Role = Role.OWNER, address: str = "/console/") -> str:
    client = Client()
    client.force_login(person(f"Looking {role.label.title()}", house(), role))
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheFirstPageOfTheHouse:
    def test_says_what_to_do_where_there_is_no_agreement(self) -> None:
        house()
        assert "There is no agreement yet. Make the customer under Organisations first" in page()

    def test_says_that_nothing_is_at_risk(self) -> None:
        shop(1, 1000, state("till", "up", "2026-03-10T08:00:00Z", "2026-03-10T09:00:00Z", number="still"))
        shown = page()
        assert "No promise is missed or heading there." in shown
        assert "0 of 1" in shown

    def test_shows_what_is_at_risk_the_dearest_first(self) -> None:
        shop(1), shop(2, 5000), shop(3, 2000)
        shown = page()
        assert [shown.index(f">Shop {number}<") for number in (2, 3, 1)] == sorted(
            shown.index(f">Shop {number}<") for number in (1, 2, 3)
        )
        assert "3 of 3" in shown
        assert "800.00 EUR" in shown  # a tenth of all fees is at risk
        assert "400.00 EUR" in shown  # below 99 % half of it is credited

    def test_shows_no_money_to_engineers(self) -> None:
        shop(1)
        shown = page(Role.ENGINEER)
        assert "Shop 1" in shown
        assert "EUR" not in shown

    def test_asks_the_same_queries_however_many_agreements_there_are(self) -> None:
        numbers = []
        for number in (1, 2, 3):
            shop(number)
            page()
            with CaptureQueriesContext(connection) as queries:
                page()
            numbers.append(len(queries))
        assert numbers == [numbers[0]] * 3

    def test_lists_what_waits_with_its_deadline(self) -> None:
        contract = missed_with_exclusions()
        judge_open(contract=contract, now=NOW)
        raise_dispute(
            contract=contract,
            period="2026-02",
            outcome="open",
            record_id="probes#bad-day",
            reason="It was up.",
            by=member(Role.SPONSOR),
            now=NOW,
        )
        propose_exclusion(
            contract=contract,
            cause="maintenance",
            starts_at=NOW + timedelta(days=10),
            ends_at=NOW + timedelta(days=11),
            reason="A new database.",
            by=staff(Role.OWNER),
            now=NOW,
        )
        shown = page()
        assert "to be answered by 9 Apr 2026" in shown
        assert "The web shop of Acme: maintenance" in shown
        assert "The web shop of Acme: open, 2026-02" in shown
        assert "The web shop of Acme: 2026-02" in shown
        assert "Corrective actions lacking" in shown
        assert "Ended and not closed" in shown

    def test_does_not_exist_for_customers(self) -> None:
        shop(1)
        client = Client()
        client.force_login(person("Globex Sponsor", organisation("globex"), Role.SPONSOR))
        assert client.get("/console/").status_code == 404
        assert "Shop 1" not in client.get("/portal/").content.decode()


class TestWhatIsInDanger:
    def test_is_what_is_missed_as_it_looks_now(self) -> None:
        contract = shop(1)
        found = endangered(viewer=staff(Role.OWNER), now=NOW)
        assert {key: (each.missed, each.heading) for key, each in found.items()} == {contract.pk: (1, 0)}

    def test_is_a_met_share_of_which_nearly_all_is_used_near_the_end(self) -> None:
        end = datetime(2026, 3, 30, 12, tzinfo=UTC)
        short = state("till", "down", "2026-03-02T10:00:00Z", "2026-03-02T10:41:00Z", number="short")
        contract = active()
        sent(contract, [*up("2025-12-31T23:00:00Z", "2026-03-30T12:00:00Z"), short], now=end)
        judge_open(contract=contract, now=end)
        [verdict] = running_verdicts(viewer=staff(Role.OWNER), now=end)
        burn = burn_and_forecast(verdict=verdict, now=end)
        assert burn is not None
        assert (verdict.ruling, burn.used and burn.used.percent(1), burn.will_meet) == ("MET", "92.0 %", True)
        found = endangered(viewer=staff(Role.OWNER), now=end)
        assert {key: (each.missed, each.heading) for key, each in found.items()} == {contract.pk: (0, 1)}

    def test_does_not_exist_for_another_customer(self) -> None:
        shop(1)
        organisation("globex")
        assert endangered(viewer=member(Role.SPONSOR, "globex"), now=NOW) == {}


class TestGaps:
    def test_are_noted_with_since_when(self) -> None:
        contract = missed()
        noted = note_gaps(contract=contract, now=NOW + timedelta(days=40))
        assert [(each.what, each.source, each.since, each.outcomes) for each in noted] == [
            ("front", "probes", NOW, ["open"])  # the till pauses for weeks as a rule
        ]
        assert "The web shop of Acme: front" in page()

    def test_are_forgotten_when_evidence_comes_again(self) -> None:
        contract = missed()
        note_gaps(contract=contract, now=NOW + timedelta(days=40))
        assert note_gaps(contract=contract, now=NOW) == []
        assert gaps(viewer=staff(Role.OWNER)).count() == 0

    def test_begin_with_the_term_where_nothing_ever_came(self) -> None:
        contract = active()
        noted = note_gaps(contract=contract, now=NOW)
        assert [(each.what, each.source, f"{each.since:%Y-%m-%dT%H:%M}") for each in noted] == [
            ("front", "", "2025-12-31T23:00"),
            ("till", "", "2025-12-31T23:00"),
        ]

    def test_of_others_do_not_exist(self) -> None:
        note_gaps(contract=active(), now=NOW)
        organisation("globex")
        assert gaps(viewer=member(Role.SPONSOR, "globex")).count() == 0
        assert gaps(viewer=member(Role.SPONSOR)).count() == 2


def missed_with_exclusions() -> Contract:
    """Return an agreement that excludes maintenance, of which February had six hours without a till."""
    made = active(EXCLUDING)
    bad = state("till", "down", "2026-02-10T10:00:00Z", "2026-02-10T16:00:00Z", number="bad-day", incident="INC-1")
    sent(made, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), bad])
    return made
