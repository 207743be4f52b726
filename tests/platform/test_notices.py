"""Mails about what happened and what waits: who gets them, in which words, and that nobody gets one twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Dispute
from makegood.platform.evidence.intake.operations import (
    attribute,
    decide_dispute,
    decide_exclusion,
    propose_exclusion,
    raise_dispute,
    remark,
)
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import answer_claim, find_claims, make_claim
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.review.notices.models import Kind, MailChoice
from makegood.platform.review.notices.operations import choose_mails, forget_told, remind, tell_of_entry
from makegood.platform.review.notices.queries import KINDS_AT, MUST
from makegood.platform.tenancy.access.models import Membership, Person, Role
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.messages.operations import send
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Site, Viewer
from tests.platform.agreements import owner, service_manager, sponsor
from tests.platform.evidence import acted, engineer, member, missed, staff
from tests.platform.people import NOW, house, organisation, person, viewer
from tests.platform.test_claims import bought
from tests.platform.test_mails import Letterbox, letterbox
from tests.platform.world import EXCLUDING

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
__all__ = ["letterbox"]


def told(now: datetime = NOW) -> None:
    """Tell of all that the trail has, as the worker does."""
    for each in Entry.objects.filter(refused="").order_by("pk"):
        tell_of_entry(entry=each.pk, now=now)


def written(*kinds: Kind) -> list[tuple[str, str]]:
    """Return kind and reader of the mails about what happened, in order."""
    found = Message.objects.filter(kind__in=kinds or Kind.values).order_by("pk")
    return [(each.kind, each.to) for each in found]


def disputed(contract: Contract, by: Viewer) -> Dispute:
    return raise_dispute(
        contract=contract,
        period="2026-02",
        outcome="open",
        record_id="probes#bad-day",
        reason="The till was used all day.",
        by=by,
        now=NOW,
    )


@pytest.mark.django_db
class TestMails:
    def test_of_a_dispute_go_to_those_who_must_answer(self) -> None:
        contract = missed()
        disputed(contract, sponsor())
        told()
        told()
        assert written() == [("dispute_raised", "sam@northwind-it.example")]
        mail = Message.objects.get(kind="dispute_raised")
        assert mail.subject == "Acme disputes a verdict: The web shop of Acme"
        dispute = Dispute.objects.get()
        for each in (
            "Hello Sam,",
            "“open” in 2026-02",
            "The till was used all day.",
            f"by {dispute.answer_by:%Y-%m-%d %H:%M} UTC",
            f"http://localhost:8000/console/agreements/acme-shop/disputes/{dispute.pk}/",
            "http://localhost:8000/console/my-mails/",
        ):
            assert each in mail.text

    def test_go_back_and_forth_until_it_is_decided(self) -> None:
        contract = missed()
        member(Role.MANAGER), member(Role.USER)
        dispute = disputed(contract, sponsor())
        remark(dispute=dispute, text="We look into it.", by=owner(), now=NOW)
        remark(dispute=dispute, text="Thank you.", by=sponsor(), now=NOW + timedelta(hours=1))
        decide_dispute(dispute=dispute, accept=True, decision="You are right.", by=owner(), now=NOW)
        told()
        ada, manager, sam = "ada@acme.example", "acme.manager@acme.example", "sam@northwind-it.example"
        assert written() == [
            ("dispute_remark", manager),
            ("dispute_remark", ada),
            ("dispute_remark", sam),
            ("dispute_decided", manager),
            ("dispute_decided", ada),
        ]
        decided = Message.objects.filter(kind="dispute_decided").first()
        assert decided is not None
        assert decided.subject == "Your dispute was accepted: The web shop of Acme"
        assert "You are right." in decided.text
        assert "/portal/agreements/acme-shop/disputes/" in decided.text

    def test_go_to_no_staff_that_does_not_see_the_customer(self) -> None:
        contract = missed()
        limited = person("Lim", house(), Role.SERVICE_MANAGER)
        Membership.objects.get(person=limited).customers.set([organisation("globex")])
        disputed(contract, sponsor())
        told()
        assert written() == [("dispute_raised", "sam@northwind-it.example")]
        Membership.objects.filter(person__name="Sam").update(ended_at=NOW)
        owner()
        disputed(contract, sponsor())
        told()
        assert written()[1:] == [("dispute_raised", "olga@northwind-it.example")]

    def test_of_a_claim_go_to_the_affiliate_and_back_to_billing(self) -> None:
        staff(Role.BILLING), staff(Role.ENGINEER)
        claim = claimed()
        told()
        assert written() == [("claim_made", "hosting-gmbh.affiliate@hosting-gmbh.example")]
        mail = Message.objects.get(kind="claim_made")
        assert mail.subject == "4.00 EUR are claimed from you: Hosting of web shops"
        assert "http://localhost:8000/partner/claims/" in mail.text
        assert "acme" not in mail.text.lower()
        bob = member(Role.AFFILIATE, "hosting-gmbh")
        answer_claim(claim=claim, accept=False, answer="It was not us.", by=bob, now=NOW)
        told()
        assert written()[1:] == [
            ("claim_answered", "house.billing@northwind-it.example"),
            ("claim_answered", "olga@northwind-it.example"),
        ]
        assert "It was not us." in Message.objects.filter(kind="claim_answered")[0].text

    def test_speak_the_language_of_the_reader_in_the_brand_of_the_customer(self, letterbox: Letterbox) -> None:
        contract = missed()
        Brand.objects.create(
            organisation=contract.customer,
            name="Acme Desk",
            colour="#123456",
            sender="Acme Desk <desk@acme.example>",
            portal_host="portal.acme.example",
        )
        Person.objects.filter(email="ada@acme.example").update(language="de")
        dispute = disputed(contract, service_manager())
        told()
        message = Message.objects.get(kind="dispute_raised")
        send(message=message.pk, now=NOW)
        [mail] = letterbox.mails
        assert (mail["from"], mail["to"]) == ("Acme Desk <desk@acme.example>", "ada@acme.example")
        plain = mail.get_body(("plain",))
        assert plain is not None
        page = mail.get_body(("html",))
        assert page is not None
        assert '<html lang="de">' in page.get_content()
        address = f"http://portal.acme.example:8000/portal/agreements/acme-shop/disputes/{dispute.pk}/"
        assert address in plain.get_content()

    def test_of_an_exclusion_go_to_who_decides_and_back(self) -> None:
        contract = missed_with_exclusions()
        found = propose_exclusion(
            contract=contract,
            cause="maintenance",
            starts_at=datetime(2026, 3, 20, tzinfo=UTC),
            ends_at=datetime(2026, 3, 21, tzinfo=UTC),
            reason="A new database.",
            by=service_manager(),
            now=NOW,
        )
        told()
        assert written() == [("exclusion_proposed", "ada@acme.example")]
        mail = Message.objects.get(kind="exclusion_proposed")
        assert "from 2026-03-20 00:00 UTC to 2026-03-21 00:00 UTC" in mail.text
        decide_exclusion(exclusion=found, approve=False, by=sponsor(), now=NOW)
        told()
        assert written()[1:] == [("exclusion_decided", "sam@northwind-it.example")]
        assert Message.objects.get(kind="exclusion_decided").subject == (
            "Your exclusion was refused: The web shop of Acme"
        )

    def test_of_what_was_done_long_ago_are_not_written(self) -> None:
        disputed(missed(), sponsor())
        told(now=NOW + timedelta(days=3))
        assert written() == []

    def test_are_not_about_ones_own_doing(self) -> None:
        dispute = disputed(missed(), service_manager())
        told()
        assert dispute.raised_by.email not in [to for _, to in written()]


def claimable() -> Claim:
    """Return what can be claimed from an affiliate that caused half of an outage."""
    contract = missed()
    bought()
    attribute(contract=contract, party="hosting-gmbh", share="50%", incident="INC-1", by=engineer(), now=NOW)
    close_due(contract=contract, by=owner(), now=NOW, without_actions="For the test.")
    (claim,) = find_claims(contract=contract, now=NOW)
    return claim


def claimed() -> Claim:
    claim = claimable()
    assert claim.claim_by is not None
    return make_claim(claim=claim, by=owner(), now=claim.claim_by)


def missed_with_exclusions() -> Contract:
    from tests.platform.agreements import active

    return active(EXCLUDING)


@pytest.mark.django_db
class TestReminders:
    def test_come_the_day_before_a_dispute_is_to_be_answered_and_once(self) -> None:
        dispute = disputed(missed(), sponsor())
        due = dispute.answer_by
        assert remind(now=due - timedelta(days=3)) == 0
        assert remind(now=due - timedelta(days=1)) == 1
        assert remind(now=due - timedelta(days=1)) == 0
        assert remind(now=due - timedelta(hours=1)) == 0
        assert written() == [("dispute_due", "sam@northwind-it.example")]
        assert f"{due:%Y-%m-%d %H:%M} UTC" in Message.objects.get(kind="dispute_due").subject

    def test_are_remembered_for_longer_than_any_deadline_lasts(self) -> None:
        dispute = disputed(missed(), sponsor())
        remind(now=dispute.answer_by - timedelta(days=1))
        assert forget_told(now=dispute.answer_by + timedelta(days=300)) == 0
        assert forget_told(now=dispute.answer_by + timedelta(days=400)) == 1

    def test_do_not_come_for_what_was_answered_or_is_over(self) -> None:
        dispute = disputed(missed(), sponsor())
        assert remind(now=dispute.answer_by + timedelta(minutes=1)) == 0
        decide_dispute(dispute=dispute, accept=False, decision="No.", by=owner(), now=NOW)
        assert remind(now=dispute.answer_by - timedelta(days=1)) == 0

    def test_ask_for_the_corrective_action_that_a_period_waits_for(self) -> None:
        contract = missed()
        judge_open(contract=contract, now=NOW)
        assert remind(now=NOW) == 1
        assert remind(now=NOW + timedelta(days=1)) == 0
        mail = Message.objects.get(kind="action_lacking")
        assert (mail.to, mail.subject) == (
            "sam@northwind-it.example",
            "A corrective action is lacking: The web shop of Acme, 2026-01",
        )
        assert "/console/agreements/acme-shop/actions/" in mail.text

    def test_come_three_days_before_a_claim_is_too_late(self) -> None:
        claim = claimable()
        assert claim.claim_by is not None
        assert remind(now=claim.claim_by - timedelta(days=4)) == 0
        assert remind(now=claim.claim_by - timedelta(days=2)) == 1
        assert remind(now=claim.claim_by - timedelta(days=2)) == 0
        mail = Message.objects.get(kind="claim_due")
        assert (mail.to, mail.subject) == (
            "olga@northwind-it.example",
            "4.00 EUR can be claimed until 2026-03-08 23:00 UTC",
        )

    def test_ask_for_nothing_that_was_written_down(self) -> None:
        contract = missed()
        judge_open(contract=contract, now=NOW)
        acted(contract)
        assert remind(now=NOW) == 0


@pytest.mark.django_db
class TestTheChoice:
    def test_is_kept_and_heeded(self, client: Client) -> None:
        contract = missed()
        sam = person("Sam", house(), Role.SERVICE_MANAGER)
        client.force_login(sam, backend=BACKEND)
        page = client.get("/console/my-mails/").content.decode()
        assert "somebody disputes what you answer for" in page
        assert page.count(" checked") == len(KINDS_AT[Site.CONSOLE])
        answer = client.post("/console/my-mails/", {"chosen": "yes", "wanted": ["dispute_decided"]})
        assert answer.headers["location"] == "/console/my-mails/"
        assert MailChoice.objects.get().without == sorted(set(KINDS_AT[Site.CONSOLE]) - MUST - {"dispute_decided"})
        dispute = disputed(contract, sponsor())
        remark(dispute=dispute, text="And?", by=sponsor(), now=NOW)
        told()
        assert written() == [("dispute_raised", sam.email)]
        assert remind(now=dispute.answer_by - timedelta(days=1)) == 0

    def test_leaves_what_is_chosen_at_another_site(self) -> None:
        both = person("Bo", organisation("acme"), Role.SPONSOR)
        house(), Membership.objects.create(person=both, organisation=house(), role=Role.BILLING, since=NOW)
        choose_mails(wanted=[], by=viewer(both, Site.CONSOLE), now=NOW)
        choose_mails(wanted=list(Kind), by=viewer(both, Site.PORTAL), now=NOW)
        assert MailChoice.objects.get().without == ["action_lacking", "claim_answered", "claim_due", "running_out"]

    def test_is_not_made_by_an_empty_form(self, client: Client) -> None:
        client.force_login(person("Ada", organisation("acme"), Role.USER), backend=BACKEND)
        house()
        assert client.post("/portal/my-mails/").status_code == 422
        assert not MailChoice.objects.exists()

    def test_is_reached_from_the_account_pages(self, client: Client, settings: Any) -> None:
        house()
        client.force_login(person("Bob", organisation("hosting-gmbh"), Role.AFFILIATE), backend=BACKEND)
        assert 'href="/partner/my-mails/"' in client.get("/account/email/").content.decode()
