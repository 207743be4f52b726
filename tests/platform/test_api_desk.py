"""What programs do at the service desk beside working on cases: templates, knowledge, alarms, opinions, figures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.platform.evidence.on_call.models import Policy
from makegood.platform.evidence.on_call.operations import StepAsked, end_policy, keep_policy, say_presence
from makegood.platform.evidence.service_desk.models import (
    Alarm,
    Announcement,
    Article,
    Case,
    CaseTemplate,
    CommunicationPlan,
    Opinion,
)
from makegood.platform.evidence.service_desk.operations import (
    confirm,
    enter_time,
    make_major,
    refer_case,
    renew_places,
    resolve,
    respond,
)
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.messages.models import Message as Mail
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.agreements import owner
from tests.platform.api_doors import key_of
from tests.platform.desk import after, desk, engineer, opened, sponsor
from tests.platform.people import days_to, house, organisation, person, viewer
from tests.platform.test_desk_queue import bought

pytestmark = pytest.mark.django_db
BACKUPS = {"name": "Backups", "title": "Look at the backups", "customer": "acme"}
DAILY = {"every": 1, "unit": "DAY", "first_day": "2026-03-10", "hour": 11, "zone": "Europe/Berlin"}
CABLE = {"title": "The till is silent", "text": "Change the **cable**."}


@pytest.fixture(autouse=True)
def then(settings: object) -> None:
    """Let it be five hours after cases are opened in the small world."""
    settings.DAYS_SHIFTED = days_to(after(hours=5))  # type: ignore[attr-defined]


class Program:
    """A program of somebody with some scopes, or with those for cases and to read who is on call."""

    def __init__(self, by: Viewer | None = None, of: str = "northwind-it", *scopes: Scope) -> None:
        about = house() if of == "northwind-it" else organisation(of)
        usual = (Scope.READ_CASES, Scope.WRITE_CASES, Scope.READ_ON_CALL)
        self.headers = key_of(by or owner(), about, *(scopes or usual))

    def __call__(self, method: str, address: str, said: Any = None, *, status: int = 200, key: str = "") -> Any:
        body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
        headers = {**self.headers, "Idempotency-Key": key}
        answer = getattr(Client(), method)(f"/api/v1/{address}", headers=headers, **body)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


def customers(*scopes: Scope) -> Program:
    return Program(sponsor(), "acme", *scopes)


def affiliates() -> Program:
    by = viewer(person("Hans", organisation("hosting-gmbh"), Role.AFFILIATE), Site.PARTNER)
    return Program(by, "hosting-gmbh")


def limited() -> Program:
    """Return a program of an owner who sees Globex alone."""
    far = person("Gil", house(), Role.OWNER)
    far.memberships.get().customers.add(organisation("globex"))
    return Program(viewer(far, Site.CONSOLE))


def reads_only() -> Program:
    return Program(owner(), "northwind-it", Scope.READ_CASES)


def policy() -> Policy:
    steps = [StepAsked(0, person=person("Anna", house(), Role.ENGINEER))]
    return keep_policy(
        organisation=house(), name="Night", steps=steps, rounds=1, round_minutes=30, by=owner(), now=after()
    )


class TestTemplates:
    def test_are_made_changed_and_ended(self) -> None:
        desk()
        ask = Program()
        said = {**BACKUPS, "checklist": ["Restore a file"], "owner": engineer_address(), "recurrence": DAILY}
        made = ask("post", "case-templates", said, status=201, key="a")
        assert made == {
            "number": CaseTemplate.objects.get().pk,
            "name": "Backups",
            "customer": "acme",
            "kind": "incident",
            "service": "",
            "title": "Look at the backups",
            "symptoms": "",
            "impact": "low",
            "urgency": "low",
            "checklist": ["Restore a file"],
            "owner": "eva@northwind-it.example",
            "recurrence": {**DAILY, "next_at": "2026-03-10T10:00:00Z"},
        }
        assert ask("post", "case-templates", said, status=201, key="a") == made
        here = f"case-templates/{made['number']}"
        assert ask("get", "case-templates") == {"items": [made], "total": 1}
        assert ask("get", here) == made
        changed = ask("put", here, {"name": "Backups", "title": "Look at them", "kind": "request"})
        assert (changed["title"], changed["kind"]) == ("Look at them", "request")
        assert (changed["customer"], changed["owner"], changed["recurrence"]) == (None, None, None)
        assert ask("delete", here, status=204) is None
        assert ask("get", here, status=404)["detail"] == "there is no such template"
        assert ask("get", "case-templates")["total"] == 0

    @pytest.mark.parametrize(
        ("more", "status", "detail"),
        [
            ({"owner": "nobody@x.example"}, 422, "nobody who works at the desk has the address nobody@x.example"),
            ({"customer": "initech"}, 404, "there is no such organisation"),
            ({"customer": "", "recurrence": DAILY}, 422, "A case that comes again is for one customer."),
            ({"recurrence": {**DAILY, "zone": "Europe"}}, 422, "This time zone is not known."),
            ({"name": " "}, 422, "Give the template a name."),
        ],
    )
    def test_that_cannot_be_are_refused(self, more: dict[str, Any], status: int, detail: str) -> None:
        organisation("acme")
        assert Program()("post", "case-templates", {**BACKUPS, **more}, status=status)["detail"] == detail
        assert not CaseTemplate.objects.exists()

    def test_open_cases_whose_checklists_are_ticked_off(self) -> None:
        desk()
        ask = Program()
        made = ask("post", "case-templates", {**BACKUPS, "checklist": ["Restore a file", "Write it down"]}, status=201)
        here = f"case-templates/{made['number']}/cases"
        case = ask("post", here, {"title": "Look at them now"}, status=201, key="b")
        assert ask("post", here, {"title": "Look at them now"}, status=201, key="b")["number"] == case["number"]
        assert (case["title"], case["customer"], case["channel"], case["owner"]) == (
            "Look at them now",
            "acme",
            "TEMPLATE",
            "Olga",
        )
        items = f"cases/{case['number']}/checklist"
        undone = {"ticked_by": None, "ticked_at": None}
        assert ask("get", items) == {
            "items": [
                {"number": 1, "text": "Restore a file", **undone},
                {"number": 2, "text": "Write it down", **undone},
            ],
            "total": 2,
        }
        done = ask("post", f"{items}/2/tick", {})
        assert (done["number"], done["ticked_by"], done["ticked_at"][:16]) == (2, "Olga", "2026-03-09T14:01")
        assert ask("post", f"{items}/2/tick", {"done": False}) == {"number": 2, "text": "Write it down", **undone}
        assert ask("post", f"{items}/3/tick", {}, status=404)["detail"] == "there is no such item"
        assert customers()("get", items) == {"items": [], "total": 0}
        customers()("post", f"{items}/1/tick", {}, status=404)
        reads_only()("post", f"{items}/1/tick", {}, status=403)
        assert Case.objects.count() == 1

    def test_for_all_say_for_whom(self) -> None:
        desk()
        ask = Program()
        made = ask("post", "case-templates", {**BACKUPS, "customer": ""}, status=201)
        here = f"case-templates/{made['number']}/cases"
        assert ask("post", here, {}, status=422)["detail"] == "Say for which customer it is."
        assert ask("post", here, {"customer": "acme"}, status=201)["customer"] == "acme"
        assert ask("post", here, {"customer": "initech"}, status=404)["findings"] == []
        assert Case.objects.count() == 1

    def test_are_the_providers(self) -> None:
        desk()
        made = Program()("post", "case-templates", BACKUPS, status=201)
        everybody = Program()("post", "case-templates", {**BACKUPS, "customer": ""}, status=201)
        for theirs in (customers(), affiliates()):
            assert theirs("get", "case-templates") == {"items": [], "total": 0}
            theirs("get", f"case-templates/{made['number']}", status=404)
            theirs("post", f"case-templates/{made['number']}/cases", {}, status=404)
        said = {**BACKUPS, "name": "Mine", "owner": engineer_address()}
        assert "nobody who works" in customers()("post", "case-templates", said, status=422)["detail"]
        assert "Templates are kept" in customers()("post", "case-templates", BACKUPS, status=422)["detail"]
        far = limited()
        assert [each["number"] for each in far("get", "case-templates")["items"]] == [everybody["number"]]
        far("get", f"case-templates/{made['number']}", status=404)
        taken = {**BACKUPS, "customer": "globex"}
        for method, body in (("put", taken), ("delete", None)):
            refusal = far(method, f"case-templates/{everybody['number']}", body, status=422)
            assert "Templates are kept" in refusal["detail"]
        far("post", f"case-templates/{everybody['number']}/cases", {"customer": "acme"}, status=404)
        only = Program(owner(), "northwind-it", Scope.READ_MONEY)
        assert only("get", "case-templates", status=403)["detail"] == "this key has no scope cases:read"
        assert "cases:write" in reads_only()("post", "case-templates", BACKUPS, status=403)["detail"]
        kept = CaseTemplate.objects.order_by("pk").values_list("name", "customer__slug", "ended_at")
        assert list(kept) == [("Backups", "acme", None), ("Backups", None, None)]


def engineer_address() -> str:
    engineer()
    return "Eva@northwind-it.example"


class TestArticles:
    def test_are_written_found_changed_and_taken_away(self) -> None:
        desk()
        case = opened()
        ask = Program()
        said = {**CABLE, "public": True, "customer": "acme", "service": "desk", "case": case.pk}
        made = ask("post", "articles", said, status=201, key="a")
        short = {
            "number": Article.objects.get().pk,
            "title": "The till is silent",
            "language": "english",
            "public": True,
            "customer": "acme",
            "service": "desk",
            "changed_at": made["changed_at"],
        }
        assert made == {**short, "text": "Change the **cable**.", "learnt_from": case.pk, "author": "Olga"}
        assert ask("post", "articles", said, status=201, key="a") == made
        here = f"articles/{made['number']}"
        assert ask("get", here) == made
        for words, expected in (("", [short]), ("silent cables", [short]), ("zebra", [])):
            assert ask("get", f"articles?words={words}") == {"items": expected, "total": len(expected)}
        changed = ask("put", here, {"title": "Silence", "text": "A cable.", "language": "simple"})
        assert (changed["title"], changed["public"], changed["customer"]) == ("Silence", False, None)
        assert changed["learnt_from"] == case.pk
        assert ask("delete", here, status=204) is None
        assert ask("get", here, status=404)["detail"] == "there is no such article"

    def test_are_read_by_those_whom_they_are_for(self) -> None:
        desk(), organisation("globex")
        ask, case = Program(), opened()
        inside = ask("post", "articles", {**CABLE, "case": case.pk}, status=201)["number"]
        mine = ask("post", "articles", {**CABLE, "customer": "acme", "public": True, "case": case.pk}, status=201)
        every = ask("post", "articles", {**CABLE, "public": True, "case": case.pk}, status=201)["number"]
        for program, expected in (
            (ask, [inside, mine["number"], every]),
            (customers(), [mine["number"], every]),
            (affiliates(), [every]),
            (limited(), [inside, every]),
        ):
            found = program("get", "articles")
            assert ([each["number"] for each in found["items"]], found["total"]) == (expected, len(expected))
        read = customers()("get", f"articles/{mine['number']}")
        assert (read["text"], read["learnt_from"], read["author"]) == ("Change the **cable**.", None, None)
        assert limited()("get", f"articles/{inside}")["learnt_from"] is None
        assert limited()("get", f"articles/{inside}")["author"] == "Olga"
        customers()("get", f"articles/{inside}", status=404)

    def test_are_written_by_the_provider(self) -> None:
        desk()
        ask, case = Program(), opened()
        made = ask("post", "articles", {**CABLE, "public": True}, status=201)
        here = f"articles/{made['number']}"
        refusal = "Articles are written by owners, service managers and engineers."
        assert customers()("post", "articles", CABLE, status=422)["detail"] == refusal
        assert customers()("put", here, CABLE, status=422)["detail"] == refusal
        assert customers()("delete", here, status=422)["detail"] == refusal
        far = limited()
        far("post", "articles", {**CABLE, "case": case.pk}, status=404)
        far("post", "articles", {**CABLE, "customer": "acme"}, status=404)
        assert far("put", here, {**CABLE, "customer": "globex"}, status=422)["detail"] == "There is no such article."
        assert ask("post", "articles", {**CABLE, "title": " "}, status=422)["detail"] == "Give the article a title."
        assert "cases:write" in reads_only()("delete", here, status=403)["detail"]
        kept = Article.objects.get()
        assert (kept.title, kept.customer, kept.ended_at) == ("The till is silent", None, None)

    def test_and_earlier_cases_are_suggested_for_a_case(self) -> None:
        desk()
        ask = Program()
        inside = ask("post", "articles", CABLE, status=201)["number"]
        public = ask("post", "articles", {**CABLE, "public": True}, status=201)["number"]
        done = resolve(case=opened(), resolution="A new cable.", by=engineer(), now=after(hours=1))
        here = f"cases/{opened(title='The till is silent again').pk}/suggestions"
        found = ask("get", here)
        assert sorted(each["number"] for each in found["articles"]) == [inside, public]
        assert found["cases"] == [{"number": done.pk, "title": "The till is silent", "resolution": "A new cable."}]
        theirs = customers()("get", here)
        assert [each["number"] for each in theirs["articles"]] == [public]
        assert theirs["cases"] == found["cases"]
        assert ask("get", f"cases/{done.pk + 99}/suggestions", status=404)["detail"] == "there is no such case"


class TestAlarms:
    def test_are_made_and_ended(self) -> None:
        organisation("acme")
        ask, by = Program(), policy()
        said = {"policy": by.pk, "percent": 75, "customer": "acme", "priority": "critical"}
        made = ask("post", "alarms", said, status=201, key="a")
        assert made == {
            "number": Alarm.objects.get().pk,
            **said,
            "created_at": made["created_at"],
        }
        assert made["created_at"][:16] == "2026-03-09T14:01"
        assert ask("post", "alarms", said, status=201, key="a") == made
        assert ask("get", "alarms") == {"items": [made], "total": 1}
        assert ask("delete", f"alarms/{made['number']}", status=204) is None
        assert ask("delete", f"alarms/{made['number']}", status=404)["detail"] == "there is no such alarm"
        every = ask("post", "alarms", {"policy": by.pk}, status=201)
        assert (every["percent"], every["customer"], every["priority"]) == (90, None, "")

    def test_are_made_by_those_who_see_all_and_know_the_policy(self) -> None:
        organisation("acme")
        night = policy()
        said = {"policy": night.pk}
        alone = Program(owner(), "northwind-it", Scope.WRITE_CASES)
        assert alone("post", "alarms", said, status=403)["detail"] == "this key has no scope on_call:read"
        assert Program()("post", "alarms", {"policy": night.pk + 1}, status=404)["detail"] == "there is no such policy"
        for each in (customers(), affiliates(), limited()):
            each("post", "alarms", said, status=404)
            assert each("get", "alarms") == {"items": [], "total": 0}
        end_policy(policy=night, by=owner(), now=after(hours=1))
        refusal = Program()("post", "alarms", said, status=422)
        assert refusal["detail"] == "This policy has ended; page by another one."
        assert not Alarm.objects.exists()


class TestAMajorIncident:
    def test_is_planned_and_announced(self) -> None:
        desk()
        sponsor()
        case = make_major(case=opened(), by=engineer(), now=after(hours=1))
        ask, here = Program(), f"cases/{case.pk}/communication"
        said = {"audience": "DECIDERS", "way": "MAIL", "minutes": 30, "text": "The till"}
        made = ask("put", here, said)
        assert made == {
            "number": CommunicationPlan.objects.get().pk,
            **said,
            "next_at": made["next_at"],
            "announcements": [],
        }
        assert made["next_at"][:16] == "2026-03-09T14:31"
        again = ask("put", here, {**said, "minutes": 60})
        assert (again["number"], again["minutes"]) == (made["number"], 60)
        there = f"{here}/{made['number']}/announcements"
        told = ask("post", there, {"text": "A cable is on its way."}, status=201, key="a")
        assert told == {
            "number": Announcement.objects.get().pk,
            "text": "A cable is on its way.",
            "told": "Ada",
            "by": "Olga",
            "at": told["at"],
        }
        assert ask("post", there, {"text": "A cable is on its way."}, status=201, key="a") == told
        assert Mail.objects.filter(kind="case_announced").count() == 1
        later = ask("post", there, {"text": "It works."}, status=201)
        found = ask("get", here)
        assert (found["total"], found["items"][0]["announcements"]) == (1, [later, told])

    def test_is_not_planned_by_others_nor_for_other_cases(self) -> None:
        desk(), organisation("globex")
        case, small = make_major(case=opened(), by=engineer(), now=after(hours=1)), opened()
        said = {"audience": "HOUSE", "way": "MAIL"}
        ask, here = Program(), f"cases/{case.pk}/communication"
        made = ask("put", here, said)
        there = f"{here}/{made['number']}/announcements"
        assert "major incident" in ask("put", f"cases/{small.pk}/communication", said, status=422)["detail"]
        ask("post", f"cases/{small.pk}/communication/{made['number']}/announcements", {"text": "No."}, status=404)
        theirs = customers()
        assert theirs("get", here) == {"items": [], "total": 0}
        assert "Your role" in theirs("put", here, said, status=422)["detail"]
        assert theirs("post", there, {"text": "No."}, status=404)["detail"] == "there is no such plan"
        for method, address, body in (("get", here, None), ("put", here, said), ("post", there, {"text": "No."})):
            limited()(method, address, body, status=404)
        reads_only()("post", there, {"text": "No."}, status=403)
        assert CommunicationPlan.objects.count() == 1
        assert not Announcement.objects.exists()


class TestOpinions:
    def test_are_given_once_and_quoted_if_that_is_allowed(self) -> None:
        desk()
        ada, theirs, ask = sponsor(), customers(), Program()
        first, second = (
            confirm(
                case=resolve(
                    case=opened(requester=person("Ada", organisation("acme"))),
                    resolution="A cable.",
                    by=engineer(),
                    now=after(hours=1),
                ),
                by=ada,
                now=after(hours=hour),
            )
            for hour in (2, 3)
        )
        given = theirs("post", f"cases/{first.pk}/opinion", {"score": 4, "words": "Quick."})
        assert given == {
            "case": first.pk,
            "customer": "acme",
            "service": "",
            "asked_at": "2026-03-09T11:00:00Z",
            "answered_at": given["answered_at"],
            "score": 4,
            "words": "Quick.",
        }
        assert "answered already" in theirs("post", f"cases/{first.pk}/opinion", {"score": 1}, status=422)["detail"]
        unquoted = {**given, "words": ""}
        waiting = {
            **unquoted,
            "case": second.pk,
            "asked_at": "2026-03-09T12:00:00Z",
            "score": None,
            "answered_at": None,
        }
        assert ask("get", "opinions") == {"items": [waiting, unquoted], "total": 2}
        assert ask("get", "opinions?answered=true&customer=acme")["items"] == [unquoted]
        assert ask("get", "opinions?answered=false")["items"] == [waiting]
        assert ask("get", "opinions?customer=initech", status=404)["detail"] == "there is no such organisation"
        assert theirs("get", "opinions?answered=true")["items"] == [given]
        theirs("post", f"cases/{second.pk}/opinion", {"score": 2, "words": "Slow.", "may_quote": True})
        assert ask("get", "opinions")["items"][0]["words"] == "Slow."

    def test_are_those_of_whoever_reported_it(self) -> None:
        desk(), organisation("globex")
        case = resolve(
            case=opened(requester=person("Uma", organisation("acme"), Role.USER)),
            resolution="A cable.",
            by=engineer(),
            now=after(hours=1),
        )
        confirm(case=case, by=sponsor(), now=after(hours=2))
        here = f"cases/{case.pk}/opinion"
        for program in (Program(), customers()):
            assert "Your role" in program("post", here, {"score": 5}, status=422)["detail"]
        limited()("post", here, {"score": 5}, status=404)
        customers(Scope.READ_CASES)("post", here, {"score": 5}, status=403)
        customers()("post", here, {"score": 6}, status=422)
        assert affiliates()("get", "opinions") == {"items": [], "total": 0}
        assert limited()("get", "opinions") == {"items": [], "total": 0}
        assert Opinion.objects.get().score is None


class TestTime:
    def test_is_taken_back_and_both_entries_stay(self) -> None:
        desk()
        case = opened()
        entry = enter_time(
            case=case, minutes=15, note="Looked.", worked_at=after(hours=1), by=engineer(), now=after(hours=2)
        )
        ask, here = Program(), f"cases/{case.pk}/times"
        customers()("post", f"{here}/{entry.pk}/take-back", status=404)
        undone = ask("post", f"{here}/{entry.pk}/take-back", status=201)
        kept = {
            "number": entry.pk,
            "person": "Eva",
            "minutes": 15,
            "pays": "FREE",
            "note": "Looked.",
            "worked_at": "2026-03-09T10:00:00Z",
            "takes_back": None,
        }
        assert undone == {**kept, "number": undone["number"], "person": "Olga", "takes_back": entry.pk}
        assert ask("get", here) == {"items": [kept, undone], "total": 2}
        refusal = ask("post", f"{here}/{entry.pk}/take-back", status=422)
        assert refusal["detail"] == "This was taken back already."
        ask("post", f"{here}/{entry.pk + 99}/take-back", status=404)


class TestFigures:
    def test_are_those_of_a_month_and_the_months_before(self) -> None:
        desk()
        case = opened()
        respond(case=case, by=engineer(), now=after(minutes=30))
        enter_time(case=case, minutes=15, note="Looked.", worked_at=after(hours=1), by=engineer(), now=after(hours=1))
        resolve(case=case, resolution="A cable.", by=engineer(), now=after(hours=2))
        confirm(case=case, by=sponsor(), now=after(hours=3))
        Opinion.objects.create(case=case, asked_at=after(), score=4, answered_at=after(hours=3))
        opened(service="desk", kind="request")
        ask = Program()
        march = {"month": "2026-03", "opened": 2, "resolved": 1, "closed": 1, "backlog": 1}
        nothing = {"opened": 0, "resolved": 0, "closed": 0, "backlog": 0}
        found = ask("get", "desk/figures?months=2")
        assert found == {
            "month": "2026-03",
            "opened": 2,
            "by_kind": {"incident": 1, "request": 1},
            "by_service": {"": 1, "desk": 1},
            "by_customer": {"Acme": 2},
            "response": {"number": 1, "median": 1800, "most": 1800},
            "resolution": {"number": 1, "median": 7200, "most": 7200},
            "first_contact": {"part": 0, "of": 1},
            "reopened": {"part": 0, "of": 1},
            "minutes": {"FREE": 15},
            "points": {"4": 1},
            "trend": [{"month": "2026-02", **nothing}, march],
        }
        assert len(ask("get", "desk/figures")["trend"]) == 12
        one = ask("get", "desk/figures?customer=acme&service=desk&months=1")
        assert (one["opened"], one["by_kind"], one["trend"][0]["opened"]) == (1, {"request": 1}, 1)
        later = ask("get", "desk/figures?month=2026-04&months=1")
        assert (later["opened"], later["response"]) == (0, {"number": 0, "median": None, "most": None})
        assert later["trend"] == [{"month": "2026-04", **nothing, "backlog": 1}]

    @pytest.mark.parametrize("asked", ["month=2026-13", "month=0001-01", "months=0", "months=37", "month=x"])
    def test_are_of_a_month_that_there_is(self, asked: str) -> None:
        Program()("get", f"desk/figures?{asked}", status=422)

    def test_are_the_providers(self) -> None:
        desk(), organisation("globex")
        opened()
        for address in ("desk/figures", "desk/loads"):
            for theirs in (customers(), affiliates()):
                assert theirs("get", address, status=404)["detail"] == "there is no such thing"
            assert (
                "cases:read" in Program(owner(), "northwind-it", Scope.READ_MONEY)("get", address, status=403)["detail"]
            )
        assert limited()("get", "desk/figures")["opened"] == 0
        assert limited()("get", "desk/figures?customer=acme", status=404)["findings"] == []
        assert reads_only()("get", "desk/figures")["opened"] == 1


class TestTheQueue:
    def test_is_read_part_by_part_and_never_counted(self) -> None:
        desk()
        numbers = [opened().pk for _ in range(3)]
        ask = Program()
        with CaptureQueriesContext(connection) as asked:
            first = ask("get", "queue?limit=2")
        assert [each["sql"] for each in asked if "COUNT(" in each["sql"] and "service_desk" in each["sql"]] == []
        assert ([each["number"] for each in first["items"]], first["more"]) == (numbers[:2], True)
        last = ask("get", "queue?limit=2&offset=2")
        assert ([each["number"] for each in last["items"]], last["more"]) == (numbers[2:], False)
        assert ask("get", "queue?limit=3")["more"] is False
        assert ask("get", "queue?offset=3") == {"items": [], "more": False}

    def test_is_looked_through_by_owner_and_by_what_is_due_soon(self) -> None:
        desk()
        bought()
        eva, ed = opened(), opened(by=engineer("Ed"), at=after(hours=4.5))
        sent = refer_case(case=eva, affiliate=organisation("hosting-gmbh"), why="Look.", by=engineer(), now=after())
        renew_places(now=after(hours=5))
        ask = Program()
        for address, expected in (
            ("queue?owner=Ed@northwind-it.example", [ed.pk]),
            ("cases?owner=ed@northwind-it.example", [ed.pk]),
            ("queue?soon=true", [ed.pk]),
            ("queue", [ed.pk, eva.pk]),
        ):
            assert [each["number"] for each in ask("get", address)["items"]] == expected, address
        refusal = "nobody who works on cases has this address"
        assert ask("get", "queue?owner=hans@hosting-gmbh.example", status=404)["detail"] == refusal
        theirs = affiliates()
        Case.objects.filter(pk=sent.pk).update(owner=person("Hans", organisation("hosting-gmbh")))
        assert [each["number"] for each in theirs("get", "queue?owner=hans@hosting-gmbh.example")["items"]] == [sent.pk]
        assert theirs("get", "queue?owner=ed@northwind-it.example", status=404)["detail"] == refusal
        assert customers()("get", "cases?owner=ed@northwind-it.example", status=404)["detail"] == refusal

    def test_is_counted_apart(self) -> None:
        desk()
        organisation("globex")
        opened(), opened(by=owner())
        renew_places(now=after(hours=5))
        counted = {"open": 2, "over": 2, "soon": 0, "mine": 1}
        assert Program()("get", "desk/sizes") == counted
        nothing = dict.fromkeys(counted, 0)
        assert [each("get", "desk/sizes") for each in (customers(), affiliates(), limited())] == [nothing] * 3
        assert reads_only()("get", "desk/sizes") == {**counted, "mine": 0}

    def test_is_shared_by_those_who_work(self) -> None:
        desk()
        opened()
        renew_places(now=after(hours=5))
        eva = person("Eva", house())
        say_presence(available=False, until=None, note="", by=viewer(eva, Site.CONSOLE), now=after(hours=1))
        busy = {"name": "Eva", "email": "eva@northwind-it.example", "open": 1, "over": 1, "soon": 0, "waiting": 0}
        found = Program()("get", "desk/loads")
        assert found[0] == {**busy, "available": False}
        assert [(each["name"], each["open"], each["available"]) for each in found] == [
            ("Eva", 1, False),
            ("Olga", 0, None),
            ("Sam", 0, None),
        ]
        assert reads_only()("get", "desk/loads")[0] == {**busy, "available": None}
