"""Pages of the service desk: for those who work on cases, and for those who have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.platform.evidence.service_desk.models import Attachment, Case, Message, State, Step
from makegood.platform.evidence.service_desk.operations import keep_instruction, move_case, resolve, set_stakes
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active
from tests.platform.desk import DESK, MONDAY, after, desk, engineer, opened, user
from tests.platform.people import house, organisation, person
from tests.platform.test_desk_queue import STAKES, bought, manager

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def then(settings: object) -> None:
    """Let it be half an hour after cases are opened in the small world."""
    apart = after(minutes=30) - datetime.now(UTC).replace(microsecond=0)
    settings.DAYS_SHIFTED = apart / timedelta(days=1)  # type: ignore[attr-defined]


def client_of(name: str, slug: str, role: Role) -> Client:
    found = Client()
    about = house() if slug == "northwind-it" else organisation(slug)
    found.force_login(person(name, about, role))
    return found


def eva() -> Client:
    return client_of("Eva", "northwind-it", Role.ENGINEER)


def uma() -> Client:
    return client_of("Uma", "acme", Role.USER)


def mine() -> Case:
    """Return a case that Uma reported."""
    return opened(by=user(), requester=person("Uma", organisation("acme")))


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return str(answer.content.decode())


def sent(client: Client, address: str, **form: str) -> tuple[int, str]:
    answer = client.post(address, form, follow=True)
    return answer.status_code, answer.content.decode()


class TestTheQueuePage:
    def test_shows_what_is_at_stake_to_those_who_see_money(self) -> None:
        set_stakes(contract=desk(), stakes=STAKES, now=MONDAY)
        case = opened()
        page = text(client_of("Sam", "northwind-it", Role.SERVICE_MANAGER), "/console/desk/")
        assert f"#{case.pk} The till is silent" in page
        assert "200.00 EUR" in page
        assert "200.00 EUR" not in text(eva(), "/console/desk/")

    def test_answers_a_look_with_the_list_alone(self) -> None:
        desk()
        opened()
        answer = eva().get("/console/desk/", headers={"HX-Request": "true"}).content.decode()
        assert "<h1>" not in answer
        assert "The till is silent" in answer

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ("owner=me", True),
            ("owner=999999", True),
            ("words=noon", False),
            ("customer=acme&priority=critical&state=NEW", True),
            ("closed=on&words=till", True),
            ("soon=on", True),
            ("state=CLOSED", False),
            ("customer=initech", True),
            ("page=99", False),
            ("page=x", True),
        ],
    )
    def test_shows_what_is_looked_for(self, asked: str, shown: bool) -> None:
        desk()
        opened()
        assert ("The till is silent" in text(eva(), f"/console/desk/?{asked}")) is shown

    def test_has_pages(self) -> None:
        desk()
        for _ in range(51):
            opened()
        first, second = text(eva(), "/console/desk/"), text(eva(), "/console/desk/?page=2")
        assert (first.count('mg-case"'), second.count('mg-case"')) == (50, 1)
        assert ("Next" in first, "Before" in second) == (True, True)

    @pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
    def test_is_handed_out_as_a_file(self, ending: str) -> None:
        desk()
        opened()
        answer = eva().get(f"/console/desk/export/cases.{ending}?owner=me")
        assert answer.status_code == 200
        if ending == "csv":
            assert (
                answer.content.decode("utf-8-sig")
                .splitlines()[1]
                .endswith(
                    ",The till is silent,acme,incident,,critical,NEW,Eva,2026-03-09T09:00:00+00:00,"
                    "2026-03-09T10:00:00+00:00,1h,response,,"
                )
            )
        assert eva().get("/console/desk/export/cases.exe").status_code == 404

    def test_says_what_to_do_when_nothing_is_open(self) -> None:
        house()
        assert "No case is open." in text(eva(), "/console/desk/")


class TestDispatch:
    def test_gives_cases_of_one_owner_to_another(self) -> None:
        desk()
        case = opened()
        ed = person("Ed", house(), Role.ENGINEER)
        assert "Cases of Eva" in text(eva(), "/console/desk/dispatch/")
        status, page = sent(eva(), "/console/desk/dispatch/", case=str(case.pk), to=str(ed.pk))
        assert (status, f"#{case.pk} belongs to Ed now." in page) == (200, True)
        assert Case.objects.get().owner == ed
        assert "Cases of Ed" in text(eva(), f"/console/desk/dispatch/?owner={ed.pk}")

    def test_refuses_what_there_is_not(self) -> None:
        desk()
        case = opened()
        assert eva().post("/console/desk/dispatch/", {"case": "7777", "to": "1"}).status_code == 404
        sent(eva(), "/console/desk/dispatch/", case=str(case.pk), to="no")
        status, page = sent(eva(), "/console/desk/dispatch/", case=str(case.pk), to=str(engineer().person))
        assert (status, "Eva owns this case already." in page) == (200, True)


class TestTheTelephone:
    FACTS = {"kind": "incident", "title": "No till", "requester_name": "Uma", "impact": "high", "urgency": "high"}  # noqa: RUF012

    def test_leads_from_the_customer_to_the_case(self) -> None:
        desk()
        keep_instruction(customer=organisation("acme"), text="Call Ada first.", by=manager(), now=MONDAY)
        assert "Acme" in text(eva(), "/console/desk/new/")
        assert "Call Ada first." in text(eva(), "/console/desk/new/?customer=acme")
        status, page = sent(eva(), "/console/desk/new/?customer=acme", **self.FACTS, opened_at="2026-03-09T08:00")
        case = Case.objects.get()
        assert (status, f"tell the customer its number: #{case.pk}" in page) == (200, True)
        assert (case.channel, case.requester_name, case.opened_at) == ("PHONE", "Uma", after(hours=-1))

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"requester_name": ""}, "Say who reports it"),
            ({"opened_at": "0001-01-01T00:00"}, "An instant lies between 1970 and 2200."),
            ({"opened_at": "9999-12-31T23:59"}, "An instant lies between 1970 and 2200."),
            ({"opened_at": "2026-12-01T00:00"}, "This lies in the future"),
            ({"title": "x" * 201}, "at most 200 characters"),
        ],
    )
    def test_says_what_is_wrong(self, changed: dict[str, str], said: str) -> None:
        desk()
        status, page = sent(eva(), "/console/desk/new/?customer=acme", **{**self.FACTS, **changed})
        assert (status, said in page) == (422, True)
        assert not Case.objects.exists()

    def test_knows_no_other_customer(self) -> None:
        house()
        assert "Add an organisation first." in text(eva(), "/console/desk/new/")
        assert eva().get("/console/desk/new/?customer=initech").status_code == 404

    def test_takes_somebody_who_signs_in(self) -> None:
        desk()
        known = person("Uma", organisation("acme"), Role.USER)
        sent(eva(), "/console/desk/new/?customer=acme", **{**self.FACTS, "requester": str(known.pk)})
        assert Case.objects.get().requester == known


class TestInstructions:
    def test_are_kept_and_shown_on_each_case(self) -> None:
        desk()
        case = opened()
        sam = client_of("Sam", "northwind-it", Role.SERVICE_MANAGER)
        assert "Nothing was written yet." in text(sam, "/console/organisations/acme/instructions/")
        form = {"service": "desk", "text": "Never reboot."}
        assert "Never reboot." in sent(sam, "/console/organisations/acme/instructions/", **form)[1]
        assert "Never reboot." in text(eva(), f"/console/desk/{case.pk}/")
        assert "Never reboot." not in text(client_of("Ada", "acme", Role.SPONSOR), f"/portal/requests/{case.pk}/")

    def test_are_for_customers(self) -> None:
        sam = client_of("Sam", "northwind-it", Role.SERVICE_MANAGER)
        status, page = sent(sam, "/console/organisations/northwind-it/instructions/", service="", text="x")
        assert (status, "written by owners and service managers" in page) == (422, True)


class TestACase:
    def test_shows_its_promises_as_they_stand(self) -> None:
        contract = desk()
        set_stakes(contract=contract, stakes=STAKES, now=MONDAY)
        case = opened()
        page = text(client_of("Sam", "northwind-it", Role.SERVICE_MANAGER), f"/console/desk/{case.pk}/")
        assert "Incidents are resolved in time." in page
        assert "a miss would cost 400.00 EUR" in page
        assert "Stands still during: hold for resolution" in page
        assert "9 Mar 2026, 14:00 Europe/Berlin" in page
        assert "a miss would cost" not in text(eva(), f"/console/desk/{case.pk}/")
        assert "a miss would cost" not in text(client_of("Ada", "acme", Role.SPONSOR), f"/portal/requests/{case.pk}/")

    def test_is_worked_on_to_its_end(self) -> None:
        desk()
        case = mine()
        here = f"/console/desk/{case.pk}/"
        assert sent(eva(), f"{here}message/", text="We look.", kind="PAGE")[0] == 200
        assert sent(eva(), f"{here}message/", text="It is the cable.", kind="NOTE")[0] == 200
        assert sent(eva(), f"{here}move/", to="HELD:INFORMATION", why="Which till?")[0] == 200
        assert sent(eva(), f"{here}prioritise/", impact="high", urgency="low", why="One till.")[0] == 200
        assert sent(eva(), f"{here}cause/", cause="HARDWARE")[0] == 200
        assert sent(eva(), f"{here}major/")[0] == 200
        assert sent(eva(), f"{here}resolve/", resolution="A new cable.")[0] == 200
        assert sent(uma(), f"/portal/requests/{case.pk}/reject/", why="Silent.")[0] == 200
        assert sent(eva(), f"{here}resolve/", resolution="A new till.")[0] == 200
        status, page = sent(eva(), f"{here}close/", told_by="Uma, by telephone")
        assert (status, "It is closed." in page) == (200, True)
        done = Case.objects.get(pk=case.pk)
        assert (done.state, done.reopened, done.cause, done.priority) == (State.CLOSED, 1, "HARDWARE", "normal")
        assert sent(eva(), f"{here}reopen/", why="Again.")[0] == 200
        inside, outside = text(eva(), here), text(uma(), f"/portal/requests/{case.pk}/")
        assert ("It is the cable." in inside, "It is the cable." in outside) == (True, False)
        assert ("We look." in outside, "Which till?" in outside) == (True, False)

    def test_takes_and_hands_out_files(self) -> None:
        desk()
        case = mine()
        file = SimpleUploadedFile("the till.txt", b"Nothing prints.", "text/plain")
        answer = uma().post(f"/portal/requests/{case.pk}/tell/", {"text": "See here.", "file": file})
        assert answer.status_code == 302
        kept = Attachment.objects.get()
        for client, here in ((eva(), "console/desk"), (uma(), "portal/requests")):
            assert "the till.txt" in text(client, f"/{here}/{case.pk}/")
            answer = client.get(f"/{here}/{case.pk}/files/{kept.pk}/")
            assert (answer.content, answer["Content-Type"]) == (b"Nothing prints.", "application/octet-stream")
            assert answer["Content-Disposition"] == 'attachment; filename="the till.txt"'
            assert client.get(f"/{here}/{case.pk}/files/{kept.pk + 1}/").status_code == 404

    def test_says_what_cannot_be_done(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(minutes=5))
        here = f"/console/desk/{case.pk}/"
        status, page = sent(eva(), f"{here}move/", to="OPEN")
        assert (status, "waits for the customer to confirm it" in page) == (422, True)
        assert sent(eva(), f"{here}resolve/", resolution=" ")[0] == 422
        assert sent(eva(), f"{here}transfer/", to="0", reason="SHIFT")[0] == 422
        assert sent(eva(), f"{here}confirm/")[0] == 422
        assert sent(eva(), f"{here}relate/", to="99999")[0] == 422
        assert sent(eva(), "/console/desk/99999/move/", to="OPEN")[0] == 404
        assert eva().get(f"{here}move/").status_code == 405

    def test_is_handed_over_and_joined(self) -> None:
        desk()
        case, other = opened(), opened(title="The till again")
        here, ed = f"/console/desk/{case.pk}/", person("Ed", house(), Role.ENGINEER)
        assert sent(eva(), f"{here}transfer/", to=str(ed.pk), reason="TECHNICAL", why="Root access.")[0] == 200
        assert "Root access." in text(eva(), here)
        assert sent(eva(), f"/console/desk/{other.pk}/relate/", to=str(case.pk), as_duplicate="on")[0] == 200
        assert Case.objects.get(pk=other.pk).duplicate_of == case
        assert f"#{case.pk} The till is silent" in text(eva(), f"/console/desk/{other.pk}/")
        assert "<td>Ed</td>" in text(eva(), "/console/desk/")

    def test_takes_the_promised_steps(self) -> None:
        desk()
        case = opened(kind="outage", marks={"occurred": after(minutes=-1)})
        here = f"/console/desk/{case.pk}/"
        assert text(eva(), here).count("It was done") == 3
        assert "1 limit is over" in text(eva(), "/console/desk/")
        assert sent(eva(), f"{here}step/", word="told")[0] == 200
        status, page = sent(eva(), f"{here}step/", word="plan-sent")
        assert (status, page.count("This field is required.")) == (422, 1)
        assert sent(eva(), f"{here}step/", word="plan-sent", label_ticket="T-7")[0] == 200
        assert Step.objects.get(case=case, word="plan-sent").labels["ticket"] == "T-7"
        assert "ticket: T-7" in text(eva(), here)
        status, page = sent(eva(), f"{here}step/", word="sung")
        assert (status, "The agreement promises no such step." in page) == (422, True)

    @pytest.mark.parametrize(("of", "fee"), [("base", "the fee at stake"), ("item_fee", "the fee of the item")])
    def test_says_what_each_guaranteed_step_gives_back(self, of: str, fee: str) -> None:
        refunds = f"stake: {{weight: 50%, per_step: {{refunds: {{told: 5%, repaired: 20.00 EUR}}, of: {of}}}}}"
        priced = DESK.replace("{monthly: 1000.00}", "{monthly: 1000.00, per_item: 25.00}")
        shared = priced.replace("stake: {weight: 100%", "stake: {weight: 50%")
        active(shared.replace('target: ">= 100%"', f'target: ">= 100%"\n    {refunds}'))
        case = opened(kind="outage", marks={"occurred": after(hours=-1)})
        for client, here in ((eva(), "console/desk"), (client_of("Ada", "acme", Role.SPONSOR), "portal/requests")):
            page = text(client, f"/{here}/{case.pk}/")
            assert f"Not kept in time: 5 % of {fee} is given back." in page
            assert "If it is not kept in time, 20.00 EUR is given back." in page
            assert page.count("given back") == 2

    def test_without_an_agreement_says_so(self) -> None:
        organisation("acme")
        case = opened()
        page = text(eva(), f"/console/desk/{case.pk}/")
        assert "There is no agreement in force for this customer" in page
        assert f"#{case.pk}" in text(eva(), "/console/desk/")

    def test_of_which_nothing_is_promised_says_so(self) -> None:
        desk()
        assert "promises nothing about such a case" in text(eva(), f"/console/desk/{opened(kind='request').pk}/")


class TestWhoPays:
    @pytest.mark.parametrize(("answer", "coverage"), [("permit", "BILLABLE"), ("forbid", "NEEDS_PERMISSION")])
    def test_is_asked_and_answered(self, answer: str, coverage: str) -> None:
        desk()
        case = opened(kind="request")
        ada = client_of("Ada", "acme", Role.SPONSOR)
        here, there = f"/console/desk/{case.pk}/", f"/portal/requests/{case.pk}/"
        status, page = sent(ada, f"{there}{answer}/")
        assert (status, "You are not asked for permission." in page) == (422, True)
        assert sent(eva(), f"{here}permission/", text="A new till.", at_most="900.00")[0] == 200
        assert "It costs at most 900.00 EUR." in text(ada, there)
        assert sent(ada, f"{there}{answer}/")[0] == 200
        assert Case.objects.get().coverage == coverage
        assert "Permission was asked" in text(eva(), here)

    def test_follows_from_the_time_that_is_entered(self) -> None:
        desk()
        case = opened()
        here = f"/console/desk/{case.pk}/"
        assert sent(eva(), f"{here}cause/", cause="PROVIDER")[0] == 200
        assert sent(eva(), f"{here}time/", minutes="15", note="A cable.")[0] == 200
        assert "15 min, free of charge" in text(eva(), here)

    def test_ends_with_a_case_that_is_handed_back(self) -> None:
        desk()
        case = opened(kind="request")
        status, page = sent(eva(), f"/console/desk/{case.pk}/hand-back/", why="A carpenter can help.")
        assert (status, Case.objects.get().state, "out of cover" in page) == (200, State.CLOSED, True)

    def test_ends_with_a_case_that_is_not_needed(self) -> None:
        desk()
        case = mine()
        assert sent(uma(), f"/portal/requests/{case.pk}/withdraw/", why="We found it.")[0] == 200
        assert Case.objects.get().state == State.CLOSED


class TestAReferral:
    def test_is_worked_on_by_the_affiliate_and_confirmed_by_the_house(self) -> None:
        desk()
        bought()
        case = opened()
        hans = client_of("Hans", "hosting-gmbh", Role.AFFILIATE)
        form = {"affiliate": str(organisation("hosting-gmbh").pk), "why": "The line is down."}
        assert sent(eva(), f"/console/desk/{case.pk}/refer/", **form)[0] == 200
        made = Case.objects.get(refers=case)
        assert "The line is down." in text(hans, "/partner/cases/")
        page = text(hans, f"/partner/cases/{made.pk}/")
        assert ("The till is silent" in page, "Acme" in page) == (False, False)
        assert sent(hans, f"/partner/cases/{made.pk}/resolve/", resolution="A new line.")[0] == 200
        assert f"/console/desk/{made.pk}/" in text(eva(), f"/console/desk/{case.pk}/")
        assert "It is done" in text(eva(), f"/console/desk/{made.pk}/")
        assert sent(eva(), f"/console/desk/{made.pk}/confirm/")[0] == 200
        assert "Nothing is open." in text(hans, "/partner/cases/")
        assert "The line is down." in text(hans, "/partner/cases/?closed=on&page=1")
        assert "The line is down." not in text(hans, "/partner/cases/?closed=on&page=2")

    def test_shows_who_is_to_blame(self) -> None:
        desk()
        bought()
        case = opened()
        form = {"cause": "AFFILIATE", "affiliate": str(organisation("hosting-gmbh").pk)}
        assert sent(eva(), f"/console/desk/{case.pk}/cause/", **form)[0] == 200
        assert "Hosting GmbH" in text(eva(), f"/console/desk/{case.pk}/")
        assert "Hosting" not in text(client_of("Ada", "acme", Role.SPONSOR), f"/portal/requests/{case.pk}/")


class TestThePortal:
    ASKED = {  # noqa: RUF012
        "kind": "incident",
        "title": "No till",
        "affected": "The till",
        "symptoms": "Nothing prints.",
        "impact": "low",
        "urgency": "medium",
    }

    def test_takes_a_request_and_shows_how_it_stands(self) -> None:
        desk()
        assert "Nothing is open." in text(uma(), "/portal/requests/")
        assert "something does not work" in text(uma(), "/portal/requests/new/")
        status, page = sent(uma(), "/portal/requests/new/", **self.ASKED)
        case = Case.objects.get()
        assert (status, f"We have it: number #{case.pk}." in page) == (200, True)
        assert (case.requester_name, case.owner.name, case.channel) == ("Uma", "Sam", "PORTAL")
        assert "somebody will look at it within the promised time" in page
        assert f"#{case.pk} No till" in text(uma(), "/portal/requests/?closed=on")
        assert sent(uma(), f"/portal/requests/{case.pk}/tell/", text="Hurry.")[0] == 200
        assert Message.objects.get(kind="PAGE").text == "Hurry."

    @pytest.mark.parametrize("changed", [{"title": ""}, {"symptoms": "x" * 20_001}, {"kind": "party"}])
    def test_says_what_is_wrong(self, changed: dict[str, str]) -> None:
        desk()
        assert sent(uma(), "/portal/requests/new/", **{**self.ASKED, **changed})[0] == 422
        assert not Case.objects.exists()

    def test_refuses_what_nobody_could_own(self) -> None:
        house()
        status, page = sent(uma(), "/portal/requests/new/", **self.ASKED)
        assert (status, "Nobody works here yet" in page) == (422, True)

    def test_lets_somebody_of_two_customers_choose(self) -> None:
        desk()
        person("Uma", organisation("acme"), Role.USER).memberships.create(
            organisation=organisation("globex"), role=Role.USER, since=MONDAY
        )
        assert "?customer=globex" in text(uma(), "/portal/requests/new/?customer=acme")
        assert uma().get("/portal/requests/new/?customer=initech").status_code == 404

    def test_shows_nothing_of_others(self) -> None:
        desk()
        case = opened()
        assert uma().get(f"/portal/requests/{case.pk}/").status_code == 404

    @pytest.mark.parametrize(
        ("to", "said"),
        [
            ("OPEN", "Somebody works on it."),
            ("RESEARCH", "Somebody looks for the reason."),
            ("PENDING", "We know what is wrong, and will mend it."),
            ("RFC", "It takes a change that has to be approved."),
            ("INFORMATION", "wait for your answer."),
            ("APPOINTMENT", "We wait for the day that you chose."),
        ],
    )
    def test_says_in_plain_words_how_it_stands(self, to: str, said: str) -> None:
        desk()
        case = mine()
        held_for = to if to in {"INFORMATION", "APPOINTMENT"} else ""
        state = State.HELD if held_for else to
        move_case(case=case, to=state, held_for=held_for, by=engineer(), now=after(minutes=1))
        assert said in text(uma(), f"/portal/requests/{case.pk}/")

    def test_confirms_what_is_done(self) -> None:
        desk()
        case = resolve(case=mine(), resolution="A cable.", by=engineer(), now=after(minutes=5))
        page = text(uma(), f"/portal/requests/{case.pk}/")
        assert "please say whether it is." in page
        assert "If you say nothing, it is closed 16 Mar 2026" in page
        assert sent(uma(), f"/portal/requests/{case.pk}/confirm/")[0] == 200
        assert "It is closed." in text(uma(), f"/portal/requests/{case.pk}/")
        assert sent(uma(), f"/portal/requests/{case.pk}/reopen/", why="Again.")[0] == 200
        assert Case.objects.get().state == State.OPEN
