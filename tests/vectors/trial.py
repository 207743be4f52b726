"""A trial: a vector put into an agreement and evidence, and what the same judge and settle make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Judgement, Measurement, Ruling, Verdict
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

Given = Mapping[str, Any]
Found = dict[str, Any]

VERDICTS = {Ruling.MET: "met", Ruling.MISSED: "missed", Ruling.UNDECIDED: "not_measured"}


WARNINGS = {"no-tier", "tier-covers-met-value", "below-minimum-credit"}


class CannotSay(Exception):
    """The language has no term yet for what the vector needs."""


@dataclass
class Trial:
    """What a vector became: the document, the records, and what was found with them."""

    document: str = ""
    records: Sequence[AnyRecord] = ()
    found: Found = field(default_factory=dict)


Translation = Callable[[Given], Trial]


def agreed(document: str) -> Agreement:
    """Return the agreement of a document that has no error."""
    reading = read(document, "vector.yaml")
    if reading.agreement is None:
        raise CannotSay("; ".join(str(finding) for finding in reading.findings))
    return reading.agreement


def judged(document: str, records: Sequence[AnyRecord], label: str) -> tuple[Judgement, PeriodCredits]:
    """Judge and settle one period of a document."""
    agreement = agreed(document)
    period = next(each for each in periods_of(agreement) if each.label == label)
    judgement = judge(agreement, period, Evidence.of(records))
    return judgement, period_credits(agreement, judgement)


def trial_of_one(document: str, records: Sequence[AnyRecord], label: str) -> Trial:
    """Try a document with one outcome, and return everything that a vector may expect of it."""
    judgement, credits = judged(document, records, label)
    verdict = judgement.verdicts[0]
    found = {**figures(verdict), "credit": _shown(credits.total, document), "warnings": warnings(credits)}
    return Trial(document, records, found)


def _shown(total: Amount, document: str) -> str:
    """Return a sum with as many decimals as it is rounded to."""
    decimals = agreed(document).money.decimals
    return total.plain if decimals is None else total.value.decimal(decimals)


def figures(verdict: Verdict) -> Found:
    """Return the figures of a verdict under the names that vectors use."""
    measured: Measurement = verdict.measurement
    value = measured.value
    return {
        "value": None if value is None else (value * 100 if measured.unit is Unit.SHARE else value).decimal(6),
        "verdict": "invalid" if measured.invalid else VERDICTS[verdict.ruling],
        "good": measured.good,
        "total": measured.total,
        "down_s": measured.total - measured.good,
        "total_s": measured.total,
    }


def warnings(credits: PeriodCredits) -> list[str]:
    """Return the warnings of a vector that the reasons of a period's credits tell of."""
    reasons = [credits.reason, *(credit.reason for credit in credits.credits)]
    return sorted({step.rule for reason in reasons for step in reason.walk()} & WARNINGS)


def number(text: Any) -> Ratio:
    """Return a number of a vector, exactly."""
    return Ratio.parse(str(text))
