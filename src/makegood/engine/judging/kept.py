"""Kept: the share of other promises of the agreement that were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from makegood.engine.agreement.measures.kept import Kept, WhenUndecided
from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Measurement, Miss, Ruling
from makegood.engine.judging.wording import counted
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def share_kept(rulings: Mapping[str, Ruling], measure: Kept) -> Ratio | None:
    """Return the share of promises that were kept, by their weights.

    Unit: exact ratio from 0 to 1.
    Rule: an undecided one is left out, counts as missed, or leaves no answer (``None``), as agreed; none that counts
        leaves no answer either.
    Source: docs/explanation/judging/kept.md

    >>> measure = Kept(weights={"orders": Ratio(3, 4), "desk": Ratio(1, 4)})
    >>> share_kept({"orders": Ruling.MET, "desk": Ruling.MISSED}, measure)
    Ratio(3, 4)
    """
    undecided = [name for name, ruling in rulings.items() if ruling is Ruling.UNDECIDED]
    if undecided and measure.undecided is WhenUndecided.UNDECIDED:
        return None
    out = undecided if measure.undecided is WhenUndecided.LEFT_OUT else []
    counting = {name: share for name, share in measure.shares.items() if name not in out}
    met = sum((share for name, share in counting.items() if rulings[name] is Ruling.MET), Ratio(0))
    return met / sum(counting.values(), Ratio(0)) if counting else None


@dataclass(frozen=True, slots=True)
class KeptIndicator:
    """Other promises, ready to be asked how they were ruled in any period."""

    measure: Kept
    ruled: Callable[[Period], Mapping[str, Ruling]]

    def measured(self, period: Period) -> Measurement:
        """Return how many of the promises were kept in the period."""
        rulings = self.ruled(period)
        value = share_kept(rulings, self.measure)
        met = [name for name, ruling in rulings.items() if ruling is Ruling.MET]
        undecided = [name for name, ruling in rulings.items() if ruling is Ruling.UNDECIDED]
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=len(met),
            total=len(rulings),
            reason=Reason(
                f"{len(met)} of {counted(len(rulings), 'promise')} kept",
                value.percent(4) if value is not None else "no value",
                tuple(Reason(name, ruling) for name, ruling in rulings.items()),
                rule="kept",
            ),
            misses=tuple(Miss(f"{name} was missed", 1) for name, each in rulings.items() if each is Ruling.MISSED),
            undecided=f"There is no verdict on {', '.join(undecided)} in {period.label}." if value is None else "",
        )
