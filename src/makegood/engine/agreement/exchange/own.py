"""Our own evidence as the metric source of an OpenSLO indicator: written by the export, understood by the import.

OpenSLO leaves the ``spec`` of a metric source to the tool that reads it. So an objective that was exported says in it
which records it is computed from, and comes back as the measure that it was.
"""

from __future__ import annotations

from makegood.engine.agreement.exchange.entry import Entry
from makegood.engine.agreement.exchange.objective import Stream, Terms
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.within import Within

OWN = "Makegood"


def own_source(measure: RatioOf | Availability | Within) -> tuple[Terms, Terms]:
    """Return what a measure counts as good (of a ratio: what it lists), and what it counts at all."""
    if isinstance(measure, RatioOf):
        return {"tally": measure.of, "result": measure.good}, {"tally": measure.of}
    if isinstance(measure, Availability):
        return {"state": measure.of, "counts": "usable"}, {"state": measure.of, "counts": "agreed"}
    limits = {priority: str(limit) for priority, limit in measure.limits.items()}
    limit: Terms = {"limits": limits} if measure.limit is None else {"limit": str(measure.limit)}
    which: Terms = {"cases": measure.cases} | ({"priority": measure.priority} if measure.priority else {})
    return {**which, **limit}, which


def own_measure(spec: Entry) -> tuple[Stream, Terms]:
    """Return the evidence and the measure that a source of our own names.

    :raises LeftOut: if it names none
    """
    tally, state, cases = spec.text("tally"), spec.text("state"), spec.text("cases")
    if tally:
        return Stream(name=tally), {"kind": "ratio", "good": spec.words("result")}
    if state:
        spec.get("counts")
        return Stream(name=state), {"kind": "availability"}
    if not cases:
        spec.lacks("tally", "state", "cases")
    terms: dict[str, object] = {"kind": "within"}
    limits = spec.entry("limits")
    if limits is not None:
        terms["limits"] = {name: limits.need(name) for name in limits.values}
    else:
        terms["limit"] = spec.need("limit")
    priority = spec.words("priority")
    return Stream(name=cases, key="cases"), terms | ({"priority": priority} if priority else {})
