"""Receivers: setting up where one tool posts evidence of a contract."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from secrets import token_bytes, token_urlsafe
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine.evidence.document import read_mapping
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Receiver, Scheme
from makegood.platform.evidence.intake.operations.sides import UnableToTakeEvidence, other_side, person_of, side_of
from makegood.platform.sealing import sealed, sealed_anew
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
MOST_RECEIVERS: Final = 20
_OVERLAP: Final = timedelta(hours=24)


@operation("make receiver", about="name")
def make_receiver(
    *, contract: Contract, name: str, scheme: str, mapping: str, rows: str, by: Viewer, now: datetime
) -> tuple[Receiver, str]:
    """Set up an address for a tool that posts JSON, and return it with its secret, which is shown this once.

    :raises UnableToTakeEvidence: if ``by`` may not, or the name is taken, or the mapping has findings
    """
    _refuse_others(contract, by)
    named = " ".join(name.split())
    if not named or len(named) > 100:
        raise UnableToTakeEvidence(_("Name the tool that will send, in at most 100 characters."))
    present = Receiver.objects.filter(contract=contract, ended_at=None)
    if present.filter(name=named).exists():
        raise UnableToTakeEvidence(_("There is a receiver of this name already; end it, or give another name."))
    if present.count() >= MOST_RECEIVERS:
        raise UnableToTakeEvidence(_("An agreement has at most %d receivers; end one first.") % MOST_RECEIVERS)
    secret = _secret(scheme)
    made = Receiver.objects.create(
        contract=contract,
        name=named,
        token=token_urlsafe(32),
        scheme=Scheme(scheme),
        secret=sealed(secret),
        mapping=_checked(mapping),
        rows=rows.strip(),
        created_by_id=person_of(by),
        created_at=now,
    )
    _told("make receiver", made, by, now, scheme=scheme)
    return made, secret


@operation("change receiver", about="receiver")
def change_receiver(*, receiver: Receiver, mapping: str, rows: str, by: Viewer, now: datetime) -> Receiver:
    """Let what comes to a receiver be read otherwise from now on."""
    held = _held(receiver, by)
    held.mapping, held.rows = _checked(mapping), rows.strip()
    held.save(update_fields=["mapping", "rows"])
    _told("change receiver", held, by, now)
    return held


@operation("rotate secret of receiver", about="receiver")
def rotate_receiver(*, receiver: Receiver, by: Viewer, now: datetime) -> str:
    """Give a receiver a new secret and return it; for a day the one before counts as well."""
    held = _held(receiver, by)
    secret = _secret(held.scheme)
    held.earlier_secret, held.earlier_until, held.secret = held.secret, now + _OVERLAP, sealed(secret)
    held.save(update_fields=["secret", "earlier_secret", "earlier_until"])
    _told("rotate secret of receiver", held, by, now)
    return secret


@operation("end receiver", about="receiver")
def end_receiver(*, receiver: Receiver, by: Viewer, now: datetime) -> Receiver:
    """End a receiver: nothing is found at its address from this moment."""
    held = _held(receiver, by)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    _told("end receiver", held, by, now)
    return held


@transaction.atomic
def seal_receivers_anew() -> int:
    """Seal the secrets of all receivers with the first key, and return how many could be opened."""
    number = 0
    for each in Receiver.objects.select_for_update().order_by("pk"):
        secret = sealed_anew(each.secret)
        if secret is None:
            continue
        each.secret, each.earlier_secret = secret, each.earlier_secret and sealed_anew(each.earlier_secret)
        each.save(update_fields=["secret", "earlier_secret"])
        number += 1
    return number


def _secret(scheme: str) -> str:
    if scheme not in Scheme.values:
        raise UnableToTakeEvidence(_("Choose how the tool shows that it is the one."))
    return "whsec_" + b64encode(token_bytes(24)).decode() if scheme == Scheme.STANDARD else token_urlsafe(32)


def _checked(mapping: str) -> str:
    if not mapping.strip():
        return ""
    document = read_mapping(mapping)
    if document.mapping is None:
        named = "; ".join(str(each) for each in document.findings[:5])
        raise UnableToTakeEvidence(_("The mapping has findings: %s") % named)
    if document.mapping.lookups:
        raise UnableToTakeEvidence(_("A mapping with lookups needs its files beside it; a receiver has none."))
    return mapping


def _refuse_others(contract: Contract, by: Viewer) -> None:
    side_of(contract, by, *KEEPERS)
    if by.site is not Site.CONSOLE:
        raise UnableToTakeEvidence(_("Receivers are set up by the provider."))


def _held(receiver: Receiver, by: Viewer) -> Receiver:
    _refuse_others(receiver.contract, by)
    held = Receiver.objects.select_for_update(of=("self",)).select_related("contract").get(pk=receiver.pk)
    if held.ended_at is not None:
        raise UnableToTakeEvidence(_("This receiver has ended."))
    return held


def _told(did: str, receiver: Receiver, by: Viewer, now: datetime, **details: Any) -> None:
    organisation = other_side(receiver.contract, by.house)
    about = f"{receiver.contract.slug}: {receiver.name}"
    record(by=by, did=did, about=about, now=now, organisation=organisation, number=receiver.pk, **details)
