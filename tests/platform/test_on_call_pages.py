"""Pages and links about being on call, as people and their programs use them."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import (
    Acknowledgement,
    Channel,
    Feed,
    Layer,
    Leave,
    Notification,
    Override,
    Page,
    PageState,
    PayRate,
    Policy,
    Presence,
    Rota,
    Skill,
)
from makegood.platform.evidence.on_call.operations import StepAsked
from makegood.platform.evidence.on_call.operations.notifying import NotPosted
from makegood.platform.evidence.on_call.queries import token_of
from makegood.platform.evidence.on_call.tasks import page_people, send_page
from makegood.platform.tenancy.access.models import Membership, Role
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.messages.operations import send
from tests.platform.agreements import offered, owner
from tests.platform.on_duty import MONDAY, engineer, later, layer, paged, policy, rota, seen_by, turning
from tests.platform.people import NOW, days_to, house, person
from tests.platform.signing_in import sign_in

pytestmark = pytest.mark.django_db
HERE = "/console/on-call/"


@pytest.fixture(autouse=True)
def today(settings: object) -> None:
    """Let pages live on the days after the small world's now; the hour is that of the machine."""
    settings.DAYS_SHIFTED = days_to(NOW) + 2  # type: ignore[attr-defined]


def client(name: str = "Olga", role: Role = Role.OWNER) -> Client:
    found = Client()
    found.force_login(person(name, house(), role))
    return found


def sent(address: str, said: dict[str, Any], by: Client | None = None) -> Any:
    return (by or client()).post(f"{HERE}{address}", said)


TURNS = {"starts_on": "2026-03-02", "hand_over": "09:00", "days": "7", "covers": ""}
SPAN = {"starts_at": "2026-03-20T09:00", "ends_at": "2026-03-21T09:00"}


class TestTheBoard:
    def test_says_what_to_do_where_there_is_no_rota(self) -> None:
        assert "Make one, and say who takes turns" in client().get(HERE).content.decode()
        assert "that you see" in client("Ben", Role.ENGINEER).get(HERE).content.decode()
        assert "There is no rota that you see" in client("Ben", Role.ENGINEER).get(f"{HERE}rotas/").content.decode()

    def test_shows_who_is_on_call(self) -> None:
        anna = engineer("Anna")
        turning(anna, engineer("Ben"), name="First line", days=14)
        operations.keep_channel(kind="PHONE", address="+49 228 1234", by=seen_by(anna), now=NOW)
        operations.say_presence(available=True, until=None, note="At home", by=seen_by(anna), now=NOW)
        operations.end_rota(rota=turning(anna, name="Gone"), by=owner(), now=NOW)
        layer(rota("Sundays", "sun 00:00-00:01"), anna)
        rota("Nobody's")
        page = client("Aud", Role.AUDITOR).get(HERE).content.decode()
        for each in ("Anna", "+49 228 1234", "says: available", "At home", "Next: Ben", "Outside the hours", "nobody"):
            assert each in page
        assert "Gone" not in page


class TestARota:
    def test_is_made_changed_and_ended(self) -> None:
        said = {"organisation": house().pk, "name": "Night", "timezone": "Europe/Berlin", "covers": ""}
        made = sent("rotas/new/", said)
        found = Rota.objects.get()
        assert made.url == f"{HERE}rotas/{found.pk}/"
        wrong = sent("rotas/new/", said)
        assert (wrong.status_code, b"There is a rota of this name already." in wrong.content) == (422, True)
        assert sent("rotas/new/", {**said, "organisation": 0}).status_code == 422
        assert sent(f"rotas/{found.pk}/change/", {**said, "covers": "sat 09:00-17:00"}).status_code == 302
        assert sent(f"rotas/{found.pk}/change/", {**said, "covers": "never"}).status_code == 422
        sent(f"rotas/{found.pk}/end/", {})
        page = client().get(f"{HERE}rotas/{found.pk}/").content.decode()
        assert "sat 09:00-17:00" in page
        assert "ended" in page
        assert "Ended" in client().get(f"{HERE}rotas/").content.decode()

    def test_shows_the_coming_weeks_with_holes(self) -> None:
        made = turning(engineer("Anna"))
        for day in range(10):
            operations.take_leave(
                person=engineer("Anna"),
                starts_at=NOW + timedelta(days=day + 3),
                ends_at=NOW + timedelta(days=day + 3, hours=2),
                by=owner(),
                now=NOW,
            )
        page = client().get(f"{HERE}rotas/{made.pk}/").content.decode()
        assert "Nobody is on call:" in page
        assert "10 holes in all" in page
        assert page.count("Anna") > 20

    def test_has_turns_that_are_planned_changed_and_ended(self) -> None:
        made, anna, ben = rota(), engineer("Anna"), engineer("Ben")
        where = f"rotas/{made.pk}/layers/"
        assert sent(where, {**TURNS, "turn_1": anna.pk, "turn_2": ben.pk}).status_code == 302
        first = Layer.objects.get()
        assert b"at least one person" in sent(where, TURNS).content
        form = client().get(f"{HERE}{where}{first.pk}/").content.decode()
        assert f'<option value="{anna.pk}" selected>' in form
        assert sent(f"{where}{first.pk}/", {**TURNS, "days": "0", "turn_1": ben.pk}).status_code == 422
        assert b"at least one person" in sent(f"{where}{first.pk}/", TURNS).content
        assert sent(f"{where}{first.pk}/", {**TURNS, "turn_1": ben.pk}).status_code == 302
        last = Layer.objects.latest("pk")
        assert [each.person for each in last.turns.all()] == [ben]
        sent(f"{where}{last.pk}/end/", {})
        assert Layer.objects.filter(until=None).count() == 0
        assert client().get(f"{HERE}{where}{first.pk}/").status_code == 404

    def test_has_overrides(self) -> None:
        made, anna = turning(engineer("Ben")), engineer("Anna")
        where = f"rotas/{made.pk}/overrides/"
        by = client("Anna", Role.ENGINEER)
        said = {**SPAN, "person": anna.pk, "instead_of": "", "why": "Swap"}
        assert sent(where, said, by).status_code == 302
        found = Override.objects.get()
        assert found.starts_at == datetime(2026, 3, 20, 8, tzinfo=UTC)
        page = by.get(f"{HERE}rotas/{made.pk}/").content.decode()
        assert "Swap" in page
        assert "Change name and hours" not in page
        for wrong in ("9999-12-31T23:59", "1900-01-01T00:00", "0001-01-01T00:00"):
            assert sent(where, {**said, "starts_at": wrong}, by).status_code == 422
        assert sent(where, {**said, "starts_at": "soon", "ends_at": ""}, by).status_code == 422
        sent(f"{where}{found.pk}/withdraw/", {}, by)
        assert Override.objects.get().withdrawn_at is not None

    def test_has_rates(self) -> None:
        made = rota()
        said = {"since": "2026-03-01", "standby": "5.00", "called": "1,200", "currency": "jpy", "night": "25"}
        said |= {"weekend": "50", "holiday": "100"}
        where = f"rotas/{made.pk}/pay/"
        assert sent(where, {**said, "standby": "5"}).status_code == 302
        assert PayRate.objects.values_list("standby", "called", "currency").get() == (5, 1200, "JPY")
        for wrong in ({"currency": "XYZ"}, {"standby": "much"}, {"night": "9999"}):
            assert sent(where, {**said, **wrong}).status_code == 422

    def test_is_assigned_to_agreements(self) -> None:
        made, contract = turning(engineer("Anna")), offered()
        where = f"rotas/{made.pk}/agreements/"
        assert sent(where, {"contract": contract.slug}).status_code == 302
        assert b"staffs the agreement already" in sent(where, {"contract": contract.slug}).content
        assert sent(where, {"contract": "none"}).status_code == 422
        page = client().get(f"{HERE}rotas/{made.pk}/").content.decode()
        assert contract.title in page
        assert sent(f"{where}{contract.slug}/release/", {}).status_code == 302
        assert contract.staffings.count() == 0


class TestLeave:
    def test_is_kept_and_taken_back(self) -> None:
        anna = engineer("Anna")
        by = client("Anna", Role.ENGINEER)
        assert "Nobody is on leave" in by.get(f"{HERE}leave/").content.decode()
        said = {**SPAN, "person": anna.pk, "why": "Wedding"}
        assert sent("leave/", said, by).status_code == 302
        assert "Wedding" in by.get(f"{HERE}leave/").content.decode()
        assert sent("leave/", {**said, "person": engineer("Ben").pk}, by).status_code == 422
        assert sent("leave/", {**said, "person": engineer("Ben").pk}).status_code == 302
        assert b"after the beginning" in sent("leave/", {**said, "ends_at": SPAN["starts_at"]}, by).content
        sent(f"leave/{Leave.objects.earliest('pk').pk}/withdraw/", {}, by)
        assert Leave.objects.earliest("pk").withdrawn_at is not None


class TestPolicies:
    STEPS: ClassVar[dict[str, Any]] = {
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "0",
        "steps-1-after": "",
        "steps-1-whom": "",
    }

    def test_are_made_changed_and_ended(self) -> None:
        made, anna = turning(engineer("Anna")), engineer("Anna")
        operations.keep_skill(person=anna, name="Linux", level=1, by=owner(), now=NOW)
        assert "There is no policy yet" in client().get(f"{HERE}policies/").content.decode()
        said = {"name": "Usual", "rounds": "2", "round_minutes": "30", "resolve_minutes": "60", **self.STEPS}
        first = {"steps-0-after": "0", "steps-0-whom": f"rota:{made.pk}", "steps-0-channels": "MAIL"}
        assert sent("policies/", {**said, **first}).status_code == 302
        found = Policy.objects.get()
        page = client().get(f"{HERE}policies/").content.decode()
        assert "at once: whoever is on call (First line)" in page
        assert "2 times, 30 minutes each" in page
        assert (
            f'<option value="rota:{made.pk}" selected>' in client().get(f"{HERE}policies/{found.pk}/").content.decode()
        )
        for number, whom in enumerate((f"person:{anna.pk}", "contact:SPONSOR", "skill:Linux")):
            more = {"steps-0-after": "0", "steps-0-whom": whom, "steps-0-channels": ""}
            said["resolve_minutes"] = ""
            assert sent(f"policies/{found.pk}/", {**said, **more}).status_code == 302, number
            assert client().get(f"{HERE}policies/").status_code == 200
            assert f'value="{whom}" selected' in client().get(f"{HERE}policies/{found.pk}/").content.decode()
        same = {"steps-0-after": "0", "steps-0-whom": "skill:Linux", "steps-0-channels": ""}
        sent(f"policies/{found.pk}/", {**said, **same, "name": "Renamed"})
        assert (Policy.objects.get().name, found.steps.count()) == ("Renamed", 1)
        sent(f"policies/{found.pk}/end/", {})
        assert client().get(f"{HERE}policies/{found.pk}/").status_code == 404

    def test_that_cannot_be_are_shown_with_what_is_wrong(self) -> None:
        said = {"name": "Usual", "rounds": "1", "round_minutes": "30", "resolve_minutes": "", **self.STEPS}
        assert b"between 1 and 20 steps" in sent("policies/", said).content
        assert sent("policies/", {**said, "steps-TOTAL_FORMS": "x"}).status_code == 422
        assert sent("policies/", {**said, "name": ""}).status_code == 422
        assert not Policy.objects.exists()


class TestPages:
    def test_are_asked_for_acknowledged_and_resolved(self) -> None:
        assert "Make a policy first" in client().get(f"{HERE}pages/").content.decode()
        by = policy(StepAsked(0, person=engineer("Anna")), StepAsked(5, contact="SPONSOR"), resolve=60)
        asked = sent("pages/new/", {"policy": by.pk, "subject": "Slow", "text": "Since\nnoon"})
        found = Page.objects.get()
        assert asked.url == f"{HERE}pages/{found.pk}/"
        assert b"It goes on at" in client().get(asked.url).content
        assert b"Nobody looks after these yet" in client().get(f"{HERE}pages/").content
        sent(f"pages/{found.pk}/acknowledge/", {})
        assert b"unless it is resolved" in client().get(asked.url).content
        sent(f"pages/{found.pk}/resolve/", {})
        page = client("Aud", Role.AUDITOR).get(asked.url).content.decode()
        assert "Resolved by Olga" in page
        assert "I look after it" not in page
        assert b"Olga" in client("Aud", Role.AUDITOR).get(f"{HERE}pages/").content

    def test_that_nobody_answered_say_so(self) -> None:
        made = paged(policy(StepAsked(0, contact="SPONSOR")), now=NOW - timedelta(days=1))
        operations.sweep(now=NOW)
        page = client().get(f"{HERE}pages/{made.pk}/").content.decode()
        assert "Everybody was asked" in page
        assert "reached nobody" in page

    def test_that_cannot_be_are_refused(self) -> None:
        by = policy(StepAsked(0, person=engineer("Anna")))
        assert sent("pages/new/", {"policy": by.pk, "subject": "", "text": ""}).status_code == 422
        assert not Page.objects.exists()

    def test_are_many(self) -> None:
        by = policy(StepAsked(0, person=engineer("Anna")))
        for number in range(51):
            paged(by, key=f"k{number}")
        assert b"Page 1 of 2" in client().get(f"{HERE}pages/").content
        assert b"Page 2 of 2" in client().get(f"{HERE}pages/?page=2").content


class TestMine:
    def test_says_how_one_is_reached_and_when(self) -> None:
        by, anna = client("Anna", Role.ENGINEER), engineer("Anna")
        empty = by.get(f"{HERE}mine/").content.decode()
        assert "By the mail address of your account" in empty
        assert "no turn in the next eight weeks" in empty
        turning(anna)
        sent("mine/channels/", {"kind": "PHONE", "address": "+49 1"}, by)
        assert sent("mine/channels/", {"kind": "PHONE", "address": "call me"}, by).status_code == 422
        sent("mine/presence/", {"available": "no", "until": "2026-03-30T10:00", "note": "Dentist"}, by)
        assert (
            sent("mine/presence/", {"available": "no", "until": "2020-01-01T10:00", "note": ""}, by).status_code == 422
        )
        assert Presence.objects.get().available is False
        page = by.get(f"{HERE}mine/").content.decode()
        for each in ("+49 1", "Dentist", "away", "First line"):
            assert each in page
        sent(f"mine/channels/{Channel.objects.get().pk}/drop/", {}, by)
        assert Channel.objects.get().ended_at is not None

    def test_has_calendars_whose_address_is_shown_once(self) -> None:
        by, address = client("Anna", Role.ENGINEER), ""
        made = turning(engineer("Anna"), engineer("Ben"))
        for chosen, line in (("", "SUMMARY:First line: Anna"), (made.pk, "SUMMARY:First line: Ben")):
            page = sent("mine/feeds/", {"rota": chosen}, by).content.decode()
            address = page.partition("http://localhost:8000")[2].partition("<")[0]
            assert address not in by.get(f"{HERE}mine/").content.decode()
            answer = Client().get(address)
            assert answer["Content-Type"] == "text/calendar; charset=utf-8"
            assert line in answer.content.decode()
        assert sent("mine/feeds/", {"rota": "0"}, by).status_code == 422
        for _ in range(8):
            operations.make_feed(rota=None, by=seen_by(engineer("Anna")), now=NOW)
        assert b"10 calendars" in sent("mine/feeds/", {"rota": ""}, by).content
        for each in Feed.objects.all():
            sent(f"mine/feeds/{each.pk}/end/", {}, by)
        assert Client().get(address).status_code == 404

    def test_calendar_says_where_nobody_is(self) -> None:
        anna = engineer("Anna")
        made = turning(anna)
        _feed, secret = operations.make_feed(rota=made, by=seen_by(anna), now=NOW)
        operations.take_leave(person=anna, starts_at=later(2000), ends_at=later(3000), by=owner(), now=NOW)
        lines = Client().get(f"/on-call/{secret}.ics").content.decode().split("\r\n")
        assert "SUMMARY:First line: nobody" in lines
        assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
        assert max(len(each.encode()) for each in lines) <= 75
        assert "DTSTART:20260311T182000Z" in lines
        Membership.objects.filter(person=anna).update(ended_at=NOW)
        assert b"VEVENT" not in Client().get(f"/on-call/{secret}.ics").content


class TestSkills:
    def test_are_kept_and_taken_away(self) -> None:
        anna = engineer("Anna")
        said = {"person": anna.pk, "name": "Linux", "level": "2", "certificate": "LPIC", "expires_on": "2026-01-01"}
        sent("skills/new/", said)
        assert sent("skills/new/", {**said, "name": ""}).status_code == 422
        assert sent("skills/new/", {**said, "name": "\u2003"}).status_code == 422
        page = client("Ben", Role.ENGINEER).get(f"{HERE}skills/").content.decode()
        assert "expired" in page
        assert "Take away" not in page
        sent(f"skills/{Skill.objects.get().pk}/drop/", {})
        assert not Skill.objects.exists()


class TestHours:
    def test_are_shown_and_handed_out(self) -> None:
        made = turning(engineer("Anna"), now=NOW - timedelta(days=40))
        operations.set_pay(rota=made, since=MONDAY, currency="EUR", standby=500, called=4000, by=owner(), now=NOW)
        Rota.objects.update(created_at=NOW - timedelta(days=40))
        page = client("Bea", Role.BILLING).get(f"{HERE}hours/").content.decode()
        assert "Anna" in page
        assert "?month=2026-02" in page
        assert "?month=2026-04" not in page
        earlier = client().get(f"{HERE}hours/?month=2026-02").content.decode()
        assert "Nobody was on call in this month." in earlier
        assert "?month=2026-03" in earlier
        assert "?month=2026-01" in earlier
        for ending in ("csv", "xlsx", "parquet"):
            assert client().get(f"{HERE}hours/2026-03.{ending}").status_code == 200
        table = client().get(f"{HERE}hours/2026-03.csv").content.decode("utf-8-sig").splitlines()
        assert table[0] == "person,email,rota,since,kind,standby_seconds,called_seconds,minor,currency"
        assert table[1].startswith("Anna,anna@northwind-it.example,First line,2026-03-02,NIGHT,")
        for wrong in ("2026-13.csv", "2026-03.doc", "x.csv"):
            assert client().get(f"{HERE}hours/{wrong}").status_code == 404

    def test_of_nobody_are_none(self) -> None:
        assert b"Nobody was on call in this month." in client().get(f"{HERE}hours/?month=x").content


class TestTheLinkOfAMail:
    def test_shows_a_button_and_acknowledges_when_it_is_pressed(self) -> None:
        made = paged(policy(StepAsked(0, person=engineer("Anna"))))
        address = f"/page/{token_of(notification=Notification.objects.get())}/"
        for _ in range(2):
            assert b"Anna, do you look after it?" in Client().get(address).content
        assert not Acknowledgement.objects.exists()
        assert b"It is yours" in Client().post(address).content
        assert b"Anna looks after it." in Client().get(address).content
        again = Client().post(address)
        assert (again.status_code, b"Anna looks after it already" in again.content) == (422, True)
        operations.resolve_page(page=made, by=owner(), now=later(5))
        assert b"nobody is needed any more" in Client().get(address).content

    def test_that_is_not_ours_leads_nowhere(self) -> None:
        for token in ("1", "1:x", "x:" + "y" * 43):
            assert Client().get(f"/page/{token}/").status_code == 404


class Tool(BaseHTTPRequestHandler):
    """A paging tool that keeps what it gets, and answers as it is told."""

    got: ClassVar[list[tuple[dict[str, str], dict[str, Any]]]] = []
    status = 200

    def do_POST(self) -> None:  # as the standard library calls it
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((dict(self.headers), json.loads(body)))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sockets be connected."""
    for way in ("connect", "connect_ex"):
        monkeypatch.delattr(socket.socket, way)


@pytest.fixture
def tool(settings: object, way_out: None) -> Iterator[str]:
    settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]  # type: ignore[attr-defined]
    Tool.got, Tool.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), Tool)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/pager"
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("way_out")
class TestAPagingTool:
    def to_tool(self, address: str) -> Notification:
        anna = engineer("Anna")
        operations.keep_channel(kind="HOOK", address=address, by=seen_by(anna), now=NOW)
        operations.page(
            key="till",
            subject="Down",
            text="x",
            url="/console/",
            policy=policy(StepAsked(0, person=anna)),
            by=owner(),
            now=NOW,
        )
        return Notification.objects.get()

    def test_is_posted_to_once(self, tool: str) -> None:
        made = self.to_tool(tool)
        for _ in range(2):
            send_page(made.pk)
        assert len(Tool.got) == 1
        headers, body = Tool.got[0]
        assert headers["webhook-id"] == f"page_{made.pk}"
        assert (body["key"], body["subject"], body["person"], body["link"]) == (
            "till",
            "Down",
            "Anna",
            "http://localhost:8000/console/",
        )
        assert Client().get(body["acknowledge"].removeprefix("http://localhost:8000")).status_code == 200
        assert b"taken at" in client().get(f"{HERE}pages/{made.page_id}/").content

    def test_that_takes_nothing_is_tried_again(self, tool: str) -> None:
        Tool.status = 503
        made = self.to_tool(tool)
        with pytest.raises(NotPosted, match="status 503"):
            operations.post_notification(notification=made.pk, now=NOW)
        assert b"status 503" in client().get(f"{HERE}pages/{made.page_id}/").content
        Tool.status = 204
        operations.post_notification(notification=made.pk, now=later(1))
        assert Notification.objects.values_list("tries", "sent_at", "trouble").get() == (2, later(1), "")

    def test_is_left_alone_when_nobody_is_needed(self, tool: str) -> None:
        made = self.to_tool(tool)
        assert b"on its way" in client().get(f"{HERE}pages/{made.page_id}/").content
        operations.resolve_page(page=made.page, by=owner(), now=NOW)
        operations.post_notification(notification=made.pk, now=NOW)
        assert Tool.got == []

    def test_that_is_not_there_is_tried_again(self) -> None:
        made = self.to_tool("https://pager.invalid/x")
        with pytest.raises(NotPosted, match=r"no host pager\.invalid"):
            operations.post_notification(notification=made.pk, now=NOW)


class TestTheWorker:
    def test_takes_steps_that_are_due(self) -> None:
        made = paged(
            policy(StepAsked(0, person=engineer("Anna")), StepAsked(5, person=engineer("Ben"))),
            now=NOW - timedelta(days=3),
        )
        page_people()
        assert [each.name for each in Notification.objects.filter(page=made)] == ["Anna", "Ben"]


class Post:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.taken.append(envelope.content)
        return "250 OK"


@pytest.mark.usefixtures("way_out")
class TestMails:
    def test_go_out_once_and_prove_that_they_did(self, settings: Any) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        post = Post()
        server = Controller(post, hostname="127.0.0.1", port=port)
        server.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        made = paged(policy(StepAsked(0, person=engineer("Anna"))))
        message = Message.objects.get(kind="page")
        for _ in range(2):
            send(message=message.pk, now=later(1))
        server.stop()
        assert len(post.taken) == 1
        assert b"Subject: The till is down" in post.taken[0]
        assert Message.objects.get(kind="page").text == ""
        assert b"sent, 10 Mar 2026, 09:01 UTC" in client().get(f"{HERE}pages/{made.pk}/").content


@pytest.mark.django_db(transaction=True)
class TestJourney:
    def test_from_a_rota_to_a_page(self, page: BrowserPage) -> None:
        anna = engineer("Anna")
        sign_in(page, person("Olga", house(), Role.OWNER))
        page.goto("/console/on-call/rotas/")
        page.get_by_text("Make a rota").click()
        page.get_by_label("Name").fill("First line")
        page.get_by_role("button", name="Make it").click()
        page.get_by_text("Add people who take turns").click()
        page.locator("#id_layer_starts_on").fill("2026-03-02")
        page.locator("#id_layer_turn_1").select_option(label="Anna")
        page.get_by_role("button", name="Plan it").click()
        expect(page.get_by_role("table", name="Who is on call on which day")).to_contain_text("Anna")
        page.get_by_role("link", name="Policies").click()
        page.get_by_text("Make a policy").click()
        page.get_by_label("Name").fill("Usual")
        page.locator("#id_steps-0-after").fill("0")
        page.locator("#id_steps-0-whom").select_option(label="First line")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="All pages", exact=True).click()
        page.get_by_text("Page somebody").click()
        page.get_by_label("What is the matter").fill("The till is down")
        page.get_by_role("button", name="Page them").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The till is down")
        page.goto(f"/page/{token_of(notification=Notification.objects.get())}/")
        page.get_by_role("button", name="I look after it").click()
        expect(page.get_by_text("It is yours. Nobody else is paged.")).to_be_visible()
        assert Acknowledgement.objects.get().person == anna
        assert Page.objects.get().state == PageState.ACKNOWLEDGED
