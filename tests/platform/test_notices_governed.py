"""Mails about meetings, duties, agreed actions and scope changes, and about what runs out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.review.governance.models import Action, Meeting
from makegood.platform.review.governance.operations import (
    agree_action,
    call_meeting,
    complete_action,
    decide_change,
    end_grant,
    grant_access,
    keep_policy,
    mark_duty,
    move_meeting,
    propose_change,
    show_assurance,
    write_minutes,
)
from makegood.platform.review.governance.queries import meeting
from makegood.platform.review.notices.models import Kind
from makegood.platform.review.notices.operations import choose_mails, remind
from makegood.platform.review.notices.queries import KINDS_AT, MUST
from makegood.platform.tenancy.access.models import Membership, Person
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.agreements import active, owner, service_manager, sponsor
from tests.platform.evidence import member
from tests.platform.governing import GOVERNED
from tests.platform.people import NOW, house, organisation
from tests.platform.test_claims import BOUGHT, bought
from tests.platform.test_notices import told, written

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SAM, ADA = "sam@northwind-it.example", "ada@acme.example"
HERE = "agreements/acme-shop/governance/"


@pytest.fixture
def contract() -> Contract:
    return active(GOVERNED)


def letter(kind: Kind, to: str) -> Message:
    return Message.objects.get(kind=kind, to=to)


def review(contract: Contract) -> Meeting:
    found = meeting(viewer=owner(), contract=contract, key="review-2026-02-13")
    assert found is not None
    return found


def minuted(contract: Contract, text: str = "We buy a disk.") -> None:
    said = {"text": text, "attendees": "Ada, Sam", "agenda": []}
    write_minutes(meeting=review(contract), **said, by=service_manager(), now=NOW)  # type: ignore[arg-type]


def agreed(contract: Contract, side: int, due_date: date) -> Action:
    said = {"text": "Buy a disk.", "owner": "Erik", "side": side, "due_date": due_date}
    return agree_action(meeting=review(contract), **said, by=owner(), now=NOW)  # type: ignore[arg-type]


class TestAMeeting:
    def test_is_told_to_both_sides_but_not_to_who_called_it(self, contract: Contract) -> None:
        member(Role.MANAGER)
        made = call_meeting(contract=contract, kind="REVIEW", day=date(2026, 3, 20), by=sponsor(), now=NOW)
        told()
        told()
        assert written() == [(Kind.MEETING_CALLED, SAM), (Kind.MEETING_CALLED, "acme.manager@acme.example")]
        mail = letter(Kind.MEETING_CALLED, SAM)
        assert mail.subject == "A meeting was called for 2026-03-20: The web shop of Acme"
        assert "(review) was called for 2026-03-20." in mail.text
        assert f"http://localhost:8000/console/{HERE}meetings/{made.key}/" in mail.text
        move_meeting(meeting=made, day=date(2026, 3, 23), by=service_manager(), now=NOW)
        told()
        assert written()[2:] == [(Kind.MEETING_CALLED, "acme.manager@acme.example"), (Kind.MEETING_CALLED, ADA)]
        moved = letter(Kind.MEETING_CALLED, ADA)
        assert moved.subject == "A meeting was moved to 2026-03-23: The web shop of Acme"
        assert f"/portal/{HERE}meetings/{made.key}/" in moved.text

    def test_sends_its_minutes_to_those_who_did_not_write_them(self, contract: Contract) -> None:
        minuted(contract)
        told()
        assert written() == [(Kind.MINUTES_WRITTEN, ADA)]
        mail = letter(Kind.MINUTES_WRITTEN, ADA)
        assert mail.subject == "The minutes of 2026-02-13 are there: The web shop of Acme"
        for each in ("Sam wrote the minutes", "There: Ada, Sam", "We buy a disk."):
            assert each in mail.text
        minuted(contract, "We buy two disks.")
        told()
        last = Message.objects.filter(kind=Kind.MINUTES_WRITTEN).latest("pk")
        assert last.subject == "The minutes of 2026-02-13 were corrected: The web shop of Acme"
        assert "We buy two disks." in last.text

    def test_speaks_the_language_of_the_reader(self, contract: Contract) -> None:
        Person.objects.filter(email=ADA).update(language="de")
        minuted(contract)
        told()
        assert '<html lang="de">' in letter(Kind.MINUTES_WRITTEN, ADA).html


class TestAScopeChange:
    def test_goes_to_who_decides_and_back(self, contract: Contract) -> None:
        change = propose_change(contract=contract, text="A second till.", amount=5000, by=service_manager(), now=NOW)
        told()
        assert written() == [(Kind.CHANGE_PROPOSED, ADA)]
        mail = letter(Kind.CHANGE_PROPOSED, ADA)
        assert mail.subject == "Northwind IT proposes a scope change: The web shop of Acme"
        for each in ("with 50.00 EUR a month", "A second till.", f"/portal/{HERE}changes/"):
            assert each in mail.text
        decide_change(change=change, approve=True, by=sponsor(), now=NOW)
        told()
        assert written()[1:] == [(Kind.CHANGE_DECIDED, SAM)]
        mail = letter(Kind.CHANGE_DECIDED, SAM)
        assert mail.subject == "Your scope change was approved: The web shop of Acme"
        assert "the next version of the agreement" in mail.text

    def test_that_was_decided_at_once_waits_for_nobody(self, contract: Contract) -> None:
        change = propose_change(contract=contract, text="A second till.", amount=5000, by=sponsor(), now=NOW)
        decide_change(change=change, approve=False, by=service_manager(), now=NOW)
        told()
        assert written() == [(Kind.CHANGE_DECIDED, ADA)]
        mail = letter(Kind.CHANGE_DECIDED, ADA)
        assert mail.subject == "Your scope change was refused: The web shop of Acme"
        assert "the terms stay as they are" in mail.text

    def test_that_waits_is_told_whatever_one_does_without(self, contract: Contract) -> None:
        choose_mails(wanted=[], by=sponsor(), now=NOW)
        propose_change(contract=contract, text="A second till.", amount=5000, by=service_manager(), now=NOW)
        minuted(contract)
        told()
        assert written() == [(Kind.CHANGE_PROPOSED, ADA)]
        assert Kind.CHANGE_PROPOSED in MUST


class TestADuty:
    DUE = datetime(2026, 2, 1, 9, tzinfo=NOW.tzinfo)

    def test_is_remembered_a_week_before_by_the_side_that_has_it_and_once(self, contract: Contract) -> None:
        assert remind(now=self.DUE - 8 * DAY) == 0
        assert remind(now=self.DUE - 7 * DAY) == 1
        assert remind(now=self.DUE) == 0
        assert written() == [(Kind.DUTY_DUE, ADA)]
        mail = letter(Kind.DUTY_DUE, ADA)
        assert mail.subject == "A duty is due on 2026-02-01: The web shop of Acme"
        for each in ("Acme does the following by 2026-02-01", "Power is there.", f"/portal/{HERE}duties/"):
            assert each in mail.text

    def test_is_told_to_both_sides_when_its_day_is_over_and_nobody_said_a_word(self, contract: Contract) -> None:
        assert remind(now=self.DUE + DAY) == 2
        assert remind(now=self.DUE + 2 * DAY) == 0
        assert written() == [(Kind.DUTY_OVERDUE, SAM), (Kind.DUTY_OVERDUE, ADA)]
        mail = letter(Kind.DUTY_OVERDUE, SAM)
        assert mail.subject == "A duty was due on 2026-02-01: The web shop of Acme"
        assert "nobody has said how it stands" in mail.text

    def test_is_not_told_that_is_overdue_for_long(self, contract: Contract) -> None:
        assert remind(now=self.DUE + 31 * DAY) == 0

    def test_is_not_told_of_which_something_was_said(self, contract: Contract) -> None:
        said = {"duty": "power", "standing": "MET", "since": date(2026, 1, 5)}
        mark_duty(contract=contract, **said, by=sponsor(), now=NOW)  # type: ignore[arg-type]
        assert remind(now=self.DUE - DAY) + remind(now=self.DUE + DAY) == 0

    def test_of_the_house_is_told_to_the_house(self) -> None:
        house()
        bought(BOUGHT + "duties:\n  power: {text: Power is there., due: 2026-02-01}\n")
        assert remind(now=self.DUE - DAY) == 1
        assert written() == [(Kind.DUTY_DUE, SAM)]
        assert remind(now=self.DUE + DAY) == 2
        assert written()[1:] == [
            (Kind.DUTY_OVERDUE, "hosting-gmbh.affiliate@hosting-gmbh.example"),
            (Kind.DUTY_OVERDUE, SAM),
        ]


class TestAnAgreedAction:
    def test_is_told_to_its_side_when_its_day_is_over_and_once(self, contract: Contract) -> None:
        agreed(contract, contract.customer_id, date(2026, 3, 12))
        agreed(contract, contract.provider_id, date(2026, 3, 13))
        assert remind(now=NOW + 2 * DAY) == 0
        assert remind(now=NOW + 3 * DAY) == 1
        assert remind(now=NOW + 4 * DAY) == 1
        assert remind(now=NOW + 5 * DAY) == 0
        assert written() == [(Kind.AGREED_OVERDUE, ADA), (Kind.AGREED_OVERDUE, SAM)]
        mail = letter(Kind.AGREED_OVERDUE, ADA)
        assert mail.subject == "An agreed action is overdue: The web shop of Acme"
        for each in ("Erik was to do this", "by 2026-03-12", "Buy a disk.", f"/portal/{HERE}"):
            assert each in mail.text

    def test_is_over_by_the_clocks_of_the_agreement(self, contract: Contract) -> None:
        agreed(contract, contract.customer_id, date(2026, 3, 12))
        assert remind(now=datetime(2026, 3, 12, 22, 59, tzinfo=NOW.tzinfo)) == 0
        assert remind(now=datetime(2026, 3, 12, 23, 1, tzinfo=NOW.tzinfo)) == 1

    def test_is_not_told_that_is_done_or_overdue_for_long(self, contract: Contract) -> None:
        done = agreed(contract, contract.customer_id, date(2026, 3, 12))
        complete_action(action=done, result="It runs.", by=sponsor(), now=NOW)
        agreed(contract, contract.customer_id, date(2026, 2, 1))
        assert remind(now=NOW + 5 * DAY) == 0


class TestWhatRunsOut:
    def test_is_told_to_the_house_thirty_days_before_and_once(self, contract: Contract) -> None:
        until = date(2026, 5, 1)
        told_of = {"who": "Sam", "what": "The shop", "way": "VPN", "until": until}
        grant_access(contract=contract, **told_of, by=owner(), now=NOW)  # type: ignore[arg-type]
        ended = grant_access(contract=contract, **told_of, by=owner(), now=NOW)  # type: ignore[arg-type]
        end_grant(grant=ended, by=owner(), now=NOW)
        said = {"title": "Liability", "insurer": "Allianz", "amount": 100, "currency": "EUR", "until": until}
        keep_policy(organisation=house(), **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        shown = {"kind": "CERTIFICATION", "words": "", "day": date(2023, 5, 2)}
        for title, last in (("ISO 27001", until), ("ISO 20000", None)):
            show_assurance(title=title, until=last, **shown, by=owner(), now=NOW)  # type: ignore[arg-type]
        at = datetime(2026, 4, 1, 6, tzinfo=NOW.tzinfo)
        assert remind(now=at - DAY) == 0
        assert remind(now=at) == 3
        assert remind(now=at + DAY) == 0
        assert written() == [(Kind.RUNNING_OUT, SAM)] * 3
        access, insurance, certified = Message.objects.filter(kind=Kind.RUNNING_OUT).order_by("pk")
        assert access.subject == "An access ends on 2026-05-01: The web shop of Acme"
        assert "Sam: The shop" in access.text
        assert f"/console/{HERE}access/" in access.text
        assert insurance.subject == "An insurance ends on 2026-05-01: Northwind IT"
        assert "Liability" in insurance.text
        assert "http://localhost:8000/console/assurance/" in insurance.text
        assert certified.subject == "ISO 27001 ends on 2026-05-01"
        assert "trust page" in certified.text

    def test_is_not_told_any_more_once_it_ran_out(self, contract: Contract) -> None:
        told_of = {"who": "Sam", "what": "The shop", "way": "VPN", "until": date(2026, 3, 12)}
        grant_access(contract=contract, **told_of, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert remind(now=NOW + 3 * DAY) == 0
        assert remind(now=NOW + 2 * DAY) == 1

    def test_of_the_house_is_not_for_limited_staff(self, contract: Contract) -> None:
        said = {"title": "Liability", "insurer": "", "amount": 100, "currency": "EUR", "until": date(2026, 4, 1)}
        keep_policy(organisation=house(), **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        Membership.objects.get(person__name="Sam").customers.set([organisation("acme")])
        assert remind(now=NOW) == 1
        assert written() == [(Kind.RUNNING_OUT, "olga@northwind-it.example")]

    def test_is_told_to_nobody_where_nobody_is(self, contract: Contract) -> None:
        said = {"title": "Liability", "insurer": "", "amount": 100, "currency": "EUR", "until": date(2026, 4, 1)}
        keep_policy(organisation=house(), **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        Membership.objects.filter(organisation=house()).update(ended_at=NOW)
        assert remind(now=NOW) == 0


class TestTheChoice:
    @pytest.mark.parametrize(("site", "kinds"), [(Site.CONSOLE, 8), (Site.PORTAL, 7), (Site.PARTNER, 6)])
    def test_has_the_mails_of_governance_that_are_written_there(self, site: Site, kinds: int) -> None:
        ours = {each for each in KINDS_AT[site] if each in list(Kind)[list(Kind).index(Kind.MEETING_CALLED) :]}
        assert (Kind.RUNNING_OUT in ours, Kind.DUTY_DUE in ours) == (site is Site.CONSOLE, site is not Site.PARTNER)
        assert len(ours) == kinds
