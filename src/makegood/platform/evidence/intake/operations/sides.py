"""For which side of a contract somebody acts, and what they may do there."""

from __future__ import annotations

from makegood.engine.agreement.terms import Agreement
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site, Viewer

SPEAKERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.SPONSOR, Role.MANAGER, Role.AFFILIATE)
"""Who speaks for a party."""


class UnableToTakeEvidence(Unable):
    """Nothing was taken, proposed or decided."""


class NotYours(UnableToTakeEvidence):
    """Somebody else has to do this."""


def side_of(contract: Contract, by: Viewer, *roles: Role) -> int:
    """Return the party of a contract that somebody speaks for by one of some roles.

    :raises NotYours: if they do not
    """
    seen = contracts(viewer=by).filter(pk=contract.pk).exists()
    side = by.house if by.site is Site.CONSOLE else other_side(contract, by.house)
    if not seen or not by.has(*roles, organisation=side):
        refusal = NotYours("your role does not include this; ask somebody of your organisation who may")
        refusal.organisation = other_side(contract, by.house) if seen else None
        raise refusal
    return side


def agreement_of(contract: Contract) -> Agreement:
    """Return the terms of a contract that is or was active.

    :raises UnableToTakeEvidence: if it never was
    """
    try:
        return terms_of(contract=contract)[1]
    except NotInForce:
        raise UnableToTakeEvidence("this agreement was never active; nothing is judged by it yet") from None


def person_of(by: Viewer) -> int:
    """Return who answers for what is said: whoever says it, or whoever made the key of a program that acts.

    :raises NotYours: if it is a program that does not act for anybody
    """
    if by.author is None:
        raise NotYours("a program cannot say this; it takes a person")
    return by.author


def other_side(contract: Contract, side: int) -> int:
    """Return the party that a side has to do with."""
    return contract.customer_id if contract.provider_id == side else contract.provider_id
