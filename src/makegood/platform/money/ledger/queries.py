"""What was booked, for those who may see money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet, Sum

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.money.ledger.models import Account, Entry, Kind
from makegood.platform.tenancy.viewer import Viewer

_IN_CREDIT: Final = frozenset({Kind.DUE_TO_CUSTOMER, Kind.EARNED_BACK, Kind.BONUSES})


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


def _may_see(viewer: Viewer, contract: Contract) -> bool:
    exists = contracts(viewer=viewer).filter(pk=contract.pk).exists()
    return exists and sees_money(viewer=viewer, contract=contract)


def _as_named(account: Account) -> int:
    sum_: int = getattr(account, "sum") or 0  # noqa: B009  # it is annotated
    return -sum_ if account.kind in _IN_CREDIT else sum_
