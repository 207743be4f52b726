"""Bundles: what was settled, sealed in one file that anyone can verify."""

from __future__ import annotations

from pathlib import Path

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import activated, chain_until, contracts
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Viewer
from makegood.vault.book import Book
from makegood.vault.bundle import Manifest, write_bundle
from makegood.vault.settling import closed_account


class NothingSettled(Unable):
    def __init__(self) -> None:
        super().__init__("nothing of this agreement was settled yet; there is a bundle as soon as a period is closed")


class NotForYou(Unable):
    def __init__(self) -> None:
        super().__init__("a bundle shows money; ask somebody of your organisation who may see it")


def make_bundle(*, viewer: Viewer, contract: Contract, to: Path) -> Manifest:
    """Write agreement, evidence, verdicts, credits and book of a contract into a file, and return its manifest.

    ``makegood verify`` reads nothing but this file and reaches the same cent; ``seal`` of the manifest is told apart
    from it, so that the file cannot be exchanged on the way.

    :raises NothingSettled: if no period was closed yet
    :raises NotForYou: if the viewer may not see money
    """
    exists = contracts(viewer=viewer).filter(pk=contract.pk).exists()
    if not exists or not sees_money(viewer=viewer, contract=contract):
        raise NotForYou
    chain, vault = chain_until(activated(contract=contract)), open_vault(contract=contract)
    if vault is None or chain is None or chain.agreement is None:
        raise NothingSettled
    agreement = chain.agreement
    book = Book.open(vault, agreement.agreement)
    if not book.runs:
        raise NothingSettled
    return write_bundle(
        to,
        document=chain.documents[-1],
        agreement=agreement,
        vault=vault,
        book=book,
        earlier=chain.documents[:-1],
        seen=closed_account(agreement=agreement, vault=vault, book=book),
    )
