from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations import UnableToTakeEvidence, attribute
from makegood.platform.evidence.intake.queries import batches
from makegood.platform.money.claims import tasks
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import UnableToClaim, answer_claim, find_claims, make_claim
from makegood.platform.money.claims.queries import claims
from makegood.platform.money.ledger.queries import balances
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, owner, service_manager, sponsored
from tests.platform.evidence import engineer, member, missed, staff
from tests.platform.people import NOW, organisation

pytestmark = pytest.mark.django_db

BOUGHT = (
    TEXT.replace("acme-shop", "hosting-2026")
    .replace("The web shop of Acme", "Hosting of web shops")
    .replace("{provider: northwind-it, customer: acme}", "{provider: hosting-gmbh, customer: northwind-it}")
    .replace("monthly: 1000.00", "monthly: 400.00")
    .replace("money:", "kind: underpinning\nmoney:")
)


def bought(text: str = BOUGHT) -> Contract:
    """Return an active agreement with an affiliate, signed by both."""
    organisation("hosting-gmbh", "Hosting GmbH")
    contract = operations.draft_contract(text=text, by=service_manager(), now=NOW)
    version = contract.versions.get()
    operations.offer_version(version=version, by=service_manager(), now=NOW)
    sponsored(contract.provider, contract.customer)
    operations.sign_version(version=version, name="Hans Host", by=member(Role.AFFILIATE, "hosting-gmbh"), now=NOW)
    operations.sign_version(version=version, name="Sam Smith", by=service_manager(), now=NOW)
    terms = queries.readable(text).agreement
    assert terms is not None
    operations.declare_source(
        contract=contract, name="Probes", reports=list(queries.streams(terms)), by=service_manager(), now=NOW
    )
    operations.activate_contract(contract=contract, by=service_manager(), now=NOW)
    contract.refresh_from_db()
    return contract


@pytest.fixture
def sold() -> Contract:
    """A contract of which January was missed and closed; half of the outage was caused by the affiliate."""
    contract = missed()
    bought()
    attribute(contract=contract, party="hosting-gmbh", share="50%", incident="INC-1", by=engineer(), now=NOW)
    close_due(contract=contract, by=owner(), now=NOW, without_actions="For the test.")
    return contract


def underpinning() -> Contract:
    return Contract.objects.get(slug="hosting-2026")


class TestAClaim:
    def test_is_found_for_what_the_affiliate_caused(self, sold: Contract) -> None:
        (claim,) = find_claims(contract=sold, now=NOW)
        answers = claim.recovery
        assert (answers.period.label, answers.outcome, answers.underpinning.slug) == ("2026-01", "open", "hosting-2026")
        assert (claim.amount, claim.currency, claim.state) == (400, "EUR", "OPEN")
        assert (claim.form["customer_credit"], claim.form["attributed"], claim.form["own_credit"]) == (
            "10.00 EUR",
            "5.00 EUR",
            "4.00 EUR",
        )
        assert claim.claim_by is not None
        assert f"{claim.claim_by:%Y-%m-%d %H:%M}" == "2026-03-08 23:00"
        assert find_claims(contract=sold, now=NOW) == [claim]

    def test_is_looked_for_by_the_worker(self, sold: Contract) -> None:
        tasks.find_again(sold.pk)
        assert Claim.objects.count() == 1

    def test_is_none_without_attribution(self) -> None:
        contract = missed()
        bought()
        close_due(contract=contract, by=owner(), now=NOW, without_actions="For the test.")
        assert find_claims(contract=contract, now=NOW) == []

    def test_is_refused_after_its_deadline(self, sold: Contract) -> None:
        (claim,) = find_claims(contract=sold, now=NOW)
        with pytest.raises(UnableToClaim, match="this could be claimed until 2026-03-08 23:00 UTC"):
            make_claim(claim=claim, by=owner(), now=NOW)

    def test_is_made_answered_and_booked(self, sold: Contract) -> None:
        (claim,) = find_claims(contract=sold, now=NOW)
        early = NOW - timedelta(days=5)
        with pytest.raises(UnableToClaim, match="your role does not include this"):
            make_claim(claim=claim, by=engineer(), now=early)
        affiliate = member(Role.AFFILIATE, "hosting-gmbh")
        assert claims(viewer=affiliate) == []
        assert make_claim(claim=claim, by=staff(Role.BILLING), now=early).state == "MADE"
        (seen,) = claims(viewer=affiliate)
        assert set(seen.form) == {"own_outcome", "own_credit", "claim", "deadline"}
        with pytest.raises(UnableToClaim, match="say why you refuse it"):
            answer_claim(claim=claim, accept=False, by=affiliate, now=NOW)
        assert answer_claim(claim=claim, accept=True, by=affiliate, now=NOW).state == "ACCEPTED"
        found = balances(viewer=owner(), contract=underpinning())
        assert {(each.kind.value, each.amount) for each in found if each.unit == "EUR"} == {
            ("CLAIMS", 400),
            ("DUE_TO_CUSTOMER", 400),
        }
        with pytest.raises(UnableToClaim, match="there is nothing to answer"):
            answer_claim(claim=claim, accept=False, answer="No.", by=affiliate, now=NOW)

    def test_is_seen_by_no_customer_and_no_other_affiliate(self, sold: Contract) -> None:
        (claim,) = find_claims(contract=sold, now=NOW)
        make_claim(claim=claim, by=owner(), now=NOW - timedelta(days=5))
        other = member(Role.AFFILIATE, "telco")
        assert claims(viewer=member(Role.SPONSOR)) == claims(viewer=other) == claims(viewer=engineer()) == []
        for stranger in (member(Role.SPONSOR), other):
            with pytest.raises(UnableToClaim):
                answer_claim(claim=claim, accept=True, by=stranger, now=NOW)
        assert [each.amount for each in claims(viewer=owner(), contract=sold)] == [400]


class TestAnAttribution:
    def test_of_an_affiliate_is_not_seen_by_the_customer(self, sold: Contract) -> None:
        assert [each.source for each in batches(viewer=member(Role.SPONSOR), contract=sold)] == [""]
        (seen,) = batches(viewer=member(Role.AFFILIATE, "hosting-gmbh"), contract=underpinning())
        assert seen.name == "hosting-gmbh caused 50% of INC-1"

    def test_is_refused_for_somebody_who_answers_to_nobody(self, sold: Contract) -> None:
        with pytest.raises(UnableToTakeEvidence, match="no active agreement with telco by which it would answer"):
            attribute(contract=sold, party="telco", share="50%", incident="INC-1", by=engineer(), now=NOW)
        with pytest.raises(UnableToTakeEvidence, match="a party's share in a cause lies between 0 and 1"):
            attribute(contract=sold, party="acme", share="150%", incident="INC-1", by=engineer(), now=NOW)


class TestAgreementsThatDoNotFit:
    def test_give_no_claims_and_a_line_in_the_log(self, sold: Contract, caplog: pytest.LogCaptureFixture) -> None:
        bought(BOUGHT.replace("hosting-2026", "hosting-in-dollars").replace("currency: EUR", "currency: USD"))
        with caplog.at_level(logging.WARNING):
            tasks.find_again(sold.pk)
        assert "the agreements with affiliates do not fit this one" in caplog.text
        assert not Claim.objects.exists()
