from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from makegood.engine.evidence.records import Correction, Statement
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Dispute
from makegood.platform.evidence.intake.operations import (
    UnableToTakeEvidence,
    decide_dispute,
    decide_exclusion,
    propose_exclusion,
    raise_dispute,
    remark,
    state_value,
)
from makegood.platform.evidence.intake.queries import disputes, open_vault
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.money.ledger.queries import balances
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, owner
from tests.platform.evidence import FAILED, engineer, member, missed, sent, up
from tests.platform.people import NOW

pytestmark = pytest.mark.django_db

IN_TIME = datetime(2026, 2, 10, tzinfo=UTC)


def disputed(contract: Contract, **more: Any) -> Dispute:
    said: dict[str, Any] = {"period": "2026-01", "outcome": "open", "record_id": "probes#bad-day", "now": IN_TIME}
    said |= {"reason": "Only the sensor was off."} | more
    return raise_dispute(contract=contract, by=owner(), **said)


@pytest.fixture
def contract() -> Contract:
    return missed()


class TestADispute:
    def test_is_answered_by_the_other_side_and_becomes_a_correction(self, contract: Contract) -> None:
        dispute = disputed(contract)
        remark(dispute=dispute, text="Show us the sensor.", by=member(Role.MANAGER), now=NOW)
        with pytest.raises(UnableToTakeEvidence, match="the other side decides"):
            decide_dispute(dispute=dispute, accept=True, decision="Yes.", by=owner(), now=NOW)
        decide_dispute(dispute=dispute, accept=True, decision="Yes.", by=member(Role.SPONSOR), now=NOW)
        vault = open_vault(contract=contract)
        assert vault is not None
        (correction,) = (each for each in vault.records() if isinstance(each, Correction))
        assert (correction.id, correction.target) == (f"makegood#dispute-{dispute.pk}", "probes#bad-day")
        assert (correction.by, correction.agreed_by) == ("northwind-it", "Acme Sponsor")
        assert {each.ruling for each in judge_open(contract=contract, now=NOW)} == {"MET"}
        (seen,) = disputes(viewer=member(Role.USER), contract=contract)
        assert (seen.state, seen.entry, [each.text for each in seen.remarks.all()]) == (
            "ACCEPTED",
            2,
            ["Show us the sensor."],
        )

    def test_that_is_rejected_changes_nothing(self, contract: Contract) -> None:
        dispute = disputed(contract)
        decide_dispute(dispute=dispute, accept=False, decision="It was seen.", by=member(Role.SPONSOR), now=NOW)
        vault = open_vault(contract=contract)
        assert vault is not None
        assert vault.head == 1

    def test_may_say_what_is_right_instead(self, contract: Contract) -> None:
        instead = {
            "kind": "state",
            "subject": "till",
            "status": "down",
            "start": "2026-01-10T10:00:00Z",
            "end": "2026-01-10T10:10:00Z",
        }
        dispute = disputed(contract, instead=instead)
        decide_dispute(dispute=dispute, accept=True, decision="Ten minutes it was.", by=member(Role.SPONSOR), now=NOW)
        judge_open(contract=contract, now=NOW)
        january = latest_verdicts(viewer=owner(), contract=contract)[0]
        assert (january.ruling, january.form["misses"][0]["size"]) == ("MET", 600)

    def test_that_is_accepted_after_closing_takes_the_credit_back(self, contract: Contract) -> None:
        close_due(contract=contract, by=owner(), now=NOW, without_actions="It was the sensor.")
        dispute = disputed(contract)
        decide_dispute(
            dispute=dispute, accept=True, decision="The sensor was broken.", by=member(Role.SPONSOR), now=NOW
        )
        (adjusted,) = close_due(contract=contract, by=owner(), now=NOW)
        assert (adjusted.period.label, adjusted.total) == ("2026-03", -1_000)
        found = balances(viewer=owner(), contract=contract)
        assert {(each.kind.value, each.amount) for each in found if each.unit == "EUR"} == {
            ("CREDITS", 0),
            ("DUE_TO_CUSTOMER", 0),
        }

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"record_id": "probes#nothing"}, "there is no record probes#nothing"),
            ({"period": "2027-01"}, "2027-01 is no period of the agreement"),
            ({"outcome": "closed"}, "closed is no outcome"),
            ({"reason": " "}, "say what is wrong"),
            ({"instead": {"kind": "wish"}}, "what is right instead is no record: kind is 'wish'"),
            ({"now": NOW + timedelta(days=90)}, "2026-01 could be disputed until 2026-03-08 23:00 UTC"),
        ],
    )
    def test_is_refused_if_it_is_none(self, contract: Contract, said: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UnableToTakeEvidence, match=sentence):
            disputed(contract, **said)
        assert not disputes(viewer=owner()).exists()


class TestAnExclusion:
    EXCLUDING = "measure: {kind: availability, of: shop, excluded: {maintenance: {notice: 2 days}},"

    def agreed(self) -> Contract:
        return active(TEXT.replace("measure: {kind: availability, of: shop,", self.EXCLUDING))

    def test_is_proposed_by_one_side_and_approved_by_the_other(self) -> None:
        contract = self.agreed()
        sent(contract, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED])
        proposed = propose_exclusion(
            contract=contract,
            cause="maintenance",
            subject="shop",
            starts_at=datetime(2026, 1, 10, 10, tzinfo=UTC),
            ends_at=datetime(2026, 1, 10, 16, tzinfo=UTC),
            announced_at=datetime(2026, 1, 5, tzinfo=UTC),
            reason="New disks.",
            by=engineer(),
            now=NOW,
        )
        with pytest.raises(UnableToTakeEvidence, match="your role does not include this"):
            decide_exclusion(exclusion=proposed, approve=True, by=member(Role.USER), now=NOW)
        approved = decide_exclusion(exclusion=proposed, approve=True, by=member(Role.MANAGER), now=NOW)
        assert (approved.state, approved.entry) == ("APPROVED", 2)
        judge_open(contract=contract, now=NOW)
        assert latest_verdicts(viewer=owner(), contract=contract)[0].ruling == "MET"
        with pytest.raises(UnableToTakeEvidence, match="was approved before"):
            decide_exclusion(exclusion=proposed, approve=False, by=member(Role.MANAGER), now=NOW)

    def test_is_refused_for_a_cause_that_was_not_agreed(self, contract: Contract) -> None:
        with pytest.raises(UnableToTakeEvidence, match="weather is no cause that the agreement excludes: it has none"):
            propose_exclusion(
                contract=contract, cause="weather", starts_at=NOW, ends_at=NOW, reason="Rain.", by=engineer(), now=NOW
            )


class TestAStatedValue:
    def test_is_signed_by_a_person_and_kept_once(self, contract: Contract) -> None:
        said: dict[str, Any] = {
            "contract": contract,
            "subject": "shop",
            "of": "mood",
            "value": "4.5",
            "unit": "points",
            "at": NOW,
            "now": NOW,
        }
        first = state_value(by=member(Role.MANAGER), **said)
        assert state_value(by=member(Role.MANAGER), **said) == first
        assert first.name == "mood of shop: 4.5 points"
        with pytest.raises(UnableToTakeEvidence):
            state_value(by=member(Role.MANAGER), **(said | {"value": "good"}))
        vault = open_vault(contract=contract)
        assert vault is not None
        assert [each.by for each in vault.records() if isinstance(each, Statement)] == ["Acme Manager"]
