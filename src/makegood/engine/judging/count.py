"""Count: how many events happened, or how many people or units they touched."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.events import Events, by_result, number_of, parts_by
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def count(*, counting: int, recorded: bool) -> Ratio | None:
    """Return how many events happened.

    Unit: whole number.
    Rule: evidence of the events among which none counts makes 0; no evidence at all gives no answer (``None``).
    Source: docs/explanation/judging/count.md

    >>> count(counting=0, recorded=True), count(counting=0, recorded=False)
    (Ratio(0), None)
    """
    return Ratio(counting) if recorded else None


@dataclass(frozen=True, slots=True)
class CountIndicator:
    """A count with the evidence about it, ready to be measured in any period."""

    agreement: Agreement
    measure: CountOf
    evidence: Evidence

    def measured(self, period: Period) -> Measurement:
        """Return what the evidence says about the period.

        Whatever an exclusion covers does not count, whether its effect is to shrink the count or to be good.
        """
        measure = self.measure
        events = Events.of(self.agreement, measure, self.evidence, period)
        wanted = [each for each in events.counting if not measure.counting or each.result in measure.counting]
        others = [each for each in events.counting if measure.counting and each.result not in measure.counting]
        number = number_of(wanted)
        value = count(counting=number, recorded=not events.is_empty)
        which = f" ({', '.join(measure.counting)})" if measure.counting else ""
        return Measurement(
            value=value,
            unit=Unit.NUMBER,
            good=number_of(others),
            total=number + number_of(others),
            reason=Reason(
                f"{measure.of}{which}",
                f"{number:,}" if value is not None else "no value",
                (*by_result(measure.of, wanted), *events.excluded_reasons()),
                rule="count",
            ),
            misses=events.misses(wanted),
            empty=value is None,
            parts=parts_by(measure.by, good=others, bad=wanted),
        )
