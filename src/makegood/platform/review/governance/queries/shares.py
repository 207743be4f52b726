"""What each member of a service has of its value, for those who may see money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.value_shares import ValueShare
from makegood.engine.agreement.versions import version_for
from makegood.engine.money.value_shares import MemberShare, member_shares
from makegood.engine.vocabulary.times import zone
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class SharedValue:
    """A value that members share in a period: the term, and what each of them has."""

    name: str
    share: ValueShare
    members: tuple[MemberShare, ...]


@dataclass(frozen=True, slots=True)
class ValueShares:
    """The values that are shared in a period, among the ``labels`` of all periods that have begun, the latest first."""

    label: str
    labels: tuple[str, ...]
    values: tuple[SharedValue, ...]

    @property
    def members(self) -> list[str]:
        """The members of any of the values."""
        return sorted({each.member for one in self.values for each in one.members})


def shares_value(*, viewer: Viewer, contract: Contract) -> bool:
    """Tell whether any version of an agreement shares a value among members, for those who may see money."""
    if not _seen(viewer, contract):
        return False
    try:
        terms = terms_of(contract=contract)[1]
    except NotInForce:
        return False
    return any(each.value_shares for each in (terms, *terms.versions))


def value_shares(*, viewer: Viewer, contract: Contract, now: datetime, label: str = "") -> ValueShares | None:
    """Return what each member has of each value in a period, by default the latest that has begun.

    There is nothing of an agreement that shares no value, of a period that has not begun, and for those who may not
    see money.
    """
    if not shares_value(viewer=viewer, contract=contract):
        return None
    terms = terms_of(contract=contract)[1]
    today = now.astimezone(zone(terms.term.timezone)).date()
    begun = {each.label: each for each in reversed(periods_of(terms)) if each.first_day <= today}
    period = begun.get(label or next(iter(begun), ""))
    if period is None:
        return None
    members: dict[str, list[MemberShare]] = defaultdict(list)
    for each in member_shares(terms, period):
        members[each.scheme].append(each)
    agreed = version_for(terms, period).value_shares
    values = tuple(SharedValue(name, share, tuple(members[name])) for name, share in agreed.items())
    return ValueShares(period.label, tuple(begun), values)


def _seen(viewer: Viewer, contract: Contract) -> bool:
    found = contracts(viewer=viewer).filter(pk=contract.pk).exists()
    return found and sees_money(viewer=viewer, contract=contract)
