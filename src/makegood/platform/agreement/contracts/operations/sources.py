"""Declaring where evidence is to come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.agreement.contracts.models import Contract, Source
from makegood.platform.agreement.contracts.operations.checks import in_one_line, other_party, refuse_others
from makegood.platform.agreement.contracts.operations.refusals import UnableToContract
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer


@operation("declare source", about="contract")
def declare_source(
    *, contract: Contract, name: str, reports: Sequence[str], by: Viewer, now: datetime
) -> tuple[Source, ...]:
    """Say where evidence is to come from: a name, and what it reports, as the measures of the agreement call it.

    :raises UnableToContract: if the name is empty, or nothing that it reports
    """
    refuse_others(by, contract)
    named, reported = in_one_line(name), [each for each in dict.fromkeys(map(in_one_line, reports)) if each]
    if not named or max(map(len, [named, *reported])) > 200 or not reported:
        raise UnableToContract(_("Name the source, and say what it reports."), organisation=other_party(contract).pk)
    found = tuple(
        Source.objects.get_or_create(
            contract=contract, name=named, reports=each, defaults={"declared_by_id": by.person, "declared_at": now}
        )[0]
        for each in reported
    )
    record(
        by=by,
        did="declare source",
        about=contract.slug,
        now=now,
        organisation=other_party(contract).pk,
        name=named,
        reports=reported,
    )
    return found


@operation("drop source", about="source")
def drop_source(*, source: Source, by: Viewer, now: datetime) -> None:
    """Take back that evidence is to come from a source; what came from it stays."""
    refuse_others(by, source.contract)
    about, contract = str(source), source.contract
    source.delete()
    record(
        by=by, did="drop source", about=about, now=now, organisation=other_party(contract).pk, contract=contract.slug
    )
