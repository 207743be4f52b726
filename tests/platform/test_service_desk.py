"""The service desk: cases, their states, and clocks that are the engine's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from makegood.engine.evidence.records import Transition
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.evidence.service_desk.models import Case, Clock, Coverage, HeldFor, State, Step, Transfer, Unsent
from makegood.platform.evidence.service_desk.operations import (
    UnableToServe,
    close_all_unanswered,
    close_for_customer,
    confirm,
    escalate,
    find_cause,
    make_major,
    move_case,
    prioritise,
    reject,
    relate,
    reopen,
    resolve,
    respond,
    send_steps,
    take_step,
    transfer,
)
from makegood.platform.evidence.service_desk.queries import cases, clocks_of, messages, transfers
from makegood.platform.tenancy.viewer import Viewer
from makegood.vault.vault import Vault
from tests.platform.desk import after, clock, desk, engineer, opened, sponsor, user
from tests.platform.people import house, organisation, person

pytestmark = pytest.mark.django_db


def words(case: Case) -> list[str]:
    return list(Step.objects.filter(case=case).order_by("number").values_list("word", flat=True))


class TestOpeningACase:
    def test_gives_it_an_owner_a_priority_and_its_limits(self) -> None:
        desk()
        case = opened()
        assert (case.state, case.priority, case.owner.name, case.coverage) == (
            State.NEW,
            "critical",
            "Eva",
            Coverage.COVERED,
        )
        assert [(each.outcome, each.due_at, each.limit) for each in Clock.objects.filter(case=case)] == [
            ("response", after(hours=1), "1h"),
            ("resolution", after(hours=4), "4h"),
        ]
        assert case.update_due_at == after(hours=1)
        assert [(each.before, each.after.name, each.reason) for each in Transfer.objects.all()] == [
            (None, "Eva", "OPENED")
        ]

    def test_by_a_customer_gives_it_to_the_service_manager(self) -> None:
        desk()
        case = opened(by=user(), requester=person("Uma", organisation("acme")))
        assert (case.owner.name, case.requester_name) == ("Sam", "Uma")

    def test_without_an_agreement_has_no_limits_and_needs_permission(self) -> None:
        organisation("acme")
        case = opened()
        assert (case.contract, case.coverage, case.clocks.count()) == (None, Coverage.NEEDS_PERMISSION, 0)

    def test_of_a_kind_that_is_billable_needs_permission(self) -> None:
        desk()
        case = opened(kind="request")
        assert case.coverage == Coverage.NEEDS_PERMISSION
        with pytest.raises(UnableToServe, match="not permitted this work"):
            move_case(case=case, to=State.PENDING, by=engineer(), now=after(minutes=5))

    def test_of_a_kind_that_nobody_knows_is_refused(self) -> None:
        desk()
        with pytest.raises(UnableToServe, match="no case of the kind “party”"):
            opened(kind="party")
        assert not Case.objects.exists()


class TestTheClocksOfACase:
    def test_stop_with_the_first_response(self) -> None:
        desk()
        case = respond(case=opened(), by=engineer(), now=after(minutes=30))
        assert (case.state, words(case)) == (State.OPEN, ["opened", "responded"])
        assert (clock(case, "response").state, clock(case, "response").inside) == ("STOPPED", True)
        assert clock(case, "resolution").state == "RUNNING"
        with pytest.raises(UnableToServe, match="responded already"):
            respond(case=case, by=engineer(), now=after(minutes=31))

    def test_stand_still_while_the_customer_is_asked(self) -> None:
        desk()
        case = opened()
        move_case(case=case, to=State.HELD, held_for=HeldFor.INFORMATION, by=engineer(), now=after(hours=1))
        assert (clock(case, "resolution").state, clock(case, "resolution").due_at) == ("PAUSED", None)
        assert words(case) == ["opened", "responded", "hold-for-resolution"]
        move_case(case=case, to=State.OPEN, by=engineer(), now=after(hours=3))
        assert clock(case, "resolution").due_at == after(hours=6)

    def test_stop_when_it_is_resolved_and_go_on_when_that_is_rejected(self) -> None:
        desk()
        case = opened()
        done = resolve(case=case, resolution="A new cable.", by=engineer(), now=after(hours=2))
        assert (done.state, done.held_for, done.resolved_at) == (State.HELD, HeldFor.CONFIRMATION, after(hours=2))
        assert clock(case, "resolution").state == "STOPPED"
        again = reject(case=case, why="Silent again.", by=sponsor(), now=after(hours=5))
        assert (again.state, again.reopened, clock(case, "resolution").due_at) == (State.OPEN, 1, after(hours=7))

    def test_follow_the_priority(self) -> None:
        desk()
        case = opened(impact="low", urgency="low")
        assert case.priority == "low"
        more = prioritise(
            case=case, impact="high", urgency="medium", why="Two tills.", by=engineer(), now=after(hours=1)
        )
        assert (more.priority, clock(case, "resolution").due_at) == ("high", after(hours=8))

    def test_are_those_of_the_engine_at_any_instant(self) -> None:
        desk()
        case = opened()
        for running in clocks_of(case=case, now=after(hours=2)):
            assert running.due_at == clock(case, running.outcome).due_at

    def test_say_in_whole_seconds_what_was_told_later(self) -> None:
        desk()
        case = resolve(
            case=opened(), resolution="Done.", by=engineer(), now=after(hours=30), at=after(hours=3, minutes=59)
        )
        assert clock(case, "resolution").inside
        again = reject(case=case, why="No.", by=sponsor(), now=after(hours=31))
        with pytest.raises(UnableToServe, match="before what was done last"):
            move_case(case=again, to=State.OPEN, by=engineer(), now=after(hours=32), at=after(hours=2))
        with pytest.raises(UnableToServe, match="in the future"):
            respond(case=opened(), by=engineer(), now=after(), at=after(hours=1))


class TestClosingACase:
    def test_takes_the_customer(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(hours=1))
        with pytest.raises(UnableToServe, match="Your role"):
            confirm(case=case, by=engineer(), now=after(hours=2))
        done = confirm(case=case, by=sponsor(), now=after(hours=2))
        assert (done.state, done.closed_at, words(done)) == (
            State.CLOSED,
            after(hours=2),
            ["opened", "responded", "resolved", "closed"],
        )
        with pytest.raises(UnableToServe, match="closed; open it again"):
            move_case(case=case, to=State.OPEN, by=engineer(), now=after(hours=3))
        assert reopen(case=case, why="Again.", by=sponsor(), now=after(hours=4)).state == State.OPEN

    def test_for_the_customer_says_who_confirmed(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(hours=1))
        with pytest.raises(UnableToServe, match="Write who"):
            close_for_customer(case=case, told_by=" ", by=engineer(), now=after(hours=2))
        assert close_for_customer(case=case, told_by="Ada", by=engineer(), now=after(hours=2)).state == State.CLOSED

    def test_happens_when_nobody_rejects_in_time(self) -> None:
        desk()
        schedule = Viewer(name="the schedule", house=house().pk)
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(hours=1))
        assert case.close_by == after(days=7, hours=1)
        assert close_all_unanswered(by=schedule, now=after(days=7)) == 0
        assert close_all_unanswered(by=schedule, now=after(days=7, hours=1)) == 1
        assert close_all_unanswered(by=schedule, now=after(days=8)) == 0


class TestAPartOfALimit:
    def test_is_told_once(self) -> None:
        desk()
        case = opened()
        assert [
            (each.escalation.outcome, each.escalation.percent, each.to) for each in escalate(now=after(hours=2))
        ] == [
            ("response", "50.00 %", "owner of the case"),
            ("response", "75.00 %", "service manager of the provider"),
            ("response", "90.00 %", "owner of the provider"),
            ("response", "100.00 %", "executives of both sides"),
            ("resolution", "50.00 %", "owner of the case"),
        ]
        assert escalate(now=after(hours=2)) == []
        respond(case=case, by=engineer(), now=after(hours=2, minutes=30))
        assert [each.escalation.percent for each in escalate(now=after(hours=3))] == ["75.00 %"]

    def test_is_not_told_while_the_clock_stands_still(self) -> None:
        desk()
        case = opened()
        move_case(case=case, to=State.HELD, held_for=HeldFor.APPOINTMENT, by=engineer(), now=after(minutes=20))
        assert escalate(now=after(days=3)) == []


class TestAGuarantee:
    def test_has_a_clock_for_each_step(self) -> None:
        desk()
        case = opened(kind="outage", marks={"occurred": after(minutes=-5)})
        assert clock(case, "outage", "told").due_at == after(minutes=10)
        take_step(case=case, word="told", by=engineer(), now=after(minutes=5))
        assert (clock(case, "outage", "told").inside, clock(case, "outage", "told").state) == (True, "STOPPED")
        with pytest.raises(UnableToServe, match="needs on record: ticket"):
            take_step(case=case, word="plan-sent", by=engineer(), now=after(minutes=6))
        take_step(case=case, word="plan-sent", labels={"ticket": "4711"}, by=engineer(), now=after(minutes=6))
        assert clock(case, "outage", "planned").done_at == after(minutes=6)
        with pytest.raises(UnableToServe, match="promises no such step"):
            take_step(case=case, word="danced", by=engineer(), now=after(minutes=7))


class TestAnOwner:
    def test_changes_with_a_transfer_that_is_kept(self) -> None:
        desk()
        case, max_ = opened(), engineer("Max")
        assert max_.person is not None
        with pytest.raises(UnableToServe, match="Say what is needed"):
            transfer(case=case, to=person("Max", house()), reason="TECHNICAL", by=engineer(), now=after(hours=1))
        mine = transfer(
            case=case,
            to=person("Max", house()),
            reason="TECHNICAL",
            why="Knows tills.",
            by=engineer(),
            now=after(hours=1),
        )
        assert mine.owner.name == "Max"
        assert transfers(viewer=engineer(), case=case).count() == 2
        assert not transfers(viewer=sponsor(), case=case).exists()
        with pytest.raises(UnableToServe, match="does not work on cases"):
            transfer(
                case=case, to=person("Uma", organisation("acme")), reason="SHIFT", by=engineer(), now=after(hours=2)
            )


class TestRelatedCases:
    def test_of_a_duplicate_is_closed_and_a_part_is_labelled(self) -> None:
        desk()
        first, second, third = opened(), opened(), opened()
        same = relate(case=second, to=first, as_duplicate=True, by=engineer(), now=after(minutes=5))
        assert (same.state, Step.objects.filter(case=same).last().labels["duplicate_of"]) == (  # type: ignore[union-attr]
            State.CLOSED,
            str(first.pk),
        )
        relate(case=third, to=first, as_duplicate=False, by=engineer(), now=after(minutes=5))
        with pytest.raises(UnableToServe, match="belongs to this one already"):
            relate(case=first, to=third, as_duplicate=False, by=engineer(), now=after(minutes=6))

    def test_may_be_a_major_incident(self) -> None:
        desk()
        assert make_major(case=opened(), by=engineer(), now=after(minutes=5)).major_since == after(minutes=5)

    def test_have_a_cause_that_is_evidence(self) -> None:
        contract = desk()
        case = find_cause(case=opened(), cause="CUSTOMER", by=engineer(), now=after(hours=1))
        assert case.caused_by == organisation("acme")
        assert Batch.objects.get(contract=contract).name == f"acme caused 1 of {case.name}"
        with pytest.raises(UnableToServe, match="of an affiliate which one"):
            find_cause(case=case, cause="AFFILIATE", by=engineer(), now=after(hours=1))


class TestTheVault:
    def test_gets_every_step_once(self) -> None:
        contract = desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(hours=1))
        assert Unsent.objects.count() == 3
        assert [send_steps(contract=contract, now=after(hours=2)) for _ in range(2)] == [5, 0]
        found = [
            each
            for each in Vault.open(vault_folder(contract)).records()
            if isinstance(each, Transition) and each.of == "incident"
        ]
        assert [(each.state, each.case, each.at) for each in found] == [
            ("opened", case.name, after()),
            ("responded", case.name, after(hours=1)),
            ("resolved", case.name, after(hours=1)),
        ]


class TestAViewer:
    def test_sees_what_is_theirs(self) -> None:
        desk()
        organisation("globex")
        case = opened(requester=person("Uma", organisation("acme")))
        assert list(cases(viewer=user())) == [case]
        assert list(cases(viewer=user("Udo"))) == []
        assert list(cases(viewer=sponsor())) == [case]
        assert list(cases(viewer=sponsor(organisation("globex")))) == []
        assert list(messages(viewer=user("Udo"), case=case)) == []
        with pytest.raises(UnableToServe, match="no such case"):
            confirm(case=case, by=user("Udo"), now=after(hours=1))


def test_instants_are_those_of_the_scene() -> None:
    assert after(hours=1) - after() == timedelta(hours=1)
    assert isinstance(after(), datetime)
