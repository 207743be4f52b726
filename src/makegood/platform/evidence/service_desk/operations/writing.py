"""Writing a step: the case, the evidence and the clocks change together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.running import RunningClock, end_of_days
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.platform.evidence.service_desk.events import STEPS_WRITTEN
from makegood.platform.evidence.service_desk.models import (
    Case,
    Clock,
    Escalation,
    HeldFor,
    Reclassification,
    State,
    Step,
    Unsent,
)
from makegood.platform.evidence.service_desk.operations.queueing import place, stakes_of
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe
from makegood.platform.evidence.service_desk.operations.telling import keep_update
from makegood.platform.evidence.service_desk.queries import clocks_of, desk_of, standing_steps, terms_of_case
from makegood.platform.evidence.service_desk.queries.terms import levels_of
from makegood.platform.jobs import enqueue
from makegood.platform.tenancy.viewer import Viewer

WORDS: Final = {
    State.NEW: "opened",
    State.OPEN: "open",
    State.RESEARCH: "hold-for-research",
    State.HELD: "hold-for-resolution",
    State.PENDING: "fix-identified",
    State.RFC: "rfc-submitted",
    State.CLOSED: "closed",
}
"""What evidence calls the states; a case that waits for confirmation is ``resolved``."""
RESPONDED: Final = "responded"
RESOLVED: Final = "resolved"
_KEPT: Final = ("word", "at", "priority", "state", "held_for", "why", "person_id", "who", "written_at")


def word_of(case: Case) -> str:
    """Return what evidence calls the state of a case."""
    return RESOLVED if case.held_for == HeldFor.CONFIRMATION else WORDS[State(case.state)]


def write_step(
    *,
    case: Case,
    word: str,
    at: datetime,
    by: Viewer,
    now: datetime,
    why: str = "",
    labels: Mapping[str, str] | None = None,
) -> Step:
    """Keep that a case entered a state at an instant, and have it put into the vault.

    :raises UnableToServe: if it lies in the future, or before the last step
    """
    if at > now:
        raise UnableToServe(_("This lies in the future; say when it happened."))
    last = Step.objects.filter(case=case).order_by("-number").values_list("at", flat=True).first()
    if last is not None and at < last:
        raise UnableToServe(_("This lies before what was done last to this case, at %s.") % f"{last:%Y-%m-%d %H:%M:%S}")
    case.steps_written += 1
    step = Step.objects.create(
        case=case,
        number=case.steps_written,
        kind=case.kind,
        word=word,
        at=at,
        priority=case.priority,
        labels={name: value for name, value in {**standing_labels(case), **(labels or {})}.items() if value},
        state=case.state,
        held_for=case.held_for,
        why=why,
        person_id=by.author,
        who=by.name[:200],
        written_at=now,
    )
    _send(case, [Unsent(step=step)])
    return step


def write_anew(*, case: Case, because: Reclassification) -> None:
    """Write the steps of a case again, for what it is now; those written before no longer count."""
    before = list(standing_steps(case=case))
    fresh = [
        Step(
            case=case,
            number=case.steps_written + place,
            kind=case.kind,
            labels=_labels_anew(each, because),
            **{name: getattr(each, name) for name in _KEPT},
        )
        for place, each in enumerate(before, start=1)
    ]
    case.steps_replaced, case.steps_written = case.steps_written, case.steps_written + len(fresh)
    Step.objects.bulk_create(fresh)
    withdrawn = [Unsent(step=each, withdrawn_by=because) for each in before]
    _send(case, [*withdrawn, *(Unsent(step=each) for each in fresh)])


def _labels_anew(step: Step, because: Reclassification) -> dict[str, str]:
    """Return the labels of a step for another service, unless somebody named one with the step itself."""
    if step.labels.get("service", "") != because.service_before:
        return dict(step.labels)
    return {name: value for name, value in {**step.labels, "service": because.service}.items() if value}


def _send(case: Case, waiting: Sequence[Unsent]) -> None:
    """Have something put into the vault of the contract of a case, if it has one."""
    if case.contract_id is None:
        return
    for each in waiting:
        each.contract_id = case.contract_id
    Unsent.objects.bulk_create(waiting)
    enqueue(STEPS_WRITTEN, once=f"{STEPS_WRITTEN}: {case.contract_id}", contract=case.contract_id)


def standing_labels(case: Case) -> dict[str, str]:
    """Return what each step of a case says besides its state."""
    return {
        "service": case.service,
        "reason": case.held_for.lower(),
        "parent": str(case.parent_id or ""),
        "duplicate_of": str(case.duplicate_of_id or ""),
    }


def keep(case: Case, *, now: datetime) -> Case:
    """Keep a case with its clocks as the engine has them now, and where it stands in the queue."""
    case.update_due_at = _update_due(case, now)
    case.save()
    refresh_clocks(case=case, now=now)
    place(case=case, now=now)
    return case


def refresh_clocks(*, case: Case, now: datetime) -> None:
    """Ask the engine for the clocks of a case, and keep what it says."""
    running = {(each.outcome, each.step): each for each in clocks_of(case=case, now=now)}
    kept = {(each.outcome, each.step): each for each in Clock.objects.filter(case=case)}
    gone = [each.pk for key, each in kept.items() if key not in running]
    if gone:
        Clock.objects.filter(pk__in=gone).delete()
    if not running:
        return
    terms = terms_of_case(case)
    percents = [str(each.percent(2)) for each in levels_of(terms)] if terms is not None else []
    heard, stakes = _heard(case), stakes_of(case.contract_id)
    for key, found in running.items():
        clock = kept.get(key) or Clock(case=case, outcome=key[0], step=key[1])
        clock.stake = stakes.get(clock.outcome)
        _keep_clock(clock, found, percents, heard, now)


def _keep_clock(
    clock: Clock, found: RunningClock, percents: list[str], heard: set[tuple[str, str, str, str]], now: datetime
) -> None:
    clock.limit, clock.elapsed, clock.inside = str(found.limit), found.elapsed, found.inside
    clock.state = Clock.State[found.state.name]
    clock.due_at, clock.done_at, clock.as_of = found.due_at, found.done_at, now
    reached = {name: each for name, each in zip(percents, found.levels, strict=True) if each is not None}
    clock.levels = {name: each.isoformat() for name, each in reached.items()}
    is_running = clock.state == Clock.State.RUNNING
    left = [each for name, each in reached.items() if (clock.outcome, clock.step, name, clock.limit) not in heard]
    clock.next_level_at = min(left, default=None) if is_running else None
    clock.save()


def _heard(case: Case) -> set[tuple[str, str, str, str]]:
    """Return the parts of limits of which somebody heard already."""
    found = Escalation.objects.filter(case=case, reopened=case.reopened)
    return set(found.values_list("outcome", "step", "percent", "limit"))


def _update_due(case: Case, now: datetime) -> datetime | None:
    """Return when the customer has to hear how a case stands; while it is resolved or closed, never."""
    terms = terms_of_case(case)
    rhythm = desk_of(terms).updates.get(case.priority)
    waits = case.state != State.CLOSED and case.held_for != HeldFor.CONFIRMATION
    since = keep_update(case, is_due=rhythm is not None and waits, now=now)
    if terms is None or rhythm is None or since is None:
        return None
    return span_after(terms, since, rhythm, desk_of(terms).updates_on)


def span_after(terms: Agreement, start: datetime, span: Duration | Days, calendar: str) -> datetime:
    """Return when a length of time is over that began at an instant."""
    if isinstance(span, Days):
        return end_of_days(terms, start, span)
    return calendar_of(terms, calendar).due(start, span.seconds)


def close_by(case: Case, resolved_at: datetime) -> datetime:
    """Return when a resolved case is closed that nobody rejects."""
    terms = terms_of_case(case)
    after = desk_of(terms).confirmed_after
    if terms is None:
        return resolved_at + timedelta(days=7)
    return span_after(terms, resolved_at, after, "always")
