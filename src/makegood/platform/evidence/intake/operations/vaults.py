"""Writing into the vault of a contract, one at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeVar

from django.db import OperationalError, connection, transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations.sides import UnableToTakeEvidence
from makegood.platform.evidence.intake.queries import vault_folder
from makegood.vault.layout import FORMAT_FILE
from makegood.vault.refusals import UnableToUseVault, VaultInUse
from makegood.vault.vault import Vault

PATIENCE: Final = 30
"""For so many seconds a writer waits for another."""

_T = TypeVar("_T")
_LOCKS: Final = 7_001  # whatever else takes advisory locks has another number
_log = logging.getLogger(__name__)


class VaultBusy(UnableToTakeEvidence):
    def __init__(self) -> None:
        super().__init__("somebody else is writing evidence of this agreement; try again in a minute")


class VaultUnusable(UnableToTakeEvidence):
    def __init__(self) -> None:
        super().__init__("the evidence of this agreement cannot be written now; tell whoever runs this installation")


@contextmanager
def writing(contract: Contract) -> Iterator[Vault]:
    """Give the vault of a contract, made if there is none; until the end of the transaction nobody else has it.

    :raises VaultBusy: if somebody else has it for too long
    :raises VaultUnusable: if it is damaged, or the disk does not take it; the log says why
    """
    _lock(contract)
    try:
        folder = vault_folder(contract)
        yield Vault.open(folder) if (folder / FORMAT_FILE).exists() else Vault.create(folder)
    except VaultInUse as refusal:
        raise VaultBusy from refusal
    except UnableToUseVault as refusal:
        _log.exception("the vault of contract %s cannot be used", contract.pk)
        raise VaultUnusable from refusal


def compact_vault(*, contract: Contract, now: datetime) -> tuple[int, int] | None:
    """Seal what lies in the log of a vault and merge its segments; return how many there were, and how many are left.

    What was accepted, and what follows from it, stays the same; only fewer files have to be read for it. Whoever dies
    on the way leaves a vault that is whole, and the next call goes on. None without a vault, or if it is in use.
    """
    if not (vault_folder(contract) / FORMAT_FILE).exists():
        return None
    try:
        return _compacted(contract, now)
    except VaultBusy:
        return None  # somebody is writing; tomorrow is early enough


@transaction.atomic
def _compacted(contract: Contract, now: datetime) -> tuple[int, int]:
    with writing(contract) as vault:
        before = len(vault.segments())
        with vault.writer(now=now) as writer:
            writer.seal()
            writer.compact()
        return before, len(vault.segments())


def patiently(call: Callable[[], _T]) -> _T:
    """Return what a call returns, and wait if another program, such as the command line, is writing to the vault."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except VaultInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _lock(contract: Contract) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE}s"])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, contract.pk])
        except OperationalError as error:
            raise VaultBusy from error
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
