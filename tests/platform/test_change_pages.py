"""Pages about changes, releases and problems, as staff and customers meet them."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from django.test import Client

from makegood.platform.evidence.changes.models import (
    Change,
    Freeze,
    Kind,
    Problem,
    Release,
    Responsible,
    Rule,
    State,
    Suggestion,
    Template,
    Window,
)
from makegood.platform.evidence.changes.operations import (
    announce_downtime,
    authorise_change,
    authorise_template,
    blame_change,
    carry_out_release,
    plan_change,
    release_change,
    review_trends,
    set_rules,
)
from makegood.platform.tenancy.access.models import Membership, Person
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import owner
from tests.platform.changing import (
    MONDAY,
    SATURDAY,
    after,
    approved,
    bought_desk,
    drafted,
    engineer,
    opened,
    planned,
    promised,
    ready,
    requested,
    service_manager,
    tried,
)
from tests.platform.people import days_to, house, organisation, person

pytestmark = pytest.mark.django_db
FULL: Final[dict[str, Any]] = {
    "title": "A new switch",
    "kind": "NORMAL",
    "service": "desk",
    "need": "Old.",
    "desired": "New.",
    "affected": "All.",
    "means": "By hand.",
    "continuity": "The old one.",
    "cost": "1,200.50",
    "currency": "EUR",
    "priority": "high",
    "impact": "low",
    "starts_at": "2026-03-14T20:00",
    "ends_at": "2026-03-14T23:00",
}


@pytest.fixture(autouse=True)
def then(settings: Any) -> None:
    settings.DAYS_SHIFTED = days_to(after(days=20))
    house(), organisation("acme")


def signed(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def staff(name: str = "Sam", role: Role = Role.SERVICE_MANAGER) -> Client:
    return signed(person(name, house(), role))


def ada(role: Role = Role.SPONSOR) -> Client:
    return signed(person("Ada", organisation("acme"), role))


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def sent(client: Client, address: str, status: int = 302, **said: Any) -> str:
    answer = client.post(address, said)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


class TestAskingOnAPage:
    def test_begins_with_the_customer(self) -> None:
        assert "?customer=acme" in page(staff(), "/console/changes/new/")
        assert page(staff(), "/console/changes/new/?customer=nobody", 404)
        assert 'name="need"' in page(ada(), "/portal/changes/new/")

    def test_keeps_a_draft_and_requests_it(self) -> None:
        client = staff("Eva", Role.ENGINEER)
        sent(client, "/console/changes/new/?customer=acme", **FULL)
        change = Change.objects.get()
        assert (change.cost, change.starts_at, change.state) == (120_050, SATURDAY, State.DRAFT)
        assert "1200.50" in page(client, f"/console/changes/{change.pk}/edit/")
        sent(
            client,
            f"/console/changes/{change.pk}/edit/",
            **{**FULL, "title": "Two switches", "currency": "JPY", "cost": "9"},
        )
        change.refresh_from_db()
        assert (change.title, change.cost) == ("Two switches", 9)
        sent(client, f"/console/changes/{change.pk}/do/", do="request")
        again = sent(client, f"/console/changes/{change.pk}/edit/", 422, **FULL)
        assert "stays as it is" in again
        assert "requested already" in sent(client, f"/console/changes/{change.pk}/do/", 422, do="request")

    def test_says_what_is_wrong(self) -> None:
        client = ada()
        answer = sent(client, "/portal/changes/new/", 422, **{**FULL, "cost": "much", "starts_at": "9999-01-01T00:00"})
        assert "Write an amount in EUR" in answer
        assert "A day lies between 1970 and 2190." in answer
        assert "follows a template" in sent(client, "/portal/changes/new/", 422, **{**FULL, "kind": "STANDARD"})
        assert page(staff(), "/console/changes/new/?customer=acme&case=x", 404)
        assert not Change.objects.exists()

    def test_comes_from_a_case_or_follows_a_template(self) -> None:
        promised()
        case = opened()
        assert "The till is silent" in page(staff(), f"/console/changes/new/?customer=acme&case={case.pk}")
        template = authorise_template(
            customer=organisation("acme"), title="New user", means="So.", continuity="x", by=owner(), now=MONDAY
        )
        authorise_template(
            customer=organisation("globex"), title="Theirs", means="So.", continuity="x", by=owner(), now=MONDAY
        )
        said: dict[str, Any] = {**FULL, "kind": "STANDARD", "template": str(template.pk), "cost": ""}
        sent(staff(), f"/console/changes/new/?customer=acme&case={case.pk}", **said)
        change = Change.objects.get()
        assert (change.template, change.links.get().case, change.means) == (template, case, "So.")


class TestTheListOfChanges:
    def test_finds_by_words_state_and_number(self) -> None:
        change = requested(title="A switch for the till", impact="high")
        other = drafted(title="Mail moves", need="x")
        client = staff()
        found = page(client, "/console/changes/?q=switch")
        assert (str(change) in found, str(other) in found) == (True, False)
        assert str(other) in page(client, "/console/changes/?state=DRAFT")
        assert "No change is like that" in page(client, "/console/changes/?q=fax")
        assert "These wait for you" in page(client, "/console/changes/")
        board = page(client, "/console/changes/?view=board")
        assert (str(change) in board, "high impact" in board) == (True, True)
        assert "Nothing is under way." in page(ada(), "/portal/changes/?view=board&q=fax")

    def test_says_what_to_do_when_it_is_empty(self) -> None:
        assert "Nobody asked for a change yet" in page(ada(), "/portal/changes/")

    def test_has_pages_and_files(self) -> None:
        first = drafted()
        Change.objects.bulk_create(
            Change(
                customer=first.customer,
                kind=Kind.NORMAL,
                origin="INTERNAL",
                title=f"x{number}",
                originator=first.originator,
                written_at=MONDAY,
            )
            for number in range(101)
        )
        assert "Page 2 of 3" in page(staff(), "/console/changes/?page=2")
        approved_one = approved()
        planned(approved_one)
        for what in ("requests-for-change", "releases", "problems"):
            assert staff().get(f"/console/export/{what}.csv").status_code == 200
        assert "title" in page(ada(), "/portal/export/problems.csv")


class TestOneChange:
    def test_goes_through_the_committee_to_the_customer(self) -> None:
        set_rules(
            customer=organisation("acme"),
            approves="HIGH",
            approver="SPONSOR",
            quorum=2,
            straight=True,
            checks=False,
            timezone="Europe/Berlin",
            by=service_manager(),
            now=MONDAY,
        )
        change = requested(
            impact="high", kind=Kind.PATCH, components="x", vulnerability="x", urgency="high", testing="x"
        )
        here = f"/console/changes/{change.pk}/"
        sam, eva = staff(), staff("Eva", Role.ENGINEER)
        emil = person("Emil", house(), Role.AUDITOR)
        people = [person("Eva", house()).pk, emil.pk]
        assert "Authorise" in page(sam, here)
        assert "at least 2" in sent(sam, f"{here}do/", 422, do="authorise", members=people[:1], why="")
        sent(sam, f"{here}do/", do="prioritise", priority="high", impact="high", why="Soon.")
        sent(sam, f"{here}do/", do="assign", person=person("Sam", house()).pk)
        sent(sam, f"{here}do/", do="authorise", members=people, why="")
        assert "quorum" not in page(sam, here)
        assert "These wait for you" in page(eva, "/console/changes/")
        sent(eva, f"{here}do/", do="vote", approve="yes", why="Good.")
        assert "1 voted; the quorum is 2" in sent(sam, f"{here}do/", 422, do="end-vote")
        assert "does not include this" in sent(sam, f"{here}do/", 422, do="vote", approve="yes", why="")
        sent(signed(emil), f"{here}do/", do="vote", approve="yes", why="")
        manager = ada(Role.MANAGER)
        assert "Approve for your organisation" not in page(manager, f"/portal/changes/{change.pk}/")
        sponsor = ada()
        assert "Approve for your organisation" in page(sponsor, f"/portal/changes/{change.pk}/")
        sent(sponsor, f"/portal/changes/{change.pk}/do/", do="decide", approve="yes", why="")
        change.refresh_from_db()
        assert change.state == State.APPROVED
        shown = page(sam, here)
        assert all(each in shown for each in ("for it", "Good.", "Of the patch", "Plan a release with it"))

    def test_is_planned_tested_and_released(self) -> None:
        change = requested()
        here = f"/console/changes/{change.pk}/"
        client = staff()
        Freeze.objects.create(title="Easter", starts_at=after(days=18), ends_at=after(days=19))
        plan: dict[str, Any] = {"do": "plan", "starts_at": "2026-03-27T00:00", "ends_at": "2026-04-01T00:00"}
        assert "Easter" in sent(client, f"{here}do/", 422, **plan, why="")
        sent(client, f"{here}do/", **plan, why="They asked.")
        assert "They asked." in page(client, here)
        sent(client, f"{here}do/", do="authorise", why="")
        requested(starts_at=after(days=19), ends_at=after(days=20))
        assert "Something stands against its time" in page(client, here)
        Change.objects.exclude(pk=change.pk).update(starts_at=None, ends_at=None)
        said: dict[str, Any] = {"tester": "Tina", "what": "x", "environment": "x", "differences": "x"}
        sent(client, f"{here}do/", do="try", **said)
        assert "failed" in page(client, here)
        sent(client, f"{here}do/", do="release", at="")
        case = opened(at=after(days=24))
        assert "no such case" in sent(client, f"{here}do/", 422, do="blame", case=case.pk + 9).lower()
        sent(client, f"{here}do/", do="blame", case=case.pk)
        assert "caused by this change; free of charge" in page(client, here)
        sent(client, f"{here}do/", do="review", result="FAILED", text="It fell.")
        sent(client, f"{here}do/", do="archive")
        assert "It fell." in page(client, here)
        told = json.loads(page(client, f"{here}change.json"))
        assert (told["state"], told["review"]["result"]) == ("ARCHIVED", "FAILED")

    def test_may_be_returned_rejected_withdrawn_and_asked_again(self) -> None:
        change = requested()
        here = f"/console/changes/{change.pk}/do/"
        client = staff()
        sent(client, here, do="return", why="Which till?")
        sent(client, here, do="request")
        sent(client, here, do="reject", why="Too dear.")
        sent(client, here, do="resubmit")
        sent(client, here, do="withdraw", why="Later.")
        change.refresh_from_db()
        assert change.state == State.WITHDRAWN
        assert client.post(here, {"do": "dance"}).status_code == 404
        assert page(client, "/console/changes/999999/", 404)

    def test_shows_a_spike_of_incidents_and_similar_changes(self) -> None:
        past = requested(title="A new switch for the office", service="mail")
        change = release_change(change=approved(service="mail", title="A new switch"), by=engineer(), now=MONDAY)
        here = f"/console/changes/{change.pk}/"
        assert "usually 0.0" in page(staff(), here)
        cases = [opened(at=after(hours=hour), service="mail") for hour in (1, 2, 3)]
        shown = page(staff(), here)
        assert all(each in shown for each in ("More incidents than usual followed", f"#{cases[0].pk}", str(past)))
        blame_change(change=change, case=cases[0], by=service_manager(), now=after(hours=9))
        assert "caused by this change" in page(ada(), f"/portal/changes/{change.pk}/")
        assert "usual" not in page(ada(), f"/portal/changes/{change.pk}/")


class TestTheCalendar:
    def test_shows_changes_releases_downtime_and_freezes(self) -> None:
        change = tried(approved())
        release = planned(change)
        announce_downtime(
            release=release, starts_at=SATURDAY, ends_at=after(days=5, hours=12), by=engineer(), now=MONDAY
        )
        second = requested(service="mail")
        times: dict[str, Any] = {"starts_at": SATURDAY, "ends_at": after(days=5, hours=13)}
        Freeze.objects.create(title="Easter", **times)
        Freeze.objects.create(title="Fair", customer=organisation("globex"), **times)
        Window.objects.create(customer=organisation("acme"), weekday=5, starts=0, ends=1440)
        plan_change(change=second, **times, why="Quick.", by=service_manager(), now=MONDAY)
        third = requested(service="fax")
        Change.objects.filter(pk=third.pk).update(**times)
        shown = page(staff(), "/console/changes/calendar/?month=2026-03&customer=acme")
        parts = (str(change), str(release), "Down: March", "Easter", "Saturday 00:00–24:00", "conflict", "2026-04")
        assert [each for each in parts if each not in shown] == []
        assert "Fair" not in shown
        assert "Fair" in page(staff(), "/console/changes/calendar/?month=2026-03")
        assert str(change) in page(ada(), "/portal/changes/calendar/?month=2026-03")
        assert "Nothing is planned in this month" in page(
            staff(), "/console/changes/calendar/?month=2027-01&customer=globex"
        )
        assert "March 2026" in page(staff(), "/console/changes/calendar/?month=9999-99")
        assert "1990-01" not in page(staff(), "/console/changes/calendar/?month=1990-02")
        assert "2100-03" not in page(staff(), "/console/changes/calendar/?month=2100-02")
        assert page(staff(), "/console/changes/calendar/?customer=nobody", 404)


class TestReleases:
    def test_are_planned_for_a_customer(self) -> None:
        client = staff("Eva", Role.ENGINEER)
        assert "No approved change waits" in page(client, "/console/releases/new/")
        change = approved()
        assert "?customer=acme" in page(client, "/console/releases/new/")
        here = "/console/releases/new/?customer=acme"
        said: dict[str, Any] = {"title": "March", "manager": person("Sam", house()).pk, "changes": [change.pk]}
        times: dict[str, Any] = {"starts_at": "2026-03-14T20:00", "ends_at": "2026-03-14T23:00"}
        assert "ends after it starts" in sent(
            client, here, 422, **said, starts_at=times["ends_at"], ends_at=times["starts_at"]
        )
        sent(client, here, **said, **times)
        assert "March" in page(client, "/console/releases/")
        assert "Nothing is released yet" in page(
            signed(person("Gus", organisation("globex"), Role.SPONSOR)), "/portal/releases/"
        )

    def test_are_answered_checked_approved_and_carried_out(self) -> None:
        set_rules(
            customer=organisation("acme"),
            approves="NONE",
            approver="MANAGER",
            quorum=2,
            straight=True,
            checks=True,
            timezone="UTC",
            by=service_manager(),
            now=MONDAY,
        )
        release = planned(tried(approved()), starts_at=after(days=40), ends_at=after(days=40, hours=4))
        here = f"/console/releases/{release.pk}/"
        client, customer = staff(), ada()
        assert "not answered" in page(client, here)
        answers: dict[str, Any] = dict.fromkeys(("functions", "security", "tests", "windows", "laboratory"), "Yes.")
        sent(client, f"{here}do/", do="answer", **answers)
        assert "The customer checks this release first" in sent(client, f"{here}do/", 422, do="approve")
        there = f"/portal/releases/{release.pk}/"
        assert "Say what is wrong." in sent(customer, f"{there}do/", 422, do="check", approve="no", why="")
        sent(customer, f"{there}do/", do="check", approve="no", why="One till is missing.")
        assert "One till is missing." in page(client, here)
        sent(customer, f"{there}do/", do="check", approve="yes", why="")
        sent(client, f"{here}do/", do="announce", starts_at="2026-04-18T09:00", ends_at="2026-04-18T10:00", service="")
        assert "the agreement excludes no maintenance" in page(client, here)
        sent(client, f"{here}do/", do="approve")
        assert "for another time" in sent(client, f"{here}do/", 422, do="carry-out", at="")
        assert "does not include this" in sent(customer, f"{there}do/", 422, do="cancel", why="x")
        sent(client, f"{here}do/", do="cancel", why="Ill.")
        assert "No change is in this release any more" in page(client, here)
        assert client.post(f"{here}do/", {"do": "dance"}).status_code == 404

    def test_show_when_they_were_carried_out(self) -> None:
        release = ready(planned(tried(approved())))
        carry_out_release(release=release, by=engineer(), now=SATURDAY)
        assert "Carried out" in page(staff(), f"/console/releases/{release.pk}/")

    def test_have_pages(self) -> None:
        first = planned(approved())
        Release.objects.bulk_create(
            Release(
                customer=first.customer,
                title=f"x{number}",
                manager=first.manager,
                starts_at=first.starts_at,
                ends_at=first.ends_at,
                written_at=MONDAY,
            )
            for number in range(101)
        )
        assert "Page 2 of 3" in page(staff(), "/console/releases/?page=2")


class TestProblems:
    def test_are_written_down_and_mended(self) -> None:
        bought_desk()
        client = staff("Eva", Role.ENGINEER)
        assert "No problem is known" in page(client, "/console/problems/")
        case, other = opened(service="desk"), opened()
        assert "The till is silent" in page(client, f"/console/problems/new/?case={case.pk}")
        assert page(client, "/console/problems/new/?case=x", 404)
        assert sent(client, "/console/problems/new/", 422, title="", customer="acme")
        sent(
            client, f"/console/problems/new/?case={case.pk}", title="Silent", customer="acme", service="desk", text="x"
        )
        problem = Problem.objects.get()
        here = f"/console/problems/{problem.pk}/"
        sent(client, f"{here}do/", do="link", case=other.pk)
        assert "no such case" in sent(client, f"{here}do/", 422, do="link", case=other.pk + 9).lower()
        sent(client, f"{here}do/", do="workaround", workaround="Knock.")
        sent(client, f"{here}do/", do="root-cause", root_cause="Dust.", workaround="Knock.")
        sent(client, f"{here}do/", do="own", person=person("Sam", house(), Role.SERVICE_MANAGER).pk)
        sent(client, f"{here}do/", do="refer", affiliate="hosting-gmbh", why="Look.")
        assert "Analysed by" in page(client, here)
        sent(client, "/console/changes/new/?customer=acme&problem=" + str(problem.pk), **FULL)
        sent(client, f"{here}do/", do="resolve", root_cause="Dust.")
        shown = page(client, here)
        assert all(each in shown for each in ("Incidents before and after", "Cases: 2", str(Change.objects.get())))
        sent(client, f"{here}do/", do="reopen", why="Again.")
        sent(client, f"{here}do/", do="resolve", root_cause="Dust.")
        sent(client, f"{here}do/", do="close")
        assert "is resolved" in sent(client, f"{here}do/", 422, do="resolve", root_cause="x").lower()
        assert client.post(f"{here}do/", {"do": "dance"}).status_code == 404
        assert "Silent" in page(client, "/console/problems/?state=CLOSED")
        assert "No problem is in this state" in page(client, "/console/problems/?state=OPEN")
        assert f"/console/problems/{problem.pk}/" in page(client, f"/console/changes/{Change.objects.get().pk}/")

    def test_have_pages_and_forms_only_for_those_who_work(self) -> None:
        eva = person("Eva", house(), Role.ENGINEER)
        Problem.objects.bulk_create(Problem(title=f"x{number}", owner=eva, opened_at=MONDAY) for number in range(101))
        auditor = staff("Aud", Role.AUDITOR)
        assert "Page 2 of 3" in page(auditor, "/console/problems/?page=2")
        assert "What can be done" not in page(auditor, f"/console/problems/{Problem.objects.latest('pk').pk}/")
        Membership.objects.get(person=eva).customers.add(organisation("acme"))
        assert "our own" not in page(signed(eva), "/console/problems/new/")

    def test_are_suggested_accepted_and_dismissed(self) -> None:
        for hour in range(5):
            opened(at=after(hours=hour), service="mail", title="It is out", affected="Laptop 7")
        review_trends(now=after(days=9))
        client = staff()
        assert "Make a problem of it" in page(client, "/console/problems/suggestions/")
        first, second = Suggestion.objects.order_by("pk")
        sent(client, f"/console/problems/suggestions/{first.pk}/", accept="no", why="")
        assert first.state == "OPEN"
        sent(client, f"/console/problems/suggestions/{first.pk}/", accept="no", why="A move.")
        sent(client, f"/console/problems/suggestions/{second.pk}/", accept="yes")
        shown = page(client, "/console/problems/suggestions/")
        assert all(each in shown for each in ("A move.", str(Problem.objects.get()), "Nothing stands out"))


class TestTheRules:
    def test_of_all_are_kept_and_ended(self) -> None:
        client = staff()
        here = "/console/changes/rules/"
        assert "Nobody is named" in page(client, here)
        sam, eva = person("Sam", house()), person("Eva", house(), Role.ENGINEER)
        sent(client, f"{here}do/", do="manager", technology="Networks", manager=sam.pk, resources=eva.pk)
        sent(client, f"{here}do/", do="manager", technology="Mail", manager=sam.pk, resources="")
        times: dict[str, Any] = {"starts_at": "2026-12-24T00:00", "ends_at": "2026-12-27T00:00"}
        sent(client, f"{here}do/", do="freeze-changes", title="Christmas", **times)
        sent(client, f"{here}do/", do="authorise", title="New user", means="So.", continuity="x")
        assert "ends after it starts" in sent(
            client,
            f"{here}do/",
            422,
            do="freeze-changes",
            title="x",
            starts_at=times["ends_at"],
            ends_at=times["starts_at"],
        )
        shown = page(client, here)
        assert all(each in shown for each in ("Networks", "Christmas", "New user"))
        assert Responsible.objects.get(technology="Mail").resources is None
        sent(client, f"{here}do/", do="freeze", number=Freeze.objects.get().pk)
        sent(client, f"{here}do/", do="template", number=Template.objects.get().pk)
        assert "Christmas" not in page(client, here)
        for do in ({"do": "dance"}, {"do": "rules"}, {"do": "freeze", "number": "x"}):
            assert client.post(f"{here}do/", do).status_code == 404
        assert "What can be done" not in page(staff("Aud", Role.AUDITOR), here)

    def test_of_a_customer_are_set(self) -> None:
        client = staff()
        here = "/console/organisations/acme/changes/"
        assert "Without a window changes are made at any time" in page(client, here)
        said: dict[str, Any] = {
            "approves": "ALL",
            "approver": "SPONSOR",
            "quorum": "3",
            "straight": "on",
            "timezone": "Europe/Berlin",
        }
        sent(client, f"{here}do/", do="rules", **said)
        assert Rule.objects.get().quorum == 3
        assert "no such time zone" in sent(client, f"{here}do/", 422, do="rules", **{**said, "timezone": "Mars"})
        sent(client, f"{here}do/", do="open-window", weekday="5", starts="20:00", ends="00:00")
        assert "Saturday 20:00–24:00" in page(client, here)
        assert sent(client, f"{here}do/", 422, do="open-window", weekday="5", starts="later", ends="never")
        times: dict[str, Any] = {"starts_at": "2026-12-24T00:00", "ends_at": "2026-12-27T00:00"}
        sent(client, f"{here}do/", do="freeze-changes", title="Fair", **times)
        sent(client, f"{here}do/", do="window", number=Window.objects.get().pk)
        assert client.post(f"{here}do/", {"do": "manager"}).status_code == 404
        assert (Window.objects.count(), Freeze.objects.get().customer) == (0, organisation("acme"))
        assert page(client, "/console/organisations/nobody/changes/", 404)


def test_a_member_of_nothing_is_not_offered_a_vote() -> None:
    change = authorise_change(
        change=requested(impact="high"),
        members=[(person(each, house(), Role.ENGINEER), "") for each in ("Eva", "Emil")],
        by=service_manager(),
        now=MONDAY,
    )
    assert '<summary class="btn">Vote</summary>' not in page(staff(), f"/console/changes/{change.pk}/")
