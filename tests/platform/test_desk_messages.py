"""What is said about a case: messages, calls, notes, and the promise to tell the customer how it stands."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as outbox
from django.db import DatabaseError, transaction

from makegood.engine.evidence.records import Transition
from makegood.platform.agreement.contracts import operations as contracting
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.evidence.service_desk.models import (
    Attachment,
    Case,
    HeldFor,
    Message,
    State,
    Step,
    UnsentUpdate,
    Update,
)
from makegood.platform.evidence.service_desk.operations import (
    File,
    UnableToServe,
    move_case,
    open_case,
    prioritise,
    refer_case,
    reject,
    relate,
    resolve,
    send_steps,
    write_message,
)
from makegood.platform.evidence.service_desk.operations.opening import Intake
from makegood.platform.evidence.service_desk.queries import messages
from makegood.platform.tenancy.messages import operations as sending
from makegood.platform.tenancy.messages.models import Message as Outgoing
from makegood.platform.tenancy.viewer import Role, Site
from makegood.vault.vault import Vault
from tests.platform.agreements import service_manager, sponsored, staffed
from tests.platform.desk import DESK, after, clock, desk, engineer, opened, sponsor, user
from tests.platform.evidence import member
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
UMA = "uma@acme.example"
BOUGHT = (
    DESK.replace("agreement: acme-desk", "agreement: field")
    .replace("provider: northwind-it, customer: acme", "provider: fixers, customer: northwind-it")
    .replace("The service desk of Acme", "Work in the field")
)


def uma() -> dict[str, Any]:
    return {"requester": person("Uma", organisation("acme"))}


def bought() -> None:
    """Agree with an affiliate about such cases, too."""
    manager, fixers = service_manager(), organisation("fixers")
    contract = contracting.draft_contract(text=BOUGHT, by=manager, now=NOW)
    sponsored(fixers, house())
    contracting.offer_version(version=contract.versions.get(), by=manager, now=NOW)
    version = contract.versions.get()
    contracting.sign_version(version=version, name="Fred", by=member(Role.AFFILIATE, "fixers"), now=NOW)
    contracting.sign_version(version=version, name="Sam Smith", by=manager, now=NOW)
    contracting.declare_source(contract=contract, name="Desk", reports=["incident", "outage"], by=manager, now=NOW)
    staffed(contract)
    contracting.activate_contract(contract=contract, by=manager, now=NOW)


def mails() -> list[tuple[str, str, str]]:
    return list(Outgoing.objects.order_by("pk").values_list("kind", "to", "subject"))


def updates(case: Case) -> list[tuple[int, str, object]]:
    return list(Update.objects.filter(case=case).order_by("pk").values_list("number", "word", "at"))


class TestAnAcknowledgement:
    def test_says_number_priority_and_what_was_promised_by_when(self) -> None:
        desk()
        case = opened(**uma())
        made = Outgoing.objects.get()
        assert (made.kind, made.to, made.subject) == ("case_acknowledged", UMA, f"[#{case.pk}] The till is silent")
        assert made.text.split("\n\n") == [
            f"We have received “The till is silent”. Its number is #{case.pk}; leave it in the subject when you answer.",
            "Its priority is critical.",
            "What we promised you:",
            "Somebody answers in time. By March 9, 2026, 11 a.m. (Europe/Berlin).",
            "Incidents are resolved in time. By March 9, 2026, 2 p.m. (Europe/Berlin).",
            f"http://localhost:8000/portal/requests/{case.pk}/\n",
        ]
        said = Message.objects.get(case=case)
        assert (said.kind, said.public, said.mail, case.responded_at) == ("MAIL_OUT", True, made, None)

    def test_speaks_the_language_of_its_reader(self) -> None:
        desk()
        reader = person("Uma", organisation("acme"))
        reader.language = "de"
        reader.save()
        opened(requester=reader)
        assert "9. März 2026 11:00 (Europe/Berlin)" in Outgoing.objects.get().text

    def test_promises_nothing_where_nothing_was_agreed(self) -> None:
        organisation("acme")
        opened(requester_email="ada@acme.example")
        assert "promised" not in Outgoing.objects.get().text

    def test_goes_to_nobody_without_an_address(self) -> None:
        desk()
        opened(requester_name="Uma")
        assert mails() == []
        open_case(
            customer=organisation("acme"),
            intake=Intake(title="Quiet", requester_email=UMA),
            channel="TEMPLATE",
            by=engineer(),
            now=after(),
            silently=True,
        )
        assert mails() == []

    def test_is_marked_as_written_by_a_machine(self) -> None:
        desk()
        opened(**uma())
        made = Outgoing.objects.get()
        sending.send(message=made.pk, now=after())
        heads = outbox.outbox[0].message()
        assert (heads["Auto-Submitted"], heads["X-Auto-Response-Suppress"], heads["Message-ID"]) == (
            "auto-generated",
            "All",
            f"<makegood.{made.pk}@localhost>",
        )


class TestAMessageOfThoseWhoWork:
    def test_is_the_first_response_and_goes_to_the_requester(self) -> None:
        desk()
        case = opened(**uma())
        made = write_message(
            case=case, text=" We look into it. ", public=True, by=engineer(), now=after(minutes=30),
            attachments=[File("plan.txt", "text/plain", b"one")],
        )  # fmt: skip
        case.refresh_from_db()
        assert (made.text, made.who, made.organisation, made.update) == ("We look into it.", "Eva", house(), True)
        assert (case.state, case.responded_at, case.told_at) == (State.OPEN, after(minutes=30), after(minutes=30))
        assert case.update_due_at == after(minutes=90)
        assert clock(case, "response").state == "STOPPED"
        assert mails()[-1] == ("case_message", UMA, f"[#{case.pk}] The till is silent")
        sent = Outgoing.objects.get(kind="case_message")
        assert (sent.text, sent.attachment_name, bytes(sent.attachment or b"")) == (
            f"We look into it.\n\nEva\n\nhttp://localhost:8000/portal/requests/{case.pk}/\n",
            "plan.txt",
            b"one",
        )
        assert made.mail == sent
        sending.send(message=sent.pk, now=after())
        assert outbox.outbox[-1].message()["Auto-Submitted"] is None

    def test_names_several_files_and_sends_none(self) -> None:
        desk()
        case = opened(**uma())
        files = [File("a.txt", "text/plain", b"a"), File("b.txt", "text/plain", b"b"), File("c.exe", "", b"MZ")]
        write_message(case=case, text="Two.", public=True, by=engineer(), now=after(minutes=5), attachments=files)
        sent = Outgoing.objects.get(kind="case_message")
        assert "you find them with your case: a.txt, b.txt\n" in sent.text
        assert sent.attachment is None
        assert list(Attachment.objects.values_list("name", "refused")) == [
            ("a.txt", ""),
            ("b.txt", ""),
            ("c.exe", "This is a program, and programs are not kept."),
        ]

    def test_stays_inside_as_a_note(self) -> None:
        desk()
        case = opened(**uma())
        write_message(case=case, text="Odd.", public=False, kind="NOTE", by=engineer(), now=after(minutes=5))
        case.refresh_from_db()
        assert (case.responded_at, case.told_at, len(mails())) == (None, None, 1)
        assert [each.text for each in messages(viewer=engineer(), case=case)][1:] == ["Odd."]
        assert [each.kind for each in messages(viewer=sponsor(), case=case)] == ["MAIL_OUT"]
        with pytest.raises(UnableToServe, match="not for the customer"):
            write_message(case=case, text="Odd.", public=True, kind="NOTE", by=engineer(), now=after(minutes=6))

    def test_may_be_the_note_of_a_call_that_was_earlier(self) -> None:
        desk()
        case = opened(**uma())
        made = write_message(
            case=case, text="She restarts it.", public=False, kind="CALL", caller="Uma", by=engineer(),
            now=after(minutes=50), at=after(minutes=20),
        )  # fmt: skip
        case.refresh_from_db()
        assert (made.who, made.at, made.update) == ("Eva ↔ Uma", after(minutes=20), False)
        assert (case.responded_at, case.told_at, len(mails())) == (after(minutes=20), after(minutes=20), 1)
        write_message(
            case=case,
            text="Before.",
            public=True,
            kind="CALL",
            by=engineer(),
            now=after(minutes=55),
            at=after(minutes=1),
        )
        case.refresh_from_db()
        assert case.told_at == after(minutes=20)

    @pytest.mark.parametrize(
        ("_case", "more", "sentence"),
        [
            ("nothing", {"text": " \x00"}, "Write what there is to say"),
            ("too long", {"text": "x" * 20_001}, "too long"),
            ("another kind", {"kind": "MAIL_IN"}, "is written here"),
            ("later", {"kind": "CALL", "at": after(hours=2)}, "lies in the future"),
            ("before the case", {"kind": "CALL", "at": after(hours=-1)}, "Only a call"),
            ("a page back in time", {"at": after(minutes=1)}, "Only a call"),
        ],
    )
    def test_is_refused(self, _case: str, more: dict[str, object], sentence: str) -> None:
        desk()
        case = opened()
        given: dict[str, object] = {"text": "Hello.", "public": True, **more}
        with pytest.raises(UnableToServe, match=sentence):
            write_message(case=case, by=engineer(), now=after(hours=1), **given)  # type: ignore[arg-type]
        assert not Message.objects.exists()

    def test_says_nothing_of_a_closed_duplicate_but_its_words(self) -> None:
        desk()
        first, second = opened(), opened()
        relate(case=second, to=first, as_duplicate=True, by=engineer(), now=after(minutes=1))
        write_message(case=second, text="See the other.", public=True, by=engineer(), now=after(minutes=2))
        second.refresh_from_db()
        assert (second.responded_at, second.told_at, second.update_due_at) == (None, after(minutes=2), None)

    def test_is_never_changed(self) -> None:
        desk()
        made = write_message(case=opened(), text="One.", public=True, by=engineer(), now=after(minutes=2))
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Message.objects.filter(pk=made.pk).update(text="Two.")


class TestAMessageOfTheCustomer:
    def test_goes_to_the_owner_and_lets_the_case_go_on(self) -> None:
        desk()
        case = opened(**uma())
        move_case(case=case, to="HELD", held_for=HeldFor.INFORMATION, by=engineer(), now=after(minutes=5))
        made = write_message(
            case=case, text="Port 3.\nRed.", public=True, update=True, by=user(), now=after(minutes=25)
        )
        case.refresh_from_db()
        assert (made.organisation, made.update, case.state, case.held_for) == (
            organisation("acme"),
            False,
            State.OPEN,
            "",
        )
        assert [(each.word, each.why) for each in Step.objects.filter(case=case)][-1] == (
            "open",
            "the customer answered",
        )
        assert clock(case, "resolution").due_at == after(hours=4, minutes=20)
        assert mails()[-1] == ("case_answered", "eva@northwind-it.example", f"[#{case.pk}] The till is silent")
        assert "Uma of Acme wrote:\n\n> Port 3.\n> Red.\n" in Outgoing.objects.get(kind="case_answered").text

    def test_is_seen_by_both_sides(self) -> None:
        desk()
        case = opened(**uma())
        with pytest.raises(UnableToServe, match="both sides see"):
            write_message(case=case, text="Psst.", public=False, by=user(), now=after(minutes=1))
        with pytest.raises(UnableToServe, match="no such case"):
            write_message(case=case, text="Hello.", public=True, by=user("Udo"), now=after(minutes=1))

    def test_reaches_nobody_who_is_gone(self) -> None:
        desk()
        case = opened()
        case.owner.is_active = False
        case.owner.save()
        write_message(case=case, text="Hello?", public=True, by=sponsor(), now=after(minutes=1))
        assert mails() == []


class TestAReferral:
    def test_is_talked_about_with_the_affiliate(self) -> None:
        desk()
        bought()
        fixer = viewer(person("Fred", organisation("fixers"), Role.AFFILIATE), Site.PARTNER)
        made = refer_case(
            case=opened(), affiliate=organisation("fixers"), why="A new cable.", by=engineer(), now=after(minutes=5)
        )
        write_message(case=made, text="Which one?", public=True, by=fixer, now=after(minutes=10))
        assert mails()[-1][:2] == ("case_message", "eva@northwind-it.example")
        assert f"http://localhost:8000/console/desk/{made.pk}/\n" in Outgoing.objects.latest("pk").text
        write_message(case=made, text="The red one.", public=True, by=engineer(), now=after(minutes=15))
        told = Outgoing.objects.get(to="fred@fixers.example")
        assert f"http://localhost:8000/partner/cases/{made.pk}/\n" in told.text
        made.refresh_from_db()
        assert made.responded_at == after(minutes=10)


class TestAnUpdate:
    def test_is_a_case_of_its_own_each_time_until_nothing_is_left_to_tell(self) -> None:
        contract = desk()
        case = opened()
        write_message(case=case, text="We look.", public=True, by=engineer(), now=after(minutes=40))
        write_message(case=case, text="Told her.", public=False, update=True, by=engineer(), now=after(hours=2))
        resolve(case=case, resolution="A cable.", by=engineer(), now=after(hours=3))
        assert updates(case) == [
            (1, "opened", after()),
            (1, "resolved", after(minutes=40)),
            (2, "opened", after(minutes=40)),
            (2, "resolved", after(hours=2)),
            (3, "opened", after(hours=2)),
            (3, "resolved", after(hours=3)),
        ]
        again = reject(case=case, why="Silent again.", by=sponsor(), now=after(days=2))
        assert (updates(again)[-1], again.update_due_at) == ((4, "opened", after(days=2)), after(days=2, hours=1))
        send_steps(contract=contract, now=after(days=2))
        found = [
            (each.case, each.state, each.at, each.priority)
            for each in Vault.open(vault_folder(contract)).records()
            if isinstance(each, Transition) and each.of == "update"
        ]
        assert found[:2] == [
            (f"{case.name}-update-1", "opened", after(), "critical"),
            (f"{case.name}-update-1", "resolved", after(minutes=40), "critical"),
        ]
        assert (len(found), UnsentUpdate.objects.count()) == (7, 0)

    def test_is_due_no_more_where_the_priority_promises_none(self) -> None:
        desk()
        case = opened(service="desk")
        low = prioritise(case=case, impact="low", urgency="low", why="One.", by=engineer(), now=after(minutes=10))
        assert (low.update_due_at, updates(case)[-1]) == (None, (1, "resolved", after(minutes=10)))
        high = prioritise(case=case, impact="high", urgency="high", why="All.", by=engineer(), now=after(minutes=20))
        assert high.update_due_at == after(minutes=80)
