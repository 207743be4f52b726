"""What is planned for a customer's technology, its reference architecture, and how it is supported."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from makegood.engine.agreement.governance import Escalation, Governance
from makegood.engine.agreement.versions import newest
from makegood.platform.agreement.contracts.models import Contract, ContractState
from makegood.platform.agreement.contracts.queries import contracts, terms_of
from makegood.platform.review.governance.models import Component, RoadmapEntry
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Site, Viewer


@dataclass(frozen=True, slots=True)
class SupportPlan:
    """How a customer is supported by an agreement: at which hours, by which channels, and who is asked next."""

    contract: Contract
    hours: str
    channels: tuple[str, ...]
    places: tuple[str, ...]
    escalation: tuple[Escalation, ...]


def roadmap(*, viewer: Viewer, customer: Organisation) -> QuerySet[RoadmapEntry]:
    """Return what is planned for a customer's technology, in the order in which it comes."""
    return RoadmapEntry.objects.filter(customer__in=_seen(viewer, customer)).select_related("customer")


def components(*, viewer: Viewer, customer: Organisation) -> QuerySet[Component]:
    """Return the reference architecture of a customer."""
    found = Component.objects.filter(customer__in=_seen(viewer, customer), ended_at=None)
    return found.select_related("customer")


def support_plans(*, viewer: Viewer, customer: Organisation) -> list[SupportPlan]:
    """Return how a customer is supported, by the terms of each agreement that is in force."""
    active = contracts(viewer=viewer).filter(customer__in=_seen(viewer, customer), state=ContractState.ACTIVE)
    return [_plan(each) for each in active]


def _seen(viewer: Viewer, customer: Organisation) -> QuerySet[Organisation]:
    """Return the customer, if it exists for a viewer who is of the provider or of the customer."""
    found = organisations(viewer=viewer).filter(pk=customer.pk, is_house=False)
    return found if viewer.site in {Site.CONSOLE, Site.PORTAL} else found.none()


def _plan(contract: Contract) -> SupportPlan:
    terms = newest(terms_of(contract=contract)[1])
    steps = (terms.governance or Governance()).steps
    if terms.scope is None:
        return SupportPlan(contract, "", (), (), steps)
    return SupportPlan(contract, terms.scope.when, terms.scope.how, terms.scope.where, steps)
