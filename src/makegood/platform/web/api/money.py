"""Money: statements, what was booked, balances, closing, and the bundle that proves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.money.ledger.models import Entry, Posting
from makegood.platform.money.ledger.queries import balances, entries
from makegood.platform.money.settlement.models import Statement
from makegood.platform.money.settlement.operations import close_due, make_bundle
from makegood.platform.money.settlement.queries import statements
from makegood.platform.review.governance.queries import value_shares
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import answers_with, contract_of, listed, one, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, In, Listed, Paging, Prose

router = Router(tags=["money"])
_PIECE = 1024 * 1024


class LineOut(Schema):
    """A line of a statement, in minor units, with its cause."""

    in_period: str
    for_period: str
    outcome: str
    cause: str
    amount: int
    currency: str


class StatementOut(Schema):
    """What was booked when a period closed, or later in the one that was open; ``total`` is due to the customer."""

    run: int
    period: str
    closes: bool
    total: int
    currency: str
    lines: list[LineOut]
    rights: list[Any]
    text_digest: str
    snapshot: int
    digest: str
    issued_at: datetime

    @staticmethod
    def resolve_period(kept: Statement) -> str:
        return kept.period.label

    @staticmethod
    def resolve_lines(kept: Statement) -> list[dict[str, Any]]:
        return [{**each, "amount": each["amount"]["minor"], "currency": kept.currency} for each in kept.lines]


class BalanceOut(Schema):
    """What all bookings of a sort come to, in minor units of a currency, or in minutes of a sort."""

    kind: str
    unit: str
    amount: int


class PostingOut(Schema):
    """An amount on an account; positive is a debit."""

    kind: str
    unit: str
    amount: int

    @staticmethod
    def resolve_kind(kept: Posting) -> str:
        return kept.account.kind

    @staticmethod
    def resolve_unit(kept: Posting) -> str:
        return kept.account.unit


class EntryOut(Schema):
    """Postings that belong together and add up to nothing in each unit."""

    key: str
    period: str
    text: str
    booked_at: datetime
    postings: list[PostingOut]

    @staticmethod
    def resolve_period(kept: Entry) -> str:
        return kept.period.label

    @staticmethod
    def resolve_postings(kept: Entry) -> list[Posting]:
        return list(kept.postings.all())


class MemberShareOut(Schema):
    """What a member of a service has of a value in a period, in minor units, and how that follows."""

    period: str
    value: str
    member: str
    amount: int
    currency: str
    reason: Any


class CloseIn(In):
    """Why the owner closes without corrective actions; empty if there are all."""

    without_actions: Prose = ""


@router.get("/{identifier}/statements", response={200: Listed[StatementOut], **TROUBLES}, summary="Statements")
def all_statements(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what was stated when periods closed, line by line."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    return listed(statements(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.get("/{identifier}/statements/{run}", response={200: StatementOut, **TROUBLES}, summary="One statement")
def statement(request: HttpRequest, identifier: str, run: int) -> Statement:
    """Return the statement of one run."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    known = statements(viewer=viewer, contract=contract_of(viewer, identifier))
    return one(known, "statement", run=run if 0 < run < 2**31 else 0)


@router.get("/{identifier}/balances", response={200: list[BalanceOut], **TROUBLES}, summary="Balances")
def all_balances(request: HttpRequest, identifier: str) -> Any:
    """List what all bookings of an agreement come to."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    return balances(viewer=viewer, contract=contract_of(viewer, identifier))


@router.get("/{identifier}/entries", response={200: Listed[EntryOut], **TROUBLES}, summary="What was booked")
def all_entries(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what was booked for an agreement in order, with its postings."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    return listed(entries(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/close", response={200: list[StatementOut], **TROUBLES}, summary="Close what is due")
def close(request: HttpRequest, identifier: str, asked: CloseIn) -> list[Statement]:
    """Close every period whose time has come, book what changed in closed ones, and list the new statements."""
    by = viewer_with(request, Scope.WRITE_MONEY)
    contract = contract_of(by, identifier)
    return close_due(contract=contract, by=by, now=clock.now(), without_actions=asked.without_actions)


@router.get(
    "/{identifier}/bundle",
    response=TROUBLES,
    openapi_extra=answers_with("application/octet-stream"),
    summary="The bundle",
)
def bundle(request: HttpRequest, identifier: str) -> StreamingHttpResponse:
    """Return agreement, evidence, verdicts and book as one file; ``makegood verify`` reaches the same cent by it."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    contract = contract_of(viewer, identifier)
    with TemporaryDirectory(prefix="makegood-") as folder:
        kept = Path(folder) / f"{identifier}.bundle"
        make_bundle(viewer=viewer, contract=contract, to=kept)
        content = kept.open("rb")  # what is open stays readable
    headers = {"Content-Disposition": f'attachment; filename="{contract.slug}.bundle"'}
    return StreamingHttpResponse(_pieces(content), content_type="application/octet-stream", headers=headers)


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while piece := content.read(_PIECE):
            yield piece


@router.get("/{identifier}/value-shares", response={200: list[MemberShareOut], **TROUBLES}, summary="Value shares")
def shares(request: HttpRequest, identifier: str, period: str = "") -> list[dict[str, Any]]:
    """Say what each member of a service has of its value in a period, by default the latest that has begun."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    found = value_shares(viewer=viewer, contract=contract_of(viewer, identifier), now=clock.now(), label=period)
    if found is None and period:
        raise HttpError(404, "there is no such period, or nothing is shared in it")
    return [
        {
            "period": each.period.label,
            "value": each.scheme,
            "member": each.member,
            "amount": each.amount.minor,
            "currency": each.amount.currency,
            "reason": each.reason.as_json(),
        }
        for one_value in (found.values if found is not None else ())
        for each in one_value.members
    ]
