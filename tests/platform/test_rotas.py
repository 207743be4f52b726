"""Rotas as people plan them: what is past stays, and what cannot be is said in a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from makegood.engine.vocabulary.interval import Interval
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.hours import NoHours, week_of
from makegood.platform.evidence.on_call.models import Channel, Layer, Leave, Override, PayRate, Policy, Rota, Skill
from makegood.platform.evidence.on_call.operations import StepAsked, UnableToPlan
from makegood.platform.evidence.on_call.queries import (
    board,
    channels,
    feed_of,
    feeds,
    holes_ahead,
    layers_of,
    leaves,
    on_call_now,
    pages,
    policies,
    rotas,
    shifts_of,
    skills,
    statement,
    timeline,
)
from makegood.platform.tenancy.access.models import Membership, Role
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import NOBODY
from tests.platform.agreements import owner
from tests.platform.evidence import member, staff
from tests.platform.on_duty import MONDAY, engineer, later, layer, paged, policy, rota, seen_by, turning
from tests.platform.people import NOW, house, organisation, person

pytestmark = pytest.mark.django_db
YESTERDAY = NOW - timedelta(days=1)


class TestHours:
    @pytest.mark.parametrize(
        ("text", "monday", "sunday"),
        [
            ("mon-sun 00:00-24:00", ["00:00-24:00"], ["00:00-24:00"]),
            ("Mon-Fri 18:00-08:00; sat-sun 00:00-24:00", ["18:00-24:00"], ["00:00-24:00"]),
            ("sun 22:00-06:00", ["00:00-06:00"], ["22:00-24:00"]),
            ("fri-mon 09:00-10:00, 12:00-13:00", ["09:00-10:00", "12:00-13:00"], ["09:00-10:00", "12:00-13:00"]),
            ("mon 09:00-12:00, 11:00-13:00;", ["09:00-13:00"], []),
        ],
    )
    def test_are_read(self, text: str, monday: list[str], sunday: list[str]) -> None:
        week = week_of(text)
        assert week is not None
        assert ([str(each) for each in week[0]], [str(each) for each in week[6]]) == (monday, sunday)

    def test_that_are_not_written_are_all(self) -> None:
        assert week_of(" ; ") is None

    @pytest.mark.parametrize(
        "text", ["always", "mon", "mon 9-17", "mon 25:00-26:00", "mon 24:30-24:40", "mon 09:00-09:00"]
    )
    def test_that_are_none_are_refused(self, text: str) -> None:
        with pytest.raises(NoHours):
            week_of(text)


class TestARota:
    def test_is_made_and_changed(self) -> None:
        made = rota(" First \n line ", "Mon-Fri 09:00-17:00")
        assert (made.name, made.covers) == ("First line", "mon-fri 09:00-17:00")
        operations.keep_rota(
            organisation=house(),
            name="Second",
            timezone="UTC",
            country="de",
            subdivision="be",
            rota=made,
            by=owner(),
            now=NOW,
        )
        kept = Rota.objects.get()
        assert (kept.name, kept.covers, kept.country, kept.subdivision) == ("Second", "", "DE", "BE")
        assert Entry.objects.filter(did="keep rota", refused="").count() == 2

    @pytest.mark.parametrize(
        ("_case", "said", "sentence"),
        [
            ("no name", {"name": " "}, "name"),
            ("a long name", {"name": "n" * 101}, "name"),
            ("no zone", {"timezone": "Mars/Olympus"}, "no time zone"),
            ("no hours", {"covers": "at night"}, "names no hours"),
            ("long hours", {"covers": "; ".join(["mon 09:00-10:00"] * 40)}, "at most 400"),
            ("no country", {"country": "XX"}, "No public holidays"),
            ("a part of nothing", {"subdivision": "BE"}, "No public holidays"),
            ("the name of another", {"name": "Other"}, "already"),
        ],
    )
    def test_that_cannot_be_is_refused(self, _case: str, said: dict[str, str], sentence: str) -> None:
        rota("Other")
        asked: dict[str, Any] = {"name": "First", "timezone": "UTC", **said}
        with pytest.raises(UnableToPlan, match=sentence):
            operations.keep_rota(organisation=house(), **asked, by=owner(), now=NOW)
        assert Rota.objects.count() == 1

    @pytest.mark.parametrize("role", [Role.ENGINEER, Role.BILLING, Role.AUDITOR])
    def test_is_for_those_who_plan(self, role: Role) -> None:
        with pytest.raises(UnableToPlan, match="Only the owner"):
            operations.keep_rota(organisation=house(), name="n", timezone="UTC", by=staff(role), now=NOW)

    def test_that_has_ended_is_not_changed(self) -> None:
        made = turning(engineer("Anna"))
        operations.end_rota(rota=made, by=owner(), now=NOW)
        with pytest.raises(UnableToPlan, match="has ended"):
            layer(made, engineer("Anna"))
        assert on_call_now(rota=Rota.objects.get(), now=NOW) is None
        assert rota("First line").pk != made.pk


class TestTurns:
    def test_are_planned_from_now_on_and_what_is_past_stays(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = turning(anna, now=NOW - timedelta(days=5))
        operations.keep_layer(
            rota=made,
            people=[ben],
            starts_on=MONDAY,
            hand_over=time(9),
            days=7,
            layer=Layer.objects.get(),
            by=owner(),
            now=NOW,
        )
        found = timeline(viewer=owner(), rota=made, span=Interval(YESTERDAY, later(60)), now=NOW)
        assert [(each.person, each.starts_at, each.ends_at) for each in found] == [
            (anna, YESTERDAY, NOW),
            (ben, NOW, later(60)),
        ]
        assert found[0].hours == 24
        assert [each.place for each in layers_of(viewer=owner(), rota=made, now=NOW)] == [1]

    def test_that_have_ended_are_not_changed(self) -> None:
        made = layer(rota(), engineer("Anna"))
        operations.end_layer(layer=made, by=owner(), now=later(10))
        with pytest.raises(UnableToPlan, match="already"):
            operations.end_layer(layer=made, by=owner(), now=later(11))

    @pytest.mark.parametrize(
        ("_case", "said", "sentence"),
        [
            ("nobody", {"people": []}, "at least one person"),
            ("no days", {"days": 0}, "A turn takes"),
            ("too many days", {"days": 367}, "A turn takes"),
            ("the year 1", {"starts_on": date.min}, "no year"),
            ("the year 9999", {"starts_on": date.max}, "no year"),
            ("the past", {"since": YESTERDAY}, "past stays"),
        ],
    )
    def test_that_cannot_be_are_refused(self, _case: str, said: dict[str, Any], sentence: str) -> None:
        asked: dict[str, Any] = {"people": [engineer("Anna")], "starts_on": MONDAY, "days": 7, **said}
        with pytest.raises(UnableToPlan, match=sentence):
            operations.keep_layer(rota=rota(), hand_over=time(9), **asked, by=owner(), now=NOW)
        assert not Layer.objects.exists()

    def test_are_for_people_of_the_organisation(self) -> None:
        with pytest.raises(UnableToPlan, match="Ada has no role at Northwind IT"):
            layer(rota(), person("Ada", organisation("acme"), Role.SPONSOR))

    def test_are_in_ten_layers_at_most(self) -> None:
        made, anna = rota(), engineer("Anna")
        for _ in range(10):
            layer(made, anna)
        with pytest.raises(UnableToPlan, match="at most 10 layers"):
            layer(made, anna)


class TestAnOverride:
    def asked(self, **said: Any) -> Override:
        defaults: dict[str, Any] = {
            "person": engineer("Ben"),
            "starts_at": later(0),
            "ends_at": later(120),
            "by": owner(),
        }
        return operations.keep_override(**{**defaults, **said}, now=NOW)

    def test_counts_at_once(self) -> None:
        made = turning(engineer("Anna"))
        self.asked(rota=made)
        assert on_call_now(rota=made, now=NOW) == engineer("Ben")
        assert on_call_now(rota=made, now=later(120)) == engineer("Anna")

    def test_may_be_made_by_whoever_takes_over_or_is_replaced(self) -> None:
        made, anna, ben = turning(engineer("Anna")), engineer("Anna"), engineer("Ben")
        self.asked(rota=made, by=seen_by(ben))
        self.asked(rota=made, by=seen_by(anna), instead_of=anna)
        with pytest.raises(UnableToPlan, match="take over yourself"):
            self.asked(rota=made, by=seen_by(engineer("Cleo")))
        with pytest.raises(UnableToPlan, match="take over yourself"):
            self.asked(rota=made, by=staff(Role.BILLING), person=engineer("Ben"))

    @pytest.mark.parametrize(
        ("_case", "said", "sentence"),
        [
            ("no time", {"ends_at": later(0)}, "after the beginning"),
            ("the year 1", {"starts_at": datetime.min.replace(tzinfo=UTC)}, "years"),
            ("the year 9999", {"ends_at": datetime.max.replace(tzinfo=UTC)}, "years"),
            ("long ago", {"starts_at": NOW - timedelta(days=50), "ends_at": NOW - timedelta(days=40)}, "35 days"),
            ("a long reason", {"why": "w" * 301}, "at most 300"),
        ],
    )
    def test_that_cannot_be_is_refused(self, _case: str, said: dict[str, Any], sentence: str) -> None:
        made = turning(engineer("Anna"))
        with pytest.raises(UnableToPlan, match=sentence):
            self.asked(rota=made, **said)
        assert not Override.objects.exists()

    def test_of_somebody_on_leave_is_refused(self) -> None:
        made, ben = turning(engineer("Anna")), engineer("Ben")
        operations.take_leave(person=ben, starts_at=later(60), ends_at=later(600), by=owner(), now=NOW)
        with pytest.raises(UnableToPlan, match="Ben is on leave then"):
            self.asked(rota=made)

    def test_from_oneself_is_refused(self) -> None:
        with pytest.raises(UnableToPlan, match="from themselves"):
            self.asked(rota=turning(engineer("Anna")), instead_of=engineer("Ben"))

    def test_is_taken_back(self) -> None:
        made, ben = turning(engineer("Anna")), engineer("Ben")
        coming = self.asked(rota=made, starts_at=later(10))
        running = self.asked(rota=made)
        with pytest.raises(UnableToPlan, match="take back"):
            operations.withdraw_override(override=coming, by=seen_by(engineer("Cleo")), now=later(5))
        assert operations.withdraw_override(override=coming, by=seen_by(ben), now=later(5)).withdrawn_at == later(5)
        assert operations.withdraw_override(override=running, by=owner(), now=later(5)).ends_at == later(5)
        for each in (coming, running):
            with pytest.raises(UnableToPlan, match="over, or was taken back"):
                operations.withdraw_override(override=each, by=owner(), now=later(6))
        assert on_call_now(rota=made, now=later(11)) == engineer("Anna")


class TestLeave:
    def test_is_ones_own_to_take_and_to_take_back(self) -> None:
        anna = engineer("Anna")
        made = operations.take_leave(
            person=anna, starts_at=later(10), ends_at=later(60), why="Wedding", by=seen_by(anna), now=NOW
        )
        assert [each.why for each in leaves(viewer=seen_by(anna), now=NOW)] == ["Wedding"]
        assert leaves(viewer=owner(), now=later(60)).count() == 0
        assert leaves(viewer=member(Role.SPONSOR), now=NOW).count() == 0
        with pytest.raises(UnableToPlan, match="Only the owner"):
            operations.withdraw_leave(leave=made, by=seen_by(engineer("Ben")), now=NOW)
        operations.withdraw_leave(leave=made, by=seen_by(anna), now=NOW)
        assert Leave.objects.get().withdrawn_at == NOW

    def test_of_others_is_for_those_who_plan(self) -> None:
        with pytest.raises(UnableToPlan, match="Only the owner"):
            operations.take_leave(
                person=engineer("Anna"), starts_at=NOW, ends_at=later(9), by=seen_by(engineer("Ben")), now=NOW
            )
        assert not Leave.objects.exists()


class TestRates:
    @pytest.mark.parametrize(
        ("_case", "said", "sentence"),
        [
            ("no currency", {"currency": "XXY"}, "currency"),
            ("less than nothing", {"standby": -1}, "not negative"),
            ("too much", {"called": 10**12}, "not that much"),
            ("a percentage", {"night": 1001}, "percent"),
            ("the year 1", {"since": date.min}, "no year"),
        ],
    )
    def test_that_cannot_be_are_refused(self, _case: str, said: dict[str, Any], sentence: str) -> None:
        asked: dict[str, Any] = {"since": MONDAY, "currency": "EUR", "standby": 500, "called": 4000, **said}
        with pytest.raises(UnableToPlan, match=sentence):
            operations.set_pay(rota=rota(), **asked, by=owner(), now=NOW)
        assert not PayRate.objects.exists()


class TestTheStatement:
    def test_has_hours_and_money_of_each_person(self) -> None:
        anna = engineer("Anna")
        start = datetime(2026, 3, 9, 8, tzinfo=UTC)
        made = turning(anna, now=start)
        for since, standby in ((date(2026, 1, 1), 500), (date(2026, 3, 10), 600)):
            said = {"currency": "EUR", "standby": standby, "called": 4000, "night": 25, "weekend": 50, "holiday": 100}
            operations.set_pay(rota=made, since=since, **said, by=owner(), now=start)  # type: ignore[arg-type]
        asked = paged(policy(StepAsked(0, rota=made)), now=NOW)
        operations.acknowledge(page=asked, by=seen_by(anna), now=NOW)
        operations.resolve_page(page=asked, by=seen_by(anna), now=later(30))
        found = statement(viewer=owner(), year=2026, month=3, now=later(60))
        assert [
            (each.person, str(each.since), each.label, each.standby_minutes, each.called_minutes, each.amount)
            for each in found
        ] == [
            (anna, "2026-03-01", "night", 120, 0, 1250),
            (anna, "2026-03-01", "ordinary", 13 * 60, 0, 6500),
            (anna, "2026-03-10", "night", 360, 0, 4500),
            (anna, "2026-03-10", "ordinary", 270, 30, 2700 + 2000),
        ]

    def test_is_ones_own_for_those_who_do_not_see_all(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        turning(anna, ben, days=1, now=NOW - timedelta(days=4))
        seen = {each.person for each in statement(viewer=seen_by(ben), year=2026, month=3, now=NOW)}
        assert seen == {ben}
        every = statement(viewer=staff(Role.BILLING), year=2026, month=3, now=NOW)
        assert {each.person for each in every} == {anna, ben}
        assert {(each.amount, each.currency) for each in every} == {(None, "")}

    def test_of_a_month_to_come_is_empty(self) -> None:
        turning(engineer("Anna"))
        assert statement(viewer=owner(), year=2026, month=12, now=NOW) == []

    def test_ends_with_the_rota(self) -> None:
        made = turning(engineer("Anna"), now=NOW - timedelta(hours=3))
        operations.end_rota(rota=made, by=owner(), now=NOW)
        found = statement(viewer=owner(), year=2026, month=3, now=later(600))
        assert sum(each.standby_minutes for each in found) == 180

    def test_counts_work_that_is_not_resolved_until_now(self) -> None:
        anna = engineer("Anna")
        made = turning(anna)
        asked = paged(policy(StepAsked(0, rota=made)))
        operations.acknowledge(page=asked, by=seen_by(anna), now=later(10))
        found = statement(viewer=owner(), year=2026, month=3, now=later(60))
        assert [(each.standby_minutes, each.called_minutes) for each in found] == [(10, 50)]


class TestTheBoard:
    def test_says_who_is_there_who_is_next_and_where_a_hole_is(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = turning(ben, anna)
        operations.keep_channel(kind="PHONE", address="+49 228 1234", by=seen_by(anna), now=NOW)
        operations.say_presence(available=False, until=later(60), note="Dentist", by=seen_by(anna), now=NOW)
        operations.take_leave(person=ben, starts_at=later(60 * 24 * 8), ends_at=later(60 * 24 * 9), by=owner(), now=NOW)
        row = board(viewer=staff(Role.AUDITOR), now=NOW)[0]
        assert row.now is not None
        assert row.next is not None
        assert row.hole is not None
        assert row.presence is not None
        assert (row.rota, row.now.person, row.next.person, row.phones) == (made, anna, ben, ("+49 228 1234",))
        assert row.presence.note == "Dentist"
        assert row.hole.starts_at == later(60 * 24 * 8)

    def test_forgets_what_somebody_said_when_its_time_is_over(self) -> None:
        anna = engineer("Anna")
        turning(anna)
        operations.say_presence(available=False, until=later(60), note="", by=seen_by(anna), now=NOW)
        assert board(viewer=owner(), now=later(60))[0].presence is None

    def test_shows_a_rota_outside_its_hours(self) -> None:
        made = rota(covers="sun 00:00-01:00")
        layer(made, engineer("Anna"))
        row = board(viewer=owner(), now=NOW)[0]
        assert (row.now, row.phones, row.hole) == (None, (), None)

    def test_is_empty_for_others(self) -> None:
        made = turning(engineer("Anna"))
        assert board(viewer=member(Role.SPONSOR), now=NOW) == []
        assert timeline(viewer=member(Role.SPONSOR), rota=made, span=Interval(NOW, later(9)), now=NOW) == []
        assert pages(viewer=member(Role.SPONSOR)).count() == 0

    def test_of_somebody_limited_has_the_rotas_that_they_are_on(self) -> None:
        zoe = engineer("Zoe")
        Membership.objects.get(person=zoe).customers.set([organisation("acme")])
        turning(engineer("Anna"), name="Others")
        mine = turning(zoe, name="Mine")
        assert list(rotas(viewer=seen_by(zoe))) == [mine]
        assert policies(viewer=seen_by(zoe)).count() == 0
        policy(StepAsked(0, rota=mine))
        own = paged(Policy.objects.get(), key="mine")
        of_others = policy(StepAsked(0, person=engineer("Anna")), name="Other")
        paged(of_others, key="theirs")
        about = operations.page(
            key="k", subject="s", text="", url="", policy=of_others, about=organisation("acme"), by=owner(), now=NOW
        )
        assert {each.pk for each in pages(viewer=seen_by(zoe))} == {own.pk, about.pk}
        operations.keep_skill(person=zoe, name="Linux", level=1, by=owner(), now=NOW)
        operations.keep_skill(person=engineer("Anna"), name="Linux", level=1, by=owner(), now=NOW)
        assert [each.person for each in skills(viewer=seen_by(zoe))] == [zoe]
        assert skills(viewer=member(Role.SPONSOR)).count() == 0


class TestWhoeverHasLeft:
    def test_is_on_call_no_more(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = turning(anna)
        layer(made, ben)
        Membership.objects.filter(person=anna).update(ended_at=NOW)
        assert on_call_now(rota=made, now=NOW) == ben
        assert holes_ahead(rota=made, now=NOW) == ()


class TestChannels:
    @pytest.mark.parametrize(
        ("kind", "address", "sentence"),
        [
            ("FAX", "1", "kind of channel"),
            ("MAIL", "nobody", "e-mail address"),
            ("TEXT", "123", "e-mail address"),
            ("PHONE", "call me", "telephone number"),
            ("PHONE", "1", "telephone number"),
            ("HOOK", "ftp://a.example", "begins with https"),
            ("HOOK", "http://127.0.0.1/x", "not reachable"),
            ("MAIL", "a" * 600, "at most 500"),
        ],
    )
    def test_that_cannot_be_are_refused(self, kind: str, address: str, sentence: str) -> None:
        with pytest.raises(UnableToPlan, match=sentence):
            operations.keep_channel(kind=kind, address=address, by=seen_by(engineer("Anna")), now=NOW)
        assert not Channel.objects.exists()

    def test_are_ones_own(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = operations.keep_channel(kind="PHONE", address="+49 1", by=seen_by(anna), now=NOW)
        with pytest.raises(UnableToPlan, match="already"):
            operations.keep_channel(kind="PHONE", address="+49 1", by=seen_by(anna), now=NOW)
        with pytest.raises(UnableToPlan, match="not yours"):
            operations.drop_channel(channel=made, by=seen_by(ben), now=NOW)
        operations.drop_channel(channel=made, by=seen_by(anna), now=NOW)
        assert channels(viewer=seen_by(anna)).count() == 0
        assert channels(viewer=NOBODY).count() == 0

    def test_are_ten_at_most(self) -> None:
        anna = seen_by(engineer("Anna"))
        for number in range(10):
            operations.keep_channel(kind="PHONE", address=f"+49 {number}", by=anna, now=NOW)
        with pytest.raises(UnableToPlan, match="10 channels"):
            operations.keep_channel(kind="PHONE", address="+50 1", by=anna, now=NOW)

    @pytest.mark.parametrize("role", [Role.BILLING, Role.AUDITOR])
    def test_are_for_those_who_can_be_on_call(self, role: Role) -> None:
        with pytest.raises(UnableToPlan, match="Only people who can be on call"):
            operations.keep_channel(kind="PHONE", address="+49 1", by=staff(role), now=NOW)


class TestPresence:
    @pytest.mark.parametrize("until", [NOW, datetime.max.replace(tzinfo=UTC)])
    def test_lasts_until_some_time_to_come(self, until: datetime) -> None:
        with pytest.raises(UnableToPlan, match="some time after now"):
            operations.say_presence(available=True, until=until, note="", by=seen_by(engineer("Anna")), now=NOW)


class TestSkills:
    def test_are_kept_and_taken_away(self) -> None:
        anna = engineer("Anna")
        operations.keep_skill(person=anna, name="Linux", level=1, by=owner(), now=NOW)
        made = operations.keep_skill(person=anna, name="Linux", level=3, by=owner(), now=NOW)
        assert Skill.objects.values_list("name", "level").get() == ("Linux", 3)
        assert str(made) == "Linux"
        operations.drop_skill(skill=made, by=owner(), now=NOW)
        assert not Skill.objects.exists()

    def test_have_a_level_and_are_of_one_of_us(self) -> None:
        with pytest.raises(UnableToPlan, match="1, 2 or 3"):
            operations.keep_skill(person=engineer("Anna"), name="Linux", level=4, by=owner(), now=NOW)
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        with pytest.raises(UnableToPlan, match="not one of us"):
            operations.keep_skill(person=ada, name="Linux", level=1, by=owner(), now=NOW)


class TestFeeds:
    def test_have_a_secret_that_is_shown_once(self) -> None:
        anna = engineer("Anna")
        made, secret = operations.make_feed(rota=turning(anna), by=seen_by(anna), now=NOW)
        assert feed_of(secret=secret) == made
        assert feed_of(secret="other") is None  # noqa: S106  # none of ours
        with pytest.raises(UnableToPlan, match="not yours"):
            operations.end_feed(feed=made, by=seen_by(engineer("Ben")), now=NOW)
        operations.end_feed(feed=made, by=seen_by(anna), now=NOW)
        assert feed_of(secret=secret) is None
        assert feeds(viewer=NOBODY).count() == 0

    def test_are_of_rotas_that_one_sees_and_ten_at_most(self) -> None:
        zoe = engineer("Zoe")
        Membership.objects.get(person=zoe).customers.set([organisation("acme")])
        others = turning(engineer("Anna"))
        with pytest.raises(UnableToPlan, match="no such rota"):
            operations.make_feed(rota=others, by=seen_by(zoe), now=NOW)
        for _ in range(10):
            operations.make_feed(rota=None, by=seen_by(zoe), now=NOW)
        with pytest.raises(UnableToPlan, match="10 calendars"):
            operations.make_feed(rota=None, by=seen_by(zoe), now=NOW)

    def test_of_a_person_have_the_turns_in_all_rotas(self) -> None:
        anna = engineer("Anna")
        one, two = turning(anna, name="One"), turning(anna, name="Two")
        found = shifts_of(viewer=seen_by(anna), person=anna.pk, span=Interval(NOW, later(60)), now=NOW)
        assert [each.rota for each in found] == [one, two]


class TestAPolicy:
    @pytest.mark.parametrize(
        ("_case", "said", "sentence"),
        [
            ("no steps", {"steps": []}, "between 1 and 20 steps"),
            ("a late first step", {"steps": [StepAsked(5, skill="x")]}, "at once"),
            ("steps out of order", {"steps": [StepAsked(n, skill="x") for n in (0, 9, 5)]}, "at once"),
            ("nobody", {"steps": [StepAsked(0)]}, "choose one"),
            ("two at once", {"steps": [StepAsked(0, skill="x", contact="SPONSOR")]}, "choose one"),
            ("no rounds", {"rounds": 0}, "between 1 and 10 times"),
            ("a short round", {"round_minutes": 0}, "A round is longer"),
            ("a long round", {"round_minutes": 1441}, "A round is longer"),
            ("resolved at once", {"resolve_minutes": 0}, "goes on after a minute"),
            ("a contact of no role", {"steps": [StepAsked(0, contact="KING")]}, "role of a contact"),
            ("a telephone", {"steps": [StepAsked(0, skill="x", channels=("PHONE",))]}, "by this channel"),
            ("no channel", {"steps": [StepAsked(0, skill="x", channels=("FAX",))]}, "by this channel"),
            ("the name of another", {"name": "Other"}, "already"),
        ],
    )
    def test_that_cannot_be_is_refused(self, _case: str, said: dict[str, Any], sentence: str) -> None:
        policy(StepAsked(0, skill="x"), name="Other")
        asked: dict[str, Any] = {
            "name": "First",
            "steps": [StepAsked(0, skill="x")],
            "rounds": 1,
            "round_minutes": 30,
            **said,
        }
        with pytest.raises(UnableToPlan, match=sentence):
            operations.keep_policy(organisation=house(), **asked, by=owner(), now=NOW)
        assert Policy.objects.count() == 1

    def test_reaches_people_of_its_organisation_and_rotas_that_go_on(self) -> None:
        made = turning(engineer("Anna"))
        operations.end_rota(rota=made, by=owner(), now=NOW)
        with pytest.raises(UnableToPlan, match="rota has ended"):
            policy(StepAsked(0, rota=Rota.objects.get()))
        with pytest.raises(UnableToPlan, match="no role at"):
            policy(StepAsked(0, person=person("Ada", organisation("acme"), Role.SPONSOR)))

    def test_that_has_ended_is_not_changed(self) -> None:
        made = policy(StepAsked(0, skill="x"))
        operations.end_policy(policy=made, by=owner(), now=NOW)
        with pytest.raises(UnableToPlan, match="has ended"):
            operations.end_policy(policy=made, by=owner(), now=NOW)
