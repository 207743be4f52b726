"""When changes may be made, and releases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from makegood.platform.evidence.changes.models import QUESTIONS, Freeze, Kind, Override, Release, Rule, State, Window
from makegood.platform.evidence.changes.operations import (
    UnableToChange,
    announce_downtime,
    answer_readiness,
    approve_release,
    authorise_change,
    cancel_release,
    carry_out_release,
    check_release,
    drop_window,
    end_freeze,
    freeze_changes,
    open_window,
    plan_change,
    release_change,
    set_rules,
)
from makegood.platform.evidence.changes.queries import (
    conflicts,
    freezes,
    left_over,
    releases,
    rule_of,
    windows,
    windows_between,
)
from makegood.platform.evidence.intake.models import Exclusion
from makegood.platform.evidence.intake.operations import decide_exclusion
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.tenancy.access.models import Membership
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.viewer import Role, Site
from makegood.vault.vault import Vault
from tests.platform.agreements import owner
from tests.platform.changing import (
    MONDAY,
    SATURDAY,
    after,
    approved,
    customer,
    drafted,
    engineer,
    planned,
    promised,
    ready,
    requested,
    service_manager,
    tried,
)
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
LATE = SATURDAY.replace(hour=23)
"""The end of the time that these tests plan."""


@pytest.fixture(autouse=True)
def acme() -> None:
    house(), organisation("acme")


def saturdays() -> Window:
    """Open a window on Saturdays from 20:00 in Berlin, which is 19:00 in UTC, and the first hours of Sunday."""
    ruled()
    open_window(customer=organisation("acme"), weekday=6, starts=0, ends=240, by=service_manager(), now=MONDAY)
    return open_window(
        customer=organisation("acme"), weekday=5, starts=1200, ends=1440, by=service_manager(), now=MONDAY
    )


def ruled(**more: object) -> Rule:
    said = {"approves": "NONE", "approver": "MANAGER", "quorum": 2, "straight": True, "checks": False, **more}
    return set_rules(
        customer=organisation("acme"),
        **{"timezone": "Europe/Berlin", **said},  # type: ignore[arg-type]
        by=service_manager(),
        now=MONDAY,
    )


class TestAWindow:
    @pytest.mark.parametrize(
        ("_case", "starts_at", "hours", "fits"),
        [
            ("inside", SATURDAY, 1, True),
            ("from its first minute", SATURDAY.replace(hour=19), 1, True),
            ("a minute too early", datetime(2026, 3, 14, 18, 59, tzinfo=UTC), 1, False),
            ("over midnight, where the next begins", SATURDAY, 6, True),
            ("until the last minute", SATURDAY, 7, True),
            ("longer than both", SATURDAY, 8, False),
            ("on another day", SATURDAY + timedelta(days=2), 1, False),
            ("a week later", SATURDAY + timedelta(days=7), 1, True),
            ("after the clock change, an hour earlier in UTC", datetime(2026, 4, 4, 18, tzinfo=UTC), 1, True),
        ],
    )
    def test_binds_changes_in_the_zone_of_the_customer(
        self, _case: str, starts_at: datetime, hours: int, fits: bool
    ) -> None:
        saturdays()
        found = conflicts(change=drafted(), starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours))
        assert [each.text for each in found] == (
            [] if fits else ["It lies outside the windows in which Acme is changed."]
        )

    def test_through_the_night_of_the_clock_change_lasts_an_hour_less(self) -> None:
        saturdays()
        opened = windows_between(
            windows=list(Window.objects.all()),
            timezone="Europe/Berlin",
            starts_at=datetime(2026, 3, 28, 20, tzinfo=UTC),
            ends_at=datetime(2026, 3, 28, 21, tzinfo=UTC),
        )
        assert [(begin.timestamp(), end.timestamp()) for begin, end in opened] == [
            (datetime(2026, 3, 28, 19, tzinfo=UTC).timestamp(), datetime(2026, 3, 29, 2, tzinfo=UTC).timestamp())
        ]

    def test_is_there_once_and_can_be_taken_away(self) -> None:
        made = saturdays()
        with pytest.raises(UnableToChange, match="there already"):
            saturdays()
        drop_window(window=made, by=service_manager(), now=MONDAY)
        assert [each.weekday for each in windows(viewer=customer())] == [6]
        with pytest.raises(UnableToChange, match="no such thing"):
            drop_window(window=made, by=service_manager(), now=MONDAY)

    @pytest.mark.parametrize(("weekday", "starts", "ends"), [(7, 0, 60), (0, 60, 60), (0, 0, 1441), (-1, 0, 60)])
    def test_lies_in_a_day(self, weekday: int, starts: int, ends: int) -> None:
        with pytest.raises(UnableToChange, match="lies in one day"):
            open_window(
                customer=organisation("acme"), weekday=weekday, starts=starts, ends=ends, by=owner(), now=MONDAY
            )

    def test_is_set_by_service_managers(self) -> None:
        for by in (engineer(), customer()):
            with pytest.raises(UnableToChange, match="does not include this"):
                open_window(customer=organisation("acme"), weekday=0, starts=0, ends=60, by=by, now=MONDAY)


class TestAFreeze:
    def test_stops_changes_of_its_customer_or_of_all(self) -> None:
        said = {"starts_at": SATURDAY, "ends_at": LATE, "by": service_manager(), "now": MONDAY}
        freeze_changes(customer=organisation("globex"), title="Their fair", **said)  # type: ignore[arg-type]
        ours = freeze_changes(customer=None, title="Easter", **said)  # type: ignore[arg-type]
        change = drafted()
        with pytest.raises(UnableToChange, match=r"^Nothing is changed then: Easter\.$"):
            plan_change(change=change, starts_at=SATURDAY, ends_at=LATE, by=engineer(), now=MONDAY)
        assert [str(each) for each in freezes(viewer=customer())] == ["Easter"]
        end_freeze(freeze=ours, by=service_manager(), now=MONDAY)
        assert plan_change(change=change, starts_at=SATURDAY, ends_at=LATE, by=engineer(), now=MONDAY).ends_at == LATE

    def test_does_not_stop_an_emergency(self) -> None:
        saturdays()
        Freeze.objects.create(title="Easter", starts_at=MONDAY, ends_at=LATE)
        assert conflicts(change=drafted(kind=Kind.EMERGENCY), starts_at=MONDAY, ends_at=after(hours=1)) == ()

    def test_of_all_is_not_set_by_somebody_limited(self) -> None:
        lena = person("Lena", house(), Role.SERVICE_MANAGER)
        Membership.objects.get(person=lena).customers.add(organisation("acme"))
        by = viewer(lena, Site.CONSOLE)
        with pytest.raises(UnableToChange, match="does not include this"):
            freeze_changes(customer=None, title="x", starts_at=SATURDAY, ends_at=LATE, by=by, now=MONDAY)
        made = freeze_changes(
            customer=organisation("acme"), title="x", starts_at=SATURDAY, ends_at=LATE, by=by, now=MONDAY
        )
        assert [each.pk for each in freezes(viewer=by)] == [made.pk]
        with pytest.raises(UnableToChange, match="366 days"):
            freeze_changes(
                customer=organisation("acme"),
                title="x",
                starts_at=SATURDAY,
                ends_at=SATURDAY + timedelta(days=366),
                by=by,
                now=MONDAY,
            )


class TestTwoChangesAtOnce:
    def test_of_a_service_stand_against_each_other(self) -> None:
        first = requested(starts_at=SATURDAY, ends_at=LATE)
        second = drafted()
        said = {"by": engineer(), "now": MONDAY}
        with pytest.raises(UnableToChange, match=rf"changed then: RFC {first.pk} "):
            plan_change(change=second, starts_at=SATURDAY, ends_at=LATE, **said)  # type: ignore[arg-type]
        later = plan_change(change=second, starts_at=LATE, ends_at=LATE + timedelta(hours=1), **said)  # type: ignore[arg-type]
        assert later.starts_at == LATE
        assert conflicts(change=drafted(service="mail"), starts_at=SATURDAY, ends_at=LATE) == ()
        assert conflicts(change=drafted(service=""), starts_at=SATURDAY, ends_at=LATE) == ()

    def test_are_planned_anyway_by_a_service_manager_who_says_why(self) -> None:
        first = requested(starts_at=SATURDAY, ends_at=LATE)
        second = requested()
        with pytest.raises(UnableToChange, match="a service manager plans it anyway"):
            plan_change(change=second, starts_at=SATURDAY, ends_at=LATE, why="Quick.", by=engineer(), now=MONDAY)
        done = plan_change(
            change=second, starts_at=SATURDAY, ends_at=LATE, why="Same people.", by=service_manager(), now=MONDAY
        )
        made = Override.objects.get()
        assert (made.against, made.why, left_over(change=done)) == ([f"service-{first.pk}"], "Same people.", ())
        third = requested(starts_at=SATURDAY + timedelta(hours=1), ends_at=LATE)
        assert [each.about for each in left_over(change=done)] == [third.pk]
        with pytest.raises(UnableToChange, match="The same service is changed then"):
            authorise_change(change=done, by=service_manager(), now=MONDAY)
        with pytest.raises(DatabaseError), transaction.atomic():
            Override.objects.update(why="otherwise")

    def test_are_not_planned_when_it_is_over(self) -> None:
        done = release_change(change=approved(), by=engineer(), now=after(hours=1))
        with pytest.raises(UnableToChange, match="stays as it is"):
            plan_change(change=done, starts_at=SATURDAY, ends_at=LATE, by=engineer(), now=after(hours=2))
        change = approved(service="mail")
        planned(change)
        with pytest.raises(UnableToChange, match="with its release"):
            plan_change(change=change, starts_at=SATURDAY, ends_at=LATE, by=engineer(), now=MONDAY)


class TestTheRulesOfACustomer:
    def test_begin_as_written(self) -> None:
        rule = rule_of(customer=organisation("acme").pk)
        assert (rule.approves, rule.quorum, rule.straight, rule.checks, rule.timezone) == (
            "NONE",
            2,
            True,
            False,
            "UTC",
        )

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"approves": "SOME"}, "which changes"),
            ({"approver": "USER"}, "which changes"),
            ({"quorum": 0}, "between 1 and 50"),
            ({"quorum": 51}, "between 1 and 50"),
            ({"timezone": "Mars/Olympus"}, "no such time zone"),
            ({"timezone": "../etc/passwd"}, "no such time zone"),
            ({"timezone": ""}, "no such time zone"),
        ],
    )
    def test_refuse_what_cannot_be(self, wrong: dict[str, object], sentence: str) -> None:
        with pytest.raises(UnableToChange, match=sentence):
            ruled(**wrong)

    def test_say_whether_low_impact_goes_straight(self) -> None:
        ruled(straight=False)
        with pytest.raises(UnableToChange, match="goes with a release"):
            release_change(change=approved(), by=engineer(), now=after(hours=1))

    def test_bind_what_is_released_straight_to_the_windows(self) -> None:
        saturdays()
        unplanned = approved()
        with pytest.raises(UnableToChange, match="outside the windows"):
            release_change(change=unplanned, by=engineer(), now=after(hours=1))
        assert release_change(change=unplanned, by=engineer(), now=SATURDAY).state == State.RELEASED
        change = approved(service="mail", starts_at=SATURDAY, ends_at=LATE)
        assert release_change(change=change, by=engineer(), now=SATURDAY).state == State.RELEASED
        with pytest.raises(UnableToChange, match="straight away"):
            release_change(change=change, by=engineer(), now=SATURDAY)


class TestARelease:
    def test_takes_tested_changes_to_their_users(self) -> None:
        first, second = tried(approved()), approved(service="mail")
        release = planned(first, second)
        first.refresh_from_db()
        assert (first.release, first.starts_at) == (release, SATURDAY)
        with pytest.raises(UnableToChange, match=r"^Before it is approved, answer: Which applications"):
            approve_release(release=release, by=service_manager(), now=MONDAY)
        with pytest.raises(UnableToChange, match=f"not tested: RFC {second.pk} "):
            ready(release)
        tried(second)
        with pytest.raises(UnableToChange, match="approved before it is carried out"):
            carry_out_release(release=release, by=engineer(), now=SATURDAY)
        done = ready(release)
        assert (done.state, done.approved_by.name if done.approved_by else "") == ("APPROVED", "Sam")
        with pytest.raises(UnableToChange, match="for another time"):
            carry_out_release(release=release, by=engineer(), now=MONDAY)
        carry_out_release(release=release, by=engineer(), now=LATE + timedelta(days=1), at=SATURDAY)
        first.refresh_from_db()
        assert (first.state, first.released_at) == (State.RELEASED, SATURDAY)
        with pytest.raises(UnableToChange, match="is over"):
            cancel_release(release=release, why="x", by=engineer(), now=LATE)
        with pytest.raises(UnableToChange, match="decided already"):
            approve_release(release=release, by=service_manager(), now=LATE)

    def test_is_approved_by_its_manager_alone(self) -> None:
        release = planned(tried(approved()))
        with pytest.raises(UnableToChange, match="Sam approves this release"):
            approve_release(release=release, by=owner(), now=MONDAY)

    def test_is_not_approved_against_what_came_later(self) -> None:
        release = planned(tried(approved()))
        Freeze.objects.create(title="Easter", starts_at=MONDAY, ends_at=LATE)
        with pytest.raises(UnableToChange, match="Easter"):
            ready(release)

    def test_refuses_what_does_not_belong_to_it(self) -> None:
        change, waiting = approved(), requested()
        with pytest.raises(UnableToChange, match="Approved changes that belong to no release"):
            planned(waiting)
        with pytest.raises(UnableToChange, match="at least one change"):
            planned()
        stranger = person("Ada", organisation("acme"))
        with pytest.raises(UnableToChange, match="managed by somebody who works here"):
            planned(change, manager=stranger)
        release = planned(change)
        with pytest.raises(UnableToChange, match="no such question"):
            answer_readiness(release=release, answers={"mood": "x"}, by=engineer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="Approved changes that belong to no release"):
            planned(change)
        theirs = approved(service="mail")
        theirs.customer = organisation("globex")
        theirs.save()
        with pytest.raises(UnableToChange, match="changes of one customer"):
            planned(theirs)

    def test_is_not_planned_against_a_window(self) -> None:
        saturdays()
        with pytest.raises(UnableToChange, match="outside the windows"):
            planned(approved(), starts_at=MONDAY, ends_at=after(hours=2))
        assert not Release.objects.exists()

    def test_keeps_to_what_was_planned_against_a_conflict(self) -> None:
        saturdays()
        change = approved()
        times = {"starts_at": after(hours=9), "ends_at": after(hours=11)}
        plan_change(change=change, **times, why="They asked.", by=service_manager(), now=MONDAY)
        release = planned(change, **times)
        tried(change)
        assert ready(release).state == "APPROVED"

    def test_that_is_given_up_frees_its_changes(self) -> None:
        first = tried(approved())
        release = ready(planned(first))
        cancel_release(release=release, why="Ill.", by=engineer(), now=MONDAY)
        first.refresh_from_db()
        assert (first.state, first.release) == (State.TESTED, None)
        second = approved(service="mail")
        cancel_release(release=planned(second), why="Ill.", by=engineer(), now=MONDAY)
        second.refresh_from_db()
        assert (second.state, second.release) == (State.APPROVED, None)
        assert planned(first, second).state == "PLANNED"

    def test_is_checked_by_the_customer_where_its_rules_say_so(self) -> None:
        ruled(checks=True)
        release = planned(tried(approved()))
        with pytest.raises(UnableToChange, match="The customer checks this release first"):
            ready(release)
        with pytest.raises(UnableToChange, match="what is wrong"):
            check_release(release=release, passed=False, why="", by=customer(), now=MONDAY)
        for by in (engineer(), customer("Gus", slug="globex")):
            with pytest.raises(UnableToChange):
                check_release(release=release, passed=True, why="", by=by, now=MONDAY)
        check_release(release=release, passed=False, why="A till is missing.", by=customer(), now=MONDAY)
        with pytest.raises(UnableToChange, match="has not said that it is good"):
            ready(release)
        check_release(release=release, passed=True, why="", by=customer(), now=MONDAY)
        assert ready(release).checked is True
        with pytest.raises(UnableToChange, match="decided already"):
            check_release(release=release, passed=True, why="", by=customer(), now=MONDAY)


class TestDowntime:
    def test_is_proposed_as_an_exclusion_with_its_announcement(self) -> None:
        contract = promised()
        release = planned(tried(approved()))
        hour = SATURDAY + timedelta(hours=1)
        announce_downtime(release=release, starts_at=SATURDAY, ends_at=hour, service="desk", by=engineer(), now=MONDAY)
        made = Exclusion.objects.get()
        release.refresh_from_db()
        assert (release.exclusion, made.contract, made.cause, made.subject, made.announced_at, made.state) == (
            made,
            contract,
            "maintenance",
            "desk",
            MONDAY,
            "PROPOSED",
        )
        decide_exclusion(exclusion=made, approve=True, by=customer(), now=NOW)
        vault = Vault.open(vault_folder(contract))
        found = vault.evidence(vault.head).exclusions["maintenance"]
        assert [(each.subject, each.start, each.announced_at) for each in found] == [("desk", SATURDAY, MONDAY)]
        with pytest.raises(UnableToChange, match="announced already"):
            announce_downtime(release=release, starts_at=SATURDAY, ends_at=hour, by=engineer(), now=MONDAY)

    def test_is_told_to_sponsors_and_managers_on_their_own_clocks(self) -> None:
        promised()
        ruled()
        customer(), customer("Uma", Role.USER)
        release = planned(tried(approved()))
        hour = SATURDAY + timedelta(hours=1)
        announce_downtime(release=release, starts_at=SATURDAY, ends_at=hour, service="desk", by=engineer(), now=MONDAY)
        mail = Message.objects.get(kind="downtime_announced")
        assert (mail.to, "down from 2026-03-14 21:00 until 2026-03-14 22:00 (Europe/Berlin)" in mail.text) == (
            "ada@acme.example",
            True,
        )
        assert "It is: desk." in mail.text
        assert f"/portal/releases/{release.pk}/" in mail.text

    def test_without_such_an_agreement_excludes_nothing(self) -> None:
        release = planned(tried(approved()))
        done = announce_downtime(release=release, starts_at=SATURDAY, ends_at=LATE, by=engineer(), now=MONDAY)
        assert (done.exclusion, done.down_until) == (None, LATE)

    def test_lies_within_its_release_and_in_the_future(self) -> None:
        release = planned(tried(approved()))
        with pytest.raises(UnableToChange, match="within the release"):
            announce_downtime(
                release=release, starts_at=SATURDAY, ends_at=LATE + timedelta(hours=1), by=engineer(), now=MONDAY
            )
        with pytest.raises(UnableToChange, match="before it begins"):
            announce_downtime(release=release, starts_at=SATURDAY, ends_at=LATE, by=engineer(), now=SATURDAY)

    def test_of_another_release_stands_against_a_change(self) -> None:
        release = planned(tried(approved()))
        announce_downtime(release=release, starts_at=SATURDAY, ends_at=LATE, by=engineer(), now=MONDAY)
        found = conflicts(change=drafted(service="mail"), starts_at=SATURDAY, ends_at=LATE)
        assert [(each.against, each.text) for each in found] == [
            ("downtime", "Another release takes the service down then: March.")
        ]

    def test_is_seen_by_the_customer(self) -> None:
        release = planned(tried(approved()))
        assert list(releases(viewer=customer())) == [release]
        assert list(releases(viewer=customer("Gus", slug="globex"))) == []
        assert sorted(QUESTIONS) == ["functions", "laboratory", "security", "tests", "windows"]
