"""Web hooks whose receivers hang, fail, end or keep secrets in their addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from makegood.platform import outbound
from makegood.platform.jobs import Again
from makegood.platform.sealing import opened
from makegood.platform.tenancy.hooks.models import Delivery, Event, Hook
from makegood.platform.tenancy.hooks.operations import (
    MOST_TURNS,
    NotDelivered,
    UnableToHook,
    change_hook,
    deliver,
    end_hook,
    make_hook,
    rotate_secret,
    seal_anew,
    tell,
)
from makegood.platform.tenancy.trail.models import Entry
from tests.platform.agreements import owner, sponsor
from tests.platform.people import NOW, house, organisation
from tests.platform.test_hooks import Receiver, hooked, receiver, work

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db


def told(hook: Hook, number: int = 1) -> list[Delivery]:
    return [tell(hook=hook, event="dispute.raised", data={"dispute": each}, now=NOW) for each in range(number)]


def state(delivery: Delivery) -> tuple[str, int]:
    delivery.refresh_from_db()
    return delivery.state, delivery.tries


class TestAReceiverThatHangs:
    def test_is_waited_for_once_and_not_by_every_event(self, receiver: Receiver, settings: Any) -> None:
        hook, _ = hooked(address=receiver.address)
        first, second, third = told(hook, 3)
        settings.ALLOWED_NETWORKS = []  # as good as nobody there
        with pytest.raises(NotDelivered, match="not reachable"):
            deliver(delivery=first.pk, now=NOW)
        for each in (second, third):
            with pytest.raises(NotDelivered, match="a moment ago"):
                deliver(delivery=each.pk, now=NOW + timedelta(seconds=59))
        assert [state(each) for each in (first, second, third)] == [("WAITING", 1), ("WAITING", 0), ("WAITING", 0)]

    def test_is_tried_again_by_the_event_that_found_nobody(self, receiver: Receiver, settings: Any) -> None:
        hook, _ = hooked(address=receiver.address)
        first, second = told(hook, 2)
        settings.ALLOWED_NETWORKS = []
        with pytest.raises(NotDelivered):
            deliver(delivery=first.pk, now=NOW)
        settings.ALLOWED_NETWORKS = ["127.0.0.1/32"]
        deliver(delivery=first.pk, now=NOW + timedelta(seconds=8))
        deliver(delivery=second.pk, now=NOW + timedelta(seconds=8))
        assert [state(each) for each in (first, second)] == [("DELIVERED", 2), ("DELIVERED", 1)]

    @pytest.mark.parametrize(("failing", "rest"), [(0, 60), (3_600, 360), (86_400, 3_600)])
    def test_rests_the_longer_the_longer_nobody_answers(
        self, receiver: Receiver, settings: Any, failing: int, rest: int
    ) -> None:
        hook, _ = hooked(address=receiver.address)
        first, second = told(hook, 2)
        settings.ALLOWED_NETWORKS = []
        Hook.objects.update(failing_since=NOW - timedelta(seconds=failing))
        with pytest.raises(NotDelivered):
            deliver(delivery=first.pk, now=NOW)
        settings.ALLOWED_NETWORKS = ["127.0.0.1/32"]
        with pytest.raises(NotDelivered, match="a moment ago"):
            deliver(delivery=second.pk, now=NOW + timedelta(seconds=rest * 0.85))
        deliver(delivery=second.pk, now=NOW + timedelta(seconds=rest * 1.2))
        assert state(second) == ("DELIVERED", 1)

    def test_is_forgiven_at_another_address(self, receiver: Receiver) -> None:
        hook, _ = hooked(address=receiver.address)
        Hook.objects.update(failing_since=NOW)
        change_hook(hook=hook, address=receiver.address, events=[Event.DISPUTE_RAISED], by=owner(), now=NOW)
        assert Hook.objects.get().failing_since == NOW
        change_hook(hook=hook, address=f"{receiver.address}/2", events=[Event.DISPUTE_RAISED], by=owner(), now=NOW)
        assert Hook.objects.get().failing_since is None

    def test_that_refuses_one_event_is_told_the_next(self, receiver: Receiver) -> None:
        hook, _ = hooked(address=receiver.address)
        first, second = told(hook, 2)
        receiver.status = 400
        with pytest.raises(NotDelivered, match="status 400"):
            deliver(delivery=first.pk, now=NOW)
        receiver.status = 200
        deliver(delivery=second.pk, now=NOW)
        assert state(second) == ("DELIVERED", 1)

    def test_holds_up_one_job_at_most_and_no_other_receiver(self) -> None:
        slow, _ = hooked()
        other, _ = hooked(sponsor(), organisation("acme"))
        told(slow, 3), told(other, 2)
        locks = ProcrastinateJob.objects.filter(task_name="deliver event").values_list("lock", flat=True)
        assert sorted(locks) == [f"hook {slow.pk}"] * 3 + [f"hook {other.pk}"] * 2


class TestWorkThatFailed:
    def decided(self, attempts: int, *, aside: bool) -> tuple[str | None, bool]:
        job = Job(
            id=7, queue="default", lock="hook 1", queueing_lock=None, task_name="deliver event", attempts=attempts
        )
        made = Again(8, MOST_TURNS, aside).get_retry_decision(exception=NotDelivered(), job=job)
        return (made.lock if made else None), made is not None

    def test_lets_others_go_first_while_it_waits(self) -> None:
        assert self.decided(0, aside=True) == ("deliver event 7", True)
        assert self.decided(0, aside=False) == ("hook 1", True)

    def test_is_given_up_in_the_end(self) -> None:
        assert self.decided(MOST_TURNS - 1, aside=True)[1]
        assert not self.decided(MOST_TURNS, aside=True)[1]


class TestAHookThatEnds:
    def test_while_something_is_on_its_way_leaves_nothing_waiting(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook, _ = hooked(address=receiver.address)
        [delivery] = told(hook)
        receiver.status = 500
        sent = outbound.post

        def meanwhile(*args: Any, **kwargs: Any) -> Any:
            end_hook(hook=hook, by=owner(), now=NOW)
            return sent(*args, **kwargs)

        monkeypatch.setattr(outbound, "post", meanwhile)
        deliver(delivery=delivery.pk, now=NOW)
        assert state(delivery) == ("FAILED", 1)


class TestWhatIsSecret:
    def test_in_an_address_does_not_stand_in_the_trail(self) -> None:
        by = owner()
        hook, secret = hooked(by, address="https://hooks.example/T0/B1/very-secret?key=other-secret")
        rotate_secret(hook=hook, by=by, now=NOW)
        end_hook(hook=hook, by=by, now=NOW)
        for address in ("https://ada:pass-word@hooks.example/", "http://10.0.0.1/very-secret"):
            with pytest.raises(UnableToHook):
                make_hook(organisation=house(), address=address, events=list(Event), by=by, now=NOW)
        trail = str(list(Entry.objects.values()))
        assert Entry.objects.filter(about="hooks.example").count() == 3
        assert [each for each in ("very-secret", "other-secret", "pass-word", secret) if each in trail] == []

    def test_is_sealed_anew_also_when_the_one_before_is_lost(self, settings: Any) -> None:
        hook, _ = hooked()
        settings.SECRET_KEY = "another key"  # noqa: S105
        after = rotate_secret(hook=hook, by=owner(), now=NOW)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a third key", ["another key"]
        assert seal_anew() == 1
        settings.SECRET_KEY_FALLBACKS = []
        hook.refresh_from_db()
        assert (opened(hook.secret), hook.earlier_secret) == (after, None)


@pytest.mark.django_db(transaction=True)
class TestTheWorker:
    def test_lays_aside_what_was_not_taken_and_goes_on(self, receiver: Receiver) -> None:
        hook, _ = hooked(address=receiver.address)
        deliveries = told(hook, 2)
        receiver.status = 503
        work()
        assert [state(each) for each in deliveries] == [("WAITING", 1)] * 2
        mine = [each.pk for each in deliveries]  # jobs of tests before may be there as well
        jobs = ProcrastinateJob.objects.filter(task_name="deliver event", args__delivery__in=mine).order_by("id")
        assert len(jobs) == 2
        assert [(each.status, each.lock, each.attempts) for each in jobs] == [
            ("todo", f"deliver event {each.pk}", 1) for each in jobs
        ]
        assert len(receiver.heard) == 2
