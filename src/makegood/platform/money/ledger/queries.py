"""What was booked, for those who may see money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet, Sum

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.money.ledger.models import Account, Entry, Kind, Posting
from makegood.platform.tenancy.viewer import Viewer

_IN_CREDIT: Final = frozenset({Kind.DUE_TO_CUSTOMER, Kind.EARNED_BACK, Kind.BONUSES, Kind.BUDGET_ALLOWED})


@dataclass(frozen=True, slots=True)
class Balance:
    """How much there is of something, in minor units or minutes: due to the customer, credited, earned back…"""

    kind: Kind
    unit: str
    amount: int


def balances(*, viewer: Viewer, contract: Contract) -> list[Balance]:
    """Return what all bookings of a contract come to, each sum as its name says: what was earned back is positive."""
    if not _may_see(viewer, contract):
        return []
    found = Account.objects.filter(contract=contract).annotate(sum=Sum("postings__amount")).order_by("unit", "kind")
    return [Balance(Kind(each.kind), each.unit, _as_named(each)) for each in found]


def entries(*, viewer: Viewer, contract: Contract) -> QuerySet[Entry]:
    """Return what was booked for a contract in order, with its postings."""
    found = Entry.objects.filter(period__contract=contract).select_related("period")
    found = found.prefetch_related("postings__account")
    return found if _may_see(viewer, contract) else found.none()


@dataclass(frozen=True, slots=True)
class Budget:
    """Minutes of an error budget as they were booked with a statement: of an outcome ``for_period``."""

    outcome: str
    for_period: str
    allowed: int
    spent: int

    @property
    def left(self) -> int:
        """What could still have gone wrong; below nothing is what went wrong too long."""
        return self.allowed - self.spent


def budgets(*, viewer: Viewer, contract: Contract, run: int) -> list[Budget]:
    """Return the minutes that were booked with one statement; later statements have differences."""
    found = []
    for entry in entries(viewer=viewer, contract=contract).filter(cause__run=run, key__startswith="budget/"):
        booked = {each.account.kind: each.amount for each in entry.postings.all()}
        label, _, outcome = entry.cause["for"].partition("/")
        found.append(Budget(outcome, label, -booked[Kind.BUDGET_ALLOWED], booked[Kind.BUDGET_SPENT]))
    return found


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked of one kind in one period, in minor units; what the customer is due is positive."""

    period: str
    kind: Kind
    unit: str
    amount: int


def booked_by_period(*, viewer: Viewer, contract: Contract) -> list[Booked]:
    """Return what was booked in each period of a contract, by kind, without what it comes to for the customer."""
    if not _may_see(viewer, contract):
        return []
    found = Posting.objects.filter(account__contract=contract).exclude(account__kind=Kind.DUE_TO_CUSTOMER).order_by()
    rows = found.values_list("entry__period__label", "account__kind", "account__unit").annotate(Sum("amount"))
    return [Booked(period, Kind(kind), unit, amount) for period, kind, unit, amount in rows]


def booked_for(*, contract: Contract, kind: Kind) -> dict[str, list[int]]:
    """Return what was booked on an account by what it is ``for``, in order, for work that nobody looks at."""
    found: dict[str, list[int]] = defaultdict(list)
    postings = Posting.objects.filter(account__contract=contract, account__kind=kind, entry__cause__has_key="for")
    for cause, amount in postings.order_by("pk").values_list("entry__cause", "amount"):
        found[cause["for"]].append(amount)
    return found


def _may_see(viewer: Viewer, contract: Contract) -> bool:
    exists = contracts(viewer=viewer).filter(pk=contract.pk).exists()
    return exists and sees_money(viewer=viewer, contract=contract)


def _as_named(account: Account) -> int:
    sum_: int = getattr(account, "sum") or 0  # noqa: B009  # it is annotated
    return -sum_ if account.kind in _IN_CREDIT else sum_
