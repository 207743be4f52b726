"""Days on the clocks of the agreement, days that nobody keeps, prices that not all see, and two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from makegood.platform.review.governance.models import Baseline, DutyMark, Grant, Impact, Meeting
from makegood.platform.review.governance.operations import (
    UnableToGovern,
    call_meeting,
    confirm_impact,
    end_grant,
    grant_access,
    mark_duty,
    move_meeting,
    propose_change,
    state_impact,
    take_baseline,
    write_minutes,
)
from makegood.platform.review.governance.queries import today_of
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, drafted, owner, service_manager, sponsor
from tests.platform.governing import GOVERNED, governed, january
from tests.platform.people import NOW, days_to, house, organisation, person

database = pytest.mark.django_db
IN_AUCKLAND = GOVERNED.replace("Europe/Berlin", "Pacific/Auckland")
IN_LOS_ANGELES = GOVERNED.replace("Europe/Berlin", "America/Los_Angeles")
MORNING = datetime(2026, 3, 10, 20, tzinfo=UTC)
"""The morning of 11 March in Auckland."""
NIGHT = datetime(2026, 3, 11, 5, tzinfo=UTC)
"""Still 10 March in Los Angeles."""


@database
class TestDays:
    def test_are_those_of_the_agreement(self) -> None:
        assert today_of(contract=active(IN_AUCKLAND), now=MORNING) == date(2026, 3, 11)

    def test_are_those_of_utc_where_nothing_is_in_force(self) -> None:
        assert today_of(contract=drafted(), now=MORNING) == date(2026, 3, 10)

    def test_of_a_meeting_in_the_east_begin_before_those_of_utc(self) -> None:
        contract, by = active(IN_AUCKLAND), owner()
        made = call_meeting(contract=contract, kind="REVIEW", day=date(2026, 3, 11), by=by, now=NOW)
        write_minutes(meeting=made, text="More tills.", attendees="Ada", agenda=[], by=by, now=MORNING)
        assert made.minutes.get().text == "More tills."
        with pytest.raises(UnableToGovern, match=r"A meeting is called for today or later\."):
            call_meeting(contract=contract, kind="PLANNING", day=date(2026, 3, 10), by=by, now=MORNING)
        mark_duty(
            contract=contract, duty="power", standing="UNMET", since=date(2026, 3, 11), note="Dark.", by=by, now=MORNING
        )
        assert DutyMark.objects.get().since == date(2026, 3, 11)

    def test_of_a_meeting_in_the_west_end_after_those_of_utc(self) -> None:
        contract, by = active(IN_LOS_ANGELES), owner()
        made = call_meeting(contract=contract, kind="REVIEW", day=date(2026, 3, 12), by=by, now=NIGHT)
        assert move_meeting(meeting=made, day=date(2026, 3, 10), by=by, now=NIGHT).day == date(2026, 3, 10)
        grant_access(contract=contract, who="Sam", what="Till", way="", until=date(2026, 3, 10), by=by, now=NIGHT)
        assert Grant.objects.get().until == date(2026, 3, 10)
        with pytest.raises(UnableToGovern, match=r"A duty can be marked from a day on that has begun\."):
            mark_duty(contract=contract, duty="power", standing="MET", since=date(2026, 3, 11), by=by, now=NIGHT)

    @pytest.mark.parametrize(
        ("address", "form"),
        [
            ("meetings/", {"kind": "REVIEW", "day": "9999-12-31"}),
            ("duties/mark/", {"duty": "power", "standing": "UNMET", "since": "0001-01-01", "note": "Dark."}),
            ("access/new/", {"who": "Sam", "what": "Till", "until": "9999-12-31"}),
        ],
    )
    def test_that_nobody_keeps_are_refused(
        self, client: Client, settings: object, address: str, form: dict[str, str]
    ) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        contract = active(GOVERNED)
        client.force_login(person("Olga", house(), Role.OWNER))
        here = f"/console/agreements/{contract.slug}/governance/"
        answer = client.post(here + address, form)
        assert answer.status_code == 422
        assert "A day lies between 1970 and 2200." in answer.content.decode()
        assert (Meeting.objects.count(), DutyMark.objects.count(), Grant.objects.count()) == (0, 0, 0)
        assert [client.get(here + each).status_code for each in ("", "duties/", "access/", "meetings.ics")] == [200] * 4


@database
class TestADutyThatIsNotAgreed:
    def test_is_refused_with_one_sentence(self, client: Client) -> None:
        contract = active(TEXT)
        client.force_login(person("Olga", house(), Role.OWNER))
        form = {"duty": "power", "standing": "MET", "since": "2026-03-01", "note": ""}
        page = client.post(f"/console/agreements/{contract.slug}/governance/duties/mark/", form)
        assert page.status_code == 422
        assert '<p class="mb-0">This agreement has no duty power.</p>' in page.content.decode()
        assert "__all__" not in page.content.decode()


@database
class TestThePriceOfAScopeChange:
    @pytest.mark.parametrize(
        ("role", "seen"), [(Role.OWNER, True), (Role.BILLING, True), (Role.AUDITOR, True), (Role.ENGINEER, False)]
    )
    def test_is_seen_by_those_who_see_money(self, client: Client, role: Role, seen: bool) -> None:
        contract = active(TEXT)
        propose_change(contract=contract, text="A second till.", amount=123_456, by=sponsor(), now=NOW)
        client.force_login(person(f"House {role}", house(), role))
        page = client.get(f"/console/agreements/{contract.slug}/governance/changes/").content.decode()
        assert "A second till." in page
        assert ("1,234.56" in page) is seen


def at_once(*works: Callable[[], object]) -> list[str]:
    """Do things at the same time, each on a connection of its own, and return what became of them."""
    ready, found = Barrier(len(works), timeout=60), []

    def done(work: Callable[[], object]) -> None:
        ready.wait()
        try:
            work()
            found.append("done")
        except UnableToGovern as refusal:
            found.append(str(refusal))
        except Exception as error:  # noqa: BLE001  # what nobody expects is what is looked for
            found.append(f"broken: {error}")
        finally:
            connection.close()

    threads = [Thread(target=done, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_end_an_access_once(self) -> None:
        contract, first, second = active(TEXT), owner(), service_manager()
        grant = grant_access(
            contract=contract, who="Sam", what="Till", way="", until=NOW.date() + timedelta(9), by=first, now=NOW
        )
        same = Grant.objects.get()
        outcome = at_once(
            lambda: end_grant(grant=grant, by=first, now=NOW), lambda: end_grant(grant=same, by=second, now=NOW)
        )
        assert outcome == ["This access has ended before.", "done"]

    def test_take_a_first_and_a_second_baseline(self) -> None:
        contract, first, second = active(TEXT), owner(), service_manager()
        said = {"contract": contract, "domain": "SECURITY", "answers": {"policy": "None."}, "outcomes": ["open"]}
        outcome = at_once(
            lambda: take_baseline(**said, by=first, now=NOW),  # type: ignore[arg-type]
            lambda: take_baseline(**said, by=second, now=NOW),  # type: ignore[arg-type]
        )
        assert outcome == ["done", "done"]
        assert sorted(Baseline.objects.values_list("number", flat=True)) == [1, 2]

    def test_confirm_an_impact_once(self) -> None:
        contract = governed()
        said = {"people": 3, "minutes": None, "amount": None, "words": ""}
        impact = state_impact(period=january(contract), outcome="open", **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        organisation("acme")
        first, second = sponsor(), sponsor()
        outcome = at_once(
            lambda: confirm_impact(impact=impact, by=first, now=NOW),
            lambda: confirm_impact(impact=impact, by=second, now=NOW),
        )
        assert outcome == ["Something else was entered since; look at it first.", "done"]
        assert Impact.objects.count() == 2
