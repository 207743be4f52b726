"""Error budgets: how many minutes a promise allowed to go wrong in a closed period, and how many did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import version_for
from makegood.engine.judging.verdict import Judgement, Verdict
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.money.ledger.models import BUDGET_MINUTES, Kind
from makegood.platform.money.ledger.operations import Booking, Line
from makegood.platform.money.ledger.queries import booked_for

_MINUTE: Final = 60


def budget_bookings(
    *, contract: Contract, agreement: Agreement, judgements: Iterable[Judgement], run: int
) -> list[Booking]:
    """Return what to book so that the budgets of closed periods are as their verdicts have them.

    Of a promise such as 99.9 % of the agreed time the rest is allowed; what was down is spent. Whole minutes are
    booked, half a minute as one. What was booked before is left, and the difference is booked.
    """
    allowed_before = booked_for(contract=contract, kind=Kind.BUDGET_ALLOWED)
    spent_before = booked_for(contract=contract, kind=Kind.BUDGET_SPENT)
    found = []
    for judgement in judgements:
        for verdict in _with_budget(agreement, judgement):
            name = f"{judgement.period.label}/{verdict.outcome}"
            allowed, spent = _minutes(verdict)
            had = allowed_before.get(name, [])
            more = allowed + sum(had), spent - sum(spent_before.get(name, []))  # what is allowed stands on the right
            if any(more):
                number = len(had) + 1
                found.append(_booking(contract, name, number, *more, text=_text(verdict, allowed, spent), run=run))
    return found


def _with_budget(agreement: Agreement, judgement: Judgement) -> Iterator[Verdict]:
    """Yield the verdicts on time that was to be up, of one thing or of several together."""
    version = version_for(agreement, judgement.period)
    for verdict in judgement.verdicts:
        measure = version.outcomes[verdict.outcome].measure
        if isinstance(measure, Availability) and measure.users is None and _is_share(verdict):
            yield verdict


def _is_share(verdict: Verdict) -> bool:
    return verdict.target.higher_is_better and verdict.target.level.unit is Unit.SHARE


def _minutes(verdict: Verdict) -> tuple[int, int]:
    """Return how many minutes were allowed and how many are spent; without a verdict none are."""
    measured = verdict.measurement
    if measured.value is None:
        return 0, 0
    allowed = (1 - verdict.target.level.value) * measured.total / _MINUTE
    spent = Ratio(measured.total - measured.good, _MINUTE)
    return int(allowed.decimal(0)), int(spent.decimal(0))


def _booking(contract: Contract, name: str, number: int, allowed: int, spent: int, *, text: str, run: int) -> Booking:
    return Booking(
        key=f"budget/{contract.pk}/{name}/{number}",
        text=text,
        lines=(
            Line(Kind.BUDGET_ALLOWED, BUDGET_MINUTES, -allowed),
            Line(Kind.BUDGET_SPENT, BUDGET_MINUTES, spent),
            Line(Kind.BUDGET_LEFT, BUDGET_MINUTES, allowed - spent),
        ),
        cause={"for": name, "run": run},
    )


def _text(verdict: Verdict, allowed: int, spent: int) -> str:
    return f"{verdict.outcome} in {verdict.period.label}: {spent} of {allowed} minutes of the error budget are spent"
