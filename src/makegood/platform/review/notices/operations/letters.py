"""Mails about what was done: to those who must answer, and to those who wait for an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from makegood.platform.evidence.intake.models import Dispute
from makegood.platform.evidence.intake.queries import disputes, exclusions
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.queries import claims
from makegood.platform.review.notices.models import Kind
from makegood.platform.review.notices.operations.governed import GOVERNED
from makegood.platform.review.notices.operations.writing import moment, priced, shortened, write_to
from makegood.platform.review.notices.queries import everything, other_party, readers
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role

MONEY: Final = (Role.BILLING, Role.OWNER)
"""Who of the house hears of claims."""


def _dispute_raised(entry: Entry, now: datetime) -> None:
    dispute = _dispute(entry)
    if dispute is not None and dispute.state == Dispute.State.OPEN:
        _about(dispute, Kind.DISPUTE_RAISED, other_party(dispute.contract, dispute.raised_for), now)


def _remark(entry: Entry, now: datetime) -> None:
    dispute = _dispute(entry)
    said = [each for each in dispute.remarks.all() if each.written_at <= entry.at] if dispute is not None else []
    if dispute is not None and said:
        last = said[-1]
        words = {"who": last.person.name, "remark": shortened(last.text)}
        _about(dispute, Kind.DISPUTE_REMARK, other_party(dispute.contract, last.organisation), now, **words)


def _dispute_decided(entry: Entry, now: datetime) -> None:
    dispute = _dispute(entry)
    if dispute is not None:
        words = {"accepted": dispute.state == Dispute.State.ACCEPTED, "decision": shortened(dispute.decision)}
        _about(dispute, Kind.DISPUTE_DECIDED, dispute.raised_for, now, **words)


def _about(dispute: Dispute, kind: Kind, party: Organisation, now: datetime, **words: object) -> None:
    """Write about a dispute to those who speak for a party."""
    contract = dispute.contract
    for each in readers(contract=contract, organisation=party):
        write_to(
            each,
            kind,
            title=contract.title,
            page=("dispute", contract.slug, dispute.pk),
            now=now,
            period=dispute.period,
            outcome=dispute.outcome,
            reason=shortened(dispute.reason),
            raiser=dispute.raised_for.name,
            until=moment(dispute.answer_by),
            **words,
        )


def _exclusion_proposed(entry: Entry, now: datetime) -> None:
    _exclusion(entry, now, Kind.EXCLUSION_PROPOSED)


def _exclusion_decided(entry: Entry, now: datetime) -> None:
    _exclusion(entry, now, Kind.EXCLUSION_DECIDED)


def _exclusion(entry: Entry, now: datetime, kind: Kind) -> None:
    found = exclusions(viewer=everything()).filter(pk=entry.details["exclusion"]).first()
    if found is None:
        return
    contract, mine = found.contract, found.proposed_for
    party = mine if kind == Kind.EXCLUSION_DECIDED else other_party(contract, mine)
    for each in readers(contract=contract, organisation=party):
        write_to(
            each,
            kind,
            title=contract.title,
            page=("exclusions", contract.slug),
            now=now,
            proposer=mine.name,
            cause=found.cause.replace("_", " "),
            first=moment(found.starts_at),
            last=moment(found.ends_at),
            reason=shortened(found.reason),
            approved=found.state == "APPROVED",
        )


def _claim_made(entry: Entry, now: datetime) -> None:
    claim = _claim(entry)
    if claim is not None and claim.state == Claim.State.MADE:
        contract = claim.recovery.underpinning
        outcome = claim.form.get("own_outcome") or claim.recovery.outcome
        for each in readers(contract=contract, organisation=contract.provider):
            write_to(
                each,
                Kind.CLAIM_MADE,
                title=contract.title,
                page=("claims",),
                now=now,
                outcome=outcome,
                amount=priced(each, claim.amount, claim.currency),
            )


def _claim_answered(entry: Entry, now: datetime) -> None:
    claim = _claim(entry)
    if claim is not None:
        contract = claim.recovery.underpinning
        for each in readers(contract=contract, organisation=contract.customer, roles=MONEY):
            write_to(
                each,
                Kind.CLAIM_ANSWERED,
                title=contract.title,
                page=("claims",),
                now=now,
                affiliate=contract.provider.name,
                outcome=claim.recovery.outcome,
                amount=priced(each, claim.amount, claim.currency),
                accepted=claim.state == Claim.State.ACCEPTED,
                answer=shortened(claim.answer),
            )


def _dispute(entry: Entry) -> Dispute | None:
    found = disputes(viewer=everything()).filter(pk=entry.details["dispute"])
    return found.select_related("contract__provider", "contract__customer", "raised_for").first()


def _claim(entry: Entry) -> Claim | None:
    return next((each for each in claims(viewer=everything()) if each.pk == entry.details["claim"]), None)


LETTERS: Final[dict[str, Callable[[Entry, datetime], None]]] = {
    "raise dispute": _dispute_raised,
    "remark": _remark,
    "decide dispute": _dispute_decided,
    "propose exclusion": _exclusion_proposed,
    "decide exclusion": _exclusion_decided,
    "make claim": _claim_made,
    "answer claim": _claim_answered,
    **GOVERNED,
}
"""By what the trail says was done: the mails that follow."""
