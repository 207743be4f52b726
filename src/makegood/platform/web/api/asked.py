"""What every answer begins with: the right scope, and objects that exist for whoever asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Header, Path
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.agreement.contracts.queries import contracts, versions
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import periods
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.access.operations import once
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.api.shapes import Paging

_M = TypeVar("_M", bound=Model)

_READ_WITH: Final[dict[str, frozenset[str]]] = {
    Scope.WRITE_DISPUTES: frozenset({Scope.READ_EVIDENCE}),
    Scope.WRITE_VERDICTS: frozenset({Scope.READ_VERDICTS}),
    Scope.WRITE_MONEY: frozenset({Scope.READ_VERDICTS, Scope.READ_MONEY}),
    Scope.WRITE_GOVERNANCE: frozenset({Scope.READ_VERDICTS}),
    Scope.WRITE_CHANGES: frozenset({Scope.READ_CHANGES}),
    Scope.WRITE_PEOPLE: frozenset({Scope.READ_PEOPLE}),
    Scope.WRITE_CASES: frozenset({Scope.READ_CASES}),
}
"""What a scope to write reads of the thing that an address names, and that its answer shows.

Reports are not among them: one is made of all that its maker reads, and whoever reads less would make half of one.
"""
Number = Annotated[int, Path(ge=1, lt=2**63)]
"""The number of an object in an address."""
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", max_length=200)]
"""Under the same key the same is made once within thirty days, however often it is asked for."""


def viewer_with(request: HttpRequest, scope: Scope) -> Viewer:
    """Return who asks, if the key is good for this; whoever writes on a thing also reads it while this is answered."""
    viewer = cast("Viewer", request.viewer)  # type: ignore[attr-defined]
    held = viewer.scopes or frozenset()
    if scope not in held:
        raise HttpError(403, f"this key has no scope {scope.value}")
    return replace(viewer, scopes=held | _READ_WITH[scope]) if scope in _READ_WITH else viewer


def of_the_house(viewer: Viewer, *roles: Role) -> Viewer:
    """Return who asks if it is a program of the provider, with one of some roles; for others there is nothing here."""
    if viewer.site is not Site.CONSOLE:
        raise HttpError(404, "there is no such thing")
    if roles and not viewer.has(*roles):
        raise HttpError(403, "whoever made this key has no role for this")
    return viewer


def contract_of(viewer: Viewer, identifier: str) -> Contract:
    """Return an agreement that exists for somebody."""
    return one(contracts(viewer=viewer), "agreement", slug=identifier)


def version_of(viewer: Viewer, identifier: str, number: int) -> Version:
    """Return a version that exists for somebody."""
    return one(versions(viewer=viewer, contract=contract_of(viewer, identifier)), "version", pk=number)


def period_of(viewer: Viewer, identifier: str, label: str) -> Period:
    """Return a period that exists for somebody."""
    return one(periods(viewer=viewer, contract=contract_of(viewer, identifier)), "period", label=label)


def organisation_of(viewer: Viewer, identifier: str) -> Organisation:
    """Return an organisation that exists for somebody."""
    return one(organisations(viewer=viewer), "organisation", slug=identifier)


def organisation_of_contract(contract: Contract, identifier: str) -> int:
    """Return the party of an agreement that is named."""
    for party in (contract.provider, contract.customer):
        if party.slug == identifier:
            return party.pk
    raise HttpError(422, "name the provider or the customer of the agreement")


def one(found: QuerySet[_M], what: str, **wanted: object) -> _M:
    """Return the one object that is wanted, or say that there is none."""
    made = found.filter(**wanted).first()
    if made is None:
        raise HttpError(404, f"there is no such {what}")
    return made


def listed(found: QuerySet[Any] | Sequence[Any] | Iterable[Any], paging: Paging) -> dict[str, Any]:
    """Return a part of a list in an order that stays, and how many there are."""
    until = paging.offset + paging.limit
    if isinstance(found, QuerySet):
        order = found.query.order_by or found.model._meta.ordering  # noqa: SLF001  # as Django calls what is public
        every = found.order_by(*order, "pk")
        return {"items": list(every[paging.offset : until]), "total": every.count()}
    whole = list(found)
    return {"items": whole[paging.offset : until], "total": len(whole)}


def made_once(request: HttpRequest, key: str, make: Callable[[], _M], known: Callable[[Viewer], QuerySet[_M]]) -> _M:
    """Make something once under the ``Idempotency-Key`` of a request; what was made before is among what is known.

    A program is answered with what it made itself, also if it has no scope to read things of that kind.
    """
    viewer = cast("Viewer", request.viewer)  # type: ignore[attr-defined]
    made: list[_M] = []

    def number_of_new() -> int:
        made.append(make())
        return cast("int", made[0].pk)

    asked = f"{request.method} {request.path}\n".encode() + request.body
    number = once(by=viewer, key=key, digest=hashlib.sha256(asked).hexdigest(), now=clock.now(), make=number_of_new)
    return made[0] if made else one(known(replace(viewer, scopes=frozenset(Scope))), "object any more", pk=number)


def file(content: bytes, kind: str, name: str) -> HttpResponse:
    """Answer with a file to be kept."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def answers_with(kind: str) -> dict[str, Any]:
    """Return how the OpenAPI document says that an answer is a file."""
    schema = {"type": "string", "format": "binary"}
    return {"responses": {200: {"description": "OK", "content": {kind: {"schema": schema}}}}}
