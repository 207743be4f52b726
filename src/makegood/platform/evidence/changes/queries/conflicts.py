"""What stands against making a change at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final, Self
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.platform.evidence.changes.models import Change, Freeze, Kind, Override, Release, State, Window
from makegood.platform.evidence.changes.queries.seen import rule_of

PLANNED: Final = (
    State.REQUESTED,
    State.COMMITTEE,
    State.CUSTOMER,
    State.APPROVED,
    State.TESTED,
    State.RELEASE_APPROVED,
    State.RELEASED,
)
"""States in which a change has its time in the calendar."""


class Against(StrEnum):
    """What a conflict is about."""

    WINDOW = "window"
    FREEZE = "freeze"
    SERVICE = "service"
    DOWNTIME = "downtime"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that stands against a time, and a sentence that says so; ``about`` is what stands there."""

    against: Against
    about: int
    text: str

    @property
    def key(self) -> str:
        """What an override names it by."""
        return f"{self.against}-{self.about}"


@dataclass(frozen=True, slots=True)
class Diary:
    """All that may stand against changes of some customers between two instants, read at once."""

    windows: Mapping[int, Sequence[Window]]
    zones: Mapping[int, str]
    freezes: Sequence[Freeze]
    planned: Sequence[Change]
    down: Sequence[Release]

    @classmethod
    def between(cls, *, customers: Collection[int], starts_at: datetime, ends_at: datetime) -> Self:
        """Read it."""
        opened: dict[int, list[Window]] = defaultdict(list)
        for each in Window.objects.filter(customer__in=customers):
            opened[each.customer_id].append(each)
        overlapping = {"starts_at__lt": ends_at, "ends_at__gt": starts_at}
        of_them = Q(customer=None) | Q(customer__in=customers)
        changes = Change.objects.filter(customer__in=customers, state__in=PLANNED, **overlapping).exclude(service="")
        releases = Release.objects.filter(
            customer__in=customers,
            state__in=(Release.State.PLANNED, Release.State.APPROVED),
            down_from__lt=ends_at,
            down_until__gt=starts_at,
        )
        return cls(
            windows=opened,
            zones={each: rule_of(customer=each).timezone for each in opened},
            freezes=list(Freeze.objects.filter(of_them, ended_at=None, **overlapping)),
            planned=list(changes.order_by("pk")),
            down=list(releases.order_by("pk")),
        )

    def against(self, change: Change, starts_at: datetime, ends_at: datetime) -> Iterator[Conflict]:
        """Yield what stands against a change: windows and freezes first, then what else happens.

        An emergency is bound by neither a window nor a freeze.
        """
        if change.kind != Kind.EMERGENCY:
            yield from self._outside(change, starts_at, ends_at)
            for freeze in self.freezes:
                if freeze.customer_id in (None, change.customer_id) and _meet(freeze, starts_at, ends_at):
                    yield Conflict(Against.FREEZE, freeze.pk, _("Nothing is changed then: %s.") % freeze.title)
        for other in self.planned:
            same = (other.customer_id, other.service) == (change.customer_id, change.service)
            together = other.pk == change.pk or (
                change.release_id is not None and other.release_id == change.release_id
            )
            if same and not together and _meet(other, starts_at, ends_at):
                yield Conflict(Against.SERVICE, other.pk, _("The same service is changed then: %s.") % other)
        for release in self.down:
            theirs = release.customer_id == change.customer_id and release.pk != change.release_id
            if theirs and release.down_from < ends_at and release.down_until > starts_at:  # type: ignore[operator]
                text = _("Another release takes the service down then: %s.") % release
                yield Conflict(Against.DOWNTIME, release.pk, text)

    def _outside(self, change: Change, starts_at: datetime, ends_at: datetime) -> Iterator[Conflict]:
        windows = self.windows.get(change.customer_id, ())
        if not windows:
            return
        zone = self.zones[change.customer_id]
        opened = windows_between(windows=windows, timezone=zone, starts_at=starts_at, ends_at=ends_at)
        start, end = starts_at.timestamp(), ends_at.timestamp()
        if not any(begin.timestamp() <= start and end <= until.timestamp() for begin, until in opened):
            text = _("It lies outside the windows in which %s is changed.") % change.customer
            yield Conflict(Against.WINDOW, 0, text)


def conflicts(*, change: Change, starts_at: datetime, ends_at: datetime) -> tuple[Conflict, ...]:
    """Return what stands against making a change at a time."""
    diary = Diary.between(customers=[change.customer_id], starts_at=starts_at, ends_at=ends_at)
    return tuple(diary.against(change, starts_at, ends_at))


def left_over(*, change: Change) -> tuple[Conflict, ...]:
    """Return what stands against the time of a change and was not overridden."""
    return left_over_of(changes=[change]).get(change.pk, ())


def left_over_of(*, changes: Iterable[Change]) -> dict[int, tuple[Conflict, ...]]:
    """Return for each of some changes that have a time what stands against it and was not overridden."""
    found: dict[int, tuple[datetime, datetime, Change]] = {}
    for each in changes:
        if each.starts_at is not None and each.ends_at is not None:
            found[each.pk] = each.starts_at, each.ends_at, each
    if not found:
        return {}
    diary = Diary.between(
        customers={each.customer_id for _start, _end, each in found.values()},
        starts_at=min(start for start, _end, _change in found.values()),
        ends_at=max(end for _start, end, _change in found.values()),
    )
    allowed: dict[tuple[int, datetime, datetime], set[str]] = defaultdict(set)
    for one in Override.objects.filter(change__in=found):
        allowed[one.change_id, one.starts_at, one.ends_at].update(one.against)
    return {
        key: tuple(each for each in diary.against(change, start, end) if each.key not in allowed[key, start, end])
        for key, (start, end, change) in found.items()
    }


def _meet(planned: Change | Freeze, starts_at: datetime, ends_at: datetime) -> bool:
    return planned.starts_at < ends_at and planned.ends_at > starts_at  # type: ignore[operator]  # it has a time


def windows_between(
    *, windows: Sequence[Window], timezone: str, starts_at: datetime, ends_at: datetime
) -> list[tuple[datetime, datetime]]:
    """Return when weekly windows are open around a time, those that touch each other as one."""
    zone = ZoneInfo(timezone)
    day = starts_at.astimezone(zone).date() - timedelta(days=1)
    last = ends_at.astimezone(zone).date() + timedelta(days=1)
    pieces: list[tuple[datetime, datetime]] = []
    while day <= last:
        midnight = datetime.combine(day, time.min)
        for each in windows:
            if each.weekday == day.weekday():
                begin = (midnight + timedelta(minutes=each.starts)).replace(tzinfo=zone)
                end = (midnight + timedelta(minutes=each.ends)).replace(tzinfo=zone)
                pieces.append((begin, end))
        day += timedelta(days=1)
    return _merged(sorted(pieces))


def _merged(pieces: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for begin, end in pieces:
        if found and begin.timestamp() <= found[-1][1].timestamp():
            found[-1] = (found[-1][0], max(found[-1][1], end, key=datetime.timestamp))
        else:
            found.append((begin, end))
    return found
