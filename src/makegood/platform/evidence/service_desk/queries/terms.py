"""The agreement of a case, and its clocks as the engine has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from makegood.engine.agreement.desk import Desk
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Correction, Transition
from makegood.engine.judging.running import RunningClock, running_clocks
from makegood.engine.vocabulary.ratio import Ratio
from makegood.platform.agreement.contracts.models import Contract, ContractState, Version, VersionState
from makegood.platform.agreement.contracts.queries import readable
from makegood.platform.evidence.service_desk.models import SOURCE, Case, Reclassification, Step
from makegood.platform.tenancy.parties.models import Organisation

KINDS = ("incident", "request")
"""What may be opened whatever the agreement says."""
_NO_CASES = frozenset({"change", "patch", "update", "job"})
"""Kinds of case that are no business of the desk."""


def version_at(*, contract: Contract, at: datetime) -> Version | None:
    """Return the text of a contract that was in force at an instant, on the days of its own zone."""
    found: QuerySet[Version] = Version.objects.filter(contract=contract, state=VersionState.ACTIVE)
    for version in found.order_by("-number"):
        agreement = _agreement(version.text)
        day = at.astimezone(ZoneInfo(agreement.term.timezone)).date()
        if version.in_force is not None and day in version.in_force:
            return version
    return None


def contract_for(*, provider: int, customer: Organisation, kind: str, service: str, at: datetime) -> Version | None:
    """Return the text by which somebody looks after a case: the one that promises most about such cases.

    Of agreements in force those that have the service come first, then those that promise something about the kind.
    """
    active = Contract.objects.filter(provider=provider, customer=customer, state=ContractState.ACTIVE).order_by("pk")
    found = [version for each in active if (version := version_at(contract=each, at=at)) is not None]
    if service:
        found = [each for each in found if service in _agreement(each.text).services]
    return max(found, key=lambda each: kind in kinds_of(terms=_agreement(each.text)), default=None)


def terms_of_case(case: Case) -> Agreement | None:
    """Return the agreement that was in force when a case was opened."""
    return terms_of_version(case.version) if case.version is not None else None


def terms_of_version(version: Version) -> Agreement:
    """Return the agreement of a text that came into force."""
    return _agreement(version.text)


@lru_cache(maxsize=256)
def terms_of_digest(digest: str) -> Agreement:
    """Return the agreement of a text that came into force, by the digest of the text."""
    return terms_of_version(Version.objects.filter(digest=digest, state=VersionState.ACTIVE)[0])


def desk_of(terms: Agreement | None) -> Desk:
    """Return how cases are handled by an agreement; where it says nothing, as the house does."""
    return (terms.desk if terms is not None else None) or Desk()


def kinds_of(*, terms: Agreement) -> tuple[str, ...]:
    """Return the kinds of case that an agreement promises something about."""
    measures = (outcome.measure for outcome in terms.outcomes.values())
    found = (each.cases for each in measures if isinstance(each, Within | Steps))
    return tuple(each for each in dict.fromkeys(found) if each not in _NO_CASES)


def kinds_known(*, terms: Agreement | None) -> tuple[str, ...]:
    """Return the kinds that cases may have by an agreement, or without one."""
    desk = desk_of(terms)
    promised = kinds_of(terms=terms) if terms is not None else ()
    return tuple(dict.fromkeys((*KINDS, *promised, *desk.billable, *desk.out_of_cover)))


def standing_steps(*, case: Case) -> QuerySet[Step]:
    """Return the steps of a case that count, in order."""
    return Step.objects.filter(case=case, number__gt=F("case__steps_replaced"))


def transitions(case: Case, steps: Sequence[Step]) -> list[Transition]:
    """Return steps as the evidence that they are."""
    return [transition(case, each) for each in steps]


def transition(case: Case, step: Step) -> Transition:
    """Return a step as the evidence that it is."""
    return Transition(
        source=SOURCE,
        source_id=f"{case.pk}-{step.number:06}",
        case=case.name,
        of=step.kind,
        state=step.word,
        at=step.at,
        observed_at=step.written_at,
        priority=step.priority,
        labels=tuple(sorted(step.labels.items())),
    )


def withdrawal(sent: Transition, because: Reclassification) -> Correction:
    """Return as evidence that something the desk sent no longer counts; people's words stay at the desk."""
    return Correction(
        source=SOURCE,
        source_id=f"{sent.source_id}-withdrawn",
        observed_at=because.at,
        of=SOURCE,
        corrects=sent.source_id,
        reason=f"{because.is_now} instead of {because.was}",
        at=because.at,
    )


def clocks_of(*, case: Case, now: datetime) -> tuple[RunningClock, ...]:
    """Return the limits of a case as the engine has them at an instant; without an agreement there are none."""
    terms = terms_of_case(case)
    if terms is None:
        return ()
    known = transitions(case, list(standing_steps(case=case)))
    return running_clocks(terms, case.kind, known, now, levels=tuple(levels_of(terms)))


def levels_of(terms: Agreement) -> Iterator[Ratio]:
    """Yield the parts of a limit of which somebody hears, from the smallest on."""
    return (each.at for each in desk_of(terms).levels)


@lru_cache(maxsize=256)
def _agreement(text: str) -> Agreement:
    found = readable(text).agreement
    if found is None:
        raise ValueError("a text that came into force is no agreement")
    return found
