from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Exclusion
from makegood.platform.review.governance.models import Action, DutyMark, Impact, Meeting, Minutes, ScopeChange
from makegood.platform.review.governance.operations import mark_duty, propose_change, state_impact
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import owner
from tests.platform.governing import governed, january, missed_verdict
from tests.platform.people import NOW, days_to, house, organisation, person

pytestmark = pytest.mark.django_db
HERE = "agreements/acme-shop/governance/"


@pytest.fixture
def contract(settings: object) -> Contract:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
    return governed()


def client(who: Person) -> Client:
    made = Client()
    made.force_login(who)
    return made


def manager() -> Client:
    return client(person("Sam", house(), Role.SERVICE_MANAGER))


def sponsor() -> Client:
    return client(person("Ada", organisation("acme"), Role.SPONSOR))


def page(client: Client, address: str) -> str:
    answer = client.get(f"/{address}")
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


class TestTheGovernancePage:
    def test_shows_meetings_actions_and_what_waits_to_both_sides(self, contract: Contract) -> None:
        for who, site in ((manager(), "console"), (sponsor(), "portal")):
            shown = page(who, f"{site}/{HERE}")
            assert "Duty without a word" in shown
            assert "owner of the provider and manager of the customer" in shown
            assert f'href="/{site}/{HERE}meetings/review-2026-02-13/"' in shown
            assert "no minutes" in shown
            assert "None was agreed." in shown

    def test_is_not_for_users(self, contract: Contract) -> None:
        user = client(person("Ute", organisation("acme"), Role.USER))
        assert user.get(f"/portal/{HERE}").status_code == 404
        assert f"/portal/{HERE}" not in page(user, "portal/agreements/acme-shop/")

    def test_calls_a_meeting_or_says_why_not(self, contract: Contract) -> None:
        bad = sponsor().post(f"/portal/{HERE}meetings/", {"kind": "REVIEW", "day": "2026-01-01"})
        assert (bad.status_code, "called for today or later" in bad.content.decode()) == (422, True)
        assert sponsor().post(f"/portal/{HERE}meetings/", {"kind": "X", "day": "never"}).status_code == 422
        good = sponsor().post(f"/portal/{HERE}meetings/", {"kind": "GOVERNANCE", "day": "2026-04-01"})
        assert (good.status_code, good["Location"]) == (302, f"/portal/{HERE}meetings/governance-2026-04-01/")


class TestTheMeetingPage:
    def test_keeps_minutes_actions_and_another_day(self, contract: Contract) -> None:
        who, here = manager(), f"console/{HERE}meetings/review-2026-02-13/"
        shown = page(who, here)
        assert "open in 2026-01: 99.1935 %" in shown
        assert "sponsor of the customer" in shown
        bad = who.post(f"/{here}minutes/", {"attendees": "Ada", "text": " "})
        assert (bad.status_code, Minutes.objects.count()) == (422, 0)
        who.post(f"/{here}minutes/", {"attendees": "Ada, Sam", "text": "We buy a disk."})
        said = {"text": "Buy a disk.", "owner": "Ada", "side": contract.customer_id, "due_date": "2026-04-01"}
        assert who.post(f"/{here}actions/", {**said, "side": "0"}).status_code == 422
        who.post(f"/{here}actions/", said)
        shown = page(sponsor(), here.replace("console", "portal"))
        assert "We buy a disk." in shown
        assert "Buy a disk." in shown
        assert "Write the minutes" not in shown
        assert "Correct the minutes" in shown
        action = Action.objects.get()
        sponsor().post(f"/portal/{HERE}actions/{action.pk}/done/", {"result": "Two disks."})
        assert "Two disks." in page(who, f"console/{HERE}")
        assert who.post(f"/{here}move/", {"day": "tomorrow"}).status_code == 422
        coming = f"console/{HERE}meetings/review-2026-03-13/"
        who.post(f"/{coming}move/", {"day": "2026-03-20"})
        assert "Moved from 13 Mar 2026." in page(who, coming)

    def test_is_none_of_a_day_without_a_meeting(self, contract: Contract) -> None:
        for key in ("review-2026-02-14", "lunch-2026-02-13", "x"):
            assert manager().get(f"/console/{HERE}meetings/{key}/").status_code == 404
        assert not Meeting.objects.exists()

    def test_goes_into_a_calendar(self, contract: Contract) -> None:
        answer = sponsor().get(f"/portal/{HERE}meetings/review-2026-02-13.ics")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        lines = answer.content.decode().split("\r\n")
        assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Makegood//Makegood//EN", "CALSCALE:GREGORIAN"]
        assert "DTSTART;VALUE=DATE:20260213" in lines
        assert "SUMMARY:The web shop of Acme: review" in lines
        every = sponsor().get(f"/portal/{HERE}meetings.ics").content
        assert every.count(b"BEGIN:VEVENT") == 13


class TestTheDutiesPage:
    def test_lets_either_side_say_how_a_duty_stands(self, contract: Contract) -> None:
        said = {"duty": "contact", "standing": "UNMET", "since": "2026-01-10", "note": ""}
        bad = manager().post(f"/console/{HERE}duties/mark/", said)
        assert (bad.status_code, "Say in a note why" in bad.content.decode()) == (422, True)
        manager().post(f"/console/{HERE}duties/mark/", {**said, "note": "Nobody answered."})
        sponsor().post(f"/portal/{HERE}duties/mark/", {**said, "standing": "MET", "since": "2026-01-12"})
        shown = page(sponsor(), f"portal/{HERE}duties/")
        assert "met since 12 Jan 2026" in shown
        assert "Nobody answered." in shown
        assert DutyMark.objects.count() == 2

    def test_refuses_a_duty_that_there_is_not(self, contract: Contract) -> None:
        said = {"duty": "lunch", "standing": "MET", "since": "2026-01-10"}
        answer = manager().post(f"/console/{HERE}duties/mark/", said)
        assert (answer.status_code, "has no duty lunch" in answer.content.decode()) == (422, True)


class TestTheChangesPage:
    def test_is_where_one_side_proposes_and_the_other_decides(self, contract: Contract) -> None:
        bad = manager().post(f"/console/{HERE}changes/new/", {"text": "T", "amount": "much"})
        assert (bad.status_code, "Write an amount in EUR" in bad.content.decode()) == (422, True)
        manager().post(f"/console/{HERE}changes/new/", {"text": "A second till.", "amount": "-50.00"})
        change = ScopeChange.objects.get()
        assert change.amount == -5000
        assert "Approve" not in page(manager(), f"console/{HERE}changes/")
        shown = page(sponsor(), f"portal/{HERE}changes/")
        assert "-50.00 EUR" in shown
        assert "Approve" in shown
        sponsor().post(f"/portal/{HERE}changes/{change.pk}/", {"approve": "yes"})
        assert manager().post(f"/console/{HERE}changes/{change.pk}/version/", {"version": "x"}).status_code == 404
        version = contract.versions.get()
        manager().post(f"/console/{HERE}changes/{change.pk}/version/", {"version": str(version.pk)})
        change.refresh_from_db()
        assert (change.state, change.version) == ("APPROVED", version)


class TestAMissedVerdict:
    def test_takes_its_impact_from_the_customer(self, contract: Contract) -> None:
        verdict = missed_verdict(contract)
        here = f"portal/agreements/acme-shop/verdicts/{verdict.pk}/"
        assert "Nobody has said yet what this miss did" in page(sponsor(), here)
        bad = sponsor().post(f"/{here}impact/", {"amount": "1.234"})
        assert (bad.status_code, "Write an amount in EUR" in bad.content.decode()) == (422, True)
        assert sponsor().post(f"/{here}impact/", {}).status_code == 422
        sponsor().post(
            f"/{here}impact/", {"people": "40", "minutes": "360", "amount": "2,500.00", "words": "No sales."}
        )
        impact = Impact.objects.get()
        assert (impact.people, impact.minutes, impact.amount, impact.words) == (40, 360, 250_000, "No sales.")
        shown = page(sponsor(), here)
        assert "2,500.00 EUR" in shown
        assert "not confirmed by the customer yet" not in shown

    def test_has_what_the_provider_entered_confirmed(self, contract: Contract) -> None:
        verdict = missed_verdict(contract)
        here = f"portal/agreements/acme-shop/verdicts/{verdict.pk}/"
        assert sponsor().post(f"/{here}impact/confirm/").status_code == 404
        state_impact(
            period=january(contract), outcome="open", people=4, minutes=None, amount=None, words="", by=owner(), now=NOW
        )
        assert "This is right" not in page(manager(), here.replace("portal", "console"))
        assert "This is right" in page(sponsor(), here)
        sponsor().post(f"/{here}impact/confirm/")
        assert "Confirmed by Acme" in page(sponsor(), here)

    def test_leads_from_an_unmet_duty_to_an_exclusion(self, contract: Contract) -> None:
        verdict = missed_verdict(contract)
        here = f"console/agreements/acme-shop/verdicts/{verdict.pk}/"
        assert "Duties that were not met then" not in page(manager(), here)
        mark_duty(
            contract=contract,
            duty="contact",
            standing="UNMET",
            since=date(2026, 1, 20),
            note="Nobody answered.",
            by=owner(),
            now=NOW,
        )
        assert "Duties that were not met then" in page(manager(), here)
        assert "Propose an exclusion" not in page(sponsor(), here.replace("console", "portal"))
        assert manager().post(f"/{here}exclude/", {"duty": "power"}).status_code == 404
        manager().post(f"/{here}exclude/", {"duty": "contact"})
        made = Exclusion.objects.get()
        assert (made.cause, made.subject, made.state) == ("customer_caused", "shop", "PROPOSED")
        assert (made.starts_at, made.ends_at) == (
            datetime(2026, 1, 19, 23, tzinfo=UTC),
            datetime(2026, 1, 31, 23, tzinfo=UTC),
        )
        assert made.reason == "The duty was not met: Somebody can be reached at any hour. Nobody answered."


class TestTheAgreementInWords:
    def test_names_roles_duties_and_boundaries_on_every_site(self, contract: Contract) -> None:
        version = contract.versions.get()
        propose_change(contract=contract, text="T", amount=0, by=owner(), now=NOW)
        for who, site in ((manager(), "console"), (sponsor(), "portal")):
            shown = page(who, f"{site}/agreements/acme-shop/versions/{version.pk}/")
            for words in ("Who does what for open", "Duties of the customer", "Boundaries", "Meetings and escalation"):
                assert words in shown
            paper = page(who, f"{site}/agreements/acme-shop/versions/{version.pk}/documents/levels/")
            assert "an affiliate of the provider" in paper
            assert "Liability and insurance" in paper
