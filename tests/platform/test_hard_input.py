"""What strange input does: it is refused with a sentence, or kept as far as a database can keep it."""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client

from makegood.engine.vocabulary.currencies import EXPONENTS, exponent
from makegood.platform.amounts import shown
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.operations import NothingAccepted
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.review.reports.models import Recommendation
from makegood.platform.review.reports.operations import UnableToReport, decide, recommend
from makegood.platform.tenancy.access.models import Membership
from makegood.platform.tenancy.access.queries import viewer_of
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active
from tests.platform.evidence import member, sent, staff, state, up
from tests.platform.people import NOW, days_to, house, organisation, person


class TestAmounts:
    @pytest.mark.parametrize(
        ("minor", "unit", "expected"),
        [
            (120_000, "EUR", "1,200.00 EUR"),
            (-5, "EUR", "-0.05 EUR"),
            (120_000, "RSD", "1,200.00 RSD"),
            (120_000, "JPY", "120,000 JPY"),
            (120_000, "BHD", "120.000 BHD"),
            (90, "minutes", "90 minutes"),
        ],
    )
    def test_have_the_decimals_of_their_currency(self, minor: int, unit: str, expected: str) -> None:
        assert shown(minor, unit) == expected

    def test_of_every_currency_have_those_that_the_law_counts_with(self) -> None:
        wrong = [each for each in EXPONENTS if len(shown(0, each).split()[0].partition(".")[2]) != exponent(each)]
        assert wrong == []


@pytest.mark.django_db
class TestNul:
    def test_in_a_record_does_not_stop_the_judging(self) -> None:
        contract = active()
        sent(contract, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"))
        bad = state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z", number="bad\x00id")
        sent(contract, [bad])
        judge_open(contract=contract, now=NOW)
        found = Verdict.objects.order_by("-pk")[0]
        assert found.ruling == "MISSED"
        assert "bad\ufffdid" in json.dumps(found.form, ensure_ascii=False)

    def test_in_what_is_refused_is_told_and_the_rest_kept(self) -> None:
        contract = active()
        line = state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z")
        batch = sent(contract, [line, json.dumps({**json.loads(line), "k\x00": 1})])
        assert (batch.records, batch.refused, Batch.objects.count()) == (1, 1, 1)

    @pytest.mark.parametrize("address", ["/portal/search/?q=%00", "/portal/agreements/acme-shop/periods/%00/"])
    def test_in_an_address_is_refused(self, client: Client, address: str) -> None:
        house()
        client.force_login(person("Ada", organisation("acme"), Role.SPONSOR))
        assert client.get(address).status_code == 400

    def test_in_a_field_is_refused(self, client: Client) -> None:
        house()
        client.force_login(person("Ada", organisation("acme"), Role.SPONSOR))
        assert client.post("/language", {"language": "d\x00"}).status_code == 400


@pytest.mark.django_db
class TestWhatIsNotOffered:
    def test_as_a_language_is_not_taken(self, client: Client) -> None:
        house()
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        client.force_login(ada)
        assert client.post("/language", {"language": "zh-hans"}).status_code == 302
        ada.refresh_from_db()
        assert ada.language == "en"

    def test_as_evidence_in_a_file_says_nothing_of_affiliates(self) -> None:
        contract = active()
        line = {
            "kind": "attribution",
            "source": "x",
            "source_id": "1",
            "incident": "I",
            "party": "hosting",
            "share": "1",
        }
        with pytest.raises(NothingAccepted, match="has no attribution"):
            sent(contract, [json.dumps(line)])

    def test_as_a_logo_does_not_keep_reports_back(self, client: Client, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        contract = active()
        sent(contract, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"))
        judge_open(contract=contract, now=NOW)
        owner = person("Olga", house(), Role.OWNER)
        client.force_login(owner)
        broken = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR")
        broken.name = "logo.png"
        form = {"name": "Northwind", "colour": "#0b5cad", "logo": broken}
        client.post("/console/organisations/northwind-it/brand/", form)
        answer = client.post(f"/console/agreements/{contract.slug}/reports/new/", {"period": "2026-01"})
        assert answer.status_code == 302
        assert "2026-01" in client.get(f"/console/agreements/{contract.slug}/reports/").content.decode()


@pytest.mark.django_db
class TestRoles:
    def test_of_different_reach_have_together_what_both_allow(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        lee = person("Lee", house(), Role.SERVICE_MANAGER, Role.AUDITOR)
        Membership.objects.get(person=lee, role=Role.SERVICE_MANAGER).customers.set([acme])
        assert viewer_of(person=lee).limited == frozenset({acme.pk})
        Membership.objects.get(person=lee, role=Role.AUDITOR).customers.set([globex])
        assert viewer_of(person=lee).limited == frozenset()


@pytest.mark.django_db
class TestADecision:
    def test_is_made_once(self) -> None:
        contract = active()
        made = recommend(
            contract=contract, text="A second till.", cost="", due_date=None, by=staff(Role.OWNER), now=NOW
        )
        sponsor = member(Role.SPONSOR)
        decide(recommendation=made, decision="Yes.", by=sponsor, now=NOW)
        with pytest.raises(UnableToReport, match="decided before"):
            decide(recommendation=made, decision="No.", by=sponsor, now=NOW)
        assert Recommendation.objects.get().decision == "Yes."
