"""Texts of contracts as they are understood: terms, chains of versions, and what to begin the next one with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache

from makegood.engine.agreement.chain import Chain, chain_of
from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.filling import filled
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.platform.agreement.contracts.models import Contract, Version, VersionState

FILE = "agreement.yaml"
"""What findings call the text of a contract."""


class NotInForce(Exception):
    """No text of the contract was ever in force."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(f"{contract.title} is not active")
        self.contract = contract


def terms_of(*, contract: Contract) -> tuple[Document, Agreement]:
    """Return the newest text that was activated, and the agreement with all its versions.

    :raises NotInForce: if there is none
    """
    chain = chain_until(activated(contract=contract))
    if chain is None or chain.agreement is None:
        raise NotInForce(contract)
    return chain.documents[-1], chain.agreement


def promises_of(*, contracts: Collection[Contract]) -> dict[int, dict[str, str]]:
    """Return what the newest texts in force promise in words, by contract and outcome."""
    texts: dict[int, list[Version]] = defaultdict(list)
    for each in Version.objects.filter(contract__in=contracts, state=VersionState.ACTIVE):
        texts[each.contract_id].append(each)
    chains = {contract: chain_until(found) for contract, found in texts.items()}
    return {
        contract: {name: each.promise or "" for name, each in chain.agreement.outcomes.items()}
        for contract, chain in chains.items()
        if chain is not None and chain.agreement is not None
    }


def activated(*, contract: Contract) -> list[Version]:
    """Return the versions that came into force or are about to, the first one first."""
    return list(Version.objects.filter(contract=contract, state=VersionState.ACTIVE))


def next_text(*, contract: Contract, today: date) -> str:
    """Return a text to begin the next version with: that in force, as an amendment from the next period on.

    Of a contract that was never active it is the last text that was written.
    """
    before = activated(contract=contract)
    agreement = readable(before[-1].text).agreement if before else None
    if agreement is None:
        last = Version.objects.filter(contract=contract).order_by("-pk").first()
        return last.text if last is not None else ""
    starts = (each.first_day for each in periods_of(agreement) if each.first_day > today)
    amends = {
        "amendment.version": str(len(before) + 1),
        "amendment.effective": next(starts, today + timedelta(days=1)).isoformat(),
        "amendment.amends": before[-1].digest,
    }
    if agreement.amendment is not None:
        return filled(before[-1].text, amends)
    said = ", ".join(f"{path.removeprefix('amendment.')}: {value}" for path, value in amends.items())
    return f"{before[-1].text.rstrip()}\n\namendment: {{{said}, reason: why}}\n"


def chain_until(texts: Iterable[Version]) -> Chain | None:
    """Return the chain that ends with the last of some versions; there is none of no versions."""
    written = tuple(each.text for each in texts)
    return _chain(written) if written else None


@lru_cache(maxsize=256)
def readable(text: str) -> Document:
    """Return a text as it was understood."""
    return read(text, FILE)


@lru_cache(maxsize=256)
def _chain(texts: tuple[str, ...]) -> Chain:
    *others, newest = map(readable, texts)
    return chain_of(newest, others)
