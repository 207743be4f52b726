"""The kinds of measure: which word of the language stands for which form."""

from __future__ import annotations

from makegood.engine.agreement.grammar import Form, OneOf
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.ratio import RatioOf
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
        )
    },
)
