"""Judging, and keeping what was found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import Any, Final

from django.db import transaction

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.judging.verdict import Verdict as Found
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.finality import Standing
from makegood.engine.review.form import verdict_form
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period as Stretch
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.evidence.intake.operations import write_decisions
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.judging.periods.models import Period, PeriodState
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.storable import storable
from makegood.vault.book import Book
from makegood.vault.settling import known

MOST_RECORDS: Final = 200
"""So many records are kept with a verdict; it names the others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What verdicts follow from: a text and the evidence, and when they were given."""

    text_digest: str
    evidence: Evidence
    at: datetime


@transaction.atomic
def judge_open(*, contract: Contract, now: datetime) -> tuple[Verdict, ...]:
    """Judge the open periods of a contract as the evidence is now, and keep each verdict that is not as it was.

    A period that still runs is judged up to this minute; its money is what it would come to if it ended like this.
    """
    write_decisions(contract=contract, now=now)
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
                period=period, judgement=judgement, credited=credited, seen=seen, stage=Verdict.Stage.PROVISIONAL
            )
    return tuple(made)


def keep_verdicts(
    *,
    period: Period,
    judgement: Judgement,
    credited: PeriodCredits,
    seen: Seen,
    stage: Verdict.Stage,
) -> Sequence[Verdict]:
    """Keep the verdicts of a period that differ from the latest ones; those that close it are all kept."""
    before = dict(Latest.objects.filter(period=period).values_list("outcome", "verdict__digest"))
    credits = {line.outcome: line for line in credited.credits}
    fresh = {
        each.outcome: _verdict(period, each, credits.get(each.outcome), seen, stage) for each in judgement.verdicts
    }
    if stage != Verdict.Stage.CLOSED:
        fresh = {outcome: each for outcome, each in fresh.items() if before.get(outcome) != each.digest}
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


def _verdict(period: Period, found: Found, credit: Credit | None, seen: Seen, stage: Verdict.Stage) -> Verdict:
    form = verdict_form(found)
    credit_form = None if credit is None else _credit_form(credit)
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
        digest=_digest((form, credit_form)),
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


def _digest(content: Iterable[Any]) -> str:
    written = json.dumps(list(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
