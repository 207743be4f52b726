"""What time alone brings: parts of limits are used up, updates fall due, cases that nobody rejects are closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from makegood.platform.evidence.service_desk.models import Case, Clock, Escalation
from makegood.platform.evidence.service_desk.operations.moving import close_unanswered
from makegood.platform.evidence.service_desk.operations.work.alarming import Reached, tell_of
from makegood.platform.evidence.service_desk.queries import desk_of, terms_of_case
from makegood.platform.tenancy.viewer import Viewer

_AT_ONCE: Final = 1_000
_WRITTEN_AT_ONCE: Final = 100
"""The database compares each row with each that is written together with it."""
_PART: Final = ("case_id", "outcome", "step", "percent", "limit", "reopened")


def escalate(*, now: datetime) -> list[Reached]:
    """Keep which parts of limits were used up until an instant, each once, tell those who are to hear, and return them.

    Several sweeps at once share the clocks. Whoever dies on the way has told nobody what is not kept.
    """
    found: list[Reached] = []
    while some := _escalate_some(now):
        found += some
    return found


def close_all_unanswered(*, by: Viewer, now: datetime) -> int:
    """Close the resolved cases that nobody rejected in time; return how many."""
    found = Case.objects.filter(close_by__lte=now).order_by("close_by")
    return sum(_closed(each, by, now) for each in found.iterator(chunk_size=_AT_ONCE))


@transaction.atomic
def _closed(case: Case, by: Viewer, now: datetime) -> bool:
    return close_unanswered(case=case, by=by, now=now)


@transaction.atomic
def _escalate_some(now: datetime) -> list[Reached]:
    due = Clock.objects.select_for_update(of=("self",), skip_locked=True).filter(next_level_at__lte=now)
    due = due.select_related("case__version", "case__customer", "case__provider", "case__owner", "case__refers")
    due = due.order_by("next_level_at", "pk")
    clocks = list(due[:_AT_ONCE])
    found = _unheard([each for clock in clocks for each in _levels_reached(clock, now)])
    tell_of(found, now=now)
    Escalation.objects.bulk_create([each.escalation for each in found])
    for clock in clocks:
        clock.next_level_at = min((at for at in _instants(clock).values() if at > now), default=None)
    Clock.objects.bulk_update(clocks, ["next_level_at"], batch_size=_WRITTEN_AT_ONCE)
    return found


def _unheard(found: Sequence[Reached]) -> list[Reached]:
    """Return those parts of limits of which nobody has heard."""
    heard = set(Escalation.objects.filter(case__in={each.case.pk for each in found}).values_list(*_PART))
    return [each for each in found if tuple(getattr(each.escalation, name) for name in _PART) not in heard]


def _levels_reached(clock: Clock, now: datetime) -> Iterator[Reached]:
    ladder = {str(each.at.percent(2)): each.to for each in desk_of(terms_of_case(clock.case)).levels}
    for percent, at in _instants(clock).items():
        if clock.next_level_at is not None and clock.next_level_at <= at <= now:
            to = ladder[percent]
            made = Escalation(
                case=clock.case,
                outcome=clock.outcome,
                step=clock.step,
                percent=percent,
                limit=clock.limit,
                reopened=clock.case.reopened,
                due_at=clock.due_at,
                told=to,
                at=now,
            )
            yield Reached(made, clock.case, to)


def _instants(clock: Clock) -> dict[str, datetime]:
    return {percent: datetime.fromisoformat(text) for percent, text in clock.levels.items()}
