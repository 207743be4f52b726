"""Hours that the fee includes: of support, which end with the period, and flex hours, which are saved up."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.grammar import Form, clause
from makegood.engine.agreement.shapes import TIME
from makegood.engine.vocabulary.duration import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportHours:
    """Time of support in each period; what is not used is lost with the period."""

    each_period: Duration = clause(TIME, "How much each period includes.")
    step: Duration = clause(
        TIME, "Work is counted in steps of this length, begun ones as whole.", default=Duration(900)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FlexHours:
    """Time for work that is planned; it is saved up to a cap and ends with the calendar year."""

    each_period: Duration = clause(TIME, "How much each period adds.")
    block: Duration = clause(
        TIME, "It is used in blocks of this length, begun ones as whole.", default=Duration(14_400)
    )
    cap: Duration = clause(TIME, "No more than this is saved up.", default=Duration(576_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours that the fee includes."""

    support: SupportHours | None = clause(Form(SupportHours), "Hours of support.", default=None)
    flex: FlexHours | None = clause(Form(FlexHours), "Flex hours.", default=None)
