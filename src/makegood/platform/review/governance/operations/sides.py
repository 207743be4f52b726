"""For which side of a contract somebody acts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site, Viewer

SPEAKERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.SPONSOR, Role.MANAGER, Role.AFFILIATE)
"""Who speaks for a party."""


class UnableToGovern(Unable):
    """Nothing was kept, proposed or decided."""


def side_of(contract: Contract, by: Viewer, *roles: Role) -> int:
    """Return the party of a contract that somebody speaks for by one of some roles.

    :raises UnableToGovern: if they do not
    """
    seen = contracts(viewer=by).filter(pk=contract.pk).exists()
    side = by.house if by.site is Site.CONSOLE else other_side(contract, by.house)
    if not seen or by.author is None or not by.has(*roles, organisation=side):
        raise UnableToGovern(_("Your role does not include this; ask somebody of your organisation who may."))
    return side


def person_of(by: Viewer) -> int:
    """Return who answers for what is said.

    :raises UnableToGovern: if nobody does
    """
    if by.author is None:
        raise UnableToGovern(_("A program cannot say this; it takes a person."))
    return by.author


def other_side(contract: Contract, side: int) -> int:
    """Return the party that a side has to do with."""
    return contract.customer_id if contract.provider_id == side else contract.provider_id


def agreement_of(contract: Contract) -> Agreement:
    """Return the newest terms of a contract that is or was active.

    :raises UnableToGovern: if it never was
    """
    try:
        return newest(terms_of(contract=contract)[1])
    except NotInForce:
        raise UnableToGovern(_("This agreement was never active; there is nothing to govern yet.")) from None
