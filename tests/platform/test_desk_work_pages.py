"""Pages about work on cases: figures, templates, alarms, checklists, communication, articles, opinions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from makegood.platform.evidence.on_call.operations import StepAsked, keep_policy
from makegood.platform.evidence.service_desk.models import (
    Alarm,
    Announcement,
    Article,
    Case,
    CaseTemplate,
    ChecklistItem,
    CommunicationPlan,
    Opinion,
    TimeEntry,
)
from makegood.platform.evidence.service_desk.operations import UnableToServe, end_alarm, make_alarm, make_major, resolve
from makegood.platform.judging.periods.models import Period
from makegood.platform.review.reports.desk_work import desk_work
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.parts.markdown import as_page
from tests.platform.agreements import owner, service_manager, sponsor
from tests.platform.desk import after, desk, engineer, opened
from tests.platform.people import house, organisation, person, viewer
from tests.platform.test_desk_known import article, closed
from tests.platform.test_desk_pages import client_of, eva, mine, sent, text, uma

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def then(settings: object) -> None:
    """Let it be five hours after cases are opened in the small world."""
    apart = after(hours=5) - datetime.now(UTC).replace(microsecond=0)
    settings.DAYS_SHIFTED = apart / timedelta(days=1)  # type: ignore[attr-defined]


def sam() -> Client:
    return client_of("Sam", "northwind-it", Role.SERVICE_MANAGER)


TEMPLATE = {
    "name": "Backups",
    "customer": "acme",
    "title": "Look at the backups",
    "kind": "incident",
    "checklist": "Restore\nWrite",
    "impact": "low",
    "urgency": "low",
    "every": "1",
    "unit": "MONTH",
    "first_day": "2026-01-31",
    "hour": "",
    "zone": "",
}


class TestTemplatesAndAlarms:
    def test_are_kept_by_service_managers_and_used_by_engineers(self) -> None:
        desk(), organisation("acme")
        assert "no templates yet" in text(eva(), "/console/desk/templates/")
        assert text(eva(), "/console/desk/templates/new/", 404)
        assert sent(sam(), "/console/desk/templates/new/", **TEMPLATE)[0] == 200
        made = CaseTemplate.objects.get()
        assert (made.hour, made.zone, made.unit, f"{made.next_at:%Y-%m-%d %H}") == (8, "UTC", "MONTH", "2026-03-31 08")
        assert sent(sam(), "/console/desk/templates/new/", **TEMPLATE)[0] == 422
        assert sent(sam(), "/console/desk/templates/new/", **TEMPLATE | {"name": "B", "first_day": ""})[0] == 422
        assert "Restore" in text(sam(), f"/console/desk/templates/{made.pk}/")
        plain = TEMPLATE | {"every": "", "name": "New name", "customer": ""}
        assert sent(sam(), f"/console/desk/templates/{made.pk}/", **plain)[0] == 200
        status, page = sent(eva(), f"/console/desk/templates/{made.pk}/open/", customer="", title="")
        assert (status, "Say for which customer it is." in page) == (422, True)
        assert sent(eva(), f"/console/desk/templates/{made.pk}/open/", customer="nobody", title="")[0] == 422
        assert sent(eva(), f"/console/desk/templates/{made.pk}/open/", customer="acme", title="Now")[0] == 200
        assert Case.objects.get().title == "Now"
        sent(sam(), f"/console/desk/templates/{made.pk}/end/")
        assert text(sam(), f"/console/desk/templates/{made.pk}/", 404)

    def test_page_people_for_some_cases(self) -> None:
        steps = [StepAsked(0, person=person("Eva", house(), Role.ENGINEER))]
        policy = keep_policy(
            organisation=house(), name="Night", steps=steps, rounds=1, round_minutes=30, by=owner(), now=after()
        )
        assert "Nobody is paged" in text(sam(), "/console/desk/alarms/")
        form = {"policy": str(policy.pk), "percent": "80", "customer": "", "priority": ""}
        assert sent(sam(), "/console/desk/alarms/", **form)[0] == 200
        assert sent(sam(), "/console/desk/alarms/", **form | {"percent": "101"})[0] == 422
        far = person("Gil", house(), Role.SERVICE_MANAGER)
        far.memberships.get().customers.add(organisation("globex"))
        assert sent(client_of("Gil", "northwind-it", Role.SERVICE_MANAGER), "/console/desk/alarms/", **form)[0] == 422
        alarm = Alarm.objects.get()
        sent(sam(), f"/console/desk/alarms/{alarm.pk}/end/")
        by = service_manager()
        with pytest.raises(UnableToServe, match="has ended"):
            end_alarm(alarm=alarm, by=by, now=after())
        globex = viewer(far, Site.CONSOLE)
        for more, refusal in (
            ({"percent": 0}, "1 to 100"),
            ({"customer": house()}, "no such customer"),
            ({"by": globex}, "Alarms are kept"),
        ):
            with pytest.raises(UnableToServe, match=refusal):
                make_alarm(**{"policy": policy, "percent": 50, "by": by, "now": after(), **more})  # type: ignore[arg-type]
        policy.ended_at = after()
        with pytest.raises(UnableToServe, match="policy has ended"):
            make_alarm(policy=policy, percent=50, by=by, now=after())


class TestWorkOnACase:
    def test_is_ticked_off_and_announced_and_taken_back(self) -> None:
        desk(), sponsor()
        case = mine()
        here = f"/console/desk/{case.pk}/work/"
        assert "no checklist" in text(eva(), here)
        item = ChecklistItem.objects.create(case=case, number=1, text="Restore")
        sent(eva(), f"{here}items/{item.pk}/", done="on")
        assert "Not done" in text(eva(), here)
        sent(eva(), f"{here}items/{item.pk}/")
        item.refresh_from_db()
        assert item.ticked_at is None
        form = {"audience": "DECIDERS", "way": "MAIL", "minutes": "30", "text": "It stands so:"}
        assert sent(eva(), f"{here}plan/", **form)[0] == 422
        make_major(case=case, by=engineer(), now=after(minutes=2))
        assert sent(eva(), f"{here}plan/", **form)[0] == 200
        plan = CommunicationPlan.objects.get()
        assert sent(eva(), f"{here}plan/{plan.pk}/", text="")[0] == 422
        assert "Ada" in sent(eva(), f"{here}plan/{plan.pk}/", text="Soon.")[1]
        Case.objects.filter(pk=case.pk).update(state="CLOSED", held_for="", closed_at=after(hours=1))
        assert sent(eva(), f"{here}plan/{plan.pk}/", text="Soon.")[0] == 422
        assert Announcement.objects.count() == 1
        entry = TimeEntry.objects.create(
            case=case, person=person("Eva", house()), minutes=5, pays="FREE", worked_at=after(), written_at=after()
        )
        assert "Take back" in text(eva(), here)
        sent(eva(), f"{here}times/{entry.pk}/")
        assert "taken back" in text(eva(), here)


class TestFigures:
    def test_are_shown_and_handed_out(self) -> None:
        desk()
        case = closed()
        TimeEntry.objects.create(
            case=case, person=person("Eva", house()), minutes=65, pays="FREE", worked_at=after(), written_at=after()
        )
        Opinion.objects.filter(case=case).update(score=4, answered_at=after(hours=3))
        page = text(eva(), "/console/desk/reports/?month=2026-03&customer=acme")
        for each in ("Figures of 2026-03", "1:00 h", "100 % (1/1)", "1:05 h", "Opinions with 4 points"):
            assert each in page
        assert "Figures of 2026-03" in text(eva(), "/console/desk/reports/?month=0001-01&service=none")
        months = text(eva(), "/console/desk/reports/export/months.csv?month=2026-04")
        assert months.splitlines()[-2:] == ["2026-03,1,1,1,0", "2026-04,0,0,0,0"]
        assert text(eva(), "/console/desk/reports/export/months.doc", 404)

    def test_are_part_of_the_monthly_report(self) -> None:
        contract = desk()
        period = Period(contract=contract, starts_at=after(days=-9), ends_at=after(days=22))
        assert desk_work(period, after()) == []
        closed()
        found = {each["what"]: each["found"] for each in desk_work(period, after(days=60))}
        assert (found["Cases opened"], found["– incident"], found["Opened again"]) == ("1", "1", "0 % (0/1)")
        assert found["Until it was resolved, half of them within"] == "1:00 h"


class TestKnowledge:
    def test_is_written_by_staff_and_read_by_customers(self) -> None:
        desk()
        case = mine()
        resolve(case=case, resolution="A new cable.", by=engineer(), now=after(hours=1))
        assert "Nothing was written yet" in text(eva(), "/console/knowledge/")
        assert "A new cable." in text(eva(), f"/console/knowledge/new/?case={case.pk}")
        form = {"title": "Silent tills", "text": "# Cable\n\nChange it.", "language": "english", "public": "on"}
        assert sent(eva(), f"/console/knowledge/new/?case={case.pk}", **form)[0] == 200
        made = Article.objects.get()
        assert f"#{case.pk}" in text(eva(), f"/console/knowledge/{made.pk}/")
        page = text(uma(), f"/portal/knowledge/{made.pk}/")
        assert ("<h2>Cable</h2>" in page, f"#{case.pk}" in page) == (True, False)
        assert "Silent tills" in text(uma(), "/portal/knowledge/?words=till")
        assert "try fewer" in text(uma(), "/portal/knowledge/?words=zebra")
        assert "Silent tills" in text(uma(), "/portal/knowledge/suggestions/?title=my+till+is+silent")
        fragment = uma().get("/portal/knowledge/suggestions/?words=zebra&but=1", headers={"HX-Request": "true"})
        assert ("Nothing like this" in fragment.content.decode(), b"<h1" in fragment.content) == (True, False)
        assert "Silent tills" in text(eva(), f"/console/knowledge/{made.pk}/change/")
        assert (
            sent(eva(), f"/console/knowledge/{made.pk}/change/", **form | {"public": "", "customer": "acme"})[0] == 200
        )
        assert text(uma(), f"/portal/knowledge/{made.pk}/", 404)
        assert "Acme" in text(eva(), "/console/knowledge/")
        sent(eva(), f"/console/knowledge/{made.pk}/end/")
        assert text(eva(), f"/console/knowledge/{made.pk}/", 404)

    def test_is_not_written_for_all_by_somebody_who_sees_few(self) -> None:
        far = person("Gil", house(), Role.ENGINEER)
        far.memberships.get().customers.add(organisation("globex"))
        form = {"title": "X", "text": "Y", "language": "english"}
        assert sent(client_of("Gil", "northwind-it", Role.ENGINEER), "/console/knowledge/new/", **form)[0] == 422
        desk()
        made = article(case=opened())
        page = text(client_of("Gil", "northwind-it", Role.ENGINEER), f"/console/knowledge/{made.pk}/")
        assert "learnt from" not in page

    def test_is_shown_in_pages(self) -> None:
        for number in range(51):
            article(f"Article {number:02}")
        assert "page=2" in text(eva(), "/console/knowledge/")
        assert "page=1" in text(eva(), "/console/knowledge/?page=2")


class TestAnOpinion:
    def test_is_given_on_the_page_of_the_case_by_whoever_had_it(self) -> None:
        desk(), sponsor()
        case = closed()
        ada = client_of("Ada", "acme", Role.SPONSOR)
        assert "How was it?" not in text(ada, f"/portal/requests/{case.pk}/")
        assert "How was it?" in text(uma(), f"/portal/requests/{case.pk}/")
        assert sent(uma(), f"/portal/requests/{case.pk}/opinion/", score="9")[0] == 422
        form = {"score": "5", "words": "Great.", "may_quote": "on"}
        assert "Thank you" in sent(uma(), f"/portal/requests/{case.pk}/opinion/", **form)[1]
        assert sent(uma(), f"/portal/requests/{case.pk}/opinion/", **form)[0] == 422


class TestMarkdown:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("# One\n## Two", "<h2>One</h2>\n<h3>Two</h3>"),
            ("a\nb\n\nc", "<p>a<br>b</p>\n<p>c</p>"),
            ("- a\n- **b**\n\n1. c", "<ul><li>a</li><li><strong>b</strong></li></ul>\n<ol><li>c</li></ol>"),
            ("```\n<b>\n```\n*x* `y`", "<pre>&lt;b&gt;</pre>\n<p><em>x</em> <code>y</code></p>"),
            ("```\nopen", "<pre>open</pre>"),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
            ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
            (
                "see [**it**](https://x.example/?a=1&b=2).",
                '<p>see <a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">**it**</a>.</p>',
            ),
        ],
    )
    def test_is_shown_and_nothing_more(self, text: str, expected: str) -> None:
        assert as_page(text) == expected
