"""Stages, baselines, insurances, accesses and assurances, and which of them run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.review.governance.models import Assurance, Baseline, Grant, Policy, Stage
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Role, Site, Viewer

SOON: Final = timedelta(days=60)
"""What runs out within this time is told in advance."""
NAMES: Final = ("Assess", "Design", "Transform", "Operate")
QUESTIONS: Final[dict[str, tuple[tuple[str, str | Promise], ...]]] = {
    Baseline.Domain.SECURITY: (
        ("policy", gettext_lazy("Which security policies are written and in force?")),
        ("identity", gettext_lazy("How do people sign in, and who has elevated rights?")),
        ("patching", gettext_lazy("Which share of systems is patched within its deadline?")),
        ("monitoring", gettext_lazy("What is logged and watched, and by whom?")),
        ("incidents", gettext_lazy("Which incidents happened in the last twelve months?")),
    ),
    Baseline.Domain.ENDPOINT: (
        ("count", gettext_lazy("How many devices are there, by kind and age?")),
        ("managed", gettext_lazy("Which share of them is managed and encrypted?")),
        ("protection", gettext_lazy("Which protection runs on them, and how current is it?")),
        ("support", gettext_lazy("How many requests come from them in a month?")),
    ),
    Baseline.Domain.BACKUP: (
        ("covered", gettext_lazy("What is backed up, and what is not?")),
        ("points", gettext_lazy("How old may the last backup be, and how old is it?")),
        ("restore", gettext_lazy("When was a restore tested last, and how long did it take?")),
        ("places", gettext_lazy("Where are copies kept, and who can delete them?")),
    ),
    Baseline.Domain.STORAGE: (
        ("capacity", gettext_lazy("How much is stored, and how fast does it grow?")),
        ("performance", gettext_lazy("How fast is it at the busiest hour?")),
        ("redundancy", gettext_lazy("What may fail without loss?")),
        ("lifecycle", gettext_lazy("When do hardware and support end?")),
    ),
}
"""What an assessment asks, by domain."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """Something that ran out, or will soon."""

    what: str
    title: str
    until: date
    days: int


def stages(*, viewer: Viewer, contract: Contract) -> list[Stage]:
    """Return the four stages of the engagement; one of which nothing was said has the name of the house."""
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return []
    kept = {each.number: each for each in Stage.objects.filter(contract=contract)}
    return [
        kept.get(number) or Stage(contract=contract, number=number, name=name)
        for number, name in enumerate(NAMES, start=1)
    ]


def baselines(*, viewer: Viewer, contract: Contract) -> QuerySet[Baseline]:
    """Return the baselines of an agreement by domain, the latest of each first."""
    found = Baseline.objects.filter(contract__in=contracts(viewer=viewer).filter(pk=contract.pk))
    return found.select_related("taken_by")


def grants(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Grant]:
    """Return who may reach what of a customer, for one agreement or for all; what has ended is left out."""
    seen = contracts(viewer=viewer)
    found = Grant.objects.filter(contract__in=seen if contract is None else seen.filter(pk=contract.pk))
    return found.filter(ended_at=None).select_related("contract__customer")


def assurances(*, viewer: Viewer) -> QuerySet[Assurance]:
    """Return what the provider shows of its own security: to its customers, and to staff that is not limited."""
    allowed = viewer.site is Site.PORTAL or (viewer.site is Site.CONSOLE and viewer.limited is None)
    return Assurance.objects.filter(ended_at=None) if allowed else Assurance.objects.none()


def policies(*, viewer: Viewer) -> QuerySet[Policy]:
    """Return the insurances of the house and its affiliates, for those who keep or audit them."""
    keeps = viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR)
    if viewer.site is not Site.CONSOLE or viewer.limited is not None or not keeps:
        return Policy.objects.none()
    return Policy.objects.filter(ended_at=None).select_related("organisation")


def insurable(*, viewer: Viewer) -> list[Organisation]:
    """Return whose insurances are written down: the house, and the affiliates that provide something to it."""
    providing = contracts(viewer=viewer).filter(customer__is_house=True).values("provider")
    return list(organisations(viewer=viewer).filter(Q(is_house=True) | Q(pk__in=providing)))


def expiring(*, viewer: Viewer, now: datetime) -> list[Expiring]:
    """Return the insurances, accesses and certifications that ran out or will in sixty days, the first one first."""
    last, today = (now + SOON).date(), now.date()
    insured = policies(viewer=viewer).filter(until__lte=last)
    granted = grants(viewer=viewer).filter(until__lte=last)
    assured = assurances(viewer=viewer).filter(until__lte=last)
    found = [
        *((_("Insurance"), f"{each.title} ({each.organisation})", each.until) for each in insured),
        *((_("Access"), f"{each.who}: {each.what} ({each.contract})", each.until) for each in granted),
        *((each.get_kind_display(), each.title, each.until) for each in assured if each.until is not None),
    ]
    return [
        Expiring(what, title, until, (until - today).days)
        for what, title, until in sorted(found, key=lambda each: each[2])
    ]
