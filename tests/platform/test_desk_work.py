"""Work on cases: permission to charge it, the time that it takes, and who hears when limits come near."""

from __future__ import annotations

import pytest

from makegood.engine.vocabulary.duration import Duration
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.evidence.on_call.models import Page
from makegood.platform.evidence.on_call.operations import StepAsked, keep_policy
from makegood.platform.evidence.service_desk import tasks
from makegood.platform.evidence.service_desk.models import (
    Alarm,
    Announcement,
    Case,
    CommunicationPlan,
    Coverage,
    Escalation,
    Permission,
    State,
    TimeEntry,
)
from makegood.platform.evidence.service_desk.operations import (
    UnableToServe,
    announce_incident,
    ask_permission,
    decide_permission,
    enter_time,
    escalate,
    find_cause,
    hand_back,
    make_major,
    move_case,
    plan_communication,
    remind_of_announcements,
    resolve,
    take_back_time,
)
from makegood.platform.evidence.service_desk.operations.work.alarming import readers
from makegood.platform.evidence.service_desk.queries.work.hours import hours_used, minutes_by_payer, period_at
from makegood.platform.tenancy.access.models import Membership
from makegood.platform.tenancy.messages.models import Message as Mail
from makegood.platform.tenancy.parties.models import Contact, ContactRole
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active, owner, service_manager, sponsor
from tests.platform.desk import DESK, after, desk, engineer, opened, user
from tests.platform.people import house, organisation, person

pytestmark = pytest.mark.django_db

HOURS = f"{DESK}hours: {{support: {{each_period: 1h}}, flex: {{each_period: 4h, block: 4h}}}}\n"


def mails(kind: str) -> list[str]:
    return sorted(Mail.objects.filter(kind=kind).values_list("to", flat=True))


def asked(case: Case | None = None, **more: object) -> Permission:
    return ask_permission(
        case=case or opened(kind="request"),
        text="A second till.",
        **{"at_most": 120_000, "currency": "EUR", "by": engineer(), "now": after(minutes=5), **more},  # type: ignore[arg-type]
    )


def entry(case: Case, minutes: int, **more: object) -> TimeEntry:
    said = {"note": "Looked.", "worked_at": after(minutes=10), "by": engineer(), "now": after(hours=9), **more}
    return enter_time(case=case, minutes=minutes, **said)  # type: ignore[arg-type]


class TestPermission:
    def test_is_asked_of_those_who_pay_and_lets_the_work_begin(self) -> None:
        desk(), sponsor(), user()
        permission = asked()
        assert (permission.at_most, permission.currency, permission.given) == (120_000, "EUR", None)
        assert mails("case_permission_asked") == ["ada@acme.example"]
        assert "1,200.00 EUR" in Mail.objects.get(kind="case_permission_asked").text
        decide_permission(permission=permission, given=True, by=sponsor(), now=after(minutes=30))
        case = permission.case
        case.refresh_from_db()
        assert (case.coverage, mails("case_permission_decided")) == (
            Coverage.BILLABLE,
            ["eva@northwind-it.example"],
        )
        assert move_case(case=case, to=State.PENDING, by=engineer(), now=after(hours=1)).state == State.PENDING
        with pytest.raises(UnableToServe, match="decided already"):
            decide_permission(permission=permission, given=False, by=sponsor(), now=after(hours=2))
        again = asked(case)
        case.refresh_from_db()
        assert case.coverage == Coverage.BILLABLE
        decide_permission(permission=again, given=False, by=sponsor(), now=after(hours=2))
        case.refresh_from_db()
        assert case.coverage == Coverage.BILLABLE

    def test_is_not_given_by_just_anybody(self) -> None:
        desk()
        permission = asked(opened(kind="request", requester=person("Uma", organisation("acme"))))
        for each in (user(), engineer()):
            with pytest.raises(UnableToServe, match="Your role"):
                decide_permission(permission=permission, given=True, by=each, now=after(hours=1))
        permission.refresh_from_db()
        assert permission.given is None

    def test_refused_leaves_the_case_where_it_was(self) -> None:
        desk()
        permission = asked(at_most=None, currency="")
        decide_permission(permission=permission, given=False, by=sponsor(), now=after(hours=1))
        permission.case.refresh_from_db()
        assert permission.case.coverage == Coverage.NEEDS_PERMISSION

    def test_may_turn_work_that_was_covered_into_work_that_is_charged(self) -> None:
        desk()
        case = find_cause(case=opened(), cause="CUSTOMER", by=engineer(), now=after(minutes=1))
        asked(case)
        case.refresh_from_db()
        assert case.coverage == Coverage.NEEDS_PERMISSION

    def test_is_not_asked_twice_nor_for_nothing(self) -> None:
        desk()
        permission = asked()
        with pytest.raises(UnableToServe, match="asked already"):
            asked(permission.case)
        with pytest.raises(UnableToServe, match="Say what is to be done"):
            ask_permission(case=opened(kind="request"), text=" ", by=engineer(), now=after())
        for at_most, currency in ((-1, "EUR"), (10**13, "EUR"), (1, "eur"), (1, "")):
            with pytest.raises(UnableToServe, match="costs at most"):
                asked(opened(kind="request"), at_most=at_most, currency=currency)
        with pytest.raises(UnableToServe, match="free of charge"):
            asked(find_cause(case=opened(), cause="PROVIDER", by=engineer(), now=after(minutes=1)))
        assert Permission.objects.count() == 1

    def test_that_nobody_gives_ends_with_the_case_handed_back(self) -> None:
        desk(), sponsor()
        case = asked().case
        with pytest.raises(UnableToServe, match="Say why"):
            hand_back(case=case, why="", by=engineer(), now=after(hours=1))
        done = hand_back(case=case, why="Ask the maker of the till.", by=engineer(), now=after(hours=1))
        assert (done.state, done.coverage, Permission.objects.get().given) == (
            State.CLOSED,
            Coverage.OUT_OF_COVER,
            False,
        )
        assert mails("case_handed_back") == ["ada@acme.example"]
        for each in (done, opened()):
            with pytest.raises(UnableToServe, match="handed back"):
                hand_back(case=each, why="No.", by=engineer(), now=after(hours=2))
        with pytest.raises(UnableToServe, match="closed"):
            asked(done)

    def test_handed_back_is_told_to_whoever_asked(self) -> None:
        desk()
        case = opened(kind="request", requester=person("Uma", organisation("acme")))
        hand_back(case=case, why="Ask the maker.", by=engineer(), now=after(hours=1))
        assert mails("case_handed_back") == ["uma@acme.example"]


class TestTime:
    def test_is_taken_from_the_hours_of_support_while_they_last(self) -> None:
        contract = active(HOURS)
        case = opened()
        assert entry(case, 35).pays == TimeEntry.Pays.SUPPORT
        with pytest.raises(UnableToServe, match="30 minutes are beyond them"):
            entry(case, 40, worked_at=after(hours=1))
        more = entry(case, 40, worked_at=after(hours=1), pays="SUPPORT")
        terms = terms_of(contract=contract)[1]
        period = period_at(terms=terms, at=after())
        assert period is not None
        used = hours_used(contract=contract, terms=terms, period=period)
        assert (used.support.used, used.support.over) == (Duration(3600), Duration(1800))
        take_back_time(entry=more, by=engineer(), now=after(hours=9))
        used = hours_used(contract=contract, terms=terms, period=period)
        assert (used.support.used, used.support.over) == (Duration(2700), Duration(0))
        assert minutes_by_payer(cases=Case.objects.all()) == {"SUPPORT": 35}
        assert period_at(terms=terms, at=after(days=900)) is None

    def test_that_the_fee_covers_without_counting_is_free(self) -> None:
        desk()
        assert entry(opened(), 600).pays == TimeEntry.Pays.FREE

    def test_for_what_the_provider_caused_is_free(self) -> None:
        active(HOURS)
        case = find_cause(case=opened(), cause="PROVIDER", by=engineer(), now=after(minutes=1))
        assert entry(case, 90).pays == TimeEntry.Pays.FREE
        with pytest.raises(UnableToServe, match="free of charge"):
            entry(case, 90, pays="CHARGED")

    def test_is_charged_once_the_customer_permits_it(self) -> None:
        active(HOURS)
        permission = asked()
        for pays in (None, "CHARGED"):
            with pytest.raises(UnableToServe, match="Nobody pays for this work yet"):
                entry(permission.case, 20, pays=pays)
        assert entry(permission.case, 5, pays="FREE").pays == TimeEntry.Pays.FREE
        decide_permission(permission=permission, given=True, by=sponsor(), now=after(minutes=20))
        assert entry(permission.case, 20).pays == TimeEntry.Pays.CHARGED

    def test_is_taken_from_flex_hours_by_choice_alone(self) -> None:
        active(HOURS)
        case = opened()
        assert entry(case, 30, pays="FLEX").pays == TimeEntry.Pays.FLEX
        for at in range(2):
            entry(case, 200, pays="FLEX", worked_at=after(hours=1 + at))
        with pytest.raises(UnableToServe, match="No such hours are left"):
            entry(case, 30, pays="FLEX", worked_at=after(hours=5))

    @pytest.mark.parametrize("pays", ["SUPPORT", "FLEX"])
    def test_is_not_taken_from_hours_that_are_not_agreed(self, pays: str) -> None:
        desk()
        with pytest.raises(UnableToServe, match="includes no such hours"):
            entry(opened(), 30, pays=pays)

    def test_after_the_term_is_not_taken_from_its_hours(self) -> None:
        active(HOURS)
        case = opened()
        with pytest.raises(UnableToServe, match="term of the agreement is over"):
            entry(case, 30, worked_at=after(days=400), now=after(days=401))

    def test_is_a_minute_to_a_day_of_the_past(self) -> None:
        desk()
        case = opened()
        for minutes in (0, 1441):
            with pytest.raises(UnableToServe, match="one minute to a day"):
                entry(case, minutes)
        for at in (after(minutes=-1), after(hours=10)):
            with pytest.raises(UnableToServe, match="not in the future"):
                entry(case, 5, worked_at=at)
        with pytest.raises(UnableToServe, match="Time is paid by"):
            entry(case, 5, pays="GIFT")
        with pytest.raises(UnableToServe, match="Write what was done"):
            entry(case, 5, pays="FREE", note="")
        assert not TimeEntry.objects.exists()

    def test_is_taken_back_once_by_whoever_worked_or_their_manager(self) -> None:
        desk()
        done = entry(opened(), 30)
        with pytest.raises(UnableToServe, match="your own time"):
            take_back_time(entry=done, by=engineer("Max"), now=after(hours=9))
        back = take_back_time(entry=done, by=service_manager(), now=after(hours=9))
        for each in (done, back):
            with pytest.raises(UnableToServe, match="taken back already"):
                take_back_time(entry=each, by=service_manager(), now=after(hours=9))
        assert minutes_by_payer(cases=Case.objects.all()) == {}


class TestALimitThatComesNear:
    def test_is_told_to_those_whom_the_ladder_means_in_one_mail_each(self) -> None:
        desk(), sponsor(), owner()
        case = opened()
        escalate(now=after(hours=2))
        assert mails("case_escalated") == [
            "ada@acme.example",
            "erika@acme.example",
            "erika@northwind-it.example",
            "eva@northwind-it.example",
            "olga@northwind-it.example",
            "sam@northwind-it.example",
        ]
        eva = Mail.objects.get(to="eva@northwind-it.example", kind="case_escalated")
        assert (eva.subject, f"/console/desk/{case.pk}/" in eva.text) == ("2 limits come near", True)
        sam = Mail.objects.get(to="sam@northwind-it.example", kind="case_escalated")
        assert sam.subject == f"[#{case.pk}] 75.00 % of a limit used up: The till is silent"
        assert "It is due at 2026-03-09 10:00 UTC." in sam.text
        erika = Mail.objects.get(to="erika@acme.example", kind="case_escalated")
        assert "http" not in erika.text
        told = list(Escalation.objects.filter(outcome="response").order_by("id").values_list("told", flat=True))
        assert told == [
            "owner of the case: Eva",
            "service manager of the provider: Sam",
            "owner of the provider: Olga",
            "executives of both sides: Olga, Ada, Erika, Erika",
        ]
        tasks.tell_of_limits()
        assert Mail.objects.filter(kind="case_escalated", to="sam@northwind-it.example").count() == 2

    def test_is_told_to_nobody_if_it_is_not_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk()
        opened()
        with monkeypatch.context() as died:
            died.setattr(Escalation.objects, "bulk_create", _die)
            with pytest.raises(SystemExit):
                escalate(now=after(hours=2))
        assert (Escalation.objects.count(), mails("case_escalated")) == (0, [])
        assert len(escalate(now=after(hours=2))) == 5
        count = Mail.objects.filter(kind="case_escalated").count()
        assert (escalate(now=after(hours=2)), Mail.objects.filter(kind="case_escalated").count()) == ([], count)

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("Owner of the case", ["Eva"]),
            ("technical contact of the customer", ["Tim"]),
            ("technical contact of the provider", ["Olga", "Sam"]),
            ("sponsor of the customer", ["Ada"]),
            ("the duty officer", ["Olga", "Sam"]),
            ("engineers of the provider", ["Eva", "Max"]),
        ],
    )
    def test_is_told_by_the_words_of_the_agreement(self, words: str, names: list[str]) -> None:
        desk(), sponsor(), owner(), service_manager(), engineer("Max")
        person("Far", house(), Role.ENGINEER).memberships.get().customers.add(organisation("globex"))
        Contact.objects.create(
            organisation=organisation("acme"), name="Tim", email="tim@acme.example", role=ContactRole.TECHNICAL
        )
        assert [each.name for each in readers(opened(), words)] == names

    def test_pages_people_where_somebody_wants_it_once(self) -> None:
        desk()
        policy = keep_policy(
            organisation=house(),
            name="Day and night",
            rounds=1,
            round_minutes=30,
            steps=[StepAsked(after=0, person=person("Eva", house(), Role.ENGINEER))],
            by=owner(),
            now=after(),
        )
        for percent, customer, priority in (
            (75, None, "critical"),
            (10, organisation("globex"), ""),
            (10, None, "low"),
        ):
            Alarm.objects.create(
                policy=policy, customer=customer, priority=priority, percent=percent, created_at=after()
            )
        case = opened()
        escalate(now=after(minutes=31))
        assert not Page.objects.exists()
        escalate(now=after(hours=1))
        assert [each.subject for each in Page.objects.all()] == [f"#{case.pk} The till is silent"]


class TestAMajorIncident:
    def test_is_told_at_once(self) -> None:
        desk(), sponsor(), owner()
        make_major(case=opened(), by=engineer(), now=after(minutes=5))
        assert mails("case_major") == [
            "ada@acme.example",
            "olga@northwind-it.example",
            "sam@northwind-it.example",
        ]

    def test_has_a_plan_of_who_hears_of_it(self) -> None:
        desk(), sponsor()
        case = make_major(case=opened(), by=engineer(), now=after(minutes=5))
        plan = planned(case)
        assert plan.next_at == after(minutes=36)
        assert remind_of_announcements(now=after(minutes=35)) == 0
        assert [remind_of_announcements(now=after(minutes=37)) for _ in range(2)] == [1, 0]
        assert mails("case_announcement_due") == ["eva@northwind-it.example"]
        made = announce_incident(plan=plan, text="A new cable is on its way.", by=engineer(), now=after(minutes=40))
        plan.refresh_from_db()
        case.refresh_from_db()
        assert (made.told, plan.next_at, plan.reminded_at) == ("Ada", after(minutes=70), None)
        assert (mails("case_announced"), case.told_at) == (["ada@acme.example"], after(minutes=40))
        assert case.update_due_at == after(minutes=100)
        again = planned(case, minutes=60)
        assert (again.pk, again.minutes) == (plan.pk, 60)

    def test_is_told_in_the_case_and_by_telephone_as_well(self) -> None:
        desk(), sponsor(), user()
        Contact.objects.create(
            organisation=organisation("acme"), name="Tim", email="erika@acme.example", role=ContactRole.TECHNICAL
        )
        case = make_major(case=opened(), by=engineer(), now=after(minutes=5))
        for audience, way in (("EVERYBODY", "PAGE"), ("CONTACTS", "CALL"), ("HOUSE", "PAGE"), ("HOUSE", "MAIL")):
            announce_incident(
                plan=planned(case, audience=audience, way=way), text="Soon.", by=engineer(), now=after(minutes=9)
            )
        assert list(Announcement.objects.order_by("id").values_list("told", flat=True)) == [
            "Ada, Uma",
            "Erika",
            "Sam",
            "Sam",
        ]
        assert list(case.messages.filter(kind__in=["PAGE", "NOTE"]).values_list("public", "text")) == [
            (True, "Soon."),
            (False, "Soon."),
        ]

    def test_is_told_no_more_when_it_is_over(self) -> None:
        desk(), sponsor()
        case = make_major(case=opened(), by=engineer(), now=after(minutes=5))
        plan = planned(case)
        resolve(case=case, resolution="Done.", by=engineer(), now=after(minutes=20))
        assert remind_of_announcements(now=after(hours=2)) == 0
        plan.refresh_from_db()
        assert plan.next_at is None
        case.refresh_from_db()
        Case.objects.filter(pk=case.pk).update(state=State.CLOSED, held_for="", closed_at=after(hours=1))
        with pytest.raises(UnableToServe, match="closed"):
            announce_incident(plan=plan, text="Soon.", by=engineer(), now=after(hours=2))

    def test_is_planned_with_care(self) -> None:
        desk()
        case = make_major(case=opened(), by=engineer(), now=after(minutes=5))
        with pytest.raises(UnableToServe, match="open major incident"):
            planned(opened())
        for more, refusal in (
            ({"audience": "WORLD"}, "who is to hear"),
            ({"way": "DRUM"}, "who is to hear"),
            ({"minutes": 4}, "every five minutes"),
            ({"minutes": 10_081}, "every five minutes"),
        ):
            with pytest.raises(UnableToServe, match=refusal):
                planned(case, **more)
        with pytest.raises(UnableToServe, match="Write how it stands"):
            announce_incident(plan=planned(case), text="", by=engineer(), now=after(hours=1))
        Membership.objects.filter(organisation__slug="acme").update(ended_at=after(days=90))
        with pytest.raises(UnableToServe, match="Nobody of this audience"):
            announce_incident(plan=planned(case), text="Soon.", by=engineer(), now=after(hours=1))


def planned(case: Case, **more: object) -> CommunicationPlan:
    said = {"audience": "DECIDERS", "way": "MAIL", "minutes": 30, "text": "", **more}
    return plan_communication(case=case, by=engineer(), now=after(minutes=6), **said)  # type: ignore[arg-type]


def _die(*_arguments: object, **_named: object) -> None:
    raise SystemExit
