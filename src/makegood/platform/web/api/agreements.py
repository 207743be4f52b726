"""Agreements and their texts."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from ninja import Router

from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.agreement.contracts.queries import contracts, versions
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import contract_of, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, AgreementOut, VersionOut

router = Router()


@router.get("", response={200: list[AgreementOut], **TROUBLES}, summary="All agreements")
def all_agreements(request: HttpRequest) -> Iterable[Contract]:
    """List the agreements that exist for this key."""
    return contracts(viewer=viewer_with(request, Scope.READ_AGREEMENTS))


@router.get("/{identifier}", response={200: AgreementOut, **TROUBLES}, summary="One agreement")
def agreement(request: HttpRequest, identifier: str) -> Contract:
    """Return one agreement."""
    return contract_of(viewer_with(request, Scope.READ_AGREEMENTS), identifier)


@router.get("/{identifier}/versions", response={200: list[VersionOut], **TROUBLES}, summary="Its texts")
def agreement_versions(request: HttpRequest, identifier: str) -> Iterable[Version]:
    """List the versions of an agreement with their texts."""
    viewer = viewer_with(request, Scope.READ_AGREEMENTS)
    return versions(viewer=viewer, contract=contract_of(viewer, identifier))
