"""What people state and find: values, and who caused what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import F

from makegood.engine.evidence.records import AnyRecord, Attribution, Statement
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import ever_active_contracts
from makegood.platform.evidence.intake.events import CAUSE_FOUND
from makegood.platform.evidence.intake.models import OURS, Batch
from makegood.platform.evidence.intake.operations.receiving import tell_of_evidence
from makegood.platform.evidence.intake.operations.sides import (
    SPEAKERS,
    NotYours,
    UnableToTakeEvidence,
    other_side,
    side_of,
)
from makegood.platform.evidence.intake.operations.vaults import patiently, writing
from makegood.platform.evidence.intake.queries import STATED, attributions_to
from makegood.platform.jobs import enqueue
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Viewer
from makegood.vault.vault import Vault
from makegood.vault.writer import Accepted


@operation("state value", about="contract")
def state_value(
    *, contract: Contract, subject: str, of: str, value: str, unit: str, at: datetime, by: Viewer, now: datetime
) -> Batch:
    """Keep a value that a person attests with their name; ``at`` is the moment for which it holds.

    Saying the same again changes nothing; to take something back takes a dispute.
    """
    side_of(contract, by, *SPEAKERS, Role.ENGINEER)
    if by.person is None:
        raise NotYours("a program cannot say this; it takes a person, who states it under their name")
    if at > now:
        raise UnableToTakeEvidence("a value is stated of a moment that has passed")
    form = Statement(
        source=OURS,
        source_id="?",
        subject=subject.strip(),
        of=of.strip(),
        value=_number(value),
        unit=unit,
        at=at,
        by=by.name,
    )
    return _kept(contract, form, f"{of} of {subject}: {value} {unit}".strip(), prefix=STATED, by=by, now=now)


@operation("attribute cause", about="contract")
def attribute(
    *,
    contract: Contract,
    party: str,
    share: str,
    by: Viewer,
    now: datetime,
    incident: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
) -> Batch:
    """Keep which share of an incident, or of what went wrong in a stretch, a party caused.

    What an affiliate caused is kept with the agreement by which it answers for that: customers do not see there who
    else is involved.
    """
    side_of(contract, by, Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
    try:
        form = Attribution(
            source=OURS,
            source_id="?",
            incident=incident.strip(),
            party=party,
            share=_number(share),
            by=by.name,
            start=start,
            end=end,
        )
    except ValueError as error:
        raise UnableToTakeEvidence(str(error)) from None
    what = incident or f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
    answers = _answering(contract, party)
    words = f"{party} caused {share} of {what}"
    made = _kept(answers, form, words, prefix=attributions_to(contract), by=by, now=now)
    enqueue(CAUSE_FOUND, once=f"{CAUSE_FOUND}: {contract.pk}", contract=contract.pk)
    return made


def keep_claim(*, contract: Contract, period: str, outcome: str, of: str, by: Viewer, now: datetime) -> Batch:
    """Keep that the credit of an outcome in a period is claimed, as evidence of the name that the agreement has for it.

    Who may claim what is not asked here. The first claim counts; saying it again changes nothing.
    """
    said = claim_key(period=period, outcome=outcome)
    form = Statement(
        source=OURS,
        source_id=said,
        subject=f"{period}/{outcome}",
        of=of,
        value=Ratio(1),
        unit="",
        at=now.replace(microsecond=0),
        by=by.name,
    )
    return _put(contract, form, f"{outcome} in {period} is claimed", key=said, did="claim credit", by=by, now=now)


def claim_key(*, period: str, outcome: str) -> str:
    """Return the key of the batch that holds the claim for an outcome in a period."""
    return f"claim-{period}/{outcome}"


def append(vault: Vault, records: list[AnyRecord], *, now: datetime) -> Accepted:
    """Put records into a vault; those that are there already stay as they are."""

    def appended() -> Accepted:
        with vault.writer(now=now) as writer:
            return writer.append(records)

    return patiently(appended)


def _answering(contract: Contract, party: str) -> Contract:
    """Return the contract by which a party answers for what it caused: this one, or that of an affiliate.

    What it caused before its contract ended it still answers for.
    """
    if party in (contract.provider.slug, contract.customer.slug):
        return contract
    theirs = ever_active_contracts().filter(customer=contract.provider, provider__slug=party)
    found = theirs.order_by(F("ended_at").desc(nulls_first=True), "pk").first()
    if found is None:
        raise UnableToTakeEvidence(f"there is no active agreement with {party or 'nobody'} by which it would answer")
    return found


def _kept(
    contract: Contract, form: Statement | Attribution, words: str, *, prefix: str, by: Viewer, now: datetime
) -> Batch:
    """Keep a record under the digest of what it says, so that the same is kept once."""
    said = f"{prefix}{form.digest[:24]}"
    did = "state value" if isinstance(form, Statement) else "attribute cause"
    return _put(contract, replace(form, source_id=said), words, key=said, did=did, by=by, now=now)


def _put(
    contract: Contract, form: Statement | Attribution, words: str, *, key: str, did: str, by: Viewer, now: datetime
) -> Batch:
    """Put a record into the vault as a batch of its own, unless its key was used before."""
    with writing(contract) as vault:
        before = Batch.objects.filter(contract=contract, key=key).first()
        if before is not None:
            return before
        accepted = append(vault, [form], now=now)
        made = Batch.objects.create(
            contract=contract,
            key=key,
            source=OURS,
            name=words[:300],
            sha256=form.digest,
            records=1,
            known=accepted.known,
            entry=vault.head,
            received_at=now,
            received_by=by.name[:200],
        )
    organisation = other_side(contract, by.house)
    record(by=by, did=did, about=str(contract), now=now, organisation=organisation, said=words)
    tell_of_evidence(contract)
    return made


def _number(text: str) -> Ratio:
    try:
        return Ratio.parse(text)
    except ValueError as error:
        raise UnableToTakeEvidence(str(error)) from None
