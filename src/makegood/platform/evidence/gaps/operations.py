"""Noting what is missing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.gaps.models import Gap
from makegood.platform.evidence.intake.queries import coverage_board
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Role, Site, Viewer


@transaction.atomic
def note_gaps(*, contract: Contract, now: datetime) -> list[Gap]:
    """Note what is missing of what an agreement asks for, and forget what is not missing any more."""
    Contract.objects.select_for_update().get(pk=contract.pk)  # two at once would note the same gap twice
    by = Viewer("the schedule", house().pk, roles={house().pk: frozenset({Role.OWNER})}, site=Site.CONSOLE)
    missing = {
        (each.what[:200], each.source[:200]): each
        for each in coverage_board(viewer=by, contract=contract, now=now)
        if each.missing_since is not None
    }
    noted = []
    for (what, source), each in missing.items():
        said = {"outcomes": list(each.outcomes), "since": each.missing_since, "noted_at": now}
        noted.append(Gap.objects.update_or_create(contract=contract, what=what, source=source, defaults=said)[0])
    Gap.objects.filter(contract=contract).exclude(pk__in=[each.pk for each in noted]).delete()
    return noted
