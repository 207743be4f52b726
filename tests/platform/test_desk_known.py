"""What the desk learns and counts: templates, opinions, articles, similar cases, and figures."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.engine.evidence.records import Statement
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.platform.evidence.service_desk import tasks
from makegood.platform.evidence.service_desk.models import Article, Case, CaseTemplate, FromTemplate, Opinion
from makegood.platform.evidence.service_desk.operations import (
    Intake,
    Recurrence,
    UnableToServe,
    close_all_unanswered,
    close_for_customer,
    confirm,
    end_article,
    end_case_template,
    enter_time,
    give_opinion,
    keep_article,
    keep_template,
    open_from_template,
    open_recurring,
    reopen,
    resolve,
    respond,
    send_opinions,
    tick,
)
from makegood.platform.evidence.service_desk.queries import (
    Month,
    Share,
    Times,
    articles,
    articles_about,
    asked_of,
    backlog_at,
    checklist,
    communication,
    counted_cases,
    month_of,
    opinions,
    similar_cases,
    templates,
    trend,
    words_for,
    work_between,
)
from makegood.platform.tenancy.messages.models import Message as Mail
from makegood.platform.tenancy.viewer import NOBODY, Role, Site, Viewer
from makegood.vault.vault import Vault
from tests.platform.agreements import service_manager, sponsor
from tests.platform.desk import after, desk, engineer, opened, user
from tests.platform.people import house, organisation, person, viewer

pytestmark = pytest.mark.django_db


def limited() -> Viewer:
    """Return a service manager who sees Globex alone."""
    far = person("Gil", house(), Role.SERVICE_MANAGER)
    far.memberships.get().customers.add(organisation("globex"))
    return viewer(far, Site.CONSOLE)


def affiliate() -> Viewer:
    return viewer(person("Hanna", organisation("hosting-gmbh"), Role.AFFILIATE), Site.PARTNER)


def template(name: str = "Look at the backups", **more: object) -> CaseTemplate:
    said = {"customer": organisation("acme"), "checklist": ["Restore a file", " ", "Write it down"], **more}
    intake = said.pop("intake", Intake(title="Look at the backups", kind="incident", impact="low", urgency="low"))
    return keep_template(name=name, intake=intake, by=said.pop("by", service_manager()), now=after(), **said)  # type: ignore[arg-type]


DAILY = Recurrence(every=1, unit="DAY", first_day=date(2026, 3, 9), hour=11, zone="Europe/Berlin")


class TestARecurrence:
    @pytest.mark.parametrize(
        ("_case", "recurrence", "expected"),
        [
            (
                "a month that is too short has its last day",
                Recurrence(1, "MONTH", date(2026, 1, 31), 8),
                ["2026-01-31 08", "2026-02-28 08", "2026-03-31 08"],
            ),
            (
                "the hour is that of the zone, in summer too",
                Recurrence(2, "WEEK", date(2026, 3, 16), 8, "Europe/Berlin"),
                ["2026-03-16 07", "2026-03-30 06", "2026-04-13 06"],
            ),
            ("days", Recurrence(10, "DAY", date(2026, 12, 25), 0), ["2026-12-25 00", "2027-01-04 00", "2027-01-14 00"]),
        ],
    )
    def test_counts_from_its_first_day(self, _case: str, recurrence: Recurrence, expected: list[str]) -> None:
        assert [f"{recurrence.instant(each):%Y-%m-%d %H}" for each in range(3)] == expected

    def test_finds_the_next_time_years_later(self) -> None:
        monthly = Recurrence(1, "MONTH", date(2026, 1, 31), 8)
        assert monthly.after(datetime(2031, 2, 28, 8, tzinfo=UTC)) == (62, datetime(2031, 3, 31, 8, tzinfo=UTC))
        assert monthly.after(datetime(2020, 1, 1, tzinfo=UTC)) == (0, datetime(2026, 1, 31, 8, tzinfo=UTC))


class TestATemplate:
    def test_opens_a_case_with_its_checklist(self) -> None:
        desk()
        made = template(customer=None)
        with pytest.raises(UnableToServe, match="for which customer"):
            open_from_template(template=made, by=engineer(), now=after())
        case = open_from_template(template=made, customer=organisation("acme"), by=engineer(), now=after(), title="Now")
        assert (case.title, case.priority, case.channel) == ("Now", "low", "TEMPLATE")
        items = list(checklist(viewer=engineer(), case=case))
        assert [each.text for each in items] == ["Restore a file", "Write it down"]
        assert not checklist(viewer=sponsor(), case=case).exists()
        done = tick(item=items[0], done=True, by=engineer(), now=after(hours=1))
        assert (done.ticked_at, done.ticked_by and done.ticked_by.name) == (after(hours=1), "Eva")
        assert tick(item=items[0], done=False, by=engineer(), now=after(hours=2)).ticked_by is None
        resolve(case=case, resolution="Done.", by=engineer(), now=after(hours=3))
        close_for_customer(case=case, told_by="Ada", by=engineer(), now=after(hours=3))
        with pytest.raises(UnableToServe, match="closed"):
            tick(item=items[1], done=True, by=engineer(), now=after(hours=4))

    def test_is_kept_by_those_who_may(self) -> None:
        desk(), organisation("globex")
        made = template()
        for by in (engineer(), sponsor(), limited()):
            with pytest.raises(UnableToServe, match="Templates are kept"):
                template("Other", by=by)
        with pytest.raises(UnableToServe, match="Templates are kept"):
            template("Other", by=limited(), customer=None)
        with pytest.raises(UnableToServe, match="Your role"):
            open_from_template(template=made, by=sponsor(), now=after())
        with pytest.raises(UnableToServe, match="Your role"):
            end_case_template(template=made, by=sponsor(), now=after())
        assert list(templates(viewer=service_manager())) == [made]
        assert not templates(viewer=limited()).exists()
        assert not templates(viewer=sponsor()).exists()

    def test_says_what_is_wrong(self) -> None:
        desk()
        template()
        intake = Intake(title="Look", impact="huge")
        for more, refusal in (
            ({}, "Another template"),
            ({"name": " "}, "a name"),
            ({"name": "B", "intake": Intake(title="")}, "what it is about"),
            ({"name": "B", "intake": intake}, "high, medium or low"),
            ({"name": "B", "checklist": ["x"] * 51}, "at most 50"),
            ({"name": "B", "customer": None, "recurrence": DAILY}, "for one customer"),
            ({"name": "B", "recurrence": Recurrence(0, "DAY", date(2026, 3, 9))}, "every how many"),
            ({"name": "B", "recurrence": Recurrence(1, "HOUR", date(2026, 3, 9))}, "every how many"),
            ({"name": "B", "recurrence": Recurrence(1, "DAY", date(9999, 3, 9))}, "every how many"),
            ({"name": "B", "recurrence": Recurrence(1, "DAY", date(2026, 3, 9), 24)}, "every how many"),
            ({"name": "B", "recurrence": Recurrence(1, "DAY", date(2026, 3, 9), 8, "Mars/Base")}, "time zone"),
        ):
            with pytest.raises(UnableToServe, match=refusal):
                template(**more)
        assert CaseTemplate.objects.count() == 1

    def test_that_recurs_opens_a_case_once_for_each_time(self) -> None:
        desk()
        made = template(recurrence=DAILY, owner=person("Eva", house(), Role.ENGINEER))
        assert made.next_at == after(hours=1)
        assert open_recurring(now=after(minutes=59)) == 0
        assert [open_recurring(now=after(hours=1)) for _ in range(2)] == [1, 0]
        case = Case.objects.get()
        assert (case.owner.name, case.customer.slug, case.from_template.due_at) == ("Eva", "acme", after(hours=1))
        assert not case.messages.filter(kind="NOTE").exists()

    def test_that_recurs_opens_one_case_after_a_downtime(self) -> None:
        desk()
        made = template(recurrence=DAILY)
        assert [open_recurring(now=after(days=3, hours=2)) for _ in range(2)] == [1, 0]
        opened_one = FromTemplate.objects.get()
        assert (opened_one.missed, opened_one.due_at) == (3, after(hours=1))
        assert opened_one.case.messages.get(kind="NOTE").text == "3 times before this one were missed."
        made.refresh_from_db()
        assert made.next_at == after(days=4, hours=1)
        end_case_template(template=made, by=service_manager(), now=after(days=3, hours=3))
        with pytest.raises(UnableToServe, match="has ended"):
            end_case_template(template=made, by=service_manager(), now=after(days=3, hours=3))
        assert open_recurring(now=after(days=9)) == 0

    def test_that_cannot_open_a_case_goes_on_with_the_next(self) -> None:
        desk()
        made = template(recurrence=DAILY, intake=Intake(title="Party", kind="party"))
        tasks.open_recurring_cases()
        assert not Case.objects.exists()
        made.refresh_from_db()
        assert made.next_at is not None
        assert made.next_at > datetime.now(UTC)
        changed = template("New name", template=made, intake=Intake(title="Look"))
        assert (changed.pk, changed.next_at, changed.unit) == (made.pk, None, "")


def closed(*, by_customer: bool = True) -> Case:
    case = opened(requester=person("Uma", organisation("acme"), Role.USER))
    resolve(case=case, resolution="A new cable.", by=engineer(), now=after(hours=1))
    if by_customer:
        return confirm(case=case, by=user(), now=after(hours=2))
    return close_for_customer(case=case, told_by="Uma", by=engineer(), now=after(hours=2))


class TestAnOpinion:
    def test_is_asked_once_and_is_evidence(self) -> None:
        contract = desk()
        case = closed()
        assert list(Mail.objects.filter(kind="case_opinion_asked").values_list("to", flat=True)) == ["uma@acme.example"]
        assert asked_of(viewer=user(), case=case) is not None
        assert asked_of(viewer=sponsor(), case=case) is None
        given = give_opinion(case=case, score=4, words="Quick.", may_quote=False, by=user(), now=after(hours=3))
        assert asked_of(viewer=user(), case=case) is None
        with pytest.raises(UnableToServe, match="answered already"):
            give_opinion(case=case, score=1, words="", may_quote=True, by=user(), now=after(hours=4))
        assert [send_opinions(contract=contract, now=after(hours=5)) for _ in range(2)] == [1, 0]
        tasks.send_opinions_of(contract=contract.pk)
        found = [each for each in Vault.open(vault_folder(contract)).records() if isinstance(each, Statement)]
        assert [(each.of, str(each.value), each.at, each.by) for each in found] == [
            ("satisfaction", "4", after(hours=3), case.name)
        ]
        assert list(opinions(viewer=service_manager())) == [given]
        assert (words_for(viewer=service_manager(), opinion=given), words_for(viewer=user(), opinion=given)) == (
            "",
            "Quick.",
        )
        reopen(case=case, why="Again.", by=user(), now=after(hours=6))
        resolve(case=case, resolution="Done.", by=engineer(), now=after(hours=7))
        confirm(case=case, by=user(), now=after(hours=8))
        assert Mail.objects.filter(kind="case_opinion_asked").count() == 1

    def test_is_that_of_whoever_reported_it(self) -> None:
        desk()
        case = closed(by_customer=False)
        with pytest.raises(UnableToServe, match="Your role"):
            give_opinion(case=case, score=5, words="", may_quote=True, by=sponsor(), now=after(hours=3))
        with pytest.raises(UnableToServe, match="one to five"):
            give_opinion(case=case, score=6, words="", may_quote=True, by=user(), now=after(hours=3))
        given = give_opinion(case=case, score=5, words="Great.", may_quote=True, by=user(), now=after(hours=3))
        assert words_for(viewer=service_manager(), opinion=given) == "Great."

    def test_is_not_asked_of_somebody_who_does_not_sign_in(self) -> None:
        desk()
        case = resolve(case=opened(), resolution="Done.", by=engineer(), now=after(hours=1))
        close_all_unanswered(by=Viewer(name="the schedule", house=house().pk), now=after(days=30))
        assert not Opinion.objects.exists()
        with pytest.raises(UnableToServe, match="Your role"):
            give_opinion(case=case, score=5, words="", may_quote=True, by=sponsor(), now=after(days=31))

    def test_without_an_agreement_is_no_evidence(self) -> None:
        organisation("acme")
        service_manager()
        given = give_opinion(case=closed(), score=3, words="", may_quote=True, by=user(), now=after(hours=3))
        assert given.sent is False


def article(title: str = "The till is silent", **more: object) -> Article:
    said = {"text": "Change the **cable**.", "language": "english", "public": True, "by": engineer(), **more}
    return keep_article(title=title, now=after(), **said)  # type: ignore[arg-type]


class TestAnArticle:
    def test_is_found_by_its_words_in_its_language(self) -> None:
        desk()
        till, printer = article(), article("Drucker druckt nicht", text="Die Kabel wechseln.", language="german")
        other = article("Qwx", text="zzz", language="simple")
        for words, expected in (
            ("tills with broken cables", [till]),
            ("Die Druckern", [printer]),
            ("the silnt tills", [till]),
            ("zzz", [other]),
            ("a b", []),
            ("\x00", []),
        ):
            assert list(articles_about(viewer=engineer(), words=words)) == expected, words
        assert list(articles_about(viewer=engineer(), words="cables zebra", all_of_them=True)) == []

    def test_is_seen_by_those_whom_it_is_for(self) -> None:
        desk(), organisation("globex")
        everybody = article("A")
        inside = article("B", public=False)
        acme = article("C", customer=organisation("acme"))
        hidden = article("D", customer=organisation("acme"), public=False)
        globex = sponsor(organisation("globex"))
        for by, expected in (
            (engineer(), [everybody, inside, acme, hidden]),
            (sponsor(), [everybody, acme]),
            (globex, [everybody]),
            (affiliate(), [everybody]),
            (limited(), [everybody, inside]),
            (NOBODY, []),
        ):
            assert list(articles(viewer=by)) == expected
        end_article(article=everybody, by=engineer(), now=after())
        assert list(articles(viewer=globex)) == []

    def test_is_written_by_those_who_may(self) -> None:
        desk(), organisation("globex")
        mine = article(case=opened())
        assert article("New title", article=mine).case is not None
        for by, more, refusal in (
            (sponsor(), {}, "Articles are written"),
            (limited(), {"customer": organisation("acme")}, "no such customer"),
            (limited(), {"case": opened()}, "no such case"),
            (limited(), {}, "for which customer"),
            (limited(), {"customer": organisation("globex"), "article": mine}, "no such article"),
            (engineer(), {"language": "latin"}, "which language"),
            (engineer(), {"title": " "}, "a title"),
            (engineer(), {"text": "\x00"}, "what was found out"),
        ):
            with pytest.raises(UnableToServe, match=refusal):
                article(**{"title": "X", **more, "by": by})  # type: ignore[arg-type]
        end_article(article=mine, by=engineer(), now=after())
        with pytest.raises(UnableToServe, match="no such article"):
            end_article(article=mine, by=engineer(), now=after())


class TestSimilarCases:
    def test_are_earlier_ones_that_were_resolved_and_that_somebody_sees(self) -> None:
        desk()
        done, new = closed(), opened(title="Till silent again")
        opened(title="The till is silent too")
        assert list(similar_cases(viewer=engineer(), words=new.title, but=new.pk)) == [done]
        assert list(similar_cases(viewer=user(), words="till")) == [done]
        assert list(similar_cases(viewer=user("Udo"), words="till")) == []
        assert list(similar_cases(viewer=sponsor(organisation("globex")), words="till")) == []
        assert list(similar_cases(viewer=engineer(), words="a")) == []


class TestFigures:
    def test_of_a_month_are_counted_from_cases_and_clocks(self) -> None:
        desk()
        first = closed()
        second = opened(title="Slow", impact="low", urgency="low", service="desk")
        respond(case=second, by=engineer(), now=after(minutes=30))
        resolve(case=second, resolution="Done.", by=engineer(), now=after(hours=3))
        reopen_me = closed()
        enter_time(
            case=second, minutes=20, note="Looked.", worked_at=after(minutes=40), by=engineer(), now=after(hours=3)
        )
        give_opinion(case=first, score=4, words="", may_quote=True, by=user(), now=after(hours=4))
        found = counted_cases(viewer=service_manager())
        since, until = month_of(day=date(2026, 3, 9), zone="Europe/Berlin")
        work = work_between(found=found, since=since, until=until)
        assert (work.opened, work.by_kind, work.by_service, work.by_customer) == (
            3,
            {"incident": 3},
            {"": 2, "desk": 1},
            {"Acme": 3},
        )
        assert work.response == Times(3, 3600, 3600)
        assert work.resolution == Times(3, 3600, 10_800)
        assert (work.first_contact, work.first_contact.percent, work.reopened) == (Share(2, 3), 67, Share(0, 3))
        assert (work.minutes, work.points) == ({"FREE": 20}, {4: 1})
        reopen(case=reopen_me, why="Again.", by=user(), now=after(days=31))
        assert backlog_at(found=found, at=after(hours=2, minutes=30)) == 1
        assert backlog_at(found=found, at=after(days=32)) == 2
        assert trend(found=found, upto=date(2026, 4, 2), zone="Europe/Berlin", months=3) == [
            Month(date(2026, 2, 1), 0, 0, 0, 0),
            Month(date(2026, 3, 1), 3, 2, 1, 1),
            Month(date(2026, 4, 1), 0, 0, 0, 2),
        ]
        assert trend(found=found, upto=date(2026, 4, 2), zone="UTC")[0].label == "2025-05"

    def test_of_nothing_are_none(self) -> None:
        desk()
        found = counted_cases(viewer=service_manager(), customer=organisation("acme").pk, service="desk")
        since, until = month_of(day=date(2026, 12, 9), zone="UTC")
        assert until == datetime(2027, 1, 1, tzinfo=UTC)
        work = work_between(found=found, since=since, until=until)
        assert (work.response, work.first_contact.percent, work.points) == (Times(), None, {})

    def test_take_a_handful_of_queries(self) -> None:
        desk()
        closed()
        found = counted_cases(viewer=service_manager())
        since, until = month_of(day=date(2026, 3, 9), zone="UTC")
        with CaptureQueriesContext(connection) as counted:
            work_between(found=found, since=since, until=until)
        assert len(counted) == 11

    def test_are_those_of_the_cases_that_somebody_sees(self) -> None:
        desk()
        closed()
        assert counted_cases(viewer=sponsor()).count() == 1
        assert counted_cases(viewer=sponsor(organisation("globex"))).count() == 0
        assert not communication(viewer=sponsor(), case=Case.objects.get()).exists()
