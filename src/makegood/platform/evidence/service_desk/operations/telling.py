"""Telling the customer how a case stands: each time a small case of its own, as evidence of the promise to tell."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from makegood.engine.evidence.records import Transition
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations import keep_records
from makegood.platform.evidence.service_desk.events import STEPS_WRITTEN
from makegood.platform.evidence.service_desk.models import SOURCE, Case, UnsentUpdate, Update
from makegood.platform.jobs import enqueue

KIND: Final = "update"
"""What an agreement calls such cases, as in ``cases: update``."""
OPENED: Final = "opened"
RESOLVED: Final = "resolved"
_AT_ONCE: Final = 20_000


def keep_update(case: Case, *, is_due: bool, now: datetime) -> datetime | None:
    """End the time in which a customer has to hear how a case stands, or begin another; return when it began.

    It runs while ``is_due``, from the opening of the case, and again from each time that the customer was told. Only
    agreements ask for it: a case without one never is.
    """
    last = Update.objects.filter(case=case).order_by("-id").first()
    told = case.told_at
    if last is None:
        return _begin(case, 1, max(told or case.opened_at, case.opened_at), now) if is_due else None
    was_told = told is not None and told > last.at
    if last.word == RESOLVED:
        return _begin(case, last.number + 1, now, now) if is_due else None
    if is_due and not was_told:
        return last.at
    ended = told if was_told and told is not None else max(case.resolved_at or case.closed_at or now, last.at)
    _write(case, last.number, RESOLVED, ended, now)
    return _begin(case, last.number + 1, ended, now) if is_due else None


@transaction.atomic
def send_some_updates(*, contract: Contract, now: datetime) -> int:
    """Put what is known of updates into the vault of a contract, once; return how much it was."""
    waiting = UnsentUpdate.objects.select_for_update(skip_locked=True).filter(contract=contract).order_by("pk")
    updates = [each.update for each in waiting.select_related("update__case")[:_AT_ONCE]]
    if not updates:
        return 0
    keep_records(
        contract=contract,
        records=[transition_of(each) for each in updates],
        key=f"desk-updates-{updates[0].pk}-{updates[-1].pk}-{len(updates)}",
        name=SOURCE,
        who=SOURCE,
        now=now,
    )
    UnsentUpdate.objects.filter(pk__in=[each.pk for each in updates]).delete()
    return len(updates)


def transition_of(update: Update) -> Transition:
    """Return as evidence that an update began or ended."""
    case = update.case
    return Transition(
        source=SOURCE,
        source_id=f"{case.pk}-{KIND}-{update.number:06}-{update.word}",
        case=f"{case.name}-{KIND}-{update.number}",
        of=KIND,
        state=update.word,
        at=update.at,
        observed_at=update.written_at,
        priority=update.priority,
        labels=(("service", case.service),) if case.service else (),
    )


def _begin(case: Case, number: int, at: datetime, now: datetime) -> datetime:
    _write(case, number, OPENED, at, now)
    return at


def _write(case: Case, number: int, word: str, at: datetime, now: datetime) -> None:
    made = Update.objects.create(
        case=case, number=number, word=word, at=at, priority=case.priority, written_at=max(now, at)
    )
    UnsentUpdate.objects.create(update=made, contract_id=case.contract_id)  # type: ignore[misc]  # it has one
    enqueue(STEPS_WRITTEN, once=f"{STEPS_WRITTEN}: {case.contract_id}", contract=case.contract_id)
