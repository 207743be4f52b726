"""Mails that come in: to the case that they are about, to a new one, or aside; each once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from makegood.platform.evidence.service_desk.models import Attachment, Case, HeldFor, Mail, Mailbox, Message, State
from makegood.platform.evidence.service_desk.operations import (
    UnableToServe,
    accept_mail,
    change_mailbox,
    discard_mail,
    end_mailbox,
    make_mailbox,
    move_case,
    refer_case,
    rotate_mailbox,
    seal_mailboxes_anew,
    take_mail,
    write_message,
)
from makegood.platform.evidence.service_desk.queries import held_mails, mailbox_of, mailboxes, mails, messages
from makegood.platform.sealing import opened as opened_secret
from makegood.platform.tenancy.access.models import Membership
from makegood.platform.tenancy.messages.models import Message as Outgoing
from makegood.platform.tenancy.parties.models import Contact
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.desk import MONDAY, after, desk, engineer, opened, user
from tests.platform.mailing import ADDRESS, UMA, bounce, mail, mailbox, owner, server
from tests.platform.people import house, organisation, person, viewer
from tests.platform.test_desk_messages import bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def box() -> Mailbox:
    desk()
    person("Uma", organisation("acme"), Role.USER)
    return mailbox()


def took(box: Mailbox, raw: Any = None, *, now: datetime = MONDAY, **more: Any) -> Mail:
    found = raw if isinstance(raw, bytes) else mail(**more).as_bytes()
    return take_mail(mailbox=box, raw=found, now=now)


def written() -> list[tuple[str, str]]:
    return list(Outgoing.objects.order_by("pk").values_list("kind", "to"))


def case() -> Case:
    return Case.objects.get()


def answer(to: Outgoing | None = None, **more: Any) -> dict[str, Any]:
    ours = to or Outgoing.objects.get(kind="case_acknowledged")
    return {"number": "<2@acme.example>", "In_Reply_To": f"<makegood.{ours.pk}@northwind-it.example>", **more}


class TestAMailOfACustomer:
    def test_opens_a_case_and_is_answered_from_the_mailbox(self, box: Mailbox) -> None:
        made = mail()
        made.add_attachment(b"log", maintype="text", subtype="x-log", filename="till.log")
        made.add_attachment(b"MZ", maintype="application", subtype="x-dosexec", filename="fix.exe")
        taken = took(box, made.as_bytes())
        assert (taken.state, taken.raw, taken.case, str(taken)) == ("TAKEN", None, case(), "Till")
        found = case()
        assert (found.title, found.symptoms, found.channel, found.kind) == (
            "Till",
            "The till is silent.",
            "MAIL",
            "incident",
        )
        assert (found.requester, found.requester_email, found.owner.name) == (
            person("Uma", organisation("acme")),
            UMA,
            "Sam",
        )
        said = Message.objects.get(kind="MAIL_IN")
        assert (said.text, said.public, said.number, said.who, said.organisation) == (
            "The till is silent.",
            True,
            "<1@acme.example>",
            f"Uma <{UMA}>",
            organisation("acme"),
        )
        assert list(Attachment.objects.values_list("name", "refused", "size")) == [
            ("till.log", "", 3),
            ("fix.exe", "This is a program, and programs are not kept.", 2),
        ]
        assert written() == [("case_acknowledged", UMA), ("case_answered", "sam@northwind-it.example")]
        assert Outgoing.objects.get(kind="case_acknowledged").sender == f'"Northwind IT" <{ADDRESS}>'

    def test_goes_to_the_case_that_it_answers(self, box: Mailbox) -> None:
        took(box)
        move_case(case=case(), to="HELD", held_for=HeldFor.INFORMATION, by=engineer(), now=after(minutes=5))
        raw = mail("Port 3.\n\nOn Monday, Northwind wrote:\n> Which port?\n", **answer()).as_bytes()
        taken = took(box, raw, now=after(minutes=20))
        assert (taken.case, case().state) == (case(), State.OPEN)
        said = Message.objects.get(number="<2@acme.example>")
        assert (said.text, said.quoted) == ("Port 3.", "On Monday, Northwind wrote:\n> Which port?")
        assert written()[-1] == ("case_answered", "sam@northwind-it.example")
        third = took(box, now=after(minutes=21), number="<3@acme.example>", References="<2@acme.example>")
        assert third.case == case()

    def test_goes_to_the_case_that_its_subject_names(self, box: Mailbox) -> None:
        made = opened(requester=person("Uma", organisation("acme")))
        taken = took(box, subject=f"AW: [#{made.pk}] Till", sender="Otto <otto@acme.example>")
        assert (taken.case, Case.objects.count()) == (made, 1)
        other = took(box, subject="Re: [#999999999] Till", number="<9@acme.example>")
        assert other.case is not None
        assert other.case.title == "Till"

    def test_may_be_longer_than_what_is_shown(self, box: Mailbox) -> None:
        took(box, mail("x" * 70 + "\n" * 1 + ("y" * 70 + "\n") * 400, subject="").as_bytes())
        assert (len(case().symptoms), case().title) == (20_000, "x" * 70)
        kept = Attachment.objects.get()
        assert (kept.name, kept.size) == ("mail.txt", 70 + 1 + 71 * 400 - 1 + 2)
        assert took(box, text="", subject="", number="<8@acme.example>").case.title == "A mail without a subject"  # type: ignore[union-attr]

    def test_of_a_contact_or_of_the_same_domain_is_known(self, box: Mailbox) -> None:
        Contact.objects.create(organisation=organisation("acme"), name="Carl", email="Carl@gmail.com", role="TECHNICAL")
        assert took(box, sender="carl@gmail.com").case.requester_name == "Carl"  # type: ignore[union-attr]
        new = took(box, sender="Neo <neo@acme.example>", number="<2@acme.example>")
        assert (new.case.requester_name, new.case.requester) == ("Neo", None)  # type: ignore[union-attr]
        assert took(box, sender="carla@gmail.com", number="<3@acme.example>").state == "HELD"

    def test_in_the_mailbox_of_a_customer_is_owned_by_whoever_looks_after_it(self, box: Mailbox) -> None:
        own = mailbox(
            name="Acme", address="acme@northwind-it.example", customer=organisation("acme"),
            owner=person("Eva", house(), Role.ENGINEER), kind="request",
        )  # fmt: skip
        taken = took(own)
        assert (case().owner.name, case().kind) == ("Eva", "request")
        assert "acme@northwind-it.example" in Outgoing.objects.get(kind="case_acknowledged").sender
        organisation("globex")
        person("Gus", organisation("globex"), Role.USER)
        held = took(own, sender="gus@globex.example", number="<g@globex.example>")
        assert held.reason == "The sender is not of the customer that this mailbox is for."
        del taken, box


class TestAMailIsHeld:
    @pytest.mark.parametrize(
        ("_case", "more", "reason"),
        [
            ("nobody", {"sender": "stranger@elsewhere.example"}, "Nobody knows this sender."),
            ("no address", {"sender": "stranger"}, "Nobody knows this sender."),
            ("ours", {"sender": "sam@northwind-it.example"}, "One of our own people wrote this mail"),
            ("a machine", {"Auto_Submitted": "auto-generated"}, "No person wrote this mail, and it belongs to no case"),
        ],
    )
    def test_if_it_belongs_to_nobody(self, box: Mailbox, _case: str, more: dict[str, Any], reason: str) -> None:
        taken = took(box, **more)
        assert taken.state == "HELD"
        assert taken.reason.startswith(reason)
        assert bytes(taken.raw or b"") == mail(**more).as_bytes()
        assert (Case.objects.count(), written()) == (0, [])

    def test_if_a_stranger_names_a_case(self, box: Mailbox) -> None:
        made = opened()
        taken = took(box, subject=f"[#{made.pk}] Till", sender="stranger@elsewhere.example")
        assert taken.reason == f"The sender has nothing to do with case #{made.pk}, which the mail is about."
        assert not messages(viewer=engineer(), case=made).exists()

    def test_if_the_sender_belongs_to_two_customers(self, box: Mailbox) -> None:
        both = person("Uma", organisation("acme"))
        Membership.objects.create(person=both, organisation=organisation("globex"), role=Role.USER, since=MONDAY)
        assert took(box).reason == "The sender belongs to more than one customer."

    def test_if_it_is_too_large_or_cannot_be_read(self, box: Mailbox) -> None:
        big = take_mail(mailbox=box, raw=mail().as_bytes(), now=MONDAY, size=26 * 1024 * 1024)
        assert (big.reason, big.sender) == ("This mail is larger than 25 MiB.", UMA)
        huge = took(box, mail(number="<2@x>").as_bytes() + b"x" * (25 * 1024 * 1024))
        assert (huge.state, len(bytes(huge.raw or b""))) == ("HELD", 64 * 1024)

    def test_if_nobody_works_here_who_could_own_a_case(self) -> None:
        organisation("acme")
        person("Uma", organisation("acme"), Role.USER)
        box = mailbox()
        Membership.objects.filter(organisation=house()).update(ended_at=after(days=9))
        assert took(box).reason == "Nobody works here yet who could own this case of Acme."


class TestAMailOfAMachine:
    def test_is_a_note_at_the_case_and_answered_by_nobody(self, box: Mailbox) -> None:
        took(box)
        before = written()
        taken = took(box, now=after(minutes=1), **answer(Auto_Submitted="auto-replied"))
        assert (taken.state, taken.message.public) == ("TAKEN", False)  # type: ignore[union-attr]
        assert (written(), messages(viewer=user(), case=case()).count()) == (before, 2)

    def test_that_another_did_not_arrive_is_noted_at_its_case(self, box: Mailbox) -> None:
        took(box)
        ours = Outgoing.objects.get(kind="case_acknowledged")
        taken = took(box, bounce(f"<makegood.{ours.pk}@northwind-it.example>"), now=after(minutes=1))
        assert (taken.case, taken.message.text, taken.message.public) == (  # type: ignore[union-attr]
            case(),
            f"A mail to {UMA} was not delivered: smtp; 550 User unknown",
            False,
        )
        lost = took(box, bounce("<77@elsewhere.example>", action="Failed"))
        assert lost.reason == "A mail did not arrive, and it is not known which: Undelivered Mail Returned to Sender"
        gone = took(box, bounce("<makegood.123456@elsewhere.example>").replace(b"<b-", b"<c-"))
        assert gone.state == "HELD"

    def test_that_says_nothing_of_itself_is_answered_ten_times_at_most(self, box: Mailbox) -> None:
        for number in range(30):  # a new case each time, because it names none
            took(box, number=f"<l{number}@acme.example>", now=after(seconds=number))
        assert Case.objects.count() == 30
        assert [kind for kind, _to in written()].count("case_acknowledged") == 10

    def test_that_answers_each_answer_ends_as_notes(self, box: Mailbox) -> None:
        took(box)
        for number in range(30):
            took(box, **{**answer(), "number": f"<l{number}@acme.example>"}, now=after(seconds=number))
        said = Message.objects.filter(kind="MAIL_IN")
        assert (said.filter(public=True).count(), said.filter(public=False).count()) == (10, 21)
        took(box, **{**answer(), "number": "<later@acme.example>"}, now=after(minutes=30))
        assert said.filter(public=True).count() == 11

    def test_is_our_own_when_it_comes_back(self, box: Mailbox, settings: Any) -> None:
        taken = took(box, X_Loop=settings.DEFAULT_FROM_EMAIL)
        assert taken.reason == "No person wrote this mail, and it belongs to no case: X-Loop"


class TestAMailOfOurOwnPeople:
    def test_is_a_note_because_anybody_may_write_their_address(self, box: Mailbox) -> None:
        made = opened(requester=person("Uma", organisation("acme")))
        took(box, sender="sam@northwind-it.example", subject=f"[#{made.pk}]")
        made.refresh_from_db()
        assert (Message.objects.get(kind="MAIL_IN").public, made.responded_at) == (False, None)


class TestAMailOfAnAffiliate:
    def test_goes_to_what_was_referred_to_it(self, box: Mailbox) -> None:
        bought()
        fred = person("Fred", organisation("fixers"), Role.AFFILIATE)
        made = refer_case(case=opened(), affiliate=organisation("fixers"), why="Help.", by=engineer(), now=MONDAY)
        taken = took(box, sender=fred.email, subject=f"[#{made.pk}]")
        assert (taken.case, taken.message.public, written()[-1]) == (  # type: ignore[union-attr]
            made,
            True,
            ("case_answered", "eva@northwind-it.example"),
        )
        assert took(box, subject=f"[#{made.pk}]", number="<u@x>").state == "HELD"
        Contact.objects.create(organisation=organisation("fixers"), name="Finn", email="f@gmail.com", role="TECHNICAL")
        assert took(box, sender="f@gmail.com", number="<f@x>").reason == "Nobody knows this sender."


class TestAMailIsTakenOnce:
    def test_however_often_it_comes(self, box: Mailbox) -> None:
        first, second = took(box), took(box)
        assert (first.pk, Case.objects.count()) == (second.pk, 1)
        other = took(box, text="Something else under the same number.\n")
        assert (other.state, Case.objects.count()) == ("TAKEN", 2)
        assert list(Message.objects.filter(kind="MAIL_IN").values_list("number", flat=True)) == ["<1@acme.example>", ""]
        held = took(box, sender="stranger@elsewhere.example", number="<s@x>")
        assert took(box, sender="stranger@elsewhere.example", number="<s@x>").pk == held.pk


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_take_a_mail_once(self) -> None:
        desk()
        person("Uma", organisation("acme"), Role.USER)
        box = mailbox()

        def take(_number: int) -> int:
            try:
                return took(box).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(10) as pool:
            assert len(set(pool.map(take, range(10)))) == 1
        assert (Case.objects.count(), Message.objects.filter(kind="MAIL_IN").count(), len(written())) == (1, 1, 2)


class TestAHeldMail:
    def test_is_accepted_for_a_customer_whose_contact_its_sender_becomes(self, box: Mailbox) -> None:
        held = took(box, sender="Nora New <nora@elsewhere.example>")
        manager = viewer(person("Sam", house(), Role.SERVICE_MANAGER), Site.CONSOLE)
        taken = accept_mail(mail=held, customer=organisation("acme"), as_contact=True, by=manager, now=after(hours=1))
        assert (taken.state, taken.raw, taken.case.requester_name, taken.decided_by_id) == (  # type: ignore[union-attr]
            "TAKEN",
            None,
            "Nora New",
            manager.person,
        )
        assert written() == [
            ("case_acknowledged", "nora@elsewhere.example"),
            ("case_answered", "sam@northwind-it.example"),
        ]
        assert took(box, sender="nora@elsewhere.example", number="<n2@x>").state == "TAKEN"
        with pytest.raises(UnableToServe, match="not held any more"):
            discard_mail(mail=held, by=manager, now=after(hours=2))

    def test_goes_to_the_case_that_it_names(self, box: Mailbox) -> None:
        made = opened()
        held = took(box, sender="nora@elsewhere.example", subject=f"[#{made.pk}] Till")
        taken = accept_mail(mail=held, customer=organisation("acme"), by=engineer(), now=after(hours=1))
        assert (taken.case, Case.objects.count()) == (made, 1)

    def test_that_cannot_be_read_comes_as_a_file(self, box: Mailbox) -> None:
        held = take_mail(mailbox=box, raw=mail().as_bytes(), now=MONDAY, size=26 * 1024 * 1024)
        taken = accept_mail(mail=held, customer=organisation("acme"), by=engineer(), now=after(hours=1))
        assert taken.case is not None
        assert (taken.case.symptoms, Attachment.objects.get().name) == ("This mail is larger than 25 MiB.", "mail.eml")

    def test_of_a_machine_is_not_answered(self, box: Mailbox) -> None:
        held = took(box, Auto_Submitted="auto-generated")
        accept_mail(mail=held, customer=organisation("acme"), by=engineer(), now=after(hours=1))
        assert (Case.objects.count(), written()) == (1, [])

    def test_is_thrown_away_and_its_words_with_it(self, box: Mailbox) -> None:
        held = took(box, sender="spam@elsewhere.example")
        gone = discard_mail(mail=held, by=engineer(), now=after(hours=1))
        assert (gone.state, gone.raw) == ("DISCARDED", None)
        assert took(box, sender="spam@elsewhere.example").pk == gone.pk
        assert not held_mails(viewer=engineer()).exists()

    def test_is_decided_by_staff_that_sees_every_customer(self, box: Mailbox) -> None:
        held = took(box, sender="nora@elsewhere.example")
        limited = Viewer(
            name="Lim", house=house().pk, person=person("Lim", house()).pk, site=Site.CONSOLE,
            roles={house().pk: frozenset({Role.ENGINEER})}, limited=frozenset({organisation("acme").pk}),
        )  # fmt: skip
        auditor = viewer(person("Aud", house(), Role.AUDITOR), Site.CONSOLE)
        assert (list(held_mails(viewer=limited)), list(held_mails(viewer=user()))) == ([], [])
        assert list(held_mails(viewer=auditor)) == [held]
        for by, sentence in ((limited, "not held any more"), (auditor, "Your role"), (user(), "Your role")):
            with pytest.raises(UnableToServe, match=sentence):
                accept_mail(mail=held, customer=organisation("acme"), by=by, now=after(hours=1))
        with pytest.raises(UnableToServe, match="to which customer"):
            accept_mail(mail=held, customer=house(), by=engineer(), now=after(hours=1))


class TestAMailbox:
    def test_is_kept_by_the_owner(self) -> None:
        organisation("acme")
        made, secret = make_mailbox(
            name="Help", address=" Help@Northwind-IT.example", server=server(1143), by=owner(), now=MONDAY
        )
        assert (made.address, made.folder, secret, opened_secret(made.password or b"")) == (
            ADDRESS,
            "INBOX",
            "",
            "secret",
        )
        change: dict[str, Any] = {
            "mailbox": made,
            "by": owner(),
            "now": after(hours=1),
            "kind": "request",
            "owner": None,
        }
        changed = change_mailbox(
            **change, name="Help 2", customer=organisation("acme"), server=server(993, password="", folder="Desk")
        )
        assert (changed.name, changed.port, changed.folder, opened_secret(changed.password or b"")) == (
            "Help 2",
            993,
            "Desk",
            "secret",
        )
        assert change_mailbox(**change, name="Help 3", customer=None).port == 993
        with pytest.raises(UnableToServe, match="change its password"):
            rotate_mailbox(mailbox=made, by=owner(), now=after(hours=2))
        end_mailbox(mailbox=made, by=owner(), now=after(hours=3))
        with pytest.raises(UnableToServe, match="has ended"):
            end_mailbox(mailbox=made, by=owner(), now=after(hours=4))

    def test_that_is_posted_to_has_a_secret_of_its_own(self) -> None:
        made, secret = make_mailbox(name="Help", address=ADDRESS, signing="STANDARD", by=owner(), now=MONDAY)
        assert secret.startswith("whsec_")
        again = rotate_mailbox(mailbox=made, by=owner(), now=after(hours=1))
        made.refresh_from_db()
        assert (opened_secret(made.secret or b""), again != secret) == (again, True)
        assert [mailbox_of(token=each) for each in (str(made.token), "none")] == [made, None]
        with pytest.raises(UnableToServe, match="are posted"):
            change_mailbox(
                mailbox=made, name="a", kind="incident", customer=None, owner=None, server=server(993), by=owner(),
                now=after(hours=1),
            )  # fmt: skip

    def test_is_sealed_anew(self, settings: Any) -> None:
        mailbox()
        make_mailbox(name="b", address="b@x.example", server=server(993), by=owner(), now=MONDAY)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
        assert seal_mailboxes_anew() == 2
        settings.SECRET_KEY_FALLBACKS = []
        assert [opened_secret(each.password or each.secret or b"") != "" for each in Mailbox.objects.all()] == [
            True
        ] * 2
        settings.SECRET_KEY = "other"  # noqa: S105  # of this test
        assert seal_mailboxes_anew() == 0

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"signing": ""}, "Name the server"),
            ({"address": "help"}, "address that customers write to"),
            ({"name": " "}, "Name the mailbox"),
            ({"kind": "party"}, "an incident or a request"),
            ({"server": server(25)}, "993 or 143"),
            ({"server": server(99_999)}, "993 or 143"),
            ({"server": server(993, host="a b")}, "Name the server"),
            ({"server": server(993, security="SOME")}, "connection is protected"),
            ({"server": server(993, user="a\r\nb")}, "User and folder"),
            ({"server": server(993, folder="Entwürfe")}, "User and folder"),
            ({"server": server(993, password="a\r\n")}, "cannot be a password"),  # noqa: S106  # of this test
            ({"server": server(993, password="")}, "Without a password"),
        ],
    )
    def test_is_refused_where_something_lacks(self, more: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UnableToServe, match=sentence):
            mailbox(**more)
        assert not Mailbox.objects.exists()

    def test_is_refused_for_the_house_for_others_and_twice(self) -> None:
        made = mailbox()
        with pytest.raises(UnableToServe, match="for this address already"):
            mailbox(name="again")
        with pytest.raises(UnableToServe, match="for one customer"):
            mailbox(address="b@x.example", customer=house())
        with pytest.raises(UnableToServe, match="does not work on cases"):
            mailbox(address="b@x.example", owner=person("Uma", organisation("acme")))
        with pytest.raises(UnableToServe, match="by the owner"):
            mailbox(address="b@x.example", by=engineer())
        assert str(made) == "Help"

    def test_is_seen_by_those_who_answer_for_it(self, box: Mailbox) -> None:
        taken = took(box)
        took(box, sender="nora@elsewhere.example", number="<2@x>")
        assert [(each.name, each.held) for each in mailboxes(viewer=owner())] == [("Help", 1)]  # type: ignore[attr-defined]
        assert mails(viewer=owner(), mailbox=box).count() == 2
        assert not mailboxes(viewer=engineer()).exists()
        assert not mails(viewer=user(), mailbox=box).exists()
        assert taken.case is not None

    def test_is_where_mails_of_its_cases_are_from(self, box: Mailbox) -> None:
        made = opened(requester=person("Uma", organisation("acme")))
        write_message(case=made, text="Hello.", public=True, by=engineer(), now=after(minutes=1))
        assert [each.sender for each in Outgoing.objects.all()] == [f'"Northwind IT" <{ADDRESS}>'] * 2
        del box
