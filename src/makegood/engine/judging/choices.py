"""Choices: for which outcome the customer wants to be credited that one incident made miss with others."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.verdict import Choice, Verdict

CHOICE = "choice"


def choices(verdicts: Iterable[Verdict], evidence: Evidence) -> tuple[Choice, ...]:
    """Return what the customer chose about the incidents of a period.

    Unit: one choice an incident, in the order of their names.
    Rule: a statement about an incident with the unit ``choice`` names in its subject the outcome that shall be
        credited; of several the latest counts.
    Source: docs/explanation/money/per-incident.md

    >>> choices([], Evidence.of([]))
    ()
    """
    incidents = sorted({miss.incident for verdict in verdicts for miss in verdict.measurement.misses if miss.incident})
    latest = {
        incident: said[-1]
        for incident in incidents
        if (said := [each for each in evidence.statements.get(incident, ()) if each.unit == CHOICE])
    }
    return tuple(Choice(incident, said.subject, said.by, said.id) for incident, said in latest.items())
