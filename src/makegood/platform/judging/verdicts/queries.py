"""Verdicts, for those who may see them; money only for those who may see money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db.models import Count, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from makegood.engine.agreement.shapes import TARGET, Target, Unit
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.periods.models import Period, PeriodState
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_MONEY = frozenset(Role) - {Role.ENGINEER, Role.USER}
_SECOND = timedelta(seconds=1)
NEARLY: Final = Ratio(9, 10)
"""From this share of what may go wrong on, a promise is in danger."""
_OF_BURN = ("target", "value", "good", "total")


class Between(Protocol):
    """What there is between a provider and a customer: a contract, or a case under it."""

    @property
    def provider_id(self) -> int: ...

    @property
    def customer_id(self) -> int: ...


def sees_money(*, viewer: Viewer, contract: Between) -> bool:
    """Tell whether somebody may see what a contract that exists for them costs, credits and earns."""
    if viewer.site is None or (viewer.scopes is not None and "money:read" not in viewer.scopes):
        return False
    side = {Site.CONSOLE: viewer.house, Site.PORTAL: contract.customer_id, Site.PARTNER: contract.provider_id}
    return viewer.has(*_MONEY, organisation=side[viewer.site])


def latest_verdicts(
    *, viewer: Viewer, contract: Contract | None = None, period: Period | None = None, only_open: bool = False
) -> list[Verdict]:
    """Return the verdicts that count: of a period, a contract or all, by contract, period and outcome.

    ``credit`` and ``credit_form`` are None for those who may not see money. The records are left where they are.
    """
    found = _seen(viewer).filter(latest__isnull=False).defer("records")
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


def ruling_before(*, viewer: Viewer, verdict: Verdict) -> str | None:
    """Return how an outcome of a period was ruled before a verdict; None if it is the first."""
    found = _seen(viewer).filter(period=verdict.period, outcome=verdict.outcome, pk__lt=verdict.pk)
    return found.order_by("-pk").values_list("ruling", flat=True).first()


def earlier_verdicts(*, viewer: Viewer, verdict: Verdict) -> list[Verdict]:
    """Return how an outcome of a period was seen before, the latest first."""
    found = _seen(viewer).filter(period=verdict.period, outcome=verdict.outcome, pk__lt=verdict.pk)
    return _shown(found.order_by("-pk"), viewer)


def running_verdicts(*, viewer: Viewer, now: datetime, among: Collection[int] | None = None) -> list[Verdict]:
    """Return the latest verdicts of the periods that run now, of all contracts or those ``among`` some.

    Many are read at once, so their ``form`` has only what ``burn_and_forecast`` asks for.
    """
    found = _seen(viewer).filter(latest__isnull=False, period__state=PeriodState.OPEN)
    found = found.filter(period__starts_at__lte=now, period__ends_at__gt=now)
    if among is not None:
        found = found.filter(period__contract__in=among)
    return _shown(_brief(found.order_by("period__contract", "outcome")), viewer)


@dataclass(slots=True)
class Endangered:
    """How many promises of a contract are ``missed`` in the running period as it looks now, or ``heading`` there."""

    missed: int = 0
    heading: int = 0


def endangered(*, viewer: Viewer, now: datetime) -> dict[int, Endangered]:
    """Return the contracts with promises that are missed in the period that runs now, or heading there, by their key.

    A share that is met has used no more of what may go wrong than is over of the period, so it is looked at more
    closely near the end only.
    """
    found = _seen(viewer).filter(latest__isnull=False, period__state=PeriodState.OPEN)
    found = found.filter(period__starts_at__lte=now, period__ends_at__gt=now).order_by("period__contract")
    counts: dict[int, Endangered] = defaultdict(Endangered)
    for contract in found.filter(ruling=Verdict.Ruling.MISSED).values_list("period__contract", flat=True):
        counts[contract].missed += 1
    met = found.filter(ruling=Verdict.Ruling.MET)
    for each in _brief(met.filter(pk__in=_to_look_at(met, now)), "period"):
        burn = burn_and_forecast(verdict=each, now=now)
        if burn is not None and burn.nearly_used:
            counts[each.period.contract_id].heading += 1
    return dict(counts)


def verdicts_over_time(
    *, viewer: Viewer, contract: Contract, outcome: str | None = None, until: Period | None = None
) -> list[Verdict]:
    """Return the verdicts that count of one outcome or of all, by period, up to one of them.

    Many are read at once, so their ``form`` has only what ``burn_and_forecast`` asks for.
    """
    found = _seen(viewer).filter(latest__isnull=False, period__contract=contract)
    if outcome is not None:
        found = found.filter(outcome=outcome)
    if until is not None:
        found = found.filter(period__starts_at__lte=until.starts_at)
    return _shown(_brief(found.order_by("period__starts_at", "outcome")), viewer)


def rulings(*, viewer: Viewer, contract: Contract) -> dict[int, dict[str, int]]:
    """Return how often promises of a contract were met, missed and undecided, by period."""
    found = _seen(viewer).filter(latest__isnull=False, period__contract=contract)
    counts: dict[int, dict[str, int]] = {}
    for period, ruling, number in found.order_by().values_list("period", "ruling").annotate(Count("pk")):
        counts.setdefault(period, dict.fromkeys(Verdict.Ruling.values, 0))[ruling] = number
    return counts


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

    @property
    def nearly_used(self) -> bool:
        """Whether it will be missed if it goes on like this, or nearly all that may go wrong has gone wrong."""
        return not self.will_meet or (self.used is not None and self.used >= NEARLY)

    @property
    def sentence(self) -> str:
        """How it stands and where it is heading, in the language that is active."""
        if self.used is None:
            standing = _("Nothing may go wrong.") if not self.missed else _("Nothing may go wrong, and something has.")
        else:
            standing = _("%(used)s of what may go wrong is used; %(elapsed)s of the period is over.") % {
                "used": self.used.percent(0),
                "elapsed": self.elapsed.percent(0),
            }
        heading = _("It will be met if it goes on like this.")
        if not self.will_meet:
            heading = _("It will be missed if it goes on like this.")
        return f"{standing} {heading}"


def burn_and_forecast(*, verdict: Verdict, now: datetime) -> Burn | None:
    """Return how the allowed misses of a verdict are used up, where a target allows a number of them.

    Of a share of at least 99.9 % one thousandth may go wrong: of as much as the whole period will have, if the rest of
    it is as busy as until now. Of a count of at most three, three may. Other targets allow nothing that can be counted.
    """
    period, target = verdict.period, _target(verdict)
    if period.ends_at is None or target is None or verdict.form["value"] is None:
        return None
    whole = period.ends_at - period.starts_at
    over = min(max(min(now, verdict.judged_at) - period.starts_at, _SECOND), whole)
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


def _to_look_at(met: QuerySet[Verdict], now: datetime) -> list[int]:
    """Return those of some verdicts that may be in danger although they are met."""
    told = met.values_list("pk", "target", "period__starts_at", "period__ends_at")
    return [
        pk
        for pk, target, starts_at, ends_at in told
        if ends_at is not None
        and ("%" not in target or (now - starts_at) * NEARLY.denominator >= (ends_at - starts_at) * NEARLY.numerator)
    ]


def _brief(found: QuerySet[Verdict], *with_: str) -> Iterator[Verdict]:
    """Yield verdicts without what is long: of the form there is only what the burn follows from.

    ``with_`` are the rows that come with them, by default those of the queries.
    """
    brief = JSONObject(**{name: f"form__{name}" for name in _OF_BURN})
    found = found.select_related(None).select_related(*with_) if with_ else found
    for each in found.defer("form", "credit_form", "records").annotate(brief=brief):
        each.form, each.credit_form, each.records = each.brief, None, []
        yield each


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
            each.credit, each.credit_form, each.claim = None, None, None
    return shown
