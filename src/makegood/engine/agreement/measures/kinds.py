"""The kinds of measure: which word of the language stands for which form."""

from __future__ import annotations

from makegood.engine.agreement.grammar import Form, OneOf
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.average import Average
from makegood.engine.agreement.measures.composite import Composite
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.coverage import Coverage
from makegood.engine.agreement.measures.kept import Kept
from makegood.engine.agreement.measures.milestone import Milestone
from makegood.engine.agreement.measures.quantile import Quantile
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.recovery import Recovery
from makegood.engine.agreement.measures.score import Score
from makegood.engine.agreement.measures.stated import Stated
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.time_beyond import TimeBeyond
from makegood.engine.agreement.measures.within import Within

MEASURE = OneOf(
    "kind",
    {
        form.kind: Form(form)
        for form in (
            Availability,
            RatioOf,
            Within,
            CountOf,
            Milestone,
            Kept,
            Steps,
            Composite,
            Stated,
            Quantile,
            Average,
            TimeBeyond,
            Score,
            Recovery,
            Coverage,
        )
    },
)
