"""Vectors whose value is handed over as it was measured, in any unit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from makegood.engine.evidence.records import Statement
from tests.vectors.levels import SOURCE
from tests.vectors.terms import document, stretch
from tests.vectors.trial import Given, Trial, number, trial_of_one


def value(given: Given) -> Trial:
    """A value that somebody states; outside of its domain it is invalid."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    end = start + timedelta(days=int(given.get("days_in_period", 31)))
    when = stretch({"from": start.isoformat(), "to": end.isoformat()})
    domain = given.get("domain") or {}
    bounds = "".join(
        f", {name}: {domain[key]}"
        for name, key in (("minimum", "min"), ("maximum", "max"))
        if domain.get(key) is not None
    )
    empty = {"met": "met", "missed": "missed"}.get(str(given.get("no_data")), "undecided")
    text = document(
        given,
        term=when.term,
        measure=f"{{kind: stated, of: measured, unit: number{bounds}, empty: {empty}}}",
        unit="",
    )
    records = []
    if given.get("value") is not None:
        statement = Statement(
            source=SOURCE,
            source_id="stated",
            subject="service",
            of="measured",
            value=number(given["value"]),
            unit=given.get("unit", "%"),
            at=start,
            by="the measuring party",
        )
        records.append(statement)
    return trial_of_one(text, records, when.label)
