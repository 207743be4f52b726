"""Claims when agreements end, and when what several customers share becomes less."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.operations import end_contract
from makegood.platform.evidence.intake.operations import attribute
from makegood.platform.money.claims import tasks
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import find_claims
from makegood.platform.money.claims.queries import recovered
from tests.platform.agreements import TEXT, drafted, owner
from tests.platform.evidence import FAILED, engineer, missed, sent, state
from tests.platform.people import NOW, organisation
from tests.platform.test_claims import BOUGHT, bought
from tests.platform.test_claims_shared import GLOBEX, OPENED, amounts, hurt, made_and_accepted, settle, withdrawn

pytestmark = pytest.mark.django_db

SHORT = state("till", "down", "2026-01-10T10:00:00Z", "2026-01-10T11:00:00Z", number="shorter", incident="INC-1")


def ended(contract: Contract, at: datetime = NOW) -> Contract:
    return end_contract(contract=contract, reason="They moved on.", by=owner(), now=at)


class TestAnAgreementWithAnAffiliateThatEnded:
    def test_still_answers_for_what_it_caused_before(self) -> None:
        hosting = bought()
        sold = hurt(TEXT)
        ended(hosting)
        find_claims(contract=sold, now=NOW)
        assert amounts() == [("acme-shop", 300, "OPEN", 0)]

    def test_can_still_be_said_to_have_caused_something(self) -> None:
        ended(bought())
        sold = hurt(TEXT)
        assert amounts() == [("acme-shop", 300, "OPEN", 0)]
        assert sold.ended_at is None

    def test_still_owes_what_was_accepted(self) -> None:
        hosting = bought()
        sold = hurt(TEXT)
        made_and_accepted()
        ended(hosting)
        find_claims(contract=sold, now=NOW)
        assert amounts() == [("acme-shop", 300, "ACCEPTED", 0)]
        assert [(each.caused, each.received, each.over) for each in recovered(viewer=owner())] == [(300, 300, 0)]

    def test_does_not_answer_for_periods_that_began_later(self) -> None:
        hosting = bought()
        ended(hosting, datetime(2025, 12, 31, 22, 59, tzinfo=UTC))
        sold = missed()
        bought(BOUGHT.replace("hosting-2026", "hosting-next").replace("monthly: 400.00", "monthly: 200.00"))
        attribute(contract=sold, party="hosting-gmbh", share="30%", incident="INC-1", by=engineer(), now=NOW)
        settle(sold)
        found = Claim.objects.get()
        assert (found.recovery.underpinning.slug, found.amount) == ("hosting-next", 200)


class TestASoldAgreementThatEnded:
    def test_is_claimed_for_when_its_last_periods_close(self) -> None:
        organisation("globex")
        bought()
        sold = missed()
        attribute(contract=sold, party="hosting-gmbh", share="30%", incident="INC-1", by=engineer(), now=NOW)
        ended(sold)
        settle(sold)
        assert amounts() == [("acme-shop", 300, "OPEN", 0)]

    def test_is_no_contract_if_it_was_never_active(self) -> None:
        never = ended(drafted())
        tasks.find_again(never.pk)
        assert Claim.objects.count() == 0


class TestWhatStatementsCreditWithoutBeingAsked:
    def test_does_not_wait_to_be_claimed_as_well(self) -> None:
        hosting = bought()
        hurt(TEXT, share="50%")
        sent(hosting, [*OPENED, FAILED])
        settle(hosting)
        assert amounts() == [("acme-shop", 400, "OPEN", 0)]
        (found,) = recovered(viewer=owner())
        assert (found.caused, found.open, found.received, found.kept) == (500, 0, 400, 100)


class TestAnOwnCreditThatBecameLess:
    def test_is_claimed_too_much_by_the_latest_first(self) -> None:
        organisation("globex")
        bought(BOUGHT.replace("credit: 10%}, {below: 99%, credit: 50%}", "credit: 5%}, {below: 99.5%, credit: 10%}"))
        both = hurt(TEXT), hurt(GLOBEX)
        made_and_accepted()
        for each in both:
            sent(each, [withdrawn("bad-day"), SHORT], by=owner())
            settle(each)
        # The affiliate's agreement credits 2.00 EUR now, of which 3.00 and 1.00 were claimed.
        assert amounts() == [("acme-shop", 300, "ACCEPTED", 100), ("globex-shop", 100, "ACCEPTED", 100)]
