"""Exclusions: time that is not to count, proposed by one side and decided by the other."""

from __future__ import annotations

from datetime import datetime

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Exclusion
from makegood.platform.evidence.intake.operations.decisions import write_at_once
from makegood.platform.evidence.intake.operations.sides import (
    SPEAKERS,
    UnableToTakeEvidence,
    agreement_of,
    other_side,
    person_of,
    side_of,
)
from makegood.platform.evidence.intake.queries import causes
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Viewer


@operation("propose exclusion", about="contract")
def propose_exclusion(
    *,
    contract: Contract,
    cause: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: Viewer,
    now: datetime,
    subject: str = "",
    announced_at: datetime | None = None,
) -> Exclusion:
    """Propose that a time does not count, for a ``cause`` of the agreement and one ``subject`` or all.

    The proposal announces it to the other side, unless it was announced before; that other side decides.
    """
    side = side_of(contract, by, *SPEAKERS, Role.ENGINEER)
    person = person_of(by)
    known = causes(agreement_of(contract))
    if cause not in known:
        named = f"it has {', '.join(known)}" if known else "it has none"
        raise UnableToTakeEvidence(f"{cause or 'this'} is no cause that the agreement excludes: {named}")
    if ends_at <= starts_at:
        raise UnableToTakeEvidence("an exclusion ends after it starts")
    if announced_at is not None and announced_at > now:
        raise UnableToTakeEvidence("an announcement cannot lie in the future; leave it out if there was none")
    if not reason.strip():
        raise UnableToTakeEvidence("say why this time should not count")
    made = Exclusion.objects.create(
        contract=contract,
        cause=cause,
        subject=subject.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        announced_at=announced_at or now,
        proposed_by_id=person,
        proposed_for_id=side,
        proposed_at=now,
    )
    record(
        by=by,
        did="propose exclusion",
        about=str(contract),
        now=now,
        organisation=other_side(contract, by.house),
        exclusion=made.pk,
        cause=cause,
    )
    return made


def decide_exclusion(*, exclusion: Exclusion, approve: bool, by: Viewer, now: datetime) -> Exclusion:
    """Approve or refuse what the other side proposed; what is approved becomes evidence."""
    decided = _decided(exclusion=exclusion, approve=approve, by=by, now=now)
    write_at_once(contract=decided.contract, now=now)
    decided.refresh_from_db()
    return decided


@operation("decide exclusion", about="exclusion")
def _decided(*, exclusion: Exclusion, approve: bool, by: Viewer, now: datetime) -> Exclusion:
    found = Exclusion.objects.select_for_update(of=("self",)).select_related("contract").get(pk=exclusion.pk)
    side = side_of(found.contract, by, *SPEAKERS)
    if side == found.proposed_for_id:
        raise UnableToTakeEvidence("the other side decides about this exclusion")
    if found.state != Exclusion.State.PROPOSED:
        raise UnableToTakeEvidence(f"this exclusion was {found.get_state_display()} before")
    found.state = Exclusion.State.APPROVED if approve else Exclusion.State.REFUSED
    found.decided_by_id = person_of(by)
    found.decided_at = now
    found.save(update_fields=["state", "decided_by", "decided_at"])
    record(
        by=by,
        did="decide exclusion",
        about=str(found.contract),
        now=now,
        organisation=other_side(found.contract, by.house),
        exclusion=found.pk,
        state=found.state,
    )
    return found
