"""Bringing an agreement into force, wherever it was asked for."""

from __future__ import annotations

from datetime import datetime

from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.agreement.contracts.operations import activate_contract
from makegood.platform.evidence.intake.events import EVIDENCE_ARRIVED
from makegood.platform.jobs import enqueue
from makegood.platform.judging.periods.queries import closed_labels
from makegood.platform.tenancy.viewer import Viewer


def bring_into_force(*, contract: Contract, by: Viewer, now: datetime) -> Version:
    """Activate the offered version, and have the evidence that waited for it judged."""
    made = activate_contract(contract=contract, by=by, now=now, closed=closed_labels(contract=contract))
    enqueue(EVIDENCE_ARRIVED, once=f"{EVIDENCE_ARRIVED}: {contract.pk}", contract=contract.pk)
    return made
