"""Judging, and keeping what was found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, Final

from django.db import transaction

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Claim, Judgement
from makegood.engine.judging.verdict import Verdict as Found
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.finality import Standing
from makegood.engine.review.form import verdict_form
from makegood.engine.review.next_miss import NextMiss
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period as Stretch
from makegood.engine.vocabulary.times import show_instant
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts, terms_of
from makegood.platform.evidence.intake.operations import write_decisions
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.evidence.service_desk.operations import send_steps, set_stakes
from makegood.platform.evidence.service_desk.queries import outcomes_running
from makegood.platform.jobs import enqueue
from makegood.platform.judging.periods.models import Period, PeriodState
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.judging.verdicts.events import VERDICTS_GIVEN
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.storable import storable
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.vault.book import Book
from makegood.vault.settling import known

MOST_RECORDS: Final = 200
"""So many records are kept with a verdict; it names the others."""
STEADY: Final = timedelta(hours=6)
"""For so long a verdict stands in which nothing has changed but the time up to which it judges."""
_JUDGES = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)


class UnableToJudge(Unable):
    """Nothing was judged."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What verdicts follow from: a text and the evidence, and when they were given."""

    text_digest: str
    evidence: Evidence
    at: datetime


@operation("judge", about="contract")
def judge_now(*, contract: Contract, by: Viewer, now: datetime) -> tuple[Verdict, ...]:
    """Judge the open periods of a contract because somebody asks for it."""
    seen = contracts(viewer=by).filter(pk=contract.pk).exists()
    if not seen or by.site is not Site.CONSOLE or not by.has(*_JUDGES):
        raise UnableToJudge("periods are judged by owners, service managers and engineers of the provider")
    made = judge_open(contract=contract, now=now, steady=timedelta())
    record(
        by=by,
        did="judge",
        about=str(contract),
        now=now,
        organisation=contract.customer_id if contract.provider_id == by.house else contract.provider_id,
        contract=contract.slug,
        verdicts=len(made),
    )
    return made


@transaction.atomic
def judge_open(*, contract: Contract, now: datetime, steady: timedelta = STEADY) -> tuple[Verdict, ...]:
    """Judge the open periods of a contract as the evidence is now, and keep each verdict that is not as it was.

    A period that still runs is judged up to this minute; its money is what it would come to if it ended like this.
    Where only time has gone by since the last verdict, another is kept only if that one is ``steady`` for so long.
    """
    write_decisions(contract=contract, now=now)
    send_steps(contract=contract, now=now)
    opened = {each.label: each for each in lay_out_periods(contract=contract, now=now)}
    document, agreement = terms_of(contract=contract)
    evidence, standing = _known(contract, agreement, now)
    judgements, credits = _so_far(agreement, evidence, standing, now.replace(second=0))
    seen = Seen(document.digest, evidence, now)
    made: list[Verdict] = []
    for judgement, credited in zip(judgements, credits, strict=True):
        period = opened.get(judgement.period.label)
        if period is not None:
            keep_sums(period=period, credited=credited)
            made += keep_verdicts(
                period=period,
                judgement=judgement,
                credited=credited,
                seen=seen,
                stage=Verdict.Stage.PROVISIONAL,
                steady=steady,
            )
    if judgements and judgements[-1].period.interval.end > now:
        _keep_stakes(contract, agreement, judgements, standing, now)
    if made:
        enqueue(VERDICTS_GIVEN, verdicts=[each.pk for each in made])
    return tuple(made)


def keep_verdicts(
    *,
    period: Period,
    judgement: Judgement,
    credited: PeriodCredits,
    seen: Seen,
    stage: Verdict.Stage,
    steady: timedelta = timedelta(),  # a value
) -> Sequence[Verdict]:
    """Keep the verdicts of a period that differ from the latest ones; those that close it are all kept."""
    latest = Latest.objects.filter(period=period).select_related("verdict").defer("verdict__records")
    before = {each.outcome: each.verdict for each in latest}
    credits = {line.outcome: line for line in credited.credits}
    claims = {claim.outcome: claim for claim in judgement.claims}
    fresh = {
        each.outcome: _verdict(period, each, credits.get(each.outcome), claims.get(each.outcome), seen, stage)
        for each in judgement.verdicts
    }
    if stage != Verdict.Stage.CLOSED:
        fresh = {outcome: each for outcome, each in fresh.items() if _differs(each, before.get(outcome), steady)}
    named = {each.outcome: _named(each) for each in judgement.verdicts if each.outcome in fresh}
    records = _records(seen.evidence, {identifier for each in named.values() for identifier in each})
    for outcome, verdict in fresh.items():
        verdict.records = storable([json.loads(records[each].canonical) for each in named[outcome] if each in records])
        verdict.save()
        Latest.objects.update_or_create(period=period, outcome=outcome, defaults={"verdict": verdict})
    return list(fresh.values())


def keep_sums(*, period: Period, credited: PeriodCredits) -> None:
    """Keep the fee of an open period, what is at risk, and what all of its terms credit."""
    sums = (credited.fee.minor, credited.at_risk.minor, credited.total.minor)
    if period.state == PeriodState.OPEN and sums != (period.fee, period.at_risk, period.credit):
        period.fee, period.at_risk, period.credit = sums
        period.save(update_fields=["fee", "at_risk", "credit"])


def _keep_stakes(
    contract: Contract, agreement: Agreement, judgements: Sequence[Judgement], standing: Standing, now: datetime
) -> None:
    """Tell the service desk what one more late case would cost, for the promises that its open cases are under."""
    running = outcomes_running(contract=contract)
    if running:
        found = NextMiss(agreement, judgements, standing)
        set_stakes(contract=contract, stakes={each: found.cost(each).minor for each in running}, now=now)


def _known(contract: Contract, agreement: Agreement, now: datetime) -> tuple[Evidence, Standing]:
    vault = open_vault(contract=contract)
    if vault is None:
        return Evidence(), Standing()
    book = Book.open(vault, agreement.agreement)
    return known(agreement=agreement, vault=vault, book=book), book.standing(now)


def _so_far(
    agreement: Agreement, evidence: Evidence, standing: Standing, now: datetime
) -> tuple[tuple[Judgement, ...], tuple[PeriodCredits, ...]]:
    """Return verdicts and credits of all periods that have begun; the running one is cut for judging, not for money."""
    begun = [each for each in periods_of(agreement) if each.interval.start < now]
    cut = [replace(each, interval=Interval(each.interval.start, min(each.interval.end, now))) for each in begun]
    found = judge_periods(agreement, cut, evidence)
    judgements = tuple(_of_whole(each, period) for each, period in zip(found, begun, strict=True))
    return judgements, account_credits(agreement, judgements, standing)


def _of_whole(judgement: Judgement, period: Stretch) -> Judgement:
    verdicts = tuple(replace(each, period=period) for each in judgement.verdicts)
    return replace(judgement, period=period, verdicts=verdicts)


def _differs(fresh: Verdict, before: Verdict | None, steady: timedelta) -> bool:
    """Tell whether a verdict says something that the one before it did not say."""
    if before is None or before.stage != Verdict.Stage.PROVISIONAL:
        return before is None or fresh.digest != before.digest
    if fresh.digest == before.digest:
        return False
    return _essence(fresh) != _essence(before) or fresh.judged_at - before.judged_at >= steady


def _essence(verdict: Verdict) -> tuple[object, ...]:
    """Return what of a verdict does not change by itself as time goes by, as values and stretches do."""
    missed = [each["evidence"] for each in verdict.form["misses"] if each["evidence"]]
    return verdict.ruling, verdict.credit, verdict.claim, verdict.text_digest, missed


def _verdict(
    period: Period, found: Found, credit: Credit | None, claim: Claim | None, seen: Seen, stage: Verdict.Stage
) -> Verdict:
    form = verdict_form(found)
    credit_form = None if credit is None else _credit_form(credit)
    claim_form = None if claim is None else _claim_form(claim)
    coverage = found.measurement.coverage
    return Verdict(
        period=period,
        outcome=found.outcome,
        stage=stage,
        ruling=found.ruling.value,
        shown=found.shown_value[:100],
        target=str(found.target)[:100],
        coverage="" if coverage is None else coverage.percent(2),
        credit=None if credit is None else credit.amount.minor,
        currency=period.currency,
        form=storable(form),
        credit_form=storable(credit_form),
        claim=storable(claim_form),
        digest=_digest((form, credit_form) if claim_form is None else (form, credit_form, claim_form)),
        text_digest=seen.text_digest,
        snapshot=seen.evidence.snapshot,
        judged_at=seen.at,
    )


def _named(found: Found) -> list[str]:
    """Return the first records that a verdict rests on, by name: those of what went wrong, then those of its steps."""
    misses = (name for miss in found.measurement.misses for name in miss.evidence)
    steps = (name for reason in found.reason.walk() for name in reason.evidence)
    return list(dict.fromkeys(islice(chain(misses, steps), MOST_RECORDS)))


def _records(evidence: Evidence, names: Container[str]) -> dict[str, AnyRecord]:
    """Return the records of these names."""
    cases = (steps for kind in evidence.cases.values() for steps in kind.values())
    groups: Iterable[Iterable[AnyRecord]] = chain(
        evidence.states.values(),
        evidence.tallies.values(),
        evidence.gauges.values(),
        evidence.exclusions.values(),
        evidence.statements.values(),
        evidence.attributions.values(),
        cases,
    )
    return {each.id: each for each in chain.from_iterable(groups) if each.id in names}


def _credit_form(credit: Credit) -> dict[str, Any]:
    return {"amount": str(credit.amount), "raw": str(credit.raw), "reason": credit.reason.as_json()}


def _claim_form(claim: Claim) -> dict[str, Any]:
    deadline = None if claim.deadline is None else show_instant(claim.deadline)
    received = next(iter(claim.reason.evidence), "")
    return {"accepted": claim.accepted, "deadline": deadline, "text": claim.reason.text, "record": received}


def _digest(content: Iterable[Any]) -> str:
    written = json.dumps(list(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
