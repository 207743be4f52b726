from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations import raise_dispute
from makegood.platform.review.governance.models import DutyMark, Impact, Meeting, Minutes
from makegood.platform.review.governance.operations import (
    UnableToGovern,
    agree_action,
    call_meeting,
    complete_action,
    confirm_impact,
    decide_change,
    mark_duty,
    move_meeting,
    propose_change,
    put_into_version,
    state_impact,
    write_minutes,
)
from makegood.platform.review.governance.queries import (
    actions,
    agenda,
    duties,
    impact_of,
    impacts,
    meeting,
    meetings,
    scope_changes,
    unmet_in,
    unresolved,
)
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.agreements import active, owner, service_manager
from tests.platform.evidence import engineer, member, missed, staff
from tests.platform.governing import governed, january
from tests.platform.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Contract:
    return governed()


def sponsor() -> Viewer:
    return member(Role.SPONSOR)


def stranger() -> Viewer:
    return member(Role.SPONSOR, "globex")


def mark(contract: Contract, standing: str, day: date, *, duty: str = "contact", by: Viewer | None = None) -> DutyMark:
    return mark_duty(
        contract=contract, duty=duty, standing=standing, since=day, note="Nobody answered.", by=by or owner(), now=NOW
    )


class TestADuty:
    def test_comes_from_the_terms_and_stands_as_was_said_last(self, contract: Contract) -> None:
        first, second = duties(viewer=sponsor(), contract=contract, now=NOW)
        assert (first.name, first.duty.of, first.mark, first.overdue) == ("contact", ("open",), None, False)
        assert (second.name, second.overdue) == ("power", True)
        mark(contract, "UNMET", date(2026, 1, 10))
        mark(contract, "MET", date(2026, 1, 12), by=sponsor())
        first = duties(viewer=sponsor(), contract=contract, now=NOW)[0]
        assert [(each.standing, each.since.day, each.marked_for.slug) for each in first.marks] == [
            ("UNMET", 10, "northwind-it"),
            ("MET", 12, "acme"),
        ]
        assert not first.is_unmet

    def test_is_nobody_elses_business(self, contract: Contract) -> None:
        assert duties(viewer=stranger(), contract=contract, now=NOW) == []
        with pytest.raises(UnableToGovern, match="Your role does not include this"):
            mark(contract, "UNMET", date(2026, 1, 10), by=stranger())
        with pytest.raises(UnableToGovern, match="Your role does not include this"):
            mark(contract, "UNMET", date(2026, 1, 10), by=member(Role.USER))
        assert not DutyMark.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"duty": "lunch"}, "This agreement has no duty lunch."),
            ({"duty": ""}, "This agreement has no duty —."),
            ({"standing": "PERHAPS"}, "Say whether the duty is met, not met or waived."),
            ({"since": date(2026, 3, 11)}, "A duty can be marked from a day on that has begun."),
            ({"note": " "}, "Say in a note why it is not met, or why it is waived."),
        ],
    )
    def test_is_not_marked_with_nonsense(self, contract: Contract, changed: dict[str, object], sentence: str) -> None:
        said = {"duty": "contact", "standing": "UNMET", "since": date(2026, 3, 1), "note": "N", **changed}
        with pytest.raises(UnableToGovern) as refusal:
            mark_duty(contract=contract, **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert str(refusal.value) == sentence
        assert not DutyMark.objects.exists()

    def test_is_waived_by_the_provider_alone(self, contract: Contract) -> None:
        with pytest.raises(UnableToGovern, match="Only the provider can waive a duty of the customer"):
            mark(contract, "WAIVED", date(2026, 3, 1), by=sponsor())
        assert mark(contract, "WAIVED", date(2026, 3, 1)).standing == "WAIVED"
        assert Entry.objects.filter(did="mark duty", refused="").count() == 1

    def test_was_unmet_in_the_stretch_that_is_left_of_what_was_said(self, contract: Contract) -> None:
        period, zone_hour = january(contract), timedelta(hours=1)
        mark(contract, "UNMET", date(2025, 12, 1))
        mark(contract, "MET", date(2026, 1, 5))
        mark(contract, "UNMET", date(2026, 1, 20))
        found = unmet_in(viewer=owner(), period=period, outcome="open", now=NOW)
        assert [(each.starts_at + zone_hour, each.ends_at + zone_hour) for each in found] == [
            (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)),
            (datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
        ]
        assert unmet_in(viewer=owner(), period=period, outcome="close", now=NOW) == []
        mark(contract, "MET", date(2025, 11, 1))  # what is said later overrides all from its day on
        assert unmet_in(viewer=owner(), period=period, outcome="open", now=NOW) == []

    def test_keeps_what_was_said(self, contract: Contract) -> None:
        mark(contract, "UNMET", date(2026, 1, 10))
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("UPDATE governance_dutymark SET standing = 'MET'")


class TestABusinessImpact:
    def stated(self, contract: Contract, by: Viewer, **changed: object) -> Impact:
        said = {"people": 40, "minutes": 360, "amount": 250_000, "words": "No sales.", **changed}
        return state_impact(period=january(contract), outcome="open", **said, by=by, now=NOW)  # type: ignore[arg-type]

    def test_is_entered_by_the_provider_and_confirmed_by_the_customer(self, contract: Contract) -> None:
        made = self.stated(contract, owner())
        assert (made.currency, made.entered_for.slug) == ("EUR", "northwind-it")
        with pytest.raises(UnableToGovern, match="The customer confirms"):
            confirm_impact(impact=made, by=owner(), now=NOW)
        confirmed = confirm_impact(impact=made, by=sponsor(), now=NOW)
        assert (confirmed.confirms_id, confirmed.amount, confirmed.entered_for.slug) == (made.pk, 250_000, "acme")
        assert impact_of(viewer=owner(), period=january(contract), outcome="open") == confirmed
        assert impacts(viewer=owner(), contract=contract) == [confirmed]
        with pytest.raises(UnableToGovern, match="Something else was entered since"):
            confirm_impact(impact=made, by=sponsor(), now=NOW)
        with pytest.raises(UnableToGovern, match="entered or confirmed by the customer before"):
            confirm_impact(impact=confirmed, by=sponsor(), now=NOW)

    def test_shows_its_money_to_those_who_may_see_money(self, contract: Contract) -> None:
        self.stated(contract, sponsor())
        seen = [
            impact_of(viewer=by, period=january(contract), outcome="open") for by in (member(Role.USER), engineer())
        ]
        assert [each.amount for each in seen if each is not None] == [None, None]
        assert impact_of(viewer=stranger(), period=january(contract), outcome="open") is None
        assert impacts(viewer=stranger(), contract=contract) == []

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"people": None, "minutes": None, "amount": None, "words": " "}, "Give a number of people"),
            ({"people": -1}, "are not negative"),
            ({"minutes": 2**31}, "not that large"),
        ],
    )
    def test_says_something_sensible(self, contract: Contract, changed: dict[str, object], sentence: str) -> None:
        with pytest.raises(UnableToGovern, match=sentence):
            self.stated(contract, sponsor(), **changed)
        assert not Impact.objects.exists()

    def test_is_of_a_miss_alone(self, contract: Contract) -> None:
        nothing = {"people": 1, "minutes": None, "amount": None, "words": ""}
        with pytest.raises(UnableToGovern, match="has no outcome shut"):
            state_impact(period=january(contract), outcome="shut", **nothing, by=sponsor(), now=NOW)  # type: ignore[arg-type]
        period = january(contract)
        period.pk, period.label = 0, "none"
        with pytest.raises(UnableToGovern, match="was not missed in that period"):
            state_impact(period=period, outcome="open", **nothing, by=sponsor(), now=NOW)  # type: ignore[arg-type]
        with pytest.raises(UnableToGovern, match="Your role does not include this"):
            self.stated(contract, member(Role.USER))


class TestAMeeting:
    def test_follows_the_rhythm_of_the_terms(self, contract: Contract) -> None:
        found = meetings(viewer=sponsor(), contract=contract)
        assert [each.key for each in found[:3]] == ["review-2026-02-13", "review-2026-03-13", "review-2026-04-14"]
        assert found[-1].key == "review-2027-01-14"
        assert (found[-2].key, len(found)) == ("planning-2027-01-14", 13)
        assert not Meeting.objects.exists()
        assert meetings(viewer=stranger(), contract=contract) == []
        assert meeting(viewer=sponsor(), contract=contract, key="review-2026-02-14") is None

    def test_has_an_agenda_of_what_happened(self, contract: Contract) -> None:
        february = meeting(viewer=owner(), contract=contract, key="review-2026-02-13")
        assert february is not None
        mark(contract, "UNMET", date(2026, 1, 10))
        propose_change(contract=contract, text="A second till.", amount=5000, by=owner(), now=NOW)
        raise_dispute(
            contract=contract,
            period="2026-01",
            outcome="open",
            record_id="probes#bad-day",
            reason="It was up.",
            by=sponsor(),
            now=NOW - timedelta(days=3),
        )
        found = agenda(viewer=owner(), meeting=february, now=NOW, recommended=["A larger disk."])
        assert [(each.topic, each.text) for each in found] == [
            ("Missed", "open in 2026-01: 99.1935 %; agreed was ≥ 99.9 %."),
            ("Open dispute", "open, 2026-01: It was up."),
            ("Duty not met", "Somebody can be reached at any hour. Nobody answered."),
            ("Scope change to decide", "A second till."),
            ("Recommendation to decide", "A larger disk."),
            ("As agreed", "Staff"),
        ]

    def test_of_planning_looks_at_the_terms(self, contract: Contract) -> None:
        planning = meeting(viewer=owner(), contract=contract, key="planning-2027-01-14")
        assert planning is not None
        texts = [each.text for each in agenda(viewer=owner(), meeting=planning, now=NOW)]
        assert texts == [
            "open in 2026-01: 99.1935 %; agreed was ≥ 99.9 %.",
            "Do the terms still fit? What is changed becomes a new version.",
            "professional ends on 2027-06-30.",
        ]

    def test_is_called_besides_and_moved(self, contract: Contract) -> None:
        made = call_meeting(contract=contract, kind="GOVERNANCE", day=date(2026, 4, 1), by=sponsor(), now=NOW)
        assert (made.key, made.first_day, made.last_day) == (
            "governance-2026-04-01",
            date(2026, 1, 1),
            date(2026, 4, 1),
        )
        moved = move_meeting(meeting=made, day=date(2026, 4, 3), by=owner(), now=NOW)
        assert (moved.key, moved.day) == ("governance-2026-04-01", date(2026, 4, 3))
        due = meeting(viewer=owner(), contract=contract, key="review-2026-03-13")
        assert due is not None
        assert move_meeting(meeting=due, day=date(2026, 3, 20), by=sponsor(), now=NOW).day == date(2026, 3, 20)
        days = {each.key: each.day for each in meetings(viewer=owner(), contract=contract)}
        assert (days["review-2026-03-13"], len(days)) == (date(2026, 3, 20), 14)

    @pytest.mark.parametrize(
        ("kind", "day", "sentence"),
        [
            ("LUNCH", date(2026, 4, 1), "Say what the meeting is for"),
            ("REVIEW", date(2026, 3, 9), "called for today or later"),
            ("REVIEW", date(2026, 4, 2), "There is such a meeting on that day."),
        ],
    )
    def test_is_not_called_for_nonsense(self, contract: Contract, kind: str, day: date, sentence: str) -> None:
        call_meeting(contract=contract, kind="REVIEW", day=date(2026, 4, 2), by=owner(), now=NOW)
        with pytest.raises(UnableToGovern, match=sentence):
            call_meeting(contract=contract, kind=kind, day=day, by=owner(), now=NOW)
        assert Meeting.objects.count() == 1

    def held(self, contract: Contract, **changed: str) -> Minutes:
        found = meeting(viewer=owner(), contract=contract, key="review-2026-02-13")
        assert found is not None
        points = [each.plain() for each in agenda(viewer=owner(), meeting=found, now=NOW)]
        said = {"text": "We buy a disk.", "attendees": "Ada, Sam", **changed}
        return write_minutes(meeting=found, agenda=points, **said, by=owner(), now=NOW)

    def test_is_held_with_minutes_that_stay(self, contract: Contract) -> None:
        first = self.held(contract)
        self.held(contract, text="We buy two disks.")
        found = meeting(viewer=sponsor(), contract=contract, key="review-2026-02-13")
        assert found is not None
        assert [each.text for each in found.minutes.all()] == ["We buy a disk.", "We buy two disks."]
        assert first.agenda[0] == {"topic": "Missed", "text": "open in 2026-01: 99.1935 %; agreed was ≥ 99.9 %."}
        with pytest.raises(UnableToGovern, match="This meeting was held"):
            move_meeting(meeting=found, day=date(2026, 3, 20), by=owner(), now=NOW)
        with pytest.raises(UnableToGovern, match="moved to today or later"):
            move_meeting(meeting=found, day=date(2026, 3, 2), by=owner(), now=NOW)
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("DELETE FROM governance_minutes")

    def test_has_no_minutes_of_nothing_or_before_it_is_held(self, contract: Contract) -> None:
        with pytest.raises(UnableToGovern, match="Write what was decided"):
            self.held(contract, text=" ")
        with pytest.raises(UnableToGovern, match="Write who was there"):
            self.held(contract, attendees="")
        coming = meeting(viewer=owner(), contract=contract, key="review-2026-03-13")
        assert coming is not None
        with pytest.raises(UnableToGovern, match="on the day of the meeting or later"):
            write_minutes(meeting=coming, text="T", attendees="A", agenda=[], by=owner(), now=NOW)
        assert not Meeting.objects.exists()

    def test_agrees_actions_that_are_done_once(self, contract: Contract) -> None:
        found = meeting(viewer=owner(), contract=contract, key="review-2026-02-13")
        assert found is not None
        said = {"text": "Buy a disk.", "owner": "Ada", "side": contract.customer_id, "due_date": date(2026, 3, 1)}
        for changed, sentence in (
            ({"text": " "}, "Write what is to be done"),
            ({"owner": ""}, "Name one person"),
            ({"side": 0}, "Say which side"),
        ):
            with pytest.raises(UnableToGovern, match=sentence):
                agree_action(meeting=found, **{**said, **changed}, by=owner(), now=NOW)  # type: ignore[arg-type]
        made = agree_action(meeting=found, **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert list(actions(viewer=sponsor(), contract=contract)) == [made]
        assert list(actions(viewer=stranger())) == []
        with pytest.raises(UnableToGovern, match="Your role does not include this"):
            complete_action(action=made, result="", by=stranger(), now=NOW)
        done = complete_action(action=made, result="Two disks.", by=engineer(), now=NOW)
        assert (done.done_at, done.result) == (NOW, "Two disks.")
        with pytest.raises(UnableToGovern, match="This was done before"):
            complete_action(action=made, result="", by=owner(), now=NOW)


class TestAScopeChange:
    def test_is_proposed_decided_by_the_other_side_and_put_into_a_version(self, contract: Contract) -> None:
        made = propose_change(contract=contract, text="A second till.", amount=-5000, by=sponsor(), now=NOW)
        assert (made.amount, made.currency, made.state) == (-5000, "EUR", "PROPOSED")
        version = contract.versions.get()
        with pytest.raises(UnableToGovern, match="The other side decides"):
            decide_change(change=made, approve=True, by=sponsor(), now=NOW)
        with pytest.raises(UnableToGovern, match="Only an approved change"):
            put_into_version(change=made, version=version, by=service_manager(), now=NOW)
        assert decide_change(change=made, approve=True, by=owner(), now=NOW).state == "APPROVED"
        with pytest.raises(UnableToGovern, match="decided before"):
            decide_change(change=made, approve=False, by=owner(), now=NOW)
        with pytest.raises(UnableToGovern):
            put_into_version(change=made, version=version, by=sponsor(), now=NOW)
        assert put_into_version(change=made, version=version, by=service_manager(), now=NOW).version == version
        assert [each.text for each in scope_changes(viewer=sponsor(), contract=contract)] == ["A second till."]
        assert list(scope_changes(viewer=stranger(), contract=contract)) == []

    def test_says_something(self, contract: Contract) -> None:
        with pytest.raises(UnableToGovern, match="Say what changes"):
            propose_change(contract=contract, text=" ", amount=0, by=owner(), now=NOW)
        with pytest.raises(UnableToGovern, match="too large"):
            propose_change(contract=contract, text="T", amount=10**15 + 1, by=owner(), now=NOW)
        with pytest.raises(UnableToGovern, match="Your role does not include this"):
            propose_change(contract=contract, text="T", amount=0, by=staff(Role.AUDITOR), now=NOW)


class TestWhatIsUnresolved:
    def test_ages_and_escalates_step_by_step(self, contract: Contract) -> None:
        mark(contract, "UNMET", date(2026, 1, 10))
        found = meeting(viewer=owner(), contract=contract, key="review-2026-02-13")
        assert found is not None
        agree_action(
            meeting=found,
            text="Buy a disk.",
            owner="Ada",
            side=contract.customer_id,
            due_date=date(2026, 3, 9),
            by=owner(),
            now=NOW,
        )
        seen = unresolved(viewer=sponsor(), contract=contract, now=NOW)
        assert [(each.topic, each.days, each.level) for each in seen] == [
            ("Duty not met", 59, 2),
            ("Duty without a word", 37, 2),
            ("Action overdue", 1, 0),
        ]
        assert seen[0].to == "owner of the provider and manager of the customer"
        later = unresolved(viewer=sponsor(), contract=contract, now=NOW + timedelta(days=1))
        assert (later[0].level, later[0].to) == (3, "sponsors of both sides")
        assert unresolved(viewer=stranger(), contract=contract, now=NOW) == []

    def test_is_an_outcome_that_was_missed_again(self) -> None:
        contract = missed()
        assert unresolved(viewer=owner(), contract=contract, now=NOW) == []

    def test_is_nothing_of_an_agreement_without_duties(self) -> None:
        contract = active()
        assert unresolved(viewer=owner(), contract=contract, now=NOW) == []
        assert duties(viewer=owner(), contract=contract, now=NOW) == []
        assert meetings(viewer=owner(), contract=contract) == []
