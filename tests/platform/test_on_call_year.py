"""A year of pages by a clock that is moved: none is missed, none is sent twice, also over holidays and clock changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from heapq import heappop, heappush

import pytest

from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Notification, Page, PageState, Policy, Rota
from makegood.platform.evidence.on_call.operations import StepAsked
from makegood.platform.evidence.on_call.queries import holes_ahead
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.messages.models import Message
from tests.platform.agreements import owner
from tests.platform.on_duty import engineer, seen_by
from tests.platform.people import house

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAGES = 500
AFTER, ROUND, ROUNDS = (0, 10, 25), 40, 2
ALL_STEPS = [number * ROUND + after for number in range(ROUNDS) for after in AFTER]


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as it will be asked for: when, and after how many minutes somebody looks after it, if anybody does."""

    number: int
    at: datetime
    answer: int | None

    @property
    def expected(self) -> list[datetime]:
        """When steps are to be taken."""
        return [self.at + minutes * MINUTE for minutes in ALL_STEPS if self.answer is None or minutes < self.answer]


def drawn(number: int) -> Asked:
    """Return a page of the year; the same every time."""
    digest = sha256(f"page {number}".encode()).digest()
    at = START + (int.from_bytes(digest[:4]) % (365 * 1440)) * MINUTE
    answers = (1, 2, 5, 9, 11, 24, 26, 39, 41, 64, None)
    return Asked(number, at, answers[digest[5] % len(answers)])


def planned(name: str, zone: str, people: list[Person], days: int) -> Rota:
    """Return a rota in which everybody takes turns, and everybody else stands behind them."""
    by = owner()
    made = operations.keep_rota(organisation=house(), name=name, timezone=zone, by=by, now=START)
    for turn in range(len(people)):
        others = people[turn:] + people[:turn]
        operations.keep_layer(
            rota=made, people=others, starts_on=date(2025, 12, 29), hand_over=time(9), days=days, by=by, now=START
        )
    return made


def lived(rotas: list[Rota], people: list[Person]) -> None:
    """Let people take leave and take over, in every month and around both changes of the clock."""
    for month in range(1, 13):
        away = datetime(2026, month, 3, 7, 30, tzinfo=UTC)
        one = people[month % len(people)]
        operations.take_leave(person=one, starts_at=away, ends_at=away + timedelta(days=6), by=owner(), now=START)
        takes_over = people[(month + 1) % len(people)]
        taken_over(rotas[month % 2], takes_over, away + timedelta(days=8), timedelta(days=1))
    for changed in (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)):
        taken_over(rotas[0], people[0], changed, timedelta(hours=2))


def taken_over(rota: Rota, person: Person, at: datetime, long: timedelta) -> None:
    operations.keep_override(rota=rota, person=person, starts_at=at, ends_at=at + long, by=owner(), now=START)


def ask(asked: Asked, by: list[Policy]) -> None:
    policy = by[asked.number % len(by)]
    operations.page(
        key=f"page {asked.number}", subject="Down", text="", url="", policy=policy, by=owner(), now=asked.at
    )


def run(pages: list[Asked], policies: list[Policy], answerer: Person) -> None:
    """Move the clock from what happens to what happens next; the worker sweeps at every minute that has something."""
    waiting = [(each.at, 0, each.number) for each in pages]
    waiting += [(each.at + each.answer * MINUTE, 1, each.number) for each in pages if each.answer is not None]
    waiting.sort()
    while waiting:
        now, what, number = heappop(waiting)
        if what == 0:
            ask(pages[number], policies)
        elif what == 1:
            page = Page.objects.get(key=f"page {number}")
            operations.acknowledge(page=page, by=seen_by(answerer), now=now)
            operations.resolve_page(page=page, by=seen_by(answerer), now=now)
        else:
            operations.sweep(now=now)
        following = Page.objects.filter(next_at__gt=now).order_by("next_at").values_list("next_at", flat=True).first()
        if following is not None and not any(each[1] == 2 and each[0] <= following for each in waiting):
            heappush(waiting, (following, 2, 0))


class TestAYear:
    def test_misses_no_page_and_sends_none_twice(self) -> None:
        people = [engineer(name) for name in ("Anna", "Ben", "Cleo")]
        rotas = [planned("Berlin", "Europe/Berlin", people, 7), planned("New York", "America/New_York", people, 1)]
        lived(rotas, people)
        policies = [
            operations.keep_policy(
                organisation=house(),
                name=rota.name,
                steps=[StepAsked(AFTER[0], rota=rota), StepAsked(AFTER[1], rota=rota), StepAsked(AFTER[2], rota=other)],
                rounds=ROUNDS,
                round_minutes=ROUND,
                by=owner(),
                now=START,
            )
            for rota, other in (rotas, rotas[::-1])
        ]
        for month in range(1, 13):
            assert [holes_ahead(rota=each, now=datetime(2026, month, 1, tzinfo=UTC)) for each in rotas] == [(), ()]
        pages = [drawn(number) for number in range(PAGES)]
        run(pages, policies, people[0])
        sent: dict[str, list[datetime]] = {}
        for each in Notification.objects.select_related("page"):
            sent.setdefault(each.page.key, []).append(each.made_at)
            assert each.person is not None
        assert {key: sorted(found) for key, found in sent.items()} == {
            f"page {each.number}": each.expected for each in pages
        }
        states = Counter(Page.objects.values_list("state", flat=True))
        nobody = sum(each.answer is None for each in pages)
        assert states == {PageState.RESOLVED: PAGES - nobody, PageState.EXHAUSTED: nobody}
        assert 20 < nobody < 100
        assert Message.objects.filter(kind="page").count() == Notification.objects.count()
        assert {each.name for each in Notification.objects.all()} == {"Anna", "Ben", "Cleo"}
