"""Problems, what incidents have in common, and what follows a change."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from makegood.platform.evidence.changes.models import Problem, Suggestion
from makegood.platform.evidence.changes.operations import (
    UnableToChange,
    accept_suggestion,
    close_problem,
    dismiss_suggestion,
    draft_change,
    find_root_cause,
    keep_workaround,
    link_case,
    open_problem,
    own_problem,
    refer_problem,
    release_change,
    reopen_problem,
    resolve_problem,
    review_trends,
)
from makegood.platform.evidence.changes.queries import patterns, problems, rate_around, spike_after, suggestions
from makegood.platform.evidence.changes.tasks import review_trends_daily
from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.tenancy.access.models import Membership
from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.agreements import owner
from tests.platform.changing import MONDAY, after, approved, asked, bought_desk, customer, drafted, engineer, opened
from tests.platform.people import house, organisation, person, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def acme() -> None:
    house(), organisation("acme")


def incident(at: datetime = MONDAY, *, service: str = "", title: str = "It is out", affected: str = "") -> Case:
    return opened(at=at, service=service, title=title, affected=affected)


def a_problem(**more: object) -> Problem:
    said = {"title": "The till falls silent", "text": "", "by": engineer(), "now": MONDAY}
    return open_problem(**{**said, "customer": organisation("acme"), **more})  # type: ignore[arg-type]


class TestAProblem:
    def test_is_written_down_with_the_incidents_it_is_behind(self) -> None:
        case = incident()
        problem = a_problem(linked=[case])
        assert (problem.owner.name, problem.state, [each.case for each in problem.links.all()]) == (
            "Eva",
            "OPEN",
            [case],
        )
        link_case(problem=problem, case=incident(), by=engineer(), now=MONDAY)
        assert problem.links.count() == 2
        with pytest.raises(UnableToChange, match="at the problem already"):
            link_case(problem=problem, case=case, by=engineer(), now=MONDAY)
        theirs = a_problem(customer=organisation("globex"))
        with pytest.raises(UnableToChange, match="no such case of this customer"):
            link_case(problem=theirs, case=case, by=engineer(), now=MONDAY)
        assert a_problem(customer=None, linked=[case]).customer is None

    def test_is_a_known_error_when_its_cause_is_found(self) -> None:
        problem = a_problem()
        with pytest.raises(UnableToChange, match="what the root cause is"):
            find_root_cause(problem=problem, root_cause=" ", workaround="", by=engineer(), now=MONDAY)
        known = find_root_cause(
            problem=problem, root_cause="Heat.", workaround="Open the door.", by=engineer(), now=MONDAY
        )
        assert (known.state, known.known_at) == ("KNOWN_ERROR", MONDAY)
        more = keep_workaround(problem=known, workaround="Open both doors.", by=engineer(), now=MONDAY)
        done = resolve_problem(problem=more, root_cause="", by=engineer(), now=after(days=1))
        assert (done.root_cause, done.resolved_at) == ("Heat.", after(days=1))
        with pytest.raises(UnableToChange, match="is resolved"):
            resolve_problem(problem=done, root_cause="x", by=engineer(), now=after(days=1))
        with pytest.raises(UnableToChange, match="is resolved"):
            find_root_cause(problem=done, root_cause="x", workaround="", by=engineer(), now=after(days=1))

    def test_is_opened_again_or_closed(self) -> None:
        problem = a_problem()
        with pytest.raises(UnableToChange, match="resolved before it is closed"):
            close_problem(problem=problem, by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="Only a resolved problem"):
            reopen_problem(problem=problem, why="x", by=engineer(), now=MONDAY)
        resolve_problem(problem=problem, root_cause="Dust.", by=engineer(), now=MONDAY)
        again = reopen_problem(problem=problem, why="Silent again.", by=engineer(), now=MONDAY)
        assert (again.state, again.resolved_at) == ("OPEN", None)
        resolve_problem(problem=problem, root_cause="Heat.", by=engineer(), now=MONDAY)
        assert close_problem(problem=problem, by=engineer(), now=MONDAY).state == "CLOSED"
        with pytest.raises(DatabaseError), transaction.atomic():
            Problem.objects.update(state="OPEN", resolved_at=None)

    def test_goes_to_another_owner(self) -> None:
        problem = a_problem(owner=person("Eva", house(), Role.ENGINEER))
        emil = person("Emil", house(), Role.ENGINEER)
        assert own_problem(problem=problem, owner=emil, by=engineer(), now=MONDAY).owner == emil
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        with pytest.raises(UnableToChange, match="somebody who works here"):
            own_problem(problem=problem, owner=ada, by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="somebody who works here"):
            a_problem(owner=ada)

    def test_is_analysed_by_an_affiliate_within_its_agreement(self) -> None:
        bought_desk()
        problem = a_problem()
        hosting = organisation("hosting-gmbh")
        with pytest.raises(UnableToChange, match="Link a case"):
            refer_problem(problem=problem, affiliate=hosting, why="Why?", by=engineer(), now=MONDAY)
        link_case(problem=problem, case=incident(), by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="no agreement with"):
            refer_problem(problem=problem, affiliate=organisation("backup-ag"), why="Why?", by=engineer(), now=MONDAY)
        done = refer_problem(problem=problem, affiliate=hosting, why="Why?", by=engineer(), now=MONDAY)
        assert done.referral is not None
        assert (done.referral.provider, done.referral.clocks.count()) == (hosting, 2)
        with pytest.raises(UnableToChange, match="analyses this problem already"):
            refer_problem(problem=problem, affiliate=hosting, why="Why?", by=engineer(), now=MONDAY)

    def test_is_seen_by_staff_alone(self) -> None:
        problem = a_problem()
        assert (problems(viewer=customer()).count(), suggestions(viewer=customer()).count()) == (0, 0)
        lena = person("Lena", house(), Role.ENGINEER)
        Membership.objects.get(person=lena).customers.add(organisation("globex"))
        limited = viewer(lena, Site.CONSOLE)
        assert problems(viewer=limited).count() == 0
        with pytest.raises(UnableToChange, match="no such thing"):
            keep_workaround(problem=problem, workaround="x", by=limited, now=MONDAY)
        auditor = viewer(person("Aud", house(), Role.AUDITOR), Site.CONSOLE)
        with pytest.raises(UnableToChange, match="does not include this"):
            keep_workaround(problem=problem, workaround="x", by=auditor, now=MONDAY)
        with pytest.raises(UnableToChange, match="does not include this"):
            a_problem(by=limited)
        with pytest.raises(UnableToChange, match="no such problem"):
            draft_change(customer=organisation("globex"), asked=asked(), problem=problem, by=limited, now=MONDAY)
        assert drafted(problem=problem).problem == problem


class TestTheReviewOfTrends:
    def test_suggests_what_five_incidents_have_in_common(self) -> None:
        for day in range(5):
            incident(MONDAY - day * DAY, service="mail", title=f"Outlook froze {day}", affected="Laptop 7\nand more")
        incident(MONDAY - 31 * DAY, service="mail", title="Outlook froze")
        assert review_trends(now=MONDAY) == 5
        assert [(each.kind, each.what, each.count) for each in Suggestion.objects.order_by("pk")] == [
            ("AFFECTED", "laptop 7", 5),
            ("SERVICE", "mail", 5),
            ("WORD", "froze", 5),
            ("WORD", "outlook", 5),
            ("SPIKE", "mail", 5),
        ]

    def test_counts_anew_what_it_suggested_and_says_nothing_of_four(self) -> None:
        for day in range(4):
            incident(MONDAY - (8 + day) * DAY, service="mail")
        assert review_trends(now=MONDAY) == 0
        incident(MONDAY - 9 * DAY, service="mail")
        assert (review_trends(now=MONDAY), review_trends(now=MONDAY)) == (1, 0)
        incident(MONDAY - 10 * DAY, service="mail")
        review_trends_daily_at(MONDAY)
        assert Suggestion.objects.get().count == 6

    def test_sees_a_spike_against_the_weeks_before(self) -> None:
        for week in range(2, 14):
            incident(MONDAY - week * 7 * DAY + timedelta(hours=1), service="mail")
        for hour in range(3):
            incident(MONDAY - timedelta(hours=hour), service="mail")
            incident(MONDAY - timedelta(hours=hour), service=f"other{hour}")
        found = [each for each in patterns(now=MONDAY) if each.kind == "SPIKE"]
        assert [(each.what, len(each.cases), each.usual) for each in found] == [("mail", 3, 10)]
        for week in range(2, 14):
            incident(MONDAY - week * 7 * DAY + timedelta(hours=1), service="mail")
        assert [each.kind for each in patterns(now=MONDAY) if each.kind == "SPIKE"] == []

    def test_leaves_a_dismissed_pattern_alone_for_a_month(self) -> None:
        for day in range(5):
            incident(MONDAY + day * DAY, service="mail")
        now = MONDAY + 20 * DAY
        review_trends(now=now)
        found = Suggestion.objects.get()
        with pytest.raises(UnableToChange, match="why this is no problem"):
            dismiss_suggestion(suggestion=found, why=" ", by=engineer(), now=now)
        dismiss_suggestion(suggestion=found, why="A move.", by=engineer(), now=now)
        with pytest.raises(UnableToChange, match="decided already"):
            accept_suggestion(suggestion=found, by=engineer(), now=now)
        assert review_trends(now=now + DAY) == 0

    def test_makes_a_problem_of_a_pattern_and_does_not_suggest_it_again(self) -> None:
        for day in range(5):
            incident(MONDAY - (8 + day) * DAY, service="mail", affected="Laptop 7")
        review_trends(now=MONDAY)
        service = Suggestion.objects.get(kind="SERVICE")
        made = accept_suggestion(suggestion=service, by=engineer(), now=MONDAY)
        assert (made.service, made.links.count(), made.customer) == ("mail", 5, organisation("acme"))
        device = accept_suggestion(suggestion=Suggestion.objects.get(kind="AFFECTED"), by=engineer(), now=MONDAY)
        assert (device.title, device.service) == ("the same device: laptop 7", "")
        assert review_trends(now=MONDAY) == 0


def review_trends_daily_at(now: datetime) -> None:
    review_trends_daily()
    review_trends(now=now)


class TestAfterAChange:
    def test_a_spike_is_three_incidents_and_twice_as_many_as_usual(self) -> None:
        change = release_change(change=approved(service="mail"), by=engineer(), now=MONDAY)
        assert spike_after(change=drafted(), now=MONDAY) is None
        for hour in (1, 2):
            incident(after(hours=hour), service="mail")
        early = spike_after(change=change, now=after(hours=3))
        assert early is not None
        assert (len(early.after), early.seen, early.complete, early.usual) == (2, False, False, "0.0")
        incident(after(hours=47), service="mail")
        incident(after(hours=48), service="mail")
        incident(after(hours=40), service="other")
        whole = spike_after(change=change, now=after(hours=48))
        assert whole is not None
        assert (len(whole.after), whole.seen, whole.complete) == (3, True, True)
        for day in range(22):
            incident(MONDAY - (day + 1) * DAY, service="mail")
        usual = spike_after(change=change, now=after(hours=48))
        assert usual is not None
        assert (usual.before, usual.usual, usual.seen) == (22, "1.5", False)


class TestAfterAProblem:
    def test_its_incidents_are_counted_by_weeks(self) -> None:
        problem = a_problem(service="mail")
        assert rate_around(problem=problem, now=MONDAY) == ()
        for week, count in ((-12, 1), (-1, 3), (0, 2), (1, 1)):
            for hour in range(count):
                incident(MONDAY + timedelta(weeks=week, hours=1 + hour), service="mail")
        incident(MONDAY - timedelta(weeks=13), service="mail")
        resolve_problem(problem=problem, root_cause="x", by=engineer(), now=MONDAY)
        problem.refresh_from_db()
        rates = rate_around(problem=problem, now=MONDAY + timedelta(weeks=1, days=1))
        assert [(each.count, each.after) for each in rates] == [
            (1, False),
            *[(0, False)] * 10,
            (3, False),
            (2, True),
            (1, True),
        ]
        assert rates[-1].starts_at == MONDAY + timedelta(weeks=1)

    def test_of_no_service_are_those_that_are_linked(self) -> None:
        case = incident(MONDAY - DAY)
        incident(MONDAY - DAY)
        for problem in (a_problem(linked=[case]), a_problem(linked=[case], customer=None)):
            resolve_problem(problem=problem, root_cause="x", by=owner(), now=MONDAY)
            problem.refresh_from_db()
            assert sum(each.count for each in rate_around(problem=problem, now=MONDAY)) == 1
        everywhere = a_problem(customer=None, service="mail")
        resolve_problem(problem=everywhere, root_cause="x", by=owner(), now=MONDAY)
        everywhere.refresh_from_db()
        assert len(rate_around(problem=everywhere, now=MONDAY + timedelta(weeks=50))) == 24
