"""Which agreements a rota staffs; whether it leaves holes is told to the agreement after every change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.operations import drop_staffing, keep_staffing
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.on_call.models import Cover, Rota
from makegood.platform.evidence.on_call.operations.refusals import UnableToPlan, going, refuse_others
from makegood.platform.evidence.on_call.queries import holes_ahead
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer


@operation("assign rota", about="contract")
def assign_rota(*, rota: Rota, contract: Contract, by: Viewer, now: datetime) -> Cover:
    """Let a rota staff an agreement.

    :raises UnableToPlan: if ``by`` may not, or it does so already
    """
    refuse_others(by)
    held = going(rota)
    if not contracts(viewer=by).filter(pk=contract.pk).exists():
        raise UnableToPlan(_("There is no such agreement for you."))
    if Cover.objects.filter(rota=held, contract=contract, released_at=None).exists():
        raise UnableToPlan(_("This rota staffs the agreement already."))
    made = Cover.objects.create(rota=held, contract=contract, since=now)
    refresh(held, now)
    _told("assign rota", made, by, now)
    return made


@operation("release rota", about="contract")
def release_rota(*, rota: Rota, contract: Contract, by: Viewer, now: datetime) -> None:
    """Let a rota no longer staff an agreement.

    :raises UnableToPlan: if ``by`` may not, or it does not staff it
    """
    refuse_others(by)
    found = Cover.objects.filter(rota=rota, contract=contract, released_at=None).select_related("rota", "contract")
    cover = found.first()
    if cover is None:
        raise UnableToPlan(_("This rota does not staff the agreement."))
    release_all(found, now)
    _told("release rota", cover, by, now)


@transaction.atomic
def refresh(rota: Rota, now: datetime) -> None:
    """Tell the agreements that a rota staffs when it has nobody on call."""
    covers = list(Cover.objects.filter(rota=rota, released_at=None).select_related("contract"))
    uncovered = holes_ahead(rota=rota, now=now) if covers else ()
    for each in covers:
        keep_staffing(contract=each.contract, number=rota.pk, rota=rota.name, uncovered=uncovered, now=now)


def refresh_staffing(*, now: datetime, person: int | None = None) -> int:
    """Tell all agreements anew, or those whose rotas a person may be on; return how many rotas were looked at."""
    found = Rota.objects.filter(ended_at=None, pk__in=Cover.objects.filter(released_at=None).values("rota"))
    if person is not None:
        found = found.filter(pk__in=_rotas_with(person))
    for each in found:
        refresh(each, now)
    return len(found)


def release_all(covers: QuerySet[Cover], now: datetime) -> None:
    """Take rotas back from agreements."""
    for each in list(covers):
        drop_staffing(contract=each.contract, number=each.rota_id)
        each.released_at = now
        each.save(update_fields=["released_at"])


def _rotas_with(person: int) -> QuerySet[Rota]:
    return Rota.objects.filter(layers__turns__person=person) | Rota.objects.filter(overrides__person=person)


def _told(did: str, cover: Cover, by: Viewer, now: datetime) -> None:
    about = cover.contract.provider_id if cover.contract.customer_id == by.house else cover.contract.customer_id
    record(
        by=by,
        did=did,
        about=cover.contract.slug,
        now=now,
        organisation=about,
        rota=cover.rota.name,
        number=cover.rota_id,
    )
