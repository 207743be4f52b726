"""Scope changes: proposed by one side with their price, decided by the other, and put into a version."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.agreement.contracts.queries import versions
from makegood.platform.review.governance.models import Decision, ScopeChange
from makegood.platform.review.governance.operations.sides import (
    SPEAKERS,
    UnableToGovern,
    agreement_of,
    other_side,
    person_of,
    side_of,
)
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

MOST = 10**15


@operation("propose scope change", about="contract")
def propose_change(*, contract: Contract, text: str, amount: int, by: Viewer, now: datetime) -> ScopeChange:
    """Propose a change of what is in scope; ``amount`` is its effect on the monthly price in minor units."""
    side = side_of(contract, by, *SPEAKERS)
    if not text.strip():
        raise UnableToGovern(_("Say what changes."))
    if abs(amount) > MOST:
        raise UnableToGovern(_("This price is too large."))
    made = ScopeChange.objects.create(
        contract=contract,
        text=text.strip(),
        amount=amount,
        currency=agreement_of(contract).money.currency,
        proposed_by_id=person_of(by),
        proposed_for_id=side,
        proposed_at=now,
    )
    _told("propose scope change", made, by, now)
    return made


@operation("decide scope change", about="change")
def decide_change(*, change: ScopeChange, approve: bool, by: Viewer, now: datetime) -> ScopeChange:
    """Approve or refuse what the other side proposed."""
    held = ScopeChange.objects.select_for_update(of=("self",)).select_related("contract").get(pk=change.pk)
    if side_of(held.contract, by, *SPEAKERS) == held.proposed_for_id:
        raise UnableToGovern(_("The other side decides about this change."))
    if held.state != Decision.PROPOSED:
        raise UnableToGovern(_("This change was decided before."))
    held.state = Decision.APPROVED if approve else Decision.REFUSED
    held.decided_by_id, held.decided_at = person_of(by), now
    held.save(update_fields=["state", "decided_by", "decided_at"])
    _told("decide scope change", held, by, now)
    return held


@operation("put change into version", about="change")
def put_into_version(*, change: ScopeChange, version: Version, by: Viewer, now: datetime) -> ScopeChange:
    """Say which version of the agreement has an approved change in it."""
    held = ScopeChange.objects.select_for_update(of=("self",)).select_related("contract").get(pk=change.pk)
    side_of(held.contract, by, Role.OWNER, Role.SERVICE_MANAGER)
    seen = versions(viewer=by, contract=held.contract).filter(pk=version.pk).exists()
    if by.site is not Site.CONSOLE or not seen:
        raise UnableToGovern(_("There is no such version of this agreement."))
    if held.state != Decision.APPROVED:
        raise UnableToGovern(_("Only an approved change is put into a version."))
    held.version = version
    held.save(update_fields=["version"])
    _told("put change into version", held, by, now)
    return held


def _told(did: str, change: ScopeChange, by: Viewer, now: datetime) -> None:
    record(
        by=by,
        did=did,
        about=str(change.contract),
        now=now,
        organisation=other_side(change.contract, by.house),
        contract=change.contract.slug,
        change=change.pk,
        state=change.state,
    )
