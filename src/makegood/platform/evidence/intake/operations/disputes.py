"""Disputes: a party says that a record is wrong, and the other side decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from makegood.engine.agreement.schedule import after, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import outcomes_of, version_for
from makegood.engine.evidence.canonical import NotEvidence
from makegood.engine.evidence.records import Gauge, State
from makegood.engine.vocabulary.period import Period
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Dispute, Remark
from makegood.platform.evidence.intake.operations.decisions import right_instead, write_at_once
from makegood.platform.evidence.intake.operations.sides import (
    SPEAKERS,
    UnableToTakeEvidence,
    agreement_of,
    other_side,
    person_of,
    side_of,
)
from makegood.platform.evidence.intake.queries import disputable_until, open_vault
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer
from makegood.vault.known import KnownRecords, Standing
from makegood.vault.vault import Vault


class TooLateToDispute(UnableToTakeEvidence):
    def __init__(self, *, period: str, until: datetime) -> None:
        super().__init__(f"{period} could be disputed until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


@operation("raise dispute", about="contract")
def raise_dispute(
    *,
    contract: Contract,
    period: str,
    outcome: str,
    record_id: str,
    reason: str,
    by: Viewer,
    now: datetime,
    instead: Mapping[str, object] | None = None,
) -> Dispute:
    """Say that a record on which a verdict rests is wrong, and if something else is right, what.

    ``record_id`` names the record as the verdict does, and ``instead`` has the form of records. The other side has as
    long to answer as there is to raise a dispute.

    :raises TooLateToDispute: if the agreement's time for it is over
    """
    side = side_of(contract, by, *SPEAKERS)
    person = person_of(by)
    agreement = agreement_of(contract)
    found = _period(agreement, period)
    if outcome not in outcomes_of(agreement):
        raise UnableToTakeEvidence(f"{outcome or 'this'} is no outcome of the agreement")
    if not reason.strip():
        raise UnableToTakeEvidence("say what is wrong")
    until = disputable_until(contract=contract, period=found)
    if now > until:
        raise TooLateToDispute(period=period, until=until)
    _refuse_unknown(contract, record_id, instead)
    terms = version_for(agreement, found)
    made = Dispute.objects.create(
        contract=contract,
        period=period,
        outcome=outcome,
        record=record_id,
        reason=reason.strip(),
        instead=instead,
        raised_by_id=person,
        raised_for_id=side,
        raised_at=now,
        answer_by=after(terms, now, terms.closing.dispute_within),
    )
    _told(made, "raise dispute", by, now)
    return made


@operation("remark", about="dispute")
def remark(*, dispute: Dispute, text: str, by: Viewer, now: datetime) -> Remark:
    """Say something about a dispute that is open."""
    side = side_of(dispute.contract, by, *SPEAKERS)
    if not text.strip():
        raise UnableToTakeEvidence("write what you want to say")
    if dispute.state != Dispute.State.OPEN:
        raise UnableToTakeEvidence(f"this dispute was {dispute.get_state_display()}; nothing is added to it any more")
    made = Remark.objects.create(
        dispute=dispute, person_id=person_of(by), organisation_id=side, text=text.strip(), written_at=now
    )
    _told(dispute, "remark", by, now)
    return made


def decide_dispute(*, dispute: Dispute, accept: bool, decision: str, by: Viewer, now: datetime) -> Dispute:
    """Accept or reject what the other side disputes, with a sentence; what is accepted corrects the evidence."""
    decided = _decided(dispute=dispute, accept=accept, decision=decision, by=by, now=now)
    write_at_once(contract=decided.contract, now=now)
    decided.refresh_from_db()
    return decided


@operation("decide dispute", about="dispute")
def _decided(*, dispute: Dispute, accept: bool, decision: str, by: Viewer, now: datetime) -> Dispute:
    found = Dispute.objects.select_for_update(of=("self",)).select_related("contract").get(pk=dispute.pk)
    side = side_of(found.contract, by, *SPEAKERS)
    if side == found.raised_for_id:
        raise UnableToTakeEvidence("the other side decides about this dispute")
    if found.state != Dispute.State.OPEN:
        raise UnableToTakeEvidence(f"this dispute was {found.get_state_display()} before")
    if not decision.strip():
        raise UnableToTakeEvidence("say why you decide so")
    found.state = Dispute.State.ACCEPTED if accept else Dispute.State.REJECTED
    found.decision = decision.strip()
    found.decided_by_id = person_of(by)
    found.decided_at = now
    found.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    _told(found, "decide dispute", by, now)
    return found


def _period(agreement: Agreement, label: str) -> Period:
    found = next((each for each in periods_of(agreement) if each.label == label), None)
    if found is None:
        raise UnableToTakeEvidence(f"{label or 'this'} is no period of the agreement")
    return found


def _refuse_unknown(contract: Contract, record_id: str, instead: Mapping[str, object] | None) -> None:
    """Refuse a dispute about nothing, or one whose record is none."""
    vault = open_vault(contract=contract)
    if vault is None or not _has(vault, record_id):
        raise UnableToTakeEvidence(f"there is no record {record_id}; copy its name from the verdict")
    if instead is not None:
        try:
            right_instead("0", instead)
        except NotEvidence as error:
            raise UnableToTakeEvidence(f"what is right instead is no record: {error}") from None


def _has(vault: Vault, record_id: str) -> bool:
    """Tell whether a vault has a record, from what it keeps of each source; of what probes mean all is read."""
    source, _, identifier = record_id.partition("#")
    (standing,) = KnownRecords(vault.path, flush=lambda: None).standing(source, [(identifier, bytes(32))])
    if standing is not Standing.NEW:
        return True
    return any(each.id == record_id for each in vault.records(kinds={State.kind, Gauge.kind}))


def _told(dispute: Dispute, did: str, by: Viewer, now: datetime) -> None:
    record(
        by=by,
        did=did,
        about=str(dispute.contract),
        now=now,
        organisation=other_side(dispute.contract, by.house),
        dispute=dispute.pk,
        state=dispute.state,
    )
