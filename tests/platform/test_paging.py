"""Pages reach people step by step, each once, until somebody looks after them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Acknowledgement, Notification, Page, PageState
from makegood.platform.evidence.on_call.operations import StepAsked, UnableToPage
from makegood.platform.evidence.on_call.queries import notification_of, page_of, token_of
from makegood.platform.tenancy.access.models import Membership, Role
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.parties.models import Contact, ContactRole
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import NOBODY
from tests.platform.agreements import owner
from tests.platform.evidence import member, staff
from tests.platform.on_duty import engineer, later, paged, policy, seen_by, turning
from tests.platform.people import NOW, house, organisation, person

pytestmark = pytest.mark.django_db
FORGED = "1:forged"


def sent(page: Page) -> list[tuple[int, int, str, str]]:
    """Return what was sent: round, step, to whom and how."""
    found = Notification.objects.filter(page=page)
    return [(each.round, each.step, each.name, each.kind) for each in found]


def at_once(work: Callable[[], object], times: int) -> list[object]:
    """Do something several times at the same time, each with a connection of its own."""
    start, done = threading.Barrier(times, timeout=60), []

    def one() -> None:
        start.wait()
        done.append(work())
        connections.close_all()

    workers = [threading.Thread(target=one) for _ in range(times)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    return done


def state(page: Page) -> str:
    return Page.objects.get(pk=page.pk).state


class TestAPage:
    def test_reaches_whoever_is_on_call_at_once(self) -> None:
        made = paged(policy(StepAsked(0, rota=turning(engineer("Anna"), engineer("Ben")))))
        assert sent(made) == [(0, 0, "Ben", "MAIL")]
        mail = Message.objects.get(kind="page")
        assert (mail.to, mail.subject) == ("ben@northwind-it.example", "The till is down")
        assert "Ben, you are needed." in mail.text
        assert "/page/" in mail.text

    def test_says_more_if_there_is_more(self) -> None:
        operations.page(
            key="k",
            subject="The till\nis down",
            text="Nobody can pay.",
            url="/console/",
            policy=policy(StepAsked(0, person=engineer("Anna"))),
            by=owner(),
            now=NOW,
        )
        mail = Message.objects.get(kind="page")
        assert mail.subject == "The till is down"
        assert "Nobody can pay." in mail.text
        assert "http://localhost:8000/console/" in mail.text

    def test_asked_for_again_by_its_key_is_the_same(self) -> None:
        by = policy(StepAsked(0, person=engineer("Anna")))
        first = paged(by)
        assert paged(by, now=later(1)) == first == page_of(key="till")
        assert Notification.objects.count() == 1
        assert [each.did for each in Entry.objects.filter(did="page")] == ["page"]

    def test_goes_on_step_by_step_and_is_exhausted(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = paged(policy(StepAsked(0, person=anna), StepAsked(10, person=ben), minutes=25))
        assert operations.sweep(now=later(9)) == 0
        assert operations.sweep(now=later(10)) == 1
        assert operations.sweep(now=later(24)) == 0
        assert sent(made) == [(0, 0, "Anna", "MAIL"), (0, 1, "Ben", "MAIL")]
        assert operations.sweep(now=later(25)) == 1
        assert state(made) == PageState.EXHAUSTED
        assert operations.sweep(now=later(999)) == 0
        told = Message.objects.filter(kind="page_exhausted")
        assert [each.to for each in told] == ["olga@northwind-it.example"]
        assert Entry.objects.filter(did="exhaust page", organisation=house()).count() == 1

    def test_goes_through_all_steps_as_often_as_its_policy_says(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = paged(policy(StepAsked(0, person=anna), StepAsked(10, person=ben), rounds=2, minutes=20))
        for minute in range(1, 60):
            operations.sweep(now=later(minute))
        when = [(each.round, each.step, each.made_at) for each in Notification.objects.filter(page=made)]
        assert when == [(0, 0, NOW), (0, 1, later(10)), (1, 0, later(20)), (1, 1, later(30))]
        assert state(made) == PageState.EXHAUSTED

    def test_waits_as_long_as_it_was_to_wait_when_nobody_swept_for_long(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = paged(policy(StepAsked(0, person=anna), StepAsked(10, person=ben), rounds=2, minutes=20))
        assert operations.sweep(now=later(300)) == 1
        assert sent(made)[1:] == [(0, 1, "Ben", "MAIL")]
        assert Page.objects.get(pk=made.pk).next_at == later(310)

    def test_does_not_drift_when_a_sweep_comes_a_little_late(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = paged(policy(StepAsked(0, person=anna), StepAsked(10, person=ben), minutes=20))
        operations.sweep(now=later(11))
        assert Page.objects.get(pk=made.pk).next_at == later(20)

    def test_keeps_the_steps_that_it_began_with(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        by = policy(StepAsked(0, person=anna), StepAsked(10, person=ben))
        made = paged(by)
        operations.keep_policy(
            organisation=house(),
            name="Usual",
            steps=[StepAsked(0, person=anna)],
            rounds=1,
            round_minutes=5,
            policy=by,
            by=owner(),
            now=NOW,
        )
        operations.sweep(now=later(10))
        assert sent(made)[1:] == [(0, 1, "Ben", "MAIL")]

    def test_goes_to_the_next_step_at_once_where_it_finds_nobody(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        here = turning(anna)
        operations.take_leave(person=anna, starts_at=NOW, ends_at=later(600), by=owner(), now=NOW)
        made = paged(policy(StepAsked(0, rota=here), StepAsked(15, person=ben)))
        assert sent(made) == [(0, 0, "", ""), (0, 1, "Ben", "MAIL")]
        assert Page.objects.get(pk=made.pk).next_at == later(15)

    def test_that_finds_nobody_at_all_waits_for_the_end_of_its_round(self) -> None:
        anna = engineer("Anna")
        here = turning(anna)
        operations.take_leave(person=anna, starts_at=NOW, ends_at=later(600), by=owner(), now=NOW)
        made = paged(policy(StepAsked(0, rota=here)))
        assert (state(made), Page.objects.get(pk=made.pk).next_at) == (PageState.OPEN, later(30))

    def test_finds_nobody_in_a_rota_that_has_ended(self) -> None:
        here = turning(engineer("Anna"))
        by = policy(StepAsked(0, rota=here))
        operations.end_rota(rota=here, by=owner(), now=NOW)
        assert sent(paged(by)) == [(0, 0, "", "")]

    def test_is_not_sent_to_somebody_who_has_left(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        here = turning(anna)
        by = policy(StepAsked(0, rota=here), StepAsked(5, person=anna), StepAsked(9, person=ben))
        Membership.objects.filter(person=anna).update(ended_at=NOW)
        assert sent(paged(by)) == [(0, 0, "", ""), (0, 1, "", ""), (0, 2, "Ben", "MAIL")]

    def test_reaches_the_contact_of_a_role_who_is_asked_first(self) -> None:
        for name, escalation in (("Zoe", 1), ("Abe", 2)):
            Contact.objects.create(
                organisation=house(),
                name=name,
                email=f"{name}@n.example",
                role=ContactRole.TECHNICAL,
                escalation=escalation,
            )
        made = paged(policy(StepAsked(0, contact=ContactRole.TECHNICAL)))
        assert sent(made) == [(0, 0, "Zoe", "MAIL")]
        done = operations.acknowledge_by_link(
            token=token_of(notification=Notification.objects.get(page=made)), by=NOBODY, now=later(1)
        )
        assert done.state == PageState.ACKNOWLEDGED
        taken = Acknowledgement.objects.get()
        assert (taken.name, taken.person) == ("Zoe", None)

    def test_reaches_those_who_have_a_skill_that_has_not_expired_and_are_not_away(self) -> None:
        names = ("Anna", "Ben", "Cleo", "Dan")
        for name, expires in zip(names, (None, NOW.date(), (NOW - timedelta(days=1)).date(), None), strict=True):
            operations.keep_skill(person=engineer(name), name="Linux", level=2, expires_on=expires, by=owner(), now=NOW)
        operations.say_presence(available=False, until=later(60), note="", by=seen_by(engineer("Dan")), now=NOW)
        operations.say_presence(available=True, until=None, note="", by=seen_by(engineer("Ben")), now=NOW)
        made = paged(policy(StepAsked(0, skill="linux")))
        assert sent(made) == [(0, 0, "Anna", "MAIL"), (0, 0, "Ben", "MAIL")]

    def test_of_an_affiliate_reaches_its_people(self) -> None:
        hosting = organisation("hosting-gmbh", "Hosting GmbH")
        hans = person("Hans", hosting, Role.AFFILIATE)
        by = operations.keep_policy(
            organisation=hosting,
            name="Theirs",
            steps=[StepAsked(0, person=hans)],
            rounds=1,
            round_minutes=5,
            by=owner(),
            now=NOW,
        )
        assert sent(paged(by)) == [(0, 0, "Hans", "MAIL")]


class TestChannels:
    def test_are_all_used_where_a_step_names_none(self) -> None:
        anna = engineer("Anna")
        for kind, address in (
            ("MAIL", "anna@home.example"),
            ("TEXT", "49123@sms.example"),
            ("PHONE", "+49 228 1"),
            ("HOOK", "https://pager.example/anna"),
        ):
            operations.keep_channel(kind=kind, address=address, by=seen_by(anna), now=NOW)
        made = paged(policy(StepAsked(0, person=anna)))
        assert sent(made) == [(0, 0, "Anna", "HOOK"), (0, 0, "Anna", "MAIL"), (0, 0, "Anna", "TEXT")]
        short = Message.objects.get(kind="page_short")
        assert (short.to, short.secret) == ("49123@sms.example", True)
        assert short.text.startswith("The till is down http://localhost:8000/page/")

    def test_come_one_after_the_other_where_steps_name_them(self) -> None:
        anna = engineer("Anna")
        for kind, address in (("TEXT", "49123@sms.example"), ("MAIL", "anna@home.example")):
            operations.keep_channel(kind=kind, address=address, by=seen_by(anna), now=NOW)
        made = paged(
            policy(StepAsked(0, person=anna, channels=("TEXT",)), StepAsked(5, person=anna, channels=("MAIL",)))
        )
        operations.sweep(now=later(5))
        assert sent(made) == [(0, 0, "Anna", "TEXT"), (0, 1, "Anna", "MAIL")]

    def test_of_a_kind_that_somebody_has_not_are_replaced_by_mail(self) -> None:
        made = paged(policy(StepAsked(0, person=engineer("Anna"), channels=("TEXT",))))
        assert sent(made) == [(0, 0, "Anna", "MAIL")]


class TestAcknowledging:
    def test_stops_a_page(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = paged(policy(StepAsked(0, person=anna), StepAsked(10, person=ben)))
        operations.acknowledge(page=made, by=seen_by(anna), now=later(3))
        assert operations.sweep(now=later(500)) == 0
        assert sent(made) == [(0, 0, "Anna", "MAIL")]
        assert Acknowledgement.objects.values_list("name", "at").get() == ("Anna", later(3))

    def test_by_link_is_for_whoever_it_was_sent_to(self) -> None:
        made = paged(policy(StepAsked(0, person=engineer("Anna"))))
        token = token_of(notification=Notification.objects.get(page=made))
        operations.acknowledge_by_link(token=token, by=NOBODY, now=later(3))
        assert Acknowledgement.objects.get().person == engineer("Anna")
        with pytest.raises(UnableToPage, match="Anna looks after it already"):
            operations.acknowledge_by_link(token=token, by=NOBODY, now=later(4))

    def test_by_a_link_that_is_not_ours_does_nothing(self) -> None:
        paged(policy(StepAsked(0, person=engineer("Anna"))))
        assert notification_of(token=FORGED) is None
        with pytest.raises(UnableToPage, match="not one of ours"):
            operations.acknowledge_by_link(token=FORGED, by=NOBODY, now=later(3))
        assert not Acknowledgement.objects.exists()

    def test_by_the_link_of_somebody_who_has_left_does_nothing(self) -> None:
        anna = engineer("Anna")
        made = paged(policy(StepAsked(0, person=anna)))
        Membership.objects.filter(person=anna).update(ended_at=NOW)
        with pytest.raises(UnableToPage, match="no role here any more"):
            operations.acknowledge_by_link(
                token=token_of(notification=Notification.objects.get(page=made)), by=NOBODY, now=later(3)
            )

    def test_lasts_only_so_long_where_a_page_has_to_be_resolved(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        made = paged(policy(StepAsked(0, person=anna), StepAsked(10, person=ben), resolve=60))
        operations.acknowledge(page=made, by=seen_by(anna), now=later(3))
        assert operations.sweep(now=later(63)) == 1
        assert sent(made)[1:] == [(0, 1, "Ben", "MAIL")]
        assert Acknowledgement.objects.get().ended_at == later(63)
        assert Entry.objects.filter(did="reopen page").count() == 1

    def test_after_the_last_step_lets_all_steps_come_again_unless_resolved(self) -> None:
        anna = engineer("Anna")
        made = paged(policy(StepAsked(0, person=anna), resolve=60))
        operations.acknowledge(page=made, by=seen_by(anna), now=later(3))
        operations.sweep(now=later(63))
        assert sent(made)[1:] == [(1, 0, "Anna", "MAIL")]
        assert state(made) == PageState.OPEN

    def test_of_an_exhausted_page_counts_and_lets_it_go_on_unless_resolved(self) -> None:
        anna = engineer("Anna")
        made = paged(policy(StepAsked(0, person=anna), resolve=60))
        operations.sweep(now=later(30))
        assert state(made) == PageState.EXHAUSTED
        operations.acknowledge(page=made, by=seen_by(anna), now=later(40))
        operations.sweep(now=later(100))
        assert (state(made), sent(made)[1:]) == (PageState.OPEN, [(1, 0, "Anna", "MAIL")])

    @pytest.mark.parametrize("role", [Role.BILLING, Role.AUDITOR])
    def test_is_not_for_everybody(self, role: Role) -> None:
        made = paged(policy(StepAsked(0, person=engineer("Anna"))))
        with pytest.raises(UnableToPage, match="not yours to acknowledge"):
            operations.acknowledge(page=made, by=staff(role), now=later(3))
        with pytest.raises(UnableToPage, match="not yours to resolve"):
            operations.resolve_page(page=made, by=staff(role), now=later(3))
        assert state(made) == PageState.OPEN

    def test_is_not_for_customers(self) -> None:
        made = paged(policy(StepAsked(0, person=engineer("Anna"))))
        with pytest.raises(UnableToPage):
            operations.acknowledge(page=made, by=member(Role.SPONSOR), now=later(3))
        with pytest.raises(UnableToPage, match="Only staff"):
            operations.page(key="k", subject="s", text="", url="", policy=made.policy, by=member(Role.SPONSOR), now=NOW)


class TestResolving:
    def test_ends_a_page_and_whoever_looked_after_it_is_free(self) -> None:
        anna = engineer("Anna")
        made = paged(policy(StepAsked(0, person=anna)))
        operations.acknowledge(page=made, by=seen_by(anna), now=later(3))
        done = operations.resolve_page(page=made, by=seen_by(anna), now=later(20))
        assert (done.state, done.resolved_by, done.next_at) == (PageState.RESOLVED, "Anna", None)
        assert Acknowledgement.objects.get().ended_at == later(20)
        for again in (operations.resolve_page, operations.acknowledge):
            with pytest.raises(UnableToPage, match="resolved already"):
                again(page=made, by=seen_by(anna), now=later(21))


class TestRefusals:
    @pytest.mark.parametrize(
        ("_case", "said", "sentence"),
        [
            ("no key", {"key": " "}, "by a key"),
            ("a long key", {"key": "k" * 201}, "by a key"),
            ("NUL", {"key": "a\x00"}, "by a key"),
            ("no subject", {"subject": "\n"}, "what the matter is"),
            ("a long subject", {"subject": "s" * 201}, "what the matter is"),
            ("a long text", {"text": "t" * 10_001}, "at most"),
            ("a script", {"url": "javascript:alert(1)"}, "link begins"),
            ("another host", {"url": "//evil.example"}, "link begins"),
            ("spaces", {"url": "https://a b"}, "link begins"),
            ("a broken address", {"url": "https://[::1"}, "link begins"),
            ("a long address", {"url": "https://a.example/" + "a" * 2000}, "link begins"),
        ],
    )
    def test_say_what_is_wrong(self, _case: str, said: dict[str, str], sentence: str) -> None:
        by = policy(StepAsked(0, person=engineer("Anna")))
        asked = {"key": "k", "subject": "s", "text": "", "url": "", **said}
        with pytest.raises(UnableToPage, match=sentence):
            operations.page(**asked, policy=by, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert not Page.objects.exists()

    def test_say_that_a_policy_has_ended(self) -> None:
        by = policy(StepAsked(0, person=engineer("Anna")))
        operations.end_policy(policy=by, by=owner(), now=NOW)
        with pytest.raises(UnableToPage, match="has ended"):
            paged(by)


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_take_a_step_once(self) -> None:
        anna, ben = engineer("Anna"), engineer("Ben")
        by = policy(StepAsked(0, person=anna), StepAsked(10, person=ben))
        made = [paged(by, key=f"page {number}") for number in range(12)]
        at_once(lambda: operations.sweep(now=later(10)), 4)
        operations.sweep(now=later(10))
        for each in made:
            assert sent(each) == [(0, 0, "Anna", "MAIL"), (0, 1, "Ben", "MAIL")]
        assert Message.objects.filter(kind="page").count() == 24

    def test_leave_a_page_alone_that_another_one_looks_after(self) -> None:
        made = paged(policy(StepAsked(0, person=engineer("Anna")), StepAsked(10, person=engineer("Ben"))))
        with transaction.atomic():
            Page.objects.select_for_update().get(pk=made.pk)
            assert at_once(lambda: operations.sweep(now=later(10)), 1) == [0]
        assert len(sent(made)) == 1

    def test_asked_for_the_same_at_the_same_time_make_one_page(self) -> None:
        by = policy(StepAsked(0, person=engineer("Anna")))
        made = at_once(lambda: paged(by).pk, 4)
        assert (len(made), len(set(made))) == (4, 1)
        assert Notification.objects.count() == 1

    def test_that_die_in_the_middle_leave_the_step_to_the_next(self) -> None:
        made = paged(policy(StepAsked(0, person=engineer("Anna")), StepAsked(10, person=engineer("Ben"))))
        with transaction.atomic():
            assert operations.sweep(now=later(10)) == 1
            transaction.set_rollback(True)
        assert len(sent(made)) == 1
        assert operations.sweep(now=later(10)) == 1
        assert len(sent(made)) == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send message'")
            assert cursor.fetchone() == (2,)
