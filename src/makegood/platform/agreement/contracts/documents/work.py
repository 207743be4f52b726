"""The statement of work: thirteen parts, each from the terms as far as they say it."""

from __future__ import annotations

from dataclasses import replace

from makegood.engine.agreement.governance_prose import party_in_words
from makegood.engine.agreement.hours import Hours
from makegood.engine.agreement.measure_prose import measured
from makegood.engine.agreement.prose import service_level_text
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.amount import Amount
from makegood.platform.agreement.contracts.documents.content import (
    Paper,
    clauses,
    facts_of,
    last_day,
    signatures_of,
)
from makegood.platform.agreement.contracts.models import Version

Rows = tuple[tuple[str, ...], ...]


def statement_of_work(version: Version, terms: Agreement) -> Paper:
    """Return the statement of work in the order that the trade knows."""
    said = clauses("statement-of-work", version, terms)
    tables: dict[str, Rows] = {
        "needs": (("Outcome", "Promise"), *((name, each.promise) for name, each in terms.outcomes.items())),
        "assessment": _assessment(terms),
        "design": _section(terms, "Services and fees", columns=(0, 2, 3)),
        "implementation": _roles(terms),
        "acceptance": (("Outcome", "Target"), *((name, str(each.target)) for name, each in terms.outcomes.items())),
        "reporting": _reports(terms),
        "timeline": _timeline(terms),
        "costs": _costs(terms),
        "levels": _levels(terms),
    }
    parts = tuple(replace(part, table=tables.get(name, ())) for name, part in said.items())
    title = version.contract.title
    return Paper("work", "Statement of work", title, facts_of(version, terms), (*parts, signatures_of(version)))


def _assessment(terms: Agreement) -> Rows:
    rows = ((name, measured(each.measure, terms)) for name, each in terms.outcomes.items())
    return (("Outcome", "How it is assessed"), *rows)


def _section(terms: Agreement, title: str, columns: tuple[int, ...]) -> Rows:
    found = next(each for each in service_level_text(terms) if each.title == title)
    return tuple(tuple(row[column] for column in columns) for row in found.table)


def _reports(terms: Agreement) -> Rows:
    due = {name: each.report for name, each in terms.outcomes.items() if each.report is not None}
    rows = tuple((name, report.words) for name, report in due.items())
    return (("Outcome", "Its report"), *rows) if rows else ()


def _roles(terms: Agreement) -> Rows:
    """Return who does what for each outcome; affiliates stay behind the provider."""
    rows = []
    for name, outcome in terms.outcomes.items():
        if outcome.roles is not None:
            held = outcome.roles
            who = ((held.accountable,), held.doing, held.consulted, held.informed)
            rows.append((name, *(", ".join(dict.fromkeys(map(party_in_words, each))) or "—" for each in who)))
    return (("Outcome", "Accountable", "Responsible", "Consulted", "Informed"), *rows) if rows else ()


def _days(terms: Agreement) -> Rows:
    """Return the days of milestones, duties and levers, in their order."""
    days = [
        *(
            (day, f"{name}: {each}")
            for name, outcome in terms.outcomes.items()
            for each, day in outcome.milestones.items()
        ),
        *((each.due, f"Duty of the customer: {each.text}") for each in terms.duties.values() if each.due is not None),
        *((each.on, f"May be opened again: {each.text}") for each in terms.levers.values() if each.on is not None),
    ]
    return tuple((text, day.isoformat()) for day, text in sorted(days))


def _timeline(terms: Agreement) -> Rows:
    first = periods_of(terms)[0]
    milestones = tuple(
        (name, each.promise) for name, each in terms.outcomes.items() if each.measure.kind == "milestone"
    )
    return (
        ("What", "When"),
        ("First day of the term", terms.term.from_.isoformat()),
        ("End of the first period", first.last_day.isoformat()),
        ("Each period is closed", f"{terms.closing.after.words} after its end"),
        ("Verdicts can be disputed", f"{terms.closing.dispute_within.words} after closing"),
        *milestones,
        *_days(terms),
        ("Last day of the term", last_day(terms)),
    )


def _costs(terms: Agreement) -> Rows:
    currency = terms.money.currency
    fees = [(each.title, each.fee.monthly) for each in terms.services.values() if each.fee is not None]
    rows = [(title, f"{Amount.of(fee, currency)} a month") for title, fee in fees]
    if len(fees) > 1:
        rows.append(("Together", f"{Amount.total((Amount.of(fee, currency) for _, fee in fees), currency)} a month"))
    at_risk = terms.money.at_risk
    if at_risk is not None:
        rows.append(("Of it at risk for missed outcomes", f"{at_risk.percent.percent()} in each period"))
    rows += [("Credits at most", f"{cap.at} per {cap.per}") for cap in terms.caps]
    return (("What", "Amount"), *rows, *_hours(terms), *_charged(terms))


def _hours(terms: Agreement) -> Rows:
    """Return the hours that the fee includes."""
    hours = terms.hours or Hours()
    rows = []
    if hours.support is not None:
        rows.append(("Support that the fee includes", f"{hours.support.each_period.words} in each period"))
    if hours.flex is not None:
        text = f"{hours.flex.each_period.words} in each period, saved up to {hours.flex.cap.words}"
        rows.append(("Flex time that the fee includes", text))
    return tuple(rows)


def _charged(terms: Agreement) -> Rows:
    """Return which kinds of case cost more than the fee."""
    kinds = terms.desk.billable if terms.desk is not None else ()
    return tuple((f"Cases of kind {kind}", "charged, when the customer permits it") for kind in kinds)


def _levels(terms: Agreement) -> Rows:
    rows = tuple(
        (name, str(each.target), "yes" if each.stake is not None else "no") for name, each in terms.outcomes.items()
    )
    return (("Outcome", "Target", "Money on it"), *rows)
