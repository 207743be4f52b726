"""Lists of cases: each with what is due next and what is at stake, for a page or a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from makegood.platform.evidence.service_desk.models import Case, Clock, QueuePlace
from makegood.platform.evidence.service_desk.queries import SOON, next_clocks, terms_of_digest
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.parts.files import Listed

_HEADS: Final = (
    "number",
    "title",
    "customer",
    "kind",
    "service",
    "priority",
    "state",
    "owner",
    "opened_at",
    "due_at",
    "limit",
    "outcome",
    "per_hour",
    "currency",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list: the ``clock`` that is due next, or was last; ``seconds`` are left, or gone by since.

    ``others_over`` are limits that are over besides that one.
    """

    case: Case
    clock: Clock | None
    seconds: int | None
    per_hour: int | None
    currency: str
    zone: str
    others_over: int = 0

    @property
    def over(self) -> bool:
        """Whether its next limit is over."""
        return self.seconds is not None and self.seconds < 0

    @property
    def soon(self) -> bool:
        """Whether its next limit is over within the hour."""
        return self.seconds is not None and 0 <= self.seconds <= SOON.total_seconds()


def rows_of(*, viewer: Viewer, cases: Sequence[Case], now: datetime) -> list[Row]:
    """Return the rows of some cases that a viewer sees, in their order; however many they are, one query is asked."""
    clocks = next_clocks(cases=cases)
    return [_row(viewer, each, clocks.get(each.pk, []), now) for each in cases]


def as_listed(rows: Iterable[Row]) -> Listed:
    """Return rows for a file."""
    return Listed(_HEADS, tuple(_cells(each) for each in rows))


def _row(viewer: Viewer, case: Case, clocks: list[Clock], now: datetime) -> Row:
    clock = _next(clocks, now)
    place: QueuePlace | None = getattr(case, "place", None)
    money = case.contract_id is not None and sees_money(viewer=viewer, contract=case)
    terms = terms_of_digest(case.version.digest) if case.version is not None else None
    return Row(
        case,
        clock,
        int((clock.due_at - now).total_seconds()) if clock is not None and clock.due_at is not None else None,
        place.per_hour if place is not None and money and place.per_hour else None,
        terms.money.currency if terms is not None else "",
        terms.term.timezone if terms is not None else "UTC",
        sum(each is not clock and _is_over(each, now) for each in clocks),
    )


def _next(clocks: list[Clock], now: datetime) -> Clock | None:
    """Return the clock whose limit is over next; if all are over, the one that was over first."""
    running = [each for each in clocks if each.state == Clock.State.RUNNING and each.due_at is not None]
    kept = [each for each in running if not _is_over(each, now)]
    return next(iter(kept or running), None)


def _is_over(clock: Clock, now: datetime) -> bool:
    """Tell whether a limit is over that still has to be met."""
    if clock.state != Clock.State.RUNNING or clock.due_at is None:
        return False
    return not clock.inside or clock.due_at <= now


def _cells(row: Row) -> tuple[object, ...]:
    case, clock = row.case, row.clock
    return (
        case.pk,
        case.title,
        case.customer.slug,
        case.kind,
        case.service,
        case.priority,
        f"{case.state} {case.held_for}".strip(),
        case.owner.name,
        case.opened_at,
        clock.due_at if clock is not None else None,
        clock.limit if clock is not None else "",
        clock.outcome if clock is not None else "",
        row.per_hour,
        row.currency if row.per_hour is not None else "",
    )
