"""What a remedy may look at: the terms, the verdicts and sums of its period, and everything that came before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.sums import Sums


@dataclass(frozen=True, slots=True)
class Past:
    """The verdicts and credits of all earlier periods of an agreement, in order of time, as they stand now."""

    judgements: tuple[Judgement, ...] = ()
    credits: tuple[PeriodCredits, ...] = ()

    def with_(self, judgement: Judgement, credits: PeriodCredits) -> Past:
        """Return the past of the next period."""
        return Past((*self.judgements, judgement), (*self.credits, credits))


@dataclass(frozen=True, slots=True)
class Context:
    """One period on its way to its credits."""

    agreement: Agreement
    judgement: Judgement
    sums: Sums
    past: Past = Past()

    @property
    def currency(self) -> str:
        return self.agreement.money.currency


# A remedy changes lines, adds some, or leaves them; None says that the agreement has no such term.
Remedy = Callable[[Context, tuple[Line, ...]], Remedied | None]
