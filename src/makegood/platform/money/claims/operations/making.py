"""Claiming, and the affiliate's answer."""

from __future__ import annotations

from datetime import datetime

from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations.booking import book_claims
from makegood.platform.money.claims.operations.finding import lock
from makegood.platform.money.claims.operations.refusals import UnableToClaim
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer


@operation("make claim", about="claim")
def make_claim(*, claim: Claim, by: Viewer, now: datetime) -> Claim:
    """Claim from an affiliate what it owes."""
    held = _held(claim, by, Site.CONSOLE, Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING)
    if held.state != Claim.State.OPEN:
        raise UnableToClaim("this was claimed before")
    if held.claim_by is not None and now > held.claim_by:
        raise UnableToClaim(f"this could be claimed until {held.claim_by:%Y-%m-%d %H:%M} UTC")
    held.state, held.made_at = Claim.State.MADE, now
    held.save(update_fields=["state", "made_at"])
    _told("make claim", held, by, now)
    return held


@operation("answer claim", about="claim")
def answer_claim(*, claim: Claim, accept: bool, by: Viewer, now: datetime, answer: str = "") -> Claim:
    """Accept a claim, or refuse it with a sentence.

    What was accepted is booked as due to the provider, as far as the affiliate's own statements do not credit it.
    """
    held = _held(claim, by, Site.PARTNER, Role.AFFILIATE)
    if held.state != Claim.State.MADE:
        raise UnableToClaim("there is nothing to answer: this was not claimed, or was answered before")
    if not accept and not answer.strip():
        raise UnableToClaim("say why you refuse it")
    held.state = Claim.State.ACCEPTED if accept else Claim.State.REFUSED
    held.answered_at, held.answer = now, answer.strip()
    held.save(update_fields=["state", "answered_at", "answer"])
    if accept:
        book_claims(underpinning=held.recovery.underpinning, now=now, by=by)
    _told("answer claim", held, by, now)
    return held


def _held(claim: Claim, by: Viewer, site: Site, *roles: Role) -> Claim:
    """Return the claim as it is now, for nobody else until the transaction ends, if somebody may act on it."""
    underpinning = claim.recovery.underpinning
    side = by.house if site is Site.CONSOLE else underpinning.provider_id
    seen = contracts(viewer=by).filter(pk=underpinning.pk).exists()
    if by.site is not site or not seen or not by.has(*roles, organisation=side):
        raise UnableToClaim("your role does not include this; ask somebody of your organisation who may")
    lock([underpinning.pk])
    held = Claim.objects.select_related("recovery__underpinning", "recovery__period").filter(pk=claim.pk).first()
    if held is None:
        raise UnableToClaim("there is nothing to claim here any more, by what is known now")
    return held


def _told(did: str, claim: Claim, by: Viewer, now: datetime) -> None:
    underpinning = claim.recovery.underpinning
    record(
        by=by,
        did=did,
        about=str(underpinning),
        now=now,
        organisation=underpinning.provider_id,
        claim=claim.pk,
        amount=claim.amount,
        currency=claim.currency,
        state=claim.state,
    )
