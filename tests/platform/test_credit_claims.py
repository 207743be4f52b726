"""Credits that the customer has to claim: in time, too late, and granted with the next statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from makegood.engine.vocabulary.times import show_instant
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.money.settlement.models import Statement
from makegood.platform.money.settlement.operations import UnableToClaimCredit, claim_credit, close_due
from makegood.platform.money.settlement.queries import CreditClaim, credit_claim, credit_claims
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.trail.models import Entry as TrailEntry
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.agreements import TEXT, active, owner
from tests.platform.evidence import FAILED, engineer, member, sent, staff, up
from tests.platform.people import NOW, PASSWORD, days_to
from tests.platform.test_claims import BOUGHT, bought

CLAIMED = TEXT + "claims: {after_period: 45 days}\n"
SPONSOR = Role.SPONSOR
DEADLINE = datetime(2026, 3, 17, 23, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def missed(text: str = CLAIMED) -> Contract:
    made = active(text)
    sent(made, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED])
    return made


@pytest.fixture
def contract() -> Contract:
    """A contract of which January was missed and closed; its credit has to be claimed by 17 March, 23:00 UTC."""
    made = missed()
    close_due(contract=made, by=owner(), now=NOW, without_actions="For the test.")
    return made


def january(contract: Contract) -> Verdict:
    return Latest.objects.get(period__contract=contract, period__label="2026-01").verdict


def found(contract: Contract, *, now: datetime = NOW, by: Viewer | None = None) -> CreditClaim:
    claim = credit_claim(viewer=by or member(SPONSOR), verdict=january(contract), now=now)
    assert claim is not None
    return claim


class TestACreditThatHasToBeClaimed:
    def test_is_not_paid_by_itself_and_says_until_when_it_can_be_claimed(self, contract: Contract) -> None:
        claim = found(contract)
        assert (claim.state, claim.worth, january(contract).credit) == ("OPEN", 1_000, 0)
        assert claim.deadline is not None
        assert show_instant(claim.deadline) == "2026-03-17T23:00:00Z"
        assert claim.text == "open was not claimed; the deadline is 2026-03-17T23:00:00Z"
        assert [each.total for each in Statement.objects.all()] == [0, 0]

    def test_is_claimed_once_and_granted_with_the_next_statement(self, contract: Contract) -> None:
        batch = claim_credit(verdict=january(contract), by=member(SPONSOR), now=NOW + timedelta(microseconds=7))
        assert (batch.key, batch.name) == ("claim-2026-01/open", "open in 2026-01 is claimed")
        assert (found(contract).state, found(contract).claimed_at) == ("CLAIMED", NOW + timedelta(microseconds=7))
        with pytest.raises(UnableToClaimCredit, match="this cannot be claimed now, it is claimed"):
            claim_credit(verdict=january(contract), by=member(SPONSOR), now=NOW)
        (adjusted,) = close_due(contract=contract, by=owner(), now=NOW, without_actions="For the test.")
        assert (adjusted.period.label, adjusted.total, adjusted.lines[0]["for_period"]) == ("2026-03", 1_000, "2026-01")
        assert (found(contract).state, january(contract).credit, january(contract).stage) == (
            "GRANTED",
            1_000,
            "RESTATED",
        )
        assert close_due(contract=contract, by=owner(), now=NOW) == []
        done = TrailEntry.objects.filter(did="claim credit", refused="")
        assert [(each.who, each.details) for each in done] == [("Acme Sponsor", {"said": "open in 2026-01 is claimed"})]

    def test_lapses_after_its_deadline(self, contract: Contract) -> None:
        late = NOW + timedelta(days=8)
        assert found(contract, now=late).state == "LAPSED"
        with pytest.raises(UnableToClaimCredit, match="this cannot be claimed now, it is lapsed: open was not claimed"):
            claim_credit(verdict=january(contract), by=member(SPONSOR), now=late)
        assert not Batch.objects.filter(key__startswith="claim-").exists()

    @pytest.mark.parametrize("late", [timedelta(), timedelta(milliseconds=3)])
    def test_is_too_late_in_the_second_of_its_deadline(self, contract: Contract, late: timedelta) -> None:
        with pytest.raises(UnableToClaimCredit, match="this cannot be claimed now"):
            claim_credit(verdict=january(contract), by=member(SPONSOR), now=DEADLINE + late)
        assert not Batch.objects.filter(key__startswith="claim-").exists()

    def test_is_in_time_at_its_deadline_where_that_was_agreed(self) -> None:
        contract = missed(TEXT + "claims: {after_period: 45 days, at_deadline: in_time}\n")
        judge_open(contract=contract, now=NOW)
        claim_credit(verdict=january(contract), by=member(SPONSOR), now=DEADLINE)
        judge_open(contract=contract, now=DEADLINE)
        assert (found(contract).state, january(contract).credit) == ("GRANTED", 1_000)

    def test_can_be_claimed_while_the_period_is_open(self) -> None:
        contract = missed()
        judge_open(contract=contract, now=NOW)
        claim_credit(verdict=january(contract), by=member(Role.MANAGER), now=NOW)
        judge_open(contract=contract, now=NOW)
        assert (found(contract).state, january(contract).credit) == ("GRANTED", 1_000)

    def test_is_refused_where_a_ticket_is_missing(self) -> None:
        contract = missed(TEXT + "claims: {after_period: 45 days, ticket_within: 72h}\n")
        judge_open(contract=contract, now=NOW)
        claim_credit(verdict=january(contract), by=member(SPONSOR), now=NOW)
        judge_open(contract=contract, now=NOW)
        claim = found(contract)
        assert (claim.state, claim.text[:20]) == ("REFUSED", "No ticket was opened")

    def test_is_claimed_by_the_customer_only(self, contract: Contract) -> None:
        strangers = [owner(), engineer(), member(Role.USER), member(SPONSOR, "globex")]
        for stranger in strangers:
            with pytest.raises(UnableToClaimCredit, match="credits are claimed by the customer"):
                claim_credit(verdict=january(contract), by=stranger, now=NOW)
        assert found(contract).state == "OPEN"
        assert [bool(credit_claims(viewer=each, contract=contract, now=NOW)) for each in strangers] == [
            True,
            False,
            False,
            False,
        ]


class TestACreditOfAnAffiliate:
    def test_is_claimed_by_the_house_which_is_its_customer(self) -> None:
        contract = bought(BOUGHT + "claims: {after_period: 45 days}\n")
        sent(contract, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED])
        judge_open(contract=contract, now=NOW)
        with pytest.raises(UnableToClaimCredit, match="credits are claimed by the customer"):
            claim_credit(verdict=january(contract), by=member(Role.AFFILIATE, "hosting-gmbh"), now=NOW)
        claim_credit(verdict=january(contract), by=staff(Role.BILLING), now=NOW)
        judge_open(contract=contract, now=NOW)
        assert (january(contract).credit, found(contract, by=owner()).state) == (400, "GRANTED")


class TestACreditThatIsGivenByItself:
    def test_has_no_claim(self) -> None:
        contract = missed(TEXT)
        judge_open(contract=contract, now=NOW)
        assert credit_claim(viewer=member(SPONSOR), verdict=january(contract), now=NOW) is None
        assert credit_claims(viewer=member(SPONSOR), contract=contract, now=NOW) == []
        with pytest.raises(UnableToClaimCredit, match="credits of this promise are given without asking"):
            claim_credit(verdict=january(contract), by=member(SPONSOR), now=NOW)


def signed_in(viewer: Viewer) -> Client:
    client = Client()
    assert client.login(username=viewer_mail(viewer), password=PASSWORD)
    return client


def viewer_mail(viewer: Viewer) -> str:
    assert viewer.person is not None
    return Person.objects.get(pk=viewer.person).email


@pytest.fixture
def today(settings: object) -> None:
    """Let pages think that it is the day of the other tests."""
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("today")
class TestThePage:
    def test_of_the_verdict_has_a_button_for_the_customer(self, contract: Contract) -> None:
        verdict = january(contract)
        page = f"/portal/agreements/acme-shop/verdicts/{verdict.pk}/"
        client = signed_in(member(SPONSOR))
        assert "Claim the money back" in client.get(page).content.decode()
        answer = client.post(f"{page}claim/", follow=True)
        text = answer.content.decode()
        assert "It is claimed" in text
        assert "Claim the money back" not in text
        assert found(contract).state == "CLAIMED"

    @pytest.mark.parametrize(("role", "slug"), [(Role.USER, "acme"), (SPONSOR, "globex")])
    def test_to_claim_is_not_there_for_others(self, contract: Contract, role: Role, slug: str) -> None:
        page = f"/portal/agreements/acme-shop/verdicts/{january(contract).pk}/claim/"
        assert signed_in(member(role, slug)).post(page).status_code == 404
        assert found(contract).state == "OPEN"

    def test_of_statements_lists_what_has_to_be_claimed(self, contract: Contract) -> None:
        text = signed_in(member(SPONSOR)).get("/portal/agreements/acme-shop/money/").content.decode()
        assert "18 Mar 2026, 00:00 Europe/Berlin" in text
        assert "to be claimed" in text

    def test_has_no_button_for_the_provider(self, contract: Contract) -> None:
        page = f"/console/agreements/acme-shop/verdicts/{january(contract).pk}/"
        text = signed_in(staff(Role.BILLING)).get(page).content.decode()
        assert "Claim the money back" not in text
        assert "gives this credit only if it is claimed in time" in text
