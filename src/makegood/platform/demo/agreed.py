"""What the made-up world has agreed: drafted, offered, signed by both sides, and active since January."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.operations import (
    activate_contract,
    declare_source,
    draft_contract,
    offer_version,
    sign_version,
)
from makegood.platform.agreement.contracts.queries import readable, streams
from makegood.platform.demo.people import AFFILIATE, MANAGER, OWNER, PORT_SPONSOR, SPONSOR, Somebody, viewer

AGREED: Final = datetime(2012, 12, 3, 10, tzinfo=UTC)
FLIGHTS: Final = "new-york-departures.yaml"
_PARTIES: Final = {
    "{id: new-york-carriers, name: New York Carriers}": "{id: northwind-it, name: Northwind IT}",
    "{id: three-airports, name: Three Airports Operations}": "{id: port-authority, name: Port Authority}",
}


def agree_on_erp() -> Contract:
    """Agree with Acme on the ERP."""
    return _agreed(
        _text("acme-erp.yaml"), SPONSOR, {"Monitoring": ["erp"], "ERP": ["orders"], "Service desk": ["incident"]}
    )


def agree_on_hosting() -> Contract:
    """Agree with the affiliate on the machines below it."""
    return _agreed(_text("hosting-erp.yaml"), AFFILIATE, {"Monitoring": ["erp"]})


def agree_on_flights(examples: Path) -> Contract:
    """Agree with the Port Authority on the departures of New York: the example, between other parties."""
    text = (examples / FLIGHTS).read_text("utf-8")
    for theirs, ours in _PARTIES.items():
        text = text.replace(theirs, ours)
    return _agreed(text, PORT_SPONSOR, {"Departures": ["flights", "seats"]})


def _agreed(text: str, signer: Somebody, sources: dict[str, list[str]]) -> Contract:
    by, owner, other = viewer(MANAGER), viewer(OWNER), viewer(signer)
    contract = draft_contract(text=text, by=by, now=AGREED)
    version = contract.versions.get()
    offer_version(version=version, by=by, now=AGREED + timedelta(days=1))
    sign_version(version=version, name=signer.name, by=other, now=AGREED + timedelta(days=4))
    sign_version(version=version, name=OWNER.name, by=owner, now=AGREED + timedelta(days=5))
    document = readable(text)
    asked = set(streams(document.agreement)) if document.agreement is not None else set()
    for name, reports in sources.items():
        declare_source(
            contract=contract, name=name, reports=[each for each in reports if each in asked], by=by, now=AGREED
        )
    activate_contract(contract=contract, by=owner, now=AGREED + timedelta(days=6))
    contract.refresh_from_db()
    return contract


def _text(name: str) -> str:
    return (files("makegood.platform.demo") / "agreements" / name).read_text("utf-8")
