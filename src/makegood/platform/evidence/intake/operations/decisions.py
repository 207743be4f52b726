"""What was decided between the parties becomes evidence."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from makegood.engine.evidence.canonical import NotEvidence, evidence_of
from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import AnyRecord, Correction
from makegood.engine.evidence.records import Exclusion as ExclusionRecord
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import OURS, Dispute, Exclusion
from makegood.platform.evidence.intake.operations.receiving import tell_of_evidence
from makegood.platform.evidence.intake.operations.stating import append
from makegood.platform.evidence.intake.operations.vaults import VaultBusy, writing


@transaction.atomic
def write_decisions(*, contract: Contract, now: datetime) -> int:
    """Write into the vault what was decided and is not there yet; return how many decisions that were.

    A decision is committed before it is written, so that nothing gets into the vault that nobody decided. Whoever dies
    in between leaves it to the next call, which writes the same.
    """
    if not _unwritten(contract):
        return 0
    with writing(contract) as vault:
        found = _unwritten(contract)
        for each in found:
            records = _excluded(each) if isinstance(each, Exclusion) else _corrected(each)
            append(vault, records, now=now)
            each.entry = vault.head
            each.save(update_fields=["entry"])
    tell_of_evidence(contract)
    return len(found)


def write_at_once(*, contract: Contract, now: datetime) -> None:
    """Write what was decided; if somebody else is writing for long, it is written afterwards."""
    with suppress(VaultBusy):
        write_decisions(contract=contract, now=now)


def right_instead(dispute: str, plain: object) -> AnyRecord:
    """Return the record that is right instead of a disputed one, under an identifier of ours.

    :raises NotEvidence: if it is none
    """
    if not isinstance(plain, dict):
        raise NotEvidence("a record is an object with a kind")
    found = evidence_of({**plain, "source": OURS, "source_id": f"dispute-{dispute}-instead"})
    if isinstance(found, Probe):
        raise NotEvidence("a probe is corrected by a state")
    return found


def _unwritten(contract: Contract) -> list[Exclusion | Dispute]:
    exclusions = Exclusion.objects.filter(contract=contract, state=Exclusion.State.APPROVED, entry=None)
    disputes = Dispute.objects.filter(contract=contract, state=Dispute.State.ACCEPTED, entry=None)
    return [
        *exclusions.select_related("decided_by").order_by("pk"),
        *disputes.select_related("raised_for", "decided_by").order_by("pk"),
    ]


def _excluded(decided: Exclusion) -> list[AnyRecord]:
    return [
        ExclusionRecord(
            source=OURS,
            source_id=f"exclusion-{decided.pk}",
            cause=decided.cause,
            subject=decided.subject,
            start=decided.starts_at,
            end=decided.ends_at,
            announced_at=decided.announced_at,
            approved_by=str(decided.decided_by),
        )
    ]


def _corrected(decided: Dispute) -> list[AnyRecord]:
    source, _, identifier = decided.record.partition("#")
    correction = Correction(
        source=OURS,
        source_id=f"dispute-{decided.pk}",
        of=source,
        corrects=identifier,
        reason=decided.reason,
        by=decided.raised_for.slug,
        at=decided.raised_at,
        agreed_by=str(decided.decided_by),
    )
    instead = [] if decided.instead is None else [right_instead(str(decided.pk), decided.instead)]
    return [correction, *instead]
