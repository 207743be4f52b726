"""Claims, for the provider and for the affiliate that answers; customers see none."""

from __future__ import annotations

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.money.claims.models import Claim
from makegood.platform.tenancy.viewer import Site, Viewer

_FOR_AFFILIATES = ("own_outcome", "own_credit", "claim", "deadline")


def claims(*, viewer: Viewer, contract: Contract | None = None) -> list[Claim]:
    """Return the claims for credits of a contract that was sold, or by one that was bought, or all; the latest first.

    An affiliate sees what was claimed from it, and nothing of what was sold to whom.
    """
    if viewer.site not in (Site.CONSOLE, Site.PARTNER):
        return []
    found = Claim.objects.filter(underpinning__in=contracts(viewer=viewer))
    found = found.select_related("underpinning__provider", "underpinning__customer", "period__contract")
    if viewer.site is Site.PARTNER:
        found = found.exclude(state=Claim.State.OPEN)
    if contract is not None:
        found = found.filter(underpinning=contract) | found.filter(period__contract=contract)
    return [_shown(each, viewer) for each in found if sees_money(viewer=viewer, contract=each.underpinning)]


def _shown(claim: Claim, viewer: Viewer) -> Claim:
    if viewer.site is Site.PARTNER:
        claim.form = {name: claim.form[name] for name in _FOR_AFFILIATES}
        claim.outcome = claim.form["own_outcome"] or claim.outcome
    return claim
