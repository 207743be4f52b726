"""Verdicts, for those who may see them; money only for those who may see money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from makegood.engine.agreement.shapes import TARGET, Target, Unit
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.periods.models import Period, PeriodState
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_MONEY = frozenset(Role) - {Role.ENGINEER, Role.USER}
_SECOND = timedelta(seconds=1)


def sees_money(*, viewer: Viewer, contract: Contract) -> bool:
    """Tell whether somebody may see what a contract that exists for them costs, credits and earns."""
    if viewer.site is None or (viewer.scopes is not None and "money:read" not in viewer.scopes):
        return False
    side = {Site.CONSOLE: viewer.house, Site.PORTAL: contract.customer_id, Site.PARTNER: contract.provider_id}
    return viewer.has(*_MONEY, organisation=side[viewer.site])


def latest_verdicts(
    *, viewer: Viewer, contract: Contract | None = None, period: Period | None = None, only_open: bool = False
) -> list[Verdict]:
    """Return the verdicts that count: of a period, a contract or all, by contract, period and outcome.

    ``credit`` and ``credit_form`` are None for those who may not see money.
    """
    found = _seen(viewer).filter(latest__isnull=False)
    if contract is not None:
        found = found.filter(period__contract=contract)
    if period is not None:
        found = found.filter(period=period)
    if only_open:
        found = found.filter(period__state=PeriodState.OPEN)
    return _shown(found.order_by("period__contract", "period__starts_at", "outcome"), viewer)


def verdict(*, viewer: Viewer, pk: int) -> Verdict | None:
    """Return a verdict, if it exists for a viewer."""
    return next(iter(_shown(_seen(viewer).filter(pk=pk), viewer)), None)


def earlier_verdicts(*, viewer: Viewer, verdict: Verdict) -> list[Verdict]:
    """Return how an outcome of a period was seen before, the latest first."""
    found = _seen(viewer).filter(period=verdict.period, outcome=verdict.outcome, pk__lt=verdict.pk)
    return _shown(found.order_by("-pk"), viewer)


@dataclass(frozen=True, slots=True)
class Burn:
    """How much of what may go wrong in a period has gone wrong, and what comes of it if it goes on like this.

    ``missed`` are seconds, cases or events up to now, and ``allowed`` those of the whole period; ``used`` is the share
    of them, None if none are allowed. ``elapsed`` is the share of the period that is over. ``will_meet`` tells whether
    the target is met if the rest goes like this, and ``runs_out_at`` when nothing more may go wrong.
    """

    used: Ratio | None
    elapsed: Ratio
    missed: Ratio
    allowed: Ratio
    will_meet: bool
    runs_out_at: datetime | None


def burn_and_forecast(*, verdict: Verdict, now: datetime) -> Burn | None:
    """Return how the allowed misses of a verdict are used up, where a target allows a number of them.

    Of a share of at least 99.9 % one thousandth may go wrong: of as much as the whole period will have, if the rest of
    it is as busy as until now. Of a count of at most three, three may. Other targets allow nothing that can be counted.
    """
    period, target = verdict.period, _target(verdict)
    if period.ends_at is None or target is None or verdict.form["value"] is None:
        return None
    whole = period.ends_at - period.starts_at
    over = min(max(now - period.starts_at, _SECOND), whole)
    elapsed, value = Ratio(over // _SECOND, whole // _SECOND), Ratio.parse(verdict.form["value"])
    found = _missed_and_allowed(verdict, target, value, elapsed)
    if found is None:
        return None
    missed, allowed = found
    at_the_end = value if target.level.unit is Unit.SHARE else value / elapsed
    share = allowed * elapsed / missed if missed else None
    runs_out_at = period.starts_at + (share * (whole // _SECOND)).floor() * _SECOND if share and share < 1 else None
    used = missed / allowed if allowed else None
    return Burn(used, elapsed, missed, allowed, target.is_met_by(at_the_end), runs_out_at)


def _target(verdict: Verdict) -> Target | None:
    """Return the target of a verdict, if it is one that allows a number of misses."""
    try:
        target = TARGET.read(verdict.form["target"])
    except ValueError:
        return None  # a time
    return None if target.is_exact else target


def _missed_and_allowed(verdict: Verdict, target: Target, value: Ratio, elapsed: Ratio) -> tuple[Ratio, Ratio] | None:
    """Return what went wrong, and how much of that the target allows in the whole period."""
    good, total, level = verdict.form["good"], verdict.form["total"], target.level.value
    if target.level.unit is Unit.NUMBER:
        return None if target.higher_is_better else (value, level)
    missed = Ratio(total - good)
    wrong, tolerated = (1 - value, 1 - level) if target.higher_is_better else (value, level)
    if not total or missed / total != wrong:  # a share of slices, or one with weights
        return None
    return missed, tolerated * total / elapsed


def _seen(viewer: Viewer) -> QuerySet[Verdict]:
    """Return the verdicts that exist for a viewer."""
    seen = contracts(viewer=viewer)
    if viewer.scopes is not None and "verdicts:read" not in viewer.scopes:
        seen = seen.none()
    found = Verdict.objects.filter(period__contract__in=seen)
    return found.select_related("period__contract__provider", "period__contract__customer")


def _shown(found: Iterable[Verdict], viewer: Viewer) -> list[Verdict]:
    """Return verdicts without money for those who may not see any."""
    shown = list(found)
    for each in shown:
        if not sees_money(viewer=viewer, contract=each.period.contract):
            each.credit, each.credit_form = None, None
    return shown
