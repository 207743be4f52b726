"""By which agreement a change is judged, and what its steps are as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import newest
from makegood.engine.evidence.records import Transition
from makegood.platform.agreement.contracts.models import Contract, ContractState
from makegood.platform.agreement.contracts.queries import readable
from makegood.platform.evidence.changes.models import SOURCE, Kind, Step
from makegood.platform.evidence.intake.queries import causes
from makegood.platform.evidence.service_desk.queries import version_at
from makegood.platform.tenancy.parties.models import Organisation


def evidence_kind(kind: str) -> str:
    """Return what agreements call changes of a kind."""
    return "patch" if kind == Kind.PATCH else "change"


def contract_of(*, provider: int, customer: Organisation, kind: str, service: str, at: datetime) -> Contract | None:
    """Return the agreement by which a change is judged: that with the service, and of several that promises changes."""
    word = evidence_kind(kind)
    found = list(_in_force(provider, customer, at))
    return max(found, key=lambda each: (service in each[1].services, word in _promised(each[1])), default=(None, None))[
        0
    ]


def contract_excluding(
    *, provider: int, customer: Organisation, cause: str, service: str, at: datetime
) -> Contract | None:
    """Return an agreement with a customer that excludes time for a cause: that with the service, if there is one."""
    found = [each for each in _in_force(provider, customer, at) if cause in causes(each[1])]
    return max(found, key=lambda each: service in each[1].services, default=(None, None))[0]


def transition(step: Step) -> Transition:
    """Return a step as the evidence that it is."""
    change = step.change
    labels = {"service": change.service, "impact": change.impact, "kind": change.kind.lower()}
    return Transition(
        source=SOURCE,
        source_id=f"{change.pk}-{step.number:06}",
        case=change.name,
        of=evidence_kind(change.kind),
        state=step.word,
        at=step.at,
        observed_at=step.written_at,
        priority=step.priority,
        labels=tuple(sorted((name, value) for name, value in labels.items() if value)),
    )


def _in_force(provider: int, customer: Organisation, at: datetime) -> Iterator[tuple[Contract, Agreement]]:
    """Yield the agreements that are in force at an instant, with their terms."""
    active = Contract.objects.filter(provider=provider, customer=customer, state=ContractState.ACTIVE)
    for each in active.order_by("pk"):
        version = version_at(contract=each, at=at)
        terms = readable(version.text).agreement if version is not None else None
        if terms is not None:
            yield each, newest(terms)


def _promised(terms: Agreement) -> set[str]:
    return {each.measure.cases for each in terms.outcomes.values() if isinstance(each.measure, Within)}
