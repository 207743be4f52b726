"""The relationship with a customer in four steps, what was expected of it, and how it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from makegood.engine.agreement.shapes import LEVEL, Level, Target
from makegood.engine.agreement.versions import newest, outcomes_of
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract, ContractState
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import verdicts_over_time
from makegood.platform.review.governance.models import Baseline, Cost, ExpectedValue, Measurement, Minutes
from makegood.platform.review.governance.queries.duties import duties
from makegood.platform.review.governance.queries.roadmap import components, roadmap
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Role, Site, Viewer

READERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR)
"""Who of the provider sees what customers pay and expect."""


class Progress(StrEnum):
    """How far a step is."""

    TO_DO = "TO_DO"
    BEGUN = "BEGUN"
    DONE = "DONE"


class Lack(StrEnum):
    """What is missing for a step to be done."""

    COSTS = "COSTS"
    MEASUREMENT = "MEASUREMENT"
    EXPECTED_VALUE = "EXPECTED_VALUE"
    AGREEMENT = "AGREEMENT"
    ACTIVATION = "ACTIVATION"
    ROADMAP = "ROADMAP"
    ARCHITECTURE = "ARCHITECTURE"
    DUTIES = "DUTIES"
    MEETING = "MEETING"


class Better(StrEnum):
    """How a value compares with the one before."""

    BETTER = "BETTER"
    SAME = "SAME"
    WORSE = "WORSE"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps, what is missing, and the agreement that it is missing at."""

    number: int
    progress: Progress
    missing: tuple[Lack, ...]
    contract: Contract | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured before the work began, and what was found last of the promise that it is compared with."""

    measurement: Measurement
    shown: str
    verdict: Verdict | None
    better: Better | None


def costs(*, viewer: Viewer, customer: Organisation) -> QuerySet[Cost]:
    """Return what the customer pays today, for those of the provider who see money."""
    return Cost.objects.filter(customer__in=_readable(viewer, customer), ended_at=None).select_related("customer")


def expected_values(*, viewer: Viewer, customer: Organisation) -> QuerySet[ExpectedValue]:
    """Return what outcomes are expected to be worth, for those of the provider who see money."""
    found = ExpectedValue.objects.filter(customer__in=_readable(viewer, customer), ended_at=None)
    return found.select_related("customer")


def measurements(*, viewer: Viewer, customer: Organisation) -> QuerySet[Measurement]:
    """Return what was measured before the work began, for the provider and the customer."""
    seen = organisations(viewer=viewer).filter(pk=customer.pk, is_house=False)
    mine = seen if viewer.site in {Site.CONSOLE, Site.PORTAL} else seen.none()
    return Measurement.objects.filter(customer__in=mine).select_related("customer", "contract", "taken_by")


def by_year(kept: Iterable[Cost | ExpectedValue]) -> list[tuple[str, int]]:
    """Return what costs or values come to in a year, by currency."""
    sums: dict[str, int] = defaultdict(int)
    for each in kept:
        sums[each.currency] += each.amount
    return sorted(sums.items())


def comparable(*, viewer: Viewer, customer: Organisation) -> list[tuple[Contract, str]]:
    """Return the outcomes that measurements can be compared with: those of agreements that are or were in force."""
    found = []
    for contract in contracts(viewer=viewer).filter(customer=customer):
        with suppress(NotInForce):
            found += [(contract, each) for each in newest(terms_of(contract=contract)[1]).outcomes]
    return found


def comparisons(*, viewer: Viewer, customer: Organisation) -> list[Comparison]:
    """Return each measurement with the value that was found last of the promise that it is compared with."""
    known: dict[int, dict[str, tuple[Verdict, Target]]] = {}
    found = []
    for each in measurements(viewer=viewer, customer=customer):
        judged = None
        if each.contract is not None:
            if each.contract.pk not in known:
                known[each.contract.pk] = _judged(viewer, each.contract)
            judged = known[each.contract.pk].get(each.outcome)
        before = LEVEL.read(each.value)
        better = _compared(before, *judged) if judged is not None else None
        found.append(Comparison(each, str(before), judged[0] if judged is not None else None, better))
    return found


def relationship(*, viewer: Viewer, customer: Organisation, now: datetime) -> list[Step]:
    """Return the four steps with a customer and how far they are: evaluate, talk about value, agree, apply.

    There are none for whoever may not see what a customer pays, and none with the provider itself.
    """
    if not _readable(viewer, customer).exists():
        return []
    theirs = contracts(viewer=viewer).filter(customer=customer).exclude(state=ContractState.ENDED)
    kept = list(theirs.order_by("created_at", "pk"))
    active = [each for each in kept if each.state == ContractState.ACTIVE]
    return [
        _step(1, 2, _not_evaluated(viewer, customer)),
        _step(2, 1, [] if expected_values(viewer=viewer, customer=customer).exists() else [Lack.EXPECTED_VALUE]),
        _agreed(kept, active),
        _step(4, 4, _not_applied(viewer, customer, active, now), active[0] if active else None),
    ]


def _readable(viewer: Viewer, customer: Organisation) -> QuerySet[Organisation]:
    """Return the customer, if a viewer may see what it pays."""
    allowed = viewer.site is Site.CONSOLE and viewer.has(*READERS) and viewer.within("money:read")
    seen = organisations(viewer=viewer).filter(pk=customer.pk, is_house=False)
    return seen if allowed else seen.none()


def _step(number: int, parts: int, missing: Iterable[Lack], contract: Contract | None = None) -> Step:
    lacking = tuple(missing)
    begun = Progress.BEGUN if len(lacking) < parts else Progress.TO_DO
    return Step(number, begun if lacking else Progress.DONE, lacking, contract)


def _agreed(kept: list[Contract], active: list[Contract]) -> Step:
    if active:
        return Step(3, Progress.DONE, (), active[0])
    if kept:
        return Step(3, Progress.BEGUN, (Lack.ACTIVATION,), kept[0])
    return Step(3, Progress.TO_DO, (Lack.AGREEMENT,))


def _not_evaluated(viewer: Viewer, customer: Organisation) -> Iterator[Lack]:
    if not costs(viewer=viewer, customer=customer).exists():
        yield Lack.COSTS
    assessed = Baseline.objects.filter(contract__in=contracts(viewer=viewer).filter(customer=customer))
    if not measurements(viewer=viewer, customer=customer).exists() and not assessed.exists():
        yield Lack.MEASUREMENT


def _not_applied(viewer: Viewer, customer: Organisation, active: list[Contract], now: datetime) -> Iterator[Lack]:
    if not roadmap(viewer=viewer, customer=customer).exists():
        yield Lack.ROADMAP
    if not components(viewer=viewer, customer=customer).exists():
        yield Lack.ARCHITECTURE
    said = (each.mark for one in active for each in duties(viewer=viewer, contract=one, now=now))
    if not active or None in set(said):
        yield Lack.DUTIES
    if not Minutes.objects.filter(meeting__contract__in=active).exists():
        yield Lack.MEETING


def _judged(viewer: Viewer, contract: Contract) -> dict[str, tuple[Verdict, Target]]:
    """Return what was found last of each promise of an agreement, with its target."""
    promised = outcomes_of(terms_of(contract=contract)[1])
    return {
        each.outcome: (each, promised[each.outcome].target)
        for each in verdicts_over_time(viewer=viewer, contract=contract)
        if each.form["value"] is not None and each.outcome in promised
    }


def _compared(before: Level, verdict: Verdict, target: Target) -> Better | None:
    """Return whether a promise is better kept than before; nothing, if the two are not of the same unit."""
    if target.level.unit is not before.unit:
        return None
    value = Ratio.parse(verdict.form["value"])
    if value == before.value:
        return Better.SAME
    return Better.BETTER if (value > before.value) == target.higher_is_better else Better.WORSE
