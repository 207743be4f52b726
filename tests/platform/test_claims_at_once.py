"""Several people and workers at the same time: what can be had once is had once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from makegood.platform.evidence.intake.models import Batch
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import answer_claim, find_claims, make_claim
from makegood.platform.money.ledger.queries import balances
from makegood.platform.money.settlement.operations import claim_credit
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, owner, service_manager
from tests.platform.evidence import FAILED, member, sent, up
from tests.platform.people import NOW, organisation
from tests.platform.test_claims import bought
from tests.platform.test_claims_shared import EARLY, GLOBEX, hurt
from tests.platform.test_credit_claims import CLAIMED, missed

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[str]:
    """Do things at the same time, each on a connection of its own, and return what became of them."""
    ready, found = Barrier(len(works), timeout=60), []

    def done(work: Callable[[], object]) -> None:
        ready.wait()
        try:
            work()
            found.append("done")
        except Unable as refusal:
            found.append(str(refusal))
        except Exception as error:  # noqa: BLE001  # what nobody expects is what is looked for
            found.append(f"broken: {error}")
        finally:
            connection.close()

    threads = [Thread(target=done, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


class TestClaimsOnOneAffiliate:
    def test_are_shared_also_by_two_workers_while_somebody_claims_and_another_accepts(self) -> None:
        organisation("globex")
        hosting = bought()
        both = hurt(TEXT), hurt(GLOBEX)
        first, second = Claim.objects.order_by("pk")
        make_claim(claim=first, by=owner(), now=EARLY)
        by, other, affiliate = owner(), service_manager(), member(Role.AFFILIATE, "hosting-gmbh")
        outcome = at_once(
            lambda: find_claims(contract=both[0], now=NOW),
            lambda: find_claims(contract=both[1], now=NOW),
            lambda: make_claim(claim=second, by=by, now=EARLY),
            lambda: make_claim(claim=Claim.objects.get(pk=second.pk), by=other, now=EARLY),
            lambda: answer_claim(claim=first, accept=True, by=affiliate, now=NOW),
            lambda: answer_claim(claim=Claim.objects.get(pk=first.pk), accept=True, by=affiliate, now=NOW),
        )
        assert outcome == [
            *["done"] * 4,
            "there is nothing to answer: this was not claimed, or was answered before",
            "this was claimed before",
        ]
        found = Claim.objects.order_by("pk").values_list("amount", "state", "over")
        assert list(found) == [(300, "ACCEPTED", 0), (100, "MADE", 0)]
        booked = {each.kind: each.amount for each in balances(viewer=owner(), contract=hosting) if each.unit == "EUR"}
        assert booked == {"CLAIMS": 300, "DUE_TO_CUSTOMER": 300}


class TestACreditThatHasToBeClaimed:
    def test_is_claimed_once(self) -> None:
        contract = missed(CLAIMED)
        judge_open(contract=contract, now=NOW)
        verdict = Latest.objects.get(period__contract=contract, period__label="2026-01").verdict
        first, second = member(Role.SPONSOR), member(Role.MANAGER)
        at_once(
            lambda: claim_credit(verdict=verdict, by=first, now=NOW),
            lambda: claim_credit(verdict=verdict, by=second, now=NOW),
        )
        assert Batch.objects.filter(key="claim-2026-01/open").count() == 1
        assert Entry.objects.filter(did="claim credit", refused="").count() == 1


class TestJudging:
    def test_by_two_workers_keeps_each_verdict_once(self) -> None:
        contract = missed(TEXT)
        sent(contract, [*up("2026-03-10T09:00:00Z", "2026-03-10T09:30:00Z"), FAILED])
        outcome = at_once(
            lambda: judge_open(contract=contract, now=NOW), lambda: judge_open(contract=contract, now=NOW)
        )
        assert outcome == ["done", "done"]
        assert list(Verdict.objects.order_by("period__label").values_list("period__label", "outcome")) == [
            ("2026-01", "open"),
            ("2026-02", "open"),
            ("2026-03", "open"),
        ]
