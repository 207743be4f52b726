"""How figures are written in the report: values, levels, amounts, instants and explanations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from makegood.cli.report.content import Step
from makegood.engine.agreement.shapes import Target, Unit
from makegood.engine.judging import wording
from makegood.engine.judging.verdict import Part, Ruling, Verdict
from makegood.engine.review.series import Series
from makegood.engine.review.summary import amount_of_misses
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

MOST_STEPS: Final = 12
MOST_EVIDENCE: Final = 3
DEEPEST: Final = 6

WORD: Final = {Ruling.MET: "met", Ruling.MISSED: "missed", Ruling.UNDECIDED: "undecided"}
_SIGNS: Final = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}


def value(measured: Ratio | None, unit: Unit) -> str:
    """Return a measured value to two decimals of a percent; showing decides nothing."""
    if measured is None:
        return "no value"
    if unit is Unit.SHARE:
        return measured.percent(2)
    return whole(measured) if unit is Unit.NUMBER else wording.shown(measured, unit)


def exact(verdict: Verdict) -> str:
    """Return a verdict's value with four decimals of a percent, for the place where it is explained."""
    if verdict.measurement.unit is Unit.NUMBER and verdict.measurement.value is not None:
        return whole(verdict.measurement.value)
    return verdict.shown_value


def whole(number: Ratio) -> str:
    """Return a number with its thousands apart, and with two decimals if it is not whole."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    before, _, behind = abs(number).decimal(2).partition(".")
    return f"{'-' if number < 0 else ''}{int(before):,}.{behind}"


def target(aim: Target) -> str:
    """Return a target with the sign that people write: ``≥ 99.9 %``."""
    level = aim.level.value
    number = f"{level.floor():,}" if aim.level.unit is Unit.NUMBER and level.denominator == 1 else str(aim.level)
    return f"{_SIGNS[aim.comparison]} {number}"


def detail(series: Series, verdict: Verdict) -> str:
    """Return the integers behind a value: time, events or cases; nothing for a count, which is its own integer."""
    good, total = verdict.measurement.good, verdict.measurement.total
    measure = series.terms.measure
    if verdict.measurement.value is None or measure.unit is not Unit.SHARE or not measure.has_events:
        return ""
    if series.terms.measure.size_unit is Unit.TIME:
        return f"{Duration(total - good).words} down of {Duration(total).words} agreed"
    listed = good if series.terms.target.higher_is_better else total - good
    return f"{listed:,} of {total:,}"


def wrong(series: Series, part: Part) -> str:
    """Return how much of a part went wrong: the size and, where some went well, the share."""
    lost = part.total - part.good
    share = f" ({Ratio(lost, part.total).percent(2)})" if part.good else ""
    return amount_of_misses(series, lost) + share


def number(amount: Amount) -> str:
    """Return an amount without its currency, which stands in the head of the column; nothing is a dash."""
    return str(amount).removesuffix(f" {amount.currency}") if amount else "–"


def day(instant: datetime) -> str:
    """Return an instant to the minute, in UTC."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def steps(reason: Reason, told: Collection[Reason] = (), depth: int = 0) -> Step:
    """Return an explanation as far as people read.

    What is left out is counted, and ``makegood explain`` has it; what was ``told`` before is named and not repeated.
    """
    again = depth > 0 and reason in told
    children = () if again else reason.children
    printed = children[:MOST_STEPS] if depth < DEEPEST else ()
    evidence = () if again else reason.evidence
    return Step(
        text=reason.text,
        value=reason.value,
        rule=reason.rule,
        evidence=evidence[:MOST_EVIDENCE],
        more_evidence=max(len(evidence) - MOST_EVIDENCE, 0),
        steps=tuple(steps(child, told, depth + 1) for child in printed),
        more_steps=len(children) - len(printed),
    )
