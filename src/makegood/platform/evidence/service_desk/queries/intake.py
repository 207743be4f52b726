"""What can be reported or asked for: kinds of case and services of a customer, by its agreements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from makegood.platform.agreement.contracts.models import Contract, ContractState
from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.queries.terms import (
    KINDS,
    kinds_known,
    terms_of_case,
    terms_of_version,
    version_at,
)
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house


@dataclass(frozen=True, slots=True)
class Askable:
    """Kinds of case, and services by their identifiers."""

    kinds: tuple[str, ...] = KINDS
    services: dict[str, str] = field(default_factory=dict)


def askable(*, customer: Organisation, at: datetime) -> Askable:
    """Return the kinds of case that a customer may open and the services that they may be about."""
    active = Contract.objects.filter(provider=house(), customer=customer, state=ContractState.ACTIVE).order_by("pk")
    kinds = list(KINDS)
    services: dict[str, str] = {}
    for contract in active:
        version = version_at(contract=contract, at=at)
        if version is not None:
            terms = terms_of_version(version)
            kinds += kinds_known(terms=terms)
            services |= {name: each.title for name, each in terms.services.items()}
    return Askable(tuple(dict.fromkeys(kinds)), services)


def classes_of(*, case: Case) -> Askable:
    """Return the kinds and services that a case may be given by its agreement, with those that it has."""
    terms = terms_of_case(case)
    own = {case.service: case.service} if case.service else {}
    services = {name: each.title for name, each in terms.services.items()} if terms is not None else {}
    return Askable(kinds_known(terms=terms), {**own, **services})
