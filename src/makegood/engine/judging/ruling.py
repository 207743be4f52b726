"""Rulings: what a measurement means for the promise."""

from __future__ import annotations

from makegood.engine.agreement.measures.parts import Measure, WhenEmpty
from makegood.engine.agreement.shapes import Target
from makegood.engine.agreement.terms import LowVolume, Outcome, TooFew
from makegood.engine.judging.verdict import Measurement, Ruling
from makegood.engine.judging.wording import counted, shown
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def ruling(outcome: Outcome, measurement: Measurement) -> tuple[Ruling, Reason]:
    """Return the ruling on an outcome, and the step of the explanation that says why.

    Unit: none.
    Rule: in this order: what cannot be measured is ``UNDECIDED``; where there was nothing to measure the agreement's
        ``empty`` rules; too few cases are ruled by ``low_volume``; everything else by the target, compared exactly.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.agreement.measures.ratio import RatioOf
    >>> from makegood.engine.agreement.shapes import TARGET, Unit
    >>> outcome = Outcome(
    ...     promise="Orders are accepted.", measure=RatioOf(of="orders", good=("ok",)), target=TARGET.read(">= 99.95%")
    ... )
    >>> measured = Measurement(Ratio(9_994_996, 10_000_000), Unit.SHARE, 9_994_996, 10_000_000, Reason("orders"))
    >>> print(*ruling(outcome, measured)[1].lines())
    99.94996 % does not meet the target of >= 99.95 %: MISSED [target]
    """
    if measurement.undecided:
        return Ruling.UNDECIDED, Reason(measurement.undecided, Ruling.UNDECIDED)
    if measurement.value is None:
        return _when_empty(outcome.measure)
    if measurement.breached:
        return Ruling.MISSED, Reason(measurement.breached, Ruling.MISSED, rule="breached")
    if outcome.low_volume is not None and measurement.total < outcome.low_volume.below:
        return by_low_volume(outcome.low_volume, good=measurement.good, total=measurement.total)
    return by_target(outcome.target, measurement.value)


def by_target(target: Target, value: Ratio) -> tuple[Ruling, Reason]:
    """Return the ruling by the target.

    Unit: the value in the target's own unit.
    Rule: compared exactly and unrounded; what is shown decides nothing.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.agreement.shapes import TARGET
    >>> by_target(TARGET.read("<= 3"), Ratio(3))[0]
    <Ruling.MET: 'MET'>
    """
    met = target.is_met_by(value)
    words = "meets" if met else "does not meet"
    found = Ruling.MET if met else Ruling.MISSED
    return found, Reason(f"{shown(value, target.level.unit)} {words} the target of {target}", found, rule="target")


def by_low_volume(rule: LowVolume, *, good: int, total: int) -> tuple[Ruling, Reason]:
    """Return the ruling on a period with too few cases for a percentage.

    Unit: whole cases or events.
    Rule: with ``allowed_misses`` the outcome is met by at most so many misses; else what ``gives`` says, which is no
        verdict if it says nothing.
    Source: docs/explanation/judging/low-volume.md

    >>> by_low_volume(LowVolume(below=20, allowed_misses=1), good=8, total=9)[0]
    <Ruling.MET: 'MET'>
    """
    few = f"{total:,} in all, and below {rule.below:,} no percentage decides"
    if rule.allowed_misses is not None:
        found = Ruling.MET if total - good <= rule.allowed_misses else Ruling.MISSED
        misses, allowed = counted(total - good, "miss", "misses"), rule.allowed_misses
        return found, Reason(f"{few}: {misses}, and {allowed:,} allowed", found, rule="low-volume")
    if rule.gives is TooFew.MET:
        return Ruling.MET, Reason(f"{few}: the agreement counts that as met", Ruling.MET, rule="low-volume")
    return Ruling.UNDECIDED, Reason(
        f"{few}: there is no verdict unless {rule.below - total:,} more are recorded",
        Ruling.UNDECIDED,
        rule="low-volume",
    )


def _when_empty(measure: Measure) -> tuple[Ruling, Reason]:
    """Return the ruling where there was nothing to measure."""
    what, rule = measure.what, measure.when_empty
    if rule is WhenEmpty.UNDECIDED:
        return Ruling.UNDECIDED, Reason(
            f"No {what} that count were recorded in the period. Import the evidence of them, or agree with the term"
            " `empty` what a period without any is.",
            Ruling.UNDECIDED,
            rule="empty",
        )
    found = Ruling(rule.value.upper())
    return found, Reason(
        f"no {what} that count were recorded: the agreement counts that as {rule}", found, rule="empty"
    )
