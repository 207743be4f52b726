"""Records that another app of the house leaves behind."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from makegood.engine.evidence.records import AnyRecord
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.operations.receiving import tell_of_evidence
from makegood.platform.evidence.intake.operations.stating import append
from makegood.platform.evidence.intake.operations.vaults import writing


@transaction.atomic
def keep_records(
    *, contract: Contract, records: Sequence[AnyRecord], key: str, name: str, who: str, now: datetime
) -> Batch:
    """Put what an app found into the vault of a contract, once for each key.

    Records that are there already stay as they are: whoever died after the vault had taken them may come again.

    :raises VaultBusy: if somebody else has the vault for too long
    """
    with writing(contract) as vault:
        before = Batch.objects.filter(contract=contract, key=key).first()
        if before is not None:
            return before
        accepted = append(vault, list(records), now=now)
        made = Batch.objects.create(
            contract=contract,
            key=key,
            source=records[0].source,
            name=name[:300],
            sha256=hashlib.sha256("".join(each.digest for each in records).encode()).hexdigest(),
            records=len(records),
            known=accepted.known,
            entry=vault.head,
            received_at=now,
            received_by=who[:200],
        )
    tell_of_evidence(contract)
    return made
