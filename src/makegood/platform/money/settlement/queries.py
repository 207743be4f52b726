"""Statements and corrective actions, for those who may see money."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.times import parse_instant
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.intake.operations import claim_key
from makegood.platform.evidence.intake.queries import batches
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.money.settlement.models import CorrectiveAction, CreditClaimState, Statement
from makegood.platform.tenancy.viewer import Viewer


def statements(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Statement]:
    """Return the statements of a contract, or of all whose money somebody may see, in order."""
    seen = contracts(viewer=viewer)
    if contract is not None:
        seen = seen.filter(pk=contract.pk)
    shown = [each.pk for each in seen if sees_money(viewer=viewer, contract=each)]
    return Statement.objects.filter(contract__in=shown).select_related(
        "contract__provider", "contract__customer", "period"
    )


def corrective_actions(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[CorrectiveAction]:
    """Return what is done so that misses do not happen again, for everybody who sees the verdicts."""
    seen = contracts(viewer=viewer)
    if viewer.scopes is not None and "verdicts:read" not in viewer.scopes:
        seen = seen.none()
    found = CorrectiveAction.objects.filter(
        period__contract__in=seen if contract is None else seen.filter(pk=contract.pk)
    )
    return found.select_related("period__contract", "written_by")


def lacking_actions(*, contract: Contract, now: datetime) -> list[Verdict]:
    """Return the verdicts that credit something and have no corrective action, of periods that are over and open."""
    found = Latest.objects.filter(
        period__contract=contract, period__state="OPEN", period__ends_at__lte=now, verdict__credit__gt=0
    )
    acted = set(CorrectiveAction.objects.filter(period__contract=contract).values_list("period", "outcome"))
    found = found.select_related("verdict__period").order_by("period__starts_at", "outcome")
    return [each.verdict for each in found if (each.period_id, each.outcome) not in acted]


def actions_lacking(*, viewer: Viewer, now: datetime) -> list[Verdict]:
    """Return the verdicts of all contracts that wait for a corrective action, the dearest first.

    They are those of ``lacking_actions``, for whoever sees the verdicts; credits are there for those who see money.
    """
    acted = CorrectiveAction.objects.filter(period=OuterRef("period"), outcome=OuterRef("outcome"))
    found = Latest.objects.filter(period__contract__in=contracts(viewer=viewer), period__state="OPEN")
    found = found.filter(period__ends_at__lte=now, verdict__credit__gt=0).exclude(Exists(acted))
    found = found.order_by("-verdict__credit", "period__starts_at", "outcome")
    if viewer.scopes is not None and "verdicts:read" not in viewer.scopes:
        return []
    keys = list(found.values_list("verdict", flat=True))
    verdicts = Verdict.objects.defer("form", "credit_form", "records").select_related("period__contract").in_bulk(keys)
    for each in verdicts.values():
        if not sees_money(viewer=viewer, contract=each.period.contract):
            each.credit = None
    return [verdicts[key] for key in keys]


@dataclass(frozen=True, slots=True)
class CreditClaim:
    """A credit that has to be claimed: what became of it, until when it can be claimed, and why.

    Without a ``deadline`` it depends on something that has not happened yet. ``worth`` is what the promise itself
    would pay, in minor units; limits on all credits together may make it less.
    """

    verdict: Verdict
    state: CreditClaimState
    deadline: datetime | None
    text: str
    worth: int
    claimed_at: datetime | None = None


def credit_claim(*, viewer: Viewer, verdict: Verdict, now: datetime) -> CreditClaim | None:
    """Return what became of a credit that has to be claimed; None if nobody has to, or may know."""
    contract = verdict.period.contract
    if verdict.claim is None or verdict.credit_form is None or not sees_money(viewer=viewer, contract=contract):
        return None
    key = claim_key(period=verdict.period.label, outcome=verdict.outcome)
    kept = batches(viewer=viewer, contract=contract).filter(key=key).first()
    deadline = verdict.claim["deadline"] and parse_instant(verdict.claim["deadline"])
    if verdict.claim["accepted"]:
        state = CreditClaimState.GRANTED
    elif verdict.claim["record"]:
        state = CreditClaimState.REFUSED
    elif kept is not None:
        state = CreditClaimState.CLAIMED
    else:
        state = CreditClaimState.LAPSED if deadline is not None and now > deadline else CreditClaimState.OPEN
    worth = Amount.parse(verdict.credit_form["raw"]).minor
    claimed_at = kept.received_at if kept is not None else None
    return CreditClaim(verdict, state, deadline, verdict.claim["text"], worth, claimed_at)


def credit_claims(*, viewer: Viewer, contract: Contract, now: datetime) -> list[CreditClaim]:
    """Return the credits of a contract that have to be claimed, those of the latest period first."""
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return []
    found = Latest.objects.filter(period__contract=contract, verdict__claim__isnull=False)
    found = found.select_related("verdict__period__contract").order_by("-period__starts_at", "outcome")
    every = (credit_claim(viewer=viewer, verdict=each.verdict, now=now) for each in found)
    return [each for each in every if each is not None]


def credited(*, contract: Contract) -> dict[str, int]:
    """Return what all statements of a contract credit, by ``period/outcome``, for work that nobody looks at."""
    found: Counter[str] = Counter()
    for lines in Statement.objects.filter(contract=contract).values_list("lines", flat=True):
        for line in lines:
            found[f"{line['for_period']}/{line['outcome']}"] += line["amount"]["minor"]
    return dict(found)
