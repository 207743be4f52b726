"""Patterns of incidents: what may be a problem, what followed a change, and whether a fix helped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from makegood.platform.evidence.changes.models import Change, Problem, Suggestion
from makegood.platform.evidence.service_desk.models import Case

ENOUGH: Final = 5
"""So many incidents with something in common are a pattern."""
LOOKED_AT: Final = timedelta(days=30)
WEEK: Final = timedelta(weeks=1)
WEEKS: Final = 12
"""A spike is compared with so many weeks, and so many are shown before and after a fix."""
FEWEST: Final = 3
"""Fewer incidents than these are no spike."""
AFTER: Final = timedelta(hours=48)
BEFORE: Final = timedelta(days=28)
_SHORTEST: Final = 5  # letters of a word that says something
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Incidents of a customer that have something in common; ``usual`` is the weekly mean before, in tenths."""

    customer: int
    kind: str
    what: str
    cases: tuple[int, ...]
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class Spike:
    """Incidents after a release, and how many there were before; ``seen`` says whether these are many."""

    after: tuple[int, ...]
    before: int
    until: datetime
    complete: bool

    @property
    def usual_tenths(self) -> int:
        """How many 48 hours had on average before, in tenths."""
        return self.before * 10 * int(AFTER.total_seconds()) // int(BEFORE.total_seconds())

    @property
    def usual(self) -> str:
        """The same as it is written."""
        return f"{self.usual_tenths // 10}.{self.usual_tenths % 10}"

    @property
    def seen(self) -> bool:
        """Whether it is a spike: three incidents at least, and twice as many as usual."""
        return len(self.after) >= FEWEST and len(self.after) * (BEFORE // AFTER) >= 2 * self.before


@dataclass(frozen=True, slots=True)
class Rate:
    """How many incidents there were in a week before or after something was mended."""

    starts_at: datetime
    count: int
    after: bool


def patterns(*, now: datetime) -> list[Pattern]:
    """Return what incidents of the last 30 days have in common, and what rose against the 12 weeks before.

    Five with the same service, the same device or the same word in their titles are a pattern. A service whose last
    seven days have three incidents at least, and twice the weekly mean of the 12 weeks before, has a spike.
    """
    found_in = _incidents().only("customer_id", "service", "affected", "title", "opened_at")
    recent = list(found_in.filter(opened_at__gt=now - LOOKED_AT, opened_at__lte=now).order_by("pk"))
    groups: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for case in recent:
        for kind, what in _marks(case):
            groups[case.customer_id, kind, what].append(case.pk)
    found = [Pattern(*key, tuple(each)) for key, each in sorted(groups.items()) if len(each) >= ENOUGH]
    return [*found, *_spikes(recent, now)]


def spike_after(*, change: Change, now: datetime) -> Spike | None:
    """Return which incidents followed the release of a change; None before it."""
    if change.released_at is None:
        return None
    released = change.released_at
    alike = _incidents().filter(customer=change.customer_id, service=change.service)
    after = alike.filter(opened_at__gte=released, opened_at__lt=min(released + AFTER, now)).order_by("pk")
    before = alike.filter(opened_at__gte=released - BEFORE, opened_at__lt=released).count()
    return Spike(tuple(after.values_list("pk", flat=True)), before, released + AFTER, now >= released + AFTER)


def rate_around(*, problem: Problem, now: datetime) -> tuple[Rate, ...]:
    """Return the incidents a week before and after a problem was mended; nothing before it was.

    They are those of its customer and service; of a problem without a service those that are linked to it.
    """
    if problem.resolved_at is None:
        return ()
    middle = problem.resolved_at
    alike = _incidents().filter(opened_at__gte=middle - WEEKS * WEEK, opened_at__lt=min(now, middle + WEEKS * WEEK))
    if problem.service:
        alike = alike.filter(service=problem.service)
        alike = alike.filter(customer=problem.customer_id) if problem.customer_id is not None else alike
    else:
        alike = alike.filter(pk__in=problem.links.values("case"))
    counts: dict[int, int] = defaultdict(int)
    for opened_at in alike.values_list("opened_at", flat=True):
        counts[(opened_at - middle) // WEEK] += 1
    last = min(WEEKS, (now - middle) // WEEK + 1)
    return tuple(Rate(middle + week * WEEK, counts[week], week >= 0) for week in range(-WEEKS, last))


def _incidents() -> QuerySet[Case]:
    return Case.objects.filter(kind="incident", refers=None, duplicate_of=None)


def _marks(case: Case) -> Iterator[tuple[str, str]]:
    if case.service:
        yield Suggestion.Kind.SERVICE, case.service
    first = next(iter(case.affected.strip().splitlines()), "").strip().lower()
    if first:
        yield Suggestion.Kind.AFFECTED, first[:200]
    for word in sorted({each.lower() for each in _WORD.findall(case.title) if len(each) >= _SHORTEST}):
        yield Suggestion.Kind.WORD, word[:200]


def _spikes(recent: Iterable[Case], now: datetime) -> Iterator[Pattern]:
    last: dict[tuple[int, str], list[int]] = defaultdict(list)
    for case in recent:
        if case.service and case.opened_at > now - WEEK:
            last[case.customer_id, case.service].append(case.pk)
    for (customer, service), found in sorted(last.items()):
        earlier = _incidents().filter(
            customer=customer, service=service, opened_at__gt=now - (WEEKS + 1) * WEEK, opened_at__lte=now - WEEK
        )
        before = earlier.count()
        if len(found) >= FEWEST and len(found) * WEEKS >= 2 * before:
            yield Pattern(customer, Suggestion.Kind.SPIKE, service, tuple(found), before * 10 // WEEKS)
