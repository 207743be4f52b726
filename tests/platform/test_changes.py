"""Changes: asked for, decided, tested, released and reviewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from makegood.platform.evidence.changes.models import Change, Kind, Link, Review, Rule, State, Step, Unsent, Vote
from makegood.platform.evidence.changes.operations import (
    UnableToChange,
    archive_change,
    assign_change,
    authorise_change,
    authorise_template,
    blame_change,
    decide_for_customer,
    draft_change,
    end_template,
    end_vote,
    name_manager,
    prioritise_change,
    reject_change,
    release_change,
    request_change,
    resubmit_change,
    return_change,
    review_change,
    rewrite_change,
    send_changes,
    set_rules,
    try_change,
    vote_on_change,
    voters,
    withdraw_change,
)
from makegood.platform.evidence.changes.queries import (
    caused_by_change,
    changes,
    committee,
    exported,
    linked_cases,
    responsible,
    searched,
    similar,
    templates,
    votes,
)
from makegood.platform.evidence.changes.tasks import send_changes_of
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.evidence.service_desk.models import Case, Cause
from makegood.platform.evidence.service_desk.models import State as CaseState
from makegood.platform.evidence.service_desk.operations import find_cause, resolve
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.vault.vault import Vault
from tests.platform.agreements import owner
from tests.platform.changing import (
    MONDAY,
    after,
    approved,
    asked,
    customer,
    drafted,
    engineer,
    opened,
    promised,
    requested,
    service_manager,
    tried,
)
from tests.platform.people import house, organisation, person, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def acme() -> None:
    house(), organisation("acme")


def words(change: Change) -> list[str]:
    return list(Step.objects.filter(change=change).order_by("number").values_list("word", flat=True))


def ruled(**more: object) -> Rule:
    said = {"approves": "NONE", "approver": "MANAGER", "quorum": 2, "straight": True, "checks": False, **more}
    return set_rules(
        customer=organisation("acme"),
        **{"timezone": "Europe/Berlin", **said},  # type: ignore[arg-type]
        by=service_manager(),
        now=MONDAY,
    )


def experts(*names: str) -> list[tuple[Person, str]]:
    return [(person(each, house(), Role.ENGINEER), "networks") for each in names]


def member(name: str) -> Viewer:
    return viewer(person(name, house()), Site.CONSOLE)


def before_committee(*names: str) -> Change:
    return authorise_change(change=requested(impact="high"), members=experts(*names), by=service_manager(), now=MONDAY)


class TestAskingForAChange:
    def test_begins_with_a_draft_that_nobody_decides(self) -> None:
        change = drafted()
        assert (change.state, change.origin, change.originator.name) == (State.DRAFT, "INTERNAL", "Eva")
        with pytest.raises(UnableToChange, match="is draft"):
            authorise_change(change=change, by=service_manager(), now=MONDAY)
        assert changes(viewer=customer()).count() == 0

    def test_needs_the_whole_request(self) -> None:
        lacking = drafted(need="", continuity="")
        with pytest.raises(UnableToChange, match=r"say: the problem or need, what is done if it fails\."):
            request_change(change=lacking, by=engineer(), now=MONDAY)
        patch = drafted(kind=Kind.PATCH)
        with pytest.raises(UnableToChange, match="the components, the vulnerability addressed, the urgency"):
            request_change(change=patch, by=engineer(), now=MONDAY)

    def test_belongs_to_the_agreement_that_promises_changes(self) -> None:
        contract = promised()
        assert requested().contract == contract
        assert requested(service="unknown").contract == contract

    def test_of_the_house_belongs_to_none(self) -> None:
        change = draft_change(customer=house(), asked=asked(service=""), by=engineer(), now=MONDAY)
        assert request_change(change=change, by=engineer(), now=MONDAY).contract is None

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": " "}, "few words"),
            ({"title": "x" * 201}, "200 characters"),
            ({"need": "x" * 20_001}, "20000 characters"),
            ({"kind": "PARTY"}, "normal, standard"),
            ({"impact": "medium"}, "impact is low or high"),
            ({"priority": "none"}, "Priority and urgency"),
            ({"urgency": "now"}, "Priority and urgency"),
            ({"cost": -1, "currency": "EUR"}, "amount in a currency"),
            ({"cost": 10**15, "currency": "EUR"}, "amount in a currency"),
            ({"cost": 1, "currency": "ABC"}, "amount in a currency"),
            ({"starts_at": MONDAY}, "from when until when"),
            ({"starts_at": MONDAY, "ends_at": MONDAY}, "from when until when"),
            ({"starts_at": MONDAY, "ends_at": MONDAY + timedelta(days=14)}, "14 days"),
            ({"starts_at": MONDAY.replace(year=9998), "ends_at": MONDAY.replace(year=9999)}, "1970 and 2200"),
            ({"kind": Kind.STANDARD}, "follows a template"),
        ],
    )
    def test_refuses_what_cannot_be_kept(self, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UnableToChange, match=sentence):
            drafted(**wrong)
        assert not Change.objects.exists()

    def test_is_not_for_everybody(self) -> None:
        for by in (customer("Uma", Role.USER), customer("Gus", Role.SPONSOR, "globex")):
            with pytest.raises(UnableToChange, match="does not include this"):
                drafted(by=by)
        billing = viewer(person("Bill", house(), Role.BILLING), Site.CONSOLE)
        with pytest.raises(UnableToChange, match="does not include this"):
            withdraw_change(change=requested(), why="No.", by=billing, now=MONDAY)

    def test_by_a_customer_is_seen_by_it_from_the_first(self) -> None:
        change = drafted(by=customer())
        assert (change.origin, changes(viewer=customer()).get()) == ("CUSTOMER", change)
        assert request_change(change=change, by=customer(), now=MONDAY).state == State.REQUESTED
        with pytest.raises(UnableToChange, match="requested already"):
            request_change(change=change, by=customer(), now=MONDAY)
        ours = requested()
        with pytest.raises(UnableToChange, match="does not include this"):
            withdraw_change(change=ours, why="No.", by=customer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="no such thing"):
            withdraw_change(change=ours, why="No.", by=customer("Gus", Role.SPONSOR, "globex"), now=MONDAY)

    def test_because_of_a_case_has_the_case_wait_for_it(self) -> None:
        promised()
        case = opened()
        change = drafted(case=case)
        case.refresh_from_db()
        assert (case.state, linked_cases(viewer=engineer(), change=change)[0][1]) == (CaseState.RFC, case)
        done = resolve(case=case, resolution="Done.", by=engineer(), now=after(hours=1))
        assert drafted(case=done, now=after(hours=2)).state == State.DRAFT
        drafted(by=customer(), case=opened())
        with pytest.raises(UnableToChange, match="no such case"):
            draft_change(customer=organisation("globex"), asked=asked(), case=case, by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="not permitted this work"):
            drafted(case=opened(kind="request"))

    def test_can_be_taken_back_and_asked_for_again(self) -> None:
        change = withdraw_change(change=requested(), why="Not now.", by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="cannot be withdrawn"):
            withdraw_change(change=change, why="Not now.", by=engineer(), now=MONDAY)
        again = resubmit_change(change=change, by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="neither rejected nor withdrawn"):
            resubmit_change(change=again, by=engineer(), now=MONDAY)
        rewritten = rewrite_change(change=again, asked=asked(title="Two switches"), by=engineer(), now=MONDAY)
        assert (rewritten.title, request_change(change=again, by=engineer(), now=MONDAY).round) == ("Two switches", 2)
        with pytest.raises(UnableToChange, match="stays as it is"):
            rewrite_change(change=again, asked=asked(), by=engineer(), now=MONDAY)
        assert words(again) == ["", "requested", "withdrawn", "", "", "requested"]


class TestAStandardChange:
    def test_is_authorised_once_for_all(self) -> None:
        template = authorise_template(
            customer=None, title="New user", means="As written.", continuity="Delete it.", by=owner(), now=MONDAY
        )
        change = drafted(kind=Kind.STANDARD, template=template)
        same = rewrite_change(change=change, asked=asked(means="Otherwise."), by=engineer(), now=MONDAY)
        assert (same.means, same.kind) == ("As written.", Kind.STANDARD)
        done = request_change(change=change, by=engineer(), now=MONDAY)
        assert (done.state, words(done)) == (State.APPROVED, ["", "", "requested", "authorised"])
        assert release_change(change=done, by=engineer(), now=after(hours=1)).released_at == after(hours=1)

    def test_follows_a_template_that_is_in_use_for_its_customer(self) -> None:
        globex = organisation("globex")
        said = {"title": "New user", "means": "As written.", "continuity": "Delete it.", "by": owner(), "now": MONDAY}
        theirs = authorise_template(customer=globex, **said)  # type: ignore[arg-type]
        assert [each.pk for each in templates(viewer=customer())] == []
        with pytest.raises(UnableToChange, match="no such standard change"):
            drafted(kind=Kind.STANDARD, template=theirs)
        end_template(template=theirs, by=owner(), now=MONDAY)
        with pytest.raises(UnableToChange, match="no such standard change"):
            draft_change(customer=globex, asked=asked(kind=Kind.STANDARD), template=theirs, by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="follows a template"):
            rewrite_change(change=drafted(), asked=asked(kind=Kind.STANDARD), by=engineer(), now=MONDAY)


class TestTheChangeManager:
    def test_sends_back_what_is_incomplete(self) -> None:
        change = return_change(change=requested(), why="Which till?", by=service_manager(), now=MONDAY)
        assert (change.state, Step.objects.filter(change=change).latest("number").why) == (State.DRAFT, "Which till?")
        with pytest.raises(UnableToChange, match="what is missing"):
            return_change(change=requested(), why=" ", by=service_manager(), now=MONDAY)

    def test_changes_the_priority(self) -> None:
        change = prioritise_change(
            change=requested(), priority="high", impact="high", why="Before Easter.", by=service_manager(), now=MONDAY
        )
        assert (change.priority, change.impact) == ("high", "high")
        with pytest.raises(UnableToChange, match="impact is low or high"):
            prioritise_change(
                change=change, priority="high", impact="medium", why="x", by=service_manager(), now=MONDAY
            )

    def test_rejects_and_it_may_come_again(self) -> None:
        change = reject_change(change=requested(), why="Too dear.", by=service_manager(), now=MONDAY)
        assert (change.state, resubmit_change(change=change, by=engineer(), now=MONDAY).state) == (
            State.REJECTED,
            State.DRAFT,
        )

    def test_approves_what_has_a_low_impact_at_once(self) -> None:
        change = approved()
        assert (change.state, change.manager.name if change.manager else "") == (State.APPROVED, "Sam")
        with pytest.raises(UnableToChange, match="does not include this"):
            authorise_change(change=requested(), by=engineer(), now=MONDAY)

    def test_of_a_technology_decides_alone(self) -> None:
        olga = person("Olga", house(), Role.OWNER)
        lena = person("Lena", house(), Role.SERVICE_MANAGER)
        name_manager(
            technology="Networks", manager=lena, resources=person("Eva", house(), Role.ENGINEER), by=owner(), now=MONDAY
        )
        change = requested(technology="networks")
        assert (change.manager, [str(each) for each in responsible(viewer=engineer())]) == (lena, ["Networks"])
        with pytest.raises(UnableToChange, match="Changes of Networks are decided by Lena"):
            authorise_change(change=change, by=service_manager(), now=MONDAY)
        assert assign_change(change=change, manager=olga, by=service_manager(), now=MONDAY).manager == olga
        assert authorise_change(change=change, by=owner(), now=MONDAY).state == State.APPROVED
        eva = person("Eva", house(), Role.ENGINEER)
        with pytest.raises(UnableToChange, match="owner or a service manager"):
            assign_change(change=change, manager=eva, by=service_manager(), now=MONDAY)
        with pytest.raises(UnableToChange, match="owner or a service manager"):
            name_manager(technology="Mail", manager=eva, resources=None, by=owner(), now=MONDAY)
        with pytest.raises(UnableToChange, match="somebody who works here"):
            name_manager(
                technology="Mail", manager=lena, resources=person("Ada", organisation("acme")), by=owner(), now=MONDAY
            )
        lena.is_active = False
        lena.save()
        with pytest.raises(UnableToChange, match="Lena does not work here"):
            assign_change(change=change, manager=lena, by=service_manager(), now=MONDAY)

    def test_authorises_an_emergency_alone(self) -> None:
        change = approved(impact="high", kind=Kind.EMERGENCY)
        done = release_change(change=change, by=engineer(), now=MONDAY)
        assert words(done) == ["", "requested", "authorised", "released"]


class TestTheCommittee:
    def test_decides_by_the_majority_when_all_have_voted(self) -> None:
        change = before_committee("Eva", "Emil", "Elke")
        vote_on_change(change=change, approves=True, why="", by=member("Eva"), now=MONDAY)
        vote_on_change(change=change, approves=False, why="Too early.", by=member("Emil"), now=MONDAY)
        done = vote_on_change(change=change, approves=True, why="", by=member("Elke"), now=MONDAY)
        assert (done.state, Step.objects.latest("number").why) == (State.APPROVED, "2 for it, 1 against it")

    def test_is_told_by_mail_each_at_their_own_site(self) -> None:
        ruled(approves="HIGH", approver="SPONSOR")
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        change = authorise_change(
            change=requested(impact="high"),
            members=[*experts("Eva"), (ada, "")],
            by=service_manager(),
            now=MONDAY,
        )
        asked_for = {each.to: each.text for each in Message.objects.filter(kind="change_to_vote")}
        assert f"/console/changes/{change.pk}/" in asked_for["eva@northwind-it.example"]
        assert f"/portal/changes/{change.pk}/" in asked_for["ada@acme.example"]
        vote_on_change(change=change, approves=True, why="", by=member("Eva"), now=MONDAY)
        assert [each.person.name for each in votes(viewer=customer(), change=change)] == ["Eva", "Ada"]
        vote_on_change(change=change, approves=True, why="", by=customer(), now=MONDAY)
        assert [each.to for each in Message.objects.filter(kind="change_to_decide")] == ["ada@acme.example"]

    def test_rejects_with_a_draw(self) -> None:
        change = before_committee("Eva", "Emil")
        vote_on_change(change=change, approves=True, why="", by=member("Eva"), now=MONDAY)
        done = vote_on_change(change=change, approves=False, why="No.", by=member("Emil"), now=MONDAY)
        assert done.state == State.REJECTED

    def test_has_its_vote_ended_when_enough_voted(self) -> None:
        change = before_committee("Eva", "Emil", "Elke")
        vote_on_change(change=change, approves=True, why="", by=member("Eva"), now=MONDAY)
        with pytest.raises(UnableToChange, match="1 voted; the quorum is 2"):
            end_vote(change=change, by=service_manager(), now=MONDAY)
        vote_on_change(change=change, approves=True, why="", by=member("Emil"), now=MONDAY)
        assert end_vote(change=change, by=service_manager(), now=MONDAY).state == State.APPROVED

    def test_is_overruled_by_a_veto(self) -> None:
        change = before_committee("Eva", "Emil")
        vote_on_change(change=change, approves=True, why="", by=member("Eva"), now=MONDAY)
        assert reject_change(change=change, why="A freeze.", by=service_manager(), now=MONDAY).state == State.REJECTED
        with pytest.raises(UnableToChange, match="not before the committee"):
            vote_on_change(change=change, approves=True, why="", by=member("Emil"), now=MONDAY)

    def test_votes_once_and_only_as_a_member(self) -> None:
        change = before_committee("Eva", "Emil")
        vote_on_change(change=change, approves=True, why="", by=member("Eva"), now=MONDAY)
        for by, sentence in ((member("Eva"), "voted already"), (service_manager(), "does not include this")):
            with pytest.raises(UnableToChange, match=sentence):
                vote_on_change(change=change, approves=True, why="", by=by, now=MONDAY)
        with pytest.raises(UnableToChange, match="what speaks against"):
            vote_on_change(change=change, approves=False, why="", by=member("Emil"), now=MONDAY)
        with pytest.raises(DatabaseError), transaction.atomic():
            Vote.objects.update(approves=False)

    def test_has_enough_members_and_none_from_elsewhere(self) -> None:
        change = requested(impact="high")
        with pytest.raises(UnableToChange, match="at least 2"):
            authorise_change(change=change, members=experts("Eva"), by=service_manager(), now=MONDAY)
        gus = person("Gus", organisation("globex"), Role.SPONSOR)
        with pytest.raises(UnableToChange, match="people of the provider"):
            authorise_change(change=change, members=[(gus, "")], by=service_manager(), now=MONDAY)
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        assert ada in voters(change=change)
        inside = draft_change(customer=house(), asked=asked(), by=engineer(), now=MONDAY)
        assert ada not in voters(change=inside)

    def test_votes_anew_when_it_is_asked_again(self) -> None:
        change = before_committee("Eva", "Emil")
        reject_change(change=change, why="Later.", by=service_manager(), now=MONDAY)
        resubmit_change(change=change, by=engineer(), now=MONDAY)
        request_change(change=change, by=engineer(), now=MONDAY)
        again = authorise_change(change=change, members=experts("Eva", "Elke"), by=service_manager(), now=MONDAY)
        assert [each.person.name for each in committee(change=again)] == ["Eva", "Elke"]


class TestTheCustomer:
    def test_approves_what_its_rules_say(self) -> None:
        ruled(approves="ALL", approver="SPONSOR")
        change = approved()
        assert change.state == State.CUSTOMER
        for by in (service_manager(), customer("Mia", Role.MANAGER)):
            with pytest.raises(UnableToChange, match="does not include this"):
                decide_for_customer(change=change, approve=True, why="", by=by, now=MONDAY)
        assert (
            decide_for_customer(change=change, approve=True, why="", by=customer(), now=MONDAY).state == State.APPROVED
        )
        with pytest.raises(UnableToChange, match="does not wait"):
            decide_for_customer(change=change, approve=True, why="", by=customer(), now=MONDAY)

    def test_rejects_with_a_reason(self) -> None:
        ruled(approves="HIGH")
        assert approved().state == State.APPROVED
        change = before_committee("Eva", "Emil")
        for each in ("Eva", "Emil"):
            change = vote_on_change(change=change, approves=True, why="", by=member(each), now=MONDAY)
        manager = customer("Mia", Role.MANAGER)
        with pytest.raises(UnableToChange, match="why it is rejected"):
            decide_for_customer(change=change, approve=False, why="", by=manager, now=MONDAY)
        done = decide_for_customer(change=change, approve=False, why="Not in March.", by=manager, now=MONDAY)
        assert done.state == State.REJECTED


class TestAfterItsRelease:
    def released(self, **more: object) -> Change:
        return release_change(change=approved(**more), by=engineer(), now=after(hours=1))  # type: ignore[arg-type]

    def test_a_change_is_reviewed_and_archived(self) -> None:
        change = self.released()
        with pytest.raises(UnableToChange, match="reviewed before it is archived"):
            archive_change(change=change, by=service_manager(), now=after(hours=2))
        with pytest.raises(UnableToChange, match="how it went"):
            review_change(change=change, result="x", text="x", by=service_manager(), now=after(hours=2))
        review_change(
            change=change, result="SUCCESSFUL", text="It was quick.", by=service_manager(), now=after(hours=2)
        )
        done = archive_change(change=change, by=service_manager(), now=after(hours=3))
        assert (done.state, words(done)[-2:]) == (State.ARCHIVED, ["closed", ""])
        with pytest.raises(UnableToChange, match="after it was released"):
            review_change(change=done, result="FAILED", text="x", by=service_manager(), now=after(hours=4))
        with pytest.raises(UnableToChange, match="cannot be withdrawn"):
            withdraw_change(change=done, why="x", by=engineer(), now=after(hours=4))

    def test_one_that_failed_is_evidence_of_that(self) -> None:
        contract = promised()
        change = self.released()
        review_change(change=change, result="BACKED_OUT", text="Slow.", by=service_manager(), now=after(hours=2))
        assert words(change) == ["", "requested", "authorised", "released", "failed", "closed"]
        send_changes_of(contract=contract.pk)
        assert (Unsent.objects.count(), send_changes(contract=contract, now=after(hours=3))) == (0, 0)
        vault = Vault.open(vault_folder(contract))
        found = vault.evidence(vault.head).cases["change"][change.name]
        assert [(each.state, each.at) for each in found] == [
            ("requested", MONDAY),
            ("authorised", MONDAY),
            ("released", after(hours=1)),
            ("failed", after(hours=2)),
            ("closed", after(hours=2)),
        ]

    def test_what_it_caused_is_the_providers_and_free(self) -> None:
        promised()
        earlier = opened()
        change = self.released()
        case = opened(at=after(hours=2))
        assert caused_by_change(case=case) is None
        blame_change(change=change, case=case, by=service_manager(), now=after(hours=3))
        case.refresh_from_db()
        assert (case.cause, caused_by_change(case=case)) == (Cause.PROVIDER, change)
        with pytest.raises(UnableToChange, match="Another change, or this one"):
            blame_change(change=change, case=case, by=service_manager(), now=after(hours=3))
        with pytest.raises(UnableToChange, match="after it was released"):
            blame_change(change=change, case=earlier, by=service_manager(), now=after(hours=3))
        other = Case.objects.create(
            **{name: getattr(case, name) for name in ("provider", "kind", "owner", "opened_at", "written_at")},
            customer=organisation("globex"),
        )
        with pytest.raises(UnableToChange, match="no such case"):
            blame_change(change=change, case=other, by=service_manager(), now=after(hours=3))
        find_cause(case=case, cause=Cause.HARDWARE, by=service_manager(), now=after(hours=4))
        case.refresh_from_db()
        assert caused_by_change(case=case) is None

    def test_a_cause_that_was_booked_otherwise_is_refused_and_leaves_nothing(self) -> None:
        promised()
        change = self.released()
        case = opened(at=after(hours=2))
        billing = viewer(person("Eve", house(), Role.ENGINEER), Site.CONSOLE)
        case.provider = organisation("hosting-gmbh")
        case.save()
        with pytest.raises(UnableToChange):
            blame_change(change=change, case=case, by=billing, now=after(hours=3))
        assert not Link.objects.filter(kind="CAUSED").exists()

    def test_is_found_when_a_similar_one_is_asked_for(self) -> None:
        past = self.released(title="A new switch for the warehouse")
        self.released(title="Mail moves", service="mail", need="x", means="y")
        now = requested(title="A new switch for the office")
        assert similar(viewer=engineer(), change=now) == [past]
        found = searched(viewer=engineer(), words="warehouse")
        assert (list(found), list(searched(viewer=engineer(), words=f"RFC {past.pk}"))) == ([past], [past])


class TestTheStateOfAChange:
    def test_goes_only_where_the_table_leads(self) -> None:
        change = requested()
        change.state = State.ARCHIVED
        with pytest.raises(DatabaseError), transaction.atomic():
            change.save()
        with pytest.raises(DatabaseError), transaction.atomic():
            Step.objects.update(why="otherwise")
        with pytest.raises(DatabaseError), transaction.atomic():
            change.delete()

    def test_is_told_in_order_and_not_of_the_future(self) -> None:
        change = approved()
        with pytest.raises(UnableToChange, match="in the future"):
            release_change(change=change, by=engineer(), now=MONDAY, at=after(hours=1))
        with pytest.raises(UnableToChange, match="before what was done last"):
            release_change(change=change, by=engineer(), now=MONDAY, at=after(hours=-1))

    def test_is_in_the_trail(self) -> None:
        approved()
        assert list(Entry.objects.filter(refused="").order_by("pk").values_list("did", flat=True)) == [
            "draft change",
            "request change",
            "authorise change",
        ]

    def test_is_handed_out_as_a_file(self) -> None:
        change = before_committee("Eva", "Emil")
        vote_on_change(change=change, approves=True, why="Good.", by=member("Eva"), now=MONDAY)
        found = exported(viewer=engineer(), change=change)
        assert found["committee"] == [
            {"round": 1, "who": "Eva", "expertise": "networks", "approves": True, "why": "Good."},
            {"round": 1, "who": "Emil", "expertise": "networks", "approves": None, "why": ""},
        ]
        assert exported(viewer=customer(), change=change)["committee"] == []
        assert (found["customer"], found["need"], found["requested_at"]) == (
            "acme",
            "The old one is out of support.",
            "2026-03-09T09:00:00+00:00",
        )
        assert (found["review"], [each["state"] for each in found["steps"]]) == (
            None,
            ["DRAFT", "REQUESTED", "COMMITTEE"],
        )
        done = release_change(change=tried_back(approved()), by=engineer(), now=MONDAY)
        Review.objects.create(change=done, result="FAILED", text="It fell.", person=person("Eva", house()), at=MONDAY)
        again = exported(viewer=engineer(), change=done)
        assert (again["tests"][0]["passed"], again["review"]["result"]) == (False, "FAILED")

    def test_goes_back_when_a_test_fails(self) -> None:
        change = tried(approved())
        assert change.state == State.TESTED
        assert tried(change, passed=False).state == State.APPROVED
        with pytest.raises(UnableToChange, match="before its release is approved"):
            tried(requested())
        with pytest.raises(UnableToChange, match="Say who tested it"):
            try_change(
                change=change,
                tester="",
                what="x",
                passed=True,
                environment="x",
                differences="x",
                by=engineer(),
                now=MONDAY,
            )


def tried_back(change: Change) -> Change:
    return tried(change, passed=False)
