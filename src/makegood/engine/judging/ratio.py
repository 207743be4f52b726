"""Ratio: the share of events that went well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from makegood.engine.agreement.measures.ratio import RatioOf, Slices
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Tally
from makegood.engine.judging.events import Events, by_result, number_of, parts_by
from makegood.engine.judging.slices import is_bad, sliced_ratio, slices_of
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import SAMPLE, counted
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def ratio(*, good: int, total: int) -> Ratio | None:
    """Return the share of events that went well.

    Unit: exact ratio from 0 to 1, of whole events.
    Rule: no event gives no answer (``None``), neither 0 % nor 100 %.
    Source: docs/explanation/judging/ratio.md

    >>> ratio(good=995, total=1_000)
    Ratio(199, 200)
    """
    return Ratio(good, total) if total else None


@dataclass(frozen=True, slots=True)
class RatioIndicator:
    """A ratio with the evidence about it, ready to be measured in any period.

    With ``ceiling`` its target limits the listed results: then those went wrong, and all others went well.
    """

    agreement: Agreement
    measure: RatioOf
    evidence: Evidence
    ceiling: bool = False

    def measured(self, period: Period) -> Measurement:
        """Return what the evidence says about the period."""
        measure = self.measure
        events = Events.of(self.agreement, measure, self.evidence, period)
        wrong = [tally for tally in events.counting if not self._went_well(tally)]
        well = [tally for tally in events.counting if self._went_well(tally)]
        well += (tally for tally, _ in events.excused)
        good, total = number_of(well), number_of(well) + number_of(wrong)
        listed = total - good if self.ceiling else good
        value, steps = ratio(good=listed, total=total), list(self._steps(events, wrong, good, total))
        if measure.slices is not None:
            value, step = _sliced(well, wrong, period, measure.slices)
            steps.append(step)
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=good,
            total=total,
            reason=Reason(
                f"{listed:,} of {total:,} {measure.of} {', '.join(measure.good) if self.ceiling else 'good'}",
                value.percent(4) if value is not None else "no value",
                tuple(steps),
                rule="ratio",
            ),
            misses=events.misses(wrong),
            empty=value is None,
            parts=parts_by(measure.by, good=well, bad=wrong),
        )

    def _steps(self, events: Events, wrong: Sequence[Tally], good: int, total: int) -> Iterator[Reason]:
        well = (tally for tally in events.counting if self._went_well(tally))
        listed = f": {', '.join(self.measure.good)}"
        yield Reason(f"good{'' if self.ceiling else listed}", f"{good:,}", by_result(events.name, well, most=SAMPLE))
        yield Reason(f"not good{listed if self.ceiling else ''}", f"{total - good:,}", by_result(events.name, wrong))
        yield from events.excluded_reasons()

    def _went_well(self, tally: Tally) -> bool:
        return (tally.result in self.measure.good) is not self.ceiling


def _sliced(
    well: Sequence[Tally], wrong: Sequence[Tally], period: Period, terms: Slices
) -> tuple[Ratio | None, Reason]:
    """Return the value that slices make, and the step that says so."""
    slices, number = slices_of(
        good=((tally.start, tally.count) for tally in well),
        bad=((tally.start, tally.count) for tally in wrong),
        period=period.interval,
        every=terms.every,
    )
    step = Reason(
        f"{counted(number, 'slice')} of {terms.every}, of which {number - len(slices):,} empty",
        f"{sum(is_bad(each, terms) for each in slices):,} bad",
        rule="slices",
    )
    return sliced_ratio(slices, number, terms, recorded=bool(well or wrong)), step
