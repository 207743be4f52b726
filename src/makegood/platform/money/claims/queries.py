"""Claims and what comes of them, for the provider and for the affiliate that answers; customers see none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.money.claims.models import Claim, Recovery
from makegood.platform.money.settlement.queries import credited
from makegood.platform.tenancy.viewer import Site, Viewer

_FOR_AFFILIATES = ("own_outcome", "own_credit", "claim", "deadline")
_LIVE = (Claim.State.ACCEPTED, Claim.State.MADE, Claim.State.OPEN, Claim.State.REFUSED)


def claims(*, viewer: Viewer, contract: Contract | None = None) -> list[Claim]:
    """Return the claims for credits of a contract that was sold, or by one that was bought, or all; the latest first.

    An affiliate sees what was claimed from it, and nothing of what was sold to whom.
    """
    if viewer.site not in (Site.CONSOLE, Site.PARTNER):
        return []
    found = Claim.objects.filter(recovery__underpinning__in=contracts(viewer=viewer))
    found = found.select_related(
        "recovery__underpinning__provider", "recovery__underpinning__customer", "recovery__period__contract"
    )
    if viewer.site is Site.PARTNER:
        found = found.exclude(state=Claim.State.OPEN)
    if contract is not None:
        found = found.filter(recovery__underpinning=contract) | found.filter(recovery__period__contract=contract)
    return [_shown(each, viewer) for each in found if sees_money(viewer=viewer, contract=each.recovery.underpinning)]


@dataclass(slots=True)
class Recovered:
    """What came back of the credits of one contract, in minor units: ``caused`` by affiliates, of which ``open`` can
    still be claimed, ``made`` waits for an answer, and ``received`` was accepted or is in their statements; each cent
    is in one of the three.

    ``over`` was claimed and is not owed any more.
    """

    contract: Contract
    currency: str
    caused: int = 0
    open: int = 0
    made: int = 0
    received: int = 0
    over: int = 0

    @property
    def kept(self) -> int:
        """What stays with the provider, because agreements with affiliates do not pay it or they refused."""
        return max(self.caused - self.open - self.made - self.received, 0)

    @property
    def rate(self) -> Ratio | None:
        """The share of what affiliates caused that came back; None if they caused nothing."""
        return Ratio(self.received, self.caused) if self.caused else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands beside others: what ``others`` claim of the same own credits, and what of it is there:
    ``in_statements`` of the affiliate without being asked, and ``received`` in any way.
    """

    others: int
    in_statements: int
    received: int


@dataclass(slots=True)
class _Purse:
    """The own credits of one agreement: what its statements credit, and what claims of each state draw."""

    credited: dict[str, int]
    drawn: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def standings(*, seen: Sequence[Claim]) -> dict[int, Standing]:
    """Return how claims that somebody sees stand, by their key."""
    every = Claim.objects.filter(recovery__underpinning__in={each.recovery.underpinning_id for each in seen})
    purses: dict[int, _Purse] = {}
    found = {}
    for claim in sorted(every.select_related("recovery__underpinning"), key=_in_turn):
        underpinning = claim.recovery.underpinning
        purse = purses.setdefault(underpinning.pk, _Purse(credited(contract=underpinning)))
        in_statements = sum(_from_statements(purse, claim).values())
        received = claim.amount if claim.state == Claim.State.ACCEPTED else in_statements
        found[claim.pk] = in_statements, received
        purse.drawn[claim.state].update(claim.drawn)
    asked = {pk: _asked(purse) for pk, purse in purses.items()}
    return {
        each.pk: Standing(_others(each, asked[each.recovery.underpinning_id]), *found[each.pk])
        for each in seen
        if each.pk in found
    }


def recovered(*, viewer: Viewer) -> list[Recovered]:
    """Return what came back of the credits of each contract that affiliates caused, those that lack most first."""
    seen = claims(viewer=viewer)
    if viewer.site is not Site.CONSOLE:
        return []
    rows = Recovery.objects.filter(underpinning__in=contracts(viewer=viewer)).select_related(
        "period__contract__customer", "underpinning"
    )
    sums: dict[int, Recovered] = {}
    for row in rows:
        if sees_money(viewer=viewer, contract=row.underpinning):
            contract = row.period.contract
            sums.setdefault(contract.pk, Recovered(contract, row.currency)).caused += row.caused
    stands = standings(seen=seen)
    for claim in seen:
        sum_ = sums[claim.recovery.period.contract_id]
        received = stands[claim.pk].received
        sum_.received += received
        sum_.over += claim.over
        sum_.open += claim.amount - received if claim.state == Claim.State.OPEN else 0
        sum_.made += claim.amount - received if claim.state == Claim.State.MADE else 0
    shown = [each for each in sums.values() if each.caused or each.received or each.over]
    return sorted(shown, key=lambda each: (each.received - each.caused, each.contract.pk))


def _shown(claim: Claim, viewer: Viewer) -> Claim:
    if viewer.site is Site.PARTNER:
        claim.form = {name: claim.form[name] for name in _FOR_AFFILIATES}
        claim.recovery.outcome = claim.form["own_outcome"] or claim.recovery.outcome
    return claim


def _in_turn(claim: Claim) -> tuple[int, int]:
    """Return whose turn it is to be met by what statements credit: what was accepted first, then what waits."""
    return _LIVE.index(Claim.State(claim.state)), claim.pk


def _from_statements(purse: _Purse, claim: Claim) -> dict[str, int]:
    """Return what of a claim the affiliate's own statements credit, after those whose turn came before."""
    drawn_before = sum(purse.drawn.values(), Counter())
    left = {name: purse.credited.get(name, 0) - drawn_before[name] for name in claim.drawn}
    return {name: min(max(left[name], 0), part) for name, part in claim.drawn.items()}


def _asked(purse: _Purse) -> Counter[str]:
    """Return what is asked of each own credit, by claims that were not refused."""
    return sum((each for state, each in purse.drawn.items() if state != Claim.State.REFUSED), Counter())


def _others(claim: Claim, asked: Counter[str]) -> int:
    mine = claim.drawn if claim.state != Claim.State.REFUSED else {}
    return sum(asked[name] - mine.get(name, 0) for name in claim.drawn)
